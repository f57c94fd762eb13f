//! The first page: what this is, what is on the table now, the goals, what was asked last, and what just happened.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::{Dimension, Helix};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::decide::rounds;
use zwerm_app::goals::goal;
use zwerm_app::ledger::entries;
use zwerm_app::ledger::tally::{LogTally, tally};
use zwerm_app::people::parties;
use zwerm_app::share::questions;
use zwerm_app::site::overview::{Dossier, Overview};
use zwerm_app::site::standing::Standing;
use zwerm_app::types::store::entries::EntryFilter;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::types::store::rounds::Round;
use zwerm_picture::flock::{FlockMark, MOST, flock};
use zwerm_picture::table::{SeatMark, TableCentre, TableSeats, table};

use crate::Web;
use crate::decide::card::{ProjectCard, card};
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::ledger::entries::EntryLine;
use crate::marks::{Markup, StateKind};
use crate::page::Page;
use crate::render::render;
use crate::share::questions::{QuestionCard, cards as question_cards};
use crate::site::beginning::{self, BeginningList};

#[derive(Template)]
#[template(path = "site/home.html")]
struct HomePage {
    page: Page,
    /// What a new home still needs.
    beginning: Option<BeginningList>,
    tally: LogTally,
    flock: Markup,
    /// The table at which nobody sits yet.
    bare: Markup,
    projects: usize,
    rounds: usize,
    /// The project, when there is one alone.
    only: Option<String>,
    cards: Vec<ProjectCard>,
    more: bool,
    goals: Vec<Goal>,
    more_goals: bool,
    /// What was asked last.
    questions: Vec<QuestionCard>,
    recent: Vec<EntryLine>,
    places: Vec<(String, String)>,
    place: Option<(String, String)>,
    here: Vec<(String, Text)>,
}

/// Projects on the first page; what waits for somebody comes first.
const CARDS: usize = 6;
const GOALS: usize = 6;
const ASKED: u32 = 4;
const RECENT: u32 = 5;

#[derive(Deserialize)]
pub(crate) struct ChosenPlace {
    #[serde(default)]
    place: String,
}

/// What the first page keeps of the log: the flock is drawn once for each length of it.
#[derive(Debug, Default)]
pub(crate) struct DrawnLog(RwLock<Option<Arc<(LogTally, String)>>>);

impl DrawnLog {
    async fn now(&self, web: &Web) -> Result<Arc<(LogTally, String)>, Failure> {
        let known = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let before = known.as_ref().map(|known| known.0.clone());
        let most = u32::try_from(MOST).unwrap_or(u32::MAX);
        let now = tally(&web.site, &before.unwrap_or_default(), most).await?;
        match known {
            Some(known) if known.0 == now => Ok(known),
            _ => {
                let drawn = drawn(&now, &parties::all(&web.site).await?);
                let made = Arc::new((now, drawn));
                *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&made));
                Ok(made)
            }
        }
    }
}

fn drawn(tally: &LogTally, parties: &[RegisteredParty]) -> String {
    let sides: BTreeMap<&str, Option<Helix>> = parties
        .iter()
        .map(|party| (party.id.as_str(), party.helix))
        .collect();
    let marks = tally.newest.iter().map(|party| {
        let side = party.as_deref().and_then(|party| *sides.get(party)?);
        match side {
            Some(Helix::Residents) => FlockMark::Residents,
            Some(Helix::Knowledge) => FlockMark::Knowledge,
            Some(Helix::Organisations) => FlockMark::Organisations,
            Some(Helix::Government) => FlockMark::Government,
            None => FlockMark::System,
        }
    });
    flock(&marks.collect::<Vec<_>>())
}

/// The first page, for a visitor or for whoever is signed in.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(chosen): Query<ChosenPlace>,
) -> Result<Response, Failure> {
    let site = &web.site;
    let overview = site.overview().await?;
    let rounds = rounds::open(site, &overview).await?;
    let asked = questions::public(site, None, None, ASKED).await?.rows;
    let places = places(&web, &overview, visit.lang());
    let place = places
        .iter()
        .find(|(code, _)| *code == chosen.place)
        .cloned();
    let here = match &place {
        Some((code, _)) => projects_about(&overview, code),
        None => Vec::new(),
    };
    let log = web.drawn.now(&web).await?;
    let mut goals = goal::all(site).await?;
    let more_goals = goals.len() > GOALS;
    goals.truncate(GOALS);
    let cards = cards(&overview, &rounds);
    let title = Text::new(
        "Samen beslissen over gegevens",
        "Deciding together about data",
    );
    render(&HomePage {
        beginning: beginning::list(&web, &visit).await?,
        page: Page::new(&web, &visit, &title).at_top(),
        tally: log.0.clone(),
        flock: Markup(log.1.clone()),
        bare: Markup(table(
            &TableSeats::all(SeatMark::Deciding),
            TableCentre::Bare,
            96,
        )),
        projects: overview.dossiers.len(),
        only: match overview.dossiers.as_slice() {
            [one] => Some(one.id.clone()),
            _ => None,
        },
        rounds: rounds.len(),
        more: overview.dossiers.len() > cards.len(),
        cards,
        goals,
        more_goals,
        questions: question_cards(&web, &overview, asked)?,
        recent: recent(&web, &visit, &overview).await?,
        places,
        place,
        here,
    })
}

