//! The worked examples that come with Zwerm: their agreements, and generators of their synthetic
//! units.
//!
//! No file about a real person is in this project. An example's units are made up by its generator
//! so that their totals agree with published figures; the same seed always gives the same bytes.

mod data_file;
mod figures;
pub mod fit;
pub mod leiden;
mod zuid_holland;

use data_file::DataFile;
use fit::{FitError, Marginal};
use thiserror::Error;
use zwerm_agreement::text::Text;

/// The seed that the examples' stories speak of: the CBS code of Leiden.
pub const DEFAULT_SEED: u64 = 546;

/// A worked example.
#[derive(Debug)]
pub struct ExampleInfo {
    /// Its folder under `examples/`, and the id of its agreement.
    pub name: &'static str,
    /// Title in Dutch.
    pub title_nl: &'static str,
    /// Title in English.
    pub title_en: &'static str,
    /// File name and text of each agreement version, oldest first.
    pub agreements: &'static [(&'static str, &'static str)],
    /// Makes the data files that the agreements name, from a seed.
    pub generate: fn(u64) -> Result<Generated, ExampleError>,
}

/// Synthetic data, and how well they agree with what is published.
#[derive(Debug)]
pub struct Generated {
    /// What the partners deliver, each in the folder `data`.
    pub files: Vec<Box<dyn DataFile>>,
    /// How far the whole synthetic population is from each published marginal.
    pub fits: Vec<MarginalFit>,
    /// Households in the whole synthetic population.
    pub households: usize,
    /// Households that have a row in the data.
    pub delivered: usize,
    /// Which households are in which file, as the end of a sentence that says how many were made.
    pub told: Text,
}

/// Agreement of the synthetic population, in whole households, with one published marginal.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginalFit {
    /// What was published: `households per wijk`.
    pub name: String,
    /// How many totals it has.
    pub cells: usize,
    /// The largest relative difference over these totals; 0.01 is one per cent.
    pub largest_relative_error: f64,
    /// Who published it, and when.
    pub source: &'static str,
}

impl MarginalFit {
    /// How far whole numbers are from a marginal.
    fn of(
        marginal: &Marginal,
        shape: &[usize],
        cells: &[u32],
        source: &'static str,
    ) -> Result<Self, FitError> {
        let cells: Vec<f64> = cells.iter().copied().map(f64::from).collect();
        Ok(Self {
            name: marginal.name.clone(),
            cells: marginal.cells(),
            largest_relative_error: marginal.largest_relative_error(shape, &cells)?,
            source,
        })
    }
}

/// Why an example's data cannot be made. Figures and rules are ours, so this is always our bug.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ExampleError {
    /// A table of figures does not hold what it should.
    #[error("the example's figures in `{file}` cannot be used: {what}")]
    Figures {
        /// The file, in the example's folder.
        file: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// The figures contradict each other.
    #[error(transparent)]
    Fit(#[from] FitError),
    /// The data file could not be put together.
    #[error("the example's data file cannot be written: {0}")]
    Write(String),
}

/// All examples, in the order in which to show them; the demonstration shows the first.
pub const EXAMPLES: &[ExampleInfo] = &[
    ExampleInfo {
        name: "leiden-goedkoop-scheefwonen",
        title_nl: "Goedkoop scheefwonen in Leiden",
        title_en: "Higher incomes in social housing in Leiden",
        agreements: &[
            (
                "agreement-v1.toml",
                include_str!("../../../examples/leiden-goedkoop-scheefwonen/agreement-v1.toml"),
            ),
            (
                "agreement-v2.toml",
                include_str!("../../../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml"),
            ),
        ],
        generate: leiden::generate,
    },
    ExampleInfo {
        name: "zuid-holland-armoede",
        title_nl: "Armoede in Zuid-Holland: waar hulp niet komt",
        title_en: "Poverty in Zuid-Holland: where help does not reach",
        agreements: &[
            (
                "agreement-v1.toml",
                include_str!("../../../examples/zuid-holland-armoede/agreement-v1.toml"),
            ),
            (
                "agreement-v2.toml",
                include_str!("../../../examples/zuid-holland-armoede/agreement-v2.toml"),
            ),
        ],
        generate: zuid_holland::generate,
    },
];

/// The example of this name.
pub fn find(name: &str) -> Option<&'static ExampleInfo> {
    EXAMPLES.iter().find(|example| example.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_found_by_its_name_and_by_nothing_else() {
        for example in EXAMPLES {
            assert_eq!(
                find(example.name).map(|found| found.name),
                Some(example.name)
            );
        }
        assert!(find("leiden").is_none());
        assert!(find("").is_none());
    }

    #[test]
    fn each_agreement_is_a_next_version_of_its_example() {
        for example in EXAMPLES {
            for (version, (file, text)) in (1..).zip(example.agreements) {
                let id = format!("id = \"{}\"\nversion = {version}\n", example.name);
                assert!(text.contains(&id), "{file}");
                assert_eq!(*file, format!("agreement-v{version}.toml"));
            }
        }
    }
}
