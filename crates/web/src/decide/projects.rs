//! The project page: what for, whose data, who agreed, what was asked.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::{Agreement, AnswerReaders};
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;
use zwerm_app::decide::{projects, propose, reword, rounds, word_questions};
use zwerm_app::goals::goal;
use zwerm_app::loggable::ToLog as _;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::share::{barriers, questions};
use zwerm_app::site::Site;
use zwerm_app::site::overview::{Dossier, Overview, Version};
use zwerm_app::site::standing::Standing;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::projects::Project;
use zwerm_app::types::store::rounds::Round;
use zwerm_app::types::store::word_questions::{WordQuestion, WordQuestionStatus};
use zwerm_app::words::agreement::{phase_sentence, strategy_sentence};

use crate::Web;
use crate::decide::agreement::{AgreementWords, in_words};
use crate::decide::card::{ProjectCard, card, how_far};
use crate::decide::history::{HistoryLine, history};
use crate::decide::lifting::{Lifting, liftings};
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::marks::{Markup, PartyMark, Stands, StateKind, table_of};
use crate::page::Page;
use crate::render::render;
use crate::share::questions::{QuestionCard, cards};

#[derive(Template)]
#[template(path = "decide/projects.html")]
struct ProjectsPage {
    page: Page,
    cards: Vec<ProjectCard>,
    /// The id of the last, when others follow.
    more: Option<String>,
    may_propose: bool,
}

/// Projects on one page.
const LISTED: usize = 50;

/// From which project on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ProjectsQuery {
    /// The id of the last project on the page before.
    after: String,
}

/// The list of projects.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<ProjectsQuery>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let rounds = rounds::open(&web.site, &overview).await?;
    let dossiers = overview.dossiers.iter();
    let rest = dossiers.filter(|dossier| dossier.id > wanted.after);
    let mut listed: Vec<&Dossier> = rest.take(LISTED + 1).collect();
    let more = listed.len() > LISTED;
    listed.truncate(LISTED);
    let last = listed.last().filter(|_| more);
    let cards = listed.iter().filter_map(|dossier| {
        let version = dossier.current()?;
        let number = version.agreement().version;
        let mut rounds = rounds.iter();
        let round = rounds.find(|round| round.agreement == dossier.id && round.version == number);
        let path = format!("/projects/{}", dossier.id);
        Some(card(version, path, round.map(|round| round.closes)))
    });
    render(&ProjectsPage {
        page: Page::new(&web, &visit, &Text::new("Projecten", "Projects")),
        more: last.map(|dossier| dossier.id.clone()),
        cards: cards.collect(),
        may_propose: !visit.parties(Role::Decider).is_empty(),
    })
}

#[derive(Template)]
#[template(path = "decide/project.html")]
struct ProjectPage {
    page: Page,
    id: String,
    project: Option<Project>,
    goal: Option<Goal>,
    version: Version,
    words: AgreementWords,
    standing: Text,
    table: Markup,
    /// How far it is, and who must move.
    far: (Text, Text),
    strategy: Text,
    phase: Text,
    readers: Text,
    versions: Vec<(u32, Text, StateKind)>,
    newer: Option<(u32, Text)>,
    round: Option<Round>,
    lacking: Vec<KeptReason>,
    /// Who can lift what suspends it.
    liftings: Vec<Lifting>,
    history: Vec<HistoryLine>,
    /// What was asked here.
    asked: Vec<QuestionCard>,
    /// Whether more was asked that everybody may read.
    more_asked: bool,
    in_words_asked: Vec<(WordQuestion, Option<Text>)>,
    /// Whether more was asked in words.
    more_in_words: bool,
    barriers: usize,
    may: VersionRights,
}

/// Pixels that the table takes at most.
const TABLE: u32 = 150;

/// The newest questions that the page of a project shows; the others have pages of their own.
const ASKED: u32 = 10;
const IN_WORDS: u32 = 5;

/// What whoever looks may do here.
#[derive(Default)]
pub(crate) struct VersionRights {
    pub(crate) ask: bool,
    pub(crate) amend: bool,
    pub(crate) decide: bool,
    pub(crate) suspend: bool,
    pub(crate) reply: bool,
    pub(crate) reword: bool,
}

