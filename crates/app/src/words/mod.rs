//! Words that the doors share: the command line and the pages say the same of the same thing.

pub mod agreement;
pub mod answer;
pub mod column;
pub mod condition;
pub mod entry;
pub mod fault;
pub mod formula;
pub mod number;
pub mod refusal;
pub mod sheet;
pub mod title;
pub mod unit;
pub mod workbook;
