//! An answer or a refusal, under an address that stays: what its readers see, and what its parties say beside it.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::role::Act;
use zwerm_app::error::AppError;
use zwerm_app::share::answers::{self, ReadableQuestion};
use zwerm_app::share::ask_on_page::reason;
use zwerm_app::share::{answer_notes, titles};

use crate::Web;
use crate::decide::lifting::liftings;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::Form;
use crate::http::visit::Visit;
use crate::marks::PartyMark;
use crate::page::Page;
use crate::render::{Beside, go, render};
use crate::share::answer_page::{self, ClosedPage};

/// How a reader wants to see an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerQuery {
    /// In the order of which column its rows are.
    pub(crate) sort: String,
    /// Which of its figures is drawn, from 1.
    pub(crate) figure: String,
}

/// The question, if whoever looks may read what came of it; whether it is there is not told to others either.
pub(crate) async fn find(web: &Web, visit: &Visit, id: &str) -> Result<ReadableQuestion, Failure> {
    let found = answers::what_came_of(&web.site, visit.signed(), id).await?;
    found.ok_or(Failure::NotFound)
}

/// The page of an answer, or of the reasons why there is none.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<AnswerQuery>,
) -> Result<Response, Failure> {
    let found = answers::what_came_of(&web.site, visit.signed(), &id).await;
    let readable = match found {
        Ok(found) => found.ok_or(Failure::NotFound)?,
        Err(AppError::Refused(refusals)) => return closed(&web, &visit, &id, refusals).await,
        Err(other) => return Err(other.into()),
    };
    let page = answer_page::of(&web, &visit, readable, &query, Beside::default()).await?;
    render(&page)
}

/// The page of an answer that cannot be read as long as its agreement is as it is: what was asked, and why it is closed.
async fn closed(
    web: &Web,
    visit: &Visit,
    id: &str,
    refusals: Vec<Refusal>,
) -> Result<Response, Failure> {
    let found = answers::closed(&web.site, id, refusals).await?;
    let closed = found.ok_or(Failure::NotFound)?;
    let agreement = closed.version.agreement();
    let overview = web.site.overview().await?;
    let project = format!("/projects/{}", closed.asked.agreement);
    render(&ClosedPage {
        page: Page::new(web, visit, &closed.asked.title()).under(project, &agreement.title),
        project: agreement.title.clone(),
        party: PartyMark::of(agreement, &closed.asked.party),
        standing: closed.version.standing,
        liftings: liftings(visit, &overview, &closed.version),
        reasons: closed.refusals.into_iter().map(reason).collect(),
        events: closed
            .version
            .stored
            .counting
            .events
            .iter()
            .rev()
            .take(1)
            .cloned()
            .collect(),
        asked: closed.asked,
    })
}

/// A new title, or the one that is made from the question.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TitleForm {
    title: String,
    /// `back` where the title is taken back.
    what: String,
}

/// Calls an answer something else, or takes that back.
pub(crate) async fn put_title(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form { sent, .. }: Form<TitleForm>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let readable = find(&web, &visit, &id).await?;
    let asked = &readable.asked;
    let asker = visit.require(Act::Ask, &asked.party);
    let done = if sent.what == "back" {
        let signed = asker.or_else(|_| visit.require_running())?;
        titles::take_back(&web.site, signed, asked).await
    } else {
        titles::call(&web.site, asker?, asked, &sent.title).await
    };
    answered(&web, &visit, readable, done, Done::Titled).await
}

/// What a party says beside an answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NoteForm {
    party: String,
    words: String,
}

/// Says something beside an answer, or takes that back.
pub(crate) async fn put_note(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form { sent, .. }: Form<NoteForm>,
) -> Result<Response, Failure> {
    let NoteForm { party, words } = sent;
    let signed = visit.require(Act::AnswerInWords, &party)?;
    let readable = find(&web, &visit, &id).await?;
    let done = answer_notes::say(&web.site, signed, &readable, &party, &words).await;
    answered(&web, &visit, readable, done, Done::Noted).await
}

/// Back to the answer, or its page with what is wrong.
async fn answered(
    web: &Web,
    visit: &Visit,
    readable: ReadableQuestion,
    done: Result<(), AppError>,
    told: Done,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(go(visit, &format!("/answers/{}", readable.asked.id), told)),
        Err(AppError::Wrong(wrong)) => {
            if wrong.0.iter().any(|one| one.place.field().is_none()) {
                return Err(AppError::Wrong(wrong).into());
            }
            let query = AnswerQuery::default();
            render(&answer_page::of(web, visit, readable, &query, Beside(wrong.0)).await?)
        }
        Err(other) => Err(other.into()),
    }
}
