//! What the logs may hold of an error: its kind and the file, never what somebody typed or what is in the data.
//!
//! The message of an error is for whoever caused it, and may repeat a login, a name or a value. So nothing logs an error as
//! it is; `cargo xtask tidy` fails where something would.

use std::fmt;

use zwerm_store::StoreError;

use crate::error::AppError;

/// An error as the logs may hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loggable(String);

impl fmt::Display for Loggable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What can be logged.
pub trait ToLog {
    /// Its kind, and the file or limit that it is about.
    fn loggable(&self) -> Loggable;
}

impl ToLog for AppError {
    fn loggable(&self) -> Loggable {
        Loggable(match self {
            Self::Refused(refusals) => {
                let codes: Vec<&str> = refusals.iter().map(|one| one.code.as_str()).collect();
                format!("refused: {}", codes.join(", "))
            }
            Self::Wrong(wrong) => {
                let codes: Vec<&str> = wrong.codes().iter().map(|code| code.as_str()).collect();
                format!("not in order: {}", codes.join(", "))
            }
            Self::Environment { path, source } => format!("`{}`: {source}", path.display()),
            Self::Damaged { path, .. } => format!("`{}` is damaged", path.display()),
            Self::Limit { limit, .. } => format!("the limit of {limit} was reached"),
            Self::Reported => "not in order".into(),
            Self::Interrupted => "interrupted".into(),
            Self::Away => "the registry cannot be reached".into(),
            Self::Internal(_) => "an internal step failed".into(),
        })
    }
}

impl ToLog for StoreError {
    fn loggable(&self) -> Loggable {
        AppError::from(self.clone()).loggable()
    }
}

impl ToLog for std::io::Error {
    fn loggable(&self) -> Loggable {
        Loggable(self.kind().to_string())
    }
}

#[cfg(test)]
mod tests {
    use zwerm_agreement::diagnostic::FaultCode;
    use zwerm_agreement::text::Text;

    use super::*;

    #[test]
    fn what_somebody_typed_is_not_logged() {
        let secret = "noor@example.nl";
        for error in [
            AppError::usage(FaultCode::Internal, Text::same(secret), Text::same(secret)),
            AppError::Internal(secret.into()),
            AppError::from(StoreError::Missing {
                what: secret.into(),
            }),
        ] {
            assert!(error.to_string().contains(secret), "{error}");
            assert!(!error.loggable().to_string().contains(secret), "{error}");
        }
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let logged = AppError::at("registry.db".as_ref())(full).loggable();
        assert!(logged.to_string().starts_with("`registry.db`: "));
    }
}
