//! Workbooks as people have them, and as somebody who means harm makes them.

use std::{
    io::{Read, Write},
    path::PathBuf,
};

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use tempfile::TempDir;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};
use zwerm_agreement::agreement::{ColumnType, Format as Written};
use zwerm_intake::{IntakeError, Survey, survey};

use crate::write;

struct Book {
    folder: TempDir,
    file: PathBuf,
}

impl Book {
    /// A workbook of one sheet.
    fn new(fill: impl FnOnce(&mut Worksheet)) -> Self {
        let mut book = Workbook::new();
        fill(book.add_worksheet().set_name("Blad1").unwrap());
        Self::of(book)
    }

    fn of(mut book: Workbook) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.xlsx");
        book.save(&file).unwrap();
        Self { folder, file }
    }

    fn bytes(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = write(folder.path(), "a.xlsx", bytes);
        Self { folder, file }
    }

    /// The same with one part of the zip changed.
    fn with_part(&self, name: &str, change: impl Fn(String) -> String) -> Self {
        let mut old = ZipArchive::new(std::fs::File::open(&self.file).unwrap()).unwrap();
        let mut new = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for number in 0..old.len() {
            let mut part = old.by_index(number).unwrap();
            let own = part.name().unwrap().into_owned();
            let mut text = Vec::new();
            part.read_to_end(&mut text).unwrap();
            new.start_file(own.as_str(), SimpleFileOptions::default())
                .unwrap();
            if own == name {
                text = change(String::from_utf8(text).unwrap()).into_bytes();
            }
            new.write_all(&text).unwrap();
        }
        Self::bytes(&new.finish().unwrap().into_inner())
    }

    fn look(&self) -> Result<Survey, IntakeError> {
        survey(&self.file, &Written::default())
    }

    fn seen(&self) -> Survey {
        self.look().unwrap()
    }

    /// Why it cannot be read, or what is grave in it, as `place: what`.
    fn faults(&self) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        let told = match self.look() {
            Ok(seen) => seen.faults(),
            Err(IntakeError::Data(faults)) => faults,
            Err(other) => panic!("{other}"),
        };
        let told = told
            .iter()
            .map(|f| format!("{}: {}", f.place, f.what.en).replace(&folder, ""));
        told.collect()
    }
}

fn header(sheet: &mut Worksheet, names: &[&str]) {
    sheet.write_row(0, 0, names.iter().copied()).unwrap();
}

#[test]
fn values_are_what_the_sheet_says_they_are() {
    let book = Book::new(|sheet| {
        header(sheet, &["code", "n", "x", "dag", "waar"]);
        let day = Format::new().set_num_format("dd-mm-yyyy");
        for row in 1..=3 {
            sheet.write_string(row, 0, format!("0{row}")).unwrap();
            sheet.write_number(row, 1, f64::from(row)).unwrap();
            sheet.write_number(row, 2, f64::from(row) / 4.0).unwrap();
            let date = ExcelDateTime::from_ymd(2026, 1, row as u8).unwrap();
            sheet
                .write_datetime_with_format(row, 3, &date, &day)
                .unwrap();
            sheet.write_boolean(row, 4, row == 1).unwrap();
        }
    });
    let seen = book.seen();
    let kinds: Vec<ColumnType> = seen.columns.iter().map(|c| c.kind).collect();
    assert_eq!(
        kinds,
        [
            ColumnType::Utf8,
            ColumnType::Int64,
            ColumnType::Float64,
            ColumnType::Date,
            ColumnType::Boolean
        ]
    );
    assert_eq!(
        seen.columns[3].values,
        ["2026-01-01", "2026-01-02", "2026-01-03"]
    );
    assert_eq!(seen.columns[2].values, ["0.25", "0.5", "0.75"]);
    assert_eq!(seen.remarks, []);
    assert_eq!(
        (seen.format[0].key, seen.format[0].value.as_str()),
        ("sheet", "Blad1")
    );
}

#[test]
fn a_time_of_day_and_an_error_are_told_by_their_cell() {
    let book = Book::new(|sheet| {
        header(sheet, &["dag", "n"]);
        let moment = ExcelDateTime::from_ymd(2026, 1, 31)
            .unwrap()
            .and_hms(10, 30, 0)
            .unwrap();
        let format = Format::new().set_num_format("dd-mm-yyyy hh:mm");
        sheet
            .write_datetime_with_format(1, 0, &moment, &format)
            .unwrap();
        sheet
            .write_formula(1, 1, Formula::new("=NA()").set_result("#N/A"))
            .unwrap();
    });
    assert_eq!(
        book.faults(),
        [
            "a.xlsx:Blad1!A2: column `dag` has a day with a time here",
            "a.xlsx:Blad1!B2: column `n` has an error value of the spreadsheet here, such as `#N/A`",
        ]
    );
}

