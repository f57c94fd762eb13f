//! A disk in memory whose plug can be pulled: it keeps apart what was written and what is there after a power cut.
//!
//! It keeps no more than [`Disk`] promises. Bytes are kept by `sync`; before that any of a file's states since the last
//! one may come back, cut off at any byte or with zeros for what was not written yet. Names are kept by `sync_folder`;
//! before that each name, by itself, may come back as it was at any moment since. A `sync` that fails leaves bytes that
//! can be read but are never kept unless they are written again, as Linux does.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};
use std::sync::{Arc, Mutex};

use zwerm_ledger::disk::{Disk, Lock};

use crate::make::Dice;

/// The bytes of a file.
#[derive(Debug, Clone)]
struct Node {
    /// Its states since it was last kept; the first is the one that is kept.
    states: Vec<Arc<Vec<u8>>>,
    /// Where bytes begin and end that a `sync` failed to keep, and none will.
    lost: Option<(usize, usize)>,
}

/// Files by number, and for each name the numbers that it had since the folder was last kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files {
    nodes: BTreeMap<u64, Node>,
    /// The first is kept, the last is what one sees.
    names: BTreeMap<String, Vec<Option<u64>>>,
    next: u64,
}

impl Files {
    fn now(&self, path: &str) -> Option<u64> {
        self.names.get(path)?.last().copied().flatten()
    }

    fn bytes(&self, path: &str) -> Option<&Vec<u8>> {
        let node = self.nodes.get(&self.now(path)?)?;
        node.states.last().map(Arc::as_ref)
    }

    /// What one sees: each file with its bytes.
    pub(crate) fn seen(&self) -> BTreeMap<String, Vec<u8>> {
        let names = self.names.keys();
        let seen = names.filter_map(|path| Some((path.clone(), self.bytes(path)?.clone())));
        seen.collect()
    }

    fn name(&mut self, path: &str, node: Option<u64>) {
        let names = self.names.entry(path.to_owned());
        names.or_insert_with(|| vec![None]).push(node);
    }

    fn write(&mut self, path: &str, bytes: &[u8]) {
        let bytes = Arc::new(bytes.to_vec());
        match self
            .now(path)
            .and_then(|number| self.nodes.get_mut(&number))
        {
            Some(node) => {
                node.states.push(bytes);
                node.lost = None;
            }
            None => {
                let states = vec![Arc::default(), bytes];
                self.nodes.insert(self.next, Node { states, lost: None });
                self.name(path, Some(self.next));
                self.next += 1;
            }
        }
    }

    fn append(&mut self, path: &str, length: u64, bytes: &[u8]) -> Result<()> {
        let node = self
            .now(path)
            .and_then(|number| self.nodes.get_mut(&number));
        let node = node.ok_or(ErrorKind::NotFound)?;
        let mut all = node.states.last().unwrap().to_vec();
        if all.len() as u64 != length {
            return Err(Error::other("the file has another length than it had"));
        }
        all.extend(bytes);
        node.states.push(Arc::new(all));
        Ok(())
    }

    fn sync(&mut self, path: &str, fails: bool) -> Result<()> {
        let node = self
            .now(path)
            .and_then(|number| self.nodes.get_mut(&number));
        let node = node.ok_or(ErrorKind::NotFound)?;
        let (kept, seen) = (&node.states[0], node.states.last().unwrap().clone());
        if fails {
            let same = kept.iter().zip(seen.iter()).take_while(|(a, b)| a == b);
            let same = node.lost.map_or(same.count(), |(from, _)| from);
            node.lost = Some((same, seen.len()));
            return Err(Error::other("input/output error"));
        }
        let mut bytes = seen.to_vec();
        if let Some((from, to)) = node.lost {
            bytes[from..to].fill(0);
        }
        // one still reads what was lost, from the cache
        let cached = (*seen != bytes).then_some(seen);
        node.states = [Some(Arc::new(bytes)), cached]
            .into_iter()
            .flatten()
            .collect();
        Ok(())
    }

