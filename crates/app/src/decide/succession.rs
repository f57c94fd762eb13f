//! What a new version does to the one that answers today, said before anybody consents to it.
//!
//! A version that comes into force ends the earlier ones. Over data of which figures were released already, a stricter
//! version may answer nothing: its figures must be safe together with those. Both at once can leave nothing that answers.

use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, Dataset};
use zwerm_agreement::text::Text;
use zwerm_home::load::Stored;
use zwerm_home::{Home, in_force, release};

use crate::error::AppError;
use crate::site::overview::Version;
use crate::site::{Site, blocking};

/// What is to be known before consenting to a version, by the version of a home that is in force and has figures out.
///
/// # Errors
/// When the home cannot be read.
pub fn warning(home: &Home, new: &Agreement, today: Date) -> Result<Option<Text>, AppError> {
    if home.versions(&new.id)?.is_empty() {
        return Ok(None);
    }
    let current = home.agreement(&new.id, today)?;
    let ends = in_force(&current, today).is_ok() && replaces(new, &current);
    let old = &current.document.agreement;
    let built = old
        .view
        .iter()
        .any(|view| release::is_built(home, old, view));
    Ok((ends && built).then(|| over_released(old.version, new.version)))
}

/// The same of a version on its page.
///
/// # Errors
/// When the home cannot be read.
pub async fn warning_on_page(site: &Site, version: &Version) -> Result<Option<Text>, AppError> {
    let (home, today) = (site.home.clone(), site.clock.today());
    let stored = version.stored.clone();
    blocking(move || warning(&home, &stored.document.agreement, today)).await
}

/// What is to be known of a later version where nothing is known of the earlier ones.
pub fn warning_unseen(new: &Agreement) -> Option<Text> {
    (new.version > 1).then(|| {
        Text::new(
            "Let op: wordt deze versie van kracht, dan zijn alle eerdere voorgoed vervangen. Zijn er al cijfers over deze gegevens uitgegeven, dan kan een strengere versie misschien niets beantwoorden.",
            "Note: once this version is in force, all earlier ones are replaced for good. If figures over these data were released already, a stricter version may answer nothing.",
        )
    })
}

/// Whether a version ends another and is about some of the same data.
fn replaces(new: &Agreement, old: &Stored) -> bool {
    let old = &old.document.agreement;
    let same =
        |one: &Dataset, other: &Dataset| (&one.id, &one.provider) == (&other.id, &other.provider);
    let shared = |one: &Dataset| old.dataset.iter().any(|other| same(one, other));
    new.version > old.version && new.dataset.iter().any(shared)
}

fn over_released(old: u32, new: u32) -> Text {
    Text::new(
        format!(
            "Let op: onder versie {old} zijn al cijfers over deze gegevens uitgegeven. Een strengere versie kan daardoor misschien niets beantwoorden. Wordt versie {new} van kracht, dan is versie {old}, die nu antwoordt, voorgoed vervangen."
        ),
        format!(
            "Note: figures over these data were released under version {old} already. So a stricter version may answer nothing. Once version {new} is in force, version {old}, which answers today, is replaced for good."
        ),
    )
}
