//! What is written is read back as the same agreement, with the same hash.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use crate::agreement::{
    Agreement, AnswerReaders, BLANKS, ColumnType, Condition, Dataset, Dimension, Document,
    Dominance, Embargo, Encoding, Format, Helix, Mandate, MandateBy, Measure, Mode, Noise, Party,
    PartyRole, PeopleConcerned, Phase, Protection, Retention, Rhythm, Right, Strategy as Move,
    Validity, View,
};
use crate::consent::{Consent, Decision};
use crate::name::is_header;
use crate::sample::{AGREEMENT, made_up_key};
use crate::text::Text;

/// What somebody may write: anything but nothing, and no blank that is still to be filled in.
fn words() -> BoxedStrategy<String> {
    let any = prop_oneof![
        "\\PC{1,16}",
        "[a-z'\"\\\\#=\\]\n\r\t ]{1,12}",
        "[a-z ]{1,12}"
    ];
    any.prop_filter("says something", |text| {
        !text.trim().is_empty() && !BLANKS.iter().any(|blank| text.starts_with(blank))
    })
    .boxed()
}

fn in_both() -> BoxedStrategy<Text> {
    prop_oneof![
        words().prop_map(Text::same),
        (words(), words()).prop_map(|(nl, en)| Text { nl, en }),
    ]
    .boxed()
}

fn id() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6})?"
}

