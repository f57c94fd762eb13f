//! The columns of the joint table: what the views say of every unit, each thing once.

use std::collections::{BTreeMap, HashMap, HashSet};

use zwerm_agreement::agreement::View;
use zwerm_disclosure::{Asked, Cell, Dimension, Earlier, Measure, Related, Table, related};

use super::{Joint, Link, Sight, Units, apart, known_to, providers};
use crate::{
    aggregate::{self, Tally},
    cube,
    error::QuestionError,
    register::Register,
    unit::{Figures, UnitPart},
};

/// A dimension of the joint table: which views say it, and whether any unit has nothing of it.
struct Column {
    /// Each a view and the place in it.
    of: Vec<(usize, usize)>,
    /// For a dimension, how many values it has; one more stands for nothing, where it is absent.
    values: u32,
    /// For a dimension, the unions of values that any of the views has.
    unions: Vec<Vec<u32>>,
    absent: bool,
}

impl Column {
    /// The coordinate in the joint table of one of a view's.
    fn place(&self, register: &Register, at: u32) -> u32 {
        if at < self.values {
            return at;
        }
        let members = register.members(at);
        let union = self.unions.iter().position(|u| *u == members);
        self.values + u32::from(self.absent) + union.unwrap_or_default() as u32
    }
}

/// The columns of the joint table, and which units are in which view.
pub(super) struct Columns {
    dimensions: Vec<Column>,
    measures: Vec<Column>,
    /// Per view the dimension that says whether a unit is in it; `None` when all are.
    presence: Vec<Option<usize>>,
}

impl Columns {
    pub(super) fn new(sights: &[Sight], all: &[Units]) -> Result<Columns, QuestionError> {
        let straddles = |parts: &Option<Vec<UnitPart>>| parts.as_ref().is_some_and(|p| p.len() > 1);
        let units = || all.iter().flat_map(BTreeMap::values);
        let last = || {
            let sight = sights.last();
            sight.ok_or_else(|| QuestionError::Internal("no view".into()))
        };
        if sights.len() > 1 && units().any(|said| said.iter().any(straddles)) {
            return Err(apart(
                last()?,
                (
                    "een eenheid heeft daarin meer waarden van een kenmerk".into(),
                    "a unit has several values of a dimension in it".into(),
                ),
            ));
        }
        let rows = |said: &[Option<Vec<UnitPart>>]| -> HashSet<u64> {
            let parts = said.iter().flatten();
            parts.map(|p| p.iter().map(|p| p.rows).sum()).collect()
        };
        if sights.len() > 1 && units().any(|said| rows(said).len() > 1) {
            return Err(apart(
                last()?,
                (
                    "een eenheid heeft daarin een ander aantal rijen".into(),
                    "a unit has another number of rows in it".into(),
                ),
            ));
        }
        let missing = |k: usize| units().any(|said| said.get(k).is_none_or(Option::is_none));
        let absent: Vec<bool> = (0..sights.len()).map(missing).collect();
        let mut dimensions: Vec<Column> = Vec::new();
        let mut measures: Vec<Column> = Vec::new();
        for (k, sight) in sights.iter().enumerate() {
            for (d, of) in sight.view.dimension.iter().enumerate() {
                let alike = |a: usize, b: usize| {
                    let other = sights.get(a).and_then(|s| s.view.dimension.get(b));
                    other.is_some_and(|other| {
                        let plain = |d: &zwerm_agreement::agreement::Dimension| {
                            (d.name.clone(), d.values.clone(), d.per_unit)
                        };
                        plain(other) == plain(of)
                    }) && agree(
                        all,
                        (k, a),
                        |p| p.coordinates.get(d),
                        |p| p.coordinates.get(b),
                    )
                };
                let values = of.values.len() as u32 + 2;
                place(&mut dimensions, (k, d), values, alike);
            }
            for (m, of) in sight.view.measure.iter().enumerate() {
                let alike = |a: usize, b: usize| {
                    let other = sights.get(a).and_then(|s| s.view.measure.get(b));
                    other.is_some_and(|o| {
                        (&o.name, o.lower, o.upper) == (&of.name, of.lower, of.upper)
                    }) && agree(all, (k, a), |p| p.measures.get(m), |p| p.measures.get(b))
                };
                place(&mut measures, (k, m), 0, alike);
            }
        }
        for column in dimensions.iter_mut() {
            let nowhere = |said: &Vec<Option<Vec<UnitPart>>>| {
                column
                    .of
                    .iter()
                    .all(|(k, _)| said.get(*k).is_none_or(Option::is_none))
            };
            column.absent = units().any(nowhere);
            for &(k, d) in &column.of {
                let of = sights.get(k).and_then(|s| s.view.dimension.get(d));
                for union in of.map(|of| Register::of(of).unions).unwrap_or_default() {
                    if !column.unions.contains(&union) {
                        column.unions.push(union);
                    }
                }
            }
        }
        let mut next = dimensions.len();
        let presence = absent.iter().map(|&absent| {
            absent.then(|| {
                next += 1;
                next - 1
            })
        });
        Ok(Columns {
            presence: presence.collect(),
            dimensions,
            measures,
        })
    }

