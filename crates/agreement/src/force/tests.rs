//! In force, or every reason why not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::in_force;
use crate::agreement::{Agreement, Document, Helix, MandateBy};
use crate::consent::{Consent, Decision};
use crate::refusal::{Code, Refusal};
use crate::sample::AGREEMENT;
use crate::status::{StatusChange, StatusEvent};

const TODAY: &str = "2026-03-01";

/// Everything that the rule looks at; each case changes something in it.
struct Case {
    agreement: Agreement,
    consents: Vec<Consent>,
    events: Vec<StatusEvent>,
    today: &'static str,
}

impl Case {
    fn says(&mut self, party: &str, decision: Decision, at: &str) {
        self.consents.push(Consent {
            party: party.into(),
            decision,
            reason: Some("te weinig bekend".into()),
            lifts: Some("eerst een proef".into()),
            at: at.parse().unwrap(),
            signature: None,
        });
    }

    fn silent(&mut self, party: &str) {
        self.consents.retain(|c| c.party != party);
    }

    fn happens(&mut self, party: &str, change: StatusChange, at: &str) {
        let (party, reason) = (party.into(), "datalek".into());
        self.events.push(StatusEvent {
            party,
            change,
            reason,
            at: at.parse().unwrap(),
            signature: None,
        });
    }
}

fn refusals(change: impl FnOnce(&mut Case)) -> Vec<Refusal> {
    let Document {
        agreement,
        consents,
    } = Document::parse("sample.toml", AGREEMENT).unwrap();
    let mut case = Case {
        agreement,
        consents,
        events: Vec::new(),
        today: TODAY,
    };
    change(&mut case);
    let today = case.today.parse().unwrap();
    in_force(
        &case.agreement,
        &case.consents,
        &case.events,
        today,
        &jiff::tz::TimeZone::UTC,
    )
    .err()
    .unwrap_or_default()
}

fn check(name: &str, change: impl FnOnce(&mut Case), expected: &[Code]) {
    let codes: Vec<_> = refusals(change).iter().map(|r| r.code).collect();
    assert_eq!(codes, expected, "{name}");
}

#[test]
fn consent() {
    use Code::*;
    check("as the sample is", |_| {}, &[]);
    check(
        "a concern does not block",
        |c| c.says("corporatie", Decision::Concern, "2026-02-01T00:00:00Z"),
        &[],
    );
    check(
        "no knowledge party",
        |c| c.silent("universiteit"),
        &[SideMissing],
    );
    check(
        "a provider is silent",
        |c| c.silent("corporatie"),
        &[SideMissing, ProviderMissing],
    );
    check(
        "residents are silent",
        |c| c.silent("huurdersvereniging"),
        &[SideMissing, NotRepresented],
    );
    check(
        "nobody spoke",
        |c| c.consents.clear(),
        &[
            SideMissing,
            SideMissing,
            SideMissing,
            SideMissing,
            ProviderMissing,
            ProviderMissing,
            NotRepresented,
        ],
    );
    check(
        "a supplier's word fills no seat",
        |c| {
            c.silent("universiteit");
            c.agreement.party[4].helix = Some(Helix::Knowledge);
            c.says("rekenbureau", Decision::Consent, "2026-02-01T00:00:00Z");
        },
        &[SideMissing],
    );
}

#[test]
fn objections() {
    use Code::*;
    let object = |c: &mut Case| c.says("universiteit", Decision::Object, "2026-02-01T00:00:00Z");
    check(
        "an objection stands, and is no consent",
        object,
        &[SideMissing, Objection],
    );
    check(
        "withdrawn",
        |c| {
            object(c);
            c.says("universiteit", Decision::Consent, "2026-02-02T00:00:00Z");
        },
        &[],
    );
    check(
        "an older objection",
        |c| c.says("universiteit", Decision::Object, "2026-01-01T00:00:00Z"),
        &[],
    );
    check(
        "at the same moment the objection counts",
        |c| {
            c.says("universiteit", Decision::Object, "2026-01-05T09:30:00Z");
        },
        &[SideMissing, Objection],
    );
    check(
        "somebody who is no party",
        |c| c.says("iemand", Decision::Object, "2026-02-01T00:00:00Z"),
        &[],
    );
    let objection = refusals(object).remove(1);
    assert_eq!(objection.owner.as_deref(), Some("universiteit"));
    assert!(objection.what.nl.contains("te weinig bekend"));
    assert_eq!(objection.lifts.en, "eerst een proef");
}

