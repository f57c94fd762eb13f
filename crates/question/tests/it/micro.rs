//! Random micro-data of two providers, the agreement over it, and its statistics by slow code.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zwerm_agreement::agreement::{Agreement, Document};
use zwerm_disclosure::{
    BaseCell, Contributions, DominanceRule, Rules, Table, TableDimension, TableMeasure,
};

/// One unit: a value per dimension (`None` is missing), and per row a value per measure.
pub(crate) struct Unit {
    pub(crate) key: String,
    pub(crate) values: Vec<Option<String>>,
    pub(crate) rows: Vec<Vec<Option<f64>>>,
}

/// A generated project.
pub(crate) struct Micro {
    pub(crate) agreement: Agreement,
    pub(crate) rules: Rules,
    pub(crate) units: Vec<Unit>,
    sizes: Vec<usize>,
    related: bool,
    bounds: Vec<(f64, f64)>,
}

/// Generates a project from a seed and writes its files into `folder`.
///
/// Provider `een` holds even dimensions and measures, `twee` the odd ones. Cells are skewed and
/// tiny, some empty; sometimes one unit is a giant, has several rows, lacks values, or a third
/// measure is the difference of two.
pub(crate) fn generate(seed: u64, folder: &Path) -> Micro {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let dimensions = rng.random_range(2..=5_usize);
    let largest = [0, 0, 5, 3, 2, 2][dimensions];
    let sizes: Vec<usize> = (0..dimensions)
        .map(|_| rng.random_range(1..=largest))
        .collect();
    let related = rng.random_bool(0.25);
    let measures = if related { 2 } else { rng.random_range(0..=2) };
    let several = rng.random_bool(0.2);
    let gaps = rng.random_bool(0.2);
    let strange = rng.random_bool(0.2);
    let weights: Vec<Vec<f64>> = sizes
        .iter()
        .map(|&n| (0..n).map(|_| rng.random::<f64>().powi(3) + 0.02).collect())
        .collect();
    let n = rng.random_range(0..400);
    let units: Vec<Unit> = (0..n)
        .map(|number| {
            let values = weights
                .iter()
                .map(|w| {
                    if strange && rng.random_bool(0.03) {
                        return rng.random_bool(0.5).then(|| "elders".to_owned());
                    }
                    let mut at = rng.random::<f64>() * w.iter().sum::<f64>();
                    let chosen = w.iter().position(|x| {
                        at -= x;
                        at <= 0.0
                    });
                    Some(format!("v{}", chosen.unwrap_or(0)))
                })
                .collect();
            let rows = if several { rng.random_range(1..=3) } else { 1 };
            let row = |rng: &mut ChaCha8Rng| -> Vec<Option<f64>> {
                let value = |rng: &mut ChaCha8Rng| {
                    if gaps && !related && rng.random_bool(0.1) {
                        return None;
                    }
                    let giant = if rng.random_bool(0.01) { 5.0 } else { 1.0 };
                    Some(f64::from(rng.random_range(0..=2_000)) * giant / 10.0)
                };
                (0..measures).map(|_| value(rng)).collect()
            };
            // the second provider holds one row per unit, so its value repeats
            let mut all: Vec<Vec<Option<f64>>> = (0..rows).map(|_| row(&mut rng)).collect();
            let second = all[0].get(1).copied();
            for row in &mut all {
                if let (Some(of), Some(value)) = (row.get_mut(1), second) {
                    *of = value;
                }
                if related {
                    row.push(Some(row[0].unwrap() - row[1].unwrap()));
                }
            }
            Unit {
                key: format!("k{number:04}"),
                values,
                rows: all,
            }
        })
        .collect();
    let bounds: Vec<(f64, f64)> = [(0.0, 1_000.0), (0.0, 1_000.0), (-1_000.0, 1_000.0)]
        [..if related { 3 } else { measures }]
        .to_vec();
    let rules = Rules {
        minimum_units: rng.random_range(3..=10),
        dominance: rng.random_bool(0.7).then(|| DominanceRule {
            largest: rng.random_range(1..=3),
            percent: f64::from(rng.random_range(50..=90)),
        }),
        p_percent: rng.random_bool(0.7).then_some(10.0),
        protect_zeros: rng.random_bool(0.1),
        round_to: [1, 3, 5][rng.random_range(0..3)],
    };
    let max_dimensions = rng.random_range(1..=3);
    let sensitive: Vec<bool> = (0..dimensions).map(|_| rng.random_bool(0.1)).collect();
    write_files(folder, &units, measures);
    let text = document(&sizes, &bounds, related, &rules, max_dimensions, &sensitive);
    let agreement = Document::parse("random.toml", &text)
        .unwrap_or_else(|faults| panic!("seed {seed}: {faults}\n{text}"))
        .agreement;
    Micro {
        agreement,
        rules,
        units,
        sizes,
        related,
        bounds,
    }
}

