//! What comes back from the form of a proposal: kept, gone on with, changed in shape, read from a file, or proposed.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use zwerm_agreement::diagnostic::{Diagnostic, Diagnostics, FaultCode, Place};
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend;
use zwerm_app::decide::compose::from_file::suggest;
use zwerm_app::decide::compose::{ROWS, STEPS, rows, step_of};
use zwerm_app::decide::propose::{self, Proposal};
use zwerm_app::error::AppError;
use zwerm_app::people::accounts::SignedIn;

use crate::decide::compose::ComposeQuery;
use crate::decide::compose::desk::{CHECK, Desk, Written, step_in};
use crate::decide::compose::page::numbered;
use crate::decide::propose::{proposal, to_version};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::upload::WithProposal;
use crate::render::{drop_draft, forward, go, keep_draft};

impl Desk<'_> {
    /// To a step of the form, which was kept.
    fn to_step(&self, step: usize, anchor: &str) -> Response {
        let to = format!("{}?step={step}{anchor}", self.visit.link(&self.path));
        Redirect::to(&to).into_response()
    }

    pub(super) async fn shown(&self, wanted: ComposeQuery) -> Result<Response, Failure> {
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
    pub(super) async fn sent(&self, mut fields: FormFields) -> Result<Response, Failure> {
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
        signed: &SignedIn,
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
    pub(super) async fn read(&self, sent: WithProposal) -> Result<Response, Failure> {
        let WithProposal(mut sent) = sent;
        sent.fields.set("how", "form".to_owned());
        let step = step_in(&sent.fields);
        keep_draft(self.web, self.visit, &self.path, &sent.fields).await?;
        let file = match sent.take_file().and_then(|file| file.ok_or_else(no_file)) {
            Ok(file) => file,
            Err(error) => return self.page(sent.fields, Some(error)).await,
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
