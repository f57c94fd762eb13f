//! A form with a file: taken piece by piece to disk, no more than is allowed.

use std::io::Write as _;
use std::sync::Arc;

use axum::extract::multipart::Field;
use axum::extract::{FromRequest, FromRequestParts as _, Multipart, Path, Request};
use tempfile::NamedTempFile;
use tokio::sync::Semaphore;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::site::INCOMING;

use crate::Web;
use crate::decide::propose::proposers;
use crate::http::csrf::{check_token, require_own};
use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::visit::Visit;

/// Bytes of an upload at most.
pub(crate) const LARGEST: usize = 256 << 20;
/// Uploads that are taken at once.
static AT_ONCE: Semaphore = Semaphore::const_new(4);
/// Bytes of a field at most, and fields.
const LARGEST_FIELD: usize = 1 << 20;
const MOST_FIELDS: usize = 50;
/// The same of a proposal, whose form is long.
const MOST_OF_PROPOSAL: usize = 2000;
/// The kinds of files that are read, by the end of their names.
const KINDS: [&str; 3] = ["csv", "parquet", "xlsx"];
/// The same with a proposal, which may begin with the summary beside a file.
const KINDS_OF_PROPOSAL: [&str; 4] = ["csv", "parquet", "xlsx", "json"];

/// What was uploaded by somebody who is signed in.
pub(crate) struct Uploaded {
    pub(crate) fields: FormFields,
    /// The file, gone when this is dropped.
    file: Option<NamedTempFile>,
    /// The name that whoever sent it knows it by.
    pub(crate) name: String,
    /// Whether a file was sent of a kind that is not read.
    is_other_kind: bool,
    /// Whether the summary beside a file would be read too.
    takes_summary: bool,
}

impl Uploaded {
    /// The file that was sent, if there is one.
    ///
    /// # Errors
    /// When it is of another kind than is read.
    pub(crate) fn take_file(&mut self) -> Result<Option<NamedTempFile>, AppError> {
        match self.is_other_kind {
            true => Err(other_kind(&self.name, self.takes_summary)),
            false => Ok(self.file.take()),
        }
    }
}

impl FromRequest<Arc<Web>> for Uploaded {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Failure> {
        let visit = somebody(&request)?;
        // who may not deliver sends nothing to the disk
        let (mut parts, body) = request.into_parts();
        let path = Path::<(String, String)>::from_request_parts(&mut parts, web).await;
        let Path((party, _)) = path.map_err(|_| Failure::NotFound)?;
        visit.require(Act::Deliver, &party)?;
        let request = Request::from_parts(parts, body);
        receive(request, web, &visit, (MOST_FIELDS, &KINDS)).await
    }
}

/// A file with the form of a proposal, by somebody who may propose.
pub(crate) struct WithProposal(pub(crate) Uploaded);

impl FromRequest<Arc<Web>> for WithProposal {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Failure> {
        let visit = somebody(&request)?;
        proposers(&visit)?;
        let uploaded =
            receive(request, web, &visit, (MOST_OF_PROPOSAL, &KINDS_OF_PROPOSAL)).await?;
        Ok(Self(uploaded))
    }
}

/// Whoever sends a form of ours with a file: somebody who is signed in.
fn somebody(request: &Request) -> Result<Visit, Failure> {
    let visit = Visit::of(request.extensions())?;
    require_own(request.headers())?;
    visit.require_person()?;
    Ok(visit)
}

async fn receive(
    request: Request,
    web: &Arc<Web>,
    visit: &Visit,
    (most, kinds): (usize, &[&str]),
) -> Result<Uploaded, Failure> {
    let _place = AT_ONCE.try_acquire().map_err(|_| Failure::TooMany)?;
    let mut form = Multipart::from_request(request, web)
        .await
        .map_err(|_| unreadable())?;
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file = None;
    let mut file_name = String::new();
    let mut is_other_kind = false;
    while let Some(part) = form.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(given) = part.file_name().map(str::to_owned) else {
            if fields.len() >= most {
                return Err(Failure::TooLarge);
            }
            fields.push((name, text_of(part).await?));
            continue;
        };
        // the token comes before the file: what is not ours is not written to disk
        check_token(visit, &FormFields::from(fields.clone()))?;
        if given.is_empty() || file.is_some() || is_other_kind {
            continue;
        }
        file_name = given.chars().take(200).collect();
        let end = given.rsplit('.').next().unwrap_or_default().to_lowercase();
        match kinds.iter().find(|kind| **kind == end) {
            Some(kind) => file = Some(file_of(part, kind, web).await?),
            // told in the form, which is not lost by it
            None => is_other_kind = true,
        }
    }
    let fields = FormFields::from(fields);
    check_token(visit, &fields)?;
    Ok(Uploaded {
        fields,
        file,
        name: file_name,
        is_other_kind,
        takes_summary: kinds.contains(&"json"),
    })
}

/// The text of a field that is no file.
async fn text_of(mut part: Field<'_>) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_FIELD {
            return Err(Failure::TooLarge);
        }
    }
    String::from_utf8(bytes).map_err(|_| unreadable())
}

/// The file of a field, written to disk beside the data, so that a full disk is known before anything is taken.
async fn file_of(mut part: Field<'_>, kind: &str, web: &Web) -> Result<NamedTempFile, Failure> {
    let root = web.site.home.root();
    let at = |error| Failure::App(AppError::at(root)(error));
    let mut builder = tempfile::Builder::new();
    builder.prefix(INCOMING);
    let suffix = format!(".{kind}");
    let mut target = builder.suffix(&suffix).tempfile_in(root).map_err(at)?;
    while let Some(chunk) = part.chunk().await.map_err(broken)? {
        target.write_all(&chunk).map_err(at)?;
    }
    target.flush().map_err(at)?;
    Ok(target)
}

/// Why no more of a form with a file came.
pub(crate) fn broken(error: axum::extract::multipart::MultipartError) -> Failure {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Failure::TooLarge
    } else {
        unreadable()
    }
}

pub(crate) fn unreadable() -> Failure {
    Failure::Unreadable(Text::new(
        "Het formulier kwam niet heel aan.",
        "The form did not arrive whole.",
    ))
}

fn other_kind(name: &str, takes_summary: bool) -> AppError {
    let cure = match takes_summary {
        true => Text::new(
            "neem CSV, Parquet of Excel (xlsx), of de samenvatting ernaast (json)",
            "take CSV, Parquet or Excel (xlsx), or the summary beside it (json)",
        ),
        false => Text::new(
            "neem CSV, Parquet of Excel (xlsx)",
            "take CSV, Parquet or Excel (xlsx)",
        ),
    };
    let fault = Diagnostic::new(
        FaultCode::Unsupported,
        Text::new(
            format!("`{name}` is een soort bestand dat hier niet wordt gelezen"),
            format!("`{name}` is a kind of file that is not read here"),
        ),
        cure,
    );
    AppError::from(vec![fault.at(Place::Field("file".to_owned()))])
}
