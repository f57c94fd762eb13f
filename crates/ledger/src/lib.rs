//! A public log that everyone may read and that nobody, its operator included, can change unnoticed.
//!
//! - [`entry`]: what is in it, as canonical JSON ([`canonical`], RFC 8785);
//! - [`log`]: appending, durable before it returns, with one `fsync` for many callers; what a crash leaves is mended;
//! - [`reader`]: reading a published log (C2SP tlog-tiles) and proving entries and growth from it;
//! - [`note`]: the log's key, checkpoints (C2SP signed notes) and witnesses' cosignatures;
//! - [`tree`]: the checks of inclusion and consistency (RFC 6962);
//! - [`check`]: the whole log, every byte of every file;
//! - [`receipt`]: one file with which anyone verifies an answer, without the log.
//!
//! The crate can be used and audited by itself. It draws no random numbers and reads no clock: salts, keys and times
//! are arguments. Files are reached through [`disk::Disk`], so that tests can pull the plug at any step.
//!
//! ```
//! use zwerm_ledger::disk::FileDisk;
//! use zwerm_ledger::entry::{Entry, Sha256Digest, EntryKind};
//! use zwerm_ledger::log::Log;
//! use zwerm_ledger::note::{LogKey, open_checkpoint};
//!
//! let folder = std::env::temp_dir().join(format!("zwerm-ledger-doc-{}", std::process::id()));
//! let key = LogKey::from_seed("example.nl/log", &[7; 32])?;
//! let verifier = key.verifier();
//! let log = Log::create(FileDisk::new(&folder), key)?;
//! let appended = log.append(&[Entry {
//!     time: "2026-03-01T12:00:00Z".parse()?,
//!     agreement: Sha256Digest::of(b"the agreement"),
//!     what: EntryKind::DataRelease { view: "huishoudens".into(), release: Sha256Digest::of(b"cells") },
//! }])?;
//! let checkpoint = open_checkpoint(appended.checkpoint.as_bytes(), &verifier, &[])?;
//! assert_eq!((checkpoint.size, appended.proved[0].index), (1, 0));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod canonical;
pub mod check;
pub mod disk;
pub mod entry;
pub mod log;
pub mod note;
pub mod reader;
pub mod receipt;
pub mod tile;
pub mod tree;
pub mod zone;

mod order;
mod publish;
mod span;
mod state;
mod wal;
mod witness;
