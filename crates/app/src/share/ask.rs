//! Asking a question: decided, parsed, answered from the protected cube, recorded, and only then given.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::agreement::{Agreement, View};
use zwerm_agreement::condition::{self, EnforcedCondition};
use zwerm_agreement::policy::{
    Action, Permit, PolicyDecision, PolicyInWords, PolicyRequest as Wanted, PolicySet, decide,
};
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::{Lang, Text};
use zwerm_home::load::{self, AgreementTarget, Stored};
use zwerm_home::release::{self, Progress, PublishedRelease};
use zwerm_home::{Home, KeptRefusal, in_force, logged, policies, suggest, suggest_from};
use zwerm_intake::Sources;
use zwerm_ledger::entry::{Entry, EntryError, EntryKind, commitment};
use zwerm_ledger::receipt::{Content, Receipt, answered, question_hash};
use zwerm_question::answer::{self, Answer, ColumnKind};
use zwerm_question::cube;
use zwerm_question::parse::{self, Question};
use zwerm_question::release::{ReleaseId, encode};
use zwerm_question::session::BuildLimits;
use zwerm_store::Store;

use crate::error::AppError;
use crate::ledger::rolled_back;
use crate::share::embargo;
use crate::share::refusals::{record, recorded};
use crate::share::wire::{self, WireAgreement};

/// Who asks what, under which agreement.
#[derive(Debug, Clone)]
pub struct AskRequest {
    /// The agreement: in the home, or a file.
    pub agreement: AgreementTarget,
    /// The id of the party that asks.
    pub party: String,
    /// For which purpose.
    pub purpose: String,
    /// The question in SQL.
    pub sql: String,
    /// The day on which the agreement must be in force.
    pub today: Date,
    /// The moment that the log gives the question and its answer.
    pub now: Timestamp,
    /// What building a cube may use.
    pub limits: BuildLimits,
}

/// A question that was answered.
#[derive(Debug)]
pub struct AnsweredQuestion {
    /// Under which agreement.
    pub agreement: WireAgreement,
    /// Whether it is a trial, of an agreement as a plain file: nothing is kept, and it is not protected against earlier
    /// answers.
    pub trial: bool,
    /// The receipt of an answer that is no trial.
    pub receipt: Option<Receipt>,
    /// From which release.
    pub release: ReleaseId,
    /// The view, for the names of values.
    pub view: View,
    /// The question as it was understood.
    pub plan: String,
    /// The policies that allowed it.
    pub because: Vec<PolicyInWords>,
    /// The conditions that the engine enforced.
    pub conditions: Vec<EnforcedCondition>,
    /// The protected answer.
    pub answer: Answer,
}

/// Answers a question, or refuses it with every reason.
pub async fn ask(
    home: Option<&Home>,
    request: &AskRequest,
    progress: Progress<'_>,
) -> Result<AnsweredQuestion, AppError> {
    ask_with(home, None, request, progress).await
}

/// The same, with the registry of a home that is served; else it is opened when something is refused.
pub(crate) async fn ask_with(
    home: Option<&Home>,
    store: Option<&Store>,
    request: &AskRequest,
    progress: Progress<'_>,
) -> Result<AnsweredQuestion, AppError> {
    let (home, mut stored) = match (&request.agreement, home) {
        (AgreementTarget::File(path), _) => (None, load::file(path)?),
        (AgreementTarget::Id(id), Some(home)) => (Some(home), home.agreement(id, request.today)?),
        (AgreementTarget::Id(_), None) => {
            return Err(AppError::Internal("an id without a home".into()));
        }
    };
    if let Some(home) = home {
        // without the log nothing is answered
        home.require_log()?;
        if store.is_none() {
            rolled_back::require_newest(home).await?;
        }
    }
    let mut outcome = answer(home, &stored, request, progress).await;
    if let (Some(home), AgreementTarget::Id(id)) = (home, &request.agreement)
        && !id.contains('@')
        && is_replaced(&outcome)
    {
        // a version that came into force meanwhile answers whoever asked the agreement
        stored = home.agreement(id, request.today)?;
        outcome = answer(Some(home), &stored, request, progress).await;
    }
    if let (Some(home), Err(AppError::Refused(refusals))) = (home, &outcome) {
        let refusals = recorded(refusals);
        // what asking otherwise helps is told, and recorded nowhere
        if !refusals.is_empty() {
            let (hash, kept) = enter_refusal(home, &stored, request, refusals)?;
            record(home, store, &stored, hash, &kept).await;
        }
    }
    outcome
}

