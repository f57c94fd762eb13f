//! A version of an agreement: the document in words, what changed, and deciding about it with a signature.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use similar::{ChangeTag, TextDiff};
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Act;
use zwerm_agreement::status::StatusChange;
use zwerm_agreement::text::Text;
use zwerm_app::decide::consent::{self, ConsentWords, Deed, ToSign};
use zwerm_app::decide::{rounds, succession};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::{KeptReason, reason};
use zwerm_app::site::overview::Version;
use zwerm_app::types::home::Pen;
use zwerm_app::types::store::rounds::Round;
use zwerm_app::words::agreement::event;

use crate::Web;
use crate::decide::agreement::{AgreementWords, in_words, name_of};
use crate::decide::projects::{VersionRights, current, may};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{badge, draft, drop_draft, go, in_form, keep_draft, render};

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
    badge: &'static str,
    round: Option<Round>,
    round_open: bool,
    before: Option<u32>,
    changes: Vec<DiffGroup>,
    events: Vec<(jiff::Timestamp, Text)>,
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
    let seats = agreement
        .seats()
        .filter(|seat| visit.may(Act::Propose, &seat.id));
    let (nl, en) = (&agreement.title.nl, &agreement.title.en);
    let title = Text::new(
        format!("{nl}, versie {number}"),
        format!("{en}, version {number}"),
    );
    let events = version.stored.events.iter().map(|one| (one.at, event(one)));
    render(&VersionPage {
        page: Page::new(&web, &visit, &title),
        words: in_words(version, visit.lang()),
        standing: version.standing.words(),
        badge: badge(version.standing),
        round_open: round.as_ref().is_some_and(|round| now < round.closes),
        round,
        before: before.map(|before| before.agreement().version),
        changes: before
            .map(|before| changes(before, version))
            .unwrap_or_default(),
        events: events.collect(),
        lacking: version.lacking.iter().cloned().map(reason).collect(),
        warning: succession::warning_on_page(&web.site, version).await?,
        may: may(&visit, dossier, version),
        openers: seats
            .map(|seat| (seat.id.clone(), seat.display_name()))
            .collect(),
        days: web.config.round_days,
        version: version.clone(),
        number,
        id,
    })
}

