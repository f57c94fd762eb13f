//! The views that go into one table: the new one first, then those of earlier releases, each once.

use zwerm_agreement::agreement::{Agreement, View};

use super::Link;

/// Which of the views.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ViewId(usize);

impl ViewId {
    /// The view that is to be released.
    pub(super) const NEW: ViewId = ViewId(0);

    /// Its place among as many things as there are views.
    pub(super) fn index(self) -> usize {
        self.0
    }
}

/// A view with the agreement that it is part of.
#[derive(Clone, Copy)]
pub(super) struct LinkedView<'a> {
    pub(super) agreement: &'a Agreement,
    pub(super) view: &'a View,
}

/// All views; there is always a new one.
pub(super) struct Views<'a> {
    new: LinkedView<'a>,
    earlier: Vec<LinkedView<'a>>,
}

impl<'a> Views<'a> {
    pub(super) fn of(new: LinkedView<'a>) -> Self {
        let earlier = Vec::new();
        Self { new, earlier }
    }

    /// The view of a release; one that says the same of the same units is there already.
    pub(super) fn add(&mut self, link: &'a Link) -> ViewId {
        let known = self.all().position(|of| is_same(of.view, &link.view));
        ViewId(known.unwrap_or_else(|| {
            self.earlier.push(LinkedView {
                agreement: &link.agreement,
                view: &link.view,
            });
            self.earlier.len()
        }))
    }

    pub(super) fn new_view(&self) -> LinkedView<'a> {
        self.new
    }

    pub(super) fn get(&self, id: ViewId) -> Option<LinkedView<'a>> {
        match id.0.checked_sub(1) {
            None => Some(self.new),
            Some(at) => self.earlier.get(at).copied(),
        }
    }

    pub(super) fn len(&self) -> usize {
        1 + self.earlier.len()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = LinkedView<'a>> {
        std::iter::once(self.new).chain(self.earlier.iter().copied())
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = ViewId> + use<> {
        (0..self.len()).map(ViewId)
    }
}

/// Whether two views say the same of the same units.
fn is_same(a: &View, b: &View) -> bool {
    let shape = |v: &View| (v.sql.clone(), v.key.clone(), v.unit.clone());
    shape(a) == shape(b) && a.dimension == b.dimension && a.measure == b.measure
}
