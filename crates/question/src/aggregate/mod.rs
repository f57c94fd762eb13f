//! From sources to statistics per base cell: the only place where sources are scanned.
//!
//! The view is grouped by unit and values (spilling when it must), sorted by unit, and streamed: no
//! row about a unit outlives its turn. What leaves are counts, sums and largest contributions; of a unit with
//! several values of a dimension, its parts, which `zwerm-disclosure` counts once in every cell.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::{
    arrow::datatypes::DataType,
    functions_aggregate::expr_fn::{count, max, min, sum},
    prelude::{DataFrame, cast, ident, lit},
};
use futures::StreamExt;
use sha2::{Digest, Sha256};
use zwerm_commons::agreement::View;
use zwerm_disclosure::{BaseCell, Contributions, Part, Straddler};

use crate::{
    error::QuestionError,
    lineage,
    unit::{Figures, Reader, UnitPart},
    view::failed,
};

/// What is known of a view after all its rows were seen.
#[derive(Debug, Clone)]
pub(crate) struct Statistics {
    pub(crate) tally: Tally,
    /// Source columns of each dimension and each measure.
    pub(crate) dimensions: Vec<BTreeSet<lineage::Source>>,
    pub(crate) measures: Vec<BTreeSet<lineage::Source>>,
}

/// Units added up per base cell.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    keep: usize,
    cells: BTreeMap<Vec<u32>, BaseCell>,
    pub(crate) straddlers: Vec<Straddler>,
    /// Inner products over units of: one, rows, each measure.
    pub(crate) gram: Vec<Vec<f64>>,
}

impl Tally {
    pub(crate) fn new(measures: usize, keep: usize) -> Tally {
        Tally {
            keep,
            cells: BTreeMap::new(),
            straddlers: Vec::new(),
            gram: vec![vec![0.0; measures + 2]; measures + 2],
        }
    }

    pub(crate) fn cells(&self) -> Vec<BaseCell> {
        self.cells.values().cloned().collect()
    }

    /// Adds one unit, of which `identity` is a digest.
    pub(crate) fn add(&mut self, identity: u64, parts: &[UnitPart]) {
        self.relate(parts);
        let [part] = parts else {
            let parts = parts.iter().map(|part| Part {
                coordinates: part.coordinates.clone(),
                rows: part.rows,
                sums: part.measures.iter().map(|m| m.sum).collect(),
            });
            self.straddlers.push(Straddler {
                parts: parts.collect(),
                identity: Some(identity),
            });
            return;
        };
        let keep = self.keep;
        let cell = self
            .cells
            .entry(part.coordinates.clone())
            .or_insert_with_key(|at| BaseCell {
                coordinates: at.clone(),
                units: 0,
                rows: Contributions::default(),
                measures: vec![Contributions::default(); part.measures.len()],
                identity: Some(0),
            });
        cell.units += 1;
        cell.identity = cell.identity.map(|of| of.wrapping_add(identity));
        cell.rows.add_unit(part.rows, part.rows as f64, keep);
        for (unit, into) in part.measures.iter().zip(&mut cell.measures) {
            if unit.count > 0 {
                into.add_unit(unit.count, unit.sum, keep);
            }
            into.missing += u64::from(unit.lacks(part.rows));
        }
    }

    fn relate(&mut self, parts: &[UnitPart]) {
        let rows: u64 = parts.iter().map(|p| p.rows).sum();
        let mut columns = vec![1.0, rows as f64];
        let measures = self.gram.len().saturating_sub(2);
        columns.extend((0..measures).map(|m| {
            let of = parts.iter().filter_map(|p| p.measures.get(m));
            of.map(|figures: &Figures| figures.sum).sum::<f64>()
        }));
        for (a, line) in columns.iter().zip(&mut self.gram) {
            for (b, sum) in columns.iter().zip(line) {
                *sum += a * b;
            }
        }
    }
}

/// A digest of a unit's key, which tells whether two releases are about the same units.
pub(crate) fn digest(key: &str) -> u128 {
    let digest = Sha256::digest(key.as_bytes());
    let first = digest.iter().take(16);
    first.fold(0, |all, &byte| all << 8 | u128::from(byte))
}

/// Reads the whole view once, and adds its units up.
pub(crate) async fn collect(
    frame: DataFrame,
    view: &View,
    keep: usize,
    minimum_units: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Statistics, QuestionError> {
    let (dimensions, measures) = sources(&frame, view);
    let mut tally = Tally::new(view.measure.len(), keep);
    each(frame, view, minimum_units, progress, &mut |key, parts| {
        tally.add(digest(key) as u64, parts);
    })
    .await?;
    Ok(Statistics {
        tally,
        dimensions,
        measures,
    })
}

/// Hands over every unit of the view, one after another in the order of their keys.
pub(crate) async fn each(
    frame: DataFrame,
    view: &View,
    minimum_units: u64,
    progress: &(dyn Fn(u64) + Sync),
    unit: &mut (dyn FnMut(&str, &[UnitPart]) + Send),
) -> Result<(), QuestionError> {
    let mut reader = Reader::new(view);
    let stream = grouped(frame, view)?.execute_stream().await;
    let mut stream = stream.map_err(|error| failed(view, error))?;
    while let Some(batch) = stream.next().await {
        reader.read(&batch.map_err(|error| failed(view, error))?, unit)?;
        progress(reader.units);
    }
    reader.finish(minimum_units, unit)
}

pub(crate) type Lineage = (
    Vec<BTreeSet<lineage::Source>>,
    Vec<BTreeSet<lineage::Source>>,
);

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
    (
        view.dimension.iter().map(|d| of(&d.name)).collect(),
        view.measure.iter().map(|m| of(&m.name)).collect(),
    )
}

/// One row per unit and combination of values, sorted by unit.
fn grouped(frame: DataFrame, view: &View) -> Result<DataFrame, QuestionError> {
    let text = |name: &str| cast(ident(name), DataType::Utf8);
    let mut groups = vec![text(&view.key).alias("key")];
    for (position, dimension) in view.dimension.iter().enumerate() {
        groups.push(text(&dimension.name).alias(format!("d{position}")));
    }
    let mut figures = vec![count(lit(1)).alias("rows")];
    for (position, measure) in view.measure.iter().enumerate() {
        let value = cast(ident(&measure.name), DataType::Float64);
        figures.push(sum(value.clone()).alias(format!("sum{position}")));
        figures.push(count(value.clone()).alias(format!("count{position}")));
        figures.push(min(value.clone()).alias(format!("min{position}")));
        figures.push(max(value).alias(format!("max{position}")));
    }
    let sorted = vec![ident("key").sort(true, true)];
    Ok(frame.aggregate(groups, figures)?.sort(sorted)?)
}
