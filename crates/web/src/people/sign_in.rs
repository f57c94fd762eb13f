//! Signing in and out; accepting an invitation; choosing a new password.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::people::accounts::{self, Account, Attempt, SignInOutcome};
use zwerm_app::people::notices::listed;
use zwerm_app::people::{drafts, known_keys, people};
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::people::Person;

use crate::Web;
use crate::http::cookie;
use crate::http::done::Done;
use crate::http::failure::{Failure, Unsent};
use crate::http::form::{FormFields, PostedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::people::people::name_of;
use crate::render::{SignInPage, forward, go, in_form, render};

/// Shows the form.
pub(crate) async fn show(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    if visit.person().is_some() {
        return Ok(forward(&visit, "/account"));
    }
    form(&web, &visit, &FormFields::default(), None)
}

fn form(
    web: &Web,
    visit: &Visit,
    fields: &FormFields,
    wrong: Option<Text>,
) -> Result<Response, Failure> {
    let title = Text::new("Aanmelden", "Sign in");
    render(&SignInPage {
        page: Page::new(web, visit, &title),
        wrong,
        back: fields.get("back").to_owned(),
        unsent: unsent(fields),
        login: fields.get("login").to_owned(),
        people: web.site.demo_people().to_vec(),
    })
}

/// The form that somebody was filling in when they turned out to be signed out.
fn unsent(fields: &FormFields) -> Option<Unsent> {
    let form = fields.text("form")?;
    let kept = fields.to_keep().into_iter();
    let kept = kept.filter_map(|(name, value)| {
        let name = name.strip_prefix("kept:")?;
        Some((name.to_owned(), value))
    });
    Some(Unsent {
        form: form.to_owned(),
        fields: kept.collect(),
    })
}

/// Who signs in, and where to go then.
#[derive(Default, Deserialize)]
#[serde(default)]
struct SignInForm {
    login: String,
    password: String,
    back: String,
}

/// Signs in. There is a new session each time, whatever the browser sent before.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    PostedForm(fields): PostedForm,
) -> Result<Response, Failure> {
    let sent: SignInForm = fields.read()?;
    let attempt = Attempt {
        login: &sent.login,
        password: &sent.password,
        address: visit.address(),
        agent: visit.agent(),
    };
    let token = match accounts::sign_in(&web.site, &attempt).await? {
        SignInOutcome::Done(token) => token,
        SignInOutcome::Wrong => {
            let wrong = Text::new(
                "Gebruikersnaam of wachtwoord klopt niet.",
                "The name and the password do not belong together.",
            );
            let page = form(&web, &visit, &fields, Some(wrong))?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        SignInOutcome::TooMany => return Err(Failure::TooMany),
    };
    let mut back = own_path(&sent.back).to_owned();
    if let Some(unsent) = unsent(&fields)
        && own_path(&unsent.form) == unsent.form
        && (web.keeps)(&unsent.form)
        && let Some(signed) = accounts::signed_in(&web.site, &token).await?
    {
        let kept = FormFields::from(unsent.fields);
        let json = kept.to_json();
        drafts::keep(&web.site, &signed.person, &unsent.form, &json).await?;
        back = own_path(&unsent.form).to_owned();
    }
    let mut response = forward(&visit, &back);
    if let Some(cookie) = cookie::keep(&web.config, &token) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// A path of ours: nobody is sent on to another site.
fn own_path(path: &str) -> &str {
    // browsers drop tabs and line ends, and take a backslash for a slash
    let printable = path
        .bytes()
        .all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\');
    let ours = path.starts_with('/') && !path.starts_with("//") && printable;
    if !ours || path == "/" || path.starts_with("/sign-in") {
        return "/account";
    }
    // these take a form and have no page of their own
    match path {
        "/people/withdraw" => "/people",
        _ if path.starts_with("/people/")
            && ["/enable", "/grant", "/end-administration", "/password-link"]
                .iter()
                .any(|form| path.ends_with(form)) =>
        {
            "/people"
        }
        _ if path.starts_with("/parties/") && path.ends_with("/remove") => "/parties",
        "/sign-out" => "/account",
        _ => path.strip_suffix("/round").unwrap_or(path),
    }
}

/// Ends the session, and says so on the next page.
pub(crate) async fn out(
    State(web): State<Arc<Web>>,
    visit: Visit,
    PostedForm(_): PostedForm,
) -> Result<Response, Failure> {
    if let Some(signed) = visit.signed() {
        accounts::sign_out(&web.site, signed).await?;
    }
    let mut response = go(&visit, "/sign-in", Done::SignedOut);
    if let Some(cookie) = cookie::forget(&web.config) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "people/choose_password.html")]
struct ChoosePasswordPage {
    page: Page,
    action: String,
    /// Whose invitation it is; none when only a password is chosen.
    invited: Option<String>,
    /// The user name that the form begins with.
    login: String,
    /// Whether the party's key comes next.
    key_next: bool,
    what: Text,
    fields: FormFields,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The form behind an invitation.
pub(crate) async fn invitation(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    invitation_form(&web, &visit, &token, &FormFields::default(), None).await
}

async fn invitation_form(
    web: &Web,
    visit: &Visit,
    token: &str,
    fields: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let found = accounts::invitation(&web.site, token).await?;
    let invitation = found.ok_or(Failure::NotFound)?;
    let what = match &invitation.party {
        Some(party) => {
            let (roles, of) = (listed(&invitation.roles), name_of(web, party).await?);
            Text::new(
                format!("{} van {}", roles.nl, of.nl),
                format!("{} of {}", roles.en, of.en),
            )
        }
        None => Text::new("beheerder", "administrator"),
    };
    let decides = invitation.roles.contains(&Role::Decider);
    let key_next = match invitation.party.as_deref().filter(|_| decides) {
        Some(party) => known_keys::of(&web.site, party).await?.key.is_none(),
        None => false,
    };
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("U bent uitgenodigd", "You are invited");
    render(&ChoosePasswordPage {
        page: Page::new(web, visit, &title),
        action: format!("/invitations/{token}"),
        login: match fields.has("login") {
            true => fields.get("login").to_owned(),
            false => accounts::free_login(&web.site, &invitation.name).await?,
        },
        invited: Some(invitation.name),
        key_next,
        what,
        fields: fields.clone(),
        told,
        reasons,
    })
}

/// A new account, or a new password alone.
#[derive(Default, Deserialize)]
#[serde(default)]
struct AccountForm {
    login: String,
    name: String,
    password: String,
    #[serde(rename = "password-again")]
    again: String,
}

/// Makes the account.
pub(crate) async fn accept(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(token): Path<String>,
    PostedForm(fields): PostedForm,
) -> Result<Response, Failure> {
    let sent: AccountForm = fields.read()?;
    let account = Account {
        login: &sent.login,
        name: &sent.name,
        password: &sent.password,
        lang: visit.lang(),
    };
    let made = match same_twice(&sent.password, &sent.again) {
        Ok(()) => accounts::accept(&web.site, &token, &account).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(person) => welcome(&web, &visit, &person).await,
        Err(error) => invitation_form(&web, &visit, &token, &fields, Some(error)).await,
    }
}

/// Signs in who made an account, and leads a decider whose party has no key to the page where it is made.
async fn welcome(web: &Web, visit: &Visit, person: &Person) -> Result<Response, Failure> {
    let token = accounts::begin(&web.site, person, visit.agent()).await?;
    let mut to = "/account".to_owned();
    for one in people::roles_of(&web.site, &person.id).await? {
        let decides = one.role == Role::Decider;
        if decides && known_keys::of(&web.site, &one.party).await?.key.is_none() {
            to = format!("/account/key/{}", one.party);
        }
    }
    let mut response = go(visit, &to, Done::Account);
    if let Some(cookie) = cookie::keep(&web.config, &token) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The form behind a link to choose a new password.
pub(crate) async fn reset(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    reset_form(&web, &visit, &token, None).await
}

async fn reset_form(
    web: &Web,
    visit: &Visit,
    token: &str,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let person = accounts::resetting(&web.site, token)
        .await?
        .ok_or(Failure::NotFound)?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Kies een nieuw wachtwoord", "Choose a new password");
    render(&ChoosePasswordPage {
        page: Page::new(web, visit, &title),
        action: format!("/reset/{token}"),
        invited: None,
        login: String::new(),
        key_next: false,
        what: Text::same(person.login),
        fields: FormFields::default(),
        told,
        reasons,
    })
}

/// Sets the password.
pub(crate) async fn put_reset(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(token): Path<String>,
    PostedForm(fields): PostedForm,
) -> Result<Response, Failure> {
    let sent: AccountForm = fields.read()?;
    let done = match same_twice(&sent.password, &sent.again) {
        Ok(()) => accounts::use_reset(&web.site, &token, &sent.password).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(go(&visit, "/sign-in", Done::Password)),
        Err(error) => reset_form(&web, &visit, &token, Some(error)).await,
    }
}

/// Whether a new password was typed twice the same.
pub(crate) fn same_twice(password: &str, again: &str) -> Result<(), AppError> {
    if password == again {
        return Ok(());
    }
    Err(AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            "de twee wachtwoorden zijn niet gelijk",
            "the two passwords are not the same",
        ),
        Text::new("vul twee keer hetzelfde in", "fill in the same twice"),
    ))
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn nobody_is_sent_on_to_another_site() {
        for path in [
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "https://evil.example",
            "evil",
            "",
            "/é",
        ] {
            assert_eq!(own_path(path), "/account", "{path}");
        }
        assert_eq!(own_path("/projects/a?b=c"), "/projects/a?b=c");
        assert_eq!(own_path("/parties/a/remove"), "/parties");
        assert_eq!(
            own_path("/projects/a/versions/2/round"),
            "/projects/a/versions/2"
        );
    }
}
