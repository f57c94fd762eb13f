//! Who belongs to what: inviting, ending roles, shutting people out. The deciders of a party are told of each.

use std::collections::BTreeSet;

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Role;
use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::Text;
use zwerm_store::StoreError;
use zwerm_store::people::Person;
use zwerm_store::roles::PersonRole;

use crate::error::AppError;
use crate::people::accounts::{self, Account, SignedIn};
use crate::people::notices::{self, NoticeSubject, listed};
use crate::people::rights;
use crate::site::Site;

/// The roles that people are invited to.
pub const ROLES: [Role; 3] = [Role::Decider, Role::Analyst, Role::Steward];

/// Who does it.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Whoever is at the command line of the machine.
    Machine,
    /// Somebody who is signed in.
    Person(&'a SignedIn),
}

/// What somebody is to do, and for which party.
#[derive(Debug, Clone, Default)]
pub struct InvitedRoles {
    /// For which party.
    pub party: Option<String>,
    /// The roles that the invited person gets.
    pub roles: Vec<Role>,
    /// Whether to run the machine.
    pub admin: bool,
}

impl By<'_> {
    pub(crate) fn id(self) -> Option<String> {
        match self {
            Self::Machine => None,
            Self::Person(signed) => Some(signed.person.id.clone()),
        }
    }

    pub(crate) fn name(self) -> Text {
        match self {
            Self::Machine => Text::new("de beheerder", "the administrator"),
            Self::Person(signed) => Text::same(&signed.person.name),
        }
    }

    /// Whether every party and every account is theirs to look after.
    fn runs_the_machine(self) -> bool {
        match self {
            Self::Machine => true,
            Self::Person(signed) => rights::may_run(signed).is_ok(),
        }
    }

    pub(crate) fn must_run(self) -> Result<(), AppError> {
        match self {
            Self::Machine => Ok(()),
            Self::Person(signed) => rights::may_run(signed).map_err(rights::refused),
        }
    }

    pub(crate) fn must_manage(self, party: Option<&str>) -> Result<(), AppError> {
        match (self, party) {
            (Self::Person(signed), Some(party)) => {
                rights::may_manage(signed, party).map_err(rights::refused)
            }
            _ => self.must_run(),
        }
    }
}

impl InvitedRoles {
    /// Whether it is a place that somebody can have.
    pub fn check(&self) -> Result<(), AppError> {
        if self.admin && (self.party.is_some() || !self.roles.is_empty()) {
            return Err(AppError::usage(
                FaultCode::NotApplicable,
                Text::new(
                    "een beheerder heeft geen rol bij een partner",
                    "an administrator has no role at a party",
                ),
                Text::new("kies het een of het ander", "choose one of the two"),
            ));
        }
        let (what, cure) = match (self.admin, &self.party, self.roles.is_empty()) {
            (true, ..) | (false, Some(_), false) => return Ok(()),
            (false, None, true) => (
                Text::new(
                    "er is geen partner en geen rol gekozen",
                    "no party and no role was chosen",
                ),
                Text::new(
                    "kies een partner en minstens één rol",
                    "choose a party and at least one role",
                ),
            ),
            (false, None, false) => (
                Text::new("er is geen partner gekozen", "no party was chosen"),
                Text::new("kies een partner", "choose a party"),
            ),
            (false, Some(_), true) => (
                Text::new("er is geen rol gekozen", "no role was chosen"),
                Text::new("kies minstens één rol", "choose at least one role"),
            ),
        };
        Err(AppError::usage(FaultCode::Missing, what, cure))
    }
}

/// Makes an account in its place at once, for whoever is at the machine. The deciders of the party are told.
pub async fn add_member(
    site: &Site,
    account: &Account<'_>,
    place: &InvitedRoles,
) -> Result<Person, AppError> {
    place.check()?;
    let party = place.party.clone().unwrap_or_default();
    let roles = place.roles.iter().map(|role| (party.clone(), *role));
    let roles: Vec<(String, Role)> = roles.collect();
    let person = accounts::add_person(site, account, place.admin, &roles).await?;
    if !roles.is_empty() {
        let mut told = notices::deciders(site, &party).await?;
        told.remove(&person.id);
        let (roles, of) = (listed(&place.roles), notices::name_of(site, &party).await);
        let text = Text::new(
            format!("{} is nu {} van {}", person.name, roles.nl, of.nl),
            format!("{} is now {} of {}", person.name, roles.en, of.en),
        );
        notices::try_to_notify(site, &told, "people", &text, Some(&NoticeSubject::People)).await;
    }
    Ok(person)
}

