//! Finding by words: a few of each kind with a way to the others, or page by page of one kind.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::text::Text;
use zwerm_app::site::search::{self, FoundGoal, FoundPage, FoundProject, FoundWords, SearchKind};
use zwerm_app::types::store::questions::QuestionOutcome;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::ledger::entries::{EntryLine, lines};
use crate::marks::StateKind;
use crate::page::Page;
use crate::render::render;
use crate::share::questions::{QuestionCard, cards};

#[derive(Template)]
#[template(path = "site/search.html")]
struct SearchPage {
    page: Page,
    /// What is looked for.
    words: String,
    /// The one kind that is looked through page by page.
    kind: Option<SearchKind>,
    found: FoundLines,
    /// Where all kinds are looked through.
    everywhere: String,
    /// What was probably meant, where nothing was found, and where that is looked for.
    meant: Option<(String, String)>,
}

/// What was found, as the page shows it.
#[derive(Default)]
struct FoundLines {
    projects: Vec<FoundProject>,
    goals: Vec<FoundGoal>,
    questions: Vec<QuestionCard>,
    words: Vec<FoundWords>,
    entries: Vec<EntryLine>,
    /// Where each kind leads on to, if there is more of it.
    more: MoreFound,
}

/// Where each kind leads on to, if there is more of it.
#[derive(Default)]
struct MoreFound {
    projects: Option<String>,
    goals: Option<String>,
    questions: Option<String>,
    words: Option<String>,
    entries: Option<String>,
}

impl FoundLines {
    fn is_empty(&self) -> bool {
        self.projects.is_empty()
            && self.goals.is_empty()
            && self.questions.is_empty()
            && self.words.is_empty()
            && self.entries.is_empty()
    }
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchQuery {
    /// The words.
    q: String,
    /// One kind only.
    kind: String,
    /// Where its page begins.
    from: String,
}

/// The page of what was found.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<SearchQuery>,
) -> Result<Response, Failure> {
    let words = wanted.q.trim();
    let kind = wanted.kind.parse().ok();
    let found = match kind {
        _ if words.is_empty() => FoundLines::default(),
        Some(kind) => of_kind(&web, kind, words, &wanted.from).await?,
        None => of_all(&web, &visit, words).await?,
    };
    let meant = match found.is_empty() && !words.is_empty() {
        true => search::meant(&web.site, words, visit.lang()).await?,
        false => None,
    };
    render(&SearchPage {
        page: Page::new(&web, &visit, &Text::new("Zoeken", "Search")),
        words: words.to_owned(),
        everywhere: everywhere(words),
        meant: meant.map(|meant| (everywhere(&meant), meant)),
        kind,
        found,
    })
}

async fn of_kind(
    web: &Web,
    kind: SearchKind,
    words: &str,
    from: &str,
) -> Result<FoundLines, Failure> {
    let site = &web.site;
    let mut found = FoundLines::default();
    match kind {
        SearchKind::Projects => {
            let page = search::projects(site, words, from).await?;
            found.more.projects = next(kind, words, &page);
            found.projects = page.rows;
        }
        SearchKind::Goals => {
            let page = search::goals(site, words, from).await?;
            found.more.goals = next(kind, words, &page);
            found.goals = page.rows;
        }
        SearchKind::Words => {
            let page = search::word_questions(site, words, from).await?;
            found.more.words = next(kind, words, &page);
            found.words = page.rows;
        }
    }
    Ok(found)
}

async fn of_all(web: &Web, visit: &Visit, words: &str) -> Result<FoundLines, Failure> {
    let site = &web.site;
    site.glance().await;
    let found = search::all(site, words).await?;
    let overview = site.overview().await?;
    let first = |kind: SearchKind, more: bool| more.then(|| address(kind, words, ""));
    let list = |path: &str, more: bool| {
        let query = serde_urlencoded::to_string([("text", words)]);
        more.then(|| format!("{path}?{}", query.unwrap_or_default()))
    };
    let more = MoreFound {
        projects: first(SearchKind::Projects, found.projects.next.is_some()),
        goals: first(SearchKind::Goals, found.goals.next.is_some()),
        questions: list("/questions", found.questions.older.is_some()),
        words: first(SearchKind::Words, found.words.next.is_some()),
        entries: list("/ledger", found.entries.older.is_some()),
    };
    Ok(FoundLines {
        projects: found.projects.rows,
        goals: found.goals.rows,
        questions: cards(web, &overview, found.questions.rows)?,
        words: found.words.rows,
        entries: lines(web, &overview, found.entries.rows, visit.lang()).await?,
        more,
    })
}

fn next<T>(kind: SearchKind, words: &str, page: &FoundPage<T>) -> Option<String> {
    Some(address(kind, words, page.next.as_deref()?))
}

/// The address of the page of one kind that begins there.
fn address(kind: SearchKind, words: &str, from: &str) -> String {
    searched(&[("q", words), ("kind", kind.as_str()), ("from", from)])
}

/// The address of the page of all kinds.
fn everywhere(words: &str) -> String {
    searched(&[("q", words)])
}

fn searched(query: &[(&str, &str)]) -> String {
    let filled = query.iter().filter(|(_, value)| !value.is_empty());
    let query = serde_urlencoded::to_string(filled.collect::<Vec<_>>());
    format!("/search?{}", query.unwrap_or_default())
}
