//! The workers and the ways to and from them.
//!
//! They run on threads of their own and stop when the crew is gone: what waits for a cube may be cancelled at any
//! time.

use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use tokio::{
    sync::mpsc::{Receiver, Sender, channel},
    task::spawn_blocking,
};

use super::worker::{Common, Partition, Worker, WorkerInput, WorkerOutput};
use crate::{error::QuestionError, unit::RowChecks};

/// Batches that may wait for a worker.
const WAITING: usize = 4;

/// All workers.
pub(super) struct Crew {
    hands: Vec<Hand>,
}

/// The ways to and from one worker.
struct Hand {
    work: Sender<WorkerInput>,
    done: Receiver<Result<WorkerOutput, QuestionError>>,
}

impl Crew {
    pub(super) fn new(common: &Arc<Common>) -> Crew {
        let hands = (0..common.workers).map(|number| {
            let (work, tasks) = channel(WAITING);
            let (results, done) = channel(1);
            let common = common.clone();
            spawn_blocking(move || Worker::new(common, number).run(tasks, &results));
            Hand { work, done }
        });
        Crew {
            hands: hands.collect(),
        }
    }

    /// Gives every worker a batch, of which each takes its own rows.
    pub(super) async fn give(&mut self, batch: &RecordBatch) -> Result<(), QuestionError> {
        for hand in &mut self.hands {
            hand.give(WorkerInput::Rows(batch.clone())).await?;
        }
        Ok(())
    }

    pub(super) async fn no_more(&mut self) -> Result<(), QuestionError> {
        for hand in &mut self.hands {
            hand.give(WorkerInput::Finish).await?;
        }
        Ok(())
    }

    /// A partition, in the order of their numbers.
    pub(super) async fn partition(&mut self, number: usize) -> Result<Partition, QuestionError> {
        let of = number % self.hands.len().max(1);
        let hand = self.hands.get_mut(of).ok_or_else(gone)?;
        match hand.receive().await? {
            WorkerOutput::Partition(partition) => Ok(partition),
            WorkerOutput::Seen(_) => Err(gone()),
        }
    }

    /// What the workers saw, once all partitions are here.
    pub(super) async fn checks(mut self, measures: usize) -> Result<RowChecks, QuestionError> {
        let mut all = RowChecks::new(measures);
        for hand in &mut self.hands {
            match hand.receive().await? {
                WorkerOutput::Seen(checks) => all.merge(checks),
                WorkerOutput::Partition(_) => return Err(gone()),
            }
        }
        Ok(all)
    }
}

impl Hand {
    async fn give(&mut self, work: WorkerInput) -> Result<(), QuestionError> {
        if self.work.send(work).await.is_ok() {
            return Ok(());
        }
        // it stopped, and said why
        Err(self.receive().await.err().unwrap_or_else(gone))
    }

    async fn receive(&mut self) -> Result<WorkerOutput, QuestionError> {
        self.done.recv().await.ok_or_else(gone)?
    }
}

fn gone() -> QuestionError {
    QuestionError::Internal("a worker stopped while units were added up".into())
}
