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
