//! Questions in words: anyone puts one to a project, as long as nobody floods it; a party at the table takes away what
//! names a person or insults.

use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::{Act, Role};
use zwerm_agreement::text::Text;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::word_questions::{WordQuestion, WordQuestionStatus};

use crate::decide::consent;
use crate::error::AppError;
use crate::form::readable;
use crate::loggable::ToLog as _;
use crate::people::accounts::SignedIn;
use crate::people::notices::{self, NoticeSubject};
use crate::people::rights;
use crate::site::overview::Version;
use crate::site::{Site, throttle};

/// Characters of a question in words, of a reply or of a reason at most.
const LONGEST: usize = 2000;

/// What came of putting a question.
#[derive(Debug)]
pub enum PutOutcome {
    /// The question is shown with the project, and has a page of its own.
    Done(WordQuestion),
    /// Too many came, from there or at all; what to tell.
    TooMany(AppError),
}

/// Which questions are removed, and why.
#[derive(Debug)]
pub struct WordQuestionRemoval<'a> {
    /// The ids of the questions, each with the form that replies to it are drafted under: somebody may have quoted it there.
    pub questions: Vec<(String, String)>,
    /// The party at the table that does it.
    pub party: &'a str,
    /// Why, for everyone to read.
    pub reason: &'a str,
}

/// Puts a question in words to a project. Nothing of who asks is kept with it. Who may answer at its table is told, once
/// until they looked.
pub async fn put_word_question(
    site: &Site,
    version: &Version,
    text: &str,
    address: &str,
) -> Result<PutOutcome, AppError> {
    let text = proper(text)?;
    let agreement = version.agreement();
    let project = agreement.id.as_str();
    if !throttle::may_put_question(site, project, address).await? {
        return Ok(PutOutcome::TooMany(AppError::usage(
            FaultCode::TooBusy,
            Text::new(
                "er kwamen het laatste uur te veel vragen, van uw adres of in totaal",
                "too many questions came in the last hour, from your address or in all",
            ),
            Text::new(
                "bewaar uw vraag, en stuur die over een uur opnieuw",
                "keep your question, and send it again in an hour",
            ),
        )));
    }
    let now = site.clock.now();
    let asked = site.store.add_word_question(project, text, now).await?;
    notices::warn(tell_of_question(site, agreement).await);
    Ok(PutOutcome::Done(asked))
}

/// Tells those who may answer that somebody asked.
async fn tell_of_question(site: &Site, agreement: &Agreement) -> Result<(), AppError> {
    let people = notices::at_table(site, agreement, &[Role::Decider, Role::Analyst]).await?;
    let title = &agreement.title;
    let text = Text::new(
        format!("iemand stelde een vraag in woorden over {}", title.nl),
        format!("somebody asked a question in words about {}", title.en),
    );
    let about = NoticeSubject::Questions(agreement.id.clone());
    notices::try_to_notify_once(site, &people, "question", &text, &about).await;
    Ok(())
}

/// What a party says to a question in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordQuestionReply<'a> {
    /// It looks into it.
    TakeUp,
    /// The words of the answer.
    Answer(&'a str),
    /// Why there is none.
    Decline(&'a str),
}

/// A question that was put to a project and was not removed.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(
    site: &Site,
    project: &str,
    question: &str,
) -> Result<Option<WordQuestion>, AppError> {
    let found = site.store.word_question(question).await?;
    Ok(found.filter(|one| one.project == project && one.status != WordQuestionStatus::TakenAway))
}

/// The same, also when its words were taken away.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find_any(
    site: &Site,
    project: &str,
    question: &str,
) -> Result<Option<WordQuestion>, AppError> {
    let found = site.store.word_question(question).await?;
    Ok(found.filter(|one| one.project == project))
}

