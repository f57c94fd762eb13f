//! Serving while things go wrong: killed, stopped, without a log; and what the logs say of it.

use std::io::{BufRead as _, BufReader};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::keeping::{ask, decide, lift};
use crate::place::Place;
use crate::served::{Browser, PASSWORD, Served, read_page};
use crate::small::SMALL_ID;

pub(crate) const BY_DISTRICT: &str = "SELECT wijk, units() FROM huishoudens GROUP BY wijk";

/// All that was acknowledged to those who wrote.
#[derive(Debug, Default)]
struct Given {
    answers: Vec<String>,
    questions: Vec<String>,
    draft: usize,
    decisions: Vec<String>,
}

static NUMBER: AtomicUsize = AtomicUsize::new(0);

fn number() -> usize {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// Everybody writes until the server is gone, which is some time after each of them was acknowledged something.
fn under_load(served: Served, given: &mut Given, millis: u64) {
    let acknowledged = [const { AtomicUsize::new(0) }; 4];
    let count = |what: usize| acknowledged[what].fetch_add(1, Ordering::Relaxed);
    let count = &count;
    let (noor, lies, dirk) = (
        served.signed_in("noor"),
        served.signed_in("lies"),
        served.signed_in("dirk"),
    );
    let anybody = served.browser();
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..2)
            .map(|_| {
                let mut noor = noor.clone();
                scope.spawn(move || {
                    let mut all = Vec::new();
                    while let Ok(answer) = ask(&mut noor, BY_DISTRICT) {
                        all.extend(answer);
                        count(0);
                    }
                    all
                })
            })
            .collect();
        let mut anybody = anybody.clone();
        let questions = scope.spawn(move || {
            let mut all = Vec::new();
            loop {
                let n = number();
                let text = format!("Vraag nummer {n} over Klein?");
                anybody.from = Some(format!("10.0.{}.{}", n / 250, n % 250));
                match anybody.post(
                    &format!("/en/projects/{SMALL_ID}/question"),
                    &[("text", &text)],
                ) {
                    Ok(page) if page.status == 303 => {
                        all.push(text);
                        count(1);
                    }
                    Ok(_) => {}
                    Err(_) => return all,
                }
                sleep(Duration::from_millis(40));
            }
        });
        let mut lies = lies.clone();
        let drafts = scope.spawn(move || {
            let mut last = 0;
            for n in 1.. {
                let sql = format!("SELECT {n}");
                let fields = [
                    ("party", "universiteit"),
                    ("sql", sql.as_str()),
                    ("what", "keep"),
                ];
                match lies.post(&format!("/en/projects/{SMALL_ID}/ask"), &fields) {
                    Ok(page) if page.status == 303 => {
                        last = n;
                        count(2);
                    }
                    Ok(page) => panic!("{}", page.body),
                    Err(_) => break,
                }
            }
            last
        });
        let mut dirk = dirk.clone();
        let decisions = scope.spawn(move || {
            let mut all = Vec::new();
            for what in ["suspended", "resumed"].iter().cycle() {
                let reason = format!("reden {}", number());
                match decide(&mut dirk, what, &reason) {
                    Ok(true) => {
                        all.push(reason);
                        count(3);
                    }
                    // what a killed one did not acknowledge may have been done
                    Ok(false) => {}
                    Err(_) => break,
                }
                sleep(Duration::from_millis(30));
            }
            all
        });
        let until = Instant::now() + Duration::from_secs(60);
        let all_were = || {
            acknowledged
                .iter()
                .all(|count| count.load(Ordering::Relaxed) > 1)
        };
        while !all_were() && Instant::now() < until {
            sleep(Duration::from_millis(5));
        }
        sleep(Duration::from_millis(millis));
        served.kill();
        for asker in askers {
            given.answers.extend(asker.join().unwrap());
        }
        given.questions.extend(questions.join().unwrap());
        given.draft = drafts.join().unwrap();
        given.decisions.extend(decisions.join().unwrap());
    });
}

/// All questions in words about the project: every page of them.
fn all_in_words(browser: &mut Browser) -> String {
    let path = format!("/en/projects/{SMALL_ID}/questions");
    let (mut all, mut next) = (String::new(), path.clone());
    loop {
        let page = browser.get(&next).unwrap().body;
        let link = format!("href=\"{path}?before=");
        let older = page.split(&link).nth(1).map(str::to_owned);
        all.push_str(&page);
        let Some(older) = older else {
            return all;
        };
        next = format!("{path}?before={}", older.split('"').next().unwrap());
    }
}

#[test]
fn a_server_that_is_killed_under_load_has_all_that_it_acknowledged() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    ask(&mut served.signed_in("noor"), BY_DISTRICT)
        .unwrap()
        .unwrap();
    served.kill();
    let mut given = Given::default();
    for millis in [0, 130, 410] {
        under_load(Served::start(&place), &mut given, millis);
        let served = Served::start(&place);
        let (mut noor, mut lies) = (served.signed_in("noor"), served.signed_in("lies"));
        let mut dirk = served.signed_in("dirk");
        for answer in &given.answers {
            // it may have been killed while nothing might be read but what was refused
            lift(&mut dirk, &mut noor, answer);
            let page = noor.get(answer).unwrap();
            assert_eq!(page.status, 200, "{answer}: {}", page.body);
        }
        let project = all_in_words(&mut noor);
        let missing: Vec<_> = given
            .questions
            .iter()
            .filter(|text| !project.contains(*text))
            .collect();
        assert!(missing.is_empty(), "{missing:?}\n{project}");
        let form = lies.get(&format!("/en/projects/{SMALL_ID}/ask")).unwrap();
        let draft = form.text_of("<textarea").replace("SELECT ", "");
        let draft: usize = draft.parse().unwrap_or_else(|_| panic!("{draft}"));
        assert!(
            draft == given.draft || draft == given.draft + 1,
            "{draft} {}",
            given.draft
        );
        let events = format!("zwerm-home/agreements/{SMALL_ID}/v1/events.jsonl");
        let events = std::fs::read_to_string(place.path(&events)).unwrap_or_default();
        for reason in &given.decisions {
            assert!(
                events.contains(&format!("\"{reason}\"")),
                "{reason}: {events}"
            );
        }
        // what a crash kept out of the log is entered with the next question or decision
        ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
        let check = place.zwerm(&["ledger", "check", "--json"]).json(0);
        assert_eq!(check["in_order"], true, "{check}");
    }
    let counts = [
        given.answers.len(),
        given.questions.len(),
        given.draft,
        given.decisions.len(),
    ];
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    eprintln!("answers, questions, drafts, decisions: {counts:?}");
}

