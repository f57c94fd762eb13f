//! `cargo xtask tidy`: the house rules that a compiler cannot check.
//!
//! A rule is a function from the [`Tree`] to its faults, one rule per file. All rules run and all
//! faults are shown at once, each with its file and line.

mod arrows;
mod cycles;
mod dependencies;
mod files;
mod invariants;
mod links;
mod logs;
mod manifest;
mod order;
mod papers;
mod places;
pub(crate) mod tree;
mod types;
mod words;

use std::path::Path;

use anyhow::{Result, bail};

use tree::{Fault, Tree};

/// Every rule.
const RULES: [fn(&Tree) -> Vec<Fault>; 12] = [
    arrows::check,
    cycles::check,
    dependencies::check,
    files::check,
    invariants::check,
    logs::check,
    order::check,
    types::check,
    words::check,
    papers::check,
    places::check,
    links::check,
];

/// Checks the tree at `root`.
///
/// # Errors
/// When the tree cannot be read, or any rule finds a fault.
pub(crate) fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let faults = faults(&tree);
    for fault in &faults {
        eprintln!("{fault}");
    }
    if !faults.is_empty() {
        bail!("tidy found {} fault(s)", faults.len());
    }
    println!("tidy: {} files, no faults", tree.len());
    Ok(())
}

fn faults(tree: &Tree) -> Vec<Fault> {
    let mut faults: Vec<Fault> = RULES.iter().flat_map(|rule| rule(tree)).collect();
    faults.sort();
    faults.dedup();
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_different_rules_come_at_once_in_order_of_file_and_line() {
        let mark = concat!("TO", "DO");
        let tree = Tree::of(&[("b.rs", &format!("fn b() {{}}\n// {mark}\n")), ("a.rs", "")]);
        let shown: Vec<String> = faults(&tree).iter().map(ToString::to_string).collect();
        let of_files: Vec<&str> = shown
            .iter()
            .filter(|line| line.contains(".rs:"))
            .map(|line| line.split(": ").next().unwrap_or_default())
            .collect();
        assert_eq!(of_files, ["a.rs:1", "b.rs:1", "b.rs:2"]);
    }
}
