//! Documents: what is accepted, what is refused and where, what changes the hash.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use proptest::prelude::*;

use crate::agreement::{AnswerReaders, Document, LARGEST_DOCUMENT, Right};
use crate::sample::AGREEMENT;
use crate::text::Lang;

/// The sample with one thing changed, which must be there exactly once.
pub(super) fn changed(from: &str, to: &str) -> String {
    assert_eq!(AGREEMENT.matches(from).count(), 1, "`{from}`");
    AGREEMENT.replacen(from, to, 1)
}

/// The faults of the sample with one thing changed, in English.
fn faults(from: &str, to: &str) -> Vec<String> {
    let faults = Document::parse("a", &changed(from, to)).unwrap_err();
    faults
        .0
        .iter()
        .map(|fault| fault.line_in(Lang::En))
        .collect()
}

/// The one fault of the sample with one thing changed begins with a place and what is wrong.
pub(super) fn check(wrong: &mut Vec<String>, from: &str, to: &str, expected: &str) {
    let faults = faults(from, to);
    if faults.len() != 1 || !faults[0].starts_with(expected) {
        wrong.push(format!("{faults:?}, expected {expected}"));
    }
}

#[test]
fn the_sample_is_read_as_it_is_written() {
    let document = Document::parse("sample.toml", AGREEMENT).unwrap();
    let agreement = &document.agreement;
    assert_eq!(agreement.id, "leiden-goedkoop-scheefwonen");
    assert_eq!(agreement.answers, AnswerReaders::Public);
    assert_eq!(agreement.party[4].for_.as_deref(), Some("gemeente-leiden"));
    assert_eq!(agreement.party[0].may, [Right::Provide, Right::Ask]);
    let wijk = &agreement.view[0].dimension[0];
    assert!(!wijk.per_unit && !wijk.sensitive);
    assert_eq!(wijk.labels["WK054600"].en, "Binnenstad-Zuid");
    assert_eq!(wijk.labels["WK054602"].en, "East");
    assert!(agreement.view[0].dimension[1].per_unit);
    assert_eq!(
        agreement.condition[0].text.en,
        agreement.condition[0].text.nl
    );
    assert_eq!(document.consents.len(), 4);
}

#[test]
fn a_badly_broken_document_gets_one_complete_report() {
    let faults = Document::parse("afspraak.toml", BROKEN).unwrap_err();
    insta::assert_snapshot!("broken_en", faults.report(Lang::En));
    insta::assert_snapshot!("broken_nl", faults.report(Lang::Nl));
}

const BROKEN: &str = r#"id = "Leiden Wonen"
version = 0
title = { nl = "Wonen", de = "Wohnen" }
purpos = "housing-policy"
strategy = "exploting"
phase = "forever"
valid = { from = "2027-01-01", until = "2026-12-31" }
retention = { months = "24" }
answers = "public"

[about]
id = "huurders"
nl = ""

[[party]]
id = "gemeente"
helix = "goverment"
may = ["ask", "ask"]

[[party]]
id = "gemeente"
helix = "knowledge"
represents = "huurders"

[[party]]
id = "bureau"
role = "supplier"
may = ["ask"]

[[dataset]]
id = "woningen"
provider = "gemeete"
legal_basis = "AVG"
source = "a.csv"
columns = { wijk = "text", "select" = "utf8", huur = "float64" }
withheld = { huur = "niet nodig" }
period = "26"

[[view]]
name = "Huishoudens"
unit = "huishouden"
key = "huishouden"
mode = "noisy"
sql = "SELECT 1"

  [[view.dimension]]
  name = "huishouden"
  values = ["a", "b", "a", "(other)"]
  labels = { c = "C" }
  parents = { a = "b" }
  groups = { b = [], oost = ["a", "z"] }

  [[view.measure]]
  name = "sum"
  quantity = "EUR"
  lower = 10
  upper = nan

[[embargo]]
columns = ["woningen.hur"]
from = "soon"
until_sealed = "proef"

[protection]
minimum_units = 2
dominance = { largest = 1, percent = 100 }
round_to = 5.5
release_rhythm = "weekly"

[[condition]]
text = { nl = "Minstens tien." }
enforced_by = "protection.minimum_unit"

[[condition]]
text = { nl = "Beloofd." }
promised_by = "bureau"
enforced_by = "purpose"

[[condition]]
text = { nl = "Niemand." }

[[consent]]
party = "onbekend"
decision = "object"
at = "gisteren"
"#;

