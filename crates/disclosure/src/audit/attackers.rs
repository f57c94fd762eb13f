//! What an outsider, each provider and each single contributor derive by adding and subtracting.

use super::{
    frame::Coordinates,
    linked::{FigureKind, TableHistory},
    rank::LinearSystem,
};

/// A cell, or a cell less another within it, that must be able to differ from the truth.
#[derive(Debug, Clone)]
pub(super) struct Secret {
    /// The release state that it is in.
    pub(super) state: usize,
    /// The cell that must be able to differ.
    pub(super) plus: Coordinates,
    /// A cell within it that is subtracted.
    pub(super) minus: Option<Coordinates>,
}

impl Secret {
    /// A secret that is one cell.
    pub(super) fn cell(state: usize, at: &Coordinates) -> Secret {
        Secret {
            state,
            plus: at.clone(),
            minus: None,
        }
    }

    /// The kinds of `plus` that are not of `minus`.
    pub(super) fn inside(&self, story: &TableHistory, figure: FigureKind) -> Vec<usize> {
        let mut row = story.row(figure, self.state, &self.plus);
        if let Some(minus) = &self.minus {
            let minus = story.row(figure, self.state, minus);
            row.retain(|kind| !minus.contains(kind));
        }
        row
    }
}

/// A quantity under attack, and what is seen of it.
pub(super) struct AttackedFigure<'a> {
    /// The true table, and what was ever published of it.
    pub(super) story: &'a TableHistory<'a>,
    /// The figure under attack.
    pub(super) figure: FigureKind,
    /// Rows of known cells, and whether they are known to be empty.
    pub(super) known: Vec<(Vec<usize>, bool)>,
    /// Hidden cells of which nobody may derive the figure.
    pub(super) hidden: Vec<(usize, Coordinates)>,
    /// What a provider or a contributor may not derive.
    pub(super) secrets: &'a [Secret],
    /// Who knows the margins over their own columns.
    pub(super) providers: &'a [usize],
}

