//! Every question that everyone may read the answer to, and one's own.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use zwerm_agreement::text::Text;
use zwerm_app::share::questions;
use zwerm_app::types::store::questions::{AskedQuestion, QuestionOutcome};

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::render;

const LISTED: u32 = 100;

#[derive(Template)]
#[template(path = "share/questions.html")]
struct QuestionsPage {
    page: Page,
    public: Vec<AskedQuestion>,
    own: Vec<AskedQuestion>,
}

/// The list of questions: those that everybody may read, and the own ones.
pub(crate) async fn list(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    let own = match visit.person() {
        Some(person) => questions::of_person(&web.site, person, LISTED).await?,
        None => Vec::new(),
    };
    let title = Text::new("Vragen en antwoorden", "Questions and answers");
    render(&QuestionsPage {
        page: Page::new(&web, &visit, &title),
        public: questions::public(&web.site, None, LISTED).await?,
        own,
    })
}
