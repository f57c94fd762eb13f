//! The rules of a form as parts of the document: how answers are protected, and the conditions.

use toml_edit::{ArrayOfTables, InlineTable, Item, Table, value};
use zwerm_agreement::text::Text;

use crate::decide::compose::parts::FormParties;
use crate::decide::compose::{Writer, number, put, rows};

impl Writer<'_> {
    pub(super) fn protection(&mut self) {
        let mut table = Table::new();
        self.whole(
            &mut table,
            "protection",
            ("minimum_units", "minimum_units"),
            ("het minste aantal", "the fewest units"),
        );
        let dominance = self.dominance();
        if !dominance.is_empty() {
            table.insert("dominance", value(dominance));
        }
        self.whole(
            &mut table,
            "protection",
            ("p_percent", "p_percent"),
            ("de p%-regel", "the p% rule"),
        );
        self.whole(
            &mut table,
            "protection",
            ("round_to", "round_to"),
            ("het afronden", "the rounding"),
        );
        self.whole(
            &mut table,
            "protection",
            ("max_dimensions", "max_dimensions"),
            ("de kenmerken samen", "the characteristics together"),
        );
        let rhythm = self.from(
            "protection.release_rhythm".to_owned(),
            "release_rhythm",
            Text::new("hoe vaak", "how often"),
        );
        put(&mut table, "release_rhythm", rhythm);
        self.document.insert("protection", Item::Table(table));
    }

    /// The (n, k) rule; empty when neither number is filled in.
    fn dominance(&mut self) -> InlineTable {
        let mut dominance = InlineTable::new();
        for (key, nl, en) in [
            ("largest", "het aantal grootste", "the number of largest"),
            (
                "percent",
                "het deel van de grootste",
                "the share of the largest",
            ),
        ] {
            let path = format!("protection.dominance.{key}");
            let text = self.from(path, key, Text::new(nl, en));
            if let Some(number) = number(&text) {
                dominance.insert(key, number);
            }
        }
        dominance
    }

    /// A number of a table.
    fn whole(
        &mut self,
        table: &mut Table,
        path: &str,
        (key, field): (&str, &str),
        (nl, en): (&str, &str),
    ) {
        let text = self.from(format!("{path}.{key}"), field, Text::new(nl, en));
        if let Some(number) = number(&text) {
            table.insert(key, value(number));
        }
    }

    pub(super) fn conditions(&mut self, parties: &FormParties) {
        let mut tables = ArrayOfTables::new();
        for row in 0..rows("condition", self.get) {
            let at = |part: &str| format!("condition{row}_{part}");
            if self.text(&at("nl")).is_empty() && self.text(&at("en")).is_empty() {
                continue;
            }
            let path = format!("condition[{}]", tables.len());
            let n = row + 1;
            let who = Text::new(
                format!("wie instaat voor voorwaarde {n}"),
                format!("who stands for condition {n}"),
            );
            self.places.push((path.clone(), at("by"), who.clone()));
            let mut table = Table::new();
            if let Some(text) = self.pair(
                &format!("{path}.text"),
                &format!("condition{row}"),
                ("de voorwaarde", "the condition"),
            ) {
                table.insert("text", value(text));
            }
            let by = self.from(format!("{path}.promised_by"), &at("by"), who);
            if by.starts_with("protection.") {
                put(&mut table, "enforced_by", by);
            } else {
                put(&mut table, "promised_by", self.chosen(&at("by"), parties));
            }
            tables.push(table);
        }
        if !tables.is_empty() {
            self.document
                .insert("condition", Item::ArrayOfTables(tables));
        }
    }
}
