//! From sources to statistics per base cell: the only place where sources are scanned.
//!
//! DataFusion reads, joins and filters in one order; workers add the rows up per unit, each in partitions of its own
//! ([`worker`]), in memory or on disk; the units are then added up per base cell in one order. No row about a unit
//! outlives that. What leaves are counts, sums and largest contributions; of a unit with several values of a dimension,
//! its parts, which `zwerm-disclosure` counts once in every cell.

mod crew;
mod hash;
mod rows;
mod shape;
mod spill;
mod stage;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod worker;

use std::{
    collections::BTreeSet,
    io::Write,
    sync::{Arc, atomic::Ordering},
};

use datafusion::{
    arrow::datatypes::DataType,
    prelude::{DataFrame, cast, ident},
};
use futures::StreamExt;
use sha2::{Digest, Sha256};
use zwerm_agreement::agreement::View;

pub(crate) use self::tally::BaseTally;
use self::{
    crew::Crew,
    shape::BaseShape,
    table::{UnitKey, UnitTable},
    tally::Cells,
    worker::{Common, PARTITIONS, Partition},
};
use crate::{
    error::QuestionError,
    lineage,
    unit::{MeasureFigures, RowChecks, UnitPart, require_enough},
    view::failed,
};

/// More workers would wait for the one scan.
const MOST_WORKERS: usize = 8;

/// What is known of a view after all its rows were seen.
#[derive(Debug, Clone)]
pub(crate) struct ViewStatistics {
    pub(crate) tally: BaseTally,
    /// Source columns of each dimension and each measure.
    pub(crate) dimensions: Vec<ColumnSources>,
    pub(crate) measures: Vec<ColumnSources>,
}

/// A digest of a unit's key, which shows whether two releases are about the same units.
fn digest(key: &str) -> u128 {
    let digest = Sha256::digest(key.as_bytes());
    let first = digest.iter().take(16);
    first.fold(0, |all, &byte| all << 8 | u128::from(byte))
}

fn digest_of(key: UnitKey) -> u128 {
    match key {
        UnitKey::Text(key) => digest(key),
        UnitKey::Whole(key) => {
            let mut text = [0; 20];
            let mut rest = text.as_mut_slice();
            // the longest number has twenty characters
            let _ = write!(rest, "{key}");
            let unused = rest.len();
            let used = text.get(..text.len() - unused);
            digest(std::str::from_utf8(used.unwrap_or_default()).unwrap_or_default())
        }
    }
}

/// One unit, as whoever adds units up sees it.
pub(crate) struct Unit<'a> {
    /// A digest of its key.
    pub(crate) identity: u128,
    table: &'a UnitTable,
    /// The numbers of its parts, in the order of their cells.
    parts: &'a [u32],
    shape: &'a BaseShape,
}

impl Unit<'_> {
    /// What it has in each base cell.
    pub(crate) fn parts(&self) -> Vec<UnitPart> {
        let part = |(cell, rows, figures): (u32, u64, &[MeasureFigures])| UnitPart {
            coordinates: self.shape.coordinates(cell),
            rows,
            measures: figures.to_vec(),
        };
        self.cells().map(part).collect()
    }

    fn cells(&self) -> impl Iterator<Item = (u32, u64, &[MeasureFigures])> {
        self.parts.iter().map(|&number| {
            let part = self.table.part(number);
            (part.place.cell, part.rows, self.table.figures(number))
        })
    }
}

/// Reads the whole view once, and adds its units up.
pub(crate) async fn collect(
    frame: DataFrame,
    view: &View,
    keep: usize,
    minimum_units: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ViewStatistics, QuestionError> {
    let Lineage {
        dimensions,
        measures,
    } = sources(&frame, view);
    let mut cells = Cells::new(view.measure.len(), keep);
    let add = &mut |unit: &Unit| cells.add(unit);
    let units = each(frame, view, minimum_units, progress, add).await?;
    require_enough(units, view, minimum_units)?;
    Ok(ViewStatistics {
        tally: cells.tally(),
        dimensions,
        measures,
    })
}

/// Hands over every unit of the view, in an order that depends on the rows alone; returns how many there were.
pub(crate) async fn each(
    frame: DataFrame,
    view: &View,
    minimum_units: u64,
    progress: &(dyn Fn(u64) + Sync),
    unit: &mut (dyn FnMut(&Unit) + Send),
) -> Result<u64, QuestionError> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = workers.min(MOST_WORKERS);
    let checks = each_by(frame, view, workers, progress, unit).await?;
    checks.finish(view, minimum_units)?;
    Ok(checks.units())
}

