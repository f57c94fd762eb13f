//! Writing SVG: every word is escaped here, every coordinate rounded, and nothing that is no number is written.

use std::fmt::Write as _;

use crate::{Frame, PictureLayout};

/// The ink of words and axes in a file by itself, where there is no stylesheet.
const INK: &str = "#1b2733";
/// Softer words, still 7:1 on paper.
const SOFT: &str = "#46535f";
/// Lines that help to read, and need not be seen.
const GRID: &str = "#d3dae0";
/// The six colours of series, each 3:1 on paper and different in lightness.
const SERIES: [&str; 6] = [
    "#1f5fa8", "#b8500c", "#2d7d46", "#7a3e9d", "#8a6a00", "#a3265b",
];
/// The five classes of areas, from light to dark.
const CLASSES: [&str; 5] = ["#e6eff8", "#b9d3eb", "#7fb0da", "#2f6fae", "#123f6d"];
/// The words on them.
const ON_CLASSES: [&str; 5] = [INK, INK, INK, "#ffffff", "#ffffff"];

/// Where a text stands to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// It begins there.
    Start,
    /// It is centred there.
    Middle,
    /// It ends there.
    End,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// As all words.
    Plain,
    /// Less than these.
    Soft,
    /// More than these.
    Strong,
    /// On an area of this class, from 0.
    On(usize),
    /// On such an area, and more than other words there.
    OnStrong(usize),
}

impl Look {
    /// Its class, its colour, and the attribute of its weight.
    fn style(self) -> (String, &'static str, &'static str) {
        match self {
            Self::Plain => ("zwerm-picture__text".to_owned(), INK, ""),
            Self::Soft => (
                "zwerm-picture__text zwerm-picture__text--soft".to_owned(),
                SOFT,
                "",
            ),
            Self::Strong => (
                "zwerm-picture__text zwerm-picture__text--strong".to_owned(),
                INK,
                r#" font-weight="bold""#,
            ),
            Self::On(class) => (
                format!("zwerm-picture__on--{}", class + 1),
                ON_CLASSES.get(class).copied().unwrap_or(INK),
                "",
            ),
            Self::OnStrong(class) => {
                let (name, fill, _) = Self::On(class).style();
                (
                    format!("{name} zwerm-picture__text--strong"),
                    fill,
                    r#" font-weight="bold""#,
                )
            }
        }
    }
}

/// How wide and how high a block is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BlockSize {
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// A picture that is being drawn.
#[derive(Debug)]
pub(crate) struct Canvas {
    body: String,
    id: String,
    layout: PictureLayout,
}

impl Canvas {
    /// An empty one.
    pub(crate) fn new(frame: &Frame) -> Self {
        Self {
            body: String::new(),
            id: frame.id.clone(),
            layout: frame.layout,
        }
    }

