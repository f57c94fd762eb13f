//! What could not be done, whose condition is in the way, how it is with it and what became of it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::barrier::Barrier;
use zwerm_agreement::condition::find;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::barriers::{self, BarrierDecision, BarrierState, InPublic};
use zwerm_app::site::overview::{Overview, Version};
use zwerm_app::types::store::barriers::{BarrierEvent, BarrierStatus};

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields};
use crate::http::visit::Visit;
use crate::marks::{PartyMark, StateKind};
use crate::names::Names;
use crate::page::Page;
use crate::render::{draft, drop_draft, go, in_form, render};

/// Barriers on one page, and lines of the history of one.
const LISTED: usize = 50;
const HISTORY: u32 = 50;

#[derive(Template)]
#[template(path = "share/barriers.html")]
struct BarriersPage {
    page: Page,
    barriers: Vec<BarrierLine>,
    /// The query of the next page.
    more: Option<String>,
    projects: Vec<(String, Text)>,
    statuses: [(BarrierStatus, Text); 4],
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

struct BarrierLine {
    barrier: Barrier,
    told: InPublic,
    key: String,
    /// The query of its history.
    query: String,
    /// Whose condition it is; all parties' together when nobody's in particular.
    owner: Option<PartyMark>,
    title: Text,
    status: Text,
    state: StateKind,
    /// What is in the way.
    condition: Option<Text>,
    why: String,
    /// The status that was chosen and not sent, or sent with something wrong.
    chosen: String,
    mine: Option<Text>,
}

/// Which are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BarriersQuery {
    project: String,
    /// The key of the last barrier on the page before.
    after: String,
}

fn words(status: BarrierStatus) -> Text {
    match status {
        BarrierStatus::Open => Text::new("open", "open"),
        BarrierStatus::BeingLifted => Text::new("er wordt aan gewerkt", "being lifted"),
        BarrierStatus::Lifted => Text::new("opgeheven", "lifted"),
        BarrierStatus::Stays => Text::new("blijft", "stays"),
    }
}

fn statuses() -> [(BarrierStatus, Text); 4] {
    [
        BarrierStatus::Open,
        BarrierStatus::BeingLifted,
        BarrierStatus::Lifted,
        BarrierStatus::Stays,
    ]
    .map(|s| (s, words(s)))
}

/// The list of barriers, of all projects or of one.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<BarriersQuery>,
) -> Result<Response, Failure> {
    let unsent = draft(&web, &visit, "/barriers").await?;
    listed(&web, &visit, &wanted, &unsent, None).await
}

/// The list, with what was filled in at one of them and what was wrong with it.
async fn listed(
    web: &Web,
    visit: &Visit,
    wanted: &BarriersQuery,
    unsent: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let only = Some(wanted.project.as_str()).filter(|project| !project.is_empty());
    let all = barriers::of_site(&web.site, only).await?;
    let overview = web.site.overview().await?;
    let (shown, last) = shown(&all, &wanted.after, unsent.get("key"));
    let more = last.map(|last| {
        let query = [
            ("project", wanted.project.as_str()),
            ("after", last.as_str()),
        ];
        serde_urlencoded::to_string(query).unwrap_or_default()
    });
    let lines = shown
        .iter()
        .map(|state| line(state, &overview, visit, unsent));
    let projects = overview.dossiers.iter().filter_map(|dossier| {
        Some((
            dossier.id.clone(),
            dossier.current()?.agreement().title.clone(),
        ))
    });
    let title = Text::new("Belemmeringen", "Barriers");
    render(&BarriersPage {
        page: Page::new(web, visit, &title).under("/questions", &Text::new("Vragen", "Questions")),
        barriers: lines.collect(),
        more,
        projects: projects.collect(),
        statuses: statuses(),
        told,
        reasons,
    })
}

/// The barriers of a page, which come after the one of this key; and the key of the last, when others follow.
fn shown<'a>(
    all: &'a [BarrierState],
    after: &str,
    unsent: &str,
) -> (&'a [BarrierState], Option<String>) {
    let key = |state: &BarrierState| state.barrier.name.key();
    let find = |wanted: &str| all.iter().position(|state| key(state) == wanted);
    // the page of the one that somebody was filling in
    let page_of = |place: usize| place / LISTED * LISTED;
    let first = find(unsent).filter(|_| after.is_empty()).map_or(0, page_of);
    let start = find(after).map_or(first, |before| before + 1);
    let rest = all.get(start..).unwrap_or_default();
    match rest.get(..LISTED) {
        Some(page) if rest.len() > LISTED => (page, page.last().map(key)),
        _ => (rest, None),
    }
}

fn line(
    state: &BarrierState,
    overview: &Overview,
    visit: &Visit,
    unsent: &FormFields,
) -> BarrierLine {
    let barrier = &state.barrier;
    let key = barrier.name.key();
    let status = state.status();
    let owner = barrier.name.owner.clone();
    let is_unsent = unsent.get("key") == key;
    let said = state.said.as_ref();
    BarrierLine {
        mine: owner
            .clone()
            .filter(|party| visit.may(Act::Propose, party))
            .map(|party| owner_of(barrier, overview, &party).name),
        owner: owner.map(|party| owner_of(barrier, overview, &party)),
        title: title(barrier, overview),
        condition: condition(barrier, overview),
        status: words(status),
        state: state_of(status),
        why: match is_unsent {
            true => unsent.get("reason").to_owned(),
            false => said.map(|said| said.reason.clone()).unwrap_or_default(),
        },
        chosen: match is_unsent {
            true => unsent.get("status").to_owned(),
            false => String::new(),
        },
        told: in_public(barrier, overview),
        barrier: barrier.clone(),
        query: serde_urlencoded::to_string([("key", &key)]).unwrap_or_default(),
        key,
    }
}

