//! Entering what parties said into the public log: consents, suspensions, and coming into force.
//!
//! A statement is durable in the home first, because it counts at once; then it is entered. How far entering got
//! stands beside the agreement, so that what a crash kept from being entered is entered later. In between a crash may
//! have an entry made twice, which says the same twice.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zwerm_commons::agreement::Agreement;
use zwerm_commons::signature::{Signed, Statement, in_force_signed, signed};
use zwerm_commons::status::{Change, Event};
use zwerm_commons::text::Text;
use zwerm_ledger::canonical;
use zwerm_ledger::entry::{Entry, Said, Salt, What, commitment};

use super::Home;
use super::ledger::digest;
use crate::app::error::AppError;
use crate::app::files;
use crate::app::load::Stored;

const ENTERED: &str = "entered.json";

/// How far what was said to one version of an agreement has been entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entered {
    /// Consents, in the order of the document.
    consents: usize,
    /// Events.
    events: usize,
    /// Whether the log has it in force.
    in_force: bool,
}

impl Home {
    /// Enters what was said and is not in the log yet.
    pub(crate) fn enter_statements(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<(), AppError> {
        if self.pending(id, version)?.is_none() {
            return Ok(());
        }
        let _lock = self.lock()?;
        self.enter_statements_locked(id, version, now)
    }

    /// The same, by whoever holds the home's lock; says when the log did not take it, since what was said counts anyway.
    pub(super) fn enter_said(&self, stored: &Stored, now: Timestamp) -> Option<Text> {
        let agreement = &stored.document.agreement;
        let entered = self.enter_statements_locked(&agreement.id, agreement.version, now);
        entered.err().map(|error| {
            Text::new(
                format!("dit geldt, en staat nog niet in het openbare logboek ({error}); dat gebeurt zodra het logboek werkt"),
                format!("this counts, and is not in the public log yet ({error}); it is entered once the log works"),
            )
        })
    }

    fn enter_statements_locked(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let Some((stored, before, after)) = self.pending(id, version)? else {
            return Ok(());
        };
        let entries = self.missing(&stored, before, after, now)?;
        if !entries.is_empty() {
            self.enter(&entries)?;
        }
        let text = serde_json::to_vec(&after).map_err(|e| AppError::Internal(e.to_string()))?;
        files::write(&self.version_folder(id, version).join(ENTERED), &text)
    }

    /// How far entering got and has to get, if there is anything to enter.
    fn pending(
        &self,
        id: &str,
        version: u32,
    ) -> Result<Option<(Stored, Entered, Entered)>, AppError> {
        let stored = self.stored(id, version)?;
        let (before, after) = (self.entered(&stored)?, entered_by(&stored));
        if before.consents > after.consents || before.events > after.events {
            return Err(self.lost(&stored));
        }
        Ok((before != after).then_some((stored, before, after)))
    }

    /// Every statement of every agreement here, as it must stand in the log; coming into force is none.
    pub(crate) fn statements(&self) -> Result<Vec<Entry>, AppError> {
        let mut all = Vec::new();
        for id in self.ids()? {
            for version in self.versions(&id)? {
                let stored = self.stored(&id, version)?;
                let all_of_it = Entered {
                    in_force: false,
                    ..entered_by(&stored)
                };
                let nothing = Entered::default();
                all.extend(self.missing(&stored, nothing, all_of_it, Timestamp::UNIX_EPOCH)?);
            }
        }
        Ok(all)
    }

    fn lost(&self, stored: &Stored) -> AppError {
        let agreement = &stored.document.agreement;
        AppError::Damaged {
            path: self.version_folder(&agreement.id, agreement.version),
            what: Text::new(
                "hier is minder gezegd dan in het openbare logboek staat: een besluit is weggehaald",
                "less was said here than stands in the public log: a decision was taken away",
            ),
            cure: Text::new(
                "zet een reservekopie terug; `zwerm ledger show` toont wie wanneer iets besloot",
                "restore a back-up; `zwerm ledger show` shows who decided when",
            ),
        }
    }

    fn entered(&self, stored: &Stored) -> Result<Entered, AppError> {
        let agreement = &stored.document.agreement;
        let path = self
            .version_folder(&agreement.id, agreement.version)
            .join(ENTERED);
        match std::fs::read(&path) {
            // what cannot be read is entered anew, which says the same twice
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Entered::default()),
            Err(error) => Err(AppError::at(&path)(error)),
        }
    }