/// The same by so many workers; what may be a fault is left to whoever asked.
async fn each_by(
    frame: DataFrame,
    view: &View,
    workers: usize,
    progress: &(dyn Fn(u64) + Sync),
    unit: &mut (dyn FnMut(&Unit) + Send),
) -> Result<RowChecks, QuestionError> {
    let frame = selected(frame, view)?;
    let common = Arc::new(Common::new(&frame, view, workers)?);
    let mut crew = Crew::new(&common);
    let tell = || progress(common.units.load(Ordering::Relaxed));
    let stream = frame.execute_stream().await;
    let mut stream = stream.map_err(|error| failed(view, error))?;
    while let Some(batch) = stream.next().await {
        crew.give(&batch.map_err(|error| failed(view, error))?)
            .await?;
        tell();
    }
    crew.no_more().await?;
    let mut parts = Vec::new();
    for number in 0..PARTITIONS {
        let partition = crew.partition(number).await?;
        hand_over(&partition, &common.shape, &mut parts, unit);
        tell();
    }
    crew.checks(view.measure.len()).await
}

/// Hands over the units of a partition in the order in which they were first seen.
fn hand_over(
    partition: &Partition,
    shape: &BaseShape,
    parts: &mut Vec<u32>,
    unit: &mut (dyn FnMut(&Unit) + Send),
) {
    let table = &partition.table;
    for (&head, &identity) in table.heads().iter().zip(&partition.digests) {
        parts.clear();
        parts.extend(table.parts_of(head));
        parts.sort_by_key(|&part| table.part(part).place.cell);
        unit(&Unit {
            identity,
            table,
            parts,
            shape,
        });
    }
}

/// The key, the dimensions and the measures of a view and nothing else, in types that workers read.
fn selected(frame: DataFrame, view: &View) -> Result<DataFrame, QuestionError> {
    let kind = |name: &str| {
        let mut fields = frame.schema().fields().iter();
        let field = fields.find(|f| f.name() == name);
        field.map_or(DataType::Null, |f| f.data_type().clone())
    };
    let value = |name: &str| match kind(name) {
        DataType::Int64 | DataType::Utf8 | DataType::Utf8View => ident(name),
        DataType::Int32 | DataType::Int16 | DataType::Int8 => cast(ident(name), DataType::Int64),
        _ => cast(ident(name), DataType::Utf8),
    };
    let mut columns = vec![value(&view.key).alias("key")];
    for (number, dimension) in view.dimension.iter().enumerate() {
        columns.push(value(&dimension.name).alias(format!("d{number}")));
    }
    for (number, measure) in view.measure.iter().enumerate() {
        let value = cast(ident(&measure.name), DataType::Float64);
        columns.push(value.alias(format!("m{number}")));
    }
    Ok(frame.select(columns)?)
}

/// The source columns that one column of a view is made of.
pub(crate) type ColumnSources = BTreeSet<lineage::SourceColumn>;

/// The same of every column of a view.
pub(crate) struct Lineage {
    pub(crate) dimensions: Vec<ColumnSources>,
    pub(crate) measures: Vec<ColumnSources>,
}

/// The source columns of each dimension and each measure.
pub(crate) fn sources(frame: &DataFrame, view: &View) -> Lineage {
    let columns = lineage::columns(frame.logical_plan());
    let of = |name: &str| {
        let mut fields = frame.schema().fields().iter();
        let position = fields.position(|f| f.name() == name);
        position
            .and_then(|p| columns.get(p))
            .cloned()
            .unwrap_or_default()
    };
    Lineage {
        dimensions: view.dimension.iter().map(|d| of(&d.name)).collect(),
        measures: view.measure.iter().map(|m| of(&m.name)).collect(),
    }
}
