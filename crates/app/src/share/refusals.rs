//! Refused questions in the registry: which barriers each met, taken in once, and looked at again when what is agreed
//! changes.
//!
//! The home's files are what is kept of a question; here are only the barriers. So whatever is missing here is taken in
//! from the files, and what is no longer among the files goes.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use zwerm_agreement::barrier::BarrierName;
use zwerm_agreement::refusal::{Refusal, RefusalNature};
use zwerm_home::config::Config;
use zwerm_home::load::{AgreementTarget, Stored};
use zwerm_home::refusals::refusal_count;
use zwerm_home::release::When;
use zwerm_home::{Home, KeptRefusal, StoredRefusal};
use zwerm_question::session::BuildLimits;
use zwerm_store::Store;
use zwerm_store::refusals::{DistinctRefusal, RefusedQuestion};

use crate::error::AppError;
use crate::loggable::ToLog as _;
use crate::share::ask::{AskRequest, allowed};
use crate::share::barriers::note_standing;
use crate::site::identity::{is_known, open_registry};
use crate::site::overview::{Overview, Version};
use crate::site::{AgreedState, Site, blocking};

/// Refused questions that are taken in, or looked at again, with one wait for the disk.
const AT_ONCE: usize = 200;
/// How long somebody who opens a page waits at most for what is looked at again.
const PATIENCE: Duration = Duration::from_millis(50);

/// The reasons that are recorded: those behind which a condition, a consent or a party stands. Mistakes are told only.
pub(crate) fn recorded(refusals: &[Refusal]) -> Vec<Refusal> {
    let barriers = refusals.iter();
    let barriers = barriers.filter(|refusal| refusal.nature() != RefusalNature::Mistake);
    barriers.cloned().collect()
}

/// A refused question as the registry keeps it, looked at under the agreement with this hash.
fn refused(
    home: &Home,
    hash: String,
    judged: &str,
    kept: &KeptRefusal,
) -> Result<RefusedQuestion, AppError> {
    let met = recorded(&kept.refusals);
    let met = met.iter().map(|one| BarrierName::of(&kept.agreement, one));
    Ok(RefusedQuestion {
        agreement: kept.agreement.clone(),
        at: kept.at,
        question: home.same_question(kept)?.to_string(),
        judged: judged.to_owned(),
        met: met.collect(),
        hash,
    })
}

/// Records the barriers that a question met which was just refused. When it cannot be done now, the file of the question
/// has it done later.
pub(crate) async fn record(
    home: &Home,
    store: Option<&Store>,
    stored: &Stored,
    hash: String,
    kept: &KeptRefusal,
) {
    let done = match store {
        Some(store) => add(home, store, stored, hash, kept).await,
        // a home of the command line alone gets its registry with its first refusal
        None => match open(home).await {
            Ok(store) => {
                let done = add(home, &store, stored, hash, kept).await;
                store.close().await;
                done
            }
            Err(error) => Err(error),
        },
    };
    if let Err(error) = done {
        tracing::warn!(error = %error.loggable(), "a refusal is not among the barriers yet");
    }
}

async fn add(
    home: &Home,
    store: &Store,
    stored: &Stored,
    hash: String,
    kept: &KeptRefusal,
) -> Result<(), AppError> {
    let refused = refused(home, hash, &stored.hash.to_string(), kept)?;
    store.add_refusals(&[refused]).await?;
    Ok(())
}

/// The registry of a home that is not served; one of the command line alone gets its own with the first thing to keep.
pub(crate) async fn open(home: &Home) -> Result<Store, AppError> {
    let config = Config::read(home.root())?;
    open_registry(home.root(), &config).await
}

/// The registry of a home that is not served, when it has one or anything was refused.
pub(crate) async fn registry(home: &Home) -> Result<Option<Store>, AppError> {
    let config = Config::read(home.root())?;
    let file = config.registry_file(home.root());
    // one that is known and gone is a fault, which opening says
    let is_there = is_known(home.root()) || file.is_none_or(|file| file.is_file());
    if !is_there && refusal_count(home.root())? == 0 {
        return Ok(None);
    }
    let store = open_registry(home.root(), &config).await?;
    Ok(Some(store))
}

/// Takes in what is missing, unless there are as many files as rows: then nothing is, but for what changed at one time in
/// both ways, which [`take_in`] finds. Whether anything was.
pub(crate) async fn take_in_missing(home: &Home, store: &Store) -> Result<bool, AppError> {
    let root = home.root().to_owned();
    // names of files are counted while the registry counts its rows
    let files = blocking(move || Ok(refusal_count(&root)?));
    let rows = async { Ok(store.refusal_count().await?) };
    let (files, rows) = tokio::try_join!(files, rows)?;
    if files == rows {
        return Ok(false);
    }
    take_in(home, store).await?;
    Ok(true)
}

