//! The same receipts, logs and proofs, judged by the Go project's code for transparency logs, which is not ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::log::{Log, PUBLIC};
use zwerm_ledger::note::{Checkpoint, LogKey, open_checkpoint};
use zwerm_ledger::reader::LogReader;

use crate::make::{Dice, entries, key, receipt};

/// Where Debian's package puts the sources.
const SOURCES: &str = "/usr/share/gocode";

pub(crate) static VERIFY: LazyLock<Option<PathBuf>> = LazyLock::new(|| match build() {
    Ok(program) => Some(program),
    Err(missing) => {
        println!("skipped: {missing}; apt-get install golang-go golang-golang-x-mod-dev");
        None
    }
});

/// Builds `go/verify.go`, or says what is missing.
fn build() -> Result<PathBuf, String> {
    let package = Path::new(SOURCES).join("src/golang.org/x/mod/sumdb/tlog");
    if !package.is_dir() {
        return Err(format!("{} is not there", package.display()));
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = target.join("verify");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("go/verify.go");
    let built = Command::new("go")
        .args(["build", "-o"])
        .args([&program, &source])
        .env("GO111MODULE", "off")
        .env("GOPATH", SOURCES)
        .env("GOFLAGS", "")
        .env("GOCACHE", target.join("go-cache"))
        .output();
    let built = built.map_err(|error| format!("`go` cannot be started: {error}"))?;
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "verify.go does not build: {said}");
    Ok(program)
}

/// What Go says, a line for each thing that it judged, and whether it accepts all of them.
pub(crate) fn verify(arguments: &[&Path], mode: &str) -> (bool, Vec<String>) {
    let program = VERIFY.as_ref().unwrap();
    let ran = Command::new(program).arg(mode).args(arguments).output();
    let ran = ran.unwrap();
    let lines = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(ran.stderr, b"");
    let lines = lines.lines().map(str::to_owned).collect();
    (ran.status.success(), lines)
}

pub(crate) fn key_file(folder: &Path, key: &LogKey) -> PathBuf {
    let path = folder.join(key.verifier().name().replace('/', "-"));
    fs::write(&path, format!("{}\n", key.verifier())).unwrap();
    path
}

#[test]
fn go_accepts_our_receipt_and_none_with_another_byte() {
    if VERIFY.is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let log = Log::create(FileDisk::new(folder.path().join("log")), key()).unwrap();
    let receipt = receipt(&log, 0, 301);
    let public = key_file(folder.path(), &key());
    let bytes = receipt.to_bytes().unwrap();
    let path = folder.path().join("receipt.json");
    fs::write(&path, &bytes).unwrap();
    let (accepted, said) = verify(&[&public, &path], "receipt");
    assert!(accepted, "{said:?}");

    let mut dice = Dice::new(9);
    let mut paths = vec![public.clone()];
    for place in 0..bytes.len() {
        let mut other = bytes.clone();
        other[place] ^= 1 << dice.below(8);
        let path = folder.path().join(format!("flipped-{place}.json"));
        fs::write(&path, other).unwrap();
        paths.push(path);
    }
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let (accepted, said) = verify(&paths, "receipt");
    assert!(!accepted);
    assert_eq!(said.len(), bytes.len(), "one line for each");
    let wrong: Vec<&String> = said.iter().filter(|s| !s.starts_with("refused")).collect();
    assert!(wrong.is_empty(), "{wrong:?}");

    let forged = LogKey::from_seed("example.nl/forged", &[7; 32]).unwrap();
    let other = key_file(folder.path(), &forged);
    assert!(!verify(&[&other, &path], "receipt").0, "another key");
}

fn checkpoint(folder: &Path, name: &str, text: &[u8]) -> (PathBuf, Checkpoint) {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    let opened = open_checkpoint(text, &key().verifier(), &[]).unwrap();
    (path, opened)
}

#[test]
fn go_computes_the_root_that_we_sign_and_follows_the_log_as_it_grows() {
    if VERIFY.is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path().join("log"));
    let log = Log::create(disk.clone(), key()).unwrap().shortened_at(256);
    let public = key_file(folder.path(), &key());
    let published = disk.path(PUBLIC);
    let mut olds: Vec<(PathBuf, Checkpoint)> = Vec::new();
    let mut size = 0;
    for count in [1, 1, 5, 200, 48, 1, 1, 256, 300, 70] {
        log.append(&entries(size, count)).unwrap();
        size += count;
        let (accepted, said) = verify(&[&public, &published], "log");
        assert!(accepted, "{said:?}");
        assert_eq!(said, [format!("ok: {size} entries")]);
        let reader = LogReader::new(&disk, PUBLIC);
        let text = reader.file("checkpoint").unwrap().unwrap();
        let name = format!("checkpoint.{size}");
        let (path, now) = checkpoint(folder.path(), &name, &text);
        for (old_path, old) in &olds {
            let proof = reader.prove_growth(old.size, &now).unwrap();
            let lines: Vec<String> = proof.iter().map(ToString::to_string).collect();
            let proof = folder.path().join("proof");
            fs::write(&proof, lines.join("\n")).unwrap();
            let (accepted, said) = verify(&[&public, old_path, &path, &proof], "growth");
            assert!(accepted, "{} to {}: {said:?}", old.size, now.size);
            fs::write(
                &proof,
                lines.join("\n").replacen(['a', 'b', 'c', 'd', 'e'], "Z", 1),
            )
            .unwrap();
            let (accepted, _) = verify(&[&public, old_path, &path, &proof], "growth");
            assert!(!accepted || lines.is_empty(), "a proof with another hash");
        }
        olds.push((path, now));
    }
    let bundle = published.join("tile/entries/001");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[100] ^= 1;
    fs::write(&bundle, bytes).unwrap();
    assert!(!verify(&[&public, &published], "log").0, "a flipped byte");
}
