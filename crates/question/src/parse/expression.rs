//! Columns, conditions on groups and orders: arithmetic over figures of the cube.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArgumentList, FunctionArguments, Ident, UnaryOperator, Value, ValueWithSpan,
};
use zwerm_agreement::agreement::Dimension;

use super::{NamedColumn, QuestionScope, folded, functions, reasons};
use crate::plan::{
    Aggregate, Comparison, DimensionLevel, Expression, GroupCondition, GroupKey, Operator,
};

/// Aliases of the question's own columns.
pub(super) type Aliases<'a> = &'a dyn Fn(&str) -> Option<Expression>;

pub(super) fn read(expr: &Expr, aliases: Aliases, scope: &mut QuestionScope) -> Option<Expression> {
    match expr {
        Expr::Nested(inner) => read(inner, aliases, scope),
        Expr::Identifier(ident) => match aliases(&folded(ident)) {
            Some(expression) => Some(expression),
            None if scope.refused.contains(&folded(ident)) => None,
            None => column(std::slice::from_ref(ident), scope),
        },
        Expr::CompoundIdentifier(parts) => column(parts, scope),
        Expr::Value(ValueWithSpan { value, span: _ }) => match value {
            Value::Number(text, _) => match text.parse::<f64>() {
                Ok(n) if n.is_finite() => Some(Expression::Number(n)),
                _ => scope.refuse(reasons::expression(text)),
            },
            other => scope.refuse(reasons::expression(&other.to_string())),
        },
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => Some(Expression::Negative(Box::new(number(
            expr, aliases, scope,
        )?))),
        Expr::BinaryOp { left, op, right } => {
            let operator = match op {
                BinaryOperator::Plus => Operator::Add,
                BinaryOperator::Minus => Operator::Subtract,
                BinaryOperator::Multiply => Operator::Multiply,
                BinaryOperator::Divide => Operator::Divide,
                _ => return refuse(expr, scope),
            };
            let left = number(left, aliases, scope);
            let right = number(right, aliases, scope);
            Some(Expression::Binary(
                operator,
                Box::new(left?),
                Box::new(right?),
            ))
        }
        Expr::Function(function) => call(function, aliases, scope),
        other => refuse(other, scope),
    }
}

/// An expression that is a number: a dimension is none.
fn number(expr: &Expr, aliases: Aliases, scope: &mut QuestionScope) -> Option<Expression> {
    match read(expr, aliases, scope)? {
        Expression::Dimension(_) => scope.refuse(reasons::expression(&expr.to_string())),
        expression => Some(expression),
    }
}

pub(super) fn condition(
    expr: &Expr,
    aliases: Aliases,
    scope: &mut QuestionScope,
) -> Option<GroupCondition> {
    match expr {
        Expr::Nested(inner) => condition(inner, aliases, scope),
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => Some(GroupCondition::Not(Box::new(condition(
            expr, aliases, scope,
        )?))),
        Expr::BinaryOp { left, op, right } => {
            let both = |scope: &mut QuestionScope| {
                let left = condition(left, aliases, scope);
                let right = condition(right, aliases, scope);
                Some((Box::new(left?), Box::new(right?)))
            };
            let comparison = match op {
                BinaryOperator::And => return both(scope).map(|(a, b)| GroupCondition::And(a, b)),
                BinaryOperator::Or => return both(scope).map(|(a, b)| GroupCondition::Or(a, b)),
                BinaryOperator::Eq => Comparison::Equal,
                BinaryOperator::NotEq => Comparison::NotEqual,
                BinaryOperator::Lt => Comparison::Less,
                BinaryOperator::LtEq => Comparison::AtMost,
                BinaryOperator::Gt => Comparison::More,
                BinaryOperator::GtEq => Comparison::AtLeast,
                _ => return refuse(expr, scope),
            };
            let left = number(left, aliases, scope);
            let right = number(right, aliases, scope);
            Some(GroupCondition::Compare(comparison, left?, right?))
        }
        other => refuse(other, scope),
    }
}

fn column(parts: &[Ident], scope: &mut QuestionScope) -> Option<Expression> {
    match scope.column(parts)? {
        NamedColumn::Dimension(dimension) => Some(Expression::Dimension(GroupKey {
            dimension,
            level: DimensionLevel::Value,
        })),
        NamedColumn::Measure(_) => scope.refuse(reasons::not_aggregated(&super::joined(parts))),
    }
}

/// A call, taken apart; without `..`, so that whatever else a later version of the parser reads is an error here.
struct Call<'a> {
    arguments: &'a FunctionArguments,
    /// Whether nothing but a name and arguments is written.
    plain: bool,
    windowed: bool,
}