fn write_files(folder: &Path, units: &[Unit], measures: usize) {
    let dimensions = units.first().map_or(5, |u| u.values.len());
    let mut files = [String::new(), String::new()];
    for (half, file) in files.iter_mut().enumerate() {
        file.push_str("sleutel");
        for d in (0..dimensions).filter(|d| d % 2 == half) {
            write!(file, ",d{d}").unwrap();
        }
        if half < measures {
            write!(file, ",m{half}").unwrap();
        }
        file.push('\n');
        for unit in units {
            let rows = if half == 0 { unit.rows.len() } else { 1 };
            for row in unit.rows.iter().take(rows) {
                file.push_str(&unit.key);
                for d in (0..dimensions).filter(|d| d % 2 == half) {
                    write!(file, ",{}", unit.values[d].as_deref().unwrap_or("")).unwrap();
                }
                if half < measures {
                    let value = row[half].map_or_else(String::new, |v| v.to_string());
                    write!(file, ",{value}").unwrap();
                }
                file.push('\n');
            }
        }
    }
    std::fs::write(folder.join("een.csv"), &files[0]).unwrap();
    std::fs::write(folder.join("twee.csv"), &files[1]).unwrap();
}

fn document(
    sizes: &[usize],
    bounds: &[(f64, f64)],
    related: bool,
    rules: &Rules,
    max_dimensions: usize,
    sensitive: &[bool],
) -> String {
    let mut text = String::from(
        r#"id = "willekeurig"
version = 1
title = { nl = "Willekeurig", en = "Random" }
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
en = "people"
[[party]]
id = "gemeente"
helix = "government"
may = ["ask"]
[[party]]
id = "een"
helix = "knowledge"
may = ["provide", "ask"]
[[party]]
id = "twee"
helix = "organisations"
may = ["provide"]
[[party]]
id = "bewoners"
helix = "residents"
represents = "mensen"
mandate = { by = "own-decision", on = "2025-11-03", evidence = "besluit" }
may = ["ask"]
"#,
    );
    let measures = if related { 2 } else { bounds.len() };
    for (half, provider) in ["een", "twee"].into_iter().enumerate() {
        let mut columns = vec!["sleutel = \"utf8\"".to_owned()];
        for d in (0..sizes.len()).filter(|d| d % 2 == half) {
            columns.push(format!("d{d} = \"utf8\""));
        }
        if half < measures {
            columns.push(format!("m{half} = \"float64\""));
        }
        writeln!(
            text,
            "[[dataset]]\nid = \"{provider}\"\nprovider = \"{provider}\"\nlegal_basis = \"toestemming\"\nsource = \"{provider}.csv\"\ncolumns = {{ {} }}",
            columns.join(", ")
        )
        .unwrap();
    }
    let mut select: Vec<String> = vec!["a.sleutel".into()];
    for d in 0..sizes.len() {
        select.push(format!("{}.d{d}", if d % 2 == 0 { "a" } else { "b" }));
    }
    for m in 0..measures {
        select.push(format!("{}.m{m}", if m == 0 { "a" } else { "b" }));
    }
    if related {
        select.push("a.m0 - b.m1 AS m2".into());
    }
    writeln!(
        text,
        "[[view]]\nname = \"basis\"\nunit = \"mens\"\nkey = \"sleutel\"\nmode = \"table\"\nsql = \"SELECT {} FROM een a JOIN twee b ON a.sleutel = b.sleutel\"",
        select.join(", ")
    )
    .unwrap();
    for (d, (size, sensitive)) in sizes.iter().zip(sensitive).enumerate() {
        let values: Vec<String> = (0..*size).map(|v| format!("\"v{v}\"")).collect();
        writeln!(
            text,
            "[[view.dimension]]\nname = \"d{d}\"\nvalues = [{}]\nsensitive = {sensitive}",
            values.join(", ")
        )
        .unwrap();
    }
    for (m, (lower, upper)) in bounds.iter().enumerate() {
        writeln!(
            text,
            "[[view.measure]]\nname = \"m{m}\"\nquantity = \"EUR\"\nlower = {lower}\nupper = {upper}"
        )
        .unwrap();
    }
    writeln!(
        text,
        "[protection]\nminimum_units = {}",
        rules.minimum_units
    )
    .unwrap();
    if let Some(d) = rules.dominance {
        writeln!(
            text,
            "dominance = {{ largest = {}, percent = {} }}",
            d.largest, d.percent
        )
        .unwrap();
    }
    if let Some(p) = rules.p_percent {
        writeln!(text, "p_percent = {p}").unwrap();
    }
    writeln!(
        text,
        "protect_zeros = {}\nround_to = {}\nmax_dimensions = {max_dimensions}\nrelease_rhythm = \"once\"",
        rules.protect_zeros, rules.round_to
    )
    .unwrap();
    text
}

