//! Asking on behalf of a party through the pages: bounded, cancelled when the asker goes away, and kept to be read again.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use zwerm_agreement::agreement::AnswerReaders;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_home::Home;
use zwerm_home::load::AgreementTarget;
use zwerm_question::session::BuildLimits;
use zwerm_store::questions::{AskedQuestion, QuestionOutcome};
use zwerm_store::{Store, fresh_id};

use crate::error::AppError;
use crate::people::accounts::SignedIn;
use crate::share::ask::{AnsweredQuestion, AskRequest, ask_with};
use crate::share::refusals::recorded;
use crate::share::titles;
use crate::site::{Site, blocking};

/// What somebody asks.
#[derive(Debug, Clone)]
pub struct PageQuestion {
    /// The agreement's id.
    pub agreement: String,
    /// The version of the agreement that is asked under.
    pub version: u32,
    /// As which party.
    pub party: String,
    /// For which purpose.
    pub purpose: String,
    /// The question in SQL.
    pub sql: String,
    /// Whether everybody may read the answer, as the agreement says.
    pub answers: AnswerReaders,
}

/// An answer as it is kept: protected figures only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The protected figures, as they were given.
    pub answer: zwerm_question::answer::KeptAnswer,
    /// The question as it was understood.
    pub plan: String,
    /// The view that was asked.
    pub view: String,
    /// The policies that allowed it, in words.
    pub because: Vec<Text>,
    /// The release that it was answered from.
    pub release: String,
}

/// A reason of a refusal as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptReason {
    /// What was refused.
    pub what: Text,
    /// Which condition is in the way.
    pub condition: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// What would lift it.
    pub lifts: Text,
    /// The kind of reason, as a stable word.
    pub code: String,
}

/// Asks, and keeps what came of it; gives the id under which it can be read.
///
/// A refusal is kept too, and is no error here, unless asking otherwise helps: such a mistake is told only.
pub async fn ask_on_page(
    site: &Site,
    signed: &SignedIn,
    question: &PageQuestion,
) -> Result<String, AppError> {
    must_sit(site, question).await?;
    let places = site.config.questions_per_party;
    let place = site.per_party.place(&question.party, places);
    let place = place.ok_or_else(|| too_busy(&question.party))?;
    site.require_newest_log().await?;
    let closed = |_| AppError::Internal("asking was closed".into());
    let permit = Arc::clone(&site.at_work).acquire_owned().await;
    let outcome = asked(site, question, (place, permit.map_err(closed)?)).await;
    let refused = unanswered(question, site.clock.now(), Some(&signed.person.id))?;
    let mut asked = match outcome {
        Ok(answered) => with_answer(refused, question.answers, &answered)?,
        Err(AppError::Refused(refusals)) if !recorded(&refusals).is_empty() => {
            with_reasons(refused, refusals)?
        }
        Err(other) => return Err(other),
    };
    asked.made_title = Some(titles::made(&*site.overview().await?, &asked));
    let id = asked.id.clone();
    site.keeper.keep(asked).await?;
    Ok(id)
}

/// Refuses a party without a seat at the table, before anything of the question is written.
async fn must_sit(site: &Site, question: &PageQuestion) -> Result<(), AppError> {
    let overview = site.overview().await?;
    let dossier = overview.dossier(&question.agreement);
    let version = dossier.and_then(|dossier| dossier.version(question.version));
    let mut seats = version.into_iter().flat_map(|one| one.agreement().seats());
    if seats.any(|seat| seat.id == question.party) {
        return Ok(());
    }
    let party = &question.party;
    Err(AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            format!("`{party}` zit niet aan tafel bij deze afspraak"),
            format!("`{party}` has no seat at the table of this agreement"),
        ),
        Text::new(
            "een onderzoeker van een partner die hier aan tafel zit, stelt deze vragen",
            "an analyst of a party at this table asks these questions",
        ),
    ))
}

/// A question as it is kept when it was refused, yet without the reasons: under which agreement, when, and by whom.
pub(crate) fn unanswered(
    question: &PageQuestion,
    now: Timestamp,
    person: Option<&str>,
) -> Result<AskedQuestion, AppError> {
    Ok(AskedQuestion {
        id: fresh_id()?,
        at: now,
        person: person.map(str::to_owned),
        party: question.party.clone(),
        agreement: question.agreement.clone(),
        version: question.version,
        view: None,
        purpose: question.purpose.clone(),
        sql: question.sql.clone(),
        outcome: QuestionOutcome::Refused,
        release: None,
        public: false,
        answer: None,
        receipt: None,
        refusals: None,
        entry: None,
        made_title: None,
        own_title: None,
    })
}

