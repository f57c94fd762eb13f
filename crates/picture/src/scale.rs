//! Numbers as people read them, and axes with round steps.

use crate::PictureLang;

/// A number in Dutch or English, with so many decimals.
pub(crate) fn number(value: f64, decimals: usize, lang: PictureLang) -> String {
    if !value.is_finite() {
        return "\u{2013}".into();
    }
    let (thousands, point) = match lang {
        PictureLang::Nl => ('.', ","),
        PictureLang::En => (',', "."),
    };
    let digits = format!("{:.*}", decimals.min(12), value.abs());
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::new();
    // what rounds to zero has no sign
    if value < 0.0 && digits.contains(|digit: char| ('1'..='9').contains(&digit)) {
        text.push('\u{2212}');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(thousands);
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push_str(point);
        text.push_str(part);
    }
    text
}

/// An axis: from, to, and steps of 1, 2 or 5 times a power of ten.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    /// The least value on it.
    pub(crate) from: f64,
    /// The greatest.
    pub(crate) to: f64,
    /// From one tick to the next.
    pub(crate) step: f64,
}

impl Scale {
    /// An axis that has these values on it, in at most so many steps; without values it goes from 0 to 1.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, most: u32) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let range = finite.fold(None, |range: Option<(f64, f64)>, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        });
        let (low, high) = range.unwrap_or((0.0, 1.0));
        // one value only, or values too close to tell apart
        let room = (high - low).max(high.abs().max(low.abs()) * 1e-9);
        let room = if room > 0.0 { room } else { 1.0 };
        let mut step = round_up(room / f64::from(most.max(1)));
        let mut scale = Self::of(low, high, step);
        while scale.steps() > most.max(1) {
            step = round_up(step * 1.5);
            scale = Self::of(low, high, step);
        }
        scale
    }

    fn of(low: f64, high: f64, step: f64) -> Self {
        let from = (low / step + 1e-9).floor() * step;
        let to = (high / step - 1e-9).ceil() * step;
        let to = if to > from { to } else { from + step };
        Self { from, to, step }
    }

    /// How many steps it has.
    pub(crate) fn steps(self) -> u32 {
        let steps = ((self.to - self.from) / self.step).round();
        // a few at most, by how it is made
        if (1.0..=1000.0).contains(&steps) {
            steps as u32
        } else {
            1
        }
    }

    /// The values of its ticks, both ends included.
    pub(crate) fn ticks(self) -> impl Iterator<Item = f64> {
        (0..=self.steps()).map(move |tick| self.from + self.step * f64::from(tick))
    }

    /// How many decimals its ticks need.
    pub(crate) fn decimals(self) -> usize {
        let needed = -(self.step.log10() + 1e-9).floor();
        if needed > 0.0 {
            needed.min(12.0) as usize
        } else {
            0
        }
    }

    /// Where a value lies, between two places.
    pub(crate) fn place(self, value: f64, start: f64, end: f64) -> f64 {
        start + (value - self.from) / (self.to - self.from) * (end - start)
    }
}

/// The least 1, 2 or 5 times a power of ten that is not less.
fn round_up(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let times = step / power;
    let round = [1.0, 2.0, 5.0, 10.0];
    let round = round
        .into_iter()
        .find(|round| times <= round * (1.0 + 1e-9));
    round.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_language_has_them() {
        let both = |value, decimals| {
            (
                number(value, decimals, PictureLang::Nl),
                number(value, decimals, PictureLang::En),
            )
        };
        let is = |nl: &str, en: &str| (nl.to_owned(), en.to_owned());
        assert_eq!(both(1_234_567.25, 1), is("1.234.567,2", "1,234,567.2"));
        assert_eq!(both(-0.04, 1), is("0,0", "0.0"));
        assert_eq!(both(-12.5, 1), is("\u{2212}12,5", "\u{2212}12.5"));
        assert_eq!(both(999.0, 0), is("999", "999"));
        assert_eq!(number(f64::NAN, 1, PictureLang::Nl), "\u{2013}");
    }

    #[test]
    fn an_axis_holds_its_values_in_a_few_round_steps() {
        for (values, most) in [
            (vec![0.0, 22.4], 5),
            (vec![12.7, 21.7], 5),
            (vec![-3.0, 41.0], 4),
            (vec![0.0, 0.0007], 6),
            (vec![7.0], 5),
            (vec![0.0], 5),
            (vec![1e12, 1e12 + 1.0], 5),
            (vec![f64::NAN], 5),
            (vec![], 5),
            (vec![-1e300, 1e300], 5),
        ] {
            let scale = Scale::around(values.clone(), most);
            assert!(scale.steps() <= most, "{values:?}: {scale:?}");
            assert!(scale.from < scale.to && scale.step > 0.0, "{scale:?}");
            for value in values.into_iter().filter(|value| value.is_finite()) {
                let place = scale.place(value, 0.0, 1.0);
                assert!((-1e-6..=1.0 + 1e-6).contains(&place), "{value}: {scale:?}");
            }
        }
    }

    #[test]
    fn ticks_need_no_more_decimals_than_their_step() {
        let ticks = |values: [f64; 2]| {
            let scale = Scale::around(values, 5);
            let write = |tick| number(tick, scale.decimals(), PictureLang::Nl);
            scale.ticks().map(write).collect::<Vec<_>>()
        };
        assert_eq!(ticks([0.0, 22.4]), ["0", "5", "10", "15", "20", "25"]);
        assert_eq!(
            ticks([0.0, 1.0]),
            ["0,0", "0,2", "0,4", "0,6", "0,8", "1,0"]
        );
        assert_eq!(ticks([-20.0, 10.0]).first().unwrap(), "\u{2212}20");
    }
}
