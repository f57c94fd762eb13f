//! Questions in words through the pages: how many are taken, and how one is taken away.

use crate::place::Place;
use crate::served::{Browser, PASSWORD, Served};
use crate::small::SMALL_ID;

const NAMES_SOMEBODY: &str = "Waarom heeft mevrouw Jansen van nummer 12 twee huizen?";
const REASON: &str = "De vraag noemt een bewoner.";

fn project() -> String {
    format!("/en/projects/{SMALL_ID}")
}

fn put(browser: &mut Browser, text: &str) -> u16 {
    let page = browser.post(&format!("{}/question", project()), &[("text", text)]);
    page.unwrap().status
}

/// Where the question that stands there is taken away.
fn away(browser: &mut Browser) -> String {
    let page = browser.get(&project()).unwrap();
    let (before, _) = page
        .body
        .split_once("/take-away\"")
        .unwrap_or_else(|| panic!("{}", page.body));
    format!("{}/take-away", before.rsplit('"').next().unwrap())
}

#[test]
fn a_party_takes_away_a_question_that_names_somebody() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut resident = served.browser();
    assert_eq!(put(&mut resident, NAMES_SOMEBODY), 303);
    let (mut dirk, mut noor) = (served.signed_in("dirk"), served.signed_in("noor"));
    let path = away(&mut noor);
    let reply = path
        .replace("/questions/", "/reply/")
        .replace("/take-away", "");
    let fields = [
        ("party", "universiteit"),
        ("what", "answer"),
        ("text", "Jansen niet."),
    ];
    assert_eq!(noor.post(&reply, &fields).unwrap().status, 303);
    let page = dirk.get(&path).unwrap();
    assert!(page.body.contains("Jansen van nummer 12") && page.body.contains("Jansen niet."));
    // without a reason nothing happens
    let page = dirk
        .post(&path, &[("party", "corporatie"), ("reason", " ")])
        .unwrap();
    assert!(page.body.contains("There is no text yet"), "{}", page.body);
    let fields = [("party", "corporatie"), ("reason", REASON)];
    let done = dirk.post(&path, &fields).unwrap();
    assert_eq!(done.leads_to(), format!("{}?done=taken-away", project()));
    let page = resident.get(&project()).unwrap().body;
    assert!(!page.contains("Jansen"), "{page}");
    let (_, card) = page.split_once("It was taken away.").unwrap();
    let card = card.split("</article>").next().unwrap();
    assert!(
        card.contains("taken away by") && card.contains(REASON),
        "{card}"
    );
    assert!(!page.contains("/take-away") && !card.contains("/reply/"));
    for (browser, path, party) in [
        (&mut dirk, &path, "corporatie"),
        (&mut noor, &reply, "universiteit"),
    ] {
        assert_eq!(browser.get(path).unwrap().status, 404);
        let fields = [("party", party), ("reason", REASON), ("text", "Toch.")];
        assert_eq!(browser.post(path, &fields).unwrap().status, 404, "{path}");
    }
    assert!(
        dirk.get("/en/account")
            .unwrap()
            .body
            .contains("took away a question in words")
    );
    let files = place.files("zwerm-home");
    let kept = files
        .iter()
        .filter(|(_, bytes)| bytes.windows(6).any(|some| some == b"Jansen"));
    let kept: Vec<_> = kept.map(|(path, _)| path).collect();
    assert!(kept.is_empty(), "{kept:?}");
}

