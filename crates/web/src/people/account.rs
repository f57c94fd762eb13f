//! One's own account: notices, roles, password, recovery codes, and the party's key.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::people::accounts::{self, PasswordChange};
use zwerm_app::people::known_keys::{self, KeyState};
use zwerm_app::people::notices::NoticeSubject;
use zwerm_app::people::people::By;
use zwerm_app::people::todo;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::drafts::Draft;
use zwerm_app::types::store::list::ListPlace;
use zwerm_app::types::store::notices::Notice;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::people::people::name_of;
use crate::people::sign_in::same_twice;
use crate::people::todo::{deliver_page, to_do};
use crate::render::{go, in_form, render};
use crate::site::beginning;

const NOTICES: u32 = 50;

#[derive(Template)]
#[template(path = "people/account.html")]
struct AccountPage {
    page: Page,
    login: String,
    admin: bool,
    /// Each role with the name of its party.
    roles: Vec<(Text, Text)>,
    decides_for: Vec<DecidedFor>,
    /// What waits for whoever looks: where it is done, and what it is.
    waiting: Vec<(String, Text)>,
    /// Each with the path of the page to read on.
    notices: Vec<(Notice, Option<String>)>,
    /// Where the next page of notices begins.
    older: Option<ListPlace>,
    drafts: Vec<(Draft, Text)>,
    codes_left: u64,
    sessions: usize,
}

/// A party that somebody decides for, with what is known of its key.
struct DecidedFor {
    id: String,
    name: Text,
    key: KeyState,
}

/// From which notice on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AccountQuery {
    before: String,
}

/// The page of the account; notices that it shows are read by that.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<AccountQuery>,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let mut decides_for = Vec::new();
    for party in visit.parties(Role::Decider) {
        decides_for.push(DecidedFor {
            id: party.to_owned(),
            name: name_of(&web, party).await?,
            key: known_keys::of(&web.site, party).await?,
        });
    }
    let mut roles = Vec::new();
    for one in &signed.roles {
        roles.push((name_of(&web, &one.party).await?, one.role.name()));
    }
    let todo = todo::of(&web.site, signed).await?;
    let mut waiting: Vec<(String, Text)> = todo.iter().map(to_do).collect();
    // of a new home also what everybody waits for
    if let Some(next) = beginning::next(&web, &visit, &todo).await?
        && waiting.iter().all(|(link, _)| *link != next.0)
    {
        waiting.push(next);
    }
    let before = wanted.before.parse().ok();
    let own = accounts::own(&web.site, signed, before.as_ref(), NOTICES).await?;
    let title = Text::new("Uw account", "Your account");
    render(&AccountPage {
        page: Page::new(&web, &visit, &title),
        login: signed.person.login.clone(),
        admin: signed.person.admin,
        roles,
        drafts: own
            .drafts
            .into_iter()
            .map(|draft| (draft.clone(), about(&draft.form)))
            .collect(),
        codes_left: own.codes_left,
        sessions: own.sessions,
        decides_for,
        waiting,
        older: own.notices.older,
        notices: own.notices.rows.into_iter().map(with_link).collect(),
    })
}

/// A notice with the path of the page that it is about.
fn with_link(notice: Notice) -> (Notice, Option<String>) {
    let link = notice
        .link
        .as_deref()
        .map(|about| match NoticeSubject::from(about) {
            NoticeSubject::Goal(id) => format!("/goals/{id}"),
            NoticeSubject::Version(id, version) => format!("/projects/{id}/versions/{version}"),
            NoticeSubject::People => "/people".into(),
            NoticeSubject::Questions(project) => format!("/projects/{project}/questions"),
            NoticeSubject::Data(party, dataset) => deliver_page(&party, &dataset),
            NoticeSubject::Key(party) => format!("/account/key/{party}"),
            NoticeSubject::Proposal(None) => "/projects/new".into(),
            NoticeSubject::Proposal(Some(id)) => format!("/projects/{id}/amend"),
            NoticeSubject::Path(path) => path,
        });
    (notice, link)
}

/// What a draft is of, in words.
fn about(form: &str) -> Text {
    let parts: Vec<&str> = form.split('/').filter(|part| !part.is_empty()).collect();
    let (nl, en, of) = match parts.as_slice() {
        ["projects", "new"] => ("een nieuw project", "a new project", None),
        ["projects", id, "amend"] => ("een nieuwe versie van", "a new version of", Some(*id)),
        ["projects", id, "ask"] => ("een vraag aan", "a question to", Some(*id)),
        ["projects", id, "suspend"] => ("opschorten van", "suspending", Some(*id)),
        ["projects", id, "reply", _] => ("een antwoord bij", "a reply at", Some(*id)),
        ["projects", id, "versions", _, "decide"] => {
            ("een besluit over", "a decision about", Some(*id))
        }
        ["projects", id, "questions", _, "take-away"] => (
            "een vraag weghalen bij",
            "taking away a question at",
            Some(*id),
        ),
        ["data", _, dataset, "withdraw"] => ("terugtrekken van", "withdrawing", Some(*dataset)),
        ["goals", id, "offer"] => ("een taak bij", "a task of", Some(*id)),
        ["goals", id, "tasks", _] => ("een antwoord bij", "a reply at", Some(*id)),
        ["goals", id, "indicators", _] => ("cijfers bij", "figures of", Some(*id)),
        ["people"] => ("een uitnodiging", "an invitation", None),
        ["parties"] => ("een partner", "a party", None),
        ["barriers"] => ("een belemmering", "a barrier", None),
        _ => ("een formulier", "a form", None),
    };
    let of = of.map(|of| format!(" {of}")).unwrap_or_default();
    Text::new(format!("{nl}{of}"), format!("{en}{of}"))
}

