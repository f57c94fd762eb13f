//! `GROUP BY`: dimensions, `ROLLUP`, `CUBE` and `GROUPING SETS` of them, as a list of sets.

use datafusion::sql::sqlparser::ast::{Expr, GroupByExpr, GroupByWithModifier};

use super::{MOST_SETS, NamedColumn, QuestionScope, expression, reasons};
use crate::plan::{DimensionLevel, GroupKey};

/// The grouping sets, each sorted and without repetition; one empty set without `GROUP BY`.
pub(super) fn read(group_by: &GroupByExpr, scope: &mut QuestionScope) -> Vec<Vec<GroupKey>> {
    let (items, modifiers) = match group_by {
        GroupByExpr::Expressions(items, modifiers) => (items, modifiers),
        GroupByExpr::All(_) => {
            scope.refuse::<()>(reasons::group_by("GROUP BY ALL"));
            return vec![Vec::new()];
        }
    };
    let mut sets = vec![Vec::new()];
    for item in items {
        let choices = match item {
            Expr::Rollup(parts) => {
                let parts = lists(parts, scope);
                (0..=parts.len())
                    .rev()
                    .map(|n| concatenated(parts.iter().take(n)))
                    .collect()
            }
            Expr::Cube(parts) => cube(&lists(parts, scope), scope),
            Expr::GroupingSets(parts) => lists(parts, scope),
            other => vec![list(other, scope)],
        };
        sets = crossed(&sets, &choices, scope);
    }
    for modifier in modifiers {
        match modifier {
            GroupByWithModifier::Rollup => {
                let all = concatenated(sets.iter());
                sets = (0..=all.len())
                    .rev()
                    .map(|n| all.iter().take(n).copied().collect())
                    .collect();
            }
            GroupByWithModifier::Cube => {
                let all = concatenated(sets.iter());
                let parts: Vec<Vec<GroupKey>> = all.into_iter().map(|key| vec![key]).collect();
                sets = cube(&parts, scope);
            }
            other => {
                scope.refuse::<()>(reasons::clause(&other.to_string()));
            }
        }
    }
    for set in &mut sets {
        set.sort_unstable();
        set.dedup();
    }
    sets
}

fn crossed(
    sets: &[Vec<GroupKey>],
    choices: &[Vec<GroupKey>],
    scope: &mut QuestionScope,
) -> Vec<Vec<GroupKey>> {
    if sets.len().saturating_mul(choices.len()) > MOST_SETS {
        scope.refuse::<()>(reasons::too_long());
        return sets.to_vec();
    }
    let pair = |set: &Vec<GroupKey>| {
        let set = set.clone();
        choices
            .iter()
            .map(move |c| concatenated([&set, c].into_iter()))
    };
    sets.iter().flat_map(pair).collect()
}

/// Every subset, the full one first.
fn cube(parts: &[Vec<GroupKey>], scope: &mut QuestionScope) -> Vec<Vec<GroupKey>> {
    if parts.len() > 9 {
        scope.refuse::<()>(reasons::too_many_dimensions(parts.len(), scope.agreement));
        return vec![Vec::new()];
    }
    let subset = |mask: usize| {
        let chosen = parts
            .iter()
            .enumerate()
            .filter(move |(i, _)| mask >> i & 1 == 1);
        concatenated(chosen.map(|(_, part)| part))
    };
    (0..1_usize << parts.len()).rev().map(subset).collect()
}

fn concatenated<'a>(parts: impl Iterator<Item = &'a Vec<GroupKey>>) -> Vec<GroupKey> {
    parts.flatten().copied().collect()
}

fn lists(parts: &[Vec<Expr>], scope: &mut QuestionScope) -> Vec<Vec<GroupKey>> {
    let mut all = Vec::new();
    for part in parts {
        all.push(part.iter().flat_map(|e| list(e, scope)).collect());
    }
    all
}

/// The dimensions that one expression names: `wijk`, `(wijk, type)` or `()`.
fn list(expr: &Expr, scope: &mut QuestionScope) -> Vec<GroupKey> {
    let parts = match expr {
        Expr::Tuple(parts) => return parts.iter().flat_map(|e| list(e, scope)).collect(),
        Expr::Nested(inner) => return list(inner, scope),
        Expr::Function(function) => match expression::level(function, scope) {
            Some(key) => return key.into_iter().collect(),
            None => return refuse(expr, scope),
        },
        Expr::Identifier(ident) => std::slice::from_ref(ident),
        Expr::CompoundIdentifier(parts) => parts.as_slice(),
        other => return refuse(other, scope),
    };
    match scope.column(parts) {
        Some(NamedColumn::Dimension(dimension)) => vec![GroupKey {
            dimension,
            level: DimensionLevel::Value,
        }],
        Some(NamedColumn::Measure(_)) => {
            scope.refuse::<()>(reasons::group_by(&expr.to_string()));
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn refuse(expr: &Expr, scope: &mut QuestionScope) -> Vec<GroupKey> {
    if !expression::refuse_subquery(expr, scope) {
        scope.refuse::<()>(reasons::group_by(&expr.to_string()));
    }
    Vec::new()
}
