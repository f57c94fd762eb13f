//! The registry: what pages list, and what no file of a home holds.
//!
//! Agreements, what parties say, releases and the public log are in the home's files. Only the registry has people and
//! their rights, sessions, drafts, notices, goals, indicators, projects in words, and questions with their answers. It
//! also keeps a [`mirror`] of the files, which can be made anew at any time, so that pages can list and search them.
//!
//! SQLite by default, PostgreSQL when SQLite is too small: one implementation, one history of migrations, one set of
//! tests. Time is always an argument. Moments are kept to the millisecond; a zero character in a text becomes the
//! replacement character, because PostgreSQL keeps none.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use zwerm_agreement::text::Text;
//! use zwerm_store::Store;
//! use zwerm_store::parties::RegisteredParty;
//!
//! let store = Store::in_memory().await?;
//! let party = RegisteredParty {
//!     id: "buurthuis".into(),
//!     name: Text::new("Buurthuis De Brug", "Community centre De Brug"),
//!     helix: None,
//!     public_key: None,
//! };
//! store.put_party(&party).await?;
//! assert_eq!(store.parties().await?, [party]);
//! # Ok(())
//! # }
//! ```

pub mod answer_notes;
pub mod attempts;
pub mod awaited_keys;
pub mod barriers;
pub mod clock;
mod database;
pub mod drafts;
pub mod entries;
mod error;
pub mod goals;
mod id;
mod identity;
pub mod indicators;
pub mod invitations;
pub mod list;
pub mod mirror;
pub mod notices;
pub mod objection_answers;
mod open;
pub mod parties;
pub mod people;
pub mod projects;
pub mod questions;
pub mod recovery_codes;
pub mod refusals;
pub mod resets;
pub mod roles;
pub mod rounds;
mod row;
mod schema;
pub mod search;
pub mod sessions;
pub mod tasks;
pub mod titles;
pub mod word_questions;
pub mod words_before;

pub use error::{Cause, StoreError};
pub use id::fresh_id;
pub use open::Store;
