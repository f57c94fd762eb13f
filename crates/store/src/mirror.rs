//! The mirror of a home's files: agreement versions, what parties said, datasets and releases, for pages to list.
//!
//! The files are the source; the mirror can be made anew from them at any time, as a whole.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use zwerm_agreement::text::Text;
//! # let store = zwerm_store::Store::in_memory().await?;
//! # let now: jiff::Timestamp = "2026-03-01T09:00:00Z".parse()?;
//! use zwerm_store::mirror::{AgreementVersion, Agreements};
//!
//! let version = AgreementVersion {
//!     agreement: "wachttijd".into(),
//!     version: 1,
//!     hash: "…".into(),
//!     title: Text::same("Wachttijd"),
//!     goal: "wonen".into(),
//!     added: now,
//! };
//! let all = Agreements { versions: vec![version.clone()], ..Agreements::default() };
//! store.replace_agreements(&all).await?;
//! assert_eq!(store.agreement_versions().await?, [version]);
//! store.clear_mirror().await?;
//! assert!(store.agreement_versions().await?.is_empty());
//! # Ok(())
//! # }
//! ```

use jiff::Timestamp;
use zwerm_agreement::text::Text;
use zwerm_agreement::words;

use crate::database::{RegistryTransaction, all, run};
use crate::error::{NamesConstraint as _, StoreError};
use crate::open::Store;
use crate::row::{Binds as _, RegistryRow, sql, whole};

words! {
    in "zwerm_store::mirror";
    /// What a party said about a version.
    pub enum ConsentDecision {
        /// Consent without a reservation.
        Consent = "consent",
        /// Consent with a concern.
        Concern = "concern",
        /// A paramount objection.
        Object = "object",
        /// It suspended the agreement.
        Suspended = "suspended",
        /// It lifted its own suspension.
        Resumed = "resumed",
        /// It ended the agreement.
        Ended = "ended",
    }
}

/// A version of an agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgreementVersion {
    /// The id of the agreement.
    pub agreement: String,
    /// The number of the version, counted from 1.
    pub version: u32,
    /// The hash of its document.
    pub hash: String,
    /// What people call the agreement.
    pub title: Text,
    /// The id of the goal that it serves.
    pub goal: String,
    /// When it was added to the home.
    pub added: Timestamp,
}

/// What a party said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// The id of the agreement.
    pub agreement: String,
    /// The version that it was said of.
    pub version: u32,
    /// The id of the party that said it.
    pub party: String,
    /// What the party decided.
    pub decision: ConsentDecision,
    /// The reason that the party gave, if it gave one.
    pub reason: Option<String>,
    /// What would lift an objection.
    pub lifts: Option<String>,
    /// The moment that the statement names.
    pub at: Timestamp,
    /// Whether it is signed.
    pub signed: bool,
}

/// A dataset that a version of an agreement names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatasetRow {
    /// The id of the agreement.
    pub agreement: String,
    /// The version that describes the dataset.
    pub version: u32,
    /// The id of the dataset within the agreement.
    pub id: String,
    /// The party that provides it.
    pub provider: String,
    /// The legal basis, in the agreement's words.
    pub legal_basis: String,
    /// The period that the data is about.
    pub period: String,
}

/// A release: what was published of a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseRow {
    /// The name that the release is known by, made of its agreement, version, view and hash.
    pub name: String,
    /// The id of the agreement.
    pub agreement: String,
    /// The version that it was built under.
    pub version: u32,
    /// The shared view.
    pub view: String,
    /// The hash of what was published.
    pub hash: String,
    /// When it was entered in the log.
    pub at: Timestamp,
}

/// Everything that is mirrored of agreements.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreements {
    /// Every version of every agreement.
    pub versions: Vec<AgreementVersion>,
    /// What parties decided, in the order in which it applies.
    pub consents: Vec<ConsentRow>,
    /// The datasets of all versions.
    pub datasets: Vec<DatasetRow>,
    /// The releases that the log knows.
    pub releases: Vec<ReleaseRow>,
}

const EMPTY: [&str; 4] = [
    "DELETE FROM agreement_versions",
    "DELETE FROM consents",
    "DELETE FROM datasets",
    "DELETE FROM releases",
];

