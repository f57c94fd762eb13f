//! What is answered, with the exact answer: statements over the written-out project.

use sqllogictest::{DB, DBOutput, DefaultColumnType, Runner};
use zwerm_question::{
    answer::{ColumnKind, Opened, open},
    parse, release,
};

use crate::project::{Project, project, runtime, word};

struct Asker {
    project: Project,
    opened: Opened,
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Refused(String);

impl DB for Asker {
    type Error = Refused;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Refused> {
        let question = parse::question(sql, &self.project.agreement).map_err(|refusals| {
            let all: Vec<String> = refusals.iter().map(ToString::to_string).collect();
            Refused(all.join("\n"))
        })?;
        let view = question.view;
        let answer = apart(|| runtime().block_on(self.opened.ask(&question.plan, view)))
            .map_err(|error| Refused(error.to_string()))?;
        let types = answer.columns().iter().map(|column| match column.kind {
            ColumnKind::Dimension => DefaultColumnType::Text,
            ColumnKind::Count => DefaultColumnType::Integer,
            ColumnKind::Sum | ColumnKind::Average | ColumnKind::Number => {
                DefaultColumnType::FloatingPoint
            }
        });
        Ok(DBOutput::Rows {
            types: types.collect(),
            rows: answer
                .rows()
                .iter()
                .map(|row| row.iter().map(word).collect())
                .collect(),
        })
    }
}

/// On a thread of its own: the runner has a runtime already.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().unwrap())
}

#[test]
fn every_question_of_the_file_gets_its_answer() {
    let mut runner = Runner::new(|| async {
        let project = project();
        let opened = apart(|| project.open());
        Ok(Asker { project, opened })
    });
    runner.with_column_validator(sqllogictest::strict_column_validator);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/answered.slt");
    let records = sqllogictest::parse_file(file).unwrap();
    let wrong: Vec<String> = records
        .into_iter()
        .filter_map(|record| runner.run(record).err())
        .map(|error| error.to_string())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_release_that_was_read_back_answers_the_same() {
    let project = project();
    let cube = project.build().unwrap();
    let (bytes, identity) = release::encode(&cube).unwrap();
    let (again, same) = release::decode(bytes).unwrap();
    assert_eq!(identity, same);
    let sql = "SELECT wijk, woning, units(), sum(huur), avg(inkomen) FROM huishoudens GROUP BY CUBE(wijk, woning)";
    let (a, b) = (
        open(&cube, &project.agreement.view[0], identity, 5).unwrap(),
        open(&again, &project.agreement.view[0], same, 5).unwrap(),
    );
    assert_eq!(project.rows(&a, sql), project.rows(&b, sql));
}

/// What one asker calls a column may name a person: it stands in nobody else's answer.
#[test]
fn figures_that_are_kept_take_the_names_of_whoever_asks_them() {
    let project = project();
    let opened = project.open();
    let sql = |name: &str| format!("SELECT wijk, units(){name} FROM huishoudens GROUP BY wijk");
    let (first, second) = (sql(" AS \"mevrouw Jansen\""), sql(""));
    let kept = project.ask(&opened, &first).figures();
    assert!(!format!("{kept:?}").contains("Jansen"), "{kept:?}");
    let question = parse::question(&second, &project.agreement).unwrap();
    let given = kept.named_by(&question.plan, question.view);
    assert_eq!(given, project.ask(&opened, &second));
}

#[test]
fn columns_say_what_they_hold() {
    let project = project();
    let opened = project.open();
    let sql = "SELECT wijk, units() AS aantal, sum(huur), avg(inkomen), units() / count(*) AS deel FROM huishoudens GROUP BY wijk";
    let answer = project.ask(&opened, sql);
    let columns = answer.columns();
    let said: Vec<_> = columns
        .iter()
        .map(|c| (c.name.as_str(), c.kind, c.quantity.as_deref()))
        .collect();
    assert_eq!(
        said,
        [
            ("wijk", ColumnKind::Dimension, None),
            ("aantal", ColumnKind::Count, Some("huishouden")),
            ("sum(huur)", ColumnKind::Sum, Some("EUR/month")),
            ("avg(inkomen)", ColumnKind::Average, Some("EUR/year")),
            ("deel", ColumnKind::Number, None),
        ]
    );
}

#[test]
fn a_sum_of_rounded_parts_says_how_far_it_may_be_off() {
    let project = project();
    let opened = project.open();
    let notes = |sql: &str| -> Vec<String> {
        let answer = project.ask(&opened, sql);
        let notes = answer.notes();
        notes.iter().map(|n| n.en.clone()).collect()
    };
    let over = "FROM huishoudens WHERE wijk IN ('noord', 'oost')";
    assert_eq!(
        notes(&format!("SELECT units() {over}")),
        ["a count is here the sum of at most 2 rounded parts: ± 5"]
    );
    assert_eq!(
        notes(&format!("SELECT sum(huur) {over}")),
        ["a sum of `huur` is here the sum of at most 2 rounded parts: ± 50"]
    );
    assert_eq!(notes(&format!("SELECT avg(inkomen) {over}")).len(), 3);
    let average = notes("SELECT avg(inkomen) FROM huishoudens");
    assert_eq!(average.len(), 1);
    assert!(average[0].contains("coarse where counts are small"));
    assert!(notes("SELECT units(), sum(huur) FROM huishoudens WHERE wijk = 'noord'").is_empty());
}
