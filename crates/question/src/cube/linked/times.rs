//! The times of releases: at each, every dataset that was released then was as it was at no other.

use std::collections::{BTreeMap, HashSet};

use zwerm_intake::CheckedDataset;

use super::{apart, views::LinkedView};
use crate::error::QuestionError;

/// Which of the times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct TimeId(pub(super) usize);

impl TimeId {
    /// The present: the data of the new release.
    pub(super) const NOW: TimeId = TimeId(0);
}

/// The data at some time, by `provider/dataset`.
type DataAtTime<'a> = BTreeMap<String, &'a CheckedDataset>;

/// The data at every time, now first.
pub(super) struct Times<'a>(Vec<DataAtTime<'a>>);

impl<'a> Times<'a> {
    pub(super) fn of(now: &'a [CheckedDataset]) -> Self {
        Self(vec![by_name(now)])
    }

    /// The time at which the data were these; a new one when they were never so.
    pub(super) fn add(&mut self, checked: &'a [CheckedDataset]) -> TimeId {
        let data = by_name(checked);
        let known = self.0.iter_mut().enumerate();
        let mut known = known.filter(|(_, time)| do_agree(time, &data));
        if let Some((at, time)) = known.next() {
            for (name, of) in data {
                time.entry(name).or_insert(of);
            }
            return TimeId(at);
        }
        self.0.push(data);
        TimeId(self.0.len() - 1)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = TimeId> + use<> {
        (0..self.0.len()).map(TimeId)
    }

    /// The data of a view at some time; what never changed is the same at all times.
    ///
    /// # Errors
    /// A dataset that changed and of which nobody has the data of that time.
    pub(super) fn data(
        &self,
        view: LinkedView,
        time: TimeId,
    ) -> Result<Vec<CheckedDataset>, QuestionError> {
        let mut found = Vec::new();
        for dataset in &view.agreement.dataset {
            let name = format!("{}/{}", dataset.provider, dataset.id);
            let then = self.0.get(time.0).and_then(|data| data.get(&name).copied());
            let Some(of) = then.or_else(|| self.unchanged(&name)) else {
                return Err(gone(view, &dataset.id));
            };
            found.push(of.clone());
        }
        Ok(found)
    }

    /// A dataset that was the same whenever it was there.
    fn unchanged(&self, name: &str) -> Option<&'a CheckedDataset> {
        let ever: Vec<&CheckedDataset> =
            self.0.iter().filter_map(|t| t.get(name).copied()).collect();
        let different: HashSet<_> = ever.iter().map(|c| c.fingerprint).collect();
        ever.first().copied().filter(|_| different.len() == 1)
    }
}

fn by_name(checked: &[CheckedDataset]) -> DataAtTime<'_> {
    let name = |c: &CheckedDataset| format!("{}/{}", c.provider, c.id);
    checked.iter().map(|c| (name(c), c)).collect()
}

/// Whether no dataset differs between the two.
fn do_agree(time: &DataAtTime, data: &DataAtTime) -> bool {
    data.iter().all(|(name, of)| {
        time.get(name)
            .is_none_or(|other| other.fingerprint == of.fingerprint)
    })
}

fn gone(view: LinkedView, id: &str) -> QuestionError {
    apart(
        view,
        (
            format!("van gegevensbron `{id}` zijn er geen gegevens uit de tijd van die uitgave"),
            format!("there are no data of dataset `{id}` from the time of that release"),
        ),
    )
}
