//! For whoever runs the machine: who has an account, and inviting people. No page here shows data or decides for others.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use zwerm_commons::role::{Act, Role};
use zwerm_commons::text::Text;
use zwerm_store::invitations::Invitation;
use zwerm_store::parties::Party;
use zwerm_store::people::Person;

use super::super::Web;
use super::super::failure::Failure;
use super::super::page::Page;
use super::super::post::{Fields, Signed};
use super::super::visit::Visit;
use super::{draft, drop_draft, go, in_form, render};
use crate::app::error::AppError;
use crate::app::inquiry::KeptReason;
use crate::app::people::{Invite, SignedIn};
use crate::words::fault::Told;

#[derive(Template)]
#[template(path = "people.html")]
struct People {
    page: Page,
    people: Vec<(Person, String)>,
    invitations: Vec<Invitation>,
    parties: Vec<Party>,
    roles: Vec<(Role, Text)>,
    link: Option<String>,
    fields: Fields,
    told: Vec<Told>,
    reasons: Vec<KeptReason>,
}

/// The administrator who looks.
fn administrator(visit: &Visit) -> Result<&SignedIn, Failure> {
    // the machine is no party's
    visit.require(Act::RunMachine, "machine")
}

/// Lists them.
pub(crate) async fn list(State(web): State<Arc<Web>>, visit: Visit) -> Result<Response, Failure> {
    let fields = draft(&web, &visit, "/people").await?;
    page(&web, &visit, fields, None, None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    fields: Fields,
    link: Option<String>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    administrator(visit)?;
    let store = &web.site.store;
    let mut people = Vec::new();
    for person in store.people().await? {
        let roles = store.memberships_of(&person.id).await?;
        let roles = roles
            .iter()
            .map(|m| format!("{} ({})", m.role.name().get(visit.lang()), m.party));
        let roles: Vec<String> = roles.collect();
        people.push((person, roles.join(", ")));
    }
    let now = web.site.clock.now();
    let invitations = store.invitations().await?.into_iter();
    let open = invitations.filter(|i| i.used.is_none() && now < i.expires);
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Mensen", "People");
    render(&People {
        page: Page::new(web, visit, &title),
        people,
        invitations: open.collect(),
        parties: store.parties().await?,
        roles: [Role::Decider, Role::Analyst, Role::Steward]
            .map(|role| (role, role.name()))
            .to_vec(),
        link,
        fields,
        told,
        reasons,
    })
}

/// Invites somebody, and shows the link once.
pub(crate) async fn invite(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Signed(fields): Signed,
) -> Result<Response, Failure> {
    let signed = administrator(&visit)?;
    let party = fields.text("party").map(str::to_owned);
    let invite = Invite {
        name: fields.get("name").to_owned(),
        admin: fields.has("admin"),
        party: party.filter(|_| !fields.has("admin")),
        roles: fields
            .all("role")
            .filter_map(|role| role.parse().ok())
            .collect(),
        by: Some(signed.person.id.clone()),
    };
    match web.site.invite(&invite).await {
        Ok(token) => {
            drop_draft(&web, &visit, "/people").await?;
            let path = visit.link(&format!("/invitations/{}", token.as_str()));
            let base = web.config.public_url.as_deref().unwrap_or_default();
            let link = format!("{}{path}", base.trim_end_matches('/'));
            page(&web, &visit, Fields::default(), Some(link), None).await
        }
        Err(error) => page(&web, &visit, fields, None, Some(error)).await,
    }
}

/// Withdraws an invitation.
pub(crate) async fn withdraw(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Signed(fields): Signed,
) -> Result<Response, Failure> {
    administrator(&visit)?;
    web.site.store.withdraw_invitation(fields.get("id")).await?;
    Ok(go(&visit, "/people", "withdrawn"))
}
