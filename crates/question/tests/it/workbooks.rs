//! Datasets as workbooks: they give the same cells as CSV does.

use std::path::Path;

use rust_xlsxwriter::{Workbook, Worksheet};

use crate::{
    bad_input::faults,
    project::{KINDS, Project, of, project},
};

fn header(sheet: &mut Worksheet, names: &[&str]) {
    sheet.write_row(0, 0, names.iter().copied()).unwrap();
}

/// The project with its homes in a workbook.
fn to_xlsx(csv: &Path, xlsx: &Path) {
    let text = std::fs::read_to_string(csv).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in text.lines().enumerate() {
        for (column, field) in line.split(',').enumerate() {
            let (row, column) = (row as u32, column as u16);
            match field.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, field).unwrap(),
            };
        }
    }
    book.save(xlsx).unwrap();
}

fn project_in_xlsx() -> Project {
    let project = of(&KINDS, |t| t.replace("woningen.csv", "woningen.xlsx"));
    to_xlsx(
        &project.file("woningen.csv"),
        &project.file("woningen.xlsx"),
    );
    project
}

#[test]
fn the_same_table_gives_the_same_cells() {
    let (csv, xlsx) = (project(), project_in_xlsx());
    assert!(csv.build().unwrap().cells == xlsx.build().unwrap().cells);
}

#[test]
fn a_value_of_another_type_is_told_by_its_cell() {
    let project = project_in_xlsx();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    header(sheet, &["huishouden", "wijk", "woning", "bouwjaar", "huur"]);
    sheet
        .write_row(1, 0, ["k0001", "noord", "flat", "geheim4711", "500"])
        .unwrap();
    sheet.write_row(2, 3, [1950.5]).unwrap();
    book.save(project.file("woningen.xlsx")).unwrap();
    assert_eq!(
        faults(&project),
        [
            "woningen.xlsx:Sheet1!D2: column `bouwjaar` is no whole number here",
            "woningen.xlsx:Sheet1!D3: column `bouwjaar` is no whole number here",
        ]
    );
}
