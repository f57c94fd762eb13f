//! Words that the doors share: the command line and the pages say the same of the same thing.

pub(crate) mod agreement;
pub(crate) mod answer;
pub(crate) mod entry;
pub(crate) mod fault;
pub(crate) mod number;
pub(crate) mod refusal;
