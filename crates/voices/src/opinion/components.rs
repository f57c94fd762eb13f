//! The two directions in which votes differ most: principal components of voters x statements.
//!
//! Missing votes are the statement's mean over those who voted, so that after centring they are 0, and the matrix is as sparse as the
//! votes. A statement that was moderated out is 0 for everybody.
//!
//! The components are those of the Gram matrix of statements, by subspace iteration with a Rayleigh-Ritz step until they stand
//! still, each time through a Chebyshev polynomial that damps all smaller eigenvalues (Saad, *Numerical Methods for Large
//! Eigenvalue Problems*, 2011, sections 5.2 and 7.4). It starts from a fixed set of vectors.

use std::num::NonZeroUsize;

use super::ballots::Ballots;
use super::matrix::{Dense, dot};

/// Vectors that are iterated together: the more, the sooner the first two stand still.
const BLOCK: usize = 8;
/// How far the residual of a component may be from nothing, as a share of the largest eigenvalue.
const RESIDUAL: f64 = 1e-13;
/// Rounds at most; conversations in which the second and ninth directions weigh alike end here.
const ROUNDS: usize = 2_000;
/// Sweeps of Jacobi's method over a block.
const SWEEPS: usize = 12;
/// The degree of the polynomial.
const DEGREE: usize = 8;

/// The means of statements and the two principal components.
#[derive(Debug, Clone, PartialEq)]
pub struct Components {
    /// The mean vote on each statement, -1 to 1, over those who voted; 0 for one that was moderated out or nobody voted on.
    pub means: Vec<f64>,
    /// Two vectors of length 1, each with as many loadings as there are statements; of each the loading of greatest size is
    /// positive. All zeros where votes differ in fewer directions.
    pub loadings: [Vec<f64>; 2],
}

/// The principal components of votes.
///
/// ```
/// use std::num::NonZeroUsize;
/// use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, components::components, vote::Vote};
/// let cast = |voter, statement, vote| CastVote { voter, statement, vote, at: 0 };
/// let votes = [cast(1, 1, Vote::Agree), cast(2, 1, Vote::Disagree), cast(1, 2, Vote::Pass), cast(2, 2, Vote::Pass)];
/// let found = components(&Ballots::new(&votes, &[])?, NonZeroUsize::MIN);
/// assert_eq!(found.means, [0.0, 0.0]);
/// assert!((found.loadings[0][0] - 1.0).abs() < 1e-12 && found.loadings[0][1].abs() < 1e-12);
/// # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
/// ```
#[must_use]
pub fn components(ballots: &Ballots, threads: NonZeroUsize) -> Components {
    let means = means(ballots);
    let gram = gram(ballots, &means, threads);
    let loadings = leading(&gram, means.len());
    Components { means, loadings }
}

fn means(ballots: &Ballots) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); ballots.statements().len()];
    for voter in 0..ballots.voters().len() {
        for (statement, vote) in ballots.of_kept(voter) {
            if let Some((sum, many)) = sums.get_mut(statement) {
                *sum += vote.value();
                *many += 1.0;
            }
        }
    }
    let mean = |(sum, many): (f64, f64)| if many > 0.0 { sum / many } else { 0.0 };
    sums.into_iter().map(mean).collect()
}

/// What a voter's vote differs from the mean, for each statement that they voted on.
pub(super) fn centred<'a>(
    ballots: &'a Ballots,
    means: &'a [f64],
    voter: usize,
) -> impl Iterator<Item = (usize, f64)> + 'a {
    let votes = ballots.of_kept(voter);
    votes.filter_map(|(statement, vote)| Some((statement, vote.value() - means.get(statement)?)))
}

/// The products of each two statements' columns, summed over voters in their order.
fn gram(ballots: &Ballots, means: &[f64], threads: NonZeroUsize) -> Dense {
    let many = means.len();
    let mut gram = Dense::zeros(many, many);
    gram.fill_rows(threads, |first, rows| {
        let mut row_votes = Vec::new();
        for voter in 0..ballots.voters().len() {
            row_votes.clear();
            row_votes.extend(centred(ballots, means, voter));
            let mine = row_votes
                .iter()
                .filter(|(statement, _)| *statement >= first);
            for (statement, value) in mine {
                let Some(row) = rows.get_mut(statement - first) else {
                    break;
                };
                for (other, with) in &row_votes {
                    if let Some(cell) = row.get_mut(*other) {
                        *cell += value * with;
                    }
                }
            }
        }
    });
    gram
}

