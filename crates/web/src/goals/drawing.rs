//! The pictures and the table of one indicator.

use std::collections::{BTreeMap, BTreeSet};

use zwerm_agreement::text::{Lang, Text};
use zwerm_app::types::store::indicators::{Indicator, IndicatorFigure};
use zwerm_app::words::number::number;
use zwerm_picture::line::{self, Lines, Series};
use zwerm_picture::tiles::Area;
use zwerm_picture::{Figure, Frame, MapMeasure, PictureLayout};

use crate::Web;
use crate::render::of_picture;

/// The figures of an indicator, by area and period.
pub(super) struct FigureGrid<'a> {
    /// Codes and names, in the order of the figures.
    pub(super) areas: Vec<(String, String)>,
    pub(super) periods: Vec<String>,
    by_place: BTreeMap<(&'a str, &'a str), Option<f64>>,
    decimals: usize,
}

impl<'a> FigureGrid<'a> {
    pub(super) fn of(values: &'a [IndicatorFigure]) -> Self {
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
    pub(super) fn rows(&self, lang: Lang) -> Vec<(String, Vec<String>)> {
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
pub(super) struct Drawing<'a> {
    web: &'a Web,
    indicator: &'a Indicator,
    figures: &'a FigureGrid<'a>,
    /// The kind of area that is on the map.
    of_map: &'a str,
    lang: Lang,
}

impl<'a> Drawing<'a> {
    pub(super) fn of(
        web: &'a Web,
        indicator: &'a Indicator,
        figures: &'a FigureGrid<'a>,
        lang: Lang,
    ) -> Self {
        Self {
            web,
            indicator,
            figures,
            of_map: mapped(&figures.areas),
            lang,
        }
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

    /// The lines of these areas over the periods, narrow and wide.
    pub(super) fn lines(&self, areas: &[&(String, String)]) -> (String, String) {
        let lines = |layout| {
            line::svg(&Lines {
                frame: self.frame("lines", self.indicator.title.get(self.lang), layout),
                periods: self.figures.periods.clone(),
                series: self.series(areas),
                cut_axis: false,
            })
        };
        (lines(PictureLayout::Narrow), lines(PictureLayout::Wide))
    }

    fn series(&self, areas: &[&(String, String)]) -> Vec<Series> {
        let periods = &self.figures.periods;
        let series = areas.iter().map(|(code, name)| Series {
            name: name.clone(),
            figures: periods
                .iter()
                .map(|period| self.figures.published(code, period))
                .collect(),
        });
        series.collect()
    }

    /// The last period, with its map narrow and wide; none of a single area.
    pub(super) fn map(&self) -> Option<(String, String, String)> {
        let last = self.figures.periods.last().cloned().unwrap_or_default();
        let areas = self.on_map(&last);
        let title = format!("{}, {last}", self.indicator.title.get(self.lang));
        let measure = measure(&self.indicator.unit);
        let map = |layout| {
            let frame = self.frame("map", &title, layout);
            self.web.maps.draw(frame, areas.clone(), measure, self.lang)
        };
        (areas.len() > 1).then(|| (last, map(PictureLayout::Narrow), map(PictureLayout::Wide)))
    }

    fn on_map(&self, period: &str) -> Vec<Area> {
        let (places, maps) = (&self.web.site.places, &self.web.maps);
        let areas = self.figures.areas.iter();
        let areas = areas.filter(|(code, _)| kind(code) == self.of_map);
        let areas = areas.filter_map(|(code, name)| {
            let figure = self.figures.published(code, period);
            Some(Area {
                name: name.clone(),
                ..maps.area(places, code, figure)?
            })
        });
        areas.collect()
    }
}

/// The words of a unit that is a rate; whole words, in either language.
const RATES: [&str; 20] = [
    "procent",
    "percent",
    "per",
    "promille",
    "gemiddeld",
    "gemiddelde",
    "average",
    "mean",
    "mediaan",
    "median",
    "aandeel",
    "share",
    "ratio",
    "index",
    "score",
    "cijfer",
    "jaar",
    "years",
    "graden",
    "degrees",
];

/// What an indicator's figures are: a rate when its unit says so, else a count, which is never a shade on a map.
fn measure(unit: &Text) -> MapMeasure {
    let is_rate = |words: &str| {
        let words = words.to_lowercase();
        let mut each = words.split(|char: char| !char.is_alphabetic());
        words.contains(['%', '\u{2030}', '/']) || each.any(|word| RATES.contains(&word))
    };
    match is_rate(&unit.nl) || is_rate(&unit.en) {
        true => MapMeasure::Rate,
        false => MapMeasure::Count,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_says_whether_its_figures_are_rates() {
        let of = |nl, en| measure(&Text::new(nl, en));
        for (nl, en) in [
            ("% van de inwoners", "% of inhabitants"),
            ("euro per maand", "EUR/month"),
            ("Gemiddelde wachttijd", "Average wait"),
            ("jaar", "years"),
        ] {
            assert_eq!(of(nl, en), MapMeasure::Rate, "{nl}");
        }
        for (nl, en) in [
            ("huishoudens", "households"),
            ("personen", "persons"),
            ("aantal", "number"),
        ] {
            assert_eq!(of(nl, en), MapMeasure::Count, "{nl}");
        }
    }
}
