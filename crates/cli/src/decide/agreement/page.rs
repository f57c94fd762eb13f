//! An agreement for people to read: `show` in full, `check` in short.

use std::fmt::Write;

use zwerm_agreement::agreement::{
    Agreement, AnswerReaders, Dataset, Helix, Mode, Party, Right, View,
};
use zwerm_agreement::condition;
use zwerm_agreement::consent::{Consent, Decision, latest};
use zwerm_agreement::signature::signed;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::decide::agreement::CheckedAgreement;
use zwerm_app::words::agreement::{decision, event, mandate_by, phase, signature_state, strategy};

use crate::decide::agreement::words;
use crate::share::data::page::assumptions;
use crate::{failure, output};

/// The whole agreement.
pub(crate) fn show(seen: &CheckedAgreement, lang: Lang) -> String {
    let page = AgreementText { seen, lang };
    let mut text = page.head();
    text.push_str(&page.status());
    text.push_str(&page.purpose());
    text.push_str(&page.table());
    text.push_str(&page.own_words());
    text.push_str(&page.conditions());
    text.push_str(&page.datasets());
    text.push_str(&page.views());
    text.push_str(&page.events());
    text
}

/// Whether it is in order and in force, and what the machine makes of it.
pub(crate) fn check(seen: &CheckedAgreement, policies: bool, lang: Lang) -> String {
    let page = AgreementText { seen, lang };
    let mut text = page.head();
    let _ = writeln!(
        text,
        "{}",
        page.say("Het document is in orde.", "The document is in order.")
    );
    for (dataset, state) in &seen.data {
        let _ = writeln!(text, "  {dataset}: {}", words::state(*state).get(lang));
        for read in seen.read.iter().filter(|read| read.dataset == *dataset) {
            text.push_str(&assumptions(&read.assumed, "    ", lang));
            for remark in &read.remarks {
                let (what, cure) = (remark.what.get(lang), remark.cure.get(lang));
                let _ = writeln!(text, "    - {}: {what}; {cure}", remark.place);
            }
        }
    }
    text.push_str(&page.status());
    if let Some(warning) = &seen.warning {
        let _ = writeln!(text, "{}", warning.get(lang));
    }
    text.push_str(&page.losses());
    text.push_str(&page.closed());
    text.push_str(&page.conditions());
    if policies {
        text.push_str(&page.heading("Regels in Cedar", "Policies in Cedar"));
        text.push_str(seen.policies.to_cedar());
    }
    text
}

struct AgreementText<'a> {
    seen: &'a CheckedAgreement,
    lang: Lang,
}

