//! `zwerm verify`: a receipt, or a log against an older checkpoint; no home is needed.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::ledger::verify::{self, Broken, Growth};
use zwerm_app::types::home::{note_words, read_public_key, read_witness};
use zwerm_app::types::ledger::entry::EntryKind;
use zwerm_app::types::ledger::note::{Checkpoint, LogWitness};
use zwerm_app::types::ledger::receipt::{Fault, Receipt, ReceiptVerdict};

use crate::context::Context;
use crate::{help, output};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "verify",
        lang,
        help::Help {
            about: Text::new(
                "Ga een controlebewijs na, of een logboek tegen een ouder controlepunt, zonder huis of internet.\n\
                 Afsluitcode 2 als iets niet klopt.",
                "Verify a receipt, or a log against an older checkpoint, without a home or the internet.\n\
                 Exit code 2 when something is wrong.",
            ),
            usage: Text::new(
                "zwerm verify CONTROLEBEWIJS --key BESTAND\n       \
                 zwerm verify --log MAP --since CONTROLEPUNT|CONTROLEBEWIJS [--key BESTAND]",
                "zwerm verify RECEIPT --key FILE\n       \
                 zwerm verify --log DIR --since CHECKPOINT|RECEIPT [--key FILE]",
            ),
            example: "zwerm verify receipt.json --key log.pub\n\
                      zwerm verify --log zwerm-home/ledger/public --since receipt.json --key log.pub",
        },
    )
    .arg(receipt(lang))
    .arg(key(lang))
    .args([published_log(lang), since(lang)])
    .arg(witness(lang))
}

fn receipt(lang: Lang) -> Arg {
    let text = Text::new(
        "het bestand van `zwerm ask --receipt`",
        "the file of `zwerm ask --receipt`",
    );
    help::positional("receipt", ("CONTROLEBEWIJS", "RECEIPT"), lang, &text)
        .value_parser(value_parser!(PathBuf))
        .required_unless_present("log")
        .required(false)
        .conflicts_with("log")
}

fn key(lang: Lang) -> Arg {
    let text = Text::new(
        "de publieke sleutel van het logboek (bij `--log` anders die in de map)",
        "the public key of the log (with `--log`, else the one in the folder)",
    );
    file("key", lang, text).required_unless_present("log")
}

fn published_log(lang: Lang) -> Arg {
    let text = Text::new(
        "een uitgegeven logboek: de map met `checkpoint` en `tile`",
        "a published log: the folder with `checkpoint` and `tile`",
    );
    file("log", lang, text)
        .value_name(help::word(lang, "MAP", "DIR"))
        .requires("since")
}

fn since(lang: Lang) -> Arg {
    let text = Text::new(
        "een ouder controlepunt, of een controlebewijs",
        "an older checkpoint, or a receipt",
    );
    file("since", lang, text).requires("log")
}

fn witness(lang: Lang) -> Arg {
    let text = Text::new(
        "de publieke sleutel van een getuige die meegetekend moet hebben; mag vaker",
        "the public key of a witness that must have signed too; may be repeated",
    );
    file("witness", lang, text).action(ArgAction::Append)
}

/// An option that names a file.
fn file(id: &'static str, lang: Lang, text: Text) -> Arg {
    help::option(id, lang, text)
        .value_name(help::word(lang, "BESTAND", "FILE"))
        .value_parser(value_parser!(PathBuf))
}

/// Verifies a receipt, or how a log grew.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let path = |id: &str| matches.get_one::<PathBuf>(id);
    let key = match (path("key"), path("log")) {
        (Some(key), _) => read_public_key(key)?,
        (None, Some(log)) => read_public_key(&log.join("log.pub"))?,
        (None, None) => return Ok(()),
    };
    let mut witnesses: Vec<LogWitness> = Vec::new();
    for file in matches.get_many::<PathBuf>("witness").into_iter().flatten() {
        witnesses.push(read_witness(file)?);
    }
    match (path("receipt"), path("log"), path("since")) {
        (Some(receipt), _, _) => {
            let verdict = verify::receipt(receipt, &key, &witnesses)?;
            tell_receipt(&verdict, context)
        }
        (None, Some(log), Some(since)) => {
            let growth = verify::growth(log, since, &key, &witnesses)?;
            tell_growth(&growth, &witnesses, context)
        }
        _ => Ok(()),
    }
}

