//! Pages that are made once for all who bring no cookie: never somebody's own, and never older than a change.

use std::thread;

use crate::place::Place;
use crate::served::Served;
use crate::small::SMALL_ID;

#[test]
fn whoever_changes_something_is_answered_after_all_public_pages_were_forgotten() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let project = format!("/en/projects/{SMALL_ID}");
    let mut reader = served.browser();
    for number in 0..20 {
        assert_eq!(reader.get(&project).unwrap().status, 200);
        let mut resident = served.browser();
        resident.from = Some(format!("203.0.113.{number}"));
        let text = format!("Vraag {number} van een bewoner");
        let asked = resident.post(&format!("{project}/question"), &[("text", &text)]);
        assert_eq!(asked.unwrap().status, 303);
        let page = reader.get(&project).unwrap().body;
        assert!(page.contains(&text), "{text}: {page}");
    }
}

#[test]
fn a_page_of_somebody_is_given_to_nobody_else() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let own = ["/en", "/en/questions", "/en/account"];
    // at once and in turn, so that a page that is being made for one could be taken by the other
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..40 {
                for path in own {
                    let page = noor.get(path).unwrap();
                    assert!(page.body.contains("/sign-out"), "{path}: {}", page.body);
                    assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
                }
            }
        });
        for _ in 0..2 {
            scope.spawn(|| {
                let mut visitor = served.browser();
                for _ in 0..40 {
                    for path in own {
                        let page = visitor.get(path).unwrap();
                        assert!(!page.body.contains("/sign-out"), "{path}: {}", page.body);
                        assert_eq!(page.header("set-cookie"), None, "{path}");
                    }
                }
            });
        }
    });
}
