//! What answers are called: in words that are made from the question, or in words of whoever asked it.
//!
//! A title stands in lists that everybody reads, so it is text for everybody: bounded, without characters that nobody sees,
//! and never in the public log. Whoever asked changes it or takes it back; whoever runs the machine takes it back too.

use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::Code;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_question::parse;
use zwerm_store::questions::AskedQuestion;
use zwerm_store::titles::TitleChange;

use crate::error::AppError;
use crate::form::Checks;
use crate::loggable::ToLog as _;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::share::ask_on_page::KeptReason;
use crate::site::Site;
use crate::site::overview::{Overview, Version};
use crate::words::title::{refused, title};

/// Characters of a title at most.
pub const LONGEST: usize = 120;
/// Questions that get a title with one wait for the disk.
const AT_ONCE: u32 = 200;

/// What a question is called, made from it as it is understood under the version that it was asked under.
pub(crate) fn made(overview: &Overview, asked: &AskedQuestion) -> Text {
    let dossier = overview.dossier(&asked.agreement);
    let version = dossier.and_then(|dossier| dossier.version(asked.version));
    made_under(version.map(Version::agreement), asked)
}

/// The same under the agreement that it was asked under, where that is there.
pub(crate) fn made_under(agreement: Option<&Agreement>, asked: &AskedQuestion) -> Text {
    let read = agreement.map(|agreement| parse::question(&asked.sql, agreement));
    match read {
        Some(Ok(question)) => title(&question.plan, question.view),
        _ => refused(&codes(asked)),
    }
}

fn codes(asked: &AskedQuestion) -> Vec<Code> {
    let reasons = asked.refusals.as_deref().unwrap_or("[]");
    let reasons: Vec<KeptReason> = serde_json::from_str(reasons).unwrap_or_default();
    reasons
        .iter()
        .filter_map(|reason| reason.code.parse().ok())
        .collect()
}

/// The same questions, each with what it is called.
pub(crate) async fn titled(
    site: &Site,
    mut rows: Vec<AskedQuestion>,
) -> Result<Vec<AskedQuestion>, AppError> {
    if rows.iter().all(|asked| asked.made_title.is_some()) {
        return Ok(rows);
    }
    let overview = site.overview().await?;
    for asked in &mut rows {
        if asked.made_title.is_none() {
            asked.made_title = Some(made(&overview, asked));
        }
    }
    Ok(rows)
}

/// Makes the titles of questions that were kept before there were titles, step by step, so that they can be searched for.
pub(crate) async fn catch_up(site: &Site) -> Result<(), AppError> {
    loop {
        let untitled = site.store.untitled_questions(AT_ONCE).await?;
        if untitled.is_empty() {
            return Ok(());
        }
        let overview = site.overview().await?;
        let made = untitled.into_iter().map(|asked| {
            let title = made(&overview, &asked);
            (asked, title)
        });
        site.store.make_titles(&made.collect::<Vec<_>>()).await?;
    }
}

/// Whether somebody may call an answer something else: an analyst of the party that asked.
pub fn may_call(signed: &SignedIn, asked: &AskedQuestion) -> bool {
    rights::may(signed, Act::Ask, &asked.party).is_ok()
}

/// Whether somebody may take back what an answer was called: who may call it something, and whoever runs the machine.
pub fn may_take_back(signed: &SignedIn, asked: &AskedQuestion) -> bool {
    may_call(signed, asked) || rights::may_run(signed).is_ok()
}

/// Who called an answer something last, or took that back.
///
/// # Errors
/// When the registry cannot be read.
pub async fn change(site: &Site, asked: &AskedQuestion) -> Result<Option<TitleChange>, AppError> {
    Ok(site.store.title_change(&asked.id).await?)
}

/// Calls an answer something else, on behalf of the party that asked.
///
/// # Errors
/// When the person may not, or the words are none, too long, on several lines, or hold characters that nobody sees.
pub async fn call(
    site: &Site,
    signed: &SignedIn,
    asked: &AskedQuestion,
    words: &str,
) -> Result<(), AppError> {
    rights::must(signed, Act::Ask, &asked.party)?;
    let mut checks = Checks::default();
    let name = Text::new("de titel", "the title");
    let words = checks.text("title", &name, words, LONGEST);
    if words.contains(['\n', '\r', '\t']) {
        checks.wrong(
            "title",
            FaultCode::Malformed,
            Text::new(
                "de titel staat op meer regels",
                "the title is on several lines",
            ),
            Text::new("schrijf hem op één regel", "write it on one line"),
        );
    }
    checks.done()?;
    let by = (signed.person.id.as_str(), asked.party.as_str());
    let asked = with_title(site, asked).await?;
    let now = site.clock.now();
    Ok(site.store.set_title(&asked, Some(&words), by, now).await?)
}

/// Takes back what an answer was called: it is called again what is made from the question.
///
/// # Errors
/// When the person may not.
pub async fn take_back(
    site: &Site,
    signed: &SignedIn,
    asked: &AskedQuestion,
) -> Result<(), AppError> {
    if !may_take_back(signed, asked) {
        rights::must(signed, Act::Ask, &asked.party)?;
    }
    let by = (signed.person.id.as_str(), asked.party.as_str());
    let asked = with_title(site, asked).await?;
    let now = site.clock.now();
    site.store.set_title(&asked, None, by, now).await?;
    scrubbed(site).await;
    Ok(())
}

/// The question with what is made from it, which a search looks through too.
async fn with_title(site: &Site, asked: &AskedQuestion) -> Result<AskedQuestion, AppError> {
    let mut one = titled(site, vec![asked.clone()]).await?;
    one.pop()
        .ok_or_else(|| AppError::Internal("a question was lost".into()))
}

/// What was taken back is gone where people look; here it goes where machines look.
pub(crate) async fn scrubbed(site: &Site) {
    match site.store.scrub().await {
        Ok(true) => {}
        Ok(false) => tracing::warn!("others read; what was taken back leaves the file later"),
        Err(error) => {
            tracing::warn!(error = %error.loggable(), "what was taken back leaves the file later");
        }
    }
}
