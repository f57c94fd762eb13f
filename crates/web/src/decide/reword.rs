//! Other words for a project, and the words of before for everybody.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::decide::projects as described;
use zwerm_app::decide::reword::{self, ProjectText};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::words_before::EarlierWords;
use zwerm_app::types::store::list::ListPage;

use crate::Web;
use crate::decide::projects::current;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, keep_draft, render};

#[derive(Template)]
#[template(path = "decide/reword.html")]
struct RewordPage {
    page: Page,
    action: String,
    about: Text,
    parties: Vec<(String, Text)>,
    fields: FormFields,
    before: ListPage<EarlierWords<ProjectText>>,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// From which earlier words on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EarlierQuery {
    pub(crate) before: String,
}

fn path(id: &str) -> String {
    format!("/projects/{id}/words")
}

/// That somebody else wrote these words.
pub(crate) fn not_yours() -> Failure {
    Failure::Forbidden(Text::new(
        "een beslisser van wie dit schreef, verandert deze woorden",
        "a decider of whoever wrote this changes these words",
    ))
}

/// The words of a project, as a form for who wrote them.
pub(crate) async fn form(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<EarlierQuery>,
) -> Result<Response, Failure> {
    let mut fields = draft(&web, &visit, &path(&id)).await?;
    if !fields.has("summary") {
        let known = described::find(&web.site, &id).await?;
        let words = known.as_ref().map(ProjectText::of).unwrap_or_default();
        for (name, text) in [
            ("summary", words.summary),
            ("questions", words.questions),
            ("benefit", words.benefit),
            ("harm", words.harm),
            ("falls_out", words.falls_out),
        ] {
            fields.set(name, text);
        }
    }
    page(&web, &visit, &id, &query, fields, None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    id: &str,
    query: &EarlierQuery,
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (dossier, version) = current(&overview, id)?;
    let known = described::find(&web.site, id).await?;
    let parties = match visit.signed() {
        Some(signed) => reword::writers(signed, known.as_ref(), dossier),
        None => Vec::new(),
    };
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("De woorden van dit project", "The words of this project");
    let agreement = version.agreement();
    render(&RewordPage {
        page: Page::new(web, visit, &title)
            .under("/projects", &Text::new("Projecten", "Projects"))
            .under(format!("/projects/{id}"), &agreement.title),
        action: path(id),
        about: agreement.title.clone(),
        before: reword::earlier(&web.site, id, query.before.parse().ok().as_ref()).await?,
        parties,
        fields,
        beside,
        told,
        reasons,
    })
}

/// Puts other words in their place.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let overview = web.site.overview().await?;
    let (dossier, _) = current(&overview, &id)?;
    let known = described::find(&web.site, &id).await?;
    if reword::writers(signed, known.as_ref(), dossier).is_empty() {
        return Err(not_yours());
    }
    keep_draft(&web, &visit, &path(&id), &fields).await?;
    let text = |name: &str| fields.get(name).to_owned();
    let words = ProjectText {
        summary: text("summary"),
        questions: text("questions"),
        benefit: text("benefit"),
        harm: text("harm"),
        falls_out: text("falls_out"),
    };
    match reword::put(&web.site, signed, dossier, fields.get("party"), &words).await {
        Ok(()) => {
            drop_draft(&web, &visit, &path(&id)).await;
            Ok(go(&visit, &format!("/projects/{id}"), Done::Reworded))
        }
        Err(error) => {
            page(
                &web,
                &visit,
                &id,
                &EarlierQuery::default(),
                fields,
                Some(error),
            )
            .await
        }
    }
}
