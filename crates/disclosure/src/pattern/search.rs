//! The search for a pattern: each need that is open is met by a move, and what that changes is hidden.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use super::{Certificate, Pattern, certificates::Certificates};
use crate::{
    ids::{CellId, IdVec, NeedId, SecretId, SingletonId, SlotId},
    moves::{Delta, Functional, Instance, Move, Tie, unties},
    primary::Need,
};

/// How far a search for a pattern has come.
pub(crate) struct Search<'a> {
    /// What must be protected.
    pub(super) pattern: &'a Pattern<'a>,
    /// The moves in use.
    pub(super) certificates: Certificates,
    /// The cells that are hidden.
    pub(super) hidden: IdVec<CellId, bool>,
    /// What hiding a cell costs; more while it is tried without that cell.
    pub(super) cost: IdVec<CellId, f64>,
    /// Cells shown or hidden since a trial began, and whether they were hidden then.
    pub(super) journal: BTreeMap<CellId, bool>,
    /// How many corners of boxes were looked at so far.
    pub(super) weighed: Cell<u64>,
    delta: RefCell<Delta>,
    /// Per cell how many certificates hide it.
    pub(super) uses: IdVec<CellId, usize>,
    /// Which needs concern a cell.
    pub(super) needs_at: Concerning<NeedId>,
    /// Which secrets concern a cell.
    pub(super) secrets_at: Concerning<SecretId>,
    /// Which singletons know a cell.
    pub(super) singletons_at: Concerning<SingletonId>,
}

/// Per cell which things of a kind concern it.
pub(super) type Concerning<I> = IdVec<CellId, Vec<I>>;

/// The cells of a functional.
fn cells_of(of: Functional) -> impl Iterator<Item = CellId> {
    [Some(of.plus), of.minus].into_iter().flatten()
}

