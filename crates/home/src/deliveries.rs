//! What was delivered when: a journal in the home, of which nothing is public; and when data may be replaced.
//!
//! Data that a release was built from never change: old and new figures together could give somebody away. Until then a
//! mistake can be mended, a few times: each try would otherwise answer one question about one household of somebody else's
//! data, by whether a release could be built of both.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zwerm_agreement::agreement::Dataset;
use zwerm_agreement::digest::Digest;

use crate::error::HomeError;
use crate::journal::Journal;
use crate::{Home, HomeLock, release};

/// How often data of one dataset and period may be replaced.
pub const REPLACED_AT_MOST: usize = 5;

/// Data that came into the home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Whose data.
    pub provider: String,
    /// Which dataset.
    pub dataset: String,
    /// Of which period, where that was agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// SHA-256 of the file.
    pub hash: Digest,
    /// Rows, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// The account that delivered it; nobody's is from the command line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Who delivers, and when.
#[derive(Debug, Clone)]
pub struct DeliveredBy {
    /// The account; nobody at the command line.
    pub login: Option<String>,
    /// The moment.
    pub at: Timestamp,
    /// Rows of the file, where they were counted.
    pub rows: Option<u64>,
}

impl Home {
    fn deliveries(&self) -> Journal {
        Journal::new(self.deliveries_path())
    }

    fn deliveries_path(&self) -> PathBuf {
        self.root().join("data").join("deliveries.jsonl")
    }

    /// The deliveries of a dataset for its period, the oldest first. Data of before this was kept are not among them.
    ///
    /// # Errors
    /// A journal that cannot be read.
    pub fn delivered(&self, dataset: &Dataset) -> Result<Vec<Delivery>, HomeError> {
        let mut all: Vec<Delivery> = self.deliveries().read()?;
        all.retain(|one| {
            (&one.provider, &one.dataset, &one.period)
                == (&dataset.provider, &dataset.id, &dataset.period)
        });
        Ok(all)
    }

    /// Writes down that data came into the home.
    pub(super) fn note_delivery(
        &self,
        dataset: &Dataset,
        hash: Digest,
        who: &DeliveredBy,
    ) -> Result<(), HomeError> {
        self.deliveries().append(&Delivery {
            provider: dataset.provider.clone(),
            dataset: dataset.id.clone(),
            period: dataset.period.clone(),
            hash,
            rows: who.rows,
            by: who.login.clone(),
            at: who.at,
        })?;
        Ok(())
    }

    /// Whether the data that are here may make place for others: no release was built of the dataset for its period, and it
    /// did not happen too often. Whoever asks keeps others from building meanwhile.
    pub(super) fn may_replace(
        &self,
        dataset: &Dataset,
        _nobody_builds: &HomeLock,
    ) -> Result<bool, HomeError> {
        Ok(!release::is_made_of(self, dataset)?
            && self.delivered(dataset)?.len() <= REPLACED_AT_MOST)
    }
}
