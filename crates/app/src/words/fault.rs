//! What went wrong, in words: the place, what, and the cure.

use std::path::Path;

use zwerm_agreement::text::Text;

use crate::error::AppError;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Told {
    /// The file, field or path in a document; none when it is about the whole.
    pub place: Option<String>,
    /// What is wrong, with the user's own input in backticks.
    pub what: Text,
    /// What to do about it.
    pub cure: Text,
}

/// All that is wrong, but for refusals.
pub fn faults(error: &AppError) -> Vec<Told> {
    match error {
        AppError::Refused(_) | AppError::Reported => Vec::new(),
        AppError::Faults(faults) => faults
            .0
            .iter()
            .map(|fault| told(Some(fault.place.to_string()), &fault.what, &fault.cure))
            .collect(),
        AppError::Data(faults) => faults
            .iter()
            .map(|fault| told(Some(fault.place.clone()), &fault.what, &fault.cure))
            .collect(),
        AppError::Form(wrong) => wrong
            .iter()
            .map(|one| told(None, &one.what, &one.cure))
            .collect(),
        AppError::Usage { what, cure } => vec![told(None, what, cure)],
        AppError::Damaged { path, what, cure } => {
            vec![told(Some(path.display().to_string()), what, cure)]
        }
        AppError::Environment { path, source } => vec![from_system(path, source)],
        AppError::Limit { limit, cure } => {
            let what = Text::new(
                format!("een grens van de machine is bereikt: {limit}"),
                format!("a limit of the machine was reached: {limit}"),
            );
            vec![told(None, &what, cure)]
        }
        AppError::Interrupted => vec![interrupted()],
        AppError::Internal(what) => vec![our_fault(what)],
    }
}

fn told(place: Option<String>, what: &Text, cure: &Text) -> Told {
    Told {
        place,
        what: what.clone(),
        cure: cure.clone(),
    }
}

fn from_system(path: &Path, source: &std::io::Error) -> Told {
    Told {
        place: Some(path.display().to_string()),
        what: Text::new(
            format!("het systeem zegt: {source}"),
            format!("the system says: {source}"),
        ),
        cure: Text::new(
            "kijk of dit bestaat, of u er mag lezen en schrijven, en of de schijf vol is",
            "see whether this exists, whether you may read and write it, and whether the disk is full",
        ),
    }
}

fn interrupted() -> Told {
    Told {
        place: None,
        what: Text::new(
            "afgebroken; er is niets half geschreven",
            "interrupted; nothing is half-written",
        ),
        cure: Text::new(
            "stel de vraag opnieuw wanneer u wilt",
            "ask again when you like",
        ),
    }
}

fn our_fault(what: &str) -> Told {
    Told {
        place: None,
        what: Text::new(
            format!("een stap in het programma ging mis: {what}"),
            format!("a step of the program failed: {what}"),
        ),
        cure: Text::new(
            "dit is onze fout; meld hem ons, met wat u typte",
            "this is our fault; report it to us, with what you typed",
        ),
    }
}
