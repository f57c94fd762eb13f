//! The geometry of areas: their size, their middle, and where in them there is room for words.

use super::Point;

/// How many places are tried along the width of an area, and along its height.
const TRIED: usize = 18;

/// Each point of a ring with the next.
pub(super) fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the signed area of a ring.
pub(crate) fn area_of(ring: &[Point]) -> f64 {
    edges(ring)
        .map(|((ax, ay), (bx, by))| ax * by - bx * ay)
        .sum()
}

/// The ring with the greatest area.
pub(crate) fn largest(rings: &[Vec<Point>]) -> Option<&Vec<Point>> {
    let by_area = |a: &&Vec<Point>, b: &&Vec<Point>| area_of(a).abs().total_cmp(&area_of(b).abs());
    rings.iter().max_by(by_area)
}

/// The centroid of a ring by its area, about its first point, since coordinates may be large.
pub(crate) fn centroid(ring: &[Point]) -> Option<Point> {
    let (ox, oy) = *ring.first()?;
    let moved: Vec<Point> = ring.iter().map(|(x, y)| (x - ox, y - oy)).collect();
    let area = area_of(&moved);
    let sum = edges(&moved).fold((0.0, 0.0), |(x, y), ((ax, ay), (bx, by))| {
        let cross = ax * by - bx * ay;
        (x + (ax + bx) * cross, y + (ay + by) * cross)
    });
    (area != 0.0).then(|| (ox + sum.0 / (3.0 * area), oy + sum.1 / (3.0 * area)))
}

/// Whether a point lies in an area: inside an odd number of its rings.
pub(super) fn contains(rings: &[Vec<Point>], (x, y): Point) -> bool {
    let crosses = |((ax, ay), (bx, by)): &(Point, Point)| {
        (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    let crossings = rings.iter().flat_map(|ring| edges(ring).filter(crosses));
    crossings.count() % 2 == 1
}

/// An upright rectangle about its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LabelBox {
    pub(super) middle: Point,
    pub(super) half_width: f64,
    pub(super) half_height: f64,
}

impl LabelBox {
    pub(super) fn of(middle: Point, (width, height): (f64, f64)) -> Self {
        Self {
            middle,
            half_width: width / 2.0,
            half_height: height / 2.0,
        }
    }

    pub(super) fn meets(&self, other: &Self) -> bool {
        let (dx, dy) = (
            self.middle.0 - other.middle.0,
            self.middle.1 - other.middle.1,
        );
        dx.abs() < self.half_width + other.half_width
            && dy.abs() < self.half_height + other.half_height
    }

    /// Whether a line from point to point touches it.
    pub(super) fn crossed(&self, (from, to): (Point, Point)) -> bool {
        let (ax, ay) = (from.0 - self.middle.0, from.1 - self.middle.1);
        let (bx, by) = (to.0 - self.middle.0, to.1 - self.middle.1);
        let (w, h) = (self.half_width, self.half_height);
        if ax.min(bx) > w || ax.max(bx) < -w || ay.min(by) > h || ay.max(by) < -h {
            return false;
        }
        // all corners on one side of the line: it passes by
        let side = |(x, y): (f64, f64)| (bx - ax) * (y - ay) - (by - ay) * (x - ax);
        let sides = [(-w, -h), (w, -h), (w, h), (-w, h)].map(side);
        let (least, most) = sides
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), side| {
                (least.min(*side), most.max(*side))
            });
        least <= 0.0 && most >= 0.0
    }
}

/// The least and greatest coordinates: west, east, and the two others.
pub(super) fn corners(rings: &[Vec<Point>]) -> (f64, f64, f64, f64) {
    let none = (
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::INFINITY,
        f64::NEG_INFINITY,
    );
    rings.iter().flatten().fold(none, |(w, e, n, s), (x, y)| {
        (w.min(*x), e.max(*x), n.min(*y), s.max(*y))
    })
}

