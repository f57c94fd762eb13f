//! Who has an account and does what: for whoever runs the machine, and for the deciders of a party as far as it is theirs.
//! No page here shows data or decides for others.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::people::people::{self, By, InvitedRoles, ROLES};
use zwerm_app::people::{invitations, parties};
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::invitations::Invitation;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::types::store::people::Person;

use crate::Web;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields, SignedForm, Ticked};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{draft, drop_draft, go, in_form, render};

const PEOPLE: &str = "/people";

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
    parties: Vec<RegisteredParty>,
    roles: Vec<(Role, Text)>,
    link: Option<String>,
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

impl PeoplePage {
    fn ticked(&self, role: &Role) -> bool {
        self.fields.all("role").any(|one| one == role.as_str())
    }
}

/// The people of the parties that whoever looks may manage, with who is invited.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<PeopleQuery>,
) -> Result<Response, Failure> {
    let fields = draft(&web, &visit, PEOPLE).await?;
    page(&web, &visit, &wanted.after, fields, None, None).await
}

/// Accounts on one page.
const LISTED: usize = 100;

/// From which account on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PeopleQuery {
    /// The user name of the last account on the page before.
    after: String,
}

async fn page(
    web: &Web,
    visit: &Visit,
    after: &str,
    fields: FormFields,
    link: Option<String>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let own = visit.manages()?;
    let is_theirs = |party: &str| own.as_ref().is_none_or(|own| own.contains(&party));
    let mut parties = parties::all(&web.site).await?;
    parties.retain(|party| is_theirs(&party.id));
    let mut lines = match own {
        None => everybody(web, visit, after, &parties).await?,
        Some(_) => of_parties(web, visit, &parties).await?,
    };
    if own.is_some() {
        lines.retain(|line| line.person.login.as_str() > after);
        lines.sort_by(|a, b| a.person.login.cmp(&b.person.login));
    }
    let more = lines.len() > LISTED;
    lines.truncate(LISTED);
    let last = lines.last().filter(|_| more);
    let more = last.map(|line| {
        serde_urlencoded::to_string([("after", &line.person.login)]).unwrap_or_default()
    });
    let open = invitations::open(&web.site).await?.into_iter();
    let theirs = open.filter(|one| own.is_none() || one.party.as_deref().is_some_and(is_theirs));
    let named = theirs.map(|one| {
        let party = one.party.as_deref().map(|party| name_of(&parties, party));
        (one, party)
    });
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = title(own.is_some(), &parties);
    render(&PeoplePage {
        page: Page::new(web, visit, &title),
        runs: own.is_none(),
        lines,
        more,
        invitations: named.collect(),
        parties,
        roles: ROLES.map(|role| (role, role.name())).to_vec(),
        link,
        fields,
        told,
        reasons,
    })
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

fn name_of(parties: &[RegisteredParty], party: &str) -> Text {
    let known = parties.iter().find(|known| known.id == party);
    known.map_or_else(|| Text::same(party), |known| known.name.clone())
}

/// Accounts after one, with all that they may.
async fn everybody(
    web: &Web,
    visit: &Visit,
    after: &str,
    parties: &[RegisteredParty],
) -> Result<Vec<PersonLine>, Failure> {
    let own = visit.person().map(|person| person.id.as_str());
    let mut lines = Vec::new();
    let one_more = u32::try_from(LISTED + 1).unwrap_or(u32::MAX);
    for (person, roles) in people::everybody(&web.site, after, one_more).await? {
        let held = roles.into_iter().map(|one| HeldRole {
            name: name_of(parties, &one.party),
            party: one.party,
            role: one.role,
            may_end: true,
        });
        lines.push(PersonLine {
            may_disable: own != Some(&person.id),
            held: held.collect(),
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

/// Invites somebody, and shows the link once.
pub(crate) async fn invite(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Form { sent, fields }: Form<InvitationForm>,
) -> Result<Response, Failure> {
    visit.manages()?;
    let Ticked(admin) = sent.admin;
    let party = Some(sent.party.trim()).filter(|party| !admin && !party.is_empty());
    let signed = match party {
        Some(party) => visit.require_managing(party)?,
        None if admin => visit.require_running()?,
        None => visit.require_person()?,
    };
    let roles = fields.all("role").filter_map(|role| role.parse().ok());
    let place = InvitedRoles {
        party: party.map(str::to_owned),
        roles: roles.collect(),
        admin,
    };
    match invitations::invite(&web.site, &sent.name, &place, By::Person(signed)).await {
        Ok(token) => {
            drop_draft(&web, &visit, PEOPLE).await;
            let path = visit.link(&format!("/invitations/{}", token.as_str()));
            let base = web.config.public_url.as_deref().unwrap_or_default();
            let link = format!("{}{path}", base.trim_end_matches('/'));
            page(&web, &visit, "", FormFields::default(), Some(link), None).await
        }
        Err(error) => page(&web, &visit, "", fields, None, Some(error)).await,
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
    let parties = parties::all(&web.site).await?;
    let (of, as_what) = (name_of(&parties, party), role.name());
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
            "Het einde geldt meteen. Wie de rol later weer nodig heeft, krijgt een nieuwe uitnodiging en een nieuw account.",
            "The end counts at once. Whoever needs the role again gets a new invitation and a new account.",
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
