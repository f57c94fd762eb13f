//! Files and views that are not as agreed: a clear error or a stated rule, never a panic, and never a
//! value of the data in a message.

use std::time::Duration;

use zwerm_agreement::digest::Digest;
use zwerm_question::{error::QuestionError, release, session::BuildLimits};

use crate::project::{KINDS, Project, of, project, write};

/// What is never repeated: a value of the data.
const MARKER: &str = "geheim4711";

/// The faults of a build that must fail, as `place: what`.
pub(crate) fn faults(project: &Project) -> Vec<String> {
    match project.build() {
        Err(QuestionError::Data(faults)) => {
            let folder = format!("{}/", project.folder.path().display());
            let faults = faults.iter().map(|f| {
                assert!(!f.cure.nl.is_empty() && f.cure.nl != f.cure.en, "{f}");
                assert!(!format!("{f:?}").contains(MARKER), "{f}");
                format!("{}: {}", f.place, f.what.en).replace(&folder, "")
            });
            faults.collect()
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("the build went well"),
    }
}

/// The project with another file of homes.
fn homes(bytes: impl AsRef<[u8]>) -> Project {
    let project = project();
    write(project.folder.path(), "woningen.csv", bytes.as_ref());
    project
}

fn check(bytes: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(faults(&homes(bytes)), expected);
}

const HEADER: &str = "huishouden,wijk,woning,bouwjaar,huur\n";

fn with_header(lines: &str) -> String {
    format!("{HEADER}{lines}")
}

#[test]
fn a_file_that_is_not_there_or_no_file() {
    let project = project();
    std::fs::remove_file(project.file("woningen.csv")).unwrap();
    std::fs::remove_file(project.file("inkomens.csv")).unwrap();
    std::fs::create_dir(project.file("inkomens.csv")).unwrap();
    assert_eq!(
        faults(&project),
        [
            "woningen.csv: the file of dataset `woningen` is not there",
            "inkomens.csv: the file of dataset `inkomens` is not there",
        ]
    );
    let text = of(&KINDS, |t| t.replace("woningen.csv", "woningen.xls"));
    assert_eq!(
        faults(&text),
        ["woningen.xls: this kind of file is not read"]
    );
}

#[test]
fn an_empty_file_has_no_columns_and_a_header_alone_no_units() {
    check("", &["woningen.csv:1: the file is empty"]);
    check("\u{feff}", &["woningen.csv:1: the file is empty"]);
    check("\n\n", &["woningen.csv:1: the file is empty"]);
    for lines in ["", "k0001,noord,flat,1950,500\n", "\n\n"] {
        let error = homes(with_header(lines)).build().unwrap_err();
        // nothing but zeros would read as an answer
        let few = "the view comes to";
        assert!(error.to_string().contains(few), "{error}");
    }
}

#[test]
fn columns_that_are_missing_were_not_agreed_or_come_twice() {
    check(
        "huishouden,Wijk,woning,bouwjaar,bouwjaar,geheim\n",
        &[
            "woningen.csv:1: column `huur` is missing",
            "woningen.csv:1: column `wijk` is missing; `Wijk` is there",
            "woningen.csv:1: column `Wijk` was not agreed",
            "woningen.csv:1: column `bouwjaar` occurs twice",
            "woningen.csv:1: column `geheim` was not agreed",
        ],
    );
}

#[test]
fn wrong_types_are_told_with_their_lines_at_most_twenty() {
    let lines = format!(
        "k1,noord,flat,{MARKER},500\nk2,noord,flat,1950,\nk3,\"a\n{MARKER}\",flat,1950,NaN\nk4,,,1950.0,1e999\nk5,,,1,-inf\n"
    );
    check(
        with_header(&lines),
        &[
            "woningen.csv:2: column `bouwjaar` is no whole number here",
            "woningen.csv:4: column `huur` is no plain finite number here",
            "woningen.csv:6: column `bouwjaar` is no whole number here",
            "woningen.csv:6: column `huur` is no plain finite number here",
            "woningen.csv:7: column `huur` is no plain finite number here",
        ],
    );
    let many = faults(&homes(with_header(&"k,w,w,x,1\n".repeat(50))));
    assert_eq!(many.len(), 21);
    assert_eq!(many[20], "woningen.csv: and 30 more faults");
}

#[test]
fn every_number_that_passes_the_check_can_be_read() {
    for number in [
        "+5", "5.", ".5", "1e2", "1E2", "-0.0", "007", "1e-400", "+.5e+1",
    ] {
        let lines = format!("k0001,noord,flat,1950,{number}\n");
        let built = homes(with_header(&lines)).build();
        match built {
            Ok(_) | Err(QuestionError::Data(_)) => {}
            Err(other) => panic!("{number}: {other}"),
        }
    }
    for number in [
        "+5",
        "-5",
        "007",
        "9223372036854775807",
        "9223372036854775808",
    ] {
        let lines = format!("k0001,noord,flat,{number},500\n");
        match homes(with_header(&lines)).build() {
            Ok(_) | Err(QuestionError::Data(_)) => {}
            Err(other) => panic!("{number}: {other}"),
        }
    }
}

#[test]
fn lines_with_too_few_or_too_many_fields() {
    check(
        with_header("k1,noord,flat,1950\nk2,noord,flat,1950,500,6\n"),
        &[
            "woningen.csv:2: the line has 4 fields, the header 5",
            "woningen.csv:3: the line has 6 fields, the header 5",
        ],
    );
}

#[test]
fn text_that_is_no_text() {
    let mut bytes = with_header("k1,noord,").into_bytes();
    bytes.extend(b"\xff\xfe,1950,500\n");
    check(&bytes, &["woningen.csv:2: the text is not UTF-8"]);
    check(
        b"huishouden,w\xffk\n",
        &["woningen.csv:1: the text is not UTF-8"],
    );
    let wide: Vec<u8> = HEADER.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!faults(&homes(&wide)).is_empty());
    check(
        with_header("k1\0,noord,flat,1950,500\n"),
        &["woningen.csv:2: column `huishouden` has a NUL character"],
    );
}

