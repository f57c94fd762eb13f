//! How the site is doing, for whoever runs it: read only.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::site::status::{self, SiteStatus};
use zwerm_app::types::home::accent::{Accent, Scheme};
use zwerm_app::words::capital;
use zwerm_app::words::number::number;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::marks::{Markup, SIDES, StateKind};
use crate::page::Page;
use crate::render::render;

/// Bytes of a gigabyte.
const GIGABYTE: f64 = 1e9;

#[derive(Template)]
#[template(path = "site/status.html")]
struct StatusPage {
    page: Page,
    status: SiteStatus,
    /// Free room on the disk, room in all, in words; and whether it runs out.
    room: Option<(String, String, bool)>,
    /// The colour that was given.
    given: Option<String>,
    strips: Vec<AccentStrip>,
}

/// What was made of the accent for one scheme.
struct AccentStrip {
    scheme: Text,
    strip: Markup,
    colour: String,
    /// The lowest contrast of the accent, that of the text on it, and the lowest of text on a map.
    contrasts: [String; 3],
    /// The side of the table whose colour it comes near.
    near: Option<Text>,
}

/// The page of how the site is doing.
pub(crate) async fn show(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    let signed = visit.require_running()?;
    let status = status::look(&web.site, signed).await?;
    let lang = visit.lang();
    let title = Text::new("Hoe het met de site gaat", "How the site is doing");
    let people = Text::new("Mensen", "People");
    let colour = web.config.site.colour();
    let strips = colour.map(|colour| {
        let schemes = [
            (Scheme::Light, Text::new("Licht", "Light")),
            (Scheme::Dark, Text::new("Donker", "Dark")),
        ];
        schemes.map(|(scheme, name)| strip(name, &Accent::of(colour, scheme), lang))
    });
    render(&StatusPage {
        page: Page::new(&web, &visit, &title).under("/people", &people),
        room: status.room.map(|room| {
            let gigabytes = |bytes: u64| number(bytes as f64 / GIGABYTE, 1, lang);
            (gigabytes(room.free), gigabytes(room.whole), room.is_short())
        }),
        given: colour.map(|colour| colour.to_string()),
        strips: strips.into_iter().flatten().collect(),
        status,
    })
}

fn strip(scheme: Text, accent: &Accent, lang: Lang) -> AccentStrip {
    let measured = [accent.lowest, accent.on_it, accent.on_map];
    let near = accent.near_side.and_then(|side| SIDES.get(side));
    AccentStrip {
        scheme,
        strip: drawn(accent),
        colour: accent.colour.to_string(),
        contrasts: measured.map(|contrast| number(contrast, 1, lang)),
        near: near.map(|side| {
            let name = side.name();
            Text::new(capital(&name.nl), capital(&name.en))
        }),
    }
}

/// The colours beside each other: the accent with text on it, its soft ground, the steps of a map.
fn drawn(accent: &Accent) -> Markup {
    let mut svg =
        String::from(r#"<svg width="336" height="48" viewBox="0 0 336 48" aria-hidden="true">"#);
    let others = [accent.soft].into_iter().chain(accent.steps);
    for (place, colour) in [accent.colour].into_iter().chain(others).enumerate() {
        let x = place * 48;
        svg += &format!(r#"<rect x="{x}" width="48" height="48" fill="{colour}"/>"#);
    }
    svg += &format!(
        r#"<path d="m14 25 7 7 14-16" fill="none" stroke="{}" stroke-width="4"/></svg>"#,
        accent.ink
    );
    Markup(svg)
}
