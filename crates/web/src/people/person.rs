//! Somebody's account, for whoever runs the machine: further roles, a link for a new password, and shutting out; and the
//! end of a role, which the deciders of its party arrange as well.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::people::people::{self, By};
use zwerm_app::people::{grants, password_links};
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::people::Person;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields, SignedForm, Ticked};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::people::link::{self, ShownLink};
use crate::people::people::{PEOPLE, name_of, place};
use crate::people::role_choice::{RoleChoice, RoleWords, role_words};
use crate::render::{go, in_form, render};

#[derive(Template)]
#[template(path = "people/person.html")]
struct PersonPage {
    page: Page,
    person: Person,
    /// Each role with the party's id and name.
    held: Vec<(String, Text, Role)>,
    /// Whether whoever looks runs the machine, as everybody here does.
    runs: bool,
    choice: RoleChoice,
    roles: Vec<RoleWords>,
    link: Option<ShownLink>,
    fields: FormFields,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// Somebody's account.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    visit.require_running()?;
    let person = somebody(&web, &id).await?;
    page(&web, &visit, person, FormFields::default(), None, None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    person: Person,
    fields: FormFields,
    link: Option<ShownLink>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let mut held = Vec::new();
    for one in people::roles_of(&web.site, &person.id).await? {
        let name = name_of(web, &one.party).await?;
        held.push((one.party, name, one.role));
    }
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    render(&PersonPage {
        page: Page::new(web, visit, &Text::same(&person.name)),
        choice: RoleChoice::new(web, None, &fields).await?,
        roles: role_words(),
        runs: true,
        held,
        person,
        link,
        fields,
        told,
        reasons,
    })
}

/// Which roles a form gives; they are sent several times.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RolesForm {
    party: String,
    admin: Ticked,
}

/// Gives somebody further roles.
pub(crate) async fn grant(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form { sent, fields }: Form<RolesForm>,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    let person = somebody(&web, &id).await?;
    match grants::grant(
        &web.site,
        &person,
        &place(&sent.party, sent.admin, &fields),
        by,
    )
    .await
    {
        Ok(()) => Ok(go(&visit, &format!("/people/{id}"), Done::RoleGranted)),
        Err(error) => page(&web, &visit, person, fields, None, Some(error)).await,
    }
}

/// Ends that somebody runs the machine.
pub(crate) async fn end_administration(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(_): SignedForm,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    let person = somebody(&web, &id).await?;
    match grants::end_administration(&web.site, &person, by).await {
        Ok(()) => {
            // who ended their own no longer has such a page
            let own = by_id(&visit) == id;
            let back = if own {
                "/account".to_owned()
            } else {
                format!("/people/{id}")
            };
            Ok(go(&visit, &back, Done::RoleEnded))
        }
        Err(error) => {
            let none = FormFields::default();
            page(&web, &visit, person, none, None, Some(error)).await
        }
    }
}

/// Makes a link with which somebody chooses a new password, and shows it once.
pub(crate) async fn password_link(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
    SignedForm(_): SignedForm,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    let person = somebody(&web, &id).await?;
    let none = FormFields::default();
    match password_links::make(&web.site, &person, by).await {
        Ok(token) => {
            let link = link::new_password(&web, &visit, &headers, &token, &person.name);
            page(&web, &visit, person, none, Some(link), None).await
        }
        Err(error) => page(&web, &visit, person, none, None, Some(error)).await,
    }
}

