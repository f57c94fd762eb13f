//! The columns of the joint table: what the views say of every unit, each thing once.
//!
//! Two columns of different views are *the same* when they are described alike (a dimension by its name, its
//! values and whether a unit has one of them; a measure by its name and bounds) and say the same of every unit
//! that is in both views, at every time. The same columns become one column of the joint table; any other is one
//! by itself. This matters both ways. Were one thing there twice, a reader could learn from one column what the
//! other hides, and nothing would look for it. Were two things taken for one, cells of the joint table would hold
//! units of which its published cells say something else.
//!
//! Columns are taken view by view, the new one first, and within a view in its own order; each joins the first
//! column that it is the same as, in all of its views.
//!
//! A dimension numbers its coordinates as every view does, its values first. A unit that is in none of the views
//! which say it gets one more value, *absent*. Then come the unions of values (larger wholes and groups) of all
//! views, each once. Where a unit is not in some view at all, a dimension with two values, in and out, says so:
//! these come after all others, in the order of the views.

use zwerm_agreement::agreement::{Dimension, Measure};

use super::{
    units::{History, UnitRecord},
    views::{ViewId, Views},
};
use crate::{
    register::Register,
    unit::{MeasureFigures, UnitPart},
};

/// A dimension or a measure of a view.
#[derive(Debug, Clone, Copy)]
pub(super) struct ViewColumn {
    pub(super) view: ViewId,
    /// Its place among the view's dimensions, or its measures.
    pub(super) at: usize,
}

/// Columns of views that are the same: never none, and of each view at most one.
pub(super) struct Same(pub(super) Vec<ViewColumn>);

impl Same {
    /// The place of the one that is of this view.
    pub(super) fn in_view(&self, view: ViewId) -> Option<usize> {
        let of = self.0.iter().find(|column| column.view == view);
        of.map(|column| column.at)
    }
}

/// A dimension of the joint table.
pub(super) struct JointDimension {
    pub(super) same: Same,
    /// How many values it has, *absent* not counted.
    values: u32,
    /// The unions of values that any of the views has.
    pub(super) unions: Vec<Vec<u32>>,
    /// Whether some unit is in none of the views that say it.
    pub(super) absent: bool,
}

impl JointDimension {
    fn new(same: Same, views: &Views, history: &History) -> Self {
        let mut unions: Vec<Vec<u32>> = Vec::new();
        let mut values = 0;
        for of in same.0.iter().filter_map(|c| dimension(views, *c)) {
            values = of.values.len() as u32 + 2;
            for union in Register::of(of).unions {
                if !unions.contains(&union) {
                    unions.push(union);
                }
            }
        }
        let nowhere = |record: &UnitRecord| !same.0.iter().any(|column| record.is_in(column.view));
        Self {
            absent: history.records().any(nowhere),
            same,
            values,
            unions,
        }
    }

    /// The coordinate here of a coordinate of one of the views, whose register is given.
    pub(super) fn coordinate(&self, register: &Register, at: u32) -> Option<u32> {
        if at < self.values {
            return Some(at);
        }
        let members = register.members(at);
        let union = self.unions.iter().position(|u| *u == members)?;
        Some(self.values + u32::from(self.absent) + union as u32)
    }

    /// The value that a unit has in one of its base cells.
    fn value(&self, record: &UnitRecord, number: usize) -> u32 {
        let value = |column: &ViewColumn| {
            let part = record.part(column.view, number)?;
            part.coordinates.get(column.at).copied()
        };
        self.same.0.iter().find_map(value).unwrap_or(self.values)
    }
}

/// The columns of the joint table.
pub(super) struct JointColumns {
    pub(super) dimensions: Vec<JointDimension>,
    pub(super) measures: Vec<Same>,
    /// The views that some unit is not in: after the dimensions each has one that says which.
    pub(super) partial: Vec<ViewId>,
}

