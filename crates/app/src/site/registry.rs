//! Taking over in the registry what a home's files hold, so that it can be searched and listed.
//!
//! The files and the log stay what is true. All that is taken over can be thrown away and taken over again.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::signature::SignatureState;
use zwerm_agreement::status::StatusChange;
use zwerm_agreement::text::Text;
use zwerm_ledger::entry::{Entry, EntryError, EntryKind};
use zwerm_store::Store;
use zwerm_store::entries::EntryRow;
use zwerm_store::goals::Goal;
use zwerm_store::mirror::{
    AgreementVersion, Agreements, ConsentDecision, ConsentRow, DatasetRow, ReleaseRow,
};
use zwerm_store::parties::RegisteredParty;
use zwerm_store::projects::Project;

use crate::error::AppError;
use crate::ledger::show::{EntrySelection, LoggedEntry, show};
use crate::site::blocking;
use crate::site::overview::{Overview, Version};
use crate::words::entry::{words, words_of_other};
use crate::words::refusal::code;

/// Entries that are taken over in one step.
const MOST: usize = 500;

/// How far the log was read, which releases it told of, and what was taken over of agreements.
#[derive(Debug, Default)]
pub(crate) struct MirroredLog {
    next: u64,
    releases: Vec<(Digest, ReleaseRow)>,
    agreements: Option<Agreements>,
    /// The overview, and how many releases the log had told of, when that was.
    of: Option<(Arc<Overview>, usize)>,
    /// When it began: what a version has no date of is taken to be of then.
    since: Option<Timestamp>,
}

/// Takes over all agreements, and entries that came since the last time: so many at most, so that nobody waits for all of
/// a long log. Whether that were all of them.
pub(crate) async fn take_over(
    store: &Store,
    root: &Path,
    overview: &Arc<Overview>,
    now: Timestamp,
    taken: &mut MirroredLog,
) -> Result<bool, AppError> {
    let mut last = store.last_entry().await?;
    if let Some(known) = &last
        && !still_has(root, known, overview, now).await?
    {
        // an older log was put back: what was taken over of the other one is gone
        tracing::warn!(
            "the log is not the one that the registry was made from; it is taken over anew"
        );
        store.clear_mirror().await?;
        *taken = MirroredLog::default();
        last = None;
    }
    let kept = last.map_or(0, |last| last.index + 1);
    if taken.next < kept {
        // the registry knows which entries tell of a release: the others need not be read again
        taken
            .releases
            .extend(mirrored_releases(store, root, taken.next).await?);
        taken.next = kept;
    }
    let new = entries_since(root, kept, MOST).await?;
    let rows: Vec<EntryRow> = new.iter().map(|shown| row(shown, overview, now)).collect();
    if !rows.is_empty() {
        store.add_entries(&rows).await?;
    }
    let unread = new.iter().filter(|shown| shown.index >= taken.next);
    taken.releases.extend(unread.filter_map(release));
    let next = new.last().map_or(kept, |last| last.index + 1);
    taken.next = next.max(taken.next);
    let is_known = |(known, releases): &(Arc<Overview>, usize)| {
        Arc::ptr_eq(known, overview) && *releases == taken.releases.len()
    };
    if taken.of.as_ref().is_some_and(is_known) {
        return Ok(new.len() < MOST);
    }
    let mut all = agreements(overview, *taken.since.get_or_insert(now));
    all.releases = of_agreements(&taken.releases, overview);
    if taken.agreements.as_ref() != Some(&all) {
        parties_and_goals(store, overview, now).await?;
        store.replace_agreements(&all).await?;
        taken.agreements = Some(all);
    }
    taken.of = Some((Arc::clone(overview), taken.releases.len()));
    Ok(new.len() < MOST)
}

/// So many entries of the log from this one on.
async fn entries_since(root: &Path, since: u64, most: usize) -> Result<Vec<LoggedEntry>, AppError> {
    let root = root.to_owned();
    blocking(move || {
        let mut entries = Vec::new();
        let wanted = EntrySelection { since, kind: None };
        let shown = show(&root, &wanted, &mut |shown| {
            if entries.len() == most {
                return Err(AppError::Interrupted);
            }
            entries.push(shown);
            Ok(())
        });
        match shown {
            // these are enough
            Err(AppError::Interrupted) => Ok(entries),
            shown => shown.map(|()| entries),
        }
    })
    .await
}

/// The releases that entries tell of which were taken over before, from this one on.
async fn mirrored_releases(
    store: &Store,
    root: &Path,
    since: u64,
) -> Result<Vec<(Digest, ReleaseRow)>, AppError> {
    let mut releases = Vec::new();
    for index in store.entry_indexes("data-release").await? {
        if index >= since {
            let entry = entries_since(root, index, 1).await?;
            releases.extend(entry.iter().filter_map(release));
        }
    }
    Ok(releases)
}

