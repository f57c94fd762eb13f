//! Questions in words: anyone puts one to a project, as long as nobody floods it; a party at the table takes away what
//! names a person or insults.

use crate::app::decide;
use crate::app::throttle;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;

use super::error::AppError;
use super::overview::Version;
use super::people::SignedIn;
use super::rights;
use super::site::Site;

/// Characters of a question in words, of a reply or of a reason at most.
const LONGEST: usize = 2000;

/// What came of putting a question.
#[derive(Debug)]
pub(crate) enum Put {
    /// It stands with the project.
    Done,
    /// Too many came, from there or at all; what to tell.
    TooMany(AppError),
}

/// Which question is taken away, and why.
#[derive(Debug)]
pub(crate) struct TakeAway<'a> {
    /// Its id.
    pub(crate) question: &'a str,
    /// The party at the table that does it.
    pub(crate) party: &'a str,
    /// Why, for everyone to read.
    pub(crate) reason: &'a str,
}

/// Puts a question in words to a project. Nothing of who asks is kept with it.
pub(crate) async fn put_word_question(
    site: &Site,
    project: &str,
    text: &str,
    address: &str,
) -> Result<Put, AppError> {
    let text = proper(text)?;
    if !throttle::may_put_question(site, project, address).await? {
        return Ok(Put::TooMany(AppError::usage(
            Text::new(
                "er kwamen het laatste uur te veel vragen, van uw adres of in totaal",
                "too many questions came in the last hour, from your address or in all",
            ),
            Text::new(
                "bewaar uw vraag, en stuur haar over een uur opnieuw",
                "keep your question, and send it again in an hour",
            ),
        )));
    }
    let now = site.clock.now();
    site.store.add_word_question(project, text, now).await?;
    Ok(Put::Done)
}

/// Takes a question away: its words and what was replied are gone, and everyone reads who did it and why. The parties
/// at the table are told.
pub(crate) async fn take_away_word_question(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    take: &TakeAway<'_>,
) -> Result<(), AppError> {
    let TakeAway {
        question, party, ..
    } = *take;
    let agreement = version.agreement();
    let seat = agreement.seats().find(|seat| seat.id == party);
    let seat = seat.ok_or_else(|| not_at_the_table(party))?;
    rights::must(signed, Act::AnswerInWords, party)?;
    let reason = proper(take.reason)?;
    site.store
        .take_away_word_question(question, party, reason)
        .await?;
    leave_nothing_of(site, &agreement.id, question).await;
    let (name, title) = (seat.display_name(), &agreement.title);
    let text = Text::new(
        format!("{} haalde een vraag in woorden weg: {}", name.nl, title.nl),
        format!("{} took away a question in words: {}", name.en, title.en),
    );
    if let Err(error) = decide::tell_parties(site, version, "words", &text).await {
        tracing::warn!(%error, "a notice could not be kept");
    }
    Ok(())
}

/// What was taken away is gone where people look; here it goes where machines look.
async fn leave_nothing_of(site: &Site, project: &str, question: &str) {
    // somebody may have quoted it in a reply that was not sent
    let drafts = format!("/projects/{project}/reply/{question}");
    if let Err(error) = site.store.drop_drafts_of(&drafts).await {
        tracing::warn!(%error, "drafts of a reply to what was taken away stay");
    }
    match site.store.scrub().await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("others read; what was taken away leaves the file later"),
        Err(error) => tracing::warn!(%error, "what was taken away leaves the file later"),
    }
}

/// A text that is there and not too long, without blanks around it.
pub(crate) fn proper(text: &str) -> Result<&str, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::usage(
            Text::new("er staat nog geen tekst", "there is no text yet"),
            Text::new("schrijf wat u wilt zeggen", "write what you want to say"),
        ));
    }
    if text.chars().count() > LONGEST {
        return Err(AppError::usage(
            Text::new(
                format!("de tekst is langer dan {LONGEST} tekens"),
                format!("the text is longer than {LONGEST} characters"),
            ),
            Text::new("maak hem korter", "make it shorter"),
        ));
    }
    Ok(text)
}

fn not_at_the_table(party: &str) -> AppError {
    AppError::usage(
        Text::new(
            format!("`{party}` zit niet aan tafel bij dit project"),
            format!("`{party}` has no seat at the table of this project"),
        ),
        Text::new(
            "een partner van dit project doet dit",
            "a party of this project does this",
        ),
    )
}
