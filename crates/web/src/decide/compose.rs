//! Proposing a project or a new version of one, by a form in six steps whose answers are written into the document, or by
//! the document itself. What was filled in is kept at every step.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use zwerm_agreement::agreement::{
    AnswerReaders, ColumnType, Helix, MandateBy, Phase, Rhythm, Strategy,
};
use zwerm_agreement::condition::changes::{ChangedCondition, changes};
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode, Place};
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend;
use zwerm_app::decide::compose::changed::{ChangedVersion, changed, filled, shows_all};
use zwerm_app::decide::compose::from_file::suggest;
use zwerm_app::decide::compose::{
    Composed, DEFAULTS, ROWS, STEPS, compose, is_gone, rows, step_of,
};
use zwerm_app::decide::objections::{self, Objection};
use zwerm_app::decide::propose::{self, Proposal};
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::people::{drafts, parties};
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::overview::{Dossier, Version};
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::words::agreement::{phase, strategy};

use crate::Web;
use crate::decide::agreement::{AgreementWords, in_words};
use crate::decide::propose::{
    WrittenProject, latest, proposal, proposers, proposers_at_table, to_version, written,
};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, SignedForm};
use crate::http::upload::WithProposal;
use crate::http::visit::Visit;
use crate::marks::{Markup, PartyMark};
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, forward, go, in_form, keep_draft, render};

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
const CHECK: usize = STEPS;

type Choices = Vec<(String, Text)>;

#[derive(Template)]
#[template(path = "decide/compose.html")]
struct ComposePage {
    page: Page,
    action: String,
    /// The project that a version is added to; none for a new one.
    project: Option<Text>,
    /// What somebody objects to it as it is.
    objections: Vec<AnsweredObjection>,
    step: usize,
    steps: Vec<StepWords>,
    parties: Choices,
    goals: Choices,
    /// Parties that may be named without their particulars.
    known: Choices,
    /// The parties of this form, by their rows, who may provide a dataset.
    providers: Choices,
    party_rows: Vec<FormRow>,
    dataset_rows: Vec<FormRow>,
    /// Each with who may stand for it.
    condition_rows: Vec<(FormRow, Choices)>,
    choose: ComposeLists,
    /// What other steps ask for.
    hidden: Vec<(String, String)>,
    /// The document that the form writes.
    text: String,
    /// The same in words, once it is complete, and what it changes.
    words: Option<AgreementWords>,
    changes: Vec<ChangedCondition>,
    /// Whether the document has parts that the form does not show.
    more_in_document: bool,
    own_document: bool,
    days: i64,
    table: Markup,
    kept_at: Option<jiff::Timestamp>,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// An objection, and the field in which it is answered.
struct AnsweredObjection {
    party: PartyMark,
    field: String,
    objection: Objection,
}

/// A step of the form.
struct StepWords {
    number: usize,
    words: Text,
}

/// The closed lists to choose from.
struct ComposeLists {
    strategies: Choices,
    phases: Choices,
    answers: Choices,
    sides: Choices,
    mandates: Choices,
    rhythms: Choices,
    kinds: Choices,
}

/// A row of the form.
struct FormRow {
    kind: &'static str,
    row: usize,
    /// As people count those that are there.
    number: usize,
}

impl FormRow {
    /// The name of a field in it.
    fn at(&self, part: &str) -> String {
        format!("{}{}_{part}", self.kind, self.row)
    }
}

impl ComposePage {
    fn is(&self, step: usize) -> bool {
        self.step == step
    }

    /// Where a field is asked for: on this page, or in another step.
    fn place_of(&self, field: &str) -> String {
        match step_of(field) {
            Some(step) if step != self.step => {
                format!("{}?step={step}#{field}", self.page.link(&self.action))
            }
            _ => format!("#{field}"),
        }
    }

    /// The columns of a dataset.
    fn columns(&self, dataset: &FormRow) -> Vec<FormRow> {
        let all = numbered("column", &self.fields).into_iter();
        let of = all.filter(|row| {
            let of = self.fields.get(&row.at("of"));
            of.parse().unwrap_or(0) == dataset.row
        });
        of.collect()
    }

