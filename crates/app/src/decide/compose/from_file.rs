//! What a file of data suggests: a source with its columns, what each is there for, values to group by, bounds.
//!
//! The file is read in a process of its own as a delivery is, and is not kept. What is suggested becomes public once it is
//! proposed, so a value that few units have is not among it: that somebody has it would be told by the list itself.
//!
//! Of another partner's data one reads the summary that `zwerm data prepare` writes beside them, which holds no value.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::name::is_header;
use zwerm_agreement::text::Text;
use zwerm_intake::{Remark, Survey, SurveyColumn, standard_rows, survey};

use crate::decide::compose::columns::{ColumnRole, sql_name};
use crate::decide::compose::{ROWS, is_gone, rows};
use crate::error::AppError;
use crate::share::deliver;
use crate::share::own::apart;
use crate::share::own::draft::{
    DraftDimension, DraftTable, id_of, several_values, suggested, unnameable,
};
use crate::site::blocking;

/// Units that have a value at least, for it to be suggested.
const MINIMUM: usize = 10;
/// Bytes of a summary at most.
const LARGEST_SUMMARY: u64 = 1 << 20;

/// Fields of a form by name, with what is filled in.
pub type FormValues = BTreeMap<String, String>;

/// The form with what a file suggests filled in. `name` is what whoever sent it calls it.
///
/// # Errors
/// What is wrong with the file, all of it; among that, values that a person is known by: a file is prepared first.
pub async fn suggest(
    file: PathBuf,
    name: String,
    form: FormValues,
) -> Result<FormValues, AppError> {
    let place = deliver::place_to_read().await?;
    blocking(move || {
        let _place = place;
        filled_from(&file, &name, form)
    })
    .await
}

fn filled_from(file: &Path, name: &str, form: FormValues) -> Result<FormValues, AppError> {
    let mut filling = Filling { form };
    let known = filling.named(&[ColumnRole::Key]).into_iter().next();
    let read = match file.extension().is_some_and(|end| end == "json") {
        true => of_summary(file)?,
        false => of_table(&table(file)?, known.as_deref())?,
    };
    filling.source(read, name)?;
    Ok(filling.form)
}

/// What was read of a source.
#[derive(Debug)]
struct ReadSource {
    /// Its rows, where they were read.
    rows: Option<u64>,
    columns: Vec<ReadColumn>,
}

/// What was read of a column.
#[derive(Debug)]
struct ReadColumn {
    name: String,
    kind: ColumnType,
    /// What it is there for; nothing where somebody has to say so.
    role: Option<ColumnRole>,
    /// The values that enough units have, to group by.
    values: Vec<String>,
    /// How many other values there are.
    few: usize,
    /// Whether a unit may have several of them.
    several: bool,
    /// Bounds of what is added up.
    bounds: Option<(f64, f64)>,
}

impl ReadColumn {
    fn new(name: &str, kind: ColumnType, role: Option<ColumnRole>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            role,
            values: Vec::new(),
            few: 0,
            several: false,
            bounds: None,
        }
    }
}

fn table(file: &Path) -> Result<DraftTable, AppError> {
    apart::fits(file, apart::Most::default())?;
    let survey = survey(file, &Format::default())?;
    let mut faults: Vec<Diagnostic> = survey.remarks.iter().filter_map(Remark::fault).collect();
    faults.extend(unnameable(file, &survey));
    if !faults.is_empty() {
        return Err(faults.into());
    }
    Ok(DraftTable {
        file: file.to_owned(),
        source: String::new(),
        options: Format::default(),
        survey,
    })
}

/// What a table of data suggests.
fn of_table(table: &DraftTable, known_key: Option<&str>) -> Result<ReadSource, AppError> {
    let survey = &table.survey;
    let key = key_of(survey, known_key).unwrap_or_default();
    let own = std::slice::from_ref(table);
    let mut found = suggested(own, &key);
    // a whole number may be an amount: nothing is grouped by it unless somebody says so
    found
        .dimensions
        .retain(|one| !is_number(survey, &one.column));
    if !key.is_empty() {
        several_values(own, &key, &mut found.dimensions)?;
    }
    let names = found.dimensions.iter().map(|one| one.column.as_str());
    let counts = counts(table, &key, names)?;
    let columns = survey.columns.iter().map(|column| {
        let mut read = ReadColumn::new(&column.name, column.kind, None);
        let dimension = found
            .dimensions
            .iter()
            .find(|one| one.column == column.name);
        let common = dimension
            .map(|one| common(one, &counts))
            .unwrap_or_default();
        let measure = found.measures.iter().find(|one| one.column == column.name);
        if column.name == key {
            read.role = Some(ColumnRole::Key);
        } else if column.looks_like.is_some() {
            read.role = Some(ColumnRole::Withheld);
        } else if let Some(dimension) = dimension.filter(|_| common.len() > 1) {
            read.role = Some(ColumnRole::Dimension);
            read.few = dimension.values.len() - common.len();
            read.several = !dimension.per_unit;
            read.values = common;
        } else if let Some(measure) = measure {
            read.role = Some(ColumnRole::Measure);
            read.bounds = Some((measure.lower, measure.upper));
        } else if column.kind == ColumnType::Utf8 {
            // what hardly any two rows share is nothing to group by
            read.role = Some(ColumnRole::Withheld);
        }
        read
    });
    Ok(ReadSource {
        rows: Some(survey.rows),
        columns: columns.collect(),
    })
}

