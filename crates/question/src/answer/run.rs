//! Runs a plan over published cells.

use std::sync::Arc;

use datafusion::{
    arrow::array::RecordBatch,
    functions_aggregate::expr_fn::{count, sum},
    logical_expr::{Expr, LogicalPlan, SortExpr, Union, not, when},
    prelude::{DataFrame, ident, lit},
    scalar::ScalarValue,
};
use zwerm_agreement::{agreement::View, text::Text};

use super::{
    expression::{any_hidden, condition, dimension, figure, hidden, ordered, shown},
    opened::{Opened, ranks},
    rows::{column, read},
    types::{Answer, AnswerTable, ColumnKind},
};
use crate::{
    cube,
    error::QuestionError,
    parse::levels::finest,
    plan::{Aggregate, Expression, Filter, GroupKey, Plan},
    register::{DimensionLevel, Register},
};

/// The bit that says that a row is grouped by a key.
pub(super) fn bit(key: GroupKey) -> i64 {
    1 << (3 * key.dimension + key.level as usize)
}

/// The column that says by which keys a row is grouped.
pub(super) const GROUPED: &str = "grouped";
/// The column that says how many cells a row is the sum of.
pub(super) const PARTS: &str = "parts";

impl Opened {
    /// Runs a plan.
    ///
    /// # Errors
    /// [`QuestionError::Internal`]: a plan holds registered names and values only, so nothing of the
    /// question can be at fault any more.
    pub async fn ask(&self, plan: &Plan, view: &View) -> Result<Answer, QuestionError> {
        let all = self.sets(plan, view)?;
        let mut frame = DataFrame::new(self.session.state(), all);
        if let Some(having) = &plan.having {
            frame = frame.filter(condition(having)?)?;
        }
        frame = frame.sort(order(plan, view)?)?;
        if plan.limit.is_some() || plan.offset > 0 {
            // no answer has as many rows, and the engine counts them in fewer bits
            let whole = |n: u64| u32::try_from(n).unwrap_or(u32::MAX) as usize;
            frame = frame.limit(whole(plan.offset), plan.limit.map(whole))?;
        }
        let batches = frame.select(selected(plan, view)?)?.collect().await?;
        self.answer(&batches, plan, view)
    }

    /// The rows of all grouping sets.
    fn sets(&self, plan: &Plan, view: &View) -> Result<LogicalPlan, QuestionError> {
        let mut tables = Vec::new();
        for set in &plan.grouping {
            let table = self.table(plan, set, view)?;
            tables.push(Arc::new(table.into_unoptimized_plan()));
        }
        // side by side: nested unions would need stack for each
        match tables.as_slice() {
            [] => Err(QuestionError::Internal(
                "a plan without grouping sets".into(),
            )),
            [only] => Ok(only.as_ref().clone()),
            _ => Ok(LogicalPlan::Union(Union::try_new_with_loose_types(tables)?)),
        }
    }

    fn answer(
        &self,
        batches: &[RecordBatch],
        plan: &Plan,
        view: &View,
    ) -> Result<Answer, QuestionError> {
        let mut answer = AnswerTable {
            columns: plan.columns.iter().map(|c| column(c, view)).collect(),
            rows: Vec::new(),
            notes: Vec::new(),
        };
        let mut parts = 1;
        for batch in batches {
            parts = parts.max(read(batch, plan, view, &mut answer)?);
        }
        if parts > 1 {
            answer.notes = self.margins(parts as f64, plan, view);
        }
        if answer.columns.iter().any(|c| c.kind == ColumnKind::Average) {
            answer.notes.push(Text::new(
                "een gemiddelde is een afgeronde som gedeeld door een afgerond aantal: grof bij kleine aantallen",
                "an average is a rounded sum divided by a rounded count: coarse where counts are small",
            ));
        }
        Ok(Answer(answer))
    }

    /// How far figures may be off that are sums of rounded ones.
    fn margins(&self, parts: f64, plan: &Plan, view: &View) -> Vec<Text> {
        let mut used = Vec::new();
        for column in &plan.columns {
            column.expression.aggregates(&mut used);
        }
        let mut notes = Vec::new();
        if used.iter().any(|a| !matches!(a, Aggregate::Sum(_))) {
            let margin = parts * self.round_to as f64 / 2.0;
            notes.push(Text::new(
                format!(
                    "een aantal is hier de som van hoogstens {parts} afgeronde delen: ± {margin}"
                ),
                format!("a count is here the sum of at most {parts} rounded parts: ± {margin}"),
            ));
        }
        for (number, measure) in view.measure.iter().enumerate() {
            let grain = cube::grain(measure, self.round_to);
            let Some(grain) = grain.filter(|_| used.contains(&Aggregate::Sum(number))) else {
                continue;
            };
            let (name, margin) = (&measure.name, parts * grain / 2.0);
            notes.push(Text::new(
                format!(
                    "een som van `{name}` is hier de som van hoogstens {parts} afgeronde delen: ± {margin}"
                ),
                format!(
                    "a sum of `{name}` is here the sum of at most {parts} rounded parts: ± {margin}"
                ),
            ));
        }
        notes
    }

