//! Barriers: what could not be asked, whose condition stood in the way, and what would lift it.
//!
//! What-if looks at the same questions under an amended agreement: which of them would be allowed, without asking any.

use std::collections::BTreeMap;

use std::sync::Arc;

use tokio::runtime::Handle;
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::barrier::Barrier;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_question::session::Limits;

use super::ask::{Request, allowed};
use super::error::AppError;
use super::home::{Home, Kept, KeptRefusal};
use super::load::{Stored, Target};
use super::overview::Overview;
use super::release::When;
use super::site::{Site, blocking};

/// The barriers of a home, of one agreement or of all; those that most questions met come first.
///
/// Whether one still stands is looked up under the version of its agreement that is in force; under the latest when none
/// is.
pub(crate) async fn barriers(
    home: &Home,
    only: Option<&str>,
    now: When,
) -> Result<Vec<Barrier>, AppError> {
    if let Some(id) = only {
        home.agreement(id)?;
    }
    let overview = Overview::read(home, now.today)?;
    let mut found: BTreeMap<(String, Code, Option<String>, Option<String>), Barrier> =
        BTreeMap::new();
    for kept in home.refusals()? {
        let asked = &kept.refusal;
        if only.is_some_and(|id| id != asked.agreement) {
            continue;
        }
        let dossier = overview.dossier(&asked.agreement);
        let still = match dossier.and_then(|dossier| dossier.current()) {
            Some(version) => {
                let mut still = version.lacking.clone();
                still.extend(reasons(home, &version.stored, asked, now).await?);
                still
            }
            None => Vec::new(),
        };
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

/// The barriers of the home, which are worked out again when something was asked or agreed since.
///
/// # Errors
/// When the home cannot be read.
pub(crate) async fn of_home(site: &Site) -> Result<Arc<Vec<Barrier>>, AppError> {
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

/// What an amended agreement would do to one refused question.
#[derive(Debug)]
pub(crate) struct Change {
    /// The question.
    pub(crate) kept: Kept,
    /// Why it would still be refused; nothing when it would be allowed.
    pub(crate) still: Vec<Refusal>,
}

/// What an amended agreement would do to the questions that were refused under an agreement; none is asked.
///
/// Everybody's consent to it is assumed, and that its data are there; whether an answer then shows a figure or hides it
/// depends on the data, and is not looked at.
pub(crate) async fn what_if(
    home: &Home,
    id: &str,
    amended: &Stored,
    now: When,
) -> Result<Vec<Change>, AppError> {
    let stored = home.agreement(id)?;
    let (current, new) = (&stored.document.agreement, &amended.document.agreement);
    if current.id != new.id {
        return Err(other_agreement(current, new));
    }
    let mut changes = Vec::new();
    for kept in home.refusals()? {
        if kept.refusal.agreement != current.id {
            continue;
        }
        let still = reasons(home, amended, &kept.refusal, now).await?;
        changes.push(Change { kept, still });
    }
    Ok(changes)
}

/// Why a question that was refused would be refused by an agreement that all consented to; nothing when it would not.
async fn reasons(
    home: &Home,
    stored: &Stored,
    asked: &KeptRefusal,
    now: When,
) -> Result<Vec<Refusal>, AppError> {
    let agreement = &stored.document.agreement;
    let request = Request {
        agreement: Target::Id(agreement.id.clone()),
        party: asked.party.clone(),
        purpose: asked.purpose.clone(),
        sql: asked.sql.clone(),
        today: now.today.clamp(agreement.valid.from, agreement.valid.until),
        now: now.now,
        limits: Limits::default(),
    };
    match allowed(stored, &request, &home.sources(agreement), Vec::new()).await {
        Ok(_) => Ok(Vec::new()),
        Err(AppError::Refused(refusals)) => Ok(refusals),
        Err(other) => Err(other),
    }
}

fn other_agreement(current: &Agreement, new: &Agreement) -> AppError {
    AppError::usage(
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
