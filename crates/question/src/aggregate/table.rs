//! The units of one partition: per key and combination of values, rows and sums, in little memory.
//!
//! Keys are exact: whole numbers as they are, texts once each in one block of bytes. Everything stands in the
//! order in which it was first seen, so that what comes out depends on the order of the rows alone.

use hashbrown::HashTable;

use super::hash;
use crate::unit::MeasureFigures;

/// The key of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKey<'a> {
    Whole(i64),
    Text(&'a str),
}

impl UnitKey<'_> {
    pub(super) fn hash(self) -> u64 {
        match self {
            UnitKey::Whole(key) => hash::whole(key),
            UnitKey::Text(key) => hash::text(key.as_bytes()),
        }
    }
}

/// Where a row is: its base cell, and a hash of its values that are in no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowPlace {
    pub(super) cell: u32,
    pub(super) others: u64,
}

/// What one unit has in one place; its figures are kept elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlacePart {
    /// A whole number, or where the text starts.
    key: u64,
    pub(super) place: RowPlace,
    pub(super) rows: u64,
    /// The next part of the same unit.
    next: u32,
}

const NONE: u32 = u32::MAX;

/// The units of one partition.
#[derive(Debug)]
pub(super) struct UnitTable {
    measures: usize,
    /// The first part of every unit, by its key.
    index: HashTable<u32>,
    /// The same, in the order in which they were first seen.
    heads: Vec<u32>,
    parts: Vec<PlacePart>,
    figures: Vec<MeasureFigures>,
    /// Texts of keys, each after its length.
    texts: Vec<u8>,
    textual: bool,
}

#[expect(
    clippy::indexing_slicing,
    reason = "numbers of parts and places of texts come from the table that holds them"
)]
impl UnitTable {
    pub(super) fn new(measures: usize, textual: bool) -> UnitTable {
        UnitTable {
            measures,
            index: HashTable::new(),
            heads: Vec::new(),
            parts: Vec::new(),
            figures: Vec::new(),
            texts: Vec::new(),
            textual,
        }
    }

    /// Adds rows of a unit in a place, and gives its figures there to add to. `hash` is that of the key.
    pub(super) fn add(
        &mut self,
        hash: u64,
        key: UnitKey,
        place: RowPlace,
        rows: u64,
    ) -> &mut [MeasureFigures] {
        let at = self.find(hash, key, place) as usize;
        self.parts[at].rows += rows;
        let from = at * self.measures;
        &mut self.figures[from..from + self.measures]
    }

    /// Adds rows to parts that were found, with a value per measure each; no number where there is none.
    pub(super) fn add_rows(&mut self, found: &[u32], values: &[f64]) {
        for &part in found {
            self.parts[part as usize].rows += 1;
        }
        if self.measures == 0 {
            return;
        }
        for (&part, values) in found.iter().zip(values.chunks_exact(self.measures)) {
            let from = part as usize * self.measures;
            let figures = &mut self.figures[from..from + self.measures];
            for (into, &value) in figures.iter_mut().zip(values) {
                if !value.is_nan() {
                    into.add(value);
                }
            }
        }
    }

    /// The number of a unit's part in a place, which may be new.
    pub(super) fn find(&mut self, hash: u64, key: UnitKey, place: RowPlace) -> u32 {
        let (parts, texts) = (&self.parts, &self.texts);
        let same = |&head: &u32| is(texts, &parts[head as usize], key);
        match self.index.find(hash, same) {
            Some(&head) => self.part_of(head, place),
            None => self.arrive(hash, key, place),
        }
    }

    /// The part of a unit in a place, which may be new.
    fn part_of(&mut self, head: u32, place: RowPlace) -> u32 {
        let mut at = head;
        while self.parts[at as usize].place != place {
            match self.parts[at as usize].next {
                NONE => {
                    let new = self.push(self.parts[at as usize].key, place);
                    self.parts[at as usize].next = new;
                    return new;
                }
                next => at = next,
            }
        }
        at
    }

    /// The first part of a new unit.
    fn arrive(&mut self, hash: u64, key: UnitKey, place: RowPlace) -> u32 {
        let word = match key {
            UnitKey::Whole(key) => key.cast_unsigned(),
            UnitKey::Text(text) => {
                let start = self.texts.len() as u64;
                make_room(&mut self.texts, text.len() + 4);
                self.texts.extend((text.len() as u32).to_le_bytes());
                self.texts.extend_from_slice(text.as_bytes());
                start
            }
        };
        let new = self.push(word, place);
        make_room(&mut self.heads, 1);
        self.heads.push(new);
        let (parts, texts, textual) = (&self.parts, &self.texts, self.textual);
        let rehash = |&head: &u32| key_of(texts, &parts[head as usize], textual).hash();
        self.index.insert_unique(hash, new, rehash);
        new
    }

