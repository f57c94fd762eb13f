//! Writing files so that a crash leaves the old one or the new one, and never half of either.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::digest::Digest;
use zwerm_agreement::text::Text;

use crate::access;
use crate::error::HomeError;

const CHUNK: usize = 1 << 16;

/// Writes a file aside, makes the disk keep it, and gives it its name.
pub fn write(path: &Path, contents: &[u8]) -> Result<(), HomeError> {
    stream(path, |file| file.write_all(contents))
}

/// Writes a file in the same way, part by part, so that it is never in memory as a whole.
pub fn stream(
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), HomeError> {
    let aside = aside(path);
    let file = access::create(&aside, parent(path)).map_err(HomeError::at(&aside))?;
    let mut buffered = BufWriter::with_capacity(CHUNK, file);
    let written = contents(&mut buffered)
        .and_then(|()| buffered.into_inner().map_err(Into::into))
        .map_err(HomeError::at(&aside));
    let kept = written.and_then(|file| keep(&file, &aside, path));
    if kept.is_err() {
        // the first error is returned; what was written aside is of no use
        let _ = fs::remove_file(&aside);
    }
    kept
}

/// Writes a file that may not be there yet; returns its SHA-256.
///
/// A file with the same bytes may be there. Any other stays as it is, and then there is no hash.
pub fn write_new(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<(), HomeError>,
) -> Result<Option<Digest>, HomeError> {
    let aside = aside(path);
    let mut file = access::create(&aside, parent(path)).map_err(HomeError::at(&aside))?;
    let written = fill(&mut file).and_then(|()| {
        let hash = sha256(&aside)?;
        if path.exists() && (!path.is_file() || sha256(path)? != hash) {
            return Ok(None);
        }
        keep(&file, &aside, path)?;
        Ok(Some(hash))
    });
    if !matches!(written, Ok(Some(_))) {
        // the first error is returned; what was written aside is of no use
        let _ = fs::remove_file(&aside);
    }
    written
}

/// Copies a file in the same way; returns the SHA-256 of what was copied.
///
/// Nothing is left of a copy whose hash is not the expected one: somebody changed the file meanwhile.
pub fn copy(from: &Path, to: &Path, expected: Digest) -> Result<bool, HomeError> {
    let aside = aside(to);
    let mut file = access::create(&aside, parent(to)).map_err(HomeError::at(&aside))?;
    let found = each_chunk(from, |chunk| {
        file.write_all(chunk).map_err(HomeError::at(&aside))
    })?;
    if found != expected {
        drop(file);
        fs::remove_file(&aside).map_err(HomeError::at(&aside))?;
        return Ok(false);
    }
    keep(&file, &aside, to)?;
    Ok(true)
}

/// The SHA-256 of a file.
pub fn sha256(path: &Path) -> Result<Digest, HomeError> {
    each_chunk(path, |_| Ok(()))
}

/// The file can be opened, or the fault says where to look.
pub fn is_there(file: &Path) -> Result<(), HomeError> {
    if file.is_file() {
        return Ok(());
    }
    let shown = file.display();
    Err(HomeError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("het bestand `{shown}` is er niet"),
            format!("there is no file `{shown}`"),
        ),
        Text::new(
            "kijk naar de spelling en de map",
            "check the spelling and the folder",
        ),
    ))
}

