//! Values that go into and come out of the database, in the few types that both databases have.

use std::str::FromStr;

use jiff::Timestamp;
use sqlx::any::{Any, AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Decode, Row as _, Type};
use zwerm_agreement::text::Text;

use crate::error::StoreError;

/// A statement with its values.
pub(crate) type BoundSql = Query<'static, Any, AnyArguments>;

/// A statement, in which `$1` is the first value bound to it.
pub(crate) fn sql(text: &'static str) -> BoundSql {
    sqlx::query(text)
}

/// A number that both databases can keep.
pub(crate) fn whole(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| StoreError::Unfit {
        what: format!("`{number}` is too large to be kept; use a smaller number"),
    })
}

/// Binds values in the types of this program.
pub(crate) trait Binds: Sized {
    fn text(self, value: &str) -> Self;
    fn maybe_text(self, value: Option<&str>) -> Self;
    fn number(self, value: impl Into<i64>) -> Self;
    fn maybe_number(self, value: Option<i64>) -> Self;
    fn real(self, value: Option<f64>) -> Self;

    fn flag(self, value: bool) -> Self {
        self.number(value)
    }

    fn time(self, value: Timestamp) -> Self {
        self.number(value.as_millisecond())
    }

    /// Dutch, then English.
    fn pair(self, value: &Text) -> Self {
        self.text(&value.nl).text(&value.en)
    }
}

impl Binds for BoundSql {
    fn text(self, value: &str) -> Self {
        self.bind(kept(value))
    }

    fn maybe_text(self, value: Option<&str>) -> Self {
        self.bind(value.map(kept))
    }

    fn number(self, value: impl Into<i64>) -> Self {
        self.bind(value.into())
    }

    fn maybe_number(self, value: Option<i64>) -> Self {
        self.bind(value)
    }

    fn real(self, value: Option<f64>) -> Self {
        self.bind(value)
    }
}

/// PostgreSQL keeps no zero character.
fn kept(value: &str) -> String {
    value.replace('\0', "\u{fffd}")
}

/// A row of a result, read by the names of its columns.
pub(crate) struct RegistryRow(pub(crate) AnyRow);

impl RegistryRow {
    fn get<'r, T: Decode<'r, Any> + Type<Any>>(&'r self, column: &str) -> Result<T, StoreError> {
        Ok(self.0.try_get(column)?)
    }

    pub(crate) fn text(&self, column: &str) -> Result<String, StoreError> {
        self.get(column)
    }

    pub(crate) fn maybe_text(&self, column: &str) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    pub(crate) fn number(&self, column: &str) -> Result<i64, StoreError> {
        self.get(column)
    }

    pub(crate) fn real(&self, column: &str) -> Result<Option<f64>, StoreError> {
        self.get(column)
    }

    pub(crate) fn flag(&self, column: &str) -> Result<bool, StoreError> {
        Ok(self.number(column)? != 0)
    }

    /// A count or an index.
    pub(crate) fn count(&self, column: &str) -> Result<u64, StoreError> {
        let number = self.number(column)?;
        u64::try_from(number).map_err(|_| damaged(column, &number.to_string()))
    }

    pub(crate) fn maybe_count(&self, column: &str) -> Result<Option<u64>, StoreError> {
        let number: Option<i64> = self.get(column)?;
        number
            .map(|number| u64::try_from(number).map_err(|_| damaged(column, &number.to_string())))
            .transpose()
    }

    /// The version of an agreement.
    pub(crate) fn version(&self, column: &str) -> Result<u32, StoreError> {
        let number = self.number(column)?;
        u32::try_from(number).map_err(|_| damaged(column, &number.to_string()))
    }

    pub(crate) fn maybe_version(&self, column: &str) -> Result<Option<u32>, StoreError> {
        let number: Option<i64> = self.get(column)?;
        number
            .map(|number| u32::try_from(number).map_err(|_| damaged(column, &number.to_string())))
            .transpose()
    }

    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        moment(column, self.number(column)?)
    }

    pub(crate) fn maybe_time(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        let number: Option<i64> = self.get(column)?;
        number.map(|number| moment(column, number)).transpose()
    }

    pub(crate) fn pair(&self, nl: &str, en: &str) -> Result<Text, StoreError> {
        Ok(Text {
            nl: self.text(nl)?,
            en: self.text(en)?,
        })
    }

    /// A word of a closed list.
    pub(crate) fn word<W: FromStr>(&self, column: &str) -> Result<W, StoreError> {
        let word = self.text(column)?;
        word.parse().map_err(|_| damaged(column, &word))
    }

    pub(crate) fn maybe_word<W: FromStr>(&self, column: &str) -> Result<Option<W>, StoreError> {
        let word = self.maybe_text(column)?;
        word.map(|word| word.parse().map_err(|_| damaged(column, &word)))
            .transpose()
    }
}

fn moment(column: &str, number: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(number).map_err(|_| damaged(column, &number.to_string()))
}

/// The error for a value that this program cannot have written.
pub(crate) fn damaged(column: &str, value: &str) -> StoreError {
    StoreError::Damaged {
        what: format!("`{value}` cannot stand in `{column}`"),
    }
}
