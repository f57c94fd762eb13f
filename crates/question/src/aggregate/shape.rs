//! The base cells of a view as numbers: a digit per dimension.

use zwerm_agreement::agreement::View;
use zwerm_disclosure::DisclosureError;

use crate::error::{QuestionError, undisclosed};

/// How the base cells of a view are numbered.
#[derive(Debug, Clone)]
pub(super) struct BaseShape {
    /// Per dimension how many coordinates it has, `(other)` and `(unknown)` included.
    sizes: Vec<u32>,
    per_unit: Vec<bool>,
}

impl BaseShape {
    /// # Errors
    /// More base cells than have a number; far fewer can be protected.
    pub(super) fn of(view: &View) -> Result<BaseShape, QuestionError> {
        let sizes = view.dimension.iter().map(|d| d.values.len() as u32 + 2);
        let sizes: Vec<u32> = sizes.collect();
        let cells = sizes.iter().fold(1, |product: u128, &size| {
            product.saturating_mul(u128::from(size))
        });
        let limit = u128::from(u32::MAX);
        if cells > limit {
            return Err(undisclosed(
                view,
                &DisclosureError::TooLarge { cells, limit },
            ));
        }
        Ok(BaseShape {
            sizes,
            per_unit: view.dimension.iter().map(|d| d.per_unit).collect(),
        })
    }

    /// Whether a unit may have several values of a dimension.
    pub(super) fn straddles(&self) -> bool {
        self.per_unit.contains(&false)
    }

    /// A coordinate per dimension.
    pub(super) fn coordinates(&self, cell: u32) -> Vec<u32> {
        let mut rest = cell;
        let mut coordinates = vec![0; self.sizes.len()];
        for (at, size) in coordinates.iter_mut().zip(&self.sizes).rev() {
            *at = rest % size;
            rest /= size;
        }
        coordinates
    }

    /// Whether two cells differ in a dimension of which a unit has one value.
    pub(super) fn apart(&self, a: u32, b: u32) -> bool {
        let pairs = self.coordinates(a).into_iter().zip(self.coordinates(b));
        let mut pairs = pairs.zip(&self.per_unit);
        pairs.any(|((a, b), &one)| one && a != b)
    }
}
