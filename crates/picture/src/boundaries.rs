//! Boundaries as a compact table in which each border stands once, and those of the Netherlands.
//!
//! The table is text. Lines that begin with `#` are remarks. `borders N` is followed by N lines, each a border in the
//! encoded polyline format: differences from point to point in hundred-thousandths of a degree, longitude before
//! latitude, five bits per character. `areas N` is followed by N lines of five fields with tabs between: code, name, first
//! and last year, and rings with `;` between, each as numbers of borders from 0 with `,` between; `~` before a number means
//! from its end to its beginning. An area may have several lines, for other years.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::PictureLayout;
use crate::outline::{Outline, Outlines, Point, centroid, highest, largest};

/// Who the boundaries of the Netherlands are from, as their licence (CC BY 4.0) wants it said.
pub const SOURCE: &str = "CBS/Kadaster, Wijk- en buurtkaart, via PDOK, CC BY 4.0";

const NETHERLANDS: &str = include_str!("boundaries/netherlands.txt");

/// Why a table of boundaries cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BoundariesError {
    /// A line that should begin a part of the table does not.
    #[error("line {0} should be `borders` or `areas` with their number")]
    Part(usize),
    /// A line is no border.
    #[error("line {0} is no border")]
    Border(usize),
    /// A line is no area, or names a border that is not there.
    #[error("line {0} is no area of these borders")]
    Area(usize),
}

/// Boundaries of areas by their code.
#[derive(Debug, Clone)]
pub struct Boundaries {
    borders: Vec<Vec<Point>>,
    /// For each code what it was, over the years.
    areas: BTreeMap<String, Vec<BoundedArea>>,
}

/// Borders of an area for some years.
#[derive(Debug, Clone)]
struct BoundedArea {
    name: String,
    first: u16,
    last: u16,
    rings: Vec<Vec<BorderStep>>,
}

/// One border of a ring.
#[derive(Debug, Clone, Copy)]
struct BorderStep {
    border: usize,
    turned: bool,
}

/// Outlines of some areas as they were in one year.
#[derive(Debug, Clone)]
pub struct OutlinesOfYear {
    /// The year of the boundaries.
    pub year: u16,
    /// The outlines, in the order of the codes, with no more points than a picture can show.
    pub outlines: Outlines,
}

impl Boundaries {
    /// All municipalities of the Netherlands (`GM0546`) in 2022 and 2023, and in 2022 the districts (`WK054603`) of
    /// Zuid-Holland, Zaanstad and Enschede.
    ///
    /// # Errors
    /// Never, as a test of this crate sees to: the table is part of it.
    ///
    /// ```
    /// use zwerm_picture::boundaries::Boundaries;
    /// let netherlands = Boundaries::netherlands()?;
    /// assert_eq!(netherlands.name("WK054603"), Some("Leiden-Noord"));
    /// # Ok::<(), zwerm_picture::boundaries::BoundariesError>(())
    /// ```
    pub fn netherlands() -> Result<Self, BoundariesError> {
        Self::read(NETHERLANDS)
    }

    /// Reads a table.
    ///
    /// # Errors
    /// The number of the first line, from 1, that is not what it should be.
    ///
    /// ```
    /// use zwerm_picture::boundaries::{Boundaries, BoundariesError};
    /// let table = "borders 1\n??_@??_@\nareas 1\nA\tAcre\t2020\t2021\t0\n";
    /// assert_eq!(Boundaries::read(table)?.name("A"), Some("Acre"));
    /// let broken = table.replace("\t0\n", "\t1\n");
    /// assert_eq!(Boundaries::read(&broken).err(), Some(BoundariesError::Area(4)));
    /// # Ok::<(), BoundariesError>(())
    /// ```
    pub fn read(table: &str) -> Result<Self, BoundariesError> {
        let lines = table.lines().enumerate();
        let lines = lines.map(|(place, line)| (place + 1, line));
        let mut lines = lines.filter(|(_, line)| !line.starts_with('#'));
        let count = part(lines.next(), "borders ")?;
        let borders = lines.by_ref().take(count);
        let borders = borders.map(|(at, line)| border(line).ok_or(BoundariesError::Border(at)));
        let mut boundaries = Self {
            borders: borders.collect::<Result<_, _>>()?,
            areas: BTreeMap::new(),
        };
        let count = part(lines.next(), "areas ")?;
        for (at, line) in lines.take(count) {
            let (code, area) = boundaries.area(line).ok_or(BoundariesError::Area(at))?;
            boundaries.areas.entry(code).or_default().push(area);
        }
        Ok(boundaries)
    }

