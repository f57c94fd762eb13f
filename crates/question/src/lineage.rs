//! Which source columns each column of a view is made of.
//!
//! A provider knows its own columns, so it knows the margins over dimensions made of nothing else;
//! an embargo follows a source column into every view. What cannot be traced counts as made of all.

use std::collections::BTreeSet;

use datafusion::{
    common::{Column, DFSchema},
    logical_expr::{Expr, LogicalPlan},
};

/// A column of a dataset.
pub(crate) type Source = (String, String);

/// Per output column of the plan, the source columns that it is made of.
pub(crate) fn columns(plan: &LogicalPlan) -> Vec<BTreeSet<Source>> {
    let traced = match plan {
        LogicalPlan::TableScan(scan) => scan
            .projected_schema
            .fields()
            .iter()
            .map(|field| [(scan.table_name.table().to_owned(), field.name().clone())].into())
            .collect(),
        LogicalPlan::Projection(projection) => made_of(&projection.expr, &projection.input),
        LogicalPlan::Aggregate(aggregate) => {
            let mut all = made_of(&aggregate.group_expr, &aggregate.input);
            all.extend(made_of(&aggregate.aggr_expr, &aggregate.input));
            all
        }
        LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Distinct(_) => plan.inputs().first().map_or_else(Vec::new, |p| columns(p)),
        LogicalPlan::Join(join) => {
            let mut all = columns(&join.left);
            all.extend(columns(&join.right));
            all
        }
        _ => Vec::new(),
    };
    let fields = plan.schema().fields().len();
    if traced.len() == fields {
        return traced;
    }
    let all: BTreeSet<Source> = plan
        .inputs()
        .into_iter()
        .flat_map(columns)
        .flatten()
        .collect();
    vec![all; fields]
}

fn made_of(expressions: &[Expr], input: &LogicalPlan) -> Vec<BTreeSet<Source>> {
    let below = columns(input);
    let all: BTreeSet<Source> = below.iter().flatten().cloned().collect();
    let of = |column: &&Column, schema: &DFSchema| {
        let position = schema.maybe_index_of_column(column)?;
        below.get(position).cloned()
    };
    expressions
        .iter()
        .map(|expression| {
            let mut sources = BTreeSet::new();
            for column in expression.column_refs() {
                sources.extend(of(&column, input.schema()).unwrap_or_else(|| all.clone()));
            }
            sources
        })
        .collect()
}