/// What a visitor may do under a version of a project.
pub(crate) fn may(visit: &Visit, dossier: &Dossier, version: &Version) -> VersionRights {
    let agreement = version.agreement();
    let decides_for = visit.parties(Role::Decider);
    let mut may = VersionRights {
        amend: decides_for
            .iter()
            .any(|party| propose::may_amend(dossier, party)),
        ..VersionRights::default()
    };
    for party in agreement.seats() {
        may.ask |= visit.may(Act::Ask, &party.id);
        may.decide |= visit.may(Act::Consent, &party.id);
        may.reply |= visit.may(Act::AnswerInWords, &party.id);
        may.suspend |= visit.may(Act::Suspend, &party.id)
            && zwerm_agreement::status::may_suspend(agreement, &party.id);
    }
    may
}

/// The dossier of a project, and the version that a reader wants first.
pub(crate) fn current<'o>(
    overview: &'o Overview,
    id: &str,
) -> Result<(&'o Dossier, &'o Version), Failure> {
    let dossier = overview.dossier(id).ok_or(Failure::NotFound)?;
    let version = dossier.current().ok_or(Failure::NotFound)?;
    Ok((dossier, version))
}

/// The page of a project, by the version that a reader wants first.
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
    let round = rounds::of_version(site, &id, round_of).await?;
    let questions = word_questions::of_project(site, &id, None, IN_WORDS).await?;
    let asked = questions::public(site, Some(&id), None, ASKED).await?;
    let barriers = open_barriers(site, &id).await;
    let project = projects::find(site, &id).await?;
    let mut may = may(&visit, dossier, version);
    may.reword = visit
        .signed()
        .is_some_and(|signed| !reword::writers(signed, project.as_ref(), dossier).is_empty());
    render(&ProjectPage {
        page: Page::new(&web, &visit, &agreement.title)
            .about(agreement)
            .under("/projects", &Text::new("Projecten", "Projects")),
        project,
        goal: goal::find(site, &agreement.goal).await?,
        words: in_words(version),
        standing: version.standing.words(),
        table: table_of(version, TABLE),
        far: how_far(dossier.latest().unwrap_or(version)),
        strategy: strategy_sentence(agreement.strategy),
        phase: phase_sentence(agreement.phase),
        readers: readers(agreement.answers),
        versions: versions(dossier),
        newer: newer.map(|latest| (latest.agreement().version, latest.standing.words())),
        round: round
            .zip(dossier.latest())
            .and_then(|(round, latest)| rounds::is_open(site, &round, latest).then_some(round)),
        lacking: version
            .lacking
            .iter()
            .cloned()
            .map(zwerm_app::share::ask_on_page::reason)
            .collect(),
        liftings: liftings(&visit, &overview, version),
        history: history(dossier),
        more_asked: asked.older.is_some(),
        asked: cards(&web, &overview, asked.rows)?,
        more_in_words: questions.older.is_some(),
        in_words_asked: with_names(questions.rows, agreement),
        barriers,
        may,
        version: version.clone(),
        id,
    })
}

/// How many barriers of a project are open; none when this cannot be found.
async fn open_barriers(site: &Site, id: &str) -> usize {
    // the page of a project does not depend on whether all that was refused can be read
    let barriers = barriers::of_site(site, Some(id)).await;
    let barriers = barriers.unwrap_or_else(|error| {
        tracing::warn!(error = %error.loggable(), "the barriers cannot be listed");
        Vec::new()
    });
    barriers.iter().filter(|barrier| barrier.is_open()).count()
}

fn readers(answers: AnswerReaders) -> Text {
    match answers {
        AnswerReaders::Public => Text::new("iedereen", "everyone"),
        AnswerReaders::Parties => Text::new("alleen de partners", "the parties only"),
    }
}

/// The questions in words, each with the name of the party that took it up.
pub(crate) fn with_names(
    questions: Vec<WordQuestion>,
    agreement: &Agreement,
) -> Vec<(WordQuestion, Option<Text>)> {
    let named = questions.into_iter().map(|question| {
        let party = question
            .party
            .as_deref()
            .map(|party| PartyMark::of(agreement, party).name);
        (question, party)
    });
    named.collect()
}

fn versions(dossier: &Dossier) -> Vec<(u32, Text, StateKind)> {
    let all = dossier.versions().iter().rev();
    all.map(|version| {
        let standing = version.standing;
        (
            version.agreement().version,
            standing.words(),
            standing.kind(),
        )
    })
    .collect()
}
