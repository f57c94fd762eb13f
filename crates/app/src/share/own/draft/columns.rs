//! Which columns to group by and which to add up: as chosen, or as the data suggest.

use std::collections::BTreeMap;
use std::path::Path;

use zwerm_agreement::agreement::ColumnType;
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_intake::{Survey, SurveyColumn, no_column};

use crate::error::AppError;
use crate::share::own::draft::{DraftDimension, DraftMeasure, DraftTable, fault};

/// Different values of a column that is suggested as a dimension, at most.
const FEW: usize = 60;

/// Characters of a value to group by, at most.
const LONGEST_VALUE: usize = 200;

/// What somebody chose: columns to group by and to add up.
#[derive(Debug, Clone, Default)]
pub struct ColumnChoice {
    /// Columns to group by.
    pub by: Vec<String>,
    /// Columns to add up.
    pub sum: Vec<String>,
}

/// The larger whole of each value of one column, from a CSV of two columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Hierarchy {
    /// The name of the column, from the first column of the header.
    pub column: String,
    /// Values with their wholes.
    pub parents: BTreeMap<String, String>,
}

impl Hierarchy {
    /// Reads one: the header names the column, then what its wholes are called.
    pub fn read(file: &Path) -> Result<Hierarchy, AppError> {
        let survey = zwerm_intake::survey(file, &Default::default())?;
        let [column, _] = survey.columns.as_slice() else {
            return Err(AppError::from(vec![fault(
                file.display().to_string(),
                FaultCode::Malformed,
                Text::new(
                    "een hiërarchie heeft twee kolommen",
                    "a hierarchy has two columns",
                ),
                Text::new(
                    "schrijf in de eerste kolom de waarden, in de tweede het grotere geheel van elke waarde",
                    "write the values in the first column, and the larger whole of each in the second",
                ),
            )]));
        };
        let mut parents = BTreeMap::new();
        let mut faults = survey.faults();
        for row in zwerm_intake::standard_rows(file, &survey)? {
            let row = row?;
            let [Some(value), Some(parent)] = row.as_slice() else {
                continue;
            };
            let earlier = parents.insert(value.clone(), parent.clone());
            if earlier.is_some_and(|earlier| earlier != *parent) {
                faults.push(two_wholes(file, value));
            }
        }
        if !faults.is_empty() {
            return Err(AppError::from(faults));
        }
        Ok(Hierarchy {
            column: column.name.clone(),
            parents,
        })
    }
}

fn two_wholes(file: &Path, value: &str) -> Diagnostic {
    fault(
        file.display().to_string(),
        FaultCode::Contradiction,
        Text::new(
            format!("`{value}` hoort bij twee grotere gehelen"),
            format!("`{value}` belongs to two larger wholes"),
        ),
        Text::new("noem elke waarde één keer", "name each value once"),
    )
}

/// The columns of a draft: what can be grouped by, and what can be added up.
#[derive(Debug, Default)]
pub struct DraftColumns {
    /// What can be grouped by.
    pub dimensions: Vec<DraftDimension>,
    /// What can be added up.
    pub measures: Vec<DraftMeasure>,
}

/// Dimensions that go together at most in one table.
const MOST_DIMENSIONS: usize = 8;

impl ColumnChoice {
    /// The chosen columns; all that is wrong with the choice at once.
    pub fn columns(
        &self,
        tables: &[DraftTable],
        key: &str,
        hierarchies: &[Hierarchy],
    ) -> Result<DraftColumns, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let mut dimensions = Vec::new();
        let (by, sum) = (names(&self.by, tables), names(&self.sum, tables));
        if by.len() > MOST_DIMENSIONS {
            faults.push(too_many(by.len()));
        }
        for name in &by {
            match find(tables, name, "--by").and_then(|at| dimension(at, name, key)) {
                Ok(dimension) => dimensions.push(dimension),
                Err(wrong) => faults.extend(wrong.0),
            }
        }
        let mut measures = Vec::new();
        for name in &sum {
            match find(tables, name, "--sum").and_then(|at| measure(at, name)) {
                Ok(measure) => measures.push(measure),
                Err(wrong) => faults.extend(wrong.0),
            }
        }
        faults.extend(twice(&by, &sum));
        for hierarchy in hierarchies {
            faults.extend(hierarchy.apply(&mut dimensions, &by));
        }
        if faults.is_empty() {
            Ok(DraftColumns {
                dimensions,
                measures,
            })
        } else {
            Err(faults)
        }
    }
}

