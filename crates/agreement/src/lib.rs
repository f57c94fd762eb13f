//! Agreements about data, for a computer to enforce: parties at four sides of a table, the conditions that they set
//! together, their consent, and policy decisions that say in words which condition made them.
//!
//! Pure: no files, no clock, no network. It is usable on its own, without the rest of Zwerm: anyone who wants
//! a readable document with a stable hash, consent rounds and explained decisions can use it.
//!
//! ```
//! use zwerm_agreement::agreement::Document;
//! use zwerm_agreement::force::in_force;
//! use zwerm_agreement::policy::{Action, PolicySet, PolicyRequest, decide};
//! use zwerm_agreement::text::Lang;
//!
//! // A document is read whole, or every fault in it is told, with its line and its cure.
//! let document = Document::parse("sample.toml", zwerm_agreement::sample::AGREEMENT)?;
//! let agreement = &document.agreement;
//! println!("what parties sign: {}", agreement.hash()?);
//!
//! // In force, or every reason why not.
//! let (today, zone) = ("2026-03-01".parse()?, jiff::tz::TimeZone::UTC);
//! assert!(in_force(agreement, &document.consents, &[], today, &zone).is_ok());
//!
//! // Decided by policies that are generated from the agreement.
//! let policies = PolicySet::generate(agreement)?;
//! let request = PolicyRequest::new(&agreement.id, "rekenbureau", Action::Ask, today);
//! let decision = decide(&policies, &request);
//! assert!(!decision.allowed);
//! for refusal in &decision.refusals {
//!     println!("{}: {}", refusal.code, refusal.what.get(Lang::Nl));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What happens in which order: [`agreement::Document`] reads and [`document`] writes, [`condition`] says in words what the machine enforces,
//! [`signature`] tells which of them count, [`force`] whether all that are needed are there, [`succession`] which version ends
//! which, [`policy`] decides each request, [`refusal`] is what everything refuses with.

pub mod agreement;
pub mod barrier;
pub mod condition;
pub mod consent;
pub mod diagnostic;
pub mod digest;
pub mod document;
pub mod force;
pub mod name;
pub mod period;
pub mod policy;
pub mod reference;
pub mod refusal;
pub mod role;
pub mod sample;
pub mod signature;
pub mod status;
pub mod succession;
pub mod suggest;
pub mod text;
pub mod unseen;
pub mod words;

pub use words::UnknownWordError;
