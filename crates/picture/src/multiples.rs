//! Small multiples: the same bars for each value of a third dimension, all on one scale so that they can be compared.
//!
//! A protected figure is a hatched block that is as wide whatever it hides.

use crate::bars::BarGroup;
use crate::scale::Scale;
use crate::svg::{Anchor, BlockSize, Canvas, Look, fit, width, wrap};
use crate::{Figure, Frame, PictureLayout};

/// How wide a protected figure is drawn: always the same, so that it says nothing.
const PROTECTED: f64 = 20.0;
/// Between two panels beside each other.
const GAP: f64 = 28.0;

/// Panels of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Multiples {
    /// What every picture has.
    pub frame: Frame,
    /// The names of the series; one may be nameless.
    pub series: Vec<String>,
    /// The panels, in order; the caller shows no more than can be read.
    pub panels: Vec<BarPanel>,
}

/// One panel.
#[derive(Debug, Clone, PartialEq)]
pub struct BarPanel {
    /// Its name.
    pub label: String,
    /// Its groups, in order.
    pub groups: Vec<BarGroup>,
}

/// Where everything goes.
struct PanelPlan {
    font: f64,
    bar: f64,
    /// How wide a panel is.
    wide: f64,
    /// Panels beside each other.
    columns: usize,
    /// How far bars go within a panel.
    right: f64,
    scale: Scale,
}

impl PanelPlan {
    fn of(all: &Multiples) -> Self {
        let layout = all.frame.layout;
        let font = layout.font();
        let columns = match layout {
            PictureLayout::Narrow => 1,
            PictureLayout::Wide => 2,
        };
        let gaps = GAP * (columns - 1) as f64;
        let wide = (layout.width() - 8.0 - gaps) / columns as f64;
        let groups = all.panels.iter().flat_map(|panel| &panel.groups);
        let figures = || groups.clone().flat_map(|group| &group.figures);
        let values = figures().filter_map(|figure| figure.value());
        let said = figures().map(|figure| width(&all.frame.words(*figure), font));
        let room = said.fold(0.0, f64::max) + 10.0;
        let scale = Scale::around(values.chain([0.0]), 3);
        // words without a figure begin at zero, after the hatched block
        let share = scale.place(0.0, 0.0, 1.0);
        let last = (wide - PROTECTED - room) / share.max(1e-9);
        let right = (wide - room.min(wide * 0.45)).min(last);
        Self {
            font,
            bar: font * 1.35,
            wide,
            columns,
            right: right.max(wide * 0.2),
            scale,
        }
    }

    /// How high a group is.
    fn group(&self, group: &BarGroup) -> f64 {
        self.font * 1.9 + group.figures.len().max(1) as f64 * self.bar
    }

    /// How high a panel is.
    fn panel(&self, panel: &BarPanel) -> f64 {
        let groups: f64 = panel.groups.iter().map(|group| self.group(group)).sum();
        self.font * 3.4 + groups
    }
}

/// Draws the panels.
///
/// A whole `<svg>`, in units of its own; figures are in the unit of the frame's axis.
///
/// ```
/// use zwerm_picture::bars::BarGroup;
/// use zwerm_picture::multiples::{self, BarPanel, Multiples};
/// use zwerm_picture::{Figure, Frame, PictureLang, PictureLayout};
/// let frame = Frame {
///     id: "homes".into(),
///     title: "Homes per district and kind".into(),
///     description: "Two kinds".into(),
///     axis: "homes".into(),
///     decimals: 0,
///     lang: PictureLang::En,
///     layout: PictureLayout::Wide,
/// };
/// let panel = |label: &str, figure| BarPanel {
///     label: label.into(),
///     groups: vec![BarGroup { label: "North".into(), figures: vec![figure] }],
/// };
/// let panels = vec![panel("Flats", Figure::Value(1250.0)), panel("Houses", Figure::Protected)];
/// let svg = multiples::svg(&Multiples { frame, series: vec![String::new()], panels });
/// assert!(svg.starts_with("<svg") && svg.contains("1,250") && svg.contains("protected"));
/// ```
pub fn svg(all: &Multiples) -> String {
    let frame = &all.frame;
    let plan = PanelPlan::of(all);
    let mut canvas = Canvas::new(frame);
    let mut y = key(&mut canvas, all, &plan);
    for row in all.panels.chunks(plan.columns) {
        for (place, panel) in row.iter().enumerate() {
            let x = 4.0 + place as f64 * (plan.wide + GAP);
            draw_panel(&mut canvas, frame, &plan, panel, (x, y));
        }
        let heights = row.iter().map(|panel| plan.panel(panel));
        y += heights.fold(0.0, f64::max);
    }
    for words in wrap(&frame.axis, frame.layout.width() - 8.0, 3, plan.font) {
        canvas.text((4.0, y), Anchor::Start, Look::Plain, &words);
        y += plan.font * 1.3;
    }
    canvas.finish(frame, "bars", y)
}

