//! What the Leiden example promises about its synthetic households.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use sha2::{Digest as _, Sha256};

use crate::leiden::*;

type Outcome = Result<(), Box<dyn Error>>;
type Row = BTreeMap<String, String>;

/// One of the two files.
fn text(generated: &Generated, name: &str) -> Result<String, Box<dyn Error>> {
    let file = generated.files.iter().find(|file| file.name() == name);
    let mut bytes = Vec::new();
    file.ok_or("no such file")?.write(&mut bytes, &mut |_| ())?;
    Ok(String::from_utf8(bytes)?)
}

fn texts(generated: &Generated) -> Result<[String; 2], Box<dyn Error>> {
    Ok([
        text(generated, "woningen.csv")?,
        text(generated, "inkomens.csv")?,
    ])
}

fn rows(text: &str) -> Result<Vec<Row>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect()
}

fn field<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).map_or("", String::as_str)
}

fn number(row: &Row, name: &str) -> Result<f64, std::num::ParseFloatError> {
    field(row, name).parse()
}

/// Every tenant's home and income, joined on the pseudonym.
fn joined(generated: &Generated) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut incomes: BTreeMap<String, Row> = rows(&text(generated, "inkomens.csv")?)?
        .into_iter()
        .map(|row| (field(&row, "huishouden").to_owned(), row))
        .collect();
    let mut all = Vec::new();
    for mut home in rows(&text(generated, "woningen.csv")?)? {
        let income = incomes
            .remove(field(&home, "huishouden"))
            .ok_or("a home without an income, or two homes of one household")?;
        home.extend(income);
        all.push(home);
    }
    assert!(incomes.is_empty(), "incomes without a home");
    Ok(all)
}

#[test]
fn each_published_marginal_is_met_within_one_per_cent() -> Outcome {
    let generated = generate(546)?;
    assert_eq!(generated.fits.len(), 6);
    for fit in &generated.fits {
        assert!(fit.largest_relative_error <= 0.01, "{fit:?}");
        assert!(fit.cells > 1);
    }
    Ok(())
}

/// Counted here by hand, not by the code that measures a fit.
#[test]
fn published_shares_are_found_again_by_counting() -> Outcome {
    let population = LeidenPopulation::fit(&LeidenFigures::read()?)?;
    let mut kinds = [0; 4];
    let mut tenures = [0; 3];
    let mut classes = [0; 3];
    let mut merenwijk = 0;
    for (index, count) in population.cells.iter().enumerate() {
        let class = index % 3;
        let (kind, tenure, wijk) = (index / 3 % 4, index / 12 % 3, index / 36);
        *kinds.get_mut(kind).ok_or("type")? += count;
        *tenures.get_mut(tenure).ok_or("tenure")? += count;
        *classes.get_mut(class).ok_or("class")? += count;
        merenwijk += if wijk == 8 { *count } else { 0 };
    }
    let share = |count: u32| 100.0 * f64::from(count) / 68_699.0;
    let [single, couple, couples, parents] = kinds.map(share);
    for (found, published) in [
        (single, 54.0 / 0.99),
        (couple, 23.0 / 0.99),
        (couples + parents, 22.0 / 0.99),
        (share(tenures[CORPORATION]), 33.0),
        (share(classes[0]), 51.2),
        (share(classes[2]), 17.3),
        (share(merenwijk), 100.0 * 6_093.0 / 61_605.0),
    ] {
        assert!(
            (found / published - 1.0).abs() < 0.01,
            "{found} is not {published}"
        );
    }
    Ok(())
}

#[test]
fn three_in_ten_tenants_are_above_the_limit_as_in_the_region() -> Outcome {
    let incomes = rows(&text(&generate(546)?, "inkomens.csv")?)?;
    let above = incomes
        .iter()
        .filter(|row| field(row, "boven_grens") == "ja")
        .count();
    let (above, all) = (u32::try_from(above)?, u32::try_from(incomes.len())?);
    let error = f64::from(above) / f64::from(all) / (17_200.0 / 57_300.0) - 1.0;
    assert!(error.abs() < 0.01, "{above} of {all}");
    Ok(())
}

