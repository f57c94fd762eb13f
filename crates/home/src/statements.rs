//! Entering what parties said into the public log: consents, suspensions, and coming into force.
//!
//! A statement is durable in the home first, because it applies at once; then it is entered. How far entering got
//! is kept beside the agreement, so that what a crash kept from being entered is entered later. In between a crash may
//! have an entry made twice, which says the same twice.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zwerm_agreement::signature::{SignatureState, Statement, in_force_signed, signed};
use zwerm_agreement::status::{StatusChange, StatusEvent, may_suspend};
use zwerm_agreement::text::Text;
use zwerm_ledger::canonical;
use zwerm_ledger::entry::{Entry, EntryKind, Salt, Sha256Digest, StatementProof, commitment};

use crate::error::HomeError;
use crate::ledger::{EntryPlace, logged};
use crate::load::Stored;
use crate::{Home, files};

const ENTERED: &str = "entered.json";

/// How far what was said to one version of an agreement has been entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entered {
    /// Consents, in the order of the document.
    consents: usize,
    /// How many events of the agreement were entered.
    events: usize,
    /// Whether the log has it in force.
    in_force: bool,
    /// Hash of these consents and events, to see that none was changed or removed since.
    said: String,
    /// Where the last of them is in the log, to see that it still is there.
    last: Option<EntryPlace>,
}

impl Home {
    /// Enters what was said and is not in the log yet.
    pub fn enter_statements(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<(), HomeError> {
        if self.pending(id, version)?.is_none() {
            return Ok(());
        }
        let _lock = self.lock()?;
        self.enter_statements_locked(id, version, now)
    }

    /// The same, by whoever holds the home's lock; says when the log did not take it, since it applies anyway.
    pub(super) fn enter_said(&self, stored: &Stored, now: Timestamp) -> Option<Text> {
        let agreement = &stored.document.agreement;
        let entered = self.enter_statements_locked(&agreement.id, agreement.version, now);
        entered.err().map(|_| {
            Text::new(
                "dit geldt, en staat nog niet in het openbare logboek, dat nu niet te schrijven is; het wordt ingeschreven zodra dat kan",
                "this counts, and is not in the public log yet, which cannot be written now; it is entered as soon as it can",
            )
        })
    }

    fn enter_statements_locked(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<(), HomeError> {
        let Some((stored, before, mut after)) = self.pending(id, version)? else {
            return Ok(());
        };
        let entries = self.missing(&stored, &before, &after, now)?;
        if !entries.is_empty() {
            after.last = EntryPlace::last(&self.enter(&entries)?);
        }
        let text = serde_json::to_vec(&after).map_err(|e| HomeError::Internal(e.to_string()))?;
        files::write(&self.version_folder(id, version).join(ENTERED), &text)
    }

    /// How far entering got and has to get, if there is anything to enter.
    fn pending(
        &self,
        id: &str,
        version: u32,
    ) -> Result<Option<(Stored, Entered, Entered)>, HomeError> {
        let stored = self.stored(id, version)?;
        let mut before = self.entered(&stored)?;
        if before.said != said_until(&stored, before.consents, before.events)? {
            return Err(self.lost(&stored));
        }
        // an older log that was put back does not have what was entered since
        if let Some(last) = &before.last
            && !self.still_has(last)?
        {
            before = Entered {
                said: said_until(&stored, 0, 0)?,
                ..Entered::default()
            };
        }
        let mut after = entered_by(&stored)?;
        after.last = before.last;
        Ok((before != after).then_some((stored, before, after)))
    }

    /// Every statement of every agreement here, as it must be in the log; coming into force is none.
    pub fn statements(&self) -> Result<Vec<Entry>, HomeError> {
        let mut all = Vec::new();
        for id in self.ids()? {
            for version in self.versions(&id)? {
                let stored = self.stored(&id, version)?;
                let all_of_it = Entered {
                    in_force: false,
                    ..entered_by(&stored)?
                };
                let nothing = Entered::default();
                all.extend(self.missing(&stored, &nothing, &all_of_it, Timestamp::UNIX_EPOCH)?);
            }
        }
        Ok(all)
    }

    fn lost(&self, stored: &Stored) -> HomeError {
        let agreement = &stored.document.agreement;
        HomeError::Damaged {
            path: self.version_folder(&agreement.id, agreement.version),
            what: Text::new(
                "hier is iets anders gezegd dan in het openbare logboek staat: een besluit is weggehaald of veranderd",
                "what was said here is not what stands in the public log: a decision was taken away or changed",
            ),
            cure: Text::new(
                "zet een reservekopie terug; `zwerm ledger show` toont wie wanneer iets besloot",
                "restore a back-up; `zwerm ledger show` shows who decided when",
            ),
        }
    }

    fn entered(&self, stored: &Stored) -> Result<Entered, HomeError> {
        let agreement = &stored.document.agreement;
        let path = self
            .version_folder(&agreement.id, agreement.version)
            .join(ENTERED);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|_| self.lost(stored)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Entered {
                said: said_until(stored, 0, 0)?,
                ..Entered::default()
            }),
            Err(error) => Err(HomeError::at(&path)(error)),
        }
    }

