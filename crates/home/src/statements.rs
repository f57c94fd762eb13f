//! Entering what parties said into the public log: consents, suspensions, and coming into force.
//!
//! A statement is durable in the home first, because it applies at once; then it is entered. How far entering got
//! is kept beside the agreement, so that what a crash kept from being entered is entered later. In between a crash may
//! have an entry made twice, which says the same twice.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::signature::{SignatureState, Statement, counting, in_force_signed, signed};
use zwerm_agreement::status::{StatusChange, StatusEvent, may_suspend};
use zwerm_agreement::succession::{Successor, first_day};
use zwerm_agreement::text::Text;
use zwerm_ledger::canonical;
use zwerm_ledger::entry::{Entry, EntryKind, Salt, Sha256Digest, StatementProof, commitment};
use zwerm_ledger::zone;

use crate::error::HomeError;
use crate::ledger::{EntryPlace, logged};
use crate::load::Stored;
use crate::{Home, files};

pub(crate) const ENTERED: &str = "entered.json";

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
    /// The version that the log says took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    superseded: Option<TakenOver>,
    /// The zone that the log has of its days, once it was in force; nothing where the log names none, which is UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    /// Whether the log says that the earlier versions ended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ends_earlier: bool,
}

/// The version that took over, as the log says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TakenOver {
    version: u32,
    by: Digest,
}

/// What of one version is to be entered.
struct Unentered {
    stored: Stored,
    before: Entered,
    after: Entered,
}

impl Unentered {
    /// Whether the versions before it must be seen to end, which is entered in one go with its coming into force.
    fn ends_earlier(&self) -> bool {
        self.after.ends_earlier && !self.before.ends_earlier
    }
}

