//! Reading the figures of an indicator as people paste them: `area,area_name,period,value`, a row per figure.
//!
//! Commas, semicolons or tabs; decimals after a point or a comma, one of the two in all of it. An empty value is a figure
//! that is missing, never a zero. All that is wrong is told at once, each with its line.

mod faults;

use std::collections::{BTreeMap, BTreeSet};

use crate::goals::figures::faults::and_more;
pub(crate) use crate::goals::figures::faults::mixed;
use crate::goals::figures::faults::no_code;
use crate::goals::figures::faults::no_column;
use crate::goals::figures::faults::no_name;
use crate::goals::figures::faults::no_number;
use crate::goals::figures::faults::no_period;
use crate::goals::figures::faults::nothing;
use crate::goals::figures::faults::strange_column;
use crate::goals::figures::faults::too_large;
use crate::goals::figures::faults::too_many_rows;
use crate::goals::figures::faults::twice;
use crate::goals::figures::faults::twice_column;
use crate::goals::figures::faults::two_names;
use crate::goals::figures::faults::unreadable;
use crate::goals::figures::faults::width;
use crate::words::formula::defused;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::unseen::unseen;

/// Bytes and rows at most.
pub const LARGEST: usize = 256 << 10;
/// Rows of figures that are taken at once.
pub const MOST_ROWS: usize = 5000;
/// Faults that are told one by one.
const MOST_FAULTS: usize = 100;
/// Characters of a code or a name at most.
const LONGEST_CODE: usize = 40;
const LONGEST_NAME: usize = 100;
/// The field of the form.
pub const FIELD: &str = "figures";

/// The columns, with the other names that they go by.
const COLUMNS: [(&str, &[&str]); 4] = [
    ("area", &["gebied"]),
    ("area_name", &["gebiedsnaam", "naam", "name"]),
    ("period", &["periode"]),
    ("value", &["waarde"]),
];

/// One figure as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct DeliveredFigure {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The code of the area.
    pub area: String,
    /// The name of the area.
    pub name: String,
    /// The period, such as `2024` or `2024-Q1`.
    pub period: String,
    /// The figure; nothing where none was published.
    pub value: Option<f64>,
}

/// How periods are written: those of one indicator are written alike, or later ones would not sort later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeriodKind {
    /// `2024`.
    Year,
    /// `2024-Q1`.
    Quarter,
    /// `2024-01`.
    Month,
}

/// How a period is written: `2024`, `2024-Q1` or `2024-01`.
pub fn kind(period: &str) -> Option<PeriodKind> {
    let (year, rest) = match period.split_once('-') {
        Some((year, rest)) => (year, Some(rest)),
        None => (period, None),
    };
    let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) {
        return None;
    }
    match rest {
        None => Some(PeriodKind::Year),
        Some("Q1" | "Q2" | "Q3" | "Q4") => Some(PeriodKind::Quarter),
        Some(month) if digits(month, 2) => {
            let month: u8 = month.parse().ok()?;
            (1..=12).contains(&month).then_some(PeriodKind::Month)
        }
        Some(_) => None,
    }
}

/// Reads them, or tells all that is wrong.
pub fn read(text: &str) -> Result<Vec<DeliveredFigure>, Vec<Diagnostic>> {
    // one kind of line end, or lines are counted wrongly
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let text = text.replace('\r', "\n");
    if text.len() > LARGEST {
        return Err(vec![too_large()]);
    }
    let first = text.lines().find(|line| !line.trim().is_empty());
    let Some(first) = first else {
        return Err(vec![nothing()]);
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(first))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let places = match reader.headers() {
        Ok(header) => places(header)?,
        Err(_) => return Err(vec![unreadable(1)]),
    };
    let mut reading = FiguresReading::default();
    for row in reader.records() {
        match row {
            Ok(row) if reading.rows.len() < MOST_ROWS => reading.row(&row, places),
            Ok(_) => {
                reading.wrong = vec![(0, too_many_rows())];
                break;
            }
            Err(_) => {
                let line = reading.rows.last().map_or(1, |row: &RawFigure| row.line);
                reading.wrong.push((line + 1, unreadable(line + 1)));
                break;
            }
        }
    }
    reading.done()
}

/// What parts the columns, as the first line has it.
fn separator(first: &str) -> u8 {
    let count = |sign: char| first.matches(sign).count();
    let all = [(';', b';'), ('\t', b'\t'), (',', b',')];
    let found = all.into_iter().max_by_key(|(sign, _)| count(*sign));
    found.map_or(b',', |(_, byte)| byte)
}