/// Shuts somebody out, or lets them in again. The deciders of their parties are told.
pub async fn set_disabled(
    site: &Site,
    person: &Person,
    disabled: bool,
    by: By<'_>,
) -> Result<(), AppError> {
    by.must_run()?;
    if disabled && by.id().as_ref() == Some(&person.id) {
        return Err(own_account());
    }
    let roles = site.store.roles_of(&person.id).await?;
    let done = site.store.set_disabled(&person.id, disabled).await;
    done.map_err(|error| match error {
        StoreError::Last { .. } => last_administrator(&person.login),
        other => other.into(),
    })?;
    if person.disabled == disabled {
        return Ok(());
    }
    let parties: BTreeSet<&str> = roles.iter().map(|m| m.party.as_str()).collect();
    let parties: Vec<&str> = parties.into_iter().collect();
    let (name, by) = (&person.name, by.name());
    let text = if disabled {
        Text::new(
            format!("{} blokkeerde het account van {name}", by.nl),
            format!("{} disabled the account of {name}", by.en),
        )
    } else {
        Text::new(
            format!("{} liet {name} weer toe", by.nl),
            format!("{} let {name} in again", by.en),
        )
    };
    notices::try_to_tell_deciders(site, &parties, "people", &text, &NoticeSubject::People).await;
    Ok(())
}

fn own_account() -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            "u kunt uw eigen account niet blokkeren",
            "you cannot disable your own account",
        ),
        Text::new(
            "vraag het een andere beheerder",
            "ask another administrator to do it",
        ),
    )
}

pub(crate) fn last_administrator(login: &str) -> AppError {
    AppError::usage(
        FaultCode::Last,
        Text::new(
            format!("`{login}` is de laatste beheerder"),
            format!("`{login}` is the last administrator"),
        ),
        Text::new(
            "nodig eerst een andere beheerder uit",
            "invite another administrator first",
        ),
    )
}

/// Ends roles of somebody at a party: those named, or all. Gives those that ended; all of them or none did, and the
/// deciders of the party are told. A decider does not take the last decider from a party.
pub async fn end_roles(
    site: &Site,
    person: &Person,
    party: &str,
    roles: &[Role],
    by: By<'_>,
) -> Result<Vec<Role>, AppError> {
    by.must_manage(Some(party))?;
    require_party(site, party).await?;
    let ending = to_end(site, person, party, roles, by).await?;
    let mut told = notices::deciders(site, party).await?;
    told.remove(&person.id);
    for role in &ending {
        end_role(site, person, party, *role, by).await?;
    }
    let (roles, of) = (listed(&ending), notices::name_of(site, party).await);
    let (name, by) = (&person.name, by.name());
    let text = Text::new(
        format!(
            "{name} is geen {} meer van {}, door {}",
            roles.nl, of.nl, by.nl
        ),
        format!(
            "{name} is no {} of {} any more, by {}",
            roles.en, of.en, by.en
        ),
    );
    notices::try_to_notify(site, &told, "people", &text, Some(&NoticeSubject::People)).await;
    let own = Text::new(
        format!("U bent geen {} meer van {}", roles.nl, of.nl),
        format!("You are no {} of {} any more", roles.en, of.en),
    );
    let person = BTreeSet::from([person.id.clone()]);
    notices::try_to_notify(site, &person, "people", &own, None).await;
    Ok(ending)
}

/// The roles that are to end, each of which the person must have: those named, or all at the party.
async fn to_end(
    site: &Site,
    person: &Person,
    party: &str,
    named: &[Role],
    by: By<'_>,
) -> Result<Vec<Role>, AppError> {
    let all = site.store.roles_of(&person.id).await?;
    let here = all.iter().filter(|one| one.party == party);
    let mut has: Vec<Role> = here.map(|one| one.role).collect();
    let missing = named.iter().filter(|role| !has.contains(role));
    let missing: Vec<Role> = missing.copied().collect();
    if has.is_empty() || !missing.is_empty() {
        // what somebody does for another party is not this one's to know
        let known = |one: &&PersonRole| by.runs_the_machine() || one.party == party;
        let all = all.iter().filter(known);
        let all: Vec<_> = all
            .map(|one| format!("{}@{}", one.role, one.party))
            .collect();
        return Err(no_role(person, party, &missing, &all));
    }
    has.retain(|role| named.is_empty() || named.contains(role));
    Ok(has)
}

