//! Goals that parties share responsibility for, as pages show them.

use zwerm_store::goals::Goal;
use zwerm_store::indicators::{Indicator, IndicatorFigure};

use crate::error::AppError;
use crate::goals::words;
use crate::site::Site;

/// All goals of the home.
///
/// # Errors
/// When the registry cannot be read.
pub async fn all(site: &Site) -> Result<Vec<Goal>, AppError> {
    Ok(site.store.goals().await?)
}

/// The goal of this id, if there is one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, id: &str) -> Result<Option<Goal>, AppError> {
    Ok(site.store.goal(id).await?)
}

/// The indicators of a goal in their order, without their figures.
///
/// # Errors
/// When the registry cannot be read.
pub async fn without_figures(site: &Site, goal: &str) -> Result<Vec<Indicator>, AppError> {
    let mut indicators = site.store.indicators_of(goal).await?;
    let order = words::order(site, goal).await?;
    words::in_order(&mut indicators, &order, |one| &one.id);
    Ok(indicators)
}

/// The indicators of a goal, each with its figures.
///
/// # Errors
/// When the registry cannot be read.
pub async fn indicators(
    site: &Site,
    goal: &str,
) -> Result<Vec<(Indicator, Vec<IndicatorFigure>)>, AppError> {
    let mut all = Vec::new();
    for indicator in without_figures(site, goal).await? {
        let values = site.store.figures(&indicator.id).await?;
        all.push((indicator, values));
    }
    Ok(all)
}
