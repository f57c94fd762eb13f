//! From a table and its rules to what may be published.

use std::collections::BTreeSet;

use crate::{
    DisclosureError, Rules, Table, check,
    lattice::Lattice,
    layer::Layer,
    pattern::{Need, Pattern, Provider, Singleton, unprotectable},
    pool::Certificate,
    primary,
    statistics::{self, Statistics},
    walk::Functional,
};

/// Which cells of the lattice are hidden, jointly protected.
#[derive(Debug, Clone)]
pub struct Protected {
    pub(crate) lattice: Lattice,
    pub(crate) statistics: Statistics,
    pub(crate) counts: Vec<bool>,
    pub(crate) measures: Vec<Vec<bool>>,
}

/// Protects all tables of up to `max_dimensions` dimensions jointly.
///
/// Units, rows and numbers of values share one pattern; the pattern of each measure contains it.
/// What holds afterwards, over all published cells at once:
/// - no hidden cell is a linear combination of published ones; no unsafe cell is, even for one
///   contributor who knows their own part or one provider who knows its own columns;
/// - every unsafe count could, as far as the published cells tell, be at least `minimum_units`, in a
///   whole-number table that is at least 1 wherever empty cells would have been shown. This also holds
///   for combinations of more than `max_dimensions` dimensions, which are never published;
/// - every unsafe sum could lie further away, both ways, by what [`Rules::required_move`] asks, within
///   the bounds of its measure.
///
/// # Errors
/// A table or rule that does not fit its description, and [`DisclosureError::Unprotectable`] when
/// somebody's own knowledge gives a cell away whatever is hidden.
///
/// ```
/// use zwerm_disclosure::{BaseCell, Contributions, Dimension, Rules, Table, protect};
/// let dimension = |name: &str, size| Dimension {
///     name: name.into(), size, sensitive: false, known_to: vec![],
/// };
/// let cells = [[40, 3, 30], [30, 20, 50], [25, 35, 45]];
/// let table = Table {
///     dimensions: vec![dimension("district", 3), dimension("household", 3)],
///     measures: vec![], related: vec![], count_like: vec![], providers: 0, max_dimensions: 2,
///     cells: cells.iter().enumerate().flat_map(|(i, row)| {
///         row.iter().enumerate().map(move |(j, &units)| BaseCell {
///             coordinates: vec![i as u32, j as u32], units,
///             rows: Contributions { units, count: units, total: units as f64, absolute: units as f64,
///                 largest: vec![1.0, 1.0], missing: 0 },
///             measures: vec![],
///         })
///     }).collect(),
/// };
/// let published = protect(&table, &Rules::minimum(10))?.cells();
/// let hidden = published.iter().filter(|cell| cell.units.is_none()).count();
/// assert_eq!((published.len(), hidden), (16, 4)); // the 3, and what it takes to keep it hidden
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
pub fn protect(table: &Table, rules: &Rules) -> Result<Protected, DisclosureError> {
    let (lattice, statistics) = prepared(table, rules)?;
    let work = Work {
        table,
        rules,
        cost: costs(table, &lattice, &statistics),
        lattice: &lattice,
        statistics: &statistics,
    };
    let counts = work.counts()?;
    let mut measures = vec![counts.hidden.clone(); table.measures.len()];
    for class in work.classes() {
        let hidden = work.class(&class, &counts)?;
        for measure in class {
            if let Some(pattern) = measures.get_mut(measure) {
                pattern.clone_from(&hidden);
            }
        }
    }
    Ok(Protected {
        lattice,
        statistics,
        counts: counts.hidden,
        measures,
    })
}

/// Hides the cells that are unsafe by themselves and nothing else, as many a dashboard does.
///
/// NOT safe to publish: a hidden cell may follow from the others. For comparison with [`protect`].
///
/// # Errors
/// A table or rule that does not fit its description.
///
/// ```
/// use zwerm_disclosure::{Rules, Table, primary_only};
/// let table = Table { dimensions: vec![], measures: vec![], related: vec![], count_like: vec![],
///     providers: 0, max_dimensions: 0, cells: vec![] };
/// assert_eq!(primary_only(&table, &Rules::minimum(10))?.cells().len(), 1);
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
pub fn primary_only(table: &Table, rules: &Rules) -> Result<Protected, DisclosureError> {
    let (lattice, statistics) = prepared(table, rules)?;
    let unsafe_cells = primary::counts(table, rules, &lattice, &statistics).forced;
    let counts: Vec<bool> = (0..lattice.cells)
        .map(|c| unsafe_cells.contains(&c))
        .collect();
    let own = |contributions: &Vec<crate::Contributions>| {
        let flags = contributions.iter().zip(&counts);
        flags
            .map(|(c, hidden)| *hidden || rules.required_move(c).is_some())
            .collect()
    };
    let measures = statistics.measures.iter().map(own).collect();
    Ok(Protected {
        lattice,
        statistics,
        counts,
        measures,
    })
}

