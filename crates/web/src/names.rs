//! Texts of both doors as a page says them: with names for ids, days in words, and no word of the command line.
//!
//! Use cases say what helps to whoever types commands. Who reads a page has none, so that the same text leaves them out
//! here, and says where on the site it can be done. This is the one place where that happens: every text of a page goes
//! through [`readable`].

use std::collections::BTreeMap;
use std::ops::Bound;

use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, MandateBy, Party, View};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::types::question::{OTHER, UNKNOWN};
use zwerm_app::words::agreement::mandate_by;
use zwerm_app::words::answer::special;
use zwerm_app::words::purpose::purpose;
use zwerm_app::words::unit;

use crate::days::in_words;

mod without_commands;

use without_commands::{without_commands, without_paths};

/// What an agreement calls what texts name by id: parties, columns, shared views and its purpose.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names(BTreeMap<String, Text>);

impl Names {
    /// The names of an agreement.
    pub(crate) fn of(agreement: &Agreement) -> Self {
        let mut names = BTreeMap::new();
        for view in &agreement.view {
            of_view(view, &mut names);
        }
        for dataset in &agreement.dataset {
            for id in dataset.columns.keys().chain(dataset.withheld.keys()) {
                let plain = Text::same(id.replace('_', " "));
                names.entry(id.clone()).or_insert(plain);
            }
        }
        names.insert(agreement.purpose.clone(), purpose(&agreement.purpose));
        let parties = agreement.party.iter();
        names.extend(parties.map(|party| (party.id.clone(), Party::display_name(party))));
        let about = &agreement.about;
        names.insert(about.id.clone(), Text::new(&about.nl, &about.en));
        for by in MandateBy::ALL {
            let Text { nl, en } = mandate_by(*by);
            let words = Text::new(format!("({nl})"), format!("({en})"));
            names.insert(format!("({})", by.as_str()), words);
        }
        Self(names)
    }

    /// The names of its parties alone, for texts that tell ids from other words by nothing.
    pub(crate) fn of_parties(agreement: &Agreement) -> Self {
        let parties = agreement.party.iter();
        let names = parties.map(|party| (party.id.clone(), Party::display_name(party)));
        Self(names.collect())
    }

    /// What something is called.
    pub(crate) fn get(&self, id: &str) -> Option<&Text> {
        self.0.get(id)
    }

    /// A text in these names, for a page that is about several agreements.
    pub(crate) fn in_text(&self, text: &Text) -> Text {
        let of = |lang| readable(text.get(lang), self, lang);
        Text::new(of(Lang::Nl), of(Lang::En))
    }

    /// A line of the log in these names; its ids stand between other words without marks.
    pub(crate) fn in_line(&self, line: &str, lang: Lang) -> String {
        let mut said = String::new();
        for word in line.split_inclusive([' ', ',', ':', '(', ')']) {
            let id = word.trim_end_matches([' ', ',', ':', '(', ')']);
            let after = word.strip_prefix(id).unwrap_or_default();
            said.push_str(self.get(id).map_or(id, |name| name.get(lang)));
            said.push_str(after);
        }
        said
    }

    /// With names for what stands in brackets, such as how something is measured.
    fn in_brackets(&self, text: String, lang: Lang) -> String {
        if !text.contains('(') {
            return text;
        }
        let from_bracket = (Bound::Included("("), Bound::Unbounded);
        let brackets = self.0.range::<str, _>(from_bracket);
        let brackets = brackets.take_while(|(id, _)| id.starts_with('('));
        brackets.fold(text, |text, (id, name)| match text.contains(id) {
            true => text.replace(id, name.get(lang)),
            false => text,
        })
    }

    /// The same with further names, which give way to those that are known.
    pub(crate) fn and(mut self, more: impl IntoIterator<Item = (String, Text)>) -> Self {
        for (id, name) in more {
            self.0.entry(id).or_insert(name);
        }
        self
    }
}

