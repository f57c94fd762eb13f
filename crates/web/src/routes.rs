//! Every path of the server once, with what answers it and what is special about it.
//!
//! The tests in a browser ask each of them as everyone: a path that is not in their table fails.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{MethodRouter, get, post};
use axum::{Extension, Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::{RequestBodyTimeoutLayer, TimeoutLayer};

use crate::Web;
use crate::decide::{compose, consent, projects, reword, word_questions};
use crate::goals::{goal, indicators, tasks, words};
use crate::http::failure::Failure;
use crate::http::form::KeptWhenSignedOut;
use crate::http::{assets, attach, frame, public_page, upload};
use crate::ledger::entries;
use crate::people::{account, parties, people, person, sign_in};
use crate::share::{
    answer_files, answers, ask, barriers, datasets, deliver, prepare, questions, what_if, withdraw,
};
use crate::site::{about, home, machine, search, status};

/// Bytes of a form at most; a document of an agreement fits.
const LARGEST_FORM: usize = 2 << 20;
/// The longest that a request may take: the first question builds a release.
const LONGEST_REQUEST: Duration = Duration::from_secs(900);

/// The longest that nothing may come of a request whose end has not come.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// All that the server answers, in its frame.
pub(crate) fn router(web: Arc<Web>) -> Router {
    Router::new()
        .merge(pages())
        .nest("/en", pages())
        .route("/en/", get(|| async { Redirect::permanent("/en") }))
        .route("/assets/{version}/{name}", get(assets::get))
        .route("/assets/accent.css", get(machine::accent))
        .route("/assets/theme.css", get(machine::theme))
        .route("/assets/logo", get(machine::logo))
        .route("/log/{*path}", get(machine::log_file))
        .route("/health", get(machine::health))
        .route("/ready", get(machine::ready))
        .route("/metrics", get(machine::metrics))
        .fallback(|| async { Failure::NotFound })
        .method_not_allowed_fallback(|| async { Failure::Method })
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            LONGEST_REQUEST,
        ))
        .layer(RequestBodyTimeoutLayer::new(LONGEST_SILENCE))
        .layer(CatchPanicLayer::new())
        // a page that serves for many is compressed once
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            public_page::serve,
        ))
        // around all that can go wrong: each answer has its headers, and a page
        .layer(middleware::from_fn_with_state(
            Arc::clone(&web),
            frame::frame,
        ))
        .layer(CompressionLayer::new())
        .with_state(web)
}

/// Every page, in one language.
fn pages() -> Router<Arc<Web>> {
    site()
        .merge(goals())
        .merge(projects())
        .merge(versions())
        .merge(asking())
        .merge(data())
        .merge(log())
        .merge(sign_in_and_out())
        .merge(account())
        .merge(people())
        .merge(parties())
        .merge(kept_forms())
}

/// What the site says of itself.
fn site() -> Router<Arc<Web>> {
    Router::new()
        .route("/", get(home::show))
        .route("/search", get(search::show))
        .route("/status", get(status::show))
        .route("/about", get(about::show))
        .route("/accessibility", get(about::accessibility))
}

/// Goals, with who does what for them and what is measured.
fn goals() -> Router<Arc<Web>> {
    Router::new()
        .route("/goals", get(goal::list))
        .route("/goals/{id}", get(goal::show))
        .route("/goals/{id}/tasks", get(tasks::list))
}

/// Projects, and the questions in words about them.
fn projects() -> Router<Arc<Web>> {
    Router::new()
        .route("/projects", get(projects::list))
        .route(
            "/projects/new/file",
            post(compose::read).layer(DefaultBodyLimit::max(upload::LARGEST)),
        )
        .route(
            "/projects/{id}/amend/file",
            post(compose::read_amend).layer(DefaultBodyLimit::max(upload::LARGEST)),
        )
        .route("/projects/{id}", get(projects::show))
        .route("/projects/{id}/questions", get(word_questions::list))
        .route(
            "/projects/{id}/question",
            get(word_questions::question).post(word_questions::put_question),
        )
        .route(
            "/projects/{id}/questions/{question}",
            get(word_questions::own),
        )
        .route(
            "/projects/{id}/take-away",
            get(word_questions::take_away_several).post(word_questions::put_take_away_several),
        )
}

/// The versions of an agreement.
fn versions() -> Router<Arc<Web>> {
    Router::new()
        .route("/projects/{id}/versions/{version}", get(consent::show))
        .route(
            "/projects/{id}/versions/{version}/round",
            post(consent::open_round),
        )
}

/// Questions to the data, and their answers.
fn asking() -> Router<Arc<Web>> {
    Router::new()
        .route(
            "/projects/{id}/what-if",
            get(what_if::show).post(what_if::try_out),
        )
        .route("/questions", get(questions::list))
        .route("/answers/{id}", get(answers::show))
        .route("/answers/{id}/{file}", get(answer_files::file))
        .route("/answers/{id}/title", post(answers::put_title))
        .route("/answers/{id}/note", post(answers::put_note))
        .route("/barriers/history", get(barriers::history))
}

/// The datasets that parties provide.
fn data() -> Router<Arc<Web>> {
    Router::new()
        .route("/data", get(datasets::list))
        .route("/data/prepare", get(prepare::show))
        .route("/data/{party}/{dataset}", get(datasets::show))
        .route(
            "/data/{party}/{dataset}/deliver",
            get(deliver::form)
                .post(deliver::put)
                .layer(DefaultBodyLimit::max(upload::LARGEST)),
        )
}