#[test]
fn only_a_party_at_the_table_takes_a_question_away() {
    let place = Place::to_serve();
    place.account("zwerm-home", "joris", "corporatie", &["steward"]);
    let admin = ["user", "add", "beheer", "--admin"];
    place.zwerm_told(&admin, &format!("{PASSWORD}\n")).ok();
    // another party, which has a seat at another table only
    let agreement = place
        .read("agreement.toml")
        .replace("universiteit", "hogeschool");
    let agreement = agreement.replace(&format!("id = \"{SMALL_ID}\""), "id = \"anders\"");
    place.write("other.toml", agreement);
    place.zwerm(&["agreement", "add", "other.toml"]).ok();
    place.account("zwerm-home", "hans", "hogeschool", &["analyst", "decider"]);
    let served = Served::start(&place);
    assert_eq!(put(&mut served.browser(), NAMES_SOMEBODY), 303);
    let path = away(&mut served.signed_in("noor"));
    for (login, party) in [
        ("hans", "hogeschool"),
        ("hans", "corporatie"),
        ("joris", "corporatie"),
        ("beheer", "corporatie"),
        ("noor", "corporatie"),
        ("noor", ""),
    ] {
        let mut somebody = served.signed_in(login);
        if login != "noor" {
            assert_eq!(somebody.get(&path).unwrap().status, 403, "{login}");
            assert!(
                !somebody
                    .get(&project())
                    .unwrap()
                    .body
                    .contains("/take-away"),
                "{login}"
            );
        }
        let fields = [("party", party), ("reason", REASON)];
        assert_eq!(
            somebody.post(&path, &fields).unwrap().status,
            403,
            "{login} {party}"
        );
    }
    let mut anybody = served.browser();
    let fields = [("party", "corporatie"), ("reason", REASON)];
    assert_eq!(anybody.post(&path, &fields).unwrap().status, 401);
    let mut foreign = served.signed_in("dirk");
    foreign.csrf = "x".to_owned();
    assert_eq!(foreign.post(&path, &fields).unwrap().status, 403);
    assert!(
        anybody
            .get(&project())
            .unwrap()
            .body
            .contains("mevrouw Jansen")
    );
    // a question of another project is not there
    let elsewhere = path.replace(SMALL_ID, "anders");
    let fields = [("party", "corporatie"), ("reason", REASON)];
    assert_eq!(
        served
            .signed_in("dirk")
            .post(&elsewhere, &fields)
            .unwrap()
            .status,
        404
    );
}

#[test]
fn one_address_runs_into_its_own_limit_and_blocks_nobody() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut loud = served.browser();
    loud.from = Some("203.0.113.7".to_owned());
    for n in 0..10 {
        assert_eq!(put(&mut loud, &format!("Vraag {n}?")), 303);
    }
    let path = format!("{}/question", project());
    let page = loud.post(&path, &[("text", "Nog een vraag?")]).unwrap();
    assert_eq!(page.status, 429);
    assert_eq!(
        page.text_of("<textarea"),
        "Nog een vraag?",
        "what was typed is not lost"
    );
    // sixty addresses at their utmost would be needed before anybody else is told to wait
    for n in 0..60 {
        let mut another = served.browser();
        another.from = Some(format!("198.51.100.{n}"));
        assert_eq!(put(&mut another, &format!("Vraag van {n}?")), 303, "{n}");
    }
}

#[test]
fn the_page_of_a_project_shows_the_newest_and_leads_to_all() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    for number in 0..30 {
        let mut resident = served.browser();
        // from as many places, so that nobody runs into a limit
        resident.from = Some(format!("203.0.113.{number}"));
        assert_eq!(put(&mut resident, &format!("Vraag nummer <{number}>")), 303);
    }
    let mut reader = served.browser();
    let shown = |page: &str| page.matches("Vraag nummer").count();
    let page = reader.get(&project()).unwrap().body;
    assert_eq!(shown(&page), 5);
    let all = format!("{}/questions", project());
    assert!(page.contains(&format!("href=\"{all}\"")), "{page}");
    let first = reader.get(&all).unwrap().body;
    assert_eq!(shown(&first), 25);
    let older = first.split(&format!("href=\"{all}?before=")).nth(1);
    let older = older.unwrap().split('"').next().unwrap();
    let rest = reader.get(&format!("{all}?before={older}")).unwrap().body;
    assert_eq!(shown(&rest), 5);
    assert!(!rest.contains(&format!("href=\"{all}?before=")), "{rest}");
    // what is no place in a list begins at its first page
    let odd = reader.get(&format!("{all}?before=%00;--")).unwrap();
    assert_eq!((odd.status, shown(&odd.body)), (200, 25));
}
