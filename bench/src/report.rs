//! What was measured: as JSON, as the table in `bench/README.md`, and as a picture.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{machine::Machine, plot};

const BEGIN: &str =
    "<!-- results: written by `cargo xtask bench`, everything up to the end mark -->";
const END: &str = "<!-- end of results -->";

/// One figure beside what was wanted.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub(crate) struct ReportRow {
    pub(crate) what: String,
    pub(crate) wanted: String,
    pub(crate) measured: String,
    /// Measured over wanted, the smaller the better: met when at most 1. Nothing when nothing was wanted, infinite
    /// (written as null with `met` false) when it did not end.
    pub(crate) ratio: Option<f64>,
    pub(crate) met: Option<bool>,
    pub(crate) how: String,
}

impl ReportRow {
    /// A figure that should be at most so much.
    pub(crate) fn at_most(what: &str, wanted: (f64, String), measured: (f64, String)) -> ReportRow {
        let ratio = measured.0 / wanted.0;
        ReportRow {
            ratio: ratio.is_finite().then_some(ratio),
            met: Some(ratio <= 1.0),
            wanted: wanted.1,
            ..ReportRow::only(what, measured.1)
        }
    }

    /// A figure that should be at least so much.
    pub(crate) fn at_least(
        what: &str,
        wanted: (f64, String),
        measured: (f64, String),
    ) -> ReportRow {
        ReportRow::at_most(
            what,
            (1.0 / wanted.0, wanted.1),
            (1.0 / measured.0, measured.1),
        )
    }

    /// A figure of which nothing was wanted.
    pub(crate) fn only(what: &str, measured: String) -> ReportRow {
        ReportRow {
            what: what.to_owned(),
            wanted: "–".to_owned(),
            measured,
            ratio: None,
            met: None,
            how: String::new(),
        }
    }

    /// A figure that could not be had although something was wanted.
    pub(crate) fn missed(what: &str, wanted: String, why: String) -> ReportRow {
        ReportRow {
            wanted,
            met: Some(false),
            ..ReportRow::only(what, why)
        }
    }

    pub(crate) fn how(mut self, how: impl Into<String>) -> ReportRow {
        self.how = how.into();
        self
    }

    fn verdict(&self) -> &'static str {
        match self.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "–",
        }
    }
}

/// What one benchmark gave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BenchResult {
    pub(crate) rows: Vec<ReportRow>,
    /// Everything that the rows were made of.
    pub(crate) details: Value,
    /// Names and versions of all that was measured.
    pub(crate) versions: BTreeMap<String, String>,
}

/// One benchmark's figures with the day and the machine of its run.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct BenchRun {
    day: String,
    machine: String,
    versions: BTreeMap<String, String>,
    rows: Vec<ReportRow>,
}

/// Prints the rows.
pub(crate) fn print(name: &str, measured: &BenchResult) {
    for row in &measured.rows {
        let ReportRow {
            what,
            wanted,
            measured,
            ..
        } = row;
        let verdict = row.verdict().replace('*', "");
        println!("{name}: {what}: {measured} (wanted: {wanted}; met: {verdict})");
    }
}

