//! What can be wrong with a table before it is protected, and what could not be protected.

/// A fault of the caller, or a cell that no pattern could protect.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DisclosureError {
    /// The cross of all dimensions is larger than this crate handles in memory.
    #[error(
        "the dimensions span {cells} combinations, more than {limit}; use fewer dimensions or shorter value lists"
    )]
    TooLarge {
        /// Combinations, margins included.
        cells: u128,
        /// The most that is handled.
        limit: u128,
    },
    /// More dimensions than fit the lattice.
    #[error("{dimensions} dimensions, at most {limit} can be crossed")]
    TooManyDimensions {
        /// How many dimensions the table has.
        dimensions: usize,
        /// The most that is handled.
        limit: usize,
    },
    /// More unions of one dimension's values overlap than fit the lattice.
    #[error(
        "the groups of a dimension overlap in {grains} ways, at most {limit} are handled; register fewer"
    )]
    TooManyUnions {
        /// In how many ways the groups overlap.
        grains: usize,
        /// The most that is handled.
        limit: usize,
    },
    /// A dimension without values, or with more than `u32::MAX`.
    #[error("dimension `{name}` has no values; give it at least one")]
    EmptyDimension {
        /// The dimension's name.
        name: String,
    },
    /// A cell whose coordinates or statistics do not fit the table.
    #[error("cell {cell} does not fit the table: {reason}")]
    BadCell {
        /// Position in [`Table::cells`](crate::Table::cells).
        cell: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Measures, providers or classes that do not fit the table.
    #[error("the table does not hold together: {reason}")]
    BadTable {
        /// What is wrong with it.
        reason: String,
    },
    /// A rule outside its range.
    #[error("rule `{rule}` is out of range: {reason}")]
    BadRule {
        /// The rule's name.
        rule: &'static str,
        /// What it must be.
        reason: &'static str,
    },
    /// Nothing that may be hidden keeps this cell from being derived.
    #[error("a cell of {dimensions:?} cannot be protected: whoever knows {known} can derive it")]
    Unprotectable {
        /// Names of the cell's dimensions.
        dimensions: Vec<String>,
        /// What gives it away.
        known: Knowledge,
    },
}

/// What gives a cell away whatever is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// A provider's own columns.
    Provider,
    /// A contributor's own part.
    Contributor,
    /// What was published before.
    Earlier,
    /// The published cells.
    Published,
}

impl std::fmt::Display for Knowledge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Knowledge::Provider => "a provider's own columns",
            Knowledge::Contributor => "their own contribution",
            Knowledge::Earlier => "what was published before",
            Knowledge::Published => "the published cells",
        })
    }
}
