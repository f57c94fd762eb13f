//! Which cells are published now, and which were before.

use crate::ids::{CellId, IdVec, LevelId};

/// Which cells are published, or were.
#[derive(Debug, Clone)]
pub(crate) struct Publication {
    /// Per cell of the present state, which come first, whether it is published, hidden or not.
    pub(super) now: IdVec<CellId, bool>,
    /// Per cell in every state whether it was published before, hidden or not.
    pub(super) before: IdVec<CellId, bool>,
    /// Per level whether any cell of it is published or was.
    pub(super) seen: IdVec<LevelId, bool>,
}

impl Publication {
    /// Nothing published of so many levels, cells per state and states.
    pub(super) fn new(levels: usize, per_state: usize, states: usize) -> Publication {
        Publication {
            now: IdVec::filled(false, per_state),
            before: IdVec::filled(false, per_state * states),
            seen: IdVec::filled(false, levels),
        }
    }
}
