//! Asking the data: a builder and SQL side by side, with the limits before anything is asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::{self, Agreement, View};
use zwerm_agreement::condition;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::{self, KeptReason, PageQuestion};
use zwerm_app::share::builder::BuilderChoice;
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
use crate::render::{draft, drop_draft, forward, go, in_form, keep_draft, render};

/// Questions of before that are listed.
const LISTED: u32 = 10;

#[derive(Template)]
#[template(path = "share/ask.html")]
struct AskPage {
    page: Page,
    id: String,
    purpose: String,
    parties: Vec<(String, Text)>,
    party: String,
    views: Vec<(String, Text)>,
    view: Option<ViewBuilder>,
    sql: String,
    limits: Vec<Text>,
    in_force: bool,
    lacking: Vec<KeptReason>,
    history: Vec<AskedQuestion>,
    /// Whether more was asked before.
    more: bool,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The builder of one view.
struct ViewBuilder {
    name: String,
    unit: String,
    dimensions: Vec<DimensionField>,
    measures: Vec<MeasureField>,
    units: bool,
    totals: bool,
}

struct DimensionField {
    name: String,
    label: String,
    chosen: bool,
    values: Vec<(String, String, bool)>,
}

struct MeasureField {
    name: String,
    label: String,
    quantity: String,
    sum: bool,
    avg: bool,
}

/// Shows the form; what was chosen in the builder becomes SQL.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let mut fields = FormFields::from(query);
    if !fields.has("sql") && !fields.has("build") {
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
    let view = agreement
        .find_view(fields.get("view"))
        .or_else(|| agreement.view.first());
    let choice = choice(fields);
    let history = questions::of_person(&web.site, &signed.person, Some(&id), None, LISTED).await?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Stel een vraag aan de gegevens", "Ask the data a question");
    render(&AskPage {
        page: Page::new(web, visit, &title),
        purpose: agreement.purpose.clone(),
        views: views(agreement),
        sql: sql(fields, view, &choice),
        view: view.map(|view| built(view, &choice, visit.lang())),
        limits: limits(version),
        in_force: version.standing == Standing::InForce,
        lacking: version
            .lacking
            .iter()
            .cloned()
            .map(zwerm_app::share::ask_on_page::reason)
            .collect(),
        more: history.older.is_some(),
        history: history.rows,
        party: fields.get("party").to_owned(),
        parties,
        id,
        told,
        reasons,
    })
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

fn views(agreement: &Agreement) -> Vec<(String, Text)> {
    let views = agreement.view.iter();
    views.map(|v| (v.name.clone(), label(v))).collect()
}

/// The question in SQL: what was chosen in the builder, or what was written.
fn sql(fields: &FormFields, view: Option<&View>, choice: &BuilderChoice) -> String {
    match view {
        Some(view) if fields.has("build") || !fields.has("sql") => choice.to_sql(view),
        _ => fields.get("sql").to_owned(),
    }
}

fn label(view: &View) -> Text {
    view.label.clone().unwrap_or_else(|| Text::same(&view.name))
}

/// What the agreement says of every answer, before anything is asked.
fn limits(version: &Version) -> Vec<Text> {
    let wanted = [
        "protection.minimum_units",
        "protection.round_to",
        "protection.max_dimensions",
        "protection.dominance",
        "protection.p_percent",
    ];
    let agreement = version.agreement();
    let all = condition::enforced(agreement).into_iter();
    let shown = all.filter(|condition| wanted.contains(&condition.path.as_str()));
    // the parties' own words where they have them
    let own = |path: &str| {
        let mut own = agreement.condition.iter();
        own.find(|condition| condition.enforced_by.as_deref() == Some(path))
            .map(|condition| condition.text.clone())
    };
    shown
        .map(|condition| own(&condition.path).unwrap_or(condition.words))
        .collect()
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

fn built(view: &View, choice: &BuilderChoice, lang: Lang) -> ViewBuilder {
    let dimensions = view.dimension.iter();
    let dimensions = dimensions.map(|one| DimensionField::of(one, choice, lang));
    let has = |kind: &str, name: &str| choice.figures.contains(&format!("{kind}:{name}"));
    let measures = view.measure.iter().map(|measure| MeasureField {
        label: in_words(measure.label.as_ref(), &measure.name, lang),
        quantity: measure.quantity.clone(),
        sum: has("sum", &measure.name),
        avg: has("avg", &measure.name),
        name: measure.name.clone(),
    });
    ViewBuilder {
        name: view.name.clone(),
        unit: view.unit.clone(),
        dimensions: dimensions.collect(),
        measures: measures.collect(),
        units: choice.figures.is_empty() || choice.figures.iter().any(|f| f == "units"),
        totals: choice.totals,
    }
}

impl DimensionField {
    /// A dimension of the view, with what is chosen of it.
    fn of(one: &agreement::Dimension, choice: &BuilderChoice, lang: Lang) -> Self {
        let only = choice.only.iter().find(|(known, _)| *known == one.name);
        let values = one.values.iter().map(|value| {
            let shown = in_words(one.labels.get(value), value, lang);
            let chosen = only.is_some_and(|(_, values)| values.contains(value));
            (value.clone(), shown, chosen)
        });
        Self {
            label: in_words(one.label.as_ref(), &one.name, lang),
            chosen: choice.by.contains(&one.name),
            values: values.collect(),
            name: one.name.clone(),
        }
    }
}

/// The label of a name, or the name itself where it has none.
fn in_words(label: Option<&Text>, name: &str, lang: Lang) -> String {
    label.map_or_else(|| name.to_owned(), |label| label.get(lang).to_owned())
}

/// What the form of a question says; what the builder sends besides is for the form itself.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AskForm {
    party: String,
    purpose: String,
    sql: String,
    /// `keep` where it is not asked yet.
    what: String,
}

/// Asks; answer or refusal has a page of its own.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form { sent, fields }: Form<AskForm>,
) -> Result<Response, Failure> {
    let signed = visit.require(Act::Ask, &sent.party)?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let draft = format!("/projects/{id}/ask");
    if sent.what == "keep" {
        keep_draft(&web, &visit, &draft, &fields).await?;
        return Ok(go(&visit, &draft, Done::Kept));
    }
    let agreement = version.agreement();
    let question = PageQuestion {
        agreement: id.clone(),
        version: agreement.version,
        party: sent.party,
        purpose: sent.purpose,
        sql: sent.sql.trim().to_owned(),
        answers: agreement.answers,
    };
    if question.sql.is_empty() {
        return form(&web, &visit, id, &fields, Some(empty())).await;
    }
    match ask_on_page::ask_on_page(&web.site, signed, &question).await {
        Ok(asked) => {
            drop_draft(&web, &visit, &draft).await;
            Ok(forward(&visit, &format!("/answers/{asked}")))
        }
        Err(error) => form(&web, &visit, id, &fields, Some(error)).await,
    }
}

fn empty() -> AppError {
    AppError::usage(
        FaultCode::Empty,
        Text::new("er staat nog geen vraag", "there is no question yet"),
        Text::new(
            "kies links wat u wilt weten, of schrijf SQL",
            "choose on the left what you want to know, or write SQL",
        ),
    )
}
