//! A draft as a document that people read, mend and sign.

use std::fmt::Write as _;

use zwerm_agreement::agreement::BLANKS;
use zwerm_agreement::text::{Lang, Text};

use crate::share::own::draft::sql::sql;
use crate::share::own::draft::{AgreementDraft, DraftDimension, DraftMeasure, DraftTable, id_of};

/// The rules of protection that a draft states.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftProtection {
    /// The fewest units that a figure may be about.
    pub minimum: u64,
    /// The (n, k) rule.
    pub dominance: Option<(u64, f64)>,
    /// The p% rule.
    pub p_percent: Option<f64>,
    /// What counts are rounded to.
    pub round_to: u64,
    /// How many dimensions go together.
    pub most: usize,
}

/// The name of the drafted view.
pub const VIEW: &str = "basis";
/// The purpose of a draft.
const PURPOSE: &str = "proef";

/// The document; its comments in one language.
pub fn document(draft: &AgreementDraft, lang: Lang) -> String {
    let mut text = String::new();
    head(&mut text, draft, lang);
    parties(&mut text, draft, lang);
    for (number, table) in draft.tables.iter().enumerate() {
        dataset(&mut text, draft, number, table, lang);
    }
    view(&mut text, draft, lang);
    protection(&mut text, &draft.protection, lang);
    if draft.trial {
        consents(&mut text, draft, lang);
    }
    text
}

/// A line; writing to a string cannot fail.
fn line(text: &mut String, line: &str) {
    let _ = writeln!(text, "{line}");
}

fn comment(text: &mut String, lang: Lang, nl: &str, en: &str) {
    let words = Text::new(nl, en);
    line(text, &format!("# {}", words.get(lang)));
}

/// A text in TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn blank(lang: Lang, nl: &str, en: &str) -> String {
    let [in_nl, in_en] = BLANKS;
    let words = Text::new(format!("{in_nl} {nl}"), format!("{in_en} {en}"));
    quoted(words.get(lang))
}

fn head(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    opening(text, draft, lang);
    title(text, draft, lang);
    purpose(text, lang);
    term(text, draft);
    readers(text, lang);
    about(text, draft, lang);
}

/// Says what the document is, and what its readers do with it.
fn opening(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    if draft.trial {
        comment(
            text,
            lang,
            "Een proef met verzonnen partners: om te zien wat er kan. Niemand heeft hiermee ingestemd.",
            "A trial with made-up parties: to see what can be done. Nobody has consented to it.",
        );
    } else {
        comment(
            text,
            lang,
            "Een ontwerp. Vul in wat er INVULLEN heet, en praat erover met alle vier de kanten van de tafel.",
            "A draft. Fill in what says FILL IN, and talk about it with all four sides of the table.",
        );
    }
}

fn title(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    let title = if draft.trial {
        quoted(&format!("Proef: {}", draft.id))
    } else {
        blank(
            lang,
            "een titel die inwoners begrijpen",
            "a title that residents understand",
        )
    };
    let id = quoted(&draft.id);
    line(text, &format!("id = {id}\nversion = 1\ntitle = {title}"));
}

fn purpose(text: &mut String, lang: Lang) {
    comment(
        text,
        lang,
        "De opgave waar het voor is, en het ene doel van de vragen.",
        "The goal it serves, and the one purpose of questions.",
    );
    line(
        text,
        &format!("goal = \"{PURPOSE}\"\npurpose = \"{PURPOSE}\""),
    );
    comment(
        text,
        lang,
        "letting-go (loslaten), safety-net (vangnet) of exploring (onderzoeken).",
        "letting-go, safety-net or exploring.",
    );
    line(text, "strategy = \"exploring\"\nphase = \"experimental\"");
}

/// From when until when the agreement is valid: a year.
fn term(text: &mut String, draft: &AgreementDraft) {
    let from = draft.today;
    let until = from.saturating_add(jiff::Span::new().years(1));
    let valid = format!("valid = {{ from = \"{from}\", until = \"{until}\" }}");
    line(text, &valid);
    line(text, "retention = { months = 12 }");
}

fn readers(text: &mut String, lang: Lang) {
    comment(
        text,
        lang,
        "Wie de antwoorden mag lezen: public (iedereen) of parties (de partners).",
        "Who may read answers: public (everyone) or parties.",
    );
    line(text, "answers = \"parties\"\n\n[about]");
}

/// The people whom the data are about.
fn about(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    comment(
        text,
        lang,
        "Over wie de gegevens gaan.",
        "Whom the data are about.",
    );
    let about = if draft.trial {
        quoted("de eenheden in deze gegevens")
    } else {
        blank(lang, "de mensen om wie het gaat", "the people concerned")
    };
    line(text, &format!("id = \"betrokkenen\"\nnl = {about}\n"));
}

