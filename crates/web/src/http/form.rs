//! What a form sends: taken only from our own pages, and with the token of the session.

use std::collections::{BTreeMap, HashSet};

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::value::{Error, MapDeserializer};
use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny};
use zwerm_agreement::text::Text;

use crate::http::csrf::{check_token, require_own};
use crate::http::failure::{Failure, Unsent};
use crate::http::visit::Visit;

/// Fields of a form at most.
const MOST_FIELDS: usize = 2000;

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

    /// The fields as a struct: of one that was sent twice the first, and the default of one that was not sent.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let mut seen = HashSet::new();
        let first = self.0.iter().filter(|(name, _)| seen.insert(name.as_str()));
        let first = first.map(|(name, value)| (name.as_str(), value.as_str()));
        T::deserialize(MapDeserializer::<_, Error>::new(first)).map_err(|_| unreadable())
    }

    /// The same with another value in a field.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(field, _)| field != name);
        self.0.push((name.to_owned(), value));
    }

    /// Every field by its name; of one that was sent twice the first.
    pub(crate) fn by_name(&self) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        for (name, value) in &self.0 {
            all.entry(name.clone()).or_insert_with(|| value.clone());
        }
        all
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

/// A box: it was ticked when it was sent, whatever its value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ticked(pub(crate) bool);

impl<'de> Deserialize<'de> for Ticked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self(true))
    }
}

/// A form of somebody who must be signed in, as a struct and as it was sent, to be shown or kept again.
#[derive(Debug)]
pub(crate) struct Form<T> {
    pub(crate) sent: T,
    pub(crate) fields: FormFields,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let SignedForm(fields) = SignedForm::from_request(request, state).await?;
        let sent = fields.read()?;
        Ok(Self { sent, fields })
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
        return Err(visit.nobody(unsent));
    }
    check_token(visit, &fields)?;
    Ok(fields)
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<(Visit, FormFields), Failure> {
    let visit = Visit::of(request.extensions())?;
    require_own(request.headers())?;
    let bytes = Bytes::from_request(request, state).await;
    let bytes = bytes.map_err(|broken| match broken.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge,
        // it broke off, or no more of it came in time
        _ => unreadable(),
    })?;
    if bytes.iter().filter(|byte| **byte == b'&').count() >= MOST_FIELDS {
        return Err(Failure::TooLarge);
    }
    let fields = serde_urlencoded::from_bytes(&bytes);
    let fields: Vec<(String, String)> = fields.map_err(|_| unreadable())?;
    Ok((visit, FormFields(fields)))
}

fn unreadable() -> Failure {
    Failure::Unreadable(Text::new(
        "Het formulier is niet te lezen.",
        "The form cannot be read.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Typed {
        name: String,
        #[serde(rename = "password-again")]
        again: String,
        box_: Ticked,
    }

    #[test]
    fn a_form_is_read_whatever_it_lacks_repeats_or_adds() {
        let fields = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter();
            let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            FormFields::from(pairs.collect::<Vec<_>>())
        };
        assert_eq!(fields(&[]).read::<Typed>().unwrap(), Typed::default());
        let sent = fields(&[("name", "a"), ("more", "x"), ("name", "b"), ("box_", "")]);
        let read = sent.read::<Typed>().unwrap();
        assert_eq!((read.name.as_str(), read.box_), ("a", Ticked(true)));
    }
}
