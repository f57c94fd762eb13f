//! How the site is doing: for whoever runs it and nobody else, and it changes nothing.

use crate::place::Place;
use crate::served::{PASSWORD, Served};

#[test]
fn whoever_runs_the_site_sees_how_it_is_doing_and_nobody_else_does() {
    let place = Place::to_serve();
    place.write_as_it_is("zwerm-home/zwerm.toml", "[site]\naccent = \"#1a66b0\"\n");
    let add = ["user", "add", "beheer", "--admin", "--home", "zwerm-home"];
    place.zwerm_told(&add, &format!("{PASSWORD}\n")).ok();
    let served = Served::start(&place);
    let mut admin = served.signed_in("beheer");
    let page = admin.get("/en/status").unwrap();
    assert_eq!(page.status, 200, "{}", page.body);
    for words in [
        concat!("Zwerm ", env!("CARGO_PKG_VERSION")),
        "In order",
        " GB free",
        "No back-up was made yet",
        "#1a66b0",
        "This colour is like that of a side of the table: Government",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    assert!(!page.body.contains("<form method=\"post\"") || page.body.contains("sign-out"));
    for path in ["/en/people", "/en/parties"] {
        let page = admin.get(path).unwrap().body;
        assert!(page.contains("href=\"/en/status\""), "{path}");
    }
    // a back-up is known from then on, and the copy holds nothing of that
    place.zwerm(&["backup", "copy.tar"]).ok();
    let page = admin.get("/en/status").unwrap().body;
    assert!(!page.contains("No back-up was made yet"), "{page}");
    place.zwerm(&["backup", "again.tar"]).ok();
    let copy = std::fs::read(place.path("again.tar")).unwrap();
    assert!(!String::from_utf8_lossy(&copy).contains(".backed-up"));

    // so is a check of the whole log
    assert!(
        page.contains("It was not done on this machine yet"),
        "{page}"
    );
    place.zwerm(&["ledger", "check"]).ok();
    let page = admin.get("/en/status").unwrap().body;
    assert!(
        !page.contains("It was not done on this machine yet"),
        "{page}"
    );
    place.zwerm(&["backup", "third.tar"]).ok();
    let copy = std::fs::read(place.path("third.tar")).unwrap();
    assert!(!String::from_utf8_lossy(&copy).contains(".log-checked"));

    let mut dirk = served.signed_in("dirk");
    assert_eq!(dirk.get("/en/status").unwrap().status, 403);
    let mut anybody = served.browser();
    let page = anybody.get("/en/status").unwrap();
    assert_ne!(page.status, 200, "{}", page.body);
    assert!(!page.body.contains("GB free"));
}
