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

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::{
    aim::Aim,
    boxes::{advance, corners, shows, telling},
    coupling::Coupling,
    lattice::Lattice,
    layer::Layer,
    span::{Tie, unties},
};

/// A linear function of the table: one cell, or one cell less another that it contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Functional {
    pub(crate) plus: usize,
    pub(crate) minus: Option<usize>,
}

impl Functional {
    pub(crate) fn cell(plus: usize) -> Functional {
        Functional { plus, minus: None }
    }

    /// The cell whose level tells all that the functional is about.
    pub(crate) fn anchor(self) -> usize {
        self.minus.unwrap_or(self.plus)
    }
}

/// What a walk is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) target: Functional,
    /// +1 to rise, -1 to fall.
    pub(crate) direction: i64,
    /// In quanta of the layer.
    pub(crate) amount: i64,
    /// Any null vector will do: bounds are not looked at, the amount is 1.
    pub(crate) linear: bool,
    /// The level of the margins that the attacker knows anyway.
    pub(crate) known: Option<usize>,
    /// How the target follows from what a contributor knows: the move must not agree.
    pub(crate) tie: Option<Rc<Tie>>,
}

/// A null vector of the published cells.
#[derive(Debug, Clone, Default)]
pub(crate) struct Move {
    /// Non-zero changes per base cell.
    pub(crate) bases: BTreeMap<usize, i64>,
    /// Non-zero changes per cell of the lattice, unpublished levels included.
    pub(crate) cells: BTreeMap<usize, i64>,
    /// Empty cells that must be hidden for it although they do not change.
    pub(crate) empties: BTreeSet<usize>,
}

/// Where a walk looks.
pub(crate) struct Ground<'a> {
    pub(crate) lattice: &'a Lattice,
    /// Units per cell: zero cells are known unless they are hidden.
    pub(crate) units: &'a [u64],
    pub(crate) hidden: &'a [bool],
    /// Cells that were published before.
    pub(crate) known: &'a [bool],
    /// Which states a cell was the same in; `None` when there is one.
    pub(crate) coupling: Option<&'a Coupling>,
    /// What hiding a cell costs.
    pub(crate) cost: &'a [f64],
    pub(crate) layer: &'a Layer,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// How many boxes were weighed: the work done so far.
    pub(crate) weighed: &'a Cell<u64>,
}

struct Candidate {
    coordinates: Vec<u32>,
    /// The far corner: another leaf on each flipped axis.
    other: Vec<u32>,
    /// The flipped axes, as bits.
    mask: usize,
    /// The states that it changes, as bits.
    states: u64,
    /// What it changes of the cells that the target is tied to, where that matters.
    tied: Vec<(usize, i64)>,
    amount: i64,
    cost: f64,
}

/// What a walk has done so far, and how far it has to go.
struct Way<'a> {
    found: &'a Move,
    touched: &'a BTreeSet<usize>,
    remaining: i64,
    /// What a box must beat.
    limit: Option<f64>,
}

