//! Units added up per base cell.

use std::collections::HashMap;

use zwerm_disclosure::{BaseCell, Contributions, Straddler, StraddlerPart};

use super::Unit;
use crate::unit::{MeasureFigures, UnitPart};

/// Units added up per base cell.
#[derive(Debug, Clone)]
pub(crate) struct BaseTally {
    keep: usize,
    cells: Vec<BaseCell>,
    /// Where each combination of coordinates is.
    places: HashMap<Vec<u32>, usize>,
    pub(crate) straddlers: Vec<Straddler>,
    /// Inner products over units of: one, rows, each measure.
    pub(crate) gram: Vec<Vec<f64>>,
    /// These of one unit.
    columns: Vec<f64>,
}

impl BaseTally {
    pub(crate) fn new(measures: usize, keep: usize) -> BaseTally {
        BaseTally {
            keep,
            cells: Vec::new(),
            places: HashMap::new(),
            straddlers: Vec::new(),
            gram: vec![vec![0.0; measures + 2]; measures + 2],
            columns: vec![0.0; measures + 2],
        }
    }

    /// The base cells, in the order of their coordinates.
    pub(crate) fn cells(&self) -> Vec<BaseCell> {
        let mut cells = self.cells.clone();
        cells.sort_by(|a, b| a.coordinates.cmp(&b.coordinates));
        cells
    }

    /// Adds one unit, of which `identity` is a digest.
    pub(crate) fn add(&mut self, identity: u64, parts: &[UnitPart]) {
        let of = parts.iter().map(|p| (p.rows, p.measures.as_slice()));
        self.relate(of);
        match parts {
            [one] => {
                let place = self.place(&one.coordinates);
                self.add_one(place, identity, one.rows, &one.measures);
            }
            several => {
                let parts = several.iter().map(|part| {
                    let coordinates = part.coordinates.clone();
                    self::part(coordinates, part.rows, &part.measures)
                });
                self.straddlers.push(Straddler {
                    parts: parts.collect(),
                    identity: Some(identity),
                });
            }
        }
    }

    /// Where the base cell of some coordinates is.
    fn place(&mut self, coordinates: &[u32]) -> usize {
        if let Some(&place) = self.places.get(coordinates) {
            return place;
        }
        let place = self.cells.len();
        let measures = self.gram.len().saturating_sub(2);
        self.places.insert(coordinates.to_vec(), place);
        self.cells.push(BaseCell {
            coordinates: coordinates.to_vec(),
            units: 0,
            rows: Contributions::default(),
            measures: vec![Contributions::default(); measures],
            identity: Some(0),
        });
        place
    }

    /// Adds a unit that is in one base cell.
    fn add_one(&mut self, place: usize, identity: u64, rows: u64, figures: &[MeasureFigures]) {
        let keep = self.keep;
        let Some(cell) = self.cells.get_mut(place) else {
            return;
        };
        cell.units += 1;
        cell.identity = cell.identity.map(|of| of.wrapping_add(identity));
        cell.rows.add_unit(rows, rows as f64, keep);
        for (unit, into) in figures.iter().zip(&mut cell.measures) {
            if unit.count > 0 {
                into.add_unit(unit.count, unit.sum, keep);
            }
            into.missing += u64::from(unit.lacks(rows));
        }
    }

    fn relate<'a>(&mut self, parts: impl Iterator<Item = (u64, &'a [MeasureFigures])>) {
        self.columns.fill(0.0);
        for (rows, figures) in parts {
            let sums = figures.iter().map(|of| of.sum);
            let of = [1.0, rows as f64].into_iter().chain(sums);
            self.columns.iter_mut().zip(of).for_each(|(c, v)| *c += v);
        }
        if let Some(one) = self.columns.first_mut() {
            *one = 1.0;
        }
        for (a, line) in self.columns.iter().zip(&mut self.gram) {
            for (b, sum) in self.columns.iter().zip(line) {
                *sum += a * b;
            }
        }
    }
}

fn part(coordinates: Vec<u32>, rows: u64, figures: &[MeasureFigures]) -> StraddlerPart {
    StraddlerPart {
        coordinates,
        rows,
        sums: figures.iter().map(|of| of.sum).collect(),
    }
}

/// A tally of units as the workers hand them over: base cells by their numbers.
pub(super) struct Cells {
    tally: BaseTally,
    /// Where each base cell is in the tally.
    places: HashMap<u32, usize>,
}

impl Cells {
    pub(super) fn new(measures: usize, keep: usize) -> Cells {
        Cells {
            tally: BaseTally::new(measures, keep),
            places: HashMap::new(),
        }
    }

    pub(super) fn add(&mut self, unit: &Unit) {
        let tally = &mut self.tally;
        let identity = unit.identity as u64;
        tally.relate(unit.cells().map(|(_, rows, figures)| (rows, figures)));
        if let [_] = unit.parts {
            for (cell, rows, figures) in unit.cells() {
                let place = *self
                    .places
                    .entry(cell)
                    .or_insert_with(|| tally.place(&unit.shape.coordinates(cell)));
                tally.add_one(place, identity, rows, figures);
            }
            return;
        }
        let parts = unit
            .cells()
            .map(|(cell, rows, figures)| part(unit.shape.coordinates(cell), rows, figures));
        tally.straddlers.push(Straddler {
            parts: parts.collect(),
            identity: Some(identity),
        });
    }

    pub(super) fn tally(self) -> BaseTally {
        self.tally
    }
}
