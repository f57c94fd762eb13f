//! Which values units have together, as an axis: numbers of units add up over these sets of values.

use std::collections::{BTreeMap, BTreeSet};

use super::Axis;
use crate::table::{Table, release_states};

/// A value or a union of a dimension: its coordinate, and its values.
type ValueNode = (u32, Vec<u32>);

/// The dimensions of which some unit has several values, taken together.
pub(crate) struct ValueSets {
    dimensions: Vec<usize>,
    /// Every set of values that units have together, and every value alone.
    sets: BTreeMap<BTreeSet<Vec<u32>>, u32>,
}

impl ValueSets {
    /// The sets of values of a table's units; `None` where every unit has one value of each dimension.
    pub(crate) fn new(table: &Table) -> Option<ValueSets> {
        let dimensions = straddled(table);
        if dimensions.is_empty() {
            return None;
        }
        let mut value_sets = ValueSets {
            dimensions,
            sets: BTreeMap::new(),
        };
        let mut sets: BTreeSet<BTreeSet<Vec<u32>>> = BTreeSet::new();
        for (bases, straddlers) in release_states(table) {
            sets.extend(bases.iter().map(|b| value_sets.set(&[&b.coordinates])));
            sets.extend(straddlers.iter().map(|s| {
                let parts: Vec<&[u32]> = s.parts.iter().map(|p| p.coordinates.as_slice()).collect();
                value_sets.set(&parts)
            }));
        }
        for alone in value_sets.tuples(table) {
            sets.insert([alone].into());
        }
        value_sets.sets = sets.into_iter().zip(0..).collect();
        Some(value_sets)
    }

    /// The values of the straddled dimensions that these coordinates have together.
    fn set(&self, parts: &[&[u32]]) -> BTreeSet<Vec<u32>> {
        let of = |at: &&[u32]| {
            let values = self.dimensions.iter().filter_map(|&d| at.get(d).copied());
            values.collect::<Vec<u32>>()
        };
        parts.iter().map(of).collect()
    }

    /// Every combination of values of the straddled dimensions.
    fn tuples(&self, table: &Table) -> Vec<Vec<u32>> {
        let sizes = self
            .dimensions
            .iter()
            .filter_map(|&d| table.dimensions.get(d));
        sizes.fold(vec![Vec::new()], |all, dimension| {
            let longer = |at: Vec<u32>| {
                (0..dimension.size as u32).map(move |v| [at.as_slice(), &[v]].concat())
            };
            all.into_iter().flat_map(longer).collect()
        })
    }

    /// Coordinates in the lattice of the units: the set of values takes the place of the first straddled dimension.
    pub(crate) fn coordinates(&self, parts: &[&[u32]]) -> Vec<u32> {
        let set = self.sets.get(&self.set(parts)).copied().unwrap_or(0);
        let first = parts.first().copied().unwrap_or_default();
        let kept = first.iter().enumerate().filter_map(|(d, &value)| {
            if self.dimensions.first() == Some(&d) {
                Some(set)
            } else if self.dimensions.contains(&d) {
                None
            } else {
                Some(value)
            }
        });
        kept.collect()
    }

    /// The axes of the lattice of the units.
    pub(crate) fn axes(&self, table: &Table, plain: Vec<Axis>) -> Vec<Axis> {
        let mut axes = Vec::new();
        for (d, axis) in plain.into_iter().enumerate() {
            if self.dimensions.first() == Some(&d) {
                axes.push(self.axis(table));
            } else if !self.dimensions.contains(&d) {
                axes.push(axis);
            }
        }
        axes
    }

    /// The sets of values as leaves, and each value or union as a union of the sets that have it.
    fn axis(&self, table: &Table) -> Axis {
        let bits = self.dimensions.iter().fold(0, |mask, d| mask | 1_u32 << d);
        let nodes = self.nodes(table).into_iter();
        let unions = nodes.filter(|node| node.iter().any(Option::is_some));
        let unions = unions.map(|node| (self.members(&node), self.label(&node)));
        let unnamed = vec![None; self.sets.len()];
        let mut axis = Axis::new(self.sets.len(), bits, unnamed, unions.collect());
        for provider in 0..table.providers {
            let held = self.held(table, provider);
            if !held.is_empty() && held.len() < self.dimensions.len() {
                let mask = held.iter().fold(0, |mask, d| mask | 1_u32 << d);
                axis.hold(mask, self.looks(&held));
            }
        }
        axis
    }

