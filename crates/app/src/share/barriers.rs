//! Barriers: what could not be asked, whose condition stood in the way, and what would lift it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Handle;
use zwerm_agreement::barrier::Barrier;
use zwerm_agreement::condition;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_home::load::{AgreementTarget, Stored};
use zwerm_home::release::When;
use zwerm_home::{Home, KeptRefusal};
use zwerm_question::session::BuildLimits;
use zwerm_store::barriers::{BarrierRow, BarrierStatus};

use crate::error::AppError;
use crate::form::readable;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::share::ask::{AskRequest, allowed};
use crate::site::overview::Overview;
use crate::site::{Site, blocking};
use crate::words::refusal::code;

/// The barriers of a home, of one agreement or of all; those that most questions met come first.
///
/// Whether one remains is looked up under the version of its agreement that is in force; under the latest when none
/// is.
pub async fn barriers(
    home: &Home,
    only: Option<&str>,
    now: When,
) -> Result<Vec<Barrier>, AppError> {
    if let Some(id) = only {
        home.newest(id)?;
    }
    let overview = Overview::read(home, now.today)?;
    let mut found: BTreeMap<(String, Code, Option<String>, Option<String>), Barrier> =
        BTreeMap::new();
    for kept in home.refusals()? {
        let asked = &kept.refusal;
        if only.is_some_and(|id| id != asked.agreement) {
            continue;
        }
        let still = still_refused(home, &overview, asked, now).await?;
        for refusal in &asked.refusals {
            let key = (
                asked.agreement.clone(),
                refusal.code,
                refusal.condition.clone(),
                refusal.owner.clone(),
            );
            let barrier = found.entry(key).or_insert_with(|| Barrier {
                agreement: asked.agreement.clone(),
                refusal: refusal.clone(),
                questions: 0,
                lifted: 0,
                last: asked.at,
            });
            barrier.questions += 1;
            let same = |other: &Refusal| {
                (other.code, &other.condition, &other.owner)
                    == (refusal.code, &refusal.condition, &refusal.owner)
            };
            barrier.lifted += usize::from(!still.iter().any(same));
            if asked.at >= barrier.last {
                barrier.last = asked.at;
                barrier.refusal = refusal.clone();
            }
        }
    }
    let mut all: Vec<Barrier> = found.into_values().collect();
    all.sort_by_key(|barrier| (!barrier.is_open(), std::cmp::Reverse(barrier.questions)));
    Ok(all)
}

/// Why the question would be refused today, under the agreement as it is now.
async fn still_refused(
    home: &Home,
    overview: &Overview,
    asked: &KeptRefusal,
    now: When,
) -> Result<Vec<Refusal>, AppError> {
    let dossier = overview.dossier(&asked.agreement);
    let Some(version) = dossier.and_then(|dossier| dossier.current()) else {
        return Ok(Vec::new());
    };
    let mut still = version.lacking.clone();
    still.extend(reasons(home, &version.stored, asked, now).await?);
    Ok(still)
}

/// The barriers of the home, which are found again when something was asked or agreed since.
///
/// # Errors
/// When the home cannot be read.
pub async fn of_home(site: &Site) -> Result<Arc<Vec<Barrier>>, AppError> {
    let stamp = site.log_stamp();
    let when = site.when();
    let mut kept = site.barriers.lock().await;
    if let Some((known, day, found)) = kept.as_ref()
        && *known == stamp
        && *day == when.today
    {
        return Ok(Arc::clone(found));
    }
    let home = Arc::clone(&site.home);
    let runtime = Handle::current();
    let found = blocking(move || runtime.block_on(barriers(&home, None, when))).await?;
    let found = Arc::new(found);
    *kept = Some((stamp, when.today, Arc::clone(&found)));
    Ok(found)
}

/// A reason as everybody may read it.
#[derive(Debug)]
pub struct InPublic {
    /// The code in words.
    pub what: Text,
    /// In full, where nothing of it is the asker's own words.
    pub more: Option<Text>,
    /// What would lift it, where nothing of it is the asker's own words.
    pub lifts: Option<Text>,
}

/// What a barrier says to everybody: the words of a question that was refused may name somebody, so only the code and the
/// condition are told, unless the reason is about the agreement alone.
pub fn in_public(barrier: &Barrier, overview: &Overview) -> InPublic {
    let refusal = &barrier.refusal;
    let condition = refusal.condition.as_deref();
    if is_of_agreement(refusal.code) {
        return InPublic {
            what: code(refusal.code),
            more: Some(refusal.what.clone()),
            lifts: Some(refusal.lifts.clone()),
        };
    }
    let version = overview
        .dossier(&barrier.agreement)
        .and_then(|dossier| dossier.current());
    let known = version
        .zip(condition)
        .filter(|(version, path)| condition::find(version.agreement(), path).is_some());
    InPublic {
        what: code(refusal.code),
        more: None,
        lifts: match refusal.code {
            // nothing lifts this, and that is said
            Code::Key => Some(refusal.lifts.clone()),
            _ => known.map(|(version, path)| condition::amend(version.agreement(), path)),
        },
    }
}