impl Store {
    /// Replaces everything that was mirrored of agreements. Readers see either the old rows or the new ones.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when something is there twice; the old rows are then kept.
    pub async fn replace_agreements(&self, all: &Agreements) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        for table in EMPTY {
            run(&mut *together, sql(table)).await?;
        }
        for version in &all.versions {
            add_version(&mut together, version).await?;
        }
        for (place, consent) in all.consents.iter().enumerate() {
            add_consent(&mut together, place, consent).await?;
        }
        for dataset in &all.datasets {
            add_dataset(&mut together, dataset).await?;
        }
        for release in &all.releases {
            add_release(&mut together, release).await?;
        }
        Ok(together.commit().await?)
    }

    /// Forgets everything that is mirrored, including the entries of the log.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn clear_mirror(&self) -> Result<(), StoreError> {
        let mut together = self.together().await?;
        for table in EMPTY {
            run(&mut *together, sql(table)).await?;
        }
        run(&mut *together, sql("DELETE FROM entries")).await?;
        Ok(together.commit().await?)
    }

    /// All versions of all agreements, by agreement, the newest version first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn agreement_versions(&self) -> Result<Vec<AgreementVersion>, StoreError> {
        let found = sql(
            "SELECT agreement, version, hash, title_nl, title_en, goal, added \
                 FROM agreement_versions",
        );
        let mut versions = all(&self.pool, found, version).await?;
        versions.sort_by(|a, b| (&a.agreement, b.version).cmp(&(&b.agreement, a.version)));
        Ok(versions)
    }
}

async fn add_version(
    on: &mut RegistryTransaction,
    version: &AgreementVersion,
) -> Result<(), StoreError> {
    let add = sql("INSERT INTO agreement_versions \
                   (agreement, version, hash, title_nl, title_en, goal, added) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)");
    let add = add.text(&version.agreement).number(version.version);
    let add = add.text(&version.hash).pair(&version.title);
    run(&mut **on, add.text(&version.goal).time(version.added))
        .await
        .taken(|| format!("version {} of `{}`", version.version, version.agreement))
        .map(drop)
}

async fn add_consent(
    on: &mut RegistryTransaction,
    place: usize,
    consent: &ConsentRow,
) -> Result<(), StoreError> {
    let add = sql("INSERT INTO consents \
                   (place, agreement, version, party, decision, reason, lifts, at, signed) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let add = add.number(whole(u64::try_from(place).unwrap_or(u64::MAX))?);
    let add = add.text(&consent.agreement).number(consent.version);
    let add = add.text(&consent.party).text(consent.decision.as_str());
    let add = add.maybe_text(consent.reason.as_deref());
    let add = add.maybe_text(consent.lifts.as_deref());
    let add = add.time(consent.at).flag(consent.signed);
    run(&mut **on, add).await.map(drop)
}

async fn add_dataset(on: &mut RegistryTransaction, dataset: &DatasetRow) -> Result<(), StoreError> {
    let add = sql("INSERT INTO datasets \
                   (agreement, version, id, provider, legal_basis, period) \
                   VALUES ($1, $2, $3, $4, $5, $6)");
    let add = add.text(&dataset.agreement).number(dataset.version);
    let add = add.text(&dataset.id).text(&dataset.provider);
    run(
        &mut **on,
        add.text(&dataset.legal_basis).text(&dataset.period),
    )
    .await
    .taken(|| format!("the dataset `{}` of `{}`", dataset.id, dataset.agreement))
    .map(drop)
}

async fn add_release(on: &mut RegistryTransaction, release: &ReleaseRow) -> Result<(), StoreError> {
    let add = sql(
        "INSERT INTO releases (name, agreement, version, shared_view, hash, at) \
                   VALUES ($1, $2, $3, $4, $5, $6)",
    );
    let add = add.text(&release.name).text(&release.agreement);
    let add = add.number(release.version).text(&release.view);
    run(&mut **on, add.text(&release.hash).time(release.at))
        .await
        .taken(|| format!("the release `{}`", release.name))
        .map(drop)
}

fn version(row: &RegistryRow) -> Result<AgreementVersion, StoreError> {
    Ok(AgreementVersion {
        agreement: row.text("agreement")?,
        version: row.version("version")?,
        hash: row.text("hash")?,
        title: row.pair("title_nl", "title_en")?,
        goal: row.text("goal")?,
        added: row.time("added")?,
    })
}
