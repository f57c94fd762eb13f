//! `zwerm ledger`: the public log, shown and checked.

pub(crate) mod verify;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{ArgMatches, Command, value_parser};
use serde_json::{Value, json};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::ledger::checked::{self, LogCheck};
use zwerm_app::ledger::rolled_back;
use zwerm_app::ledger::show::{Apart, CheckedLog, EntrySelection, LoggedEntry, check_all, show};
use zwerm_app::types::home::{Home, note_words};
use zwerm_app::types::ledger::check::{Disorder, Finding};
use zwerm_app::types::ledger::entry::EntryError;
use zwerm_app::words::entry::{words, words_of_other};
use zwerm_app::words::number::number;

use crate::context::{Context, OutputFormat};
use crate::{help, output, work};

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "ledger",
        lang,
        help::Help {
            about: Text::new(
                "Het openbare logboek: wat er is afgesproken, gevraagd, beantwoord en geweigerd.",
                "The public log: what was agreed, asked, answered and refused.",
            ),
            usage: Text::new("zwerm ledger OPDRACHT", "zwerm ledger COMMAND"),
            example: "zwerm ledger show --kind answer\nzwerm ledger check",
        },
    )
    .subcommand_required(true)
    .arg_required_else_help(true)
    .subcommand(show_command(lang))
    .subcommand(check_command(lang))
}

fn show_command(lang: Lang) -> Command {
    let since = Text::new(
        "vanaf deze regel; de eerste is 0",
        "from this entry on; the first is 0",
    );
    let kind = Text::new(
        "alleen deze soort, zoals `answer`",
        "this kind only, such as `answer`",
    );
    help::command(
        "show",
        lang,
        help::Help {
            about: Text::new(
                "Toon de regels, de oudste eerst.",
                "Show the entries, the oldest first.",
            ),
            usage: Text::new(
                "zwerm ledger show [--since NUMMER] [--kind SOORT]",
                "zwerm ledger show [--since NUMBER] [--kind KIND]",
            ),
            example: "zwerm ledger show --since 100 --kind refusal",
        },
    )
    .arg(
        help::option("since", lang, since)
            .value_name(help::word(lang, "NUMMER", "NUMBER"))
            .value_parser(value_parser!(u64)),
    )
    .arg(help::option("kind", lang, kind).value_name(help::word(lang, "SOORT", "KIND")))
}

fn check_command(lang: Lang) -> Command {
    help::command(
        "check",
        lang,
        help::Help {
            about: Text::new(
                "Kijk het hele logboek na: elke byte, en of alles zo gebeurd kan zijn. Er verandert niets aan.\n\
                 Afsluitcode 2 als er iets niet klopt.",
                "Check the whole log: every byte, and whether all of it could happen so. Nothing of it is changed.\n\
                 Exit code 2 when something is wrong.",
            ),
            usage: Text::new(
                "zwerm ledger check [--home MAP]",
                "zwerm ledger check [--home DIR]",
            ),
            example: "zwerm ledger check",
        },
    )
}

pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    match matches.subcommand() {
        Some(("show", matches)) => show_entries(matches, context),
        _ => check(context),
    }
}

fn show_entries(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let wanted = EntrySelection {
        since: matches.get_one("since").copied().unwrap_or(0),
        kind: matches.get_one("kind").cloned(),
    };
    show(&context.home, &wanted, &mut |shown| match context.format {
        OutputFormat::Json => output::write_json(&wire(&shown)),
        OutputFormat::Table => output::write(&line(&shown, context.lang)),
    })
}

/// One line per entry, so that a long log can be read by a program as it comes.
fn wire(shown: &LoggedEntry) -> Value {
    match &shown.entry {
        Ok(entry) => json!({ "index": shown.index, "entry": entry }),
        Err(error) => json!({ "index": shown.index, "error": error.to_string() }),
    }
}

fn line(shown: &LoggedEntry, lang: Lang) -> String {
    let index = shown.index;
    match &shown.entry {
        Ok(entry) => {
            let time = entry.time.strftime("%Y-%m-%d %H:%M");
            format!("{index:>6}  {time}  {}\n", words(&entry.what).get(lang))
        }
        Err(EntryError::OtherKind { kind, time }) => {
            let time = time.strftime("%Y-%m-%d %H:%M");
            format!("{index:>6}  {time}  {}\n", words_of_other(kind).get(lang))
        }
        Err(error) => format!("{index:>6}  {error}\n"),
    }
}