    fn missing(
        &self,
        stored: &Stored,
        before: Entered,
        after: Entered,
        now: Timestamp,
    ) -> Result<Vec<Entry>, AppError> {
        let (document, hash) = (&stored.document, &stored.hash);
        let agreement = &document.agreement;
        let entry = |what| {
            Ok::<_, AppError>(Entry {
                time: now,
                agreement: digest(hash)?,
                what,
            })
        };
        let mut entries = Vec::new();
        for consent in document.consents.iter().skip(before.consents) {
            let (statement, signature) = (consent.statement(hash), consent.signature.as_deref());
            if signed(agreement, &statement, signature) == Signed::Valid {
                entries.push(entry(What::Consent {
                    party: consent.party.clone(),
                    decision: consent.decision.to_string(),
                    at: consent.at,
                    said: self.said(&statement, signature)?,
                })?);
            }
        }
        for event in stored.events.iter().skip(before.events) {
            entries.push(entry(self.event(agreement, hash, event)?)?);
        }
        if after.in_force && !before.in_force {
            entries.push(entry(What::AgreementInForce {
                id: agreement.id.clone(),
                version: agreement.version,
                from: agreement.valid.from,
                until: agreement.valid.until,
            })?);
        }
        Ok(entries)
    }

    fn event(&self, agreement: &Agreement, hash: &str, event: &Event) -> Result<What, AppError> {
        let said = self.said(&event.statement(hash), event.signature.as_deref())?;
        let party = match agreement.find_party(&event.party) {
            Some(party) => party.id.clone(),
            None => "?".to_owned(),
        };
        let at = event.at;
        Ok(match event.change {
            Change::Suspended => What::AgreementSuspended { party, at, said },
            Change::Resumed => What::AgreementResumed { party, at, said },
            Change::Ended => What::AgreementEnded { party, at, said },
        })
    }

    /// How what was said can be checked: the signature where that is all there is to say, a salted hash where there are
    /// words, which may have to be deleted.
    fn said(&self, statement: &Statement<'_>, signature: Option<&str>) -> Result<Said, AppError> {
        if let (None, None, Some(signature)) = (statement.reason, statement.lifts, signature) {
            return Ok(Said::Signature(signature.to_owned()));
        }
        let internal = |error: serde_json::Error| AppError::Internal(error.to_string());
        let text = serde_json::json!({ "statement": statement, "signature": signature });
        let text = canonical::to_vec(&text).map_err(internal)?;
        Ok(Said::Statement(commitment(&self.salt_of(&text)?, &text)))
    }

    /// The salt of a statement: HMAC-SHA-256 of it under the home's secret, so that it need not be kept.
    fn salt_of(&self, text: &[u8]) -> Result<Salt, AppError> {
        let internal = |_| AppError::Internal("an hmac of any key".into());
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.salt_secret()?).map_err(internal)?;
        mac.update(text);
        Ok(mac.finalize().into_bytes().into())
    }
}

/// What must have been entered for an agreement as it stands.
fn entered_by(stored: &Stored) -> Entered {
    let agreement = &stored.document.agreement;
    // on some day of its validity: the log says which days those are
    let force = in_force_signed(agreement, &stored.counting, agreement.valid.from);
    Entered {
        consents: stored.document.consents.len(),
        events: stored.events.len(),
        in_force: force.is_ok(),
    }
}
