//! Bringing a dataset into a home: looked through, compared with the delivery before, and put where questions find it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zwerm_agreement::agreement::Dataset;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_home::Home;
use zwerm_home::deliveries::{DeliveredBy, Delivery};
use zwerm_home::error::HomeError;
use zwerm_home::load;
use zwerm_intake::{CheckedDataset, Remark, Sources, Suspicion};
use zwerm_question::delivery::{DeliveryFindings, findings};
use zwerm_question::error::QuestionError;
use zwerm_question::session::BuildLimits;

use crate::error::AppError;
use crate::people::accounts::SignedIn;
use crate::share::own::apart;
use crate::share::own::check::{self, FileReport};
use crate::site::overview::{Overview, Version};
use crate::site::queue::{WorkPlace, WorkQueue};
use crate::site::{Site, blocking};

/// Deliveries that are read at once, of which each may take 1 GiB; with those that wait for that.
static READING: WorkQueue = WorkQueue::new("deliveries", 2, 8);

/// A dataset that a party provides under a version of an agreement.
#[derive(Debug, Clone)]
pub struct ProvidedDataset {
    /// The version of an agreement that uses the dataset.
    pub version: Version,
    /// The dataset as that version describes it.
    pub dataset: Dataset,
}

/// The datasets of a party by id, each with the versions that use it, newest first.
pub fn provided(overview: &Overview, party: &str) -> BTreeMap<String, Vec<ProvidedDataset>> {
    let mut all: BTreeMap<String, Vec<ProvidedDataset>> = BTreeMap::new();
    for version in overview.all() {
        let datasets = version.agreement().dataset.iter();
        for dataset in datasets.filter(|dataset| dataset.provider == party) {
            let provided = ProvidedDataset {
                version: version.clone(),
                dataset: dataset.clone(),
            };
            let uses = all.entry(dataset.id.clone()).or_default();
            uses.insert(0, provided);
        }
    }
    all
}

/// What was found in a delivery.
#[derive(Debug)]
pub struct DeliveryCheck {
    /// What is in the file.
    pub report: FileReport,
    /// What a question would trip over, and what would look odd.
    pub findings: DeliveryFindings,
    /// How it differs from the delivery before; nothing when there was none.
    pub differences: Vec<Text>,
}

impl DeliveryCheck {
    /// What keeps the file from being delivered: what is in it that may not be, and what a question would trip over.
    pub fn faults(&self) -> Vec<Diagnostic> {
        let remarks = self.report.survey.remarks.iter();
        let mut faults: Vec<Diagnostic> = remarks.filter_map(Remark::fault).collect();
        faults.extend(self.findings.faults.iter().cloned());
        faults
    }
}

/// Looks a delivery through that somebody sent. A few are read at once: each may take a processor and a lot of memory,
/// also when whoever sent it does not wait.
///
/// # Errors
/// When too many are read at once, and what is wrong with the file.
pub async fn look(
    site: &Site,
    version: &Version,
    dataset: &Dataset,
    file: &Path,
) -> Result<DeliveryCheck, AppError> {
    let _place = place_to_read().await?;
    let (own, path) = (dataset.clone(), file.to_owned());
    let (report, differences, checked) = site
        .with_home(move |home| looked(home, &own, &path))
        .await?;
    let findings = findings(version.agreement(), &checked, &limits()).await?;
    Ok(DeliveryCheck {
        report,
        findings,
        differences,
    })
}

/// A place at reading files that people send: a few are read at once.
///
/// # Errors
/// When too many are read at once.
pub(crate) async fn place_to_read() -> Result<WorkPlace<'static>, AppError> {
    let busy = || {
        Text::new(
            "er worden al leveringen gelezen; probeer het over een paar minuten opnieuw",
            "other deliveries are being read; try again in a few minutes",
        )
    };
    READING.place(busy).await
}

/// Looks a delivery through and takes it.
///
/// # Errors
/// Those of [`look`], what keeps questions from being answered, and data of before that must stay.
pub async fn deliver(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    dataset: &Dataset,
    file: PathBuf,
) -> Result<(), AppError> {
    let looked = look(site, version, dataset, &file).await?;
    let faults = looked.faults();
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let who = DeliveredBy {
        login: Some(signed.person.login.clone()),
        at: site.clock.now(),
        rows: Some(looked.report.survey.rows),
    };
    let dataset = dataset.clone();
    site.with_home(move |home| Ok(home.take_data(&dataset, &file, &who)?))
        .await
}

