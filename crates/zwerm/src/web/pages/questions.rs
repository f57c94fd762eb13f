//! Every question that everyone may read the answer to, and one's own.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use zwerm_agreement::text::Text;
use zwerm_store::questions::{Asked, Outcome};

use super::super::Web;
use super::super::failure::Failure;
use super::super::page::Page;
use super::super::visit::Visit;
use super::render;

const LISTED: u32 = 100;

#[derive(Template)]
#[template(path = "questions.html")]
struct Questions {
    page: Page,
    public: Vec<Asked>,
    own: Vec<Asked>,
}

/// Lists them.
pub(crate) async fn list(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    let store = &web.site.store;
    let own = match visit.person() {
        Some(person) => store.questions_of_person(&person.id, LISTED).await?,
        None => Vec::new(),
    };
    let title = Text::new("Vragen en antwoorden", "Questions and answers");
    render(&Questions {
        page: Page::new(&web, &visit, &title),
        public: store.public_questions(None, LISTED).await?,
        own,
    })
}
