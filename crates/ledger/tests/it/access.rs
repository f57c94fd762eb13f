//! Who on the machine may read the files of a log: everybody what is published, its owner alone the rest.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::log::{Log, PUBLIC};

use crate::make::{entries, key};

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        }
        found.push(path);
    }
}

/// Also what was written anew because the write-ahead file was cut short.
#[test]
fn what_is_published_anybody_reads_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path().join("log"));
    let log = Log::create(disk.clone(), key()).unwrap().shortened_at(256);
    for start in [0, 300, 600] {
        log.append(&entries(start, 300)).unwrap();
    }
    drop(log);
    let mut found = Vec::new();
    walk(&disk.path(""), &mut found);
    let published = disk.path(PUBLIC);
    let (public, private): (Vec<_>, Vec<_>) =
        found.iter().partition(|path| path.starts_with(&published));
    assert!(public.len() > 10 && private.len() >= 2, "{found:?}");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for path in public {
        let wanted = if path.is_dir() { 0o755 } else { 0o644 };
        assert_eq!(mode(path), wanted, "{}", path.display());
    }
    for path in private {
        assert_eq!(mode(path), 0o600, "{}", path.display());
    }
}
