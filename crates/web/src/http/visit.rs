//! Who looks at a page, in which language, and what they may do.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Uri, header};
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Lang;
use zwerm_app::error::AppError;
use zwerm_app::people::accounts::{self, SignedIn};
use zwerm_app::people::rights;
use zwerm_app::types::store::people::Person;
use zwerm_app::types::store::roles::PersonRole;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::{Failure, Unsent};
use crate::http::{cookie, csrf};

/// A look at a page, by somebody.
#[derive(Debug, Clone)]
pub(crate) struct Visit(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    lang: Lang,
    /// Path and query without the prefix of the language.
    path: String,
    address: String,
    agent: String,
    signed: Option<SignedIn>,
    /// The session's token, as this page shows it.
    token: String,
    /// Whether it could not be looked up who looks.
    unknown: bool,
}

impl Visit {
    /// The visit that a request belongs to.
    pub(crate) fn of(extensions: &Extensions) -> Result<Self, Failure> {
        let visit = extensions.get::<Self>().cloned();
        visit.ok_or(Failure::NotFound)
    }

    pub(crate) fn lang(&self) -> Lang {
        self.0.lang
    }

    /// Path and query without the prefix of the language.
    pub(crate) fn path_and_query(&self) -> String {
        // what was told is told once, not on the page in the other language as well
        let path = self.0.path.as_str();
        path.split("?done=").next().unwrap_or(path).to_owned()
    }

    /// What was just done.
    pub(crate) fn told(&self) -> Option<String> {
        let (_, code) = self.0.path.split_once("?done=")?;
        Done::words(code).map(|text| text.get(self.0.lang).to_owned())
    }

    /// The address that the request came from.
    pub(crate) fn address(&self) -> &str {
        &self.0.address
    }

    /// The browser, as it calls itself.
    pub(crate) fn agent(&self) -> &str {
        &self.0.agent
    }

    pub(crate) fn signed(&self) -> Option<&SignedIn> {
        self.0.signed.as_ref()
    }

    pub(crate) fn person(&self) -> Option<&Person> {
        self.signed().map(|signed| &signed.person)
    }

    /// The session's token, as this page shows it.
    pub(crate) fn csrf(&self) -> &str {
        &self.0.token
    }

    pub(crate) fn unread(&self) -> u64 {
        self.signed().map_or(0, |signed| signed.unread)
    }

    /// The parties for which the person has this role, in order.
    pub(crate) fn parties(&self, role: Role) -> Vec<&str> {
        let roles = self.signed().map(|signed| signed.roles.as_slice());
        let roles: &[PersonRole] = roles.unwrap_or_default();
        let mine = roles.iter().filter(|m| m.role == role);
        mine.map(|m| m.party.as_str()).collect()
    }

    /// The parties for which the person does anything.
    pub(crate) fn parties_of_any_role(&self) -> Vec<&str> {
        let roles = self.signed().map(|signed| signed.roles.as_slice());
        let roles: &[PersonRole] = roles.unwrap_or_default();
        roles.iter().map(|m| m.party.as_str()).collect()
    }

    /// Whether the person may do something in the name of a party.
    pub(crate) fn may(&self, act: Act, party: &str) -> bool {
        self.signed()
            .is_some_and(|signed| rights::may(signed, act, party).is_ok())
    }

    /// The person, if they may do something in the name of a party.
    pub(crate) fn require(&self, act: Act, party: &str) -> Result<&SignedIn, Failure> {
        let signed = self.require_person()?;
        rights::may(signed, act, party).map_err(Failure::Forbidden)?;
        Ok(signed)
    }

    /// The person, if they run the machine.
    pub(crate) fn require_running(&self) -> Result<&SignedIn, Failure> {
        let signed = self.require_person()?;
        rights::may_run(signed).map_err(Failure::Forbidden)?;
        Ok(signed)
    }

    /// The person, if they say who does what for a party.
    pub(crate) fn require_managing(&self, party: &str) -> Result<&SignedIn, Failure> {
        let signed = self.require_person()?;
        rights::may_manage(signed, party).map_err(Failure::Forbidden)?;
        Ok(signed)
    }

    /// The parties of which the person says who does what; none when it is all of them.
    pub(crate) fn manages(&self) -> Result<Option<Vec<&str>>, Failure> {
        let signed = self.require_person()?;
        let Err(why) = rights::may_run(signed) else {
            return Ok(None);
        };
        let mut parties = self.parties_of_any_role();
        parties.dedup();
        parties.retain(|party| rights::may_manage(signed, party).is_ok());
        if parties.is_empty() {
            return Err(Failure::Forbidden(why));
        }
        Ok(Some(parties))
    }

    /// The person who is signed in.
    pub(crate) fn require_person(&self) -> Result<&SignedIn, Failure> {
        self.signed().ok_or_else(|| self.nobody(None))
    }

    /// What is said to somebody who must be signed in and is not, with the form that they sent.
    pub(crate) fn nobody(&self, unsent: Option<Unsent>) -> Failure {
        match self.0.unknown {
            true => Failure::App(AppError::Away),
            false => Failure::SignIn(unsent),
        }
    }

    /// Whether the person keeps a party's data.
    pub(crate) fn keeps_data(&self) -> bool {
        !self.parties(Role::Steward).is_empty()
    }

    /// A path in the visitor's language.
    pub(crate) fn link(&self, path: &str) -> String {
        match self.0.lang {
            Lang::Nl => path.to_owned(),
            Lang::En => format!("/en{path}"),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Self::of(&parts.extensions)
    }
}

/// Who looks at this address, with these headers.
pub(crate) async fn look(web: &Web, uri: &Uri, headers: HeaderMap, address: String) -> Visit {
    let (lang, path) = language(uri);
    let agent = headers.get(header::USER_AGENT);
    let agent = agent
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let agent: String = agent.chars().take(200).collect();
    let found = match cookie::session(&web.config, &headers) {
        Some(token) => accounts::signed_in(&web.site, &token).await,
        None => Ok(None),
    };
    // a registry that cannot be read signs nobody in, and says of nobody that they are signed out
    let unknown = found.is_err();
    let signed = found.unwrap_or_default();
    let token = signed.as_ref().map_or("", |signed| signed.csrf.as_str());
    Visit(Arc::new(Inner {
        lang,
        path,
        address,
        agent,
        token: csrf::masked(token),
        signed,
        unknown,
    }))
}

fn language(uri: &Uri) -> (Lang, String) {
    let whole = uri.path_and_query().map_or("/", |path| path.as_str());
    let path = uri.path();
    if path == "/en" || path.starts_with("/en/") {
        let rest = whole.strip_prefix("/en").unwrap_or_default();
        (Lang::En, format!("/{}", rest.trim_start_matches('/')))
    } else {
        (Lang::Nl, format!("/{}", whole.trim_start_matches('/')))
    }
}
