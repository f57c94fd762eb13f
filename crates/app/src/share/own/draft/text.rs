//! A draft as a document that people read, mend and sign.

use jiff::Timestamp;
use zwerm_agreement::agreement::{
    Agreement, AnswerReaders, BLANKS, Dataset, Document, Dominance, Helix, Mandate, MandateBy,
    Mode, Party, PeopleConcerned, Phase, Retention, Rhythm, Right, Strategy, Validity, View,
};
use zwerm_agreement::consent::{Consent, Decision};
use zwerm_agreement::document::{Block, Layout, Value};
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

/// Who provides the data in a draft.
const PROVIDER: &str = "organisatie";
/// Whom the data of a draft are about.
const PEOPLE: &str = "betrokkenen";
/// The party of each side of the table.
const PARTIES: [(&str, Helix); 4] = [
    ("gemeente", Helix::Government),
    ("kennisinstelling", Helix::Knowledge),
    (PROVIDER, Helix::Organisations),
    ("bewoners", Helix::Residents),
];

/// The document; its comments in one language.
pub fn document(draft: &AgreementDraft, lang: Lang) -> String {
    let mut block = unfinished(draft, lang).to_block();
    as_in_the_data(&mut block, draft);
    let mut notes = Notes {
        block: &mut block,
        lang,
    };
    notes.head(draft.trial);
    notes.data(draft);
    notes.rules();
    format!("{}\n", block.to_toml(Layout::Indented))
}

/// The document with a blank for what people must decide.
fn unfinished(draft: &AgreementDraft, lang: Lang) -> Document {
    let blanks = Blanks {
        trial: draft.trial,
        lang,
    };
    let consents = PARTIES.iter().filter(|_| draft.trial);
    Document {
        agreement: agreement(draft, blanks),
        consents: consents.map(|(id, _)| consent(draft, id)).collect(),
    }
}

/// What stands where only people can decide.
#[derive(Debug, Clone, Copy)]
struct Blanks {
    trial: bool,
    lang: Lang,
}

impl Blanks {
    /// What to fill in, in Dutch and English.
    fn fill(self, nl: &str, en: &str) -> String {
        let [in_nl, in_en] = BLANKS;
        let words = Text::new(format!("{in_nl} {nl}"), format!("{in_en} {en}"));
        words.get(self.lang).to_owned()
    }

    /// The same, which a trial has words for.
    fn or(self, trial: &str, nl: &str, en: &str) -> String {
        if self.trial {
            trial.to_owned()
        } else {
            self.fill(nl, en)
        }
    }
}

fn agreement(draft: &AgreementDraft, blanks: Blanks) -> Agreement {
    let from = draft.today;
    let tables = draft.tables.iter().enumerate();
    let people = blanks.or(
        "de eenheden in deze gegevens",
        "de mensen om wie het gaat",
        "the people concerned",
    );
    Agreement {
        id: draft.id.clone(),
        version: 1,
        title: Text::same(blanks.or(
            &format!("Proef: {}", draft.id),
            "een titel die inwoners begrijpen",
            "a title that residents understand",
        )),
        goal: PURPOSE.to_owned(),
        purpose: PURPOSE.to_owned(),
        strategy: Strategy::Exploring,
        phase: Phase::Experimental,
        valid: Validity {
            from,
            until: from.saturating_add(jiff::Span::new().years(1)),
        },
        retention: Retention { months: 12 },
        answers: AnswerReaders::Parties,
        about: PeopleConcerned {
            id: PEOPLE.to_owned(),
            nl: people.clone(),
            en: people,
        },
        party: PARTIES
            .iter()
            .map(|(id, helix)| party(draft, id, *helix, blanks))
            .collect(),
        dataset: tables
            .map(|(number, table)| dataset(draft, number, table, blanks))
            .collect(),
        view: vec![view(draft, blanks)],
        embargo: Vec::new(),
        protection: protection(&draft.protection),
        noise: None,
        condition: Vec::new(),
    }
}

