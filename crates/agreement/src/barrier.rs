//! A barrier: what keeps questions from being answered, as everybody may see it.
//!
//! It holds a code, a condition and an owner, and no word of any question: those may name a person.

use jiff::Timestamp;

use crate::agreement::Agreement;
use crate::condition;
use crate::refusal::{Code, Refusal};
use crate::words;

words! {
    in "zwerm_agreement::barrier";
    /// What made something a barrier.
    pub enum BarrierKind {
        /// A question was refused.
        Refusal = "refusal",
    }
}

/// What a barrier is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BarrierName {
    /// What made it one.
    pub kind: BarrierKind,
    /// The agreement's id.
    pub agreement: String,
    /// The reason of the refusals.
    pub code: Code,
    /// The condition in the way, if one is.
    pub condition: Option<String>,
    /// The party whose condition it is; `None` when it is everybody's.
    pub owner: Option<String>,
}

impl BarrierName {
    /// The barrier that a reason of a refusal under an agreement meets.
    ///
    /// ```
    /// use zwerm_agreement::barrier::BarrierName;
    /// use zwerm_agreement::refusal::{Code, Refusal};
    /// use zwerm_agreement::text::Text;
    ///
    /// let refusal = Refusal::new(Code::Key, Text::default(), Text::default());
    /// let name = BarrierName::of("wonen", &refusal.under("view.a.key").owned_by("huurders"));
    /// assert_eq!(name.key(), "wonen key view.a.key huurders");
    /// ```
    pub fn of(agreement: &str, refusal: &Refusal) -> Self {
        Self {
            kind: BarrierKind::Refusal,
            agreement: agreement.to_owned(),
            code: refusal.code,
            condition: refusal.condition.clone(),
            owner: refusal.owner.clone(),
        }
    }

    /// The name in one text, by which a form or a registry knows it.
    pub fn key(&self) -> String {
        let condition = self.condition.as_deref().unwrap_or_default();
        let owner = self.owner.as_deref().unwrap_or_default();
        format!("{} {} {condition} {owner}", self.agreement, self.code)
    }
}

/// What kept questions from being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barrier {
    /// What it is known by.
    pub name: BarrierName,
    /// How many questions met it.
    pub questions: u64,
    /// How many of those it would still keep from being answered.
    pub held: u64,
    /// When a question first met it.
    pub first: Timestamp,
    /// When a question last met it.
    pub last: Timestamp,
}

impl Barrier {
    /// For how many questions it is no longer in the way.
    pub fn lifted(&self) -> u64 {
        self.questions.saturating_sub(self.held)
    }
}

/// Where a barrier's condition is in the agreement's document: those that name none come first, those of a condition that
/// the document no longer has last.
///
/// ```
/// use zwerm_agreement::{agreement::Document, barrier::place_in, sample};
/// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let place = |path| place_in(&agreement, path);
/// assert!(place(None) < place(Some("purpose")));
/// assert!(place(Some("purpose")) < place(Some("protection.max_dimensions")));
/// assert!(place(Some("protection.max_dimensions")) < place(Some("protection.colour")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn place_in(agreement: &Agreement, condition: Option<&str>) -> usize {
    let Some(path) = condition else {
        return 0;
    };
    let all = condition::enforced(agreement);
    let within = |known: &str| {
        known
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let found = all.iter().position(|known| within(&known.path));
    found.map_or(usize::MAX, |place| place + 1)
}
