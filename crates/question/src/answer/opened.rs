//! A cube's published cells in a session of their own.

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch},
        datatypes::{DataType, Field, Schema},
    },
    prelude::SessionContext,
};
use zwerm_agreement::agreement::View;
use zwerm_disclosure::Cell;

use super::expression::{dimension, figure};
use crate::{
    OTHER, UNKNOWN, cube::Cube, error::QuestionError, plan::Aggregate, register::Register,
    release::ReleaseId, session,
};

/// A cube that is ready to be asked.
#[derive(Clone)]
pub struct Opened {
    /// The release that it is.
    pub release: ReleaseId,
    pub(super) session: SessionContext,
    pub(super) batch: RecordBatch,
    /// Per dimension those of `(other)` and `(unknown)` that are published as empty.
    pub(super) absent: Vec<Vec<u32>>,
    pub(super) round_to: u64,
}

/// Puts a cube's published cells into a session of their own.
///
/// # Errors
/// [`QuestionError::Internal`] when the cells do not fit the cube.
pub fn open(
    cube: &Cube,
    view: &View,
    release: ReleaseId,
    round_to: u64,
) -> Result<Opened, QuestionError> {
    let mut columns = CubeColumns::default();
    columns.whole("level", false, cube, |c| Some(level(&c.coordinates)));
    for (d, of) in view.dimension.iter().enumerate() {
        columns.dimension(d, &Register::of(of), cube);
    }
    let whole = |n: Option<u64>| n.and_then(|n| i64::try_from(n).ok());
    columns.whole(figure(Aggregate::Units), true, cube, |c| whole(c.units));
    columns.whole(figure(Aggregate::Rows), true, cube, |c| whole(c.rows));
    for m in 0..cube.measures.len() {
        let count = |c: &Cell| whole(c.counts.get(m).copied().flatten());
        columns.whole(figure(Aggregate::Count(m)), true, cube, count);
    }
    for m in 0..cube.measures.len() {
        columns.sums(m, cube);
    }
    let dimensions = 0..cube.dimensions.len();
    Ok(Opened {
        release,
        session: session::published(),
        batch: columns.batch()?,
        absent: dimensions.map(|d| absent(cube, d)).collect(),
        round_to,
    })
}

/// The dimensions that a cell is not summed over, a bit each.
fn level(coordinates: &[Option<u32>]) -> i64 {
    let present = coordinates.iter().enumerate().filter(|(_, v)| v.is_some());
    present.fold(0, |mask, (d, _)| mask | 1 << d)
}

/// The columns of a cube, a row per cell.
#[derive(Default)]
struct CubeColumns {
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl CubeColumns {
    fn push(&mut self, field: Field, array: ArrayRef) {
        self.fields.push(field);
        self.arrays.push(array);
    }

    fn whole(
        &mut self,
        name: impl Into<String>,
        nullable: bool,
        cube: &Cube,
        of: impl Fn(&Cell) -> Option<i64>,
    ) {
        let column: Int64Array = cube.cells.iter().map(of).collect();
        let field = Field::new(name, DataType::Int64, nullable);
        self.push(field, Arc::new(column));
    }

    fn dimension(&mut self, d: usize, register: &Register, cube: &Cube) {
        let ranks = ranks(register);
        let at = |c: &Cell| {
            let at = c.coordinates.get(d).copied().flatten()?;
            ranks.get(at as usize).copied()
        };
        let column: Int32Array = cube.cells.iter().map(at).collect();
        let field = Field::new(dimension(d), DataType::Int32, true);
        self.push(field, Arc::new(column));
    }

    fn sums(&mut self, m: usize, cube: &Cube) {
        let sums = cube.cells.iter().map(|c| c.sums.get(m).copied().flatten());
        let column: Float64Array = sums.collect();
        let field = Field::new(figure(Aggregate::Sum(m)), DataType::Float64, true);
        self.push(field, Arc::new(column));
    }

    fn batch(self) -> Result<RecordBatch, QuestionError> {
        let schema = Arc::new(Schema::new(self.fields));
        RecordBatch::try_new(schema, self.arrays)
            .map_err(|e| QuestionError::Internal(e.to_string()))
    }
}

/// The place of each coordinate in the order in which it is shown.
pub(super) fn ranks(register: &Register) -> Vec<i32> {
    let mut ranks = vec![0; register.names.len()];
    for (rank, at) in (0..).zip(register.order()) {
        if let Some(place) = ranks.get_mut(at as usize) {
            *place = rank;
        }
    }
    ranks
}

/// `(other)` and `(unknown)` where they are published as empty over the whole dimension.
fn absent(cube: &Cube, d: usize) -> Vec<u32> {
    let Some(of) = cube.dimensions.get(d) else {
        return Vec::new();
    };
    let special = |v: u32| {
        of.values
            .get(v as usize)
            .is_some_and(|v| v == OTHER || v == UNKNOWN)
    };
    let margins = cube.cells.iter().filter(|c| {
        let others = c
            .coordinates
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != d);
        c.units == Some(0) && others.into_iter().all(|(_, v)| v.is_none())
    });
    let values = margins.filter_map(|c| c.coordinates.get(d).copied().flatten());
    values.filter(|v| special(*v)).collect()
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("release", &self.release)
            .finish_non_exhaustive()
    }
}
