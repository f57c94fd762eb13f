//! The statement as a whole: one `SELECT` from one view, and no clause that is not listed.

use datafusion::sql::sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, ObjectName, Offset, OrderBy, OrderByExpr,
    OrderByKind, OrderByOptions, Query, Select, SelectFlavor, SelectItem, SetExpr, Statement,
    TableAlias, TableFactor, TableWithJoins, Value, ValueWithSpan,
};

use super::{
    MOST_DEPTH, MOST_PARTS, QuestionScope, expression, filter, folded, grouping, levels, reasons,
};
use crate::plan::{Expression, GroupCondition, GroupKey, Plan, PlanColumn, SortOrder};

/// Columns that an answer gets where its form has no other place to mark cells.
const MARKS: [&str; 2] = ["protected", "totals"];

pub(super) fn read(statements: &[Statement], scope: &mut QuestionScope) -> Option<Plan> {
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

// Nodes of the syntax are taken apart without `..`: a clause that a later version of the parser reads is then
// an error here, rather than a part of a question that nobody looked at.

fn read_query(query: &Query, scope: &mut QuestionScope) -> Option<Plan> {
    let Query {
        with,
        body,
        order_by,
        limit_clause,
        fetch,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    if let Some(with) = with {
        scope.refuse::<()>(reasons::subquery(&with.to_string()));
    }
    let others = [
        fetch.as_ref().map(ToString::to_string),
        locks.first().map(ToString::to_string),
        for_clause.as_ref().map(ToString::to_string),
        settings.as_ref().map(|_| "SETTINGS".into()),
        format_clause.as_ref().map(|_| "FORMAT".into()),
        pipe_operators.first().map(ToString::to_string),
    ];
    for clause in others.into_iter().flatten() {
        scope.refuse::<()>(reasons::clause(&clause));
    }
    let select = match body.as_ref() {
        SetExpr::Select(select) => select,
        SetExpr::SetOperation { op, .. } => {
            return scope.refuse(reasons::union(&op.to_string()));
        }
        SetExpr::Query(inner) => return scope.refuse(reasons::subquery(&inner.to_string())),
        other => return scope.refuse(reasons::not_a_question(&other.to_string())),
    };
    read_select(select, order_by.as_ref(), limit_clause.as_ref(), scope)
}

fn read_select(
    select: &Select,
    order_by: Option<&OrderBy>,
    limit: Option<&LimitClause>,
    scope: &mut QuestionScope,
) -> Option<Plan> {
    read_from(&select.from, scope);
    scope.view?;
    let clauses = read_clauses(select, scope);
    let filters = clauses
        .selection
        .map_or_else(Vec::new, |e| filter::read(e, scope));
    let grouping = grouping::read(clauses.group_by, scope);
    let columns = read_columns(clauses.projection, &grouping, scope);
    let having = clauses
        .having
        .and_then(|e| expression::condition(e, &named(&columns), scope));
    let selected = clauses.projection.len();
    let order = order_by.map_or_else(Vec::new, |by| {
        read_order(by, selected, &columns, &grouping, scope)
    });
    let (limit, offset) = read_limit(limit, scope);
    let plan = Plan {
        columns,
        filters,
        grouping,
        having,
        order,
        limit,
        offset,
    };
    check_dimensions(&plan, scope);
    check_depth(&plan, scope);
    levels::check(&plan, scope);
    Some(plan)
}

/// What an alias of one of these columns stands for.
fn named(columns: &[PlanColumn]) -> impl Fn(&str) -> Option<Expression> {
    |name| {
        let column = columns.iter().find(|c| c.name == name)?;
        Some(column.expression.clone())
    }
}

/// Refuses more dimensions, in groups and filters together, than the agreement lets a question combine.
fn check_dimensions(plan: &Plan, scope: &mut QuestionScope) {
    for set in &plan.grouping {
        let mut used: Vec<usize> = set.iter().map(|key| key.dimension).collect();
        used.extend(plan.filters.iter().map(|f| f.dimension));
        used.sort_unstable();
        used.dedup();
        if used.len() > scope.agreement.protection.max_dimensions {
            scope.refuse::<()>(reasons::too_many_dimensions(used.len(), scope.agreement));
        }
    }
}

/// Refuses a figure or a condition that the engine could not follow.
fn check_depth(plan: &Plan, scope: &mut QuestionScope) {
    let columns = plan.columns.iter().map(|c| &c.expression);
    let expressions = columns.chain(plan.order.iter().map(|o| &o.by));
    let depths = expressions.map(Expression::depth);
    let deepest = depths
        .chain(plan.having.iter().map(GroupCondition::depth))
        .max();
    if deepest.unwrap_or(0) > MOST_DEPTH {
        scope.refuse::<()>(reasons::too_long());
    }
}

fn read_from(from: &[TableWithJoins], scope: &mut QuestionScope) {
    let [TableWithJoins { relation, joins }] = from else {
        let refusal = match from {
            [] => reasons::view_unknown("", scope.agreement),
            [first, ..] => reasons::join(&format!("{first}, …")),
        };
        return scope.refuse(refusal).unwrap_or_default();
    };
    if let Some(join) = joins.first() {
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
    } = relation
    else {
        let refusal = match relation {
            TableFactor::Derived { .. } => reasons::subquery(&relation.to_string()),
            TableFactor::NestedJoin { .. } => reasons::join(&relation.to_string()),
            other => reasons::clause(&other.to_string()),
        };
        return scope.refuse(refusal).unwrap_or_default();
    };
    if !(with_hints.is_empty() && partitions.is_empty() && index_hints.is_empty()) {
        scope.refuse::<()>(reasons::clause(&relation.to_string()));
    }
    if let Some(alias) = alias {
        read_alias(alias, scope);
    }
    read_view(name, scope);
}

fn read_alias(alias: &TableAlias, scope: &mut QuestionScope) {
    let TableAlias {
        // whether `AS` is written
        explicit: _,
        name,
        columns,
        at,
    } = alias;
    if columns.is_empty() && at.is_none() {
        scope.alias = Some(folded(name));
    } else {
        scope.refuse::<()>(reasons::clause(&alias.to_string()));
    }
}

fn read_view(name: &ObjectName, scope: &mut QuestionScope) {
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

/// The clauses of `SELECT` that are part of a question.
struct Clauses<'a> {
    projection: &'a [SelectItem],
    selection: Option<&'a Expr>,
    group_by: &'a GroupByExpr,
    having: Option<&'a Expr>,
}

/// Takes a `SELECT` apart, but for its `FROM`, and refuses every clause that is no part of a question.
fn read_clauses<'a>(select: &'a Select, scope: &mut QuestionScope) -> Clauses<'a> {
    let Select {
        select_token: _,
        optimizer_hints,
        distinct,
        select_modifiers,
        top,
        // where `TOP` is written, which is refused
        top_before_distinct: _,
        projection,
        exclude,
        into,
        from: _,
        lateral_views,
        prewhere,
        selection,
        connect_by,
        group_by,
        cluster_by,
        distribute_by,
        sort_by,
        having,
        named_window,
        qualify,
        // where `WINDOW` is written, which is refused
        window_before_qualify: _,
        value_table_mode,
        flavor,
    } = select;
    refuse_distinct(distinct.as_ref(), scope);
    if !named_window.is_empty() {
        scope.refuse::<()>(reasons::window("WINDOW"));
    }
    refuse_clauses(
        &[
            (*flavor != SelectFlavor::Standard, "FROM … SELECT"),
            (projection.is_empty(), "SELECT FROM"),
            (top.is_some(), "TOP"),
            (exclude.is_some(), "EXCLUDE"),
            (into.is_some(), "INTO"),
            (!lateral_views.is_empty(), "LATERAL VIEW"),
            (prewhere.is_some(), "PREWHERE"),
            (!connect_by.is_empty(), "CONNECT BY"),
            (!cluster_by.is_empty(), "CLUSTER BY"),
            (!distribute_by.is_empty(), "DISTRIBUTE BY"),
            (!sort_by.is_empty(), "SORT BY"),
            (qualify.is_some(), "QUALIFY"),
            (value_table_mode.is_some(), "AS STRUCT"),
            (select_modifiers.is_some(), "SELECT …"),
            (!optimizer_hints.is_empty(), "/*+ … */"),
        ],
        scope,
    );
    Clauses {
        projection,
        selection: selection.as_ref(),
        group_by,
        having: having.as_ref(),
    }
}