#[test]
fn marks_line_ends_and_quotes_as_other_programs_write_them() {
    let plain = project();
    let expected = plain.build().unwrap().cells;
    let text = std::fs::read_to_string(plain.file("woningen.csv")).unwrap();
    let quoted: Vec<String> = text
        .lines()
        .map(|l| format!("\"{}\"", l.replace(',', "\",\"")))
        .collect();
    for other in [
        format!("\u{feff}{text}"),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{}", text.replace('\n', "\r\n")),
        text.replace('\n', "\r"),
        text.replace('\n', "\n\n"),
        text.trim_end().to_owned(),
        quoted.join("\n"),
    ] {
        let start: String = other.chars().take(60).collect();
        assert!(
            homes(&other).build().unwrap().cells == expected,
            "{start:?}"
        );
    }
}

#[test]
fn a_quote_that_is_not_closed() {
    for lines in [
        "k1,noord,\"flat,1950,500\nk2,noord,flat,1950,500\n",
        "k1,noord,flat,1950,500\nk2,noord,flat,1950,\"500",
        "\"k2",
    ] {
        let told = faults(&homes(with_header(lines)));
        let line = if lines.starts_with("k1,noord,flat") {
            3
        } else {
            2
        };
        assert_eq!(
            told,
            [format!("woningen.csv:{line}: a quote is not closed")]
        );
    }
    // in the last column of text the rest of the file would pass as a value
    let project = project();
    write(
        project.folder.path(),
        "inkomens.csv",
        b"boven_grens,inkomen,huishouden\ntrue,1,k0001\ntrue,1,\"k0002\ntrue,1,k0003\n",
    );
    assert_eq!(faults(&project), ["inkomens.csv:3: a quote is not closed"]);
}

#[test]
fn a_line_without_end_is_told_without_reading_it_all() {
    let long = "x".repeat(1 << 20);
    check(
        with_header(&format!(
            "k1,noord,flat,1950,500\nk2,{long},flat,1950,500\n"
        )),
        &["woningen.csv:3: the line is longer than 1 MiB"],
    );
    // a value over many lines is one line of the table
    let lines = "x\n".repeat(600_000);
    check(
        with_header(&format!("k1,\"{lines}\",flat,1950,500\n")),
        &["woningen.csv:2: the line is longer than 1 MiB"],
    );
    // 100 MB, most of it a hole in the file
    let project = homes(HEADER);
    let file = std::fs::OpenOptions::new()
        .append(true)
        .open(project.file("woningen.csv"));
    file.unwrap().set_len(100 << 20).unwrap();
    assert_eq!(
        faults(&project),
        ["woningen.csv:2: the line is longer than 1 MiB"]
    );
}

#[test]
fn values_outside_bounds_two_values_and_rows_without_key() {
    let project = homes(with_header(
        "k0001,noord,flat,1950,1000.5\nk0002,noord,flat,1950,-1\n,noord,flat,1950,5\n\"\",noord,flat,1950,6\n",
    ));
    let told = faults(&of(&KINDS, |t| {
        t.replace("upper = 1000\n", "upper = 520\n")
    }));
    assert!(
        told[0].starts_with("view.huishoudens.measure.huur: `huur` lies outside 0 to 520"),
        "{told:?}"
    );
    assert_eq!(
        faults(&project),
        ["view.huishoudens.measure.huur: `huur` lies outside 0 to 1000 2 times"]
    );
    let left = of(&KINDS, |t| {
        t.replace(
            "JOIN inkomens i USING (huishouden)",
            "LEFT JOIN inkomens i ON w.huishouden = i.huishouden",
        )
    });
    write(
        left.folder.path(),
        "woningen.csv",
        with_header("k0001,noord,flat,1950,5\n,noord,flat,1950,5\n\"\",noord,flat,1950,6\n")
            .as_bytes(),
    );
    assert_eq!(
        faults(&left),
        ["view.huishoudens.key: 2 rows have no `huishouden`"]
    );
    let lines: String = (1..=200)
        .map(|k| format!("k{k:04},noord,flat,1950,{}\n", ["0", "1", "-0.0"][k % 3]))
        .collect();
    assert_eq!(
        faults(&homes(with_header(&lines))),
        ["view.huishoudens.measure.huur: `huur` has only two values: a sum of it counts units"]
    );
}