/// The names of the series with their colours; their order is that of the bars.
fn key(canvas: &mut Canvas, all: &Multiples, plan: &PanelPlan) -> f64 {
    if all.series.len() < 2 {
        return plan.font;
    }
    let (font, room) = (plan.font, all.frame.layout.width());
    let (mut x, mut y) = (4.0, font);
    for (number, name) in all.series.iter().enumerate() {
        let name = fit(name, room - font - 16.0, font);
        let wide = font + 7.0 + width(&name, font) + 18.0;
        if x > 4.0 && x + wide > room {
            (x, y) = (4.0, y + font * 1.5);
        }
        let size = BlockSize {
            width: font,
            height: font,
        };
        canvas.bar(number, (x, y - font / 2.0), size);
        canvas.text((x + font + 6.0, y), Anchor::Start, Look::Plain, &name);
        x += wide;
    }
    y + font * 1.8
}

fn draw_panel(
    canvas: &mut Canvas,
    frame: &Frame,
    plan: &PanelPlan,
    panel: &BarPanel,
    (left, top): (f64, f64),
) {
    let font = plan.font;
    let label = fit(&panel.label, plan.wide / 1.1, font * 1.1);
    canvas.text_of(
        font * 1.1,
        (left, top + font * 0.6),
        Anchor::Start,
        Look::Strong,
        &label,
    );
    let mut y = top + font * 1.9;
    for group in &panel.groups {
        let name = fit(&group.label, plan.wide, font);
        canvas.text((left, y + font * 0.6), Anchor::Start, Look::Plain, &name);
        let from = y + font * 1.3;
        let to = y + plan.group(group) - font * 0.4;
        for (series, figure) in group.figures.iter().enumerate() {
            let words = frame.words(*figure);
            canvas.open(&format!("{}, {}: {words}", panel.label, group.label));
            let at = (left, from + series as f64 * plan.bar);
            draw_bar(canvas, plan, series, *figure, at, &words);
            canvas.close();
        }
        let zero = left + plan.scale.place(0.0, 0.0, plan.right);
        canvas.axis((zero, from), (zero, to));
        y += plan.group(group);
    }
}

fn draw_bar(
    canvas: &mut Canvas,
    plan: &PanelPlan,
    series: usize,
    figure: Figure,
    (left, top): (f64, f64),
    words: &str,
) {
    let place = |value: f64| left + plan.scale.place(value, 0.0, plan.right);
    let zero = place(0.0);
    let height = plan.bar - 3.0;
    let end = match (figure.value(), figure) {
        (Some(value), _) => {
            let (from, to) = (place(value).min(zero), place(value).max(zero));
            // a real zero is a line, so that it can be told from what is not there
            let width = (to - from).max(2.0);
            canvas.bar(series, (from, top + 1.5), BlockSize { width, height });
            from + width
        }
        (None, Figure::Protected) => {
            let size = BlockSize {
                width: PROTECTED,
                height,
            };
            canvas.protected((zero, top + 1.5), size);
            zero + PROTECTED
        }
        (None, _) => zero,
    };
    let middle = top + plan.bar / 2.0;
    let room = left + plan.wide - end - 6.0;
    let words = fit(words, room, plan.font);
    canvas.text((end + 6.0, middle), Anchor::Start, Look::Plain, &words);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PictureLang;
    use crate::tests::{check, frame};

    fn multiples(layout: PictureLayout, figures: [Figure; 2]) -> Multiples {
        let group = |figure| BarGroup {
            label: "Noord".into(),
            figures: vec![figure, Figure::Value(12.0)],
        };
        let panels = figures.map(|figure| BarPanel {
            label: "Paar <zonder> kinderen".into(),
            groups: vec![group(figure)],
        });
        Multiples {
            frame: frame(PictureLang::Nl, layout),
            series: vec!["boven".into(), "onder".into()],
            panels: panels.into(),
        }
    }

    #[test]
    fn panels_are_well_formed_in_both_layouts() {
        for layout in [PictureLayout::Narrow, PictureLayout::Wide] {
            let svg = svg(&multiples(layout, [Figure::Value(-3.5), Figure::Missing]));
            check(&svg);
            assert!(
                svg.contains("\u{2212}3,5") && svg.contains("geen cijfer"),
                "{svg}"
            );
            assert!(svg.contains("&lt;zonder&gt;"));
        }
    }

    #[test]
    fn what_is_protected_is_as_wide_whatever_stands_beside_it() {
        let widths = |most: f64| {
            let svg = svg(&multiples(
                PictureLayout::Wide,
                [Figure::Protected, Figure::Value(most)],
            ));
            let blocks = svg.split("zwerm-picture__protected").skip(1);
            let width = |block: &str| {
                block
                    .split("width=\"")
                    .nth(1)?
                    .split('"')
                    .next()
                    .map(str::to_owned)
            };
            blocks.filter_map(width).collect::<Vec<_>>()
        };
        assert_eq!(widths(10.0), ["20"]);
        assert_eq!(widths(10_000.0), ["20"]);
    }

    #[test]
    fn all_panels_have_one_scale() {
        let svg = svg(&multiples(
            PictureLayout::Narrow,
            [Figure::Value(24.0), Figure::Value(12.0)],
        ));
        let bars = svg.split("zwerm-picture__mark--1\"").skip(2);
        let width = |bar: &str| {
            bar.split("width=\"")
                .nth(1)?
                .split('"')
                .next()?
                .parse::<f64>()
                .ok()
        };
        let widths: Vec<f64> = bars.filter_map(width).collect();
        assert!((widths[0] / widths[1] - 2.0).abs() < 0.02, "{widths:?}");
    }
}
