//! Reading areas from GeoJSON (RFC 7946).

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{GridPoint, SourceArea};

/// The areas of a file, whose properties hold their code and name.
pub(super) fn read(path: &Path, (code, name): (&str, &str)) -> Result<Vec<SourceArea>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read `{}`", path.display()))?;
    let value: Value = serde_json::from_str(&text)?;
    let features = value.get("features").and_then(Value::as_array);
    let features = features.with_context(|| format!("`{}` has no areas", path.display()))?;
    let area = |feature: &Value| {
        let property = |key: &str| feature.get("properties")?.get(key)?.as_str();
        Ok(SourceArea {
            code: property(code).context("an area without a code")?.to_owned(),
            name: property(name).context("an area without a name")?.to_owned(),
            years: (0, 0),
            rings: rings(
                feature
                    .get("geometry")
                    .context("an area without boundaries")?,
            )?,
        })
    };
    features.iter().map(area).collect()
}

fn rings(geometry: &Value) -> Result<Vec<Vec<GridPoint>>> {
    let coordinates = geometry.get("coordinates").context("no coordinates")?;
    let polygons = match geometry.get("type").and_then(Value::as_str) {
        Some("Polygon") => std::slice::from_ref(coordinates),
        Some("MultiPolygon") => coordinates.as_array().context("no polygons")?,
        other => bail!("{other:?} is no polygon"),
    };
    let mut rings = Vec::new();
    for ring in polygons.iter().filter_map(Value::as_array).flatten() {
        let points = ring.as_array().context("a ring without points")?;
        let mut points = points.iter().map(point).collect::<Result<Vec<_>>>()?;
        points.dedup();
        if points.len() < 4 || points.first() != points.last() {
            bail!("a ring is not closed");
        }
        points.pop();
        rings.push(points);
    }
    Ok(rings)
}

fn point(value: &Value) -> Result<GridPoint> {
    let number = |place| {
        let degrees = value.get(place).and_then(Value::as_f64)?;
        // hundred-thousandths of a degree, of which no longitude has more than 18 million
        (degrees.abs() <= 180.0).then(|| (degrees * 1e5).round() as i32)
    };
    number(0)
        .zip(number(1))
        .context("a point is no pair of degrees")
}
