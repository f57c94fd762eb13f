//! DataFusion sessions with bounds: memory with spilling, and nothing registered that is not named.

use std::{path::PathBuf, sync::Arc, time::Duration};

use datafusion::{
    execution::{
        disk_manager::{DiskManagerBuilder, DiskManagerMode},
        memory_pool::FairSpillPool,
        runtime_env::RuntimeEnvBuilder,
        session_state::SessionStateBuilder,
    },
    prelude::{SessionConfig, SessionContext},
};

use crate::error::QuestionError;

/// What building a cube may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildLimits {
    /// Bytes of memory for scanning, joining, sorting and adding up; past that it spills to disk.
    pub memory: usize,
    /// Time for building a cube.
    pub time: Duration,
    /// Folder for what is spilled; the system's temporary folder without.
    pub spill: Option<PathBuf>,
}

impl Default for BuildLimits {
    fn default() -> Self {
        BuildLimits {
            memory: 2 << 30,
            time: Duration::from_secs(15 * 60),
            spill: None,
        }
    }
}

/// A session for reading sources.
pub(crate) fn bounded(limits: &BuildLimits) -> Result<SessionContext, QuestionError> {
    let mut disk = DiskManagerBuilder::default();
    if let Some(folder) = &limits.spill {
        disk = disk.with_mode(DiskManagerMode::Directories(vec![folder.clone()]));
    }
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory)))
        .with_disk_manager_builder(disk)
        .build_arc()?;
    Ok(SessionContext::new_with_config_rt(config(), runtime))
}

/// A session for published cells only. It knows no function by name: a plan brings those that it uses along.
pub(crate) fn published() -> SessionContext {
    // planning takes longer than running, and a second look at so small a plan finds nothing; each question copies the
    // session, of which functions would be the most
    let config = config().set_usize("datafusion.optimizer.max_passes", 1);
    let state = SessionStateBuilder::new().with_config(config).build();
    SessionContext::new_with_state(state)
}

/// One partition: sums are added in one order, so that the same data gives the same cube.
fn config() -> SessionConfig {
    SessionConfig::new()
        .with_target_partitions(1)
        .with_information_schema(false)
}
