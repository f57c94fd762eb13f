//! `zwerm backup` and `zwerm restore`: a copy of a whole home in one file, and a home from it.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use serde_json::{Value, json};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::keep::backup::{
    BackedUpRegistry, BackupManifest, MadeBackup, RestoredBackup, back_up, restore,
};
use zwerm_app::types::home::Config;
use zwerm_app::words::number::number;

use crate::context::Context;
use crate::ledger;
use crate::people::party;
use crate::{help, output, work};

/// How `zwerm backup` is called.
pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "backup",
        lang,
        help::Help {
            about: Text::new(
                "Maak één bestand met een kopie van het hele huis, terwijl iedereen doorwerkt.\n\
                 De sleutel van het logboek en de gegevens staan erin: bewaar het net zo goed als het huis zelf.",
                "Make one file with a copy of the whole home, while everybody works on.\n\
                 The log's key and the data are in it: keep it as safe as the home itself.",
            ),
            usage: Text::new("zwerm backup BESTAND [--home MAP]", "zwerm backup FILE [--home DIR]"),
            example: "zwerm backup /mnt/kopie/leiden-2026-03-01.tar --home ./leiden",
        },
    )
    .arg(file(
        lang,
        &Text::new("het bestand, dat er nog niet is", "the file, which is not there yet"),
    ))
}

/// How `zwerm restore` is called.
pub(crate) fn restore_command(lang: Lang) -> Command {
    help::command(
        "restore",
        lang,
        help::Help {
            about: Text::new(
                "Maak een huis van een reservekopie, in een nieuwe of lege map, en kijk het logboek na.",
                "Make a home of a back-up, in a new or empty folder, and check its log.",
            ),
            usage: Text::new("zwerm restore BESTAND --home MAP", "zwerm restore FILE --home DIR"),
            example: "zwerm restore leiden-2026-03-01.tar --home ./leiden-terug",
        },
    )
    .arg(file(
        lang,
        &Text::new(
            "het bestand dat `zwerm backup` maakte",
            "the file that `zwerm backup` made",
        ),
    ))
}

fn file(lang: Lang, text: &Text) -> Arg {
    help::positional("file", ("BESTAND", "FILE"), lang, text).value_parser(value_parser!(PathBuf))
}

/// Makes a back-up.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let to = party::path_of(matches, "file");
    let config = Config::read(&context.home)?;
    let home = context.open_home()?;
    let made = {
        let watcher = work::Watcher::new(context.lang);
        watcher.backing_up();
        work::run(back_up(home, &config, &to, context.now))?
    };
    if made.manifest.registry == BackedUpRegistry::Elsewhere {
        context.note(&Text::new(
            "let op: het register staat in PostgreSQL en zit NIET in deze kopie; kopieer het met `pg_dump`, vóór u `zwerm backup` draait",
            "note: the registry is in PostgreSQL and is NOT in this copy; copy it with `pg_dump`, before you run `zwerm backup`",
        ));
    }
    let shown = to.display().to_string();
    output::print(
        context,
        || context.say(&words(&made, &shown, context.lang)).to_owned(),
        || json!({ "file": shown, "bytes": made.size, "backup": wire(&made.manifest) }),
    )
}

fn words(made: &MadeBackup, shown: &str, lang: Lang) -> Text {
    let BackupManifest { log, files, .. } = &made.manifest;
    let count = |n: f64| number(n, 0, lang);
    let (count_files, bytes, size) = (
        count(files.len() as f64),
        count(made.size as f64),
        count(log.size as f64),
    );
    Text::new(
        format!(
            "{shown}: {count_files} bestanden, {bytes} bytes; het logboek `{}` met {size} regels, wortel {}.\n\
             Hierin staan de geheime sleutel van het logboek, de gegevens van alle partners en de accounts.\n\
             Wie dit bestand heeft, heeft het huis: bewaar het versleuteld, op een andere plek, en geef het aan niemand.\n",
            log.name, log.root
        ),
        format!(
            "{shown}: {count_files} files, {bytes} bytes; the log `{}` of {size} entries, root {}.\n\
             It holds the log's private key, the data of all parties, and the accounts.\n\
             Whoever has this file has the home: keep it encrypted, in another place, and give it to nobody.\n",
            log.name, log.root
        ),
    )
}

fn wire(manifest: &BackupManifest) -> Value {
    json!({
        "made": manifest.made,
        "files": manifest.files.len(),
        "registry": manifest.registry,
        "log": manifest.log,
    })
}

/// Makes a home of a back-up.
pub(crate) fn run_restore(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    let restored = restore(&party::path_of(matches, "file"), &context.home)?;
    for remark in remarks(&restored) {
        context.note(&remark);
    }
    let findings = ledger::findings(&restored.checked);
    let in_order = findings.is_empty();
    output::print(
        context,
        || {
            let log = ledger::table(&restored.checked, &findings, context);
            back(&restored.manifest, &log, context)
        },
        || {
            json!({
                "home": context.home.display().to_string(),
                "backup": wire(&restored.manifest),
                "log": ledger::wire_checked(&restored.checked, &findings, context.lang),
            })
        },
    )?;
    if in_order {
        Ok(())
    } else {
        Err(AppError::Reported)
    }
}

/// Says that the home is back, and of when.
fn back(manifest: &BackupManifest, log: &str, context: &Context) -> String {
    let shown = context.home.display();
    let made = manifest.made.strftime("%Y-%m-%d %H:%M");
    let said = Text::new(
        format!(
            "Het huis `{shown}` is er weer, zoals het was op {made} (UTC).\n{log}{}",
            OLDER.0
        ),
        format!(
            "The home `{shown}` is back, as it was on {made} (UTC).\n{log}{}",
            OLDER.1
        ),
    );
    context.say(&said).to_owned()
}

const OLDER: (&str, &str) = (
    "Dit logboek is ouder dan wat anderen kunnen hebben gezien. Wie een nieuwer controlepunt of controlebewijs heeft, ziet dat\n\
     (`zwerm verify`). Vertel de partners dat u een kopie terugzette, en van wanneer.\n",
    "This log is older than what others may have seen. Whoever has a newer checkpoint or receipt sees that (`zwerm verify`).\n\
     Tell the parties that you restored a copy, and of when.\n",
);

fn remarks(restored: &RestoredBackup) -> Vec<Text> {
    let mut all = Vec::new();
    match &restored.manifest.registry {
        BackedUpRegistry::Copied(path) if restored.registry_elsewhere => all.push(Text::new(
            format!("let op: `zwerm.toml` noemt een andere plek voor het register; zet `{path}` uit het huis daar neer"),
            format!("note: `zwerm.toml` names another place for the registry; put `{path}` of the home there"),
        )),
        BackedUpRegistry::Elsewhere => all.push(Text::new(
            "let op: het register stond in PostgreSQL en is niet teruggezet; doe dat met `pg_restore`",
            "note: the registry was in PostgreSQL and was not restored; do so with `pg_restore`",
        )),
        BackedUpRegistry::Copied(_) | BackedUpRegistry::None => {}
    }
    all
}