/// The two eigenvectors of greatest eigenvalue.
fn leading(gram: &Dense, many: usize) -> [Vec<f64>; 2] {
    let block = BLOCK.min(many);
    let mut vectors: Vec<Vec<f64>> = (0..block).map(|place| start(place, many)).collect();
    orthonormalise(&mut vectors);
    let mut values = vec![0.0; block];
    for _ in 0..ROUNDS {
        let images: Vec<Vec<f64>> = vectors.iter().map(|vector| times(gram, vector)).collect();
        let (found, turned) = ritz(&vectors, &images);
        let (vectors_now, images_now) = (combined(&vectors, &turned), combined(&images, &turned));
        values = found;
        let scale = values
            .first()
            .copied()
            .unwrap_or_default()
            .max(f64::MIN_POSITIVE);
        let still = (0..2)
            .all(|place| residual(&vectors_now, &images_now, &values, place) <= RESIDUAL * scale);
        if still {
            vectors = vectors_now;
            break;
        }
        let smallest = values.last().copied().unwrap_or_default();
        vectors = match block < many {
            true => vectors_now
                .iter()
                .map(|vector| filtered(gram, vector, smallest))
                .collect(),
            // all directions are in the block, so that turning them was all there is to do
            false => vectors_now,
        };
        orthonormalise(&mut vectors);
    }
    let largest = values.first().copied().unwrap_or_default();
    let component = |place: usize| {
        let weighs = values
            .get(place)
            .is_some_and(|value| *value > largest * 1e-12 && *value > 0.0);
        let vector = vectors.get(place).filter(|_| weighs).cloned();
        vector.map_or_else(|| vec![0.0; many], with_sign)
    };
    [component(0), component(1)]
}

