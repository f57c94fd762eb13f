//! What a pattern starts from: unsafe cells, and how far each must be able to differ.

use std::collections::BTreeSet;

use super::RuledTable;
use crate::{
    ids::{CellId, IdVec, LayerId},
    moves::{Functional, Layer, MoveGoal},
};

/// Something that must be able to differ from the truth.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    /// The layer in which it must.
    pub(crate) layer: LayerId,
    /// What a move must do for it.
    pub(crate) goal: MoveGoal,
}

impl Need {
    /// A target that must not follow by adding and subtracting, in any layer.
    pub(crate) fn linear(target: Functional) -> Need {
        Need {
            layer: LayerId::FIRST,
            goal: MoveGoal::linear(target),
        }
    }
}

/// What a pattern starts from.
#[derive(Debug, Default)]
pub(crate) struct Primary {
    /// The quantities that it protects.
    pub(crate) layers: IdVec<LayerId, Layer>,
    /// What must be able to differ.
    pub(crate) needs: Vec<Need>,
    /// Cells that must be hidden.
    pub(crate) forced: BTreeSet<CellId>,
    /// Cells of `forced` of which there is nothing to derive: empty, or known to everyone already.
    pub(crate) valueless: BTreeSet<CellId>,
    /// What nobody may derive.
    pub(crate) secrets: Vec<Functional>,
}

impl Primary {
    /// A target must be able to move so far in a layer, in quanta.
    pub(super) fn need(&mut self, layer: LayerId, target: Functional, direction: i64, amount: i64) {
        self.needs.push(Need {
            layer,
            goal: MoveGoal::far(target, direction, amount),
        });
    }

    /// A cell that must be hidden, and that nobody may derive.
    pub(super) fn secret(&mut self, cell: CellId) {
        if self.forced.insert(cell) {
            self.secrets.push(Functional::cell(cell));
        }
    }

    /// A cell that is hidden although everyone knows it.
    pub(super) fn expose(&mut self, cell: CellId) {
        self.forced.insert(cell);
        self.valueless.insert(cell);
    }

    /// Adds a layer of sums with its unsafe cells, and how far each must be able to rise and to fall.
    pub(crate) fn add_sums(
        &mut self,
        layer: Layer,
        unsafe_cells: Vec<(CellId, f64)>,
        site: RuledTable,
    ) {
        let number = self.layers.push(layer);
        for (cell, far) in unsafe_cells {
            if site.exposed(cell) {
                self.expose(cell);
                continue;
            }
            self.secret(cell);
            let layer = &self.layers[number];
            let amount = (far / layer.quantum).ceil().max(1.0) as i64;
            let room = layer.room_of(cell);
            for (direction, limit) in [(1, room.up), (-1, room.down)] {
                let amount = amount.min(limit);
                if amount > 0 {
                    self.need(number, Functional::cell(cell), direction, amount);
                }
            }
        }
    }

    /// Adds a layer of counts: what is above 0 and below the minimum must be able to reach it.
    ///
    /// Of `units`, an empty cell is safe only where it would be shown.
    pub(super) fn add_counts(
        &mut self,
        layer: Layer,
        counts: &IdVec<CellId, u64>,
        site: RuledTable,
        units: bool,
    ) {
        let number = self.layers.push(layer);
        for (cell, &count) in counts.pairs() {
            let minimum = site.minimum(cell);
            let zero = count == 0 && (!units || site.shows_zeros(cell));
            if count >= minimum || zero {
                continue;
            }
            // deeper combinations are never published, but they must not follow either
            if site.space.lattice.ever_published(cell) {
                if site.exposed(cell) {
                    self.expose(cell);
                    continue;
                }
                self.secret(cell);
            } else if count == 0 || site.exposed(cell) {
                continue;
            }
            let lacking = (minimum - count) as i64;
            self.need(number, Functional::cell(cell), 1, lacking);
        }
    }
}
