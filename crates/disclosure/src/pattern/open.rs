//! Which needs are open: what an outsider, a provider or a single contributor could still derive.

use std::{collections::BTreeSet, rc::Rc};

use super::{
    Provider, Singleton,
    search::{Concerning, Search},
};
use crate::{
    ids::{CellId, Id, SecretId, SingletonId, SlotId, first},
    moves::{Functional, MoveRow, Tie, tied},
    primary::Need,
};

/// Cells of which the certificates have changed; `None` for all.
pub(super) type ChangedCells<'a> = Option<&'a BTreeSet<CellId>>;

impl Search<'_> {
    /// The needs that no certificate meets, among what concerns the cells of `scope`.
    pub(super) fn open_needs(&self, scope: ChangedCells) -> Vec<Need> {
        let needs = &self.pattern.needs;
        let numbers = within(&self.needs_at, needs.len(), scope).into_iter();
        let mut open: Vec<Need> = numbers
            .map(|n| &needs[n])
            .filter(|need| !self.met(need))
            .cloned()
            .collect();
        let followed = self.derivable(scope).into_iter();
        open.extend(followed.map(|c| Need::linear(Functional::cell(c))));
        open.extend(self.open_to_providers(scope));
        if open.is_empty() {
            open = self.open_to_singletons(scope);
        }
        open
    }

    /// Hidden cells that no certificate changes, so that an outsider derives them.
    fn derivable(&self, scope: ChangedCells) -> BTreeSet<CellId> {
        // an empty cell that followed would be known to be empty after all, and all within it
        let derivable = |cell: &CellId| {
            self.certificates.row(*cell).is_empty() && !self.pattern.valueless.contains(cell)
        };
        let forced = &self.pattern.forced;
        match scope {
            None => {
                let all = forced.iter().copied().chain(self.certificates.empties());
                all.filter(derivable).collect()
            }
            Some(scope) => {
                let hidden =
                    |cell: &CellId| forced.contains(cell) || self.certificates.hides_empty(*cell);
                scope
                    .iter()
                    .copied()
                    .filter(hidden)
                    .filter(derivable)
                    .collect()
            }
        }
    }

    /// Secrets that a provider derives from its own columns.
    fn open_to_providers(&self, scope: ChangedCells) -> Vec<Need> {
        let mut open = Vec::new();
        let secrets = &self.pattern.secrets;
        let numbers = within(&self.secrets_at, secrets.len(), scope);
        for known in self.pattern.providers.iter().flatten() {
            for target in numbers.iter().map(|&n| secrets[n]) {
                if !self.is_secret_to(known, target) {
                    continue;
                }
                let mut need = Need::linear(target);
                need.goal.known = Some(known.level);
                if !self.met(&need) {
                    open.push(need);
                }
            }
        }
        open
    }

    /// Whether a secret is more than what a provider has anyway.
    fn is_secret_to(&self, provider: &Provider, target: Functional) -> bool {
        let grouped = self.pattern.lattice.dimensions_of(target.anchor());
        grouped & !provider.held != 0
            && (target.minus.is_some() || !provider.own.contains(&target.plus))
    }

    /// Secrets that a single contributor derives by subtracting their own part.
    ///
    /// A secret t follows from known cells K exactly when its changes in all moves are a combination of theirs; a
    /// move in which they are not unties it.
    /// So one of K is among the cells that the first move of t changes.
    fn open_to_singletons(&self, scope: ChangedCells) -> Vec<Need> {
        let mut open = Vec::new();
        for of in self.suspects(scope).chunk_by(|a, b| a.0 == b.0) {
            let Some(&(secret, _)) = of.first() else {
                continue;
            };
            let target = self.pattern.secrets[secret];
            let row = self.certificates.changes(target);
            let tie = of
                .iter()
                .find_map(|&(_, single)| self.tie(target, &row, single));
            if let Some(tie) = tie {
                let mut need = Need::linear(target);
                need.goal.tie = Some(Rc::new(tie));
                open.push(need);
            }
        }
        open
    }

    /// Secrets, rising, with the contributors who might derive them.
    fn suspects(&self, scope: ChangedCells) -> Vec<(SecretId, SingletonId)> {
        let secrets = &self.pattern.secrets;
        let mut pairs: Vec<(SecretId, SingletonId)> = Vec::new();
        for secret in within(&self.secrets_at, secrets.len(), scope) {
            let row = self.certificates.changes(secrets[secret]);
            let singles = self.alongside(&row, &self.singletons_at);
            pairs.extend(singles.into_iter().map(|single| (secret, single)));
        }
        for &cell in scope.into_iter().flatten() {
            for &single in &self.singletons_at[cell] {
                for &own in &self.pattern.singletons[single].cells {
                    let all = self.alongside(self.certificates.row(own), &self.secrets_at);
                    pairs.extend(all.into_iter().map(|secret| (secret, single)));
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// How a secret with this row of changes follows from what a contributor knows; `None` when it does not, or reveals
    /// nothing about others.
    fn tie(&self, target: Functional, row: &MoveRow, single: SingletonId) -> Option<Tie> {
        let single = &self.pattern.singletons[single];
        let (last, _) = *row.last()?;
        let mut cells = single.cells.iter();
        if !cells.any(|&cell| self.certificates.changed_by(cell, last)) {
            return None;
        }
        let own = single.cells.iter();
        let own = own.map(|&cell| (cell, self.certificates.row(cell)));
        let tie = tied(row, &own.collect::<Vec<_>>())?;
        self.reveals_others(target, single).then_some(tie)
    }

    /// What `at` has for the cells that the first move of a row changes.
    fn alongside<I: Id>(&self, row: &[(SlotId, i64)], at: &Concerning<I>) -> Vec<I> {
        let first = row.first();
        let first = first.and_then(|&(slot, _)| self.certificates.get(slot));
        let cells = first.into_iter().flat_map(|c| c.found.cells.keys());
        cells.flat_map(|&cell| &at[cell]).copied().collect()
    }

    /// Whether deriving `target` shows a singleton anything but their own part.
    fn reveals_others(&self, target: Functional, single: &Singleton) -> bool {
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
        let own: Vec<CellId> = cells.filter(|&c| lattice.state(c) == state).collect();
        lattice.all_within(target.plus, |at| {
            let holds = |&cell: &CellId| lattice.holds(cell, at);
            target.minus.as_ref().is_some_and(holds) || own.iter().any(holds)
        })
    }
}

/// What concerns the cells of `scope`, rising; all `count` of them without a scope.
fn within<I: Id + Ord>(at: &Concerning<I>, count: usize, scope: ChangedCells) -> Vec<I> {
    let Some(scope) = scope else {
        return first(count).collect();
    };
    let all = scope.iter().flat_map(|&cell| &at[cell]).copied();
    let all: BTreeSet<I> = all.collect();
    all.into_iter().collect()
}
