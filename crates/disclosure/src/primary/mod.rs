//! Primary protection: which cells are unsafe by themselves, and what must be able to differ.

use std::collections::BTreeSet;

use crate::{
    lattice::Space,
    moves::{Functional, Goal, Layer},
    table::{Quantity, Ruling, Table},
};

/// Something that must be able to differ from the truth.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    pub(crate) layer: usize,
    pub(crate) goal: Goal,
}

/// What a pattern starts from.
#[derive(Debug, Default)]
pub(crate) struct Primary {
    pub(crate) layers: Vec<Layer>,
    pub(crate) needs: Vec<Need>,
    pub(crate) forced: BTreeSet<usize>,
    /// Cells of `forced` of which there is nothing to derive: empty, or known to everyone already.
    pub(crate) valueless: BTreeSet<usize>,
    pub(crate) secrets: Vec<Functional>,
}

/// The ground that patterns are looked for on.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub(crate) table: &'a Table,
    pub(crate) ruling: &'a Ruling,
    pub(crate) space: &'a Space,
    /// Cells that everyone knows whatever is hidden now.
    pub(crate) exposed: &'a [bool],
}

impl Site<'_> {
    fn state(&self, cell: usize) -> usize {
        self.space.lattice.state(cell)
    }

    fn exposed(&self, cell: usize) -> bool {
        self.exposed.get(cell).copied().unwrap_or(false)
    }

    /// Whether an empty cell of this state is shown as such.
    fn shows_zeros(&self, cell: usize) -> bool {
        !self.ruling.protects_zeros(self.state(cell))
    }

    /// Whether a hidden cell is known not to be empty, as that would be shown, or would have been.
    fn occupied(&self, cell: usize) -> bool {
        let before = self.space.occupied.get(cell).copied().unwrap_or(false);
        before || (self.space.lattice.published(cell) && self.ruling.shows_zeros)
    }
}

impl Primary {
    fn need(&mut self, layer: usize, target: Functional, direction: i64, amount: i64) {
        self.needs.push(Need {
            layer,
            goal: Goal {
                target,
                direction,
                amount,
                linear: false,
                known: None,
                tie: None,
            },
        });
    }

    fn secret(&mut self, cell: usize) {
        if self.forced.insert(cell) {
            self.secrets.push(Functional::cell(cell));
        }
    }

    /// A cell that is hidden although everyone knows it.
    fn expose(&mut self, cell: usize) {
        self.forced.insert(cell);
        self.valueless.insert(cell);
    }

    /// A layer of sums with its unsafe cells: each must be able to rise and to fall.
    pub(crate) fn add_sums(&mut self, layer: Layer, unsafe_cells: Vec<(usize, f64)>, site: Site) {
        let number = self.layers.len();
        let quantum = layer.quantum;
        let limits = unsafe_cells
            .iter()
            .map(|&(cell, _)| layer.room_of(cell))
            .collect::<Vec<_>>();
        self.layers.push(layer);
        for ((cell, far), (down, up)) in unsafe_cells.into_iter().zip(limits) {
            if site.exposed(cell) {
                self.expose(cell);
                continue;
            }
            self.secret(cell);
            let amount = (far / quantum).ceil().max(1.0) as i64;
            for (direction, limit) in [(1, up), (-1, down)] {
                let amount = amount.min(limit);
                if amount > 0 {
                    self.need(number, Functional::cell(cell), direction, amount);
                }
            }
        }
    }

    /// A layer of counts: what is above 0 and below the minimum must be able to reach it.
    fn add_counts(&mut self, layer: Layer, counts: &[u64], site: Site, units: bool) {
        let number = self.layers.len();
        self.layers.push(layer);
        for (cell, &count) in counts.iter().enumerate() {
            let minimum = site.ruling.minimum(site.state(cell));
            let zero = count == 0 && (!units || site.shows_zeros(cell));
            if count >= minimum || zero {
                continue;
            }
            // deeper combinations are never published, but they must not follow either
            if site.space.lattice.told(cell) {
                if site.exposed(cell) {
                    self.expose(cell);
                    continue;
                }
                self.secret(cell);
            } else if count == 0 || site.exposed(cell) {
                continue;
            }
            self.need(number, Functional::cell(cell), 1, (minimum - count) as i64);
        }
    }
}

