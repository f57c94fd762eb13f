//! The published figures behind the Leiden example, read from the compact tables in its folder.

use crate::figures::FigureFile;
use crate::leiden::ExampleError;

const WIJKEN: &str = "figures/wijken.csv";
const GEMEENTE: &str = "figures/gemeente.csv";
const REGIO: &str = "figures/regio.csv";
const INKOMEN: &str = "figures/inkomen-landelijk.csv";

const WIJKEN_CSV: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/figures/wijken.csv");
const GEMEENTE_CSV: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/figures/gemeente.csv");
const REGIO_CSV: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/figures/regio.csv");
const INKOMEN_CSV: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/figures/inkomen-landelijk.csv");

/// All figures; shares are fractions of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LeidenFigures {
    pub(super) wijken: Vec<Wijk>,
    /// Households in the municipality, 2020.
    pub(super) households: f64,
    /// Single, without children, with children; as published, so they need not add up to one.
    pub(super) household_types: [f64; 3],
    /// Share of homes that a corporation owns.
    pub(super) corporation: f64,
    /// Share of households in the national lowest 40% and highest 20%.
    pub(super) lowest_income: f64,
    pub(super) highest_income: f64,
    /// Share above the income limit among corporation tenants of the *region*.
    pub(super) regional_share: f64,
    /// The income limit, EUR per year.
    pub(super) limit: u32,
    /// Single, couple, couple with children, single parent.
    pub(super) national_types: [IncomeClasses; 4],
    pub(super) national_owner: IncomeClasses,
    pub(super) national_renter: IncomeClasses,
}

/// One wijk, 2022.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Wijk {
    pub(super) code: String,
    pub(super) dwellings: f64,
    pub(super) owner: f64,
    /// Shares of inhabitants by age; of persons by income.
    pub(super) age_0_14: f64,
    pub(super) age_15_24: f64,
    pub(super) age_65: f64,
    pub(super) low: f64,
    pub(super) high: f64,
}

/// A national group of households, 2021.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct IncomeClasses {
    pub(super) households: f64,
    /// Shares of the group in the national lowest 40%, next 40% and highest 20%.
    pub(super) shares: [f64; 3],
}

impl LeidenFigures {
    /// Reads the tables that are part of the binary.
    ///
    /// # Errors
    /// When a figure is missing or no number.
    pub(super) fn read() -> Result<Self, ExampleError> {
        let gemeente = FigureFile::read(GEMEENTE, GEMEENTE_CSV)?;
        let regio = FigureFile::read(REGIO, REGIO_CSV)?;
        let inkomen = FigureFile::read(INKOMEN, INKOMEN_CSV)?;
        Ok(Self {
            wijken: wijken(&FigureFile::read(WIJKEN, WIJKEN_CSV)?)?,
            households: gemeente.number("households", 1)?,
            household_types: [
                gemeente.share("single", 1)?,
                gemeente.share("without_children", 1)?,
                gemeente.share("with_children", 1)?,
            ],
            corporation: gemeente.share("corporation", 1)?,
            lowest_income: gemeente.share("lowest_income", 1)?,
            highest_income: gemeente.share("highest_income", 1)?,
            regional_share: regio.number("above", 1)? / regio.number("homes", 1)?,
            limit: regio.whole("limit", 1)?,
            national_types: [
                classes(&inkomen, "single")?,
                classes(&inkomen, "couple")?,
                classes(&inkomen, "couple_with_children")?,
                classes(&inkomen, "single_parent")?,
            ],
            national_owner: classes(&inkomen, "owner")?,
            national_renter: classes(&inkomen, "renter")?,
        })
    }
}

fn classes(table: &FigureFile, row: &str) -> Result<IncomeClasses, ExampleError> {
    Ok(IncomeClasses {
        households: table.number(row, 1)?,
        shares: [
            table.share(row, 2)?,
            table.share(row, 3)?,
            table.share(row, 4)?,
        ],
    })
}

fn wijken(table: &FigureFile) -> Result<Vec<Wijk>, ExampleError> {
    let wijk = |code: &str| {
        Ok(Wijk {
            code: code.to_owned(),
            dwellings: table.number(code, 2)?,
            owner: table.share(code, 3)?,
            age_0_14: table.share(code, 4)?,
            age_15_24: table.share(code, 5)?,
            age_65: table.share(code, 6)?,
            low: table.share(code, 7)?,
            high: table.share(code, 8)?,
        })
    };
    table.rows().map(wijk).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_published() -> Result<(), ExampleError> {
        let figures = LeidenFigures::read()?;
        let dwellings: f64 = figures.wijken.iter().map(|wijk| wijk.dwellings).sum();
        assert_eq!((figures.wijken.len(), dwellings), (10, 61_605.0));
        assert_eq!((figures.households, figures.limit), (68_699.0, 34_229));
        assert!((figures.regional_share - 0.3002).abs() < 0.0001);
        Ok(())
    }
}
