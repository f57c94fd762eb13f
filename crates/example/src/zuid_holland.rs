//! Synthetic households for the example on poverty: the 52 municipalities of Zuid-Holland, fitted to
//! what Statistics Netherlands published about each of them.
//!
//! A household has a municipality, a type, a place of its income around the social minimum, and the
//! help it uses. How many households have social assistance is published per municipality. Which
//! households use another scheme is an assumption: the same odds in each municipality, so that no
//! municipality looks better or worse by our invention.
//!
//! Two files come out, as two partners would deliver them: incomes of all households, and the
//! households that the social services help.

mod draw;
mod figures;
mod whole;

use figures::{Gemeente, ZuidHollandFigures};
use zwerm_agreement::text::Text;

use crate::fit::{self, FitError, FitLimits, Marginal, MarginalAxis};
use crate::{ExampleError, Generated, MarginalFit};

/// Household types, as the data files call them.
const TYPES: [&str; 4] = ["alleenstaand", "paar", "paar-met-kinderen", "eenouder"];
/// Classes of income, in per cent of the social minimum.
const POSITIONS: [&str; 4] = ["tot-101", "101-110", "110-120", "boven-120"];
/// Help in use: social assistance, another scheme only, none. Who uses none is in no file of helpers.
const HELP: [&str; 3] = ["bijstand", "regeling", "geen"];
const NO_HELP: usize = 2;

/// Share that uses another scheme among households without social assistance, per class: an assumption.
const SCHEME_SHARES: [f64; 4] = [0.50, 0.40, 0.25, 0.01];
/// What the household does to the odds of that, per type: an assumption.
const SCHEME_ODDS: [f64; 4] = [0.9, 0.7, 1.1, 1.6];

const KWB_2020: &str = "CBS, Kerncijfers wijken en buurten 2020";
const SPLIT: &str = "CBS, Inkomensverdeling huishoudens 2021 (national)";
const LOW_INCOME: &str = "CBS StatLine 83841NED, 2020 (national)";

/// Makes the example's population; its files are drawn when they are written.
///
/// The counts follow from the figures; pseudonyms and the order of rows follow from `seed`. The same
/// seed gives the same bytes on every machine.
///
/// # Errors
/// When the figures in this project are damaged or contradict each other: our bug.
pub(crate) fn generate(seed: u64) -> Result<Generated, ExampleError> {
    let figures = ZuidHollandFigures::read()?;
    let population = ZuidHollandPopulation::fit(&figures)?;
    let (incomes, help) = draw::files(seed, &figures, &population);
    let (households, helped) = (population.households, help.len());
    Ok(Generated {
        files: vec![Box::new(incomes), Box::new(help)],
        fits: population.fits,
        households,
        delivered: households,
        told: Text::new(
            format!("{helped} daarvan gebruiken hulp en staan in `regelingen.csv`"),
            format!("{helped} of them use help and are in `regelingen.csv`"),
        ),
    })
}

/// All households by municipality, type, income class and help.
struct ZuidHollandPopulation {
    cells: Vec<u32>,
    fits: Vec<MarginalFit>,
    households: usize,
}

/// Cells per municipality.
const BLOCK: usize = TYPES.len() * POSITIONS.len() * HELP.len();

