//! Random tables of every shape: shared by the tests of this crate and by `cargo xtask soak`.

use zwerm_disclosure::TableDimension;

pub(crate) mod people;
pub(crate) mod plain;
pub(crate) mod releases;

/// Every combination of values, the last dimension fastest.
pub(crate) fn coordinates(dimensions: &[TableDimension]) -> Vec<Vec<u32>> {
    dimensions.iter().fold(vec![vec![]], |all, dimension| {
        let longer = |at: Vec<u32>| {
            (0..dimension.size as u32).map(move |value| [at.as_slice(), &[value]].concat())
        };
        all.into_iter().flat_map(longer).collect()
    })
}
