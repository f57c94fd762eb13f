//! The release of a shared view: building it before the first question does, and looking at it.

use jiff::civil::Date;
use zwerm_agreement::agreement::View;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::suggest;
use zwerm_agreement::text::Text;
use zwerm_home::load::Stored;
use zwerm_home::release::{self, BuiltRelease, Progress, When};
use zwerm_home::{Home, in_force};
use zwerm_question::session::BuildLimits;

use crate::error::AppError;
use crate::ledger::rolled_back;
use crate::share::embargo;

/// Builds the release of a view of an agreement, or finds it when it is there; the first view where none is named.
///
/// # Errors
/// When the agreement is not in force or something is under embargo, before anything is built; when there is no such agreement or view; when the data
/// are not as agreed.
pub async fn build(
    home: &Home,
    agreement: &str,
    view: Option<&str>,
    when: When,
    limits: &BuildLimits,
    progress: Progress<'_>,
) -> Result<BuiltRelease, AppError> {
    rolled_back::require_newest(home).await?;
    let stored = home.agreement(agreement, when.today)?;
    let view = find_view(&stored, view)?;
    let agreed = in_force(&stored, when.today)?;
    let permit = embargo::permit_to_build(home, &stored, view, when.today, limits).await?;
    let permitted = (view, &permit);
    Ok(release::ensure(home, agreed, permitted, when.now, limits, progress).await?)
}

/// The release of a view of an agreement; the first view where none is named.
///
/// # Errors
/// When there is no such agreement, view or release, or the release is damaged.
pub fn find(
    home: &Home,
    agreement: &str,
    view: Option<&str>,
    today: Date,
) -> Result<BuiltRelease, AppError> {
    let stored = home.agreement(agreement, today)?;
    let view = find_view(&stored, view)?;
    let found = release::find(home, &stored.document.agreement, view)?;
    found.ok_or_else(|| none_yet(agreement, view))
}

fn none_yet(agreement: &str, view: &View) -> AppError {
    AppError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("er is nog geen uitgave van `{}`", view.name),
            format!("there is no release of `{}` yet", view.name),
        ),
        Text::new(
            format!("bouw haar met `zwerm release build {agreement}`, of stel een vraag"),
            format!("build it with `zwerm release build {agreement}`, or ask a question"),
        ),
    )
}

fn find_view<'a>(stored: &'a Stored, name: Option<&str>) -> Result<&'a View, AppError> {
    let agreement = &stored.document.agreement;
    let found = match name {
        Some(name) => agreement.find_view(name),
        None => agreement.view.first(),
    };
    let known: Vec<&str> = agreement.view.iter().map(|v| v.name.as_str()).collect();
    found.ok_or_else(|| {
        let name = name.unwrap_or_default();
        AppError::usage(
            FaultCode::NotFound,
            Text::new(
                format!("de afspraak kent geen gezamenlijke basis `{name}`"),
                format!("the agreement has no shared view `{name}`"),
            ),
            suggest::cure(name, &known),
        )
    })
}
