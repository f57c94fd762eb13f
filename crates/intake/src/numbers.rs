//! How numbers are written: which sign stands before decimals, and which between groups of three digits.
//!
//! `1.234,5` says it by itself; `1.234` alone may be a thousand or a bit more than one. Whoever reads
//! the wrong one is off by a factor of a thousand, so what nothing settles is reported.

use std::borrow::Cow;

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NumberFormat {
    pub(crate) decimal: char,
    pub(crate) thousands: Option<char>,
}

impl NumberFormat {
    /// As programs write them: a point before decimals, nothing between thousands.
    pub(crate) const PLAIN: Self = Self {
        decimal: '.',
        thousands: None,
    };

    /// The number as programs write it; nothing when it is written otherwise.
    pub(crate) fn plain<'t>(&self, text: &'t str) -> Option<Cow<'t, str>> {
        if *self == Self::PLAIN {
            return Some(Cow::Borrowed(text));
        }
        let text = text.trim();
        let bytes = text.as_bytes();
        let simple = |b: &u8| b.is_ascii_digit() || *b == b'-';
        if bytes.iter().all(simple) {
            return Some(Cow::Borrowed(text));
        }
        let (whole, decimals) = match text.split_once(self.decimal) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (text, None),
        };
        // a second decimal sign, or a point that means nothing here
        if decimals.is_some_and(|d| d.contains(['.', ','])) {
            return None;
        }
        let mut plain = match self.thousands {
            Some(sign) if whole.contains(|c| is_sign(c, sign)) => {
                let digits = whole.trim_start_matches(['+', '-']);
                if !grouped(digits, sign) {
                    return None;
                }
                whole.chars().filter(|c| !is_sign(*c, sign)).collect()
            }
            _ if whole.contains(['.', ',', '\'']) => return None,
            _ => whole.to_owned(),
        };
        if let Some(decimals) = decimals {
            plain.push('.');
            plain.push_str(decimals);
        }
        Some(Cow::Owned(plain))
    }
}

/// Whether a letter is this sign: spaces and apostrophes come in several kinds.
fn is_sign(letter: char, sign: char) -> bool {
    match sign {
        ' ' => matches!(letter, ' ' | '\u{a0}' | '\u{202f}'),
        '\'' => matches!(letter, '\'' | '\u{2019}'),
        other => letter == other,
    }
}

/// `1.234.567`: one to three digits, then groups of exactly three.
fn grouped(digits: &str, sign: char) -> bool {
    let mut groups = digits.split(|c| is_sign(c, sign));
    let first = groups.next().unwrap_or_default();
    let all = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len())
        && all(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && all(group))
}

/// What one value shows of how numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberShape {
    /// No number.
    Other,
    /// A whole number without any sign.
    Whole,
    /// A number with what it shows of its decimal sign and of its thousands.
    Shows(Option<char>, Option<char>),
    /// `1.234`: either.
    Either(char),
}

fn shape(text: &str) -> NumberShape {
    let text = text.trim();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.bytes().any(|b| b.is_ascii_digit()) {
        return NumberShape::Other;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return NumberShape::Whole;
    }
    if let Some((mantissa, exponent)) = digits.split_once(['e', 'E']) {
        let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let fine = !power.is_empty() && power.bytes().all(|b| b.is_ascii_digit());
        return match shape(mantissa) {
            NumberShape::Either(sign) if fine => NumberShape::Shows(Some(sign), None),
            other if fine => other,
            _ => NumberShape::Other,
        };
    }
    for sign in [' ', '\''] {
        if digits.contains(|c| is_sign(c, sign)) {
            let (whole, decimal) = match digits.rsplit_once(['.', ',']) {
                Some((whole, _)) => (whole, digits.get(whole.len()..whole.len() + 1)),
                None => (digits, None),
            };
            let decimal = decimal.and_then(|d| d.chars().next());
            let fine = grouped(whole, sign) && ends_in_digits(digits, decimal);
            return shown_when(fine, decimal, Some(sign));
        }
    }
    points_and_commas(digits)
}