fn parties(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    comment(
        text,
        lang,
        "Vier kanten van de tafel: overheid, kennis, organisaties, inwoners.",
        "Four sides of the table: government, knowledge, organisations, residents.",
    );
    for (id, helix) in PARTIES {
        let may = if id == PROVIDER {
            "\"provide\", \"ask\""
        } else {
            "\"ask\""
        };
        line(
            text,
            &format!("[[party]]\nid = \"{id}\"\nhelix = \"{helix}\"\nmay = [{may}]"),
        );
        if !draft.trial {
            let key = blank(
                lang,
                &format!("de publieke sleutel van {id}"),
                &format!("the public key of {id}"),
            );
            line(text, &format!("public_key = {key}"));
        }
        if helix == "residents" {
            mandate(text, draft, lang);
        }
        line(text, "");
    }
}

/// Whom the residents' party represents, and the decision that lets it.
fn mandate(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    line(text, "represents = \"betrokkenen\"");
    let evidence = if draft.trial {
        quoted("verzonnen, voor deze proef")
    } else {
        blank(
            lang,
            "het besluit waarin zij u dit mandaat gaven",
            "the decision in which they gave this mandate",
        )
    };
    line(
        text,
        &format!(
            "mandate = {{ by = \"own-decision\", on = \"{}\", evidence = {evidence} }}",
            draft.today
        ),
    );
}

/// Who provides the data in a draft.
const PROVIDER: &str = "organisatie";

const PARTIES: [(&str, &str); 4] = [
    ("gemeente", "government"),
    ("kennisinstelling", "knowledge"),
    (PROVIDER, "organisations"),
    ("bewoners", "residents"),
];

/// The id of a file's dataset.
pub fn dataset_id(draft: &AgreementDraft, number: usize) -> String {
    let of = |table: &DraftTable| {
        let id = id_of(&table.file).replace('-', "_");
        if zwerm_agreement::name::is_reserved(&id) || id == VIEW {
            format!("{id}_data")
        } else {
            id
        }
    };
    let ids: Vec<String> = draft.tables.iter().map(of).collect();
    let own = ids.get(number).cloned().unwrap_or_default();
    let same = ids.iter().take(number).filter(|id| **id == own).count();
    if same == 0 {
        own
    } else {
        format!("{own}_{}", same + 1)
    }
}

fn dataset(
    text: &mut String,
    draft: &AgreementDraft,
    number: usize,
    table: &DraftTable,
    lang: Lang,
) {
    let id = dataset_id(draft, number);
    let basis = if draft.trial {
        quoted("geen: dit is een proef op eigen gegevens")
    } else {
        blank(
            lang,
            "de grondslag, zoals: AVG art. 6, lid 1, onder e",
            "the legal basis, such as: GDPR art. 6(1)(e)",
        )
    };
    line(
        text,
        &format!("[[dataset]]\nid = \"{id}\"\nprovider = \"{PROVIDER}\"\nlegal_basis = {basis}"),
    );
    line(text, &format!("source = {}", quoted(&table.source)));
    let format = format_of(table);
    if !format.is_empty() {
        line(text, &format!("format = {{ {} }}", format.join(", ")));
    }
    let columns = table.survey.columns.iter();
    let columns: Vec<String> = columns
        .map(|c| format!("{} = \"{}\"", quoted(&c.name), c.kind.as_str()))
        .collect();
    line(text, &format!("columns = {{ {} }}", columns.join(", ")));
    let idle = idle_columns(draft, number, table);
    if !idle.is_empty() {
        let idle = idle.join(", ");
        comment(
            text,
            lang,
            &format!(
                "Niet gebruikt: {idle}. Haal zulke kolommen eruit met `zwerm data prepare … --drop KOLOM`."
            ),
            &format!(
                "Not used: {idle}. Take such columns out with `zwerm data prepare … --drop COLUMN`."
            ),
        );
    }
    line(text, "");
}

/// Columns of a table that the view does not use.
fn idle_columns<'t>(draft: &AgreementDraft, number: usize, table: &'t DraftTable) -> Vec<&'t str> {
    let used = |name: &String| {
        *name == draft.key
            || draft
                .dimensions
                .iter()
                .any(|d| d.table == number && d.column == *name)
            || draft
                .measures
                .iter()
                .any(|m| m.table == number && m.column == *name)
    };
    let idle = table
        .survey
        .columns
        .iter()
        .map(|c| &c.name)
        .filter(|name| !used(name));
    idle.map(String::as_str).collect()
}

