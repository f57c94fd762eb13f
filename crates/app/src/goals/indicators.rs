//! What a party measures of a goal: an indicator with published figures, added, extended and corrected.
//!
//! What is new and what changes is looked at before it is taken over; what was not looked at is not taken over.

use std::collections::BTreeMap;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::fresh_id;
use zwerm_store::indicators::{Indicator, IndicatorFigure};

use crate::error::AppError;
use crate::form::Checks;
use crate::goals::figures::{self, DeliveredFigure};
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::site::Site;
use crate::site::overview::Overview;
use crate::slug::slug;

/// Characters of a title or a unit, and of a source, at most.
const LONGEST: usize = 120;
const LONGEST_SOURCE: usize = 300;
/// Figures of one indicator at most.
const MOST_FIGURES: usize = 20_000;

/// What somebody brings.
#[derive(Debug, Clone)]
pub struct FigureDelivery {
    /// The id of the goal.
    pub goal: String,
    /// The indicator that it is for; none for a new one.
    pub known: Option<Indicator>,
    /// The party that brings it.
    pub party: String,
    /// What the indicator is called.
    pub title: Text,
    /// What its figures count, such as `% of the households`.
    pub unit: Text,
    /// Where its figures were published.
    pub source: Text,
    /// The figures as CSV.
    pub figures: String,
    /// Whether figures that are not among these go away.
    pub replaces: bool,
}

/// A figure that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureChange {
    /// The code of the area.
    pub area: String,
    /// The period that the figure is of.
    pub period: String,
    /// The figure that was there.
    pub before: Option<f64>,
    /// The figure that comes in its place.
    pub after: Option<f64>,
}

/// What would be taken over.
#[derive(Debug, Clone)]
pub struct DeliveryPreview {
    /// Figures of areas and periods that had none.
    pub new: Vec<FigureChange>,
    /// Figures that become others.
    pub changed: Vec<FigureChange>,
    /// Figures that are in the registry and not in what was brought.
    pub gone: Vec<FigureChange>,
    /// Figures that stay as they are.
    pub same: usize,
    /// Whether title, unit, source or the name of an area changes.
    pub words: bool,
    /// What tells that it was this that somebody looked at.
    pub seen: String,
    indicator: Indicator,
    values: Vec<IndicatorFigure>,
}

/// What came of taking over.
#[derive(Debug)]
pub enum DeliveryOutcome {
    /// The figures are in the registry.
    Taken,
    /// It is not what was looked at.
    Other(Box<DeliveryPreview>),
}

/// Whether a party sits at the table of a project for a goal.
pub fn takes_part(overview: &Overview, goal: &str, party: &str) -> bool {
    let current = overview.dossiers.iter().filter_map(|one| one.current());
    let agreements = current.map(|version| version.agreement());
    let mut ours = agreements.filter(|agreement| agreement.goal == goal);
    ours.any(|agreement| agreement.seats().any(|seat| seat.id == party))
}

/// What would be new and what would change; all faults otherwise.
pub async fn look_at(
    site: &Site,
    signed: &SignedIn,
    brought: &FigureDelivery,
) -> Result<DeliveryPreview, AppError> {
    may_bring(site, signed, brought).await?;
    let before = match &brought.known {
        Some(known) => site.store.figures(&known.id).await?,
        None => Vec::new(),
    };
    looked(brought, &before)
}

/// Takes it over, if it is what was looked at.
pub async fn take_over(
    site: &Site,
    signed: &SignedIn,
    brought: &FigureDelivery,
    seen: &str,
) -> Result<DeliveryOutcome, AppError> {
    let mut looked = look_at(site, signed, brought).await?;
    if looked.seen != seen {
        return Ok(DeliveryOutcome::Other(Box::new(looked)));
    }
    if brought.known.is_none() {
        let unique: String = fresh_id()?.chars().take(8).collect();
        let name = slug(&looked.indicator.title.nl, "cijfers");
        looked.indicator.id = format!("{name}-{unique}");
    }
    site.store
        .put_indicator_with_figures(&looked.indicator, &looked.values)
        .await?;
    Ok(DeliveryOutcome::Taken)
}

