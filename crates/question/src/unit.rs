//! A view's rows, unit by unit: from grouped rows to what one unit has where, and what is wrong with it.

use std::collections::{BTreeSet, HashMap};

use datafusion::arrow::{
    array::{Array, AsArray, RecordBatch, StringArray},
    datatypes::{Float64Type, Int64Type},
};
use zwerm_commons::{agreement::View, text::Text};

use crate::error::{DataFault, QuestionError};

/// One unit's part of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    pub(crate) sum: f64,
    pub(crate) count: u64,
    min: f64,
    max: f64,
}

impl Figures {
    /// No values at all.
    pub(crate) const NONE: Figures = Figures {
        sum: 0.0,
        count: 0,
        min: 0.0,
        max: 0.0,
    };

    /// Whether any of so many rows has no value.
    pub(crate) fn lacks(&self, rows: u64) -> bool {
        self.count < rows
    }

    fn merge(&mut self, other: &Figures) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        self.sum += other.sum;
        self.count += other.count;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// What one unit has in one base cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitPart {
    pub(crate) coordinates: Vec<u32>,
    pub(crate) rows: u64,
    pub(crate) measures: Vec<Figures>,
}

/// What is kept while rows pass.
pub(crate) struct Reader<'a> {
    view: &'a View,
    /// Per dimension, value to coordinate.
    values: Vec<HashMap<&'a str, u32>>,
    key: Option<String>,
    parts: Vec<UnitPart>,
    pub(crate) units: u64,
    keyless: u64,
    straddlers: u64,
    /// Per measure: values that are no number, that lie outside their bounds, units that lack values though
    /// they straddle.
    wild: Vec<u64>,
    outside: Vec<u64>,
    lacking: Vec<u64>,
    /// Up to three different values per measure.
    distinct: Vec<BTreeSet<u64>>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(view: &'a View) -> Self {
        let measures = view.measure.len();
        let coordinates = |d: &'a zwerm_commons::agreement::Dimension| {
            d.values.iter().map(String::as_str).zip(0..).collect()
        };
        Reader {
            view,
            values: view.dimension.iter().map(coordinates).collect(),
            key: None,
            parts: Vec::new(),
            units: 0,
            keyless: 0,
            straddlers: 0,
            wild: vec![0; measures],
            outside: vec![0; measures],
            lacking: vec![0; measures],
            distinct: vec![BTreeSet::new(); measures],
        }
    }

    /// Reads rows that are sorted by key; hands over every unit that is complete.
    pub(crate) fn read(
        &mut self,
        batch: &RecordBatch,
        unit: &mut (dyn FnMut(&str, &[UnitPart]) + Send),
    ) -> Result<(), QuestionError> {
        let column = |name: &str| {
            batch
                .column_by_name(name)
                .ok_or_else(|| QuestionError::Internal(format!("no column {name}")))
        };
        let keys = column("key")?.as_string::<i32>();
        let rows = column("rows")?.as_primitive::<Int64Type>();
        let mut dimensions = Vec::new();
        for position in 0..self.view.dimension.len() {
            dimensions.push(column(&format!("d{position}"))?.as_string::<i32>());
        }
        let mut measures = Vec::new();
        for m in 0..self.view.measure.len() {
            let real = |name: &str| {
                Ok::<_, QuestionError>(column(&format!("{name}{m}"))?.as_primitive::<Float64Type>())
            };
            let count = column(&format!("count{m}"))?.as_primitive::<Int64Type>();
            measures.push((real("sum")?, count, real("min")?, real("max")?));
        }
        for row in 0..batch.num_rows() {
            let count = rows.value(row).unsigned_abs();
            if keys.is_null(row) || keys.value(row).is_empty() {
                self.keyless += count;
                continue;
            }
            if self.key.as_deref() != Some(keys.value(row)) {
                self.complete(unit);
                self.key = Some(keys.value(row).to_owned());
            }
            let at = dimensions.iter().zip(&self.values);
            let coordinates = at
                .map(|(column, values)| coordinate(column, row, values))
                .collect();
            let figures = measures.iter().map(|(sum, count, min, max)| {
                let real = |of: &datafusion::arrow::array::Float64Array| {
                    if of.is_null(row) { 0.0 } else { of.value(row) }
                };
                Figures {
                    sum: real(sum),
                    count: count.value(row).unsigned_abs(),
                    min: real(min),
                    max: real(max),
                }
            });
            let part = UnitPart {
                coordinates,
                rows: count,
                measures: figures.collect(),
            };
            self.take(part);
        }
        Ok(())
    }

    /// Adds rows to the unit that is being read; where a value may be one of several, rows of one base cell
    /// are put together.
    fn take(&mut self, part: UnitPart) {
        self.watch(&part.measures);
        if !self.parts.is_empty() && self.breaks_promise(&part) {
            self.straddlers += 1;
            return;
        }
        let same = self
            .parts
            .iter_mut()
            .find(|p| p.coordinates == part.coordinates);
        let Some(into) = same else {
            self.parts.push(part);
            return;
        };
        into.rows += part.rows;
        for (a, b) in into.measures.iter_mut().zip(&part.measures) {
            a.merge(b);
        }
    }

    /// Whether a unit has another value of a dimension of which it has one.
    fn breaks_promise(&self, part: &UnitPart) -> bool {
        let dimensions = &self.view.dimension;
        let Some(first) = self.parts.first() else {
            return false;
        };
        if dimensions.iter().all(|d| d.per_unit) {
            return true; // the same base cell, and still another value: both outside the list
        }
        let pairs = first.coordinates.iter().zip(&part.coordinates);
        let mut pairs = pairs.zip(dimensions);
        pairs.any(|((a, b), d)| d.per_unit && a != b)
    }

    fn complete(&mut self, unit: &mut (dyn FnMut(&str, &[UnitPart]) + Send)) {
        let Some(key) = self.key.take() else { return };
        let parts = std::mem::take(&mut self.parts);
        self.units += 1;
        if self.view.dimension.iter().any(|d| !d.per_unit) {
            for (m, lacking) in self.lacking.iter_mut().enumerate() {
                let lacks = |p: &UnitPart| p.measures.get(m).is_some_and(|f| f.lacks(p.rows));
                *lacking += u64::from(parts.iter().any(lacks));
            }
        }
        unit(&key, &parts);
    }

    /// Counts values that are no plain number or lie outside their bounds.
    fn watch(&mut self, measures: &[Figures]) {
        let counters = self.wild.iter_mut().zip(&mut self.outside);
        let counters = counters.zip(&mut self.distinct);
        for ((unit, of), ((wild, outside), distinct)) in
            measures.iter().zip(&self.view.measure).zip(counters)
        {
            if unit.count == 0 {
                continue;
            }
            if !(unit.min.is_finite() && unit.max.is_finite() && unit.sum.is_finite()) {
                *wild += 1;
            } else if unit.min < of.lower || unit.max > of.upper {
                *outside += 1;
            }
            for value in [unit.min, unit.max] {
                if distinct.len() < 3 {
                    // `-0` is `0`
                    distinct.insert((value + 0.0).to_bits());
                }
            }
        }
    }

    /// Hands over the last unit.
    ///
    /// # Errors
    /// All that was wrong with the rows.
    pub(crate) fn finish(
        mut self,
        minimum_units: u64,
        unit: &mut (dyn FnMut(&str, &[UnitPart]) + Send),
    ) -> Result<(), QuestionError> {
        self.complete(unit);
        let faults = self.faults(minimum_units);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(QuestionError::Data(faults))
        }
    }

    fn faults(&self, minimum_units: u64) -> Vec<DataFault> {
        let view = &self.view.name;
        let fault = |place: String, nl: String, en: String, cure: (&str, &str)| DataFault {
            place,
            what: Text::new(nl, en),
            cure: Text::new(cure.0, cure.1),
        };
        let mut faults = Vec::new();
        if self.keyless > 0 {
            let (n, key) = (self.keyless, &self.view.key);
            faults.push(fault(
                format!("view.{view}.key"),
                format!("{n} rijen hebben geen `{key}`"),
                format!("{n} rows have no `{key}`"),
                (
                    "vul de sleutel, of laat deze rijen weg in de SQL van de basis",
                    "fill the key, or leave these rows out in the view's SQL",
                ),
            ));
        }
        if self.straddlers > 0 {
            let (n, unit) = (self.straddlers, &self.view.unit);
            faults.push(fault(
                format!("view.{view}.dimension"),
                format!("{n} keer heeft één {unit} meer dan één waarde van een kenmerk"),
                format!("{n} times one {unit} has more than one value of a dimension"),
                (
                    "`per_unit = true` belooft één waarde: verbeter de gegevens of de SQL van de basis",
                    "`per_unit = true` promises one value: mend the data or the view's SQL",
                ),
            ));
        }
        for (number, measure) in self.view.measure.iter().enumerate() {
            let place = format!("view.{view}.measure.{}", measure.name);
            let name = &measure.name;
            let at = |counts: &[u64]| counts.get(number).copied().unwrap_or(0);
            if at(&self.wild) > 0 {
                let n = at(&self.wild);
                faults.push(fault(
                    place.clone(),
                    format!("`{name}` is {n} keer oneindig of geen getal"),
                    format!("`{name}` is infinite or not a number {n} times"),
                    (
                        "lever zulke waarden als ontbrekend",
                        "deliver such values as missing",
                    ),
                ));
            }
            if at(&self.outside) > 0 {
                let (n, low, high) = (at(&self.outside), measure.lower, measure.upper);
                faults.push(fault(
                    place.clone(),
                    format!("`{name}` ligt {n} keer buiten {low} tot {high}"),
                    format!("`{name}` lies outside {low} to {high} {n} times"),
                    (
                        "verbeter de gegevens, of spreek ruimere grenzen af",
                        "mend the data, or agree on wider bounds",
                    ),
                ));
            }
            if at(&self.lacking) > 0 {
                let (n, unit) = (at(&self.lacking), &self.view.unit);
                faults.push(fault(
                    place.clone(),
                    format!("van {n} keer een {unit} ontbreekt `{name}`, en een {unit} kan meer waarden van een kenmerk hebben"),
                    format!("{n} times a {unit} lacks `{name}`, and a {unit} may have several values of a dimension"),
                    (
                        "laat rijen zonder waarde weg in de SQL van de basis",
                        "leave rows without a value out in the view's SQL",
                    ),
                ));
            }
            let two = self.distinct.get(number).is_some_and(|d| d.len() == 2);
            if two && self.units >= minimum_units {
                faults.push(fault(
                    place,
                    format!("`{name}` heeft maar twee waarden: een som ervan telt eenheden"),
                    format!("`{name}` has only two values: a sum of it counts units"),
                    ("maak er een kenmerk van", "make it a dimension"),
                ));
            }
        }
        faults
    }
}

/// A registered value's place; then `(other)`, then `(unknown)`.
fn coordinate(column: &StringArray, row: usize, values: &HashMap<&str, u32>) -> u32 {
    let registered = values.len() as u32;
    if column.is_null(row) {
        registered + 1
    } else {
        values.get(column.value(row)).copied().unwrap_or(registered)
    }
}
