//! What a `Cargo.toml` depends on, under the names that packages really have.

use toml::{Table, Value};

use super::tree::{Fault, Tree, lines};

/// The root manifest's path.
pub(crate) const ROOT: &str = "Cargo.toml";

/// One dependency of one crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The package's own name, also where the manifest renames it.
    pub(crate) package: String,
    pub(crate) line: usize,
    /// Does it take its version from the workspace?
    pub(crate) inherited: bool,
    /// Is it there for the crate's tests alone?
    pub(crate) only_for_tests: bool,
}

/// One crate's manifest.
#[derive(Debug)]
pub(crate) struct CrateManifest<'a> {
    pub(crate) path: &'a str,
    /// The folder's name: `agreement`, `xtask`.
    pub(crate) folder: &'a str,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) inherits_lints: bool,
}

/// A line of the workspace's table of dependencies.
#[derive(Debug)]
pub(crate) struct WorkspaceDependency {
    pub(crate) key: String,
    pub(crate) package: String,
    pub(crate) is_ours: bool,
    pub(crate) line: usize,
}

/// The workspace's table of dependencies.
pub(crate) fn workspace_dependencies(tree: &Tree) -> Vec<WorkspaceDependency> {
    let text = tree.text(ROOT).unwrap_or_default();
    let table: Table = text.parse().unwrap_or_default();
    let Some(dependencies) = table
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies")?.as_table())
    else {
        return Vec::new();
    };
    dependencies
        .iter()
        .map(|(key, value)| WorkspaceDependency {
            key: key.clone(),
            package: package(key, value),
            is_ours: value.get("path").is_some(),
            line: line_of(text, key),
        })
        .collect()
}

/// Every crate's manifest, and a fault for each that cannot be read.
pub(crate) fn crates(tree: &Tree) -> (Vec<CrateManifest<'_>>, Vec<Fault>) {
    let workspace = workspace_dependencies(tree);
    let mut manifests = Vec::new();
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        let Some(folder) = path.strip_suffix("/Cargo.toml") else {
            continue;
        };
        let folder = folder.rsplit('/').next().unwrap_or(folder);
        match text.parse::<Table>() {
            Ok(table) => manifests.push(CrateManifest {
                path,
                folder,
                dependencies: dependencies(&table, text, &workspace),
                inherits_lints: table
                    .get("lints")
                    .and_then(|lints| lints.get("workspace")?.as_bool())
                    .unwrap_or(false),
            }),
            Err(error) => {
                let line = error
                    .span()
                    .and_then(|span| text.get(..span.start))
                    .map_or(1, |before| before.lines().count().max(1));
                faults.push(Fault::new(path, line, error.message().to_owned()));
            }
        }
    }
    (manifests, faults)
}

fn dependencies(table: &Table, text: &str, workspace: &[WorkspaceDependency]) -> Vec<Dependency> {
    let mut tables = vec![table];
    if let Some(targets) = table.get("target").and_then(Value::as_table) {
        tables.extend(targets.values().filter_map(Value::as_table));
    }
    let mut found = Vec::new();
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(entries) = table.get(kind).and_then(Value::as_table) else {
                continue;
            };
            for (key, value) in entries {
                let inherited = value.get("workspace").and_then(Value::as_bool) == Some(true);
                let package = workspace
                    .iter()
                    .find(|one| inherited && one.key == *key)
                    .map_or_else(|| package(key, value), |one| one.package.clone());
                found.push(Dependency {
                    package,
                    line: line_of(text, key),
                    inherited,
                    only_for_tests: kind == "dev-dependencies",
                });
            }
        }
    }
    found
}

fn package(key: &str, value: &Value) -> String {
    value
        .get("package")
        .and_then(Value::as_str)
        .unwrap_or(key)
        .to_owned()
}

/// The line on which a table gives this key a value.
fn line_of(text: &str, key: &str) -> usize {
    lines(text)
        .find(|(_, line)| {
            let line = line.trim_start().trim_start_matches('"');
            let rest = line.strip_prefix(key).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with(['=', '.', '"']))
                || line.starts_with('[') && line.ends_with(&format!("dependencies.{key}]"))
        })
        .map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(manifest: &str) -> Vec<(String, usize, bool)> {
        let root =
            "[workspace.dependencies]\nquick = { package = \"datafusion\", version = \"1\" }\n";
        let tree = Tree::of(&[(ROOT, root), ("crates/a/Cargo.toml", manifest)]);
        let (manifests, _) = crates(&tree);
        manifests
            .into_iter()
            .flat_map(|manifest| manifest.dependencies)
            .map(|dependency| (dependency.package, dependency.line, dependency.inherited))
            .collect()
    }

    #[test]
    fn a_renamed_package_keeps_its_own_name() {
        let manifest = "[dependencies]\nx = { package = \"sqlx\", version = \"1\" }\n";
        assert_eq!(packages(manifest), [("sqlx".to_owned(), 2, false)]);
    }

    #[test]
    fn a_package_renamed_in_the_workspace_keeps_its_own_name() {
        let manifest = "[dependencies]\nquick.workspace = true\n";
        assert_eq!(packages(manifest), [("datafusion".to_owned(), 2, true)]);
    }

    #[test]
    fn dependencies_of_tests_and_of_one_target_count() {
        let manifest = "[dev-dependencies.axum]\nversion = \"1\"\n\n\
                        [target.'cfg(unix)'.build-dependencies]\nsqlx = \"1\"\n";
        assert_eq!(
            packages(manifest),
            [("axum".to_owned(), 1, false), ("sqlx".to_owned(), 5, false)]
        );
    }

    #[test]
    fn a_manifest_that_cannot_be_read_is_a_fault() {
        let tree = Tree::of(&[("crates/a/Cargo.toml", "[dependencies]\nx = \n")]);
        let (_, faults) = crates(&tree);
        assert_eq!(faults.first().map(|fault| fault.line), Some(2));
    }
}