/// Unsafe counts of units, of values and of missing values; groups of which (almost) all share a
/// sensitive value.
pub(crate) fn counts(site: Site) -> Primary {
    let mut found = Primary::default();
    let statistics = &site.space.statistics;
    let units = &statistics.units;
    let occupied = |cell: usize| site.occupied(cell);
    let lattice = &site.space.lattice;
    found.add_counts(
        Layer::count(lattice, Quantity::Units, units, occupied),
        units,
        site,
        true,
    );
    for (m, cells) in statistics.measures.iter().enumerate() {
        if cells.iter().all(|c| c.missing == 0) {
            continue;
        }
        let present: Vec<u64> = cells.iter().map(|c| c.units).collect();
        let missing: Vec<u64> = cells.iter().map(|c| c.missing).collect();
        for (quantity, values) in [
            (Quantity::Present(m), present),
            (Quantity::Missing(m), missing),
        ] {
            // what is not 0 stays so: then the units, moved alike, stay above 0 too
            let layer = Layer::count(lattice, quantity, &values, occupied);
            found.add_counts(layer, &values, site, false);
        }
    }
    groups(site, &mut found);
    found
}

/// Rows as a magnitude, where units have several: a unit may dominate them.
pub(crate) fn rows(site: Site, found: &mut Primary) {
    let Space {
        lattice,
        statistics,
        ..
    } = site.space;
    let (rows, units) = (&statistics.rows, &statistics.units);
    if rows.iter().zip(units).all(|(r, &u)| r.count == u) {
        return;
    }
    let total: Vec<f64> = rows.iter().map(|r| r.total).collect();
    let of = |base: usize| units.get(base).copied().unwrap_or(0);
    let bounds: Vec<(f64, f64)> = lattice
        .bases()
        .map(|base| match of(base) {
            0 => (0.0, 0.0),
            n => (n as f64, f64::INFINITY),
        })
        .collect();
    let unsafe_cells = rows.iter().enumerate();
    let unsafe_cells = unsafe_cells
        .filter(|(cell, _)| lattice.told(*cell))
        .filter_map(|(cell, r)| Some((cell, site.ruling.required_move(site.state(cell), r)?)))
        .collect();
    let valueless = vec![false; bounds.len()];
    let layer = Layer::sum(lattice, Quantity::Rows, &total, &bounds, valueless);
    found.add_sums(layer, unsafe_cells, site);
}

/// Group disclosure: at most one of a group has another value of a sensitive dimension.
///
/// The cell is hidden, and it must seem possible that at least two of the group differ.
fn groups(site: Site, found: &mut Primary) {
    let lattice = &site.space.lattice;
    let sensitive = site.table.dimensions.iter().enumerate();
    let sensitive: Vec<usize> = sensitive
        .filter(|(_, of)| of.sensitive)
        .map(|(d, _)| d)
        .collect();
    if sensitive.is_empty() {
        return;
    }
    let named = lattice.named();
    for d in sensitive {
        for cell in 0..lattice.cells() {
            let mask = lattice.dimensions_of(cell);
            if mask >> d & 1 == 0 || !lattice.told(cell) {
                continue;
            }
            let parent = lattice.name(cell).and_then(|mut name| {
                name.get_mut(d).map(|value| *value = None)?;
                named.get(&name).copied()
            });
            let Some(parent) = parent else { continue };
            if lattice.within(parent, cell) {
                continue; // a union of all values says nothing
            }
            let parent = site.state(cell) * lattice.local + parent;
            let of = |cell: usize| site.space.statistics.units.get(cell).copied().unwrap_or(0);
            let others = of(parent) - of(cell);
            if of(parent) == 0 || others > 1 {
                continue;
            }
            if site.exposed(cell) && site.exposed(parent) {
                found.expose(cell);
                continue;
            }
            let target = Functional {
                plus: parent,
                minus: Some(cell),
            };
            if site.exposed(cell) {
                found.expose(cell);
            } else {
                found.secret(cell);
            }
            found.secrets.push(target);
            found.need(0, target, 1, 2 - others as i64);
        }
    }
}
