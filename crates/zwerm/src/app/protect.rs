//! Protecting one's own table: no partners, no receipt; the same engine, and the same answer that the same
//! rules in an agreement would give.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use zwerm_commons::agreement::{Agreement, Document, View};
use zwerm_commons::text::{Lang, Text};
use zwerm_question::answer::{self, Answer, Value};
use zwerm_question::cube::{self, Cube, Tally};
use zwerm_question::error::QuestionError;
use zwerm_question::parse;
use zwerm_question::register::Register;
use zwerm_question::release::encode;
use zwerm_question::session::Limits;
use zwerm_question::source::{Assumed, FormatOptions, Remark, Sources};

use super::draft::{self, Choice, Draft, Hierarchy, Protection};
use super::error::AppError;
use super::release::Progress;

/// Dimensions that go together at most.
const MOST_DIMENSIONS: usize = 8;

/// What to protect, and how.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The file.
    pub(crate) file: PathBuf,
    /// How it is written.
    pub(crate) options: FormatOptions,
    /// The column that tells units apart.
    pub(crate) key: String,
    /// Columns to group by and to add up.
    pub(crate) choice: Choice,
    /// Files with larger wholes.
    pub(crate) hierarchies: Vec<PathBuf>,
    /// The rules; how many dimensions go together follows from the choice.
    pub(crate) protection: Protection,
    /// The day.
    pub(crate) today: Date,
    /// What building may use.
    pub(crate) limits: Limits,
}

/// A protected table.
#[derive(Debug)]
pub(crate) struct Table {
    /// Every combination, totals included.
    pub(crate) answer: Answer,
    /// How much of it is protected.
    pub(crate) tally: Tally,
    /// Units in the file, if that is not protected.
    pub(crate) units: Option<u64>,
    /// What was assumed of how the file is written.
    pub(crate) assumed: Vec<Assumed>,
    /// What stands out in the file.
    pub(crate) remarks: Vec<Remark>,
    /// Whether some unit has several values of a dimension.
    pub(crate) several: bool,
    /// The rules.
    pub(crate) rules: zwerm_commons::agreement::Protection,
    /// Per measure its name, its bounds, and what its sums are rounded to.
    pub(crate) measures: Vec<(String, f64, f64, Option<f64>)>,
}

/// Protects a table.
pub(crate) async fn protect(request: &Request, progress: Progress<'_>) -> Result<Table, AppError> {
    let files = std::slice::from_ref(&request.file);
    let tables = draft::look(files, &request.options, &request.key)?;
    let mut hierarchies = Vec::new();
    for file in &request.hierarchies {
        draft::is_there(file)?;
        hierarchies.push(Hierarchy::read(file)?);
    }
    let columns = request
        .choice
        .columns(&tables, &request.key, &hierarchies)?;
    let most = columns.0.len();
    if most > MOST_DIMENSIONS {
        return Err(too_many(most));
    }
    let survey = tables.first().map(|t| t.survey.clone());
    let key_name = survey
        .as_ref()
        .and_then(|s| s.find_column(&request.key))
        .map_or_else(|| request.key.clone(), |c| c.sql_name.clone());
    let mut draft = Draft {
        id: draft::id_of(&request.file),
        tables,
        key: request.key.clone(),
        key_name,
        dimensions: columns.0,
        measures: columns.1,
        per_unit: true,
        protection: Protection {
            most: most.max(1),
            ..request.protection.clone()
        },
        today: request.today,
        trial: true,
    };
    let mut agreement = read(&draft)?;
    let mut built = build(&draft, &agreement, request, progress).await;
    if matches!(&built, Err(QuestionError::Data(faults)) if faults.iter().any(several_values)) {
        draft.per_unit = false;
        agreement = read(&draft)?;
        built = build(&draft, &agreement, request, progress).await;
    }
    let cube = built?;
    let view = agreement.view.first().cloned();
    let view = view.ok_or_else(|| AppError::Internal("a draft without a view".into()))?;
    let mut answer = ask(&agreement, &view, &cube).await?;
    once(&mut answer, &view);
    // what a number counts is not known here
    for column in &mut answer.columns {
        column.quantity = None;
    }
    let total = cube
        .cells
        .iter()
        .find(|c| c.coordinates.iter().all(Option::is_none));
    Ok(Table {
        answer,
        tally: cube.tally(),
        units: total.and_then(|c| c.units),
        assumed: survey
            .as_ref()
            .map(|s| s.format.clone())
            .unwrap_or_default(),
        remarks: survey.map(|s| s.remarks).unwrap_or_default(),
        several: !draft.per_unit,
        measures: measures(&view, agreement.protection.round_to),
        rules: agreement.protection,
    })
}

