//! Preparing a file for others: keys become pseudonyms, columns are dropped, those who objected are left
//! out, and the rows come in another order.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use serde::Serialize;
use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::text::Text;
use zwerm_home::files::{self, is_there};
use zwerm_intake::{
    Remark, Survey, SurveyColumn, Suspicion, key_column_faults, standard_rows, survey, write_csv,
    write_parquet,
};

use crate::error::AppError;
use crate::share::own::exclusion::Exclusion;
use crate::share::own::pseudonym::{CONSTRUCTION, Pseudonyms};
use crate::share::own::raw_keys::RawKeys;
use crate::share::own::secret;

/// Bytes of values at most: the rows are held in memory to put them in another order.
const MOST_BYTES: u64 = 4 << 30;

/// What to prepare, and how.
#[derive(Debug, Clone, Default)]
pub struct PrepareRequest {
    /// The file to prepare.
    pub file: PathBuf,
    /// What somebody said of its form; the rest is found out.
    pub options: Format,
    /// The column that becomes pseudonyms.
    pub key: String,
    /// The file with the secret.
    pub secret: PathBuf,
    /// Columns that are left out.
    pub drop: Vec<String>,
    /// The list of those who objected.
    pub exclude: Option<PathBuf>,
    /// The file to write.
    pub output: PathBuf,
    /// Where the summary goes as well.
    pub summary: Option<PathBuf>,
}

/// What goes along with a prepared file: what was done, and no value of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreparedSummary {
    /// How pseudonyms were made.
    pub construction: &'static str,
    /// The same for everyone with the same secret.
    pub secret_check: String,
    /// The column of the key, which holds pseudonyms now.
    pub key: String,
    /// Rows that were read.
    pub rows_in: u64,
    /// Rows of people who are to be left out.
    pub rows_excluded: u64,
    /// Rows that were written.
    pub rows_out: u64,
    /// Keys on the exclusion list, and those that no row had.
    pub exclusions: u64,
    /// People who are to be left out and are not in the file.
    pub exclusions_unmatched: u64,
    /// Columns that were left out.
    pub dropped: Vec<String>,
    /// Columns that were written.
    pub columns: Vec<PreparedColumn>,
    /// SHA-256 of the prepared file.
    pub sha256: Digest,
}

/// A column of the prepared file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PreparedColumn {
    /// What the column is called.
    pub name: String,
    /// What it was called before.
    pub from: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub kind: ColumnType,
}

/// What was done, and what its owner should know.
#[derive(Debug)]
pub struct PreparedFile {
    /// How its values are spread.
    pub summary: PreparedSummary,
    /// Remarks on the file that it was made of.
    pub remarks: Vec<Remark>,
    /// Whether others on this machine can read the secret.
    pub open_secret: bool,
}

/// Prepares a file.
pub fn prepare(request: &PrepareRequest) -> Result<PreparedFile, AppError> {
    is_there(&request.file)?;
    let parquet = is_parquet(&request.output)?;
    let secret = secret::read(&request.secret)?;
    let pseudonyms = Pseudonyms::new(&secret)?;
    let survey = survey(&request.file, &request.options)?;
    let faults = faults(request, &survey);
    if !faults.is_empty() {
        return Err(AppError::from(faults));
    }
    let mut exclusion = match &request.exclude {
        Some(file) => Exclusion::read(file, &request.key)?,
        None => Exclusion::none(),
    };
    let kept = KeptColumns::new(&survey, request);
    let (rows, excluded) = kept.rows(request, &survey, &pseudonyms, &mut exclusion)?;
    let keys = standard_rows(&request.file, &survey)?
        .map(|row| row.map(|row| row.into_iter().nth(kept.key).flatten().unwrap_or_default()));
    let of_the_list = exclusion.remark(&request.key, keys)?;
    let sha256 = write(&request.output, parquet, &kept.types(), &rows)?;
    let summary = PreparedSummary {
        construction: CONSTRUCTION,
        secret_check: pseudonyms.check_value(),
        key: kept.key_name(),
        rows_in: survey.rows,
        rows_excluded: excluded,
        rows_out: rows.len() as u64,
        exclusions: exclusion.len(),
        exclusions_unmatched: exclusion.unmatched(),
        dropped: request.drop.clone(),
        columns: kept.columns,
        sha256,
    };
    if let Some(path) = &request.summary {
        let json = serde_json::to_string_pretty(&summary);
        let json = json.map_err(|error| AppError::Internal(error.to_string()))?;
        files::write(path, format!("{json}\n").as_bytes())?;
    }
    Ok(PreparedFile {
        summary,
        remarks: survey.remarks.into_iter().chain(of_the_list).collect(),
        open_secret: secret::is_open_to_others(&request.secret),
    })
}