impl<'a> AgreementText<'a> {
    fn agreement(&self) -> &'a Agreement {
        &self.seen.stored.document.agreement
    }

    fn say<'t>(&self, nl: &'t str, en: &'t str) -> &'t str {
        match self.lang {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }

    /// What a second release would cost at the stated rhythm.
    fn losses(&self) -> String {
        let mut text = String::new();
        for (view, loss) in &self.seen.losses {
            if text.is_empty() {
                text = self.heading(
                    "Een tweede uitgave (geschat)",
                    "A second release (estimated)",
                );
            }
            let (cells, first) = (loss.cells, loss.first);
            let share = loss.turnover * 100.0;
            let words = match loss.second {
                Some(second) => Text::new(
                    format!(
                        "van {cells} cellen schermt de eerste uitgave er {first} af, een tweede {second}, als intussen {share}% van de eenheden wisselt"
                    ),
                    format!(
                        "of {cells} cells the first release protects {first}, a second {second}, if {share}% of the units change meanwhile"
                    ),
                ),
                None => Text::new(
                    format!(
                        "van {cells} cellen schermt de eerste uitgave er {first} af; een tweede kan niet, als intussen {share}% van de eenheden wisselt"
                    ),
                    format!(
                        "of {cells} cells the first release protects {first}; a second cannot be built, if {share}% of the units change meanwhile"
                    ),
                ),
            };
            let _ = writeln!(text, "  {view}: {}", words.get(self.lang));
        }
        text
    }

    /// Views of which nothing is estimated, and why.
    fn closed(&self) -> String {
        let mut text = String::new();
        for (view, why) in &self.seen.closed {
            let words = Text::new(
                format!("Over `{view}` is niets geschat:"),
                format!("Nothing was estimated of `{view}`:"),
            );
            let _ = writeln!(text, "{}", words.get(self.lang));
            text.push_str(&failure::refusals(why, self.lang, "  "));
        }
        text
    }

    fn heading(&self, nl: &str, en: &str) -> String {
        format!("\n{}\n", self.say(nl, en))
    }

    fn head(&self) -> String {
        let agreement = self.agreement();
        let (title, id, version) = (
            agreement.title.get(self.lang),
            &agreement.id,
            agreement.version,
        );
        let word = self.say("versie", "version");
        format!(
            "{title}\n{id}, {word} {version}\n{}\n\n",
            self.seen.stored.hash
        )
    }

    fn status(&self) -> String {
        let lacking = &self.seen.lacking;
        let standing = words::standing(lacking, self.seen.today, self.lang);
        let mut text = standing + &failure::refusals(lacking, self.lang, "  ");
        let objects = self.agreement().seats().any(|party| {
            self.latest(party)
                .is_some_and(|consent| consent.decision == Decision::Object)
        });
        if objects {
            text.push_str(self.say(
                "  (Een overwegend bezwaar is geen bezwaar volgens de Algemene wet bestuursrecht.)\n",
                "  (An objection that blocks is not an objection under the Dutch General Administrative Law Act.)\n",
            ));
        }
        text
    }

    fn latest(&self, party: &Party) -> Option<&'a Consent> {
        latest(&self.seen.stored.document.consents, &party.id)
    }

    fn purpose(&self) -> String {
        let agreement = self.agreement();
        let about = match self.lang {
            Lang::Nl => &agreement.about.nl,
            Lang::En => &agreement.about.en,
        };
        let (valid, months) = (&agreement.valid, agreement.retention.months);
        let strategy = strategy(agreement.strategy).get(self.lang).to_owned();
        let phase = phase(agreement.phase).get(self.lang).to_owned();
        let readers = match agreement.answers {
            AnswerReaders::Public => self.say("voor iedereen", "for everyone"),
            AnswerReaders::Parties => self.say("voor de partners", "for the parties"),
        };
        let kept = match self.lang {
            Lang::Nl => format!("{readers}, te lezen tot {months} maanden na de laatste dag"),
            Lang::En => format!("{readers}, to be read until {months} months after the last day"),
        };
        let until = self.say("tot en met", "up to and including");
        let rows = [
            (self.say("opgave", "goal"), agreement.goal.clone()),
            (self.say("doel", "purpose"), agreement.purpose.clone()),
            (self.say("gaat over", "about"), about.clone()),
            (
                self.say("strategie", "strategy"),
                format!("{strategy}; {phase}"),
            ),
            (
                self.say("geldig", "valid"),
                format!("{} {until} {}", valid.from, valid.until),
            ),
            (self.say("antwoorden", "answers"), kept),
        ];
        let rows = rows.map(|(name, value)| vec![format!("  {name}"), value]);
        self.heading("Waarvoor", "What for") + &output::columns(&rows)
    }

    fn table(&self) -> String {
        let mut text = self.heading("Aan tafel", "At the table");
        for helix in Helix::ALL {
            let _ = writeln!(text, "  {}", helix.name().get(self.lang));
            let mut seats = self
                .agreement()
                .seats()
                .filter(|p| p.helix == Some(*helix))
                .peekable();
            if seats.peek().is_none() {
                let _ = writeln!(text, "    {}", self.say("(niemand)", "(nobody)"));
            }
            for party in seats {
                text.push_str(&self.party(party));
            }
        }
        let suppliers = self.agreement().party.iter().filter(|p| p.role.is_some());
        for party in suppliers {
            let (name, whom) = (party.display_name(), party.for_.as_deref().unwrap_or("?"));
            let works = self.say("werkt voor", "works for");
            let _ = writeln!(
                text,
                "  {} `{}` {works} `{whom}`",
                name.get(self.lang),
                party.id
            );
        }
        text
    }

    fn party(&self, party: &Party) -> String {
        let mut text = format!("    {} `{}`", party.display_name().get(self.lang), party.id);
        let rights = [
            (Right::Provide, self.say("levert gegevens", "provides data")),
            (
                Right::Ask,
                self.say("mag vragen stellen", "may ask questions"),
            ),
        ];
        for (right, words) in rights {
            if party.has(right) {
                let _ = write!(text, ", {words}");
            }
        }
        text.push('\n');
        if let Some(people) = &party.represents {
            let _ = write!(
                text,
                "      {} {people}",
                self.say("vertegenwoordigt", "represents")
            );
            if let Some(mandate) = &party.mandate {
                let by = mandate_by(mandate.by);
                let by = by.get(self.lang);
                let _ = write!(text, " ({by}, {}: {})", mandate.on, mandate.evidence);
            }
            text.push('\n');
        }
        text.push_str(&self.consent(party));
        text
    }

    fn consent(&self, party: &Party) -> String {
        let Some(consent) = self.latest(party) else {
            let silent = self.say("heeft nog niets besloten", "has not decided yet");
            return format!("      {silent}\n");
        };
        let decision = decision(consent.decision);
        let decision = decision.get(self.lang);
        let day = self
            .seen
            .stored
            .counting
            .zone
            .to_datetime(consent.at)
            .date();
        let signature = consent.signature.as_deref();
        let stored = &self.seen.stored;
        let signed = signed(self.agreement(), &consent.statement(stored.hash), signature);
        let signed = signature_state(signed);
        let signed = signed.get(self.lang);
        let mut text = format!("      {decision} ({day}, {signed})");
        if let Some(reason) = &consent.reason {
            let _ = write!(text, ": {reason}");
        }
        text.push('\n');
        if let Some(lifts) = &consent.lifts {
            let helps = self.say("wat helpt", "what helps");
            let _ = writeln!(text, "      {helps}: {lifts}");
        }
        text
    }

    fn own_words(&self) -> String {
        let agreement = self.agreement();
        let enforced = agreement.condition.iter().filter_map(|condition| {
            let path = condition.enforced_by.as_deref()?;
            Some(format!("  - {} ({path})\n", condition.text.get(self.lang)))
        });
        let enforced: String = enforced.collect();
        if enforced.is_empty() {
            return enforced;
        }
        self.heading(
            "Voorwaarden in de woorden van de partners, die de machine bewaakt",
            "Conditions in the parties' words, which the machine enforces",
        ) + &enforced
    }

    fn conditions(&self) -> String {
        let mut text = self.heading("De machine bewaakt", "The machine enforces");
        for condition in condition::enforced(self.agreement()) {
            let (words, path) = (condition.words.get(self.lang), &condition.path);
            let _ = write!(text, "  - {words} ({path}");
            if let Some(owner) = &condition.owner {
                let _ = write!(text, "; {} {owner}", self.say("van", "of"));
            }
            text.push_str(")\n");
        }
        text.push_str(&self.heading(
            "Partners beloven; de machine kan dit niet bewaken",
            "Parties promise; the machine cannot enforce this",
        ));
        let promised = condition::promised(self.agreement());
        if promised.is_empty() {
            let _ = writeln!(text, "  {}", self.say("(niets)", "(nothing)"));
        }
        for promise in promised {
            let (words, promises) = (
                promise.words.get(self.lang),
                self.say("belooft", "promises"),
            );
            let _ = writeln!(text, "  - `{}` {promises}: {words}", promise.owner);
        }
        text
    }

    fn datasets(&self) -> String {
        let mut text = self.heading("Gegevensbronnen", "Datasets");
        for dataset in &self.agreement().dataset {
            text.push_str(&self.dataset(dataset));
        }
        text
    }

    fn dataset(&self, dataset: &Dataset) -> String {
        let (of, basis) = (self.say("van", "of"), self.say("grondslag", "legal basis"));
        let mut text = format!(
            "  {}, {of} {}; {basis}: {}",
            dataset.id, dataset.provider, dataset.legal_basis
        );
        if let Some(period) = &dataset.period {
            let _ = write!(text, "; {} {period}", self.say("periode", "period"));
        }
        text.push('\n');
        let columns: Vec<_> = dataset.columns.keys().map(String::as_str).collect();
        let shared = self.say("gedeeld", "shared");
        let _ = writeln!(text, "    {shared}: {}", columns.join(", "));
        for (column, why) in &dataset.withheld {
            let withheld = self.say("niet gedeeld", "not shared");
            let _ = writeln!(text, "    {withheld}: {column} ({why})");
        }
        let state = self.seen.data.iter().find(|(id, _)| *id == dataset.id);
        if let Some((_, state)) = state {
            let _ = writeln!(text, "    {}", words::state(*state).get(self.lang));
        }
        text
    }

    fn views(&self) -> String {
        let mut text = self.heading("Gezamenlijke basis", "Shared views");
        for view in &self.agreement().view {
            text.push_str(&self.view(view));
        }
        text
    }

    fn view(&self, view: &View) -> String {
        let label = |label: &Option<Text>, name: &str| match label {
            Some(label) => format!("{name} ({})", label.get(self.lang)),
            None => name.to_owned(),
        };
        let (per, mode) = (
            self.say("per", "per"),
            match view.mode {
                Mode::Table => self.say("beschermde tabellen", "protected tables"),
                Mode::Noisy => self.say("antwoorden met ruis", "noisy answers"),
            },
        );
        let mut text = format!(
            "  {}: {per} {}; {mode}\n",
            label(&view.label, &view.name),
            view.unit
        );
        for dimension in &view.dimension {
            let name = label(&dimension.label, &dimension.name);
            let (kind, values) = (
                self.say("kenmerk", "dimension"),
                self.say("waarden", "values"),
            );
            let _ = write!(
                text,
                "    {kind} {name}: {} {values}",
                dimension.values.len()
            );
            if dimension.sensitive {
                let _ = write!(text, ", {}", self.say("gevoelig", "sensitive"));
            }
            text.push('\n');
        }
        for measure in &view.measure {
            let name = label(&measure.label, &measure.name);
            let (kind, to) = (self.say("meetwaarde", "measure"), self.say("tot", "to"));
            let (lower, upper, quantity) = (measure.lower, measure.upper, &measure.quantity);
            let _ = writeln!(text, "    {kind} {name}: {lower} {to} {upper} {quantity}");
        }
        text
    }

    fn events(&self) -> String {
        let events = &self.seen.stored.events;
        if events.is_empty() {
            return String::new();
        }
        let mut text = self.heading("Wat er gebeurde", "What happened");
        for entry in events {
            let day = self.seen.stored.counting.zone.to_datetime(entry.at).date();
            let _ = writeln!(text, "  {day}  {}", event(entry).get(self.lang));
        }
        text
    }
}
