//! Decisions: who may what, because of which policy, and that each condition is really decided by its policy.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::{Action, PolicyDecision, PolicyError, PolicyRequest, PolicySet, decide};
use crate::agreement::{Agreement, Document};
use crate::refusal::Code;
use crate::sample::AGREEMENT;

pub(super) fn parse(text: &str) -> Agreement {
    Document::parse("sample.toml", text).unwrap().agreement
}

pub(super) fn policies() -> PolicySet {
    PolicySet::generate(&parse(AGREEMENT)).unwrap()
}

/// A question that the sample allows.
pub(super) fn question() -> PolicyRequest {
    let id = "leiden-goedkoop-scheefwonen";
    let mut request = PolicyRequest::new(
        id,
        "universiteit",
        Action::Ask,
        "2026-03-01".parse().unwrap(),
    );
    request.purpose = Some("housing-policy".into());
    request.view = Some("huishoudens".into());
    request.columns = [
        "woningen.wijk".to_owned(),
        "inkomens.boven_grens".to_owned(),
    ]
    .into();
    request
}

fn decided(change: impl FnOnce(&mut PolicyRequest)) -> PolicyDecision {
    let mut request = question();
    change(&mut request);
    decide(&policies(), &request)
}

pub(super) fn codes(decision: &PolicyDecision) -> Vec<Code> {
    decision.refusals.iter().map(|r| r.code).collect()
}

fn check(name: &str, change: impl FnOnce(&mut PolicyRequest), expected: &[Code]) {
    let decision = decided(change);
    assert_eq!(codes(&decision), expected, "{name}: {decision:#?}");
    assert_eq!(decision.allowed, expected.is_empty(), "{name}");
}

#[test]
fn who_may_ask_what() {
    use Code::*;
    check("an agreed question", |_| {}, &[]);
    check(
        "before its view is known",
        |r| (r.view, r.columns) = (None, [].into()),
        &[],
    );
    check("no party", |r| r.party = "krant".into(), &[WrongParty]);
    check(
        "a party of another agreement",
        |r| r.agreement = "anders".into(),
        &[WrongParty],
    );
    check(
        "a supplier",
        |r| r.party = "rekenbureau".into(),
        &[WrongParty],
    );
    check(
        "another purpose",
        |r| r.purpose = Some("marketing".into()),
        &[WrongPurpose],
    );
    check("no purpose", |r| r.purpose = None, &[WrongPurpose]);
    check(
        "too early",
        |r| r.today = "2025-12-31".parse().unwrap(),
        &[NotYetValid],
    );
    check(
        "the first day",
        |r| r.today = "2026-01-01".parse().unwrap(),
        &[],
    );
    check(
        "the last day",
        |r| r.today = "2027-12-31".parse().unwrap(),
        &[],
    );
    check(
        "too late",
        |r| r.today = "2028-01-01".parse().unwrap(),
        &[Expired],
    );
    check("suspended", |r| r.suspended = true, &[Suspended]);
    check(
        "an unknown view",
        |r| r.view = Some("personen".into()),
        &[ViewUnknown],
    );
    check(
        "names that try to be Cedar",
        |r| r.party = "x\" || true || \"".into(),
        &[WrongParty],
    );
}

#[test]
fn embargoes() {
    use Code::*;
    let incomes = |r: &mut PolicyRequest| _ = r.columns.insert("inkomens.inkomen".into());
    check("outcomes", incomes, &[Embargo]);
    check(
        "before the embargo",
        |r| {
            incomes(r);
            r.period = Some("2026-06".into());
        },
        &[],
    );
    check(
        "partly before",
        |r| {
            incomes(r);
            r.period = Some("2026".into());
        },
        &[Embargo],
    );
    check(
        "a period that is none",
        |r| {
            incomes(r);
            r.period = Some("vorig jaar".into());
        },
        &[Embargo],
    );
    check(
        "after sealing",
        |r| {
            incomes(r);
            r.sealed = ["doorstroomproef".to_owned()].into();
        },
        &[],
    );
    check(
        "another plan sealed",
        |r| {
            incomes(r);
            r.sealed = ["iets-anders".to_owned()].into();
        },
        &[Embargo],
    );
    let refusal = decided(incomes).refusals.remove(0);
    assert_eq!(refusal.owner.as_deref(), Some("gemeente-leiden"));
    assert_eq!(refusal.condition.as_deref(), Some("embargo[0]"));
    assert!(
        refusal
            .lifts
            .en
            .starts_with("sealing the plan of `doorstroomproef`")
    );
}

#[test]
fn other_actions() {
    use Code::*;
    let by = |party: &'static str, action| {
        move |r: &mut PolicyRequest| (r.party, r.action) = (party.into(), action)
    };
    check(
        "a provider provides",
        by("corporatie", Action::Provide),
        &[],
    );
    check(
        "others do not",
        by("universiteit", Action::Provide),
        &[MayNotAsk],
    );
    check(
        "a provider suspends",
        by("corporatie", Action::Suspend),
        &[],
    );
    check(
        "residents suspend",
        by("huurdersvereniging", Action::Suspend),
        &[],
    );
    check(
        "residents resume",
        by("huurdersvereniging", Action::Resume),
        &[],
    );
    check("residents end", by("huurdersvereniging", Action::End), &[]);
    check(
        "knowledge does not suspend",
        by("universiteit", Action::Suspend),
        &[MayNotAsk],
    );
    check(
        "a supplier does not consent",
        by("rekenbureau", Action::TakePart),
        &[WrongParty],
    );
    check(
        "every party takes part",
        by("universiteit", Action::TakePart),
        &[],
    );
    check("the public reads", by("krant", Action::ReadAnswer), &[]);
    check(
        "also after the end",
        |r| {
            by("krant", Action::ReadAnswer)(r);
            r.today = "2029-12-31".parse().unwrap();
        },
        &[],
    );
    check(
        "but not for ever",
        |r| {
            by("krant", Action::ReadAnswer)(r);
            r.today = "2030-01-01".parse().unwrap();
        },
        &[Expired],
    );
    check(
        "nor long after it was ended",
        |r| {
            by("krant", Action::ReadAnswer)(r);
            r.past_retention = true;
        },
        &[Expired],
    );
    check(
        "nor while suspended",
        |r| {
            by("krant", Action::ReadAnswer)(r);
            r.suspended = true;
        },
        &[Suspended],
    );
}

