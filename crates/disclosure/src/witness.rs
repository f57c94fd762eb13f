//! What proves that a pattern protects: second tables that nobody can tell from the true one.

use crate::{Protected, Quantity, pattern::Certificate};

/// A second table, by how it differs from the true one.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// What it is a table of; `None` for one that shows only what does not follow by adding and subtracting:
    /// it may be negative.
    pub quantity: Option<Quantity>,
    /// Coordinates of base cells, and how much more they have; for counts whole numbers.
    pub changes: Vec<(Vec<u32>, f64)>,
}

impl Protected {
    /// The second tables that prove this pattern.
    ///
    /// [`audit::recheck`](crate::audit::recheck) looks at them with fresh eyes. There are none where a unit has several
    /// values of a dimension or something was published before: the tables of those are of another shape.
    ///
    /// ```
    /// use zwerm_disclosure::{Rules, Table, protect};
    /// let table = Table { max_dimensions: 2, ..Table::default() };
    /// assert_eq!(protect(&table, &Rules::minimum(10))?.witnesses().count(), 0); // nothing to hide
    /// # Ok::<(), zwerm_disclosure::DisclosureError>(())
    /// ```
    pub fn witnesses(&self) -> impl Iterator<Item = Witness> {
        self.certificates.iter().map(|c| self.witness(c))
    }

    /// A certificate as a second table.
    fn witness(&self, certificate: &Certificate) -> Witness {
        let quantum = certificate.proves.map_or(1.0, |(_, quantum)| quantum);
        let bases = certificate.found.bases.iter();
        let changes = bases.map(|(&base, &change)| {
            // a power of two times a number of 40 bits: exact
            (self.lattice.coordinates(base), change as f64 * quantum)
        });
        Witness {
            quantity: certificate.proves.map(|(quantity, _)| quantity),
            changes: changes.collect(),
        }
    }
}
