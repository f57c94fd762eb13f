//! The public log in words, searched and page by page; and a receipt verified in the visitor's own browser.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::ledger::entries::{self, EntryCount};
use zwerm_app::site::overview::Overview;
use zwerm_app::types::home::LogFiles;
use zwerm_app::types::ledger::entry::KINDS;
use zwerm_app::types::store::entries::{EntryFilter, EntryRow};
use zwerm_app::types::store::titles::LoggedAnswer;
use zwerm_app::words::refusal::code;

use crate::Web;
use crate::decide::agreement::capital;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::ledger::receipt_names;
use crate::marks::PartyMark;
use crate::names::Names;
use crate::page::Page;
use crate::render::render;

/// Entries on one page.
const LISTED: u32 = 50;

#[derive(Template)]
#[template(path = "ledger/entries.html")]
struct EntriesPage {
    page: Page,
    key: String,
    /// What receipts are told in, as JSON.
    names: String,
    /// The entries by day, the newest first.
    days: Vec<(String, Vec<EntryLine>)>,
    kinds: Vec<(&'static str, Text)>,
    projects: Vec<(String, Text)>,
    wanted: EntriesQuery,
    size: u64,
    /// How many were found, when not all are shown.
    found: Option<EntryCount>,
    /// The query of the next page.
    older: Option<String>,
}

/// An entry of the log in words.
pub(crate) struct EntryLine {
    pub(crate) row: EntryRow,
    /// The title of the project that it is about.
    pub(crate) title: Text,
    /// What kind of entry it is.
    pub(crate) kind: Text,
    /// Whose it is; nobody's is what the system entered by itself.
    pub(crate) party: Option<PartyMark>,
    /// What the log says of it besides.
    pub(crate) words: String,
    /// The answer that it is of, where everybody may read that.
    pub(crate) answer: Option<LoggedAnswer>,
    /// Whether its day stands beside it, instead of above it.
    pub(crate) dated: bool,
}

impl EntryLine {
    /// An entry with the names that its agreement has for what it names.
    pub(crate) fn of(row: EntryRow, overview: &Overview, lang: Lang) -> Self {
        let id = row.agreement.clone().unwrap_or_default();
        let dossier = overview.dossier(&id);
        let current = dossier.and_then(|dossier| dossier.current());
        // who left the table is named by the version that they sat at
        let own = dossier.zip(row.version);
        let own = own
            .and_then(|(dossier, number)| dossier.version(number))
            .or(current);
        let party = own.zip(row.party.as_deref());
        let names = own.map_or_else(Names::default, |version| {
            Names::of_parties(version.agreement())
        });
        let title = current.map_or_else(|| Text::same(&id), |v| v.agreement().title.clone());
        let names = names.and([(id, title.clone())]).and(codes(&row));
        Self {
            words: names.in_line(&in_language(&row.text, lang), lang),
            title,
            kind: capital(&kind_words(&row.kind)),
            party: party.map(|(version, party)| PartyMark::of(version.agreement(), party)),
            answer: None,
            dated: true,
            row,
        }
    }
}

/// What the codes of a refusal stand for.
fn codes(row: &EntryRow) -> Vec<(String, Text)> {
    if row.kind != "refusal" {
        return Vec::new();
    }
    let words = row.text.split([' ', ',', ':', '\n']);
    let codes = words.filter_map(|word| Some((word.to_owned(), code(word.parse().ok()?))));
    codes.collect()
}

/// Entries in words, each with the answer that it leads to.
pub(crate) async fn lines(
    web: &Web,
    overview: &Overview,
    rows: Vec<EntryRow>,
    lang: Lang,
) -> Result<Vec<EntryLine>, Failure> {
    let answers = entries::answers(&web.site, overview, &rows).await?;
    let lines = rows.into_iter().zip(answers);
    let lines = lines.map(|(row, answer)| EntryLine {
        answer,
        ..EntryLine::of(row, overview, lang)
    });
    Ok(lines.collect())
}

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EntriesQuery {
    kind: String,
    project: String,
    side: String,
    text: String,
    before: String,
}

impl EntriesQuery {
    /// The side of the table that is looked for.
    fn side(&self) -> Option<Helix> {
        self.side.parse().ok()
    }

