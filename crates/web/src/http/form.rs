//! What a form sends: taken only from our own pages, and with the token of the session.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use zwerm_agreement::text::Text;

use crate::http::csrf::{check_token, require_own};
use crate::http::failure::{Failure, Unsent};
use crate::http::visit::Visit;

/// Fields of a form at most.
const MOST_FIELDS: usize = 1000;

/// The fields of a form, in the order in which they were sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct FormFields(Vec<(String, String)>);

impl FormFields {
    /// What was filled in; empty when the field is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        let mut fields = self.0.iter();
        fields
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// The same without blanks around it, if there is anything.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// Every value of a field that may be given several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let fields = self.0.iter();
        fields
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// The same with another value in a field.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(field, _)| field != name);
        self.0.push((name.to_owned(), value));
    }

    /// What is worth keeping of it: all but secrets.
    pub(crate) fn to_keep(&self) -> Vec<(String, String)> {
        let secret = |name: &str| name == "csrf" || name.contains("password") || name == "code";
        let fields = self.0.iter();
        fields.filter(|(name, _)| !secret(name)).cloned().collect()
    }

    /// As a draft is kept.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(&self.to_keep()).unwrap_or_default()
    }

    /// As a draft was kept.
    pub(crate) fn from_json(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap_or_default())
    }
}

impl From<Vec<(String, String)>> for FormFields {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

/// A form that one of our pages sent; of somebody signed in, with the session's token.
#[derive(Debug)]
pub(crate) struct PostedForm(pub(crate) FormFields);

/// The same of somebody who must be signed in; what was filled in is not lost when they no longer are.
#[derive(Debug)]
pub(crate) struct SignedForm(pub(crate) FormFields);

impl<S: Send + Sync> FromRequest<S> for PostedForm {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (visit, fields) = read(request, state).await?;
        if visit.person().is_some() {
            check_token(&visit, &fields)?;
        }
        Ok(Self(fields))
    }
}

impl<S: Send + Sync> FromRequest<S> for SignedForm {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let form = UnfinishedForm::of(&request);
        let (visit, fields) = read(request, state).await?;
        of_somebody(&visit, form, fields).map(Self)
    }
}

/// Marks a route whose form has words that are worth keeping, and a page that shows them again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptWhenSignedOut;

/// A form that may be sent by somebody whose session is over.
#[derive(Debug)]
pub(crate) struct UnfinishedForm {
    path: String,
    is_kept: bool,
}

impl UnfinishedForm {
    /// The form that a request sends.
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            path: request.uri().path().to_owned(),
            is_kept: request.extensions().get::<KeptWhenSignedOut>().is_some(),
        }
    }
}

/// The fields of somebody who is signed in, with the session's token; kept for after they signed in when they are not.
pub(crate) fn of_somebody(
    visit: &Visit,
    form: UnfinishedForm,
    fields: FormFields,
) -> Result<FormFields, Failure> {
    if visit.person().is_none() {
        let unsent = form.is_kept.then(|| Unsent {
            form: form.path,
            fields: fields.to_keep(),
        });
        return Err(Failure::SignIn(unsent));
    }
    check_token(visit, &fields)?;
    Ok(fields)
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<(Visit, FormFields), Failure> {
    let visit = Visit::of(request.extensions())?;
    require_own(request.headers())?;
    let bytes = Bytes::from_request(request, state).await;
    let bytes = bytes.map_err(|_| Failure::TooLarge)?;
    if bytes.iter().filter(|byte| **byte == b'&').count() >= MOST_FIELDS {
        return Err(Failure::TooLarge);
    }
    let fields = serde_urlencoded::from_bytes(&bytes);
    let fields: Vec<(String, String)> = fields.map_err(|_| {
        Failure::Unreadable(Text::new(
            "Het formulier is niet te lezen.",
            "The form cannot be read.",
        ))
    })?;
    Ok((visit, FormFields(fields)))
}
