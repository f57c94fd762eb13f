//! A map with outlines that somebody brings: GeoJSON (RFC 7946) with a property that holds the areas' codes.
//!
//! The file is a stranger's, so its size and number of points are bounded, and nothing of it is drawn but coordinates.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::assign::{narrowing, range};
use crate::classes::Classes;
use crate::svg::{Anchor, Canvas, Look, px, width};
use crate::tiles::Area;
use crate::{Figure, Frame, PictureLang, PictureLayout, legend};

/// Why outlines cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutlineError {
    /// Too many bytes.
    #[error("the map has {0} bytes, and at most 5,000,000 can be drawn; simplify it first")]
    TooLarge(usize),
    /// Too many points.
    #[error("the map has more than 200,000 points; simplify it first")]
    TooManyPoints,
    /// No JSON, or no areas in it.
    #[error("this is no geojson; take a FeatureCollection of Polygon and MultiPolygon")]
    NotGeoJson,
    /// No area has the property.
    #[error("no area in the map has a property `{0}`; name the one that holds the codes")]
    NoProperty(String),
    /// None of its codes is known.
    #[error("none of the codes in the map is one of the answer, such as `{0}`")]
    NoMatch(String),
}

impl OutlineError {
    /// What is wrong and what to do about it, in Dutch; `Display` says it in English.
    pub fn in_dutch(&self) -> String {
        match self {
            Self::TooLarge(bytes) => {
                let bytes = crate::scale::number(*bytes as f64, 0, PictureLang::Nl);
                format!(
                    "de kaart heeft {bytes} bytes, en meer dan 5.000.000 gaat niet; vereenvoudig haar eerst"
                )
            }
            Self::TooManyPoints => {
                "de kaart heeft meer dan 200.000 punten; vereenvoudig haar eerst".into()
            }
            Self::NotGeoJson => {
                "dit is geen GeoJSON; neem een FeatureCollection van Polygon en MultiPolygon".into()
            }
            Self::NoProperty(name) => {
                format!(
                    "geen gebied in de kaart heeft een kenmerk `{name}`; noem het kenmerk met de codes"
                )
            }
            Self::NoMatch(code) => {
                format!("geen code in de kaart staat in het antwoord, zoals `{code}`")
            }
        }
    }
}

/// A map that was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// The picture.
    pub svg: String,
    /// Codes of areas that the map has no outline of: the page says so.
    pub without_outline: Vec<String>,
}

/// Longitude and latitude, or other coordinates on the ground: to the east, and to the north.
pub type Point = (f64, f64);

/// The outlines of one code.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub(crate) code: String,
    pub(crate) rings: Vec<Vec<Point>>,
}

/// Draws areas with the outlines of a GeoJSON text, whose `property` holds the codes.
///
/// Outlines of other codes are drawn as having no figure. The areas' own centroids are not used.
///
/// # Errors
/// The text is too large, is no GeoJSON with areas, or has none of these codes.
///
/// ```
/// use zwerm_picture::outline::{self, OutlineError};
/// use zwerm_picture::{Frame, PictureLang, PictureLayout};
/// let frame = Frame {
///     id: "homes".into(),
///     title: "Homes per district".into(),
///     description: "Two districts, one of them protected".into(),
///     axis: "homes".into(),
///     decimals: 0,
///     lang: PictureLang::En,
///     layout: PictureLayout::Wide,
/// };
/// assert_eq!(outline::svg(&frame, &[], "no map", "code"), Err(OutlineError::NotGeoJson));
/// ```
pub fn svg(
    frame: &Frame,
    areas: &[Area],
    geojson: &str,
    property: &str,
) -> Result<Drawn, OutlineError> {
    Outlines::read(geojson, property)?.svg(frame, areas)
}

/// The outlines of a GeoJSON text, read once to be drawn many times.
#[derive(Debug, Clone)]
pub struct Outlines(Vec<Outline>);

impl Outlines {
    pub(crate) fn of(outlines: Vec<Outline>) -> Self {
        Self(outlines)
    }

