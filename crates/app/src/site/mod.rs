//! A home that is served: its files, its registry and its clock, shared by all who ask at once.

pub mod beginning;
pub(crate) mod counted;
pub(crate) mod identity;
pub mod keeper;
pub mod overview;
pub mod per_party;
pub(crate) mod queue;
pub mod registry;
pub mod search;
pub mod standing;
pub mod status;
pub mod throttle;
pub mod words_before;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::{Mutex, MutexGuard, Semaphore};
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_home::places::MapPlaces;
use zwerm_home::release::When;
use zwerm_home::{Home, LogFiles};
use zwerm_store::Store;

use crate::error::AppError;
use crate::ledger::rolled_back;
use crate::loggable::ToLog as _;
use crate::site::counted::CountedTables;
use crate::site::keeper::Keeper;
use crate::site::overview::{Overview, OverviewCache};
use crate::site::per_party::PerParty;
use crate::site::throttle::Throttle;

/// How the name of a file begins that is being uploaded.
pub const INCOMING: &str = ".incoming-";

/// How long a page waits for whoever takes over the log.
const PATIENCE: Duration = Duration::from_millis(50);
/// Changes that are tried out at once: anyone may, and whoever asks the data must not wait for it.
const TRIED_AT_ONCE: usize = 2;

/// A home that is served.
#[derive(Debug)]
pub struct Site {
    /// The home, whose files and log are what is true.
    pub home: Arc<Home>,
    /// What the files do not hold: people, sessions, drafts; and copies of what they do, to search.
    pub(crate) store: Store,
    /// Gives the day and the moment, which may be pretended.
    pub clock: Clock,
    /// How it is served.
    pub config: Config,
    /// Questions that are worked on.
    pub(crate) at_work: Arc<Semaphore>,
    pub(crate) per_party: PerParty,
    /// Keeps what was asked.
    pub(crate) keeper: Keeper,
    pub(crate) throttle: Throttle,
    /// Where places lie.
    pub places: MapPlaces,
    /// How much of releases is protected.
    pub(crate) counted: Arc<CountedTables>,
    demo: Option<Vec<DemoPerson>>,
    overview: Arc<OverviewCache>,
    synced: Mutex<Synced>,
    /// Changes of agreements that are tried out, beside questions that are worked on.
    pub(crate) tried_out: Arc<Semaphore>,
    /// For which state of the agreements barriers were looked at last.
    pub(crate) looked_at: Mutex<Option<AgreedState>>,
    /// When this program last read the clock: what it ran since then is measured, and not read from the clock.
    pub(crate) last_reading: Mutex<Option<Instant>>,
    /// Whether an older log was beside the registry when that was last looked at.
    log_is_older: AtomicBool,
}

/// Somebody who is made up for the demonstration, with the password that anyone may use.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    /// The name to sign in with.
    pub login: String,
    /// The password of this start.
    pub password: String,
    /// What others call the person.
    pub name: String,
    /// For which party they do what.
    pub what: zwerm_agreement::text::Text,
}

/// What tells whether the log is still the one that was read.
pub(crate) type LogStamp = (u64, Option<SystemTime>);

/// What agreements come to for their refused questions: of each the version that applies, and what it lacks.
pub(crate) type AgreedState = Vec<(String, String, Vec<String>)>;

#[derive(Debug, Default)]
struct Synced {
    of: Option<(LogStamp, Arc<Overview>)>,
    taken: registry::MirroredLog,
}

impl Site {
    /// Opens a home and its registry, which is made when there is none, and takes over what the home holds.
    pub async fn open(root: &Path, config: Config, clock: Clock) -> Result<Self, AppError> {
        let home = Home::open(root)?;
        sweep(root);
        let store = identity::open_registry(root, &config).await?;
        let site = Self {
            home: Arc::new(home),
            keeper: Keeper::over(store.clone()),
            store,
            clock: clock.in_zone(config.time_zone()?),
            at_work: Arc::new(Semaphore::new(config.questions_at_once)),
            per_party: PerParty::default(),
            throttle: Throttle::new(root)?,
            config,
            places: MapPlaces::read(root)?,
            counted: Arc::default(),
            demo: None,
            overview: Arc::default(),
            synced: Mutex::default(),
            tried_out: Arc::new(Semaphore::new(TRIED_AT_ONCE)),
            looked_at: Mutex::default(),
            last_reading: Mutex::default(),
            log_is_older: AtomicBool::new(false),
        };
        if let Err(error) = site.require_log_of_registry().await {
            tracing::error!(error = %error.loggable(), "an older log was put back");
        }
        site.catch_up().await;
        Ok(site)
    }

