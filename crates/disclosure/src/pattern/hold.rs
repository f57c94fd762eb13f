//! From what a pattern must protect to a pattern that does.

use std::cmp::Reverse;

use super::{Certificate, Pattern, search::Search};
use crate::{
    ids::{CellId, IdVec},
    primary::Need,
};

/// A pattern that holds.
pub(crate) struct HeldPattern {
    /// The hidden cells.
    pub(crate) hidden: IdVec<CellId, bool>,
    /// What proves it.
    pub(crate) certificates: Vec<Certificate>,
}

impl Pattern<'_> {
    /// Meets every need, then gives back what turns out superfluous.
    ///
    /// # Errors
    /// A need that no move meets.
    pub(crate) fn hold(mut self) -> Result<HeldPattern, Need> {
        // detailed cells first: their moves often serve coarser ones too
        self.needs.as_mut_slice().sort_by_key(|need| {
            let dimensions = self.lattice.dimensions_of(need.goal.target.plus);
            Reverse((dimensions.count_ones(), need.goal.amount, need.goal.target))
        });
        let mut search = Search::new(&self);
        let everywhere = search.open_needs(None);
        search.meet_all(everywhere)?;
        search.improve();
        // what is given back is looked at cell by cell; who knows several cells at once may have gained
        let rest = search.open_needs(None);
        search.meet_all(rest)?;
        Ok(HeldPattern {
            hidden: search.hidden,
            certificates: search.certificates.into_certificates(),
        })
    }
}
