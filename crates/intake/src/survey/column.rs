//! What is counted of a column while its values pass.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use zwerm_agreement::{agreement::ColumnType, name::is_sql_name};

use super::{
    SurveyColumn,
    service_number::{ServiceNumberTally, is_bsn},
    suspicion::{Suspicion, Suspicions},
};
use crate::{
    rows::{Field, FieldReading},
    value::{MARKERS, standard},
};

/// Different values that are counted at most.
const MOST_DISTINCT: usize = 10_000;
/// Different values that are listed at most.
const MOST_LISTED: usize = 1_000;

/// The types that a column may have, the narrowest first; text always fits.
const KINDS: [ColumnType; 4] = [
    ColumnType::Boolean,
    ColumnType::Int64,
    ColumnType::Float64,
    ColumnType::Date,
];

/// What was counted of a column.
pub(super) struct ColumnTally {
    name: String,
    pub(super) missing: u64,
    present: u64,
    /// Values that do not fit each of `KINDS`.
    unfit: [u64; 4],
    /// Values as written, with how often; nothing when there are too many.
    counts: Option<HashMap<String, u64>>,
    /// Hashes of values; nothing once one came twice.
    unique: Option<HashSet<u64>>,
    range: Option<(f64, f64)>,
    bsn: u64,
    service_numbers: ServiceNumberTally,
    suspicions: Suspicions,
    /// Values with spaces around them.
    pub(super) spaced: u64,
    /// Words for a missing value.
    pub(super) markers: BTreeMap<&'static str, u64>,
    /// Values that a file says are numbers, days and text.
    pub(super) native_numbers: u64,
    pub(super) native_days: u64,
    pub(super) written: u64,
    /// Of `written`, those that read as a number.
    pub(super) number_texts: u64,
    pub(super) leading_zero: bool,
    /// Numbers that a spreadsheet keeps only fifteen digits of.
    pub(super) too_long: u64,
    /// Days written day first; of those, the ones that could be month first.
    pub(super) day_first: u64,
    pub(super) month_first: u64,
}

impl ColumnTally {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            missing: 0,
            present: 0,
            unfit: [0; 4],
            counts: Some(HashMap::new()),
            unique: Some(HashSet::new()),
            range: None,
            bsn: 0,
            service_numbers: ServiceNumberTally::default(),
            suspicions: Suspicions::default(),
            spaced: 0,
            markers: BTreeMap::new(),
            native_numbers: 0,
            native_days: 0,
            written: 0,
            number_texts: 0,
            leading_zero: false,
            too_long: 0,
            day_first: 0,
            month_first: 0,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn see(&mut self, field: &Field, line: u64, reading: &FieldReading) {
        if reading.missing.is(field) {
            self.missing += 1;
            return;
        }
        let text = field.text.as_str();
        let trimmed = text.trim();
        self.present += 1;
        self.spaced += u64::from(trimmed.len() != text.len());
        // a marker says nothing of the type of the others
        match MARKERS.iter().find(|m| **m == trimmed) {
            Some(marker) if field.kind.is_none() => *self.markers.entry(marker).or_default() += 1,
            _ => self.kinds(field, reading, trimmed),
        }
        self.bsn += u64::from(is_bsn(trimmed));
        self.service_numbers.see(trimmed, line);
        self.suspicions.see(trimmed);
        self.count(text);
    }

    fn kinds(&mut self, field: &Field, reading: &FieldReading, trimmed: &str) {
        match field.kind {
            Some(ColumnType::Int64 | ColumnType::Float64) => {
                self.native_numbers += 1;
                self.too_long += u64::from(trimmed.bytes().filter(u8::is_ascii_digit).count() > 15);
            }
            Some(ColumnType::Date) => self.native_days += 1,
            Some(_) => {}
            None => self.written += 1,
        }
        let zero = field.kind.is_none() && has_leading_zero(trimmed);
        self.leading_zero |= zero;
        for (kind, unfit) in KINDS.into_iter().zip(&mut self.unfit) {
            // a column that has shown often enough that it is of another type is not tried for long
            if *unfit > 1_000 {
                continue;
            }
            let numeric = matches!(kind, ColumnType::Int64 | ColumnType::Float64);
            let value = standard(field, kind, reading).filter(|_| !(numeric && zero));
            let Some(value) = value else {
                *unfit += 1;
                continue;
            };
            if kind == ColumnType::Float64
                && let Ok(number) = value.parse::<f64>()
            {
                self.number_texts += u64::from(field.kind.is_none());
                let (low, high) = self.range.unwrap_or((number, number));
                self.range = Some((low.min(number), high.max(number)));
            }
            if kind == ColumnType::Date && matches!(value, Cow::Owned(_)) {
                self.day_first += 1;
                let month = value.get(8..10).and_then(|d| d.parse::<u8>().ok());
                self.month_first += u64::from(month.is_some_and(|m| m <= 12));
            }
        }
    }

    fn count(&mut self, text: &str) {
        if let Some(unique) = &mut self.unique {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            if !unique.insert(hasher.finish()) {
                self.unique = None;
            }
        }
        if let Some(counts) = &mut self.counts {
            if let Some(count) = counts.get_mut(text) {
                *count += 1;
            } else if counts.len() < MOST_DISTINCT {
                counts.insert(text.to_owned(), 1);
            } else {
                self.counts = None;
            }
        }
    }