/// The names in lists: a comma is between two of them, unless a column is called so.
fn names(lists: &[String], tables: &[DraftTable]) -> Vec<String> {
    let is_column = |list: &str| tables.iter().any(|t| t.survey.find_column(list).is_some());
    let mut all = Vec::new();
    for list in lists {
        if is_column(list) {
            all.push(list.clone());
        } else {
            all.extend(list.split(',').map(|name| name.trim().to_owned()));
        }
    }
    all
}

fn too_many(most: usize) -> Diagnostic {
    fault(
        "--by".into(),
        FaultCode::TooMany,
        Text::new(
            format!("{most} kenmerken tegelijk is te veel"),
            format!("{most} dimensions at once are too many"),
        ),
        Text::new(
            format!(
                "kies er hoogstens {MOST_DIMENSIONS}; maak anders meer tabellen, maar niet van dezelfde eenheden"
            ),
            format!(
                "choose at most {MOST_DIMENSIONS}; else make more tables, but not of the same units"
            ),
        ),
    )
}

/// What the data suggest: columns with few values to group by, numbers to add up.
pub fn suggested(tables: &[DraftTable], key: &str) -> DraftColumns {
    let mut dimensions: Vec<DraftDimension> = Vec::new();
    let mut measures: Vec<DraftMeasure> = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        for column in &table.survey.columns {
            let key_name = table.survey.find_column(key).map(|k| &k.sql_name);
            let taken = Some(&column.sql_name) == key_name
                || dimensions.iter().any(|d| d.name == column.sql_name)
                || measures.iter().any(|m| m.name == column.sql_name);
            if taken || column.looks_like.is_some() {
                continue;
            }
            let few = !column.values.is_empty() && column.values.len() <= FEW;
            let number = matches!(column.kind, ColumnType::Int64 | ColumnType::Float64);
            let at = (place, column);
            if few && column.kind != ColumnType::Float64 {
                dimensions.extend(dimension(at, &column.name, key));
            } else if number && column.values.len() != 2 {
                // a sum over two values counts units
                measures.extend(measure(at, &column.name));
            }
        }
    }
    DraftColumns {
        dimensions,
        measures,
    }
}

/// Columns that an agreement cannot name.
pub(crate) fn unnameable(file: &Path, survey: &Survey) -> Vec<Diagnostic> {
    let columns = survey.columns.iter();
    let wrong = columns.filter(|c| !zwerm_agreement::name::is_header(&c.name));
    let of = |column: &SurveyColumn| {
        let name = &column.name;
        fault(
            format!("{}:1", file.display()),
            FaultCode::Malformed,
            Text::new(
                format!("`{name}` kan geen kolom heten"),
                format!("a column cannot be called `{name}`"),
            ),
            Text::new(
                "geef de kolom een naam van hoogstens 100 tekens, zonder aanhalingstekens",
                "give the column a name of at most 100 characters, without quotes",
            ),
        )
    };
    wrong.map(of).collect()
}

type NumberedColumn<'a> = (usize, &'a SurveyColumn);

