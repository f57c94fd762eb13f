//! The flock on the home page: one mark for each entry of the public log, in the shape of the side that made it.
//!
//! Places lie along one curve that ends at the table, with a least distance between them; they are always the same, so that
//! the flock grows outwards with the log and nothing else. The newest entries are nearest to the table. It counts nobody:
//! no number is written per side.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::svg::px;
use crate::table::{SeatMark, TableCentre, TableSeats, group};

/// Whose entry a mark is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlockMark {
    /// A circle.
    Residents,
    /// A triangle.
    Knowledge,
    /// A hexagon.
    Organisations,
    /// A square.
    Government,
    /// A small ring: what the system entered by itself.
    System,
}

/// Marks in a flock; of a longer log the newest are shown.
pub const MOST: usize = 400;

/// The middle of the table.
const TABLE: (f64, f64) = (452.0, 316.0);
/// Points of the curve, from the table outwards, each with how far marks may lie from it.
const CURVE: [(f64, f64, f64); 11] = [
    (368.0, 372.0, 22.0),
    (420.0, 440.0, 26.0),
    (520.0, 440.0, 28.0),
    (592.0, 350.0, 28.0),
    (588.0, 240.0, 28.0),
    (510.0, 180.0, 30.0),
    (400.0, 130.0, 46.0),
    (280.0, 84.0, 62.0),
    (150.0, 106.0, 66.0),
    (60.0, 190.0, 46.0),
    (14.0, 330.0, 12.0),
];
/// The least distance between two marks.
const APART: f64 = 12.5;
/// How often another place is tried.
const TRIES: u64 = 40;

#[derive(Debug, Clone, Copy)]
struct FlockPlace {
    x: f64,
    y: f64,
    /// How far along the curve, from 0 at the table to 1.
    along: f64,
    turn: f64,
}

static PLACES: LazyLock<Vec<FlockPlace>> = LazyLock::new(places);

