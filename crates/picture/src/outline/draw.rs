//! Draws a map: legend, areas, circles, words, a list where there are numbers, and where the outlines come from.

use std::collections::BTreeMap;

use super::circles::{self, Circles};
use super::labels::{self, LabelPlan, MapLabel};
use super::projection::{MapProjection, Margins, path};
use super::{Outline, OutlineMap, Point, list};
use crate::classes::{Classes, small_range};
use crate::svg::{Anchor, BlockSize, Canvas, Look, wrap};
use crate::tiles::Area;
use crate::{Figure, MapMeasure, legend};

/// How often words beside the map may make it smaller.
const MOST_TRIES: usize = 3;

/// An outline where it is drawn, with what is known of it.
pub(super) struct DrawnArea<'a> {
    pub(super) rings: Vec<Vec<Point>>,
    /// The area, and its place among all areas; none of an outline that nobody asked for.
    pub(super) area: Option<(usize, &'a Area)>,
    /// Its shade, from 0.
    pub(super) shade: Option<usize>,
    name: &'a str,
}

impl DrawnArea<'_> {
    pub(super) fn figure(&self) -> Figure {
        self.area.map_or(Figure::Missing, |(_, area)| area.figure)
    }
}

pub(super) fn draw(map: &OutlineMap, outlines: &[Outline]) -> String {
    let frame = &map.frame;
    let figures = figures(map, outlines);
    let values = || figures.iter().filter_map(|figure| figure.value());
    let counts = map.measure == MapMeasure::Count && values().all(|value| value >= 0.0);
    let classes = Classes::of(values()).filter(|_| !counts);
    let mut canvas = Canvas::new(frame);
    let mut top = legend::draw(&mut canvas, frame, classes, &figures, 0.0);
    let most = values().fold(0.0, f64::max);
    if counts {
        top = circles::legend(&mut canvas, frame, most, figures.len(), top);
    } else if let Some(words) = small_range(frame, values()) {
        top = sentence(&mut canvas, map, &words, top);
    }
    let circles = counts.then(|| Circles::of(frame, most, figures.len()));
    let (areas, plan, view) = laid_out(map, outlines, (classes, circles), top + 4.0);
    for one in &areas {
        canvas.open(&format!("{}: {}", one.name, frame.words(one.figure())));
        let rings = path(&one.rings);
        match one.figure() {
            Figure::Value(_) if counts => canvas.land(&rings),
            figure => canvas.shape(one.shade, figure == Figure::Protected, &rings),
        }
        canvas.close();
    }
    if let Some(circles) = circles {
        circles.draw(&mut canvas, frame, &areas);
    }
    for (from, to) in plan.leaders() {
        canvas.axis(from, to);
    }
    for label in &plan.labels {
        write(&mut canvas, &plan, label);
    }
    let mut bottom = view.bottom + plan.below() + 8.0;
    if !plan.whole {
        let words = frame.lang.pick(
            "Een gebied waar geen nummer op past, staat alleen in de lijst.",
            "An area that is too small for a number is in the list only.",
        );
        bottom = sentence(&mut canvas, map, words, bottom);
    }
    if plan.numbers {
        bottom = list::draw(&mut canvas, map, bottom);
    }
    if let Some(source) = &map.source {
        bottom = sentence(&mut canvas, map, source, bottom);
    }
    canvas.finish(frame, "areas", bottom)
}

/// The figures on the map, one for each outline.
fn figures(map: &OutlineMap, outlines: &[Outline]) -> Vec<Figure> {
    let known: BTreeMap<&str, Figure> = map
        .areas
        .iter()
        .map(|area| (area.code.as_str(), area.figure))
        .collect();
    let figure = |outline: &Outline| known.get(outline.code.as_str()).copied();
    let figures = outlines.iter().map(figure);
    figures
        .map(|figure| figure.unwrap_or(Figure::Missing))
        .collect()
}

/// Where areas and words go: the room that words beside the map need is taken from the map, which may then put other
/// words beside it.
fn laid_out<'a>(
    map: &'a OutlineMap,
    outlines: &'a [Outline],
    (classes, circles): (Option<Classes>, Option<Circles>),
    top: f64,
) -> (Vec<DrawnArea<'a>>, LabelPlan, MapProjection) {
    let lay_out = |margins: Margins| {
        let view = MapProjection::of(&map.frame, outlines, top, margins);
        let areas = drawn(map, outlines, &view, classes);
        let plan = labels::plan(&map.frame, &areas, &view, circles);
        (areas, plan, view)
    };
    let mut margins = Margins::default();
    let mut laid_out = lay_out(margins);
    for _ in 0..MOST_TRIES {
        let wanted = laid_out.1.margins(&map.frame, &laid_out.2, margins);
        if wanted == margins {
            break;
        }
        margins = wanted;
        laid_out = lay_out(margins);
    }
    laid_out
}

fn drawn<'a>(
    map: &'a OutlineMap,
    outlines: &'a [Outline],
    view: &MapProjection,
    classes: Option<Classes>,
) -> Vec<DrawnArea<'a>> {
    let known: BTreeMap<&str, (usize, &Area)> = map
        .areas
        .iter()
        .enumerate()
        .map(|(place, area)| (area.code.as_str(), (place, area)))
        .collect();
    let drawn = outlines.iter().map(|outline| {
        let area = known.get(outline.code.as_str()).copied();
        let value = area.and_then(|(_, area)| area.figure.value());
        DrawnArea {
            rings: view.rings(outline),
            area,
            shade: value
                .zip(classes)
                .map(|(value, classes)| classes.shade(value)),
            name: area.map_or(outline.code.as_str(), |(_, area)| &area.name),
        }
    });
    drawn.collect()
}

/// The lines of a label, from its top down.
fn write(canvas: &mut Canvas, plan: &LabelPlan, label: &MapLabel) {
    let block = label.block;
    let (x, y) = block.middle;
    if label.paper {
        let corner = (x - block.half_width, y - block.half_height);
        let size = BlockSize {
            width: block.half_width * 2.0,
            height: block.half_height * 2.0,
        };
        canvas.plain(corner, size);
    }
    let mut at = y - (label.lines.len() as f64 - 1.0) * plan.line() / 2.0;
    for (number, words) in label.lines.iter().enumerate() {
        let strong = label.strong && number + 1 == label.lines.len();
        let look = match (label.shade, strong) {
            (Some(shade), false) => Look::On(shade),
            (Some(shade), true) => Look::OnStrong(shade),
            (None, false) => Look::Plain,
            (None, true) => Look::Strong,
        };
        canvas.text_of(plan.font, (x, at), Anchor::Middle, look, words);
        at += plan.line();
    }
}

/// Words over the whole width, and where they end.
fn sentence(canvas: &mut Canvas, map: &OutlineMap, words: &str, top: f64) -> f64 {
    let font = map.frame.layout.font() * 0.9;
    let mut y = top + font * 0.7;
    for line in wrap(words, map.frame.layout.width() - 8.0, 4, font) {
        canvas.text_of(font, (4.0, y), Anchor::Start, Look::Soft, &line);
        y += font * 1.3;
    }
    y - font * 0.3
}
