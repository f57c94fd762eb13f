//! Finding a move: a second table that equals the true one on every published cell.
//!
//! A *box* takes a set S of dimensions and two values of each; its 2^|S| corners change by +a and -a
//! in turn. Summed over a dimension of S it cancels, so it shows only in tables that contain all of S.
//! A walk applies boxes until its target has moved far enough, each time the box that gives up least
//! for what it moves; the empty S (raising one base cell and all its margins) always remains, so a
//! walk for an outsider never fails. What it finds is a certificate: the tables it reaches are what
//! an attacker cannot tell from the truth. De Loera & Onn (2006) on why integers must be walked.

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{lattice::Lattice, layer::Layer};

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
}

/// What a walk is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) target: Functional,
    /// +1 to rise, -1 to fall.
    pub(crate) direction: i64,
    /// In quanta of the layer.
    pub(crate) amount: i64,
    /// Any null vector will do: bounds are not looked at, the amount is 1.
    pub(crate) linear: bool,
    /// Dimensions whose margins the attacker knows anyway.
    pub(crate) known: Option<usize>,
    /// A cell that the attacker knows: it must not move.
    pub(crate) avoid: Option<usize>,
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
    /// What hiding a cell costs.
    pub(crate) cost: &'a [f64],
    pub(crate) layer: &'a Layer,
    /// Whether an empty cell may be hidden where nothing else will do.
    pub(crate) may_hide_empties: bool,
    /// How many boxes were weighed: the work done so far.
    pub(crate) weighed: &'a Cell<u64>,
}

struct Candidate {
    mask: usize,
    coordinates: Vec<u32>,
    /// The far corner: another value in each dimension of `mask`.
    other: Vec<u32>,
    amount: i64,
    cost: f64,
}

