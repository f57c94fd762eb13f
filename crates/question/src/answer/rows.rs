//! From the engine's rows to those of an answer.

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch},
    datatypes::{DataType, Float64Type, Int32Type, Int64Type},
};
use zwerm_commons::{agreement::View, text::Text};

use super::{Answer, Column, GROUPED, Kind, PARTS, Value, expression::dimension};
use crate::{
    OTHER, UNKNOWN,
    error::QuestionError,
    plan::{Aggregate, Expression, Plan},
};

pub(super) fn column(of: &crate::plan::Column, view: &View) -> Column {
    let measure = |m: usize| view.measure.get(m);
    let label_of = |m: usize| {
        let name = measure(m).map_or_else(String::new, |m| m.name.clone());
        measure(m)
            .and_then(|m| m.label.clone())
            .unwrap_or_else(|| Text::same(name))
    };
    let (kind, quantity, label) = match &of.expression {
        Expression::Dimension(d) => {
            let name = view.dimension.get(*d);
            let label = name.and_then(|d| d.label.clone());
            let plain = name.map_or_else(String::new, |d| d.name.clone());
            (
                Kind::Dimension,
                None,
                label.unwrap_or_else(|| Text::same(plain)),
            )
        }
        Expression::Aggregate(Aggregate::Units) => {
            let unit = view.unit.clone();
            let label = Text::new(format!("aantal ({unit})"), format!("number ({unit})"));
            (Kind::Count, Some(unit), label)
        }
        Expression::Aggregate(Aggregate::Rows) => {
            let label = Text::new("aantal rijen", "number of rows");
            (Kind::Count, Some("rows".to_owned()), label)
        }
        Expression::Aggregate(Aggregate::Count(m)) => {
            let of = label_of(*m);
            let label = Text::new(
                format!("aantal waarden van {}", of.nl),
                format!("number of values of {}", of.en),
            );
            (Kind::Count, Some("values".to_owned()), label)
        }
        Expression::Aggregate(Aggregate::Sum(m)) => {
            let of = label_of(*m);
            let label = Text::new(format!("som van {}", of.nl), format!("sum of {}", of.en));
            (Kind::Sum, measure(*m).map(|m| m.quantity.clone()), label)
        }
        other => match other.averaged() {
            Some(m) => {
                let of = label_of(m);
                let label = Text::new(
                    format!("gemiddelde {}", of.nl),
                    format!("average {}", of.en),
                );
                (Kind::Average, measure(m).map(|m| m.quantity.clone()), label)
            }
            None => (Kind::Number, None, Text::same(of.name.clone())),
        },
    };
    Column {
        name: of.name.clone(),
        kind,
        quantity,
        label,
    }
}

/// Adds a batch to the answer; gives the largest number of cells that a figure is a sum of.
pub(super) fn read(
    batch: &RecordBatch,
    plan: &Plan,
    view: &View,
    answer: &mut Answer,
) -> Result<i64, QuestionError> {
    let column = |name: &str| {
        batch
            .column_by_name(name)
            .ok_or_else(|| QuestionError::Internal(format!("no column {name}")))
    };
    let grouped = column(GROUPED)?.as_primitive::<Int64Type>();
    let parts = column(PARTS)?.as_primitive::<Int64Type>();
    for row in 0..batch.num_rows() {
        let mut values = Vec::with_capacity(plan.columns.len());
        for (number, of) in plan.columns.iter().enumerate() {
            values.push(match of.expression {
                Expression::Dimension(d) if grouped.value(row) >> d & 1 == 0 => Value::Total,
                Expression::Dimension(d) => {
                    let at = column(&dimension(d))?
                        .as_primitive::<Int32Type>()
                        .value(row);
                    Value::Text(value_name(view, d, at))
                }
                _ => {
                    let protected = column(&format!("p{number}"))?.as_boolean();
                    figure_at(column(&format!("o{number}"))?, protected, row)
                }
            });
        }
        answer.rows.push(values);
    }
    Ok(parts.iter().flatten().max().unwrap_or(0))
}

fn value_name(view: &View, d: usize, at: i32) -> String {
    let values = view
        .dimension
        .get(d)
        .map_or(&[][..], |d| d.values.as_slice());
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    match values.get(at) {
        Some(value) => value.clone(),
        None if at == values.len() => OTHER.into(),
        None => UNKNOWN.into(),
    }
}

fn figure_at(column: &ArrayRef, protected: &BooleanArray, row: usize) -> Value {
    if protected.value(row) {
        return Value::Protected;
    }
    if column.is_null(row) {
        return Value::Undefined;
    }
    if *column.data_type() == DataType::Int64 {
        return Value::Whole(column.as_primitive::<Int64Type>().value(row));
    }
    let value = column.as_primitive::<Float64Type>().value(row);
    if value.is_finite() {
        // no `-0`
        Value::Number(value + 0.0)
    } else {
        Value::Undefined
    }
}
