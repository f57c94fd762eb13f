//! A file of JSON lines that only grows: each line is durable before anyone hears that it was written.
//!
//! A crash can tear the last line. Nobody was told that a torn line was written, so it is set aside, in a file of
//! its own beside the journal, and said; nothing is thrown away.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use zwerm_agreement::text::Text;

use crate::access;
use crate::error::HomeError;
use crate::files;

/// The journal of one path.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
}

impl Journal {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Appends a line and makes the disk keep it; says so if a torn line was set aside first.
    pub(super) fn append(&self, line: &impl Serialize) -> Result<Option<Text>, HomeError> {
        let mut text =
            serde_json::to_string(line).map_err(|e| HomeError::Internal(e.to_string()))?;
        text.push('\n');
        let is_new = !self.path.exists();
        let mut file = self.locked()?;
        let said = self.set_aside(&mut file)?;
        let at = || HomeError::at(&self.path);
        file.seek(SeekFrom::End(0)).map_err(at())?;
        file.write_all(text.as_bytes()).map_err(at())?;
        file.sync_all().map_err(at())?;
        if let Some(folder) = self.path.parent().filter(|_| is_new) {
            files::sync_folder(folder)?;
        }
        Ok(said)
    }

    /// Every whole line; a torn last one is no line.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>, HomeError> {
        let text = match fs::read(&self.path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(HomeError::at(&self.path)(error)),
        };
        let whole = text.rfind('\n').and_then(|end| text.get(..end));
        let lines = whole.unwrap_or_default().lines().enumerate();
        lines
            .map(|(index, line)| serde_json::from_str(line).map_err(|_| self.damaged(index + 1)))
            .collect()
    }

    fn locked(&self) -> Result<File, HomeError> {
        let mut options = access::private();
        options.create(true).truncate(false).read(true).write(true);
        let file = options
            .open(&self.path)
            .map_err(HomeError::at(&self.path))?;
        file.lock().map_err(HomeError::at(&self.path))?;
        Ok(file)
    }

    fn set_aside(&self, file: &mut File) -> Result<Option<Text>, HomeError> {
        if ends_whole(file, &self.path)? {
            return Ok(None);
        }
        let at = || HomeError::at(&self.path);
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0)).map_err(at())?;
        file.read_to_end(&mut bytes).map_err(at())?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |p| p + 1);
        let torn = bytes.get(whole..).unwrap_or_default();
        let aside = self.aside();
        let mut kept = access::private()
            .create(true)
            .append(true)
            .open(&aside)
            .map_err(HomeError::at(&aside))?;
        kept.write_all(torn).map_err(HomeError::at(&aside))?;
        kept.write_all(b"\n").map_err(HomeError::at(&aside))?;
        kept.sync_all().map_err(HomeError::at(&aside))?;
        file.set_len(whole as u64).map_err(at())?;
        file.sync_all().map_err(at())?;
        Ok(Some(self.said(&aside)))
    }

    fn aside(&self) -> PathBuf {
        self.path.with_extension("torn")
    }

    fn said(&self, aside: &Path) -> Text {
        let (path, aside) = (self.path.display(), aside.display());
        Text::new(
            format!(
                "de laatste regel van `{path}` was niet af, waarschijnlijk door een storing; hij staat nu in `{aside}`"
            ),
            format!(
                "the last line of `{path}` was unfinished, probably by a crash; it now stands in `{aside}`"
            ),
        )
    }

    fn damaged(&self, line: usize) -> HomeError {
        HomeError::Damaged {
            path: self.path.clone(),
            what: Text::new(
                format!("regel {line} is niet te lezen"),
                format!("line {line} cannot be read"),
            ),
            cure: Text::new(
                "zet het bestand terug uit een kopie; verander het niet met de hand",
                "restore the file from a copy; do not change it by hand",
            ),
        }
    }
}

fn ends_whole(file: &mut File, path: &Path) -> Result<bool, HomeError> {
    let length = file.seek(SeekFrom::End(0)).map_err(HomeError::at(path))?;
    if length == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1)).map_err(HomeError::at(path))?;
    file.read_exact(&mut last).map_err(HomeError::at(path))?;
    Ok(last == *b"\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_torn_line_is_set_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "1\n2\n{\"half").unwrap();
        let journal = Journal::new(path.clone());
        assert_eq!(journal.read::<u32>().unwrap(), [1, 2]);
        assert!(journal.append(&3).unwrap().is_some());
        assert_eq!(fs::read_to_string(&path).unwrap(), "1\n2\n3\n");
        let aside = fs::read_to_string(folder.path().join("a.torn")).unwrap();
        assert_eq!(aside, "{\"half\n");
        assert!(journal.append(&4).unwrap().is_none());
    }

    #[test]
    fn a_damaged_line_in_the_middle_is_told_by_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "1\nx\n3\n").unwrap();
        let error = Journal::new(path).read::<u32>().unwrap_err();
        assert!(error.to_string().contains("line 2 cannot be read"));
    }
}
