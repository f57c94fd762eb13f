//! `refusals/<hash>.json`: what was asked and refused, in full; the log has its salted hash only.
//!
//! The question may name a person, so a file here can be deleted at any time, and nothing in the log or in the registry
//! then says what was in it. The registry knows which barriers each met; what-if reads the questions themselves.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

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
    pub fn keep_refusal(&self, kept: &KeptRefusal) -> Result<Sha256Digest, HomeError> {
        let internal = |error: serde_json::Error| HomeError::Internal(error.to_string());
        let salt: Salt = self.new_salt()?;
        let hash = commitment(&salt, &canonical::to_vec(kept).map_err(internal)?);
        let salt = files::hexadecimal(&salt).to_string();
        let kept = kept.clone();
        let text = serde_json::to_vec_pretty(&FileForm { salt, kept }).map_err(internal)?;
        let path = self.root.join(FOLDER).join(format!("{hash}.json"));
        files::write(&path, &text)?;
        Ok(hash)
    }

    /// What makes two refused questions alike: who asked what, for which purpose, under which agreement. Nobody can read
    /// it back without the home's secret.
    pub fn same_question(&self, kept: &KeptRefusal) -> Result<Sha256Digest, HomeError> {
        let internal = |error: serde_json::Error| HomeError::Internal(error.to_string());
        let asked = (&kept.agreement, &kept.party, &kept.purpose, &kept.sql);
        let mut salt = Salt::default();
        let secret = self.salt_secret()?;
        let kept = salt.iter_mut().zip(&secret);
        kept.for_each(|(byte, secret)| *byte = *secret);
        Ok(commitment(
            &salt,
            &canonical::to_vec(&asked).map_err(internal)?,
        ))
    }

    /// The hashes of all refused questions that are still kept.
    pub fn refusal_hashes(&self) -> Result<BTreeSet<String>, HomeError> {
        let mut all = BTreeSet::new();
        each_refusal(&self.root, &mut |name| {
            all.extend(name.strip_suffix(".json").map(str::to_owned));
        })?;
        Ok(all)
    }

    /// A refused question, if it is still kept.
    pub fn refusal(&self, hash: &str) -> Result<Option<StoredRefusal>, HomeError> {
        let path = self.root.join(FOLDER).join(format!("{hash}.json"));
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(HomeError::at(&path)(error)),
        };
        let form: FileForm = serde_json::from_slice(&bytes).map_err(|_| unreadable(path))?;
        Ok(Some(StoredRefusal {
            hash: hash.to_owned(),
            refusal: form.kept,
        }))
    }
}

/// How many refused questions are still kept in the home with this folder.
pub fn refusal_count(root: &Path) -> Result<u64, HomeError> {
    let mut many = 0;
    each_refusal(root, &mut |name| many += u64::from(name.ends_with(".json")))?;
    Ok(many)
}

/// Hands over the names of the files.
fn each_refusal(root: &Path, each: &mut dyn FnMut(&str)) -> Result<(), HomeError> {
    let folder = root.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(HomeError::at(&folder)(error)),
    };
    for entry in entries {
        let name = entry.map_err(HomeError::at(&folder))?.file_name();
        each(&name.to_string_lossy());
    }
    Ok(())
}

fn unreadable(path: PathBuf) -> HomeError {
    HomeError::Damaged {
        path,
        what: Text::new(
            "deze geweigerde vraag is niet te lezen",
            "this refused question cannot be read",
        ),
        cure: Text::new(
            "zet een reservekopie terug, of haal het bestand weg: het logboek blijft zoals het is",
            "restore a back-up, or take the file away: the log stays as it is",
        ),
    }
}
