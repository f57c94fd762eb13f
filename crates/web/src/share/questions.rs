//! Every question that everyone may read the answer to, and one's own; to be searched, page by page.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::{answers, questions};
use zwerm_app::site::overview::Overview;
use zwerm_app::site::standing::Standing;
use zwerm_app::types::store::list::{ListPage, ListPlace};
use zwerm_app::types::store::questions::{AskedQuestion, QuestionOutcome};
use zwerm_app::types::store::titles::QuestionFilter;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::marks::{PartyMark, StateKind};
use crate::page::Page;
use crate::render::render;

const LISTED: u32 = 50;

#[derive(Template)]
#[template(path = "share/questions.html")]
struct QuestionsPage {
    page: Page,
    wanted: QuestionsQuery,
    public: Vec<QuestionCard>,
    own: Vec<QuestionCard>,
    signed_in: bool,
    projects: Vec<(String, Text)>,
    parties: Vec<(String, Text)>,
    /// The queries of the pages with what was asked before, of all and of the person.
    older: Option<String>,
    own_older: Option<String>,
}

/// A question in a list.
pub(crate) struct QuestionCard {
    pub(crate) asked: AskedQuestion,
    pub(crate) project: Text,
    pub(crate) party: PartyMark,
    /// How the agreement is under which its answer cannot be read now.
    pub(crate) closed: Option<Standing>,
}

/// Which questions are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QuestionsQuery {
    /// Under this agreement only.
    project: String,
    /// Of this party only.
    party: String,
    /// What came of it.
    outcome: String,
    /// With this in its title or its SQL.
    text: String,
    before: String,
    own: String,
}

impl QuestionsQuery {
    fn project(&self) -> Option<&str> {
        given(&self.project)
    }

    /// What to look for, unless a project is all that was asked for.
    fn filter(&self, person: Option<&str>) -> Option<QuestionFilter> {
        let filter = QuestionFilter {
            person: person.map(str::to_owned),
            agreement: self.project().map(str::to_owned),
            party: given(&self.party).map(str::to_owned),
            outcome: self.outcome.parse().ok(),
            text: given(&self.text).map(str::to_owned),
        };
        let more = filter.party.is_some() || filter.outcome.is_some() || filter.text.is_some();
        more.then_some(filter)
    }

    fn is_filtered(&self) -> bool {
        self.filter(None).is_some() || self.project().is_some()
    }

    /// The query of the next page of one of the two lists; the other stays where it is.
    fn older(&self, list: &str, older: Option<&ListPlace>) -> Option<String> {
        let place = older?.to_string();
        let of = |name: &str, now: &str| {
            if name == list {
                place.clone()
            } else {
                now.to_owned()
            }
        };
        let query = [
            ("project", self.project.clone()),
            ("party", self.party.clone()),
            ("outcome", self.outcome.clone()),
            ("text", self.text.clone()),
            ("before", of("before", &self.before)),
            ("own", of("own", &self.own)),
        ];
        let filled = query.into_iter().filter(|(_, value)| !value.is_empty());
        serde_urlencoded::to_string(filled.collect::<Vec<_>>()).ok()
    }
}

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// The list of questions: those that everybody may read, and the own ones.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<QuestionsQuery>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let own = own(&web, &visit, &wanted).await?;
    let public = public(&web, &wanted).await?;
    let title = Text::new("Vragen en antwoorden", "Questions and answers");
    let (projects, parties) = choices(&overview);
    render(&QuestionsPage {
        page: Page::new(&web, &visit, &title),
        older: wanted.older("before", public.older.as_ref()),
        own_older: wanted.older("own", own.older.as_ref()),
        public: cards(&web, &overview, public.rows)?,
        own: cards(&web, &overview, own.rows)?,
        signed_in: visit.person().is_some(),
        projects,
        parties,
        wanted,
    })
}

async fn own(
    web: &Web,
    visit: &Visit,
    wanted: &QuestionsQuery,
) -> Result<ListPage<AskedQuestion>, AppError> {
    let Some(person) = visit.person() else {
        return Ok(ListPage::empty());
    };
    let before = wanted.own.parse().ok();
    let before = before.as_ref();
    match wanted.filter(Some(&person.id)) {
        Some(filter) => questions::find(&web.site, &filter, before, LISTED).await,
        None => questions::of_person(&web.site, person, wanted.project(), before, LISTED).await,
    }
}

async fn public(web: &Web, wanted: &QuestionsQuery) -> Result<ListPage<AskedQuestion>, AppError> {
    let before = wanted.before.parse().ok();
    let before = before.as_ref();
    match wanted.filter(None) {
        Some(filter) => questions::find(&web.site, &filter, before, LISTED).await,
        None => questions::public(&web.site, wanted.project(), before, LISTED).await,
    }
}

/// The projects and the parties that can be chosen.
#[expect(clippy::type_complexity, reason = "two lists of ids with their names")]
fn choices(overview: &Overview) -> (Vec<(String, Text)>, Vec<(String, Text)>) {
    let mut projects = Vec::new();
    let mut parties = BTreeMap::new();
    for version in overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.current())
    {
        let agreement = version.agreement();
        projects.push((agreement.id.clone(), agreement.title.clone()));
        for seat in agreement.seats() {
            parties.insert(seat.id.clone(), seat.display_name());
        }
    }
    (projects, parties.into_iter().collect())
}

/// Questions as lists show them, each with whether its answer can be read now.
pub(crate) fn cards(
    web: &Web,
    overview: &Overview,
    rows: Vec<AskedQuestion>,
) -> Result<Vec<QuestionCard>, AppError> {
    let mut known: BTreeMap<(String, u32), Option<Standing>> = BTreeMap::new();
    let mut cards = Vec::with_capacity(rows.len());
    for asked in rows {
        let dossier = overview.dossier(&asked.agreement);
        let Some(version) = dossier.and_then(|dossier| dossier.version(asked.version)) else {
            continue;
        };
        let name = (asked.agreement.clone(), asked.version);
        let closed = match known.get(&name) {
            Some(closed) => *closed,
            None => {
                let open = answers::are_open(version, web.site.clock.today())?;
                let closed = (!open).then_some(version.standing);
                known.insert(name, closed);
                closed
            }
        };
        let agreement = version.agreement();
        cards.push(QuestionCard {
            project: agreement.title.clone(),
            party: PartyMark::of(agreement, &asked.party),
            closed: closed.filter(|_| asked.outcome == QuestionOutcome::Answered),
            asked,
        });
    }
    Ok(cards)
}
