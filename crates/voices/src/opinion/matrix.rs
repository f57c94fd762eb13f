//! Small dense matrices, by rows, and sums that come out the same for any number of threads.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::thread;

/// A matrix by rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dense {
    columns: usize,
    values: Vec<f64>,
}

impl Dense {
    /// A matrix of zeros.
    pub(super) fn zeros(rows: usize, columns: usize) -> Self {
        Self {
            columns,
            values: vec![0.0; rows * columns],
        }
    }

    /// Its rows; none when it has no columns.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.columns.max(1))
    }

    /// Its rows, to change.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.values.chunks_exact_mut(self.columns.max(1))
    }

    /// So many rows at a time, for as many threads.
    fn blocks_mut(&mut self, rows: usize) -> impl Iterator<Item = &mut [f64]> {
        self.values.chunks_mut((rows * self.columns).max(1))
    }

    /// Has rows filled in by threads, each by itself: what a row becomes does not depend on who makes it.
    pub(super) fn fill_rows(
        &mut self,
        threads: NonZeroUsize,
        fill: impl Fn(usize, &mut [&mut [f64]]) + Sync,
    ) {
        let (columns, rows) = (self.columns.max(1), self.values.len() / self.columns.max(1));
        if threads.get() == 1 {
            let mut rows: Vec<&mut [f64]> = self.rows_mut().collect();
            fill(0, &mut rows);
            return;
        }
        let share = rows.div_ceil(threads.get()).max(1);
        thread::scope(|scope| {
            for (place, block) in self.blocks_mut(share).enumerate() {
                let fill = &fill;
                scope.spawn(move || {
                    let mut rows: Vec<&mut [f64]> = block.chunks_exact_mut(columns).collect();
                    fill(place * share, &mut rows);
                });
            }
        });
    }
}

/// Sums that are kept beside each other in an inner product.
const LANES: usize = 8;

/// The inner product of two vectors, in sums beside each other: a fixed order that a processor can work on at once.
pub(super) fn dot(one: &[f64], other: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    let (ones, others) = (one.chunks_exact(LANES), other.chunks_exact(LANES));
    let rest = ones.remainder().iter().zip(others.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    for (ones, others) in ones.zip(others) {
        for (sum, (a, b)) in sums.iter_mut().zip(ones.iter().zip(others)) {
            *sum += a * b;
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// What a work comes to for each chunk of a slice, in the order of the chunks, whoever worked on which.
pub(super) fn by_chunk<T: Sync, R: Send>(
    all: &[T],
    chunk: usize,
    threads: NonZeroUsize,
    work: impl Fn(&[T]) -> R + Sync,
) -> Vec<R> {
    if all.len() <= chunk {
        // a thread takes longer to begin than one chunk takes
        return all.chunks(chunk).map(work).collect();
    }
    let chunks: Vec<&[T]> = all.chunks(chunk).collect();
    let share = chunks.len().div_ceil(threads.get()).max(1);
    thread::scope(|scope| {
        let started: Vec<_> = chunks
            .chunks(share)
            .map(|mine| {
                let work = &work;
                scope.spawn(move || mine.iter().map(|chunk| work(chunk)).collect::<Vec<R>>())
            })
            .collect();
        // what stopped a thread stops the whole: without its part the rest would be wrong
        let done = started
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|cause| resume_unwind(cause)));
        done.flatten().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_comes_out_for_any_number_of_threads() {
        let all: Vec<f64> = (0..10_000).map(|n| 1.0 / (f64::from(n) + 0.5)).collect();
        let sums = |threads| {
            by_chunk(&all, 64, NonZeroUsize::new(threads).unwrap(), |some| {
                some.iter().sum::<f64>()
            })
        };
        assert_eq!(sums(1), sums(2));
        assert_eq!(sums(1), sums(7));
        let filled = |threads| {
            let mut made = Dense::zeros(13, 3);
            made.fill_rows(NonZeroUsize::new(threads).unwrap(), |first, rows| {
                for (place, row) in rows.iter_mut().enumerate() {
                    row.fill((first + place) as f64);
                }
            });
            made
        };
        assert_eq!(filled(1), filled(4));
        assert_eq!(filled(1).rows().last().unwrap(), [12.0; 3]);
    }
}
