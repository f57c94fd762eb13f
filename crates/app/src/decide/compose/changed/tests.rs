//! What a form changes of a document, and what it leaves.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use zwerm_agreement::agreement::{Agreement, Right};
use zwerm_agreement::sample;

use super::*;
use crate::decide::amend;
use crate::decide::compose::from_file::FormValues;

/// The sample, with a promise of its own.
fn version(text: &str) -> Version {
    amend::proposed(text).unwrap()
}

fn form_of(version: &Version) -> FormValues {
    filled(version.agreement(), &|_| false)
        .into_iter()
        .collect()
}

fn sent(version: &Version, form: &FormValues) -> ChangedVersion {
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    changed(version, &get, &[], "2026-03-01".parse().unwrap()).unwrap()
}

/// The agreement after these fields were changed.
fn after(version: &Version, fields: &[(&str, &str)]) -> Agreement {
    let mut form = form_of(version);
    for (name, value) in fields {
        form.insert((*name).to_owned(), (*value).to_owned());
    }
    let changed = sent(version, &form);
    if let Err(error) = changed.check() {
        panic!("{error}\n{}", changed.text);
    }
    Document::parse("", &changed.text).unwrap().agreement
}

fn faults(version: &Version, fields: &[(&str, &str)]) -> String {
    let mut form = form_of(version);
    for (name, value) in fields {
        form.insert((*name).to_owned(), (*value).to_owned());
    }
    sent(version, &form).check().unwrap_err().to_string()
}

#[test]
fn a_form_in_which_nothing_is_changed_changes_nothing_but_the_number() {
    for text in [sample::AGREEMENT, &simple()] {
        let version = version(text);
        let same = after(&version, &[]);
        let mut was = version.agreement().clone();
        was.version += 1;
        assert_eq!(same, was);
        let text = sent(&version, &form_of(&version)).text;
        assert!(!text.contains("[[consent]]"), "{text}");
    }
}

#[test]
fn each_change_lands_and_all_else_stays() {
    let version = version(sample::AGREEMENT);
    let was = version.agreement();
    for (fields, change) in [
        (
            vec![("minimum_units", "25")],
            (|it: &mut Agreement| it.protection.minimum_units = 25) as fn(&mut Agreement),
        ),
        (vec![("title_nl", "Anders")], |it| {
            it.title.nl = "Anders".to_owned()
        }),
        (vec![("retention", "12")], |it| it.retention.months = 12),
        (vec![("party1_ask", "")], |it| {
            it.party[1].may.retain(|right| *right != Right::Ask);
        }),
        (vec![("dataset0_period", "2027")], |it| {
            it.dataset[0].period = Some("2027".to_owned());
        }),
        (vec![("dataset0_basis", "AVG art. 9")], |it| {
            it.dataset[0].legal_basis = "AVG art. 9".to_owned();
        }),
        (vec![("condition0_gone", "yes")], |it| {
            it.condition.remove(0);
        }),
        (vec![("unit", "woning")], |it| {
            it.view[0].unit = "woning".to_owned()
        }),
    ] {
        let mut wanted = was.clone();
        wanted.version += 1;
        change(&mut wanted);
        assert_eq!(after(&version, &fields), wanted, "{fields:?}");
    }
}

#[test]
fn a_promise_is_added_reworded_and_moved() {
    let version = version(sample::AGREEMENT);
    let count = version.agreement().condition.len();
    let rows = (count + 1).to_string();
    let (nl, by) = (
        format!("condition{count}_nl"),
        format!("condition{count}_by"),
    );
    let changed = after(
        &version,
        &[
            ("rows_condition", &rows),
            (&nl, "Niemand krijgt een brief."),
            (&by, "0"),
        ],
    );
    assert_eq!(changed.condition.len(), count + 1);
    assert_eq!(changed.condition[..count], version.agreement().condition);
    let seat = version.agreement().seats().next().unwrap();
    assert_eq!(
        changed.condition[count].promised_by.as_deref(),
        Some(seat.id.as_str())
    );
    let promise = version
        .agreement()
        .condition
        .iter()
        .position(|c| c.promised_by.is_some())
        .unwrap();
    let (nl, by) = (
        format!("condition{promise}_nl"),
        format!("condition{promise}_by"),
    );
    let changed = after(&version, &[(&nl, "Andere woorden."), (&by, "2")]);
    let third = version.agreement().seats().nth(2).unwrap();
    assert_eq!(changed.condition[promise].text.nl, "Andere woorden.");
    assert_eq!(
        changed.condition[promise].promised_by.as_deref(),
        Some(third.id.as_str())
    );
}

