//! The stylesheet and the scripts, which are part of the program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::http::failure::Failure;

struct Asset {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const ASSETS: &[Asset] = &[
    Asset {
        name: "zwerm.css",
        kind: CSS,
        text: concat!(
            include_str!("assets/zwerm.css"),
            include_str!("assets/pictures.css")
        ),
    },
    Asset {
        name: "zwerm.svg",
        kind: "image/svg+xml",
        text: include_str!("assets/zwerm.svg"),
    },
    Asset {
        name: "receipt.js",
        kind: SCRIPT,
        text: include_str!("assets/receipt.js"),
    },
    Asset {
        name: "receipt-page.js",
        kind: SCRIPT,
        text: include_str!("assets/receipt-page.js"),
    },
    Asset {
        name: "keys.js",
        kind: SCRIPT,
        text: include_str!("assets/keys.js"),
    },
    Asset {
        name: "answer-page.js",
        kind: SCRIPT,
        text: include_str!("assets/answer-page.js"),
    },
    Asset {
        name: "ask-page.js",
        kind: SCRIPT,
        text: include_str!("assets/ask-page.js"),
    },
    Asset {
        name: "compose-page.js",
        kind: SCRIPT,
        text: include_str!("assets/compose-page.js"),
    },
    Asset {
        name: "read-file.js",
        kind: SCRIPT,
        text: include_str!("assets/read-file.js"),
    },
    Asset {
        name: "sign-page.js",
        kind: SCRIPT,
        text: include_str!("assets/sign-page.js"),
    },
    Asset {
        name: "copy.js",
        kind: SCRIPT,
        text: include_str!("assets/copy.js"),
    },
    Asset {
        name: "parties-page.js",
        kind: SCRIPT,
        text: include_str!("assets/parties-page.js"),
    },
];

/// A hash of all of them: another program, other addresses.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for asset in ASSETS {
        hash.update(asset.text.as_bytes());
    }
    let digest = hash.finalize();
    let mut version = hex::encode(digest);
    version.truncate(12);
    version
});

/// The address of an asset.
///
/// The version is a folder, so that scripts and pictures that name each other stay of one version.
pub(crate) fn address(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Hands over an asset.
pub(crate) async fn get(Path((_, name)): Path<(String, String)>) -> Result<Response, Failure> {
    let mut all = ASSETS.iter();
    let asset = all.find(|asset| asset.name == name);
    let asset = asset.ok_or(Failure::NotFound)?;
    let headers = [
        (CONTENT_TYPE, asset.kind),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.text).into_response())
}