    /// Every code, in order.
    ///
    /// ```
    /// # use zwerm_picture::boundaries::Boundaries;
    /// let netherlands = Boundaries::netherlands()?;
    /// assert!(netherlands.codes().any(|code| code == "GM0363"));
    /// # Ok::<(), zwerm_picture::boundaries::BoundariesError>(())
    /// ```
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.areas.keys().map(String::as_str)
    }

    /// What the area of this code is called, by its newest name.
    ///
    /// ```
    /// # use zwerm_picture::boundaries::Boundaries;
    /// assert_eq!(Boundaries::netherlands()?.name("GM0546"), Some("Leiden"));
    /// # Ok::<(), zwerm_picture::boundaries::BoundariesError>(())
    /// ```
    pub fn name(&self, code: &str) -> Option<&str> {
        self.newest(code).map(|area| area.name.as_str())
    }

    /// The centroid of the area of this code: longitude and latitude in degrees (WGS 84).
    ///
    /// ```
    /// # use zwerm_picture::boundaries::Boundaries;
    /// let middle = Boundaries::netherlands()?.middle("GM0546");
    /// assert!(middle.is_some_and(|(longitude, _)| (longitude - 4.49).abs() < 0.02));
    /// # Ok::<(), zwerm_picture::boundaries::BoundariesError>(())
    /// ```
    pub fn middle(&self, code: &str) -> Option<Point> {
        let rings = self.rings(self.newest(code)?, 0.0);
        centroid(largest(&rings)?)
    }

    /// The outlines of these codes in the newest year in which there are all of them; `None` when there is none, or no
    /// code.
    ///
    /// Points that a picture of this layout could not tell apart are left out, of each border alike.
    ///
    /// ```
    /// # use zwerm_picture::PictureLayout;
    /// # use zwerm_picture::boundaries::Boundaries;
    /// let netherlands = Boundaries::netherlands()?;
    /// // Brielle became part of Voorne aan Zee in 2023
    /// let found = |codes: &[&str]| {
    ///     netherlands.outlines(codes, PictureLayout::Wide).map(|found| found.year)
    /// };
    /// assert_eq!(found(&["GM0546", "GM0501"]), Some(2022));
    /// assert_eq!(found(&["GM0546", "GM1992"]), Some(2023));
    /// assert_eq!(found(&["GM0501", "GM1992"]), None);
    /// # Ok::<(), zwerm_picture::boundaries::BoundariesError>(())
    /// ```
    pub fn outlines(&self, codes: &[&str], layout: PictureLayout) -> Option<OutlinesOfYear> {
        let known = codes.iter().map(|code| self.areas.get(*code));
        let known: Vec<&Vec<BoundedArea>> = known.collect::<Option<_>>()?;
        let years = known.iter().copied().flatten();
        let year = years
            .flat_map(|area| [area.last, area.first])
            .filter(|year| known.iter().all(|areas| of_year(areas, *year).is_some()))
            .max()?;
        let areas = known.iter().map(|areas| of_year(areas, year));
        let areas: Vec<&BoundedArea> = areas.collect::<Option<_>>()?;
        let step = self.step(&areas, layout);
        let outlines = codes.iter().zip(areas).map(|(code, area)| Outline {
            code: (*code).to_owned(),
            rings: self.rings(area, step),
        });
        Some(OutlinesOfYear {
            year,
            outlines: Outlines::of(outlines.collect()),
        })
    }

    fn newest(&self, code: &str) -> Option<&BoundedArea> {
        self.areas.get(code)?.iter().max_by_key(|area| area.last)
    }

    fn area(&self, line: &str) -> Option<(String, BoundedArea)> {
        let mut fields = line.split('\t');
        let [code, name, first, last, rings] = [(); 5].map(|()| fields.next());
        let ring = |ring: &str| ring.split(',').map(|step| self.border_step(step)).collect();
        let area = BoundedArea {
            name: name?.to_owned(),
            first: first?.parse().ok()?,
            last: last?.parse().ok()?,
            rings: rings?.split(';').map(ring).collect::<Option<_>>()?,
        };
        fields.next().is_none().then_some((code?.to_owned(), area))
    }

    fn border_step(&self, text: &str) -> Option<BorderStep> {
        let turned = text.starts_with('~');
        let border: usize = text.strip_prefix('~').unwrap_or(text).parse().ok()?;
        (border < self.borders.len()).then_some(BorderStep { border, turned })
    }

    /// About how many degrees a unit of the drawing is.
    fn step(&self, areas: &[&BoundedArea], layout: PictureLayout) -> f64 {
        let steps = areas.iter().flat_map(|area| area.rings.iter().flatten());
        let points = steps.filter_map(|step| self.borders.get(step.border));
        let corners = points.flatten().fold(None, |corners, (x, y)| {
            let (west, east, south, north) = corners.unwrap_or((*x, *x, *y, *y));
            Some((x.min(west), x.max(east), y.min(south), y.max(north)))
        });
        corners.map_or(0.0, |(west, east, south, north): (f64, f64, f64, f64)| {
            ((east - west) / layout.width()).max((north - south) / highest(layout))
        })
    }

    /// The rings of an area, each point once; of points that lie closer together than a step, one is kept.
    fn rings(&self, area: &BoundedArea, step: f64) -> Vec<Vec<Point>> {
        let ring = |steps: &Vec<BorderStep>| {
            let mut ring = Vec::new();
            for one in steps {
                let border = self.borders.get(one.border).map_or(&[][..], Vec::as_slice);
                let mut points = thinned(border, step);
                if one.turned {
                    points.reverse();
                }
                points.pop();
                ring.extend(points);
            }
            ring
        };
        area.rings.iter().map(ring).collect()
    }
}

