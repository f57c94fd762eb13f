//! The table seen from above: four seats, each with the shape of its side, and in the middle how it stands.
//!
//! It is the picture of Zwerm: logo, status, illustration and layout at once. It always stands beside words that say the
//! same, so it is hidden from who hears a page. A side is never told by colour alone: residents are a circle at the top,
//! knowledge a triangle at the left, organisations a hexagon at the right, the government a square below.

/// How a side of the table stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatMark {
    /// It consents: a filled shape.
    Consents,
    /// It consents with a concern: the shape has an open heart.
    Concern,
    /// It still decides: a dashed open shape.
    Deciding,
    /// It objects: an open shape with a cross.
    Objects,
    /// It is over: the shape in the colour of what is at rest.
    Over,
}

/// What stands on the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableCentre {
    /// In force: a tick.
    InForce,
    /// So many of so many sides consented.
    Consenting(usize, usize),
    /// Somebody objects: a cross.
    Objection,
    /// Suspended: two bars.
    Suspended,
    /// Over: a line.
    Over,
    /// Nothing yet.
    Bare,
}

/// The four sides of a table, as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSeats {
    /// At the top.
    pub residents: SeatMark,
    /// At the left.
    pub knowledge: SeatMark,
    /// At the right.
    pub organisations: SeatMark,
    /// At the bottom.
    pub government: SeatMark,
}

impl TableSeats {
    /// Four sides that stand alike.
    ///
    /// ```
    /// use zwerm_picture::table::{SeatMark, TableSeats};
    /// assert_eq!(TableSeats::all(SeatMark::Deciding).government, SeatMark::Deciding);
    /// ```
    pub fn all(mark: SeatMark) -> Self {
        Self {
            residents: mark,
            knowledge: mark,
            organisations: mark,
            government: mark,
        }
    }
}

/// Where a side sits, its class and its outline in a square of 20.
const SIDES: [(f64, f64, &str, &str); 4] = [
    (
        0.0,
        -35.0,
        "inw",
        "M10 1.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17z",
    ),
    (-35.0, 0.0, "ken", "M10 1 19.5 18H.5z"),
    (35.0, 0.0, "org", "M5.2 1.6h9.6L19.6 10l-4.8 8.4H5.2L.4 10z"),
    (0.0, 35.0, "ove", "M2 2h16v16H2z"),
];

/// The picture, this many pixels wide and high.
///
/// ```
/// use zwerm_picture::table::{SeatMark, TableCentre, TableSeats, table};
/// let seats = TableSeats { residents: SeatMark::Deciding, ..TableSeats::all(SeatMark::Consents) };
/// let svg = table(&seats, TableCentre::Consenting(3, 4), 84);
/// assert!(svg.contains("stroke-dasharray") && svg.contains("3/4"));
/// ```
pub fn table(seats: &TableSeats, centre: TableCentre, size: u32) -> String {
    let marks = [
        seats.residents,
        seats.knowledge,
        seats.organisations,
        seats.government,
    ];
    let drawn = SIDES
        .iter()
        .zip(marks)
        .map(|(side, mark)| seat(*side, mark));
    let drawn: String = drawn.collect();
    format!(
        r#"<svg width="{size}" height="{size}" viewBox="-50 -50 100 100" aria-hidden="true"><rect x="-19" y="-19" width="38" height="38" rx="9" class="f-p s-i" stroke-width="2.5"/>{drawn}{}</svg>"#,
        middle(centre)
    )
}

/// The four sides about the table in the middle of another picture.
pub(crate) fn group(
    seats: &TableSeats,
    centre: TableCentre,
    place: (f64, f64),
    scale: f64,
) -> String {
    let svg = table(seats, centre, 100);
    let inner = svg.find('>').and_then(|end| svg.get(end + 1..));
    let inner = inner.and_then(|rest| rest.strip_suffix("</svg>"));
    format!(
        r#"<g transform="translate({} {}) scale({scale})">{}</g>"#,
        place.0,
        place.1,
        inner.unwrap_or_default()
    )
}

fn seat((x, y, class, outline): (f64, f64, &str, &str), mark: SeatMark) -> String {
    let look = match mark {
        SeatMark::Consents | SeatMark::Concern => format!(r#"class="{class} sf""#),
        SeatMark::Deciding => {
            format!(r#"class="{class} so" stroke-width="2" stroke-dasharray="4 3""#)
        }
        SeatMark::Objects => format!(r#"class="{class} so" stroke-width="2.6""#),
        SeatMark::Over => r#"class="f-e""#.to_owned(),
    };
    let shape = format!(
        r#"<g transform="translate({x} {y}) scale(1.1) translate(-10 -10)" {look}><path d="{outline}"/></g>"#
    );
    let more = match mark {
        SeatMark::Concern => format!(r#"<circle cx="{x}" cy="{y}" r="3.4" class="f-p"/>"#),
        SeatMark::Objects => {
            let (left, top) = (x - 3.6, y - 3.2);
            format!(
                r#"<path d="m{left} {top} 7.2 7.2m0-7.2-7.2 7.2" class="{class} s-side" stroke-width="2.6"/>"#
            )
        }
        _ => String::new(),
    };
    shape + &more
}

fn middle(centre: TableCentre) -> String {
    let line = |path: &str| {
        format!(
            r#"<path d="{path}" fill="none" class="s-i" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>"#
        )
    };
    match centre {
        TableCentre::InForce => line("m-9 .5 6 6L9-6.5"),
        TableCentre::Objection => line("m-7-7 14 14m0-14-14 14"),
        TableCentre::Suspended => line("M-5-8v16m10-16v16"),
        TableCentre::Over => line("M-9 0h18"),
        TableCentre::Bare => String::new(),
        TableCentre::Consenting(given, of) => {
            format!(r#"<text class="tb tm" y="6" font-size="17">{given}/{of}</text>"#)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_that_objects_is_told_without_colour() {
        let seats = TableSeats {
            knowledge: SeatMark::Objects,
            ..TableSeats::all(SeatMark::Consents)
        };
        let svg = table(&seats, TableCentre::Objection, 84);
        assert_eq!(svg.matches("s-side").count(), 1);
        assert_eq!(svg.matches(" sf").count(), 3);
        assert_ne!(svg, table(&seats, TableCentre::InForce, 84));
    }

    #[test]
    fn the_table_stands_in_another_picture_as_it_is_by_itself() {
        let seats = TableSeats::all(SeatMark::Concern);
        let inside = group(&seats, TableCentre::Bare, (10.0, 20.0), 2.0);
        assert!(inside.starts_with("<g transform=\"translate(10 20) scale(2)\"><rect"));
        assert!(!inside.contains("<svg") && !inside.contains("</svg"));
        assert_eq!(inside.matches("<circle").count(), 4);
    }
}
