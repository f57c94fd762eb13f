//! Links between our own pages lead somewhere, headings included.

use super::tree::{Fault, Tree, lines};

/// Checks every link of every Markdown page.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (page, text) in tree.ending(&["md"]) {
        for (number, line) in prose(text) {
            for target in targets(&line) {
                if let Some(message) = broken(tree, page, &target) {
                    faults.push(Fault::new(page, number, message));
                }
            }
        }
    }
    faults
}

/// What is wrong with a link, if anything. Other sites are not looked at: tests use no network.
fn broken(tree: &Tree, page: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, heading) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() {
        page.to_owned()
    } else {
        match resolve(page, path) {
            Some(file) if tree.holds(&file) => file,
            _ => return Some(format!("the link `{target}` leads nowhere")),
        }
    };
    let known = heading.is_empty()
        || !file.ends_with(".md")
        || tree
            .text(&file)
            .is_some_and(|text| headings(text).any(|found| found == heading));
    (!known).then(|| format!("`{file}` has no heading `#{heading}`"))
}

/// The path from the root that a link on a page means, or nothing if it leaves the project.
fn resolve(page: &str, path: &str) -> Option<String> {
    let mut folders: Vec<&str> = page.split('/').collect();
    folders.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

/// Lines outside code blocks, with code spans taken out.
fn prose(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    lines(text).filter_map(move |(number, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        let spans = line.split('`').step_by(2).collect::<Vec<_>>().join("``");
        (!in_code && !fence).then_some((number, spans))
    })
}

/// Where the links `[text](target)` and `[name]: target` of a line lead.
fn targets(line: &str) -> Vec<String> {
    let mut found: Vec<String> = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', ' ']).next())
        .map(str::to_owned)
        .collect();
    if line.starts_with('[')
        && let Some((_, target)) = line.split_once("]: ")
    {
        found.push(target.trim().to_owned());
    }
    found.retain(|target| !target.is_empty());
    found
}

/// Headings as the names that links use: small letters, hyphens for spaces, no punctuation.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let mut in_code = false;
    text.lines().filter_map(move |line| {
        in_code ^= line.trim_start().starts_with("```");
        let heading = line.trim_start_matches('#');
        let is_heading = !in_code && line.starts_with('#') && heading.starts_with(' ');
        is_heading.then(|| {
            heading
                .trim()
                .to_lowercase()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || [' ', '-', '_'].contains(letter))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(page: &str) -> Vec<usize> {
        let tree = Tree::of(&[
            ("docs/a.md", page),
            ("docs/b.md", "# Title\n\n## What must never be: a list\n"),
            ("LICENSE", "text"),
        ]);
        check(&tree).iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        for page in [
            "[b](b.md) and [b](./b.md#title)",
            "[licence](../LICENSE)",
            "[b](b.md#what-must-never-be-a-list)",
            "[elsewhere](https://example.org/x.md)",
            "# Here\n[up](#here)",
            "`[b](gone.md)`",
            "```\n[b](gone.md)\n```",
            "[folder](../docs/)",
        ] {
            assert!(faults(page).is_empty(), "{page}");
        }
    }

    #[test]
    fn links_that_lead_nowhere_are_faults() {
        for page in [
            "[c](c.md)",
            "[b](b.md#gone)",
            "[up](#gone)",
            "[out](../../LICENSE)",
            "[c]: c.md",
            "fine [b](b.md), broken [c](c.md)",
        ] {
            assert_eq!(faults(page), [1], "{page}");
        }
    }

    #[test]
    fn a_fault_names_its_line() {
        assert_eq!(faults("```\ncode\n```\n\n[c](c.md)\n"), [5]);
    }
}
