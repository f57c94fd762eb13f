//! An agreement as the fields of the form, to be changed in it.
//!
//! What the form has no field for is in none of them; it stays in the document as it is.

use zwerm_agreement::agreement::{Agreement, Dimension, Helix, Measure, Right, View};
use zwerm_agreement::text::Text;

use crate::decide::compose::columns::{ColumnRole, sql_name};

/// Fields of a form, with what is filled in.
pub type FilledFields = Vec<(String, String)>;

/// An agreement as the form has it; `is_known` tells which parties the registry has, which are named without their
/// particulars.
pub fn filled(agreement: &Agreement, is_known: &dyn Fn(&str) -> bool) -> FilledFields {
    let mut form = Form::default();
    form.head(agreement);
    form.parties(agreement, is_known);
    form.data(agreement);
    form.rules(agreement);
    form.0
}

/// Whether the form shows all that may be asked: one shared view, made of columns as they are.
pub fn shows_all(agreement: &Agreement) -> bool {
    let [view] = agreement.view.as_slice() else {
        return false;
    };
    let is_column = |name: &str| {
        let mut all = agreement
            .dataset
            .iter()
            .flat_map(|source| source.columns.keys());
        all.any(|column| sql_name(column) == name)
    };
    let dimensions = view.dimension.iter().map(|d| d.name.as_str());
    let mut names = dimensions.chain(view.measure.iter().map(|m| m.name.as_str()));
    names.all(is_column)
}

#[derive(Default)]
struct Form(FilledFields);

impl Form {
    fn put(&mut self, field: impl Into<String>, value: impl Into<String>) {
        let value = value.into();
        if !value.is_empty() {
            self.0.push((field.into(), value));
        }
    }

    fn pair(&mut self, field: &str, words: &Text) {
        self.put(format!("{field}_nl"), &words.nl);
        if words.en != words.nl {
            self.put(format!("{field}_en"), &words.en);
        }
    }

    fn tick(&mut self, field: impl Into<String>, ticked: bool) {
        self.put(field, if ticked { "yes" } else { "" });
    }

    fn head(&mut self, agreement: &Agreement) {
        self.pair("title", &agreement.title);
        self.put("goal", &agreement.goal);
        self.put("purpose", &agreement.purpose);
        self.put("strategy", agreement.strategy.as_str());
        self.put("phase", agreement.phase.as_str());
        self.put("from", agreement.valid.from.to_string());
        self.put("until", agreement.valid.until.to_string());
        self.put("retention", agreement.retention.months.to_string());
        self.put("answers", agreement.answers.as_str());
        self.pair(
            "about",
            &Text::new(&agreement.about.nl, &agreement.about.en),
        );
    }

    fn parties(&mut self, agreement: &Agreement, is_known: &dyn Fn(&str) -> bool) {
        let mut count = 0;
        for (row, party) in agreement.seats().enumerate() {
            let at = |part: &str| format!("party{row}_{part}");
            if is_known(&party.id) {
                self.put(at("known"), &party.id);
            } else {
                self.put(at("id"), &party.id);
                self.pair(&format!("party{row}"), &party.display_name());
                self.put(at("key"), party.public_key.clone().unwrap_or_default());
            }
            self.put(at("helix"), party.helix.map_or("", Helix::as_str));
            self.tick(at("ask"), party.has(Right::Ask));
            self.tick(at("represents"), party.represents.is_some());
            if let Some(mandate) = &party.mandate {
                self.put(at("mandate_by"), mandate.by.as_str());
                self.put(at("mandate_on"), mandate.on.to_string());
                self.put(at("mandate_evidence"), &mandate.evidence);
            }
            count = row + 1;
        }
        self.put("rows_party", count.to_string());
    }

