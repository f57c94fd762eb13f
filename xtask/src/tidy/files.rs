//! How a file looks: Rust opens with what it is and why, and no file outgrows a reader.

use super::tree::{Fault, Tree};

/// More lines than this need a reason in [`LONG`].
const MOST_LINES: usize = 500;

/// Kinds of file that people write and read line by line.
const WRITTEN: [&str; 9] = ["rs", "md", "toml", "html", "css", "js", "ts", "sql", "ftl"];

/// Files that may be longer, and why.
const LONG: [(&str, &str); 0] = [];

/// Checks every written file.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    check_against(tree, &LONG)
}

fn check_against(tree: &Tree, long: &[(&str, &str)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(&["rs"]) {
        if !text.starts_with("//!") {
            let message = "the file does not open with `//!`: say what it is and why it is here";
            faults.push(Fault::new(path, 1, message));
        }
    }
    for (path, text) in tree.ending(&WRITTEN) {
        let count = text.lines().count();
        let listed = long.iter().any(|(file, _)| *file == path);
        if count > MOST_LINES && !listed {
            let message = format!(
                "{count} lines, more than {MOST_LINES}: split it, or list it with a reason"
            );
            faults.push(Fault::new(path, MOST_LINES + 1, message));
        }
        if count <= MOST_LINES && listed {
            faults.push(Fault::new(
                path,
                1,
                "listed as a long file, but it is not long",
            ));
        }
    }
    for (path, reason) in long {
        if !tree.holds(path) {
            faults.push(Fault::new(
                path,
                1,
                "listed as a long file, but it does not exist",
            ));
        }
        if reason.trim().is_empty() {
            faults.push(Fault::new(
                path,
                1,
                "listed as a long file without a reason",
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rust_file_that_does_not_say_what_it_is_is_a_fault() {
        for text in ["", "fn main() {}\n", "// a comment\n", "\n//! late\n"] {
            assert_eq!(check(&Tree::of(&[("a.rs", text)])).len(), 1, "{text:?}");
        }
        assert!(check(&Tree::of(&[("a.rs", "//! a\n")])).is_empty());
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        let long = "line\n".repeat(501);
        let tree = Tree::of(&[("a.md", &long), ("figures.csv", &long)]);
        assert_eq!(check_against(&tree, &[]).len(), 1);
        assert!(check_against(&tree, &[("a.md", "a table")]).is_empty());
        assert_eq!(check_against(&tree, &[("a.md", " ")]).len(), 1);
    }

    #[test]
    fn the_list_of_long_files_stays_true() {
        let tree = Tree::of(&[("a.md", "short\n")]);
        let list = [("a.md", "once long"), ("gone.md", "once here")];
        assert_eq!(check_against(&tree, &list).len(), 2);
    }
}
