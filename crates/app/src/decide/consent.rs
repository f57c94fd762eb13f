//! What somebody signed in does in the name of a party: consent, object, suspend, resume, end, open a round.
//!
//! In two steps: first the words are checked and the exact text is made up that is to be signed; then the signature comes
//! back. What restricts may be sent without one.

use jiff::{Span, Timestamp};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::status::StatusChange;
use zwerm_agreement::text::Text;
use zwerm_home::load::{AgreementTarget, Stored};
use zwerm_home::{PartyWord, Pen, WishedChange, speak, worded};
use zwerm_store::rounds::Round;

use crate::error::AppError;
use crate::people::accounts::SignedIn;
use crate::people::awaited_keys;
use crate::people::notices::{self, NoticeSubject};
use crate::people::rights;
use crate::site::Site;
use crate::site::overview::Version;
use crate::site::standing::Standing;

/// What a party says of a version.
#[derive(Debug, Clone)]
pub struct ConsentWords {
    /// The id of the party that decides.
    pub party: String,
    /// Whether it objects.
    pub objects: bool,
    /// Why it objects, or what concerns it; empty with plain consent.
    pub reason: String,
    /// What would lift an objection.
    pub lifts: String,
}

/// What a party does to a version.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The id of the party that does it.
    pub party: String,
    /// Whether the agreement is suspended, resumed or ended.
    pub change: StatusChange,
    /// Why, for everybody to read.
    pub reason: String,
}

/// The exact text that is to be signed, and the moment that it names.
#[derive(Debug, Clone)]
pub struct ToSign {
    /// The statement as canonical JSON, which is what is signed.
    pub text: String,
    /// The moment that the statement names.
    pub at: Timestamp,
    /// Whether it applies without a signature.
    pub restricts: bool,
    /// The public key that the agreement has of the party.
    pub key: Option<String>,
}

/// What a party would sign, to say this of a version: at the moment of a text that was shown before, while that can
/// still be signed.
pub async fn to_sign(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    words: &ConsentWords,
    shown: Option<Timestamp>,
) -> Result<ToSign, AppError> {
    may_say(site, signed, version, words).await?;
    let stored = &version.stored;
    let consent = match worded(stored, &word(site, version, words, of_moment(shown))) {
        Err(_) if shown.is_some() => worded(stored, &word(site, version, words, Pen::Nothing)),
        worded => worded,
    }?;
    let statement = consent.statement(stored.hash);
    let to_sign = as_signed(stored, &words.party, &statement, consent.restricts())?;
    let party = version.agreement().find_party(&words.party);
    match party.filter(|_| to_sign.key.is_none() && !to_sign.restricts) {
        // nothing that is signed now could prove anything
        Some(party) => Err(awaited_keys::lacking_in_version(party).into()),
        None => Ok(to_sign),
    }
}

/// Says it; when this returns, the disk has it.
pub async fn say(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    words: &ConsentWords,
    pen: Pen,
) -> Result<(), AppError> {
    may_say(site, signed, version, words).await?;
    if !words.objects {
        site.require_newest_log().await?;
    }
    let text = said(version, words);
    let (words, name) = (words.clone(), version.name());
    let when = site.when();
    site.with_home(move |home| {
        let word = PartyWord {
            agreement: AgreementTarget::Id(name),
            party: &words.party,
            objects: words.objects,
            reason: Some(&words.reason),
            lifts: Some(&words.lifts),
            pen,
            today: when.today,
            now: when.now,
        };
        speak(Some(home), &word)?;
        Ok(())
    })
    .await?;
    site.catch_up().await;
    try_to_tell(site, version, "said", &text).await;
    notices::warn(tell_of_force(site, version).await);
    Ok(())
}

/// What a party said, for a notice.
fn said(version: &Version, words: &ConsentWords) -> Text {
    let (name, title) = names(version, &words.party);
    let (nl, en) = if words.objects {
        ("maakt bezwaar tegen", "objects to")
    } else if words.reason.trim().is_empty() {
        ("stemt in met", "consents to")
    } else {
        (
            "stemt in, met een zorg, met",
            "consents, with a concern, to",
        )
    };
    let number = version.agreement().version;
    Text::new(
        format!("{} {nl} {} (versie {number})", name.nl, title.nl),
        format!("{} {en} {} (version {number})", name.en, title.en),
    )
}