fn is_parquet(output: &Path) -> Result<bool, AppError> {
    let ending = output
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "csv" => Ok(false),
        "parquet" => Ok(true),
        _ => Err(AppError::usage(
            FaultCode::Missing,
            Text::new(
                format!(
                    "`{}` zegt niet wat voor bestand het wordt",
                    output.display()
                ),
                format!(
                    "`{}` does not say what kind of file it will be",
                    output.display()
                ),
            ),
            Text::new(
                "laat de naam eindigen op `.csv` of `.parquet`",
                "let the name end in `.csv` or `.parquet`",
            ),
        )),
    }
}

/// Why the file cannot be prepared so.
fn faults(request: &PrepareRequest, survey: &Survey) -> Vec<Diagnostic> {
    let mut faults = survey.faults();
    faults.extend(key_column_faults(survey, &request.key));
    for column in &request.drop {
        if survey.find_column(column).is_none() {
            faults.push(zwerm_intake::no_column(
                "--drop",
                column,
                &survey.column_names(),
            ));
        }
        if *column == request.key {
            faults.push(key_dropped(column));
        }
    }
    let kept = survey
        .columns
        .iter()
        .filter(|c| c.name != request.key && !request.drop.contains(&c.name));
    for column in kept.filter(|c| c.looks_like == Some(Suspicion::Bsn)) {
        faults.push(service_numbers(&request.file, column));
    }
    faults
}

fn key_dropped(column: &str) -> Diagnostic {
    Diagnostic::new(
        FaultCode::Contradiction,
        Text::new(
            "dit is de sleutel; zonder kan niets gekoppeld worden",
            "this is the key; without it nothing can be joined",
        ),
        Text::new(
            "laat `--drop` hier weg: de sleutel wordt een pseudoniem",
            "leave `--drop` out here: the key becomes a pseudonym",
        ),
    )
    .at(format!("--drop {column}"))
}

fn service_numbers(file: &Path, column: &SurveyColumn) -> Diagnostic {
    let name = &column.name;
    let (nl, en) = match column.service_numbers {
        None => (
            "dit lijken burgerservicenummers (BSN)".to_owned(),
            "these look like citizen service numbers (BSN)".to_owned(),
        ),
        Some(found) => {
            let what = found.words();
            (what.nl, what.en)
        }
    };
    let cure = match column.service_numbers {
        None => Text::new(
            format!("laat de kolom weg met `--drop {name}`"),
            format!("leave the column out with `--drop {name}`"),
        ),
        Some(_) => Text::new(
            format!("haal de nummers uit de waarden, of laat de kolom weg met `--drop {name}`"),
            format!(
                "take the numbers out of the values, or leave the column out with `--drop {name}`"
            ),
        ),
    };
    let what = Text::new(
        format!("{nl}; die verlaten uw organisatie niet"),
        format!("{en}; they do not leave your organisation"),
    );
    Diagnostic::new(FaultCode::Identifying, what, cure).at(format!("{}:`{name}`", file.display()))
}

/// The columns that stay.
struct KeptColumns {
    /// Their places in the file.
    places: Vec<usize>,
    columns: Vec<PreparedColumn>,
    /// The place of the key in the file.
    key: usize,
}

