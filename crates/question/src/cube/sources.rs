//! What a cube is made of: every dataset checked, and the view over them.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::prelude::DataFrame;
use zwerm_agreement::agreement::{Agreement, View};
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::digest::Digest;
use zwerm_intake::{CheckedDataset, IntakeError, Sources};

use super::types::BuildStep;
use crate::{
    error::{NotBuildable, QuestionError},
    lineage,
    session::{self, BuildLimits},
    source, view,
};

/// Every source column that a view's rows depend on, as `dataset.column`: what it shows, and what
/// decides which rows are in it. What was agreed says it: no file is opened.
///
/// # Errors
/// The view's SQL that is not as agreed.
pub async fn source_columns(
    agreement: &Agreement,
    view: &View,
    limits: &BuildLimits,
) -> Result<BTreeSet<String>, QuestionError> {
    let session = session::bounded(limits)?;
    for dataset in &agreement.dataset {
        source::register_empty(dataset, &session)?;
    }
    let frame = view::plan(&session, agreement, view).await?;
    let all = lineage::touched(frame.logical_plan());
    Ok(all
        .into_iter()
        .map(|one| format!("{}.{}", one.dataset, one.column))
        .collect())
}

/// The view over checked datasets, in a session of its own.
pub(crate) async fn frame(
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
    limits: &BuildLimits,
) -> Result<DataFrame, QuestionError> {
    let session = session::bounded(limits)?;
    for dataset in checked {
        source::register(dataset, &session).await?;
    }
    view::plan(&session, agreement, view).await
}

/// Checks every dataset of the agreement, all faults at once.
///
/// # Errors
/// [`QuestionError::Data`] with the faults of all files, or that a file cannot be read.
pub async fn check_all(
    agreement: &Agreement,
    sources: &Sources,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<Vec<CheckedDataset>, QuestionError> {
    let mut all = Vec::new();
    let mut faults: Vec<Diagnostic> = Vec::new();
    for dataset in &agreement.dataset {
        progress(BuildStep::Checking(dataset.id.clone()));
        // reading a large file must not keep the clock, or Ctrl-C, from being heard
        let (own, files) = (dataset.clone(), sources.clone());
        let checked = tokio::task::spawn_blocking(move || zwerm_intake::check(&own, &files)).await;
        match checked.map_err(|e| QuestionError::Internal(e.to_string()))? {
            Ok(checked) => all.push(checked),
            Err(IntakeError::Data(found)) => faults.extend(found),
            Err(other) => return Err(other.into()),
        }
    }
    if faults.is_empty() {
        Ok(all)
    } else {
        Err(QuestionError::Data(faults))
    }
}

/// The same of files that others provided: where one is not as agreed any more, nothing is said of what is in it.
///
/// # Errors
/// [`QuestionError::NotBuildable`], or that a file cannot be read.
pub async fn check_delivered(
    agreement: &Agreement,
    sources: &Sources,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<Vec<CheckedDataset>, QuestionError> {
    let checked = check_all(agreement, sources, progress).await;
    checked.map_err(|error| match error {
        QuestionError::Data(_) => {
            let place = agreement.id.clone();
            QuestionError::NotBuildable(NotBuildable::because(place, Vec::new()))
        }
        other => other,
    })
}

/// SHA-256 of each dataset's file, by `provider/dataset`.
#[must_use]
pub fn fingerprints(checked: &[CheckedDataset]) -> BTreeMap<String, Digest> {
    let name = |c: &CheckedDataset| format!("{}/{}", c.provider, c.id);
    let pair = |c: &CheckedDataset| (name(c), c.fingerprint);
    checked.iter().map(pair).collect()
}
