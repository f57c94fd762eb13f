//! Where places lie, for schematic maps: the examples' own, and those that a home brings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::error::HomeError;

/// A home's own places, in the form of `examples/*/figures/places.csv`.
const FILE: &str = "places.csv";
/// A home's own boundaries: areas with the property `code`.
const BOUNDARIES: &str = "map.geojson";
/// Bytes of a map at most.
const LARGEST: u64 = 5 << 20;

const KNOWN: [&str; 2] = [
    include_str!("../../../examples/leiden-goedkoop-scheefwonen/figures/places.csv"),
    include_str!("../../../examples/zuid-holland-armoede/figures/places.csv"),
];

/// An area on the map, such as a district.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct MapPlace {
    /// Its code, as dimensions have it.
    pub code: String,
    /// The name that people know the area by.
    pub name: String,
    /// Longitude of its centroid, in degrees (WGS 84).
    pub lon: f64,
    /// Latitude of its centroid, in degrees.
    pub lat: f64,
}

/// Every place that is known.
#[derive(Debug, Default)]
pub struct MapPlaces {
    all: BTreeMap<String, MapPlace>,
    boundaries: Option<String>,
}

impl MapPlaces {
    /// The examples' places and those of a home.
    pub fn read(home: &Path) -> Result<Self, HomeError> {
        let mut places = Self::default();
        for text in KNOWN {
            places.add(text, Path::new(FILE))?;
        }
        let own = home.join(FILE);
        if own.is_file() {
            let text = fs::read_to_string(&own).map_err(HomeError::at(&own))?;
            places.add(&text, &own)?;
        }
        let map = home.join(BOUNDARIES);
        if fs::metadata(&map).is_ok_and(|found| found.len() <= LARGEST) {
            places.boundaries = Some(fs::read_to_string(&map).map_err(HomeError::at(&map))?);
        }
        Ok(places)
    }

    fn add(&mut self, text: &str, path: &Path) -> Result<(), HomeError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        for place in reader.deserialize() {
            let place: MapPlace = place.map_err(|error| {
                HomeError::at(path)(std::io::Error::new(std::io::ErrorKind::InvalidData, error))
            })?;
            self.all.insert(place.code.clone(), place);
        }
        Ok(())
    }

    /// The place of this code.
    pub fn find(&self, code: &str) -> Option<&MapPlace> {
        self.all.get(code)
    }

    /// The home's own boundaries, as GeoJSON.
    pub fn boundaries(&self) -> Option<&str> {
        self.boundaries.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_the_examples_are_read_and_a_home_adds_its_own() {
        let home = tempfile::tempdir().expect("a folder");
        let places = MapPlaces::read(home.path()).expect("places");
        assert!(
            places
                .find("WK054603")
                .is_some_and(|p| p.name == "Leiden-Noord")
        );
        assert_eq!(places.boundaries(), None);
        fs::write(
            home.path().join(FILE),
            "code,name,lon,lat\nX1,Hier,4.5,52.1\n",
        )
        .expect("written");
        let places = MapPlaces::read(home.path()).expect("places");
        assert!(places.find("X1").is_some());
    }
}
