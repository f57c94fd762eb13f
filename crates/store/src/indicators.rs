//! Indicators of a goal: published figures per area and period, each with its source.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! # let goal = zwerm_store::goals::Goal { id: "wonen".into(), title: Text::same("Wonen"), about: Text::default() };
//! # store.put_goal(&goal).await?;
//! use zwerm_store::indicators::{Better, Indicator, IndicatorFigure};
//!
//! let indicator = Indicator {
//!     id: "wachttijd".into(),
//!     goal: "wonen".into(),
//!     title: Text::new("Wachttijd", "Waiting time"),
//!     unit: Text::new("jaar", "years"),
//!     source: Text::same("Holland Rijnland"),
//!     better: Some(Better::Down),
//!     party: None,
//! };
//! store.put_indicator(&indicator).await?;
//! let value = IndicatorFigure {
//!     indicator: "wachttijd".into(),
//!     area: "0546".into(),
//!     area_name: "Leiden".into(),
//!     period: "2024".into(),
//!     value: None,
//! };
//! store.replace_figures("wachttijd", std::slice::from_ref(&value)).await?;
//! assert_eq!(store.figures("wachttijd").await?, [value]);
//! # Ok(())
//! # }
//! ```

use sqlx::Executor;
use sqlx::any::Any;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;

use crate::database::{RegistryTransaction, all, one, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql};

words! {
    in "zwerm_store::indicators";
    /// Which way is better.
    pub enum Better {
        /// More is better.
        Up = "up",
        /// Less is better.
        Down = "down",
    }
}

/// What is measured of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// The id, by which its figures name it.
    pub id: String,
    /// The id of the goal that it measures.
    pub goal: String,
    /// What people call the indicator.
    pub title: Text,
    /// The unit of its figures.
    pub unit: Text,
    /// Where the figures come from.
    pub source: Text,
    /// Which way is better, if that can be said.
    pub better: Option<Better>,
    /// The party that delivered it; `None` when that was not recorded.
    pub party: Option<String>,
}

/// The figure of an indicator for one area and one period.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorFigure {
    /// The id of the indicator.
    pub indicator: String,
    /// The code of the area.
    pub area: String,
    /// What people call the area.
    pub area_name: String,
    /// The period, as `2024` or `2024-Q1`: later ones sort later.
    pub period: String,
    /// The figure; `None` when it is protected, was not published or is not a finite number.
    pub value: Option<f64>,
}

impl Store {
    /// Adds an indicator, or changes it; its figures are left as they are.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such goal.
    pub async fn put_indicator(&self, indicator: &Indicator) -> Result<(), StoreError> {
        put_indicator(&self.pool, indicator).await
    }

    /// Adds or changes an indicator, with these figures and no others. All or nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such goal or party.
    pub async fn put_indicator_with_figures(
        &self,
        indicator: &Indicator,
        figures: &[IndicatorFigure],
    ) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        put_indicator(&mut *together, indicator).await?;
        replace(&mut together, &indicator.id, figures).await?;
        Ok(together.commit().await?)
    }

    /// The indicator with this id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn indicator(&self, id: &str) -> Result<Option<Indicator>, StoreError> {
        let found = sql(
            "SELECT id, goal, title_nl, title_en, unit_nl, unit_en, source_nl, source_en, \
             better, party FROM indicators WHERE id = $1",
        );
        one(&self.pool, found.text(id), indicator).await
    }

    /// A goal's indicators, by id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn indicators_of(&self, goal: &str) -> Result<Vec<Indicator>, StoreError> {
        let found = sql(
            "SELECT id, goal, title_nl, title_en, unit_nl, unit_en, source_nl, source_en, \
             better, party FROM indicators WHERE goal = $1",
        );
        let mut indicators = all(&self.pool, found.text(goal), indicator).await?;
        indicators.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(indicators)
    }

    /// Gives an indicator these figures and no others; they all become this indicator's.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such indicator; the old figures then stay.
    pub async fn replace_figures(
        &self,
        indicator: &str,
        figures: &[IndicatorFigure],
    ) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        replace(&mut together, indicator, figures).await?;
        Ok(together.commit().await?)
    }

    /// An indicator's figures, by period and area.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn figures(&self, indicator: &str) -> Result<Vec<IndicatorFigure>, StoreError> {
        let found = sql(
            "SELECT indicator, area, area_name, period, value FROM figures \
             WHERE indicator = $1",
        );
        let mut figures = all(&self.pool, found.text(indicator), figure).await?;
        figures.sort_by(|a, b| (&a.period, &a.area).cmp(&(&b.period, &b.area)));
        Ok(figures)
    }
}

async fn put_indicator<'e>(
    on: impl Executor<'e, Database = Any>,
    indicator: &Indicator,
) -> Result<(), StoreError> {
    let put = sql(
        "INSERT INTO indicators (id, goal, title_nl, title_en, unit_nl, unit_en, \
         source_nl, source_en, better, party) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (id) DO UPDATE SET goal = excluded.goal, \
         title_nl = excluded.title_nl, title_en = excluded.title_en, \
         unit_nl = excluded.unit_nl, unit_en = excluded.unit_en, \
         source_nl = excluded.source_nl, source_en = excluded.source_en, \
         better = excluded.better, party = excluded.party",
    );
    let put = put.text(&indicator.id).text(&indicator.goal);
    let put = put.pair(&indicator.title).pair(&indicator.unit);
    let put = put.pair(&indicator.source);
    let put = put.maybe_text(indicator.better.map(Better::as_str));
    let put = put.maybe_text(indicator.party.as_deref());
    let party = || indicator.party.clone().unwrap_or_default();
    run(on, put)
        .await
        .missing(|| format!("the goal `{}` or the party `{}`", indicator.goal, party()))
        .map(drop)
}

async fn replace(
    together: &mut RegistryTransaction,
    indicator: &str,
    figures: &[IndicatorFigure],
) -> Result<(), StoreError> {
    let old = sql("DELETE FROM figures WHERE indicator = $1").text(indicator);
    run(&mut **together, old).await?;
    for figure in figures {
        let figure = IndicatorFigure {
            indicator: indicator.to_owned(),
            ..figure.clone()
        };
        put(together, &figure).await?;
    }
    Ok(())
}

async fn put(
    together: &mut RegistryTransaction,
    figure: &IndicatorFigure,
) -> Result<(), StoreError> {
    let put = sql(
        "INSERT INTO figures (indicator, area, area_name, period, value) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (indicator, area, period) DO UPDATE SET \
         area_name = excluded.area_name, value = excluded.value",
    );
    let put = put.text(&figure.indicator).text(&figure.area);
    let put = put.text(&figure.area_name).text(&figure.period);
    let put = put.real(figure.value.filter(|value| value.is_finite()));
    run(&mut **together, put)
        .await
        .missing(|| format!("the indicator `{}`", figure.indicator))
        .map(drop)
}

fn indicator(row: &RegistryRow) -> Result<Indicator, StoreError> {
    Ok(Indicator {
        id: row.text("id")?,
        goal: row.text("goal")?,
        title: row.pair("title_nl", "title_en")?,
        unit: row.pair("unit_nl", "unit_en")?,
        source: row.pair("source_nl", "source_en")?,
        better: row.maybe_word("better")?,
        party: row.maybe_text("party")?,
    })
}

fn figure(row: &RegistryRow) -> Result<IndicatorFigure, StoreError> {
    Ok(IndicatorFigure {
        indicator: row.text("indicator")?,
        area: row.text("area")?,
        area_name: row.text("area_name")?,
        period: row.text("period")?,
        value: row.real("value")?,
    })
}
