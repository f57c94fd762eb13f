//! A version of an agreement: the document in words, what changed, and deciding about it with a signature.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::condition::changes::{ChangedCondition, changes};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Act;
use zwerm_agreement::status::StatusChange;
use zwerm_agreement::text::Text;
use zwerm_app::decide::consent::{self, Deed};
use zwerm_app::decide::objections::{self, MetObjection};
use zwerm_app::decide::{projects as described, rounds, succession};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::{KeptReason, reason};
use zwerm_app::site::overview::Version;
use zwerm_app::types::store::projects::Project;
use zwerm_app::types::store::rounds::Round;
use zwerm_app::words::agreement::event;

use crate::Web;
use crate::decide::agreement::{AgreementWords, in_words};
use crate::decide::projects::{VersionRights, current, may};
use crate::decide::sign::{DecisionForm, SentDecision, shown, words};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields};
use crate::http::visit::Visit;
use crate::marks::{PartyMark, StateKind};
use crate::page::Page;
use crate::render::{draft, go, in_form, keep_draft, render};

/// Lines around a change that are shown with it.
const AROUND: usize = 2;

#[derive(Template)]
#[template(path = "decide/version.html")]
struct VersionPage {
    page: Page,
    id: String,
    number: u32,
    version: Version,
    words: AgreementWords,
    standing: Text,
    round: Option<Round>,
    round_open: bool,
    /// Whether a round can be opened: the last one closed.
    may_open: bool,
    before: Option<u32>,
    /// What the version says differently, in words.
    changes: Vec<ChangedCondition>,
    /// The same as lines of the document.
    diff: Vec<DiffGroup>,
    events: Vec<(jiff::Timestamp, Text)>,
    /// Objections to the version before, each of whom, with what this version does about them.
    met: Vec<(PartyMark, MetObjection)>,
    lacking: Vec<KeptReason>,
    warning: Option<Text>,
    may: VersionRights,
    openers: Vec<(String, Text)>,
    days: i64,
}

/// Lines that changed, with some around them.
struct DiffGroup(Vec<DiffLine>);

struct DiffLine {
    /// `+`, `-` or a blank.
    sign: char,
    text: String,
}

async fn version(web: &Web, id: &str, number: u32) -> Result<Version, Failure> {
    let overview = web.site.overview().await?;
    let dossier = overview.dossier(id).ok_or(Failure::NotFound)?;
    dossier.version(number).cloned().ok_or(Failure::NotFound)
}

/// Shows a version.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let dossier = overview.dossier(&id).ok_or(Failure::NotFound)?;
    let version = dossier.version(number).ok_or(Failure::NotFound)?;
    let agreement = version.agreement();
    let before = dossier.before(number);
    let round = rounds::of_version(&web.site, &id, number).await?;
    let now = web.site.clock.now();
    let (nl, en) = (&agreement.title.nl, &agreement.title.en);
    let title = Text::new(
        format!("{nl}, versie {number}"),
        format!("{en}, version {number}"),
    );
    let events = version.stored.events.iter().map(|one| (one.at, event(one)));
    let met = objections::met(&web.site, dossier, number)
        .await?
        .into_iter();
    let met = met.map(|one| {
        let before = before.unwrap_or(version).agreement();
        (PartyMark::of(before, &one.objection.party), one)
    });
    render(&VersionPage {
        page: Page::new(&web, &visit, &title).about(agreement),
        words: in_words(version),
        standing: version.standing.words(),
        round_open: round
            .as_ref()
            .is_some_and(|round| rounds::is_open(&web.site, round, version)),
        may_open: round.as_ref().is_none_or(|round| round.closes <= now),
        round,
        before: before.map(|before| before.agreement().version),
        changes: before
            .map(|before| changes(before.agreement(), version.agreement()))
            .unwrap_or_default(),
        diff: before
            .map(|before| diff(before, version))
            .unwrap_or_default(),
        events: events.collect(),
        met: met.collect(),
        lacking: version.lacking.iter().cloned().map(reason).collect(),
        warning: succession::warning_on_page(&web.site, version).await?,
        may: may(&visit, dossier, version),
        openers: openers(&visit, agreement),
        days: web.config.round_days,
        version: version.clone(),
        number,
        id,
    })
}

