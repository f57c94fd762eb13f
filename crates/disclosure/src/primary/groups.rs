//! Group disclosure: whoever knows that somebody is in a group learns a sensitive value that (almost) all of it share.
//!
//! Hundepool et al., *Statistical Disclosure Control* (Wiley, 2012), on frequency tables.

use std::collections::HashMap;

use super::{Primary, RuledTable};
use crate::{
    ids::{CellId, LayerId, LocalId},
    lattice::Name,
    moves::Functional,
};

/// Group disclosure: at most one of a group has another value of a sensitive dimension.
///
/// The cell is hidden, and it must seem possible that at least two of the group differ.
pub(super) fn groups(site: RuledTable, found: &mut Primary) {
    let sensitive = site.table.dimensions.iter().enumerate();
    let sensitive = sensitive.filter(|(_, of)| of.sensitive).map(|(d, _)| d);
    let sensitive: Vec<usize> = sensitive.collect();
    if sensitive.is_empty() {
        return;
    }
    let named = site.space.lattice.named();
    for d in sensitive {
        for cell in site.space.lattice.cells() {
            if let Some(group) = group(site, &named, d, cell) {
                add(site, group, cell, found);
            }
        }
    }
}

/// The group of which (almost) all are in this cell: the same cell summed over a sensitive dimension.
fn group(
    site: RuledTable,
    named: &HashMap<Name, LocalId>,
    dimension: usize,
    cell: CellId,
) -> Option<CellId> {
    let lattice = &site.space.lattice;
    let mask = lattice.dimensions_of(cell);
    if mask >> dimension & 1 == 0 || !lattice.ever_published(cell) {
        return None;
    }
    let mut name = lattice.name(lattice.local(cell))?;
    *name.get_mut(dimension)? = None;
    let group = lattice.at(lattice.state(cell), *named.get(&name)?);
    // a union of all values says nothing
    let all_values = lattice.within(group, cell);
    let others = site.units(group) - site.units(cell);
    (!all_values && site.units(group) > 0 && others <= 1).then_some(group)
}

/// Hides a cell in which (almost) all of a group are.
fn add(site: RuledTable, group: CellId, cell: CellId, found: &mut Primary) {
    if site.exposed(cell) {
        found.expose(cell);
        if site.exposed(group) {
            return;
        }
    } else {
        found.secret(cell);
    }
    let others = site.units(group) - site.units(cell);
    let target = Functional {
        plus: group,
        minus: Some(cell),
    };
    found.secrets.push(target);
    found.need(LayerId::FIRST, target, 1, 2 - others as i64);
}
