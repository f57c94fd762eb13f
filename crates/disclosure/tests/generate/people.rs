//! Random units one by one, so that they can come, go and change between releases.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_disclosure::{
    BaseCell, Contributions, DominanceRule, Rules, Straddler, StraddlerPart, Table, TableDimension,
    TableMeasure,
};

/// Some units over some dimensions, by the parts that each has.
#[derive(Clone)]
pub(crate) struct People {
    pub(crate) rng: ChaCha8Rng,
    pub(crate) table: Table,
    pub(crate) rules: Rules,
    /// Each with who they are, as a digest.
    units: Vec<(u64, Vec<StraddlerPart>)>,
    /// How many ever were.
    arrived: u64,
    /// Whether it is told who they are.
    identified: bool,
    straddled: Vec<usize>,
    weights: Vec<Vec<f64>>,
}

/// What a generated table has more than values and units.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) unions: bool,
    pub(crate) straddlers: bool,
}

/// People from a seed: skewed over two to four dimensions, some of them sensitive or held by a provider.
pub(crate) fn people(seed: u64, shape: Shape) -> People {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let n = rng.random_range(1..=3_usize);
    let providers = rng.random_range(0..=1);
    let dimensions: Vec<TableDimension> = (0..n)
        .map(|d| {
            let size = rng.random_range(2..=[0, 6, 4, 3][n]);
            TableDimension {
                unions: if shape.unions {
                    unions(&mut rng, size)
                } else {
                    vec![]
                },
                sensitive: rng.random_bool(0.1),
                known_to: (0..providers).filter(|_| d == 0).collect(),
                ..TableDimension::new(format!("d{d}"), size)
            }
        })
        .collect();
    let measures: Vec<TableMeasure> = (0..rng.random_range(0..=2))
        .map(|m| TableMeasure {
            name: format!("m{m}"),
            lower: 0.0,
            upper: 2_000.0,
            known_to: vec![],
        })
        .collect();
    let rules = Rules {
        minimum_units: rng.random_range(3..=10),
        dominance: rng.random_bool(0.5).then_some(DominanceRule {
            largest: rng.random_range(1..=2),
            percent: f64::from(rng.random_range(50..=90)),
        }),
        p_percent: rng.random_bool(0.5).then_some(10.0),
        protect_zeros: rng.random_bool(0.1),
        round_to: 5,
    };
    let mut order: Vec<usize> = (0..n).collect();
    order.shuffle(&mut rng);
    let straddled = if shape.straddlers {
        rng.random_range(1..=n.min(2))
    } else {
        0
    };
    let weights = dimensions
        .iter()
        .map(|d| {
            (0..d.size)
                .map(|_| rng.random::<f64>().powi(2) + 0.02)
                .collect()
        })
        .collect();
    let max_dimensions = rng.random_range(1..=n);
    let mut people = People {
        table: Table {
            dimensions,
            measures,
            providers,
            max_dimensions,
            ..Table::default()
        },
        rng,
        rules,
        units: Vec::new(),
        arrived: 0,
        identified: seed.is_multiple_of(2),
        straddled: order.into_iter().take(straddled).collect(),
        weights,
    };
    for _ in 0..people.rng.random_range(5..200) {
        people.arrive();
    }
    people.tabulate();
    people
}

/// Parents that part the values, groups that overlap, or both.
fn unions(rng: &mut ChaCha8Rng, size: usize) -> Vec<Vec<u32>> {
    let mut unions = Vec::new();
    if rng.random_bool(0.6) {
        let parents: Vec<u32> = (0..size).map(|_| rng.random_range(0..3)).collect();
        for parent in 0..2 {
            let members: Vec<u32> = (0..size as u32)
                .filter(|&v| parents[v as usize] == parent)
                .collect();
            unions.push(members);
        }
    }
    if rng.random_bool(0.6) {
        for _ in 0..rng.random_range(1..=2) {
            unions.push((0..size as u32).filter(|_| rng.random_bool(0.5)).collect());
        }
    }
    unions.retain(|u| !u.is_empty());
    unions
}

impl People {
    fn part(&mut self, like: Option<&StraddlerPart>) -> StraddlerPart {
        let mut coordinates = Vec::new();
        for (d, weights) in self.weights.iter().enumerate() {
            let mut at = self.rng.random::<f64>() * weights.iter().sum::<f64>();
            let drawn = weights.iter().position(|w| {
                at -= w;
                at <= 0.0
            });
            let same = like.filter(|_| !self.straddled.contains(&d));
            coordinates.push(same.map_or(drawn.unwrap_or(0) as u32, |l| l.coordinates[d]));
        }
        let giant = if self.rng.random_bool(0.03) { 4.0 } else { 1.0 };
        let many = !self.straddled.is_empty() && self.rng.random_bool(0.2);
        let rows = if many {
            self.rng.random_range(1..=4)
        } else {
            1
        };
        let sums = (0..self.table.measures.len())
            .map(|_| f64::from(self.rng.random_range(1..=500)) * giant * rows as f64)
            .collect();
        StraddlerPart {
            coordinates,
            rows,
            sums,
        }
    }

    fn arrive(&mut self) {
        let first = self.part(None);
        let mut parts = vec![first];
        while !self.straddled.is_empty() && parts.len() < 4 && self.rng.random_bool(0.25) {
            let first = parts[0].clone();
            let next = self.part(Some(&first));
            if parts.iter().all(|p| p.coordinates != next.coordinates) {
                parts.push(next);
            }
        }
        self.arrived += 1;
        let digest = self.arrived.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.units.push((digest, parts));
    }

    /// Some leave, some come, some change.
    pub(crate) fn time_passes(&mut self) {
        let most = [0, 2, 20][self.rng.random_range(0..3)];
        for _ in 0..self.rng.random_range(0..=most) {
            if self.units.len() > 1 {
                let gone = self.rng.random_range(0..self.units.len());
                self.units.swap_remove(gone);
            }
        }
        for _ in 0..self.rng.random_range(0..=most) {
            self.arrive();
        }
        self.tabulate();
    }

    /// The table of the units as they are.
    fn tabulate(&mut self) {
        let keep = 4;
        let measures = self.table.measures.len();
        let mut cells: BTreeMap<Vec<u32>, BaseCell> = BTreeMap::new();
        self.table.straddlers.clear();
        for (digest, parts) in &self.units {
            let identity = self.identified.then_some(*digest);
            let [part] = parts.as_slice() else {
                self.table.straddlers.push(Straddler {
                    parts: parts.clone(),
                    identity,
                });
                continue;
            };
            let cell = cells
                .entry(part.coordinates.clone())
                .or_insert_with(|| BaseCell {
                    coordinates: part.coordinates.clone(),
                    units: 0,
                    rows: Contributions::default(),
                    measures: vec![Contributions::default(); measures],
                    identity: None,
                });
            cell.identity = identity.map(|i| i.wrapping_add(cell.identity.unwrap_or(0)));
            cell.units += 1;
            cell.rows.add_unit(part.rows, part.rows as f64, keep);
            for (into, sum) in cell.measures.iter_mut().zip(&part.sums) {
                into.add_unit(part.rows, *sum, keep);
            }
        }
        self.table.cells = cells.into_values().collect();
    }
}
