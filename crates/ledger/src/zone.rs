//! Zones of time by name, from a list that comes with the program: the same on every machine, whatever it has installed.
//!
//! Who checks a log must reckon the same days as who kept it, years later and elsewhere.

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// The zone of entries that name none.
pub const UTC: &str = "UTC";

/// The zone of a home that says nothing else.
pub const DEFAULT: &str = "Europe/Amsterdam";

/// The zone of this name in the IANA list, spelled as there.
///
/// ```
/// use zwerm_ledger::zone::find;
/// assert!(find("Europe/Amsterdam").is_some());
/// assert!(find("europe/amsterdam").is_none() && find("Mars/Base").is_none() && find("../etc").is_none());
/// ```
#[must_use]
pub fn find(name: &str) -> Option<TimeZone> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    (zone.iana_name() == Some(name)).then_some(zone)
}