/// Tells everybody at the table that a version came into force, and those whose data are wanted now that they are.
async fn tell_of_force(site: &Site, version: &Version) -> Result<(), AppError> {
    let overview = site.overview().await?;
    let agreement = version.agreement();
    let dossier = overview.dossier(&agreement.id);
    let now = dossier.and_then(|dossier| dossier.version(agreement.version));
    let came = now.is_some_and(|now| now.standing == Standing::InForce);
    if !came || version.standing == Standing::InForce {
        return Ok(());
    }
    let (id, title) = (&agreement.id, &agreement.title);
    let text = Text::new(
        format!("{} is van kracht (versie {})", title.nl, agreement.version),
        format!("{} is in force (version {})", title.en, agreement.version),
    );
    let about = NoticeSubject::Version(id.clone(), agreement.version);
    let people = notices::at_table(site, agreement, Role::ALL).await?;
    notices::try_to_notify(site, &people, "force", &text, Some(&about)).await;
    for dataset in site.home.missing_data(agreement) {
        let stewards = site
            .store
            .people_with(&dataset.provider, Role::Steward)
            .await?;
        let stewards = stewards.into_iter().map(|person| person.id).collect();
        let text = Text::new(
            format!("uw gegevens `{}` zijn nodig voor {}", dataset.id, title.nl),
            format!("your data `{}` are wanted for {}", dataset.id, title.en),
        );
        let about = NoticeSubject::Data(dataset.provider.clone(), dataset.id.clone());
        notices::try_to_notify(site, &stewards, "data", &text, Some(&about)).await;
    }
    Ok(())
}

async fn may_say(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    words: &ConsentWords,
) -> Result<(), AppError> {
    rights::must(signed, Act::Consent, &words.party)?;
    // what stops something never waits for a round
    if words.objects {
        return Ok(());
    }
    if is_round_open(site, version).await? {
        return Ok(());
    }
    Err(AppError::usage(
        FaultCode::NotNow,
        Text::new(
            "er is geen consentronde open over deze versie",
            "no consent round about this version is open",
        ),
        Text::new(
            "een beslisser van een partner opent een ronde; dan kan iedereen besluiten",
            "a decider of a party opens a round; then everybody can decide",
        ),
    ))
}

/// Whether a consent round about a version is open now: only then can a party consent. Objecting needs none.
///
/// # Errors
/// When the registry cannot be read.
pub async fn is_round_open(site: &Site, version: &Version) -> Result<bool, AppError> {
    let agreement = version.agreement();
    let round = site.store.round(&agreement.id, agreement.version).await?;
    let now = site.clock.now();
    Ok(round.is_some_and(|round| round.opened <= now && now < round.closes))
}

fn word<'a>(site: &Site, version: &Version, words: &'a ConsentWords, pen: Pen) -> PartyWord<'a> {
    let when = site.when();
    PartyWord {
        agreement: AgreementTarget::Id(version.name()),
        party: &words.party,
        objects: words.objects,
        reason: Some(&words.reason),
        lifts: Some(&words.lifts),
        pen,
        today: when.today,
        now: when.now,
    }
}

/// What a party would sign, to do this to a version.
pub async fn deed_to_sign(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    deed: &Deed,
    shown: Option<Timestamp>,
) -> Result<ToSign, AppError> {
    rights::must(signed, Act::Suspend, &deed.party)?;
    let (deed, name, when) = (deed.clone(), version.name(), site.when());
    site.with_home(move |home| {
        let wished = home.wished(&wish(&name, &deed, of_moment(shown), when));
        let (stored, event) = match wished {
            Err(_) if shown.is_some() => home.wished(&wish(&name, &deed, Pen::Nothing, when)),
            wished => wished,
        }?;
        let statement = event.statement(stored.hash);
        as_signed(&stored, &deed.party, &statement, event.restricts())
    })
    .await
}

/// Does it; when this returns, the disk has it.
pub async fn carry_out(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    deed: &Deed,
    pen: Pen,
) -> Result<(), AppError> {
    // a steward withdraws a dataset by suspending what uses it
    if deed.change == StatusChange::Suspended {
        rights::must(signed, Act::Suspend, &deed.party)
            .or_else(|_| rights::must(signed, Act::Withdraw, &deed.party))?;
    } else {
        rights::must(signed, Act::Suspend, &deed.party)?;
    }
    let (own, name, when) = (deed.clone(), version.name(), site.when());
    site.with_home(move |home| {
        home.change(&wish(&name, &own, pen, when))?;
        Ok(())
    })
    .await?;
    site.catch_up().await;
    try_to_tell(site, version, "changed", &done(version, deed)).await;
    Ok(())
}

/// What the party did, for a notice.
fn done(version: &Version, deed: &Deed) -> Text {
    let (name, title) = names(version, &deed.party);
    let (nl, en) = match deed.change {
        StatusChange::Suspended => ("schortte op", "suspended"),
        StatusChange::Resumed => ("hief de eigen opschorting op", "lifted its own suspension"),
        StatusChange::Ended => ("beëindigde", "ended"),
    };
    Text::new(
        format!("{} {nl}: {}", name.nl, title.nl),
        format!("{} {en}: {}", name.en, title.en),
    )
}

