//! Keys that stand in other columns than their own: a pseudonym hides nothing of somebody whose key stands beside it.
//!
//! A key that could be any value (`7`, `0363`) is met by chance in other columns. Such keys count only where most rows have
//! their own in a column: it is a copy. Others count wherever they stand, also as a word of a longer text.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_intake::{IntakeError, Survey, standard_rows};

use crate::share::own::pseudonym::canonical;

/// Digits from which on a number is hardly met by chance.
const TELLING_DIGITS: usize = 8;
/// Characters from which on another key is.
const TELLING_CHARACTERS: usize = 4;
/// Rows with their own key in a column, from which on it can be a copy.
const FEWEST_COPIES: u64 = 5;

/// The keys of a file, and where else they were met.
pub(super) struct RawKeys {
    /// Hashes of the keys that are hardly met by chance: two of a thousand million are the same by chance of one in thirty.
    keys: HashSet<u64>,
    met: BTreeMap<usize, KeysMet>,
    rows: u64,
}

/// Where keys were met in a column.
#[derive(Debug, Clone, Copy, Default)]
struct KeysMet {
    values: u64,
    first: u64,
    copies: u64,
    first_copy: u64,
}

impl RawKeys {
    /// The keys of all rows, also of those that will be left out.
    pub(super) fn of(file: &Path, survey: &Survey, key: usize) -> Result<Self, IntakeError> {
        let mut keys = HashSet::new();
        for row in standard_rows(file, survey)? {
            let row = row?;
            let own = row.get(key).and_then(Option::as_deref).map(canonical);
            keys.extend(own.filter(|own| is_telling(own)).map(hash));
        }
        Ok(Self {
            keys,
            met: BTreeMap::new(),
            rows: 0,
        })
    }

    /// Looks at the values that stay of a row with this key, each with its place.
    pub(super) fn see<'v>(
        &mut self,
        own: &str,
        line: u64,
        values: impl Iterator<Item = (usize, &'v str)>,
    ) {
        self.rows += 1;
        let own = canonical(own);
        for (place, value) in values {
            let value = canonical(value);
            if self.holds(value) {
                let met = self.met.entry(place).or_default();
                met.values += 1;
                if met.first == 0 {
                    met.first = line;
                }
            } else if value == own {
                let met = self.met.entry(place).or_default();
                met.copies += 1;
                if met.first_copy == 0 {
                    met.first_copy = line;
                }
            }
        }
    }

    fn holds(&self, value: &str) -> bool {
        let known = |text: &str| is_telling(text) && self.keys.contains(&hash(text));
        let parts = |c: char| c.is_whitespace() || ",;:()[]<>\"'/|=".contains(c);
        let mut words = value.split(parts);
        known(value) || words.any(|word| known(word.trim_matches(['.', '-', '!', '?'])))
    }

    /// The columns that keys were met in, as faults; `columns` has the names.
    pub(super) fn faults(&self, file: &Path, key: &str, columns: &[&str]) -> Vec<Diagnostic> {
        let met = self.met.iter().filter_map(|(place, met)| {
            let name = columns.get(*place)?;
            let (values, first) = if met.values > 0 {
                (met.values, met.first)
            } else if met.copies >= FEWEST_COPIES && met.copies * 2 > self.rows {
                (met.copies, met.first_copy)
            } else {
                return None;
            };
            Some(key_elsewhere(key, name, values, first).at(format!("{}:`{name}`", file.display())))
        });
        met.collect()
    }
}

/// Whether a key is hardly met by chance.
fn is_telling(key: &str) -> bool {
    if key.bytes().all(|b| b.is_ascii_digit()) {
        key.len() >= TELLING_DIGITS
    } else {
        key.chars().nth(TELLING_CHARACTERS - 1).is_some() && key.parse::<f64>().is_err()
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn key_elsewhere(key: &str, name: &str, values: u64, first: u64) -> Diagnostic {
    let (nl, en) = if values == 1 {
        (
            format!("op regel {first} staat een sleutel uit `{key}`"),
            format!("the value on line {first} has a key of `{key}` in it"),
        )
    } else {
        (
            format!(
                "in {values} waarden staat een sleutel uit `{key}`, de eerste keer op regel {first}"
            ),
            format!("{values} values have a key of `{key}` in them, the first on line {first}"),
        )
    };
    Diagnostic::new(
        FaultCode::Identifying,
        Text::new(
            format!("{nl}; een pseudoniem verbergt dan niets"),
            format!("{en}; a pseudonym then hides nothing"),
        ),
        Text::new(
            format!("haal de sleutels uit de waarden, of laat de kolom weg met `--drop {name}`"),
            format!(
                "take the keys out of the values, or leave the column out with `--drop {name}`"
            ),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(keys: &[&str]) -> RawKeys {
        RawKeys {
            keys: keys
                .iter()
                .filter(|key| is_telling(key))
                .map(|key| hash(key))
                .collect(),
            met: BTreeMap::new(),
            rows: 0,
        }
    }

    #[test]
    fn a_key_is_met_as_a_value_and_as_a_word() {
        let keys = keys(&["H00012", "987654321", "a@b.nl", "Jansen", "7"]);
        for value in [
            "H00012",
            "bij H00012.",
            "oud;H00012;nieuw",
            "987654321",
            "zie (987654321)",
            "mail a@b.nl",
            "mw. Jansen",
        ] {
            assert!(keys.holds(value), "{value}");
        }
        for value in ["H000123", "XH00012", "9876543210", "7", "b.nl", "", "Jans"] {
            assert!(!keys.holds(value), "{value}");
        }
    }

    #[test]
    fn short_numbers_count_only_as_a_copy_of_the_key() {
        let met = |copied: u64| {
            let mut keys = keys(&[]);
            for row in 0..10_u64 {
                let own = row.to_string();
                let value = if row < copied {
                    own.clone()
                } else {
                    "99".into()
                };
                keys.see(&own, row + 2, [(1, value.as_str())].into_iter());
            }
            keys.faults(Path::new("a.csv"), "nr", &["nr", "leeftijd"])
        };
        assert_eq!(met(5), []);
        let faults = met(6);
        assert_eq!(faults.len(), 1);
        assert!(
            faults
                .iter()
                .all(|fault| fault.what.en.starts_with("6 values")
                    && fault.what.en.contains("line 2"))
        );
    }
}
