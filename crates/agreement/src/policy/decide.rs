//! A decision, with the policies that made it in words.

use cedar_policy::{Authorizer, Decision as CedarDecision, Entities, PolicyId, Response};

use super::PolicySet;
use super::request::{Action, PolicyRequest};
use crate::refusal::{Code, Refusal};
use crate::text::Text;

/// A policy that decided a request, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyInWords {
    /// Its id in the Cedar text.
    pub id: String,
    /// What it says.
    pub words: Text,
    /// The condition that it comes from, as [`crate::condition::enforced`] names it.
    pub condition: Option<String>,
    /// The party whose condition it is.
    pub owner: Option<String>,
}

/// What was decided, and because of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDecision {
    /// Whether what was requested may be done.
    pub allowed: bool,
    /// The policies that decided: permits when allowed, forbids when not; none when no permit was found.
    pub because: Vec<PolicyInWords>,
    /// Every reason why it may not be done; empty when allowed.
    pub refusals: Vec<Refusal>,
    /// Only deciding gives a permit, whatever somebody writes into the other fields.
    permit: Option<Permit>,
}

/// Proof that the policies of an agreement allow something: only [`decide`] gives one.
///
/// Whatever answers a question requires one. It cannot be made by hand:
///
/// ```compile_fail
/// use zwerm_agreement::policy::{Action, Permit};
/// let permit = Permit { agreement: "wonen".into(), action: Action::Ask, view: None, because: Vec::new() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    agreement: String,
    action: Action,
    /// The view that was looked at, with the source columns that it is made of.
    view: Option<String>,
    because: Vec<PolicyInWords>,
}

impl Permit {
    /// The policies that permit it.
    pub fn because(&self) -> &[PolicyInWords] {
        &self.because
    }

    /// Whether it permits this action under the agreement with this id.
    pub fn is_for(&self, agreement: &str, action: Action) -> bool {
        self.agreement == agreement && self.action == action
    }

    /// Whether it permits having figures made of this view: to ask about it, or to build it.
    ///
    /// ```
    /// use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_agreement::policy::{Action, PolicyRequest, PolicySet, decide};
    /// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let mut request = PolicyRequest::new(&agreement.id, "", Action::Build, "2026-03-01".parse()?);
    /// request.view = Some("huishoudens".into());
    /// let permit = decide(&PolicySet::generate(&agreement)?, &request).permit();
    /// let permit = permit.map_err(|refusals| refusals[0].to_string())?;
    /// assert!(permit.covers(&agreement.id, "huishoudens") && !permit.covers(&agreement.id, "inkomens"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn covers(&self, agreement: &str, view: &str) -> bool {
        let makes = matches!(self.action, Action::Ask | Action::Build);
        makes && self.agreement == agreement && self.view.as_deref() == Some(view)
    }
}

impl PolicyDecision {
    /// The permit.
    ///
    /// # Errors
    /// Every reason why there is none.
    ///
    /// ```
    /// use zwerm_agreement::policy::{Action, PolicySet, PolicyRequest, decide};
    /// let request = PolicyRequest::new("wonen", "universiteit", Action::Ask, "2026-03-01".parse()?);
    /// let mut decision = decide(&PolicySet::empty(), &request);
    /// decision.allowed = true;
    /// assert!(decision.permit().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn permit(self) -> Result<Permit, Vec<Refusal>> {
        self.permit.ok_or(self.refusals)
    }
}