/// Whether a version was replaced after it was found to be in force.
fn is_replaced(outcome: &Result<AnsweredQuestion, AppError>) -> bool {
    let replaced = |refusal: &Refusal| refusal.code == Code::Superseded;
    matches!(outcome, Err(AppError::Refused(refusals)) if refusals.iter().any(replaced))
}

async fn answer(
    home: Option<&Home>,
    stored: &Stored,
    request: &AskRequest,
    progress: Progress<'_>,
) -> Result<AnsweredQuestion, AppError> {
    let agreement = &stored.document.agreement;
    let sources = match home {
        Some(home) => home.sources(agreement),
        None => Sources::beside(agreement, load::folder(&stored.path)),
    };
    let agreed = in_force(stored, request.today);
    let lacking = agreed.as_ref().err().cloned().unwrap_or_default();
    let (question, permit) = allowed(stored, request, lacking).await?;
    let agreed = agreed?;
    let view = question.view;
    let plan = question.plan.to_sql(view);
    let (release, answer) = match home {
        Some(home) => {
            let (now, limits) = (request.now, &request.limits);
            if !release::is_built(home, agreement, view) {
                // what is built is asked of every agreement over these data
                let closed = embargo::of_others(home, stored, view, request.today, limits).await?;
                if !closed.is_empty() {
                    return Err(closed.into());
                }
            }
            let permitted = (view, &permit);
            let released = release::opened(home, agreed, permitted, now, limits, progress);
            let released = released.await?;
            let answer = answered_once(home, &released, &permit, &question, &plan).await?;
            (released.release().clone(), answer)
        }
        None => trial(&question, agreement, &sources, &request.limits, progress).await?,
    };
    let mut answered = AnsweredQuestion {
        agreement: asked(stored),
        trial: home.is_none(),
        receipt: None,
        release,
        view: view.clone(),
        plan,
        because: permit.because().to_vec(),
        conditions: condition::enforced(agreement),
        answer,
    };
    if let Some(home) = home {
        let registered = question.plan.to_registered_sql(view);
        answered.receipt = Some(enter_answer(home, stored, request, &answered, registered)?);
    }
    Ok(answered)
}

/// What an agreement as a plain file answers from the files beside it: they are the asker's own.
async fn trial(
    question: &Question<'_>,
    agreement: &Agreement,
    sources: &Sources,
    limits: &BuildLimits,
    progress: Progress<'_>,
) -> Result<(ReleaseId, Answer), AppError> {
    let view = question.view;
    let cube = cube::build(agreement, view, sources, limits, progress).await?;
    let (_, release) = encode(&cube)?;
    let opened = answer::open(&cube, view, release.clone(), agreement.protection.round_to)?;
    Ok((release, opened.ask(&question.plan, view).await?))
}

/// The answer that a release gives to a question, computed once for all who ask it.
async fn answered_once(
    home: &Home,
    released: &PublishedRelease,
    permit: &Permit,
    question: &Question<'_>,
    plan: &str,
) -> Result<Answer, AppError> {
    let release = &released.release().hash.to_string();
    let before = || {
        let figures = home.answered_before(release, plan)?;
        Some(figures.named_by(&question.plan, question.view))
    };
    if let Some(answer) = before() {
        return Ok(answer);
    }
    let turn = home.turn(release, plan);
    let _turn = turn.lock().await;
    if let Some(answer) = before() {
        return Ok(answer);
    }
    let answer = released.ask(permit, question).await?;
    home.keep_answered(release, plan, answer.figures());
    Ok(answer)
}

/// The question and the permit to ask it; refused with every reason, `refusals` among them, otherwise.
pub(crate) async fn allowed<'a>(
    stored: &'a Stored,
    request: &AskRequest,
    mut refusals: Vec<Refusal>,
) -> Result<(Question<'a>, Permit), AppError> {
    let agreement = &stored.document.agreement;
    let policies = policies::of(stored)?;
    add(
        &mut refusals,
        decide_without_view(&policies, stored, request).refusals,
    );
    suggest_names(&mut refusals, stored, request);
    let question = match parse::question(&request.sql, agreement) {
        Ok(question) => question,
        Err(more) => {
            add(&mut refusals, more);
            return Err(refusals.into());
        }
    };
    add(&mut refusals, cube::unsupported(agreement, question.view));
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let decision = decide_with_view(stored, request, question.view).await?;
    Ok((question, decision.permit()?))
}

