//! What is protected, as people speak of several of them: an agreement names one of them, in Dutch.

use zwerm_agreement::text::{Lang, Text};

/// Units that agreements are about: one in Dutch, several in Dutch, one and several in English.
const UNITS: [(&str, &str, &str, &str); 14] = [
    ("huishouden", "huishoudens", "household", "households"),
    ("persoon", "personen", "person", "people"),
    ("inwoner", "inwoners", "resident", "residents"),
    ("bewoner", "bewoners", "resident", "residents"),
    ("huurder", "huurders", "tenant", "tenants"),
    ("gezin", "gezinnen", "family", "families"),
    ("kind", "kinderen", "child", "children"),
    ("jongere", "jongeren", "young person", "young people"),
    ("leerling", "leerlingen", "pupil", "pupils"),
    ("cliënt", "cliënten", "client", "clients"),
    ("client", "cliënten", "client", "clients"),
    ("woning", "woningen", "home", "homes"),
    ("adres", "adressen", "address", "addresses"),
    ("deelnemer", "deelnemers", "participant", "participants"),
];

/// Ends of Dutch words that go with *het*.
const NEUTER: [&str; 14] = [
    "inkomen",
    "vermogen",
    "bedrag",
    "aantal",
    "verbruik",
    "loon",
    "salaris",
    "percentage",
    "gewicht",
    "budget",
    "saldo",
    "tekort",
    "aandeel",
    "spaargeld",
];

/// Several of a unit; of one that is not known, their number.
///
/// ```
/// use zwerm_agreement::text::Lang;
/// use zwerm_app::words::unit::several;
/// assert_eq!(several("huishouden", Lang::Nl), "huishoudens");
/// assert_eq!(several("huishouden", Lang::En), "households");
/// assert_eq!(several("boot", Lang::Nl), "aantal (boot)");
/// ```
pub fn several(unit: &str, lang: Lang) -> String {
    let known = UNITS
        .iter()
        .find(|(one, ..)| one.eq_ignore_ascii_case(unit));
    let words = match known {
        Some((_, nl, _, en)) => Text::new(*nl, *en),
        None => Text::new(format!("aantal ({unit})"), format!("number ({unit})")),
    };
    words.get(lang).to_owned()
}

/// One of a unit; one that is not known as the agreement has it.
///
/// ```
/// use zwerm_agreement::text::Lang;
/// use zwerm_app::words::unit::one;
/// assert_eq!((one("persoon", Lang::En), one("boot", Lang::En)), ("person", "boot"));
/// ```
pub fn one(unit: &str, lang: Lang) -> &str {
    let known = UNITS
        .iter()
        .find(|(one, ..)| one.eq_ignore_ascii_case(unit));
    match (known, lang) {
        (Some((_, _, en, _)), Lang::En) => en,
        _ => unit,
    }
}

/// How *average* is written before a label in Dutch: *gemiddeld inkomen*, *gemiddelde huur*.
///
/// ```
/// use zwerm_app::words::unit::average_of;
/// assert_eq!((average_of("inkomen per jaar"), average_of("huur")), ("gemiddeld", "gemiddelde"));
/// ```
pub fn average_of(label: &str) -> &'static str {
    let noun = label
        .split([' ', '(', ','])
        .next()
        .unwrap_or_default()
        .to_lowercase();
    if NEUTER.iter().any(|end| noun.ends_with(end)) {
        "gemiddeld"
    } else {
        "gemiddelde"
    }
}

/// A quantity and its unit in words; those that are not known stay as the agreement has them.
///
/// ```
/// use zwerm_agreement::text::Lang;
/// use zwerm_app::words::unit::quantity;
/// assert_eq!(quantity("EUR/year", Lang::Nl), "euro per jaar");
/// assert_eq!(quantity("m2", Lang::Nl), "m2");
/// ```
pub fn quantity(quantity: &str, lang: Lang) -> String {
    let text = match quantity {
        "EUR" => Text::new("euro", "euros"),
        "EUR/year" => Text::new("euro per jaar", "euros a year"),
        "EUR/month" => Text::new("euro per maand", "euros a month"),
        other => Text::same(other),
    };
    text.get(lang).to_owned()
}
