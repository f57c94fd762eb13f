//! Keys that a proposal waits for: no round opens before each party at the table has one, since what the parties sign names
//! them. Who must make it is told, and so is the proposer when it is there.

use std::collections::BTreeSet;

use zwerm_agreement::agreement::{Agreement, Party};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_store::people::Person;

use crate::error::AppError;
use crate::loggable::ToLog as _;
use crate::people::notices::{self, NoticeSubject};
use crate::site::Site;

/// Refuses a proposal as long as a party at its table has no key, and says who makes it and how. Who decides for that party
/// is told once; the proposer hears when the key is there.
///
/// # Errors
/// With each key that is waited for; and when the registry cannot be read.
pub(crate) async fn require(
    site: &Site,
    proposer: &Person,
    own: &str,
    agreement: &Agreement,
    about: &NoticeSubject,
) -> Result<(), AppError> {
    let waits: Vec<&Party> = without_key(agreement).collect();
    if waits.is_empty() {
        let about = about.to_string();
        return Ok(site.store.await_no_key(&proposer.id, &about).await?);
    }
    let mut missing = Vec::new();
    for party in waits {
        missing.push(wait(site, proposer, own, party, agreement, about).await?);
    }
    Err(missing.into())
}

/// The parties at the table of an agreement that has no key for them.
pub(crate) fn without_key(agreement: &Agreement) -> impl Iterator<Item = &Party> {
    agreement.seats().filter(|seat| seat.public_key.is_none())
}

/// Waits for the key of one party, and says what helps.
async fn wait(
    site: &Site,
    proposer: &Person,
    own: &str,
    party: &Party,
    agreement: &Agreement,
    about: &NoticeSubject,
) -> Result<Diagnostic, AppError> {
    let name = party.display_name();
    if site.store.party(&party.id).await?.is_none() {
        return Ok(waiting(&name, unregistered(&name)));
    }
    if party.id == own {
        return Ok(waiting(&name, make_yours()));
    }
    let new = site
        .store
        .await_key(
            &party.id,
            &proposer.id,
            &about.to_string(),
            site.clock.now(),
        )
        .await?;
    let deciders = notices::deciders(site, &party.id).await?;
    if deciders.is_empty() {
        return Ok(waiting(&name, nobody_decides(&name)));
    }
    if new {
        let title = &agreement.title;
        let text = Text::new(
            format!(
                "een voorstel wacht op de sleutel van uw partner: {}",
                title.nl
            ),
            format!("a proposal waits for your party's key: {}", title.en),
        );
        let key = NoticeSubject::Key(party.id.clone());
        notices::try_to_notify(site, &deciders, "key", &text, Some(&key)).await;
    }
    Ok(waiting(&name, they_were_told(&name)))
}

/// Tells those whose proposals waited for a party's key that it is there.
pub(crate) async fn tell_arrival(site: &Site, party: &str) {
    let arrived = match site.store.key_arrived(party).await {
        Ok(arrived) => arrived,
        Err(error) => {
            tracing::warn!(error = %error.loggable(), "who waits for a key could not be told");
            return;
        }
    };
    let of = notices::name_of(site, party).await;
    for one in arrived {
        let text = match one.still {
            0 => Text::new(
                format!("de sleutel van {} is er; uw voorstel kan verder", of.nl),
                format!("the key of {} is there; your proposal can go on", of.en),
            ),
            still => Text::new(
                format!(
                    "de sleutel van {} is er; uw voorstel wacht nog op {still}",
                    of.nl
                ),
                format!(
                    "the key of {} is there; your proposal waits for {still} more",
                    of.en
                ),
            ),
        };
        let person = BTreeSet::from([one.person]);
        let about = NoticeSubject::from(one.about.as_str());
        notices::try_to_notify(site, &person, "key", &text, Some(&about)).await;
    }
}

/// A version in the home cannot get a key any more: what parties sign is the document as it is.
pub(crate) fn lacking_in_version(party: &Party) -> Diagnostic {
    let name = party.display_name();
    Diagnostic::new(
        FaultCode::NotNow,
        Text::new(
            format!("deze versie noemt geen sleutel van {}", name.nl),
            format!("this version names no key of {}", name.en),
        ),
        Text::new(
            "stel een nieuwe versie voor; sleutels die partners hier maakten, vullen wij daarin aan",
            "propose a new version; keys that parties made here are filled in there",
        ),
    )
}

fn waiting(name: &Text, cure: Text) -> Diagnostic {
    let what = Text::new(
        format!("dit voorstel wacht op de sleutel van {}", name.nl),
        format!("this proposal waits for the key of {}", name.en),
    );
    Diagnostic::new(FaultCode::NotNow, what, cure)
}

fn unregistered(name: &Text) -> Text {
    Text::new(
        format!(
            "vraag de beheerder om {} in te schrijven en iemand uit te nodigen die beslist; die maakt de sleutel. Uw voorstel is bewaard",
            name.nl
        ),
        format!(
            "ask the administrator to register {} and to invite somebody who decides; they make the key. Your proposal is kept",
            name.en
        ),
    )
}

fn nobody_decides(name: &Text) -> Text {
    Text::new(
        format!(
            "vraag de beheerder om iemand uit te nodigen die voor {} beslist; die maakt de sleutel. U krijgt bericht zodra die er is. Uw voorstel is bewaard",
            name.nl
        ),
        format!(
            "ask the administrator to invite somebody who decides for {}; they make the key. You are told when it is there. Your proposal is kept",
            name.en
        ),
    )
}

fn they_were_told(name: &Text) -> Text {
    Text::new(
        format!(
            "wie voor {} beslist, kreeg bericht en maakt de sleutel bij het eigen account. U krijgt bericht zodra die er is. Uw voorstel is bewaard",
            name.nl
        ),
        format!(
            "whoever decides for {} was told, and makes the key at their account. You are told when it is there. Your proposal is kept",
            name.en
        ),
    )
}

fn make_yours() -> Text {
    Text::new(
        "maak de sleutel van uw eigen partner bij uw account. Uw voorstel is bewaard",
        "make your own party's key at your account. Your proposal is kept",
    )
}