impl<'a> Call<'a> {
    fn of(function: &'a Function) -> Self {
        let Function {
            name: _,
            uses_odbc_syntax,
            parameters,
            args,
            filter,
            null_treatment,
            over,
            within_group,
        } = function;
        Self {
            arguments: args,
            plain: filter.is_none()
                && null_treatment.is_none()
                && within_group.is_empty()
                && !uses_odbc_syntax
                && matches!(parameters, FunctionArguments::None),
            windowed: over.is_some(),
        }
    }

    /// Its arguments, when they are a list.
    fn list(&self) -> Option<List<'a>> {
        let FunctionArguments::List(list) = self.arguments else {
            return None;
        };
        let FunctionArgumentList {
            duplicate_treatment,
            args,
            clauses,
        } = list;
        Some(List {
            treatment: *duplicate_treatment,
            arguments: args,
            plain: clauses.is_empty(),
        })
    }
}

/// The arguments of a call.
struct List<'a> {
    /// `ALL` or `DISTINCT`.
    treatment: Option<DuplicateTreatment>,
    arguments: &'a [FunctionArg],
    /// Whether no clause follows them.
    plain: bool,
}

/// `parent(dimension)` or `groups(dimension)`; `None` without a refusal when it is neither.
pub(super) fn level(function: &Function, scope: &mut QuestionScope) -> Option<Option<GroupKey>> {
    let level = match function.name.to_string().to_lowercase().as_str() {
        "parent" => DimensionLevel::Parent,
        "groups" => DimensionLevel::Group,
        _ => return None,
    };
    Some(level_key(level, function, scope))
}

fn level_key(
    level: DimensionLevel,
    function: &Function,
    scope: &mut QuestionScope,
) -> Option<GroupKey> {
    let whole = function.to_string();
    let call = Call::of(function);
    let list = match call.list() {
        Some(list) if list.treatment.is_none() => list,
        _ => return scope.refuse(reasons::aggregate_on(&whole)),
    };
    let plain = call.plain && !call.windowed && list.plain;
    let parts = match list.arguments {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(ident)))] if plain => {
            std::slice::from_ref(ident)
        }
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::CompoundIdentifier(parts)))] if plain => {
            parts.as_slice()
        }
        _ => {
            arguments_within(function, scope);
            return scope.refuse(reasons::expression(&whole));
        }
    };
    let Some(NamedColumn::Dimension(dimension)) = scope.column(parts) else {
        if scope.refusals.is_empty() {
            scope.refuse::<()>(reasons::expression(&whole));
        }
        return None;
    };
    let key = GroupKey { dimension, level };
    let view = scope.view;
    let of = view.and_then(|v| v.dimension.get(dimension).map(|d| (v, d)));
    match of {
        Some((view, of)) if !has_level(of, level) => {
            scope.refuse(reasons::no_level(of, view, level))
        }
        _ => Some(key),
    }
}

fn has_level(dimension: &Dimension, level: DimensionLevel) -> bool {
    match level {
        DimensionLevel::Value => true,
        DimensionLevel::Parent => !dimension.parents.is_empty(),
        DimensionLevel::Group => !dimension.groups.is_empty(),
    }
}

fn call(function: &Function, aliases: Aliases, scope: &mut QuestionScope) -> Option<Expression> {
    let whole = function.to_string();
    let name = match function.name.0.as_slice() {
        [part] => part.as_ident().map(folded).unwrap_or_default(),
        _ => function.name.to_string(),
    };
    if !name.is_ascii() {
        return scope.refuse(reasons::lookalike(&name));
    }
    let call = Call::of(function);
    if call.windowed {
        return scope.refuse(reasons::window(&whole));
    }
    if let Some(key) = level(function, scope) {
        return key.map(Expression::Dimension);
    }
    if !functions::ALLOWED.contains(&name.as_str()) {
        arguments_within(function, scope);
        return scope.refuse(functions::refuse(&name));
    }
    let Some(list) = call.list() else {
        arguments_within(function, scope);
        return scope.refuse(reasons::aggregate_on(&whole));
    };
    if !call.plain || !list.plain {
        return scope.refuse(reasons::clause(&whole));
    }
    figure(&name, &list, &whole, aliases, scope)
}

/// A figure of the cube, from a call of a function that is allowed.
fn figure(
    name: &str,
    list: &List,
    whole: &str,
    aliases: Aliases,
    scope: &mut QuestionScope,
) -> Option<Expression> {
    let distinct = list.treatment == Some(DuplicateTreatment::Distinct);
    match (name, list.arguments) {
        ("units", []) => Some(Expression::Aggregate(Aggregate::Units)),
        ("count", [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)]) if !distinct => {
            Some(Expression::Aggregate(Aggregate::Rows))
        }
        (
            "round",
            [
                FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)),
                decimals @ ..,
            ],
        ) if !distinct => round(expr, decimals, aliases, scope),
        ("count" | "sum" | "avg", [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))]) => {
            aggregate(name, expr, distinct, whole, scope)
        }
        _ => scope.refuse(reasons::aggregate_on(whole)),
    }
}

