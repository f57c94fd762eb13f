//! Every rule of protection, checked against the true table.

use std::collections::HashSet;

use super::{
    attackers::{AttackedFigure, Secret},
    frame::Coordinates,
    linked::{FigureKind, ListedCell, TableHistory},
};
use crate::{Cell, Rules, Table};

/// What is wrong with publishing `cells` of `table`; empty when every rule holds.
///
/// This is slow and meant for tests and small tables: it solves an integer program per unsafe count
/// (of up to a million units per cell) and two linear programs per unsafe sum. Each finding names the
/// rule and the cell.
///
/// ```
/// use zwerm_disclosure::{Rules, Table, audit, protect};
/// let table = Table { max_dimensions: 2, ..Table::default() };
/// let rules = Rules::minimum(10);
/// assert!(audit::findings(&table, &rules, &protect(&table, &rules)?.cells()).is_empty());
/// # Ok::<(), zwerm_disclosure::DisclosureError>(())
/// ```
#[must_use]
pub fn findings(table: &Table, rules: &Rules, cells: &[Cell]) -> Vec<String> {
    let story = TableHistory::new(table, rules, cells);
    let audit = Audit {
        exposed: story.exposed(FigureKind::Units),
        exposed_rows: story.exposed(FigureKind::Rows),
        story: &story,
    };
    let mut found = audit.counts();
    for m in audit.with_missing() {
        found.extend(audit.values(m, "present", |c| c.units));
        found.extend(audit.values(m, "missing", |c| c.missing));
    }
    found.extend(audit.rows());
    for measure in 0..table.measures.len() {
        found.extend(audit.measure(measure));
    }
    found.extend(audit.shared_patterns());
    found
}

/// The rules, with what everyone knows already.
pub(super) struct Audit<'a> {
    /// The true table, and what was ever published of it.
    pub(super) story: &'a TableHistory<'a>,
    /// Cells whose counts everyone knows already.
    pub(super) exposed: HashSet<(usize, Vec<usize>)>,
    /// And those of which they know how many rows there are.
    pub(super) exposed_rows: HashSet<(usize, Vec<usize>)>,
}

impl Audit<'_> {
    /// The table that is audited.
    pub(super) fn table(&self) -> &Table {
        self.story.table
    }

    /// Whether everyone knows the counts of a cell already.
    pub(super) fn exposed(&self, state: usize, at: &Coordinates) -> bool {
        let row = self.story.row(FigureKind::Units, state, at);
        self.exposed.contains(&(state, row))
    }

    /// Measures of which values are missing: their counts are not the units'.
    pub(super) fn with_missing(&self) -> Vec<usize> {
        let bases = || {
            self.story
                .state_numbers()
                .flat_map(|s| self.story.state(s).0)
        };
        let missing =
            |m: &usize| bases().any(|b| b.measures.get(*m).is_some_and(|c| c.missing > 0));
        (0..self.table().measures.len()).filter(missing).collect()
    }

    /// Whether some unit has several rows.
    pub(super) fn several_rows(&self) -> bool {
        let mut bases = self
            .story
            .state_numbers()
            .flat_map(|s| self.story.state(s).0);
        self.story.straddles() || bases.any(|b| b.rows.count != b.units)
    }

    /// What is derived of a figure by adding and subtracting, by whoever knows most.
    pub(super) fn attack(&self, figure: FigureKind, secrets: &[Secret]) -> Vec<String> {
        let providers: Vec<usize> = (0..self.table().providers).collect();
        let open = self.story.listed.iter();
        let open = open.filter(|l| !l.known(figure) && self.is_open(l, figure, secrets));
        let attack = AttackedFigure {
            story: self.story,
            figure,
            known: self.known(figure),
            hidden: open
                .map(|l| (l.state, l.cell.coordinates.clone()))
                .collect(),
            secrets,
            providers: &providers,
        };
        attack.findings()
    }

    /// Whether a hidden cell must not be derived: it is published now or secret, and holds what is not known already.
    fn is_open(&self, listed: &ListedCell, figure: FigureKind, secrets: &[Secret]) -> bool {
        let (state, at) = (listed.state, &listed.cell.coordinates);
        let mut alone = secrets.iter().filter(|s| s.minus.is_none());
        if !(listed.now || alone.any(|s| s.state == state && s.plus == *at)) {
            return false;
        }
        let row = self.story.row(figure, state, at);
        if figure == FigureKind::Rows {
            let nothing = self.story.units(state, at) == 0;
            return !nothing && !self.exposed_rows.contains(&(state, row));
        }
        !self.exposed.contains(&(state, row))
    }

    /// Rows of the cells that are known, and whether they are known to be empty.
    pub(super) fn known(&self, figure: FigureKind) -> Vec<(Vec<usize>, bool)> {
        let known = self
            .story
            .listed
            .iter()
            .filter(|l| l.known(figure) || l.empty(figure));
        known
            .map(|l| {
                let row = self.story.row(figure, l.state, &l.cell.coordinates);
                (row, l.empty(figure))
            })
            .collect()
    }

    /// Measures tied to each other are hidden together.
    fn shared_patterns(&self) -> Vec<String> {
        let mut found = Vec::new();
        for listed in self.story.listed.iter().filter(|l| l.now) {
            let (at, cell) = (&listed.cell.coordinates, listed.cell);
            let shown = |m: &usize| cell.sums.get(*m).is_some_and(Option::is_some);
            for class in &self.table().related {
                if class.iter().any(shown) && !class.iter().all(shown) {
                    found.push(format!("{at:?}: related sums differ"));
                }
            }
            let mut count_like = self.table().count_like.iter();
            if count_like.any(|m| shown(m) != cell.units.is_some()) {
                found.push(format!("{at:?}: a count-like sum differs"));
            }
        }
        found
    }
}
