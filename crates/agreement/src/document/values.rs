//! Reads single values: text, numbers, words, dates.

use crate::diagnostic::FaultCode;
use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::Date;
use toml::de::DeValue;

use super::BLANKS;
use super::reader::{
    DocumentNode, DocumentReader, TableKeys, entries, fields, shorten, wrong_type,
};
use super::record::ExpectedValue;
use crate::text::Text;
use crate::words::Word;

/// Text that is not blank.
pub(super) fn string(reader: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<String> {
    let expected = || Text::new("tekst tussen aanhalingstekens", "text between quotes");
    reader.expect(&node.path, || ExpectedValue::Value(expected()));
    let Some(text) = node.value.get_ref().as_str() else {
        wrong_type(reader, &node, expected());
        return None;
    };
    if text.trim().is_empty() {
        let what = Text::new("hier staat niets", "nothing is written here");
        let cure = Text::new("vul het in", "fill it in");
        refuse(reader, &node, FaultCode::Empty, what, cure);
        return None;
    }
    if let Some(blank) = BLANKS.iter().find(|blank| text.starts_with(*blank)) {
        let asked = shorten(text.trim_start_matches(blank).trim());
        let what = Text::new(
            format!("dit moet nog worden ingevuld: `{asked}`"),
            format!("this is still to be filled in: `{asked}`"),
        );
        let cure = Text::new(
            "overleg erover en zet het antwoord ervoor in de plaats",
            "talk about it and put the answer in its place",
        );
        refuse(reader, &node, FaultCode::Missing, what, cure);
        return None;
    }
    Some(text.to_owned())
}

/// Words in Dutch and English, or one text for both.
pub(super) fn words_in_both(
    reader: &mut DocumentReader<'_>,
    node: DocumentNode<'_>,
) -> Option<Text> {
    reader.expect(&node.path, || ExpectedValue::Words);
    if node.value.get_ref().is_str() {
        return string(reader, node).map(Text::same);
    }
    if !node.value.get_ref().is_table() {
        wrong_type(
            reader,
            &node,
            Text::new(
                "`{ nl = \"…\", en = \"…\" }`",
                "`{ nl = \"…\", en = \"…\" }`",
            ),
        );
        return None;
    }
    let mut f = fields(reader, node)?;
    let text = nl_and_en(&mut f);
    f.finish();
    text
}

/// The keys `nl` and `en`; without `en` the Dutch words are used for both.
pub(super) fn nl_and_en(f: &mut TableKeys<'_, '_, '_>) -> Option<Text> {
    let nl = f.need("nl", string);
    let en = f.maybe("en", string);
    let nl = nl?;
    Some(Text {
        en: en.unwrap_or_else(|| nl.clone()),
        nl,
    })
}

/// True or false.
pub(super) fn boolean(reader: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<bool> {
    let expected = || Text::new("`true` of `false`", "`true` or `false`");
    reader.expect(&node.path, || ExpectedValue::Value(expected()));
    let value = node.value.get_ref().as_bool();
    if value.is_none() {
        wrong_type(reader, &node, expected());
    }
    value
}

/// A whole number within a range.
pub(super) fn integer<T>(
    range: RangeInclusive<i64>,
) -> impl FnOnce(&mut DocumentReader<'_>, DocumentNode<'_>) -> Option<T>
where
    T: TryFrom<i64>,
{
    move |reader, node| {
        let (low, high) = (range.start(), range.end());
        let expected = Text::new(
            format!("een geheel getal van {low} tot en met {high}"),
            format!("a whole number from {low} to {high}"),
        );
        reader.expect(&node.path, || ExpectedValue::Value(expected.clone()));
        let DeValue::Integer(number) = node.value.get_ref() else {
            wrong_type(reader, &node, expected);
            return None;
        };
        let value = i64::from_str_radix(number.as_str(), number.radix()).ok();
        let fitting = value
            .filter(|v| range.contains(v))
            .and_then(|v| T::try_from(v).ok());
        if fitting.is_none() {
            out_of_range(reader, &node, number.as_str(), &expected);
        }
        fitting
    }
}

/// A finite number for which `fits` holds; `expected` says which.
pub(super) fn number(
    expected: Text,
    fits: impl FnOnce(f64) -> bool,
) -> impl FnOnce(&mut DocumentReader<'_>, DocumentNode<'_>) -> Option<f64> {
    move |reader, node| {
        reader.expect(&node.path, || ExpectedValue::Value(expected.clone()));
        let (written, value) = match node.value.get_ref() {
            DeValue::Float(number) => (number.as_str(), number.as_str().parse::<f64>().ok()),
            DeValue::Integer(number) => {
                let whole = i64::from_str_radix(number.as_str(), number.radix()).ok();
                (number.as_str(), whole.and_then(exactly))
            }
            _ => {
                wrong_type(reader, &node, expected);
                return None;
            }
        };
        let fitting = value.filter(|v| v.is_finite() && fits(*v));
        if fitting.is_none() {
            out_of_range(reader, &node, written, &expected);
        }
        // Negative zero would be written as zero in the canonical form.
        fitting.map(|v| v + 0.0)
    }
}

/// Whole numbers up to 2^53 are floating-point numbers too.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
fn exactly(whole: i64) -> Option<f64> {
    (whole.unsigned_abs() <= 1 << 53).then_some(whole as f64)
}

/// One of a closed list of words.
pub(super) fn word<T: Word>(reader: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<T> {
    let known: Vec<_> = T::all().iter().map(|w| w.word()).collect();
    let listed = format!("`{}`", known.join("`, `"));
    let expected = || Text::new(format!("een van {listed}"), format!("one of {listed}"));
    reader.expect(&node.path, || ExpectedValue::Value(expected()));
    let Some(written) = node.value.get_ref().as_str() else {
        wrong_type(reader, &node, expected());
        return None;
    };
    let found = T::from_word(written);
    if found.is_none() {
        let short = shorten(written);
        let what = Text::new(
            format!("`{short}` is hier niet bekend"),
            format!("`{short}` is not known here"),
        );
        let cure = match reader.suggest(written, known) {
            Some(near) => Text::new(
                format!("bedoelde u `{near}`?"),
                format!("did you mean `{near}`?"),
            ),
            None => Text::new(
                format!("kies uit {listed}"),
                format!("choose from {listed}"),
            ),
        };
        refuse(reader, &node, FaultCode::Unknown, what, cure);
    }
    found
}

/// One character of a closed list.
pub(super) fn sign(
    known: &'static [char],
) -> impl FnOnce(&mut DocumentReader<'_>, DocumentNode<'_>) -> Option<char> {
    move |reader, node| {
        let shown: Vec<String> = known.iter().map(|c| c.escape_debug().to_string()).collect();
        let listed = format!("`\"{}\"`", shown.join("\"`, `\""));
        let expected = Text::new(format!("een van {listed}"), format!("one of {listed}"));
        reader.expect(&node.path, || ExpectedValue::Value(expected.clone()));
        let Some(written) = node.value.get_ref().as_str() else {
            wrong_type(reader, &node, expected);
            return None;
        };
        let mut signs = written.chars();
        let only = signs.next().filter(|_| signs.next().is_none());
        let found = only.filter(|sign| known.contains(sign));
        if found.is_none() {
            out_of_range(reader, &node, written, &expected);
        }
        found
    }
}

/// A day, as text or as a TOML date.
pub(super) fn date(reader: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Date> {
    let expected = Text::new("een dag zoals `2026-01-31`", "a day like `2026-01-31`");
    moment(reader, node, expected, |text| {
        let day = text.parse().ok()?;
        (text.len() == 10).then_some(day)
    })
}

/// A moment with its time zone, as text or as a TOML date-time.
pub(super) fn timestamp(
    reader: &mut DocumentReader<'_>,
    node: DocumentNode<'_>,
) -> Option<Timestamp> {
    let expected = Text::new(
        "een tijdstip zoals `2026-01-31T10:00:00Z`",
        "a moment like `2026-01-31T10:00:00Z`",
    );
    moment(reader, node, expected, |text| text.parse().ok())
}

fn moment<T>(
    reader: &mut DocumentReader<'_>,
    node: DocumentNode<'_>,
    expected: Text,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    reader.expect(&node.path, || ExpectedValue::Value(expected.clone()));
    let written = match node.value.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        _ => {
            wrong_type(reader, &node, expected);
            return None;
        }
    };
    let found = parse(&written);
    if found.is_none() {
        out_of_range(reader, &node, &written, &expected);
    }
    found
}

/// A table of texts.
pub(super) fn strings_by_key(
    reader: &mut DocumentReader<'_>,
    node: DocumentNode<'_>,
) -> Option<std::collections::BTreeMap<String, String>> {
    entries(reader, node, string)
}

fn out_of_range(
    reader: &mut DocumentReader<'_>,
    node: &DocumentNode<'_>,
    written: &str,
    expected: &Text,
) {
    let written = shorten(written);
    let what = Text::new(
        format!("`{written}` past hier niet"),
        format!("`{written}` does not fit here"),
    );
    let cure = Text::new(
        format!("schrijf {}", expected.nl),
        format!("write {}", expected.en),
    );
    refuse(reader, node, FaultCode::OutOfRange, what, cure);
}

fn refuse(
    reader: &mut DocumentReader<'_>,
    node: &DocumentNode<'_>,
    code: FaultCode,
    what: Text,
    cure: Text,
) {
    reader.at(node.value.span().start, &node.path, code, what, cure);
}
