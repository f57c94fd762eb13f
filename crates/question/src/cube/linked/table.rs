//! The joint table: its columns described, its units added up at every time, and what was published of them.

use std::collections::HashMap;

use zwerm_agreement::agreement::View;
use zwerm_disclosure::{Cell, Earlier, PublishedPart, Table, TableDimension, TableMeasure};

use super::{
    Linked, Scanned,
    columns::{JointColumns, JointDimension, Same, dimension, measure},
    joint::{Joint, OwnDimension},
    relations::relations,
    times::TimeId,
    views::{ViewId, Views},
};
use crate::{
    aggregate::{BaseTally, ColumnSources, Lineage},
    cube::table::{known_to, providers, rules},
    error::QuestionError,
    register::Register,
};

/// All that the joint table is made of.
pub(super) struct Joined<'a> {
    views: &'a Views<'a>,
    scanned: &'a Scanned,
    columns: JointColumns,
    /// Per time the units added up, now first.
    tallies: Vec<BaseTally>,
    /// Every provider of data of any of the agreements.
    providers: Vec<String>,
}

impl<'a> Joined<'a> {
    /// Finds the columns and adds up the units; of each cell the `keep` largest contributions are kept.
    pub(super) fn new(views: &'a Views<'a>, scanned: &'a Scanned, keep: usize) -> Self {
        let columns = JointColumns::find(views, &scanned.history);
        let mut tallies = Vec::new();
        for units in &scanned.history.0 {
            let mut tally = BaseTally::new(columns.measures.len(), keep);
            for (identity, record) in units {
                tally.add(*identity as u64, &columns.parts(record));
            }
            tallies.push(tally);
        }
        Self {
            providers: providers(views.all().map(|of| of.agreement)),
            views,
            scanned,
            columns,
            tallies,
        }
    }

    /// The table, with the releases that were published before.
    ///
    /// # Errors
    /// Our own fault only.
    pub(super) fn table(&self, linked: &[Linked]) -> Result<Table, QuestionError> {
        let now = self.tallies.first();
        let found = relations(&self.tallies);
        let within = self.columns.presence(ViewId::NEW);
        let new = self.views.new_view();
        Ok(Table {
            related: found.classes,
            count_like: found.count_like,
            providers: self.providers.len(),
            max_dimensions: new.agreement.protection.max_dimensions,
            cells: now.map(BaseTally::cells).unwrap_or_default(),
            straddlers: now.map(|t| t.straddlers.clone()).unwrap_or_default(),
            asked: Some(PublishedPart {
                dimensions: self.own_dimensions()?,
                within: within.map(|d| (d, 0)).into_iter().collect(),
            }),
            earlier: self.earlier(linked)?,
            dimensions: self.dimensions(),
            measures: self.measures(),
        })
    }

    /// Where the new view is in the table.
    ///
    /// # Errors
    /// Our own fault only.
    pub(super) fn joint(&self) -> Result<Joint, QuestionError> {
        let view = self.views.new_view().view;
        let measures = (0..view.measure.len()).map(|m| own(self.columns.measures.iter(), m));
        let places = self.own_dimensions()?;
        let dimensions = places.into_iter().zip(&view.dimension);
        let dimensions = dimensions.map(|(at, of)| {
            let joint = self.columns.dimensions.get(at);
            let own = own_coordinates(&Register::of(of), joint.ok_or_else(lost)?)?;
            Ok(OwnDimension { at, own })
        });
        Ok(Joint {
            dimensions: dimensions.collect::<Result<_, QuestionError>>()?,
            measures: measures.collect::<Result<_, QuestionError>>()?,
        })
    }

    /// Per dimension of the new view its place in the table.
    fn own_dimensions(&self) -> Result<Vec<usize>, QuestionError> {
        let count = self.views.new_view().view.dimension.len();
        let all = || self.columns.dimensions.iter().map(|of| &of.same);
        (0..count).map(|d| own(all(), d)).collect()
    }

    fn dimensions(&self) -> Vec<TableDimension> {
        let mut dimensions = Vec::new();
        for column in &self.columns.dimensions {
            let mut same = column.same.0.iter();
            let described = same.clone().find_map(|c| dimension(self.views, *c));
            let Some(of) = described else { continue };
            let is_sensitive = same.any(|c| dimension(self.views, *c).is_some_and(|d| d.sensitive));
            dimensions.push(TableDimension {
                name: of.name.clone(),
                size: Register::of(of).values + usize::from(column.absent),
                unions: column.unions.clone(),
                sensitive: is_sensitive,
                known_to: self.known_to(&column.same, |of| &of.dimensions),
            });
        }
        for view in &self.columns.partial {
            let of = self.views.get(*view);
            let name = of.map_or("", |of| of.view.name.as_str());
            dimensions.push(TableDimension::new(name, 2));
        }
        dimensions
    }

