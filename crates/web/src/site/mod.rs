//! What is of no pillar: the front page, what this home is, and what machines read.

pub(crate) mod about;
pub(crate) mod beginning;
pub(crate) mod home;
pub(crate) mod machine;
pub(crate) mod search;
pub(crate) mod status;
