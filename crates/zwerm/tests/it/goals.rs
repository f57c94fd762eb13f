//! A goal that is served: tasks that are handed over survive the machine, and nobody answers for another party.

use crate::place::Place;
use crate::served::{Page, Served};

const GOAL: &str = "/en/goals/passend-wonen";

/// Where the first task of a page is answered.
fn task(page: &Page) -> String {
    let (_, rest) = page
        .body
        .split_once(&format!("href=\"{GOAL}/tasks/"))
        .unwrap_or_else(|| panic!("{}", page.body));
    format!("{GOAL}/tasks/{}", rest.split('"').next().unwrap())
}

#[test]
fn a_task_is_offered_and_accepted_across_a_crash_and_its_party_is_told() {
    let place = Place::to_serve();
    place.account("zwerm-home", "uma", "universiteit", &["decider"]);
    let served = Served::start(&place);
    let mut dirk = served.signed_in("dirk");
    let offer = [
        ("by", "corporatie"),
        ("to", "universiteit"),
        ("what_nl", "Elk jaar tellen"),
        ("what_en", "Count every year"),
    ];
    // an analyst offers nothing, and nobody offers for another
    let mut noor = served.signed_in("noor");
    assert_eq!(noor.get(&format!("{GOAL}/offer")).unwrap().status, 403);
    let for_another = noor.post(&format!("{GOAL}/offer"), &offer).unwrap();
    assert_eq!(for_another.status, 403);
    let sent = dirk.post(&format!("{GOAL}/offer"), &offer).unwrap();
    assert_eq!(sent.leads_to(), format!("{GOAL}?done=offered"));
    served.kill();

    let served = Served::start(&place);
    let mut uma = served.signed_in("uma");
    let page = uma.get(GOAL).unwrap();
    assert!(page.body.contains("Waits on"), "{}", page.body);
    let task = task(&page);
    let mut dirk = served.signed_in("dirk");
    let not_yours = dirk.post(&task, &[("what", "accept")]).unwrap();
    assert_eq!(not_yours.status, 403);
    let silent = uma
        .post(&task, &[("what", "decline"), ("reason", " ")])
        .unwrap();
    assert!(
        silent.body.contains("The reason is empty"),
        "{}",
        silent.body
    );
    let accepted = uma.post(&task, &[("what", "accept")]).unwrap();
    assert_eq!(accepted.leads_to(), format!("{GOAL}?done=taken"));
    // what was answered is not answered again
    let again = uma.post(&task, &[("what", "accept")]).unwrap();
    assert!(
        again.body.contains("answered or taken back already"),
        "{}",
        again.body
    );
    let told = dirk.get("/en/account").unwrap();
    assert!(told.body.contains("accepts the task: Count every year"));
    let anybody = served.browser().get(GOAL).unwrap();
    assert!(anybody.body.contains("Count every year"));
    assert!(!anybody.body.contains("Waits on") && !anybody.body.contains("/tasks/"));
}

#[test]
fn figures_come_with_a_file_or_not_at_all() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut dirk = served.signed_in("dirk");
    let path = format!("{GOAL}/indicators/new");
    assert_eq!(dirk.get(&path).unwrap().status, 200);
    // a form that cannot hold a file is not ours
    let plain = dirk
        .post(&path, &[("what", "take"), ("title_nl", "x")])
        .unwrap();
    assert_eq!(plain.status, 400);
    assert_eq!(served.signed_in("noor").get(&path).unwrap().status, 403);
    assert_eq!(served.browser().get(&path).unwrap().status, 401);
}
