//! Proposing by the document itself, and what both ways of proposing share.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::decide::propose::{self, ProjectWords, Proposal};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::overview::{Dossier, Version};

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, go, in_form, render};

#[derive(Template)]
#[template(path = "decide/propose.html")]
struct ProposePage {
    page: Page,
    of: WrittenProject,
    beside: Beside,
    fields: FormFields,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The page on which somebody writes the document.
pub(crate) struct WrittenProject {
    pub(crate) action: String,
    /// The project that a version is added to, and its number; none for a new one.
    pub(crate) project: Option<(String, Text, u32)>,
    pub(crate) parties: Vec<(String, Text)>,
    pub(crate) goals: Vec<(String, Text)>,
    pub(crate) days: i64,
    /// What the form holds besides.
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) fields: FormFields,
}

/// The page on which the document itself is written.
pub(crate) fn written(
    page: Page,
    of: WrittenProject,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    render(&ProposePage {
        page,
        fields: of.fields.clone(),
        of,
        beside,
        told,
        reasons,
    })
}

/// The parties that whoever looks proposes for.
pub(crate) fn proposers(visit: &Visit) -> Result<Vec<String>, Failure> {
    visit.require_person()?;
    let parties = visit.parties(Role::Decider);
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een beslisser van een partner stelt projecten voor",
            "a decider of a party proposes projects",
        )));
    }
    Ok(parties.into_iter().map(str::to_owned).collect())
}

/// What the form of a proposal says, besides the parts of the document.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProposalForm {
    party: String,
    document: String,
    summary: String,
    questions: String,
    benefit: String,
    harm: String,
    falls_out: String,
    goal_title_nl: String,
    goal_title_en: String,
    days: String,
}

/// What a form proposes.
pub(crate) fn proposal(web: &Web, fields: &FormFields) -> Result<Proposal, Failure> {
    let sent: ProposalForm = fields.read()?;
    Ok(Proposal {
        party: sent.party,
        document: sent.document,
        amends: None,
        answers: Vec::new(),
        words: Some(ProjectWords {
            summary: sent.summary,
            questions: sent.questions,
            benefit: sent.benefit,
            harm: sent.harm,
            falls_out: sent.falls_out,
            goal_title: Text::new(sent.goal_title_nl, sent.goal_title_en),
        }),
        days: sent.days.parse().unwrap_or(web.config.round_days),
    })
}

/// To a version that was proposed.
pub(crate) fn to_version(visit: &Visit, version: &Version) -> Response {
    let (id, number) = (&version.agreement().id, version.agreement().version);
    go(
        visit,
        &format!("/projects/{id}/versions/{number}"),
        Done::Proposed,
    )
}

/// A project's versions, and the newest of them.
pub(crate) async fn latest(web: &Web, id: &str) -> Result<(Dossier, Version), Failure> {
    let overview = web.site.overview().await?;
    let dossier = overview.dossier(id).ok_or(Failure::NotFound)?;
    let version = dossier.latest().cloned().ok_or(Failure::NotFound)?;
    Ok((dossier.clone(), version))
}

/// The parties at the table of a project that whoever looks may propose a version for.
pub(crate) fn proposers_at_table(
    visit: &Visit,
    dossier: &Dossier,
) -> Result<Vec<(String, Text)>, Failure> {
    let name = |party: &str| {
        let versions = dossier.versions().iter().rev();
        let mut seats = versions.flat_map(|version| version.agreement().seats());
        let seat = seats.find(|seat| seat.id == party)?;
        Some((seat.id.clone(), seat.display_name()))
    };
    let own = proposers(visit)?.into_iter();
    let own = own.filter(|party| propose::may_amend(dossier, party));
    let parties: Vec<(String, Text)> = own.filter_map(|party| name(&party)).collect();
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een beslisser van een partner die hier aan tafel zit, stelt een versie voor",
            "a decider of a party at this table proposes a version",
        )));
    }
    Ok(parties)
}
