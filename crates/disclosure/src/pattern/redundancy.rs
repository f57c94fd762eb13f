//! Removing redundancy: giving back what a pattern can do without.
//!
//! The search for a pattern meets one need after another, and so hides cells that later moves make
//! superfluous. Here each hidden cell is tried without, and each move; what is then lacking is met anew, and
//! what gives up less is kept. A clean-up of this kind follows most heuristics of cell suppression: Hundepool et al.,
//! *Statistical Disclosure Control* (Wiley, 2012), chapter 4.

use std::collections::BTreeSet;

use super::{Certificate, search::Search};
use crate::{
    ids::{CellId, Id, SlotId},
    primary::Need,
};

/// What a cell costs while it is tried without: more than any others together.
const DEAR: f64 = 1e9;

/// Corners that may be looked at whatever the table; beyond it, giving back takes at most three times as long as
/// building did.
const ENOUGH: u64 = 20_000_000;

impl Search<'_> {
    /// Tries to do without each move, then without each cell that only keeps others safe.
    pub(super) fn improve(&mut self) {
        let start = SlotId::at(self.pattern.inherited.len());
        let most = self.weighed.get().saturating_mul(4).max(ENOUGH);
        for slot in self.certificates.slots().rev().take_while(|&s| s >= start) {
            if self.weighed.get() > most {
                return;
            }
            if self.gives_up(slot) {
                self.try_without(&[slot], None);
            }
        }
        for cell in self.complementary() {
            if self.weighed.get() > most {
                return;
            }
            let mut slots = self.certificates.hiding(cell);
            slots.retain(|&slot| slot >= start);
            self.try_without(&slots, Some(cell));
        }
    }

    /// Whether a move hides anything that need not be hidden anyway.
    fn gives_up(&self, slot: SlotId) -> bool {
        let of = self.certificates.get(slot).into_iter();
        let mut hides = of.flat_map(Certificate::hides);
        hides.any(|cell| {
            self.pattern.lattice.published(cell) && !self.pattern.forced.contains(&cell)
        })
    }

    /// Cells that may be shown, the dearest first.
    fn complementary(&self) -> Vec<CellId> {
        let used = self.uses.pairs().filter(|(_, uses)| **uses > 0);
        let free = used.filter(|(cell, _)| !self.pattern.forced.contains(cell));
        let mut cells: Vec<CellId> = free.map(|(cell, _)| cell).collect();
        let cost = |cell| self.cost[cell];
        cells.sort_by(|&a, &b| cost(b).total_cmp(&cost(a)).then(a.cmp(&b)));
        cells
    }

    /// Takes moves out, and keeps it so when what they met is met for less, with `cell` shown.
    fn try_without(&mut self, slots: &[SlotId], cell: Option<CellId>) {
        let taken: Vec<(SlotId, Certificate)> = slots
            .iter()
            .filter_map(|&slot| Some((slot, self.certificates.take(slot)?)))
            .collect();
        if taken.is_empty() {
            return;
        }
        let slots = self.certificates.len();
        self.journal.clear();
        for (_, certificate) in &taken {
            self.show(certificate);
        }
        let scope = taken.iter().flat_map(|(_, c)| c.hides()).collect();
        let was = cell.map(|cell| self.charge(cell, DEAR));
        let better = self.meet_for_less(scope, cell);
        if let (Some(cell), Some(was)) = (cell, was) {
            self.charge(cell, was);
        }
        if !better {
            self.restore(taken, slots);
        }
    }

    /// Takes the certificates beyond so many slots out, and puts those that were taken back.
    fn restore(&mut self, taken: Vec<(SlotId, Certificate)>, slots: usize) {
        while self.certificates.len() > slots {
            if let Some(added) = self.certificates.pop() {
                self.show(&added);
            }
        }
        for (slot, certificate) in taken {
            self.hide(&certificate);
            self.certificates.put(slot, certificate);
        }
    }

    /// Changes what hiding a cell costs, and returns what it was.
    fn charge(&mut self, cell: CellId, cost: f64) -> f64 {
        std::mem::replace(&mut self.cost[cell], cost)
    }

    /// Meets what is open among the cells of `scope`; `false` as soon as that gives up more than before,
    /// or as much with nothing gained.
    fn meet_for_less(&mut self, mut scope: BTreeSet<CellId>, shown: Option<CellId>) -> bool {
        let slots = self.certificates.len();
        let mut open: Vec<Need> = self.open_needs(Some(&scope));
        if open.is_empty() {
            return true;
        }
        if self.more_given_up().is_none() {
            return false;
        }
        while !open.is_empty() {
            for need in open {
                if self.met(&need) {
                    continue;
                }
                let Ok(added) = self.add(&need) else {
                    return false;
                };
                let added = self.certificates.get(added).into_iter();
                scope.extend(added.flat_map(Certificate::hides));
                let again = shown.is_some_and(|cell| self.hidden[cell]);
                let more = self.more_given_up().unwrap_or(0.0);
                let many = shown.is_none() && self.certificates.len() > slots + 1;
                if again || many || more > 0.0 {
                    return false;
                }
            }
            open = self.open_needs(Some(&scope));
        }
        true
    }
}
