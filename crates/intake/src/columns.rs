//! Columns of an agreement as columns of Arrow.

use std::sync::Arc;

use arrow::{
    array::{ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int64Builder, StringBuilder},
    compute::kernels::cast_utils::Parser,
    datatypes::{DataType, Date32Type},
};
use zwerm_agreement::agreement::ColumnType;

/// The type in Arrow of a type of column.
#[must_use]
pub fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Utf8 => DataType::Utf8,
        ColumnType::Int64 => DataType::Int64,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Boolean => DataType::Boolean,
        ColumnType::Date => DataType::Date32,
    }
}

/// Builds a column of Arrow from values in standard form, as [`StandardRows`](crate::StandardRows) passes them.
///
/// ```
/// use arrow::array::Array;
/// use zwerm_agreement::agreement::ColumnType;
/// use zwerm_intake::columns::Builder;
/// let mut builder = Builder::of(ColumnType::Int64);
/// builder.push("12");
/// builder.push("");
/// let column = builder.finish();
/// assert_eq!((column.len(), column.null_count()), (2, 1));
/// ```
pub struct Builder(Values);

enum Values {
    Utf8(StringBuilder),
    Int64(Int64Builder),
    Float64(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
}

impl Builder {
    /// A column of this type, without values yet.
    #[must_use]
    pub fn of(kind: ColumnType) -> Self {
        Self(match kind {
            ColumnType::Utf8 => Values::Utf8(StringBuilder::new()),
            ColumnType::Int64 => Values::Int64(Int64Builder::new()),
            ColumnType::Float64 => Values::Float64(Float64Builder::new()),
            ColumnType::Boolean => Values::Boolean(BooleanBuilder::new()),
            ColumnType::Date => Values::Date(Date32Builder::new()),
        })
    }

    /// Adds a value in standard form; an empty one is missing.
    pub fn push(&mut self, text: &str) {
        match &mut self.0 {
            Values::Utf8(all) if text.is_empty() => all.append_null(),
            Values::Utf8(all) => all.append_value(text),
            Values::Int64(all) => all.append_option(text.parse().ok()),
            Values::Float64(all) => all.append_option(text.parse().ok()),
            Values::Boolean(all) => all.append_option(text.parse().ok()),
            Values::Date(all) => all.append_option(Date32Type::parse(text)),
        }
    }

    /// The column of all values that were added.
    #[must_use]
    pub fn finish(self) -> ArrayRef {
        match self.0 {
            Values::Utf8(mut all) => Arc::new(all.finish()),
            Values::Int64(mut all) => Arc::new(all.finish()),
            Values::Float64(mut all) => Arc::new(all.finish()),
            Values::Boolean(mut all) => Arc::new(all.finish()),
            Values::Date(mut all) => Arc::new(all.finish()),
        }
    }
}