    /// Reads a GeoJSON text, whose `property` holds the codes.
    ///
    /// # Errors
    /// The text is too large, or is no GeoJSON with areas.
    ///
    /// ```
    /// use zwerm_picture::outline::{OutlineError, Outlines};
    /// assert_eq!(Outlines::read("no map", "code").err(), Some(OutlineError::NotGeoJson));
    /// ```
    pub fn read(geojson: &str, property: &str) -> Result<Self, OutlineError> {
        read::read(geojson, property).map(Self)
    }

    /// Draws areas with these outlines, as [`svg`] does.
    ///
    /// # Errors
    /// None of the outlines is of one of the areas.
    pub fn svg(&self, frame: &Frame, areas: &[Area]) -> Result<Drawn, OutlineError> {
        drawn(frame, areas, &self.0)
    }
}

fn drawn(frame: &Frame, areas: &[Area], outlines: &[Outline]) -> Result<Drawn, OutlineError> {
    let without = without_outline(areas, outlines);
    if without.len() == areas.len() {
        let code = outlines
            .first()
            .map(|outline| outline.code.chars().take(40).collect());
        return Err(OutlineError::NoMatch(code.unwrap_or_default()));
    }
    Ok(Drawn {
        svg: draw(frame, areas, outlines),
        without_outline: without,
    })
}

/// The codes of areas that the map has no outline of.
fn without_outline(areas: &[Area], outlines: &[Outline]) -> Vec<String> {
    let codes = outlines.iter().map(|outline| outline.code.as_str());
    let drawn: BTreeSet<&str> = codes.collect();
    areas
        .iter()
        .filter(|area| !drawn.contains(area.code.as_str()))
        .map(|area| area.code.clone())
        .collect()
}

/// The legend, the outlines in the shades of their figures, and on top of these the labels.
fn draw(frame: &Frame, areas: &[Area], outlines: &[Outline]) -> String {
    let known: BTreeMap<&str, &Area> = areas
        .iter()
        .map(|area| (area.code.as_str(), area))
        .collect();
    let figure = |outline: &Outline| {
        known
            .get(outline.code.as_str())
            .map_or(Figure::Missing, |area| area.figure)
    };
    let figures: Vec<Figure> = outlines.iter().map(figure).collect();
    let classes = Classes::of(figures.iter().filter_map(|figure| figure.value()));
    let mut canvas = Canvas::new(frame);
    let top = legend::draw(&mut canvas, frame, classes, &figures, 0.0) + 4.0;
    let view = MapProjection::of(frame, outlines, top);
    let mut labels = Vec::new();
    for (outline, figure) in outlines.iter().zip(figures) {
        let name = known
            .get(outline.code.as_str())
            .map_or(outline.code.as_str(), |area| &area.name);
        let shade = figure
            .value()
            .zip(classes)
            .map(|(value, classes)| classes.shade(value));
        canvas.open(&format!("{name}: {}", frame.words(figure)));
        canvas.shape(
            shade,
            figure == Figure::Protected,
            &view.path(&outline.rings),
        );
        canvas.close();
        labels.extend(label(frame, &view, outline, figure, shade));
    }
    for (place, look, words) in labels {
        canvas.text(place, Anchor::Middle, look, &words);
    }
    canvas.finish(frame, "areas", view.bottom + 6.0)
}

/// The figure on an area, where it has the room.
fn label(
    frame: &Frame,
    view: &MapProjection,
    outline: &Outline,
    figure: Figure,
    shade: Option<usize>,
) -> Option<(Point, Look, String)> {
    let words = frame.number(figure.value()?);
    let font = frame.layout.font();
    let ring = outline
        .rings
        .iter()
        .max_by(|a, b| area_of(a).abs().total_cmp(&area_of(b).abs()))?;
    let (x, y) = view.place(centroid(ring)?);
    // the middle of an area may lie outside it, or at an edge
    let half = width(&words, font) / 2.0 + 2.0;
    let fits = [
        (-half, -font / 2.0),
        (half, -font / 2.0),
        (-half, font / 2.0),
        (half, font / 2.0),
    ];
    let inside = fits
        .iter()
        .all(|(dx, dy)| contains(ring, view.back((x + dx, y + dy))));
    inside.then_some(((x, y), shade.map_or(Look::Plain, Look::On), words))
}

