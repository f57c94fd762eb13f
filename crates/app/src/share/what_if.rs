//! What-if: which of the questions that were refused would be allowed under a changed agreement; none is asked.
//!
//! Anyone may try a change out, so it costs little: questions that are alike are tried once, and of those that differ the
//! newest so many. Whoever asked nothing reads how many of each kind there are, and no word of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::Text;
use zwerm_home::load::Stored;
use zwerm_home::release::When;
use zwerm_home::{Home, StoredRefusal};
use zwerm_store::Store;

use crate::decide::amend;
use crate::error::AppError;
use crate::share::barriers::is_of_agreement;
use crate::share::refusals::{self, reasons};
use crate::site::{Site, blocking, throttle};
use crate::words::refusal::code;

/// Refused questions that are looked at on a page at most, the newest; and of those that differ, how many are tried.
const ON_PAGE: (u32, u32) = (2000, 100);
/// The same on the command line.
const IN_COMMAND: (u32, u32) = (20_000, 200);
/// How long a visitor waits until others are done.
const PATIENCE: Duration = Duration::from_secs(5);

/// What an amended agreement would do to one refused question.
#[derive(Debug)]
pub struct WhatIfOutcome {
    /// The question that was refused, as the home keeps it.
    pub kept: StoredRefusal,
    /// How often it was asked alike.
    pub times: u64,
    /// Why it would still be refused; nothing when it would be allowed.
    pub still: Vec<Refusal>,
}

/// What an amended agreement would do to the questions that were refused.
#[derive(Debug)]
pub struct WhatIf {
    /// To each that was tried, the newest first.
    pub outcomes: Vec<WhatIfOutcome>,
    /// How many questions were refused, tried or not.
    pub all: u64,
}

/// Questions that fare alike, as somebody may read them.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadableOutcome {
    /// The question; empty for whoever is not of the party that asked it, because its words may name somebody.
    pub sql: String,
    /// The party that asked; empty when it is none of the agreement, because it may be anybody's name.
    pub party: String,
    /// How many of them there are.
    pub times: u64,
    /// Why they would still be refused, of the asker's own words nothing.
    pub still: Vec<Text>,
}

impl WhatIf {
    /// How many questions were tried, those that are alike included.
    pub fn tried(&self) -> u64 {
        self.outcomes.iter().map(|outcome| outcome.times).sum()
    }

    /// What somebody who does anything for these parties may read of it; nobody is of any party without signing in.
    pub fn seen_by(self, parties: &[&str], agreement: &Agreement) -> Vec<ReadableOutcome> {
        let mut own = Vec::new();
        let mut others: BTreeMap<(Vec<String>, String), ReadableOutcome> = BTreeMap::new();
        for outcome in self.outcomes {
            let one = outcome.readable(parties, agreement);
            if !one.sql.is_empty() {
                own.push(one);
                continue;
            }
            let still = one.still.iter().map(|text| text.nl.clone()).collect();
            let alike = others.entry((still, one.party.clone()));
            let times = one.times;
            alike
                .and_modify(|known| known.times += times)
                .or_insert(one);
        }
        own.extend(others.into_values());
        own
    }
}

impl WhatIfOutcome {
    fn readable(self, parties: &[&str], agreement: &Agreement) -> ReadableOutcome {
        let asked = self.kept.refusal;
        let is_theirs = parties.contains(&asked.party.as_str());
        let is_party = agreement.find_party(&asked.party).is_some();
        let mut still: Vec<Text> = Vec::new();
        for refusal in self.still {
            let text = match is_of_agreement(refusal.code) {
                true => refusal.what,
                false => code(refusal.code),
            };
            if !still.contains(&text) {
                still.push(text);
            }
        }
        ReadableOutcome {
            sql: if is_theirs { asked.sql } else { String::new() },
            party: if is_party { asked.party } else { String::new() },
            times: self.times,
            still,
        }
    }
}

/// What an amended agreement would do to the questions that were refused under an agreement; none is asked.
///
/// Everybody's consent to it is assumed, and that its data are there; whether an answer then shows a figure or hides it
/// depends on the data, and is not looked at.
async fn what_if(
    home: &Home,
    store: &Store,
    id: &str,
    amended: &Stored,
    now: When,
    (newest, different): (u32, u32),
) -> Result<WhatIf, AppError> {
    let mut asked = Vec::new();
    for one in store.distinct_refusals(id, newest, different).await? {
        // whoever deleted its file wants it forgotten
        if let Some(kept) = home.refusal(&one.hash)? {
            asked.push((kept, one.times));
        }
    }
    // each is parsed and decided by itself, so that they are shared out among the machine's processors
    let share = asked.len().div_ceil(processors()).max(1);
    let shares = asked.chunks(share).map(|some| {
        let (some, amended, runtime) = (some.to_vec(), amended.clone(), Handle::current());
        spawn_blocking(move || runtime.block_on(judged(some, &amended, now)))
    });
    // all of them are begun before the first is waited for
    let shares: Vec<_> = shares.collect();
    // counted meanwhile
    let all = store.refusals_under(id).await?;
    let mut outcomes = Vec::new();
    for share in shares {
        let done = share.await;
        outcomes.extend(done.map_err(|error| AppError::Internal(error.to_string()))??);
    }
    Ok(WhatIf { outcomes, all })
}