/// Opens a consent round about a version, for so many days.
pub async fn open_round(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    party: &str,
    days: i64,
) -> Result<(), AppError> {
    rights::must(signed, Act::Propose, party)?;
    let agreement = version.agreement();
    if !agreement.seats().any(|seat| seat.id == party) {
        return Err(no_seat(party));
    }
    if !(1..=365).contains(&days) {
        return Err(no_such_round(days));
    }
    let lacking: Vec<Diagnostic> = awaited_keys::without_key(agreement)
        .map(awaited_keys::lacking_in_version)
        .collect();
    if !lacking.is_empty() {
        return Err(lacking.into());
    }
    let opened = site.clock.now();
    let round = Round {
        agreement: agreement.id.clone(),
        version: agreement.version,
        opened,
        closes: in_days(site, opened, days)?,
        by: party.to_owned(),
    };
    site.store.open_round(&round).await?;
    let title = &agreement.title;
    let text = Text::new(
        format!(
            "er is een consentronde open, {days} dagen lang: {}",
            title.nl
        ),
        format!("a consent round is open, for {days} days: {}", title.en),
    );
    try_to_tell(site, version, "round", &text).await;
    Ok(())
}

/// The same time of day so many days later, where a day may have 23 or 25 hours.
fn in_days(site: &Site, opened: Timestamp, days: i64) -> Result<Timestamp, AppError> {
    let opened = opened.to_zoned(site.clock.zone().clone());
    let closes = opened.checked_add(Span::new().days(days));
    let closes = closes.map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(closes.timestamp())
}

fn no_seat(party: &str) -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            format!("`{party}` zit bij deze afspraak niet aan tafel"),
            format!("`{party}` has no seat at the table of this agreement"),
        ),
        Text::new(
            "laat een partner die aan tafel zit de ronde openen",
            "have a party at the table open the round",
        ),
    )
}

fn no_such_round(days: i64) -> AppError {
    AppError::usage(
        FaultCode::OutOfRange,
        Text::new(
            format!("een ronde van {days} dagen kan niet"),
            format!("a round of {days} days is not possible"),
        ),
        Text::new("kies 1 tot 365 dagen", "choose 1 to 365 days"),
    )
}

/// Tells of what the disk has: whoever did it must not hear that it failed because a notice did.
pub(crate) async fn try_to_tell(site: &Site, version: &Version, kind: &str, text: &Text) {
    notices::warn(tell_parties(site, version, kind, text).await);
}

/// Tells those whom it concerns at the table: what stops or starts questions concerns those who ask them too.
async fn tell_parties(
    site: &Site,
    version: &Version,
    kind: &str,
    text: &Text,
) -> Result<(), AppError> {
    let agreement = version.agreement();
    let roles: &[Role] = match kind {
        "changed" => Role::ALL,
        _ => &[Role::Decider, Role::Steward],
    };
    let people = notices::at_table(site, agreement, roles).await?;
    let about = NoticeSubject::Version(agreement.id.clone(), agreement.version);
    notices::try_to_notify(site, &people, kind, text, Some(&about)).await;
    Ok(())
}

/// The names of a party and of what it decides about.
fn names(version: &Version, party: &str) -> (Text, Text) {
    let agreement = version.agreement();
    let known = agreement.find_party(party);
    let name = known.map_or_else(|| Text::same(party), |known| known.display_name());
    (name, agreement.title.clone())
}

/// What makes up a text of this moment, or of now.
fn of_moment(shown: Option<Timestamp>) -> Pen {
    let signature = String::new();
    shown.map_or(Pen::Nothing, |at| Pen::Signature { at, signature })
}

fn wish<'a>(
    name: &'a str,
    deed: &'a Deed,
    pen: Pen,
    when: zwerm_home::release::When,
) -> WishedChange<'a> {
    WishedChange {
        agreement: name,
        party: &deed.party,
        change: deed.change,
        reason: &deed.reason,
        pen,
        today: when.today,
        now: when.now,
    }
}

/// What is signed of a statement, with the key that its party is known by.
fn as_signed(
    stored: &Stored,
    party: &str,
    statement: &zwerm_agreement::signature::Statement<'_>,
    restricts: bool,
) -> Result<ToSign, AppError> {
    let text = statement.to_canonical();
    let party = stored.document.agreement.find_party(party);
    Ok(ToSign {
        text: text.map_err(|error| AppError::Internal(error.to_string()))?,
        at: statement.at,
        restricts,
        key: party.and_then(|party| party.public_key.clone()),
    })
}

#[cfg(test)]
mod tests;
