//! The picture of all figures: each over what was wanted of it, on a logarithmic scale.

use std::fmt::Write as _;

use crate::report::ReportRow;

const WIDTH: f64 = 760.0;
const LABELS: f64 = 400.0;
const LINE: f64 = 22.0;
const TOP: f64 = 44.0;
/// The scale goes from a thousandth of what was wanted to a thousand times that.
const DECADES: f64 = 3.0;

/// Colours that are told apart in light and in dark, also by who sees no red or green.
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#1f2328}\
.grid{stroke:#d0d7de}.goal{stroke:#1f2328;stroke-width:1.5}\
.met{fill:#0969da}.not{fill:#bc4c00}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#3d444d}.goal{stroke:#e6edf3}\
.met{fill:#58a6ff}.not{fill:#f0883e}}";

/// Draws the rows of which something was wanted; what did not end has no bar and says so.
pub(crate) fn svg(rows: &[(&str, &ReportRow)]) -> String {
    let rows: Vec<&(&str, &ReportRow)> = rows.iter().filter(|(_, row)| row.met.is_some()).collect();
    let height = TOP + LINE * rows.len() as f64 + 12.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"Each figure over what was wanted of it\"><style>{STYLE}</style>\n"
    );
    for decade in -3..=3 {
        let x = place(10_f64.powi(decade));
        let (class, label) = match decade {
            0 => ("goal", "wanted".to_owned()),
            d if d < 0 => ("grid", format!("1/{}", 10_u32.pow(d.unsigned_abs()))),
            d => ("grid", format!("{}×", 10_u32.pow(d.unsigned_abs()))),
        };
        let (below, above) = (height - 8.0, TOP - 12.0);
        writeln!(
            svg,
            "<line class=\"{class}\" x1=\"{x:.0}\" x2=\"{x:.0}\" y1=\"{above}\" y2=\"{below}\"/>\
             <text x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{label}</text>",
            above - 6.0
        )
        .ok();
    }
    for (number, (bench, row)) in rows.iter().enumerate() {
        let y = TOP + LINE * number as f64;
        bar(&mut svg, y, bench, row);
    }
    svg + "</svg>\n"
}

fn bar(svg: &mut String, y: f64, bench: &str, row: &ReportRow) {
    let text = y + 13.0;
    let label = shortened(&format!("{bench}: {}", plain(&row.what)), 62);
    writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{text:.0}\" text-anchor=\"end\">{label}</text>",
        LABELS - 10.0
    )
    .ok();
    let (goal, class) = (
        place(1.0),
        if row.met == Some(true) { "met" } else { "not" },
    );
    let Some(ratio) = row.ratio else {
        let x = goal + 6.0;
        writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"{text:.0}\">did not end, or is not there</text>"
        )
        .ok();
        return;
    };
    let at = place(ratio);
    let (left, width) = (at.min(goal), (at - goal).abs().max(1.0));
    writeln!(
        svg,
        "<rect class=\"{class}\" x=\"{left:.1}\" y=\"{y:.0}\" width=\"{width:.1}\" height=\"{:.0}\">\
         <title>{} (wanted: {})</title></rect>",
        LINE - 5.0,
        plain(&row.measured),
        plain(&row.wanted)
    )
    .ok();
}

fn place(ratio: f64) -> f64 {
    let middle = f64::midpoint(LABELS, WIDTH - 20.0);
    let half = middle - LABELS;
    middle + half * (ratio.log10() / DECADES).clamp(-1.0, 1.0)
}

fn plain(text: &str) -> String {
    let text = text.replace(['*', '`'], "").replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_met_lies_left_of_what_was_wanted() {
        let goal = place(1.0);
        assert!(place(0.5) < goal && place(2.0) > goal);
        assert_eq!(place(1e9), place(1e3));
    }

    #[test]
    fn every_figure_with_a_goal_has_a_line_and_others_have_none() {
        let goal = || (1.0, "1 <s".to_owned());
        let met = ReportRow::at_most("first & only", goal(), (0.1, "0.1 s".to_owned()));
        let missed = ReportRow::missed("second", "1 s".to_owned(), "no".to_owned());
        let none = ReportRow::only("third", "5".to_owned());
        let svg = svg(&[("a", &met), ("a", &missed), ("a", &none)]);
        assert_eq!(svg.matches("<rect").count(), 1);
        assert!(svg.contains("first &amp; only") && svg.contains("1 &lt;s"));
        assert!(svg.contains("second") && !svg.contains("third"));
    }
}
