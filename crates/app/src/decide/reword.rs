//! Other words for a project or a goal, by who wrote them; what stood there before stays to be read.

use serde::{Deserialize, Serialize};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::goals::Goal;
use zwerm_store::projects::Project;
use zwerm_store::words_before::{OfWhat, WordsBefore};

use crate::decide::consent;
use crate::error::AppError;
use crate::form::Checks;
use crate::goals::indicators::takes_part;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::site::Site;
use crate::site::overview::Dossier;

/// Characters of a text at most.
const LONGEST: usize = 4000;
/// Characters of a title at most.
const LONGEST_TITLE: usize = 200;
/// Earlier words that are read at most.
const MOST: u32 = 50;

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

/// What a goal says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GoalText {
    /// What it is called, in Dutch and in English.
    pub title: Text,
    /// What it is about.
    pub about: Text,
}

impl GoalText {
    /// The words of a goal as they are.
    pub fn of(goal: &Goal) -> Self {
        Self {
            title: goal.title.clone(),
            about: goal.about.clone(),
        }
    }
}

/// The parties of whoever looks that may reword a project: the one that proposed it, or any at its table where that is not
/// known.
pub fn writers_of_project(
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
pub async fn project(
    site: &Site,
    signed: &SignedIn,
    dossier: &Dossier,
    party: &str,
    words: &ProjectText,
) -> Result<(), AppError> {
    let known = site.store.project(&dossier.id).await?;
    let writers = writers_of_project(signed, known.as_ref(), dossier);
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
    keep(site, OfWhat::Project, &dossier.id, party, &before).await?;
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

/// The words of a project of before, the latest first: when others came, of which party, and what stood there.
///
/// # Errors
/// When the registry cannot be read.
pub async fn project_before(
    site: &Site,
    id: &str,
) -> Result<Vec<(WordsBefore, ProjectText)>, AppError> {
    before(site, OfWhat::Project, id).await
}

/// The parties of whoever looks that may reword a goal: those that take part in it.
///
/// # Errors
/// When the home cannot be read.
pub async fn writers_of_goal(
    site: &Site,
    signed: &SignedIn,
    goal: &str,
) -> Result<Vec<(String, Text)>, AppError> {
    let overview = site.overview().await?;
    let parties = site.store.parties().await?.into_iter();
    let own = parties.filter(|party| {
        rights::may(signed, Act::Propose, &party.id).is_ok()
            && takes_part(&overview, goal, &party.id)
    });
    Ok(own.map(|party| (party.id, party.name)).collect())
}

/// Puts other words in the place of a goal's, and shows what it has in another order.
///
/// # Errors
/// When the person may not, and what is wrong with the words.
pub async fn goal(
    site: &Site,
    signed: &SignedIn,
    id: &str,
    party: &str,
    words: &GoalText,
    order: &[String],
) -> Result<(), AppError> {
    let writers = writers_of_goal(site, signed, id).await?;
    let known = site.store.goal(id).await?;
    let Some(known) = known.filter(|_| writers.iter().any(|(own, _)| own == party)) else {
        return Err(not_yours());
    };
    let mut checks = Checks::default();
    let name = Text::new("de titel", "the title");
    let title = checks.pair("title", &name, &words.title, LONGEST_TITLE);
    let about = match words.about.nl.trim().is_empty() && words.about.en.trim().is_empty() {
        true => Text::default(),
        false => {
            let name = Text::new("waar de opgave over gaat", "what the goal is about");
            checks.pair("about", &name, &words.about, LONGEST)
        }
    };
    checks.done()?;
    let before = GoalText::of(&known);
    let after = GoalText { title, about };
    if after != before {
        keep(site, OfWhat::Goal, id, party, &before).await?;
        let goal = Goal {
            id: id.to_owned(),
            title: after.title,
            about: after.about,
        };
        site.store.put_goal(&goal).await?;
    }
    if !order.is_empty() {
        site.store.put_goal_order(id, order).await?;
    }
    Ok(())
}

/// The words of a goal of before, the latest first.
///
/// # Errors
/// When the registry cannot be read.
pub async fn goal_before(site: &Site, id: &str) -> Result<Vec<(WordsBefore, GoalText)>, AppError> {
    before(site, OfWhat::Goal, id).await
}

/// In which order a goal shows its indicators and projects; what is not among these comes after.
///
/// # Errors
/// When the registry cannot be read.
pub async fn goal_order(site: &Site, id: &str) -> Result<Vec<String>, AppError> {
    Ok(site.store.goal_order(id).await?)
}

/// Sorts what a goal shows; what has no place keeps its own, after the others.
pub fn in_order<T>(all: &mut [T], order: &[String], id: impl Fn(&T) -> &str) {
    let place = |one: &T| order.iter().position(|item| item == id(one));
    all.sort_by_key(|one| place(one).unwrap_or(usize::MAX));
}

async fn keep(
    site: &Site,
    what: OfWhat,
    id: &str,
    party: &str,
    words: &impl Serialize,
) -> Result<(), AppError> {
    let json = serde_json::to_string(words);
    let before = WordsBefore {
        at: site.clock.now(),
        party: party.to_owned(),
        json: json.map_err(|error| AppError::Internal(error.to_string()))?,
    };
    Ok(site.store.put_words_before(what, id, &before).await?)
}

async fn before<T: for<'de> Deserialize<'de> + Default>(
    site: &Site,
    what: OfWhat,
    id: &str,
) -> Result<Vec<(WordsBefore, T)>, AppError> {
    let found = site.store.words_before(what, id, MOST).await?.into_iter();
    let read = |one: WordsBefore| {
        let words = serde_json::from_str(&one.json).unwrap_or_default();
        (one, words)
    };
    Ok(found.map(read).collect())
}

fn not_yours() -> AppError {
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
