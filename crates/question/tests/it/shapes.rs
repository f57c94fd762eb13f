//! Hierarchies, groups and units with several values, from files to cells; and releases one after another over
//! the same units, by several views and agreements and with changing data. Checked by code of another crate.

use std::{collections::BTreeMap, path::Path};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use zwerm_agreement::{
    agreement::{Agreement, View},
    refusal::Code,
};
use zwerm_disclosure::{BaseCell, Cell, Earlier, Rules, Table, TableDimension, audit};
use zwerm_intake::Sources;
use zwerm_question::{
    cube::{self, Cube, Link},
    error::QuestionError,
    session::BuildLimits,
};

use crate::{
    people::{Project, Rows},
    project::in_force,
    protection::{number, runtime},
};

/// The cells with true figures where the cube shows any; the cube's counts must be these.
fn truth(table: &Table, cube: &Cube) -> Vec<Cell> {
    let all = Table {
        max_dimensions: table.dimensions.len(),
        earlier: vec![],
        ..table.clone()
    };
    let open = zwerm_disclosure::primary_only(&all, &Rules::minimum(1))
        .unwrap()
        .cells();
    let open: BTreeMap<Vec<Option<u32>>, Cell> = open
        .into_iter()
        .map(|c| (c.coordinates.clone(), c))
        .collect();
    let cells = cube.cells.iter().map(|cell| {
        let true_cell = &open[&cell.coordinates];
        assert!(
            cell.units.is_none() || cell.units == true_cell.units,
            "{cell:?} {true_cell:?}"
        );
        assert!(
            cell.rows.is_none() || cell.rows == true_cell.rows,
            "{cell:?} {true_cell:?}"
        );
        Cell {
            coordinates: cell.coordinates.clone(),
            units: cell.units.and(true_cell.units),
            rows: cell.rows.and(true_cell.rows),
            counts: cell
                .counts
                .iter()
                .zip(&true_cell.counts)
                .map(|(a, b)| a.and(*b))
                .collect(),
            sums: cell
                .sums
                .iter()
                .zip(&true_cell.sums)
                .map(|(a, b)| a.and(*b))
                .collect(),
        }
    });
    cells.collect()
}