/// More base cells than this under one target are searched only where they are not empty.
const WIDE: usize = 4096;
/// Boxes in one walk; a walk that needs more goes on with fewer, wider boxes.
const STEPS: usize = 400;

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers and masks come from the lattice that sized these vectors"
)]
impl Ground<'_> {
    /// The cheapest move found, or `None` when none exists under the constraints.
    pub(crate) fn find(&self, wanted: &Wanted) -> Option<Move> {
        self.walk(wanted, false)
            .or_else(|| self.transfer(wanted))
            .or_else(|| self.walk(wanted, self.may_hide_empties))
    }

    fn walk(&self, wanted: &Wanted, empties_too: bool) -> Option<Move> {
        let mut found = Move::default();
        let mut touched: BTreeSet<usize> = BTreeSet::new();
        let mut remaining = wanted.amount;
        let bases = self.bases(wanted, empties_too);
        for _ in 0..STEPS {
            let best = self.best(wanted, empties_too, &bases, &found, &touched, remaining)?;
            self.apply(&best, wanted.direction, &mut found, &mut touched);
            remaining -= best.amount;
            if remaining <= 0 {
                return Some(self.finish(found));
            }
        }
        None
    }

    /// The cheapest move from one non-empty base cell straight to another: what is left for an attacker
    /// with knowledge of their own where every box has an empty corner. A null vector and no more.
    fn transfer(&self, wanted: &Wanted) -> Option<Move> {
        if !wanted.linear {
            return None;
        }
        let full = self.lattice.full();
        let start = self.lattice.levels[full].offset;
        let anchor = wanted.target.minus.unwrap_or(wanted.target.plus);
        let value = |c: &[u32]| {
            let inside = |cell| self.lattice.cell(self.lattice.mask(cell), c) == cell;
            inside(wanted.target.plus) && (wanted.target.minus.is_none() || !inside(anchor))
        };
        let usable = |cell: &usize| self.units[*cell] > 0 && !self.layer.fixed(*cell);
        let all: Vec<Vec<u32>> = (start..self.lattice.cells)
            .filter(usable)
            .map(|cell| self.lattice.coordinates(cell))
            .collect();
        let mut best: Option<(f64, Move)> = None;
        for from in all.iter().filter(|c| value(c)) {
            for to in all.iter().filter(|c| !value(c)) {
                let seen = wanted
                    .known
                    .is_some_and(|m| self.lattice.cell(m, from) != self.lattice.cell(m, to));
                if seen {
                    continue;
                }
                let mut found = Move::default();
                let mut cost = 0.0;
                for level in 0..=full {
                    let (a, b) = (self.lattice.cell(level, from), self.lattice.cell(level, to));
                    if a != b {
                        for (cell, change) in [(a, 1), (b, -1)] {
                            found.cells.insert(cell, change);
                            if self.shown(cell, level, &BTreeSet::new()) {
                                cost += self.cost[cell];
                            }
                        }
                    }
                }
                let avoided = wanted.avoid.is_none_or(|c| !found.cells.contains_key(&c));
                if avoided && best.as_ref().is_none_or(|(least, _)| cost < *least) {
                    found.bases = [
                        (self.lattice.cell(full, from), 1),
                        (self.lattice.cell(full, to), -1),
                    ]
                    .into();
                    best = Some((cost, found));
                }
            }
        }
        best.map(|(_, found)| found)
    }

    /// Base cells from which a box that moves the target can start.
    fn bases(&self, wanted: &Wanted, empties_too: bool) -> Vec<Vec<u32>> {
        let anchor = wanted.target.minus.unwrap_or(wanted.target.plus);
        let fixed_mask = self.lattice.mask(wanted.target.plus);
        let fixed = self.lattice.coordinates(wanted.target.plus);
        let mut all = vec![fixed];
        for (d, &size) in self.lattice.sizes.iter().enumerate() {
            if fixed_mask >> d & 1 == 0 {
                all = all
                    .into_iter()
                    .flat_map(|c| {
                        (0..size as u32).map(move |value| {
                            let mut c = c.clone();
                            c[d] = value;
                            c
                        })
                    })
                    .collect();
            }
        }
        if wanted.target.minus.is_some() {
            let mask = self.lattice.mask(anchor);
            all.retain(|c| self.lattice.cell(mask, c) != anchor);
        }
        let wide = all.len() > WIDE && !empties_too;
        let full = self.lattice.full();
        all.retain(|c| {
            let cell = self.lattice.cell(full, c);
            let usable = self.units[cell] > 0 || (!wide && (empties_too || !self.known_empty(c)));
            usable && !self.layer.fixed(cell)
        });
        all
    }

    /// Whether a shown empty cell tells that the base cell is empty.
    fn known_empty(&self, coordinates: &[u32]) -> bool {
        (0..self.lattice.levels.len()).any(|mask| {
            let cell = self.lattice.cell(mask, coordinates);
            self.units[cell] == 0 && self.lattice.levels[mask].published && !self.hidden[cell]
        })
    }

    fn best(
        &self,
        wanted: &Wanted,
        empties_too: bool,
        bases: &[Vec<u32>],
        found: &Move,
        touched: &BTreeSet<usize>,
        remaining: i64,
    ) -> Option<Candidate> {
        let anchor = wanted.target.minus.unwrap_or(wanted.target.plus);
        let mask = self.lattice.mask(anchor);
        let anchor_at = self.lattice.coordinates(anchor);
        let dims: Vec<usize> = (0..self.lattice.sizes.len())
            .filter(|d| mask >> d & 1 == 1)
            .collect();
        // for `parent - cell`: the one dimension in which the siblings differ from the cell
        let sibling = wanted
            .target
            .minus
            .map(|_| mask & !self.lattice.mask(wanted.target.plus));
        let mut best: Option<Candidate> = None;
        for coordinates in bases {
            let mut other = coordinates.clone();
            loop {
                let box_mask = dims
                    .iter()
                    .filter(|&&d| other[d] != coordinates[d])
                    .fold(0, |m, &d| m | 1 << d);
                let sideways = sibling.is_some_and(|s| {
                    s & box_mask != 0
                        && dims
                            .iter()
                            .any(|&d| s >> d & 1 == 1 && other[d] != anchor_at[d])
                });
                let seen = wanted.known.is_some_and(|known| box_mask & !known == 0);
                if !sideways && !seen {
                    let limit = best.as_ref().map(|b| ratio(b.cost, b.amount));
                    if let Some(c) = self.weigh(
                        wanted,
                        empties_too,
                        (coordinates, &other, box_mask),
                        (found, touched, remaining, limit),
                    ) {
                        if c.cost == 0.0 && c.amount >= remaining {
                            return Some(c);
                        }
                        best = Some(c);
                    }
                }
                if !advance(&mut other, &dims, &self.lattice.sizes, coordinates) {
                    break;
                }
            }
        }
        best
    }

    /// A box if it moves anything and beats `limit`.
    fn weigh(
        &self,
        wanted: &Wanted,
        empties_too: bool,
        (coordinates, other, mask): (&[u32], &[u32], usize),
        (found, touched, remaining, limit): (&Move, &BTreeSet<usize>, i64, Option<f64>),
    ) -> Option<Candidate> {
        self.weighed.set(self.weighed.get() + 1);
        let full = self.lattice.full();
        let mut amount = if wanted.linear { 1 } else { remaining };
        let mut cost = 0.0;
        let mut empties: Vec<usize> = Vec::new();
        let mut corner = coordinates.to_vec();
        for (cell, sign) in corners(self.lattice, full, coordinates, other, mask) {
            let direction = sign * wanted.direction;
            if self.layer.fixed(cell) {
                return None;
            }
            if !wanted.linear {
                let moved = found.bases.get(&cell).copied().unwrap_or(0);
                amount = amount.min(self.layer.room(cell, direction, moved));
                if amount <= 0 {
                    return None;
                }
            }
            if self.units[cell] == 0 {
                corner.copy_from_slice(&self.lattice.coordinates(cell));
                for level in (0..self.lattice.levels.len()).rev() {
                    let cover = self.lattice.cell(level, &corner);
                    if self.shown(cover, level, touched) && self.units[cover] == 0 {
                        if !empties_too {
                            return None;
                        }
                        if !empties.contains(&cover) {
                            empties.push(cover);
                            cost += self.cost[cover];
                        }
                    }
                }
            }
        }
        for level in supersets(mask, full) {
            if wanted.avoid.is_none() && !self.lattice.levels[level].published {
                continue;
            }
            for (cell, sign) in corners(self.lattice, level, coordinates, other, mask) {
                if wanted.avoid == Some(cell) {
                    return None;
                }
                if self.shown(cell, level, touched) && !empties.contains(&cell) {
                    cost += self.cost[cell];
                }
                if !wanted.linear && sign * wanted.direction < 0 {
                    let moved = found.cells.get(&cell).copied().unwrap_or(0);
                    amount = amount.min(self.layer.floor(cell, moved));
                }
            }
            if amount <= 0 || limit.is_some_and(|l| ratio(cost, amount) >= l) {
                return None;
            }
        }
        Some(Candidate {
            mask,
            coordinates: coordinates.to_vec(),
            other: other.to_vec(),
            amount,
            cost,
        })
    }

    fn shown(&self, cell: usize, level: usize, touched: &BTreeSet<usize>) -> bool {
        self.lattice.levels[level].published && !self.hidden[cell] && !touched.contains(&cell)
    }

    fn apply(
        &self,
        step: &Candidate,
        direction: i64,
        found: &mut Move,
        touched: &mut BTreeSet<usize>,
    ) {
        let full = self.lattice.full();
        for level in supersets(step.mask, full) {
            for (cell, sign) in corners(
                self.lattice,
                level,
                &step.coordinates,
                &step.other,
                step.mask,
            ) {
                let change = sign * direction * step.amount;
                *found.cells.entry(cell).or_insert(0) += change;
                touched.insert(cell);
                if level == full {
                    *found.bases.entry(cell).or_insert(0) += change;
                    if self.units[cell] == 0 {
                        let at = self.lattice.coordinates(cell);
                        for mask in 0..=full {
                            let cover = self.lattice.cell(mask, &at);
                            if self.units[cover] == 0 {
                                touched.insert(cover);
                            }
                        }
                    }
                }
            }
        }
    }

    fn finish(&self, mut found: Move) -> Move {
        found.bases.retain(|_, change| *change != 0);
        found.cells.retain(|_, change| *change != 0);
        for &cell in found.bases.keys().filter(|&&cell| self.units[cell] == 0) {
            let at = self.lattice.coordinates(cell);
            for (mask, level) in self.lattice.levels.iter().enumerate() {
                let cover = self.lattice.cell(mask, &at);
                if level.published && self.units[cover] == 0 {
                    found.empties.insert(cover);
                }
            }
        }
        found
    }
}

