//! A home of which a part is gone, or older than the rest.

use crate::keeping::ask;
use crate::place::Place;
use crate::served::Served;
use crate::serving::BY_DISTRICT;
use crate::small::SMALL_ID;

#[test]
fn a_home_that_had_a_registry_is_not_served_with_an_empty_one() {
    let place = Place::to_serve();
    drop(Served::start(&place));
    let serve = [
        "serve",
        "--home",
        "zwerm-home",
        "--port",
        "0",
        "--lang",
        "en",
    ];
    let registry = place.path("zwerm-home/registry.db");
    let aside = place.path("aside.db");
    std::fs::rename(&registry, &aside).unwrap();
    let told = place.zwerm(&serve).told(3);
    assert!(
        told.contains("the registry of this home is gone") && told.contains("registry.id"),
        "{told}"
    );
    assert!(!registry.exists());
    // a back-up without it would be found out when it is needed
    let told = place.zwerm(&["backup", "copy.tar", "--lang", "en"]).told(3);
    assert!(told.contains("the registry of this home is gone"), "{told}");
    assert!(!place.path("copy.tar").exists());
    // another one in its place
    let other = Place::to_serve();
    drop(Served::start(&other));
    std::fs::copy(other.path("zwerm-home/registry.db"), &registry).unwrap();
    let told = place.zwerm(&serve).told(3);
    assert!(told.contains("the registry of another home"), "{told}");
    std::fs::rename(&aside, &registry).unwrap();
    Served::start(&place).signed_in("noor");
}

#[test]
fn an_older_log_beside_a_newer_registry_is_found() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    ask(&mut noor, BY_DISTRICT).unwrap().unwrap();
    served.ask_to_stop();
    assert_eq!(served.wait(), 0);
    let older = place.files("zwerm-home/ledger");
    let served = Served::start(&place);
    ask(
        &mut served.signed_in("noor"),
        "SELECT units() FROM huishoudens",
    )
    .unwrap()
    .unwrap();
    served.ask_to_stop();
    assert_eq!(served.wait(), 0);
    let check = |code| {
        place
            .zwerm(&["ledger", "check", "--json", "--lang", "en"])
            .json(code)
    };
    assert_eq!(check(0)["in_order"], true);
    std::fs::remove_dir_all(place.path("zwerm-home/ledger")).unwrap();
    for (path, bytes) in older {
        let path = place.path("").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let found = check(2);
    assert_eq!(found["findings"][0]["place"], "registry", "{found}");
    let served = Served::start(&place);
    assert_eq!(served.browser().get("/ready").unwrap().status, 503);
    assert_eq!(served.browser().get("/en").unwrap().status, 200);
    let mut noor = served.signed_in("noor");
    assert_eq!(ask(&mut noor, BY_DISTRICT).unwrap(), None);
    // nor is the command line another door
    let entries = place.entries().len();
    let asked = [
        "ask",
        "--agreement",
        SMALL_ID,
        "--as",
        "universiteit",
        "--purpose",
        "housing-policy",
        BY_DISTRICT,
        "--lang",
        "en",
    ];
    for command in [
        asked.as_slice(),
        &["release", "build", SMALL_ID, "--lang", "en"],
    ] {
        let told = place.zwerm(command).told(3);
        assert!(told.contains("an older log was put back"), "{told}");
    }
    assert_eq!(place.entries().len(), entries);
}