    fn is_of(&self, side: &Helix) -> bool {
        self.side() == Some(*side)
    }

    fn filter(&self, overview: &Overview) -> EntryFilter {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let side = self.side();
        let mut parties = side.map_or_else(Vec::new, |side| overview.parties_of(side));
        if side.is_some() && parties.is_empty() {
            // nobody sits there, and nobody is called nothing
            parties.push(String::new());
        }
        EntryFilter {
            kind: some(&self.kind),
            agreement: some(&self.project),
            text: some(&self.text),
            parties,
        }
    }

    /// The query of the page with the entries before this index.
    fn older_than(&self, index: u64) -> String {
        let query = [
            ("kind", self.kind.clone()),
            ("project", self.project.clone()),
            ("side", self.side.clone()),
            ("text", self.text.clone()),
            ("before", index.to_string()),
        ];
        serde_urlencoded::to_string(query).unwrap_or_default()
    }
}

/// The page of the log: the newest entries that are looked for, or those before an entry.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<EntriesQuery>,
) -> Result<Response, Failure> {
    let site = &web.site;
    site.glance().await;
    let before = wanted.before.parse().ok();
    let overview = site.overview().await?;
    let filter = wanted.filter(&overview);
    let found = entries::list(site, &filter, before, LISTED).await?;
    let older = found.older.map(|index| wanted.older_than(index));
    let page = Page::new(&web, &visit, &Text::new("Openbaar logboek", "Public log"));
    let listed = found.rows.len();
    let lines = lines(&web, &overview, found.rows, visit.lang()).await?;
    let days = by_day(&page, lines);
    let most = usize::try_from(LISTED).unwrap_or_default();
    let is_all = before.is_none() && listed < most;
    let found = match filter == EntryFilter::default() {
        true => None,
        false => Some(entries::count_found(site, &filter, is_all.then_some(listed)).await?),
    };
    let projects = overview.dossiers.iter().filter_map(|dossier| {
        let title = dossier.current()?.agreement().title.clone();
        Some((dossier.id.clone(), title))
    });
    let names = receipt_names::of(&overview, visit.lang());
    let key = std::fs::read_to_string(LogFiles::of(site.home.root()).public_key);
    render(&EntriesPage {
        page,
        key: key.unwrap_or_default().trim().to_owned(),
        names,
        days,
        kinds: KINDS.iter().map(|kind| (*kind, kind_words(kind))).collect(),
        projects: projects.collect(),
        size: entries::count(site).await?,
        found,
        wanted,
        older,
    })
}

/// Entries below the days that they came on.
fn by_day(page: &Page, lines: Vec<EntryLine>) -> Vec<(String, Vec<EntryLine>)> {
    let mut days: Vec<(String, Vec<EntryLine>)> = Vec::new();
    for line in lines {
        let day = page.day_of(&line.row.at);
        let line = EntryLine {
            dated: false,
            ..line
        };
        match days.last_mut() {
            Some((last, lines)) if *last == day => lines.push(line),
            _ => days.push((day, vec![line])),
        }
    }
    days
}

/// The half of an entry's words that is in a language: Dutch comes first.
fn in_language(text: &str, lang: Lang) -> String {
    let (nl, en) = text.split_once('\n').unwrap_or((text, text));
    match lang {
        Lang::Nl => nl.to_owned(),
        Lang::En => en.to_owned(),
    }
}

fn kind_words(kind: &str) -> Text {
    match kind {
        "agreement-in-force" => Text::new("afspraak van kracht", "agreement in force"),
        "agreement-suspended" => Text::new("opgeschort", "suspended"),
        "agreement-resumed" => Text::new("opschorting opgeheven", "suspension lifted"),
        "agreement-ended" => Text::new("beëindigd", "ended"),
        "agreement-superseded" => Text::new("versie vervangen", "version replaced"),
        "consent" => Text::new("besluit van een partner", "decision of a party"),
        "data-release" => Text::new("uitgave", "release"),
        "unknown" => Text::new("onbekende soort", "unknown kind"),
        "question" => Text::new("vraag", "question"),
        "answer" => Text::new("antwoord", "answer"),
        "refusal" => Text::new("weigering", "refusal"),
        other => Text::same(other),
    }
}
