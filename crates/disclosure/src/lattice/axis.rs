//! What is varied together, and the ways to put its leaves together.

use crate::table::Dimension;

/// The dimensions and values that a cell is published under.
pub(crate) type Label = Vec<(usize, u32)>;

/// One way to put the leaves of an axis together.
#[derive(Debug, Clone)]
pub(crate) struct Grain {
    /// Dimensions that it groups by, as bits; none for the sum over all leaves.
    pub(crate) dimensions: u32,
    /// Per leaf its class.
    pub(crate) class: Vec<u32>,
    /// Per class the dimensions and values that a cell of it is published under; `None` for never.
    pub(crate) names: Vec<Option<Label>>,
}

/// What is varied together.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    pub(crate) leaves: usize,
    /// The table's dimensions, as bits.
    pub(crate) dimensions: u32,
    pub(crate) grains: Vec<Grain>,
    /// Who holds some of its dimensions, as bits, tells these grains apart and no finer ones.
    held: Vec<(u32, usize)>,
}

impl Axis {
    /// Adds how the leaves look to who holds only the dimensions `held`; such cells are never published.
    pub(crate) fn hold(&mut self, held: u32, class: Vec<u32>) {
        if self.held.iter().any(|(known, _)| *known == held) {
            return;
        }
        let classes = class.iter().max().map_or(0, |last| *last as usize + 1);
        self.held.push((held, self.grains.len()));
        self.grains.push(Grain {
            dimensions: held,
            class,
            names: vec![None; classes],
        });
    }

    /// The grain that who holds some dimensions, as bits, tells apart.
    pub(crate) fn grain_of(&self, held: u32) -> usize {
        let own = held & self.dimensions;
        let part = self.held.iter().find(|(known, _)| *known == own);
        part.map_or(usize::from(own != 0), |(_, grain)| *grain)
    }

    /// An axis of one dimension whose units have one value.
    pub(crate) fn of(number: usize, dimension: &Dimension) -> Axis {
        let size = dimension.size as u32;
        let values = (0..size).map(|v| Some(vec![(number, v)])).collect();
        let unions = dimension.unions.iter().zip(size..);
        let unions = unions.map(|(members, at)| (members.clone(), vec![(number, at)]));
        Axis::new(dimension.size, 1 << number, values, unions.collect())
    }

    /// An axis with its leaves' names and its named unions of leaves.
    pub(crate) fn new(
        leaves: usize,
        dimensions: u32,
        names: Vec<Option<Label>>,
        unions: Vec<(Vec<u32>, Label)>,
    ) -> Axis {
        let all = Grain {
            dimensions: 0,
            class: vec![0; leaves],
            names: vec![Some(Vec::new())],
        };
        let each = Grain {
            dimensions,
            class: (0..leaves as u32).collect(),
            names,
        };
        let mut grains = vec![all, each];
        for (members, name) in unions {
            place(&mut grains, leaves, &members, name);
        }
        for grain in grains.iter_mut().skip(2) {
            finish(grain);
        }
        Axis {
            leaves,
            dimensions,
            grains,
            held: Vec::new(),
        }
    }
}

/// What is in no union of a grain.
const REST: u32 = u32::MAX;

/// Puts a union into the first grain in which it overlaps with no other.
fn place(grains: &mut Vec<Grain>, leaves: usize, members: &[u32], name: Label) {
    let dimensions = name.iter().fold(0, |mask, (d, _)| mask | 1 << d);
    let free = |grain: &Grain| {
        let mut of = members.iter().map(|&m| grain.class.get(m as usize));
        grain.dimensions == dimensions && of.all(|class| class == Some(&REST))
    };
    let found = grains.iter().skip(2).position(free).map(|at| at + 2);
    let at = found.unwrap_or_else(|| {
        grains.push(Grain {
            dimensions,
            class: vec![REST; leaves],
            names: Vec::new(),
        });
        grains.len() - 1
    });
    let Some(grain) = grains.get_mut(at) else {
        return;
    };
    let class = grain.names.len() as u32;
    grain.names.push(Some(name));
    for &member in members {
        if let Some(of) = grain.class.get_mut(member as usize) {
            *of = class;
        }
    }
}

/// Gives what is in no union of a grain a class that is never published.
fn finish(grain: &mut Grain) {
    if !grain.class.contains(&REST) {
        return;
    }
    let rest = grain.names.len() as u32;
    grain.names.push(None);
    for class in grain.class.iter_mut().filter(|c| **c == REST) {
        *class = rest;
    }
}
