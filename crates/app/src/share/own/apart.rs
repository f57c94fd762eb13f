//! Reading a file through in a process of its own, which may use only so much memory and time.
//!
//! A page of a Parquet file says itself how large it is when unpacked, and a few kilobytes can unpack to more than any
//! machine has. What reads them takes no bound, so the system sets one: whatever happens, it happens to that process.

use std::io::ErrorKind;
use std::path::Path;
use std::process::{Command, Stdio};

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;

use crate::error::AppError;

/// What such a process may use.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Memory, in KiB.
    pub memory: u32,
    /// Time of a processor, in seconds.
    pub seconds: u32,
}

impl Default for Most {
    fn default() -> Self {
        Self {
            memory: 1 << 20,
            seconds: 300,
        }
    }
}

/// Sets the bounds, and becomes the program that follows.
const BOUNDED: &str = r#"ulimit -v "$1" && ulimit -t "$2" && shift 2 && exec "$@""#;

/// Reads a delivery through, so that it is known to fit; what else is wrong with it is told by who reads it next.
///
/// Only Parquet needs it: CSV and workbooks are counted as they are read. Only Unix sets such bounds.
pub fn fits(file: &Path, most: Most) -> Result<(), AppError> {
    let is_parquet = file.extension().is_some_and(|end| end == "parquet");
    if !is_parquet || !cfg!(unix) {
        return Ok(());
    }
    let own = std::env::current_exe().map_err(AppError::at(file))?;
    let ended = Command::new("sh")
        .args(["-c", BOUNDED, "sh"])
        .args([most.memory.to_string(), most.seconds.to_string()])
        .arg(own)
        .args(["data", "check"])
        .arg(file)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .map_err(AppError::at(file))?;
    match ended.code() {
        // in order, or with faults that are told in full
        Some(0 | 2) => Ok(()),
        // the shell could not start it
        Some(code @ (126 | 127)) => {
            let error = std::io::Error::new(ErrorKind::NotFound, format!("sh ended with {code}"));
            Err(AppError::at(file)(error))
        }
        _ => Err(too_large(most)),
    }
}

fn too_large(most: Most) -> AppError {
    let gib = most.memory >> 20;
    AppError::usage(
        FaultCode::TooLarge,
        Text::new(
            format!(
                "het bestand is uitgepakt te groot: het lezen kostte meer dan {gib} GiB geheugen of meer dan {} seconden",
                most.seconds
            ),
            format!(
                "the file is too large when unpacked: reading it took more than {gib} GiB of memory or more than {} seconds",
                most.seconds
            ),
        ),
        Text::new(
            "schrijf het met kleinere pagina's en kortere waarden, of lever het in delen als CSV",
            "write it with smaller pages and shorter values, or deliver it in parts as CSV",
        ),
    )
}
