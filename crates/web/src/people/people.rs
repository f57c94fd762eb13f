//! Who has an account and does what: for whoever runs the machine, and for the deciders of a party as far as it is theirs.
//! No page here shows data or decides for others.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::people::people::{self, By, InvitedRoles};
use zwerm_app::people::{invitations, parties};
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::invitations::Invitation;
use zwerm_app::types::store::list::ListPlace;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::types::store::people::Person;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields, Ticked};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::people::link::{self, ShownLink};
use crate::people::role_choice::{RoleChoice, RoleWords, role_words};
use crate::render::{draft, drop_draft, go, in_form, render};

pub(crate) const PEOPLE: &str = "/people";

#[derive(Template)]
#[template(path = "people/people.html")]
struct PeoplePage {
    page: Page,
    /// Whether whoever looks runs the machine.
    runs: bool,
    lines: Vec<PersonLine>,
    /// The query of the next page.
    more: Option<String>,
    invitations: Vec<(Invitation, Option<Text>)>,
    /// Where the next page of invitations begins.
    more_invited: Option<ListPlace>,
    choice: RoleChoice,
    roles: Vec<RoleWords>,
    link: Option<ShownLink>,
    fields: FormFields,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// Somebody, as far as it is for whoever looks.
struct PersonLine {
    person: Person,
    held: Vec<HeldRole>,
    may_disable: bool,
}

struct HeldRole {
    party: String,
    name: Text,
    role: Role,
    may_end: bool,
}

/// The people of the parties that whoever looks may manage, with who is invited.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<PeopleQuery>,
) -> Result<Response, Failure> {
    let mut fields = draft(&web, &visit, PEOPLE).await?;
    if !wanted.party.is_empty() {
        fields.set("party", wanted.party.clone());
    }
    page(&web, &visit, &wanted, fields, None, None).await
}

/// Accounts on one page.
const LISTED: usize = 100;
/// Open invitations on one page.
const INVITED: u32 = 25;

/// From which account on, and whom to invite where.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleQuery {
    /// The user name of the last account on the page before.
    after: String,
    /// From which open invitation on.
    invited: String,
    /// The party that the form begins with.
    party: String,
}

async fn page(
    web: &Web,
    visit: &Visit,
    from: &PeopleQuery,
    mut fields: FormFields,
    link: Option<ShownLink>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let own = visit.manages()?;
    let before = from.invited.parse().ok();
    let open = invitations::open(&web.site, own.as_deref(), before.as_ref(), INVITED).await?;
    if own.is_none() && !fields.has("name") {
        begin(web, &mut fields).await?;
    }
    let choice = RoleChoice::new(web, own.as_deref(), &fields).await?;
    let mut lines = match own {
        None => everybody(web, visit, &from.after).await?,
        Some(_) => of_parties(web, visit, &choice.parties).await?,
    };
    if own.is_some() {
        lines.retain(|line| line.person.login > from.after);
        lines.sort_by(|a, b| a.person.login.cmp(&b.person.login));
    }
    let more = lines.len() > LISTED;
    lines.truncate(LISTED);
    let last = lines.last().filter(|_| more);
    let more = last.map(|line| {
        serde_urlencoded::to_string([("after", &line.person.login)]).unwrap_or_default()
    });
    let mut invited = Vec::new();
    for one in open.rows {
        let party = match &one.party {
            Some(party) => Some(name_of(web, party).await?),
            None => None,
        };
        invited.push((one, party));
    }
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = title(own.is_some(), &choice.parties);
    render(&PeoplePage {
        page: Page::new(web, visit, &title),
        runs: own.is_none(),
        lines,
        more,
        invitations: invited,
        more_invited: open.older,
        choice,
        roles: role_words(),
        link,
        fields,
        told,
        reasons,
    })
}

/// What an administrator's form begins with: the party that was chosen, or the next that needs somebody who decides.
async fn begin(web: &Web, fields: &mut FormFields) -> Result<(), Failure> {
    if !fields.get("party").is_empty() {
        return Ok(());
    }
    if let Some(party) = invitations::next_party(&web.site).await? {
        fields.set("party", party);
        fields.set("role", Role::Decider.as_str().to_owned());
    }
    Ok(())
}

/// Of somebody with a say about one party the page names it.
fn title(of_parties: bool, parties: &[RegisteredParty]) -> Text {
    match parties {
        [party] if of_parties => Text::new(
            format!("Mensen van {}", party.name.nl),
            format!("People of {}", party.name.en),
        ),
        _ => Text::new("Mensen", "People"),
    }
}

