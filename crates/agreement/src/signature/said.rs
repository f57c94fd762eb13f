//! The text that a party signs, read back: for whoever signs in another place than where the text was written.

use jiff::Timestamp;
use serde::Deserialize;
use thiserror::Error;

use super::Statement;
use crate::consent::Decision;
use crate::digest::Digest;
use crate::status::StatusChange;

/// Why a text is not what a party signs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SaidError {
    /// It is not JSON with exactly these fields.
    #[error("this is no statement about an agreement ({0}); take the text exactly as it is shown")]
    Unread(String),
    /// It names a decision that does not exist.
    #[error("`{0}` is no decision; take the text exactly as it is shown")]
    Decision(String),
    /// What it names as the agreement is not a hash.
    #[error("`{0}` is not the hash of an agreement; take the text exactly as it is shown")]
    Agreement(String),
    /// It says the same in other bytes, and a signature is over bytes.
    #[error(
        "the text was written in another way than it is signed; take it exactly as it is shown"
    )]
    NotCanonical,
}

/// What a party said of an agreement, read from the text that it signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedStatement {
    /// The agreement's hash.
    pub agreement: Digest,
    /// The id of the party that said it.
    pub party: String,
    /// `consent`, `concern`, `object`, `suspended`, `resumed` or `ended`.
    pub decision: String,
    /// The reason that the party gave.
    pub reason: Option<String>,
    /// What would lift an objection.
    pub lifts: Option<String>,
    /// The moment that the party named.
    pub at: Timestamp,
}

/// The text as it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    agreement: String,
    party: String,
    decision: String,
    reason: Option<String>,
    lifts: Option<String>,
    at: Timestamp,
}

impl SignedStatement {
    /// Reads the text, in canonical form; a line end at its end, which an editor adds, is left off.
    ///
    /// # Errors
    /// The text is not what a party signs, or differs from it in some byte.
    ///
    /// ```
    /// use zwerm_agreement::signature::{PartyKey, SignedStatement, SaidError};
    /// let hash = "0".repeat(64);
    /// let text = format!(
    ///     r#"{{"agreement":"{hash}","at":"2026-01-05T10:00:00Z","decision":"consent","lifts":null,"party":"a","reason":null}}"#
    /// );
    /// let said = SignedStatement::parse(&format!("{text}\n"))?;
    /// assert_eq!(said.statement().to_canonical()?, text);
    /// let key = PartyKey::from_seed(&[1; 32]);
    /// assert!(said.statement().is_signed_by(&key.public(), &key.sign(&said.statement())?));
    ///
    /// assert_eq!(SignedStatement::parse(&text.replace(",", ", ")), Err(SaidError::NotCanonical));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, SaidError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        let said: Written =
            serde_json::from_str(text).map_err(|e| SaidError::Unread(e.to_string()))?;
        let decision = said.decision.as_str();
        if decision.parse::<Decision>().is_err() && decision.parse::<StatusChange>().is_err() {
            return Err(SaidError::Decision(said.decision));
        }
        let Ok(agreement) = said.agreement.parse() else {
            return Err(SaidError::Agreement(said.agreement));
        };
        let said = Self {
            agreement,
            party: said.party,
            decision: said.decision,
            reason: said.reason,
            lifts: said.lifts,
            at: said.at,
        };
        let canonical = said.statement().to_canonical();
        if canonical.is_ok_and(|canonical| canonical == text) {
            Ok(said)
        } else {
            Err(SaidError::NotCanonical)
        }
    }

    /// The statement, to be signed.
    ///
    /// See [`SignedStatement::parse`] for an example.
    #[must_use]
    pub fn statement(&self) -> Statement<'_> {
        Statement {
            agreement: self.agreement,
            party: &self.party,
            decision: &self.decision,
            reason: self.reason.as_deref(),
            lifts: self.lifts.as_deref(),
            at: self.at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text() -> String {
        let hash = "ab".repeat(32);
        format!(
            r#"{{"agreement":"{hash}","at":"2026-01-05T10:00:00.5Z","decision":"object","lifts":"é","party":"a","reason":"\"nee\"\n"}}"#
        )
    }

    #[test]
    fn one_line_end_is_left_off_and_nothing_else() {
        for end in ["", "\n", "\r\n"] {
            assert!(
                SignedStatement::parse(&format!("{}{end}", text())).is_ok(),
                "{end:?}"
            );
        }
        for wrong in ["\n\n", " ", " \n"] {
            assert_eq!(
                SignedStatement::parse(&format!("{}{wrong}", text())),
                Err(SaidError::NotCanonical),
                "{wrong:?}"
            );
        }
        assert!(matches!(
            SignedStatement::parse(&format!("\u{feff}{}", text())),
            Err(SaidError::Unread(_))
        ));
    }

    #[test]
    fn what_is_no_statement_is_told_apart() {
        let with = |from: &str, to: &str| {
            let text = text();
            assert_ne!(text, text.replace(from, to), "{from}");
            SignedStatement::parse(&text.replace(from, to))
        };
        assert!(matches!(
            SignedStatement::parse("ja"),
            Err(SaidError::Unread(_))
        ));
        assert!(matches!(
            with("\"party\"", "\"extra\":1,\"party\""),
            Err(SaidError::Unread(_))
        ));
        assert!(matches!(
            with(",\"party\":\"a\"", ""),
            Err(SaidError::Unread(_))
        ));
        assert_eq!(
            with("object", "agree"),
            Err(SaidError::Decision("agree".into()))
        );
        assert!(matches!(with("abab", "ab"), Err(SaidError::Agreement(_))));
        assert!(matches!(with("abab", "ABAB"), Err(SaidError::Agreement(_))));
        assert_eq!(with("00.5Z", "00.50Z"), Err(SaidError::NotCanonical));
        assert_eq!(with("é", "\\u00e9"), Err(SaidError::NotCanonical));
        assert_eq!(with("\"lifts\":\"é\",", ""), Err(SaidError::NotCanonical));
    }
}