fn is_number(survey: &Survey, name: &str) -> bool {
    let column = survey.find_column(name);
    column.is_some_and(|c| matches!(c.kind, ColumnType::Int64 | ColumnType::Float64))
}

/// The column that points at a unit: the one that another source has, else the first text that differs in every row.
fn key_of(survey: &Survey, known: Option<&str>) -> Option<String> {
    let fits = |column: &&SurveyColumn| {
        column.unique && column.missing == 0 && column.kind == ColumnType::Utf8
    };
    let named = known.and_then(|known| survey.find_column(known));
    let found = named.or_else(|| survey.columns.iter().find(fits));
    found.map(|column| column.name.clone())
}

/// The values of a column that enough units have.
fn common(dimension: &DraftDimension, counts: &Counts) -> Vec<String> {
    let enough = |value: &&String| {
        let units = counts.get(&(dimension.column.clone(), (*value).clone()));
        units.is_some_and(|units| units.len() >= MINIMUM)
    };
    dimension.values.iter().filter(enough).cloned().collect()
}

/// What `zwerm data prepare` writes beside a file, as far as it is read here.
#[derive(Debug, Deserialize)]
struct Summary {
    key: String,
    columns: Vec<SummaryColumn>,
}

#[derive(Debug, Deserialize)]
struct SummaryColumn {
    name: String,
    #[serde(rename = "type")]
    kind: ColumnType,
}

/// What the summary beside a prepared file suggests.
fn of_summary(file: &Path) -> Result<ReadSource, AppError> {
    let size = std::fs::metadata(file).map_err(AppError::at(file))?.len();
    if size > LARGEST_SUMMARY {
        return Err(no_summary().into());
    }
    let text = std::fs::read_to_string(file).map_err(|_| no_summary())?;
    let summary: Summary = serde_json::from_str(&text).map_err(|_| no_summary())?;
    let mut columns = summary.columns.iter();
    if columns.any(|column| !is_header(&column.name)) {
        return Err(no_summary().into());
    }
    let of = |column: &SummaryColumn| {
        let role = match column.kind {
            _ if column.name == summary.key => Some(ColumnRole::Key),
            ColumnType::Utf8 | ColumnType::Boolean => Some(ColumnRole::Dimension),
            ColumnType::Float64 => Some(ColumnRole::Measure),
            ColumnType::Int64 | ColumnType::Date => None,
        };
        let mut read = ReadColumn::new(&column.name, column.kind, role);
        if column.kind == ColumnType::Boolean {
            read.values = vec!["false".to_owned(), "true".to_owned()];
        }
        read
    };
    Ok(ReadSource {
        rows: None,
        columns: summary.columns.iter().map(of).collect(),
    })
}

fn no_summary() -> Diagnostic {
    Diagnostic::new(
        FaultCode::Malformed,
        Text::new(
            "dit is geen samenvatting van een voorbereid bestand",
            "this is no summary of a prepared file",
        ),
        Text::new(
            "neem het bestand dat `zwerm data prepare` met `--summary` schrijft",
            "take the file that `zwerm data prepare` writes with `--summary`",
        ),
    )
    .at(Place::Field("file".to_owned()))
}

/// The parts of a column's row.
const PARTS: [&str; 14] = [
    "of",
    "name",
    "kind",
    "role",
    "nl",
    "en",
    "values",
    "sensitive",
    "several",
    "quantity",
    "lower",
    "upper",
    "why",
    "few",
];

/// A form that is being filled in.
struct Filling {
    form: FormValues,
}

impl Filling {
    fn get(&self, field: &str) -> String {
        self.form.get(field).cloned().unwrap_or_default()
    }

    fn put(&mut self, field: String, value: impl Into<String>) {
        self.form.insert(field, value.into());
    }

    fn rows(&self, kind: &str) -> usize {
        rows(kind, &|field| self.get(field))
    }

    /// The rows of a kind of which nothing is filled in, as many as may be.
    fn free(&self, kind: &str) -> Vec<usize> {
        let get = |field: &str| self.get(field);
        let most = ROWS.iter().find(|(name, ..)| *name == kind);
        let most = most.map_or(0, |(_, _, most)| *most);
        let is_free = |row: &usize| {
            get(&format!("{kind}{row}_name")).is_empty() && !is_gone(kind, *row, &get)
        };
        (0..most).filter(is_free).collect()
    }

