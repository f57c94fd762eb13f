//! `zwerm serve`: the home on the web, until it is told to stop.

use std::net::SocketAddr;
use std::path::Path;

use clap::{ArgMatches, Command, value_parser};
use tokio::signal;
use tracing_subscriber::EnvFilter;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::demo::furnish;
use zwerm_app::error::AppError;
use zwerm_app::people::invitations;
use zwerm_app::site::Site;
use zwerm_app::types::home::{Clock, Config, Home, Initialised, Logs, SiteConfig, files};

use crate::context::Context;
use crate::globals::DEFAULT_HOME;
use crate::{help, output};

/// Whose site the demonstration would be.
const DEMO_SITE: &str = "Leiden";

pub(crate) fn command(lang: Lang) -> Command {
    help::command(
        "serve",
        lang,
        help::Help {
            about: Text::new(
                "Zet het huis op het web: projecten, besluiten, vragen en het openbare logboek. In een lege map wordt het huis eerst gemaakt.",
                "Put the home on the web: projects, decisions, questions and the public log. In an empty folder the home is made first.",
            ),
            usage: Text::new(
                "zwerm serve [--home MAP] [--port GETAL]",
                "zwerm serve [--home DIR] [--port NUMBER]",
            ),
            example: "zwerm serve --home ./huis --port 8080",
        },
    )
    .arg(port(lang))
}

/// `--port`.
pub(crate) fn port(lang: Lang) -> clap::Arg {
    help::option(
        "port",
        lang,
        Text::new(
            "poort waarop wordt geluisterd (anders die van `zwerm.toml`, of 8080)",
            "port that is listened on (else that of `zwerm.toml`, or 8080)",
        ),
    )
    .value_name(help::word(lang, "GETAL", "NUMBER"))
    .value_parser(value_parser!(u16))
}

/// Serves the home until somebody stops it.
pub(crate) fn run(matches: &ArgMatches, context: &Context) -> Result<(), AppError> {
    context.require_real_day()?;
    make_home(context)?;
    let mut config = Config::read(&context.home)?;
    if let Some(port) = matches.get_one::<u16>("port") {
        config.port = *port;
    }
    logs(config.logs, "info");
    home(&context.home, config, context, false)
}

/// Makes the home in an empty folder: in one that is named, or in the working folder where none is. Whoever runs this in a folder
/// of other things, or misspells a path, is told.
fn make_home(context: &Context) -> Result<(), AppError> {
    let root = &context.home;
    let is_empty =
        |folder: &Path| std::fs::read_dir(folder).is_ok_and(|mut all| all.next().is_none());
    let free = match root.exists() {
        true => is_empty(root),
        false => root == Path::new(DEFAULT_HOME) && is_empty(files::parent(root)),
    };
    if free && Home::init(root, None)? == Initialised::Made {
        let shown = root.display();
        context.note(&Text::new(
            format!("De map was leeg. Het huis is gemaakt: `{shown}`."),
            format!("The folder was empty. The home was made: `{shown}`."),
        ));
    }
    Ok(())
}

/// Logs to stderr; `RUST_LOG` says how much.
fn logs(how: Logs, else_: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(else_));
    let all = tracing_subscriber::fmt().with_env_filter(filter);
    let all = all.with_writer(std::io::stderr);
    // a second start in one process keeps the first one's
    let _ = match how {
        Logs::Json => all.json().flatten_event(true).try_init(),
        Logs::Text => all.with_target(false).try_init(),
    };
}

/// Serves the demonstration's home.
pub(crate) fn demo(root: &Path, port: u16, context: &Context) -> Result<(), AppError> {
    let config = Config {
        port,
        site: SiteConfig {
            name: Some(DEMO_SITE.into()),
            ..SiteConfig::default()
        },
        ..Config::default()
    };
    logs(Logs::Text, "warn");
    home(root, config, context, true)
}

fn home(root: &Path, config: Config, context: &Context, demo: bool) -> Result<(), AppError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| AppError::Internal(error.to_string()))?;
    let served = runtime.block_on(async {
        let clock = Clock::from(context.now);
        let mut site = Site::open(root, config.clone(), clock).await?;
        for notice in site.home.notices() {
            context.note(notice);
        }
        if demo {
            site.demonstrate(furnish::furnish(&site).await?);
            people(&site, context)?;
        }
        let lang = context.lang;
        let first = invitations::first(&site).await?;
        let public = config.public_url.clone();
        let listening = Box::new(move |address: SocketAddr| {
            let told = Text::new(
                format!("\nOpen http://{address} in een browser. Stop met Ctrl-C.\n"),
                format!("\nOpen http://{address} in a browser. Stop with Ctrl-C.\n"),
            );
            let mut text = told.get(lang).to_owned();
            if let Some(token) = first {
                let base = public.unwrap_or_else(|| format!("http://{address}"));
                text += begin(base.trim_end_matches('/'), &token).get(lang);
            }
            // a server goes on when whoever started it reads no further
            let _ = output::write(&text);
            Ok(())
        });
        (context.serve)(site, config, listening, Box::pin(stop())).await
    });
    runtime.shutdown_background();
    served
}

/// What whoever starts a home without people does first.
fn begin(base: &str, token: &str) -> Text {
    let link = format!("{base}/invitations/{token}");
    Text::new(
        format!(
            "\nEr heeft nog niemand een account. Word hier beheerder; de link werkt één keer, tot de volgende start:\n{link}\n"
        ),
        format!(
            "\nNobody has an account yet. Become administrator here; the link works once, until the next start:\n{link}\n"
        ),
    )
}

/// Tells who there is to look as, once.
fn people(site: &Site, context: &Context) -> Result<(), AppError> {
    let heading = Text::new(
        "\nOp het web, als een van deze verzonnen mensen (elke start andere wachtwoorden):\n\n",
        "\nOn the web, as one of these made-up people (other passwords on each start):\n\n",
    );
    output::write(context.say(&heading))?;
    let rows = site.demo_people().iter().map(|person| {
        vec![
            format!("  {}", person.login),
            person.password.clone(),
            context.say(&person.what).to_owned(),
        ]
    });
    output::write(&output::columns(&rows.collect::<Vec<_>>()))
}

/// Done when somebody presses Ctrl-C, or the system asks to stop.
async fn stop() {
    let interrupted = signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut asked) = signal(SignalKind::terminate()) else {
            let _ = interrupted.await;
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = asked.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupted.await;
    }
}
