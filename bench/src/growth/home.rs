//! Makes a home in which so many questions were asked.

use std::path::Path;

use anyhow::{Context as _, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::text::Text;
use zwerm_app::keep::retention;
use zwerm_app::share::ask::{AskRequest, ask};
use zwerm_app::share::ask_on_page::StoredAnswer;
use zwerm_app::site::Site;
use zwerm_home::clock::Clock;
use zwerm_home::config::Config;
use zwerm_home::load::{AgreementTarget, Stored};
use zwerm_home::{Home, KeptRefusal, logged};
use zwerm_ledger::entry::{Entry, EntryKind, Sha256Digest};
use zwerm_ledger::receipt::question_hash;
use zwerm_question::session::BuildLimits;
use zwerm_store::questions::{AskedQuestion, QuestionOutcome};
use zwerm_store::{Store, fresh_id};

use crate::question::EXAMPLE;

pub(crate) const PARTY: &str = "gemeente-leiden";
pub(crate) const PURPOSE: &str = "housing-policy";
pub(crate) const ASKED: &str = "SELECT wijk, units() FROM huishoudens GROUP BY wijk";
const DEEP: &str = "SELECT wijk, huishoudtype, huurklasse, boven_grens, units() FROM huishoudens \
                    GROUP BY wijk, huishoudtype, huurklasse, boven_grens";
/// Of ten questions, so many are refused.
const REFUSED: usize = 3;
/// Refused questions that differ.
const DIFFERENT: usize = 500;
/// Questions that are written with one wait for the disk.
const AT_ONCE: usize = 500;

/// When the first question was asked.
const BEGUN: &str = "2026-03-01T09:00:00Z";

/// What all questions of a home have in common.
struct Asking {
    stored: Stored,
    release: Sha256Digest,
    answer: String,
    plan: String,
    today: Date,
    begun: Timestamp,
}

/// Makes the home.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn make(root: &Path, document: &Path, questions: usize) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let begun: Timestamp = BEGUN.parse()?;
    let today: Date = "2026-03-01".parse()?;
    Home::init(root, Some("growth"))?;
    let home = Home::open(root)?;
    home.add(document, today, begun)?;
    let asking = runtime.block_on(first(&home, today, begun))?;
    let registry = root.join("registry.db").display().to_string();
    runtime.block_on(async {
        let store = Store::open(&registry).await?;
        for start in (0..questions).step_by(AT_ONCE) {
            let some = start..questions.min(start + AT_ONCE);
            let rows = some.map(|number| one(&home, &asking, number));
            let rows: Vec<(Vec<Entry>, AskedQuestion)> = rows.collect::<Result<_>>()?;
            keep(&home, &store, rows).await?;
        }
        in_words(&store, questions / 10, begun).await?;
        store.close().await;
        Ok(())
    })
}

/// Has the registry follow the log and the refusals to the end, as in a home that was served all along.
///
/// # Errors
/// When it cannot be opened.
pub(crate) fn follow(root: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let clock = Clock::from(BEGUN.parse::<Timestamp>()?);
    runtime.block_on(async {
        let site = Site::open(root, Config::default(), clock).await?;
        retention::look_after(&site).await;
        let closing = site.closing();
        drop(site);
        closing.await;
        Ok(())
    })
}

/// Asks one question in earnest, so that there is a release and an answer.
async fn first(home: &Home, today: Date, now: Timestamp) -> Result<Asking> {
    let request = AskRequest {
        agreement: AgreementTarget::Id(EXAMPLE.to_owned()),
        party: PARTY.to_owned(),
        purpose: PURPOSE.to_owned(),
        sql: ASKED.to_owned(),
        today,
        now,
        limits: BuildLimits::default(),
    };
    let answered = ask(Some(home), &request, &|_| ()).await?;
    let release = logged(answered.release.hash);
    let plan = answered.plan.clone();
    Ok(Asking {
        stored: home.newest(EXAMPLE)?,
        answer: serde_json::to_string(&StoredAnswer::from(&answered))?,
        release,
        plan,
        today,
        begun: now,
    })
}

/// One question, ten seconds after the one before: its entries, and its row.
fn one(home: &Home, asking: &Asking, number: usize) -> Result<(Vec<Entry>, AskedQuestion)> {
    let seconds = i64::try_from(number)?.saturating_mul(10);
    let at = Timestamp::from_second(asking.begun.as_second() + seconds)?;
    if number % 10 < REFUSED {
        refused(home, asking, number, at)
    } else {
        answered(asking, at)
    }
}

