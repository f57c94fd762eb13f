//! An answer or a refusal, under an address that stays: table, chart, map, receipt, and files to take along.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::answers::{self, Found};
use zwerm_app::share::inquiry::{KeptAnswer, KeptReason};
use zwerm_app::types::question::answer::{Marks, to_parquet};
use zwerm_app::types::store::questions::{Asked, Outcome};
use zwerm_app::words::answer::csv;
use zwerm_picture::Layout;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::render;
use crate::share::table::{Table, chart, map, table, view_of};

#[derive(Template)]
#[template(path = "share/answer.html")]
struct Shown {
    page: Page,
    asked: Asked,
    title: Text,
    kept: Option<KeptAnswer>,
    table: Option<Table>,
    chart: Option<(String, String)>,
    map: Option<(String, String)>,
    reasons: Vec<KeptReason>,
    public: bool,
    may_ask: bool,
    /// The question as a query of the form that asks it again.
    again: String,
}

/// The question, if whoever looks may read what came of it; whether it is there is not told to others either.
async fn find(web: &Web, visit: &Visit, id: &str) -> Result<Found, Failure> {
    let found = answers::what_came_of(&web.site, visit.signed(), id).await?;
    found.ok_or(Failure::NotFound)
}

fn kept(asked: &Asked) -> Result<Option<KeptAnswer>, AppError> {
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
    let Found { asked, version } = find(&web, &visit, &id).await?;
    let lang = visit.lang();
    let kept = kept(&asked)?;
    let agreement = version.agreement();
    let view = kept.as_ref().and_then(|kept| view_of(agreement, kept));
    let places = &web.site.places;
    let both =
        |draw: &dyn Fn(Layout) -> Option<String>| draw(Layout::Narrow).zip(draw(Layout::Wide));
    let reasons = asked
        .refusals
        .as_deref()
        .map(serde_json::from_str)
        .transpose();
    let reasons = reasons.map_err(|error| AppError::Internal(error.to_string()))?;
    let title = match asked.outcome {
        Outcome::Answered => Text::new("Antwoord", "Answer"),
        Outcome::Refused => Text::new("Geweigerd", "Refused"),
    };
    let again = serde_urlencoded::to_string([("sql", asked.sql.as_str()), ("party", &asked.party)]);
    render(&Shown {
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
    let Found { asked, version } = find(&web, &visit, &id).await?;
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
            let svg = chart(&kept, view, Layout::Wide, lang).ok_or(Failure::NotFound)?;
            ("image/svg+xml", svg.into_bytes())
        }
        "map.svg" => {
            let svg = map(&kept, view, &web.site.places, Layout::Wide, lang);
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
