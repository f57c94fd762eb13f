//! The project page: what for, whose data, who agreed, what was asked; and a resident's question in words.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::SignedDuration;
use zwerm_commons::agreement::Answers;
use zwerm_commons::role::{Act, Role};
use zwerm_commons::text::Text;
use zwerm_store::goals::Goal;
use zwerm_store::projects::Project;
use zwerm_store::questions::Asked;
use zwerm_store::rounds::Round;
use zwerm_store::word_questions::{Status, WordQuestion};

use super::super::Web;
use super::super::failure::Failure;
use super::super::page::Page;
use super::super::post::{Fields, Posted, Signed};
use super::super::visit::Visit;
use super::document::{InWords, in_words, name_of};
use super::{badge, draft, drop_draft, go, in_form, render};
use crate::app::error::AppError;
use crate::app::inquiry::KeptReason;
use crate::app::overview::{Dossier, Overview, Version};
use crate::app::standing::Standing;
use crate::words::agreement::{event, phase, strategy};
use crate::words::fault::Told;

/// Characters of a question in words at most.
const LONGEST_QUESTION: usize = 2000;
/// Questions in words that one project takes in an hour, and that come from one address.
const QUESTIONS_AN_HOUR: u64 = 60;
const FROM_ONE: u64 = 5;

#[derive(Template)]
#[template(path = "projects.html")]
struct Projects {
    page: Page,
    projects: Vec<Line>,
    may_propose: bool,
}

struct Line {
    id: String,
    title: Text,
    goal: Text,
    standing: Text,
    badge: &'static str,
    about: String,
}

/// Lists them.
pub(crate) async fn list(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let goals = web.site.store.goals().await?;
    let lines = overview.dossiers.iter().filter_map(|dossier| {
        let version = dossier.current()?;
        let agreement = version.agreement();
        let goal = goals.iter().find(|goal| goal.id == agreement.goal);
        Some(Line {
            id: dossier.id.clone(),
            title: agreement.title.clone(),
            goal: goal.map_or_else(|| Text::same(&agreement.goal), |goal| goal.title.clone()),
            standing: version.standing.words(),
            badge: badge(version.standing),
            about: in_words(version, visit.lang()).about,
        })
    });
    let title = Text::new("Projecten", "Projects");
    render(&Projects {
        page: Page::new(&web, &visit, &title),
        projects: lines.collect(),
        may_propose: !visit.parties(Role::Decider).is_empty(),
    })
}

#[derive(Template)]
#[template(path = "project.html")]
struct Shown {
    page: Page,
    id: String,
    project: Option<Project>,
    goal: Option<Goal>,
    version: Version,
    words: InWords,
    standing: Text,
    badge: &'static str,
    strategy: Text,
    phase: Text,
    readers: Text,
    versions: Vec<(u32, Text, &'static str)>,
    newer: Option<(u32, Text)>,
    round: Option<Round>,
    lacking: Vec<KeptReason>,
    events: Vec<(jiff::Timestamp, Text)>,
    asked: Vec<Asked>,
    in_words_asked: Vec<(WordQuestion, Option<Text>)>,
    barriers: usize,
    may: May,
}

/// What whoever looks may do here.
#[derive(Default)]
pub(super) struct May {
    pub(super) ask: bool,
    pub(super) amend: bool,
    pub(super) decide: bool,
    pub(super) suspend: bool,
    pub(super) reply: bool,
}

/// What a visitor may do under a version.
pub(super) fn may(visit: &Visit, version: &Version) -> May {
    let agreement = version.agreement();
    let mut may = May::default();
    for party in agreement.seats() {
        may.ask |= visit.may(Act::Ask, &party.id);
        may.amend |= visit.may(Act::Propose, &party.id);
        may.decide |= visit.may(Act::Consent, &party.id);
        may.reply |= visit.may(Act::AnswerInWords, &party.id);
        may.suspend |= visit.may(Act::Suspend, &party.id)
            && zwerm_commons::status::may_suspend(agreement, &party.id);
    }
    may
}

/// The dossier of a project, and the version that a reader wants first.
pub(super) fn current<'o>(
    overview: &'o Overview,
    id: &str,
) -> Result<(&'o Dossier, &'o Version), Failure> {
    let dossier = overview.dossier(id).ok_or(Failure::NotFound)?;
    let version = dossier.current().ok_or(Failure::NotFound)?;
    Ok((dossier, version))
}

