//! What pages share: rendering, what failed, badges, faults beside their fields, and drafts of forms.

use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::people::drafts;
use zwerm_app::share::ask_on_page::{KeptReason, reason};
use zwerm_app::site::DemoPerson;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::{Failure, Unsent};
use crate::http::form::FormFields;
use crate::http::visit::Visit;
use crate::page::Page;

/// A page as an answer.
pub(crate) fn render(template: &impl Template) -> Result<Response, Failure> {
    let html = template.render();
    let html = html.map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(Html(html).into_response())
}

/// To another page, in the visitor's language, which says what was done.
pub(crate) fn go(visit: &Visit, path: &str, done: Done) -> Response {
    forward(visit, &format!("{path}?done={}", done.code()))
}

/// To another page, in the visitor's language.
pub(crate) fn forward(visit: &Visit, path: &str) -> Response {
    Redirect::to(&visit.link(path)).into_response()
}

#[derive(Template)]
#[template(path = "failed.html")]
pub(crate) struct FailedPage {
    pub(crate) page: Page,
    pub(crate) told: Vec<Diagnostic>,
    pub(crate) reasons: Vec<KeptReason>,
}

#[derive(Template)]
#[template(path = "people/sign_in.html")]
pub(crate) struct SignInPage {
    pub(crate) page: Page,
    pub(crate) wrong: Option<Text>,
    pub(crate) back: String,
    pub(crate) unsent: Option<Unsent>,
    pub(crate) login: String,
    pub(crate) people: Vec<DemoPerson>,
}

/// The page that says why something was not done, in the visitor's language.
pub(crate) fn failed(web: &Web, visit: &Visit, failure: &Failure) -> Response {
    let page = Page::new(web, visit, &failure.title());
    let rendered = match failure {
        Failure::SignIn(unsent) => SignInPage {
            wrong: None,
            back: visit.path_and_query(),
            unsent: unsent.clone(),
            login: String::new(),
            people: web.site.demo_people().to_vec(),
            page,
        }
        .render(),
        _ => FailedPage {
            told: failure.told(),
            reasons: reasons(failure),
            page,
        }
        .render(),
    };
    // a page that cannot be made must not hide what went wrong
    let html = rendered.unwrap_or_else(|_| failure.title().get(visit.lang()).to_owned());
    Html(html).into_response()
}

pub(crate) fn reasons(failure: &Failure) -> Vec<KeptReason> {
    match failure {
        Failure::App(AppError::Refused(refusals)) => refusals.iter().cloned().map(reason).collect(),
        _ => Vec::new(),
    }
}

/// What is wrong with a form, to be shown above it with all that was filled in; what is not about the form goes on.
pub(crate) fn in_form(error: AppError) -> Result<(Vec<Diagnostic>, Vec<KeptReason>), Failure> {
    let about_form = matches!(error, AppError::Refused(_) | AppError::Wrong(_));
    let failure = Failure::App(error);
    if about_form {
        Ok((failure.told(), reasons(&failure)))
    } else {
        Err(failure)
    }
}

/// What is wrong with one field of a form, to be told beside it.
#[derive(Default)]
pub(crate) struct Beside(pub(crate) Vec<Diagnostic>);

impl Beside {
    pub(crate) fn of(wrong: Option<&AppError>) -> Self {
        match wrong {
            Some(AppError::Wrong(wrong)) => Self(wrong.0.clone()),
            _ => Self::default(),
        }
    }

    /// All that is wrong.
    pub(crate) fn all(&self) -> &[Diagnostic] {
        &self.0
    }

    /// What is wrong with this field.
    pub(crate) fn at(&self, field: &str) -> Vec<&Diagnostic> {
        let here = |one: &&Diagnostic| one.place.field() == Some(field);
        self.0.iter().filter(here).collect()
    }

    /// What the field itself says of it, to those who do not see the page; `hint` is what helps to fill it in.
    pub(crate) fn marks(&self, field: &str, hint: &str) -> String {
        match (self.at(field).is_empty(), hint.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!(" aria-describedby={field}-help"),
            (false, true) => format!(" aria-invalid=true aria-describedby={field}-wrong"),
            (false, false) => {
                format!(" aria-invalid=true aria-describedby=\"{field}-help {field}-wrong\"")
            }
        }
    }
}

/// What somebody kept of a form, or nothing.
pub(crate) async fn draft(web: &Web, visit: &Visit, form: &str) -> Result<FormFields, Failure> {
    let Some(person) = visit.person() else {
        return Ok(FormFields::default());
    };
    let found = drafts::find(&web.site, person, form).await?;
    Ok(found.map_or_else(FormFields::default, |json| FormFields::from_json(&json)))
}

/// Keeps a form as far as it was filled in.
pub(crate) async fn keep_draft(
    web: &Web,
    visit: &Visit,
    form: &str,
    fields: &FormFields,
) -> Result<(), Failure> {
    if let Some(person) = visit.person() {
        drafts::keep(&web.site, person, form, &fields.to_json()).await?;
    }
    Ok(())
}

/// Forgets a form that was sent.
pub(crate) async fn drop_draft(web: &Web, visit: &Visit, form: &str) {
    if let Some(person) = visit.person() {
        drafts::forget(&web.site, person, form).await;
    }
}

/// The language of a picture.
pub(crate) fn of_picture(lang: Lang) -> zwerm_picture::PictureLang {
    match lang {
        Lang::Nl => zwerm_picture::PictureLang::Nl,
        Lang::En => zwerm_picture::PictureLang::En,
    }
}
