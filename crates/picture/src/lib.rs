//! Pictures of protected figures: bars, lines and maps as SVG, drawn here so that no page needs a script for them.
//!
//! Pure: plain structs in, one `<svg>` out. Each has a title and a description, and stands beside a table that says the
//! same. A protected figure is hatched and named so, never drawn as nothing or zero. Nothing is sorted: order is the
//! caller's, which is the registered one. Colour is never the only carrier: there is a name, a shape or a figure beside it.
//!
//! A strict CSP forbids inline styles, so there are only classes, with presentation attributes for who downloads the
//! file. the stylesheet of the pages has the rules for these classes:
//!
//! - `zwerm-picture`, with `--bars`, `--line`, `--tiles`, `--areas` for the kind and `--narrow`, `--wide` for the layout;
//!   in an element with class `zwerm-pictures` the two layouts of one picture show on small and on large screens;
//! - `zwerm-picture__paper`, `__text`, `__text--soft`, `__text--strong`, `__grid`, `__axis`: paper, words and axes;
//! - `zwerm-picture__mark`, with `--1` to `--6`: bars and markers of a series; `__stroke`, with `--1` to `--6`: its lines;
//! - `zwerm-picture__protected`, `__hatch`: what is protected; `__missing`: what has no figure;
//! - `zwerm-picture__class`, with `--1` to `--5`: areas and their legend; `__on--1` to `__on--5`: words on them;
//! - `zwerm-picture__land`, `__circle`: areas without a shade, and circles that stand for counts on them.

mod assign;
pub mod bars;
pub mod boundaries;
mod classes;
pub mod flock;
mod legend;
pub mod line;
pub mod multiples;
pub mod outline;
mod scale;
mod svg;
pub mod table;
pub mod tiles;

pub use crate::svg::escape;

/// The language of the words and figures in a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureLang {
    /// Dutch: `1.234,5`.
    Nl,
    /// English: `1,234.5`.
    En,
}

impl PictureLang {
    /// The words in this language.
    ///
    /// ```
    /// use zwerm_picture::PictureLang;
    /// assert_eq!(PictureLang::En.pick("geen cijfer", "no figure"), "no figure");
    /// ```
    pub fn pick<'a>(self, nl: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }
}

/// For which width a picture is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureLayout {
    /// A telephone: readable from 288 px on.
    Narrow,
    /// From 640 px on.
    Wide,
}

impl PictureLayout {
    /// The width of the drawing, in its own units.
    pub fn width(self) -> f64 {
        match self {
            Self::Narrow => 336.0,
            Self::Wide => 800.0,
        }
    }

    /// The size of letters: 12 px or more where the layout is used.
    pub fn font(self) -> f64 {
        match self {
            Self::Narrow => 14.0,
            Self::Wide => 16.0,
        }
    }
}

/// What every picture has.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// The id of the `<svg>`, unique in its page; `-title`, `-desc` and `-hatch` are appended for what is in it.
    pub id: String,
    /// What it is a picture of.
    pub title: String,
    /// What there is to see, for whoever does not see it.
    pub description: String,
    /// What the figures are, with their unit.
    pub axis: String,
    /// With how many decimals figures are written.
    pub decimals: usize,
    /// In which language.
    pub lang: PictureLang,
    /// For which width.
    pub layout: PictureLayout,
}

impl Frame {
    /// A figure as it is written in this picture.
    pub fn number(&self, value: f64) -> String {
        scale::number(value, self.decimals, self.lang)
    }

    /// The word for what is protected.
    pub fn protected(&self) -> String {
        self.lang.pick("afgeschermd", "protected").into()
    }

    /// The words for what has no figure.
    pub fn missing(&self) -> String {
        self.lang.pick("geen cijfer", "no figure").into()
    }

    /// A figure in words.
    pub fn words(&self, figure: Figure) -> String {
        match figure {
            Figure::Value(value) if value.is_finite() => self.number(value),
            Figure::Value(_) | Figure::Missing => self.missing(),
            Figure::Protected => self.protected(),
        }
    }
}

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    /// It may be shown.
    Value(f64),
    /// It may not.
    Protected,
    /// There is none: it was not published, or is a division by nothing.
    Missing,
}

impl Figure {
    /// The figure, if there is one to draw.
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Value(value) if value.is_finite() => Some(value),
            _ => None,
        }
    }
}

/// What the figures of a map are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapMeasure {
    /// A share, an average or anything else that does not grow with the area: it is a shade.
    Rate,
    /// How many or how much in all: it is never a shade.
    Count,
}

impl From<Option<f64>> for Figure {
    /// In an answer, no figure is a protected one.
    fn from(value: Option<f64>) -> Self {
        value.map_or(Self::Protected, Self::Value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame of a picture in the tests.
    pub(crate) fn frame(lang: PictureLang, layout: PictureLayout) -> Frame {
        Frame {
            id: "p".into(),
            title: "Huurders & <kopers>".into(),
            description: "Twee wijken".into(),
            axis: "% van de huishoudens".into(),
            decimals: 1,
            lang,
            layout,
        }
    }

    /// What every picture must be: well-formed, named, without styles, scripts or numbers that are none.
    pub(crate) fn check(svg: &str) {
        for never in [
            "NaN", "inf", "style=", "<style", "<script", "href", "<kopers>",
        ] {
            assert!(!svg.contains(never), "{never} in {svg}");
        }
        assert!(svg.contains(r#"role="img""#));
        assert!(svg.contains(r#"aria-labelledby="p-title p-desc""#));
        assert!(svg.contains(r#"<title id="p-title">Huurders &amp; &lt;kopers&gt;</title>"#));
        assert!(svg.contains(r#"<desc id="p-desc">Twee wijken</desc>"#));
        let open = svg.matches('<').count() - svg.matches("</").count() - svg.matches("/>").count();
        assert_eq!(open, svg.matches("</").count(), "{svg}");
    }

    #[test]
    fn a_figure_is_said_in_words() {
        let frame = frame(PictureLang::Nl, PictureLayout::Wide);
        assert_eq!(frame.words(Figure::Value(1234.56)), "1.234,6");
        assert_eq!(frame.words(None.into()), "afgeschermd");
        assert_eq!(frame.words(Figure::Value(f64::NAN)), "geen cijfer");
        assert_eq!(Figure::Value(f64::INFINITY).value(), None);
    }
}
