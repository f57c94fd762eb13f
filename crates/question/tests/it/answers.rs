//! Answers to any sequence of questions are what the published cube gives: other code adds it up.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng, seq::IndexedRandom, seq::SliceRandom};
use rand_chacha::ChaCha8Rng;
use zwerm_agreement::agreement::View;
use zwerm_question::{
    answer::{AnswerValue, open},
    cube::Cube,
    parse, release,
};

use crate::{
    micro::generate,
    protection::{build, runtime},
};

/// A question in SQL with what it is made of.
struct Asked {
    sql: String,
    sets: Vec<Vec<usize>>,
    filters: BTreeMap<usize, Vec<u32>>,
    shown: Vec<usize>,
    figures: Vec<Figure>,
    at_least: Option<i64>,
    descending: bool,
    limit: Option<usize>,
}

#[derive(Clone, Copy)]
enum Figure {
    Units,
    Rows,
    Count(usize),
    Sum(usize),
    Average(usize),
}

fn value_name(view: &View, d: usize, at: u32) -> String {
    let values = &view.dimension[d].values;
    match values.get(at as usize) {
        Some(value) => value.clone(),
        None if at as usize == values.len() => "(other)".into(),
        None => "(unknown)".into(),
    }
}

fn random_question(rng: &mut ChaCha8Rng, view: &View, most: usize) -> Asked {
    let mut dims: Vec<usize> = (0..view.dimension.len()).collect();
    dims.shuffle(rng);
    dims.truncate(rng.random_range(0..=most.min(dims.len())));
    let filtered = rng.random_range(0..=dims.len());
    let (filter_dims, group_dims) = dims.split_at(filtered);
    let mut group_dims = group_dims.to_vec();
    group_dims.sort_unstable();
    let mut filters = BTreeMap::new();
    let mut conditions = Vec::new();
    for &d in filter_dims {
        let all: Vec<u32> = (0..view.dimension[d].values.len() as u32 + 2).collect();
        let count = rng.random_range(1..=2);
        let mut chosen: Vec<u32> = all.choose_multiple(rng, count).copied().collect();
        chosen.sort_unstable();
        let values: Vec<String> = chosen
            .iter()
            .map(|&v| format!("'{}'", value_name(view, d, v)))
            .collect();
        conditions.push(format!("d{d} IN ({})", values.join(", ")));
        filters.insert(d, chosen);
    }
    let mut figures = vec![Figure::Units, Figure::Rows];
    for m in 0..view.measure.len() {
        figures.extend([Figure::Count(m), Figure::Sum(m), Figure::Average(m)]);
    }
    figures.shuffle(rng);
    figures.truncate(rng.random_range(1..=figures.len()));
    let written = |f: &Figure| match f {
        Figure::Units => "units()".to_owned(),
        Figure::Rows => "count(*)".to_owned(),
        Figure::Count(m) => format!("count(m{m})"),
        Figure::Sum(m) => format!("sum(m{m})"),
        Figure::Average(m) => format!("avg(m{m})"),
    };
    let names: Vec<String> = group_dims.iter().map(|d| format!("d{d}")).collect();
    let mut columns = names.clone();
    columns.extend(figures.iter().map(written));
    let mut sql = format!("SELECT {} FROM basis", columns.join(", "));
    if !conditions.is_empty() {
        sql += &format!(" WHERE {}", conditions.join(" AND "));
    }
    let mut sets = vec![group_dims.clone()];
    if !group_dims.is_empty() {
        match rng.random_range(0..3) {
            0 => sql += &format!(" GROUP BY {}", names.join(", ")),
            1 => {
                sql += &format!(" GROUP BY ROLLUP({})", names.join(", "));
                sets = (0..=group_dims.len())
                    .map(|n| group_dims[..n].to_vec())
                    .collect();
            }
            _ => {
                sql += &format!(" GROUP BY CUBE({})", names.join(", "));
                sets = (0..1_usize << group_dims.len())
                    .map(|mask| {
                        let chosen = group_dims.iter().enumerate();
                        chosen
                            .filter(|(i, _)| mask >> i & 1 == 1)
                            .map(|(_, d)| *d)
                            .collect()
                    })
                    .collect();
            }
        }
    }
    let at_least = rng.random_bool(0.3).then(|| rng.random_range(0..60));
    if let Some(n) = at_least {
        sql += &format!(" HAVING units() >= {n}");
    }
    let descending = rng.random_bool(0.3);
    if descending {
        sql += &format!(" ORDER BY {} DESC", written(&figures[0]));
    }
    let limit = rng.random_bool(0.2).then(|| rng.random_range(0..5));
    if let Some(n) = limit {
        sql += &format!(" LIMIT {n}");
    }
    Asked {
        sql,
        sets,
        filters,
        shown: group_dims,
        figures,
        at_least,
        descending,
        limit,
    }
}

