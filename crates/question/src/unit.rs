//! What one unit has where, and what can be wrong with a view's rows.

use std::collections::BTreeSet;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{Measure, View},
    text::Text,
};

use crate::error::{NotBuildable, QuestionError};

/// One unit's part of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MeasureFigures {
    pub(crate) sum: f64,
    pub(crate) count: u64,
}

impl MeasureFigures {
    /// No values at all.
    pub(crate) const NONE: MeasureFigures = MeasureFigures { sum: 0.0, count: 0 };

    /// Whether any of so many rows has no value.
    pub(crate) fn lacks(&self, rows: u64) -> bool {
        self.count < rows
    }

    /// Adds the value of one row.
    pub(crate) fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    pub(crate) fn merge(&mut self, other: &MeasureFigures) {
        self.sum += other.sum;
        self.count += other.count;
    }
}

/// What one unit has in one base cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitPart {
    pub(crate) coordinates: Vec<u32>,
    pub(crate) rows: u64,
    pub(crate) measures: Vec<MeasureFigures>,
}

/// What was seen while rows passed that may be a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RowChecks {
    pub(crate) units: u64,
    /// Rows without a key.
    pub(crate) keyless: u64,
    /// How often a unit has another value of a dimension of which it has one.
    pub(crate) broken: u64,
    pub(crate) measures: Vec<Watch>,
}

/// The same of one measure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Watch {
    /// Values, or sums of them, that are no number.
    pub(crate) wild: u64,
    /// Values that lie outside the bounds.
    pub(crate) outside: u64,
    /// Units that lack values though they may straddle.
    pub(crate) lacking: u64,
    /// Up to three different values.
    distinct: BTreeSet<u64>,
}

impl Watch {
    /// Looks at a value; whether it may be added up.
    pub(crate) fn see(&mut self, value: f64, (lower, upper): (f64, f64)) -> bool {
        if !value.is_finite() {
            self.wild += 1;
            return false;
        }
        self.outside += u64::from(value < lower || value > upper);
        if self.distinct.len() < 3 {
            // `-0` is `0`
            self.distinct.insert((value + 0.0).to_bits());
        }
        true
    }

    fn merge(&mut self, other: Watch) {
        self.wild += other.wild;
        self.outside += other.outside;
        self.lacking += other.lacking;
        for value in other.distinct {
            if self.distinct.len() < 3 {
                self.distinct.insert(value);
            }
        }
    }
}

impl RowChecks {
    pub(crate) fn new(measures: usize) -> RowChecks {
        RowChecks {
            units: 0,
            keyless: 0,
            broken: 0,
            measures: vec![Watch::default(); measures],
        }
    }

    /// Adds what was seen of other units.
    pub(crate) fn merge(&mut self, other: RowChecks) {
        self.units += other.units;
        self.keyless += other.keyless;
        self.broken += other.broken;
        for (into, of) in self.measures.iter_mut().zip(other.measures) {
            into.merge(of);
        }
    }

    /// How many units there were.
    pub(crate) fn units(&self) -> u64 {
        self.units
    }

    /// Whether rows were as agreed.
    ///
    /// # Errors
    /// All that was wrong with them.
    pub(crate) fn finish(&self, view: &View, minimum_units: u64) -> Result<(), QuestionError> {
        let faults = self.faults(view, minimum_units);
        if faults.is_empty() {
            Ok(())
        } else {
            let place = format!("view.{}", view.name);
            Err(QuestionError::NotBuildable(NotBuildable::because(
                place, faults,
            )))
        }
    }

    fn faults(&self, view: &View, minimum_units: u64) -> Vec<Diagnostic> {
        let mut faults = Vec::new();
        if self.keyless > 0 {
            faults.push(without_key(self.keyless, view));
        }
        if self.broken > 0 {
            faults.push(several_values(self.broken, view));
        }
        for (measure, watch) in view.measure.iter().zip(&self.measures) {
            let two = self.units >= minimum_units && watch.distinct.len() == 2;
            watch.faults(view, measure, two, &mut faults);
        }
        faults
    }
}