/// More base cells than this under one target are searched only where they are not empty.
const WIDE: usize = 4096;
/// Boxes in one walk; a walk that needs more goes on with fewer, wider boxes.
const STEPS: usize = 400;

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers and axes come from the lattice that sized these vectors"
)]
impl Ground<'_> {
    /// The cheapest move found, or `None` when none exists under the constraints.
    pub(crate) fn find(&self, wanted: &Wanted) -> Option<Move> {
        self.walk(wanted, false)
            .or_else(|| self.transfer(wanted))
            .or_else(|| self.walk(wanted, self.may_hide_empties))
    }

    fn walk(&self, wanted: &Wanted, empties_too: bool) -> Option<Move> {
        self.walk_on(Move::default(), wanted, empties_too)
    }

    /// The same move with a cell higher by so much.
    pub(crate) fn raise(&self, found: Move, cell: usize, amount: i64) -> Option<Move> {
        let wanted = Wanted {
            target: Functional::cell(cell),
            direction: 1,
            amount,
            linear: false,
            known: None,
            tie: None,
        };
        self.walk_on(found, &wanted, false)
    }

    /// Goes on from a move with boxes, until the target has moved as far again as is wanted.
    fn walk_on(&self, mut found: Move, wanted: &Wanted, empties_too: bool) -> Option<Move> {
        let mut touched: BTreeSet<usize> = found.cells.keys().copied().collect();
        let mut remaining = wanted.amount;
        let aim = Aim::new(self.lattice, wanted.target);
        let bases = self.bases(&aim, empties_too);
        for _ in 0..STEPS {
            let way = Way {
                found: &found,
                touched: &touched,
                remaining,
                limit: None,
            };
            let best = self.best(wanted, &aim, empties_too, &bases, way)?;
            self.apply(&best, wanted.direction, &mut found, &mut touched);
            remaining -= best.amount;
            if remaining <= 0 {
                return Some(self.finish(found));
            }
        }
        None
    }

    /// Base cells from which a box that moves the target can start.
    fn bases(&self, aim: &Aim, empties_too: bool) -> Vec<Vec<u32>> {
        let mut all = vec![Vec::new()];
        for inside in &aim.plus {
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
        all.retain(|at| aim.holds(at));
        let wide = all.len() > WIDE && !empties_too;
        all.retain(|at| {
            let cell = self.at(aim.state, self.lattice.cell(self.lattice.full, at));
            let usable = self.units[cell] > 0
                || (!wide && (empties_too || !self.known_empty(at, aim.state)));
            usable && !self.layer.fixed(self.lattice.base_index(cell))
        });
        all
    }

    /// Whether a shown empty cell tells that the base cell is empty.
    fn known_empty(&self, coordinates: &[u32], state: usize) -> bool {
        (0..self.lattice.levels.len()).any(|level| {
            let cell = self.at(state, self.lattice.cell(level, coordinates));
            let shown = self.lattice.published(cell) && !self.hidden[cell];
            self.units[cell] == 0 && (shown || self.known[cell])
        })
    }

    fn best(
        &self,
        wanted: &Wanted,
        aim: &Aim,
        empties_too: bool,
        bases: &[Vec<u32>],
        mut way: Way,
    ) -> Option<Candidate> {
        let mut best: Option<Candidate> = None;
        for coordinates in bases {
            let mut other = coordinates.clone();
            loop {
                let flipped = aim.axes.iter().filter(|&&a| other[a] != coordinates[a]);
                let mask = flipped.fold(0, |m, &a| m | 1 << a);
                let shows = |level| shows(self.lattice, (coordinates, &other, mask), level);
                let seen = wanted.known.is_some_and(shows);
                if !seen && aim.moved_by(coordinates, &other, mask) {
                    way.limit = best.as_ref().map(|b| ratio(b.cost, b.amount));
                    let at = (coordinates.as_slice(), other.as_slice(), mask);
                    if let Some(c) = self.weigh(wanted, aim.state, empties_too, at, &way) {
                        if c.cost == 0.0 && c.amount >= way.remaining {
                            return Some(c);
                        }
                        best = Some(c);
                    }
                }
                if !advance(&mut other, &aim.axes, self.lattice, coordinates) {
                    break;
                }
            }
        }
        best
    }

    /// A box if it moves anything and beats what was found.
    fn weigh(
        &self,
        wanted: &Wanted,
        state: usize,
        empties_too: bool,
        at: (&[u32], &[u32], usize),
        way: &Way,
    ) -> Option<Candidate> {
        self.weighed.set(self.weighed.get() + 1);
        let (coordinates, other, mask) = at;
        let states = match self.coupling {
            None => 1 << state,
            Some(_) => {
                let levels = telling(self.lattice, at).collect::<Vec<_>>();
                let cells = levels.iter().flat_map(|&l| corners(self.lattice, l, at));
                let cells: Vec<usize> = cells.map(|(cell, _)| cell).collect();
                self.states(state, cells.iter().copied())
            }
        };
        let mut candidate = Candidate {
            coordinates: coordinates.to_vec(),
            other: other.to_vec(),
            mask,
            states,
            tied: Vec::new(),
            amount: if wanted.linear { 1 } else { way.remaining },
            cost: 0.0,
        };
        for state in bits(states) {
            let empties = self.base_corners(wanted, state, empties_too, at, way, &mut candidate)?;
            self.margins(wanted, state, at, way, &empties, &mut candidate)?;
        }
        if let Some(tie) = &wanted.tie {
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

    /// What the corners themselves allow in one state, and the empty cells that hide with them.
    fn base_corners(
        &self,
        wanted: &Wanted,
        state: usize,
        empties_too: bool,
        at: (&[u32], &[u32], usize),
        way: &Way,
        candidate: &mut Candidate,
    ) -> Option<Vec<usize>> {
        let mut empties: Vec<usize> = Vec::new();
        for (local, sign) in corners(self.lattice, self.lattice.full, at) {
            let cell = self.at(state, local);
            let index = self.lattice.base_index(cell);
            if self.layer.fixed(index) {
                return None;
            }
            if !wanted.linear {
                let moved = way.found.bases.get(&cell).copied().unwrap_or(0);
                let room = self.layer.room(index, sign * wanted.direction, moved);
                candidate.amount = candidate.amount.min(room);
                if candidate.amount <= 0 {
                    return None;
                }
            }
            if self.units[cell] > 0 {
                continue;
            }
            let corner = self.lattice.coordinates(cell);
            for level in (0..self.lattice.levels.len()).rev() {
                let cover = self.at(state, self.lattice.cell(level, &corner));
                if self.units[cover] > 0 {
                    continue;
                }
                if self.known[cover] {
                    return None;
                }
                if self.shown(cover, way.touched) {
                    if !empties_too {
                        return None;
                    }
                    if !empties.contains(&cover) {
                        empties.push(cover);
                        candidate.cost += self.cost[cover];
                    }
                }
            }
        }
        Some(empties)
    }

    /// What the cells that hold some corners allow in one state, and what hiding them costs.
    fn margins(
        &self,
        wanted: &Wanted,
        state: usize,
        at: (&[u32], &[u32], usize),
        way: &Way,
        empties: &[usize],
        candidate: &mut Candidate,
    ) -> Option<()> {
        for level in telling(self.lattice, at) {
            if wanted.tie.is_none() && !self.lattice.seen(level) {
                continue;
            }
            for (local, sign) in corners(self.lattice, level, at) {
                let cell = self.at(state, local);
                if self.known[cell] {
                    return None;
                }
                if let Some(tie) = &wanted.tie
                    && tie.binary_search_by_key(&cell, |&(own, _)| own).is_ok()
                {
                    candidate.tied.push((cell, sign));
                }
                if self.shown(cell, way.touched) && !empties.contains(&cell) {
                    candidate.cost += self.cost[cell];
                }
                if !wanted.linear && sign * wanted.direction < 0 {
                    let moved = way.found.cells.get(&cell).copied().unwrap_or(0);
                    candidate.amount = candidate.amount.min(self.layer.floor(cell, moved));
                }
            }
            let worse = |limit| ratio(candidate.cost, candidate.amount) >= limit;
            if candidate.amount <= 0 || way.limit.is_some_and(worse) {
                return None;
            }
        }
        Some(())
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

    pub(crate) fn shown(&self, cell: usize, touched: &BTreeSet<usize>) -> bool {
        self.lattice.published(cell) && !self.hidden[cell] && !touched.contains(&cell)
    }

    fn apply(
        &self,
        step: &Candidate,
        direction: i64,
        found: &mut Move,
        touched: &mut BTreeSet<usize>,
    ) {
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
                    let change = sign * direction * step.amount;
                    *found.cells.entry(cell).or_insert(0) += change;
                    touched.insert(cell);
                    if level == self.lattice.full {
                        *found.bases.entry(cell).or_insert(0) += change;
                        touched.extend(self.empty_covers(cell));
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
        found.bases.retain(|_, change| *change != 0);
        found.cells.retain(|_, change| *change != 0);
        for &base in found.bases.keys() {
            let covers = self.empty_covers(base).into_iter();
            found
                .empties
                .extend(covers.filter(|&cover| self.lattice.published(cover)));
        }
        found
    }
}

fn ratio(cost: f64, amount: i64) -> f64 {
    (cost + 1e-3) / amount as f64
}

/// The positions of the bits that are set.
pub(crate) fn bits(mask: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |bit| mask >> bit & 1 == 1)
}