    /// The whole `<svg>` with what was drawn.
    pub(crate) fn finish(self, frame: &Frame, kind: &str, height: f64) -> String {
        let (id, layout) = (escape(&self.id), self.layout);
        let (width, height, font) = (px(layout.width()), px(height), px(layout.font()));
        let size = match layout {
            PictureLayout::Narrow => "narrow",
            PictureLayout::Wide => "wide",
        };
        let (title, description) = (escape(&frame.title), escape(&frame.description));
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" id="{id}" class="zwerm-picture zwerm-picture--{kind} zwerm-picture--{size}" role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width} {height}" font-family="system-ui, 'Liberation Sans', Arial, sans-serif" font-size="{font}"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc><defs><pattern id="{id}-hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="zwerm-picture__paper" width="7" height="7" fill="#ffffff"/><rect class="zwerm-picture__hatch" width="2.5" height="7" fill="{SOFT}"/></pattern></defs><rect class="zwerm-picture__paper" width="{width}" height="{height}" fill="#ffffff"/>{body}</svg>"##,
            body = self.body
        )
    }

    /// Opens a group whose words show where the pointer rests.
    pub(crate) fn open(&mut self, words: &str) {
        let _ = write!(self.body, "<g><title>{}</title>", escape(words));
    }

    /// Closes it.
    pub(crate) fn close(&mut self) {
        self.body.push_str("</g>");
    }

    /// A line of text; `y` is its middle.
    pub(crate) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, look: Look, words: &str) {
        self.text_of(self.layout.font(), (x, y), anchor, look, words);
    }

    /// A line of text in letters of another size.
    pub(crate) fn text_of(
        &mut self,
        size: f64,
        (x, y): (f64, f64),
        anchor: Anchor,
        look: Look,
        words: &str,
    ) {
        let (class, fill, weight) = look.style();
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y) = (px(x), px(y + size * 0.35));
        let text = format!(
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}" fill="{fill}"{weight}>{}</text>"#,
            escape(words)
        );
        // a stylesheet has the text inherit its size, so that it cannot stand on the text itself
        let _ = if (size - self.layout.font()).abs() < 0.01 {
            write!(self.body, "{text}")
        } else {
            write!(self.body, r#"<g font-size="{}">{text}</g>"#, px(size))
        };
    }

    /// A rectangle in the colour of a series.
    pub(crate) fn bar(&mut self, series: usize, corner: (f64, f64), size: BlockSize) {
        let (number, fill) = series_colour(series);
        let _ = write!(
            self.body,
            r#"<rect class="zwerm-picture__mark zwerm-picture__mark--{number}" {} fill="{fill}"/>"#,
            rectangle(
                corner,
                BlockSize {
                    width: size.width.max(0.0),
                    ..size
                }
            )
        );
    }

    /// A hatched block: what is there may not be shown.
    pub(crate) fn protected(&mut self, corner: (f64, f64), size: BlockSize) {
        let _ = write!(
            self.body,
            r##"<rect class="zwerm-picture__protected" {} fill="url(#{}-hatch)" stroke="{SOFT}"/>"##,
            rectangle(corner, size),
            escape(&self.id)
        );
    }

    /// A block of bare paper, to write on.
    pub(crate) fn plain(&mut self, (x, y): (f64, f64), size: BlockSize) {
        let _ = write!(
            self.body,
            r##"<rect class="zwerm-picture__paper" x="{}" y="{}" width="{}" height="{}" fill="#ffffff"/>"##,
            px(x),
            px(y),
            px(size.width),
            px(size.height)
        );
    }

    /// A block of a class, or of nothing known.
    pub(crate) fn area(&mut self, class: Option<usize>, corner: (f64, f64), size: BlockSize) {
        let paint = paint(class);
        let _ = write!(
            self.body,
            r#"<rect {paint} {} stroke="{SOFT}"/>"#,
            rectangle(corner, size)
        );
    }

    /// A shape of a class, hatched when it is protected, or of nothing known.
    pub(crate) fn shape(&mut self, class: Option<usize>, protected: bool, path: &str) {
        let paint = if protected {
            let id = escape(&self.id);
            format!(r#"class="zwerm-picture__protected" fill="url(#{id}-hatch)""#)
        } else {
            paint(class)
        };
        let _ = write!(
            self.body,
            r#"<path {paint} d="{}" fill-rule="evenodd" stroke="{SOFT}"/>"#,
            escape(path)
        );
    }

    /// A shape that has its figure beside it or on it, not in its shade.
    pub(crate) fn land(&mut self, path: &str) {
        let _ = write!(
            self.body,
            r##"<path class="zwerm-picture__land" d="{}" fill="#f4f1ea" fill-rule="evenodd" stroke="{SOFT}"/>"##,
            escape(path)
        );
    }

    /// A circle that stands for a count.
    pub(crate) fn circle(&mut self, (x, y): (f64, f64), radius: f64) {
        let (x, y, radius) = (px(x), px(y), px(radius));
        let _ = write!(
            self.body,
            r#"<circle class="zwerm-picture__circle" cx="{x}" cy="{y}" r="{radius}" fill="{}" stroke="{SOFT}"/>"#,
            CLASSES[2]
        );
    }

    /// A thin line that helps to read.
    pub(crate) fn grid(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.rule("zwerm-picture__grid", GRID, from, to);
    }

    /// The line of an axis.
    pub(crate) fn axis(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.rule("zwerm-picture__axis", SOFT, from, to);
    }

    fn rule(&mut self, class: &str, stroke: &str, (x1, y1): (f64, f64), (x2, y2): (f64, f64)) {
        let _ = write!(
            self.body,
            r#"<line class="{class}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{stroke}"/>"#,
            px(x1),
            px(y1),
            px(x2),
            px(y2)
        );
    }

    /// A line of a series through points.
    pub(crate) fn stroke(&mut self, series: usize, points: &[(f64, f64)]) {
        let (number, colour) = series_colour(series);
        // the second six are told from the first by dashes
        let dashes = if series < SERIES.len() {
            ""
        } else {
            r#" stroke-dasharray="6 4""#
        };
        let places = points.iter().map(|&(x, y)| format!("{},{}", px(x), px(y)));
        let places: Vec<String> = places.collect();
        let _ = write!(
            self.body,
            r#"<polyline class="zwerm-picture__stroke zwerm-picture__stroke--{number}" points="{}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"{dashes}/>"#,
            places.join(" ")
        );
    }

    /// The marker of a series: a shape of its own for each of six.
    pub(crate) fn marker(&mut self, series: usize, (x, y): (f64, f64)) {
        let (number, colour) = series_colour(series);
        let points = corners(series);
        let class = format!("zwerm-picture__mark zwerm-picture__mark--{number}");
        if points.is_empty() {
            let (x, y) = (px(x), px(y));
            let _ = write!(
                self.body,
                r#"<circle class="{class}" cx="{x}" cy="{y}" r="5.5" fill="{colour}"/>"#
            );
            return;
        }
        let places = points
            .iter()
            .map(|(dx, dy)| format!("{},{}", px(x + dx), px(y + dy)));
        let places: Vec<String> = places.collect();
        let _ = write!(
            self.body,
            r#"<polygon class="{class}" points="{}" fill="{colour}"/>"#,
            places.join(" ")
        );
    }
}