impl ZuidHollandPopulation {
    fn fit(figures: &ZuidHollandFigures) -> Result<Self, ExampleError> {
        let shape = shape(figures);
        let marginals = marginals(figures);
        let only: Vec<Marginal> = marginals.iter().map(|(one, _)| one.clone()).collect();
        let start = start(figures);
        let fitted = fit::fit(&shape, &start, &only, FitLimits::default())?;
        let mut cells = Vec::with_capacity(fitted.cells.len());
        for block in fitted.cells.chunks(BLOCK) {
            cells.extend(whole::whole(block, &one_way())?);
        }
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
}

fn shape(figures: &ZuidHollandFigures) -> [usize; 4] {
    let gemeenten = figures.gemeenten.len();
    [gemeenten, TYPES.len(), POSITIONS.len(), HELP.len()]
}

/// Type, income class, and social assistance or not, of each cell within a municipality: what whole
/// numbers must agree with there.
fn one_way() -> [Vec<usize>; 3] {
    let cells = || 0..BLOCK;
    let help = HELP.len();
    let positions = POSITIONS.len() * help;
    [
        cells().map(|cell| cell / positions).collect(),
        cells().map(|cell| cell % positions / help).collect(),
        cells().map(|cell| usize::from(cell % help != 0)).collect(),
    ]
}

/// What is published, as totals of households, each with its source.
fn marginals(figures: &ZuidHollandFigures) -> Vec<(Marginal, &'static str)> {
    let each = |totals: fn(&Gemeente) -> Vec<f64>| figures.gemeenten.iter().flat_map(totals);
    let by_gemeente = |name, other: Option<MarginalAxis>, totals: fn(&Gemeente) -> Vec<f64>| {
        let axes = [Some(MarginalAxis::plain(0)), other].into_iter().flatten();
        (
            Marginal::new(name, axes.collect(), each(totals).collect()),
            KWB_2020,
        )
    };
    let assisted = MarginalAxis::merged(3, &[0, 1, 1]);
    vec![
        by_gemeente("households per municipality", None, |one| {
            vec![one.households]
        }),
        by_gemeente(
            "household types per municipality",
            Some(MarginalAxis::merged(1, &[0, 1, 2, 2])),
            |one| one.types().to_vec(),
        ),
        by_gemeente(
            "income around the social minimum per municipality",
            Some(MarginalAxis::plain(2)),
            |one| one.positions().to_vec(),
        ),
        by_gemeente(
            "social assistance per municipality",
            Some(assisted.clone()),
            |one| vec![one.benefits, one.households - one.benefits],
        ),
        (families(figures), SPLIT),
        (positions_of_assisted(figures, assisted), LOW_INCOME),
    ]
}

/// Couples with children and single parents: split in the province as in the country.
fn families(figures: &ZuidHollandFigures) -> Marginal {
    let total: f64 = figures.gemeenten.iter().map(|one| one.households).sum();
    let families: f64 = figures.gemeenten.iter().map(Gemeente::families).sum();
    let couples = families * figures.couples_of_families;
    Marginal::new(
        "couples with children and single parents, province",
        vec![MarginalAxis::merged(1, &[0, 0, 1, 2])],
        vec![total - families, couples, families - couples],
    )
}

/// Where the incomes of households on social assistance lie: in the province as in the country.
fn positions_of_assisted(figures: &ZuidHollandFigures, assisted: MarginalAxis) -> Marginal {
    let benefits: f64 = figures.gemeenten.iter().map(|one| one.benefits).sum();
    let mut targets = Vec::new();
    for (class, share) in figures.assisted.iter().enumerate() {
        let households: f64 = figures
            .gemeenten
            .iter()
            .filter_map(|one| one.positions().get(class).copied())
            .sum();
        targets.extend([benefits * share, households - benefits * share]);
    }
    Marginal::new(
        "income of households on social assistance, province",
        vec![MarginalAxis::plain(2), assisted],
        targets,
    )
}

/// The starting table: the national shares of income classes per type, and the assumed use of schemes.
fn start(figures: &ZuidHollandFigures) -> Vec<f64> {
    let mut block = Vec::with_capacity(BLOCK);
    for (positions, odds) in figures.national.iter().zip(SCHEME_ODDS) {
        for ((position, share), assisted) in
            positions.iter().zip(SCHEME_SHARES).zip(figures.assisted)
        {
            let scheme = share * odds / (1.0 - share + share * odds);
            block.extend([
                position * assisted,
                position * scheme,
                position * (1.0 - scheme),
            ]);
        }
    }
    block.repeat(figures.gemeenten.len())
}

fn widened(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
