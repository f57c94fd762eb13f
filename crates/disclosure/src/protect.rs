//! From a table and its rules to what may be published.

use std::collections::BTreeSet;

use crate::{
    Cell, DisclosureError, Quantity, Rules, Table, check,
    cost::costs,
    coupling::Coupling,
    known::Known,
    lattice::Lattice,
    layer::Layer,
    memory::{Remembered, remembered},
    pattern::{Need, Pattern, Provider, Singleton, unprotectable},
    pool::Certificate,
    primary::{self, Site},
    space::{Space, Statistics, spaces},
    straddle::straddled,
    timeline::Ruling,
    walk::{Functional, Move},
};

/// Which cells of the lattice are hidden, jointly protected.
#[derive(Debug, Clone)]
pub struct Protected {
    pub(crate) lattice: Lattice,
    pub(crate) statistics: Statistics,
    pub(crate) counts: Vec<bool>,
    pub(crate) measures: Vec<Vec<bool>>,
    /// What proves it, where units have one value and nothing was published before.
    pub(crate) certificates: Vec<Certificate>,
}

/// Protects all tables of up to `max_dimensions` dimensions jointly.
///
/// Units, rows and numbers of values share one pattern; the pattern of each measure contains it.
/// What holds afterwards, over all published cells at once:
/// - no hidden cell is a linear combination of published ones; no unsafe cell is, even for one contributor who
///   knows every cell that nobody else is in, or one provider who knows its own columns;
/// - every unsafe count could, as far as the published cells tell, be at least `minimum_units`, in a
///   whole-number table that is at least 1 wherever empty cells would have been shown. This also holds
///   for combinations of more than `max_dimensions` dimensions, which are never published;
/// - every unsafe sum could lie further away, both ways, by what [`Rules::required_move`] asks, within
///   the bounds of its measure.
///
/// All of this also holds together with what was published [`earlier`](Table::earlier), for the figures that
/// were hidden then as for those hidden now: what was shown is known, and a cell that has not changed is one
/// unknown. A figure that everyone knows already is no secret any more; it is hidden all the same. It is known when
/// it was shown as large as it is; that as many units earn something else now is news.
///
/// # Errors
/// A table or rule that does not fit its description, and [`DisclosureError::Unprotectable`] when
/// somebody's own knowledge, or what was published before, gives a cell away whatever is hidden.
///
/// ```
/// use zwerm_disclosure::{BaseCell, Contributions, Dimension, Rules, Table, protect};
/// let cells = [[40, 3, 30], [30, 20, 50], [25, 35, 45]];
/// let table = Table {
///     dimensions: vec![Dimension::new("district", 3), Dimension::new("household", 3)],
///     max_dimensions: 2,
///     cells: cells.iter().enumerate().flat_map(|(i, row)| {
///         row.iter().enumerate().map(move |(j, &units)| BaseCell {
///             coordinates: vec![i as u32, j as u32], units,
///             rows: Contributions { units, count: units, total: units as f64, absolute: units as f64,
///                 largest: vec![1.0, 1.0], missing: 0 },
///             measures: vec![], identity: None,
///         })
///     }).collect(),
///     ..Table::default()
/// };
/// let published = protect(&table, &Rules::minimum(10))?.cells();
/// let hidden = published.iter().filter(|cell| cell.units.is_none()).count();
/// assert_eq!((published.len(), hidden), (16, 4)); // the 3, and what it takes to keep it hidden
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
pub fn protect(table: &Table, rules: &Rules) -> Result<Protected, DisclosureError> {
    let ruling = Ruling::new(table, rules);
    let (first, rows) = prepared(table, rules, &ruling)?;
    let moves = remembered(table, rules);
    let plain = rows.is_none() && table.earlier.is_empty();
    let (counts, space) = match rows {
        None => {
            let work = Work::new(table, &ruling, &first).remembering(&moves);
            let counts = work.counts()?;
            (counts, first)
        }
        Some(rows) => {
            let units = Work::new(table, &ruling, &first);
            let counts = straddled(&units, &Work::new(table, &ruling, &rows))?;
            (counts, rows)
        }
    };
    let work = Work::new(table, &ruling, &space).remembering(&moves);
    let mut measures = vec![counts.hidden.clone(); table.measures.len()];
    let mut certificates = Vec::new();
    for class in work.classes() {
        let Counts { hidden, pool, .. } = work.class(&class, &counts)?;
        certificates.extend(pool.into_iter().skip(counts.pool.len()));
        for measure in class {
            if let Some(pattern) = measures.get_mut(measure) {
                pattern.clone_from(&hidden);
            }
        }
    }
    certificates.extend(counts.pool);
    if !plain {
        certificates.clear();
    }
    Ok(Protected {
        lattice: space.lattice,
        statistics: space.statistics,
        counts: counts.hidden,
        measures,
        certificates,
    })
}