/// A question as it is kept, with its answer.
pub(crate) fn with_answer(
    asked: AskedQuestion,
    answers: AnswerReaders,
    answered: &AnsweredQuestion,
) -> Result<AskedQuestion, AppError> {
    let receipt = answered.receipt.as_ref();
    let bytes = receipt.map(|receipt| receipt.to_bytes()).transpose();
    let bytes = bytes.map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(AskedQuestion {
        receipt: bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        entry: receipt.map(|receipt| receipt.index),
        outcome: QuestionOutcome::Answered,
        public: answers == AnswerReaders::Public,
        view: Some(answered.view.name.clone()),
        release: Some(answered.release.id.clone()),
        answer: Some(to_json(&StoredAnswer::from(answered))?),
        ..asked
    })
}

fn with_reasons(asked: AskedQuestion, refusals: Vec<Refusal>) -> Result<AskedQuestion, AppError> {
    let reasons: Vec<KeptReason> = refusals.into_iter().map(reason).collect();
    Ok(AskedQuestion {
        refusals: Some(to_json(&reasons)?),
        ..asked
    })
}

fn to_json(kept: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(kept).map_err(|error| AppError::Internal(error.to_string()))
}

async fn asked(
    site: &Site,
    question: &PageQuestion,
    places: (OwnedSemaphorePermit, OwnedSemaphorePermit),
) -> Result<AnsweredQuestion, AppError> {
    let when = site.when();
    let request = AskRequest {
        agreement: AgreementTarget::Id(format!("{}@{}", question.agreement, question.version)),
        party: question.party.clone(),
        purpose: question.purpose.clone(),
        sql: question.sql.clone(),
        today: when.today,
        now: when.now,
        limits: BuildLimits::default(),
    };
    let (home, store) = (Arc::clone(&site.home), site.store.clone());
    // dropped with this future: whoever does not wait any longer needs no answer
    let (_waiting, gone) = oneshot::channel::<()>();
    let runtime = Handle::current();
    blocking(move || {
        // held until the work itself is done, also when nobody waits for it any longer
        let _places = places;
        runtime.block_on(until_gone(&home, &store, &request, gone))
    })
    .await
}

async fn until_gone(
    home: &Home,
    store: &Store,
    request: &AskRequest,
    gone: oneshot::Receiver<()>,
) -> Result<AnsweredQuestion, AppError> {
    tokio::select! {
        biased;
        _ = gone => Err(AppError::Interrupted),
        outcome = ask_with(Some(home), Some(store), request, &|_| ()) => outcome,
    }
}

impl From<&AnsweredQuestion> for StoredAnswer {
    fn from(answered: &AnsweredQuestion) -> Self {
        let because = answered.because.iter();
        Self {
            plan: answered.plan.clone(),
            view: answered.view.name.clone(),
            because: because.map(|policy| policy.words.clone()).collect(),
            release: answered.release.id.clone(),
            answer: answered.answer.clone().into(),
        }
    }
}

/// The answer of a question as it was kept; nothing of one that has none.
pub fn kept_answer(asked: &AskedQuestion) -> Result<Option<StoredAnswer>, AppError> {
    let unfit = |error: serde_json::Error| AppError::Internal(error.to_string());
    let answer = asked.answer.as_deref();
    answer.map(serde_json::from_str).transpose().map_err(unfit)
}

/// A reason as it is kept.
pub fn reason(refusal: Refusal) -> KeptReason {
    KeptReason {
        code: refusal.code.to_string(),
        what: refusal.what,
        condition: refusal.condition,
        owner: refusal.owner,
        lifts: refusal.lifts,
    }
}

fn too_busy(party: &str) -> AppError {
    let what = Text::new(
        format!("`{party}` heeft al zoveel vragen lopen als tegelijk mogen"),
        format!("`{party}` has as many questions at work as may be at once"),
    );
    let lifts = Text::new("wacht tot er een klaar is", "wait until one is done");
    Refusal::new(Code::TooBusy, what, lifts).into()
}
