//! A question looked at before it is asked: what it is called, and how much of its combination of dimensions is protected.
//! Nothing is answered, entered in the log or kept.

use std::collections::BTreeSet;

use zwerm_agreement::agreement::View;
use zwerm_agreement::text::Text;
use zwerm_question::cube::TableTally;
use zwerm_question::parse;

use crate::error::AppError;
use crate::share::combination;
use crate::site::Site;
use crate::site::overview::Version;
use crate::words::title::title;

/// What is known of a question before it is asked.
#[derive(Debug, Clone)]
pub struct QuestionPreview {
    /// What its answer will be called.
    pub title: Text,
    /// The whole combination of its dimensions, by what people call them; nothing when there is no release that the party
    /// may ask.
    pub whole: Option<CombinationTally>,
    /// The combinations with one of these dimensions left out.
    pub fewer: Vec<CombinationTally>,
}

/// How much of a combination of dimensions is protected.
#[derive(Debug, Clone)]
pub struct CombinationTally {
    /// What people call its dimensions.
    pub dimensions: Vec<Text>,
    /// Its cells in the release.
    pub cells: usize,
    /// Those whose counts are protected.
    pub protected: usize,
}

/// Looks at a question of a party.
///
/// # Errors
/// Every reason why it cannot be asked so; when the release cannot be read.
pub async fn look(
    site: &Site,
    version: &Version,
    party: &str,
    sql: &str,
) -> Result<QuestionPreview, AppError> {
    let question = parse::question(sql, version.agreement())?;
    let (plan, view) = (&question.plan, question.view);
    let grouped = plan.grouping.iter().flatten().map(|key| key.dimension);
    let filtered = plan.filters.iter().map(|filter| filter.dimension);
    let used: BTreeSet<usize> = grouped.chain(filtered).collect();
    let used: Vec<usize> = used.into_iter().collect();
    let tables = combination::combinations(site, version, view, party).await?;
    let tables = tables.as_deref().map_or(&[][..], Vec::as_slice);
    let tally = |places: &[usize]| counted(tables, view, places);
    let without = |left_out: usize| {
        let rest = used.iter().copied().filter(|place| *place != left_out);
        tally(&rest.collect::<Vec<_>>())
    };
    let fewer = used.iter().filter_map(|place| without(*place));
    Ok(QuestionPreview {
        title: title(plan, view),
        whole: tally(&used),
        fewer: fewer.collect(),
    })
}

fn counted(tables: &[TableTally], view: &View, places: &[usize]) -> Option<CombinationTally> {
    let dimensions = places.iter().filter_map(|place| view.dimension.get(*place));
    let names: Vec<String> = dimensions.clone().map(|d| d.name.clone()).collect();
    let found = combination::of(tables, &names)?;
    let labels = dimensions.map(|d| d.label.clone().unwrap_or_else(|| Text::same(&d.name)));
    Some(CombinationTally {
        dimensions: labels.collect(),
        cells: found.cells,
        protected: found.protected,
    })
}
