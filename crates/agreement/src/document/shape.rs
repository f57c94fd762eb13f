//! The shape of the document: which keys, of which type. One function per kind of table.
//!
//! A function returns a struct also after faults, filled with defaults, so that the rest is still read;
//! a document with any fault is never returned.

use super::Document;
use super::reader::{DocumentNode, DocumentReader, TableKeys, entries, fields, list};
use super::shape_view::view;
use super::values::{
    boolean, date, integer, nl_and_en, number, sign, string, strings_by_key, timestamp, word,
    words_in_both,
};
use crate::agreement::{
    Agreement, AnswerReaders, ColumnType, Condition, Dataset, Dominance, Embargo, Format, Mandate,
    MandateBy, Noise, Party, PeopleConcerned, Phase, Protection, Retention, Rhythm, Strategy,
    Validity,
};
use crate::consent::{Consent, Decision};
use crate::text::Text;

/// Whole numbers in JSON are exact up to here.
pub(super) const LARGEST_EXACT: i64 = 1 << 53;

pub(super) fn document(mut f: TableKeys<'_, '_, '_>) -> Document {
    let agreement = Agreement {
        id: f.need("id", string).unwrap_or_default(),
        version: f.need("version", integer(1..=999_999)).unwrap_or(1),
        title: f.need("title", words_in_both).unwrap_or_default(),
        goal: f.need("goal", string).unwrap_or_default(),
        purpose: f.need("purpose", string).unwrap_or_default(),
        strategy: f.need("strategy", word).unwrap_or(Strategy::Exploring),
        phase: f.need("phase", word).unwrap_or(Phase::Experimental),
        valid: f.need("valid", valid).unwrap_or(Validity {
            from: jiff::civil::Date::MIN,
            until: jiff::civil::Date::MAX,
        }),
        retention: f
            .need("retention", retention)
            .unwrap_or(Retention { months: 0 }),
        answers: f.need("answers", word).unwrap_or(AnswerReaders::Parties),
        about: f.need("about", about).unwrap_or_else(no_about),
        party: f
            .need("party", |r, n| list(r, n, party))
            .unwrap_or_default(),
        dataset: f
            .need("dataset", |r, n| list(r, n, dataset))
            .unwrap_or_default(),
        view: f.need("view", |r, n| list(r, n, view)).unwrap_or_default(),
        embargo: f
            .maybe("embargo", |r, n| list(r, n, embargo))
            .unwrap_or_default(),
        protection: f.need("protection", protection).unwrap_or_else(strictest),
        noise: f.maybe("noise", noise),
        condition: f
            .maybe("condition", |r, n| list(r, n, condition))
            .unwrap_or_default(),
    };
    let consents = f
        .maybe("consent", |r, n| list(r, n, consent))
        .unwrap_or_default();
    f.finish();
    Document {
        agreement,
        consents,
    }
}