impl Micro {
    /// The table that is to be protected, from the units by the plainest code there is.
    pub(crate) fn table(&self) -> Table {
        let mut cells: BTreeMap<Vec<u32>, BaseCell> = BTreeMap::new();
        let measures = self.bounds.len();
        for unit in &self.units {
            let coordinates: Vec<u32> = unit
                .values
                .iter()
                .zip(&self.sizes)
                .map(|(value, &size)| match value {
                    None => size as u32 + 1,
                    Some(v) => v
                        .strip_prefix('v')
                        .map_or(size as u32, |n| n.parse().unwrap()),
                })
                .collect();
            let cell = cells
                .entry(coordinates.clone())
                .or_insert_with(|| BaseCell {
                    coordinates,
                    units: 0,
                    rows: Contributions::default(),
                    measures: vec![Contributions::default(); measures],
                    identity: None,
                });
            cell.units += 1;
            let rows = unit.rows.len() as u64;
            cell.rows.add_unit(rows, rows as f64, 3);
            for (m, into) in cell.measures.iter_mut().enumerate() {
                let values: Vec<f64> = unit.rows.iter().filter_map(|r| r[m]).collect();
                if !values.is_empty() {
                    into.add_unit(values.len() as u64, values.iter().sum(), 3);
                }
                into.missing += u64::from(values.len() < unit.rows.len());
            }
        }
        let known_to = |n: usize| vec![n % 2];
        Table {
            dimensions: self.agreement.view[0]
                .dimension
                .iter()
                .enumerate()
                .map(|(d, of)| TableDimension {
                    sensitive: of.sensitive,
                    known_to: known_to(d),
                    ..TableDimension::new(&of.name, of.values.len() + 2)
                })
                .collect(),
            measures: self
                .bounds
                .iter()
                .enumerate()
                .map(|(m, &(lower, upper))| TableMeasure {
                    name: format!("m{m}"),
                    lower,
                    upper,
                    known_to: if m == 2 { vec![] } else { known_to(m) },
                })
                .collect(),
            related: if self.related {
                vec![vec![0, 1, 2]]
            } else {
                vec![]
            },
            count_like: vec![],
            providers: 2,
            max_dimensions: self.agreement.protection.max_dimensions,
            cells: cells.into_values().collect(),
            ..Table::default()
        }
    }
}
