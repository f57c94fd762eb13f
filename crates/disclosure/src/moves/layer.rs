//! A *layer* is one additive quantity over the base cells, with what an attacker may assume of it.
//!
//! Counts of units, counts of missing values and sums of a measure are all layers: they obey the
//! same linear system (published margins) and differ in bounds and in what must be able to move.
//! Moves are whole numbers of a *quantum* (1 for counts, a power of two for sums), so that adding
//! and comparing moves is exact. The bounds are the external bounds of Fischetti & Salazar, *Solving the cell
//! suppression problem on tabular data with linear constraints* (2001).

use crate::{
    ids::{BaseId, CellId, IdVec},
    lattice::Lattice,
    table::Quantity,
};

/// So far that no room runs out: far below overflow even when added a few million times.
pub(crate) const UNBOUNDED: i64 = 1 << 40;

/// One additive quantity, in quanta.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// Per base cell: how far it can fall.
    down: IdVec<BaseId, i64>,
    /// Per base cell: how far it can rise.
    up: IdVec<BaseId, i64>,
    /// Per cell of the lattice: how far it can fall before an attacker would object.
    floor: IdVec<CellId, i64>,
    /// Per base cell: takes part in no move, as it may be known to have no values.
    fixed: IdVec<BaseId, bool>,
    /// How much one quantum is.
    pub(crate) quantum: f64,
    /// What it is a quantity of.
    pub(crate) quantity: Quantity,
    /// Per cell of the lattice: how far its base cells together can fall and rise; of sums only.
    whole: IdVec<CellId, Room>,
}

/// How far a cell of the lattice can move, in quanta.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Room {
    /// How far it can fall.
    pub(crate) down: i64,
    /// How far it can rise.
    pub(crate) up: i64,
}

/// What an attacker may assume of a sum.
pub(crate) struct Bounds {
    /// Per base cell the least and the largest that it can be.
    pub(crate) range: Vec<(f64, f64)>,
    /// Per base cell whether it has units but no values.
    pub(crate) valueless: Vec<bool>,
}

impl Layer {
    /// A count: never below 0, and at least 1 in a cell that is not empty and known to be `occupied`.
    pub(crate) fn count(
        lattice: &Lattice,
        quantity: Quantity,
        values: &IdVec<CellId, u64>,
        occupied: impl Fn(CellId) -> bool,
    ) -> Layer {
        let amount = |cell| i64::try_from(values[cell]).unwrap_or(UNBOUNDED);
        let least = |cell| i64::from(values[cell] > 0 && occupied(cell));
        let floor = lattice.cells().map(|cell| amount(cell) - least(cell));
        let floor: IdVec<CellId, i64> = floor.collect();
        let down: IdVec<BaseId, i64> = lattice.bases().map(|cell| floor[cell]).collect();
        Layer {
            up: IdVec::filled(UNBOUNDED, down.len()),
            fixed: IdVec::filled(false, down.len()),
            down,
            floor,
            quantum: 1.0,
            quantity,
            whole: IdVec::new(),
        }
    }

    /// A sum, with the bounds of the base cells.
    pub(crate) fn sum(
        lattice: &Lattice,
        quantity: Quantity,
        total: &IdVec<CellId, f64>,
        bounds: Bounds,
    ) -> Layer {
        let quantum = quantum(total, &bounds.range);
        let own: Vec<f64> = lattice.bases().map(|cell| total[cell]).collect();
        let ranges = own.iter().zip(&bounds.range);
        let down = ranges.clone().map(|(y, b)| quanta(y - b.0, quantum));
        let up = ranges.map(|(y, b)| quanta(b.1 - y, quantum));
        let (down, up) = (down.collect(), up.collect());
        Layer {
            whole: whole(lattice, &down, &up),
            fixed: IdVec::from(bounds.valueless),
            floor: IdVec::filled(UNBOUNDED, lattice.size()),
            down,
            up,
            quantum,
            quantity,
        }
    }

    /// How far a base cell can still move in `direction`, having moved `moved` quanta.
    #[inline]
    pub(crate) fn room(&self, base: BaseId, direction: i64, moved: i64) -> i64 {
        if direction > 0 {
            self.up[base] - moved
        } else {
            self.down[base] + moved
        }
    }

    /// How far a cell of the lattice can still fall, having moved `moved` quanta.
    #[inline]
    pub(crate) fn floor(&self, cell: CellId, moved: i64) -> i64 {
        self.floor[cell] + moved
    }

    /// Whether a base cell takes part in no move.
    #[inline]
    pub(crate) fn fixed(&self, base: BaseId) -> bool {
        self.fixed[base]
    }

    /// How far a cell of the lattice can fall and rise at most, all its base cells together.
    pub(crate) fn room_of(&self, cell: CellId) -> Room {
        self.whole[cell]
    }
}

/// A power of two so small that the largest of the figures is about 2^30 of it.
fn quantum(total: &IdVec<CellId, f64>, range: &[(f64, f64)]) -> f64 {
    let bounds = range.iter().flat_map(|&(l, h)| [l, h]);
    let all = total.iter().copied().chain(bounds);
    let finite = all.filter(|x| x.is_finite());
    let scale = finite.fold(1e-30_f64, |a, x| a.max(x.abs()));
    (scale.log2().floor() - 30.0).exp2()
}

/// How many whole quanta fit.
fn quanta(far: f64, quantum: f64) -> i64 {
    let quanta = (far / quantum).floor();
    if quanta >= UNBOUNDED as f64 {
        UNBOUNDED
    } else {
        (quanta as i64).max(0)
    }
}

/// Per cell how far its base cells together can fall and rise.
fn whole(
    lattice: &Lattice,
    down: &IdVec<BaseId, i64>,
    up: &IdVec<BaseId, i64>,
) -> IdVec<CellId, Room> {
    let mut whole = IdVec::filled(Room::default(), lattice.size());
    for (base, (&fall, &rise)) in lattice.bases().zip(down.iter().zip(up.iter())) {
        if fall == 0 && rise == 0 {
            continue;
        }
        let at = lattice.coordinates(base);
        let state = lattice.state(base);
        for level in lattice.levels.ids() {
            let room = &mut whole[lattice.at(state, lattice.cell(level, &at))];
            room.down = (room.down + fall).min(UNBOUNDED);
            room.up = (room.up + rise).min(UNBOUNDED);
        }
    }
    whole
}
