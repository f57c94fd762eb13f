//! What is written in the form of a proposal, and how it is shown.

use std::collections::BTreeSet;

use axum::response::Response;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::condition::changes::{ChangedCondition, changes};
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend;
use zwerm_app::decide::compose::changed::{ChangedVersion, changed, filled, shows_all};
use zwerm_app::decide::compose::{Composed, DEFAULTS, ROWS, STEPS, compose, step_of};
use zwerm_app::decide::objections;
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::people::{drafts, parties};
use zwerm_app::site::overview::{Dossier, Version};
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::parties::RegisteredParty;

use crate::Web;
use crate::decide::agreement::in_words;
use crate::decide::compose::choices::{Choices, choose, chosen_of, seats, stepped, steps};
use crate::decide::compose::page::{AnsweredObjection, ComposePage, kept_in_rows, numbered};
use crate::decide::propose::{WrittenProject, latest, proposers, proposers_at_table, written};
use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::visit::Visit;
use crate::marks::PartyMark;
use crate::page::Page;
use crate::render::{Beside, draft, in_form, render};

const NEW: &str = "/projects/new";
/// What the page of the document shows itself.
const OF_DOCUMENT: [&str; 12] = [
    "party",
    "summary",
    "questions",
    "benefit",
    "harm",
    "falls_out",
    "goal_title_nl",
    "goal_title_en",
    "document",
    "days",
    "how",
    "what",
];
/// The field that says which version was changed.
const BASE: &str = "base";
/// The step in which all of it is looked at.
pub(super) const CHECK: usize = STEPS;

/// What is written: a project that is new, or the next version of one.
pub(super) struct Desk<'a> {
    pub(super) web: &'a Web,
    pub(super) visit: &'a Visit,
    /// The path of the form, which is also the name of its draft.
    pub(super) path: String,
    pub(super) of: Option<(Dossier, Version)>,
    pub(super) known: Vec<RegisteredParty>,
    /// For whom somebody may propose.
    pub(super) mine: Choices,
}

/// What the form writes.
pub(super) enum Written {
    Project(Box<Composed>),
    Version(Box<ChangedVersion>),
}

impl Written {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Project(composed) => &composed.text,
            Self::Version(changed) => &changed.text,
        }
    }

    pub(super) fn check(&self) -> Result<(), AppError> {
        match self {
            Self::Project(composed) => composed.check(),
            Self::Version(changed) => changed.check(),
        }
    }

    pub(super) fn told(&self, error: AppError) -> AppError {
        match self {
            Self::Project(composed) => composed.told(error),
            Self::Version(changed) => changed.told(error),
        }
    }
}

impl<'a> Desk<'a> {
    pub(super) async fn of_project(web: &'a Web, visit: &'a Visit) -> Result<Self, Failure> {
        let mine = proposers(visit)?;
        let known = parties::all(&web.site).await?;
        let named = mine.iter().map(|id| {
            let party = known.iter().find(|party| party.id == *id);
            let name = party.map_or_else(|| Text::same(id), |party| party.name.clone());
            (id.clone(), name)
        });
        Ok(Self {
            mine: named.collect(),
            path: NEW.to_owned(),
            of: None,
            known,
            web,
            visit,
        })
    }

    pub(super) async fn of_version(
        web: &'a Web,
        visit: &'a Visit,
        id: &str,
    ) -> Result<Self, Failure> {
        let (dossier, version) = latest(web, id).await?;
        Ok(Self {
            mine: proposers_at_table(visit, &dossier)?,
            path: format!("/projects/{id}/amend"),
            known: parties::all(&web.site).await?,
            of: Some((dossier, version)),
            web,
            visit,
        })
    }

    /// The form as far as somebody filled it in, or as it begins.
    pub(super) async fn begun(&self) -> Result<FormFields, Failure> {
        let mut fields = draft(self.web, self.visit, &self.path).await?;
        if fields.has("rows_party") {
            self.rebase(&mut fields);
            return Ok(fields);
        }
        let first = match &self.of {
            None => self.first(&goal::all(&self.web.site).await?),
            Some((_, version)) => self.filled(version),
        };
        for (name, value) in first {
            if !fields.has(&name) {
                fields.set(&name, value);
            }
        }
        Ok(fields)
    }

    /// A version as the form has it, with its number.
    pub(super) fn filled(&self, version: &Version) -> Vec<(String, String)> {
        let agreement = version.agreement();
        let is_known = |id: &str| self.known.iter().any(|party| party.id == id);
        let mut fields = filled(agreement, &is_known);
        fields.push((BASE.to_owned(), agreement.version.to_string()));
        fields
    }

