//! Texts of use cases without what is typed at a command line or written into a document: what a page says instead.

use zwerm_agreement::text::{Lang, Text};

/// What a page says instead of a phrase that speaks of commands or of keys of a document; the first that fits wins.
const PHRASES: [(&str, &str); 26] = [
    (
        " met `zwerm agreement consent`",
        " op de pagina van de versie",
    ),
    (
        " with `zwerm agreement consent`",
        " on the page of the version",
    ),
    ("een `public_key` van", "de sleutel van"),
    ("a `public_key` of", "the key of"),
    (
        ", die deze maakt met `zwerm party key new`",
        ", die deze maakt bij het eigen account",
    ),
    (
        ", which it makes with `zwerm party key new`",
        ", which it makes at its own account",
    ),
    (
        "schrijf de regel die `zwerm party key show` geeft",
        "plak de publieke sleutel van de partner",
    ),
    (
        "write the line that `zwerm party key show` gives",
        "paste the party's public key",
    ),
    (
        "zet `provide` bij `may` van",
        "geef het recht om gegevens te leveren aan",
    ),
    (
        "add `provide` to `may` of",
        "give the right to provide data to",
    ),
    (
        "of pas `columns` in de afspraak aan",
        "of vraag om een nieuwe versie van de afspraak met deze kolom",
    ),
    (
        "or change `columns` in the agreement",
        "or ask for a new version of the agreement with this column",
    ),
    (
        "haal hem weg uit `columns` of uit `withheld`",
        "kies of de kolom wordt gedeeld of niet",
    ),
    (
        "remove it from `columns` or from `withheld`",
        "choose whether the column is shared or not",
    ),
    ("voeg een `[[dataset]]` toe", "voeg gegevens toe"),
    ("add a `[[dataset]]`", "add data"),
    ("voeg een `[[view]]` toe", "voeg een gezamenlijke basis toe"),
    ("add a `[[view]]`", "add a shared view"),
    ("bij `[[party]]`", "bij de partners"),
    ("under `[[party]]`", "among the parties"),
    (
        "laat `public_key` bij andere partners weg",
        "laat de sleutels van andere partners weg",
    ),
    (
        "leave `public_key` of other parties out",
        "leave the keys of other parties out",
    ),
    ("een nieuwe `period`", "een nieuwe periode"),
    ("de machine handhaaft", "het systeem handhaaft"),
    ("al in het huis", "hier al bekend"),
    ("in the home already", "known here already"),
];

/// What a page says instead of a clause that has this in it.
const CLAUSES: [(&str, Text2); 5] = [
    (
        "`zwerm agreement add`",
        (
            "de partner die de gegevens heeft, levert ze bij Gegevens",
            "the party that has the data delivers them under Data",
        ),
    ),
    (
        "`zwerm agreement show",
        (
            "bij het project staat hoe het ermee staat",
            "the project's page says how it stands",
        ),
    ),
    (
        "`zwerm agreement list`",
        (
            "bij Projecten staat welke er zijn",
            "the list of projects has them all",
        ),
    ),
    (
        "`zwerm user list`",
        (
            "bij Mensen staat wie er zijn",
            "the list of people has them all",
        ),
    ),
    (
        "`zwerm answers list`",
        (
            "bij Vragen staat welke er zijn",
            "the list of questions has them all",
        ),
    ),
];

/// Dutch and English.
type Text2 = (&'static str, &'static str);

/// Without commands, options and keys of a document.
pub(super) fn without_commands(text: &str, lang: Lang) -> String {
    let mut text = text.to_owned();
    for (typed, read) in PHRASES {
        if text.contains(typed) {
            text = text.replace(typed, read);
        }
    }
    if !is_typed(&text) {
        return text;
    }
    let clauses = text
        .split("; ")
        .filter_map(|clause| in_clause(clause, lang));
    let clauses: Vec<String> = clauses.collect();
    match (clauses.is_empty(), lang) {
        (false, _) => clauses.join("; "),
        (true, Lang::Nl) => "vraag de beheerder om hulp".to_owned(),
        (true, Lang::En) => "ask the administrator for help".to_owned(),
    }
}

/// Whether something of it is to be typed at a command line.
fn is_typed(text: &str) -> bool {
    text.contains("`zwerm ") || text.contains("`--")
}

/// A clause without what is to be typed; nothing when nothing is left of it.
fn in_clause(clause: &str, lang: Lang) -> Option<String> {
    if !is_typed(clause) {
        return Some(clause.to_owned());
    }
    let known = CLAUSES.iter().find(|(typed, _)| clause.contains(typed));
    if let Some((_, (nl, en))) = known {
        return Some(Text::new(*nl, *en).get(lang).to_owned());
    }
    let mut rest = clause.to_owned();
    for (before, after) in [
        (" (`--", "`)"),
        (" met `zwerm ", "`"),
        (" with `zwerm ", "`"),
        (" met `--", "`"),
        (" with `--", "`"),
    ] {
        while let Some((head, tail)) = rest.split_once(before)
            && let Some((_, tail)) = tail.split_once(after)
        {
            rest = format!("{head}{tail}");
        }
    }
    (!is_typed(&rest)).then_some(rest)
}

/// Without the paths of conditions in a document.
pub(super) fn without_paths(text: &str) -> String {
    let mut text = text.to_owned();
    for (before, read) in [
        ("met een andere `", "waarin dit anders is"),
        ("with another `", "in which this is different"),
    ] {
        while let Some((head, tail)) = text.split_once(before)
            && let Some((_, tail)) = tail.split_once('`')
        {
            text = format!("{head}{read}{tail}");
        }
    }
    text
}
