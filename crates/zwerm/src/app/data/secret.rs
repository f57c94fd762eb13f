//! The secret under which partners make pseudonyms: made once, shared among them, never with the operator.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use zeroize::Zeroizing;
use zwerm_commons::text::Text;
use zwerm_question::error::DataFault;

use crate::app::error::AppError;
use crate::app::files;

/// Bytes of a secret at least.
const SHORTEST: usize = 32;
/// Bytes of a secret at most: more is another file.
const LONGEST: u64 = 4096;
/// Different bytes at least: a secret of one letter is none.
const LEAST_DIFFERENT: usize = 8;

/// The bytes of a secret; wiped from memory when they are let go.
pub(crate) struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    #[cfg(test)]
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Zeroizing::new(bytes.to_vec()))
    }
}

/// Makes a secret of the system's randomness: 32 bytes, as 64 hexadecimal digits.
pub(crate) fn make(path: &Path) -> Result<(), AppError> {
    let mut random = Zeroizing::new([0_u8; SHORTEST]);
    getrandom::fill(random.as_mut()).map_err(|error| AppError::Environment {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    })?;
    let mut text = Zeroizing::new(String::with_capacity(2 * SHORTEST + 1));
    for byte in random.iter() {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text.push('\n');
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = match options.open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(exists(path));
        }
        opened => opened.map_err(AppError::at(path))?,
    };
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    written.map_err(AppError::at(path))?;
    match path.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(folder) => files::sync_folder(folder),
        None => Ok(()),
    }
}

fn digit(value: u8) -> char {
    char::from_digit(u32::from(value), 16).unwrap_or('0')
}

fn exists(path: &Path) -> AppError {
    let shown = path.display();
    AppError::usage(
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
pub(crate) fn read(path: &Path) -> Result<Secret, AppError> {
    super::check::is_there(path)?;
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
    Ok(Secret(bytes))
}

fn weak(path: &Path, what: Text) -> AppError {
    AppError::Data(vec![DataFault {
        place: path.display().to_string(),
        what,
        cure: Text::new(
            "maak er een met `zwerm data secret BESTAND`",
            "make one with `zwerm data secret FILE`",
        ),
    }])
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
