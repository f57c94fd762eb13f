//! What went wrong, in words: whatever kept a use case from its work as diagnostics, each with its code.

use std::path::Path;

use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::text::Text;

use crate::error::AppError;

/// All that is wrong, but for refusals.
pub fn diagnostics(error: &AppError) -> Vec<Diagnostic> {
    match error {
        AppError::Refused(_) | AppError::Reported => Vec::new(),
        AppError::Wrong(wrong) => wrong.0.clone(),
        AppError::Damaged { path, what, cure } => {
            let damaged = Diagnostic::new(FaultCode::Damaged, what.clone(), cure.clone());
            vec![damaged.at(path.display().to_string())]
        }
        AppError::Environment { path, source } => vec![from_system(path, source)],
        AppError::Limit { limit, cure } => vec![Diagnostic::new(
            FaultCode::LimitExceeded,
            Text::new(
                format!("een grens van het systeem is bereikt: {limit}"),
                format!("a limit of the system was reached: {limit}"),
            ),
            cure.clone(),
        )],
        AppError::Interrupted => vec![interrupted()],
        AppError::Away => vec![away()],
        AppError::Internal(what) => vec![our_fault(what)],
    }
}

fn from_system(path: &Path, source: &std::io::Error) -> Diagnostic {
    let said = Diagnostic::new(
        FaultCode::System,
        Text::new(
            format!("het systeem zegt: {source}"),
            format!("the system says: {source}"),
        ),
        Text::new(
            "kijk of dit bestaat, of u er mag lezen en schrijven, en of de schijf vol is",
            "see whether this exists, whether you may read and write it, and whether the disk is full",
        ),
    );
    said.at(path.display().to_string())
}

fn away() -> Diagnostic {
    Diagnostic::new(
        FaultCode::System,
        Text::new(
            "het register is niet te bereiken",
            "the registry cannot be reached",
        ),
        Text::new(
            "er is niets half gedaan; de beheerder kijkt of de database draait, en daarna kunt u verder",
            "nothing is half done; the administrator sees whether the database runs, and then you can go on",
        ),
    )
}

fn interrupted() -> Diagnostic {
    Diagnostic::new(
        FaultCode::Interrupted,
        Text::new(
            "afgebroken; er is niets half geschreven",
            "interrupted; nothing is half-written",
        ),
        Text::new(
            "stel de vraag opnieuw wanneer u wilt",
            "ask again when you like",
        ),
    )
}

fn our_fault(what: &str) -> Diagnostic {
    Diagnostic::new(
        FaultCode::Internal,
        Text::new(
            format!("een stap in het programma ging mis: {what}"),
            format!("a step of the program failed: {what}"),
        ),
        Text::new(
            "dit is onze fout; meld hem ons, met wat u typte",
            "this is our fault; report it to us, with what you typed",
        ),
    )
}
