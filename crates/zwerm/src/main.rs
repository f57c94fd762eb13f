//! Zwerm: share data on conditions that people set together and that the engine enforces.
//!
//! The binary: hands the command line what serves a home on the web. Exit codes are in `zwerm_cli::exit`.

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;

use zwerm_app::site::Site;
use zwerm_app::types::home::Config;
use zwerm_cli::{OnListening, Served};

fn main() -> ExitCode {
    // A panic is our failure, and must not look like a refusal or a wrong command.
    let finished =
        std::panic::catch_unwind(|| zwerm_cli::run(std::env::args_os().collect(), serve));
    ExitCode::from(finished.unwrap_or(zwerm_cli::exit::FAILED))
}

fn serve(
    site: Site,
    config: Config,
    listening: OnListening,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
) -> Served {
    Box::pin(async move {
        let served = zwerm_web::serve(site, config).await?;
        listening(served.address)?;
        served.until(stop).await;
        Ok(())
    })
}
