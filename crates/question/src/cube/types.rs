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

/// How many cells one table of a cube has, and how many of these are protected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableTally {
    /// The names of its dimensions, as in the view; none of all together.
    pub dimensions: Vec<String>,
    /// Its cells, those of larger wholes and groups included.
    pub cells: usize,
    /// Cells whose counts are protected.
    pub protected: usize,
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

    /// How much of each of its tables is protected, the smallest tables first.
    ///
    /// It counts whole tables and says nothing of any part of one: which cells are protected an answer shows.
    #[must_use]
    pub fn tables(&self) -> Vec<TableTally> {
        let mut tables: BTreeMap<Vec<usize>, (usize, usize)> = BTreeMap::new();
        for cell in &self.cells {
            let at = cell.coordinates.iter().enumerate();
            let of = at.filter(|(_, at)| at.is_some()).map(|(place, _)| place);
            let entry = tables.entry(of.collect()).or_default();
            entry.0 += 1;
            entry.1 += usize::from(cell.units.is_none());
        }
        let name = |place: usize| self.dimensions.get(place).map(|d| d.name.clone());
        let named = tables
            .into_iter()
            .map(|(of, (cells, protected))| TableTally {
                dimensions: of.into_iter().filter_map(name).collect(),
                cells,
                protected,
            });
        let mut all: Vec<TableTally> = named.collect();
        all.sort_by(|a, b| {
            (a.dimensions.len(), &a.dimensions).cmp(&(b.dimensions.len(), &b.dimensions))
        });
        all
    }
}
