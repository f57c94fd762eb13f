//! From the bytes of a file to text: fingerprinted on the way, decoded to UTF-8, without its byte-order mark.
//!
//! Nothing is held but a buffer, whatever the size of the file.

use std::{
    fs::File,
    io::{BufReader, ErrorKind, Read},
    path::Path,
};

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};
use sha2::{Digest as _, Sha256};
use zwerm_agreement::{agreement::Encoding, digest::Digest};

use crate::{error::IntakeError, fault::unreadable};

const CHUNK: usize = 1 << 16;
/// The byte-order mark of UTF-8.
const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Reads a file and fingerprints what passes.
pub(crate) struct Digested {
    inner: BufReader<File>,
    digest: Sha256,
}

impl Digested {
    pub(crate) fn open(file: &Path) -> Result<Self, IntakeError> {
        let opened = File::open(file).map_err(|e| unreadable(file, e))?;
        Ok(Self {
            inner: BufReader::with_capacity(CHUNK, opened),
            digest: Sha256::new(),
        })
    }

    /// The SHA-256 of the whole file, also of what nobody read.
    pub(crate) fn finish(mut self, file: &Path) -> Result<Digest, IntakeError> {
        std::io::copy(&mut self, &mut std::io::sink()).map_err(|e| unreadable(file, e))?;
        Ok(Digest::from_bytes(self.digest.finalize().into()))
    }
}

impl Read for Digested {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.digest.update(buffer.get(..n).unwrap_or_default());
        Ok(n)
    }
}

/// The SHA-256 of a file.
pub(crate) fn fingerprint(file: &Path) -> Result<Digest, IntakeError> {
    Digested::open(file)?.finish(file)
}

/// Reads a file in another encoding as UTF-8.
pub(crate) struct Decoded {
    inner: Digested,
    /// Without one the bytes are UTF-8 already, or are found not to be by whoever reads them.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    text: Vec<u8>,
    given: usize,
    done: bool,
}

impl Decoded {
    pub(crate) fn open(file: &Path, encoding: Encoding) -> Result<Self, IntakeError> {
        let mut inner = Digested::open(file)?;
        let mut start = [0; 3];
        let n = fill(&mut inner, &mut start).map_err(|e| unreadable(file, e))?;
        let mut raw = start.get(..n).unwrap_or_default().to_vec();
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
            Encoding::Utf16 if raw.starts_with(&[0xfe, 0xff]) => {
                Some(UTF_16BE.new_decoder_with_bom_removal())
            }
            Encoding::Utf16 => Some(UTF_16LE.new_decoder_with_bom_removal()),
        };
        if raw == MARK {
            raw.clear();
        }
        Ok(Self {
            inner,
            decoder,
            raw,
            text: Vec::new(),
            given: 0,
            done: false,
        })
    }

    pub(crate) fn into_inner(self) -> Digested {
        self.inner
    }

    /// Decodes the next chunk into `text`.
    fn refill(&mut self) -> std::io::Result<()> {
        self.text.clear();
        self.given = 0;
        let had = self.raw.len();
        self.raw.resize(had.max(CHUNK), 0);
        let free = self.raw.get_mut(had..).unwrap_or_default();
        // what the opening looked at goes first
        let n = if had > 0 { 0 } else { self.inner.read(free)? };
        self.raw.truncate(had + n);
        let last = self.raw.is_empty();
        match &mut self.decoder {
            None => std::mem::swap(&mut self.text, &mut self.raw),
            Some(decoder) => {
                let room = decoder.max_utf8_buffer_length(self.raw.len());
                self.text.resize(room.unwrap_or(CHUNK * 4), 0);
                let (_, _, written, malformed) =
                    decoder.decode_to_utf8(&self.raw, &mut self.text, last);
                self.text.truncate(written);
                if malformed {
                    return Err(ErrorKind::InvalidData.into());
                }
            }
        }
        self.raw.clear();
        self.done = last;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given >= self.text.len() {
            if self.done {
                return Ok(0);
            }
            self.refill()?;
        }
        let waiting = self.text.get(self.given..).unwrap_or_default();
        let n = waiting.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..n), waiting.get(..n)) {
            to.copy_from_slice(from);
        }
        self.given += n;
        Ok(n)
    }
}

/// Reads until the buffer is full or the file ends.
pub(crate) fn fill(from: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut had = 0;
    while had < buffer.len() {
        let free = buffer.get_mut(had..).unwrap_or_default();
        match from.read(free)? {
            0 => break,
            n => had += n,
        }
    }
    Ok(had)
}

/// The encoding that the bytes of a file show; nothing when they fit none that is known.
pub(crate) fn detect(file: &Path) -> Result<Option<Encoding>, IntakeError> {
    let mut opened = File::open(file).map_err(|e| unreadable(file, e))?;
    let mut chunk = vec![0; CHUNK];
    let mut start = [0; 2];
    let n = fill(&mut opened, &mut start).map_err(|e| unreadable(file, e))?;
    if start == [0xff, 0xfe] || start == [0xfe, 0xff] {
        return Ok(Some(Encoding::Utf16));
    }
    let (mut utf8, mut windows) = (true, true);
    let mut rest = start.get(..n).unwrap_or_default().to_vec();
    loop {
        let n = opened.read(&mut chunk).map_err(|e| unreadable(file, e))?;
        let read = chunk.get(..n).unwrap_or_default();
        rest.extend_from_slice(read);
        windows = windows && !rest.iter().any(|b| NOT_WINDOWS.contains(b));
        match std::str::from_utf8(&rest) {
            Ok(_) => rest.clear(),
            // a letter of several bytes may go on in the next chunk
            Err(e) if e.error_len().is_none() && n > 0 => {
                rest = rest.split_off(e.valid_up_to());
            }
            Err(_) => {
                utf8 = false;
                rest.clear();
            }
        }
        if n == 0 || !(utf8 || windows) {
            break;
        }
    }
    Ok(match (utf8, windows) {
        (true, _) => Some(Encoding::Utf8),
        (false, true) => Some(Encoding::Windows1252),
        _ => None,
    })
}

/// Bytes that Windows-1252 gives no letter, or one that Western European text does without.
const NOT_WINDOWS: [u8; 8] = [0x00, 0x81, 0x8d, 0x8f, 0x90, 0x9d, 0xfe, 0xff];
