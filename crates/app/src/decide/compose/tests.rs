//! What a form writes, and which field a fault is told by.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use zwerm_agreement::agreement::{Agreement, Right};
use zwerm_agreement::diagnostic::Diagnostic;

use crate::decide::compose::*;

type Form = BTreeMap<&'static str, &'static str>;

fn form() -> Form {
    let mut form: Form = DEFAULTS.into();
    form.extend([
        ("title_nl", "Bankjes in de wijk"),
        ("title_en", "Benches"),
        ("goal", "buiten-zijn"),
        ("purpose", "Openbare ruimte"),
        ("until", "2027-12-31"),
        ("about_nl", "ouderen in de wijk"),
        ("about_en", "elderly people"),
        ("party0_known", "gemeente"),
        ("party0_provide", "yes"),
        ("party0_ask", "yes"),
        ("party1_nl", "Hogeschool"),
        ("party1_helix", "knowledge"),
        ("party1_ask", "yes"),
        ("party2_nl", "Zorg \"Thuis\" & co"),
        ("party2_helix", "organisations"),
        ("party2_provide", "yes"),
        ("party3_nl", "Ouderenraad"),
        ("party3_helix", "residents"),
        ("party3_represents", "yes"),
        ("party3_mandate_by", "own-decision"),
        ("party3_mandate_on", "2026-02-01"),
        ("party3_mandate_evidence", "besluit van de raad"),
        ("dataset0_name", "Bezoeken"),
        ("dataset0_provider", "2"),
        ("dataset0_basis", "AVG art. 6, lid 1, onder a"),
        ("dataset0_columns", "persoon: tekst\nUren (week): getal\n"),
        ("rows_dataset", "2"),
        ("dataset1_name", "wonen"),
        ("dataset1_provider", "0"),
        ("dataset1_basis", "AVG art. 6, lid 1, onder e"),
        ("dataset1_columns", "persoon\nwijk: text"),
        ("unit", "persoon"),
        ("key", "persoon"),
        ("dimension0_column", "wijk"),
        ("dimension0_values", "WK01 = Noord\nWK02\n"),
        ("measure0_column", "Uren (week)"),
        ("measure0_nl", "uren"),
        ("measure0_en", "hours"),
        ("measure0_quantity", "uren per week"),
        ("measure0_lower", "0"),
        ("measure0_upper", "37,5"),
        ("condition0_nl", "Een getal gaat over minstens tien mensen."),
        ("condition0_by", "protection.minimum_units"),
        ("condition1_nl", "Niemand krijgt een brief."),
        ("condition1_by", "0"),
    ]);
    form
}

fn written(form: &Form) -> Composed {
    let get = |field: &str| form.get(field).copied().unwrap_or_default().to_owned();
    let known = RegisteredParty {
        id: "gemeente".into(),
        name: Text::new("Gemeente", "Municipality"),
        helix: Some(zwerm_agreement::agreement::Helix::Government),
        public_key: None,
    };
    compose(&get, &[known], "2026-03-01".parse().unwrap())
}

fn agreement(form: &Form) -> Agreement {
    let composed = written(form);
    if let Err(error) = composed.check() {
        panic!("{error}\n{}", composed.text);
    }
    Document::parse("", &composed.text).unwrap().agreement
}

fn faults(form: &Form) -> Vec<(String, String)> {
    let Err(AppError::Wrong(wrong)) = written(form).check() else {
        panic!("nothing is wrong");
    };
    let of = |one: Diagnostic| {
        (
            one.place.field().unwrap_or_default().to_owned(),
            one.what.en,
        )
    };
    wrong.0.into_iter().map(of).collect()
}

