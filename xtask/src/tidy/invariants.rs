//! Every invariant of the architecture names what holds it: a test by its file and name, or a file whose types do.
//!
//! In `docs/architecture.md`, under *What must never be*, each point ends with *Held by* and one or more of
//! `` `path` `` or `` `path::test` ``. A point without one fails, and so does a file or a test that is not there.

use super::tree::{Fault, Tree, lines};

const PAGE: &str = "docs/architecture.md";
const HEADING: &str = "## What must never be";

/// Checks the page.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let Some(page) = tree.text(PAGE) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let points = points(page);
    if points.is_empty() {
        faults.push(Fault::new(
            PAGE,
            1,
            format!("nothing stands under `{HEADING}`"),
        ));
    }
    for (line, text) in points {
        let holders = holders(&text);
        if holders.is_empty() {
            let message = "no test or type holds this: end it with *Held by* and `path::test`";
            faults.push(Fault::new(PAGE, line, message));
        }
        for holder in holders {
            if let Some(message) = missing(tree, holder) {
                faults.push(Fault::new(PAGE, line, message));
            }
        }
    }
    faults
}

/// The points under the heading, each with its first line and its whole text.
fn points(page: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut inside = false;
    for (number, line) in lines(page) {
        if line.starts_with("## ") {
            inside = line == HEADING;
        } else if inside && line.starts_with("- ") {
            found.push((number, line.to_owned()));
        } else if inside
            && line.starts_with("  ")
            && let Some((_, text)) = found.last_mut()
        {
            text.push(' ');
            text.push_str(line.trim());
        }
    }
    found
}

/// What stands in backticks after *Held by*.
fn holders(point: &str) -> Vec<&str> {
    let held = point.split_once("*Held by*").map(|(_, held)| held);
    held.unwrap_or_default()
        .split('`')
        .skip(1)
        .step_by(2)
        .collect()
}

/// What is wrong with a holder: its file is not there, or nothing in it has the name.
fn missing(tree: &Tree, holder: &str) -> Option<String> {
    let (path, name) = match holder.split_once("::") {
        Some((path, name)) => (path, Some(name)),
        None => (holder, None),
    };
    if !tree.holds(path) {
        return Some(format!("`{path}` is not there"));
    }
    let name = name?;
    let text = tree.text(path).unwrap_or_default();
    (!text.contains(name)).then(|| format!("`{path}` has no `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(points: &str) -> Vec<String> {
        let page = format!("# A\n\n{HEADING}\n\n{points}\n## B\n\n- not one\n");
        let test = "fn it_holds() {}\n";
        let tree = Tree::of(&[(PAGE, &page), ("crates/a/tests/it/a.rs", test)]);
        check(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_point_that_names_a_test_or_a_file_is_fine() {
        assert!(faults("- No.\n  *Held by* `crates/a/tests/it/a.rs::it_holds`.\n").is_empty());
        assert!(faults("- No. *Held by* `crates/a/tests/it/a.rs` (types).\n").is_empty());
    }

    #[test]
    fn a_point_that_nothing_holds_is_a_fault() {
        assert_eq!(faults("- No `row` leaves.\n").len(), 1);
        assert_eq!(faults("- No. *Held by* `crates/b.rs`.\n").len(), 1);
        assert_eq!(
            faults("- No. *Held by* `crates/a/tests/it/a.rs::gone`.\n").len(),
            1
        );
        assert_eq!(faults("").len(), 1);
    }
}