    fn push(&mut self, key: u64, place: RowPlace) -> u32 {
        make_room(&mut self.parts, 1);
        make_room(&mut self.figures, self.measures);
        let new = self.parts.len() as u32;
        self.parts.push(PlacePart {
            key,
            place,
            rows: 0,
            next: NONE,
        });
        let figures = self.figures.len() + self.measures;
        self.figures.resize(figures, MeasureFigures::NONE);
        new
    }

    /// Whether another batch of rows may need more numbers than there are.
    pub(super) fn is_full(&self) -> bool {
        self.parts.len() >= NONE as usize / 2
    }

    pub(super) fn units(&self) -> usize {
        self.heads.len()
    }

    /// The numbers of the first parts, in the order in which their units were first seen.
    pub(super) fn heads(&self) -> &[u32] {
        &self.heads
    }

    pub(super) fn key(&self, part: u32) -> UnitKey<'_> {
        key_of(&self.texts, &self.parts[part as usize], self.textual)
    }

    pub(super) fn part(&self, part: u32) -> &PlacePart {
        &self.parts[part as usize]
    }

    /// The parts of a unit by its first one, in the order in which they were first seen.
    pub(super) fn parts_of(&self, head: u32) -> impl Iterator<Item = u32> {
        let next = |&part: &u32| {
            let next = self.parts[part as usize].next;
            (next != NONE).then_some(next)
        };
        std::iter::successors(Some(head), next)
    }

    pub(super) fn figures(&self, part: u32) -> &[MeasureFigures] {
        let from = part as usize * self.measures;
        &self.figures[from..from + self.measures]
    }

    /// All parts, in the order in which they were first seen.
    pub(super) fn parts(&self) -> std::ops::Range<u32> {
        0..self.parts.len() as u32
    }

    /// Bytes that it holds.
    pub(super) fn size(&self) -> usize {
        self.index.allocation_size()
            + self.heads.capacity() * size_of::<u32>()
            + self.parts.capacity() * size_of::<PlacePart>()
            + self.figures.capacity() * size_of::<MeasureFigures>()
            + self.texts.capacity()
    }
}

/// Whether a part's unit has this key.
#[expect(
    clippy::indexing_slicing,
    reason = "a part of a text key names a text that is there"
)]
fn is(texts: &[u8], part: &PlacePart, key: UnitKey) -> bool {
    match key {
        UnitKey::Whole(key) => part.key == key.cast_unsigned(),
        UnitKey::Text(key) => {
            let text = &texts[part.key as usize..];
            text[..4] == (key.len() as u32).to_le_bytes() && text[4..].starts_with(key.as_bytes())
        }
    }
}

fn key_of<'a>(texts: &'a [u8], part: &PlacePart, textual: bool) -> UnitKey<'a> {
    if !textual {
        return UnitKey::Whole(part.key.cast_signed());
    }
    let text = texts.get(part.key as usize..).unwrap_or_default();
    let (length, text) = text.split_first_chunk::<4>().unwrap_or((&[0; 4], &[]));
    let text = text.get(..u32::from_le_bytes(*length) as usize);
    UnitKey::Text(std::str::from_utf8(text.unwrap_or_default()).unwrap_or_default())
}

/// Doubling would leave half of the memory unused: all partitions grow at once.
fn make_room<T>(of: &mut Vec<T>, more: usize) {
    if of.capacity() - of.len() < more {
        of.reserve_exact(more.max(of.len() / 4).max(16));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: RowPlace = RowPlace { cell: 3, others: 0 };
    const THERE: RowPlace = RowPlace { cell: 4, others: 0 };

    #[test]
    fn keys_with_one_hash_stay_apart() {
        let mut table = UnitTable::new(1, true);
        for key in ["a", "ab", "", "a"] {
            let of = table.add(7, UnitKey::Text(key), HERE, 1);
            of[0].add(2.0);
        }
        let keys: Vec<UnitKey> = table.heads().iter().map(|&h| table.key(h)).collect();
        assert_eq!(keys, ["a", "ab", ""].map(UnitKey::Text));
        assert_eq!(table.part(0).rows, 2);
        assert_eq!(table.figures(0)[0].sum, 4.0);
    }

    #[test]
    fn a_unit_has_a_part_per_place() {
        let mut table = UnitTable::new(0, false);
        for (key, place) in [(-1, HERE), (5, HERE), (-1, THERE), (-1, HERE), (-1, THERE)] {
            let key = UnitKey::Whole(key);
            table.add(key.hash(), key, place, 1);
        }
        assert_eq!((table.units(), table.parts().len()), (2, 3));
        let parts: Vec<u32> = table.parts_of(0).collect();
        assert_eq!(parts, [0, 2]);
        assert_eq!((table.part(2).place, table.part(2).rows), (THERE, 2));
        assert_eq!(table.key(2), UnitKey::Whole(-1));
    }
}
