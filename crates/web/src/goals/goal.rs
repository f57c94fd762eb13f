//! A goal: the joint result first, then who does what for it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::goals::tasks::{TaskList, count};
use zwerm_app::goals::{goal, words};
use zwerm_app::people::parties;
use zwerm_app::site::overview::Overview;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::indicators::Indicator;

use crate::Web;
use crate::decide::card::{ProjectCard, card};
use crate::goals::drawing::{Drawing, FigureGrid};
use crate::goals::indicators::bringers;
use crate::goals::lines::{self, GoalQuery, LineChoice, MOST_LINES};
use crate::goals::tasks::{self, TaskLines};
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::render;

#[derive(Template)]
#[template(path = "goals/goal.html")]
struct GoalPage {
    page: Page,
    goal: Goal,
    indicators: Vec<MeasuredIndicator>,
    may_bring: bool,
    parts: TaskLines,
    /// How many tasks somebody answers for.
    answered_for: u64,
    may_offer: bool,
    may_reword: bool,
    cards: Vec<ProjectCard>,
}

/// An indicator with its pictures and its table.
struct MeasuredIndicator {
    indicator: Indicator,
    /// Who delivered it.
    by: Option<Text>,
    /// Whether whoever looks may correct it.
    mine: bool,
    lines: (String, String),
    /// The codes of the areas that have a line.
    drawn: Vec<String>,
    /// Every area by code and name, from which a reader chooses; none when all have a line anyhow.
    areas: Vec<(String, String)>,
    map: Option<(String, String, String)>,
    periods: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

/// The page of a goal, with its indicators, its tasks and its projects.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(query): Query<GoalQuery>,
) -> Result<Response, Failure> {
    let goal = goal::find(&web.site, &id).await?;
    let goal = goal.ok_or(Failure::NotFound)?;
    let overview = web.site.overview().await?;
    let order = words::order(&web.site, &id).await?;
    let mut choice = LineChoice::of(&query);
    choice.site = web.config.site.name.clone();
    choice.places = lines::places(&overview, &id);
    let indicators = indicators(&web, &visit, &id, &choice).await?;
    render(&GoalPage {
        page: Page::new(&web, &visit, &goal.title).under("/goals", &Text::new("Opgaven", "Goals")),
        cards: {
            let mut cards = cards(&overview, &id);
            words::in_order(&mut cards, &order, |one| one.project());
            cards
        },
        may_reword: match visit.signed() {
            Some(signed) => !words::writers(&web.site, signed, &id).await?.is_empty(),
            None => false,
        },
        parts: tasks::latest(&web, &visit, &id).await?,
        answered_for: count(&web.site, &id, TaskList::Done).await?,
        may_bring: !bringers(&visit, &overview, &id).is_empty(),
        may_offer: !tasks::speaks_for(&visit).is_empty(),
        indicators,
        goal,
    })
}

impl MeasuredIndicator {
    /// The number of each line that a reader can choose, from 1, with the area that it is of now.
    fn choices(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..MOST_LINES).map(|line| {
            let code = self.drawn.get(line).map_or("", String::as_str);
            (line + 1, code)
        })
    }
}

/// The indicators of a goal that have figures, each with who delivered it.
async fn indicators(
    web: &Web,
    visit: &Visit,
    goal: &str,
    choice: &LineChoice,
) -> Result<Vec<MeasuredIndicator>, Failure> {
    let parties = parties::all(&web.site).await?;
    let lang = visit.lang();
    let mut indicators = Vec::new();
    for (indicator, values) in goal::indicators(&web.site, goal).await? {
        if values.is_empty() {
            continue;
        }
        let by = indicator.party.as_deref();
        let known = parties.iter().find(|party| Some(party.id.as_str()) == by);
        let figures = FigureGrid::of(&values);
        let drawn = choice.lines(&figures.areas);
        let drawing = Drawing::of(web, &indicator, &figures, lang);
        indicators.push(MeasuredIndicator {
            by: known.map(|party| party.name.clone()),
            mine: by.is_some_and(|party| visit.may(Act::BringFigures, party)),
            lines: drawing.lines(&drawn),
            map: drawing.map(),
            rows: figures.rows(lang),
            areas: match figures.areas.len() > MOST_LINES {
                true => figures.areas.clone(),
                false => Vec::new(),
            },
            drawn: drawn.into_iter().map(|(code, _)| code.clone()).collect(),
            periods: figures.periods,
            indicator,
        });
    }
    Ok(indicators)
}

/// The projects for a goal, each with how far it is.
fn cards(overview: &Overview, goal: &str) -> Vec<ProjectCard> {
    let dossiers = overview.dossiers.iter();
    let current = dossiers.filter_map(|dossier| dossier.current());
    let projects = current.filter(|version| version.agreement().goal == goal);
    let cards = projects.map(|version| {
        let path = format!("/projects/{}", version.agreement().id);
        card(version, path, None)
    });
    cards.collect()
}

#[derive(Template)]
#[template(path = "goals/goals.html")]
struct GoalsPage {
    page: Page,
    goals: Vec<Goal>,
    /// The id of the last, when others follow.
    more: Option<String>,
}

/// Goals on one page.
const LISTED: usize = 50;

/// From which goal on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GoalsQuery {
    /// The id of the last goal on the page before.
    after: String,
}

/// The list of goals.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<GoalsQuery>,
) -> Result<Response, Failure> {
    let all = goal::all(&web.site).await?.into_iter();
    let mut goals: Vec<Goal> = all.filter(|goal| goal.id > wanted.after).collect();
    let more = goals.len() > LISTED;
    goals.truncate(LISTED);
    render(&GoalsPage {
        page: Page::new(&web, &visit, &Text::new("Opgaven", "Goals")),
        more: goals.last().filter(|_| more).map(|goal| goal.id.clone()),
        goals,
    })
}
