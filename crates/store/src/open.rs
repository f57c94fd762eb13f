//! Opening the registry, looking after it, copying it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
use std::time::Duration;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateError;
use sqlx::{AnyConnection, AnyPool, Connection as _};

use crate::database::{all, one, run};
use crate::error::{Cause, StoreError};
use crate::row::{Binds as _, sql};
use crate::schema;

/// How long to wait for others who write, or for a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// Settings that keep a SQLite file whole when the machine stops at any moment, leave nothing of what was deleted, and write
/// nothing of what is sorted to other files.
const PRAGMAS: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; \
                       PRAGMA temp_store = MEMORY;";

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatabaseKind {
    Sqlite,
    Postgres,
}

impl DatabaseKind {
    /// How a transaction that writes begins.
    pub(crate) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }
}

/// The registry. A clone is another handle to the same.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: AnyPool,
    pub(crate) kind: DatabaseKind,
}

/// Where a registry is.
struct RegistryPlace {
    kind: DatabaseKind,
    /// The URL for the driver.
    url: String,
    /// The URL for people, without a password.
    shown: String,
    /// The file, for SQLite on a disk.
    file: Option<PathBuf>,
    connections: u32,
}

impl Store {
    /// Opens the registry and brings its tables up to date: `postgres://…`, `sqlite:…`, or the path of a SQLite file. A
    /// file is made when it is missing, for its owner only; its folder is not.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use zwerm_store::{Store, StoreError};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("registry.db");
    /// let store = Store::open(&path.to_string_lossy()).await?;
    /// store.ready().await?;
    ///
    /// let nowhere = folder.path().join("gone/registry.db");
    /// let refused = Store::open(&nowhere.to_string_lossy()).await;
    /// assert!(matches!(refused, Err(StoreError::Open { .. })));
    /// # store.close().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Open`] when it cannot be opened, [`StoreError::Schema`] when a newer program made it, and those of
    /// the database.
    pub async fn open(url_or_path: &str) -> Result<Self, StoreError> {
        Self::at(RegistryPlace::of(url_or_path)?).await
    }

    /// The identity of a registry that is there and is not opened, so that nothing of it changes; nothing when it has none.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # use zwerm_store::Store;
    /// let folder = tempfile::tempdir()?;
    /// let place = folder.path().join("registry.db");
    /// std::fs::write(&place, "")?;
    /// let place = place.to_string_lossy();
    /// assert_eq!(Store::identity_at(&place).await?, None);
    /// let store = Store::open(&place).await?;
    /// let id = store.identity().await?;
    /// store.close().await;
    /// assert_eq!(Store::identity_at(&place).await?, Some(id));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Open`] when it cannot be reached, and those of the database.
    pub async fn identity_at(url_or_path: &str) -> Result<Option<String>, StoreError> {
        install_drivers();
        let place = RegistryPlace::of(url_or_path)?;
        let mut connection = AnyConnection::connect(&place.url)
            .await
            .map_err(|error| place.refused(error))?;
        let id = sql("SELECT id FROM identity");
        let found = one(&mut connection, id, |row| row.text("id")).await;
        connection.close().await?;
        match found {
            Err(StoreError::Other(source)) if is_without_table(&source) => Ok(None),
            Err(StoreError::Other(source)) => Err(StoreError::Open {
                url: place.shown,
                source,
            }),
            found => found,
        }
    }

