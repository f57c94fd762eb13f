//! What the demonstration's pages show besides the example: people to look as, a goal with published figures, and the
//! project in words.

use serde::Deserialize;
use zwerm_agreement::role::Role;
use zwerm_agreement::text::{Lang, Text};
use zwerm_store::goals::Goal;
use zwerm_store::indicators::{Indicator, IndicatorFigure};
use zwerm_store::people::{PasswordHash, Person};
use zwerm_store::projects::Project;
use zwerm_store::{Store, StoreError};

use crate::demo::asked;
use crate::error::AppError;
use crate::people::accounts::{self, Account};
use crate::people::notices::listed;
use crate::people::password::{hashed, made_up_password};
use crate::site::{DemoPerson, Site};

const GOAL: &str = "leiden-passend-wonen";
const PROJECT: &str = "leiden-goedkoop-scheefwonen";
/// The party that brings the figures.
const BUREAU: &str = "statistiekbureau";
const INDICATORS: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/figures/indicators.csv");
const FIGURES: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/figures/indicator-figures.csv");

struct DemoAccount {
    login: &'static str,
    name: &'static str,
    /// The party, or nothing for whoever runs the machine.
    party: Option<&'static str>,
    roles: &'static [Role],
}

const PEOPLE: [DemoAccount; 8] = [
    DemoAccount {
        login: "noor",
        name: "Noor",
        party: Some("gemeente-leiden"),
        roles: &[Role::Decider],
    },
    DemoAccount {
        login: "bram",
        name: "Bram",
        party: Some("gemeente-leiden"),
        roles: &[Role::Analyst],
    },
    DemoAccount {
        login: "eva",
        name: "Eva",
        party: Some("corporatie"),
        roles: &[Role::Decider],
    },
    DemoAccount {
        login: "joris",
        name: "Joris",
        party: Some("corporatie"),
        roles: &[Role::Steward],
    },
    DemoAccount {
        login: "lars",
        name: "Lars",
        party: Some("statistiekbureau"),
        roles: &[Role::Decider],
    },
    DemoAccount {
        login: "hugo",
        name: "Hugo",
        party: Some("statistiekbureau"),
        roles: &[Role::Steward, Role::Analyst],
    },
    DemoAccount {
        login: "mila",
        name: "Mila",
        party: Some("huurdersvereniging"),
        roles: &[Role::Decider, Role::Analyst],
    },
    DemoAccount {
        login: "beheer",
        name: "Beheer",
        party: None,
        roles: &[],
    },
];

impl DemoAccount {
    fn what(&self) -> Text {
        let Some(party) = self.party else {
            return Text::new("beheerder", "administrator");
        };
        let roles = listed(self.roles);
        Text::new(
            format!("{} van {party}", roles.nl),
            format!("{} of {party}", roles.en),
        )
    }
}

/// Gives the demonstration's pages what they show. Each start chooses other passwords, which are told here only.
pub async fn furnish(site: &Site) -> Result<Vec<DemoPerson>, AppError> {
    goal(&site.store).await?;
    project(&site.store).await?;
    let mut people = Vec::new();
    for made in &PEOPLE {
        let password = made_up_password(site.home.root())?.to_string();
        match site.store.person_by_login(made.login).await? {
            Some(person) => {
                let hash = PasswordHash::new(hashed(&password).await?);
                site.store.set_password(&person.id, &hash).await?;
                // whoever tried the page of the people may have shut this one out
                site.store.set_disabled(&person.id, false).await?;
                roles_again(&site.store, &person, made).await?;
                site.store.end_sessions_of(&person.id, None).await?;
            }
            None => {
                let account = Account {
                    login: made.login,
                    name: made.name,
                    password: &password,
                    lang: Lang::Nl,
                };
                let party = made.party.unwrap_or_default().to_owned();
                let roles = made.roles.iter().map(|role| (party.clone(), *role));
                let roles: Vec<(String, Role)> = roles.collect();
                accounts::add_person(site, &account, made.party.is_none(), &roles).await?;
            }
        }
        people.push(DemoPerson {
            login: made.login.to_owned(),
            name: made.name.to_owned(),
            what: made.what(),
            password,
        });
    }
    asked::ask(site, PROJECT).await?;
    Ok(people)
}

