//! Random units with hierarchies, groups and several values, written to a file, and their table by plain code.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_agreement::agreement::{Agreement, Document, View};
use zwerm_disclosure::{
    BaseCell, Contributions, Rules, Straddler, StraddlerPart, Table, TableDimension, TableMeasure,
};

/// Rows of one unit: a value per dimension and an amount.
pub(crate) type Rows = Vec<(Vec<String>, u32)>;

/// Units with what an agreement about them may say.
pub(crate) struct Project {
    rng: ChaCha8Rng,
    pub(crate) sizes: Vec<usize>,
    /// Per dimension its hierarchy and its groups, in TOML.
    shapes: Vec<String>,
    per_unit: Vec<bool>,
    minimum: u64,
    most: usize,
    measure: bool,
    pub(crate) units: BTreeMap<u32, Rows>,
    next: u32,
}

impl Project {
    pub(crate) fn new(seed: u64, straddlers: bool) -> Project {
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

    pub(crate) fn time_passes(&mut self) {
        for _ in 0..self.rng.random_range(0..8) {
            let keys: Vec<u32> = self.units.keys().copied().collect();
            if let Some(gone) = keys.choose(&mut self.rng) {
                self.units.remove(gone);
            }
            self.arrive();
        }
    }

    /// Writes the data of a period, and gives an agreement over them.
    pub(crate) fn agreement(
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

    pub(crate) fn rules(&self) -> Rules {
        Rules {
            p_percent: Some(10.0),
            ..Rules::minimum(self.minimum)
        }
    }

    /// The table of these units, by the plainest code there is.
    pub(crate) fn table(&self, view: &View, units: &BTreeMap<u32, Rows>, most: usize) -> Table {
        let dimensions: Vec<TableDimension> = view.dimension.iter().map(dimension).collect();
        let mut table = Table {
            measures: view
                .measure
                .iter()
                .map(|m| TableMeasure {
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

    pub(crate) fn state(
        &self,
        view: &View,
        units: &BTreeMap<u32, Rows>,
    ) -> (Vec<BaseCell>, Vec<Straddler>) {
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
                let parts = parts
                    .into_iter()
                    .map(|(coordinates, (rows, sum))| StraddlerPart {
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
fn dimension(of: &zwerm_agreement::agreement::Dimension) -> TableDimension {
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
    TableDimension {
        unions: wholes
            .into_iter()
            .map(|(_, members)| members)
            .chain(groups)
            .collect(),
        known_to: vec![0],
        ..TableDimension::new(&of.name, of.values.len() + 2)
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
[[party]]
id = "twee"
helix = "government"
may = ["ask"]
[[party]]
id = "drie"
helix = "organisations"
may = ["ask"]
[[party]]
id = "vier"
helix = "residents"
represents = "mensen"
mandate = { by = "own-decision", on = "2025-11-03", evidence = "besluit" }
may = ["ask"]
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