fn prepared(table: &Table, rules: &Rules) -> Result<(Lattice, Statistics), DisclosureError> {
    rules.check()?;
    check::table(table)?;
    let sizes: Vec<usize> = table.dimensions.iter().map(|d| d.size).collect();
    let lattice = Lattice::new(&sizes, table.max_dimensions)?;
    let statistics = statistics::collect(table, &lattice, rules.keep())?;
    Ok((lattice, statistics))
}

/// The pattern of the counts, with what the patterns of the measures build on.
#[derive(Clone)]
struct Counts {
    hidden: Vec<bool>,
    pool: Vec<Certificate>,
    secrets: Vec<Functional>,
}

struct Work<'a> {
    table: &'a Table,
    rules: &'a Rules,
    lattice: &'a Lattice,
    statistics: &'a Statistics,
    cost: Vec<f64>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "cell and measure numbers come from the table and its lattice"
)]
impl Work<'_> {
    /// The pattern of units, rows and numbers of values.
    fn counts(&self) -> Result<Counts, DisclosureError> {
        let mut found = primary::counts(self.table, self.rules, self.lattice, self.statistics);
        for &measure in &self.table.count_like {
            found.add_sums(self.sum_layer(measure), self.sums(measure));
        }
        let known: Vec<usize> = (0..self.table.providers).collect();
        let singletons = self.singletons(&self.statistics.units);
        let secrets = found.secrets.clone();
        let providers = self.providers(&known, &[], &[]);
        let (hidden, pool) = self.hold(found, providers, singletons, None)?;
        Ok(Counts {
            hidden,
            pool,
            secrets,
        })
    }

    /// The pattern of one class of related measures.
    fn class(&self, class: &[usize], counts: &Counts) -> Result<Vec<bool>, DisclosureError> {
        let lacks =
            |b: &crate::BaseCell| class.iter().filter(|&&m| b.measures[m].count == 0).count();
        let mut cells = self.table.cells.iter();
        if cells.all(|b| [0, class.len()].contains(&lacks(b))) {
            return Ok(self.share(class, class, counts)?.hidden);
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
                return Ok(before);
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
        for &measure in measures {
            found.add_sums(self.sum_layer(measure), self.sums(measure));
            let units: Vec<u64> = self.statistics.measures[measure]
                .iter()
                .map(|c| c.units)
                .collect();
            singletons.extend(self.singletons(&units));
        }
        for &measure in class {
            known.extend(self.table.measures[measure].known_to.iter().copied());
            let unsafe_cells = self.sums(measure).into_iter();
            found
                .secrets
                .extend(unsafe_cells.map(|(cell, _)| Functional::cell(cell)));
        }
        let usable = |c: &&Certificate| {
            let mut bases = c.found.bases.keys();
            bases.all(|&cell| !found.layers.iter().any(|l| l.fixed(cell)))
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
            .retain(|s| s.minus.is_none() && !empty_of(&s.plus));
        found.secrets.sort_unstable();
        found.secrets.dedup();
        found
            .forced
            .extend((0..from.hidden.len()).filter(|&cell| from.hidden[cell]));
        let valueless = found.forced.iter().filter(|c| empty_of(c)).copied();
        found.valueless = valueless.collect();
        let known: Vec<usize> = known.into_iter().collect();
        let providers = self.providers(&known, measures, &found.secrets);
        let (mut hidden, certificates) =
            self.hold(found, providers, singletons, Some(inherited))?;
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
        providers: Vec<Option<Provider>>,
        singletons: BTreeSet<Singleton>,
        inherited: Option<Vec<Certificate>>,
    ) -> Result<(Vec<bool>, Vec<Certificate>), DisclosureError> {
        let pattern = Pattern {
            lattice: self.lattice,
            units: &self.statistics.units,
            cost: &self.cost,
            layers: found.layers,
            needs: found.needs,
            forced: found.forced,
            valueless: found.valueless,
            secrets: found.secrets,
            singletons,
            providers,
            may_hide_empties: inherited.is_none(),
            inherited: inherited.unwrap_or_default(),
        };
        let held = pattern.hold().map_err(|need: Need| {
            let names: Vec<String> = self
                .table
                .dimensions
                .iter()
                .map(|d| d.name.clone())
                .collect();
            unprotectable(&need, self.lattice, &names)
        })?;
        Ok((held.hidden, held.certificates))
    }

    /// What each provider of `known` knows; `secrets` are looked through for what is its own anyway.
    fn providers(
        &self,
        known: &[usize],
        class: &[usize],
        secrets: &[Functional],
    ) -> Vec<Option<Provider>> {
        (0..self.table.providers)
            .map(|p| {
                let mask = self.known_mask(p);
                let own = |s: &&Functional| s.minus.is_none() && self.own(mask, s.plus, class);
                (known.contains(&p) && mask != self.lattice.full()).then(|| Provider {
                    mask,
                    own: secrets.iter().filter(own).map(|s| s.plus).collect(),
                })
            })
            .collect()
    }

    /// Whether a cell is a union of cells over the dimensions in `known`, as far as there are values.
    fn own(&self, known: usize, cell: usize, class: &[usize]) -> bool {
        let mask = self.lattice.mask(cell);
        let side = |base: &crate::BaseCell| {
            (
                self.lattice.cell(known, &base.coordinates),
                self.lattice.cell(mask, &base.coordinates) == cell,
            )
        };
        let valued = |b: &&crate::BaseCell| class.iter().any(|&m| b.measures[m].count > 0);
        let bases = self.table.cells.iter().filter(valued);
        let sides: BTreeSet<(usize, bool)> = bases.map(side).collect();
        let inside = sides.iter().filter(|(_, inside)| *inside);
        !inside
            .into_iter()
            .any(|(own, _)| sides.contains(&(*own, false)))
    }

    fn known_mask(&self, provider: usize) -> usize {
        let dimensions = self.table.dimensions.iter().enumerate();
        dimensions
            .filter(|(_, d)| d.known_to.contains(&provider))
            .fold(0, |mask, (d, _)| mask | 1 << d)
    }

    fn sum_layer(&self, measure: usize) -> Layer {
        let base = self.lattice.levels[self.lattice.full()].offset;
        let cells = &self.statistics.measures[measure];
        let total: Vec<f64> = cells.iter().map(|c| c.total).collect();
        let of = &self.table.measures[measure];
        let bounds: Vec<(f64, f64)> = cells[base..]
            .iter()
            .map(|c| match c.count {
                0 => (0.0, 0.0),
                n => (n as f64 * of.lower, n as f64 * of.upper),
            })
            .collect();
        let valueless = (base..self.lattice.cells)
            .map(|cell| self.statistics.units[cell] > 0 && cells[cell].count == 0)
            .collect();
        Layer::sum(self.lattice, &total, &bounds, valueless)
    }

    /// Cells of a measure that are unsafe by themselves, with how far they must be able to move.
    fn sums(&self, measure: usize) -> Vec<(usize, f64)> {
        let cells = self.statistics.measures[measure].iter().enumerate();
        cells
            .filter(|(cell, _)| self.lattice.published(*cell))
            .filter_map(|(cell, c)| Some((cell, self.rules.required_move(c)?)))
            .collect()
    }

    fn singletons(&self, units: &[u64]) -> BTreeSet<Singleton> {
        let full = self.lattice.full();
        let start = self.lattice.levels[full].offset;
        let mut singletons = BTreeSet::new();
        for base in (start..self.lattice.cells).filter(|&cell| units[cell] == 1) {
            let at = self.lattice.coordinates(base);
            for mask in 0..=full {
                let cell = self.lattice.cell(mask, &at);
                if units[cell] == 1 {
                    singletons.insert(Singleton { cell, base });
                }
            }
        }
        singletons
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

/// What hiding each cell costs: coarse tables and full cells are worth most; an empty cell is
/// hidden only where nothing else will do, unless its dimension is sensitive.
fn costs(table: &Table, lattice: &Lattice, statistics: &Statistics) -> Vec<f64> {
    let mut cost = Vec::with_capacity(lattice.cells);
    for (mask, level) in lattice.levels.iter().enumerate() {
        let above = table
            .max_dimensions
            .saturating_sub(level.dimensions as usize) as f64
            + 1.0;
        let sensitive = table
            .dimensions
            .iter()
            .enumerate()
            .any(|(d, dimension)| mask >> d & 1 == 1 && dimension.sensitive);
        let units = statistics.units.iter().skip(level.offset).take(level.len);
        cost.extend(units.map(|&units| {
            let worth = match (units, sensitive) {
                (0, true) => 3.0,
                (0, false) => 50.0,
                _ => 1.0 + (1.0 + units as f64).ln() / 20.0,
            };
            if level.published {
                worth * above.powi(4)
            } else {
                0.0
            }
        }));
    }
    cost
}
