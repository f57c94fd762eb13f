//! How much of a combination of dimensions is protected, before anything is asked: what `zwerm release show` counts.
//!
//! It is counted over whole combinations of a release that is there, and never over a part of one: a count over the cells
//! of one filter, or of one answer, would tell something of these cells while no question is in the log. Whoever may ask
//! may ask each whole combination and count its protected cells; so this tells an asker nothing that asking does not. It is
//! told to nobody else: not while the agreement is not in force, nor of a view on which an embargo is. Nothing is built.

use std::sync::Arc;

use zwerm_agreement::agreement::{Agreement, View};
use zwerm_agreement::policy::Action;
use zwerm_home::release;
use zwerm_home::{Home, policies};
use zwerm_question::cube::TableTally;
use zwerm_question::session::BuildLimits;

use crate::error::AppError;
use crate::share::embargo;
use crate::site::overview::Version;
use crate::site::standing::Standing;
use crate::site::{Site, blocking};

/// How much of each combination of dimensions is protected in the release of a view, for a party that may ask it; nothing
/// when it may not, or when there is no release yet.
///
/// # Errors
/// When the release cannot be read.
pub(crate) async fn combinations(
    site: &Site,
    version: &Version,
    view: &View,
    party: &str,
) -> Result<Option<Arc<Vec<TableTally>>>, AppError> {
    if version.standing != Standing::InForce || !may_ask(site, version, view, party).await? {
        return Ok(None);
    }
    let (home, counted) = (Arc::clone(&site.home), Arc::clone(&site.counted));
    let (document, name) = (Arc::clone(&version.stored.document), view.name.clone());
    blocking(move || {
        let agreement = &document.agreement;
        let Some(view) = agreement.find_view(&name) else {
            return Ok(None);
        };
        let Some(stamp) = release::stamp(&home, agreement, view) else {
            return Ok(None);
        };
        counted.of(stamp, || tables(&home, agreement, view))
    })
    .await
}

/// The combination of exactly these dimensions.
pub(crate) fn of<'t>(tables: &'t [TableTally], dimensions: &[String]) -> Option<&'t TableTally> {
    let same = |one: &&TableTally| {
        one.dimensions.len() == dimensions.len()
            && dimensions.iter().all(|name| one.dimensions.contains(name))
    };
    tables.iter().find(same)
}

async fn may_ask(
    site: &Site,
    version: &Version,
    view: &View,
    party: &str,
) -> Result<bool, AppError> {
    let stored = &version.stored;
    let mut wanted = policies::request(stored, party, Action::Ask, site.clock.today());
    wanted.purpose = Some(version.agreement().purpose.clone());
    let decision = embargo::decided(stored, wanted, view, &BuildLimits::default()).await?;
    Ok(decision.allowed)
}

fn tables(
    home: &Home,
    agreement: &Agreement,
    view: &View,
) -> Result<Option<Vec<TableTally>>, AppError> {
    let built = release::find(home, agreement, view)?;
    Ok(built.map(|built| built.cube.tables()))
}
