//! People: signing in and out, accounts, passwords and recovery codes.
//!
//! Passwords are kept as Argon2id hashes, tokens as SHA-256 of 32 random bytes. Who guesses is slowed down: see
//! [`crate::site::throttle`].

use jiff::{SignedDuration, Timestamp};
use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::text::{Lang, Text};
use zwerm_home::files;
use zwerm_store::drafts::Draft;
use zwerm_store::invitations::Invitation;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::notices::Notice;
use zwerm_store::people::{NewPerson, PasswordHash, Person};
use zwerm_store::roles::{PersonRole, Role};
use zwerm_store::sessions::Session;

use crate::error::AppError;
use crate::form::readable;
use crate::loggable::ToLog as _;
use crate::people::password::{check_password, hashed, is_password};
use crate::people::people;
use crate::site::{Site, throttle};
use crate::slug::slug;

const RECOVERY_CODES: usize = 10;
/// How many user names with a number are tried for somebody.
const OTHER_LOGINS: u32 = 20;

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person who is signed in.
    pub person: Person,
    /// What they do for whom.
    pub roles: Vec<PersonRole>,
    /// The session's id, which is no secret.
    pub session: String,
    /// What each of the session's forms carries.
    pub csrf: String,
    /// Notices that were not read yet.
    pub unread: u64,
}

/// What came of signing in.
#[derive(Debug)]
pub enum SignInOutcome {
    /// A new session, with its token.
    Done(Zeroizing<String>),
    /// No such account, or another password: which of the two is not said.
    Wrong,
    /// Too many guesses came from there.
    TooMany,
}

/// What came of changing a password.
#[derive(Debug)]
pub enum PasswordChange {
    /// It is changed.
    Done,
    /// Too many guesses at the old one came from there.
    TooMany,
}

/// Who asks to be signed in, and from where.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// The name of the account.
    pub login: &'a str,
    /// The password, or a recovery code.
    pub password: &'a str,
    /// The address that the request came from.
    pub address: &'a str,
    /// What the browser calls itself.
    pub agent: &'a str,
}

/// An account to be made.
#[derive(Debug)]
pub struct Account<'a> {
    /// The name to sign in with.
    pub login: &'a str,
    /// What others call the person.
    pub name: &'a str,
    /// The password, as it was typed.
    pub password: &'a str,
    /// The language of what is sent to the person.
    pub lang: Lang,
}

/// Signs somebody in with a password or, once, with a recovery code.
pub async fn sign_in(site: &Site, attempt: &Attempt<'_>) -> Result<SignInOutcome, AppError> {
    let now = site.clock.now();
    let login = attempt.login.trim().to_lowercase();
    let Some(guess) = throttle::guess(site, &login, attempt.address).await? else {
        return Ok(SignInOutcome::TooMany);
    };
    let known = site.store.credentials(&login).await?;
    let known = known.filter(|(person, _)| !person.disabled);
    let hash = known.as_ref().map(|(_, hash)| hash.as_str().to_owned());
    // a hash is computed for whoever is not known too: how long it takes tells nothing
    let right = is_password(attempt.password, hash).await?;
    let Some((person, _)) = known else {
        return Ok(SignInOutcome::Wrong);
    };
    if !right {
        let code = digest(&spelled(attempt.password));
        if !site.store.use_recovery_code(&person.id, &code, now).await? {
            return Ok(SignInOutcome::Wrong);
        }
    }
    throttle::guessed_right(site, &guess).await?;
    let token = new_session(site, &person.id, attempt.agent, now).await?;
    Ok(SignInOutcome::Done(token))
}

/// Signs in somebody who just made the account: the password is theirs, and fresh. Gives the session's token.
///
/// # Errors
/// When the registry cannot be written.
pub async fn begin(
    site: &Site,
    person: &Person,
    agent: &str,
) -> Result<Zeroizing<String>, AppError> {
    new_session(site, &person.id, agent, site.clock.now()).await
}

/// A session of its own for each sign-in: a token from before is worth nothing after.
async fn new_session(
    site: &Site,
    person: &str,
    agent: &str,
    now: Timestamp,
) -> Result<Zeroizing<String>, AppError> {
    let (token, csrf) = (token(site)?, token(site)?);
    let session = Session {
        id: digest(&token),
        person: person.to_owned(),
        csrf: csrf.to_string(),
        created: now,
        seen: now,
        expires: now + SignedDuration::from_hours(site.config.session_hours),
        agent: agent.to_owned(),
    };
    throttle::forget_old_attempts(site).await?;
    site.store.add_session(&session).await?;
    Ok(token)
}

