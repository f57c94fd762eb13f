//! From rings to borders: each stretch between two places where other areas begin is kept once.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::{edges, size};
use super::{GridPoint, SourceArea};

/// Borders, and for each area its rings as borders one after the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Topology {
    /// The points of each border, both ends included.
    pub(crate) arcs: Vec<Vec<GridPoint>>,
    /// The areas that each border is of.
    pub(crate) owners: Vec<BTreeSet<usize>>,
    /// For each area its rings: which border, and whether from its end to its beginning.
    pub(crate) rings: Vec<Vec<Vec<(usize, bool)>>>,
}

type Edge = (GridPoint, GridPoint);

fn undirected((from, to): Edge) -> Edge {
    if from < to { (from, to) } else { (to, from) }
}

/// The borders of areas, whose neighbours share their points.
pub(super) fn topology(areas: &[SourceArea]) -> Topology {
    let mut owners: BTreeMap<Edge, BTreeSet<usize>> = BTreeMap::new();
    for (number, area) in areas.iter().enumerate() {
        for edge in area.rings.iter().flat_map(|ring| edges(ring)) {
            owners.entry(undirected(edge)).or_default().insert(number);
        }
    }
    let ends = ends(&owners);
    let mut known: BTreeMap<Vec<GridPoint>, usize> = BTreeMap::new();
    let mut topology = Topology {
        arcs: Vec::new(),
        owners: Vec::new(),
        rings: Vec::new(),
    };
    for (number, area) in areas.iter().enumerate() {
        let mut rings = Vec::new();
        for ring in &area.rings {
            let mut borders = Vec::new();
            for stretch in stretches(ring, &ends) {
                let (stretch, turned) = one_way(stretch);
                let id = *known.entry(stretch).or_insert_with_key(|stretch| {
                    topology.arcs.push(stretch.clone());
                    topology.owners.push(BTreeSet::new());
                    topology.arcs.len() - 1
                });
                if let Some(owners) = topology.owners.get_mut(id) {
                    owners.insert(number);
                }
                borders.push((id, turned));
            }
            rings.push(borders);
        }
        topology.rings.push(rings);
    }
    topology
}

/// The points where other areas begin: not two edges meet there, or two of different areas.
fn ends(owners: &BTreeMap<Edge, BTreeSet<usize>>) -> BTreeSet<GridPoint> {
    let mut at: BTreeMap<GridPoint, Vec<&BTreeSet<usize>>> = BTreeMap::new();
    for ((from, to), of) in owners {
        at.entry(*from).or_default().push(of);
        at.entry(*to).or_default().push(of);
    }
    let ends = at.iter().filter(|(_, meet)| match meet.as_slice() {
        [one, other] => one != other,
        _ => true,
    });
    ends.map(|(point, _)| *point).collect()
}

/// A ring in stretches from end to end; a ring without ends is one stretch from its least point.
fn stretches(ring: &[GridPoint], ends: &BTreeSet<GridPoint>) -> Vec<Vec<GridPoint>> {
    let first = ring.iter().position(|point| ends.contains(point));
    let least = || {
        let least = ring.iter().enumerate().min_by_key(|(_, point)| **point);
        least.map_or(0, |(place, _)| place)
    };
    let start = first.unwrap_or_else(least);
    let turned = ring.iter().cycle().skip(start).take(ring.len() + 1);
    let mut stretches: Vec<Vec<GridPoint>> = Vec::new();
    for (place, point) in turned.enumerate() {
        if let Some(stretch) = stretches.last_mut() {
            stretch.push(*point);
        }
        if place < ring.len() && (place == 0 || ends.contains(point)) {
            stretches.push(vec![*point]);
        }
    }
    stretches
}

/// The stretch in the one of its two directions that is kept, and whether it was turned for that.
fn one_way(stretch: Vec<GridPoint>) -> (Vec<GridPoint>, bool) {
    let closed = stretch.first() == stretch.last();
    let other: Vec<GridPoint> = stretch.iter().rev().copied().collect();
    let keep = if closed {
        size(&stretch) >= size(&other)
    } else {
        stretch <= other
    };
    if keep {
        (stretch, false)
    } else {
        (other, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(code: &str, ring: &[GridPoint]) -> SourceArea {
        SourceArea {
            code: code.into(),
            name: code.into(),
            years: (2022, 2022),
            rings: vec![ring.to_vec()],
        }
    }

    #[test]
    fn neighbours_share_a_border_and_rings_come_back_as_they_were() {
        let west = [(0, 0), (5, 1), (5, 5), (5, 9), (0, 10)];
        let east = [(5, 9), (5, 5), (5, 1), (10, 0), (10, 10)];
        let island = [(20, 0), (22, 0), (21, 3)];
        let areas = [area("W", &west), area("E", &east), area("I", &island)];
        let topology = topology(&areas);
        assert_eq!(topology.arcs.len(), 4);
        let shared = topology.owners.iter().filter(|owners| owners.len() == 2);
        assert_eq!(shared.count(), 1);
        for (area, rings) in areas.iter().zip(&topology.rings) {
            let mut back = Vec::new();
            for (id, turned) in &rings[0] {
                let mut arc = topology.arcs[*id].clone();
                if *turned {
                    arc.reverse();
                }
                arc.pop();
                back.extend(arc);
            }
            assert_eq!(size(&back), size(&area.rings[0]), "{}", area.code);
            assert_eq!(back.len(), area.rings[0].len());
        }
    }
}
