//! A goal: the joint result first, then who does what for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::goals::goal;
use zwerm_app::people::parties;
use zwerm_app::site::overview::Overview;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::indicators::{Indicator, IndicatorFigure};
use zwerm_app::words::number::number;
use zwerm_picture::line::{self, Lines, Series};
use zwerm_picture::tiles::{self, Area, Tiles};
use zwerm_picture::{Figure, Frame, PictureLayout};

use crate::Web;
use crate::decide::card::{ProjectCard, card};
use crate::goals::indicators::bringers;
use crate::goals::tasks::{self, TaskLines};
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{of_picture, render};

/// Lines that one picture holds.
const MOST_LINES: usize = 4;

#[derive(Template)]
#[template(path = "goals/goal.html")]
struct GoalPage {
    page: Page,
    goal: Goal,
    indicators: Vec<MeasuredIndicator>,
    may_bring: bool,
    parts: TaskLines,
    may_offer: bool,
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
    map: Option<(String, String, String)>,
    periods: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
}

/// The page of a goal, with its indicators, its tasks and its projects.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let goal = goal::find(&web.site, &id).await?;
    let goal = goal.ok_or(Failure::NotFound)?;
    let indicators = indicators(&web, &visit, &id).await?;
    let overview = web.site.overview().await?;
    render(&GoalPage {
        page: Page::new(&web, &visit, &goal.title).under("/goals", &Text::new("Opgaven", "Goals")),
        cards: cards(&overview, &id),
        parts: tasks::parts(&web, &visit, &id).await?,
        may_bring: !bringers(&visit, &overview, &id).is_empty(),
        may_offer: !tasks::speaks_for(&visit).is_empty(),
        indicators,
        goal,
    })
}

/// The indicators of a goal that have figures, each with who delivered it.
async fn indicators(
    web: &Web,
    visit: &Visit,
    goal: &str,
) -> Result<Vec<MeasuredIndicator>, Failure> {
    let parties = parties::all(&web.site).await?;
    let mut indicators = Vec::new();
    for (indicator, values) in goal::indicators(&web.site, goal).await? {
        if !values.is_empty() {
            let by = indicator.party.as_deref();
            let known = parties.iter().find(|party| Some(party.id.as_str()) == by);
            indicators.push(MeasuredIndicator {
                by: known.map(|party| party.name.clone()),
                mine: by.is_some_and(|party| visit.may(Act::BringFigures, party)),
                ..measured(web, indicator, &values, visit.lang())
            });
        }
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

fn measured(
    web: &Web,
    indicator: Indicator,
    values: &[IndicatorFigure],
    lang: Lang,
) -> MeasuredIndicator {
    let figures = FigureGrid::of(values);
    let drawing = Drawing {
        web,
        indicator: &indicator,
        figures: &figures,
        of_map: mapped(&figures.areas),
        lang,
    };
    MeasuredIndicator {
        lines: drawing.lines(),
        map: drawing.map(),
        rows: figures.rows(lang),
        periods: figures.periods,
        indicator,
        by: None,
        mine: false,
    }
}

/// The figures of an indicator, by area and period.
struct FigureGrid<'a> {
    /// Codes and names, in the order of the figures.
    areas: Vec<(String, String)>,
    periods: Vec<String>,
    by_place: BTreeMap<(&'a str, &'a str), Option<f64>>,
    decimals: usize,
}

impl<'a> FigureGrid<'a> {
    fn of(values: &'a [IndicatorFigure]) -> Self {
        let mut periods: Vec<String> = values.iter().map(|v| v.period.clone()).collect();
        periods.sort_unstable();
        periods.dedup();
        let mut areas: Vec<(String, String)> = Vec::new();
        let mut known = BTreeSet::new();
        for value in values {
            if known.insert(value.area.as_str()) {
                areas.push((value.area.clone(), value.area_name.clone()));
            }
        }
        let by_place = values
            .iter()
            .map(|v| ((v.area.as_str(), v.period.as_str()), v.value));
        Self {
            areas,
            periods,
            by_place: by_place.collect(),
            decimals: decimals(values),
        }
    }

    fn find(&self, area: &str, period: &str) -> Option<f64> {
        self.by_place.get(&(area, period)).copied().flatten()
    }

    /// The figure as pictures show it; what was not published is missing.
    fn published(&self, area: &str, period: &str) -> Figure {
        self.find(area, period)
            .map_or(Figure::Missing, Figure::Value)
    }

    /// The table: the name of each area, with its figures as text.
    fn rows(&self, lang: Lang) -> Vec<(String, Vec<String>)> {
        let rows = self.areas.iter().map(|(code, name)| {
            let cells = self.periods.iter().map(|period| {
                self.find(code, period)
                    .map_or_else(|| "–".to_owned(), |x| number(x, self.decimals, lang))
            });
            (name.clone(), cells.collect())
        });
        rows.collect()
    }
}

/// The pictures of one indicator: the most numerous kind of area is on the map; lines are for what these add up to.
struct Drawing<'a> {
    web: &'a Web,
    indicator: &'a Indicator,
    figures: &'a FigureGrid<'a>,
    /// The kind of area that is on the map.
    of_map: &'a str,
    lang: Lang,
}

