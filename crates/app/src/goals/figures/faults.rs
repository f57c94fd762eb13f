//! What can be wrong with figures, in words.

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode, Place};
use zwerm_agreement::text::Text;

use crate::goals::figures::{FIELD, LARGEST, LONGEST_CODE, MOST_ROWS, NoNumber};

fn wrong(code: FaultCode, what: (String, String), cure: (&str, &str)) -> Diagnostic {
    Diagnostic::new(code, Text::new(what.0, what.1), Text::new(cure.0, cure.1))
        .at(Place::Field(FIELD.to_owned()))
}

/// The same on a line.
fn on(line: u64, code: FaultCode, what: (String, String), cure: (&str, &str)) -> Diagnostic {
    let (nl, en) = what;
    wrong(
        code,
        (format!("regel {line}: {nl}"), format!("line {line}: {en}")),
        cure,
    )
}

pub(super) fn too_large() -> Diagnostic {
    let most = LARGEST >> 10;
    wrong(
        FaultCode::TooLarge,
        (
            format!("de cijfers zijn samen meer dan {most} kB"),
            format!("the figures are more than {most} kB together"),
        ),
        (
            "lever ze in delen, bijvoorbeeld per jaar",
            "bring them in parts, for instance a year at a time",
        ),
    )
}

pub(super) fn too_many_rows() -> Diagnostic {
    wrong(
        FaultCode::TooMany,
        (
            format!("er zijn meer dan {MOST_ROWS} regels"),
            format!("there are more than {MOST_ROWS} rows"),
        ),
        (
            "lever ze in delen, bijvoorbeeld per jaar",
            "bring them in parts, for instance a year at a time",
        ),
    )
}

pub(super) fn nothing() -> Diagnostic {
    wrong(
        FaultCode::Empty,
        (
            "er staan nog geen cijfers".to_owned(),
            "there are no figures yet".to_owned(),
        ),
        (
            "plak ze in het vak, of kies een bestand",
            "paste them into the box, or choose a file",
        ),
    )
}

pub(super) fn unreadable(line: u64) -> Diagnostic {
    on(
        line,
        FaultCode::Unreadable,
        (
            "deze regel is niet te lezen".to_owned(),
            "this line cannot be read".to_owned(),
        ),
        (
            "bewaar het bestand als CSV (UTF-8)",
            "save the file as CSV (UTF-8)",
        ),
    )
}

pub(super) fn no_column(name: &str) -> Diagnostic {
    on(
        1,
        FaultCode::Missing,
        (
            format!("de kolom `{name}` ontbreekt"),
            format!("the column `{name}` is missing"),
        ),
        (
            "begin met de regel area,area_name,period,value",
            "begin with the line area,area_name,period,value",
        ),
    )
}

pub(super) fn twice_column(name: &str) -> Diagnostic {
    on(
        1,
        FaultCode::Duplicate,
        (
            format!("de kolom `{name}` staat er meer dan eens"),
            format!("the column `{name}` is there more than once"),
        ),
        ("laat er een staan", "leave one of them"),
    )
}

pub(super) fn strange_column(given: &str) -> Diagnostic {
    let given: String = given.chars().take(LONGEST_CODE).collect();
    on(
        1,
        FaultCode::Unknown,
        (
            format!("de kolom `{given}` kennen wij niet"),
            format!("the column `{given}` is not known"),
        ),
        (
            "haal deze kolom weg; nodig zijn area, area_name, period en value",
            "take this column out; needed are area, area_name, period and value",
        ),
    )
}

pub(super) fn width(line: u64, found: usize) -> Diagnostic {
    on(
        line,
        FaultCode::Malformed,
        (
            format!("hier staan {found} kolommen, geen 4"),
            format!("there are {found} columns here, not 4"),
        ),
        (
            "zet een getal met een komma tussen aanhalingstekens, of scheid kolommen met een puntkomma",
            "put a number with a comma between quotes, or part the columns with semicolons",
        ),
    )
}

