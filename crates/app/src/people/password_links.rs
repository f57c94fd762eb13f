//! Links with which somebody chooses a new password, made by whoever runs the machine. Their person and the deciders of
//! their parties are told: whoever has the link can sign in as that person.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_store::people::Person;

use crate::error::AppError;
use crate::people::accounts::{digest, token};
use crate::people::notices::{self, NoticeSubject};
use crate::people::people::By;
use crate::site::Site;

const LINK_LASTS: SignedDuration = SignedDuration::from_hours(24);

/// Makes the link with which somebody chooses a new password; gives its token.
///
/// # Errors
/// For somebody who is shut out, and for whoever does not run the machine.
pub async fn make(site: &Site, person: &Person, by: By<'_>) -> Result<Zeroizing<String>, AppError> {
    by.must_run()?;
    if person.disabled {
        return Err(AppError::usage(
            FaultCode::NotNow,
            Text::new(
                format!("het account `{}` is geblokkeerd", person.login),
                format!("the account `{}` is disabled", person.login),
            ),
            Text::new("laat het eerst weer toe", "enable it first"),
        ));
    }
    let (token, now) = (token(site)?, site.clock.now());
    let (hash, expires) = (digest(&token), now + LINK_LASTS);
    site.store
        .add_reset(&person.id, &hash, expires, now)
        .await?;
    let roles = site.store.roles_of(&person.id).await?;
    let parties: BTreeSet<&str> = roles.iter().map(|role| role.party.as_str()).collect();
    let mut told = BTreeSet::from([person.id.clone()]);
    for party in parties {
        told.extend(notices::deciders(site, party).await?);
    }
    let (name, by) = (&person.name, by.name());
    let text = Text::new(
        format!(
            "{} maakte een link voor een nieuw wachtwoord van {name}",
            by.nl
        ),
        format!("{} made a link for a new password of {name}", by.en),
    );
    notices::try_to_notify(site, &told, "people", &text, Some(&NoticeSubject::People)).await;
    Ok(token)
}
