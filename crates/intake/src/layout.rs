//! How a file is written: found out from the whole file, reported, and settled by whoever knows better.

use std::path::Path;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::{
    agreement::{ColumnType, Encoding, Format},
    text::Text,
};

use crate::{
    bytes::{Decoded, detect, fill},
    error::IntakeError,
    fault::{fault, one, unreadable},
    numbers::{Evidence, GivenSigns, NumberFormat, NumberVerdict, Unsure, decide},
    remark::Remark,
    rows::{FieldReading, FileRow, FileRows},
    value::{MARKERS, Missing},
    xlsx::{self, Sheet},
};

/// Bytes that are looked at to find the separator.
const SAMPLE: usize = 1 << 20;

/// One thing that was assumed of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumed {
    /// Which: `kind`, or a key of [`Format`].
    pub key: &'static str,
    /// What was assumed.
    pub value: String,
    /// How that was decided.
    pub how: Text,
}

/// How the rows of a file are found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileShape {
    Csv { encoding: Encoding, separator: u8 },
    Xlsx(Sheet),
    Parquet,
}

impl FileShape {
    /// Whether the engine reads it by itself.
    pub(crate) fn is_plain(&self) -> bool {
        *self
            == Self::Csv {
                encoding: Encoding::Utf8,
                separator: b',',
            }
    }
}

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLayout {
    pub(crate) shape: FileShape,
    pub(crate) reading: FieldReading,
    pub(crate) assumed: Vec<Assumed>,
    /// Columns that may be read a factor of a thousand wrong.
    pub(crate) unsure: Vec<Unsure>,
    /// Columns, by place, that write numbers otherwise than the file does.
    pub(crate) contrary: Vec<usize>,
}

impl FileLayout {
    /// What a person would want to know of a workbook.
    pub(crate) fn remarks(&self) -> &[Remark] {
        match &self.shape {
            FileShape::Xlsx(sheet) => &sheet.remarks,
            FileShape::Csv { .. } | FileShape::Parquet => &[],
        }
    }

    /// Whether an unsettled number is read as custom has it: between commas a point is for decimals.
    pub(crate) fn is_custom(&self, unsure: Unsure) -> bool {
        let commas = matches!(
            self.shape,
            FileShape::Csv {
                separator: b',',
                ..
            }
        );
        commas && unsure.sign == '.' && self.reading.numbers.decimal == '.'
    }

    /// Whether this is what programs write: UTF-8, comma, point.
    pub(crate) fn is_plain(&self) -> bool {
        self.shape.is_plain()
            && self.reading.numbers == NumberFormat::PLAIN
            && self.reading.missing.0.is_empty()
    }
}

/// Finds out how a file is written. Only columns whose type `counts` gives as a number are looked at for how numbers are written, or `all` of them.
pub(crate) fn find(
    file: &Path,
    options: &Format,
    counts: impl Fn(&str) -> Option<ColumnType>,
    all: bool,
) -> Result<FileLayout, IntakeError> {
    let name = file.display().to_string();
    let faults = options.faults(&name);
    if !faults.is_empty() {
        let faults = faults
            .into_iter()
            .map(|f| fault(file, None, f.code, f.what, f.cure));
        return Err(IntakeError::Data(faults.collect()));
    }
    let mut layout = match kind(file)? {
        FileKind::Csv => csv(file, options)?,
        FileKind::Xlsx => {
            let sheet = xlsx::open(file, options.sheet.as_deref())?;
            let assumed = vec![Assumed {
                key: "sheet",
                value: sheet.name.clone(),
                how: sheet.how.clone(),
            }];
            layout(FileShape::Xlsx(sheet), options, assumed)
        }
        FileKind::Parquet => layout(FileShape::Parquet, options, Vec::new()),
    };
    if matches!(layout.shape, FileShape::Csv { .. }) {
        numbers(file, options, &mut layout, counts, all)?;
    }
    Ok(layout)
}

fn layout(shape: FileShape, options: &Format, assumed: Vec<Assumed>) -> FileLayout {
    FileLayout {
        shape,
        reading: FieldReading {
            numbers: NumberFormat::PLAIN,
            missing: Missing(options.missing.clone()),
        },
        assumed,
        unsure: Vec::new(),
        contrary: Vec::new(),
    }
}

/// The kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Csv,
    Xlsx,
    Parquet,
}

/// The kind of a file by its name, when its first bytes do not say otherwise.
pub(crate) fn kind(file: &Path) -> Result<FileKind, IntakeError> {
    let kind = named(file).ok_or_else(|| unknown_kind(file))?;
    let mut start = [0; 8];
    let mut opened = std::fs::File::open(file).map_err(|e| unreadable(file, e))?;
    let n = fill(&mut opened, &mut start).map_err(|e| unreadable(file, e))?;
    match other_kind(kind, file, start.get(..n).unwrap_or_default()) {
        Some(fault) => Err(IntakeError::Data(vec![
            fault.at(file.display().to_string()),
        ])),
        None => Ok(kind),
    }
}

