//! A refusal: what was refused, by which condition, whose condition that is, and what would lift it.
//!
//! One list of codes serves agreements, policy and questions, so that a door can render them all.
//! A refusal never depends on the values of data.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::text::{Lang, Text};
use crate::words;

words! {
    in "zwerm_agreement::refusal";
    /// Why something was refused; the names are stable.
    pub enum Code {
        /// No party of a side of the table consented.
        SideMissing = "side-missing",
        /// A provider of data did not consent.
        ProviderMissing = "provider-missing",
        /// Nobody with a mandate represents the people whom the data is about.
        NotRepresented = "not-represented",
        /// A consent that is not signed with its party's key, and so does not apply.
        Unsigned = "unsigned",
        /// A party has a paramount objection.
        Objection = "objection",
        /// The agreement is suspended.
        Suspended = "suspended",
        /// The agreement was ended by decision.
        Ended = "ended",
        /// A later version came into force, and answers instead.
        Superseded = "superseded",
        /// The agreement is not valid yet.
        NotYetValid = "not-yet-valid",
        /// The agreement is past its last day.
        Expired = "expired",
        /// Whoever asks is no party to the agreement, or only a supplier.
        WrongParty = "wrong-party",
        /// The purpose stated is not the purpose agreed.
        WrongPurpose = "wrong-purpose",
        /// The party takes part, but not in this way.
        MayNotAsk = "may-not-ask",
        /// No policy allows anything, or one could not be evaluated.
        NoPolicy = "no-policy",
        /// The agreement has no shared view of that name.
        ViewUnknown = "view-unknown",
        /// Outcomes are under embargo until a plan is sealed.
        Embargo = "embargo",
        /// The question is not SQL.
        Syntax = "syntax",
        /// More than one statement.
        SeveralStatements = "several-statements",
        /// A statement that asks nothing.
        NotAQuestion = "not-a-question",
        /// The question is too long.
        TooLong = "too-long",
        /// A join.
        Join = "join",
        /// A subquery or common table expression.
        Subquery = "subquery",
        /// A union or other set operation.
        Union = "union",
        /// A window function.
        Window = "window",
        /// `DISTINCT` other than of the key.
        Distinct = "distinct",
        /// The key is shown, grouped or filtered by.
        Key = "key",
        /// A column that is nowhere in the agreement.
        UnknownColumn = "unknown-column",
        /// A column of the data that is withheld, or that the view does not register.
        WithheldColumn = "withheld-column",
        /// A function that is not known.
        UnknownFunction = "unknown-function",
        /// A known function that may not be used.
        FunctionNotAllowed = "function-not-allowed",
        /// An aggregate that may not be used, or not on this.
        AggregateNotAllowed = "aggregate-not-allowed",
        /// A measure without an aggregate.
        NotAggregated = "not-aggregated",
        /// A filter that may not be used.
        FilterNotAllowed = "filter-not-allowed",
        /// A value that is not registered for the dimension.
        ValueUnregistered = "value-unregistered",
        /// More dimensions than agreed.
        TooManyDimensions = "too-many-dimensions",
        /// Two columns of the answer have one name.
        AliasDuplicate = "alias-duplicate",
        /// A name that looks like a registered one.
        NameLookalike = "name-lookalike",
        /// `EXPLAIN` or `DESCRIBE`.
        Explain = "explain",
        /// An aggregate within an aggregate.
        NestedAggregate = "nested-aggregate",
        /// A dimension shown but not grouped by.
        NotGrouped = "not-grouped",
        /// An expression that may not be used.
        ExpressionNotAllowed = "expression-not-allowed",
        /// A clause that may not be used.
        ClauseNotAllowed = "clause-not-allowed",
        /// A noisy view that cannot be answered yet.
        NoisyView = "noisy-view",
        /// A hierarchy used in a way that cannot be answered.
        Hierarchy = "hierarchy",
        /// Groups used in a way that cannot be answered.
        Groups = "groups",
        /// Units over several values of a dimension that is not per unit.
        NotPerUnit = "not-per-unit",
        /// A second release over data that was already released.
        SecondRelease = "second-release",
        /// The contents of the data make it impossible to build a release; the reason is for their providers alone.
        DataNotBuildable = "data-not-buildable",
        /// The data changed since the release.
        DataChanged = "data-changed",
        /// A limit of the machine was reached.
        LimitExceeded = "limit-exceeded",
        /// Too many questions at once.
        TooBusy = "too-busy",
        /// The question was interrupted.
        Interrupted = "interrupted",
    }
}

/// What a reason to refuse is, for whoever asks and for everybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalNature {
    /// A condition, a missing consent or a party is in the way: it is recorded, and becomes a barrier.
    Barrier,
    /// Something that the agreement keeps closed was asked for by name: it is recorded, as a barrier is.
    Attempt,
    /// Asking otherwise, or later, helps: it is told to whoever asks, and recorded nowhere.
    Mistake,
}