impl JointColumns {
    /// Finds out which columns of the views are the same.
    pub(super) fn find(views: &Views, history: &History) -> JointColumns {
        let dimensions = views
            .all()
            .map(|of| of.view.dimension.len())
            .collect::<Vec<_>>();
        let measures = views
            .all()
            .map(|of| of.view.measure.len())
            .collect::<Vec<_>>();
        let dimensions = grouped(views, &dimensions, |a, b| {
            described_alike(dimension(views, a), dimension(views, b), plain_dimension)
                && do_agree(history, a, b, |part, at| part.coordinates.get(at).copied())
        });
        let measures = grouped(views, &measures, |a, b| {
            described_alike(measure(views, a), measure(views, b), plain_measure)
                && do_agree(history, a, b, |part, at| part.measures.get(at).copied())
        });
        let is_partial = |view: &ViewId| history.records().any(|record| !record.is_in(*view));
        JointColumns {
            dimensions: dimensions
                .into_iter()
                .map(|same| JointDimension::new(same, views, history))
                .collect(),
            measures,
            partial: views.ids().filter(is_partial).collect(),
        }
    }

    /// The dimension that says which units are in a view; nothing when all are.
    pub(super) fn presence(&self, view: ViewId) -> Option<usize> {
        let at = self.partial.iter().position(|of| *of == view)?;
        Some(self.dimensions.len() + at)
    }

    /// What a unit has in the joint table, by what each view says of it.
    pub(super) fn parts(&self, record: &UnitRecord) -> Vec<UnitPart> {
        let part = |number| self.part(record, number);
        (0..record.width()).map(part).collect()
    }

    fn part(&self, record: &UnitRecord, number: usize) -> UnitPart {
        let dimensions = self.dimensions.iter();
        let values = dimensions.map(|dimension| dimension.value(record, number));
        let is_out = |view: &ViewId| u32::from(record.part(*view, number).is_none());
        let figures = |same: &Same| {
            let figures = |column: &ViewColumn| {
                let part = record.part(column.view, number)?;
                part.measures.get(column.at).copied()
            };
            same.0
                .iter()
                .find_map(figures)
                .unwrap_or(MeasureFigures::NONE)
        };
        let rows = record.parts(number).map(|part| part.rows);
        UnitPart {
            coordinates: values.chain(self.partial.iter().map(is_out)).collect(),
            rows: rows.max().unwrap_or(1),
            measures: self.measures.iter().map(figures).collect(),
        }
    }
}

pub(super) fn dimension<'a>(views: &Views<'a>, column: ViewColumn) -> Option<&'a Dimension> {
    views.get(column.view)?.view.dimension.get(column.at)
}

pub(super) fn measure<'a>(views: &Views<'a>, column: ViewColumn) -> Option<&'a Measure> {
    views.get(column.view)?.view.measure.get(column.at)
}

fn plain_dimension(of: &Dimension) -> (&str, &[String], bool) {
    (&of.name, &of.values, of.per_unit)
}

fn plain_measure(of: &Measure) -> (&str, f64, f64) {
    (&of.name, of.lower, of.upper)
}

fn described_alike<'a, T, D: PartialEq>(
    a: Option<&'a T>,
    b: Option<&'a T>,
    plain: impl Fn(&'a T) -> D,
) -> bool {
    a.zip(b).is_some_and(|(a, b)| plain(a) == plain(b))
}

/// All columns of views, of which each has so many, in groups that are the same.
fn grouped(
    views: &Views,
    counts: &[usize],
    are_same: impl Fn(ViewColumn, ViewColumn) -> bool,
) -> Vec<Same> {
    let mut groups: Vec<Same> = Vec::new();
    for (view, count) in views.ids().zip(counts) {
        for column in (0..*count).map(|at| ViewColumn { view, at }) {
            let fits = |group: &&mut Same| {
                let mut others = group.0.iter();
                group.in_view(view).is_none() && others.all(|other| are_same(*other, column))
            };
            match groups.iter_mut().find(fits) {
                Some(group) => group.0.push(column),
                None => groups.push(Same(vec![column])),
            }
        }
    }
    groups
}

/// Whether two columns say the same of every unit that is in both views.
fn do_agree<T: PartialEq>(
    history: &History,
    a: ViewColumn,
    b: ViewColumn,
    value: impl Fn(&UnitPart, usize) -> Option<T>,
) -> bool {
    history.records().all(
        |record| match (record.part(a.view, 0), record.part(b.view, 0)) {
            (Some(x), Some(y)) => value(x, a.at) == value(y, b.at),
            _ => true,
        },
    )
}