async fn may_bring(
    site: &Site,
    signed: &SignedIn,
    brought: &FigureDelivery,
) -> Result<(), AppError> {
    let cure = || {
        Text::new(
            "vraag een beslisser of gegevensbeheerder van een partner die meedoet",
            "ask a decider or steward of a party that takes part",
        )
    };
    rights::may(signed, Act::BringFigures, &brought.party)
        .map_err(|what| AppError::usage(FaultCode::NotPermitted, what, cure()))?;
    let overview = site.overview().await?;
    let allowed = match &brought.known {
        // what a party delivered only that party corrects
        Some(known) => known.party.as_deref() == Some(brought.party.as_str()),
        None => takes_part(&overview, &brought.goal, &brought.party),
    };
    if allowed {
        return Ok(());
    }
    Err(AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            format!("`{}` levert deze cijfers niet", brought.party),
            format!("`{}` does not deliver these figures", brought.party),
        ),
        cure(),
    ))
}

/// A place of a figure: its area and its period.
type FigureKey<'a> = (&'a str, &'a str);
type Brings<'a> = BTreeMap<FigureKey<'a>, &'a DeliveredFigure>;
type Has<'a> = BTreeMap<FigureKey<'a>, &'a IndicatorFigure>;

fn looked(
    brought: &FigureDelivery,
    before: &[IndicatorFigure],
) -> Result<DeliveryPreview, AppError> {
    let (indicator, figures) = checked(brought, before)?;
    let new: Brings<'_> = figures
        .iter()
        .map(|figure| ((figure.area.as_str(), figure.period.as_str()), figure))
        .collect();
    let old: Has<'_> = before
        .iter()
        .map(|value| ((value.area.as_str(), value.period.as_str()), value))
        .collect();
    let kept = if brought.replaces {
        Has::new()
    } else {
        without(&old, &new)
    };
    let values = together(&indicator, &figures, &kept, &new);
    if values.len() > MOST_FIGURES {
        return Err(AppError::from(vec![too_many()]));
    }
    let known = brought.known.as_ref();
    let mut looked = DeliveryPreview {
        new: Vec::new(),
        changed: Vec::new(),
        gone: Vec::new(),
        same: 0,
        words: renamed(before, &values) || known.is_some_and(|known| *known != indicator),
        seen: seen(&indicator, before, &values),
        indicator,
        values,
    };
    looked.compare(&old, &new, brought.replaces);
    Ok(looked)
}

/// The figures of before that are not among those that are brought.
fn without<'a>(old: &Has<'a>, new: &Brings<'_>) -> Has<'a> {
    let others = old.iter().filter(|(key, _)| !new.contains_key(*key));
    others.map(|(key, was)| (*key, *was)).collect()
}

/// All figures of the indicator once these are taken over: those that stay first.
fn together(
    indicator: &Indicator,
    figures: &[DeliveredFigure],
    kept: &Has<'_>,
    new: &Brings<'_>,
) -> Vec<IndicatorFigure> {
    let names: BTreeMap<&str, &str> = figures
        .iter()
        .map(|figure| (figure.area.as_str(), figure.name.as_str()))
        .collect();
    let value = |(area, period): FigureKey<'_>, name: &str, value: Option<f64>| IndicatorFigure {
        indicator: indicator.id.clone(),
        area: area.to_owned(),
        // an area goes by one name, the last that was given
        area_name: names.get(area).copied().unwrap_or(name).to_owned(),
        period: period.to_owned(),
        value,
    };
    let kept = kept
        .iter()
        .map(|(key, was)| value(*key, &was.area_name, was.value));
    let given = new.iter().map(|(key, is)| value(*key, &is.name, is.value));
    kept.chain(given).collect()
}