/// Shows one.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let site = &web.site;
    let overview = site.overview().await?;
    let (dossier, version) = current(&overview, &id)?;
    let agreement = version.agreement();
    let newest = dossier.latest().map(|latest| latest.agreement().version);
    let newer = dossier
        .latest()
        .filter(|_| newest != Some(agreement.version));
    let round_of = newest.unwrap_or(agreement.version);
    let round = site.store.round(&id, round_of).await?;
    let now = site.clock.now();
    let questions = site.store.word_questions_of(&id).await?;
    let questions = questions.into_iter().map(|question| {
        let party = question
            .party
            .as_deref()
            .map(|party| name_of(agreement, party));
        (question, party)
    });
    let stored = &version.stored;
    let events = stored.events.iter().map(|one| (one.at, event(one)));
    // the page of a project does not depend on whether all that was refused can be read
    let barriers = site.barriers().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the barriers cannot be worked out");
        Arc::default()
    });
    let open = barriers.iter().filter(|b| b.agreement == id && b.is_open());
    let readers = match agreement.answers {
        Answers::Public => Text::new("iedereen", "everyone"),
        Answers::Parties => Text::new("alleen de partners", "the parties only"),
    };
    render(&Shown {
        page: Page::new(&web, &visit, &agreement.title),
        project: site.store.project(&id).await?,
        goal: site.store.goal(&agreement.goal).await?,
        words: in_words(version, visit.lang()),
        standing: version.standing.words(),
        badge: badge(version.standing),
        strategy: strategy(agreement.strategy),
        phase: phase(agreement.phase),
        readers,
        versions: versions(dossier),
        newer: newer.map(|latest| (latest.agreement().version, latest.standing.words())),
        round: round.filter(|round| now < round.closes),
        lacking: version
            .lacking
            .iter()
            .cloned()
            .map(crate::app::inquiry::reason)
            .collect(),
        events: events.collect(),
        asked: site.store.public_questions(Some(&id), 20).await?,
        in_words_asked: questions.collect(),
        barriers: open.count(),
        may: may(&visit, version),
        version: version.clone(),
        id,
    })
}

fn versions(dossier: &Dossier) -> Vec<(u32, Text, &'static str)> {
    let all = dossier.versions().iter().rev();
    all.map(|version| {
        let standing = version.standing;
        (
            version.agreement().version,
            standing.words(),
            badge(standing),
        )
    })
    .collect()
}

#[derive(Template)]
#[template(path = "word_question.html")]
struct Question {
    page: Page,
    id: String,
    title: Text,
    text: String,
    told: Vec<Told>,
    reasons: Vec<KeptReason>,
}

/// The form for a question in words.
pub(crate) async fn question(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    question_form(&web, &visit, id, &Fields::default(), None).await
}

async fn question_form(
    web: &Web,
    visit: &Visit,
    id: String,
    fields: &Fields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new(
        "Stel een vraag in uw eigen woorden",
        "Ask a question in your own words",
    );
    render(&Question {
        page: Page::new(web, visit, &title),
        title: version.agreement().title.clone(),
        text: fields.get("text").to_owned(),
        id,
        told,
        reasons,
    })
}

