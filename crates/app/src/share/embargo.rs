//! Outcomes under embargo: the policies are asked before anything is made of a view, by the same decision as for a question.
//!
//! An embargo names source columns, and follows them into every view, also where one only decides which rows are in. A
//! dataset may be in several agreements; while any of them that is in force closes a column, no release is made of it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, View};
use zwerm_agreement::policy::{Action, Permit, PolicyDecision, PolicyRequest, decide};
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_home::load::Stored;
use zwerm_home::{Home, in_force, policies};
use zwerm_question::cube;
use zwerm_question::session::BuildLimits;

use crate::error::AppError;

/// The permit to have the release of a view made on a day.
///
/// # Errors
/// Every reason why there is none: the agreement's own, and embargoes of other agreements over the same data.
pub(crate) async fn permit_to_build(
    home: &Home,
    stored: &Stored,
    view: &View,
    today: Date,
    limits: &BuildLimits,
) -> Result<Permit, AppError> {
    let wanted = policies::request(stored, "", Action::Build, today);
    let permit = decided(stored, wanted, view, limits).await?.permit()?;
    let others = of_others(home, stored, view, today, limits).await?;
    if others.is_empty() {
        Ok(permit)
    } else {
        Err(others.into())
    }
}

/// Why nothing may be estimated of a view of a document, whether or not it is in force.
///
/// # Errors
/// A view whose SQL is not as agreed.
pub(crate) async fn of_document(
    stored: &Stored,
    view: &View,
    limits: &BuildLimits,
) -> Result<Vec<Refusal>, AppError> {
    let agreement = &stored.document.agreement;
    let first = agreement.valid.from;
    let wanted = PolicyRequest::new(&agreement.id, "", Action::Build, first);
    Ok(decided(stored, wanted, view, limits).await?.refusals)
}

/// What the agreement's policies decide of something about a view, which is looked at with all that it is made of.
///
/// # Errors
/// A view whose SQL is not as agreed.
pub(crate) async fn decided(
    stored: &Stored,
    mut wanted: PolicyRequest,
    view: &View,
    limits: &BuildLimits,
) -> Result<PolicyDecision, AppError> {
    let agreement = &stored.document.agreement;
    wanted.view = Some(view.name.clone());
    wanted.period = period(agreement);
    if !agreement.embargo.is_empty() {
        wanted.columns = cube::source_columns(agreement, view, limits).await?;
    }
    Ok(decide(&*policies::of(stored)?, &wanted))
}

/// The embargoes of other agreements in force on what a view is made of.
pub(crate) async fn of_others(
    home: &Home,
    stored: &Stored,
    view: &View,
    today: Date,
    limits: &BuildLimits,
) -> Result<Vec<Refusal>, AppError> {
    let own = &stored.document.agreement;
    let others = closing(home, own, today)?;
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let columns = cube::source_columns(own, view, limits).await?;
    let mut refusals = Vec::new();
    for other in &others {
        let mut wanted = policies::request(other, "", Action::Build, today);
        wanted.period = period(own);
        wanted.columns = shared(own, &other.document.agreement, &columns);
        let decision = decide(&*policies::of(other)?, &wanted);
        let closed = decision.refusals.into_iter();
        refusals.extend(closed.filter(|refusal| refusal.code == Code::Embargo));
    }
    Ok(refusals)
}

/// The other agreements in force that have an embargo and share a dataset.
fn closing(home: &Home, own: &Agreement, today: Date) -> Result<Vec<Stored>, AppError> {
    let mut found = Vec::new();
    for id in home.ids()?.into_iter().filter(|id| *id != own.id) {
        let other = home.agreement(&id, today)?;
        let agreement = &other.document.agreement;
        let shares = own.dataset.iter().any(|one| is_in(agreement, &one.id, own));
        if !agreement.embargo.is_empty() && shares && in_force(&other, today).is_ok() {
            found.push(other);
        }
    }
    Ok(found)
}

/// Whether an agreement has a dataset of this id, of the same provider as the other one says.
fn is_in(agreement: &Agreement, dataset: &str, as_in: &Agreement) -> bool {
    let of = |one: &Agreement| {
        let found = one.dataset.iter().find(|known| known.id == dataset)?;
        Some(found.provider.clone())
    };
    of(agreement).is_some() && of(agreement) == of(as_in)
}

/// The columns, as `dataset.column`, of datasets that another agreement is about too.
fn shared(own: &Agreement, other: &Agreement, columns: &BTreeSet<String>) -> BTreeSet<String> {
    let in_both = |column: &&String| {
        let dataset = column.split_once('.').map_or("", |(dataset, _)| dataset);
        is_in(other, dataset, own)
    };
    columns.iter().filter(in_both).cloned().collect()
}

/// The latest period of the data; none when any dataset names none.
fn period(agreement: &Agreement) -> Option<String> {
    let periods: Option<Vec<&String>> = agreement
        .dataset
        .iter()
        .map(|d| d.period.as_ref())
        .collect();
    periods?.into_iter().max().cloned()
}
