//! The table to protect, as plain structs: dimensions, measures and statistics per base cell.
//!
//! A *base cell* is one combination of a value of every dimension. A unit (a person, a household) sits in
//! exactly one base cell, its rows added up before it is counted there; or it is a [`Straddler`], which has
//! rows in several. What was published of the same units before comes along as [`Earlier`].

use super::{Cell, Contributions, Rules};

/// A dimension: what a table is grouped by.
#[derive(Debug, Clone, PartialEq)]
pub struct TableDimension {
    /// Its name, for messages only.
    pub name: String,
    /// How many values it has; a coordinate is `0..size`.
    pub size: usize,
    /// Unions of values that have cells of their own, such as the parents of a hierarchy; in a published
    /// cell, union `u` has the coordinate `size + u`.
    pub unions: Vec<Vec<u32>>,
    /// Whether *group disclosure* is checked: nobody may learn that all of a group share a value.
    pub sensitive: bool,
    /// The providers (by number) who hold this column, and so know its margins.
    pub known_to: Vec<usize>,
}

impl TableDimension {
    /// A dimension of so many values and no more to it.
    ///
    /// ```
    /// let district = zwerm_disclosure::TableDimension::new("district", 10);
    /// assert!(district.unions.is_empty() && !district.sensitive);
    /// ```
    #[must_use]
    pub fn new(name: impl Into<String>, size: usize) -> TableDimension {
        TableDimension {
            name: name.into(),
            size,
            unions: Vec::new(),
            sensitive: false,
            known_to: Vec::new(),
        }
    }
}

/// A measure: what is added up.
#[derive(Debug, Clone, PartialEq)]
pub struct TableMeasure {
    /// Its name, for messages only.
    pub name: String,
    /// Publicly known least value of one row; may be `-inf`.
    pub lower: f64,
    /// Publicly known largest value of one row; may be `inf`.
    pub upper: f64,
    /// The providers (by number) who hold this column.
    pub known_to: Vec<usize>,
}

/// One non-empty combination of values, with its statistics.
#[derive(Debug, Clone, PartialEq)]
pub struct BaseCell {
    /// A coordinate per dimension.
    pub coordinates: Vec<u32>,
    /// Units in this cell.
    pub units: u64,
    /// Rows as a magnitude: what each unit contributes to the number of rows.
    pub rows: Contributions,
    /// Contributions per measure, in the order of [`Table::measures`].
    pub measures: Vec<Contributions>,
    /// A digest of who is in it, the wrapping sum over its units, to recognise what has not changed since an
    /// [`Earlier`] state; with `None` anywhere, cells of as many units count as unchanged.
    pub identity: Option<u64>,
}

/// A part of a [`Straddler`]: its rows in one base cell.
#[derive(Debug, Clone, PartialEq)]
pub struct StraddlerPart {
    /// A coordinate per dimension.
    pub coordinates: Vec<u32>,
    /// Rows; at least 1.
    pub rows: u64,
    /// Sum per measure, in the order of [`Table::measures`]; every row has a value.
    pub sums: Vec<f64>,
}

/// A unit with rows in several base cells: it counts once in every cell that holds any of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Straddler {
    /// Two or more parts, each in a base cell of its own.
    pub parts: Vec<StraddlerPart>,
    /// A digest of who it is, as in [`BaseCell::identity`].
    pub identity: Option<u64>,
}

/// What was published before of the same table, or of a table that it is joined to; what was published of the same
/// units in the same cells is taken as published of one state, in one of these or several.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The table's base cells and straddlers as they were then; `None` when they have not changed since.
    pub then: Option<(Vec<BaseCell>, Vec<Straddler>)>,
    /// The cells that were published, hidden figures as `None`; a shown figure is known to everyone now.
    pub published: Vec<Cell>,
    /// By which rules, all of which apply; what they hid for its own sake stays hidden. Unless all of them protect
    /// zeros, a hidden cell is taken to be known not to be empty.
    pub rules: Vec<Rules>,
}

/// Which part of a table is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublishedPart {
    /// The dimensions that are crossed.
    pub dimensions: Vec<usize>,
    /// Other dimensions, with the one value that every published cell has of them.
    pub within: Vec<(usize, u32)>,
}

/// A table to protect: every combination of up to `max_dimensions` dimensions is to be published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What the table is grouped by.
    pub dimensions: Vec<TableDimension>,
    /// What is added up.
    pub measures: Vec<TableMeasure>,
    /// Classes of measures that are linearly related (see [`related`](crate::related())); each class
    /// shares one pattern. A measure in no class is on its own.
    pub related: Vec<Vec<usize>>,
    /// Measures that follow from the counts alone; they share the counts' pattern.
    pub count_like: Vec<usize>,
    /// How many providers there are; they are numbered `0..providers`.
    pub providers: usize,
    /// Tables of up to this many dimensions are published.
    pub max_dimensions: usize,
    /// The non-empty base cells; an absent one is empty.
    pub cells: Vec<BaseCell>,
    /// Units that are in several base cells.
    pub straddlers: Vec<Straddler>,
    /// Which part is published; `None` for all dimensions.
    pub asked: Option<PublishedPart>,
    /// What was published before, a state of the table each.
    pub earlier: Vec<Earlier>,
}
