//! An indicator over time: a line per series with a marker of its own, gaps where there is no figure, and names at the ends.

use crate::scale::{Scale, number};
use crate::svg::{Anchor, BlockSize, Canvas, Look, fit, width, wrap};
use crate::{Figure, Frame, PictureLayout};

/// A picture of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// What every picture has.
    pub frame: Frame,
    /// The periods, from old to new; years lie as far apart as they are, anything else evenly.
    pub periods: Vec<String>,
    /// The series, in order.
    pub series: Vec<Series>,
    /// Whether the axis begins near the least figure in place of zero, which the picture then says.
    pub cut_axis: bool,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// A figure per period.
    pub figures: Vec<Figure>,
}

/// From the last period to the words at the ends of lines.
const END: f64 = 26.0;

/// Where everything goes.
struct LinesPlan {
    font: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    scale: Scale,
    places: Vec<f64>,
    /// Whether names are too long for the ends of lines, and stand below.
    key: bool,
}

impl LinesPlan {
    fn of(lines: &Lines, top: f64) -> Self {
        let layout = lines.frame.layout;
        let font = layout.font();
        let values = lines.series.iter().flat_map(|series| &series.figures);
        let values = values.filter_map(|figure| figure.value());
        let zero = if lines.cut_axis { None } else { Some(0.0) };
        let scale = Scale::around(values.chain(zero), 5);
        let ticks = scale
            .ticks()
            .map(|tick| number(tick, scale.decimals(), lines.frame.lang));
        let left = ticks.map(|tick| width(&tick, font)).fold(0.0, f64::max) + 18.0;
        let (margin, high) = match layout {
            PictureLayout::Narrow => (124.0, 200.0),
            PictureLayout::Wide => (240.0, 300.0),
        };
        let cut = |series: &Series| {
            let name = wrap(&series.name, margin - END - 2.0, 2, font);
            name.iter().any(|line| line.ends_with('\u{2026}'))
        };
        let key = lines.series.iter().any(cut);
        let right = layout.width() - if key { END + font * 4.5 } else { margin };
        let places = places(&lines.periods, left + 8.0, right);
        let bottom = top + high;
        Self {
            font,
            left,
            right,
            top,
            bottom,
            scale,
            places,
            key,
        }
    }

    fn y(&self, value: f64) -> f64 {
        self.scale.place(value, self.bottom, self.top)
    }
}

/// Draws the lines.
///
/// A whole `<svg>`, in units of its own; figures are in the unit of the frame's axis.
///
/// ```
/// use zwerm_picture::line::{self, Lines, Series};
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
/// let series = Series {
///     name: "North".into(),
///     figures: vec![Figure::Value(1200.0), Figure::Missing, Figure::Value(1250.0)],
/// };
/// let periods = ["2022", "2023", "2024"].map(String::from).to_vec();
/// let svg = line::svg(&Lines { frame, periods, series: vec![series], cut_axis: true });
/// assert!(svg.contains("2024") && svg.contains("The axis does not begin at 0."));
/// ```
pub fn svg(lines: &Lines) -> String {
    let frame = &lines.frame;
    let mut canvas = Canvas::new(frame);
    let font = frame.layout.font();
    let mut y = font * 0.8;
    for words in wrap(&frame.axis, frame.layout.width() - 8.0, 3, font) {
        canvas.text((4.0, y), Anchor::Start, Look::Plain, &words);
        y += font * 1.3;
    }
    let plan = LinesPlan::of(lines, y + font * 0.4);
    axes(&mut canvas, lines, &plan);
    for (number, series) in lines.series.iter().enumerate() {
        draw_series(&mut canvas, frame, &plan, number, (series, &lines.periods));
    }
    let ends = ends(&mut canvas, lines, &plan);
    let below = ends.max(plan.bottom + font * 2.2);
    let below = if plan.key {
        key(&mut canvas, lines, below)
    } else {
        below
    };
    let height = notes(&mut canvas, lines, &plan, below);
    canvas.finish(frame, "line", height)
}

/// Where the periods lie: by their year when all are years.
fn places(periods: &[String], start: f64, end: f64) -> Vec<f64> {
    let is_year = |period: &String| period.len() == 4 && period.bytes().all(|b| b.is_ascii_digit());
    let years = periods
        .iter()
        .map(|period| period.parse::<f64>().ok().filter(|_| is_year(period)));
    let years: Option<Vec<f64>> = years.collect();
    let evenly = || (0..periods.len()).map(|place| place as f64).collect();
    let at: Vec<f64> = years.unwrap_or_else(evenly);
    let first = at.iter().copied().fold(f64::INFINITY, f64::min);
    let last = at.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let along = |at: f64| {
        if last > first {
            (at - first) / (last - first)
        } else {
            0.5
        }
    };
    at.into_iter()
        .map(|at| start + along(at) * (end - start))
        .collect()
}

