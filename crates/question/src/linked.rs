//! Releases that have units in common: one table of all of them, so that they can be protected together.
//!
//! Every unit is looked up in every view, and every release in the data that it was made of. What one view says
//! of a unit and another does not becomes a dimension of the joint table; what both say is one dimension. Which
//! releases were published, and what they show, comes along; `zwerm-disclosure` then hides what any of them
//! would give away.

use std::collections::{BTreeMap, HashMap, HashSet};

use zwerm_commons::{
    agreement::{Agreement, View},
    refusal::{Code, Refusal},
    text::Text,
};
use zwerm_disclosure::{Asked, Cell, Dimension, Earlier, Measure, Table, related};

use crate::{
    aggregate::{self, Tally, digest},
    cube::{self, Cube, Step},
    error::QuestionError,
    lineage,
    register::Register,
    session::Limits,
    source::Checked,
    unit::{Figures, UnitPart},
};

/// A release that was published before, with what it was made of.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its agreement.
    pub agreement: Agreement,
    /// Its view.
    pub view: View,
    /// Its cells.
    pub cube: Cube,
    /// The data that it was made of.
    pub checked: Vec<Checked>,
}

/// A table of everything that is linked, and where the new view is in it.
pub(crate) struct Joint {
    pub(crate) table: Table,
    /// Per dimension of the new view its place in the table.
    dimensions: Vec<usize>,
    /// Per measure of the new view its place in the table.
    measures: Vec<usize>,
    /// Per dimension of the new view its own coordinate of each coordinate in the table.
    own: Vec<HashMap<u32, u32>>,
}

impl Joint {
    /// The cells of the new view, as that view numbers them; unions that only other views have are left out.
    pub(crate) fn cells(&self, cells: Vec<Cell>) -> Vec<Cell> {
        cells
            .into_iter()
            .filter_map(|cell| self.local(&cell))
            .collect()
    }

    fn local(&self, cell: &Cell) -> Option<Cell> {
        let mut coordinates = Vec::with_capacity(self.dimensions.len());
        for (&d, own) in self.dimensions.iter().zip(&self.own) {
            coordinates.push(match cell.coordinates.get(d).copied().flatten() {
                None => None,
                Some(at) => Some(*own.get(&at)?),
            });
        }
        let every = || self.measures.iter();
        let count = |&m: &usize| cell.counts.get(m).copied().flatten();
        let sum = |&m: &usize| cell.sums.get(m).copied().flatten();
        Some(Cell {
            coordinates,
            units: cell.units,
            rows: cell.rows,
            counts: every().map(count).collect(),
            sums: every().map(sum).collect(),
        })
    }
}

/// A view that is part of the joint table.
struct Sight<'a> {
    agreement: &'a Agreement,
    view: &'a View,
}

/// The data at some time, by `provider/dataset`.
type Data<'a> = BTreeMap<String, &'a Checked>;

/// Per unit what each view says of it.
type Units = BTreeMap<u128, Vec<Option<Vec<UnitPart>>>>;

