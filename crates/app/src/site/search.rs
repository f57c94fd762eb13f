//! Finding by words: projects, goals, questions and the log, as far as everybody may read them.
//!
//! It looks where pages for everybody look, and nowhere else: not in drafts, answers or notices, nor in what people asked for
//! their party alone. Each kind is looked through by an index, or so far back and no further.

use std::collections::BTreeSet;

use zwerm_agreement::suggest::nearest;
use zwerm_agreement::text::{Lang, Text};
use zwerm_agreement::words;
use zwerm_store::entries::EntryFilter;
use zwerm_store::goals::Goal;
use zwerm_store::list::ListPage;
use zwerm_store::projects::Project;
use zwerm_store::questions::AskedQuestion;
use zwerm_store::search::SearchWords;
use zwerm_store::titles::QuestionFilter;
use zwerm_store::word_questions::WordQuestion;

use crate::error::AppError;
use crate::ledger::entries::{self, EntryPage};
use crate::share::questions;
use crate::site::Site;
use crate::site::overview::Overview;
use crate::site::standing::Standing;

words! {
    in "zwerm_app::site::search";
    /// A kind of what is found that has no list of its own to search in.
    pub enum SearchKind {
        /// Projects.
        Projects = "projects",
        /// Goals.
        Goals = "goals",
        /// Questions in words.
        Words = "words",
    }
}

/// Of each kind, when all kinds are looked for.
const FEW: u32 = 4;
/// Of one kind on a page.
const LISTED: u32 = 30;
/// Questions whose titles lend their words to a suggestion.
const LENT: u32 = 50;
/// Letters that a word must have to be suggested.
const SHORTEST: usize = 3;

/// A page of what was found of one kind.
#[derive(Debug, Clone)]
pub struct FoundPage<T> {
    /// What was found, in the order of its list.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A project that was found.
#[derive(Debug, Clone)]
pub struct FoundProject {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Text,
    /// What it is for; empty when nobody said so.
    pub what_for: Text,
    /// How its agreement stands.
    pub standing: Standing,
}

/// A goal that was found.
#[derive(Debug, Clone)]
pub struct FoundGoal {
    /// The goal.
    pub goal: Goal,
    /// What parties do for it, as far as the words are in that.
    pub tasks: Vec<Text>,
}

/// A question in words that was found, with the title of its project.
#[derive(Debug, Clone)]
pub struct FoundWords {
    /// The question.
    pub question: WordQuestion,
    /// What its project is called.
    pub project: Text,
}

/// A few of each kind.
#[derive(Debug)]
pub struct FoundKinds {
    /// Projects.
    pub projects: FoundPage<FoundProject>,
    /// Goals.
    pub goals: FoundPage<FoundGoal>,
    /// Questions to the data that everybody may read of.
    pub questions: ListPage<AskedQuestion>,
    /// Questions in words.
    pub words: FoundPage<FoundWords>,
    /// Entries of the public log.
    pub entries: EntryPage,
}

impl FoundKinds {
    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.projects.rows.is_empty()
            && self.goals.rows.is_empty()
            && self.questions.rows.is_empty()
            && self.words.rows.is_empty()
            && self.entries.rows.is_empty()
    }
}

/// Looks for words in all kinds.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn all(site: &Site, words: &str) -> Result<FoundKinds, AppError> {
    let overview = site.overview().await?;
    let asked = QuestionFilter {
        text: Some(words.to_owned()),
        ..QuestionFilter::default()
    };
    let entered = EntryFilter {
        text: Some(words.to_owned()),
        ..EntryFilter::default()
    };
    // looking for what is nowhere takes longest, and each of these by itself
    let (mut questions, words_found, entries) = tokio::try_join!(
        questions::find(site, &asked, None, FEW),
        found_words(site, words, "", FEW),
        entries::list(site, &entered, None, FEW),
    )?;
    // one whose agreement is not here is in no list
    questions
        .rows
        .retain(|asked| is_here(&overview, &asked.agreement));
    Ok(FoundKinds {
        projects: found_projects(site, words, "", FEW).await?,
        goals: found_goals(site, words, "", FEW).await?,
        questions,
        words: words_found,
        entries,
    })
}

/// Looks for words in projects, from the page on that begins there.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn projects(
    site: &Site,
    words: &str,
    from: &str,
) -> Result<FoundPage<FoundProject>, AppError> {
    found_projects(site, words, from, LISTED).await
}

/// Looks for words in goals and in what parties do for them, from the page on that begins there.
///
/// # Errors
/// When the registry cannot be read.
pub async fn goals(site: &Site, words: &str, from: &str) -> Result<FoundPage<FoundGoal>, AppError> {
    found_goals(site, words, from, LISTED).await
}

/// Looks for words in questions in words, from the page on that begins there.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn word_questions(
    site: &Site,
    words: &str,
    from: &str,
) -> Result<FoundPage<FoundWords>, AppError> {
    found_words(site, words, from, LISTED).await
}

/// The words that were probably meant, where nothing was found: those of titles that come nearest.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn meant(site: &Site, words: &str, lang: Lang) -> Result<Option<String>, AppError> {
    let overview = site.overview().await?;
    let goals = site.store.goals().await?.into_iter();
    let mut titles: Vec<Text> = goals.map(|goal| goal.title).collect();
    let current = overview.dossiers.iter().filter_map(|one| one.current());
    for agreement in current.map(|version| version.agreement()) {
        titles.push(agreement.title.clone());
        titles.extend(agreement.seats().map(|seat| seat.display_name()));
    }
    let tasks = site.store.standing_tasks().await?;
    titles.extend(tasks.into_iter().map(|task| task.what));
    let asked = questions::public(site, None, None, LENT).await?;
    titles.extend(asked.rows.iter().map(AskedQuestion::title));
    let known = titles.iter().flat_map(|title| words_of(title.get(lang)));
    Ok(suggested(words, &known.collect()))
}

