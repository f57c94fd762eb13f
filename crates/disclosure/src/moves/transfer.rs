//! One unit straight from a base cell to another: a null vector where no box will do.

use std::rc::Rc;

use super::{
    Goal, Instance, Move,
    target::Target,
    tie::{Tie, unties},
};
use crate::lattice::bits;

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl Instance<'_> {
    /// The cheapest move from one non-empty base cell straight to another: what is left for an attacker
    /// with knowledge of their own where every box has an empty corner. A null vector and no more.
    pub(crate) fn transfer(&self, goal: &Goal) -> Option<Move> {
        if !goal.linear {
            return None;
        }
        let target = Target::new(self.lattice, goal.target);
        let usable = |at: &Vec<u32>| {
            let cell = self.at(target.state, self.lattice.cell(self.lattice.full, at));
            self.units[cell] > 0 && !self.layer.fixed(self.lattice.base_index(cell))
        };
        let first = self.lattice.bases().take_while(|&c| c < self.lattice.local);
        let all = first.map(|cell| self.lattice.coordinates(cell));
        let all: Vec<Vec<u32>> = all.filter(usable).collect();
        let mut best: Option<(f64, Move)> = None;
        for from in all.iter().filter(|c| target.holds(c)) {
            for to in all.iter().filter(|c| !target.holds(c)) {
                let seen = goal.known.is_some_and(|level| {
                    self.lattice.cell(level, from) != self.lattice.cell(level, to)
                });
                if seen {
                    continue;
                }
                let Some((cost, found)) = self.shift(target.state, from, to) else {
                    continue;
                };
                let change = |cell| found.cells.get(&cell).copied().unwrap_or(0);
                let agrees = |tie: &Rc<Tie>| !unties(1, tie, change);
                if goal.tie.as_ref().is_some_and(agrees) {
                    continue;
                }
                if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    best = Some((cost, found));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// One unit from a base cell to another, with what it costs; `None` when it may not be done.
    fn shift(&self, state: usize, from: &[u32], to: &[u32]) -> Option<(f64, Move)> {
        let levels = 0..self.lattice.levels.len();
        let pairs = levels.map(|l| (self.lattice.cell(l, from), self.lattice.cell(l, to)));
        let pairs: Vec<(usize, usize)> = pairs.filter(|(a, b)| a != b).collect();
        let states = self.states(state, pairs.iter().flat_map(|&(a, b)| [a, b]));
        let mut found = Move::default();
        let mut cost = 0.0;
        for state in bits(states) {
            let ends =
                [from, to].map(|at| self.at(state, self.lattice.cell(self.lattice.full, at)));
            for base in ends {
                if self.units[base] == 0 || self.layer.fixed(self.lattice.base_index(base)) {
                    return None;
                }
            }
            found.bases.extend([(ends[0], 1), (ends[1], -1)]);
            for &(a, b) in &pairs {
                for (cell, change) in [(self.at(state, a), 1), (self.at(state, b), -1)] {
                    if self.known[cell] {
                        return None;
                    }
                    found.cells.insert(cell, change);
                    if self.shown(cell) {
                        cost += self.cost[cell];
                    }
                }
            }
        }
        Some((cost, found))
    }
}
