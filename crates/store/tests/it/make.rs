//! What tests make again and again.

use jiff::Timestamp;
use zwerm_agreement::agreement::Helix;
use zwerm_agreement::text::{Lang, Text};
use zwerm_store::Store;
use zwerm_store::goals::Goal;
use zwerm_store::parties::RegisteredParty;
use zwerm_store::people::{NewPerson, PasswordHash, Person};
use zwerm_store::projects::Project;
use zwerm_store::sessions::Session;

/// So many minutes after a moment.
pub(crate) fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-03-01T09:00:00.123Z".parse().unwrap();
    Timestamp::from_millisecond(start.as_millisecond() + minutes * 60_000).unwrap()
}

pub(crate) fn new_person(login: &str) -> NewPerson {
    NewPerson {
        login: login.to_owned(),
        name: format!("{login} de Wit"),
        email: Some(format!("{login}@example.org")),
        lang: Lang::En,
        admin: false,
        password: PasswordHash::new(format!("hash of {login}")),
    }
}

pub(crate) async fn person(store: &Store, login: &str) -> Person {
    store.add_person(&new_person(login), at(0)).await.unwrap()
}

pub(crate) async fn party(store: &Store, id: &str) -> RegisteredParty {
    let party = RegisteredParty {
        id: id.to_owned(),
        name: Text::new(format!("Stichting {id}"), format!("{id} Foundation")),
        helix: Some(Helix::Residents),
        public_key: None,
    };
    store.put_party(&party).await.unwrap();
    party
}

pub(crate) async fn goal(store: &Store, id: &str) -> Goal {
    let goal = Goal {
        id: id.to_owned(),
        title: Text::new("Niemand in de kou", "Nobody in the cold"),
        about: Text::new("Over wonen", "About housing"),
    };
    store.put_goal(&goal).await.unwrap();
    goal
}

pub(crate) fn project(id: &str, goal: &str, minutes: i64) -> Project {
    let text = |nl: &str| Text::new(nl, format!("{nl} in English"));
    Project {
        id: id.to_owned(),
        goal: goal.to_owned(),
        title: text("Titel"),
        summary: text("Samenvatting"),
        benefit: text("Baat"),
        harm: text("Schade"),
        falls_out: text("Buiten de boot"),
        questions: text("Vragen"),
        proposed_by: None,
        proposed: at(minutes),
    }
}

pub(crate) fn session(id: &str, person: &Person) -> Session {
    Session {
        id: id.to_owned(),
        person: person.id.clone(),
        csrf: format!("csrf of {id}"),
        created: at(0),
        seen: at(0),
        expires: at(60),
        agent: "Firefox".to_owned(),
    }
}
