//! From coordinates on the ground to places in the drawing: north is up, and nothing is stretched.

use std::fmt::Write as _;

use super::{Outline, Point};
use crate::assign::{narrowing, range};
use crate::{Frame, PictureLayout};

/// Room that is kept free around a map, for names beside it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Margins {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Where on the drawing the map lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct MapProjection {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl MapProjection {
    pub(super) fn of(frame: &Frame, outlines: &[Outline], top: f64, margins: Margins) -> Self {
        let points = || outlines.iter().flat_map(|outline| &outline.rings).flatten();
        let all: Vec<Point> = points().copied().collect();
        let narrowing = narrowing(&all);
        let (west, east) = range(all.iter().map(|point| point.0));
        let (south, north) = range(all.iter().map(|point| point.1));
        let room = frame.layout.width() - 8.0 - margins.left - margins.right;
        let (wide, high) = ((east - west) * narrowing, north - south);
        let scale = (room / wide.max(1e-12)).min(highest(frame.layout) / high.max(1e-12));
        let left = 4.0 + margins.left + (room - wide * scale) / 2.0;
        let top = top + margins.top;
        Self {
            west,
            north,
            across: scale * narrowing,
            down: scale,
            left,
            right: left + wide * scale,
            top,
            bottom: top + high * scale,
        }
    }

    /// Where the rings of an outline lie.
    pub(super) fn rings(&self, outline: &Outline) -> Vec<Vec<Point>> {
        let place = |(x, y): &Point| {
            (
                self.left + (x - self.west) * self.across,
                self.top + (self.north - y) * self.down,
            )
        };
        let rings = outline.rings.iter();
        rings.map(|ring| ring.iter().map(place).collect()).collect()
    }
}

/// How high a map is at most, in units of the drawing.
pub(crate) fn highest(layout: PictureLayout) -> f64 {
    match layout {
        PictureLayout::Narrow => 420.0,
        PictureLayout::Wide => 600.0,
    }
}

/// The rings as a path in tenths of a unit, each point by its difference from the one before; points that fall together
/// with the one before are left out.
pub(super) fn path(rings: &[Vec<Point>]) -> String {
    let tenths = |value: f64| (value * 10.0).round() as i64;
    let mut path = String::new();
    for ring in rings {
        let mut before: Option<(i64, i64)> = None;
        for (x, y) in ring {
            let (x, y) = (tenths(*x), tenths(*y));
            match before {
                None => {
                    let _ = write!(path, "M{} {}l", tenth(x), tenth(y));
                }
                Some((from_x, from_y)) if (from_x, from_y) != (x, y) => {
                    let (dx, dy) = (tenth(x - from_x), tenth(y - from_y));
                    let between = if dy.starts_with('-') { "" } else { " " };
                    let first = path.ends_with('l') || dx.starts_with('-');
                    let _ = write!(path, "{}{dx}{between}{dy}", if first { "" } else { " " });
                }
                Some(_) => {}
            }
            before = Some((x, y));
        }
        if path.ends_with('l') {
            path.pop();
        }
        path.push('Z');
    }
    path
}

/// So many tenths, without a nought that a path can do without.
fn tenth(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    match (tenths.abs() / 10, tenths.abs() % 10) {
        (whole, 0) => format!("{sign}{whole}"),
        (0, part) => format!("{sign}.{part}"),
        (whole, part) => format!("{sign}{whole}.{part}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_differences_and_no_point_twice() {
        let ring = vec![(10.0, 20.0), (10.04, 20.0), (12.5, 19.5), (12.4, 30.0)];
        assert_eq!(path(std::slice::from_ref(&ring)), "M10 20l2.5-.5-.1 10.5Z");
        assert_eq!(
            path(&[vec![(1.0, 2.0)], ring]),
            "M1 2ZM10 20l2.5-.5-.1 10.5Z"
        );
    }
}