impl Drawing<'_> {
    fn is_place(&self, area: &str) -> bool {
        kind(area) == self.of_map && self.web.site.places.find(area).is_some()
    }

    fn frame(&self, kind: &str, title: &str, layout: PictureLayout) -> Frame {
        let indicator = self.indicator;
        Frame {
            id: match layout {
                PictureLayout::Narrow => format!("{kind}-{}-narrow", indicator.id),
                PictureLayout::Wide => format!("{kind}-{}", indicator.id),
            },
            title: title.to_owned(),
            description: Text::new(
                "Dezelfde cijfers staan in de tabel eronder.",
                "The same figures stand in the table below.",
            )
            .get(self.lang)
            .to_owned(),
            axis: indicator.unit.get(self.lang).to_owned(),
            decimals: self.figures.decimals,
            lang: of_picture(self.lang),
            layout,
        }
    }

    /// The series over the periods, narrow and wide.
    fn lines(&self) -> (String, String) {
        let series = self.series();
        let lines = |layout| {
            line::svg(&Lines {
                frame: self.frame("lines", self.indicator.title.get(self.lang), layout),
                periods: self.figures.periods.clone(),
                series: series.clone(),
                cut_axis: false,
            })
        };
        (lines(PictureLayout::Narrow), lines(PictureLayout::Wide))
    }

    fn series(&self) -> Vec<Series> {
        let (areas, periods) = (&self.figures.areas, &self.figures.periods);
        let whole: Vec<&(String, String)> = areas
            .iter()
            .filter(|(code, _)| !self.is_place(code))
            .collect();
        let drawn: Vec<&(String, String)> = match whole.as_slice() {
            [] => areas.iter().take(MOST_LINES).collect(),
            some => some.iter().copied().take(MOST_LINES).collect(),
        };
        let series = drawn.iter().map(|(code, name)| Series {
            name: name.clone(),
            figures: periods
                .iter()
                .map(|period| self.figures.published(code, period))
                .collect(),
        });
        series.collect()
    }

    /// The last period, with its map narrow and wide; none of a single area.
    fn map(&self) -> Option<(String, String, String)> {
        let last = self.figures.periods.last().cloned().unwrap_or_default();
        let areas = self.on_map(&last);
        let title = format!("{}, {last}", self.indicator.title.get(self.lang));
        let map = |layout| {
            tiles::svg(&Tiles {
                frame: self.frame("map", &title, layout),
                areas: areas.clone(),
            })
        };
        (areas.len() > 1).then(|| (last, map(PictureLayout::Narrow), map(PictureLayout::Wide)))
    }

    fn on_map(&self, period: &str) -> Vec<Area> {
        let areas = self.figures.areas.iter().filter_map(|(code, name)| {
            let places = &self.web.site.places;
            let place = places.find(code).filter(|_| self.is_place(code))?;
            Some(Area {
                code: code.clone(),
                name: name.clone(),
                centroid: (place.lon, place.lat),
                figure: self.figures.published(code, period),
            })
        });
        areas.collect()
    }
}

/// With how many decimals figures are written: as many as tell them apart, three at most.
fn decimals(values: &[IndicatorFigure]) -> usize {
    let whole = |decimals: usize| {
        let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or(0));
        let mut figures = values.iter().filter_map(|value| value.value);
        figures.all(|x| ((x * scale).round() - x * scale).abs() <= 1e-9 * (x * scale).abs())
    };
    (0..3).find(|decimals| whole(*decimals)).unwrap_or(3)
}

/// The kind of an area: the letters that its code begins with, such as `WK` or `GM`.
fn kind(code: &str) -> &str {
    let digits = code.find(|c: char| !c.is_ascii_alphabetic());
    digits.and_then(|end| code.get(..end)).unwrap_or(code)
}

/// The kind that most areas are of.
fn mapped(areas: &[(String, String)]) -> &str {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (code, _) in areas {
        *counts.entry(kind(code)).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(kind, _)| kind).unwrap_or_default()
}