/// Decides whether a request may be done.
///
/// ```
/// use zwerm_agreement::{agreement::Document, sample};
/// use zwerm_agreement::policy::{Action, PolicySet, PolicyRequest, decide};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let policies = PolicySet::generate(&agreement)?;
///
/// let mut request = PolicyRequest::new(&agreement.id, "universiteit", Action::Ask, "2026-03-01".parse()?);
/// request.purpose = Some("housing-policy".into());
/// let decision = decide(&policies, &request);
/// assert!(decision.allowed);
/// assert_eq!(decision.because[0].words.en, "`universiteit` may ask questions");
///
/// request.purpose = Some("marketing".into());
/// let decision = decide(&policies, &request);
/// assert_eq!(decision.refusals[0].condition.as_deref(), Some("purpose"));
/// assert!(!decide(&PolicySet::empty(), &request).allowed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decide(policies: &PolicySet, request: &PolicyRequest) -> PolicyDecision {
    let Some(response) = ask_cedar(&policies.all, request) else {
        return refused(vec![unreadable()]);
    };
    let broken: Vec<_> = response
        .diagnostics()
        .errors()
        .map(|e| broken(&e.to_string()))
        .collect();
    let mut because: Vec<_> = response
        .diagnostics()
        .reason()
        .filter_map(|id| in_words(policies, id))
        .collect();
    because.sort_by(|a, b| a.id.cmp(&b.id));
    if response.decision() == CedarDecision::Allow && broken.is_empty() {
        return PolicyDecision {
            allowed: true,
            permit: Some(Permit {
                agreement: request.agreement.clone(),
                action: request.action,
                view: request.view.clone(),
                because: because.clone(),
            }),
            because,
            refusals: Vec::new(),
        };
    }
    if policies.is_empty() {
        return refused(vec![no_policy()]);
    }
    let mut refusals = broken;
    if response.decision() == CedarDecision::Deny {
        refusals.extend(
            because
                .iter()
                .map(|policy| forbidden(policies, policy, request)),
        );
        let outsider = refusals.iter().any(|r| r.code == Code::WrongParty);
        if !outsider && !permitted(policies, request) {
            refusals.push(not_permitted(policies, request));
        }
    }
    PolicyDecision {
        allowed: false,
        because,
        refusals,
        permit: None,
    }
}

fn refused(refusals: Vec<Refusal>) -> PolicyDecision {
    PolicyDecision {
        allowed: false,
        because: Vec::new(),
        refusals,
        permit: None,
    }
}

fn ask_cedar(policies: &cedar_policy::PolicySet, request: &PolicyRequest) -> Option<Response> {
    let request = request.to_cedar()?;
    Some(Authorizer::new().is_authorized(&request, policies, &Entities::empty()))
}

/// Whether any permit applies, leaving forbids aside.
fn permitted(policies: &PolicySet, request: &PolicyRequest) -> bool {
    ask_cedar(&policies.permits, request).is_some_and(|r| r.decision() == CedarDecision::Allow)
}

fn annotation(policies: &PolicySet, id: &str, key: &str) -> Option<String> {
    policies.said.get(id)?.get(key).cloned()
}

/// Both languages of an annotation; a policy that somebody else wrote may have none, and then its id is used.
fn both(policies: &PolicySet, id: &str, nl: &str, en: &str) -> Option<Text> {
    Some(Text::new(
        annotation(policies, id, nl)?,
        annotation(policies, id, en)?,
    ))
}

fn in_words(policies: &PolicySet, id: &PolicyId) -> Option<PolicyInWords> {
    let id: &str = id.as_ref();
    Some(PolicyInWords {
        words: both(policies, id, "nl", "en").unwrap_or_else(|| Text::same(format!("`{id}`"))),
        condition: annotation(policies, id, "condition"),
        owner: annotation(policies, id, "owner"),
        id: id.to_owned(),
    })
}

/// The refusal when a forbid applied: what was requested, then the forbid's own words.
fn forbidden(policies: &PolicySet, policy: &PolicyInWords, request: &PolicyRequest) -> Refusal {
    let code = annotation(policies, &policy.id, "code").and_then(|code| code.parse().ok());
    let code = code.unwrap_or(Code::NoPolicy);
    let words = &policy.words;
    let what = match stated(code, request) {
        Some(stated) => Text::new(
            format!("{}, maar {}", stated.nl, words.nl),
            format!("{}, but {}", stated.en, words.en),
        ),
        None => words.clone(),
    };
    let lifts = both(policies, &policy.id, "lifts_nl", "lifts_en")
        .unwrap_or_else(|| Text::new("een andere afspraak", "another agreement"));
    Refusal {
        code,
        what,
        condition: policy.condition.clone().or_else(|| Some(policy.id.clone())),
        owner: policy.owner.clone(),
        lifts,
        slip: false,
    }
}

/// What the asker stated that a forbid of this kind is about.
fn stated(code: Code, request: &PolicyRequest) -> Option<Text> {
    let day = request.today;
    match code {
        Code::WrongPurpose => Some(match &request.purpose {
            Some(purpose) => Text::new(
                format!("uw doel is `{purpose}`"),
                format!("your purpose is `{purpose}`"),
            ),
            None => Text::new("u noemt geen doel", "you state no purpose"),
        }),
        Code::ViewUnknown => {
            let view = request.view.as_ref()?;
            Some(Text::new(
                format!("u vraagt naar `{view}`"),
                format!("you ask about `{view}`"),
            ))
        }
        Code::NotYetValid | Code::Expired => {
            Some(Text::new(format!("het is {day}"), format!("it is {day}")))
        }
        _ => None,
    }
}

