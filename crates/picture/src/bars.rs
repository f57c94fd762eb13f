//! Horizontal bars, in the order that they come in: groups such as wijken, with one or several series in each.

use crate::scale::{Scale, number};
use crate::svg::{Anchor, BlockSize, Canvas, Look, fit, width, wrap};
use crate::{Figure, Frame, PictureLayout};

/// How long a protected bar is drawn: always the same, so that it says nothing.
const PROTECTED: f64 = 44.0;

/// A picture of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// What every picture has.
    pub frame: Frame,
    /// The names of the series; one may be nameless.
    pub series: Vec<String>,
    /// The groups, in order; the caller shows no more than can be read.
    pub groups: Vec<BarGroup>,
}

/// One group of bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarGroup {
    /// Its name.
    pub label: String,
    /// A figure per series.
    pub figures: Vec<Figure>,
}

/// Where everything goes.
struct BarsPlan {
    font: f64,
    whole: f64,
    bar: f64,
    left: f64,
    zero: f64,
    right: f64,
    labels: f64,
    scale: Scale,
}

impl BarsPlan {
    fn of(bars: &Bars) -> Self {
        let layout = bars.frame.layout;
        let font = layout.font();
        let figures = || bars.groups.iter().flat_map(|group| &group.figures);
        let values = figures().filter_map(|figure| figure.value());
        let most = if layout == PictureLayout::Narrow {
            4
        } else {
            6
        };
        let scale = Scale::around(values.chain([0.0]), most);
        let labels = match layout {
            PictureLayout::Narrow => 0.0,
            PictureLayout::Wide => {
                let names = bars.groups.iter().map(|group| width(&group.label, font));
                names.fold(60.0, f64::max).min(240.0)
            }
        };
        let left = 5.0 + labels + if labels > 0.0 { 15.0 } else { 0.0 };
        let (left, right) = between(bars, scale, left);
        let zero = scale.place(0.0, left, right);
        let bar = font * 1.35;
        Self {
            font,
            whole: layout.width(),
            bar,
            left,
            zero,
            right,
            labels,
            scale,
        }
    }

    fn x(&self, value: f64) -> f64 {
        self.scale.place(value, self.left, self.right)
    }

    /// How high a group is, and how much of that its label takes.
    fn group(&self, bars: &Bars, group: &BarGroup) -> (f64, f64) {
        let drawn = group.figures.len().max(1) as f64 * self.bar;
        let above = match bars.frame.layout {
            PictureLayout::Narrow => self.font * 1.4,
            PictureLayout::Wide => 0.0,
        };
        // a name in two lines needs as much, also beside one bar
        let least = if self.labels > 0.0 {
            self.font * 2.5
        } else {
            0.0
        };
        (above + drawn.max(least) + self.font * 0.7, above)
    }
}

/// From where to where bars are drawn, so that the words beside them fit.
fn between(bars: &Bars, scale: Scale, left: f64) -> (f64, f64) {
    let (font, whole) = (bars.frame.layout.font(), bars.frame.layout.width());
    let (mut below, mut above, mut from_zero) = (0.0, 0.0, 0.0);
    for (figure, words) in bars.groups.iter().flat_map(|group| said(bars, group)) {
        let wide = width(&words, font) + 10.0;
        let room: &mut f64 = match figure.value() {
            Some(value) if value < 0.0 => &mut below,
            Some(_) => &mut above,
            None => &mut from_zero,
        };
        *room = room.max(wide);
    }
    // longer words are cut off
    let most = whole * if below > 0.0 { 0.3 } else { 0.5 };
    let left = left + f64::min(below, most);
    let right = whole - 4.0 - f64::max(f64::min(above, most), 8.0);
    // words without a figure begin at zero, after the hatched block
    let share = scale.place(0.0, 0.0, 1.0);
    let last = (whole - 4.0 - PROTECTED - from_zero - left * (1.0 - share)) / share.max(1e-9);
    (left, right.min(last).max(left + whole * 0.2))
}

