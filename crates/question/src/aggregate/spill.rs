//! A partition on disk: what was added up so far, part by part, and after it the rows that followed.
//!
//! Parts and rows are written alike, in the order in which they came; adding them up again in that order gives
//! what memory would have held, to the last bit. The file goes when the value does.

use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Write},
    sync::Arc,
};

use datafusion::execution::{DiskManager, SpillFile, SpillWriter};

use super::table::{RowPlace, UnitKey, UnitTable};
use crate::{error::QuestionError, unit::MeasureFigures};

/// Bytes that are held back per file: there may be hundreds.
const BUFFER: usize = 1 << 14;

/// A partition on disk.
pub(super) struct Spilled {
    file: Arc<dyn SpillFile>,
    writer: BufWriter<Box<dyn SpillWriter>>,
    records: u64,
    /// Units that the table had.
    units: usize,
    textual: bool,
    measures: usize,
}

impl Spilled {
    /// Writes down what a table holds.
    pub(super) fn new(
        disk: &Arc<DiskManager>,
        table: &UnitTable,
        measures: usize,
        textual: bool,
    ) -> Result<Spilled, QuestionError> {
        let file = disk.create_tmp_file("units")?;
        let writer = BufWriter::with_capacity(BUFFER, file.open_writer()?);
        let mut spilled = Spilled {
            file,
            writer,
            records: 0,
            units: table.units(),
            textual,
            measures,
        };
        for number in table.parts() {
            let part = table.part(number);
            let figures = table.figures(number).iter().copied();
            spilled.add(table.key(number), part.place, part.rows, figures)?;
        }
        Ok(spilled)
    }

    /// How many units there were when it was written.
    pub(super) fn units(&self) -> usize {
        self.units
    }

    /// Writes down one row of a unit, with a value per measure; no number where there is none.
    pub(super) fn add_row(
        &mut self,
        key: UnitKey,
        place: RowPlace,
        values: &[f64],
    ) -> Result<(), QuestionError> {
        let figures = values.iter().map(|&value| match value.is_nan() {
            true => MeasureFigures::NONE,
            false => MeasureFigures {
                sum: value,
                count: 1,
            },
        });
        self.add(key, place, 1, figures)
    }

    fn add(
        &mut self,
        key: UnitKey,
        place: RowPlace,
        rows: u64,
        figures: impl Iterator<Item = MeasureFigures>,
    ) -> Result<(), QuestionError> {
        self.write(key, place, rows, figures).map_err(on_disk)?;
        self.records += 1;
        Ok(())
    }

    fn write(
        &mut self,
        key: UnitKey,
        place: RowPlace,
        rows: u64,
        figures: impl Iterator<Item = MeasureFigures>,
    ) -> std::io::Result<()> {
        let to = &mut self.writer;
        match key {
            UnitKey::Whole(key) => to.write_all(&key.to_le_bytes())?,
            UnitKey::Text(key) => {
                to.write_all(&(key.len() as u64).to_le_bytes())?;
                to.write_all(key.as_bytes())?;
            }
        }
        to.write_all(&place.cell.to_le_bytes())?;
        to.write_all(&place.others.to_le_bytes())?;
        to.write_all(&rows.to_le_bytes())?;
        for of in figures {
            to.write_all(&of.sum.to_le_bytes())?;
            to.write_all(&of.count.to_le_bytes())?;
        }
        Ok(())
    }

    /// Adds everything up again.
    pub(super) fn load(self) -> Result<UnitTable, QuestionError> {
        let mut writer = self
            .writer
            .into_inner()
            .map_err(|e| on_disk(e.into_error()))?;
        writer.finish()?;
        drop(writer);
        let path = self
            .file
            .path()
            .ok_or_else(|| QuestionError::Internal("what was spilled is not in a file".into()))?;
        let from = BufReader::with_capacity(1 << 17, File::open(path).map_err(on_disk)?);
        let mut reader = SpillReader {
            from,
            text: Vec::new(),
        };
        let mut table = UnitTable::new(self.measures, self.textual);
        for _ in 0..self.records {
            if table.is_full() {
                return Err(super::worker::too_many());
            }
            reader.next(&mut table, self.textual).map_err(on_disk)?;
        }
        Ok(table)
    }
}

/// Reads what was written.
struct SpillReader {
    from: BufReader<File>,
    text: Vec<u8>,
}

impl SpillReader {
    fn bytes<const N: usize>(&mut self) -> std::io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.from.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    fn word(&mut self) -> std::io::Result<u64> {
        Ok(u64::from_le_bytes(self.bytes()?))
    }

    fn next(&mut self, table: &mut UnitTable, textual: bool) -> std::io::Result<()> {
        let word = self.word()?;
        let mut text = std::mem::take(&mut self.text);
        let key = if textual {
            text.resize(word as usize, 0);
            self.from.read_exact(&mut text)?;
            let text = std::str::from_utf8(&text);
            UnitKey::Text(text.map_err(|_| std::io::ErrorKind::InvalidData)?)
        } else {
            UnitKey::Whole(word.cast_signed())
        };
        let place = RowPlace {
            cell: u32::from_le_bytes(self.bytes()?),
            others: self.word()?,
        };
        let rows = self.word()?;
        for into in table.add(key.hash(), key, place, rows) {
            into.merge(&MeasureFigures {
                sum: f64::from_le_bytes(self.bytes()?),
                count: self.word()?,
            });
        }
        self.text = text;
        Ok(())
    }
}

fn on_disk(source: std::io::Error) -> QuestionError {
    QuestionError::File {
        path: "temporary folder".into(),
        source,
    }
}
