//! The patterns of counts: units, rows and numbers of values.

use std::collections::BTreeSet;

use super::{
    Certificate, HeldPattern, Known, Pattern, PatternWork, Provider, Singleton, unprotectable,
};
use crate::{
    DisclosureError,
    ids::{CellId, IdVec},
    lattice::Coupling,
    moves::{Functional, Layer},
    primary::{self, Primary, RuledTable},
    table::Quantity,
};

/// A pattern, with what the patterns of the measures build on.
#[derive(Clone)]
pub(crate) struct Counts {
    /// The hidden cells.
    pub(crate) hidden: IdVec<CellId, bool>,
    /// What proves it.
    pub(crate) certificates: Vec<Certificate>,
    /// What nobody may derive.
    pub(crate) secrets: Vec<Functional>,
}

/// What attackers know besides the published cells.
pub(super) struct Attackers<'a> {
    /// What everyone knows.
    pub(super) known: &'a Known,
    /// Which states a cell was the same in; `None` when there is one.
    pub(super) coupling: Option<Coupling>,
    /// What each provider knows.
    pub(super) providers: Vec<Option<Provider>>,
    /// Who is alone in some cells.
    pub(super) singletons: BTreeSet<Singleton>,
}

impl PatternWork<'_> {
    /// The pattern of units, rows and numbers of values.
    ///
    /// # Errors
    /// A cell that nothing protects.
    pub(crate) fn counts(&self) -> Result<Counts, DisclosureError> {
        let known = self.known_counts();
        let site = self.site(&known);
        let mut found = primary::counts(site);
        self.magnitudes(site, &mut found);
        self.coarsest(found, &known, None)
    }

    /// The pattern of units alone; `more` is hidden for another reason.
    ///
    /// # Errors
    /// A cell that nothing protects.
    pub(super) fn units(&self, more: &BTreeSet<CellId>) -> Result<Counts, DisclosureError> {
        let known = self.known_counts();
        let mut found = primary::counts(self.site(&known));
        let exposed = more.iter().filter(|&&cell| known.exposed[cell]);
        found.valueless.extend(exposed);
        found.forced.extend(more);
        self.coarsest(found, &known, None)
    }

    /// The pattern of rows, where units have several values; `hidden` and `secrets` are those of the units.
    ///
    /// # Errors
    /// A cell that nothing protects.
    pub(super) fn rows(
        &self,
        hidden: BTreeSet<CellId>,
        secrets: BTreeSet<CellId>,
    ) -> Result<Counts, DisclosureError> {
        let known = self.known_counts();
        let units = &self.statistics.units;
        let mut found = Primary::default();
        self.magnitudes(self.site(&known), &mut found);
        if found.layers.len() == 0 {
            // only its null vectors are needed
            let layer = Layer::count(self.lattice, Quantity::Units, units, |_| false);
            found.layers.push(layer);
        }
        let empty = |cell: &CellId| units[*cell] == 0 || known.exposed[*cell];
        found.valueless.extend(hidden.iter().filter(|c| empty(c)));
        found.forced.extend(hidden);
        let secrets = secrets.into_iter().filter(|c| !empty(c));
        found.secrets.extend(secrets.map(Functional::cell));
        found.secrets.sort_unstable();
        found.secrets.dedup();
        self.coarsest(found, &known, Some(Vec::new()))
    }

    /// Unsafe numbers of rows, and unsafe sums of the measures that follow from the counts.
    fn magnitudes(&self, site: RuledTable, found: &mut Primary) {
        primary::rows(site, found);
        for &measure in &self.table.count_like {
            found.add_sums(self.sum_layer(measure), self.sums(measure), site);
        }
    }

    /// The pattern that those of the measures build on; `inherited` as for [`Self::hold`].
    fn coarsest(
        &self,
        found: Primary,
        known: &Known,
        inherited: Option<Vec<Certificate>>,
    ) -> Result<Counts, DisclosureError> {
        let all: Vec<usize> = (0..self.table.providers).collect();
        let coupling = self.space.coupling(|a, b| self.space.as_many(a, b));
        let attackers = Attackers {
            known,
            singletons: self.singletons(&self.statistics.units, coupling.as_ref()),
            coupling,
            providers: self.providers(&all, &[], &[]),
        };
        let secrets = found.secrets.clone();
        let held = self.hold(found, attackers, inherited)?;
        Ok(Counts {
            hidden: held.hidden,
            certificates: held.certificates,
            secrets,
        })
    }

    /// `inherited` are the moves of a coarser pattern; an empty cell is hidden only in the coarsest.
    ///
    /// # Errors
    /// A cell that nothing protects.
    pub(super) fn hold(
        &self,
        found: Primary,
        attackers: Attackers,
        inherited: Option<Vec<Certificate>>,
    ) -> Result<HeldPattern, DisclosureError> {
        let pattern = Pattern {
            lattice: self.lattice,
            units: &self.statistics.units,
            known: &attackers.known.published,
            coupling: attackers.coupling.as_ref(),
            cost: &self.cost,
            layers: found.layers,
            needs: found.needs.into(),
            forced: found.forced,
            valueless: found.valueless,
            secrets: found.secrets.into(),
            singletons: attackers.singletons.into_iter().collect(),
            providers: attackers.providers,
            may_hide_empties: inherited.is_none(),
            remembered: self.remembered,
            inherited: inherited.unwrap_or_default(),
        };
        pattern.hold().map_err(|need| {
            let dimensions = self.table.dimensions.iter();
            let names: Vec<String> = dimensions.map(|d| d.name.clone()).collect();
            unprotectable(&need, self.lattice, &names, attackers.known.any())
        })
    }
}