/// How the file is written, as far as somebody said so.
fn format_of(table: &DraftTable) -> Vec<String> {
    let of = &table.options;
    let sign =
        |key: &str, c: Option<char>| c.map(|c| format!("{key} = {}", quoted(&c.to_string())));
    let encoding = of
        .encoding
        .map(|e| format!("encoding = \"{}\"", e.as_str()));
    let sheet = of.sheet.as_ref().map(|s| format!("sheet = {}", quoted(s)));
    let words: Vec<String> = of.missing.iter().map(|word| quoted(word)).collect();
    let missing = (!words.is_empty()).then(|| format!("missing = [{}]", words.join(", ")));
    [
        sign("separator", of.separator),
        sign("decimal", of.decimal),
        sign("thousands", of.thousands),
        encoding,
        sheet,
        missing,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn view(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    comment(
        text,
        lang,
        "De gezamenlijke basis: wat er gevraagd kan worden.",
        "The shared view: what can be asked.",
    );
    line(
        text,
        &format!(
            "[[view]]\nname = \"{VIEW}\"\nunit = \"eenheid\"\nkey = \"{}\"\nmode = \"table\"",
            draft.key_name
        ),
    );
    line(text, &format!("sql = {}\n", quoted(&sql(draft))));
    for of in &draft.dimensions {
        dimension(text, of, lang);
    }
    for of in &draft.measures {
        measure(text, of, draft.trial, lang);
    }
}

fn measure(text: &mut String, of: &DraftMeasure, trial: bool, lang: Lang) {
    let quantity = if trial {
        quoted("getal")
    } else {
        blank(
            lang,
            "grootheid, zoals EUR per jaar",
            "quantity, such as EUR per year",
        )
    };
    line(
        text,
        &format!(
            "  [[view.measure]]\n  name = \"{}\"\n  quantity = {quantity}",
            of.name
        ),
    );
    comment(
        text,
        lang,
        "Grenzen waar elke waarde tussen ligt; sommen worden naar hun verschil afgerond.",
        "Bounds that every value lies within; sums are rounded by how far they are apart.",
    );
    line(
        text,
        &format!("  lower = {:?}\n  upper = {:?}\n", of.lower, of.upper),
    );
}

fn dimension(text: &mut String, of: &DraftDimension, lang: Lang) {
    let values: Vec<String> = of.values.iter().map(|v| quoted(v)).collect();
    line(
        text,
        &format!("  [[view.dimension]]\n  name = \"{}\"", of.name),
    );
    line(text, &format!("  values = [{}]", values.join(", ")));
    if !of.per_unit {
        comment(
            text,
            lang,
            "Een eenheid kan meer waarden hebben.",
            "A unit may have several values.",
        );
        line(text, "  per_unit = false");
    }
    if !of.parents.is_empty() {
        let parents = of.parents.iter();
        let parents: Vec<String> = parents
            .map(|(v, p)| format!("{} = {}", quoted(v), quoted(p)))
            .collect();
        line(text, &format!("  parents = {{ {} }}", parents.join(", ")));
    }
    line(text, "");
}

fn protection(text: &mut String, of: &DraftProtection, lang: Lang) {
    comment(
        text,
        lang,
        "Hoe antwoorden worden beschermd.",
        "How answers are protected.",
    );
    line(
        text,
        &format!("[protection]\nminimum_units = {}", of.minimum),
    );
    if let Some((largest, percent)) = of.dominance {
        line(
            text,
            &format!("dominance = {{ largest = {largest}, percent = {percent} }}"),
        );
    }
    if let Some(p) = of.p_percent {
        line(text, &format!("p_percent = {p}"));
    }
    line(
        text,
        &format!("round_to = {}\nmax_dimensions = {}", of.round_to, of.most),
    );
    comment(
        text,
        lang,
        "Hoe vaak er nieuwe gegevens komen: once, yearly, quarterly of monthly.",
        "How often new data come: once, yearly, quarterly or monthly.",
    );
    line(text, "release_rhythm = \"yearly\"\n");
}

fn consents(text: &mut String, draft: &AgreementDraft, lang: Lang) {
    comment(
        text,
        lang,
        "Verzonnen instemmingen, zonder handtekening: alleen voor deze proef.",
        "Made-up consents without a signature: for this trial only.",
    );
    for (id, _) in PARTIES {
        line(
            text,
            &format!(
                "[[consent]]\nparty = \"{id}\"\ndecision = \"consent\"\nat = \"{}T00:00:00Z\"\n",
                draft.today
            ),
        );
    }
}
