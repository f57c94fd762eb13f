//! Proposing a project, or a new version of its agreement.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::decide::amend::{self, EasyChanges};
use zwerm_app::decide::propose::{self, ProjectWords, Proposal};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::overview::{Dossier, Version};

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, keep_draft, render};

#[derive(Template)]
#[template(path = "decide/propose.html")]
struct ProposePage {
    page: Page,
    action: String,
    /// The project that a version is added to; none for a new one.
    project: Option<(String, Text)>,
    number: u32,
    /// What the form for a new project holds besides.
    hidden: Vec<(String, String)>,
    goals: Vec<(String, Text)>,
    beside: Beside,
    parties: Vec<(String, Text)>,
    fields: FormFields,
    easy: EasyChanges,
    askers: Vec<(String, Text, bool)>,
    document: String,
    days: i64,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The page on which somebody writes the document of a new project.
pub(crate) struct WrittenProject {
    pub(crate) action: &'static str,
    pub(crate) parties: Vec<(String, Text)>,
    pub(crate) goals: Vec<(String, Text)>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) fields: FormFields,
}

/// The page on which the document itself is written.
pub(crate) fn written(
    web: &Web,
    page: Page,
    of: WrittenProject,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    render(&ProposePage {
        page,
        action: of.action.to_owned(),
        project: None,
        number: 1,
        document: of.fields.get("document").to_owned(),
        easy: EasyChanges::default(),
        askers: Vec::new(),
        days: web.config.round_days,
        parties: of.parties,
        goals: of.goals,
        hidden: of.hidden,
        fields: of.fields,
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
async fn latest(web: &Web, id: &str) -> Result<(Dossier, Version), Failure> {
    let overview = web.site.overview().await?;
    let dossier = overview.dossier(id).ok_or(Failure::NotFound)?;
    let version = dossier.latest().cloned().ok_or(Failure::NotFound)?;
    Ok((dossier.clone(), version))
}

/// The form for a new version.
pub(crate) async fn amend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (dossier, version) = latest(&web, &id).await?;
    let mut fields = draft(&web, &visit, &format!("/projects/{id}/amend")).await?;
    if !fields.has("minimum_units") {
        fields = FormFields::from(amend::easy(version.agreement()).to_fields());
    }
    amend_form(&web, &visit, &dossier, &version, fields, None)
}

fn amend_form(
    web: &Web,
    visit: &Visit,
    dossier: &Dossier,
    version: &Version,
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (id, agreement) = (dossier.id.clone(), version.agreement());
    let parties = proposers_at_table(visit, dossier)?;
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let easy = EasyChanges::from_fields(|name| fields.get(name).to_owned(), fields.all("ask"));
    let askers = agreement.seats().map(|seat| {
        (
            seat.id.clone(),
            seat.display_name(),
            easy.may_ask.contains(&seat.id),
        )
    });
    let number = agreement.version + 1;
    let document = match fields.text("document") {
        Some(document) => document.to_owned(),
        None => amend::next(version, number)?,
    };
    let title = Text::new("Stel een nieuwe versie voor", "Propose a new version");
    render(&ProposePage {
        page: Page::new(web, visit, &title),
        action: format!("/projects/{id}/amend"),
        project: Some((id, agreement.title.clone())),
        hidden: Vec::new(),
        goals: Vec::new(),
        beside,
        askers: askers.collect(),
        days: web.config.round_days,
        number,
        easy,
        document,
        parties,
        fields,
        told,
        reasons,
    })
}

/// The parties at the table of a project that whoever looks may propose a version for.
fn proposers_at_table(visit: &Visit, dossier: &Dossier) -> Result<Vec<(String, Text)>, Failure> {
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

/// Proposes it: what was chosen is written into the document, or the document as it was edited.
pub(crate) async fn add_amended(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let (dossier, version) = latest(&web, &id).await?;
    proposers_at_table(&visit, &dossier)?;
    let form = format!("/projects/{id}/amend");
    keep_draft(&web, &visit, &form, &fields).await?;
    if fields.get("what") == "keep" {
        return Ok(go(&visit, &form, Done::Kept));
    }
    let done = match amended(&fields, &version)? {
        Ok(document) => {
            let proposal = Proposal {
                document,
                amends: Some(id.clone()),
                words: None,
                ..proposal(&web, &fields)?
            };
            propose::propose(&web.site, signed, &proposal).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(version) => {
            drop_draft(&web, &visit, &form).await;
            Ok(to_version(&visit, &version))
        }
        Err(error) => amend_form(&web, &visit, &dossier, &version, fields, Some(error)),
    }
}

/// The document of the next version, as it was edited or with what was chosen; an error of the form within.
fn amended(fields: &FormFields, version: &Version) -> Result<Result<String, AppError>, AppError> {
    let number = version.agreement().version + 1;
    let easy = EasyChanges::from_fields(|name| fields.get(name).to_owned(), fields.all("ask"));
    Ok(match (fields.get("how"), fields.text("document")) {
        ("document", Some(document)) => Ok(document.to_owned()),
        (_, Some(document)) if is_edited(document, &amend::next(version, number)?) => {
            Err(edited_aside())
        }
        _ => amend::amended(version, &easy, number),
    })
}

/// Whether the document was edited; browsers send other line ends, and none at the end.
fn is_edited(sent: &str, shown: &str) -> bool {
    let lines = |text: &str| {
        let lines = text.trim().lines().map(str::trim_end);
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    lines(sent) != lines(shown)
}

fn edited_aside() -> AppError {
    AppError::usage(
        FaultCode::Contradiction,
        Text::new(
            "u veranderde het document, en koos voor de voorwaarden erboven",
            "you edited the document, and chose the conditions above it",
        ),
        Text::new(
            "kies `Of verander het hele document`, of zet het document terug; er is niets verloren",
            "choose `Or change the whole document`, or put the document back; nothing is lost",
        ),
    )
}
