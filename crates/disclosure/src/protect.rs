//! From a table and its rules to what may be published.

use crate::{
    DisclosureError, Protected, Rules, Table,
    pattern::{PatternWork, prepared, remembered, straddled},
    table::Ruling,
};

/// Protects all tables of up to `max_dimensions` dimensions jointly.
///
/// Units, rows and numbers of values share one pattern; the pattern of each measure contains it.
/// What holds afterwards, over all published cells at once:
/// - no hidden cell is a linear combination of published ones; no unsafe cell is, even for one contributor who
///   knows every cell that nobody else is in, or one provider who knows its own columns;
/// - every unsafe count could, as far as the published cells show, be at least `minimum_units`, in a
///   whole-number table that is at least 1 wherever empty cells would have been shown. This also holds
///   for combinations of more than `max_dimensions` dimensions, which are never published;
/// - every unsafe sum could lie further away, both ways, by what [`Rules::required_move`] asks, within
///   the bounds of its measure.
///
/// All of this also holds together with what was published [`earlier`](Table::earlier), for the figures that
/// were hidden then as for those hidden now: what was shown is known, and a cell that has not changed is one
/// unknown. A figure that everyone knows already is no secret any more; it is hidden all the same. It is known when
/// it was shown as large as it is; that as many units earn something else now is news.
///
/// # Errors
/// A table or rule that does not fit its description, and [`DisclosureError::Unprotectable`] when
/// somebody's own knowledge, or what was published before, gives a cell away whatever is hidden.
///
/// ```
/// use zwerm_disclosure::{BaseCell, Contributions, TableDimension, Rules, Table, protect};
/// let cells = [[40, 3, 30], [30, 20, 50], [25, 35, 45]];
/// let table = Table {
///     dimensions: vec![TableDimension::new("district", 3), TableDimension::new("household", 3)],
///     max_dimensions: 2,
///     cells: cells.iter().enumerate().flat_map(|(i, row)| {
///         row.iter().enumerate().map(move |(j, &units)| BaseCell {
///             coordinates: vec![i as u32, j as u32], units,
///             rows: Contributions { units, count: units, total: units as f64, absolute: units as f64,
///                 largest: vec![1.0, 1.0], missing: 0 },
///             measures: vec![], identity: None,
///         })
///     }).collect(),
///     ..Table::default()
/// };
/// let published = protect(&table, &Rules::minimum(10))?.cells();
/// let hidden = published.iter().filter(|cell| cell.units.is_none()).count();
/// assert_eq!((published.len(), hidden), (16, 4)); // the 3, and what it takes to keep it hidden
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
pub fn protect(table: &Table, rules: &Rules) -> Result<Protected, DisclosureError> {
    let ruling = Ruling::new(table, rules);
    let (first, rows) = prepared(table, rules, &ruling)?;
    let moves = remembered(table, rules);
    let plain = rows.is_none() && table.earlier.is_empty();
    let (counts, space) = match rows {
        None => {
            let work = PatternWork::new(table, &ruling, &first).remembering(&moves);
            (work.counts()?, first)
        }
        Some(rows) => {
            let units = PatternWork::new(table, &ruling, &first);
            let counts = straddled(&units, &PatternWork::new(table, &ruling, &rows))?;
            (counts, rows)
        }
    };
    let work = PatternWork::new(table, &ruling, &space).remembering(&moves);
    let (measures, mut certificates) = work.measures(&counts)?;
    certificates.extend(counts.certificates);
    if !plain {
        certificates.clear();
    }
    Ok(Protected {
        lattice: space.lattice,
        statistics: space.statistics,
        counts: counts.hidden,
        measures,
        certificates,
    })
}
