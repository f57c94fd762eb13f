//! Other ways of writing keys, to say why a list and a file do not meet: quotes, signs between digits, noughts in front.

use std::collections::HashSet;

use zwerm_agreement::text::Text;

/// A way of writing that may be all that differs.
struct Notation {
    nl: &'static str,
    en: &'static str,
    /// What remains of a key without it; several keys when one line held them.
    without: fn(&str) -> Vec<String>,
}

const NOTATIONS: [Notation; 7] = [
    Notation {
        nl: "zonder aanhalingstekens",
        en: "without quotes",
        without: |key| vec![unquoted(key)],
    },
    Notation {
        nl: "elke sleutel op een eigen regel",
        en: "with each key on a line of its own",
        without: |key| split(key).map(|key| key.trim().to_owned()).collect(),
    },
    Notation {
        nl: "zonder punten, spaties en streepjes",
        en: "without points, spaces and hyphens",
        without: |key| vec![unpunctuated(key)],
    },
    Notation {
        nl: "zonder decimalen (`.0`)",
        en: "without decimals (`.0`)",
        without: |key| vec![undecimal(key).to_owned()],
    },
    Notation {
        nl: "zonder nullen voorop",
        en: "without leading zeros",
        without: |key| vec![key.trim_start_matches('0').to_owned()],
    },
    Notation {
        nl: "met kleine letters",
        en: "in small letters",
        without: |key| vec![key.to_lowercase()],
    },
    Notation {
        nl: "zonder aanhalingstekens, leestekens, nullen voorop en hoofdletters",
        en: "without quotes, punctuation, leading zeros and capitals",
        without: |key| split(key).map(bare).collect(),
    },
];

/// How many keys of a list would be in the file if both were written in another way, and which.
pub(super) struct BetterNotation {
    pub(super) matching: u64,
    pub(super) words: Text,
}

/// Compares the keys of a list with those of a file in each notation, while the latter pass.
pub(super) struct NotationCount<'l> {
    list: &'l [String],
    /// For each notation, the keys of the file that are on the list then.
    met: Vec<(HashSet<String>, HashSet<String>)>,
}

impl<'l> NotationCount<'l> {
    pub(super) fn new(list: &'l [String]) -> Self {
        let met = NOTATIONS.iter().map(|notation| {
            let listed = list.iter().flat_map(|key| (notation.without)(key));
            (
                listed.filter(|key| !key.is_empty()).collect(),
                HashSet::new(),
            )
        });
        Self {
            list,
            met: met.collect(),
        }
    }

    /// Looks at a key of the file.
    pub(super) fn see(&mut self, key: &str) {
        for (notation, (listed, met)) in NOTATIONS.iter().zip(&mut self.met) {
            for key in (notation.without)(key) {
                if listed.contains(&key) {
                    met.insert(key);
                }
            }
        }
    }

    /// The plainest notation in which most keys meet, when more do than the `matched` that meet as they are.
    pub(super) fn best(self, matched: u64) -> Option<BetterNotation> {
        let mut best: Option<BetterNotation> = None;
        for (notation, (_, met)) in NOTATIONS.iter().zip(self.met) {
            let matching = met.len() as u64;
            if matching > best.as_ref().map_or(matched, |best| best.matching) {
                let words = Text::new(notation.nl, notation.en);
                best = Some(BetterNotation { matching, words });
            }
        }
        best.filter(|_| !self.list.is_empty())
    }
}

fn split(key: &str) -> impl Iterator<Item = &str> {
    key.split([',', ';', '\t'])
}

fn unquoted(key: &str) -> String {
    let quotes = ['"', '\'', '`', '“', '”', '‘', '’'];
    key.trim().trim_matches(quotes).trim().to_owned()
}

fn unpunctuated(key: &str) -> String {
    key.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-'))
        .collect()
}

/// `123.0` is `123`.
fn undecimal(key: &str) -> &str {
    let whole = key.rsplit_once(['.', ',']);
    let zeros = |rest: &str| rest.len() <= 2 && rest.bytes().all(|b| b == b'0');
    whole
        .filter(|(_, rest)| zeros(rest))
        .map_or(key, |(whole, _)| whole)
}

fn bare(key: &str) -> String {
    let plain = unpunctuated(undecimal(&unquoted(key))).to_lowercase();
    plain.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(list: &[&str], file: &[&str]) -> Option<(u64, String)> {
        let list: Vec<String> = list.iter().map(|key| (*key).to_owned()).collect();
        let mut count = NotationCount::new(&list);
        file.iter().for_each(|key| count.see(key));
        count.best(0).map(|best| (best.matching, best.words.en))
    }

    #[test]
    fn the_notation_that_would_match_is_named() {
        let file = ["123456782", "111222333", "000000012"];
        for (list, matching, words) in [
            (&["\"123456782\"", "\"111222333\""][..], 2, "without quotes"),
            (
                &["123.456.782", "111 222 333"],
                2,
                "without points, spaces and hyphens",
            ),
            (
                &["123456782.0", "999999999.0"],
                1,
                "without decimals (`.0`)",
            ),
            (&["12", "0123456782"], 2, "without leading zeros"),
            (
                &["123456782;111222333"],
                2,
                "with each key on a line of its own",
            ),
            (
                &["'123.456.782','12'"],
                2,
                "without quotes, punctuation, leading zeros and capitals",
            ),
        ] {
            assert_eq!(
                best(list, &file),
                Some((matching, words.to_owned())),
                "{list:?}"
            );
        }
        assert_eq!(best(&["h1"], &["H1"]), Some((1, "in small letters".into())));
        assert_eq!(best(&["987654321"], &file), None);
    }
}
