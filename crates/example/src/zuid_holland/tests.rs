//! What the example on poverty promises about its synthetic households.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{self, Write};

use sha2::{Digest as _, Sha256};
use zwerm_agreement::agreement::Document;

use crate::data_file::DataFile;
use crate::zuid_holland::*;
use crate::{DEFAULT_SEED, find};

mod published;

const README: &str = include_str!("../../../../examples/zuid-holland-armoede/README.md");

type Outcome = Result<(), Box<dyn Error>>;

fn population() -> Result<(ZuidHollandFigures, ZuidHollandPopulation), ExampleError> {
    let figures = ZuidHollandFigures::read()?;
    let population = ZuidHollandPopulation::fit(&figures)?;
    Ok((figures, population))
}

fn bytes(file: &dyn DataFile) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.write(&mut bytes, &mut |_| ())?;
    Ok(bytes)
}

/// The pseudonyms of a file as numbers, in its order; what stands behind them goes to `each`.
fn keys(text: &str, mut each: impl FnMut(&str)) -> Result<Vec<u64>, Box<dyn Error>> {
    let mut keys = Vec::new();
    for row in text.lines().skip(1) {
        let (key, rest) = row.split_once(',').ok_or("a row of one field")?;
        assert_eq!(key.len(), 16, "{row}");
        keys.push(u64::from_str_radix(key, 16)?);
        each(rest);
    }
    Ok(keys)
}

#[test]
fn each_published_marginal_is_met_within_one_per_cent() -> Outcome {
    let (_, population) = population()?;
    assert_eq!(population.fits.len(), 6);
    for fit in &population.fits {
        assert!(fit.largest_relative_error <= 0.01, "{fit:?}");
        assert!(fit.cells > 1);
    }
    Ok(())
}

#[test]
fn the_readme_tells_each_error_as_it_is() -> Outcome {
    for fit in population()?.1.fits {
        let told = format!(
            "| {} | {:.2}% |",
            fit.cells,
            100.0 * fit.largest_relative_error
        );
        assert!(
            README.contains(&told),
            "the README does not say `{told}` of {}",
            fit.name
        );
    }
    Ok(())
}

/// Counted from the files, row by row, against figures typed over here by hand.
#[test]
fn published_figures_are_found_again_by_counting_and_the_files_join() -> Outcome {
    let (figures, population) = population()?;
    let (incomes, help) = draw::files(7, &figures, &population);
    let incomes = String::from_utf8(bytes(&incomes)?)?;
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let mut unsorted = keys(&incomes, |rest| match counts.get_mut(rest) {
        Some(count) => *count += 1,
        None => {
            counts.insert(rest.to_owned(), 1);
        }
    })?;
    assert!(unsorted.len() >= 1_600_000);
    assert_eq!(unsorted.len(), 1_719_988);
    assert!(!unsorted.is_sorted());
    unsorted.sort_unstable();
    let known = unsorted;
    assert!(
        known.windows(2).all(|two| two.first() < two.last()),
        "a pseudonym twice"
    );

    let count = |parts: &[&str]| -> f64 {
        let all = |row: &str| {
            parts
                .iter()
                .all(|part| row.split(',').any(|field| field == *part))
        };
        counts
            .iter()
            .filter(|(row, _)| all(row))
            .map(|(_, count)| f64::from(*count))
            .sum()
    };
    let near = |found: f64, published: f64| (found / published - 1.0).abs() < 0.01;
    // Rotterdam: 328,283 households, 13.6% around the minimum, 22.1% up to 120%, 48% of 99% single.
    assert!(near(count(&["GM0599"]), 328_283.0));
    assert!(near(count(&["GM0599", "tot-101"]), 44_646.0));
    assert!(near(count(&["GM0599", "boven-120"]), 255_732.0));
    assert!(near(count(&["GM0599", "alleenstaand"]), 159_168.0));
    // Midden-Delfland: 7,832 households, 2.9% around the minimum.
    assert!(near(count(&["GM1842", "tot-101"]), 227.0));

    let help = String::from_utf8(bytes(&help)?)?;
    let mut assisted = 0;
    let helped = keys(&help, |rest| assisted += u32::from(rest == "bijstand"))?;
    assert!(
        helped.iter().all(|key| known.binary_search(key).is_ok()),
        "help without an income"
    );
    assert_eq!(helped.iter().collect::<BTreeSet<_>>().len(), helped.len());
    assert_eq!(
        assisted, 109_160,
        "the published benefits of the 52 municipalities"
    );
    Ok(())
}

/// The digests stand in the example's README, so that a reader can compare.
#[test]
fn the_files_are_those_that_the_readme_names() -> Outcome {
    for file in &generate(DEFAULT_SEED)?.files {
        let mut hash = Hash(Sha256::new());
        let mut told = 0;
        file.write(&mut hash, &mut |rows| told += rows)?;
        assert_eq!(told, file.rows());
        let digest: String = hash
            .0
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(
            README.contains(&digest),
            "the README does not name {digest} of {}",
            file.name()
        );
    }
    Ok(())
}

struct Hash(Sha256);

impl Write for Hash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A small population, so that whole files can be compared.
#[test]
fn a_seed_decides_pseudonyms_and_order_and_no_count() -> Outcome {
    let (figures, mut population) = population()?;
    for count in &mut population.cells {
        *count /= 100;
    }
    let sorted = |seed| -> Result<[Vec<u8>; 2], Box<dyn Error>> {
        let (incomes, help) = draw::files(seed, &figures, &population);
        Ok([bytes(&incomes)?, bytes(&help)?])
    };
    assert!(sorted(1)? == sorted(1)?);
    let ([incomes, help], [other_incomes, other_help]) = (sorted(1)?, sorted(2)?);
    assert!(incomes != other_incomes && help != other_help);
    assert_eq!(incomes.len(), other_incomes.len());
    assert_eq!(help.len(), other_help.len());
    Ok(())
}

#[test]
fn every_value_of_the_data_is_registered_in_both_agreements() -> Outcome {
    let figures = ZuidHollandFigures::read()?;
    let codes: Vec<&str> = figures
        .gemeenten
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    assert_eq!(codes.len(), 52);
    let example = find("zuid-holland-armoede").ok_or("no such example")?;
    for (file, text) in example.agreements {
        let agreement = Document::parse(file, text)?.agreement;
        let view = agreement.view.first().ok_or("no view")?;
        let dimensions: Vec<_> = view
            .dimension
            .iter()
            .map(|one| one.values.clone())
            .collect();
        let expected = [&codes[..], &TYPES[..], &POSITIONS[..], &HELP[..]];
        assert_eq!(dimensions, expected, "{file}");
    }
    Ok(())
}

#[test]
fn some_groups_are_small_enough_to_need_protection_and_most_are_not() -> Outcome {
    let (_, population) = population()?;
    let mut cells: BTreeMap<(usize, usize, usize), u32> = BTreeMap::new();
    for (index, count) in population.cells.iter().enumerate() {
        let (help, position) = (index % HELP.len(), index / HELP.len() % POSITIONS.len());
        *cells.entry((index / BLOCK, position, help)).or_default() += count;
    }
    let small = cells
        .values()
        .filter(|count| (1..10).contains(*count))
        .count();
    assert!((1..30).contains(&small), "{small} of {} cells", cells.len());
    Ok(())
}
