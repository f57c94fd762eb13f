//! Reading what came of a question for as long as its agreement lets one, and forgetting it after that.

use jiff::Timestamp;
use jiff::civil::Date;
use zwerm_agreement::policy::{Action, decide};
use zwerm_agreement::refusal::{Code, Refusal};
use zwerm_agreement::status::retained_until;
use zwerm_agreement::text::Text;
use zwerm_home::load::Stored;
use zwerm_home::policies;
use zwerm_store::questions::{AskedQuestion, QuestionOutcome};

use crate::error::AppError;
use crate::keep::settled::Settled;
use crate::people::accounts::SignedIn;
use crate::people::notices::{self, NoticeSubject};
use crate::share::titles;
use crate::site::Site;
use crate::site::overview::Version;

/// A question that may be read, with the agreement under which it was asked.
#[derive(Debug)]
pub struct ReadableQuestion {
    /// The question, with what came of it.
    pub asked: AskedQuestion,
    /// The version of the agreement that it was asked under.
    pub version: Version,
}

/// The question with this id, if whoever looks may know that it is there.
///
/// Who may read an answer the agreement's policies decide; a refusal is for the party that asked, since what was
/// refused may name somebody. Refused while the agreement is suspended.
pub async fn what_came_of(
    site: &Site,
    signed: Option<&SignedIn>,
    id: &str,
) -> Result<Option<ReadableQuestion>, AppError> {
    let Some((asked, version)) = asked_under(site, id).await? else {
        return Ok(None);
    };
    let roles = signed.map(|signed| signed.roles.as_slice());
    let parties = roles.unwrap_or_default().iter();
    let mut parties: Vec<&str> = parties.map(|m| m.party.as_str()).collect();
    let may = match asked.outcome {
        QuestionOutcome::Answered => {
            // what everybody may, somebody of no party may
            parties.push("");
            may_read(&version.stored, &parties, site.clock.today())?
        }
        QuestionOutcome::Refused => parties.contains(&asked.party.as_str()),
    };
    if !may {
        return Ok(None);
    }
    let mut titled = titles::titled(site, vec![asked]).await?;
    let asked = titled.pop();
    Ok(asked.map(|asked| ReadableQuestion { asked, version }))
}

/// A question that was kept, with the version that it was asked under.
async fn asked_under(site: &Site, id: &str) -> Result<Option<(AskedQuestion, Version)>, AppError> {
    let Some(asked) = site.store.question(id).await? else {
        return Ok(None);
    };
    let overview = site.overview().await?;
    let dossier = overview.dossier(&asked.agreement);
    let version = dossier.and_then(|dossier| dossier.version(asked.version));
    Ok(version.map(|version| (asked, version.clone())))
}

/// An answer that is there, and cannot be read as long as its agreement is as it is.
#[derive(Debug)]
pub struct ClosedAnswer {
    /// The question, without what came of it.
    pub asked: AskedQuestion,
    /// The version of the agreement that it was asked under.
    pub version: Version,
    /// Why it cannot be read now.
    pub refusals: Vec<Refusal>,
}

/// What may be said of an answer for which [`what_came_of`] was refused for these reasons: what was asked stands in the
/// public log. Nothing of the answer is in it.
///
/// # Errors
/// When the registry or the home cannot be read.
pub async fn closed(
    site: &Site,
    id: &str,
    refusals: Vec<Refusal>,
) -> Result<Option<ClosedAnswer>, AppError> {
    let Some((asked, version)) = asked_under(site, id).await? else {
        return Ok(None);
    };
    let without = AskedQuestion {
        answer: None,
        receipt: None,
        ..asked
    };
    let mut titled = titles::titled(site, vec![without]).await?;
    Ok(titled.pop().map(|asked| ClosedAnswer {
        asked,
        version,
        refusals,
    }))
}