    /// What the columns of a role are called.
    fn named(&self, roles: &[ColumnRole]) -> Vec<String> {
        let of_role = |row: &usize| {
            let said = self.get(&format!("column{row}_role"));
            roles.iter().any(|role| role.word() == said)
        };
        let all = (0..self.rows("column")).filter(of_role);
        all.map(|row| self.get(&format!("column{row}_name")))
            .collect()
    }

    /// Puts a source in a row, and its columns in theirs. A file of the same name is read anew.
    fn source(&mut self, read: ReadSource, name: &str) -> Result<(), AppError> {
        let id = sql_name(&id_of(Path::new(name)));
        let is_again = |row: &usize| self.get(&format!("dataset{row}_name")) == id;
        let again = (0..self.rows("dataset")).find(is_again);
        let row = again.or_else(|| self.free("dataset").first().copied());
        let row = row.ok_or_else(too_many)?;
        self.forget_columns(row);
        self.put(format!("dataset{row}_name"), id);
        self.put(format!("dataset{row}_read"), name);
        let lines = read.rows.map(|rows| rows.to_string());
        self.put(format!("dataset{row}_lines"), lines.unwrap_or_default());
        let count = self.rows("dataset").max(row + 1);
        self.put("rows_dataset".to_owned(), count.to_string());
        let mut columns = read.columns.iter();
        let key = columns.find(|column| column.role == Some(ColumnRole::Key));
        if let Some(key) = key.filter(|_| self.get("unit").is_empty()) {
            self.put("unit".to_owned(), key.name.replace('_', " "));
        }
        self.columns(row, read.columns)
    }

    /// The columns of before make place.
    fn forget_columns(&mut self, source: usize) {
        for row in 0..self.rows("column") {
            let of = self.get(&format!("column{row}_of")).parse().unwrap_or(0);
            if of == source {
                for part in PARTS {
                    self.form.remove(&format!("column{row}_{part}"));
                }
            }
        }
    }

    fn columns(&mut self, source: usize, columns: Vec<ReadColumn>) -> Result<(), AppError> {
        let free = self.free("column");
        if free.len() < columns.len() {
            return Err(too_many());
        }
        let asked = self.named(&[ColumnRole::Dimension, ColumnRole::Measure]);
        let asked: Vec<String> = asked.iter().map(|name| sql_name(name)).collect();
        let mut last = self.rows("column");
        for (column, row) in columns.into_iter().zip(free) {
            last = last.max(row + 1);
            let at = |part: &str| format!("column{row}_{part}");
            // of two columns of one name one is asked for
            let again =
                column.role != Some(ColumnRole::Key) && asked.contains(&sql_name(&column.name));
            let role = if again {
                Some(ColumnRole::Withheld)
            } else {
                column.role
            };
            self.put(at("of"), source.to_string());
            self.put(at("name"), column.name);
            self.put(at("kind"), column.kind.as_str());
            self.put(at("role"), role.map_or("", ColumnRole::word));
            self.put(at("values"), column.values.join("\n"));
            if column.few > 0 {
                self.put(at("few"), column.few.to_string());
            }
            if column.several {
                self.put(at("several"), "yes");
            }
            if let Some((lower, upper)) = column.bounds {
                self.put(at("lower"), lower.to_string());
                self.put(at("upper"), upper.to_string());
            }
        }
        self.put("rows_column".to_owned(), last.to_string());
        Ok(())
    }
}

/// Units with each value of each column, as far as they are enough: one household may have many rows.
type Counts = HashMap<(String, String), HashSet<u64>>;

/// Which units have each value of these columns. Where no column points at a unit, each row is one.
fn counts<'a>(
    table: &DraftTable,
    key: &str,
    columns: impl Iterator<Item = &'a str>,
) -> Result<Counts, AppError> {
    let place = |name: &str| {
        let mut all = table.survey.columns.iter();
        all.position(|column| column.name == name)
    };
    let watched = columns.filter_map(|name| Some((place(name)?, name)));
    let watched: Vec<(usize, &str)> = watched.collect();
    let mut counts = Counts::new();
    if watched.is_empty() {
        return Ok(counts);
    }
    let (key, hasher) = (place(key), RandomState::new());
    for (number, row) in standard_rows(&table.file, &table.survey)?.enumerate() {
        let row = row?;
        let unit = match key.and_then(|key| row.get(key)) {
            Some(key) => hasher.hash_one(key),
            None => number as u64,
        };
        for (place, name) in &watched {
            if let Some(Some(value)) = row.get(*place) {
                let units = counts.entry(((*name).to_owned(), value.clone()));
                let units = units.or_default();
                if units.len() < MINIMUM {
                    units.insert(unit);
                }
            }
        }
    }
    Ok(counts)
}

fn too_many() -> AppError {
    AppError::usage(
        FaultCode::TooMany,
        Text::new(
            "dit past niet in het formulier: het zijn te veel bronnen of kolommen",
            "this does not fit into the form: there are too many sources or columns",
        ),
        Text::new(
            "laat kolommen weg die niet nodig zijn voor de vraag",
            "leave out columns that the question does not need",
        ),
    )
}

#[cfg(test)]
mod tests;