/// Writes everything of one run as JSON.
pub(crate) fn details(path: &Path, measured: &BenchResult, machine: &Machine) -> Result<()> {
    let all = serde_json::json!({ "machine": machine, "day": today(), "measured": measured });
    std::fs::write(path, serde_json::to_string_pretty(&all)?)
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// Puts a benchmark's rows in the place of its earlier ones, and writes the table and the picture anew.
///
/// `order` names all benchmarks in the order in which they are shown.
pub(crate) fn publish(
    folder: &Path,
    order: &[&str],
    name: &str,
    measured: &BenchResult,
    machine: &Machine,
) -> Result<()> {
    let kept = folder.join("results.json");
    let text = std::fs::read_to_string(&kept).unwrap_or_else(|_| "{}".to_owned());
    let mut runs: BTreeMap<String, BenchRun> = serde_json::from_str(&text)
        .with_context(|| format!("`{}` is not as this program wrote it", kept.display()))?;
    let run = BenchRun {
        day: today(),
        machine: machine.shown(),
        versions: measured.versions.clone(),
        rows: measured.rows.clone(),
    };
    runs.insert(name.to_owned(), run);
    std::fs::write(&kept, serde_json::to_string_pretty(&runs)? + "\n")?;
    let known: Vec<(&str, &BenchRun)> = order
        .iter()
        .filter_map(|name| Some((*name, runs.get(*name)?)))
        .collect();
    let page = folder.join("README.md");
    let before = std::fs::read_to_string(&page).context("cannot read `bench/README.md`")?;
    std::fs::write(&page, replaced(&before, &section(&known)))?;
    let rows: Vec<(&str, &ReportRow)> = known
        .iter()
        .flat_map(|(name, run)| run.rows.iter().map(move |row| (*name, row)))
        .collect();
    std::fs::write(folder.join("results.svg"), plot::svg(&rows))?;
    Ok(())
}

fn today() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    day(seconds.map_or(0, |s| s.as_secs() / 86_400))
}

/// The date so many days after 1970-01-01 (Hinnant, *chrono-Compatible Low-Level Date Algorithms*, 2013).
fn day(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

fn section(runs: &[(&str, &BenchRun)]) -> String {
    let mut text = String::from(
        "Every figure is of one run: ours and the peer's on the same data, each in a process of its own.\n\n\
         ![Each figure over what was wanted of it](results.svg)\n",
    );
    for (name, run) in runs {
        let versions: Vec<String> = run
            .versions
            .iter()
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        writeln!(
            text,
            "\n### {name}\n\n{}; {}; {}.\n\n| what | wanted | measured | met | how |\n|---|---|---|---|---|",
            run.day,
            run.machine,
            versions.join(", ")
        )
        .ok();
        for row in &run.rows {
            let ReportRow {
                what,
                wanted,
                measured,
                how,
                ..
            } = row;
            let verdict = row.verdict();
            writeln!(
                text,
                "| {what} | {wanted} | {measured} | {verdict} | {how} |"
            )
            .ok();
        }
    }
    text
}

/// The page with another section between the marks; the marks come last where there are none.
fn replaced(page: &str, section: &str) -> String {
    let (before, after) = match page.split_once(BEGIN) {
        Some((before, rest)) => (before, rest.split_once(END).map_or("", |(_, after)| after)),
        None => (page, ""),
    };
    let (before, after) = (before.trim_end(), after.trim_start());
    let text = format!("{before}\n\n{BEGIN}\n\n{}\n\n{END}\n", section.trim_end());
    if after.is_empty() {
        text
    } else {
        format!("{text}\n{after}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, expected) in [
            (0, "1970-01-01"),
            (59, "1970-03-01"),
            (20_781, "2026-11-24"),
        ] {
            assert_eq!(day(days), expected);
        }
        assert_eq!(day(11_016), "2000-02-29");
    }

    #[test]
    fn the_section_is_replaced_and_all_else_is_kept() {
        let once = replaced("# Page\n\nold rows\n", "first");
        assert!(once.starts_with("# Page\n\nold rows\n\n<!-- results"));
        let twice = replaced(&format!("{once}\nafter\n"), "second");
        assert!(twice.contains("second") && !twice.contains("first"));
        assert!(twice.contains("old rows") && twice.ends_with("\nafter\n"));
        assert_eq!(replaced(&twice, "second"), twice);
    }

    #[test]
    fn a_figure_is_met_when_it_is_good_enough() {
        let of = |n: f64| (n, String::new());
        assert_eq!(ReportRow::at_most("", of(3.0), of(2.9)).met, Some(true));
        assert_eq!(ReportRow::at_most("", of(3.0), of(3.1)).met, Some(false));
        assert_eq!(ReportRow::at_least("", of(8.0), of(16.0)).ratio, Some(0.5));
        assert_eq!(ReportRow::at_least("", of(8.0), of(4.0)).met, Some(false));
    }
}
