//! Counts as circles whose area is in proportion: twice as many is twice the area, not twice the width.

use super::Point;
use super::draw::DrawnArea;
use super::shape::inner;
use crate::scale::number;
use crate::svg::{Anchor, Canvas, Look, width};
use crate::{Frame, PictureLayout};

/// How large circles are on one map.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Circles {
    most: f64,
    radius: f64,
}

impl Circles {
    /// Circles for figures up to the greatest, on so many areas.
    pub(super) fn of(frame: &Frame, most: f64, areas: usize) -> Self {
        let (largest, least) = match frame.layout {
            PictureLayout::Narrow => (22.0, 8.0),
            PictureLayout::Wide => (34.0, 12.0),
        };
        let crowd = (areas.max(1) as f64).sqrt() / 3.0;
        let radius = (largest / crowd.max(1.0)).max(least);
        Self { most, radius }
    }

    /// The radius for a figure; nothing for none.
    pub(super) fn radius(&self, value: f64) -> f64 {
        if self.most > 0.0 {
            self.radius * (value.max(0.0) / self.most).sqrt()
        } else {
            0.0
        }
    }

    /// Where the circle of an area lies, and its radius.
    pub(super) fn of_area(&self, area: &DrawnArea<'_>) -> Option<(Point, f64)> {
        let value = area.figure().value()?;
        Some((inner(&area.rings)?, self.radius(value)))
    }

    /// Draws them, the largest first, so that none hides a smaller one.
    pub(super) fn draw(&self, canvas: &mut Canvas, frame: &Frame, areas: &[DrawnArea<'_>]) {
        let circles = areas.iter().filter_map(|area| {
            let (_, known) = area.area?;
            let words = format!("{}: {}", known.name, frame.words(known.figure));
            Some((self.of_area(area)?, words))
        });
        let mut circles: Vec<((Point, f64), String)> = circles.collect();
        circles.sort_by(|a, b| b.0.1.total_cmp(&a.0.1));
        for ((place, radius), words) in circles {
            canvas.open(&words);
            canvas.circle(place, radius);
            canvas.close();
        }
    }
}

/// Two circles of round figures, with what they stand for; gives where they end.
pub(super) fn legend(canvas: &mut Canvas, frame: &Frame, most: f64, areas: usize, top: f64) -> f64 {
    let circles = Circles::of(frame, most, areas);
    let font = frame.layout.font();
    let large = round_down(most);
    if large <= 0.0 {
        return top;
    }
    let middle = top + circles.radius(large) + 2.0;
    let mut x = 4.0;
    for figure in [large, large / 5.0] {
        let radius = circles.radius(figure);
        canvas.circle((x + radius, middle), radius);
        x += radius * 2.0 + 7.0;
        let decimals = if figure < 1.0 {
            frame.decimals.max(1)
        } else {
            0
        };
        let words = number(figure, decimals, frame.lang);
        canvas.text((x, middle), Anchor::Start, Look::Plain, &words);
        x += width(&words, font) + 18.0;
    }
    middle + circles.radius(large).max(font * 0.8) + 6.0
}

/// The greatest 1, 2 or 5 times a power of ten that is not more.
fn round_down(value: f64) -> f64 {
    if !value.is_finite() || value <= 0.0 {
        return 0.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let steps = [5.0, 2.0, 1.0];
    let step = steps
        .into_iter()
        .find(|step| step * power <= value * (1.0 + 1e-9));
    step.unwrap_or(1.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PictureLang;
    use crate::tests::frame;

    #[test]
    fn twice_as_many_has_twice_the_area() {
        let circles = Circles::of(&frame(PictureLang::Nl, PictureLayout::Wide), 800.0, 10);
        let area = |value| circles.radius(value).powi(2);
        assert!((area(800.0) / area(400.0) - 2.0).abs() < 1e-9);
        assert!(circles.radius(0.0).abs() < 1e-9);
    }

    #[test]
    fn the_figures_of_the_legend_are_round_and_not_above_the_greatest() {
        let round = [7_431.0, 1.0, 0.45, 2.0].map(round_down);
        let wanted = [5_000.0, 1.0, 0.2, 2.0];
        assert!(
            round.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9),
            "{round:?}"
        );
        assert!(round_down(0.0).abs() < 1e-9);
    }
}
