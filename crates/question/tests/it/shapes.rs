//! Hierarchies, groups and units with several values, from files to cells; and releases one after another over
//! the same units, by several views and agreements and with changing data. Checked by code of another crate.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_commons::{
    agreement::{Agreement, Document, View},
    refusal::Code,
};
use zwerm_disclosure::{
    BaseCell, Cell, Contributions, Dimension, Earlier, Measure, Part, Rules, Straddler, Table,
    audit,
};
use zwerm_question::{
    cube::{self, Cube},
    error::QuestionError,
    linked::Link,
    session::Limits,
    source::Sources,
};

use crate::protection::{number, runtime};

/// Rows of one unit: a value per dimension and an amount.
type Rows = Vec<(Vec<String>, u32)>;

/// Units with what an agreement about them may say.
struct Project {
    rng: ChaCha8Rng,
    sizes: Vec<usize>,
    /// Per dimension its hierarchy and its groups, in TOML.
    shapes: Vec<String>,
    per_unit: Vec<bool>,
    minimum: u64,
    most: usize,
    measure: bool,
    units: BTreeMap<u32, Rows>,
    next: u32,
}

impl Project {
    fn new(seed: u64, straddlers: bool) -> Project {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let n = rng.random_range(1..=3_usize);
        let sizes: Vec<usize> = (0..n)
            .map(|_| rng.random_range(2..=[0, 5, 3, 2][n]))
            .collect();
        let shapes = sizes.iter().map(|&size| shape(&mut rng, size)).collect();
        let straddled = rng.random_range(0..n);
        let mut project = Project {
            sizes,
            shapes,
            per_unit: (0..n).map(|d| !(straddlers && d == straddled)).collect(),
            minimum: rng.random_range(3..=8),
            most: rng.random_range(1..=n),
            measure: rng.random_bool(0.5),
            units: BTreeMap::new(),
            next: 0,
            rng,
        };
        for _ in 0..project.rng.random_range(3..120) {
            project.arrive();
        }
        project
    }

    fn arrive(&mut self) {
        let value = |rng: &mut ChaCha8Rng, size: usize| {
            let at = (rng.random::<f64>().powi(2) * size as f64) as usize;
            if rng.random_bool(0.02) {
                "elders".into()
            } else {
                format!("v{at}")
            }
        };
        let first: Vec<String> = self
            .sizes
            .iter()
            .map(|&size| value(&mut self.rng, size))
            .collect();
        let mut rows: Rows = Vec::new();
        for _ in 0..if self.per_unit.contains(&false) {
            self.rng.random_range(1..=3)
        } else {
            1
        } {
            let mut values = first.clone();
            for (d, value_of) in values.iter_mut().enumerate() {
                if !self.per_unit[d] {
                    *value_of = value(&mut self.rng, self.sizes[d]);
                }
            }
            rows.push((values, self.rng.random_range(1..900)));
        }
        self.units.insert(self.next, rows);
        self.next += 1;
    }

    fn time_passes(&mut self) {
        for _ in 0..self.rng.random_range(0..8) {
            let keys: Vec<u32> = self.units.keys().copied().collect();
            if let Some(gone) = keys.choose(&mut self.rng) {
                self.units.remove(gone);
            }
            self.arrive();
        }
    }

    /// Writes the data of a period, and gives an agreement over them.
    fn agreement(
        &self,
        folder: &Path,
        period: u32,
        dimensions: &[usize],
        filter: &str,
    ) -> Agreement {
        let mut file = String::from("sleutel");
        for d in 0..self.sizes.len() {
            write!(file, ",d{d}").unwrap();
        }
        file.push_str(",bedrag\n");
        for (key, rows) in &self.units {
            for (values, amount) in rows {
                writeln!(file, "k{key:05},{},{amount}", values.join(",")).unwrap();
            }
        }
        std::fs::write(folder.join(format!("mensen-{period}.csv")), file).unwrap();
        let columns: String = (0..self.sizes.len())
            .map(|d| format!(", d{d} = \"utf8\""))
            .collect();
        let selected: String = dimensions.iter().map(|d| format!(", d{d}")).collect();
        let mut text = HEAD
            .replace("PERIOD", &period.to_string())
            .replace("COLUMNS", &columns);
        let amount = if self.measure { ", bedrag" } else { "" };
        writeln!(
            text,
            "sql = \"SELECT sleutel{selected}{amount} FROM mensen{filter}\""
        )
        .unwrap();
        for &d in dimensions {
            let values: Vec<String> = (0..self.sizes[d]).map(|v| format!("\"v{v}\"")).collect();
            writeln!(
                text,
                "[[view.dimension]]\nname = \"d{d}\"\nvalues = [{}]\nper_unit = {}\n{}",
                values.join(", "),
                self.per_unit[d],
                self.shapes[d]
            )
            .unwrap();
        }
        if self.measure {
            text.push_str("[[view.measure]]\nname = \"bedrag\"\nquantity = \"EUR\"\nlower = 0\nupper = 1000\n");
        }
        writeln!(
            text,
            "[protection]\nminimum_units = {}\np_percent = 10\nround_to = 1\nmax_dimensions = {}\nrelease_rhythm = \"monthly\"",
            self.minimum,
            self.most.min(dimensions.len())
        )
        .unwrap();
        Document::parse("random.toml", &text)
            .unwrap_or_else(|f| panic!("{f}\n{text}"))
            .agreement
    }

