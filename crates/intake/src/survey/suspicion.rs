//! What a column seems to say of a person, by the form of its values and by its name.

use zwerm_agreement::agreement::ColumnType;

/// What a column seems to say of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suspicion {
    /// Citizen service numbers.
    Bsn,
    /// E-mail addresses.
    Email,
    /// Telephone numbers, as they are written in the Netherlands.
    Phone,
    /// Bank accounts (IBAN).
    Iban,
    /// Names of persons.
    Name,
    /// Days of birth.
    BirthDate,
    /// Full addresses: postcode and house number.
    Address,
    /// Full postcodes: with a house number they are an address.
    Postcode,
}

impl Suspicion {
    /// Its fixed spelling in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bsn => "bsn",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::Name => "name",
            Self::BirthDate => "birth-date",
            Self::Address => "address",
            Self::Postcode => "postcode",
        }
    }
}

/// How many values have the form of each.
#[derive(Debug, Clone, Default)]
pub(super) struct Suspicions {
    email: u64,
    phone: u64,
    iban: u64,
    address: u64,
    postcode: u64,
}

impl Suspicions {
    pub(super) fn see(&mut self, text: &str) {
        let length = text.len();
        if length < 6 {
            return;
        }
        if text.contains('@') {
            self.email += u64::from(is_email(text));
        }
        self.phone += u64::from(is_phone(text));
        self.iban += u64::from(length >= 15 && is_iban(text));
        match postcode(text) {
            Some(rest) if rest.trim().is_empty() => self.postcode += 1,
            Some(rest) => {
                let rest = rest.trim_start_matches([' ', ',', '-']);
                self.address += u64::from(rest.starts_with(|c: char| c.is_ascii_digit()));
            }
            None => {}
        }
    }

    /// What most values seem to be, or what the column's name says.
    pub(super) fn most(&self, name: &str, present: u64, kind: ColumnType) -> Option<Suspicion> {
        let forms = [
            (Suspicion::Email, self.email),
            (Suspicion::Iban, self.iban),
            (Suspicion::Address, self.address),
            (Suspicion::Phone, self.phone),
            (Suspicion::Postcode, self.postcode),
        ];
        let most = forms
            .into_iter()
            .find(|(_, n)| present > 0 && n * 2 > present);
        most.map(|(form, _)| form)
            .or_else(|| named(name, present, kind))
    }
}

/// What the name of a column says, when its values can be that.
fn named(name: &str, present: u64, kind: ColumnType) -> Option<Suspicion> {
    let name = name.to_lowercase();
    if present == 0 {
        return None;
    }
    if name.contains("geboorte") && !name.contains("jaar") && kind != ColumnType::Int64
        || name.contains("birthdate")
        || name.contains("birth_date")
        || name.contains("date of birth")
    {
        return (kind == ColumnType::Date || kind == ColumnType::Utf8)
            .then_some(Suspicion::BirthDate);
    }
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    // `naam` alone may be that of a district
    let named = has(&PERSON_NAMES) || (has(&["naam", "name"]) && has(&PERSONS));
    (kind == ColumnType::Utf8 && named).then_some(Suspicion::Name)
}

/// Words for a person's name.
const PERSON_NAMES: [&str; 13] = [
    "achternaam",
    "voornaam",
    "voornamen",
    "voorletters",
    "tussenvoegsel",
    "geslachtsnaam",
    "roepnaam",
    "cliëntnaam",
    "clientnaam",
    "surname",
    "lastname",
    "firstname",
    "forename",
];

/// Words for a person.
const PERSONS: [&str; 9] = [
    "cliënt", "client", "bewoner", "inwoner", "persoon", "kind", "ouder", "person", "child",
];

fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    !user.is_empty() && host.contains('.') && !text.contains(' ') && !host.contains('@')
}

/// A Dutch telephone number: ten digits from 0, or eleven from 31.
fn is_phone(text: &str) -> bool {
    let start = text.trim_start_matches(['+', '(']);
    if !(start.starts_with('0') || text.starts_with("+31")) {
        return false;
    }
    let fine = |b: u8| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b' ' | b'(' | b')');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let expected = if text.starts_with("+31") || text.starts_with("0031") {
        11..=13
    } else {
        10..=10
    };
    text.bytes().all(fine) && expected.contains(&digits)
}

/// An IBAN: moved around, its number leaves 1 when divided by 97 (ISO 13616).
fn is_iban(text: &str) -> bool {
    let letters: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    if !(15..=34).contains(&letters.len()) || !letters.iter().all(char::is_ascii_alphanumeric) {
        return false;
    }
    let (head, tail) = letters.split_at(4);
    let country = head.iter().take(2).all(char::is_ascii_alphabetic);
    let checked = head.iter().skip(2).all(char::is_ascii_digit);
    let rest = tail.iter().chain(head).try_fold(0_u32, |rest, letter| {
        let value = letter.to_digit(36)?;
        let shift = if value > 9 { 100 } else { 10 };
        Some((rest * shift + value) % 97)
    });
    country && checked && rest == Some(1)
}

/// What follows a full Dutch postcode, `2311 AB` or `2311AB`.
fn postcode(text: &str) -> Option<&str> {
    let (digits, rest) = text.split_at_checked(4)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) || digits.starts_with('0') {
        return None;
    }
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let (letters, rest) = rest.split_at_checked(2)?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphabetic());
    (letters.bytes().all(|b| b.is_ascii_alphabetic()) && ends).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        assert!(is_iban("NL91 ABNA 0417 1643 00"));
        assert!(!is_iban("NL91 ABNA 0417 1643 01"));
        for phone in [
            "0612345678",
            "+31 6 12345678",
            "071-5161616",
            "(071) 516 16 16",
        ] {
            assert!(is_phone(phone), "{phone}");
        }
        for other in ["1234567890", "06", "061234567", "WK0546"] {
            assert!(!is_phone(other), "{other}");
        }
        assert_eq!(postcode("2311 AB"), Some(""));
        assert_eq!(postcode("2311ab 12"), Some(" 12"));
        for other in ["WK054600", "2311", "0311AB", "2311ABC", "éé11AB"] {
            assert_eq!(postcode(other), None, "{other}");
        }
        assert!(is_email("a@b.nl") && !is_email("a @b.nl") && !is_email("@b.nl"));
    }
}
