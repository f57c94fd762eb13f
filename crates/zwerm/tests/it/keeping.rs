//! Backing up while others go on, restoring elsewhere, and refusing archives that are not what they should be.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use tar::{Archive, Builder, EntryType, Header};
use zwerm_agreement::sample::made_up_key;
use zwerm_agreement::signature::SignedStatement;

use crate::place::{Place, Run};
use crate::served::{Browser, Served};
use crate::small::{Asking, SMALL_ID};

fn back_up(place: &Place, file: &str) -> Value {
    place.zwerm(&["backup", file, "--json"]).json(0)
}

fn restore(place: &Place, file: &str, home: &str) -> Run {
    place.zwerm(&["restore", file, "--home", home, "--json"])
}

pub(crate) fn verified(place: &Place, home: &str, receipt: &str) {
    let key = format!("{home}/ledger/public/log.pub");
    let log = format!("{home}/ledger/public");
    let told = place
        .zwerm(&["verify", receipt, "--key", &key, "--json"])
        .json(0);
    assert_eq!(told["verified"], true, "{receipt}: {told}");
    let grown = [
        "verify", "--log", &log, "--since", receipt, "--key", &key, "--json",
    ];
    let told = place.zwerm(&grown).json(0);
    assert_eq!(told["verified"], true, "{receipt}: {told}");
}

fn agreements(place: &Place, home: &str) -> Vec<(String, Vec<u8>)> {
    let folder = format!("{home}/agreements");
    let all = place.files(&folder).into_iter();
    all.map(|(path, bytes)| {
        (
            path.strip_prefix(&folder).unwrap().display().to_string(),
            bytes,
        )
    })
    .collect()
}

/// Asks through the pages; the page of the answer once it was acknowledged.
pub(crate) fn ask(browser: &mut Browser, sql: &str) -> std::io::Result<Option<String>> {
    let fields = [
        ("party", "universiteit"),
        ("purpose", "housing-policy"),
        ("sql", sql),
        ("what", "ask"),
    ];
    let page = browser.post(&format!("/en/projects/{SMALL_ID}/ask"), &fields)?;
    Ok((page.status == 303).then(|| page.leads_to().to_owned()))
}

/// Suspends without a signature, or lifts it again with one; whether that was acknowledged.
pub(crate) fn decide(browser: &mut Browser, what: &str, reason: &str) -> std::io::Result<bool> {
    let action = format!("/en/projects/{SMALL_ID}/suspend");
    let words = [
        ("party", "corporatie"),
        ("decision", what),
        ("reason", reason),
    ];
    let page = browser.post(&action, &words)?;
    if page.status != 200 || !page.body.contains("id=\"statement\"") {
        return Ok(false);
    }
    let said = SignedStatement::parse(&page.text_of("<pre id=\"statement\"")).unwrap();
    let signature = made_up_key("corporatie").sign(&said.statement()).unwrap();
    let signature = if what == "suspended" { "" } else { &signature };
    let at = said.at.to_string();
    let more = [
        ("step", "sign"),
        ("at", at.as_str()),
        ("signature", signature),
    ];
    let page = browser.post(&action, &[words.as_slice(), &more].concat())?;
    Ok(page.status == 303)
}

/// Lifts a suspension that keeps an answer from being read, if there is one.
pub(crate) fn lift(decider: &mut Browser, reader: &mut Browser, answer: &str) {
    let page = reader.get(answer).unwrap();
    if page.status != 422 || !page.body.contains("the agreement is suspended") {
        return;
    }
    // the clock starts anew with the program, and nothing is said before what was said last
    let lifted = (0..300).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        decide(decider, "resumed", "gedicht").unwrap()
    });
    assert!(lifted);
}

#[test]
fn a_home_that_was_copied_before_anything_was_asked_answers() {
    let place = Place::to_serve();
    back_up(&place, "early.tar");
    restore(&place, "early.tar", "elsewhere").json(0);
    let ask = Asking::default();
    let args = ask.args(&["--home", "elsewhere", "--json"]);
    let told = place.zwerm(&args).json(0);
    assert!(!told["rows"].as_array().unwrap().is_empty(), "{told}");
    // what was there and is gone is a fault: what was released would count as never released
    std::fs::remove_dir_all(place.path("elsewhere/releases")).unwrap();
    let other = Asking {
        sql: "SELECT units() FROM huishoudens",
        ..Asking::default()
    };
    place.zwerm(&other.args(&["--home", "elsewhere"])).told(3);
}

