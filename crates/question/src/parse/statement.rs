//! The statement as a whole: one `SELECT` from one view, and no clause that is not listed.

use datafusion::sql::sqlparser::ast::{
    Expr, LimitClause, OrderByKind, Query, Select, SelectFlavor, SelectItem, SetExpr, Statement,
    TableFactor, TableWithJoins, Value,
};

use super::{MOST_DEPTH, MOST_PARTS, Scope, expression, filter, folded, grouping, levels, reasons};
use crate::plan::{Column, Condition, Expression, Key, Order, Plan};

/// Columns that an answer gets where its form has no other place to mark cells.
const MARKS: [&str; 2] = ["protected", "totals"];

pub(super) fn read(statements: &[Statement], scope: &mut Scope) -> Option<Plan> {
    let statement = match statements {
        [one] => one,
        [] => return scope.refuse(reasons::not_a_question("")),
        _ => return scope.refuse(reasons::several()),
    };
    match statement {
        Statement::Query(query) => read_query(query, scope),
        Statement::Explain { .. } | Statement::ExplainTable { .. } => {
            scope.refuse(reasons::explain())
        }
        other => scope.refuse(reasons::not_a_question(&other.to_string())),
    }
}

fn read_query(query: &Query, scope: &mut Scope) -> Option<Plan> {
    if let Some(with) = &query.with {
        scope.refuse::<()>(reasons::subquery(&with.to_string()));
    }
    let others = [
        query.fetch.as_ref().map(ToString::to_string),
        query.locks.first().map(ToString::to_string),
        query.for_clause.as_ref().map(ToString::to_string),
        query.settings.as_ref().map(|_| "SETTINGS".into()),
        query.format_clause.as_ref().map(|_| "FORMAT".into()),
        query.pipe_operators.first().map(ToString::to_string),
    ];
    for clause in others.into_iter().flatten() {
        scope.refuse::<()>(reasons::clause(&clause));
    }
    let select = match query.body.as_ref() {
        SetExpr::Select(select) => select,
        SetExpr::SetOperation { op, .. } => {
            return scope.refuse(reasons::union(&op.to_string()));
        }
        SetExpr::Query(inner) => return scope.refuse(reasons::subquery(&inner.to_string())),
        other => return scope.refuse(reasons::not_a_question(&other.to_string())),
    };
    read_from(&select.from, scope);
    scope.view?;
    read_clauses(select, scope);
    let filters = select
        .selection
        .as_ref()
        .map_or_else(Vec::new, |e| filter::read(e, scope));
    let grouping = grouping::read(&select.group_by, scope);
    let columns = read_columns(&select.projection, &grouping, scope);
    let named = |name: &str| {
        let column = columns.iter().find(|c| c.name == name)?;
        Some(column.expression.clone())
    };
    let having = select
        .having
        .as_ref()
        .and_then(|e| expression::condition(e, &named, scope));
    let order = read_order(query, select.projection.len(), &columns, &grouping, scope);
    let (limit, offset) = read_limit(query, scope);
    for set in &grouping {
        let mut used: Vec<usize> = set.iter().map(|key| key.dimension).collect();
        used.extend(filters.iter().map(|f| f.dimension));
        used.sort_unstable();
        used.dedup();
        if used.len() > scope.agreement.protection.max_dimensions {
            scope.refuse::<()>(reasons::too_many_dimensions(used.len(), scope.agreement));
        }
    }
    let expressions = columns.iter().map(|c| &c.expression);
    let depths = expressions.chain(order.iter().map(|o| &o.by));
    let depths = depths.map(Expression::depth);
    let deepest = depths.chain(having.iter().map(Condition::depth)).max();
    if deepest.unwrap_or(0) > MOST_DEPTH {
        scope.refuse::<()>(reasons::too_long());
    }
    let plan = Plan {
        columns,
        filters,
        grouping,
        having,
        order,
        limit,
        offset,
    };
    levels::check(&plan, scope);
    Some(plan)
}

fn read_from(from: &[TableWithJoins], scope: &mut Scope) {
    let [one] = from else {
        let refusal = match from {
            [] => reasons::view_unknown("", scope.agreement),
            [first, ..] => reasons::join(&format!("{first}, …")),
        };
        return scope.refuse(refusal).unwrap_or_default();
    };
    if let Some(join) = one.joins.first() {
        scope.refuse::<()>(reasons::join(&join.to_string()));
    }
    let TableFactor::Table {
        name,
        alias,
        args: None,
        with_hints,
        version: None,
        with_ordinality: false,
        partitions,
        json_path: None,
        sample: None,
        index_hints,
    } = &one.relation
    else {
        let refusal = match &one.relation {
            TableFactor::Derived { .. } => reasons::subquery(&one.relation.to_string()),
            TableFactor::NestedJoin { .. } => reasons::join(&one.relation.to_string()),
            other => reasons::clause(&other.to_string()),
        };
        return scope.refuse(refusal).unwrap_or_default();
    };
    if !(with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty()) {
        scope.refuse::<()>(reasons::clause(&one.relation.to_string()));
    }
    if let Some(alias) = alias {
        if alias.columns.is_empty() {
            scope.alias = Some(folded(&alias.name));
        } else {
            scope.refuse::<()>(reasons::clause(&alias.to_string()));
        }
    }
    let written = match name.0.as_slice() {
        [part] => part.as_ident().map(folded),
        _ => None,
    };
    let written = written.unwrap_or_else(|| name.to_string());
    match scope.agreement.find_view(&written) {
        Some(view) => scope.view = Some(view),
        None if !written.is_ascii() => {
            scope.refuse::<()>(reasons::lookalike(&written));
        }
        None => {
            scope.refuse::<()>(reasons::view_unknown(&written, scope.agreement));
        }
    }
}

