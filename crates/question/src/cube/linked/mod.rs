//! Releases that have units in common: one table of all of them, so that they can be protected together.
//!
//! Every unit is looked up in every view, and every release in the data that it was made of. What one view says
//! of a unit and another does not becomes a dimension of the joint table; what both say is one dimension (see
//! [`columns`]). Which releases were published, and what they show, comes along; `zwerm-disclosure` then hides
//! what any of them would give away.

mod columns;
mod joint;
mod relations;
mod table;
mod times;
mod units;
mod views;

use zwerm_agreement::{
    agreement::{Agreement, View},
    refusal::{Code, Refusal},
    text::Text,
};
use zwerm_disclosure::Table;
use zwerm_intake::CheckedDataset;

pub(super) use self::joint::Joint;

use self::{
    table::Joined,
    times::{TimeId, Times},
    units::{History, UnitRecord, Units},
    views::{LinkedView, ViewId, Views},
};
use super::{
    sources::frame,
    table::rules,
    types::{BuildStep, Cube},
};
use crate::{
    aggregate,
    error::{QuestionError, not_buildable},
    session::BuildLimits,
    unit::require_enough,
};

/// A release that was published before, with what it was made of.
#[derive(Debug, Clone)]
pub struct Link {
    /// The agreement that it was released under.
    pub agreement: Agreement,
    /// The view that it is the cube of.
    pub view: View,
    /// The cells that were published.
    pub cube: Cube,
    /// The data that it was made of.
    pub checked: Vec<CheckedDataset>,
}

/// A release, and which view and time of the joint table it is of.
struct Linked<'a> {
    link: &'a Link,
    view: ViewId,
    time: TimeId,
}

/// Builds the joint table, and where the new view is in it.
///
/// # Errors
/// Releases that cannot be put into one table, and faults of the data.
pub(super) async fn join(
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
    links: &[Link],
    limits: &BuildLimits,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<(Table, Joint), QuestionError> {
    let mut views = Views::of(LinkedView { agreement, view });
    let mut times = Times::of(checked);
    let mut linked = Vec::new();
    for link in links {
        linked.push(Linked {
            link,
            view: views.add(link),
            time: times.add(&link.checked),
        });
    }
    if let Some(other) = views.all().find(|of| of.view.unit != view.unit) {
        return Err(other_unit(other));
    }
    let scanned = scan(&views, &times, limits, progress).await?;
    if views.len() > 1 && !scanned.history.records().all(UnitRecord::is_joinable) {
        return Err(not_buildable(view));
    }
    let agreements = views.all().map(|of| of.agreement);
    let earlier = links.iter().map(|link| &link.agreement);
    let keep = agreements.chain(earlier).map(|of| rules(of).keep()).max();
    let joined = Joined::new(&views, &scanned, keep.unwrap_or(0));
    Ok((joined.table(&linked)?, joined.joint()?))
}

/// What all views say of all units at all times.
struct Scanned {
    history: History,
    /// Per view the sources of its columns.
    lineages: Vec<aggregate::Lineage>,
}

async fn scan(
    views: &Views<'_>,
    times: &Times<'_>,
    limits: &BuildLimits,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<Scanned, QuestionError> {
    let mut history = Vec::new();
    let mut lineages = Vec::new();
    for time in times.ids() {
        let mut units = Units::new();
        for (id, of) in views.ids().zip(views.all()) {
            let data = times.data(of, time)?;
            let frame = frame(of.agreement, of.view, &data, limits).await?;
            if time == TimeId::NOW {
                lineages.push(aggregate::sources(&frame, of.view));
            }
            let counted = |n| progress(BuildStep::Counting(n));
            let minimum = of.agreement.protection.minimum_units;
            let seen = aggregate::each(frame, of.view, minimum, &counted, &mut |unit| {
                let record = units.entry(unit.identity);
                let record = record.or_insert_with(|| UnitRecord::new(views.len()));
                record.set(id, unit.parts());
            })
            .await?;
            // of what was released before, or never is in this way, few units are no fault
            if (id, time) == (ViewId::NEW, TimeId::NOW) {
                require_enough(seen, of.view, minimum)?;
            }
        }
        history.push(units);
    }
    let history = History(history);
    Ok(Scanned { history, lineages })
}

fn other_unit(other: LinkedView) -> QuestionError {
    let name = &other.view.name;
    apart(
        other,
        (
            format!("`{name}` gaat over een andere eenheid"),
            format!("`{name}` is about another unit"),
        ),
    )
}

/// Refuses what cannot be put into one table, whatever the data are.
fn apart(of: LinkedView, (nl, en): (String, String)) -> QuestionError {
    let agreement = of.agreement;
    let (id, version) = (&agreement.id, agreement.version);
    QuestionError::Refused(vec![
        Refusal::new(
            Code::SecondRelease,
            Text::new(
                format!("over dezelfde gegevens is een uitgave gedaan van `{id}` versie {version}, en {nl}"),
                format!("over the same data a release was done of `{id}` version {version}, and {en}"),
            ),
            Text::new(
                "vraag die uitgave, of gebruik gegevens over een nieuwe periode zonder dezelfde eenheden",
                "ask that release, or use data about a new period without the same units",
            ),
        )
        .under("protection.release_rhythm"),
    ])
}
