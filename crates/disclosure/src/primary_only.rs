//! What hiding only unsafe cells would publish, for comparison.

use crate::{
    DisclosureError, Protected, Rules, Table,
    ids::{CellId, IdVec},
    pattern::{PatternWork, prepared, translated},
    primary,
    table::{Contributions, Ruling},
};

/// Hides the cells that are unsafe by themselves and nothing else, as many a dashboard does.
///
/// NOT safe to publish: a hidden cell may follow from the others. For comparison with [`protect`](crate::protect()).
///
/// # Errors
/// A table or rule that does not fit its description.
///
/// ```
/// use zwerm_disclosure::{Rules, Table, primary_only};
/// let table = Table::default();
/// assert_eq!(primary_only(&table, &Rules::minimum(10))?.cells().len(), 1);
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
pub fn primary_only(table: &Table, rules: &Rules) -> Result<Protected, DisclosureError> {
    let ruling = Ruling::new(table, rules);
    let (first, rows) = prepared(table, rules, &ruling)?;
    let space = rows.as_ref().unwrap_or(&first);
    let work = PatternWork::new(table, &ruling, &first);
    let mut unsafe_cells = primary::counts(work.site(&work.nothing())).forced;
    if rows.is_some() {
        unsafe_cells = translated(&first.lattice, &space.lattice, unsafe_cells);
    }
    let work = PatternWork::new(table, &ruling, space);
    let mut found = primary::Primary::default();
    primary::rows(work.site(&work.nothing()), &mut found);
    unsafe_cells.extend(found.forced);
    let cells = space.lattice.cells();
    let counts: IdVec<CellId, bool> = cells.map(|c| unsafe_cells.contains(&c)).collect();
    let own = |contributions: &IdVec<CellId, Contributions>| {
        let cells = contributions.iter().zip(counts.iter());
        cells
            .map(|(c, hidden)| *hidden || rules.required_move(c).is_some())
            .collect()
    };
    Ok(Protected {
        measures: space.statistics.measures.iter().map(own).collect(),
        lattice: space.lattice.clone(),
        statistics: space.statistics.clone(),
        counts,
        certificates: Vec::new(),
    })
}
