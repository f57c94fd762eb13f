//! Withdrawing a dataset: a steward suspends every agreement that uses it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::deliver::ProvidedDataset;
use zwerm_app::share::withdraw;

use crate::Web;
use crate::decide::lifting::Lifting;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{draft, drop_draft, go, in_form, render};
use crate::share::datasets;

#[derive(Template)]
#[template(path = "share/withdraw.html")]
struct WithdrawPage {
    page: Page,
    party: String,
    dataset: String,
    /// What is suspended with it.
    affected: Vec<(String, u32, Text)>,
    /// Who can lift what was suspended before.
    liftings: Vec<Lifting>,
    reason: String,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The form to withdraw a dataset: every agreement that uses it is suspended.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let uses = datasets::uses(&web, &visit, &party, &dataset, Act::Withdraw).await?;
    let form = format!("/data/{party}/{dataset}/withdraw");
    let fields = draft(&web, &visit, &form).await?;
    withdraw_form(&web, &visit, party, dataset, &uses, &fields, None).await
}

async fn withdraw_form(
    web: &Web,
    visit: &Visit,
    party: String,
    dataset: String,
    uses: &[ProvidedDataset],
    fields: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let affected = withdraw::affected(uses, &party).into_iter().map(|use_| {
        let agreement = use_.version.agreement();
        (
            agreement.id.clone(),
            agreement.version,
            agreement.title.clone(),
        )
    });
    let title = Text::new(
        format!("Trek `{dataset}` terug"),
        format!("Withdraw `{dataset}`"),
    );
    render(&WithdrawPage {
        page: Page::new(web, visit, &title),
        affected: affected.collect(),
        liftings: datasets::suspended(web, visit, uses).await?,
        reason: fields.get("reason").to_owned(),
        party,
        dataset,
        told,
        reasons,
    })
}

/// What the form to withdraw a dataset says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WithdrawForm {
    reason: String,
}

/// Withdraws a dataset by suspending the versions that use it.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((party, dataset)): Path<(String, String)>,
    Form { sent, fields }: Form<WithdrawForm>,
) -> Result<Response, Failure> {
    let uses = datasets::uses(&web, &visit, &party, &dataset, Act::Withdraw).await?;
    let signed = visit.require(Act::Withdraw, &party)?;
    if let Err(error) = withdraw::withdraw(&web.site, signed, &uses, &party, &sent.reason).await {
        return withdraw_form(&web, &visit, party, dataset, &uses, &fields, Some(error)).await;
    }
    drop_draft(&web, &visit, &format!("/data/{party}/{dataset}/withdraw")).await;
    Ok(go(
        &visit,
        &format!("/data/{party}/{dataset}"),
        Done::Suspended,
    ))
}
