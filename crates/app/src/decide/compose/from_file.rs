//! What a file of data suggests: a source with its columns, what each is there for, values to group by, bounds.
//!
//! The file is read in a process of its own as a delivery is, and is not kept. What is suggested becomes public once it is
//! proposed, so a value that few rows have is not among it: that somebody has it would be told by the list itself.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_intake::{Remark, Survey, SurveyColumn, standard_rows, survey};

use crate::decide::compose::columns::{Role, sql_name};
use crate::decide::compose::{ROWS, is_gone, rows};
use crate::error::AppError;
use crate::share::deliver;
use crate::share::own::apart;
use crate::share::own::draft::{
    DraftColumns, DraftDimension, DraftTable, id_of, several_values, suggested, unnameable,
};
use crate::site::blocking;

/// Rows that a value has at least, to be suggested.
const MINIMUM: u64 = 10;

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
        let table = read(&file)?;
        let mut filling = Filling { form };
        filling.source(&table, &name)?;
        Ok(filling.form)
    })
    .await
}

fn read(file: &Path) -> Result<DraftTable, AppError> {
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

/// The column that points at a unit: the one that another source has, else the first text that differs in every row.
fn key_of(survey: &Survey, known: Option<&str>) -> Option<String> {
    let fits = |column: &&SurveyColumn| {
        column.unique && column.missing == 0 && column.kind == ColumnType::Utf8
    };
    let named = known.and_then(|known| survey.find_column(known));
    let found = named.or_else(|| survey.columns.iter().find(fits));
    found.map(|column| column.name.clone())
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
    fn named(&self, roles: &[Role]) -> Vec<String> {
        let of_role = |row: &usize| {
            let said = self.get(&format!("column{row}_role"));
            roles.iter().any(|role| role.word() == said)
        };
        let all = (0..self.rows("column")).filter(of_role);
        all.map(|row| self.get(&format!("column{row}_name")))
            .collect()
    }

    /// Puts a source in a row, and its columns in theirs. A file of the same name is read anew.
    fn source(&mut self, table: &DraftTable, name: &str) -> Result<(), AppError> {
        let survey = &table.survey;
        let id = sql_name(&id_of(Path::new(name)));
        let is_again = |row: &usize| self.get(&format!("dataset{row}_name")) == id;
        let again = (0..self.rows("dataset")).find(is_again);
        let row = again.or_else(|| self.free("dataset").first().copied());
        let row = row.ok_or_else(too_many)?;
        self.forget_columns(row);
        self.put(format!("dataset{row}_name"), id);
        self.put(format!("dataset{row}_read"), name);
        self.put(format!("dataset{row}_lines"), survey.rows.to_string());
        let count = self.rows("dataset").max(row + 1);
        self.put("rows_dataset".to_owned(), count.to_string());
        let key = key_of(survey, self.named(&[Role::Key]).first().map(String::as_str));
        if let Some(key) = key.as_ref().filter(|_| self.get("unit").is_empty()) {
            self.put("unit".to_owned(), key.replace('_', " "));
        }
        self.columns(row, table, &key.unwrap_or_default())
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

    fn columns(&mut self, source: usize, table: &DraftTable, key: &str) -> Result<(), AppError> {
        let columns = &table.survey.columns;
        let free = self.free("column");
        if free.len() < columns.len() {
            return Err(too_many());
        }
        let asked = self.named(&[Role::Dimension, Role::Measure]);
        let found = Found::of(table, key, &asked)?;
        let mut last = self.rows("column");
        for (column, row) in columns.iter().zip(free) {
            last = last.max(row + 1);
            let at = |part: &str| format!("column{row}_{part}");
            self.put(at("of"), source.to_string());
            self.put(at("name"), &column.name);
            self.put(at("kind"), column.kind.as_str());
            self.put(at("role"), found.role(column, key).map_or("", Role::word));
            if let Some((values, few, several)) = found.dimension(&column.name) {
                self.put(at("values"), values.join("\n"));
                self.put(
                    at("few"),
                    if few > 0 {
                        few.to_string()
                    } else {
                        String::new()
                    },
                );
                self.put(at("several"), if several { "yes" } else { "" });
            }
            let mut measures = found.columns.measures.iter();
            if let Some(measure) = measures.find(|measure| measure.column == column.name) {
                self.put(at("lower"), measure.lower.to_string());
                self.put(at("upper"), measure.upper.to_string());
            }
        }
        self.put("rows_column".to_owned(), last.to_string());
        Ok(())
    }
}

/// What a file suggests of its columns.
struct Found<'a> {
    columns: DraftColumns,
    /// Rows with each value of each column to group by.
    counts: HashMap<(String, String), u64>,
    /// Columns of that name are asked for already.
    asked: &'a [String],
}

impl<'a> Found<'a> {
    fn of(table: &DraftTable, key: &str, asked: &'a [String]) -> Result<Self, AppError> {
        let own = std::slice::from_ref(table);
        let mut columns = suggested(own, key);
        // a whole number may be an amount: nothing is grouped by it unless somebody says so
        let is_number = |name: &str| {
            let column = table.survey.find_column(name);
            column.is_some_and(|c| matches!(c.kind, ColumnType::Int64 | ColumnType::Float64))
        };
        columns.dimensions.retain(|one| !is_number(&one.column));
        if !key.is_empty() {
            several_values(own, key, &mut columns.dimensions)?;
        }
        let names = columns.dimensions.iter().map(|one| one.column.as_str());
        let mut found = Self {
            counts: counts(table, names)?,
            columns,
            asked,
        };
        // what hardly any two rows share is nothing to group by
        let mut all = std::mem::take(&mut found.columns.dimensions);
        all.retain(|one| found.common(one).len() > 1);
        found.columns.dimensions = all;
        Ok(found)
    }

    /// The values of a column that enough rows have.
    fn common<'d>(&self, dimension: &'d DraftDimension) -> Vec<&'d str> {
        let enough = |value: &&String| {
            let count = self
                .counts
                .get(&(dimension.column.clone(), (*value).clone()));
            count.is_some_and(|count| *count >= MINIMUM)
        };
        let values = dimension.values.iter().filter(enough);
        values.map(String::as_str).collect()
    }

    /// What a column is there for; nothing where somebody has to say so.
    fn role(&self, column: &SurveyColumn, key: &str) -> Option<Role> {
        let name = &column.name;
        let is_asked = self
            .asked
            .iter()
            .any(|known| sql_name(known) == sql_name(name));
        if name == key {
            Some(Role::Key)
        } else if is_asked || column.looks_like.is_some() {
            Some(Role::Withheld)
        } else if self
            .columns
            .dimensions
            .iter()
            .any(|one| one.column == *name)
        {
            Some(Role::Dimension)
        } else if self.columns.measures.iter().any(|one| one.column == *name) {
            Some(Role::Measure)
        } else {
            (column.kind == ColumnType::Utf8).then_some(Role::Withheld)
        }
    }

    /// The values of a column to group by that enough rows have, how many others there are, and whether a unit may have
    /// several of them.
    fn dimension(&self, name: &str) -> Option<(Vec<&str>, usize, bool)> {
        let mut all = self.columns.dimensions.iter();
        let found = all.find(|one| one.column == name)?;
        let values = self.common(found);
        let few = found.values.len() - values.len();
        Some((values, few, !found.per_unit))
    }
}

/// How many rows have each value of these columns.
fn counts<'a>(
    table: &DraftTable,
    columns: impl Iterator<Item = &'a str>,
) -> Result<HashMap<(String, String), u64>, AppError> {
    let place = |name: &str| {
        let mut all = table.survey.columns.iter();
        all.position(|column| column.name == name)
    };
    let watched = columns.filter_map(|name| Some((place(name)?, name)));
    let watched: Vec<(usize, &str)> = watched.collect();
    let mut counts = HashMap::new();
    if watched.is_empty() {
        return Ok(counts);
    }
    for row in standard_rows(&table.file, &table.survey)? {
        let row = row?;
        for (place, name) in &watched {
            if let Some(Some(value)) = row.get(*place) {
                *counts
                    .entry(((*name).to_owned(), value.clone()))
                    .or_default() += 1;
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
