//! Proposing a project, or a new version of its agreement: the document goes into the home, and a consent round opens.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, value};
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_agreement::unseen;
use zwerm_store::StoreError;
use zwerm_store::goals::Goal;
use zwerm_store::projects::Project;

use crate::decide::amend::{read, without_folder};
use crate::decide::consent;
use crate::error::AppError;
use crate::form::Checks;
use crate::people::accounts::SignedIn;
use crate::people::awaited_keys;
use crate::people::notices::NoticeSubject;
use crate::people::rights;
use crate::site::Site;
use crate::site::overview::{Dossier, Version};

/// Characters of a goal's title at most.
const LONGEST_TITLE: usize = 200;

/// What a project is, in words.
#[derive(Debug, Clone, Default)]
pub struct ProjectWords {
    /// What the project is, in a few sentences.
    pub summary: String,
    /// Which questions it is to answer.
    pub questions: String,
    /// Who benefits from it.
    pub benefit: String,
    /// What harm it could do, and to whom.
    pub harm: String,
    /// Who might fall out of it.
    pub falls_out: String,
    /// The title of a goal that is new here.
    pub goal_title: Text,
}

impl ProjectWords {
    /// Whether everybody can read them as they are.
    fn check(&self) -> Result<(), AppError> {
        let mut checks = Checks::default();
        for (field, text) in [
            ("summary", &self.summary),
            ("questions", &self.questions),
            ("benefit", &self.benefit),
            ("harm", &self.harm),
            ("falls_out", &self.falls_out),
            ("goal_title_nl", &self.goal_title.nl),
            ("goal_title_en", &self.goal_title.en),
        ] {
            checks.add(unseen::fault(text).map(|fault| fault.at(Place::Field(field.to_owned()))));
        }
        checks.done()
    }
}

/// What is proposed.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Who proposes it.
    pub party: String,
    /// The document of the agreement.
    pub document: String,
    /// The agreement that it is a new version of; none for a new project.
    pub amends: Option<String>,
    /// The project in words; left as they are when a version is added.
    pub words: Option<ProjectWords>,
    /// Which change meets an objection to the version before, by the party that objects.
    pub answers: Vec<(String, String)>,
    /// Days that the consent round lasts.
    pub days: i64,
}

/// Characters of what meets an objection at most.
const LONGEST_ANSWER: usize = 1000;

impl Proposal {
    /// Whether everybody can read what is said of objections, as it is.
    fn checked_answers(&self) -> Result<Vec<(&str, String)>, AppError> {
        let mut checks = Checks::default();
        let name = Text::new("wat het bezwaar opheft", "what meets the objection");
        let given = self
            .answers
            .iter()
            .filter(|(_, words)| !words.trim().is_empty());
        let checked: Vec<(&str, String)> = given
            .map(|(party, words)| {
                let field = format!("answer_{party}");
                (
                    party.as_str(),
                    checks.text(&field, &name, words, LONGEST_ANSWER),
                )
            })
            .collect();
        checks.done()?;
        Ok(checked)
    }
}

/// The agreement of a document as it is proposed, or all its faults.
///
/// Keys that parties set here stand in it where it has none, or still the one of the version before. Decisions that
/// came with it are left out: each party says its own, in a round.
async fn completed(site: &Site, proposal: &Proposal) -> Result<(String, Agreement), AppError> {
    let mut keys = BTreeMap::new();
    for party in site.store.parties().await? {
        if let Some(key) = party.public_key {
            keys.insert(party.id, key);
        }
    }
    let mut before = BTreeMap::new();
    if let Some(id) = &proposal.amends {
        let overview = site.overview().await?;
        let latest = overview.dossier(id).and_then(|dossier| dossier.latest());
        for party in latest.iter().flat_map(|version| &version.agreement().party) {
            if let Some(key) = &party.public_key {
                before.insert(party.id.clone(), key.clone());
            }
        }
    }
    let document = &proposal.document;
    let text = prepared(document, &keys, &before).unwrap_or_else(|| document.clone());
    let stored = read(&text)?;
    let agreement = stored.document.agreement.clone();
    let others = agreement.seats().filter(|seat| seat.id != proposal.party);
    let changed: Vec<Diagnostic> = others
        .filter_map(|seat| {
            let known = keys.get(&seat.id).or_else(|| before.get(&seat.id))?;
            (seat.public_key.as_ref() != Some(known)).then(|| key_of_another(&seat.id))
        })
        .collect();
    if changed.is_empty() {
        Ok((text, agreement))
    } else {
        Err(changed.into())
    }
}