    pub(super) fn joint(
        &self,
        sights: &[Sight],
        lineages: &[aggregate::Lineage],
        all: &[Units],
        links: &[Link],
        places: &[(usize, usize)],
        keep: usize,
    ) -> (Table, Joint) {
        let mut tallies: Vec<Tally> = Vec::new();
        for units in all {
            let mut tally = Tally::new(self.measures.len(), keep);
            for (key, said) in units {
                tally.add(*key as u64, &self.parts(said));
            }
            tallies.push(tally);
        }
        let providers = providers(sights.iter().map(|s| s.agreement));
        let (dimensions, measures) = self.describe(sights, lineages, &providers);
        let now = tallies.first();
        let found = relations(&tallies);
        let own = |column: &Column, of: usize| column.of.contains(&(0, of));
        let place_of = |columns: &[Column], of: usize| {
            columns
                .iter()
                .position(|c| own(c, of))
                .unwrap_or(usize::MAX)
        };
        let view = sights.first().map(|s| s.view);
        let count = |n: Option<usize>| n.unwrap_or(0);
        let of_view: Vec<usize> = (0..count(view.map(|v| v.dimension.len())))
            .map(|d| place_of(&self.dimensions, d))
            .collect();
        let within = self.presence.first().copied().flatten();
        let most = sights
            .first()
            .map_or(1, |s| s.agreement.protection.max_dimensions);
        let own = |(d, &place): (usize, &usize)| -> HashMap<u32, u32> {
            let of = view.and_then(|v| v.dimension.get(d));
            let pair = of.zip(self.dimensions.get(place));
            let Some((of, column)) = pair else {
                return HashMap::new();
            };
            let register = Register::of(of);
            let all = 0..register.names.len() as u32;
            all.map(|at| (column.place(&register, at), at)).collect()
        };
        let table = Table {
            related: found.classes,
            count_like: found.count_like,
            providers: providers.len(),
            max_dimensions: most,
            cells: now.map(Tally::cells).unwrap_or_default(),
            straddlers: now.map(|t| t.straddlers.clone()).unwrap_or_default(),
            asked: Some(Asked {
                dimensions: of_view.clone(),
                within: within.map(|d| (d, 0)).into_iter().collect(),
            }),
            earlier: self.earlier(sights, all, &tallies, links, places),
            dimensions,
            measures,
        };
        let joint = Joint {
            own: of_view.iter().enumerate().map(own).collect(),
            measures: (0..count(view.map(|v| v.measure.len())))
                .map(|m| place_of(&self.measures, m))
                .collect(),
            dimensions: of_view,
        };
        (table, joint)
    }

