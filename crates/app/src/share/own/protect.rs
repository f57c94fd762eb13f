//! Protecting one's own table: no partners, no receipt; the same engine, and the same answer that the same
//! rules in an agreement would give.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, Document, Format, LARGEST_DOCUMENT, View};
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode};
use zwerm_agreement::text::{Lang, Text};
use zwerm_home::files;
use zwerm_home::release::Progress;
use zwerm_intake::{Assumed, Remark, Sources};
use zwerm_question::answer::{self, Answer, AnswerValue};
use zwerm_question::cube::{self, CellTally, Cube};
use zwerm_question::error::QuestionError;
use zwerm_question::parse;
use zwerm_question::register::Register;
use zwerm_question::release::encode;
use zwerm_question::session::BuildLimits;

use crate::error::AppError;
use crate::share::own::draft::{
    self, AgreementDraft, ColumnChoice, DraftColumns, DraftProtection, Hierarchy,
};

/// What to protect, and how.
#[derive(Debug, Clone)]
pub struct ProtectRequest {
    /// The table to protect.
    pub file: PathBuf,
    /// How it is written.
    pub options: Format,
    /// The column that tells units apart.
    pub key: String,
    /// Columns to group by and to add up.
    pub choice: ColumnChoice,
    /// Files with larger wholes.
    pub hierarchies: Vec<PathBuf>,
    /// The rules; how many dimensions go together follows from the choice.
    pub protection: DraftProtection,
    /// The day of the agreement that is drafted for it.
    pub today: Date,
    /// What building may use.
    pub limits: BuildLimits,
}

/// A protected table.
#[derive(Debug)]
pub struct ProtectedTable {
    /// Every combination, totals included.
    pub answer: Answer,
    /// How much of it is protected.
    pub tally: CellTally,
    /// Units in the file, if that is not protected.
    pub units: Option<u64>,
    /// What was assumed of how the file is written.
    pub assumed: Vec<Assumed>,
    /// What stands out in the file.
    pub remarks: Vec<Remark>,
    /// Whether some unit has several values of a dimension.
    pub several: bool,
    /// The rules that every figure keeps.
    pub rules: zwerm_agreement::agreement::Protection,
    /// Per measure its name, its bounds, and what its sums are rounded to.
    pub measures: Vec<(String, f64, f64, Option<f64>)>,
}

/// Protects a table.
pub async fn protect(
    request: &ProtectRequest,
    progress: Progress<'_>,
) -> Result<ProtectedTable, AppError> {
    let draft = chosen(request)?;
    let agreement = read(&draft)?;
    let built = build(&draft, &agreement, request, progress).await;
    let cube = built.map_err(|error| in_own_words(error, &draft))?;
    let view = agreement.view.first().cloned();
    let view = view.ok_or_else(|| AppError::Internal("a draft without a view".into()))?;
    let mut answer = ask(&agreement, &view, &cube).await?;
    once(&mut answer, &view);
    // what a number counts is not known here
    answer.forget_quantities();
    let total = cube
        .cells
        .iter()
        .find(|c| c.coordinates.iter().all(Option::is_none));
    let survey = draft.tables.into_iter().next().map(|t| t.survey);
    Ok(ProtectedTable {
        answer,
        tally: cube.tally(),
        units: total.and_then(|c| c.units),
        assumed: survey
            .as_ref()
            .map(|s| s.format.clone())
            .unwrap_or_default(),
        remarks: survey.map(|s| s.remarks).unwrap_or_default(),
        several: draft.dimensions.iter().any(|d| !d.per_unit),
        measures: measures(&view, agreement.protection.round_to),
        rules: agreement.protection,
    })
}

