//! Serving from a disk that is full, or that may only be read: on a small one of its own, where that is possible.

use std::process::Command;

use crate::keeping::{ask, decide, verified};
use crate::place::Place;
use crate::served::Served;
use crate::serving::BY_DISTRICT;
use crate::small::{Asking, SMALL_ID};

/// A small disk of its own, or nothing where that is not possible.
struct Disk<'a>(&'a Place);

impl<'a> Disk<'a> {
    fn new(place: &'a Place) -> Option<Self> {
        std::fs::create_dir(place.path("disk")).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"])
            .arg(place.path("disk"));
        if mount.output().is_ok_and(|done| done.status.success()) {
            return Some(Self(place));
        }
        eprintln!("skipped: only root can mount a small disk");
        None
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let mut file = std::fs::File::create(self.0.path("disk/filler")).unwrap();
        for part in [1 << 16, 1 << 10, 1] {
            while std::io::Write::write_all(&mut file, &vec![1; part]).is_ok() {}
        }
    }

    fn make_room(&self) {
        std::fs::remove_file(self.0.path("disk/filler")).unwrap();
    }

    fn remount(&self, how: &str) {
        let mut mount = Command::new("mount");
        mount
            .args(["-o", &format!("remount,{how}")])
            .arg(self.0.path("disk"));
        assert!(mount.status().unwrap().success());
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.0.path("disk"))
            .status();
    }
}

const ON_DISK: &str = "disk/home";

fn on_a_small_disk(place: &Place) -> Option<Disk<'_>> {
    on_a_small_disk_with(place, None)
}

fn on_a_small_disk_with<'a>(place: &'a Place, settings: Option<&str>) -> Option<Disk<'a>> {
    let disk = Disk::new(place)?;
    place.zwerm(&["init", "--home", ON_DISK]).ok();
    if let Some(settings) = settings {
        place.write_as_it_is(&format!("{ON_DISK}/zwerm.toml"), settings);
    }
    place
        .zwerm(&["agreement", "add", "agreement.toml", "--home", ON_DISK])
        .ok();
    place.account(ON_DISK, "noor", "universiteit", &["analyst"]);
    place.account(ON_DISK, "dirk", "corporatie", &["decider"]);
    Some(disk)
}

/// Asks at the command line, which finds room in what was begun for a while; the receipts that it gave.
fn ask_until_there_is_no_room(place: &Place) -> Vec<String> {
    let mut receipts = Vec::new();
    for n in 0..100 {
        let receipt = format!("receipt-{n}.json");
        let run =
            Asking::default().run(place, &["--home", ON_DISK, "--receipt", &receipt, "--json"]);
        if run.code != 0 {
            assert_eq!(run.code, 3, "{} {}", run.out, run.err);
            assert!(run.out.contains("of de schijf vol is"), "{}", run.out);
            return receipts;
        }
        receipts.push(receipt);
    }
    panic!("there is room yet");
}

#[test]
fn a_full_disk_is_told_loses_nothing_and_is_got_over() {
    let place = Place::small();
    let Some(disk) = on_a_small_disk(&place) else {
        return;
    };
    let served = Served::start_at(&place, ON_DISK);
    let (mut noor, mut dirk) = (served.signed_in("noor"), served.signed_in("dirk"));
    let answer = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    disk.fill();
    let question = format!("/en/projects/{SMALL_ID}/question");
    let mut refused = Vec::new();
    for n in 0..40 {
        let fields = [
            ("party", "universiteit"),
            ("purpose", "housing-policy"),
            ("sql", BY_DISTRICT),
            ("what", "ask"),
        ];
        let asked = noor
            .post(&format!("/en/projects/{SMALL_ID}/ask"), &fields)
            .unwrap();
        let suspend = [
            ("party", "corporatie"),
            ("decision", "suspended"),
            ("reason", "vol"),
            ("step", "sign"),
            ("unsigned", "yes"),
        ];
        let suspended = dirk
            .post(&format!("/en/projects/{SMALL_ID}/suspend"), &suspend)
            .unwrap();
        let put = served
            .browser()
            .post(&question, &[("text", &format!("Vraag {n}?"))])
            .unwrap();
        refused.extend(
            [asked, suspended, put]
                .into_iter()
                .filter(|page| page.status != 303 && page.status != 429),
        );
        if refused.len() >= 6 {
            break;
        }
    }
    assert!(!refused.is_empty());
    for page in &refused {
        assert_eq!(page.status, 500, "{}", page.body);
        assert!(
            page.body.contains("The system could not read or write"),
            "{}",
            page.body
        );
        assert!(
            !page.body.contains(place.path("").to_str().unwrap()),
            "{}",
            page.body
        );
    }
    let pages = [
        answer.as_str(),
        "/en",
        "/en/projects",
        "/en/ledger",
        "/en/account",
        "/health",
    ];
    for path in pages {
        let page = noor.get(path).unwrap();
        assert_eq!(page.status, 200, "{path}: {}", page.body);
    }
    let receipts = ask_until_there_is_no_room(&place);
    disk.make_room();
    assert!(decide(&mut dirk, "suspended", "weer ruimte").unwrap());
    assert!(decide(&mut dirk, "resumed", "weer ruimte").unwrap());
    let again = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    for path in [&answer, &again] {
        assert_eq!(noor.get(path).unwrap().status, 200);
    }
    let check = place
        .zwerm(&["ledger", "check", "--home", ON_DISK, "--json"])
        .json(0);
    assert_eq!(check["in_order"], true, "{check}");
    receipts
        .iter()
        .for_each(|receipt| verified(&place, ON_DISK, receipt));
    served.ask_to_stop();
    assert_eq!(served.wait(), 0);
}

