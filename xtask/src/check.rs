//! `cargo xtask check`: formatting, lints and tidy of what changed, for while one works.
//!
//! What changed is what differs from the last commit; on a clean tree, what the last commit changed.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{step, tidy};

/// Checks the crates of the files that changed.
///
/// # Errors
/// The failing step's error, or when `git` cannot say what changed.
pub(crate) fn run(root: &Path) -> Result<()> {
    step::announced("formatting", || {
        step::execute(&mut step::cargo(root, &["fmt", "--all", "--check"]))
    })?;
    let packages = packages(&changed(root)?);
    if packages.is_empty() {
        println!("== lints: no crate changed");
    } else {
        step::announced("lints", || lints(root, &packages))?;
    }
    step::announced("tidy", || tidy::run(root))
}

fn lints(root: &Path, packages: &BTreeSet<String>) -> Result<()> {
    let mut command = step::cargo(root, &["clippy", "--all-targets"]);
    for package in packages {
        command.args(["-p", package]);
    }
    step::execute(command.args(["--", "-D", "warnings"]))
}

/// The files that changed, as paths from the root.
fn changed(root: &Path) -> Result<Vec<String>> {
    let now = git(root, &["status", "--porcelain", "--untracked-files=all"])?;
    let now: Vec<String> = now.iter().filter_map(|line| in_status(line)).collect();
    if !now.is_empty() {
        return Ok(now);
    }
    git(root, &["diff", "--name-only", "HEAD~1", "HEAD"])
}

fn git(root: &Path, arguments: &[&str]) -> Result<Vec<String>> {
    let mut command = Command::new("git");
    let said = command.current_dir(root).args(arguments).output();
    let said = said.context("cannot start `git`")?;
    if !said.status.success() {
        bail!(
            "`git {}`: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&said.stderr).trim()
        );
    }
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    Ok(text.lines().map(str::to_owned).collect())
}

/// The path in a line of `git status --porcelain`; of a renamed file the new one.
fn in_status(line: &str) -> Option<String> {
    let path = line.get(3..)?;
    let path = path.split_once(" -> ").map_or(path, |(_, new)| new);
    Some(path.trim_matches('"').to_owned())
}

/// The packages that these files are of.
fn packages(files: &[String]) -> BTreeSet<String> {
    files.iter().filter_map(|file| package(file)).collect()
}

fn package(file: &str) -> Option<String> {
    if let Some(rest) = file.strip_prefix("crates/") {
        let (folder, _) = rest.split_once('/')?;
        return Some(match folder {
            "zwerm" => folder.to_owned(),
            folder => format!("zwerm-{folder}"),
        });
    }
    match file.split_once('/')?.0 {
        "xtask" => Some("xtask".into()),
        "bench" => Some("zwerm-bench".into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_the_package_of_its_crate() {
        assert_eq!(
            package("crates/app/src/lib.rs").as_deref(),
            Some("zwerm-app")
        );
        assert_eq!(
            package("crates/zwerm/tests/it/main.rs").as_deref(),
            Some("zwerm")
        );
        assert_eq!(package("xtask/src/main.rs").as_deref(), Some("xtask"));
        assert_eq!(package("bench/src/main.rs").as_deref(), Some("zwerm-bench"));
        assert_eq!(package("docs/architecture.md"), None);
        assert_eq!(package("Cargo.toml"), None);
    }

    #[test]
    fn the_path_of_a_line_of_status_is_the_new_one() {
        assert_eq!(
            in_status(" M crates/a/b.rs").as_deref(),
            Some("crates/a/b.rs")
        );
        assert_eq!(in_status("R  a.rs -> b.rs").as_deref(), Some("b.rs"));
        assert_eq!(in_status("?? \"a b.rs\"").as_deref(), Some("a b.rs"));
        assert_eq!(in_status(""), None);
    }
}