    fn sync_folder(&mut self, folder: &str) {
        let above = |path: &str| match path.rsplit_once('/') {
            Some((folder, _)) => folder.to_owned(),
            None => String::new(),
        };
        let mut kept = vec![folder.to_owned()];
        while !kept.last().unwrap().is_empty() {
            kept.push(above(kept.last().unwrap()));
        }
        let seen: Vec<String> = self.seen().into_keys().collect();
        for (path, names) in &mut self.names {
            let parent = above(path);
            // a folder that was taken away takes its files with it
            let gone = |within: &String| {
                let rest = path
                    .strip_prefix(within.as_str())?
                    .trim_start_matches('/')
                    .split_once('/')?;
                let sub = format!("{}/", [within.as_str(), rest.0].join("/"));
                let sub = sub.trim_start_matches('/').to_owned();
                Some(!seen.iter().any(|path| path.starts_with(&sub)))
            };
            if kept.contains(&parent) || kept.iter().any(|within| gone(within) == Some(true)) {
                names.drain(..names.len() - 1);
            }
        }
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        let number = self.now(from).ok_or(ErrorKind::NotFound)?;
        self.name(to, Some(number));
        self.name(from, None);
        Ok(())
    }

    fn remove_folder(&mut self, folder: &str) {
        let within = format!("{folder}/");
        for path in self.seen().into_keys() {
            if path.starts_with(&within) {
                self.name(&path, None);
            }
        }
    }

    /// The disk after a power cut, as the dice have it.
    pub(crate) fn cut(&self, dice: &mut Dice) -> Self {
        let mut left = Self {
            next: self.next,
            ..Self::default()
        };
        // most often what was not kept is lost, or all of it is there: both show mistakes that mixtures hide
        let mood = dice.below(4);
        for (path, names) in &self.names {
            let place = match mood {
                0 => 0,
                1 => names.len() - 1,
                _ => dice.place(names.len()),
            };
            if let Some(number) = names[place] {
                // a file is never left under two names: whoever renames does so at once
                let taken = left
                    .names
                    .values()
                    .any(|names| names.contains(&Some(number)));
                if !taken || place == 0 {
                    left.names.retain(|_, names| !names.contains(&Some(number)));
                    left.names.insert(path.clone(), vec![Some(number)]);
                }
            }
        }
        for (number, node) in &self.nodes {
            let place = match mood {
                0 => 0,
                _ => dice.place(node.states.len()),
            };
            let bytes = match place {
                0 => node.states[0].clone(),
                _ => Arc::new(torn(&node.states[0], &node.states[place], node.lost, dice)),
            };
            let node = Node {
                states: vec![bytes],
                lost: None,
            };
            left.nodes.insert(*number, node);
        }
        left
    }
}

/// What a power cut may leave of bytes that were not kept.
fn torn(kept: &[u8], written: &[u8], lost: Option<(usize, usize)>, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = written.to_vec();
    // bytes that were only added leave those before them alone
    let firm = if written.starts_with(kept) {
        kept.len()
    } else {
        0
    };
    let until = firm + dice.place(bytes.len() - firm + 1);
    match dice.below(4) {
        0 => {}
        1 => bytes.truncate(until),
        2 => bytes[until..].fill(0),
        _ => {
            let end = until + dice.place(bytes.len() - until + 1);
            bytes[until..end].fill(0);
            let length = end + dice.place(bytes.len() - end + 1);
            bytes.truncate(length);
        }
    }
    if let Some((from, to)) = lost {
        let to = to.min(bytes.len());
        bytes[from.min(to)..to].fill(0);
    }
    bytes
}

/// What is to go wrong, counted in operations that change something.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// From this operation on the power is off.
    pub(crate) cut: Option<u64>,
    /// These operations fail, and things go on.
    pub(crate) fail: Vec<u64>,
    /// Whether to remember the disk before each operation.
    pub(crate) remember: bool,
}

#[derive(Debug)]
struct Inner {
    files: Files,
    plan: Plan,
    operations: u64,
    moments: Vec<Files>,
    names: Vec<String>,
    dice: Dice,
}

/// The disk; clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Plug(Arc<Mutex<Inner>>);

enum Next {
    Works,
    Fails,
}

