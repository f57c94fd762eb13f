//! What a person would want to know of a file before it is used.

use zwerm_agreement::text::Text;

use crate::fault::DataFault;

/// What a person would want to know of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where: a file, with its line, cell or column.
    pub place: String,
    /// What was seen; never a value of a column with many values.
    pub what: Text,
    /// What to do about it.
    pub cure: Text,
    /// Whether the file cannot be used so.
    pub grave: bool,
    /// Whether it is about what the data reveal of persons, rather than about how the file is written.
    pub personal: bool,
}

impl Remark {
    pub(crate) fn minor(place: String, what: Text, cure: Text) -> Self {
        Self {
            place,
            what,
            cure,
            grave: false,
            personal: false,
        }
    }

    pub(crate) fn grave(place: String, what: Text, cure: Text) -> Self {
        Self {
            grave: true,
            ..Self::minor(place, what, cure)
        }
    }
}

impl From<DataFault> for Remark {
    fn from(fault: DataFault) -> Self {
        Self::grave(fault.place, fault.what, fault.cure)
    }
}
