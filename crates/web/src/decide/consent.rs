//! A version of an agreement: the document in words, what changed, and deciding about it with a signature.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use similar::{ChangeTag, TextDiff};
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::role::Act;
use zwerm_agreement::status::Change;
use zwerm_agreement::text::Text;
use zwerm_app::decide::consent::{self, Deed, ToSign, Words};
use zwerm_app::decide::rounds;
use zwerm_app::error::AppError;
use zwerm_app::share::inquiry::{KeptReason, reason};
use zwerm_app::site::overview::Version;
use zwerm_app::types::home::Pen;
use zwerm_app::types::store::rounds::Round;
use zwerm_app::words::agreement::event;
use zwerm_app::words::fault::Told;

use crate::Web;
use crate::decide::document::{InWords, in_words, name_of};
use crate::decide::projects::{May, current, may};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Fields, Form, Signed, Ticked};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{badge, draft, drop_draft, go, in_form, keep_draft, render};

/// Lines around a change that are shown with it.
const AROUND: usize = 2;

#[derive(Template)]
#[template(path = "decide/consent.html")]
struct Shown {
    page: Page,
    id: String,
    number: u32,
    version: Version,
    words: InWords,
    standing: Text,
    badge: &'static str,
    round: Option<Round>,
    round_open: bool,
    before: Option<u32>,
    changes: Vec<Group>,
    events: Vec<(jiff::Timestamp, Text)>,
    lacking: Vec<KeptReason>,
    may: May,
    openers: Vec<(String, Text)>,
    days: i64,
}

/// Lines that changed, with some around them.
struct Group(Vec<Line>);

struct Line {
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
    render(&Shown {
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
        may: may(&visit, version),
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
fn changes(before: &Version, after: &Version) -> Vec<Group> {
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
            .map(|change| Line {
                sign: match change.tag() {
                    ChangeTag::Insert => '+',
                    ChangeTag::Delete => '-',
                    ChangeTag::Equal => ' ',
                },
                text: change.value().trim_end().to_owned(),
            });
        Group(lines.collect())
    });
    groups.collect()
}

#[derive(Template)]
#[template(path = "decide/decide.html")]
struct Decide {
    page: Page,
    /// Where the form goes.
    action: String,
    back: String,
    title: Text,
    parties: Vec<(String, Text)>,
    fields: Fields,
    kind: Kind,
    told: Vec<Told>,
    reasons: Vec<KeptReason>,
}

/// What the form is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Consent or object.
    Consent,
    /// Suspend, resume or end.
    Suspend,
}

#[derive(Template)]
#[template(path = "decide/sign.html")]
struct Sign {
    page: Page,
    action: String,
    /// What is signed, in a sentence.
    what: Text,
    fields: Fields,
    to_sign: ToSign,
    told: Vec<Told>,
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
    decide_form(&web, &visit, &version, form, fields, Kind::Consent, None)
}

