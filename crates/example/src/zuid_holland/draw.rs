//! From counts to two files: the incomes of all households, and the help that some of them use.
//!
//! A household is a number, in order of its cell. Its pseudonym follows from the number, so a file
//! needs only an order of numbers, and rows are put together while they are written.

use std::io::{self, Write};
use std::rc::Rc;

use rand::SeedableRng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::data_file::DataFile;
use crate::zuid_holland::figures::ZuidHollandFigures;
use crate::zuid_holland::{BLOCK, HELP, NO_HELP, POSITIONS, TYPES, ZuidHollandPopulation};

/// Rows between two signs of life.
const SIGN: usize = 50_000;

/// A file with one row per household in it.
#[derive(Debug)]
pub(super) struct HouseholdFile {
    name: &'static str,
    heading: &'static str,
    seed: u64,
    /// Tells the generators of the files apart.
    stream: u64,
    /// The cell of each household.
    cells: Rc<Vec<u16>>,
    /// What stands behind the pseudonym, per cell; empty where the file does not know the household.
    tails: Vec<String>,
    rows: usize,
}

/// Incomes of all households, and the help that some use.
pub(super) fn files(
    seed: u64,
    figures: &ZuidHollandFigures,
    population: &ZuidHollandPopulation,
) -> (HouseholdFile, HouseholdFile) {
    let mut cells = Vec::with_capacity(population.households);
    for (cell, count) in (0..).zip(&population.cells) {
        cells.extend((0..*count).map(|_| cell));
    }
    let cells = Rc::new(cells);
    let incomes = HouseholdFile::new(
        "inkomens.csv",
        "huishouden,gemeente,huishoudtype,inkomenspositie\n",
        (seed, 1),
        &cells,
        income_tails(figures),
    );
    let help = HouseholdFile::new(
        "regelingen.csv",
        "huishouden,hulp\n",
        (seed, 2),
        &cells,
        help_tails(figures),
    );
    (incomes, help)
}

fn income_tails(figures: &ZuidHollandFigures) -> Vec<String> {
    let mut tails = Vec::new();
    for gemeente in &figures.gemeenten {
        for kind in TYPES {
            for position in POSITIONS {
                let tail = format!(",{},{kind},{position}\n", gemeente.code);
                tails.extend(HELP.map(|_| tail.clone()));
            }
        }
    }
    tails
}

/// Who uses no help is not in this file: the social services know only whom they help.
fn help_tails(figures: &ZuidHollandFigures) -> Vec<String> {
    let tail = |cell: usize| match cell % HELP.len() {
        NO_HELP => String::new(),
        help => HELP
            .get(help)
            .map_or_else(String::new, |name| format!(",{name}\n")),
    };
    (0..figures.gemeenten.len() * BLOCK).map(tail).collect()
}

impl HouseholdFile {
    fn new(
        name: &'static str,
        heading: &'static str,
        (seed, stream): (u64, u64),
        cells: &Rc<Vec<u16>>,
        tails: Vec<String>,
    ) -> Self {
        let mut new = Self {
            name,
            heading,
            seed,
            stream,
            cells: Rc::clone(cells),
            tails,
            rows: 0,
        };
        new.rows = new.known().count();
        new
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// The numbers of the households in this file.
    fn known(&self) -> impl Iterator<Item = u32> {
        (0..)
            .zip(self.cells.iter())
            .filter(|(_, cell)| !self.tail(**cell).is_empty())
            .map(|(number, _)| number)
    }

    fn tail(&self, cell: u16) -> &str {
        self.tails.get(usize::from(cell)).map_or("", String::as_str)
    }
}

impl DataFile for HouseholdFile {
    fn name(&self) -> &'static str {
        self.name
    }

    fn rows(&self) -> usize {
        self.rows
    }

    fn write(&self, to: &mut dyn Write, wrote: &mut dyn FnMut(usize)) -> io::Result<()> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(self.stream);
        let mut order: Vec<u32> = self.known().collect();
        order.shuffle(&mut rng);
        to.write_all(self.heading.as_bytes())?;
        let mut row = Vec::with_capacity(64);
        for some in order.chunks(SIGN) {
            for number in some {
                let place = usize::try_from(*number).unwrap_or(usize::MAX);
                let cell = self.cells.get(place).copied().unwrap_or(u16::MAX);
                row.clear();
                row.extend(pseudonym(self.seed, *number));
                row.extend_from_slice(self.tail(cell).as_bytes());
                to.write_all(&row)?;
            }
            wrote(some.len());
        }
        Ok(())
    }
}

/// 16 hexadecimal digits, other ones for each number. This has no secret: there is nobody to protect.
///
/// The steps are those of SplitMix64 (Steele, Lea and Flood, *Fast splittable pseudorandom number
/// generators*, 2014). Each can be undone, so two numbers never get one pseudonym.
fn pseudonym(seed: u64, number: u32) -> [u8; 16] {
    let start = seed.wrapping_add(u64::from(number));
    let mut mixed = start.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^= mixed >> 31;
    let mut digits = [b'0'; 16];
    for digit in digits.iter_mut().rev() {
        *digit = match (mixed & 15) as u8 {
            low @ 0..10 => b'0' + low,
            high => b'a' + (high - 10),
        };
        mixed >>= 4;
    }
    digits
}
