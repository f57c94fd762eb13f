//! Which words stand where on a map: names on the areas that have the room, a few beside the map with a line; else numbers.

use super::Point;
use super::circles::Circles;
use super::draw::DrawnArea;
use super::projection::{MapProjection, Margins};
use super::shape::{LabelBox, inner, room};
use crate::svg::{fit, width, wrap};
use crate::{Figure, Frame, PictureLayout};

/// Names that may stand beside a map.
const MOST_BESIDE: usize = 4;
/// Numbers that may stand beside a map; where there are more, none does.
const MOST_NUMBERS_BESIDE: usize = 14;
/// More areas than this get no words: names show where the pointer rests, and in the table.
const MOST_LABELLED: usize = 60;
/// Between the map and words beside it.
const BESIDE: f64 = 10.0;

/// Words on a map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MapLabel {
    pub(super) block: LabelBox,
    pub(super) lines: Vec<String>,
    /// The shade that they stand on; none beside the map.
    pub(super) shade: Option<usize>,
    /// Whether they need bare paper to be read.
    pub(super) paper: bool,
    /// Whether the last line is a figure.
    pub(super) strong: bool,
    /// The side of the map that they stand at, and the point that they are of.
    beside: Option<(Side, Point)>,
}

/// A side of a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

/// All words on a map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LabelPlan {
    pub(super) labels: Vec<MapLabel>,
    /// Whether they are numbers, which a list explains.
    pub(super) numbers: bool,
    /// Whether all areas with a figure have words.
    pub(super) whole: bool,
    pub(super) font: f64,
}

impl LabelPlan {
    /// From one line to the next.
    pub(super) fn line(&self) -> f64 {
        self.font * 1.18
    }

    /// The lines from words beside the map to what they are of.
    pub(super) fn leaders(&self) -> impl Iterator<Item = (Point, Point)> {
        self.labels.iter().filter_map(|label| {
            let (side, point) = label.beside?;
            let LabelBox {
                middle: (x, y),
                half_width,
                half_height,
            } = label.block;
            let from = match side {
                Side::Left => (x + half_width, y),
                Side::Right => (x - half_width, y),
                Side::Top => (x, y + half_height),
                Side::Bottom => (x, y - half_height),
            };
            Some((from, point))
        })
    }

    /// How much room words below the map take.
    pub(super) fn below(&self) -> f64 {
        self.most(Side::Bottom, |block| block.half_height * 2.0)
    }

    fn most(&self, side: Side, size: impl Fn(&LabelBox) -> f64) -> f64 {
        let labels = self.labels.iter();
        let there = labels.filter(|label| label.beside.is_some_and(|(at, _)| at == side));
        let sizes = there.map(|label| size(&label.block) + BESIDE);
        sizes.fold(0.0, f64::max)
    }

    /// The margins that these words need, never less than before; what is free beside the map already is no margin.
    pub(super) fn margins(&self, frame: &Frame, view: &MapProjection, before: Margins) -> Margins {
        let wide = |block: &LabelBox| block.half_width * 2.0;
        let free = (view.left - before.left).min(frame.layout.width() - view.right - before.right);
        let beside = |side, before: f64| before.max((self.most(side, wide) - free + 4.0).max(0.0));
        let least = |margin: f64, before: f64| {
            if margin - before < 1.0 {
                before
            } else {
                margin
            }
        };
        let top = before
            .top
            .max(self.most(Side::Top, |block| block.half_height * 2.0));
        Margins {
            left: least(beside(Side::Left, before.left), before.left),
            right: least(beside(Side::Right, before.right), before.right),
            top: least(top, before.top),
            bottom: 0.0,
        }
    }
}

