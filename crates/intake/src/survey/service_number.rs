//! Citizen service numbers (BSN): what passes their eleven test is no key.
//!
//! The sum of the digits weighted by 9, 8, …, 2 and −1 is divisible by eleven (Logisch Ontwerp GBA; one in eleven numbers
//! passes by chance).
//!
//! In a column of numbers chance decides: it is refused when more than half of its values pass, or more than half of at
//! least [`ENOUGH`] numbers that are long enough, and remarked on when clearly more pass than one in eleven. Of columns of
//! ordinary numbers with that many, fewer than one in a million is refused, and two to four in a thousand get the remark.
//!
//! Within other text a single number that passes is refused: `zie 123456782` is a leak also when it is the only one. The
//! price is that one nine-digit number of another kind (an order, a meter) is refused in one of eleven files, and ten
//! such numbers in six of ten files. From [`ENOUGH`] numbers on, no more than chance gives is a remark and no refusal: two
//! to four in a thousand columns of order numbers are refused. A test measures these shares.

use zwerm_agreement::text::Text;

/// Whether a text passes the eleven test of the citizen service number.
///
/// ```
/// use zwerm_intake::is_bsn;
/// assert!(is_bsn("111222333"));
/// assert!(!is_bsn("111222334"));
/// assert!(!is_bsn("000000000"));
/// ```
#[must_use]
pub fn is_bsn(text: &str) -> bool {
    let mut digits = [0_i32; 9];
    let mut count = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                let Some(free) = digits.get_mut(count) else {
                    return false;
                };
                *free = i32::from(byte - b'0');
                count += 1;
            }
            b'.' | b' ' | b'-' => {}
            _ => return false,
        }
    }
    if !(8..=9).contains(&count) {
        return false;
    }
    let weights: &[i32] = if count == 9 {
        &[9, 8, 7, 6, 5, 4, 3, 2, -1]
    } else {
        &[8, 7, 6, 5, 4, 3, 2, -1]
    };
    let sum: i32 = digits.iter().zip(weights).map(|(d, w)| d * w).sum();
    sum % 11 == 0 && digits.iter().any(|d| *d != 0)
}

/// Numbers from which on it can be said whether chance explains how many pass: two would.
pub(super) const ENOUGH: u64 = 22;

/// How many numbers within texts could be service numbers, and how many of those pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct NumberTally {
    /// Numbers of eight or nine digits that stand by themselves.
    numbers: u64,
    /// Of these, the ones that pass the eleven test.
    passing: u64,
    /// Values with one that passes.
    values: u64,
    /// The line of the first such value.
    first: u64,
}

impl NumberTally {
    fn see(&mut self, text: &str, line: u64) {
        let (mut numbers, mut passing) = (0, 0);
        for number in numbers_in(text) {
            numbers += 1;
            passing += u64::from(is_bsn(number));
        }
        self.numbers += numbers;
        self.passing += passing;
        if passing > 0 {
            self.values += 1;
            if self.first == 0 {
                self.first = line;
            }
        }
    }

    fn and(self, other: Self) -> Self {
        let firsts = [self.first, other.first].into_iter();
        Self {
            numbers: self.numbers + other.numbers,
            passing: self.passing + other.passing,
            values: self.values + other.values,
            first: firsts.filter(|line| *line > 0).min().unwrap_or_default(),
        }
    }

    /// Whether no more pass than three deviations above one in eleven.
    fn is_by_chance(self) -> bool {
        let (numbers, passing) = (self.numbers as f64, self.passing as f64);
        11.0 * passing <= numbers + 3.0 * (10.0 * numbers).sqrt()
    }

    fn found(self, is_refused: bool) -> ServiceNumbers {
        ServiceNumbers {
            values: self.values,
            first: self.first,
            is_refused,
        }
    }

    /// What is to be said of the numbers of a column of numbers.
    fn of_numbers(self) -> Option<ServiceNumbers> {
        if self.numbers < ENOUGH || self.is_by_chance() {
            return None;
        }
        Some(self.found(self.passing * 2 > self.numbers))
    }

    /// What is to be said of numbers within other text.
    fn of_text(self) -> Option<ServiceNumbers> {
        let is_refused = self.numbers < ENOUGH || !self.is_by_chance();
        (self.values > 0).then(|| self.found(is_refused))
    }
}

/// Values of a column that have what passes for a service number in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceNumbers {
    /// How many values.
    pub values: u64,
    /// The line of the first in a CSV, or its row on a sheet.
    pub first: u64,
    /// Whether the column is not to be shared so; else it is worth a look.
    pub is_refused: bool,
}

