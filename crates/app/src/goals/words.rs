//! What a goal says of itself and in which order it shows what it has, by who takes part in it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_store::goals::Goal;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::words_before::OfWhat;

use crate::decide::reword::not_yours;
use crate::error::AppError;
use crate::form::Checks;
use crate::goals::indicators::takes_part;
use crate::people::accounts::SignedIn;
use crate::people::rights;
use crate::site::Site;
use crate::site::words_before::{self, EarlierWords};

/// Characters of a text at most.
const LONGEST: usize = 4000;
/// Characters of a title at most.
const LONGEST_TITLE: usize = 200;

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

/// What a goal shows, with the number that somebody gives it: the lowest stands on top.
#[derive(Debug, Clone)]
pub struct NumberedItem {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: Text,
    /// The number as it was typed; the form calls the field `place_{id}`.
    pub number: String,
}

/// The parties of whoever looks that may reword a goal: those that take part in it.
///
/// # Errors
/// When the home cannot be read.
pub async fn writers(
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

/// Puts other words in the place of a goal's, and shows what it has in another order: of two numbers alike, what stood
/// first.
///
/// # Errors
/// When the person may not, and what is wrong with the words and the numbers.
pub async fn put(
    site: &Site,
    signed: &SignedIn,
    id: &str,
    party: &str,
    words: &GoalText,
    items: &[NumberedItem],
) -> Result<(), AppError> {
    let writers = writers(site, signed, id).await?;
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
    let order = numbered(&mut checks, items);
    checks.done()?;
    let before = GoalText::of(&known);
    let after = GoalText { title, about };
    if after != before {
        words_before::keep(site, OfWhat::Goal, id, party, &before).await?;
        let goal = Goal {
            id: id.to_owned(),
            title: after.title,
            about: after.about,
        };
        site.store.put_goal(&goal).await?;
    }
    if !order.is_empty() {
        site.store.put_goal_order(id, &order).await?;
    }
    Ok(())
}

/// The ids in the order of their numbers.
fn numbered(checks: &mut Checks, items: &[NumberedItem]) -> Vec<String> {
    let mut numbers = Vec::new();
    for item in items {
        match item.number.trim().parse::<u32>() {
            Ok(number) => numbers.push((number, &item.id)),
            Err(_) => checks.wrong(
                &format!("place_{}", item.id),
                FaultCode::WrongType,
                Text::new(
                    format!("de plaats van {} is geen heel getal", item.name.nl),
                    format!("the place of {} is not a whole number", item.name.en),
                ),
                Text::new("vul een getal in, zoals 1", "fill in a number, such as 1"),
            ),
        }
    }
    numbers.sort_by_key(|(number, _)| *number);
    numbers.into_iter().map(|(_, id)| id.clone()).collect()
}

/// The words of a goal of before, page by page, the latest first.
///
/// # Errors
/// When the registry cannot be read.
pub async fn earlier(
    site: &Site,
    id: &str,
    before: Option<&ListPlace>,
) -> Result<ListPage<EarlierWords<GoalText>>, AppError> {
    words_before::read(site, OfWhat::Goal, id, before).await
}

/// In which order a goal shows its indicators and projects; what is not among these comes after.
///
/// # Errors
/// When the registry cannot be read.
pub async fn order(site: &Site, id: &str) -> Result<Vec<String>, AppError> {
    Ok(site.store.goal_order(id).await?)
}

/// Sorts what a goal shows; what has no place keeps its own, after the others.
pub fn in_order<T>(all: &mut [T], order: &[String], id: impl Fn(&T) -> &str) {
    let places: HashMap<&str, usize> = order.iter().map(String::as_str).zip(0..).collect();
    all.sort_by_key(|one| places.get(id(one)).copied().unwrap_or(usize::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: &str, number: &str) -> NumberedItem {
        NumberedItem {
            id: id.to_owned(),
            name: Text::same(id),
            number: number.to_owned(),
        }
    }

    #[test]
    fn of_two_numbers_alike_the_first_stays_first_and_what_is_no_number_is_told() {
        let mut checks = Checks::default();
        let items = [item("a", "2"), item("b", " 1 "), item("c", "2")];
        assert_eq!(numbered(&mut checks, &items), ["b", "a", "c"]);
        assert!(checks.done().is_ok());
        let mut checks = Checks::default();
        numbered(&mut checks, &[item("a", "bovenaan"), item("b", "")]);
        let Err(AppError::Wrong(wrong)) = checks.done() else {
            panic!("nothing is wrong");
        };
        let fields: Vec<&str> = wrong.0.iter().filter_map(|one| one.place.field()).collect();
        assert_eq!(fields, ["place_a", "place_b"]);
    }

    #[test]
    fn what_has_no_place_comes_after_in_its_own_order() {
        let mut all = ["x", "b", "y", "a"];
        in_order(&mut all, &["a".to_owned(), "b".to_owned()], |one| one);
        assert_eq!(all, ["a", "b", "x", "y"]);
    }
}
