//! Releases that have units in common: one table of all of them, so that they can be protected together.
//!
//! Every unit is looked up in every view, and every release in the data that it was made of. What one view says
//! of a unit and another does not becomes a dimension of the joint table; what both say is one dimension. Which
//! releases were published, and what they show, comes along; `zwerm-disclosure` then hides what any of them
//! would give away.

mod columns;

use std::collections::{BTreeMap, HashMap, HashSet};

use zwerm_agreement::{
    agreement::{Agreement, View},
    refusal::{Code, Refusal},
    text::Text,
};
use zwerm_disclosure::{Cell, Table};
use zwerm_intake::Checked;

use self::columns::Columns;
use crate::{
    aggregate,
    cube::{self, Cube, Step},
    error::QuestionError,
    lineage,
    session::Limits,
    unit::UnitPart,
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

/// Where the new view is in the table of everything that is linked.
pub(crate) struct Joint {
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

/// Builds the joint table, and where the new view is in it.
pub(crate) async fn join(
    agreement: &Agreement,
    view: &View,
    checked: &[Checked],
    links: &[Link],
    limits: &Limits,
    progress: &(dyn Fn(Step) + Send + Sync),
) -> Result<(Table, Joint), QuestionError> {
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
            aggregate::each(frame, sight.view, minimum, &counted, &mut |unit| {
                let said = units
                    .entry(unit.identity)
                    .or_insert_with(|| vec![None; sights.len()]);
                if let Some(place) = said.get_mut(position) {
                    *place = Some(unit.parts());
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

/// Every provider of data of any of the agreements.
pub(crate) fn providers<'a>(agreements: impl IntoIterator<Item = &'a Agreement>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for dataset in agreements.into_iter().flat_map(|a| &a.dataset) {
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
