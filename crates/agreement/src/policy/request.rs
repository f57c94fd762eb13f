//! What somebody wants to do, and all that a policy may look at.

use std::collections::BTreeSet;

use cedar_policy::{Context, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use jiff::civil::Date;

use crate::period::months;
use crate::words;

words! {
    in "zwerm_agreement::policy";
    /// What somebody wants to do.
    pub enum Action {
        /// Deliberate, consent or object as a party.
        TakePart = "take-part",
        /// Ask a question.
        Ask = "ask",
        /// Make the release of a shared view, or estimate what it would hide.
        Build = "build",
        /// Provide data.
        Provide = "provide",
        /// Read an answer that was given.
        ReadAnswer = "read-answer",
        /// Suspend the agreement.
        Suspend = "suspend",
        /// Lift one's own suspension.
        Resume = "resume",
        /// End the agreement.
        End = "end",
    }
}

/// One thing that somebody wants to do under an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRequest {
    /// The agreement's id.
    pub agreement: String,
    /// Who wants it: a party's id, or anything else for somebody who is no party.
    pub party: String,
    /// What they want to do.
    pub action: Action,
    /// The day on which it is to be done.
    pub today: Date,
    /// Whether the agreement is suspended; see [`crate::status::suspensions`].
    pub suspended: bool,
    /// Whether the agreement ended so long ago, also by decision, that its answers are no longer kept; see
    /// [`crate::status::retained_until`].
    pub past_retention: bool,
    /// The purpose that was stated.
    pub purpose: Option<String>,
    /// The view that the question is about, once known.
    pub view: Option<String>,
    /// The source columns that the question touches, as `dataset.column`, once known.
    pub columns: BTreeSet<String>,
    /// The latest period of the data that the question touches, if all of it names one; see [`crate::period`].
    pub period: Option<String>,
    /// The experiments whose plans are sealed.
    pub sealed: BTreeSet<String>,
}

impl PolicyRequest {
    /// A request that states nothing yet: no purpose, no view, nothing sealed, not suspended.
    ///
    /// ```
    /// use zwerm_agreement::policy::{Action, PolicyRequest};
    /// let mut request = PolicyRequest::new("afspraak", "gemeente", Action::Ask, "2026-03-01".parse()?);
    /// request.purpose = Some("housing-policy".into());
    /// assert_eq!(request.view, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        agreement: impl Into<String>,
        party: impl Into<String>,
        action: Action,
        today: Date,
    ) -> Self {
        Self {
            agreement: agreement.into(),
            party: party.into(),
            action,
            today,
            suspended: false,
            past_retention: false,
            purpose: None,
            view: None,
            columns: BTreeSet::new(),
            period: None,
            sealed: BTreeSet::new(),
        }
    }

    /// The request as Cedar sees it; `None` if Cedar does not accept it, and then it is refused.
    pub(super) fn to_cedar(&self) -> Option<cedar_policy::Request> {
        let principal = uid("Party", &self.party)?;
        let action = uid("Action", self.action.as_str())?;
        let resource = uid("Agreement", &self.agreement)?;
        let context = Context::from_pairs(self.pairs()).ok()?;
        cedar_policy::Request::new(principal, action, resource, context, None).ok()
    }

    fn pairs(&self) -> Vec<(String, RestrictedExpression)> {
        let text = |t: &String| RestrictedExpression::new_string(t.clone());
        let set = |all: &BTreeSet<String>| RestrictedExpression::new_set(all.iter().map(text));
        let mut pairs = vec![
            (
                "today".to_owned(),
                RestrictedExpression::new_long(day_number(self.today)),
            ),
            (
                "suspended".to_owned(),
                RestrictedExpression::new_bool(self.suspended),
            ),
            (
                "past_retention".to_owned(),
                RestrictedExpression::new_bool(self.past_retention),
            ),
            ("columns".to_owned(), set(&self.columns)),
            ("sealed".to_owned(), set(&self.sealed)),
        ];
        pairs.extend(
            self.purpose
                .as_ref()
                .map(|p| ("purpose".to_owned(), text(p))),
        );
        pairs.extend(self.view.as_ref().map(|v| ("view".to_owned(), text(v))));
        let last = self
            .period
            .as_deref()
            .and_then(months)
            .map(|months| months.last);
        pairs.extend(last.map(|m| ("last_month".to_owned(), RestrictedExpression::new_long(m))));
        pairs
    }
}

/// A day as year * 10000 + month * 100 + day, which orders as days do; days before year 0 are one.
pub(super) fn day_number(day: Date) -> i64 {
    if day.year() < 0 {
        return 0;
    }
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

fn uid(kind: &str, id: &str) -> Option<EntityUid> {
    let kind: EntityTypeName = kind.parse().ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
}