fn party(draft: &AgreementDraft, id: &str, helix: Helix, blanks: Blanks) -> Party {
    let provides = id == PROVIDER;
    let resident = helix == Helix::Residents;
    let key = || {
        blanks.fill(
            &format!("de publieke sleutel van {id}"),
            &format!("the public key of {id}"),
        )
    };
    Party {
        id: id.to_owned(),
        name: None,
        helix: Some(helix),
        role: None,
        for_: None,
        represents: resident.then(|| PEOPLE.to_owned()),
        mandate: resident.then(|| Mandate {
            by: MandateBy::OwnDecision,
            on: draft.today,
            evidence: blanks.or(
                "verzonnen, voor deze proef",
                "het besluit waarin zij u dit mandaat gaven",
                "the decision in which they gave this mandate",
            ),
        }),
        may: if provides {
            vec![Right::Provide, Right::Ask]
        } else {
            vec![Right::Ask]
        },
        public_key: (!draft.trial).then(key),
    }
}

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

fn dataset(draft: &AgreementDraft, number: usize, table: &DraftTable, blanks: Blanks) -> Dataset {
    let columns = table.survey.columns.iter();
    Dataset {
        id: dataset_id(draft, number),
        provider: PROVIDER.to_owned(),
        legal_basis: blanks.or(
            "geen: dit is een proef op eigen gegevens",
            "de grondslag, zoals: AVG art. 6, lid 1, onder e",
            "the legal basis, such as: GDPR art. 6(1)(e)",
        ),
        source: table.source.clone(),
        format: Some(table.options.clone()).filter(|format| !format.is_empty()),
        columns: columns.map(|c| (c.name.clone(), c.kind)).collect(),
        rho_total: None,
        period: None,
        withheld: Default::default(),
    }
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

fn view(draft: &AgreementDraft, blanks: Blanks) -> View {
    View {
        name: VIEW.to_owned(),
        label: None,
        unit: "eenheid".to_owned(),
        key: draft.key_name.clone(),
        mode: Mode::Table,
        sql: sql(draft),
        dimension: draft.dimensions.iter().map(dimension).collect(),
        measure: draft
            .measures
            .iter()
            .map(|of| measure(of, blanks))
            .collect(),
    }
}

fn dimension(of: &DraftDimension) -> zwerm_agreement::agreement::Dimension {
    zwerm_agreement::agreement::Dimension {
        name: of.name.clone(),
        label: None,
        values: of.values.clone(),
        labels: Default::default(),
        parents: of.parents.iter().cloned().collect(),
        sensitive: false,
        per_unit: of.per_unit,
        groups: Default::default(),
    }
}

fn measure(of: &DraftMeasure, blanks: Blanks) -> zwerm_agreement::agreement::Measure {
    zwerm_agreement::agreement::Measure {
        name: of.name.clone(),
        label: None,
        quantity: blanks.or(
            "getal",
            "grootheid, zoals EUR per jaar",
            "quantity, such as EUR per year",
        ),
        lower: of.lower,
        upper: of.upper,
    }
}

fn protection(of: &DraftProtection) -> zwerm_agreement::agreement::Protection {
    let dominance = of.dominance.map(|(largest, percent)| Dominance {
        // what is past the range is written as it was given, below
        largest: largest.try_into().unwrap_or(u32::MAX),
        percent,
    });
    zwerm_agreement::agreement::Protection {
        minimum_units: of.minimum,
        dominance,
        p_percent: of.p_percent,
        protect_zeros: false,
        round_to: of.round_to,
        max_dimensions: of.most,
        release_rhythm: Rhythm::Yearly,
    }
}

/// A consent that nobody gave.
fn consent(draft: &AgreementDraft, party: &str) -> Consent {
    let midnight = draft.today.to_zoned(jiff::tz::TimeZone::UTC);
    Consent {
        party: party.to_owned(),
        decision: Decision::Consent,
        reason: None,
        lifts: None,
        at: midnight.map_or(Timestamp::MIN, |at| at.timestamp()),
        signature: None,
    }
}

/// Columns and wholes in the order of the data, and rules as they were given.
fn as_in_the_data(block: &mut Block, draft: &AgreementDraft) {
    for (number, table) in draft.tables.iter().enumerate() {
        let columns = table.survey.columns.iter();
        let columns = columns.map(|c| (&c.name, c.kind.as_str()));
        block.replace(&format!("dataset[{number}].columns"), Value::named(columns));
    }
    for (number, of) in draft.dimensions.iter().enumerate() {
        let wholes = of.parents.iter().map(|(value, whole)| (value, whole));
        let path = format!("view[0].dimension[{number}].parents");
        block.replace(&path, Value::named(wholes));
    }
    if let Some((largest, percent)) = draft.protection.dominance {
        let rule = [
            ("largest", Value::from(largest)),
            ("percent", Value::plain(percent)),
        ];
        block.replace("protection.dominance", Value::table(rule));
    }
}

/// Comments for whoever reads the draft.
struct Notes<'b> {
    block: &'b mut Block,
    lang: Lang,
}

