//! How a party prepares a file on its own computer, for those who take part.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use zwerm_agreement::text::Text;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::render;

#[derive(Template)]
#[template(path = "share/prepare.html")]
struct PreparePage {
    page: Page,
    keeps: bool,
}

/// The steps, one after the other.
pub(crate) async fn show(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    visit.require_person()?;
    let title = Text::new("Zo maakt u uw bestand klaar", "How to prepare your file");
    render(&PreparePage {
        page: Page::new(&web, &visit, &title),
        keeps: visit.keeps_data(),
    })
}