/// The releases of agreements that the home has, each with its name; the others are known by a hash alone.
fn of_agreements(releases: &[(Digest, ReleaseRow)], overview: &Overview) -> Vec<ReleaseRow> {
    let known = releases.iter().filter_map(|(hash, release)| {
        let version = overview.by_hash(*hash)?;
        let agreement = version.agreement();
        let short: String = release.hash.chars().take(12).collect();
        Some(ReleaseRow {
            name: format!(
                "{}.v{}.{}.{short}",
                agreement.id, agreement.version, release.view
            ),
            agreement: agreement.id.clone(),
            version: agreement.version,
            ..release.clone()
        })
    });
    known.collect()
}

/// Whether the log has an entry that was taken over, still as it was.
async fn still_has(
    root: &Path,
    known: &EntryRow,
    overview: &Overview,
    now: Timestamp,
) -> Result<bool, AppError> {
    let found = entries_since(root, known.index, 1).await?;
    let same = |shown: &LoggedEntry| {
        let row = row(shown, overview, now);
        (row.index, row.at, &row.agreement_hash) == (known.index, known.at, &known.agreement_hash)
            && row.kind == known.kind
    };
    Ok(found.first().is_some_and(same))
}

async fn parties_and_goals(
    store: &Store,
    overview: &Overview,
    now: Timestamp,
) -> Result<(), AppError> {
    let goals = store.goals().await?;
    let projects = store.projects().await?;
    let known = store.parties().await?;
    for dossier in &overview.dossiers {
        let Some(latest) = dossier.latest() else {
            continue;
        };
        let agreement = latest.agreement();
        // what a party is called, and its key, is as all agreed; a proposal names it only when nobody else did
        let agreed = dossier.in_force();
        let named = agreed.unwrap_or(latest).agreement();
        for party in &named.party {
            if agreed.is_none() && known.iter().any(|known| known.id == party.id) {
                continue;
            }
            let party = RegisteredParty {
                id: party.id.clone(),
                name: party.display_name(),
                helix: party.helix,
                public_key: party.public_key.clone().filter(|_| agreed.is_some()),
            };
            store.put_party(&party).await?;
        }
        if !goals.iter().any(|goal| goal.id == agreement.goal) {
            let goal = Goal {
                id: agreement.goal.clone(),
                title: Text::same(readable(&agreement.goal)),
                about: Text::same(""),
            };
            store.put_goal(&goal).await?;
        }
        if !projects.iter().any(|project| project.id == dossier.id) {
            let first = dossier.versions().first().and_then(first_word);
            store
                .add_project(&unproposed(agreement, first.unwrap_or(now)))
                .await?;
        }
    }
    Ok(())
}

/// The project of an agreement that was brought in as a document, without words about it.
fn unproposed(agreement: &Agreement, proposed: Timestamp) -> Project {
    let nothing = || Text::same("");
    Project {
        id: agreement.id.clone(),
        goal: agreement.goal.clone(),
        title: agreement.title.clone(),
        summary: nothing(),
        benefit: nothing(),
        harm: nothing(),
        falls_out: nothing(),
        questions: nothing(),
        proposed_by: None,
        proposed,
    }
}

