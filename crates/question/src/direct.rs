//! Which columns of a view are columns of a dataset as they are, and whether all of its rows come into the view.

use datafusion::logical_expr::{Expr, Join, JoinType, LogicalPlan};

use crate::lineage::{self, SourceColumn};

/// Per output column of the plan, the source column that it is without any change; none where something is computed.
pub(crate) fn columns(plan: &LogicalPlan) -> Vec<Option<SourceColumn>> {
    match plan {
        LogicalPlan::TableScan(_) | LogicalPlan::SubqueryAlias(_) => of_table(plan),
        LogicalPlan::Projection(projection) => projection
            .expr
            .iter()
            .map(|expression| unchanged(expression, plan))
            .collect(),
        LogicalPlan::Filter(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Repartition(_)
        | LogicalPlan::Distinct(_) => plan
            .inputs()
            .first()
            .map_or_else(Vec::new, |input| columns(input)),
        LogicalPlan::Join(join) => of_join(join, plan),
        _ => vec![None; plan.schema().fields().len()],
    }
}

/// A table by its own name or another one; a query under a name is what it shows.
fn of_table(plan: &LogicalPlan) -> Vec<Option<SourceColumn>> {
    match plan {
        LogicalPlan::SubqueryAlias(alias) if !is_table(&alias.input) => columns(&alias.input),
        _ => lineage::columns(plan)
            .into_iter()
            .map(|sources| {
                Some(sources)
                    .filter(|one| one.len() == 1)?
                    .into_iter()
                    .next()
            })
            .collect(),
    }
}

/// Whether a plan is a file that is read, under whatever name: a Parquet file is a selection of ours over a nameless one.
fn is_table(plan: &LogicalPlan) -> bool {
    let sources = lineage::columns(plan);
    let nameless = |one: &SourceColumn| one.dataset == datafusion::logical_expr::UNNAMED_TABLE;
    matches!(plan, LogicalPlan::TableScan(_)) || sources.iter().flatten().any(nameless)
}

fn of_join(join: &Join, plan: &LogicalPlan) -> Vec<Option<SourceColumn>> {
    let mut all = columns(&join.left);
    all.extend(columns(&join.right));
    match all.len() == plan.schema().fields().len() {
        true => all,
        // a semi join keeps one side
        false => vec![None; plan.schema().fields().len()],
    }
}

fn unchanged(expression: &Expr, plan: &LogicalPlan) -> Option<SourceColumn> {
    match expression {
        Expr::Alias(alias) => unchanged(&alias.expr, plan),
        Expr::Column(column) => plan.inputs().into_iter().find_map(|input| {
            let place = input.schema().maybe_index_of_column(column)?;
            columns(input).get(place).cloned().flatten()
        }),
        _ => None,
    }
}

/// Whether every row of a dataset comes into the plan: no condition, and no join that leaves rows of it out.
pub(crate) fn keeps_rows(plan: &LogicalPlan, dataset: &str) -> bool {
    match plan {
        LogicalPlan::Filter(_) | LogicalPlan::Limit(_) | LogicalPlan::Distinct(_) => false,
        LogicalPlan::Join(join) => {
            let (left, right) = (has(&join.left, dataset), has(&join.right, dataset));
            let kept = match join.join_type {
                JoinType::Left => left && !right,
                JoinType::Right => right && !left,
                JoinType::Full => left != right,
                _ => false,
            };
            let side = if left { &join.left } else { &join.right };
            kept && keeps_rows(side, dataset)
        }
        LogicalPlan::TableScan(_) => true,
        _ => plan.inputs().iter().all(|input| keeps_rows(input, dataset)),
    }
}

fn has(plan: &LogicalPlan, dataset: &str) -> bool {
    let mut all = lineage::columns(plan).into_iter().flatten();
    all.any(|one| one.dataset == dataset)
}
