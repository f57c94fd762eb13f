//! Real programs on a real folder: killed at any moment, two at a time, and with a disk that takes no more.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use zwerm_ledger::disk::FileDisk;
use zwerm_ledger::log::{Log, PUBLIC};
use zwerm_ledger::note::open_checkpoint;
use zwerm_ledger::reader::LogReader;
use zwerm_ledger::tree::check_consistency;

use crate::make::{Dice, bytes, entries, findings, key, published};

const FOLDER: &str = "ZWERM_LEDGER_TEST_FOLDER";
/// How often the child goes on after an append that failed.
const PATIENCE: u32 = 3;

/// Not a test but the program that the tests kill: it appends the story on and on, and says each index once the log
/// said that it is durable.
#[test]
#[ignore = "the program that other tests start and kill"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let disk = FileDisk::new(&folder);
    let log = Log::open(disk.clone(), key()).unwrap().shortened_at(256);
    let size = || {
        let reader = LogReader::new(&disk, PUBLIC);
        reader.checkpoint(&key().verifier(), &[]).unwrap().size
    };
    let mut out = std::io::stdout();
    let mut dice = Dice::new(u64::from(std::process::id()));
    let mut failed = 0;
    let mut next = size();
    while failed < PATIENCE {
        match log.append(&entries(next, 1 + dice.below(6))) {
            Ok(appended) => {
                next = appended.proved.last().unwrap().index + 1;
                writeln!(out, "durable {next}").unwrap();
            }
            Err(error) => {
                failed += 1;
                writeln!(out, "failed {error}").unwrap();
            }
        }
        out.flush().unwrap();
    }
}

/// A child, and what it said so far.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    /// The last size that it said was durable.
    durable: u64,
    /// How often it failed.
    failed: u32,
}

const ARGUMENTS: [&str; 4] = ["killed::child", "--exact", "--ignored", "--nocapture"];

impl Running {
    fn start(folder: &Path) -> Self {
        let mut program = Command::new(std::env::current_exe().unwrap());
        Self::with(program.args(ARGUMENTS), folder)
    }

    fn with(program: &mut Command, folder: &Path) -> Self {
        let started = program
            .env(FOLDER, folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = started.unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            durable: 0,
            failed: 0,
        }
    }

    /// Listens until it confirmed so many appends more, or ended.
    fn listen(&mut self, appends: u64) {
        let mut heard = 0;
        while heard < appends {
            let Some(line) = self.lines.next() else {
                return;
            };
            let line = line.unwrap_or_default();
            // the harness may write words of its own before on the same line
            if let Some((_, size)) = line.rsplit_once("durable ") {
                self.durable = size.parse().unwrap_or(self.durable);
                heard += 1;
            }
            self.failed += u32::from(line.contains("failed `"));
        }
    }

    fn kill(mut self) -> Self {
        self.child.kill().unwrap();
        self.listen(u64::MAX);
        self.child.wait().unwrap();
        self
    }
}

/// The story stands in the log from its beginning, at least as far as was said.
fn judge(disk: &FileDisk, durable: u64, case: &str) -> u64 {
    let there = published(disk);
    let size = there.len() as u64;
    assert!(
        size >= durable,
        "{durable} were durable, {size} are there: {case}"
    );
    assert!(there.iter().cloned().eq((0..size).map(bytes)), "{case}");
    let found = findings(disk);
    assert!(found.is_empty(), "{found:?}: {case}");
    size
}

#[test]
fn a_program_that_is_killed_loses_nothing_that_it_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path());
    Log::create(disk.clone(), key()).unwrap();
    let mut dice = Dice::new(11);
    let mut old = None;
    let (mut confirmed, mut mended) = (0, 0);
    for round in 0..36 {
        let mut child = Running::start(folder.path());
        child.listen(1 + dice.below(25));
        std::thread::sleep(Duration::from_micros(dice.below(3000)));
        confirmed = confirmed.max(child.kill().durable);
        let case = format!("kill {round}");
        let log = Log::open(disk.clone(), key()).expect(&case);
        mended += u32::from(!log.mended().is_empty());
        judge(&disk, confirmed, &case);
        let reader = LogReader::new(&disk, PUBLIC);
        let text = reader.file("checkpoint").unwrap().unwrap();
        let now = open_checkpoint(&text, &key().verifier(), &[]).unwrap();
        if let Some(old) = old.replace(now.clone()).filter(|c| c.size > 0) {
            let proof = reader.prove_growth(old.size, &now).unwrap();
            check_consistency(&proof, old.size, old.root, now.size, now.root).unwrap();
        }
        assert_eq!(Log::open(disk.clone(), key()).unwrap().mended(), []);
    }
    println!("{confirmed} confirmed, {mended} of 36 kills left something to mend");
    assert!(confirmed > 300, "{confirmed}");
}

#[test]
fn two_programs_share_a_log_and_one_that_is_killed_does_not_stop_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path());
    Log::create(disk.clone(), key()).unwrap();
    let mut one = Running::start(folder.path());
    let mut two = Running::start(folder.path());
    one.listen(40);
    two.listen(40);
    let one = one.kill();
    two.listen(200);
    let two = two.kill();
    assert_eq!((one.failed, two.failed), (0, 0));
    assert!(two.durable > one.durable, "it went on alone");
    Log::open(disk.clone(), key()).unwrap();
    // both tell the same story from where they think it stands, so its parts come twice; none is torn or out of turn
    let there = published(&disk);
    assert!(there.len() as u64 >= two.durable);
    let story: std::collections::BTreeSet<Vec<u8>> =
        (0..there.len() as u64 + 8).map(bytes).collect();
    assert!(there.iter().all(|entry| story.contains(entry)));
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_fails_aloud_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let disk = FileDisk::new(folder.path());
    Log::create(disk.clone(), key()).unwrap();
    let exe = std::env::current_exe().unwrap();
    // no file may grow past so many blocks; the signal that would end the program is ignored, so writes fail
    let script = "trap '' XFSZ && ulimit -f 40 && exec \"$0\" \"$@\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(exe).args(ARGUMENTS);
    let mut child = Running::with(&mut shell, folder.path());
    child.listen(u64::MAX);
    child.child.wait().unwrap();
    let (durable, failed) = (child.durable, child.failed);
    if failed == 0 {
        println!("skipped: this shell cannot limit the size of files (`ulimit -f`)");
        return;
    }
    assert_eq!(failed, PATIENCE);
    assert!(durable > 10, "{durable}");
    let log = Log::open(disk.clone(), key()).unwrap();
    let mended = log.mended();
    assert!(!mended.is_empty(), "an append stopped half-way");
    let size = judge(&disk, durable, &format!("{mended:?}"));
    let appended = log.append(&entries(size, 3)).unwrap();
    assert_eq!(
        appended.proved[0].index, size,
        "it goes on once there is room"
    );
    judge(&disk, size + 3, "after");
}