fn axes(canvas: &mut Canvas, lines: &Lines, plan: &LinesPlan) {
    let (font, lang) = (plan.font, lines.frame.lang);
    for tick in plan.scale.ticks() {
        let y = plan.y(tick);
        canvas.grid((plan.left, y), (plan.right + 6.0, y));
        let words = number(tick, plan.scale.decimals(), lang);
        canvas.text((plan.left - 8.0, y), Anchor::End, Look::Soft, &words);
    }
    let base = if plan.scale.from < 0.0 && plan.scale.to > 0.0 {
        0.0
    } else {
        plan.scale.from
    };
    canvas.axis((plan.left, plan.y(base)), (plan.right + 6.0, plan.y(base)));
    let every = stride(lines, plan);
    let count = plan.places.len();
    for (number, (x, period)) in plan.places.iter().zip(&lines.periods).enumerate() {
        canvas.axis((*x, plan.bottom), (*x, plan.bottom + 5.0));
        if (count - 1 - number).is_multiple_of(every) {
            canvas.text((*x, plan.bottom + font), Anchor::Middle, Look::Soft, period);
        }
    }
}

/// Every how many periods one is named, counted back from the last, so that names do not run into one another.
fn stride(lines: &Lines, plan: &LinesPlan) -> usize {
    let named: Vec<(f64, f64)> = plan
        .places
        .iter()
        .zip(&lines.periods)
        .map(|(x, period)| (*x, width(period, plan.font) + 8.0))
        .rev()
        .collect();
    let fits = |every: &usize| {
        let some: Vec<&(f64, f64)> = named.iter().step_by(*every).collect();
        let mut pairs = some.iter().zip(some.iter().skip(1));
        pairs.all(|((x, wide), (before, its))| x - before >= f64::midpoint(*wide, *its))
    };
    (1..=named.len()).find(fits).unwrap_or(1)
}

fn draw_series(
    canvas: &mut Canvas,
    frame: &Frame,
    plan: &LinesPlan,
    number: usize,
    (series, periods): (&Series, &[String]),
) {
    let points = plan.places.iter().zip(&series.figures);
    let points: Vec<Option<(f64, f64)>> = points
        .map(|(x, figure)| Some((*x, plan.y(figure.value()?))))
        .collect();
    for run in points.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().copied().flatten().collect();
        if run.len() > 1 {
            canvas.stroke(number, &run);
        }
    }
    for ((point, figure), period) in points.iter().zip(&series.figures).zip(periods) {
        if let Some(point) = point {
            canvas.open(&format!(
                "{}, {period}: {}",
                series.name,
                frame.words(*figure)
            ));
            canvas.marker(number, *point);
            canvas.close();
        }
    }
}

/// A name at the end of its line.
struct End {
    number: usize,
    from: (f64, f64),
    y: f64,
    lines: Vec<String>,
}

impl End {
    /// The end of a series, with its name where there is no key, and its last figure; none without figures.
    fn of(
        number: usize,
        series: &Series,
        lines: &Lines,
        plan: &LinesPlan,
        room: f64,
    ) -> Option<Self> {
        let font = plan.font;
        let drawn = plan.places.iter().zip(&lines.periods).zip(&series.figures);
        let (x, period, value) = drawn
            .filter_map(|((x, period), figure)| Some((*x, period, figure.value()?)))
            .next_back()?;
        let mut words = if plan.key {
            Vec::new()
        } else {
            wrap(&series.name, room, 2, font)
        };
        let mut figure = lines.frame.number(value);
        if lines.periods.last() != Some(period) {
            // the newest figure of this line is no figure of the newest period
            figure.push_str(&format!(" ({period})"));
        }
        match words.last_mut() {
            Some(line) if width(&format!("{line} {figure}"), font) <= room => {
                line.push(' ');
                line.push_str(&figure);
            }
            _ => words.push(fit(&figure, room, font)),
        }
        let from = (x, plan.y(value));
        Some(Self {
            number,
            from,
            y: from.1,
            lines: words,
        })
    }
}

