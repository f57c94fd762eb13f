//! Clap's usage errors in both languages, each with its cure.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;

/// A usage error in our words.
pub(crate) fn error(error: &clap::Error) -> AppError {
    let arg = said(error, ContextKind::InvalidArg);
    let value = said(error, ContextKind::InvalidValue);
    let (code, what, cure) = match error.kind() {
        ErrorKind::InvalidSubcommand => unknown_command(error),
        ErrorKind::UnknownArgument => unknown_argument(error, &arg),
        ErrorKind::InvalidValue if value.is_empty() => (
            FaultCode::Missing,
            Text::new(
                format!("`{arg}` heeft geen waarde"),
                format!("`{arg}` has no value"),
            ),
            see_help(),
        ),
        ErrorKind::InvalidValue => (
            FaultCode::Malformed,
            not_that_value(&arg, &value),
            valid(error, ContextKind::ValidValue),
        ),
        ErrorKind::ValueValidation => (
            FaultCode::Malformed,
            not_that_value(&arg, &value),
            see_help(),
        ),
        ErrorKind::MissingRequiredArgument => (
            FaultCode::Missing,
            Text::new(format!("er ontbreekt: {arg}"), format!("missing: {arg}")),
            see_help(),
        ),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (
            FaultCode::Missing,
            Text::new("er ontbreekt een opdracht", "a command is missing"),
            valid(error, ContextKind::ValidSubcommand),
        ),
        ErrorKind::ArgumentConflict => (
            FaultCode::Contradiction,
            Text::new(
                format!("`{arg}` kan hier niet, of niet twee keer"),
                format!("`{arg}` cannot stand here, or not twice"),
            ),
            see_help(),
        ),
        ErrorKind::InvalidUtf8 => (
            FaultCode::Unreadable,
            Text::new("een argument is geen tekst", "an argument is not text"),
            Text::new("schrijf het in UTF-8", "write it in UTF-8"),
        ),
        _ => (
            FaultCode::Malformed,
            Text::same(first_line(error)),
            see_help(),
        ),
    };
    AppError::usage(code, what, cure)
}

fn unknown_command(error: &clap::Error) -> (FaultCode, Text, Text) {
    let name = said(error, ContextKind::InvalidSubcommand);
    let near = said(error, ContextKind::SuggestedSubcommand);
    let what = Text::new(
        format!("`{name}` is geen opdracht"),
        format!("`{name}` is no command"),
    );
    (FaultCode::Unknown, what, did_you_mean(&near))
}

fn unknown_argument(error: &clap::Error, arg: &str) -> (FaultCode, Text, Text) {
    let near = said(error, ContextKind::SuggestedArg);
    let what = Text::new(
        format!("`{arg}` is hier niet bekend"),
        format!("`{arg}` is not known here"),
    );
    (FaultCode::Unknown, what, did_you_mean(&near))
}

fn not_that_value(arg: &str, value: &str) -> Text {
    Text::new(
        format!("`{value}` kan niet bij `{arg}`"),
        format!("`{value}` is no value for `{arg}`"),
    )
}

fn valid(error: &clap::Error, kind: ContextKind) -> Text {
    let known = said(error, kind);
    if known.is_empty() {
        return see_help();
    }
    Text::new(
        format!("kies uit: {known}"),
        format!("choose from: {known}"),
    )
}

fn did_you_mean(near: &str) -> Text {
    if near.is_empty() {
        return see_help();
    }
    Text::new(
        format!("bedoelt u `{near}`?"),
        format!("did you mean `{near}`?"),
    )
}

fn see_help() -> Text {
    Text::new("zie `--help`", "see `--help`")
}

/// What clap knows about the error, as text; nothing when it knows nothing.
fn said(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(all)) => {
            let all: Vec<_> = all.iter().map(ToString::to_string).collect();
            all.join(", ")
        }
        _ => String::new(),
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}
