//! A complete agreement, for documentation and tests; households and organisations in it are made up.
//!
//! It also has the keys of made-up parties, with which samples and examples are signed.

use crate::diagnostic::Diagnostics;

use crate::agreement::Document;
use crate::consent::Consent;
use crate::digest::Digest;
use crate::document::Value;
use crate::signature::PartyKey;

/// The agreement as TOML, with a consent of each of its parties.
pub const AGREEMENT: &str = include_str!("sample.toml");

/// The key of a made-up party. Everybody can make this key, so it proves nothing; it is for samples, examples and
/// tests.
///
/// ```
/// use zwerm_agreement::sample::made_up_key;
/// assert_ne!(made_up_key("corporatie").public(), made_up_key("gemeente").public());
/// ```
#[must_use]
pub fn made_up_key(party: &str) -> PartyKey {
    PartyKey::from_seed(&Digest::of(format!("zwerm made-up party {party}")).to_bytes())
}

/// The text of a document in which made-up parties signed each `[[consent]]` of theirs, whatever signature it had.
///
/// What a party with another key than its made-up one says is left as it is.
///
/// # Errors
/// The document's faults.
///
/// ```
/// use zwerm_agreement::{agreement::Document, sample};
/// let text = sample::signed(sample::AGREEMENT)?;
/// let document = Document::parse("a", &text)?;
/// assert!(document.consents.iter().any(|consent| consent.signature.is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn signed(text: &str) -> Result<String, Diagnostics> {
    let document = Document::parse("sample", text)?;
    let (agreement, hash) = (&document.agreement, document.agreement.hash());
    let signature = |consent: &Consent| {
        let key = made_up_key(&consent.party);
        let own = agreement.find_party(&consent.party)?.public_key.as_ref()?;
        let made_up = *own == key.public().to_string();
        key.sign(&consent.statement(*hash.as_ref().ok()?))
            .ok()
            .filter(|_| made_up)
    };
    let mut signatures = document.consents.iter().map(signature);
    let mut signed = String::new();
    let mut here: Option<String> = None;
    for line in text.lines() {
        if line.starts_with('[') || line.is_empty() {
            close(&mut signed, here.take());
        }
        if line.trim() == "[[consent]]" {
            here = signatures.next().flatten();
        }
        if here.is_none() || !line.starts_with("signature") {
            signed.push_str(line);
            signed.push('\n');
        }
    }
    close(&mut signed, here);
    Ok(signed)
}

fn close(text: &mut String, signature: Option<String>) {
    if let Some(signature) = signature {
        let signature = Value::from(signature);
        text.push_str(&format!("signature = {}\n", signature.as_str()));
    }
}
