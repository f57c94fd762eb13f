//! Who may do what, decided by Cedar policies that are generated from the agreement.
//!
//! Default deny; a forbid overrides every permit. Each policy carries its words in Dutch and English and the path of
//! the condition that it comes from, so that a decision can say which policy made it: the words are read from the
//! policies that Cedar names, never derived a second time. Counters and budgets are not policy.
//!
//! A question is decided twice: before it is read (party, purpose, validity), and again with its view and the source
//! columns that it touches (embargo).

mod decide;
mod generate;
mod request;
mod rule;

pub use decide::{Permit, PolicyDecision, PolicyInWords, decide};
pub use request::{Action, PolicyRequest};

use std::collections::BTreeMap;
use std::str::FromStr;

use cedar_policy::{Effect, Policy, PolicyId, Schema, ValidationMode, Validator};
use thiserror::Error;

use crate::agreement::Agreement;

/// What policies may refer to.
const SCHEMA: &str = include_str!("schema.cedarschema");

/// Why a text is not a set of policies.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PolicyError {
    /// It is not Cedar.
    #[error("the policies cannot be read: {0}; mend the Cedar text")]
    Syntax(String),
    /// A policy without `@id`.
    #[error("a policy has no `@id`; give every policy one")]
    Unnamed,
    /// Two policies with one `@id`.
    #[error("two policies have the id `{0}`; give each its own")]
    Twice(String),
    /// A policy with open slots.
    #[error("a policy has open slots; write the party or agreement in it")]
    Template,
    /// A policy refers to something that no request has.
    #[error("the policies do not fit the schema: {0}; speak only of what a request has")]
    Schema(String),
}

/// A set of policies.
#[derive(Debug, Clone)]
pub struct PolicySet {
    text: String,
    all: cedar_policy::PolicySet,
    permits: cedar_policy::PolicySet,
    /// The words of each policy, by its id, because Cedar parses the name of an annotation each time it is looked up.
    said: BTreeMap<String, BTreeMap<String, String>>,
}

impl PolicySet {
    /// The policies of an agreement.
    ///
    /// # Errors
    /// Only for an agreement that was not read by [`crate::agreement::Document::parse`], with a party listed twice.
    ///
    /// ```
    /// use zwerm_agreement::{agreement::Document, policy::PolicySet, sample};
    /// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let policies = PolicySet::generate(&agreement)?;
    /// assert!(policies.to_cedar().contains(r#"@id("may-ask:universiteit")"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn generate(agreement: &Agreement) -> Result<Self, PolicyError> {
        Self::from_cedar(&generate::policies(agreement))
    }

    /// No policies at all: everything is refused.
    ///
    /// ```
    /// assert!(zwerm_agreement::policy::PolicySet::empty().is_empty());
    /// ```
    pub fn empty() -> Self {
        Self {
            text: String::new(),
            all: cedar_policy::PolicySet::new(),
            permits: cedar_policy::PolicySet::new(),
            said: BTreeMap::new(),
        }
    }

    /// Whether there is no policy.
    ///
    /// ```
    /// use zwerm_agreement::policy::PolicySet;
    /// assert!(PolicySet::from_cedar("")?.is_empty());
    /// # Ok::<(), zwerm_agreement::policy::PolicyError>(())
    /// ```
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Policies from Cedar text, as [`Self::to_cedar`] writes it.
    ///
    /// # Errors
    /// It is not Cedar, a policy has no id or the id of another, or it refers to something that no request has.
    ///
    /// ```
    /// use zwerm_agreement::policy::{PolicyError, PolicySet};
    /// let text = r#"@id("all") permit (principal, action, resource);"#;
    /// assert!(!PolicySet::from_cedar(text)?.is_empty());
    /// let unnamed = PolicySet::from_cedar("permit (principal, action, resource);");
    /// assert_eq!(unnamed.err(), Some(PolicyError::Unnamed));
    /// # Ok::<(), PolicyError>(())
    /// ```
    pub fn from_cedar(text: &str) -> Result<Self, PolicyError> {
        let read = cedar_policy::PolicySet::from_str(text)
            .map_err(|error| PolicyError::Syntax(error.to_string()))?;
        if read.templates().next().is_some() {
            return Err(PolicyError::Template);
        }
        let mut set = Self::empty();
        for policy in read.policies() {
            set.add(policy)?;
        }
        set.fits_schema()?;
        set.text = text.to_owned();
        Ok(set)
    }

    /// The policies as Cedar text.
    ///
    /// ```
    /// use zwerm_agreement::{agreement::Document, policy::PolicySet, sample};
    /// let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let policies = PolicySet::generate(&agreement)?;
    /// assert!(PolicySet::from_cedar(policies.to_cedar()).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_cedar(&self) -> &str {
        &self.text
    }

    fn add(&mut self, policy: &Policy) -> Result<(), PolicyError> {
        let id = policy
            .annotation("id")
            .ok_or(PolicyError::Unnamed)?
            .to_owned();
        let twice = |_| PolicyError::Twice(id.clone());
        let said = policy.annotations();
        let said = said.map(|(key, value)| (key.to_owned(), value.to_owned()));
        self.said.insert(id.clone(), said.collect());
        let policy = policy.new_id(PolicyId::new(&id));
        if policy.effect() == Effect::Permit {
            self.permits.add(policy.clone()).map_err(twice)?;
        }
        self.all.add(policy).map_err(twice)
    }

    fn fits_schema(&self) -> Result<(), PolicyError> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)
            .map_err(|error| PolicyError::Schema(error.to_string()))?;
        let result = Validator::new(schema).validate(&self.all, ValidationMode::Strict);
        let errors: Vec<_> = result
            .validation_errors()
            .map(ToString::to_string)
            .collect();
        if errors.is_empty() {
            Ok(())
        } else {
            Err(PolicyError::Schema(errors.join("; ")))
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod turn_tests;
