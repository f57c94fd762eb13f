//! What a second release would cost: how many cells it would have to protect beside the first.
//!
//! Data of the next period are not there yet, so it is an estimate: the units at hand, some of whom leave
//! while as many come, as often as the agreement's rhythm makes likely. Counts only; sums follow them.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zwerm_agreement::agreement::{Agreement, Rhythm, View};
use zwerm_disclosure::{
    BaseCell, Contributions, DisclosureError, Earlier, Straddler, StraddlerPart, Table, protect,
};
use zwerm_intake::CheckedDataset;

use crate::{
    aggregate, cube,
    error::{QuestionError, too_late, undisclosed},
    session::BuildLimits,
};

/// Cells that the first release of a view protects, and the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    /// Cells in a release.
    pub cells: usize,
    /// Protected in the first.
    pub first: usize,
    /// Protected in the second; `None` when it could not be built.
    pub second: Option<usize>,
    /// The share of units, of 0 to 1, that was assumed to have changed in between.
    pub turnover: f64,
}

/// The share of units that is assumed to change between two releases.
#[must_use]
fn turnover(rhythm: Rhythm) -> Option<f64> {
    match rhythm {
        Rhythm::Once => None,
        Rhythm::Yearly => Some(0.10),
        Rhythm::Quarterly => Some(0.03),
        Rhythm::Monthly => Some(0.01),
    }
}

/// Estimates it from the data at hand; nothing when the agreement has one release only.
///
/// # Errors
/// As [`cube::build`].
pub async fn expected(
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
    limits: &BuildLimits,
) -> Result<Option<Loss>, QuestionError> {
    let Some(turnover) = turnover(agreement.protection.release_rhythm) else {
        return Ok(None);
    };
    let rules = cube::rules(agreement);
    let frame = cube::frame(agreement, view, checked, limits).await?;
    let statistics = aggregate::collect(frame, view, rules.keep(), rules.minimum_units, &|_| {})
        .await
        .map_err(QuestionError::with_reasons)?;
    let first = counts_only(cube::table(agreement, view, statistics));
    let work = move || {
        let published = protect(&first, &rules)?.cells();
        let hidden =
            |cells: &[zwerm_disclosure::Cell]| cells.iter().filter(|c| c.units.is_none()).count();
        let (cells, before) = (published.len(), hidden(&published));
        let second = Table {
            earlier: vec![Earlier {
                then: Some((first.cells.clone(), first.straddlers.clone())),
                published,
                rules: vec![rules],
            }],
            ..later(&first, turnover)
        };
        let second = match protect(&second, &rules) {
            Ok(protected) => Some(hidden(&protected.cells())),
            Err(DisclosureError::Unprotectable { .. }) => None,
            Err(other) => return Err(other),
        };
        Ok(Loss {
            cells,
            first: before,
            second,
            turnover,
        })
    };
    let done = tokio::task::spawn_blocking(work);
    let loss = tokio::time::timeout(limits.time, done).await;
    let internal = |e: &dyn std::fmt::Display| QuestionError::Internal(e.to_string());
    match loss {
        Err(_) => Err(too_late(limits.time)),
        Ok(Err(error)) => Err(internal(&error)),
        Ok(Ok(Err(error))) => Err(undisclosed(view, &error).with_reasons()),
        Ok(Ok(Ok(loss))) => Ok(Some(loss)),
    }
}

fn counts_only(table: Table) -> Table {
    let cell = |cell: BaseCell| BaseCell {
        measures: Vec::new(),
        ..cell
    };
    let part = |part: StraddlerPart| StraddlerPart {
        sums: Vec::new(),
        ..part
    };
    let straddler = |of: Straddler| Straddler {
        parts: of.parts.into_iter().map(part).collect(),
        identity: of.identity,
    };
    Table {
        measures: Vec::new(),
        related: Vec::new(),
        count_like: Vec::new(),
        cells: table.cells.into_iter().map(cell).collect(),
        straddlers: table.straddlers.into_iter().map(straddler).collect(),
        ..table
    }
}

/// The same table after some units have left and others came.
fn later(table: &Table, turnover: f64) -> Table {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut cells = Vec::new();
    for cell in &table.cells {
        // nobody left and nobody came
        if rng.random::<f64>() < (1.0 - turnover).powf(2.0 * cell.units as f64) {
            cells.push(cell.clone());
            continue;
        }
        // the sum of twelve draws is as good as normal; who leaves and who comes are drawn apart
        let draw: f64 = (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0;
        let change = (draw * (2.0 * turnover * cell.units as f64).sqrt()).round();
        let units = (cell.units as f64 + change).max(0.0) as u64;
        if units > 0 {
            cells.push(BaseCell {
                units,
                rows: scaled(&cell.rows, cell.units, units),
                identity: Some(rng.random()),
                ..cell.clone()
            });
        }
    }
    Table {
        cells,
        ..table.clone()
    }
}

/// Rows of so many units, as many each as before.
fn scaled(rows: &Contributions, before: u64, units: u64) -> Contributions {
    let mean = rows.count as f64 / before.max(1) as f64;
    let total = (mean * units as f64).round().max(units as f64);
    let keep = rows.largest.len().max(2).min(units as usize);
    let mut largest = rows.largest.clone();
    largest.resize(keep, mean.floor().max(1.0));
    largest.sort_by(|a, b| b.total_cmp(a));
    Contributions {
        units,
        count: total as u64,
        missing: 0,
        total,
        absolute: total,
        largest,
    }
}
