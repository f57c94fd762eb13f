//! What a version of an agreement says differently from another, in words.
//!
//! Every condition that the machine enforces has a path and words with its value, and every promise its words; so what
//! changed is what one version says and the other does not. Nothing of it is typed by anybody.

use std::collections::BTreeMap;

use crate::agreement::{Agreement, Party};
use crate::condition::{enforced, promised};
use crate::text::Text;

/// One thing that is said differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedCondition {
    /// Its path in the document; a promise has none.
    pub path: Option<String>,
    /// What the earlier version said; nothing where it said nothing.
    pub was: Option<Text>,
    /// What the later version says; nothing where it says nothing any more.
    pub is: Option<Text>,
}

/// What the later of two versions says differently, in the order of its document; what is gone comes last.
///
/// ```
/// use zwerm_agreement::{agreement::Document, condition::changes::changes, sample};
/// let before = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
/// let mut after = before.clone();
/// after.protection.minimum_units = 15;
/// let changed = changes(&before, &after);
/// assert_eq!(changed.len(), 1);
/// assert_eq!(changed[0].path.as_deref(), Some("protection.minimum_units"));
/// assert_eq!(changed[0].is.as_ref().unwrap().en, "a number is about at least 15 units");
/// assert!(changes(&before, &before).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn changes(before: &Agreement, after: &Agreement) -> Vec<ChangedCondition> {
    let mut changed = vec![titles(before, after)];
    changed.push(tables(before, after));
    changed.push(compared(settings(before), settings(after)));
    changed.push(promises(before, after));
    changed.into_iter().flatten().collect()
}

fn titles(before: &Agreement, after: &Agreement) -> Vec<ChangedCondition> {
    let said = |path: &str, text: &Text| vec![(path.to_owned(), text.clone())];
    let mut changed = compared(said("title", &before.title), said("title", &after.title));
    changed.extend(compared(
        said("goal", &Text::same(&before.goal)),
        said("goal", &Text::same(&after.goal)),
    ));
    changed
}

/// Who sits at the table; what each of them may is among the settings.
fn tables(before: &Agreement, after: &Agreement) -> Vec<ChangedCondition> {
    let seats = |agreement: &Agreement| -> Vec<(String, Text)> {
        let seats = agreement.seats().map(|party| {
            let name: Text = Party::display_name(party);
            let words = Text::new(
                format!("{} zit aan tafel", name.nl),
                format!("{} sits at the table", name.en),
            );
            (format!("party.{}", party.id), words)
        });
        seats.collect()
    };
    compared(seats(before), seats(after))
}

fn settings(agreement: &Agreement) -> Vec<(String, Text)> {
    let conditions = enforced(agreement).into_iter();
    conditions.map(|one| (one.path, one.words)).collect()
}

/// Promises have no name: each is what it says, and who says it.
fn promises(before: &Agreement, after: &Agreement) -> Vec<ChangedCondition> {
    let said = |agreement: &Agreement| -> Vec<Text> {
        let promises = promised(agreement).into_iter().map(|promise| {
            let name = agreement
                .find_party(&promise.owner)
                .map(Party::display_name);
            let name = name.unwrap_or_else(|| Text::same(&promise.owner));
            Text::new(
                format!("{} belooft: {}", name.nl, promise.words.nl),
                format!("{} promises: {}", name.en, promise.words.en),
            )
        });
        promises.collect()
    };
    let (old, new) = (said(before), said(after));
    let added = new.iter().filter(|one| !old.contains(one));
    let added = added.map(|one| ChangedCondition {
        path: None,
        was: None,
        is: Some(one.clone()),
    });
    let gone = old.iter().filter(|one| !new.contains(one));
    let gone = gone.map(|one| ChangedCondition {
        path: None,
        was: Some(one.clone()),
        is: None,
    });
    added.chain(gone).collect()
}

fn compared(before: Vec<(String, Text)>, after: Vec<(String, Text)>) -> Vec<ChangedCondition> {
    let mut old: BTreeMap<String, Text> = before.into_iter().collect();
    let mut changed = Vec::new();
    for (path, words) in after {
        let was = old.remove(&path);
        if was.as_ref() != Some(&words) {
            changed.push(ChangedCondition {
                path: Some(path),
                was,
                is: Some(words),
            });
        }
    }
    let gone = old.into_iter().map(|(path, words)| ChangedCondition {
        path: Some(path),
        was: Some(words),
        is: None,
    });
    changed.extend(gone);
    changed
}

#[cfg(test)]
mod tests {
    use super::changes;
    use crate::agreement::Document;
    use crate::sample;

    #[test]
    fn what_came_and_what_went_are_both_said() -> Result<(), Box<dyn std::error::Error>> {
        let before = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
        let mut after = before.clone();
        after.title.nl = "Anders".into();
        let promise = after
            .condition
            .iter()
            .position(|one| one.enforced_by.is_none());
        after
            .condition
            .remove(promise.ok_or("the sample promises nothing")?);
        let forth = changes(&before, &after);
        let title = forth.first().ok_or("no change")?;
        assert_eq!(title.path.as_deref(), Some("title"));
        let gone = forth.last().ok_or("no change")?;
        assert!(gone.was.is_some() && gone.is.is_none() && gone.path.is_none());
        // and the other way round it came
        let back = changes(&after, &before);
        assert!(
            back.iter()
                .any(|one| one.was.is_none() && one.is == gone.was)
        );
        assert_eq!(forth.len(), back.len());
        Ok(())
    }
}
