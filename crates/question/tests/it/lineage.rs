//! Source columns are followed through whatever a view's SQL does with them.

use zwerm_question::{cube, session::BuildLimits};

use crate::{
    parquet::to_parquet,
    project::{KINDS, Project, of, runtime},
};

fn touched(project: &Project) -> Vec<String> {
    let found = runtime().block_on(cube::source_columns(
        &project.agreement,
        project.view(),
        &BuildLimits::default(),
    ));
    let found = found.unwrap_or_else(|e| panic!("{e}"));
    let short = |c: &str| c.replace("woningen.", "w.").replace("inkomens.", "i.");
    found.iter().map(|c| short(c)).collect()
}

/// A view with only the key and `wijk`, by this SQL.
fn view(sql: &str) -> Project {
    of(&KINDS, |text| {
        let start = text.find("sql = ").unwrap();
        let dimension = text
            .find("  [[view.dimension]]\n  name = \"woning\"")
            .unwrap();
        let rules = text.find("[protection]").unwrap();
        let wijk = text.find("  [[view.dimension]]").unwrap();
        format!(
            "{}sql = \"{sql}\"\n{}{}",
            &text[..start],
            &text[wijk..dimension],
            &text[rules..]
        )
    })
}

fn check(sql: &str, expected: &[&str]) {
    assert_eq!(touched(&view(sql)), expected, "{sql}");
    // and the same of Parquet
    let project = view(sql);
    let project = to_parquet(project);
    assert_eq!(touched(&project), expected, "{sql} of Parquet");
}

const PLAIN: &[&str] = &["w.huishouden", "w.wijk"];

#[test]
fn aliases_and_expressions() {
    check("SELECT huishouden, wijk FROM woningen", PLAIN);
    check(
        "SELECT w.huishouden, w.woning AS wijk FROM woningen AS w",
        &["w.huishouden", "w.woning"],
    );
    check(
        "SELECT huishouden, wijk || '-' || CASE WHEN huur > 500 THEN 'duur' ELSE woning END AS wijk FROM woningen",
        &["w.huishouden", "w.huur", "w.wijk", "w.woning"],
    );
}

#[test]
fn joins_and_what_decides_which_rows_are_in() {
    let both = &["i.huishouden", "w.huishouden", "w.wijk"];
    check(
        "SELECT huishouden, w.wijk FROM woningen w JOIN inkomens i USING (huishouden)",
        both,
    );
    check(
        "SELECT w.huishouden, w.wijk FROM woningen w NATURAL JOIN inkomens i",
        both,
    );
    check(
        "SELECT w.huishouden, w.wijk FROM woningen w JOIN inkomens i ON w.huishouden = i.huishouden AND i.inkomen > 30000",
        &["i.huishouden", "i.inkomen", "w.huishouden", "w.wijk"],
    );
    check(
        "SELECT w.huishouden, w.wijk FROM woningen w JOIN inkomens i USING (huishouden) WHERE i.boven_grens",
        &["i.boven_grens", "i.huishouden", "w.huishouden", "w.wijk"],
    );
    check(
        "SELECT huishouden, wijk FROM woningen ORDER BY huur LIMIT 10",
        &["w.huishouden", "w.huur", "w.wijk"],
    );
}

#[test]
fn common_table_expressions_and_subqueries() {
    check(
        "WITH rijk AS (SELECT huishouden AS h, inkomen AS euro FROM inkomens), kort AS (SELECT h FROM rijk WHERE euro > 1) SELECT w.huishouden, w.wijk FROM woningen w JOIN kort ON kort.h = w.huishouden",
        &["i.huishouden", "i.inkomen", "w.huishouden", "w.wijk"],
    );
    check(
        "WITH niets AS (SELECT inkomen FROM inkomens) SELECT huishouden, wijk FROM woningen",
        PLAIN,
    );
    check(
        "SELECT s.huishouden, s.wijk FROM (SELECT * FROM woningen) s",
        PLAIN,
    );
    check(
        "SELECT huishouden, wijk FROM woningen WHERE huishouden IN (SELECT huishouden FROM inkomens WHERE inkomen > 1)",
        &["i.huishouden", "i.inkomen", "w.huishouden", "w.wijk"],
    );
    check(
        "SELECT huishouden, CASE WHEN huur > (SELECT avg(inkomen) FROM inkomens) THEN wijk END AS wijk FROM woningen",
        &["i.inkomen", "w.huishouden", "w.huur", "w.wijk"],
    );
}

#[test]
fn a_correlated_subquery_counts_as_made_of_all() {
    let sql = "SELECT w.huishouden, w.wijk FROM woningen w WHERE EXISTS (SELECT 1 FROM inkomens i WHERE i.inkomen > w.huur)";
    let found = touched(&view(sql));
    for column in ["i.inkomen", "w.huur", "w.huishouden", "w.wijk"] {
        assert!(found.iter().any(|c| c == column), "{found:?}");
    }
}

#[test]
fn unions_aggregates_windows_and_distinct() {
    check(
        "SELECT huishouden, wijk FROM woningen UNION ALL SELECT huishouden, CAST(boven_grens AS VARCHAR) FROM inkomens",
        &["i.boven_grens", "i.huishouden", "w.huishouden", "w.wijk"],
    );
    check(
        "SELECT huishouden, CAST(sum(huur) AS VARCHAR) AS wijk FROM woningen GROUP BY huishouden",
        &["w.huishouden", "w.huur"],
    );
    check(
        "SELECT huishouden, max(wijk) AS wijk FROM woningen GROUP BY huishouden HAVING count(bouwjaar) > 0",
        &["w.bouwjaar", "w.huishouden", "w.wijk"],
    );
    check(
        "SELECT huishouden, first_value(wijk) OVER (PARTITION BY woning ORDER BY huur) AS wijk FROM woningen",
        &["w.huishouden", "w.huur", "w.wijk", "w.woning"],
    );
    check("SELECT DISTINCT huishouden, wijk FROM woningen", PLAIN);
}
