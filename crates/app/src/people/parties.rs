//! The parties of the home, as the registry knows them: registered by whoever runs the machine before any agreement names
//! them, or taken over from agreements.
//!
//! What a party is called, and its side of the table, is as all agreed: an agreement in force has the last word. Parties
//! that no agreement names are in the registry alone; a back-up holds them with the people who act for them.

use std::collections::BTreeMap;

use zwerm_agreement::agreement::Helix;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::name::is_id;
use zwerm_agreement::text::Text;
use zwerm_store::StoreError;
use zwerm_store::parties::RegisteredParty;

use crate::error::AppError;
use crate::form::Checks;
use crate::people::notices::{self, NoticeSubject};
use crate::people::people::By;
use crate::site::Site;
use crate::site::overview::Overview;
use crate::slug::slug;
use crate::words::listed;

/// Characters of a party's name at most.
const LONGEST: usize = 100;

/// A party as somebody describes it.
#[derive(Debug, Clone, Default)]
pub struct PartyWords {
    /// What people call it; the English name may be left empty.
    pub name: Text,
    /// Its side of the table, by the word of an agreement.
    pub side: String,
    /// The id by which agreements will name it; made of the name when it is empty.
    pub id: String,
}

/// A party with the agreement in force that names it.
#[derive(Debug, Clone)]
pub struct PartyLine {
    /// The party.
    pub party: RegisteredParty,
    /// The agreement whose words it has, by id and title; those of a party without one can be changed.
    pub agreed: Option<(String, Text)>,
}

/// Every party that the registry knows.
///
/// # Errors
/// When the registry cannot be read.
pub async fn all(site: &Site) -> Result<Vec<RegisteredParty>, AppError> {
    Ok(site.store.parties().await?)
}

/// Parties by id: at most so many after one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn after(site: &Site, id: &str, most: u32) -> Result<Vec<RegisteredParty>, AppError> {
    Ok(site.store.parties_after(id, most).await?)
}

/// The same, each with the agreement that says what it is called.
///
/// # Errors
/// When the registry or an agreement cannot be read.
pub async fn lines(site: &Site, id: &str, most: u32) -> Result<Vec<PartyLine>, AppError> {
    let overview = site.overview().await?;
    let mut agreed = named_in_force(&overview);
    let parties = after(site, id, most).await?.into_iter();
    let lines = parties.map(|party| PartyLine {
        agreed: agreed.remove(&party.id),
        party,
    });
    Ok(lines.collect())
}

/// The party of this id, if there is one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, id: &str) -> Result<Option<RegisteredParty>, AppError> {
    Ok(site.store.party(id).await?)
}

/// The party of this id with the agreement that says what it is called, if there is one.
///
/// # Errors
/// When the registry or an agreement cannot be read.
pub async fn line(site: &Site, id: &str) -> Result<Option<PartyLine>, AppError> {
    let Some(party) = find(site, id).await? else {
        return Ok(None);
    };
    let overview = site.overview().await?;
    let agreed = named_in_force(&overview).remove(id);
    Ok(Some(PartyLine { party, agreed }))
}

/// Which agreement in force names which party, by the party's id.
fn named_in_force(overview: &Overview) -> BTreeMap<String, (String, Text)> {
    let versions = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.in_force());
    let named = versions.flat_map(|version| {
        let agreement = version.agreement();
        let of = move |party: &str| {
            let title = agreement.title.clone();
            (party.to_owned(), (agreement.id.clone(), title))
        };
        agreement.party.iter().map(move |party| of(&party.id))
    });
    named.collect()
}

/// The id that a party of this name gets when nobody chooses another.
///
/// ```
/// use zwerm_app::people::parties::id_of;
/// assert_eq!(id_of("Energiecoöperatie Rijnland"), "energiecooperatie-rijnland");
/// ```
pub fn id_of(name: &str) -> String {
    slug(name, "partner")
}

/// Registers a party, so that people can be invited to it and proposals can name it.
///
/// # Errors
/// With all that is wrong with the words, each at its field; when there is such a party already; and for whoever does not
/// run the machine.
pub async fn register(
    site: &Site,
    words: &PartyWords,
    by: By<'_>,
) -> Result<RegisteredParty, AppError> {
    by.must_run()?;
    let mut checks = Checks::default();
    let (name, helix) = checked(&mut checks, words);
    let given = words.id.trim();
    let id = if given.is_empty() {
        id_of(&name.nl)
    } else {
        given.to_owned()
    };
    if !is_id(&id) {
        checks.wrong("id", FaultCode::Malformed, no_id(&id), id_cure(&name.nl));
    } else if site.store.party(&id).await?.is_some() {
        let (what, cure) = is_there(&id);
        // whoever chose no id mends it at the name
        let field = if given.is_empty() { "name_nl" } else { "id" };
        checks.wrong(field, FaultCode::Exists, what, cure);
    }
    checks.done()?;
    let party = RegisteredParty {
        id,
        name,
        helix,
        public_key: None,
    };
    site.store
        .add_party(&party)
        .await
        .map_err(|error| match error {
            // somebody else was first
            StoreError::Taken { .. } => {
                let (what, cure) = is_there(&party.id);
                AppError::usage(FaultCode::Exists, what, cure)
            }
            other => other.into(),
        })?;
    Ok(party)
}