#[test]
fn the_population_is_leiden_and_the_files_hold_its_corporation_tenants() -> Outcome {
    let generated = generate(546)?;
    assert_eq!(generated.households, 68_699);
    // 33% of 68,699 is 22,671; rounding to whole households misses two of them.
    assert_eq!(generated.delivered, 22_669);
    assert_eq!(joined(&generated)?.len(), generated.delivered);
    Ok(())
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() -> Outcome {
    let (first, again, other) = (generate(546)?, generate(546)?, generate(547)?);
    assert_eq!(texts(&first)?, texts(&again)?);
    assert_ne!(text(&first, "woningen.csv")?, text(&other, "woningen.csv")?);
    assert_ne!(text(&first, "inkomens.csv")?, text(&other, "inkomens.csv")?);
    assert_eq!(first.fits, other.fits, "counts do not depend on the seed");
    Ok(())
}

/// The digests stand in the example's README, so that a reader can compare.
#[test]
fn the_files_are_those_that_the_readme_names() -> Outcome {
    let readme = include_str!("../../../../examples/leiden-goedkoop-scheefwonen/README.md");
    let generated = generate(546)?;
    for text in &texts(&generated)? {
        let digest: String = Sha256::digest(text)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(
            readme.contains(&digest),
            "the README does not name {digest}"
        );
    }
    Ok(())
}

#[test]
fn a_household_has_one_row_under_a_pseudonym() -> Outcome {
    let generated = generate(546)?;
    for text in &texts(&generated)? {
        let rows = rows(text)?;
        let names: BTreeSet<&str> = rows.iter().map(|row| field(row, "huishouden")).collect();
        assert_eq!(names.len(), rows.len());
        assert!(
            names.iter().all(|name| {
                name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
            })
        );
    }
    Ok(())
}

#[test]
fn the_files_are_in_orders_of_their_own() -> Outcome {
    let generated = generate(546)?;
    let homes = rows(&text(&generated, "woningen.csv")?)?;
    let incomes = rows(&text(&generated, "inkomens.csv")?)?;
    let same = homes
        .iter()
        .zip(&incomes)
        .filter(|(home, income)| field(home, "huishouden") == field(income, "huishouden"))
        .count();
    assert!(
        same < 20,
        "{same} households stand in the same place of both files"
    );
    let wijken: BTreeSet<&str> = homes
        .iter()
        .take(100)
        .map(|home| field(home, "wijk"))
        .collect();
    assert!(wijken.len() > 5, "homes are still in order of wijk");
    Ok(())
}

#[test]
fn incomes_lie_on_the_side_that_the_flag_says_and_few_are_unknown() -> Outcome {
    let all = joined(&generate(546)?)?;
    let mut unknown = 0;
    for row in &all {
        if field(row, "inkomen").is_empty() {
            unknown += 1;
            continue;
        }
        let income = number(row, "inkomen")?;
        assert_eq!(
            field(row, "boven_grens"),
            if income > 34_229.0 { "ja" } else { "nee" }
        );
        assert!((10_000.0..=160_000.0).contains(&income) && income.fract() == 0.0);
    }
    assert!(
        unknown > 0 && unknown * 100 < all.len(),
        "{unknown} unknown"
    );
    Ok(())
}

#[test]
fn rents_lie_in_their_class() -> Outcome {
    for row in joined(&generate(546)?)? {
        let rent = number(&row, "huur")?;
        let class = RENTS
            .iter()
            .find(|(name, ..)| *name == field(&row, "huurklasse"));
        assert!(class.is_some_and(|(_, lowest, highest)| {
            f64::from(*lowest) <= rent && rent < f64::from(*highest)
        }));
    }
    Ok(())
}

#[test]
fn some_groups_are_small_enough_to_need_protection_and_most_are_not() -> Outcome {
    let mut cells: BTreeMap<[String; 3], usize> = BTreeMap::new();
    for row in joined(&generate(546)?)? {
        let cell = ["wijk", "huishoudtype", "boven_grens"].map(|name| field(&row, name).to_owned());
        *cells.entry(cell).or_default() += 1;
    }
    let small = cells.values().filter(|count| **count < 10).count();
    assert!(
        (2..=12).contains(&small),
        "{small} of {} cells",
        cells.len()
    );
    Ok(())
}
