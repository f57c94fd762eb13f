//! What a cell is made of: its classes, its leaves, and the base cells within it.

use std::collections::HashMap;

use super::{Lattice, axis::Grain};
use crate::ids::{AxisId, CellId, GrainId, Id, IdVec, LocalId};

impl Lattice {
    /// The class per axis of a cell; 0 for one that is summed out.
    fn classes(&self, cell: LocalId) -> Vec<u32> {
        let level = &self.levels[self.level(cell)];
        let mut rest = cell.position() - level.offset;
        let mut classes = vec![0; self.axes.len()];
        let crossed = classes.iter_mut().zip(level.strides.iter());
        for (value, &stride) in crossed.filter(|(_, stride)| **stride > 0) {
            *value = (rest / stride) as u32;
            rest %= stride;
        }
        classes
    }

    /// The grain and the class per axis of a cell.
    pub(super) fn parts(&self, cell: LocalId) -> impl Iterator<Item = (&Grain, u32)> {
        let level = &self.levels[self.level(cell)];
        let grains = self.axes.iter().zip(level.grains.iter());
        let grains = grains.map(|(axis, &grain)| &axis.grains[grain]);
        grains.zip(self.classes(cell))
    }

    /// The leaves per axis of which a cell is the sum.
    pub(crate) fn leaves(&self, cell: CellId) -> Vec<Vec<u32>> {
        let parts = self.parts(self.local(cell));
        parts
            .map(|(grain, class)| grain.leaves(class).collect())
            .collect()
    }

    /// The coordinates of a base cell.
    pub(crate) fn coordinates(&self, base: CellId) -> Vec<u32> {
        self.classes(self.local(base))
    }

    /// Whether every leaf of `inner` is one of `outer`.
    pub(crate) fn within(&self, inner: CellId, outer: CellId) -> bool {
        let pairs = self.leaves(inner).into_iter().zip(self.leaves(outer));
        pairs
            .into_iter()
            .all(|(small, large)| small.iter().all(|leaf| large.contains(leaf)))
    }

    /// Whether something holds for the coordinates of every base cell within a cell.
    pub(crate) fn all_within(&self, cell: CellId, holds: impl Fn(&[u32]) -> bool) -> bool {
        let leaves = self.leaves(cell);
        let combinations: usize = leaves.iter().map(Vec::len).product();
        (0..combinations).all(|number| {
            let mut rest = number;
            let leaf = |of: &Vec<u32>| {
                let leaf = of.get(rest % of.len()).copied();
                rest /= of.len();
                leaf
            };
            holds(&leaves.iter().filter_map(leaf).collect::<Vec<u32>>())
        })
    }

    /// Per cell, in one state, a number that is the same for cells of the same leaves.
    pub(crate) fn identities(&self) -> IdVec<LocalId, u64> {
        let of_axis = self.class_identities();
        let mut all: HashMap<Vec<u64>, u64> = HashMap::new();
        self.locals()
            .map(|cell| {
                let grains = self.levels[self.level(cell)].grains.iter();
                let axes = of_axis.iter().zip(grains).zip(self.classes(cell));
                let key =
                    axes.filter_map(|((of, &grain), class)| of[grain].get(class as usize).copied());
                let next = all.len() as u64;
                *all.entry(key.collect()).or_insert(next)
            })
            .collect()
    }

    /// Per axis, grain and class a number that is the same for classes of the same leaves of the axis.
    fn class_identities(&self) -> Vec<IdVec<GrainId, Vec<u64>>> {
        let mut known: HashMap<(AxisId, Vec<u32>), u64> = HashMap::new();
        let mut all = Vec::with_capacity(self.axes.len());
        for (number, axis) in self.axes.pairs() {
            let mut identity = |leaves: Vec<u32>| {
                let next = known.len() as u64;
                *known.entry((number, leaves)).or_insert(next)
            };
            let mut of = |grain: &Grain| {
                let classes = 0..grain.len() as u32;
                classes
                    .map(|class| identity(grain.leaves(class).collect()))
                    .collect()
            };
            all.push(axis.grains.iter().map(&mut of).collect());
        }
        all
    }

    /// Whether the base cell at `coordinates` lies in a cell.
    pub(crate) fn holds(&self, cell: CellId, coordinates: &[u32]) -> bool {
        let cell = self.local(cell);
        self.cell(self.level(cell), coordinates) == cell
    }

    /// The grains in which two leaves of an axis are apart, as bits.
    pub(crate) fn apart(&self, axis: AxisId, a: u32, b: u32) -> u128 {
        let grains = self.axes[axis].grains.pairs();
        grains
            .filter(|(_, g)| g.class(a) != g.class(b))
            .fold(0, |mask, (grain, _)| mask | 1 << grain.position())
    }
}
