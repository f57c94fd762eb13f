//! Long work at the command line: told while a person watches, and stopped by Ctrl-C.

use std::future::Future;
use std::io::IsTerminal;
use std::time::Duration;

use clap::{Arg, ArgMatches, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::demo::example::OnFileWritten;
use zwerm_app::error::AppError;
use zwerm_app::types::question::cube::BuildStep;
use zwerm_app::types::question::session::BuildLimits;
use zwerm_app::words::number::number;

use crate::help;

/// Runs work to its end, or until Ctrl-C.
pub(crate) fn run<T>(work: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| AppError::Internal(e.to_string()))?;
    let outcome = runtime.block_on(async {
        tokio::select! {
            // first, so that it listens before the work keeps this thread busy
            biased;
            _ = tokio::signal::ctrl_c() => Err(AppError::Interrupted),
            outcome = work => outcome,
        }
    });
    // arithmetic that Ctrl-C left behind must not keep the program waiting
    runtime.shutdown_background();
    outcome
}

/// A line on stderr that tells what is going on; nothing when nobody watches.
pub(crate) struct Watcher {
    bar: ProgressBar,
    lang: Lang,
}

impl Watcher {
    pub(crate) fn new(lang: Lang) -> Self {
        let bar = if std::io::stderr().is_terminal() {
            ProgressBar::new_spinner()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, lang }
    }

    /// Tells a step.
    pub(crate) fn step(&self, step: BuildStep) {
        let text = match step {
            BuildStep::Checking(dataset) => Text::new(
                format!("gegevensbron `{dataset}` nakijken"),
                format!("checking dataset `{dataset}`"),
            ),
            BuildStep::Counting(units) => {
                let count = number(units as f64, 0, self.lang);
                Text::new(
                    format!("{count} eenheden geteld"),
                    format!("{count} units counted"),
                )
            }
            BuildStep::Protecting => {
                Text::new("cellen samen beschermen", "protecting cells jointly")
            }
        };
        self.bar.set_message(text.get(self.lang).to_owned());
    }

    /// Tells how far the check of a log is.
    pub(crate) fn checked(&self, entries: u64) {
        let count = number(entries as f64, 0, self.lang);
        let text = Text::new(
            format!("{count} regels nagekeken"),
            format!("{count} entries checked"),
        );
        self.bar.set_message(text.get(self.lang).to_owned());
    }

    /// Tells that a back-up is being written.
    pub(crate) fn backing_up(&self) {
        let text = Text::new("de reservekopie wordt geschreven", "writing the back-up");
        self.bar.set_message(text.get(self.lang).to_owned());
    }

    /// Tells how far an example's data file is.
    pub(crate) fn wrote(&self, OnFileWritten { file, done, rows }: OnFileWritten) {
        let [done, rows] = [done, rows].map(|count| number(count as f64, 0, self.lang));
        let text = Text::new(
            format!("`{file}`: {done} van {rows} rijen geschreven"),
            format!("`{file}`: {done} of {rows} rows written"),
        );
        self.bar.set_message(text.get(self.lang).to_owned());
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `--memory` and `--time`.
pub(crate) fn limit_args(lang: Lang) -> Vec<Arg> {
    let whole = |id: &'static str, text: Text, unit: &'static str| {
        help::option(id, lang, text)
            .value_name(unit)
            .value_parser(value_parser!(u64).range(1..1 << 30))
    };
    vec![
        whole(
            "memory",
            Text::new(
                "geheugen voor het lezen en koppelen, in MiB (anders 2048); daarboven gaat het langs de schijf",
                "memory for reading and joining, in MiB (else 2048); past that it goes by disk",
            ),
            "MIB",
        ),
        whole(
            "time",
            Text::new(
                "zo lang mag de eerste vraag duren, in seconden (anders 900)",
                "so long the first question may take, in seconds (else 900)",
            ),
            "S",
        ),
    ]
}

/// What they said.
pub(crate) fn limits(matches: &ArgMatches) -> BuildLimits {
    let mut limits = BuildLimits::default();
    if let Some(mib) = matches.get_one::<u64>("memory") {
        limits.memory = usize::try_from(*mib)
            .unwrap_or(usize::MAX)
            .saturating_mul(1 << 20);
    }
    if let Some(seconds) = matches.get_one::<u64>("time") {
        limits.time = Duration::from_secs(*seconds);
    }
    limits
}
