//! Finding through the pages: what everybody may read is found, and nothing else.

use crate::keeping::{ask, decide};
use crate::place::Place;
use crate::served::{Browser, Served};
use crate::serving::BY_DISTRICT;
use crate::small::{SMALL_ID, changed};

fn search(browser: &mut Browser, words: &str) -> String {
    let page = browser.get(&format!("/en/search?q={words}")).unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    page.body.split_once("<main").unwrap().1.to_owned()
}

#[track_caller]
fn check_found(browser: &mut Browser, words: &str, wanted: &str) {
    let page = search(browser, words);
    assert!(page.contains(wanted), "{words}: {page}");
}

#[track_caller]
fn check_hidden(browser: &mut Browser, words: &str) {
    let page = search(browser, words);
    assert!(page.contains("Nothing found about"), "{words}: {page}");
    for kind in ["projects", "goals", "words"] {
        let page = search(browser, &format!("{words}&kind={kind}"));
        assert!(page.contains("Nothing more found about"), "{words}: {page}");
    }
    let path = format!("/en/ledger?text={words}");
    let page = browser.get(&path).unwrap().body;
    assert!(page.contains("<b>0 of "), "{words}: {page}");
}

fn put(browser: &mut Browser, text: &str) {
    let path = format!("/en/projects/{SMALL_ID}/question");
    let page = browser.post(&path, &[("text", text)]).unwrap();
    assert_eq!(page.status, 303, "{}", page.body);
}

fn call(browser: &mut Browser, answer: &str, title: &str) {
    let path = format!("{answer}/title");
    let page = browser.post(&path, &[("title", title)]).unwrap();
    assert_eq!(page.status, 303, "{}", page.body);
}

#[test]
fn what_everybody_may_read_is_found_and_drafts_and_refusals_are_not() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let (mut noor, mut dirk) = (served.signed_in("noor"), served.signed_in("dirk"));
    let mut anybody = served.browser();
    let project = format!("href=\"/en/projects/{SMALL_ID}\"");
    check_found(&mut anybody, "KLEIN", &project);
    put(&mut anybody, "Broedt hier nog een zwaluw?");
    let list = format!("href=\"/en/projects/{SMALL_ID}/questions\"");
    check_found(&mut anybody, "zwaluw", &list);
    check_found(&mut anybody, "zwaluw&kind=words", &list);
    let answer = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    call(&mut noor, &answer, "Waar een pimpelmees woont");
    check_found(&mut anybody, "pimpelmees%20woont", &format!("\"{answer}\""));
    // its entry leads to it
    check_found(&mut anybody, "answer", &format!("\"{answer}\""));
    let page = anybody.get("/en/search?q=pimpelmes").unwrap().body;
    assert!(
        page.contains("Do you mean") && page.contains("?q=pimpelmees"),
        "{page}"
    );
    // a form that was kept, and a question that was refused, are for whom they are of
    let ask_path = format!("/en/projects/{SMALL_ID}/ask");
    let fields = [
        ("party", "universiteit"),
        ("sql", "SELECT zeearend"),
        ("what", "keep"),
    ];
    assert_eq!(noor.post(&ask_path, &fields).unwrap().status, 303);
    let refused = "SELECT huishouden, units() AS roerdomp FROM huishoudens GROUP BY huishouden";
    ask(&mut noor, refused).unwrap();
    // what was taken away is gone
    put(&mut anybody, "Waarom heeft mevrouw Wielewaal twee huizen?");
    check_found(&mut anybody, "wielewaal", &list);
    let page = dirk.get(&format!("/en/projects/{SMALL_ID}")).unwrap().body;
    let (before, _) = page.split_once("/take-away\"").unwrap();
    let path = format!("{}/take-away", before.rsplit('"').next().unwrap());
    let fields = [("party", "corporatie"), ("reason", "Noemt iemand.")];
    assert_eq!(dirk.post(&path, &fields).unwrap().status, 303);
    for browser in [&mut anybody, &mut noor, &mut dirk] {
        for words in ["zeearend", "roerdomp", "wielewaal", "ijsvogel"] {
            check_hidden(browser, words);
        }
    }
    // what means something in a pattern or in HTML is looked for as it is
    for words in ["%25", "_", "%3Cscript%3E", "'", "%22%3E"] {
        let page = search(&mut anybody, words);
        assert!(!page.contains("<script>"), "{words}: {page}");
        assert!(page.contains("Nothing found about"), "{words}: {page}");
    }
}

#[test]
fn answers_for_parties_alone_are_not_found_and_suspended_ones_are_no_links() {
    let place = Place::small();
    let closed = changed("answers = \"public\"", "answers = \"parties\"");
    place.write("agreement.toml", closed);
    place.zwerm(&["init"]).ok();
    place.zwerm(&["agreement", "add", "agreement.toml"]).ok();
    place.account("zwerm-home", "noor", "universiteit", &["analyst"]);
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let answer = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    call(&mut noor, &answer, "Waar een pimpelmees woont");
    let mut anybody = served.browser();
    check_hidden(&mut anybody, "pimpelmees");
    assert!(!search(&mut anybody, "answer").contains("/answers/"));
    let log = anybody.get("/en/ledger").unwrap().body;
    assert!(!log.contains("pimpelmees"), "{log}");
    drop(served);

    let place = Place::to_serve();
    let served = Served::start(&place);
    let (mut noor, mut dirk) = (served.signed_in("noor"), served.signed_in("dirk"));
    let answer = ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    call(&mut noor, &answer, "Waar een pimpelmees woont");
    let mut anybody = served.browser();
    let project = format!("/en/projects/{SMALL_ID}");
    let pages = [
        "/en",
        "/en/questions",
        "/en/ledger",
        "/en/search?q=pimpelmees",
        "/en/search?q=answer",
        &project,
    ];
    let link = format!("\"{answer}\"");
    for path in pages {
        let page = anybody.get(path).unwrap().body;
        assert!(page.contains(&link), "{path}: {page}");
    }
    let log = anybody.get("/en/ledger").unwrap().body;
    let question = format!("<a href={link}>Waar een pimpelmees woont</a>");
    assert!(log.contains(&question), "{log}");
    assert!(decide(&mut dirk, "suspended", "eerst praten").unwrap());
    for path in pages {
        let page = anybody.get(path).unwrap().body;
        assert!(!page.contains("/answers/"), "{path}: {page}");
    }
    let log = anybody.get("/en/ledger").unwrap().body;
    assert!(!log.contains("pimpelmees"), "{log}");
    check_found(
        &mut anybody,
        "pimpelmees",
        "This answer cannot be read now.",
    );
}

#[test]
fn the_log_says_how_many_were_found_and_is_filtered_by_side() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    let mut anybody = served.browser();
    let mut log = |query: &str| anybody.get(&format!("/en/ledger{query}")).unwrap().body;
    let all = log("");
    let size = all.matches("id=\"entry-").count();
    assert!(!all.contains("Show all"), "{all}");
    let side = log("?side=knowledge");
    let found = side.matches("id=\"entry-").count();
    assert!((1..size).contains(&found), "{found} of {size}");
    assert!(
        side.contains(&format!("<b>{found} of {size} entries</b>")),
        "{side}"
    );
    assert!(side.matches("<svg class=\"m ken sf\"").count() >= found);
    let asked = log("?side=knowledge&kind=question");
    assert!(
        asked.contains(&format!("<b>1 of {size} entries</b>")),
        "{asked}"
    );
    let none = log("?side=residents&kind=question");
    assert!(
        none.contains(&format!("<b>0 of {size} entries</b>")),
        "{none}"
    );
}
