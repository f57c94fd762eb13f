//! Barriers: what could not be asked, whose condition stood in the way, what would lift it, and what became of it.
//!
//! They are listed by agreement, in the order of its document: never by how often they were met. Of the questions that
//! met them everybody reads codes and conditions, and no word, because those may name somebody.

use zwerm_agreement::barrier::{Barrier, place_in};
use zwerm_agreement::condition;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_home::Home;
use zwerm_home::release::When;
use zwerm_store::Store;
use zwerm_store::barriers::{BarrierEvent, BarrierRow, BarrierStatus, RegisteredBarrier};
use zwerm_store::list::{ListPage, ListPlace};

use crate::error::AppError;
use crate::form::readable;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::share::refusals;
use crate::site::Site;
use crate::site::overview::Overview;
use crate::words::refusal::{code, lifts};

/// A barrier as it is on a day.
#[derive(Debug, Clone)]
pub struct BarrierState {
    /// The barrier, with how many questions it would keep from being answered on that day.
    pub barrier: Barrier,
    /// What its owner last said of it.
    pub said: Option<BarrierRow>,
}

impl BarrierState {
    fn of(found: RegisteredBarrier, overview: &Overview) -> Self {
        let mut barrier = found.barrier;
        if is_of_agreement(barrier.name.code) {
            let stands = stands(&barrier, overview);
            barrier.held = if stands { barrier.questions } else { 0 };
        }
        Self {
            barrier,
            said: found.said,
        }
    }

    /// Whether it is in the way of any question.
    pub fn is_open(&self) -> bool {
        self.barrier.held > 0
    }

    /// How it is with it: as its owner says, or as the agreement is.
    pub fn status(&self) -> BarrierStatus {
        match &self.said {
            Some(said) => said.status,
            None if self.is_open() => BarrierStatus::Open,
            None => BarrierStatus::Lifted,
        }
    }
}

/// Whether a barrier is in the way, under the version of its agreement that is in force; the latest when none is.
fn stands(barrier: &Barrier, overview: &Overview) -> bool {
    let name = &barrier.name;
    if !is_of_agreement(name.code) {
        return barrier.held > 0;
    }
    let dossier = overview.dossier(&name.agreement);
    let version = dossier.and_then(|dossier| dossier.current());
    let same = |lacking: &Refusal| {
        lacking.code == name.code && (name.owner.is_none() || lacking.owner == name.owner)
    };
    version.is_some_and(|version| version.lacking.iter().any(same))
}

/// Writes down which barriers came into the way, or are no longer.
pub(crate) async fn note_standing(
    store: &Store,
    overview: &Overview,
    when: When,
) -> Result<(), AppError> {
    for found in store.barriers(None).await? {
        let stands = stands(&found.barrier, overview);
        if stands != found.in_the_way {
            let key = found.barrier.name.key();
            store.note_barrier(&key, stands, when.now).await?;
        }
    }
    Ok(())
}

async fn listed(
    store: &Store,
    overview: &Overview,
    only: Option<&str>,
) -> Result<Vec<BarrierState>, AppError> {
    let found = store.barriers(only).await?.into_iter();
    let mut all: Vec<BarrierState> = found
        .map(|found| BarrierState::of(found, overview))
        .collect();
    all.sort_by_cached_key(|state| in_document(&state.barrier, overview));
    Ok(all)
}

/// The agreement, and the place in its document.
fn in_document(barrier: &Barrier, overview: &Overview) -> (String, usize, String) {
    let name = &barrier.name;
    let dossier = overview.dossier(&name.agreement);
    let version = dossier.and_then(|dossier| dossier.current());
    let place = version.map(|version| place_in(version.agreement(), name.condition.as_deref()));
    (
        name.agreement.clone(),
        place.unwrap_or_default(),
        name.key(),
    )
}

/// The barriers of a home, of one agreement or of all, each with the reason as it was last given. What became of them is
/// written down unless the day is pretended.
pub async fn of_home(
    home: &Home,
    only: Option<&str>,
    when: When,
    is_today: bool,
) -> Result<Vec<(BarrierState, Refusal)>, AppError> {
    if let Some(id) = only {
        home.newest(id)?;
    }
    let Some(store) = refusals::registry(home).await? else {
        return Ok(Vec::new());
    };
    let found = with_reasons(home, &store, only, when, is_today).await;
    store.close().await;
    found
}

