//! What a survey remarks on: each thing with what to do about it.

use std::path::Path;

use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::{agreement::ColumnType, text::Text};

use super::{ServiceNumbers, SurveyColumn, Suspicion, column::ColumnTally};
use crate::{layout::FileLayout, remark::Remark};

/// Lines that are named at most.
const MOST_LINES: usize = 5;

fn of_column(file: &Path, name: &str) -> String {
    format!("{}:`{name}`", file.display())
}

/// Faults past the ones that are listed.
pub(super) fn more(file: &Path, more: u64) -> Option<Remark> {
    (more > 0).then(|| {
        Remark::grave(
            file.display().to_string(),
            FaultCode::TooMany,
            Text::new(
                format!("en nog {more} fouten zoals deze"),
                format!("and {more} more faults like these"),
            ),
            Text::new("herstel deze eerst", "mend these first"),
        )
    })
}

/// Columns without a name, or with the name of another.
pub(super) fn names(file: &Path, columns: &[ColumnTally]) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (place, column) in columns.iter().enumerate() {
        let name = column.name();
        if name.trim().is_empty() {
            remarks.push(nameless(file, place + 1));
        } else if columns.iter().take(place).any(|c| c.name() == name) {
            remarks.push(Remark::grave(
                of_column(file, name),
                FaultCode::Duplicate,
                Text::new("deze kolom komt twee keer voor", "this column occurs twice"),
                Text::new(
                    "houd er één over, of geef de andere een andere naam",
                    "keep one of them, or give the other another name",
                ),
            ));
        }
    }
    remarks
}

fn nameless(file: &Path, number: usize) -> Remark {
    Remark::grave(
        format!("{}:1", file.display()),
        FaultCode::Missing,
        Text::new(
            format!("kolom {number} heeft geen naam"),
            format!("column {number} has no name"),
        ),
        Text::new(
            "geef haar een naam in de eerste regel, of haal haar weg",
            "name it in the first line, or take it out",
        ),
    )
}

/// What stands out of the rows.
pub(super) fn whole(file: &Path, rows: u64, duplicates: u64, totals: &[u64]) -> Vec<Remark> {
    let place = file.display().to_string();
    let mut remarks = Vec::new();
    if rows == 0 {
        remarks.push(Remark::grave(
            place.clone(),
            FaultCode::Empty,
            Text::new("er zijn geen rijen", "there are no rows"),
            Text::new(
                "kijk of dit het goede bestand en het goede blad is",
                "see whether this is the right file and the right sheet",
            ),
        ));
    }
    if duplicates > 0 {
        remarks.push(Remark::minor(
            place.clone(),
            Text::new(
                format!("{duplicates} rijen zijn gelijk aan een eerdere rij"),
                format!("{duplicates} rows are the same as an earlier one"),
            ),
            Text::new(
                "kijk of dat klopt: dubbele rijen tellen dubbel in sommen",
                "see whether that is right: rows that occur twice count twice in sums",
            ),
        ));
    }
    if !totals.is_empty() {
        remarks.push(rows_of_totals(place, totals));
    }
    remarks
}

fn rows_of_totals(place: String, totals: &[u64]) -> Remark {
    let lines: Vec<String> = totals.iter().take(MOST_LINES).map(u64::to_string).collect();
    let lines = lines.join(", ");
    Remark::minor(
        place,
        Text::new(
            format!("dit lijken rijen met totalen: regel {lines}"),
            format!("these look like rows of totals: line {lines}"),
        ),
        Text::new(
            "haal ze weg: zij zouden als eenheid meetellen",
            "take them out: they would count as units",
        ),
    )
}

/// What stands out of a column.
pub(super) fn column(file: &Path, column: &ColumnTally) -> Vec<Remark> {
    let said = [markers(column), spaces(column), capitals(column)];
    let said = said.into_iter().flatten();
    let place = || of_column(file, column.name());
    let mut remarks: Vec<Remark> = said
        .map(|(what, cure)| Remark::minor(place(), what, cure))
        .collect();
    remarks.extend(mixed(file, column));
    remarks.extend(days(file, column));
    remarks
}

/// What was seen, and what to do about it.
type RemarkText = (Text, Text);