/// Draws the bars.
///
/// A whole `<svg>`, in units of its own; figures are in the unit of the frame's axis.
///
/// ```
/// use zwerm_picture::bars::{self, Bars, BarGroup};
/// use zwerm_picture::{Figure, Frame, PictureLang, PictureLayout};
/// let frame = Frame {
///     id: "homes".into(),
///     title: "Homes per district".into(),
///     description: "Two districts, one of them protected".into(),
///     axis: "homes".into(),
///     decimals: 0,
///     lang: PictureLang::En,
///     layout: PictureLayout::Wide,
/// };
/// let group = |label: &str, figure| BarGroup { label: label.into(), figures: vec![figure] };
/// let groups = vec![group("North", Figure::Value(1250.0)), group("South", Figure::Protected)];
/// let svg = bars::svg(&Bars { frame, series: vec![String::new()], groups });
/// assert!(svg.starts_with("<svg") && svg.contains("1,250") && svg.contains("protected"));
/// ```
pub fn svg(bars: &Bars) -> String {
    let frame = &bars.frame;
    let plan = BarsPlan::of(bars);
    let mut canvas = Canvas::new(frame);
    let top = key(&mut canvas, bars, &plan);
    let heights: Vec<(f64, f64)> = bars.groups.iter().map(|g| plan.group(bars, g)).collect();
    let bottom = top + heights.iter().map(|(height, _)| height).sum::<f64>();
    let decimals = plan.scale.decimals();
    for tick in plan.scale.ticks() {
        let x = plan.x(tick);
        let words = number(tick, decimals, frame.lang);
        canvas.text(
            (x, bottom + plan.font * 0.8),
            Anchor::Middle,
            Look::Soft,
            &words,
        );
    }
    let mut y = top;
    for (group, (height, above)) in bars.groups.iter().zip(heights) {
        draw_group(&mut canvas, bars, group, &plan, (y, height, above));
        y += height;
    }
    let mut y = bottom + plan.font * 2.2;
    let room = match frame.layout {
        PictureLayout::Narrow => frame.layout.width() - 8.0,
        PictureLayout::Wide => frame.layout.width() - plan.left - 4.0,
    };
    for words in wrap(&frame.axis, room, 3, plan.font) {
        let x = match frame.layout {
            PictureLayout::Narrow => 4.0,
            PictureLayout::Wide => plan.left,
        };
        canvas.text((x, y), Anchor::Start, Look::Plain, &words);
        y += plan.font * 1.3;
    }
    canvas.finish(frame, "bars", y - plan.font * 0.3)
}

/// The names of the series with their colours; their order is that of the bars.
fn key(canvas: &mut Canvas, bars: &Bars, plan: &BarsPlan) -> f64 {
    if bars.series.len() < 2 {
        return plan.font * 0.5;
    }
    let (font, room) = (plan.font, bars.frame.layout.width());
    let (mut x, mut y) = (4.0, font);
    for (number, name) in bars.series.iter().enumerate() {
        let name = fit(name, room - font - 16.0, font);
        let wide = font + 7.0 + width(&name, font) + 18.0;
        if x > 4.0 && x + wide > room {
            (x, y) = (4.0, y + font * 1.5);
        }
        canvas.bar(
            number,
            (x, y - font / 2.0),
            BlockSize {
                width: font,
                height: font,
            },
        );
        canvas.text((x + font + 6.0, y), Anchor::Start, Look::Plain, &name);
        x += wide;
    }
    y + font * 1.2
}

fn draw_group(
    canvas: &mut Canvas,
    bars: &Bars,
    group: &BarGroup,
    plan: &BarsPlan,
    (top, height, above): (f64, f64, f64),
) {
    let font = plan.font;
    // not through the label above
    let (from, to) = (top + above, top + height);
    for tick in plan.scale.ticks() {
        canvas.grid((plan.x(tick), from), (plan.x(tick), to));
    }
    if above > 0.0 {
        // in bold, which is wider
        let label = fit(&group.label, (bars.frame.layout.width() - 8.0) / 1.1, font);
        canvas.text(
            (4.0, top + above / 2.0),
            Anchor::Start,
            Look::Strong,
            &label,
        );
    } else {
        let lines = wrap(&group.label, plan.labels, 2, font);
        let middle = top + height / 2.0;
        let first = middle - (lines.len().saturating_sub(1)) as f64 * font * 0.6;
        for (number, line) in lines.iter().enumerate() {
            let y = first + number as f64 * font * 1.2;
            canvas.text((8.0 + plan.labels, y), Anchor::End, Look::Plain, line);
        }
    }
    let drawn = group.figures.len() as f64 * plan.bar;
    let mut y = top + above + (height - above - drawn) / 2.0;
    for (series, (figure, words)) in said(bars, group).into_iter().enumerate() {
        canvas.open(&format!("{}: {words}", group.label));
        draw_bar(canvas, plan, series, figure, y, &words);
        canvas.close();
        y += plan.bar;
    }
    canvas.axis((plan.zero, from), (plan.zero, to));
}