fn without_key(n: u64, view: &View) -> Diagnostic {
    let (name, key) = (&view.name, &view.key);
    fault(
        format!("view.{name}.key"),
        FaultCode::Missing,
        format!("{n} rijen hebben geen `{key}`"),
        format!("{n} rows have no `{key}`"),
        (
            "vul de sleutel, of laat deze rijen weg in de SQL van de basis",
            "fill the key, or leave these rows out in the view's SQL",
        ),
    )
}

fn several_values(n: u64, view: &View) -> Diagnostic {
    let (name, unit) = (&view.name, &view.unit);
    fault(
        format!("view.{name}.dimension"),
        FaultCode::SeveralPerUnit,
        format!("{n} keer heeft één {unit} meer dan één waarde van een kenmerk"),
        format!("{n} times one {unit} has more than one value of a dimension"),
        (
            "`per_unit = true` belooft één waarde: verbeter de gegevens of de SQL van de basis",
            "`per_unit = true` promises one value: mend the data or the view's SQL",
        ),
    )
}

/// Refuses a view of fewer units than the minimum: without any it shows nothing but zeros, which read as an answer, and below
/// the minimum all of it would be hidden.
pub(crate) fn require_enough(
    units: u64,
    view: &View,
    minimum_units: u64,
) -> Result<(), QuestionError> {
    if units >= minimum_units {
        return Ok(());
    }
    let (place, fault) = (
        format!("view.{}", view.name),
        too_few(units, view, minimum_units),
    );
    Err(QuestionError::NotBuildable(NotBuildable::because(
        place,
        vec![fault],
    )))
}

fn too_few(units: u64, view: &View, minimum_units: u64) -> Diagnostic {
    let (name, unit) = (&view.name, &view.unit);
    fault(
        format!("view.{name}"),
        FaultCode::OutOfRange,
        format!("de basis houdt {units} keer een {unit} over, en er zijn er {minimum_units} nodig"),
        format!("the view comes to {units} of {unit}, and needs {minimum_units}"),
        (
            "kijk of alle partners hun sleutels met hetzelfde geheim maakten, en of de SQL van de basis de goede rijen neemt",
            "see whether all parties made their keys with the same secret, and whether the view's SQL takes the right rows",
        ),
    )
}

impl Watch {
    /// `two` says whether only two values are a fault that was found.
    fn faults(&self, view: &View, measure: &Measure, two: bool, faults: &mut Vec<Diagnostic>) {
        let (name, unit) = (&measure.name, &view.unit);
        let mut report = |code, nl, en, cure| {
            let place = format!("view.{}.measure.{name}", view.name);
            faults.push(fault(place, code, nl, en, cure));
        };
        if self.wild > 0 {
            let n = self.wild;
            report(
                FaultCode::WrongType,
                format!("`{name}` is {n} keer oneindig of geen getal"),
                format!("`{name}` is infinite or not a number {n} times"),
                (
                    "lever zulke waarden als ontbrekend",
                    "deliver such values as missing",
                ),
            );
        }
        if self.outside > 0 {
            let (n, low, high) = (self.outside, measure.lower, measure.upper);
            report(
                FaultCode::OutOfRange,
                format!("`{name}` ligt {n} keer buiten {low} tot {high}"),
                format!("`{name}` lies outside {low} to {high} {n} times"),
                (
                    "verbeter de gegevens, of spreek ruimere grenzen af",
                    "mend the data, or agree on wider bounds",
                ),
            );
        }
        if self.lacking > 0 {
            let n = self.lacking;
            report(
                FaultCode::Missing,
                format!(
                    "van {n} keer een {unit} ontbreekt `{name}`, en een {unit} kan meer waarden van een kenmerk hebben"
                ),
                format!(
                    "{n} times a {unit} lacks `{name}`, and a {unit} may have several values of a dimension"
                ),
                (
                    "laat rijen zonder waarde weg in de SQL van de basis",
                    "leave rows without a value out in the view's SQL",
                ),
            );
        }
        if two {
            report(
                FaultCode::NotProtectable,
                format!("`{name}` heeft maar twee waarden: een som ervan telt eenheden"),
                format!("`{name}` has only two values: a sum of it counts units"),
                ("maak er een kenmerk van", "make it a dimension"),
            );
        }
    }
}

fn fault(place: String, code: FaultCode, nl: String, en: String, cure: (&str, &str)) -> Diagnostic {
    Diagnostic::new(code, Text::new(nl, en), Text::new(cure.0, cure.1)).at(place)
}
