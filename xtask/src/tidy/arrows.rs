//! Which crate may name which: dependencies between our crates point one way, and each heavy
//! engine stays behind the one crate that wraps it.

use super::manifest::{self, CrateManifest};
use super::tree::{Fault, Tree};

/// Crates outside the rule: they drive or measure the house and are not part of it.
const OUTSIDE: [&str; 2] = ["xtask", "bench"];

/// Their packages, on which nothing may depend: what measures is no part of what is measured.
const NO_LIBRARY: [&str; 2] = ["xtask", "zwerm-bench"];

/// What each crate may use of ours; a crate that is not listed may use nothing.
///
/// `docs/architecture.md` draws them. `agreement` holds the words of the domain, which doors render; `example` carries
/// agreements, which its tests read; `intake` checks files against the columns and the form that were agreed.
const ARROWS: [(&str, &[&str]); 10] = [
    (
        "question",
        &["zwerm-agreement", "zwerm-disclosure", "zwerm-intake"],
    ),
    ("intake", &["zwerm-agreement"]),
    ("store", &["zwerm-agreement"]),
    ("example", &["zwerm-agreement"]),
    (
        "home",
        &[
            "zwerm-agreement",
            "zwerm-intake",
            "zwerm-ledger",
            "zwerm-question",
        ],
    ),
    (
        "app",
        &[
            "zwerm-agreement",
            "zwerm-disclosure",
            "zwerm-example",
            "zwerm-home",
            "zwerm-intake",
            "zwerm-ledger",
            "zwerm-lessons",
            "zwerm-question",
            "zwerm-store",
            "zwerm-swarms",
            "zwerm-voices",
        ],
    ),
    ("web", &["zwerm-agreement", "zwerm-app", "zwerm-picture"]),
    ("api", &["zwerm-agreement", "zwerm-app", "zwerm-picture"]),
    ("cli", &["zwerm-agreement", "zwerm-app"]),
    (
        "zwerm",
        &["zwerm-api", "zwerm-app", "zwerm-cli", "zwerm-web"],
    ),
];

/// The crate on top, on which no other may depend.
const TOP: &str = "zwerm";

/// What the tests of the crate on top may use besides: they look at what the program wrote.
const TESTS_OF_TOP: [&str; 4] = [
    "zwerm-agreement",
    "zwerm-ledger",
    "zwerm-question",
    "zwerm-store",
];

/// A family of packages, and the crates that may name it.
const FENCES: [(&str, &[&str]); 7] = [
    ("datafusion", &["question"]),
    ("ballista", &["question"]),
    ("signed_note", &["ledger"]),
    ("sqlx", &["store"]),
    ("tlog_tiles", &["ledger"]),
    ("axum", &["web", "api"]),
    ("clap", &["cli"]),
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

fn forbidden(manifest: &CrateManifest<'_>) -> Vec<Fault> {
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
        let in_its_tests =
            manifest.folder == TOP && dependency.only_for_tests && TESTS_OF_TOP.contains(&package);
        let fits = !above && (allowed.contains(&package) || in_its_tests);
        if ours && !fits {
            let message = format!(
                "`{}` may not depend on `{package}`; see the arrows in docs/architecture.md",
                manifest.folder
            );
            faults.push(Fault::new(manifest.path, dependency.line, message));
        }
        for (family, homes) in FENCES {
            if in_family(package, family) && !homes.contains(&manifest.folder) {
                let message = format!(
                    "`{package}` stays behind `{}`; `{}` may not name it",
                    homes.join("`, `"),
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
            ("crates/zwerm", "zwerm-web"),
            ("crates/zwerm", "zwerm-cli"),
            ("crates/web", "zwerm-app"),
            ("crates/web", "zwerm-picture"),
            ("crates/cli", "zwerm-app"),
            ("crates/app", "zwerm-home"),
            ("crates/app", "zwerm-store"),
            ("crates/app", "zwerm-lessons"),
            ("crates/home", "zwerm-question"),
            ("crates/question", "zwerm-agreement"),
            ("crates/question", "zwerm-disclosure"),
            ("crates/question", "zwerm-intake"),
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
            ("crates/zwerm", "zwerm-store"),
            ("crates/zwerm", "xtask"),
            ("crates/something-new", "zwerm-agreement"),
        ] {
            assert_eq!(faults(folder, dependency), 1, "{folder} -> {dependency}");
        }
    }

    #[test]
    fn a_door_knows_the_use_cases_and_nothing_below_them() {
        for door in ["web", "api", "cli"] {
            for below in [
                "store",
                "question",
                "ledger",
                "home",
                "disclosure",
                "example",
            ] {
                let (folder, package) = (format!("crates/{door}"), format!("zwerm-{below}"));
                assert_eq!(faults(&folder, &package), 1, "{door} -> {below}");
            }
        }
        assert_eq!(faults("crates/cli", "zwerm-web"), 1);
        assert_eq!(faults("crates/app", "zwerm-web"), 1);
        assert_eq!(faults("crates/app", "zwerm-cli"), 1);
        assert_eq!(faults("crates/home", "zwerm-app"), 1);
    }

    #[test]
    fn the_tests_of_the_program_may_look_at_what_it_wrote() {
        let text = "[dev-dependencies]\nzwerm-store = \"1\"\n[lints]\nworkspace = true\n";
        assert_eq!(
            check(&Tree::of(&[("crates/zwerm/Cargo.toml", text)])).len(),
            0
        );
        assert_eq!(
            check(&Tree::of(&[("crates/web/Cargo.toml", text)])).len(),
            1
        );
    }

    #[test]
    fn engines_stay_behind_their_crate() {
        for (folder, dependency, expected) in [
            ("crates/question", "datafusion", 0),
            ("crates/home", "datafusion", 1),
            ("crates/agreement", "datafusion-common", 1),
            ("crates/app", "ballista", 1),
            ("crates/store", "sqlx", 0),
            ("crates/app", "sqlx", 1),
            ("crates/ledger", "signed_note", 0),
            ("crates/home", "signed_note", 1),
            ("crates/home", "tlog_tiles", 1),
            ("crates/web", "axum", 0),
            ("crates/api", "axum", 0),
            ("crates/zwerm", "axum", 1),
            ("crates/app", "axum-extra", 1),
            ("crates/question", "axumatic", 0),
            ("crates/cli", "clap", 0),
            ("crates/zwerm", "clap", 1),
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
