//! `data/<provider>/<dataset>.<ext>`: the copies of partners' data that a home answers from.
//!
//! A dataset that a release was built from never changes: other bytes are another period, or another home. Until then a
//! mistake can be mended, see [`crate::deliveries`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use zwerm_agreement::agreement::{Agreement, Dataset};
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::digest::Digest;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_intake::{IntakeError, Sources, check};

use crate::deliveries::DeliveredBy;
use crate::error::HomeError;
use crate::load::{KINDS, extension};
use crate::{Home, HomeLock, files};

const DATA: &str = "data";

/// Where the data of one dataset are, seen from a document that is being added.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DatasetFolder<'a> {
    pub(super) dataset: &'a Dataset,
    /// Beside the document: the file, with its SHA-256.
    pub(super) beside: Option<(PathBuf, Digest)>,
}

impl Home {
    /// The files of an agreement's datasets in this home, whether they are there or not.
    pub fn sources(&self, agreement: &Agreement) -> Sources {
        let file = |d: &Dataset| (d.id.clone(), self.data_path(d));
        Sources {
            files: agreement.dataset.iter().map(file).collect(),
        }
    }

    /// Datasets of the agreement whose data were not delivered yet.
    pub fn missing_data<'a>(&self, agreement: &'a Agreement) -> Vec<&'a Dataset> {
        let datasets = agreement.dataset.iter();
        datasets.filter(|d| !self.data_path(d).is_file()).collect()
    }

    /// Tells all at once which data were not delivered yet, and how to bring them there.
    pub(crate) fn require_data(&self, agreement: &Agreement) -> Result<(), HomeError> {
        let missing = self.missing_data(agreement);
        if missing.is_empty() {
            return Ok(());
        }
        Err(HomeError::from(
            missing.into_iter().map(missing_fault).collect::<Vec<_>>(),
        ))
    }

    /// Where a dataset lies in this home; with its period, when it names one.
    pub(super) fn data_path(&self, dataset: &Dataset) -> PathBuf {
        let kind = extension(&dataset.source).unwrap_or("csv");
        let name = match &dataset.period {
            Some(period) => format!("{}-{period}.{kind}", dataset.id),
            None => format!("{}.{kind}", dataset.id),
        };
        self.root.join(DATA).join(&dataset.provider).join(name)
    }

    /// The files of the same dataset for other periods that agreements here name, by name.
    pub fn other_periods(&self, dataset: &Dataset) -> Result<Vec<PathBuf>, HomeError> {
        let own = self.data_path(dataset);
        let mut others = BTreeSet::new();
        for id in self.ids()? {
            for version in self.versions(&id)? {
                let stored = self.stored(&id, version)?;
                let named = stored.document.agreement.dataset.iter();
                let same = named.filter(|named| {
                    (&named.id, &named.provider) == (&dataset.id, &dataset.provider)
                });
                others.extend(same.map(|same| self.data_path(same)));
            }
        }
        others.retain(|path| *path != own && path.is_file());
        Ok(others.into_iter().collect())
    }

    /// Checks a file against what the agreement says of a dataset; all faults at once.
    pub fn fits(dataset: &Dataset, file: &Path) -> Result<(), HomeError> {
        checked(dataset, file)?;
        Ok(())
    }

    /// Puts one dataset's data into the home, checked whole against the agreement. Other data than were there take their
    /// place as long as no release was built from those; then they are refused.
    ///
    /// # Errors
    /// What is wrong with the file, and that others were there that must stay.
    pub fn take_data(
        &self,
        dataset: &Dataset,
        file: &Path,
        who: &DeliveredBy,
    ) -> Result<(), HomeError> {
        let fingerprint = checked(dataset, file)?;
        let found = DatasetFolder {
            dataset,
            beside: Some((file.to_owned(), fingerprint)),
        };
        let _lock = self.lock()?;
        let building = self.building_held(std::slice::from_ref(&found))?;
        self.refuse_changed(std::slice::from_ref(&found), building.as_ref())?;
        if self.has_data(dataset, fingerprint)? {
            return Ok(());
        }
        self.copy_data(dataset, file, fingerprint)?;
        self.note_delivery(dataset, fingerprint, who)
    }

    /// Whether just these bytes are here.
    pub(super) fn has_data(&self, dataset: &Dataset, hash: Digest) -> Result<bool, HomeError> {
        let here = self.data_path(dataset);
        Ok(here.is_file() && files::sha256(&here)? == hash)
    }

    /// Finds and checks the data of every dataset, beside the document first; tells all faults at once.
    pub(super) fn find_data<'a>(
        &self,
        agreement: &'a Agreement,
        folder: &Path,
    ) -> Result<Vec<DatasetFolder<'a>>, HomeError> {
        let mut faults = Vec::new();
        let mut all = Vec::new();
        for dataset in &agreement.dataset {
            let beside = folder.join(&dataset.source);
            let here = self.data_path(dataset);
            let file = if beside.is_file() { &beside } else { &here };
            let mut found = DatasetFolder {
                dataset,
                beside: None,
            };
            if file.is_file() {
                match checked(dataset, file) {
                    Ok(fingerprint) if beside.is_file() => {
                        found.beside = Some((beside, fingerprint))
                    }
                    Ok(_) => {}
                    Err(IntakeError::Data(these)) => faults.extend(these),
                    Err(other) => return Err(other.into()),
                }
            }
            all.push(found);
        }
        if faults.is_empty() {
            Ok(all)
        } else {
            Err(HomeError::from(faults))
        }
    }

    /// Keeps others from building while data that are here make place for others; nothing when none do, or one is being built.
    pub(super) fn building_held(
        &self,
        all: &[DatasetFolder<'_>],
    ) -> Result<Option<HomeLock>, HomeError> {
        for found in all {
            if let Some((_, hash)) = &found.beside
                && self.data_path(found.dataset).is_file()
                && !self.has_data(found.dataset, *hash)?
            {
                return self.try_lock_releases();
            }
        }
        Ok(None)
    }

    /// Refuses data that are in the home with other bytes and must stay, or as another kind of file, all at once.
    /// Whoever does not keep others from building changes nothing.
    pub(super) fn refuse_changed(
        &self,
        all: &[DatasetFolder<'_>],
        nobody_builds: Option<&HomeLock>,
    ) -> Result<(), HomeError> {
        let mut refusals = Vec::new();
        for found in all {
            let here = self.data_path(found.dataset);
            let mut kinds = KINDS.iter().map(|kind| here.with_extension(kind));
            let other_kind = kinds.any(|path| path != here && path.is_file());
            let must_stay = match &found.beside {
                Some((_, hash)) if here.is_file() => {
                    let now = files::sha256(&here)?;
                    let may = match nobody_builds {
                        Some(lock) if now != *hash => self.may_replace(found.dataset, lock)?,
                        _ => false,
                    };
                    now != *hash && !may
                }
                _ => false,
            };
            if other_kind || must_stay {
                refusals.push(changed(found.dataset));
            }
        }
        if refusals.is_empty() {
            Ok(())
        } else {
            Err(refusals.into())
        }
    }

    /// Copies data into the home.
    pub(super) fn copy_data(
        &self,
        dataset: &Dataset,
        from: &Path,
        hash: Digest,
    ) -> Result<(), HomeError> {
        let to = self.data_path(dataset);
        if let Some(folder) = to.parent() {
            files::make_folder(folder)?;
        }
        if files::copy(from, &to, hash)? {
            return Ok(());
        }
        let place = from.display().to_string();
        Err(HomeError::from(vec![
            Diagnostic::new(
                FaultCode::Stale,
                Text::new(
                    "het bestand veranderde terwijl het werd gelezen",
                    "the file changed while it was read",
                ),
                Text::new(
                    "wacht tot het af is en voeg opnieuw toe",
                    "wait until it is finished and add again",
                ),
            )
            .at(place),
        ]))
    }
}

fn checked(dataset: &Dataset, file: &Path) -> Result<Digest, IntakeError> {
    let sources = Sources {
        files: BTreeMap::from([(dataset.id.clone(), file.to_owned())]),
    };
    check(dataset, &sources).map(|checked| checked.fingerprint)
}

fn changed(dataset: &Dataset) -> Refusal {
    let (id, provider) = (&dataset.id, &dataset.provider);
    let what = Text::new(
        format!(
            "de gegevens van `{id}` zijn anders dan die er al zijn, en die moeten blijven: er zijn cijfers uit gemaakt, of zij zijn al te vaak vervangen"
        ),
        format!(
            "the data of `{id}` differ from those in the home, which must stay: figures were made from them, or they were replaced too often"
        ),
    );
    let lifts = Text::new(
        format!(
            "`{provider}` geeft de gegevens een nieuwe `period` in een nieuwe versie van de afspraak; wordt er net iets berekend, probeer het dan straks opnieuw"
        ),
        format!(
            "`{provider}` gives the data a new `period` in a new version of the agreement; if something is being computed just now, try again later"
        ),
    );
    Refusal::new(Code::DataChanged, what, lifts).owned_by(provider)
}

fn missing_fault(dataset: &Dataset) -> Diagnostic {
    let (id, provider, source) = (&dataset.id, &dataset.provider, &dataset.source);
    Diagnostic::new(FaultCode::Missing, Text::new(
            format!("de gegevens van `{id}` (van `{provider}`) zijn nog niet geleverd"),
            format!("the data of `{id}` (of `{provider}`) were not delivered yet"),
        ), Text::new(
            format!(
                "zet `{source}` naast de afspraak en voeg haar opnieuw toe met `zwerm agreement add`"
            ),
            format!(
                "put `{source}` beside the agreement and add it again with `zwerm agreement add`"
            ),
        )).at(format!("dataset.{id}"))
}
