//! Synthetic households for the example *goedkoop scheefwonen*: Leiden, fitted to what Statistics
//! Netherlands published about it.
//!
//! First all 68,699 households are made, by wijk, tenure, household type and income class. Those
//! who rent from a corporation get a flag (above or below the income limit), calibrated to the
//! share of the region because none is published for Leiden, and a rent class, which is invented.
//! Two files about the same tenants come out, as two partners would deliver them: homes and
//! incomes, each in an order of its own.

mod draw;
mod figures;

use figures::{LeidenFigures, Wijk};
use zwerm_agreement::text::Text;

use crate::data_file::{DataFile, Small};
use crate::fit::{self, FitError, FitLimits, Marginal, MarginalAxis};
use crate::{ExampleError, Generated, MarginalFit};

/// Household types, as the data files call them.
const TYPES: [&str; 4] = ["alleenstaand", "paar", "paar-met-kinderen", "eenouder"];
/// Rent classes in EUR per month: name, lowest and highest rent. Invented, as are their shares.
const RENTS: [(&str, u32, u32); 4] = [
    ("tot-450", 280, 450),
    ("450-550", 450, 550),
    ("550-650", 550, 650),
    ("vanaf-650", 650, 710),
];
/// Shares of the rent classes per household type: illustrative, larger households rent larger homes.
const RENT_SHARES: [[f64; 4]; 4] = [
    [0.34, 0.38, 0.20, 0.08],
    [0.16, 0.36, 0.32, 0.16],
    [0.07, 0.26, 0.38, 0.29],
    [0.12, 0.34, 0.34, 0.20],
];
/// Odds of being above the limit per income class, before calibration: illustrative.
const ABOVE_ODDS: [f64; 3] = [0.05, 1.2, 12.0];
/// What the household does to these odds (two earners, children), per type: illustrative.
const TYPE_ODDS: [f64; 4] = [0.9, 1.2, 0.6, 0.7];

/// Owner-occupied, corporation, other landlord.
const TENURES: usize = 3;
const CORPORATION: usize = 1;
const CLASSES: usize = 3;

const KWB_2020: &str = "CBS, Kerncijfers wijken en buurten 2020";
const KWB_2022: &str = "CBS, Kerncijfers wijken en buurten 2022";
const REGION: &str = "CBS, Goedkoop scheefwonen in Holland Rijnland 2015 (regional)";
const TYPE_SOURCE: &str =
    "CBS, Kerncijfers wijken en buurten 2020; with children split as nationally, CBS 2021";

/// Makes the example's two data files.
///
/// The counts follow from the figures; incomes, rents, pseudonyms and the order of rows follow from
/// `seed`. The same seed gives the same bytes on every machine.
///
/// # Errors
/// When the figures in this project are damaged or contradict each other: our bug.
pub fn generate(seed: u64) -> Result<Generated, ExampleError> {
    let figures = LeidenFigures::read()?;
    let population = LeidenPopulation::fit(&figures)?;
    let tenants = Tenants::fit(&figures, &population)?;
    let files = draw::files(seed, &figures, &tenants)?;
    let mut fits = population.fits;
    fits.push(tenants.fit);
    let rows = files.rows;
    let small = |name, text| -> Box<dyn DataFile> { Box::new(Small { name, rows, text }) };
    Ok(Generated {
        files: vec![
            small("woningen.csv", files.woningen),
            small("inkomens.csv", files.inkomens),
        ],
        fits,
        households: population.households,
        delivered: rows,
        told: Text::new(
            format!("{rows} daarvan huren van een corporatie en staan in de gegevens"),
            format!("{rows} of them rent from a housing corporation and are in the data"),
        ),
    })
}

/// All households of Leiden by wijk, tenure, type and income class.
struct LeidenPopulation {
    cells: Vec<u32>,
    fits: Vec<MarginalFit>,
    households: usize,
}

impl LeidenPopulation {
    fn fit(figures: &LeidenFigures) -> Result<Self, ExampleError> {
        let shape = [figures.wijken.len(), TENURES, TYPES.len(), CLASSES];
        let marginals = population_marginals(figures);
        let only: Vec<Marginal> = marginals.iter().map(|(one, _)| one.clone()).collect();
        let start = population_start(figures);
        let fitted = fit::fit(&shape, &start, &only, FitLimits::default())?;
        let cells = fit::integers(&fitted.cells)?;
        let fits = marginals
            .iter()
            .map(|(marginal, source)| MarginalFit::of(marginal, &shape, &cells, source))
            .collect::<Result<_, FitError>>()?;
        let households = cells.iter().map(|count| widened(*count)).sum();
        Ok(Self {
            cells,
            fits,
            households,
        })
    }

    /// Corporation tenants by wijk, type and income class.
    fn tenants(&self) -> Vec<u32> {
        let block = TYPES.len() * CLASSES;
        self.cells
            .chunks(block)
            .skip(CORPORATION)
            .step_by(TENURES)
            .flatten()
            .copied()
            .collect()
    }
}

/// Corporation tenants by wijk, type, income class, flag (below, above) and rent class.
struct Tenants {
    cells: Vec<u32>,
    fit: MarginalFit,
}