/// Words for a missing value.
fn markers(column: &ColumnTally) -> Option<RemarkText> {
    let all: u64 = column.markers.values().sum();
    let marker = column.markers.keys().next()?;
    let words: Vec<_> = column.markers.keys().map(|m| format!("`{m}`")).collect();
    let words = words.join(", ");
    let better = column.kind_without_markers();
    let (nl, en) = if column.kind() == better {
        (String::new(), String::new())
    } else {
        (
            format!("; zonder zou de kolom `{better}` zijn"),
            format!("; without these the column would be `{better}`"),
        )
    };
    Some((
        Text::new(
            format!("{all} keer staat er {words}, en geen leeg veld{nl}"),
            format!("{words} stands there {all} times, rather than an empty field{en}"),
        ),
        Text::new(
            format!("betekent dat `onbekend`, zeg dan `--missing {marker}`"),
            format!("if it means `unknown`, say `--missing {marker}`"),
        ),
    ))
}

/// Spaces around values.
fn spaces(column: &ColumnTally) -> Option<RemarkText> {
    let (spaced, same) = (column.spaced, column.coinciding());
    if spaced == 0 || column.kind() != ColumnType::Utf8 {
        return None;
    }
    Some((
        Text::new(
            format!("{spaced} waarden hebben spaties eromheen; {same} daarvan bestaan ook zonder"),
            format!(
                "{spaced} values have spaces around them; {same} of these exist without as well"
            ),
        ),
        Text::new(
            "haal de spaties weg: een waarde met spatie is een andere waarde",
            "take the spaces out: a value with a space is another value",
        ),
    ))
}

/// Values that differ from another in capitals only.
fn capitals(column: &ColumnTally) -> Option<RemarkText> {
    let case = column.differing_in_case();
    if case == 0 {
        return None;
    }
    Some((
        Text::new(
            format!("{case} waarden verschillen alleen in hoofdletters van een andere"),
            format!("{case} values differ from another in capitals only"),
        ),
        Text::new(
            "schrijf ze gelijk: zo zijn het verschillende waarden",
            "write them alike: so they are different values",
        ),
    ))
}

/// Numbers among text, text among numbers, and numbers among days: in a workbook.
fn mixed(file: &Path, column: &ColumnTally) -> Vec<Remark> {
    let said = [
        numbers_and_text(column),
        numbers_and_days(column),
        too_long(column),
    ];
    let said = said.into_iter().flatten();
    let place = || of_column(file, column.name());
    said.map(|(what, cure)| Remark::minor(place(), what, cure))
        .collect()
}

fn numbers_and_text(column: &ColumnTally) -> Option<RemarkText> {
    let (numbers, texts, written) = (column.native_numbers, column.number_texts, column.written);
    if numbers == 0 || written == 0 {
        return None;
    }
    if texts == written {
        return Some((
            Text::new(
                format!("{texts} getallen staan er als tekst, {numbers} als getal"),
                format!("{texts} numbers are there as text, {numbers} as numbers"),
            ),
            Text::new(
                "maak er in het rekenblad overal getallen van, of overal tekst als het een code is",
                "make them all numbers in the spreadsheet, or all text if it is a code",
            ),
        ));
    }
    Some((
        Text::new(
            format!("{numbers} getallen staan tussen {written} keer tekst"),
            format!("{numbers} numbers stand among {written} times text"),
        ),
        Text::new(
            "maak van de hele kolom één soort; een code met nullen voorop moet tekst zijn",
            "make the whole column one kind; a code with leading zeros has to be text",
        ),
    ))
}

fn numbers_and_days(column: &ColumnTally) -> Option<RemarkText> {
    let (numbers, days) = (column.native_numbers, column.native_days);
    if numbers == 0 || days == 0 {
        return None;
    }
    Some((
        Text::new(
            format!("{numbers} gewone getallen staan tussen {days} datums"),
            format!("{numbers} plain numbers stand among {days} dates"),
        ),
        Text::new(
            "geef de hele kolom in het rekenblad de opmaak van een datum",
            "format the whole column as a date in the spreadsheet",
        ),
    ))
}

