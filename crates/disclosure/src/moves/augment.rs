//! Finding a move: a second table that equals the true one on every published cell.
//!
//! A *box* takes a set S of axes and two leaves of each; its 2^|S| corners change by +a and -a in turn.
//! Summed over an axis of S, or over a union that holds both its leaves, it cancels; so it shows only in
//! cells that tell all those leaves apart. A walk applies boxes until its target has moved far enough, each
//! time the box that gives up least for what it moves; the empty S (raising one base cell and all its margins)
//! remains for an outsider, unless something was published before. What a walk finds is a certificate: the
//! tables it reaches are what an attacker cannot tell from the truth. De Loera & Onn (2006) on why integers
//! must be walked.
//!
//! Where the table was published before, a box changes all states in which the cells it touches were the same:
//! unchanged cells are one unknown. It changes nothing that is known already.

use super::{
    Functional, Goal, Instance, Move,
    branch_and_bound::{BranchAndBound, Candidate},
    delta::Delta,
    hypercube::{corners, telling},
    target::Target,
};
use crate::lattice::bits;

/// More base cells than this under one target are searched only where they are not empty.
const WIDE: usize = 4096;
/// Boxes in one walk; a walk that needs more goes on with fewer, wider boxes.
const STEPS: usize = 400;

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers and axes come from the lattice that sized these vectors"
)]
impl Instance<'_> {
    /// The cheapest move found, or `None` when none exists under the constraints.
    pub(crate) fn find(&self, goal: &Goal) -> Option<Move> {
        self.walk(goal, false)
            .or_else(|| self.transfer(goal))
            .or_else(|| self.walk(goal, self.may_hide_empties))
    }

    fn walk(&self, goal: &Goal, empties_too: bool) -> Option<Move> {
        self.walk_on(Move::default(), goal, empties_too)
    }

    /// The same move with a cell higher by so much.
    pub(crate) fn raise(&self, found: Move, cell: usize, amount: i64) -> Option<Move> {
        let goal = Goal {
            target: Functional::cell(cell),
            direction: 1,
            amount,
            linear: false,
            known: None,
            tie: None,
        };
        self.walk_on(found, &goal, false)
    }

    /// Goes on from a move with boxes, until the target has moved as far again as is wanted.
    fn walk_on(&self, found: Move, goal: &Goal, empties_too: bool) -> Option<Move> {
        let mut delta = self.delta.borrow_mut();
        delta.start(&found);
        let mut remaining = goal.amount;
        let target = Target::new(self.lattice, goal.target);
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
    fn bases(&self, target: &Target, empties_too: bool) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new()];
        for inside in &target.plus {
            let leaves: Vec<u32> = (0..inside.len() as u32)
                .filter(|&leaf| inside[leaf as usize])
                .collect();
            all = all
                .into_iter()
                .flat_map(|at: Vec<u32>| {
                    let longer = move |&leaf: &u32| [at.as_slice(), &[leaf]].concat();
                    leaves.iter().map(longer).collect::<Vec<_>>()
                })
                .collect();
        }
        all.retain(|at| target.holds(at));
        let wide = all.len() > WIDE && !empties_too;
        all.retain(|at| {
            let cell = self.at(target.state, self.lattice.cell(self.lattice.full, at));
            let usable = self.units[cell] > 0
                || (!wide && (empties_too || !self.told_empty(cell, |c| self.shown(c))));
            usable && !self.layer.fixed(self.lattice.base_index(cell))
        });
        all
    }

    /// Whether everyone can tell that a base cell is empty: a cell over it is empty and was published before, or
    /// counts as `shown`.
    pub(crate) fn told_empty(&self, base: usize, shown: impl Fn(usize) -> bool) -> bool {
        let tells = |cover: usize| self.units[cover] == 0 && (self.known[cover] || shown(cover));
        // mostly the cell itself tells
        tells(base) || self.empty_covers(base).into_iter().any(tells)
    }

    /// The states that a change of these cells in one state changes, as bits.
    pub(crate) fn states(&self, state: usize, cells: impl Iterator<Item = usize> + Clone) -> u64 {
        match self.coupling {
            None => 1 << state,
            Some(coupling) => coupling.states(state, cells),
        }
    }

    pub(crate) fn at(&self, state: usize, local: usize) -> usize {
        state * self.lattice.local + local
    }

    /// Whether a cell is shown, whatever a walk has done so far.
    pub(crate) fn shown(&self, cell: usize) -> bool {
        self.lattice.published(cell) && !self.hidden[cell]
    }

    fn apply(&self, step: &Candidate, direction: i64, delta: &mut Delta) {
        let at = (
            step.coordinates.as_slice(),
            step.other.as_slice(),
            step.mask,
        );
        let levels: Vec<usize> = telling(self.lattice, at).collect();
        for state in bits(step.states) {
            for &level in &levels {
                for (local, sign) in corners(self.lattice, level, at) {
                    let cell = self.at(state, local);
                    delta.add(cell, sign * direction * step.amount);
                    if level == self.lattice.full {
                        for cover in self.empty_covers(cell) {
                            delta.touch(cover);
                        }
                    }
                }
            }
        }
    }

    /// The empty cells that hold a base cell, if it is empty.
    pub(crate) fn empty_covers(&self, base: usize) -> Vec<usize> {
        if self.units[base] > 0 {
            return Vec::new();
        }
        let (at, state) = (self.lattice.coordinates(base), self.lattice.state(base));
        (0..self.lattice.levels.len())
            .map(|level| self.at(state, self.lattice.cell(level, &at)))
            .filter(|&cover| self.units[cover] == 0)
            .collect()
    }

    pub(crate) fn finish(&self, mut found: Move) -> Move {
        for &base in found.bases.keys() {
            let covers = self.empty_covers(base).into_iter();
            found
                .empties
                .extend(covers.filter(|&cover| self.lattice.published(cover)));
        }
        found
    }
}
