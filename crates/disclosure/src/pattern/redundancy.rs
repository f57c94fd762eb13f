//! Giving back what a pattern can do without.
//!
//! The search for a pattern meets one need after another, and so hides cells that later moves make
//! superfluous. Here each hidden cell is tried without, and each move; what then lacks is met anew, and
//! what gives up less is kept.

use std::collections::BTreeSet;

use super::{Certificate, search::Search};
use crate::primary::Need;

/// What a cell costs while it is tried without: more than any others together.
const DEAR: f64 = 1e9;

/// Corners that may be looked at whatever the table; beyond it, giving back takes at most three times as long as
/// building did.
const ENOUGH: u64 = 20_000_000;

impl Search<'_> {
    /// Tries to do without each move, then without each cell that only keeps others safe.
    pub(crate) fn improve(&mut self) {
        let start = self.pattern.inherited.len();
        let most = self.weighed.get().saturating_mul(4).max(ENOUGH);
        for slot in (start..self.certificates.len()).rev() {
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
    fn gives_up(&self, slot: usize) -> bool {
        let published = |cell: &usize| self.pattern.lattice.published(*cell);
        let mut hides = self
            .certificates
            .get(slot)
            .into_iter()
            .flat_map(Certificate::hides);
        hides.any(|cell| published(&cell) && !self.pattern.forced.contains(&cell))
    }

    /// Cells that may be shown, the dearest first.
    fn complementary(&self) -> Vec<usize> {
        let used = self.uses.iter().enumerate().filter(|(_, uses)| **uses > 0);
        let cells = used.map(|(cell, _)| cell);
        let mut cells: Vec<usize> = cells
            .filter(|cell| !self.pattern.forced.contains(cell))
            .collect();
        let cost = |cell: usize| self.cost.get(cell).copied().unwrap_or(0.0);
        cells.sort_by(|&a, &b| cost(b).total_cmp(&cost(a)).then(a.cmp(&b)));
        cells
    }

    /// Takes moves out, and keeps it so when what they met is met for less, with `cell` shown.
    fn try_without(&mut self, slots: &[usize], cell: Option<usize>) {
        let taken: Vec<(usize, Certificate)> = slots
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
        let was = cell.and_then(|cell| self.charge(cell, DEAR));
        let better = self.meet_for_less(scope, cell);
        if let (Some(cell), Some(was)) = (cell, was) {
            self.charge(cell, was);
        }
        if !better {
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
    }

    fn charge(&mut self, cell: usize, cost: f64) -> Option<f64> {
        let place = self.cost.get_mut(cell)?;
        Some(std::mem::replace(place, cost))
    }

    /// Meets what is open among the cells of `scope`; `false` as soon as that gives up more than before,
    /// or as much with nothing gained.
    fn meet_for_less(&mut self, mut scope: BTreeSet<usize>, shown: Option<usize>) -> bool {
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
                if self.add(&need).is_err() {
                    return false;
                }
                if let Some(added) = self.certificates.get(self.certificates.len() - 1) {
                    scope.extend(added.hides());
                }
                let again = shown.is_some_and(|cell| self.hidden.get(cell) == Some(&true));
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