/// Takes in refused questions that are in the home's files only, and forgets those whose files are gone.
pub(crate) async fn take_in(home: &Home, store: &Store) -> Result<(), AppError> {
    let kept = home.refusal_hashes()?;
    let known = store.refusal_hashes().await?;
    let gone: Vec<String> = known.difference(&kept).cloned().collect();
    if !gone.is_empty() {
        store.forget_refusals(&gone).await?;
    }
    let missing: Vec<&String> = kept.difference(&known).collect();
    for some in missing.chunks(AT_ONCE) {
        let mut all = Vec::with_capacity(some.len());
        for hash in some {
            if let Some(StoredRefusal { hash, refusal }) = home.refusal(hash)? {
                // under which version it would be refused is looked at next
                all.push(refused(home, hash, "", &refusal)?);
            }
        }
        store.add_refusals(&all).await?;
    }
    Ok(())
}

/// Looks again at the questions of agreements that changed since; whether all was done by then.
pub(crate) async fn look_again(
    home: &Home,
    store: &Store,
    overview: &Overview,
    when: When,
    until: Option<Instant>,
) -> Result<bool, AppError> {
    for dossier in &overview.dossiers {
        let Some(version) = dossier.current() else {
            continue;
        };
        loop {
            match look_at_some(home, store, version, when).await {
                Ok(true) => {}
                Ok(false) => break,
                // one that cannot be looked at keeps no other from it
                Err(error) => {
                    let id = &dossier.id;
                    tracing::warn!(agreement = %id, error = %error.loggable(), "refusals could not be looked at again");
                    break;
                }
            }
            if until.is_some_and(|until| Instant::now() >= until) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Looks at some questions under the version that applies now; whether there were any.
async fn look_at_some(
    home: &Home,
    store: &Store,
    version: &Version,
    when: When,
) -> Result<bool, AppError> {
    let (stored, id) = (&version.stored, &version.agreement().id);
    let judged = stored.hash.to_string();
    let some = store.unjudged_refusals(id, &judged, 20).await?;
    let mut found: Vec<(DistinctRefusal, BTreeSet<String>)> = Vec::with_capacity(some.len());
    for one in some {
        let still = match home.refusal(&one.hash)? {
            Some(kept) => reasons(stored, &kept.refusal, when).await?,
            None => Vec::new(),
        };
        let still = still.iter().map(|reason| BarrierName::of(id, reason).key());
        found.push((one, still.collect()));
    }
    store.judge_refusals(id, &judged, &found).await?;
    Ok(!found.is_empty())
}

/// What agreements come to for their refused questions.
fn state(overview: &Overview) -> AgreedState {
    let current = overview.dossiers.iter();
    let current = current.filter_map(|dossier| Some((&dossier.id, dossier.current()?)));
    let state = current.map(|(id, version)| {
        let lacking = version.lacking.iter();
        let lacking = lacking.map(|one| BarrierName::of(id, one).key());
        (
            id.clone(),
            version.stored.hash.to_string(),
            lacking.collect(),
        )
    });
    state.collect()
}

/// Keeps barriers up to date with what is agreed now, for as long as somebody waits for a page; the rest is done the next
/// time.
pub(crate) async fn keep_up(site: &Site) -> Result<(), AppError> {
    let Ok(mut looked) = site.looked_at.try_lock() else {
        // somebody else is at it
        return Ok(());
    };
    let overview = site.overview().await?;
    let now = state(&overview);
    if looked.as_ref() == Some(&now) {
        return Ok(());
    }
    let until = Instant::now() + PATIENCE;
    if look_again_on(site, Some(until)).await? {
        *looked = Some(now);
    }
    Ok(())
}

/// Takes in what is missing, and looks at everything that changed, to the end.
pub(crate) async fn catch_up(site: &Site) -> Result<(), AppError> {
    let mut looked = site.looked_at.lock().await;
    let (home, store, runtime) = (site.home.clone(), site.store.clone(), Handle::current());
    blocking(move || runtime.block_on(take_in(&home, &store))).await?;
    let now = state(&*site.overview().await?);
    look_again_on(site, None).await?;
    site.store.recount_barriers().await?;
    *looked = Some(now);
    Ok(())
}

async fn look_again_on(site: &Site, until: Option<Instant>) -> Result<bool, AppError> {
    let (overview, when) = (site.overview().await?, site.when());
    let (home, store, runtime) = (site.home.clone(), site.store.clone(), Handle::current());
    blocking(move || {
        runtime.block_on(async {
            let done = look_again(&home, &store, &overview, when, until).await?;
            note_standing(&store, &overview, when).await?;
            Ok(done)
        })
    })
    .await
}

/// Why a question that was refused would be refused by an agreement that all consented to; nothing when it would not.
pub(crate) async fn reasons(
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
    match allowed(stored, &request, Vec::new()).await {
        Ok(_) => Ok(Vec::new()),
        Err(AppError::Refused(refusals)) => Ok(refusals),
        Err(other) => Err(other),
    }
}
