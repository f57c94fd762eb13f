//! What parties say beside an answer: what it means and what it does not, and what they promised to say with each outcome.
//!
//! Each party at the table has one note beside an answer. It is read by whoever may read the answer.

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::answer_notes::AnswerNote;
use zwerm_store::questions::QuestionOutcome;

use crate::error::AppError;
use crate::form::Checks;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::share::answers::ReadableQuestion;
use crate::share::titles::scrubbed;
use crate::site::Site;

/// Characters of a note at most.
pub const LONGEST: usize = 1_000;

/// What parties say beside an answer, in the order of the agreement's parties.
///
/// # Errors
/// When the registry cannot be read.
pub async fn beside(site: &Site, readable: &ReadableQuestion) -> Result<Vec<AnswerNote>, AppError> {
    let notes = site.store.answer_notes(&readable.asked.id).await?;
    let agreement = readable.version.agreement();
    let seats = agreement.seats();
    let of = |party: &str| notes.iter().find(|note| note.party == party).cloned();
    Ok(seats.filter_map(|seat| of(&seat.id)).collect())
}

/// Says something beside an answer on behalf of a party at its table, in the place of what it said before; nothing takes
/// that back.
///
/// # Errors
/// When the person may not speak for the party, it has no seat, there is no answer, or the words are too long or hold
/// characters that nobody sees.
pub async fn say(
    site: &Site,
    signed: &SignedIn,
    readable: &ReadableQuestion,
    party: &str,
    words: &str,
) -> Result<(), AppError> {
    rights::must(signed, Act::AnswerInWords, party)?;
    let ReadableQuestion { asked, version } = readable;
    let sits = version.agreement().seats().any(|seat| seat.id == party);
    if !sits || asked.outcome != QuestionOutcome::Answered {
        return Err(AppError::usage(
            FaultCode::NotPermitted,
            Text::new(
                "alleen een partner die aan tafel zit, zegt iets bij een antwoord",
                "only a party at the table says something beside an answer",
            ),
            Text::new("kies uw eigen partner", "choose your own party"),
        ));
    }
    if words.trim().is_empty() {
        if site.store.drop_answer_note(&asked.id, party).await? {
            scrubbed(site).await;
        }
        return Ok(());
    }
    let mut checks = Checks::default();
    let name = Text::new("de tekst", "the text");
    let words = checks.text("words", &name, words, LONGEST);
    checks.done()?;
    let (person, now) = (&signed.person.id, site.clock.now());
    let put = site
        .store
        .put_answer_note(&asked.id, party, person, &words, now);
    Ok(put.await?)
}
