//! A type that more than its own file sees has a name of its own in the whole workspace, so that who looks for it finds one
//! thing, and reads in its name what it is.
//!
//! A type that only its own file sees may share its name. Tests and the traits' own types (`type Err = …`) are left out.

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

use super::tree::{Fault, Tree};

/// Names that several files may give a type, and why each may.
const SHARED: [(&str, &str); 1] = [(
    "Fault",
    "of a receipt and a file of the tree; no crate names both",
)];

/// Where a type is defined.
#[derive(Debug, Clone)]
struct Defined {
    file: String,
    line: usize,
}

/// Checks every file of Rust outside tests.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut types: BTreeMap<String, Vec<Defined>> = BTreeMap::new();
    for (path, text) in tree.ending(&["rs"]).filter(|(path, _)| is_code(path)) {
        // what is not Rust is the compiler's to report
        let Ok(file) = syn::parse_file(text) else {
            continue;
        };
        let mut names = TypeNames::default();
        names.visit_file(&file);
        for (name, line) in names.found {
            let file = path.to_owned();
            types.entry(name).or_default().push(Defined { file, line });
        }
    }
    let mut faults: Vec<Fault> = types.iter().flat_map(named_alike).collect();
    if tree.holds("xtask/src/tidy/types.rs") {
        faults.extend(superfluous(&types));
    }
    faults
}

fn is_code(path: &str) -> bool {
    path.contains("/src/") && !path.ends_with("tests.rs") && !path.contains("/tests/")
}

/// A fault for each file after the first that gives a type this name.
fn named_alike((name, all): (&String, &Vec<Defined>)) -> Vec<Fault> {
    let may = SHARED.iter().any(|(shared, _)| shared == name);
    let Some(first) = all.first().filter(|_| !may) else {
        return Vec::new();
    };
    let others = all.iter().filter(|one| one.file != first.file);
    let message = format!(
        "`{name}` is a type of `{}` too: give each its own noun, or add it to `SHARED` with a reason",
        first.file
    );
    others
        .map(|one| Fault::new(&one.file, one.line, message.clone()))
        .collect()
}

/// Exceptions that are needed no longer.
fn superfluous(types: &BTreeMap<String, Vec<Defined>>) -> Vec<Fault> {
    let once = |name: &str| types.get(name).is_none_or(|all| all.len() < 2);
    let old = SHARED.iter().filter(|(name, _)| once(name));
    let message = |name: &str| format!("`{name}` is the name of one type: take it out of `SHARED`");
    old.map(|(name, _)| Fault::new("xtask/src/tidy/types.rs", 1, message(name)))
        .collect()
}

/// The types of a file that others may see, each with its line.
#[derive(Default)]
struct TypeNames {
    found: Vec<(String, usize)>,
}

impl TypeNames {
    fn add(&mut self, visibility: &syn::Visibility, name: &syn::Ident) {
        if !matches!(visibility, syn::Visibility::Inherited) {
            self.found
                .push((name.to_string(), name.span().start().line));
        }
    }

    /// The types in a call of a macro, such as `words! { pub enum Status { … } }`.
    fn add_called(&mut self, tokens: &TokenStream) {
        let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let words: Vec<String> = tokens.iter().map(ToString::to_string).collect();
        for (place, window) in words.windows(2).enumerate() {
            let [kind, name] = window else { continue };
            let before = words.get(..place).unwrap_or_default();
            let is_seen = match before {
                [.., last] if last == "pub" => true,
                [.., visible, within] => visible == "pub" && within.starts_with('('),
                _ => false,
            };
            if is_seen && ["struct", "enum", "trait"].contains(&kind.as_str()) {
                let line = tokens.get(place).map_or(1, |one| one.span().start().line);
                self.found.push((name.clone(), line));
            }
        }
    }
}

impl<'ast> Visit<'ast> for TypeNames {
    fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {
        // modules inside a file are its tests
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        // the pattern of a macro's own rules names no type
        if item.ident.is_none() {
            self.add_called(&item.mac.tokens);
        }
        visit::visit_item_macro(self, item);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(files: &[(&str, &str)]) -> Vec<String> {
        let faults = check(&Tree::of(files));
        let place = |fault: &Fault| format!("{}:{}", fault.file, fault.line);
        faults.iter().map(place).collect()
    }

    #[test]
    fn two_types_that_others_see_have_two_names() {
        let files = [
            ("crates/a/src/a.rs", "\npub struct Line;\n"),
            ("crates/b/src/b.rs", "pub(crate) enum Line { One }\n"),
            ("bench/src/c.rs", "pub(super) type Line = u8;\n"),
            ("xtask/src/d.rs", "pub trait Line {}\n"),
        ];
        assert_eq!(
            shown(&files),
            [
                "crates/a/src/a.rs:2",
                "crates/b/src/b.rs:1",
                "xtask/src/d.rs:1"
            ]
        );
    }

    #[test]
    fn a_type_that_a_macro_makes_is_one_too() {
        let words = "words! {\n    in \"b\";\n    /// A status.\n    pub enum Status { Open = \"open\" }\n}\n";
        let of = |visibility: &str| format!("make! {{ {visibility} struct Status {{ a: u8 }} }}\n");
        let (public, crate_visible, own) = (of("pub"), of("pub(crate)"), of(""));
        for (text, found) in [(&public, 1), (&crate_visible, 1), (&own, 0)] {
            let files = [("crates/a/src/a.rs", words), ("crates/b/src/b.rs", text)];
            assert_eq!(shown(&files).len(), found, "{text}");
        }
    }

    #[test]
    fn what_one_file_keeps_to_itself_and_what_tests_make_are_free() {
        let files = [
            ("crates/a/src/a.rs", "pub struct Line;\n"),
            ("crates/a/src/own.rs", "struct Line;\n"),
            (
                "crates/b/src/b.rs",
                "#[cfg(test)]\nmod tests { pub struct Line; }\n",
            ),
            ("crates/b/src/b/tests.rs", "pub struct Line;\n"),
            ("crates/b/tests/it/main.rs", "pub struct Line;\n"),
            (
                "crates/c/src/c.rs",
                "impl Iterator for A { type Item = u8; }\nmacro_rules! m { () => { pub struct Line; } }\n",
            ),
        ];
        assert_eq!(shown(&files), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_may_be_shared_is_not_reported_while_it_is() {
        let name = SHARED[0].0;
        let text = format!("pub struct {name};\n");
        let files = [
            ("crates/a/src/a.rs", text.as_str()),
            ("crates/b/src/b.rs", &text),
        ];
        assert_eq!(shown(&files), Vec::<String>::new());
        let here = [("xtask/src/tidy/types.rs", "")];
        assert_eq!(shown(&here).len(), SHARED.len());
    }
}