    fn rules(&self) -> Rules {
        Rules {
            p_percent: Some(10.0),
            ..Rules::minimum(self.minimum)
        }
    }

    /// The table of these units, by the plainest code there is.
    fn table(&self, view: &View, units: &BTreeMap<u32, Rows>, most: usize) -> Table {
        let dimensions: Vec<Dimension> = view.dimension.iter().map(dimension).collect();
        let mut table = Table {
            measures: view
                .measure
                .iter()
                .map(|m| Measure {
                    name: m.name.clone(),
                    lower: m.lower,
                    upper: m.upper,
                    known_to: vec![0],
                })
                .collect(),
            providers: 1,
            max_dimensions: most,
            ..Table::default()
        };
        (table.cells, table.straddlers) = self.state(view, units);
        table.dimensions = dimensions;
        table
    }

    fn state(&self, view: &View, units: &BTreeMap<u32, Rows>) -> (Vec<BaseCell>, Vec<Straddler>) {
        let mut cells: BTreeMap<Vec<u32>, BaseCell> = BTreeMap::new();
        let mut straddlers = Vec::new();
        for (key, rows) in units {
            // any digest will do, as long as it is the same for the same unit
            let identity = u64::from(*key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            let mut parts: BTreeMap<Vec<u32>, (u64, f64)> = BTreeMap::new();
            for (values, amount) in rows {
                let at = view.dimension.iter().map(|d| {
                    let column: usize = d.name[1..].parse().unwrap();
                    let value = &values[column];
                    let found = d.values.iter().position(|v| v == value);
                    found.unwrap_or(d.values.len()) as u32
                });
                let of = parts.entry(at.collect()).or_default();
                of.0 += 1;
                of.1 += f64::from(*amount);
            }
            let measures = view.measure.len();
            if parts.len() > 1 {
                let parts = parts.into_iter().map(|(coordinates, (rows, sum))| Part {
                    coordinates,
                    rows,
                    sums: vec![sum; measures],
                });
                straddlers.push(Straddler {
                    parts: parts.collect(),
                    identity: Some(identity),
                });
                continue;
            }
            for (coordinates, (rows, sum)) in parts {
                let cell = cells
                    .entry(coordinates.clone())
                    .or_insert_with(|| BaseCell {
                        coordinates,
                        units: 0,
                        rows: Contributions::default(),
                        measures: vec![Contributions::default(); measures],
                        identity: None,
                    });
                cell.identity = Some(identity.wrapping_add(cell.identity.unwrap_or(0)));
                cell.units += 1;
                cell.rows.add_unit(rows, rows as f64, 2);
                for into in &mut cell.measures {
                    into.add_unit(rows, sum, 2);
                }
            }
        }
        (cells.into_values().collect(), straddlers)
    }
}

/// Values, other and unknown; then larger wholes in the order of their first value, then groups.
fn dimension(of: &zwerm_commons::agreement::Dimension) -> Dimension {
    let place = |value: &String| of.values.iter().position(|v| v == value).unwrap() as u32;
    let mut wholes: Vec<(&String, Vec<u32>)> = Vec::new();
    for value in &of.values {
        if let Some(parent) = of.parents.get(value) {
            match wholes.iter_mut().find(|(name, _)| *name == parent) {
                Some((_, members)) => members.push(place(value)),
                None => wholes.push((parent, vec![place(value)])),
            }
        }
    }
    let groups = of
        .groups
        .values()
        .map(|members| members.iter().map(place).collect());
    Dimension {
        unions: wholes
            .into_iter()
            .map(|(_, members)| members)
            .chain(groups)
            .collect(),
        known_to: vec![0],
        ..Dimension::new(&of.name, of.values.len() + 2)
    }
}

fn shape(rng: &mut ChaCha8Rng, size: usize) -> String {
    let mut text = String::new();
    if rng.random_bool(0.5) {
        let parents: Vec<String> = (0..size)
            .filter(|_| rng.random_bool(0.8))
            .map(|v| format!("v{v} = \"P{}\"", v % 2))
            .collect();
        writeln!(text, "parents = {{ {} }}", parents.join(", ")).unwrap();
    }
    if rng.random_bool(0.5) {
        let members: Vec<String> = (0..size.min(2)).map(|v| format!("\"v{v}\"")).collect();
        writeln!(text, "groups = {{ G = [{}] }}", members.join(", ")).unwrap();
    }
    text
}

const HEAD: &str = r#"id = "willekeurig"
version = 1
title = "Willekeurig"
goal = "toets"
purpose = "test"
strategy = "exploring"
phase = "experimental"
valid = { from = "2026-01-01", until = "2027-12-31" }
retention = { months = 1 }
answers = "public"
[about]
id = "mensen"
nl = "mensen"
[[party]]
id = "een"
helix = "knowledge"
may = ["provide", "ask"]
[[dataset]]
id = "mensen"
provider = "een"
legal_basis = "toestemming"
source = "mensen-PERIOD.csv"
period = "PERIOD"
columns = { sleutel = "utf8"COLUMNS, bedrag = "float64" }
[[view]]
name = "basis"
unit = "mens"
key = "sleutel"
mode = "table"
"#;

/// The cells with true figures where the cube shows any; the cube's counts must be these.
fn truth(table: &Table, cube: &Cube) -> Vec<Cell> {
    let all = Table {
        max_dimensions: table.dimensions.len(),
        earlier: vec![],
        ..table.clone()
    };
    let open = zwerm_disclosure::primary_only(&all, &Rules::minimum(1))
        .unwrap()
        .cells();
    let open: BTreeMap<Vec<Option<u32>>, Cell> = open
        .into_iter()
        .map(|c| (c.coordinates.clone(), c))
        .collect();
    let cells = cube.cells.iter().map(|cell| {
        let true_cell = &open[&cell.coordinates];
        assert!(
            cell.units.is_none() || cell.units == true_cell.units,
            "{cell:?} {true_cell:?}"
        );
        assert!(
            cell.rows.is_none() || cell.rows == true_cell.rows,
            "{cell:?} {true_cell:?}"
        );
        Cell {
            coordinates: cell.coordinates.clone(),
            units: cell.units.and(true_cell.units),
            rows: cell.rows.and(true_cell.rows),
            counts: cell
                .counts
                .iter()
                .zip(&true_cell.counts)
                .map(|(a, b)| a.and(*b))
                .collect(),
            sums: cell
                .sums
                .iter()
                .zip(&true_cell.sums)
                .map(|(a, b)| a.and(*b))
                .collect(),
        }
    });
    cells.collect()
}

/// Builds; `None` where nothing may be built, for a reason that must be one of those foreseen.
fn built(
    runtime: &tokio::runtime::Runtime,
    (agreement, folder): (&Agreement, &Path),
    links: &[Link],
) -> Option<(Cube, Vec<zwerm_question::source::Checked>)> {
    let sources = Sources::beside(agreement, folder);
    let limits = Limits::default();
    let work = async {
        let checked = cube::check_all(agreement, &sources, &|_| {}).await?;
        let view = &agreement.view[0];
        let cube = cube::build_linked(agreement, view, &checked, links, &limits, &|_| {}).await?;
        Ok::<_, QuestionError>((cube, checked))
    };
    match runtime.block_on(work) {
        Ok(built) => Some(built),
        Err(QuestionError::Refused(refusals)) => {
            assert!(
                refusals.iter().all(|r| r.code == Code::SecondRelease),
                "{refusals:?}"
            );
            None
        }
        Err(QuestionError::Data(faults)) => {
            let known = |f: &zwerm_question::error::DataFault| {
                f.what.en.contains("cannot be protected: a cell")
                    || f.what.en.contains("only two values")
            };
            assert!(faults.iter().all(known), "{faults:?}");
            None
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_rule_holds_over_hierarchies_groups_and_several_values() {
    let runtime = runtime();
    let (mut tried, mut not_built) = (0, 0);
    let first = number("ZWERM_SEED", 0);
    for seed in first..first + number("ZWERM_CUBES", 200) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(seed, seed % 2 == 0);
        let dimensions: Vec<usize> = (0..project.sizes.len()).collect();
        let agreement = project.agreement(folder.path(), 2025, &dimensions, "");
        tried += 1;
        let Some((cube, _)) = built(&runtime, (&agreement, folder.path()), &[]) else {
            not_built += 1;
            continue;
        };
        let most = agreement.protection.max_dimensions;
        let table = project.table(&agreement.view[0], &project.units, most);
        let cells = truth(&table, &cube);
        let findings = audit::findings(&table, &project.rules(), &cells);
        assert!(findings.is_empty(), "seed {seed}: {findings:#?}");
    }
    assert!(
        not_built * 10 < tried,
        "{not_built} of {tried} were not built"
    );
}

/// What came of sequences of releases.
#[derive(Default)]
struct Came {
    tried: u64,
    not_built: u64,
    findings: Vec<String>,
}

#[test]
fn nothing_follows_from_sequences_of_releases() {
    let came = sequences(number("ZWERM_CUBES", 200), true);
    assert!(came.findings.is_empty(), "{:#?}", came.findings);
    assert!(
        came.not_built * 5 < came.tried,
        "{} of {}",
        came.not_built,
        came.tried
    );
}

#[test]
fn releases_that_are_not_built_together_give_each_other_away() {
    let came = sequences(60, false);
    assert!(came.findings.len() > 10, "{:#?}", came.findings);
}

/// Three releases after each other, of data that change in between.
fn sequences(seeds: u64, linked: bool) -> Came {
    let runtime = runtime();
    let mut came = Came::default();
    let first = number("ZWERM_SEED", 0);
    for seed in first..first + seeds {
        let folder = tempfile::tempdir().unwrap();
        let mut project = Project::new(seed, seed % 4 == 0);
        let all: Vec<usize> = (0..project.sizes.len()).collect();
        let mut links: Vec<Link> = Vec::new();
        // per release: its view, its units, and its cells
        let mut past: Vec<(View, BTreeMap<u32, Rows>, Vec<Cell>)> = Vec::new();
        for round in 0..3_u32 {
            if round > 0 {
                project.time_passes();
            }
            let agreement = project.agreement(folder.path(), 2025 + round, &all, "");
            came.tried += 1;
            let known = if linked { links.as_slice() } else { &[] };
            let Some((cube, checked)) = built(&runtime, (&agreement, folder.path()), known) else {
                came.not_built += 1;
                continue;
            };
            let view = agreement.view[0].clone();
            let mut table =
                project.table(&view, &project.units, agreement.protection.max_dimensions);
            let cells = truth(&table, &cube);
            table.earlier = past
                .iter()
                .filter(|(_, units, _)| units.keys().any(|k| project.units.contains_key(k)))
                .map(|(_, units, cells)| Earlier {
                    then: Some(project.state(&view, units)),
                    published: cells.clone(),
                    rules: vec![project.rules()],
                })
                .collect();
            let findings = audit::findings(&table, &project.rules(), &cells);
            let told = findings
                .iter()
                .map(|f| format!("seed {seed}, round {round}: {f}"));
            came.findings.extend(told);
            past.push((view.clone(), project.units.clone(), cells));
            links.push(Link {
                agreement,
                view,
                cube,
                checked,
            });
        }
    }
    came
}

/// Several views of the same units at one time: of some dimensions, and of some of the units.
#[test]
fn nothing_follows_from_several_views() {
    let runtime = runtime();
    let (mut tried, mut not_built) = (0, 0);
    let first = number("ZWERM_SEED", 0);
    for seed in first..first + number("ZWERM_CUBES", 200) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(seed, false);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut links: Vec<Link> = Vec::new();
        // every view over all dimensions, and whether a unit is in it
        let mut shown: Vec<(Vec<usize>, bool, Vec<Cell>)> = Vec::new();
        for round in 0..3_usize {
            let n = project.sizes.len();
            let dimensions: Vec<usize> = (0..n)
                .filter(|_| round == 0 || n == 1 || rng.random_bool(0.6))
                .collect();
            let part = round > 0 && rng.random_bool(0.4);
            let filter = if part { " WHERE bedrag < 700" } else { "" };
            if dimensions.is_empty() {
                continue;
            }
            let agreement = project.agreement(folder.path(), 2025, &dimensions, filter);
            tried += 1;
            let Some((cube, checked)) = built(&runtime, (&agreement, folder.path()), &links) else {
                not_built += 1;
                continue;
            };
            let view = agreement.view[0].clone();
            let whole = joint(&project);
            let named = |cell: &Cell| named(cell, &whole, &project, &dimensions, part);
            let cells: Vec<Cell> = cube.cells.iter().map(named).collect();
            let mut table = whole;
            table.max_dimensions = agreement.protection.max_dimensions;
            table.earlier = vec![Earlier {
                then: None,
                published: shown
                    .iter()
                    .flat_map(|(_, _, cells)| cells.clone())
                    .collect(),
                rules: vec![],
            }];
            let findings = audit::findings(&table, &project.rules(), &cells);
            assert!(
                findings.is_empty(),
                "seed {seed}, view {round}: {findings:#?}"
            );
            shown.push((dimensions, part, cells));
            links.push(Link {
                agreement,
                view,
                cube,
                checked,
            });
        }
    }
    assert!(
        not_built * 5 < tried,
        "{not_built} of {tried} were not built"
    );
}

/// All dimensions, and a last one that says whether a unit's amount is below 700.
fn joint(project: &Project) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<usize> = (0..project.sizes.len()).collect();
    let full = project.agreement(folder.path(), 2025, &all, "");
    let mut table = project.table(&full.view[0], &project.units, 1);
    let mut cells: BTreeMap<Vec<u32>, BaseCell> = BTreeMap::new();
    for (key, rows) in &project.units {
        let one: BTreeMap<u32, Rows> = [(*key, rows.clone())].into();
        let (mut own, _) = project.state(&full.view[0], &one);
        let mut cell = own.remove(0);
        cell.coordinates.push(u32::from(rows[0].1 >= 700));
        match cells.get_mut(&cell.coordinates) {
            None => {
                cells.insert(cell.coordinates.clone(), cell);
            }
            Some(into) => {
                into.units += 1;
                into.rows.merge(&cell.rows, 2);
                for (a, b) in into.measures.iter_mut().zip(&cell.measures) {
                    a.merge(b, 2);
                }
            }
        }
    }
    table.cells = cells.into_values().collect();
    table.dimensions.push(Dimension::new("deel", 2));
    table
}

/// A view's cell among those of the joint table, with the true figures where it shows any.
fn named(cell: &Cell, table: &Table, project: &Project, dimensions: &[usize], part: bool) -> Cell {
    let mut coordinates = vec![None; project.sizes.len() + 1];
    for (&d, at) in dimensions.iter().zip(&cell.coordinates) {
        coordinates[d] = *at;
    }
    if part {
        coordinates[project.sizes.len()] = Some(0);
    }
    let members = |d: usize, at: u32| -> Vec<u32> {
        let of = &table.dimensions[d];
        match (at as usize).checked_sub(of.size) {
            None => vec![at],
            Some(union) => of.unions[union].clone(),
        }
    };
    let inside: Vec<&BaseCell> = table
        .cells
        .iter()
        .filter(|b| {
            let mut axes = coordinates.iter().enumerate();
            axes.all(|(d, at)| at.is_none_or(|at| members(d, at).contains(&b.coordinates[d])))
        })
        .collect();
    let units: u64 = inside.iter().map(|b| b.units).sum();
    assert!(cell.units.is_none_or(|n| n == units), "{cell:?} {units}");
    let sum = |m: usize| inside.iter().map(|b| b.measures[m].total).sum::<f64>();
    let count = |m: usize| inside.iter().map(|b| b.measures[m].count).sum::<u64>();
    Cell {
        coordinates,
        units: cell.units,
        rows: cell.rows,
        counts: cell
            .counts
            .iter()
            .enumerate()
            .map(|(m, c)| c.map(|_| count(m)))
            .collect(),
        sums: cell
            .sums
            .iter()
            .enumerate()
            .map(|(m, s)| s.map(|_| sum(m)))
            .collect(),
    }
}
