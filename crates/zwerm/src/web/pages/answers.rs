//! An answer or a refusal, under an address that stays: table, chart, map, receipt, and files to take along.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use zwerm_commons::role::Act;
use zwerm_commons::text::Text;
use zwerm_store::questions::{Asked, Outcome};

use super::super::Web;
use super::super::failure::Failure;
use super::super::page::Page;
use super::super::picture::Layout;
use super::super::visit::Visit;
use super::render;
use super::table::{Table, chart, map, table, view_of};
use crate::app::error::AppError;
use crate::app::inquiry::{KeptAnswer, KeptReason};
use crate::app::overview::{Overview, Version};
use crate::words::answer::csv;

#[derive(Template)]
#[template(path = "answer.html")]
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

struct Found {
    asked: Asked,
    version: Option<Version>,
}

/// The question, if whoever looks may read what came of it.
///
/// A public answer is everybody's, any other is for the parties of its agreement, and a refusal for the party that
/// asked: what was refused may name somebody.
async fn find(web: &Web, visit: &Visit, id: &str) -> Result<Found, Failure> {
    let asked = web
        .site
        .store
        .question(id)
        .await?
        .ok_or(Failure::NotFound)?;
    let overview = web.site.overview().await?;
    let version = version(&overview, &asked).cloned();
    if is_past(web, version.as_ref()) {
        return Err(Failure::NotFound);
    }
    let of_party = |party: &str| {
        let signed = visit.signed();
        signed.is_some_and(|s| s.memberships.iter().any(|m| m.party == party))
    };
    let at_table = version
        .as_ref()
        .is_some_and(|version| version.agreement().seats().any(|seat| of_party(&seat.id)));
    let may = match asked.outcome {
        Outcome::Answered => asked.public || at_table,
        Outcome::Refused => of_party(&asked.party),
    };
    if may {
        return Ok(Found { asked, version });
    }
    // whether it is there is not told either
    Err(Failure::NotFound)
}

/// Whether answers under the agreement may not be read any more.
fn is_past(web: &Web, version: Option<&Version>) -> bool {
    let Some(agreement) = version.map(Version::agreement) else {
        return false;
    };
    let months = i64::from(agreement.retention.months);
    let last = agreement.valid.until.checked_add(months.months());
    last.is_ok_and(|last| last < web.site.clock.today())
}

fn version<'o>(overview: &'o Overview, asked: &Asked) -> Option<&'o Version> {
    overview.dossier(&asked.agreement)?.version(asked.version)
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

/// Shows it.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let Found { asked, version } = find(&web, &visit, &id).await?;
    let lang = visit.lang();
    let kept = kept(&asked)?;
    let agreement = version.as_ref().map(Version::agreement);
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
        title: agreement.map_or_else(|| Text::same(&asked.agreement), |a| a.title.clone()),
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
    let agreement = version.as_ref().map(Version::agreement);
    let view = view_of(agreement, &kept);
    let (kind, bytes) = match file.as_str() {
        "answer.csv" => ("text/csv; charset=utf-8", csv(&kept.answer)?),
        "answer.parquet" => (
            "application/vnd.apache.parquet",
            zwerm_question::answer::to_parquet(&kept.answer).map_err(AppError::from)?,
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