/// What an amended agreement would do to each of some questions, in their order.
async fn judged(
    asked: Vec<(StoredRefusal, u64)>,
    amended: &Stored,
    now: When,
) -> Result<Vec<WhatIfOutcome>, AppError> {
    let mut outcomes = Vec::with_capacity(asked.len());
    for (kept, times) in asked {
        let still = reasons(amended, &kept.refusal, now).await?;
        outcomes.push(WhatIfOutcome { kept, times, still });
    }
    Ok(outcomes)
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Refuses an amended document that is of another agreement.
fn must_be_of(home: &Home, id: &str, amended: &Stored) -> Result<(), AppError> {
    let stored = home.newest(id)?;
    let (current, new) = (&stored.document.agreement, &amended.document.agreement);
    if current.id != new.id {
        return Err(other_agreement(current, new));
    }
    Ok(())
}

/// The same for a home that is not served.
pub async fn of_home(
    home: &Home,
    id: &str,
    amended: &Stored,
    when: When,
) -> Result<WhatIf, AppError> {
    must_be_of(home, id, amended)?;
    let id = &amended.document.agreement.id;
    let Some(store) = refusals::registry(home).await? else {
        let outcomes = Vec::new();
        return Ok(WhatIf { outcomes, all: 0 });
    };
    let tried = async {
        let tried = || what_if(home, &store, id, amended, when, IN_COMMAND);
        // whether anything is missing in the registry is looked at meanwhile; nearly always nothing is
        let missing = refusals::take_in_missing(home, &store);
        match tokio::try_join!(missing, tried())? {
            (false, tried) => Ok(tried),
            (true, _) => tried().await,
        }
    };
    let tried = tried.await;
    store.close().await;
    tried
}

fn other_agreement(current: &Agreement, new: &Agreement) -> AppError {
    AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            format!(
                "het gewijzigde document is van `{}`, niet van `{}`",
                new.id, current.id
            ),
            format!(
                "the amended document is of `{}`, not of `{}`",
                new.id, current.id
            ),
        ),
        Text::new(
            format!(
                "neem de afspraak `{}`, verander er iets aan, en verhoog `version`",
                current.id
            ),
            format!(
                "take the agreement `{}`, change something in it, and raise `version`",
                current.id
            ),
        ),
    )
}

/// Whether two agreements say the same of data: anyone may try a change out, and nobody may have data read in another
/// way than was agreed, because what is wrong with data tells of rows.
fn same_data(one: &Agreement, other: &Agreement) -> bool {
    one.dataset == other.dataset && one.view == other.view && one.embargo == other.embargo
}

fn other_data() -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            "het document verandert gegevensbronnen, de gezamenlijke basis of een embargo",
            "the document changes datasets, shared views or an embargo",
        ),
        Text::new(
            "verander hier alleen voorwaarden en partners; voor de rest is er een nieuwe versie",
            "change conditions and parties only here; the rest takes a new version",
        ),
    )
}

/// What came of trying a change out.
#[derive(Debug)]
pub enum TryOutcome {
    /// It was tried.
    Tried(WhatIf),
    /// Too many were tried, from there or at all.
    TooMany,
}

/// Which refused questions would be allowed under a changed document; none is asked. A visitor, of whom only the address
/// is known, may try so many in an hour.
pub async fn try_out(
    site: &Site,
    id: &str,
    document: String,
    visitor: Option<&str>,
) -> Result<TryOutcome, AppError> {
    if let Some(address) = visitor
        && !throttle::may_try_out(site, address).await?
    {
        return Ok(TryOutcome::TooMany);
    }
    let place = Arc::clone(&site.tried_out).acquire_owned();
    let Ok(Ok(place)) = tokio::time::timeout(PATIENCE, place).await else {
        return Ok(TryOutcome::TooMany);
    };
    let (id, when, runtime) = (id.to_owned(), site.when(), Handle::current());
    let (home, store) = (Arc::clone(&site.home), site.store.clone());
    let overview = site.overview().await?;
    let current = overview.dossier(&id).and_then(|dossier| dossier.current());
    let current = current.map(|version| version.agreement().clone());
    blocking(move || {
        // held until the work itself is done, also when nobody waits for it any longer
        let _place = place;
        let amended = amend::read(&document)?;
        if current.is_some_and(|current| !same_data(&current, &amended.document.agreement)) {
            return Err(other_data());
        }
        must_be_of(&home, &id, &amended)?;
        let tried = what_if(&home, &store, &id, &amended, when, ON_PAGE);
        Ok(TryOutcome::Tried(runtime.block_on(tried)?))
    })
    .await
}
