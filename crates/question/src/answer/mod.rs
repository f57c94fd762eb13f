//! The answer to a question: run in a session that holds the published cube and nothing else.
//!
//! HAVING, ORDER BY, LIMIT and arithmetic see published figures only. A figure that is put together
//! from any protected part is protected. Three things stay apart: a protected cell, a subtotal, and
//! a value that is unknown in the data.

mod export;
mod expression;
mod kept;
mod opened;
mod rows;
mod run;
mod types;

pub use export::{Marks, to_parquet};
pub use kept::KeptAnswer;
pub use opened::{Opened, open};
pub use types::{Answer, AnswerColumn, AnswerFigures, AnswerTable, AnswerValue, ColumnKind};
