//! Attacks that must fail, tried on a real project: what is protected shows in no form.

use zwerm_agreement::refusal::Code;
use zwerm_question::{answer::AnswerValue, parse};

use crate::project::{KINDS, Kind, Project, of, project, write};

/// The project with so many households in houses in `zuid`.
fn with_few(households: usize) -> Project {
    let mut kinds: Vec<Kind> = KINDS.into_iter().collect();
    kinds[6].households = households;
    of(&kinds, |text| text)
}

/// Every way in which a figure over the protected cell might show.
const PROBES: &[&str] = &[
    "units()",
    "count(*)",
    "count(huur)",
    "sum(huur)",
    "avg(huur)",
    "0 * units()",
    "units() * 0 + 7",
    "units() - units()",
    "units() / units()",
    "1 / units()",
    "-units()",
    "round(units(), -3)",
    "round(units() / 1000000)",
    "sum(huur) / count(huur)",
    "sum(huur) - avg(huur) * count(huur)",
    "100 * units() / count(*)",
    "1 / (units() - 2)",
    "units() * 1e308 * 1e308",
];

#[test]
fn arithmetic_over_a_protected_cell_is_protected() {
    let project = project();
    let opened = project.open();
    let cell = "FROM huishoudens WHERE wijk = 'zuid' AND woning = 'huis'";
    for probe in PROBES {
        for rest in ["", " GROUP BY wijk", " GROUP BY ROLLUP(wijk)"] {
            let rows = project.rows(&opened, &format!("SELECT {probe} AS x {cell}{rest}"));
            assert!(
                !rows.is_empty() && rows.iter().all(|r| r == "protected"),
                "{probe}{rest}: {rows:?}"
            );
        }
    }
}

#[test]
fn a_sum_with_a_protected_part_is_protected_and_without_it_is_not() {
    let project = project();
    let opened = project.open();
    let sum = |values: &str| {
        let sql =
            format!("SELECT units() FROM huishoudens WHERE woning = 'huis' AND wijk IN ({values})");
        project.rows(&opened, &sql)
    };
    assert_eq!(sum("'zuid', 'noord'"), ["protected"]);
    assert_eq!(
        sum("'zuid', 'oost', 'noord', '(other)', '(unknown)'"),
        ["protected"]
    );
    assert_eq!(sum("'oost', '(other)'"), ["0"]);
}

/// Whether the condition holds of the protected cell must not be seen, nor of its negation.
#[test]
fn conditions_never_hold_of_a_protected_cell() {
    let project = project();
    let opened = project.open();
    let groups = "SELECT wijk FROM huishoudens WHERE woning = 'huis' GROUP BY wijk";
    for probe in PROBES {
        for sign in ["=", "<", ">="] {
            for number in ["0", "2"] {
                let one = format!("{probe} {sign} {number}");
                for condition in [
                    one.clone(),
                    format!("NOT ({one})"),
                    format!("{one} AND 1 = 1"),
                    format!("NOT ({one} AND 1 = 1)"),
                ] {
                    let rows = project.rows(&opened, &format!("{groups} HAVING {condition}"));
                    let seen = rows.iter().any(|r| r == "zuid" || r == "noord");
                    assert!(!seen, "{condition}: {rows:?}");
                }
            }
        }
    }
    // what does not look at the cell says nothing about it
    let all = project.rows(&opened, &format!("{groups} HAVING units() > 0 OR 1 = 1"));
    assert_eq!(all, ["noord", "oost", "zuid", "(other)"]);
}

/// The order of rows with `few` in the protected cell.
fn orders(few: usize) -> Vec<Vec<String>> {
    let project = with_few(few);
    let opened = project.open();
    let asked = |order: &str| {
        let sql = format!("SELECT wijk, woning FROM huishoudens GROUP BY wijk, woning {order}");
        project.rows(&opened, &sql)
    };
    let mut all = Vec::new();
    for probe in PROBES {
        for way in ["", " DESC", " NULLS FIRST", " DESC NULLS FIRST"] {
            for limit in ["", " LIMIT 1", " LIMIT 3 OFFSET 2"] {
                all.push(asked(&format!("ORDER BY {probe}{way}{limit}")));
            }
        }
    }
    all
}

#[test]
fn order_and_limit_do_not_tell_the_rank_of_a_protected_cell() {
    let one = orders(1);
    assert_eq!(one, orders(4));
    // the probe works: a published cell is ranked
    assert_ne!(one, orders(60));
}

