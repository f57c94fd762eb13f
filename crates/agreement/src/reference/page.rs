//! The reference page as Markdown: in Dutch, then in English.

use super::{DocumentKey, keys, parent};
use crate::text::{Lang, Text};

/// The page; `cargo xtask reference` writes it and a test compares it.
pub fn page() -> String {
    let keys = keys();
    let mut page = String::from(
        "# The agreement document: every key\n\n\
         Made from the code by `cargo xtask reference`; change it there. [Nederlands](#nederlands), [English](#english).\n",
    );
    for lang in [Lang::Nl, Lang::En] {
        page.push_str(&opening(lang));
        let mut section = None;
        for key in &keys {
            let of = block(&keys, &key.path);
            if section != Some(of) {
                section = Some(of);
                page.push_str(&heading(of, lang));
            }
            page.push_str(&row(key, lang));
        }
    }
    page
}

fn opening(lang: Lang) -> String {
    let text = Text::new(
        "\n## Nederlands\n\n\
         Een afspraak is een bestand in TOML. Een sleutel die hier niet staat, is een fout. `[]` is elk element van een lijst.\n",
        "\n## English\n\n\
         An agreement is a file in TOML. A key that is not listed here is a fault. `[]` is each element of a list.\n",
    );
    text.get(lang).to_owned()
}

/// The block that a key opens or stands in, as it is written: `[[view.dimension]]`. Nothing for keys
/// at the top of the document.
fn block<'k>(keys: &'k [DocumentKey], path: &str) -> &'k str {
    std::iter::successors(Some(path), |path| parent(path))
        .filter_map(|path| {
            keys.iter()
                .find(|key| key.path == path.trim_end_matches("[]"))
        })
        .map(|key| key.example.as_str())
        .find(|example| example.starts_with('['))
        .unwrap_or_default()
}

fn heading(block: &str, lang: Lang) -> String {
    let head = Text::new(
        "| sleutel | waarvoor | schrijf | zonder | voorbeeld |",
        "| key | what for | write | without it | example |",
    );
    let top = Text::new("Bovenaan", "At the top");
    let name = match block {
        "" => top.get(lang).to_owned(),
        block => format!("`{block}`"),
    };
    let head = head.get(lang);
    format!("\n### {name}\n\n{head}\n|---|---|---|---|---|\n")
}

fn row(key: &DocumentKey, lang: Lang) -> String {
    let must = Text::new("moet er staan", "must be there");
    let without = key.without.as_ref().unwrap_or(&must);
    let cells = [
        format!("`{}`", key.path),
        key.words.get(lang).to_owned(),
        key.kind.get(lang).to_owned(),
        without.get(lang).to_owned(),
        format!("`{}`", key.example),
    ];
    let cells = cells.map(|cell| cell.replace('|', "\\|"));
    format!("| {} |\n", cells.join(" | "))
}
