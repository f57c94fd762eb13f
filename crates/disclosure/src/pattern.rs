//! One protection pattern: which cells are hidden, and the moves that prove it is enough.
//!
//! A pattern starts with the cells that must be hidden and a list of needs. Each need is met by a
//! move of the pool; the hidden cells are those that must be, and those that some move of the pool
//! changes. So every hidden cell has a move that changes it: none is a linear combination of the
//! published ones. Cells that no move needs are published.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    DisclosureError,
    lattice::Lattice,
    layer::Layer,
    walk::{Functional, Ground, Move, Wanted},
};

/// Something that must be able to differ from the truth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Need {
    pub(crate) layer: usize,
    pub(crate) wanted: Wanted,
}

/// A move that is in use, and for whom it proves something.
#[derive(Debug, Clone)]
pub(crate) struct Certificate {
    /// The layer whose bounds it keeps; `None` when it is a null vector and no more.
    layer: Option<usize>,
    pub(crate) found: Move,
    /// Bit per provider: nothing of it shows in what the provider knows.
    unseen: u64,
}

impl Certificate {
    /// The same move in another pattern, whose layers have other bounds and other quanta: there it
    /// shows that nothing is derived, and not how far anything can move.
    pub(crate) fn null_vector(&self) -> Certificate {
        Certificate {
            layer: None,
            ..self.clone()
        }
    }

    fn change(&self, target: Functional) -> i64 {
        let at = |cell: usize| self.found.cells.get(&cell).copied().unwrap_or(0);
        at(target.plus) - target.minus.map_or(0, at)
    }
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
    pub(crate) pool: Vec<Certificate>,
}

/// A pattern that holds.
pub(crate) struct Held {
    pub(crate) hidden: Vec<bool>,
    pub(crate) pool: Vec<Certificate>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl Pattern<'_> {
    /// Meets every need, then gives back what turns out superfluous.
    pub(crate) fn hold(mut self) -> Result<Held, Need> {
        self.needs.sort_by_key(|need| {
            let level = self.lattice.mask(need.wanted.target.plus);
            let dimensions = self.lattice.levels[level].dimensions;
            (
                dimensions,
                std::cmp::Reverse(need.wanted.amount),
                need.wanted.target,
            )
        });
        let mut hidden = self.hidden();
        self.meet_all(&mut hidden)?;
        self.improve(&mut hidden);
        Ok(Held {
            hidden,
            pool: self.inherited.into_iter().chain(self.pool).collect(),
        })
    }

    fn hidden(&self) -> Vec<bool> {
        let mut hidden = vec![false; self.lattice.cells];
        for &cell in &self.forced {
            hidden[cell] = true;
        }
        for certificate in &self.pool {
            self.hide(certificate, &mut hidden);
        }
        hidden
    }

    fn hide(&self, certificate: &Certificate, hidden: &mut [bool]) {
        let found = &certificate.found;
        for &cell in found.cells.keys().chain(&found.empties) {
            hidden[cell] |= self.lattice.published(cell);
        }
    }

    fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        self.inherited.iter().chain(&self.pool)
    }

    fn meet_all(&mut self, hidden: &mut [bool]) -> Result<(), Need> {
        loop {
            let open = self.open_needs();
            if open.is_empty() {
                return Ok(());
            }
            for need in open {
                if !self.met(&need) {
                    let certificate = self.meet(&need, hidden)?;
                    self.hide(&certificate, hidden);
                    self.pool.push(certificate);
                }
            }
        }
    }

    fn meet(&self, need: &Need, hidden: &[bool]) -> Result<Certificate, Need> {
        let ground = Ground {
            lattice: self.lattice,
            units: self.units,
            hidden,
            cost: self.cost,
            layer: &self.layers[need.layer],
            may_hide_empties: self.may_hide_empties,
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
        for (provider, known) in self.providers.iter().enumerate() {
            let seen = known.as_ref().is_some_and(|known| {
                let level = &self.lattice.levels[known.mask];
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
        self.certificates().any(|c| {
            let change = c.change(wanted.target);
            let far_enough = if wanted.linear {
                change != 0
            } else {
                c.layer == Some(need.layer) && change * wanted.direction >= wanted.amount
            };
            far_enough
                && wanted
                    .avoid
                    .is_none_or(|cell| !c.found.cells.contains_key(&cell))
                && wanted.known.is_none_or(|mask| {
                    let knows = |p: &Option<Provider>| p.as_ref().is_some_and(|p| p.mask == mask);
                    let provider = self.providers.iter().position(knows);
                    provider.is_some_and(|p| c.unseen >> p & 1 == 1)
                })
        })
    }

    fn open_needs(&self) -> Vec<Need> {
        let mut open: Vec<Need> = self
            .needs
            .iter()
            .filter(|n| !self.met(n))
            .copied()
            .collect();
        let touched: BTreeSet<usize> = self
            .certificates()
            .flat_map(|c| c.found.cells.keys().copied())
            .collect();
        // an empty cell that followed would be known to be empty after all, and all within it
        let empties = self.pool.iter().flat_map(|c| &c.found.empties);
        let hidden: BTreeSet<usize> = self.forced.iter().chain(empties).copied().collect();
        let untouched = hidden
            .difference(&touched)
            .filter(|cell| !self.valueless.contains(cell));
        open.extend(untouched.map(|&cell| linear(Functional::cell(cell))));
        open.extend(self.open_to_providers());
        if open.is_empty() {
            open = self.open_to_singletons();
        }
        open
    }

    /// Secrets that a provider derives from its own columns.
    fn open_to_providers(&self) -> Vec<Need> {
        let mut open = Vec::new();
        for known in self.providers.iter().flatten() {
            for &target in &self.secrets {
                let level = self.lattice.mask(target.minus.unwrap_or(target.plus));
                let mut need = linear(target);
                need.wanted.known = Some(known.mask);
                let secret = level & !known.mask != 0
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
    /// every move; so cells are compared by what each move does to them, scaled to lowest terms.
    fn open_to_singletons(&self) -> Vec<Need> {
        let mut rows: BTreeMap<usize, Vec<(usize, i64)>> = BTreeMap::new();
        for (number, certificate) in self.certificates().enumerate() {
            for (&cell, &change) in &certificate.found.cells {
                rows.entry(cell).or_default().push((number, change));
            }
        }
        let mut alike: BTreeMap<Vec<(usize, i64)>, Vec<Singleton>> = BTreeMap::new();
        for single in &self.singletons {
            if let Some(row) = rows.get(&single.cell) {
                alike.entry(lowest(row.clone())).or_default().push(*single);
            }
        }
        let mut open = Vec::new();
        for &target in &self.secrets {
            let row: Vec<(usize, i64)> = match target.minus {
                None => rows.get(&target.plus).cloned().unwrap_or_default(),
                Some(_) => self
                    .certificates()
                    .enumerate()
                    .map(|(number, c)| (number, c.change(target)))
                    .filter(|(_, change)| *change != 0)
                    .collect(),
            };
            for single in alike.get(&lowest(row)).into_iter().flatten() {
                if self.tells_of_others(target, *single) {
                    let mut need = linear(target);
                    need.wanted.avoid = Some(single.cell);
                    open.push(need);
                    break;
                }
            }
        }
        open
    }

    /// Whether deriving `target` tells a singleton anything but their own part.
    fn tells_of_others(&self, target: Functional, single: Singleton) -> bool {
        let cell = target.minus.unwrap_or(target.plus);
        if target.minus.is_none() {
            let only_own = self.singletons.contains(&Singleton { cell, ..single });
            return !only_own && !self.lattice.within(cell, single.cell);
        }
        // siblings of the cell: their sum is one's own part when one is the only unit among them
        let others = self.units[target.plus] - self.units[cell];
        let among = self.lattice.within(single.base, target.plus)
            && !self.lattice.within(single.base, cell);
        !(others == 1 && among)
    }

    fn price(&self, hidden: &[bool]) -> f64 {
        let hidden_cells = hidden.iter().zip(self.cost).filter(|(h, _)| **h);
        hidden_cells.map(|(_, cost)| cost).sum()
    }

    /// Takes each move out in turn and meets what then lacks again, when that gives up less.
    fn improve(&mut self, hidden: &mut Vec<bool>) {
        // each trial rechecks everything: stop before that takes longer than building did
        let per_trial = (self.needs.len() + self.secrets.len()).max(1) * self.pool.len().max(1);
        let mut trials = 40_000_000 / per_trial;
        let mut number = self.pool.len();
        while number > 0 && trials > 0 {
            number -= 1;
            let before = self.pool.clone();
            self.pool.remove(number);
            let mut fewer = self.hidden();
            if fewer == *hidden && !self.open_needs().is_empty() {
                self.pool = before;
                continue;
            }
            trials -= 1;
            let met = self.meet_all(&mut fewer).is_ok();
            if met && self.price(&fewer) <= self.price(hidden) && self.pool.len() <= before.len() {
                *hidden = fewer;
                number = number.min(self.pool.len());
            } else {
                self.pool = before;
            }
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

/// A row divided by its greatest common divisor, its first entry positive.
fn lowest(mut row: Vec<(usize, i64)>) -> Vec<(usize, i64)> {
    let divisor = row.iter().fold(0, |g, &(_, x)| gcd(g, x.abs()));
    let sign = row.first().map_or(1, |&(_, x)| x.signum());
    for (_, x) in &mut row {
        *x = *x / divisor.max(1) * sign;
    }
    row
}

fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
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