/// Puts a question in words to a project; anyone may.
pub(crate) async fn put_question(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Posted(fields): Posted,
) -> Result<Response, Failure> {
    let site = &web.site;
    let overview = site.overview().await?;
    current(&overview, &id)?;
    let Some(text) = fields.text("text") else {
        return question_form(&web, &visit, id, &fields, Some(empty())).await;
    };
    if text.chars().count() > LONGEST_QUESTION {
        return question_form(&web, &visit, id, &fields, Some(too_long())).await;
    }
    let now = site.clock.now();
    let hour = now - SignedDuration::from_hours(1);
    let from = format!("words@{}", visit.address());
    let here = site.store.word_questions_since(&id, hour).await?;
    if here >= QUESTIONS_AN_HOUR || site.store.attempts_since(&from, hour).await? >= FROM_ONE {
        return Err(Failure::TooMany);
    }
    site.store.note_attempt(&from, now).await?;
    site.store.add_word_question(&id, text, now).await?;
    Ok(go(&visit, &format!("/projects/{id}"), "asked"))
}

#[derive(Template)]
#[template(path = "reply.html")]
struct Reply {
    page: Page,
    id: String,
    question: WordQuestion,
    parties: Vec<(String, Text)>,
    text: String,
    told: Vec<Told>,
    reasons: Vec<KeptReason>,
}

/// The form with which a party answers a question in words.
pub(crate) async fn reply(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let form = format!("/projects/{id}/reply/{question}");
    let fields = draft(&web, &visit, &form).await?;
    reply_form(&web, &visit, id, &question, &fields, None).await
}

async fn reply_form(
    web: &Web,
    visit: &Visit,
    id: String,
    question: &str,
    fields: &Fields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let agreement = version.agreement();
    let seats = agreement
        .seats()
        .filter(|p| visit.may(Act::AnswerInWords, &p.id));
    let parties: Vec<(String, Text)> = seats.map(|p| (p.id.clone(), p.display_name())).collect();
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een partner van dit project beantwoordt deze vraag",
            "a party of this project answers this question",
        )));
    }
    let found = web.site.store.word_question(question).await?;
    let found = found.filter(|q| q.project == id).ok_or(Failure::NotFound)?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Beantwoord een vraag", "Answer a question");
    render(&Reply {
        page: Page::new(web, visit, &title),
        question: found,
        text: fields.get("text").to_owned(),
        parties,
        id,
        told,
        reasons,
    })
}

/// Takes a question up, answers it, or says why not.
pub(crate) async fn put_reply(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
    Signed(fields): Signed,
) -> Result<Response, Failure> {
    let party = fields.get("party").to_owned();
    visit.require(Act::AnswerInWords, &party)?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    if !version.agreement().seats().any(|seat| seat.id == party) {
        return Err(Failure::NotFound);
    }
    let store = &web.site.store;
    let known = store.word_question(&question).await?;
    known.filter(|q| q.project == id).ok_or(Failure::NotFound)?;
    let status = match fields.get("what") {
        "take-up" => {
            store.take_up_word_question(&question, &party).await?;
            return Ok(go(&visit, &format!("/projects/{id}"), "answered"));
        }
        "decline" => Status::Declined,
        _ => Status::Answered,
    };
    let Some(text) = fields.text("text") else {
        return reply_form(&web, &visit, id, &question, &fields, Some(empty())).await;
    };
    if text.chars().count() > LONGEST_QUESTION {
        return reply_form(&web, &visit, id, &question, &fields, Some(too_long())).await;
    }
    store
        .reply_to_word_question(&question, &party, status, text)
        .await?;
    drop_draft(&web, &visit, &format!("/projects/{id}/reply/{question}")).await?;
    Ok(go(&visit, &format!("/projects/{id}"), "answered"))
}

fn empty() -> AppError {
    AppError::usage(
        Text::new("er staat nog geen tekst", "there is no text yet"),
        Text::new("schrijf wat u wilt zeggen", "write what you want to say"),
    )
}

fn too_long() -> AppError {
    AppError::usage(
        Text::new(
            format!("de tekst is langer dan {LONGEST_QUESTION} tekens"),
            format!("the text is longer than {LONGEST_QUESTION} characters"),
        ),
        Text::new("maak hem korter", "make it shorter"),
    )
}
