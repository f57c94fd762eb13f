//! A goal: the joint result first, then who does what for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::goals::goal;
use zwerm_app::people::parties;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::indicators::{Indicator, Value};
use zwerm_app::words::number::number;
use zwerm_picture::line::{self, Lines, Series};
use zwerm_picture::tiles::{self, Area, Tiles};
use zwerm_picture::{Figure, Frame, Layout};

use crate::Web;
use crate::goals::indicators::bringers;
use crate::goals::tasks::{self, Parts};
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{badge, of_picture, render};

/// Lines that one picture holds.
const MOST_LINES: usize = 4;

#[derive(Template)]
#[template(path = "goals/goal.html")]
struct Shown {
    page: Page,
    goal: Goal,
    indicators: Vec<Measured>,
    may_bring: bool,
    parts: Parts,
    may_offer: bool,
    projects: Vec<(String, Text, Text, &'static str)>,
}

/// An indicator with its pictures and its table.
struct Measured {
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

/// Shows one.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let goal = goal::find(&web.site, &id).await?;
    let goal = goal.ok_or(Failure::NotFound)?;
    let parties = parties::all(&web.site).await?;
    let mut indicators = Vec::new();
    for (indicator, values) in goal::indicators(&web.site, &id).await? {
        if !values.is_empty() {
            let by = indicator.party.as_deref();
            let known = parties.iter().find(|party| Some(party.id.as_str()) == by);
            indicators.push(Measured {
                by: known.map(|party| party.name.clone()),
                mine: by.is_some_and(|party| visit.may(Act::BringFigures, party)),
                ..measured(&web, indicator, &values, visit.lang())
            });
        }
    }
    let overview = web.site.overview().await?;
    let current = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.current());
    let projects = current.filter(|version| version.agreement().goal == id);
    let projects = projects.map(|version| {
        let agreement = version.agreement();
        let standing = version.standing;
        (
            agreement.id.clone(),
            agreement.title.clone(),
            standing.words(),
            badge(standing),
        )
    });
    render(&Shown {
        page: Page::new(&web, &visit, &goal.title),
        projects: projects.collect(),
        parts: tasks::parts(&web, &visit, &id).await?,
        may_bring: !bringers(&visit, &overview, &id).is_empty(),
        may_offer: !tasks::speaks_for(&visit).is_empty(),
        indicators,
        goal,
    })
}

fn measured(web: &Web, indicator: Indicator, values: &[Value], lang: Lang) -> Measured {
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
    let figures: BTreeMap<(&str, &str), Option<f64>> = values
        .iter()
        .map(|v| ((v.area.as_str(), v.period.as_str()), v.value))
        .collect();
    let figure = |area: &str, period: &str| figures.get(&(area, period)).copied().flatten();
    let decimals = decimals(values);
    // the most numerous kind of area is on the map; lines are for what these add up to
    let of_map = mapped(&areas);
    let is_place = |area: &str| kind(area) == of_map && web.site.places.find(area).is_some();
    let whole: Vec<&(String, String)> = areas.iter().filter(|(code, _)| !is_place(code)).collect();
    let drawn: Vec<&(String, String)> = match whole.as_slice() {
        [] => areas.iter().take(MOST_LINES).collect(),
        some => some.iter().copied().take(MOST_LINES).collect(),
    };
    let frame = |kind: &str, title: &str, layout: Layout| Frame {
        id: match layout {
            Layout::Narrow => format!("{kind}-{}-narrow", indicator.id),
            Layout::Wide => format!("{kind}-{}", indicator.id),
        },
        title: title.to_owned(),
        description: Text::new(
            "Dezelfde cijfers staan in de tabel eronder.",
            "The same figures stand in the table below.",
        )
        .get(lang)
        .to_owned(),
        axis: indicator.unit.get(lang).to_owned(),
        decimals,
        lang: of_picture(lang),
        layout,
    };
    let published = |value: Option<f64>| value.map_or(Figure::Missing, Figure::Value);
    let series: Vec<Series> = drawn
        .iter()
        .map(|(code, name)| Series {
            name: name.clone(),
            figures: periods.iter().map(|p| published(figure(code, p))).collect(),
        })
        .collect();
    let lines = |layout| {
        line::svg(&Lines {
            frame: frame("lines", indicator.title.get(lang), layout),
            periods: periods.clone(),
            series: series.clone(),
            cut_axis: false,
        })
    };
    let last = periods.last().cloned().unwrap_or_default();
    let tiles_of = areas.iter().filter_map(|(code, name)| {
        let place = web.site.places.find(code).filter(|_| is_place(code))?;
        Some(Area {
            code: code.clone(),
            name: name.clone(),
            centroid: (place.lon, place.lat),
            figure: published(figure(code, &last)),
        })
    });
    let tiles_of: Vec<Area> = tiles_of.collect();
    let title = format!("{}, {last}", indicator.title.get(lang));
    let map = |layout| {
        tiles::svg(&Tiles {
            frame: frame("map", &title, layout),
            areas: tiles_of.clone(),
        })
    };
    let map = (tiles_of.len() > 1).then(|| (last.clone(), map(Layout::Narrow), map(Layout::Wide)));
    let rows = areas.iter().map(|(code, name)| {
        let cells = periods.iter().map(|period| {
            figure(code, period).map_or_else(|| "–".to_owned(), |x| number(x, decimals, lang))
        });
        (name.clone(), cells.collect())
    });
    Measured {
        lines: (lines(Layout::Narrow), lines(Layout::Wide)),
        rows: rows.collect(),
        map,
        periods,
        indicator,
        by: None,
        mine: false,
    }
}

/// With how many decimals figures are written: as many as tell them apart, three at most.
fn decimals(values: &[Value]) -> usize {
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
