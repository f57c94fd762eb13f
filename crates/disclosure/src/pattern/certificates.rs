//! The moves in use, found by the cells they change.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    ids::{CellId, IdVec, LayerId, SlotId},
    moves::{Functional, Move, MoveRow},
    table::Quantity,
};

/// A move that is in use, and for whom it proves something.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    /// The layer whose bounds it keeps; `None` when it is a null vector and no more.
    pub(crate) layer: Option<LayerId>,
    /// What it is a second table of, and the quantum that its changes are in; `None` for a null vector from the start.
    pub(crate) proves: Option<(Quantity, f64)>,
    /// The move, whatever it proves.
    pub(crate) found: Move,
    /// Bit per provider: nothing of it shows in what the provider knows.
    pub(crate) unseen: u64,
}

impl Certificate {
    /// The same move in another pattern, whose layers have other bounds and other quanta: there it
    /// shows that nothing is derived, and not how far anything can move.
    pub(crate) fn null_vector(&self) -> Certificate {
        Certificate {
            layer: None,
            ..self.clone()
        }
    }

    /// The cells that are hidden for it, if they are published at all.
    pub(crate) fn hides(&self) -> impl Iterator<Item = CellId> {
        self.found.hides()
    }
}

/// Certificates in numbered slots; a number is never given out twice.
#[derive(Debug)]
pub(crate) struct Certificates {
    slots: IdVec<SlotId, Option<Certificate>>,
    /// Per cell the slots whose moves change it, and by how much; slots rise.
    rows: IdVec<CellId, Vec<(SlotId, i64)>>,
    /// Per empty cell the slots whose moves need it hidden; slots rise.
    empties: BTreeMap<CellId, Vec<SlotId>>,
}

impl Certificates {
    /// No certificates yet, over so many cells.
    pub(crate) fn new(cells: usize) -> Certificates {
        Certificates {
            slots: IdVec::new(),
            rows: IdVec::filled(Vec::new(), cells),
            empties: BTreeMap::new(),
        }
    }

    /// How many slots were given out.
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }

    /// The slots that were given out, in order.
    pub(crate) fn slots(&self) -> impl DoubleEndedIterator<Item = SlotId> + use<> {
        self.slots.ids()
    }

    /// The certificate in a slot, if it is not empty.
    pub(crate) fn get(&self, slot: SlotId) -> Option<&Certificate> {
        self.slots.find(slot)?.as_ref()
    }

    /// All certificates, in order of their slots.
    pub(crate) fn into_certificates(self) -> Vec<Certificate> {
        self.slots.into_iter().flatten().collect()
    }

    /// Puts a certificate in a slot of its own.
    pub(crate) fn push(&mut self, certificate: Certificate) -> SlotId {
        let slot = self.slots.push(None);
        self.put(slot, certificate);
        slot
    }

    /// Puts a certificate in an empty slot.
    pub(crate) fn put(&mut self, slot: SlotId, certificate: Certificate) {
        for (&cell, &change) in &certificate.found.cells {
            let row = &mut self.rows[cell];
            let at = row.partition_point(|&(other, _)| other < slot);
            row.insert(at, (slot, change));
        }
        for &cell in &certificate.found.empties {
            let slots = self.empties.entry(cell).or_default();
            let at = slots.partition_point(|&other| other < slot);
            slots.insert(at, slot);
        }
        self.slots[slot] = Some(certificate);
    }

    /// Takes a certificate out of its slot, which stays empty.
    pub(crate) fn take(&mut self, slot: SlotId) -> Option<Certificate> {
        let certificate = self.slots.find_mut(slot)?.take()?;
        for &cell in certificate.found.cells.keys() {
            self.rows[cell].retain(|&(other, _)| other != slot);
        }
        for cell in &certificate.found.empties {
            if let Some(slots) = self.empties.get_mut(cell) {
                slots.retain(|&other| other != slot);
                if slots.is_empty() {
                    self.empties.remove(cell);
                }
            }
        }
        Some(certificate)
    }

    /// Takes the last slot back, with what is in it.
    pub(crate) fn pop(&mut self) -> Option<Certificate> {
        let certificate = self.take(self.slots.ids().next_back()?);
        self.slots.pop();
        certificate
    }

    /// By how much each move changes a cell, moves that do not left out.
    pub(crate) fn row(&self, cell: CellId) -> &MoveRow {
        &self.rows[cell]
    }

    /// Empty cells that some move needs hidden, rising.
    pub(crate) fn empties(&self) -> impl Iterator<Item = CellId> {
        self.empties.keys().copied()
    }

    /// Whether some move needs an empty cell hidden.
    pub(crate) fn hides_empty(&self, cell: CellId) -> bool {
        self.empties.contains_key(&cell)
    }

    /// Whether the move of a slot changes a cell.
    pub(crate) fn changed_by(&self, cell: CellId, slot: SlotId) -> bool {
        let row = self.row(cell);
        row.binary_search_by_key(&slot, |&(other, _)| other).is_ok()
    }

    /// The slots whose moves hide a cell, rising.
    pub(crate) fn hiding(&self, cell: CellId) -> Vec<SlotId> {
        let changing = self.row(cell).iter().map(|&(slot, _)| slot);
        let empty = self.empties.get(&cell).into_iter().flatten().copied();
        let mut slots: Vec<SlotId> = changing.chain(empty).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// By how much each move changes a functional, moves that do not left out.
    pub(crate) fn changes(&self, target: Functional) -> Vec<(SlotId, i64)> {
        let plus = self.row(target.plus);
        let Some(minus) = target.minus else {
            return plus.to_vec();
        };
        let minus = self.row(minus);
        let slots: BTreeSet<SlotId> = plus.iter().chain(minus).map(|&(slot, _)| slot).collect();
        let at = |row: &MoveRow, slot: SlotId| {
            let found = row.iter().find(|&&(other, _)| other == slot);
            found.map_or(0, |&(_, change)| change)
        };
        let all = slots.into_iter().map(|s| (s, at(plus, s) - at(minus, s)));
        all.filter(|&(_, change)| change != 0).collect()
    }
}
