//! Modules of one crate may name each other, but no circle of them leads from one folder into another and back.
//!
//! A folder is a pillar of the use cases or pages, or a stage of the engine: whoever reads one must not need to have read
//! the other first. Within a folder, and between a file and its own children, circles are nobody's business.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

use super::tree::{Fault, Tree};

/// Left out: what only measures, and the agreement with its document, which are two sides of one thing.
const OUTSIDE: [&str; 3] = ["bench", "xtask", "crates/agreement"];

/// A module by its path in the crate: `["share", "ask"]`; the root is empty.
type Module = Vec<String>;

/// The modules of one crate, each with its file and what it names of the others.
#[derive(Debug, Default)]
struct Graph {
    files: BTreeMap<Module, String>,
    arrows: BTreeMap<Module, BTreeSet<Module>>,
}

/// Checks every crate.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut graphs: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in tree.ending(&["rs"]) {
        if let Some((of, _)) = path.split_once("/src/")
            && !OUTSIDE.contains(&of)
        {
            graphs.entry(of).or_default().push((path, text));
        }
    }
    graphs
        .values()
        .flat_map(|files| circles(&graph(files)))
        .collect()
}

fn graph(files: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::default();
    for (path, _) in files.iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        graph.files.insert(module(path), (*path).to_owned());
    }
    for (path, text) in files {
        let own = module(path);
        // what is not Rust is the compiler's to report
        let Ok(file) = syn::parse_file(text) else {
            continue;
        };
        let mut names = Names {
            own: own.clone(),
            found: BTreeSet::new(),
        };
        names.visit_file(&file);
        let named = names.found.iter().filter_map(|name| graph.holding(name));
        let named: BTreeSet<Module> = named.filter(|module| *module != own).collect();
        if graph.files.contains_key(&own) {
            graph.arrows.insert(own, named);
        }
    }
    graph
}

impl Graph {
    /// The module that a name is in; nothing for what the root itself defines.
    fn holding(&self, name: &[String]) -> Option<Module> {
        let longest = (1..=name.len()).rev().map(|length| name.get(..length));
        longest
            .flatten()
            .find(|start| self.files.contains_key(*start))
            .map(<[String]>::to_vec)
    }

    /// The folder of a module: the first part of its path where that has more modules; else the crate's own.
    fn folder<'a>(&self, module: &'a Module) -> Option<&'a String> {
        let first = module.first()?;
        let is_folder = |one: &Module| one.len() > 1 && one.first() == Some(first);
        self.files.keys().any(is_folder).then_some(first)
    }

    /// All that can be reached from a module.
    fn reached(&self, from: &Module) -> BTreeSet<&Module> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&Module> = self.arrows.get(from).into_iter().flatten().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(self.arrows.get(next).into_iter().flatten());
            }
        }
        reached
    }
}

/// A fault for each arrow into another folder from which one comes back.
fn circles(graph: &Graph) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (from, targets) in &graph.arrows {
        for to in targets
            .iter()
            .filter(|to| graph.folder(to) != graph.folder(from))
        {
            if graph.reached(to).contains(from) {
                let file = graph.files.get(from).map_or("", String::as_str);
                let message = format!(
                    "names `{}`, which leads back to it: move what both need below them",
                    to.join("::")
                );
                faults.push(Fault::new(file, 1, message));
            }
        }
    }
    faults
}

/// The module of a file: `crates/app/src/share/mod.rs` and `crates/app/src/share.rs` are both `share`.
fn module(path: &str) -> Module {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let inside = inside.trim_end_matches(".rs");
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    match inside {
        "lib" | "main" | "mod" => Vec::new(),
        _ => inside.split('/').map(str::to_owned).collect(),
    }
}

/// What a file names of its crate, outside tests.
struct Names {
    own: Module,
    found: BTreeSet<Vec<String>>,
}

impl Names {
    fn add(&mut self, parts: &[String]) {
        let (first, rest) = match parts.split_first() {
            Some((first, rest)) => (first.as_str(), rest),
            None => return,
        };
        let mut name = match first {
            "crate" => Vec::new(),
            "self" => self.own.clone(),
            "super" => self
                .own
                .get(..self.own.len().saturating_sub(1))
                .unwrap_or(&[])
                .to_vec(),
            _ => return,
        };
        for part in rest {
            if part == "super" {
                name.pop();
            } else {
                name.push(part.clone());
            }
        }
        self.found.insert(name);
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| [before, &[ident.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(before, tree);
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {
        // modules inside a file are its tests
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path
            .segments
            .iter()
            .map(|part| part.ident.to_string())
            .collect();
        if parts.len() > 1 {
            self.add(&parts);
        }
        visit::visit_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_circle_between_folders_is_a_fault_at_both_ends() {
        let faults = found(&[
            ("crates/a/src/lib.rs", "mod share;\nmod decide;\n"),
            (
                "crates/a/src/share/ask.rs",
                "use crate::decide::consent::Word;\n",
            ),
            (
                "crates/a/src/decide/consent.rs",
                "fn a() { crate::share::ask::go() }\n",
            ),
        ]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults.iter().any(|fault| fault.contains("`share::ask`")));
    }

    #[test]
    fn a_circle_over_a_third_file_is_found() {
        let faults = found(&[
            ("crates/a/src/share/ask.rs", "use super::answer::A;\n"),
            (
                "crates/a/src/share/answer.rs",
                "use crate::decide::consent::{Word, self};\n",
            ),
            (
                "crates/a/src/decide/consent.rs",
                "use crate::share::ask::*;\n",
            ),
        ]);
        assert_eq!(faults.len(), 2, "{faults:?}");
    }

    #[test]
    fn circles_within_a_folder_in_tests_and_one_way_are_fine() {
        let faults = found(&[
            ("crates/a/src/share/ask.rs", "use super::answer::A;\n"),
            (
                "crates/a/src/share/answer.rs",
                "use super::ask::B;\nuse crate::decide::C;\n",
            ),
            (
                "crates/a/src/decide/mod.rs",
                "pub struct C;\n#[cfg(test)]\nmod tests { use crate::share::ask::B; }\n",
            ),
            ("crates/b/src/decide/mod.rs", "use crate::share::ask::B;\n"),
            ("crates/c/src/error.rs", "use crate::form::Wrong;\n"),
            ("crates/c/src/form.rs", "use crate::error::Error;\n"),
        ]);
        assert!(faults.is_empty(), "{faults:?}");
    }
}