/// Builds; `None` where nothing may be built, for a reason that must be one of those foreseen.
fn built(
    runtime: &tokio::runtime::Runtime,
    (agreement, folder): (&Agreement, &Path),
    links: &[Link],
) -> Option<(Cube, Vec<zwerm_intake::CheckedDataset>)> {
    let sources = Sources::beside(agreement, folder);
    let limits = BuildLimits::default();
    let work = async {
        let checked = cube::check_all(agreement, &sources, &|_| {}).await?;
        let view = &agreement.view[0];
        let cube = cube::build_linked(in_force(agreement), view, &checked, links, &limits, &|_| {})
            .await?;
        Ok::<_, QuestionError>((cube, checked))
    };
    match runtime.block_on(work) {
        Ok(built) => Some(built),
        Err(QuestionError::Refused(refusals)) => {
            assert!(
                refusals.iter().all(|r| r.code == Code::SecondRelease),
                "{refusals:?}"
            );
            None
        }
        Err(QuestionError::NotBuildable(_)) => {
            let view = &agreement.view[0];
            let own = runtime.block_on(cube::build(agreement, view, &sources, &limits, &|_| {}));
            is_foreseen(own, links);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

/// What could not be built fails for the same reason from one's own files, where it is said; or an earlier release was in
/// the way.
fn is_foreseen(own: Result<Cube, QuestionError>, links: &[Link]) {
    match own {
        Err(QuestionError::Data(faults)) => {
            let known = |f: &zwerm_agreement::diagnostic::Diagnostic| {
                f.what.en.contains("cannot be protected: a cell")
                    || f.what.en.contains("the view comes to")
                    || f.what.en.contains("only two values")
            };
            assert!(faults.iter().all(known), "{faults:?}");
        }
        Ok(_) => assert!(!links.is_empty(), "nothing was in the way"),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn every_rule_holds_over_hierarchies_groups_and_several_values() {
    let runtime = runtime();
    let (mut tried, mut not_built) = (0, 0);
    let first = number("ZWERM_SEED", 0);
    for seed in first..first + number("ZWERM_CUBES", 200) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(seed, seed % 2 == 0);
        let dimensions: Vec<usize> = (0..project.sizes.len()).collect();
        let agreement = project.agreement(folder.path(), 2025, &dimensions, "");
        tried += 1;
        let Some((cube, _)) = built(&runtime, (&agreement, folder.path()), &[]) else {
            not_built += 1;
            continue;
        };
        let most = agreement.protection.max_dimensions;
        let table = project.table(&agreement.view[0], &project.units, most);
        let cells = truth(&table, &cube);
        let findings = audit::findings(&table, &project.rules(), &cells);
        assert!(findings.is_empty(), "seed {seed}: {findings:#?}");
    }
    assert!(
        not_built * 10 < tried,
        "{not_built} of {tried} were not built"
    );
}

/// What came of sequences of releases.
#[derive(Default)]
struct Came {
    tried: u64,
    not_built: u64,
    findings: Vec<String>,
}

#[test]
fn nothing_follows_from_sequences_of_releases() {
    let came = sequences(number("ZWERM_CUBES", 200), true);
    assert!(came.findings.is_empty(), "{:#?}", came.findings);
    assert!(
        came.not_built * 5 < came.tried,
        "{} of {}",
        came.not_built,
        came.tried
    );
}

#[test]
fn releases_that_are_not_built_together_give_each_other_away() {
    let came = sequences(60, false);
    assert!(came.findings.len() > 10, "{:#?}", came.findings);
}

/// Three releases after each other, of data that change in between.
fn sequences(seeds: u64, linked: bool) -> Came {
    let runtime = runtime();
    let mut came = Came::default();
    let first = number("ZWERM_SEED", 0);
    for seed in first..first + seeds {
        let folder = tempfile::tempdir().unwrap();
        let mut project = Project::new(seed, seed % 4 == 0);
        let all: Vec<usize> = (0..project.sizes.len()).collect();
        let mut links: Vec<Link> = Vec::new();
        // per release: its view, its units, and its cells
        let mut past: Vec<(View, BTreeMap<u32, Rows>, Vec<Cell>)> = Vec::new();
        for round in 0..3_u32 {
            if round > 0 {
                project.time_passes();
            }
            let agreement = project.agreement(folder.path(), 2025 + round, &all, "");
            came.tried += 1;
            let known = if linked { links.as_slice() } else { &[] };
            let Some((cube, checked)) = built(&runtime, (&agreement, folder.path()), known) else {
                came.not_built += 1;
                continue;
            };
            let view = agreement.view[0].clone();
            let mut table =
                project.table(&view, &project.units, agreement.protection.max_dimensions);
            let cells = truth(&table, &cube);
            table.earlier = past
                .iter()
                .filter(|(_, units, _)| units.keys().any(|k| project.units.contains_key(k)))
                .map(|(_, units, cells)| Earlier {
                    then: Some(project.state(&view, units)),
                    published: cells.clone(),
                    rules: vec![project.rules()],
                })
                .collect();
            let findings = audit::findings(&table, &project.rules(), &cells);
            let told = findings
                .iter()
                .map(|f| format!("seed {seed}, round {round}: {f}"));
            came.findings.extend(told);
            past.push((view.clone(), project.units.clone(), cells));
            links.push(Link {
                agreement,
                view,
                cube,
                checked,
            });
        }
    }
    came
}

/// Several views of the same units at one time: of some dimensions, and of some of the units.
#[test]
fn nothing_follows_from_several_views() {
    let runtime = runtime();
    let (mut tried, mut not_built) = (0, 0);
    let first = number("ZWERM_SEED", 0);
    for seed in first..first + number("ZWERM_CUBES", 200) {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::new(seed, false);
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut links: Vec<Link> = Vec::new();
        // every view over all dimensions, and whether a unit is in it
        let mut shown: Vec<(Vec<usize>, bool, Vec<Cell>)> = Vec::new();
        for round in 0..3_usize {
            let n = project.sizes.len();
            let dimensions: Vec<usize> = (0..n)
                .filter(|_| round == 0 || n == 1 || rng.random_bool(0.6))
                .collect();
            let part = round > 0 && rng.random_bool(0.4);
            let filter = if part { " WHERE bedrag < 700" } else { "" };
            if dimensions.is_empty() {
                continue;
            }
            let agreement = project.agreement(folder.path(), 2025, &dimensions, filter);
            tried += 1;
            let Some((cube, checked)) = built(&runtime, (&agreement, folder.path()), &links) else {
                not_built += 1;
                continue;
            };
            let view = agreement.view[0].clone();
            let whole = joint(&project);
            let named = |cell: &Cell| named(cell, &whole, &project, &dimensions, part);
            let cells: Vec<Cell> = cube.cells.iter().map(named).collect();
            let mut table = whole;
            table.max_dimensions = agreement.protection.max_dimensions;
            table.earlier = vec![Earlier {
                then: None,
                published: shown
                    .iter()
                    .flat_map(|(_, _, cells)| cells.clone())
                    .collect(),
                rules: vec![],
            }];
            let findings = audit::findings(&table, &project.rules(), &cells);
            assert!(
                findings.is_empty(),
                "seed {seed}, view {round}: {findings:#?}"
            );
            shown.push((dimensions, part, cells));
            links.push(Link {
                agreement,
                view,
                cube,
                checked,
            });
        }
    }
    assert!(
        not_built * 5 < tried,
        "{not_built} of {tried} were not built"
    );
}

/// All dimensions, and a last one that says whether a unit's amount is below 700.
fn joint(project: &Project) -> Table {
    let folder = tempfile::tempdir().unwrap();
    let all: Vec<usize> = (0..project.sizes.len()).collect();
    let full = project.agreement(folder.path(), 2025, &all, "");
    let mut table = project.table(&full.view[0], &project.units, 1);
    let mut cells: BTreeMap<Vec<u32>, BaseCell> = BTreeMap::new();
    for (key, rows) in &project.units {
        let one: BTreeMap<u32, Rows> = [(*key, rows.clone())].into();
        let (mut own, _) = project.state(&full.view[0], &one);
        let mut cell = own.remove(0);
        cell.coordinates.push(u32::from(rows[0].1 >= 700));
        match cells.get_mut(&cell.coordinates) {
            None => {
                cells.insert(cell.coordinates.clone(), cell);
            }
            Some(into) => {
                into.units += 1;
                into.rows.merge(&cell.rows, 2);
                for (a, b) in into.measures.iter_mut().zip(&cell.measures) {
                    a.merge(b, 2);
                }
            }
        }
    }
    table.cells = cells.into_values().collect();
    table.dimensions.push(TableDimension::new("deel", 2));
    table
}

/// A view's cell among those of the joint table, with the true figures where it shows any.
fn named(cell: &Cell, table: &Table, project: &Project, dimensions: &[usize], part: bool) -> Cell {
    let mut coordinates = vec![None; project.sizes.len() + 1];
    for (&d, at) in dimensions.iter().zip(&cell.coordinates) {
        coordinates[d] = *at;
    }
    if part {
        coordinates[project.sizes.len()] = Some(0);
    }
    let members = |d: usize, at: u32| -> Vec<u32> {
        let of = &table.dimensions[d];
        match (at as usize).checked_sub(of.size) {
            None => vec![at],
            Some(union) => of.unions[union].clone(),
        }
    };
    let inside: Vec<&BaseCell> = table
        .cells
        .iter()
        .filter(|b| {
            let mut axes = coordinates.iter().enumerate();
            axes.all(|(d, at)| at.is_none_or(|at| members(d, at).contains(&b.coordinates[d])))
        })
        .collect();
    let units: u64 = inside.iter().map(|b| b.units).sum();
    assert!(cell.units.is_none_or(|n| n == units), "{cell:?} {units}");
    let sum = |m: usize| inside.iter().map(|b| b.measures[m].total).sum::<f64>();
    let count = |m: usize| inside.iter().map(|b| b.measures[m].count).sum::<u64>();
    Cell {
        coordinates,
        units: cell.units,
        rows: cell.rows,
        counts: cell
            .counts
            .iter()
            .enumerate()
            .map(|(m, c)| c.map(|_| count(m)))
            .collect(),
        sums: cell
            .sums
            .iter()
            .enumerate()
            .map(|(m, s)| s.map(|_| sum(m)))
            .collect(),
    }
}
