//! Municipalities of two years: those that merged get the outer border of what they were made of.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};

use super::{GridPoint, SourceArea};

/// The year of the boundaries themselves.
pub(super) const FIRST: u16 = 2022;
/// The year up to which they are followed.
pub(super) const LAST: u16 = 2023;
/// How much the size of an area may differ between the finer boundaries and the coarser later ones.
const MOST_DIFFERENCE: f64 = 0.3;

/// The areas of the first year, and after these each that is another one in the last year.
pub(super) fn over_the_years(
    first: Vec<SourceArea>,
    last: &[SourceArea],
) -> Result<Vec<SourceArea>> {
    let mut parts: BTreeMap<&str, Vec<&SourceArea>> = BTreeMap::new();
    for area in &first {
        let same = last.iter().find(|later| later.code == area.code);
        let within = || {
            let inside = |later: &&SourceArea| holds(&later.rings, &area.rings);
            last.iter().find(inside)
        };
        let later = same.or_else(within);
        let later = later.with_context(|| format!("what became of `{}`?", area.code))?;
        parts.entry(later.code.as_str()).or_default().push(area);
    }
    let mut areas = Vec::new();
    for later in last {
        let parts = parts.get(later.code.as_str());
        let parts = parts.with_context(|| format!("`{}` was made of nothing", later.code))?;
        alike(later, parts)?;
        let alone = parts.len() == 1 && parts.iter().all(|part| part.code == later.code);
        areas.push(SourceArea {
            code: later.code.clone(),
            name: later.name.clone(),
            years: (if alone { FIRST } else { LAST }, LAST),
            rings: outer(parts)?,
        });
        if !alone {
            areas.extend(parts.iter().map(|part| SourceArea {
                years: (FIRST, FIRST),
                ..(*part).clone()
            }));
        }
    }
    Ok(areas)
}

/// Whether most points of the one lie in the other.
fn holds(outer: &[Vec<GridPoint>], inner: &[Vec<GridPoint>]) -> bool {
    let points = inner.iter().flatten();
    let (within, all) = points.fold((0_usize, 0_usize), |(within, all), point| {
        let crossings: usize = outer.iter().map(|ring| crossings(ring, *point)).sum();
        (within + crossings % 2, all + 1)
    });
    within * 2 > all
}

fn crossings(ring: &[GridPoint], point: GridPoint) -> usize {
    let (x, y) = (f64::from(point.0), f64::from(point.1));
    let crosses = |(from, to): &(GridPoint, GridPoint)| {
        let (ax, ay, bx, by) = (from.0, from.1, to.0, to.1);
        let [ax, ay, bx, by] = [ax, ay, bx, by].map(f64::from);
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    edges(ring).filter(crosses).count()
}

pub(super) fn edges(ring: &[GridPoint]) -> impl Iterator<Item = (GridPoint, GridPoint)> {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the area of a ring; below nought when it goes round with the clock.
pub(super) fn size(ring: &[GridPoint]) -> i64 {
    let cross = |((ax, ay), (bx, by)): (GridPoint, GridPoint)| {
        i64::from(ax) * i64::from(by) - i64::from(bx) * i64::from(ay)
    };
    edges(ring).map(cross).sum()
}

/// The later boundaries must be about those of the parts together.
fn alike(later: &SourceArea, parts: &[&SourceArea]) -> Result<()> {
    let whole = |area: &SourceArea| {
        let sizes = area.rings.iter().map(|ring| size(ring).unsigned_abs());
        sizes.sum::<u64>() as f64
    };
    let (then, now) = (
        parts.iter().map(|part| whole(part)).sum::<f64>(),
        whole(later),
    );
    let differs = (then - now).abs() / now;
    if differs > MOST_DIFFERENCE {
        bail!(
            "`{}` differs by {:.0}% between the years",
            later.code,
            differs * 100.0
        );
    }
    Ok(())
}

/// The rings around areas that lie against each other: the borders that no two of them share.
fn outer(parts: &[&SourceArea]) -> Result<Vec<Vec<GridPoint>>> {
    if let [one] = parts {
        return Ok(one.rings.clone());
    }
    let all = || parts.iter().flat_map(|part| &part.rings);
    let every: BTreeSet<_> = all().flat_map(|ring| edges(ring)).collect();
    let mut next: BTreeMap<GridPoint, Vec<GridPoint>> = BTreeMap::new();
    for (from, to) in every
        .iter()
        .filter(|(from, to)| !every.contains(&(*to, *from)))
    {
        next.entry(*from).or_default().push(*to);
    }
    let mut rings = Vec::new();
    while let Some(start) = next.keys().next().copied() {
        let (mut ring, mut at) = (vec![start], start);
        loop {
            let ways = next.get_mut(&at).context("a border does not close")?;
            let to = ways.pop().context("a border does not close")?;
            if ways.is_empty() {
                next.remove(&at);
            }
            if to == start {
                break;
            }
            ring.push(to);
            at = to;
        }
        rings.push(ring);
    }
    Ok(rings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(code: &str, west: i32, wide: i32) -> SourceArea {
        let ring = vec![(west, 0), (west + wide, 0), (west + wide, 10), (west, 10)];
        SourceArea {
            code: code.into(),
            name: code.into(),
            years: (0, 0),
            rings: vec![ring],
        }
    }

    #[test]
    fn what_merged_has_the_outer_border_of_its_parts() -> Result<()> {
        let first = vec![square("A", 0, 10), square("B", 10, 10), square("C", 20, 10)];
        // coarser boundaries lie about those of the parts, not on them
        let merged = SourceArea {
            rings: vec![vec![(9, -1), (31, -1), (31, 11), (9, 11)]],
            ..square("D", 9, 22)
        };
        let last = [square("A", 0, 10), merged];
        let areas = over_the_years(first, &last)?;
        let told = areas.iter().map(|area| (area.code.as_str(), area.years));
        assert_eq!(
            told.collect::<Vec<_>>(),
            [
                ("A", (FIRST, LAST)),
                ("D", (LAST, LAST)),
                ("B", (FIRST, FIRST)),
                ("C", (FIRST, FIRST))
            ]
        );
        assert_eq!(areas[1].rings.len(), 1);
        assert_eq!(size(&areas[1].rings[0]), 2 * 20 * 10);
        Ok(())
    }

    #[test]
    fn an_area_that_grew_is_no_longer_the_same() {
        let grown = over_the_years(vec![square("A", 0, 10)], &[square("A", 0, 20)]);
        assert!(grown.is_err());
    }
}
