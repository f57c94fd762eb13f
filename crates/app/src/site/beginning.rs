//! What a new home still needs before it answers its first question: partners, people, keys, a project, data, a question.
//!
//! Over once an answer was given, which is looked up first: in a home that has been running nothing else is looked at.

use zwerm_agreement::agreement::{Agreement, Helix};
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;

use crate::error::AppError;
use crate::site::Site;
use crate::site::overview::Overview;

/// Parties that are named in one step at most.
const NAMED: u32 = 8;

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// It is done.
    Done,
    /// It can be done now.
    Now,
    /// Another step comes first.
    Later,
}

/// What a new home still needs.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Whether a party is registered at each side of the table.
    pub parties: StepState,
    /// The sides without one, in the order of the table.
    pub empty_sides: Vec<Helix>,
    /// Whether somebody decides for each party.
    pub people: StepState,
    /// Some parties for which nobody decides yet and nobody is invited to, by id and name.
    pub without_decider: Vec<(String, Text)>,
    /// Some for which somebody is invited to decide who did not come yet.
    pub invited: Vec<(String, Text)>,
    /// Whether each party has a key.
    pub keys: StepState,
    /// Some parties without a key, by id and name.
    pub without_key: Vec<(String, Text)>,
    /// Whether a project is agreed.
    pub project: StepState,
    /// The newest version that parties decide about now: its project, number and title.
    pub proposed: Option<(String, u32, Text)>,
    /// Whether the data of a project in force are here.
    pub data: StepState,
    /// Whether a question was answered.
    pub question: StepState,
    /// The project in force that is asked first.
    pub agreed: Option<(String, Text)>,
}

/// What the home still needs; nothing once a question was answered.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn of(site: &Site) -> Result<Option<Beginning>, AppError> {
    // the log may not be taken over yet up to an answer that was just given
    if site.store.has_entry("answer").await? || site.store.has_answer().await? {
        return Ok(None);
    }
    let sides = site.store.sides_with_party().await?;
    let empty_sides: Vec<Helix> = Helix::ALL
        .iter()
        .copied()
        .filter(|side| !sides.contains(side))
        .collect();
    let named = |party: zwerm_store::parties::RegisteredParty| (party.id, party.name);
    let (store, now) = (&site.store, site.clock.now());
    let invited_to = store.parties_invited_to(Role::Decider, now).await?;
    // some that nobody is invited to, however many others are
    let some = NAMED.saturating_add(u32::try_from(invited_to.len()).unwrap_or(u32::MAX));
    let without_decider = store.parties_without_decider(some).await?;
    let without_key = site.store.parties_without_key("", NAMED).await?;
    let overview = site.overview().await?;
    let agreed = in_force(&overview);
    let delivered = agreed.is_some_and(|agreement| site.home.missing_data(agreement).is_empty());
    let people_done = empty_sides.is_empty() && without_decider.is_empty();
    let (mut invited, mut without_decider): (Vec<_>, Vec<_>) = without_decider
        .into_iter()
        .map(named)
        .partition(|(id, _)| invited_to.contains(id));
    invited.truncate(NAMED as usize);
    without_decider.truncate(NAMED as usize);
    let done = [
        empty_sides.is_empty(),
        people_done,
        empty_sides.is_empty() && without_key.is_empty(),
        agreed.is_some(),
        delivered,
        false,
    ];
    let [parties, people, keys, project, data, question] = states(done);
    Ok(Some(Beginning {
        parties,
        empty_sides,
        people,
        without_decider,
        invited,
        keys,
        without_key: without_key.into_iter().map(named).collect(),
        project,
        proposed: proposed(&overview),
        data,
        question,
        agreed: agreed.map(|agreement| (agreement.id.clone(), agreement.title.clone())),
    }))
}

/// Each step is done, or the first that is not, or after that.
fn states(done: [bool; 6]) -> [StepState; 6] {
    let mut now = StepState::Now;
    done.map(|done| {
        if done {
            return StepState::Done;
        }
        std::mem::replace(&mut now, StepState::Later)
    })
}

fn in_force(overview: &Overview) -> Option<&Agreement> {
    let mut agreed = overview.dossiers.iter().filter_map(|one| one.in_force());
    agreed.next().map(|version| version.agreement())
}

/// The first version that waits for decisions.
fn proposed(overview: &Overview) -> Option<(String, u32, Text)> {
    let latest = overview.dossiers.iter().filter_map(|one| one.latest());
    let mut open = latest.filter(|version| version.standing.is_open());
    open.next().map(|version| {
        let agreement = version.agreement();
        (
            agreement.id.clone(),
            agreement.version,
            agreement.title.clone(),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_is_to_be_done_now_and_what_is_done_stays_done() {
        use StepState::{Done, Later, Now};
        let all = states([true, false, true, false, false, false]);
        assert_eq!(all, [Done, Now, Done, Later, Later, Later]);
        assert_eq!(states([false; 6])[0], Now);
        assert_eq!(states([true; 6]), [Done; 6]);
    }
}