/// The corners of a series' marker about its middle; none of a circle.
fn corners(series: usize) -> &'static [(f64, f64)] {
    match series % SERIES.len() {
        0 => &[],
        1 => &[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)],
        2 => &[(0.0, -7.0), (6.5, 5.0), (-6.5, 5.0)],
        3 => &[(0.0, -7.5), (7.5, 0.0), (0.0, 7.5), (-7.5, 0.0)],
        4 => &[(0.0, 7.0), (6.5, -5.0), (-6.5, -5.0)],
        _ => &CROSS,
    }
}

const CROSS: [(f64, f64); 12] = [
    (-2.0, -7.0),
    (2.0, -7.0),
    (2.0, -2.0),
    (7.0, -2.0),
    (7.0, 2.0),
    (2.0, 2.0),
    (2.0, 7.0),
    (-2.0, 7.0),
    (-2.0, 2.0),
    (-7.0, 2.0),
    (-7.0, -2.0),
    (-2.0, -2.0),
];

fn paint(class: Option<usize>) -> String {
    let known = class.and_then(|class| Some((class + 1, CLASSES.get(class)?)));
    match known {
        Some((number, fill)) => {
            format!(r#"class="zwerm-picture__class zwerm-picture__class--{number}" fill="{fill}""#)
        }
        None => r##"class="zwerm-picture__missing" fill="#ffffff" stroke-dasharray="3 3""##.into(),
    }
}

fn series_colour(series: usize) -> (usize, &'static str) {
    let place = series % SERIES.len();
    (place + 1, SERIES.get(place).copied().unwrap_or(INK))
}

/// Where a rectangle lies: its upper left corner, its width and its height.
fn rectangle((x, y): (f64, f64), size: BlockSize) -> String {
    let [x, y, width, height] = [x, y, size.width, size.height].map(px);
    format!(r#"x="{x}" y="{y}" width="{width}" height="{height}""#)
}

/// Text in which nothing is markup, for SVG and HTML alike.
///
/// ```
/// assert_eq!(zwerm_picture::escape("<b>R&D</b>"), "&lt;b&gt;R&amp;D&lt;/b&gt;");
/// ```
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // XML 1.0 has no place for these
            '\n' | '\t' | '\r' => escaped.push(' '),
            char if char.is_control() || matches!(char, '\u{fffe}' | '\u{ffff}') => {}
            char => escaped.push(char),
        }
    }
    escaped
}

