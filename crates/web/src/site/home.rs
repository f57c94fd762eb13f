//! The first page: what this is, the goals, what is being decided now, and what was asked last.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::text::Text;
use zwerm_app::decide::rounds;
use zwerm_app::goals::goal;
use zwerm_app::share::questions;
use zwerm_app::site::overview::Overview;
use zwerm_app::site::standing::Standing;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::questions::AskedQuestion;
use zwerm_app::types::store::rounds::Round;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{badge, render};
use crate::site::beginning::{self, BeginningList};

#[derive(Template)]
#[template(path = "site/home.html")]
struct HomePage {
    page: Page,
    /// What a new home still needs.
    beginning: Option<BeginningList>,
    goals: Vec<Goal>,
    deciding: Vec<Deciding>,
    questions: Vec<(AskedQuestion, Text)>,
    places: Vec<(String, String)>,
    place: Option<(String, String)>,
    here: Vec<(String, Text)>,
}

struct Deciding {
    id: String,
    version: u32,
    title: Text,
    standing: Text,
    badge: &'static str,
    closes: Option<jiff::Timestamp>,
}

#[derive(Deserialize)]
pub(crate) struct ChosenPlace {
    #[serde(default)]
    place: String,
}

/// The first page, for a visitor or for whoever is signed in.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(chosen): Query<ChosenPlace>,
) -> Result<Response, Failure> {
    let site = &web.site;
    let overview = site.overview().await?;
    let rounds = rounds::open(site).await?;
    let asked = questions::public(site, None, None, 5).await?.rows;
    let places = places(&overview, visit.lang());
    let place = places
        .iter()
        .find(|(code, _)| *code == chosen.place)
        .cloned();
    let here = match &place {
        Some((code, _)) => projects_about(&overview, code),
        None => Vec::new(),
    };
    let title = Text::new(
        "Samen beslissen over gegevens",
        "Deciding together about data",
    );
    render(&HomePage {
        beginning: beginning::list(&web, &visit).await?,
        page: Page::new(&web, &visit, &title),
        goals: goal::all(site).await?,
        deciding: deciding(&overview, &rounds),
        questions: titled(asked, &overview),
        places,
        place,
        here,
    })
}

/// The newest versions that parties are deciding about, or that are suspended.
fn deciding(overview: &Overview, rounds: &[Round]) -> Vec<Deciding> {
    let latest = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.latest());
    let deciding = latest.filter_map(|latest| {
        let agreement = latest.agreement();
        let round = rounds
            .iter()
            .find(|r| r.agreement == agreement.id && r.version == agreement.version);
        let open = latest.standing.is_open() || latest.standing == Standing::Suspended;
        (open || round.is_some()).then(|| Deciding {
            id: agreement.id.clone(),
            version: agreement.version,
            title: agreement.title.clone(),
            standing: latest.standing.words(),
            badge: badge(latest.standing),
            closes: round.map(|round| round.closes),
        })
    });
    deciding.collect()
}

/// The questions, each with the title of the agreement that it was asked under.
fn titled(asked: Vec<AskedQuestion>, overview: &Overview) -> Vec<(AskedQuestion, Text)> {
    let titled = asked.into_iter().map(|asked| {
        let version = overview
            .dossier(&asked.agreement)
            .and_then(|d| d.version(asked.version));
        let title = version.map_or_else(
            || Text::same(&asked.agreement),
            |version| version.agreement().title.clone(),
        );
        (asked, title)
    });
    titled.collect()
}

/// The dimensions whose values are places.
const PLACES: [&str; 4] = ["wijk", "buurt", "gemeente", "stadsdeel"];

/// The places that any agreement in force tells of, by name.
fn places(overview: &Overview, lang: zwerm_agreement::text::Lang) -> Vec<(String, String)> {
    let current = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.current());
    let dimensions = current
        .flat_map(|version| &version.agreement().view)
        .flat_map(|view| &view.dimension)
        .filter(|dimension| PLACES.contains(&dimension.name.as_str()));
    let labels = dimensions.flat_map(|dimension| &dimension.labels);
    let mut all: Vec<(String, String)> = labels
        .map(|(code, label)| (code.clone(), label.get(lang).to_owned()))
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all.dedup();
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
