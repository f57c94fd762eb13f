//! The list below a map with numbers: number, name and figure, in the order of the areas.

use super::OutlineMap;
use crate::PictureLayout;
use crate::svg::{Anchor, Canvas, Look, width, wrap};
use crate::tiles::Area;

/// Between two columns.
const GAP: f64 = 20.0;

/// Draws it from `top` down, and gives where it ends.
pub(super) fn draw(canvas: &mut Canvas, map: &OutlineMap, top: f64) -> f64 {
    let layout = map.frame.layout;
    let font = layout.font() * 0.9;
    let columns = match (layout, map.areas.len()) {
        (PictureLayout::Narrow, 0..=20) => 1,
        (PictureLayout::Narrow, _) | (PictureLayout::Wide, 0..=12) => 2,
        (PictureLayout::Wide, _) => 3,
    };
    let wide = (layout.width() - 8.0 - GAP * (columns as f64 - 1.0)) / columns as f64;
    let per_column = map.areas.len().div_ceil(columns).max(1);
    let mut bottom = top;
    for (column, areas) in map.areas.chunks(per_column).enumerate() {
        let left = 4.0 + column as f64 * (wide + GAP);
        let first = column * per_column + 1;
        let mut y = top + font;
        for (place, area) in areas.iter().enumerate() {
            y = row(canvas, map, (first + place, area), (left, y, wide));
        }
        bottom = f64::max(bottom, y - font * 0.5);
    }
    bottom + font * 0.4
}

/// One row, and where the next begins.
fn row(
    canvas: &mut Canvas,
    map: &OutlineMap,
    (number, area): (usize, &Area),
    (left, top, wide): (f64, f64, f64),
) -> f64 {
    let font = map.frame.layout.font() * 0.9;
    let figure = map.frame.words(area.figure);
    let indent = font * 1.9;
    let number_end = (left + font * 1.4, top);
    canvas.text_of(
        font,
        number_end,
        Anchor::End,
        Look::Strong,
        &number.to_string(),
    );
    let room = wide - indent - width(&figure, font) - 6.0;
    let mut names = wrap(&area.name, room, 2, font);
    // a name is not cut off for a long figure, which then stands below it
    let below = names.iter().any(|line| line.ends_with('\u{2026}'));
    if below {
        names = wrap(&area.name, wide - indent, 2, font);
    }
    let mut y = top;
    for line in names {
        canvas.text_of(font, (left + indent, y), Anchor::Start, Look::Plain, &line);
        y += font * 1.3;
    }
    let at = if below { y } else { top };
    canvas.text_of(font, (left + wide, at), Anchor::End, Look::Plain, &figure);
    y.max(at + font * 1.3) + font * 0.2
}
