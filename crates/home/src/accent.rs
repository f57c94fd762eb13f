//! A municipality's one colour, made into all that a page needs of it, light and dark, with contrasts that are measured.
//!
//! Worked out in OKLCH (Björn Ottosson, *A perceptual color space for image processing*, 2020): the hue stays, lightness and
//! chroma give way until the colour can be read. Contrasts are those of WCAG 2.2. What this does not make never changes:
//! links, states, the outline of what has the focus, and the four sides of the table.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// The least contrast of an accent with what it stands on.
const LEAST: f64 = 5.5;
/// The least contrast of text on a step of a map.
const LEAST_ON_MAP: f64 = 4.5;
/// How much lighter or darker an accent becomes in one step.
const STEP: f64 = 0.01;
/// How much weaker a colour becomes in one step that no screen can show.
const WEAKER: f64 = 0.0005;
/// How far outside what a screen shows a colour may be, in linear light.
const TOLERANCE: f64 = 0.0005;
/// The chroma of soft colours and of the five steps of a map.
const SOFT_CHROMA: f64 = 0.018;
const MAP_CHROMA: [f64; 5] = [0.02, 0.03, 0.05, 0.07, 0.09];
/// A colour nearer than this to that of a side looks like it.
const NEAR: f64 = 8.0;

/// A colour of a screen.
///
/// ```
/// use zwerm_home::accent::Colour;
/// let red: Colour = "#D6001C".parse()?;
/// assert_eq!(red.to_string(), "#d6001c");
/// assert!("red".parse::<Colour>().is_err());
/// # Ok::<(), zwerm_home::accent::NoColourError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// What was written is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a colour is `#` and six hexadecimal digits, such as `#d6001c`")]
pub struct NoColourError;

impl FromStr for Colour {
    type Err = NoColourError;

    fn from_str(text: &str) -> Result<Self, NoColourError> {
        let digits = text.strip_prefix('#').ok_or(NoColourError)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NoColourError);
        }
        let all = u32::from_str_radix(digits, 16).map_err(|_| NoColourError)?;
        let [_, red, green, blue] = all.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    fn linear(self) -> [f64; 3] {
        self.0.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        })
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The contrast of two colours, as WCAG 2.2 defines it: from 1 to 21.
    ///
    /// ```
    /// use zwerm_home::accent::Colour;
    /// let (black, white): (Colour, Colour) = ("#000000".parse()?, "#ffffff".parse()?);
    /// assert!((black.contrast(white) - 21.0).abs() < 1e-9);
    /// # Ok::<(), zwerm_home::accent::NoColourError>(())
    /// ```
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// How far two colours are apart: the distance in OKLab, times 100.
    ///
    /// ```
    /// use zwerm_home::accent::Colour;
    /// let (black, white): (Colour, Colour) = ("#000000".parse()?, "#ffffff".parse()?);
    /// assert!((black.distance(white) - 100.0).abs() < 0.01);
    /// # Ok::<(), zwerm_home::accent::NoColourError>(())
    /// ```
    pub fn distance(self, other: Self) -> f64 {
        let ([l, a, b], [m, c, d]) = (self.lab(), other.lab());
        let squares = (l - m).powi(2) + (a - c).powi(2) + (b - d).powi(2);
        100.0 * squares.sqrt()
    }

    fn lab(self) -> [f64; 3] {
        let [r, g, b] = self.linear();
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        [
            0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s,
            1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s,
            0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s,
        ]
    }

    fn polar(self) -> Polar {
        let [lightness, a, b] = self.lab();
        Polar {
            lightness,
            chroma: a.hypot(b),
            hue: b.atan2(a),
        }
    }
}

/// A colour in OKLCH.
#[derive(Debug, Clone, Copy)]
struct Polar {
    lightness: f64,
    chroma: f64,
    hue: f64,
}

impl Polar {
    /// The light of red, green and blue; below 0 or above 1 where no screen shows it.
    fn linear(self) -> [f64; 3] {
        let (a, b) = (self.chroma * self.hue.cos(), self.chroma * self.hue.sin());
        let l = (self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (self.lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ]
    }

    /// The colour of a screen: with less chroma, where no screen shows it.
    fn shown(mut self) -> Colour {
        let fits = |part: &f64| (-TOLERANCE..=1.0 + TOLERANCE).contains(part);
        while self.chroma > 0.0 && !self.linear().iter().all(fits) {
            self.chroma = (self.chroma - WEAKER).max(0.0);
        }
        Colour(self.linear().map(|part| {
            let part = part.clamp(0.0, 1.0);
            let part = if part <= 0.003_130_8 {
                12.92 * part
            } else {
                1.055 * part.powf(1.0 / 2.4) - 0.055
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 255"
            )]
            let byte = (part * 255.0).round() as u8;
            byte
        }))
    }
}

