//! The patterns of counts: units, rows and numbers of values.

use std::collections::BTreeSet;

use super::{Certificate, Pattern, Provider, Singleton, Work, known::Known, types::unprotectable};
use crate::{
    DisclosureError,
    lattice::Coupling,
    moves::{Functional, Layer},
    primary::{self, Need},
    table::Quantity,
};

/// The pattern of the counts, with what the patterns of the measures build on.
#[derive(Clone)]
pub(crate) struct Counts {
    pub(crate) hidden: Vec<bool>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) secrets: Vec<Functional>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl Work<'_> {
    /// The pattern of units, rows and numbers of values.
    pub(crate) fn counts(&self) -> Result<Counts, DisclosureError> {
        let known = self.known_counts();
        let site = self.site(&known);
        let mut found = primary::counts(site);
        primary::rows(site, &mut found);
        for &measure in &self.table.count_like {
            found.add_sums(self.sum_layer(measure), self.sums(measure), site);
        }
        self.coarsest(found, &known, None)
    }

    /// The pattern of units alone; `more` is hidden for another reason.
    pub(crate) fn units(&self, more: &BTreeSet<usize>) -> Result<Counts, DisclosureError> {
        let known = self.known_counts();
        let mut found = primary::counts(self.site(&known));
        for &cell in more.iter().filter(|&&cell| known.exposed[cell]) {
            found.valueless.insert(cell);
        }
        found.forced.extend(more);
        self.coarsest(found, &known, None)
    }

    /// The pattern that those of the measures build on; `inherited` as for [`Self::hold`].
    fn coarsest(
        &self,
        found: primary::Primary,
        known: &Known,
        inherited: Option<Vec<Certificate>>,
    ) -> Result<Counts, DisclosureError> {
        let all: Vec<usize> = (0..self.table.providers).collect();
        let coupling = self.space.coupling(|a, b| self.space.as_many(a, b));
        let singletons = self.singletons(&self.statistics.units, coupling.as_ref());
        let secrets = found.secrets.clone();
        let providers = self.providers(&all, &[], &[]);
        let (hidden, certificates) =
            self.hold(found, (known, coupling), providers, singletons, inherited)?;
        Ok(Counts {
            hidden,
            certificates,
            secrets,
        })
    }

    /// The pattern of rows, where units have several values; `hidden` and `secrets` are those of the units.
    pub(crate) fn rows(
        &self,
        hidden: BTreeSet<usize>,
        secrets: BTreeSet<usize>,
    ) -> Result<Counts, DisclosureError> {
        let known = self.known_counts();
        let site = self.site(&known);
        let mut found = primary::Primary::default();
        primary::rows(site, &mut found);
        for &measure in &self.table.count_like {
            found.add_sums(self.sum_layer(measure), self.sums(measure), site);
        }
        if found.layers.is_empty() {
            // nothing but its null vectors is asked of it
            let units = &self.statistics.units;
            found
                .layers
                .push(Layer::count(self.lattice, Quantity::Units, units, |_| {
                    false
                }));
        }
        let empty = |cell: &usize| self.statistics.units[*cell] == 0 || known.exposed[*cell];
        found.valueless.extend(hidden.iter().filter(|c| empty(c)));
        found.forced.extend(hidden);
        let secrets = secrets.into_iter().filter(|c| !empty(c));
        found.secrets.extend(secrets.map(Functional::cell));
        found.secrets.sort_unstable();
        found.secrets.dedup();
        self.coarsest(found, &known, Some(Vec::new()))
    }

    /// `inherited` are the moves of a coarser pattern; an empty cell is hidden only in the coarsest.
    pub(crate) fn hold(
        &self,
        found: primary::Primary,
        (known, coupling): (&Known, Option<Coupling>),
        providers: Vec<Option<Provider>>,
        singletons: BTreeSet<Singleton>,
        inherited: Option<Vec<Certificate>>,
    ) -> Result<(Vec<bool>, Vec<Certificate>), DisclosureError> {
        let pattern = Pattern {
            lattice: self.lattice,
            units: &self.statistics.units,
            known: &known.published,
            coupling: coupling.as_ref(),
            cost: &self.cost,
            layers: found.layers,
            needs: found.needs,
            forced: found.forced,
            valueless: found.valueless,
            secrets: found.secrets,
            singletons: singletons.into_iter().collect(),
            providers,
            may_hide_empties: inherited.is_none(),
            remembered: self.remembered,
            inherited: inherited.unwrap_or_default(),
        };
        let held = pattern.hold().map_err(|need: Need| {
            let names: Vec<String> = self
                .table
                .dimensions
                .iter()
                .map(|d| d.name.clone())
                .collect();
            unprotectable(&need, self.lattice, &names, known.published.contains(&true))
        })?;
        Ok((held.hidden, held.certificates))
    }
}
