//! The true table in all its states, what was ever published of it, and what everyone knows by that.

use std::collections::HashSet;

use super::frame::{Coordinates, KindFrame, StateUnits, states};
use crate::{Cell, Contributions, Rules, Table};

/// A cell that is published, or was, figures hidden or not.
pub(super) struct ListedCell<'a> {
    /// The release state that it was published of.
    pub(super) state: usize,
    /// The cell as it was published.
    pub(super) cell: &'a Cell,
    /// Whether it is published now, and not before.
    pub(super) now: bool,
    /// Whether it would be shown if it were empty.
    pub(super) zeros: bool,
}

/// A figure of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FigureKind {
    Units,
    Rows,
    Sum(usize),
}

/// A table with its past.
pub(super) struct TableHistory<'a> {
    /// The true table as it is now.
    pub(super) table: &'a Table,
    states: Vec<StateUnits<'a>>,
    /// The rules in each state.
    rules: Vec<Vec<Rules>>,
    /// All cells that are published, or were.
    pub(super) listed: Vec<ListedCell<'a>>,
    /// What numbers of units add up over.
    pub(super) units: KindFrame,
    /// What rows and sums add up over.
    pub(super) rows: KindFrame,
}

impl<'a> TableHistory<'a> {
    /// A table to be published by these rules as these cells.
    pub(super) fn new(table: &'a Table, rules: &Rules, cells: &'a [Cell]) -> TableHistory<'a> {
        let (mut all, of_release) = rules_of(table, rules);
        share_rules(&states(table), &mut all);
        let present = table.earlier.iter().filter(|e| e.then.is_none());
        let mut now = present.flat_map(|e| &e.rules).chain([rules]);
        let zeros = !now.any(|r| r.protect_zeros);
        let mut listed: Vec<ListedCell> = cells
            .iter()
            .map(|cell| ListedCell {
                state: 0,
                cell,
                now: true,
                zeros,
            })
            .collect();
        for (earlier, state) in table.earlier.iter().zip(of_release) {
            let rules = &earlier.rules;
            listed.extend(earlier.published.iter().map(|cell| ListedCell {
                state,
                cell,
                now: false,
                zeros: rules.is_empty() || rules.iter().any(|r| !r.protect_zeros),
            }));
        }
        TableHistory {
            table,
            states: states(table),
            rules: all,
            listed,
            units: KindFrame::units(table),
            rows: KindFrame::rows(table),
        }
    }

    /// All release states, the present one first.
    pub(super) fn state_numbers(&self) -> std::ops::Range<usize> {
        0..self.states.len()
    }

    /// The base cells and straddlers of a state.
    pub(super) fn state(&self, state: usize) -> StateUnits<'a> {
        self.states.get(state).copied().unwrap_or((&[], &[]))
    }

    /// The rules that apply in a state.
    fn rules(&self, state: usize) -> &[Rules] {
        self.rules.get(state).map_or(&[], Vec::as_slice)
    }

    /// How many units a figure of a state is about at least.
    pub(super) fn minimum(&self, state: usize) -> u64 {
        self.rules(state)
            .iter()
            .map(|r| r.minimum_units)
            .max()
            .unwrap_or(1)
    }

    /// Whether empty cells of a state are hidden.
    pub(super) fn hides_zeros(&self, state: usize) -> bool {
        self.rules(state).iter().any(|r| r.protect_zeros)
    }

    /// Whether a number of units is above 0 and below the minimum of a state.
    pub(super) fn small(&self, state: usize, n: u64) -> bool {
        n > 0 && n < self.minimum(state)
    }

    /// Whether units have several values of a dimension.
    pub(super) fn straddles(&self) -> bool {
        self.states
            .iter()
            .any(|(_, straddlers)| !straddlers.is_empty())
    }

    /// Distinct units of a cell.
    pub(super) fn units(&self, state: usize, at: &Coordinates) -> u64 {
        let (bases, straddlers) = self.state(state);
        let inside = bases
            .iter()
            .filter(|b| self.rows.covers(at, &b.coordinates));
        let of =
            |s: &&crate::Straddler| s.parts.iter().any(|p| self.rows.covers(at, &p.coordinates));
        inside.map(|b| b.units).sum::<u64>() + straddlers.iter().filter(of).count() as u64
    }

    /// What the units of a cell contribute to the rows or a measure, each unit once.
    pub(super) fn contributions(
        &self,
        state: usize,
        at: &Coordinates,
        figure: FigureKind,
    ) -> Contributions {
        let (bases, straddlers) = self.state(state);
        let inside = |base: &[u32]| self.rows.covers(at, base);
        let mut all = Contributions::default();
        for base in bases.iter().filter(|b| inside(&b.coordinates)) {
            let of = match figure {
                FigureKind::Sum(m) => base.measures.get(m),
                _ => Some(&base.rows),
            };
            if let Some(of) = of {
                all.merge(of, usize::MAX);
            }
        }
        for straddler in straddlers {
            let parts = straddler.parts.iter();
            let parts = parts.filter(|p| inside(&p.coordinates));
            let rows: u64 = parts.clone().map(|p| p.rows).sum();
            let sum: f64 = match figure {
                FigureKind::Sum(m) => parts.filter_map(|p| p.sums.get(m)).sum(),
                _ => rows as f64,
            };
            if rows > 0 {
                all.add_unit(rows, sum, usize::MAX);
            }
        }
        all
    }

    /// p% and (n, k), written out anew: how far a sum must be able to move.
    pub(super) fn sum_unsafe(&self, state: usize, c: &Contributions) -> Option<f64> {
        let mut far: Option<f64> = None;
        let mut ask = |more: f64| far = Some(far.map_or(more, |f| f.max(more)));
        for rules in self.rules(state) {
            if let Some(rule) = rules.dominance {
                let top: f64 = c.largest.iter().take(rule.largest).sum();
                if top * 100.0 > rule.percent * c.absolute {
                    ask(top * 100.0 / rule.percent - c.absolute);
                }
            }
            if let Some(p) = rules.p_percent {
                let first = c.largest.first().copied().unwrap_or(0.0);
                let others = c.absolute - c.largest.iter().take(2).sum::<f64>();
                if others * 100.0 < p * first * (1.0 - 1e-9) {
                    ask(p * first / 100.0 - others);
                }
            }
        }
        far
    }

    /// The kinds of a figure's frame that a cell is the sum of.
    pub(super) fn row(&self, figure: FigureKind, state: usize, at: &Coordinates) -> Vec<usize> {
        self.frame(figure).row(state, at)
    }

    /// What a figure adds up over.
    pub(super) fn frame(&self, figure: FigureKind) -> &KindFrame {
        match figure {
            FigureKind::Units => &self.units,
            _ => &self.rows,
        }
    }

    /// Whether a cell is taken as unchanged between two states: as many people, or a sum that is as large.
    pub(super) fn unchanging(
        &self,
        figure: FigureKind,
        at: &Coordinates,
        a: usize,
        b: usize,
    ) -> bool {
        match figure {
            FigureKind::Sum(_) => self.equal(figure, at, a, b),
            _ => self.unmoved(at, a, b) && self.units(a, at) == self.units(b, at),
        }
    }

    /// Whether the same units may be in a cell in two states, by what is known of who they are.
    fn unmoved(&self, at: &Coordinates, a: usize, b: usize) -> bool {
        let known = self.states.iter().all(|(bases, straddlers)| {
            bases.iter().all(|b| b.identity.is_some())
                && straddlers.iter().all(|s| s.identity.is_some())
        });
        let who = |state: usize| {
            let (bases, straddlers) = self.state(state);
            let inside = |base: &[u32]| self.rows.covers(at, base);
            let alone = bases.iter().filter(|b| inside(&b.coordinates));
            let several = straddlers
                .iter()
                .filter(|s| s.parts.iter().any(|p| inside(&p.coordinates)));
            let digests = alone.map(|b| b.identity).chain(several.map(|s| s.identity));
            digests.flatten().fold(0_u64, u64::wrapping_add)
        };
        !known || who(a) == who(b)
    }

    /// Whether a figure of a cell is equal in two states: who knows the one then knows the other.
    fn equal(&self, figure: FigureKind, at: &Coordinates, a: usize, b: usize) -> bool {
        let of = |state| self.added_up(state, at, figure);
        if !self.unmoved(at, a, b) {
            return false;
        }
        match figure {
            FigureKind::Units => self.units(a, at) == self.units(b, at),
            FigureKind::Rows => of(a).0 == of(b).0,
            FigureKind::Sum(_) => (of(a).0 == 0) == (of(b).0 == 0) && of(a).1 == of(b).1,
        }
    }

    /// How many rows, or values of a measure, a cell has, and their sum.
    fn added_up(&self, state: usize, at: &Coordinates, figure: FigureKind) -> (u64, f64) {
        let (bases, straddlers) = self.state(state);
        let inside = bases
            .iter()
            .filter(|b| self.rows.covers(at, &b.coordinates));
        let alone = inside.map(|base| {
            let of = match figure {
                FigureKind::Sum(m) => base.measures.get(m),
                _ => Some(&base.rows),
            };
            of.map_or((0, 0.0), |of| (of.count, of.total))
        });
        let parts = straddlers.iter().flat_map(|s| &s.parts);
        let parts = parts.filter(|p| self.rows.covers(at, &p.coordinates));
        let parts = parts.map(|part| match figure {
            FigureKind::Sum(m) => (part.rows, part.sums.get(m).copied().unwrap_or(0.0)),
            _ => (part.rows, part.rows as f64),
        });
        alone
            .chain(parts)
            .fold((0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1))
    }

    /// Whether a cell has as many units with and without a value of a measure in two states.
    pub(super) fn as_many(&self, m: usize, at: &Coordinates, a: usize, b: usize) -> bool {
        let of = |state| {
            let c = self.contributions(state, at, FigureKind::Sum(m));
            (self.units(state, at), c.units, c.missing)
        };
        self.unmoved(at, a, b) && of(a) == of(b)
    }

    /// Cells that are one unknown in two states, as pairs of rows.
    pub(super) fn unchanged(&self, figure: FigureKind) -> Vec<(Vec<usize>, Vec<usize>)> {
        let mut pairs = Vec::new();
        if self.states.len() == 1 {
            return pairs;
        }
        for at in self.rows.cells() {
            for a in self.state_numbers() {
                for b in (a + 1)..self.states.len() {
                    if self.unchanging(figure, &at, a, b) {
                        pairs.push((self.row(figure, a, &at), self.row(figure, b, &at)));
                    }
                }
            }
        }
        pairs
    }

    /// Whether a figure was shown in a cell that is known.
    pub(super) fn shows(cell: &Cell, figure: FigureKind) -> bool {
        match figure {
            FigureKind::Units | FigureKind::Rows => cell.units.is_some(),
            FigureKind::Sum(m) => cell.sums.get(m).is_some_and(Option::is_some),
        }
    }

    /// Cells whose figure is the same as one that was shown before: of the same kinds, or equal.
    pub(super) fn exposed(&self, figure: FigureKind) -> HashSet<(usize, Vec<usize>)> {
        self.exposed_by(figure, |at, a, b| self.equal(figure, at, a, b))
    }

    /// The same with what it is to be `equal` between two states.
    pub(super) fn exposed_by(
        &self,
        figure: FigureKind,
        equal: impl Fn(&Coordinates, usize, usize) -> bool,
    ) -> HashSet<(usize, Vec<usize>)> {
        let before = self
            .listed
            .iter()
            .filter(|l| !l.now && TableHistory::shows(l.cell, figure));
        let rows = before.map(|l| (l.state, self.row(figure, l.state, &l.cell.coordinates)));
        let mut exposed: HashSet<(usize, Vec<usize>)> = rows.collect();
        if exposed.is_empty() {
            return exposed;
        }
        loop {
            let count = exposed.len();
            for at in self.rows.cells() {
                self.expose_equal(figure, &at, &equal, &mut exposed);
            }
            if exposed.len() == count {
                return exposed;
            }
        }
    }

    /// Exposes a cell in the states in which it equals what is exposed.
    fn expose_equal(
        &self,
        figure: FigureKind,
        at: &Coordinates,
        equal: impl Fn(&Coordinates, usize, usize) -> bool,
        exposed: &mut HashSet<(usize, Vec<usize>)>,
    ) {
        for a in self.state_numbers() {
            if !exposed.contains(&(a, self.row(figure, a, at))) {
                continue;
            }
            for b in self.state_numbers().filter(|&b| equal(at, a, b)) {
                exposed.insert((b, self.row(figure, b, at)));
            }
        }
    }
}

