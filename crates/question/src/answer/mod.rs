//! The answer to a question: run in a session that holds the published cube and nothing else.
//!
//! HAVING, ORDER BY, LIMIT and arithmetic see published figures only. A figure that is put together
//! from any protected part is protected. Three things stay apart: a protected cell, a subtotal, and
//! a value that is unknown in the data.

mod export;
mod expression;
mod rows;

pub use export::to_parquet;

use std::sync::Arc;

use datafusion::{
    arrow::{
        array::{ArrayRef, Float64Array, Int32Array, Int64Array, RecordBatch},
        datatypes::{DataType, Field, Schema},
    },
    functions_aggregate::expr_fn::{count, sum},
    logical_expr::{Expr, LogicalPlan, Union, not, when},
    prelude::{DataFrame, SessionContext, ident, lit},
    scalar::ScalarValue,
};
use zwerm_agreement::{agreement::View, text::Text};

use self::{
    expression::{any_hidden, condition, dimension, figure, hidden, ordered, shown},
    rows::{column, read},
};
use crate::{
    OTHER, UNKNOWN,
    cube::{self, Cube},
    error::QuestionError,
    parse::levels::finest,
    plan::{Aggregate, Expression, Key, Plan},
    register::{Level, Register},
    release::Release,
    session,
};

/// What a column of an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Values of a dimension.
    Dimension,
    /// Whole numbers of units, rows or values.
    Count,
    /// Sums of a measure.
    Sum,
    /// Averages of a measure.
    Average,
    /// The outcome of arithmetic.
    Number,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// Its name in the question.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Quantity and unit, such as `EUR/year`.
    pub quantity: Option<String>,
    /// Its name for people.
    pub label: Text,
}

/// One figure or value.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Value {
    /// A value of a dimension.
    Text(String),
    /// A count.
    Whole(i64),
    /// Any other number.
    Number(f64),
    /// There is a figure, and it is not shown.
    Protected,
    /// The row is a subtotal over this dimension.
    Total,
    /// There is no figure: a division by nothing.
    Undefined,
}

/// A protected answer: the only thing about data that can be rendered or serialised.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, a value per column.
    pub rows: Vec<Vec<Value>>,
    /// What must be said with it: sums of rounded parts, and the like.
    pub notes: Vec<Text>,
}

impl Answer {
    /// The names of a row's columns that hold `which`, separated by `;`; `None` when none does.
    ///
    /// ```
    /// use zwerm_question::answer::{Answer, Value};
    /// let answer = Answer { columns: vec![], rows: vec![vec![]], notes: vec![] };
    /// assert_eq!(answer.named(&answer.rows[0], &Value::Protected), None);
    /// ```
    #[must_use]
    pub fn named(&self, row: &[Value], which: &Value) -> Option<String> {
        let pairs = self.columns.iter().zip(row);
        let names: Vec<&str> = pairs
            .filter(|(_, value)| *value == which)
            .map(|(column, _)| column.name.as_str())
            .collect();
        (!names.is_empty()).then(|| names.join(";"))
    }
}

/// A cube that is ready to be asked.
#[derive(Clone)]
pub struct Opened {
    /// The release that it is.
    pub release: Release,
    session: SessionContext,
    batch: RecordBatch,
    /// Per dimension those of `(other)` and `(unknown)` that are published as empty.
    absent: Vec<Vec<u32>>,
    round_to: u64,
}

