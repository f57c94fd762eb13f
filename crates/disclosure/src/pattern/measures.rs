//! The patterns of measures: each holds that of the counts.

use std::collections::BTreeSet;

use super::{Certificate, Counts, Known, PatternWork, Singleton, counts::Attackers};
use crate::{
    DisclosureError,
    ids::{CellId, IdVec},
    lattice::Coupling,
    moves::{Bounds, Functional, Layer},
    primary::Primary,
    table::{BaseCell, Quantity},
};

/// Per measure its hidden cells, and the certificates of all.
pub(crate) type Measures = (Vec<IdVec<CellId, bool>>, Vec<Certificate>);

impl PatternWork<'_> {
    /// The hidden cells of every measure, and the certificates that their patterns have more than `counts`.
    ///
    /// # Errors
    /// A cell that nothing protects.
    pub(crate) fn measures(&self, counts: &Counts) -> Result<Measures, DisclosureError> {
        let mut hidden = vec![counts.hidden.clone(); self.table.measures.len()];
        let mut certificates = Vec::new();
        for class in self.classes() {
            let own = self.class(&class, counts)?;
            let more = own.certificates.into_iter();
            certificates.extend(more.skip(counts.certificates.len()));
            for measure in class {
                if let Some(pattern) = hidden.get_mut(measure) {
                    pattern.clone_from(&own.hidden);
                }
            }
        }
        Ok((hidden, certificates))
    }

    /// Classes of related measures, those that follow from the counts left out.
    fn classes(&self) -> Vec<Vec<usize>> {
        let mut classes = self.table.related.clone();
        let single = (0..self.table.measures.len()).filter(|m| {
            !self.table.count_like.contains(m) && !classes.iter().any(|c| c.contains(m))
        });
        let single: Vec<Vec<usize>> = single.map(|m| vec![m]).collect();
        classes.extend(single);
        classes
    }

    /// The pattern of one class of related measures.
    fn class(&self, class: &[usize], counts: &Counts) -> Result<Counts, DisclosureError> {
        let lacks = |b: &BaseCell, m: usize| b.measures.get(m).is_none_or(|c| c.count == 0);
        let lacking = |b: &BaseCell| class.iter().filter(|&&m| lacks(b, m)).count();
        let mut cells = self.table.cells.iter();
        if cells.all(|b| [0, class.len()].contains(&lacking(b))) {
            return self.share(class, class, counts);
        }
        // A move through a cell without values proves nothing about a measure that lacks them there:
        // each measure is protected by moves of its own, until none hides more.
        let mut shared = counts.clone();
        loop {
            let before = shared.hidden.clone();
            for &measure in class {
                shared = self.share(&[measure], class, &shared)?;
            }
            if shared.hidden == before {
                return Ok(shared);
            }
        }
    }

    /// The pattern of `measures`, which have their values in the same cells, within one of `from`; what
    /// must stay secret of any of `class` stays so.
    fn share(
        &self,
        measures: &[usize],
        class: &[usize],
        from: &Counts,
    ) -> Result<Counts, DisclosureError> {
        let known = self.known_sums(class);
        let any = |a, b| class.iter().any(|&m| self.space.sum(m, a, b));
        let coupling = self.space.coupling(any);
        let mut found = self.unsafe_sums(measures, class);
        let inherited = self.inherited(&found, &known, coupling.as_ref(), from);
        let old = inherited.len();
        self.take_over(&mut found, measures, &known, from);
        let attackers = Attackers {
            known: &known,
            singletons: self.contributors(measures, coupling.as_ref()),
            coupling,
            providers: self.providers(&self.holders(class), measures, &found.secrets),
        };
        let mut held = self.hold(found, attackers, Some(inherited))?;
        for (hide, before) in held.hidden.iter_mut().zip(from.hidden.iter()) {
            *hide |= before;
        }
        let new = held.certificates.into_iter().skip(old);
        Ok(Counts {
            hidden: held.hidden,
            certificates: from.certificates.iter().cloned().chain(new).collect(),
            secrets: from.secrets.clone(),
        })
    }

    /// The unsafe sums of `measures`, and what must stay secret of any of `class`.
    fn unsafe_sums(&self, measures: &[usize], class: &[usize]) -> Primary {
        let mut found = Primary::default();
        for &measure in measures {
            let known = self.known_sum(measure);
            let site = self.site(&known);
            found.add_sums(self.sum_layer(measure), self.sums(measure), site);
        }
        for &measure in class {
            let known = self.known_sum(measure);
            let cells = self.sums(measure).into_iter().map(|(cell, _)| cell);
            let unknown = cells.filter(|&cell| !known.exposed[cell]);
            found.secrets.extend(unknown.map(Functional::cell));
        }
        found
    }

    /// The moves of `from` that are moves of these sums as well.
    fn inherited(
        &self,
        found: &Primary,
        known: &Known,
        coupling: Option<&Coupling>,
        from: &Counts,
    ) -> Vec<Certificate> {
        let fixed = |&cell: &CellId| {
            let base = self.lattice.base(cell);
            found.layers.iter().any(|l| l.fixed(base))
        };
        let usable = |c: &&Certificate| {
            !c.found.bases.keys().any(fixed)
                && !c.found.cells.keys().any(|&cell| known.published[cell])
                && coupling.is_none_or(|of| of.respects(&c.found.cells, self.lattice))
        };
        let usable = from.certificates.iter().filter(usable);
        usable.map(Certificate::null_vector).collect()
    }

    /// Adds what is secret and hidden in a pattern that these measures build on.
    fn take_over(&self, found: &mut Primary, measures: &[usize], known: &Known, from: &Counts) {
        let empty = |cell: CellId| {
            let mut of = measures.iter().map(|&m| self.statistics.measure(m));
            of.all(|of| of[cell].count == 0)
        };
        let nothing = |cell: CellId| empty(cell) || known.exposed[cell];
        found.secrets.extend(&from.secrets);
        found
            .secrets
            .retain(|s| s.minus.is_none() && !nothing(s.plus));
        found.secrets.sort_unstable();
        found.secrets.dedup();
        let hidden = from.hidden.pairs().filter(|(_, hidden)| **hidden);
        found.forced.extend(hidden.map(|(cell, _)| cell));
        let valueless = found.forced.iter().filter(|&&cell| nothing(cell));
        found.valueless.extend(valueless);
    }

    /// Who is alone with a value of a measure in some cells.
    fn contributors(&self, measures: &[usize], coupling: Option<&Coupling>) -> BTreeSet<Singleton> {
        let of = |&measure: &usize| {
            let units = self.statistics.measure(measure).iter().map(|c| c.units);
            self.singletons(&units.collect(), coupling)
        };
        measures.iter().flat_map(of).collect()
    }

    /// The providers who hold any of these measures.
    fn holders(&self, class: &[usize]) -> Vec<usize> {
        let measures = class.iter().filter_map(|&m| self.table.measures.get(m));
        let holders: BTreeSet<usize> = measures.flat_map(|m| &m.known_to).copied().collect();
        holders.into_iter().collect()
    }

    /// The layer of a measure's sums, with the bounds of every base cell.
    pub(super) fn sum_layer(&self, measure: usize) -> Layer {
        let cells = self.statistics.measure(measure);
        let total = cells.iter().map(|c| c.total).collect();
        let of = self.table.measures.get(measure);
        let (lower, upper) = of.map_or((0.0, 0.0), |of| (of.lower, of.upper));
        let range = |base| match cells[base].count {
            0 => (0.0, 0.0),
            n => (n as f64 * lower, n as f64 * upper),
        };
        let valueless = |base| self.statistics.units[base] > 0 && cells[base].count == 0;
        let bounds = Bounds {
            range: self.lattice.bases().map(range).collect(),
            valueless: self.lattice.bases().map(valueless).collect(),
        };
        Layer::sum(self.lattice, Quantity::Sum(measure), &total, bounds)
    }

    /// Cells of a measure that are unsafe by themselves, with how far they must be able to move.
    pub(super) fn sums(&self, measure: usize) -> Vec<(CellId, f64)> {
        let cells = self.statistics.measure(measure).pairs();
        let published = cells.filter(|(cell, _)| self.lattice.ever_published(*cell));
        let unsafe_cells = published.filter_map(|(cell, c)| {
            let state = self.lattice.state(cell);
            Some((cell, self.ruling.required_move(state, c)?))
        });
        unsafe_cells.collect()
    }
}
