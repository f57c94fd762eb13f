//! Asking the data: one form, in which one chooses or writes SQL, with what is known before anything is asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::{Agreement, View};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::{self, KeptReason, PageQuestion};
use zwerm_app::share::builder::BuilderChoice;
use zwerm_app::share::counts_as::{CountsAs, SentQuestion};
use zwerm_app::share::look::{self, QuestionPreview};
use zwerm_app::share::questions;
use zwerm_app::site::overview::Version;
use zwerm_app::site::standing::Standing;
use zwerm_app::types::store::questions::AskedQuestion;

use crate::Web;
use crate::decide::projects::current;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, forward, go, in_form, keep_draft, render};
use crate::share::ask_fields::ViewFields;

/// Questions of before that are listed.
const LISTED: u32 = 10;

#[derive(Template)]
#[template(path = "share/ask.html")]
struct AskPage {
    page: Page,
    id: String,
    title: Text,
    purpose: String,
    purpose_words: Text,
    parties: Vec<(String, Text)>,
    party: String,
    views: Vec<(String, Text)>,
    view: ViewFields,
    by_sql: bool,
    sql: String,
    /// What was chosen, as SQL, by which the next form shows what was changed.
    chosen: String,
    limits: Vec<Text>,
    in_force: bool,
    lacking: Vec<KeptReason>,
    preview: Option<QuestionPreview>,
    history: Vec<AskedQuestion>,
    /// Whether more was asked before.
    more: bool,
    beside: Beside,
}

/// Shows the form, with what was chosen or written in it before.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let mut fields = FormFields::from(query);
    let asked = ["sql", "by", "only", "figure", "view"];
    if !asked.iter().any(|name| fields.has(name)) {
        fields = draft(&web, &visit, &format!("/projects/{id}/ask")).await?;
    }
    form(&web, &visit, id, &fields, None).await
}

async fn form(
    web: &Web,
    visit: &Visit,
    id: String,
    fields: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let agreement = version.agreement();
    let parties = askers(visit, agreement)?;
    let view = view_of(agreement, fields)?;
    let sent = to_show(fields, agreement);
    let party = fields.get("party").to_owned();
    let asker = parties
        .iter()
        .find(|(id, _)| *id == party)
        .or(parties.first());
    let asker = asker.map_or("", |(id, _)| id.as_str());
    let history = questions::of_person(&web.site, &signed.person, Some(&id), None, LISTED).await?;
    let faults = wrong
        .map(|error| faults(error, sent.counts()))
        .transpose()?;
    let preview = match &faults {
        // what is wrong is said; what can be looked at all the same is looked at
        Some(_) => None,
        None => preview(web, version, view, asker, &sent).await?,
    };
    let title = Text::new("Stel een vraag aan de gegevens", "Ask the data a question");
    render(&AskPage {
        page: Page::new(web, visit, &title)
            .about_parties(agreement)
            .under(format!("/projects/{id}"), &agreement.title),
        title: agreement.title.clone(),
        purpose: agreement.purpose.clone(),
        purpose_words: purpose_words(agreement),
        views: agreement
            .view
            .iter()
            .map(|v| (v.name.clone(), label(v)))
            .collect(),
        by_sql: sent.counts() == CountsAs::Sql,
        sql: sent.sql_to_show(view),
        chosen: sent.choice.to_sql(view),
        view: ViewFields::new(agreement, view, &sent.choice, visit.lang()),
        limits: limits(version),
        in_force: version.standing == Standing::InForce,
        lacking: version
            .lacking
            .iter()
            .cloned()
            .map(ask_on_page::reason)
            .collect(),
        more: history.older.is_some(),
        history: history.rows,
        beside: faults.unwrap_or_default(),
        preview,
        party,
        parties,
        id,
    })
}

/// What is known of the question before it is asked, as far as it is one.
async fn preview(
    web: &Web,
    version: &Version,
    view: &View,
    party: &str,
    sent: &SentQuestion,
) -> Result<Option<QuestionPreview>, Failure> {
    let Ok(sql) = sent.to_sql(version.agreement(), view) else {
        return Ok(None);
    };
    match look::look(&web.site, version, party, &sql).await {
        Ok(preview) => Ok(Some(preview)),
        Err(AppError::Refused(_) | AppError::Wrong(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// The fields beside which something is said.
const FIELDS: [&str; 5] = ["by", "figure", "sql", "counts", "purpose"];

/// What is wrong, each beside the field that it is about; what is not about the form goes on.
fn faults(error: AppError, counts: CountsAs) -> Result<Beside, Failure> {
    let (told, reasons) = in_form(error)?;
    let asked = match counts {
        CountsAs::Choices => "counts",
        CountsAs::Sql => "sql",
    };
    let told = told.into_iter().map(|one| match one.place.field() {
        Some(field) if FIELDS.contains(&field) => one,
        _ => one.at(Place::Field(asked.to_owned())),
    });
    let reasons = reasons.into_iter().map(|one| {
        Diagnostic::new(FaultCode::NotApplicable, one.what, one.lifts)
            .at(Place::Field(asked.to_owned()))
    });
    Ok(Beside(told.chain(reasons).collect()))
}

/// The parties at the table that whoever looks may ask for.
fn askers(visit: &Visit, agreement: &Agreement) -> Result<Vec<(String, Text)>, Failure> {
    let seats = agreement
        .seats()
        .filter(|seat| visit.may(Act::Ask, &seat.id));
    let parties: Vec<(String, Text)> = seats
        .map(|seat| (seat.id.clone(), seat.display_name()))
        .collect();
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een onderzoeker van een partner die hier aan tafel zit, stelt deze vragen",
            "an analyst of a party at this table asks these questions",
        )));
    }
    Ok(parties)
}

