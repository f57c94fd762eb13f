//! Proposing a project or a new version of one, by a form in six steps whose answers are written into the document, or by
//! the document itself. What was filled in is kept at every step.

mod choices;
mod desk;
mod page;
mod sent;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::Web;
use crate::decide::compose::desk::Desk;
use crate::http::failure::Failure;
use crate::http::form::SignedForm;
use crate::http::upload::WithProposal;
use crate::http::visit::Visit;

/// In which way, and where in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ComposeQuery {
    how: String,
    step: String,
}

/// The form, or the document, of a new project.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<ComposeQuery>,
) -> Result<Response, Failure> {
    Desk::of_project(&web, &visit).await?.shown(wanted).await
}

/// What was filled in of a new project.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    visit.require_person()?;
    Desk::of_project(&web, &visit).await?.sent(fields).await
}

/// A file of data for the form of a new project.
pub(crate) async fn read(
    State(web): State<Arc<Web>>,
    visit: Visit,
    sent: WithProposal,
) -> Result<Response, Failure> {
    Desk::of_project(&web, &visit).await?.read(sent).await
}

/// The form, or the document, of the next version.
pub(crate) async fn amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<ComposeQuery>,
) -> Result<Response, Failure> {
    let desk = Desk::of_version(&web, &visit, &id).await?;
    desk.shown(wanted).await
}

/// What was changed for the next version.
pub(crate) async fn put_amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let desk = Desk::of_version(&web, &visit, &id).await?;
    desk.sent(fields).await
}

/// A file of data for the form of the next version.
pub(crate) async fn read_amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    sent: WithProposal,
) -> Result<Response, Failure> {
    let desk = Desk::of_version(&web, &visit, &id).await?;
    desk.read(sent).await
}