#[test]
fn filters_that_differ_by_one_unit_cannot_be_subtracted() {
    // one household more in the protected cell changes no figure but those of cells that hold it
    let (a, b) = (with_few(1), with_few(2));
    let sql = "SELECT wijk, woning, boven_grens, units(), sum(huur) FROM huishoudens GROUP BY CUBE(wijk, woning, boven_grens)";
    let (before, after) = (a.rows(&a.open(), sql), b.rows(&b.open(), sql));
    let changed: Vec<_> = before.iter().zip(&after).filter(|(x, y)| x != y).collect();
    for (x, _) in changed {
        let holds = ["zuid huis", "zuid total", "total huis", "total total"];
        assert!(holds.iter().any(|h| x.starts_with(h)), "{x}");
    }
    let opened = b.open();
    let count = |filter: &str| {
        let sql = format!("SELECT units() FROM huishoudens {filter}");
        b.ask(&opened, &sql).rows()[0][0].clone()
    };
    let all = count("");
    let parts = [
        count("WHERE wijk = 'zuid'"),
        count("WHERE wijk IN ('noord', 'oost', '(other)', '(unknown)')"),
    ];
    assert!(matches!(all, AnswerValue::Whole(_)));
    assert!(parts.contains(&AnswerValue::Protected), "{parts:?}");
}

#[test]
fn a_subtotal_and_its_detail_leave_more_than_one_open() {
    let project = project();
    let opened = project.open();
    for dimensions in [
        "wijk, woning",
        "woning, wijk",
        "wijk, boven_grens",
        "woning, bouwjaar",
        "wijk, woning, bouwjaar",
    ] {
        let answer = project.ask(
            &opened,
            &format!("SELECT {dimensions}, units() FROM huishoudens GROUP BY ROLLUP({dimensions})"),
        );
        // per published subtotal over the last dimension, never exactly one part is protected
        let last = dimensions.split(", ").count() - 1;
        for total in answer
            .rows()
            .iter()
            .filter(|r| r[last] == AnswerValue::Total && r[last + 1] != AnswerValue::Protected)
        {
            let above = &total[..last];
            let hidden = answer.rows().iter().filter(|r| {
                r[..last] == *above
                    && r[last] != AnswerValue::Total
                    && r[last + 1] == AnswerValue::Protected
            });
            assert_ne!(hidden.count(), 1, "{dimensions} {total:?}");
        }
    }
}

#[test]
fn repeats_and_other_forms_of_a_question_get_the_same_answer() {
    let project = project();
    let (opened, again) = (project.open(), project.open());
    let first = project.rows(
        &opened,
        "SELECT wijk, avg(huur) FROM huishoudens GROUP BY wijk",
    );
    for _ in 0..5 {
        for form in [
            "SELECT wijk, avg(huur) FROM huishoudens GROUP BY wijk",
            "select h.wijk, sum(h.huur) / count(h.huur) from huishoudens h group by h.wijk",
            "SELECT wijk, avg(huur) FROM huishoudens GROUP BY GROUPING SETS ((wijk))",
        ] {
            assert_eq!(project.rows(&opened, form), first, "{form}");
            assert_eq!(project.rows(&again, form), first, "{form}");
        }
    }
}

#[test]
fn an_empty_group_has_no_ratio_and_no_infinity() {
    let project = project();
    let opened = project.open();
    let cell = "FROM huishoudens WHERE wijk = 'oost' AND woning = 'huis'";
    for ratio in [
        "avg(huur)",
        "units() / count(*)",
        "1 / units()",
        "1 / -units()",
        "round(1 / units(), 2)",
        "1 / (0 * -1)",
    ] {
        assert_eq!(
            project.rows(&opened, &format!("SELECT {ratio} AS x {cell}")),
            ["undefined"],
            "{ratio}"
        );
        for condition in [
            format!("{ratio} < 0"),
            format!("{ratio} > 0"),
            format!("{ratio} = 0"),
        ] {
            let rows = project.rows(
                &opened,
                &format!("SELECT units() {cell} HAVING {condition}"),
            );
            assert!(rows.is_empty(), "{condition}");
        }
    }
}

#[test]
fn arithmetic_that_grows_too_large_is_undefined() {
    let project = project();
    let opened = project.open();
    let asked = |x: &str| project.rows(&opened, &format!("SELECT {x} AS x FROM huishoudens"));
    assert_eq!(
        asked("units() * 9223372036854775807"),
        ["1844674407370955200000"]
    );
    assert_eq!(asked("units() * 1e308"), ["undefined"]);
    assert_eq!(asked("units() * 1e308 - units() * 1e308"), ["undefined"]);
    assert_eq!(asked("round(units() * 1e300, 12)"), ["undefined"]);
    assert_eq!(asked("round(units(), -12)"), ["0"]);
    assert_eq!(asked("-0 * units()"), ["0"]);
    assert_eq!(
        project.rows(
            &opened,
            "SELECT units() FROM huishoudens LIMIT 18446744073709551615"
        ),
        ["200"]
    );
    assert!(
        project
            .rows(
                &opened,
                "SELECT units() FROM huishoudens LIMIT 1 OFFSET 18446744073709551615"
            )
            .is_empty()
    );
}

