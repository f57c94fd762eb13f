//! What went wrong, in words: the place, what, and the cure.

use zwerm_agreement::text::Text;

use crate::error::AppError;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Told {
    /// Where.
    pub place: Option<String>,
    /// What.
    pub what: Text,
    /// What to do about it.
    pub cure: Text,
}

/// All that is wrong, but for refusals.
pub fn faults(error: &AppError) -> Vec<Told> {
    let one = |place: Option<String>, what: Text, cure: Text| vec![Told { place, what, cure }];
    match error {
        AppError::Refused(_) | AppError::Reported => Vec::new(),
        AppError::Faults(faults) => {
            let told = faults.0.iter().map(|fault| Told {
                place: Some(fault.place.to_string()),
                what: fault.what.clone(),
                cure: fault.cure.clone(),
            });
            told.collect()
        }
        AppError::Data(faults) => {
            let told = faults.iter().map(|fault| Told {
                place: Some(fault.place.clone()),
                what: fault.what.clone(),
                cure: fault.cure.clone(),
            });
            told.collect()
        }
        AppError::Form(wrong) => {
            let told = wrong.iter().map(|one| Told {
                place: None,
                what: one.what.clone(),
                cure: one.cure.clone(),
            });
            told.collect()
        }
        AppError::Usage { what, cure } => one(None, what.clone(), cure.clone()),
        AppError::Environment { path, source } => one(
            Some(path.display().to_string()),
            Text::new(
                format!("het systeem zegt: {source}"),
                format!("the system says: {source}"),
            ),
            Text::new(
                "kijk of dit bestaat, of u er mag lezen en schrijven, en of de schijf vol is",
                "see whether this exists, whether you may read and write it, and whether the disk is full",
            ),
        ),
        AppError::Damaged { path, what, cure } => {
            one(Some(path.display().to_string()), what.clone(), cure.clone())
        }
        AppError::Limit { limit, cure } => one(
            None,
            Text::new(
                format!("een grens van de machine is bereikt: {limit}"),
                format!("a limit of the machine was reached: {limit}"),
            ),
            cure.clone(),
        ),
        AppError::Interrupted => one(
            None,
            Text::new(
                "afgebroken; er is niets half geschreven",
                "interrupted; nothing is half-written",
            ),
            Text::new(
                "stel de vraag opnieuw wanneer u wilt",
                "ask again when you like",
            ),
        ),
        AppError::Internal(what) => one(
            None,
            Text::new(
                format!("een stap in het programma ging mis: {what}"),
                format!("a step of the program failed: {what}"),
            ),
            Text::new(
                "dit is onze fout; meld hem ons, met wat u typte",
                "this is our fault; report it to us, with what you typed",
            ),
        ),
    }
}
