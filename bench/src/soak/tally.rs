//! What a soak comes to.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::judge::Judged;
use crate::numbers::grouped;

/// Figures of the cubes judged so far.
pub(super) struct SoakTally {
    limit: Duration,
    pub(super) cubes: usize,
    pub(super) findings: usize,
    undecided: Vec<u64>,
    releases: usize,
    cells: usize,
    hidden: usize,
    largest: usize,
    /// By reason, releases that were not built.
    refused: BTreeMap<String, usize>,
    /// By shape: cubes, those with a refused release, undecided ones, and seconds.
    shapes: BTreeMap<String, (usize, usize, usize, f64)>,
    unsafe_seeds: Vec<u64>,
}

impl SoakTally {
    pub(super) fn new(limit: Duration) -> SoakTally {
        SoakTally {
            limit,
            cubes: 0,
            findings: 0,
            undecided: Vec::new(),
            releases: 0,
            cells: 0,
            hidden: 0,
            largest: 0,
            refused: BTreeMap::new(),
            shapes: BTreeMap::new(),
            unsafe_seeds: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, judged: &Judged) {
        self.cubes += 1;
        if judged.undecided {
            self.undecided.push(judged.seed);
        }
        if !judged.findings.is_empty() {
            self.findings += 1;
            self.unsafe_seeds.push(judged.seed);
        }
        for release in &judged.releases {
            self.releases += 1;
            self.cells += release.cells;
            self.hidden += release.hidden;
            self.largest = self.largest.max(release.cells);
            if let Some(reason) = &release.refused {
                *self.refused.entry(reason.clone()).or_default() += 1;
            }
        }
        let shape = self.shapes.entry(judged.shape.clone()).or_default();
        let refused = judged.releases.iter().any(|r| r.refused.is_some());
        shape.0 += 1;
        shape.1 += usize::from(refused);
        shape.2 += usize::from(judged.undecided);
        shape.3 += judged.seconds;
    }

    fn refusals(&self) -> usize {
        self.refused.values().sum()
    }

    /// Where it stands.
    pub(super) fn short(&self) -> String {
        let (found, refused) = (grouped(self.findings), grouped(self.refusals()));
        let undecided = grouped(self.undecided.len());
        format!("{found} with findings, {refused} releases refused, {undecided} undecided")
    }

    /// A line per shape and per reason, and the seeds that somebody wants to look at.
    pub(super) fn in_full(&self) -> String {
        let mut text = String::new();
        for (shape, (cubes, refused, undecided, seconds)) in &self.shapes {
            let mean = 1_000.0 * seconds / *cubes as f64;
            let (cubes, refused) = (grouped(*cubes), grouped(*refused));
            writeln!(
                text,
                "  {shape}: {cubes} cubes, {refused} with a refused release, {undecided} undecided, {mean:.0} ms each"
            )
            .ok();
        }
        for (reason, releases) in &self.refused {
            let releases = grouped(*releases);
            writeln!(text, "  refused, for {reason}: {releases} releases").ok();
        }
        for (what, seeds) in [
            ("undecided", &self.undecided),
            ("with findings", &self.unsafe_seeds),
        ] {
            if !seeds.is_empty() {
                writeln!(text, "  {what}: seeds {seeds:?}").ok();
            }
        }
        text
    }

    /// The figure.
    pub(super) fn closing(&self) -> String {
        format!(
            "{} cubes ({} releases of at most {} cells, {} cells, {} of them hidden), {}; an audit may take {} s",
            grouped(self.cubes),
            grouped(self.releases),
            grouped(self.largest),
            grouped(self.cells),
            grouped(self.hidden),
            self.short(),
            self.limit.as_secs()
        )
    }
}