/// Light or dark: what an accent is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark words on light paper.
    Light,
    /// Light words on dark paper.
    Dark,
}

/// What a scheme has of its own.
struct Grounds {
    /// What accents stand on, beside their own soft colour.
    papers: [Colour; 3],
    /// Text on the steps of a map that are like the paper, and on the others.
    ink: Colour,
    /// Text on the accent.
    accent_ink: Colour,
    most_chroma: f64,
    /// The lightness of the five steps of a map; the first is that of the soft colour too.
    steps: [f64; 5],
    /// The sides of the table in their order.
    sides: [Colour; 4],
}

const LIGHT: Grounds = Grounds {
    papers: [
        Colour([0xff, 0xfd, 0xf8]),
        Colour([0xf8, 0xf1, 0xe6]),
        Colour([0xef, 0xe4, 0xd3]),
    ],
    ink: Colour([0x1f, 0x23, 0x38]),
    accent_ink: Colour([0xff, 0xff, 0xff]),
    most_chroma: 0.16,
    steps: [0.94, 0.86, 0.76, 0.55, 0.42],
    sides: [
        Colour([0xac, 0x43, 0x14]),
        Colour([0x70, 0x2e, 0x74]),
        Colour([0x12, 0x4d, 0x33]),
        Colour([0x1a, 0x66, 0xb0]),
    ],
};

const DARK: Grounds = Grounds {
    papers: [
        Colour([0x17, 0x1a, 0x2b]),
        Colour([0x1f, 0x23, 0x38]),
        Colour([0x2a, 0x2f, 0x49]),
    ],
    ink: Colour([0xf1, 0xec, 0xe3]),
    accent_ink: Colour([0x17, 0x1a, 0x2b]),
    most_chroma: 0.11,
    steps: [0.31, 0.41, 0.51, 0.72, 0.87],
    sides: [
        Colour([0xff, 0x94, 0x66]),
        Colour([0xf7, 0xb8, 0xf5]),
        Colour([0x9b, 0xf0, 0xb4]),
        Colour([0x74, 0xa9, 0xfb]),
    ],
};

/// An accent for one scheme, with what was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accent {
    /// The accent itself: the top bar, the main button, the first series of a picture.
    pub colour: Colour,
    /// Text on it.
    pub ink: Colour,
    /// A soft ground of its hue.
    pub soft: Colour,
    /// The steps of a map, from few to many.
    pub steps: [Colour; 5],
    /// The lowest contrast of the accent with what it stands on.
    pub lowest: f64,
    /// The contrast of the text on it.
    pub on_it: f64,
    /// The lowest contrast of text on a step of a map.
    pub on_map: f64,
    /// The side of the table, in their order, whose colour it comes near.
    pub near_side: Option<usize>,
}

impl Accent {
    /// What is made of a colour for a scheme.
    ///
    /// ```
    /// use zwerm_home::accent::{Accent, Scheme};
    /// let red = Accent::of("#d6001c".parse()?, Scheme::Light);
    /// assert_eq!(red.colour.to_string(), "#a52a28");
    /// assert!(red.fault().is_none());
    /// # Ok::<(), zwerm_home::accent::NoColourError>(())
    /// ```
    pub fn of(given: Colour, scheme: Scheme) -> Self {
        let grounds = match scheme {
            Scheme::Light => &LIGHT,
            Scheme::Dark => &DARK,
        };
        let given = given.polar();
        let chroma = given.chroma.min(grounds.most_chroma);
        let with = |lightness: f64, chroma: f64| Polar {
            lightness,
            chroma,
            hue: given.hue,
        };
        let [softest, ..] = grounds.steps;
        let soft = with(softest, chroma.min(SOFT_CHROMA)).shown();
        let (mut lightness, step) = match scheme {
            Scheme::Light => (given.lightness.min(0.48), -STEP),
            Scheme::Dark => (given.lightness.max(0.78), STEP),
        };
        let on = grounds.papers.into_iter().chain([soft]);
        let lowest = |colour: Colour| {
            on.clone()
                .map(|ground| colour.contrast(ground))
                .fold(21.0, f64::min)
        };
        let mut colour = with(lightness, chroma).shown();
        while lowest(colour) < LEAST && (0.0..=1.0).contains(&lightness) {
            lightness += step;
            colour = with(lightness, chroma).shown();
        }
        let mut most = MAP_CHROMA.into_iter();
        let steps = grounds
            .steps
            .map(|step| with(step, chroma.min(most.next().unwrap_or_default())).shown());
        let mut sides = grounds.sides.iter();
        Self {
            colour,
            ink: grounds.accent_ink,
            soft,
            steps,
            lowest: lowest(colour),
            on_it: colour.contrast(grounds.accent_ink),
            on_map: on_map(&steps, grounds),
            near_side: sides.position(|side| side.distance(colour) < NEAR),
        }
    }