fn unknown_kind(file: &Path) -> IntakeError {
    one(
        file,
        None,
        FaultCode::Unsupported,
        Text::new(
            "dit soort bestand wordt niet gelezen",
            "this kind of file is not read",
        ),
        Text::new(
            "lever het als `.csv`, `.xlsx` of `.parquet`; een rekenblad kan alle andere soorten zo opslaan",
            "deliver it as `.csv`, `.xlsx` or `.parquet`; a spreadsheet can save all other kinds so",
        ),
    )
}

/// What a file is, by how it starts, when that is not what its name says; and what to do about it.
fn other_kind(kind: FileKind, file: &Path, start: &[u8]) -> Option<Diagnostic> {
    let packed = start.starts_with(b"PK\x03\x04");
    let text = !start.is_empty() && start.iter().all(|b| *b >= 9 && *b != 0xff);
    match kind {
        // a damaged Parquet file is reported where it is read
        FileKind::Parquet => None,
        FileKind::Csv if packed => Some(Diagnostic::new(
            FaultCode::Mismatch,
            Text::new(
                "dit is een werkmap of een ingepakt bestand, geen CSV",
                "this is a workbook or a packed file, no CSV",
            ),
            Text::new(
                "laat de naam eindigen op `.xlsx`, of sla het op als CSV (UTF-8)",
                "let its name end in `.xlsx`, or save it as CSV (UTF-8)",
            ),
        )),
        FileKind::Xlsx if !packed && text => {
            xlsx::other_kind(file, start).or_else(|| Some(text_as_workbook()))
        }
        _ => xlsx::other_kind(file, start),
    }
}

fn text_as_workbook() -> Diagnostic {
    Diagnostic::new(
        FaultCode::Mismatch,
        Text::new(
            "dit is tekst, geen Excel-werkmap",
            "this is text, no Excel workbook",
        ),
        Text::new(
            "laat de naam eindigen op `.csv`, of sla het op als `.xlsx`",
            "let its name end in `.csv`, or save it as `.xlsx`",
        ),
    )
}

/// The kind of a file by the end of its name.
pub(crate) fn named(file: &Path) -> Option<FileKind> {
    let ending = file.extension()?.to_str()?.to_ascii_lowercase();
    match ending.as_str() {
        "csv" => Some(FileKind::Csv),
        "xlsx" => Some(FileKind::Xlsx),
        "parquet" => Some(FileKind::Parquet),
        _ => None,
    }
}

