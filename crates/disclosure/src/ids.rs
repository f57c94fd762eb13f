//! Numbers of cells, levels, base cells, states, slots, axes and grains, and vectors that only the right ones index.
//!
//! All are plain positions, and easily mixed up: a cell in one state and the same cell in all of them differ by an
//! offset. A type each makes a mix a compile error, and leaves one indexing operation to check.

use std::{
    marker::PhantomData,
    ops::{Index, IndexMut},
};

/// A position in the vectors of one kind of thing.
pub(crate) trait Id: Copy {
    /// The thing at a position.
    fn at(position: usize) -> Self;
    /// The position of a thing.
    fn position(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(usize);

        impl Id for $name {
            #[inline]
            fn at(position: usize) -> $name {
                $name(position)
            }

            #[inline]
            fn position(self) -> usize {
                self.0
            }
        }
    )*};
}

ids! {
    /// A cell of the lattice in one release state; the states follow each other.
    CellId;
    /// A cell of the lattice, whatever the release state.
    LocalId;
    /// A base cell in one release state, among the base cells only.
    BaseId;
    /// A table of the lattice.
    LevelId;
    /// A release state; the first is the table as it is now.
    StateId;
    /// A place for a certificate.
    SlotId;
    /// What is varied together: a dimension, or several.
    AxisId;
    /// A way to put the leaves of an axis together.
    GrainId;
    /// A quantity of a pattern.
    LayerId;
    /// A need of a pattern.
    NeedId;
    /// A secret of a pattern.
    SecretId;
    /// A single contributor of a pattern.
    SingletonId;
}

impl StateId {
    /// The table as it is now.
    pub(crate) const NOW: StateId = StateId(0);
}

impl LayerId {
    /// The first quantity of a pattern.
    pub(crate) const FIRST: LayerId = LayerId(0);
}

impl GrainId {
    /// All leaves of an axis together.
    pub(crate) const ALL: GrainId = GrainId(0);
    /// Each leaf of an axis by itself.
    pub(crate) const EACH: GrainId = GrainId(1);
}

/// The first things of a kind, so many of them.
#[inline]
pub(crate) fn first<I: Id>(count: usize) -> impl DoubleEndedIterator<Item = I> + Clone {
    (0..count).map(I::at)
}

/// One value per thing of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IdVec<I, T> {
    values: Vec<T>,
    of: PhantomData<I>,
}

impl<I: Id, T> IdVec<I, T> {
    /// No values yet.
    pub(crate) fn new() -> IdVec<I, T> {
        IdVec::from(Vec::new())
    }

    /// The same value for each of so many.
    pub(crate) fn filled(value: T, count: usize) -> IdVec<I, T>
    where
        T: Clone,
    {
        IdVec::from(vec![value; count])
    }

    /// How many there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The value of a thing that need not have one.
    #[inline]
    pub(crate) fn find(&self, id: I) -> Option<&T> {
        self.values.get(id.position())
    }

    /// The value of a thing that need not have one, to be changed.
    #[inline]
    pub(crate) fn find_mut(&mut self, id: I) -> Option<&mut T> {
        self.values.get_mut(id.position())
    }

    /// Adds a value, and returns its id.
    pub(crate) fn push(&mut self, value: T) -> I {
        self.values.push(value);
        I::at(self.values.len() - 1)
    }

    /// Takes the last value off.
    pub(crate) fn pop(&mut self) -> Option<T> {
        self.values.pop()
    }

    /// All things that have a value, in order.
    #[inline]
    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = I> + Clone + use<I, T> {
        first(self.values.len())
    }

    /// All values, in order.
    #[inline]
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.values.iter()
    }

    /// All values, in order, to be changed.
    #[inline]
    pub(crate) fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.values.iter_mut()
    }

    /// All things with their values, in order.
    #[inline]
    pub(crate) fn pairs(
        &self,
    ) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator + Clone {
        let numbered = self.values.iter().enumerate();
        numbered.map(|(position, value)| (I::at(position), value))
    }

    /// All things with their values, in order, to be changed.
    #[inline]
    pub(crate) fn pairs_mut(&mut self) -> impl Iterator<Item = (I, &mut T)> {
        let numbered = self.values.iter_mut().enumerate();
        numbered.map(|(position, value)| (I::at(position), value))
    }

    /// All values as a slice.
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.values
    }

    /// All values as a slice, to be put in another order before anything is numbered.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.values
    }
}

impl<I: Id, T> Default for IdVec<I, T> {
    fn default() -> IdVec<I, T> {
        IdVec::new()
    }
}

impl<I, T> From<Vec<T>> for IdVec<I, T> {
    fn from(values: Vec<T>) -> IdVec<I, T> {
        IdVec {
            values,
            of: PhantomData,
        }
    }
}

impl<I, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(values: A) -> IdVec<I, T> {
        IdVec::from(values.into_iter().collect::<Vec<T>>())
    }
}

impl<I, T> IntoIterator for IdVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> std::vec::IntoIter<T> {
        self.values.into_iter()
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "an id comes from the lattice, or the vector, that sized this vector"
)]
impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;

    #[inline]
    fn index(&self, id: I) -> &T {
        &self.values[id.position()]
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "an id comes from the lattice, or the vector, that sized this vector"
)]
impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.values[id.position()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pushed_is_found_by_its_id() {
        let mut all: IdVec<SlotId, &str> = IdVec::new();
        let (a, b) = (all.push("a"), all.push("b"));
        all[a] = "c";
        assert_eq!(
            (all[a], all[b], all.find(SlotId::at(2)).copied()),
            ("c", "b", None)
        );
        assert_eq!(all.pairs().collect::<Vec<_>>(), [(a, &"c"), (b, &"b")]);
        assert_eq!((all.pop(), all.len()), (Some("b"), 1));
    }
}
