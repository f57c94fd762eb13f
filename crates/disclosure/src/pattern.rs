//! One protection pattern: which cells are hidden, and the moves that prove it is enough.
//!
//! A pattern starts with the cells that must be hidden and a list of needs. Each need is met by a
//! move of the pool; the hidden cells are those that must be, and those that some move of the pool
//! changes. So every hidden cell has a move that changes it: none is a linear combination of the
//! published ones. Cells that no move needs are published.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    DisclosureError,
    lattice::Lattice,
    layer::Layer,
    pool::{Certificate, Pool},
    walk::{Functional, Ground, Move, Wanted},
};

/// Something that must be able to differ from the truth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    pub(crate) layer: usize,
    pub(crate) wanted: Wanted,
}

/// A cell to which exactly one unit contributes, and the base cell in which that unit sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Singleton {
    pub(crate) cell: usize,
    pub(crate) base: usize,
}

/// What one provider knows of a pattern without asking.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    /// The dimensions whose margins it knows.
    pub(crate) mask: usize,
    /// Cells that are unions of its own cells: their figures are no secret to it.
    pub(crate) own: BTreeSet<usize>,
}

/// The work on one pattern.
pub(crate) struct Pattern<'a> {
    pub(crate) lattice: &'a Lattice,
    pub(crate) units: &'a [u64],
    pub(crate) cost: &'a [f64],
    pub(crate) layers: Vec<Layer>,
    /// Needs of an outsider.
    pub(crate) needs: Vec<Need>,
    /// Cells that stay hidden whatever happens.
    pub(crate) forced: BTreeSet<usize>,
    /// Those among them that are known to hold nothing: there is nothing to derive.
    pub(crate) valueless: BTreeSet<usize>,
    /// What neither a contributor nor a provider may derive.
    pub(crate) secrets: Vec<Functional>,
    pub(crate) singletons: BTreeSet<Singleton>,
    /// Per provider what it knows; `None` when it knows nothing of this pattern.
    pub(crate) providers: Vec<Option<Provider>>,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// Null vectors from a coarser pattern, whose cells are hidden here too.
    pub(crate) inherited: Vec<Certificate>,
}

/// A pattern that holds.
pub(crate) struct Held {
    pub(crate) hidden: Vec<bool>,
    pub(crate) certificates: Vec<Certificate>,
}

impl Pattern<'_> {
    /// Meets every need, then gives back what turns out superfluous.
    pub(crate) fn hold(mut self) -> Result<Held, Need> {
        self.needs.sort_by_key(|need| {
            let dimensions = self.lattice.mask(need.wanted.target.plus).count_ones();
            (
                dimensions,
                std::cmp::Reverse(need.wanted.amount),
                need.wanted.target,
            )
        });
        let mut search = Search::new(&self);
        let everywhere = search.open_needs(None);
        search.meet_all(everywhere, None)?;
        search.improve();
        Ok(Held {
            hidden: search.hidden,
            certificates: search.pool.into_certificates(),
        })
    }
}

/// The state of a search for a pattern.
struct Search<'a> {
    pattern: &'a Pattern<'a>,
    pool: Pool,
    hidden: Vec<bool>,
    /// Cells shown or hidden since a trial began, and whether they were hidden then.
    journal: BTreeMap<usize, bool>,
    /// Per cell how many certificates hide it.
    uses: HashMap<usize, usize>,
    /// Empty cells that are hidden, and by how many certificates.
    empties: BTreeMap<usize, usize>,
    /// Which needs, secrets and singletons concern a cell.
    needs_at: HashMap<usize, Vec<usize>>,
    secrets_at: HashMap<usize, Vec<usize>>,
    singletons_at: HashMap<usize, Vec<Singleton>>,
}

