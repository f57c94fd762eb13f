//! Other words for a goal and another order of what it shows, and the words of before for everybody.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::goals::words::{self, GoalText, NumberedItem};
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::words_before::EarlierWords;
use zwerm_app::types::store::list::ListPage;

use crate::Web;
use crate::decide::reword::{EarlierQuery, not_yours};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, keep_draft, render};

#[derive(Template)]
#[template(path = "goals/words.html")]
struct GoalWordsPage {
    page: Page,
    action: String,
    parties: Vec<(String, Text)>,
    /// What the goal shows, in its order: the fields for their places, and their names.
    items: Vec<(String, Text)>,
    fields: FormFields,
    before: ListPage<EarlierWords<GoalText>>,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

fn path(id: &str) -> String {
    format!("/goals/{id}/words")
}

/// The field for the place of what a goal shows.
fn place(item: &str) -> String {
    format!("place_{item}")
}

/// The words of a goal, as a form for who takes part in it.
pub(crate) async fn form(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<EarlierQuery>,
) -> Result<Response, Failure> {
    let mut fields = draft(&web, &visit, &path(&id)).await?;
    if !fields.has("title_nl") {
        let known = goal::find(&web.site, &id).await?.ok_or(Failure::NotFound)?;
        for (name, text) in [("title", known.title), ("about", known.about)] {
            if text.en != text.nl {
                fields.set(&format!("{name}_en"), text.en);
            }
            fields.set(&format!("{name}_nl"), text.nl);
        }
    }
    page(&web, &visit, &id, &query, fields, None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    id: &str,
    query: &EarlierQuery,
    mut fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let goal = goal::find(&web.site, id).await?.ok_or(Failure::NotFound)?;
    let parties = match visit.signed() {
        Some(signed) => words::writers(&web.site, signed, id).await?,
        None => Vec::new(),
    };
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let items = items(web, id).await?;
    let items = items.into_iter().map(|(item, name)| (place(&item), name));
    let items: Vec<(String, Text)> = items.collect();
    for (number, (field, _)) in (1..).zip(&items) {
        if !fields.has(field) {
            fields.set(field, format!("{number}"));
        }
    }
    let title = Text::new("De woorden van deze opgave", "The words of this goal");
    render(&GoalWordsPage {
        page: Page::new(web, visit, &title)
            .under("/goals", &Text::new("Opgaven", "Goals"))
            .under(format!("/goals/{id}"), &goal.title),
        action: path(id),
        items,
        before: words::earlier(&web.site, id, query.before.parse().ok().as_ref()).await?,
        parties,
        fields,
        beside,
        told,
        reasons,
    })
}

/// What a goal shows, in its order: ids and names, indicators first.
async fn items(web: &Web, id: &str) -> Result<Vec<(String, Text)>, Failure> {
    let indicators = goal::without_figures(&web.site, id).await?.into_iter();
    let mut all: Vec<(String, Text)> = indicators.map(|one| (one.id, one.title)).collect();
    let overview = web.site.overview().await?;
    let projects = overview.dossiers.iter().filter_map(|one| one.current());
    let projects = projects.filter(|version| version.agreement().goal == id);
    let mut projects: Vec<(String, Text)> = projects
        .map(|version| {
            let agreement = version.agreement();
            (agreement.id.clone(), agreement.title.clone())
        })
        .collect();
    let order = words::order(&web.site, id).await?;
    words::in_order(&mut projects, &order, |one| &one.0);
    all.extend(projects);
    Ok(all)
}

/// Puts other words in their place, and what the goal shows in another order.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    if words::writers(&web.site, signed, &id).await?.is_empty() {
        return Err(not_yours());
    }
    keep_draft(&web, &visit, &path(&id), &fields).await?;
    let pair = |name: &str| {
        Text::new(
            fields.get(&format!("{name}_nl")),
            fields.get(&format!("{name}_en")),
        )
    };
    let text = GoalText {
        title: pair("title"),
        about: pair("about"),
    };
    // one alone has no place in the form
    let items = items(&web, &id).await?.into_iter();
    let items = items.filter(|(item, _)| fields.has(&place(item)));
    let items: Vec<NumberedItem> = items
        .map(|(item, name)| NumberedItem {
            number: fields.get(&place(&item)).to_owned(),
            id: item,
            name,
        })
        .collect();
    let party = fields.get("party");
    match words::put(&web.site, signed, &id, party, &text, &items).await {
        Ok(()) => {
            drop_draft(&web, &visit, &path(&id)).await;
            Ok(go(&visit, &format!("/goals/{id}"), Done::Reworded))
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
