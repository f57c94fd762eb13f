//! Maps: of an answer by place, and what places are called and where they lie.
//!
//! Outlines are those that a home brings, else the boundaries of the Netherlands; where an area has none, all are tiles.

use zwerm_agreement::agreement::View;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::share::ask_on_page::StoredAnswer;
use zwerm_app::types::home::MapPlaces;
use zwerm_app::types::question::answer::{AnswerTable, AnswerValue, ColumnKind};
use zwerm_app::words::column::heading;
use zwerm_picture::boundaries::{Boundaries, SOURCE};
use zwerm_picture::outline::{OutlineMap, Outlines};
use zwerm_picture::tiles::{self, Area, Tiles};
use zwerm_picture::{Figure, Frame, MapMeasure, PictureLayout};

use crate::share::table::{drawn, figures, frame};

/// What maps are drawn with, read once.
#[derive(Debug, Default)]
pub(crate) struct Maps {
    /// The home's own map.
    own: Option<Outlines>,
    netherlands: Option<Boundaries>,
}

impl Maps {
    /// The home's own map, when it has one that can be drawn, which its keeper reads in the logs; and what comes with us.
    pub(crate) fn read(places: &MapPlaces) -> Self {
        let own = places.boundaries().map(|map| Outlines::read(map, "code"));
        let own = own.and_then(|own| {
            let told = |outline: &_| tracing::warn!(why = %outline, "`map.geojson` is not used");
            own.inspect_err(told).ok()
        });
        Self {
            own,
            netherlands: Boundaries::netherlands().ok(),
        }
    }

    /// What the place of this code is called: as the home says, else as its boundaries do.
    pub(crate) fn name<'a>(&'a self, places: &'a MapPlaces, code: &str) -> Option<&'a str> {
        let own = places.find(code).map(|place| place.name.as_str());
        own.or_else(|| self.netherlands.as_ref()?.name(code))
    }

    /// An area on a map; none when nobody knows where it lies.
    pub(crate) fn area(&self, places: &MapPlaces, code: &str, figure: Figure) -> Option<Area> {
        let own = places.find(code).map(|place| (place.lon, place.lat));
        Some(Area {
            code: code.to_owned(),
            name: self.name(places, code)?.to_owned(),
            centroid: own.or_else(|| self.netherlands.as_ref()?.middle(code))?,
            figure,
        })
    }

    /// Draws areas with outlines where all have one, else as tiles.
    pub(crate) fn draw(
        &self,
        frame: Frame,
        areas: Vec<Area>,
        measure: MapMeasure,
        lang: Lang,
    ) -> String {
        let map = OutlineMap {
            frame,
            areas,
            measure,
            source: None,
        };
        self.outlined(&map, lang).unwrap_or_else(|| {
            let OutlineMap { frame, areas, .. } = map;
            tiles::svg(&Tiles {
                frame,
                areas,
                measure,
            })
        })
    }

    fn outlined(&self, map: &OutlineMap, lang: Lang) -> Option<String> {
        let own = self.own.as_ref().and_then(|own| own.svg(map).ok());
        if let Some(own) = own.filter(|own| own.without_outline.is_empty()) {
            return Some(own.svg);
        }
        let codes: Vec<&str> = map.areas.iter().map(|area| area.code.as_str()).collect();
        let found = self.netherlands.as_ref()?;
        let found = found.outlines(&codes, map.frame.layout)?;
        let year = found.year;
        let source = Text::new(
            format!("Grenzen van {year}: {SOURCE}."),
            format!("Boundaries of {year}: {SOURCE}."),
        );
        let map = OutlineMap {
            source: Some(source.get(lang).to_owned()),
            ..map.clone()
        };
        found.outlines.svg(&map).ok().map(|drawn| drawn.svg)
    }
}

/// A map of one of the figures by place; none when no column holds places that are known, or a place is there twice.
pub(crate) fn map(
    kept: &StoredAnswer,
    view: Option<&View>,
    which: usize,
    (places, maps): (&MapPlaces, &Maps),
    layout: PictureLayout,
    lang: Lang,
) -> Option<String> {
    let answer = &kept.answer;
    let column = figures(answer).nth(which)?;
    let areas = areas(answer, column, (places, maps))?;
    if areas.len() < 2 {
        return None;
    }
    let head = answer.columns().get(column)?;
    let words = heading(head, view, lang);
    let title = Text::new(format!("Kaart: {words}"), format!("Map: {words}"));
    let id = match layout {
        PictureLayout::Narrow => "map-narrow",
        PictureLayout::Wide => "map",
    };
    let measure = match head.kind {
        ColumnKind::Count | ColumnKind::Sum => MapMeasure::Count,
        ColumnKind::Dimension | ColumnKind::Average | ColumnKind::Number => MapMeasure::Rate,
    };
    let frame = frame(head, &words, &title, id, layout, lang);
    Some(maps.draw(frame, areas, measure, lang))
}

/// The places of the first dimension with their figures; none when a value is no text or a place is there twice.
fn areas(
    answer: &AnswerTable,
    column: usize,
    (places, maps): (&MapPlaces, &Maps),
) -> Option<Vec<Area>> {
    let dimension = answer
        .columns()
        .iter()
        .position(|c| c.kind == ColumnKind::Dimension)?;
    let mut areas: Vec<Area> = Vec::new();
    let rows = answer.rows().iter();
    for row in rows.filter(|row| !row.contains(&AnswerValue::Total)) {
        let Some(AnswerValue::Text(code)) = row.get(dimension) else {
            return None;
        };
        // what is in no place, such as `(other)`, is in the table only
        let Some(area) = maps.area(places, code, drawn(row.get(column)?)) else {
            continue;
        };
        if areas.iter().any(|area| area.code == *code) {
            return None;
        }
        areas.push(area);
    }
    Some(areas)
}

#[cfg(test)]
mod tests {
    use zwerm_picture::PictureLang;

    use super::*;

    fn frame() -> Frame {
        Frame {
            id: "map".into(),
            title: "Kaart".into(),
            description: "Twee gebieden".into(),
            axis: "%".into(),
            decimals: 0,
            lang: PictureLang::Nl,
            layout: PictureLayout::Wide,
        }
    }

    fn drawn(maps: &Maps, codes: &[&str]) -> String {
        let places = MapPlaces::default();
        let areas = codes.iter().map(|code| {
            let known = maps.area(&places, code, Figure::Value(1.0));
            known.unwrap_or_else(|| Area {
                code: (*code).to_owned(),
                name: (*code).to_owned(),
                centroid: (4.5, 52.1),
                figure: Figure::Value(2.0),
            })
        });
        maps.draw(frame(), areas.collect(), MapMeasure::Rate, Lang::Nl)
    }

    #[test]
    fn municipalities_have_outlines_with_their_year_and_an_unknown_code_makes_all_tiles() {
        let maps = Maps::read(&MapPlaces::default());
        let svg = drawn(&maps, &["GM0546", "GM0537"]);
        assert!(svg.contains("zwerm-picture--areas"), "{svg}");
        assert!(svg.contains("Grenzen van 2023: CBS/Kadaster"), "{svg}");
        let svg = drawn(&maps, &["GM0546", "X1"]);
        assert!(svg.contains("zwerm-picture--tiles") && !svg.contains("Grenzen van"));
    }

    #[test]
    fn what_a_home_calls_a_place_goes_before_the_name_of_its_boundaries() {
        let maps = Maps::read(&MapPlaces::default());
        let none = MapPlaces::default();
        assert_eq!(maps.name(&none, "GM0363"), Some("Amsterdam"));
        assert_eq!(maps.name(&none, "X1"), None);
    }
}