fn decide_form(
    web: &Web,
    visit: &Visit,
    version: &Version,
    action: String,
    fields: Fields,
    kind: Kind,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let agreement = version.agreement();
    let parties = deciders(visit, agreement, kind)?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = match kind {
        Kind::Consent => Text::new("Besluit over deze versie", "Decide about this version"),
        Kind::Suspend => Text::new("Schort op of beëindig", "Suspend or end"),
    };
    let (id, number) = (&agreement.id, agreement.version);
    render(&Decide {
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
    kind: Kind,
) -> Result<Vec<(String, Text)>, Failure> {
    let seats = agreement.seats().filter(|seat| match kind {
        Kind::Consent => visit.may(Act::Consent, &seat.id),
        Kind::Suspend => {
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

/// What a form to decide says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Decision {
    party: String,
    /// `consent`, `concern`, `object`, or a [`Change`].
    decision: String,
    reason: String,
    lifts: String,
    /// `sign` when the text was shown.
    step: String,
    /// The moment of the text that was shown.
    at: String,
    signature: String,
    unsigned: Ticked,
}

/// A form to decide that was sent, and what it is about.
struct Sent<'a> {
    web: &'a Web,
    visit: &'a Visit,
    version: &'a Version,
    action: String,
    kind: Kind,
    decision: &'a Decision,
    fields: Fields,
}

impl Sent<'_> {
    /// The form again, with what is wrong with it.
    fn again(self, wrong: AppError) -> Result<Response, Failure> {
        let Self {
            web,
            visit,
            version,
            action,
            kind,
            fields,
            ..
        } = self;
        decide_form(web, visit, version, action, fields, kind, Some(wrong))
    }

    /// What is to be signed.
    fn sign_form(self, to_sign: ToSign, wrong: Option<AppError>) -> Result<Response, Failure> {
        let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
        let title = Text::new("Onderteken uw besluit", "Sign your decision");
        render(&Sign {
            page: Page::new(self.web, self.visit, &title),
            what: in_a_sentence(self.version, self.decision),
            action: self.action,
            fields: self.fields,
            to_sign,
            told,
            reasons,
        })
    }

    /// First the words, then the signature: shows what is to be signed, or acts with the signature that came back.
    async fn in_two_steps<T, F: Future<Output = Result<T, AppError>>>(
        self,
        to_sign: Result<ToSign, AppError>,
        act: impl FnOnce(Pen) -> F,
        (to, done): (&str, Done),
    ) -> Result<Response, Failure> {
        let to_sign = match to_sign {
            Ok(to_sign) => to_sign,
            Err(error) => return self.again(error),
        };
        if self.decision.step != "sign" {
            return self.sign_form(to_sign, None);
        }
        let acted = match pen(self.decision) {
            Ok(pen) => act(pen).await,
            Err(error) => Err(error),
        };
        if let Err(error) = acted {
            return self.sign_form(to_sign, Some(error));
        }
        drop_draft(self.web, self.visit, &self.action).await;
        Ok(go(self.visit, to, done))
    }
}

/// What a party is about to sign, for people.
fn in_a_sentence(version: &Version, decision: &Decision) -> Text {
    let agreement = version.agreement();
    let (title, number) = (&agreement.title, agreement.version);
    let Text { nl, en } = name_of(agreement, &decision.party);
    let (does_nl, does_en) = match decision.decision.as_str() {
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

fn words(sent: &Decision) -> Words {
    let decision = sent.decision.as_str();
    let of = |words: &str, wanted: bool| {
        if wanted {
            words.to_owned()
        } else {
            String::new()
        }
    };
    Words {
        party: sent.party.clone(),
        objects: decision == "object",
        // a reason that was typed and then not meant does not turn consent into a concern
        reason: of(&sent.reason, decision != "consent"),
        lifts: of(&sent.lifts, decision == "object"),
    }
}

/// The moment of the text that was shown, when a signature of it comes.
fn shown(sent: &Decision) -> Option<jiff::Timestamp> {
    let at = sent.at.parse().ok();
    at.filter(|_| sent.step == "sign")
}

/// With what it was signed: the moment and the signature that came back, or nothing.
fn pen(sent: &Decision) -> Result<Pen, AppError> {
    let signature = sent.signature.trim();
    if signature.is_empty() || sent.unsigned == Ticked(true) {
        return Ok(Pen::Nothing);
    }
    let at = sent.at.parse().map_err(|_| {
        AppError::usage(
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
    Form {
        sent: decision,
        fields,
    }: Form<Decision>,
) -> Result<Response, Failure> {
    let action = format!("/projects/{id}/versions/{number}/decide");
    let version = version(&web, &id, number).await?;
    let signed = visit.require(Act::Consent, &decision.party)?;
    keep_draft(&web, &visit, &action, &fields).await?;
    let sent = Sent {
        web: &web,
        visit: &visit,
        version: &version,
        action,
        kind: Kind::Consent,
        decision: &decision,
        fields,
    };
    if !["consent", "concern", "object"].contains(&decision.decision.as_str()) {
        return sent.again(no_choice());
    }
    let words = words(&decision);
    if decision.decision == "concern" && words.reason.trim().is_empty() {
        return sent.again(no_reason());
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
    decide_form(&web, &visit, version, action, fields, Kind::Suspend, None)
}

/// Suspends, resumes or ends: first the words, then the signature, without which restricting applies too.
pub(crate) async fn put_suspend(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form {
        sent: decision,
        fields,
    }: Form<Decision>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let action = format!("/projects/{id}/suspend");
    let signed = visit.require(Act::Suspend, &decision.party)?;
    keep_draft(&web, &visit, &action, &fields).await?;
    let sent = Sent {
        web: &web,
        visit: &visit,
        version,
        action,
        kind: Kind::Suspend,
        decision: &decision,
        fields,
    };
    let Ok(change) = decision.decision.parse::<Change>() else {
        return sent.again(no_choice());
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

fn done_of(change: Change) -> Done {
    match change {
        Change::Suspended => Done::Suspended,
        Change::Resumed => Done::Resumed,
        Change::Ended => Done::Ended,
    }
}

/// Opens a consent round.
pub(crate) async fn open_round(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, number)): Path<(String, u32)>,
    Signed(fields): Signed,
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
        Text::new("er is nog niets gekozen", "nothing was chosen yet"),
        Text::new(
            "kies wat uw partner besluit",
            "choose what your party decides",
        ),
    )
}

fn no_reason() -> AppError {
    AppError::usage(
        Text::new("een zorg heeft een reden", "a concern has a reason"),
        Text::new(
            "schrijf waar uw partner zich zorgen over maakt",
            "write what your party is concerned about",
        ),
    )
}
