//! Files as people have them: CSV, workbooks and Parquet, read as rows, surveyed, checked against what was
//! agreed, and written anew in standard form. No SQL, and no engine.
//!
//! [`survey()`] looks through a file of which nothing is known yet, for whoever is about to share it; [`check()`]
//! reads a dataset whole before anything is computed from it, so that all its faults are reported at once, by
//! place and never by value. [`CheckedDataset`] then says how its rows are read, and [`StandardRows`] reads them.
//!
//! ```
//! let folder = std::env::temp_dir().join("zwerm-intake-example");
//! std::fs::create_dir_all(&folder)?;
//! let file = folder.join("homes.csv");
//! std::fs::write(&file, "home;rent\na;1.234,50\nb;950,00\n")?;
//! let seen = zwerm_intake::survey(&file, &Default::default())?;
//! assert_eq!(seen.rows, 2);
//! assert_eq!(seen.columns[1].range, Some((950.0, 1234.5)));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes;
mod check;
mod checked;
pub mod columns;
mod csv;
mod decoded;
mod error;
mod fault;
mod layout;
mod numbers;
mod parquet;
mod prepared;
mod remark;
mod rows;
mod sources;
mod survey;
mod value;
mod xlsx;

pub use check::check;
pub use checked::{CheckedDataset, RowReading};
pub use error::IntakeError;
pub use fault::no_column;
pub use layout::{Assumed, FileLayout};
pub use prepared::{Passed, StandardRows, standard_rows, write_csv, write_parquet};
pub use remark::Remark;
pub use sources::Sources;
pub use survey::{
    ServiceNumbers, Survey, SurveyColumn, Suspicion, column_faults as key_column_faults, is_bsn,
    key_faults, survey,
};
