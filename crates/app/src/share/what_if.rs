//! What-if: which of the questions that were refused would be allowed under a changed agreement; none is asked.

use std::sync::Arc;

use tokio::runtime::Handle;
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::Text;
use zwerm_home::load::Stored;
use zwerm_home::release::When;
use zwerm_home::{Home, StoredRefusal};

use crate::decide::amend;
use crate::error::AppError;
use crate::share::barriers::{is_of_agreement, reasons};
use crate::site::{Site, blocking};
use crate::words::refusal::code;

/// What an amended agreement would do to one refused question.
#[derive(Debug)]
pub struct WhatIfOutcome {
    /// The question that was refused, as the home keeps it.
    pub kept: StoredRefusal,
    /// Why it would still be refused; nothing when it would be allowed.
    pub still: Vec<Refusal>,
}

/// A [`WhatIfOutcome`] as somebody may read it.
#[derive(Debug)]
pub struct ReadableOutcome {
    /// The question; empty for whoever is not of the party that asked it, because its words may name somebody.
    pub sql: String,
    /// The party that asked.
    pub party: String,
    /// Why it would still be refused, of the asker's own words nothing.
    pub still: Vec<Text>,
}

impl WhatIfOutcome {
    /// What somebody who does anything for these parties may read of it; nobody is of any party without signing in.
    pub fn seen_by(self, parties: &[&str]) -> ReadableOutcome {
        let asked = self.kept.refusal;
        let is_theirs = parties.contains(&asked.party.as_str());
        let still = self.still.into_iter();
        ReadableOutcome {
            sql: if is_theirs { asked.sql } else { String::new() },
            party: asked.party,
            still: still
                .map(|refusal| match is_of_agreement(refusal.code) {
                    true => refusal.what,
                    false => code(refusal.code),
                })
                .collect(),
        }
    }
}

/// What an amended agreement would do to the questions that were refused under an agreement; none is asked.
///
/// Everybody's consent to it is assumed, and that its data are there; whether an answer then shows a figure or hides it
/// depends on the data, and is not looked at.
pub async fn what_if(
    home: &Home,
    id: &str,
    amended: &Stored,
    now: When,
) -> Result<Vec<WhatIfOutcome>, AppError> {
    let stored = home.agreement(id, now.today)?;
    let (current, new) = (&stored.document.agreement, &amended.document.agreement);
    if current.id != new.id {
        return Err(other_agreement(current, new));
    }
    let mut changes = Vec::new();
    for kept in home.refusals()? {
        if kept.refusal.agreement != current.id {
            continue;
        }
        let still = reasons(home, amended, &kept.refusal, now).await?;
        changes.push(WhatIfOutcome { kept, still });
    }
    Ok(changes)
}

fn other_agreement(current: &Agreement, new: &Agreement) -> AppError {
    AppError::usage(
        FaultCode::Mismatch,
        Text::new(
            format!(
                "het gewijzigde document is van `{}`, niet van `{}`",
                new.id, current.id
            ),
            format!(
                "the amended document is of `{}`, not of `{}`",
                new.id, current.id
            ),
        ),
        Text::new(
            format!(
                "neem de afspraak `{}`, verander er iets aan, en verhoog `version`",
                current.id
            ),
            format!(
                "take the agreement `{}`, change something in it, and raise `version`",
                current.id
            ),
        ),
    )
}

/// Whether two agreements say the same of data: anyone may try a change out, and nobody may have data read in another
/// way than was agreed, because what is wrong with data tells of rows.
fn same_data(one: &Agreement, other: &Agreement) -> bool {
    one.dataset == other.dataset && one.view == other.view && one.embargo == other.embargo
}

fn other_data() -> AppError {
    AppError::usage(
        FaultCode::NotApplicable,
        Text::new(
            "het document verandert gegevensbronnen, de gezamenlijke basis of een embargo",
            "the document changes datasets, shared views or an embargo",
        ),
        Text::new(
            "verander hier alleen voorwaarden en partners; voor de rest is er een nieuwe versie",
            "change conditions and parties only here; the rest takes a new version",
        ),
    )
}

/// Which refused questions would be allowed under a changed document; none is asked.
pub async fn try_out(
    site: &Site,
    id: &str,
    document: String,
) -> Result<Vec<WhatIfOutcome>, AppError> {
    let (id, when) = (id.to_owned(), site.when());
    let runtime = Handle::current();
    let home = Arc::clone(&site.home);
    let overview = site.overview().await?;
    let current = overview.dossier(&id).and_then(|dossier| dossier.current());
    let current = current.map(|version| version.agreement().clone());
    let _permit = site.at_work.acquire().await;
    blocking(move || {
        let amended = amend::read(&document)?;
        if current.is_some_and(|current| !same_data(&current, &amended.document.agreement)) {
            return Err(other_data());
        }
        let home: &Home = &home;
        runtime.block_on(what_if(home, &id, &amended, when))
    })
    .await
}
