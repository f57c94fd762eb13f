//! Figures of the cube as expressions of the engine.

use datafusion::{
    arrow::datatypes::DataType,
    logical_expr::{Expr, case, not},
    prelude::{cast, ident, lit},
    scalar::ScalarValue,
};

use crate::{
    error::QuestionError,
    plan::{Aggregate, Comparison, Expression, GroupCondition, Operator},
};

pub(super) fn dimension(d: usize) -> String {
    format!("d{d}")
}

pub(super) fn figure(aggregate: Aggregate) -> String {
    match aggregate {
        Aggregate::Units => "units".into(),
        Aggregate::Rows => "rows".into(),
        Aggregate::Count(m) => format!("count{m}"),
        Aggregate::Sum(m) => format!("sum{m}"),
    }
}

/// Whether a figure is protected in a group.
pub(super) fn hidden(aggregate: Aggregate) -> String {
    format!("hidden {}", figure(aggregate))
}

/// A column's own type: counts whole, everything else as a real number.
pub(super) fn shown(expression: &Expression) -> Result<Expr, QuestionError> {
    match expression {
        Expression::Aggregate(Aggregate::Sum(_)) => number(expression),
        Expression::Aggregate(a) => Ok(ident(figure(*a))),
        other => number(other),
    }
}

pub(super) fn ordered(expression: &Expression) -> Result<Expr, QuestionError> {
    match expression {
        Expression::Dimension(key) => Ok(ident(dimension(key.dimension))),
        other => number(other),
    }
}

/// An expression as a real number, null where protected or where it divides by nothing.
pub(super) fn number(expression: &Expression) -> Result<Expr, QuestionError> {
    Ok(match expression {
        Expression::Aggregate(a) => cast(ident(figure(*a)), DataType::Float64),
        Expression::Number(n) => lit(*n),
        Expression::Negative(e) => Expr::Negative(Box::new(number(e)?)),
        Expression::Round(e, places) => {
            datafusion::functions::math::expr_fn::round(vec![number(e)?, lit(*places)])
        }
        Expression::Binary(operator, a, b) => {
            let (a, b) = (number(a)?, number(b)?);
            match operator {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => case(plain(b.clone()))
                    .when(lit(0.0), lit(ScalarValue::Float64(None)))
                    .otherwise(a / b)?,
            }
        }
        Expression::Dimension(_) => {
            return Err(QuestionError::Internal("a dimension is no number".into()));
        }
    })
}

/// `0` for `-0`, which the engine tells apart.
pub(super) fn plain(number: Expr) -> Expr {
    number + lit(0.0)
}

pub(super) fn condition(of: &GroupCondition) -> Result<Expr, QuestionError> {
    Ok(match of {
        GroupCondition::Compare(comparison, a, b) => {
            let (a, b) = (plain(number(a)?), plain(number(b)?));
            match comparison {
                Comparison::Equal => a.eq(b),
                Comparison::NotEqual => a.not_eq(b),
                Comparison::Less => a.lt(b),
                Comparison::AtMost => a.lt_eq(b),
                Comparison::More => a.gt(b),
                Comparison::AtLeast => a.gt_eq(b),
            }
        }
        GroupCondition::And(a, b) => condition(a)?.and(condition(b)?),
        GroupCondition::Or(a, b) => condition(a)?.or(condition(b)?),
        GroupCondition::Not(c) => not(condition(c)?),
    })
}

pub(super) fn any_hidden(expression: &Expression) -> Expr {
    let mut all = Vec::new();
    expression.aggregates(&mut all);
    let flags = all.into_iter().map(|a| ident(hidden(a)));
    flags.reduce(Expr::or).unwrap_or_else(|| lit(false))
}