#[test]
fn a_unit_with_a_million_rows_is_not_told_by_its_rows() {
    let project = project();
    let mut homes = std::fs::read_to_string(project.file("woningen.csv")).unwrap();
    // the first household of `oost`
    let line = homes
        .lines()
        .find(|l| l.contains(",oost,"))
        .unwrap()
        .to_owned()
        + "\n";
    homes += &line.repeat(100_000);
    write(project.folder.path(), "woningen.csv", homes.as_bytes());
    let opened = project.open();
    let rows = project.rows(
        &opened,
        "SELECT wijk, units(), count(*) FROM huishoudens GROUP BY wijk",
    );
    assert!(
        rows.contains(&"oost protected protected".to_owned()),
        "{rows:?}"
    );
    let total = project.rows(&opened, "SELECT count(*), sum(huur) FROM huishoudens");
    assert_eq!(total, ["protected protected"]);
}

#[test]
fn a_count_of_values_that_lacks_one_is_not_told() {
    // of the households in `oost` one has no income: units() and count(inkomen) differ by that one
    let project = project();
    let incomes = std::fs::read_to_string(project.file("inkomens.csv")).unwrap();
    let homes = std::fs::read_to_string(project.file("woningen.csv")).unwrap();
    let key = homes.lines().find(|l| l.contains(",oost,")).unwrap()[..5].to_owned();
    let lines: Vec<String> = incomes
        .lines()
        .map(|l| {
            if l.starts_with(&key) {
                l[..l.rfind(',').unwrap() + 1].to_owned()
            } else {
                l.to_owned()
            }
        })
        .collect();
    write(
        project.folder.path(),
        "inkomens.csv",
        lines.join("\n").as_bytes(),
    );
    let opened = project.open();
    for group in ["wijk", "wijk, woning", "wijk, boven_grens"] {
        let answer = project.ask(&opened, &format!("SELECT {group}, units() AS n, count(inkomen) AS m FROM huishoudens GROUP BY {group}"));
        let n = answer.columns().len() - 2;
        for row in answer.rows() {
            // both are shown or neither is, and never one apart
            assert_eq!(
                row[n] == AnswerValue::Protected,
                row[n + 1] == AnswerValue::Protected,
                "{row:?}"
            );
            if let (AnswerValue::Whole(units), AnswerValue::Whole(values)) = (&row[n], &row[n + 1])
            {
                assert!((units - values) % 5 == 0, "{row:?}");
            }
        }
    }
}

#[test]
fn refusals_do_not_depend_on_data() {
    let (here, elsewhere) = (project(), with_few(500));
    write(elsewhere.folder.path(), "woningen.csv", b"");
    for statement in include_str!("refusals.slt")
        .split("\n\n")
        .filter(|s| s.starts_with("statement"))
    {
        let (_, sql) = statement.split_once('\n').unwrap();
        assert_eq!(
            parse::question(sql, &here.agreement).unwrap_err(),
            parse::question(sql, &elsewhere.agreement).unwrap_err(),
            "{sql}"
        );
    }
}

#[test]
fn answers_come_from_the_cube_when_the_files_are_gone() {
    let project = project();
    let opened = project.open();
    let sql = "SELECT wijk, units() FROM huishoudens GROUP BY wijk";
    let before = project.rows(&opened, sql);
    for dataset in &project.agreement.dataset {
        std::fs::remove_file(project.file(&dataset.source)).unwrap();
    }
    assert_eq!(project.rows(&opened, sql), before);
}

#[test]
fn a_column_named_as_a_dimension_does_not_change_what_is_filtered() {
    let project = project();
    let opened = project.open();
    let rows = project.rows(
        &opened,
        "SELECT woning AS wijk, units() AS woning FROM huishoudens WHERE wijk = 'oost' GROUP BY woning HAVING woning > 0",
    );
    assert_eq!(rows, ["flat 60"]);
}

#[test]
fn the_longest_question_is_answered_without_overflowing_the_stack() {
    let project = project();
    let opened = project.open();
    let sum = vec!["units()"; 60].join(" + ");
    let or = vec!["units() = 1"; 58].join(" OR ");
    let sql = format!("SELECT {sum} AS x FROM huishoudens HAVING units() = 200 OR {or} ORDER BY x");
    assert_eq!(project.rows(&opened, &sql), ["12000"]);
    // as many tables and columns as a question can have
    let sets = vec!["(wijk)"; 511].join(", ");
    let sql = format!("SELECT wijk, units() FROM huishoudens GROUP BY GROUPING SETS ({sets}, ())");
    assert_eq!(project.rows(&opened, &sql).len(), 511 * 4 + 1);
    let columns: Vec<String> = (0..390).map(|n| format!("{n} * units() AS c{n}")).collect();
    let sql = format!("SELECT {} FROM huishoudens", columns.join(", "));
    assert_eq!(project.ask(&opened, &sql).rows()[0].len(), 390);
    let longer = format!("SELECT {sum} + 1 + 1 AS x FROM huishoudens");
    let refused = parse::question(&longer, &project.agreement).unwrap_err();
    assert_eq!(refused[0].code, Code::TooLong);
}
