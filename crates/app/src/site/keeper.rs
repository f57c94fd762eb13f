//! Keeping what was asked: one wait for the disk for all who ask at the same moment.

use tokio::sync::{mpsc, oneshot};
use zwerm_store::questions::AskedQuestion;
use zwerm_store::{Store, StoreError};

use crate::error::AppError;

/// Questions that are kept with one wait at most.
const MOST: usize = 64;

type KeepResult = Result<bool, StoreError>;
type Tell = oneshot::Sender<KeepResult>;

/// Keeps questions in the registry, in the order in which they come.
#[derive(Debug)]
pub(crate) struct Keeper(mpsc::Sender<(AskedQuestion, Tell)>);

impl Keeper {
    /// One that keeps for as long as it is there. What it was given is kept also when nobody waits for it any longer.
    pub(crate) fn over(store: Store) -> Self {
        let (sender, mut receiver) = mpsc::channel(MOST);
        tokio::spawn(async move {
            let mut waiting = Vec::new();
            while receiver.recv_many(&mut waiting, MOST).await > 0 {
                let (asked, tell): (Vec<AskedQuestion>, Vec<Tell>) = waiting.drain(..).unzip();
                for (tell, kept) in tell.into_iter().zip(keep(&store, &asked).await) {
                    // whoever asked may be gone
                    let _ = tell.send(kept);
                }
            }
        });
        Self(sender)
    }

    /// Keeps a question. When this returns, the disk has it.
    pub(crate) async fn keep(&self, asked: AskedQuestion) -> Result<(), AppError> {
        let gone = || AppError::Internal("nothing is kept any more".into());
        let (tell, told) = oneshot::channel();
        let sent = self.0.send((asked, tell)).await;
        sent.map_err(|_| gone())?;
        told.await.map_err(|_| gone())??;
        Ok(())
    }
}

/// Keeps them together; each by itself when one of them cannot be kept, so that it is in nobody's way.
async fn keep(store: &Store, asked: &[AskedQuestion]) -> Vec<KeepResult> {
    if asked.len() > 1
        && let Ok(kept) = store.add_questions(asked).await
    {
        return kept.into_iter().map(Ok).collect();
    }
    let mut kept = Vec::new();
    for one in asked {
        kept.push(store.add_question(one).await);
    }
    kept
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use zwerm_store::questions::QuestionOutcome;

    use super::*;

    fn asked(id: &str, person: Option<&str>) -> AskedQuestion {
        AskedQuestion {
            id: id.into(),
            at: Timestamp::UNIX_EPOCH,
            person: person.map(str::to_owned),
            party: "gemeente".into(),
            agreement: "wonen".into(),
            version: 1,
            view: None,
            purpose: "housing-policy".into(),
            sql: "SELECT units() FROM huishoudens".into(),
            outcome: QuestionOutcome::Answered,
            release: None,
            public: true,
            answer: None,
            receipt: None,
            refusals: None,
            entry: None,
            made_title: None,
            own_title: None,
        }
    }

    #[tokio::test]
    async fn one_that_cannot_be_kept_stands_in_nobodys_way() -> Result<(), AppError> {
        let store = Store::in_memory().await?;
        let all = [
            asked("a", None),
            asked("b", Some("nobody")),
            asked("c", None),
        ];
        let kept = keep(&store, &all).await;
        let told: Vec<bool> = kept.iter().map(Result::is_ok).collect();
        assert_eq!(told, [true, false, true]);
        assert!(store.question("c").await?.is_some());
        Ok(())
    }

    #[tokio::test]
    async fn all_who_come_at_once_find_theirs_kept() -> Result<(), AppError> {
        let store = Store::in_memory().await?;
        let keeper = std::sync::Arc::new(Keeper::over(store.clone()));
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..200 {
            let (keeper, store) = (std::sync::Arc::clone(&keeper), store.clone());
            tasks.spawn(async move {
                let id = number.to_string();
                keeper.keep(asked(&id, None)).await?;
                Ok::<_, AppError>(store.question(&id).await?.is_some())
            });
        }
        while let Some(found) = tasks.join_next().await {
            assert!(found.expect("no task panics")?);
        }
        Ok(())
    }
}
