//! A new version from the form: the document as it is, with what somebody changed in the form, and nothing else.
//!
//! The form writes a document of the agreement as it was and one as it is now. Where these two differ, the document is
//! changed; what the form has no field for, and every comment, stays.

use jiff::civil::Date;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, value};
use zwerm_agreement::agreement::Document;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::text::Text;
use zwerm_store::parties::RegisteredParty;

pub use crate::decide::compose::filled::{FilledFields, filled, shows_all};
use crate::decide::compose::{Composed, rows, written};
use crate::error::AppError;
use crate::site::overview::Version;

/// The next version of an agreement as a form has it.
#[derive(Debug)]
pub struct ChangedVersion {
    /// The document.
    pub text: String,
    now: Composed,
    wrong: Vec<Diagnostic>,
}

/// Fields by name.
pub type Get<'f> = &'f dyn Fn(&str) -> String;

/// The document of the version after this one, as the form has it.
///
/// # Errors
/// The version cannot be read.
pub fn changed(
    version: &Version,
    get: Get<'_>,
    known: &[RegisteredParty],
    today: Date,
) -> Result<ChangedVersion, AppError> {
    let agreement = version.agreement();
    let fields = filled(agreement, &|id| known.iter().any(|party| party.id == id));
    let before = |name: &str| {
        let found = fields.iter().find(|(field, _)| field == name);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let was = written(&before, known, today, true);
    let now = written(get, known, today, true);
    let mut document = parsed(&version.text)?;
    document.remove("consent");
    let (old, new) = (parsed(&was.text)?, parsed(&now.text)?);
    let lists = Lists {
        was: &was,
        now: &now,
    };
    let mut wrong = now.wrong.clone();
    wrong.retain(|one| !was.wrong.contains(one));
    wrong.extend(by_hand(&document, &old, &new));
    wrong.extend(lost_rows(&was, get));
    lists.change(document.as_table_mut(), old.as_table(), new.as_table());
    document.insert("version", value(i64::from(agreement.version) + 1));
    Ok(ChangedVersion {
        text: document.to_string(),
        now,
        wrong,
    })
}

impl ChangedVersion {
    /// All that is wrong with it so far, each with its field.
    ///
    /// # Errors
    /// All of it.
    pub fn check(&self) -> Result<(), AppError> {
        let mut wrong = self.wrong.clone();
        if let Err(faults) = Document::parse("", &self.text) {
            let own: Vec<Place> = wrong.iter().map(|one| one.place.clone()).collect();
            let more = self.now.by_field(&faults).into_iter();
            wrong.extend(more.filter(|one| !own.contains(&one.place)));
        }
        match wrong.is_empty() {
            true => Ok(()),
            false => Err(wrong.into()),
        }
    }

    /// An error about the document, told by the fields.
    pub fn told(&self, error: AppError) -> AppError {
        self.now.told(error)
    }
}

fn parsed(text: &str) -> Result<DocumentMut, AppError> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| AppError::Internal(error.to_string()))
}

/// A shared view whose SQL somebody wrote is not written over.
fn by_hand(document: &DocumentMut, old: &DocumentMut, new: &DocumentMut) -> Option<Diagnostic> {
    let sql = |of: &DocumentMut| {
        let view = of.get("view")?.as_array_of_tables()?.get(0)?;
        view.get("sql")?.as_str().map(str::to_owned)
    };
    let (own, old, new) = (sql(document), sql(old), sql(new));
    (old != new && own != old).then(|| {
        Diagnostic::new(
            FaultCode::NotApplicable,
            Text::new(
                "hoe de gezamenlijke basis is gemaakt, is met de hand geschreven",
                "how the shared view is made was written by hand",
            ),
            Text::new(
                "verander de kolommen en de bronnen in het document zelf",
                "change the columns and the sources in the document itself",
            ),
        )
        .at(Place::Field("dataset0_name".to_owned()))
    })
}