/// The moves of the pattern of the counts when just these cells are published.
pub(crate) fn pattern_of(
    table: &Table,
    ruling: &Ruling,
    published: &[Cell],
    moves: &[Remembered],
) -> Result<(Lattice, Vec<Move>), DisclosureError> {
    let (mut space, _) = spaces(table, ruling)?;
    let names = published.iter().map(|c| &c.coordinates);
    space.lattice.publish_only(names);
    let work = Work::new(table, ruling, &space).remembering(moves);
    let pool = work.counts()?.pool.into_iter();
    Ok((space.lattice, pool.map(|c| c.found).collect()))
}

pub(crate) fn prepared(
    table: &Table,
    rules: &Rules,
    ruling: &Ruling,
) -> Result<(Space, Option<Space>), DisclosureError> {
    rules.check()?;
    for earlier in table.earlier.iter().flat_map(|e| &e.rules) {
        earlier.check()?;
    }
    check::table(table)?;
    spaces(table, ruling)
}

/// The pattern of the counts, with what the patterns of the measures build on.
#[derive(Clone)]
pub(crate) struct Counts {
    pub(crate) hidden: Vec<bool>,
    pool: Vec<Certificate>,
    pub(crate) secrets: Vec<Functional>,
}

/// The ground that the patterns of one space are found on.
pub(crate) struct Work<'a> {
    pub(crate) table: &'a Table,
    ruling: &'a Ruling,
    pub(crate) space: &'a Space,
    pub(crate) lattice: &'a Lattice,
    pub(crate) statistics: &'a Statistics,
    cost: Vec<f64>,
    remembered: &'a [Remembered],
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl<'a> Work<'a> {
    pub(crate) fn new(table: &'a Table, ruling: &'a Ruling, space: &'a Space) -> Work<'a> {
        Work {
            table,
            ruling,
            space,
            lattice: &space.lattice,
            statistics: &space.statistics,
            cost: costs(table, &space.lattice, &space.statistics),
            remembered: &[],
        }
    }

    fn remembering(self, remembered: &'a [Remembered]) -> Work<'a> {
        Work { remembered, ..self }
    }

    pub(crate) fn site<'b>(&'b self, known: &'b Known) -> Site<'b> {
        Site {
            table: self.table,
            ruling: self.ruling,
            space: self.space,
            exposed: &known.exposed,
        }
    }

    /// The pattern of units, rows and numbers of values.
    fn counts(&self) -> Result<Counts, DisclosureError> {
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
        found: primary::Found,
        known: &Known,
        inherited: Option<Vec<Certificate>>,
    ) -> Result<Counts, DisclosureError> {
        let all: Vec<usize> = (0..self.table.providers).collect();
        let coupling = self.space.coupling(|a, b| self.space.as_many(a, b));
        let singletons = self.singletons(&self.statistics.units, coupling.as_ref());
        let secrets = found.secrets.clone();
        let providers = self.providers(&all, &[], &[]);
        let (hidden, pool) =
            self.hold(found, (known, coupling), providers, singletons, inherited)?;
        Ok(Counts {
            hidden,
            pool,
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
        let mut found = primary::Found::default();
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

    /// The pattern of one class of related measures.
    fn class(&self, class: &[usize], counts: &Counts) -> Result<Counts, DisclosureError> {
        let lacks =
            |b: &crate::BaseCell| class.iter().filter(|&&m| b.measures[m].count == 0).count();
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
        let mut found = primary::Found::default();
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
        let inherited = from.pool.iter().filter(usable);
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
        let mut pool = from.pool.clone();
        pool.extend(certificates.into_iter().skip(old));
        Ok(Counts {
            hidden,
            pool,
            secrets: from.secrets.clone(),
        })
    }

    /// `inherited` are the moves of a coarser pattern; an empty cell is hidden only in the coarsest.
    fn hold(
        &self,
        found: primary::Found,
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

    fn sum_layer(&self, measure: usize) -> Layer {
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
    fn sums(&self, measure: usize) -> Vec<(usize, f64)> {
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
