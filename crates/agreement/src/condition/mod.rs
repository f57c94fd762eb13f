//! The conditions of an agreement, in words with their values: enforced by the machine, or promised by a party.
//!
//! The path of an enforced condition is the name that refusals, policies and `enforced_by` use for it:
//!
//! | path | enforced by |
//! |---|---|
//! | `purpose`, `valid.from`, `valid.until`, `retention.months`, `answers` | policy |
//! | `party.<id>.may`, `party.<id>.for`, `embargo[<n>]`, `view` | policy |
//! | `about.id`, `party.<id>.represents`, `party.<id>.mandate`, `dataset.<id>.provider` | what is needed to be in force, and who may suspend |
//! | `dataset.<id>.columns`, `dataset.<id>.withheld` | what is read of a source |
//! | `view.<name>.key`, `.mode` | what a question may name |
//! | `view.<name>.dimension.<name>.values`, `.per_unit`, `.sensitive`, `.parents`, `.groups` | questions and protection |
//! | `view.<name>.measure.<name>.lower`, `.upper` | protection |
//! | `protection.minimum_units`, `.dominance`, `.p_percent`, `.protect_zeros`, `.round_to`, `.max_dimensions` | protection |
//! | `protection.release_rhythm` | releases: how soon data of a new period may follow |
//!
//! `noise` and `rho_total` are absent: nothing enforces them yet.

pub mod changes;
mod parts;
pub(crate) mod words;

use crate::agreement::Agreement;
use crate::text::Text;

/// A condition that the machine enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnforcedCondition {
    /// Its name, a path in the document.
    pub path: String,
    /// What it says, its value included.
    pub words: Text,
    /// The party whose condition it is; `None` when it is everybody's.
    pub owner: Option<String>,
}

/// A condition that a party promises, and that no machine enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisedCondition {
    /// The words that people agreed on.
    pub words: Text,
    /// The party that promises it.
    pub owner: String,
    /// The statement that it was adopted from.
    pub from_statement: Option<u64>,
}

/// Every condition of the agreement that the machine enforces, in words.
///
/// ```
/// use zwerm_agreement::{agreement::Document, condition, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let all = condition::enforced(&agreement);
/// let fewest = all.iter().find(|c| c.path == "protection.minimum_units").unwrap();
/// assert_eq!(fewest.words.en, "a number is about at least 10 units");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn enforced(agreement: &Agreement) -> Vec<EnforcedCondition> {
    let mut all = parts::whole(agreement);
    all.extend(agreement.party.iter().flat_map(parts::party));
    all.extend(agreement.dataset.iter().flat_map(parts::dataset));
    all.extend(agreement.view.iter().flat_map(parts::view));
    all.extend(parts::embargoes(agreement));
    all.extend(parts::protection(&agreement.protection));
    all
}

/// The enforced condition with this path.
///
/// ```
/// use zwerm_agreement::{agreement::Document, condition, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let purpose = condition::find(&agreement, "purpose").unwrap();
/// assert!(purpose.words.nl.contains("`housing-policy`"));
/// assert_eq!(condition::find(&agreement, "protection.colour"), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn find(agreement: &Agreement, path: &str) -> Option<EnforcedCondition> {
    enforced(agreement)
        .into_iter()
        .find(|condition| condition.path == path)
}

/// Every condition that a party promises.
///
/// ```
/// use zwerm_agreement::{agreement::Document, condition, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let promises = condition::promised(&agreement);
/// assert_eq!(promises[0].owner, "gemeente-leiden");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn promised(agreement: &Agreement) -> Vec<PromisedCondition> {
    let promise = |condition: &crate::agreement::Condition| {
        let owner = condition.promised_by.clone()?;
        Some(PromisedCondition {
            words: condition.text.clone(),
            owner,
            from_statement: condition.from_statement,
        })
    };
    agreement.condition.iter().filter_map(promise).collect()
}

/// What would lift an enforced condition: a new version that everyone at the table agrees to anew.
///
/// ```
/// use zwerm_agreement::{agreement::Document, condition, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let lifts = condition::amend(&agreement, "purpose");
/// assert!(lifts.en.starts_with("a new version of the agreement with another `purpose`"));
/// assert!(lifts.en.contains("huurdersvereniging"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn amend(agreement: &Agreement, path: &str) -> Text {
    let all: Vec<_> = agreement.seats().map(|party| party.id.as_str()).collect();
    let all = all.join(", ");
    Text::new(
        format!(
            "een nieuwe versie van de afspraak met een andere `{path}`, waar alle partners opnieuw mee instemmen: {all}"
        ),
        format!(
            "a new version of the agreement with another `{path}`, to which all parties consent anew: {all}"
        ),
    )
}

/// The path of the embargo with this index in the document.
pub(crate) fn embargo_path(index: usize) -> String {
    format!("embargo[{index}]")
}

/// The provider of the dataset of a source column `dataset.column`.
pub(crate) fn provider_of<'a>(agreement: &'a Agreement, column: &str) -> Option<&'a str> {
    let (id, _) = column.split_once('.')?;
    agreement
        .dataset
        .iter()
        .find(|d| d.id == id)
        .map(|d| d.provider.as_str())
}

/// The one provider whose columns are under the embargo; `None` when there are several.
pub(crate) fn embargo_owner(agreement: &Agreement, columns: &[String]) -> Option<String> {
    let mut providers: Vec<_> = columns
        .iter()
        .filter_map(|c| provider_of(agreement, c))
        .collect();
    providers.sort_unstable();
    providers.dedup();
    match providers.as_slice() {
        [one] => Some((*one).to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