impl Tenants {
    fn fit(figures: &LeidenFigures, population: &LeidenPopulation) -> Result<Self, ExampleError> {
        let shape = [figures.wijken.len(), TYPES.len(), CLASSES, 2, RENTS.len()];
        let counts: Vec<f64> = population.tenants().into_iter().map(f64::from).collect();
        let total: f64 = counts.iter().sum();
        let above = figures.regional_share;
        let flag = Marginal::new(
            "above the income limit, corporation tenants",
            vec![MarginalAxis::plain(3)],
            vec![total * (1.0 - above), total * above],
        );
        let households = Marginal::new(
            "tenants by wijk, type and income class",
            vec![
                MarginalAxis::plain(0),
                MarginalAxis::plain(1),
                MarginalAxis::plain(2),
            ],
            counts,
        );
        let start = tenants_start(figures.wijken.len());
        let fitted = fit::fit(
            &shape,
            &start,
            &[flag.clone(), households],
            FitLimits::default(),
        )?;
        let cells = fit::integers(&fitted.cells)?;
        let fit = MarginalFit::of(&flag, &shape, &cells, REGION)?;
        Ok(Self { cells, fit })
    }

    /// Each cell with its place: wijk, type, income class, flag, rent class.
    fn places(&self) -> impl Iterator<Item = (TenantPlace, u32)> {
        let places = (0..).flat_map(|wijk| {
            cross(TYPES.len(), CLASSES).flat_map(move |(kind, class)| {
                cross(2, RENTS.len()).map(move |(flag, rent)| TenantPlace {
                    wijk,
                    kind,
                    class,
                    above: flag == 1,
                    rent,
                })
            })
        });
        places.zip(self.cells.iter().copied())
    }
}

/// Where a tenant belongs; numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct TenantPlace {
    wijk: usize,
    kind: usize,
    class: usize,
    above: bool,
    rent: usize,
}

/// What is published about Leiden, scaled to its 68,699 households, each with its source.
fn population_marginals(figures: &LeidenFigures) -> Vec<(Marginal, &'static str)> {
    let total = figures.households;
    let dwellings: f64 = figures.wijken.iter().map(|wijk| wijk.dwellings).sum();
    let per_wijk = |wijk: &Wijk| total * wijk.dwellings / dwellings;
    let owned = |wijk: &Wijk| {
        let households = per_wijk(wijk);
        [households * wijk.owner, households * (1.0 - wijk.owner)]
    };
    let corporation = total * figures.corporation;
    let highest = total * figures.highest_income;
    let lowest = total * figures.lowest_income;
    vec![
        (
            Marginal::new(
                "households per wijk",
                vec![MarginalAxis::plain(0)],
                figures.wijken.iter().map(per_wijk).collect(),
            ),
            KWB_2022,
        ),
        (
            Marginal::new(
                "owner-occupied and rented per wijk",
                vec![MarginalAxis::plain(0), MarginalAxis::merged(1, &[0, 1, 1])],
                figures.wijken.iter().flat_map(owned).collect(),
            ),
            KWB_2022,
        ),
        (
            Marginal::new(
                "corporation homes",
                vec![MarginalAxis::merged(1, &[0, 1, 0])],
                vec![total - corporation, corporation],
            ),
            KWB_2020,
        ),
        (
            Marginal::new(
                "household types",
                vec![MarginalAxis::plain(2)],
                types(figures).to_vec(),
            ),
            TYPE_SOURCE,
        ),
        (
            Marginal::new(
                "income classes",
                vec![MarginalAxis::plain(3)],
                vec![lowest, total - lowest - highest, highest],
            ),
            KWB_2020,
        ),
    ]
}

/// Households per type: the published shares add up to 99% and are scaled to all households.
fn types(figures: &LeidenFigures) -> [f64; 4] {
    let published: f64 = figures.household_types.iter().sum();
    let [single, couple, children] = figures
        .household_types
        .map(|share| figures.households * share / published);
    let [_, _, couples, parents] = figures.national_types.map(|group| group.households);
    let pairs = couples / (couples + parents);
    [single, couple, children * pairs, children * (1.0 - pairs)]
}

/// The starting table: what goes together nationally, tilted by who lives in a wijk.
fn population_start(figures: &LeidenFigures) -> Vec<f64> {
    let mut start = Vec::new();
    for wijk in &figures.wijken {
        let family = wijk.age_0_14;
        let alone = wijk.age_15_24 + wijk.age_65;
        let tilt_types = [alone, 1.0 - alone - family, family, family];
        let tilt_classes = [wijk.low, 1.0 - wijk.low - wijk.high, wijk.high];
        let tenures = [
            figures.national_owner,
            figures.national_renter,
            figures.national_renter,
        ];
        for tenure in tenures {
            for (kind, tilt) in figures.national_types.iter().zip(tilt_types) {
                let classes = kind.shares.iter().zip(tenure.shares).zip(tilt_classes);
                start.extend(classes.map(|((by_type, by_tenure), by_wijk)| {
                    kind.households * tilt * by_type * by_tenure * by_wijk
                }));
            }
        }
    }
    start
}

fn tenants_start(wijken: usize) -> Vec<f64> {
    let mut start = Vec::new();
    for _ in 0..wijken {
        for (type_odds, rents) in TYPE_ODDS.iter().zip(RENT_SHARES) {
            for class_odds in ABOVE_ODDS {
                let odds = class_odds * type_odds;
                for share in [1.0 / (1.0 + odds), odds / (1.0 + odds)] {
                    start.extend(rents.map(|rent| rent * share));
                }
            }
        }
    }
    start
}

fn cross(first: usize, second: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..first).flat_map(move |one| (0..second).map(move |other| (one, other)))
}

fn widened(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