/// Enters question and answer, unless the agreement was suspended meanwhile; the receipt proves it.
fn enter_answer(
    home: &Home,
    stored: &Stored,
    request: &AskRequest,
    given: &AnsweredQuestion,
    registered: String,
) -> Result<Receipt, AppError> {
    let internal = |error: &dyn std::error::Error| AppError::Internal(error.to_string());
    let entry = |what| Entry {
        time: request.now,
        agreement: logged(stored.hash),
        what,
    };
    let question = entry(EntryKind::Question {
        party: request.party.clone(),
        purpose: request.purpose.clone(),
        view: given.view.name.clone(),
        plan: registered,
    });
    let answer = serde_json::to_value(wire::message(given, Lang::En)).map_err(|e| internal(&e))?;
    if let Err(EntryError::TooLarge(_)) = question.to_bytes() {
        return Err(too_long().into());
    }
    let salt = home.new_salt()?;
    let text = answered(&given.plan, &answer).map_err(|e| internal(&e))?;
    let rules = given.conditions.iter().map(|rule| rule.path.as_str());
    let rules = rules.filter(|path| is_entered(path, request, &given.view.name));
    let entry = entry(EntryKind::Answer {
        question: question_hash(&question).map_err(|e| internal(&e))?,
        release: logged(given.release.hash),
        rules: rules.map(str::to_owned).collect(),
        answer: commitment(&salt, &text),
    });
    let both = [question.clone(), entry.clone()];
    let appended = home.enter_in_force(stored, request.today, &both)?;
    let content = Content {
        question,
        entry,
        asked: given.plan.clone(),
        answer,
        salt,
    };
    Receipt::new(content, &appended).ok_or_else(|| AppError::Internal("nothing was entered".into()))
}

fn asked(stored: &Stored) -> WireAgreement {
    WireAgreement {
        id: stored.document.agreement.id.clone(),
        version: stored.document.agreement.version,
        hash: stored.hash,
    }
}

/// Whether a condition is entered with an answer: those of everybody, of who asks, and of the view that was asked.
///
/// The agreement's hash says all of them; the rest is as long as the agreement.
fn is_entered(path: &str, request: &AskRequest, view: &str) -> bool {
    let named = |kind: &str, name: &str| path.starts_with(&format!("{kind}.{name}."));
    let column = path.contains(".dimension.") || path.contains(".measure.");
    match path.split('.').next() {
        Some("dataset") => false,
        Some("party") => named("party", &request.party),
        Some("view") => named("view", view) && !column,
        _ => true,
    }
}

fn too_long() -> Refusal {
    Refusal::new(
        Code::TooLong,
        Text::new(
            "de vraag past niet in een regel van het openbare logboek",
            "the question does not fit an entry of the public log",
        ),
        Text::new(
            "vraag minder tabellen tegelijk, of filter op minder waarden",
            "ask fewer tables at once, or filter by fewer values",
        ),
    )
}

/// Keeps a refused question in full in the home, and enters who refused what as whose condition; the hash that it has
/// there, and what was kept.
fn enter_refusal(
    home: &Home,
    stored: &Stored,
    request: &AskRequest,
    refusals: Vec<Refusal>,
) -> Result<(String, KeptRefusal), AppError> {
    let agreement = &stored.document.agreement;
    // what was said of the agreement comes before the refusal, as it comes before an answer
    home.enter_statements(&agreement.id, agreement.version, request.now)?;
    let kept = KeptRefusal {
        at: request.now,
        today: request.today,
        agreement: agreement.id.clone(),
        version: agreement.version,
        party: request.party.clone(),
        purpose: request.purpose.clone(),
        sql: request.sql.clone(),
        refusals,
    };
    let text = home.keep_refusal(&kept)?;
    let refusals = &kept.refusals;
    // what is no party of the agreement may be a person's name: it is not entered
    let party = agreement.find_party(&request.party);
    let codes: BTreeSet<Code> = refusals.iter().map(|r| r.code).collect();
    let owners: BTreeSet<String> = refusals.iter().filter_map(|r| r.owner.clone()).collect();
    home.enter(&[Entry {
        time: request.now,
        agreement: logged(stored.hash),
        what: EntryKind::Refusal {
            party: party.map_or_else(|| "?".to_owned(), |party| party.id.clone()),
            codes: codes.into_iter().map(|code| code.to_string()).collect(),
            owners: owners.into_iter().collect(),
            text,
        },
    }])?;
    Ok((text.to_string(), kept))
}

