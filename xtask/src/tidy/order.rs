//! Nothing is put in the order of a figure by itself: no list of people, networks, neighbourhoods or parties is a ranking.
//!
//! A reader may sort an answer's own table by asking so in SQL. What the use cases, the pages and the pictures sort is
//! listed here, with what it is sorted by; a sort that is not listed fails.

use super::tree::{Fault, Tree, lines};

/// Crates whose order readers see.
const SEEN: [&str; 5] = [
    "crates/app/src/",
    "crates/web/src/",
    "crates/api/src/",
    "crates/cli/src/",
    "crates/picture/src/",
];

/// Ways to sort.
const SORTS: [&str; 3] = [".sort(", ".sort_", "BinaryHeap"];

/// Every sort: its file, what stands there, and what it is sorted by.
const KNOWN: [(&str, &str, &str); 23] = [
    (
        "crates/app/src/decide/compose/changed.rs",
        "names.sort_unstable()",
        "keys of a document, to look at each once",
    ),
    (
        "crates/app/src/decide/compose/changed.rs",
        "gone.sort_unstable()",
        "places in a document, to take each away",
    ),
    (
        "crates/app/src/goals/words.rs",
        "all.sort_by_key(|one| places.get(id(one)).copied().unwrap_or(usize::MAX))",
        "what a goal shows, in the order that its parties gave it",
    ),
    (
        "crates/web/src/decide/compose/desk.rs",
        "known.sort_by_key(|party| (party.id != own, party.helix))",
        "parties to choose, one's own first and then by side of the table",
    ),
    (
        "crates/app/src/goals/words.rs",
        "numbers.sort_by_key(|(number, _)| *number)",
        "what a goal shows, by the numbers that its parties gave it",
    ),
    (
        "crates/web/src/decide/history.rs",
        "lines.sort_by_key(|line| line.at)",
        "what happened, by when",
    ),
    (
        "crates/web/src/site/home.rs",
        "dossiers.sort_by_key(|(urgency, _)| *urgency)",
        "projects by what they wait for",
    ),
    (
        "crates/app/src/keep/backup/survey.rs",
        "all.sort_unstable_by(|a, b| a.path.cmp(&b.path))",
        "files by path",
    ),
    (
        "crates/app/src/share/own/prepare.rs",
        "rows.sort_unstable_by(|(a, row), (b, other)| {",
        "values, of which only how they are spread is said",
    ),
    (
        "crates/app/src/goals/figures.rs",
        "sort_by_key(|(line, _)| *line)",
        "faults by line",
    ),
    (
        "crates/app/src/share/own/secret.rs",
        "different.sort_unstable()",
        "bytes, to count them",
    ),
    (
        "crates/app/src/share/barriers.rs",
        "sort_by_cached_key(|state| in_document(&state.barrier, overview))",
        "barriers by agreement, in the order of its document",
    ),
    (
        "crates/app/src/keep/backup/make.rs",
        "a.path.cmp(&b.path)",
        "files by path",
    ),
    (
        "crates/web/src/share/table.rs",
        "rows.sort_by(|a, b| {",
        "an answer's own table, as its reader asks by a link",
    ),
    (
        "crates/web/src/goals/indicators.rs",
        "mine.sort_unstable()",
        "parties by id",
    ),
    (
        "crates/web/src/goals/tasks.rs",
        "parties.sort_unstable()",
        "parties by id",
    ),
    (
        "crates/web/src/goals/drawing.rs",
        "periods.sort_unstable()",
        "periods by time",
    ),
    (
        "crates/web/src/site/home.rs",
        "all.sort_by(|a, b| a.1.cmp(&b.1))",
        "places by name",
    ),
    (
        "crates/web/src/people/people.rs",
        "a.person.login.cmp(&b.person.login)",
        "people by login",
    ),
    (
        "crates/picture/src/line.rs",
        "a.y.total_cmp(&b.y)",
        "labels by height, so that they do not overlap",
    ),
    (
        "crates/picture/src/outline/labels.rs",
        "at(a).total_cmp(&at(b))",
        "words beside a map by place, so that they do not overlap",
    ),
    (
        "crates/picture/src/outline/shape.rs",
        "far(a).total_cmp(&far(b))",
        "places in an area by how near its middle they are",
    ),
    (
        "crates/picture/src/outline/circles.rs",
        "b.0.1.total_cmp(&a.0.1)",
        "circles of a map by size, so that none lies under a larger one",
    ),
];

/// Checks every file whose order readers see.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(&["rs"]) {
        if !SEEN.iter().any(|folder| path.starts_with(folder)) || path.ends_with("tests.rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in lines(code) {
            let sorts = SORTS.iter().any(|sort| line.contains(sort));
            let known =
                |(file, there, _): &(&str, &str, &str)| *file == path && line.contains(there);
            if sorts && !KNOWN.iter().any(known) {
                let message = "sorts something that readers see: never by a figure of people, networks, \
                               neighbourhoods or parties; list it in xtask/src/tidy/order.rs with what by";
                faults.push(Fault::new(path, number, message));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> usize {
        check(&Tree::of(&[(
            path,
            &format!("fn a() {{\n    {line}\n}}\n"),
        )]))
        .len()
    }

    #[test]
    fn a_new_order_of_what_readers_see_is_a_fault() {
        let line = "areas.sort_by(|a, b| b.figure.total_cmp(&a.figure));";
        assert_eq!(found("crates/web/src/share/table.rs", line), 1);
        assert_eq!(found("crates/picture/src/tiles.rs", line), 1);
        assert_eq!(found("crates/disclosure/src/lib.rs", line), 0);
    }

    #[test]
    fn a_listed_order_is_fine_in_its_own_file_only() {
        assert_eq!(
            found(
                "crates/web/src/goals/drawing.rs",
                "periods.sort_unstable();"
            ),
            0
        );
        assert_eq!(
            found("crates/web/src/goals/tasks.rs", "periods.sort_unstable();"),
            1
        );
    }
}