/// Writes each name at the end of its line, moved apart where they would run into one another.
fn ends(canvas: &mut Canvas, lines: &Lines, plan: &LinesPlan) -> f64 {
    let (font, start) = (plan.font, plan.right + END);
    let room = lines.frame.layout.width() - start - 2.0;
    let series = lines.series.iter().enumerate();
    let mut all: Vec<End> = series
        .filter_map(|(number, series)| End::of(number, series, lines, plan, room))
        .collect();
    let lowest = spread(&mut all, plan);
    for end in &all {
        let top = end.y - (end.lines.len().saturating_sub(1)) as f64 * font * 0.6;
        let is_apart = (end.y - end.from.1).abs() > 1.0 || end.from.0 < plan.right - 1.0;
        if is_apart || plan.key {
            // the marker once more, where the name is not beside the end of its line
            canvas.grid((end.from.0 + 8.0, end.from.1), (start - 16.0, end.y));
            canvas.marker(end.number, (start - 9.0, end.y));
        }
        for (place, line) in end.lines.iter().enumerate() {
            let y = top + place as f64 * font * 1.2;
            canvas.text((start, y), Anchor::Start, Look::Plain, line);
        }
    }
    lowest + font
}

/// Moves names apart, from the highest down and then back up, and gives how low the lowest reaches.
fn spread(all: &mut [End], plan: &LinesPlan) -> f64 {
    let half = |end: &End| end.lines.len() as f64 * plan.font * 0.6 + 2.0;
    all.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.number.cmp(&b.number)));
    let mut free = f64::NEG_INFINITY;
    for end in all.iter_mut() {
        end.y = end.y.max(free + half(end));
        free = end.y + half(end);
    }
    let mut limit = plan.bottom + plan.font;
    for end in all.iter_mut().rev() {
        let above = end.y.min(limit - half(end));
        // not above the picture: rather below it
        end.y = above.max(half(end)).min(end.y);
        limit = end.y - half(end);
    }
    all.last().map_or(0.0, |end| end.y + half(end))
}

/// The names with their markers, below.
fn key(canvas: &mut Canvas, lines: &Lines, top: f64) -> f64 {
    let (font, room) = (lines.frame.layout.font(), lines.frame.layout.width());
    let mut y = top + font * 0.5;
    for (number, series) in lines.series.iter().enumerate() {
        canvas.marker(number, (12.0, y));
        for line in wrap(&series.name, room - 30.0, 2, font) {
            canvas.text((26.0, y), Anchor::Start, Look::Plain, &line);
            y += font * 1.25;
        }
        y += font * 0.2;
    }
    y - font * 0.3
}

/// Says below that the axis does not begin at zero, and which series have protected figures in which periods: a gap
/// alone would not say why.
fn notes(canvas: &mut Canvas, lines: &Lines, plan: &LinesPlan, top: f64) -> f64 {
    let (frame, font) = (&lines.frame, lines.frame.layout.font());
    let mut y = top + font * 0.6;
    if plan.scale.from > 0.0 || plan.scale.to < 0.0 {
        let words = frame
            .lang
            .pick("De as begint niet bij 0.", "The axis does not begin at 0.");
        canvas.text((4.0, y), Anchor::Start, Look::Strong, words);
        y += font * 1.5;
    }
    for series in &lines.series {
        let figures = lines.periods.iter().zip(&series.figures);
        let hidden = figures.filter(|(_, figure)| **figure == Figure::Protected);
        let periods: Vec<&str> = hidden.map(|(period, _)| period.as_str()).collect();
        if periods.is_empty() {
            continue;
        }
        canvas.protected(
            (4.0, y - font * 0.5),
            BlockSize {
                width: font * 1.6,
                height: font,
            },
        );
        let words = format!(
            "{} {}: {}",
            series.name,
            periods.join(", "),
            frame.protected()
        );
        for line in wrap(&words, frame.layout.width() - font * 2.0 - 12.0, 3, font) {
            canvas.text((font * 2.0 + 4.0, y), Anchor::Start, Look::Plain, &line);
            y += font * 1.3;
        }
        y += font * 0.2;
    }
    y - font * 0.2
}

#[cfg(test)]
mod tests {
    use crate::PictureLang;

    use super::*;
    use crate::tests::check;
    use crate::tests::frame;

    fn lines(layout: PictureLayout, periods: &[&str], series: &[&[Option<f64>]]) -> Lines {
        let names = ["Leiden", "Nederland & <meer>", "Zuid-Holland"];
        let one = |(figures, name): (&&[Option<f64>], &str)| Series {
            name: name.into(),
            figures: figures.iter().map(|value| (*value).into()).collect(),
        };
        Lines {
            frame: frame(PictureLang::Nl, layout),
            periods: periods.iter().map(|&period| period.into()).collect(),
            series: series.iter().zip(names).map(one).collect(),
            cut_axis: false,
        }
    }