    /// A registry in memory, for tests and examples; it is gone when its last handle is dropped.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn in_memory() -> Result<Self, StoreError> {
        let memory = "sqlite::memory:".to_owned();
        Self::at(RegistryPlace {
            kind: DatabaseKind::Sqlite,
            shown: memory.clone(),
            url: memory,
            file: None,
            // each connection would have a memory of its own
            connections: 1,
        })
        .await
    }

    async fn at(place: RegistryPlace) -> Result<Self, StoreError> {
        install_drivers();
        if let Some(file) = &place.file {
            make_private(file).map_err(|source| StoreError::Open {
                url: place.shown.clone(),
                source: Arc::new(source),
            })?;
        }
        let mut tries = 1;
        loop {
            match Self::try_at(&place).await {
                // somebody else made the tables at the same moment, so look again
                Err(StoreError::Busy | StoreError::Taken { .. } | StoreError::Other(_))
                    if tries < schema::TRIES =>
                {
                    tries += 1
                }
                outcome => return outcome,
            }
        }
    }

    async fn try_at(place: &RegistryPlace) -> Result<Self, StoreError> {
        let kind = place.kind;
        // a pool would keep trying for a long time, and not say why it cannot connect
        let mut first = AnyConnection::connect(&place.url)
            .await
            .map_err(|error| place.refused(error))?;
        let ready = prepare(&mut first, kind).await;
        first.close().await?;
        ready.map_err(|error| place.refused(error))?;
        let pool = AnyPoolOptions::new()
            .max_connections(place.connections)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            // a file does not get lost as a connection can, and checking each time costs more than most statements
            .test_before_acquire(kind == DatabaseKind::Postgres)
            .after_connect(move |connection, _| Box::pin(prepare(connection, kind)))
            .after_release(|connection, _| Box::pin(is_free(connection)))
            .connect(&place.url)
            .await
            .map_err(|error| place.refused(error))?;
        if let Err(error) = schema::migrator().run(&pool).await {
            pool.close().await;
            return Err(place.unfit(error));
        }
        Ok(Self { pool, kind })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Those of the database, when it does not answer.
    pub async fn ready(&self) -> Result<(), StoreError> {
        run(&self.pool, sql("SELECT 1")).await.map(drop)
    }

    /// Copies the registry to a new file, whole and of one moment, while others go on using it.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use zwerm_store::{Store, StoreError};
    ///
    /// let store = Store::in_memory().await?;
    /// let folder = tempfile::tempdir()?;
    /// let copy = folder.path().join("copy.db");
    /// store.backup(&copy).await?;
    /// assert!(Store::open(&copy.to_string_lossy()).await.is_ok());
    /// assert!(matches!(store.backup(&copy).await, Err(StoreError::Taken { .. })));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is a file already, [`StoreError::Copy`] when none can be made there,
    /// [`StoreError::CopyElsewhere`] on PostgreSQL, and those of the database.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        if self.kind == DatabaseKind::Postgres {
            return Err(StoreError::CopyElsewhere);
        }
        let path = to.to_str().ok_or_else(|| unreadable(to))?;
        let failed = |source: io::Error| StoreError::Copy {
            path: path.to_owned(),
            source: Arc::new(source),
        };
        if !make_private(to).map_err(failed)? {
            let what = format!("`{path}`");
            return Err(StoreError::Taken { what });
        }
        let copied = run(&self.pool, sql("VACUUM INTO $1").text(path)).await;
        if let Err(error) = copied {
            // what is there is no copy; that it cannot be removed is less to know than why it is none
            let _ = fs::remove_file(to);
            return Err(error);
        }
        let file = fs::File::open(to).map_err(failed)?;
        file.sync_all().map_err(failed)
    }

    /// Has what was taken out leave the file that SQLite writes to first as well, where it would stay until that is
    /// full; whether it did, which somebody who reads for long prevents. PostgreSQL does so by itself, some time later.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn scrub(&self) -> Result<bool, StoreError> {
        if self.kind == DatabaseKind::Postgres {
            return Ok(true);
        }
        let empty = sql("PRAGMA wal_checkpoint(TRUNCATE)");
        let busy = one(&self.pool, empty, |row| row.flag("busy")).await?;
        Ok(busy == Some(false))
    }

    /// Looks through a SQLite file for damage. PostgreSQL looks after itself; there it only must answer.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with what was found.
    pub async fn check(&self) -> Result<(), StoreError> {
        if self.kind == DatabaseKind::Postgres {
            return self.ready().await;
        }
        let pages = sql("PRAGMA integrity_check");
        let mut found = all(&self.pool, pages, |row| row.text("integrity_check")).await?;
        found.retain(|line| line != "ok");
        let links = sql("SELECT \"table\" AS t FROM pragma_foreign_key_check");
        for table in all(&self.pool, links, |row| row.text("t")).await? {
            found.push(format!("`{table}` refers to what is not there"));
        }
        if found.is_empty() {
            return Ok(());
        }
        let what = found.join("; ");
        Err(StoreError::Damaged { what })
    }

    /// Ends all connections, when those who use them are done.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Whether a question failed because the table that it asks is not there, as SQLite and PostgreSQL say it.
