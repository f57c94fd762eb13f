//! Further roles of somebody who has an account, at any party, and running the machine: given and ended by whoever runs it.
//! The deciders of the party are told, and so is the person.

use std::collections::BTreeSet;

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_store::StoreError;
use zwerm_store::people::Person;

use crate::error::AppError;
use crate::people::notices::{self, NoticeSubject, listed};
use crate::people::people::{By, InvitedRoles, last_administrator, require_party};
use crate::site::Site;

/// Gives somebody roles at a party, or has them run the machine.
///
/// # Errors
/// When it is no place that somebody can have, such as both at once; for a party that is not there; and for whoever does not
/// run the machine.
pub async fn grant(
    site: &Site,
    person: &Person,
    place: &InvitedRoles,
    by: By<'_>,
) -> Result<(), AppError> {
    by.must_run()?;
    place.check()?;
    let Some(party) = &place.party else {
        return grant_machine(site, person, by).await;
    };
    require_party(site, party).await?;
    if person.admin {
        return Err(runs_the_machine(&person.login));
    }
    for role in &place.roles {
        site.store.grant(&person.id, party, *role).await?;
    }
    let (roles, of) = (listed(&place.roles), notices::name_of(site, party).await);
    let (name, by) = (&person.name, by.name());
    let text = Text::new(
        format!("{} maakte {name} ook {} van {}", by.nl, roles.nl, of.nl),
        format!("{} made {name} {} of {} as well", by.en, roles.en, of.en),
    );
    let mut told = notices::deciders(site, party).await?;
    told.remove(&person.id);
    notices::try_to_notify(site, &told, "people", &text, Some(&NoticeSubject::People)).await;
    let own = Text::new(
        format!("U bent nu ook {} van {}", roles.nl, of.nl),
        format!("You are now {} of {} as well", roles.en, of.en),
    );
    tell(site, person, &own).await;
    Ok(())
}

async fn grant_machine(site: &Site, person: &Person, by: By<'_>) -> Result<(), AppError> {
    if !site.store.roles_of(&person.id).await?.is_empty() {
        return Err(has_roles(&person.login));
    }
    site.store.set_admin(&person.id, true).await?;
    let by = by.name();
    let own = Text::new(
        format!("U bent nu beheerder, door {}", by.nl),
        format!("You are an administrator now, by {}", by.en),
    );
    tell(site, person, &own).await;
    Ok(())
}

/// Ends that somebody runs the machine; the last one stays. Invitations that they made are void.
///
/// # Errors
/// When nobody else could run the machine; when the person does not run it; and for whoever does not.
pub async fn end_administration(site: &Site, person: &Person, by: By<'_>) -> Result<(), AppError> {
    by.must_run()?;
    if !person.admin {
        let login = &person.login;
        return Err(AppError::usage(
            FaultCode::NotApplicable,
            Text::new(
                format!("`{login}` is geen beheerder"),
                format!("`{login}` is no administrator"),
            ),
            Text::new("kijk wie het is", "see who is"),
        ));
    }
    let ended = site.store.set_admin(&person.id, false).await;
    ended.map_err(|error| match error {
        StoreError::Last { .. } => last_administrator(&person.login),
        other => other.into(),
    })?;
    let by = by.name();
    let own = Text::new(
        format!("U bent geen beheerder meer, door {}", by.nl),
        format!("You are no administrator any more, by {}", by.en),
    );
    tell(site, person, &own).await;
    Ok(())
}

async fn tell(site: &Site, person: &Person, text: &Text) {
    let person = BTreeSet::from([person.id.clone()]);
    notices::try_to_notify(site, &person, "people", text, None).await;
}

fn runs_the_machine(login: &str) -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            format!("`{login}` is beheerder, en heeft dus geen rol bij een partner"),
            format!("`{login}` is an administrator, and so has no role at a party"),
        ),
        Text::new(
            "nodig deze persoon uit voor een tweede account, of laat eerst een ander beheren",
            "invite this person to a second account, or have somebody else be administrator first",
        ),
    )
}

fn has_roles(login: &str) -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            format!("`{login}` heeft een rol bij een partner, en kan dus geen beheerder zijn"),
            format!("`{login}` has a role at a party, and so cannot be an administrator"),
        ),
        Text::new(
            "nodig deze persoon uit voor een tweede account, of beëindig eerst die rollen",
            "invite this person to a second account, or end those roles first",
        ),
    )
}

#[cfg(test)]
mod tests;
