//! Writing the table: borders as differences in printable characters, then the areas that they make.

use std::fmt::Write as _;

use super::arcs::Topology;
use super::{GridPoint, SourceArea};

const HEAD: &str = "\
# Boundaries of the municipalities of the Netherlands, and of districts of some of them, generalised.
# Source: CBS/Kadaster, Wijk- en buurtkaart, via PDOK, CC BY 4.0; adapted: fewer points, each border once.
# Made by `cargo xtask boundaries`; how it is written is told by `zwerm_picture::boundaries`.
";

/// The table as text.
pub(super) fn table(areas: &[SourceArea], topology: &Topology) -> String {
    let mut table = HEAD.to_owned();
    let _ = writeln!(table, "borders {}", topology.arcs.len());
    for arc in &topology.arcs {
        table.push_str(&border(arc));
        table.push('\n');
    }
    let _ = writeln!(table, "areas {}", areas.len());
    for (area, rings) in areas.iter().zip(&topology.rings) {
        let rings: Vec<String> = rings.iter().map(|ring| numbers(ring)).collect();
        let (code, name, (first, last)) = (&area.code, &area.name, area.years);
        let _ = writeln!(
            table,
            "{code}\t{name}\t{first}\t{last}\t{}",
            rings.join(";")
        );
    }
    table
}

/// Borders by number; one that is followed backwards has a tilde.
fn numbers(ring: &[(usize, bool)]) -> String {
    let number = |(id, turned): &(usize, bool)| format!("{}{id}", if *turned { "~" } else { "" });
    let numbers: Vec<String> = ring.iter().map(number).collect();
    numbers.join(",")
}

/// The differences from point to point, in the encoded polyline format.
fn border(arc: &[GridPoint]) -> String {
    let (mut text, mut before) = (String::new(), (0, 0));
    for (x, y) in arc {
        difference(&mut text, x - before.0);
        difference(&mut text, y - before.1);
        before = (*x, *y);
    }
    text
}

/// Five bits per character, the least first; the sign is the lowest bit.
fn difference(text: &mut String, value: i32) {
    let mut rest = ((value << 1) ^ (value >> 31)) as u32;
    loop {
        let more = rest > 31;
        let bits = (rest & 31) as u8 | if more { 32 } else { 0 };
        text.push(char::from(bits + 63));
        rest >>= 5;
        if !more {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_border_is_written_as_the_format_has_it() {
        // the example of the format's own description, which puts the latitude first
        let line = [
            (3_850_000, -12_020_000),
            (4_070_000, -12_095_000),
            (4_325_200, -12_645_300),
        ];
        assert_eq!(border(&line), "_p~iF~ps|U_ulLnnqC_mqNvxq`@");
    }
}