/// Who a session's token belongs to.
pub async fn signed_in(site: &Site, token: &str) -> Result<Option<SignedIn>, AppError> {
    let found = site.store.session(&digest(token), site.clock.now()).await?;
    Ok(found.map(|found| SignedIn {
        person: found.person,
        roles: found.roles,
        session: found.session.id,
        csrf: found.session.csrf,
        unread: found.unread,
    }))
}

/// Ends a session.
pub async fn sign_out(site: &Site, signed: &SignedIn) -> Result<(), AppError> {
    site.store.end_session(&signed.session).await?;
    Ok(())
}

/// The invitation of a link, while it can be accepted.
pub async fn invitation(site: &Site, token: &str) -> Result<Option<Invitation>, AppError> {
    let now = site.clock.now();
    Ok(site.store.open_invitation(&digest(token), now).await?)
}

/// A user name that somebody of this name can have, as long as nobody else takes it.
///
/// # Errors
/// When the registry cannot be read.
pub async fn free_login(site: &Site, name: &str) -> Result<String, AppError> {
    let first = slug(name, "");
    let first = first.trim_matches('-');
    let numbered = (2..=OTHER_LOGINS).map(|number| format!("{first}-{number}"));
    for login in std::iter::once(first.to_owned()).chain(numbered) {
        if !login.is_empty() && site.store.person_by_login(&login).await?.is_none() {
            return Ok(login);
        }
    }
    Ok(String::new())
}

/// Makes the account that an invitation is for.
pub async fn accept(site: &Site, token: &str, account: &Account<'_>) -> Result<Person, AppError> {
    // no hash is computed for whoever has no invitation
    if invitation(site, token).await?.is_none() {
        return Err(over());
    }
    let new = new_person(account, false).await?;
    let now = site.clock.now();
    Ok(site
        .store
        .accept_invitation(&digest(token), &new, now)
        .await?)
}

/// Makes an account with roles at once: for whoever runs the machine, and the demonstration.
pub async fn add_person(
    site: &Site,
    account: &Account<'_>,
    admin: bool,
    roles: &[(String, Role)],
) -> Result<Person, AppError> {
    let new = new_person(account, admin).await?;
    // an account without its roles would be in the way of the next try
    for (party, _) in roles {
        people::require_party(site, party).await?;
    }
    let person = site.store.add_person(&new, site.clock.now()).await?;
    for (party, role) in roles {
        site.store.grant(&person.id, party, *role).await?;
    }
    Ok(person)
}

/// Whose password a link is for, while it can be used.
pub async fn resetting(site: &Site, token: &str) -> Result<Option<Person>, AppError> {
    Ok(site
        .store
        .open_reset(&digest(token), site.clock.now())
        .await?)
}

/// Sets the password that a link is for; ends all sessions of its person.
pub async fn use_reset(site: &Site, token: &str, password: &str) -> Result<(), AppError> {
    let Some(person) = resetting(site, token).await? else {
        return Err(over());
    };
    check_password(password, &[&person.login, &person.name])?;
    let hash = PasswordHash::new(hashed(password).await?);
    let now = site.clock.now();
    site.store.use_reset(&digest(token), &hash, now).await?;
    Ok(())
}

/// Changes a password; the old one must be known, and the person's other sessions end. A guess at the old one counts
/// like a guess at signing in.
pub async fn change_password(
    site: &Site,
    signed: &SignedIn,
    address: &str,
    old: &str,
    new: &str,
) -> Result<PasswordChange, AppError> {
    let person = &signed.person;
    if !knows_password(site, person, address, old).await? {
        return Ok(PasswordChange::TooMany);
    }
    check_password(new, &[&person.login, &person.name])?;
    let hash = PasswordHash::new(hashed(new).await?);
    site.store.set_password(&person.id, &hash).await?;
    let kept = Some(signed.session.as_str());
    site.store.end_sessions_of(&person.id, kept).await?;
    Ok(PasswordChange::Done)
}

/// Whether somebody who is signed in knows the password; false when too many guesses came from there. A guess counts like
/// one at signing in.
async fn knows_password(
    site: &Site,
    person: &Person,
    address: &str,
    password: &str,
) -> Result<bool, AppError> {
    // a field that was left empty is no guess
    if password.is_empty() {
        return Err(not_your_password());
    }
    let Some(guess) = throttle::guess(site, &person.login, address).await? else {
        return Ok(false);
    };
    let known = site.store.credentials(&person.login).await?;
    let hash = known.map(|(_, hash)| hash.as_str().to_owned());
    if !is_password(password, hash).await? {
        return Err(not_your_password());
    }
    throttle::guessed_right(site, &guess).await?;
    Ok(true)
}

