//! The shared view of a form: what may be grouped by and added up, and the SQL that joins the sources.

use std::fmt::Write as _;

use zwerm_agreement::document::{Block, Value};
use zwerm_agreement::text::Text;

use crate::decide::compose::columns::{ColumnRole, FormColumn, FormDatasets, sql_name};
use crate::decide::compose::{Writer, number, put, put_entries};

impl Writer<'_> {
    pub(super) fn view(&mut self, columns: &FormDatasets) {
        let mut view = self.view_head();
        let key = columns.key();
        self.places.push((
            "view[0]".to_owned(),
            "unit".to_owned(),
            Text::new("de gezamenlijke basis", "the shared view"),
        ));
        if let Some(key) = key {
            put(&mut view, "key", sql_name(&key.name));
        }
        view.put("mode", "table");
        let dimensions = self.dimensions(columns);
        let measures = self.measures(columns);
        if let Some(key) = key {
            view.put("sql", sql(columns, key));
        }
        // what is asked of it is what it is made of
        for (part, nl, en) in [
            ("key", "de sleutel", "the key"),
            ("sql", "de gegevensbron", "the dataset"),
        ] {
            let place = (
                format!("view[0].{part}"),
                "dataset0_name".to_owned(),
                Text::new(nl, en),
            );
            self.places.push(place);
        }
        for (name, tables) in [("dimension", dimensions), ("measure", measures)] {
            for table in tables {
                view.item(name, table);
            }
        }
        self.document.item("view", view);
    }

    /// What the view and its unit are called.
    fn view_head(&mut self) -> Block {
        let mut view = Block::default();
        for (key, field, nl, en) in [
            (
                "name",
                "view_name",
                "de naam van de basis",
                "the name of the view",
            ),
            ("unit", "unit", "de eenheid", "the unit"),
        ] {
            let text = self.from(format!("view[0].{key}"), field, Text::new(nl, en));
            let text = if key == "unit" { text } else { sql_name(&text) };
            put(&mut view, key, text);
        }
        view
    }

    fn dimensions(&mut self, columns: &FormDatasets) -> Vec<Block> {
        let mut tables = Vec::new();
        for (_, column) in columns.of(ColumnRole::Dimension) {
            let at = |part: &str| format!("column{}_{part}", column.row);
            let path = format!("view[0].dimension[{}]", self.next("dimension", column.row));
            let mut table = self.named(&path, column);
            let name = said_of(column, "de waarden", "the values");
            self.places
                .push((format!("{path}.labels"), at("values"), name.clone()));
            self.from(format!("{path}.values"), &at("values"), name);
            let given = (self.get)(&at("values"));
            let (values, labels) = values(&given);
            if !values.is_empty() {
                table.put("values", Value::list(values));
            }
            if !labels.is_empty() {
                table.put("labels", Value::table(labels));
            }
            if self.is_on(&at("sensitive")) {
                table.put("sensitive", true);
            }
            if self.is_on(&at("several")) {
                table.put("per_unit", false);
            }
            tables.push(table);
        }
        tables
    }

    /// A dimension or a measure, with the column that it is of and what people call it.
    fn named(&mut self, path: &str, column: &FormColumn) -> Block {
        let (row, name) = (format!("column{}", column.row), &column.name);
        let called = Text::new(format!("de kolom `{name}`"), format!("the column `{name}`"));
        for part in [path.to_owned(), format!("{path}.name")] {
            self.places
                .push((part, format!("{row}_name"), called.clone()));
        }
        let mut table = Block::default();
        put(&mut table, "name", sql_name(name));
        let label = self.pair(&format!("{path}.label"), &row, ("de naam", "the name"));
        put_entries(&mut table, "label", label);
        table
    }

    fn measures(&mut self, columns: &FormDatasets) -> Vec<Block> {
        let mut tables = Vec::new();
        for (_, column) in columns.of(ColumnRole::Measure) {
            let at = |part: &str| format!("column{}_{part}", column.row);
            let path = format!("view[0].measure[{}]", self.next("measure", column.row));
            let mut table = self.named(&path, column);
            let quantity = self.from(
                format!("{path}.quantity"),
                &at("quantity"),
                said_of(column, "de grootheid", "the quantity"),
            );
            put(&mut table, "quantity", quantity);
            for (key, nl, en) in [
                ("lower", "de laagste waarde", "the lowest value"),
                ("upper", "de hoogste waarde", "the highest value"),
            ] {
                let name = said_of(column, nl, en);
                let text = self.from(format!("{path}.{key}"), &at(key), name);
                table.maybe(key, number(&text));
            }
            tables.push(table);
        }
        tables
    }
}

fn said_of(column: &FormColumn, nl: &str, en: &str) -> Text {
    let name = &column.name;
    Text::new(format!("{nl} van `{name}`"), format!("{en} of `{name}`"))
}

/// Values, a line each, some with what people call them: `WK01 = Noord`. Of a value twice, the last name holds.
fn values(given: &str) -> (Vec<&str>, Vec<(&str, &str)>) {
    let (mut values, mut labels) = (Vec::new(), Vec::<(&str, &str)>::new());
    for line in given.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (code, label) = line.split_once('=').unwrap_or((line, ""));
        let (code, label) = (code.trim(), label.trim());
        values.push(code);
        match labels.iter_mut().find(|(known, _)| *known == code) {
            _ if label.is_empty() => {}
            Some(known) => known.1 = label,
            None => labels.push((code, label)),
        }
    }
    (values, labels)
}

/// The view's SQL: the sources joined on the key.
fn sql(columns: &FormDatasets, key: &FormColumn) -> String {
    let quoted =
        |place: usize, column: &str| format!("t{place}.\"{}\"", column.replace('"', "\"\""));
    let asked = [ColumnRole::Dimension, ColumnRole::Measure];
    let asked = asked.into_iter().flat_map(|role| columns.of(role));
    let all = std::iter::once((0, key)).chain(asked);
    let all = all.map(|(place, column)| {
        let name = &column.name;
        format!("{} AS {}", quoted(place, name), sql_name(name))
    });
    let all: Vec<String> = all.collect();
    let mut sources = columns.0.iter().enumerate();
    let first = sources.next().map(|(_, source)| source.id.as_str());
    let mut sql = format!(
        "SELECT {} FROM {} t0",
        all.join(", "),
        first.unwrap_or_default()
    );
    for (place, source) in sources {
        let (one, other) = (quoted(0, &key.name), quoted(place, &key.name));
        // writing to a string cannot fail
        let _ = write!(sql, " JOIN {} t{place} ON {one} = {other}", source.id);
    }
    sql
}
