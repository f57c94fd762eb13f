//! What an outsider, each provider and each single contributor derive by adding and subtracting.

use super::{
    At, covers,
    programs::Secret,
    rank::{Shown, System},
    rules::Audit,
};
use crate::BaseCell;

/// A quantity under attack, and what is seen of it.
pub(super) struct Attack<'a, F> {
    pub(super) audit: &'a Audit<'a>,
    pub(super) what: &'a str,
    /// Every cell of the published tables.
    pub(super) cells: Vec<Shown>,
    pub(super) secrets: &'a [Secret],
    /// Who knows the margins over their own columns.
    pub(super) providers: &'a [usize],
    /// How many units of a base cell contribute.
    pub(super) contributors: F,
    /// Whether there is nothing to derive where nobody contributes.
    pub(super) sums: bool,
}

impl<F: Fn(&BaseCell) -> u64> Attack<'_, F> {
    pub(super) fn findings(&self) -> Vec<String> {
        let outsider = System::new(&self.audit.sizes, &self.cells);
        let mut found = self.outsider(&outsider);
        for &provider in self.providers {
            found.extend(self.provider(&outsider, provider));
        }
        for own in &self.audit.table.cells {
            if (self.contributors)(own) == 1 {
                found.extend(self.singleton(&outsider, own));
            }
        }
        found
    }

    fn outsider(&self, system: &System) -> Vec<String> {
        let hidden = self.cells.iter().filter(|c| !c.known);
        let something = hidden.filter(|c| !self.sums || self.sum(&c.coordinates) > 0);
        let derived = something.filter(|c| system.derives(&c.coordinates, None));
        derived
            .map(|c| format!("{}: {:?} is derivable", self.what, c.coordinates))
            .collect()
    }

    fn provider(&self, outsider: &System, provider: usize) -> Vec<String> {
        let mut system = outsider.clone();
        for at in self.own_cells(provider) {
            system.learn(&at);
        }
        let no_secret =
            |s: &Secret| self.knows(provider, s) || (self.sums && self.is_own(provider, s));
        let open = self.secrets.iter().filter(|s| !no_secret(s));
        open.filter(|s| leaks(&system, s))
            .map(|s| format!("{}: provider {provider} derives {s:?}", self.what))
            .collect()
    }

    /// One contributor knows every cell, published or not, to which nobody else contributes.
    fn singleton(&self, outsider: &System, own: &BaseCell) -> Vec<String> {
        let mut found = Vec::new();
        for at in covers_of(&own.coordinates) {
            if self.sum(&at) != 1 {
                continue;
            }
            let mut system = outsider.clone();
            system.learn(&at);
            let only_own = |s: &Secret| {
                s.minus.is_none() && self.sum(&s.plus) <= 1 && covers(&s.plus, &own.coordinates)
            };
            let open = self
                .secrets
                .iter()
                .filter(|s| !only_own(s) && self.about_others(s, own, &at));
            found.extend(
                open.filter(|s| leaks(&system, s))
                    .map(|s| format!("{}: singleton {at:?} derives {s:?}", self.what)),
            );
        }
        found
    }

    fn sum(&self, at: &At) -> u64 {
        self.audit.sum(at, &self.contributors)
    }

    fn has(&self, provider: usize, dimension: usize) -> bool {
        let dimension = self.audit.table.dimensions.get(dimension);
        dimension.is_some_and(|d| d.known_to.contains(&provider))
    }

    /// The margins over a provider's own columns.
    fn own_cells(&self, provider: usize) -> Vec<At> {
        let mut all: Vec<At> = vec![Vec::new()];
        for (d, &size) in self.audit.sizes.iter().enumerate() {
            let values: Vec<Option<u32>> = if self.has(provider, d) {
                (0..size as u32).map(Some).chain([None]).collect()
            } else {
                vec![None]
            };
            let longer = |at: &At| {
                let at = at.clone();
                values
                    .iter()
                    .map(move |v| at.iter().copied().chain([*v]).collect::<At>())
                    .collect::<Vec<_>>()
            };
            all = all.iter().flat_map(longer).collect();
        }
        all
    }

    fn knows(&self, provider: usize, secret: &Secret) -> bool {
        let at = secret.minus.as_ref().unwrap_or(&secret.plus);
        let mut values = at.iter().enumerate();
        values.all(|(d, v)| v.is_none() || self.has(provider, d))
    }

    /// Whether the secret is a union of the provider's own cells: its figure is the provider's own.
    fn is_own(&self, provider: usize, secret: &Secret) -> bool {
        let own = |b: &BaseCell| -> At {
            let at = b.coordinates.iter().enumerate();
            at.map(|(d, &v)| self.has(provider, d).then_some(v))
                .collect()
        };
        let cells = &self.audit.table.cells;
        let valued = || cells.iter().filter(|b| (self.contributors)(b) > 0);
        let inside = |b: &BaseCell| covers(&secret.plus, &b.coordinates);
        valued()
            .filter(|b| inside(b))
            .all(|b| valued().all(|other| inside(other) || own(b) != own(other)))
    }

    /// Whether deriving the secret tells the owner of `own` about anybody else.
    fn about_others(&self, secret: &Secret, own: &BaseCell, known: &At) -> bool {
        if let Some(minus) = &secret.minus {
            let units = |at: &At| self.audit.sum(at, |b| b.units);
            let others = units(&secret.plus) - units(minus);
            let among = covers(&secret.plus, &own.coordinates) && !covers(minus, &own.coordinates);
            return !(others == 1 && among);
        }
        let mut pairs = secret.plus.iter().zip(known);
        let inside = pairs.all(|(s, k)| k.is_none() || s == k);
        !inside
    }
}

fn leaks(system: &System, secret: &Secret) -> bool {
    system.derives(&secret.plus, secret.minus.as_deref())
}

/// Every cell that holds a base cell.
pub(super) fn covers_of(at: &[u32]) -> Vec<At> {
    (0..1_usize << at.len())
        .map(|mask| {
            let keep = |(d, &v): (usize, &u32)| (mask >> d & 1 == 1).then_some(v);
            at.iter().enumerate().map(keep).collect()
        })
        .collect()
}
