//! Links that are sent to people: with the address by which they find the home, as far as the settings say it.

use serde_json::json;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::types::home::Config;

use crate::context::{Context, OutputFormat};
use crate::output;

/// Where people find the home.
pub(crate) struct HomeAddress {
    /// The address, without a slash at its end.
    address: String,
    /// Whether the settings do not say it.
    assumed: bool,
}

/// The address of the settings, or what `zwerm serve` listens on when nothing else is said.
pub(crate) fn base(config: &Config) -> HomeAddress {
    match &config.public_url {
        Some(url) => HomeAddress {
            address: url.trim_end_matches('/').to_owned(),
            assumed: false,
        },
        None => HomeAddress {
            address: format!("http://{}:{}", config.address, config.port),
            assumed: true,
        },
    }
}

/// Prints a link, and beside it for whom it is and which address was assumed.
pub(crate) fn print(
    context: &Context,
    base: &HomeAddress,
    path: &str,
    whom: &Text,
) -> Result<(), AppError> {
    let HomeAddress { address, assumed } = base;
    // a program finds these in the result
    let people = context.format == OutputFormat::Table;
    if people {
        context.note(whom);
    }
    if people && *assumed {
        context.note(&Text::new(
            format!(
                "Het adres {address} is aangenomen: `public_url` staat niet in `zwerm.toml`, en hier luistert `zwerm serve` zonder `--port`. Is uw site elders, verander dan het begin van de link."
            ),
            format!(
                "The address {address} is assumed: `public_url` is not in `zwerm.toml`, and here `zwerm serve` listens without `--port`. If your site is elsewhere, change the beginning of the link."
            ),
        ));
    }
    let link = format!("{address}{path}");
    output::print(
        context,
        || format!("{link}\n"),
        || json!({ "link": link, "for": context.say(whom), "address_assumed": assumed }),
    )
}
