//! The secret under which partners make pseudonyms: made once, shared among them, never with the operator.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;
use zwerm_home::files;

use crate::error::AppError;

/// Bytes of a secret at least.
const SHORTEST: usize = 32;
/// Bytes of a secret at most: more is another file.
const LONGEST: u64 = 4096;
/// Different bytes at least: a secret of one letter is none.
const LEAST_DIFFERENT: usize = 8;

/// The bytes of a secret; wiped from memory when they are let go.
pub struct PseudonymSecret(Zeroizing<Vec<u8>>);

impl PseudonymSecret {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }
}

/// Makes a secret of the system's randomness: 32 bytes, as 64 hexadecimal digits.
pub fn make(path: &Path) -> Result<(), AppError> {
    let mut text = files::hexadecimal(files::random::<SHORTEST>(path)?.as_ref());
    // there is room for it: see `hexadecimal`
    text.push('\n');
    files::write_private(path, text.as_bytes(), || exists(path))
}

fn exists(path: &Path) -> AppError {
    let shown = path.display();
    AppError::usage(
        FaultCode::Exists,
        Text::new(
            format!("`{shown}` is er al; een geheim wordt nooit overschreven"),
            format!("`{shown}` is there already; a secret is never overwritten"),
        ),
        Text::new(
            "kies een andere naam; met een ander geheim krijgt ieder een ander pseudoniem",
            "choose another name; under another secret everybody gets another pseudonym",
        ),
    )
}

/// Reads a secret: the bytes of the file, without white space at its end.
pub fn read(path: &Path) -> Result<PseudonymSecret, AppError> {
    zwerm_home::files::is_there(path)?;
    let size = fs::metadata(path).map_err(AppError::at(path))?.len();
    if size > LONGEST {
        return Err(weak(
            path,
            Text::new(
                format!("dit is groter dan {LONGEST} bytes, en dus geen geheim"),
                format!("this is larger than {LONGEST} bytes, and so no secret"),
            ),
        ));
    }
    let mut bytes = Zeroizing::new(fs::read(path).map_err(AppError::at(path))?);
    let end = bytes.trim_ascii_end().len();
    bytes.truncate(end);
    if bytes.len() < SHORTEST {
        return Err(weak(
            path,
            Text::new(
                format!("het geheim is korter dan {SHORTEST} bytes"),
                format!("the secret is shorter than {SHORTEST} bytes"),
            ),
        ));
    }
    let mut different = bytes.to_vec();
    different.sort_unstable();
    different.dedup();
    if different.len() < LEAST_DIFFERENT {
        return Err(weak(
            path,
            Text::new(
                "het geheim herhaalt zichzelf en is te raden",
                "the secret repeats itself and can be guessed",
            ),
        ));
    }
    Ok(PseudonymSecret(bytes))
}

fn weak(path: &Path, what: Text) -> AppError {
    AppError::from(vec![
        Diagnostic::new(
            FaultCode::Weak,
            what,
            Text::new(
                "maak er een met `zwerm data secret BESTAND`",
                "make one with `zwerm data secret FILE`",
            ),
        )
        .at(path.display().to_string()),
    ])
}

/// Whether others on the machine can read the file.
pub(crate) fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|m| m.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}