/// Whether what everybody may read under this version can be read now.
///
/// # Errors
/// When its policies cannot be read.
pub fn are_open(version: &Version, today: Date) -> Result<bool, AppError> {
    match may_read(&version.stored, &[""], today) {
        Ok(_) => Ok(true),
        Err(AppError::Refused(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Forgets what was asked under agreements whose retention is over, once that is settled; before that, the deciders of
/// their parties are told. The public log keeps that it was asked.
pub(crate) async fn forget_answers(site: &Site, settled: &Settled) -> Result<(), AppError> {
    let today = site.clock.today();
    let day = |moment: Option<Timestamp>| moment.map(|moment| site.clock.day_of(moment));
    let (settled, before) = (day(settled.moment), day(settled.before));
    for version in site.overview().await?.all() {
        let agreement = version.agreement();
        let said = &version.stored.counting;
        let until = retained_until(agreement, &said.events, &said.zone);
        let is_over_by = |day: Option<Date>| day.is_some_and(|day| until < day);
        let (id, number) = (&agreement.id, agreement.version);
        let is_new = until < today && !is_over_by(before);
        if is_new && site.store.has_questions(id, number).await? {
            tell_that_it_is_over(site, version).await;
        }
        if !is_over_by(settled) {
            continue;
        }
        let forgotten = site.store.forget_questions(id, number).await?;
        if forgotten > 0 {
            tracing::info!(agreement = %id, version = number, forgotten, "answers were forgotten: retention is over");
        }
    }
    Ok(())
}

async fn tell_that_it_is_over(site: &Site, version: &Version) {
    let agreement = version.agreement();
    let (id, number, title) = (&agreement.id, agreement.version, &agreement.title);
    tracing::warn!(agreement = %id, version = number, "retention is over: its answers will be forgotten after a day of running");
    let text = Text::new(
        format!(
            "De bewaartermijn is voorbij; na een dag worden de antwoorden gewist van: {}",
            title.nl
        ),
        format!(
            "Retention is over; after a day the answers are deleted of: {}",
            title.en
        ),
    );
    let parties: Vec<&str> = agreement.seats().map(|seat| seat.id.as_str()).collect();
    let about = NoticeSubject::Version(id.clone(), number);
    notices::try_to_tell_deciders(site, &parties, "retention", &text, &about).await;
}

/// Whether one of these parties may read an answer; refused when one could, were it not for the state that the
/// agreement is in.
pub(crate) fn may_read(stored: &Stored, parties: &[&str], today: Date) -> Result<bool, AppError> {
    let policies = policies::of(stored)?;
    let mut in_the_way: Vec<Refusal> = Vec::new();
    for party in parties {
        let request = policies::request(stored, party, Action::ReadAnswer, today);
        let decision = decide(&policies, &request);
        if decision.allowed {
            return Ok(true);
        }
        let state = |refusal: &Refusal| matches!(refusal.code, Code::Suspended | Code::Expired);
        if decision.refusals.iter().all(state) {
            in_the_way = decision.refusals;
        }
    }
    if in_the_way.is_empty() {
        Ok(false)
    } else {
        Err(in_the_way.into())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use zwerm_agreement::status::{StatusChange, StatusEvent};
    use zwerm_store::fresh_id;

    use super::*;
    use crate::keep::retention;
    use zwerm_home::Home;
    use zwerm_home::clock::Clock;
    use zwerm_home::config::Config;
    use zwerm_home::load;

    const DOCUMENT: &str = "examples/leiden-goedkoop-scheefwonen/agreement-v2.toml";

    fn document() -> std::path::PathBuf {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .join(DOCUMENT)
    }

    fn stored(answers: &str, events: Vec<StatusEvent>) -> Stored {
        let text = std::fs::read_to_string(document()).expect("the example is there");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("agreement.toml");
        let text = text.replace("answers = \"public\"", answers);
        std::fs::write(&path, text).expect("written");
        let mut stored = load::file(&path).expect("a document");
        Arc::make_mut(&mut stored.counting).events = events;
        stored
    }

    fn event(change: StatusChange) -> StatusEvent {
        StatusEvent {
            party: "corporatie".into(),
            change,
            reason: "genoeg".into(),
            at: "2026-04-30T10:00:00Z".parse().expect("a moment"),
            signature: None,
        }
    }

    fn day(text: &str) -> Date {
        text.parse().expect("a day")
    }

    #[track_caller]
    fn check(stored: &Stored, party: &str, today: &str, wanted: &str) {
        let outcome = match may_read(stored, &[party, ""], day(today)) {
            Ok(may) => may.to_string(),
            Err(AppError::Refused(refusals)) => {
                let codes = refusals.iter().map(|refusal| refusal.code.to_string());
                codes.collect::<Vec<_>>().join(" ")
            }
            Err(other) => format!("{other:?}"),
        };
        assert_eq!(outcome, wanted, "{party} on {today}");
    }

    #[test]
    fn the_agreement_says_who_reads_and_until_when() {
        let (public, parties) = ("answers = \"public\"", "answers = \"parties\"");
        let open = stored(public, Vec::new());
        check(&open, "", "2026-05-01", "true");
        check(&open, "", "2031-01-01", "expired");
        let closed = stored(parties, Vec::new());
        check(&closed, "gemeente-leiden", "2026-05-01", "true");
        check(&closed, "krant", "2026-05-01", "false");
        check(&closed, "krant", "2031-01-01", "false");
        let suspended = stored(public, vec![event(StatusChange::Suspended)]);
        check(&suspended, "", "2026-05-01", "suspended");
        let ended = stored(public, vec![event(StatusChange::Ended)]);
        check(&ended, "", "2028-04-30", "true");
        check(&ended, "", "2028-05-01", "expired");
    }

    #[tokio::test]
    async fn what_retention_is_over_for_is_forgotten() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().join("home");
        Home::init(&root, None)?;
        let early: jiff::Timestamp = "2026-03-01T12:00:00Z".parse()?;
        Home::open(&root)?.add(&document(), day("2026-03-01"), early)?;
        let site = Site::open(&root, Config::default(), Clock::from(early)).await?;
        let asked = AskedQuestion {
            id: fresh_id()?,
            at: early,
            person: None,
            party: "gemeente-leiden".into(),
            agreement: "leiden-goedkoop-scheefwonen".into(),
            version: 2,
            view: Some("huishoudens".into()),
            purpose: "housing-policy".into(),
            sql: "SELECT units() FROM huishoudens".into(),
            outcome: QuestionOutcome::Answered,
            release: None,
            public: true,
            answer: None,
            receipt: None,
            refusals: None,
            entry: Some(5),
            made_title: None,
            own_title: None,
        };
        site.store.add_question(&asked).await?;
        retention::look_after(&site).await;
        assert!(what_came_of(&site, None, &asked.id).await?.is_some());
        drop(site);
        let late = Clock::from("2031-01-01T12:00:00Z".parse()?);
        let site = Site::open(&root, Config::default(), late).await?;
        assert!(what_came_of(&site, None, &asked.id).await.is_err());
        retention::look_after(&site).await;
        // a clock that is wrong for less than a day of running deletes nothing
        assert!(site.store.question(&asked.id).await?.is_some());
        site.store
            .add_clock_reading(23 * 3600, site.clock.now())
            .await?;
        retention::look_after(&site).await;
        assert!(site.store.question(&asked.id).await?.is_some());
        site.store.add_clock_reading(3600, site.clock.now()).await?;
        retention::look_after(&site).await;
        assert_eq!(site.store.question(&asked.id).await?, None);
        Ok(())
    }
}