impl ServiceNumbers {
    /// How many values have one in them, and where the first is; never a value.
    ///
    /// ```
    /// use zwerm_intake::ServiceNumbers;
    /// let found = ServiceNumbers { values: 3, first: 12, is_refused: true };
    /// assert!(found.words().en.ends_with("the first on line 12"));
    /// ```
    #[must_use]
    pub fn words(self) -> Text {
        let Self { values, first, .. } = self;
        if values == 1 {
            return Text::new(
                format!("op regel {first} staat een burgerservicenummer (BSN) in de waarde"),
                format!("the value on line {first} has a citizen service number (BSN) in it"),
            );
        }
        Text::new(
            format!(
                "in {values} waarden staat een burgerservicenummer (BSN), de eerste keer op regel {first}"
            ),
            format!(
                "{values} values have a citizen service number (BSN) in them, the first on line {first}"
            ),
        )
    }
}

/// The service numbers that the values of a column seem to hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ServiceNumberTally {
    /// Values of digits only, with the signs between them.
    digits: u64,
    of_digits: NumberTally,
    within_text: NumberTally,
}

impl ServiceNumberTally {
    pub(super) fn see(&mut self, text: &str, line: u64) {
        let signs = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b' ' | b'-');
        if text.bytes().all(signs) {
            self.digits += 1;
            self.of_digits.see(text, line);
        } else {
            self.within_text.see(text, line);
        }
    }

    /// What is to be said of a column with so many values.
    pub(super) fn found(self, present: u64) -> Option<ServiceNumbers> {
        if self.digits * 10 < present * 9 {
            return self.of_digits.and(self.within_text).of_text();
        }
        let both = [self.of_digits.of_numbers(), self.within_text.of_text()];
        let worst = both.into_iter().flatten();
        worst.max_by_key(|found| (found.is_refused, found.values))
    }
}

/// The numbers of eight or nine digits that stand by themselves in a text: `123456782`, `123.456.782`, `1234 56 782`. Part
/// of a code, an amount, a day or a telephone number is none.
fn numbers_in(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = text.get(from..)?;
            let start = from + rest.find(|c: char| c.is_ascii_digit())?;
            let run = digits(text.get(start..)?);
            let length = grouped(text.get(start..)?).unwrap_or(run);
            let end = start + length;
            let number = text.get(start..end)?;
            let long = length > run || (8..=9).contains(&run);
            if long && stands_alone(text.get(..start)?, text.get(end..)?) && !is_day(number) {
                from = end;
                return Some(number);
            }
            from = start + run;
        }
    })
}

/// How many digits a text begins with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// The length of a number that is written in three groups, with the same sign between them.
fn grouped(text: &str) -> Option<usize> {
    let first = digits(text);
    let sign = text.get(first..)?.chars().next()?;
    if !matches!(sign, '.' | ' ' | '-') {
        return None;
    }
    let second_part = text.get(first + 1..)?;
    let second = digits(second_part);
    let third_part = second_part.get(second..)?.strip_prefix(sign)?;
    let third = digits(third_part);
    let known = matches!((first, second, third), (2 | 3, 3, 3) | (4, 2, 3));
    known.then_some(first + second + third + 2)
}

/// Whether what stands before and after a number is no part of the same code, amount or telephone number.
fn stands_alone(before: &str, after: &str) -> bool {
    let joins = |c: char| matches!(c, '-' | '.' | '/' | '_' | '+');
    let named = before.trim_end_matches(joins).to_lowercase();
    let named = named.ends_with("bsn") || named.ends_with("sofi");
    named_or_free(before, named) && {
        let mut next = after.chars();
        match (next.next(), next.next()) {
            (Some(','), _) => !(1..=2).contains(&digits(after.get(1..).unwrap_or_default())),
            (Some(c), second) if joins(c) => !second.is_some_and(char::is_alphanumeric),
            (Some(c), _) => !c.is_alphanumeric(),
            (None, _) => true,
        }
    }
}

fn named_or_free(before: &str, named: bool) -> bool {
    if named {
        return true;
    }
    let mobile = before.trim_end().ends_with("06") || before.trim_end().ends_with("31 6");
    let mut last = before.chars().rev();
    let free = match (last.next(), last.next()) {
        (Some('+'), _) => false,
        (Some(','), Some(c)) if c.is_ascii_digit() => {
            let list = before.bytes().rev().skip(1);
            list.take_while(u8::is_ascii_digit).count() >= 8
        }
        (Some('-' | '.' | '/' | '_'), Some(c)) => !c.is_alphanumeric(),
        (Some(c), _) => !c.is_alphanumeric(),
        (None, _) => true,
    };
    free && !mobile
}