#[derive(Template)]
#[template(path = "people/confirm.html")]
struct ConfirmPage {
    page: Page,
    what: Vec<Text>,
    action: String,
    button: Text,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

async fn somebody(web: &Web, id: &str) -> Result<Person, Failure> {
    let found = people::find(&web.site, id).await?;
    found.ok_or(Failure::NotFound)
}

/// The page on which it is confirmed that somebody is shut out.
pub(crate) async fn disable(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    visit.require_running()?;
    let person = somebody(&web, &id).await?;
    disable_form(&web, &visit, &person, None)
}

fn disable_form(
    web: &Web,
    visit: &Visit,
    person: &Person,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let Person {
        id, name, login, ..
    } = person;
    let title = Text::new(
        format!("Blokkeer het account van {name}"),
        format!("Disable the account of {name}"),
    );
    render(&ConfirmPage {
        page: Page::new(web, visit, &title),
        what: when_disabled(login),
        action: format!("/people/{id}/disable"),
        button: Text::new("Blokkeer", "Disable"),
        told,
        reasons,
    })
}

/// What disabling an account does.
fn when_disabled(login: &str) -> Vec<Text> {
    vec![
        Text::new(
            format!("Het gaat om de gebruikersnaam {login}."),
            format!("The user name is {login}."),
        ),
        Text::new(
            "Deze persoon is meteen afgemeld en kan zich niet meer aanmelden. Links voor een nieuw wachtwoord werken niet meer.",
            "This person is signed out at once and cannot sign in any more. Links for a new password stop working.",
        ),
        Text::new(
            "Uitnodigingen die deze persoon maakte, vervallen ook.",
            "Invitations that this person made are void as well.",
        ),
        Text::new(
            "De rollen blijven staan. U kunt het account later weer toelaten.",
            "The roles stay. You can enable the account later.",
        ),
    ]
}

/// Shuts somebody out.
pub(crate) async fn put_disable(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(_): SignedForm,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    let person = somebody(&web, &id).await?;
    match people::set_disabled(&web.site, &person, true, by).await {
        Ok(()) => Ok(go(&visit, PEOPLE, Done::Disabled)),
        Err(error) => disable_form(&web, &visit, &person, Some(error)),
    }
}

/// Lets somebody in again.
pub(crate) async fn enable(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    SignedForm(_): SignedForm,
) -> Result<Response, Failure> {
    let by = By::Person(visit.require_running()?);
    let person = somebody(&web, &id).await?;
    people::set_disabled(&web.site, &person, false, by).await?;
    Ok(go(&visit, PEOPLE, Done::Enabled))
}

/// Which role of whom, in a path: of a party that is theirs who look, or it is not there.
async fn role_of(
    web: &Web,
    visit: &Visit,
    (id, party, role): &(String, String, String),
) -> Result<(Person, Role), Failure> {
    visit.require_managing(party)?;
    let role: Role = role.parse().map_err(|_| Failure::NotFound)?;
    let members = people::of_party(&web.site, party).await?;
    let mut found = members.into_iter().filter(|(person, _)| person.id == *id);
    found.find(|(_, has)| *has == role).ok_or(Failure::NotFound)
}

/// The page on which it is confirmed that a role ends.
pub(crate) async fn end_role(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(path): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let (person, role) = role_of(&web, &visit, &path).await?;
    end_form(&web, &visit, &person, &path.1, role, None).await
}

async fn end_form(
    web: &Web,
    visit: &Visit,
    person: &Person,
    party: &str,
    role: Role,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let (of, as_what) = (name_of(web, party).await?, role.name());
    let Person {
        id, name, login, ..
    } = person;
    let title = Text::new(
        format!("Beëindig een rol van {name}"),
        format!("End a role of {name}"),
    );
    let mut what = vec![
        Text::new(
            format!("{name} ({login}) is {} van {}.", as_what.nl, of.nl),
            format!("{name} ({login}) is {} of {}.", as_what.en, of.en),
        ),
        Text::new(
            "Het einde geldt meteen. De beheerder kan de rol later opnieuw geven.",
            "The end applies at once. The administrator can give the role again later.",
        ),
    ];
    if role == Role::Decider {
        what.push(Text::new(
            "Uitnodigingen die deze persoon voor de partner maakte, vervallen ook. Wat de persoon al besloot, blijft gelden.",
            "Invitations to the party that this person made are void as well. What the person decided already still counts.",
        ));
    }
    render(&ConfirmPage {
        page: Page::new(web, visit, &title),
        what,
        action: format!("/people/{id}/roles/{party}/{role}"),
        button: Text::new("Beëindig de rol", "End the role"),
        told,
        reasons,
    })
}

/// Ends a role of somebody.
pub(crate) async fn put_end_role(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(path): Path<(String, String, String)>,
    SignedForm(_): SignedForm,
) -> Result<Response, Failure> {
    let (person, role) = role_of(&web, &visit, &path).await?;
    let party = &path.1;
    let by = By::Person(visit.require_managing(party)?);
    match people::end_roles(&web.site, &person, party, &[role], by).await {
        Ok(_) => {
            // who ended their own last one no longer has such a page
            let left = people::roles_of(&web.site, by_id(&visit)).await?;
            let stays =
                visit.require_running().is_ok() || left.iter().any(|m| m.role == Role::Decider);
            let back = if stays { PEOPLE } else { "/account" };
            Ok(go(&visit, back, Done::RoleEnded))
        }
        Err(error) => end_form(&web, &visit, &person, party, role, Some(error)).await,
    }
}

fn by_id(visit: &Visit) -> &str {
    visit.person().map_or("", |person| person.id.as_str())
}