/// What was chosen, as a draft; all that is wrong with it at once.
fn chosen(request: &ProtectRequest) -> Result<AgreementDraft, AppError> {
    let files = std::slice::from_ref(&request.file);
    let key = &request.key;
    let (tables, mut faults) = draft::look(files, &request.options, key)?;
    let mut hierarchies = Vec::new();
    for file in &request.hierarchies {
        files::is_there(file)?;
        match Hierarchy::read(file) {
            Ok(hierarchy) => hierarchies.push(hierarchy),
            Err(AppError::Wrong(all)) => faults.extend(all.0),
            Err(other) => return Err(other),
        }
    }
    let DraftColumns {
        mut dimensions,
        measures,
    } = if tables.is_empty() {
        DraftColumns::default()
    } else {
        let columns = request.choice.columns(&tables, key, &hierarchies);
        columns.unwrap_or_else(|all| {
            faults.extend(all);
            DraftColumns::default()
        })
    };
    draft::told(faults)?;
    draft::several_values(&tables, key, &mut dimensions)?;
    Ok(AgreementDraft {
        id: draft::id_of(&request.file),
        key_name: draft::key_name(&tables, key),
        tables,
        key: key.clone(),
        protection: DraftProtection {
            most: dimensions.len().max(1),
            ..request.protection.clone()
        },
        dimensions,
        measures,
        today: request.today,
        trial: true,
    })
}

/// The engine tells faults as of an agreement; here there are a file and options.
fn in_own_words(error: QuestionError, draft: &AgreementDraft) -> AppError {
    let QuestionError::Data(mut faults) = error else {
        return error.into();
    };
    let measure = format!("view.{}.measure.", draft::VIEW);
    for fault in &mut faults {
        let at = fault.place.shown().unwrap_or_default();
        let Some(name) = at.strip_prefix(&measure) else {
            continue;
        };
        let column = draft.measures.iter().find(|m| m.name == name);
        let column = column.map_or(name, |m| &m.column);
        fault.place = format!("--sum {column}").into();
        match fault.code {
            FaultCode::Missing => {
                fault.cure = Text::new(
                    "vul de waarde in, of haal deze rijen uit het bestand",
                    "fill in the value, or take these rows out of the file",
                );
            }
            FaultCode::NotProtectable => {
                fault.cure = Text::new("groepeer ernaar met `--by`", "group by it with `--by`");
            }
            _ => {}
        }
    }
    AppError::from(faults)
}

fn measures(view: &View, round_to: u64) -> Vec<(String, f64, f64, Option<f64>)> {
    let of = |m: &zwerm_agreement::agreement::Measure| {
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
    answer.retain(|row| {
        !pairs.iter().any(|(whole, register)| {
            let alone = match row.get(*whole) {
                Some(AnswerValue::Text(name)) => register
                    .find(name)
                    .is_some_and(|at| (at as usize) < register.values),
                _ => false,
            };
            alone && row.get(whole + 1) == Some(&AnswerValue::Total)
        })
    });
}

fn read(draft: &AgreementDraft) -> Result<Agreement, AppError> {
    let text = draft::document(draft, Lang::Nl);
    if text.len() > LARGEST_DOCUMENT {
        return Err(AppError::from(vec![draft::fault(
            "--by".into(),
            FaultCode::TooMany,
            Text::new(
                "de kolommen hebben samen te veel waarden",
                "the columns have too many values together",
            ),
            Text::new(
                "maak er in het bestand minder groepen van, of kies minder kolommen",
                "make fewer groups of them in the file, or choose fewer columns",
            ),
        )]));
    }
    // the document is not the user's: what is wrong with it is told of their file
    let told = |faults: Diagnostics| {
        let file = draft.tables.first().map(|t| t.file.display().to_string());
        let place = file.unwrap_or_default();
        let of = |fault: Diagnostic| fault.at(place.clone());
        let of_file: Vec<Diagnostic> = faults.0.into_iter().map(of).collect();
        AppError::from(of_file)
    };
    let document = Document::parse(&draft.id, &text).map_err(told)?;
    Ok(document.agreement)
}

async fn build(
    draft: &AgreementDraft,
    agreement: &Agreement,
    request: &ProtectRequest,
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
pub fn everything(view: &View) -> String {
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