/// The deliveries of a dataset for its period, the newest first.
///
/// # Errors
/// When the home cannot be read.
pub async fn delivered(site: &Site, dataset: &Dataset) -> Result<Vec<Delivery>, AppError> {
    let home = Arc::clone(&site.home);
    let dataset = dataset.clone();
    blocking(move || {
        let mut all = home.delivered(&dataset)?;
        all.reverse();
        Ok(all)
    })
    .await
}

/// What keeps questions from being answered from the data beside a document, for whoever brings them at the command line.
///
/// # Errors
/// All of it, and what is wrong with the document or a file.
pub async fn require_fit(document: &Path, limits: &BuildLimits) -> Result<(), AppError> {
    let stored = load::file(document)?;
    let agreement = &stored.document.agreement;
    let mut faults = Vec::new();
    for dataset in &agreement.dataset {
        let file = load::folder(document).join(&dataset.source);
        // what is wrong with a file or a view by itself is reported by whoever adds, all of it at once
        let Ok(checked) = checked(dataset, &file) else {
            continue;
        };
        match findings(agreement, &checked, limits).await {
            Ok(found) => {
                faults.extend(found.faults);
                faults.extend(service_numbers(dataset, file)?);
            }
            Err(QuestionError::Data(_) | QuestionError::Refused(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(faults.into()),
    }
}

/// The columns of a file that have citizen service numbers, as faults.
fn service_numbers(dataset: &Dataset, file: PathBuf) -> Result<Vec<Diagnostic>, AppError> {
    let survey = survey(dataset, file)?.survey;
    let columns = survey.columns.iter();
    let suspected = columns.filter(|column| column.looks_like == Some(Suspicion::Bsn));
    let ends: Vec<String> = suspected.map(|c| format!(":`{}`", c.name)).collect();
    let remarks = survey.remarks.iter().filter(|remark| remark.personal);
    let of_these = remarks.filter(|remark| ends.iter().any(|end| remark.place.ends_with(end)));
    Ok(of_these.filter_map(Remark::fault).collect())
}

fn checked(dataset: &Dataset, file: &Path) -> Result<CheckedDataset, AppError> {
    let sources = Sources {
        files: BTreeMap::from([(dataset.id.clone(), file.to_owned())]),
    };
    Ok(zwerm_intake::check(dataset, &sources).map_err(HomeError::from)?)
}

/// Memory for looking a delivery through; past that it goes by disk.
const MEMORY: usize = 256 << 20;

fn limits() -> BuildLimits {
    BuildLimits {
        memory: MEMORY,
        ..BuildLimits::default()
    }
}

/// The file by itself, beside the data that the home has of the same dataset for another period.
fn looked(
    home: &Home,
    dataset: &Dataset,
    file: &Path,
) -> Result<(FileReport, Vec<Text>, CheckedDataset), AppError> {
    apart::fits(file, apart::Most::default())?;
    let checked = checked(dataset, file)?;
    let report = survey(dataset, file.to_owned())?;
    let before = home.other_periods(dataset)?;
    let differences = match before.last() {
        Some(before) => differences(&survey(dataset, before.clone())?, &report),
        None => Vec::new(),
    };
    Ok((report, differences, checked))
}

fn survey(dataset: &Dataset, file: PathBuf) -> Result<FileReport, AppError> {
    check::check(&check::CheckRequest {
        file,
        options: dataset.format.clone().unwrap_or_default(),
        key: None,
        lists: Vec::new(),
    })
}

/// What differs between two deliveries, in words; no value of a unit is among them.
fn differences(before: &FileReport, after: &FileReport) -> Vec<Text> {
    let (old, new) = (&before.survey, &after.survey);
    let mut all = Vec::new();
    if old.rows != new.rows {
        all.push(Text::new(
            format!("{} rijen, eerst {}", new.rows, old.rows),
            format!("{} rows, before {}", new.rows, old.rows),
        ));
    }
    for column in &old.columns {
        if !new.columns.iter().any(|known| known.name == column.name) {
            all.push(Text::new(
                format!("kolom `{}` is weg", column.name),
                format!("column `{}` is gone", column.name),
            ));
        }
    }
    for column in &new.columns {
        let Some(known) = old.columns.iter().find(|known| known.name == column.name) else {
            all.push(Text::new(
                format!("kolom `{}` is nieuw", column.name),
                format!("column `{}` is new", column.name),
            ));
            continue;
        };
        if known.missing != column.missing {
            all.push(Text::new(
                format!(
                    "kolom `{}`: {} lege, eerst {}",
                    column.name, column.missing, known.missing
                ),
                format!(
                    "column `{}`: {} empty, before {}",
                    column.name, column.missing, known.missing
                ),
            ));
        }
    }
    all
}
