//! A worker: adds up the units of its own partitions, one batch of rows after another.
//!
//! Units are divided over a fixed number of partitions by a hash of their key, and partitions over workers. Within
//! a partition rows are added in the order in which they came, so the number of workers changes nothing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use datafusion::{
    arrow::{
        array::{Array, RecordBatch},
        datatypes::DataType,
    },
    execution::{
        DiskManager,
        memory_pool::{MemoryConsumer, MemoryReservation},
        runtime_env::RuntimeEnv,
    },
    prelude::DataFrame,
};
use tokio::sync::mpsc::{Receiver, Sender};
use zwerm_agreement::{agreement::View, text::Text};

use super::{
    digest_of,
    rows::{BatchColumns, Lookup},
    shape::BaseShape,
    spill::Spilled,
    stage::Stage,
    table::{RowPlace, UnitTable},
};
use crate::{
    error::QuestionError,
    unit::{MeasureFigures, RowChecks},
};

/// Whatever the number of workers: the order in which units are handed over depends on it.
pub(super) const PARTITIONS: usize = 256;

/// What a worker is given.
pub(super) enum WorkerInput {
    Rows(RecordBatch),
    /// There are no more rows.
    Finish,
}

/// What a worker gives back: its partitions in their order, then what it saw.
pub(super) enum WorkerOutput {
    Partition(Partition),
    Seen(RowChecks),
}

/// A partition whose rows have all been added up.
pub(super) struct Partition {
    pub(super) table: UnitTable,
    /// A digest of the key of each unit, in the order of the table's heads.
    pub(super) digests: Vec<u128>,
}

/// What all workers share.
pub(super) struct Common {
    pub(super) view: View,
    pub(super) shape: BaseShape,
    pub(super) textual: bool,
    pub(super) runtime: Arc<RuntimeEnv>,
    /// Units that were seen so far.
    pub(super) units: AtomicU64,
    pub(super) workers: usize,
}

impl Common {
    /// `frame` has the key as its first column.
    pub(super) fn new(
        frame: &DataFrame,
        view: &View,
        workers: usize,
    ) -> Result<Common, QuestionError> {
        let key = frame.schema().fields().first();
        Ok(Common {
            view: view.clone(),
            shape: BaseShape::of(view)?,
            textual: key.is_none_or(|key| *key.data_type() != DataType::Int64),
            runtime: frame.task_ctx().runtime_env(),
            units: AtomicU64::new(0),
            workers,
        })
    }
}

/// Rows that wait for a partition before it is opened, when there is memory for that and when there is not.
const WAITING: [usize; 2] = [4096, 64];

/// Where the rows of a partition go.
enum RowStore {
    Memory(UnitTable),
    Disk(Spilled),
}

/// A row that is a worker's own.
struct OwnRow {
    row: usize,
    hash: u64,
    /// The partition's place among those of the worker.
    store: usize,
}

pub(super) struct Worker {
    common: Arc<Common>,
    number: usize,
    stores: Vec<RowStore>,
    /// Per store the rows that wait for it.
    stages: Vec<Stage>,
    waiting: usize,
    /// Room to work in.
    found: Vec<u32>,
    /// Per partition the place of its store, if it is one of this worker's.
    store_of: Vec<Option<usize>>,
    lookups: Vec<Lookup>,
    bounds: Vec<(f64, f64)>,
    checks: RowChecks,
    memory: MemoryReservation,
    disk: Arc<DiskManager>,
    own: Vec<OwnRow>,
    places: Vec<RowPlace>,
    counted: u64,
}

impl Worker {
    pub(super) fn new(common: Arc<Common>, number: usize) -> Worker {
        let (view, runtime) = (&common.view, &common.runtime);
        let measures = view.measure.len();
        let store = || RowStore::Memory(UnitTable::new(measures, common.textual));
        let mine = |partition: usize| partition % common.workers == number;
        let store_of = |partition| mine(partition).then_some(partition / common.workers);
        let consumer = MemoryConsumer::new(format!("units {number}")).with_can_spill(true);
        Worker {
            number,
            stores: (0..PARTITIONS)
                .filter(|&p| mine(p))
                .map(|_| store())
                .collect(),
            stages: (0..PARTITIONS)
                .filter(|&p| mine(p))
                .map(|_| Stage::default())
                .collect(),
            waiting: WAITING[0],
            found: Vec::new(),
            store_of: (0..PARTITIONS).map(store_of).collect(),
            lookups: view.dimension.iter().map(Lookup::new).collect(),
            bounds: view.measure.iter().map(|m| (m.lower, m.upper)).collect(),
            checks: RowChecks::new(measures),
            memory: consumer.register(&runtime.memory_pool),
            disk: runtime.disk_manager.clone(),
            own: Vec::new(),
            places: Vec::new(),
            counted: 0,
            common,
        }
    }