/// What changed in the document, without what is beside it: decisions are of a version and always differ.
fn diff(before: &Version, after: &Version) -> Vec<DiffGroup> {
    let own = |text: &str| {
        let own = text.split("[[consent]]").next().unwrap_or(text);
        // what was said of the decisions goes with them
        let mut lines: Vec<&str> = own.lines().collect();
        while lines
            .last()
            .is_some_and(|line| line.is_empty() || line.starts_with('#'))
        {
            lines.pop();
        }
        lines.join("\n") + "\n"
    };
    let (old, new) = (own(&before.text), own(&after.text));
    let diff = TextDiff::from_lines(&old, &new);
    let groups = diff.grouped_ops(AROUND).into_iter().map(|ops| {
        let lines = ops
            .iter()
            .flat_map(|op| diff.iter_changes(op))
            .map(|change| DiffLine {
                sign: match change.tag() {
                    ChangeTag::Insert => '+',
                    ChangeTag::Delete => '-',
                    ChangeTag::Equal => ' ',
                },
                text: change.value().trim_end().to_owned(),
            });
        DiffGroup(lines.collect())
    });
    groups.collect()
}

#[derive(Template)]
#[template(path = "decide/consent.html")]
struct ConsentPage {
    page: Page,
    /// Where the form goes.
    action: String,
    back: String,
    title: Text,
    parties: Vec<(String, Text)>,
    /// Objections of those whom whoever looks decides for, with what this version does about them.
    met: Vec<MetObjection>,
    /// What the project says it is for; none when nobody described it, or when it is not about consent.
    project: Option<Project>,
    /// Whether a round is open, without which only an objection is taken.
    round_open: bool,
    /// Who may open one, as far as whoever looks decides for them; then where.
    openers: Vec<(String, Text)>,
    round: String,
    days: i64,
    fields: FormFields,
    kind: Aim,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// What the form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aim {
    /// Consent or object.
    Consent,
    /// Suspend, resume or end.
    Suspend,
}

/// The form to decide about a version.
pub(crate) async fn decide(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
) -> Result<Response, Failure> {
    let form = format!("/projects/{id}/versions/{number}/decide");
    let version = version(&web, &id, number).await?;
    let fields = draft(&web, &visit, &form).await?;
    decide_form(&web, &visit, &version, form, fields, Aim::Consent, None).await
}

/// The form to decide, with what is wrong with it.
pub(crate) async fn decide_form(
    web: &Web,
    visit: &Visit,
    version: &Version,
    action: String,
    fields: FormFields,
    kind: Aim,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let agreement = version.agreement();
    let parties = deciders(visit, agreement, kind)?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = match kind {
        Aim::Consent => Text::new("Besluit over deze versie", "Decide about this version"),
        Aim::Suspend => Text::new("Schort op of beëindig", "Suspend or end"),
    };
    let (id, number) = (&agreement.id, agreement.version);
    let project = match kind {
        Aim::Consent => described::find(&web.site, id).await?,
        Aim::Suspend => None,
    };
    let mut met = met(web, agreement).await?;
    met.retain(|one| {
        let mut own = parties.iter();
        kind == Aim::Consent && own.any(|(party, _)| *party == one.objection.party)
    });
    render(&ConsentPage {
        page: Page::new(web, visit, &title).about(agreement),
        round_open: kind == Aim::Suspend || consent::is_round_open(&web.site, version).await?,
        openers: openers(visit, agreement),
        round: format!("/projects/{id}/versions/{number}/round"),
        days: web.config.round_days,
        met,
        project,
        back: format!("/projects/{id}/versions/{number}"),
        title: agreement.title.clone(),
        action,
        parties,
        fields,
        kind,
        told,
        reasons,
    })
}

/// Objections to the version before this one, with what this one does about them.
async fn met(web: &Web, agreement: &Agreement) -> Result<Vec<MetObjection>, Failure> {
    let overview = web.site.overview().await?;
    let dossier = overview.dossier(&agreement.id).ok_or(Failure::NotFound)?;
    Ok(objections::met(&web.site, dossier, agreement.version).await?)
}

/// The parties at the table for which whoever looks may open a round.
fn openers(visit: &Visit, agreement: &Agreement) -> Vec<(String, Text)> {
    let seats = agreement
        .seats()
        .filter(|seat| visit.may(Act::Propose, &seat.id));
    seats
        .map(|seat| (seat.id.clone(), seat.display_name()))
        .collect()
}

