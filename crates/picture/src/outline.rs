//! A map with outlines: those of [`crate::boundaries`], or GeoJSON (RFC 7946) that somebody brings.
//!
//! Rates are shades of the areas, counts are circles on them: an area that is large must not look like much. What is
//! protected is hatched. Names stand on the areas, or beside them with a line; where too many would not fit there are
//! numbers, and a list below. A file that somebody brings is a stranger's, so its size and number of points are bounded,
//! and nothing of it is drawn but coordinates.

mod circles;
mod draw;
mod labels;
mod list;
mod projection;
mod read;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use thiserror::Error;

pub(crate) use crate::outline::projection::highest;
#[cfg(test)]
pub(crate) use crate::outline::shape::area_of;
pub(crate) use crate::outline::shape::{centroid, largest};
use crate::tiles::Area;
use crate::{Frame, MapMeasure, PictureLang};

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

/// A map to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineMap {
    /// What every picture has.
    pub frame: Frame,
    /// The areas, in registered order; their own centroids are not used.
    pub areas: Vec<Area>,
    /// What the figures are.
    pub measure: MapMeasure,
    /// Where the outlines come from, which is said below the map.
    pub source: Option<String>,
}

/// Outlines by code, to draw many maps with.
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

    /// Draws areas with these outlines; outlines of other codes are drawn as having no figure.
    ///
    /// A whole `<svg>`, in units of its own; figures are in the unit of the frame's axis.
    ///
    /// # Errors
    /// None of the outlines is of one of the areas.
    ///
    /// ```
    /// use zwerm_picture::boundaries::Boundaries;
    /// use zwerm_picture::outline::OutlineMap;
    /// use zwerm_picture::tiles::Area;
    /// use zwerm_picture::{Figure, Frame, MapMeasure, PictureLang, PictureLayout};
    /// let frame = Frame {
    ///     id: "rent".into(),
    ///     title: "Rent per district".into(),
    ///     description: "Two districts, one of them protected".into(),
    ///     axis: "EUR per month".into(),
    ///     decimals: 0,
    ///     lang: PictureLang::En,
    ///     layout: PictureLayout::Wide,
    /// };
    /// let area = |code: &str, name: &str, figure| Area {
    ///     code: code.into(), name: name.into(), centroid: (4.5, 52.1), figure,
    /// };
    /// let areas = vec![
    ///     area("WK054603", "Leiden-Noord", Figure::Value(512.0)),
    ///     area("WK054608", "Merenwijk", Figure::Protected),
    /// ];
    /// let map = OutlineMap { frame, areas, measure: MapMeasure::Rate, source: None };
    /// let found = Boundaries::netherlands()?.outlines(&["WK054603", "WK054608"], map.frame.layout).expect("both are known");
    /// let drawn = found.outlines.svg(&map)?;
    /// assert!(drawn.svg.contains("Merenwijk: protected") && drawn.without_outline.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn svg(&self, map: &OutlineMap) -> Result<Drawn, OutlineError> {
        let without = without_outline(&map.areas, &self.0);
        if without.len() == map.areas.len() {
            let code = self.0.first();
            let code = code.map(|outline| outline.code.chars().take(40).collect());
            return Err(OutlineError::NoMatch(code.unwrap_or_default()));
        }
        Ok(Drawn {
            svg: draw::draw(map, &self.0),
            without_outline: without,
        })
    }
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
