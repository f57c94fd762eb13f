//! `refusals/<hash>.json`: what was asked and refused, in full; the log has its salted hash only.
//!
//! The question may name a person, so a file here can be deleted at any time, and nothing in the log then says
//! what was in it. Barriers and what-if are read from these files.

use std::fs;
use std::io::ErrorKind;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::Text;
use zwerm_ledger::canonical;
use zwerm_ledger::entry::{Salt, Sha256Digest, commitment};

use crate::error::HomeError;
use crate::{Home, files};

const FOLDER: &str = "refusals";

/// A refused question, as the home keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptRefusal {
    /// When it was asked.
    pub at: Timestamp,
    /// On which day, which decides whether an agreement is valid.
    pub today: Date,
    /// The agreement's id.
    pub agreement: String,
    /// The version of the agreement that was asked under.
    pub version: u32,
    /// As whom it was asked, as stated.
    pub party: String,
    /// For which purpose, as stated.
    pub purpose: String,
    /// The question in SQL, as it was sent.
    pub sql: String,
    /// Every reason why it was refused.
    pub refusals: Vec<Refusal>,
}

/// A refused question with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRefusal {
    /// Its salted hash, as the log has it; also the name of its file.
    pub hash: String,
    /// What the file holds.
    pub refusal: KeptRefusal,
}

/// The file: what was kept, with the salt of its hash.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    salt: String,
    kept: KeptRefusal,
}

impl Home {
    /// Keeps a refused question; returns the hash under which it is entered.
    pub fn keep_refusal(&self, kept: KeptRefusal) -> Result<Sha256Digest, HomeError> {
        let internal = |error: serde_json::Error| HomeError::Internal(error.to_string());
        let salt: Salt = self.new_salt()?;
        let hash = commitment(&salt, &canonical::to_vec(&kept).map_err(internal)?);
        let salt = files::hexadecimal(&salt).to_string();
        let text = serde_json::to_vec_pretty(&FileForm { salt, kept }).map_err(internal)?;
        let path = self.root.join(FOLDER).join(format!("{hash}.json"));
        files::write(&path, &text)?;
        Ok(hash)
    }

    /// Every refused question that is still kept, oldest first.
    pub fn refusals(&self) -> Result<Vec<StoredRefusal>, HomeError> {
        let folder = self.root.join(FOLDER);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(HomeError::at(&folder)(error)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(HomeError::at(&folder))?.path();
            if path.extension().is_none_or(|kind| kind != "json") {
                continue;
            }
            let bytes = fs::read(&path).map_err(HomeError::at(&path))?;
            let form: FileForm = serde_json::from_slice(&bytes).map_err(|_| HomeError::Damaged {
                path: path.clone(),
                what: Text::new(
                    "deze geweigerde vraag is niet te lezen",
                    "this refused question cannot be read",
                ),
                cure: Text::new(
                    "zet een reservekopie terug, of haal het bestand weg: het logboek blijft zoals het is",
                    "restore a back-up, or take the file away: the log stays as it is",
                ),
            })?;
            let hash = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            all.push(StoredRefusal {
                hash,
                refusal: form.kept,
            });
        }
        all.sort_by(|a, b| (a.refusal.at, &a.hash).cmp(&(b.refusal.at, &b.hash)));
        Ok(all)
    }
}