fn day() -> impl Strategy<Value = Date> {
    (1900i16..2100, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn header() -> impl Strategy<Value = String> {
    words().prop_filter("the name of a column", |name| is_header(name))
}

/// A number above nothing, large or small.
fn positive() -> impl Strategy<Value = f64> {
    prop_oneof![1e-300..1e-3, 1e-3..1e3, 1e3..1e300f64]
}

/// A finite number, never negative zero: that is read as zero.
fn number() -> impl Strategy<Value = f64> {
    let whole = (-1_000_000i32..1_000_000).prop_map(f64::from);
    prop_oneof![whole, -1e300..1e300f64, -1.0..1.0f64].prop_map(|number| number + 0.0)
}

prop_compose! {
    fn format()(
        separator in of(select(Format::SEPARATORS)),
        decimal in of(select(Format::DECIMALS)),
        thousands in of(select(Format::THOUSANDS)),
        encoding in of(select(Encoding::ALL)),
        missing in vec(words(), 0..3),
    ) -> Format {
        let thousands = thousands.filter(|sign| Some(*sign) != decimal);
        Format { separator, decimal, thousands, encoding, sheet: None, missing }
    }
}

prop_compose! {
    fn dataset(number: usize)(
        legal_basis in words(),
        format in of(format().boxed()),
        columns in btree_map(header(), select(ColumnType::ALL), 1..4),
        rho_total in of(positive()),
        period in of(select(vec!["2026".to_owned(), "2026-03".to_owned()])),
        withheld in btree_map(words(), words(), 0..3),
    ) -> Dataset {
        let shared = |name: &String| columns.contains_key(name);
        Dataset {
            id: format!("bron_{number}"),
            provider: "p0".into(),
            legal_basis,
            source: format!("data/{number}.csv"),
            format,
            withheld: withheld.into_iter().filter(|(name, _)| !shared(name)).collect(),
            columns,
            rho_total,
            period,
        }
    }
}

prop_compose! {
    fn dimension(number: usize)(
        label in of(in_both()),
        values in btree_set(words(), 1..5),
        labels in vec(in_both(), 0..3),
        wholes in vec(words(), 0..3),
        groups in btree_map(words(), 1..3usize, 0..3),
        sensitive in any::<bool>(),
        per_unit in any::<bool>(),
    ) -> Dimension {
        let values: Vec<String> = values.into_iter().collect();
        let fresh = |name: &String| !values.contains(name);
        let wholes: BTreeSet<String> = wholes.into_iter().filter(fresh).collect();
        let groups = groups.into_iter().filter(|(name, _)| fresh(name) && !wholes.contains(name));
        let groups = groups.map(|(name, many)| (name, values.iter().take(many).cloned().collect()));
        Dimension {
            name: format!("kenmerk_{number}"),
            label,
            labels: values.iter().cloned().zip(labels).collect(),
            groups: groups.collect(),
            parents: values.iter().cloned().zip(wholes).collect(),
            values,
            sensitive,
            per_unit,
        }
    }
}

prop_compose! {
    fn measure(at: usize)(
        label in of(in_both()),
        quantity in words(),
        bounds in (number(), number()).prop_filter("two bounds", |(a, b)| a != b),
    ) -> Measure {
        let (lower, upper) = (bounds.0.min(bounds.1), bounds.0.max(bounds.1));
        Measure { name: format!("maat_{at}"), label, quantity, lower, upper }
    }
}

prop_compose! {
    fn view(number: usize)(
        label in of(in_both()),
        unit in words(),
        mode in select(Mode::ALL),
        sql in words(),
        dimension in (dimension(0).boxed(), dimension(1).boxed()),
        measure in (measure(0).boxed(), measure(1).boxed()),
        many in (0..3usize, 0..3usize),
    ) -> View {
        let dimension: [_; 2] = dimension.into();
        let measure: [_; 2] = measure.into();
        View {
            name: format!("basis_{number}"),
            label,
            unit,
            key: "eenheid".into(),
            mode,
            sql,
            dimension: dimension.into_iter().take(many.0).collect(),
            measure: measure.into_iter().take(many.1).collect(),
        }
    }
}

prop_compose! {
    fn protection()(
        minimum_units in 3..=1_000_000u64,
        dominance in of((1..=10u32, 1e-9..99.9f64)),
        p_percent in of(prop_oneof![1e-9..100.0f64, Just(10.0), Just(100.0)]),
        protect_zeros in any::<bool>(),
        round_to in 1..=1000u64,
        max_dimensions in 1..=8usize,
        release_rhythm in select(Rhythm::ALL),
    ) -> Protection {
        let dominance = dominance.map(|(largest, percent)| Dominance { largest, percent });
        Protection {
            minimum_units, dominance, p_percent, protect_zeros, round_to, max_dimensions, release_rhythm,
        }
    }
}

prop_compose! {
    fn seat(number: usize)(
        name in of(in_both()),
        helix in select(Helix::ALL),
        may in select(vec![vec![Right::Provide], vec![Right::Provide, Right::Ask], vec![Right::Ask, Right::Provide]]),
        represents in of((id(), of((select(MandateBy::ALL), day(), words())))),
        key in any::<bool>(),
    ) -> Party {
        let id = format!("p{number}");
        let (represents, mandate) = represents.filter(|_| helix == Helix::Residents).unzip();
        Party {
            name,
            helix: Some(helix),
            role: None,
            for_: None,
            represents,
            mandate: mandate.flatten().map(|(by, on, evidence)| Mandate { by, on, evidence }),
            may,
            public_key: key.then(|| made_up_key(&id).public().to_string()),
            id,
        }
    }
}

fn supplier() -> Party {
    Party {
        id: "leverancier".into(),
        name: None,
        helix: None,
        role: Some(PartyRole::Supplier),
        for_: Some("p1".into()),
        represents: None,
        mandate: None,
        may: Vec::new(),
        public_key: None,
    }
}

prop_compose! {
    fn condition()(
        text in in_both(), enforced in any::<bool>(), from_statement in of(0..=1u64 << 53),
    ) -> Condition {
        Condition {
            text,
            enforced_by: enforced.then(|| "protection.minimum_units".to_owned()),
            promised_by: (!enforced).then(|| "p1".to_owned()),
            from_statement,
        }
    }
}

prop_compose! {
    fn consent()(
        decision in select(Decision::ALL),
        (reason, lifts) in (words(), words()),
        at in 0..4_000_000_000i64,
        signature in of(words()),
    ) -> Consent {
        Consent {
            party: "p1".into(),
            decision,
            reason: (decision != Decision::Consent).then_some(reason),
            lifts: (decision == Decision::Object).then_some(lifts),
            at: Timestamp::from_second(at).unwrap_or_default(),
            signature,
        }
    }
}

prop_compose! {
    fn document()(
        (id, goal, purpose, about) in (id(), id(), id(), id()),
        (title, people) in (in_both().boxed(), in_both().boxed()),
        (strategy, phase, answers) in (select(Move::ALL), select(Phase::ALL), select(AnswerReaders::ALL)),
        (from, until, months, version) in (day(), day(), 0..=1200u32, 1..=999_999u32),
        seats in (seat(0).boxed(), seat(1).boxed()),
        supplied in any::<bool>(),
        dataset in (dataset(0).boxed(), dataset(1).boxed()),
        view in (view(0).boxed(), view(1).boxed()),
        embargo in of(Just("2026-07")),
        protection in protection().boxed(),
        noise in (positive(), 1e-12..0.99f64),
        condition in vec(condition().boxed(), 0..3),
        consents in vec(consent().boxed(), 0..3),
    ) -> Document {
        let view: [View; 2] = view.into();
        let dataset: [Dataset; 2] = dataset.into();
        let outcomes = dataset.iter().flat_map(|one| one.columns.keys().map(|name| format!("{}.{name}", one.id)));
        let embargo = embargo.map(|from| Embargo {
            columns: outcomes.collect(), from: from.into(), until_sealed: "proef".into(),
        });
        let noisy = view.iter().any(|one| one.mode == Mode::Noisy);
        let noise = Noise { rho_per_question: noise.0, delta: noise.1 };
        let agreement = Agreement {
            id, version, title, goal, purpose, strategy, phase,
            valid: Validity { from: from.min(until), until: from.max(until) },
            retention: Retention { months },
            answers,
            about: PeopleConcerned { id: about, nl: people.nl, en: people.en },
            party: <[Party; 2]>::from(seats).into_iter().chain(supplied.then(supplier)).collect(),
            dataset: dataset.into(),
            view: view.into(),
            embargo: embargo.into_iter().collect(),
            protection,
            noise: noisy.then_some(noise),
            condition,
        };
        Document { agreement, consents }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back_as_the_same(document in document()) {
        let text = document.to_toml();
        let read = Document::parse("a", &text);
        let read = read.map_err(|faults| TestCaseError::fail(format!("{faults}\n{text}")))?;
        prop_assert_eq!(read.agreement.hash().unwrap(), document.agreement.hash().unwrap());
        prop_assert_eq!(read, document);
    }
}

#[test]
fn a_document_is_written_for_people() {
    let document = Document::parse("sample.toml", AGREEMENT).unwrap();
    insta::assert_snapshot!("written", document.to_toml());
}
