//! Opinion groups from votes on statements.
//!
//! The steps are those of Polis (Small, Bjorkegren, Erkkilä, Shaw, Megill, *Polis: Scaling deliberation by mapping high
//! dimensional opinion spaces*, Recerca 26(2), 2021), made deterministic: the same votes make the same groups, whatever the order
//! in which they came. Places that the paper leaves to chance have a fixed rule here, written where it is.
//!
//! ```
//! use zwerm_voices::opinion::{ballots::{Ballots, CastVote}, groups::groups, vote::Vote};
//! let mut votes = Vec::new();
//! for voter in 0..20 {
//!     for statement in 0..8 {
//!         // half of the voters agree with what the others disagree with, but for the last statement
//!         let vote = if statement == 7 || (voter < 10) == (statement < 4) { Vote::Agree } else { Vote::Disagree };
//!         votes.push(CastVote { voter, statement, vote, at: 0 });
//!     }
//! }
//! let ballots = Ballots::new(&votes, &[])?;
//! let found = groups(&ballots, 1);
//! assert_eq!(found.groups.len(), 2);
//! assert_eq!(found.groups[0].voters.len(), 10);
//! # Ok::<(), zwerm_voices::opinion::error::BallotsError>(())
//! ```

pub mod ballots;
pub mod clusters;
pub mod components;
pub mod consensus;
pub mod error;
pub mod groups;
mod matrix;
pub mod next;
pub mod position;
pub mod read;
pub mod representative;
pub mod silhouette;
pub mod tally;
pub mod vote;
