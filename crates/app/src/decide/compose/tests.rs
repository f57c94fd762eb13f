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
        ("party0_ask", "yes"),
        ("party1_nl", "Hogeschool"),
        ("party1_helix", "knowledge"),
        ("party1_ask", "yes"),
        ("party2_nl", "Zorg \"Thuis\" & co"),
        ("party2_helix", "organisations"),
        ("party3_nl", "Ouderenraad"),
        ("party3_helix", "residents"),
        ("party3_represents", "yes"),
        ("party3_mandate_by", "own-decision"),
        ("party3_mandate_on", "2026-02-01"),
        ("party3_mandate_evidence", "besluit van de raad"),
        ("dataset0_name", "Bezoeken"),
        ("dataset0_provider", "2"),
        ("dataset0_basis", "AVG art. 6, lid 1, onder a"),
        ("rows_dataset", "2"),
        ("dataset1_name", "wonen"),
        ("dataset1_provider", "0"),
        ("dataset1_basis", "AVG art. 6, lid 1, onder e"),
        ("rows_column", "6"),
        ("column0_name", "persoon"),
        ("column0_role", "key"),
        ("column1_name", "Uren (week)"),
        ("column1_kind", "float64"),
        ("column1_role", "measure"),
        ("column1_nl", "uren"),
        ("column1_en", "hours"),
        ("column1_quantity", "uren per week"),
        ("column1_lower", "0"),
        ("column1_upper", "37,5"),
        ("column2_of", "1"),
        ("column2_name", "persoon"),
        ("column2_role", "key"),
        ("column3_of", "1"),
        ("column3_name", "wijk"),
        ("column3_role", "dimension"),
        ("column3_values", "WK01 = Noord\nWK02\n"),
        ("column4_of", "1"),
        ("column4_name", "huisarts"),
        ("column4_role", "withheld"),
        ("column4_why", "niet nodig voor de vraag"),
        ("unit", "persoon"),
        ("rows_condition", "2"),
        ("condition0_nl", "Niemand wordt gekort."),
        ("condition0_by", "3"),
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
    assert_eq!(
        agreement.dataset[1].withheld["huisarts"],
        "niet nodig voor de vraag"
    );
    // who provides is who a source is of
    assert_eq!(agreement.party[2].may, [Right::Provide]);
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
    assert_eq!(by, [(None, Some("ouderenraad")), (None, Some("gemeente"))]);
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
            "column3_role",
            "",
            "nobody said yet what the column `wijk` is",
        ),
        ("column3_values", "", "the values of `wijk`"),
        (
            "column3_name",
            "persoon",
            "the column `persoon` is there twice",
        ),
        ("column4_why", "", "why `huisarts` is not shared"),
        ("column1_upper", "-1", "the highest value of `Uren (week)`"),
        ("column1_quantity", "", "the quantity of `Uren (week)`"),
        (
            "column2_role",
            "withheld",
            "source 2 has no column that points at a unit",
        ),
        ("column2_name", "burger", "the key is called `burger` here"),
        ("condition1_by", "", "who stands for condition 2"),
        // the computer keeps what follows from the settings, and no words that somebody typed
        (
            "condition1_by",
            "protection.minimum_units",
            "who stands for condition 2",
        ),
    ] {
        let mut form = form();
        form.insert(field, wrong);
        let told = faults(&form);
        let found = told
            .iter()
            .any(|(known, what)| in_row(known, field) && what.contains(said));
        assert!(found, "{field} = {wrong}: {told:?}");
    }
}

/// Whether a field is this one, or in the same row.
fn in_row(known: &str, field: &str) -> bool {
    let row = |name: &str| name.split('_').next().map(str::to_owned);
    known == field || (field.starts_with("column") && row(known) == row(field))
}

#[test]
fn a_row_that_is_taken_away_is_left_out_and_the_others_stay() {
    let mut form = form();
    form.extend([
        ("party1_gone", "yes"),
        ("column3_gone", "yes"),
        ("column1_gone", "yes"),
    ]);
    form.insert("condition0_gone", "yes");
    let text = written(&form).text;
    assert!(
        !text.contains("hogeschool") && !text.contains("\"wijk\""),
        "{text}"
    );
    assert!(text.contains("promised_by = \"gemeente\""), "{text}");
}

#[test]
fn every_field_belongs_to_a_step_and_every_step_asks_for_something() {
    let steps: std::collections::BTreeSet<usize> = form()
        .keys()
        .filter(|name| !name.starts_with("rows_"))
        .map(|name| step_of(name).unwrap_or_else(|| panic!("{name} is asked for nowhere")))
        .collect();
    assert_eq!(steps, [1, 2, 3, 4, 5].into());
    assert_eq!(
        (step_of("party"), step_of("party0_known")),
        (Some(1), Some(2))
    );
    assert_eq!(
        (step_of("days"), step_of("answers"), step_of("answer_x")),
        (Some(6), Some(4), Some(1))
    );
    assert_eq!(step_of("rows_party"), None);
}

#[test]
fn what_is_typed_stays_text() {
    let mut form = form();
    let odd = "x\"]\n[[party]]\nid = \"boef\"";
    form.extend([
        ("title_nl", odd),
        ("condition0_nl", odd),
        ("column3_values", "a\"b = c\"d]\n'"),
    ]);
    let agreement = agreement(&form);
    assert_eq!(agreement.party.len(), 4);
    assert_eq!(agreement.title.nl, "x\"] [[party]] id = \"boef\"");
    assert_eq!(agreement.view[0].dimension[0].values, ["a\"b", "'"]);
}
