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
/// use zwerm_intake::columns::ColumnBuilder;
/// let mut builder = ColumnBuilder::of(ColumnType::Int64);
/// builder.push("12");
/// builder.push("");
/// let column = builder.finish();
/// assert_eq!((column.len(), column.null_count()), (2, 1));
/// ```
pub struct ColumnBuilder(ColumnValues);

enum ColumnValues {
    Utf8(StringBuilder),
    Int64(Int64Builder),
    Float64(Float64Builder),
    Boolean(BooleanBuilder),
    Date(Date32Builder),
}

impl ColumnBuilder {
    /// A column of this type, without values yet.
    #[must_use]
    pub fn of(kind: ColumnType) -> Self {
        Self(match kind {
            ColumnType::Utf8 => ColumnValues::Utf8(StringBuilder::new()),
            ColumnType::Int64 => ColumnValues::Int64(Int64Builder::new()),
            ColumnType::Float64 => ColumnValues::Float64(Float64Builder::new()),
            ColumnType::Boolean => ColumnValues::Boolean(BooleanBuilder::new()),
            ColumnType::Date => ColumnValues::Date(Date32Builder::new()),
        })
    }

    /// Adds a value in standard form; an empty one is missing.
    pub fn push(&mut self, text: &str) {
        match &mut self.0 {
            ColumnValues::Utf8(all) if text.is_empty() => all.append_null(),
            ColumnValues::Utf8(all) => all.append_value(text),
            ColumnValues::Int64(all) => all.append_option(text.parse().ok()),
            ColumnValues::Float64(all) => all.append_option(text.parse().ok()),
            ColumnValues::Boolean(all) => all.append_option(text.parse().ok()),
            ColumnValues::Date(all) => all.append_option(Date32Type::parse(text)),
        }
    }

    /// The column of all values that were added.
    #[must_use]
    pub fn finish(self) -> ArrayRef {
        match self.0 {
            ColumnValues::Utf8(mut all) => Arc::new(all.finish()),
            ColumnValues::Int64(mut all) => Arc::new(all.finish()),
            ColumnValues::Float64(mut all) => Arc::new(all.finish()),
            ColumnValues::Boolean(mut all) => Arc::new(all.finish()),
            ColumnValues::Date(mut all) => Arc::new(all.finish()),
        }
    }
}