    /// Adds up what comes in, and hands over the partitions at the end. Stops when nobody listens any more.
    pub(super) fn run(
        mut self,
        mut rows: Receiver<WorkerInput>,
        out: &Sender<Result<WorkerOutput, QuestionError>>,
    ) {
        loop {
            let done = match rows.blocking_recv() {
                None => return,
                Some(WorkerInput::Rows(batch)) => self.take(&batch),
                Some(WorkerInput::Finish) => break,
            };
            if let Err(error) = done {
                let _ = out.blocking_send(Err(error));
                return;
            }
        }
        if let Err(error) = self.finish(out) {
            let _ = out.blocking_send(Err(error));
        }
    }

    fn take(&mut self, batch: &RecordBatch) -> Result<(), QuestionError> {
        let common = self.common.clone();
        let columns = BatchColumns::of(batch, &common.view)?;
        self.choose(&columns, batch.num_rows());
        self.places.clear();
        self.places
            .resize(self.own.len(), RowPlace { cell: 0, others: 0 });
        for (lookup, column) in self.lookups.iter_mut().zip(&columns.dimensions) {
            lookup.place(column, self.own.iter().map(|own| own.row), &mut self.places);
        }
        if common.shape.straddles() {
            // values that are in no list are one value then
            self.places.iter_mut().for_each(|place| place.others = 0);
        }
        self.add(&columns)?;
        self.keep_within_memory()?;
        self.count();
        Ok(())
    }

    /// Picks the rows of the worker's own partitions. Rows without a key are nobody's; the first worker counts them.
    fn choose(&mut self, columns: &BatchColumns, rows: usize) {
        self.own.clear();
        for row in 0..rows {
            let Some(key) = columns.key.key(row) else {
                self.checks.keyless += u64::from(self.number == 0);
                continue;
            };
            let hash = key.hash();
            // the highest bits and the lowest are those that the tables look at
            let partition = (hash >> 48) as usize % PARTITIONS;
            if let Some(&Some(store)) = self.store_of.get(partition) {
                self.own.push(OwnRow { row, hash, store });
            }
        }
    }

    fn add(&mut self, columns: &BatchColumns) -> Result<(), QuestionError> {
        let mut values = vec![f64::NAN; columns.measures.len()];
        let (chosen, places) = (
            std::mem::take(&mut self.own),
            std::mem::take(&mut self.places),
        );
        for (own, &place) in chosen.iter().zip(&places) {
            let Some(key) = columns.key.key(own.row) else {
                continue;
            };
            let watches = self.checks.measures.iter_mut().zip(&self.bounds);
            for ((column, into), (watch, bounds)) in
                columns.measures.iter().zip(&mut values).zip(watches)
            {
                let there = !column.is_null(own.row);
                let value = column.value(own.row);
                let fine = there && watch.see(value, *bounds);
                *into = if fine { value } else { f64::NAN };
            }
            if let Some(stage) = self.stages.get_mut(own.store) {
                stage.push(own.hash, key, place, &values);
                if stage.len() >= self.waiting {
                    self.open(own.store)?;
                }
            }
        }
        (self.own, self.places) = (chosen, places);
        Ok(())
    }

    /// Adds the rows that wait for a partition.
    fn open(&mut self, at: usize) -> Result<(), QuestionError> {
        let textual = self.common.textual;
        match (self.stages.get_mut(at), self.stores.get_mut(at)) {
            (Some(stage), Some(RowStore::Memory(table))) => {
                stage.add_to(table, textual, &mut self.found);
                if table.is_full() {
                    return Err(too_many());
                }
            }
            (Some(stage), Some(RowStore::Disk(spilled))) => stage.write_to(spilled, textual)?,
            _ => {}
        }
        Ok(())
    }