fn ratio(cost: f64, amount: i64) -> f64 {
    (cost + 1e-3) / amount as f64
}

/// The next combination of other values over `dims`; `false` after the last.
#[expect(clippy::indexing_slicing, reason = "`dims` index the coordinates")]
fn advance(other: &mut [u32], dims: &[usize], sizes: &[usize], start: &[u32]) -> bool {
    for &d in dims {
        other[d] = (other[d] + 1) % sizes[d] as u32;
        if other[d] != start[d] {
            return true;
        }
    }
    false
}

/// Masks that contain all of `mask`.
fn supersets(mask: usize, full: usize) -> impl Iterator<Item = usize> {
    (mask..=full).filter(move |level| level & mask == mask)
}

/// The cells of `level` that a box touches, with their signs; `level` contains `mask`.
#[expect(
    clippy::indexing_slicing,
    reason = "`mask` selects dimensions of the lattice"
)]
fn corners(
    lattice: &Lattice,
    level: usize,
    coordinates: &[u32],
    other: &[u32],
    mask: usize,
) -> impl Iterator<Item = (usize, i64)> {
    let start = lattice.cell(level, coordinates) as i64;
    let mut steps = [0_i64; crate::lattice::DIMENSION_LIMIT];
    let mut n = 0;
    for d in 0..coordinates.len() {
        if mask >> d & 1 == 1 {
            let stride = lattice.levels[level].strides[d] as i64;
            steps[n] = (i64::from(other[d]) - i64::from(coordinates[d])) * stride;
            n += 1;
        }
    }
    (0..1_usize << n).map(move |subset| {
        let shift: i64 = (0..n)
            .filter(|i| subset >> i & 1 == 1)
            .map(|i| steps[i])
            .sum();
        let sign = if subset.count_ones() % 2 == 0 { 1 } else { -1 };
        ((start + shift) as usize, sign)
    })
}
