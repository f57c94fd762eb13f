//! What this is and what becomes of one's data here; the accessibility statement.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use zwerm_agreement::text::Text;
use zwerm_picture::table::{SeatMark, TableCentre, TableSeats, table};

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::marks::Markup;
use crate::page::Page;
use crate::render::render;

/// Pixels that the table takes at most.
const TABLE: u32 = 190;

#[derive(Template)]
#[template(path = "site/about.html")]
struct AboutPage {
    page: Page,
    /// The table, with all four sides at it.
    table: Markup,
}

/// What this is.
pub(crate) async fn show(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    let title = Text::new("Over Zwerm en uw gegevens", "About Zwerm and your data");
    let sides = TableSeats::all(SeatMark::Consents);
    render(&AboutPage {
        page: Page::new(&web, &visit, &title),
        table: Markup(table(&sides, TableCentre::InForce, TABLE)),
    })
}

#[derive(Template)]
#[template(path = "site/accessibility.html")]
struct AccessibilityPage {
    page: Page,
}

/// The accessibility statement.
pub(crate) async fn accessibility(
    State(web): State<Arc<Web>>,
    visit: Visit,
) -> Result<Response, Failure> {
    let title = Text::new("Toegankelijkheid", "Accessibility");
    render(&AccessibilityPage {
        page: Page::new(&web, &visit, &title),
    })
}