fn refuse_distinct(distinct: Option<&Distinct>, scope: &mut QuestionScope) {
    if let Some(distinct) = distinct {
        scope.refuse::<()>(reasons::distinct(&distinct.to_string()));
    }
}

/// Refuses each clause that is present.
fn refuse_clauses(clauses: &[(bool, &str)], scope: &mut QuestionScope) {
    for (_, clause) in clauses.iter().filter(|(present, _)| *present) {
        scope.refuse::<()>(reasons::clause(clause));
    }
}

fn read_columns(
    items: &[SelectItem],
    grouping: &[Vec<GroupKey>],
    scope: &mut QuestionScope,
) -> Vec<PlanColumn> {
    let mut columns: Vec<PlanColumn> = Vec::new();
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
        columns.push(PlanColumn { name, expression });
    }
    columns
}

/// A name for a column that is one to read, and not one that only looks like another.
fn check_alias(alias: &str, scope: &mut QuestionScope) {
    if alias.trim().is_empty() {
        scope.refuse::<()>(reasons::clause("AS \"\""));
    } else if !alias.chars().all(reasons::is_plain) {
        scope.refuse::<()>(reasons::lookalike(alias));
    }
}

fn check_grouped(expression: &Expression, grouping: &[Vec<GroupKey>], scope: &mut QuestionScope) {
    let mut keys = Vec::new();
    expression.keys(&mut keys);
    for key in keys {
        let name = scope.view.map_or_else(String::new, |view| key.to_sql(view));
        if !grouping.iter().any(|set| key.follows_from(set)) {
            scope.refuse::<()>(reasons::not_grouped(&name));
        }
    }
}