fn measures(view: &View, round_to: u64) -> Vec<(String, f64, f64, Option<f64>)> {
    let of = |m: &zwerm_commons::agreement::Measure| {
        let grain = cube::grain(m, round_to).filter(|_| round_to > 1);
        (m.name.clone(), m.lower, m.upper, grain)
    };
    view.measure.iter().map(of).collect()
}

/// A value that is part of no larger whole is its own: its row is kept once.
fn once(answer: &mut Answer, view: &View) {
    let mut pairs = Vec::new();
    let mut column = 0;
    for of in &view.dimension {
        let wholes = !of.parents.is_empty();
        if wholes {
            pairs.push((column, Register::of(of)));
        }
        column += 1 + usize::from(wholes);
    }
    answer.rows.retain(|row| {
        !pairs.iter().any(|(whole, register)| {
            let alone = match row.get(*whole) {
                Some(Value::Text(name)) => register
                    .find(name)
                    .is_some_and(|at| (at as usize) < register.values),
                _ => false,
            };
            alone && row.get(whole + 1) == Some(&Value::Total)
        })
    });
}

fn too_many(most: usize) -> AppError {
    AppError::Data(vec![draft::fault(
        "--by".into(),
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
    )])
}

/// Whether a fault is that a unit has more than one value of a dimension.
fn several_values(fault: &zwerm_question::error::DataFault) -> bool {
    fault.place == format!("view.{}.dimension", draft::VIEW)
}

fn read(draft: &Draft) -> Result<Agreement, AppError> {
    let text = draft::document(draft, Lang::Nl);
    Ok(Document::parse(&draft.id, &text)?.agreement)
}

async fn build(
    draft: &Draft,
    agreement: &Agreement,
    request: &Request,
    progress: Progress<'_>,
) -> Result<Cube, QuestionError> {
    let sources = Sources {
        files: BTreeMap::from([(draft::dataset_id(draft, 0), request.file.clone())]),
    };
    let view = agreement.view.first();
    let view = view.ok_or_else(|| QuestionError::Internal("a draft without a view".into()))?;
    cube::build(agreement, view, &sources, &request.limits, progress).await
}

/// Every combination of the dimensions, with all totals.
pub(crate) fn everything(view: &View) -> String {
    let mut columns = Vec::new();
    let mut groups = Vec::new();
    for of in &view.dimension {
        let name = &of.name;
        if of.parents.is_empty() {
            columns.push(name.clone());
            groups.push(format!("ROLLUP({name})"));
        } else {
            columns.push(format!("parent({name}) AS {name}_geheel"));
            columns.push(name.clone());
            groups.push(format!("ROLLUP(parent({name}), {name})"));
        }
    }
    columns.push("units() AS eenheden".into());
    columns.extend(
        view.measure
            .iter()
            .map(|m| format!("sum({0}) AS som_{0}", m.name)),
    );
    let grouped = if groups.is_empty() {
        String::new()
    } else {
        format!(" GROUP BY {}", groups.join(", "))
    };
    format!("SELECT {} FROM {}{grouped}", columns.join(", "), view.name)
}

async fn ask(agreement: &Agreement, view: &View, cube: &Cube) -> Result<Answer, AppError> {
    let question = parse::question(&everything(view), agreement)?;
    let (_, release) = encode(cube)?;
    let opened = answer::open(cube, view, release, agreement.protection.round_to)?;
    Ok(opened.ask(&question.plan, view).await?)
}
