//! `WHERE`: registered values of dimensions, joined by `AND`.

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, Value, ValueWithSpan};

use super::{NamedColumn, QuestionScope, expression, reasons};
use crate::{plan::Filter, register::Register};

pub(super) fn read(expr: &Expr, scope: &mut QuestionScope) -> Vec<Filter> {
    let mut filters = Vec::new();
    collect(expr, scope, &mut filters);
    filters.sort_by_key(|f: &Filter| f.dimension);
    filters
}

fn collect(expr: &Expr, scope: &mut QuestionScope, filters: &mut Vec<Filter>) {
    let (column, values) = match expr {
        Expr::Nested(inner) => return collect(inner, scope, filters),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => {
            collect(left, scope, filters);
            return collect(right, scope, filters);
        }
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } => match (left.as_ref(), right.as_ref()) {
            (value @ Expr::Value(_), column) => (column, vec![value]),
            (column, value) => (column, vec![value]),
        },
        Expr::InList {
            expr,
            list,
            negated: false,
        } => (expr.as_ref(), list.iter().collect()),
        other => return refuse(other, scope),
    };
    let parts = match column {
        Expr::Identifier(ident) => std::slice::from_ref(ident),
        Expr::CompoundIdentifier(parts) => parts.as_slice(),
        _ => return refuse(expr, scope),
    };
    let dimension = match scope.column(parts) {
        Some(NamedColumn::Dimension(d)) => d,
        Some(NamedColumn::Measure(_)) => return refuse(expr, scope),
        None => return,
    };
    let Some(values) = registered(dimension, &values, expr, scope) else {
        return;
    };
    if filters.iter().any(|f| f.dimension == dimension) {
        return refuse(expr, scope);
    }
    filters.push(Filter { dimension, values });
}

/// The values in the order of the register; refuses what is not in it.
fn registered(
    number: usize,
    values: &[&Expr],
    whole: &Expr,
    scope: &mut QuestionScope,
) -> Option<Vec<String>> {
    let view = scope.view?;
    let dimension = view.dimension.get(number)?;
    let register = Register::of(dimension);
    let mut asked = Vec::new();
    let mut fine = true;
    for value in values {
        let text = match value {
            Expr::Value(ValueWithSpan { value, span: _ }) => match value {
                Value::SingleQuotedString(text) => Some(text.clone()),
                Value::Number(text, _) => Some(text.clone()),
                Value::Boolean(b) => Some(b.to_string()),
                _ => None,
            },
            _ => None,
        };
        match text {
            Some(t) if register.find(&t).is_some() => asked.push(t),
            Some(t) => {
                fine = false;
                scope.refuse::<()>(reasons::value(&t, dimension, view));
            }
            None => {
                fine = false;
                refuse(whole, scope);
            }
        }
    }
    let ordered = register.names.into_iter();
    let ordered = ordered.filter(|v| asked.contains(v));
    fine.then(|| ordered.collect())
}

/// Refuses a filter, and says first what is worse in it: the key, a subquery, an unknown name.
fn refuse(expr: &Expr, scope: &mut QuestionScope) {
    let before = scope.refusals.len();
    expression::refuse_within(expr, scope);
    if scope.refusals.len() == before {
        scope.refuse::<()>(reasons::filter(&expr.to_string()));
    }
}
