//! Asking a question: decided, parsed, answered from the protected cube, recorded, and only then given.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use zwerm_commons::agreement::{Agreement, View};
use zwerm_commons::condition::{self, EnforcedCondition};
use zwerm_commons::policy::{
    Action, Decision, PolicyInWords, PolicySet, Request as Wanted, decide,
};
use zwerm_commons::refusal::{Code, Refusal};
use zwerm_commons::status::suspensions;
use zwerm_commons::text::Lang;
use zwerm_question::answer::{self, Answer, Kind};
use zwerm_question::cube;
use zwerm_question::parse;
use zwerm_question::release::{Release, encode};
use zwerm_question::session::Limits;
use zwerm_question::source::Sources;

use super::error::AppError;
use super::home::{Asked, Entry, Home, Outcome, lacking, suggest};
use super::load::{self, Stored, Target};
use super::release::{self, Progress};
use super::wire;

/// Who asks what, under which agreement.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The agreement: in the home, or a file.
    pub(crate) agreement: Target,
    /// As whom.
    pub(crate) party: String,
    /// For which purpose.
    pub(crate) purpose: String,
    /// The question.
    pub(crate) sql: String,
    /// The day.
    pub(crate) today: Date,
    /// The moment.
    pub(crate) now: Timestamp,
    /// What building a cube may use.
    pub(crate) limits: Limits,
}

/// A question that was answered.
#[derive(Debug)]
pub(crate) struct Answered {
    /// Under which agreement.
    pub(crate) agreement: Asked,
    /// Whether it is a trial: unsigned consents, or an agreement as a plain file.
    pub(crate) trial: bool,
    /// Whether answers are protected against earlier ones: in a home they are.
    pub(crate) kept: bool,
    /// From which release.
    pub(crate) release: Release,
    /// The view, for the names of values.
    pub(crate) view: View,
    /// The question as it was understood.
    pub(crate) plan: String,
    /// The policies that allowed it.
    pub(crate) because: Vec<PolicyInWords>,
    /// The conditions that the engine enforced.
    pub(crate) conditions: Vec<EnforcedCondition>,
    /// The protected answer.
    pub(crate) answer: Answer,
}

/// Answers a question, or refuses it with every reason.
pub(crate) async fn ask(
    home: Option<&Home>,
    request: &Request,
    progress: Progress<'_>,
) -> Result<Answered, AppError> {
    let (home, stored) = match (&request.agreement, home) {
        (Target::File(path), _) => (None, load::file(path)?),
        (Target::Id(id), Some(home)) => (Some(home), home.agreement(id)?),
        (Target::Id(_), None) => return Err(AppError::Internal("an id without a home".into())),
    };
    let outcome = answer(home, &stored, request, progress).await;
    if let (Some(home), Err(AppError::Refused(refusals))) = (home, &outcome) {
        let codes = refusals.iter().map(|r| r.code).collect();
        let owners: BTreeSet<String> = refusals.iter().filter_map(|r| r.owner.clone()).collect();
        let owners = owners.into_iter().collect();
        record(home, &stored, request, Outcome::Refused { codes, owners })?;
    }
    outcome
}

async fn answer(
    home: Option<&Home>,
    stored: &Stored,
    request: &Request,
    progress: Progress<'_>,
) -> Result<Answered, AppError> {
    let agreement = &stored.document.agreement;
    let policies = PolicySet::generate(agreement)?;
    let sources = match home {
        Some(home) => home.sources(agreement),
        None => Sources::beside(agreement, load::folder(&stored.path)),
    };
    let mut refusals = lacking(stored, request.today);
    add(
        &mut refusals,
        decide_without_view(&policies, stored, request).refusals,
    );
    suggest_party(&mut refusals, stored, request);
    let question = match parse::question(&request.sql, agreement) {
        Ok(question) => question,
        Err(more) => {
            add(&mut refusals, more);
            return Err(refusals.into());
        }
    };
    let view = question.view;
    add(&mut refusals, cube::unsupported(agreement, view));
    if !refusals.is_empty() {
        return Err(refusals.into());
    }
    let decision = decide_with_view(&policies, stored, request, view, &sources).await?;
    if !decision.allowed {
        return Err(decision.refusals.into());
    }
    let (cube, release) = match home {
        Some(home) => {
            let built = release::ensure(home, stored, view, &request.limits, progress).await?;
            (built.cube, built.release)
        }
        None => {
            let cube = cube::build(agreement, view, &sources, &request.limits, progress).await?;
            let (_, release) = encode(&cube)?;
            (cube, release)
        }
    };
    let opened = answer::open(&cube, view, release.clone(), agreement.protection.round_to)?;
    let answer = opened.ask(&question.plan, view).await?;
    let answered = Answered {
        agreement: asked(stored),
        trial: true,
        kept: home.is_some(),
        release,
        view: view.clone(),
        plan: question.plan.to_sql(view),
        because: decision.because,
        conditions: condition::enforced(agreement),
        answer,
    };
    if let Some(home) = home {
        still_in_force(home, stored, request)?;
        let outcome = Outcome::Answered {
            plan: answered.plan.clone(),
            release: answered.release.hash.clone(),
            answer_hash: answered.hash()?,
        };
        record(home, stored, request, outcome)?;
    }
    Ok(answered)
}