/// Puts a cube's published cells into a session of their own.
///
/// # Errors
/// [`QuestionError::Internal`] when the cells do not fit the cube.
pub fn open(
    cube: &Cube,
    view: &View,
    release: Release,
    round_to: u64,
) -> Result<Opened, QuestionError> {
    let mut fields = vec![Field::new("level", DataType::Int64, false)];
    let level = |coordinates: &[Option<u32>]| -> i64 {
        let present = coordinates.iter().enumerate().filter(|(_, v)| v.is_some());
        present.fold(0, |mask, (d, _)| mask | 1 << d)
    };
    let levels: Int64Array = cube
        .cells
        .iter()
        .map(|c| Some(level(&c.coordinates)))
        .collect();
    let mut arrays: Vec<ArrayRef> = vec![Arc::new(levels)];
    for (d, of) in view.dimension.iter().enumerate() {
        let ranks = ranks(&Register::of(of));
        let at = |c: &zwerm_disclosure::Cell| {
            let at = c.coordinates.get(d).copied().flatten()?;
            ranks.get(at as usize).copied()
        };
        let column: Int32Array = cube.cells.iter().map(at).collect();
        fields.push(Field::new(dimension(d), DataType::Int32, true));
        arrays.push(Arc::new(column));
    }
    let mut whole = |name: String, of: &dyn Fn(&zwerm_disclosure::Cell) -> Option<u64>| {
        let column = cube
            .cells
            .iter()
            .map(|c| of(c).and_then(|n| i64::try_from(n).ok()));
        let column: Int64Array = column.collect();
        fields.push(Field::new(name, DataType::Int64, true));
        arrays.push(Arc::new(column));
    };
    whole(figure(Aggregate::Units), &|c| c.units);
    whole(figure(Aggregate::Rows), &|c| c.rows);
    for m in 0..cube.measures.len() {
        whole(figure(Aggregate::Count(m)), &|c| {
            c.counts.get(m).copied().flatten()
        });
    }
    for m in 0..cube.measures.len() {
        let sums = cube.cells.iter().map(|c| c.sums.get(m).copied().flatten());
        let column: Float64Array = sums.collect();
        fields.push(Field::new(
            figure(Aggregate::Sum(m)),
            DataType::Float64,
            true,
        ));
        arrays.push(Arc::new(column));
    }
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .map_err(|e| QuestionError::Internal(e.to_string()))?;
    Ok(Opened {
        release,
        session: session::published(),
        batch,
        absent: (0..cube.dimensions.len())
            .map(|d| absent(cube, d))
            .collect(),
        round_to,
    })
}

