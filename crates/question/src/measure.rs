//! How fast a view is added up: times and sizes for benchmarks, and nothing of what is in the cells.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use zwerm_agreement::agreement::{Agreement, View};
use zwerm_disclosure::primary_only;
use zwerm_intake::CheckedDataset;

use crate::{
    aggregate, cube,
    error::{QuestionError, undisclosed},
    session::BuildLimits,
};

/// What adding a view up took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AggregationCost {
    /// Units that were counted.
    pub units: u64,
    /// Units with rows in several base cells.
    pub straddlers: usize,
    /// Base cells with units that are in no other.
    pub cells: usize,
    /// From the first row to the statistics of every base cell.
    pub scan: Duration,
    /// From those to the statistics of every combination, with which of them are unsafe by themselves.
    pub merge: Duration,
}

/// Adds a view up over datasets that were checked, as [`cube::build`] does, and throws the outcome away unprotected.
///
/// # Errors
/// As [`cube::build`].
pub async fn aggregation(
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
    limits: &BuildLimits,
) -> Result<AggregationCost, QuestionError> {
    let rules = cube::rules(agreement);
    let units = AtomicU64::new(0);
    let counted = |n| units.store(n, Ordering::Relaxed);
    let start = Instant::now();
    let frame = cube::frame(agreement, view, checked, limits).await?;
    let minimum = rules.minimum_units;
    let statistics = aggregate::collect(frame, view, rules.keep(), minimum, &counted)
        .await
        .map_err(QuestionError::with_reasons)?;
    let scan = start.elapsed();
    let table = cube::table(agreement, view, statistics);
    let start = Instant::now();
    let primary = primary_only(&table, &rules);
    drop(primary.map_err(|error| undisclosed(view, &error).with_reasons())?);
    Ok(AggregationCost {
        units: units.load(Ordering::Relaxed),
        straddlers: table.straddlers.len(),
        cells: table.cells.len(),
        scan,
        merge: start.elapsed(),
    })
}
