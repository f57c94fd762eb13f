//! From the engine's rows to those of an answer.

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch},
    datatypes::{DataType, Float64Type, Int32Type, Int64Type},
};
use zwerm_agreement::{agreement::View, text::Text};

use super::{
    expression::dimension,
    run::{GROUPED, PARTS, bit},
    types::{AnswerColumn, AnswerTable, AnswerValue, ColumnKind},
};
use crate::{
    error::QuestionError,
    plan::{Aggregate, DimensionLevel, Expression, GroupKey, Plan},
    register::Register,
};

/// A column of an answer, with what it holds in words.
pub(super) fn column(of: &crate::plan::PlanColumn, view: &View) -> AnswerColumn {
    let quantity = |m: usize| view.measure.get(m).map(|m| m.quantity.clone());
    let (kind, quantity, label) = match &of.expression {
        Expression::Dimension(key) => (ColumnKind::Dimension, None, dimension_label(*key, view)),
        Expression::Aggregate(Aggregate::Units) => {
            let unit = view.unit.clone();
            let label = Text::new(format!("aantal ({unit})"), format!("number ({unit})"));
            (ColumnKind::Count, Some(unit), label)
        }
        Expression::Aggregate(Aggregate::Rows) => {
            let label = Text::new("aantal rijen", "number of rows");
            (ColumnKind::Count, Some("rows".to_owned()), label)
        }
        Expression::Aggregate(Aggregate::Count(m)) => {
            let label = of_measure("aantal waarden van", "number of values of", *m, view);
            (ColumnKind::Count, Some("values".to_owned()), label)
        }
        Expression::Aggregate(Aggregate::Sum(m)) => {
            let label = of_measure("som van", "sum of", *m, view);
            (ColumnKind::Sum, quantity(*m), label)
        }
        other => match other.averaged() {
            Some(m) => {
                let label = of_measure("gemiddelde", "average", m, view);
                (ColumnKind::Average, quantity(m), label)
            }
            None => (ColumnKind::Number, None, Text::same(of.name.clone())),
        },
    };
    AnswerColumn {
        name: of.name.clone(),
        kind,
        quantity,
        label,
    }
}

fn dimension_label(key: GroupKey, view: &View) -> Text {
    let of = view.dimension.get(key.dimension);
    let plain = of.map_or_else(String::new, |d| d.name.clone());
    let label = of.and_then(|d| d.label.clone());
    let label = label.unwrap_or_else(|| Text::same(plain));
    let (nl, en) = (&label.nl, &label.en);
    match key.level {
        DimensionLevel::Value => label,
        DimensionLevel::Parent => Text::new(
            format!("groter geheel van {nl}"),
            format!("larger whole of {en}"),
        ),
        DimensionLevel::Group => Text::new(format!("groep van {nl}"), format!("group of {en}")),
    }
}

/// Words before the label of a measure.
fn of_measure(nl: &str, en: &str, m: usize, view: &View) -> Text {
    let measure = view.measure.get(m);
    let plain = measure.map_or_else(String::new, |m| m.name.clone());
    let label = measure.and_then(|m| m.label.clone());
    let label = label.unwrap_or_else(|| Text::same(plain));
    Text::new(format!("{nl} {}", label.nl), format!("{en} {}", label.en))
}

/// Adds a batch to the answer; gives the largest number of cells that a figure is a sum of.
pub(super) fn read(
    batch: &RecordBatch,
    plan: &Plan,
    view: &View,
    answer: &mut AnswerTable,
) -> Result<i64, QuestionError> {
    let column = |name: &str| {
        batch
            .column_by_name(name)
            .ok_or_else(|| QuestionError::Internal(format!("no column {name}")))
    };
    let grouped = column(GROUPED)?.as_primitive::<Int64Type>();
    let parts = column(PARTS)?.as_primitive::<Int64Type>();
    let registers: Vec<(Register, Vec<u32>)> = view
        .dimension
        .iter()
        .map(|of| {
            let register = Register::of(of);
            let order = register.order();
            (register, order)
        })
        .collect();
    for row in 0..batch.num_rows() {
        let mut values = Vec::with_capacity(plan.columns.len());
        for (number, of) in plan.columns.iter().enumerate() {
            values.push(match of.expression {
                Expression::Dimension(key) if !is_grouped_by(grouped.value(row), key) => {
                    AnswerValue::Total
                }
                Expression::Dimension(key) => {
                    let rank = column(&dimension(key.dimension))?
                        .as_primitive::<Int32Type>()
                        .value(row);
                    AnswerValue::Text(value_name(&registers, key, rank))
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

/// Whether a row is grouped by a key, or by the values of which it names the wholes.
fn is_grouped_by(grouped: i64, key: GroupKey) -> bool {
    let value = GroupKey {
        level: DimensionLevel::Value,
        ..key
    };
    let by_value = key.level == DimensionLevel::Parent && grouped & bit(value) != 0;
    by_value || grouped & bit(key) != 0
}

fn value_name(registers: &[(Register, Vec<u32>)], key: GroupKey, rank: i32) -> String {
    let Some((register, order)) = registers.get(key.dimension) else {
        return String::new();
    };
    let at = usize::try_from(rank).ok().and_then(|rank| order.get(rank));
    let at = at.map(|&at| match key.level {
        DimensionLevel::Parent => register.parent(at),
        DimensionLevel::Value | DimensionLevel::Group => at,
    });
    let name = at.and_then(|at| register.name(at));
    name.unwrap_or_default().to_owned()
}

fn figure_at(column: &ArrayRef, protected: &BooleanArray, row: usize) -> AnswerValue {
    if protected.value(row) {
        return AnswerValue::Protected;
    }
    if column.is_null(row) {
        return AnswerValue::Undefined;
    }
    if *column.data_type() == DataType::Int64 {
        return AnswerValue::Whole(column.as_primitive::<Int64Type>().value(row));
    }
    let value = column.as_primitive::<Float64Type>().value(row);
    if value.is_finite() {
        // no `-0`
        AnswerValue::Number(value + 0.0)
    } else {
        AnswerValue::Undefined
    }
}