/// The picture of the newest entries, the newest first; `size` is as long as the log is.
///
/// ```
/// use zwerm_picture::flock::{FlockMark, flock};
/// let svg = flock(&[FlockMark::Residents, FlockMark::Government]);
/// assert!(svg.starts_with("<svg") && svg.contains(r#"class="inw sf""#));
/// assert!(!svg.contains(r#"class="ken sf" d="#));
/// ```
pub fn flock(newest_first: &[FlockMark]) -> String {
    let all = [
        (FlockMark::Residents, "inw sf"),
        (FlockMark::Knowledge, "ken sf"),
        (FlockMark::Organisations, "org sf"),
        (FlockMark::Government, "ove sf"),
        (FlockMark::System, "f-e"),
    ];
    let mut body = String::new();
    for (mark, class) in all {
        let marks = newest_first.iter().zip(PLACES.iter());
        let own = marks.filter(|(one, _)| **one == mark);
        let path: String = own.map(|(_, place)| outline(mark, *place)).collect();
        if !path.is_empty() {
            let _ = write!(body, r#"<path class="{class}" d="{path}"/>"#);
        }
    }
    let seats = TableSeats::all(SeatMark::Consents);
    let table = group(&seats, TableCentre::InForce, TABLE, 1.72);
    format!(r#"<svg viewBox="0 0 640 500" aria-hidden="true">{body}{table}</svg>"#)
}

/// All places, from the table outwards.
fn places() -> Vec<FlockPlace> {
    let mut all: Vec<FlockPlace> = Vec::with_capacity(MOST);
    let steps = (MOST - 1) as f64;
    for number in 0..MOST {
        // closer together in the wide middle than at the table
        let along = (number as f64 / steps).powf(0.8);
        let mut best: Option<(f64, FlockPlace)> = None;
        for attempt in 0..TRIES {
            let place = candidate(number as u64, attempt, along);
            let near = all.iter().rev().take(120);
            let free = near.map(|other| (other.x - place.x).hypot(other.y - place.y));
            let free = free.fold(f64::INFINITY, f64::min);
            if best.is_none_or(|(most, _)| free > most) {
                best = Some((free, place));
            }
            if free >= APART {
                break;
            }
        }
        all.extend(best.map(|(_, place)| place));
    }
    all
}

fn candidate(number: u64, attempt: u64, along: f64) -> FlockPlace {
    let draw = |which: u64| unit(number * 1000 + attempt * 10 + which);
    let along = (along + (draw(0) - 0.5) * 0.03).clamp(0.0, 1.0);
    let (x, y, spread, across) = on_curve(along);
    // the sum of two is denser in the middle
    let off = (draw(1) + draw(2) - 1.0) * spread;
    FlockPlace {
        x: (x + across.0 * off).clamp(8.0, 632.0),
        y: (y + across.1 * off).clamp(8.0, 492.0),
        along,
        turn: draw(3) * std::f64::consts::TAU,
    }
}

/// A point of the curve, how wide the flock is there, and the direction across.
fn on_curve(along: f64) -> (f64, f64, f64, (f64, f64)) {
    let pieces = (CURVE.len() - 1) as f64;
    let piece = (along * pieces).floor().min(pieces - 1.0);
    let within = along * pieces - piece;
    let index = piece as usize;
    let at = |index: usize| {
        CURVE
            .get(index.min(CURVE.len() - 1))
            .copied()
            .unwrap_or_default()
    };
    let (before, from, to, after) = (
        at(index.saturating_sub(1)),
        at(index),
        at(index + 1),
        at(index + 2),
    );
    let spline = |p: f64, q: f64, r: f64, s: f64| catmull_rom(p, q, r, s, within);
    let (x, dx) = spline(before.0, from.0, to.0, after.0);
    let (y, dy) = spline(before.1, from.1, to.1, after.1);
    let length = dx.hypot(dy).max(1e-9);
    let spread = from.2 + (to.2 - from.2) * within;
    (x, y, spread, (-dy / length, dx / length))
}

/// The value and the slope of the Catmull-Rom spline between `q` and `r`.
fn catmull_rom(p: f64, q: f64, r: f64, s: f64, t: f64) -> (f64, f64) {
    let (a, b, c) = (2.0 * q, r - p, 2.0 * p - 5.0 * q + 4.0 * r - s);
    let d = -p + 3.0 * q - 3.0 * r + s;
    let value = 0.5 * (a + b * t + c * t * t + d * t * t * t);
    let slope = 0.5 * (b + 2.0 * c * t + 3.0 * d * t * t);
    (value, slope)
}

/// A number from 0 to 1 that belongs to this one for ever (SplitMix64: Steele, Lea and Flood, 2014).
fn unit(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}

fn outline(mark: FlockMark, place: FlockPlace) -> String {
    let size = 6.4 - 3.2 * place.along;
    match mark {
        FlockMark::Residents => round(place, size * 0.95),
        FlockMark::System => round(place, size * 0.5),
        FlockMark::Knowledge => cornered(place, 3, size * 1.25),
        FlockMark::Government => cornered(place, 4, size * 1.2),
        FlockMark::Organisations => cornered(place, 6, size * 1.08),
    }
}

fn round(place: FlockPlace, radius: f64) -> String {
    let (x, y, r, d) = (
        px(place.x - radius),
        px(place.y),
        px(radius),
        px(radius * 2.0),
    );
    format!("M{x} {y}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z")
}

fn cornered(place: FlockPlace, corners: u32, radius: f64) -> String {
    let step = std::f64::consts::TAU / f64::from(corners);
    let mut path = String::new();
    for corner in 0..corners {
        let angle = place.turn + step * f64::from(corner);
        let (x, y) = (
            px(place.x + radius * angle.cos()),
            px(place.y + radius * angle.sin()),
        );
        let _ = write!(path, "{}{x} {y}", if corner == 0 { 'M' } else { 'L' });
    }
    path + "z"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_log_leaves_the_places_as_they_are() {
        let few = flock(&[FlockMark::System; 10]);
        let more = flock(&[FlockMark::System; 11]);
        let drawn = |svg: &str| {
            let path = svg
                .split("d=\"")
                .nth(1)
                .and_then(|rest| rest.split('"').next());
            path.unwrap_or_default().to_owned()
        };
        assert!(drawn(&more).starts_with(&drawn(&few)));
        assert_ne!(more, few);
    }

    #[test]
    fn marks_lie_apart_and_in_the_picture() {
        let places = places();
        assert_eq!(places.len(), MOST);
        let mut close = 0;
        for (number, one) in places.iter().enumerate() {
            assert!((0.0..=640.0).contains(&one.x) && (0.0..=500.0).contains(&one.y));
            let near = places.iter().take(number);
            let nearest = near.map(|other| (other.x - one.x).hypot(other.y - one.y));
            close += usize::from(nearest.fold(f64::INFINITY, f64::min) < 7.0);
        }
        assert!(close < MOST / 20, "{close} marks touch another");
    }

    #[test]
    fn the_whole_flock_is_small_enough_for_a_page() {
        let marks = [
            FlockMark::Residents,
            FlockMark::Knowledge,
            FlockMark::Organisations,
            FlockMark::Government,
        ];
        let all: Vec<FlockMark> = marks.iter().cycle().take(MOST).copied().collect();
        let svg = flock(&all);
        assert!(svg.len() < 24_000, "{}", svg.len());
    }
}
