//! What the same tables would show if they were protected less well, for comparison.
//!
//! Dashboards hide small figures; most tools protect one table at a time. What leaves here is which
//! cells such tables would show, not their figures, so that an attack on them can be tried (see
//! `zwerm_disclosure::audit`).

use zwerm_agreement::agreement::{Agreement, View};
use zwerm_disclosure::{
    BaseCell, Cell, Rules, Table, TableDimension, audit::SeenCell, primary_only, protect,
};
use zwerm_intake::Sources;

use crate::{
    aggregate,
    cube::{self, Cube},
    error::QuestionError,
    register::Register,
    session::BuildLimits,
};

/// Cells of all tables, and which of them a reader of the tables knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Exposure {
    /// The dimensions, with their values (`(other)` and `(unknown)` included) and unions of values.
    pub dimensions: Vec<TableDimension>,
    /// Every cell, with whether its count is shown in any table.
    pub cells: Vec<SeenCell>,
    /// Per cell whether the table it belongs to hides it.
    pub hidden: Vec<bool>,
}

/// The same tables, protected in lesser ways by the same rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesser {
    /// Only the cells that are unsafe by themselves are hidden.
    pub small_only: Exposure,
    /// Each table is protected with its own margins, without a thought for the others.
    pub one_by_one: Exposure,
}

/// The exposure of a cube: what it hides, nobody knows.
#[must_use]
pub fn jointly(cube: &Cube, view: &View) -> Exposure {
    let dimensions = view.dimension.iter().map(|d| {
        let register = Register::of(d);
        TableDimension {
            unions: register.unions,
            ..TableDimension::new(&d.name, register.values)
        }
    });
    exposure(dimensions.collect(), &cube.cells)
}

fn exposure(dimensions: Vec<TableDimension>, cells: &[Cell]) -> Exposure {
    let cells: Vec<SeenCell> = cells
        .iter()
        .map(|cell| SeenCell {
            coordinates: cell.coordinates.clone(),
            known: cell.units.is_some(),
            empty: cell.units == Some(0),
        })
        .collect();
    Exposure {
        dimensions,
        hidden: cells.iter().map(|c| !c.known).collect(),
        cells,
    }
}

/// Protects the same tables in lesser ways.
///
/// # Errors
/// As [`cube::build`].
pub async fn lesser(
    agreement: &Agreement,
    view: &View,
    sources: &Sources,
    limits: &BuildLimits,
) -> Result<Lesser, QuestionError> {
    let checked = cube::check_all(agreement, sources, &|_| {}).await?;
    let rules = cube::rules(agreement);
    let frame = cube::frame(agreement, view, &checked, limits).await?;
    let statistics = aggregate::collect(frame, view, rules.keep(), rules.minimum_units, &|_| {})
        .await
        .map_err(QuestionError::with_reasons)?;
    let table = cube::table(agreement, view, statistics);
    let small = primary_only(&table, &rules).map_err(internal)?;
    Ok(Lesser {
        small_only: exposure(table.dimensions.clone(), &small.cells()),
        one_by_one: one_by_one(&table, &rules)?,
    })
}

fn internal(error: zwerm_disclosure::DisclosureError) -> QuestionError {
    QuestionError::Internal(error.to_string())
}

fn one_by_one(table: &Table, rules: &Rules) -> Result<Exposure, QuestionError> {
    let most = table.max_dimensions;
    let mut exposure = Exposure {
        dimensions: table.dimensions.clone(),
        cells: Vec::new(),
        hidden: Vec::new(),
    };
    let mut places = std::collections::HashMap::new();
    for mask in 0_usize..1 << table.dimensions.len() {
        if mask.count_ones() as usize > most {
            continue;
        }
        for cell in alone(table, mask, rules)? {
            let own = cell.coordinates.iter().flatten().count() == mask.count_ones() as usize;
            let place = *places.entry(cell.coordinates.clone()).or_insert_with(|| {
                exposure.cells.push(SeenCell {
                    coordinates: cell.coordinates.clone(),
                    known: false,
                    empty: false,
                });
                exposure.hidden.push(false);
                exposure.cells.len() - 1
            });
            if let Some(shown) = exposure.cells.get_mut(place) {
                shown.known |= cell.units.is_some();
                shown.empty |= cell.units == Some(0);
            }
            if let (true, Some(hidden)) = (own, exposure.hidden.get_mut(place)) {
                *hidden = cell.units.is_none();
            }
        }
    }
    Ok(exposure)
}

/// The cells of one table and its margins, protected without a thought for the others.
fn alone(table: &Table, mask: usize, rules: &Rules) -> Result<Vec<Cell>, QuestionError> {
    let kept: Vec<usize> = (0..table.dimensions.len())
        .filter(|d| mask >> d & 1 == 1)
        .collect();
    let pick =
        |at: &[u32]| -> Vec<u32> { kept.iter().filter_map(|&d| at.get(d).copied()).collect() };
    let mut cells: std::collections::BTreeMap<Vec<u32>, BaseCell> =
        std::collections::BTreeMap::new();
    for base in &table.cells {
        let at = pick(&base.coordinates);
        match cells.entry(at.clone()) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(BaseCell {
                    coordinates: at,
                    ..base.clone()
                });
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let into = entry.get_mut();
                into.units += base.units;
                into.rows.merge(&base.rows, rules.keep());
                for (a, b) in into.measures.iter_mut().zip(&base.measures) {
                    a.merge(b, rules.keep());
                }
            }
        }
    }
    let own = Table {
        dimensions: kept
            .iter()
            .filter_map(|&d| table.dimensions.get(d).cloned())
            .collect(),
        max_dimensions: kept.len(),
        cells: cells.into_values().collect(),
        ..table.clone()
    };
    let protected = protect(&own, rules).map_err(internal)?;
    let all = table.dimensions.len();
    let widened = protected.cells().into_iter().map(|mut cell| {
        let mut coordinates = vec![None; all];
        for (&d, at) in kept.iter().zip(&cell.coordinates) {
            if let Some(into) = coordinates.get_mut(d) {
                *into = *at;
            }
        }
        cell.coordinates = coordinates;
        cell
    });
    Ok(widened.collect())
}