/// The parties at the table that whoever looks may decide for.
fn deciders(
    visit: &Visit,
    agreement: &Agreement,
    kind: Aim,
) -> Result<Vec<(String, Text)>, Failure> {
    let seats = agreement.seats().filter(|seat| match kind {
        Aim::Consent => visit.may(Act::Consent, &seat.id),
        Aim::Suspend => {
            visit.may(Act::Suspend, &seat.id)
                && zwerm_agreement::status::may_suspend(agreement, &seat.id)
        }
    });
    let parties: Vec<(String, Text)> = seats.map(|p| (p.id.clone(), p.display_name())).collect();
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een beslisser van een partner die hier aan tafel zit, besluit hierover",
            "a decider of a party at this table decides about this",
        )));
    }
    Ok(parties)
}

/// Decides: first the words, then the signature.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
    Form {
        sent: decision,
        fields,
    }: Form<DecisionForm>,
) -> Result<Response, Failure> {
    let action = format!("/projects/{id}/versions/{number}/decide");
    let version = version(&web, &id, number).await?;
    let signed = visit.require(Act::Consent, &decision.party)?;
    keep_draft(&web, &visit, &action, &fields).await?;
    let sent = SentDecision {
        web: &web,
        visit: &visit,
        version: &version,
        action,
        kind: Aim::Consent,
        decision: &decision,
        fields,
    };
    if !["consent", "concern", "object"].contains(&decision.decision.as_str()) {
        return sent.again(no_choice()).await;
    }
    let words = words(&decision);
    if decision.decision == "concern" && words.reason.trim().is_empty() {
        return sent.again(no_reason()).await;
    }
    let to_sign = consent::to_sign(&web.site, signed, &version, &words, shown(&decision)).await;
    let say = |pen| consent::say(&web.site, signed, &version, &words, pen);
    let to = format!("/projects/{id}/versions/{number}");
    sent.in_two_steps(to_sign, say, (&to, Done::Said)).await
}

/// The form to suspend, resume or end.
pub(crate) async fn suspend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let action = format!("/projects/{id}/suspend");
    let fields = draft(&web, &visit, &action).await?;
    decide_form(&web, &visit, version, action, fields, Aim::Suspend, None).await
}

/// Suspends, resumes or ends: first the words, then the signature, without which restricting applies too.
pub(crate) async fn put_suspend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form {
        sent: decision,
        fields,
    }: Form<DecisionForm>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let action = format!("/projects/{id}/suspend");
    let signed = visit.require(Act::Suspend, &decision.party)?;
    keep_draft(&web, &visit, &action, &fields).await?;
    let sent = SentDecision {
        web: &web,
        visit: &visit,
        version,
        action,
        kind: Aim::Suspend,
        decision: &decision,
        fields,
    };
    let Ok(change) = decision.decision.parse::<StatusChange>() else {
        return sent.again(no_choice()).await;
    };
    let deed = Deed {
        party: decision.party.clone(),
        change,
        reason: decision.reason.clone(),
    };
    let to_sign = consent::deed_to_sign(&web.site, signed, version, &deed, shown(&decision)).await;
    let act = |pen| consent::carry_out(&web.site, signed, version, &deed, pen);
    let to = format!("/projects/{id}");
    sent.in_two_steps(to_sign, act, (&to, done_of(change)))
        .await
}

fn done_of(change: StatusChange) -> Done {
    match change {
        StatusChange::Suspended => Done::Suspended,
        StatusChange::Resumed => Done::Resumed,
        StatusChange::Ended => Done::Ended,
    }
}

/// What the form to open a round says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RoundForm {
    party: String,
    days: String,
}

/// Opens a consent round.
pub(crate) async fn open_round(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
    Form { sent, .. }: Form<RoundForm>,
) -> Result<Response, Failure> {
    let party = &sent.party;
    let signed = visit.require(Act::Propose, party)?;
    let version = version(&web, &id, number).await?;
    let days = sent.days.parse().unwrap_or(web.config.round_days);
    consent::open_round(&web.site, signed, &version, party, days).await?;
    Ok(go(
        &visit,
        &format!("/projects/{id}/versions/{number}"),
        Done::Round,
    ))
}

fn no_choice() -> AppError {
    AppError::usage(
        FaultCode::Empty,
        Text::new("er is nog niets gekozen", "nothing was chosen yet"),
        Text::new(
            "kies wat uw partner besluit",
            "choose what your party decides",
        ),
    )
}

fn no_reason() -> AppError {
    AppError::usage(
        FaultCode::Missing,
        Text::new("een zorg heeft een reden", "a concern has a reason"),
        Text::new(
            "schrijf waar uw partner zich zorgen over maakt",
            "write what your party is concerned about",
        ),
    )
}