/// What was entered last in the log.
async fn recent(web: &Web, visit: &Visit, overview: &Overview) -> Result<Vec<EntryLine>, Failure> {
    let all = EntryFilter::default();
    let rows = entries::list(&web.site, &all, None, RECENT).await?.rows;
    let lines = rows.into_iter();
    let lines = lines.map(|row| EntryLine::of(row, overview, visit.lang()));
    Ok(lines.collect())
}

/// The projects that come first: those that wait for somebody, those that stopped, those in force, and no others.
fn cards(overview: &Overview, rounds: &[Round]) -> Vec<ProjectCard> {
    let mut dossiers: Vec<(u8, &Dossier)> = overview
        .dossiers
        .iter()
        .filter_map(|dossier| Some((urgency(dossier.latest()?.standing)?, dossier)))
        .collect();
    dossiers.sort_by_key(|(urgency, _)| *urgency);
    let cards = dossiers.into_iter().take(CARDS).filter_map(|(_, dossier)| {
        let version = dossier.latest()?;
        let agreement = version.agreement();
        let round = rounds
            .iter()
            .find(|r| r.agreement == agreement.id && r.version == agreement.version);
        let project = format!("/projects/{}", agreement.id);
        let path = match version.standing.is_open() {
            true => format!("{project}/versions/{}", agreement.version),
            false => project,
        };
        Some(card(version, path, round.map(|round| round.closes)))
    });
    cards.collect()
}

fn urgency(standing: Standing) -> Option<u8> {
    match standing {
        Standing::AwaitsConsent => Some(0),
        Standing::Objected => Some(1),
        Standing::Suspended => Some(2),
        Standing::NotYetValid => Some(3),
        Standing::InForce => Some(4),
        Standing::Ended | Standing::Superseded | Standing::Expired => None,
    }
}
/// The dimensions whose values are places, whatever their codes are.
const PLACES: [&str; 4] = ["wijk", "buurt", "gemeente", "stadsdeel"];

/// The places that any agreement in force tells of, by name.
fn places(web: &Web, overview: &Overview, lang: Lang) -> Vec<(String, String)> {
    let known = |code: &str| web.maps.name(&web.site.places, code);
    let current = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.current());
    let dimensions = current
        .flat_map(|version| &version.agreement().view)
        .flat_map(|view| &view.dimension);
    named(dimensions, &known, lang)
}

/// The values of dimensions with places, by name: as the agreement calls them, else as maps do, else their code.
fn named<'a>(
    dimensions: impl Iterator<Item = &'a Dimension>,
    known: &dyn Fn(&str) -> Option<&'a str>,
    lang: Lang,
) -> Vec<(String, String)> {
    let has_places = |dimension: &&Dimension| {
        let named = PLACES.contains(&dimension.name.as_str());
        named || dimension.values.iter().any(|value| known(value).is_some())
    };
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for dimension in dimensions.filter(has_places) {
        for code in &dimension.values {
            let label = dimension.labels.get(code).map(|label| label.get(lang));
            let name = label.or_else(|| known(code)).unwrap_or(code);
            names.entry(code).or_insert(name);
        }
    }
    let owned = |(code, name): (&str, &str)| (code.to_owned(), name.to_owned());
    let mut all: Vec<(String, String)> = names.into_iter().map(owned).collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

fn projects_about(overview: &Overview, place: &str) -> Vec<(String, Text)> {
    let current = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.current());
    let about = current.filter(|version| {
        let views = version.agreement().view.iter();
        let mut values = views
            .flat_map(|view| &view.dimension)
            .flat_map(|d| &d.values);
        values.any(|value| value == place)
    });
    about
        .map(|version| {
            (
                version.agreement().id.clone(),
                version.agreement().title.clone(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dimension(name: &str, values: &[&str], labels: &[(&str, &str)]) -> Dimension {
        let labels = labels.iter();
        Dimension {
            name: name.into(),
            label: None,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            labels: labels
                .map(|(code, label)| ((*code).to_owned(), Text::same(*label)))
                .collect(),
            parents: BTreeMap::new(),
            sensitive: false,
            per_unit: true,
            groups: BTreeMap::new(),
        }
    }

    #[test]
    fn every_dimension_with_places_counts_with_labels_or_without() {
        let known = |code: &str| (code == "GM0546").then_some("Leiden");
        let all = [
            dimension("woonplaats", &["GM0546", "elders"], &[]),
            dimension("wijk", &["W1", "W2"], &[("W1", "Noord")]),
            dimension("huishoudtype", &["paar"], &[("paar", "Paar")]),
        ];
        let places = named(all.iter(), &known, Lang::Nl);
        let places: Vec<(&str, &str)> = places
            .iter()
            .map(|(code, name)| (code.as_str(), name.as_str()))
            .collect();
        assert_eq!(
            places,
            [
                ("GM0546", "Leiden"),
                ("W1", "Noord"),
                ("W2", "W2"),
                ("elders", "elders")
            ]
        );
    }
}
