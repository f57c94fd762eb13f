//! Weighted k-means in the plane (Lloyd, *Least squares quantization in PCM*, 1982), with seeds by a fixed rule.

use std::num::NonZeroUsize;

use super::matrix::by_chunk;

/// Rounds at most; k-means stands still long before that.
const ROUNDS: usize = 100;
/// Points whose sums are taken together: fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 4096;

/// A point in the plane with a weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedPoint {
    /// Along the first axis.
    pub x: f64,
    /// Along the second.
    pub y: f64,
    /// How much it weighs, more than 0: how many people stand there.
    pub weight: f64,
}

impl WeightedPoint {
    /// The square of the distance to another.
    fn apart(&self, other: &Self) -> f64 {
        let (x, y) = (self.x - other.x, self.y - other.y);
        x * x + y * y
    }

    /// The distance to another.
    ///
    /// ```
    /// use zwerm_voices::opinion::clusters::WeightedPoint;
    /// let at = |x, y| WeightedPoint { x, y, weight: 1.0 };
    /// assert_eq!(at(0.0, 0.0).distance(&at(3.0, 4.0)), 5.0);
    /// ```
    #[must_use]
    pub fn distance(&self, other: &Self) -> f64 {
        self.apart(other).sqrt()
    }
}

/// Points in clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Clusters {
    /// The cluster of each point.
    pub of: Vec<usize>,
    /// The mean of each cluster, with the weight of all in it; clusters are in the order of their first points, and none is empty.
    pub centres: Vec<WeightedPoint>,
}

/// Seeds that lie far apart: the point farthest from the mean, then each time the one farthest from those there are; of equally far
/// ones the first. Fewer than `most` where there are fewer different points.
///
/// ```
/// use zwerm_voices::opinion::clusters::{WeightedPoint, farthest_first};
/// let at = |x| WeightedPoint { x, y: 0.0, weight: 1.0 };
/// let seeds = farthest_first(&[at(0.0), at(1.0), at(10.0), at(10.0)], 3);
/// assert_eq!(seeds.iter().map(|seed| seed.x).collect::<Vec<_>>(), [0.0, 10.0, 1.0]);
/// ```
#[must_use]
pub fn farthest_first(points: &[WeightedPoint], most: usize) -> Vec<WeightedPoint> {
    let Some(mean) = mean(points.iter()) else {
        return Vec::new();
    };
    let from_mean: Vec<f64> = points.iter().map(|point| point.apart(&mean)).collect();
    let Some(first) = farthest(points, &from_mean) else {
        return Vec::new();
    };
    let mut seeds = vec![first];
    let mut nearest = vec![f64::INFINITY; points.len()];
    let mut newest = first;
    while seeds.len() < most {
        for (known, point) in nearest.iter_mut().zip(points) {
            *known = known.min(point.apart(&newest));
        }
        match farthest(points, &nearest) {
            Some(next) if nearest.iter().any(|apart| *apart > 0.0) => newest = next,
            _ => break,
        }
        seeds.push(newest);
    }
    seeds
}

/// The first of the points that are farthest.
fn farthest(points: &[WeightedPoint], apart: &[f64]) -> Option<WeightedPoint> {
    let mut found: Option<(f64, WeightedPoint)> = None;
    for (apart, point) in apart.iter().zip(points) {
        if found.is_none_or(|(greatest, _)| *apart > greatest) {
            found = Some((*apart, *point));
        }
    }
    found.map(|(_, point)| point)
}

/// The first so many points that differ from each other.
pub(super) fn first_different(points: &[WeightedPoint], most: usize) -> Vec<WeightedPoint> {
    let mut seeds: Vec<WeightedPoint> = Vec::new();
    for point in points {
        if seeds.len() == most {
            break;
        }
        if seeds.iter().all(|seed| seed.apart(point) > 0.0) {
            seeds.push(*point);
        }
    }
    seeds
}

fn mean<'p>(points: impl Iterator<Item = &'p WeightedPoint>) -> Option<WeightedPoint> {
    let sum = points.fold(Sum::default(), |sum, point| sum.with(point));
    sum.mean()
}

/// Weighted sums of points.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    x: f64,
    y: f64,
    weight: f64,
}