/// Whether eight digits are a day of this century or the last, year first or day first.
fn is_day(number: &str) -> bool {
    let part = |range: std::ops::Range<usize>| number.get(range)?.parse::<u32>().ok();
    let day = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        year.is_some_and(|y| (1900..2100).contains(&y))
            && month.is_some_and(|m| (1..=12).contains(&m))
            && day.is_some_and(|d| (1..=31).contains(&d))
    };
    number.len() == 8
        && (day(part(0..4), part(4..6), part(6..8)) || day(part(4..8), part(2..4), part(0..2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleven_test() {
        for bsn in ["111222333", "123456782", "12345678 2"] {
            assert!(is_bsn(bsn), "{bsn}");
        }
        for other in ["123456789", "12345", "1234567822", "abcdefghi", "", "0"] {
            assert!(!is_bsn(other), "{other}");
        }
        // eight digits are nine with a zero in front
        for number in 10_000_000..10_000_200 {
            assert_eq!(is_bsn(&number.to_string()), is_bsn(&format!("0{number}")));
        }
    }

    fn passing(text: &str) -> Vec<&str> {
        numbers_in(text).filter(|number| is_bsn(number)).collect()
    }

    #[test]
    fn a_number_is_found_where_it_stands_by_itself() {
        for text in [
            "123456782",
            "zie 123456782",
            "123456782.",
            "(123456782), gebeld",
            "bsn:123456782",
            "BSN123456782",
            "bsn-123456782 van de partner",
            "1234.56.782 ",
            "dossier 123.456.782;oud",
            "111222334,123456782",
            "é123456789 en 123456782 é",
        ] {
            assert_eq!(passing(text).len(), 1, "{text}");
        }
        assert_eq!(passing("111222333 / 123456782").len(), 2);
        for text in [
            "H-123456782",
            "H123456782",
            "123456782A",
            "NL91ABNA123456782",
            "123456782,50",
            "0,123456782",
            "1234567822",
            "2024/123456782",
            "06 12345672",
            "31-12-2020",
        ] {
            assert!(passing(text).is_empty(), "{text}");
        }
        // a day is no number, whichever way round
        assert_eq!(numbers_in("20261130 30112026 01011985").count(), 0);
    }

    /// Numbers without a pattern, from a seed (SplitMix64).
    struct Numbers(u64);

    impl Numbers {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }

        fn order(&mut self) -> u64 {
            100_000_000 + self.next() % 900_000_000
        }
    }

    /// Of a thousand columns of so many order numbers: how many are refused, and how many only remarked on.
    fn alarms(size: u64, written: impl Fn(u64) -> String) -> (u32, u32) {
        let mut numbers = Numbers(size);
        let (mut refused, mut remarked) = (0, 0);
        for _ in 0..1000 {
            let mut tally = ServiceNumberTally::default();
            for line in 0..size {
                tally.see(&written(numbers.order()), line + 2);
            }
            let found = tally.found(size);
            refused += u32::from(found.is_some_and(|found| found.is_refused));
            remarked += u32::from(found.is_some_and(|found| !found.is_refused));
        }
        (refused, remarked)
    }

    #[test]
    fn ordinary_numbers_are_refused_as_often_as_the_documentation_says() {
        let text = |number: u64| format!("order {number}");
        // one in eleven, and what follows from it for ten
        for (size, low, high) in [(1, 60, 125), (10, 560, 670)] {
            let (refused, remarked) = alarms(size, text);
            assert!((low..high).contains(&refused), "{size}: {refused}");
            assert_eq!(remarked, 0);
        }
        for size in [50, 200, 1000] {
            let (refused, remarked) = alarms(size, text);
            println!("within text, {size}: {refused} refused, {remarked} remarked on");
            assert!(
                refused <= 8 && remarked > 900,
                "{size}: {refused} {remarked}"
            );
            let (refused, remarked) = alarms(size, |number| number.to_string());
            println!("numbers, {size}: {refused} refused, {remarked} remarked on");
            assert!(
                refused == 0 && remarked <= 8,
                "{size}: {refused} {remarked}"
            );
        }
    }

    #[test]
    fn one_that_stands_within_text_is_refused_and_chance_is_not() {
        let of = |values: &[&str]| {
            let mut tally = ServiceNumberTally::default();
            for (line, value) in values.iter().enumerate() {
                tally.see(value, line as u64 + 2);
            }
            tally.found(values.len() as u64)
        };
        let found = of(&["huur", "zie 123456782", "koop", "123456782"]);
        let expected = ServiceNumbers {
            values: 2,
            first: 3,
            is_refused: true,
        };
        assert_eq!(found, Some(expected));
        // among numbers one that passes says nothing
        assert_eq!(of(&["123456782", "123456789", "123456788"]), None);
        // among other codes it does
        assert!(of(&["123456782", "C1002", "C1003"]).is_some_and(|found| found.is_refused));
        // and so does a text among numbers
        let mut many = vec!["100000001"; 30];
        many.push("partner: 123456782");
        assert!(of(&many).is_some_and(|found| found.is_refused && found.first == 32));
    }
}
