//! Signing a decision: what a form to decide says, and its two steps, first the words and then the signature.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_app::decide::consent::{ConsentWords, ToSign};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::overview::Version;
use zwerm_app::types::home::Pen;

use crate::Web;
use crate::decide::consent::{Aim, decide_form};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, Ticked};
use crate::http::visit::Visit;
use crate::marks::PartyMark;
use crate::page::Page;
use crate::render::{drop_draft, go, in_form, render};

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

/// What a form to decide says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DecisionForm {
    pub(crate) party: String,
    /// `consent`, `concern`, `object`, or a [`StatusChange`](zwerm_agreement::status::StatusChange).
    pub(crate) decision: String,
    pub(crate) reason: String,
    lifts: String,
    /// `sign` when the text was shown.
    step: String,
    /// The moment of the text that was shown.
    at: String,
    signature: String,
    unsigned: Ticked,
}

/// A form to decide that was sent, and what it is about.
pub(crate) struct SentDecision<'a> {
    pub(crate) web: &'a Web,
    pub(crate) visit: &'a Visit,
    pub(crate) version: &'a Version,
    pub(crate) action: String,
    pub(crate) kind: Aim,
    pub(crate) decision: &'a DecisionForm,
    pub(crate) fields: FormFields,
}

impl SentDecision<'_> {
    /// The form again, with what is wrong with it.
    pub(crate) async fn again(self, wrong: AppError) -> Result<Response, Failure> {
        let Self {
            web,
            visit,
            version,
            action,
            kind,
            fields,
            ..
        } = self;
        decide_form(web, visit, version, action, fields, kind, Some(wrong)).await
    }

    /// What is to be signed.
    fn sign_form(self, to_sign: ToSign, wrong: Option<AppError>) -> Result<Response, Failure> {
        let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
        let title = Text::new("Onderteken uw besluit", "Sign your decision");
        render(&SignPage {
            page: Page::new(self.web, self.visit, &title).about(self.version.agreement()),
            what: in_a_sentence(self.version, self.decision),
            action: self.action,
            fields: self.fields,
            to_sign,
            told,
            reasons,
        })
    }

    /// First the words, then the signature: shows what is to be signed, or acts with the signature that came back.
    pub(crate) async fn in_two_steps<T, F: Future<Output = Result<T, AppError>>>(
        self,
        to_sign: Result<ToSign, AppError>,
        act: impl FnOnce(Pen) -> F,
        (to, done): (&str, Done),
    ) -> Result<Response, Failure> {
        let to_sign = match to_sign {
            Ok(to_sign) => to_sign,
            Err(error) => return self.again(error).await,
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
fn in_a_sentence(version: &Version, decision: &DecisionForm) -> Text {
    let agreement = version.agreement();
    let (title, number) = (&agreement.title, agreement.version);
    let Text { nl, en } = PartyMark::of(agreement, &decision.party).name;
    let (does_nl, does_en) = match decision.decision.as_str() {
        "consent" => ("stemt in met", "consents to"),
        "concern" => (
            "stemt in, met een zorg, met",
            "consents, with a concern, to",
        ),
        "object" => (
            "heeft een overwegend bezwaar tegen",
            "has an objection that blocks",
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

/// The words to consent or object with.
pub(crate) fn words(sent: &DecisionForm) -> ConsentWords {
    let decision = sent.decision.as_str();
    let of = |words: &str, wanted: bool| {
        if wanted {
            words.to_owned()
        } else {
            String::new()
        }
    };
    ConsentWords {
        party: sent.party.clone(),
        objects: decision == "object",
        // a reason that was typed and then not meant does not turn consent into a concern
        reason: of(&sent.reason, decision != "consent"),
        lifts: of(&sent.lifts, decision == "object"),
    }
}

/// The moment of the text that was shown, when a signature of it comes.
pub(crate) fn shown(sent: &DecisionForm) -> Option<jiff::Timestamp> {
    let at = sent.at.parse().ok();
    at.filter(|_| sent.step == "sign")
}

/// With what it was signed: the moment and the signature that came back, or nothing.
fn pen(sent: &DecisionForm) -> Result<Pen, AppError> {
    let signature = sent.signature.trim();
    if signature.is_empty() || sent.unsigned == Ticked(true) {
        return Ok(Pen::Nothing);
    }
    let at = sent.at.parse().map_err(|_| {
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
