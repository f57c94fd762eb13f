//! Answers of the command line: kept like those of the pages, and read as the agreement says, without a server.

use std::collections::BTreeSet;

use jiff::civil::Date;
use zwerm_agreement::diagnostic::FaultCode;
use zwerm_agreement::text::Text;
use zwerm_home::Home;
use zwerm_home::load::Stored;
use zwerm_home::release::Progress;
use zwerm_store::Store;
use zwerm_store::list::{ListPage, ListPlace};
use zwerm_store::questions::{AskedQuestion, QuestionOutcome};

use crate::error::AppError;
use crate::loggable::ToLog as _;
use crate::people::people::no_party;
use crate::share::answers::may_read;
use crate::share::ask::{AnsweredQuestion, AskRequest, ask};
use crate::share::ask_on_page::{PageQuestion, unanswered, with_answer};
use crate::share::refusals::{open, registry};
use crate::share::titles::made_under;

/// Answers a question of a home, and keeps the answer; a home without a registry gets one. An answer is given also when it
/// cannot be kept: it stands in the log by then.
///
/// # Errors
/// Those of [`ask`].
pub async fn ask_and_keep(
    home: &Home,
    request: &AskRequest,
    progress: Progress<'_>,
) -> Result<AnsweredQuestion, AppError> {
    let answered = ask(Some(home), request, progress).await?;
    if let Err(error) = keep(home, request, &answered).await {
        tracing::warn!(error = %error.loggable(), "the answer could not be kept");
    }
    Ok(answered)
}

async fn keep(
    home: &Home,
    request: &AskRequest,
    answered: &AnsweredQuestion,
) -> Result<(), AppError> {
    let (id, version) = (&answered.agreement.id, answered.agreement.version);
    let stored = home.agreement(&format!("{id}@{version}"), request.today)?;
    let agreement = &stored.document.agreement;
    let question = PageQuestion {
        agreement: id.clone(),
        version,
        party: request.party.clone(),
        purpose: request.purpose.clone(),
        sql: request.sql.clone(),
        answers: agreement.answers,
    };
    let asked = unanswered(&question, request.now, None)?;
    let mut asked = with_answer(asked, question.answers, answered)?;
    asked.made_title = Some(made_under(Some(agreement), &asked));
    let store = open(home).await?;
    let kept = store.add_question(&asked).await;
    store.close().await;
    kept?;
    Ok(())
}

/// Which answers are wanted.
#[derive(Debug, Clone, Default)]
pub struct WantedAnswers {
    /// Of this agreement; of all otherwise.
    pub agreement: Option<String>,
    /// As this party reads them; as everybody does otherwise.
    pub party: Option<String>,
    /// Those before this place in the list.
    pub before: Option<ListPlace>,
    /// At most so many.
    pub most: u32,
}

/// The answers that are kept and may be read, the newest first: at most so many, and where the next page begins.
///
/// # Errors
/// When the home has no such agreement or party, and when it or the registry cannot be read.
pub async fn list(
    home: &Home,
    wanted: &WantedAnswers,
    today: Date,
) -> Result<ListPage<AskedQuestion>, AppError> {
    if let Some(id) = &wanted.agreement {
        home.newest(id)?;
    }
    let Some(store) = registry(home).await? else {
        if let Some(party) = &wanted.party {
            must_be_named(home, party)?;
        }
        return Ok(ListPage::empty());
    };
    let found = known_and_readable(home, &store, wanted, today).await;
    store.close().await;
    found
}

async fn known_and_readable(
    home: &Home,
    store: &Store,
    wanted: &WantedAnswers,
    today: Date,
) -> Result<ListPage<AskedQuestion>, AppError> {
    if let Some(party) = &wanted.party
        && store.party(party).await?.is_none()
    {
        must_be_named(home, party)?;
    }
    readable(home, store, wanted, today).await
}