/// From coordinates on the ground to places in the drawing: north is up, and nothing is stretched.
struct MapProjection {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    left: f64,
    top: f64,
    bottom: f64,
}

impl MapProjection {
    fn of(frame: &Frame, outlines: &[Outline], top: f64) -> Self {
        let points = || outlines.iter().flat_map(|outline| &outline.rings).flatten();
        let all: Vec<Point> = points().copied().collect();
        let narrowing = narrowing(&all);
        let (west, east) = range(all.iter().map(|point| point.0));
        let (south, north) = range(all.iter().map(|point| point.1));
        let room = frame.layout.width() - 8.0;
        let highest = match frame.layout {
            PictureLayout::Narrow => 420.0,
            PictureLayout::Wide => 640.0,
        };
        let (wide, high) = ((east - west) * narrowing, north - south);
        let scale = (room / wide.max(1e-12)).min(highest / high.max(1e-12));
        Self {
            west,
            north,
            across: scale * narrowing,
            down: scale,
            left: 4.0 + (room - wide * scale) / 2.0,
            top,
            bottom: top + high * scale,
        }
    }

    fn place(&self, (x, y): Point) -> Point {
        (
            self.left + (x - self.west) * self.across,
            self.top + (self.north - y) * self.down,
        )
    }

    fn back(&self, (x, y): Point) -> Point {
        (
            self.west + (x - self.left) / self.across,
            self.north - (y - self.top) / self.down,
        )
    }

    /// The rings as a path; points that fall together with the one before are left out.
    fn path(&self, rings: &[Vec<Point>]) -> String {
        let mut path = String::new();
        for ring in rings {
            let mut before = String::new();
            for (number, point) in ring.iter().enumerate() {
                let (x, y) = self.place(*point);
                let here = format!("{} {}", px(x), px(y));
                if here != before {
                    path.push(if number == 0 { 'M' } else { 'L' });
                    path.push_str(&here);
                }
                before = here;
            }
            path.push('Z');
        }
        path
    }
}

