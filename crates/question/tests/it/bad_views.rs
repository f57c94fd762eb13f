//! Views whose SQL is not as agreed: told as faults of the view, without a value of the data.

use crate::{
    bad_input::faults,
    project::{KINDS, Project, of, write},
};

/// The project with other SQL for its view.
fn view(sql: &str) -> Project {
    of(&KINDS, |text| {
        let start = text.find("sql = ").unwrap();
        let end = start + text[start..].find('\n').unwrap();
        format!("{}sql = \"{sql}\"{}", &text[..start], &text[end..])
    })
}

fn check(sql: &str, expected: &str) {
    let told = faults(&view(sql));
    assert!(
        told.iter().all(|f| f.starts_with("view.huishoudens.sql: ")),
        "{told:?}"
    );
    assert!(told.iter().any(|f| f.contains(expected)), "{sql}: {told:?}");
}

const COLUMNS: &str =
    "w.huishouden, w.wijk, w.woning, w.bouwjaar, w.huur, i.boven_grens, i.inkomen";
const FROM: &str = "FROM woningen w JOIN inkomens i USING (huishouden)";

#[test]
fn sql_that_does_not_work() {
    check("SELEC 1", "the view's SQL does not work");
    check("-- niets", "the view's SQL does not work");
    check(
        &format!("SELECT {COLUMNS} FROM huizen w"),
        "the view's SQL does not work",
    );
    check(
        "SELECT leeftijd FROM woningen",
        "the view's SQL does not work",
    );
    check(
        &format!("SELECT {COLUMNS} {FROM}; SELECT 1"),
        "the view's SQL does not work",
    );
}

#[test]
fn sql_that_nests_deeper_than_the_engine_can_follow() {
    let long = vec!["1"; 20_000].join("+");
    check(
        &format!("SELECT {COLUMNS}, {long} AS veel {FROM}"),
        "too long or nested too deeply",
    );
    // the branches of a CASE stand side by side
    let branches = vec!["WHEN 'a' THEN 'b'"; 1_000].join(" ");
    let cased = COLUMNS.replace(
        "w.wijk",
        &format!("CASE w.wijk {branches} ELSE w.wijk END AS wijk"),
    );
    let project = view(&format!("SELECT {cased} {FROM}"));
    assert!(project.build().is_ok());
}

#[test]
fn statements_that_are_no_select() {
    for sql in [
        "CREATE TABLE x AS SELECT * FROM woningen",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "INSERT INTO woningen SELECT * FROM woningen",
        "DROP TABLE woningen",
        "COPY woningen TO 'x.csv'",
        "SET datafusion.catalog.information_schema = true",
        "SHOW TABLES",
        "PREPARE p AS SELECT 1",
    ] {
        check(sql, "the view's SQL does not work");
    }
    check(
        "EXPLAIN SELECT * FROM woningen",
        "something else than the datasets: `Explain`",
    );
    check(
        "EXPLAIN ANALYZE SELECT * FROM woningen",
        "something else than the datasets: `Analyze`",
    );
    check(
        "DESCRIBE woningen",
        "something else than the datasets: `DescribeTable`",
    );
}

#[test]
fn sources_that_are_no_datasets() {
    for sql in [
        "SELECT * FROM 'woningen.csv'",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM read_csv('woningen.csv')",
    ] {
        check(sql, "the view's SQL does not work");
    }
    check(
        "SELECT value AS huishouden FROM generate_series(1, 10)",
        "something else than the datasets",
    );
    check("SELECT 1 AS huishouden", "something else than the datasets");
    check(
        "VALUES (1, 2)",
        "something else than the datasets: `Values`",
    );
    check(
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n AS huishouden FROM t",
        "something else than the datasets",
    );
    check(
        &format!(
            "SELECT {COLUMNS} {FROM} UNION ALL SELECT 'nep', 'noord', 'flat', 1950, 1.0, true, 1.0"
        ),
        "something else than the datasets",
    );
}

#[test]
fn columns_that_are_missing_no_number_or_there_twice() {
    let told = faults(&view("SELECT huishouden, wijk, wijk AS huur FROM woningen"));
    assert_eq!(
        told,
        [
            "view.huishoudens.sql: the SQL gives no column `woning`",
            "view.huishoudens.sql: the SQL gives no column `boven_grens`",
            "view.huishoudens.sql: the SQL gives no column `bouwjaar`",
            "view.huishoudens.sql: the SQL gives no column `inkomen`",
            "view.huishoudens.sql: measure `huur` is no number",
        ]
    );
    check(
        "SELECT * FROM woningen w JOIN inkomens i ON w.huishouden = i.huishouden",
        "the SQL gives column `huishouden` twice",
    );
}

#[test]
fn functions_that_give_something_else_each_time() {
    for call in ["random()", "uuid()", "now()", "current_date"] {
        let sql = COLUMNS.replace("w.wijk", &format!("CAST({call} AS VARCHAR) AS wijk"));
        check(
            &format!("SELECT {sql} {FROM}"),
            "gives something else each time",
        );
    }
    check(
        &format!("SELECT {COLUMNS} {FROM} WHERE random() < 0.5"),
        "`random` gives something else",
    );
}

#[test]
fn what_fails_on_a_row_does_not_tell_the_row() {
    let cast = COLUMNS.replace("w.bouwjaar", "CAST(w.wijk AS BIGINT) AS bouwjaar");
    let divide = COLUMNS.replace("w.bouwjaar", "1 / (w.bouwjaar - 1950) AS bouwjaar");
    for columns in [cast, divide] {
        let project = view(&format!("SELECT {columns} {FROM}"));
        write(
            project.folder.path(),
            "woningen.csv",
            b"huishouden,wijk,woning,bouwjaar,huur\nk0001,geheim4711,flat,1950,500\n",
        );
        assert_eq!(
            faults(&project),
            ["view.huishoudens.sql: the view's SQL fails on a row, or a file is damaged"]
        );
    }
}

#[test]
fn a_view_of_very_many_dimensions_is_refused_without_a_panic() {
    let project = of(&KINDS, |text| {
        let more: String = (0..70)
            .map(|n| format!("  [[view.dimension]]\n  name = \"d{n}\"\n  values = [\"a\"]\n"))
            .collect();
        let columns: String = (0..70).map(|n| format!(", w.wijk AS d{n}")).collect();
        text.replace(
            "  [[view.measure]]\n  name = \"huur\"",
            &format!("{more}  [[view.measure]]\n  name = \"huur\""),
        )
        .replace(", i.inkomen FROM", &format!(", i.inkomen{columns} FROM"))
        .replace("max_dimensions = 3", "max_dimensions = 1")
    });
    match project.build() {
        Ok(_) => {
            let opened = project.open();
            let rows = project.rows(&opened, "SELECT d69, units() FROM huishoudens GROUP BY d69");
            assert_eq!(rows.len(), 2, "{rows:?}");
        }
        Err(error) => assert!(error.to_string().contains("dimension"), "{error}"),
    }
}