/// Puts words on areas and beside them.
pub(super) fn plan(
    frame: &Frame,
    areas: &[DrawnArea<'_>],
    view: &MapProjection,
    circles: Option<Circles>,
) -> LabelPlan {
    let font = (frame.layout.font() * 0.84).max(11.8);
    let mut plan = LabelPlan {
        labels: Vec::new(),
        numbers: false,
        whole: true,
        font,
    };
    let labelled = areas.iter().filter(|area| area.area.is_some()).count();
    if labelled > MOST_LABELLED {
        return plan;
    }
    if frame.layout == PictureLayout::Wide {
        let names = match circles {
            Some(circles) => names_at_circles(frame, areas, (circles, view), font),
            None => names(frame, areas, view, font),
        };
        if let Some(labels) = names {
            plan.labels = labels;
            return plan;
        }
    }
    plan.numbers = true;
    plan.labels = numbers(areas, view, circles, font);
    plan.whole = plan.labels.len() == labelled;
    plan
}

/// Each area by its name and figure, a few of them beside the map; `None` when more do not fit.
fn names(
    frame: &Frame,
    areas: &[DrawnArea<'_>],
    view: &MapProjection,
    font: f64,
) -> Option<Vec<MapLabel>> {
    let (mut labels, mut beside) = (Vec::new(), Vec::new());
    for area in areas.iter().filter(|area| area.area.is_some()) {
        match inside(frame, area, font) {
            Some(label) => labels.push(label),
            None => beside.push(area),
        }
        if beside.len() > MOST_BESIDE {
            return None;
        }
    }
    for area in beside {
        let lines = name_lines(frame, area, 110.0, font);
        labels.extend(leader(area, lines, &labels, (view, font)));
    }
    spread(&mut labels);
    Some(labels)
}

/// The name and the figure of an area on the area itself, in as few lines as fit.
fn inside(frame: &Frame, area: &DrawnArea<'_>, font: f64) -> Option<MapLabel> {
    [160.0, 100.0, 76.0].into_iter().find_map(|most| {
        let lines = name_lines(frame, area, most, font);
        if lines.iter().any(|line| line.ends_with('\u{2026}')) {
            return None;
        }
        let middle = room(&area.rings, size(&lines, font))?;
        Some(label(area, lines, middle, font))
    })
}

/// A name in lines of at most this width, and the figure in the last.
fn name_lines(frame: &Frame, area: &DrawnArea<'_>, most: f64, font: f64) -> Vec<String> {
    let Some((_, known)) = area.area else {
        return Vec::new();
    };
    let mut lines = wrap(&breakable(&known.name), most, 3, font);
    for line in &mut lines {
        // where it was not broken there, it is one word
        if !known.name.contains(line.as_str()) {
            *line = line.replace("-district", "district");
        }
    }
    match known.figure {
        // the hatching says it
        Figure::Protected => {}
        figure => lines.push(match figure.value() {
            Some(value) => frame.number(value),
            None => "\u{2013}".to_owned(),
        }),
    }
    lines
}

/// A long word that ends as names of districts do may be broken there.
fn breakable(name: &str) -> String {
    let broken = name.split(' ').map(|word| {
        let parts = word
            .strip_suffix("district")
            .filter(|first| first.len() > 4);
        match parts {
            Some(first) if !first.ends_with('-') => format!("{first}-district"),
            _ => word.to_owned(),
        }
    });
    broken.collect::<Vec<_>>().join(" ")
}

fn size(lines: &[String], font: f64) -> (f64, f64) {
    // letters are guessed wide already
    let wide = lines.iter().map(|line| width(line, font) * 0.95);
    let wide = wide.fold(0.0, f64::max) + 3.0;
    (wide, lines.len() as f64 * font * 1.18 + 2.0)
}

fn label(area: &DrawnArea<'_>, lines: Vec<String>, middle: Point, font: f64) -> MapLabel {
    let figure = area.figure();
    MapLabel {
        block: LabelBox::of(middle, size(&lines, font)),
        strong: lines.len() > 1 && figure != Figure::Protected,
        lines,
        shade: area.shade,
        paper: figure == Figure::Protected,
        beside: None,
    }
}

/// Words beside the map, at the side to which their line crosses the least.
fn leader(
    area: &DrawnArea<'_>,
    lines: Vec<String>,
    labels: &[MapLabel],
    (view, font): (&MapProjection, f64),
) -> Option<MapLabel> {
    let point = inner(&area.rings)?;
    let (wide, high) = size(&lines, font);
    let place = |side: Side| match side {
        Side::Left => (view.left - BESIDE - wide / 2.0, point.1),
        Side::Right => (view.right + BESIDE + wide / 2.0, point.1),
        Side::Top => (point.0, view.top - BESIDE / 2.0 - high / 2.0),
        Side::Bottom => (point.0, view.bottom + BESIDE / 2.0 + high / 2.0),
    };
    let cost = |side: &Side| {
        let middle = place(*side);
        let own = LabelBox::of(middle, (wide, high));
        let line = (middle, point);
        let crossed = labels.iter().filter(|label| label.block.crossed(line));
        let met = labels.iter().filter(|label| label.block.meets(&own));
        let far = (middle.0 - point.0).abs() + (middle.1 - point.1).abs();
        far + 300.0 * (crossed.count() + met.count()) as f64
    };
    let sides = [Side::Top, Side::Left, Side::Right, Side::Bottom];
    let side = sides
        .into_iter()
        .min_by(|a, b| cost(a).total_cmp(&cost(b)))?;
    Some(MapLabel {
        shade: None,
        paper: false,
        beside: Some((side, point)),
        ..label(area, lines, place(side), font)
    })
}

/// Moves words at one side apart, along that side.
fn spread(labels: &mut [MapLabel]) {
    for side in [Side::Left, Side::Right, Side::Top, Side::Bottom] {
        let along = matches!(side, Side::Top | Side::Bottom);
        let at = |label: &MapLabel| {
            if along {
                label.block.middle.0
            } else {
                label.block.middle.1
            }
        };
        let half = |label: &MapLabel| {
            if along {
                label.block.half_width + 4.0
            } else {
                label.block.half_height
            }
        };
        let there = labels.iter_mut();
        let there = there.filter(|label| label.beside.is_some_and(|(of, _)| of == side));
        let mut there: Vec<&mut MapLabel> = there.collect();
        there.sort_by(|a, b| at(a).total_cmp(&at(b)));
        let total: f64 = there.iter().map(|label| half(label) * 2.0).sum();
        let mean = there.iter().map(|label| at(label)).sum::<f64>() / there.len().max(1) as f64;
        let overlaps = there
            .iter()
            .zip(there.iter().skip(1))
            .any(|(one, next)| at(next) - at(one) < half(one) + half(next));
        if !overlaps {
            continue;
        }
        let mut free = mean - total / 2.0;
        for label in there {
            let here = if total > 0.0 {
                free + half(label)
            } else {
                at(label)
            };
            free += half(label) * 2.0;
            if along {
                label.block.middle.0 = here;
            } else {
                label.block.middle.1 = here;
            }
        }
    }
}

/// Each area by its number in the list.
fn numbers(
    areas: &[DrawnArea<'_>],
    view: &MapProjection,
    circles: Option<Circles>,
    font: f64,
) -> Vec<MapLabel> {
    let (mut labels, mut beside) = (Vec::new(), Vec::new());
    for area in areas {
        let Some((place, _)) = area.area else {
            continue;
        };
        let lines = vec![(place + 1).to_string()];
        let here = match circles.and_then(|circles| circles.of_area(area)) {
            Some((middle, radius)) if radius * 2.0 > font * 1.2 => {
                labels.push(on_circle(label(area, lines, middle, font)));
                continue;
            }
            Some((middle, radius)) => {
                let beside = (middle.0 + radius + font * 0.7, middle.1);
                let label = label(area, lines, beside, font);
                if free(&label, &labels, areas, circles) {
                    labels.push(label);
                }
                continue;
            }
            None => room(&area.rings, size(&lines, font)),
        };
        match here {
            Some(middle) => labels.push(label(area, lines, middle, font)),
            None => beside.push((area, lines)),
        }
    }
    if beside.len() > MOST_NUMBERS_BESIDE {
        return labels;
    }
    for (area, lines) in beside {
        labels.extend(leader(area, lines, &labels, (view, font)));
    }
    spread(&mut labels);
    labels
}

/// Whether a number beside its circle meets no other number and no other circle.
fn free(
    label: &MapLabel,
    labels: &[MapLabel],
    areas: &[DrawnArea<'_>],
    circles: Option<Circles>,
) -> bool {
    let all = areas.iter().filter_map(|area| circles?.of_area(area));
    let mut blocks = all.map(|(middle, radius)| LabelBox::of(middle, (radius * 1.7, radius * 1.7)));
    let mut numbers = labels.iter();
    !numbers.any(|other| other.block.meets(&label.block))
        && !blocks.any(|circle| circle.meets(&label.block))
}

/// Circles have the middle shade.
fn on_circle(label: MapLabel) -> MapLabel {
    MapLabel {
        shade: Some(2),
        ..label
    }
}

/// Names and figures under the circles of their areas; `None` when some would run into one another.
fn names_at_circles(
    frame: &Frame,
    areas: &[DrawnArea<'_>],
    (circles, view): (Circles, &MapProjection),
    font: f64,
) -> Option<Vec<MapLabel>> {
    let mut labels: Vec<MapLabel> = Vec::new();
    let all = areas.iter().filter(|area| area.area.is_some());
    let at: Vec<Option<(Point, f64)>> = all.clone().map(|area| circles.of_area(area)).collect();
    for (area, own) in all.zip(&at) {
        let lines = name_lines(frame, area, 110.0, font);
        let lines: Vec<String> = lines.iter().map(|line| fit(line, 130.0, font)).collect();
        let high = size(&lines, font).1;
        let middle = match own {
            Some(((x, y), radius)) => (*x, y + radius + high / 2.0 + 1.0),
            None => inner(&area.rings)?,
        };
        let label = label(area, lines, middle, font);
        let block = label.block;
        let circle =
            |(middle, radius): &(Point, f64)| LabelBox::of(*middle, (radius * 1.8, radius * 1.8));
        let others = at.iter().filter(|other| *other != own).flatten();
        let outside = middle.1 + high / 2.0 > view.bottom + high
            || middle.0 - block.half_width < 0.0
            || middle.0 + block.half_width > frame.layout.width();
        if outside
            || labels.iter().any(|other| other.block.meets(&block))
            || others.map(circle).any(|other| other.meets(&block))
        {
            return None;
        }
        labels.push(label);
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_may_be_broken_before_district() {
        assert_eq!(breakable("Roodenburgerdistrict"), "Roodenburger-district");
        assert_eq!(
            breakable("Bos- en Gasthuisdistrict"),
            "Bos- en Gasthuis-district"
        );
        assert_eq!(breakable("Leiden-Noord"), "Leiden-Noord");
    }
}