/// The rows that may be read: what is passed over does not shorten a page, and nothing tells where it stood.
async fn readable(
    home: &Home,
    store: &Store,
    wanted: &WantedAnswers,
    today: Date,
) -> Result<ListPage<AskedQuestion>, AppError> {
    let agreements = match &wanted.agreement {
        Some(agreement) => vec![agreement.clone()],
        None => home.ids()?,
    };
    let agreements = agreements.iter().map(|id| (id.as_str(), None));
    let agreements: Vec<_> = agreements.collect();
    let enough = usize::try_from(wanted.most).unwrap_or(usize::MAX);
    let mut reader = Reader::new(home, wanted.party.as_deref(), today);
    let mut before = wanted.before.clone();
    let mut rows = Vec::new();
    while rows.len() <= enough {
        let from = before.as_ref();
        let found = match wanted.party {
            None => {
                let agreement = wanted.agreement.as_deref();
                store.public_questions(agreement, from, wanted.most).await?
            }
            Some(_) => store.uses_of(&agreements, from, wanted.most).await?,
        };
        for asked in found.rows {
            match reader.reads(&asked) {
                Ok(Some(stored)) => rows.push(titled(asked, stored)),
                // it may not be read, or not as its agreement is now
                Ok(None) | Err(AppError::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        before = found.older;
        if before.is_none() {
            break;
        }
    }
    Ok(ListPage::of(rows, wanted.most, AskedQuestion::place))
}

/// A mistyped name would look like a party that may read no more than everybody.
fn must_be_named(home: &Home, party: &str) -> Result<(), AppError> {
    let mut known = BTreeSet::new();
    for id in home.ids()? {
        for stored in home.every_version(&id)? {
            let named = stored.document.agreement.party.iter();
            known.extend(named.map(|named| named.id.clone()));
        }
    }
    match known.contains(party) {
        true => Ok(()),
        false => Err(no_party(party, known.iter().map(String::as_str))),
    }
}

/// An answer with this id, if it is kept and may be read.
///
/// # Errors
/// That there is none, and why it cannot be read as long as its agreement is as it is.
pub async fn show(
    home: &Home,
    id: &str,
    party: Option<&str>,
    today: Date,
) -> Result<(AskedQuestion, Stored), AppError> {
    let asked = match registry(home).await? {
        Some(store) => {
            let found = store.question(id).await;
            store.close().await;
            found?
        }
        None => None,
    };
    let mut reader = Reader::new(home, party, today);
    if let Some(asked) = asked
        && let Some(stored) = reader.reads(&asked)?
    {
        let stored = stored.clone();
        return Ok((titled(asked, &stored), stored));
    }
    Err(none(id))
}

fn titled(mut asked: AskedQuestion, stored: &Stored) -> AskedQuestion {
    if asked.made_title.is_none() {
        asked.made_title = Some(made_under(Some(&stored.document.agreement), &asked));
    }
    asked
}

/// Somebody who reads answers, with the versions that were looked up for that.
struct Reader<'a> {
    home: &'a Home,
    /// As whom; everybody reads what is public.
    parties: Vec<&'a str>,
    today: Date,
    known: Vec<(String, u32, Stored)>,
}

impl<'a> Reader<'a> {
    fn new(home: &'a Home, party: Option<&'a str>, today: Date) -> Self {
        Self {
            home,
            parties: party.into_iter().chain([""]).collect(),
            today,
            known: Vec::new(),
        }
    }

    /// The version that an answer was given under, if it may be read.
    fn reads(&mut self, asked: &AskedQuestion) -> Result<Option<&Stored>, AppError> {
        if asked.outcome != QuestionOutcome::Answered {
            return Ok(None);
        }
        let place = match self.place_of(&asked.agreement, asked.version) {
            Some(place) => place,
            None => {
                let (id, version) = (&asked.agreement, asked.version);
                let every = self.home.every_version(id)?;
                let own = |one: &Stored| one.document.agreement.version == version;
                let Some(stored) = every.into_iter().find(own) else {
                    return Ok(None);
                };
                self.known.push((id.clone(), version, stored));
                self.known.len() - 1
            }
        };
        let Some((_, _, stored)) = self.known.get(place) else {
            return Ok(None);
        };
        Ok(may_read(stored, &self.parties, self.today)?.then_some(stored))
    }

    fn place_of(&self, agreement: &str, version: u32) -> Option<usize> {
        let mut known = self.known.iter();
        known.position(|(id, number, _)| id == agreement && *number == version)
    }
}

fn none(id: &str) -> AppError {
    AppError::usage(
        FaultCode::NotFound,
        Text::new(
            format!("er is geen antwoord `{id}` dat u mag lezen"),
            format!("there is no answer `{id}` that you may read"),
        ),
        Text::new(
            "zie `zwerm answers list`; noem met `--as` de partner voor wie u leest",
            "see `zwerm answers list`; name the party for which you read with `--as`",
        ),
    )
}