/// Cells of which the certificates have changed; `None` for all.
type Scope<'a> = Option<&'a BTreeSet<usize>>;

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl<'a> Search<'a> {
    fn new(pattern: &'a Pattern<'a>) -> Search<'a> {
        let mut hidden = vec![false; pattern.lattice.cells];
        for &cell in &pattern.forced {
            hidden[cell] = true;
        }
        let index = |targets: &mut dyn Iterator<Item = Functional>| {
            let mut at: HashMap<usize, Vec<usize>> = HashMap::new();
            for (number, target) in targets.enumerate() {
                for cell in [Some(target.plus), target.minus].into_iter().flatten() {
                    at.entry(cell).or_default().push(number);
                }
            }
            at
        };
        let mut singletons_at: HashMap<usize, Vec<Singleton>> = HashMap::new();
        for single in &pattern.singletons {
            singletons_at.entry(single.cell).or_default().push(*single);
        }
        let mut search = Search {
            pattern,
            pool: Pool::default(),
            hidden,
            journal: BTreeMap::new(),
            uses: HashMap::new(),
            empties: BTreeMap::new(),
            needs_at: index(&mut pattern.needs.iter().map(|n| n.wanted.target)),
            secrets_at: index(&mut pattern.secrets.iter().copied()),
            singletons_at,
        };
        for certificate in &pattern.inherited {
            search.hide(certificate);
            search.pool.push(certificate.clone());
        }
        search
    }

    fn hide(&mut self, certificate: &Certificate) {
        for cell in certificate.hides() {
            if self.pattern.lattice.published(cell) {
                *self.uses.entry(cell).or_insert(0) += 1;
                self.set(cell, true);
            }
        }
        for &cell in &certificate.found.empties {
            *self.empties.entry(cell).or_insert(0) += 1;
        }
    }

    fn show(&mut self, certificate: &Certificate) {
        for cell in certificate.hides() {
            if let Some(uses) = self.uses.get_mut(&cell) {
                *uses -= 1;
                if *uses == 0 {
                    self.uses.remove(&cell);
                    self.set(cell, self.pattern.forced.contains(&cell));
                }
            }
        }
        for cell in &certificate.found.empties {
            if let Some(uses) = self.empties.get_mut(cell) {
                *uses -= 1;
                if *uses == 0 {
                    self.empties.remove(cell);
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
    fn more_given_up(&self) -> Option<f64> {
        let changed = self.journal.iter();
        let changed = changed.filter(|&(&cell, &was)| self.hidden[cell] != was);
        changed
            .map(|(&cell, &was)| self.pattern.cost[cell] * if was { -1.0 } else { 1.0 })
            .reduce(|a, b| a + b)
    }

    /// Meets what is open, and what then opens among the cells of `scope` and of what was added.
    fn meet_all(
        &mut self,
        mut open: Vec<Need>,
        mut scope: Option<BTreeSet<usize>>,
    ) -> Result<(), Need> {
        while !open.is_empty() {
            for need in open {
                if !self.met(&need) {
                    let certificate = self.meet(&need)?;
                    self.hide(&certificate);
                    if let Some(scope) = &mut scope {
                        scope.extend(certificate.hides());
                    }
                    self.pool.push(certificate);
                }
            }
            open = self.open_needs(scope.as_ref());
        }
        Ok(())
    }

    fn meet(&self, need: &Need) -> Result<Certificate, Need> {
        let pattern = self.pattern;
        let ground = Ground {
            lattice: pattern.lattice,
            units: pattern.units,
            hidden: &self.hidden,
            cost: pattern.cost,
            layer: &pattern.layers[need.layer],
            may_hide_empties: pattern.may_hide_empties,
        };
        let found = ground.find(&need.wanted).ok_or(*need)?;
        let unseen = self.unseen(&found);
        Ok(Certificate {
            layer: (!need.wanted.linear).then_some(need.layer),
            found,
            unseen,
        })
    }

    /// Which providers see nothing of a move in the margins they know.
    fn unseen(&self, found: &Move) -> u64 {
        let mut bits = 0;
        for (provider, known) in self.pattern.providers.iter().enumerate() {
            let seen = known.as_ref().is_some_and(|known| {
                let level = &self.pattern.lattice.levels[known.mask];
                let range = level.offset..level.offset + level.len;
                found.cells.range(range).next().is_some()
            });
            bits |= u64::from(!seen) << provider;
        }
        bits
    }

    /// Whether one certificate meets a need by itself.
    fn met(&self, need: &Need) -> bool {
        let wanted = &need.wanted;
        let provider = wanted.known.map(|mask| {
            let knows = |p: &Option<Provider>| p.as_ref().is_some_and(|p| p.mask == mask);
            self.pattern.providers.iter().position(knows)
        });
        let meets = |slot: usize, change: i64| {
            let Some(c) = self.pool.get(slot) else {
                return false;
            };
            let far_enough = wanted.linear
                || (c.layer == Some(need.layer) && change * wanted.direction >= wanted.amount);
            let avoids = |cell| !c.found.cells.contains_key(&cell);
            let hides_from = |p: Option<usize>| p.is_some_and(|p| c.unseen >> p & 1 == 1);
            far_enough && wanted.avoid.is_none_or(avoids) && provider.is_none_or(hides_from)
        };
        match wanted.target.minus {
            None => {
                let row = self.pool.row(wanted.target.plus);
                row.iter().any(|&(slot, change)| meets(slot, change))
            }
            Some(_) => {
                let row = self.pool.changes(wanted.target);
                row.into_iter().any(|(slot, change)| meets(slot, change))
            }
        }
    }

    fn open_needs(&self, scope: Scope) -> Vec<Need> {
        let needs = &self.pattern.needs;
        let numbers = within(&self.needs_at, needs.len(), scope).into_iter();
        let mut open: Vec<Need> = numbers
            .map(|n| needs[n])
            .filter(|need| !self.met(need))
            .collect();
        // an empty cell that followed would be known to be empty after all, and all within it
        let secret = |cell: &usize| {
            self.pool.row(*cell).is_empty() && !self.pattern.valueless.contains(cell)
        };
        let derived: BTreeSet<usize> = match scope {
            None => {
                let all = self.pattern.forced.iter().chain(self.empties.keys());
                all.copied().filter(secret).collect()
            }
            Some(scope) => {
                let must = |cell: &usize| {
                    self.pattern.forced.contains(cell) || self.empties.contains_key(cell)
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
                let cell = target.minus.unwrap_or(target.plus);
                let mut need = linear(target);
                need.wanted.known = Some(known.mask);
                let secret = self.pattern.lattice.mask(cell) & !known.mask != 0
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
    /// A secret t follows from a known cell c exactly when t and c change in the same proportion in
    /// every move. So c is among the cells that the first move of t changes.
    fn open_to_singletons(&self, scope: Scope) -> Vec<Need> {
        let secrets = &self.pattern.secrets;
        let mut numbers: BTreeSet<usize> = within(&self.secrets_at, secrets.len(), scope)
            .into_iter()
            .collect();
        for cell in scope.into_iter().flatten() {
            if self.singletons_at.contains_key(cell) {
                numbers.extend(self.alongside(self.pool.row(*cell), &self.secrets_at));
            }
        }
        let mut open = Vec::new();
        for target in numbers.into_iter().map(|n| secrets[n]) {
            let row = self.pool.changes(target);
            let mut singles = self.alongside(&row, &self.singletons_at);
            singles.sort_unstable();
            let tells = singles.into_iter().find(|single| {
                proportional(&row, self.pool.row(single.cell))
                    && self.tells_of_others(target, *single)
            });
            if let Some(single) = tells {
                let mut need = linear(target);
                need.wanted.avoid = Some(single.cell);
                open.push(need);
            }
        }
        open
    }

    /// What `at` has for the cells that the first move of a row changes.
    fn alongside<T: Copy>(&self, row: &[(usize, i64)], at: &HashMap<usize, Vec<T>>) -> Vec<T> {
        let first = row.first().and_then(|&(slot, _)| self.pool.get(slot));
        let cells = first.into_iter().flat_map(|c| c.found.cells.keys());
        cells
            .filter_map(|cell| at.get(cell))
            .flatten()
            .copied()
            .collect()
    }

    /// Whether deriving `target` tells a singleton anything but their own part.
    fn tells_of_others(&self, target: Functional, single: Singleton) -> bool {
        let cell = target.minus.unwrap_or(target.plus);
        if target.minus.is_none() {
            let only_own = self
                .pattern
                .singletons
                .contains(&Singleton { cell, ..single });
            return !only_own && !self.pattern.lattice.within(cell, single.cell);
        }
        // siblings of the cell: their sum is one's own part when one is the only unit among them
        let others = self.pattern.units[target.plus] - self.pattern.units[cell];
        let within = |outer| self.pattern.lattice.within(single.base, outer);
        let among = within(target.plus) && !within(cell);
        !(others == 1 && among)
    }

    /// Takes each move out in turn and meets what then lacks again, when that gives up less.
    fn improve(&mut self) {
        for slot in (self.pattern.inherited.len()..self.pool.len()).rev() {
            self.try_without(slot);
        }
    }

    fn try_without(&mut self, slot: usize) {
        let Some(taken) = self.pool.take(slot) else {
            return;
        };
        let slots = self.pool.len();
        let scope: BTreeSet<usize> = taken.hides().collect();
        self.journal.clear();
        self.show(&taken);
        let open = self.open_needs(Some(&scope));
        let better = open.is_empty()
            || (self.more_given_up().is_some()
                && self.meet_all(open, Some(scope)).is_ok()
                && self.pool.len() <= slots + 1
                && self.more_given_up().is_none_or(|more| more <= 0.0));
        if !better {
            while self.pool.len() > slots {
                if let Some(added) = self.pool.pop() {
                    self.show(&added);
                }
            }
            self.hide(&taken);
            self.pool.put(slot, taken);
        }
    }
}

fn linear(target: Functional) -> Need {
    Need {
        layer: 0,
        wanted: Wanted {
            target,
            direction: 1,
            amount: 1,
            linear: true,
            known: None,
            avoid: None,
        },
    }
}

/// Numbers of what concerns the cells of `scope`, rising; all `len` of them without a scope.
fn within(at: &HashMap<usize, Vec<usize>>, len: usize, scope: Scope) -> Vec<usize> {
    let Some(scope) = scope else {
        return (0..len).collect();
    };
    let all = scope.iter().filter_map(|cell| at.get(cell)).flatten();
    all.copied()
        .collect::<BTreeSet<usize>>()
        .into_iter()
        .collect()
}

/// Whether two functionals change in the same proportion in every move, and change at all.
fn proportional(a: &[(usize, i64)], b: &[(usize, i64)]) -> bool {
    let (Some(&(_, x)), Some(&(_, y))) = (a.first(), b.first()) else {
        return false;
    };
    let cross = |p: i64, q: i64| i128::from(p) * i128::from(q);
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(&(s, p), &(t, q))| s == t && cross(p, y) == cross(q, x))
}

/// The error for a need that nothing meets.
pub(crate) fn unprotectable(need: &Need, lattice: &Lattice, names: &[String]) -> DisclosureError {
    let mask = lattice.mask(need.wanted.target.minus.unwrap_or(need.wanted.target.plus));
    let dimensions = names.iter().enumerate();
    DisclosureError::Unprotectable {
        dimensions: dimensions
            .filter(|(d, _)| mask >> d & 1 == 1)
            .map(|(_, name)| name.clone())
            .collect(),
        known: match (need.wanted.known, need.wanted.avoid) {
            (Some(_), _) => "a provider's own columns".into(),
            (_, Some(_)) => "their own contribution".into(),
            _ => "the published cells".into(),
        },
    }
}