    /// A value that several fields of the form may have.
    fn has(&self, field: String, value: &str) -> bool {
        self.fields.get(&field) == value
    }

    /// The side of a registered party.
    fn filled(&self, field: impl AsRef<str>) -> bool {
        !self.fields.get(field.as_ref()).is_empty()
    }
}

/// Who may stand for a condition: a party, or the computer where that is said of it already.
fn stands(fields: &FormFields, row: &FormRow, seats: &Choices) -> Choices {
    let by = fields.get(&row.at("by")).to_owned();
    let none = Text::new("kies wie dit belooft", "choose who promises this");
    let mut all = vec![(String::new(), none)];
    all.extend(seats.iter().cloned());
    if !by.is_empty() && by.parse::<usize>().is_err() {
        let computer = Text::new(
            "zo zeggen de partners wat de computer bewaakt",
            "how the parties put what the computer enforces",
        );
        all.push((by, computer));
    }
    all
}

/// In which way, and where in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ComposeQuery {
    how: String,
    step: String,
}

/// What is written: a project that is new, or the next version of one.
struct Desk<'a> {
    web: &'a Web,
    visit: &'a Visit,
    /// The path of the form, which is also the name of its draft.
    path: String,
    of: Option<(Dossier, Version)>,
    known: Vec<RegisteredParty>,
    /// For whom somebody may propose.
    mine: Choices,
}

/// What the form writes.
enum Written {
    Project(Box<Composed>),
    Version(Box<ChangedVersion>),
}

impl Written {
    fn text(&self) -> &str {
        match self {
            Self::Project(composed) => &composed.text,
            Self::Version(changed) => &changed.text,
        }
    }

    fn check(&self) -> Result<(), AppError> {
        match self {
            Self::Project(composed) => composed.check(),
            Self::Version(changed) => changed.check(),
        }
    }

    fn told(&self, error: AppError) -> AppError {
        match self {
            Self::Project(composed) => composed.told(error),
            Self::Version(changed) => changed.told(error),
        }
    }
}