#[test]
fn what_happens_at_one_moment_is_read_on_the_safe_side() {
    use Code::*;
    check(
        "an objection listed before a consent",
        |c| {
            c.says("universiteit", Decision::Object, "2026-02-01T00:00:00Z");
            c.says("universiteit", Decision::Consent, "2026-02-01T00:00:00Z");
        },
        &[SideMissing, Objection],
    );
    check(
        "a suspension listed before a resumption",
        |c| {
            c.happens(
                "corporatie",
                StatusChange::Suspended,
                "2026-02-01T00:00:00Z",
            );
            c.happens("corporatie", StatusChange::Resumed, "2026-02-01T00:00:00Z");
        },
        &[Suspended],
    );
}

#[test]
fn representation() {
    use Code::*;
    let residents = |c: &mut Case| c.agreement.party[3].clone();
    check(
        "others are represented",
        |c| c.agreement.party[3].represents = Some("alle-leidenaars".into()),
        &[NotRepresented],
    );
    check(
        "nobody is represented",
        |c| c.agreement.party[3].represents = None,
        &[NotRepresented],
    );
    check(
        "no mandate",
        |c| c.agreement.party[3].mandate = None,
        &[NotRepresented],
    );
    check(
        "a panel's mandate",
        |c| {
            let mandate = c.agreement.party[3].mandate.as_mut().unwrap();
            mandate.by = MandateBy::Panel;
        },
        &[],
    );
    let dated = |day: &'static str| {
        move |c: &mut Case| {
            c.agreement.party[3].mandate.as_mut().unwrap().on = day.parse().unwrap();
        }
    };
    check("a mandate of the day itself", dated("2026-01-05"), &[]);
    check(
        "a mandate after the consent",
        dated("2026-01-06"),
        &[NotRepresented],
    );
    check(
        "consented anew after the mandate",
        |c| {
            dated("2026-01-06")(c);
            c.says(
                "huurdersvereniging",
                Decision::Consent,
                "2026-01-07T00:00:00Z",
            );
        },
        &[],
    );
    check(
        "a second party that does represent them",
        |c| {
            let mut second = residents(c);
            second.id = "bewonersraad".into();
            c.agreement.party[3].mandate = None;
            c.agreement.party.push(second);
            c.says("bewonersraad", Decision::Consent, "2026-01-07T00:00:00Z");
        },
        &[],
    );
    check(
        "an organisation cannot represent residents",
        |c| {
            c.agreement.party[3].helix = Some(Helix::Organisations);
        },
        &[SideMissing, NotRepresented],
    );
}

#[test]
fn suspension_and_end() {
    use Code::*;
    let suspend = |party: &'static str| {
        move |c: &mut Case| {
            c.happens(party, StatusChange::Suspended, "2026-02-01T00:00:00Z");
        }
    };
    check("a provider suspends", suspend("corporatie"), &[Suspended]);
    check(
        "residents suspend",
        suspend("huurdersvereniging"),
        &[Suspended],
    );
    check("others cannot", suspend("universiteit"), &[]);
    check(
        "two suspend",
        |c| {
            suspend("corporatie")(c);
            suspend("huurdersvereniging")(c);
        },
        &[Suspended, Suspended],
    );
    check(
        "and resume",
        |c| {
            suspend("corporatie")(c);
            c.happens("corporatie", StatusChange::Resumed, "2026-02-02T00:00:00Z");
        },
        &[],
    );
    check(
        "nobody resumes for another",
        |c| {
            suspend("corporatie")(c);
            c.happens(
                "gemeente-leiden",
                StatusChange::Resumed,
                "2026-02-02T00:00:00Z",
            );
        },
        &[Suspended],
    );
    check(
        "suspended again",
        |c| {
            suspend("corporatie")(c);
            c.happens("corporatie", StatusChange::Resumed, "2026-02-02T00:00:00Z");
            c.happens(
                "corporatie",
                StatusChange::Suspended,
                "2026-02-03T00:00:00Z",
            );
        },
        &[Suspended],
    );
    check(
        "ended stays ended",
        |c| {
            c.happens("corporatie", StatusChange::Ended, "2026-02-02T00:00:00Z");
            c.happens("corporatie", StatusChange::Resumed, "2026-02-03T00:00:00Z");
        },
        &[Ended],
    );
    check(
        "others cannot end",
        |c| c.happens("universiteit", StatusChange::Ended, "2026-02-02T00:00:00Z"),
        &[],
    );
}

