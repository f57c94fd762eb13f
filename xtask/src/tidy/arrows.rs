//! Which crate may name which: dependencies between our crates point one way, and each heavy
//! engine stays behind the one crate that wraps it.

use super::manifest::{self, Manifest};
use super::tree::{Fault, Tree};

/// Crates outside the rule: they drive or measure the house and are not part of it.
const OUTSIDE: [&str; 2] = ["xtask", "bench"];

/// Their packages, on which nothing may depend: what measures is no part of what is measured.
const NO_LIBRARY: [&str; 2] = ["xtask", "zwerm-bench"];

/// What each crate may use of ours; a crate that is not listed may use nothing.
const ARROWS: [(&str, &[&str]); 2] = [
    ("question", &["zwerm-agreement", "zwerm-disclosure"]),
    ("store", &["zwerm-agreement"]),
];

/// The crate on top, which may use all others.
const TOP: &str = "zwerm";

/// A family of packages, and the one crate that may name it.
const FENCES: [(&str, &str); 6] = [
    ("datafusion", "question"),
    ("ballista", "question"),
    ("signed_note", "ledger"),
    ("sqlx", "store"),
    ("tlog_tiles", "ledger"),
    ("axum", "zwerm"),
];

/// Checks every manifest.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let (manifests, mut faults) = manifest::crates(tree);
    for manifest in &manifests {
        if !manifest.inherits_lints {
            let message = "the crate does not inherit the workspace's lints; \
                           add `[lints]` with `workspace = true`";
            faults.push(Fault::new(manifest.path, 1, message));
        }
        if !OUTSIDE.contains(&manifest.folder) {
            faults.extend(forbidden(manifest));
        }
    }
    faults
}

fn forbidden(manifest: &Manifest<'_>) -> Vec<Fault> {
    let allowed = ARROWS
        .iter()
        .find(|(folder, _)| *folder == manifest.folder)
        .map_or(&[][..], |(_, allowed)| allowed);
    let mut faults = Vec::new();
    for dependency in &manifest.dependencies {
        let package = dependency.package.as_str();
        let outside = NO_LIBRARY.contains(&package);
        let ours = outside || package == TOP || package.starts_with("zwerm-");
        let above = outside || package == TOP;
        let fits = !above && (manifest.folder == TOP || allowed.contains(&package));
        if ours && !fits {
            let message = format!(
                "`{}` may not depend on `{package}`; see the arrows in docs/architecture.md",
                manifest.folder
            );
            faults.push(Fault::new(manifest.path, dependency.line, message));
        }
        for (family, home) in FENCES {
            if in_family(package, family) && manifest.folder != home {
                let message = format!(
                    "`{package}` stays behind `{home}`; `{}` may not name it",
                    manifest.folder
                );
                faults.push(Fault::new(manifest.path, dependency.line, message));
            }
        }
    }
    faults
}

fn in_family(package: &str, family: &str) -> bool {
    package
        .strip_prefix(family)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(folder: &str, dependency: &str) -> usize {
        let path = format!("{folder}/Cargo.toml");
        let text = format!("[dependencies]\n{dependency} = \"1\"\n[lints]\nworkspace = true\n");
        check(&Tree::of(&[(&path, &text)])).len()
    }

    #[test]
    fn arrows_of_the_house_are_allowed() {
        for (folder, dependency) in [
            ("crates/zwerm", "zwerm-question"),
            ("crates/zwerm", "zwerm-lessons"),
            ("crates/question", "zwerm-agreement"),
            ("crates/question", "zwerm-disclosure"),
            ("crates/store", "zwerm-agreement"),
            ("xtask", "zwerm-question"),
            ("bench", "zwerm"),
        ] {
            assert_eq!(faults(folder, dependency), 0, "{folder} -> {dependency}");
        }
    }

    #[test]
    fn any_other_arrow_is_a_fault() {
        for (folder, dependency) in [
            ("crates/agreement", "zwerm-disclosure"),
            ("crates/disclosure", "zwerm-agreement"),
            ("crates/question", "zwerm-store"),
            ("crates/question", "zwerm"),
            ("crates/store", "zwerm-question"),
            ("crates/lessons", "zwerm-agreement"),
            ("crates/zwerm", "zwerm-bench"),
            ("crates/zwerm", "xtask"),
            ("crates/something-new", "zwerm-agreement"),
        ] {
            assert_eq!(faults(folder, dependency), 1, "{folder} -> {dependency}");
        }
    }

    #[test]
    fn engines_stay_behind_their_crate() {
        for (folder, dependency, expected) in [
            ("crates/question", "datafusion", 0),
            ("crates/zwerm", "datafusion", 1),
            ("crates/agreement", "datafusion-common", 1),
            ("crates/zwerm", "ballista", 1),
            ("crates/store", "sqlx", 0),
            ("crates/zwerm", "sqlx", 1),
            ("crates/zwerm", "axum", 0),
            ("crates/question", "axum-extra", 1),
            ("crates/question", "axumatic", 0),
            ("bench", "datafusion", 0),
        ] {
            let found = faults(folder, dependency);
            assert_eq!(found, expected, "{folder} -> {dependency}");
        }
    }

    #[test]
    fn a_crate_that_does_not_inherit_the_lints_is_a_fault() {
        let tree = Tree::of(&[("crates/a/Cargo.toml", "[package]\nname = \"a\"\n")]);
        assert_eq!(check(&tree).len(), 1);
    }
}
