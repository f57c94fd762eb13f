//! An answer to take along: as a table for programs, a table for spreadsheets, a picture, and the receipt.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use zwerm_app::error::AppError;
use zwerm_app::share::answers::ReadableQuestion;
use zwerm_app::share::ask_on_page::kept_answer;
use zwerm_app::types::question::answer::{Marks, to_parquet};
use zwerm_app::words::answer::csv;
use zwerm_app::words::{sheet, workbook};
use zwerm_picture::PictureLayout;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::share::answers::{AnswerQuery, find};
use crate::share::chart::chart;
use crate::share::map::map;
use crate::share::table::{PlaceNames, view_of};

/// The answer as a file.
pub(crate) async fn file(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, file)): Path<(String, String)>,
    Query(query): Query<AnswerQuery>,
) -> Result<Response, Failure> {
    let ReadableQuestion { asked, version } = find(&web, &visit, &id).await?;
    let kept = kept_answer(&asked)?.ok_or(Failure::NotFound)?;
    let lang = visit.lang();
    let view = view_of(version.agreement(), &kept);
    let which: usize = query.figure.parse().unwrap_or(1);
    let which = which.checked_sub(1).ok_or(Failure::NotFound)?;
    let wide = PictureLayout::Wide;
    let (kind, bytes) = match file.as_str() {
        "answer.csv" => ("text/csv; charset=utf-8", csv(&kept.answer)?),
        "sheet.csv" => {
            let sheet = sheet::sheet(&kept.answer, view, lang);
            ("text/csv; charset=utf-8", sheet::csv(&sheet)?)
        }
        "answer.xlsx" => {
            let sheet = sheet::sheet(&kept.answer, view, lang);
            (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                workbook::xlsx(&sheet)?,
            )
        }
        "answer.parquet" => (
            "application/vnd.apache.parquet",
            to_parquet(&kept.answer, Marks::Protected).map_err(AppError::from)?,
        ),
        "chart.svg" => {
            let names: PlaceNames<'_> =
                &|code| web.maps.name(&web.site.places, code).map(str::to_owned);
            let svg = chart(&kept, view, which, names, wide, lang).ok_or(Failure::NotFound)?;
            ("image/svg+xml", svg.into_bytes())
        }
        "map.svg" => {
            let places = (&web.site.places, &web.maps);
            let svg = map(&kept, view, which, places, wide, lang).ok_or(Failure::NotFound)?;
            ("image/svg+xml", svg.into_bytes())
        }
        "receipt.json" => {
            let receipt = asked.receipt.clone().ok_or(Failure::NotFound)?;
            ("application/json", receipt.into_bytes())
        }
        _ => return Err(Failure::NotFound),
    };
    let title = sheet::file_name(asked.title().get(lang));
    let day = web.site.clock.day_of(asked.at);
    // the same question gives several files: what they are is told by the last part of the name
    let file = file.strip_prefix("answer").unwrap_or(&file);
    let dash = if file.starts_with('.') { "" } else { "-" };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{title}-{day}{dash}{file}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}
