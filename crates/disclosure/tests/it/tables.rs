//! Small tables to write out by hand, and what is true and published of them.

use zwerm_disclosure::{
    BaseCell, Cell, Contributions, Protected, Rules, Table, TableDimension, TableMeasure, audit,
    protect,
};

use crate::generate::coordinates;

/// Numbers of units, the last dimension fastest; one row per unit, all dimensions crossed.
pub(crate) fn counts(sizes: &[usize], units: &[u64]) -> Table {
    let dimensions: Vec<TableDimension> = sizes
        .iter()
        .enumerate()
        .map(|(d, &size)| TableDimension::new(format!("d{d}"), size))
        .collect();
    assert_eq!(sizes.iter().product::<usize>(), units.len());
    let all = coordinates(&dimensions).into_iter().zip(units);
    let cells = all.filter(|(_, units)| **units > 0);
    let cells = cells.map(|(coordinates, &units)| BaseCell {
        coordinates,
        units,
        rows: ones(units),
        measures: vec![],
        identity: None,
    });
    Table {
        max_dimensions: sizes.len(),
        cells: cells.collect(),
        dimensions,
        ..Table::default()
    }
}

/// One row of each unit.
pub(crate) fn ones(units: u64) -> Contributions {
    Contributions {
        units,
        count: units,
        missing: 0,
        total: units as f64,
        absolute: units as f64,
        largest: vec![1.0; units.min(4) as usize],
    }
}

/// Adds a measure, given what each unit of each non-empty cell contributes.
pub(crate) fn measure(table: &mut Table, lower: f64, upper: f64, values: &[&[f64]]) {
    assert_eq!(table.cells.len(), values.len());
    table.measures.push(TableMeasure {
        name: format!("m{}", table.measures.len()),
        lower,
        upper,
        known_to: vec![],
    });
    for (cell, values) in table.cells.iter_mut().zip(values) {
        let mut all = Contributions::default();
        for &value in *values {
            all.add_unit(1, value, 4);
        }
        all.missing = cell.units - all.units;
        cell.measures.push(all);
    }
}

/// Protects, and has the audit find nothing.
pub(crate) fn sound(table: &Table, rules: &Rules) -> Protected {
    let protected = protect(table, rules).unwrap();
    let findings = audit::findings(table, rules, &protected.cells());
    assert!(findings.is_empty(), "{findings:#?}");
    protected
}

/// The published cell at these coordinates.
pub(crate) fn at(cells: &[Cell], coordinates: &[Option<u32>]) -> Cell {
    let found = cells.iter().find(|c| c.coordinates == coordinates);
    found.expect("a published cell").clone()
}

/// The cell with every figure shown.
pub(crate) fn truth(table: &Table, coordinates: &[Option<u32>]) -> Cell {
    let inside = |b: &&BaseCell| {
        let mut pairs = coordinates.iter().zip(&b.coordinates);
        pairs.all(|(c, b)| c.is_none_or(|c| c == *b))
    };
    let bases: Vec<&BaseCell> = table.cells.iter().filter(inside).collect();
    let per_measure = 0..table.measures.len();
    Cell {
        coordinates: coordinates.to_vec(),
        units: Some(bases.iter().map(|b| b.units).sum()),
        rows: Some(bases.iter().map(|b| b.rows.count).sum()),
        counts: per_measure
            .clone()
            .map(|m| Some(bases.iter().map(|b| b.measures[m].count).sum()))
            .collect(),
        sums: per_measure
            .map(|m| Some(bases.iter().map(|b| b.measures[m].total).sum()))
            .collect(),
    }
}

/// All cells of all published tables, hidden but where `shown`.
pub(crate) fn publish(table: &Table, shown: impl Fn(&[Option<u32>]) -> bool) -> Vec<Cell> {
    let all = Rules::minimum(1);
    let cells = protect(table, &all).unwrap().cells();
    let open = cells.into_iter().map(|c| truth(table, &c.coordinates));
    open.map(|c| if shown(&c.coordinates) { c } else { hide(c) })
        .collect()
}

/// The cell with no figure shown.
pub(crate) fn hide(cell: Cell) -> Cell {
    Cell {
        units: None,
        rows: None,
        counts: vec![None; cell.counts.len()],
        sums: vec![None; cell.sums.len()],
        coordinates: cell.coordinates,
    }
}
