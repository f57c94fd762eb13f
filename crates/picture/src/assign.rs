//! Places areas on a grid of equal cells, so that together they lie as near as can be to where they are.
//!
//! The least sum of squared displacements is an assignment problem, solved by shortest augmenting paths (Kuhn 1955;
//! Jonker and Volgenant 1987). With equal input the outcome is equal.

/// A cell of the grid: column from the west, row from the north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GridCell {
    /// Its column, from 0.
    pub(crate) column: usize,
    /// Its row, from 0.
    pub(crate) row: usize,
}

/// Where points lie on a grid: a cell for each, all different, without empty columns or rows at the edges.
///
/// Points are (longitude, latitude) in degrees. `most` is the greatest number of columns.
pub(crate) fn on_grid(points: &[(f64, f64)], most: usize) -> Vec<GridCell> {
    let (columns, rows) = shape(points, most.max(1));
    let places = scaled(points, columns, rows);
    let cells: Vec<GridCell> = (0..rows)
        .flat_map(|row| (0..columns).map(move |column| GridCell { column, row }))
        .collect();
    let costs: Vec<Vec<f64>> = places
        .iter()
        .map(|&(x, y)| {
            let squared =
                |cell: &GridCell| (x - cell.column as f64).powi(2) + (y - cell.row as f64).powi(2);
            cells.iter().map(squared).collect()
        })
        .collect();
    let chosen = assign(&costs).unwrap_or_else(|| (0..points.len()).collect());
    let chosen: Vec<GridCell> = chosen
        .iter()
        .filter_map(|&cell| cells.get(cell).copied())
        .collect();
    let west = chosen.iter().map(|cell| cell.column).min().unwrap_or(0);
    let north = chosen.iter().map(|cell| cell.row).min().unwrap_or(0);
    let moved = chosen.into_iter().map(|cell| GridCell {
        column: cell.column - west,
        row: cell.row - north,
    });
    moved.collect()
}

/// How many columns and rows: about a third more cells than points, in the proportions of the land.
fn shape(points: &[(f64, f64)], most: usize) -> (usize, usize) {
    let (width, height) = extent(points);
    let wanted = points.len() as f64 * 1.35;
    let ratio = if width > 0.0 && height > 0.0 {
        width / height
    } else {
        1.0
    };
    let columns = (wanted * ratio.clamp(0.2, 5.0)).sqrt().round().max(1.0) as usize;
    let columns = columns.clamp(1, most);
    let rows = (wanted / columns as f64).ceil().max(1.0) as usize;
    (columns, rows.max(points.len().div_ceil(columns)))
}

/// The width and height of the land, in the same measure.
fn extent(points: &[(f64, f64)]) -> (f64, f64) {
    let narrowing = narrowing(points);
    let (west, east) = range(points.iter().map(|point| point.0));
    let (south, north) = range(points.iter().map(|point| point.1));
    ((east - west) * narrowing, north - south)
}

/// How much shorter a degree is to the east than to the north; 1 for coordinates that are no degrees.
pub(crate) fn narrowing(points: &[(f64, f64)]) -> f64 {
    let (south, north) = range(points.iter().map(|point| point.1));
    let (west, east) = range(points.iter().map(|point| point.0));
    if south < -90.0 || north > 90.0 || west < -180.0 || east > 360.0 {
        return 1.0;
    }
    f64::midpoint(south, north).to_radians().cos().max(0.05)
}

/// The least and the greatest; 0 and 0 without any.
pub(crate) fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    let both = finite.fold(None, |both: Option<(f64, f64)>, value| {
        let (low, high) = both.unwrap_or((value, value));
        Some((low.min(value), high.max(value)))
    });
    both.unwrap_or((0.0, 0.0))
}

/// The points in units of cells, the land filling the grid.
fn scaled(points: &[(f64, f64)], columns: usize, rows: usize) -> Vec<(f64, f64)> {
    let (west, east) = range(points.iter().map(|point| point.0));
    let (south, north) = range(points.iter().map(|point| point.1));
    let along = |part: f64, whole: f64, cells: usize| {
        let last = cells.saturating_sub(1) as f64;
        if whole > 0.0 && part.is_finite() {
            part / whole * last
        } else {
            last / 2.0
        }
    };
    let place = |&(x, y): &(f64, f64)| {
        (
            along(x - west, east - west, columns),
            along(north - y, north - south, rows),
        )
    };
    points.iter().map(place).collect()
}

/// A column of the cost matrix, while rows are assigned one after the other.
#[derive(Debug, Clone)]
struct CostColumn {
    price: f64,
    owner: Option<usize>,
    distance: f64,
    before: Option<usize>,
    done: bool,
}

/// For each row another column, with the least sum of costs; `None` if there are fewer columns than rows.
fn assign(costs: &[Vec<f64>]) -> Option<Vec<usize>> {
    let count = costs.first().map_or(0, Vec::len);
    let free = CostColumn {
        price: 0.0,
        owner: None,
        distance: 0.0,
        before: None,
        done: false,
    };
    let mut columns = vec![free; count];
    let mut prices = vec![0.0; costs.len()];
    for row in 0..costs.len() {
        let end = shortest(costs, row, &mut columns, &mut prices)?;
        hand_over(row, end, &mut columns)?;
    }
    let mut chosen = vec![None; costs.len()];
    for (number, column) in columns.iter().enumerate() {
        if let Some(place) = column.owner.and_then(|row| chosen.get_mut(row)) {
            *place = Some(number);
        }
    }
    chosen.into_iter().collect()
}

