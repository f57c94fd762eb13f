//! What a cube is: its published cells, what they were made of, and how far a build is.

use std::collections::BTreeMap;

use zwerm_agreement::digest::Digest;
use zwerm_disclosure::Cell;

/// Whose cube it is and what it was made of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The agreement's id.
    pub agreement: String,
    /// The version of the agreement.
    pub version: u32,
    /// The hash of that version, under which it was consented to.
    pub hash: Digest,
    /// The name of the view in the agreement.
    pub view: String,
    /// SHA-256 of each dataset's file, by `provider/dataset`.
    pub data: BTreeMap<String, Digest>,
}

/// A dimension of a cube.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CubeDimension {
    /// Its name in the view.
    pub name: String,
    /// What it may be grouped and filtered by: the registered values, `(other)` and `(unknown)`, then larger
    /// wholes and groups; see [`Register`](crate::register::Register).
    pub values: Vec<String>,
}

/// Published cells of all combinations of up to so many dimensions.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// Whose it is.
    pub origin: Origin,
    /// Dimensions, as in the view.
    pub dimensions: Vec<CubeDimension>,
    /// Names of the measures, as in the view.
    pub measures: Vec<String>,
    /// The cells; every combination of values has one.
    pub cells: Vec<Cell>,
}

/// How many cells of a cube are protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellTally {
    /// All cells, totals included.
    pub cells: usize,
    /// Cells whose counts are protected.
    pub protected: usize,
    /// Empty cells that are shown as empty.
    pub empty: usize,
}

/// How far a build is, for whoever waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildStep {
    /// A dataset is read and checked.
    Checking(String),
    /// So many units were counted.
    Counting(u64),
    /// Cells are protected jointly.
    Protecting,
}

impl Cube {
    /// How much of it is protected.
    #[must_use]
    pub fn tally(&self) -> CellTally {
        let count = |f: &dyn Fn(&Cell) -> bool| self.cells.iter().filter(|c| f(c)).count();
        CellTally {
            cells: self.cells.len(),
            protected: count(&|c| c.units.is_none()),
            empty: count(&|c| c.units == Some(0)),
        }
    }
}