pub(super) fn no_code(line: u64, given: &str) -> Diagnostic {
    let given: String = given.chars().take(LONGEST_CODE).collect();
    on(
        line,
        FaultCode::Malformed,
        (
            format!("`{given}` is geen code van een gebied"),
            format!("`{given}` is not the code of an area"),
        ),
        (
            "neem de code van het CBS, zoals WK054600, of een eigen code zonder spaties",
            "take the official code, such as WK054600, or one of your own without spaces",
        ),
    )
}

pub(super) fn no_name(line: u64) -> Diagnostic {
    on(
        line,
        FaultCode::Malformed,
        (
            "de naam van het gebied ontbreekt, is te lang, of is er een die een rekenblad zou uitrekenen".to_owned(),
            "the name of the area is missing, too long, or one that a spreadsheet would calculate".to_owned(),
        ),
        (
            "schrijf hoe mensen het gebied noemen",
            "write what people call the area",
        ),
    )
}

pub(super) fn no_period(line: u64, given: &str) -> Diagnostic {
    let given: String = given.chars().take(LONGEST_CODE).collect();
    on(
        line,
        FaultCode::Malformed,
        (
            format!("`{given}` is geen periode"),
            format!("`{given}` is not a period"),
        ),
        (
            "schrijf een jaar (2024), kwartaal (2024-Q1) of maand (2024-01)",
            "write a year (2024), a quarter (2024-Q1) or a month (2024-01)",
        ),
    )
}

/// A period of another kind than the others.
pub(crate) fn mixed(line: u64, period: &str) -> Diagnostic {
    on(
        line,
        FaultCode::Mismatch,
        (
            format!("`{period}` is een ander soort periode dan de andere cijfers hebben"),
            format!("`{period}` is another kind of period than the other figures have"),
        ),
        (
            "neem jaren, kwartalen of maanden, niet door elkaar",
            "take years, quarters or months, not mixed",
        ),
    )
}

pub(super) fn twice(line: u64, before: u64) -> Diagnostic {
    on(
        line,
        FaultCode::Duplicate,
        (
            format!("dit gebied en deze periode staan ook op regel {before}"),
            format!("this area and period stand on line {before} as well"),
        ),
        ("laat een van beide staan", "leave one of the two"),
    )
}

pub(super) fn two_names(line: u64, area: &str) -> Diagnostic {
    on(
        line,
        FaultCode::Contradiction,
        (
            format!("het gebied `{area}` heeft twee namen"),
            format!("the area `{area}` has two names"),
        ),
        (
            "schrijf de naam op elke regel hetzelfde",
            "write the name alike on every line",
        ),
    )
}

pub(super) fn no_number(line: u64, given: &str, why: NoNumber) -> Diagnostic {
    let given: String = given.chars().take(LONGEST_CODE).collect();
    match why {
        NoNumber::Mixed => on(
            line,
            FaultCode::Mismatch,
            (
                format!("`{given}` heeft een punt, en andere getallen een komma"),
                format!("`{given}` has a point, and other numbers a comma"),
            ),
            (
                "schrijf decimalen overal hetzelfde, en duizendtallen zonder punt",
                "write decimals alike everywhere, and thousands without a sign",
            ),
        ),
        NoNumber::Other => on(
            line,
            FaultCode::WrongType,
            (
                format!("`{given}` is geen getal"),
                format!("`{given}` is not a number"),
            ),
            (
                "schrijf alleen het getal, of laat het leeg als het niet bekend is",
                "write the number only, or leave it empty when it is not known",
            ),
        ),
    }
}

pub(super) fn and_more(more: usize) -> Diagnostic {
    wrong(
        FaultCode::TooMany,
        (
            format!("er zijn nog {more} fouten"),
            format!("there are {more} more faults"),
        ),
        (
            "verbeter eerst deze; vaak is het steeds dezelfde fout",
            "mend these first; often it is the same fault each time",
        ),
    )
}
