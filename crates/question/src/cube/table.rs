//! The table of a view that is to be protected, and the rules it is protected by.

use std::collections::{BTreeSet, HashMap};

use zwerm_agreement::agreement::{Agreement, View};
use zwerm_disclosure::{DominanceRule, Rules, Table, TableDimension, TableMeasure, related};

use super::types::CubeDimension;
use crate::{aggregate, lineage, register::Register};

/// The dimensions of a view's cube.
#[must_use]
pub(crate) fn dimensions(view: &View) -> Vec<CubeDimension> {
    let own = |d: &zwerm_agreement::agreement::Dimension| CubeDimension {
        name: d.name.clone(),
        values: Register::of(d).names,
    };
    view.dimension.iter().map(own).collect()
}

pub(crate) fn rules(agreement: &Agreement) -> Rules {
    let of = &agreement.protection;
    Rules {
        minimum_units: of.minimum_units,
        dominance: of.dominance.as_ref().map(|d| DominanceRule {
            largest: d.largest as usize,
            percent: d.percent,
        }),
        p_percent: of.p_percent,
        protect_zeros: of.protect_zeros,
        round_to: of.round_to,
    }
}

pub(crate) fn table(
    agreement: &Agreement,
    view: &View,
    statistics: aggregate::ViewStatistics,
) -> Table {
    let providers = providers([agreement]);
    let known =
        |sources: &BTreeSet<lineage::SourceColumn>| known_to(agreement, sources, &providers);
    let tally = statistics.tally;
    let found = related(&tally.gram, 2);
    let dimensions = view.dimension.iter().zip(&statistics.dimensions);
    let measures = view.measure.iter().zip(&statistics.measures);
    Table {
        dimensions: dimensions
            .map(|(d, sources)| {
                let register = Register::of(d);
                TableDimension {
                    name: d.name.clone(),
                    size: register.values,
                    unions: register.unions,
                    sensitive: d.sensitive,
                    known_to: known(sources),
                }
            })
            .collect(),
        measures: measures
            .map(|(m, sources)| TableMeasure {
                name: m.name.clone(),
                lower: m.lower,
                upper: m.upper,
                known_to: known(sources),
            })
            .collect(),
        related: found.classes,
        count_like: found.count_like,
        providers: providers.len(),
        max_dimensions: agreement.protection.max_dimensions,
        cells: tally.cells(),
        straddlers: tally.straddlers,
        ..Table::default()
    }
}

/// What published sums of a measure are rounded to.
///
/// ```
/// # use zwerm_agreement::{agreement::Document, sample};
/// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let income = agreement.view[0].measure.iter().find(|m| m.upper == 200_000.0).unwrap();
/// assert_eq!(zwerm_question::cube::grain(income, 5), Some(10_000.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn grain(of: &zwerm_agreement::agreement::Measure, round_to: u64) -> Option<f64> {
    let measure = TableMeasure {
        name: of.name.clone(),
        lower: of.lower,
        upper: of.upper,
        known_to: Vec::new(),
    };
    measure.grain(round_to)
}

/// Every provider of data of any of the agreements.
pub(crate) fn providers<'a>(agreements: impl IntoIterator<Item = &'a Agreement>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for dataset in agreements.into_iter().flat_map(|a| &a.dataset) {
        if !all.contains(&dataset.provider) {
            all.push(dataset.provider.clone());
        }
    }
    all
}

/// The providers who know a column: nothing but their own datasets goes into it.
pub(crate) fn known_to(
    agreement: &Agreement,
    sources: &BTreeSet<lineage::SourceColumn>,
    providers: &[String],
) -> Vec<usize> {
    let owners: HashMap<&str, &str> = agreement
        .dataset
        .iter()
        .map(|d| (d.id.as_str(), d.provider.as_str()))
        .collect();
    let own = |provider: &String| {
        let mut of = sources.iter().map(|one| owners.get(one.dataset.as_str()));
        !sources.is_empty() && of.all(|owner| owner == Some(&provider.as_str()))
    };
    let numbered = providers.iter().enumerate();
    numbered.filter(|(_, p)| own(p)).map(|(n, _)| n).collect()
}
