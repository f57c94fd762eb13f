//! What is in a file, for whoever is about to share it: how it is written, its columns, and what is
//! remarkable. Nobody else sees a survey; it is made of somebody's own file on their own machine.

mod column;
mod key;
mod remarks;
mod service_number;
mod suspicion;

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::{
    agreement::{ColumnType, Format},
    digest::Digest,
};

pub use key::{column_faults, key_faults};
pub use service_number::{ServiceNumbers, is_bsn};
pub use suspicion::Suspicion;

use self::column::ColumnTally;
use crate::{
    error::IntakeError,
    fault::{MOST_FAULTS, ragged},
    layout::{self, Assumed, FileLayout, FileShape},
    remark::Remark,
    rows::{FieldReading, FileRow, FileRows},
};

/// What is in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// What was assumed of how it is written, and how each was decided.
    pub format: Vec<Assumed>,
    /// Rows, the header not counted.
    pub rows: u64,
    /// Rows that are the same as an earlier one.
    pub duplicates: u64,
    /// Columns, in the order of the file.
    pub columns: Vec<SurveyColumn>,
    /// What is remarkable.
    pub remarks: Vec<Remark>,
    /// SHA-256 of the file, in hexadecimal.
    pub fingerprint: Digest,
    layout: FileLayout,
}

/// What is in a column.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyColumn {
    /// Its name in the file.
    pub name: String,
    /// A name for it that is valid in SQL and in an agreement.
    pub sql_name: String,
    /// Its type, as all values allow.
    pub kind: ColumnType,
    /// How many values are missing.
    pub missing: u64,
    /// Different values; nothing when there are more than 10,000.
    pub distinct: Option<u64>,
    /// All values in their standard form, sorted, when there are at most 1,000.
    pub values: Vec<String>,
    /// The smallest and the largest, of numbers.
    pub range: Option<(f64, f64)>,
    /// Whether no value occurs twice.
    pub unique: bool,
    /// The share of values, of 0 to 1, that could be a citizen service number; nothing when none could.
    pub bsn: Option<f64>,
    /// Values with what passes for one in them, when that is worth telling and the column does not consist of them.
    pub service_numbers: Option<ServiceNumbers>,
    /// What the values seem to say of a person.
    pub looks_like: Option<Suspicion>,
}

impl Survey {
    /// Whether nothing prevents the use of the file.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !self.remarks.iter().any(|remark| remark.grave.is_some())
    }

    /// Why the rows cannot be read as they are; not what they reveal of persons.
    #[must_use]
    pub fn faults(&self) -> Vec<Diagnostic> {
        let impersonal = self.remarks.iter().filter(|r| !r.personal);
        impersonal.filter_map(Remark::fault).collect()
    }

    /// The column of this name.
    #[must_use]
    pub fn find_column(&self, name: &str) -> Option<&SurveyColumn> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The names of all columns, in the file's order.
    #[must_use]
    pub fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|c| c.name.as_str()).collect()
    }

    pub(super) fn layout(&self) -> &FileLayout {
        &self.layout
    }
}

/// Looks through a whole file.
///
/// # Errors
/// That the file cannot be read as a table at all; what else is wrong with it is a remark.
pub fn survey(file: &Path, options: &Format) -> Result<Survey, IntakeError> {
    let layout = layout::find(file, options, |_| None, true)?;
    let mut rows = FileRows::open(file, &layout)?;
    let names = rows.header().to_vec();
    let mut counting = SurveyCount::new(file, &names);
    let mut row = FileRow::default();
    while rows.next(&mut row)? {
        counting.see(&rows, &row, &layout.reading);
    }
    let fingerprint = rows.fingerprint(file)?;
    Ok(counting.finish(layout, fingerprint))
}

/// Counts while rows pass.
struct SurveyCount<'a> {
    file: &'a Path,
    tallies: Vec<ColumnTally>,
    seen: HashSet<u64>,
    rows: u64,
    duplicates: u64,
    totals: Vec<u64>,
    faults: Vec<Diagnostic>,
    more_faults: u64,
}

impl<'a> SurveyCount<'a> {
    fn new(file: &'a Path, names: &[String]) -> Self {
        Self {
            file,
            tallies: names.iter().map(|name| ColumnTally::new(name)).collect(),
            seen: HashSet::new(),
            rows: 0,
            duplicates: 0,
            totals: Vec::new(),
            faults: Vec::new(),
            more_faults: 0,
        }
    }

    fn see(&mut self, rows: &FileRows, row: &FileRow, reading: &FieldReading) {
        self.rows += 1;
        let (found, width) = (row.fields.len(), self.tallies.len());
        if found != width {
            self.fault(ragged(self.file, row.number, found, width));
            return;
        }
        let mut hasher = DefaultHasher::new();
        for (place, field) in row.fields.iter().enumerate() {
            field.text.hash(&mut hasher);
            let Some(tally) = self.tallies.get_mut(place) else {
                continue;
            };
            tally.see(field, row.number, reading);
            if let Some(wrong) = field.wrong {
                let fault = wrong.described(tally.name());
                let place = rows.place(self.file, row.number, place);
                self.fault(fault.at(place));
            }
        }
        if !self.seen.insert(hasher.finish()) {
            self.duplicates += 1;
        }
        if row.fields.first().is_some_and(|f| is_total(&f.text)) {
            self.totals.push(row.number);
        }
    }

    fn fault(&mut self, fault: Diagnostic) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.more_faults += 1;
        }
    }

    fn finish(mut self, layout: FileLayout, fingerprint: Digest) -> Survey {
        let mut remarks = self.of_the_whole(&layout);
        let mut columns: Vec<SurveyColumn> = Vec::new();
        for (place, tally) in self.tallies.into_iter().enumerate() {
            remarks.extend(remarks::column(self.file, &tally));
            remarks.extend(remarks::numbers(self.file, &tally, &layout, place));
            let column = tally.finish(&layout.reading, |name| {
                columns.iter().any(|c| c.sql_name == name)
            });
            remarks.extend(remarks::person(self.file, &column));
            remarks.extend(remarks::maybe_service_numbers(self.file, &column));
            columns.push(column);
        }
        remarks.extend(remarks::address(self.file, &columns));
        Survey {
            format: layout.assumed.clone(),
            rows: self.rows,
            duplicates: self.duplicates,
            columns,
            remarks,
            fingerprint,
            layout,
        }
    }

    /// What is remarkable of the sheet, the rows and the names of the columns.
    fn of_the_whole(&mut self, layout: &FileLayout) -> Vec<Remark> {
        let mut all: Vec<Remark> = Vec::new();
        if let FileShape::Xlsx(sheet) = &layout.shape {
            all.extend(sheet.faults.iter().cloned().map(Remark::from));
            all.extend(sheet.remarks.iter().cloned());
        }
        all.extend(self.faults.drain(..).map(Remark::from));
        all.extend(remarks::more(self.file, self.more_faults));
        all.extend(remarks::names(self.file, &self.tallies));
        let (rows, duplicates) = (self.rows, self.duplicates);
        all.extend(remarks::whole(self.file, rows, duplicates, &self.totals));
        all
    }
}

/// Whether a row seems to add up the others.
fn is_total(text: &str) -> bool {
    let word: String = text
        .trim()
        .chars()
        .take(12)
        .collect::<String>()
        .to_lowercase();
    let word = word.split([' ', ':', '-']).next().unwrap_or_default();
    matches!(
        word,
        "totaal" | "total" | "eindtotaal" | "subtotaal" | "subtotal" | "totalen"
    )
}