impl Notes<'_> {
    fn above(&mut self, path: &str, nl: &str, en: &str) {
        self.block.above(path, Text::new(nl, en).get(self.lang));
    }

    fn head(&mut self, trial: bool) {
        if trial {
            self.above(
                "id",
                "Een proef met verzonnen partners: om te zien wat er kan. Niemand heeft hiermee ingestemd.",
                "A trial with made-up parties: to see what can be done. Nobody has consented to it.",
            );
        } else {
            self.above(
                "id",
                "Een ontwerp. Vul in wat er INVULLEN heet, en praat erover met alle vier de kanten van de tafel.",
                "A draft. Fill in what says FILL IN, and talk about it with all four sides of the table.",
            );
        }
        self.above(
            "goal",
            "De opgave waar het voor is, en het ene doel van de vragen.",
            "The goal it serves, and the one purpose of questions.",
        );
        self.above(
            "strategy",
            "letting-go (loslaten), safety-net (vangnet) of exploring (onderzoeken).",
            "letting-go, safety-net or exploring.",
        );
        self.above(
            "answers",
            "Wie de antwoorden mag lezen: public (iedereen) of parties (de partners).",
            "Who may read answers: public (everyone) or parties.",
        );
        self.above(
            "about.id",
            "Over wie de gegevens gaan.",
            "Whom the data are about.",
        );
        self.above(
            "party[0]",
            "Vier kanten van de tafel: overheid, kennis, organisaties, inwoners.",
            "Four sides of the table: government, knowledge, organisations, residents.",
        );
    }

    fn data(&mut self, draft: &AgreementDraft) {
        for (number, table) in draft.tables.iter().enumerate() {
            self.idle(number, &idle_columns(draft, number, table));
        }
        self.above(
            "view[0]",
            "De gezamenlijke basis: wat er gevraagd kan worden.",
            "The shared view: what can be asked.",
        );
        for number in 0..draft.dimensions.len() {
            self.above(
                &format!("view[0].dimension[{number}].per_unit"),
                "Een eenheid kan meer waarden hebben.",
                "A unit may have several values.",
            );
        }
        for number in 0..draft.measures.len() {
            self.above(
                &format!("view[0].measure[{number}].lower"),
                "Grenzen waar elke waarde tussen ligt; sommen worden naar hun verschil afgerond.",
                "Bounds that every value lies within; sums are rounded by how far they are apart.",
            );
        }
    }

    /// Names the columns of a dataset that the view does not use.
    fn idle(&mut self, number: usize, columns: &[&str]) {
        if columns.is_empty() {
            return;
        }
        let idle = columns.join(", ");
        let words = Text::new(
            format!(
                "Niet gebruikt: {idle}. Haal zulke kolommen eruit met `zwerm data prepare … --drop KOLOM`."
            ),
            format!(
                "Not used: {idle}. Take such columns out with `zwerm data prepare … --drop COLUMN`."
            ),
        );
        let path = format!("dataset[{number}].columns");
        self.block.below(&path, words.get(self.lang));
    }

    fn rules(&mut self) {
        self.above(
            "protection",
            "Hoe antwoorden worden beschermd.",
            "How answers are protected.",
        );
        self.above(
            "protection.release_rhythm",
            "Hoe vaak er nieuwe gegevens komen: once, yearly, quarterly of monthly.",
            "How often new data come: once, yearly, quarterly or monthly.",
        );
        self.above(
            "consent[0]",
            "Verzonnen instemmingen, zonder handtekening: alleen voor deze proef.",
            "Made-up consents without a signature: for this trial only.",
        );
    }
}