#[test]
fn formulas_are_read_as_they_were_computed_last_or_not_at_all() {
    let book = Book::new(|sheet| {
        header(sheet, &["a", "b"]);
        sheet.write_number(1, 0, 2.0).unwrap();
        sheet
            .write_formula(1, 1, Formula::new("=A2*2").set_result("4"))
            .unwrap();
    });
    let seen = book.seen();
    assert_eq!(seen.columns[1].values, ["4"]);
    assert_eq!(
        seen.remarks[0].what.en,
        "1 cells are formulas; what they gave last was read"
    );
    let never = book.with_part("xl/worksheets/sheet1.xml", |t| t.replace("<v>4</v>", ""));
    assert_eq!(
        never.faults(),
        ["a.xlsx:Blad1!B2: this formula was never computed"]
    );
}

#[test]
fn merged_cells_columns_without_name_and_cells_outside_the_table() {
    let merged = Book::new(|sheet| {
        header(sheet, &["a", "b"]);
        sheet.merge_range(1, 0, 2, 0, "x", &Format::new()).unwrap();
    });
    assert_eq!(
        merged.faults(),
        [
            "a.xlsx:Blad1!A2:A3: merged cells: to which row and column the value belongs is not written"
        ]
    );
    let nameless = Book::new(|sheet| {
        header(sheet, &["a"]);
        sheet.write_string(0, 2, "c").unwrap();
        sheet.write_string(1, 0, "x").unwrap();
    });
    assert_eq!(
        nameless.faults(),
        ["a.xlsx:Blad1!B1: this column has no name"]
    );
    let outside = Book::new(|sheet| {
        header(sheet, &["a"]);
        sheet.write_string(1, 0, "x").unwrap();
        sheet.write_string(3, 4, "losse opmerking").unwrap();
    });
    assert_eq!(
        outside.faults(),
        ["a.xlsx:Blad1!E4: something stands outside the table here: the column has no name"]
    );
}

#[test]
fn numbers_as_text_and_what_is_hidden_are_remarked() {
    let book = Book::new(|sheet| {
        header(sheet, &["a", "b"]);
        sheet.write_number(1, 0, 1.0).unwrap();
        sheet.write_string(2, 0, "2").unwrap();
        sheet.write_string(1, 1, "x").unwrap();
        sheet.set_row_hidden(2).unwrap();
        sheet.set_column_hidden(1).unwrap();
    });
    let told: Vec<String> = book
        .seen()
        .remarks
        .iter()
        .map(|r| r.what.en.clone())
        .collect();
    assert_eq!(
        told,
        [
            "1 rows and 1 columns are hidden; they are read all the same",
            "1 numbers are there as text, 1 as numbers",
        ]
    );
}

#[test]
fn a_sheet_is_chosen_by_name_or_is_the_first_with_anything_in_it() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Leeg").unwrap();
    let first = book.add_worksheet().set_name("Eerste").unwrap();
    header(first, &["a"]);
    first.write_number(1, 0, 1.0).unwrap();
    let second = book.add_worksheet().set_name("Tweede").unwrap();
    header(second, &["b"]);
    second.write_number(1, 0, 2.0).unwrap();
    let hidden = book.add_worksheet().set_name("Verborgen").unwrap();
    hidden.set_hidden(true);
    header(hidden, &["c"]);
    let book = Book::of(book);
    let seen = book.seen();
    assert_eq!(seen.columns[0].name, "a");
    let told: Vec<String> = seen.remarks.iter().map(|r| r.what.en.clone()).collect();
    assert_eq!(
        told,
        [
            "the workbook has more sheets: `Tweede`",
            "this sheet is hidden"
        ]
    );
    let of = |sheet: &str| Written {
        sheet: Some(sheet.into()),
        ..Written::default()
    };
    assert_eq!(
        survey(&book.file, &of("Tweede")).unwrap().columns[0].name,
        "b"
    );
    let Err(IntakeError::Data(faults)) = survey(&book.file, &of("Twede")) else {
        panic!("the sheet is there");
    };
    assert_eq!(faults[0].cure.en, "did you mean `Tweede`?");
}

const DAMAGED: &str = "a.xlsx: this is no Excel workbook (`.xlsx`), or it is damaged";

