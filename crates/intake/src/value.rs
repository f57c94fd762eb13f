//! From a field to a value of a column: in standard form, or not of that type at all.

use std::borrow::Cow;

use zwerm_agreement::agreement::ColumnType;

use crate::{
    numbers::NumberFormat,
    rows::{Field, FieldReading},
};

/// Words that people write for a value that is not there.
pub(crate) const MARKERS: &[&str] = &[
    "NULL", "null", "NA", "N/A", "n/a", "#N/A", "#N/B", "NaN", "nan", "n.v.t.", "nvt", "N.v.t.",
    "NVT", "-", "--", ".", "?", "None", "none", "\\N",
];

/// Which fields stand for a missing value: empty ones, and what somebody named.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Missing(pub(crate) Vec<String>);

impl Missing {
    pub(crate) fn is(&self, field: &Field) -> bool {
        let trimmed = || field.text.trim();
        field.wrong.is_none()
            && (field.text.is_empty() || self.0.iter().any(|marker| marker == trimmed()))
    }
}

/// A field in the standard form of a type (`1234.5`, `2026-01-31`, `true`); nothing when it is none of it.
pub(crate) fn standard<'f>(
    field: &'f Field,
    kind: ColumnType,
    reading: &FieldReading,
) -> Option<Cow<'f, str>> {
    let text = field.text.as_str();
    // what a workbook or Parquet calls a number is written in standard form already
    let numbers = match field.kind {
        Some(_) => &NumberFormat::PLAIN,
        None => &reading.numbers,
    };
    match kind {
        ColumnType::Utf8 => Some(Cow::Borrowed(text)),
        ColumnType::Int64 if field.kind.is_some_and(|k| k != ColumnType::Int64) => None,
        ColumnType::Int64 => numbers.plain(text).filter(|t| t.parse::<i64>().is_ok()),
        ColumnType::Float64
            if matches!(field.kind, Some(ColumnType::Boolean | ColumnType::Date)) =>
        {
            None
        }
        ColumnType::Float64 => {
            let finite = |t: &Cow<'_, str>| t.parse::<f64>().is_ok_and(f64::is_finite);
            numbers.plain(text).filter(finite)
        }
        ColumnType::Boolean => {
            let mut words = ["true", "false"].into_iter();
            let word = words.find(|word| text.trim().eq_ignore_ascii_case(word))?;
            Some(Cow::Borrowed(word))
        }
        ColumnType::Date => day(text, field.kind.is_some()),
    }
}

/// A day as `2026-01-31`; also written day first, as people do.
fn day(text: &str, native: bool) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if is_date(text) {
        return Some(Cow::Borrowed(text));
    }
    if native {
        return None;
    }
    let mut parts = text.split(['-', '/', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let sized = (1..=2).contains(&day.len()) && (1..=2).contains(&month.len()) && year.len() == 4;
    if parts.next().is_some() || !sized || ![day, month, year].iter().all(|p| digits(p)) {
        return None;
    }
    let iso = format!("{year}-{month:0>2}-{day:0>2}");
    is_date(&iso).then_some(Cow::Owned(iso))
}

/// Whether this is a day that exists, as `2026-01-31`.
pub(crate) fn is_date(text: &str) -> bool {
    use arrow::{compute::kernels::cast_utils::Parser, datatypes::Date32Type};
    text.len() == 10 && text.as_bytes().get(4) == Some(&b'-') && Date32Type::parse(text).is_some()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn of(text: &str, kind: ColumnType) -> Option<String> {
        let reading = FieldReading {
            numbers: NumberFormat {
                decimal: ',',
                thousands: Some('.'),
            },
            missing: Missing::default(),
        };
        standard(&Field::written(text), kind, &reading).map(Cow::into_owned)
    }

    #[test]
    fn values_get_their_standard_form() {
        assert_eq!(of("1.234,5", ColumnType::Float64).unwrap(), "1234.5");
        assert_eq!(of("1.234", ColumnType::Int64).unwrap(), "1234");
        assert_eq!(of("1,5", ColumnType::Int64), None);
        assert_eq!(of("TRUE", ColumnType::Boolean).unwrap(), "true");
        assert_eq!(of("31-1-2026", ColumnType::Date).unwrap(), "2026-01-31");
        assert_eq!(of("31/01/2026", ColumnType::Date).unwrap(), "2026-01-31");
        for wrong in [
            "31-02-2026",
            "1-31-2026",
            "2026-1-1",
            "1-1-26",
            "1-1-2026-1",
            "+1-1-2026",
        ] {
            assert_eq!(of(wrong, ColumnType::Date), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_that_a_file_knows_is_not_read_anew() {
        let reading = FieldReading {
            numbers: NumberFormat {
                decimal: ',',
                thousands: Some('.'),
            },
            missing: Missing(vec!["NA".into()]),
        };
        let known = Field::of(ColumnType::Float64, "1.234".into());
        assert_eq!(
            standard(&known, ColumnType::Float64, &reading).unwrap(),
            "1.234"
        );
        assert!(reading.missing.is(&Field::written(" NA")));
        assert!(!reading.missing.is(&Field::written(" ")));
    }
}
