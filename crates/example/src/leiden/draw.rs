//! From counts to the two files: one row per tenant, with a pseudonym, an income and a rent.
//!
//! Incomes and rents are illustrative. An income lies on the side of the limit that the flag says;
//! a rent lies in its class. Nothing here uses a function whose last digit differs between machines.

use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use crate::leiden::figures::LeidenFigures;
use crate::leiden::{ExampleError, RENTS, TYPES, TenantPlace, Tenants};

/// The share of incomes that the bureau does not know yet.
const UNKNOWN_INCOME: f64 = 0.005;
/// Nobody's made-up income is lower, in EUR per year; per household type.
const LOWEST_INCOME: [u32; 4] = [11_000, 16_000, 18_000, 14_000];
/// How far incomes above the limit spread, in EUR per year; per income class.
const SPREAD: [f64; 3] = [1_500.0, 7_500.0, 21_000.0];
/// The highest made-up income, in EUR per year.
const HIGHEST_INCOME: u32 = 160_000;

/// The two files.
pub(super) struct Files {
    pub(super) woningen: String,
    pub(super) inkomens: String,
    /// Rows of each, without the heading.
    pub(super) rows: usize,
}

/// Draws every tenant and writes both files, each in an order of its own.
///
/// # Errors
/// When a file cannot be put together.
pub(super) fn files(
    seed: u64,
    figures: &LeidenFigures,
    tenants: &Tenants,
) -> Result<Files, ExampleError> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut homes = Vec::new();
    let mut incomes = Vec::new();
    for (place, count) in tenants.places() {
        let wijk = figures
            .wijken
            .get(place.wijk)
            .map(|wijk| wijk.code.as_str());
        let kind = TYPES.get(place.kind).copied();
        let rent_class = RENTS.get(place.rent).copied();
        let (Some(wijk), Some(kind), Some(rent_class)) = (wijk, kind, rent_class) else {
            return Err(ExampleError::Write("a tenant without a place".to_owned()));
        };
        for _ in 0..count {
            let pseudonym = pseudonym(seed, homes.len());
            let income = income(&mut rng, place, figures.limit);
            let flag = if place.above { "ja" } else { "nee" };
            homes.push([
                pseudonym.clone(),
                wijk.to_owned(),
                kind.to_owned(),
                rent_class.0.to_owned(),
                rent(&mut rng, rent_class),
            ]);
            incomes.push([pseudonym, flag.to_owned(), income]);
        }
    }
    homes.shuffle(&mut rng);
    incomes.shuffle(&mut rng);
    let rows = homes.len();
    let home_columns = ["huishouden", "wijk", "huishoudtype", "huurklasse", "huur"];
    Ok(Files {
        woningen: csv_text(home_columns, &homes)?,
        inkomens: csv_text(["huishouden", "boven_grens", "inkomen"], &incomes)?,
        rows,
    })
}

/// 32 hexadecimal digits, as keyed pseudonyms look. This one has no secret: there is nobody to protect.
fn pseudonym(seed: u64, number: usize) -> String {
    let digest = Sha256::digest(format!("zwerm example leiden {seed} {number}"));
    let mut digits = hex::encode(digest);
    digits.truncate(32);
    digits
}

/// Whole EUR per year, on the right side of the limit; empty where it is not known.
fn income(rng: &mut ChaCha8Rng, place: TenantPlace, limit: u32) -> String {
    let known = rng.random::<f64>() >= UNKNOWN_INCOME;
    let drawn: f64 = rng.random();
    let income = if place.above {
        let spread = SPREAD.get(place.class).copied().unwrap_or_default();
        // Half of the draws lie within one spread; a few lie far out.
        let over = whole(spread * drawn / (1.05 - drawn));
        limit.saturating_add(1 + over).min(HIGHEST_INCOME)
    } else {
        let lowest = LOWEST_INCOME.get(place.kind).copied().unwrap_or_default();
        let room = f64::from(limit.saturating_sub(lowest));
        // The lowest class crowds at the bottom, the others below the limit.
        let part = if place.class == 0 {
            drawn * drawn
        } else {
            1.0 - drawn * drawn
        };
        lowest + whole(room * part)
    };
    if known {
        income.to_string()
    } else {
        String::new()
    }
}

/// EUR per month with cents, from the lowest rent of the class up to, not including, the highest.
fn rent(rng: &mut ChaCha8Rng, (_, lowest, highest): (&str, u32, u32)) -> String {
    let cents = rng.random_range(lowest * 100..highest * 100);
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "amounts are positive and far below the largest value; the cast saturates anyway"
)]
fn whole(amount: f64) -> u32 {
    amount as u32
}

fn csv_text<const N: usize>(
    columns: [&str; N],
    rows: &[[String; N]],
) -> Result<String, ExampleError> {
    let write = |error: &dyn std::error::Error| ExampleError::Write(error.to_string());
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record(columns)
        .map_err(|error| write(&error))?;
    for row in rows {
        writer.write_record(row).map_err(|error| write(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| write(&error))?;
    String::from_utf8(bytes).map_err(|error| write(&error))
}
