//! What the keys of files tell: whether files have units in common, and whether a unit has several rows.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_intake::{IntakeError, standard_rows};

use crate::share::own::draft::{DraftDimension, DraftMeasure, DraftTable, fault};

/// Finds out of each dimension whether some unit has several values of it; a missing value counts as one.
pub fn several_values(
    tables: &[DraftTable],
    key: &str,
    dimensions: &mut [DraftDimension],
) -> Result<(), IntakeError> {
    for (number, table) in tables.iter().enumerate() {
        if has_one_row_per_unit(table, key) {
            continue;
        }
        let place = |name: &str| table.survey.columns.iter().position(|c| c.name == name);
        let of_table = dimensions.iter_mut().filter(|d| d.table == number);
        let mut watched: Vec<(usize, &mut DraftDimension)> = of_table
            .filter_map(|d| Some((place(&d.column)?, d)))
            .collect();
        let Some(key) = place(key) else { continue };
        compare(table, key, &mut watched)?;
    }
    Ok(())
}

fn compare(
    table: &DraftTable,
    key: usize,
    watched: &mut [(usize, &mut DraftDimension)],
) -> Result<(), IntakeError> {
    let hasher = RandomState::new();
    let mut first: HashMap<u64, Vec<u64>> = HashMap::new();
    for row in standard_rows(&table.file, &table.survey)? {
        let row = row?;
        let hash = |column: usize| hasher.hash_one(row.get(column));
        let values: Vec<u64> = watched.iter().map(|(column, _)| hash(*column)).collect();
        let seen = first.entry(hash(key)).or_insert_with(|| values.clone());
        for ((one, other), (_, of)) in seen.iter().zip(&values).zip(watched.iter_mut()) {
            of.per_unit &= one == other;
        }
    }
    Ok(())
}

fn has_one_row_per_unit(table: &DraftTable, key: &str) -> bool {
    table.survey.find_column(key).is_some_and(|k| k.unique)
}

/// Amounts of one file that the rows of another would repeat.
pub(super) fn repeated(
    tables: &[DraftTable],
    key: &str,
    measures: &[DraftMeasure],
) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    for (number, table) in tables.iter().enumerate() {
        let other = measures.iter().find(|m| m.table != number);
        if let Some(measure) = other
            && !has_one_row_per_unit(table, key)
        {
            let name = &measure.column;
            faults.push(fault(
                table.file.display().to_string(),
                FaultCode::SeveralPerUnit, Text::new(
                    format!("een `{key}` heeft meer rijen: bij het koppelen zou `{name}` uit een ander bestand dubbel tellen"),
                    format!("a `{key}` has several rows: joined, `{name}` of another file would count more than once"),
                ),
                Text::new(
                    "maak één rij per eenheid, of maak een afspraak over elk bestand apart",
                    "make one row per unit, or draft an agreement about each file by itself",
                ),
            ));
        }
    }
    faults
}

/// Files that have no unit in common with the first.
pub(crate) fn strangers(tables: &[DraftTable], key: &str) -> Result<Vec<Diagnostic>, IntakeError> {
    let [first, others @ ..] = tables else {
        return Ok(Vec::new());
    };
    let mut faults = Vec::new();
    if others.is_empty() {
        return Ok(faults);
    }
    let hasher = RandomState::new();
    let own: HashSet<u64> = keys(first, key, &hasher)?.collect::<Result<_, _>>()?;
    for table in others {
        let mut common = false;
        for hash in keys(table, key, &hasher)? {
            if own.contains(&hash?) {
                common = true;
                break;
            }
        }
        if !common {
            let (one, other) = (first.file.display(), table.file.display());
            faults.push(fault(
                other.to_string(),
                FaultCode::NotFound, Text::new(
                    format!("geen enkele `{key}` staat ook in `{one}`"),
                    format!("no `{key}` is in `{one}` as well"),
                ),
                Text::new(
                    "maak pseudoniemen met hetzelfde geheim, en schrijf sleutels gelijk: `0123` en `123` zijn niet dezelfde",
                    "make pseudonyms with the same secret, and write keys alike: `0123` and `123` are not the same",
                ),
            ));
        }
    }
    Ok(faults)
}

fn keys<'a>(
    table: &'a DraftTable,
    key: &str,
    hasher: &'a RandomState,
) -> Result<impl Iterator<Item = Result<u64, IntakeError>> + 'a, IntakeError> {
    let columns = &table.survey.columns;
    let place = columns.iter().position(|c| c.name == key).unwrap_or(0);
    let rows = standard_rows(&table.file, &table.survey)?;
    Ok(rows.map(move |row| Ok(hasher.hash_one(row?.get(place)))))
}