    /// The views that some unit is not in, in the order of the dimensions that say so.
    fn partial(&self) -> impl Iterator<Item = usize> + '_ {
        let all = self.presence.iter().enumerate();
        all.filter_map(|(k, dimension)| dimension.map(|_| k))
    }

    /// What a unit has in the joint table, by what each view says of it.
    fn parts(&self, said: &[Option<Vec<UnitPart>>]) -> Vec<UnitPart> {
        let longest = said.iter().flatten().map(Vec::len).max().unwrap_or(0);
        let part = |at: usize| {
            let of = |k: usize| said.get(k)?.as_ref()?.get(at);
            let mut coordinates: Vec<u32> = Vec::new();
            for column in &self.dimensions {
                let mut values = column
                    .of
                    .iter()
                    .filter_map(|&(k, d)| of(k)?.coordinates.get(d));
                coordinates.push(values.next().copied().unwrap_or(column.values));
            }
            for k in self.partial() {
                coordinates.push(u32::from(of(k).is_none()));
            }
            let figures = self.measures.iter().map(|column| {
                let mut values = column
                    .of
                    .iter()
                    .filter_map(|&(k, m)| of(k)?.measures.get(m));
                values.next().copied().unwrap_or(Figures::NONE)
            });
            let parts = (0..said.len()).filter_map(of);
            UnitPart {
                coordinates,
                rows: parts.map(|p| p.rows).max().unwrap_or(1),
                measures: figures.collect(),
            }
        };
        (0..longest).map(part).collect()
    }

    fn describe(
        &self,
        sights: &[Sight],
        lineages: &[aggregate::Lineage],
        providers: &[String],
    ) -> (Vec<Dimension>, Vec<Measure>) {
        let known = |of: &[(usize, usize)], measure: bool| -> Vec<usize> {
            let mut known: Vec<usize> = of
                .iter()
                .filter_map(|&(k, at)| {
                    let (dimensions, measures) = lineages.get(k)?;
                    let sources = if measure { measures } else { dimensions };
                    Some(known_to(
                        sights.get(k)?.agreement,
                        sources.get(at)?,
                        providers,
                    ))
                })
                .flatten()
                .collect();
            known.sort_unstable();
            known.dedup();
            known
        };
        let first = |of: &[(usize, usize)]| of.first().copied().unwrap_or_default();
        let mut dimensions = Vec::new();
        for column in &self.dimensions {
            let (k, d) = first(&column.of);
            let Some(of) = sights.get(k).and_then(|s| s.view.dimension.get(d)) else {
                continue;
            };
            let register = Register::of(of);
            let sensitive = |&(k, d): &(usize, usize)| {
                let of = sights.get(k).and_then(|s| s.view.dimension.get(d));
                of.is_some_and(|d| d.sensitive)
            };
            dimensions.push(Dimension {
                name: of.name.clone(),
                size: register.values + usize::from(column.absent),
                unions: column.unions.clone(),
                sensitive: column.of.iter().any(sensitive),
                known_to: known(&column.of, false),
            });
        }
        for k in self.partial() {
            let name = sights.get(k).map_or("", |s| s.view.name.as_str());
            dimensions.push(Dimension::new(name, 2));
        }
        let mut measures = Vec::new();
        for column in &self.measures {
            let (k, m) = first(&column.of);
            if let Some(of) = sights.get(k).and_then(|s| s.view.measure.get(m)) {
                measures.push(Measure {
                    name: of.name.clone(),
                    lower: of.lower,
                    upper: of.upper,
                    known_to: known(&column.of, true),
                });
            }
        }
        (dimensions, measures)
    }

    /// The releases as states of the joint table; one that no unit ties to now, directly or by way of another,
    /// is left out.
    fn earlier(
        &self,
        sights: &[Sight],
        all: &[Units],
        tallies: &[Tally],
        links: &[Link],
        places: &[(usize, usize)],
    ) -> Vec<Earlier> {
        let mut states = Vec::new();
        let shared = connected(all);
        let own = sights.first().map(|s| &s.agreement.id);
        for (time, tally) in tallies.iter().enumerate() {
            let mut published = Vec::new();
            let mut rules = Vec::new();
            for (link, &(sight, _)) in links.iter().zip(places).filter(|(_, p)| p.1 == time) {
                // all consented anew to a new version: over the same data, its rules are the ones
                if time > 0 || Some(&link.agreement.id) != own {
                    rules.push(cube::rules(&link.agreement));
                }
                let cells = link.cube.cells.iter();
                published.extend(cells.map(|c| self.cell(sight, &link.view, c)));
            }
            if !published.is_empty() && shared.contains(&time) {
                states.push(Earlier {
                    then: (time > 0).then(|| (tally.cells(), tally.straddlers.clone())),
                    published,
                    rules,
                });
            }
        }
        states
    }

    /// A published cell of a view, as the joint table numbers it.
    fn cell(&self, sight: usize, view: &View, cell: &Cell) -> Cell {
        let mut coordinates = vec![None; self.dimensions.len()];
        for (column, into) in self.dimensions.iter().zip(&mut coordinates) {
            let Some(&(_, d)) = column.of.iter().find(|(k, _)| *k == sight) else {
                continue;
            };
            let Some(of) = view.dimension.get(d) else {
                continue;
            };
            let register = Register::of(of);
            let at = cell.coordinates.get(d).copied().flatten();
            *into = at.map(|at| column.place(&register, at));
        }
        for k in self.partial() {
            coordinates.push((k == sight).then_some(0));
        }
        let of = |figures: &[Option<f64>]| -> Vec<Option<f64>> {
            let columns = self.measures.iter();
            columns
                .map(|column| {
                    let &(_, m) = column.of.iter().find(|(k, _)| *k == sight)?;
                    figures.get(m).copied().flatten()
                })
                .collect()
        };
        Cell {
            coordinates,
            units: cell.units,
            rows: cell.rows,
            counts: vec![None; self.measures.len()],
            sums: of(&cell.sums),
        }
    }
}

