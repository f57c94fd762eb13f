//! The rules of a form as parts of the document: how answers are protected, and the conditions.

use zwerm_agreement::document::Block;
use zwerm_agreement::text::Text;

use crate::decide::compose::parts::FormParties;
use crate::decide::compose::{Entries, Writer, number, put, put_entries};

impl Writer<'_> {
    pub(super) fn protection(&mut self) {
        let mut table = Block::default();
        self.whole(
            &mut table,
            "protection",
            ("minimum_units", "minimum_units"),
            ("het minste aantal", "the fewest units"),
        );
        let dominance = self.dominance();
        put_entries(&mut table, "dominance", dominance);
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
        self.document.table("protection", table);
    }

    /// The (n, k) rule; empty when neither number is filled in.
    fn dominance(&mut self) -> Entries {
        let mut dominance = Entries::new();
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
                dominance.push((key, number));
            }
        }
        dominance
    }

    /// A number of a table.
    fn whole(
        &mut self,
        table: &mut Block,
        path: &str,
        (key, field): (&str, &str),
        (nl, en): (&str, &str),
    ) {
        let text = self.from(format!("{path}.{key}"), field, Text::new(nl, en));
        table.maybe(key, number(&text));
    }

    pub(super) fn conditions(&mut self, parties: &FormParties) {
        for row in self.rows_of("condition") {
            let at = |part: &str| format!("condition{row}_{part}");
            if self.text(&at("nl")).is_empty() && self.text(&at("en")).is_empty() {
                continue;
            }
            let path = format!("condition[{}]", self.next("condition", row));
            let n = row + 1;
            let who = Text::new(
                format!("wie instaat voor voorwaarde {n}"),
                format!("who stands for condition {n}"),
            );
            self.places.push((path.clone(), at("by"), who.clone()));
            let mut table = Block::default();
            let text = self.pair(
                &format!("{path}.text"),
                &format!("condition{row}"),
                ("de voorwaarde", "the condition"),
            );
            put_entries(&mut table, "text", text);
            let by = self.from(format!("{path}.promised_by"), &at("by"), who);
            // what is written in a form is a promise; what the computer keeps is told from the settings
            if self.is_there && !by.is_empty() && by.parse::<usize>().is_err() {
                put(&mut table, "enforced_by", by);
            } else {
                put(&mut table, "promised_by", self.chosen(&at("by"), parties));
            }
            self.document.item("condition", table);
        }
    }
}
