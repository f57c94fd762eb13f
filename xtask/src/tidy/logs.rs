//! Nothing logs an error as it is: its message may repeat a name or a value. What is logged of one is `error.loggable()`.

use super::tree::{Fault, Tree};

const MACROS: [&str; 5] = [
    "tracing::trace!(",
    "tracing::debug!(",
    "tracing::info!(",
    "tracing::warn!(",
    "tracing::error!(",
];

/// What may be logged by its own words: none of it is typed by somebody.
const PLAIN: [&str; 3] = ["%method", "%id", "%outline"];

/// Checks every call of a macro that logs.
pub(crate) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(&["rs"]) {
        if !path.starts_with("crates/") {
            continue;
        }
        for start in MACROS.iter().flat_map(|name| text.match_indices(name)) {
            let (before, rest) = text.split_at(start.0 + start.1.len());
            // the fields come before the message
            let fields = rest.split('"').next().unwrap_or_default();
            let raw = fields.split(',').map(str::trim).filter(|field| {
                let value = field
                    .split_once('=')
                    .map_or(*field, |(_, value)| value.trim());
                value.starts_with(['%', '?'])
                    && !value.ends_with(".loggable()")
                    && !PLAIN.contains(&value)
            });
            for field in raw {
                let message = format!("logs `{field}` as it is; log `.loggable()` of it");
                faults.push(Fault::new(path, before.lines().count(), message));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> usize {
        check(&Tree::of(&[(
            "crates/a/src/a.rs",
            &format!("fn a() {{\n{line}\n}}\n"),
        )]))
        .len()
    }

    #[test]
    fn an_error_is_logged_by_its_kind_only() {
        assert_eq!(found("tracing::warn!(%error, \"no\");"), 1);
        assert_eq!(
            found("tracing::warn!(\n    why = ?error,\n    \"no\"\n);"),
            1
        );
        assert_eq!(
            found("tracing::warn!(error = %error.loggable(), \"no\");"),
            0
        );
        assert_eq!(
            found("tracing::info!(%method, path, status, \"answered\");"),
            0
        );
        assert_eq!(found("tracing::info!(\"%error\");"), 0);
    }
}
