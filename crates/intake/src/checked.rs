//! A dataset whose file was checked, and how its rows are read.

use std::path::{Path, PathBuf};

use zwerm_agreement::{agreement::ColumnType, digest::Digest};

use crate::{
    layout::{Assumed, FileLayout},
    remark::Remark,
};

/// How the rows of a file are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowReading {
    /// A CSV as programs write it (UTF-8, comma, point), which any engine reads by itself.
    PlainCsv,
    /// Parquet, which engines read by themselves as well.
    Parquet,
    /// Anything else: decoded by [`StandardRows`](crate::StandardRows) while it is scanned.
    Decoded(Box<FileLayout>),
}

/// A dataset whose file was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDataset {
    /// The id of the dataset in the agreement.
    pub id: String,
    /// Who provides it.
    pub provider: String,
    /// SHA-256 of the file, in hexadecimal.
    pub fingerprint: Digest,
    pub(crate) file: PathBuf,
    pub(crate) form: RowReading,
    pub(crate) columns: Vec<(String, ColumnType)>,
}

impl CheckedDataset {
    /// Where the file is.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// How its rows are read.
    #[must_use]
    pub fn form(&self) -> &RowReading {
        &self.form
    }

    /// The names and types of its columns, in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[(String, ColumnType)] {
        &self.columns
    }

    /// What a person would want to know of a workbook: formulas, what is hidden, other sheets.
    #[must_use]
    pub fn remarks(&self) -> &[Remark] {
        match &self.form {
            RowReading::Decoded(layout) => layout.remarks(),
            RowReading::PlainCsv | RowReading::Parquet => &[],
        }
    }

    /// What was assumed of how the file is written; nothing when it is written as programs write.
    ///
    /// ```no_run
    /// # fn show(checked: &zwerm_intake::CheckedDataset) {
    /// for assumed in checked.assumed() {
    ///     println!("{} {}: {}", assumed.key, assumed.value, assumed.how.en);
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn assumed(&self) -> &[Assumed] {
        match &self.form {
            RowReading::Decoded(layout) => &layout.assumed,
            RowReading::PlainCsv | RowReading::Parquet => &[],
        }
    }
}
