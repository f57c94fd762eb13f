//! Whatever a table holds: a typed error or a pattern, and never a panic.

use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{
    BaseCell, Cell, Contributions, DominanceRule, Earlier, PublishedPart, Rules, Straddler,
    StraddlerPart, Table, TableDimension, TableMeasure, primary_only, protect,
};

use crate::random::variable;

struct Garbage {
    rng: ChaCha8Rng,
    /// How often a number is not what it should be.
    wild: f64,
    dimensions: usize,
    measures: usize,
}

impl Garbage {
    fn odd(&mut self) -> bool {
        self.rng.random_bool(self.wild)
    }

    fn count(&mut self) -> u64 {
        if self.odd() {
            let odd = [0, 1 << 50, (1 << 50) + 1, u64::MAX, 1 << 62];
            return *odd.choose(&mut self.rng).unwrap();
        }
        self.rng.random_range(1..20)
    }

    fn value(&mut self) -> f64 {
        if self.odd() {
            let odd = [
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::MAX,
                -f64::MAX,
                f64::MIN_POSITIVE,
                -0.0,
                5e-324,
                1e18,
            ];
            return *odd.choose(&mut self.rng).unwrap();
        }
        f64::from(self.rng.random_range(-100..1_000))
    }

    fn length(&mut self, right: usize) -> usize {
        if self.odd() {
            self.rng.random_range(0..=right + 1)
        } else {
            right
        }
    }

    fn number(&mut self, below: u32) -> u32 {
        if self.odd() {
            *[below, below + 1, u32::MAX].choose(&mut self.rng).unwrap()
        } else {
            self.rng.random_range(0..below.max(1))
        }
    }

    fn numbers(&mut self, most: usize, below: u32) -> Vec<u32> {
        let n = self.rng.random_range(0..=most);
        (0..n).map(|_| self.number(below)).collect()
    }

    fn dimension(&mut self, d: usize) -> TableDimension {
        let size = if self.odd() {
            *[0, 1, 50, usize::MAX].choose(&mut self.rng).unwrap()
        } else {
            self.rng.random_range(2..4)
        };
        let unions = self.rng.random_range(0..3);
        let below = u32::try_from(size).unwrap_or(3);
        TableDimension {
            unions: (0..unions).map(|_| self.members(below)).collect(),
            sensitive: self.rng.random_bool(0.2),
            known_to: self.numbers(1, 2).into_iter().map(|p| p as usize).collect(),
            ..TableDimension::new(format!("d{d}"), size)
        }
    }

    fn members(&mut self, below: u32) -> Vec<u32> {
        if self.odd() {
            return self.numbers(3, below.min(5));
        }
        let all = (0..below.min(5)).filter(|_| self.rng.random_bool(0.5));
        let mut members: Vec<u32> = all.collect();
        if members.is_empty() {
            members.push(0);
        }
        members
    }

    fn contributions(&mut self, units: u64, rows: bool) -> Contributions {
        let mut all = Contributions::default();
        for _ in 0..units.min(5) {
            let value = if rows { 1.0 } else { self.value() };
            all.add_unit(1, value, 3);
        }
        if self.odd() {
            all.units = self.count();
        } else {
            all.units = units;
        }
        all.count = if self.odd() { self.count() } else { units };
        all.missing = if self.odd() { self.count() } else { 0 };
        if self.odd() {
            all.largest.truncate(1);
        }
        all
    }

