//! A workbook is a zip: how much is in it is counted before anything else reads it.
//!
//! A few kilobytes can hold gigabytes. So every part is unpacked once into nothing, counting; past a
//! bound it is refused, whatever the zip says of itself.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use quick_xml::events::Event;
use zip::ZipArchive;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;

use super::{WorkbookZip, damaged};
use crate::{
    error::IntakeError,
    fault::{one, unreadable},
};

/// Parts in a workbook at most.
const MOST_PARTS: usize = 5_000;
/// Bytes in all parts together at most.
const MOST_BYTES: u64 = 1 << 30;
/// Bytes of texts at most: those are held in memory.
const MOST_TEXTS: u64 = 256 << 20;
/// How many times larger than in the zip, once past `SMALL`; spreadsheets stay under 100.
const MOST_TIMES: u64 = 150;
const SMALL: u64 = 32 << 20;
/// Bytes between two tags at most; a cell holds 32,767 letters.
const LONGEST: u64 = 1 << 20;

/// Opens the zip and counts what is in it.
pub(super) fn archive(file: &Path) -> Result<WorkbookZip, IntakeError> {
    let opened = File::open(file).map_err(|e| unreadable(file, e))?;
    let packed = opened.metadata().map_err(|e| unreadable(file, e))?.len();
    let mut zip = ZipArchive::new(BufReader::new(opened)).map_err(|_| damaged(file))?;
    if zip.len() > MOST_PARTS {
        return Err(bomb(file, &format!("{MOST_PARTS}")));
    }
    let mut total = 0;
    for number in 0..zip.len() {
        let part = zip.by_index(number).map_err(|_| damaged(file))?;
        if part.encrypted() {
            return Err(damaged(file));
        }
        let name = part.name().map_err(|_| damaged(file))?.to_ascii_lowercase();
        let is_texts = name.ends_with("sharedstrings.xml");
        let most = if is_texts { MOST_TEXTS } else { MOST_BYTES };
        let is_xml = name.ends_with(".xml") || name.ends_with(".rels");
        let bound = PartSize {
            bytes: most.min(MOST_BYTES.saturating_sub(total)),
            packed: packed.max(1),
            is_xml,
        };
        let bytes = bound.count(part, file)?;
        total += bytes;
        if is_texts {
            texts(&mut zip, number, bytes, file)?;
        }
    }
    Ok(zip)
}

struct PartSize {
    bytes: u64,
    packed: u64,
    is_xml: bool,
}

impl PartSize {
    fn count(&self, mut part: impl Read, file: &Path) -> Result<u64, IntakeError> {
        let mut chunk = vec![0; 1 << 16];
        let (mut count, mut since) = (0_u64, 0_u64);
        loop {
            let n = part.read(&mut chunk).map_err(|_| damaged(file))?;
            let read = chunk.get(..n).unwrap_or_default();
            if read.is_empty() {
                return Ok(count);
            }
            count += n as u64;
            let tag = |byte: &u8| *byte == b'<';
            since = match read.iter().rposition(tag) {
                Some(last) => (n - last) as u64,
                None => since + n as u64,
            };
            let swollen = count > SMALL && count / self.packed > MOST_TIMES;
            if count > self.bytes || swollen || (self.is_xml && since > LONGEST) {
                return Err(bomb(file, "1 GiB"));
            }
        }
    }
}

/// The number of texts that a workbook says it has is believed by who reads it next: check it.
fn texts(zip: &mut WorkbookZip, number: usize, bytes: u64, file: &Path) -> Result<(), IntakeError> {
    let part = zip.by_index(number).map_err(|_| damaged(file))?;
    let mut xml = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(e) | Event::Empty(e)) if e.local_name().as_ref() == "sst" => {
                let said = e
                    .try_get_attribute("uniqueCount")
                    .map_err(|_| damaged(file))?;
                let said = said.and_then(|a| a.value.trim().parse::<u64>().ok());
                // the shortest text takes five bytes, `<si/>`
                return match said {
                    Some(n) if n > bytes / 5 + 1 => Err(damaged(file)),
                    _ => Ok(()),
                };
            }
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(_) => return Err(damaged(file)),
        }
    }
}

fn bomb(file: &Path, most: &str) -> IntakeError {
    one(
        file,
        None,
        FaultCode::TooLarge,
        Text::new(
            format!(
                "de werkmap is uitgepakt te groot (meer dan {most}), of zo gemaakt dat zij een programma laat vastlopen"
            ),
            format!(
                "the workbook is too large when unpacked (more than {most}), or made to bring a program down"
            ),
        ),
        Text::new(
            "sla het blad op als CSV (UTF-8), of zet alleen de tabel in een nieuwe werkmap",
            "save the sheet as CSV (UTF-8), or put the table alone in a new workbook",
        ),
    )
}