/// The roles that somebody of the demonstration began with: whoever tried the page of the people may have given others.
async fn roles_again(store: &Store, person: &Person, made: &DemoAccount) -> Result<(), AppError> {
    let Some(party) = made.party else {
        for role in store.roles_of(&person.id).await? {
            store.revoke(&person.id, &role.party, role.role).await?;
        }
        return Ok(store.set_admin(&person.id, true).await?);
    };
    if person.admin {
        match store.set_admin(&person.id, false).await {
            // the one whose part it is comes later, and this one the next time
            Ok(()) | Err(StoreError::Last { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    for role in made.roles {
        store.grant(&person.id, party, *role).await?;
    }
    Ok(())
}

async fn goal(store: &Store) -> Result<(), AppError> {
    let goal = Goal {
        id: GOAL.into(),
        title: Text::new("Passend wonen in Leiden", "Fitting homes in Leiden"),
        about: Text::new(
            "Wie weinig verdient, moet een betaalbare woning kunnen vinden. Daar staan gemeente, corporaties en huurders samen voor.",
            "Whoever earns little must be able to find a home they can afford. Municipality, housing corporations and tenants answer for that together.",
        ),
    };
    store.put_goal(&goal).await?;
    let party = store.party(BUREAU).await?.map(|party| party.id);
    let mut reader = reader(INDICATORS);
    for row in reader.deserialize() {
        let row: IndicatorRow = row.map_err(|error| unfit(&error))?;
        let id = format!("{GOAL}-{}", row.indicator);
        let indicator = Indicator {
            id: id.clone(),
            goal: GOAL.into(),
            title: Text::new(row.title_nl, row.title_en),
            unit: Text::new(row.unit_nl, row.unit_en),
            source: Text::new(row.source_nl, row.source_en),
            better: None,
            party: party.clone(),
        };
        store.put_indicator(&indicator).await?;
        store
            .replace_figures(&id, &figures(&row.indicator, &id)?)
            .await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct IndicatorRow {
    indicator: String,
    title_nl: String,
    title_en: String,
    unit_nl: String,
    unit_en: String,
    source_nl: String,
    source_en: String,
}

#[derive(Deserialize)]
struct FigureRow {
    indicator: String,
    area: String,
    group: String,
    name_nl: String,
    period: String,
    value: Option<f64>,
}

fn figures(indicator: &str, id: &str) -> Result<Vec<IndicatorFigure>, AppError> {
    let mut values = Vec::new();
    for row in reader(FIGURES).deserialize() {
        let row: FigureRow = row.map_err(|error| unfit(&error))?;
        if row.indicator == indicator {
            let area = if row.group.is_empty() {
                row.area
            } else {
                format!("{}-{}", row.area, row.group)
            };
            values.push(IndicatorFigure {
                indicator: id.to_owned(),
                area,
                area_name: row.name_nl,
                period: row.period,
                value: row.value,
            });
        }
    }
    Ok(values)
}

fn reader(text: &'static str) -> csv::Reader<&'static [u8]> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(text.as_bytes())
}

fn unfit(error: &csv::Error) -> AppError {
    AppError::Internal(error.to_string())
}

async fn project(store: &Store) -> Result<(), AppError> {
    let Some(known) = store.project(PROJECT).await? else {
        return Ok(());
    };
    let project = Project {
        summary: Text::new(
            "Sommige huurders van een corporatie zijn meer gaan verdienen. Hoeveel zijn dat er, en waar kunnen zij heen?",
            "Some tenants of a housing corporation have come to earn more. How many are they, and where could they go?",
        ),
        questions: Text::new(
            "Hoeveel huishoudens per wijk hebben een hoger inkomen, en wat betalen zij aan huur?",
            "How many households in each district have a higher income, and what rent do they pay?",
        ),
        benefit: Text::new(
            "De gemeente ziet waar betaalbare woningen nodig zijn voor wie wil verhuizen.",
            "The municipality sees where affordable homes are needed for who wants to move.",
        ),
        harm: Text::new(
            "Huurders kunnen zich bekeken voelen, of bang worden dat zij weg moeten.",
            "Tenants may feel watched, or fear that they have to leave.",
        ),
        falls_out: Text::new(
            "Huishoudens zonder bekend inkomen tellen niet mee. Kleine groepen blijven afgeschermd.",
            "Households whose income is not known are not counted. Small groups stay protected.",
        ),
        ..known
    };
    store.update_project(&project).await?;
    Ok(())
}
