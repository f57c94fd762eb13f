//! What waits for somebody, as a link with words.

use zwerm_agreement::text::Text;
use zwerm_app::people::todo::ToDo;

/// Where data are delivered.
pub(crate) fn deliver_page(party: &str, dataset: &str) -> String {
    format!("/data/{party}/{dataset}/deliver")
}

/// Where something that waits is done, and what it is.
pub(crate) fn to_do(todo: &ToDo) -> (String, Text) {
    match todo {
        ToDo::Key { party, name } => (
            format!("/account/key/{party}"),
            Text::new(
                format!("Maak de sleutel van {}, of laad die", name.nl),
                format!("Make the key of {}, or load it", name.en),
            ),
        ),
        ToDo::Decide {
            id,
            version,
            title,
            name,
        } => (
            format!("/projects/{id}/versions/{version}/decide"),
            Text::new(
                format!("Besluit over {}, namens {}", title.nl, name.nl),
                format!("Decide about {}, on behalf of {}", title.en, name.en),
            ),
        ),
        ToDo::Deliver {
            party,
            dataset,
            title,
        } => (
            deliver_page(party, dataset),
            Text::new(
                format!("Lever de gegevens `{dataset}` voor {}", title.nl),
                format!("Deliver the data `{dataset}` for {}", title.en),
            ),
        ),
        ToDo::Questions {
            project,
            title,
            count,
        } => {
            let (nl, en) = match count {
                1 => ("Beantwoord een vraag", "Answer a question"),
                _ => ("Beantwoord vragen", "Answer questions"),
            };
            (
                format!("/projects/{project}/questions"),
                Text::new(
                    format!("{nl} in woorden over {} ({count})", title.nl),
                    format!("{en} in words about {} ({count})", title.en),
                ),
            )
        }
        ToDo::Task { goal, task, what } => (
            format!("/goals/{goal}/tasks/{task}"),
            Text::new(
                format!("Zeg of uw partner deze taak op zich neemt: {}", what.nl),
                format!("Say whether your party takes on this task: {}", what.en),
            ),
        ),
    }
}
