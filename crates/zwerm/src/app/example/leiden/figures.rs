//! The published figures behind the Leiden example, read from the compact tables in its folder.

use std::collections::BTreeMap;

use super::ExampleError;

const WIJKEN: &str = "figures/wijken.csv";
const GEMEENTE: &str = "figures/gemeente.csv";
const REGIO: &str = "figures/regio.csv";
const INKOMEN: &str = "figures/inkomen-landelijk.csv";

const WIJKEN_CSV: &str =
    include_str!("../../../../../../examples/leiden-goedkoop-scheefwonen/figures/wijken.csv");
const GEMEENTE_CSV: &str =
    include_str!("../../../../../../examples/leiden-goedkoop-scheefwonen/figures/gemeente.csv");
const REGIO_CSV: &str =
    include_str!("../../../../../../examples/leiden-goedkoop-scheefwonen/figures/regio.csv");
const INKOMEN_CSV: &str = include_str!(
    "../../../../../../examples/leiden-goedkoop-scheefwonen/figures/inkomen-landelijk.csv"
);

/// All figures; shares are fractions of one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figures {
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

impl Figures {
    /// Reads the tables that are part of the binary.
    ///
    /// # Errors
    /// When a figure is missing or no number.
    pub(super) fn read() -> Result<Self, ExampleError> {
        let gemeente = Table::read(GEMEENTE, GEMEENTE_CSV)?;
        let regio = Table::read(REGIO, REGIO_CSV)?;
        let inkomen = Table::read(INKOMEN, INKOMEN_CSV)?;
        Ok(Self {
            wijken: Table::read(WIJKEN, WIJKEN_CSV)?.wijken()?,
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
                inkomen.classes("single")?,
                inkomen.classes("couple")?,
                inkomen.classes("couple_with_children")?,
                inkomen.classes("single_parent")?,
            ],
            national_owner: inkomen.classes("owner")?,
            national_renter: inkomen.classes("renter")?,
        })
    }
}

/// A table of figures: rows by their first column, in order of the file beside it.
struct Table {
    file: &'static str,
    order: Vec<String>,
    rows: BTreeMap<String, Vec<String>>,
}

impl Table {
    fn read(file: &'static str, text: &str) -> Result<Self, ExampleError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(text.as_bytes());
        let mut order = Vec::new();
        let mut rows = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| ExampleError::Figures {
                file,
                what: error.to_string(),
            })?;
            let mut fields = record.iter().map(str::to_owned);
            let name = fields.next().unwrap_or_default();
            rows.insert(name.clone(), fields.collect());
            order.push(name);
        }
        Ok(Self { file, order, rows })
    }

    /// The field in this column of this row; the row's name is column 0.
    fn field(&self, row: &str, column: usize) -> Result<&str, ExampleError> {
        self.rows
            .get(row)
            .and_then(|fields| fields.get(column.checked_sub(1)?))
            .map(String::as_str)
            .ok_or_else(|| self.fault(format!("no column {column} in a row `{row}`")))
    }

    fn parsed<T: std::str::FromStr>(&self, row: &str, column: usize) -> Result<T, ExampleError> {
        let field = self.field(row, column)?;
        field
            .parse()
            .map_err(|_| self.fault(format!("`{field}` in row `{row}` is no number")))
    }

    fn number(&self, row: &str, column: usize) -> Result<f64, ExampleError> {
        self.parsed(row, column)
    }

    fn whole(&self, row: &str, column: usize) -> Result<u32, ExampleError> {
        self.parsed(row, column)
    }

    /// A percentage, as a fraction of one.
    fn share(&self, row: &str, column: usize) -> Result<f64, ExampleError> {
        Ok(self.number(row, column)? / 100.0)
    }

    fn classes(&self, row: &str) -> Result<IncomeClasses, ExampleError> {
        Ok(IncomeClasses {
            households: self.number(row, 1)?,
            shares: [
                self.share(row, 2)?,
                self.share(row, 3)?,
                self.share(row, 4)?,
            ],
        })
    }

    fn wijken(&self) -> Result<Vec<Wijk>, ExampleError> {
        let wijk = |code: &String| {
            Ok(Wijk {
                code: code.clone(),
                dwellings: self.number(code, 2)?,
                owner: self.share(code, 3)?,
                age_0_14: self.share(code, 4)?,
                age_15_24: self.share(code, 5)?,
                age_65: self.share(code, 6)?,
                low: self.share(code, 7)?,
                high: self.share(code, 8)?,
            })
        };
        self.order.iter().map(wijk).collect()
    }

    fn fault(&self, what: String) -> ExampleError {
        ExampleError::Figures {
            file: self.file,
            what,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_published() -> Result<(), ExampleError> {
        let figures = Figures::read()?;
        let dwellings: f64 = figures.wijken.iter().map(|wijk| wijk.dwellings).sum();
        assert_eq!((figures.wijken.len(), dwellings), (10, 61_605.0));
        assert_eq!((figures.households, figures.limit), (68_699.0, 34_229));
        assert!((figures.regional_share - 0.3002).abs() < 0.0001);
        Ok(())
    }

    #[test]
    fn a_missing_row_and_a_word_for_a_number_are_named() -> Result<(), ExampleError> {
        let table = Table::read(GEMEENTE, "figure,value\nsingle,half\n")?;
        let messages = [table.share("single", 1), table.share("owner", 1)]
            .map(|outcome| outcome.map_or_else(|error| error.to_string(), |_| String::new()));
        let [word, missing] = messages;
        assert!(
            word.contains("`half`") && missing.contains("`owner`"),
            "{word} {missing}"
        );
        Ok(())
    }
}