/// Refuses to write over a file with other content.
pub fn keep_others(path: &Path, text: &str) -> Result<(), HomeError> {
    let same = match fs::read(path) {
        Ok(found) => found == text.as_bytes(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(HomeError::at(path)(error)),
    };
    if same {
        return Ok(());
    }
    let shown = path.display();
    Err(HomeError::usage(
        FaultCode::Exists,
        Text::new(
            format!("`{shown}` is er al, met een andere inhoud"),
            format!("`{shown}` is there already, with other content"),
        ),
        Text::new(
            "kies met `--output` een andere plek, of haal het bestand weg",
            "choose another place with `--output`, or take the file away",
        ),
    ))
}

/// Refuses to write over a file that is read.
pub fn keep_source(output: &Path, source: &Path) -> Result<(), HomeError> {
    let same = match (output.canonicalize(), source.canonicalize()) {
        (Ok(output), Ok(source)) => output == source,
        _ => false,
    };
    if !same {
        return Ok(());
    }
    let shown = output.display();
    Err(HomeError::usage(
        FaultCode::Contradiction,
        Text::new(
            format!("`{shown}` wordt ook gelezen"),
            format!("`{shown}` is read as well"),
        ),
        Text::new(
            "noem met `--output` een ander bestand",
            "name another file with `--output`",
        ),
    ))
}

/// Writes a file that is not there yet and that only its owner may read; `taken` is told when it is there.
pub fn write_private<E: From<HomeError>>(
    path: &Path,
    contents: &[u8],
    taken: impl FnOnce() -> E,
) -> Result<(), E> {
    let opened = access::private().write(true).create_new(true).open(path);
    let mut file = match opened {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(taken()),
        opened => opened.map_err(HomeError::at(path))?,
    };
    let written = file.write_all(contents).and_then(|()| file.sync_all());
    written.map_err(HomeError::at(path))?;
    if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        sync_folder(folder)?;
    }
    Ok(())
}

/// Bytes of the system's randomness.
pub fn random<const N: usize>(path: &Path) -> Result<Zeroizing<[u8; N]>, HomeError> {
    let mut bytes = Zeroizing::new([0; N]);
    getrandom::fill(bytes.as_mut()).map_err(|error| HomeError::Environment {
        path: path.to_owned(),
        source: std::io::Error::other(error),
    })?;
    Ok(bytes)
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> Zeroizing<String> {
    // as long as it gets, with a line end: a text that grows leaves copies in memory
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len() + 1));
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            text.push(char::from_digit(half.into(), 16).unwrap_or('0'));
        }
    }
    text
}

/// Makes the disk keep the names in a folder.
pub fn sync_folder(folder: &Path) -> Result<(), HomeError> {
    // Only Unix lets one open a folder; elsewhere the file system keeps its names by itself.
    if cfg!(unix) {
        let opened = File::open(folder).map_err(HomeError::at(folder))?;
        opened.sync_all().map_err(HomeError::at(folder))?;
    }
    Ok(())
}

/// Makes a folder and the ones above it, and makes the disk keep them.
pub fn make_folder(folder: &Path) -> Result<(), HomeError> {
    access::make_folder(folder).map_err(HomeError::at(folder))?;
    sync_folder(folder)?;
    match folder.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// The folder that a file or folder lies in.
pub fn parent(path: &Path) -> &Path {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Where a file is written before it gets its name.
pub fn aside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

fn keep(file: &File, aside: &Path, path: &Path) -> Result<(), HomeError> {
    file.sync_all().map_err(HomeError::at(aside))?;
    fs::rename(aside, path).map_err(HomeError::at(path))?;
    match path.parent().filter(|p| !p.as_os_str().is_empty()) {
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

fn each_chunk(
    path: &Path,
    mut each: impl FnMut(&[u8]) -> Result<(), HomeError>,
) -> Result<Digest, HomeError> {
    let file = File::open(path).map_err(HomeError::at(path))?;
    let mut reader = BufReader::with_capacity(CHUNK, file);
    let mut buffer = vec![0; CHUNK];
    let mut hash = Sha256::new();
    loop {
        let read = reader.read(&mut buffer).map_err(HomeError::at(path))?;
        let chunk = buffer.get(..read).unwrap_or_default();
        if chunk.is_empty() {
            break;
        }
        hash.update(chunk);
        each(chunk)?;
    }
    Ok(Digest::from_bytes(hash.finalize().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_whose_writing_breaks_off_leaves_the_old_one_and_nothing_beside_it()
    -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("data.csv");
        assert!(stream(&path, |to| to.write_all(b"old")).is_ok());
        let broken = stream(&path, |to| {
            to.write_all(b"new")?;
            Err(std::io::Error::other("enough"))
        });
        assert!(broken.is_err());
        assert_eq!(fs::read(&path)?, b"old");
        assert_eq!(fs::read_dir(folder.path())?.count(), 1);
        Ok(())
    }
}
