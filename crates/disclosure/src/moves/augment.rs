//! Finding a move: a second table that equals the true one on every published cell.
//!
//! A *box* takes a set S of axes and two leaves of each; its 2^|S| corners change by +a and -a in turn: the hypercube
//! method (Repsilber 1994). Summed over an axis of S, or over a union that holds both its leaves, it cancels; so it
//! shows only in cells that have all those leaves apart. The search adds boxes until its target has moved far enough,
//! each time the box that gives up least for what it moves; the empty S (raising one base cell and all its margins)
//! remains for an outsider, unless something was published before. What it finds is a certificate: the tables it
//! passes through are what an attacker cannot tell from the truth. De Loera & Onn (2006) on why whole-number tables
//! must be reached by moves.
//!
//! Where the table was published before, a box changes all states in which the cells it touches were the same:
//! unchanged cells are one unknown. It changes nothing that is known already.

use super::{
    Functional, Instance, Move, MoveGoal,
    branch_and_bound::{BranchAndBound, Candidate},
    delta::Delta,
    target::AxisTarget,
};
use crate::{
    ids::{CellId, LevelId, LocalId, StateId},
    lattice::{members, only},
};

/// More base cells than this under one target are searched only where they are not empty.
const WIDE: usize = 4096;
/// Boxes in one move; a move that needs more goes on with fewer, wider boxes.
const STEPS: usize = 400;

impl Instance<'_> {
    /// The cheapest move found, or `None` when none exists under the constraints.
    pub(crate) fn find(&self, goal: &MoveGoal) -> Option<Move> {
        self.augment(Move::default(), goal, false)
            .or_else(|| self.transfer(goal))
            .or_else(|| self.augment(Move::default(), goal, self.may_hide_empties))
    }

    /// The same move with a cell higher by so much.
    pub(crate) fn raise(&self, found: Move, cell: CellId, amount: i64) -> Option<Move> {
        let goal = MoveGoal::far(Functional::cell(cell), 1, amount);
        self.augment(found, &goal, false)
    }

    /// Goes on from a move with boxes, until the target has moved as far again as it must.
    fn augment(&self, found: Move, goal: &MoveGoal, empties_too: bool) -> Option<Move> {
        let mut delta = self.delta.borrow_mut();
        delta.start(&found);
        let mut remaining = goal.amount;
        let target = AxisTarget::new(self.lattice, goal.target);
        let bases = self.bases(&target, empties_too);
        for _ in 0..STEPS {
            let step = BranchAndBound::new(self, goal, &target, empties_too, remaining, &delta);
            let best = step.best(&bases)?;
            self.apply(&best, goal.direction, &mut delta);
            remaining -= best.amount;
            if remaining <= 0 {
                return Some(self.finish(delta.end(self.lattice)));
            }
        }
        None
    }

    /// Base cells from which a box that moves the target can start.
    fn bases(&self, target: &AxisTarget, empties_too: bool) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new()];
        for inside in &target.plus {
            let leaves = (0..).zip(inside).filter(|(_, inside)| **inside);
            let leaves: Vec<u32> = leaves.map(|(leaf, _)| leaf).collect();
            let longer = |at: Vec<u32>| {
                let longer = leaves.iter().map(|&leaf| [at.as_slice(), &[leaf]].concat());
                longer.collect::<Vec<_>>()
            };
            all = all.into_iter().flat_map(longer).collect();
        }
        all.retain(|at| target.holds(at));
        let wide = all.len() > WIDE && !empties_too;
        all.retain(|at| {
            let cell = self.base(target.state, at);
            let usable = self.units[cell] > 0
                || (!wide && (empties_too || !self.known_empty(cell, |c| self.shown(c))));
            usable && !self.layer.fixed(self.lattice.base(cell))
        });
        all
    }

    /// Whether everyone can see that a base cell is empty: a cell over it is empty and was published before, or
    /// is `shown`.
    pub(crate) fn known_empty(&self, base: CellId, shown: impl Fn(CellId) -> bool) -> bool {
        let shows = |cover: CellId| self.units[cover] == 0 && (self.known[cover] || shown(cover));
        // mostly the cell itself shows it
        shows(base) || self.empty_covers(base).into_iter().any(shows)
    }

    /// The states that a change of these cells in one state changes, as bits.
    pub(crate) fn states(
        &self,
        state: StateId,
        cells: impl Iterator<Item = LocalId> + Clone,
    ) -> u64 {
        match self.coupling {
            None => only(state),
            Some(coupling) => coupling.states(state, cells),
        }
    }

    /// The base cell at some coordinates.
    pub(crate) fn base(&self, state: StateId, at: &[u32]) -> CellId {
        let cell = self.lattice.cell(self.lattice.full, at);
        self.lattice.at(state, cell)
    }

    /// Whether a cell is shown, whatever the move under way has changed.
    #[inline]
    pub(crate) fn shown(&self, cell: CellId) -> bool {
        self.lattice.published(cell) && !self.hidden[cell]
    }

    /// Adds a box to the changes, in every state that it changes.
    fn apply(&self, step: &Candidate, direction: i64, delta: &mut Delta) {
        let of = step.hypercube();
        let levels: Vec<LevelId> = of.levels(self.lattice).collect();
        for state in members(step.states) {
            for &level in &levels {
                for (local, sign) in of.corners(self.lattice, level) {
                    let cell = self.lattice.at(state, local);
                    delta.add(cell, sign * direction * step.amount);
                    if level == self.lattice.full {
                        let covers = self.empty_covers(cell);
                        covers.into_iter().for_each(|cover| delta.touch(cover));
                    }
                }
            }
        }
    }

    /// The empty cells that hold a base cell, if it is empty.
    pub(crate) fn empty_covers(&self, base: CellId) -> Vec<CellId> {
        if self.units[base] > 0 {
            return Vec::new();
        }
        let (at, state) = (self.lattice.coordinates(base), self.lattice.state(base));
        let levels = self.lattice.levels.ids();
        levels
            .map(|level| self.lattice.at(state, self.lattice.cell(level, &at)))
            .filter(|&cover| self.units[cover] == 0)
            .collect()
    }

    /// A move with the empty cells that must be hidden for it.
    pub(crate) fn finish(&self, mut found: Move) -> Move {
        for &base in found.bases.keys() {
            let covers = self.empty_covers(base).into_iter();
            let published = covers.filter(|&cover| self.lattice.published(cover));
            found.empties.extend(published);
        }
        found
    }
}