/// The place of each of the four columns.
fn places(header: &csv::StringRecord) -> Result<[usize; 4], Vec<Diagnostic>> {
    let names: Vec<String> = header.iter().map(str::to_lowercase).collect();
    let mut wrong = Vec::new();
    let places = COLUMNS.map(|(name, others)| {
        let is = |given: &String| given == name || others.contains(&given.as_str());
        let found: Vec<usize> = (0..names.len())
            .filter(|at| names.get(*at).is_some_and(is))
            .collect();
        match found.as_slice() {
            [at] => *at,
            [] => {
                wrong.push(no_column(name));
                0
            }
            _ => {
                wrong.push(twice_column(name));
                0
            }
        }
    });
    let known = |given: &str| {
        COLUMNS
            .iter()
            .any(|(name, others)| given == *name || others.contains(&given))
    };
    let strange = names.iter().filter(|given| !known(given));
    wrong.extend(strange.map(|given| strange_column(given)));
    if wrong.is_empty() {
        Ok(places)
    } else {
        Err(wrong)
    }
}

/// A row before its value is read.
#[derive(Debug)]
struct RawFigure {
    line: u64,
    area: String,
    name: String,
    period: String,
    value: String,
}

#[derive(Debug, Default)]
struct FiguresReading {
    rows: Vec<RawFigure>,
    /// What is wrong, with its line.
    wrong: Vec<(u64, Diagnostic)>,
}

impl FiguresReading {
    fn row(&mut self, row: &csv::StringRecord, places: [usize; 4]) {
        let line = row.position().map_or(0, csv::Position::line);
        if row.iter().all(str::is_empty) {
            return;
        }
        if row.len() != COLUMNS.len() {
            self.wrong.push((line, width(line, row.len())));
            return;
        }
        let [area, name, period, value] =
            places.map(|at| row.get(at).unwrap_or_default().to_owned());
        let code = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if area.is_empty() || area.len() > LONGEST_CODE || !area.chars().all(code) {
            self.wrong.push((line, no_code(line, &area)));
        }
        let fits = !name.is_empty() && name.chars().count() <= LONGEST_NAME;
        // whoever takes the figures over into a spreadsheet must not have it calculate a name
        if !fits || unseen(&name).is_some() || defused(&name) != name {
            self.wrong.push((line, no_name(line)));
        }
        if kind(&period).is_none() {
            self.wrong.push((line, no_period(line, &period)));
        }
        self.rows.push(RawFigure {
            line,
            area,
            name,
            period,
            value,
        });
    }

    /// What can only be seen of all rows together.
    fn done(mut self) -> Result<Vec<DeliveredFigure>, Vec<Diagnostic>> {
        if self.rows.is_empty() && self.wrong.is_empty() {
            return Err(vec![nothing()]);
        }
        let comma = self.rows.iter().any(|row| row.value.contains(','));
        let first_kind = self.rows.iter().find_map(|row| kind(&row.period));
        let mut seen: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut names: BTreeMap<&str, &str> = BTreeMap::new();
        let mut told: BTreeSet<&str> = BTreeSet::new();
        let mut figures = Vec::new();
        for row in &self.rows {
            let line = row.line;
            if let Some(before) = seen.insert((&row.area, &row.period), line) {
                self.wrong.push((line, twice(line, before)));
            }
            let name = names.entry(&row.area).or_insert(&row.name);
            if *name != row.name && told.insert(&row.area) {
                self.wrong.push((line, two_names(line, &row.area)));
            }
            if kind(&row.period).is_some_and(|kind| Some(kind) != first_kind) {
                self.wrong.push((line, mixed(line, &row.period)));
            }
            let value = match value(&row.value, comma) {
                Ok(value) => value,
                Err(why) => {
                    self.wrong.push((line, no_number(line, &row.value, why)));
                    None
                }
            };
            figures.push(DeliveredFigure {
                line,
                area: row.area.clone(),
                name: row.name.clone(),
                period: row.period.clone(),
                value,
            });
        }
        if self.wrong.is_empty() {
            return Ok(figures);
        }
        Err(first_of(self.wrong))
    }
}

/// As many faults as somebody can read, those of the first lines, and how many more there are.
fn first_of(mut wrong: Vec<(u64, Diagnostic)>) -> Vec<Diagnostic> {
    wrong.sort_by_key(|(line, _)| *line);
    let more = wrong.len().saturating_sub(MOST_FAULTS);
    let first = wrong.into_iter().take(MOST_FAULTS);
    let mut wrong: Vec<Diagnostic> = first.map(|(_, wrong)| wrong).collect();
    if more > 0 {
        wrong.push(and_more(more));
    }
    wrong
}