impl DeliveryPreview {
    /// Counts what stays as it is, and lists what is new, changes or goes.
    fn compare(&mut self, old: &Has<'_>, new: &Brings<'_>, replaces: bool) {
        let change = |(area, period): FigureKey<'_>, name: &str, before, after| FigureChange {
            area: format!("{name} ({area})"),
            period: period.to_owned(),
            before,
            after,
        };
        for (key, is) in new {
            match old.get(key) {
                None => self.new.push(change(*key, &is.name, None, is.value)),
                Some(was) if was.value != is.value => {
                    self.changed
                        .push(change(*key, &is.name, was.value, is.value));
                }
                Some(_) => self.same += 1,
            }
        }
        for (key, was) in without(old, new) {
            if replaces {
                self.gone.push(change(key, &was.area_name, was.value, None));
            } else {
                self.same += 1;
            }
        }
    }
}

/// The indicator and its figures, or all that is wrong with them.
fn checked(
    brought: &FigureDelivery,
    before: &[IndicatorFigure],
) -> Result<(Indicator, Vec<DeliveredFigure>), AppError> {
    let mut checks = Checks::default();
    let mut pair =
        |field, nl, en, value: &Text, most| checks.pair(field, &Text::new(nl, en), value, most);
    let title = pair("title", "de titel", "the title", &brought.title, LONGEST);
    let unit = pair("unit", "de eenheid", "the unit", &brought.unit, LONGEST);
    let source = pair(
        "source",
        "de bron",
        "the source",
        &brought.source,
        LONGEST_SOURCE,
    );
    let none = brought.figures.trim().is_empty();
    // title, unit and source can be corrected without figures
    let figures = if none && brought.known.is_some() && !brought.replaces {
        Vec::new()
    } else {
        figures::read(&brought.figures).unwrap_or_else(|wrong| {
            checks.add(wrong);
            Vec::new()
        })
    };
    let stays = before.iter().find(|_| !brought.replaces);
    let of_before = stays.and_then(|value| figures::kind(&value.period));
    if let (Some(kind), Some(first)) = (of_before, figures.first())
        && figures::kind(&first.period) != Some(kind)
    {
        checks.add([figures::mixed(first.line, &first.period)]);
    }
    checks.done()?;
    let known = brought.known.as_ref();
    let indicator = Indicator {
        id: known.map(|known| known.id.clone()).unwrap_or_default(),
        goal: brought.goal.clone(),
        title,
        unit,
        source,
        better: known.and_then(|known| known.better),
        party: Some(brought.party.clone()),
    };
    Ok((indicator, figures))
}

/// Whether an area that was there goes by another name.
fn renamed(before: &[IndicatorFigure], after: &[IndicatorFigure]) -> bool {
    let named = after.iter();
    let named = named.map(|value| (value.area.as_str(), value.area_name.as_str()));
    let names: BTreeMap<&str, &str> = named.collect();
    let other = |was: &IndicatorFigure| {
        let is = names.get(was.area.as_str());
        is.is_some_and(|is| *is != was.area_name)
    };
    before.iter().any(other)
}

fn seen(indicator: &Indicator, before: &[IndicatorFigure], after: &[IndicatorFigure]) -> String {
    let all = format!("{indicator:?} {before:?} {after:?}");
    Digest::of(all).to_string()
}

fn too_many() -> Diagnostic {
    Diagnostic::new(
        FaultCode::TooMany,
        Text::new(
            format!("samen zijn het meer dan {MOST_FIGURES} cijfers"),
            format!("together these are more than {MOST_FIGURES} figures"),
        ),
        Text::new(
            "verdeel ze over meer reeksen, of laat oude jaren weg",
            "spread them over several series, or leave old years out",
        ),
    )
    .at(Place::Field(figures::FIELD.to_owned()))
}

/// The indicator of this id, if there is one.
///
/// # Errors
/// When the registry cannot be read.
pub async fn find(site: &Site, id: &str) -> Result<Option<Indicator>, AppError> {
    Ok(site.store.indicator(id).await?)
}

/// The figures of an indicator.
///
/// # Errors
/// When the registry cannot be read.
pub async fn values(site: &Site, id: &str) -> Result<Vec<IndicatorFigure>, AppError> {
    Ok(site.store.figures(id).await?)
}

#[cfg(test)]
mod tests;
