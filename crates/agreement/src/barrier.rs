//! A barrier: a condition that kept questions from being answered, as everybody may see it.
//!
//! Every refusal is a barrier with an owner; how often it was met says where talking would help most.

use jiff::Timestamp;

use crate::refusal::Refusal;

/// One condition that kept questions from being answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Barrier {
    /// The agreement's id.
    pub agreement: String,
    /// The reason, as it was last given.
    pub refusal: Refusal,
    /// How many questions it kept from being answered.
    pub questions: usize,
    /// For how many of those questions it is no longer in the way.
    pub lifted: usize,
    /// When a question last met it.
    pub last: Timestamp,
}

impl Barrier {
    /// Whether it is still in the way of any of these questions.
    ///
    /// ```
    /// use zwerm_agreement::barrier::Barrier;
    /// use zwerm_agreement::refusal::{Code, Refusal};
    /// use zwerm_agreement::text::Text;
    ///
    /// let barrier = Barrier {
    ///     agreement: "wonen".into(),
    ///     refusal: Refusal::new(
    ///         Code::WrongPurpose,
    ///         Text::new("een ander doel", "another purpose"),
    ///         Text::new("vraag voor het doel", "ask for the purpose"),
    ///     ),
    ///     questions: 2,
    ///     lifted: 1,
    ///     last: jiff::Timestamp::UNIX_EPOCH,
    /// };
    /// assert!(barrier.is_open());
    /// ```
    pub fn is_open(&self) -> bool {
        self.lifted < self.questions
    }
}
