//! The parties that take part: registered by whoever runs the machine, before any agreement names them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::people::parties::{self, PartyLine, PartyWords};
use zwerm_app::people::people::By;
use zwerm_app::share::ask_on_page::KeptReason;

use crate::Web;
use crate::decide::agreement::capital;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, render};

const PARTIES: &str = "/parties";
/// Parties on one page.
const LISTED: u32 = 100;

/// A side of the table: its word, its name, and who sits there.
type SideChoice = (&'static str, Text, Text);

#[derive(Template)]
#[template(path = "people/parties.html")]
struct PartiesPage {
    page: Page,
    lines: Vec<PartyLine>,
    /// The query of the next page.
    more: Option<String>,
    sides: Vec<SideChoice>,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// From which party on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartiesQuery {
    /// The id of the last party on the page before.
    after: String,
}

/// What the form of a party says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PartyForm {
    name_nl: String,
    name_en: String,
    side: String,
    id: String,
}

impl PartyForm {
    fn words(&self) -> PartyWords {
        PartyWords {
            name: Text::new(&self.name_nl, &self.name_en),
            side: self.side.clone(),
            id: self.id.clone(),
        }
    }
}

/// All sides of the table, those whom it concerns first.
fn sides() -> Vec<SideChoice> {
    [
        (
            Helix::Residents,
            "een bewonersgroep, vereniging of panel",
            "a residents' group, association or panel",
        ),
        (
            Helix::Knowledge,
            "een universiteit, hogeschool of bureau",
            "a university or research bureau",
        ),
        (
            Helix::Organisations,
            "een corporatie, zorg of welzijn",
            "a housing corporation, care or welfare",
        ),
        (
            Helix::Government,
            "de gemeente, of een andere overheid",
            "the municipality, or another government",
        ),
    ]
    .map(|(side, nl, en)| (side.as_str(), capital(&side.name()), Text::new(nl, en)))
    .into()
}

/// The parties, and the form to register one.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<PartiesQuery>,
) -> Result<Response, Failure> {
    let fields = draft(&web, &visit, PARTIES).await?;
    page(&web, &visit, &wanted.after, fields, None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    after: &str,
    fields: FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_running()?;
    let mut lines = parties::lines(&web.site, after, LISTED + 1).await?;
    let listed = usize::try_from(LISTED).unwrap_or(usize::MAX);
    let more = lines.len() > listed;
    lines.truncate(listed);
    let last = lines.last().filter(|_| more);
    let more = last
        .map(|line| serde_urlencoded::to_string([("after", &line.party.id)]).unwrap_or_default());
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    render(&PartiesPage {
        page: Page::new(web, visit, &Text::new("Partners", "Parties")),
        lines,
        more,
        sides: sides(),
        fields,
        beside,
        told,
        reasons,
    })
}

/// Registers a party.
pub(crate) async fn register(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, fields }: Form<PartyForm>,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    match parties::register(&web.site, &sent.words(), by).await {
        Ok(_) => {
            drop_draft(&web, &visit, PARTIES).await;
            Ok(go(&visit, PARTIES, Done::PartyRegistered))
        }
        Err(error) => page(&web, &visit, "", fields, Some(error)).await,
    }
}

#[derive(Template)]
#[template(path = "people/party.html")]
struct PartyPage {
    page: Page,
    line: PartyLine,
    sides: Vec<SideChoice>,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// A party, and the form to change what it is called.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(party): Path<String>,
) -> Result<Response, Failure> {
    party_page(&web, &visit, &party, None, None).await
}

async fn party_page(
    web: &Web,
    visit: &Visit,
    party: &str,
    sent: Option<FormFields>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_running()?;
    let line = parties::line(&web.site, party).await?;
    let line = line.ok_or(Failure::NotFound)?;
    let fields = sent.unwrap_or_else(|| as_it_is(&line));
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    render(&PartyPage {
        page: Page::new(web, visit, &line.party.name),
        sides: sides(),
        line,
        fields,
        beside,
        told,
        reasons,
    })
}

/// The form of a party that is there.
fn as_it_is(line: &PartyLine) -> FormFields {
    let name = &line.party.name;
    // an English name that is the Dutch one was not given
    let en = Some(&name.en).filter(|en| **en != name.nl);
    let side = line.party.helix.map_or("", Helix::as_str);
    FormFields::from(vec![
        ("name_nl".to_owned(), name.nl.clone()),
        ("name_en".to_owned(), en.cloned().unwrap_or_default()),
        ("side".to_owned(), side.to_owned()),
    ])
}

/// Changes what a party is called, and its side.
pub(crate) async fn change(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(party): Path<String>,
    Form { sent, fields }: Form<PartyForm>,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    if parties::find(&web.site, &party).await?.is_none() {
        return Err(Failure::NotFound);
    }
    match parties::change(&web.site, &party, &sent.words(), by).await {
        Ok(()) => Ok(go(&visit, PARTIES, Done::PartyChanged)),
        Err(error) => party_page(&web, &visit, &party, Some(fields), Some(error)).await,
    }
}

/// Removes a party that was registered by mistake.
pub(crate) async fn remove(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(party): Path<String>,
    SignedForm(_): SignedForm,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    if parties::find(&web.site, &party).await?.is_none() {
        return Err(Failure::NotFound);
    }
    match parties::remove(&web.site, &party, by).await {
        Ok(()) => Ok(go(&visit, PARTIES, Done::PartyRemoved)),
        Err(error) => party_page(&web, &visit, &party, None, Some(error)).await,
    }
}