/// The questions that were put to a project, the newest first: at most so many before a place.
///
/// # Errors
/// When the registry cannot be read.
pub async fn of_project(
    site: &Site,
    project: &str,
    before: Option<&ListPlace>,
    most: u32,
) -> Result<ListPage<WordQuestion>, AppError> {
    Ok(site.store.word_questions_of(project, before, most).await?)
}

/// A party at the table takes a question up, answers it, or says why not.
///
/// # Errors
/// When the party does not sit at the table or the person may not speak for it, and when the words are missing or too
/// many.
pub async fn reply(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    question: &str,
    party: &str,
    reply: WordQuestionReply<'_>,
) -> Result<(), AppError> {
    rights::must(signed, Act::AnswerInWords, party)?;
    if !version.agreement().seats().any(|seat| seat.id == party) {
        return Err(not_at_the_table(party));
    }
    let (status, text) = match reply {
        WordQuestionReply::TakeUp => {
            return Ok(site.store.take_up_word_question(question, party).await?);
        }
        WordQuestionReply::Answer(text) => (WordQuestionStatus::Answered, text),
        WordQuestionReply::Decline(text) => (WordQuestionStatus::Declined, text),
    };
    let text = proper(text)?;
    let store = &site.store;
    store
        .reply_to_word_question(question, party, status, text)
        .await?;
    Ok(())
}

/// Takes questions away: their words and what was replied are gone, and everyone reads who did it and why. The parties at
/// the table are told.
pub async fn take_away_word_questions(
    site: &Site,
    signed: &SignedIn,
    version: &Version,
    take: &WordQuestionRemoval<'_>,
) -> Result<(), AppError> {
    let party = take.party;
    let agreement = version.agreement();
    let seat = agreement.seats().find(|seat| seat.id == party);
    let seat = seat.ok_or_else(|| not_at_the_table(party))?;
    rights::must(signed, Act::AnswerInWords, party)?;
    let reason = proper(take.reason)?;
    for (question, reply_form) in &take.questions {
        site.store
            .take_away_word_question(question, party, reason)
            .await?;
        forget_replies(site, reply_form).await;
    }
    leave_nothing(site).await;
    let (name, title) = (seat.display_name(), &agreement.title);
    let text = match take.questions.len() {
        1 => Text::new(
            format!("{} haalde een vraag in woorden weg: {}", name.nl, title.nl),
            format!("{} took away a question in words: {}", name.en, title.en),
        ),
        n => Text::new(
            format!("{} haalde {n} vragen in woorden weg: {}", name.nl, title.nl),
            format!("{} took away {n} questions in words: {}", name.en, title.en),
        ),
    };
    consent::try_to_tell(site, version, "words", &text).await;
    Ok(())
}

async fn forget_replies(site: &Site, reply_form: &str) {
    if let Err(error) = site.store.drop_drafts_of(reply_form).await {
        tracing::warn!(error = %error.loggable(), "drafts of a reply to what was taken away stay");
    }
}

/// What was removed is gone where people look; here it goes where machines look.
async fn leave_nothing(site: &Site) {
    match site.store.scrub().await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("others read; what was taken away leaves the file later"),
        Err(error) => {
            tracing::warn!(error = %error.loggable(), "what was taken away leaves the file later")
        }
    }
}

/// A text that is there and not too long, without blanks around it.
pub fn proper(text: &str) -> Result<&str, AppError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::usage(
            FaultCode::Empty,
            Text::new("er staat nog geen tekst", "there is no text yet"),
            Text::new("schrijf wat u wilt zeggen", "write what you want to say"),
        ));
    }
    if text.chars().count() > LONGEST {
        return Err(AppError::usage(
            FaultCode::TooLong,
            Text::new(
                format!("de tekst is langer dan {LONGEST} tekens"),
                format!("the text is longer than {LONGEST} characters"),
            ),
            Text::new("maak hem korter", "make it shorter"),
        ));
    }
    readable(text)?;
    Ok(text)
}

fn not_at_the_table(party: &str) -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
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