fn is_without_table(cause: &Cause) -> bool {
    let said = cause.to_string();
    said.contains("no such table") || said.contains("does not exist")
}

fn install_drivers() {
    static DRIVERS: Once = Once::new();
    DRIVERS.call_once(sqlx::any::install_default_drivers);
}

async fn prepare(connection: &mut AnyConnection, kind: DatabaseKind) -> Result<(), sqlx::Error> {
    if kind == DatabaseKind::Sqlite {
        sqlx::raw_sql(PRAGMAS).execute(connection).await?;
    }
    Ok(())
}

/// Whether a connection can be used by somebody else: SQLite undoes a transaction by itself when the disk is full, and
/// the driver, told to undo it again, then thinks for ever that it is in one.
async fn is_free(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // what was left to undo is undone before this is answered
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

impl RegistryPlace {
    fn of(given: &str) -> Result<Self, StoreError> {
        if given.starts_with("postgres://") || given.starts_with("postgresql://") {
            return Ok(Self {
                kind: DatabaseKind::Postgres,
                url: given.to_owned(),
                shown: without_password(given),
                file: None,
                connections: 8,
            });
        }
        let path = given
            .strip_prefix("sqlite://")
            .or_else(|| given.strip_prefix("sqlite:"))
            .unwrap_or(given);
        let full = std::path::absolute(PathBuf::from(path)).map_err(|source| StoreError::Open {
            url: given.to_owned(),
            source: Arc::new(source),
        })?;
        let name = full.to_str().ok_or_else(|| unreadable(&full))?;
        Ok(Self {
            kind: DatabaseKind::Sqlite,
            url: format!("sqlite://{}", percent(name)),
            shown: path.to_owned(),
            file: Some(full),
            connections: 4,
        })
    }

    fn refused(&self, error: sqlx::Error) -> StoreError {
        match StoreError::from(error) {
            StoreError::Other(source) | StoreError::Away(source) => StoreError::Open {
                url: self.shown.clone(),
                source,
            },
            told => told,
        }
    }

    fn unfit(&self, error: MigrateError) -> StoreError {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => {
                StoreError::from(error)
            }
            error => StoreError::Schema {
                url: self.shown.clone(),
                source: Arc::new(error),
            },
        }
    }
}

/// Makes an empty file that only its owner may read, for it holds hashes of passwords; whether it was not there yet.
fn make_private(path: &Path) -> io::Result<bool> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

fn unreadable(path: &Path) -> StoreError {
    StoreError::Unfit {
        what: format!(
            "`{}` is not written in Unicode; use another path",
            path.display()
        ),
    }
}

/// The signs that are written by their numbers in the path of a URL: all but these.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A path as part of a URL.
fn percent(path: &str) -> String {
    utf8_percent_encode(path, PLAIN).to_string()
}

/// A URL that may be shown to people: without its password and its parameters.
fn without_password(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(start, _)| start);
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    match rest.rsplit_once('@') {
        Some((who, place)) => {
            let user = who.split_once(':').map_or(who, |(user, _)| user);
            format!("{scheme}://{user}@{place}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests;
