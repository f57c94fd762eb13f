//! Links that are shown once, to be passed on: an invitation, or a new password.

use axum::http::HeaderMap;
use zwerm_agreement::text::Text;

use crate::Web;
use crate::http::host;
use crate::http::visit::Visit;

/// A link with for whom it is, and how long it works.
pub(crate) struct ShownLink {
    /// The whole address; without a host when the request named none.
    pub(crate) address: String,
    pub(crate) whom: Text,
    pub(crate) lasts: Text,
}

/// The link of an invitation.
pub(crate) fn invitation(
    web: &Web,
    visit: &Visit,
    headers: &HeaderMap,
    token: &str,
    whom: Text,
) -> ShownLink {
    ShownLink {
        address: address(web, visit, headers, &format!("/invitations/{token}")),
        whom,
        lasts: Text::new(
            "U ziet hem maar één keer. Hij werkt twee weken.",
            "You see it only once. It works for two weeks.",
        ),
    }
}

/// The link with which somebody chooses a new password.
pub(crate) fn new_password(
    web: &Web,
    visit: &Visit,
    headers: &HeaderMap,
    token: &str,
    name: &str,
) -> ShownLink {
    ShownLink {
        address: address(web, visit, headers, &format!("/reset/{token}")),
        whom: Text::new(
            format!("voor een nieuw wachtwoord van {name}"),
            format!("for a new password of {name}"),
        ),
        lasts: Text::new(
            "U ziet hem maar één keer. Hij werkt een dag. Geef hem zo door dat alleen deze persoon hem leest.",
            "You see it only once. It works for a day. Pass it on so that only this person reads it.",
        ),
    }
}

fn address(web: &Web, visit: &Visit, headers: &HeaderMap, path: &str) -> String {
    format!("{}{}", host::base(&web.config, headers), visit.link(path))
}