fn tell_receipt(verdict: &ReceiptVerdict, context: &Context) -> Result<(), AppError> {
    let verified = verdict.faults.is_empty();
    output::print(
        context,
        || receipt_table(verdict, context.lang),
        || {
            let faults = verdict
                .faults
                .iter()
                .map(|f| fault(f).get(context.lang).to_owned());
            json!({
                "verified": verified,
                "faults": faults.collect::<Vec<_>>(),
                "log": verdict.checkpoint.as_ref().map(|c| &c.origin),
                "size": verdict.checkpoint.as_ref().map(|c| c.size),
                "index": verdict.receipt.index,
                "question": verdict.receipt.question,
                "entry": verdict.receipt.entry,
                "answer": verdict.receipt.answer,
                "cosigned": verdict.checkpoint.as_ref().map(cosigned),
            })
        },
    )?;
    if verified {
        Ok(())
    } else {
        Err(AppError::Reported)
    }
}

fn cosigned(checkpoint: &Checkpoint) -> serde_json::Value {
    let all = checkpoint.cosigned.iter();
    all.map(|c| json!({ "witness": c.witness, "time": c.time }))
        .collect()
}

fn receipt_table(verdict: &ReceiptVerdict, lang: Lang) -> String {
    let receipt = &verdict.receipt;
    let mut text = String::new();
    if !verdict.faults.is_empty() {
        not_in_order(&mut text, &verdict.faults, lang);
        return text;
    }
    let verified = Text::new("In orde. Nagegaan is:", "In order. Verified is that:");
    line(&mut text, lang, &verified);
    if let Some(checkpoint) = &verdict.checkpoint {
        signed_by(&mut text, checkpoint, lang);
    }
    let index = receipt.index;
    let in_log = [
        Text::new(
            format!("  - regel {index} daarvan is dit antwoord, op deze vraag"),
            format!("  - entry {index} of these is this answer, to this question"),
        ),
        Text::new(
            "  - het antwoord in dit bestand is het antwoord dat toen is gegeven, cijfer voor cijfer",
            "  - the answer in this file is the one that was given then, figure by figure",
        ),
    ];
    for words in &in_log {
        line(&mut text, lang, words);
    }
    contents(&mut text, receipt, lang);
    line(&mut text, lang, &not_verified());
    text
}

fn line(text: &mut String, lang: Lang, words: &Text) {
    let _ = writeln!(text, "{}", words.get(lang));
}

fn not_in_order(text: &mut String, faults: &[Fault], lang: Lang) {
    line(text, lang, &Text::new("NIET IN ORDE:", "NOT IN ORDER:"));
    for found in faults {
        let _ = writeln!(text, "  - {}", fault(found).get(lang));
    }
    let warning = Text::new(
        "Vertrouw dit controlebewijs niet.",
        "Do not trust this receipt.",
    );
    line(text, lang, &warning);
}

/// The log that signed the checkpoint, and the witnesses that signed too.
fn signed_by(text: &mut String, checkpoint: &Checkpoint, lang: Lang) {
    let (origin, size) = (&checkpoint.origin, checkpoint.size);
    let signed = Text::new(
        format!("  - het logboek `{origin}` tekende voor {size} regels"),
        format!("  - the log `{origin}` signed for {size} entries"),
    );
    line(text, lang, &signed);
    for cosigned in &checkpoint.cosigned {
        let witness = &cosigned.witness;
        let signed_too = Text::new(
            format!("  - getuige `{witness}` tekende mee"),
            format!("  - the witness `{witness}` signed too"),
        );
        line(text, lang, &signed_too);
    }
}

/// What the receipt says: who asked what, when, under which agreement and from which release.
fn contents(text: &mut String, receipt: &Receipt, lang: Lang) {
    line(text, lang, &Text::new("Er staat:", "It says:"));
    if let EntryKind::Question { party, purpose, .. } = &receipt.question.what {
        let asked = &receipt.asked;
        let question = Text::new(
            format!("  - `{party}` vroeg, voor `{purpose}`: {asked}"),
            format!("  - `{party}` asked, for `{purpose}`: {asked}"),
        );
        line(text, lang, &question);
    }
    let (agreement, time) = (receipt.entry.agreement, receipt.entry.time);
    let under = Text::new(
        format!("  - op {time}, onder de afspraak met hash {agreement}"),
        format!("  - at {time}, under the agreement with hash {agreement}"),
    );
    line(text, lang, &under);
    if let EntryKind::Answer { release, rules, .. } = &receipt.entry.what {
        let rules = rules.len();
        let from = Text::new(
            format!("  - uit de uitgave met hash {release}"),
            format!("  - from the release with hash {release}"),
        );
        let enforced = Text::new(
            format!("  - de machine bewaakte {rules} voorwaarden; `--json` noemt ze"),
            format!("  - the machine enforced {rules} conditions; `--json` names them"),
        );
        line(text, lang, &from);
        line(text, lang, &enforced);
    }
}