impl<'a> Desk<'a> {
    async fn of_project(web: &'a Web, visit: &'a Visit) -> Result<Self, Failure> {
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

    async fn of_version(web: &'a Web, visit: &'a Visit, id: &str) -> Result<Self, Failure> {
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
    async fn begun(&self) -> Result<FormFields, Failure> {
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
    fn filled(&self, version: &Version) -> Vec<(String, String)> {
        let agreement = version.agreement();
        let is_known = |id: &str| self.known.iter().any(|party| party.id == id);
        let mut fields = filled(agreement, &is_known);
        fields.push((BASE.to_owned(), agreement.version.to_string()));
        fields
    }

    /// Puts what was changed of an older version on the newest; whether there was one meanwhile.
    fn rebase(&self, fields: &mut FormFields) -> bool {
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
    fn first(&self, goals: &[Goal]) -> Vec<(String, String)> {
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
        known.truncate(most.map_or(0, |(_, _, most)| most / 2));
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
    fn by_document(&self, fields: &FormFields) -> bool {
        match fields.get("how") {
            "document" => true,
            "form" => false,
            _ => fields.text("document").is_some(),
        }
    }

    fn written(&self, fields: &FormFields) -> Result<Written, AppError> {
        let get = |name: &str| fields.get(name).to_owned();
        let today = self.web.site.clock.today();
        Ok(match &self.of {
            None => Written::Project(Box::new(compose(&get, &self.known, today))),
            Some((_, version)) => {
                Written::Version(Box::new(changed(version, &get, &self.known, today)?))
            }
        })
    }

    fn title(&self) -> Text {
        match self.of {
            None => Text::new("Stel een project voor", "Propose a project"),
            Some(_) => Text::new("Stel een nieuwe versie voor", "Propose a new version"),
        }
    }

    async fn page(&self, fields: FormFields, wrong: Option<AppError>) -> Result<Response, Failure> {
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
        let (words, changes) = preview.unzip();
        let beside = Beside::of(checked.as_ref());
        let (told, reasons) = checked.map(in_form).transpose()?.unwrap_or_default();
        let named = |party: &RegisteredParty| (party.id.clone(), party.name.clone());
        let another = Text::new("een andere partner", "another party");
        let of_step = |name: &str| step_of(name) == Some(step) || name == "how" || name == "step";
        let mut hidden = fields.to_keep();
        hidden.retain(|(name, value)| !of_step(name) && name != "what" && !value.is_empty());
        hidden.extend(kept_in_rows(&fields, step));
        let agreement = self.of.as_ref().map(|(_, version)| version.agreement());
        let page = Page::new(self.web, self.visit, &stepped(step));
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
            known: [(String::new(), another)]
                .into_iter()
                .chain(self.known.iter().map(named))
                .collect(),
            condition_rows: numbered("condition", &fields)
                .into_iter()
                .map(|row| {
                    let stands = stands(&fields, &row, &seats);
                    (row, stands)
                })
                .collect(),
            providers: [(
                String::new(),
                Text::new("kies een partner", "choose a party"),
            )]
            .into_iter()
            .chain(seats)
            .collect(),
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

    fn days(&self, fields: &FormFields) -> i64 {
        fields
            .get("days")
            .parse()
            .unwrap_or(self.web.config.round_days)
    }

    async fn goals(&self) -> Result<Choices, AppError> {
        let goals = goal::all(&self.web.site).await?.into_iter();
        let new = (String::new(), Text::new("een nieuwe opgave", "a new goal"));
        Ok(goals
            .map(|goal| (goal.id, goal.title))
            .chain([new])
            .collect())
    }

    fn objections(&self) -> Vec<AnsweredObjection> {
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

    /// The document in words, and what it says differently.
    fn preview(
        &self,
        written: &Written,
    ) -> Result<(AgreementWords, Vec<ChangedCondition>), AppError> {
        let version = amend::proposed(written.text())?;
        let changed = self
            .of
            .as_ref()
            .map(|(_, before)| changes(before.agreement(), version.agreement()));
        Ok((in_words(&version), changed.unwrap_or_default()))
    }

    async fn document_page(
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

    /// To a step of the form, which was kept.
    fn to_step(&self, step: usize, anchor: &str) -> Response {
        let to = format!("{}?step={step}{anchor}", self.visit.link(&self.path));
        Redirect::to(&to).into_response()
    }

    async fn shown(&self, wanted: ComposeQuery) -> Result<Response, Failure> {
        let mut fields = self.begun().await?;
        if !wanted.how.is_empty() {
            fields.set("how", wanted.how);
        } else if !wanted.step.is_empty() {
            fields.set("how", "form".to_owned());
        }
        if !wanted.step.is_empty() {
            fields.set("step", wanted.step);
        }
        self.page(fields, None).await
    }

    /// Goes on, keeps, proposes, or changes the form itself.
    async fn sent(&self, mut fields: FormFields) -> Result<Response, Failure> {
        let signed = self.visit.require_person()?;
        let what = fields.get("what").to_owned();
        let is_behind = self.rebase(&mut fields);
        let step = step_in(&fields);
        let anchor = self.reshape(&mut fields, &what)?;
        let next = match what.as_str() {
            "next" => Some(step + 1),
            other => other.strip_prefix("step-").and_then(|to| to.parse().ok()),
        };
        keep_draft(self.web, self.visit, &self.path, &fields).await?;
        if what == "autosave" {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        if let Some(anchor) = anchor {
            // what was filled in is in the draft, and the new row in sight
            return Ok(match self.by_document(&fields) {
                true => forward(self.visit, &self.path),
                false => self.to_step(step, &anchor),
            });
        }
        if what == "keep" {
            return Ok(go(self.visit, &self.path, Done::Kept));
        }
        let written = match self.by_document(&fields) {
            true => None,
            false => Some(self.written(&fields)?),
        };
        if let (Some(next), Some(written)) = (next, &written) {
            // one goes on when this step is right, and back or elsewhere at any time
            let wrong = written.check().err().and_then(|error| of_step(error, step));
            if let Some(wrong) = wrong.filter(|_| what == "next") {
                return self.page(fields, Some(wrong)).await;
            }
            let next = next.clamp(1, STEPS);
            fields.set("step", next.to_string());
            keep_draft(self.web, self.visit, &self.path, &fields).await?;
            return Ok(self.to_step(next, ""));
        }
        if is_behind && written.is_some() {
            fields.set("step", CHECK.to_string());
            return self.page(fields, Some(newer_version())).await;
        }
        self.propose(signed, fields, written).await
    }

    async fn propose(
        &self,
        signed: &zwerm_app::people::accounts::SignedIn,
        fields: FormFields,
        written: Option<Written>,
    ) -> Result<Response, Failure> {
        if let Some(Err(error)) = written.as_ref().map(Written::check) {
            return self.page(fields, Some(error)).await;
        }
        let mut proposal: Proposal = proposal(self.web, &fields)?;
        if let Some((dossier, _)) = &self.of {
            proposal.amends = Some(dossier.id.clone());
            proposal.words = None;
            let answers = self.objections().into_iter();
            proposal.answers = answers
                .map(|one| {
                    (
                        one.objection.party,
                        fields.get(&one.field).trim().to_owned(),
                    )
                })
                .collect();
        }
        if let Some(written) = &written {
            written.text().clone_into(&mut proposal.document);
        }
        match propose::propose(&self.web.site, signed, &proposal).await {
            Ok(version) => {
                drop_draft(self.web, self.visit, &self.path).await;
                Ok(to_version(self.visit, &version))
            }
            Err(error) => {
                let error = match &written {
                    Some(written) => written.told(error),
                    None => error,
                };
                self.page(fields, Some(error)).await
            }
        }
    }

    /// What only changes the form; where to look then.
    fn reshape(&self, fields: &mut FormFields, what: &str) -> Result<Option<String>, AppError> {
        match what {
            "form" => fields.set("how", "form".to_owned()),
            "document" => fields.set("how", "document".to_owned()),
            "edit" => {
                let text = self.written(fields)?.text().to_owned();
                fields.set("document", text);
                fields.set("how", "document".to_owned());
            }
            _ => return Ok(changed_row(fields, what)),
        }
        Ok(Some(String::new()))
    }

    /// Data that somebody has are most often of their own party: that stands there until they choose another.
    fn own_data(&self, fields: &mut FormFields) {
        let Some((own, _)) = self.mine.first() else {
            return;
        };
        let parties = numbered("party", fields).into_iter();
        let seat = parties.map(|row| row.row).find(|row| {
            let at = |part: &str| format!("party{row}_{part}");
            fields.get(&at("known")) == own || fields.get(&at("id")) == own
        });
        let Some(seat) = seat else { return };
        for source in numbered("dataset", fields) {
            let provider = source.at("provider");
            if fields.text(&source.at("lines")).is_some() && fields.text(&provider).is_none() {
                fields.set(&provider, seat.to_string());
            }
        }
    }

    /// Reads a file for the form, which is not kept.
    async fn read(&self, sent: WithProposal) -> Result<Response, Failure> {
        let WithProposal(mut sent) = sent;
        sent.fields.set("how", "form".to_owned());
        let step = step_in(&sent.fields);
        keep_draft(self.web, self.visit, &self.path, &sent.fields).await?;
        let Some(file) = sent.file else {
            return self.page(sent.fields, Some(no_file())).await;
        };
        let lies = file.path().display().to_string();
        let read = suggest(
            file.path().to_owned(),
            sent.name.clone(),
            sent.fields.by_name(),
        )
        .await;
        match read {
            Ok(values) => {
                let fields: Vec<(String, String)> = values.into_iter().collect();
                let mut fields = FormFields::from(fields);
                self.own_data(&mut fields);
                keep_draft(self.web, self.visit, &self.path, &fields).await?;
                Ok(self.to_step(step, "#read"))
            }
            Err(error) => {
                let error = amend::renamed(error, &lies, &sent.name);
                self.page(sent.fields, Some(error)).await
            }
        }
    }
}

/// The step that a form is at.
fn step_in(fields: &FormFields) -> usize {
    let step = fields.get("step").parse().unwrap_or(1);
    usize::clamp(step, 1, STEPS)
}

/// What is wrong with a step, of all that is wrong.
fn of_step(error: AppError, step: usize) -> Option<AppError> {
    let AppError::Wrong(Diagnostics(mut all)) = error else {
        return Some(error);
    };
    all.retain(|one| one.place.field().and_then(step_of) == Some(step));
    (!all.is_empty()).then(|| all.into())
}

/// A row that is added, or taken away.
fn changed_row(fields: &mut FormFields, what: &str) -> Option<String> {
    if let Some(row) = what.strip_prefix("drop-") {
        let kind = ROWS.iter().find(|(kind, ..)| row.starts_with(kind))?;
        fields.set(&format!("{row}_gone"), "yes".to_owned());
        return Some(format!("#{}s", kind.0));
    }
    let wanted = what.strip_prefix("add-")?;
    let (wanted, of) = wanted.split_once('-').unwrap_or((wanted, ""));
    let (kind, ..) = ROWS.iter().find(|(kind, ..)| *kind == wanted)?;
    let get = |name: &str| fields.get(name).to_owned();
    let count = rows(kind, &get);
    if !of.is_empty() {
        fields.set(&format!("{kind}{count}_of"), of.to_owned());
    }
    fields.set(&format!("rows_{kind}"), (count + 1).to_string());
    Some(format!("#{kind}-{count}"))
}

/// What the rows of a step hold besides what they ask for: which are gone, and what a file said of them.
fn kept_in_rows(fields: &FormFields, step: usize) -> Vec<(String, String)> {
    let parts = ["_gone", "_read", "_lines", "_few", "_of", "_id"];
    let mut kept = fields.to_keep();
    kept.retain(|(name, value)| {
        let own = step_of(name) == Some(step) && parts.iter().any(|part| name.ends_with(part));
        own && !value.is_empty()
    });
    kept
}

fn steps() -> Vec<StepWords> {
    let all = [
        ("Waarvoor", "What for"),
        ("Wie aan tafel", "Who at the table"),
        ("Gegevens", "Data"),
        ("Bescherming", "Protection"),
        ("Beloften", "Promises"),
        ("Nakijken", "Check"),
    ];
    let numbered = all.into_iter().enumerate();
    numbered
        .map(|(place, (nl, en))| StepWords {
            number: place + 1,
            words: Text::new(nl, en),
        })
        .collect()
}

/// The title of a step's page.
fn stepped(step: usize) -> Text {
    let (nl, en) = match step {
        1 => ("waarvoor", "what for"),
        2 => ("wie aan tafel zit", "who sits at the table"),
        3 => ("de gegevens", "the data"),
        4 => ("de bescherming", "the protection"),
        5 => ("de beloften", "the promises"),
        _ => ("nakijken", "check"),
    };
    Text::new(
        format!("Stap {step} van {STEPS}: {nl}"),
        format!("Step {step} of {STEPS}: {en}"),
    )
}

/// The form, or the document, of a new project.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<ComposeQuery>,
) -> Result<Response, Failure> {
    Desk::of_project(&web, &visit).await?.shown(wanted).await
}

/// What was filled in of a new project.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    visit.require_person()?;
    Desk::of_project(&web, &visit).await?.sent(fields).await
}

/// A file of data for the form of a new project.
pub(crate) async fn read(
    State(web): State<Arc<Web>>,
    visit: Visit,
    sent: WithProposal,
) -> Result<Response, Failure> {
    Desk::of_project(&web, &visit).await?.read(sent).await
}

/// The form, or the document, of the next version.
pub(crate) async fn amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<ComposeQuery>,
) -> Result<Response, Failure> {
    let desk = Desk::of_version(&web, &visit, &id).await?;
    desk.shown(wanted).await
}

/// What was changed for the next version.
pub(crate) async fn put_amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let desk = Desk::of_version(&web, &visit, &id).await?;
    desk.sent(fields).await
}

/// A file of data for the form of the next version.
pub(crate) async fn read_amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    sent: WithProposal,
) -> Result<Response, Failure> {
    let desk = Desk::of_version(&web, &visit, &id).await?;
    desk.read(sent).await
}

fn newer_version() -> AppError {
    AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            "er kwam intussen een nieuwere versie",
            "a newer version came meanwhile",
        ),
        Text::new(
            "uw veranderingen staan nu op die versie; kijk ze na en stel opnieuw voor",
            "your changes are on that version now; look at them and propose again",
        ),
    )
}

fn no_file() -> AppError {
    Diagnostic::new(
        FaultCode::Missing,
        Text::new("er is geen bestand gekozen", "no file was chosen"),
        Text::new(
            "kies het bestand met de gegevens",
            "choose the file with the data",
        ),
    )
    .at(Place::Field("file".to_owned()))
    .into()
}

fn numbered(kind: &'static str, fields: &FormFields) -> Vec<FormRow> {
    let get = |name: &str| fields.get(name).to_owned();
    let all = (0..rows(kind, &get)).filter(|row| !is_gone(kind, *row, &get));
    let all = all.enumerate();
    all.map(|(place, row)| FormRow {
        kind,
        row,
        number: place + 1,
    })
    .collect()
}

/// The parties of the form, by their rows.
fn seats(fields: &FormFields, known: &[RegisteredParty]) -> Choices {
    let all = numbered("party", fields).into_iter();
    all.filter_map(|row| {
        let chosen = fields.get(&row.at("known"));
        let known = known.iter().find(|party| party.id == chosen);
        let name = known.map_or_else(
            || Text::same(fields.get(&row.at("nl"))),
            |party| party.name.clone(),
        );
        (!name.nl.is_empty()).then(|| (row.row.to_string(), name))
    })
    .collect()
}

fn choose() -> ComposeLists {
    ComposeLists {
        strategies: Strategy::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), strategy(*one)))
            .collect(),
        phases: Phase::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), phase(*one)))
            .collect(),
        answers: list(&ANSWERS),
        sides: Helix::ALL
            .iter()
            .map(|side| (side.as_str().to_owned(), side.name()))
            .collect(),
        mandates: list(&MANDATES),
        rhythms: list(&RHYTHMS),
        kinds: list(&KINDS),
    }
}

