//! `agreements/<id>/v<version>/`: finding agreements, and reading them with what happened to them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use zwerm_agreement::consent::{Consent, latest};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::name::is_id;
use zwerm_agreement::signature::{SignatureState, ValidStatements, counting, signed};
use zwerm_agreement::status::StatusEvent;
use zwerm_agreement::succession::{Successor, first_day};
use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::Text;

use crate::error::HomeError;
use crate::journal::Journal;
use crate::load::{self, Stored};
use crate::memory::stamps;
use crate::statements::ENTERED;
use crate::{Home, in_force};

const AGREEMENTS: &str = "agreements";
const DOCUMENT: &str = "agreement.toml";
const EVENTS: &str = "events.jsonl";

impl Home {
    /// The newest version of an agreement, which is what parties decide about, or the one that `id@version` names.
    pub fn newest(&self, name: &str) -> Result<Stored, HomeError> {
        let (id, version) = match name.split_once('@') {
            Some((id, version)) => (id, Some(version)),
            None => (name, None),
        };
        let versions = self.versions(id)?;
        let Some(latest) = versions.last() else {
            return Err(self.unknown(id)?);
        };
        match version {
            None => self.stored(id, *latest),
            Some(text) => {
                let wanted = text.trim_start_matches('v').parse();
                match wanted.ok().filter(|wanted| versions.contains(wanted)) {
                    Some(found) => self.stored(id, found),
                    None => Err(unknown_version(id, text, &versions)),
                }
            }
        }
    }

    /// The version of an agreement that is in force on a day, so that proposing another disturbs nobody; the newest where
    /// none is, and the one that `id@version` names.
    pub fn agreement(&self, name: &str, today: Date) -> Result<Stored, HomeError> {
        let newest = self.newest(name)?;
        if name.contains('@') || in_force(&newest, today).is_ok() {
            return Ok(newest);
        }
        let all = self.every_version(name)?.into_iter();
        let found = all.rev().find(|stored| in_force(stored, today).is_ok());
        Ok(found.unwrap_or(newest))
    }

    /// The version of every agreement that is in force, or else its newest, by id; with the newest.
    pub fn agreements(&self, today: Date) -> Result<Vec<(Stored, Stored)>, HomeError> {
        let all = self.ids()?.into_iter();
        all.map(|id| Ok((self.agreement(&id, today)?, self.newest(&id)?)))
            .collect()
    }

    /// Every version of an agreement, oldest first, each with what ended it.
    pub fn every_version(&self, id: &str) -> Result<Vec<Stored>, HomeError> {
        let versions = self.versions(id)?.into_iter();
        let mut all: Vec<Stored> = versions
            .map(|v| self.read(id, v))
            .collect::<Result<_, _>>()?;
        let mut by = None;
        for stored in all.iter_mut().rev() {
            superseded_by(stored, by);
            by = earlier(by, as_successor(stored));
        }
        Ok(all)
    }

    /// Which versions of an agreement are here, in order; none when it is not known.
    pub fn versions(&self, id: &str) -> Result<Vec<u32>, HomeError> {
        if !is_id(id) {
            return Ok(Vec::new());
        }
        let names = names(&self.root.join(AGREEMENTS).join(id))?;
        let versions = names
            .iter()
            .filter_map(|n| n.strip_prefix('v')?.parse().ok());
        let mut versions: Vec<u32> = versions.collect();
        versions.sort_unstable();
        Ok(versions)
    }

    /// The agreement of this id and version, which is here, with what ended it.
    pub fn stored(&self, id: &str, version: u32) -> Result<Stored, HomeError> {
        let mut stored = self.read(id, version)?;
        let mut by = None;
        for later in self.versions(id)?.into_iter().filter(|v| *v > version) {
            by = earlier(by, as_successor(&self.read(id, later)?));
        }
        superseded_by(&mut stored, by);
        Ok(stored)
    }

    /// The agreement of this id and version by its own files.
    fn read(&self, id: &str, version: u32) -> Result<Stored, HomeError> {
        let path = self.document_path(id, version);
        if let Some(stored) = self.memory.document(&path) {
            return Ok(stored);
        }
        let stamps = stamps(self.version_files(id, version));
        let mut stored = load::taken(&path)?;
        stored.events = self.events_journal(id, version).read()?;
        // what is in the log already has its days from there
        let zone = self.entered_zone(&stored);
        stored.count(zone);
        let entered = self.entered_successor(&stored);
        superseded_by(&mut stored, entered);
        self.memory.keep_document(stamps, &stored);
        Ok(stored)
    }

    /// The folder of one version.
    pub(super) fn version_folder(&self, id: &str, version: u32) -> PathBuf {
        let id = self.root.join(AGREEMENTS).join(id);
        id.join(format!("v{version}"))
    }

    /// The document of one version.
    pub(super) fn document_path(&self, id: &str, version: u32) -> PathBuf {
        self.version_folder(id, version).join(DOCUMENT)
    }