/// Finds the cheapest chain of changes that gives the row a column, and a free column at its end; adjusts the prices.
fn shortest(
    costs: &[Vec<f64>],
    start: usize,
    columns: &mut [CostColumn],
    prices: &mut [f64],
) -> Option<usize> {
    for column in columns.iter_mut() {
        (column.distance, column.before, column.done) = (f64::INFINITY, None, false);
    }
    let (mut row, mut reached) = (start, None);
    loop {
        approach(columns, costs.get(row)?, *prices.get(row)?, reached);
        let open = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| !column.done);
        let (next, step) = open
            .map(|(number, column)| (number, column.distance))
            .min_by(|a, b| a.1.total_cmp(&b.1))?;
        *prices.get_mut(start)? += step;
        for column in columns.iter_mut() {
            if column.done {
                column.price -= step;
                *prices.get_mut(column.owner?)? += step;
            } else {
                column.distance -= step;
            }
        }
        let column = columns.get_mut(next)?;
        column.done = true;
        reached = Some(next);
        match column.owner {
            Some(owner) => row = owner,
            None => return Some(next),
        }
    }
}

/// Shortens the way to each open column where it is shorter over this row.
fn approach(columns: &mut [CostColumn], costs: &[f64], price: f64, reached: Option<usize>) {
    let open = columns.iter_mut().zip(costs);
    for (column, cost) in open.filter(|(column, _)| !column.done) {
        let distance = cost - price - column.price;
        if distance < column.distance {
            (column.distance, column.before) = (distance, reached);
        }
    }
}

/// Hands each column of the chain to the row before it.
fn hand_over(row: usize, end: usize, columns: &mut [CostColumn]) -> Option<()> {
    let mut at = end;
    loop {
        let before = columns.get(at)?.before;
        let owner = match before {
            Some(before) => columns.get(before)?.owner,
            None => Some(row),
        };
        columns.get_mut(at)?.owner = owner;
        match before {
            Some(before) => at = before,
            None => return Some(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(column: usize, row: usize) -> GridCell {
        GridCell { column, row }
    }

    fn total(costs: &[Vec<f64>], chosen: &[usize]) -> f64 {
        chosen
            .iter()
            .zip(costs)
            .map(|(column, row)| row[*column])
            .sum()
    }

    /// Every way to choose, tried.
    fn least(costs: &[Vec<f64>], taken: &mut Vec<usize>) -> f64 {
        let Some(row) = costs.get(taken.len()) else {
            return total(costs, taken);
        };
        let mut best = f64::INFINITY;
        for column in 0..row.len() {
            if !taken.contains(&column) {
                taken.push(column);
                best = best.min(least(costs, taken));
                taken.pop();
            }
        }
        best
    }

    #[test]
    fn the_assignment_is_the_cheapest_there_is() {
        let mut dice = 7u64;
        let mut roll = || {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            f64::from((dice >> 40) as u32 % 50)
        };
        for (rows, columns) in [(1, 1), (3, 3), (4, 6), (5, 7), (6, 6)] {
            for _ in 0..20 {
                let costs: Vec<Vec<f64>> = (0..rows)
                    .map(|_| (0..columns).map(|_| roll()).collect())
                    .collect();
                let chosen = assign(&costs).unwrap();
                let distinct: std::collections::BTreeSet<_> = chosen.iter().collect();
                assert_eq!(distinct.len(), rows);
                assert!((total(&costs, &chosen) - least(&costs, &mut Vec::new())).abs() < 1e-6);
            }
        }
        assert_eq!(assign(&[vec![1.0], vec![1.0]]), None);
    }

    #[test]
    fn areas_that_lie_in_a_grid_stay_in_it() {
        let points: Vec<(f64, f64)> = (0..9)
            .map(|n| (f64::from(n % 3) * 1.6, 53.0 - f64::from(n / 3)))
            .collect();
        let cells = on_grid(&points, 3);
        let wanted: Vec<GridCell> = (0..9).map(|n| cell(n % 3, n / 3)).collect();
        for (one, a) in cells.iter().zip(&wanted) {
            for (other, b) in cells.iter().zip(&wanted) {
                assert!(
                    a.column >= b.column || one.column < other.column,
                    "{cells:?}"
                );
                assert!(a.row >= b.row || one.row < other.row, "{cells:?}");
            }
        }
    }

    #[test]
    fn every_area_has_a_cell_of_its_own_also_where_all_lie_in_one_place() {
        for points in [
            vec![(4.5, 52.1); 7],
            vec![(f64::NAN, 1.0), (2.0, f64::INFINITY)],
            vec![],
        ] {
            let cells = on_grid(&points, 4);
            let distinct: std::collections::BTreeSet<_> = cells.iter().collect();
            assert_eq!((cells.len(), distinct.len()), (points.len(), points.len()));
        }
    }
}
