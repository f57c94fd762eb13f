//! The log of a soak: what was judged, a line each, by which build.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::judge::Judged;

/// An open log.
pub(super) struct SoakLog {
    path: PathBuf,
    file: File,
}

impl SoakLog {
    /// Opens the log of the run that starts at this seed, with what is in it.
    ///
    /// What another build judged says nothing about this one: such a log is put aside.
    pub(super) fn open(folder: &Path, first: u64) -> Result<(SoakLog, Vec<Judged>)> {
        SoakLog::open_for(folder, first, &build()?)
    }

    fn open_for(folder: &Path, first: u64, build: &str) -> Result<(SoakLog, Vec<Judged>)> {
        let path = folder.join(format!("from-{first}.jsonl"));
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let mut lines = text.lines();
        let before = match lines.next() {
            // the last line may have been cut off
            Some(by) if by == build => lines
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect(),
            Some(_) => {
                std::fs::rename(&path, path.with_extension("jsonl.old"))?;
                println!("soak: another build judged before; its log is kept as `.old`");
                Vec::new()
            }
            None => Vec::new(),
        };
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        if !path.metadata().is_ok_and(|m| m.len() > 0) {
            writeln!(file, "{build}")?;
        } else if !text.ends_with('\n') {
            writeln!(file)?;
        }
        Ok((SoakLog { path, file }, before))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn add(&mut self, judged: &Judged) -> Result<()> {
        let line = serde_json::to_string(judged)?;
        writeln!(self.file, "{line}")
            .with_context(|| format!("cannot write `{}`", self.path.display()))
    }
}

/// What tells this build from others.
fn build() -> Result<String> {
    let program = std::fs::read(std::env::current_exe()?)?;
    let digest = Sha256::digest(&program);
    let hex = hex::encode(digest);
    Ok(format!("{{\"build\":\"{hex}\"}}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_goes_on_after_a_line_that_was_cut_off_and_not_for_another_build() -> Result<()> {
        let folder = std::env::temp_dir().join(format!("zwerm-soak-{}", std::process::id()));
        let (mut log, before) = SoakLog::open_for(&folder, 7, "one")?;
        assert!(before.is_empty());
        log.add(&Judged::new(7))?;
        log.add(&Judged::new(8))?;
        let text = std::fs::read_to_string(log.path())?;
        std::fs::write(log.path(), text.trim_end().trim_end_matches('}'))?;
        let (mut log, before) = SoakLog::open_for(&folder, 7, "one")?;
        assert_eq!(before.len(), 1);
        log.add(&Judged::new(8))?;
        assert_eq!(SoakLog::open_for(&folder, 7, "one")?.1.len(), 2);
        assert!(SoakLog::open_for(&folder, 7, "two")?.1.is_empty());
        std::fs::remove_dir_all(folder)?;
        Ok(())
    }
}