fn valid(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Validity> {
    let mut f = fields(r, node)?;
    let (from, until) = (f.need("from", date), f.need("until", date));
    f.finish();
    Some(Validity {
        from: from?,
        until: until?,
    })
}

fn retention(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Retention> {
    let mut f = fields(r, node)?;
    let months = f.need("months", integer(0..=1200));
    f.finish();
    Some(Retention { months: months? })
}

fn about(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<PeopleConcerned> {
    let mut f = fields(r, node)?;
    let id = f.need("id", string);
    let words = nl_and_en(&mut f);
    f.finish();
    let Text { nl, en } = words.unwrap_or_default();
    Some(PeopleConcerned {
        id: id.unwrap_or_default(),
        nl,
        en,
    })
}

fn no_about() -> PeopleConcerned {
    PeopleConcerned {
        id: String::new(),
        nl: String::new(),
        en: String::new(),
    }
}

fn party(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Party> {
    let mut f = fields(r, node)?;
    let party = Party {
        id: f.need("id", string).unwrap_or_default(),
        name: f.maybe("name", words_in_both),
        helix: f.maybe("helix", word),
        role: f.maybe("role", word),
        for_: f.maybe("for", string),
        represents: f.maybe("represents", string),
        mandate: f.maybe("mandate", mandate),
        may: f.maybe("may", |r, n| list(r, n, word)).unwrap_or_default(),
        public_key: f.maybe("public_key", string),
    };
    f.finish();
    Some(party)
}

fn mandate(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Mandate> {
    let mut f = fields(r, node)?;
    let by = f.need("by", word).unwrap_or(MandateBy::OwnDecision);
    let on = f.need("on", date).unwrap_or_default();
    let evidence = f.need("evidence", string).unwrap_or_default();
    f.finish();
    Some(Mandate { by, on, evidence })
}

fn dataset(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Dataset> {
    let mut f = fields(r, node)?;
    let above_zero = Text::new("een getal boven 0", "a number above 0");
    let dataset = Dataset {
        id: f.need("id", string).unwrap_or_default(),
        provider: f.need("provider", string).unwrap_or_default(),
        legal_basis: f.need("legal_basis", string).unwrap_or_default(),
        source: f.need("source", string).unwrap_or_default(),
        format: f.maybe("format", format),
        columns: f
            .need("columns", |r, n| entries(r, n, word::<ColumnType>))
            .unwrap_or_default(),
        rho_total: f.maybe("rho_total", number(above_zero, |v| v > 0.0)),
        period: f.maybe("period", string),
        withheld: f.maybe("withheld", strings_by_key).unwrap_or_default(),
    };
    f.finish();
    Some(dataset)
}

fn format(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Format> {
    let mut f = fields(r, node)?;
    let format = Format {
        separator: f.maybe("separator", sign(Format::SEPARATORS)),
        decimal: f.maybe("decimal", sign(Format::DECIMALS)),
        thousands: f.maybe("thousands", sign(Format::THOUSANDS)),
        encoding: f.maybe("encoding", word),
        sheet: f.maybe("sheet", string),
        missing: f
            .maybe("missing", |r, n| list(r, n, string))
            .unwrap_or_default(),
    };
    f.finish();
    Some(format)
}

fn embargo(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Embargo> {
    let mut f = fields(r, node)?;
    let embargo = Embargo {
        columns: f
            .need("columns", |r, n| list(r, n, string))
            .unwrap_or_default(),
        from: f.need("from", string).unwrap_or_default(),
        until_sealed: f.need("until_sealed", string).unwrap_or_default(),
    };
    f.finish();
    Some(embargo)
}

fn protection(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Protection> {
    let mut f = fields(r, node)?;
    let share = Text::new(
        "een getal boven 0, hoogstens 100",
        "a number above 0, at most 100",
    );
    let protection = Protection {
        minimum_units: f
            .need("minimum_units", integer(3..=1_000_000))
            .unwrap_or(1_000_000),
        dominance: f.maybe("dominance", dominance),
        p_percent: f.maybe("p_percent", number(share, |v| v > 0.0 && v <= 100.0)),
        protect_zeros: f.maybe("protect_zeros", boolean).unwrap_or(false),
        round_to: f.need("round_to", integer(1..=1000)).unwrap_or(1),
        max_dimensions: f.need("max_dimensions", integer(1..=8)).unwrap_or(1),
        release_rhythm: f.need("release_rhythm", word).unwrap_or(Rhythm::Once),
    };
    f.finish();
    Some(protection)
}

fn strictest() -> Protection {
    Protection {
        minimum_units: 1_000_000,
        dominance: None,
        p_percent: None,
        protect_zeros: true,
        round_to: 1000,
        max_dimensions: 1,
        release_rhythm: Rhythm::Once,
    }
}

fn dominance(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Dominance> {
    let mut f = fields(r, node)?;
    let share = Text::new(
        "een getal boven 0 en onder 100",
        "a number above 0 and below 100",
    );
    let largest = f.need("largest", integer(1..=10));
    let percent = f.need("percent", number(share, |v| v > 0.0 && v < 100.0));
    f.finish();
    Some(Dominance {
        largest: largest?,
        percent: percent?,
    })
}

fn noise(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Noise> {
    let mut f = fields(r, node)?;
    let above_zero = Text::new("een getal boven 0", "a number above 0");
    let chance = Text::new(
        "een getal boven 0 en onder 1",
        "a number above 0 and below 1",
    );
    let rho_per_question = f.need("rho_per_question", number(above_zero, |v| v > 0.0));
    let delta = f.need("delta", number(chance, |v| v > 0.0 && v < 1.0));
    f.finish();
    Some(Noise {
        rho_per_question: rho_per_question?,
        delta: delta?,
    })
}

fn condition(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Condition> {
    let mut f = fields(r, node)?;
    let condition = Condition {
        text: f.need("text", words_in_both).unwrap_or_default(),
        enforced_by: f.maybe("enforced_by", string),
        promised_by: f.maybe("promised_by", string),
        from_statement: f.maybe("from_statement", integer(0..=LARGEST_EXACT)),
    };
    f.finish();
    Some(condition)
}

fn consent(r: &mut DocumentReader<'_>, node: DocumentNode<'_>) -> Option<Consent> {
    let mut f = fields(r, node)?;
    let consent = Consent {
        party: f.need("party", string).unwrap_or_default(),
        decision: f.need("decision", word).unwrap_or(Decision::Object),
        reason: f.maybe("reason", string),
        lifts: f.maybe("lifts", string),
        at: f.need("at", timestamp).unwrap_or_default(),
        signature: f.maybe("signature", string),
    };
    f.finish();
    Some(consent)
}