/// The middle of a rectangle of this size that lies wholly in an area, as near to the area's centroid as can be.
pub(super) fn room(rings: &[Vec<Point>], size: (f64, f64)) -> Option<Point> {
    let ring = largest(rings)?;
    let (cx, cy) = centroid(ring)?;
    let (west, east, north, south) = corners(std::slice::from_ref(ring));
    if east - west < size.0 || south - north < size.1 {
        return None;
    }
    let steps = || (0..=TRIED).map(|step| step as f64 / TRIED as f64);
    let (across, down) = (east - west - size.0, south - north - size.1);
    let grid = steps().flat_map(|x| steps().map(move |y| (x, y)));
    let grid = grid.map(|(x, y)| {
        (
            west + size.0 / 2.0 + x * across,
            north + size.1 / 2.0 + y * down,
        )
    });
    let far = |(x, y): &Point| (x - cx).powi(2) + (y - cy).powi(2);
    let mut places: Vec<Point> = std::iter::once((cx, cy)).chain(grid).collect();
    places.sort_by(|a, b| far(a).total_cmp(&far(b)));
    places.into_iter().find(|place| {
        let block = LabelBox::of(*place, size);
        let mut edges = rings.iter().flat_map(|ring| edges(ring));
        contains(rings, *place) && !edges.any(|edge| block.crossed(edge))
    })
}

/// A point that lies in an area: its centroid, or else one that has room around it.
pub(super) fn inner(rings: &[Vec<Point>]) -> Option<Point> {
    let middle = centroid(largest(rings)?);
    if let Some(middle) = middle.filter(|middle| contains(rings, *middle)) {
        return Some(middle);
    }
    let sizes = [24.0, 12.0, 6.0, 3.0, 1.0];
    let within = sizes.into_iter().find_map(|size| room(rings, (size, size)));
    within.or(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An area like the letter L, whose centroid lies outside of it.
    fn angle() -> Vec<Vec<Point>> {
        let ring = [
            (0.0, 0.0),
            (20.0, 0.0),
            (20.0, 80.0),
            (100.0, 80.0),
            (100.0, 100.0),
            (0.0, 100.0),
        ];
        vec![ring.to_vec()]
    }

    #[test]
    fn words_lie_wholly_in_an_area_or_nowhere() {
        let angle = angle();
        let centroid = centroid(&angle[0]).unwrap();
        assert!(!contains(&angle, centroid), "{centroid:?}");
        let (x, y) = room(&angle, (60.0, 12.0)).unwrap();
        assert!(
            (30.0..=70.0).contains(&x) && (86.0..=94.0).contains(&y),
            "{x} {y}"
        );
        assert_eq!(room(&angle, (60.0, 30.0)), None);
        assert!(contains(&angle, inner(&angle).unwrap()));
    }

    #[test]
    fn a_hole_is_no_room() {
        let square = |from: f64, to: f64| vec![(from, from), (to, from), (to, to), (from, to)];
        let rings = vec![square(0.0, 90.0), square(20.0, 70.0)];
        assert!(!contains(&rings, (45.0, 45.0)) && contains(&rings, (10.0, 10.0)));
        assert_eq!(room(&rings, (40.0, 40.0)), None);
        assert!(room(&rings, (40.0, 10.0)).is_some());
    }

    #[test]
    fn a_line_crosses_a_block_or_passes_it_by() {
        let block = LabelBox::of((10.0, 10.0), (4.0, 4.0));
        assert!(block.crossed(((0.0, 0.0), (20.0, 20.0))));
        assert!(block.crossed(((9.0, 9.0), (10.0, 10.0))));
        assert!(!block.crossed(((0.0, 13.0), (20.0, 13.0))));
        assert!(!block.crossed(((0.0, 14.5), (14.5, 0.0))));
        assert!(block.meets(&LabelBox::of((13.0, 10.0), (4.0, 1.0))));
        assert!(!block.meets(&LabelBox::of((15.0, 10.0), (4.0, 1.0))));
    }
}
