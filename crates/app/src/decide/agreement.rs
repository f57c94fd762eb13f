//! Looking at an agreement: whether its document and data are in order, and whether it is in force.

use std::path::Path;

use jiff::civil::Date;
use zwerm_agreement::policy::PolicySet;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::Text;
use zwerm_home::load::{self, AgreementTarget, Stored};
use zwerm_home::{DataState, Home, lacking};
use zwerm_intake::{Assumed, IntakeError, Remark, Sources, check as check_source};
use zwerm_question::cube;
use zwerm_question::loss::{self, Loss};
use zwerm_question::session::BuildLimits;

use crate::decide::succession;
use crate::error::AppError;
use crate::share::embargo;

/// An agreement, seen on a day.
#[derive(Debug, Clone)]
pub struct CheckedAgreement {
    /// The agreement with what parties said of it.
    pub stored: Stored,
    /// The day for which this holds.
    pub today: Date,
    /// Why it is not in force; nothing when it is.
    pub lacking: Vec<Refusal>,
    /// Per dataset whether its data are there.
    pub data: Vec<(String, DataState)>,
    /// Datasets whose files are not as programs write them.
    pub read: Vec<DatasetReading>,
    /// Views of which nothing is estimated: what is under embargo is not looked at.
    pub closed: Vec<(String, Vec<Refusal>)>,
    /// Per view what a second release would cost, where that can be told.
    pub losses: Vec<(String, Loss)>,
    /// What is to be known of the version that it replaces, before anybody consents.
    pub warning: Option<Text>,
    /// The policies generated from it.
    pub policies: PolicySet,
}

/// How the file of a dataset was read.
#[derive(Debug, Clone)]
pub struct DatasetReading {
    /// The dataset's id.
    pub dataset: String,
    /// What was assumed of how it is written.
    pub assumed: Vec<Assumed>,
    /// What is worth knowing of its file.
    pub remarks: Vec<Remark>,
}

/// Checks a document and, where they are there, its data.
///
/// Not being in force is no fault: a document is checked long before everybody consented. What the home has of earlier
/// versions says what consenting would end.
///
/// # Errors
/// Every fault of the document, or else every fault of its data.
pub fn check(path: &Path, home: Option<&Home>, today: Date) -> Result<CheckedAgreement, AppError> {
    let stored = load::file(path)?;
    let agreement = &stored.document.agreement;
    let sources = Sources::beside(agreement, load::folder(path));
    let mut data = Vec::new();
    let mut faults = Vec::new();
    let mut read = Vec::new();
    for dataset in &agreement.dataset {
        let there = sources.files.get(&dataset.id).is_some_and(|f| f.is_file());
        let state = if there {
            DataState::Checked
        } else {
            DataState::Missing
        };
        data.push((dataset.id.clone(), state));
        if there {
            match check_source(dataset, &sources) {
                Ok(checked) if checked.assumed().is_empty() => {}
                Ok(checked) => read.push(DatasetReading {
                    dataset: dataset.id.clone(),
                    assumed: checked.assumed().to_vec(),
                    remarks: checked.remarks().to_vec(),
                }),
                Err(IntakeError::Data(these)) => faults.extend(these),
                Err(other) => return Err(other.into()),
            }
        }
    }
    if !faults.is_empty() {
        return Err(AppError::from(faults));
    }
    let warning = match home {
        Some(home) => succession::warning(home, agreement, today)?,
        None => succession::warning_unseen(agreement),
    };
    Ok(CheckedAgreement {
        read,
        warning,
        ..seen(stored, today, data)?
    })
}

/// Estimates what a second release would cost, of views whose data are there.
///
/// # Errors
/// What keeps the first release from being built.
pub async fn losses(
    seen: &mut CheckedAgreement,
    home: Option<&Home>,
    today: Date,
    limits: &BuildLimits,
) -> Result<(), AppError> {
    let stored = &seen.stored;
    let agreement = &stored.document.agreement;
    if seen
        .data
        .iter()
        .any(|(_, state)| *state == DataState::Missing)
    {
        return Ok(());
    }
    let sources = Sources::beside(agreement, load::folder(&stored.path));
    let checked = cube::check_all(agreement, &sources, &|_| {}).await?;
    let (mut losses, mut closed) = (Vec::new(), Vec::new());
    for view in &agreement.view {
        let mut refusals = embargo::of_document(stored, view, limits).await?;
        if let Some(home) = home {
            refusals.extend(embargo::of_others(home, stored, view, today, limits).await?);
        }
        if !refusals.is_empty() {
            closed.push((view.name.clone(), refusals));
            continue;
        }
        if cube::unsupported(agreement, view).is_empty() {
            let loss = loss::expected(agreement, view, &checked, limits).await?;
            losses.extend(loss.map(|loss| (view.name.clone(), loss)));
        }
    }
    seen.losses = losses;
    seen.closed = closed;
    Ok(())
}

/// Looks at an agreement in a home, or at a file; `home` is opened only for the former.
pub fn show(
    target: &AgreementTarget,
    home: impl FnOnce() -> Result<Home, AppError>,
    today: Date,
) -> Result<CheckedAgreement, AppError> {
    match target {
        AgreementTarget::File(path) => {
            let stored = load::file(path)?;
            let sources = Sources::beside(&stored.document.agreement, load::folder(path));
            let data = sources.files.iter();
            let data = data.map(|(id, file)| (id.clone(), state(file.is_file())));
            let data = data.collect();
            seen(stored, today, data)
        }
        AgreementTarget::Id(id) => {
            let home = home()?;
            let stored = home.newest(id)?;
            let agreement = &stored.document.agreement;
            let missing = home.missing_data(agreement);
            let data = agreement.dataset.iter();
            let data = data.map(|d| (d.id.clone(), state(!missing.contains(&d))));
            let data = data.collect();
            seen(stored, today, data)
        }
    }
}

fn state(there: bool) -> DataState {
    if there {
        DataState::WasThere
    } else {
        DataState::Missing
    }
}

fn seen(
    stored: Stored,
    today: Date,
    data: Vec<(String, DataState)>,
) -> Result<CheckedAgreement, AppError> {
    let policies = PolicySet::generate(&stored.document.agreement)?;
    let lacking = lacking(&stored, today);
    Ok(CheckedAgreement {
        stored,
        today,
        lacking,
        data,
        read: Vec::new(),
        losses: Vec::new(),
        closed: Vec::new(),
        warning: None,
        policies,
    })
}
