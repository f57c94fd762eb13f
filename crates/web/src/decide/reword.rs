//! Other words for a project or a goal, and the words of before for everybody.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::decide::projects as described;
use zwerm_app::decide::reword::{self, GoalText, ProjectText};
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::people::parties;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::words_before::WordsBefore;

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
    /// Words of before, each with who wrote others and when.
    before: Vec<(Text, jiff::Timestamp, ProjectText)>,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

#[derive(Template)]
#[template(path = "goals/words.html")]
struct GoalWordsPage {
    page: Page,
    action: String,
    parties: Vec<(String, Text)>,
    /// What the goal shows, in its order: its ids and names, indicators first.
    items: Vec<(String, Text)>,
    fields: FormFields,
    before: Vec<(Text, jiff::Timestamp, GoalText)>,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

fn project_path(id: &str) -> String {
    format!("/projects/{id}/words")
}

fn goal_path(id: &str) -> String {
    format!("/goals/{id}/words")
}

fn not_yours() -> Failure {
    Failure::Forbidden(Text::new(
        "een beslisser van wie dit schreef, verandert deze woorden",
        "a decider of whoever wrote this changes these words",
    ))
}

/// Who wrote other words, by name.
async fn named<T>(
    web: &Web,
    before: Vec<(WordsBefore, T)>,
) -> Result<Vec<(Text, jiff::Timestamp, T)>, Failure> {
    let known = parties::all(&web.site).await?;
    let named = before.into_iter().map(|(one, words)| {
        let party = known.iter().find(|party| party.id == one.party);
        let name = party.map_or_else(|| Text::same(&one.party), |party| party.name.clone());
        (name, one.at, words)
    });
    Ok(named.collect())
}

/// The words of a project, as a form for who wrote them.
pub(crate) async fn project(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let mut fields = draft(&web, &visit, &project_path(&id)).await?;
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
    project_page(&web, &visit, &id, fields, None).await
}

async fn project_page(
    web: &Web,
    visit: &Visit,
    id: &str,
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (dossier, version) = current(&overview, id)?;
    let known = described::find(&web.site, id).await?;
    let parties = match visit.signed() {
        Some(signed) => reword::writers_of_project(signed, known.as_ref(), dossier),
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
        action: project_path(id),
        about: agreement.title.clone(),
        before: named(web, reword::project_before(&web.site, id).await?).await?,
        parties,
        fields,
        beside,
        told,
        reasons,
    })
}

/// Puts other words in their place.
pub(crate) async fn put_project(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let overview = web.site.overview().await?;
    let (dossier, _) = current(&overview, &id)?;
    let known = described::find(&web.site, &id).await?;
    if reword::writers_of_project(signed, known.as_ref(), dossier).is_empty() {
        return Err(not_yours());
    }
    keep_draft(&web, &visit, &project_path(&id), &fields).await?;
    let text = |name: &str| fields.get(name).to_owned();
    let words = ProjectText {
        summary: text("summary"),
        questions: text("questions"),
        benefit: text("benefit"),
        harm: text("harm"),
        falls_out: text("falls_out"),
    };
    match reword::project(&web.site, signed, dossier, fields.get("party"), &words).await {
        Ok(()) => {
            drop_draft(&web, &visit, &project_path(&id)).await;
            Ok(go(&visit, &format!("/projects/{id}"), Done::Reworded))
        }
        Err(error) => project_page(&web, &visit, &id, fields, Some(error)).await,
    }
}

/// The words of a goal, as a form for who takes part in it.
pub(crate) async fn goal_words(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let mut fields = draft(&web, &visit, &goal_path(&id)).await?;
    if !fields.has("title_nl") {
        let known = goal::find(&web.site, &id).await?.ok_or(Failure::NotFound)?;
        for (name, text) in [("title", known.title), ("about", known.about)] {
            if text.en != text.nl {
                fields.set(&format!("{name}_en"), text.en);
            }
            fields.set(&format!("{name}_nl"), text.nl);
        }
    }
    goal_page(&web, &visit, &id, fields, None).await
}

async fn goal_page(
    web: &Web,
    visit: &Visit,
    id: &str,
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let goal = goal::find(&web.site, id).await?.ok_or(Failure::NotFound)?;
    let parties = match visit.signed() {
        Some(signed) => reword::writers_of_goal(&web.site, signed, id).await?,
        None => Vec::new(),
    };
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("De woorden van deze opgave", "The words of this goal");
    render(&GoalWordsPage {
        page: Page::new(web, visit, &title)
            .under("/goals", &Text::new("Opgaven", "Goals"))
            .under(format!("/goals/{id}"), &goal.title),
        action: goal_path(id),
        items: items(web, id).await?,
        before: named(web, reword::goal_before(&web.site, id).await?).await?,
        parties,
        fields,
        beside,
        told,
        reasons,
    })
}

/// What a goal shows, in its order.
async fn items(web: &Web, id: &str) -> Result<Vec<(String, Text)>, Failure> {
    let indicators = goal::indicators(&web.site, id).await?.into_iter();
    let mut all: Vec<(String, Text)> = indicators
        .map(|(indicator, _)| (indicator.id, indicator.title))
        .collect();
    let overview = web.site.overview().await?;
    let projects = overview.dossiers.iter().filter_map(|one| one.current());
    let projects = projects.filter(|version| version.agreement().goal == id);
    let mut projects: Vec<(String, Text)> = projects
        .map(|version| {
            let agreement = version.agreement();
            (agreement.id.clone(), agreement.title.clone())
        })
        .collect();
    let order = reword::goal_order(&web.site, id).await?;
    reword::in_order(&mut projects, &order, |one| &one.0);
    all.extend(projects);
    Ok(all)
}

/// Puts other words in their place, and what the goal shows in another order.
pub(crate) async fn put_goal(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    if reword::writers_of_goal(&web.site, signed, &id)
        .await?
        .is_empty()
    {
        return Err(not_yours());
    }
    keep_draft(&web, &visit, &goal_path(&id), &fields).await?;
    let pair = |name: &str| {
        Text::new(
            fields.get(&format!("{name}_nl")),
            fields.get(&format!("{name}_en")),
        )
    };
    let words = GoalText {
        title: pair("title"),
        about: pair("about"),
    };
    let mut order = items(&web, &id).await?;
    // numbers as people give them; of two alike the one that stood first
    order.sort_by_key(|(item, _)| {
        let place = fields.get(&format!("place_{item}")).trim().parse::<u32>();
        place.unwrap_or(u32::MAX)
    });
    let order: Vec<String> = order.into_iter().map(|(item, _)| item).collect();
    let party = fields.get("party");
    match reword::goal(&web.site, signed, &id, party, &words, &order).await {
        Ok(()) => {
            drop_draft(&web, &visit, &goal_path(&id)).await;
            Ok(go(&visit, &format!("/goals/{id}"), Done::Reworded))
        }
        Err(error) => goal_page(&web, &visit, &id, fields, Some(error)).await,
    }
}
