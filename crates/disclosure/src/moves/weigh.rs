//! What a whole box can move and what it costs, in every release state that it changes.

use super::{
    branch_and_bound::{BranchAndBound, Candidate, ratio},
    hypercube::Hypercube,
    tie::unties,
};
use crate::{
    ids::{CellId, LevelId, StateId},
    lattice::{members, only},
};

impl BranchAndBound<'_> {
    /// Whether a cell is shown in spite of what the move has changed so far.
    #[inline]
    pub(super) fn shown(&self, cell: CellId) -> bool {
        self.instance.shown(cell) && !self.delta.touched(cell)
    }

    /// How far a cell can still fall.
    #[inline]
    pub(super) fn floor(&self, cell: CellId) -> i64 {
        self.instance.layer.floor(cell, self.delta.change(cell))
    }

    /// How far a corner can move; `None` when it cannot be one.
    pub(super) fn base_room(&self, cell: CellId, sign: i64) -> Option<i64> {
        let instance = self.instance;
        let base = instance.lattice.base(cell);
        let empty = instance.units[cell] == 0 && !self.empties_too;
        if instance.layer.fixed(base) || (empty && instance.known_empty(cell, |c| self.shown(c))) {
            return None;
        }
        if self.goal.linear {
            return Some(self.remaining);
        }
        let direction = sign * self.goal.direction;
        let moved = self.delta.change(cell);
        Some(instance.layer.room(base, direction, moved))
    }

    /// A box, if it moves anything and costs less than `limit` for what it moves.
    pub(super) fn weigh(&self, of: Hypercube, limit: f64) -> Option<Candidate> {
        let states = self.states(of);
        let mut candidate = Candidate {
            coordinates: of.start.to_vec(),
            other: of.other.to_vec(),
            mask: of.mask,
            states,
            tied: Vec::new(),
            amount: self.remaining,
            cost: 0.0,
        };
        for state in members(states) {
            let empties = self.base_corners(state, of, &mut candidate)?;
            self.margins(state, of, &empties, limit, &mut candidate)?;
        }
        if let Some(tie) = &self.goal.tie {
            let change = |cell| {
                let own = candidate.tied.iter().find(|(own, _)| *own == cell);
                own.map_or(0, |(_, change)| *change)
            };
            if !unties(1, tie, change) {
                return None;
            }
        }
        Some(candidate)
    }

    /// The states that a box changes, as bits.
    fn states(&self, of: Hypercube) -> u64 {
        let (lattice, state) = (self.instance.lattice, self.target.state);
        if self.instance.coupling.is_none() {
            return only(state);
        }
        let cells = of.levels(lattice).flat_map(|l| of.corners(lattice, l));
        let cells: Vec<_> = cells.map(|(cell, _)| cell).collect();
        self.instance.states(state, cells.iter().copied())
    }

    /// What the corners themselves allow in one state, and the empty cells that hide with them.
    fn base_corners(
        &self,
        state: StateId,
        of: Hypercube,
        candidate: &mut Candidate,
    ) -> Option<Vec<CellId>> {
        let instance = self.instance;
        let mut empties: Vec<CellId> = Vec::new();
        for (local, sign) in of.corners(instance.lattice, instance.lattice.full) {
            let cell = instance.lattice.at(state, local);
            candidate.amount = candidate.amount.min(self.base_room(cell, sign)?);
            if candidate.amount <= 0 {
                return None;
            }
            for cover in instance.empty_covers(cell).into_iter().rev() {
                if instance.known[cover] {
                    return None;
                }
                if self.shown(cover) && !empties.contains(&cover) {
                    empties.push(cover);
                    candidate.cost += instance.cost[cover];
                }
            }
        }
        Some(empties)
    }

    /// What the cells that hold some corners allow in one state, and what hiding them costs.
    fn margins(
        &self,
        state: StateId,
        of: Hypercube,
        empties: &[CellId],
        limit: f64,
        candidate: &mut Candidate,
    ) -> Option<()> {
        for level in of.levels(self.instance.lattice) {
            if self.goal.tie.is_none() && !self.instance.lattice.seen(level) {
                continue;
            }
            self.margin(state, of, level, empties, candidate)?;
            if candidate.amount <= 0 || ratio(candidate.cost, candidate.amount) >= limit {
                return None;
            }
        }
        Some(())
    }

    /// What the corners in one level allow, and what hiding them costs.
    fn margin(
        &self,
        state: StateId,
        of: Hypercube,
        level: LevelId,
        empties: &[CellId],
        candidate: &mut Candidate,
    ) -> Option<()> {
        let instance = self.instance;
        for (local, sign) in of.corners(instance.lattice, level) {
            let cell = instance.lattice.at(state, local);
            if instance.known[cell] {
                return None;
            }
            if let Some(tie) = &self.goal.tie
                && tie.binary_search_by_key(&cell, |&(own, _)| own).is_ok()
            {
                candidate.tied.push((cell, sign));
            }
            if self.shown(cell) && !empties.contains(&cell) {
                candidate.cost += instance.cost[cell];
            }
            if self.goal.lowers(sign) {
                candidate.amount = candidate.amount.min(self.floor(cell));
            }
        }
        Some(())
    }
}