    /// The files of one version that change when somebody says something of it.
    pub fn version_files(&self, id: &str, version: u32) -> [PathBuf; 3] {
        let folder = self.version_folder(id, version);
        [DOCUMENT, EVENTS, ENTERED].map(|name| folder.join(name))
    }

    /// What happened to one version.
    pub(super) fn events_journal(&self, id: &str, version: u32) -> Journal {
        Journal::new(self.version_folder(id, version).join(EVENTS))
    }

    /// The ids of all agreements here, in order.
    pub fn ids(&self) -> Result<Vec<String>, HomeError> {
        let mut ids = names(&self.root.join(AGREEMENTS))?;
        ids.retain(|id| is_id(id));
        let mut known = Vec::new();
        for id in ids {
            if !self.versions(&id)?.is_empty() {
                known.push(id);
            }
        }
        known.sort_unstable();
        Ok(known)
    }

    fn unknown(&self, id: &str) -> Result<HomeError, HomeError> {
        let known = self.ids()?;
        let cure = match nearest(id, known.iter().map(String::as_str)) {
            Some(near) => Text::new(
                format!("bedoelt u `{near}`?"),
                format!("did you mean `{near}`?"),
            ),
            None => Text::new(
                "`zwerm agreement list` toont welke er zijn; `zwerm agreement add BESTAND` voegt er een toe",
                "`zwerm agreement list` shows which there are; `zwerm agreement add FILE` adds one",
            ),
        };
        let root = self.root.display();
        let what = Text::new(
            format!("het huis `{root}` heeft geen afspraak `{id}`"),
            format!("the home `{root}` has no agreement `{id}`"),
        );
        Ok(HomeError::usage(FaultCode::NotFound, what, cure))
    }
}

impl Stored {
    /// Every consent that was said, with whether it is signed. What a home read was checked then; a file without a home is
    /// checked here.
    pub fn consents(&self) -> impl Iterator<Item = (&Consent, SignatureState)> {
        let agreement = &self.document.agreement;
        let state = |said: &Consent| {
            let statement = said.statement(self.hash);
            signed(agreement, &statement, said.signature.as_deref())
        };
        let all = self.document.consents.iter().enumerate();
        all.map(move |(place, said)| {
            let known = self.counting.consent_states.get(place).copied();
            (said, known.unwrap_or_else(|| state(said)))
        })
    }

    /// What a party said last, with whether it is signed.
    pub fn last_said_by(&self, party: &str) -> Option<(&Consent, SignatureState)> {
        let last = latest(&self.document.consents, party)?;
        self.consents().find(|(said, _)| std::ptr::eq(*said, last))
    }

    /// Everything that happened, with whether it is signed; nothing happens to a file without a home.
    pub fn happened(&self) -> impl Iterator<Item = (&StatusEvent, SignatureState)> {
        let states = self.counting.event_states.iter().copied();
        self.events.iter().zip(states)
    }

    /// Finds what applies of all that was said.
    pub(super) fn count(&mut self, zone: TimeZone) {
        let document = &self.document;
        let agreement = &document.agreement;
        let superseded = self.counting.superseded;
        let all = (document.consents.as_slice(), self.events.as_slice());
        let said = counting(agreement, self.hash, all, zone);
        self.first_day = first_day(agreement, &said);
        self.counting = Arc::new(ValidStatements { superseded, ..said });
    }
}

/// What a version is to those before it, once it was in force.
fn as_successor(stored: &Stored) -> Option<Successor> {
    let (version, hash) = (stored.document.agreement.version, stored.hash);
    stored.first_day.map(|from| Successor {
        version,
        hash,
        from,
    })
}

/// The one of two that ends a version first.
fn earlier(one: Option<Successor>, other: Option<Successor>) -> Option<Successor> {
    let both = one.into_iter().chain(other);
    both.min_by_key(|by| (by.from, by.version))
}

/// Notes what ends a version, unless it is known already.
fn superseded_by(stored: &mut Stored, by: Option<Successor>) {
    if by.is_some() && stored.counting.superseded.is_none() {
        Arc::make_mut(&mut stored.counting).superseded = by;
    }
}

fn unknown_version(id: &str, text: &str, versions: &[u32]) -> HomeError {
    let known: Vec<_> = versions.iter().map(|v| format!("`{id}@{v}`")).collect();
    let known = known.join(", ");
    HomeError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("de afspraak `{id}` heeft geen versie `{text}`"),
            format!("the agreement `{id}` has no version `{text}`"),
        ),
        Text::new(
            format!("noem een van {known}"),
            format!("name one of {known}"),
        ),
    )
}

/// The names in a folder; none when it is not there.
fn names(folder: &Path) -> Result<Vec<String>, HomeError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(HomeError::at(folder)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(HomeError::at(folder))?;
        names.extend(entry.file_name().into_string().ok());
    }
    Ok(names)
}
