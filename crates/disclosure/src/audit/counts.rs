//! The rules for counts: of units, of values and of missing values, and of groups that share a sensitive value.

use std::collections::HashSet;

use super::{
    attackers::Secret,
    frame::Coordinates,
    linked::{FigureKind, ListedCell},
    programs::{Facts, Program, Unknown},
    rules::Audit,
};
use crate::{BaseCell, Contributions};

/// What must hold of counts.
#[derive(Default)]
struct CountConditions {
    found: Vec<String>,
    /// What must not be derived.
    secrets: Vec<Secret>,
    /// What must be able to be at least so many.
    integer: Vec<(Secret, u64)>,
}

impl CountConditions {
    /// A secret must be able to be at least so many.
    fn reach(&mut self, secret: Secret, at_least: u64) {
        self.integer.push((secret, at_least));
    }
}

impl Audit<'_> {
    /// What is wrong with the counts of units: published though unsafe, derivable, or unable to be enough.
    pub(super) fn counts(&self) -> Vec<String> {
        let mut ask = CountConditions::default();
        for listed in &self.story.listed {
            self.listed_counts(listed, &mut ask);
        }
        for (state, at) in self.never_listed() {
            if self.story.small(state, self.story.units(state, &at)) {
                ask.reach(Secret::cell(state, &at), self.story.minimum(state));
            }
        }
        let mut found = ask.found;
        found.extend(self.attack(FigureKind::Units, &ask.secrets));
        if self.story.straddles() {
            // rows add up otherwise than units do, and the same cells must not follow from them
            let full = |s: &&Secret| s.minus.is_none() && self.story.units(s.state, &s.plus) > 0;
            let secrets: Vec<Secret> = ask.secrets.iter().filter(full).cloned().collect();
            found.extend(self.attack(FigureKind::Rows, &secrets));
        }
        let of = |state: usize, parts: &[Vec<u32>]| self.units_of(state, parts);
        let mut program = self.count_program(FigureKind::Units, of);
        for (secret, at_least) in ask.integer {
            if !program.reaches(&secret.inside(self.story, FigureKind::Units), at_least) {
                found.push(format!("units of {secret:?} cannot reach {at_least}"));
            }
        }
        found
    }

    /// What must hold of the counts of a cell that is published, or was.
    fn listed_counts(&self, listed: &ListedCell, ask: &mut CountConditions) {
        let (state, at) = (listed.state, &listed.cell.coordinates);
        let exposed = self.exposed(state, at);
        let mut reasons = self.reasons(state, at);
        for siblings in self.groups(state, at) {
            reasons.push("group disclosure");
            if !(exposed && self.exposed(state, &siblings.plus)) {
                ask.secrets.push(siblings.clone());
                ask.reach(siblings, 2);
            }
        }
        let cell = listed.cell;
        let shown = cell.units.is_some() || cell.rows.is_some();
        if listed.now && (shown || cell.counts.iter().any(Option::is_some)) {
            let published = reasons.iter();
            ask.found
                .extend(published.map(|r| format!("{at:?} is published: {r}")));
        }
        if exposed {
            return;
        }
        let units = self.story.units(state, at);
        let zero = units == 0 && self.story.hides_zeros(state);
        if self.story.small(state, units) || zero {
            ask.reach(Secret::cell(state, at), self.story.minimum(state));
        }
        if !reasons.is_empty() {
            ask.secrets.push(Secret::cell(state, at));
        }
    }

    /// Why a cell's counts may not be published, group disclosure aside.
    fn reasons(&self, state: usize, at: &Coordinates) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        let units = self.story.units(state, at);
        let zero = units == 0 && self.story.hides_zeros(state);
        if self.story.small(state, units) || zero {
            reasons.push("too few units");
        }
        for m in self.with_missing() {
            let c = self.story.contributions(state, at, FigureKind::Sum(m));
            if self.story.small(state, c.units) || self.story.small(state, c.missing) {
                reasons.push("too few present or missing values");
            }
        }
        let rows = self.story.contributions(state, at, FigureKind::Rows);
        if self.several_rows() && self.story.sum_unsafe(state, &rows).is_some() {
            reasons.push("rows dominated by a unit");
        }
        reasons
    }

    /// The siblings of a cell, per sensitive dimension on which (almost) a whole group shares its value.
    fn groups(&self, state: usize, at: &Coordinates) -> Vec<Secret> {
        let mut groups = Vec::new();
        for (d, dimension) in self.table().dimensions.iter().enumerate() {
            if !dimension.sensitive || at.get(d).copied().flatten().is_none() {
                continue;
            }
            let mut parent = at.clone();
            parent.iter_mut().skip(d).take(1).for_each(|v| *v = None);
            let group = self.story.units(state, &parent);
            let row = |at: &Coordinates| self.story.row(FigureKind::Units, state, at);
            if row(&parent) == row(at) {
                continue; // a union of all values
            }
            if group > 0 && group - self.story.units(state, at) <= 1 {
                groups.push(Secret {
                    state,
                    plus: parent,
                    minus: Some(at.clone()),
                });
            }
        }
        groups
    }

    /// Combinations that are published in no state, of those that everyone knows already none.
    fn never_listed(&self) -> Vec<(usize, Coordinates)> {
        let listed: HashSet<(usize, &Coordinates)> = self
            .story
            .listed
            .iter()
            .map(|l| (l.state, &l.cell.coordinates))
            .collect();
        let all = self.story.rows.cells().into_iter();
        let all = all.flat_map(|at| self.story.state_numbers().map(move |s| (s, at.clone())));
        all.filter(|(s, at)| !listed.contains(&(*s, at)) && !self.exposed(*s, at))
            .collect()
    }

    /// Units of one kind.
    fn units_of(&self, state: usize, parts: &[Vec<u32>]) -> u64 {
        let (bases, straddlers) = self.story.state(state);
        let alone = bases.iter().filter(|b| parts == [b.coordinates.clone()]);
        let own: HashSet<&Vec<u32>> = parts.iter().collect();
        let same = |s: &&crate::Straddler| {
            s.parts
                .iter()
                .map(|p| &p.coordinates)
                .collect::<HashSet<_>>()
                == own
        };
        alone.map(|b| b.units).sum::<u64>() + straddlers.iter().filter(same).count() as u64
    }

    /// Few units with a value, or without one: as with units, more must be possible.
    pub(super) fn values(
        &self,
        m: usize,
        what: &str,
        of: impl Fn(&Contributions) -> u64,
    ) -> Vec<String> {
        let at = |state: usize, at: &Coordinates| {
            of(&self.story.contributions(state, at, FigureKind::Sum(m)))
        };
        let kind = |state: usize, parts: &[Vec<u32>]| {
            let (bases, _) = self.story.state(state);
            let own = bases.iter().filter(|b| parts == [b.coordinates.clone()]);
            own.map(|b| of(measure(b, m))).sum()
        };
        let mut program = self.count_program(FigureKind::Units, kind);
        let listed = self
            .story
            .listed
            .iter()
            .map(|l| (l.state, l.cell.coordinates.clone()));
        let equal = |at: &Coordinates, a: usize, b: usize| self.story.as_many(m, at, a, b);
        let exposed = self.story.exposed_by(FigureKind::Units, equal);
        let known = |s: usize, at: &Coordinates| {
            exposed.contains(&(s, self.story.row(FigureKind::Units, s, at)))
        };
        let listed = listed.filter(|(s, at)| !known(*s, at));
        let all = listed.chain(self.never_listed());
        let small = all.filter(|(s, cell)| self.story.small(*s, at(*s, cell)));
        small
            .filter(|(s, cell)| {
                let row = self.story.row(FigureKind::Units, *s, cell);
                !program.reaches(&row, self.story.minimum(*s))
            })
            .map(|(s, at)| format!("{what} values {m} of {at:?} in state {s} stay too few"))
            .collect()
    }

    /// Whole-number tables of a count that fit what is published of it.
    ///
    /// Where empty cells are shown, a hidden cell holds a unit. For numbers of present or missing values
    /// what is not 0 must stay so: then the units, moved alike, stay above 0 too.
    fn count_program(&self, figure: FigureKind, of: impl Fn(usize, &[Vec<u32>]) -> u64) -> Program {
        let known = self.known(figure);
        let empty: HashSet<usize> = known
            .iter()
            .filter(|(_, empty)| *empty)
            .flat_map(|(row, _)| row.iter().copied())
            .collect();
        let kinds = self.story.frame(figure).kinds.iter().enumerate();
        let unknown = |(number, (state, parts)): (usize, &(usize, Vec<Vec<u32>>))| Unknown {
            truth: of(*state, parts) as f64,
            lower: 0.0,
            upper: if empty.contains(&number) {
                0.0
            } else {
                f64::INFINITY
            },
        };
        let unknowns: Vec<Unknown> = kinds.map(unknown).collect();
        let facts = self.count_facts(figure, &unknowns, known);
        Program::new(unknowns, facts)
    }

    /// What everyone knows of a count, with the truth of every unknown.
    fn count_facts(
        &self,
        figure: FigureKind,
        unknowns: &[Unknown],
        known: Vec<(Vec<usize>, bool)>,
    ) -> Facts {
        let value = |row: &[usize]| -> f64 {
            let of = row.iter().filter_map(|&i| unknowns.get(i));
            of.map(|u| u.truth).sum()
        };
        let hidden = self.story.listed.iter().filter(|l| !l.known(figure));
        let hidden = hidden.filter(|l| l.zeros);
        let rows = hidden.map(|l| self.story.row(figure, l.state, &l.cell.coordinates));
        // as many units may have more values: then that is no longer the same
        let same = self.story.unchanged(figure).into_iter();
        let same = same.filter(|(a, b)| value(a) == value(b));
        Facts {
            occupied: rows.filter(|row| value(row) > 0.0).collect(),
            known: known.into_iter().map(|(row, _)| row).collect(),
            same: same.collect(),
        }
    }
}

/// What a base cell contributes to a measure.
fn measure(base: &BaseCell, m: usize) -> &Contributions {
    base.measures.get(m).unwrap_or(&base.rows)
}
