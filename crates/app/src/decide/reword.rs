//! Other words for a project, by who proposed it; what stood there before stays to be read.

use serde::{Deserialize, Serialize};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::projects::Project;
use zwerm_store::words_before::OfWhat;

use crate::decide::consent;
use crate::error::AppError;
use crate::form::Checks;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::site::Site;
use crate::site::overview::Dossier;
use crate::site::words_before::{self, EarlierWords};

/// Characters of a text at most.
const LONGEST: usize = 4000;

/// What a project says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectText {
    /// What it is.
    pub summary: String,
    /// Which questions it is to answer.
    pub questions: String,
    /// Whom it serves.
    pub benefit: String,
    /// Whom it could harm.
    pub harm: String,
    /// Who might be left out.
    pub falls_out: String,
}

impl ProjectText {
    /// The words of a project as they are.
    pub fn of(project: &Project) -> Self {
        Self {
            summary: project.summary.nl.clone(),
            questions: project.questions.nl.clone(),
            benefit: project.benefit.nl.clone(),
            harm: project.harm.nl.clone(),
            falls_out: project.falls_out.nl.clone(),
        }
    }
}

/// The parties of whoever looks that may reword a project: the one that proposed it, or any at its table where that is not
/// known.
pub fn writers(
    signed: &SignedIn,
    project: Option<&Project>,
    dossier: &Dossier,
) -> Vec<(String, Text)> {
    let Some(version) = dossier.current() else {
        return Vec::new();
    };
    let by = project.and_then(|project| project.proposed_by.as_deref());
    let seats = version.agreement().seats();
    let seats = seats.filter(|seat| by.is_none_or(|by| by == seat.id));
    let seats = seats.filter(|seat| rights::may(signed, Act::Propose, &seat.id).is_ok());
    seats
        .map(|seat| (seat.id.clone(), seat.display_name()))
        .collect()
}

/// Puts other words in the place of a project's. The parties at its table are told: they consented with the words of
/// before.
///
/// # Errors
/// When the person may not, and what is wrong with the words.
pub async fn put(
    site: &Site,
    signed: &SignedIn,
    dossier: &Dossier,
    party: &str,
    words: &ProjectText,
) -> Result<(), AppError> {
    let known = site.store.project(&dossier.id).await?;
    let writers = writers(signed, known.as_ref(), dossier);
    let Some(version) = dossier
        .current()
        .filter(|_| writers.iter().any(|(id, _)| id == party))
    else {
        return Err(not_yours());
    };
    let mut checks = Checks::default();
    let mut text = |field: &str, nl: &str, en: &str, given: &str| {
        let given = given.trim();
        let name = Text::new(nl, en);
        match given.is_empty() {
            true => Text::default(),
            false => Text::same(checks.text(field, &name, given, LONGEST)),
        }
    };
    let agreement = version.agreement();
    let before = known.as_ref().map(ProjectText::of).unwrap_or_default();
    let project = Project {
        id: dossier.id.clone(),
        goal: agreement.goal.clone(),
        title: agreement.title.clone(),
        summary: text("summary", "wat en waarom", "what and why", &words.summary),
        questions: text("questions", "de vragen", "the questions", &words.questions),
        benefit: text(
            "benefit",
            "wat het kan opleveren",
            "what good it may do",
            &words.benefit,
        ),
        harm: text(
            "harm",
            "wat het kan schaden",
            "what harm it may do",
            &words.harm,
        ),
        falls_out: text(
            "falls_out",
            "wie er buiten kan vallen",
            "who may be left out",
            &words.falls_out,
        ),
        proposed_by: Some(party.to_owned()),
        proposed: known
            .as_ref()
            .map_or(site.clock.now(), |known| known.proposed),
    };
    checks.done()?;
    if ProjectText::of(&project) == before {
        return Ok(());
    }
    words_before::keep(site, OfWhat::Project, &dossier.id, party, &before).await?;
    match &known {
        Some(_) => site.store.update_project(&project).await?,
        None => site.store.add_project(&project).await?,
    }
    let title = &agreement.title;
    let told = Text::new(
        format!("de woorden van {} zijn veranderd", title.nl),
        format!("the words of {} were changed", title.en),
    );
    consent::try_to_tell(site, version, "reworded", &told).await;
    Ok(())
}

/// The words of a project of before, page by page, the latest first.
///
/// # Errors
/// When the registry cannot be read.
pub async fn earlier(
    site: &Site,
    id: &str,
    before: Option<&ListPlace>,
) -> Result<ListPage<EarlierWords<ProjectText>>, AppError> {
    words_before::read(site, OfWhat::Project, id, before).await
}

/// That somebody else wrote these words.
pub(crate) fn not_yours() -> AppError {
    AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            "wie dit schreef, verandert deze woorden",
            "whoever wrote this changes these words",
        ),
        Text::new(
            "vraag een beslisser van de partner die het voorstelde",
            "ask a decider of the party that proposed it",
        ),
    )
}
