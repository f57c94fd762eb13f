//! The published figures behind the example on poverty, read from the compact tables in its folder.

use crate::figures::FigureFile;
use crate::zuid_holland::ExampleError;

const GEMEENTEN: &str = "figures/gemeenten.csv";
const LANDELIJK: &str = "figures/landelijk.csv";

const GEMEENTEN_CSV: &str =
    include_str!("../../../../examples/zuid-holland-armoede/figures/gemeenten.csv");
const LANDELIJK_CSV: &str =
    include_str!("../../../../examples/zuid-holland-armoede/figures/landelijk.csv");

/// All figures; shares are fractions of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ZuidHollandFigures {
    pub(super) gemeenten: Vec<Gemeente>,
    /// Shares of the income classes among each type of household, in the country.
    pub(super) national: [[f64; 4]; 4],
    /// Shares of the income classes among households on social assistance, in the country.
    pub(super) assisted: [f64; 4],
    /// Share of couples among households with children, in the country.
    pub(super) couples_of_families: f64,
}

/// One municipality, 2020.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gemeente {
    pub(super) code: String,
    pub(super) households: f64,
    /// Single, without children, with children; as published, so they need not add up to one.
    shares: [f64; 3],
    /// Up to 101%, 110% and 120% of the social minimum, each with those before it.
    up_to: [f64; 3],
    /// Households on social assistance: one benefit is taken to be one household.
    pub(super) benefits: f64,
}

impl Gemeente {
    /// Households per type; the published shares are scaled to all households.
    pub(super) fn types(&self) -> [f64; 3] {
        let published: f64 = self.shares.iter().sum();
        self.shares.map(|share| self.households * share / published)
    }

    /// Households with children.
    pub(super) fn families(&self) -> f64 {
        let [.., families] = self.types();
        families
    }

    /// Households per income class.
    pub(super) fn positions(&self) -> [f64; 4] {
        classes(self.up_to).map(|share| self.households * share)
    }
}

impl ZuidHollandFigures {
    /// Reads the tables that are part of the binary.
    ///
    /// # Errors
    /// When a figure is missing or no number.
    pub(super) fn read() -> Result<Self, ExampleError> {
        let gemeenten = FigureFile::read(GEMEENTEN, GEMEENTEN_CSV)?;
        let landelijk = FigureFile::read(LANDELIJK, LANDELIJK_CSV)?;
        let group = |row| up_to(&landelijk, row, 1).map(classes);
        let couples = landelijk.number("couple_with_children", 4)?;
        let parents = landelijk.number("single_parent", 4)?;
        Ok(Self {
            gemeenten: gemeenten
                .rows()
                .map(|code| gemeente(&gemeenten, code))
                .collect::<Result<_, _>>()?,
            national: [
                group("single")?,
                group("couple")?,
                group("couple_with_children")?,
                group("single_parent")?,
            ],
            assisted: group("social_assistance")?,
            couples_of_families: couples / (couples + parents),
        })
    }
}

fn gemeente(table: &FigureFile, code: &str) -> Result<Gemeente, ExampleError> {
    Ok(Gemeente {
        code: code.to_owned(),
        households: table.number(code, 3)?,
        shares: [
            table.share(code, 4)?,
            table.share(code, 5)?,
            table.share(code, 6)?,
        ],
        up_to: up_to(table, code, 7)?,
        benefits: table.number(code, 10)?,
    })
}

fn up_to(table: &FigureFile, row: &str, column: usize) -> Result<[f64; 3], ExampleError> {
    Ok([
        table.share(row, column)?,
        table.share(row, column + 1)?,
        table.share(row, column + 2)?,
    ])
}

/// Each class by itself, and what is above the last.
fn classes([first, second, third]: [f64; 3]) -> [f64; 4] {
    [first, second - first, third - second, 1.0 - third]
}
