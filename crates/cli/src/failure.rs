//! Telling why something was not done: for people on stderr, for programs as JSON on stdout.

use std::fmt::Write as _;
use std::io::{ErrorKind, Write};

use serde_json::{Value, json};
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::words::fault::diagnostics;

use crate::context::OutputFormat;
use crate::{exit, output};

/// Tells why, and returns the exit code.
pub(crate) fn tell(error: &AppError, lang: Lang, format: OutputFormat) -> u8 {
    if is_closed_pipe(error) {
        // Whoever read us has read enough.
        return exit::OK;
    }
    if matches!(error, AppError::Reported) {
        return exit::code(error);
    }
    let told = match format {
        OutputFormat::Json => output::write_json(&to_json(error, lang)),
        OutputFormat::Table => {
            // Nobody is left to tell when stderr is closed.
            let text = output::harmless(&to_text(error, lang));
            let _ = std::io::stderr().write_all(text.as_bytes());
            Ok(())
        }
    };
    match told {
        Ok(()) => exit::code(error),
        Err(closed) if is_closed_pipe(&closed) => exit::code(error),
        Err(_) => exit::FAILED,
    }
}

fn is_closed_pipe(error: &AppError) -> bool {
    let AppError::Environment { source, .. } = error else {
        return false;
    };
    source.kind() == ErrorKind::BrokenPipe
}

/// The error for people.
pub(crate) fn to_text(error: &AppError, lang: Lang) -> String {
    if let AppError::Refused(all) = error {
        let heading = Text::new("Geweigerd:", "Refused:");
        return format!("{}\n{}", heading.get(lang), refusals(all, lang, ""));
    }
    let mut text = String::new();
    for fault in diagnostics(error) {
        let _ = writeln!(text, "{}", fault.line_in(lang));
    }
    text
}

/// Refusals as a block: what, and below it the condition, whose it is, and what would lift it.
pub(crate) fn refusals(all: &[Refusal], lang: Lang, indent: &str) -> String {
    let (condition, owner, lifts, code) = match lang {
        Lang::Nl => ("voorwaarde", "van", "wat helpt", "code"),
        Lang::En => ("condition", "owner", "what helps", "code"),
    };
    let together = match lang {
        Lang::Nl => "alle partners samen",
        Lang::En => "all parties together",
    };
    let width = condition.len().max(lifts.len()) + 1;
    let mut text = String::new();
    for refusal in all {
        let _ = writeln!(text, "{indent}- {}", refusal.what.get(lang));
        // a condition that is nobody's alone is everybody's
        let shared = refusal.condition.as_ref().map(|_| together);
        let rows = [
            (condition, refusal.condition.as_deref()),
            (owner, refusal.owner.as_deref().or(shared)),
            (lifts, Some(refusal.lifts.get(lang))),
            (code, Some(refusal.code.as_str())),
        ];
        for (name, value) in rows {
            if let Some(value) = value {
                let name = format!("{name}:");
                let _ = writeln!(text, "{indent}    {name:<width$} {value}");
            }
        }
    }
    text
}

/// The error for programs.
pub(crate) fn to_json(error: &AppError, lang: Lang) -> Value {
    if let AppError::Refused(all) = error {
        let all: Vec<_> = all.iter().map(|refusal| refusal.to_json(lang)).collect();
        return json!({ "refused": all });
    }
    let all = diagnostics(error).into_iter().map(|fault| {
        json!({
            "code": fault.code,
            "place": fault.place.shown(),
            "what": fault.what.get(lang),
            "cure": fault.cure.get(lang),
        })
    });
    json!({ "faults": all.collect::<Vec<_>>() })
}