impl Home {
    /// Enters what was said and is not in the log yet.
    pub fn enter_statements(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<(), HomeError> {
        if self.pending(id, version, now)?.is_none() {
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
        let mut all = self.unentered(id, version, now)?;
        let mut entries = Vec::new();
        for (number, one) in all.iter().enumerate() {
            let said = self.missing(&one.stored, &one.before, &one.after, now)?;
            entries.extend(said.into_iter().map(|entry| (number, entry)));
        }
        // a version ends once all is entered that brought the other into force
        let ends = all.iter().enumerate();
        entries.extend(ends.filter_map(|(number, one)| Some((number, one.end(now)?))));
        if !entries.is_empty() {
            let (numbers, entries): (Vec<usize>, Vec<Entry>) = entries.into_iter().unzip();
            let appended = self.enter(&entries)?;
            for (place, number) in numbers.into_iter().enumerate() {
                if let Some(one) = all.get_mut(number) {
                    one.after.last = EntryPlace::of(&appended, place);
                }
            }
        }
        all.iter().try_for_each(|one| self.keep_entered(one))
    }

    /// What is to be entered for a version: of itself, and of those that it ends or that ended it; oldest first.
    fn unentered(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<Vec<Unentered>, HomeError> {
        let Some(own) = self.pending(id, version, now)? else {
            return Ok(Vec::new());
        };
        let versions = self.versions(id)?.into_iter();
        let by = own.after.superseded.map(|by| by.version);
        let ends = own.ends_earlier();
        let others: Vec<u32> = versions
            .filter(|other| Some(*other) == by || (ends && *other < version))
            .collect();
        let mut all = vec![own];
        for other in others {
            all.extend(self.pending(id, other, now)?);
        }
        all.sort_by_key(|one| one.stored.document.agreement.version);
        Ok(all)
    }

    /// Keeps how far entering got.
    fn keep_entered(&self, one: &Unentered) -> Result<(), HomeError> {
        let agreement = &one.stored.document.agreement;
        let text =
            serde_json::to_vec(&one.after).map_err(|e| HomeError::Internal(e.to_string()))?;
        let folder = self.version_folder(&agreement.id, agreement.version);
        files::write(&folder.join(ENTERED), &text)
    }

    /// The version that ended this one, as was entered; nothing where that cannot be read, which is told elsewhere.
    pub(super) fn entered_successor(&self, stored: &Stored) -> Option<Successor> {
        let TakenOver { version, by } = self.entered(stored).ok()?.superseded?;
        Some(Successor {
            version,
            hash: by,
            from: Date::MIN,
        })
    }

    /// How far entering got and has to get, if there is anything to enter.
    fn pending(
        &self,
        id: &str,
        version: u32,
        now: Timestamp,
    ) -> Result<Option<Unentered>, HomeError> {
        let stored = self.stored(id, version)?;
        let mut before = self.entered(&stored)?;
        if before.said != said_until(&stored, before.consents, before.events)? {
            return Err(self.lost(&stored));
        }
        let zone = self.zone_to_enter(&stored, &before)?;
        // an older log that was put back does not have what was entered since
        if let Some(last) = &before.last
            && !self.still_has(last)?
        {
            before = Entered {
                said: said_until(&stored, 0, 0)?,
                zone: before.zone,
                ..Entered::default()
            };
        }
        let today = stored.counting.zone.to_datetime(now).date();
        let mut after = entered_by(&stored, today)?;
        after.zone = before.zone.clone().or(zone.filter(|_| after.in_force));
        after.last = before.last;
        after.ends_earlier |= before.ends_earlier;
        Ok((before != after).then_some(Unentered {
            stored,
            before,
            after,
        }))
    }

    /// The zone whose days a version is about: what the log has of it, else the home's.
    pub(super) fn entered_zone(&self, stored: &Stored) -> TimeZone {
        let entered = self.entered(stored).ok();
        let known = entered.map(|entered| (entered.zone.clone(), has_been(stored, &entered)));
        match known {
            Some((Some(name), _)) => zone::find(&name).unwrap_or(TimeZone::UTC),
            Some((None, true)) => TimeZone::UTC,
            _ => self.zone.clone(),
        }
    }

    /// The zone to name when a version comes into force: none where the log has it in force without one.
    fn zone_to_enter(
        &self,
        stored: &Stored,
        before: &Entered,
    ) -> Result<Option<String>, HomeError> {
        if has_been(stored, before) {
            return Ok(before.zone.clone());
        }
        let name = self.zone.iana_name();
        let none = || HomeError::Internal("a time zone without a name".into());
        Ok(Some(name.ok_or_else(none)?.to_owned()))
    }

    /// Every statement of every agreement here, as it must be in the log; coming into force is none.
    pub fn statements(&self) -> Result<Vec<Entry>, HomeError> {
        let mut all = Vec::new();
        for id in self.ids()? {
            for version in self.versions(&id)? {
                let stored = self.stored(&id, version)?;
                let all_of_it = Entered {
                    in_force: false,
                    ..entered_by(&stored, Date::MIN)?
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
                zone: after.zone.clone(),
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

impl Unentered {
    /// That a later version came into force, unless the log has that.
    fn end(&self, now: Timestamp) -> Option<Entry> {
        let by = self.after.superseded?;
        let agreement = &self.stored.document.agreement;
        self.before.superseded.is_none().then(|| Entry {
            time: now,
            agreement: logged(self.stored.hash),
            what: EntryKind::AgreementSuperseded {
                id: agreement.id.clone(),
                version: agreement.version,
                by: logged(by.by),
            },
        })
    }
}

/// Whether the log has had a version in force, by how far entering got.
fn has_been(stored: &Stored, entered: &Entered) -> bool {
    let agreement = &stored.document.agreement;
    let until = |count: usize, length: usize| count.min(length);
    let (consents, events) = (&stored.document.consents, &stored.events);
    let consents = consents.get(..until(entered.consents, consents.len()));
    let events = events.get(..until(entered.events, events.len()));
    let said = (consents.unwrap_or_default(), events.unwrap_or_default());
    let said = counting(agreement, stored.hash, said, TimeZone::UTC);
    entered.in_force || first_day(agreement, &said).is_some()
}

/// What must have been entered for an agreement as it is on a day.
fn entered_by(stored: &Stored, today: Date) -> Result<Entered, HomeError> {
    let agreement = &stored.document.agreement;
    let (consents, events) = (stored.document.consents.len(), stored.events.len());
    // on some day of its validity: the log says which days those are
    let force = in_force_signed(agreement, &stored.counting, agreement.valid.from);
    let superseded = stored.counting.superseded.filter(|by| by.from <= today);
    let superseded = superseded.map(|by| TakenOver {
        version: by.version,
        by: by.hash,
    });
    Ok(Entered {
        consents,
        events,
        in_force: force.is_ok() && superseded.is_none(),
        said: said_until(stored, consents, events)?,
        last: None,
        superseded,
        zone: None,
        ends_earlier: stored.first_day.is_some_and(|first| first <= today),
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