fn too_long(column: &ColumnTally) -> Option<RemarkText> {
    let n = column.too_long;
    if n == 0 {
        return None;
    }
    Some((
        Text::new(
            format!(
                "{n} getallen hebben meer dan vijftien cijfers; een rekenblad bewaart er vijftien"
            ),
            format!("{n} numbers have more than fifteen digits; a spreadsheet keeps fifteen"),
        ),
        Text::new(
            "lever een lang nummer als tekst",
            "deliver a long number as text",
        ),
    ))
}

fn days(file: &Path, column: &ColumnTally) -> Option<Remark> {
    if column.kind() != ColumnType::Date || column.day_first == 0 {
        return None;
    }
    let certain = column.month_first < column.day_first;
    let what = if certain {
        Text::new(
            "datums staan er als dag-maand-jaar, en zijn zo gelezen",
            "dates are written as day-month-year, and were read so",
        )
    } else {
        Text::new(
            "datums zijn gelezen als dag-maand-jaar, maar elke kan ook maand-dag-jaar zijn",
            "dates were read as day-month-year, but each could be month-day-year",
        )
    };
    Some(Remark::minor(
        of_column(file, column.name()),
        what,
        Text::new(
            "schrijf ze als jjjj-mm-dd, of laat `zwerm data prepare` dat doen",
            "write them as yyyy-mm-dd, or let `zwerm data prepare` do so",
        ),
    ))
}

/// Numbers that may have been read wrong.
pub(super) fn numbers(
    file: &Path,
    column: &ColumnTally,
    layout: &FileLayout,
    place: usize,
) -> Vec<Remark> {
    let at = of_column(file, column.name());
    let mut remarks = Vec::new();
    if layout.contrary.contains(&place) {
        remarks.push(in_two_ways(at.clone(), layout.reading.numbers.decimal));
    }
    if let Some(unsure) = layout.unsure.iter().find(|u| u.place == place) {
        remarks.push(Remark {
            grave: (!layout.is_custom(*unsure)).then_some(FaultCode::Ambiguous),
            ..read_either_way(at, unsure.sign, layout.reading.numbers.decimal)
        });
    }
    remarks
}

fn in_two_ways(at: String, decimal: char) -> Remark {
    Remark::grave(
        at,
        FaultCode::Mismatch,
        Text::new(
            format!("hier staat soms een ander teken voor decimalen dan `{decimal}`"),
            format!("sometimes another sign than `{decimal}` stands before decimals here"),
        ),
        Text::new(
            "schrijf alle getallen van het bestand op dezelfde manier",
            "write all numbers of the file in the same way",
        ),
    )
}

fn read_either_way(at: String, sign: char, decimal: char) -> Remark {
    let (nl, en) = if decimal == sign {
        ("iets meer dan één", "a bit more than one")
    } else {
        ("duizend en nog wat", "a thousand and something")
    };
    Remark::minor(
        at,
        Text::new(
            format!(
                "getallen zoals `1{sign}234` zijn gelezen als {nl}, maar dat laat het bestand niet zien"
            ),
            format!(
                "numbers such as `1{sign}234` were read as {en}, but the file does not show that"
            ),
        ),
        Text::new(
            format!(
                "zeg of `{sign}` voor decimalen staat (`--decimal {sign}`) of tussen duizendtallen (`--thousands {sign}`)"
            ),
            format!(
                "say whether `{sign}` is for decimals (`--decimal {sign}`) or between thousands (`--thousands {sign}`)"
            ),
        ),
    )
}

/// What a column says of a person.
pub(super) fn person(file: &Path, column: &SurveyColumn) -> Option<Remark> {
    let suspicion = column.looks_like?;
    // these alone are known of many people at once
    let is_coarse = matches!(suspicion, Suspicion::BirthDate | Suspicion::Postcode);
    let place = of_column(file, &column.name);
    Some(Remark {
        grave: (!is_coarse).then_some(FaultCode::Identifying),
        personal: true,
        ..match column.service_numbers {
            Some(found) if suspicion == Suspicion::Bsn => {
                Remark::minor(place, found.words(), cleaned())
            }
            _ => Remark::minor(place, looks_like(suspicion), without(suspicion, is_coarse)),
        }
    })
}