fn points_and_commas(digits: &str) -> NumberShape {
    if digits
        .bytes()
        .any(|b| !b.is_ascii_digit() && b != b'.' && b != b',')
    {
        return NumberShape::Other;
    }
    let Some(at) = digits.rfind(['.', ',']) else {
        return NumberShape::Other;
    };
    let (whole, last) = digits.split_at(at);
    let sign = if last.starts_with('.') { '.' } else { ',' };
    let other = if sign == '.' { ',' } else { '.' };
    match (whole.contains(sign), whole.contains(other)) {
        (false, false) if last.len() == 4 && grouped(digits, sign) => NumberShape::Either(sign),
        (false, false) => NumberShape::Shows(Some(sign), None),
        (false, true) => shown_when(grouped(whole, other), Some(sign), Some(other)),
        (true, false) => shown_when(grouped(digits, sign), None, Some(sign)),
        (true, true) => NumberShape::Other,
    }
}

fn ends_in_digits(digits: &str, decimal: Option<char>) -> bool {
    decimal.is_none_or(|sign| {
        let last = digits.rsplit(sign).next().unwrap_or_default();
        last.bytes().all(|b| b.is_ascii_digit())
    })
}

fn shown_when(fine: bool, decimal: Option<char>, thousands: Option<char>) -> NumberShape {
    if fine {
        NumberShape::Shows(decimal, thousands)
    } else {
        NumberShape::Other
    }
}

/// What the values of one column show together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    numbers: u64,
    others: u64,
    comma: u64,
    point: u64,
    either_comma: u64,
    either_point: u64,
    thousands: Vec<char>,
}

impl Evidence {
    pub(crate) fn see(&mut self, text: &str) {
        match shape(text) {
            NumberShape::Other => {
                self.others += 1;
                return;
            }
            NumberShape::Whole => {}
            NumberShape::Shows(decimal, thousands) => {
                // a thousands sign shows that the other one is for decimals
                match (decimal, thousands) {
                    (Some(','), _) | (None, Some('.')) => self.comma += 1,
                    (Some('.'), _) | (None, Some(',')) => self.point += 1,
                    _ => {}
                }
                if let Some(sign) = thousands.filter(|s| !self.thousands.contains(s)) {
                    self.thousands.push(sign);
                }
            }
            NumberShape::Either('.') => self.either_point += 1,
            NumberShape::Either(_) => self.either_comma += 1,
        }
        self.numbers += 1;
    }

    /// Whether the column is of numbers, but for a value here and there.
    fn is_numeric(&self) -> bool {
        self.numbers > 0 && self.numbers >= self.others.saturating_mul(9)
    }

    /// The sign of numbers such as `1.234`.
    fn either(&self) -> Option<char> {
        match (self.either_point, self.either_comma) {
            (0, 0) => None,
            (0, _) => Some(','),
            _ => Some('.'),
        }
    }

    /// The sign that it has between thousands when this one is for decimals.
    fn thousands_beside(&self, decimal: char) -> Option<char> {
        let other = opposite(decimal);
        let grouping = if other == '.' {
            self.either_point
        } else {
            self.either_comma
        };
        let mut written = self.thousands.iter().copied();
        let written = written.find(|sign| *sign != decimal);
        written.or((grouping > 0).then_some(other))
    }

    /// Whether some of its numbers have the other sign for decimals.
    fn is_against(&self, decimal: char) -> bool {
        let against = if decimal == '.' {
            self.comma
        } else {
            self.point
        };
        against > 0
    }
}

/// A column with numbers such as `1.234`, which nothing settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unsure {
    /// Its place in the file.
    pub(crate) place: usize,
    /// The sign that may stand before decimals or between thousands.
    pub(crate) sign: char,
}

/// What was made of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NumberVerdict {
    pub(crate) numbers: NumberFormat,
    /// Whether a value shows it, rather than custom.
    pub(crate) seen: bool,
    /// Columns that may have been read a factor of a thousand wrong.
    pub(crate) unsure: Vec<Unsure>,
    /// Columns, by place, that write numbers in the other way.
    pub(crate) contrary: Vec<usize>,
}

/// The sign that is for decimals when the other one is between thousands, and the other way around.
fn opposite(sign: char) -> char {
    if sign == '.' { ',' } else { '.' }
}

