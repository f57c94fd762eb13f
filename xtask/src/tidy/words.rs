//! Words that have no place in a file: marks of unfinished work, hosts of package registries, and
//! folders next to the project.
//!
//! A registry's host in a lock file or a setting would tie everyone to one machine's mirror. The
//! words are put together from halves here, or this file would find itself.

use super::tree::{Fault, Tree, lines};

/// Marks of unfinished work; an issue is the place for it.
const MARKS: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Files that hold code or settings.
const CODE: [&str; 13] = [
    "rs", "toml", "yml", "yaml", "sh", "html", "css", "js", "ts", "sql", "ftl", "json", "slt",
];

/// Hosts and settings of registries and their mirrors.
const REGISTRIES: [&str; 12] = [
    concat!("arti", "factory"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("registry.", "yarnpkg.com"),
    concat!("npm.pkg.", "github.com"),
    concat!("pypi.org/", "simple"),
    concat!("files.", "pythonhosted.org"),
    concat!("proxy.", "golang.org"),
    concat!("sparse", "+http"),
    concat!("replace", "-with"),
    concat!("\"resolved\": ", "\"http"),
];

/// Folders beside the project, which only one file may name.
const BESIDE: &str = concat!("../", "shared");
const MAY_NAME_BESIDE: &str = ".ci/run";

/// Checks every text file.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        let is_code = path == MAY_NAME_BESIDE
            || path
                .rsplit_once('.')
                .is_some_and(|(_, ending)| CODE.contains(&ending));
        for (number, line) in lines(text) {
            for mark in MARKS.iter().filter(|mark| is_code && has_word(line, mark)) {
                let message = format!("`{mark}`: finish it, or open an issue");
                faults.push(Fault::new(path, number, message));
            }
            let lower = line.to_lowercase();
            for host in REGISTRIES.iter().filter(|host| lower.contains(**host)) {
                let message = format!("`{host}`: no file names a registry's host");
                faults.push(Fault::new(path, number, message));
            }
            if line.contains(BESIDE) && path != MAY_NAME_BESIDE {
                let message = format!("`{BESIDE}`: only `{MAY_NAME_BESIDE}` knows this folder");
                faults.push(Fault::new(path, number, message));
            }
        }
    }
    faults
}

/// Does the word stand in the line, not as a part of a longer one?
fn has_word(line: &str, word: &str) -> bool {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .any(|found| found == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn unfinished_work_in_code_is_a_fault() {
        for mark in MARKS {
            assert_eq!(found("a.rs", &format!("//! a\n// {mark}: later\n")), 1);
            assert_eq!(found(".ci/run", &format!("# {mark}(me)\n")), 1);
            assert_eq!(
                found("CONTRIBUTING.md", &format!("We leave no {mark}.\n")),
                0
            );
            assert_eq!(found("a.rs", &format!("//! a{mark}s\n")), 0);
        }
    }

    #[test]
    fn a_registry_host_is_a_fault_in_any_file() {
        for host in REGISTRIES {
            for path in ["Cargo.lock", "package-lock.json", "docs/a.md", ".ci/run"] {
                assert_eq!(
                    found(path, &format!("see {}\n", host.to_uppercase())),
                    1,
                    "{host}"
                );
            }
        }
        let lock = "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        assert_eq!(found("Cargo.lock", lock), 0);
    }

    #[test]
    fn only_one_file_names_the_folder_beside() {
        let text = format!("cd {BESIDE}/data\n");
        assert_eq!(found(".ci/run", &text), 0);
        assert_eq!(found("docs/a.md", &text), 1);
    }
}
