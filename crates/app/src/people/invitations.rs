//! Invitations: who may invite whom, and for how long one lasts.

use jiff::SignedDuration;
use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_store::StoreError;
use zwerm_store::invitations::{Invitation, NewInvitation};
use zwerm_store::list::{ListPage, ListPlace};

use crate::error::AppError;
use crate::form::readable;
use crate::people::accounts::{self, digest};
use crate::people::notices::{self, NoticeSubject, listed};
use crate::people::people::{By, InvitedRoles, must_be_offered, require_party};
use crate::site::Site;

/// What the first person of a home is called until they choose a name.
const FIRST: &str = "Beheerder";
const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(24 * 14);

/// Invites somebody; gives the token of the link. The deciders of the party are told.
pub async fn invite(
    site: &Site,
    name: &str,
    place: &InvitedRoles,
    by: By<'_>,
) -> Result<Zeroizing<String>, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::usage(
            FaultCode::Empty,
            Text::new("de naam is leeg", "the name is empty"),
            Text::new("zeg wie u uitnodigt", "say whom you invite"),
        ));
    }
    readable(name)?;
    place.check()?;
    by.must_manage(place.party.as_deref())?;
    must_be_offered(&place.roles, by)?;
    if let Some(party) = &place.party {
        require_party(site, party).await?;
    }
    let (token, now) = (accounts::token(site)?, site.clock.now());
    let new = NewInvitation {
        party: place.party.clone(),
        roles: place.roles.clone(),
        admin: place.admin,
        name: name.chars().take(100).collect(),
        by: by.id(),
        expires: now + INVITATION_LASTS,
    };
    let hash = digest(&token);
    let made = site.store.add_invitation(&hash, &new, now).await?;
    tell_invited(site, &made, by).await;
    Ok(token)
}

/// The token of an invitation to run the machine, for the first person of a home; nothing once there is anybody.
///
/// # Errors
/// When the registry cannot be read or written.
pub async fn first(site: &Site) -> Result<Option<Zeroizing<String>>, AppError> {
    if !site.store.people_after("", 1).await?.is_empty() {
        return Ok(None);
    }
    // whoever has the link of an earlier start may not be who reads this one
    let of_a_start = |one: &&Invitation| one.admin && one.by.is_none() && one.name == FIRST;
    let earlier = open(site, None, None, u32::MAX).await?;
    for earlier in earlier.rows.iter().filter(of_a_start) {
        site.store.withdraw_invitation(&earlier.id).await?;
    }
    let place = InvitedRoles {
        admin: true,
        ..InvitedRoles::default()
    };
    invite(site, FIRST, &place, By::Machine).await.map(Some)
}

/// For whom an invitation is, in words: the name, and which roles it gives where.
///
/// # Errors
/// When the registry cannot be read.
pub async fn whom(site: &Site, name: &str, place: &InvitedRoles) -> Result<Text, AppError> {
    let name = name.trim();
    let Some(party) = &place.party else {
        return Ok(Text::new(
            format!("voor {name}, als beheerder"),
            format!("for {name}, as administrator"),
        ));
    };
    let known = site.store.party(party).await?;
    let of = known.map_or_else(|| Text::same(party), |known| known.name);
    let roles = listed(&place.roles);
    Ok(Text::new(
        format!("voor {name}, als {} van {}", roles.nl, of.nl),
        format!("for {name}, as {} of {}", roles.en, of.en),
    ))
}

async fn tell_invited(site: &Site, made: &Invitation, by: By<'_>) {
    let Some(party) = &made.party else {
        return;
    };
    let (by, roles, name) = (by.name(), listed(&made.roles), &made.name);
    let of = notices::name_of(site, party).await;
    let text = Text::new(
        format!(
            "{} nodigde {name} uit als {} van {}",
            by.nl, roles.nl, of.nl
        ),
        format!("{} invited {name} as {} of {}", by.en, roles.en, of.en),
    );
    notices::try_to_tell_deciders(site, &[party], "people", &text, &NoticeSubject::People).await;
}

/// The invitation with this id, if it is theirs to look after.
async fn invitation_of(site: &Site, id: &str, by: By<'_>) -> Result<Option<Invitation>, AppError> {
    let found = site.store.invitation(id).await?;
    Ok(found.filter(|one| by.must_manage(one.party.as_deref()).is_ok()))
}

/// Takes an invitation back.
pub async fn withdraw(site: &Site, id: &str, by: By<'_>) -> Result<(), AppError> {
    let found = invitation_of(site, id, by).await?;
    let found = found.ok_or_else(|| StoreError::Missing {
        what: "an open invitation".to_owned(),
    })?;
    Ok(site.store.withdraw_invitation(&found.id).await?)
}

/// Invitations that nobody used and that are not over, all or those to these parties, page by page, the newest first.
///
/// # Errors
/// When the registry cannot be read.
pub async fn open(
    site: &Site,
    parties: Option<&[&str]>,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<Invitation>, AppError> {
    let (store, now) = (&site.store, site.clock.now());
    Ok(store.open_invitations(parties, now, before, most).await?)
}

/// The first party for which nobody decides and nobody is invited to, if there is one: whom to invite next.
///
/// # Errors
/// When the registry cannot be read.
pub async fn next_party(site: &Site) -> Result<Option<String>, AppError> {
    let (store, now) = (&site.store, site.clock.now());
    let invited = store.parties_invited_to(Role::Decider, now).await?;
    let one_more = u32::try_from(invited.len() + 1).unwrap_or(u32::MAX);
    let lacking = store.parties_without_decider(one_more).await?;
    let mut next = lacking.into_iter().map(|party| party.id);
    Ok(next.find(|party| !invited.contains(party)))
}
