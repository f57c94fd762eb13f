//! Whether a table is consistent, before anything is concluded from it.
//!
//! The claims of [`protect`](crate::protect()) rest on these statistics; what is not a possible table
//! is rejected rather than half protected.

use std::collections::BTreeSet;

use super::{
    BaseCell, Contributions, Straddler, Table, TableDimension, TableMeasure, release_states,
};
use crate::DisclosureError;

/// Counts up to here are exact as floating-point numbers, also when added up.
const EXACT: u64 = 1 << 50;
/// Providers are numbered in the bits of one word.
const PROVIDERS: usize = 64;
/// Release states are numbered in the bits of one word.
const STATES: usize = 64;

/// Checks everything but the cells.
///
/// # Errors
/// The first thing that does not fit.
pub(crate) fn table(table: &Table) -> Result<(), DisclosureError> {
    for dimension in &table.dimensions {
        if dimension.size == 0 || u32::try_from(dimension.size).is_err() {
            return Err(DisclosureError::EmptyDimension {
                name: dimension.name.clone(),
            });
        }
    }
    let fault = unions_fault(table)
        .or_else(|| asked_fault(table))
        .or_else(|| size_fault(table))
        .or_else(|| providers_fault(table))
        .or_else(|| measures_fault(table))
        .or_else(|| classes_fault(table));
    match fault {
        Some(reason) => Err(DisclosureError::BadTable { reason }),
        None => Ok(()),
    }
}

/// A union of no values, of values that are not there, or of one value twice.
fn unions_fault(table: &Table) -> Option<String> {
    for dimension in &table.dimensions {
        for (number, union) in dimension.unions.iter().enumerate() {
            let members: BTreeSet<&u32> = union.iter().collect();
            let outside = union.iter().any(|&v| v as usize >= dimension.size);
            if union.is_empty() || outside || members.len() < union.len() {
                let name = &dimension.name;
                return Some(format!(
                    "union {number} of `{name}` is not one of its values"
                ));
            }
        }
    }
    None
}

/// Dimensions or values asked for that are not there.
fn asked_fault(table: &Table) -> Option<String> {
    let asked = table.asked.as_ref()?;
    let crossed = asked.dimensions.iter().map(|&d| (d, 0));
    let mut all = crossed.chain(asked.within.iter().copied());
    let fits = |(d, v): (usize, u32)| {
        let dimension = table.dimensions.get(d);
        dimension.is_some_and(|of| (v as usize) < of.size + of.unions.len())
    };
    let (dimension, value) = all.find(|&of| !fits(of))?;
    Some(format!(
        "there is no value {value} of a dimension {dimension}"
    ))
}

/// More providers or release states than fit in one word.
fn size_fault(table: &Table) -> Option<String> {
    let providers = table.providers;
    if providers > PROVIDERS {
        return Some(format!("{providers} providers, at most {PROVIDERS}"));
    }
    let states = release_states(table).len();
    (states > STATES).then(|| format!("{states} states of it, at most {STATES} can be linked"))
}

/// A column known to a provider who is not there.
fn providers_fault(table: &Table) -> Option<String> {
    let providers = table.providers;
    let dimensions = table.dimensions.iter().map(|d| (&d.name, &d.known_to));
    let measures = table.measures.iter().map(|m| (&m.name, &m.known_to));
    dimensions.chain(measures).find_map(|(name, known_to)| {
        let provider = known_to.iter().find(|p| **p >= providers)?;
        Some(format!(
            "`{name}` is known to provider {provider}, of {providers}"
        ))
    })
}

/// Bounds of a measure that are no range.
fn measures_fault(table: &Table) -> Option<String> {
    let ranged = |m: &TableMeasure| !m.lower.is_nan() && !m.upper.is_nan() && m.lower <= m.upper;
    let fault = table.measures.iter().find(|m| !ranged(m))?;
    Some(format!("the bounds of `{}` are no range", fault.name))
}

/// A class of no measures, of measures that are not there, or of measures that are in another class.
fn classes_fault(table: &Table) -> Option<String> {
    if table.related.iter().any(Vec::is_empty) {
        return Some("a class of related measures is empty".into());
    }
    let mut placed = vec![false; table.measures.len()];
    for &measure in table.related.iter().flatten().chain(&table.count_like) {
        match placed.get_mut(measure) {
            None => return Some(format!("there is no measure {measure}")),
            Some(true) => return Some(format!("measure {measure} is in two classes")),
            Some(place) => *place = true,
        }
    }
    None
}

