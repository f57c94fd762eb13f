//! Leaving points out of borders: those that are nowhere farther than some metres from the line without them.
//!
//! Douglas and Peucker (1973), per border, so that the areas on both sides keep the same one. What would make a ring
//! collapse is kept as it was.

use anyhow::{Result, bail};

use super::arcs::Topology;
use super::merge::size;
use super::{GridPoint, SourceArea};

/// How far a border of a district may move, in metres.
const DISTRICT: f64 = 8.0;
/// How far a border between municipalities may move where no district is drawn.
const MUNICIPALITY: f64 = 30.0;
/// Metres in a hundred-thousandth of a degree to the north; to the east at 52 degrees.
const NORTH: f64 = 1.112;
const EAST: f64 = 0.685;

/// The borders with fewer points.
pub(super) fn thinned(areas: &[SourceArea], topology: Topology) -> Result<Topology> {
    let is_district = |owner: &usize| areas.get(*owner).is_some_and(|a| a.code.starts_with("WK"));
    let arcs = topology.arcs.iter().zip(&topology.owners);
    let arcs = arcs.map(|(arc, owners)| {
        let near = owners.iter().any(is_district);
        thin(arc, if near { DISTRICT } else { MUNICIPALITY })
    });
    let mut thin = Topology {
        arcs: arcs.collect(),
        ..topology.clone()
    };
    for ring in topology.rings.iter().flatten() {
        if size(&points(&thin, ring)) == 0 {
            for (id, _) in ring {
                if let (Some(arc), Some(whole)) = (thin.arcs.get_mut(*id), topology.arcs.get(*id)) {
                    arc.clone_from(whole);
                }
            }
        }
    }
    for ring in topology.rings.iter().flatten() {
        let (before, after) = (size(&points(&topology, ring)), size(&points(&thin, ring)));
        if before.signum() != after.signum() {
            bail!("a ring of {before} became one of {after}");
        }
    }
    Ok(thin)
}

/// The points of a ring, each once.
fn points(topology: &Topology, ring: &[(usize, bool)]) -> Vec<GridPoint> {
    let mut points = Vec::new();
    for (id, turned) in ring {
        let mut arc = topology.arcs.get(*id).cloned().unwrap_or_default();
        if *turned {
            arc.reverse();
        }
        arc.pop();
        points.extend(arc);
    }
    points
}

fn thin(arc: &[GridPoint], most: f64) -> Vec<GridPoint> {
    let mut keep = vec![false; arc.len()];
    let last = arc.len().saturating_sub(1);
    for place in [0, last] {
        mark(&mut keep, place);
    }
    let mut open = vec![(0, last)];
    while let Some((from, to)) = open.pop() {
        if let Some((place, distance)) = farthest(arc, from, to)
            && distance > most
        {
            mark(&mut keep, place);
            open.extend([(from, place), (place, to)]);
        }
    }
    let kept = arc.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(point, _)| *point).collect()
}

fn mark(keep: &mut [bool], place: usize) {
    if let Some(keep) = keep.get_mut(place) {
        *keep = true;
    }
}

/// The point between two others that is farthest from the line between them, and how far in metres.
fn farthest(arc: &[GridPoint], from: usize, to: usize) -> Option<(usize, f64)> {
    let (start, end) = (metres(*arc.get(from)?), metres(*arc.get(to)?));
    let between = arc.iter().enumerate().take(to).skip(from + 1);
    let far = between.map(|(place, point)| (place, distance(metres(*point), start, end)));
    far.max_by(|a, b| a.1.total_cmp(&b.1))
}

fn metres((x, y): GridPoint) -> (f64, f64) {
    (f64::from(x) * EAST, f64::from(y) * NORTH)
}

/// From a point to the line between two others; to the one where both are the same.
fn distance((x, y): (f64, f64), (ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 {
        (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_on_the_line_is_left_out() {
        let arc = [(0, 0), (50, 1), (100, 0), (100, 200)];
        assert_eq!(thin(&arc, 8.0), [(0, 0), (100, 0), (100, 200)]);
        assert_eq!(thin(&arc, 0.5), arc);
        let closed = [(0, 0), (100, 0), (100, 100), (0, 0)];
        assert_eq!(thin(&closed, 8.0), closed);
    }
}