fn of_year(areas: &[BoundedArea], year: u16) -> Option<&BoundedArea> {
    areas
        .iter()
        .find(|area| (area.first..=area.last).contains(&year))
}

/// A border without points that lie closer than a step to the one that was kept before; its ends stay.
fn thinned(border: &[Point], step: f64) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for (place, (x, y)) in border.iter().enumerate() {
        let is_end = place + 1 == border.len();
        let far = |(before_x, before_y): &Point| (x - before_x).hypot(y - before_y) >= step;
        if is_end || kept.last().is_none_or(far) {
            kept.push((*x, *y));
        }
    }
    kept
}

/// How many lines a part has.
fn part(line: Option<(usize, &str)>, name: &str) -> Result<usize, BoundariesError> {
    let (at, line) = line.unwrap_or((0, ""));
    let count = line.strip_prefix(name).and_then(|count| count.parse().ok());
    count.ok_or(BoundariesError::Part(at))
}

/// The points of a border in degrees; `None` when it is not written as one.
fn border(line: &str) -> Option<Vec<Point>> {
    let mut bytes = line.bytes();
    let (mut points, mut at) = (Vec::new(), (0_i32, 0_i32));
    while bytes.len() > 0 {
        at.0 = at.0.checked_add(difference(&mut bytes)?)?;
        at.1 = at.1.checked_add(difference(&mut bytes)?)?;
        points.push((f64::from(at.0) / 1e5, f64::from(at.1) / 1e5));
    }
    (points.len() > 1).then_some(points)
}

