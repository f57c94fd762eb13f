//! The project page: what for, whose data, who agreed, what was asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use zwerm_agreement::agreement::Answers;
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;
use zwerm_store::goals::Goal;
use zwerm_store::projects::Project;
use zwerm_store::questions::Asked;
use zwerm_store::rounds::Round;
use zwerm_store::word_questions::{Status, WordQuestion};

use super::super::Web;
use super::super::failure::Failure;
use super::super::page::Page;
use super::super::visit::Visit;
use super::document::{InWords, in_words, name_of};
use super::{badge, render};
use crate::app::inquiry::KeptReason;
use crate::app::overview::{Dossier, Overview, Version};
use crate::app::standing::Standing;
use crate::words::agreement::{event, phase, strategy};

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
            && zwerm_agreement::status::may_suspend(agreement, &party.id);
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
    let barriers = crate::app::barrier::of_home(site).await.unwrap_or_else(|error| {
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