    /// The cells of one grouping set, added up over the values that are filtered by.
    fn table(
        &self,
        plan: &Plan,
        set: &[GroupKey],
        view: &View,
    ) -> Result<DataFrame, QuestionError> {
        let frame = self.session.read_batch(self.batch.clone())?;
        let frame = frame.filter(self.wanted(plan, set, view))?;
        let mut crossed: Vec<usize> = set.iter().map(|key| key.dimension).collect();
        crossed.dedup();
        let aggregates = plan.aggregates();
        let mut figures = vec![count(lit(1)).alias(PARTS)];
        for &a in &aggregates {
            figures.push(sum(ident(figure(a))).alias(format!("sum {}", figure(a))));
            figures.push(count(ident(figure(a))).alias(format!("shown {}", figure(a))));
        }
        let groups: Vec<Expr> = crossed.iter().map(|&d| ident(dimension(d))).collect();
        let frame = frame.aggregate(groups, figures)?;
        let grouped = set.iter().fold(0_i64, |mask, key| mask | bit(*key));
        let mut columns = vec![lit(grouped).alias(GROUPED), ident(PARTS)];
        for d in 0..view.dimension.len() {
            columns.push(if crossed.contains(&d) {
                ident(dimension(d))
            } else {
                lit(ScalarValue::Int32(None)).alias(dimension(d))
            });
        }
        for &a in &aggregates {
            let all_shown = ident(format!("shown {}", figure(a))).eq(ident(PARTS));
            let total = ident(format!("sum {}", figure(a)));
            let value = when(all_shown.clone(), total).end()?;
            columns.push(value.alias(figure(a)));
            columns.push(not(all_shown).alias(hidden(a)));
        }
        Ok(frame.select(columns)?)
    }

    /// Which cells a grouping set is made of.
    fn wanted(&self, plan: &Plan, set: &[GroupKey], view: &View) -> Expr {
        let filtered = plan.filters.iter().map(|f| f.dimension);
        let grouped_by = set.iter().map(|key| key.dimension);
        let level = grouped_by
            .chain(filtered)
            .fold(0_i64, |mask, d| mask | 1 << d);
        let mut keep = ident("level").eq(lit(level));
        for (d, of) in view.dimension.iter().enumerate() {
            if level >> d & 1 == 0 {
                continue;
            }
            let register = Register::of(of);
            let filter = plan.filters.iter().find(|f| f.dimension == d);
            let wanted = match filter {
                Some(filter) => named(filter, &register),
                None => self.present(d, set, &register),
            };
            let ranks = ranks(&register);
            let places = wanted.iter().filter_map(|&at| ranks.get(at as usize));
            let places: Vec<Expr> = places.map(|&rank| lit(rank)).collect();
            keep = keep.and(ident(dimension(d)).in_list(places, false));
        }
        keep
    }

    /// The coordinates of a dimension at the level that a set groups by, but for those that are published as empty.
    fn present(&self, d: usize, set: &[GroupKey], register: &Register) -> Vec<u32> {
        let absent = self.absent.get(d).map_or(&[][..], Vec::as_slice);
        let mut all = register.level(finest(set, d).unwrap_or(DimensionLevel::Value));
        all.retain(|at| !absent.contains(at));
        all
    }
}

fn named(filter: &Filter, register: &Register) -> Vec<u32> {
    let values = filter.values.iter();
    values.filter_map(|value| register.find(value)).collect()
}

/// As asked; without another order, as registered, with subtotals after their parts.
fn order(plan: &Plan, view: &View) -> Result<Vec<SortExpr>, QuestionError> {
    let mut order = Vec::new();
    for by in &plan.order {
        let expression = ordered(&by.by)?;
        order.push(expression.sort(!by.descending, by.nulls_first));
    }
    for d in 0..view.dimension.len() {
        order.push(ident(dimension(d)).sort(true, false));
    }
    Ok(order)
}

fn selected(plan: &Plan, view: &View) -> Result<Vec<Expr>, QuestionError> {
    let mut selected = vec![ident(GROUPED), ident(PARTS)];
    for d in 0..view.dimension.len() {
        selected.push(ident(dimension(d)));
    }
    for (number, column) in plan.columns.iter().enumerate() {
        if !matches!(column.expression, Expression::Dimension(_)) {
            selected.push(shown(&column.expression)?.alias(format!("o{number}")));
            selected.push(any_hidden(&column.expression).alias(format!("p{number}")));
        }
    }
    Ok(selected)
}