impl Sum {
    fn with(self, point: &WeightedPoint) -> Self {
        Self {
            x: self.x + point.x * point.weight,
            y: self.y + point.y * point.weight,
            weight: self.weight + point.weight,
        }
    }

    fn and(self, other: &Self) -> Self {
        Self {
            x: self.x + other.x,
            y: self.y + other.y,
            weight: self.weight + other.weight,
        }
    }

    fn mean(self) -> Option<WeightedPoint> {
        (self.weight > 0.0).then(|| WeightedPoint {
            x: self.x / self.weight,
            y: self.y / self.weight,
            weight: self.weight,
        })
    }
}

/// Clusters that grow from seeds: each point goes to the nearest centre, of equally near ones the first, and each centre to the mean
/// of its points, until none moves. A centre that loses all its points is dropped.
///
/// ```
/// use std::num::NonZeroUsize;
/// use zwerm_voices::opinion::clusters::{WeightedPoint, farthest_first, k_means};
/// let at = |x| WeightedPoint { x, y: 0.0, weight: 1.0 };
/// let points = [at(0.0), at(1.0), at(10.0), at(11.0)];
/// let found = k_means(&points, &farthest_first(&points, 2), NonZeroUsize::MIN);
/// assert_eq!(found.of, [0, 0, 1, 1]);
/// assert_eq!(found.centres[1].x, 10.5);
/// ```
#[must_use]
pub fn k_means(
    points: &[WeightedPoint],
    seeds: &[WeightedPoint],
    threads: NonZeroUsize,
) -> Clusters {
    let mut centres = seeds.to_vec();
    for _ in 0..ROUNDS {
        let sums = sums(points, &centres, threads);
        let moved: Vec<WeightedPoint> = sums
            .iter()
            .zip(&centres)
            .map(|(sum, old)| sum.mean().unwrap_or(*old))
            .collect();
        let stands = moved
            .iter()
            .zip(&centres)
            .all(|(new, old)| new.x == old.x && new.y == old.y);
        centres = moved;
        if stands {
            break;
        }
    }
    let found = by_chunk(points, CHUNK, threads, |some| {
        some.iter()
            .map(|point| nearest(point, &centres))
            .collect::<Vec<usize>>()
    });
    in_order(points, &found.concat(), centres.len())
}

/// The sums of the points that are nearest to each centre.
fn sums(points: &[WeightedPoint], centres: &[WeightedPoint], threads: NonZeroUsize) -> Vec<Sum> {
    let parts = by_chunk(points, CHUNK, threads, |some| {
        let mut sums = vec![Sum::default(); centres.len()];
        for point in some {
            if let Some(sum) = sums.get_mut(nearest(point, centres)) {
                *sum = sum.with(point);
            }
        }
        sums
    });
    let mut all = vec![Sum::default(); centres.len()];
    for part in parts {
        for (sum, more) in all.iter_mut().zip(&part) {
            *sum = sum.and(more);
        }
    }
    all
}

/// The place of the first of the nearest centres.
fn nearest(point: &WeightedPoint, centres: &[WeightedPoint]) -> usize {
    let mut found = (0, f64::INFINITY);
    for (place, centre) in centres.iter().enumerate() {
        let apart = point.apart(centre);
        if apart < found.1 {
            found = (place, apart);
        }
    }
    found.0
}

/// Clusters numbered by their first points.
fn in_order(points: &[WeightedPoint], of: &[usize], many: usize) -> Clusters {
    let mut numbers: Vec<Option<usize>> = vec![None; many];
    let mut sums: Vec<Sum> = Vec::new();
    let mut renumbered = Vec::with_capacity(of.len());
    for (place, point) in of.iter().zip(points) {
        let Some(number) = numbers.get_mut(*place) else {
            continue;
        };
        let number = *number.get_or_insert_with(|| {
            sums.push(Sum::default());
            sums.len() - 1
        });
        if let Some(sum) = sums.get_mut(number) {
            *sum = sum.with(point);
        }
        renumbered.push(number);
    }
    Clusters {
        of: renumbered,
        centres: sums.into_iter().filter_map(Sum::mean).collect(),
    }
}