#[test]
fn a_copy_that_was_made_while_all_worked_on_is_a_home_that_has_all_that_was_given_before() {
    let place = Place::to_serve();
    Asking::default().run(&place, &["--receipt", "first.json", "--output", "out"]);
    let served = Served::start(&place);
    let (mut noor, dirk) = (served.signed_in("noor"), served.signed_in("dirk"));
    let before = ask(
        &mut noor,
        "SELECT wijk, units() FROM huishoudens GROUP BY wijk",
    )
    .unwrap();
    let stop = AtomicBool::new(false);
    let made = std::thread::scope(|scope| {
        for _ in 0..2 {
            let (mut noor, stop) = (noor.clone(), &stop);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    ask(
                        &mut noor,
                        "SELECT klasse, units() FROM huishoudens GROUP BY klasse",
                    )
                    .unwrap()
                    .unwrap();
                }
            });
        }
        let (mut dirk, stop_dirk) = (dirk.clone(), &stop);
        scope.spawn(move || {
            while !stop_dirk.load(Ordering::Relaxed) {
                assert!(decide(&mut dirk, "suspended", "datalek").unwrap());
                assert!(decide(&mut dirk, "resumed", "gedicht").unwrap());
            }
        });
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                Asking::default().run(&place, &["--json"]);
            }
        });
        let mut made = Vec::new();
        for copy in 0..3 {
            std::thread::sleep(std::time::Duration::from_millis(300));
            made.push(back_up(&place, &format!("copy-{copy}.tar")));
        }
        stop.store(true, Ordering::Relaxed);
        made
    });
    assert_eq!(
        served.log().matches("\"level\":\"ERROR\"").count(),
        0,
        "{}",
        served.log()
    );
    served.kill();
    for (copy, made) in made.iter().enumerate() {
        let (file, home) = (format!("copy-{copy}.tar"), format!("back-{copy}"));
        let told = restore(&place, &file, &home).json(0);
        assert_eq!(told["log"]["in_order"], true, "{told}");
        assert_eq!(told["log"]["root"], made["backup"]["log"]["root"]);
        let check = place
            .zwerm(&["ledger", "check", "--home", &home, "--json"])
            .json(0);
        assert_eq!(check["size"], made["backup"]["log"]["size"]);
        verified(&place, &home, "first.json");
        let again = Served::start_at(&place, &home);
        let mut noor = noor.clone();
        noor.move_to(&again);
        let before = before.as_deref().unwrap();
        let mut dirk = dirk.clone();
        dirk.move_to(&again);
        // the copy may be of a moment at which nothing might be read
        lift(&mut dirk, &mut noor, before);
        let page = noor.get(before).unwrap();
        assert_eq!(page.status, 200, "{}", page.body);
        assert_eq!(noor.get("/ready").unwrap().status, 200);
    }
}

