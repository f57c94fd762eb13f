//! The rows of a form as parts of the document: parties and datasets.

use zwerm_agreement::agreement::Helix;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::document::{Block, Value};
use zwerm_agreement::text::Text;
use zwerm_store::parties::RegisteredParty;

use crate::decide::compose::columns::{ColumnRole, FormDataset, FormDatasets};
use crate::decide::compose::{Entries, Writer, people, put, put_entries};
use crate::slug::slug;

/// The parties of a form: the number of a row, and the id.
pub(super) type FormParties = Vec<(usize, String)>;

impl Writer<'_> {
    pub(super) fn parties(
        &mut self,
        known: &[RegisteredParty],
        columns: &FormDatasets,
    ) -> FormParties {
        let mut written = FormParties::new();
        let mut tables = Vec::new();
        for row in self.rows_of("party") {
            let at = |part: &str| format!("party{row}_{part}");
            let chosen = self.text(&at("known"));
            let known = known.iter().find(|party| party.id == chosen);
            if known.is_none() && self.text(&at("nl")).is_empty() && self.text(&at("en")).is_empty()
            {
                continue;
            }
            let path = format!("party[{}]", self.next("party", row));
            let provides = columns.0.iter().any(|source| {
                self.text(&format!("dataset{}_provider", source.row)) == row.to_string()
            });
            let (id, table) = self.party(row, &path, known, provides);
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
        provides: bool,
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
        let residents = helix == Helix::Residents.as_str();
        put(&mut table, "helix", helix);
        let rights = [("provide", provides), ("ask", self.is_on(&at("ask")))];
        let rights = rights.into_iter().filter(|(_, given)| *given);
        table.put("may", Value::list(rights.map(|(right, _)| right)));
        if residents {
            self.mandate(row, path, &mut table);
        }
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
            None => {
                let id = self.text(&format!("party{row}_id"));
                let named = slug(&self.text(&format!("party{row}_nl")), "partner");
                (if id.is_empty() { named } else { id }, name)
            }
        };
        put(table, "id", id.clone());
        put_entries(table, "name", name);
        id
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
        for source in &columns.0 {
            let place = self.next("dataset", source.row);
            tables.push(self.dataset(place, source, parties));
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
        self.columns(&path, source, &mut table);
        let period = self.from(
            format!("{path}.period"),
            &at("period"),
            of("de periode", "the period"),
        );
        put(&mut table, "period", period);
        table
    }

    /// The columns that are shared, and those that are not, with why.
    fn columns(&mut self, path: &str, source: &FormDataset, table: &mut Block) {
        let (mut shared, mut withheld) = (Vec::new(), Vec::new());
        for column in &source.columns {
            let (name, at) = (&column.name, |part: &str| {
                format!("column{}_{part}", column.row)
            });
            let called = Text::new(format!("de kolom `{name}`"), format!("the column `{name}`"));
            if column.role == Some(ColumnRole::Withheld) {
                let why = self.from(
                    format!("{path}.withheld.{name}"),
                    &at("why"),
                    called.clone(),
                );
                if why.is_empty() {
                    self.wrong(
                        &at("why"),
                        FaultCode::Empty,
                        Text::new(
                            format!("van `{name}` is nog niet gezegd waarom u die niet deelt"),
                            format!("nobody said yet why `{name}` is not shared"),
                        ),
                        Text::new(
                            "vul een reden in, bijvoorbeeld: niet nodig voor de vraag",
                            "fill in a reason, such as: not needed for the question",
                        ),
                    );
                }
                withheld.push((name.as_str(), why));
            } else {
                self.from(format!("{path}.columns.{name}"), &at("name"), called);
                shared.push((name.as_str(), column.kind.as_str()));
            }
        }
        let name = Text::new("de kolommen", "the columns");
        let field = format!("dataset{}_name", source.row);
        for part in ["columns", "withheld"] {
            self.places
                .push((format!("{path}.{part}"), field.clone(), name.clone()));
        }
        if !shared.is_empty() {
            table.put("columns", Value::table(shared));
        }
        if !withheld.is_empty() {
            table.put("withheld", Value::table(withheld));
        }
    }
}

fn both(name: &Text) -> Entries {
    let (nl, en) = (name.nl.as_str(), name.en.as_str());
    vec![("nl", nl.into()), ("en", en.into())]
}