/// Changes what a registered party is called and its side of the table, as long as no agreement in force says so. Its
/// deciders are told.
///
/// # Errors
/// With all that is wrong with the words; when an agreement in force names the party; and for whoever does not run the
/// machine.
pub async fn change(
    site: &Site,
    party: &str,
    words: &PartyWords,
    by: By<'_>,
) -> Result<(), AppError> {
    by.must_run()?;
    must_be_ours(site, party).await?;
    let mut checks = Checks::default();
    let (name, helix) = checked(&mut checks, words);
    checks.done()?;
    site.store.set_party_words(party, &name, helix).await?;
    let by = by.name();
    let text = Text::new(
        format!("{} veranderde hoe uw partner hier heet: {}", by.nl, name.nl),
        format!(
            "{} changed what your party is called here: {}",
            by.en, name.en
        ),
    );
    notices::try_to_tell_deciders(site, &[party], "people", &text, &NoticeSubject::People).await;
    Ok(())
}

/// Removes a party that was registered by mistake: no agreement names it, nobody has a role or an invitation there, and no
/// goal, project or question refers to it.
///
/// # Errors
/// When anything refers to it, and for whoever does not run the machine.
pub async fn remove(site: &Site, party: &str, by: By<'_>) -> Result<(), AppError> {
    by.must_run()?;
    let overview = site.overview().await?;
    let named = overview
        .all()
        .any(|version| version.agreement().find_party(party).is_some());
    if !named && site.store.remove_party(party).await? {
        return Ok(());
    }
    Err(AppError::usage(
        FaultCode::NotNow,
        Text::new(
            format!("`{party}` is al in gebruik"),
            format!("`{party}` is in use already"),
        ),
        Text::new(
            "beëindig eerst de rollen en trek de uitnodigingen in; een partner van een afspraak of opgave blijft",
            "end its roles and withdraw its invitations first; a party of an agreement or goal stays",
        ),
    ))
}

/// Refuses to reword what was agreed.
async fn must_be_ours(site: &Site, party: &str) -> Result<(), AppError> {
    let overview = site.overview().await?;
    let Some((_, title)) = named_in_force(&overview).remove(party) else {
        return Ok(());
    };
    Err(AppError::usage(
        FaultCode::NotNow,
        Text::new(
            format!(
                "hoe deze partner heet, staat in een afspraak die geldt: {}",
                title.nl
            ),
            format!(
                "what this party is called stands in an agreement in force: {}",
                title.en
            ),
        ),
        Text::new(
            "stel een nieuwe versie van die afspraak voor",
            "propose a new version of that agreement",
        ),
    ))
}

/// The name in both languages and the side, with what is wrong with them.
fn checked(checks: &mut Checks, words: &PartyWords) -> (Text, Option<Helix>) {
    let called = Text::new("de naam", "the name");
    let nl = checks.text("name_nl", &called, &words.name.nl, LONGEST);
    let en = words.name.en.trim();
    let name = if en.is_empty() {
        Text::same(nl)
    } else {
        let called = Text::new("de naam in het Engels", "the name in English");
        let en = checks.text("name_en", &called, en, LONGEST);
        Text::new(nl, en)
    };
    let helix = words.side.trim().parse::<Helix>().ok();
    if helix.is_none() {
        let sides = listed(Helix::ALL.iter().map(|side| side.name()));
        checks.wrong(
            "side",
            FaultCode::Missing,
            Text::new(
                "er is geen kant van de tafel gekozen",
                "no side of the table was chosen",
            ),
            Text::new(
                format!("kies uit: {}", sides.nl),
                format!("choose from: {}", sides.en),
            ),
        );
    }
    (name, helix)
}

fn no_id(id: &str) -> Text {
    Text::new(
        format!("`{id}` kan geen korte naam zijn"),
        format!("`{id}` cannot be an id"),
    )
}

fn id_cure(name: &str) -> Text {
    let id = id_of(name);
    Text::new(
        format!("gebruik kleine letters, cijfers en streepjes, zoals `{id}`"),
        format!("use lower-case letters, digits and hyphens, such as `{id}`"),
    )
}

fn is_there(id: &str) -> (Text, Text) {
    (
        Text::new(
            format!("er is al een partner `{id}`"),
            format!("there is a party `{id}` already"),
        ),
        Text::new(
            "kies een andere korte naam, of gebruik de partner die er is",
            "choose another id, or use the party that is there",
        ),
    )
}

#[cfg(test)]
mod tests;