/// The public log, in words.
fn log() -> Router<Arc<Web>> {
    Router::new().route("/ledger", get(entries::show))
}

/// How a person comes in, by a password or by a link in a message.
fn sign_in_and_out() -> Router<Arc<Web>> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::put))
        .route("/sign-out", post(sign_in::out))
        .route(
            "/invitations/{token}",
            get(sign_in::invitation).post(sign_in::accept),
        )
        .route(
            "/reset/{token}",
            get(sign_in::reset).post(sign_in::put_reset),
        )
}

/// What is of the person who is signed in.
fn account() -> Router<Arc<Web>> {
    Router::new()
        .route("/account", get(account::show))
        .route(
            "/account/password",
            get(account::password).post(account::put_password),
        )
        .route(
            "/account/codes",
            get(account::codes).post(account::put_codes),
        )
        .route(
            "/account/key/{party}",
            get(account::key).post(account::put_key),
        )
}

/// Who has which role, and who arranges that.
fn people() -> Router<Arc<Web>> {
    Router::new()
        .route("/people/withdraw", post(people::withdraw))
        .route("/people/{person}", get(person::show))
        .route("/people/{person}/grant", post(person::grant))
        .route(
            "/people/{person}/end-administration",
            post(person::end_administration),
        )
        .route(
            "/people/{person}/password-link",
            post(person::password_link),
        )
        .route(
            "/people/{person}/disable",
            get(person::disable).post(person::put_disable),
        )
        .route("/people/{person}/enable", post(person::enable))
        .route(
            "/people/{person}/roles/{party}/{role}",
            get(person::end_role).post(person::put_end_role),
        )
}

/// The parties that take part.
fn parties() -> Router<Arc<Web>> {
    Router::new()
        .route("/parties/{party}", get(parties::show).post(parties::change))
        .route("/parties/{party}/remove", post(parties::remove))
}

/// Forms with words worth keeping, each with a page that shows them again: who must sign in again first finds the form as
/// it was filled in.
fn forms() -> [(&'static str, MethodRouter<Arc<Web>>); 16] {
    [
        ("/goals/{id}/words", get(words::form).post(words::put)),
        ("/projects/{id}/words", get(reword::form).post(reword::put)),
        (
            "/goals/{id}/offer",
            get(tasks::offer).post(tasks::put_offer),
        ),
        (
            "/goals/{id}/tasks/{task}",
            get(tasks::show).post(tasks::put),
        ),
        (
            "/goals/{id}/indicators/{indicator}",
            get(indicators::show)
                .post(indicators::put)
                .layer(DefaultBodyLimit::max(attach::LARGEST)),
        ),
        ("/projects/new", get(compose::show).post(compose::put)),
        (
            "/projects/{id}/reply/{question}",
            get(word_questions::reply).post(word_questions::put_reply),
        ),
        (
            "/projects/{id}/questions/{question}/take-away",
            get(word_questions::take_away).post(word_questions::put_take_away),
        ),
        (
            "/projects/{id}/amend",
            get(compose::amend).post(compose::put_amend),
        ),
        (
            "/projects/{id}/suspend",
            get(consent::suspend).post(consent::put_suspend),
        ),
        (
            "/projects/{id}/versions/{version}/decide",
            get(consent::decide).post(consent::put),
        ),
        ("/projects/{id}/ask", get(ask::show).post(ask::put)),
        ("/barriers", get(barriers::list).post(barriers::set)),
        (
            "/data/{party}/{dataset}/withdraw",
            get(withdraw::show).post(withdraw::put),
        ),
        ("/people", get(people::list).post(people::invite)),
        ("/parties", get(parties::list).post(parties::register)),
    ]
}

fn kept_forms() -> Router<Arc<Web>> {
    let forms = forms().into_iter();
    forms.fold(Router::new(), |router, (path, answers)| {
        router.route(path, answers.layer(Extension(KeptWhenSignedOut)))
    })
}

/// Whether this is the path of a form that is kept for whoever must sign in again.
pub(crate) fn keeps(path: &str) -> bool {
    forms().iter().any(|(form, _)| fits(form, path))
}

fn fits(form: &str, path: &str) -> bool {
    let (form, path): (Vec<&str>, Vec<&str>) =
        (form.split('/').collect(), path.split('/').collect());
    let same = |(form, part): (&&str, &&str)| match form.starts_with('{') {
        true => !part.is_empty(),
        false => form == part,
    };
    form.len() == path.len() && form.iter().zip(&path).all(same)
}

#[cfg(test)]
mod tests {
    use super::keeps;

    #[test]
    fn only_forms_of_ours_are_kept_for_whoever_signs_in_again() {
        for path in [
            "/barriers",
            "/projects/a/ask",
            "/projects/a/versions/2/decide",
        ] {
            assert!(keeps(path), "{path}");
        }
        for path in [
            "/",
            "/x",
            "/projects/a",
            "/projects//ask",
            "/projects/a/ask/b",
            "/barriers/x",
            "/account/password",
        ] {
            assert!(!keeps(path), "{path}");
        }
    }
}