/// The rules in each state as they were given, and the state of each earlier release.
fn rules_of(table: &Table, rules: &Rules) -> (Vec<Vec<Rules>>, Vec<usize>) {
    let mut all = vec![vec![*rules]];
    let mut of_release = Vec::new();
    for earlier in &table.earlier {
        if earlier.then.is_some() {
            of_release.push(all.len());
            all.push(earlier.rules.clone());
        } else {
            of_release.push(0);
            let now = all.iter_mut().take(1);
            now.for_each(|rules| rules.extend(&earlier.rules));
        }
    }
    (all, of_release)
}

/// Where the same was published twice, what either hides is hidden.
fn share_rules(states: &[StateUnits], rules: &mut [Vec<Rules>]) {
    let alike = |a: &StateUnits, b: &StateUnits| {
        a.0.iter().all(|x| b.0.contains(x))
            && b.0.iter().all(|x| a.0.contains(x))
            && a.1.iter().all(|x| b.1.contains(x))
            && b.1.iter().all(|x| a.1.contains(x))
            && a.1.len() == b.1.len()
    };
    let before = rules.to_vec();
    for (a, to) in states.iter().zip(rules.iter_mut()) {
        let same = states.iter().zip(&before).filter(|(b, _)| alike(a, b));
        *to = same.flat_map(|(_, rules)| rules.clone()).collect();
    }
}

impl ListedCell<'_> {
    /// Whether the figure is shown.
    pub(super) fn known(&self, figure: FigureKind) -> bool {
        TableHistory::shows(self.cell, figure)
    }

    /// Whether it is shown that there is nothing in it.
    pub(super) fn empty(&self, figure: FigureKind) -> bool {
        let valueless = match figure {
            FigureKind::Sum(m) => self.cell.counts.get(m) == Some(&Some(0)),
            _ => false,
        };
        self.cell.units == Some(0) || valueless
    }
}
