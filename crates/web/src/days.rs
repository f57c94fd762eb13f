//! Days as people write them.

use jiff::civil::Date;
use zwerm_agreement::text::Lang;

const MONTHS: [(&str, &str); 12] = [
    ("januari", "January"),
    ("februari", "February"),
    ("maart", "March"),
    ("april", "April"),
    ("mei", "May"),
    ("juni", "June"),
    ("juli", "July"),
    ("augustus", "August"),
    ("september", "September"),
    ("oktober", "October"),
    ("november", "November"),
    ("december", "December"),
];

/// A day as people write it.
pub(crate) fn in_words(day: Date, lang: Lang) -> String {
    let month = usize::try_from(day.month() - 1).unwrap_or_default();
    let (nl, en) = MONTHS.get(month).copied().unwrap_or_default();
    let month = match lang {
        Lang::Nl => nl,
        Lang::En => en,
    };
    format!("{} {month} {}", day.day(), day.year())
}