    fn open_all(&mut self) -> Result<(), QuestionError> {
        (0..self.stores.len()).try_for_each(|at| self.open(at))
    }

    /// Where there is no memory, fewer rows wait; after that, partitions go to disk, the largest first.
    fn keep_within_memory(&mut self) -> Result<(), QuestionError> {
        loop {
            let mut total = self.stages.iter().map(Stage::size).sum();
            let mut largest = None;
            for (at, store) in self.stores.iter().enumerate() {
                if let RowStore::Memory(table) = store {
                    total += table.size();
                    largest = largest.max(Some((table.size(), at)));
                }
            }
            match (self.memory.try_resize(total), largest) {
                (Ok(()), _) => return Ok(()),
                (Err(_), _) if self.waiting > WAITING[1] => {
                    self.open_all()?;
                    self.stages.iter_mut().for_each(Stage::release);
                    self.waiting = WAITING[1];
                }
                (Err(_), Some((_, at))) => self.spill(at)?,
                (Err(_), None) => return Ok(()),
            }
        }
    }

    fn spill(&mut self, at: usize) -> Result<(), QuestionError> {
        let (measures, textual) = (self.bounds.len(), self.common.textual);
        if let Some(store) = self.stores.get_mut(at)
            && let RowStore::Memory(table) = store
        {
            *store = RowStore::Disk(Spilled::new(&self.disk, table, measures, textual)?);
        }
        Ok(())
    }

    /// Tells how many units there are by now.
    fn count(&mut self) {
        let units = self.stores.iter().map(|store| match store {
            RowStore::Memory(table) => table.units(),
            RowStore::Disk(spilled) => spilled.units(),
        });
        let units = units.sum::<usize>() as u64;
        let more = units.saturating_sub(self.counted);
        self.common.units.fetch_add(more, Ordering::Relaxed);
        self.counted = units;
    }

    fn finish(
        mut self,
        out: &Sender<Result<WorkerOutput, QuestionError>>,
    ) -> Result<(), QuestionError> {
        self.open_all()?;
        self.stages.clear();
        self.count();
        for store in std::mem::take(&mut self.stores) {
            let before = match &store {
                RowStore::Memory(table) => table.units(),
                RowStore::Disk(spilled) => spilled.units(),
            };
            // one partition at a time is the least that must fit, whatever the limit
            let table = match store {
                RowStore::Memory(table) => table,
                RowStore::Disk(spilled) => spilled.load()?,
            };
            let more = table.units().saturating_sub(before) as u64;
            self.common.units.fetch_add(more, Ordering::Relaxed);
            self.check(&table);
            let digests = table.heads().iter().map(|&head| table.key(head));
            let partition = Partition {
                digests: digests.map(digest_of).collect(),
                table,
            };
            if out
                .blocking_send(Ok(WorkerOutput::Partition(partition)))
                .is_err()
            {
                return Ok(());
            }
        }
        let _ = out.blocking_send(Ok(WorkerOutput::Seen(self.checks)));
        Ok(())
    }

    /// Looks at what only shows of whole units.
    fn check(&mut self, table: &UnitTable) {
        let shape = &self.common.shape;
        let straddles = shape.straddles();
        self.checks.units += table.units() as u64;
        for &head in table.heads() {
            let first = table.part(head).place.cell;
            let others = table.parts_of(head).skip(1);
            let broken = others.filter(|&other| {
                // in the same base cell, it has another value that is not in the list
                !straddles || shape.apart(first, table.part(other).place.cell)
            });
            self.checks.broken += broken.count() as u64;
            for (m, watch) in self.checks.measures.iter_mut().enumerate() {
                let figures = |part| table.figures(part).get(m).copied();
                let of = |part: &u32| figures(*part).unwrap_or(MeasureFigures::NONE);
                let endless = |part: &u32| !of(part).sum.is_finite();
                watch.wild += table.parts_of(head).filter(endless).count() as u64;
                let lacks = |part: u32| of(&part).lacks(table.part(part).rows);
                watch.lacking += u64::from(straddles && table.parts_of(head).any(lacks));
            }
        }
    }
}

/// A partition has more parts than have a number.
pub(super) fn too_many() -> QuestionError {
    QuestionError::Limit {
        limit: format!("{} units", u32::MAX),
        cure: Text::new("maak de basis kleiner", "make the view smaller"),
    }
}