/// The place of each coordinate in the order in which it is shown.
fn ranks(register: &Register) -> Vec<i32> {
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

/// The bit that says that a row is grouped by a key.
fn bit(key: Key) -> i64 {
    1 << (3 * key.dimension + key.level as usize)
}

const GROUPED: &str = "grouped";
const PARTS: &str = "parts";

impl Opened {
    /// Runs a plan.
    ///
    /// # Errors
    /// [`QuestionError::Internal`]: a plan holds registered names and values only, so nothing of the
    /// question can be at fault any more.
    pub async fn ask(&self, plan: &Plan, view: &View) -> Result<Answer, QuestionError> {
        let mut tables = Vec::new();
        for set in &plan.grouping {
            let table = self.table(plan, set, view)?;
            tables.push(Arc::new(table.into_unoptimized_plan()));
        }
        // side by side: nested unions would need stack for each
        let all = match tables.as_slice() {
            [] => {
                return Err(QuestionError::Internal(
                    "a plan without grouping sets".into(),
                ));
            }
            [only] => only.as_ref().clone(),
            _ => LogicalPlan::Union(Union::try_new_with_loose_types(tables)?),
        };
        let mut frame = DataFrame::new(self.session.state(), all);
        if let Some(having) = &plan.having {
            frame = frame.filter(condition(having)?)?;
        }
        let mut order = Vec::new();
        for by in &plan.order {
            let expression = ordered(&by.by)?;
            order.push(expression.sort(!by.descending, by.nulls_first));
        }
        // without another order: as registered, subtotals after their parts
        for d in 0..view.dimension.len() {
            order.push(ident(dimension(d)).sort(true, false));
        }
        frame = frame.sort(order)?;
        if plan.limit.is_some() || plan.offset > 0 {
            // no answer has as many rows, and the engine counts them in fewer bits
            let whole = |n: u64| u32::try_from(n).unwrap_or(u32::MAX) as usize;
            frame = frame.limit(whole(plan.offset), plan.limit.map(whole))?;
        }
        let mut selected = vec![ident(GROUPED), ident(PARTS)];
        for d in 0..view.dimension.len() {
            selected.push(ident(dimension(d)));
        }
        for (number, column) in plan.columns.iter().enumerate() {
            if !matches!(column.expression, Expression::Dimension(_)) {
                selected.push(shown(&column.expression)?.alias(format!("o{number}")));
                selected.push(any_hidden(&column.expression).alias(format!("p{number}")));
            }
        }
        let batches = frame.select(selected)?.collect().await?;
        let mut answer = Answer {
            columns: plan.columns.iter().map(|c| column(c, view)).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        };
        let mut parts = 1;
        for batch in &batches {
            parts = parts.max(read(batch, plan, view, &mut answer)?);
        }
        if parts > 1 {
            answer.notes = self.margins(parts as f64, plan, view);
        }
        if answer.columns.iter().any(|c| c.kind == Kind::Average) {
            answer.notes.push(Text::new(
                "een gemiddelde is een afgeronde som gedeeld door een afgerond aantal: grof bij kleine aantallen",
                "an average is a rounded sum divided by a rounded count: coarse where counts are small",
            ));
        }
        Ok(answer)
    }

    /// How far figures may be off that are sums of rounded ones.
    fn margins(&self, parts: f64, plan: &Plan, view: &View) -> Vec<Text> {
        let mut used = Vec::new();
        for column in &plan.columns {
            column.expression.aggregates(&mut used);
        }
        let mut notes = Vec::new();
        if used.iter().any(|a| !matches!(a, Aggregate::Sum(_))) {
            let margin = parts * self.round_to as f64 / 2.0;
            notes.push(Text::new(
                format!(
                    "een aantal is hier de som van hoogstens {parts} afgeronde delen: ± {margin}"
                ),
                format!("a count is here the sum of at most {parts} rounded parts: ± {margin}"),
            ));
        }
        for (number, measure) in view.measure.iter().enumerate() {
            let grain = cube::grain(measure, self.round_to);
            let Some(grain) = grain.filter(|_| used.contains(&Aggregate::Sum(number))) else {
                continue;
            };
            let (name, margin) = (&measure.name, parts * grain / 2.0);
            notes.push(Text::new(
                format!(
                    "een som van `{name}` is hier de som van hoogstens {parts} afgeronde delen: ± {margin}"
                ),
                format!(
                    "a sum of `{name}` is here the sum of at most {parts} rounded parts: ± {margin}"
                ),
            ));
        }
        notes
    }

    /// The cells of one grouping set, added up over the values that are filtered by.
    fn table(&self, plan: &Plan, set: &[Key], view: &View) -> Result<DataFrame, QuestionError> {
        let filtered = plan.filters.iter().map(|f| f.dimension);
        let grouped_by = set.iter().map(|key| key.dimension);
        let level = grouped_by
            .chain(filtered)
            .fold(0_i64, |mask, d| mask | 1 << d);
        let mut frame = self.session.read_batch(self.batch.clone())?;
        let mut keep = ident("level").eq(lit(level));
        for (d, of) in view.dimension.iter().enumerate() {
            if level >> d & 1 == 0 {
                continue;
            }
            let register = Register::of(of);
            let filter = plan.filters.iter().find(|f| f.dimension == d);
            let named = filter.map(|f| {
                let found = f.values.iter().filter_map(|v| register.find(v));
                found.collect::<Vec<u32>>()
            });
            let wanted = named.unwrap_or_else(|| {
                let absent = self.absent.get(d).map_or(&[][..], Vec::as_slice);
                let mut all = register.level(finest(set, d).unwrap_or(Level::Value));
                all.retain(|at| !absent.contains(at));
                all
            });
            let ranks = ranks(&register);
            let places = wanted.iter().filter_map(|&at| ranks.get(at as usize));
            let places: Vec<Expr> = places.map(|&rank| lit(rank)).collect();
            keep = keep.and(ident(dimension(d)).in_list(places, false));
        }
        frame = frame.filter(keep)?;
        let mut crossed: Vec<usize> = set.iter().map(|key| key.dimension).collect();
        crossed.dedup();
        let mut figures = vec![count(lit(1)).alias(PARTS)];
        let aggregates = plan.aggregates();
        for &a in &aggregates {
            figures.push(sum(ident(figure(a))).alias(format!("sum {}", figure(a))));
            figures.push(count(ident(figure(a))).alias(format!("shown {}", figure(a))));
        }
        let groups: Vec<Expr> = crossed.iter().map(|&d| ident(dimension(d))).collect();
        frame = frame.aggregate(groups, figures)?;
        let grouped = set.iter().fold(0_i64, |mask, key| mask | bit(*key));
        let mut columns = vec![lit(grouped).alias(GROUPED), ident(PARTS)];
        for d in 0..view.dimension.len() {
            columns.push(if crossed.contains(&d) {
                ident(dimension(d))
            } else {
                lit(ScalarValue::Int32(None)).alias(dimension(d))
            });
        }
        for &a in &aggregates {
            let all_shown = ident(format!("shown {}", figure(a))).eq(ident(PARTS));
            let total = ident(format!("sum {}", figure(a)));
            let value = when(all_shown.clone(), total).end()?;
            columns.push(value.alias(figure(a)));
            columns.push(not(all_shown).alias(hidden(a)));
        }
        Ok(frame.select(columns)?)
    }
}
