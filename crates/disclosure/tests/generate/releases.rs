//! Releases one after another over the same units: of other moments, of other views, or both.

use zwerm_disclosure::{Cell, Earlier, PublishedPart, Rules, Table};

use super::people::{People, Shape, people};

/// How many releases a sequence has.
pub(crate) const ROUNDS: usize = 3;

/// A sequence of releases, of which each knows what those before it published.
pub(crate) struct Releases {
    seed: u64,
    round: usize,
    people: People,
    history: Vec<Earlier>,
    /// What was published of the present state.
    now: Vec<Cell>,
}

impl Releases {
    pub(crate) fn new(seed: u64, shape: Shape) -> Releases {
        Releases {
            seed,
            round: 0,
            people: people(seed, shape),
            history: Vec::new(),
            now: Vec::new(),
        }
    }

    pub(crate) fn rules(&self) -> Rules {
        self.people.rules
    }

    /// The next table to protect, with its past; nothing after the last.
    pub(crate) fn next_table(&mut self) -> Option<Table> {
        if self.round == ROUNDS {
            return None;
        }
        if self.round > 0 && !self.seed.is_multiple_of(3) {
            let then = self.people.table.clone();
            if !self.now.is_empty() {
                let cells = std::mem::take(&mut self.now);
                let past = earlier(Some(&then), cells, self.people.rules);
                self.history.push(past);
            }
            self.people.time_passes();
        }
        let mut table = self.people.table.clone();
        table.earlier.clone_from(&self.history);
        if !self.now.is_empty() {
            let cells = self.now.clone();
            table.earlier.push(earlier(None, cells, self.people.rules));
        }
        if self.seed % 3 != 1 {
            // another view each round: some of the dimensions
            let n = table.dimensions.len();
            let dimensions = (0..n).filter(|d| n == 1 || !(d + self.round).is_multiple_of(n));
            table.asked = Some(PublishedPart {
                dimensions: dimensions.collect(),
                within: vec![],
            });
        }
        self.round += 1;
        Some(table)
    }

    /// Takes these cells for published.
    pub(crate) fn publish(&mut self, cells: Vec<Cell>) {
        self.now.extend(cells);
    }
}

/// What was published of a table, or of the present one.
pub(crate) fn earlier(then: Option<&Table>, published: Vec<Cell>, rules: Rules) -> Earlier {
    Earlier {
        then: then.map(|t| (t.cells.clone(), t.straddlers.clone())),
        published,
        rules: vec![rules],
    }
}