/// Why a value is no number.
enum NoNumber {
    /// There are points beside commas, so that one of them may part thousands.
    Mixed,
    /// It is something else.
    Other,
}

/// A value; `comma` when decimals come after a comma in all of it.
fn value(text: &str, comma: bool) -> Result<Option<f64>, NoNumber> {
    if text.is_empty() {
        return Ok(None);
    }
    if comma && text.contains('.') {
        return Err(NoNumber::Mixed);
    }
    let plain = text.replace(',', ".");
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if plain.len() > 20 || !all_digits(whole) || !all_digits(fraction) {
        return Err(NoNumber::Other);
    }
    plain.parse().map(Some).map_err(|_| NoNumber::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<Option<f64>> {
        let figures = read(text).expect("it is in order");
        figures.into_iter().map(|figure| figure.value).collect()
    }

    fn lines(text: &str) -> Vec<String> {
        let wrong = read(text).expect_err("it is faulty");
        wrong.into_iter().map(|one| one.what.en).collect()
    }

    #[test]
    fn figures_are_read_as_people_write_them() {
        let plain = "area,area_name,period,value\nWK1,Noord,2023,1.5\nWK1,Noord,2024,\n";
        assert_eq!(values(plain), [Some(1.5), None]);
        let excel = "\u{feff}Gebied;Naam;Periode;Waarde\r\nWK1;Noord;2024-Q1;-1,5\r\n;;;\r\nWK2;Zuid;2024-Q1;0\r\n";
        assert_eq!(values(excel), [Some(-1.5), Some(0.0)]);
        assert_eq!(
            values("value,period,area,area_name\n\"12,25\",2024-01,A,\"A, B\"\n"),
            [Some(12.25)]
        );
        assert_eq!(
            values("area\tname\tperiod\tvalue\nA\tB\t2024\t3,0\n"),
            [Some(3.0)]
        );
    }

    #[test]
    fn all_faults_come_at_once_with_their_lines() {
        let text = "area;area_name;period;value\n\
                    A B;Noord;2024;1\n\
                    A;;2024;twaalf\n\
                    A;Noord;24;1,5\n\
                    B;Zuid;2024;1.234\n\
                    B;Zuid;2024;2\n\
                    B;South;2025-Q1;NaN\n\
                    C;Oost;2024\n";
        // however the lines end
        assert_eq!(lines(text), lines(&text.replace('\n', "\r\n")));
        assert_eq!(
            lines(text),
            [
                "line 2: `A B` is not the code of an area",
                "line 3: the name of the area is missing, too long, or one that a spreadsheet would calculate",
                "line 3: `twaalf` is not a number",
                "line 4: `24` is not a period",
                "line 4: the area `A` has two names",
                "line 5: `1.234` has a point, and other numbers a comma",
                "line 6: this area and period stand on line 5 as well",
                "line 7: the area `B` has two names",
                "line 7: `2025-Q1` is another kind of period than the other figures have",
                "line 7: `NaN` is not a number",
                "line 8: there are 3 columns here, not 4",
            ]
        );
    }

    #[test]
    fn a_header_that_is_not_ours_is_told_wholly() {
        assert_eq!(
            lines("wijk,period,waarde,value\nA,2024,1,2\n"),
            [
                "line 1: the column `area` is missing",
                "line 1: the column `area_name` is missing",
                "line 1: the column `value` is there more than once",
                "line 1: the column `wijk` is not known",
            ]
        );
        assert_eq!(lines("  \n"), ["there are no figures yet"]);
        assert_eq!(
            lines("area,area_name,period,value\n"),
            ["there are no figures yet"]
        );
    }

    #[test]
    fn too_much_is_not_read() {
        let mut text = "area,area_name,period,value\n".to_owned();
        for n in 0..=MOST_ROWS {
            text.push_str(&format!("A{n},x,2024,1\n"));
        }
        assert_eq!(lines(&text), ["there are more than 5000 rows"]);
        assert_eq!(
            lines(&"x".repeat(LARGEST + 1)),
            ["the figures are more than 256 kB together"]
        );
        let faulty = "area,area_name,period,value\n".to_owned() + &"!,x,2024,1\n".repeat(300);
        assert_eq!(lines(&faulty).len(), MOST_FAULTS + 1);
    }
}
