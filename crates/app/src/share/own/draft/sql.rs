//! The SQL of a drafted view, whose files are joined on the key.

use std::fmt::Write as _;

use crate::share::own::draft::AgreementDraft;
use crate::share::own::draft::text::dataset_id;

/// The view's SQL: each file joined on the key.
pub(super) fn sql(draft: &AgreementDraft) -> String {
    let name = |table, column: &str, name: &str| format!("{} AS {name}", selected(table, column));
    let mut columns = vec![name(0, &draft.key, &draft.key_name)];
    columns.extend(
        draft
            .dimensions
            .iter()
            .map(|d| name(d.table, &d.column, &d.name)),
    );
    columns.extend(
        draft
            .measures
            .iter()
            .map(|m| name(m.table, &m.column, &m.name)),
    );
    let mut sql = format!(
        "SELECT {} FROM {} t0",
        columns.join(", "),
        dataset_id(draft, 0)
    );
    for number in 1..draft.tables.len() {
        let on = (selected(0, &draft.key), selected(number, &draft.key));
        let _ = write!(
            sql,
            " JOIN {} t{number} ON {} = {}",
            dataset_id(draft, number),
            on.0,
            on.1
        );
    }
    sql
}

/// A column of a table in the view's SQL.
fn selected(table: usize, column: &str) -> String {
    format!("t{table}.\"{}\"", column.replace('"', "\"\""))
}