#[test]
fn files_that_are_something_else_are_told_apart() {
    let encrypted: Vec<u8> = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        .iter()
        .copied()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (bytes, expected) in [
        (
            &b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"[..],
            "a.xlsx: this is an old Excel file (`.xls`)",
        ),
        (
            &encrypted,
            "a.xlsx: the workbook is encrypted with a password",
        ),
        (b"a;b\n1;2\n", "a.xlsx: this is text, no Excel workbook"),
        (b"PAR1\x15\x04", "a.xlsx: this is a Parquet file"),
        (b"", DAMAGED),
        (b"PK\x03\x04", DAMAGED),
        (&[0xff; 64], DAMAGED),
    ] {
        assert_eq!(Book::bytes(bytes).faults(), [expected]);
    }
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("mimetype", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet")
        .unwrap();
    let other = Book::bytes(&zip.finish().unwrap().into_inner());
    assert_eq!(
        other.faults(),
        [
            "a.xlsx: this is no Excel workbook but another packed file (perhaps `.ods`, `.xlsb` or `.zip`)"
        ]
    );
}

fn small() -> Book {
    Book::new(|sheet| {
        header(sheet, &["a", "b"]);
        sheet.write_row(1, 0, ["x", "y"]).unwrap();
    })
}

#[test]
fn a_workbook_that_unpacks_to_very_much_is_refused() {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let deflated = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file("xl/workbook.xml", deflated).unwrap();
    let chunk = b"<a/>".repeat(1 << 14);
    for _ in 0..(80 << 20) / chunk.len() {
        zip.write_all(&chunk).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 500_000, "{}", bytes.len());
    let told = Book::bytes(&bytes).faults();
    assert!(
        told[0].starts_with("a.xlsx: the workbook is too large when unpacked"),
        "{told:?}"
    );
    // one text without end, however small the rest
    let endless = small().with_part("xl/sharedStrings.xml", |t| {
        t.replace(">x<", &format!(">{}<", "x".repeat(2 << 20)))
    });
    let told = endless.faults();
    assert!(
        told[0].starts_with("a.xlsx: the workbook is too large when unpacked"),
        "{told:?}"
    );
}

#[test]
fn what_a_workbook_says_of_itself_is_not_believed() {
    for count in ["99999999999999999", "500000000000"] {
        let lying = small().with_part("xl/sharedStrings.xml", |t| {
            t.replace("uniqueCount=\"4\"", &format!("uniqueCount=\"{count}\""))
        });
        assert_eq!(lying.faults(), [DAMAGED], "{count}");
    }
    let far = small().with_part("xl/worksheets/sheet1.xml", |t| {
        t.replace("ref=\"A1:B2\"", "ref=\"A1:XFD1048576\"")
            .replace("r=\"B2\"", "r=\"XFD1048576\"")
    });
    assert!(!far.faults().is_empty());
    let wide = small().with_part("xl/worksheets/sheet1.xml", |t| {
        t.replace("r=\"B1\"", "r=\"XFD1\"")
    });
    assert_eq!(
        wide.faults(),
        ["a.xlsx: the table is wider than 4096 columns"]
    );
    let entity = small().with_part("xl/worksheets/sheet1.xml", |t| {
        t.replace(
            "<worksheet",
            "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><worksheet",
        )
        .replace("<v>2</v>", "<v>&e;</v>")
    });
    let told = format!("{:?}", entity.look());
    assert!(!told.contains("root:"), "{told}");
}

#[test]
fn a_workbook_that_was_cut_off_is_damaged() {
    let book = small();
    let bytes = std::fs::read(&book.file).unwrap();
    for length in (0..bytes.len()).step_by(211).chain([bytes.len() - 1]) {
        let told = Book::bytes(&bytes[..length]).faults();
        assert_eq!(told, [DAMAGED], "{length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_damage_makes_the_reader_panic(at in any::<prop::sample::Index>(), part in proptest::collection::vec(any::<u8>(), 1..32)) {
        let mut bytes = std::fs::read(small().file).unwrap();
        let at = at.index(bytes.len() - part.len());
        bytes[at..at + part.len()].copy_from_slice(&part);
        let _ = Book::bytes(&bytes).look();
    }

    #[test]
    fn no_sheet_makes_the_reader_panic(xml in "(<(/)?(c|v|row|f|is|t|sheetData|worksheet)( r=\"[A-Z]{0,4}[0-9]{0,8}\")?( t=\"(s|str|n|b|e|d)\")?(/)?>|[0-9e.&;-]{1,6}){0,40}") {
        let book = small().with_part("xl/worksheets/sheet1.xml", |_| format!("<worksheet><sheetData>{xml}</sheetData></worksheet>"));
        let _ = book.look();
    }
}