#[test]
fn a_quiet_home_comes_back_byte_by_byte_and_goes_on() {
    let place = Place::to_serve();
    Asking::default().run(&place, &["--receipt", "first.json", "--output", "out"]);
    Asking {
        purpose: "marketing",
        ..Asking::default()
    }
    .refused(&place);
    place.write_as_it_is("zwerm-home/agreements/klein/v2.part/agreement.toml", "half");
    let made = back_up(&place, "copy.tar");
    assert_eq!(made["backup"]["registry"]["copied"], "registry.db");
    let told = restore(&place, "copy.tar", "back").json(0);
    assert_eq!(told["backup"]["log"], made["backup"]["log"]);
    let own = |path: &Path| path.components().skip(1).collect::<std::path::PathBuf>();
    let left_out = [
        ".backed-up",
        ".log-checked",
        "lock",
        "turn",
        "releases/lock",
        "ledger/lock",
        "agreements/klein/v2.part/agreement.toml",
    ];
    let kept = |home: &str| {
        let all = place
            .files(home)
            .into_iter()
            .map(|(path, bytes)| (own(&path), bytes));
        let all = all.filter(|(path, _)| {
            let path = path.to_str().unwrap();
            !left_out.contains(&path) && !path.starts_with("registry.db")
        });
        all.collect::<Vec<_>>()
    };
    assert_eq!(kept("zwerm-home"), kept("back"));
    assert_eq!(agreements(&place, "back").len(), 2);
    let people = |home: &str| {
        place
            .zwerm(&["user", "list", "--home", home, "--json"])
            .json(0)
    };
    assert_eq!(people("zwerm-home"), people("back"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for name in [
            "copy.tar",
            "back/ledger/log.key",
            "back/ledger/salt",
            "back/registry.db",
        ] {
            let mode = std::fs::metadata(place.path(name))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
    Asking::default().run(
        &place,
        &[
            "--home",
            "back",
            "--receipt",
            "next.json",
            "--output",
            "out",
        ],
    );
    verified(&place, "back", "next.json");
    // the home that the copy was made of has none of what the other log was entered
    let since = [
        "verify",
        "--log",
        "zwerm-home/ledger/public",
        "--since",
        "next.json",
        "--key",
        "zwerm-home/ledger/public/log.pub",
        "--json",
    ];
    assert_ne!(place.zwerm(&since).code, 0);
}

#[test]
fn nothing_is_overwritten_and_no_copy_holds_itself() {
    let place = Place::small_home();
    place.write_as_it_is("there.tar", "mine");
    let told = place.zwerm(&["backup", "there.tar"]).told(2);
    assert!(told.contains("is er al"), "{told}");
    assert_eq!(place.read("there.tar"), "mine");
    let told = place.zwerm(&["backup", "zwerm-home/copy.tar"]).told(2);
    assert!(told.contains("ligt in een huis"), "{told}");
    back_up(&place, "copy.tar");
    let told = place
        .zwerm(&["restore", "copy.tar", "--home", "zwerm-home"])
        .told(2);
    assert!(told.contains("is niet leeg"), "{told}");
    let told = place
        .zwerm(&["restore", "there.tar", "--home", "back"])
        .told(2);
    assert!(told.contains("afgebroken"), "{told}");
    std::fs::create_dir(place.path("empty")).unwrap();
    restore(&place, "copy.tar", "empty").json(0);
    let told = place.zwerm(&["backup", "nowhere/copy.tar"]).told(3);
    assert!(told.contains("nowhere"), "{told}");
    let rest = std::fs::read_dir(place.path("")).unwrap();
    let rest = rest.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(!rest.into_iter().any(|name| name.starts_with(".zwerm")));
}

#[test]
fn a_registry_in_postgresql_is_left_out_aloud() {
    let place = Place::small_home();
    place.write_as_it_is(
        "zwerm-home/zwerm.toml",
        "registry = \"postgres://nobody@127.0.0.1:1/none\"\n",
    );
    let run = place.zwerm(&["backup", "copy.tar", "--lang", "en", "--json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.err.contains("NOT in this copy") && run.err.contains("pg_dump"),
        "{}",
        run.err
    );
    let run = restore(&place, "copy.tar", "back");
    assert!(run.err.contains("pg_restore"), "{}", run.err);
    assert_eq!(run.code, 0);
}

#[test]
fn a_changed_byte_anywhere_is_refused_and_leaves_nothing() {
    let place = Place::small_home();
    back_up(&place, "copy.tar");
    let whole = std::fs::read(place.path("copy.tar")).unwrap();
    let step = whole.len() / 60;
    let spots = (0..whole.len())
        .step_by(step)
        .chain([whole.len() - 1, 600, 1024]);
    for at in spots {
        let mut changed = whole.clone();
        changed[at] ^= 4;
        place.write_as_it_is("changed.tar", &changed);
        let run = place.zwerm(&["restore", "changed.tar", "--home", "back"]);
        assert_eq!(run.code, 2, "{at}: {} {}", run.out, run.err);
        assert!(!place.path("back").exists(), "{at}");
    }
    for length in [0, 511, 512, whole.len() / 2, whole.len() - 1] {
        place.write_as_it_is("changed.tar", &whole[..length]);
        assert_eq!(
            place
                .zwerm(&["restore", "changed.tar", "--home", "back"])
                .code,
            2,
            "{length}"
        );
    }
    place.write_as_it_is("changed.tar", [whole.as_slice(), &[0; 512]].concat());
    assert_eq!(
        place
            .zwerm(&["restore", "changed.tar", "--home", "back"])
            .code,
        2
    );
    assert!(!place.path("back").exists());
}

/// The copy again, with its list and its entries changed on the way.
fn remade(
    place: &Place,
    list: impl Fn(&mut Value),
    entry: impl Fn(&mut Header, &str, &mut Vec<u8>),
) -> Run {
    let bytes = std::fs::read(place.path("copy.tar")).unwrap();
    let mut archive = Archive::new(bytes.as_slice());
    let mut builder = Builder::new(Vec::new());
    for found in archive.entries().unwrap() {
        let mut found = found.unwrap();
        let mut header = found.header().clone();
        let path = found.path().unwrap().display().to_string();
        let mut contents = Vec::new();
        std::io::Read::read_to_end(&mut found, &mut contents).unwrap();
        if path == "zwerm-backup.json" {
            let mut value = serde_json::from_slice(&contents).unwrap();
            list(&mut value);
            contents = serde_json::to_vec_pretty(&value).unwrap();
        }
        header.set_size(contents.len() as u64);
        entry(&mut header, &path, &mut contents);
        header.set_cksum();
        builder.append(&header, contents.as_slice()).unwrap();
    }
    place.write_as_it_is("evil.tar", builder.into_inner().unwrap());
    let run = place.zwerm(&["restore", "evil.tar", "--home", "evil/back", "--lang", "en"]);
    assert!(!place.path("evil/back").exists() && !place.path("x").exists());
    run
}

/// Writes a name into a header as it stands, which `set_path` would refuse.
fn rename(header: &mut Header, name: &str) {
    let field = &mut header.as_old_mut().name;
    field.fill(0);
    field[..name.len()].copy_from_slice(name.as_bytes());
}

#[test]
fn an_archive_that_leads_elsewhere_is_refused() {
    let place = Place::small_home();
    back_up(&place, "copy.tar");
    const FILE: &str = "ledger/salt";
    let same = |_: &mut Value| {};
    for name in [
        "../x",
        "../../x",
        "/tmp/zwerm-x",
        "a/../../x",
        "ledger/./salt",
    ] {
        let told = remade(&place, same, |header, path, _| {
            if path == FILE {
                rename(header, name);
            }
        });
        assert!(told.told(2).contains("leads out of"), "{name}");
        let told = remade(
            &place,
            |list| {
                let files = list["files"].as_array_mut().unwrap();
                let file = files.iter_mut().find(|file| file["path"] == FILE).unwrap();
                file["path"] = name.into();
            },
            |header, path, _| {
                if path == FILE {
                    rename(header, name);
                }
            },
        );
        assert!(told.told(2).contains("leads out of"), "{name}");
    }
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Char,
        EntryType::Fifo,
        EntryType::GNUSparse,
        EntryType::XHeader,
        EntryType::GNULongName,
    ] {
        let told = remade(&place, same, |header, path, _| {
            if path == FILE {
                header.set_entry_type(kind);
                header.set_link_name("/etc/passwd").unwrap();
            }
        });
        assert!(told.told(2).contains("no plain file"), "{kind:?}");
    }
}

#[test]
fn an_archive_that_says_another_size_or_file_than_its_list_is_refused() {
    let place = Place::small_home();
    back_up(&place, "copy.tar");
    let same = |_: &mut Value| {};
    let told = remade(&place, same, |header, path, contents| {
        if path == "ledger/salt" {
            contents.resize(100_000, 0);
            header.set_size(contents.len() as u64);
        }
    });
    assert!(told.told(2).contains("not what its list says"));
    let told = remade(&place, same, |header, path, _| {
        if path == "ledger/salt" {
            header.set_size(1 << 40);
        }
    });
    assert_eq!(told.code, 2);
    let told = remade(&place, same, |header, path, _| {
        if path == "ledger/salt" {
            header.set_path("ledger/other").unwrap();
        }
    });
    assert!(told.told(2).contains("here belongs `ledger/salt`"));
    let told = remade(&place, |list| list["version"] = 2.into(), |_, _, _| {});
    assert!(told.told(2).contains("another version"));
    let told = remade(&place, |list| list["more"] = 2.into(), |_, _, _| {});
    assert!(told.told(2).contains("no back-up of a home"));
    let told = remade(&place, |list| list["log"]["size"] = 1.into(), |_, _, _| {});
    assert_eq!(told.code, 2);
}