#[test]
fn validity() {
    use Code::*;
    let on = |day: &'static str| move |c: &mut Case| c.today = day;
    check("the day before", on("2025-12-31"), &[NotYetValid]);
    check("the first day", on("2026-01-01"), &[]);
    check("the last day", on("2027-12-31"), &[]);
    check("the day after", on("2028-01-01"), &[Expired]);
}

#[test]
fn all_reasons_are_told_at_once_with_owner_and_cure() {
    let all = refusals(|c| {
        c.consents.clear();
        c.says("gemeente-leiden", Decision::Object, "2026-02-01T00:00:00Z");
        c.happens(
            "corporatie",
            StatusChange::Suspended,
            "2026-02-01T00:00:00Z",
        );
        c.today = "2030-01-01";
    });
    let codes: std::collections::BTreeSet<_> = all.iter().map(|r| r.code).collect();
    assert_eq!(codes.len(), 6, "{codes:?}");
    for refusal in &all {
        assert!(!refusal.lifts.nl.is_empty() && !refusal.what.nl.is_empty());
        assert!(
            refusal.owner.is_some() || refusal.code == Code::Expired,
            "{refusal}"
        );
    }
    assert!(
        all.last()
            .unwrap()
            .lifts
            .en
            .contains("all parties consent anew")
    );
}

#[test]
fn conditions_named_in_refusals_are_enforced_conditions() {
    let Document { agreement, .. } = Document::parse("sample.toml", AGREEMENT).unwrap();
    for today in ["2020-01-01", "2030-01-01"] {
        for refusal in in_force(
            &agreement,
            &[],
            &[],
            today.parse().unwrap(),
            &jiff::tz::TimeZone::UTC,
        )
        .unwrap_err()
        {
            if let Some(path) = &refusal.condition {
                assert!(crate::condition::find(&agreement, path).is_some(), "{path}");
            }
        }
    }
}

#[test]
fn a_mandate_and_a_consent_are_of_days_of_the_zone() {
    let zone = |name| jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap();
    let (utc, amsterdam) = (jiff::tz::TimeZone::UTC, zone("Europe/Amsterdam"));
    let document = Document::parse("sample.toml", crate::sample::AGREEMENT).unwrap();
    let check = |on: &str, at: &str, zone: &jiff::tz::TimeZone| {
        let (mut agreement, mut consents) = (document.agreement.clone(), document.consents.clone());
        let mandates = agreement
            .party
            .iter_mut()
            .filter_map(|p| p.mandate.as_mut());
        mandates.for_each(|mandate| mandate.on = on.parse().unwrap());
        consents.iter_mut().for_each(|c| c.at = at.parse().unwrap());
        let today = "2026-03-01".parse().unwrap();
        in_force(&agreement, &consents, &[], today, zone).is_ok()
    };
    // half past midnight in Amsterdam, in winter and in summer
    for (on, at) in [
        ("2026-01-06", "2026-01-05T23:30:00Z"),
        ("2025-07-06", "2025-07-05T22:30:00Z"),
    ] {
        assert!(check(on, at, &amsterdam), "{on}");
        assert!(!check(on, at, &utc), "{on}");
    }
    assert!(!check("2026-01-06", "2026-01-05T22:30:00Z", &amsterdam));
}