impl Code {
    /// What this reason is, unless its words suggest that somebody mistyped; see [`Refusal::nature`].
    ///
    /// ```
    /// use zwerm_agreement::refusal::{Code, RefusalNature};
    /// assert_eq!(Code::TooManyDimensions.nature(), RefusalNature::Barrier);
    /// assert_eq!(Code::Key.nature(), RefusalNature::Attempt);
    /// assert_eq!(Code::Syntax.nature(), RefusalNature::Mistake);
    /// ```
    pub const fn nature(self) -> RefusalNature {
        match self {
            Self::SideMissing
            | Self::ProviderMissing
            | Self::NotRepresented
            | Self::Unsigned
            | Self::Objection
            | Self::Suspended
            | Self::Ended
            | Self::NotYetValid
            | Self::Expired
            | Self::WrongParty
            | Self::WrongPurpose
            | Self::MayNotAsk
            | Self::NoPolicy
            | Self::Embargo
            | Self::TooManyDimensions
            | Self::NoisyView
            | Self::Hierarchy
            | Self::Groups
            | Self::SecondRelease
            | Self::DataNotBuildable
            | Self::DataChanged => RefusalNature::Barrier,
            Self::Key | Self::WithheldColumn => RefusalNature::Attempt,
            Self::ViewUnknown
            | Self::Syntax
            | Self::SeveralStatements
            | Self::NotAQuestion
            | Self::TooLong
            | Self::Join
            | Self::Subquery
            | Self::Union
            | Self::Window
            | Self::Distinct
            | Self::UnknownColumn
            | Self::UnknownFunction
            | Self::FunctionNotAllowed
            | Self::AggregateNotAllowed
            | Self::NotAggregated
            | Self::FilterNotAllowed
            | Self::ValueUnregistered
            | Self::AliasDuplicate
            | Self::NameLookalike
            | Self::Explain
            | Self::NestedAggregate
            | Self::NotGrouped
            | Self::ExpressionNotAllowed
            | Self::ClauseNotAllowed
            | Self::NotPerUnit
            // the version that took over answers
            | Self::Superseded
            // the machine is in the way, which is nobody's condition
            | Self::LimitExceeded
            | Self::TooBusy
            | Self::Interrupted => RefusalNature::Mistake,
        }
    }
}

/// One reason why something is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// The kind of reason.
    pub code: Code,
    /// What was refused and why, in words.
    pub what: Text,
    /// The condition in the way: a path in the agreement as [`crate::condition`] lists them, or a policy's id.
    pub condition: Option<String>,
    /// The party whose condition it is; `None` when it is everybody's, and `lifts` then says who must agree anew.
    pub owner: Option<String>,
    /// What would lift it.
    pub lifts: Text,
    /// Whether it is a slip: a name near to a registered one, or something that can be asked another way.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub slip: bool,
}

impl Refusal {
    /// A refusal without condition or owner.
    ///
    /// ```
    /// use zwerm_agreement::refusal::{Code, Refusal};
    /// use zwerm_agreement::text::Text;
    /// let refusal = Refusal::new(
    ///     Code::Join,
    ///     Text::new("een join mag niet", "a join may not be asked"),
    ///     Text::new("vraag één gezamenlijke basis", "ask one shared view"),
    /// );
    /// assert_eq!(refusal.code.as_str(), "join");
    /// ```
    pub fn new(code: Code, what: Text, lifts: Text) -> Self {
        Self {
            code,
            what,
            condition: None,
            owner: None,
            lifts,
            slip: false,
        }
    }

    /// What it is for whoever asks and for everybody else: what its code is, but a slip is a mistake.
    ///
    /// ```
    /// # use zwerm_agreement::{refusal::{Code, Refusal, RefusalNature}, text::Text};
    /// let refusal = Refusal::new(Code::WrongPurpose, Text::default(), Text::default());
    /// assert_eq!(refusal.nature(), RefusalNature::Barrier);
    /// assert_eq!(refusal.by_slip().nature(), RefusalNature::Mistake);
    /// ```
    pub fn nature(&self) -> RefusalNature {
        if self.slip {
            return RefusalNature::Mistake;
        }
        self.code.nature()
    }

    /// The same, as something that was mistyped or can be asked another way.
    #[must_use]
    pub fn by_slip(mut self) -> Self {
        self.slip = true;
        self
    }

    /// The same, naming the condition in the way.
    ///
    /// ```
    /// # use zwerm_agreement::{refusal::{Code, Refusal}, text::Text};
    /// let refusal = Refusal::new(Code::Key, Text::default(), Text::default()).under("view.a.key");
    /// assert_eq!(refusal.condition.as_deref(), Some("view.a.key"));
    /// ```
    #[must_use]
    pub fn under(mut self, condition: impl Into<String>) -> Self {
        self.condition = Some(condition.into());
        self
    }

    /// The same, naming the party whose condition it is.
    ///
    /// ```
    /// # use zwerm_agreement::{refusal::{Code, Refusal}, text::Text};
    /// let refusal = Refusal::new(Code::Embargo, Text::default(), Text::default()).owned_by("ggd");
    /// assert_eq!(refusal.owner.as_deref(), Some("ggd"));
    /// ```
    #[must_use]
    pub fn owned_by(mut self, party: impl Into<String>) -> Self {
        self.owner = Some(party.into());
        self
    }

    /// The refusal in one language, as `{code, what, condition, owner, lifts}`.
    ///
    /// ```
    /// # use zwerm_agreement::{refusal::{Code, Refusal}, text::{Lang, Text}};
    /// let refusal = Refusal::new(Code::Union, Text::new("a", "b"), Text::new("c", "d"));
    /// assert_eq!(refusal.to_json(Lang::En)["lifts"], "d");
    /// ```
    pub fn to_json(&self, lang: Lang) -> Value {
        json!({
            "code": self.code,
            "what": self.what.get(lang),
            "condition": self.condition,
            "owner": self.owner,
            "lifts": self.lifts.get(lang),
        })
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}; {}", self.code, self.what, self.lifts)
    }
}

impl std::error::Error for Refusal {}