fn check(context: &Context) -> Result<(), AppError> {
    let checked = {
        let watcher = work::Watcher::new(context.lang);
        check_all(&context.home, &mut |entries| watcher.checked(entries))?
    };
    let mut findings = findings(&checked);
    let home = Home::to_look_at(&context.home)?;
    let missing = work::run(async { Ok(rolled_back::missing_in(&home).await) })?;
    findings.extend(missing.map(|index| ("registry".to_owned(), rolled_back::words(index))));
    let seen = LogCheck {
        at: context.now,
        entries: checked.report.size,
        in_order: findings.is_empty(),
    };
    checked::write(&context.home, &seen);
    output::print(
        context,
        || table(&checked, &findings, context),
        || wire_checked(&checked, &findings, context.lang),
    )?;
    if findings.is_empty() {
        Ok(())
    } else {
        Err(AppError::Reported)
    }
}

/// All that a check found: where, and what.
pub(crate) fn findings(checked: &CheckedLog) -> Vec<(String, Text)> {
    let in_log = checked.report.findings.iter().map(finding);
    in_log.chain(checked.apart.iter().map(apart)).collect()
}

/// What a check found, for programs.
pub(crate) fn wire_checked(checked: &CheckedLog, findings: &[(String, Text)], lang: Lang) -> Value {
    let report = &checked.report;
    let all = findings.iter();
    let all = all.map(|(place, what)| json!({ "place": place, "what": what.get(lang) }));
    json!({
        "log": checked.key.name(),
        "size": report.size,
        "root": report.checkpoint.as_ref().map(|c| c.root.to_string()),
        "kinds": report.kinds,
        "other_kinds": report.other_kinds,
        "in_order": findings.is_empty(),
        "findings": all.collect::<Vec<_>>(),
    })
}

/// What a check found, for people.
pub(crate) fn table(
    checked: &CheckedLog,
    findings: &[(String, Text)],
    context: &Context,
) -> String {
    let report = &checked.report;
    let size = number(report.size as f64, 0, context.lang);
    let head = Text::new(
        format!("Logboek `{}`: {size} regels", checked.key.name()),
        format!("Log `{}`: {size} entries", checked.key.name()),
    );
    let mut text = format!("{}\n", context.say(&head));
    let rows = report.kinds.iter();
    let rows = rows.map(|(kind, n)| vec![format!("  {kind}"), number(*n as f64, 0, context.lang)]);
    text.push_str(&output::columns(&rows.collect::<Vec<_>>()));
    text.push_str(&other_kinds(&report.other_kinds, context));
    if findings.is_empty() {
        let words = Text::new(
            "Alles klopt: elke byte van elk bestand, de volgorde, en de handtekening eronder.\n\
             Dit toont niet of anderen hetzelfde logboek zien: vergelijk het met een ouder controlepunt of controlebewijs\n\
             (`zwerm verify --log MAP --since BESTAND --key log.pub`).\n",
            "All is in order: every byte of every file, the sequence, and the signature under it.\n\
             This does not show whether others see the same log: compare it with an older checkpoint or receipt\n\
             (`zwerm verify --log DIR --since FILE --key log.pub`).\n",
        );
        text.push_str(context.say(&words));
        return text;
    }
    let count = findings.len();
    let words = Text::new(
        format!("Dit klopt niet ({count}):"),
        format!("This is not in order ({count}):"),
    );
    let _ = writeln!(text, "{}", context.say(&words));
    for (place, what) in findings {
        let _ = writeln!(text, "  - {place}: {}", context.say(what));
    }
    text
}

/// Entries of kinds that only a newer program knows: counted and hashed, and said aloud, since nothing else is known of them.
fn other_kinds(kinds: &BTreeMap<String, u64>, context: &Context) -> String {
    if kinds.is_empty() {
        return String::new();
    }
    let rows = kinds.iter();
    let rows = rows.map(|(kind, n)| vec![format!("  {kind}"), number(*n as f64, 0, context.lang)]);
    let words = Text::new(
        "Van een soort die dit programma niet kent (ze staan vast in het logboek; of ze zo gebeurd kunnen zijn, beoordeelt een nieuwer programma):",
        "Of a kind that this program does not know (they are fixed in the log; whether they could happen so is for a newer program to judge):",
    );
    let rows = output::columns(&rows.collect::<Vec<_>>());
    format!("{}\n{rows}", context.say(&words))
}

