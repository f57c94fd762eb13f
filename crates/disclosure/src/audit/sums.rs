//! The rules for sums: of measures, and of rows where units have several.

use std::collections::HashSet;

use super::{
    attackers::{AttackedFigure, Secret},
    frame::Coordinates,
    linked::{FigureKind, TableHistory},
    programs::{Facts, Program, Unknown},
    rules::Audit,
};
use crate::Cell;

impl Audit<'_> {
    /// What is wrong with the sums of a measure: published though unsafe, derivable, or unable to move far enough.
    pub(super) fn measure(&self, m: usize) -> Vec<String> {
        let figure = FigureKind::Sum(m);
        let exposed = self.story.exposed(figure);
        let mut found = Vec::new();
        let mut secrets = Vec::new();
        let mut hidden = Vec::new();
        for listed in &self.story.listed {
            let (state, at) = (listed.state, &listed.cell.coordinates);
            let c = self.story.contributions(state, at, figure);
            let shown = TableHistory::shows(listed.cell, figure);
            let far = self.story.sum_unsafe(state, &c);
            let bad = far.is_some() || self.story.small(state, c.units);
            if listed.now && shown {
                found.extend(shown_fault(m, listed.cell, bad));
            }
            let known = exposed.contains(&(state, self.story.row(figure, state, at)));
            if bad && !known {
                secrets.push(Secret::cell(state, at));
            }
            if !shown && !known && c.units > 0 && (listed.now || bad) {
                hidden.push((state, at.clone()));
            }
        }
        let of = self.table().measures.get(m);
        let attack = AttackedFigure {
            story: self.story,
            figure,
            known: self.known(figure),
            hidden,
            secrets: &secrets,
            providers: of.map_or(&[], |m| &m.known_to),
        };
        found.extend(attack.findings());
        let moves = self.unsafe_sums(figure, &exposed);
        found.extend(self.stuck(&self.measure_program(m), figure, moves));
        found
    }

    /// The sums of a measure that fit what is published, each within its bounds.
    fn measure_program(&self, m: usize) -> Program {
        let of = self.table().measures.get(m);
        let (lower, upper) = of.map_or((0.0, 0.0), |m| (m.lower, m.upper));
        self.sum_program(FigureKind::Sum(m), |state, at| {
            let c = self.story.contributions(state, at, FigureKind::Sum(m));
            let bound = |of: f64| match c.count {
                0 => 0.0,
                count => count as f64 * of,
            };
            (c.total, bound(lower), bound(upper))
        })
    }

    /// Rows as a magnitude: a unit has at least one, and as many as it likes.
    pub(super) fn rows(&self) -> Vec<String> {
        if !self.several_rows() {
            return Vec::new();
        }
        let program = self.sum_program(FigureKind::Rows, |state, at| {
            let rows = self.story.contributions(state, at, FigureKind::Rows);
            let units = rows.units as f64;
            (
                rows.total,
                units,
                if rows.units == 0 { 0.0 } else { f64::INFINITY },
            )
        });
        let moves = self.unsafe_sums(FigureKind::Rows, &self.exposed_rows);
        self.stuck(&program, FigureKind::Rows, moves)
    }

    /// Unsafe sums with how far they must be able to move, those that everyone knows left out.
    fn unsafe_sums(
        &self,
        figure: FigureKind,
        exposed: &HashSet<(usize, Vec<usize>)>,
    ) -> Vec<(Secret, f64)> {
        let mut moves = Vec::new();
        for listed in &self.story.listed {
            let (state, at) = (listed.state, &listed.cell.coordinates);
            let c = self.story.contributions(state, at, figure);
            let known = exposed.contains(&(state, self.story.row(figure, state, at)));
            if let (Some(far), false) = (self.story.sum_unsafe(state, &c), known) {
                moves.push((Secret::cell(state, at), far));
            }
        }
        moves
    }

    /// The sums that fit what is published; `of` gives a base cell's sum with its bounds.
    fn sum_program(
        &self,
        figure: FigureKind,
        of: impl Fn(usize, &Coordinates) -> (f64, f64, f64),
    ) -> Program {
        let kinds = self.story.frame(figure).kinds.iter();
        let unknowns = kinds.map(|(state, parts)| {
            let at = parts
                .first()
                .into_iter()
                .flatten()
                .map(|v| Some(*v))
                .collect();
            let (truth, lower, upper) = of(*state, &at);
            Unknown {
                truth,
                lower,
                upper,
            }
        });
        let known = self.known(figure).into_iter().map(|(row, _)| row);
        let facts = Facts {
            known: known.collect(),
            occupied: Vec::new(),
            same: self.story.unchanged(figure),
        };
        Program::new(unknowns.collect(), facts)
    }

    /// Sums that cannot move as far as they must, both ways.
    fn stuck(
        &self,
        program: &Program,
        figure: FigureKind,
        moves: Vec<(Secret, f64)>,
    ) -> Vec<String> {
        let mut found = Vec::new();
        for (secret, far) in moves {
            let inside = secret.inside(self.story, figure);
            for direction in [1.0, -1.0] {
                if !program.moves(&inside, direction, far) {
                    found.push(format!(
                        "{figure:?} of {secret:?} cannot move {far} {direction:+}"
                    ));
                }
            }
        }
        found
    }
}

/// What is wrong with showing a sum: that it is unsafe, or that the count beside it is not shown.
fn shown_fault(m: usize, cell: &Cell, unsafe_sum: bool) -> Vec<String> {
    let at = &cell.coordinates;
    let counted = cell.counts.get(m).is_some_and(Option::is_some);
    let mut found = Vec::new();
    if !(cell.units.is_some() && counted) {
        found.push(format!("{at:?}: sum {m} without its count"));
    }
    if unsafe_sum {
        found.push(format!("{at:?}: sum {m} is unsafe"));
    }
    found
}