/// A coordinate, to a tenth.
pub(crate) fn px(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}

/// About how wide a text is in letters of this size.
///
/// Nothing here can measure the letters of a reader's own machine, so these are of a wide typeface: better a line that
/// is broken early than one that runs out of the picture.
pub(crate) fn width(text: &str, font: f64) -> f64 {
    let wide = |char: char| match char {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | ':' | ';' | '|' | '!' => 0.32,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '-' | '/' => 0.41,
        'm' | 'M' | 'W' | 'w' | '%' => 0.96,
        char if char.is_uppercase() => 0.74,
        _ => 0.63,
    };
    text.chars().map(wide).sum::<f64>() * font
}

/// The text, cut off with an ellipsis where it would be wider than this.
pub(crate) fn fit(text: &str, most: f64, font: f64) -> String {
    if width(text, font) <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    for char in text.chars() {
        if width(&cut, font) + width(&char.to_string(), font) + font * 0.8 > most {
            break;
        }
        cut.push(char);
    }
    format!("{}\u{2026}", cut.trim_end())
}

/// The text in at most so many lines of this width; what does not fit is cut off.
pub(crate) fn wrap(text: &str, most: f64, lines: usize, font: f64) -> Vec<String> {
    let mut wrapped: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        // a line may also end at a hyphen, which stays where it is
        for (number, part) in word.split_inclusive('-').enumerate() {
            let between = if number == 0 { " " } else { "" };
            let full = wrapped.len() >= lines.max(1);
            match wrapped.last_mut() {
                Some(line) if full || width(&format!("{line}{between}{part}"), font) <= most => {
                    line.push_str(between);
                    line.push_str(part);
                }
                _ => wrapped.push(part.to_owned()),
            }
        }
    }
    for line in &mut wrapped {
        *line = fit(line, most, font);
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(escape("a<b>&\"'\u{1}\n"), "a&lt;b&gt;&amp;&quot;&#39; ");
    }

    #[test]
    fn a_coordinate_is_always_a_number() {
        assert_eq!(px(f64::NAN), "0");
        assert_eq!(px(-0.01), "0");
        assert_eq!(px(12.04), "12");
        assert_eq!(px(12.06), "12.1");
    }

    #[test]
    fn text_is_broken_between_words_and_cut_off_where_it_must() {
        assert_eq!(
            wrap("Bos- en Gasthuisdistrict", 130.0, 2, 14.0),
            ["Bos- en", "Gasthuisdistrict"]
        );
        assert_eq!(
            wrap("Binnenstad-Zuid", 100.0, 2, 14.0),
            ["Binnenstad-", "Zuid"]
        );
        let cut = wrap("een twee drie vier vijf zes zeven", 60.0, 2, 14.0);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('\u{2026}'));
        assert!(fit("onafscheidelijkheid", 50.0, 14.0).ends_with('\u{2026}'));
        assert!(wrap("", 50.0, 2, 14.0).is_empty());
    }
}