/// Adds reasons that a part before did not give already.
fn add(refusals: &mut Vec<Refusal>, more: Vec<Refusal>) {
    let given = |refusal: &Refusal| {
        let same =
            |known: &Refusal| known.code == refusal.code && known.condition == refusal.condition;
        refusals.iter().any(same)
    };
    let new: Vec<Refusal> = more.into_iter().filter(|refusal| !given(refusal)).collect();
    refusals.extend(new);
}

/// Says which party or purpose was probably meant by one that is not of the agreement.
fn suggest_names(refusals: &mut [Refusal], stored: &Stored, request: &AskRequest) {
    let purpose = stored.document.agreement.purpose.as_str();
    for refusal in refusals {
        match refusal.code {
            Code::WrongParty => suggest(stored, &request.party, refusal),
            Code::WrongPurpose => {
                suggest_from([purpose].into_iter(), &request.purpose, refusal);
            }
            _ => {}
        }
    }
}

fn wanted(stored: &Stored, request: &AskRequest) -> Wanted {
    let mut wanted = policies::request(stored, &request.party, Action::Ask, request.today);
    wanted.purpose = Some(request.purpose.clone());
    wanted
}

fn decide_without_view(
    policies: &PolicySet,
    stored: &Stored,
    request: &AskRequest,
) -> PolicyDecision {
    decide(policies, &wanted(stored, request))
}

async fn decide_with_view(
    stored: &Stored,
    request: &AskRequest,
    view: &View,
) -> Result<PolicyDecision, AppError> {
    let wanted = wanted(stored, request);
    embargo::decided(stored, wanted, view, &request.limits).await
}

impl AnsweredQuestion {
    /// The name of a dimension's value for people, beside the value itself.
    pub fn value_label(&self, column: usize, value: &str, lang: Lang) -> Option<String> {
        let column = self.answer.columns().get(column)?;
        if column.kind != ColumnKind::Dimension {
            return None;
        }
        let mut dimensions = self.view.dimension.iter();
        let known = |d: &&zwerm_agreement::agreement::Dimension| {
            d.name == column.name || d.label.as_ref() == Some(&column.label)
        };
        let label = dimensions.find(known)?.labels.get(value)?;
        Some(label.get(lang).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn stored() -> Stored {
        let document = zwerm_agreement::agreement::Document::parse(
            "sample.toml",
            zwerm_agreement::sample::AGREEMENT,
        );
        let document = document.expect("the sample is valid");
        Stored {
            hash: document.agreement.hash().expect("it has a hash"),
            counting: Arc::new(zwerm_agreement::signature::ValidStatements {
                consents: document.consents.clone(),
                ..Default::default()
            }),
            first_day: None,
            document: Arc::new(document),
            events: Vec::new(),
            path: "sample.toml".into(),
        }
    }

    fn request(stored: &Stored) -> AskRequest {
        AskRequest {
            agreement: AgreementTarget::Id(stored.document.agreement.id.clone()),
            party: "gemeente-leiden".into(),
            purpose: stored.document.agreement.purpose.clone(),
            sql: "SELECT units() FROM huishoudens".into(),
            today: "2026-03-01".parse().expect("a date"),
            now: Timestamp::UNIX_EPOCH,
            limits: BuildLimits::default(),
        }
    }

    #[test]
    fn the_generated_policies_allow_and_an_empty_set_refuses_every_question() {
        let stored = stored();
        let request = request(&stored);
        let generated = PolicySet::generate(&stored.document.agreement).expect("policies");
        assert!(decide_without_view(&generated, &stored, &request).allowed);
        let decision = decide_without_view(&PolicySet::empty(), &stored, &request);
        assert!(!decision.allowed && !decision.refusals.is_empty());
    }
}
