//! Every dependency is there for a reason that one line of `docs/dependencies.md` gives, and every
//! line there is still a dependency.

use super::manifest;
use super::tree::{Fault, Tree, lines};

const PAGE: &str = "docs/dependencies.md";

/// Compares the workspace's dependencies with the page.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let dependencies = manifest::workspace_dependencies(tree);
    let Some(page) = tree.text(PAGE) else {
        return vec![Fault::new(PAGE, 1, "the page is missing")];
    };
    let reasons: Vec<(usize, &str, &str)> = lines(page).filter_map(reason).collect();
    for manifest::WorkspaceDependency {
        package,
        is_ours,
        line,
        ..
    } in &dependencies
    {
        let count = reasons
            .iter()
            .filter(|(_, name, _)| name == package)
            .count();
        if !is_ours && count == 0 {
            let message =
                format!("`{package}` has no line in {PAGE}; add `| \\`{package}\\` | why |`");
            faults.push(Fault::new(manifest::ROOT, *line, message));
        }
    }
    for (index, (line, name, why)) in reasons.iter().enumerate() {
        if !dependencies.iter().any(|one| one.package == *name) {
            let message = format!("`{name}` is no dependency of the workspace; take the line out");
            faults.push(Fault::new(PAGE, *line, message));
        }
        if why.is_empty() {
            faults.push(Fault::new(PAGE, *line, format!("`{name}` has no reason")));
        }
        if reasons
            .iter()
            .take(index)
            .any(|(_, other, _)| other == name)
        {
            faults.push(Fault::new(
                PAGE,
                *line,
                format!("`{name}` stands here twice"),
            ));
        }
    }
    let (manifests, _) = manifest::crates(tree);
    for manifest in &manifests {
        for dependency in manifest.dependencies.iter().filter(|one| !one.inherited) {
            let message = format!(
                "`{}` is not taken from the workspace; write `{}.workspace = true`",
                dependency.package, dependency.package
            );
            faults.push(Fault::new(manifest.path, dependency.line, message));
        }
    }
    faults
}

/// The name and the reason in a line such as ``| `serde` | wire types |``.
fn reason((number, line): (usize, &str)) -> Option<(usize, &str, &str)> {
    let (name, rest) = line.strip_prefix("| `")?.split_once("` |")?;
    Some((number, name, rest.trim_matches(['|', ' '])))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: &str = "[workspace.dependencies]\n\
                        zwerm-agreement = { path = \"crates/agreement\" }\n\
                        serde = \"1\"\n";

    fn faults(page: &str) -> Vec<String> {
        check(&Tree::of(&[(manifest::ROOT, ROOT), (PAGE, page)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_page_with_each_dependency_once_is_fine() {
        assert!(faults("| for | why |\n|---|---|\n| `serde` | wire types |\n").is_empty());
    }

    #[test]
    fn a_dependency_without_a_line_is_a_fault_in_the_manifest() {
        let found = faults("");
        assert!(
            found
                .first()
                .is_some_and(|text| text.starts_with("Cargo.toml:3: `serde`"))
        );
    }

    #[test]
    fn lines_without_dependency_without_reason_and_twice_are_faults() {
        let found = faults("| `serde` | |\n| `serde` | wire |\n| `rand` | dice |\n");
        assert_eq!(
            found,
            [
                "docs/dependencies.md:1: `serde` has no reason",
                "docs/dependencies.md:2: `serde` stands here twice",
                "docs/dependencies.md:3: `rand` is no dependency of the workspace; take the line out",
            ]
        );
    }

    #[test]
    fn a_dependency_past_the_workspace_is_a_fault() {
        let tree = Tree::of(&[
            (manifest::ROOT, ROOT),
            (PAGE, "| `serde` | wire types |\n"),
            (
                "crates/a/Cargo.toml",
                "[dependencies]\nrand = \"1\"\nserde.workspace = true\n",
            ),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert!(found.first().is_some_and(|fault| fault.line == 2));
    }

    #[test]
    fn a_missing_page_is_a_fault() {
        assert_eq!(check(&Tree::of(&[(manifest::ROOT, ROOT)])).len(), 1);
    }
}
