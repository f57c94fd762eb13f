//! What waits for somebody who is signed in: keys, decisions, data, questions of residents, tasks.
//!
//! It is looked up from what is the case, never from notices: what was done by somebody else no longer waits.

use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::consent::latest;
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;

use crate::decide::consent;
use crate::error::AppError;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::site::Site;
use crate::site::overview::Version;

/// Tasks of one party that are listed at most.
const TASKS: u32 = 20;

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToDo {
    /// A party has no key to sign with.
    Key {
        /// The party's id.
        party: String,
        /// What people call it.
        name: Text,
    },
    /// A party has said nothing yet of a version, and its round is open.
    Decide {
        /// The agreement.
        id: String,
        /// Its version.
        version: u32,
        /// What people call it.
        title: Text,
        /// For which party.
        name: Text,
    },
    /// An agreement is in force, and its data are not here.
    Deliver {
        /// The party that provides them.
        party: String,
        /// The dataset.
        dataset: String,
        /// For which agreement.
        title: Text,
    },
    /// Residents wait for an answer in words.
    Questions {
        /// The project.
        project: String,
        /// What people call it.
        title: Text,
        /// How many questions.
        count: u64,
    },
    /// A task was offered to a party.
    Task {
        /// The goal.
        goal: String,
        /// The task.
        task: String,
        /// What is to be done.
        what: Text,
    },
}

/// All that waits for somebody, what stops others first.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn of(site: &Site, signed: &SignedIn) -> Result<Vec<ToDo>, AppError> {
    let mut all = keys(site, signed).await?;
    all.extend(decisions(site, signed).await?);
    all.extend(deliveries(site, signed).await?);
    all.extend(questions(site, signed).await?);
    all.extend(tasks(site, signed).await?);
    Ok(all)
}

/// The parties that somebody has a role of.
fn parties_as(signed: &SignedIn, role: Role) -> impl Iterator<Item = &str> {
    let own = signed.roles.iter().filter(move |one| one.role == role);
    own.map(|one| one.party.as_str())
}

async fn keys(site: &Site, signed: &SignedIn) -> Result<Vec<ToDo>, AppError> {
    let mut all = Vec::new();
    for id in parties_as(signed, Role::Decider) {
        let party = site.store.party(id).await?;
        if let Some(party) = party.filter(|party| party.public_key.is_none()) {
            all.push(ToDo::Key {
                party: party.id,
                name: party.name,
            });
        }
    }
    Ok(all)
}

async fn decisions(site: &Site, signed: &SignedIn) -> Result<Vec<ToDo>, AppError> {
    let mut all = Vec::new();
    let overview = site.overview().await?;
    let newest = overview.dossiers.iter().filter_map(|one| one.latest());
    for version in newest.filter(|version| version.standing.is_open()) {
        let waiting = undecided(version, signed);
        if !waiting.is_empty() && consent::is_round_open(site, version).await? {
            all.extend(waiting);
        }
    }
    Ok(all)
}

/// The parties at a table that said nothing yet, for which somebody decides.
fn undecided(version: &Version, signed: &SignedIn) -> Vec<ToDo> {
    let agreement = version.agreement();
    let said = &version.stored.document.consents;
    let seats = agreement.seats();
    let seats = seats.filter(|seat| rights::may(signed, Act::Consent, &seat.id).is_ok());
    seats
        .filter(|seat| latest(said, &seat.id).is_none())
        .map(|seat| ToDo::Decide {
            id: agreement.id.clone(),
            version: agreement.version,
            title: agreement.title.clone(),
            name: seat.display_name(),
        })
        .collect()
}

async fn deliveries(site: &Site, signed: &SignedIn) -> Result<Vec<ToDo>, AppError> {
    let mut all = Vec::new();
    let overview = site.overview().await?;
    let in_force = overview.dossiers.iter().filter_map(|one| one.in_force());
    let provides = |agreement: &Agreement| {
        let mut datasets = agreement.dataset.iter();
        datasets.any(|one| rights::may(signed, Act::Deliver, &one.provider).is_ok())
    };
    for version in in_force.filter(|version| provides(version.agreement())) {
        let agreement = version.agreement();
        for dataset in site.home.missing_data(agreement) {
            if rights::may(signed, Act::Deliver, &dataset.provider).is_ok() {
                all.push(ToDo::Deliver {
                    party: dataset.provider.clone(),
                    dataset: dataset.id.clone(),
                    title: agreement.title.clone(),
                });
            }
        }
    }
    Ok(all)
}

async fn questions(site: &Site, signed: &SignedIn) -> Result<Vec<ToDo>, AppError> {
    if signed.roles.is_empty() {
        return Ok(Vec::new());
    }
    let overview = site.overview().await?;
    let open = site.store.open_word_questions().await?.into_iter();
    let of = |(project, count): (String, u64)| {
        let agreement = overview.dossier(&project)?.current()?.agreement();
        let mut seats = agreement.seats();
        let own = seats.any(|seat| rights::may(signed, Act::AnswerInWords, &seat.id).is_ok());
        own.then(|| ToDo::Questions {
            title: agreement.title.clone(),
            project,
            count,
        })
    };
    Ok(open.filter_map(of).collect())
}

async fn tasks(site: &Site, signed: &SignedIn) -> Result<Vec<ToDo>, AppError> {
    let mut all = Vec::new();
    for party in parties_as(signed, Role::Decider) {
        let offered = site.store.tasks_offered_to(party, TASKS).await?;
        all.extend(offered.into_iter().map(|task| ToDo::Task {
            goal: task.goal,
            task: task.id,
            what: task.what,
        }));
    }
    Ok(all)
}