    fn base(&mut self) -> BaseCell {
        let units = self.count();
        let (n, m) = (self.length(self.dimensions), self.length(self.measures));
        BaseCell {
            coordinates: (0..n).map(|_| self.number(2)).collect(),
            units,
            rows: self.contributions(units, true),
            measures: (0..m).map(|_| self.contributions(units, false)).collect(),
            identity: self
                .odd()
                .then(|| units.wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        }
    }

    fn straddler(&mut self) -> Straddler {
        let n = if self.odd() { 1 } else { 2 };
        let part = |g: &mut Garbage, at: u32| {
            let (n, m) = (g.length(g.dimensions), g.length(g.measures));
            let odd = g.odd();
            StraddlerPart {
                coordinates: (0..n).map(|_| if odd { g.number(2) } else { at }).collect(),
                rows: if g.odd() { g.count() } else { 1 },
                sums: (0..m).map(|_| g.value()).collect(),
            }
        };
        Straddler {
            parts: (0..n).map(|at| part(self, at)).collect(),
            identity: None,
        }
    }

    fn state(&mut self, straddle: bool) -> (Vec<BaseCell>, Vec<Straddler>) {
        let n = self.rng.random_range(0..8);
        let mut cells: Vec<BaseCell> = (0..n).map(|_| self.base()).collect();
        if !self.odd() {
            cells.sort_by(|a, b| a.coordinates.cmp(&b.coordinates));
            cells.dedup_by(|a, b| a.coordinates == b.coordinates);
        }
        let n = if straddle {
            self.rng.random_range(0..3)
        } else {
            0
        };
        (cells, (0..n).map(|_| self.straddler()).collect())
    }

    fn rules(&mut self) -> Rules {
        Rules {
            minimum_units: self.count(),
            dominance: self.rng.random_bool(0.3).then(|| DominanceRule {
                largest: if self.odd() { 0 } else { 1 },
                percent: self.rng.random_range(1..=100).into(),
            }),
            p_percent: self.rng.random_bool(0.3).then(|| 1.0 + self.value().abs()),
            protect_zeros: self.rng.random_bool(0.2),
            round_to: self.count(),
        }
    }

    fn cell(&mut self, dimensions: &[TableDimension]) -> Cell {
        let n = self.length(self.dimensions);
        let coordinates = (0..n).map(|d| {
            let of = dimensions
                .get(d)
                .map_or(1, |d| d.size.min(9) + d.unions.len());
            self.rng.random_bool(0.5).then(|| self.number(of as u32))
        });
        let coordinates = coordinates.collect();
        let shown = self.rng.random_bool(0.5);
        let m = self.length(self.measures);
        Cell {
            coordinates,
            units: shown.then(|| self.count()),
            rows: shown.then(|| self.count()),
            counts: (0..m).map(|_| shown.then(|| self.count())).collect(),
            sums: (0..m).map(|_| shown.then(|| self.value())).collect(),
        }
    }

    fn earlier(&mut self, dimensions: &[TableDimension], straddle: bool) -> Earlier {
        let then = self.rng.random_bool(0.5).then(|| self.state(straddle));
        let n = self.rng.random_range(0..4);
        Earlier {
            then,
            published: (0..n).map(|_| self.cell(dimensions)).collect(),
            rules: (0..self.rng.random_range(0..2))
                .map(|_| self.rules())
                .collect(),
        }
    }

    fn table(&mut self) -> Table {
        let dimensions: Vec<TableDimension> =
            (0..self.dimensions).map(|d| self.dimension(d)).collect();
        let straddle = self.rng.random_bool(0.3);
        let (cells, straddlers) = self.state(straddle);
        let measures = (0..self.measures).map(|m| TableMeasure {
            name: format!("m{m}"),
            lower: if self.odd() { self.value() } else { -1_000.0 },
            upper: if self.odd() {
                self.value()
            } else {
                f64::INFINITY
            },
            known_to: self.numbers(1, 2).into_iter().map(|p| p as usize).collect(),
        });
        let measures = measures.collect();
        let below = self.dimensions as u32;
        let mut classes = self.numbers(2, self.measures as u32);
        if self.measures == 0 && !self.odd() {
            classes.clear();
        }
        if !self.odd() {
            classes.dedup();
        }
        let n = self.rng.random_range(0..3);
        let asked = self.rng.random_bool(0.3).then(|| PublishedPart {
            dimensions: self
                .numbers(2, below)
                .into_iter()
                .map(|d| d as usize)
                .collect(),
            within: self
                .numbers(1, below)
                .into_iter()
                .map(|d| (d as usize, self.number(2)))
                .collect(),
        });
        Table {
            providers: if self.odd() { 99 } else { 2 },
            max_dimensions: self.length(self.dimensions),
            related: if classes.is_empty() {
                vec![]
            } else {
                vec![classes.into_iter().map(|m| m as usize).collect()]
            },
            count_like: if self.odd() { vec![0] } else { vec![] },
            earlier: (0..n)
                .map(|_| self.earlier(&dimensions, straddle))
                .collect(),
            dimensions,
            measures,
            cells,
            straddlers,
            asked,
        }
    }
}

#[test]
fn a_pattern_or_a_reason() {
    let first = variable("ZWERM_SEED", 0);
    let (mut built, mut refused) = (0, 0);
    for seed in first..first + 10 * variable("ZWERM_CUBES", 200) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut garbage = Garbage {
            wild: if rng.random_bool(0.2) { 0.05 } else { 0.0005 },
            dimensions: rng.random_range(0..4),
            measures: rng.random_range(0..3),
            rng,
        };
        let (table, rules) = (garbage.table(), garbage.rules());
        let outcome = std::panic::catch_unwind(|| {
            let first = primary_only(&table, &rules).map(|p| p.cells().len());
            (first, protect(&table, &rules).map(|p| p.cells().len()))
        });
        let (plain, outcome) =
            outcome.unwrap_or_else(|_| panic!("seed {seed}: {table:#?} {rules:?}"));
        match outcome {
            Ok(cells) => {
                built += 1;
                assert_eq!(plain, Ok(cells), "seed {seed}");
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    println!("{built} built, {refused} refused");
    assert!(built * 4 > refused, "{built} built, {refused} refused");
}
