//! A form to which a small text file may be attached: what is in the file takes the place of what was pasted.

use axum::extract::{FromRequest, Multipart, Request};

use crate::http::csrf::require_own;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, UnfinishedForm, of_somebody};
use crate::http::upload::{broken, unreadable};
use crate::http::visit::Visit;

/// Bytes of such a form at most.
pub(crate) const LARGEST: usize = 4 << 20;
/// Bytes of a file that are read: what is longer is longer than any form takes, and says so.
const READ: usize = 1 << 20;
const MOST_FIELDS: usize = 100;
/// The field of the file.
const FILE: &str = "file";

/// What somebody signed in sent; the text of the file is in the field that its own `into` names.
#[derive(Debug)]
pub(crate) struct Attached(pub(crate) FormFields);

impl<S: Send + Sync> FromRequest<S> for Attached {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let visit = Visit::of(request.extensions())?;
        require_own(request.headers())?;
        let form = UnfinishedForm::of(&request);
        let multipart = Multipart::from_request(request, state).await;
        let fields = read(multipart.map_err(|_| unreadable())?).await?;
        of_somebody(&visit, form, fields).map(Self)
    }
}

async fn read(mut form: Multipart) -> Result<FormFields, Failure> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut attached = None;
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            let room = READ.saturating_sub(bytes.len());
            bytes.extend(chunk.iter().take(room));
        }
        if fields.len() >= MOST_FIELDS {
            return Err(Failure::TooLarge);
        }
        if name == FILE {
            attached = Some(text(bytes)).filter(|text| !text.is_empty());
        } else {
            fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    let mut fields = FormFields::from(fields);
    let into = fields.get("into").to_owned();
    if let Some(text) = attached
        && !into.is_empty()
    {
        fields.set(&into, text);
    }
    Ok(fields)
}

/// A file as text: UTF-8, or what spreadsheets in Western Europe write otherwise.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = error.into_bytes();
        bytes.into_iter().map(char::from).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_file_of_an_older_spreadsheet_is_read_too() {
        assert_eq!(text("Élan".into()), "Élan");
        assert_eq!(text(vec![0xc9, b'l', b'a', b'n']), "Élan");
    }
}