/// A figure added up from published cells: protected when any of them is.
fn figure(cube: &Cube, group: &BTreeMap<usize, u32>, asked: &Asked, f: Figure) -> AnswerValue {
    let cells: Vec<_> = cube
        .cells
        .iter()
        .filter(|cell| {
            cell.coordinates.iter().enumerate().all(|(d, at)| {
                match (at, group.get(&d), asked.filters.get(&d)) {
                    (Some(v), Some(g), _) => v == g,
                    (Some(v), None, Some(f)) => f.contains(v),
                    (at, None, None) => at.is_none(),
                    (None, ..) => false,
                }
            })
        })
        .collect();
    let whole = |of: &dyn Fn(&zwerm_disclosure::Cell) -> Option<u64>| -> Option<u64> {
        cells.iter().map(|c| of(c)).sum()
    };
    let real = |m: usize| -> Option<f64> { cells.iter().map(|c| c.sums[m]).sum() };
    let count = match f {
        Figure::Units => whole(&|c| c.units),
        Figure::Rows => whole(&|c| c.rows),
        Figure::Count(m) | Figure::Average(m) => whole(&|c| c.counts[m]),
        Figure::Sum(m) => return real(m).map_or(AnswerValue::Protected, AnswerValue::Number),
    };
    match (f, count) {
        (Figure::Average(m), n) => match (real(m), n) {
            (Some(_), Some(0)) => AnswerValue::Undefined,
            (Some(sum), Some(n)) => AnswerValue::Number(sum / n as f64),
            _ => AnswerValue::Protected,
        },
        (_, Some(n)) => AnswerValue::Whole(n as i64),
        (_, None) => AnswerValue::Protected,
    }
}

fn expected(cube: &Cube, view: &View, asked: &Asked) -> Vec<Vec<AnswerValue>> {
    let mut rows: Vec<(Vec<u32>, Vec<AnswerValue>)> = Vec::new();
    for set in &asked.sets {
        let mut groups = vec![BTreeMap::new()];
        for &d in set {
            let size = view.dimension[d].values.len() as u32;
            // (other) and (unknown) are left out where they are published as empty
            let kept: Vec<u32> = (0..size + 2)
                .filter(|&v| {
                    let margin = cube.cells.iter().find(|c| {
                        let others = c.coordinates.iter().enumerate().filter(|(o, _)| *o != d);
                        c.coordinates[d] == Some(v) && others.into_iter().all(|(_, a)| a.is_none())
                    });
                    v < size || margin.unwrap().units != Some(0)
                })
                .collect();
            groups = groups
                .iter()
                .flat_map(|g: &BTreeMap<usize, u32>| {
                    kept.iter().map(|&v| {
                        let mut g = g.clone();
                        g.insert(d, v);
                        g
                    })
                })
                .collect();
        }
        for group in groups {
            let figures: Vec<AnswerValue> = asked
                .figures
                .iter()
                .map(|f| figure(cube, &group, asked, *f))
                .collect();
            if let Some(n) = asked.at_least {
                match figure(cube, &group, asked, Figure::Units) {
                    AnswerValue::Whole(units) if units >= n => {}
                    _ => continue,
                }
            }
            let place = (0..view.dimension.len())
                .map(|d| group.get(&d).copied().unwrap_or(u32::MAX))
                .collect();
            let names = asked.shown.iter().map(|d| match group.get(d) {
                Some(&v) => AnswerValue::Text(value_name(view, *d, v)),
                None => AnswerValue::Total,
            });
            rows.push((place, names.chain(figures).collect()));
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    if asked.descending {
        let of = |row: &Vec<AnswerValue>| match row[asked.shown.len()] {
            AnswerValue::Whole(n) => n as f64,
            AnswerValue::Number(x) => x,
            _ => f64::NEG_INFINITY,
        };
        rows.sort_by(|a, b| of(&b.1).total_cmp(&of(&a.1)));
    }
    let rows = rows.into_iter().map(|(_, row)| row);
    rows.take(asked.limit.unwrap_or(usize::MAX)).collect()
}

fn same(a: &AnswerValue, b: &AnswerValue) -> bool {
    match (a, b) {
        (AnswerValue::Number(a), AnswerValue::Number(b)) => {
            (a - b).abs() <= 1e-9 * a.abs().max(1.0)
        }
        (a, b) => a == b,
    }
}

#[test]
fn answers_to_any_sequence_of_questions_are_what_the_published_cube_gives() {
    let runtime = runtime();
    for seed in 1_000..1_030 {
        let folder = tempfile::tempdir().unwrap();
        let micro = generate(seed, folder.path());
        let view = &micro.agreement.view[0];
        let cube = runtime.block_on(build(&micro, folder.path())).unwrap();
        let (_, identity) = release::encode(&cube).unwrap();
        let opened = open(&cube, view, identity, micro.rules.round_to).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for _ in 0..12 {
            let most = micro.agreement.protection.max_dimensions;
            let asked = random_question(&mut rng, view, most);
            let question = parse::question(&asked.sql, &micro.agreement)
                .unwrap_or_else(|r| panic!("seed {seed}: {} {r:?}", asked.sql));
            let answer = runtime.block_on(opened.ask(&question.plan, view)).unwrap();
            let expected = expected(&cube, view, &asked);
            assert_eq!(
                answer.rows().len(),
                expected.len(),
                "seed {seed}: {}",
                asked.sql
            );
            for (row, other) in answer.rows().iter().zip(&expected) {
                let fine =
                    row.len() == other.len() && row.iter().zip(other).all(|(a, b)| same(a, b));
                assert!(fine, "seed {seed}: {}\n{row:?}\n{other:?}", asked.sql);
            }
            // the canonical form asks the same
            let canonical = question.plan.to_sql(view);
            let again = parse::question(&canonical, &micro.agreement).unwrap();
            assert_eq!(again.plan.to_sql(view), canonical);
        }
    }
}