impl KeptColumns {
    fn new(survey: &Survey, request: &PrepareRequest) -> Self {
        let mut kept = Self {
            places: Vec::new(),
            columns: Vec::new(),
            key: 0,
        };
        for (place, column) in survey.columns.iter().enumerate() {
            let is_key = column.name == request.key;
            if is_key {
                kept.key = place;
            }
            if request.drop.contains(&column.name) {
                continue;
            }
            kept.places.push(place);
            kept.columns.push(PreparedColumn {
                name: column.sql_name.clone(),
                from: column.name.clone(),
                kind: if is_key {
                    ColumnType::Utf8
                } else {
                    column.kind
                },
            });
        }
        kept
    }

    fn key_name(&self) -> String {
        let mut columns = self.places.iter().zip(&self.columns);
        let key = columns.find(|(place, _)| **place == self.key);
        key.map(|(_, column)| column.name.clone())
            .unwrap_or_default()
    }

    fn types(&self) -> Vec<(String, ColumnType)> {
        let columns = self.columns.iter();
        columns.map(|c| (c.name.clone(), c.kind)).collect()
    }

    /// The rows under their pseudonyms, sorted by these, and how many were left out.
    fn rows(
        &self,
        request: &PrepareRequest,
        survey: &Survey,
        pseudonyms: &Pseudonyms,
        exclusion: &mut Exclusion,
    ) -> Result<(Vec<StringRecord>, u64), AppError> {
        let mut rows: Vec<(String, StringRecord)> = Vec::new();
        let (mut bytes, mut excluded) = (0_u64, 0);
        let mut keys = RawKeys::of(&request.file, survey, self.key)?;
        let mut all = standard_rows(&request.file, survey)?;
        while let Some(row) = all.next() {
            let row = row?;
            let value = |place: &usize| row.get(*place).and_then(Option::as_deref);
            let key = value(&self.key).unwrap_or_default();
            if exclusion.holds(key) {
                excluded += 1;
                continue;
            }
            let others = self.places.iter().filter(|place| **place != self.key);
            let others = others.filter_map(|place| Some((*place, value(place)?)));
            keys.see(key, all.line(), others);
            let pseudonym = pseudonyms.of(key);
            let values = self.places.iter().map(|place| {
                if *place == self.key {
                    &pseudonym
                } else {
                    value(place).unwrap_or_default()
                }
            });
            let record: StringRecord = values.collect();
            bytes += record.as_slice().len() as u64 + 8 * record.len() as u64;
            if bytes > MOST_BYTES {
                return Err(too_large());
            }
            rows.push((pseudonym, record));
        }
        let faults = keys.faults(&request.file, &request.key, &survey.column_names());
        if !faults.is_empty() {
            return Err(AppError::from(faults));
        }
        // rows with the same key too come in an order that does not follow the file
        rows.sort_unstable_by(|(a, row), (b, other)| {
            a.cmp(b).then_with(|| row.as_slice().cmp(other.as_slice()))
        });
        Ok((rows.into_iter().map(|(_, row)| row).collect(), excluded))
    }
}

fn write(
    output: &Path,
    parquet: bool,
    columns: &[(String, ColumnType)],
    rows: &[StringRecord],
) -> Result<Digest, AppError> {
    let fill = |file: &mut File| {
        let out = BufWriter::new(file);
        if parquet {
            write_parquet(columns, rows, out)?;
        } else {
            write_csv(columns, rows, out)?;
        }
        Ok(())
    };
    files::write_new(output, fill)?.ok_or_else(|| {
        let shown = output.display();
        AppError::usage(
            FaultCode::Exists,
            Text::new(
                format!("`{shown}` is er al en is anders"),
                format!("`{shown}` is there already and differs"),
            ),
            Text::new(
                "kies een andere naam, of haal het oude bestand zelf weg",
                "choose another name, or take the old file away yourself",
            ),
        )
    })
}

fn too_large() -> AppError {
    AppError::Limit {
        limit: format!("{} GiB of values", MOST_BYTES >> 30),
        cure: Text::new(
            "laat kolommen weg met `--drop`, of splits het bestand op sleutel",
            "leave columns out with `--drop`, or split the file by key",
        ),
    }
}
