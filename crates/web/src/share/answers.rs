//! An answer or a refusal, under an address that stays: table, chart, map, receipt, and files to take along.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::answers::{self, ReadableQuestion};
use zwerm_app::share::ask_on_page::{KeptReason, StoredAnswer};
use zwerm_app::types::question::answer::{Marks, to_parquet};
use zwerm_app::types::store::questions::{AskedQuestion, QuestionOutcome};
use zwerm_app::words::answer::csv;
use zwerm_picture::PictureLayout;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::render;
use crate::share::table::{HtmlTable, chart, map, table, view_of};

#[derive(Template)]
#[template(path = "share/answer.html")]
struct AnswerPage {
    page: Page,
    asked: AskedQuestion,
    title: Text,
    kept: Option<StoredAnswer>,
    table: Option<HtmlTable>,
    chart: Option<(String, String)>,
    map: Option<(String, String)>,
    reasons: Vec<KeptReason>,
    public: bool,
    may_ask: bool,
    /// The question as a query of the form that asks it again.
    again: String,
}

/// The question, if whoever looks may read what came of it; whether it is there is not told to others either.
async fn find(web: &Web, visit: &Visit, id: &str) -> Result<ReadableQuestion, Failure> {
    let found = answers::what_came_of(&web.site, visit.signed(), id).await?;
    found.ok_or(Failure::NotFound)
}

fn kept(asked: &AskedQuestion) -> Result<Option<StoredAnswer>, AppError> {
    let unfit = |error: serde_json::Error| AppError::Internal(error.to_string());
    asked
        .answer
        .as_deref()
        .map(serde_json::from_str)
        .transpose()
        .map_err(unfit)
}

/// The page of an answer, or of the reasons why there is none.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let ReadableQuestion { asked, version } = find(&web, &visit, &id).await?;
    let lang = visit.lang();
    let kept = kept(&asked)?;
    let agreement = version.agreement();
    let view = kept.as_ref().and_then(|kept| view_of(agreement, kept));
    let places = (&web.site.places, web.outlines.as_ref());
    let both = |draw: &dyn Fn(PictureLayout) -> Option<String>| {
        draw(PictureLayout::Narrow).zip(draw(PictureLayout::Wide))
    };
    let reasons = asked
        .refusals
        .as_deref()
        .map(serde_json::from_str)
        .transpose();
    let reasons = reasons.map_err(|error| AppError::Internal(error.to_string()))?;
    let title = match asked.outcome {
        QuestionOutcome::Answered => Text::new("Antwoord", "Answer"),
        QuestionOutcome::Refused => Text::new("Geweigerd", "Refused"),
    };
    let again = serde_urlencoded::to_string([("sql", asked.sql.as_str()), ("party", &asked.party)]);
    render(&AnswerPage {
        page: Page::new(&web, &visit, &title),
        title: agreement.title.clone(),
        table: kept.as_ref().map(|kept| table(kept, view, lang)),
        chart: kept
            .as_ref()
            .and_then(|kept| both(&|layout| chart(kept, view, layout, lang))),
        map: kept
            .as_ref()
            .and_then(|kept| both(&|layout| map(kept, view, places, layout, lang))),
        reasons: reasons.unwrap_or_default(),
        public: asked.public,
        may_ask: visit.may(Act::Ask, &asked.party),
        again: again.unwrap_or_default(),
        kept,
        asked,
    })
}

/// The answer as a file.
pub(crate) async fn file(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, file)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let ReadableQuestion { asked, version } = find(&web, &visit, &id).await?;
    let kept = kept(&asked)?.ok_or(Failure::NotFound)?;
    let lang = visit.lang();
    let view = view_of(version.agreement(), &kept);
    let (kind, bytes) = match file.as_str() {
        "answer.csv" => ("text/csv; charset=utf-8", csv(&kept.answer)?),
        "answer.parquet" => (
            "application/vnd.apache.parquet",
            to_parquet(&kept.answer, Marks::Protected).map_err(AppError::from)?,
        ),
        "chart.svg" => {
            let svg = chart(&kept, view, PictureLayout::Wide, lang).ok_or(Failure::NotFound)?;
            ("image/svg+xml", svg.into_bytes())
        }
        "map.svg" => {
            let places = (&web.site.places, web.outlines.as_ref());
            let svg = map(&kept, view, places, PictureLayout::Wide, lang);
            ("image/svg+xml", svg.ok_or(Failure::NotFound)?.into_bytes())
        }
        "receipt.json" => {
            let receipt = asked.receipt.clone().ok_or(Failure::NotFound)?;
            ("application/json", receipt.into_bytes())
        }
        _ => return Err(Failure::NotFound),
    };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}
