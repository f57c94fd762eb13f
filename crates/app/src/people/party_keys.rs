//! A party's private key: made and kept by the party, never in a home.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;
use zwerm_agreement::diagnostic::{Diagnostic, FaultCode};
use zwerm_agreement::signature::{PartyKey, SaidError, SignedStatement};
use zwerm_agreement::text::Text;
use zwerm_home::{Home, files};

use crate::error::AppError;

/// Bytes of a key's file at most: more is another file.
const LONGEST: u64 = 4096;
/// Bytes of a text to be signed at most.
const LONGEST_TEXT: u64 = 1 << 16;

/// Makes a key of the system's randomness, in a file that only its owner may read.
pub fn make_key(path: &Path) -> Result<PartyKey, AppError> {
    if Home::holds(path) {
        return Err(in_a_home(path));
    }
    let key = PartyKey::from_seed(&*files::random(path)?);
    let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(key.secret())));
    files::write_private(path, text.as_bytes(), || exists(path))?;
    Ok(key)
}

/// Reads a key; lines that begin with `#` are for people.
pub fn read_key(path: &Path) -> Result<PartyKey, AppError> {
    zwerm_home::files::is_there(path)?;
    let size = fs::metadata(path).map_err(AppError::at(path))?.len();
    if size > LONGEST {
        return Err(no_key(path));
    }
    let bytes = Zeroizing::new(fs::read(path).map_err(AppError::at(path))?);
    let text = std::str::from_utf8(&bytes).map_err(|_| no_key(path))?;
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with('#'));
    PartyKey::parse(line.unwrap_or_default()).map_err(|_| no_key(path))
}

/// What was signed, and by which key.
#[derive(Debug)]
pub struct SignedText {
    /// What it says.
    pub said: SignedStatement,
    /// The key's public half.
    pub public_key: String,
    /// The signature, in base64.
    pub signature: String,
}

/// Signs the text in a file, which must be what a party signs, byte by byte.
pub fn sign(file: &Path, key: &Path) -> Result<SignedText, AppError> {
    zwerm_home::files::is_there(file)?;
    let size = fs::metadata(file).map_err(AppError::at(file))?.len();
    if size > LONGEST_TEXT {
        return Err(no_statement(
            file,
            &SaidError::Unread(format!("{size} bytes")),
        ));
    }
    let bytes = fs::read(file).map_err(AppError::at(file))?;
    let text = String::from_utf8(bytes);
    let text = text.map_err(|_| no_statement(file, &SaidError::Unread("no UTF-8".into())))?;
    let said = SignedStatement::parse(&text).map_err(|error| no_statement(file, &error))?;
    let key = read_key(key)?;
    let signature = key.sign(&said.statement());
    Ok(SignedText {
        signature: signature.map_err(|error| AppError::Internal(error.to_string()))?,
        public_key: key.public().to_string(),
        said,
    })
}

fn no_statement(file: &Path, error: &SaidError) -> AppError {
    let what = match error {
        SaidError::Unread(why) => Text::new(
            format!("dit is geen besluit over een afspraak ({why})"),
            format!("this is no decision about an agreement ({why})"),
        ),
        SaidError::Decision(found) => Text::new(
            format!("`{found}` is geen besluit"),
            format!("`{found}` is no decision"),
        ),
        SaidError::Agreement(found) => Text::new(
            format!("`{found}` is niet de hash van een afspraak"),
            format!("`{found}` is not the hash of an agreement"),
        ),
        SaidError::NotCanonical => Text::new(
            "de tekst is anders opgeschreven dan hij wordt ondertekend, met andere spaties of tekens",
            "the text was written in another way than it is signed, with other spaces or signs",
        ),
    };
    AppError::from(vec![
        Diagnostic::new(
            FaultCode::Unreadable,
            what,
            Text::new(
                "kopieer precies de tekst die de site toont, en niets anders",
                "copy exactly the text that the site shows, and nothing else",
            ),
        )
        .at(file.display().to_string()),
    ])
}

fn in_a_home(path: &Path) -> AppError {
    let shown = path.display();
    AppError::usage(
        FaultCode::NotPermitted,
        Text::new(
            format!("`{shown}` ligt in een huis; daar komt nooit een geheime sleutel"),
            format!("`{shown}` lies in a home; no private key ever comes there"),
        ),
        Text::new(
            "kies een plek die alleen van uw partner is",
            "choose a place that is your party's only",
        ),
    )
}

fn exists(path: &Path) -> AppError {
    let shown = path.display();
    AppError::usage(
        FaultCode::Exists,
        Text::new(
            format!("`{shown}` is er al; een sleutel wordt nooit overschreven"),
            format!("`{shown}` is there already; a key is never overwritten"),
        ),
        Text::new(
            "kies een andere naam; wie zijn sleutel verliest, kan niet meer tekenen onder deze afspraak",
            "choose another name; whoever loses a key cannot sign under this agreement any more",
        ),
    )
}

fn no_key(path: &Path) -> AppError {
    AppError::from(vec![
        Diagnostic::new(
            FaultCode::Unreadable,
            Text::new(
                "dit is geen geheime sleutel van een partner",
                "this is no private key of a party",
            ),
            Text::new(
                "maak er een met `zwerm party key new BESTAND`",
                "make one with `zwerm party key new FILE`",
            ),
        )
        .at(path.display().to_string()),
    ])
}