/// Builds the joint table.
pub(crate) async fn join(
    agreement: &Agreement,
    view: &View,
    checked: &[Checked],
    links: &[Link],
    limits: &Limits,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<Joint, QuestionError> {
    let mut sights = vec![Sight { agreement, view }];
    let mut times = vec![data(checked)];
    // per link its view and its time
    let mut places = Vec::new();
    for link in links {
        let known = sights.iter().position(|s| same_view(s.view, &link.view));
        let sight = known.unwrap_or_else(|| {
            sights.push(Sight {
                agreement: &link.agreement,
                view: &link.view,
            });
            sights.len() - 1
        });
        places.push((sight, time_of(&mut times, data(&link.checked))));
    }
    if let Some(other) = sights.iter().find(|s| s.view.unit != view.unit) {
        return Err(apart(
            other,
            (
                format!("`{}` gaat over een andere eenheid", other.view.name),
                format!("`{}` is about another unit", other.view.name),
            ),
        ));
    }
    let keep = cube::rules(agreement).keep();
    let keep = links
        .iter()
        .fold(keep, |k, l| k.max(cube::rules(&l.agreement).keep()));
    let mut all = Vec::new();
    let mut lineages = Vec::new();
    for (number, time) in times.iter().enumerate() {
        let mut units = Units::new();
        for (position, sight) in sights.iter().enumerate() {
            let data = available(sight, time, &times)?;
            let frame = cube::frame(sight.agreement, sight.view, &data, limits).await?;
            if number == 0 {
                lineages.push(aggregate::sources(&frame, sight.view));
            }
            let counted = |n| progress(Step::Counting(n));
            let minimum = sight.agreement.protection.minimum_units;
            aggregate::each(frame, sight.view, minimum, &counted, &mut |key, parts| {
                let said = units
                    .entry(digest(key))
                    .or_insert_with(|| vec![None; sights.len()]);
                if let Some(place) = said.get_mut(position) {
                    *place = Some(parts.to_vec());
                }
            })
            .await?;
        }
        all.push(units);
    }
    let columns = Columns::new(&sights, &all)?;
    Ok(columns.joint(&sights, &lineages, &all, links, &places, keep))
}

/// Whether two views say the same of the same units.
fn same_view(a: &View, b: &View) -> bool {
    let shape = |v: &View| (v.sql.clone(), v.key.clone(), v.unit.clone());
    shape(a) == shape(b) && a.dimension == b.dimension && a.measure == b.measure
}

fn data(checked: &[Checked]) -> Data<'_> {
    let name = |c: &Checked| format!("{}/{}", c.provider, c.id);
    checked.iter().map(|c| (name(c), c)).collect()
}

/// The time at which the data were these; a new one when they were never so.
fn time_of<'a>(times: &mut Vec<Data<'a>>, data: Data<'a>) -> usize {
    let agrees = |time: &Data| {
        let same = |(name, of): (&String, &&Checked)| {
            time.get(name)
                .is_none_or(|other| other.fingerprint == of.fingerprint)
        };
        data.iter().all(same)
    };
    match times.iter().position(agrees) {
        Some(at) => {
            if let Some(time) = times.get_mut(at) {
                for (name, of) in data {
                    time.entry(name).or_insert(of);
                }
            }
            at
        }
        None => {
            times.push(data);
            times.len() - 1
        }
    }
}

/// The data of a view at some time; what never changed is the same at all times.
fn available(sight: &Sight, time: &Data, times: &[Data]) -> Result<Vec<Checked>, QuestionError> {
    let mut found = Vec::new();
    for dataset in &sight.agreement.dataset {
        let name = format!("{}/{}", dataset.provider, dataset.id);
        let others: Vec<&Checked> = times.iter().filter_map(|t| t.get(&name).copied()).collect();
        let ever: HashSet<&str> = others.iter().map(|c| c.fingerprint.as_str()).collect();
        let same = others.first().filter(|_| ever.len() == 1);
        let Some(of) = time.get(&name).or(same) else {
            let id = &dataset.id;
            return Err(apart(
                sight,
                (
                    format!(
                        "van gegevensbron `{id}` zijn er geen gegevens uit de tijd van die uitgave"
                    ),
                    format!("there are no data of dataset `{id}` from the time of that release"),
                ),
            ));
        };
        found.push((*of).clone());
    }
    Ok(found)
}

/// Refuses what cannot be put into one table.
fn apart(sight: &Sight, (nl, en): (String, String)) -> QuestionError {
    let agreement = sight.agreement;
    let (id, version) = (&agreement.id, agreement.version);
    QuestionError::Refused(vec![
        Refusal::new(
            Code::SecondRelease,
            Text::new(
                format!("over dezelfde gegevens is een uitgave gedaan van `{id}` versie {version}, en {nl}"),
                format!("over the same data a release was done of `{id}` version {version}, and {en}"),
            ),
            Text::new(
                "vraag die uitgave, of gebruik gegevens over een nieuwe periode zonder dezelfde eenheden",
                "ask that release, or use data about a new period without the same units",
            ),
        )
        .under("protection.release_rhythm"),
    ])
}

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
struct Columns {
    dimensions: Vec<Column>,
    measures: Vec<Column>,
    /// Per view the dimension that says whether a unit is in it; `None` when all are.
    presence: Vec<Option<usize>>,
}