#[test]
fn a_request_in_flight_is_answered_before_the_server_stops() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let noor = served.signed_in("noor");
    // the first question builds a release, which takes a while
    let body = format!(
        "csrf={}&party=universiteit&purpose=housing-policy&what=ask&sql=SELECT+units()+FROM+huishoudens",
        noor.csrf
    );
    let stream = noor
        .send("POST", &format!("/projects/{SMALL_ID}/ask"), &body)
        .unwrap();
    sleep(Duration::from_millis(30));
    served.ask_to_stop();
    let page = read_page(stream).unwrap();
    assert_eq!(page.status, 303, "{}", page.body);
    assert!(
        page.leads_to().starts_with("/answers/"),
        "{}",
        page.leads_to()
    );
    assert_eq!(served.wait(), 0);
    let check = place.zwerm(&["ledger", "check", "--json"]).json(0);
    assert_eq!(
        (&check["in_order"], &check["kinds"]["answer"]),
        (&true.into(), &1.into())
    );
}

#[test]
fn without_its_log_a_server_lives_and_is_not_ready() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    assert_eq!(noor.get("/en/").unwrap().leads_to(), "/en");
    for path in ["/health", "/ready"] {
        assert_eq!(noor.get(path).unwrap().status, 200, "{path}");
    }
    let checkpoint = place.path("zwerm-home/ledger/public/checkpoint");
    let kept = std::fs::read(&checkpoint).unwrap();
    // while it is served
    std::fs::write(&checkpoint, "zwerm\n").unwrap();
    assert_eq!(noor.get("/ready").unwrap().status, 503);
    assert_eq!(noor.get("/health").unwrap().status, 200);
    std::fs::write(&checkpoint, kept).unwrap();
    assert_eq!(noor.get("/ready").unwrap().status, 200);
    drop(served);
    // and from the start
    place.write_as_it_is("zwerm-home/ledger/public/log.pub", "other");
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    assert_eq!(noor.get("/ready").unwrap().status, 503);
    for path in ["/health", "/en", "/en/projects"] {
        assert_eq!(noor.get(path).unwrap().status, 200, "{path}");
    }
    assert_eq!(ask(&mut noor, BY_DISTRICT).unwrap(), None);
    assert!(
        decide(
            &mut served.signed_in("dirk"),
            "suspended",
            "het logboek is stuk"
        )
        .unwrap()
    );
}

#[test]
fn logs_are_lines_of_json_without_anything_that_is_secret() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let link = |args: &[&str]| {
        let told = place.zwerm(&[args, ["--json"].as_slice()].concat()).json(0);
        told["link"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    let invited = link(&[
        "user",
        "invite",
        "Sam",
        "--party",
        "universiteit",
        "--role",
        "analyst",
    ]);
    let reset = link(&["user", "reset", "noor"]);
    noor.get("/en/ledger?text=geheime-zoekvraag").unwrap();
    noor.get(&format!("/en/invitations/{invited}")).unwrap();
    noor.get(&format!("/reset/{reset}")).unwrap();
    noor.sign_in("noor", "verkeerd-en-toch-geheim").unwrap();
    noor.get("/nergens?wachtwoord=ook-geheim").unwrap();
    ask(&mut noor, "SELECT geheime_kolom FROM huishoudens").unwrap();
    let log = served.log();
    let cookie = noor.cookie.clone().unwrap();
    let token = cookie.split_once('=').unwrap().1;
    assert!(token.len() > 20 && noor.csrf.len() > 20 && reset.len() > 20 && invited.len() > 20);
    for secret in [
        PASSWORD,
        token,
        &noor.csrf,
        &invited,
        &reset,
        "verkeerd-en-toch",
        "geheim",
    ] {
        assert!(!log.contains(secret), "{secret}: {log}");
    }
    assert!(log.lines().count() > 5, "{log}");
    for line in log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
        assert!(
            line["level"].is_string() && line["timestamp"].is_string(),
            "{line}"
        );
    }
}

#[test]
fn a_home_is_made_where_nothing_else_is_and_nowhere_by_mistake() {
    let place = Place::new();
    let new = place.path("new");
    std::fs::create_dir(&new).unwrap();
    let mut command = place.command(&["serve", "--port", "0", "--lang", "en"]);
    let mut child = command.current_dir(&new).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut lines = out.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("/invitations/")));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(new.join("zwerm-home/zwerm-home.toml").is_file());
    // beside other things a path may be misspelled
    let told = place.zwerm(&["serve", "--home", "zwerm-hoem"]).told(2);
    assert!(told.contains("is geen huis van Zwerm"), "{told}");
    assert!(!place.path("zwerm-hoem").exists());
}