async fn found_projects(
    site: &Site,
    words: &str,
    from: &str,
    most: u32,
) -> Result<FoundPage<FoundProject>, AppError> {
    let wanted = SearchWords::of(words);
    let overview = site.overview().await?;
    let said = site.store.projects().await?;
    let dossiers = overview.dossiers.iter();
    let found = dossiers.filter_map(|dossier| {
        let version = dossier.current()?;
        let title = version.agreement().title.clone();
        let project = said.iter().find(|project| project.id == dossier.id);
        is_about(&wanted, &title, project).then(|| FoundProject {
            id: dossier.id.clone(),
            title,
            what_for: project.map_or_else(Text::default, |project| project.summary.clone()),
            standing: version.standing,
        })
    });
    Ok(page_of(found, from, most, |project| &project.id))
}

/// Whether a project is about these words, in one of the languages.
fn is_about(wanted: &SearchWords, title: &Text, project: Option<&Project>) -> bool {
    let mut texts = vec![title];
    if let Some(project) = project {
        texts.extend([
            &project.title,
            &project.summary,
            &project.questions,
            &project.benefit,
            &project.harm,
            &project.falls_out,
        ]);
    }
    texts.into_iter().any(|text| is_in(wanted, text))
}

async fn found_goals(
    site: &Site,
    words: &str,
    from: &str,
    most: u32,
) -> Result<FoundPage<FoundGoal>, AppError> {
    let wanted = SearchWords::of(words);
    let tasks = site.store.standing_tasks().await?;
    let goals = site.store.goals().await?.into_iter();
    let found = goals.filter_map(|goal| {
        let own = tasks.iter().filter(|task| task.goal == goal.id);
        let own = own.filter(|task| is_in(&wanted, &task.what));
        let tasks: Vec<Text> = own.map(|task| task.what.clone()).collect();
        let is_found =
            is_in(&wanted, &goal.title) || is_in(&wanted, &goal.about) || !tasks.is_empty();
        is_found.then_some(FoundGoal { goal, tasks })
    });
    Ok(page_of(found, from, most, |found| &found.goal.id))
}

async fn found_words(
    site: &Site,
    words: &str,
    from: &str,
    most: u32,
) -> Result<FoundPage<FoundWords>, AppError> {
    let wanted = SearchWords::of(words);
    let from = from.parse().ok();
    let overview = site.overview().await?;
    let found = site.store.find_word_questions(&wanted, from.as_ref(), most);
    let found = found.await?;
    let rows = found.rows.into_iter().filter_map(|question| {
        let version = overview.dossier(&question.project)?.current()?;
        Some(FoundWords {
            project: version.agreement().title.clone(),
            question,
        })
    });
    Ok(FoundPage {
        rows: rows.collect(),
        next: found.older.map(|place| place.to_string()),
    })
}

/// So many of a list that is in the order of its ids, from behind an id.
fn page_of<T>(
    all: impl Iterator<Item = T>,
    from: &str,
    most: u32,
    id: impl Fn(&T) -> &String,
) -> FoundPage<T> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut rows: Vec<T> = all
        .filter(|one| id(one).as_str() > from)
        .take(most.saturating_add(1))
        .collect();
    let more = rows.len() > most;
    rows.truncate(most);
    let next = rows.last().filter(|_| more).map(|last| id(last).clone());
    FoundPage { rows, next }
}

fn is_here(overview: &Overview, agreement: &str) -> bool {
    overview.dossier(agreement).is_some()
}

fn is_in(wanted: &SearchWords, text: &Text) -> bool {
    wanted.are_in(&text.nl) || wanted.are_in(&text.en)
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    let long = words.filter(|word| word.chars().count() >= SHORTEST);
    long.map(str::to_lowercase).collect()
}

/// The same words, with each that is not known replaced by the nearest that is; nothing when none is near.
fn suggested(words: &str, known: &BTreeSet<String>) -> Option<String> {
    let mut is_other = false;
    let wanted = SearchWords::of(words);
    let instead = wanted.each().map(|word| {
        let near = nearest(word, known.iter().map(String::as_str));
        match near.filter(|near| *near != word && !known.contains(word)) {
            Some(near) => {
                is_other = true;
                near
            }
            None => word,
        }
    });
    let instead = instead.collect::<Vec<_>>().join(" ");
    is_other.then_some(instead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(words: &str, wanted: Option<&str>) {
        let titles = "Eenoudergezinnen en hun huur, per wijk; inkomen";
        let known = words_of(titles).into_iter().collect();
        assert_eq!(suggested(words, &known).as_deref(), wanted, "{words}");
    }

    #[test]
    fn the_nearest_words_of_titles_are_suggested() {
        check("hurr", Some("huur"));
        check("Hurr wijk", Some("huur wijk"));
        check("inkomne per wjk", Some("inkomen per wijk"));
        check("huur", None);
        check("zebra", None);
        check("", None);
    }

    #[test]
    fn a_page_begins_behind_the_last_of_the_one_before() {
        let all = ["a", "b", "c"].map(str::to_owned);
        let first = page_of(all.iter().cloned(), "", 2, |one| one);
        assert_eq!(first.rows, ["a", "b"]);
        let from = first.next.expect("there is more");
        let last = page_of(all.into_iter(), &from, 2, |one| one);
        assert_eq!((last.rows, last.next), (vec!["c".to_owned()], None));
    }
}