/// The refusal when no permit applied: the asker takes no part, or not in this way. Cedar says which.
fn not_permitted(policies: &PolicySet, request: &PolicyRequest) -> Refusal {
    let party = &request.party;
    let mut taking_part = request.clone();
    taking_part.action = Action::TakePart;
    if !permitted(policies, &taking_part) {
        let agreement = &request.agreement;
        return Refusal::new(
            Code::WrongParty,
            Text::new(
                format!("`{party}` is geen partner van de afspraak `{agreement}`"),
                format!("`{party}` is no party to the agreement `{agreement}`"),
            ),
            Text::new(
                format!(
                    "een nieuwe versie waarin `{party}` meedoet, waar alle partners opnieuw mee instemmen"
                ),
                format!(
                    "a new version in which `{party}` takes part, to which all parties consent anew"
                ),
            ),
        );
    }
    let (wish, others) = (
        in_dutch_and_english(request.action),
        who_may(policies, request),
    );
    let what = Text::new(
        format!("`{party}` mag niet {}; wel: {}", wish.nl, others.nl),
        format!("`{party}` may not {}; these may: {}", wish.en, others.en),
    );
    let lifts = Text::new(
        format!(
            "een nieuwe versie waarin `{party}` dit mag, waar alle partners opnieuw mee instemmen"
        ),
        format!("a new version in which `{party}` may do so, to which all parties consent anew"),
    );
    let refusal = Refusal::new(Code::MayNotAsk, what, lifts);
    match request.action {
        Action::Ask | Action::Provide => refusal.under(format!("party.{party}.may")),
        Action::ReadAnswer => refusal.under("answers"),
        _ => refusal,
    }
}

/// The parties with a permit for this action, for each of which Cedar is queried.
fn who_may(policies: &PolicySet, request: &PolicyRequest) -> Text {
    let mut parties: Vec<_> = policies
        .permits
        .policies()
        .filter_map(|policy| policy.annotation("party"))
        .collect();
    parties.sort_unstable();
    parties.dedup();
    parties.retain(|party| {
        let mut theirs = request.clone();
        theirs.party = (*party).to_owned();
        permitted(policies, &theirs)
    });
    if parties.is_empty() {
        return Text::new("niemand", "nobody");
    }
    Text::same(format!("`{}`", parties.join("`, `")))
}

fn in_dutch_and_english(action: Action) -> Text {
    match action {
        Action::TakePart => Text::new("meedoen", "take part"),
        Action::Ask => Text::new("vragen stellen", "ask questions"),
        Action::Build => Text::new("een uitgave laten maken", "have a release made"),
        Action::Provide => Text::new("gegevens leveren", "provide data"),
        Action::ReadAnswer => Text::new("de antwoorden lezen", "read the answers"),
        Action::Suspend => Text::new("de afspraak opschorten", "suspend the agreement"),
        Action::Resume => Text::new("de afspraak hervatten", "resume the agreement"),
        Action::End => Text::new("de afspraak beëindigen", "end the agreement"),
    }
}

fn no_policy() -> Refusal {
    Refusal::new(
        Code::NoPolicy,
        Text::new(
            "er is geen regel die iets toestaat",
            "there is no policy that allows anything",
        ),
        Text::new(
            "een afspraak waar alle partners mee instemmen",
            "an agreement that all parties consent to",
        ),
    )
}

/// Refuses when a policy cannot be evaluated: Cedar would leave it out, and leaving out a forbid would allow.
fn broken(error: &str) -> Refusal {
    Refusal::new(
        Code::NoPolicy,
        Text::new(
            format!("een regel is niet te beoordelen: {error}"),
            format!("a policy cannot be evaluated: {error}"),
        ),
        Text::new(
            "regels die opnieuw uit de afspraak zijn gemaakt",
            "policies generated anew from the agreement",
        ),
    )
}

fn unreadable() -> Refusal {
    Refusal::new(
        Code::NoPolicy,
        Text::new(
            "dit verzoek is niet te beoordelen",
            "this request cannot be judged",
        ),
        Text::new(
            "een verzoek met gewone namen",
            "a request with ordinary names",
        ),
    )
}
