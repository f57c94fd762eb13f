//! The crate through its public face: files as people have them, and as somebody who means harm makes them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod formats;
mod parquet;
mod surveys;
mod workbooks;

use std::path::{Path, PathBuf};

/// Writes a file and gives its path back.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