#[test]
fn all_refusals_come_at_once_and_say_whose_condition_it_is() {
    let decision = decided(|r| {
        r.party = "krant".into();
        r.purpose = Some("marketing".into());
        r.today = "2030-01-01".parse().unwrap();
        r.suspended = true;
        r.view = Some("personen".into());
    });
    assert!(!decision.allowed);
    use Code::*;
    assert_eq!(
        codes(&decision),
        [WrongPurpose, Suspended, Expired, ViewUnknown, WrongParty]
    );
    insta::assert_snapshot!(
        decision
            .refusals
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn a_missing_permit_says_who_does_have_one() {
    let text = AGREEMENT.replace(
        "helix = \"knowledge\"\nmay = [\"ask\"]",
        "helix = \"knowledge\"",
    );
    let decision = decide(&PolicySet::generate(&parse(&text)).unwrap(), &question());
    assert_eq!(codes(&decision), [Code::MayNotAsk]);
    let refusal = &decision.refusals[0];
    assert_eq!(refusal.condition.as_deref(), Some("party.universiteit.may"));
    assert_eq!(
        refusal.what.en,
        "`universiteit` may not ask questions; these may: `corporatie`, `gemeente-leiden`, `huurdersvereniging`"
    );
}

#[test]
fn an_allowed_request_names_the_policy_that_allowed_it() {
    let decision = decided(|_| {});
    let [policy] = decision.because.as_slice() else {
        unreachable!("{decision:?}")
    };
    assert_eq!(policy.id, "may-ask:universiteit");
    assert_eq!(policy.words.nl, "`universiteit` mag vragen stellen");
    assert_eq!(policy.condition.as_deref(), Some("party.universiteit.may"));
}

#[test]
fn an_empty_set_refuses_everything() {
    for set in [
        PolicySet::empty(),
        PolicySet::from_cedar("// nothing\n").unwrap(),
    ] {
        for action in Action::ALL {
            let mut request = question();
            request.action = *action;
            let decision = decide(&set, &request);
            assert!(!decision.allowed);
            assert_eq!(codes(&decision), [Code::NoPolicy]);
        }
    }
}

#[test]
fn the_policies_of_the_sample_are_these() {
    insta::assert_snapshot!(policies().to_cedar());
}

#[test]
fn texts_that_are_no_policies_are_refused_with_a_cure() {
    let error = |text: &str| PolicySet::from_cedar(text).unwrap_err();
    assert!(matches!(error("permit (everyone)"), PolicyError::Syntax(_)));
    let all = "permit (principal, action, resource)";
    assert_eq!(error(&format!("{all};")), PolicyError::Unnamed);
    assert_eq!(
        error(&format!("@id(\"a\") {all};\n@id(\"a\") {all};")),
        PolicyError::Twice("a".into())
    );
    assert_eq!(
        error("@id(\"a\") permit (principal == ?principal, action, resource);"),
        PolicyError::Template
    );
    let beyond = format!("@id(\"a\") {all} when {{ context.income > 3 }};");
    assert!(matches!(error(&beyond), PolicyError::Schema(_)));
}

#[test]
fn a_policy_that_cannot_be_evaluated_refuses() {
    // Adding the two can overflow, which the schema cannot see; Cedar alone would skip this forbid.
    let text = format!(
        "{}\n@id(\"overflow\") forbid (principal, action, resource) when {{ context.today + 9223372036854775807 > 0 }};",
        policies().to_cedar()
    );
    let decision = decide(&PolicySet::from_cedar(&text).unwrap(), &question());
    assert!(!decision.allowed);
    assert_eq!(codes(&decision), [Code::NoPolicy]);
}

#[test]
fn a_party_listed_twice_by_hand_is_an_error_and_odd_ids_stay_text() {
    let mut agreement = parse(AGREEMENT);
    agreement.party[1].id = "a\"b\\c\n); permit (principal, action, resource); //".into();
    let set = PolicySet::generate(&agreement).unwrap();
    let mut request = question();
    request.party = "krant".into();
    assert!(!decide(&set, &request).allowed);
    request.party.clone_from(&agreement.party[1].id);
    assert!(decide(&set, &request).allowed);
    agreement.party[1].id = "corporatie".into();
    assert!(matches!(
        PolicySet::generate(&agreement),
        Err(PolicyError::Twice(_))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_words_of_an_agreement_become_policy(id in ".*", purpose in ".*", plan in ".*", column in ".*") {
        let mut agreement = parse(AGREEMENT);
        agreement.party[1].id.clone_from(&id);
        agreement.purpose.clone_from(&purpose);
        agreement.embargo[0].until_sealed = plan;
        agreement.embargo[0].columns.push(column);
        let set = PolicySet::generate(&agreement).unwrap();
        let mut request = question();
        request.party = id;
        request.purpose = Some(purpose);
        request.columns.clear();
        prop_assert!(decide(&set, &request).allowed);
        request.party.push('x');
        prop_assert!(!decide(&set, &request).allowed);
    }
}
