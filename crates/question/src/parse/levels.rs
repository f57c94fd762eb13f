//! Values, larger wholes and groups of one dimension in one question: what goes together.

use zwerm_agreement::{agreement::Dimension, refusal::Code};

use super::{QuestionScope, reasons};
use crate::{
    plan::{Aggregate, DimensionLevel, Filter, GroupKey, Plan},
    register::Register,
};

/// Refuses what would count a unit twice, or needs a cell that there is not.
pub(super) fn check(plan: &Plan, scope: &mut QuestionScope) {
    let Some(view) = scope.view else { return };
    for set in &plan.grouping {
        for (number, of) in view.dimension.iter().enumerate() {
            let keys: Vec<DimensionLevel> = set
                .iter()
                .filter(|key| key.dimension == number)
                .map(|key| key.level)
                .collect();
            if keys.len() > 1 && keys.contains(&DimensionLevel::Group) {
                scope.refuse::<()>(reasons::levels_mixed(of, view, Code::Groups));
            }
            let filter = plan.filters.iter().find(|f| f.dimension == number);
            if let Some(code) = filter.and_then(|f| mixed(f, &keys, of)) {
                scope.refuse::<()>(reasons::levels_mixed(of, view, code));
            }
            let several = filter.is_some_and(|f| f.values.len() > 1) && keys.is_empty();
            if several && !of.per_unit && plan.aggregates().contains(&Aggregate::Units) {
                scope.refuse::<()>(reasons::not_per_unit(of, view));
            }
        }
    }
}

/// Why a filter does not go with how its dimension is grouped.
fn mixed(filter: &Filter, keys: &[DimensionLevel], of: &Dimension) -> Option<Code> {
    let register = Register::of(of);
    let asked: Vec<u32> = filter
        .values
        .iter()
        .filter_map(|v| register.find(v))
        .collect();
    if keys.contains(&DimensionLevel::Value) {
        return None;
    }
    for (level, code) in [
        (DimensionLevel::Parent, Code::Hierarchy),
        (DimensionLevel::Group, Code::Groups),
    ] {
        let known = register.level(level);
        if keys.contains(&level) && !asked.iter().all(|at| known.contains(at)) {
            return Some(code);
        }
    }
    if !keys.is_empty() {
        return None;
    }
    let mut seen = std::collections::HashSet::new();
    let twice = asked
        .iter()
        .flat_map(|&at| register.members(at))
        .any(|v| !seen.insert(v));
    let whole = asked
        .iter()
        .all(|&at| (at as usize) < register.values + register.wholes);
    twice.then_some(if whole { Code::Hierarchy } else { Code::Groups })
}

/// The level at which cells are looked up, when a set groups by a dimension in these ways.
pub(crate) fn finest(set: &[GroupKey], dimension: usize) -> Option<DimensionLevel> {
    let levels = set.iter().filter(|key| key.dimension == dimension);
    levels.map(|key| key.level).min()
}
