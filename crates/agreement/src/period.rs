//! Periods of data: a year (`2026`) or a month (`2026-01`).

/// The first and last month of a period, as year * 100 + month.
///
/// ```
/// use zwerm_agreement::period::months;
/// assert_eq!(months("2026"), Some((202601, 202612)));
/// assert_eq!(months("2026-03"), Some((202603, 202603)));
/// assert_eq!(months("2026-13"), None);
/// ```
pub fn months(period: &str) -> Option<(i64, i64)> {
    let (year, month) = match period.split_once('-') {
        Some((year, month)) => (year, Some(month)),
        None => (period, None),
    };
    let year = digits(year, 4)?;
    let Some(month) = month else {
        return Some((year * 100 + 1, year * 100 + 12));
    };
    let month = digits(month, 2).filter(|m| (1..=12).contains(m))?;
    Some((year * 100 + month, year * 100 + month))
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let plain = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}
