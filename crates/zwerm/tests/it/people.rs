//! Who belongs to what, through the pages: the administrator's and the deciders', each as far as it is theirs.

use crate::keeping::{ask, decide};
use crate::place::Place;
use crate::served::{Browser, PASSWORD, Page, Served};
use crate::small::SMALL_ID;

/// A served home with an administrator and a decider of the tenants besides.
fn served() -> (Place, Served) {
    let place = Place::to_serve();
    place.account("zwerm-home", "tess", "huurders", &["decider"]);
    let admin = ["user", "add", "beheer", "--admin"];
    place.zwerm_told(&admin, &format!("{PASSWORD}\n")).ok();
    let served = Served::start(&place);
    (place, served)
}

/// The id of somebody, from the links in their line.
fn id_of(page: &Page, login: &str) -> String {
    let (_, rest) = page
        .body
        .split_once(&format!("<span class=\"soft small\">{login}</span>"))
        .unwrap_or_else(|| panic!("{login}: {}", page.body));
    let (_, rest) = rest.split_once("/people/").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

fn people(browser: &mut Browser) -> Page {
    let page = browser.get("/en/people").unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// Invites; the path of the link.
fn invite(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let page = browser.post("/en/people", fields).unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, rest) = page
        .body
        .split_once("<code id=\"link\">")
        .unwrap_or_else(|| panic!("{}", page.body));
    let link = rest.split('<').next().unwrap();
    let (host, path) = link.split_once("/en/invitations/").unwrap();
    assert!(host.starts_with("http://127.0.0.1:"), "{link}");
    format!("/en/invitations/{path}")
}

fn accept(served: &Served, link: &str, login: &str) -> Browser {
    let form = [
        ("login", login),
        ("name", login),
        ("password", PASSWORD),
        ("password-again", PASSWORD),
    ];
    let page = served.browser().post(link, &form).unwrap();
    assert_eq!(page.status, 303, "{}", page.body);
    served.signed_in(login)
}

fn notices(browser: &mut Browser) -> String {
    let page = browser.get("/en/account").unwrap();
    let (_, rest) = page.body.split_once("id=\"notices\"").unwrap();
    rest.split("</section>").next().unwrap().to_owned()
}

#[test]
fn an_administrator_shuts_out_and_lets_in_again() {
    let (_place, served) = served();
    let (mut beheer, mut noor) = (served.signed_in("beheer"), served.signed_in("noor"));
    let noors = id_of(&people(&mut beheer), "noor");
    let path = format!("/en/people/{noors}/disable");
    let page = beheer.get(&path).unwrap();
    assert!(
        page.body.contains("Disable the account of noor"),
        "{}",
        page.body
    );
    assert_eq!(
        noor.get("/en/account").unwrap().status,
        200,
        "nothing is done by looking"
    );
    // a form without the session's token is not ours
    let mut foreign = beheer.clone();
    foreign.csrf = "x".to_owned();
    assert_eq!(foreign.post(&path, &[]).unwrap().status, 403);
    assert_eq!(noor.get("/en/account").unwrap().status, 200);
    assert_eq!(
        beheer.post(&path, &[]).unwrap().leads_to(),
        "/en/people?done=disabled"
    );
    assert_eq!(noor.get("/en/account").unwrap().status, 401);
    assert_eq!(noor.sign_in("noor", PASSWORD).unwrap().status, 422);
    assert!(people(&mut beheer).body.contains(">disabled</span>"));
    let enable = format!("/en/people/{noors}/enable");
    assert_eq!(foreign.post(&enable, &[]).unwrap().status, 403);
    assert_eq!(beheer.post(&enable, &[]).unwrap().status, 303);
    served.signed_in("noor");
    assert_eq!(beheer.get("/en/people/nobody/disable").unwrap().status, 404);
}

#[test]
fn nobody_shuts_themselves_out_and_only_administrators_shut_out() {
    let (place, served) = served();
    let mut beheer = served.signed_in("beheer");
    place
        .zwerm_told(
            &["user", "add", "reserve", "--admin"],
            &format!("{PASSWORD}\n"),
        )
        .ok();
    let mut reserve = served.signed_in("reserve");
    let own = id_of(&people(&mut reserve), "beheer");
    let page = beheer
        .post(&format!("/en/people/{own}/disable"), &[])
        .unwrap();
    assert!(
        page.body.contains("cannot disable your own account"),
        "{}",
        page.body
    );
    assert_eq!(beheer.get("/en/people").unwrap().status, 200);
    for login in ["dirk", "noor"] {
        let mut other = served.signed_in(login);
        for (method, path) in [("GET", "disable"), ("POST", "disable"), ("POST", "enable")] {
            let path = format!("/en/people/{own}/{path}");
            let page = if method == "GET" {
                other.get(&path)
            } else {
                other.post(&path, &[])
            };
            assert_eq!(page.unwrap().status, 403, "{login} {method} {path}");
        }
    }
    let page = served
        .browser()
        .post(&format!("/en/people/{own}/disable"), &[]);
    assert_eq!(page.unwrap().status, 401);
}

#[test]
fn a_decider_invites_for_their_own_party_and_ends_roles_there() {
    let (_place, served) = served();
    let mut dirk = served.signed_in("dirk");
    let page = people(&mut dirk);
    for theirs in [
        "noor",
        "lies",
        "tess",
        "beheer",
        "universiteit",
        "name=\"admin\"",
    ] {
        assert!(!page.body.contains(theirs), "{theirs}: {}", page.body);
    }
    let fields = [
        ("name", "Sam de Wit"),
        ("party", "corporatie"),
        ("role", "steward"),
        ("role", "decider"),
    ];
    let link = invite(&mut dirk, &fields);
    assert!(
        people(&mut dirk)
            .body
            .contains("Sam de Wit, steward, decider, ")
    );
    let mut sam = accept(&served, &link, "sam");
    assert_eq!(sam.get("/en/projects/new").unwrap().status, 200);
    let sams = id_of(&people(&mut dirk), "sam");
    let end = |role| format!("/en/people/{sams}/roles/corporatie/{role}");
    assert!(
        dirk.get(&end("steward"))
            .unwrap()
            .body
            .contains("End a role of sam")
    );
    assert_eq!(sam.get("/en/data").unwrap().status, 200);
    let done = dirk.post(&end("steward"), &[]).unwrap();
    assert_eq!(done.leads_to(), "/en/people?done=role-ended");
    assert_eq!(sam.get("/en/data").unwrap().status, 403);
    for (role, status) in [
        ("steward", 404),
        ("analyst", 404),
        ("boss", 404),
        ("decider", 303),
    ] {
        assert_eq!(dirk.post(&end(role), &[]).unwrap().status, status, "{role}");
    }
    assert_eq!(sam.get("/en/people").unwrap().status, 403);
    assert!(notices(&mut sam).contains("You are no decider of"));
}

#[test]
fn the_last_decider_stays_one_unless_the_administrator_ends_it() {
    let (_place, served) = served();
    let (mut dirk, mut beheer) = (served.signed_in("dirk"), served.signed_in("beheer"));
    let dirks = id_of(&people(&mut beheer), "dirk");
    let end = format!("/en/people/{dirks}/roles/corporatie/decider");
    assert!(!people(&mut dirk).body.contains("/roles/corporatie/decider"));
    let page = dirk.post(&end, &[]).unwrap();
    assert!(
        page.body.contains("Your party would have no decider"),
        "{}",
        page.body
    );
    assert_eq!(dirk.get("/en/people").unwrap().status, 200);
    let fields = [
        ("name", "Sam"),
        ("party", "corporatie"),
        ("role", "decider"),
    ];
    let link = invite(&mut dirk, &fields);
    let mut sam = accept(&served, &link, "sam");
    // an invitation in dirk's hands would be a way back
    let back = invite(
        &mut dirk,
        &[("name", "x"), ("party", "corporatie"), ("role", "decider")],
    );
    assert_eq!(
        dirk.post(&end, &[]).unwrap().leads_to(),
        "/en/account?done=role-ended"
    );
    assert_eq!(dirk.get("/en/people").unwrap().status, 403);
    assert_eq!(served.browser().get(&back).unwrap().status, 404);
    let sams = id_of(&people(&mut beheer), "sam");
    let end = format!("/en/people/{sams}/roles/corporatie/decider");
    assert_eq!(beheer.post(&end, &[]).unwrap().status, 303);
    assert_eq!(sam.get("/en/people").unwrap().status, 403);
}

#[test]
fn no_decider_touches_another_partys_people() {
    let (place, served) = served();
    let (mut dirk, mut beheer) = (served.signed_in("dirk"), served.signed_in("beheer"));
    let all = people(&mut beheer);
    let (noor, tess) = (id_of(&all, "noor"), id_of(&all, "tess"));
    let theirs = invite(
        &mut beheer,
        &[("name", "Zoë"), ("party", "huurders"), ("role", "analyst")],
    );
    let admins = invite(&mut beheer, &[("name", "Ab"), ("admin", "yes")]);
    let page = people(&mut beheer);
    let ids: Vec<&str> = page
        .body
        .split("name=\"id\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(ids.len(), 2, "{}", page.body);
    assert!(!people(&mut dirk).body.contains("Zo"));
    for id in ids {
        assert_eq!(
            dirk.post("/en/people/withdraw", &[("id", id)])
                .unwrap()
                .status,
            422
        );
    }
    for link in [&theirs, &admins] {
        assert_eq!(served.browser().get(link).unwrap().status, 200);
    }
    for fields in [
        [
            ("name", "x"),
            ("party", "universiteit"),
            ("role", "analyst"),
        ],
        [("name", "x"), ("party", "nergens"), ("role", "analyst")],
        [("name", "x"), ("admin", "yes"), ("role", "analyst")],
    ] {
        assert_eq!(
            dirk.post("/en/people", &fields).unwrap().status,
            403,
            "{fields:?}"
        );
    }
    let keeper = [
        ("name", "Kees"),
        ("party", "corporatie"),
        ("role", "keeper"),
    ];
    let page = dirk.post("/en/people", &keeper).unwrap();
    assert!(
        page.body.contains("Nobody is invited to this role here"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("value=\"Kees\""),
        "what was typed stands there"
    );
    for (id, party, role, status) in [
        (&noor, "universiteit", "analyst", 403),
        (&tess, "huurders", "decider", 403),
        // whether somebody is there is not told either
        (&noor, "corporatie", "analyst", 404),
        (&"0".repeat(32), "corporatie", "analyst", 404),
    ] {
        let path = format!("/en/people/{id}/roles/{party}/{role}");
        assert_eq!(dirk.get(&path).unwrap().status, status, "{path}");
        assert_eq!(dirk.post(&path, &[]).unwrap().status, status, "{path}");
    }
    for login in ["noor", "tess"] {
        let mut other = served.signed_in(login);
        let status = if login == "tess" { 200 } else { 403 };
        assert_eq!(other.get("/en/people").unwrap().status, status, "{login}");
    }
    let list = place.zwerm(&["user", "list"]).ok();
    assert!(
        list.contains("analyst@universiteit") && list.contains("decider@huurders"),
        "{list}"
    );
}

#[test]
fn deciders_are_told_of_their_party() {
    let (place, served) = served();
    let (mut dirk, mut beheer) = (served.signed_in("dirk"), served.signed_in("beheer"));
    let mut tess = served.signed_in("tess");
    let link = invite(
        &mut beheer,
        &[
            ("name", "Sam"),
            ("party", "corporatie"),
            ("role", "analyst"),
        ],
    );
    accept(&served, &link, "sam");
    place
        .zwerm(&["user", "revoke", "sam", "--party", "corporatie"])
        .ok();
    place.account("zwerm-home", "joris", "corporatie", &["steward"]);
    place.zwerm(&["user", "disable", "joris"]).ok();
    const KEY: &str = "ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let set = dirk
        .post("/en/account/key/corporatie", &[("public_key", KEY)])
        .unwrap();
    assert_eq!(set.status, 303, "{}", set.body);
    let again = dirk
        .post("/en/account/key/corporatie", &[("public_key", KEY)])
        .unwrap();
    assert_eq!(again.status, 303);
    let told = notices(&mut dirk);
    for (text, times) in [
        ("invited Sam as analyst of", 1),
        ("is no analyst of", 1),
        ("Joris is now steward of", 1),
        ("disabled the account of joris", 1),
        ("put another key in the name of", 1),
    ] {
        assert_eq!(told.matches(text).count(), times, "{text}: {told}");
    }
    assert!(!notices(&mut tess).contains("Sam"));
}

#[test]
fn who_can_lift_a_suspension_is_said_wherever_it_stops_something() {
    let place = Place::to_serve();
    place.account("zwerm-home", "stef", "corporatie", &["steward"]);
    place.account("zwerm-home", "bea", "corporatie", &["steward", "decider"]);
    let served = Served::start(&place);
    let (mut noor, mut stef, mut dirk) = (
        served.signed_in("noor"),
        served.signed_in("stef"),
        served.signed_in("dirk"),
    );
    let answer = ask(
        &mut noor,
        "SELECT wijk, units() FROM huishoudens GROUP BY wijk",
    )
    .unwrap()
    .unwrap();
    let data = "/en/data/corporatie/woningen";
    let withdraw = format!("{data}/withdraw");
    let before = stef.get(&withdraw).unwrap().body;
    assert!(
        before.contains("Only a decider of your own party can lift that again"),
        "{before}"
    );
    let done = stef.post(&withdraw, &[("reason", "een lek")]).unwrap();
    assert_eq!(done.status, 303);
    let project = format!("/en/projects/{SMALL_ID}");
    let button = format!("href=\"{project}/suspend\">Lift the suspension");
    let nobody = "Only a decider of this party can lift that, with a signature.";
    for page in [data, &withdraw] {
        let body = stef.get(page).unwrap().body;
        assert!(
            body.contains(nobody) && !body.contains(&button),
            "{page}: {body}"
        );
        let body = served.signed_in("bea").get(page).unwrap().body;
        assert!(body.contains(&button), "{page}: {body}");
    }
    for page in [&project, &answer] {
        let body = noor.get(page).unwrap().body;
        assert!(
            body.contains(nobody) && !body.contains(&button),
            "{page}: {body}"
        );
        assert!(body.contains("<q>een lek</q>"), "{page}: {body}");
        let body = dirk.get(page).unwrap().body;
        assert!(body.contains(&button), "{page}: {body}");
    }
    // the button leads to where it is lifted
    assert!(
        dirk.get(&format!("{project}/suspend"))
            .unwrap()
            .body
            .contains("Lift our suspension")
    );
    let lifted = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        decide(&mut dirk, "resumed", "gedicht").unwrap()
    });
    assert!(lifted);
    for (browser, page) in [(&mut stef, data), (&mut dirk, project.as_str())] {
        let body = browser.get(page).unwrap().body;
        assert!(
            !body.contains(nobody) && !body.contains(&button),
            "{page}: {body}"
        );
    }
}
