//! Words that several commands say of an agreement.

use jiff::civil::Date;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::types::home::DataState;

/// A line that says whether an agreement is in force, and announces the reasons when it is not.
pub(crate) fn standing(lacking: &[Refusal], today: Date, lang: Lang) -> String {
    let text = if lacking.is_empty() {
        Text::new(
            format!("Van kracht op {today}.\n"),
            format!("In force on {today}.\n"),
        )
    } else {
        Text::new(
            format!("Niet van kracht op {today}:\n"),
            format!("Not in force on {today}:\n"),
        )
    };
    text.get(lang).to_owned()
}

/// Where a dataset's data are.
pub(crate) fn state(state: DataState) -> Text {
    match state {
        DataState::Copied => Text::new(
            "gegevens nagekeken en in het huis gezet",
            "data checked and copied into the home",
        ),
        DataState::Replaced => Text::new("gegevens vervangen", "data replaced"),
        DataState::WasThere => Text::new("gegevens zijn er", "data are there"),
        DataState::Checked => {
            Text::new("gegevens nagekeken en in orde", "data checked and in order")
        }
        DataState::Missing => Text::new("gegevens ontbreken nog", "data are still missing"),
    }
}