fn draw_bar(
    canvas: &mut Canvas,
    plan: &BarsPlan,
    series: usize,
    figure: Figure,
    y: f64,
    words: &str,
) {
    let (inset, high) = (y + 1.5, plan.bar - 3.0);
    let middle = y + plan.bar / 2.0;
    let end = match (figure.value(), figure) {
        (Some(value), _) => {
            let x = plan.x(value);
            let (from, to) = (x.min(plan.zero), x.max(plan.zero));
            // a real zero is a line, so that it can be told from what is not there
            let thin = (to - from).max(2.0);
            canvas.bar(
                series,
                (from, inset),
                BlockSize {
                    width: thin,
                    height: high,
                },
            );
            if value < 0.0 {
                let words = fit(words, from - plan.labels - 14.0, plan.font);
                canvas.text((from - 6.0, middle), Anchor::End, Look::Plain, &words);
                return;
            }
            from + thin
        }
        (None, Figure::Protected) => {
            canvas.protected(
                (plan.zero, inset),
                BlockSize {
                    width: PROTECTED,
                    height: high,
                },
            );
            plan.zero + PROTECTED
        }
        (None, _) => plan.zero,
    };
    let room = plan.whole - end - 8.0;
    canvas.text(
        (end + 6.0, middle),
        Anchor::Start,
        Look::Plain,
        &fit(words, room, plan.font),
    );
}

/// What stands at each bar: its figure, with its series where there are several.
fn said(bars: &Bars, group: &BarGroup) -> Vec<(Figure, String)> {
    let several = bars.series.len() > 1;
    let words = group.figures.iter().enumerate().map(|(series, figure)| {
        let words = bars.frame.words(*figure);
        let name = bars.series.get(series).filter(|_| several);
        (
            *figure,
            name.map_or_else(|| words.clone(), |name| format!("{words} {name}")),
        )
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use crate::PictureLang;

    use super::*;
    use crate::tests::check;
    use crate::tests::frame;

    fn bars(layout: PictureLayout, figures: &[&[Figure]]) -> Bars {
        let names = [
            "Binnenstad-Zuid",
            "Bos & Gasthuis <district>",
            "Noord",
            "Mors",
        ];
        let group = |(figures, name): (&&[Figure], &str)| BarGroup {
            label: name.into(),
            figures: figures.to_vec(),
        };
        let count = figures.first().map_or(0, |figures| figures.len());
        Bars {
            frame: frame(PictureLang::Nl, layout),
            series: ["ja", "nee"]
                .iter()
                .take(count)
                .map(|&name| name.into())
                .collect(),
            groups: figures.iter().zip(names).map(group).collect(),
        }
    }

    #[test]
    fn what_is_protected_is_hatched_and_named_and_a_zero_is_a_line() {
        use Figure::{Missing, Protected, Value};
        for layout in [PictureLayout::Narrow, PictureLayout::Wide] {
            let svg = svg(&bars(
                layout,
                &[&[Value(0.0)], &[Protected], &[Value(1250.5)], &[Missing]],
            ));
            check(&svg);
            assert_eq!(svg.matches("zwerm-picture__protected").count(), 1);
            assert!(svg.contains(">afgeschermd</text>"));
            assert!(svg.contains(">geen cijfer</text>"));
            assert!(svg.contains(">1.250,5</text>"));
            assert!(svg.contains(">0,0</text>") && svg.contains(r#"width="2" "#));
            assert!(svg.contains("Bos &amp; Gasthuis"));
            assert_eq!(svg.matches("zwerm-picture__mark--1").count(), 2);
        }
    }

    #[test]
    fn a_protected_bar_is_as_long_whatever_is_beside_it() {
        let width = |other: f64| {
            let figures = [[Figure::Protected].as_slice(), &[Figure::Value(other)]];
            let svg = svg(&bars(PictureLayout::Wide, &figures));
            let at = svg.find("zwerm-picture__protected").unwrap();
            svg[at..]
                .split("width=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(width(1.0), width(1e9));
        assert_eq!(width(1.0), "44");
    }

    #[test]
    fn bars_below_zero_lie_on_the_other_side_and_series_are_named() {
        use Figure::Value;
        let svg = svg(&bars(
            PictureLayout::Narrow,
            &[&[Value(-3.0), Value(4.0)], &[Value(f64::NAN), None.into()]],
        ));
        check(&svg);
        assert!(svg.contains(">\u{2212}3,0 ja</text>"));
        assert!(svg.contains(">4,0 nee</text>"));
        assert!(svg.contains(">afgeschermd nee</text>"));
    }

    #[test]
    fn order_is_kept_and_nothing_at_all_can_be_drawn() {
        let svg_of = svg(&bars(
            PictureLayout::Wide,
            &[&[Figure::Value(1.0)], &[Figure::Value(9.0)]],
        ));
        assert!(svg_of.find("Binnenstad-Zuid").unwrap() < svg_of.find("Bos &amp;").unwrap());
        check(&svg(&bars(PictureLayout::Wide, &[])));
    }
}
