//! Adding an agreement to a home: the document and, when they are there, its data; all of it or nothing.

use std::fs;
use std::path::Path;

use jiff::civil::Date;
use zwerm_commons::consent::Consent;
use zwerm_commons::force::in_force;
use zwerm_commons::refusal::Refusal;
use zwerm_commons::text::Text;

use super::Home;
use crate::app::error::AppError;
use crate::app::files;
use crate::app::load::{self, Stored};

/// What adding did to the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Addition {
    /// A new agreement, or a new version of one.
    New,
    /// The same agreement, to which parties said more: this many consents.
    ConsentsAdded(usize),
    /// Nothing: it was all there.
    Unchanged,
}

/// Where the data of a dataset are, after adding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataState {
    /// Copied into the home now.
    Copied,
    /// In the home already.
    WasThere,
    /// Beside the document, read whole, and in order.
    Checked,
    /// Not there yet.
    Missing,
}

/// An agreement was added.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Added {
    /// The agreement as it now is in the home.
    pub(crate) stored: Stored,
    /// What changed.
    pub(crate) addition: Addition,
    /// Per dataset where its data are.
    pub(crate) data: Vec<(String, DataState)>,
    /// Why it is not in force today; nothing when it is.
    pub(crate) lacking: Vec<Refusal>,
}

impl Home {
    /// Adds the agreement of a document, with the data beside it.
    ///
    /// A version never changes: the same content is fine, more consents are added, anything else is told off.
    /// The document is written last, so that a crash leaves no agreement whose data were half copied.
    pub(crate) fn add(&self, document: &Path, today: Date) -> Result<Added, AppError> {
        let (new, text) = load::file_with_text(document)?;
        let agreement = &new.document.agreement;
        let found = self.find_data(agreement, load::folder(document))?;
        let _lock = self.lock()?;
        let addition = self.compare(&new)?;
        self.refuse_changed(&found)?;
        let mut data = Vec::new();
        for found in &found {
            let state = match &found.beside {
                _ if self.data_path(found.dataset).is_file() => DataState::WasThere,
                Some((from, hash)) => {
                    self.copy_data(found.dataset, from, hash)?;
                    DataState::Copied
                }
                None => DataState::Missing,
            };
            data.push((found.dataset.id.clone(), state));
        }
        if addition != Addition::Unchanged {
            self.write_document(&new, &text)?;
        }
        let stored = self.stored(&agreement.id, agreement.version)?;
        let (kept, events) = (&stored.document, &stored.events);
        let force = in_force(&kept.agreement, &kept.consents, events, today);
        let lacking = force.err().unwrap_or_default();
        Ok(Added {
            stored,
            addition,
            data,
            lacking,
        })
    }

    /// What adding the document would change, or why it may not be added.
    fn compare(&self, new: &Stored) -> Result<Addition, AppError> {
        let agreement = &new.document.agreement;
        let (id, version) = (&agreement.id, agreement.version);
        if !self.versions(id)?.contains(&version) {
            return Ok(Addition::New);
        }
        let kept = self.stored(id, version)?;
        if kept.hash != new.hash {
            return Err(version_taken(id, version));
        }
        let (kept, new) = (&kept.document.consents, &new.document.consents);
        if let Some(lost) = kept.iter().find(|consent| !new.contains(consent)) {
            return Err(consent_lost(lost));
        }
        match new.iter().filter(|consent| !kept.contains(consent)).count() {
            0 => Ok(Addition::Unchanged),
            more => Ok(Addition::ConsentsAdded(more)),
        }
    }

    fn write_document(&self, new: &Stored, text: &str) -> Result<(), AppError> {
        let agreement = &new.document.agreement;
        let folder = self.version_folder(&agreement.id, agreement.version);
        if folder.is_dir() {
            let path = self.document_path(&agreement.id, agreement.version);
            return files::write(&path, text.as_bytes());
        }
        if let Some(parent) = folder.parent() {
            files::make_folder(parent)?;
        }
        // A version is there with its document, or not at all.
        let aside = files::aside(&folder);
        files::make_folder(&aside)?;
        files::write(&aside.join("agreement.toml"), text.as_bytes())?;
        fs::rename(&aside, &folder).map_err(AppError::at(&folder))?;
        files::sync_folder(folder.parent().unwrap_or(&self.root))
    }
}

fn version_taken(id: &str, version: u32) -> AppError {
    let next = version.saturating_add(1);
    AppError::usage(
        Text::new(
            format!(
                "versie {version} van `{id}` is al in het huis, met een andere inhoud; een versie verandert nooit"
            ),
            format!(
                "version {version} of `{id}` is in the home already, with other content; a version never changes"
            ),
        ),
        Text::new(
            format!("verhoog `version` naar {next}; alle partners stemmen opnieuw in"),
            format!("raise `version` to {next}; all parties consent anew"),
        ),
    )
}

fn consent_lost(consent: &Consent) -> AppError {
    let (party, at) = (&consent.party, consent.at);
    AppError::usage(
        Text::new(
            format!("wat `{party}` op {at} zei, staat in het huis en niet meer in dit document"),
            format!("what `{party}` said at {at} is in the home and no longer in this document"),
        ),
        Text::new(
            "laat staan wat gezegd is; wie van mening verandert, krijgt er een `[[consent]]` bij",
            "keep what was said; whoever changes its mind gets one more `[[consent]]`",
        ),
    )
}