    fn missing(
        &self,
        stored: &Stored,
        before: &Entered,
        after: &Entered,
        now: Timestamp,
    ) -> Result<Vec<Entry>, HomeError> {
        let (document, hash) = (&stored.document, stored.hash);
        let agreement = &document.agreement;
        let entry = |what| Entry {
            time: now,
            agreement: logged(hash),
            what,
        };
        let mut entries = Vec::new();
        // what applies is entered: what is signed, and what restricts by somebody who may
        for consent in document.consents.iter().skip(before.consents) {
            let (statement, signature) = (consent.statement(hash), consent.signature.as_deref());
            let valid = signed(agreement, &statement, signature) == SignatureState::Valid;
            let seated = agreement.seats().any(|seat| seat.id == consent.party);
            if seated && (valid || consent.restricts()) {
                entries.push(entry(EntryKind::Consent {
                    party: consent.party.clone(),
                    decision: consent.decision.to_string(),
                    at: consent.at,
                    said: self.said(&statement, signature, valid)?,
                }));
            }
        }
        for event in stored.events.iter().skip(before.events) {
            let (statement, signature) = (event.statement(hash), event.signature.as_deref());
            let valid = signed(agreement, &statement, signature) == SignatureState::Valid;
            if may_suspend(agreement, &event.party) && (valid || event.restricts()) {
                let said = self.said(&statement, signature, valid)?;
                entries.push(entry(happened(event, said)));
            }
        }
        if after.in_force && !before.in_force {
            entries.push(entry(EntryKind::AgreementInForce {
                id: agreement.id.clone(),
                version: agreement.version,
                from: agreement.valid.from,
                until: agreement.valid.until,
            }));
        }
        Ok(entries)
    }

    /// How what was said can be checked: the signature where that is all there is to say, a salted hash where there are
    /// words, which stay out of the log.
    fn said(
        &self,
        statement: &Statement<'_>,
        signature: Option<&str>,
        valid: bool,
    ) -> Result<StatementProof, HomeError> {
        if let (true, None, None, Some(signature)) =
            (valid, statement.reason, statement.lifts, signature)
        {
            return Ok(StatementProof::Signature(signature.to_owned()));
        }
        let internal = |error: serde_json::Error| HomeError::Internal(error.to_string());
        let text = serde_json::json!({ "statement": statement, "signature": signature });
        let text = canonical::to_vec(&text).map_err(internal)?;
        let hash = commitment(&self.salt_of(&text)?, &text);
        Ok(if valid {
            StatementProof::Statement(hash)
        } else {
            StatementProof::Unsigned(hash)
        })
    }

    /// The salt of a statement: HMAC-SHA-256 of it under the home's secret, so that it need not be kept.
    fn salt_of(&self, text: &[u8]) -> Result<Salt, HomeError> {
        let internal = |_| HomeError::Internal("an hmac of any key".into());
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.salt_secret()?).map_err(internal)?;
        mac.update(text);
        Ok(mac.finalize().into_bytes().into())
    }
}

/// What must have been entered for an agreement as it is now.
fn entered_by(stored: &Stored) -> Result<Entered, HomeError> {
    let agreement = &stored.document.agreement;
    let (consents, events) = (stored.document.consents.len(), stored.events.len());
    // on some day of its validity: the log says which days those are
    let force = in_force_signed(agreement, &stored.counting, agreement.valid.from);
    Ok(Entered {
        consents,
        events,
        in_force: force.is_ok(),
        said: said_until(stored, consents, events)?,
        last: None,
    })
}

/// Hash of the first so many consents and events.
fn said_until(stored: &Stored, consents: usize, events: usize) -> Result<String, HomeError> {
    let consents: Vec<_> = stored.document.consents.iter().take(consents).collect();
    let events: Vec<_> = stored.events.iter().take(events).collect();
    let text = canonical::to_vec(&(consents, events));
    let text = text.map_err(|error| HomeError::Internal(error.to_string()))?;
    Ok(Sha256Digest::of(&text).to_string())
}

fn happened(event: &StatusEvent, said: StatementProof) -> EntryKind {
    let (party, at) = (event.party.clone(), event.at);
    match event.change {
        StatusChange::Suspended => EntryKind::AgreementSuspended { party, at, said },
        StatusChange::Resumed => EntryKind::AgreementResumed { party, at, said },
        StatusChange::Ended => EntryKind::AgreementEnded { party, at, said },
    }
}