#[test]
fn several_syntax_errors_are_told_at_once_and_hide_no_other_fault() {
    let text =
        changed("version = 1\n", "version = \n").replacen("retention = {", "retention = [{", 1);
    let text = text.replacen("strategy = \"exploring\"", "strategy = \"x\"", 1);
    let faults = Document::parse("a", &text).unwrap_err();
    let lines: Vec<_> = faults
        .0
        .iter()
        .map(|f| f.place.position().map_or(0, |at| at.line))
        .collect();
    assert!(lines.contains(&2) && lines.contains(&6), "{faults}");
    assert!(faults.to_string().contains("is not valid TOML"), "{faults}");
    assert!(!faults.to_string().contains("is missing"), "{faults}");
}

#[test]
fn each_fault_is_found_where_it_stands() {
    let mut wrong = Vec::new();
    check(
        &mut wrong,
        "version = 1\n",
        "",
        "a:1:1: `version` is missing; add `version` at the top",
    );
    check(
        &mut wrong,
        "version = 1\n",
        "version = 1\nVersion = 2\n",
        "a:3:1: `Version` is not known here; did you mean `version`?",
    );
    check(
        &mut wrong,
        "purpose = \"housing-policy\"",
        "purpose = \"Wonen!\"",
        "a:5:11: `Wonen!` cannot be an id",
    );
    check(
        &mut wrong,
        "answers = \"public\"",
        "answers = \"everyone\"",
        "a:10:11: `everyone` is not known here; choose from `public`, `parties`",
    );
    check(
        &mut wrong,
        "until = \"2027-12-31\"",
        "until = \"2025-12-31\"",
        "a:8:40: the agreement ends on `2025-12-31`, before it begins",
    );
    check(
        &mut wrong,
        "until = \"2027-12-31\"",
        "until = \"2027-02-30\"",
        "a:8:40: `2027-02-30` does not fit here; write a day like",
    );
    check(
        &mut wrong,
        "minimum_units = 10",
        "minimum_units = 2",
        "a:97:17: `2` does not fit here; write a whole number from 3",
    );
    check(
        &mut wrong,
        "round_to = 5",
        "round_to = 0",
        "a:101:12: `0` does not fit here",
    );
    check(
        &mut wrong,
        "p_percent = 10",
        "p_percent = inf",
        "a:99:13: `inf` does not fit here",
    );
    check(
        &mut wrong,
        "percent = 50 ",
        "percent = 150 ",
        "a:98:38: `150` does not fit here",
    );
    check(
        &mut wrong,
        "lower = 0\n",
        "lower = 200000\n",
        "a:89:11: `upper` = 200000 is not above `lower` = 200000",
    );
    check(
        &mut wrong,
        "for = \"gemeente-leiden\"",
        "for = \"gemeente\"",
        "a:45:7: there is no party `gemeente`",
    );
    check(
        &mut wrong,
        "for = \"gemeente-leiden\"\n",
        "",
        "a:42:1: `for` is missing at a supplier",
    );
    check(
        &mut wrong,
        "role = \"supplier\"",
        "role = \"supplier\"\nmay = [\"ask\"]",
        "a:45:7: a supplier has no `may`",
    );
    check(
        &mut wrong,
        "provider = \"corporatie\"",
        "provider = \"universiteit\"",
        "a:49:12: `universiteit` may not provide data",
    );
    check(
        &mut wrong,
        "name = \"boven_grens\"",
        "name = \"wijk\"",
        "a:81:10: `wijk` is there twice",
    );
    check(
        &mut wrong,
        "name = \"boven_grens\"",
        "name = \"huishouden\"",
        "a:81:10: `huishouden` is there twice",
    );
    check(
        &mut wrong,
        "name = \"boven_grens\"",
        "name = \"wіjk\"",
        "a:81:10: `wіjk` cannot be a name",
    );
    check(
        &mut wrong,
        "name = \"boven_grens\"",
        "name = \"units\"",
        "a:81:10: `units` already has a meaning in SQL",
    );
    check(
        &mut wrong,
        "values = [\"ja\", \"nee\"]",
        "values = []",
        "a:82:12: the list has 0 values",
    );
    check(
        &mut wrong,
        "values = [\"ja\", \"nee\"]",
        "values = [\"ja\", \"(unknown)\"]",
        "a:82:19: `(unknown)` already has a meaning",
    );
    check(
        &mut wrong,
        "Oost = [\"WK054602\"",
        "Oost = [\"WK054609\"",
        "a:78:22: `WK054609` is not in `values`; did you mean `WK05460",
    );
    check(
        &mut wrong,
        "withheld = { huurachterstand",
        "withheld = { huur",
        "a:52:49: `huur` is both shared and withheld",
    );
    check(
        &mut wrong,
        "columns = [\"inkomens.inkomen\"]",
        "columns = [\"inkomens.inkoman\"]",
        "a:92:12: there is no column `inkomens.inkoman`; did you mean `inkomens.inkomen`?",
    );
    check(
        &mut wrong,
        "enforced_by = \"protection.minimum_units\"",
        "enforced_by = \"protection.friendliness\"",
        "a:107:15: the machine enforces no `protection.friendliness` here",
    );
    check(
        &mut wrong,
        "promised_by = \"gemeente-leiden\"",
        "promised_by = \"gemeente-leiden\"\nenforced_by = \"purpose\"",
        "a:112:15: a condition is enforced or promised, not both",
    );
    check(
        &mut wrong,
        "promised_by = \"gemeente-leiden\"\n",
        "",
        "a:110:1: nobody stands for this condition",
    );
    check(
        &mut wrong,
        "promised_by = \"gemeente-leiden\"",
        "promised_by = \"rekenbureau\"",
        "a:112:15: `rekenbureau` is a supplier and has no seat",
    );
    check(
        &mut wrong,
        "decision = \"concern\"",
        "decision = \"object\"",
        "a:120:1: `lifts` is missing with `object`",
    );
    check(
        &mut wrong,
        "reason = \"de inkomens zijn een jaar oud\"\n",
        "",
        "a:120:1: `reason` is missing with `concern`",
    );
    check(
        &mut wrong,
        "mode = \"table\"",
        "mode = \"noisy\"",
        "a:68:8: a noisy view lacks `[noise]`",
    );
    check(
        &mut wrong,
        "helix = \"knowledge\"\n",
        "",
        "a:23:1: the side of the table is missing",
    );
    check(
        &mut wrong,
        "helix = \"residents\"",
        "helix = \"organisations\"",
        "a:37:14: only a residents' party represents people",
    );
    check(
        &mut wrong,
        "public_key = \"ed25519:FcFGCSWKIsW5TfgI1TK0N9gTkAdmKZ28kuaQr6GQfuk=\"",
        "public_key = \"rsa:c2FtcGxl\"",
        "a:40:14: this is not a public key",
    );
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_faulty_element_does_not_shift_the_places_of_others() {
    let faults = faults(
        "values = [\"ja\", \"nee\"]",
        "values = [1, \"nee\", \"(other)\"]",
    );
    let expected = "a:82:13: `view[0].dimension[1].values[0]` is a whole number";
    assert!(
        faults.len() == 1 && faults[0].starts_with(expected),
        "{faults:#?}"
    );
}

#[test]
fn a_key_that_is_there_twice_is_a_fault() {
    let faults = faults("version = 1\n", "version = 1\nversion = 1\n");
    assert!(
        faults.len() == 1 && faults[0].starts_with("a:3:1: this is not valid TOML"),
        "{faults:#?}"
    );
}

#[test]
fn a_text_over_one_mebibyte_is_refused() {
    let large = format!("{AGREEMENT}\n#{}", "x".repeat(LARGEST_DOCUMENT));
    let faults = Document::parse("a", &large).unwrap_err();
    assert!(
        faults
            .to_string()
            .starts_with("a:1:1: the document is too large"),
        "{faults}"
    );
    let padding = LARGEST_DOCUMENT - AGREEMENT.len() - 2;
    assert!(Document::parse("a", &format!("{AGREEMENT}\n#{}", "x".repeat(padding))).is_ok());
}

#[test]
fn very_many_faults_are_counted_rather_than_listed() {
    let many: String = (0..2000).map(|i| format!("k{i} = 1\n")).collect();
    let faults = Document::parse("a", &many).unwrap_err();
    assert_eq!(faults.0.len(), 501);
    assert!(faults.0[500].what.en.contains("more faults"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*") {
        let _ = Document::parse("a", &text);
    }

    #[test]
    fn no_toml_like_text_makes_it_panic(text in "([a-z\\[\\]{}=\",.# \n0-9'-]|view|party|values = |\\[\\[party\\]\\]\n)*") {
        let _ = Document::parse("a", &text);
    }

    #[test]
    fn no_damaged_sample_makes_it_panic(
        start in 0..AGREEMENT.len(), length in 0..40usize, filling in "[\\[\\]{}=\"\n.a-z0-9é€]{0,12}",
    ) {
        let end = (start + length).min(AGREEMENT.len());
        let text = format!("{}{filling}{}", &AGREEMENT[..start], &AGREEMENT[end..]);
        match Document::parse("a", &text) {
            Ok(document) => prop_assert!(document.agreement.hash().is_ok()),
            Err(faults) => {
                let lines = text.lines().count() + 1;
                for fault in &faults.0 {
                    prop_assert!((1..=lines).contains(&fault.place.position().map_or(0, |at| at.line)), "{}", fault);
                    prop_assert!(!fault.cure.nl.is_empty() && !fault.cure.en.is_empty());
                }
            }
        }
    }

    #[test]
    fn no_swapped_lines_make_it_panic(a in 0..130usize, b in 0..130usize) {
        let mut lines: Vec<_> = AGREEMENT.lines().collect();
        let count = lines.len();
        lines.swap(a % count, b % count);
        let _ = Document::parse("a", &lines.join("\n"));
    }
}