/// The signs of numbers that the agreement or whoever asks gave.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct GivenSigns {
    pub(crate) decimal: Option<char>,
    pub(crate) thousands: Option<char>,
}

/// Decides for a whole file; what was given applies. `custom` is the decimal sign when no number shows it.
pub(crate) fn decide(columns: &[Evidence], given: GivenSigns, custom: char) -> NumberVerdict {
    let numeric = || columns.iter().enumerate().filter(|(_, c)| c.is_numeric());
    let comma: u64 = numeric().map(|(_, c)| c.comma).sum();
    let point: u64 = numeric().map(|(_, c)| c.point).sum();
    let shown = match comma.cmp(&point) {
        std::cmp::Ordering::Greater => Some(','),
        std::cmp::Ordering::Less => Some('.'),
        std::cmp::Ordering::Equal => None,
    };
    let grouping = given.thousands.filter(|sign| matches!(sign, '.' | ','));
    let decimal = given.decimal.or(grouping.map(opposite)).or(shown);
    let decimal = decimal.unwrap_or(custom);
    let thousands = numeric().find_map(|(_, c)| c.thousands_beside(decimal));
    let settled = given.decimal.is_some() || given.thousands.is_some() || shown.is_some();
    let unsure = |(place, c): (usize, &Evidence)| {
        let sign = c.either()?;
        Some(Unsure { place, sign })
    };
    let contrary = numeric().filter(|(_, c)| c.is_against(decimal));
    NumberVerdict {
        numbers: NumberFormat {
            decimal,
            thousands: given.thousands.or(thousands),
        },
        seen: shown.is_some(),
        unsure: numeric().filter(|_| !settled).filter_map(unsure).collect(),
        contrary: contrary.map(|(place, _)| place).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn verdict(values: &[&str], custom: char) -> NumberVerdict {
        let mut evidence = Evidence::default();
        for value in values {
            evidence.see(value);
        }
        decide(&[evidence], GivenSigns::default(), custom)
    }

    fn check(values: &[&str], decimal: char, thousands: Option<char>) {
        let found = verdict(values, '.');
        assert_eq!(
            found.numbers,
            NumberFormat { decimal, thousands },
            "{values:?}"
        );
    }

    #[test]
    fn the_signs_are_told_by_the_values() {
        check(&["1", "2"], '.', None);
        check(&["1,5", "1.234"], ',', Some('.'));
        check(&["1.234,50"], ',', Some('.'));
        check(&["1,234.50"], '.', Some(','));
        check(&["1.234.567"], ',', Some('.'));
        check(&["1 234,5", "12"], ',', Some(' '));
        check(&["1'234.5"], '.', Some('\''));
        check(&["0,123"], ',', None);
        check(&["1,5e3"], ',', None);
        check(&["1.2.3", "a,b"], '.', None);
    }

    #[test]
    fn what_may_be_either_is_said() {
        let unsure = vec![Unsure {
            place: 0,
            sign: '.',
        }];
        assert_eq!(verdict(&["1.234", "12"], '.').unsure, unsure);
        let dutch = verdict(&["1.234", "12"], ',');
        assert_eq!((dutch.numbers.thousands, dutch.unsure), (Some('.'), unsure));
        assert!(verdict(&["1.234", "1,5"], '.').unsure.is_empty());
        assert_eq!(verdict(&["1,5", "1,6", "1.5"], '.').contrary, [0]);
    }

    #[test]
    fn a_number_is_read_as_it_is_written_or_not_at_all() {
        let dutch = NumberFormat {
            decimal: ',',
            thousands: Some('.'),
        };
        for (text, plain) in [
            ("1.234,5", "1234.5"),
            ("-1.234", "-1234"),
            (" 12 ", "12"),
            ("0,5", "0.5"),
            ("1234,5", "1234.5"),
        ] {
            assert_eq!(dutch.plain(text).unwrap(), plain, "{text}");
        }
        for text in ["1.23", "1.2345", "1,5,6", "12.34.567", "1,234.5", ".123"] {
            assert_eq!(dutch.plain(text), None, "{text}");
        }
    }
}