/// What is in one of two places only.
fn apart(apart: &Apart) -> (String, Text) {
    match apart {
        Apart::OnlyInHome(entry) => {
            let Text { nl, en } = words(&entry.what);
            (
                "agreements".into(),
                Text::new(
                    format!(
                        "{nl}: staat in het huis en niet in het logboek; de volgende vraag of wijziging schrijft het in"
                    ),
                    format!(
                        "{en}: stands in the home and not in the log; the next question or change enters it"
                    ),
                ),
            )
        }
        Apart::OnlyInLog(index, entry) => {
            let Text { nl, en } = words(&entry.what);
            (
                format!("#{index}"),
                Text::new(
                    format!(
                        "{nl}: staat in het logboek en niet zo in het huis; iemand haalde het weg of veranderde het"
                    ),
                    format!(
                        "{en}: stands in the log and not so in the home; somebody took it away or changed it"
                    ),
                ),
            )
        }
    }
}

/// Where something is wrong in a log, and what.
fn finding(finding: &Finding) -> (String, Text) {
    let entry = |index: &u64| format!("#{index}");
    match finding {
        Finding::Checkpoint(error) => ("checkpoint".into(), note_words(error)),
        Finding::Missing(path) => (path.clone(), Text::new("is er niet", "is not there")),
        Finding::Differs(path) => (
            path.clone(),
            Text::new(
                "is niet wat de regels ervan maken: iemand veranderde het, of het is beschadigd",
                "is not what the entries make: somebody changed it, or it is damaged",
            ),
        ),
        Finding::Beyond(path) => (
            path.clone(),
            Text::new(
                "gaat verder dan het controlepunt: dat is ouder dan het logboek",
                "goes on after the checkpoint, which is older than the log",
            ),
        ),
        Finding::Unpublished(entries) => ("wal".into(), unpublished(*entries)),
        Finding::Torn(bytes) => ("wal".into(), torn(*bytes)),
        Finding::Stray(path) => (
            path.clone(),
            Text::new("hoort niet bij een logboek", "is no part of a log"),
        ),
        Finding::Entry { index, error } => (
            entry(index),
            Text::new(
                format!("deze regel is niet te lezen ({error})"),
                format!("this entry cannot be read ({error})"),
            ),
        ),
        Finding::Root => (
            "checkpoint".into(),
            Text::new(
                "de regels zijn niet die waar onder getekend is",
                "the entries are not those that were signed",
            ),
        ),
        Finding::Order { index, what } => (entry(index), disorder(*what)),
    }
}

fn unpublished(entries: u64) -> Text {
    Text::new(
        format!(
            "heeft {entries} regels die nog niet zijn uitgegeven, zoals na een storing; het openen van het huis herstelt dat"
        ),
        format!(
            "has {entries} entries that are not published yet, as after a crash; opening the home mends it"
        ),
    )
}

fn torn(bytes: usize) -> Text {
    Text::new(
        format!(
            "eindigt met {bytes} bytes die geen regel zijn, zoals na een storing; het openen van het huis herstelt dat"
        ),
        format!(
            "ends in {bytes} bytes that are no entry, as after a crash; opening the home mends it"
        ),
    )
}

/// What cannot have happened in this sequence.
fn disorder(what: Disorder) -> Text {
    match what {
        Disorder::NotInForce => Text::new(
            "de afspraak was toen niet van kracht",
            "the agreement was not in force then",
        ),
        Disorder::NoQuestion => {
            Text::new("een antwoord zonder vraag", "an answer without a question")
        }
        Disorder::NoRelease => Text::new(
            "een antwoord uit een uitgave die er niet staat",
            "an answer from a release that was not entered",
        ),
        Disorder::Replaced => Text::new(
            "een versie die al vervangen was, wordt van kracht",
            "a version that was replaced comes into force",
        ),
        Disorder::NoSuccessor => Text::new(
            "vervangen door iets wat geen latere versie is die van kracht werd",
            "replaced by what is no later version that came into force",
        ),
        Disorder::Otherwise => Text::new(
            "de afspraak werd eerder van kracht met een andere naam, andere dagen of een andere tijdzone",
            "the agreement came into force before with another name, other days or another time zone",
        ),
        Disorder::UnknownZone => Text::new(
            "de dagen zijn van een tijdzone die dit programma niet kent",
            "the days are of a time zone that this program does not know",
        ),
    }
}
