//! Each condition is really decided by its policy: when the condition changes, the policy decides otherwise.

#![allow(clippy::unwrap_used)]

use super::tests::{codes, parse, policies, question};
use super::{Action, PolicyRequest, PolicySet, decide};
use crate::refusal::Code;
use crate::sample::AGREEMENT;

/// A change of one condition in the document, and a request that is then decided the other way.
type Turn = (
    &'static str,
    &'static str,
    &'static str,
    fn(&mut PolicyRequest),
);

const TURNS: &[Turn] = &[
    (
        "purpose",
        "purpose = \"housing-policy\"",
        "purpose = \"research\"",
        |_| {},
    ),
    (
        "valid.from",
        "from = \"2026-01-01\"",
        "from = \"2026-03-02\"",
        |_| {},
    ),
    (
        "valid.until",
        "until = \"2027-12-31\"",
        "until = \"2026-02-28\"",
        |_| {},
    ),
    ("retention.months", "months = 24", "months = 12", |r| {
        r.action = Action::ReadAnswer;
        r.today = "2029-06-01".parse().unwrap();
    }),
    (
        "answers",
        "answers = \"public\"",
        "answers = \"parties\"",
        |r| {
            r.action = Action::ReadAnswer;
            r.party = "krant".into();
        },
    ),
    (
        "party.may ask",
        "helix = \"knowledge\"\nmay = [\"ask\"]",
        "helix = \"knowledge\"",
        |_| {},
    ),
    (
        "party.may provide",
        "helix = \"knowledge\"\nmay = [\"ask\"]",
        "helix = \"knowledge\"\nmay = [\"ask\", \"provide\"]",
        |r| {
            r.action = Action::Provide;
        },
    ),
    (
        "party.represents",
        "represents = \"corporatiehuurders-leiden\"",
        "represents = \"leidenaars\"",
        |r| {
            r.action = Action::Suspend;
            r.party = "huurdersvereniging".into();
        },
    ),
    (
        "dataset.provider",
        "provider = \"corporatie\"",
        "provider = \"gemeente-leiden\"",
        |r| {
            r.action = Action::Suspend;
            r.party = "corporatie".into();
        },
    ),
    (
        "a supplier gets a seat",
        "role = \"supplier\"\nfor = \"gemeente-leiden\"",
        "helix = \"knowledge\"\nmay = [\"ask\"]",
        |r| {
            r.party = "rekenbureau".into();
        },
    ),
    (
        "view",
        "name = \"huishoudens\"",
        "name = \"gezinnen\"",
        |_| {},
    ),
    (
        "embargo.columns",
        "columns = [\"inkomens.inkomen\"]",
        "columns = [\"inkomens.boven_grens\"]",
        |_| {},
    ),
    (
        "embargo.from",
        "from = \"2026-07\"",
        "from = \"2026-08\"",
        |r| {
            r.columns.insert("inkomens.inkomen".into());
            r.period = Some("2026-07".into());
        },
    ),
    (
        "embargo.until_sealed",
        "until_sealed = \"doorstroomproef\"",
        "until_sealed = \"proef-twee\"",
        |r| {
            r.columns.insert("inkomens.inkomen".into());
            r.sealed = ["proef-twee".to_owned()].into();
        },
    ),
];

#[test]
fn changing_any_one_condition_turns_a_decision_and_its_words() {
    let before = policies();
    for (name, from, to, change) in TURNS {
        assert_eq!(AGREEMENT.matches(from).count(), 1, "`{from}`");
        let after = PolicySet::generate(&parse(&AGREEMENT.replacen(from, to, 1))).unwrap();
        let mut request = question();
        change(&mut request);
        let (old, new) = (decide(&before, &request), decide(&after, &request));
        assert_ne!(old.allowed, new.allowed, "{name}: {old:#?} {new:#?}");
        assert_ne!(old.because, new.because, "{name}");
    }
}

#[test]
fn the_decision_is_the_policys_and_not_the_documents() {
    let text = policies().to_cedar().to_owned();
    let cases: &[(&str, &str, Code)] = &[
        (
            "context.today < 20260101",
            "context.today < 20260401",
            Code::NotYetValid,
        ),
        (
            "context.today > 20271231",
            "context.today > 20260201",
            Code::Expired,
        ),
        (
            "context.purpose == \"housing-policy\"",
            "context.purpose == \"x\"",
            Code::WrongPurpose,
        ),
        (
            "[\"huishoudens\"].contains",
            "[\"x\"].contains",
            Code::ViewUnknown,
        ),
        (
            "when { context.suspended }",
            "when { !context.suspended }",
            Code::Suspended,
        ),
        (
            "containsAny([\"inkomens.inkomen\"])",
            "containsAny([\"woningen.wijk\"])",
            Code::Embargo,
        ),
        (
            "principal == Party::\"universiteit\", action == Action::\"ask\"",
            "principal == Party::\"x\", action == Action::\"ask\"",
            Code::MayNotAsk,
        ),
    ];
    for (from, to, code) in cases {
        assert!(text.contains(from), "{from}\n{text}");
        let altered = PolicySet::from_cedar(&text.replace(from, to)).unwrap();
        assert_eq!(codes(&decide(&altered, &question())), [*code], "{to}");
    }
}