fn difference(bytes: &mut impl Iterator<Item = u8>) -> Option<i32> {
    let mut value = 0_u32;
    for shift in (0..30).step_by(5) {
        let bits = u32::from(bytes.next()?.checked_sub(63)?);
        value |= (bits & 31) << shift;
        if bits < 32 {
            return Some((value >> 1) as i32 ^ -((value & 1) as i32));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::outline::area_of;

    #[test]
    fn the_table_is_small_and_has_every_municipality_of_both_years() {
        assert!(NETHERLANDS.len() <= 400_000, "{}", NETHERLANDS.len());
        let all = Boundaries::netherlands().unwrap();
        let of = |year: u16, kind: &str| {
            let areas = all.areas.iter().filter(|(code, _)| code.starts_with(kind));
            areas
                .filter(|(_, areas)| of_year(areas, year).is_some())
                .count()
        };
        assert_eq!((of(2022, "GM"), of(2023, "GM")), (345, 342));
        assert_eq!((of(2022, "WK"), of(2023, "WK")), (530, 0));
        assert!(
            all.areas
                .values()
                .flatten()
                .all(|area| !area.name.is_empty())
        );
    }

    #[test]
    fn every_ring_closes_and_has_a_size() {
        let all = Boundaries::netherlands().unwrap();
        for (code, area) in all
            .areas
            .iter()
            .flat_map(|(code, areas)| areas.iter().map(move |a| (code, a)))
        {
            for ring in &area.rings {
                let ends = ring.iter().map(|step| {
                    let border = &all.borders[step.border];
                    let (first, last) = (border[0], border[border.len() - 1]);
                    if step.turned {
                        (last, first)
                    } else {
                        (first, last)
                    }
                });
                let ends: Vec<(Point, Point)> = ends.collect();
                let next = ends.iter().cycle().skip(1);
                assert!(
                    ends.iter().zip(next).all(|(one, next)| one.1 == next.0),
                    "{code}"
                );
            }
            assert!(
                all.rings(area, 0.0).iter().all(|ring| area_of(ring) != 0.0),
                "{code}"
            );
        }
    }

    #[test]
    fn a_border_inside_the_land_is_of_two_areas_of_one_year_at_most() {
        let all = Boundaries::netherlands().unwrap();
        for (year, kind) in [(2022, "GM"), (2023, "GM"), (2022, "WK")] {
            let areas = all.areas.iter().filter(|(code, _)| code.starts_with(kind));
            let areas = areas.filter_map(|(_, areas)| of_year(areas, year));
            let (mut seen, mut twice) = (BTreeSet::new(), 0);
            for step in areas.flat_map(|area| area.rings.iter().flatten()) {
                // neighbours go along their border in opposite directions
                assert!(
                    seen.insert((step.border, step.turned)),
                    "{kind} {year} {}",
                    step.border
                );
                twice += usize::from(seen.contains(&(step.border, !step.turned)));
            }
            assert!(
                twice * 3 > seen.len(),
                "{kind} {year}: {twice} of {}",
                seen.len()
            );
        }
    }

    #[test]
    fn every_place_of_the_examples_has_an_outline_near_its_centroid() {
        let all = Boundaries::netherlands().unwrap();
        let places = [
            include_str!("../../../examples/leiden-goedkoop-scheefwonen/figures/places.csv"),
            include_str!("../../../examples/zuid-holland-armoede/figures/places.csv"),
        ];
        let lines = places.iter().flat_map(|text| text.lines());
        let mut count = 0;
        for line in lines.filter(|line| line.starts_with("GM") || line.starts_with("WK")) {
            let fields: Vec<&str> = line.split(',').collect();
            let (x, y) = all.middle(fields[0]).unwrap();
            let [lon, lat]: [f64; 2] = [2, 3].map(|at| fields[at].parse().unwrap());
            assert!((x - lon).hypot(y - lat) < 0.02, "{line}: {x} {y}");
            count += 1;
        }
        assert_eq!(count, 62);
    }

    #[test]
    fn a_table_that_is_cut_short_or_changed_is_refused() {
        let read = |table: &str| Boundaries::read(table).err();
        assert_eq!(read(""), Some(BoundariesError::Part(0)));
        assert_eq!(read("borders x\n"), Some(BoundariesError::Part(1)));
        assert_eq!(
            read("# so\nborders 1\n?\n"),
            Some(BoundariesError::Border(3))
        );
        assert_eq!(read("borders 1\n????\n"), Some(BoundariesError::Part(0)));
        let area = |line: &str| read(&format!("borders 1\n????\nareas 1\n{line}\n"));
        assert_eq!(area("A\tA\t2020\t2021\t~0"), None);
        for wrong in [
            "A",
            "A\tA\t2020\tx\t0",
            "A\tA\t2020\t2021\t1",
            "A\tA\t2020\t2021\t0\t",
        ] {
            assert_eq!(area(wrong), Some(BoundariesError::Area(4)), "{wrong}");
        }
    }

    #[test]
    fn nothing_has_no_outlines_and_an_unknown_code_neither() {
        let all = Boundaries::netherlands().unwrap();
        assert!(all.outlines(&[], PictureLayout::Wide).is_none());
        assert!(
            all.outlines(&["GM0546", "XX"], PictureLayout::Wide)
                .is_none()
        );
        assert!(
            all.outlines(&["GM0546", "WK054600"], PictureLayout::Wide)
                .is_some_and(|found| found.year == 2022)
        );
    }
}
