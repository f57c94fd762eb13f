//! What a survey tells of a file, and what it refuses as a key.

use zwerm_agreement::agreement::{ColumnType, Format};
use zwerm_intake::{Survey, Suspicion, key_faults, standard_rows, survey};

use crate::write;

fn seen(text: &str, missing: &[&str]) -> Survey {
    let folder = tempfile::tempdir().unwrap();
    let file = write(folder.path(), "a.csv", text.as_bytes());
    let options = Format {
        missing: missing.iter().map(|m| (*m).to_owned()).collect(),
        ..Format::default()
    };
    survey(&file, &options).unwrap()
}

/// The remarks as `what`, grave ones with a mark.
fn remarks(seen: &Survey) -> Vec<String> {
    let remark = |r: &zwerm_intake::Remark| {
        assert!(!r.cure.nl.is_empty() && r.what.nl != r.what.en, "{r:?}");
        format!("{}{}", if r.grave.is_some() { "! " } else { "" }, r.what.en)
    };
    seen.remarks.iter().map(remark).collect()
}

const KINDS: &str = "\
code,n,x,waar,dag,nl_dag,postcode,leeg
WK054600,1,1.5,true,2026-01-31,31-1-2026,0234,
WK054601,2,2,false,2025-12-01,1-12-2025,1234,
WK054602,3,-0.5,TRUE,2025-12-02,2-12-2025,1235,
";

#[test]
fn types_are_those_that_all_values_allow() {
    let seen = seen(KINDS, &[]);
    let kinds: Vec<ColumnType> = seen.columns.iter().map(|c| c.kind).collect();
    assert_eq!(
        kinds,
        [
            ColumnType::Utf8,
            ColumnType::Int64,
            ColumnType::Float64,
            ColumnType::Boolean,
            ColumnType::Date,
            ColumnType::Date,
            ColumnType::Utf8,
            ColumnType::Utf8,
        ]
    );
    assert_eq!(seen.columns[2].range, Some((-0.5, 2.0)));
    assert_eq!(
        seen.columns[5].values,
        ["2025-12-01", "2025-12-02", "2026-01-31"]
    );
    assert_eq!(seen.columns[7].missing, 3);
    assert!(seen.columns[0].unique && !seen.columns[7].unique);
    assert_eq!(seen.rows, 3);
    assert!(seen.fingerprint.to_string().len() == 64 && seen.is_usable());
}

#[test]
fn what_stands_out_is_remarked_with_a_cure() {
    let text = "wijk,n\nnoord,1\nNoord,NULL\n noord,3\nnoord,1\nTotaal,5\n";
    assert_eq!(
        remarks(&seen(text, &[])),
        [
            "1 rows are the same as an earlier one",
            "these look like rows of totals: line 6",
            "1 values have spaces around them; 1 of these exist without as well",
            "1 values differ from another in capitals only",
            "`NULL` stands there 1 times, rather than an empty field; without these the column would be `int64`",
        ]
    );
    let settled = seen(text, &["NULL"]);
    assert_eq!(settled.columns[1].kind, ColumnType::Int64);
    assert_eq!(settled.columns[1].missing, 1);
}

#[test]
fn a_ragged_line_is_reported_and_the_rest_is_counted() {
    let seen = seen("a,b\n1,2\n3\n4,5\n", &[]);
    assert_eq!(remarks(&seen), ["! the line has 1 fields, the header 2"]);
    assert_eq!((seen.rows, seen.columns[0].distinct), (3, Some(2)));
    assert!(!seen.is_usable() && seen.faults().len() == 1);
}

#[test]
fn names_that_are_missing_or_come_twice_are_grave_and_sql_names_are_unique() {
    let seen = seen("Wijk,,wijk,Wijk\na,b,c,d\n", &[]);
    assert!(!seen.is_usable());
    let names: Vec<&str> = seen.columns.iter().map(|c| c.sql_name.as_str()).collect();
    assert_eq!(names, ["wijk", "k", "wijk_2", "wijk_3"]);
}

#[test]
fn many_values_are_not_listed_and_very_many_not_counted() {
    let text: String = std::iter::once("a,b\n".to_owned())
        .chain((0..10_001).map(|n| format!("{n},{}\n", n % 1_001)))
        .collect();
    let seen = seen(&text, &[]);
    assert_eq!(
        (seen.columns[0].distinct, seen.columns[0].unique),
        (None, true)
    );
    assert_eq!(seen.columns[1].distinct, Some(1_001));
    assert!(seen.columns.iter().all(|c| c.values.is_empty()));
}

/// A column of values, surveyed.
fn column(name: &str, values: &[&str]) -> Survey {
    seen(&format!("{name},n\n{},1\n", values.join(",1\n")), &[])
}

const BSN: [&str; 3] = ["111222333", "123456782", "100000010"];

