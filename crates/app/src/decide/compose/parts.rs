//! The rows of a form as parts of the document: parties, datasets, the shared view.

use std::fmt::Write as _;

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::document::{Block, Value};
use zwerm_agreement::text::Text;
use zwerm_store::parties::RegisteredParty;

use crate::decide::compose::columns::{FormDataset, FormDatasets, sql_name};
use crate::decide::compose::{Entries, Writer, number, people, put, put_entries, rows};
use crate::slug::slug;

/// The parties of a form: the number of a row, and the id.
pub(super) type FormParties = Vec<(usize, String)>;

impl Writer<'_> {
    pub(super) fn parties(&mut self, known: &[RegisteredParty]) -> FormParties {
        let mut written = FormParties::new();
        let mut tables = Vec::new();
        for row in 0..rows("party", self.get) {
            let at = |part: &str| format!("party{row}_{part}");
            let chosen = self.text(&at("known"));
            let known = known.iter().find(|party| party.id == chosen);
            if known.is_none() && self.text(&at("nl")).is_empty() && self.text(&at("en")).is_empty()
            {
                continue;
            }
            let path = format!("party[{}]", written.len());
            let (id, table) = self.party(row, &path, known);
            written.push((row, id));
            tables.push(table);
        }
        self.list(
            "party",
            "party0_known",
            ("de partners", "the parties"),
            tables,
        );
        written
    }

    fn party(
        &mut self,
        row: usize,
        path: &str,
        known: Option<&RegisteredParty>,
    ) -> (String, Block) {
        let at = |part: &str| format!("party{row}_{part}");
        let n = row + 1;
        let called = Text::new(format!("partner {n}"), format!("party {n}"));
        let of = |nl: &str, en: &str| {
            Text::new(
                format!("{nl} van partner {n}"),
                format!("{en} of party {n}"),
            )
        };
        let field = if known.is_some() { "known" } else { "nl" };
        self.places.push((path.to_owned(), at(field), called));
        let mut table = Block::default();
        let id = self.id_and_name(row, path, known, &mut table);
        let helix = self.from(
            format!("{path}.helix"),
            &at("helix"),
            of("de kant", "the side"),
        );
        let helix = known
            .and_then(|party| party.helix)
            .map_or(helix, |helix| helix.as_str().to_owned());
        put(&mut table, "helix", helix);
        table.put("may", self.may(row));
        self.mandate(row, path, &mut table);
        let key = self.from(
            format!("{path}.public_key"),
            &at("key"),
            of("de publieke sleutel", "the public key"),
        );
        let key = known
            .and_then(|party| party.public_key.clone())
            .unwrap_or(key);
        put(&mut table, "public_key", key);
        (id, table)
    }

    /// What a party is called: as the registry has it, or as the form says. Returns its id.
    fn id_and_name(
        &mut self,
        row: usize,
        path: &str,
        known: Option<&RegisteredParty>,
        table: &mut Block,
    ) -> String {
        let name = self.pair(
            &format!("{path}.name"),
            &format!("party{row}"),
            ("de naam", "the name"),
        );
        let (id, name) = match known {
            Some(party) => (party.id.clone(), both(&party.name)),
            None => (slug(&self.text(&format!("party{row}_nl")), "partner"), name),
        };
        put(table, "id", id.clone());
        put_entries(table, "name", name);
        id
    }

    /// What a party may do, in the words of the document.
    fn may(&self, row: usize) -> Value {
        let rights = ["provide", "ask"].into_iter();
        Value::list(rights.filter(|right| self.is_on(&format!("party{row}_{right}"))))
    }

    /// Whom a party represents, and who gave it that mandate.
    fn mandate(&mut self, row: usize, path: &str, table: &mut Block) {
        let at = |part: &str| format!("party{row}_{part}");
        let represents = at("represents");
        self.places.push((
            format!("{path}.represents"),
            represents.clone(),
            Text::new("om wie het gaat", "whom it is about"),
        ));
        let mut mandate = Entries::new();
        for (key, nl, en) in [
            ("by", "van wie het mandaat is", "who gave the mandate"),
            ("on", "de dag van het mandaat", "the day of the mandate"),
            ("evidence", "het besluit", "the decision"),
        ] {
            let field = at(&format!("mandate_{key}"));
            let text = self.from(format!("{path}.mandate.{key}"), &field, Text::new(nl, en));
            if !text.is_empty() {
                mandate.push((key, text.into()));
            }
        }
        if self.is_on(&represents) {
            table.put("represents", people(&self.text("about_nl")));
            table.put("mandate", Value::table(mandate));
        }
    }

    /// Writes a list, which is told by a field as a whole too.
    fn list(&mut self, path: &str, field: &str, (nl, en): (&str, &str), tables: Vec<Block>) {
        self.places
            .push((path.to_owned(), field.to_owned(), Text::new(nl, en)));
        if tables.is_empty() {
            self.empty.push(field.to_owned());
        }
        for table in tables {
            self.document.item(path, table);
        }
    }

    /// The party of a row that is chosen in a field.
    pub(super) fn chosen(&self, field: &str, parties: &FormParties) -> String {
        let row = self.text(field).parse::<usize>().ok();
        let found = parties.iter().find(|(number, _)| Some(*number) == row);
        found.map(|(_, id)| id.clone()).unwrap_or_default()
    }

    pub(super) fn datasets(&mut self, parties: &FormParties, columns: &FormDatasets) {
        let mut tables = Vec::new();
        for (place, source) in columns.0.iter().enumerate() {
            tables.push(self.dataset(place, source, parties));
            let field = format!("dataset{}_columns", source.row);
            self.key_in(&field, source.columns.iter().map(|(name, _)| name.as_str()));
        }
        self.list(
            "dataset",
            "dataset0_name",
            ("de gegevensbron", "the dataset"),
            tables,
        );
    }

    fn dataset(&mut self, place: usize, source: &FormDataset, parties: &FormParties) -> Block {
        let (row, path) = (source.row, format!("dataset[{place}]"));
        let at = |part: &str| format!("dataset{row}_{part}");
        let n = row + 1;
        let of = |nl: &str, en: &str| {
            Text::new(format!("{nl} van bron {n}"), format!("{en} of source {n}"))
        };
        let mut table = Block::default();
        self.places
            .push((path.clone(), at("name"), of("de naam", "the name")));
        self.from(format!("{path}.id"), &at("name"), of("de naam", "the name"));
        put(&mut table, "id", source.id.clone());
        self.from(
            format!("{path}.provider"),
            &at("provider"),
            of("de partner", "the party"),
        );
        put(
            &mut table,
            "provider",
            self.chosen(&at("provider"), parties),
        );
        let basis = self.from(
            format!("{path}.legal_basis"),
            &at("basis"),
            of("de grondslag", "the legal basis"),
        );
        put(&mut table, "legal_basis", basis);
        put(&mut table, "source", format!("data/{}.csv", source.id));
        self.from(
            format!("{path}.columns"),
            &at("columns"),
            of("de kolommen", "the columns"),
        );
        if !source.columns.is_empty() {
            let kinds = source.columns.iter();
            let kinds = kinds.map(|(name, kind)| (name, kind.as_str()));
            table.put("columns", Value::table(kinds));
        }
        let period = self.from(
            format!("{path}.period"),
            &at("period"),
            of("de periode", "the period"),
        );
        put(&mut table, "period", period);
        table
    }

    /// Every dataset has the key: that is how they are joined.
    fn key_in<'c>(&mut self, field: &str, mut columns: impl Iterator<Item = &'c str>) {
        let key = self.text("key");
        if key.is_empty() || columns.any(|column| column == key) {
            return;
        }
        self.wrong(
            field,
            FaultCode::NotFound,
            Text::new(
                format!("de kolom `{key}` staat hier niet bij"),
                format!("the column `{key}` is not among these"),
            ),
            Text::new(
                "elke bron heeft de kolom die een eenheid aanwijst; zet haar erbij",
                "every source has the column that points at a unit; add it",
            ),
        );
    }

    pub(super) fn view(&mut self, columns: &FormDatasets) {
        let mut view = self.view_head();
        view.put("mode", "table");
        let key = self.text("key");
        let mut selected = vec![(0, key.clone())];
        let dimensions = self.dimensions(columns, &mut selected);
        let measures = self.measures(columns, &mut selected);
        self.places.push((
            "view[0]".to_owned(),
            "key".to_owned(),
            Text::new("de gezamenlijke basis", "the shared view"),
        ));
        if !key.is_empty() && !columns.0.is_empty() {
            view.put("sql", sql(columns, &key, &selected));
        }
        // what is asked of it is what it is made of
        let (field, nl, en) = if key.is_empty() {
            ("key", "de kolom van de eenheid", "the column of the unit")
        } else {
            ("dataset0_name", "de gegevensbron", "the dataset")
        };
        let place = (
            "view[0].sql".to_owned(),
            field.to_owned(),
            Text::new(nl, en),
        );
        self.places.push(place);
        for (name, tables) in [("dimension", dimensions), ("measure", measures)] {
            for table in tables {
                view.item(name, table);
            }
        }
        self.document.item("view", view);
    }

    /// What the view and its unit are called, and the column that points at a unit.
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
            (
                "key",
                "key",
                "de kolom van de eenheid",
                "the column of the unit",
            ),
        ] {
            let text = self.from(format!("view[0].{key}"), field, Text::new(nl, en));
            let text = if key == "unit" { text } else { sql_name(&text) };
            put(&mut view, key, text);
        }
        view
    }

    /// The column of a row, which one of the datasets has.
    fn column(&mut self, field: &str, columns: &FormDatasets, selected: &mut Vec<(usize, String)>) {
        let column = self.text(field);
        match columns.find(&column) {
            Some(place) => selected.push((place, column)),
            None if column.is_empty() => {}
            None => self.wrong(
                field,
                FaultCode::NotFound,
                Text::new(
                    format!("geen enkele bron heeft de kolom `{column}`"),
                    format!("no source has the column `{column}`"),
                ),
                Text::new(
                    "schrijf de naam zoals hij bij de bron staat",
                    "write the name as it stands with the source",
                ),
            ),
        }
    }

    fn dimensions(
        &mut self,
        columns: &FormDatasets,
        selected: &mut Vec<(usize, String)>,
    ) -> Vec<Block> {
        let mut tables = Vec::new();
        for row in 0..rows("dimension", self.get) {
            let at = |part: &str| format!("dimension{row}_{part}");
            let given = (self.get)(&at("values"));
            if self.text(&at("column")).is_empty() && given.trim().is_empty() {
                continue;
            }
            let (n, path) = (row + 1, format!("view[0].dimension[{}]", tables.len()));
            let of = |nl: &str, en: &str| {
                Text::new(
                    format!("{nl} van kenmerk {n}"),
                    format!("{en} of characteristic {n}"),
                )
            };
            self.column(&at("column"), columns, selected);
            let name = of("de kolom", "the column");
            let mut table = self.named(&path, &format!("dimension{row}"), &name);
            self.places.push((
                format!("{path}.labels"),
                at("values"),
                of("de waarden", "the values"),
            ));
            self.from(
                format!("{path}.values"),
                &at("values"),
                of("de waarden", "the values"),
            );
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
    fn named(&mut self, path: &str, row: &str, column: &Text) -> Block {
        let field = format!("{row}_column");
        self.places
            .push((path.to_owned(), field.clone(), column.clone()));
        let name = self.from(format!("{path}.name"), &field, column.clone());
        let mut table = Block::default();
        put(&mut table, "name", sql_name(&name));
        let label = self.pair(&format!("{path}.label"), row, ("de naam", "the name"));
        put_entries(&mut table, "label", label);
        table
    }

    fn measures(
        &mut self,
        columns: &FormDatasets,
        selected: &mut Vec<(usize, String)>,
    ) -> Vec<Block> {
        let mut tables = Vec::new();
        for row in 0..rows("measure", self.get) {
            let at = |part: &str| format!("measure{row}_{part}");
            if self.text(&at("column")).is_empty() {
                continue;
            }
            let (n, path) = (row + 1, format!("view[0].measure[{}]", tables.len()));
            let of = |nl: &str, en: &str| {
                Text::new(
                    format!("{nl} van meetwaarde {n}"),
                    format!("{en} of measure {n}"),
                )
            };
            self.column(&at("column"), columns, selected);
            let name = of("de kolom", "the column");
            let mut table = self.named(&path, &format!("measure{row}"), &name);
            let quantity = self.from(
                format!("{path}.quantity"),
                &at("quantity"),
                of("de grootheid", "the quantity"),
            );
            put(&mut table, "quantity", quantity);
            for (key, nl, en) in [
                ("lower", "de laagste waarde", "the lowest value"),
                ("upper", "de hoogste waarde", "the highest value"),
            ] {
                let text = self.from(format!("{path}.{key}"), &at(key), of(nl, en));
                table.maybe(key, number(&text));
            }
            tables.push(table);
        }
        tables
    }
}

fn both(name: &Text) -> Entries {
    let (nl, en) = (name.nl.as_str(), name.en.as_str());
    vec![("nl", nl.into()), ("en", en.into())]
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
fn sql(columns: &FormDatasets, key: &str, selected: &[(usize, String)]) -> String {
    let quoted =
        |place: usize, column: &str| format!("t{place}.\"{}\"", column.replace('"', "\"\""));
    let all = selected
        .iter()
        .map(|(place, column)| format!("{} AS {}", quoted(*place, column), sql_name(column)));
    let all: Vec<String> = all.collect();
    let mut sources = columns.0.iter().enumerate();
    let first = sources.next().map(|(_, source)| source.id.as_str());
    let mut sql = format!(
        "SELECT {} FROM {} t0",
        all.join(", "),
        first.unwrap_or_default()
    );
    for (place, source) in sources {
        let (one, other) = (quoted(0, key), quoted(place, key));
        // writing to a string cannot fail
        let _ = write!(sql, " JOIN {} t{place} ON {one} = {other}", source.id);
    }
    sql
}