/// Whether all counts and sums can be added up.
fn sums_fit(cells: &[BaseCell]) -> Result<(), DisclosureError> {
    let all = |b: &BaseCell| {
        let contributions = b.measures.iter().chain([&b.rows]);
        contributions.fold((b.units, 0.0), |(most, sum): (u64, f64), c| {
            (most.max(c.count).max(c.missing), sum.max(c.absolute.abs()))
        })
    };
    let mut sums = (0_u64, 0.0_f64);
    for (most, sum) in cells.iter().map(all) {
        sums = (sums.0.saturating_add(most), sums.1 + sum);
    }
    // a sum that is not finite by itself is the cell's fault, and is reported there
    let alone = |b: &BaseCell| all(b).1.is_finite() && all(b).0 <= EXACT;
    if (sums.0 > EXACT || !sums.1.is_finite()) && cells.iter().all(alone) {
        return Err(DisclosureError::BadTable {
            reason: "its counts or sums are too large to add up exactly".into(),
        });
    }
    Ok(())
}

/// Checks the base cells and straddlers of one state of the table; `several` where units have several values, and
/// `keep` how many of the largest contributions the rules look at.
///
/// # Errors
/// The first thing that does not fit.
pub(crate) fn state(
    table: &Table,
    (cells, straddlers): (&[BaseCell], &[Straddler]),
    several: bool,
    keep: usize,
) -> Result<(), DisclosureError> {
    sums_fit(cells)?;
    for (position, base) in cells.iter().enumerate() {
        if let Some(reason) = cell_fault(table, base, keep) {
            return Err(DisclosureError::BadCell {
                cell: position,
                reason: reason.into(),
            });
        }
        let lacks = base.measures.iter().any(|m| m.count != base.rows.count);
        if several && lacks {
            return Err(DisclosureError::BadTable {
                reason: "where units have several values, every row has a value of every measure"
                    .into(),
            });
        }
    }
    match straddlers.iter().find_map(|s| straddler_fault(table, s)) {
        Some(reason) => Err(DisclosureError::BadTable {
            reason: format!("a straddler does not fit: {reason}"),
        }),
        None => Ok(()),
    }
}

/// What keeps this from being a unit in several base cells.
fn straddler_fault(table: &Table, straddler: &Straddler) -> Option<&'static str> {
    let places: BTreeSet<&Vec<u32>> = straddler.parts.iter().map(|p| &p.coordinates).collect();
    if straddler.parts.len() < 2 || places.len() < straddler.parts.len() {
        return Some("it has two or more parts, each in a base cell of its own");
    }
    for part in &straddler.parts {
        let outside = |(c, d): (&u32, &TableDimension)| *c as usize >= d.size;
        let pairs = part.coordinates.iter().zip(&table.dimensions);
        if part.coordinates.len() != table.dimensions.len() || pairs.into_iter().any(outside) {
            return Some("its coordinates lie outside the table");
        }
        if part.sums.len() != table.measures.len() {
            return Some("it needs one sum per measure");
        }
        if part.rows == 0 || part.rows > EXACT || part.sums.iter().any(|s| !s.is_finite()) {
            return Some("every part has rows, and sums that are finite");
        }
    }
    None
}

/// What keeps this from being a base cell; `keep` is how many of the largest contributions the rules look at.
fn cell_fault(table: &Table, base: &BaseCell, keep: usize) -> Option<&'static str> {
    if base.coordinates.len() != table.dimensions.len() {
        return Some("it needs one coordinate per dimension");
    }
    let outside = |(c, d): (&u32, &TableDimension)| *c as usize >= d.size;
    if base.coordinates.iter().zip(&table.dimensions).any(outside) {
        return Some("a coordinate lies outside its dimension");
    }
    if base.measures.len() != table.measures.len() {
        return Some("it needs one statistic per measure");
    }
    if base.units == 0 {
        return Some("an empty cell is left out");
    }
    let counts = || base.measures.iter().chain([&base.rows]);
    let most = counts().fold(base.units, |most, c| most.max(c.count).max(c.missing));
    if most > EXACT {
        return Some("more units or rows than can be counted exactly");
    }
    if let Some(reason) = counts().find_map(|c| fault(c, base.units, keep)) {
        return Some(reason);
    }
    let row_each = base.rows.units == base.units && base.rows.count >= base.units;
    (!row_each).then_some("every unit has a row")
}

/// What keeps these statistics from being those of some of `units` units.
fn fault(c: &Contributions, units: u64, keep: usize) -> Option<&'static str> {
    let finite = |x: &f64| x.is_finite();
    if !(c.total.is_finite() && c.absolute.is_finite() && c.largest.iter().all(finite)) {
        return Some("a sum is not finite");
    }
    if c.units > units || c.missing > units || c.count < c.units {
        return Some("more units than it has, or fewer values than units");
    }
    if (c.largest.len() as u64) < c.units.min(keep as u64) {
        return Some("too few of the largest contributions for these rules");
    }
    let falling = c
        .largest
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a >= b));
    if !falling || c.largest.iter().any(|x| *x < 0.0) {
        return Some("the largest contributions are absolute and fall");
    }
    None
}