async fn end_role(
    site: &Site,
    person: &Person,
    party: &str,
    role: Role,
    by: By<'_>,
) -> Result<(), AppError> {
    if role == Role::Decider && !by.runs_the_machine() {
        let ended = site.store.revoke_but_last(&person.id, party, role).await;
        ended.map_err(|error| match error {
            StoreError::Last { .. } => AppError::usage(
                FaultCode::Last,
                Text::new(
                    "uw partner zou geen beslisser meer hebben",
                    "your party would have no decider any more",
                ),
                Text::new(
                    "nodig eerst een andere beslisser uit",
                    "invite another decider first",
                ),
            ),
            other => other.into(),
        })?;
    } else {
        site.store.revoke(&person.id, party, role).await?;
    }
    if role == Role::Decider {
        // a link in their hands would let them in again
        let (person, store) = (&person.id, &site.store);
        store.withdraw_invitations_by(person, party).await?;
    }
    Ok(())
}

/// The account with this name, for whoever is at the machine.
pub async fn account(site: &Site, login: &str) -> Result<Person, AppError> {
    if let Some(person) = site.store.person_by_login(login).await? {
        return Ok(person);
    }
    let people = site.store.people().await?;
    let cure = did_you_mean(login, people.iter().map(|person| person.login.as_str()));
    Err(AppError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("er is geen account `{login}`"),
            format!("there is no account `{login}`"),
        ),
        cure.unwrap_or_else(|| {
            Text::new(
                "`zwerm user list` toont welke er zijn",
                "`zwerm user list` shows which there are",
            )
        }),
    ))
}

pub(crate) async fn require_party(site: &Site, party: &str) -> Result<(), AppError> {
    if site.store.party(party).await?.is_some() {
        return Ok(());
    }
    let parties = site.store.parties().await?;
    let known = parties.iter().map(|known| known.id.as_str());
    Err(no_party(party, known))
}

/// That there is no such party, with the one that was meant where a name is near.
pub(crate) fn no_party<'k>(party: &str, known: impl Iterator<Item = &'k str>) -> AppError {
    AppError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("er is geen partner `{party}`"),
            format!("there is no party `{party}`"),
        ),
        did_you_mean(party, known).unwrap_or_else(|| {
            Text::new(
                "kijk hoe de partner is ingeschreven, of laat de beheerder hem eerst inschrijven",
                "see how the party is registered, or have the administrator register it first",
            )
        }),
    )
}

/// Refuses a decider who invites to a role that has no page.
pub(crate) fn must_be_offered(roles: &[Role], by: By<'_>) -> Result<(), AppError> {
    if by.runs_the_machine() || roles.iter().all(|role| ROLES.contains(role)) {
        return Ok(());
    }
    let ways = listed(&ROLES);
    Err(AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            "tot deze rol wordt hier niet uitgenodigd",
            "nobody is invited to this role here",
        ),
        Text::new(
            format!("kies uit: {}", ways.nl),
            format!("choose from: {}", ways.en),
        ),
    ))
}

fn did_you_mean<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<Text> {
    let near = nearest(word, known)?;
    Some(Text::new(
        format!("bedoelt u `{near}`?"),
        format!("did you mean `{near}`?"),
    ))
}

fn no_role(person: &Person, party: &str, missing: &[Role], has: &[String]) -> AppError {
    let login = &person.login;
    let what = if missing.is_empty() {
        Text::new(
            format!("`{login}` heeft geen rol bij `{party}`"),
            format!("`{login}` has no role at `{party}`"),
        )
    } else {
        let roles = listed(missing);
        Text::new(
            format!("`{login}` is geen {} van `{party}`", roles.nl),
            format!("`{login}` is no {} of `{party}`", roles.en),
        )
    };
    let has = has.join("`, `");
    let cure = if has.is_empty() {
        Text::new("dit account heeft geen rol", "this account has no role")
    } else {
        Text::new(
            format!("dit account heeft `{has}`"),
            format!("this account has `{has}`"),
        )
    };
    AppError::usage(FaultCode::NotFound, what, cure)
}

/// Accounts by the name they sign in with, each with what it may do for whom: at most so many after a name.
///
/// # Errors
/// When the registry cannot be read.
pub async fn everybody(
    site: &Site,
    after: &str,
    most: u32,
) -> Result<Vec<(Person, Vec<PersonRole>)>, AppError> {
    let mut all = Vec::new();
    for person in site.store.people_after(after, most).await? {
        let roles = site.store.roles_of(&person.id).await?;
        all.push((person, roles));
    }
    Ok(all)
}

/// Who does what for a party.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_party(site: &Site, party: &str) -> Result<Vec<(Person, Role)>, AppError> {
    Ok(site.store.members_of(party).await?)
}

/// What somebody may do for whom.
///
/// # Errors
/// When the registry cannot be read.
pub async fn roles_of(site: &Site, person: &str) -> Result<Vec<PersonRole>, AppError> {
    Ok(site.store.roles_of(person).await?)
}

/// The person of this id, if there is one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, id: &str) -> Result<Option<Person>, AppError> {
    Ok(site.store.person(id).await?)
}