fn of_view(view: &View, names: &mut BTreeMap<String, Text>) {
    let dimensions = view.dimension.iter().map(|one| (&one.name, &one.label));
    let measures = view.measure.iter().map(|one| (&one.name, &one.label));
    let own = [(&view.name, &view.label)].into_iter();
    for (id, label) in own.chain(dimensions).chain(measures) {
        if let Some(label) = label {
            names.entry(id.clone()).or_insert_with(|| label.clone());
        }
    }
    for measure in &view.measure {
        let of = |lang| format!("({})", unit::quantity(&measure.quantity, lang));
        let words = Text::new(of(Lang::Nl), of(Lang::En));
        names.insert(format!("({})", measure.quantity), words);
    }
    for (value, label) in view.dimension.iter().flat_map(|one| &one.labels) {
        names.entry(value.clone()).or_insert_with(|| label.clone());
    }
    for other in [OTHER, UNKNOWN] {
        let words = |lang| special(other, lang).to_owned();
        names.insert(
            other.to_owned(),
            Text::new(words(Lang::Nl), words(Lang::En)),
        );
    }
    let key = Text::new(
        format!("het nummer van een {}", view.unit),
        format!("the number of one {}", unit::one(&view.unit, Lang::En)),
    );
    names.entry(view.key.clone()).or_insert(key);
}

/// A text as a page says it.
pub(crate) fn readable(text: &str, names: &Names, lang: Lang) -> String {
    // most texts are somebody's plain words: a page has hundreds of them
    let has_marks = text.contains('`');
    if !has_marks && !text.contains(['(', ':']) && !may_have_days(text) {
        return text.to_owned();
    }
    let plain = match has_marks {
        true => without_paths(&without_commands(text, lang)),
        false => text.to_owned(),
    };
    let plain = listed_by_name(&plain, names, lang);
    named(&plain, names, lang)
}

/// What comes before a row of ids that stand there without marks.
const LEADS: [&str; 8] = [
    "opnieuw mee instemmen: ",
    "consent anew: ",
    "alleen deze kolommen gelezen: ",
    "only these columns are read: ",
    "wordt niet gedeeld: ",
    "is not shared: ",
    "` zijn ",
    "` are ",
];

/// What stands in a row without marks, by its names.
fn listed_by_name(text: &str, names: &Names, lang: Lang) -> String {
    let mut found = LEADS.iter().filter_map(|lead| {
        let (head, row) = text.split_once(lead)?;
        let (row, after) = row
            .split_once(';')
            .map_or((row, None), |(row, after)| (row, Some(after)));
        let ids = row.split(", ");
        let known: Vec<&str> = ids
            .map(|id| names.get(id).map_or(id, |name| name.get(lang)))
            .collect();
        let after = after.map(|after| format!(";{after}")).unwrap_or_default();
        Some(format!("{head}{lead}{}{after}", known.join(", ")))
    });
    found.next().unwrap_or_else(|| text.to_owned())
}

/// With names for what stands between marks, and days in words between them.
fn named(text: &str, names: &Names, lang: Lang) -> String {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        // every other part stands between marks, and may be somebody's own words
        if place % 2 == 0 {
            names.in_brackets(days_in_words(part, lang), lang)
        } else {
            names
                .get(part)
                .map_or(part, |name| name.get(lang))
                .to_owned()
        }
    });
    parts.collect()
}

/// Characters of a day as computers write it.
const DAY: usize = 10;

/// Whether a day as computers write it can be in a text.
fn may_have_days(text: &str) -> bool {
    let mut bytes = text.as_bytes().windows(2);
    bytes.any(|pair| pair.first().is_some_and(u8::is_ascii_digit) && pair.last() == Some(&b'-'))
}

