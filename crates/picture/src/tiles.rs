//! A schematic map: every area is a tile of the same size, near where it lies, so that small areas count as much.
//!
//! Each tile has a short name and its figure; the full name shows where the pointer rests, and stands in the table.

use std::collections::BTreeSet;

use crate::assign::on_grid;
use crate::classes::{Classes, small_range};
use crate::svg::{Anchor, BlockSize, Canvas, Look, fit, width, wrap};
use crate::{Figure, Frame, MapMeasure, PictureLayout, legend};

/// A map of tiles.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiles {
    /// What every picture has.
    pub frame: Frame,
    /// The areas, in registered order.
    pub areas: Vec<Area>,
    /// What the figures are: counts have no shades.
    pub measure: MapMeasure,
}

/// An area on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    /// Its registered code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its centroid: longitude and latitude in degrees.
    pub centroid: (f64, f64),
    /// Its figure.
    pub figure: Figure,
}

/// Draws the tiles: one per area, near where it lies, in the colour of the class of its figure.
///
/// A whole `<svg>`, in units of its own; figures are in the unit of the frame's axis.
///
/// ```
/// use zwerm_picture::tiles::{self, Area, Tiles};
/// use zwerm_picture::{Figure, Frame, MapMeasure, PictureLang, PictureLayout};
/// let frame = Frame {
///     id: "homes".into(),
///     title: "Homes per district".into(),
///     description: "Two districts, one of them protected".into(),
///     axis: "homes".into(),
///     decimals: 0,
///     lang: PictureLang::En,
///     layout: PictureLayout::Wide,
/// };
/// let area = |code: &str, longitude, figure| Area {
///     code: code.into(), name: code.into(), centroid: (longitude, 52.1), figure,
/// };
/// let areas = vec![area("N", 4.4, Figure::Value(1250.0)), area("S", 4.6, Figure::Protected)];
/// assert!(tiles::svg(&Tiles { frame, areas, measure: MapMeasure::Rate }).contains("protected"));
/// ```
pub fn svg(tiles: &Tiles) -> String {
    let frame = &tiles.frame;
    let figures: Vec<Figure> = tiles.areas.iter().map(|area| area.figure).collect();
    let values = || figures.iter().filter_map(|figure| figure.value());
    let rates = tiles.measure == MapMeasure::Rate;
    let classes = Classes::of(values()).filter(|_| rates);
    let mut canvas = Canvas::new(frame);
    let mut top = legend::draw(&mut canvas, frame, classes, &figures, 0.0) + 4.0;
    if let Some(words) = small_range(frame, values()).filter(|_| rates) {
        let font = frame.layout.font() * 0.9;
        canvas.text_of(font, (4.0, top + 4.0), Anchor::Start, Look::Soft, &words);
        top += font * 1.6;
    }
    let (most, largest, least) = match frame.layout {
        PictureLayout::Narrow => (7, 84.0, 44.0),
        PictureLayout::Wide => (12, 104.0, 60.0),
    };
    let points: Vec<(f64, f64)> = tiles.areas.iter().map(|area| area.centroid).collect();
    let cells = on_grid(&points, most);
    let columns = cells.iter().map(|cell| cell.column + 1).max().unwrap_or(1);
    let rows = cells.iter().map(|cell| cell.row + 1).max().unwrap_or(0);
    let room = frame.layout.width() - 8.0;
    let size = (room / columns as f64).clamp(least, largest);
    let left = 4.0 + ((room - size * columns as f64) / 2.0).max(0.0);
    let names = short_names(&tiles.areas, size - 8.0, frame.layout.font() * 0.95);
    for ((area, cell), name) in tiles.areas.iter().zip(&cells).zip(&names) {
        let corner = (
            left + cell.column as f64 * size,
            top + cell.row as f64 * size,
        );
        draw(&mut canvas, frame, (area, name), classes, (corner, size));
    }
    canvas.finish(frame, "tiles", top + rows as f64 * size + 6.0)
}

fn draw(
    canvas: &mut Canvas,
    frame: &Frame,
    (area, name): (&Area, &[String]),
    classes: Option<Classes>,
    ((x, y), size): ((f64, f64), f64),
) {
    let font = frame.layout.font() * 0.95;
    let corner = (x + 1.5, y + 1.5);
    let side = BlockSize {
        width: size - 3.0,
        height: size - 3.0,
    };
    let middle = x + size / 2.0;
    canvas.open(&format!("{}: {}", area.name, frame.words(area.figure)));
    let shade = area
        .figure
        .value()
        .zip(classes)
        .map(|(value, classes)| classes.shade(value));
    let look = shade.map_or(Look::Plain, Look::On);
    let figure = match area.figure {
        Figure::Protected => {
            canvas.protected(corner, side);
            // words are read on plain paper, not on hatching
            let high = name.len() as f64 * font * 1.15 + 5.0;
            let at = y + size * 0.5 - high / 2.0;
            canvas.plain(
                (x + 4.0, at),
                BlockSize {
                    width: size - 8.0,
                    height: high,
                },
            );
            None
        }
        figure => {
            // the lightest, where the figure is not in the shade
            let plain = figure.value().map(|_| 0);
            canvas.area(shade.or(plain), corner, side);
            Some(
                figure
                    .value()
                    .map_or_else(|| "\u{2013}".to_owned(), |value| frame.number(value)),
            )
        }
    };
    let lines = name.len() + usize::from(figure.is_some());
    let mut at = y + size / 2.0 - (lines as f64 - 1.0) * font * 0.575;
    for line in name {
        canvas.text_of(font, (middle, at), Anchor::Middle, look, line);
        at += font * 1.15;
    }
    if let Some(figure) = figure {
        let figure = fit(&figure, size - 6.0, font);
        canvas.text_of(font, (middle, at), Anchor::Middle, look, &figure);
    }
    canvas.close();
}

