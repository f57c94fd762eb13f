//! What people of the demonstration ask, each as themselves: so home, project, barriers and log agree with each other.

use zwerm_store::word_questions::WordQuestionStatus;

use crate::decide::word_questions::{self, WordQuestionReply};
use crate::error::AppError;
use crate::loggable::ToLog as _;
use crate::people::accounts::SignedIn;
use crate::share::ask_on_page::{PageQuestion, ask_on_page};
use crate::site::Site;
use crate::site::overview::Version;

/// A question of the demonstration: by whom, for which party, and what.
struct DemoQuestion {
    login: &'static str,
    party: &'static str,
    sql: &'static str,
}

const QUESTIONS: [DemoQuestion; 5] = [
    DemoQuestion {
        login: "mila",
        party: "huurdersvereniging",
        sql: "SELECT huurklasse, boven_grens, units() FROM huishoudens GROUP BY huurklasse, boven_grens",
    },
    DemoQuestion {
        login: "hugo",
        party: "statistiekbureau",
        sql: "SELECT huishoudtype, units(), avg(inkomen) FROM huishoudens GROUP BY huishoudtype",
    },
    // one characteristic more than was agreed: it is refused, and the barrier has an owner
    DemoQuestion {
        login: "bram",
        party: "gemeente-leiden",
        sql: "SELECT wijk, huishoudtype, boven_grens, huurklasse, units() FROM huishoudens GROUP BY wijk, huishoudtype, boven_grens, huurklasse",
    },
    DemoQuestion {
        login: "mila",
        party: "huurdersvereniging",
        sql: "SELECT wijk, avg(huur) FROM huishoudens WHERE boven_grens = 'nee' GROUP BY wijk",
    },
    DemoQuestion {
        login: "bram",
        party: "gemeente-leiden",
        sql: "SELECT wijk, units(), avg(huur) FROM huishoudens WHERE huishoudtype = 'eenouder' GROUP BY wijk",
    },
];

/// What residents ask in their own words.
const IN_WORDS: [&str; 2] = [
    "Moeten huurders met een hoger inkomen straks verhuizen?",
    "Hoeveel betaalbare woningen komen er in mijn wijk vrij?",
];
const REPLY: &str = "Nee. Niemand hoeft weg om een uitkomst. Dat staat in de afspraak, en wij houden de corporaties eraan.";

/// Asks once, in a home where nobody asked anything on its pages yet. Where the agreement is not in force, nothing is asked.
pub(super) async fn ask(site: &Site, project: &str) -> Result<(), AppError> {
    let overview = site.overview().await?;
    let dossier = overview.dossier(project);
    let Some(version) = dossier.and_then(|dossier| dossier.in_force()) else {
        return Ok(());
    };
    let number = version.agreement().version;
    if site.store.has_questions(project, number).await? {
        return Ok(());
    }
    for question in &QUESTIONS {
        one(site, version, question).await?;
    }
    in_words(site, version).await
}

async fn one(site: &Site, version: &Version, question: &DemoQuestion) -> Result<(), AppError> {
    let agreement = version.agreement();
    let Some(signed) = signed_in(site, question.login).await? else {
        return Ok(());
    };
    let asked = PageQuestion {
        agreement: agreement.id.clone(),
        version: agreement.version,
        party: question.party.into(),
        purpose: agreement.purpose.clone(),
        sql: question.sql.into(),
        answers: agreement.answers,
    };
    // the demonstration is there also where one of its questions is not answered
    if let Err(error) = ask_on_page(site, &signed, &asked).await {
        tracing::warn!(error = %error.loggable(), "a question of the demonstration was not answered");
    }
    Ok(())
}

async fn in_words(site: &Site, version: &Version) -> Result<(), AppError> {
    let project = version.agreement().id.as_str();
    for text in IN_WORDS {
        let now = site.clock.now();
        site.store.add_word_question(project, text, now).await?;
    }
    let first = site.store.word_questions_of(project, None, 10).await?.rows;
    let mut open = first.into_iter();
    let asked = open.find(|one| one.text == IN_WORDS[0] && one.status == WordQuestionStatus::Open);
    let (Some(asked), Some(signed)) = (asked, signed_in(site, "mila").await?) else {
        return Ok(());
    };
    let reply = WordQuestionReply::Answer(REPLY);
    word_questions::reply(
        site,
        &signed,
        version,
        &asked.id,
        "huurdersvereniging",
        reply,
    )
    .await
}

/// Somebody of the demonstration, as they would be after signing in.
async fn signed_in(site: &Site, login: &str) -> Result<Option<SignedIn>, AppError> {
    let Some(person) = site.store.person_by_login(login).await? else {
        return Ok(None);
    };
    Ok(Some(SignedIn {
        roles: site.store.roles_of(&person.id).await?,
        person,
        session: String::new(),
        csrf: String::new(),
        unread: 0,
    }))
}
