//! Which source columns each column of a view is made of.
//!
//! A provider knows its own columns, so it knows the margins over dimensions made of nothing else;
//! an embargo follows a source column into every view, also where it only decides which rows are in.

use std::collections::BTreeSet;

use datafusion::{
    common::tree_node::TreeNodeRecursion,
    error::DataFusionError,
    logical_expr::{Aggregate, Distinct, Expr, Join, LogicalPlan, SubqueryAlias, UNNAMED_TABLE},
};

/// A column of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SourceColumn {
    pub(crate) dataset: String,
    pub(crate) column: String,
}

impl SourceColumn {
    fn new(dataset: &str, column: &str) -> Self {
        Self {
            dataset: dataset.to_owned(),
            column: column.to_owned(),
        }
    }
}

/// Per output column of the plan, the source columns that it is made of.
pub(crate) fn columns(plan: &LogicalPlan) -> Vec<BTreeSet<SourceColumn>> {
    match plan {
        LogicalPlan::TableScan(scan) => scan
            .projected_schema
            .fields()
            .iter()
            .map(|field| [SourceColumn::new(scan.table_name.table(), field.name())].into())
            .collect(),
        LogicalPlan::SubqueryAlias(alias) => of_alias(alias, plan),
        LogicalPlan::Projection(projection) => made_of(&projection.expr, plan),
        LogicalPlan::Aggregate(aggregate) => of_aggregate(aggregate, plan),
        LogicalPlan::Window(window) => {
            let mut all = columns(&window.input);
            all.extend(made_of(&window.window_expr, plan));
            all
        }
        LogicalPlan::Distinct(Distinct::On(on)) => made_of(&on.select_expr, plan),
        LogicalPlan::Union(union) => {
            let parts = union.inputs.iter().map(|input| columns(input));
            let merged = parts.reduce(|mut all, part| {
                for (into, sources) in all.iter_mut().zip(part) {
                    into.extend(sources);
                }
                all
            });
            merged.unwrap_or_default()
        }
        LogicalPlan::Join(join) => of_join(join, plan),
        _ => plan.inputs().first().map_or_else(Vec::new, |p| columns(p)),
    }
}

fn of_alias(alias: &SubqueryAlias, plan: &LogicalPlan) -> Vec<BTreeSet<SourceColumn>> {
    let mut all = columns(&alias.input);
    // a Parquet file is a view of ours over a nameless table, column by column
    for (sources, field) in all.iter_mut().zip(plan.schema().fields()) {
        if sources.iter().any(|one| one.dataset == UNNAMED_TABLE) {
            *sources = [SourceColumn::new(alias.alias.table(), field.name())].into();
        }
    }
    all
}

fn of_aggregate(aggregate: &Aggregate, plan: &LogicalPlan) -> Vec<BTreeSet<SourceColumn>> {
    let mut all = made_of(&aggregate.group_expr, plan);
    let figures = made_of(&aggregate.aggr_expr, plan);
    // grouping sets expand to more columns than they have expressions
    let groups = plan.schema().fields().len().saturating_sub(figures.len());
    if all.len() != groups {
        all = vec![all.into_iter().flatten().collect(); groups];
    }
    all.extend(figures);
    all
}

fn of_join(join: &Join, plan: &LogicalPlan) -> Vec<BTreeSet<SourceColumn>> {
    let mut all = columns(&join.left);
    all.extend(columns(&join.right));
    let fields = plan.schema().fields();
    if all.len() == fields.len() {
        return all;
    }
    // a semi join keeps one side
    let left = join.left.schema().fields().len();
    if left == fields.len() {
        columns(&join.left)
    } else {
        columns(&join.right)
    }
}

/// Every source column that the rows of the plan depend on.
pub(crate) fn touched(plan: &LogicalPlan) -> BTreeSet<SourceColumn> {
    let mut all: BTreeSet<SourceColumn> = columns(plan).into_iter().flatten().collect();
    let mut correlated = false;
    let walked = plan.apply_with_subqueries(|node| {
        match node {
            LogicalPlan::Subquery(inner) => all.extend(columns(&inner.subquery).concat_all()),
            LogicalPlan::Distinct(_) => {
                for input in node.inputs() {
                    all.extend(columns(input).concat_all());
                }
            }
            LogicalPlan::Projection(_) => {}
            _ => all.extend(made_of(&node.expressions(), node).concat_all()),
        }
        correlated |= node.expressions().iter().any(Expr::contains_outer);
        Ok(TreeNodeRecursion::Continue)
    });
    if correlated || walked.is_err() {
        all.extend(scanned(plan));
    }
    all
}

/// All columns of all tables below.
fn scanned(plan: &LogicalPlan) -> BTreeSet<SourceColumn> {
    let mut all = BTreeSet::new();
    let _ = plan.apply_with_subqueries(|node| {
        if matches!(
            node,
            LogicalPlan::TableScan(_) | LogicalPlan::SubqueryAlias(_)
        ) {
            all.extend(columns(node).concat_all());
        }
        Ok::<_, DataFusionError>(TreeNodeRecursion::Continue)
    });
    all.retain(|one| one.dataset != UNNAMED_TABLE);
    all
}

/// Per expression of a node, the source columns below it; all of them for a name that is not found.
fn made_of(expressions: &[Expr], node: &LogicalPlan) -> Vec<BTreeSet<SourceColumn>> {
    let inputs: Vec<_> = node
        .inputs()
        .into_iter()
        .map(|input| (input.schema(), columns(input)))
        .collect();
    let of = |column| {
        inputs.iter().find_map(|(schema, below)| {
            let position = schema.maybe_index_of_column(column)?;
            below.get(position).cloned()
        })
    };
    let everything = || inputs.iter().flat_map(|(_, below)| below.concat_all());
    expressions
        .iter()
        .map(|expression| {
            let mut sources = BTreeSet::new();
            for column in expression.column_refs() {
                sources.extend(of(column).unwrap_or_else(|| everything().collect()));
            }
            sources
        })
        .collect()
}

trait ConcatAll {
    fn concat_all(&self) -> BTreeSet<SourceColumn>;
}

impl ConcatAll for Vec<BTreeSet<SourceColumn>> {
    fn concat_all(&self) -> BTreeSet<SourceColumn> {
        self.iter().flatten().cloned().collect()
    }
}