/// How a CSV is written of which nothing is said; nothing when its encoding is none that is known.
pub(crate) fn csv_shape(file: &Path) -> Result<Option<FileShape>, IntakeError> {
    match csv(file, &Format::default()) {
        Ok(layout) => Ok(Some(layout.shape)),
        Err(IntakeError::Data(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn csv(file: &Path, options: &Format) -> Result<FileLayout, IntakeError> {
    let chosen = || Text::new("zo gekozen", "chosen so");
    let (encoding, how) = match options.encoding {
        Some(encoding) => (encoding, chosen()),
        None => encoding(file)?,
    };
    let (separator, seen) = match options.separator {
        Some(sign) => (u8::try_from(sign).unwrap_or(b','), chosen()),
        None => separator(file, encoding)?,
    };
    let assumed = vec![
        Assumed {
            key: "encoding",
            value: encoding.to_string(),
            how,
        },
        Assumed {
            key: "separator",
            value: char::from(separator).escape_debug().to_string(),
            how: seen,
        },
    ];
    let shape = FileShape::Csv {
        encoding,
        separator,
    };
    Ok(layout(shape, options, assumed))
}

/// The encoding that a file is in, and what shows it.
fn encoding(file: &Path) -> Result<(Encoding, Text), IntakeError> {
    let encoding = detect(file)?.ok_or_else(|| unknown_encoding(file))?;
    let how = match encoding {
        Encoding::Utf8 => Text::new("alle tekens zijn zo te lezen", "all of it can be read so"),
        Encoding::Utf16 => Text::new("het bestand begint zo", "the file begins so"),
        Encoding::Windows1252 => Text::new(
            "het is geen UTF-8, en zo leest het als gewone tekst",
            "it is not UTF-8, and so it reads as ordinary text",
        ),
    };
    Ok((encoding, how))
}

/// The sign that cuts the first lines into the same number of fields as the header.
fn separator(file: &Path, encoding: Encoding) -> Result<(u8, Text), IntakeError> {
    let mut sample = vec![0; SAMPLE];
    let mut text = Decoded::open(file, encoding)?;
    let n = fill(&mut text, &mut sample).map_err(|e| unreadable(file, e))?;
    sample.truncate(n);
    let mut best: Option<(bool, usize, u8)> = None;
    for sign in Format::SEPARATORS
        .iter()
        .filter_map(|c| u8::try_from(*c).ok())
    {
        let (width, same, lines) = widths(&sample, sign);
        if width < 2 {
            continue;
        }
        let regular = same * 10 >= lines * 9;
        if best.is_none_or(|(r, w, _)| (regular, width) > (r, w)) {
            best = Some((regular, width, sign));
        }
    }
    Ok(match best {
        Some((_, width, sign)) => (
            sign,
            Text::new(
                format!("zo heeft de kop {width} velden, en de regels daaronder ook"),
                format!("so the header has {width} fields, and so have the lines below"),
            ),
        ),
        None => (
            b',',
            Text::new("er is maar één kolom", "there is only one column"),
        ),
    })
}

/// Fields of the header, lines with as many, and all lines.
fn widths(sample: &[u8], separator: u8) -> (usize, usize, usize) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample);
    let mut record = csv::ByteRecord::new();
    let (mut width, mut same, mut lines) = (0, 0, 0);
    while lines < 500 && reader.read_byte_record(&mut record).is_ok_and(|more| more) {
        if width == 0 {
            width = record.len();
            continue;
        }
        lines += 1;
        same += usize::from(record.len() == width);
    }
    (width, same, lines)
}

/// Looks at all numbers of the file.
fn numbers(
    file: &Path,
    options: &Format,
    layout: &mut FileLayout,
    counts: impl Fn(&str) -> Option<ColumnType>,
    all: bool,
) -> Result<(), IntakeError> {
    let is_number = |kind| matches!(kind, Some(ColumnType::Int64 | ColumnType::Float64));
    let evidence = evidence(file, layout, |name| all || is_number(counts(name)))?;
    let comma_separated = matches!(
        layout.shape,
        FileShape::Csv {
            separator: b',',
            ..
        }
    );
    let custom = if comma_separated { '.' } else { ',' };
    let given = GivenSigns {
        decimal: options.decimal,
        thousands: options.thousands,
    };
    let verdict = decide(&evidence, given, custom);
    assume(layout, &verdict, given, comma_separated);
    layout.reading.numbers = verdict.numbers;
    layout.contrary = verdict.contrary;
    layout.unsure = verdict.unsure;
    Ok(())
}

/// What the values of each column show of how numbers are written; nothing of columns that are not watched.
fn evidence(
    file: &Path,
    layout: &FileLayout,
    is_watched: impl Fn(&str) -> bool,
) -> Result<Vec<Evidence>, IntakeError> {
    let mut rows = FileRows::open(file, layout)?;
    let names = rows.header().iter();
    let watched: Vec<bool> = names.map(|name| is_watched(name)).collect();
    let mut evidence = vec![Evidence::default(); watched.len()];
    let mut row = FileRow::default();
    while rows.next(&mut row)? {
        let columns = row.fields.iter().zip(&mut evidence).zip(&watched);
        for ((field, evidence), _) in columns.filter(|(_, watched)| **watched) {
            if !layout.reading.missing.is(field) && !MARKERS.contains(&field.text.trim()) {
                evidence.see(&field.text);
            }
        }
    }
    Ok(evidence)
}

/// Writes down what was assumed of numbers, and why.
fn assume(
    layout: &mut FileLayout,
    verdict: &NumberVerdict,
    given: GivenSigns,
    comma_separated: bool,
) {
    let mut push = |key, sign: char, given: bool| {
        layout.assumed.push(Assumed {
            key,
            value: sign.to_string(),
            how: how_decided(given, verdict.seen, comma_separated),
        });
    };
    push("decimal", verdict.numbers.decimal, given.decimal.is_some());
    if let Some(sign) = verdict.numbers.thousands {
        push("thousands", sign, given.thousands.is_some());
    }
}

fn how_decided(given: bool, seen: bool, comma_separated: bool) -> Text {
    if given {
        Text::new("zo gekozen", "chosen so")
    } else if seen {
        Text::new("gezien aan de getallen", "seen from the numbers")
    } else if comma_separated {
        Text::new(
            "geen getal laat het zien; bij velden met een komma ertussen is dit gewoon",
            "no number shows it; with commas between fields this is usual",
        )
    } else {
        Text::new(
            "geen getal laat het zien; bij dit scheidingsteken is dit gewoon",
            "no number shows it; with this separator it is usual",
        )
    }
}

fn unknown_encoding(file: &Path) -> IntakeError {
    one(
        file,
        None,
        FaultCode::Unreadable,
        Text::new(
            "de tekst is geen UTF-8, UTF-16 of Windows-1252",
            "the text is not UTF-8, UTF-16 or Windows-1252",
        ),
        Text::new(
            "sla het bestand op als CSV met UTF-8",
            "save the file as CSV with UTF-8",
        ),
    )
}
