//! The pages, a file each: extract, call one use case, render.

pub(super) mod about;
pub(super) mod account;
pub(super) mod answers;
pub(super) mod ask;
pub(super) mod barriers;
pub(super) mod consent;
pub(super) mod data;
mod document;
pub(super) mod goals;
pub(super) mod home;
pub(super) mod indicators;
pub(super) mod ledger;
pub(super) mod machine;
pub(super) mod new_project;
pub(super) mod people;
pub(super) mod projects;
pub(super) mod propose;
pub(super) mod questions;
pub(super) mod sign_in;
mod table;
pub(super) mod tasks;
pub(super) mod word_questions;

use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use zwerm_agreement::text::Text;

use super::Web;
use super::failure::{Failure, Unsent};
use super::page::Page;
use super::post::Fields;
use super::visit::Visit;
use crate::app::error::AppError;
use crate::app::form::Wrong;
use crate::app::inquiry::{KeptReason, reason};
use crate::app::site::DemoPerson;
use crate::app::standing::Standing;
use crate::words::fault::Told;

/// A page as an answer.
fn render(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render();
    let html = html.map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(Html(html).into_response())
}

/// To another page, in the visitor's language; `done` is told there.
fn go(visit: &Visit, path: &str, done: &str) -> Response {
    let address = if done.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?done={done}")
    };
    Redirect::to(&visit.link(&address)).into_response()
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed {
    page: Page,
    told: Vec<Told>,
    reasons: Vec<KeptReason>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    page: Page,
    wrong: Option<Text>,
    back: String,
    unsent: Option<Unsent>,
    login: String,
    people: Vec<DemoPerson>,
}

/// The page that says why something was not done, in the visitor's language.
pub(super) fn failed(web: &Web, visit: &Visit, failure: &Failure) -> Response {
    let page = Page::new(web, visit, &failure.title());
    let rendered = match failure {
        Failure::SignIn(unsent) => SignIn {
            wrong: None,
            back: visit.path_and_query(),
            unsent: unsent.clone(),
            login: String::new(),
            people: web.site.demo_people().to_vec(),
            page,
        }
        .render(),
        _ => Failed {
            told: failure.told(),
            reasons: reasons(failure),
            page,
        }
        .render(),
    };
    // a page that cannot be made must not hide what went wrong
    let html = rendered.unwrap_or_else(|_| failure.title().get(visit.lang()).to_owned());
    Html(html).into_response()
}

fn reasons(failure: &Failure) -> Vec<KeptReason> {
    match failure {
        Failure::App(AppError::Refused(refusals)) => refusals.iter().cloned().map(reason).collect(),
        _ => Vec::new(),
    }
}

/// What is wrong with a form, to be shown above it with all that was filled in; what is not about the form goes on.
fn in_form(error: AppError) -> Result<(Vec<Told>, Vec<KeptReason>), Failure> {
    let about_form = matches!(
        error,
        AppError::Refused(_)
            | AppError::Usage { .. }
            | AppError::Form(_)
            | AppError::Faults(_)
            | AppError::Data(_)
    );
    let failure = Failure::App(error);
    if about_form {
        Ok((failure.told(), reasons(&failure)))
    } else {
        Err(failure)
    }
}

/// The class of a badge that says how an agreement stands.
fn badge(standing: Standing) -> &'static str {
    match standing {
        Standing::InForce => "utrecht-badge-status--ok",
        Standing::Suspended | Standing::Objected => "utrecht-badge-status--stop",
        Standing::AwaitsConsent | Standing::NotYetValid => "utrecht-badge-status--warning",
        Standing::Ended | Standing::Expired => "",
    }
}

/// What is wrong with one field of a form, to be told beside it.
#[derive(Default)]
struct Beside(Vec<Wrong>);

impl Beside {
    fn of(wrong: Option<&AppError>) -> Self {
        match wrong {
            Some(AppError::Form(wrong)) => Self(wrong.clone()),
            _ => Self::default(),
        }
    }

    /// What is wrong with this field.
    fn at(&self, field: &str) -> Vec<&Wrong> {
        self.0.iter().filter(|one| one.field == field).collect()
    }

    /// What the field itself says of it, to those who do not see the page.
    fn marks(&self, field: &str) -> String {
        if self.at(field).is_empty() {
            String::new()
        } else {
            format!(" aria-invalid=true aria-describedby={field}-wrong")
        }
    }
}

/// What somebody kept of a form, or nothing.
async fn draft(web: &Web, visit: &Visit, form: &str) -> Result<Fields, Failure> {
    let Some(person) = visit.person() else {
        return Ok(Fields::default());
    };
    let found = web.site.store.draft(&person.id, form).await?;
    Ok(found.map_or_else(Fields::default, |draft| Fields::from_json(&draft.json)))
}

/// Keeps a form as far as it was filled in.
async fn keep_draft(web: &Web, visit: &Visit, form: &str, fields: &Fields) -> Result<(), Failure> {
    if let Some(person) = visit.person() {
        let now = web.site.clock.now();
        let json = fields.to_json();
        let store = &web.site.store;
        store.put_draft(&person.id, form, &json, now).await?;
    }
    Ok(())
}

/// Forgets a form that was sent: what it was for is done, so that a draft that stays is no failure.
async fn drop_draft(web: &Web, visit: &Visit, form: &str) -> Result<(), Failure> {
    let Some(person) = visit.person() else {
        return Ok(());
    };
    let store = &web.site.store;
    // looking costs nothing, a change waits for the disk
    let dropped = match store.draft(&person.id, form).await {
        Ok(Some(_)) => store.drop_draft(&person.id, form).await.map(|_| ()),
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = dropped {
        tracing::warn!(%error, "a draft could not be forgotten");
    }
    Ok(())
}
