//! Periods of data: a year (`2026`) or a month (`2026-01`).

/// The months of a period, each as year * 100 + month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    /// The first month.
    pub first: i64,
    /// The last month, which for one month is the first.
    pub last: i64,
}

/// The months of a period; `None` when it is not written as one.
///
/// ```
/// use zwerm_agreement::period::{Months, months};
/// assert_eq!(months("2026"), Some(Months { first: 202601, last: 202612 }));
/// assert_eq!(months("2026-03"), Some(Months { first: 202603, last: 202603 }));
/// assert_eq!(months("2026-13"), None);
/// ```
pub fn months(period: &str) -> Option<Months> {
    let (year, month) = match period.split_once('-') {
        Some((year, month)) => (year, Some(month)),
        None => (period, None),
    };
    let year = digits(year, 4)?;
    let Some(month) = month else {
        return Some(Months {
            first: year * 100 + 1,
            last: year * 100 + 12,
        });
    };
    let month = digits(month, 2).filter(|m| (1..=12).contains(m))?;
    let month = year * 100 + month;
    Some(Months {
        first: month,
        last: month,
    })
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let plain = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}