#[test]
fn a_server_that_was_started_on_a_full_disk_goes_on_once_there_is_room() {
    let place = Place::small();
    let Some(disk) = on_a_small_disk(&place) else {
        return;
    };
    let served = Served::start_at(&place, ON_DISK);
    ask(&mut served.signed_in("noor"), BY_DISTRICT)
        .unwrap()
        .unwrap();
    // killed, so that the next start has something to mend
    served.kill();
    disk.fill();
    let served = Served::start_at(&place, ON_DISK);
    assert_eq!(served.browser().get("/health").unwrap().status, 200);
    disk.make_room();
    let mut noor = served.signed_in("noor");
    ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    assert_eq!(noor.get("/ready").unwrap().status, 200);
}

#[test]
fn a_disk_that_may_only_be_read_while_it_is_served_is_told_and_loses_nothing() {
    let place = Place::small();
    // a registry that is open keeps a disk from becoming one to read only
    let registry = place.path("registry.db");
    let settings = format!("registry = {:?}", registry.to_str().unwrap());
    let Some(disk) = on_a_small_disk_with(&place, Some(&settings)) else {
        return;
    };
    let served = Served::start_at(&place, ON_DISK);
    let (mut noor, mut dirk) = (served.signed_in("noor"), served.signed_in("dirk"));
    let answer = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    disk.remount("ro");
    let fields = [
        ("party", "universiteit"),
        ("purpose", "housing-policy"),
        (
            "sql",
            "SELECT klasse, units() FROM huishoudens GROUP BY klasse",
        ),
        ("what", "ask"),
    ];
    let asked = noor
        .post(&format!("/en/projects/{SMALL_ID}/ask"), &fields)
        .unwrap();
    assert_eq!(asked.status, 500, "{}", asked.body);
    assert!(
        asked.body.contains("The system could not read or write"),
        "{}",
        asked.body
    );
    assert!(!decide(&mut dirk, "suspended", "alleen lezen").unwrap());
    for path in [
        answer.as_str(),
        "/en",
        "/en/projects",
        "/en/ledger",
        "/health",
    ] {
        assert_eq!(noor.get(path).unwrap().status, 200, "{path}");
    }
    disk.remount("rw");
    let again = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    for path in [&answer, &again] {
        assert_eq!(noor.get(path).unwrap().status, 200);
    }
    assert!(decide(&mut dirk, "suspended", "weer te schrijven").unwrap());
    let check = place
        .zwerm(&["ledger", "check", "--home", ON_DISK, "--json"])
        .json(0);
    assert_eq!(check["in_order"], true, "{check}");
}

#[test]
fn a_disk_that_may_only_be_read_is_told() {
    let place = Place::small();
    let Some(disk) = on_a_small_disk(&place) else {
        return;
    };
    Asking::default()
        .run(&place, &["--home", ON_DISK, "--json"])
        .json(0);
    disk.remount("ro");
    for args in [
        ["serve", "--port", "0", "--home", ON_DISK].as_slice(),
        &["user", "list", "--home", ON_DISK],
        &["backup", "copy.tar", "--home", ON_DISK],
    ] {
        let told = place.zwerm(args).told(3);
        assert!(
            told.contains("of u er mag lezen en schrijven"),
            "{args:?}: {told}"
        );
    }
    assert!(!place.path("copy.tar").exists());
    let check = place
        .zwerm(&["ledger", "check", "--home", ON_DISK, "--json"])
        .json(0);
    assert_eq!(check["in_order"], true, "{check}");
    disk.remount("rw");
    let served = Served::start_at(&place, ON_DISK);
    assert_eq!(served.browser().get("/ready").unwrap().status, 200);
    ask(&mut served.signed_in("noor"), BY_DISTRICT)
        .unwrap()
        .unwrap();
}