    /// Puts what was changed of an older version on the newest; whether there was one meanwhile.
    pub(super) fn rebase(&self, fields: &mut FormFields) -> bool {
        let Some((dossier, latest)) = &self.of else {
            return false;
        };
        let number = fields.get(BASE).parse().ok();
        let before = number.and_then(|number| dossier.version(number));
        let Some(before) = before.filter(|before| before.name() != latest.name()) else {
            return false;
        };
        let was = FormFields::from(self.filled(before));
        let mut now = FormFields::from(self.filled(latest));
        let mut names: BTreeSet<String> = was.by_name().into_keys().collect();
        names.extend(fields.by_name().into_keys());
        for name in names.into_iter().filter(|name| name != BASE) {
            if fields.get(&name) != was.get(&name) {
                now.set(&name, fields.get(&name).to_owned());
            }
        }
        *fields = now;
        true
    }

    /// What the form for a new project begins with: the partners that are here, one's own first.
    pub(super) fn first(&self, goals: &[Goal]) -> Vec<(String, String)> {
        let site = &self.web.site;
        let today = site.clock.today();
        let until = today.saturating_add(jiff::Span::new().years(1));
        let mut first: Vec<(String, String)> = DEFAULTS
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let mut add = |name: &str, value: &str| first.push((name.to_owned(), value.to_owned()));
        add("from", &today.to_string());
        add("until", &until.to_string());
        if let [only] = goals {
            add("goal", &only.id);
        }
        let own = self.mine.first().map_or("", |(id, _)| id.as_str());
        let mut known: Vec<&RegisteredParty> = self.known.iter().collect();
        known.sort_by_key(|party| (party.id != own, party.helix));
        let most = ROWS.iter().find(|(kind, ..)| *kind == "party");
        if known.len() > most.map_or(0, |(_, _, most)| most / 2) {
            // who of so many belongs at the table is for people to say
            known.retain(|party| party.id == own);
        }
        let mut sides: Vec<Option<Helix>> = known.iter().map(|party| party.helix).collect();
        for side in Helix::ALL {
            if !sides.contains(&Some(*side)) {
                sides.push(Some(*side));
            }
        }
        for (row, side) in sides.iter().enumerate() {
            let at = |part: &str| format!("party{row}_{part}");
            add(&at("helix"), side.map_or("", Helix::as_str));
            add(&at("ask"), "yes");
            if let Some(party) = known.get(row) {
                add(&at("known"), &party.id);
            }
            if *side == Some(Helix::Residents) {
                add(&at("represents"), "yes");
            }
        }
        add("rows_party", &sides.len().to_string());
        first
    }

    /// Whether the document itself is written.
    pub(super) fn by_document(&self, fields: &FormFields) -> bool {
        match fields.get("how") {
            "document" => true,
            "form" => false,
            _ => fields.text("document").is_some(),
        }
    }

    pub(super) fn written(&self, fields: &FormFields) -> Result<Written, AppError> {
        let get = |name: &str| fields.get(name).to_owned();
        let today = self.web.site.clock.today();
        Ok(match &self.of {
            None => Written::Project(Box::new(compose(&get, &self.known, today))),
            Some((_, version)) => {
                Written::Version(Box::new(changed(version, &get, &self.known, today)?))
            }
        })
    }

    pub(super) fn title(&self) -> Text {
        match self.of {
            None => Text::new("Stel een project voor", "Propose a project"),
            Some(_) => Text::new("Stel een nieuwe versie voor", "Propose a new version"),
        }
    }