/// An agreement that was suspended while the question was under way gives no answer any more.
fn still_in_force(home: &Home, stored: &Stored, request: &Request) -> Result<(), AppError> {
    let agreement = &stored.document.agreement;
    let now = home.agreement(&format!("{}@{}", agreement.id, agreement.version))?;
    let refusals = lacking(&now, request.today);
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(refusals.into())
    }
}

fn asked(stored: &Stored) -> Asked {
    Asked {
        id: stored.document.agreement.id.clone(),
        version: stored.document.agreement.version,
        hash: stored.hash.clone(),
    }
}

fn record(
    home: &Home,
    stored: &Stored,
    request: &Request,
    outcome: Outcome,
) -> Result<(), AppError> {
    let known = |party: &str| stored.document.agreement.find_party(party).is_some();
    // what is no party of the agreement may be a person's name: it is not written down
    let party = if known(&request.party) {
        request.party.clone()
    } else {
        "?".to_owned()
    };
    let agreed = request.purpose == stored.document.agreement.purpose;
    let purpose = if agreed {
        request.purpose.clone()
    } else {
        "?".to_owned()
    };
    home.record(&Entry {
        at: request.now,
        agreement: asked(stored),
        party,
        purpose,
        outcome,
    })?;
    Ok(())
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

/// Says which party was probably meant by one that takes no part.
fn suggest_party(refusals: &mut [Refusal], stored: &Stored, request: &Request) {
    let strangers = refusals.iter_mut().filter(|r| r.code == Code::WrongParty);
    strangers.for_each(|refusal| suggest(stored, &request.party, refusal));
}

fn wanted(stored: &Stored, request: &Request) -> Wanted {
    let agreement = &stored.document.agreement;
    let mut wanted = Wanted::new(&agreement.id, &request.party, Action::Ask, request.today);
    wanted.purpose = Some(request.purpose.clone());
    wanted.suspended = !suspensions(agreement, &stored.events).is_empty();
    wanted
}

fn decide_without_view(policies: &PolicySet, stored: &Stored, request: &Request) -> Decision {
    decide(policies, &wanted(stored, request))
}

async fn decide_with_view(
    policies: &PolicySet,
    stored: &Stored,
    request: &Request,
    view: &View,
    sources: &Sources,
) -> Result<Decision, AppError> {
    let agreement = &stored.document.agreement;
    let mut wanted = wanted(stored, request);
    wanted.view = Some(view.name.clone());
    wanted.period = period(agreement);
    if !agreement.embargo.is_empty() {
        wanted.columns = cube::source_columns(agreement, view, sources, &request.limits).await?;
    }
    Ok(decide(policies, &wanted))
}

/// The latest period of the data; none when any dataset names none.
fn period(agreement: &Agreement) -> Option<String> {
    let periods: Option<Vec<&String>> = agreement
        .dataset
        .iter()
        .map(|d| d.period.as_ref())
        .collect();
    periods?.into_iter().max().cloned()
}

impl Answered {
    /// SHA-256 of the answer as it goes over the wire, in hexadecimal.
    fn hash(&self) -> Result<String, AppError> {
        let message = wire::message(self, Lang::En);
        let text = serde_json::to_vec(&message).map_err(|e| AppError::Internal(e.to_string()))?;
        let digest = Sha256::digest(&text);
        Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The name of a dimension's value for people, beside the value itself.
    pub(crate) fn value_label(&self, column: usize, value: &str, lang: Lang) -> Option<String> {
        let column = self.answer.columns.get(column)?;
        if column.kind != Kind::Dimension {
            return None;
        }
        let mut dimensions = self.view.dimension.iter();
        let known = |d: &&zwerm_commons::agreement::Dimension| {
            d.name == column.name || d.label.as_ref() == Some(&column.label)
        };
        let label = dimensions.find(known)?.labels.get(value)?;
        Some(label.get(lang).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored() -> Stored {
        let document = zwerm_commons::agreement::Document::parse(
            "sample.toml",
            zwerm_commons::sample::AGREEMENT,
        );
        let document = document.expect("the sample is valid");
        Stored {
            hash: document.agreement.hash().expect("it has a hash"),
            document,
            events: Vec::new(),
            path: "sample.toml".into(),
        }
    }

    fn request(stored: &Stored) -> Request {
        Request {
            agreement: Target::Id(stored.document.agreement.id.clone()),
            party: "gemeente-leiden".into(),
            purpose: stored.document.agreement.purpose.clone(),
            sql: "SELECT units() FROM huishoudens".into(),
            today: "2026-03-01".parse().expect("a date"),
            now: Timestamp::UNIX_EPOCH,
            limits: Limits::default(),
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