impl Columns {
    fn new(sights: &[Sight], all: &[Units]) -> Result<Columns, QuestionError> {
        let straddles = |parts: &Option<Vec<UnitPart>>| parts.as_ref().is_some_and(|p| p.len() > 1);
        let units = || all.iter().flat_map(BTreeMap::values);
        if sights.len() > 1 && units().any(|said| said.iter().any(straddles)) {
            let sight = sights
                .last()
                .ok_or_else(|| QuestionError::Internal("no view".into()))?;
            return Err(apart(
                sight,
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
            let sight = sights
                .last()
                .ok_or_else(|| QuestionError::Internal("no view".into()))?;
            return Err(apart(
                sight,
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
                        let plain = |d: &zwerm_commons::agreement::Dimension| {
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

    fn joint(
        &self,
        sights: &[Sight],
        lineages: &[aggregate::Lineage],
        all: &[Units],
        links: &[Link],
        places: &[(usize, usize)],
        keep: usize,
    ) -> Joint {
        let mut tallies: Vec<Tally> = Vec::new();
        for units in all {
            let mut tally = Tally::new(self.measures.len(), keep);
            for (key, said) in units {
                tally.add(*key as u64, &self.parts(said));
            }
            tallies.push(tally);
        }
        let providers = providers(sights);
        let (dimensions, measures) = self.describe(sights, lineages, &providers);
        let now = tallies.first();
        let found = now.map(|t| related(&t.gram, 2));
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
        Joint {
            own: of_view.iter().enumerate().map(own).collect(),
            measures: (0..count(view.map(|v| v.measure.len())))
                .map(|m| place_of(&self.measures, m))
                .collect(),
            table: Table {
                related: found
                    .as_ref()
                    .map(|f| f.classes.clone())
                    .unwrap_or_default(),
                count_like: found.map(|f| f.count_like).unwrap_or_default(),
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
            },
            dimensions: of_view,
        }
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
            for (k, _) in self
                .presence
                .iter()
                .enumerate()
                .filter(|(_, p)| p.is_some())
            {
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
        for (k, _) in self
            .presence
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_some())
        {
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

    /// The releases as states of the joint table; one without a unit in common with now is left out.
    fn earlier(
        &self,
        sights: &[Sight],
        all: &[Units],
        tallies: &[Tally],
        links: &[Link],
        places: &[(usize, usize)],
    ) -> Vec<Earlier> {
        let mut states = Vec::new();
        let Some(now) = all.first() else {
            return states;
        };
        let own = sights.first().map(|s| &s.agreement.id);
        for (time, (units, tally)) in all.iter().zip(tallies).enumerate() {
            let mut published = Vec::new();
            let mut rules = Vec::new();
            for (link, _) in links.iter().zip(places).filter(|(_, p)| p.1 == time) {
                // all consented anew to a new version: over the same data, its rules are the ones
                if time > 0 || Some(&link.agreement.id) != own {
                    rules.push(cube::rules(&link.agreement));
                }
            }
            for (link, &(sight, at)) in links.iter().zip(places) {
                if at == time {
                    published.extend(
                        link.cube
                            .cells
                            .iter()
                            .map(|c| self.cell(sight, &link.view, c)),
                    );
                }
            }
            let shared = time == 0 || units.keys().any(|key| now.contains_key(key));
            if !published.is_empty() && shared {
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
        for (k, _) in self
            .presence
            .iter()
            .enumerate()
            .filter(|(_, p)| p.is_some())
        {
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

/// Every provider of data of any of the views.
fn providers(sights: &[Sight]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for dataset in sights.iter().flat_map(|s| &s.agreement.dataset) {
        if !all.contains(&dataset.provider) {
            all.push(dataset.provider.clone());
        }
    }
    all
}

/// The providers who know a column: nothing but their own datasets goes into it.
pub(crate) fn known_to(
    agreement: &Agreement,
    sources: &std::collections::BTreeSet<lineage::Source>,
    providers: &[String],
) -> Vec<usize> {
    let owners: HashMap<&str, &str> = agreement
        .dataset
        .iter()
        .map(|d| (d.id.as_str(), d.provider.as_str()))
        .collect();
    let own = |provider: &String| {
        let mut of = sources
            .iter()
            .map(|(dataset, _)| owners.get(dataset.as_str()));
        !sources.is_empty() && of.all(|owner| owner == Some(&provider.as_str()))
    };
    let numbered = providers.iter().enumerate();
    numbered.filter(|(_, p)| own(p)).map(|(n, _)| n).collect()
}
