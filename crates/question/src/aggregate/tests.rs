//! Units added up by workers against the slow way: one `GROUP BY` over key and values in SQL, on random rows.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU64},
};

use datafusion::{
    arrow::{
        array::{ArrayRef, AsArray, Float64Array, RecordBatch, StringArray},
        compute::cast as converted,
        datatypes::{DataType, Field, Float64Type, Int64Type, Schema},
    },
    datasource::MemTable,
    functions_aggregate::expr_fn::{count, sum},
    prelude::lit,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zwerm_agreement::agreement::{Dimension, Measure, Mode};
use zwerm_disclosure::{BaseCell, Contributions, Straddler, StraddlerPart};

use super::*;
use crate::session::{self, BuildLimits};

const KEEP: usize = 3;
/// Values of which each dimension registers the first two; one is longer than a view holds by itself.
const VALUES: [&str; 5] = ["1", "a value of many letters", "007", "2", "b"];
const PLENTY: usize = 1 << 30;

/// Random rows with the view over them.
struct Rows {
    view: View,
    batches: Vec<RecordBatch>,
}

fn dimension(number: usize, per_unit: bool) -> Dimension {
    Dimension {
        name: format!("kenmerk{number}"),
        label: None,
        values: VALUES[..2].iter().map(|v| (*v).to_owned()).collect(),
        labels: BTreeMap::new(),
        parents: BTreeMap::new(),
        sensitive: false,
        per_unit,
        groups: BTreeMap::new(),
    }
}

fn measure(number: usize) -> Measure {
    Measure {
        name: format!("bedrag{number}"),
        label: None,
        quantity: "EUR".into(),
        lower: -1e6,
        upper: 1e6,
    }
}

/// `grain` makes sums exact in any order; without it their last bits depend on the order.
fn rows(seed: u64, grain: Option<f64>) -> Rows {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let straddled = rng.random_bool(0.5);
    let dimensions: Vec<Dimension> = (0..rng.random_range(1..=3))
        .map(|d| dimension(d, !(straddled && rng.random_bool(0.7))))
        .collect();
    let measures: Vec<Measure> = (0..rng.random_range(0..=2)).map(measure).collect();
    let mut columns = vec![Vec::new(); dimensions.len() + 1];
    let mut numbers = vec![Vec::new(); measures.len()];
    let value = |rng: &mut ChaCha8Rng| -> Option<String> {
        (!rng.random_bool(0.1)).then(|| VALUES[rng.random_range(0..VALUES.len())].to_owned())
    };
    let units = rng.random_range(0..80_i64);
    let fixed: Vec<Vec<Option<String>>> = (0..units)
        .map(|_| dimensions.iter().map(|_| value(&mut rng)).collect())
        .collect();
    for _ in 0..units * 4 {
        let unit = rng.random_range(0..units);
        let key = (!rng.random_bool(0.02)).then(|| (unit * 7 - 100).to_string());
        columns[0].push(key);
        for (d, of) in dimensions.iter().enumerate() {
            let own = &fixed[unit as usize][d];
            let changes = !of.per_unit && rng.random_bool(0.2);
            columns[d + 1].push(if changes {
                value(&mut rng)
            } else {
                own.clone()
            });
        }
        for column in &mut numbers {
            let number = rng.random_range(-1000.0..1000.0_f64);
            let number = grain.map_or(number, |grain| (number / grain).round() * grain);
            column.push((!rng.random_bool(0.1)).then_some(number));
        }
    }
    let kinds = [DataType::Utf8, DataType::Utf8View, DataType::Int64];
    let mut arrays: Vec<(String, ArrayRef)> = Vec::new();
    for (number, column) in columns.into_iter().enumerate() {
        let kind = &kinds[rng.random_range(0..if number == 0 { 3 } else { 2 })];
        let texts: ArrayRef = Arc::new(StringArray::from(column));
        let name = match number {
            0 => "sleutel".to_owned(),
            d => dimensions[d - 1].name.clone(),
        };
        arrays.push((name, converted(&texts, kind).unwrap()));
    }
    for (of, column) in measures.iter().zip(numbers) {
        arrays.push((of.name.clone(), Arc::new(Float64Array::from(column))));
    }
    let view = View {
        name: "basis".into(),
        label: None,
        unit: "huishouden".into(),
        key: "sleutel".into(),
        mode: Mode::Table,
        sql: String::new(),
        dimension: dimensions,
        measure: measures,
    };
    Rows {
        view,
        batches: cut(&mut rng, arrays),
    }
}

/// The rows in batches of some rows each.
fn cut(rng: &mut ChaCha8Rng, arrays: Vec<(String, ArrayRef)>) -> Vec<RecordBatch> {
    let field =
        |(name, array): &(String, ArrayRef)| Field::new(name, array.data_type().clone(), true);
    let schema = Arc::new(Schema::new(arrays.iter().map(field).collect::<Vec<_>>()));
    let columns = arrays.into_iter().map(|(_, array)| array).collect();
    let whole = RecordBatch::try_new(schema, columns).unwrap();
    let mut batches = vec![whole.slice(0, 0)];
    let mut from = 0;
    while from < whole.num_rows() {
        let some = rng.random_range(1..=60).min(whole.num_rows() - from);
        batches.push(whole.slice(from, some));
        from += some;
    }
    batches
}

async fn frame(rows: &Rows, memory: usize) -> DataFrame {
    let limits = BuildLimits {
        memory,
        ..BuildLimits::default()
    };
    let session = session::bounded(&limits).unwrap();
    let table = MemTable::try_new(rows.batches[0].schema(), vec![rows.batches.clone()]).unwrap();
    session.register_table("basis", Arc::new(table)).unwrap();
    session.table("basis").await.unwrap()
}

/// Cells, straddlers and checks, as so many workers within so much memory find them.
async fn found(rows: &Rows, workers: usize, memory: usize) -> (BaseTally, RowChecks) {
    let mut cells = Cells::new(rows.view.measure.len(), KEEP);
    let frame = frame(rows, memory).await;
    let add = &mut |unit: &Unit| cells.add(unit);
    let counted = AtomicU64::new(0);
    let progress = |units| counted.store(units, Ordering::Relaxed);
    let checks = each_by(frame, &rows.view, workers, &progress, add).await;
    let checks = checks.unwrap();
    assert_eq!(counted.into_inner(), checks.units);
    (cells.tally(), checks)
}

/// One row per unit and combination of values, by SQL on text.
async fn grouped(rows: &Rows) -> Vec<RecordBatch> {
    let view = &rows.view;
    let text = |name: &str| cast(ident(name), DataType::Utf8);
    let mut groups = vec![text(&view.key)];
    groups.extend(view.dimension.iter().map(|d| text(&d.name)));
    let mut figures = vec![count(lit(1)).alias("rows")];
    for (number, of) in view.measure.iter().enumerate() {
        figures.push(sum(ident(&of.name)).alias(format!("sum{number}")));
        figures.push(count(ident(&of.name)).alias(format!("count{number}")));
    }
    let frame = frame(rows, PLENTY).await.aggregate(groups, figures);
    frame.unwrap().collect().await.unwrap()
}

/// Per unit and coordinates, rows and per measure sum and count.
type Slow = BTreeMap<String, BTreeMap<Vec<u32>, (u64, Vec<(f64, u64)>)>>;

async fn slow(rows: &Rows) -> Slow {
    let (dimensions, measures) = (rows.view.dimension.len(), rows.view.measure.len());
    let mut units = Slow::new();
    for batch in grouped(rows).await {
        let text = |column: usize, row: usize| {
            let of = batch.column(column).as_string::<i32>();
            (!datafusion::arrow::array::Array::is_null(of, row)).then(|| of.value(row).to_owned())
        };
        let whole = |column: usize, row: usize| {
            batch.column(column).as_primitive::<Int64Type>().value(row) as u64
        };
        for row in 0..batch.num_rows() {
            let Some(key) = text(0, row) else { continue };
            let at = (1..=dimensions).map(|d| match text(d, row) {
                None => 3,
                Some(value) => VALUES[..2].iter().position(|v| *v == value).unwrap_or(2) as u32,
            });
            let unit = units.entry(key).or_default();
            let part = unit
                .entry(at.collect())
                .or_insert_with(|| (0, vec![(0.0, 0); measures]));
            part.0 += whole(dimensions + 1, row);
            for (m, (total, values)) in part.1.iter_mut().enumerate() {
                let column = dimensions + 2 + 2 * m;
                let sums = batch.column(column).as_primitive::<Float64Type>();
                *total += sums.iter().nth(row).flatten().unwrap_or(0.0);
                *values += whole(column + 1, row);
            }
        }
    }
    units
}

/// Base cells and straddlers of what the slow way found.
fn expected(units: Slow, measures: usize) -> (Vec<BaseCell>, Vec<Straddler>) {
    let mut cells: BTreeMap<Vec<u32>, BaseCell> = BTreeMap::new();
    let mut straddlers = Vec::new();
    for (key, parts) in units {
        let identity = Some(digest(&key) as u64);
        if parts.len() > 1 {
            let parts = parts.into_iter();
            let parts = parts.map(|(coordinates, (rows, sums))| StraddlerPart {
                coordinates,
                rows,
                sums: sums.into_iter().map(|(sum, _)| sum).collect(),
            });
            straddlers.push(Straddler {
                parts: parts.collect(),
                identity,
            });
            continue;
        }
        for (coordinates, (rows, sums)) in parts {
            let cell = cells.entry(coordinates.clone()).or_insert(BaseCell {
                coordinates,
                units: 0,
                rows: Contributions::default(),
                measures: vec![Contributions::default(); measures],
                identity: Some(0),
            });
            cell.units += 1;
            cell.identity = cell.identity.zip(identity).map(|(a, b)| a.wrapping_add(b));
            unit_of(&mut cell.rows, rows, rows as f64);
            for (into, (sum, count)) in cell.measures.iter_mut().zip(sums) {
                into.missing += u64::from(count < rows);
                if count > 0 {
                    unit_of(into, count, sum);
                }
            }
        }
    }
    straddlers.sort_by_key(|s| s.identity);
    (cells.into_values().collect(), straddlers)
}

fn unit_of(into: &mut Contributions, count: u64, total: f64) {
    into.units += 1;
    into.count += count;
    into.total += total;
    into.absolute += total.abs();
    into.largest.push(total.abs());
    into.largest.sort_by(|a, b| b.total_cmp(a));
    into.largest.truncate(KEEP);
}

#[tokio::test]
async fn cell_for_cell_what_the_slow_way_gives() {
    let mut straddled = 0;
    for seed in 0..60 {
        let rows = rows(seed, Some(0.25));
        let (cells, straddlers) = expected(slow(&rows).await, rows.view.measure.len());
        for (workers, memory) in [(1, PLENTY), (3, PLENTY), (2, 0)] {
            let (tally, checks) = found(&rows, workers, memory).await;
            assert_eq!(tally.cells(), cells, "seed {seed}, {workers} workers");
            let mut of = tally.straddlers.clone();
            of.sort_by_key(|s| s.identity);
            assert_eq!(of, straddlers, "seed {seed}, {workers} workers");
            let inside: u64 = cells.iter().map(|c| c.units).sum();
            assert_eq!(checks.units, inside + straddlers.len() as u64);
        }
        straddled += straddlers.len();
    }
    assert!(straddled > 100, "{straddled}");
}

#[tokio::test]
async fn to_the_last_bit_the_same_by_any_number_of_workers_and_from_disk() {
    for seed in 100..130 {
        let rows = rows(seed, None);
        let (first, checks) = found(&rows, 1, PLENTY).await;
        for (workers, memory) in [(2, PLENTY), (5, PLENTY), (1, 0), (3, 0), (2, 20_000)] {
            let (again, also) = found(&rows, workers, memory).await;
            assert_eq!(
                again.cells(),
                first.cells(),
                "seed {seed}, {workers} workers"
            );
            assert_eq!(again.straddlers, first.straddlers, "seed {seed}");
            assert_eq!(again.gram, first.gram, "seed {seed}");
            let told = |of: &RowChecks| format!("{:?}", of.finish(&rows.view, 1));
            assert_eq!(told(&also), told(&checks), "seed {seed}");
        }
    }
}

fn one_column(keys: Vec<Option<&str>>, values: Vec<&str>, numbers: Vec<f64>) -> Rows {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let arrays: Vec<(String, ArrayRef)> = vec![
        ("sleutel".into(), Arc::new(StringArray::from(keys))),
        ("kenmerk0".into(), Arc::new(StringArray::from(values))),
        ("bedrag0".into(), Arc::new(Float64Array::from(numbers))),
    ];
    let mut rows = rows(0, None);
    rows.view.dimension = vec![dimension(0, true)];
    rows.view.measure = vec![measure(0)];
    rows.batches = cut(&mut rng, arrays);
    rows
}

#[tokio::test]
async fn all_that_is_wrong_with_rows_is_counted() {
    let keys = vec![
        None,
        Some(""),
        Some("k"),
        Some("k"),
        Some("l"),
        Some("l"),
        Some("m"),
    ];
    let values = vec!["1", "1", "this", "that", "1", "2", "1"];
    let numbers = vec![1.0, 2.0, f64::NAN, 3.0, 2e6, f64::MAX, f64::MAX];
    let rows = one_column(keys, values, numbers);
    for memory in [PLENTY, 0] {
        let (_, checks) = found(&rows, 2, memory).await;
        assert_eq!((checks.units, checks.keyless, checks.broken), (3, 2, 2));
        let of = &checks.measures[0];
        assert_eq!((of.wild, of.outside, of.lacking), (1, 3, 0));
    }
}

#[tokio::test]
async fn a_sum_without_end_is_no_number() {
    let (keys, numbers) = (vec![Some("k"); 3], vec![f64::MAX; 3]);
    let rows = one_column(keys, vec!["1"; 3], numbers);
    let (_, checks) = found(&rows, 1, PLENTY).await;
    assert_eq!(checks.measures[0].wild, 1);
}

#[tokio::test]
async fn more_cells_than_have_a_number_are_refused_before_a_row_is_read() {
    let mut rows = rows(3, None);
    rows.view.dimension = (0..17).map(|d| dimension(d, true)).collect();
    let refused = BaseShape::of(&rows.view).unwrap_err();
    assert!(matches!(refused, QuestionError::Data(_)), "{refused}");
}

#[tokio::test]
async fn workers_stop_when_nobody_waits_for_them() {
    let rows = rows(5, None);
    let weak = {
        let frame = frame(&rows, PLENTY).await;
        let common = Arc::new(Common::new(&frame, &rows.view, 2).unwrap());
        let weak = Arc::downgrade(&common);
        let mut crew = Crew::new(&common);
        crew.give(&rows.batches[1]).await.unwrap();
        weak
    };
    while weak.strong_count() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

#[tokio::test]
async fn what_was_spilled_is_gone_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows(101, None);
    let limits = BuildLimits {
        memory: 0,
        spill: Some(folder.path().to_owned()),
        ..BuildLimits::default()
    };
    let session = session::bounded(&limits).unwrap();
    let table = MemTable::try_new(rows.batches[0].schema(), vec![rows.batches.clone()]).unwrap();
    session.register_table("basis", Arc::new(table)).unwrap();
    let frame = session.table("basis").await.unwrap();
    let files = || {
        let folders = std::fs::read_dir(folder.path()).unwrap().flatten();
        let inside = folders.flat_map(|f| std::fs::read_dir(f.path()).unwrap());
        inside.count()
    };
    let mut most = 0;
    each_by(frame, &rows.view, 1, &|_| {}, &mut |_| {
        most = most.max(files())
    })
    .await
    .unwrap();
    assert!(most > 10, "{most}");
    assert_eq!(files(), 0);
}
