//! `cargo xtask functions`: how long the functions are, so that nobody has to guess whether they grew.
//!
//! Counted is every `fn` with a body outside tests, from its `fn` to its closing brace, with what is in between.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use syn::visit::{self, Visit};

use crate::tidy::tree::Tree;

/// One function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) file: String,
    pub(crate) name: String,
    /// The line of its `fn`.
    pub(crate) line: usize,
    /// Lines from there to its closing brace.
    pub(crate) lines: usize,
}

/// Prints the figures per crate and of all, and names the longest functions.
///
/// # Errors
/// When the tree cannot be read, or a file is not Rust.
pub(crate) fn run(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut all = of_tree(&tree)?;
    let mut crates: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for function in &all {
        let parts: Vec<&str> = function.file.split('/').collect();
        let name = match parts.as_slice() {
            ["crates", name, ..] => format!("crates/{name}"),
            [name, ..] => (*name).to_owned(),
            [] => continue,
        };
        crates.entry(name).or_default().push(function.lines);
    }
    println!(
        "{:<20} {:>9} {:>7} {:>5} {:>8}",
        "crate", "functions", "median", "p90", "longest"
    );
    for (name, mut lines) in crates {
        show(&name, &mut lines);
    }
    let mut lines: Vec<usize> = all.iter().map(|one| one.lines).collect();
    show("all", &mut lines);
    all.sort_by_key(|one| std::cmp::Reverse(one.lines));
    println!("\nthe longest:");
    for one in all.iter().take(40) {
        println!("{:>5}  {}:{} {}", one.lines, one.file, one.line, one.name);
    }
    Ok(())
}

fn show(name: &str, lines: &mut [usize]) {
    lines.sort_unstable();
    let at = |share: usize| {
        lines
            .get(lines.len().saturating_sub(1) * share / 100)
            .copied()
    };
    let (median, p90, longest) = (at(50), at(90), lines.last().copied());
    let [median, p90, longest] = [median, p90, longest].map(Option::unwrap_or_default);
    println!(
        "{name:<20} {:>9} {median:>7} {p90:>5} {longest:>8}",
        lines.len()
    );
}

/// Every function of the tree that is not a test's.
///
/// # Errors
/// When a file is not Rust.
pub(crate) fn of_tree(tree: &Tree) -> Result<Vec<Function>> {
    let mut all = Vec::new();
    for (path, text) in tree.ending(&["rs"]) {
        if is_tests(path) {
            continue;
        }
        let file = syn::parse_file(text).with_context(|| format!("`{path}` is not Rust"))?;
        let mut found = FileFunctions {
            file: path,
            functions: Vec::new(),
        };
        found.visit_file(&file);
        all.extend(found.functions);
    }
    Ok(all)
}

/// Whether a file holds nothing but tests or examples.
fn is_tests(path: &str) -> bool {
    path.contains("/tests/")
        || path.contains("/examples/")
        || path.contains("/benches/")
        || path.ends_with("tests.rs")
}

struct FileFunctions<'a> {
    file: &'a str,
    functions: Vec<Function>,
}

impl FileFunctions<'_> {
    fn add(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let line = signature.fn_token.span.start().line;
        let end = block.brace_token.span.close().end().line;
        self.functions.push(Function {
            file: self.file.to_owned(),
            name: signature.ident.to_string(),
            line,
            lines: end + 1 - line,
        });
    }
}

impl<'ast> Visit<'ast> for FileFunctions<'_> {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        if !is_test(&function.attrs) {
            self.add(&function.sig, &function.block);
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            self.add(&function.sig, &function.block);
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// Whether something is compiled for tests only.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        if attribute.path().is_ident("test") {
            return true;
        }
        let words = attribute
            .path()
            .is_ident("cfg")
            .then(|| attribute.parse_args::<syn::Path>());
        words.is_some_and(|path| path.is_ok_and(|path| path.is_ident("test")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(String, usize)> {
        let tree = Tree::of(&[("crates/a/src/lib.rs", text)]);
        let found = of_tree(&tree).expect("it is Rust");
        found.into_iter().map(|one| (one.name, one.lines)).collect()
    }

    #[test]
    fn functions_count_from_fn_to_their_brace() {
        let text = "/// Words.\n#[inline]\nfn a() {\n    1;\n}\nimpl B {\n    fn c(&self) { }\n}\n";
        assert_eq!(lines(text), [("a".into(), 3), ("c".into(), 1)]);
    }

    #[test]
    fn tests_and_functions_without_a_body_do_not_count() {
        let text = "trait A { fn b(); fn c() {} }\n#[cfg(test)]\nmod tests { fn d() {} }\n\
                    #[test]\nfn e() {}\n";
        assert_eq!(lines(text), [("c".into(), 1)]);
        let tree = Tree::of(&[
            ("crates/a/tests/it/a.rs", "fn a() {}"),
            ("a/tests.rs", "fn b() {}"),
        ]);
        assert!(of_tree(&tree).expect("it is Rust").is_empty());
    }
}