impl<'a> Search<'a> {
    /// A search that has hidden no more than must be hidden, and what is inherited.
    pub(super) fn new(pattern: &'a Pattern<'a>) -> Search<'a> {
        let cells = pattern.lattice.size();
        let mut search = Search {
            pattern,
            certificates: Certificates::new(cells),
            hidden: IdVec::filled(false, cells),
            cost: pattern.cost.clone(),
            journal: BTreeMap::new(),
            weighed: Cell::new(0),
            delta: RefCell::new(Delta::new(cells)),
            uses: IdVec::filled(0, cells),
            needs_at: IdVec::filled(Vec::new(), cells),
            secrets_at: IdVec::filled(Vec::new(), cells),
            singletons_at: IdVec::filled(Vec::new(), cells),
        };
        search.index();
        for &cell in &pattern.forced {
            search.hidden[cell] = true;
        }
        for certificate in &pattern.inherited {
            search.hide(certificate);
            search.certificates.push(certificate.clone());
        }
        search
    }

    /// Notes which cells everything concerns.
    fn index(&mut self) {
        for (number, need) in self.pattern.needs.pairs() {
            for cell in cells_of(need.goal.target) {
                self.needs_at[cell].push(number);
            }
        }
        for (number, &secret) in self.pattern.secrets.pairs() {
            for cell in cells_of(secret) {
                self.secrets_at[cell].push(number);
            }
        }
        for (number, single) in self.pattern.singletons.pairs() {
            for &cell in &single.cells {
                self.singletons_at[cell].push(number);
            }
        }
    }

    /// Hides the published cells of a certificate.
    pub(super) fn hide(&mut self, certificate: &Certificate) {
        for cell in certificate.hides() {
            if self.pattern.lattice.published(cell) {
                self.uses[cell] += 1;
                self.set(cell, true);
            }
        }
    }

    /// Shows the published cells of a certificate again, as far as nothing else hides them.
    pub(super) fn show(&mut self, certificate: &Certificate) {
        for cell in certificate.hides() {
            if self.pattern.lattice.published(cell) {
                self.uses[cell] -= 1;
                if self.uses[cell] == 0 {
                    self.set(cell, self.pattern.forced.contains(&cell));
                }
            }
        }
    }

    /// Hides or shows a cell, and notes what it was.
    fn set(&mut self, cell: CellId, hidden: bool) {
        let was = std::mem::replace(&mut self.hidden[cell], hidden);
        if was != hidden {
            self.journal.entry(cell).or_insert(was);
        }
    }

    /// What is given up more than when the trial began; `None` when nothing has changed.
    pub(super) fn more_given_up(&self) -> Option<f64> {
        let changed = self.journal.iter();
        let changed = changed.filter(|&(&cell, &was)| self.hidden[cell] != was);
        changed
            .map(|(&cell, &was)| self.pattern.cost[cell] * if was { -1.0 } else { 1.0 })
            .reduce(|a, b| a + b)
    }

    /// Meets what is open, and what then opens.
    ///
    /// # Errors
    /// A need that no move meets.
    pub(super) fn meet_all(&mut self, mut open: Vec<Need>) -> Result<(), Need> {
        while !open.is_empty() {
            for need in open {
                if !self.met(&need) {
                    self.add(&need)?;
                }
            }
            open = self.open_needs(None);
        }
        Ok(())
    }

    /// Hides what a move that meets the need changes, and returns the slot of the move.
    ///
    /// # Errors
    /// The need, if no move meets it.
    pub(super) fn add(&mut self, need: &Need) -> Result<SlotId, Need> {
        let certificate = self.meet(need)?;
        self.hide(&certificate);
        Ok(self.certificates.push(certificate))
    }

    /// A move that meets the need.
    fn meet(&self, need: &Need) -> Result<Certificate, Need> {
        let pattern = self.pattern;
        let layer = &pattern.layers[need.layer];
        let instance = Instance {
            lattice: pattern.lattice,
            units: pattern.units,
            hidden: &self.hidden,
            known: pattern.known,
            coupling: pattern.coupling,
            cost: &self.cost,
            layer,
            may_hide_empties: pattern.may_hide_empties,
            weighed: &self.weighed,
            delta: &self.delta,
        };
        let found = instance.find(&need.goal);
        let found = found.or_else(|| instance.recall(&need.goal, pattern.remembered));
        let found = found.ok_or_else(|| need.clone())?;
        let unseen = self.unseen(&found);
        let bounded = !need.goal.linear;
        Ok(Certificate {
            layer: bounded.then_some(need.layer),
            proves: bounded.then_some((layer.quantity, layer.quantum)),
            found,
            unseen,
        })
    }

    /// Which providers see nothing of a move in the margins they know.
    fn unseen(&self, found: &Move) -> u64 {
        let lattice = self.pattern.lattice;
        let mut bits = 0;
        for (provider, known) in self.pattern.providers.iter().enumerate() {
            let seen = known.as_ref().is_some_and(|known| {
                lattice.state_ids().any(|state| {
                    let margins = lattice.range(state, known.level);
                    found.cells.range(margins).next().is_some()
                })
            });
            bits |= u64::from(!seen) << provider;
        }
        bits
    }

    /// Whether one certificate meets a need by itself.
    pub(super) fn met(&self, need: &Need) -> bool {
        let meets = |&(slot, change): &(SlotId, i64)| {
            let of = self.certificates.get(slot);
            of.is_some_and(|of| self.meets(of, change, need))
        };
        match need.goal.target.minus {
            None => self
                .certificates
                .row(need.goal.target.plus)
                .iter()
                .any(meets),
            Some(_) => self
                .certificates
                .changes(need.goal.target)
                .iter()
                .any(meets),
        }
    }

    /// Whether a certificate that changes the target of a need by `change` meets the need.
    fn meets(&self, of: &Certificate, change: i64, need: &Need) -> bool {
        let goal = &need.goal;
        let far_enough =
            goal.linear || (of.layer == Some(need.layer) && change * goal.direction >= goal.amount);
        if !far_enough {
            return false;
        }
        let unties = |tie: &Tie| unties(change, tie, |cell| of.found.change(cell));
        if !goal.tie.as_deref().is_none_or(unties) {
            return false;
        }
        goal.known.is_none_or(|level| {
            let mut providers = self.pattern.providers.iter();
            let provider = providers.position(|p| p.as_ref().is_some_and(|p| p.level == level));
            provider.is_some_and(|p| of.unseen >> p & 1 == 1)
        })
    }
}