fn find<'a>(
    tables: &'a [DraftTable],
    name: &str,
    option: &str,
) -> Result<NumberedColumn<'a>, Diagnostics> {
    let all = || {
        let tables = tables.iter().enumerate();
        tables.flat_map(|(place, t)| t.survey.columns.iter().map(move |c| (place, c)))
    };
    let exact = all().find(|(_, c)| c.name == name);
    if let Some(found) = exact.or_else(|| all().find(|(_, c)| c.sql_name == name)) {
        return Ok(found);
    }
    let known: Vec<&str> = all().map(|(_, c)| c.name.as_str()).collect();
    Err(no_column(option, name, &known).into())
}

fn dimension(
    (table, column): NumberedColumn,
    name: &str,
    key: &str,
) -> Result<DraftDimension, Diagnostics> {
    let unfit = unfit_column(column, name, key).or_else(|| unfit_values(column, name));
    if let Some(unfit) = unfit {
        return Err(unfit.at(format!("--by {name}")).into());
    }
    Ok(DraftDimension {
        table,
        column: column.name.clone(),
        name: column.sql_name.clone(),
        values: column.values.clone(),
        parents: Vec::new(),
        per_unit: true,
    })
}

/// Why nothing can be grouped by a column of this kind, and what to do instead.
fn unfit_column(column: &SurveyColumn, name: &str, key: &str) -> Option<Diagnostic> {
    if column.name == key {
        return Some(Diagnostic::new(
            FaultCode::NotApplicable,
            Text::new(
                format!("`{name}` wijst één eenheid aan"),
                format!("`{name}` points at one unit"),
            ),
            Text::new("groepeer naar iets anders", "group by something else"),
        ));
    }
    (column.kind == ColumnType::Float64).then(|| {
        Diagnostic::new(
            FaultCode::WrongType,
            Text::new(
                format!("`{name}` is een getal met decimalen"),
                format!("`{name}` is a number with decimals"),
            ),
            Text::new(
                "maak er in het bestand klassen van, of tel haar op met `--sum`",
                "make classes of it in the file, or add it up with `--sum`",
            ),
        )
    })
}

/// Why nothing can be grouped by a column with these values, and what to do instead.
fn unfit_values(column: &SurveyColumn, name: &str) -> Option<Diagnostic> {
    if column.values.is_empty() {
        let many = column
            .distinct
            .map_or_else(|| "10.000+".to_owned(), |n| n.to_string());
        return Some(Diagnostic::new(
            FaultCode::TooMany,
            Text::new(
                format!("`{name}` heeft te veel verschillende waarden ({many})"),
                format!("`{name}` has too many different values ({many})"),
            ),
            Text::new(
                "maak er in het bestand hoogstens 1.000 groepen van",
                "make at most 1,000 groups of it in the file",
            ),
        ));
    }
    let mut values = column.values.iter();
    let too_long = values.any(|v| v.chars().count() > LONGEST_VALUE);
    too_long.then(|| {
        Diagnostic::new(
            FaultCode::TooLong,
            Text::new(
                format!("`{name}` heeft waarden van meer dan {LONGEST_VALUE} tekens"),
                format!("`{name}` has values of more than {LONGEST_VALUE} characters"),
            ),
            Text::new(
                "geef groepen in het bestand een korte naam",
                "give groups in the file a short name",
            ),
        )
    })
}

fn measure((table, column): NumberedColumn, name: &str) -> Result<DraftMeasure, Diagnostics> {
    let number = matches!(column.kind, ColumnType::Int64 | ColumnType::Float64);
    let Some((low, high)) = column.range.filter(|_| number) else {
        return Err(fault(
            format!("--sum {name}"),
            FaultCode::WrongType,
            Text::new(
                format!("`{name}` is geen getal"),
                format!("`{name}` is no number"),
            ),
            Text::new(
                "kies een kolom met getallen, of groepeer ernaar met `--by`; staat er een woord als NULL tussen, zeg dan `--missing NULL`; `zwerm data check` laat zien hoe elke kolom is gelezen",
                "choose a column of numbers, or group by it with `--by`; if a word such as NULL stands among them, say `--missing NULL`; `zwerm data check` shows how each column was read",
            ),
        )
        .into());
    };
    let lower = if low < 0.0 { -rounded_up(-low) } else { 0.0 };
    let upper = if high > 0.0 { rounded_up(high) } else { 0.0 };
    Ok(DraftMeasure {
        table,
        column: column.name.clone(),
        name: column.sql_name.clone(),
        lower,
        upper: if upper > lower { upper } else { lower + 1.0 },
    })
}

