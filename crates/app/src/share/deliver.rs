//! Bringing a dataset into a home: looked through, compared with the delivery before, and put where questions find it.

use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use zwerm_agreement::agreement::Dataset;
use zwerm_agreement::text::Text;
use zwerm_home::Home;

use crate::error::AppError;
use crate::share::own::apart;
use crate::share::own::check::{self, FileReport};
use crate::site::Site;
use crate::site::overview::{Overview, Version};
use crate::site::queue::WorkQueue;

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
pub fn provided(overview: &Overview, party: &str) -> Vec<(String, Vec<ProvidedDataset>)> {
    let mut all: Vec<(String, Vec<ProvidedDataset>)> = Vec::new();
    for version in overview.all() {
        let datasets = version.agreement().dataset.iter();
        for dataset in datasets.filter(|dataset| dataset.provider == party) {
            let provided = ProvidedDataset {
                version: version.clone(),
                dataset: dataset.clone(),
            };
            match all.iter_mut().find(|(id, _)| *id == dataset.id) {
                Some((_, uses)) => uses.insert(0, provided),
                None => all.push((dataset.id.clone(), vec![provided])),
            }
        }
    }
    all
}

/// What was found in a delivery.
#[derive(Debug)]
pub struct DeliveryCheck {
    /// What is in the file.
    pub report: FileReport,
    /// How it differs from the delivery before; nothing when there was none.
    pub differences: Vec<Text>,
}

/// Looks a delivery through that somebody sent, and takes it when that is what was asked. A few are read at once: each
/// may take a processor and a lot of memory, also when whoever sent it does not wait.
///
/// # Errors
/// When too many are read at once, and all that is wrong with the delivery.
pub async fn receive(
    site: &Site,
    dataset: &Dataset,
    file: NamedTempFile,
    take: bool,
) -> Result<DeliveryCheck, AppError> {
    let busy = || {
        Text::new(
            "er worden al leveringen gelezen; probeer het over een paar minuten opnieuw",
            "other deliveries are being read; try again in a few minutes",
        )
    };
    let place = READING.place(busy).await?;
    let dataset = dataset.clone();
    site.with_home(move |home| {
        let _place = place;
        let looked = look(home, &dataset, file.path())?;
        if take {
            deliver(home, &dataset, file.path())?;
        }
        Ok(looked)
    })
    .await
}

/// Looks a delivery through that somebody sent, beside the data that the home has of the same dataset for another period.
pub fn look(home: &Home, dataset: &Dataset, file: &Path) -> Result<DeliveryCheck, AppError> {
    apart::fits(file, apart::Most::default())?;
    Home::fits(dataset, file)?;
    let report = survey(dataset, file.to_owned())?;
    let before = home.other_periods(dataset)?;
    let differences = match before.last() {
        Some(before) => differences(&survey(dataset, before.clone())?, &report),
        None => Vec::new(),
    };
    Ok(DeliveryCheck {
        report,
        differences,
    })
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

/// Checks a delivery against the agreement and puts it into the home; all of it or nothing.
pub fn deliver(home: &Home, dataset: &Dataset, file: &Path) -> Result<(), AppError> {
    Ok(home.take_data(dataset, file)?)
}
