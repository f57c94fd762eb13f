//! At most five classes of equal width with round bounds, and the words for them.
//!
//! Equal widths, not equal numbers of areas: two areas that are nearly the same are then never made to look far apart.

use crate::PictureLang;
use crate::scale::{Scale, number};

/// The classes of some figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Classes {
    scale: Scale,
    greatest: f64,
}

impl Classes {
    /// Classes for these figures; `None` without any.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
        let greatest = values.iter().copied().reduce(f64::max)?;
        let scale = Scale::around(values, 5);
        Some(Self { scale, greatest })
    }

    /// How many.
    pub(crate) fn count(self) -> usize {
        usize::try_from(self.scale.steps()).unwrap_or(1)
    }

    /// The class of a figure, from 0, as one of five shades: few classes lie far apart.
    pub(crate) fn shade(self, value: f64) -> usize {
        let place = self.scale.place(value, 0.0, f64::from(self.scale.steps()));
        // a bound itself is in the class that begins there, however it was rounded
        let class = (place + 1e-9).floor().max(0.0) as usize;
        self.shade_of(class.min(self.count() - 1))
    }

    fn shade_of(self, class: usize) -> usize {
        match (self.count(), class) {
            (1, _) => 2,
            (2, class) => 1 + 2 * class,
            (3, class) => 2 * class,
            (4, class) if class > 1 => class + 1,
            (_, class) => class,
        }
    }

    /// Each class: its shade, and its bounds in words.
    pub(crate) fn legend(self, lang: PictureLang) -> Vec<(usize, String)> {
        let ticks: Vec<f64> = self.scale.ticks().collect();
        let pairs = ticks.iter().zip(ticks.iter().skip(1)).enumerate();
        let decimals = self.scale.decimals();
        let words = pairs.map(|(class, (from, to))| {
            let (from_text, to_text) = (number(*from, decimals, lang), number(*to, decimals, lang));
            let last = class + 1 == self.count() && self.greatest >= *to - self.scale.step * 1e-9;
            let words = match (lang, last) {
                (PictureLang::Nl, false) => format!("{from_text} tot {to_text}"),
                (PictureLang::Nl, true) => format!("{from_text} t/m {to_text}"),
                (PictureLang::En, false) => format!("{from_text} to under {to_text}"),
                (PictureLang::En, true) => format!("{from_text} to {to_text}"),
            };
            (self.shade_of(class), words)
        });
        words.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_in_the_class_that_begins_there_and_the_greatest_in_the_last() {
        let classes = Classes::of([8.0, 22.4]).unwrap();
        assert_eq!(
            classes.legend(PictureLang::Nl),
            [
                (0, "5 tot 10".to_owned()),
                (1, "10 tot 15".into()),
                (3, "15 tot 20".into()),
                (4, "20 tot 25".into())
            ]
        );
        assert_eq!(
            [8.0, 10.0, 14.99, 15.0, 22.4].map(|v| classes.shade(v)),
            [0, 1, 1, 3, 4]
        );
        let whole = Classes::of([0.0, 0.5, 1.0]).unwrap();
        assert_eq!(
            whole.legend(PictureLang::En).last().unwrap().1,
            "0.8 to 1.0"
        );
        assert_eq!([0.2, 0.6, 0.8, 1.0].map(|v| whole.shade(v)), [1, 3, 4, 4]);
    }

    #[test]
    fn one_figure_has_one_class_and_none_has_none() {
        let one = Classes::of([7.0, 7.0]).unwrap();
        assert!(one.count() >= 1 && one.shade(7.0) < 5);
        assert_eq!(Classes::of([f64::NAN]), None);
    }
}