#[test]
fn words_that_the_computer_is_said_to_keep_cannot_be_added() {
    let version = version(sample::AGREEMENT);
    let promise = version
        .agreement()
        .condition
        .iter()
        .position(|c| c.promised_by.is_some())
        .unwrap();
    let by = format!("condition{promise}_by");
    let mut form = form_of(&version);
    form.insert(by, "protection.minimum_units".to_owned());
    // a form of ours does not offer it, and whoever sends it says it of their own words
    let changed = sent(&version, &form);
    let text = Document::parse("", &changed.text).unwrap().agreement;
    let kept = zwerm_agreement::condition::enforced(&text);
    let words = &text.condition[promise].text;
    assert!(
        kept.iter().all(|one| one.words != *words),
        "the pages tell the settings"
    );
}

#[test]
fn sql_that_somebody_wrote_is_not_written_over() {
    let version = version(sample::AGREEMENT);
    let form = form_of(&version);
    let huur = (0..20).find(|n| {
        form.get(&format!("column{n}_role"))
            .is_some_and(|r| r == "measure")
    });
    let role = format!("column{}_role", huur.unwrap());
    let why = format!("column{}_why", huur.unwrap());
    let told = faults(&version, &[(&role, "withheld"), (&why, "niet nodig")]);
    assert!(
        told.contains("written by hand") || told.contains("met de hand"),
        "{told}"
    );
    // of a view that the form wrote the columns can be changed
    let simple = amend::proposed(&simple()).unwrap();
    let changed = after(
        &simple,
        &[
            (&role_of(&simple, "huur"), "withheld"),
            (&why_of(&simple, "huur"), "niet nodig"),
        ],
    );
    assert!(changed.view[0].measure.is_empty());
    assert!(
        !changed.view[0].sql.contains("huur AS"),
        "{}",
        changed.view[0].sql
    );
    assert_eq!(changed.dataset[0].withheld["huur"], "niet nodig");
}

#[test]
fn a_form_that_arrives_in_part_takes_nothing_away() {
    let version = version(sample::AGREEMENT);
    let told = faults(&version, &[("rows_column", "3")]);
    assert!(
        told.contains("niet heel aan") || told.contains("arrive whole"),
        "{told}"
    );
}

fn field_of(version: &Version, column: &str, part: &str) -> String {
    let form = form_of(version);
    let row = (0..20).find(|n| {
        form.get(&format!("column{n}_name"))
            .is_some_and(|name| name == column)
    });
    format!("column{}_{part}", row.unwrap())
}

fn role_of(version: &Version, column: &str) -> String {
    field_of(version, column, "role")
}

fn why_of(version: &Version, column: &str) -> String {
    field_of(version, column, "why")
}

/// An agreement of which a form wrote all.
fn simple() -> String {
    let fields: BTreeMap<&str, &str> = crate::decide::compose::DEFAULTS
        .into_iter()
        .chain([
            ("title_nl", "Huren"),
            ("goal", "wonen"),
            ("purpose", "woonbeleid"),
            ("from", "2026-01-01"),
            ("until", "2027-12-31"),
            ("about_nl", "huurders"),
            ("party0_nl", "Gemeente"),
            ("party0_helix", "government"),
            ("party1_nl", "Bureau"),
            ("party1_helix", "knowledge"),
            ("party2_nl", "Corporatie"),
            ("party2_helix", "organisations"),
            ("party3_nl", "Huurders"),
            ("party3_helix", "residents"),
            ("party3_represents", "yes"),
            ("party3_mandate_by", "own-decision"),
            ("party3_mandate_on", "2026-01-01"),
            ("party3_mandate_evidence", "besluit"),
            ("party0_ask", "yes"),
            ("unit", "huishouden"),
            ("dataset0_name", "woningen"),
            ("dataset0_provider", "2"),
            ("dataset0_basis", "AVG art. 6"),
            ("column0_name", "huishouden"),
            ("column0_role", "key"),
            ("column1_name", "wijk"),
            ("column1_role", "dimension"),
            ("column1_values", "WK1 = Noord\nWK2"),
            ("column2_name", "huur"),
            ("column2_kind", "float64"),
            ("column2_role", "measure"),
            ("column2_quantity", "EUR per maand"),
            ("column2_lower", "0"),
            ("column2_upper", "1000"),
        ])
        .collect();
    let get = |name: &str| fields.get(name).copied().unwrap_or_default().to_owned();
    let composed = crate::decide::compose::compose(&get, &[], "2026-01-01".parse().unwrap());
    composed.check().unwrap();
    composed.text
}
