//! Every question that everyone may read the answer to, and one's own; page by page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::text::Text;
use zwerm_app::share::questions;
use zwerm_app::types::store::list::{ListPage, ListPlace};
use zwerm_app::types::store::questions::{AskedQuestion, QuestionOutcome};

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::render;

const LISTED: u32 = 50;

#[derive(Template)]
#[template(path = "share/questions.html")]
struct QuestionsPage {
    page: Page,
    public: Vec<AskedQuestion>,
    own: Vec<AskedQuestion>,
    /// The queries of the pages with what was asked before, of all and of the person.
    older: Option<String>,
    own_older: Option<String>,
}

/// Which questions are looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct QuestionsQuery {
    /// Under this agreement only.
    project: String,
    before: String,
    own: String,
}

impl QuestionsQuery {
    fn project(&self) -> Option<&str> {
        Some(self.project.as_str()).filter(|project| !project.is_empty())
    }

    /// The query of the next page of one of the two lists; the other stays where it is.
    fn older(&self, list: &str, older: Option<&ListPlace>) -> Option<String> {
        let place = older?.to_string();
        let of = |name: &str, now: &str| {
            if name == list {
                place.clone()
            } else {
                now.to_owned()
            }
        };
        let query = [
            ("project", self.project.clone()),
            ("before", of("before", &self.before)),
            ("own", of("own", &self.own)),
        ];
        let filled = query.into_iter().filter(|(_, value)| !value.is_empty());
        serde_urlencoded::to_string(filled.collect::<Vec<_>>()).ok()
    }
}

/// The list of questions: those that everybody may read, and the own ones.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<QuestionsQuery>,
) -> Result<Response, Failure> {
    let (before, own_before) = (wanted.before.parse().ok(), wanted.own.parse().ok());
    let project = wanted.project();
    let own = match visit.person() {
        Some(person) => {
            let before = own_before.as_ref();
            questions::of_person(&web.site, person, project, before, LISTED).await?
        }
        None => ListPage::empty(),
    };
    let public = questions::public(&web.site, project, before.as_ref(), LISTED).await?;
    let title = Text::new("Vragen en antwoorden", "Questions and answers");
    render(&QuestionsPage {
        page: Page::new(&web, &visit, &title),
        older: wanted.older("before", public.older.as_ref()),
        own_older: wanted.older("own", own.older.as_ref()),
        public: public.rows,
        own: own.rows,
    })
}