    #[test]
    fn years_lie_as_far_apart_as_they_are() {
        let at = |periods: [&str; 3]| places(&periods.map(str::to_owned), 0.0, 100.0);
        assert_eq!(at(["2012", "2016", "2022"]), [0.0, 40.0, 100.0]);
        assert_eq!(at(["voor", "tijdens", "na"]), [0.0, 50.0, 100.0]);
        assert_eq!(places(&["2012".into()], 0.0, 100.0), [50.0]);
        assert_eq!(places(&[], 0.0, 100.0), Vec::<f64>::new());
    }

    #[test]
    fn a_figure_at_the_end_that_is_older_than_the_others_says_of_when_it_is() {
        let old = [Some(26.0), None];
        let all = lines(
            PictureLayout::Wide,
            &["2012", "2020"],
            &[&old, &[Some(9.0); 2]],
        );
        let svg = svg(&all);
        check(&svg);
        assert!(svg.contains("26,0 (2012)"), "{svg}");
        assert!(!svg.contains("9,0 (2020)"), "{svg}");
    }

    #[test]
    fn a_gap_is_a_gap_and_is_explained() {
        for layout in [PictureLayout::Narrow, PictureLayout::Wide] {
            let periods = ["2012", "2014", "2016", "2018", "2020"];
            let figures = [Some(26.0), Some(25.0), None, Some(20.0), Some(16.6)];
            let svg = svg(&lines(layout, &periods, &[&figures, &[Some(24.0); 5]]));
            check(&svg);
            assert_eq!(svg.matches("<polyline").count(), 3);
            assert!(svg.contains("afgeschermd") && svg.contains("zwerm-picture__protected"));
            assert!(svg.contains("16,6") && svg.contains(">0</text>"));
            assert!(svg.contains("<circle") && svg.contains("<polygon"));
        }
    }

    #[test]
    fn a_name_that_is_too_long_for_the_end_of_its_line_stands_below_in_full() {
        let mut long = lines(
            PictureLayout::Narrow,
            &["2012", "2020"],
            &[&[Some(1.0), Some(2.0)]],
        );
        long.series[0].name = "Onafscheidelijkheidsdistrict".into();
        let svg = svg(&long);
        check(&svg);
        assert!(
            svg.contains(">Onafscheidelijkheidsdistrict</text>") && svg.contains(">2,0</text>")
        );
    }

    #[test]
    fn periods_are_named_at_even_distances_and_the_last_always() {
        let years: Vec<String> = (2001..=2024).map(|year| year.to_string()).collect();
        let years: Vec<&str> = years.iter().map(String::as_str).collect();
        let svg = svg(&lines(PictureLayout::Narrow, &years, &[&[Some(1.0); 24]]));
        let named: Vec<usize> = (2001..=2024)
            .filter(|y| svg.contains(&format!(">{y}</text>")))
            .collect();
        assert_eq!(named.last(), Some(&2024));
        let steps: Vec<usize> = named.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(
            steps.len() > 1 && steps.iter().all(|step| *step == steps[0]),
            "{named:?}"
        );
    }

    #[test]
    fn names_do_not_run_into_one_another() {
        let svg = svg(&lines(
            PictureLayout::Wide,
            &["2012", "2020"],
            &[[Some(1.0), Some(9.0)].as_slice(); 3],
        ));
        let y = |name: &str| -> f64 {
            let at = svg.rfind(&format!(">{name} 9,0<")).unwrap();
            let tag = svg[..at].rfind(" y=\"").unwrap();
            svg[tag + 4..].split('"').next().unwrap().parse().unwrap()
        };
        assert!((y("Leiden") - y("Zuid-Holland")).abs() > 16.0);
    }

    #[test]
    fn nothing_at_all_can_be_drawn() {
        check(&svg(&lines(PictureLayout::Wide, &[], &[])));
        check(&svg(&lines(PictureLayout::Narrow, &["2020"], &[&[None]])));
        let mut cut = lines(
            PictureLayout::Narrow,
            &["2016", "2020"],
            &[&[Some(90.0), Some(92.0)]],
        );
        cut.cut_axis = true;
        let cut = svg(&cut);
        assert!(!cut.contains(">0</text>") && cut.contains(">De as begint niet bij 0.</text>"));
    }
}
