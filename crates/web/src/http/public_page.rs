//! Pages for whoever brings no cookie: all of them get the same, so that one that was made a moment ago serves for all.
//!
//! Kept for as long as the overview of a home is not looked at again, and not past a change that is made here. Only pages
//! are kept, and only for requests that cannot be told apart by anything a page reads: the address, by which name the site
//! is called and which compression is read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::OnceCell;

use crate::Web;

/// How long a page serves for others.
const FRESH: Duration = Duration::from_millis(200);
/// Pages that are kept at most.
const MOST: usize = 128;
/// Bytes of a page that is kept, at most.
const LARGEST: usize = 256 << 10;
/// Bytes of an address whose page is kept, at most.
const LONGEST: usize = 512;

/// Headers that a page may be written by; requests that differ in one get pages of their own.
const READ: [HeaderName; 3] = [header::HOST, header::ORIGIN, header::ACCEPT_ENCODING];
/// Headers of whoever is somebody, or wants something other than the page.
const PERSONAL: [HeaderName; 6] = [
    header::COOKIE,
    header::AUTHORIZATION,
    header::RANGE,
    header::IF_RANGE,
    header::IF_NONE_MATCH,
    header::IF_MODIFIED_SINCE,
];

/// What tells pages apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct PageKey {
    address: String,
    read: Vec<Option<Bytes>>,
}

/// A page as it was sent.
#[derive(Debug, Clone)]
struct SentPage {
    headers: HeaderMap,
    body: Bytes,
}

/// A page that is being made or was made; nothing in it when it is for whoever asked alone.
#[derive(Debug, Clone)]
struct Slot {
    made: Arc<OnceCell<Option<SentPage>>>,
    since: Instant,
}

/// Pages that were made a moment ago.
#[derive(Debug, Default)]
pub(crate) struct PublicPages(Mutex<HashMap<PageKey, Slot>>);

impl PublicPages {
    /// The place of a page; none when there is room for no more.
    fn slot(&self, key: PageKey) -> Option<Slot> {
        let mut slots = self.0.lock().ok()?;
        let is_fresh = |slot: &Slot| slot.since.elapsed() < FRESH;
        if let Some(slot) = slots.get(&key).filter(|slot| is_fresh(slot)) {
            return Some(slot.clone());
        }
        if slots.len() >= MOST {
            slots.retain(|_, slot| is_fresh(slot));
        }
        if slots.len() >= MOST {
            return None;
        }
        let slot = Slot {
            made: Arc::default(),
            since: Instant::now(),
        };
        slots.insert(key, slot.clone());
        Some(slot)
    }

    /// Has all of them made anew: something was changed. Whoever waits for one asked before that.
    fn forget(&self) {
        if let Ok(mut slots) = self.0.lock() {
            slots.clear();
        }
    }
}

