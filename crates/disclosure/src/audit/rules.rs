//! Every rule of protection, checked against the true table.

use std::collections::HashSet;

use super::{
    attackers::{Attack, Secret},
    frame::At,
    linked::{Figure, Story},
    programs::{Facts, Program, Unknown},
};
use crate::{BaseCell, Cell, Contributions, Rules, Table};

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
    let story = Story::new(table, rules, cells);
    let audit = Audit {
        exposed: story.exposed(Figure::Units),
        exposed_rows: story.exposed(Figure::Rows),
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

struct Audit<'a> {
    story: &'a Story<'a>,
    /// Cells whose counts everyone knows already.
    exposed: HashSet<(usize, Vec<usize>)>,
    /// And those of which they know how many rows there are.
    exposed_rows: HashSet<(usize, Vec<usize>)>,
}

impl Audit<'_> {
    fn table(&self) -> &Table {
        self.story.table
    }

    fn exposed(&self, state: usize, at: &At) -> bool {
        let row = self.story.row(Figure::Units, state, at);
        self.exposed.contains(&(state, row))
    }

    /// Measures of which values are missing: their counts are not the units'.
    fn with_missing(&self) -> Vec<usize> {
        let bases = || {
            self.story
                .state_numbers()
                .flat_map(|s| self.story.state(s).0)
        };
        let missing = |m: &usize| bases().any(|b| measure(b, *m).missing > 0);
        (0..self.table().measures.len()).filter(missing).collect()
    }

    fn several_rows(&self) -> bool {
        let mut bases = self
            .story
            .state_numbers()
            .flat_map(|s| self.story.state(s).0);
        self.story.straddles() || bases.any(|b| b.rows.count != b.units)
    }

    fn counts(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut secrets = Vec::new();
        let mut integer: Vec<(Secret, u64)> = Vec::new();
        for listed in &self.story.listed {
            let (state, at) = (listed.state, &listed.cell.coordinates);
            let exposed = self.exposed(state, at);
            let mut reasons = self.reasons(state, at);
            for siblings in self.groups(state, at) {
                reasons.push("group disclosure");
                if !(exposed && self.exposed(state, &siblings.plus)) {
                    secrets.push(siblings.clone());
                    integer.push((siblings, 2));
                }
            }
            let cell = listed.cell;
            let shown = cell.units.is_some() || cell.rows.is_some();
            if listed.now && (shown || cell.counts.iter().any(Option::is_some)) {
                found.extend(reasons.iter().map(|r| format!("{at:?} is published: {r}")));
            }
            if exposed {
                continue;
            }
            let units = self.story.units(state, at);
            let zero = units == 0 && self.story.hides_zeros(state);
            if self.story.small(state, units) || zero {
                integer.push((Secret::cell(state, at), self.story.minimum(state)));
            }
            if !reasons.is_empty() {
                secrets.push(Secret::cell(state, at));
            }
        }
        for (state, at) in self.never_listed() {
            if self.story.small(state, self.story.units(state, &at)) {
                integer.push((Secret::cell(state, &at), self.story.minimum(state)));
            }
        }
        found.extend(self.attack(Figure::Units, &secrets));
        if self.story.straddles() {
            // rows add up otherwise than units do, and the same cells must not follow from them
            let full = |s: &&Secret| s.minus.is_none() && self.story.units(s.state, &s.plus) > 0;
            let secrets: Vec<Secret> = secrets.iter().filter(full).cloned().collect();
            found.extend(self.attack(Figure::Rows, &secrets));
        }
        let mut program =
            self.count_program(Figure::Units, |state, parts| self.units_of(state, parts));
        for (secret, at_least) in integer {
            if !program.reaches(&secret.inside(self.story, Figure::Units), at_least) {
                found.push(format!("units of {secret:?} cannot reach {at_least}"));
            }
        }
        found
    }

    fn attack(&self, figure: Figure, secrets: &[Secret]) -> Vec<String> {
        let providers: Vec<usize> = (0..self.table().providers).collect();
        let rows = figure == Figure::Rows;
        let all = self.story.listed.iter();
        let hidden =
            all.filter(|l| !l.known(figure) && (l.now || self.is_secret(l.state, secrets, l.cell)));
        let open = hidden.filter(|l| {
            let at = &l.cell.coordinates;
            let nothing = rows && self.story.units(l.state, at) == 0;
            let row = self.story.row(figure, l.state, at);
            let exposed = if rows {
                &self.exposed_rows
            } else {
                &self.exposed
            };
            !nothing && !exposed.contains(&(l.state, row))
        });
        let attack = Attack {
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

    fn is_secret(&self, state: usize, secrets: &[Secret], cell: &Cell) -> bool {
        let mut alone = secrets.iter().filter(|s| s.minus.is_none());
        alone.any(|s| s.state == state && s.plus == cell.coordinates)
    }

    /// Rows of the cells that are known, and whether they are known to be empty.
    fn known(&self, figure: Figure) -> Vec<(Vec<usize>, bool)> {
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

    /// Why a cell's counts may not be published, group disclosure aside.
    fn reasons(&self, state: usize, at: &At) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        let units = self.story.units(state, at);
        let zero = units == 0 && self.story.hides_zeros(state);
        if self.story.small(state, units) || zero {
            reasons.push("too few units");
        }
        for m in self.with_missing() {
            let c = self.story.contributions(state, at, Figure::Sum(m));
            if self.story.small(state, c.units) || self.story.small(state, c.missing) {
                reasons.push("too few present or missing values");
            }
        }
        let rows = self.story.contributions(state, at, Figure::Rows);
        if self.several_rows() && self.story.sum_unsafe(state, &rows).is_some() {
            reasons.push("rows dominated by a unit");
        }
        reasons
    }

    /// The siblings of a cell, per sensitive dimension on which (almost) a whole group shares its value.
    fn groups(&self, state: usize, at: &At) -> Vec<Secret> {
        let mut groups = Vec::new();
        for (d, dimension) in self.table().dimensions.iter().enumerate() {
            if !dimension.sensitive || at.get(d).copied().flatten().is_none() {
                continue;
            }
            let mut parent = at.clone();
            parent.iter_mut().skip(d).take(1).for_each(|v| *v = None);
            let group = self.story.units(state, &parent);
            let row = |at: &At| self.story.row(Figure::Units, state, at);
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
    fn never_listed(&self) -> Vec<(usize, At)> {
        let listed: HashSet<(usize, &At)> = self
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

    /// Whole-number tables of a count that fit what is published of it.
    ///
    /// Where empty cells are shown, a hidden cell holds a unit. For numbers of present or missing values
    /// it is asked that what is not 0 stays so: then the units, moved alike, stay above 0 too.
    fn count_program(&self, figure: Figure, of: impl Fn(usize, &[Vec<u32>]) -> u64) -> Program {
        let known = self.known(figure);
        let empty: HashSet<usize> = known
            .iter()
            .filter(|(_, empty)| *empty)
            .flat_map(|(row, _)| row.iter().copied())
            .collect();
        let kinds = self.story.frame(figure).kinds.iter().enumerate();
        let unknowns: Vec<Unknown> = kinds
            .map(|(number, (state, parts))| Unknown {
                truth: of(*state, parts) as f64,
                lower: 0.0,
                upper: if empty.contains(&number) {
                    0.0
                } else {
                    f64::INFINITY
                },
            })
            .collect();
        let value = |row: &[usize]| -> f64 {
            row.iter()
                .filter_map(|&i| unknowns.get(i))
                .map(|u| u.truth)
                .sum()
        };
        let hidden = self.story.listed.iter().filter(|l| !l.known(figure));
        let hidden = hidden.filter(|l| l.zeros);
        let rows = hidden.map(|l| self.story.row(figure, l.state, &l.cell.coordinates));
        let facts = Facts {
            occupied: rows.filter(|row| value(row) > 0.0).collect(),
            known: known.into_iter().map(|(row, _)| row).collect(),
            same: {
                // as many units may have more values: then that is no longer the same
                let same = self.story.unchanged(figure).into_iter();
                same.filter(|(a, b)| value(a) == value(b)).collect()
            },
        };
        Program::new(unknowns, facts)
    }

    /// Few units with a value, or without one: as with units, more must be possible.
    fn values(&self, m: usize, what: &str, of: impl Fn(&Contributions) -> u64) -> Vec<String> {
        let at = |state: usize, at: &At| of(&self.story.contributions(state, at, Figure::Sum(m)));
        let kind = |state: usize, parts: &[Vec<u32>]| {
            let (bases, _) = self.story.state(state);
            let own = bases.iter().filter(|b| parts == [b.coordinates.clone()]);
            own.map(|b| of(measure(b, m))).sum()
        };
        let mut program = self.count_program(Figure::Units, kind);
        let listed = self
            .story
            .listed
            .iter()
            .map(|l| (l.state, l.cell.coordinates.clone()));
        let equal = |at: &At, a: usize, b: usize| self.story.as_many(m, at, a, b);
        let exposed = self.story.exposed_by(Figure::Units, equal);
        let known =
            |s: usize, at: &At| exposed.contains(&(s, self.story.row(Figure::Units, s, at)));
        let listed = listed.filter(|(s, at)| !known(*s, at));
        let all = listed.chain(self.never_listed());
        let small = all.filter(|(s, cell)| self.story.small(*s, at(*s, cell)));
        small
            .filter(|(s, cell)| {
                let row = self.story.row(Figure::Units, *s, cell);
                !program.reaches(&row, self.story.minimum(*s))
            })
            .map(|(s, at)| format!("{what} values {m} of {at:?} in state {s} stay too few"))
            .collect()
    }

    /// Rows as a magnitude: a unit has at least one, and as many as it likes.
    fn rows(&self) -> Vec<String> {
        if !self.several_rows() {
            return Vec::new();
        }
        let program = self.sum_program(Figure::Rows, |state, at| {
            let rows = self.story.contributions(state, at, Figure::Rows);
            let units = rows.units as f64;
            (
                rows.total,
                units,
                if rows.units == 0 { 0.0 } else { f64::INFINITY },
            )
        });
        let moves = self.unsafe_sums(Figure::Rows, &self.exposed_rows);
        self.stuck(&program, Figure::Rows, moves)
    }

    /// Unsafe sums with how far they must be able to move, those that everyone knows left out.
    fn unsafe_sums(
        &self,
        figure: Figure,
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
    fn sum_program(&self, figure: Figure, of: impl Fn(usize, &At) -> (f64, f64, f64)) -> Program {
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

    fn measure(&self, m: usize) -> Vec<String> {
        let figure = Figure::Sum(m);
        let exposed = self.story.exposed(figure);
        let mut found = Vec::new();
        let mut secrets = Vec::new();
        let mut hidden = Vec::new();
        for listed in &self.story.listed {
            let (state, at, cell) = (listed.state, &listed.cell.coordinates, listed.cell);
            let c = self.story.contributions(state, at, figure);
            let counted = cell.counts.get(m).is_some_and(Option::is_some);
            let shown = Story::shows(cell, figure);
            if listed.now && shown && !(cell.units.is_some() && counted) {
                found.push(format!("{at:?}: sum {m} without its count"));
            }
            let bad =
                self.story.sum_unsafe(state, &c).is_some() || self.story.small(state, c.units);
            if bad && listed.now && shown {
                found.push(format!("{at:?}: sum {m} is unsafe"));
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
        let attack = Attack {
            story: self.story,
            figure,
            known: self.known(figure),
            hidden,
            secrets: &secrets,
            providers: of.map_or(&[], |m| &m.known_to),
        };
        found.extend(attack.findings());
        let (lower, upper) = of.map_or((0.0, 0.0), |m| (m.lower, m.upper));
        let program = self.sum_program(figure, |state, at| {
            let c = self.story.contributions(state, at, figure);
            let bound = |of: f64| {
                if c.count == 0 {
                    0.0
                } else {
                    c.count as f64 * of
                }
            };
            (c.total, bound(lower), bound(upper))
        });
        let moves = self.unsafe_sums(figure, &exposed);
        found.extend(self.stuck(&program, figure, moves));
        found
    }

    /// Sums that cannot move as far as they must, both ways.
    fn stuck(&self, program: &Program, figure: Figure, moves: Vec<(Secret, f64)>) -> Vec<String> {
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

fn measure(base: &BaseCell, m: usize) -> &Contributions {
    base.measures.get(m).unwrap_or(&base.rows)
}