    /// Makes it the demonstration, with people whom anyone may look as.
    pub fn demonstrate(&mut self, people: Vec<DemoPerson>) {
        self.demo = Some(people);
    }

    /// Whether it is the demonstration.
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }

    /// The people of the demonstration.
    pub fn demo_people(&self) -> &[DemoPerson] {
        self.demo.as_deref().unwrap_or_default()
    }

    /// The day and the moment.
    pub fn when(&self) -> When {
        When {
            today: self.clock.today(),
            now: self.clock.now(),
        }
    }

    /// What the home holds.
    pub async fn overview(&self) -> Result<Arc<Overview>, AppError> {
        let today = self.clock.today();
        if let Some(fresh) = self.overview.fresh(today) {
            return Ok(fresh);
        }
        let (kept, home) = (Arc::clone(&self.overview), Arc::clone(&self.home));
        blocking(move || kept.get(&home, today)).await
    }

    /// Does something to the home that waits for its disk and its lock, beside the threads that answer requests.
    pub async fn with_home<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Home) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let home = Arc::clone(&self.home);
        let done = blocking(move || work(&home)).await;
        self.overview.forget();
        done
    }

    /// Takes over in the registry what the home and its log hold since the last time, a step of it; whether that was all.
    pub async fn sync(&self) -> Result<bool, AppError> {
        self.step(self.synced.lock().await).await
    }

    async fn step(&self, mut synced: MutexGuard<'_, Synced>) -> Result<bool, AppError> {
        let overview = self.overview().await?;
        let log = self.log_stamp();
        let same = |(stamp, known): &(LogStamp, Arc<Overview>)| {
            *stamp == log && Arc::ptr_eq(known, &overview)
        };
        if synced.of.as_ref().is_some_and(same) {
            return Ok(true);
        }
        let (root, now) = (self.home.root(), self.clock.now());
        let taken = &mut synced.taken;
        let all = registry::take_over(&self.store, root, &overview, now, taken).await?;
        synced.of = all.then_some((log, overview));
        Ok(all)
    }

    /// The same where nothing depends on it: what cannot be taken over now is taken over the next time. Whether more waits.
    pub async fn catch_up(&self) -> bool {
        match self.sync().await {
            Ok(all) => !all,
            Err(error) => {
                tracing::warn!(error = %error.loggable(), "the registry could not take over what the home holds");
                false
            }
        }
    }

    /// The same for somebody who waits for a page: whoever is at it already is not waited for.
    pub async fn glance(&self) {
        let Ok(synced) = tokio::time::timeout(PATIENCE, self.synced.lock()).await else {
            return;
        };
        if let Err(error) = self.step(synced).await {
            tracing::warn!(error = %error.loggable(), "the registry could not take over what the home holds");
        }
    }

    /// Closes the registry once it is awaited; what SQLite keeps beside its file while it is open goes with it.
    pub fn closing(&self) -> impl Future<Output = ()> + use<> {
        let store = self.store.clone();
        async move { store.close().await }
    }

    /// Whether registry and log can be used.
    pub async fn ready(&self) -> Result<(), AppError> {
        self.store.ready().await?;
        let home = Arc::clone(&self.home);
        blocking(move || Ok(home.require_readable_log()?)).await?;
        self.require_log_of_registry().await
    }

    /// Fails when an older log was put back beside the registry: what was answered since would be denied.
    pub(crate) async fn require_log_of_registry(&self) -> Result<(), AppError> {
        let missing = rolled_back::missing(&self.store, &self.home).await?;
        self.log_is_older
            .store(missing.is_some(), Ordering::Relaxed);
        missing.map_or(Ok(()), |index| Err(rolled_back::fault(&self.home, index)))
    }

    /// The same before a question is asked: looked at again only where it was so.
    pub(crate) async fn require_newest_log(&self) -> Result<(), AppError> {
        match self.log_is_older.load(Ordering::Relaxed) {
            true => self.require_log_of_registry().await,
            false => Ok(()),
        }
    }

    pub(crate) fn log_stamp(&self) -> LogStamp {
        let checkpoint = LogFiles::of(self.home.root()).public.join("checkpoint");
        let found = std::fs::metadata(checkpoint).ok();
        found.map_or_else(LogStamp::default, |found| {
            (found.len(), found.modified().ok())
        })
    }
}

/// Throws away what a crash left of uploads: nobody was told that they were taken.
fn sweep(root: &Path) {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let left = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(INCOMING));
    for entry in left {
        if let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::warn!(error = %error.loggable(), "what was left of an upload stays");
        }
    }
}

/// Waits for work that keeps a thread busy, beside the threads that answer requests.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
) -> Result<T, AppError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| AppError::Internal(error.to_string()))?
}