/// With each `2026-02-01` in words.
fn days_in_words(text: &str, lang: Lang) -> String {
    if !may_have_days(text) {
        return text.to_owned();
    }
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let alone = !said.ends_with(|c: char| c.is_alphanumeric() || "-/_.:".contains(c));
        if alone && let Some((day, after)) = day_at_start(rest) {
            said.push_str(&in_words(day, lang));
            rest = after;
        } else {
            said.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    said
}

/// The day that a text begins with, and what follows; none where more is written on to it.
fn day_at_start(text: &str) -> Option<(Date, &str)> {
    let (day, after) = (text.get(..DAY)?, text.get(DAY..)?);
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || "-/_".contains(c));
    if goes_on || !day.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some((day.parse().ok()?, after))
}

#[cfg(test)]
mod tests {
    use zwerm_agreement::agreement::{Agreement, Document};
    use zwerm_agreement::condition::{amend, enforced};
    use zwerm_agreement::sample;
    use zwerm_agreement::text::Lang;

    use super::{Names, readable};

    fn agreement() -> Agreement {
        Document::parse("sample.toml", sample::AGREEMENT)
            .unwrap()
            .agreement
    }

    fn nl(text: &str) -> String {
        readable(text, &Names::default(), Lang::Nl)
    }

    #[test]
    fn no_word_of_the_command_line_stands_on_a_page() {
        for (typed, read) in [
            (
                "zeg waarom (`--reason`), en wat het zou opheffen (`--lifts`)",
                "zeg waarom, en wat het zou opheffen",
            ),
            (
                "zet `data/energie.csv` naast de afspraak en voeg haar opnieuw toe met `zwerm agreement add`",
                "de partner die de gegevens heeft, levert ze bij Gegevens",
            ),
            (
                "`zwerm agreement list` toont welke er zijn; `zwerm agreement add BESTAND` voegt er een toe",
                "bij Projecten staat welke er zijn",
            ),
            (
                "voeg de kolom toe, of pas `columns` in de afspraak aan",
                "voeg de kolom toe, of vraag om een nieuwe versie van de afspraak met deze kolom",
            ),
            (
                "maak er eerst pseudoniemen van met `zwerm data prepare --key`",
                "maak er eerst pseudoniemen van",
            ),
            ("zeg dan `--missing NULL`", "vraag de beheerder om hulp"),
            ("groepen van minstens tien", "groepen van minstens tien"),
        ] {
            let said = nl(typed);
            assert_eq!(said, read);
        }
    }

    #[test]
    fn what_an_agreement_names_has_its_name() {
        let agreement = agreement();
        let names = Names::of(&agreement);
        let lifts = amend(&agreement, "view.huishoudens.dimension.wijk.values");
        let said = names.in_text(&lifts).nl;
        for party in agreement.seats() {
            assert!(said.contains(&party.display_name().nl), "{said}");
        }
        assert!(!said.contains("view."), "{said}");
        for condition in enforced(&agreement) {
            let said = names.in_text(&condition.words).nl;
            for code in [
                "EUR/",
                "own-decision",
                "(other)",
                "gemeente-leiden",
                "boven_grens",
            ] {
                assert!(!said.contains(code), "{said}");
            }
        }
        let asked = readable("uw doel is `housing-policy`", &names, Lang::Nl);
        assert_eq!(asked, "uw doel is woonbeleid");
        let line = names.in_line("vraag van gemeente-leiden: tel", Lang::Nl);
        assert!(!line.contains("gemeente-leiden"), "{line}");
    }

    #[test]
    fn days_are_in_words_but_not_in_what_somebody_typed() {
        assert_eq!(
            nl("geldt vanaf 2026-02-01, tot 2027-12-31"),
            "geldt vanaf 1 februari 2026, tot 31 december 2027"
        );
        for kept in [
            "zaak-2026-02-01",
            "2026-02-01T12:00",
            "2026-13-01",
            "v2026-02-01",
        ] {
            assert_eq!(nl(kept), kept);
        }
        assert_eq!(nl("`2026-02-01` bestaat niet"), "2026-02-01 bestaat niet");
    }
}
