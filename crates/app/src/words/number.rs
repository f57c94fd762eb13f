//! Numbers as people of a language write them.

use zwerm_agreement::text::Lang;

/// A number as people of the language write it.
pub fn number(x: f64, decimals: usize, lang: Lang) -> String {
    let (thousands, point) = match lang {
        Lang::Nl => ('.', ','),
        Lang::En => (',', '.'),
    };
    let plain = format!("{:.decimals$}", x.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    let sign = if x < 0.0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{text}")
    } else {
        format!("{sign}{text}{point}{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_the_language() {
        assert_eq!(number(1_234_567.0, 0, Lang::Nl), "1.234.567");
        assert_eq!(number(-1_234.5, 1, Lang::Nl), "-1.234,5");
        assert_eq!(number(1_234.5, 1, Lang::En), "1,234.5");
        assert_eq!(number(12.0, 0, Lang::En), "12");
    }
}
