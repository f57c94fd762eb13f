//! Rows on their way to a partition.
//!
//! Tables of all partitions together are larger than what the processor keeps at hand. So rows wait here, and a
//! partition is opened for thousands of them at once.

use std::convert::Infallible;

use super::{
    spill::Spilled,
    table::{RowPlace, UnitKey, UnitTable},
};
use crate::error::QuestionError;

/// Rows of one partition, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Stage {
    rows: Vec<StagedRow>,
    /// Per row one of each measure; no number where there is none.
    values: Vec<f64>,
    texts: Vec<u8>,
}

#[derive(Debug, Clone, Copy)]
struct StagedRow {
    hash: u64,
    /// A whole number, or where the text ends.
    key: u64,
    place: RowPlace,
}

impl Stage {
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn push(&mut self, hash: u64, key: UnitKey, place: RowPlace, values: &[f64]) {
        let key = match key {
            UnitKey::Whole(key) => key.cast_unsigned(),
            UnitKey::Text(text) => {
                self.texts.extend_from_slice(text.as_bytes());
                self.texts.len() as u64
            }
        };
        self.rows.push(StagedRow { hash, key, place });
        self.values.extend_from_slice(values);
    }

    /// Adds all rows to a table; `found` is room to work in.
    pub(super) fn add_to(&mut self, table: &mut UnitTable, textual: bool, found: &mut Vec<u32>) {
        found.clear();
        // finding all first lets the processor wait for many at once
        let Ok(()) = self.each(textual, |row, key| {
            found.push(table.find(row.hash, key, row.place));
            Ok::<(), Infallible>(())
        });
        table.add_rows(found, &self.values);
        self.clear();
    }

    /// Writes all rows down.
    pub(super) fn write_to(
        &mut self,
        spilled: &mut Spilled,
        textual: bool,
    ) -> Result<(), QuestionError> {
        let measures = self.values.len() / self.rows.len().max(1);
        let mut values = self.values.as_slice();
        self.each(textual, |row, key| {
            let (own, rest) = values.split_at_checked(measures).unwrap_or_default();
            values = rest;
            spilled.add_row(key, row.place, own)
        })?;
        self.clear();
        Ok(())
    }

    fn each<E>(
        &self,
        textual: bool,
        mut take: impl FnMut(&StagedRow, UnitKey) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut from = 0;
        for row in &self.rows {
            if !textual {
                take(row, UnitKey::Whole(row.key.cast_signed()))?;
                continue;
            }
            let to = row.key as usize;
            let text = std::str::from_utf8(self.texts.get(from..to).unwrap_or_default());
            take(row, UnitKey::Text(text.unwrap_or_default()))?;
            from = to;
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.rows.clear();
        self.values.clear();
        self.texts.clear();
    }

    /// Gives back its memory.
    pub(super) fn release(&mut self) {
        *self = Stage::default();
    }

    /// Bytes that it holds.
    pub(super) fn size(&self) -> usize {
        self.rows.capacity() * size_of::<StagedRow>()
            + self.values.capacity() * size_of::<f64>()
            + self.texts.capacity()
    }
}