#[test]
fn what_a_person_is_known_by_is_seen() {
    for (name, values, expected) in [
        ("nummer", &BSN[..], Some(Suspicion::Bsn)),
        ("nummer", &["123456789", "123456788", "123456787"], None),
        ("contact", &["a@b.nl", "c.d@e.org"], Some(Suspicion::Email)),
        (
            "contact",
            &["0612345678", "071-5161616"],
            Some(Suspicion::Phone),
        ),
        ("rekening", &["NL91ABNA0417164300"], Some(Suspicion::Iban)),
        (
            "adres",
            &["2311 AB 12", "2312CD 3a"],
            Some(Suspicion::Address),
        ),
        ("pc", &["2311AB", "2312 CD"], Some(Suspicion::Postcode)),
        ("achternaam", &["Jansen", "de Vries"], Some(Suspicion::Name)),
        (
            "Naam cliënt",
            &["Jansen", "de Vries"],
            Some(Suspicion::Name),
        ),
        ("Naam wijk", &["noord", "oost"], None),
        ("geboortedatum", &["1950-01-01"], Some(Suspicion::BirthDate)),
        ("geboortejaar", &["1950"], None),
        ("wijk", &["WK054600", "WK054601"], None),
    ] {
        assert_eq!(
            column(name, values).columns[0].looks_like,
            expected,
            "{name}"
        );
    }
    let home = seen("postcode,huisnummer\n2311AB,1\n2312CD,2\n", &[]);
    assert!(!home.is_usable());
}

#[test]
fn a_key_is_there_for_every_row_and_is_nothing_that_a_person_is_known_by() {
    let told = |survey: &Survey, key: &str| -> Vec<String> {
        key_faults(survey, key)
            .iter()
            .map(|f| f.what.en.clone())
            .collect()
    };
    let bsn = column("nummer", &BSN);
    assert_eq!(
        told(&bsn, "nummer"),
        [
            "`nummer` looks like citizen service numbers (BSN); a person is known by those outside the file"
        ]
    );
    assert_eq!(told(&bsn, "numer"), ["there is no column `numer`"]);
    assert_eq!(
        key_faults(&bsn, "numer")[0].cure.en,
        "did you mean `nummer`?"
    );
    let gaps = seen("k,n\na,1\n,2\n", &[]);
    assert_eq!(told(&gaps, "k"), ["1 rows have no `k`"]);
    assert!(told(&gaps, "n").is_empty());
}

#[test]
fn no_remark_repeats_a_value() {
    let text =
        "k,geheim\ngeheim4711,a\n geheim4711,b\nGEHEIM4711,NULL\ntotaal geheim4711,c\ngeheim4711\n";
    let shown = format!("{:?}", seen(text, &[]).remarks);
    assert!(!shown.to_lowercase().contains("4711"), "{shown}");
}

#[test]
fn rows_come_in_standard_form() {
    let folder = tempfile::tempdir().unwrap();
    let text = "a;b;c\n1.234,5;31-1-2026;TRUE\nNA;1-2-2026;\n";
    let file = write(folder.path(), "a.csv", text.as_bytes());
    let options = Format {
        missing: vec!["NA".into()],
        ..Format::default()
    };
    let seen = survey(&file, &options).unwrap();
    let rows: Vec<Vec<Option<String>>> = standard_rows(&file, &seen)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        rows,
        [
            vec![some("1234.5"), some("2026-01-31"), some("true")],
            vec![None, some("2026-02-01"), None],
        ]
    );
}

#[test]
fn a_service_number_within_a_value_is_told_with_its_line_and_never_itself() {
    let text = "nr,opmerking\na,huur\nb,zie 123456782 (partner)\nc,koop\n";
    let survey = seen(text, &[]);
    assert_eq!(
        remarks(&survey),
        ["! the value on line 3 has a citizen service number (BSN) in it"]
    );
    assert_eq!(survey.columns[1].looks_like, Some(Suspicion::Bsn));
    assert!(!survey.is_usable());
    // four of ten values, and all others are codes of another form
    let mut text = String::from("nr,kenmerk\n");
    for (place, value) in BSN
        .iter()
        .chain(&["C1", "C2", "C3", "C4", "C5"])
        .enumerate()
    {
        text += &format!("n{place},{value}\n");
    }
    assert_eq!(
        remarks(&seen(&text, &[])),
        ["! 3 values have a citizen service number (BSN) in them, the first on line 2"]
    );
}

#[test]
fn numbers_of_nine_digits_are_not_refused_for_passing_by_chance() {
    let mut text = String::from("order,tekst\n");
    for place in 0..99_u64 {
        let number = 100_000_000 + place * 7_654_321;
        text += &format!("{number},order {number}\n");
    }
    let survey = seen(&text, &[]);
    assert!(survey.is_usable(), "{:?}", remarks(&survey));
    assert_eq!(survey.columns[0].service_numbers, None);
    let found = survey.columns[1].service_numbers.unwrap();
    assert!(
        !found.is_refused && (3..20).contains(&found.values),
        "{found:?}"
    );
    assert_eq!(remarks(&survey).len(), 1);
}