#[test]
fn a_form_writes_the_document_that_somebody_would_write_in_toml() {
    let agreement = agreement(&form());
    assert_eq!(agreement.id, "bankjes-in-de-wijk");
    assert_eq!(agreement.goal, "buiten-zijn");
    assert_eq!(agreement.purpose, "openbare-ruimte");
    let ids: Vec<&str> = agreement.party.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(
        ids,
        ["gemeente", "hogeschool", "zorg-thuis-co", "ouderenraad"]
    );
    assert_eq!(agreement.party[2].display_name().nl, "Zorg \"Thuis\" & co");
    assert_eq!(agreement.party[0].may, [Right::Provide, Right::Ask]);
    let about = Some("ouderen-in-de-wijk");
    assert_eq!(agreement.party[3].represents.as_deref(), about);
    assert_eq!(agreement.dataset[0].provider, "zorg-thuis-co");
    assert_eq!(agreement.dataset[1].columns.len(), 2);
    let view = &agreement.view[0];
    assert_eq!(
        view.sql,
        "SELECT t0.\"persoon\" AS persoon, t1.\"wijk\" AS wijk, \
         t0.\"Uren (week)\" AS uren_week FROM bezoeken t0 \
         JOIN wonen t1 ON t0.\"persoon\" = t1.\"persoon\""
    );
    assert_eq!(view.dimension[0].values, ["WK01", "WK02"]);
    assert_eq!(view.dimension[0].labels["WK01"].nl, "Noord");
    assert_eq!(view.measure[0].upper, 37.5);
    let by = agreement.condition.iter();
    let by: Vec<_> = by
        .map(|c| (c.enforced_by.as_deref(), c.promised_by.as_deref()))
        .collect();
    assert_eq!(
        by,
        [
            (Some("protection.minimum_units"), None),
            (None, Some("gemeente"))
        ]
    );
}

#[test]
fn a_goal_that_is_new_is_named_by_its_title() {
    let mut form = form();
    form.extend([
        ("goal", ""),
        ("goal_title_nl", "Samen buiten zijn"),
        ("goal_title_en", "Outside"),
    ]);
    assert_eq!(agreement(&form).goal, "samen-buiten-zijn");
}

#[test]
fn an_empty_form_says_of_each_field_that_it_is_empty() {
    let told = faults(&DEFAULTS.into());
    for field in [
        "title_nl",
        "goal_title_nl",
        "purpose",
        "until",
        "about_nl",
        "dataset0_name",
        "key",
        "unit",
        "party0_known",
    ] {
        assert!(
            told.iter().any(|(known, _)| known == field),
            "{field}: {told:?}"
        );
    }
    assert!(told.iter().all(|(field, _)| !field.is_empty()), "{told:?}");
    assert!(
        told.iter().all(|(_, what)| !what.contains("sql")),
        "{told:?}"
    );
}

#[test]
fn each_fault_is_told_by_its_field() {
    for (field, wrong, said) in [
        ("title_nl", "", "the title"),
        ("until", "morgen", "the last day"),
        ("minimum_units", "1", "the fewest units"),
        ("round_to", "vijf", "the rounding"),
        ("party1_helix", "", "the side of party 2"),
        ("party3_mandate_on", "ooit", "the day of the mandate"),
        ("party3_mandate_evidence", "", "the decision"),
        ("dataset0_basis", "", "the legal basis of source 1"),
        ("dataset1_provider", "9", "the party of source 2"),
        (
            "dataset0_columns",
            "persoon: tekst\nUren (week): veel",
            "`veel` is not a kind",
        ),
        ("dimension0_values", "", "the values of characteristic 1"),
        (
            "dimension0_column",
            "straat",
            "no source has the column `straat`",
        ),
        ("measure0_upper", "-1", "measure 1"),
        ("measure0_quantity", "", "the quantity of measure 1"),
        ("condition1_by", "", "who stands for condition 2"),
        ("key", "burger", "the column `burger` is not among these"),
    ] {
        let mut form = form();
        form.insert(field, wrong);
        let told = faults(&form);
        let found = told
            .iter()
            .any(|(known, what)| (known == field || field == "key") && what.contains(said));
        assert!(found, "{field} = {wrong}: {told:?}");
    }
}

#[test]
fn what_is_typed_stays_text() {
    let mut form = form();
    let odd = "x\"]\n[[party]]\nid = \"boef\"";
    form.extend([
        ("title_nl", odd),
        ("condition0_nl", odd),
        ("dimension0_values", "a\"b = c\"d]\n'"),
    ]);
    let agreement = agreement(&form);
    assert_eq!(agreement.party.len(), 4);
    assert_eq!(agreement.title.nl, "x\"] [[party]] id = \"boef\"");
    assert_eq!(agreement.view[0].dimension[0].values, ["a\"b", "'"]);
}
