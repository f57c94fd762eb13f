//! What would become possible if something were changed in an agreement: tried out on the questions that were refused.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend::{self, EasyChanges};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::what_if::{self, ReadableOutcome, TryOutcome};

use crate::Web;
use crate::decide::projects::current;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, PostedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{in_form, render};

#[derive(Template)]
#[template(path = "share/what_if.html")]
struct WhatIfPage {
    page: Page,
    id: String,
    title: Text,
    easy: EasyChanges,
    parties: Vec<(String, Text, bool)>,
    document: String,
    outcomes: Option<TriedOutcomes>,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// What came of trying a change out, as whoever looks may read it.
struct TriedOutcomes {
    outcomes: Vec<ReadableOutcome>,
    /// How many questions were tried, and how many there are, when these are more.
    newest: Option<(u64, u64)>,
}

/// The form: the agreement as it is, to change something in.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let fields = FormFields::from(amend::fields(version.agreement()));
    form(&web, &visit, id, &fields, None, None).await
}

async fn form(
    web: &Web,
    visit: &Visit,
    id: String,
    fields: &FormFields,
    outcomes: Option<TriedOutcomes>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let agreement = version.agreement();
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let easy = EasyChanges::from_fields(|name| fields.get(name).to_owned(), fields.all("ask"));
    let seats = agreement.seats().map(|seat| {
        (
            seat.id.clone(),
            seat.display_name(),
            easy.may_ask.contains(&seat.id),
        )
    });
    let title = Text::new(
        "Wat als wij iets veranderen?",
        "What if we change something?",
    );
    render(&WhatIfPage {
        page: Page::new(web, visit, &title).about(agreement),
        title: agreement.title.clone(),
        parties: seats.collect(),
        document: fields.get("document").to_owned(),
        easy,
        id,
        outcomes,
        told,
        reasons,
    })
}

/// Tries a change out on the questions that were refused; nothing is asked and nothing is changed.
pub(crate) async fn try_out(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    PostedForm(fields): PostedForm,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let easy = EasyChanges::from_fields(|name| fields.get(name).to_owned(), fields.all("ask"));
    let document = match fields.text("document") {
        Some(document) => Ok(document.to_owned()),
        None => amend::amended(version, &easy, version.agreement().version),
    };
    // of a visitor only the address is known
    let visitor = Some(visit.address()).filter(|_| visit.person().is_none());
    let tried = match document {
        Ok(document) => what_if::try_out(&web.site, &id, document, visitor).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(TryOutcome::Tried(tried)) => {
            let (newest, all) = (tried.tried(), tried.all);
            let outcomes = TriedOutcomes {
                outcomes: tried.seen_by(&visit.parties_of_any_role(), version.agreement()),
                newest: (newest < all).then_some((newest, all)),
            };
            form(&web, &visit, id, &fields, Some(outcomes), None).await
        }
        Ok(TryOutcome::TooMany) => Err(Failure::TooMany),
        Err(error) => form(&web, &visit, id, &fields, None, Some(error)).await,
    }
}
