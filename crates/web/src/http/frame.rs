//! The frame that every answer gets: headers, a page that says what failed, and a line in the log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use zwerm_app::loggable::ToLog as _;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::look;
use crate::http::{address, headers, host};

/// The frame around every request.
pub(crate) async fn frame(
    State(web): State<Arc<Web>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let visit = look(
        &web,
        &uri,
        request.headers().clone(),
        address::of_request(&web.config, request.headers(), request.extensions()),
    )
    .await;
    request.extensions_mut().insert(visit.clone());
    let mut response = match web.site.is_demo() && !host::is_local(&uri, request.headers()) {
        true => Failure::ForeignName.into_response(),
        false => next.run(request).await,
    };
    let mut failure = response.extensions_mut().remove::<Arc<Failure>>();
    if failure.is_none() && response.status().is_server_error() && uri.path() != "/ready" {
        // it took too long, or a step of the program gave up
        failure = Some(Arc::new(Failure::Broken(response.status())));
    }
    if let Some(failure) = &failure {
        let page = crate::render::failed(&web, &visit, failure);
        response = in_place_of(&response, page);
    }
    headers::set(
        &web.config,
        visit.signed().is_some(),
        response.headers_mut(),
    );
    let took = started.elapsed();
    web.metrics.count(response.status(), took);
    log(&method, &uri, response.status(), took, failure.as_deref());
    response
}

/// The page that says what failed, with the status of the bare response and with its headers about another try.
fn in_place_of(bare: &Response, mut page: Response) -> Response {
    *page.status_mut() = bare.status();
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = bare.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}

/// Writes the line in the log: neither the query nor the person, since what somebody looks for is theirs.
fn log(method: &Method, uri: &Uri, status: StatusCode, took: Duration, failure: Option<&Failure>) {
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    let path = logged(uri.path());
    let number = status.as_u16();
    match failure {
        Some(Failure::App(error)) if status.is_server_error() => {
            tracing::error!(%method, path, status = number, micros, error = %error.loggable(), "failed");
        }
        _ => tracing::info!(%method, path, status = number, micros, "answered"),
    }
}

/// A path without what only whoever was sent it may know: an invitation, or a link to choose a password.
fn logged(path: &str) -> &str {
    let secret = ["/invitations/", "/reset/"].into_iter();
    let mut found = secret.filter_map(|before| Some(path.find(before)? + before.len()));
    found.next().and_then(|end| path.get(..end)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::logged;

    #[test]
    fn a_secret_link_stays_out_of_the_logs() {
        assert_eq!(logged("/reset/abc"), "/reset/");
        assert_eq!(logged("/en/invitations/abc"), "/en/invitations/");
        assert_eq!(logged("/en/projects/reset"), "/en/projects/reset");
    }
}
