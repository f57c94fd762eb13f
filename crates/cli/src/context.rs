//! What every command knows: the language, the format, the home, and the time.
//!
//! The clock is read here, once, and handed on: no use case looks at it. Days are those of the home's zone.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use clap::ArgMatches;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::site::Site;
use zwerm_app::types::home::{Config, Home, default_zone, zone_of};

use crate::{globals, output};

/// What is told once a home is served, with the address.
pub type OnListening = Box<dyn FnOnce(SocketAddr) -> Result<(), AppError> + Send>;

/// A home that is served, until it was stopped.
pub type Served = Pin<Box<dyn Future<Output = Result<(), AppError>> + Send>>;

/// Serves a home on the web until the last argument is done: the command line knows nothing else of the web.
pub type Serve = fn(Site, Config, OnListening, Pin<Box<dyn Future<Output = ()> + Send>>) -> Served;

/// How data are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    /// Tables and sentences, in one language.
    Table,
    /// JSON with stable names.
    Json,
}

/// What every command knows.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// The language of the interface.
    pub(crate) lang: Lang,
    /// How data are printed.
    pub(crate) format: OutputFormat,
    /// The home's folder.
    pub(crate) home: PathBuf,
    /// Whether somebody named the home, rather than leaving the default.
    pub(crate) home_named: bool,
    /// The day, in the home's zone.
    pub(crate) today: Date,
    /// Whether somebody pretended on the command line that it is this day.
    pub(crate) today_named: bool,
    /// The moment; noon of `today` when somebody chose the day.
    pub(crate) now: Timestamp,
    /// What serves a home.
    pub(crate) serve: Serve,
}

impl Context {
    pub(crate) fn new(matches: &ArgMatches, serve: Serve) -> Result<Self, AppError> {
        let matches = deepest(matches);
        let chosen = globals::chosen(matches)?;
        // a home whose settings are not in order says so when it is opened
        let zone = zone_of(&chosen.home).unwrap_or_else(|_| default_zone());
        let (today, now) = match chosen.today {
            None => {
                // finer than anybody needs to know when somebody asked or signed
                let now = Timestamp::now();
                let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
                (zone.to_datetime(now).date(), now)
            }
            Some(today) => (today, noon(today, &zone)?),
        };
        Ok(Self {
            lang: chosen.lang,
            format: chosen.format,
            home: chosen.home,
            home_named: chosen.home_named,
            today,
            today_named: chosen.today_named,
            now,
            serve,
        })
    }

    /// Opens the home to have something entered in its log, which is done on no other day than it is.
    pub(crate) fn open_home_to_enter(&self) -> Result<Home, AppError> {
        self.require_real_day()?;
        self.open_home()
    }

    /// Refuses to enter something on a day that somebody made up.
    pub(crate) fn require_real_day(&self) -> Result<(), AppError> {
        if !self.today_named {
            return Ok(());
        }
        Err(AppError::usage(
            FaultCode::NotApplicable,
            Text::new(
                "in een huis telt de dag die het is: wat gebeurt, komt in het openbare logboek",
                "in a home the day counts that it is: what happens is entered in the public log",
            ),
            Text::new(
                "laat `--today` weg, of probeer het met een los bestand",
                "leave out `--today`, or try it with a plain file",
            ),
        ))
    }

    /// The words in the chosen language.
    pub(crate) fn say<'t>(&self, text: &'t Text) -> &'t str {
        text.get(self.lang)
    }

    /// Tells something on stderr, beside the result.
    pub(crate) fn note(&self, text: &Text) {
        // Nobody is left to tell when stderr is closed.
        let text = output::harmless(self.say(text));
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// Opens the home, and tells what a person should know about it.
    pub(crate) fn open_home(&self) -> Result<Home, AppError> {
        self.open_home_at(&self.home)
    }

    /// The same for another folder.
    pub(crate) fn open_home_at(&self, root: &Path) -> Result<Home, AppError> {
        let home = Home::open(root)?;
        for notice in home.notices() {
            self.note(notice);
        }
        Ok(home)
    }
}

/// Noon in UTC, where that is on this day in the zone; else noon in the zone.
fn noon(day: Date, zone: &TimeZone) -> Result<Timestamp, AppError> {
    let noon = day.at(12, 0, 0, 0);
    let utc = Offset::UTC.to_timestamp(noon).ok();
    let utc = utc.filter(|utc| zone.to_datetime(*utc).date() == day);
    utc.map_or_else(|| zone.to_timestamp(noon), Ok)
        .map_err(|_| {
            AppError::usage(
                FaultCode::OutOfRange,
                Text::new(
                    format!("`--today`: {day} ligt te ver weg"),
                    format!("`--today`: {day} is too far away"),
                ),
                Text::new("kies een dag dichterbij", "choose a day nearer by"),
            )
        })
}

/// The matches of the innermost subcommand, which hold what was said anywhere on the line.
fn deepest(matches: &ArgMatches) -> &ArgMatches {
    let mut deepest = matches;
    while let Some((_, inner)) = deepest.subcommand() {
        deepest = inner;
    }
    deepest
}