    /// What cannot be read of it; nothing when all can.
    pub fn fault(&self) -> Option<&'static str> {
        if self.lowest < LEAST || self.on_it < LEAST {
            Some("it cannot be made to stand out enough")
        } else if self.on_map < LEAST_ON_MAP {
            Some("words on its maps could not be read")
        } else {
            None
        }
    }

    fn tokens(&self) -> String {
        let Self {
            colour, ink, soft, ..
        } = self;
        let mut tokens = format!("--accent: {colour}; --accent-ink: {ink}; --accent-soft: {soft};");
        for (step, colour) in (1..).zip(self.steps) {
            // writing to a text does not fail
            let _ = write!(tokens, " --q{step}: {colour};");
        }
        tokens
    }
}

/// The lowest contrast of text on the steps of a map: the first three bear ink, the others paper.
fn on_map(steps: &[Colour; 5], grounds: &Grounds) -> f64 {
    let [paper, ..] = grounds.papers;
    let [one, two, three, four, five] = *steps;
    let inked = [one, two, three].map(|step| step.contrast(grounds.ink));
    let papered = [four, five].map(|step| step.contrast(paper));
    inked.into_iter().chain(papered).fold(21.0, f64::min)
}

/// A stylesheet with all that is made of a colour, to be loaded after the one whose tokens it sets. Colours that a reader
/// forces on every page come before it.
///
/// ```
/// use zwerm_home::accent::stylesheet;
/// let red = stylesheet("#d6001c".parse()?);
/// assert!(red.contains(":root { --accent: #a52a28; --accent-ink: #ffffff;"));
/// assert!(red.contains("prefers-color-scheme: dark"));
/// # Ok::<(), zwerm_home::accent::NoColourError>(())
/// ```
pub fn stylesheet(given: Colour) -> String {
    let [light, dark] = [Scheme::Light, Scheme::Dark].map(|scheme| Accent::of(given, scheme));
    format!(
        "@media (forced-colors: none) {{ :root {{ {} }} }}\n\
         @media (forced-colors: none) and (prefers-color-scheme: dark) {{ :root {{ {} }} }}\n",
        light.tokens(),
        dark.tokens()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is made of an accent, its lowest contrast, and that of the text on it.
    type Made = (&'static str, f64, f64);

    /// The table of the look: an accent that is given, and what is made of it light and dark.
    const TABLE: [(&str, Made, Made); 6] = [
        ("#d6001c", ("#a52a28", 5.6, 7.1), ("#f69b92", 6.3, 8.2)),
        ("#ffcc00", ("#6c5500", 5.7, 7.2), ("#eed07b", 8.7, 11.4)),
        ("#009fe3", ("#005f8a", 5.6, 7.0), ("#6ec2f5", 6.7, 8.8)),
        ("#76b82a", ("#3a6300", 5.6, 7.1), ("#9dc67c", 6.8, 8.9)),
        ("#000000", ("#000000", 16.7, 21.0), ("#b7b7b7", 6.5, 8.6)),
        ("#ffffff", ("#585858", 5.7, 7.1), ("#ffffff", 13.1, 17.2)),
    ];

    #[track_caller]
    fn check(given: &str, scheme: Scheme, (colour, lowest, on_it): Made) {
        let accent = Accent::of(given.parse().expect("a colour"), scheme);
        assert_eq!(accent.colour.to_string(), colour, "{given} {scheme:?}");
        // both are rounded to one decimal
        for (measured, wanted) in [(accent.lowest, lowest), (accent.on_it, on_it)] {
            assert!(
                (measured - wanted).abs() < 0.055,
                "{given} {scheme:?}: {measured} {wanted}"
            );
        }
        assert_eq!(accent.fault(), None, "{given} {scheme:?}: {accent:?}");
    }

    #[test]
    fn six_accents_become_what_the_look_says() {
        for (given, light, dark) in TABLE {
            check(given, Scheme::Light, light);
            check(given, Scheme::Dark, dark);
        }
    }

    #[test]
    fn every_colour_can_be_read() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    let given = Colour([red, green, blue]);
                    for scheme in [Scheme::Light, Scheme::Dark] {
                        let accent = Accent::of(given, scheme);
                        assert_eq!(accent.fault(), None, "{given} {scheme:?}: {accent:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_accent_near_a_sides_colour_is_told() {
        let of = |given: &str| Accent::of(given.parse().expect("a colour"), Scheme::Light);
        assert_eq!(of("#1a66b0").near_side, Some(3));
        assert_eq!(of("#343a7a").near_side, None);
    }
}