async fn with_reasons(
    home: &Home,
    store: &Store,
    only: Option<&str>,
    when: When,
    is_today: bool,
) -> Result<Vec<(BarrierState, Refusal)>, AppError> {
    let overview = Overview::read(home, when.today)?;
    refusals::take_in_missing(home, store).await?;
    refusals::look_again(home, store, &overview, when, None).await?;
    if is_today {
        note_standing(store, &overview, when).await?;
    }
    let mut all = Vec::new();
    for state in listed(store, &overview, only).await? {
        let reason = last_given(home, store, &state.barrier).await?;
        all.push((state, reason));
    }
    Ok(all)
}

/// The reason as the question was told that met the barrier last.
async fn last_given(home: &Home, store: &Store, barrier: &Barrier) -> Result<Refusal, AppError> {
    let name = &barrier.name;
    let newest = store.newest_refusal(&name.key()).await?;
    let kept = newest.map(|hash| home.refusal(&hash)).transpose()?;
    let reasons = kept.flatten().map(|kept| kept.refusal.refusals);
    let same = |reason: &Refusal| {
        (reason.code, &reason.condition, &reason.owner) == (name.code, &name.condition, &name.owner)
    };
    let given = reasons.and_then(|reasons| reasons.into_iter().find(same));
    Ok(given.unwrap_or_else(|| Refusal {
        condition: name.condition.clone(),
        owner: name.owner.clone(),
        ..Refusal::new(name.code, code(name.code), Text::default())
    }))
}

/// The barriers of the home that is served, of one agreement or of all.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_site(site: &Site, only: Option<&str>) -> Result<Vec<BarrierState>, AppError> {
    refusals::keep_up(site).await?;
    let overview = site.overview().await?;
    listed(&site.store, &overview, only).await
}

/// What became of a barrier, the latest first.
///
/// # Errors
/// When the registry cannot be read.
pub async fn history(
    site: &Site,
    key: &str,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<BarrierEvent>, AppError> {
    Ok(site.store.barrier_history(key, before, most).await?)
}

/// A barrier of the home that is served, if there is one of this key.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, key: &str) -> Result<Option<BarrierState>, AppError> {
    let overview = site.overview().await?;
    let found = site.store.barrier(key).await?;
    Ok(found.map(|found| BarrierState::of(found, &overview)))
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

/// What a barrier says to everybody: its code and condition, and in full what is about the agreement alone.
pub fn in_public(barrier: &Barrier, overview: &Overview) -> InPublic {
    let name = &barrier.name;
    let version = overview
        .dossier(&name.agreement)
        .and_then(|dossier| dossier.current());
    let what = code(name.code);
    if is_of_agreement(name.code) {
        let same = |lacking: &&Refusal| lacking.code == name.code && lacking.owner == name.owner;
        let now = version.and_then(|version| version.lacking.iter().find(same));
        return InPublic {
            what,
            more: now.map(|lacking| lacking.what.clone()),
            lifts: now.map(|lacking| lacking.lifts.clone()),
        };
    }
    let condition = name.condition.as_deref();
    let known = version
        .zip(condition)
        .filter(|(version, path)| condition::find(version.agreement(), path).is_some());
    let amend = known.map(|(version, path)| condition::amend(version.agreement(), path));
    InPublic {
        what,
        more: None,
        // where nothing lifts it, that is said
        lifts: lifts(name.code).or(amend),
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
    /// Which barrier: its key.
    pub key: &'a str,
    /// How it is with it.
    pub status: BarrierStatus,
    /// Why, for everyone to read.
    pub reason: &'a str,
}

/// The party whose barrier it is; nothing when there is no such barrier, or it is everybody's.
///
/// # Errors
/// When the registry cannot be read.
pub async fn owner(site: &Site, wanted: &str) -> Result<Option<String>, AppError> {
    let found = site.store.barrier(wanted).await?;
    Ok(found.and_then(|found| found.barrier.name.owner))
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