/// A word of the document, with what people call it in Dutch and in English.
type Choosing = (&'static str, &'static str, &'static str);

const ANSWERS: [Choosing; 2] = [
    (AnswerReaders::Public.as_str(), "iedereen", "everyone"),
    (
        AnswerReaders::Parties.as_str(),
        "alleen de partners",
        "the parties only",
    ),
];
const MANDATES: [Choosing; 2] = [
    (
        MandateBy::OwnDecision.as_str(),
        "een eigen besluit",
        "a decision of their own",
    ),
    (
        MandateBy::Panel.as_str(),
        "een geloot panel",
        "a panel that was drawn",
    ),
];
const RHYTHMS: [Choosing; 4] = [
    (Rhythm::Once.as_str(), "een keer", "once"),
    (Rhythm::Yearly.as_str(), "elk jaar", "every year"),
    (Rhythm::Quarterly.as_str(), "elk kwartaal", "every quarter"),
    (Rhythm::Monthly.as_str(), "elke maand", "every month"),
];

const KINDS: [Choosing; 5] = [
    (ColumnType::Utf8.as_str(), "tekst", "text"),
    (ColumnType::Int64.as_str(), "geheel getal", "whole number"),
    (ColumnType::Float64.as_str(), "getal", "number"),
    (ColumnType::Boolean.as_str(), "ja of nee", "yes or no"),
    (ColumnType::Date.as_str(), "datum", "date"),
];

fn list(all: &[Choosing]) -> Choices {
    let all = all.iter();
    all.map(|(value, nl, en)| ((*value).to_owned(), Text::new(*nl, *en)))
        .collect()
}
