//! A *layer* is one additive quantity over the base cells, with what an attacker may assume of it.
//!
//! Counts of units, counts of missing values and sums of a measure are all layers: they obey the
//! same linear system (published margins) and differ in bounds and in what must be able to move.
//! Moves are whole numbers of a *quantum* (1 for counts, a power of two for sums), so that adding
//! and comparing moves is exact.

use crate::{lattice::Lattice, table::Quantity};

/// So far that no room runs out: far below overflow even when added a few million times.
pub(crate) const UNBOUNDED: i64 = 1 << 40;

#[derive(Debug, Clone)]
pub(crate) struct Layer {
    /// Per base cell: how far it can fall and rise, in quanta.
    down: Vec<i64>,
    up: Vec<i64>,
    /// Per cell of the lattice: how far it can fall before an attacker would object, in quanta.
    floor: Vec<i64>,
    /// Per base cell: takes part in no move, as it may be known to have no values.
    fixed: Vec<bool>,
    pub(crate) quantum: f64,
    pub(crate) quantity: Quantity,
    /// Per cell of the lattice: how far its base cells together can fall and rise.
    whole: Vec<(i64, i64)>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
impl Layer {
    /// A count: never below 0, and at least 1 in a cell that is not empty and known to be `occupied`.
    pub(crate) fn count(
        lattice: &Lattice,
        quantity: Quantity,
        values: &[u64],
        occupied: impl Fn(usize) -> bool,
    ) -> Layer {
        let amount = |cell: usize| i64::try_from(values[cell]).unwrap_or(UNBOUNDED);
        let floor = (0..lattice.cells())
            .map(|cell| {
                let occupied = values[cell] > 0 && occupied(cell);
                amount(cell) - i64::from(occupied)
            })
            .collect::<Vec<_>>();
        let down: Vec<i64> = lattice.bases().map(|cell| floor[cell]).collect();
        Layer {
            up: vec![UNBOUNDED; down.len()],
            fixed: vec![false; down.len()],
            down,
            floor,
            quantum: 1.0,
            quantity,
            whole: Vec::new(),
        }
    }

    /// A sum, with the least and the largest that each base cell can be; `valueless` base cells have
    /// units but no values.
    pub(crate) fn sum(
        lattice: &Lattice,
        quantity: Quantity,
        total: &[f64],
        bounds: &[(f64, f64)],
        valueless: Vec<bool>,
    ) -> Layer {
        let scale = total
            .iter()
            .copied()
            .chain(bounds.iter().flat_map(|&(l, h)| [l, h]))
            .filter(|x| x.is_finite())
            .fold(1e-30_f64, |a, x| a.max(x.abs()));
        let quantum = (scale.log2().floor() - 30.0).exp2();
        let room = |far: f64| {
            let quanta = (far / quantum).floor();
            if quanta >= UNBOUNDED as f64 {
                UNBOUNDED
            } else {
                (quanta as i64).max(0)
            }
        };
        let own: Vec<f64> = lattice.bases().map(|cell| total[cell]).collect();
        let rooms = |of: &dyn Fn(f64, (f64, f64)) -> f64| -> Vec<i64> {
            let pairs = own.iter().zip(bounds);
            pairs.map(|(&y, &b)| room(of(y, b))).collect()
        };
        let down = rooms(&|y, b| y - b.0);
        let up = rooms(&|y, b| b.1 - y);
        Layer {
            whole: whole(lattice, &down, &up),
            fixed: valueless,
            floor: vec![UNBOUNDED; lattice.cells()],
            down,
            up,
            quantum,
            quantity,
        }
    }

    /// How far the base cell at place `at` can still move in `direction`, having moved `moved` quanta.
    pub(crate) fn room(&self, at: usize, direction: i64, moved: i64) -> i64 {
        if direction > 0 {
            self.up[at] - moved
        } else {
            self.down[at] + moved
        }
    }

    /// How far a cell of the lattice can still fall, having moved `moved` quanta.
    pub(crate) fn floor(&self, cell: usize, moved: i64) -> i64 {
        self.floor[cell] + moved
    }

    /// Whether the base cell at place `at` takes part in no move.
    pub(crate) fn fixed(&self, at: usize) -> bool {
        self.fixed[at]
    }

    /// How far a cell of the lattice can fall and rise at most, all its base cells together.
    pub(crate) fn room_of(&self, cell: usize) -> (i64, i64) {
        self.whole[cell]
    }
}

/// Per cell how far its base cells together can fall and rise.
#[expect(
    clippy::indexing_slicing,
    reason = "cell numbers come from the lattice that sized these vectors"
)]
fn whole(lattice: &Lattice, down: &[i64], up: &[i64]) -> Vec<(i64, i64)> {
    let mut whole = vec![(0_i64, 0_i64); lattice.cells()];
    for (base, (&fall, &rise)) in lattice.bases().zip(down.iter().zip(up)) {
        if fall == 0 && rise == 0 {
            continue;
        }
        let at = lattice.coordinates(base);
        let state = lattice.state(base) * lattice.local;
        for level in 0..lattice.levels.len() {
            let room = &mut whole[state + lattice.cell(level, &at)];
            *room = (
                (room.0 + fall).min(UNBOUNDED),
                (room.1 + rise).min(UNBOUNDED),
            );
        }
    }
    whole
}
