//! What is varied together, and the ways to put its leaves together.

use crate::{
    ids::{GrainId, IdVec},
    table::TableDimension,
};

/// The dimensions and values that a cell is published under.
pub(crate) type CellLabel = Vec<(usize, u32)>;

/// One way to put the leaves of an axis together.
#[derive(Debug, Clone)]
pub(crate) struct Grain {
    /// Dimensions that it groups by, as bits; none for the sum over all leaves.
    pub(crate) dimensions: u32,
    /// Per leaf its class.
    classes: Vec<u32>,
    /// Per class the dimensions and values that a cell of it is published under; `None` for never.
    labels: Vec<Option<CellLabel>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "leaves and classes are numbered within their own axis, and checked on their way in"
)]
impl Grain {
    /// The class of a leaf.
    #[inline]
    pub(crate) fn class(&self, leaf: u32) -> u32 {
        self.classes[leaf as usize]
    }

    /// What a cell of a class is published under.
    pub(crate) fn label(&self, class: u32) -> Option<&CellLabel> {
        self.labels[class as usize].as_ref()
    }
}

impl Grain {
    /// How many classes it has.
    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    /// The class of every leaf, in order.
    pub(crate) fn classes(&self) -> &[u32] {
        &self.classes
    }

    /// The leaves of a class, rising.
    pub(crate) fn leaves(&self, class: u32) -> impl Iterator<Item = u32> {
        let all = (0..).zip(&self.classes);
        all.filter(move |(_, of)| **of == class)
            .map(|(leaf, _)| leaf)
    }
}

/// What is varied together.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    /// How many leaves it has.
    pub(crate) leaves: usize,
    /// The table's dimensions, as bits.
    pub(crate) dimensions: u32,
    /// The ways to put its leaves together: all of them, each by itself, then its unions.
    pub(crate) grains: IdVec<GrainId, Grain>,
    /// Who holds some of its dimensions, as bits, sees these grains apart and no finer ones.
    held: Vec<(u32, GrainId)>,
}

impl Axis {
    /// An axis of one dimension whose units have one value.
    pub(crate) fn of(number: usize, dimension: &TableDimension) -> Axis {
        let size = dimension.size as u32;
        let values = (0..size).map(|v| Some(vec![(number, v)])).collect();
        let unions = dimension.unions.iter().zip(size..);
        let unions = unions.map(|(members, at)| (members.clone(), vec![(number, at)]));
        Axis::new(dimension.size, 1 << number, values, unions.collect())
    }

    /// An axis with its leaves' labels and its labelled unions of leaves.
    pub(crate) fn new(
        leaves: usize,
        dimensions: u32,
        labels: Vec<Option<CellLabel>>,
        unions: Vec<(Vec<u32>, CellLabel)>,
    ) -> Axis {
        let all = Grain {
            dimensions: 0,
            classes: vec![0; leaves],
            labels: vec![Some(Vec::new())],
        };
        let each = Grain {
            dimensions,
            classes: (0..leaves as u32).collect(),
            labels,
        };
        let mut grains = Vec::new();
        for (members, label) in unions {
            place(&mut grains, leaves, &members, label);
        }
        grains.iter_mut().for_each(finish);
        Axis {
            leaves,
            dimensions,
            grains: [all, each].into_iter().chain(grains).collect(),
            held: Vec::new(),
        }
    }

    /// Adds how the leaves look to who holds only the dimensions `held`; such cells are never published.
    pub(crate) fn hold(&mut self, held: u32, classes: Vec<u32>) {
        if self.held.iter().any(|(known, _)| *known == held) {
            return;
        }
        let count = classes.iter().max().map_or(0, |last| *last as usize + 1);
        let grain = self.grains.push(Grain {
            dimensions: held,
            classes,
            labels: vec![None; count],
        });
        self.held.push((held, grain));
    }

    /// The finest grain that is seen by who holds some dimensions, as bits.
    pub(crate) fn grain_of(&self, held: u32) -> GrainId {
        let own = held & self.dimensions;
        let part = self.held.iter().find(|(known, _)| *known == own);
        let whole = if own == 0 {
            GrainId::ALL
        } else {
            GrainId::EACH
        };
        part.map_or(whole, |(_, grain)| *grain)
    }
}

/// What is in no union of a grain.
const REST: u32 = u32::MAX;

/// Puts a union into the first grain in which it overlaps with no other.
fn place(grains: &mut Vec<Grain>, leaves: usize, members: &[u32], label: CellLabel) {
    let dimensions = label.iter().fold(0, |mask, (d, _)| mask | 1 << d);
    let free = |grain: &Grain| {
        let mut of = members.iter().map(|&m| grain.classes.get(m as usize));
        grain.dimensions == dimensions && of.all(|class| class == Some(&REST))
    };
    let at = grains.iter().position(free).unwrap_or_else(|| {
        grains.push(Grain {
            dimensions,
            classes: vec![REST; leaves],
            labels: Vec::new(),
        });
        grains.len() - 1
    });
    let Some(grain) = grains.get_mut(at) else {
        return;
    };
    let class = grain.labels.len() as u32;
    grain.labels.push(Some(label));
    for &member in members {
        if let Some(of) = grain.classes.get_mut(member as usize) {
            *of = class;
        }
    }
}

/// Gives what is in no union of a grain a class that is never published.
fn finish(grain: &mut Grain) {
    if !grain.classes.contains(&REST) {
        return;
    }
    let rest = grain.labels.len() as u32;
    grain.labels.push(None);
    for class in grain.classes.iter_mut().filter(|c| **c == REST) {
        *class = rest;
    }
}
