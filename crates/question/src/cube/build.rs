//! Builds the protected cube of a view: within the time that it may take, alone or together with earlier releases.

use zwerm_agreement::{
    agreement::{Agreement, Mode, View},
    condition,
    force::InForce,
    refusal::{Code, Refusal},
    text::Text,
};
use zwerm_disclosure::{Protected, Rules, Table, protect};
use zwerm_intake::{CheckedDataset, Sources};

use super::{
    linked::{self, Link},
    sources::{check_all, fingerprints, frame},
    table::{dimensions, grain, rules, table},
    types::{BuildStep, Cube, Origin},
};
use crate::{
    aggregate,
    error::{QuestionError, too_late, undisclosed},
    session::BuildLimits,
};

/// Why a view cannot be answered as a table yet; empty when it can.
///
/// ```
/// # use zwerm_agreement::{agreement::{Document, Mode}, sample};
/// # let mut agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// use zwerm_question::cube::unsupported;
/// agreement.view[0].mode = Mode::Noisy;
/// let refusals = unsupported(&agreement, &agreement.view[0]);
/// assert_eq!(refusals[0].code.as_str(), "noisy-view");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn unsupported(agreement: &Agreement, view: &View) -> Vec<Refusal> {
    if view.mode == Mode::Table {
        return Vec::new();
    }
    let name = &view.name;
    let path = format!("view.{name}.mode");
    let what = Text::new(
        format!("`{name}` geeft antwoorden met ruis; dat kan Zwerm nog niet"),
        format!("`{name}` answers with noise; Zwerm cannot do that yet"),
    );
    let lifts = condition::amend(agreement, &path);
    vec![Refusal::new(Code::NoisyView, what, lifts).under(path)]
}

/// Builds the protected cube of a view from files that whoever builds provides: what is wrong with them is reported
/// in full.
///
/// # Errors
/// A shape that cannot be protected yet, faults of the data, or a limit that was reached.
pub async fn build(
    agreement: &Agreement,
    view: &View,
    sources: &Sources,
    limits: &BuildLimits,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<Cube, QuestionError> {
    within(limits, async {
        refuse_unsupported(agreement, view)?;
        let checked = check_all(agreement, sources, progress).await?;
        build_unbounded(agreement, view, &checked, &[], limits, progress).await
    })
    .await
    .map_err(QuestionError::with_reasons)
}

/// Builds the cube of a release of an agreement that is in force, from datasets that were checked already, and protected together with `links`:
/// what was released before of the same units.
///
/// # Errors
/// A shape that cannot be protected yet, releases that cannot be protected together, or a limit that was reached.
/// Where the data are in the way, and also where the release would give away something of an earlier one whatever
/// it hides, that is [`QuestionError::NotBuildable`], which says nothing of them.
pub async fn build_linked(
    force: InForce<'_>,
    view: &View,
    checked: &[CheckedDataset],
    links: &[Link],
    limits: &BuildLimits,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<Cube, QuestionError> {
    let agreement = force.agreement();
    within(limits, async {
        refuse_unsupported(agreement, view)?;
        build_unbounded(agreement, view, checked, links, limits, progress).await
    })
    .await
    .map_err(QuestionError::without_reasons)
}

fn refuse_unsupported(agreement: &Agreement, view: &View) -> Result<(), QuestionError> {
    let refusals = unsupported(agreement, view);
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(QuestionError::Refused(refusals))
    }
}

/// Does work within the time that it may take.
async fn within(
    limits: &BuildLimits,
    work: impl Future<Output = Result<Cube, QuestionError>>,
) -> Result<Cube, QuestionError> {
    let start = std::time::Instant::now();
    let built = tokio::time::timeout(limits.time, work).await;
    match built {
        // work that never paused was not interrupted: it was late all the same
        Ok(cube) if cube.is_err() || start.elapsed() <= limits.time => cube,
        _ => Err(too_late(limits.time)),
    }
}

async fn build_unbounded(
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
    links: &[Link],
    limits: &BuildLimits,
    progress: &(dyn Fn(BuildStep) + Send + Sync),
) -> Result<Cube, QuestionError> {
    let rules = rules(agreement);
    let same = |link: &&Link| nothing_new(link, agreement, view, checked);
    let cells = match links.iter().find(same) {
        Some(link) => link.cube.cells.clone(),
        None if links.is_empty() => {
            let frame = frame(agreement, view, checked, limits).await?;
            let counted = |units| progress(BuildStep::Counting(units));
            let minimum = rules.minimum_units;
            let statistics =
                aggregate::collect(frame, view, rules.keep(), minimum, &counted).await?;
            progress(BuildStep::Protecting);
            let table = table(agreement, view, statistics);
            protected(view, table, rules).await?.cells()
        }
        None => {
            let (table, joint) =
                linked::join(agreement, view, checked, links, limits, progress).await?;
            progress(BuildStep::Protecting);
            let protected = protected(view, table, rules).await?;
            joint.cells(protected.cells())
        }
    };
    let grains = view.measure.iter().map(|m| grain(m, rules.round_to));
    let grains: Vec<Option<f64>> = grains.collect();
    let cells = cells.into_iter();
    Ok(Cube {
        origin: origin(agreement, view, checked)?,
        dimensions: dimensions(view),
        measures: view.measure.iter().map(|m| m.name.clone()).collect(),
        cells: cells.map(|c| c.rounded(rules.round_to, &grains)).collect(),
    })
}

fn origin(
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
) -> Result<Origin, QuestionError> {
    let hash = agreement.hash();
    Ok(Origin {
        agreement: agreement.id.clone(),
        version: agreement.version,
        hash: hash.map_err(|e| QuestionError::Internal(e.to_string()))?,
        view: view.name.clone(),
        data: fingerprints(checked),
    })
}

/// Whether an earlier release is of the same view, data and rules: then showing it again reveals nothing new.
fn nothing_new(
    link: &Link,
    agreement: &Agreement,
    view: &View,
    checked: &[CheckedDataset],
) -> bool {
    let rules = |a: &Agreement| zwerm_agreement::agreement::Protection {
        release_rhythm: zwerm_agreement::agreement::Rhythm::Once,
        ..a.protection.clone()
    };
    link.view == *view
        && rules(&link.agreement) == rules(agreement)
        && fingerprints(&link.checked) == fingerprints(checked)
}

async fn protected(view: &View, table: Table, rules: Rules) -> Result<Protected, QuestionError> {
    // hours of arithmetic must not keep the clock from running out
    tokio::task::spawn_blocking(move || protect(&table, &rules))
        .await
        .map_err(|e| QuestionError::Internal(e.to_string()))?
        .map_err(|e| undisclosed(view, &e))
}
