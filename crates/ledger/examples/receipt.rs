//! Prints the key of a made-up log and two receipts of it, for whoever writes a verifier of their own:
//! `cargo run -p zwerm-ledger --example receipt`.
//!
//! One line of JSON: `{"key": …, "receipts": [file, …]}`, the same each time. The first receipt is of an answer with
//! every kind of number and text that JSON has; the second is proved in a larger tree.

use std::error::Error;

use serde_json::{Value, json};
use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest, commitment};
use zwerm_ledger::log::Log;
use zwerm_ledger::note::LogKey;
use zwerm_ledger::receipt::{Content, Receipt, answered, question_hash, verify};

const ASKED: &str =
    "SELECT wijk, units() FROM huishoudens WHERE naam <> 'a\u{e9}\u{1f41d}\"\\' GROUP BY wijk";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let key = LogKey::from_seed("example.nl/log", &[7; 32])?;
    let log = Log::create(FileDisk::new(folder.path()), key.clone())?;
    let mut files = Vec::new();
    for (round, more) in [(1, 2), (2, 34)] {
        log.append(&filler(round, more)?)?;
        let file = receipt(&log, round)?;
        let verdict = verify(&file, &key.verifier(), &[])?;
        if !verdict.faults.is_empty() {
            return Err(format!("{:?}", verdict.faults).into());
        }
        files.push(String::from_utf8(file)?);
    }
    println!(
        "{}",
        json!({ "key": key.verifier().to_string(), "receipts": files })
    );
    Ok(())
}

fn entry(what: EntryKind) -> Result<Entry, Box<dyn Error>> {
    Ok(Entry {
        time: "2026-03-01T12:00:00.25Z".parse()?,
        agreement: Sha256Digest::of(b"the agreement"),
        what,
    })
}

/// Other entries, so that a proof has something to prove.
fn filler(round: u32, count: u32) -> Result<Vec<Entry>, Box<dyn Error>> {
    let release = |number: u32| EntryKind::DataRelease {
        view: format!("view-{round}-{number}"),
        release: Sha256Digest::of(b"the cells"),
    };
    (0..count).map(|number| entry(release(number))).collect()
}

fn answer(round: u32) -> Value {
    json!({
        "columns": [
            {"name": "wijk", "kind": "dimension", "quantity": null, "label": "Wijk"},
            {"name": "units", "kind": "count", "quantity": null, "label": "Huishoudens"},
            {"name": "avg", "kind": "number", "quantity": "EUR", "label": "Gemiddelde \u{20ac}"},
        ],
        "rows": [
            {"wijk": "Centrum \u{e9}\u{1f41d} <b>", "units": 40 * round, "avg": 31_250.5},
            {"wijk": "Noord", "units": null, "avg": 1e21},
            {"wijk": null, "units": 120, "avg": -0.000_000_15},
        ],
        "protected": [{"row": 1, "column": "units"}],
        "totals": [{"row": 2, "column": "wijk"}],
        "notes": ["a line\nbreak and a \u{7f} and \u{2028}"],
        "__proto__": {"\u{20ac}": 1, "\u{1f41d}": 2, "\u{fb33}": 3, "10": 4, "9": 5},
    })
}

fn receipt(log: &Log, round: u32) -> Result<Vec<u8>, Box<dyn Error>> {
    let question = entry(EntryKind::Question {
        party: "gemeente".into(),
        purpose: "woonlasten".into(),
        view: "huishoudens".into(),
        plan: format!("units() group by wijk limit {round}"),
    })?;
    let salt = Sha256Digest::of(&round.to_be_bytes()).0;
    let answer = answer(round);
    let given = entry(EntryKind::Answer {
        question: question_hash(&question)?,
        release: Sha256Digest::of(b"the cells"),
        rules: vec!["view.huishoudens.smallest".into()],
        answer: commitment(&salt, &answered(ASKED, &answer)?),
    })?;
    let appended = log.append(&[question.clone(), given.clone()])?;
    let content = Content {
        question,
        entry: given,
        asked: ASKED.into(),
        answer,
        salt,
    };
    let receipt = Receipt::new(content, &appended).ok_or("nothing was appended")?;
    Ok(receipt.to_bytes()?)
}