impl AttackedFigure<'_> {
    /// What an outsider, a provider or a single contributor derives.
    pub(super) fn findings(&self) -> Vec<String> {
        let mut outsider = LinearSystem::new(self.known.clone());
        for (a, b) in self.story.unchanged(self.figure) {
            outsider.learn(&a, &b);
        }
        let mut found = self.outsider(&outsider);
        for &provider in self.providers {
            found.extend(self.provider(&outsider, provider));
        }
        let alone = self.alone();
        for (state, own) in &alone {
            let elsewhere = alone.iter().filter(|(_, place)| place == own);
            let others: Vec<usize> = elsewhere.map(|(other, _)| *other).collect();
            found.extend(self.singleton(&outsider, *state, own, &others));
        }
        found
    }

    /// Who may be the only one in a cell: by state, the base cells that they are in.
    fn alone(&self) -> Vec<(usize, Vec<Vec<u32>>)> {
        let kinds = self.story.frame(self.figure).kinds.iter();
        let straddled = |state: usize, own: &[Vec<u32>]| {
            let mut parts = self.story.state(state).1.iter().flat_map(|s| &s.parts);
            parts.any(|p| own == [p.coordinates.clone()])
        };
        let single = kinds.filter(|(state, own)| {
            let part = self.figure != FigureKind::Units && straddled(*state, own);
            self.contributors(*state, own) == 1 && !part
        });
        let mut all: Vec<(usize, Vec<Vec<u32>>)> = single.cloned().collect();
        for state in self.story.state_numbers() {
            let straddlers = self.story.state(state).1.iter();
            let parts = straddlers.map(|s| s.parts.iter().map(|p| p.coordinates.clone()).collect());
            all.extend(parts.map(|parts| (state, parts)));
        }
        all
    }

    /// The figure under attack, for messages.
    fn what(&self) -> String {
        format!("{:?}", self.figure)
    }

    /// Hidden cells that everyone derives.
    fn outsider(&self, system: &LinearSystem) -> Vec<String> {
        let derived = self.hidden.iter().filter(|(state, at)| {
            let row = self.story.row(self.figure, *state, at);
            system.derives(&row, &[])
        });
        derived
            .map(|(state, at)| format!("{}: {at:?} of state {state} is derivable", self.what()))
            .collect()
    }

    /// Whether a secret follows from what is known.
    fn leaks(&self, system: &LinearSystem, secret: &Secret) -> bool {
        system.derives(&secret.inside(self.story, self.figure), &[])
    }

    /// Secrets that a provider derives with the margins of its own columns.
    fn provider(&self, outsider: &LinearSystem, provider: usize) -> Vec<String> {
        let mut system = outsider.clone();
        for state in self.story.state_numbers() {
            for at in self.own_cells(provider) {
                system.learn(&self.story.row(self.figure, state, &at), &[]);
            }
        }
        let sums = matches!(self.figure, FigureKind::Sum(_));
        let no_secret = |s: &Secret| self.knows(provider, s) || (sums && self.is_own(provider, s));
        let open = self.secrets.iter().filter(|s| !no_secret(s));
        open.filter(|s| self.leaks(&system, s))
            .map(|s| format!("{}: provider {provider} derives {s:?}", self.what()))
            .collect()
    }

    /// One contributor knows all cells, published or not, to which nobody else contributes.
    ///
    /// Who is alone in the same place in other states is taken to be the same unit.
    fn singleton(
        &self,
        outsider: &LinearSystem,
        state: usize,
        own: &[Vec<u32>],
        others: &[usize],
    ) -> Vec<String> {
        let frame = self.story.frame(self.figure);
        let mine = self.only_in(state, own);
        let mut system = outsider.clone();
        let mut known = Vec::new();
        let states = others.iter().copied().filter(|&other| other != state);
        for state in std::iter::once(state).chain(states) {
            for at in self.only_in(state, own) {
                let row = self.story.row(self.figure, state, &at);
                system.learn(&row, &[]);
                known.extend(row);
            }
        }
        // and what they know to be unchanged
        for at in &mine {
            for other in self.story.state_numbers() {
                if self.sum(other, at) == 1 && self.story.unchanging(self.figure, at, state, other)
                {
                    known.extend(self.story.row(self.figure, other, at));
                }
            }
        }
        let only_own = |s: &Secret| {
            s.minus.is_none() && self.sum(s.state, &s.plus) <= 1 && frame.has(&s.plus, own)
        };
        let open = self.secrets.iter();
        let open = open.filter(|s| !only_own(s) && self.about_others(s, own, &known));
        open.filter(|s| self.leaks(&system, s))
            .map(|s| format!("{}: singleton {own:?} derives {s:?}", self.what()))
            .collect()
    }

    /// The cells of a state that have one unit, which is in these base cells.
    fn only_in(&self, state: usize, own: &[Vec<u32>]) -> Vec<Coordinates> {
        let frame = self.story.frame(self.figure);
        let mine = |at: &Coordinates| frame.has(at, own) && self.sum(state, at) == 1;
        frame.cells().into_iter().filter(mine).collect()
    }

    /// How many units contribute to a cell.
    fn sum(&self, state: usize, at: &Coordinates) -> u64 {
        match self.figure {
            FigureKind::Units | FigureKind::Rows => self.story.units(state, at),
            FigureKind::Sum(_) => self.story.contributions(state, at, self.figure).units,
        }
    }

    /// How many units are of one kind.
    fn contributors(&self, state: usize, own: &[Vec<u32>]) -> u64 {
        let (bases, straddlers) = self.story.state(state);
        let at = |base: &[u32]| own == [base.to_vec()];
        let alone = bases.iter().filter(|b| at(&b.coordinates));
        let alone: u64 = match self.figure {
            FigureKind::Sum(m) => alone
                .filter_map(|b| b.measures.get(m))
                .map(|c| c.units)
                .sum(),
            _ => alone.map(|b| b.units).sum(),
        };
        let together = |s: &&crate::Straddler| match self.figure {
            FigureKind::Units => {
                let parts: std::collections::BTreeSet<&Vec<u32>> =
                    s.parts.iter().map(|p| &p.coordinates).collect();
                parts == own.iter().collect()
            }
            _ => s.parts.iter().any(|p| at(&p.coordinates)),
        };
        alone + straddlers.iter().filter(together).count() as u64
    }

    /// Whether a provider holds a dimension.
    fn has(&self, provider: usize, dimension: usize) -> bool {
        let dimension = self.story.table.dimensions.get(dimension);
        dimension.is_some_and(|d| d.known_to.contains(&provider))
    }

    /// The margins over a provider's own columns.
    fn own_cells(&self, provider: usize) -> Vec<Coordinates> {
        let mut all: Vec<Coordinates> = vec![Vec::new()];
        for (d, of) in self.story.table.dimensions.iter().enumerate() {
            let mut values = vec![None];
            if self.has(provider, d) {
                values.extend((0..of.size as u32).map(Some));
            }
            let longer = |at: &Coordinates| {
                let longer = values.iter().map(|v| [at.as_slice(), &[*v]].concat());
                longer.collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    /// Whether a secret lies within the margins that a provider has anyway.
    fn knows(&self, provider: usize, secret: &Secret) -> bool {
        let at = secret.minus.as_ref().unwrap_or(&secret.plus);
        let mut values = at.iter().enumerate();
        values.all(|(d, v)| v.is_none() || self.has(provider, d))
    }

    /// Whether the secret is a union of the provider's own cells: its figure is the provider's own.
    fn is_own(&self, provider: usize, secret: &Secret) -> bool {
        let own = |at: &[u32]| -> Coordinates {
            let at = at.iter().enumerate();
            at.map(|(d, &v)| self.has(provider, d).then_some(v))
                .collect()
        };
        let kinds = self
            .story
            .rows
            .kinds
            .iter()
            .filter(|(s, _)| *s == secret.state);
        let bases = kinds.filter_map(|(s, parts)| {
            let full = self.contributors(*s, parts) > 0;
            parts.first().filter(|_| full)
        });
        let bases: Vec<&Vec<u32>> = bases.collect();
        let inside = |b: &[u32]| self.story.rows.covers(&secret.plus, b);
        bases.iter().filter(|b| inside(b)).all(|b| {
            bases
                .iter()
                .all(|other| inside(other) || own(b) != own(other))
        })
    }

    /// Whether deriving the secret reveals anything about others to the owner of `own`, who knows some kinds.
    fn about_others(&self, secret: &Secret, own: &[Vec<u32>], known: &[usize]) -> bool {
        let inside = secret.inside(self.story, self.figure);
        if inside.iter().all(|kind| known.contains(kind)) {
            return false;
        }
        let Some(minus) = &secret.minus else {
            return true;
        };
        let units = |at: &Coordinates| self.story.units(secret.state, at);
        let others = units(&secret.plus) - units(minus);
        let frame = &self.story.units;
        let among = frame.has(&secret.plus, own) && !frame.has(minus, own);
        !(others == 1 && among)
    }
}