/// The view that the form is about: the one that is named, else the first.
fn view_of<'a>(agreement: &'a Agreement, fields: &FormFields) -> Result<&'a View, Failure> {
    let named = agreement.find_view(fields.get("view"));
    named
        .or_else(|| agreement.view.first())
        .ok_or(Failure::NotFound)
}

fn label(view: &View) -> Text {
    view.label.clone().unwrap_or_else(|| Text::same(&view.name))
}

/// The one purpose, as the parties say it where they do.
fn purpose_words(agreement: &Agreement) -> Text {
    let mut own = agreement.condition.iter();
    let own = own.find(|condition| condition.enforced_by.as_deref() == Some("purpose"));
    own.map_or_else(
        || zwerm_app::words::purpose::purpose(&agreement.purpose),
        |own| own.text.clone(),
    )
}

/// What the agreement says of every answer, before anything is asked.
fn limits(version: &Version) -> Vec<Text> {
    zwerm_app::words::condition::main(version.agreement())
}

/// The question as it was sent.
fn sent(fields: &FormFields) -> SentQuestion {
    let shown = |name: &str| fields.has(name).then(|| fields.get(name).to_owned());
    SentQuestion {
        counts: fields.get("counts").parse().ok(),
        choice: choice(fields),
        sql: fields.get("sql").to_owned(),
        shown_sql: shown("shown_sql"),
        shown_choice: shown("shown_choice"),
    }
}

/// The question as it is shown: what an address holds in SQL is chosen where it can be, and nothing else than the number of
/// units where nothing was chosen yet.
fn to_show(fields: &FormFields, agreement: &Agreement) -> SentQuestion {
    let mut sent = sent(fields);
    if fields.has("counts") {
        return sent;
    }
    if sent.counts() == CountsAs::Sql {
        if let Some(choice) = BuilderChoice::of(&sent.sql, agreement) {
            sent = SentQuestion {
                counts: Some(CountsAs::Choices),
                choice,
                ..SentQuestion::default()
            };
        }
    } else if sent.choice.figures.is_empty() {
        sent.choice.figures = vec!["units".to_owned()];
    }
    sent
}

fn choice(fields: &FormFields) -> BuilderChoice {
    let mut only: Vec<(String, Vec<String>)> = Vec::new();
    for value in fields.all("only") {
        let Some((dimension, value)) = value.split_once('=') else {
            continue;
        };
        match only.iter_mut().find(|(known, _)| known == dimension) {
            Some((_, values)) => values.push(value.to_owned()),
            None => only.push((dimension.to_owned(), vec![value.to_owned()])),
        }
    }
    BuilderChoice {
        by: fields.all("by").map(str::to_owned).collect(),
        totals: fields.has("totals"),
        figures: fields.all("figure").map(str::to_owned).collect(),
        only,
    }
}

/// What the form of a question says besides what is asked.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AskForm {
    party: String,
    purpose: String,
    /// `keep` where it is not asked yet, `look` where it is looked at first.
    what: String,
}

/// Asks; answer or refusal has a page of its own.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form {
        sent: form_sent,
        fields,
    }: Form<AskForm>,
) -> Result<Response, Failure> {
    let signed = visit.require(Act::Ask, &form_sent.party)?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let draft = format!("/projects/{id}/ask");
    if form_sent.what == "keep" {
        keep_draft(&web, &visit, &draft, &fields).await?;
        return Ok(go(&visit, &draft, Done::Kept));
    }
    let agreement = version.agreement();
    let sql = match sent(&fields).to_sql(agreement, view_of(agreement, &fields)?) {
        Ok(sql) => sql,
        Err(error) => return form(&web, &visit, id, &fields, Some(error)).await,
    };
    if form_sent.what == "look" {
        let looked = look::look(&web.site, version, &form_sent.party, &sql).await;
        return form(&web, &visit, id, &fields, looked.err()).await;
    }
    let question = PageQuestion {
        agreement: id.clone(),
        version: agreement.version,
        party: form_sent.party,
        purpose: form_sent.purpose,
        sql,
        answers: agreement.answers,
    };
    match ask_on_page::ask_on_page(&web.site, signed, &question).await {
        Ok(asked) => {
            drop_draft(&web, &visit, &draft).await;
            Ok(forward(&visit, &format!("/answers/{asked}")))
        }
        Err(error) => form(&web, &visit, id, &fields, Some(error)).await,
    }
}
