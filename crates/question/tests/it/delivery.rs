//! What a delivery is told of its own rows, and that it is told nothing of anybody else's.

use std::collections::BTreeMap;

use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_intake::{Sources, check};
use zwerm_question::delivery::{DeliveryFindings, findings};
use zwerm_question::session::BuildLimits;

use crate::project::{Project, agreement, project, runtime, write};

fn found(project: &Project, lines: &str) -> DeliveryFindings {
    let text = format!("huishouden,wijk,woning,bouwjaar,huur\n{lines}");
    write(project.folder.path(), "woningen.csv", text.as_bytes());
    let dataset = &project.agreement.dataset[0];
    let file = project.folder.path().join("woningen.csv");
    let sources = Sources {
        files: BTreeMap::from([(dataset.id.clone(), file)]),
    };
    let checked = check(dataset, &sources).unwrap();
    let limits = BuildLimits::default();
    let work = findings(&project.agreement, &checked, &limits);
    runtime().block_on(work).unwrap()
}

fn words(all: &[Diagnostic]) -> Vec<&str> {
    all.iter().map(|one| one.what.en.as_str()).collect()
}

/// Rows that are as agreed.
const FINE: &str = "k1,noord,flat,1950,500\nk2,oost,huis,1990,600\nk3,zuid,flat,1950,700\n";

#[test]
fn a_delivery_as_agreed_has_no_findings() {
    assert_eq!(found(&project(), FINE), DeliveryFindings::default());
}

#[test]
fn what_a_question_would_trip_over_is_found_beforehand() {
    let twice = found(&project(), &format!("{FINE}k1,oost,flat,1950,500\n"));
    assert_eq!(
        words(&twice.faults),
        ["1 times one huishouden has more than one value of `wijk`"]
    );
    let half = found(&project(), &format!("{FINE}k1,,flat,1950,500\n"));
    assert_eq!(half.faults.len(), 1, "one value and none are two");
    let few = found(
        &project(),
        "k1,noord,flat,1950,500\nk2,noord,flat,1950,600\n",
    );
    assert_eq!(few.faults, [], "too few units to show a sum of");
    let rents = (1..=200).map(|k| format!("k{k},noord,flat,1950,{}\n", 500 + k % 2));
    let two = found(&project(), &rents.collect::<String>());
    assert_eq!(
        words(&two.faults),
        ["`huur` has only two values: a sum of it counts units"]
    );
}

#[test]
fn values_outside_the_lists_are_told_with_their_rows() {
    let odd = found(
        &project(),
        &format!("{FINE}k4,NOORD,flat,1950,1\nk5,NOORD,flat,1950,2\nk6,west,flat,1950,3\n"),
    );
    let told: Vec<(&str, &str, u64)> = odd
        .unlisted
        .iter()
        .map(|one| (one.column.as_str(), one.value.as_str(), one.rows))
        .collect();
    assert_eq!(told, [("wijk", "NOORD", 2), ("wijk", "west", 1)]);
    assert!(odd.faults.is_empty());
}

#[test]
fn rows_that_a_join_leaves_out_stop_nothing_and_those_of_a_view_alone_do() {
    let lines = format!("{FINE},noord,flat,1950,500\nk9,noord,flat,1950,99999\n");
    let joined = found(&project(), &lines);
    assert!(joined.faults.is_empty(), "{:?}", joined.faults);
    assert_eq!(
        words(&joined.warnings),
        [
            "1 rows have no `huishouden`",
            "`huur` lies outside 0 to 1000 1 times"
        ]
    );
    let alone = agreement(|text| {
        text.replace(
            " JOIN inkomens i USING (huishouden)",
            " LEFT JOIN inkomens i USING (huishouden)",
        )
    });
    let project = Project {
        agreement: alone,
        folder: tempfile::tempdir().unwrap(),
    };
    let kept = found(&project, &lines);
    assert_eq!(words(&kept.faults), words(&joined.warnings));
}

#[test]
fn nothing_is_told_of_the_data_of_others() {
    // the same file beside other incomes, of which some know its households and others do not
    let mut told = Vec::new();
    for incomes in ["k1,true,10\nk2,true,20\n", "k8,false,30\n", ""] {
        let project = project();
        let text = format!("huishouden,boven_grens,inkomen\n{incomes}");
        write(project.folder.path(), "inkomens.csv", text.as_bytes());
        let lines = format!("{FINE}k1,west,flat,1950,99999\n,noord,flat,1950,1\n");
        told.push(found(&project, &lines));
    }
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
}