/// What no receipt can show.
fn not_verified() -> Text {
    Text::new(
        "Niet nagegaan, want dat kan een controlebewijs niet tonen:\n  \
         - of de gegevens klopten die partners leverden\n  \
         - of anderen hetzelfde logboek zien: bewaar dit bestand, en ga later na of het logboek alleen is gegroeid\n    \
         (`zwerm verify --log MAP --since DIT-BESTAND --key log.pub`)\n  \
         - wat er in de afspraak staat: `zwerm agreement show` toont de hash van een afspraak",
        "Not verified, since no receipt can show it:\n  \
         - whether the data were right that parties delivered\n  \
         - whether others see the same log: keep this file, and check later that the log has only grown\n    \
         (`zwerm verify --log DIR --since THIS-FILE --key log.pub`)\n  \
         - what the agreement says: `zwerm agreement show` shows an agreement's hash",
    )
}

fn fault(fault: &Fault) -> Text {
    match fault {
        Fault::Checkpoint(error) => note_words(error),
        Fault::NotInLog(_) => Text::new(
            "het logboek waarvoor getekend is, heeft deze regel niet op die plaats",
            "the log that was signed does not have this entry in that place",
        ),
        Fault::Proof => Text::new(
            "het bewijs bestaat niet uit hashes",
            "the proof is not made of hashes",
        ),
        Fault::NoAnswer => Text::new(
            "de regel is niet die van een antwoord",
            "the entry is not that of an answer",
        ),
        Fault::OtherQuestion => Text::new(
            "de vraag is niet die waarop geantwoord is",
            "the question is not the one that was answered",
        ),
        Fault::OtherAnswer => Text::new(
            "het antwoord, of de vraag voluit, is niet wat er is ingeschreven",
            "the answer, or the question in full, is not what was entered",
        ),
        Fault::NotWitnessed(name) => Text::new(
            format!("getuige `{name}` tekende dit controlepunt niet mee"),
            format!("the witness `{name}` did not sign this checkpoint"),
        ),
    }
}

fn tell_growth(
    growth: &Growth,
    witnesses: &[LogWitness],
    context: &Context,
) -> Result<(), AppError> {
    let (old, new) = (
        growth.old.size,
        growth.new.as_ref().map_or(0, |new| new.size),
    );
    let seen = growth.new.as_ref().map_or(&[][..], |new| &new.cosigned);
    let missing: Vec<&str> = witnesses
        .iter()
        .filter(|w| !seen.iter().any(|c| c.witness == w.name()))
        .map(LogWitness::name)
        .collect();
    let verified = growth.verdict.is_ok() && missing.is_empty();
    let words = growth_words(&growth.verdict, old, new);
    output::print(
        context,
        || {
            let mut text = format!("{}\n", context.say(&words));
            for name in &missing {
                let words = fault(&Fault::NotWitnessed((*name).to_owned()));
                let _ = writeln!(text, "  - {}", context.say(&words));
            }
            text
        },
        || {
            json!({
                "verified": verified,
                "old_size": old,
                "new_size": growth.new.as_ref().map(|new| new.size),
                "said": context.say(&words),
                "cosigned": growth.new.as_ref().map(cosigned),
                "not_cosigned": missing,
            })
        },
    )?;
    if verified {
        Ok(())
    } else {
        Err(AppError::Reported)
    }
}

fn growth_words(verdict: &Result<(), Broken>, old: u64, new: u64) -> Text {
    match verdict {
        Ok(()) => Text::new(
            format!(
                "In orde: het logboek had {old} regels en heeft er nu {new}; de eerste {old} zijn dezelfde."
            ),
            format!(
                "In order: the log had {old} entries and has {new} now; the first {old} are the same."
            ),
        ),
        Err(Broken::Shrunk) => Text::new(
            format!(
                "NIET IN ORDE: het logboek had {old} regels en heeft er nu {new}. Een logboek krimpt nooit."
            ),
            format!(
                "NOT IN ORDER: the log had {old} entries and has {new} now. A log never shrinks."
            ),
        ),
        Err(Broken::Changed) => Text::new(
            format!(
                "NIET IN ORDE: de eerste {old} regels zijn niet meer dezelfde. Het logboek is herschreven."
            ),
            format!(
                "NOT IN ORDER: the first {old} entries are not the same any more. The log was rewritten."
            ),
        ),
        Err(Broken::Files(error)) => Text::new(
            format!(
                "NIET IN ORDE: het controlepunt klopt niet, of de bestanden zijn er niet van ({}).",
                error.nl
            ),
            format!(
                "NOT IN ORDER: the checkpoint is wrong, or the files are not those of it ({}).",
                error.en
            ),
        ),
    }
}