    fn measures(&self) -> Vec<TableMeasure> {
        let described = |same: &Same| {
            let of = same.0.iter().find_map(|c| measure(self.views, *c))?;
            Some(TableMeasure {
                name: of.name.clone(),
                lower: of.lower,
                upper: of.upper,
                known_to: self.known_to(same, |of| &of.measures),
            })
        };
        self.columns.measures.iter().filter_map(described).collect()
    }

    /// The providers who know a column in any of the views that say it.
    fn known_to(&self, same: &Same, of: impl Fn(&Lineage) -> &[ColumnSources]) -> Vec<usize> {
        let known = same.0.iter().filter_map(|column| {
            let lineage = self.scanned.lineages.get(column.view.index())?;
            let agreement = self.views.get(column.view)?.agreement;
            let sources = of(lineage).get(column.at)?;
            Some(known_to(agreement, sources, &self.providers))
        });
        let mut known: Vec<usize> = known.flatten().collect();
        known.sort_unstable();
        known.dedup();
        known
    }

    /// The releases as states of the joint table; one that no unit ties to now, directly or by way of another,
    /// is left out.
    fn earlier(&self, linked: &[Linked]) -> Result<Vec<Earlier>, QuestionError> {
        let tied = self.scanned.history.tied_to_now();
        let own = &self.views.new_view().agreement.id;
        let mut states = Vec::new();
        for (number, tally) in self.tallies.iter().enumerate() {
            let time = TimeId(number);
            let mut published = Vec::new();
            let mut rules_then = Vec::new();
            for linked in linked.iter().filter(|linked| linked.time == time) {
                // all consented anew to a new version: over the same data, its rules are the ones
                if time != TimeId::NOW || linked.link.agreement.id != *own {
                    rules_then.push(rules(&linked.link.agreement));
                }
                published.extend(self.published(linked)?);
            }
            if !published.is_empty() && tied.contains(&time) {
                let then = || (tally.cells(), tally.straddlers.clone());
                states.push(Earlier {
                    then: (time != TimeId::NOW).then(then),
                    published,
                    rules: rules_then,
                });
            }
        }
        Ok(states)
    }

    /// The published cells of a release, as the joint table numbers them.
    fn published(&self, linked: &Linked) -> Result<Vec<Cell>, QuestionError> {
        let view = linked.view;
        let columns = self.columns.dimensions.iter();
        let dimensions: Vec<Option<JointPlace>> = columns
            .map(|joint| JointPlace::of(joint, view, &linked.link.view))
            .collect();
        let measures = self.columns.measures.iter();
        let measures: Vec<Option<usize>> = measures.map(|same| same.in_view(view)).collect();
        let cells = linked.link.cube.cells.iter();
        let cells = cells.map(|cell| {
            let mut coordinates = Vec::with_capacity(dimensions.len() + self.columns.partial.len());
            for place in &dimensions {
                coordinates.push(match place {
                    Some(place) => place.coordinate(cell)?,
                    None => None,
                });
            }
            let partial = self.columns.partial.iter();
            coordinates.extend(partial.map(|of| (*of == view).then_some(0)));
            let sum = |m: &Option<usize>| cell.sums.get((*m)?).copied().flatten();
            Ok(Cell {
                coordinates,
                units: cell.units,
                rows: cell.rows,
                counts: vec![None; measures.len()],
                sums: measures.iter().map(sum).collect(),
            })
        });
        cells.collect()
    }
}

/// A dimension of the joint table that a release says too.
struct JointPlace<'a> {
    joint: &'a JointDimension,
    /// Its place in the release's view.
    at: usize,
    register: Register,
}

impl<'a> JointPlace<'a> {
    fn of(joint: &'a JointDimension, id: ViewId, view: &View) -> Option<Self> {
        let at = joint.same.in_view(id)?;
        let register = Register::of(view.dimension.get(at)?);
        Some(Self {
            joint,
            at,
            register,
        })
    }

    /// The coordinate in the joint table of a published cell; nothing when the cell sums over the dimension.
    fn coordinate(&self, cell: &Cell) -> Result<Option<u32>, QuestionError> {
        let Some(at) = cell.coordinates.get(self.at).copied().flatten() else {
            return Ok(None);
        };
        let joint = self.joint.coordinate(&self.register, at);
        joint.map(Some).ok_or_else(lost)
    }
}

/// Per coordinate of the joint table the new view's own.
fn own_coordinates(
    register: &Register,
    joint: &JointDimension,
) -> Result<HashMap<u32, u32>, QuestionError> {
    let all = 0..register.names.len() as u32;
    let pair = |at| Some((joint.coordinate(register, at)?, at));
    all.map(|at| pair(at).ok_or_else(lost)).collect()
}

/// The place of the column that a column of the new view is part of.
fn own<'s>(mut columns: impl Iterator<Item = &'s Same>, at: usize) -> Result<usize, QuestionError> {
    let place = columns.position(|same| same.in_view(ViewId::NEW) == Some(at));
    place.ok_or_else(lost)
}

fn lost() -> QuestionError {
    QuestionError::Internal("a view's column is not in the joint table".into())
}