/// Whether a party may propose a version of a project: one that sits at the table as it is. While a version is in force
/// that is its table, so that no proposal shuts anybody out; before that, whoever sits at the table of any version.
pub fn may_amend(dossier: &Dossier, party: &str) -> bool {
    let sits = |version: &Version| version.agreement().seats().any(|seat| seat.id == party);
    match dossier.table() {
        Some(version) => sits(version),
        None => dossier.versions().iter().any(sits),
    }
}

/// Brings a proposal into the home and opens its consent round. While a party at its table has no key, it waits: see
/// `people::awaited_keys`.
pub async fn propose(
    site: &Site,
    signed: &SignedIn,
    proposal: &Proposal,
) -> Result<Version, AppError> {
    rights::may(signed, Act::Propose, &proposal.party).map_err(not_yours)?;
    if let Some(id) = &proposal.amends {
        let overview = site.overview().await?;
        let dossier = overview.dossier(id);
        if !dossier.is_some_and(|dossier| may_amend(dossier, &proposal.party)) {
            return Err(not_of_this_project(&proposal.party));
        }
    }
    let (text, agreement) = completed(site, proposal).await?;
    if !agreement.seats().any(|seat| seat.id == proposal.party) {
        return Err(no_seat(&proposal.party));
    }
    proposal
        .words
        .as_ref()
        .map_or(Ok(()), ProjectWords::check)?;
    let answers = proposal.checked_answers()?;
    check_version(site, &agreement, proposal.amends.as_deref()).await?;
    let goal = goal_of(site, &agreement, proposal.words.as_ref()).await?;
    let about = NoticeSubject::Proposal(proposal.amends.clone());
    awaited_keys::require(site, &signed.person, &proposal.party, &agreement, &about).await?;
    let when = site.when();
    site.with_home(move |home| {
        let folder = tempfile::tempdir().map_err(AppError::at(home.root()))?;
        let path = folder.path().join("agreement.toml");
        std::fs::write(&path, text).map_err(AppError::at(&path))?;
        let added = home.add_proposed(&path, when.today, when.now);
        added
            .map(|_| ())
            .map_err(|error| without_folder(error.into(), folder.path()))
    })
    .await?;
    // before the rest is taken over, so that the words are there from the start
    if let Some(goal) = goal {
        site.store.put_goal(&goal).await?;
    }
    if let Some(words) = &proposal.words {
        describe(site, &agreement, &proposal.party, words).await?;
    }
    site.store
        .put_objection_answers(&agreement.id, agreement.version, &answers)
        .await?;
    site.sync().await?;
    let overview = site.overview().await?;
    let dossier = overview.dossier(&agreement.id);
    let version = dossier.and_then(|dossier| dossier.version(agreement.version));
    let version = version.ok_or_else(|| AppError::Internal("the version is gone".into()))?;
    let days = proposal.days;
    consent::open_round(site, signed, version, &proposal.party, days).await?;
    Ok(version.clone())
}

async fn check_version(
    site: &Site,
    agreement: &Agreement,
    amends: Option<&str>,
) -> Result<(), AppError> {
    let overview = site.overview().await?;
    let known = overview.dossier(&agreement.id);
    match amends {
        Some(id) if id != agreement.id => Err(other_id(id, &agreement.id)),
        Some(_) => {
            let latest = known.and_then(|dossier| dossier.latest());
            let latest = latest.map_or(0, |version| version.agreement().version);
            if agreement.version == latest + 1 {
                Ok(())
            } else {
                Err(other_version(latest + 1, agreement.version))
            }
        }
        None if known.is_some() => Err(is_there(&agreement.id)),
        None => Ok(()),
    }
}

/// The goal of a proposal, if it is new here: with a title that everybody can read.
async fn goal_of(
    site: &Site,
    agreement: &Agreement,
    words: Option<&ProjectWords>,
) -> Result<Option<Goal>, AppError> {
    let known = site.store.goal(&agreement.goal).await?;
    let Some(words) = words.filter(|_| known.is_none()) else {
        return Ok(None);
    };
    let mut checks = Checks::default();
    let name = Text::new("de titel van de opgave", "the title of the goal");
    let title = checks.pair("goal_title", &name, &words.goal_title, LONGEST_TITLE);
    checks.done()?;
    Ok(Some(Goal {
        id: agreement.goal.clone(),
        title,
        about: Text::default(),
    }))
}

