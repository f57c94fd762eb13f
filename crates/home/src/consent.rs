//! Consenting and objecting, signed by the party's own key; in a home, or in a document that is sent on.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::agreement::Document;
use zwerm_agreement::consent::{Consent, Decision};
use zwerm_agreement::diagnostic::{Diagnostics, FaultCode};
use zwerm_agreement::document::with_consents;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_agreement::unseen;

use crate::change::{lacking, suggest};
use crate::error::HomeError;
use crate::load::{self, AgreementTarget, Stored};
use crate::pen::Pen;
use crate::{Home, files};

/// What a party says to an agreement, and when.
#[derive(Debug)]
pub struct PartyWord<'a> {
    /// The agreement: in the home, or a file.
    pub agreement: AgreementTarget,
    /// The id of the party that speaks.
    pub party: &'a str,
    /// Whether it objects; otherwise it consents.
    pub objects: bool,
    /// Why: with consent, this is a concern.
    pub reason: Option<&'a str>,
    /// What would lift an objection.
    pub lifts: Option<&'a str>,
    /// With what the party signs.
    pub pen: Pen,
    /// The day for which it is said whether the agreement is in force.
    pub today: Date,
    /// The moment that the statement names.
    pub now: Timestamp,
}

/// What was said, signed.
#[derive(Debug, Clone, PartialEq)]
pub struct EnteredWord {
    /// The agreement with it.
    pub stored: Stored,
    /// What was said.
    pub consent: Consent,
    /// Why it is not in force now; nothing when it is.
    pub lacking: Vec<Refusal>,
    /// Said when the log did not take it yet.
    pub notice: Option<Text>,
}

impl Home {
    /// Adds a party's signed word to an agreement in the home; when this returns, the disk has it.
    fn consent(&self, id: &str, word: &PartyWord<'_>) -> Result<EnteredWord, HomeError> {
        let _lock = self.lock()?;
        let stored = self.newest(id)?;
        let consent = signed(&stored, word)?;
        let agreement = &stored.document.agreement;
        self.append_consents(&stored, std::slice::from_ref(&consent))?;
        let stored = self.stored(&agreement.id, agreement.version)?;
        let notice = self.enter_said(&stored, word.now);
        Ok(EnteredWord {
            lacking: lacking(&stored, word.today),
            stored,
            consent,
            notice,
        })
    }

    /// Writes consents behind those that an agreement has. The caller holds the lock.
    pub(super) fn append_consents(
        &self,
        stored: &Stored,
        more: &[Consent],
    ) -> Result<(), HomeError> {
        let agreement = &stored.document.agreement;
        let path = self.document_path(&agreement.id, agreement.version);
        let text = fs::read_to_string(&path).map_err(HomeError::at(&path))?;
        files::write(&path, with(&path, &text, more)?.as_bytes())
    }
}

/// Signs what a party says, and adds it to the agreement: in the home, or in its file.
pub fn speak(home: Option<&Home>, word: &PartyWord<'_>) -> Result<EnteredWord, HomeError> {
    match (&word.agreement, home) {
        (AgreementTarget::Id(id), Some(home)) => home.consent(id, word),
        (AgreementTarget::Id(_), None) => Err(HomeError::Internal("an id without a home".into())),
        (AgreementTarget::File(path), _) => {
            let (stored, text) = load::file_with_text(path)?;
            let consent = signed(&stored, word)?;
            let text = with(path, &text, std::slice::from_ref(&consent))?;
            files::write(path, text.as_bytes())?;
            let stored = load::file(path)?;
            Ok(EnteredWord {
                lacking: lacking(&stored, word.today),
                stored,
                consent,
                notice: None,
            })
        }
    }
}

/// A party's word, checked and signed.
fn signed(stored: &Stored, word: &PartyWord<'_>) -> Result<Consent, HomeError> {
    let mut consent = worded(stored, word)?;
    let statement = consent.statement(stored.hash);
    let agreement = &stored.document.agreement;
    consent.signature = word.pen.sign(agreement, &statement, consent.restricts())?;
    Ok(consent)
}

/// A party's word, checked, and without its signature: what is to be signed.
pub fn worded(stored: &Stored, word: &PartyWord<'_>) -> Result<Consent, HomeError> {
    let agreement = &stored.document.agreement;
    if !agreement.seats().any(|seat| seat.id == word.party) {
        return Err(no_seat(stored, word.party).into());
    }
    let words = |text: Option<&str>| {
        text.map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
    };
    let (reason, lifts) = (words(word.reason), words(word.lifts));
    readable(reason.as_deref())?;
    readable(lifts.as_deref())?;
    let decision = match (word.objects, &reason, &lifts) {
        (true, Some(_), Some(_)) => Decision::Object,
        (true, _, _) => return Err(objection_without_reasons()),
        (false, Some(_), _) => Decision::Concern,
        (false, None, _) => Decision::Consent,
    };
    let consents = stored.document.consents.iter();
    let own = consents.filter(|c| c.party == word.party);
    Ok(Consent {
        party: word.party.to_owned(),
        decision,
        reason,
        lifts: lifts.filter(|_| word.objects),
        at: word.pen.moment(own.map(|consent| consent.at), word.now)?,
        signature: None,
    })
}

/// Everybody is to read what a party says: it holds no characters that nobody sees.
pub(crate) fn readable(words: Option<&str>) -> Result<(), HomeError> {
    match words.and_then(unseen::fault) {
        Some(fault) => Err(Diagnostics::from(fault).into()),
        None => Ok(()),
    }
}

/// A document's text with more consents at its end.
fn with(path: &Path, text: &str, more: &[Consent]) -> Result<String, HomeError> {
    let text = with_consents(text, more);
    Document::parse(&path.display().to_string(), &text)?;
    Ok(text)
}

fn no_seat(stored: &Stored, party: &str) -> Refusal {
    let mut refusal = Refusal::new(
        Code::WrongParty,
        Text::new(
            format!("`{party}` zit bij deze afspraak niet aan tafel"),
            format!("`{party}` has no seat at the table of this agreement"),
        ),
        Text::new(
            "noem een partner die aan tafel zit; een leverancier stemt niet in",
            "name a party that sits at the table; a supplier does not consent",
        ),
    );
    suggest(stored, party, &mut refusal);
    refusal
}

fn objection_without_reasons() -> HomeError {
    HomeError::usage(
        FaultCode::Missing,
        Text::new(
            "een overwegend bezwaar heeft redenen en zegt wat zou helpen",
            "an objection that blocks has reasons and says what would lift it",
        ),
        Text::new(
            "zeg waarom (`--reason`), en wat het zou opheffen (`--lifts`)",
            "say why (`--reason`), and what would lift it (`--lifts`)",
        ),
    )
}
