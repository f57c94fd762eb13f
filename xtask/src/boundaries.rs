//! `cargo xtask boundaries [FOLDER]`: makes the compact table of boundaries that maps are drawn with.
//!
//! The folder (or `ZWERM_REFERENCE_DATA`) holds generalised boundaries of CBS and Kadaster as GeoJSON. Neighbours share
//! their borders there, point by point; here each border is kept once, as an arc that the areas on both sides name, so
//! that nothing that is left out of it can make a gap or an overlap.

mod arcs;
mod encode;
mod geojson;
mod merge;
mod thin;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use zwerm_picture::PictureLayout;
use zwerm_picture::boundaries::Boundaries;

use self::arcs::{Topology, topology};

/// A point: longitude and latitude in hundred-thousandths of a degree.
pub(crate) type GridPoint = (i32, i32);

/// An area as it was for some years.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SourceArea {
    /// Its code: `GM0546`, `WK054603`.
    pub(crate) code: String,
    pub(crate) name: String,
    /// The first and the last year for which these are its boundaries.
    pub(crate) years: (u16, u16),
    /// Closed rings, without the first point once more at the end.
    pub(crate) rings: Vec<Vec<GridPoint>>,
}

const TABLE: &str = "crates/picture/src/boundaries/netherlands.txt";
/// The largest table that the program may carry.
const MOST_BYTES: usize = 400_000;

const MUNICIPALITIES: &str = "cbs_wijken_2022/gemeenten_2022.geojson";
const LATER: &str = "gemeenten_2023_licht.geojson";
const DISTRICTS: [&str; 2] = [
    "cbs_wijken_2022/wijken_2022_zuid_holland.geojson",
    "cbs_wijken_2022/wijken_2022_zaanstad_zoetermeer_leiden_enschede.geojson",
];

/// Reads the folder and writes the table.
///
/// # Errors
/// When there is no folder, a file in it is not what it should be, or the table would not say what was read.
pub(crate) fn run(root: &Path, folder: Option<&str>) -> Result<()> {
    let given = folder.map(PathBuf::from);
    let from_environment = || std::env::var_os("ZWERM_REFERENCE_DATA").map(PathBuf::from);
    let folder = given
        .or_else(from_environment)
        .context("name the folder with the boundaries, or set `ZWERM_REFERENCE_DATA` to it")?;
    let areas = areas(&folder)?;
    let topology = thin::thinned(&areas, topology(&areas))?;
    let table = encode::table(&areas, &topology);
    checked(&areas, &table)?;
    std::fs::write(root.join(TABLE), &table).with_context(|| format!("cannot write `{TABLE}`"))?;
    println!("{}", told(&areas, &topology, &table));
    Ok(())
}

fn areas(folder: &Path) -> Result<Vec<SourceArea>> {
    let read = |file: &str, properties| geojson::read(&folder.join(file), properties);
    let municipalities = read(MUNICIPALITIES, ("code", "name"))?;
    let later = read(LATER, ("statcode", "statnaam"))?;
    let mut areas = merge::over_the_years(municipalities, &later)?;
    for file in DISTRICTS {
        for district in read(file, ("code", "name"))? {
            if !areas.iter().any(|area| area.code == district.code) {
                areas.push(SourceArea {
                    name: without_number(&district.name).to_owned(),
                    years: (merge::FIRST, merge::FIRST),
                    ..district
                });
            }
        }
    }
    areas.sort_by(|a, b| (&a.code, a.years).cmp(&(&b.code, b.years)));
    Ok(areas)
}

/// A district's name as its people know it: `Wijk 03 Leiden-Noord` is `Leiden-Noord`.
fn without_number(name: &str) -> &str {
    let rest = name.strip_prefix("Wijk ").unwrap_or(name);
    let digits = rest.trim_start_matches(|char: char| char.is_ascii_digit());
    match digits.strip_prefix(' ') {
        Some(proper) if digits.len() < rest.len() && !proper.trim().is_empty() => proper.trim(),
        _ => name,
    }
}

/// What the pages will read must be what was meant.
fn checked(areas: &[SourceArea], table: &str) -> Result<()> {
    if table.len() > MOST_BYTES {
        bail!(
            "the table has {} bytes, more than {MOST_BYTES}",
            table.len()
        );
    }
    let read = Boundaries::read(table).context("the table cannot be read back")?;
    for area in areas {
        let found = read.outlines(&[area.code.as_str()], PictureLayout::Wide);
        let year = found.map(|found| found.year);
        if year.is_none_or(|year| year < area.years.1) {
            bail!("`{}` got lost", area.code);
        }
    }
    Ok(())
}

fn told(areas: &[SourceArea], topology: &Topology, table: &str) -> String {
    let points = |rings: &[Vec<GridPoint>]| rings.iter().map(Vec::len).sum::<usize>();
    let before: usize = areas.iter().map(|area| points(&area.rings)).sum();
    format!(
        "written: {TABLE}: {} areas, {} borders with {} points (read: {before}), {} bytes",
        areas.len(),
        topology.arcs.len(),
        points(&topology.arcs),
        table.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_loses_its_number_and_nothing_else() {
        assert_eq!(without_number("Wijk 03 Leiden-Noord"), "Leiden-Noord");
        assert_eq!(without_number("Wijk 00"), "Wijk 00");
        assert_eq!(without_number("Wijk aan Zee"), "Wijk aan Zee");
    }
}