async fn describe(
    site: &Site,
    agreement: &Agreement,
    party: &str,
    words: &ProjectWords,
) -> Result<(), AppError> {
    let known = site.store.party(party).await?;
    let same = |text: &str| Text::same(text.trim());
    let project = Project {
        id: agreement.id.clone(),
        goal: agreement.goal.clone(),
        title: agreement.title.clone(),
        summary: same(&words.summary),
        benefit: same(&words.benefit),
        harm: same(&words.harm),
        falls_out: same(&words.falls_out),
        questions: same(&words.questions),
        proposed_by: known.map(|party| party.id),
        proposed: site.clock.now(),
    };
    match site.store.add_project(&project).await {
        // taken over meanwhile, or there before
        Err(StoreError::Taken { .. }) => Ok(site.store.update_project(&project).await?),
        added => Ok(added?),
    }
}

/// The document with the keys that parties set, and without decisions; nothing when it is no TOML.
fn prepared(
    text: &str,
    keys: &BTreeMap<String, String>,
    before: &BTreeMap<String, String>,
) -> Option<String> {
    let mut document: DocumentMut = text.parse().ok()?;
    document.remove("consent");
    let parties = document
        .get_mut("party")
        .and_then(Item::as_array_of_tables_mut);
    for party in parties.into_iter().flat_map(ArrayOfTables::iter_mut) {
        let id = party.get("id").and_then(Item::as_str).unwrap_or_default();
        let written = party.get("public_key").and_then(Item::as_str);
        let unchanged = written.is_none() || written == before.get(id).map(String::as_str);
        if let Some(key) = keys.get(id).filter(|_| unchanged).cloned() {
            party.insert("public_key", value(key));
        }
    }
    Some(document.to_string())
}

fn not_yours(what: Text) -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        what,
        Text::new(
            "vraag een beslisser van uw partner",
            "ask a decider of your party",
        ),
    )
}

fn key_of_another(party: &str) -> Diagnostic {
    Diagnostic::new(
        FaultCode::NotPermitted,
        Text::new(
            format!("de sleutel van `{party}` is niet die van deze partner"),
            format!("the key of `{party}` is not that of this party"),
        ),
        Text::new(
            "laat `public_key` bij andere partners weg: elke partner stelt zijn eigen sleutel in",
            "leave `public_key` of other parties out: each party sets its own key",
        ),
    )
}

fn not_of_this_project(party: &str) -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            format!("`{party}` zit in dit project niet aan tafel"),
            format!("`{party}` has no seat at the table of this project"),
        ),
        Text::new(
            "vraag een partner die aan tafel zit om een nieuwe versie",
            "ask a party that has a seat for a new version",
        ),
    )
}

fn no_seat(party: &str) -> AppError {
    AppError::usage(
        FaultCode::Missing,
        Text::new(
            format!("`{party}` zit in dit document niet aan tafel"),
            format!("`{party}` has no seat at the table in this document"),
        ),
        Text::new(
            "zet uw partner bij `[[party]]`, of kies een andere",
            "put your party under `[[party]]`, or choose another",
        ),
    )
}

fn other_id(expected: &str, found: &str) -> AppError {
    AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            format!("het document is van `{found}`, niet van `{expected}`"),
            format!("the document is of `{found}`, not of `{expected}`"),
        ),
        Text::new(
            format!("schrijf `id = \"{expected}\"`"),
            format!("write `id = \"{expected}\"`"),
        ),
    )
}

fn other_version(expected: u32, found: u32) -> AppError {
    AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            format!("het document heeft versie {found}; de volgende is {expected}"),
            format!("the document has version {found}; the next one is {expected}"),
        ),
        Text::new(
            format!("schrijf `version = {expected}`"),
            format!("write `version = {expected}`"),
        ),
    )
}

fn is_there(id: &str) -> AppError {
    AppError::usage(
        FaultCode::Exists,
        Text::new(
            format!("er is al een project `{id}`"),
            format!("there is a project `{id}` already"),
        ),
        Text::new(
            "kies een ander id, of stel bij dat project een nieuwe versie voor",
            "choose another id, or propose a new version of that project",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_brings_no_decisions_and_the_keys_that_parties_set() {
        let text = "id = \"x\"\n[[party]]\nid = \"a\"\n[[party]]\nid = \"b\"\npublic_key = \"old\"\n\
                    [[party]]\nid = \"c\"\npublic_key = \"own\"\n[[consent]]\nparty = \"b\"\n";
        let of = |pairs: [(&str, &str); 3]| pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let keys = of([("a", "A"), ("b", "B"), ("c", "C")]);
        let before = of([("a", "-"), ("b", "old"), ("c", "other")]);
        let text = prepared(text, &keys, &before).expect("it is TOML");
        assert!(!text.contains("consent"));
        for (key, count) in [
            ("\"A\"", 1),
            ("\"B\"", 1),
            ("\"own\"", 1),
            ("\"C\"", 0),
            ("\"old\"", 0),
        ] {
            assert_eq!(text.matches(key).count(), count, "{key} in {text}");
        }
    }
}