/// Clauses of `SELECT` that are no part of a question.
fn read_clauses(select: &Select, scope: &mut Scope) {
    if let Some(distinct) = &select.distinct {
        scope.refuse::<()>(reasons::distinct(&distinct.to_string()));
    }
    if !select.named_window.is_empty() {
        scope.refuse::<()>(reasons::window("WINDOW"));
    }
    let others = [
        (select.flavor != SelectFlavor::Standard, "FROM … SELECT"),
        (select.projection.is_empty(), "SELECT FROM"),
        (select.top.is_some(), "TOP"),
        (select.exclude.is_some(), "EXCLUDE"),
        (select.into.is_some(), "INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (!select.cluster_by.is_empty(), "CLUSTER BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (select.qualify.is_some(), "QUALIFY"),
        (select.value_table_mode.is_some(), "AS STRUCT"),
        (select.select_modifiers.is_some(), "SELECT …"),
        (!select.optimizer_hints.is_empty(), "/*+ … */"),
    ];
    for (_, clause) in others.into_iter().filter(|(present, _)| *present) {
        scope.refuse::<()>(reasons::clause(clause));
    }
}

fn read_columns(items: &[SelectItem], grouping: &[Vec<Key>], scope: &mut Scope) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    if items.len() > MOST_PARTS {
        scope.refuse::<()>(reasons::too_long());
        return columns;
    }
    for item in items {
        let (expr, alias) = match item {
            SelectItem::UnnamedExpr(expr) => (expr, None),
            SelectItem::ExprWithAlias { expr, alias } => (expr, Some(alias)),
            other => {
                scope.refuse::<()>(reasons::not_aggregated(&other.to_string()));
                continue;
            }
        };
        let alias = alias.map(folded);
        if let Some(alias) = &alias {
            check_alias(alias, scope);
        }
        let Some(expression) = expression::read(expr, &|_| None, scope) else {
            scope.refused.extend(alias);
            continue;
        };
        check_grouped(&expression, grouping, scope);
        let name = match (alias, scope.view) {
            (Some(alias), _) => alias,
            (None, Some(view)) => expression.to_sql(view),
            (None, None) => expr.to_string(),
        };
        if columns.iter().any(|c| c.name == name) || MARKS.contains(&name.as_str()) {
            scope.refuse::<()>(reasons::alias(&name));
        }
        columns.push(Column { name, expression });
    }
    columns
}

/// A name for a column that is one to read, and not one that only looks like another.
fn check_alias(alias: &str, scope: &mut Scope) {
    if alias.trim().is_empty() {
        scope.refuse::<()>(reasons::clause("AS \"\""));
    } else if !alias.chars().all(reasons::is_plain) {
        scope.refuse::<()>(reasons::lookalike(alias));
    }
}

fn check_grouped(expression: &Expression, grouping: &[Vec<Key>], scope: &mut Scope) {
    let mut keys = Vec::new();
    expression.keys(&mut keys);
    for key in keys {
        let name = scope.view.map_or_else(String::new, |view| key.to_sql(view));
        if !grouping.iter().any(|set| key.told_by(set)) {
            scope.refuse::<()>(reasons::not_grouped(&name));
        }
    }
}

fn read_order(
    query: &Query,
    selected: usize,
    columns: &[Column],
    grouping: &[Vec<Key>],
    scope: &mut Scope,
) -> Vec<Order> {
    let Some(order_by) = &query.order_by else {
        return Vec::new();
    };
    let OrderByKind::Expressions(items) = &order_by.kind else {
        scope.refuse::<()>(reasons::clause("ORDER BY ALL"));
        return Vec::new();
    };
    if order_by.interpolate.is_some() || items.iter().any(|i| i.with_fill.is_some()) {
        scope.refuse::<()>(reasons::clause("WITH FILL"));
    }
    let named = |name: &str| {
        let column = columns.iter().find(|c| c.name == name)?;
        Some(column.expression.clone())
    };
    let mut orders = Vec::new();
    for item in items {
        let by = match position(&item.expr) {
            // ORDER BY 2: the second column
            Some(n) => match columns.get(n.wrapping_sub(1)) {
                Some(column) => Some(column.expression.clone()),
                // a column that was refused itself
                None if columns.len() < selected && (1..=selected).contains(&n) => None,
                None => scope.refuse(reasons::expression(&item.expr.to_string())),
            },
            None => expression::read(&item.expr, &named, scope),
        };
        let Some(by) = by else { continue };
        check_grouped(&by, grouping, scope);
        orders.push(Order {
            by,
            descending: item.options.asc == Some(false),
            nulls_first: item.options.nulls_first == Some(true),
        });
    }
    orders
}

fn position(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(n, _) => n.parse().ok(),
            _ => None,
        },
        _ => None,
    }
}

fn read_limit(query: &Query, scope: &mut Scope) -> (Option<u64>, u64) {
    let whole = |expr: &Expr, scope: &mut Scope| match position(expr) {
        Some(n) => Some(n as u64),
        None => scope.refuse(reasons::clause(&format!("LIMIT {expr}"))),
    };
    match &query.limit_clause {
        None => (None, 0),
        Some(LimitClause::LimitOffset {
            limit,
            offset,
            limit_by,
        }) if limit_by.is_empty() => {
            let limit = limit.as_ref().and_then(|l| whole(l, scope));
            let offset = offset.as_ref().and_then(|o| whole(&o.value, scope));
            (limit, offset.unwrap_or(0))
        }
        Some(other) => {
            scope.refuse::<()>(reasons::clause(&other.to_string()));
            (None, 0)
        }
    }
}