/// Each point of a ring with the next.
fn edges(ring: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the signed area of a ring.
pub(crate) fn area_of(ring: &[Point]) -> f64 {
    edges(ring)
        .map(|((ax, ay), (bx, by))| ax * by - bx * ay)
        .sum()
}

/// The ring with the greatest area.
pub(crate) fn largest(rings: &[Vec<Point>]) -> Option<&Vec<Point>> {
    let by_area = |a: &&Vec<Point>, b: &&Vec<Point>| area_of(a).abs().total_cmp(&area_of(b).abs());
    rings.iter().max_by(by_area)
}

/// The centroid of a ring by its area, about its first point, since coordinates may be large.
pub(crate) fn centroid(ring: &[Point]) -> Option<Point> {
    let (ox, oy) = *ring.first()?;
    let moved: Vec<Point> = ring.iter().map(|(x, y)| (x - ox, y - oy)).collect();
    let area = area_of(&moved);
    let sum = edges(&moved).fold((0.0, 0.0), |(x, y), ((ax, ay), (bx, by))| {
        let cross = ax * by - bx * ay;
        (x + (ax + bx) * cross, y + (ay + by) * cross)
    });
    (area != 0.0).then(|| (ox + sum.0 / (3.0 * area), oy + sum.1 / (3.0 * area)))
}

/// Whether a ring goes around a point.
fn contains(ring: &[Point], (x, y): Point) -> bool {
    let crosses = |((ax, ay), (bx, by)): &(Point, Point)| {
        (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    };
    edges(ring).filter(crosses).count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::read::{LARGEST, MOST_POINTS};
    use super::*;
    use crate::tests::check;
    use crate::tests::frame;

    fn area(code: &str, figure: Figure) -> Area {
        Area {
            code: code.into(),
            name: format!("Wijk <{code}>"),
            centroid: (0.0, 0.0),
            figure,
        }
    }

    fn square(code: &str, west: f64) -> String {
        let east = west + 0.1;
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},52],[{east},52],[{east},52.1],[{west},52.1],[{west},52]]]}}}}"#
        )
    }

    fn collection(features: &[String]) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{}]}}"#,
            features.join(",")
        )
    }

    fn draw(geojson: &str, property: &str) -> Result<Drawn, OutlineError> {
        let areas = [
            area("A", Figure::Value(12.5)),
            area("B", Figure::Protected),
            area("C", Figure::Missing),
        ];
        svg(
            &frame(PictureLang::Nl, PictureLayout::Wide),
            &areas,
            geojson,
            property,
        )
    }

    #[test]
    fn areas_are_found_by_their_code_and_the_protected_one_is_hatched() {
        let map = collection(&[square("A", 4.0), square("B", 4.1), square("<X>", 4.2)]);
        let drawn = draw(&map, "code").unwrap();
        check(&drawn.svg);
        assert_eq!(drawn.without_outline, ["C"]);
        assert!(drawn.svg.contains("<title>Wijk &lt;A&gt;: 12,5</title>"));
        assert!(
            drawn
                .svg
                .contains(r#"class="zwerm-picture__protected" fill="url(#p-hatch)" d="M"#)
        );
        assert!(drawn.svg.contains("&lt;X&gt;: geen cijfer"));
        assert!(drawn.svg.contains(">12,5</text>"));
    }

    #[test]
    fn a_multipolygon_is_drawn_and_what_is_no_area_is_not() {
        let map = collection(&[
            r#"{"properties":{"code":"A"},"geometry":{"type":"MultiPolygon","coordinates":[[[[4,52],[5,52],[5,53],[4,52]]],[[[6,52],[7,52],[7,53],[6,52]]]]}}"#.into(),
            r#"{"properties":{"code":"B"},"geometry":{"type":"Point","coordinates":[4,52]}}"#.into(),
            r#"{"properties":null,"geometry":null}"#.into(),
        ]);
        let drawn = draw(&map, "code").unwrap();
        check(&drawn.svg);
        assert_eq!(drawn.svg.matches("<path").count(), 1);
        assert_eq!(drawn.without_outline, ["B", "C"]);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_with_a_reason() {
        let map = collection(&[square("A", 4.0)]);
        assert_eq!(
            draw(&map, "statcode"),
            Err(OutlineError::NoProperty("statcode".into()))
        );
        assert_eq!(
            draw(&map.replace("\"A\"", "\"Z\""), "code"),
            Err(OutlineError::NoMatch("Z".into()))
        );
        for wrong in [
            "",
            "{}",
            "[]",
            r#"{"features":[]}"#,
            &map.replace("[4,52]", "[null,52]"),
            &map.replace("[[[", "[[").replace("]]]", "]]"),
        ] {
            assert_eq!(
                draw(wrong, "code"),
                Err(OutlineError::NotGeoJson),
                "{wrong}"
            );
        }
        let large = format!("{map}{}", " ".repeat(LARGEST));
        assert_eq!(
            draw(&large, "code"),
            Err(OutlineError::TooLarge(large.len()))
        );
        let many = map.replace("[[[", &format!("[[{}[", "[4,52],".repeat(MOST_POINTS)));
        assert_eq!(draw(&many, "code"), Err(OutlineError::TooManyPoints));
        assert!(
            OutlineError::TooLarge(6_000_000)
                .in_dutch()
                .contains("6.000.000")
        );
    }

    #[test]
    fn coordinates_in_metres_are_not_stretched() {
        let map = collection(&[square("A", 4.0)])
            .replace("4.1", "90200")
            .replace("[4,", "[90000,")
            .replace("52.1", "463200")
            .replace("52]", "463000]");
        let drawn = draw(&map, "code").unwrap();
        assert!(drawn.svg.contains("d=\"M80 "), "{}", drawn.svg);
    }
}
