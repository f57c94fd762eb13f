//! Looking a file through before it is shared: how it was read, what is in it, what stands out.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use zwerm_agreement::agreement::Format;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_home::files::is_there;
use zwerm_intake::{Survey, key_faults, standard_rows, survey};

use crate::error::AppError;

/// Bytes of a file with lists of values at most.
const LARGEST_LIST: u64 = 16 << 20;
/// Values outside a list that are shown at most.
const MOST_SHOWN: usize = 10;

/// What to look through, and what to look for.
#[derive(Debug, Clone, Default)]
pub struct CheckRequest {
    /// The file to look through.
    pub file: PathBuf,
    /// What somebody said of its form; the rest is found out.
    pub options: Format,
    /// The column that is to be the key.
    pub key: Option<String>,
    /// Lists of values: `column=a,b,c`, or a CSV with a column of values for each column.
    pub lists: Vec<String>,
}

/// What was found.
#[derive(Debug)]
pub struct FileReport {
    /// What the file looks like.
    pub survey: Survey,
    /// Why the key cannot be the key.
    pub key_faults: Vec<Diagnostic>,
    /// Values outside the lists that were given.
    pub outside: Vec<Outside>,
}

/// Values of a column that are not on its list.
#[derive(Debug, Clone, PartialEq)]
pub struct Outside {
    /// The column they are in.
    pub column: String,
    /// Rows with such a value.
    pub rows: u64,
    /// Some of the values, of a column with few.
    pub values: Vec<String>,
    /// Values of the list that no row has.
    pub unused: u64,
}

impl FileReport {
    /// Whether nothing prevents that the file is used.
    pub fn is_usable(&self) -> bool {
        self.survey.is_usable() && self.key_faults.is_empty()
    }
}

/// Looks a file through.
pub fn check(request: &CheckRequest) -> Result<FileReport, AppError> {
    is_there(&request.file)?;
    let survey = survey(&request.file, &request.options)?;
    let lists = lists(&request.lists, &survey)?;
    let key_faults = match &request.key {
        Some(key) => key_faults(&survey, key),
        None => Vec::new(),
    };
    let outside = if lists.is_empty() || !survey.faults().is_empty() {
        Vec::new()
    } else {
        outside(&request.file, &survey, &lists, request.key.as_deref())?
    };
    Ok(FileReport {
        survey,
        key_faults,
        outside,
    })
}

type Lists = BTreeMap<usize, HashSet<String>>;

/// The lists of values, by the place of their column.
fn lists(given: &[String], survey: &Survey) -> Result<Lists, AppError> {
    let mut lists = Lists::new();
    let mut faults = Vec::new();
    for list in given {
        let columns = match list.split_once('=') {
            Some((column, values)) => {
                let values = values.split(',').map(|v| v.trim().to_owned());
                vec![(column.trim().to_owned(), values.collect())]
            }
            None => from_file(Path::new(list))?,
        };
        for (column, values) in columns {
            match survey.columns.iter().position(|c| c.name == column) {
                Some(place) => lists.entry(place).or_default().extend(values),
                None => {
                    faults.push(zwerm_intake::no_column(
                        "--values",
                        &column,
                        &survey.column_names(),
                    ));
                }
            }
        }
    }
    if faults.is_empty() {
        Ok(lists)
    } else {
        Err(AppError::from(faults))
    }
}

fn from_file(file: &Path) -> Result<Vec<(String, HashSet<String>)>, AppError> {
    is_there(file)?;
    let size = fs::metadata(file).map_err(AppError::at(file))?.len();
    let unread = || {
        AppError::usage(
            FaultCode::Malformed,
            Text::new(
                format!("`{}` is geen lijst van waarden", file.display()),
                format!("`{}` is no list of values", file.display()),
            ),
            Text::new(
                "lever een CSV (UTF-8, komma) met in de eerste regel de namen van kolommen en daaronder hun waarden",
                "give a CSV (UTF-8, comma) with names of columns in its first line and their values below",
            ),
        )
    };
    if size > LARGEST_LIST {
        return Err(unread());
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(file)
        .map_err(|_| unread())?;
    let header = reader.headers().map_err(|_| unread())?.clone();
    let name = |name: &str| name.trim_start_matches('\u{feff}').trim().to_owned();
    let mut columns: Vec<(String, HashSet<String>)> =
        header.iter().map(|n| (name(n), HashSet::new())).collect();
    for record in reader.records() {
        let record = record.map_err(|_| unread())?;
        for ((_, values), value) in columns.iter_mut().zip(&record) {
            if !value.trim().is_empty() {
                values.insert(value.trim().to_owned());
            }
        }
    }
    Ok(columns)
}

fn outside(
    file: &Path,
    survey: &Survey,
    lists: &Lists,
    key: Option<&str>,
) -> Result<Vec<Outside>, AppError> {
    let mut found: BTreeMap<usize, (u64, BTreeSet<String>)> = BTreeMap::new();
    let mut used: BTreeMap<usize, HashSet<&str>> = BTreeMap::new();
    for row in standard_rows(file, survey)? {
        let row = row?;
        for (place, list) in lists {
            let Some(Some(value)) = row.get(*place) else {
                continue;
            };
            if let Some(listed) = list.get(value) {
                used.entry(*place).or_default().insert(listed);
                continue;
            }
            let (rows, values) = found.entry(*place).or_default();
            *rows += 1;
            if values.len() < MOST_SHOWN {
                values.insert(value.clone());
            }
        }
    }
    let mut all = Vec::new();
    for (place, list) in lists {
        let Some(column) = survey.columns.get(*place) else {
            continue;
        };
        let (rows, values) = found.remove(place).unwrap_or_default();
        let shown = may_show(survey, *place, key);
        let known = used.get(place).map_or(0, HashSet::len);
        all.push(Outside {
            column: column.name.clone(),
            rows,
            values: values.into_iter().filter(|_| shown).collect(),
            unused: (list.len() - known) as u64,
        });
    }
    Ok(all)
}

/// Whether the values of a column may be shown to the owner of the file: few of them, and no keys.
pub fn may_show(survey: &Survey, place: usize, key: Option<&str>) -> bool {
    survey.columns.get(place).is_some_and(|column| {
        // what has nearly as many values as there are rows may be a key, whatever it is called
        let different = column.distinct.unwrap_or(u64::MAX);
        let few = !column.values.is_empty() && different <= survey.rows / 2;
        few && column.looks_like.is_none() && key != Some(&column.name)
    })
}