/// Numbers that may be service numbers, and may be so by chance.
pub(super) fn maybe_service_numbers(file: &Path, column: &SurveyColumn) -> Option<Remark> {
    let found = column.service_numbers.filter(|found| !found.is_refused)?;
    let ServiceNumbers { values, first, .. } = found;
    let place = of_column(file, &column.name);
    let what = Text::new(
        format!(
            "{values} waarden hebben een getal dat een burgerservicenummer (BSN) kan zijn, de eerste op regel {first}; \
             van andere getallen is dat er toevallig één op de elf"
        ),
        format!(
            "{values} values have a number that could be a citizen service number (BSN), the first on line {first}; \
             of other numbers that is one in eleven by chance"
        ),
    );
    let cure = Text::new(
        "kijk wat het zijn; laat de kolom anders weg met `zwerm data prepare --drop`",
        "see what they are; else leave the column out with `zwerm data prepare --drop`",
    );
    Some(Remark {
        personal: true,
        ..Remark::minor(place, what, cure)
    })
}

fn cleaned() -> Text {
    Text::new(
        "haal de nummers uit de waarden, of laat de kolom weg met `zwerm data prepare --drop`",
        "take the numbers out of the values, or leave the column out with `zwerm data prepare --drop`",
    )
}

fn looks_like(suspicion: Suspicion) -> Text {
    let (nl, en) = match suspicion {
        Suspicion::Bsn => (
            "dit lijken burgerservicenummers (BSN)",
            "these look like citizen service numbers (BSN)",
        ),
        Suspicion::Email => (
            "dit lijken e-mailadressen",
            "these look like e-mail addresses",
        ),
        Suspicion::Phone => (
            "dit lijken telefoonnummers",
            "these look like telephone numbers",
        ),
        Suspicion::Iban => (
            "dit lijken rekeningnummers",
            "these look like bank accounts",
        ),
        Suspicion::Name => (
            "dit lijken namen van personen",
            "these look like names of persons",
        ),
        Suspicion::Address => (
            "dit lijken volledige adressen",
            "these look like full addresses",
        ),
        Suspicion::BirthDate => ("dit lijken geboortedatums", "these look like days of birth"),
        Suspicion::Postcode => ("dit zijn volledige postcodes", "these are full postcodes"),
    };
    Text::new(nl, en)
}

fn without(suspicion: Suspicion, is_coarse: bool) -> Text {
    if suspicion == Suspicion::Bsn {
        Text::new(
            "deel ze nooit: maak er pseudoniemen van met `zwerm data prepare --key`, of laat de kolom weg met `--drop`",
            "never share them: make pseudonyms of them with `zwerm data prepare --key`, or leave the column out with `--drop`",
        )
    } else if is_coarse {
        Text::new(
            "maak het grover (een leeftijdsklasse, een wijk), of laat de kolom weg",
            "make it coarser (an age class, a district), or leave the column out",
        )
    } else {
        Text::new(
            "laat de kolom weg met `zwerm data prepare --drop`; voor tellingen is zij niet nodig",
            "leave the column out with `zwerm data prepare --drop`; counting does not need it",
        )
    }
}

/// A postcode beside a house number is an address.
pub(super) fn address(file: &Path, columns: &[SurveyColumn]) -> Option<Remark> {
    let postcode = columns
        .iter()
        .find(|c| c.looks_like == Some(Suspicion::Postcode))?;
    let number = columns
        .iter()
        .find(|c| c.sql_name.contains("huisnummer") || c.sql_name.contains("house_number"))?;
    let (postcode, number) = (&postcode.name, &number.name);
    let remark = Remark::grave(
        file.display().to_string(),
        FaultCode::Identifying,
        Text::new(
            format!("`{postcode}` en `{number}` zijn samen een volledig adres"),
            format!("`{postcode}` and `{number}` together are a full address"),
        ),
        Text::new(
            "laat er een weg met `zwerm data prepare --drop`",
            "leave one of them out with `zwerm data prepare --drop`",
        ),
    );
    Some(Remark {
        personal: true,
        ..remark
    })
}