/// A start that no vote can be at right angles to by design: fixed numbers of a multiplicative sequence.
fn start(place: usize, many: usize) -> Vec<f64> {
    let value = |row: usize| {
        let mixed = (row as u64 + 1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add((place as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
        let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    (0..many).map(value).collect()
}

fn times(matrix: &Dense, vector: &[f64]) -> Vec<f64> {
    matrix.rows().map(|row| dot(row, vector)).collect()
}

/// A vector through the Chebyshev polynomial that is at most 1 for eigenvalues from 0 to `upper`, and grows fast above.
fn filtered(matrix: &Dense, vector: &[f64], upper: f64) -> Vec<f64> {
    let half = upper / 2.0;
    if half <= 0.0 {
        return times(matrix, vector);
    }
    let shifted = |vector: &[f64]| {
        let mut image = times(matrix, vector);
        let parts = image.iter_mut().zip(vector);
        parts.for_each(|(value, part)| *value = (*value - half * part) / half);
        image
    };
    let (mut before, mut now) = (vector.to_vec(), shifted(vector));
    for _ in 1..DEGREE {
        let mut next = shifted(&now);
        let parts = next.iter_mut().zip(&before);
        parts.for_each(|(value, part)| *value = 2.0 * *value - part);
        (before, now) = (now, next);
    }
    // what grew is brought back, so that nothing runs over
    let length = dot(&now, &now).sqrt();
    if length > 0.0 && length.is_finite() {
        now.iter_mut().for_each(|value| *value /= length);
    }
    now
}

/// How far a vector is from an eigenvector.
fn residual(vectors: &[Vec<f64>], images: &[Vec<f64>], values: &[f64], place: usize) -> f64 {
    let all = (vectors.get(place), images.get(place), values.get(place));
    let (Some(vector), Some(image), Some(value)) = all else {
        return 0.0;
    };
    let apart = image.iter().zip(vector).map(|(i, v)| i - value * v);
    apart.map(|x| x * x).sum::<f64>().sqrt()
}

/// Makes vectors stand at right angles with length 1, by Gram and Schmidt's method, twice for accuracy.
fn orthonormalise(vectors: &mut [Vec<f64>]) {
    for place in 0..vectors.len() {
        let (before, rest) = vectors.split_at_mut(place);
        let Some(vector) = rest.first_mut() else {
            return;
        };
        for _ in 0..2 {
            for other in before.iter() {
                let along = dot(other, vector);
                let parts = vector.iter_mut().zip(other);
                parts.for_each(|(value, part)| *value -= along * part);
            }
        }
        let length = dot(vector, vector).sqrt();
        let by = if length > 1e-150 { 1.0 / length } else { 0.0 };
        vector.iter_mut().for_each(|value| *value *= by);
    }
}

/// The eigenvalues of a matrix seen in a subspace, greatest first, and how its vectors are turned to get there.
fn ritz(vectors: &[Vec<f64>], images: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let many = vectors.len();
    let mut seen = Dense::zeros(many, many);
    for (row, vector) in seen.rows_mut().zip(vectors) {
        for (cell, image) in row.iter_mut().zip(images) {
            *cell = dot(vector, image);
        }
    }
    jacobi(seen, many)
}

/// Eigenvalues, greatest first, with their vectors, of a small symmetric matrix: Jacobi's method.
fn jacobi(matrix: Dense, many: usize) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut rows: Vec<Vec<f64>> = matrix.rows().map(<[f64]>::to_vec).collect();
    let unit = |place: usize| {
        (0..many)
            .map(|other| f64::from(u8::from(other == place)))
            .collect()
    };
    let mut turned: Vec<Vec<f64>> = (0..many).map(unit).collect();
    for _ in 0..SWEEPS {
        for (p, q) in (0..many).flat_map(|p| (p + 1..many).map(move |q| (p, q))) {
            rotate(&mut rows, &mut turned, p, q);
        }
    }
    let value = |place: usize| at(&rows, place, place);
    let mut order: Vec<usize> = (0..many).collect();
    order.sort_by(|one, other| value(*other).total_cmp(&value(*one)));
    let values = order.iter().map(|place| value(*place)).collect();
    let vectors = order.iter().filter_map(|place| turned.get(*place).cloned());
    (values, vectors.collect())
}

fn at(rows: &[Vec<f64>], row: usize, column: usize) -> f64 {
    let found = rows.get(row).and_then(|row| row.get(column));
    found.copied().unwrap_or_default()
}

/// Turns two axes so that the matrix has nothing between them.
fn rotate(rows: &mut [Vec<f64>], turned: &mut [Vec<f64>], p: usize, q: usize) {
    let (pp, qq, pq) = (at(rows, p, p), at(rows, q, q), at(rows, p, q));
    if pq == 0.0 {
        return;
    }
    let theta = (qq - pp) / (2.0 * pq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (t * t + 1.0).sqrt();
    let sine = t * cosine;
    for row in rows.iter_mut() {
        turn(row, p, q, cosine, sine);
    }
    turn_rows(rows, p, q, cosine, sine);
    turn_rows(turned, p, q, cosine, sine);
}

fn turn(row: &mut [f64], p: usize, q: usize, cosine: f64, sine: f64) {
    let both = (row.get(p).copied(), row.get(q).copied());
    let (Some(at_p), Some(at_q)) = both else {
        return;
    };
    if let Some(cell) = row.get_mut(p) {
        *cell = cosine * at_p - sine * at_q;
    }
    if let Some(cell) = row.get_mut(q) {
        *cell = sine * at_p + cosine * at_q;
    }
}

fn turn_rows(rows: &mut [Vec<f64>], p: usize, q: usize, cosine: f64, sine: f64) {
    let (before, after) = rows.split_at_mut(q);
    let (Some(one), Some(other)) = (before.get_mut(p), after.first_mut()) else {
        return;
    };
    for (a, b) in one.iter_mut().zip(other.iter_mut()) {
        (*a, *b) = (cosine * *a - sine * *b, sine * *a + cosine * *b);
    }
}

/// Vectors turned: each the sum of all, weighed.
fn combined(vectors: &[Vec<f64>], turned: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let many = vectors.first().map_or(0, Vec::len);
    let one = |weights: &Vec<f64>| {
        let mut sum = vec![0.0; many];
        for (vector, weight) in vectors.iter().zip(weights) {
            let parts = sum.iter_mut().zip(vector);
            parts.for_each(|(value, part)| *value += weight * part);
        }
        sum
    };
    turned.iter().map(one).collect()
}

/// A vector and its opposite are one direction: the one whose loading of greatest size, the first of them, is positive.
fn with_sign(mut vector: Vec<f64>) -> Vec<f64> {
    let mut greatest = 0.0_f64;
    for value in &vector {
        if value.abs() > greatest.abs() {
            greatest = *value;
        }
    }
    if greatest < 0.0 {
        vector.iter_mut().for_each(|value| *value = -*value);
    }
    vector
}