fn not_your_password() -> AppError {
    AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            "dit is niet uw huidige wachtwoord",
            "this is not your current password",
        ),
        Text::new(
            "vul het wachtwoord in waarmee u zich aanmeldde",
            "fill in the password with which you signed in",
        ),
    )
}

/// Makes new recovery codes; those of before are void. They are shown once. Whoever finds a session open cannot make them:
/// the password must be known. Nothing when too many guesses came from there.
pub async fn new_recovery_codes(
    site: &Site,
    signed: &SignedIn,
    address: &str,
    password: &str,
) -> Result<Option<Vec<String>>, AppError> {
    let person = &signed.person;
    if !knows_password(site, person, address, password).await? {
        return Ok(None);
    }
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let bytes = files::random::<8>(site.home.root())?;
        let text = files::hexadecimal(bytes.as_ref());
        let (first, second) = text.split_at(text.len() / 2);
        codes.push(format!("{first}-{second}"));
    }
    let hashes: Vec<String> = codes.iter().map(|code| digest(&spelled(code))).collect();
    site.store.set_recovery_codes(&person.id, &hashes).await?;
    Ok(Some(codes))
}

pub(crate) fn token(site: &Site) -> Result<Zeroizing<String>, AppError> {
    let bytes = files::random::<32>(site.home.root())?;
    Ok(files::hexadecimal(bytes.as_ref()))
}

async fn new_person(account: &Account<'_>, admin: bool) -> Result<NewPerson, AppError> {
    let login = account.login.trim().to_lowercase();
    // letters of one alphabet only: no two names look alike and differ
    let proper = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if login.is_empty() || login.len() > 64 || !login.chars().all(proper) {
        return Err(AppError::usage(
            FaultCode::Malformed,
            Text::new(
                format!("`{login}` kan geen gebruikersnaam zijn"),
                format!("`{login}` cannot be a user name"),
            ),
            Text::new(
                "gebruik kleine letters zonder accent, cijfers, punten en streepjes, hoogstens 64 tekens",
                "use lower-case letters without accents, digits, dots, dashes and underscores, at most 64 characters",
            ),
        ));
    }
    let name = account.name.trim();
    readable(name)?;
    check_password(account.password, &[&login, name])?;
    let name = Some(name).filter(|name| !name.is_empty());
    Ok(NewPerson {
        name: name.unwrap_or(&login).chars().take(100).collect(),
        login,
        email: None,
        lang: account.lang,
        admin,
        password: PasswordHash::new(hashed(account.password).await?),
    })
}

/// A recovery code as it was made, however somebody types it.
fn spelled(code: &str) -> String {
    let proper = code.chars().filter(char::is_ascii_hexdigit);
    proper.map(|c| c.to_ascii_lowercase()).collect()
}

/// What is kept of a token.
pub(crate) fn digest(token: &str) -> String {
    Digest::of(token).to_string()
}

fn over() -> AppError {
    AppError::usage(
        FaultCode::Stale,
        Text::new(
            "deze link werkt niet, of niet meer",
            "this link does not work, or not any more",
        ),
        Text::new("vraag om een nieuwe", "ask for a new one"),
    )
}

/// What somebody sees of their own account.
#[derive(Debug)]
pub struct OwnAccount {
    /// Forms that were not sent yet.
    pub drafts: Vec<Draft>,
    /// A page of the notices.
    pub notices: ListPage<Notice>,
    /// Recovery codes that were not used.
    pub codes_left: u64,
    /// In how many browsers the person is signed in.
    pub sessions: usize,
}

/// What somebody sees of their own account; the notices are then read.
///
/// # Errors
/// When the registry cannot be read.
pub async fn own(
    site: &Site,
    signed: &SignedIn,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<OwnAccount, AppError> {
    let (store, person) = (&site.store, signed.person.id.as_str());
    let drafts = store.drafts_of(person).await?;
    let notices = store.notices_of(person, before, most).await?;
    // a page can be read also while nothing can be written
    if let Err(error) = store.mark_all_read(person, site.clock.now()).await {
        tracing::warn!(error = %error.loggable(), "notices were not marked as read");
    }
    Ok(OwnAccount {
        drafts,
        notices,
        codes_left: store.recovery_codes_left(person).await?,
        sessions: store.sessions_of(person).await?.len(),
    })
}
