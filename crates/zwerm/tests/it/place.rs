//! A folder to run the program in.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use zwerm_agreement::sample::{made_up_key, signed};

pub(crate) const ID: &str = "leiden-goedkoop-scheefwonen";
pub(crate) const V1: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/agreement-v1.toml");
pub(crate) const V2: &str =
    include_str!("../../../../examples/leiden-goedkoop-scheefwonen/agreement-v2.toml");

const HOMES: &str = "\
huishouden,wijk,huishoudtype,huurklasse,huur
a,WK054600,paar,tot-450,400
b,WK054601,paar,tot-450,410
c,WK054600,paar,tot-450,420
d,WK054601,paar,tot-450,430
e,WK054600,paar,tot-450,440
f,WK054601,paar,tot-450,450
g,WK054600,paar,tot-450,460
h,WK054601,paar,tot-450,470
i,WK054600,paar,tot-450,480
j,WK054601,paar,tot-450,490
k,WK054600,paar,tot-450,500
l,WK054601,paar,tot-450,510
";
const INCOMES: &str = "\
huishouden,boven_grens,inkomen
a,ja,40000
b,nee,30250
c,ja,40500
d,nee,30750
e,ja,41000
f,nee,31250
g,ja,41500
h,nee,31750
i,ja,42000
j,nee,32250
k,ja,42500
l,nee,32750
";

/// A folder that cleans up after itself.
pub(crate) struct Place {
    folder: TempDir,
}

/// What the program did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The output of a run that went well and had nothing to remark.
    pub(crate) fn ok(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{}", self.out);
        self.out
    }

    /// The link on stdout of a run that went well, beside which it was said for whom it is and that its address is assumed.
    pub(crate) fn link(self) -> String {
        assert_eq!(self.code, 0, "{}", self.err);
        assert!(self.err.contains("public_url"), "{}", self.err);
        let whom = self.err.starts_with("voor ") || self.err.starts_with("for ");
        assert!(whom, "{}", self.err);
        self.out.trim().to_owned()
    }

    /// What was told on stderr with this exit code, nothing being printed on stdout.
    pub(crate) fn told(self, code: i32) -> String {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{}", self.err);
        self.err
    }

    /// The JSON on stdout, with this exit code.
    pub(crate) fn json(self, code: i32) -> Value {
        assert_eq!((self.code, self.err.as_str()), (code, ""), "{}", self.out);
        serde_json::from_str(&self.out).unwrap()
    }
}

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder with both versions of the Leiden agreement and a few rows of data.
    pub(crate) fn leiden() -> Self {
        let place = Self::new();
        place.write("agreement-v1.toml", V1);
        place.write("agreement-v2.toml", V2);
        place.write("data/woningen.csv", HOMES);
        place.write("data/inkomens.csv", INCOMES);
        place
    }

    /// The same, with a home that holds version 2.
    pub(crate) fn with_home() -> Self {
        let place = Self::leiden();
        place.zwerm(&["init"]).ok();
        place.zwerm(&["agreement", "add", "agreement-v2.toml"]).ok();
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file. An agreement is signed by its made-up parties, as far as it is one.
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let text = std::str::from_utf8(contents.as_ref()).ok();
        let text = text.filter(|_| name.ends_with(".toml"));
        match text.and_then(|text| signed(text).ok()) {
            Some(signed) => self.write_as_it_is(name, signed),
            None => self.write_as_it_is(name, contents),
        }
    }

    /// The file with a made-up party's private key.
    pub(crate) fn key(&self, party: &str) -> String {
        let name = format!("keys/{party}.key");
        self.write_as_it_is(&name, made_up_key(party).secret());
        name
    }

    /// Writes a file, and signs nothing in it.
    pub(crate) fn write_as_it_is(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Suspends, resumes or ends an agreement, with the party's own key.
    pub(crate) fn change(&self, what: &str, id: &str, party: &str, more: &[&str]) -> Run {
        let key = self.key(party);
        let said = [
            "agreement",
            what,
            id,
            "--as",
            party,
            "--key",
            &key,
            "--reason",
            "datalek",
        ];
        self.zwerm(&[said.as_slice(), more].concat())
    }

    /// The public log's entries, each as it stands there.
    pub(crate) fn entries(&self) -> Vec<Value> {
        let shown = self.zwerm(&["ledger", "show", "--json"]).ok();
        let lines = shown
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.map(|line| line["entry"].clone()).collect()
    }

    /// The kinds of the log's entries.
    pub(crate) fn kinds(&self) -> Vec<String> {
        let entries = self.entries();
        let kinds = entries
            .iter()
            .map(|entry| entry["kind"].as_str().unwrap().to_owned());
        kinds.collect()
    }

    /// The program, ready to run here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zwerm"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env_remove("ZWERM_HOME")
            .env_remove("ZWERM_LANG")
            .env("ZWERM_TODAY", "2026-03-01");
        command
    }

    /// Runs the program here.
    pub(crate) fn zwerm(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// The same where no program of others is at hand.
    pub(crate) fn without_others(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).env("PATH", "").output().unwrap())
    }

    /// Every file below a folder, with its contents.
    pub(crate) fn files(&self, name: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let mut all = Vec::new();
        let mut folders = vec![self.path(name)];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let contents = std::fs::read(&path).unwrap();
                    all.push((relative(&path, self.folder.path()), contents));
                }
            }
        }
        all.sort();
        all
    }
}

fn relative(path: &Path, root: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap().to_owned()
}