    fn data(&mut self, agreement: &Agreement) {
        let view = agreement.view.first();
        if let Some(view) = view {
            self.put("unit", &view.unit);
            self.put("view_name", &view.name);
        }
        let mut columns = 0;
        let mut taken: Vec<String> = Vec::new();
        for (row, source) in agreement.dataset.iter().enumerate() {
            let at = |part: &str| format!("dataset{row}_{part}");
            self.put(at("name"), &source.id);
            self.put(at("provider"), seat_of(agreement, &source.provider));
            self.put(at("basis"), &source.legal_basis);
            self.put(at("period"), source.period.clone().unwrap_or_default());
            for (name, kind) in &source.columns {
                let field = format!("column{columns}");
                columns += 1;
                self.put(format!("{field}_of"), row.to_string());
                self.put(format!("{field}_name"), name);
                self.put(format!("{field}_kind"), kind.as_str());
                let role = self.part(view, &field, name, &mut taken);
                self.put(format!("{field}_role"), role.word());
            }
            for (name, why) in &source.withheld {
                let field = format!("column{columns}");
                columns += 1;
                self.put(format!("{field}_of"), row.to_string());
                self.put(format!("{field}_name"), name);
                self.put(format!("{field}_role"), ColumnRole::Withheld.word());
                self.put(format!("{field}_why"), why);
            }
        }
        self.put("rows_dataset", agreement.dataset.len().to_string());
        self.put("rows_column", columns.to_string());
    }

    /// What a column is in the view; of two of one name the first is asked for.
    fn part(
        &mut self,
        view: Option<&View>,
        field: &str,
        column: &str,
        taken: &mut Vec<String>,
    ) -> ColumnRole {
        let name = sql_name(column);
        let Some(view) = view else {
            return ColumnRole::Shared;
        };
        if view.key == name {
            return ColumnRole::Key;
        }
        if taken.contains(&name) {
            return ColumnRole::Shared;
        }
        let dimension = view.dimension.iter().find(|one| one.name == name);
        let measure = view.measure.iter().find(|one| one.name == name);
        let role = match (dimension, measure) {
            (Some(dimension), _) => self.dimension(field, dimension),
            (None, Some(measure)) => self.measure(field, measure),
            (None, None) => return ColumnRole::Shared,
        };
        taken.push(name);
        role
    }

    fn dimension(&mut self, field: &str, dimension: &Dimension) -> ColumnRole {
        if let Some(label) = &dimension.label {
            self.pair(field, label);
        }
        let lines = dimension.values.iter().map(|value| {
            let label = dimension.labels.get(value);
            label.map_or_else(|| value.clone(), |label| format!("{value} = {}", label.nl))
        });
        let lines: Vec<String> = lines.collect();
        self.put(format!("{field}_values"), lines.join("\n"));
        self.tick(format!("{field}_sensitive"), dimension.sensitive);
        self.tick(format!("{field}_several"), !dimension.per_unit);
        ColumnRole::Dimension
    }

    fn measure(&mut self, field: &str, measure: &Measure) -> ColumnRole {
        if let Some(label) = &measure.label {
            self.pair(field, label);
        }
        self.put(format!("{field}_quantity"), &measure.quantity);
        self.put(format!("{field}_lower"), measure.lower.to_string());
        self.put(format!("{field}_upper"), measure.upper.to_string());
        ColumnRole::Measure
    }

    fn rules(&mut self, agreement: &Agreement) {
        let protection = &agreement.protection;
        self.put("minimum_units", protection.minimum_units.to_string());
        self.put("round_to", protection.round_to.to_string());
        self.put("max_dimensions", protection.max_dimensions.to_string());
        if let Some(dominance) = &protection.dominance {
            self.put("largest", dominance.largest.to_string());
            self.put("percent", dominance.percent.to_string());
        }
        if let Some(percent) = protection.p_percent {
            self.put("p_percent", percent.to_string());
        }
        self.put("release_rhythm", protection.release_rhythm.as_str());
        for (row, condition) in agreement.condition.iter().enumerate() {
            self.pair(&format!("condition{row}"), &condition.text);
            let by = match (&condition.enforced_by, &condition.promised_by) {
                (Some(path), _) => path.clone(),
                (None, Some(party)) => seat_of(agreement, party),
                (None, None) => String::new(),
            };
            self.put(format!("condition{row}_by"), by);
        }
        self.put("rows_condition", agreement.condition.len().to_string());
    }
}

/// The row of a party among the seats.
fn seat_of(agreement: &Agreement, party: &str) -> String {
    let place = agreement.seats().position(|seat| seat.id == party);
    place.map(|place| place.to_string()).unwrap_or_default()
}
