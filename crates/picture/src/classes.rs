//! At most five classes of equal width with round bounds, and the words for them.
//!
//! Equal widths, not equal numbers of areas: two areas that are nearly the same are then never made to look far apart.

use crate::scale::{Scale, number};
use crate::{Frame, PictureLang};

/// What part of the greatest figure the differences on a map must be, or they are said to be small.
const SMALL: f64 = 0.05;

/// The classes of some figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Classes {
    scale: Scale,
    greatest: f64,
}

impl Classes {
    fn in_steps(values: impl IntoIterator<Item = f64>, most: u32) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().filter(|v| v.is_finite()).collect();
        let greatest = values.iter().copied().reduce(f64::max)?;
        let scale = Scale::around(values, most);
        Some(Self { scale, greatest })
    }

    /// Classes for these figures; `None` without any. Only one where the differences are small, since shades would make
    /// them large.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let values: Vec<f64> = values.into_iter().collect();
        let most = if small(&values).is_some() { 1 } else { 5 };
        Self::in_steps(values, most)
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

/// The least and the greatest of two figures or more, where these lie close together.
fn small(values: &[f64]) -> Option<(f64, f64)> {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let (least, greatest) = (finite().reduce(f64::min)?, finite().reduce(f64::max)?);
    let room = SMALL * least.abs().max(greatest.abs());
    (finite().count() > 1 && greatest - least <= room).then_some((least, greatest))
}

/// Says that the differences are small, and from where to where they go.
pub(crate) fn small_range(frame: &Frame, values: impl IntoIterator<Item = f64>) -> Option<String> {
    let values: Vec<f64> = values.into_iter().collect();
    let (least, greatest) = small(&values)?;
    let (from, to) = (frame.number(least), frame.number(greatest));
    Some(match frame.lang {
        PictureLang::Nl if from == to => format!("Er is geen verschil: overal {from}."),
        PictureLang::En if from == to => format!("There is no difference: {from} everywhere."),
        PictureLang::Nl => format!("De verschillen zijn klein: van {from} tot {to}."),
        PictureLang::En => format!("The differences are small: from {from} to {to}."),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PictureLayout;
    use crate::tests::frame;

    #[test]
    fn small_differences_have_one_shade_and_are_said() {
        let rents = [499.0, 507.5, 514.0];
        let classes = Classes::of(rents).unwrap();
        assert_eq!(classes.count(), 1);
        assert_eq!(
            classes.legend(PictureLang::Nl),
            [(2, "400 tot 600".to_owned())]
        );
        let (mut nl, mut en) = (
            frame(PictureLang::Nl, PictureLayout::Wide),
            frame(PictureLang::En, PictureLayout::Wide),
        );
        (nl.decimals, en.decimals) = (0, 0);
        let said = small_range(&nl, rents).unwrap();
        assert_eq!(said, "De verschillen zijn klein: van 499 tot 514.");
        let said = small_range(&en, [7.0, 7.0]).unwrap();
        assert_eq!(said, "There is no difference: 7 everywhere.");
        assert_eq!(small_range(&nl, [12.7, 21.7]), None);
        assert_eq!(small_range(&nl, [-1.0, 1.0]), None);
        assert_eq!(small_range(&nl, [5.0]), None);
        assert!(Classes::of([12.7, 21.7]).unwrap().count() > 1);
    }

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