/// The next 1, 2 or 5 times a power of ten: a bound that gives no value away.
fn rounded_up(number: f64) -> f64 {
    let power = 10_f64.powi(number.log10().floor() as i32);
    let factors = [1.0, 2.0, 5.0, 10.0];
    let found = factors
        .into_iter()
        .map(|f| f * power)
        .find(|bound| *bound >= number);
    found.unwrap_or(10.0 * power)
}

fn twice(by: &[String], sum: &[String]) -> Vec<Diagnostic> {
    let all: Vec<&String> = by.iter().chain(sum).collect();
    let mut faults = Vec::new();
    for (place, name) in all.iter().enumerate() {
        if all.iter().take(place).any(|earlier| earlier == name) {
            faults.push(fault(
                (*name).clone(),
                FaultCode::Duplicate,
                Text::new(
                    format!("`{name}` is twee keer gekozen"),
                    format!("`{name}` was chosen twice"),
                ),
                Text::new("noem elke kolom één keer", "name each column once"),
            ));
        }
    }
    faults
}

impl Hierarchy {
    /// Adds its wholes to the dimension that it is about.
    fn apply(&self, dimensions: &mut [DraftDimension], by: &[String]) -> Option<Diagnostic> {
        let name = &self.column;
        let place = format!("--hierarchy {name}");
        let mut found = dimensions.iter_mut();
        let Some(of) = found.find(|d| d.column == *name || d.name == *name) else {
            // why a chosen column cannot be a dimension is reported already
            return (!by.contains(name)).then(|| not_grouped(place, name));
        };
        let known = of
            .values
            .iter()
            .filter_map(|v| Some((v.clone(), self.parents.get(v)?.clone())));
        of.parents = known.collect();
        if of.parents.is_empty() {
            return Some(fault(
                place,
                FaultCode::NotFound,
                Text::new(
                    format!("geen waarde van `{name}` staat in de hiërarchie"),
                    format!("no value of `{name}` is in the hierarchy"),
                ),
                Text::new(
                    "schrijf in de eerste kolom de waarden zoals zij in de gegevens staan",
                    "write the values in the first column as they are in the data",
                ),
            ));
        }
        let itself = of
            .parents
            .iter()
            .find(|(_, parent)| of.values.contains(parent));
        itself.map(|(_, parent)| {
            fault(
                place,
                FaultCode::Contradiction,
                Text::new(
                    format!("`{parent}` is zelf een waarde van `{name}`"),
                    format!("`{parent}` is a value of `{name}` itself"),
                ),
                Text::new(
                    "geef het grotere geheel een eigen naam",
                    "give the larger whole a name of its own",
                ),
            )
        })
    }
}

/// A hierarchy of a column that the table is not grouped by.
fn not_grouped(place: String, name: &str) -> Diagnostic {
    fault(
        place,
        FaultCode::NotApplicable,
        Text::new(
            format!("de tabel wordt niet naar `{name}` gegroepeerd"),
            format!("the table is not grouped by `{name}`"),
        ),
        Text::new(
            format!(
                "zet `{name}` bij `--by`, of geef de eerste kolom van de hiërarchie de naam van een kenmerk"
            ),
            format!(
                "add `{name}` to `--by`, or name the hierarchy's first column after a dimension"
            ),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_round() {
        for (number, bound) in [
            (900.3, 1_000.0),
            (1_000.0, 1_000.0),
            (1.1, 2.0),
            (0.03, 0.05),
        ] {
            assert_eq!(rounded_up(number), bound, "{number}");
        }
    }
}