/// What changed in the document, without what is beside it: decisions are of a version and always differ.
fn changes(before: &Version, after: &Version) -> Vec<DiffGroup> {
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

#[derive(Template)]
#[template(path = "decide/sign.html")]
struct SignPage {
    page: Page,
    action: String,
    /// What is signed, in a sentence.
    what: Text,
    fields: FormFields,
    to_sign: ToSign,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
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
    decide_form(&web, &visit, &version, form, fields, Aim::Consent, None)
}

fn decide_form(
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
    render(&ConsentPage {
        page: Page::new(web, visit, &title),
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

fn sign_form(
    web: &Web,
    visit: &Visit,
    version: &Version,
    action: String,
    fields: FormFields,
    to_sign: ToSign,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Onderteken uw besluit", "Sign your decision");
    render(&SignPage {
        page: Page::new(web, visit, &title),
        what: in_a_sentence(version, &fields),
        action,
        fields,
        to_sign,
        told,
        reasons,
    })
}

/// What a party is about to sign, for people.
fn in_a_sentence(version: &Version, fields: &FormFields) -> Text {
    let agreement = version.agreement();
    let (title, number) = (&agreement.title, agreement.version);
    let Text { nl, en } = name_of(agreement, fields.get("party"));
    let (does_nl, does_en) = match fields.get("decision") {
        "consent" => ("stemt in met", "consents to"),
        "concern" => (
            "stemt in, met een zorg, met",
            "consents, with a concern, to",
        ),
        "object" => (
            "heeft een overwegend bezwaar tegen",
            "has a paramount objection to",
        ),
        "suspended" => ("schort op:", "suspends"),
        "resumed" => (
            "heft de eigen opschorting op van",
            "lifts its own suspension of",
        ),
        _ => ("beëindigt", "ends"),
    };
    Text::new(
        format!("{nl} {does_nl} versie {number} van: {}", title.nl),
        format!("{en} {does_en} version {number} of: {}", title.en),
    )
}

fn words(fields: &FormFields) -> ConsentWords {
    let decision = fields.get("decision");
    let of = |name: &str, wanted: bool| {
        if wanted {
            fields.get(name).to_owned()
        } else {
            String::new()
        }
    };
    ConsentWords {
        party: fields.get("party").to_owned(),
        objects: decision == "object",
        // a reason that was typed and then not meant does not turn consent into a concern
        reason: of("reason", decision != "consent"),
        lifts: of("lifts", decision == "object"),
    }
}

/// The moment of the text that was shown, when a signature of it comes.
fn shown(fields: &FormFields) -> Option<jiff::Timestamp> {
    let at = fields.get("at").parse().ok();
    at.filter(|_| fields.get("step") == "sign")
}

/// With what it was signed: the moment and the signature that came back, or nothing.
fn pen(fields: &FormFields) -> Result<Pen, AppError> {
    let signature = fields.text("signature").filter(|_| !fields.has("unsigned"));
    let Some(signature) = signature else {
        return Ok(Pen::Nothing);
    };
    let at = fields.get("at").parse().map_err(|_| {
        AppError::usage(
            FaultCode::Missing,
            Text::new("het tijdstip ontbreekt", "the moment is missing"),
            Text::new(
                "begin opnieuw; uw woorden zijn bewaard",
                "start again; your words were kept",
            ),
        )
    })?;
    Ok(Pen::Signature {
        at,
        signature: signature.to_owned(),
    })
}

/// Decides: first the words, then the signature.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let action = format!("/projects/{id}/versions/{number}/decide");
    let version = version(&web, &id, number).await?;
    let signed = visit.require(Act::Consent, fields.get("party"))?;
    keep_draft(&web, &visit, &action, &fields).await?;
    if !["consent", "concern", "object"].contains(&fields.get("decision")) {
        let wrong = Some(no_choice());
        return decide_form(&web, &visit, &version, action, fields, Aim::Consent, wrong);
    }
    let words = words(&fields);
    if fields.get("decision") == "concern" && words.reason.trim().is_empty() {
        let wrong = Some(no_reason());
        return decide_form(&web, &visit, &version, action, fields, Aim::Consent, wrong);
    }
    let to_sign = match consent::to_sign(&web.site, signed, &version, &words, shown(&fields)).await
    {
        Ok(to_sign) => to_sign,
        Err(error) => {
            let wrong = Some(error);
            return decide_form(&web, &visit, &version, action, fields, Aim::Consent, wrong);
        }
    };
    if fields.get("step") != "sign" {
        return sign_form(&web, &visit, &version, action, fields, to_sign, None);
    }
    let done = match pen(&fields) {
        Ok(pen) => consent::say(&web.site, signed, &version, &words, pen).await,
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        return sign_form(&web, &visit, &version, action, fields, to_sign, Some(error));
    }
    drop_draft(&web, &visit, &action).await;
    Ok(go(
        &visit,
        &format!("/projects/{id}/versions/{number}"),
        Done::Said,
    ))
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
    decide_form(&web, &visit, version, action, fields, Aim::Suspend, None)
}

/// Suspends, resumes or ends: first the words, then the signature, without which restricting applies too.
pub(crate) async fn put_suspend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let action = format!("/projects/{id}/suspend");
    let signed = visit.require(Act::Suspend, fields.get("party"))?;
    keep_draft(&web, &visit, &action, &fields).await?;
    let Ok(change) = fields.get("decision").parse::<StatusChange>() else {
        let wrong = Some(no_choice());
        return decide_form(&web, &visit, version, action, fields, Aim::Suspend, wrong);
    };
    let deed = Deed {
        party: fields.get("party").to_owned(),
        change,
        reason: fields.get("reason").to_owned(),
    };
    let to_sign =
        match consent::deed_to_sign(&web.site, signed, version, &deed, shown(&fields)).await {
            Ok(to_sign) => to_sign,
            Err(error) => {
                let wrong = Some(error);
                return decide_form(&web, &visit, version, action, fields, Aim::Suspend, wrong);
            }
        };
    if fields.get("step") != "sign" {
        return sign_form(&web, &visit, version, action, fields, to_sign, None);
    }
    let done = match pen(&fields) {
        Ok(pen) => consent::carry_out(&web.site, signed, version, &deed, pen).await,
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        return sign_form(&web, &visit, version, action, fields, to_sign, Some(error));
    }
    drop_draft(&web, &visit, &action).await;
    Ok(go(&visit, &format!("/projects/{id}"), done_of(change)))
}

fn done_of(change: StatusChange) -> Done {
    match change {
        StatusChange::Suspended => Done::Suspended,
        StatusChange::Resumed => Done::Resumed,
        StatusChange::Ended => Done::Ended,
    }
}

/// Opens a consent round.
pub(crate) async fn open_round(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let party = fields.get("party");
    let signed = visit.require(Act::Propose, party)?;
    let version = version(&web, &id, number).await?;
    let days = fields.get("days").parse().unwrap_or(web.config.round_days);
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
