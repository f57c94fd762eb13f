//! Made-up rows of made-up units, the same for every side: a Parquet file from a seed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use parquet::basic::Compression;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// Values per dimension.
const SIZES: [u64; 4] = [50, 6, 5, 2];
const SCHEMA: &str = "message rows { required int64 key; required binary d1 (utf8); required binary d2 (utf8); \
     required binary d3 (utf8); required binary d4 (utf8); required double m1; required double m2; }";
/// Rows per row group.
const GROUP: u64 = 1_000_000;
/// Row numbers go through the units in steps of this prime, so that no unit's rows lie together.
const STEP: u64 = 1_900_813;

/// Which file.
#[derive(Clone, Copy)]
pub(super) struct CubeFile {
    pub(super) units: u64,
    pub(super) rows_per_unit: u64,
    /// Percent of units with two values of the last dimension.
    pub(super) straddling: u64,
    pub(super) seed: u64,
}

/// The agreement over it.
pub(super) fn agreement() -> String {
    let dimension = |(number, size): (usize, &u64)| {
        let values: Vec<String> = (0..*size).map(|v| format!("\"{}\"", value(v))).collect();
        let per_unit = number + 1 < SIZES.len();
        format!(
            "[[view.dimension]]\nname = \"d{}\"\nvalues = [{}]\nper_unit = {per_unit}\n",
            number + 1,
            values.join(", ")
        )
    };
    let dimensions: String = SIZES.iter().enumerate().map(dimension).collect();
    include_str!("agreement.toml").replace("# dimensions\n", &dimensions)
}

fn value(v: u64) -> String {
    format!("v{v:02}")
}

impl CubeFile {
    pub(super) fn rows(&self) -> usize {
        (self.units * self.rows_per_unit) as usize
    }

    /// The file, made when it is not there.
    pub(super) fn written(&self, folder: &Path) -> Result<PathBuf> {
        let name = format!(
            "rows-{}-{}-{}-{}.parquet",
            self.units, self.rows_per_unit, self.straddling, self.seed
        );
        let path = folder.join(name);
        if !path.is_file() {
            let part = path.with_extension("part");
            self.write(&part)
                .with_context(|| format!("cannot write `{}`", part.display()))?;
            std::fs::rename(&part, &path)?;
        }
        Ok(path)
    }

    fn write(&self, path: &Path) -> Result<()> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
        let file = File::create(path)?;
        let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build()))?;
        let rows = self.units * self.rows_per_unit;
        for first in (0..rows).step_by(GROUP as usize) {
            let numbers: Vec<u64> = (first..rows.min(first + GROUP)).collect();
            let mut group = writer.next_row_group()?;
            let mut column = 0;
            while let Some(mut to) = group.next_column()? {
                self.fill(column, &numbers, to.untyped())?;
                to.close()?;
                column += 1;
            }
            group.close()?;
        }
        writer.close()?;
        Ok(())
    }

    fn fill(&self, column: usize, rows: &[u64], to: &mut ColumnWriter<'_>) -> Result<()> {
        match to {
            ColumnWriter::Int64ColumnWriter(to) => {
                let keys: Vec<i64> = rows.iter().map(|r| self.unit(*r) as i64).collect();
                to.write_batch(&keys, None, None)?;
            }
            ColumnWriter::ByteArrayColumnWriter(to) => {
                let size = SIZES.get(column - 1).copied().unwrap_or(1);
                let words: Vec<ByteArray> = (0..size).map(|v| value(v).as_str().into()).collect();
                let pick = |r: &u64| words.get(self.coordinate(*r, column - 1, size) as usize);
                let values: Vec<ByteArray> = rows.iter().filter_map(pick).cloned().collect();
                to.write_batch(&values, None, None)?;
            }
            ColumnWriter::DoubleColumnWriter(to) => {
                let values: Vec<f64> = rows.iter().map(|r| self.amount(*r, column)).collect();
                to.write_batch(&values, None, None)?;
            }
            _ => anyhow::bail!("the schema has a column of another type"),
        }
        Ok(())
    }

    fn unit(&self, row: u64) -> u64 {
        (row * STEP) % self.units
    }

    /// A unit's value, skewed: some have many more units than others.
    fn coordinate(&self, row: u64, dimension: usize, size: u64) -> u64 {
        let unit = self.unit(row);
        let drawn = (share(self.mixed(unit, dimension as u64)).powf(1.5) * size as f64) as u64;
        let last = dimension + 1 == SIZES.len();
        let straddles = last && self.mixed(unit, 9) % 100 < self.straddling;
        let other = straddles && row / self.units % 2 == 1;
        (drawn + u64::from(other)) % size
    }

    /// Few are large.
    fn amount(&self, row: u64, column: usize) -> f64 {
        let part = share(self.mixed(row, 20 + column as u64));
        (100.0 * 500.0_f64.powf(part)).round() / 10.0
    }

    /// A number that depends on the seed and two others (splitmix64).
    fn mixed(&self, a: u64, b: u64) -> u64 {
        let mut z = a
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(b.wrapping_mul(0xd1b5_4a32_d192_ed03))
            .wrapping_add(self.seed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Evenly spread over 0 to 1.
fn share(mixed: u64) -> f64 {
    (mixed >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use zwerm_agreement::agreement::Document;

    const DATA: CubeFile = CubeFile {
        units: 1_000,
        rows_per_unit: 4,
        straddling: 10,
        seed: 1,
    };

    #[test]
    fn every_unit_has_its_rows_and_a_tenth_two_values() {
        let mut values: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for row in 0..DATA.rows() as u64 {
            let value = DATA.coordinate(row, 3, 2);
            values.entry(DATA.unit(row)).or_default().push(value);
        }
        assert!(values.len() == 1_000 && values.values().all(|v| v.len() == 4));
        let two = values.values().filter(|v| v.contains(&0) && v.contains(&1));
        assert!((70..130).contains(&two.count()));
    }

    #[test]
    fn the_agreement_is_one() {
        let read = Document::parse("bench.toml", &agreement());
        assert!(read.is_ok_and(|d| d.agreement.view.iter().all(|v| v.dimension.len() == 4)));
    }
}