/// Names that fit a tile, all different: in full where there is room, else their first letters.
fn short_names(areas: &[Area], room: f64, font: f64) -> Vec<Vec<String>> {
    let mut taken = BTreeSet::new();
    let lines = if room > 70.0 { 2 } else { 1 };
    let short = |area: &Area| {
        let full = wrap(&area.name, room, lines, font);
        let whole = !full.iter().any(|line| line.ends_with('\u{2026}'));
        // with some room, most of a name says more than a short form
        let long = |line: &String| line.chars().count() > 5 || !line.ends_with('\u{2026}');
        let enough = whole || (lines == 2 && full.iter().all(long));
        if enough && !full.is_empty() && taken.insert(full.concat()) {
            return full;
        }
        let shortest = candidates(&area.name)
            .into_iter()
            .find(|name| width(name, font) <= room && !taken.contains(name));
        let name = shortest.unwrap_or_else(|| fit(&area.code, room, font));
        taken.insert(name.clone());
        vec![name]
    };
    areas.iter().map(short).collect()
}

/// Short forms of a name, the best first: its first four letters, or three and a later one.
fn candidates(name: &str) -> Vec<String> {
    // what comes before the name proper, as in 's-Gravenhage
    let proper = name.split_once("'s-").map_or(name, |(_, rest)| rest);
    let letters: Vec<char> = proper
        .chars()
        .filter(|char| char.is_alphanumeric())
        .collect();
    let words = proper
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let mut all = Vec::new();
    // Krimpen aan den IJssel: Kr.IJ
    let named: Vec<&&str> = words
        .iter()
        .filter(|word| word.starts_with(char::is_uppercase))
        .collect();
    if let [first, .., last] = named.as_slice() {
        let begin = |word: &str| word.chars().take(2).collect::<String>();
        all.push(format!("{}.{}", begin(first), begin(last)));
    }
    all.push(letters.iter().take(4).collect());
    // later consonants tell names apart better than vowels
    let vowel = |char: &&char| "aeiouy".contains(**char);
    let later = letters.iter().skip(4);
    let (vowels, consonants): (Vec<&char>, Vec<&char>) = later.partition(vowel);
    for later in consonants.into_iter().chain(vowels) {
        let mut short: String = letters.iter().take(3).collect();
        short.push(*later);
        all.push(short);
    }
    all.push(letters.iter().take(3).collect());
    all.push(letters.iter().take(2).collect());
    all
}

#[cfg(test)]
mod tests {
    use crate::PictureLang;

    use super::*;
    use crate::tests::check;
    use crate::tests::frame;

    fn area(name: &str, centroid: (f64, f64), figure: Figure) -> Area {
        Area {
            code: format!("GM{}", name.len()),
            name: name.into(),
            centroid,
            figure,
        }
    }

    #[test]
    fn each_area_has_a_tile_with_its_figure_and_the_protected_one_is_hatched() {
        for layout in [PictureLayout::Narrow, PictureLayout::Wide] {
            let areas = vec![
                area("Noord <&>", (4.5, 52.2), Figure::Value(8.0)),
                area("Zuid", (4.5, 52.0), Figure::Value(22.4)),
                area("Oost", (4.6, 52.1), Figure::Protected),
                area("West", (4.4, 52.1), Figure::Missing),
            ];
            let svg = svg(&Tiles {
                frame: frame(PictureLang::Nl, layout),
                areas,
                measure: MapMeasure::Rate,
            });
            check(&svg);
            assert!(svg.contains("<title>Noord &lt;&amp;&gt;: 8,0</title>"));
            assert!(svg.contains(">22,4</text>") && svg.contains("20 tot 25"));
            // one tile, one in the legend
            assert_eq!(
                svg.matches(r#"class="zwerm-picture__protected""#).count(),
                2
            );
            assert!(svg.contains("<title>Oost: afgeschermd</title>"));
            assert_eq!(svg.matches(r#"class="zwerm-picture__missing""#).count(), 2);
        }
    }

    #[test]
    fn short_names_fit_and_differ() {
        let names = [
            "Zoetermeer",
            "Zoeterwoude",
            "'s-Gravenhage",
            "Krimpen aan den IJssel",
            "Lisse",
        ];
        let areas: Vec<Area> = names
            .iter()
            .map(|name| area(name, (4.0, 52.0), Figure::Missing))
            .collect();
        let short: Vec<String> = short_names(&areas, 40.0, 13.0).concat();
        assert_eq!(short, ["Zoet", "Zoer", "Grav", "Kr.IJ", "Lisse"]);
        let wide: Vec<Vec<String>> = short_names(&areas, 92.0, 15.0);
        assert_eq!(wide[0], ["Zoetermeer"]);
    }

    #[test]
    fn nothing_at_all_can_be_drawn() {
        check(&svg(&Tiles {
            frame: frame(PictureLang::En, PictureLayout::Wide),
            areas: vec![],
            measure: MapMeasure::Count,
        }));
    }
}
