//! The legend of a map: its classes, and how what is protected or missing looks.

use crate::classes::Classes;
use crate::svg::{Anchor, BlockSize, Canvas, Look, fit, width, wrap};
use crate::{Figure, Frame};

/// Draws the legend from `top` down, and gives where it ends.
pub(crate) fn draw(
    canvas: &mut Canvas,
    frame: &Frame,
    classes: Option<Classes>,
    figures: &[Figure],
    top: f64,
) -> f64 {
    let font = frame.layout.font();
    let (line, box_size, room) = (font * 1.6, font * 1.15, frame.layout.width());
    let mut y = top + line / 2.0;
    for words in wrap(&frame.axis, room - 8.0, 3, font * 1.1) {
        canvas.text((4.0, y), Anchor::Start, Look::Strong, &words);
        y += font * 1.3;
    }
    y += font * 0.3;
    let mut x = 4.0;
    for (key, words) in keys(frame, classes, figures) {
        let words = fit(&words, room - box_size - 16.0, font);
        // narrow letters are guessed too wide rather than too narrow
        let wide = box_size + 8.0 + width(&words, font) + 18.0;
        if x > 4.0 && x + wide > room {
            (x, y) = (4.0, y + line);
        }
        let corner = (x, y - box_size / 2.0);
        let size = BlockSize {
            width: box_size,
            height: box_size,
        };
        match key {
            LegendKey::Shade(shade) => canvas.area(Some(shade), corner, size),
            LegendKey::Missing => canvas.area(None, corner, size),
            LegendKey::Protected => canvas.protected(corner, size),
        }
        canvas.text((x + box_size + 7.0, y), Anchor::Start, Look::Plain, &words);
        x += wide;
    }
    y + line / 2.0 + 4.0
}

enum LegendKey {
    Shade(usize),
    Protected,
    Missing,
}

fn keys(frame: &Frame, classes: Option<Classes>, figures: &[Figure]) -> Vec<(LegendKey, String)> {
    let shades = classes.map(|classes| classes.legend(frame.lang));
    let shades = shades.unwrap_or_default().into_iter();
    let mut keys: Vec<(LegendKey, String)> = shades
        .map(|(shade, words)| (LegendKey::Shade(shade), words))
        .collect();
    if figures.contains(&Figure::Protected) {
        keys.push((LegendKey::Protected, frame.protected()));
    }
    let missing = |figure: &Figure| *figure != Figure::Protected && figure.value().is_none();
    if figures.iter().any(missing) {
        keys.push((LegendKey::Missing, frame.missing()));
    }
    keys
}