    pub(super) async fn page(
        &self,
        fields: FormFields,
        wrong: Option<AppError>,
    ) -> Result<Response, Failure> {
        if self.by_document(&fields) {
            return self.document_page(fields, wrong).await;
        }
        let step = step_in(&fields);
        let written = self.written(&fields)?;
        // what is still to be done is told where all of it is looked at
        let checked = match wrong {
            None if step == CHECK => written.check().err(),
            wrong => wrong,
        };
        let preview = match (&checked, step) {
            (None, CHECK) => Some(self.preview(&written)?),
            _ => None,
        };
        let (previewed, changes) = preview.unzip();
        let words = previewed.as_ref().map(in_words);
        let beside = Beside::of(checked.as_ref());
        let (told, reasons) = checked.map(in_form).transpose()?.unwrap_or_default();
        let named = |party: &RegisteredParty| (party.id.clone(), party.name.clone());
        let another = Text::new("een andere partner", "another party");
        let of_step = |name: &str| step_of(name) == Some(step) || name == "how" || name == "step";
        let mut hidden = fields.to_keep();
        hidden.retain(|(name, value)| !of_step(name) && name != "what" && !value.is_empty());
        hidden.extend(kept_in_rows(&fields, step));
        let agreement = self.of.as_ref().map(|(_, version)| version.agreement());
        let mut page = Page::new(self.web, self.visit, &stepped(step));
        if let Some(version) = &previewed {
            page = page.about(version.agreement());
        }
        let seats = seats(&fields, &self.known);
        render(&ComposePage {
            page: match &self.of {
                None => page.under("/projects", &Text::new("Projecten", "Projects")),
                Some((dossier, version)) => page.under(
                    format!("/projects/{}", dossier.id),
                    &version.agreement().title,
                ),
            },
            action: self.path.clone(),
            project: agreement.map(|agreement| agreement.title.clone()),
            objections: self.objections(),
            steps: steps(),
            parties: self.mine.clone(),
            goals: self.goals().await?,
            sides: self
                .known
                .iter()
                .map(|party| (party.id.clone(), party.helix))
                .collect(),
            known: [(String::new(), another)]
                .into_iter()
                .chain(self.known.iter().map(named))
                .collect(),
            condition_rows: numbered("condition", &fields),
            promisers: chosen_of(&seats, "kies wie dit belooft", "choose who promises this"),
            providers: chosen_of(&seats, "kies een partner", "choose a party"),
            party_rows: numbered("party", &fields),
            dataset_rows: numbered("dataset", &fields),
            choose: choose(),
            hidden,
            text: written.text().to_owned(),
            words,
            changes: changes.unwrap_or_default(),
            more_in_document: agreement.is_some_and(|agreement| !shows_all(agreement)),
            own_document: fields.text("document").is_some(),
            days: self.days(&fields),
            table: crate::marks::open_table(150),
            kept_at: match self.visit.person() {
                Some(person) => drafts::kept_at(&self.web.site, person, &self.path).await?,
                None => None,
            },
            step,
            fields,
            beside,
            told,
            reasons,
        })
    }

    pub(super) fn days(&self, fields: &FormFields) -> i64 {
        fields
            .get("days")
            .parse()
            .unwrap_or(self.web.config.round_days)
    }

    pub(super) async fn goals(&self) -> Result<Choices, AppError> {
        let goals = goal::all(&self.web.site).await?.into_iter();
        let new = (String::new(), Text::new("een nieuwe opgave", "a new goal"));
        Ok(goals
            .map(|goal| (goal.id, goal.title))
            .chain([new])
            .collect())
    }

    pub(super) fn objections(&self) -> Vec<AnsweredObjection> {
        let Some((_, version)) = &self.of else {
            return Vec::new();
        };
        let all = objections::of(version).into_iter();
        all.map(|objection| AnsweredObjection {
            party: PartyMark::of(version.agreement(), &objection.party),
            field: format!("answer_{}", objection.party),
            objection,
        })
        .collect()
    }

    /// The version as it would be, and what it says differently.
    pub(super) fn preview(
        &self,
        written: &Written,
    ) -> Result<(Version, Vec<ChangedCondition>), AppError> {
        let version = amend::proposed(written.text())?;
        let changed = self
            .of
            .as_ref()
            .map(|(_, before)| changes(before.agreement(), version.agreement()));
        Ok((version, changed.unwrap_or_default()))
    }

    pub(super) async fn document_page(
        &self,
        mut fields: FormFields,
        wrong: Option<AppError>,
    ) -> Result<Response, Failure> {
        let mut hidden = fields.to_keep();
        hidden.retain(|(name, _)| !OF_DOCUMENT.contains(&name.as_str()));
        if fields.text("document").is_none() && self.of.is_some() {
            let text = self.written(&fields)?.text().to_owned();
            fields.set("document", text);
        }
        let goals = match self.of {
            None => goal::all(&self.web.site).await?,
            Some(_) => Vec::new(),
        };
        let of = WrittenProject {
            action: self.path.clone(),
            project: self.of.as_ref().map(|(dossier, version)| {
                let agreement = version.agreement();
                (
                    dossier.id.clone(),
                    agreement.title.clone(),
                    agreement.version + 1,
                )
            }),
            parties: self.mine.clone(),
            goals: goals
                .into_iter()
                .map(|goal| (goal.id, goal.title))
                .collect(),
            days: self.days(&fields),
            hidden,
            fields,
        };
        let frame = Page::new(self.web, self.visit, &self.title());
        written(frame, of, wrong)
    }
}

/// The step that a form is at.
pub(super) fn step_in(fields: &FormFields) -> usize {
    let step = fields.get("step").parse().unwrap_or(1);
    usize::clamp(step, 1, STEPS)
}