fn row(asking: &Asking, at: Timestamp) -> Result<AskedQuestion> {
    Ok(AskedQuestion {
        id: fresh_id()?,
        at,
        person: None,
        party: PARTY.to_owned(),
        agreement: EXAMPLE.to_owned(),
        version: asking.stored.document.agreement.version,
        view: None,
        purpose: PURPOSE.to_owned(),
        sql: ASKED.to_owned(),
        outcome: QuestionOutcome::Refused,
        release: None,
        public: false,
        answer: None,
        receipt: None,
        refusals: None,
        entry: None,
        made_title: None,
        own_title: None,
    })
}

fn answered(asking: &Asking, at: Timestamp) -> Result<(Vec<Entry>, AskedQuestion)> {
    let entry = |what| Entry {
        time: at,
        agreement: logged(asking.stored.hash),
        what,
    };
    let question = entry(EntryKind::Question {
        party: PARTY.to_owned(),
        purpose: PURPOSE.to_owned(),
        view: "huishoudens".to_owned(),
        plan: asking.plan.clone(),
    });
    let answer = EntryKind::Answer {
        question: question_hash(&question)?,
        release: asking.release,
        rules: vec!["protection.minimum_units".to_owned()],
        answer: asking.release,
    };
    let row = AskedQuestion {
        outcome: QuestionOutcome::Answered,
        public: true,
        view: Some("huishoudens".to_owned()),
        answer: Some(asking.answer.clone()),
        ..row(asking, at)?
    };
    Ok((vec![question, entry(answer)], row))
}

fn refused(
    home: &Home,
    asking: &Asking,
    number: usize,
    at: Timestamp,
) -> Result<(Vec<Entry>, AskedQuestion)> {
    let limit = number % DIFFERENT + 1;
    let sql = format!("{DEEP} LIMIT {limit}");
    let refusal = Refusal::new(
        Code::TooManyDimensions,
        Text::new("te veel kenmerken", "too many dimensions"),
        Text::new("een nieuwe versie", "a new version"),
    );
    let refusal = refusal.under("protection.max_dimensions");
    let text = home.keep_refusal(&KeptRefusal {
        at,
        today: asking.today,
        agreement: EXAMPLE.to_owned(),
        version: asking.stored.document.agreement.version,
        party: PARTY.to_owned(),
        purpose: PURPOSE.to_owned(),
        sql: sql.clone(),
        refusals: vec![refusal],
    })?;
    let entry = Entry {
        time: at,
        agreement: logged(asking.stored.hash),
        what: EntryKind::Refusal {
            party: PARTY.to_owned(),
            codes: vec![Code::TooManyDimensions.to_string()],
            owners: Vec::new(),
            text,
        },
    };
    let row = AskedQuestion {
        sql,
        ..row(asking, at)?
    };
    Ok((vec![entry], row))
}

async fn keep(home: &Home, store: &Store, rows: Vec<(Vec<Entry>, AskedQuestion)>) -> Result<()> {
    let entries: Vec<Entry> = rows
        .iter()
        .flat_map(|(entries, _)| entries.clone())
        .collect();
    home.enter(&entries)?;
    let asked: Vec<AskedQuestion> = rows.into_iter().map(|(_, row)| row).collect();
    store.add_questions(&asked).await?;
    Ok(())
}

/// Questions in words; the project is made by the first that serves the home, so it is made here as that would.
async fn in_words(store: &Store, many: usize, begun: Timestamp) -> Result<()> {
    use zwerm_store::goals::Goal;
    use zwerm_store::projects::Project;
    let goal = Goal {
        id: "leiden-passend-wonen".to_owned(),
        title: Text::same("Passend wonen"),
        about: Text::same(""),
    };
    store.put_goal(&goal).await?;
    let nothing = || Text::same("");
    let project = Project {
        id: EXAMPLE.to_owned(),
        goal: goal.id,
        title: Text::same("Goedkoop scheefwonen"),
        summary: nothing(),
        benefit: nothing(),
        harm: nothing(),
        falls_out: nothing(),
        questions: nothing(),
        proposed_by: None,
        proposed: begun,
    };
    store.add_project(&project).await?;
    for number in 0..many {
        let seconds = i64::try_from(number)?.saturating_mul(100);
        let at = Timestamp::from_second(begun.as_second() + seconds)?;
        let words = format!(
            "Vraag {number}: {}",
            "hoe gaat het verder met onze huur? ".repeat(20)
        );
        let added = store.add_word_question(EXAMPLE, &words, at).await;
        added.context("a question in words")?;
    }
    Ok(())
}