/// The times that units tie to the present: they have some in common with it, or with another such time.
fn connected(all: &[Units]) -> HashSet<usize> {
    let mut tied: HashSet<usize> = [0].into();
    loop {
        let shares = |time: &usize| {
            let of = all.get(*time);
            let others = tied.iter().filter_map(|other| all.get(*other));
            of.is_some_and(|of| {
                others
                    .into_iter()
                    .any(|other| of.keys().any(|k| other.contains_key(k)))
            })
        };
        let more: Vec<usize> = (0..all.len())
            .filter(|t| !tied.contains(t))
            .filter(shares)
            .collect();
        if more.is_empty() {
            return tied;
        }
        tied.extend(more);
    }
}

/// Relations between measures that hold at any time.
fn relations(tallies: &[Tally]) -> Related {
    let mut classes: Vec<Vec<usize>> = Vec::new();
    let mut count_like: Vec<usize> = Vec::new();
    for found in tallies.iter().map(|t| related(&t.gram, 2)) {
        count_like.extend(found.count_like);
        for mut class in found.classes {
            let (with, without): (Vec<_>, Vec<_>) = classes
                .into_iter()
                .partition(|c| c.iter().any(|m| class.contains(m)));
            class.extend(with.into_iter().flatten());
            class.sort_unstable();
            class.dedup();
            classes = without;
            classes.push(class);
        }
    }
    let (tied, free): (Vec<_>, Vec<_>) = classes
        .into_iter()
        .partition(|c| c.iter().any(|m| count_like.contains(m)));
    count_like.extend(tied.into_iter().flatten());
    count_like.sort_unstable();
    count_like.dedup();
    Related {
        classes: free,
        count_like,
    }
}

/// Adds a column of a view to one that is the same, or by itself.
fn place(
    columns: &mut Vec<Column>,
    of: (usize, usize),
    values: u32,
    alike: impl Fn(usize, usize) -> bool,
) {
    let same = columns.iter_mut().find(|c| {
        !c.of.iter().any(|(k, _)| *k == of.0) && c.of.iter().all(|&(k, at)| alike(k, at))
    });
    match same {
        Some(column) => column.of.push(of),
        None => columns.push(Column {
            of: vec![of],
            values,
            unions: Vec::new(),
            absent: false,
        }),
    }
}

/// Whether two views say the same of every unit that is in both.
fn agree<T: PartialEq>(
    all: &[Units],
    (a, b): (usize, usize),
    first: impl Fn(&UnitPart) -> Option<&T>,
    second: impl Fn(&UnitPart) -> Option<&T>,
) -> bool {
    let mut units = all.iter().flat_map(BTreeMap::values);
    units.all(|said| {
        let of = |k: usize| {
            said.get(k)
                .and_then(Option::as_ref)
                .and_then(|parts| parts.first())
        };
        match (of(a), of(b)) {
            (Some(x), Some(y)) => first(x) == second(y),
            _ => true,
        }
    })
}