/// A form that lacks rows of the version was not sent whole: that takes nothing away.
fn lost_rows(was: &Composed, get: Get<'_>) -> Option<Diagnostic> {
    let mut all = was.rows.iter();
    let lost = all.any(|(list, of)| {
        let kind = kind_of(list);
        of.iter().any(|row| *row >= rows(kind, get))
    });
    lost.then(|| {
        Diagnostic::new(
            FaultCode::Missing,
            Text::new(
                "het formulier kwam niet heel aan",
                "the form did not arrive whole",
            ),
            Text::new("open het opnieuw", "open it again"),
        )
    })
}

/// The kind of rows that a list is made of.
fn kind_of(list: &str) -> &str {
    match list {
        "dimension" | "measure" => "column",
        other => other,
    }
}

/// What an element of a list is known by in the document; conditions are known by their order.
fn name_in(list: &str) -> Option<&'static str> {
    match list {
        "party" | "dataset" => Some("id"),
        "dimension" | "measure" => Some("name"),
        _ => None,
    }
}

/// The documents that a form writes, with the rows that their lists are made of.
struct Lists<'a> {
    was: &'a Composed,
    now: &'a Composed,
}

impl Lists<'_> {
    fn change(&self, document: &mut dyn TableLike, was: &dyn TableLike, now: &dyn TableLike) {
        let mut names: Vec<&str> = was.iter().chain(now.iter()).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            if matches!(name, "id" | "version") && now.contains_key("party") {
                // the project stays the project, whatever it is called now
                continue;
            }
            let (old, new) = (was.get(name), now.get(name));
            if old.map(Item::to_string) == new.map(Item::to_string) {
                continue;
            }
            let list = |item: Option<&Item>| item.and_then(Item::as_array_of_tables).cloned();
            let (old_list, new_list) = (list(old), list(new));
            if old_list.is_some() || new_list.is_some() {
                let (old, new) = (old_list.unwrap_or_default(), new_list.unwrap_or_default());
                self.change_list(document, name, &old, &new);
                continue;
            }
            let Some(new) = new else {
                document.remove(name);
                continue;
            };
            let own = document.get_mut(name).and_then(Item::as_table_like_mut);
            match (own, old.and_then(Item::as_table_like), new.as_table_like()) {
                (Some(own), Some(old), Some(new)) => self.change(own, old, new),
                _ => {
                    document.insert(name, new.clone());
                }
            }
        }
    }

    fn change_list(
        &self,
        document: &mut dyn TableLike,
        name: &str,
        old: &ArrayOfTables,
        new: &ArrayOfTables,
    ) {
        let entry = document.entry(name);
        let own = entry.or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        let Some(own) = own.as_array_of_tables_mut() else {
            *own = Item::ArrayOfTables(new.clone());
            return;
        };
        // the shared view of the form is the first
        let row = |of: &Composed, place: usize| {
            let rows = of.rows.get(name);
            let row = rows.and_then(|rows| rows.get(place));
            row.copied().unwrap_or(place)
        };
        let mut gone = Vec::new();
        for (place, was) in old.iter().enumerate() {
            let of = row(self.was, place);
            let found = match name_in(name) {
                Some(key) => own.iter().position(|one| said(one, key) == said(was, key)),
                None => Some(of),
            };
            let Some(found) = found else { continue };
            let mut left = new.iter().enumerate();
            let now = left.find(|(place, _)| row(self.now, *place) == of);
            match (own.get_mut(found), now) {
                (Some(own), Some((_, now))) => self.change(own, was, now),
                (Some(_), None) => gone.push(found),
                (None, _) => {}
            }
        }
        let known: Vec<usize> = (0..old.len()).map(|place| row(self.was, place)).collect();
        for (place, now) in new.iter().enumerate() {
            if !known.contains(&row(self.now, place)) {
                own.push(moved(now));
            }
        }
        gone.sort_unstable();
        for place in gone.into_iter().rev() {
            own.remove(place);
        }
    }
}

fn said<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Item::as_str)
}

/// A table without its place in the document that it was written in.
fn moved(table: &Table) -> Table {
    let mut own = Table::new();
    for (name, item) in table {
        own.insert(name, item.clone());
    }
    own
}

#[cfg(test)]
mod tests;
