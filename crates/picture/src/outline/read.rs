//! Reading outlines from GeoJSON (RFC 7946), of bounded size and number of points.

use serde_json::Value;

use super::{Outline, OutlineError, Point};

/// The most bytes of a file.
pub(super) const LARGEST: usize = 5_000_000;
/// The most points in it.
pub(super) const MOST_POINTS: usize = 200_000;

pub(super) fn read(geojson: &str, property: &str) -> Result<Vec<Outline>, OutlineError> {
    if geojson.len() > LARGEST {
        return Err(OutlineError::TooLarge(geojson.len()));
    }
    let value: Value = serde_json::from_str(geojson).map_err(|_| OutlineError::NotGeoJson)?;
    let features = value.get("features").and_then(Value::as_array);
    let features = features.ok_or(OutlineError::NotGeoJson)?;
    let (mut outlines, mut points, mut named) = (Vec::new(), 0, false);
    for feature in features {
        let rings = rings(feature.get("geometry"), &mut points)?;
        let code = match feature.get("properties").and_then(|all| all.get(property)) {
            Some(Value::String(code)) => code.trim().to_owned(),
            Some(Value::Number(code)) => code.to_string(),
            _ => String::new(),
        };
        named |= !code.is_empty();
        if !rings.is_empty() {
            outlines.push(Outline { code, rings });
        }
    }
    match (outlines.is_empty(), named) {
        (true, _) => Err(OutlineError::NotGeoJson),
        (false, false) => Err(OutlineError::NoProperty(
            property.chars().take(40).collect(),
        )),
        (false, true) => Ok(outlines),
    }
}

/// The rings of a Polygon or MultiPolygon; none of anything else.
fn rings(geometry: Option<&Value>, points: &mut usize) -> Result<Vec<Vec<Point>>, OutlineError> {
    let Some(geometry) = geometry.filter(|geometry| !geometry.is_null()) else {
        return Ok(Vec::new());
    };
    let kind = geometry.get("type").and_then(Value::as_str);
    let coordinates = geometry.get("coordinates").ok_or(OutlineError::NotGeoJson);
    let polygons = match kind {
        Some("Polygon") => std::slice::from_ref(coordinates?),
        Some("MultiPolygon") => coordinates?.as_array().ok_or(OutlineError::NotGeoJson)?,
        _ => return Ok(Vec::new()),
    };
    let mut rings = Vec::new();
    for polygon in polygons {
        for ring in polygon.as_array().ok_or(OutlineError::NotGeoJson)? {
            let ring = ring.as_array().ok_or(OutlineError::NotGeoJson)?;
            *points += ring.len();
            if *points > MOST_POINTS {
                return Err(OutlineError::TooManyPoints);
            }
            rings.push(ring.iter().map(point).collect::<Result<_, _>>()?);
        }
    }
    Ok(rings)
}

fn point(value: &Value) -> Result<Point, OutlineError> {
    let number = |place| {
        value
            .get(place)
            .and_then(Value::as_f64)
            .filter(|n| n.abs() < 1e9)
    };
    number(0).zip(number(1)).ok_or(OutlineError::NotGeoJson)
}

#[cfg(test)]
mod tests {
    use super::super::{Drawn, OutlineMap, Outlines};
    use super::*;
    use crate::tests::check;
    use crate::tests::frame;
    use crate::tiles::Area;
    use crate::{Figure, MapMeasure, PictureLang, PictureLayout};

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
        Outlines::read(geojson, property)?.svg(&OutlineMap {
            frame: frame(PictureLang::Nl, PictureLayout::Wide),
            areas: areas.to_vec(),
            measure: MapMeasure::Rate,
            source: None,
        })
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
        assert!(drawn.svg.contains("d=\"M100 "), "{}", drawn.svg);
    }
}