/// What people call a party.
pub(crate) async fn name_of(web: &Web, party: &str) -> Result<Text, Failure> {
    let known = parties::find(&web.site, party).await?;
    Ok(known.map_or_else(|| Text::same(party), |known| known.name))
}

/// Accounts after one, with all that they may.
async fn everybody(web: &Web, visit: &Visit, after: &str) -> Result<Vec<PersonLine>, Failure> {
    let own = visit.person().map(|person| person.id.as_str());
    let mut lines = Vec::new();
    let one_more = u32::try_from(LISTED + 1).unwrap_or(u32::MAX);
    for (person, roles) in people::everybody(&web.site, after, one_more).await? {
        let mut held = Vec::new();
        for one in roles {
            held.push(HeldRole {
                name: name_of(web, &one.party).await?,
                party: one.party,
                role: one.role,
                may_end: true,
            });
        }
        lines.push(PersonLine {
            may_disable: own != Some(&person.id),
            held,
            person,
        });
    }
    Ok(lines)
}

/// Who does what for these parties, and nothing of what they do elsewhere.
async fn of_parties(
    web: &Web,
    visit: &Visit,
    parties: &[RegisteredParty],
) -> Result<Vec<PersonLine>, Failure> {
    let own = visit.person().map(|person| person.id.as_str());
    let mut lines: BTreeMap<String, PersonLine> = BTreeMap::new();
    for party in parties {
        let members = people::of_party(&web.site, &party.id).await?;
        let decides = |(person, role): &&(Person, Role)| *role == Role::Decider && !person.disabled;
        let only = members.iter().filter(decides).count() == 1;
        for (person, role) in members {
            let last = only && role == Role::Decider && own == Some(&person.id);
            let line = lines
                .entry(person.id.clone())
                .or_insert_with(|| PersonLine {
                    person,
                    held: Vec::new(),
                    may_disable: false,
                });
            line.held.push(HeldRole {
                party: party.id.clone(),
                name: party.name.clone(),
                role,
                may_end: !last,
            });
        }
    }
    Ok(lines.into_values().collect())
}

/// Whom the form invites; the roles are sent several times.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InvitationForm {
    name: String,
    party: String,
    admin: Ticked,
}

/// The place that a form gives somebody, with the roles that it sends several times.
pub(crate) fn place(party: &str, admin: Ticked, fields: &FormFields) -> InvitedRoles {
    let Ticked(admin) = admin;
    let party = Some(party.trim()).filter(|party| !admin && !party.is_empty());
    let roles = fields.all("role").filter_map(|role| role.parse().ok());
    InvitedRoles {
        party: party.map(str::to_owned),
        roles: roles.collect(),
        admin,
    }
}

/// Invites somebody, and shows the link once.
pub(crate) async fn invite(
    State(web): State<Arc<Web>>,
    visit: Visit,
    headers: HeaderMap,
    Form { sent, fields }: Form<InvitationForm>,
) -> Result<Response, Failure> {
    visit.manages()?;
    let place = place(&sent.party, sent.admin, &fields);
    let signed = match &place.party {
        Some(party) => visit.require_managing(party)?,
        None if place.admin => visit.require_running()?,
        None => visit.require_person()?,
    };
    match invitations::invite(&web.site, &sent.name, &place, By::Person(signed)).await {
        Ok(token) => {
            drop_draft(&web, &visit, PEOPLE).await;
            let whom = invitations::whom(&web.site, &sent.name, &place).await?;
            let link = link::invitation(&web, &visit, &headers, &token, whom);
            page(
                &web,
                &visit,
                &PeopleQuery::default(),
                FormFields::default(),
                Some(link),
                None,
            )
            .await
        }
        Err(error) => {
            page(
                &web,
                &visit,
                &PeopleQuery::default(),
                fields,
                None,
                Some(error),
            )
            .await
        }
    }
}

/// Which invitation the form withdraws.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct InvitationWithdrawalForm {
    id: String,
}

/// Withdraws an invitation.
pub(crate) async fn withdraw(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, .. }: Form<InvitationWithdrawalForm>,
) -> Result<Response, Failure> {
    visit.manages()?;
    let by = By::Person(visit.require_person()?);
    invitations::withdraw(&web.site, &sent.id, by).await?;
    Ok(go(&visit, PEOPLE, Done::Withdrawn))
}
