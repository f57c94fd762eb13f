//! How the site is doing, for whoever runs it: what a glance at the machine would show, and nothing of people or data.

use jiff::Timestamp;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_home::room::{DiskRoom, room};
use zwerm_store::parties::RegisteredParty;

use crate::error::AppError;
use crate::keep::backup::last;
use crate::ledger::checked::{self, LogCheck};
use crate::loggable::ToLog as _;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::site::Site;

/// How the site is doing.
#[derive(Debug)]
pub struct SiteStatus {
    /// The version of the program.
    pub version: &'static str,
    /// How much room the disk of the home has, if that can be known.
    pub room: Option<DiskRoom>,
    /// When the home was last backed up with its own command, if it was.
    pub backed_up: Option<Timestamp>,
    /// When the whole log was last checked on this machine, if it was.
    pub log_checked: Option<LogCheck>,
    /// Whether registry and log can be used, as looked at now.
    pub ready: bool,
    /// When the newest entry of the public log came, and how many there are.
    pub newest: Option<(Timestamp, u64)>,
    /// The parties at a table that have no key to sign with.
    pub without_key: Vec<RegisteredParty>,
}

/// Looks at how the site is doing. Nothing is changed by it.
///
/// # Errors
/// When the person does not run the machine, or the registry cannot be read.
pub async fn look(site: &Site, signed: &SignedIn) -> Result<SiteStatus, AppError> {
    rights::may_run(signed).map_err(not_theirs)?;
    let root = site.home.root();
    let ready = site.ready().await;
    if let Err(error) = &ready {
        tracing::warn!(error = %error.loggable(), "not ready");
    }
    let newest = site.store.last_entry().await?;
    let parties = site.store.parties().await?.into_iter();
    let sits = |party: &RegisteredParty| party.helix.is_some();
    Ok(SiteStatus {
        version: env!("CARGO_PKG_VERSION"),
        room: room(root),
        backed_up: last::read(root),
        log_checked: checked::read(root),
        ready: ready.is_ok(),
        newest: newest.map(|entry| (entry.at, entry.index + 1)),
        without_key: parties
            .filter(|party| sits(party) && party.public_key.is_none())
            .collect(),
    })
}

fn not_theirs(what: Text) -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        what,
        Text::new("vraag het de beheerder", "ask the administrator"),
    )
}
