//! Protection holds: from files to published cells, checked against the micro-data by other code.

use zwerm_disclosure::{Cell, audit};
use zwerm_intake::Sources;
use zwerm_question::{
    cube::{self, Cube},
    error::QuestionError,
    release,
    session::BuildLimits,
};

use crate::micro::{Micro, generate};

pub(crate) fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |n| n.parse().expect("a whole number"))
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

pub(crate) async fn build(micro: &Micro, folder: &std::path::Path) -> Result<Cube, QuestionError> {
    let sources = Sources::beside(&micro.agreement, folder);
    let view = &micro.agreement.view[0];
    cube::build(
        &micro.agreement,
        view,
        &sources,
        &BuildLimits::default(),
        &|_| {},
    )
    .await
}

/// Published cells with the true figures where the cube shows any; the cube's own must be these,
/// rounded.
fn unrounded(micro: &Micro, cube: &Cube, seed: u64) -> Vec<Cell> {
    let table = micro.table();
    let grains: Vec<Option<f64>> = table
        .measures
        .iter()
        .map(|m| m.grain(micro.rules.round_to))
        .collect();
    cube.cells
        .iter()
        .map(|cell| {
            let inside = table.cells.iter().filter(|base| {
                let mut pairs = cell.coordinates.iter().zip(&base.coordinates);
                pairs.all(|(c, b)| c.is_none_or(|v| v == *b))
            });
            let inside: Vec<_> = inside.collect();
            let units: u64 = inside.iter().map(|b| b.units).sum();
            let rows: u64 = inside.iter().map(|b| b.rows.count).sum();
            let truth = Cell {
                coordinates: cell.coordinates.clone(),
                units: cell.units.map(|_| units),
                rows: cell.rows.map(|_| rows),
                counts: (0..table.measures.len())
                    .map(|m| {
                        cell.counts[m].map(|_| inside.iter().map(|b| b.measures[m].count).sum())
                    })
                    .collect(),
                sums: (0..table.measures.len())
                    .map(|m| cell.sums[m].map(|_| inside.iter().map(|b| b.measures[m].total).sum()))
                    .collect(),
            };
            let rounded = truth.clone().rounded(micro.rules.round_to, &grains);
            assert_eq!(
                (cell.units, cell.rows),
                (rounded.units, rounded.rows),
                "seed {seed}"
            );
            assert_eq!(cell.counts, rounded.counts, "seed {seed}");
            for (shown, (expected, grain)) in cell.sums.iter().zip(rounded.sums.iter().zip(&grains))
            {
                // halfway between two grains the order of addition may tip the rounding
                let near = match (shown, expected) {
                    (Some(a), Some(b)) => (a - b).abs() <= grain.unwrap_or(0.0) + 1e-9,
                    (a, b) => a == b,
                };
                assert!(near, "seed {seed}: {shown:?} {expected:?}");
            }
            truth
        })
        .collect()
}

#[test]
fn every_rule_holds_over_all_published_cells_of_random_projects() {
    let first = number("ZWERM_SEED", 0);
    let runtime = runtime();
    let (tried, mut few) = (number("ZWERM_CUBES", 200), 0);
    for seed in first..first + tried {
        let folder = tempfile::tempdir().unwrap();
        let micro = generate(seed, folder.path());
        let cube = match runtime.block_on(build(&micro, folder.path())) {
            Ok(cube) => cube,
            // of fewer units than the minimum nothing is built
            Err(error) if error.to_string().contains("the view comes to") => {
                few += 1;
                continue;
            }
            Err(error) => panic!("seed {seed}: {error}"),
        };
        let cells = unrounded(&micro, &cube, seed);
        let findings = audit::findings(&micro.table(), &micro.rules, &cells);
        assert!(findings.is_empty(), "seed {seed}: {findings:#?}");
        let (bytes, identity) = release::encode(&cube).unwrap();
        let (again, same) = release::decode(bytes).unwrap();
        assert_eq!((again, same), (cube, identity), "seed {seed}");
    }
    assert!(few * 10 <= tried, "{few} of {tried} have too few units");
}
