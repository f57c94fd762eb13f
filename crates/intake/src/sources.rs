//! Where the files of an agreement's datasets are.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use zwerm_agreement::agreement::{Agreement, Dataset};

/// The files of an agreement's datasets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Per dataset its file.
    pub files: BTreeMap<String, PathBuf>,
}

impl Sources {
    /// The files as the agreement names them, relative to `folder`.
    ///
    /// ```
    /// # use zwerm_agreement::{agreement::Document, sample};
    /// use zwerm_intake::Sources;
    /// # let agreement = Document::parse("sample.toml", sample::AGREEMENT)?.agreement;
    /// let sources = Sources::beside(&agreement, std::path::Path::new("/home/data"));
    /// assert_eq!(sources.files.len(), agreement.dataset.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn beside(agreement: &Agreement, folder: &Path) -> Sources {
        let file = |d: &Dataset| (d.id.clone(), folder.join(&d.source));
        Sources {
            files: agreement.dataset.iter().map(file).collect(),
        }
    }
}
