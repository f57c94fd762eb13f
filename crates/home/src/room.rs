//! How much room the disk of a home has.

use std::path::Path;

/// Room on a disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiskRoom {
    /// What may still be written.
    pub free: u64,
    /// What there is in all.
    pub whole: u64,
}

impl DiskRoom {
    /// Whether it runs out: less than a tenth is free, and less than ten gigabytes.
    ///
    /// ```
    /// use zwerm_home::room::DiskRoom;
    /// let gigabyte = 1_000_000_000;
    /// assert!(DiskRoom { free: gigabyte, whole: 100 * gigabyte }.is_short());
    /// assert!(!DiskRoom { free: 50 * gigabyte, whole: 1_000 * gigabyte }.is_short());
    /// assert!(!DiskRoom { free: gigabyte, whole: 2 * gigabyte }.is_short());
    /// ```
    pub fn is_short(&self) -> bool {
        self.free < self.whole / 10 && self.free < 10_000_000_000
    }
}

/// The room on the disk that holds this folder; nothing where the system does not say.
///
/// ```
/// # #[cfg(unix)] {
/// use zwerm_home::room::room;
/// let room = room(&std::env::temp_dir()).expect("the system says so");
/// assert!(room.free <= room.whole);
/// # }
/// ```
#[cfg(unix)]
pub fn room(folder: &Path) -> Option<DiskRoom> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(DiskRoom {
        free: found.f_bavail.saturating_mul(found.f_frsize),
        whole: found.f_blocks.saturating_mul(found.f_frsize),
    })
}

/// The room on the disk that holds this folder; nothing where the system does not say.
#[cfg(not(unix))]
pub fn room(_: &Path) -> Option<DiskRoom> {
    None
}