fn read_order(
    order_by: &OrderBy,
    selected: usize,
    columns: &[PlanColumn],
    grouping: &[Vec<GroupKey>],
    scope: &mut QuestionScope,
) -> Vec<SortOrder> {
    let OrderBy { kind, interpolate } = order_by;
    let OrderByKind::Expressions(items) = kind else {
        scope.refuse::<()>(reasons::clause("ORDER BY ALL"));
        return Vec::new();
    };
    if interpolate.is_some() || items.iter().any(|i| i.with_fill.is_some()) {
        scope.refuse::<()>(reasons::clause("WITH FILL"));
    }
    let mut orders = Vec::new();
    for item in items {
        let OrderByExpr {
            expr,
            options: OrderByOptions { asc, nulls_first },
            // refused above
            with_fill: _,
        } = item;
        let Some(by) = read_ordered(expr, selected, columns, scope) else {
            continue;
        };
        check_grouped(&by, grouping, scope);
        orders.push(SortOrder {
            by,
            descending: *asc == Some(false),
            nulls_first: *nulls_first == Some(true),
        });
    }
    orders
}

/// What is ordered by: an expression, or the number of one of the `selected` columns.
fn read_ordered(
    expr: &Expr,
    selected: usize,
    columns: &[PlanColumn],
    scope: &mut QuestionScope,
) -> Option<Expression> {
    let Some(n) = position(expr) else {
        return expression::read(expr, &named(columns), scope);
    };
    match columns.get(n.wrapping_sub(1)) {
        Some(column) => Some(column.expression.clone()),
        // a column that was refused itself
        None if columns.len() < selected && (1..=selected).contains(&n) => None,
        None => scope.refuse(reasons::expression(&expr.to_string())),
    }
}

fn position(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Value(ValueWithSpan {
            value: Value::Number(n, _),
            span: _,
        }) => n.parse().ok(),
        _ => None,
    }
}

fn read_limit(clause: Option<&LimitClause>, scope: &mut QuestionScope) -> (Option<u64>, u64) {
    let whole = |expr: &Expr, scope: &mut QuestionScope| match position(expr) {
        Some(n) => Some(n as u64),
        None => scope.refuse(reasons::clause(&format!("LIMIT {expr}"))),
    };
    match clause {
        None => (None, 0),
        Some(LimitClause::LimitOffset {
            limit,
            offset,
            limit_by,
        }) if limit_by.is_empty() => {
            let limit = limit.as_ref().and_then(|l| whole(l, scope));
            // `rows` is whether `ROWS` is written
            let offset = offset.as_ref().map(|Offset { value, rows: _ }| value);
            let offset = offset.and_then(|value| whole(value, scope));
            (limit, offset.unwrap_or(0))
        }
        Some(other) => {
            scope.refuse::<()>(reasons::clause(&other.to_string()));
            (None, 0)
        }
    }
}
