//! What a person would want to know of a file before it is used.

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;

/// What a person would want to know of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Where: a file, with its line, cell or column.
    pub place: String,
    /// What was seen; never a value of a column with many values.
    pub what: Text,
    /// What to do about it.
    pub cure: Text,
    /// What kind of fault it is, when the file cannot be used so.
    pub grave: Option<FaultCode>,
    /// Whether it is about what the data reveal of persons, rather than about how the file is written.
    pub personal: bool,
}

impl Remark {
    pub(crate) fn minor(place: String, what: Text, cure: Text) -> Self {
        Self {
            place,
            what,
            cure,
            grave: None,
            personal: false,
        }
    }

    pub(crate) fn grave(place: String, code: FaultCode, what: Text, cure: Text) -> Self {
        Self {
            grave: Some(code),
            ..Self::minor(place, what, cure)
        }
    }
}

impl Remark {
    /// It as a fault, when the file cannot be used so.
    ///
    /// ```
    /// use zwerm_intake::survey;
    /// # let folder = std::env::temp_dir().join("zwerm-remark");
    /// # std::fs::create_dir_all(&folder).unwrap();
    /// let file = folder.join("empty.csv");
    /// std::fs::write(&file, "wijk,inkomen\n").unwrap();
    /// let survey = survey(&file, &Default::default()).unwrap();
    /// let fault = survey.remarks[0].fault().unwrap();
    /// assert_eq!(fault.code.as_str(), "empty");
    /// ```
    pub fn fault(&self) -> Option<Diagnostic> {
        let (what, cure) = (self.what.clone(), self.cure.clone());
        let fault = Diagnostic::new(self.grave?, what, cure);
        Some(fault.at(self.place.clone()))
    }
}

impl From<Diagnostic> for Remark {
    fn from(fault: Diagnostic) -> Self {
        let place = fault.place.shown().unwrap_or_default();
        Self::grave(place, fault.code, fault.what, fault.cure)
    }
}