/// Whether a reason speaks of the agreement and its parties only.
pub(crate) fn is_of_agreement(code: Code) -> bool {
    matches!(
        code,
        Code::SideMissing
            | Code::ProviderMissing
            | Code::NotRepresented
            | Code::Unsigned
            | Code::Objection
            | Code::Suspended
            | Code::Ended
            | Code::Superseded
            | Code::NotYetValid
            | Code::Expired
    )
}

/// Characters of the reason for how it is with a barrier at most.
pub const LONGEST_REASON: usize = 1000;

/// What the owner of a barrier says of it.
#[derive(Debug, Clone)]
pub struct BarrierDecision<'a> {
    /// Which barrier: its [`key`].
    pub key: &'a str,
    /// How it is with it.
    pub status: BarrierStatus,
    /// Why, for everyone to read.
    pub reason: &'a str,
}

/// What a barrier goes by.
pub fn key(barrier: &Barrier) -> String {
    let refusal = &barrier.refusal;
    let condition = refusal.condition.as_deref().unwrap_or_default();
    let owner = refusal.owner.as_deref().unwrap_or_default();
    format!("{} {} {condition} {owner}", barrier.agreement, refusal.code)
}

/// What owners said of their barriers.
///
/// # Errors
/// When the registry cannot be read.
pub async fn statuses(site: &Site) -> Result<Vec<BarrierRow>, AppError> {
    Ok(site.store.barriers().await?)
}

/// The party whose barrier it is; nothing when there is no such barrier, or it is everybody's.
///
/// # Errors
/// When the home cannot be read.
pub async fn owner(site: &Site, wanted: &str) -> Result<Option<String>, AppError> {
    let all = of_home(site).await?;
    let barrier = all.iter().find(|barrier| key(barrier) == wanted);
    Ok(barrier.and_then(|barrier| barrier.refusal.owner.clone()))
}

/// A barrier's owner says how it is with it, and why.
///
/// # Errors
/// When the barrier is nobody's, the person may not speak for its owner, or the reason is too long.
pub async fn say(
    site: &Site,
    signed: &SignedIn,
    said: &BarrierDecision<'_>,
) -> Result<(), AppError> {
    let party = owner(site, said.key)
        .await?
        .ok_or_else(|| nobodys(said.key))?;
    rights::must(signed, Act::Propose, &party)?;
    let reason = said.reason.trim();
    let length = reason.chars().count();
    if length > LONGEST_REASON {
        return Err(too_long(length));
    }
    readable(reason)?;
    let status = BarrierRow {
        key: said.key.to_owned(),
        status: said.status,
        reason: reason.to_owned(),
        party,
        at: site.clock.now(),
    };
    Ok(site.store.set_barrier(&status).await?)
}

fn nobodys(key: &str) -> AppError {
    AppError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("er is geen belemmering `{key}` van één partner"),
            format!("there is no barrier `{key}` of one party"),
        ),
        Text::new("kies er een uit de lijst", "choose one of the list"),
    )
}

fn too_long(length: usize) -> AppError {
    AppError::usage(
        FaultCode::TooLong,
        Text::new(
            format!("de reden heeft {length} tekens, en er passen er {LONGEST_REASON}"),
            format!("the reason has {length} characters, and {LONGEST_REASON} fit"),
        ),
        Text::new("maak de reden korter", "make the reason shorter"),
    )
}

/// Why a question that was refused would be refused by an agreement that all consented to; nothing when it would not.
pub(crate) async fn reasons(
    home: &Home,
    stored: &Stored,
    asked: &KeptRefusal,
    now: When,
) -> Result<Vec<Refusal>, AppError> {
    let agreement = &stored.document.agreement;
    let request = AskRequest {
        agreement: AgreementTarget::Id(agreement.id.clone()),
        party: asked.party.clone(),
        purpose: asked.purpose.clone(),
        sql: asked.sql.clone(),
        today: now.today.clamp(agreement.valid.from, agreement.valid.until),
        now: now.now,
        limits: BuildLimits::default(),
    };
    match allowed(stored, &request, &home.sources(agreement), Vec::new()).await {
        Ok(_) => Ok(Vec::new()),
        Err(AppError::Refused(refusals)) => Ok(refusals),
        Err(other) => Err(other),
    }
}
