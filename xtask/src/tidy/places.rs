//! The questions of `docs/howto.md`: where does a thing live? Each file of the list is there, and is named after its thing.

use super::tree::{Fault, Tree, lines};

const PAGE: &str = "docs/howto.md";
const HEADING: &str = "## Where does it live?";

/// Checks the list.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let Some(page) = tree.text(PAGE) else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    let mut inside = false;
    let mut found = 0;
    for (number, line) in lines(page) {
        if line.starts_with("## ") {
            inside = line == HEADING;
        }
        let file = line
            .split('`')
            .nth(1)
            .filter(|_| inside && line.starts_with("| "));
        if let Some(file) = file {
            found += 1;
            if tree.text(file).is_none() {
                faults.push(Fault::new(PAGE, number, format!("`{file}` is not there")));
            }
        }
    }
    if found == 0 {
        faults.push(Fault::new(
            PAGE,
            1,
            format!("nothing is listed under `{HEADING}`"),
        ));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(file: &str) -> usize {
        let page = format!("{HEADING}\n\n| what | file |\n|---|---|\n| a | `{file}` |\n");
        check(&Tree::of(&[(PAGE, &page), ("crates/a/src/a.rs", "")])).len()
    }

    #[test]
    fn a_file_of_the_list_that_has_moved_is_a_fault() {
        assert_eq!(faults("crates/a/src/a.rs"), 0);
        assert_eq!(faults("crates/b/src/a.rs"), 1);
        assert_eq!(check(&Tree::of(&[(PAGE, "# How\n")])).len(), 1);
    }
}