#[derive(Template)]
#[template(path = "people/password.html")]
struct PasswordPage {
    page: Page,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The form to change the password.
pub(crate) async fn password(
    State(web): State<Arc<Web>>,
    visit: Visit,
) -> Result<Response, Failure> {
    password_form(&web, &visit, None)
}

fn password_form(web: &Web, visit: &Visit, wrong: Option<AppError>) -> Result<Response, Failure> {
    visit.require_person()?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Verander uw wachtwoord", "Change your password");
    render(&PasswordPage {
        page: Page::new(web, visit, &title),
        told,
        reasons,
    })
}

/// The old password, and a new one twice where there is to be one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct PasswordForm {
    #[serde(rename = "password-old")]
    old: String,
    password: String,
    #[serde(rename = "password-again")]
    again: String,
}

/// Changes the password.
pub(crate) async fn put_password(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, .. }: Form<PasswordForm>,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let (old, new) = (&sent.old, &sent.password);
    let done = match same_twice(new, &sent.again) {
        Ok(()) => {
            let address = visit.address();
            accounts::change_password(&web.site, signed, address, old, new).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(PasswordChange::Done) => Ok(go(&visit, "/account", Done::Password)),
        Ok(PasswordChange::TooMany) => Err(Failure::TooMany),
        Err(error) => password_form(&web, &visit, Some(error)),
    }
}

#[derive(Template)]
#[template(path = "people/recovery_codes.html")]
struct RecoveryCodesPage {
    page: Page,
    codes: Vec<String>,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The page on which recovery codes can be made.
pub(crate) async fn codes(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    visit.require_person()?;
    codes_page(&web, &visit, Vec::new(), None)
}

fn codes_page(
    web: &Web,
    visit: &Visit,
    codes: Vec<String>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Herstelcodes", "Recovery codes");
    render(&RecoveryCodesPage {
        page: Page::new(web, visit, &title),
        codes,
        told,
        reasons,
    })
}

/// Makes recovery codes and shows them, once.
pub(crate) async fn put_codes(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, .. }: Form<PasswordForm>,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let address = visit.address();
    match accounts::new_recovery_codes(&web.site, signed, address, &sent.old).await {
        Ok(Some(codes)) => codes_page(&web, &visit, codes, None),
        Ok(None) => Err(Failure::TooMany),
        Err(error) => codes_page(&web, &visit, Vec::new(), Some(error)),
    }
}

#[derive(Template)]
#[template(path = "people/party_key.html")]
struct PartyKeyPage {
    page: Page,
    key_party: String,
    name: Text,
    known: KeyState,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The page on which a decider's browser makes or loads the party's key.
pub(crate) async fn key(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(party): Path<String>,
    Query(wanted): Query<PartyKeyQuery>,
) -> Result<Response, Failure> {
    visit.require(Act::KeepKey, &party)?;
    key_form(&web, &visit, party, wanted.new == "yes", None).await
}

/// Whether another key is to be made.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartyKeyQuery {
    new: String,
}

async fn key_form(
    web: &Web,
    visit: &Visit,
    party: String,
    another: bool,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let name = name_of(web, &party).await?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new(
        format!("De sleutel van {}", name.nl),
        format!("The key of {}", name.en),
    );
    // whoever makes another one begins as if there were none
    let known = match another {
        true => KeyState::default(),
        false => known_keys::of(&web.site, &party).await?,
    };
    render(&PartyKeyPage {
        page: Page::new(web, visit, &title),
        known,
        key_party: party,
        name,
        told,
        reasons,
    })
}

/// Says which public key is the party's: the one that the next version of an agreement names.
pub(crate) async fn put_key(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(party): Path<String>,
    SignedForm(fields): SignedForm,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require(Act::KeepKey, &party)?);
    // a script fills in the one field, somebody without scripts the other
    let mut given = fields.all("public_key").map(str::trim);
    let key = given.find(|key| !key.is_empty()).unwrap_or_default();
    match known_keys::put(&web.site, &party, key, by).await {
        Ok(()) => Ok(go(&visit, &format!("/account/key/{party}"), Done::Key)),
        Err(error) => key_form(&web, &visit, party, true, Some(error)).await,
    }
}
