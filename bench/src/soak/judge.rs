//! One random cube: made from its seed, protected, and attacked.

use serde::{Deserialize, Serialize};
use zwerm_disclosure::{DisclosureError, Rules, Table, audit, protect};

use crate::generate::{
    people::{Shape, people},
    plain,
    releases::Releases,
};

/// At most so many values per dimension, by the number of dimensions: up to 441 cells with their margins.
const LARGE: [usize; 6] = [0, 0, 20, 6, 3, 2];

/// What came of one cube.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Judged {
    pub(super) seed: u64,
    /// What kind of cube it was.
    pub(super) shape: String,
    pub(super) releases: Vec<JudgedTable>,
    /// What is wrong with what was published.
    pub(super) findings: Vec<String>,
    /// The integer programs did not end in time.
    pub(super) undecided: bool,
    pub(super) seconds: f64,
}

/// One table that was to be published; a cube of a sequence has several.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct JudgedTable {
    pub(super) cells: usize,
    pub(super) hidden: usize,
    /// Why it was not built.
    pub(super) refused: Option<String>,
}

/// The kinds of cubes, taken in turn. Seven of them: a seed's remainders by two and three choose other things.
const SHAPES: [(&str, CubeKind); 7] = [
    ("plain", CubeKind::Plain),
    ("large", CubeKind::Large),
    ("hierarchies and groups", CubeKind::People(true, false)),
    ("several values", CubeKind::People(false, true)),
    ("all shapes", CubeKind::People(true, true)),
    ("releases", CubeKind::Releases(false, false)),
    ("releases of all shapes", CubeKind::Releases(true, true)),
];

/// Plain tables have dominance, providers, sensitive dimensions and related measures; people also unions and
/// several values, if so.
#[derive(Clone, Copy)]
enum CubeKind {
    Plain,
    Large,
    People(bool, bool),
    Releases(bool, bool),
}

impl Judged {
    /// A cube of which nothing is known yet.
    pub(super) fn new(seed: u64) -> Judged {
        Judged {
            seed,
            shape: shape(seed).0.to_owned(),
            releases: Vec::new(),
            findings: Vec::new(),
            undecided: false,
            seconds: 0.0,
        }
    }

    /// Protects a table and attacks what would be published; gives the cells if it was built.
    fn release(&mut self, table: &Table, rules: &Rules) -> Option<Vec<zwerm_disclosure::Cell>> {
        let (cells, refused) = match protect(table, rules) {
            Ok(protected) => (protected.cells(), None),
            Err(DisclosureError::Unprotectable { known, .. }) => {
                (Vec::new(), Some(known.to_string()))
            }
            Err(other) => {
                self.findings.push(format!("not protected: {other}"));
                return None;
            }
        };
        self.releases.push(JudgedTable {
            cells: cells.len(),
            hidden: cells.iter().filter(|c| hides(c)).count(),
            refused: refused.clone(),
        });
        if refused.is_some() {
            return None;
        }
        self.findings.extend(audit::findings(table, rules, &cells));
        Some(cells)
    }
}

fn hides(cell: &zwerm_disclosure::Cell) -> bool {
    cell.units.is_none() || cell.sums.iter().any(Option::is_none)
}

fn shape(seed: u64) -> (&'static str, CubeKind) {
    let at = (seed % SHAPES.len() as u64) as usize;
    SHAPES
        .get(at)
        .copied()
        .unwrap_or(("plain", CubeKind::Plain))
}

/// Judges the cube of a seed.
pub(super) fn judge(seed: u64) -> Judged {
    let start = std::time::Instant::now();
    let mut judged = Judged::new(seed);
    let of = |unions, straddlers| Shape { unions, straddlers };
    match shape(seed).1 {
        CubeKind::Plain => {
            let (table, rules) = plain::table(seed);
            judged.release(&table, &rules);
        }
        CubeKind::Large => {
            let (table, rules) = plain::table_of(seed, LARGE);
            judged.release(&table, &rules);
        }
        CubeKind::People(unions, straddlers) => {
            let people = people(seed, of(unions, straddlers));
            judged.release(&people.table, &people.rules);
        }
        CubeKind::Releases(unions, straddlers) => {
            let mut releases = Releases::new(seed, of(unions, straddlers));
            let rules = releases.rules();
            while let Some(table) = releases.next_table() {
                if let Some(cells) = judged.release(&table, &rules) {
                    releases.publish(cells);
                }
            }
        }
    }
    judged.seconds = start.elapsed().as_secs_f64();
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cube_of_every_shape_is_judged_and_nothing_is_found() {
        for seed in 0..SHAPES.len() as u64 {
            let judged = judge(seed);
            assert!(judged.findings.is_empty(), "{judged:?}");
            assert!(!judged.releases.is_empty(), "{judged:?}");
        }
    }

    #[test]
    fn no_cube_is_larger_than_it_may_be() {
        let cells = |sizes: &[usize]| sizes.iter().map(|s| s + 1).product::<usize>();
        for (dimensions, &most) in LARGE.iter().enumerate().skip(2) {
            assert!(cells(&vec![most; dimensions]) <= 500);
        }
    }
}
