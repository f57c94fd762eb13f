//! Adding an agreement to a home: the document and, when they are there, its data; all of it or nothing.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::consent::Consent;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::Text;

use crate::change::lacking;
use crate::deliveries::DeliveredBy;
use crate::error::HomeError;
use crate::load::{self, Stored};
use crate::{Home, files};

/// What adding did to the home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addition {
    /// A new agreement, or a new version of one.
    New,
    /// The same agreement, to which parties said more: this many consents.
    ConsentsAdded(usize),
    /// Nothing: it was all there.
    Unchanged,
}

/// Where the data of a dataset are, after adding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataState {
    /// Copied into the home now.
    Copied,
    /// Others were there, from which no release was built; these took their place.
    Replaced,
    /// In the home already.
    WasThere,
    /// Beside the document, read whole, and in order.
    Checked,
    /// Not there yet.
    Missing,
}

/// What adding does with data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DataCheck {
    /// Each file is read whole; what lies beside the document is copied.
    Checked,
    /// None is opened.
    LeftAlone,
}

/// An agreement was added.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// The agreement as it now is in the home.
    pub stored: Stored,
    /// Whether the agreement is new in the home, or what of it is.
    pub addition: Addition,
    /// Per dataset where its data are.
    pub data: Vec<(String, DataState)>,
    /// Why it is not in force today; nothing when it is.
    pub lacking: Vec<Refusal>,
    /// Said when the log did not take it yet.
    pub notice: Option<Text>,
}

impl Home {
    /// Adds the agreement of a document, with the data beside it.
    ///
    /// A version never changes: the same content is fine, more consents are added to those that were given, anything
    /// else is rejected.
    /// The document is written last, so that a crash leaves no agreement whose data were half copied.
    pub fn add(&self, document: &Path, today: Date, now: Timestamp) -> Result<Added, HomeError> {
        self.add_with(document, DataCheck::Checked, today, now)
    }

    /// The same for a proposal of a party: no data are opened, neither beside the document nor in the home.
    ///
    /// What is wrong with data tells of rows, and whoever proposes need not be whose data they are. They are checked
    /// when a release is made of them, by agreement.
    pub fn add_proposed(
        &self,
        document: &Path,
        today: Date,
        now: Timestamp,
    ) -> Result<Added, HomeError> {
        self.add_with(document, DataCheck::LeftAlone, today, now)
    }

    fn add_with(
        &self,
        document: &Path,
        data: DataCheck,
        today: Date,
        now: Timestamp,
    ) -> Result<Added, HomeError> {
        let (new, text) = load::file_with_text(document)?;
        let agreement = &new.document.agreement;
        let found = match data {
            DataCheck::Checked => self.find_data(agreement, load::folder(document))?,
            DataCheck::LeftAlone => Vec::new(),
        };
        let _lock = self.lock()?;
        let more = self.compare(&new)?;
        let building = self.building_held(&found)?;
        self.refuse_changed(&found, building.as_ref())?;
        let mut data = Vec::new();
        for found in &found {
            let is_here = self.data_path(found.dataset).is_file();
            let state = match &found.beside {
                Some((_, hash)) if self.has_data(found.dataset, *hash)? => DataState::WasThere,
                Some((from, hash)) => {
                    self.copy_data(found.dataset, from, *hash)?;
                    let who = DeliveredBy {
                        login: None,
                        at: now,
                        rows: None,
                    };
                    self.note_delivery(found.dataset, *hash, &who)?;
                    match is_here {
                        true => DataState::Replaced,
                        false => DataState::Copied,
                    }
                }
                None if is_here => DataState::WasThere,
                None => DataState::Missing,
            };
            data.push((found.dataset.id.clone(), state));
        }
        let addition = match more {
            None => {
                self.write_document(&new, &text)?;
                Addition::New
            }
            Some(more) if more.is_empty() => Addition::Unchanged,
            Some(more) => {
                self.append_consents(&new, &more)?;
                Addition::ConsentsAdded(more.len())
            }
        };
        let stored = self.stored(&agreement.id, agreement.version)?;
        let notice = self.enter_said(&stored, now);
        Ok(Added {
            lacking: lacking(&stored, today),
            stored,
            addition,
            data,
            notice,
        })
    }

    /// The consents that the document has and the home has not, or why it may not be added; `None` for a new version.
    fn compare(&self, new: &Stored) -> Result<Option<Vec<Consent>>, HomeError> {
        let agreement = &new.document.agreement;
        let (id, version) = (&agreement.id, agreement.version);
        if !self.versions(id)?.contains(&version) {
            return Ok(None);
        }
        let kept = self.stored(id, version)?;
        if kept.hash != new.hash {
            return Err(version_taken(id, version));
        }
        let kept = &kept.document.consents;
        let more = new.document.consents.iter().filter(|c| !kept.contains(c));
        Ok(Some(more.cloned().collect()))
    }

    fn write_document(&self, new: &Stored, text: &str) -> Result<(), HomeError> {
        let agreement = &new.document.agreement;
        let folder = self.version_folder(&agreement.id, agreement.version);
        if let Some(parent) = folder.parent() {
            files::make_folder(parent)?;
        }
        // A version is there with its document, or not at all.
        let aside = files::aside(&folder);
        files::make_folder(&aside)?;
        files::write(&aside.join("agreement.toml"), text.as_bytes())?;
        fs::rename(&aside, &folder).map_err(HomeError::at(&folder))?;
        files::sync_folder(folder.parent().unwrap_or(&self.root))
    }
}

fn version_taken(id: &str, version: u32) -> HomeError {
    let next = version.saturating_add(1);
    HomeError::usage(
        FaultCode::Exists,
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
