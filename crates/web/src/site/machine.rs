//! For machines: whether it lives, whether it can answer, what was counted, and the files of the public log.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use zwerm_app::error::AppError;
use zwerm_app::ledger::entries;
use zwerm_app::loggable::ToLog as _;
use zwerm_app::site::blocking;
use zwerm_app::types::home::accent::stylesheet;
use zwerm_app::types::home::{LogFiles, logo_kind};

use crate::Web;
use crate::http::failure::Failure;

const TEXT: &str = "text/plain; charset=utf-8";

/// Whether the program lives.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

/// Whether registry and log can be used.
pub(crate) async fn ready(State(web): State<Arc<Web>>) -> Response {
    match web.site.ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(error = %error.loggable(), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
        }
    }
}

/// What was counted.
pub(crate) async fn metrics(State(web): State<Arc<Web>>) -> Result<Response, Failure> {
    if !web.config.metrics {
        return Err(Failure::NotFound);
    }
    let size = entries::count(&web.site).await?;
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], web.metrics.to_text(size)).into_response())
}

/// What is made of the one colour of whoever serves the home. Pages name it with the colour, so it can be kept.
pub(crate) async fn accent(State(web): State<Arc<Web>>) -> Result<Response, Failure> {
    let colour = web.config.site.colour().ok_or(Failure::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, stylesheet(colour)).into_response())
}

/// The house style of whoever serves the home.
pub(crate) async fn theme(State(web): State<Arc<Web>>) -> Result<Response, Failure> {
    let theme = web.config.theme.as_ref().ok_or(Failure::NotFound)?;
    let path = web.site.home.root().join(theme);
    let text =
        blocking(move || std::fs::read_to_string(&path).map_err(AppError::at(&path))).await?;
    Ok(([(CONTENT_TYPE, "text/css; charset=utf-8")], text).into_response())
}

/// The logo of whoever serves the home.
pub(crate) async fn logo(State(web): State<Arc<Web>>) -> Result<Response, Failure> {
    let logo = web.config.site.logo.as_ref().ok_or(Failure::NotFound)?;
    let kind = logo_kind(logo).ok_or(Failure::NotFound)?;
    let path = web.site.home.root().join(logo);
    let bytes = blocking(move || std::fs::read(&path).map_err(AppError::at(&path))).await?;
    let headers = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, bytes).into_response())
}

/// A file of the public log, as C2SP's tlog-tiles has them: whoever wants to keeps a copy and verifies it.
pub(crate) async fn log_file(
    State(web): State<Arc<Web>>,
    Path(path): Path<String>,
) -> Result<Response, Failure> {
    if !is_log_path(&path) {
        return Err(Failure::NotFound);
    }
    let file = LogFiles::of(web.site.home.root()).public.join(&path);
    let bytes = match tokio::task::spawn_blocking(move || std::fs::read(file)).await {
        Ok(Ok(bytes)) => bytes,
        _ => return Err(Failure::NotFound),
    };
    let fixed = path.starts_with("tile/") && !path.contains(".p/");
    let kept = if fixed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind = if path.starts_with("tile/") {
        "application/octet-stream"
    } else {
        TEXT
    };
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, kept)], bytes).into_response())
}

/// Whether a path names a file of a log: letters, digits, dots and slashes, and no part that leads out of the folder.
fn is_log_path(path: &str) -> bool {
    let proper = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
    };
    matches!(path, "checkpoint" | "log.pub")
        || (path.starts_with("tile/") && path.split('/').all(proper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_log_are_handed_over() {
        for path in [
            "checkpoint",
            "log.pub",
            "tile/0/000",
            "tile/entries/x001/234.p/5",
        ] {
            assert!(is_log_path(path), "{path}");
        }
        let others = [
            "../log.key",
            "tile/../../log.key",
            "tile/..",
            "tile//0",
            "log.key",
            "tile/.x",
            "tile/0\\1",
            "",
        ];
        for path in others {
            assert!(!is_log_path(path), "{path}");
        }
    }
}