    /// The sets with a tuple of values within a node.
    fn members(&self, node: &[Option<ValueNode>]) -> Vec<u32> {
        let within = |(of, value): (&Option<ValueNode>, &u32)| {
            of.as_ref()
                .is_none_or(|(_, members)| members.contains(value))
        };
        let inside = |tuple: &Vec<u32>| node.iter().zip(tuple).all(within);
        let sets = self.sets.iter().filter(|(set, _)| set.iter().any(inside));
        sets.map(|(_, &leaf)| leaf).collect()
    }

    /// What a node is published under.
    fn label(&self, node: &[Option<ValueNode>]) -> Vec<(usize, u32)> {
        let named = self.dimensions.iter().zip(node);
        named
            .filter_map(|(&d, of)| of.as_ref().map(|(at, _)| (d, *at)))
            .collect()
    }

    /// The straddled dimensions that a provider holds.
    fn held(&self, table: &Table, provider: usize) -> Vec<usize> {
        let holds = |d: &usize| {
            let of = table.dimensions.get(*d);
            of.is_some_and(|of| of.known_to.contains(&provider))
        };
        self.dimensions.iter().copied().filter(holds).collect()
    }

    /// Per set of values which others look the same in some of the straddled dimensions.
    fn looks(&self, held: &[usize]) -> Vec<u32> {
        let own = |tuple: &Vec<u32>| -> Vec<u32> {
            let pairs = self.dimensions.iter().zip(tuple);
            let pairs = pairs.filter(|(d, _)| held.contains(d));
            pairs.map(|(_, &value)| value).collect()
        };
        let mut seen: BTreeMap<BTreeSet<Vec<u32>>, u32> = BTreeMap::new();
        let mut looks = vec![0; self.sets.len()];
        for (set, &leaf) in &self.sets {
            let next = seen.len() as u32;
            let look = *seen.entry(set.iter().map(own).collect()).or_insert(next);
            looks
                .iter_mut()
                .skip(leaf as usize)
                .take(1)
                .for_each(|l| *l = look);
        }
        looks
    }

    /// Every combination of a value, a union or nothing per straddled dimension, with its coordinate.
    fn nodes(&self, table: &Table) -> Vec<Vec<Option<ValueNode>>> {
        let dimensions = self
            .dimensions
            .iter()
            .filter_map(|&d| table.dimensions.get(d));
        dimensions.fold(vec![Vec::new()], |all, dimension| {
            let size = dimension.size as u32;
            let values = (0..size).map(|v| Some((v, vec![v])));
            let unions = dimension.unions.iter().zip(size..);
            let unions = unions.map(|(members, at)| Some((at, members.clone())));
            let choices: Vec<_> = std::iter::once(None).chain(values).chain(unions).collect();
            let longer = |node: Vec<Option<ValueNode>>| {
                let with =
                    |of: &Option<ValueNode>| [node.as_slice(), std::slice::from_ref(of)].concat();
                choices.iter().map(with).collect::<Vec<_>>()
            };
            all.into_iter().flat_map(longer).collect()
        })
    }
}

/// The dimensions of which some unit has several values.
fn straddled(table: &Table) -> Vec<usize> {
    let mut dimensions = BTreeSet::new();
    for (_, straddlers) in release_states(table) {
        for straddler in straddlers {
            let first = straddler.parts.first();
            let first = || first.into_iter().flat_map(|f| &f.coordinates);
            for part in &straddler.parts {
                let pairs = part.coordinates.iter().zip(first());
                let differ = pairs.enumerate().filter(|(_, (a, b))| a != b);
                dimensions.extend(differ.map(|(d, _)| d));
            }
        }
    }
    dimensions.into_iter().collect()
}
