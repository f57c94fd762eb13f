//! The patterns of measures: each holds that of the counts.

use std::collections::BTreeSet;

use super::{Certificate, Counts, Work};
use crate::{
    DisclosureError,
    moves::{Functional, Layer},
    primary,
    table::{BaseCell, Quantity},
};

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl Work<'_> {
    /// The hidden cells of every measure, and the certificates that their patterns have more than `counts`.
    pub(crate) fn measures(
        &self,
        counts: &Counts,
    ) -> Result<(Vec<Vec<bool>>, Vec<Certificate>), DisclosureError> {
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

    /// The pattern of one class of related measures.
    fn class(&self, class: &[usize], counts: &Counts) -> Result<Counts, DisclosureError> {
        let lacks = |b: &BaseCell| class.iter().filter(|&&m| b.measures[m].count == 0).count();
        let mut cells = self.table.cells.iter();
        if cells.all(|b| [0, class.len()].contains(&lacks(b))) {
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
        let mut found = primary::Primary::default();
        let mut singletons = BTreeSet::new();
        let mut known = BTreeSet::new();
        let told = self.known_sums(class);
        let any = |a, b| class.iter().any(|&m| self.space.sum(m, a, b));
        let coupling = self.space.coupling(any);
        for &measure in measures {
            found.add_sums(
                self.sum_layer(measure),
                self.sums(measure),
                self.site(&self.known_sum(measure)),
            );
            let units: Vec<u64> = self.statistics.measures[measure]
                .iter()
                .map(|c| c.units)
                .collect();
            singletons.extend(self.singletons(&units, coupling.as_ref()));
        }
        for &measure in class {
            known.extend(self.table.measures[measure].known_to.iter().copied());
            let known = self.known_sum(measure);
            let unsafe_cells = self.sums(measure).into_iter();
            let unsafe_cells = unsafe_cells.filter(|(cell, _)| !known.exposed[*cell]);
            found
                .secrets
                .extend(unsafe_cells.map(|(cell, _)| Functional::cell(cell)));
        }
        let fixed = |cell: usize| {
            let at = self.lattice.base_index(cell);
            found.layers.iter().any(|l| l.fixed(at))
        };
        let usable = |c: &&Certificate| {
            !c.found.bases.keys().any(|&cell| fixed(cell))
                && !c.found.cells.keys().any(|&cell| told.published[cell])
                && coupling
                    .as_ref()
                    .is_none_or(|of| of.respects(&c.found.cells, self.lattice.local))
        };
        let inherited = from.certificates.iter().filter(usable);
        let inherited: Vec<Certificate> = inherited.map(Certificate::null_vector).collect();
        let old = inherited.len();
        found.secrets.extend(&from.secrets);
        let empty_of = |cell: &usize| {
            measures
                .iter()
                .all(|&m| self.statistics.measures[m][*cell].count == 0)
        };
        found
            .secrets
            .retain(|s| s.minus.is_none() && !empty_of(&s.plus) && !told.exposed[s.plus]);
        found.secrets.sort_unstable();
        found.secrets.dedup();
        found
            .forced
            .extend((0..from.hidden.len()).filter(|&cell| from.hidden[cell]));
        let nothing = |cell: &&usize| empty_of(cell) || told.exposed[**cell];
        let valueless: Vec<usize> = found.forced.iter().filter(nothing).copied().collect();
        found.valueless.extend(valueless);
        let known: Vec<usize> = known.into_iter().collect();
        let providers = self.providers(&known, measures, &found.secrets);
        let (mut hidden, certificates) = self.hold(
            found,
            (&told, coupling),
            providers,
            singletons,
            Some(inherited),
        )?;
        for (cell, hide) in hidden.iter_mut().enumerate() {
            *hide |= from.hidden[cell];
        }
        let mut all = from.certificates.clone();
        all.extend(certificates.into_iter().skip(old));
        Ok(Counts {
            hidden,
            certificates: all,
            secrets: from.secrets.clone(),
        })
    }

    /// The layer of a measure's sums, with the bounds of every base cell.
    pub(crate) fn sum_layer(&self, measure: usize) -> Layer {
        let cells = &self.statistics.measures[measure];
        let total: Vec<f64> = cells.iter().map(|c| c.total).collect();
        let of = &self.table.measures[measure];
        let bounds: Vec<(f64, f64)> = self
            .lattice
            .bases()
            .map(|base| match cells[base].count {
                0 => (0.0, 0.0),
                n => (n as f64 * of.lower, n as f64 * of.upper),
            })
            .collect();
        let valueless = self
            .lattice
            .bases()
            .map(|base| self.statistics.units[base] > 0 && cells[base].count == 0)
            .collect();
        Layer::sum(
            self.lattice,
            Quantity::Sum(measure),
            &total,
            &bounds,
            valueless,
        )
    }

    /// Cells of a measure that are unsafe by themselves, with how far they must be able to move.
    pub(crate) fn sums(&self, measure: usize) -> Vec<(usize, f64)> {
        let cells = self.statistics.measures[measure].iter().enumerate();
        cells
            .filter(|(cell, _)| self.lattice.told(*cell))
            .filter_map(|(cell, c)| {
                let state = self.lattice.state(cell);
                Some((cell, self.ruling.required_move(state, c)?))
            })
            .collect()
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
}