/// Whose condition is in the way.
fn owner_of(barrier: &Barrier, overview: &Overview, party: &str) -> PartyMark {
    let version = current(barrier, overview);
    version.map_or_else(
        || PartyMark {
            name: Text::same(party),
            side: None,
        },
        |version| PartyMark::of(version.agreement(), party),
    )
}

/// The version that a reader wants first of what a barrier is about.
fn current<'o>(barrier: &Barrier, overview: &'o Overview) -> Option<&'o Version> {
    overview.dossier(&barrier.name.agreement)?.current()
}

/// What the condition in the way says; its path where the agreement has no such condition any more.
fn condition(barrier: &Barrier, overview: &Overview) -> Option<Text> {
    let path = barrier.name.condition.as_deref()?;
    let found = current(barrier, overview).and_then(|version| find(version.agreement(), path));
    let words = found.map_or_else(|| Text::same(path), |found| found.words);
    Some(names(barrier, overview).in_text(&words))
}

/// What a barrier says to everybody, in the names of its agreement.
fn in_public(barrier: &Barrier, overview: &Overview) -> InPublic {
    let names = names(barrier, overview);
    let InPublic { what, more, lifts } = barriers::in_public(barrier, overview);
    InPublic {
        what: names.in_text(&what),
        more: more.map(|more| names.in_text(&more)),
        lifts: lifts.map(|lifts| names.in_text(&lifts)),
    }
}

/// The names that the agreement of a barrier has.
fn names(barrier: &Barrier, overview: &Overview) -> Names {
    let version = current(barrier, overview);
    version.map_or_else(Names::default, |version| Names::of(version.agreement()))
}

/// What the agreement of a barrier is called.
fn title(barrier: &Barrier, overview: &Overview) -> Text {
    let version = current(barrier, overview);
    version.map_or_else(
        || Text::same(&barrier.name.agreement),
        |v| v.agreement().title.clone(),
    )
}

#[derive(Template)]
#[template(path = "share/barrier_history.html")]
struct BarrierHistoryPage {
    page: Page,
    project: String,
    title: Text,
    what: Text,
    condition: Option<Text>,
    events: Vec<(BarrierEvent, Text, Option<Text>)>,
    /// The query of the page with what was before.
    older: Option<String>,
}

/// Of which barrier, and from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HistoryQuery {
    key: String,
    before: String,
}

/// What became of a barrier, the latest first.
pub(crate) async fn history(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<HistoryQuery>,
) -> Result<Response, Failure> {
    let found = barriers::find(&web.site, &wanted.key).await?;
    let barrier = found.ok_or(Failure::NotFound)?.barrier;
    let overview = web.site.overview().await?;
    let before = wanted.before.parse().ok();
    let history = barriers::history(&web.site, &wanted.key, before.as_ref(), HISTORY).await?;
    let older = history.older.map(|place| {
        let query = [("key", wanted.key.clone()), ("before", place.to_string())];
        serde_urlencoded::to_string(query).unwrap_or_default()
    });
    let events = history.rows.into_iter();
    let heading = Text::new(
        "Hoe het met een belemmering ging",
        "What became of a barrier",
    );
    render(&BarrierHistoryPage {
        page: Page::new(&web, &visit, &heading),
        title: title(&barrier, &overview),
        what: in_public(&barrier, &overview).what,
        condition: condition(&barrier, &overview),
        events: events
            .map(|event| {
                let status = words(event.status);
                let party = event.party.as_deref();
                let party = party.map(|party| owner_of(&barrier, &overview, party).name);
                (event, status, party)
            })
            .collect(),
        project: barrier.name.agreement,
        older,
    })
}

fn state_of(status: BarrierStatus) -> StateKind {
    match status {
        BarrierStatus::Open | BarrierStatus::BeingLifted => StateKind::Wait,
        BarrierStatus::Lifted => StateKind::Ok,
        BarrierStatus::Stays => StateKind::Stop,
    }
}

/// What the form of a barrier says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BarrierForm {
    key: String,
    status: String,
    reason: String,
}

/// Its owner says how it is with a barrier, and why.
pub(crate) async fn set(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, fields }: Form<BarrierForm>,
) -> Result<Response, Failure> {
    let owner = barriers::owner(&web.site, &sent.key).await?;
    let signed = visit.require(Act::Propose, &owner.ok_or(Failure::NotFound)?)?;
    let status = sent.status.parse();
    let said = BarrierDecision {
        key: &sent.key,
        status: status.map_err(|_| Failure::NotFound)?,
        reason: &sent.reason,
    };
    match barriers::say(&web.site, signed, &said).await {
        Ok(()) => {
            drop_draft(&web, &visit, "/barriers").await;
            Ok(go(&visit, "/barriers", Done::Barrier))
        }
        Err(error) => {
            listed(
                &web,
                &visit,
                &BarriersQuery::default(),
                &fields,
                Some(error),
            )
            .await
        }
    }
}