    /// The type of the column, as all its values allow.
    pub(super) fn kind(&self) -> ColumnType {
        if self.markers.is_empty() {
            self.kind_without_markers()
        } else {
            ColumnType::Utf8
        }
    }

    /// The type that the column would have if markers were read as missing.
    pub(super) fn kind_without_markers(&self) -> ColumnType {
        let markers: u64 = self.markers.values().sum();
        let mut kinds = KINDS.into_iter().zip(self.unfit);
        match kinds.find(|(_, unfit)| *unfit == 0) {
            Some((kind, _)) if self.present > markers => kind,
            _ => ColumnType::Utf8,
        }
    }

    /// Values that would be the same without the spaces around them.
    pub(super) fn coinciding(&self) -> u64 {
        let Some(counts) = self.counts.as_ref().filter(|_| self.spaced > 0) else {
            return 0;
        };
        let pairs = counts.keys().filter(|v| {
            let trimmed = v.trim();
            trimmed.len() != v.len() && counts.contains_key(trimmed)
        });
        pairs.count() as u64
    }

    /// Values that differ from another in small and capital letters only.
    pub(super) fn differing_in_case(&self) -> u64 {
        let Some(counts) = &self.counts else {
            return 0;
        };
        let mut lower: HashSet<String> = HashSet::new();
        let again = counts
            .keys()
            .filter(|v| !lower.insert(v.trim().to_lowercase()));
        (again.count() as u64).saturating_sub(self.coinciding())
    }

    /// The values as written, in the standard form of the column's type.
    fn standard_values(
        &mut self,
        kind: ColumnType,
        reading: &FieldReading,
    ) -> Option<BTreeSet<String>> {
        let counts = self.counts.take()?;
        let own = |text: String| {
            let field = Field::written(&text);
            standard(&field, kind, reading).map_or_else(|| text.clone(), Cow::into_owned)
        };
        Some(counts.into_keys().map(own).collect())
    }

    pub(super) fn finish(
        mut self,
        reading: &FieldReading,
        taken: impl Fn(&str) -> bool,
    ) -> SurveyColumn {
        let kind = self.kind();
        let numeric = matches!(kind, ColumnType::Int64 | ColumnType::Float64);
        let share = |n: u64| n as f64 / self.present.max(1) as f64;
        let bsn = (self.bsn > 0).then(|| share(self.bsn));
        let whole = bsn.is_some_and(|share| share > 0.5);
        let found = self.service_numbers.found(self.present);
        let service_numbers = found.filter(|_| !whole);
        let looks_like = match service_numbers {
            _ if whole => Some(Suspicion::Bsn),
            Some(found) if found.is_refused => Some(Suspicion::Bsn),
            _ => self.suspicions.most(&self.name, self.present, kind),
        };
        let values = self.standard_values(kind, reading);
        let distinct = values.as_ref().map(|all| all.len() as u64);
        let listed = values.filter(|all| all.len() <= MOST_LISTED);
        SurveyColumn {
            sql_name: sql_name(&self.name, taken),
            name: self.name,
            kind,
            missing: self.missing,
            distinct,
            values: listed.into_iter().flatten().collect(),
            range: self.range.filter(|_| numeric),
            unique: self.unique.is_some() && self.present > 0,
            bsn,
            service_numbers,
            looks_like,
        }
    }
}

/// `0123`, but not `0` and `0.5`.
fn has_leading_zero(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+']).as_bytes();
    matches!(digits, [b'0', second, ..] if second.is_ascii_digit())
}

/// A name that is valid in SQL, made of what the file calls the column.
fn sql_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut plain = String::new();
    for letter in name.to_lowercase().chars() {
        match unaccented(letter) {
            Some(letter) => plain.push(letter),
            None if plain.ends_with('_') => {}
            None => plain.push('_'),
        }
    }
    let plain = plain.trim_matches('_');
    let mut plain: String = plain.chars().take(50).collect();
    if !plain.starts_with(|c: char| c.is_ascii_lowercase()) {
        plain = format!("k_{plain}").trim_end_matches('_').to_owned();
    }
    if !is_sql_name(&plain) {
        plain.push_str("_kolom");
    }
    let numbered = (2..).map(|n| format!("{plain}_{n}"));
    let mut all = std::iter::once(plain.clone()).chain(numbered);
    all.find(|name| !taken(name)).unwrap_or(plain)
}

fn unaccented(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | '0'..='9' => letter,
        'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_names_for_sql() {
        for (name, expected) in [
            ("Wijk", "wijk"),
            ("Code wijk (CBS)", "code_wijk_cbs"),
            ("Geïnd €", "geind"),
            ("2024", "k_2024"),
            ("", "k"),
            ("select", "select_kolom"),
        ] {
            assert_eq!(sql_name(name, |_| false), expected);
        }
        assert_eq!(sql_name("a", |name| name == "a"), "a_2");
    }

    #[test]
    fn every_name_becomes_one() {
        for name in [
            "\u{1}",
            "ß",
            "x".repeat(200).as_str(),
            "___",
            "-1",
            "user",
            "a_",
        ] {
            assert!(is_sql_name(&sql_name(name, |_| false)), "{name:?}");
        }
    }

    #[test]
    fn codes_keep_their_zeros() {
        for code in ["007", "-01", "00"] {
            assert!(has_leading_zero(code), "{code}");
        }
        for number in ["0", "0.5", "10", "", "-0,5"] {
            assert!(!has_leading_zero(number), "{number}");
        }
    }
}
