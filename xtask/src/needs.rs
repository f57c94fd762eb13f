//! What the tests need of a machine: a toolchain that is new enough, and a C compiler.
//!
//! Everything missing is said at once, with how to get it, before an hour of building shows it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Checks the machine.
///
/// # Errors
/// Names everything that is missing, and how to get it.
pub(crate) fn check(root: &Path) -> Result<()> {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml"))
        .context("cannot read the workspace's `Cargo.toml`")?;
    let wanted = minimum_rust(&manifest)?;
    let missing: Vec<String> = [missing_rust(wanted), missing_c_compiler()]
        .into_iter()
        .flatten()
        .collect();
    if !missing.is_empty() {
        bail!(
            "the tests cannot run on this machine yet:\n  - {}",
            missing.join("\n  - ")
        );
    }
    Ok(())
}

/// Major and minor version of Rust.
type RustVersion = (u32, u32);

fn minimum_rust(manifest: &str) -> Result<RustVersion> {
    let manifest: toml::Table = manifest.parse()?;
    manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("rust-version")?.as_str())
        .and_then(version)
        .context("`Cargo.toml` names no `rust-version`")
}

fn missing_rust((major, minor): RustVersion) -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok();
    let found = output
        .as_ref()
        .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
        .unwrap_or_default();
    rust_fault(&found, (major, minor))
}

/// What is wrong with the answer of `rustc --version`, if anything.
fn rust_fault(found: &str, (major, minor): RustVersion) -> Option<String> {
    let cure = "install it with rustup: `rustup update stable`";
    match found.split_whitespace().nth(1).and_then(version) {
        Some(version) if version >= (major, minor) => None,
        Some(_) => Some(format!(
            "Rust {major}.{minor} or newer; found `{found}`; {cure}"
        )),
        None => Some(format!(
            "Rust {major}.{minor} or newer; no `rustc` found; {cure}"
        )),
    }
}

fn missing_c_compiler() -> Option<String> {
    let chosen = std::env::var("CC").unwrap_or_default();
    let found = [chosen.as_str(), "cc", "gcc", "clang"]
        .into_iter()
        .filter(|name| !name.is_empty())
        .any(answers);
    (!found).then(|| {
        "a C compiler (some dependencies are C); install `gcc` or `clang`, \
         on Debian or Ubuntu: `apt-get install build-essential`"
            .to_owned()
    })
}

fn answers(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn version(text: &str) -> Option<RustVersion> {
    let mut parts = text.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_rust_is_named_with_what_to_do() {
        let fault = rust_fault("rustc 1.93.1 (abc 2026-01-01)", (1, 94));
        assert!(fault.is_some_and(|text| text.contains("1.94") && text.contains("rustup")));
    }

    #[test]
    fn no_rust_at_all_is_a_fault() {
        assert!(rust_fault("", (1, 94)).is_some());
    }

    #[test]
    fn a_newer_rust_is_fine_and_versions_compare_as_numbers() {
        assert_eq!(rust_fault("rustc 1.100.0 (abc)", (1, 94)), None);
        assert_eq!(rust_fault("rustc 2.0.0-nightly", (1, 94)), None);
    }

    #[test]
    fn the_minimum_comes_from_the_manifest() -> Result<()> {
        let manifest = "[workspace.package]\nrust-version = \"1.94\"\n";
        assert_eq!(minimum_rust(manifest)?, (1, 94));
        assert!(minimum_rust("[workspace]\n").is_err());
        Ok(())
    }
}
