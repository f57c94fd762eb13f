//! What no agreement allows is refused with its codes, whatever the length or depth of the question.

use sqllogictest::{DB, DBOutput, DefaultColumnType, Runner};
use zwerm_agreement::{
    agreement::Agreement,
    refusal::{Code, Refusal},
};
use zwerm_question::parse;

/// Reads statements under an agreement; its errors are the codes of the refusals.
struct Reader(Agreement);

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Codes(String);

impl DB for Reader {
    type Error = Codes;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Codes> {
        match parse::question(sql, &self.0) {
            Ok(_) => Ok(DBOutput::StatementComplete(0)),
            Err(refusals) => {
                let codes: Vec<&str> = refusals.iter().map(|r| r.code.as_str()).collect();
                Err(Codes(codes.join(" ")))
            }
        }
    }
}

fn agreement() -> Agreement {
    crate::project::agreement(|text| text)
}

fn refused(sql: &str) -> Vec<Refusal> {
    parse::question(sql, &agreement()).unwrap_err()
}

fn codes(sql: &str) -> Vec<Code> {
    refused(sql).iter().map(|r| r.code).collect()
}

#[test]
fn every_statement_of_the_file_is_refused_with_its_codes() {
    let mut runner = Runner::new(|| async { Ok(Reader(agreement())) });
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/refusals.slt");
    let records = sqllogictest::parse_file(file).unwrap();
    let wrong: Vec<String> = records
        .into_iter()
        .filter_map(|record| runner.run(record).err())
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn nothing_at_all_is_no_question() {
    for sql in ["", " ", "\n\n", ";", ";;", "\u{feff}"] {
        let codes = codes(sql);
        assert!(
            matches!(codes[..], [Code::NotAQuestion | Code::Syntax]),
            "{sql:?} {codes:?}"
        );
    }
}

#[test]
fn every_refusal_says_in_both_languages_what_would_lift_it() {
    let file = include_str!("refusals.slt");
    let statements = file.split("\n\n").filter(|s| s.starts_with("statement"));
    for statement in statements {
        let (_, sql) = statement.split_once('\n').unwrap();
        for refusal in refused(sql) {
            for text in [&refusal.what, &refusal.lifts] {
                assert!(!text.nl.is_empty() && !text.en.is_empty(), "{sql}");
                assert!(text.nl != text.en, "{sql}: {}", text.nl);
                assert!(!text.nl.contains("``"), "{sql}: {}", text.nl);
            }
        }
    }
}

fn check_hint(sql: &str, hint: &str) {
    let said: String = refused(sql).iter().map(|r| r.what.en.clone()).collect();
    assert!(said.contains(hint), "{said}");
}

#[test]
fn misspelt_names_and_values_get_a_suggestion() {
    check_hint(
        "SELECT units() FROM huishoudns",
        "did you mean `huishoudens`?",
    );
    check_hint(
        "SELECT sum(inkomn) FROM huishoudens",
        "did you mean `inkomen`?",
    );
    check_hint("SELECT unit() FROM huishoudens", "did you mean `units`?");
    check_hint(
        "SELECT units() FROM huishoudens WHERE wijk = 'nord'",
        "did you mean `noord`?",
    );
    for label in ["Achter het spoor", "achter HET spoor", "Beyond the tracks"] {
        check_hint(
            &format!("SELECT units() FROM huishoudens WHERE wijk = '{label}'"),
            "did you mean `oost` (Beyond the tracks)?",
        );
    }
}

#[test]
fn the_key_is_never_suggested() {
    for refusal in refused("SELECT huishoudn FROM huishoudens") {
        assert_eq!(refusal.code, Code::UnknownColumn);
        assert!(
            !format!("{refusal:?}").contains("`huishouden`"),
            "{refusal}"
        );
    }
}

#[test]
fn what_a_refusal_repeats_of_a_question_is_short_and_printable() {
    let long = "x".repeat(5_000);
    for refusal in refused(&format!("SELECT {long}\u{7} FROM huishoudens")) {
        assert!(refusal.what.en.chars().count() < 250, "{}", refusal.what.en);
    }
    let refusal = &refused("SELECT units() FROM \"a\u{1b}[31m\u{202e}b\"")[0];
    let said = &refusal.what.en;
    assert!(
        !said.contains('\u{1b}') && !said.contains('\u{202e}'),
        "{said:?}"
    );
}

/// Long and deep questions, far past what anybody would ask.
fn monsters() -> Vec<(&'static str, String)> {
    let of = |n: usize, part: &str| part.repeat(n);
    let from = "FROM huishoudens";
    vec![
        ("long", format!("SELECT {} 1 {from}", of(30_000, " "))),
        (
            "parentheses",
            format!("SELECT {}1{} {from}", of(4_000, "("), of(4_000, ")")),
        ),
        ("minus", format!("SELECT {}1 {from}", of(8_000, "- "))),
        (
            "not",
            format!("SELECT 1 {from} HAVING {}1 = 1", of(4_000, "NOT ")),
        ),
        ("sums", format!("SELECT 1{} {from}", of(9_000, "+1"))),
        ("columns", format!("SELECT a{} {from}", of(9_000, "+a"))),
        (
            "and",
            format!("SELECT 1 {from} WHERE a=1{}", of(2_000, " AND a=1")),
        ),
        (
            "or",
            format!("SELECT 1 {from} HAVING 1=1{}", of(2_400, " OR 1=1")),
        ),
        ("casts", format!("SELECT 1{} {from}", of(3_000, "::int"))),
        (
            "null",
            format!("SELECT 1 {from} WHERE a{}", of(2_000, " IS NULL")),
        ),
        (
            "unions",
            format!("SELECT 1{}", of(1_500, " UNION SELECT 1")),
        ),
        (
            "calls",
            format!("SELECT {}1{} {from}", of(3_000, "abs("), of(3_000, ")")),
        ),
        (
            "case",
            format!(
                "SELECT {}1{} {from}",
                of(1_000, "CASE WHEN "),
                of(1_000, " THEN 1 END")
            ),
        ),
        (
            "subqueries",
            format!(
                "SELECT 1 FROM {}x{}",
                of(900, "(SELECT 1 FROM "),
                of(900, ")")
            ),
        ),
        (
            "joins",
            format!("SELECT 1 {from}{}", of(1_500, " JOIN x ON 1")),
        ),
        ("indices", format!("SELECT a{} {from}", of(5_000, "[1]"))),
        ("names", format!("SELECT a{} {from}", of(9_000, ".a"))),
        (
            "groups",
            format!(
                "SELECT 1 {from} GROUP BY {}wijk{}",
                of(4_000, "("),
                of(4_000, ")")
            ),
        ),
        (
            "cubes",
            format!("SELECT 1 {from} GROUP BY wijk{}", of(900, ", CUBE(wijk)")),
        ),
        (
            "values",
            format!("SELECT 1 {from} WHERE wijk IN ('a'{})", of(4_000, ",'b'")),
        ),
        ("selected", format!("SELECT 1{} {from}", of(9_000, ",1"))),
        ("statements", format!("SELECT 1{}", of(2_000, ";SELECT 1"))),
        (
            "structs",
            format!("SELECT a{} {from}", of(1_000, "::STRUCT<a INT,b INT>")),
        ),
    ]
}

#[test]
fn long_and_deep_questions_are_refused_without_overflowing_the_stack() {
    for (name, sql) in monsters() {
        let codes = codes(&sql);
        assert!(
            !codes.is_empty() && codes.len() <= 25,
            "{name} {}",
            codes.len()
        );
    }
}

#[test]
fn a_question_of_reasonable_length_is_answered() {
    let many: Vec<String> = (0..60)
        .map(|n| format!("round(100.0 * sum(huur) / sum(inkomen), 1) AS kolom_{n}"))
        .collect();
    let sum = vec!["units()"; 40].join(" + ");
    let sql = format!(
        "SELECT wijk, {sum} AS som, {} FROM huishoudens WHERE woning IN ('flat', 'huis') GROUP BY wijk",
        many.join(", ")
    );
    assert!(parse::question(&sql, &agreement()).is_ok());
}
