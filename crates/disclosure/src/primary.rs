//! Primary protection: which cells are unsafe by themselves, and what must be able to differ.

use std::collections::BTreeSet;

use crate::{
    Rules, Table,
    lattice::Lattice,
    layer::Layer,
    pattern::Need,
    statistics::Statistics,
    walk::{Functional, Wanted},
};

/// What a pattern starts from.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) layers: Vec<Layer>,
    pub(crate) needs: Vec<Need>,
    pub(crate) forced: BTreeSet<usize>,
    pub(crate) valueless: BTreeSet<usize>,
    pub(crate) secrets: Vec<Functional>,
}

impl Found {
    fn need(&mut self, layer: usize, target: Functional, direction: i64, amount: i64) {
        self.needs.push(Need {
            layer,
            wanted: Wanted {
                target,
                direction,
                amount,
                linear: false,
                known: None,
                avoid: None,
            },
        });
    }

    fn secret(&mut self, cell: usize) {
        if self.forced.insert(cell) {
            self.secrets.push(Functional::cell(cell));
        }
    }

    /// A layer of sums with its unsafe cells: each must be able to rise and to fall.
    pub(crate) fn add_sums(&mut self, layer: Layer, unsafe_cells: Vec<(usize, f64)>) {
        let number = self.layers.len();
        let quantum = layer.quantum;
        let limits = unsafe_cells
            .iter()
            .map(|&(cell, _)| layer.room_of(cell))
            .collect::<Vec<_>>();
        self.layers.push(layer);
        for ((cell, far), (down, up)) in unsafe_cells.into_iter().zip(limits) {
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
    fn add_counts(
        &mut self,
        layer: Layer,
        counts: &[u64],
        rules: &Rules,
        zeros: bool,
        lattice: &Lattice,
    ) {
        let number = self.layers.len();
        self.layers.push(layer);
        for (cell, &count) in counts.iter().enumerate() {
            if count >= rules.minimum_units || (count == 0 && !zeros) {
                continue;
            }
            // deeper combinations are never published, but they must not follow either
            if lattice.published(cell) {
                self.secret(cell);
            } else if count == 0 {
                continue;
            }
            let amount = (rules.minimum_units - count) as i64;
            self.need(number, Functional::cell(cell), 1, amount);
        }
    }
}

/// Unsafe counts: too few units, values or missing values; rows that one unit dominates; groups of
/// which (almost) all share a sensitive value.
pub(crate) fn counts(
    table: &Table,
    rules: &Rules,
    lattice: &Lattice,
    statistics: &Statistics,
) -> Found {
    let mut found = Found::default();
    let units = &statistics.units;
    let shown = (!rules.protect_zeros).then_some(units.as_slice());
    let layer = Layer::count(lattice, units, shown);
    found.add_counts(layer, units, rules, rules.protect_zeros, lattice);
    for cells in &statistics.measures {
        if cells.iter().all(|c| c.missing == 0) {
            continue;
        }
        let present: Vec<u64> = cells.iter().map(|c| c.units).collect();
        let missing: Vec<u64> = cells.iter().map(|c| c.missing).collect();
        for values in [present, missing] {
            // what is not 0 stays so: then the units, moved alike, stay above 0 too
            let layer = Layer::count(lattice, &values, shown);
            found.add_counts(layer, &values, rules, false, lattice);
        }
    }
    groups(table, lattice, units, &mut found);
    let rows = &statistics.rows;
    if rows.iter().zip(units).any(|(r, &u)| r.count != u) {
        let base = lattice.levels.last().map_or(0, |l| l.offset);
        let total: Vec<f64> = rows.iter().map(|r| r.total).collect();
        let bounds: Vec<(f64, f64)> = units
            .iter()
            .skip(base)
            .map(|&u| {
                if u == 0 {
                    (0.0, 0.0)
                } else {
                    (u as f64, f64::INFINITY)
                }
            })
            .collect();
        let unsafe_cells = rows
            .iter()
            .enumerate()
            .filter(|(cell, _)| lattice.published(*cell))
            .filter_map(|(cell, r)| Some((cell, rules.required_move(r)?)))
            .collect();
        let valueless = vec![false; bounds.len()];
        found.add_sums(
            Layer::sum(lattice, &total, &bounds, valueless),
            unsafe_cells,
        );
    }
    found
}

/// Group disclosure: at most one of a group has another value of a sensitive dimension.
///
/// The cell is hidden, and it must seem possible that at least two of the group differ.
fn groups(table: &Table, lattice: &Lattice, units: &[u64], found: &mut Found) {
    for (d, dimension) in table.dimensions.iter().enumerate() {
        if !dimension.sensitive {
            continue;
        }
        for cell in 0..lattice.cells {
            let mask = lattice.mask(cell);
            if mask >> d & 1 == 0 || !lattice.published(cell) {
                continue;
            }
            let parent = lattice.cell(mask & !(1 << d), &lattice.coordinates(cell));
            let of = |cell: usize| units.get(cell).copied().unwrap_or(0);
            let others = of(parent) - of(cell);
            if of(parent) == 0 || others > 1 {
                continue;
            }
            let target = Functional {
                plus: parent,
                minus: Some(cell),
            };
            found.secret(cell);
            found.secrets.push(target);
            found.need(0, target, 1, 2 - others as i64);
        }
    }
}