impl Plug {
    pub(crate) fn new(files: Files, plan: Plan, seed: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            files,
            plan,
            operations: 0,
            moments: Vec::new(),
            names: Vec::new(),
            dice: Dice::new(seed),
        })))
    }

    pub(crate) fn operations(&self) -> u64 {
        self.0.lock().unwrap().operations
    }

    /// The operation that comes after so many others fails.
    pub(crate) fn fail_after(&self, operations: u64) {
        let inner = &mut *self.0.lock().unwrap();
        inner.plan.fail.push(inner.operations + operations);
    }

    /// The disk as it was before each operation, with that operation's name.
    pub(crate) fn moments(&self) -> Vec<(String, Files)> {
        let inner = self.0.lock().unwrap();
        let names = inner.names.iter().cloned();
        names.zip(inner.moments.iter().cloned()).collect()
    }

    pub(crate) fn files(&self) -> Files {
        self.0.lock().unwrap().files.clone()
    }

    fn change<T>(
        &self,
        what: impl FnOnce() -> String,
        change: impl FnOnce(&mut Files, Next, &mut Dice) -> Result<T>,
    ) -> Result<T> {
        let inner = &mut *self.0.lock().unwrap();
        let number = inner.operations;
        if inner.plan.cut.is_some_and(|cut| number >= cut) {
            return Err(Error::other("the power is off"));
        }
        inner.operations += 1;
        if inner.plan.remember {
            inner.moments.push(inner.files.clone());
            inner.names.push(what());
        }
        let next = if inner.plan.fail.contains(&number) {
            Next::Fails
        } else {
            Next::Works
        };
        change(&mut inner.files, next, &mut inner.dice)
    }
}

fn full() -> Error {
    Error::from(ErrorKind::StorageFull)
}

impl Disk for Plug {
    fn read(&self, path: &str, from: u64, most: u64) -> Result<Option<Vec<u8>>> {
        let inner = self.0.lock().unwrap();
        let read = inner.files.bytes(path).map(|bytes| {
            let from = usize::try_from(from).unwrap().min(bytes.len());
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            bytes[from..].iter().copied().take(most).collect()
        });
        Ok(read)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let what = || format!("write {path}");
        self.change(what, |files, next, dice| match next {
            Next::Works => {
                files.write(path, bytes);
                Ok(())
            }
            Next::Fails => {
                files.write(path, &bytes[..dice.place(bytes.len() + 1)]);
                Err(full())
            }
        })
    }

    fn append(&self, path: &str, length: u64, bytes: &[u8]) -> Result<()> {
        let what = || format!("append {path}");
        self.change(what, |files, next, dice| match next {
            Next::Works => files.append(path, length, bytes),
            Next::Fails => {
                files.append(path, length, &bytes[..dice.place(bytes.len() + 1)])?;
                Err(full())
            }
        })
    }

    fn sync(&self, path: &str) -> Result<()> {
        let what = || format!("sync {path}");
        self.change(what, |files, next, _| {
            files.sync(path, matches!(next, Next::Fails))
        })
    }

    fn sync_folder(&self, path: &str) -> Result<()> {
        let what = || format!("sync folder {path}");
        self.change(what, |files, next, _| match next {
            Next::Works => {
                files.sync_folder(path);
                Ok(())
            }
            Next::Fails => Err(Error::other("input/output error")),
        })
    }

    fn rename(&self, from: &str, to: &str) -> Result<()> {
        let what = || format!("rename {from} {to}");
        self.change(what, |files, next, _| match next {
            Next::Works => files.rename(from, to),
            Next::Fails => Err(full()),
        })
    }

    fn remove_folder(&self, path: &str) -> Result<()> {
        let what = || format!("remove {path}");
        self.change(what, |files, next, _| match next {
            Next::Works => {
                files.remove_folder(path);
                Ok(())
            }
            Next::Fails => Err(Error::other("input/output error")),
        })
    }

    fn list(&self, folder: &str) -> Result<Vec<String>> {
        let within = format!("{folder}/");
        let seen = self.0.lock().unwrap().files.seen();
        let listed = seen.into_keys();
        Ok(listed
            .filter(|path| folder.is_empty() || path.starts_with(&within))
            .collect())
    }

    fn lock(&self) -> Result<Lock> {
        Ok(Lock::alone())
    }
}
