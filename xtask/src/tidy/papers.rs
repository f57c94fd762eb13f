//! The papers that a public project carries.

use super::tree::{Fault, Tree};

/// A file, and words that it must hold to be that paper.
const PAPERS: [(&str, &str); 10] = [
    ("LICENSE", "EUROPEAN UNION PUBLIC LICENCE v. 1.2"),
    ("README.md", "SECURITY"),
    ("CHANGELOG.md", "## [Unreleased]"),
    ("CONTRIBUTING.md", "cargo xtask test"),
    ("SECURITY.md", "can read the prepared files"),
    ("publiccode.yml", "publiccodeYmlVersion"),
    ("deny.toml", "[licenses]"),
    ("docs/architecture.md", "## What must never be"),
    ("docs/dependencies.md", "| `"),
    ("docs/decisions/0000-template.md", "## Decision"),
];

/// Checks that each is there, and what it says it is.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, words) in PAPERS {
        match tree.text(path) {
            None => faults.push(Fault::new(path, 1, "the file is missing")),
            Some(text) if !text.contains(words) => {
                let message = format!("nothing in it says `{words}`");
                faults.push(Fault::new(path, 1, message));
            }
            Some(_) => {}
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_papers_present_is_fine() {
        assert!(check(&Tree::of(&PAPERS)).is_empty());
    }

    #[test]
    fn each_missing_paper_is_a_fault() {
        assert_eq!(check(&Tree::of(&[])).len(), PAPERS.len());
    }

    #[test]
    fn another_licence_under_the_same_name_is_a_fault() {
        let papers = PAPERS.map(|(path, words)| match path {
            "LICENSE" => (path, "MIT"),
            _ => (path, words),
        });
        assert_eq!(check(&Tree::of(&papers)).len(), 1);
    }
}