/// An id as a title: `leiden-passend-wonen` becomes `Leiden passend wonen`.
fn readable(id: &str) -> String {
    let text = id.replace('-', " ");
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn agreements(overview: &Overview, now: Timestamp) -> Agreements {
    let mut all = Agreements::default();
    for version in overview.all() {
        let agreement = version.agreement();
        all.versions.push(AgreementVersion {
            agreement: agreement.id.clone(),
            version: agreement.version,
            hash: version.stored.hash.to_string(),
            title: agreement.title.clone(),
            goal: agreement.goal.clone(),
            added: first_word(version).unwrap_or(now),
        });
        all.consents.extend(consents(version));
        all.datasets
            .extend(agreement.dataset.iter().map(|dataset| DatasetRow {
                agreement: agreement.id.clone(),
                version: agreement.version,
                id: dataset.id.clone(),
                provider: dataset.provider.clone(),
                legal_basis: dataset.legal_basis.clone(),
                period: dataset.period.clone().unwrap_or_default(),
            }));
    }
    all
}

fn first_word(version: &Version) -> Option<Timestamp> {
    let consents = version.stored.document.consents.iter();
    consents.map(|consent| consent.at).min()
}

fn consents(version: &Version) -> Vec<ConsentRow> {
    use zwerm_agreement::consent::Decision;
    let (stored, agreement) = (&version.stored, version.agreement());
    let of = |party: &str, decision, at, is_signed| ConsentRow {
        agreement: agreement.id.clone(),
        version: agreement.version,
        party: party.to_owned(),
        decision,
        reason: None,
        lifts: None,
        at,
        signed: is_signed,
    };
    let consents = stored.consents().map(|(consent, state)| {
        let decision = match consent.decision {
            Decision::Consent => ConsentDecision::Consent,
            Decision::Concern => ConsentDecision::Concern,
            Decision::Object => ConsentDecision::Object,
        };
        ConsentRow {
            reason: consent.reason.clone(),
            lifts: consent.lifts.clone(),
            ..of(
                &consent.party,
                decision,
                consent.at,
                state == SignatureState::Valid,
            )
        }
    });
    let events = stored.happened().map(|(event, state)| {
        let decision = match event.change {
            StatusChange::Suspended => ConsentDecision::Suspended,
            StatusChange::Resumed => ConsentDecision::Resumed,
            StatusChange::Ended => ConsentDecision::Ended,
        };
        ConsentRow {
            reason: Some(event.reason.clone()),
            ..of(
                &event.party,
                decision,
                event.at,
                state == SignatureState::Valid,
            )
        }
    });
    consents.chain(events).collect()
}

/// A release that the log tells of, with the hash of its agreement.
fn release(shown: &LoggedEntry) -> Option<(Digest, ReleaseRow)> {
    let entry = shown.entry.as_ref().ok()?;
    let EntryKind::DataRelease { view, release } = &entry.what else {
        return None;
    };
    let row = ReleaseRow {
        name: String::new(),
        agreement: String::new(),
        version: 0,
        view: view.clone(),
        hash: release.to_string(),
        at: entry.time,
    };
    Some((Digest::from_bytes(entry.agreement.0), row))
}

fn row(shown: &LoggedEntry, overview: &Overview, now: Timestamp) -> EntryRow {
    let entry = match &shown.entry {
        Ok(entry) => entry,
        Err(error) => return unread(shown.index, error, now),
    };
    let hash = Digest::from_bytes(entry.agreement.0);
    let version = overview.by_hash(hash);
    EntryRow {
        index: shown.index,
        at: entry.time,
        kind: entry.kind().to_owned(),
        agreement: version.map(|v| v.agreement().id.clone()),
        version: version.map(|v| v.agreement().version),
        agreement_hash: Some(hash.to_string()),
        party: party(entry).map(str::to_owned),
        text: both(entry),
    }
}

/// An entry that this program cannot read, or whose kind it does not know.
fn unread(index: u64, error: &EntryError, now: Timestamp) -> EntryRow {
    let (at, text) = match error {
        EntryError::OtherKind { kind, time } => (*time, words_of_other(kind)),
        _ => (now, Text::same("")),
    };
    EntryRow {
        index,
        at,
        kind: "unknown".into(),
        agreement_hash: None,
        agreement: None,
        version: None,
        party: None,
        text: format!("{}\n{}", text.nl, text.en),
    }
}

/// What is searched: the words in Dutch and, after a line break, in English.
fn both(entry: &Entry) -> String {
    let Text { nl, en } = match &entry.what {
        EntryKind::Refusal { party, codes, .. } => refused(party, codes),
        what => words(what),
    };
    format!("{nl}\n{en}")
}

/// A refusal with its codes in words.
fn refused(party: &str, codes: &[String]) -> Text {
    let known = codes.iter().filter_map(|code| code.parse().ok());
    let reasons: BTreeSet<(String, String)> =
        known.map(code).map(|text| (text.nl, text.en)).collect();
    let (nl, en): (Vec<String>, Vec<String>) = reasons.into_iter().unzip();
    Text::new(
        format!("weigering aan {party}: {}", nl.join(", ")),
        format!("refusal to {party}: {}", en.join(", ")),
    )
}

fn party(entry: &Entry) -> Option<&str> {
    match &entry.what {
        EntryKind::AgreementSuspended { party, .. }
        | EntryKind::AgreementResumed { party, .. }
        | EntryKind::AgreementEnded { party, .. }
        | EntryKind::Consent { party, .. }
        | EntryKind::Question { party, .. }
        | EntryKind::Refusal { party, .. } => Some(party),
        EntryKind::AgreementInForce { .. }
        | EntryKind::AgreementSuperseded { .. }
        | EntryKind::DataRelease { .. }
        | EntryKind::Answer { .. } => None,
    }
}

#[cfg(test)]
mod tests;