/// Answers with a page that was made a moment ago, or makes it.
pub(crate) async fn serve(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response {
    if !request.method().is_safe() {
        let response = next.run(request).await;
        web.public_pages.forget();
        return response;
    }
    let slot = key_of(&request).and_then(|key| web.public_pages.slot(key));
    let Some(slot) = slot else {
        return next.run(request).await;
    };
    let mut waiting = Some(request);
    let mut own = None;
    let made = slot.made.get_or_try_init(async || {
        let request = waiting.take().ok_or(())?;
        let (sent, response) = kept(next.clone().run(request).await).await;
        own = Some(response);
        Ok::<_, ()>(sent)
    });
    let made = made.await.ok().cloned().flatten();
    match (own, made, waiting) {
        (Some(response), ..) => response,
        (None, Some(sent), _) => (sent.headers, sent.body).into_response(),
        (None, None, Some(request)) => next.run(request).await,
        (None, None, None) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// What tells the page of a request apart; none when it is for somebody, or no page.
fn key_of(request: &Request) -> Option<PageKey> {
    let headers = request.headers();
    let address = request.uri().path_and_query()?.as_str();
    let is_personal = PERSONAL.iter().any(|name| headers.contains_key(name));
    if request.method() != Method::GET || is_personal || address.len() > LONGEST {
        return None;
    }
    let value = |name: &HeaderName| {
        let value = headers.get(name)?;
        Some(Bytes::copy_from_slice(value.as_bytes()))
    };
    Some(PageKey {
        address: address.to_owned(),
        read: READ.iter().map(value).collect(),
    })
}

/// A response, and the page in it that others may have as well.
async fn kept(response: Response) -> (Option<SentPage>, Response) {
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let is_own = parts.headers.contains_key(header::SET_COOKIE);
    if parts.status != StatusCode::OK || !is_page || is_own {
        return (None, Response::from_parts(parts, body));
    }
    // a page is written whole before it is sent, so that there is no more of it than there is already
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return (None, StatusCode::INTERNAL_SERVER_ERROR.into_response());
    };
    let sent = SentPage {
        headers: parts.headers.clone(),
        body: body.clone(),
    };
    let fits = body.len() <= LARGEST;
    (
        fits.then_some(sent),
        Response::from_parts(parts, Body::from(body)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(address: &str, headers: &[(&str, &str)]) -> Request {
        let start = Request::builder().uri(address);
        let builder = headers.iter().fold(start, |builder, (name, value)| {
            builder.header(*name, *value)
        });
        builder.body(Body::empty()).unwrap()
    }

    #[test]
    fn only_requests_of_nobody_share_a_page() {
        let plain = key_of(&request("/goals?page=2", &[("host", "a.nl")]));
        assert!(plain.is_some());
        for (address, headers) in [
            ("/goals?page=3", [("host", "a.nl")]),
            ("/en/goals?page=2", [("host", "a.nl")]),
            ("/goals?page=2", [("host", "b.nl")]),
            ("/goals?page=2", [("accept-encoding", "gzip")]),
        ] {
            assert_ne!(key_of(&request(address, &headers)), plain, "{address}");
        }
        for name in PERSONAL {
            let headers = [("host", "a.nl"), (name.as_str(), "x")];
            assert_eq!(key_of(&request("/goals?page=2", &headers)), None, "{name}");
        }
        let long = format!("/{}", "x".repeat(LONGEST));
        assert_eq!(key_of(&request(&long, &[])), None);
        let mut post = request("/goals", &[]);
        *post.method_mut() = Method::POST;
        assert_eq!(key_of(&post), None);
    }

    #[test]
    fn a_change_has_pages_made_anew_and_there_is_room_for_so_many() {
        let pages = PublicPages::default();
        let key = |number: usize| key_of(&request(&format!("/{number}"), &[])).unwrap();
        let first = pages.slot(key(0)).unwrap();
        let again = pages.slot(key(0)).unwrap();
        assert!(Arc::ptr_eq(&first.made, &again.made));
        pages.forget();
        let after = pages.slot(key(0)).unwrap();
        assert!(!Arc::ptr_eq(&first.made, &after.made));
        let fresh = (1..2 * MOST).filter(|number| pages.slot(key(*number)).is_some());
        assert!(fresh.count() < MOST);
        let kept = pages.0.lock().unwrap().len();
        assert!(kept <= MOST, "{kept}");
    }

    #[tokio::test]
    async fn only_a_whole_page_that_sets_nothing_is_kept() {
        let page = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        let (sent, own) = kept((page.clone(), "<p>").into_response()).await;
        assert_eq!(sent.unwrap().body, "<p>");
        assert_eq!(own.status(), StatusCode::OK);
        for other in [
            (StatusCode::NOT_FOUND, page.clone(), "x").into_response(),
            (page.clone(), [(header::SET_COOKIE, "a=b")], "x").into_response(),
            ([(header::CONTENT_TYPE, "text/csv")], "x").into_response(),
            (page, "x".repeat(LARGEST + 1)).into_response(),
        ] {
            assert!(kept(other).await.0.is_none());
        }
    }
}
