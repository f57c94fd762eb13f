//! The search for a pattern: which needs are open, and moves that meet them.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{Certificate, Pattern, Provider, Singleton, certificates::Certificates};
use crate::{
    moves::{Delta, Functional, Goal, Instance, Move, Tie, tied, unties},
    primary::Need,
};

/// The state of a search for a pattern.
pub(crate) struct Search<'a> {
    pub(crate) pattern: &'a Pattern<'a>,
    pub(crate) certificates: Certificates,
    pub(crate) hidden: Vec<bool>,
    /// What hiding a cell costs; more while it is tried without that cell.
    pub(crate) cost: Vec<f64>,
    /// Cells shown or hidden since a trial began, and whether they were hidden then.
    pub(crate) journal: BTreeMap<usize, bool>,
    /// How many corners of boxes were looked at so far.
    pub(crate) weighed: Cell<u64>,
    delta: RefCell<Delta>,
    /// Per cell how many certificates hide it.
    pub(crate) uses: Vec<usize>,
    /// Which needs, secrets and singletons concern a cell.
    needs_at: Vec<Vec<usize>>,
    secrets_at: Vec<Vec<usize>>,
    singletons_at: Vec<Vec<usize>>,
}

/// Cells of which the certificates have changed; `None` for all.
pub(crate) type Scope<'a> = Option<&'a BTreeSet<usize>>;

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl<'a> Search<'a> {
    pub(crate) fn new(pattern: &'a Pattern<'a>) -> Search<'a> {
        let mut hidden = vec![false; pattern.lattice.cells()];
        for &cell in &pattern.forced {
            hidden[cell] = true;
        }
        let index = |targets: &mut dyn Iterator<Item = Functional>| {
            let mut at = vec![Vec::new(); pattern.lattice.cells()];
            for (number, target) in targets.enumerate() {
                for cell in [Some(target.plus), target.minus].into_iter().flatten() {
                    at[cell].push(number);
                }
            }
            at
        };
        let mut singletons_at = vec![Vec::new(); pattern.lattice.cells()];
        for (number, single) in pattern.singletons.iter().enumerate() {
            for &cell in &single.cells {
                singletons_at[cell].push(number);
            }
        }
        let mut search = Search {
            pattern,
            certificates: Certificates::new(pattern.lattice.cells()),
            hidden,
            cost: pattern.cost.to_vec(),
            journal: BTreeMap::new(),
            weighed: Cell::new(0),
            delta: RefCell::new(Delta::new(pattern.lattice.cells())),
            uses: vec![0; pattern.lattice.cells()],
            needs_at: index(&mut pattern.needs.iter().map(|n| n.goal.target)),
            secrets_at: index(&mut pattern.secrets.iter().copied()),
            singletons_at,
        };
        for certificate in &pattern.inherited {
            search.hide(certificate);
            search.certificates.push(certificate.clone());
        }
        search
    }

    pub(crate) fn hide(&mut self, certificate: &Certificate) {
        for cell in certificate.hides() {
            if self.pattern.lattice.published(cell) {
                self.uses[cell] += 1;
                self.set(cell, true);
            }
        }
    }

    pub(crate) fn show(&mut self, certificate: &Certificate) {
        for cell in certificate.hides() {
            if self.pattern.lattice.published(cell) {
                self.uses[cell] -= 1;
                if self.uses[cell] == 0 {
                    self.set(cell, self.pattern.forced.contains(&cell));
                }
            }
        }
    }

    fn set(&mut self, cell: usize, hidden: bool) {
        let was = std::mem::replace(&mut self.hidden[cell], hidden);
        if was != hidden {
            self.journal.entry(cell).or_insert(was);
        }
    }

    /// What is given up more than when the trial began; `None` when nothing has changed.
    pub(crate) fn more_given_up(&self) -> Option<f64> {
        let changed = self.journal.iter();
        let changed = changed.filter(|&(&cell, &was)| self.hidden[cell] != was);
        changed
            .map(|(&cell, &was)| self.pattern.cost[cell] * if was { -1.0 } else { 1.0 })
            .reduce(|a, b| a + b)
    }

    /// Meets what is open, and what then opens.
    pub(crate) fn meet_all(&mut self, mut open: Vec<Need>) -> Result<(), Need> {
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

    /// Hides what a move that meets the need changes.
    pub(crate) fn add(&mut self, need: &Need) -> Result<(), Need> {
        let certificate = self.meet(need)?;
        self.hide(&certificate);
        self.certificates.push(certificate);
        Ok(())
    }

    fn meet(&self, need: &Need) -> Result<Certificate, Need> {
        let pattern = self.pattern;
        let instance = Instance {
            lattice: pattern.lattice,
            units: pattern.units,
            hidden: &self.hidden,
            known: pattern.known,
            coupling: pattern.coupling,
            cost: &self.cost,
            layer: &pattern.layers[need.layer],
            may_hide_empties: pattern.may_hide_empties,
            weighed: &self.weighed,
            delta: &self.delta,
        };
        let found = instance.find(&need.goal);
        let found = found.or_else(|| instance.recall(&need.goal, pattern.remembered));
        let found = found.ok_or_else(|| need.clone())?;
        let unseen = self.unseen(&found);
        Ok(Certificate {
            layer: (!need.goal.linear).then_some(need.layer),
            proves: (!need.goal.linear)
                .then_some((instance.layer.quantity, instance.layer.quantum)),
            found,
            unseen,
        })
    }

    /// Which providers see nothing of a move in the margins they know.
    fn unseen(&self, found: &Move) -> u64 {
        let mut bits = 0;
        for (provider, known) in self.pattern.providers.iter().enumerate() {
            let seen = known.as_ref().is_some_and(|known| {
                let lattice = self.pattern.lattice;
                let level = &lattice.levels[known.level];
                (0..lattice.states).any(|state| {
                    let start = state * lattice.local + level.offset;
                    found.cells.range(start..start + level.len).next().is_some()
                })
            });
            bits |= u64::from(!seen) << provider;
        }
        bits
    }

    /// Whether one certificate meets a need by itself.
    pub(crate) fn met(&self, need: &Need) -> bool {
        let goal = &need.goal;
        let provider = goal.known.map(|level| {
            let knows = |p: &Option<Provider>| p.as_ref().is_some_and(|p| p.level == level);
            self.pattern.providers.iter().position(knows)
        });
        let meets = |slot: usize, change: i64| {
            let Some(c) = self.certificates.get(slot) else {
                return false;
            };
            let far_enough = goal.linear
                || (c.layer == Some(need.layer) && change * goal.direction >= goal.amount);
            let at = |cell| c.found.cells.get(&cell).copied().unwrap_or(0);
            let unties = |tie: &Rc<Tie>| unties(change, tie, at);
            let hides_from = |p: Option<usize>| p.is_some_and(|p| c.unseen >> p & 1 == 1);
            far_enough && goal.tie.as_ref().is_none_or(unties) && provider.is_none_or(hides_from)
        };
        match goal.target.minus {
            None => {
                let row = self.certificates.row(goal.target.plus);
                row.iter().any(|&(slot, change)| meets(slot, change))
            }
            Some(_) => {
                let row = self.certificates.changes(goal.target);
                row.into_iter().any(|(slot, change)| meets(slot, change))
            }
        }
    }

    pub(crate) fn open_needs(&self, scope: Scope) -> Vec<Need> {
        let needs = &self.pattern.needs;
        let numbers = within(&self.needs_at, needs.len(), scope).into_iter();
        let mut open: Vec<Need> = numbers
            .map(|n| needs[n].clone())
            .filter(|need| !self.met(need))
            .collect();
        // an empty cell that followed would be known to be empty after all, and all within it
        let secret = |cell: &usize| {
            self.certificates.row(*cell).is_empty() && !self.pattern.valueless.contains(cell)
        };
        let derived: BTreeSet<usize> = match scope {
            None => {
                let all = self
                    .pattern
                    .forced
                    .iter()
                    .copied()
                    .chain(self.certificates.empties());
                all.filter(secret).collect()
            }
            Some(scope) => {
                let must = |cell: &usize| {
                    self.pattern.forced.contains(cell) || self.certificates.hides_empty(*cell)
                };
                scope.iter().copied().filter(must).filter(secret).collect()
            }
        };
        open.extend(derived.into_iter().map(|c| linear(Functional::cell(c))));
        open.extend(self.open_to_providers(scope));
        if open.is_empty() {
            open = self.open_to_singletons(scope);
        }
        open
    }

    /// Secrets that a provider derives from its own columns.
    fn open_to_providers(&self, scope: Scope) -> Vec<Need> {
        let mut open = Vec::new();
        let secrets = &self.pattern.secrets;
        let numbers = within(&self.secrets_at, secrets.len(), scope);
        for known in self.pattern.providers.iter().flatten() {
            for target in numbers.iter().map(|&n| secrets[n]) {
                let mut need = linear(target);
                need.goal.known = Some(known.level);
                let grouped = self.pattern.lattice.dimensions_of(target.anchor());
                let secret = grouped & !known.held != 0
                    && (target.minus.is_some() || !known.own.contains(&target.plus));
                if secret && !self.met(&need) {
                    open.push(need);
                }
            }
        }
        open
    }

    /// Secrets that a single contributor derives by subtracting their own part.
    ///
    /// A secret t follows from known cells K exactly when its changes in all moves are a combination of theirs; a
    /// move in which they are not unties it.
    /// So one of K is among the cells that the first move of t changes.
    fn open_to_singletons(&self, scope: Scope) -> Vec<Need> {
        let secrets = &self.pattern.secrets;
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        for number in within(&self.secrets_at, secrets.len(), scope) {
            let singles = self.alongside(
                &self.certificates.changes(secrets[number]),
                &self.singletons_at,
            );
            pairs.extend(singles.into_iter().map(|single| (number, single)));
        }
        for cell in scope.into_iter().flatten() {
            for &single in self.singletons_at.get(*cell).into_iter().flatten() {
                for own in &self.pattern.singletons[single].cells {
                    let numbers = self.alongside(self.certificates.row(*own), &self.secrets_at);
                    pairs.extend(numbers.into_iter().map(|number| (number, single)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut open = Vec::new();
        for of in pairs.chunk_by(|a, b| a.0 == b.0) {
            let target = secrets[of[0].0];
            let row = self.certificates.changes(target);
            let tie = of
                .iter()
                .find_map(|&(_, single)| self.tie(target, &row, single));
            if let Some(tie) = tie {
                let mut need = linear(target);
                need.goal.tie = Some(Rc::new(tie));
                open.push(need);
            }
        }
        open
    }

    /// How a secret with this row of changes follows from what a contributor knows, if it tells of others.
    fn tie(&self, target: Functional, row: &[(usize, i64)], single: usize) -> Option<Tie> {
        let single = &self.pattern.singletons[single];
        let (last, _) = *row.last()?;
        let mut cells = single.cells.iter();
        if !cells.any(|&cell| self.certificates.changed_by(cell, last)) {
            return None;
        }
        let own = single
            .cells
            .iter()
            .map(|&cell| (cell, self.certificates.row(cell)));
        let tie = tied(row, &own.collect::<Vec<_>>())?;
        self.tells_of_others(target, single).then_some(tie)
    }

    /// What `at` has for the cells that the first move of a row changes.
    fn alongside(&self, row: &[(usize, i64)], at: &[Vec<usize>]) -> Vec<usize> {
        let first = row
            .first()
            .and_then(|&(slot, _)| self.certificates.get(slot));
        let cells = first.into_iter().flat_map(|c| c.found.cells.keys());
        cells.flat_map(|&cell| &at[cell]).copied().collect()
    }

    /// Whether deriving `target` tells a singleton anything but their own part.
    fn tells_of_others(&self, target: Functional, single: &Singleton) -> bool {
        let (lattice, cell) = (self.pattern.lattice, target.anchor());
        if self.is_own(target, single) {
            return false;
        }
        if target.minus.is_none() {
            return true;
        }
        // siblings of the cell: their sum is one's own part when one is the only unit among them
        let others = self.pattern.units[target.plus] - self.pattern.units[cell];
        let among = single.bases.iter().any(|&base| {
            let own = lattice.coordinates(base);
            lattice.holds(target.plus, &own) && !lattice.holds(cell, &own)
        });
        !(others == 1 && among)
    }

    /// Whether all that a target is about lies in cells in which a singleton is alone.
    fn is_own(&self, target: Functional, single: &Singleton) -> bool {
        let lattice = self.pattern.lattice;
        let state = lattice.state(target.plus);
        let cells = single.cells.iter().copied();
        let own: Vec<usize> = cells.filter(|&c| lattice.state(c) == state).collect();
        lattice.all_within(target.plus, |at| {
            let holds = |&cell: &usize| lattice.holds(cell, at);
            target.minus.as_ref().is_some_and(holds) || own.iter().any(holds)
        })
    }
}

fn linear(target: Functional) -> Need {
    Need {
        layer: 0,
        goal: Goal {
            target,
            direction: 1,
            amount: 1,
            linear: true,
            known: None,
            tie: None,
        },
    }
}

/// Numbers of what concerns the cells of `scope`, rising; all `len` of them without a scope.
fn within(at: &[Vec<usize>], len: usize, scope: Scope) -> Vec<usize> {
    let Some(scope) = scope else {
        return (0..len).collect();
    };
    let all = scope.iter().filter_map(|&cell| at.get(cell)).flatten();
    all.copied()
        .collect::<BTreeSet<usize>>()
        .into_iter()
        .collect()
}