#[test]
fn a_unit_has_one_value_of_a_dimension_and_its_rows_add_up() {
    check(
        with_header(
            "k0001,noord,flat,1950,5\nk0001,oost,flat,1950,6\nk0001,,flat,1950,6\nk0002,noord,flat,1950,7\n",
        ),
        &[
            "view.huishoudens.dimension: 2 times one huishouden has more than one value of a dimension",
        ],
    );
    let project = project();
    let text = std::fs::read_to_string(project.file("woningen.csv")).unwrap();
    let (header, rows) = text.split_once('\n').unwrap();
    write(
        project.folder.path(),
        "woningen.csv",
        format!("{header}\n{rows}{rows}").as_bytes(),
    );
    let opened = project.open();
    assert_eq!(
        project.rows(
            &opened,
            "SELECT units(), count(*), sum(huur) FROM huishoudens"
        ),
        ["200 400 220900"]
    );
}

#[test]
fn values_outside_the_list_are_other_and_missing_ones_unknown() {
    let lines: String = (1..=100)
        .map(|k| format!("k{k:04},{},flat,1950,{k}\n", ["Noord", "noord ", ""][k % 3]))
        .collect();
    let project = homes(with_header(&lines));
    let opened = project.open();
    assert_eq!(
        project.rows(
            &opened,
            "SELECT wijk, units() FROM huishoudens GROUP BY wijk"
        ),
        ["noord 0", "oost 0", "zuid 0", "(other) 65", "(unknown) 35"]
    );
}

#[test]
fn names_of_files_with_signs_that_mean_something_elsewhere() {
    let expected = project().build().unwrap().cells;
    for name in ["a[1]*?.csv", "een twee%20drie#.csv", "één&twee.CSV"] {
        let project = of(&KINDS, |t| t.replace("woningen.csv", name));
        std::fs::rename(project.file("woningen.csv"), project.file(name)).unwrap();
        assert!(project.build().unwrap().cells == expected, "{name}");
    }
}

/// A view of homes with one measure, of 300,000 rows of 100,000 units.
fn large() -> Project {
    let project = of(&KINDS, |t| t);
    let mut homes = String::from(HEADER);
    let mut incomes = String::from("huishouden,boven_grens,inkomen\n");
    for n in 0_u64..300_000 {
        let unit = n * 7919 % 100_000;
        let wijk = ["noord", "oost", "zuid"][(unit % 3) as usize];
        let huur = (n * 104_729 % 99_991) as f64 / 100.0;
        homes += &format!("sleutel-van-huishouden-{unit},{wijk},flat,1950,{huur}\n");
        if n < 100_000 {
            incomes += &format!("sleutel-van-huishouden-{unit},true,{huur}\n");
        }
    }
    write(project.folder.path(), "woningen.csv", homes.as_bytes());
    write(project.folder.path(), "inkomens.csv", incomes.as_bytes());
    project
}

fn hash(project: &Project, limits: &BuildLimits) -> Result<Digest, QuestionError> {
    let cube = project.build_within(limits)?;
    Ok(release::encode(&cube)?.1.hash)
}

#[test]
fn with_little_memory_it_spills_and_gives_the_same_release() {
    let project = large();
    let limits = |memory| BuildLimits {
        memory,
        ..BuildLimits::default()
    };
    let roomy = hash(&project, &limits(2 << 30)).unwrap();
    assert_eq!(hash(&project, &limits(40 << 20)).unwrap(), roomy);
    // so little that it does spill: without a place for it there is no cube
    let nowhere = BuildLimits {
        spill: Some(project.file("niets").join("woningen.csv")),
        ..limits(40 << 20)
    };
    std::fs::write(project.file("niets"), "").unwrap();
    let unspilt = hash(&project, &nowhere);
    assert!(
        matches!(unspilt, Err(QuestionError::File { .. })),
        "{unspilt:?}"
    );
    let none = hash(&project, &limits(100_000));
    assert!(matches!(none, Err(QuestionError::Limit { .. })), "{none:?}");
}

#[test]
fn without_time_there_is_no_cube() {
    let limits = BuildLimits {
        time: Duration::ZERO,
        ..BuildLimits::default()
    };
    let none = project().build_within(&limits).map(|cube| cube.tally());
    assert!(matches!(none, Err(QuestionError::Limit { .. })), "{none:?}");
}

#[test]
fn the_same_data_gives_the_same_release_and_other_data_another() {
    let first = hash(&project(), &BuildLimits::default()).unwrap();
    assert_eq!(hash(&project(), &BuildLimits::default()).unwrap(), first);
    let project = project();
    let text = std::fs::read_to_string(project.file("woningen.csv")).unwrap();
    write(
        project.folder.path(),
        "woningen.csv",
        format!("{text}\n").as_bytes(),
    );
    assert_ne!(hash(&project, &BuildLimits::default()).unwrap(), first);
}