fn aggregate(
    name: &str,
    expr: &Expr,
    distinct: bool,
    whole: &str,
    scope: &mut QuestionScope,
) -> Option<Expression> {
    let parts = match expr {
        Expr::Identifier(ident) => std::slice::from_ref(ident),
        Expr::CompoundIdentifier(parts) => parts.as_slice(),
        Expr::Function(_) => return scope.refuse(reasons::nested(whole)),
        _ => {
            let before = scope.refusals.len();
            refuse_within(expr, scope);
            if scope.refusals.len() == before {
                scope.refuse::<()>(reasons::aggregate_on(whole));
            }
            return None;
        }
    };
    if distinct {
        if scope.is_key(parts) && name == "count" {
            return Some(Expression::Aggregate(Aggregate::Units));
        }
        let before = scope.refusals.len();
        if scope.column(parts).is_some() || scope.is_key(parts) {
            scope.refusals.truncate(before);
            return scope.refuse(reasons::distinct(whole));
        }
        return None;
    }
    match (name, scope.column(parts)?) {
        ("count", NamedColumn::Measure(m)) => Some(Expression::Aggregate(Aggregate::Count(m))),
        ("sum", NamedColumn::Measure(m)) => Some(Expression::Aggregate(Aggregate::Sum(m))),
        ("avg", NamedColumn::Measure(m)) => Some(Expression::average(m)),
        _ => scope.refuse(reasons::aggregate_on(whole)),
    }
}

fn round(
    expr: &Expr,
    decimals: &[FunctionArg],
    aliases: Aliases,
    scope: &mut QuestionScope,
) -> Option<Expression> {
    let inner = number(expr, aliases, scope)?;
    let places = match decimals {
        [] => 0.0,
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(places))] => {
            match read(places, aliases, scope)? {
                Expression::Number(n) => n,
                Expression::Negative(n) => match *n {
                    Expression::Number(n) => -n,
                    _ => f64::NAN,
                },
                _ => f64::NAN,
            }
        }
        _ => f64::NAN,
    };
    if places.fract() != 0.0 || !(-12.0..=12.0).contains(&places) {
        return scope.refuse(reasons::expression("round"));
    }
    Some(Expression::Round(Box::new(inner), places as i32))
}

fn refuse<T>(expr: &Expr, scope: &mut QuestionScope) -> Option<T> {
    let before = scope.refusals.len();
    refuse_within(expr, scope);
    if scope.refusals.len() == before {
        return scope.refuse(reasons::expression(&expr.to_string()));
    }
    None
}

fn arguments_within(function: &Function, scope: &mut QuestionScope) {
    if let FunctionArguments::List(list) = &function.args {
        for arg in &list.args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                refuse_within(expr, scope);
            }
        }
    }
    if let FunctionArguments::Subquery(query) = &function.args {
        scope.refuse::<()>(reasons::subquery(&query.to_string()));
    }
}

pub(super) fn refuse_subquery(expr: &Expr, scope: &mut QuestionScope) -> bool {
    let before = scope.refusals.len();
    refuse_within(expr, scope);
    scope.refusals.len() > before
}

/// Refuses what a refused expression holds that has a reason of its own: the key, names that are
/// not there, functions, windows and subqueries.
pub(super) fn refuse_within(expr: &Expr, scope: &mut QuestionScope) {
    let _ = datafusion::sql::sqlparser::ast::visit_expressions(expr, |inner: &Expr| {
        match inner {
            Expr::Identifier(ident) => {
                scope.column(std::slice::from_ref(ident));
            }
            Expr::CompoundIdentifier(parts) => {
                scope.column(parts);
            }
            Expr::Subquery(query)
            | Expr::InSubquery {
                subquery: query, ..
            }
            | Expr::Exists {
                subquery: query, ..
            } => {
                scope.refuse::<()>(reasons::subquery(&query.to_string()));
                return ControlFlow::Break(());
            }
            Expr::Function(function) if function.over.is_some() => {
                scope.refuse::<()>(reasons::window(&function.to_string()));
            }
            Expr::Function(function) => {
                let name = function.name.to_string().to_lowercase();
                if !functions::ALLOWED.contains(&name.as_str()) {
                    scope.refuse::<()>(functions::refuse(&name));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
}
