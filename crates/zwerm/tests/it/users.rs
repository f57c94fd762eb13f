//! Accounts: made at the command line, used through the pages; and the settings of a home.

use crate::place::Place;
use crate::served::{PASSWORD, Served};

const GUIDE: &str = include_str!("../../../../docs/guide/serve.md");

fn add<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [["user", "add"].as_slice(), more, &["--lang", "en"]].concat()
}

fn revoke<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [["user", "revoke"].as_slice(), more, &["--lang", "en"]].concat()
}

#[test]
fn what_cannot_be_an_account_is_told_with_its_cure() {
    let place = Place::to_serve();
    let role = ["--party", "universiteit", "--role", "analyst"];
    let with = |name: &'static str| [[name].as_slice(), &role].concat();
    for (args, password, expected) in [
        (
            add(&with("Kort")),
            "kort",
            "the password has 4 characters; choose one of 12 to 256",
        ),
        (add(&with("Kort")), "", "the password has 0 characters"),
        (
            add(&with("een naam")),
            PASSWORD,
            "`een naam` cannot be a user name; use lower-case letters",
        ),
        // letters of another alphabet, and full-width ones, that look like those of somebody else
        (
            add(&with("n\u{43e}\u{43e}r")),
            PASSWORD,
            "cannot be a user name",
        ),
        (add(&with("\u{ff4e}oor")), PASSWORD, "cannot be a user name"),
        (
            [
                ["user", "invite", "Noor\u{202e}", "--lang", "en"].as_slice(),
                &role,
            ]
            .concat(),
            PASSWORD,
            "a character here that nobody sees (U+202E)",
        ),
        (add(&with("sam")), "aaaaaaaaaaaa", "easily guessed"),
        (add(&with("sam")), "123456789012", "easily guessed"),
        (
            add(&with("samuel-klaver")),
            "samuel-klaver",
            "easily guessed",
        ),
        (
            add(&with("noor")),
            PASSWORD,
            "is there already; choose another",
        ),
        (
            add(&with("NOOR")),
            PASSWORD,
            "is there already; choose another",
        ),
        (
            add(&["sam"]),
            PASSWORD,
            "no party and no role was chosen; choose a party and at least one role",
        ),
        (
            add(&["sam", "--party", "universiteit"]),
            PASSWORD,
            "no role was chosen; choose at least one role",
        ),
        (
            add(&["sam", "--admin", "--party", "x", "--role", "analyst"]),
            PASSWORD,
            "an administrator has no role at a party",
        ),
        (
            add(&["sam", "--party", "x", "--role", "boss"]),
            PASSWORD,
            "boss",
        ),
        (
            vec![
                "user", "invite", " ", "--party", "x", "--role", "analyst", "--lang", "en",
            ],
            "",
            "the name is empty",
        ),
        (
            vec!["user", "invite", "Sam", "--lang", "en"],
            "",
            "no party and no role was chosen",
        ),
        (
            vec!["user", "reset", "sam", "--lang", "en"],
            "",
            "there is no account `sam`; `zwerm user list` shows",
        ),
        (
            vec!["user", "disable", "nor", "--lang", "en"],
            "",
            "there is no account `nor`; did you mean `noor`?",
        ),
        (
            vec!["user", "enable", "xyz", "--lang", "en"],
            "",
            "there is no account `xyz`",
        ),
        (
            vec!["user", "revoke", "dirk", "--lang", "en"],
            "",
            "--party",
        ),
        (
            revoke(&["dirk", "--party", "coorporatie"]),
            "",
            "there is no party `coorporatie`; did you mean `corporatie`?",
        ),
        (
            revoke(&["dirk", "--party", "universiteit"]),
            "",
            "`dirk` has no role at `universiteit`; this account has `decider@corporatie`",
        ),
        (
            revoke(&[
                "dirk",
                "--party",
                "corporatie",
                "--role",
                "decider",
                "--role",
                "steward",
            ]),
            "",
            "`dirk` is no steward of `corporatie`; this account has `decider@corporatie`",
        ),
        (
            revoke(&["dirk", "--party", "corporatie", "--role", "decidr"]),
            "",
            "decider",
        ),
        (
            vec!["user", "list", "--lang", "en", "--home", "nowhere"],
            "",
            "is no home of Zwerm",
        ),
    ] {
        let told = place.zwerm_told(&args, &format!("{password}\n")).told(2);
        assert!(told.contains(expected), "{args:?}: {told}");
        assert!(!told.contains(PASSWORD), "{told}");
    }
    let list = place.zwerm(&["user", "list"]).ok();
    insta::assert_snapshot!(list, @r"
    dirk  dirk  decider@corporatie
    lies  lies  analyst@universiteit
    noor  noor  analyst@universiteit
    ");
}

#[test]
fn a_party_that_no_agreement_knows_has_nobody() {
    let place = Place::to_serve();
    let args = add(&["sam", "--party", "universitiet", "--role", "analyst"]);
    let told = place.zwerm_told(&args, &format!("{PASSWORD}\n")).told(2);
    assert!(told.contains("universitiet"), "{told}");
    // an account without its role would be in the way of the next try
    assert!(!place.zwerm(&["user", "list"]).ok().contains("sam"));
}

#[test]
fn who_is_shut_out_gets_nothing_any_more_until_they_are_let_in() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let link = place.zwerm(&["user", "reset", "noor"]).link();
    let (_, reset) = link.trim().split_once("8080").unwrap();
    let told = place.zwerm(&["user", "disable", "Noor", "--json"]).json(0);
    assert_eq!(
        told,
        serde_json::json!({ "login": "noor", "disabled": true })
    );
    assert_eq!(noor.get("/en/account").unwrap().status, 401);
    assert_eq!(noor.sign_in("noor", PASSWORD).unwrap().status, 422);
    assert_eq!(served.browser().get(reset).unwrap().status, 404);
    served.signed_in("lies");
    let list = place.zwerm(&["user", "list", "--lang", "en"]).ok();
    insta::assert_snapshot!(list, @r"
    dirk  dirk  decider@corporatie
    lies  lies  analyst@universiteit
    noor  noor  analyst@universiteit, disabled
    ");
    let told = place.zwerm(&["user", "enable", "noor"]).ok();
    assert_eq!(told, "Account `noor` is weer toegelaten.\n");
    // what was ended stays ended
    assert_eq!(noor.get("/en/account").unwrap().status, 401);
    assert_eq!(served.browser().get(reset).unwrap().status, 404);
    served.signed_in("noor");
}

#[test]
fn the_last_administrator_is_not_shut_out() {
    let place = Place::to_serve();
    for login in ["beheer", "reserve"] {
        place
            .zwerm_told(&add(&[login, "--admin"]), &format!("{PASSWORD}\n"))
            .ok();
    }
    place.zwerm(&["user", "disable", "reserve"]).ok();
    let told = place
        .zwerm(&["user", "disable", "beheer", "--lang", "en"])
        .told(2);
    assert!(
        told.contains("`beheer` is the last administrator; invite another administrator first"),
        "{told}"
    );
    place.zwerm(&["user", "enable", "reserve"]).ok();
    place.zwerm(&["user", "disable", "beheer"]).ok();
}

#[test]
fn roles_end_one_by_one_or_all_at_a_party() {
    let place = Place::to_serve();
    place.account(
        "zwerm-home",
        "sam",
        "huurders",
        &["decider", "analyst", "steward"],
    );
    let served = Served::start(&place);
    let mut sam = served.signed_in("sam");
    let ended = place
        .zwerm(&[
            "user", "revoke", "sam", "--party", "huurders", "--role", "decider", "--json",
        ])
        .json(0);
    let expected = serde_json::json!({ "login": "sam", "party": "huurders", "ended": ["decider"] });
    assert_eq!(ended, expected);
    // at once, in a session that goes on
    assert_eq!(sam.get("/en/projects/new").unwrap().status, 403);
    assert_eq!(sam.get("/en/data").unwrap().status, 200);
    let account = sam.get("/en/account").unwrap().body;
    assert!(account.contains("You are no decider of"), "{account}");
    let told = place.zwerm(&revoke(&["sam", "--party", "huurders"])).ok();
    assert_eq!(
        told,
        "`sam` is no steward, analyst of `huurders` any more.\n"
    );
    assert_eq!(sam.get("/en/data").unwrap().status, 403);
    let told = place
        .zwerm(&revoke(&["sam", "--party", "huurders"]))
        .told(2);
    assert!(told.contains("this account has no role"), "{told}");
}

#[test]
fn a_guess_at_the_password_on_the_account_page_counts_as_one() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let form = |old| {
        [
            ("password-old", old),
            ("password", "een-andere-lange-zin"),
            ("password-again", "een-andere-lange-zin"),
        ]
    };
    let mut change = |old| noor.post("/en/account/password", &form(old)).unwrap();
    for _ in 0..5 {
        let page = change("geraden-misschien");
        assert!(
            page.body.contains("not your current password"),
            "{}",
            page.body
        );
    }
    // the right one does not help either, or guessing would go on
    assert_eq!(change(PASSWORD).status, 429);
    assert_eq!(
        served.browser().sign_in("noor", PASSWORD).unwrap().status,
        429
    );
    let mut elsewhere = served.browser();
    elsewhere.from = Some("203.0.113.7".to_owned());
    assert_eq!(elsewhere.sign_in("noor", PASSWORD).unwrap().status, 303);
    let changed = elsewhere.post("/en/account/password", &form(PASSWORD));
    assert_eq!(changed.unwrap().status, 303);
}

#[test]
fn the_registry_holds_no_address() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut somebody = served.browser();
    for from in ["203.0.113.7", "2001:db8:77:88::9"] {
        somebody.from = Some(from.to_owned());
        assert_eq!(somebody.sign_in("noor", "geraden").unwrap().status, 422);
        let fields = [("text", "Wie kijkt er mee?")];
        let path = format!("/en/projects/{}/question", crate::small::SMALL_ID);
        assert_eq!(somebody.post(&path, &fields).unwrap().status, 303);
    }
    let mut found = Vec::new();
    for file in ["registry.db", "registry.db-wal"] {
        found.extend(std::fs::read(place.path(&format!("zwerm-home/{file}"))).unwrap());
    }
    let has = |text: &str| {
        found
            .windows(text.len())
            .any(|some| some == text.as_bytes())
    };
    assert!(has("Wie kijkt er mee?"));
    for address in ["203.0.113.7", "2001:db8:77", "127.0.0.1"] {
        assert!(!has(address), "{address}");
    }
}

#[test]
fn an_invitation_makes_one_account() {
    let place = Place::to_serve();
    let invite = [
        "user",
        "invite",
        "Sam de Wit",
        "--party",
        "huurders",
        "--role",
        "decider",
    ];
    let link = place.zwerm(&invite).link();
    let served = Served::start(&place);
    let (_, path) = link.trim().split_once("8080").unwrap();
    let mut sam = served.browser();
    let page = sam.get(path).unwrap();
    assert!(
        page.status == 200 && page.body.contains("Sam de Wit"),
        "{}",
        page.body
    );
    let form = |login, password| {
        [
            ("login", login),
            ("name", "Sam"),
            ("password", password),
            ("password-again", password),
        ]
    };
    let page = sam.post(path, &form("sam", "kort")).unwrap();
    assert!(page.body.contains("12 tot 256 tekens"), "{}", page.body);
    assert_eq!(sam.post(path, &form("sam", PASSWORD)).unwrap().status, 303);
    assert_eq!(sam.get(path).unwrap().status, 404);
    assert_ne!(sam.post(path, &form("sam2", PASSWORD)).unwrap().status, 303);
    served.signed_in("sam");
    let list = place.zwerm(&["user", "list"]).ok();
    assert!(
        list.contains("decider@huurders") && !list.contains("sam2"),
        "{list}"
    );
}

#[test]
fn a_link_for_a_password_works_once_and_ends_all_sessions() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let link = place.zwerm(&["user", "reset", "noor"]).link();
    let (_, path) = link.trim().split_once("8080").unwrap();
    const NEW: &str = "een-andere-lange-zin";
    let mut somebody = served.browser();
    assert_eq!(somebody.get(path).unwrap().status, 200);
    assert_eq!(noor.get("/en/account").unwrap().status, 200);
    let fields = [("password", NEW), ("password-again", NEW)];
    let unlike = [("password", NEW), ("password-again", PASSWORD)];
    assert_eq!(somebody.post(path, &unlike).unwrap().status, 200);
    assert_eq!(somebody.post(path, &fields).unwrap().status, 303);
    assert_eq!(noor.get("/en/account").unwrap().status, 401);
    assert_ne!(somebody.post(path, &fields).unwrap().status, 303);
    assert_eq!(somebody.get(path).unwrap().status, 404);
    assert_eq!(somebody.sign_in("noor", PASSWORD).unwrap().status, 422);
    assert_eq!(somebody.sign_in("noor", NEW).unwrap().status, 303);
}

#[test]
fn a_recovery_code_signs_in_once() {
    let place = Place::to_serve();
    let served = Served::start(&place);
    let mut noor = served.signed_in("noor");
    let like_a_code =
        |word: &&str| word.len() == 17 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let signs = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
    // an open screen is not enough to make them
    for fields in [
        [].as_slice(),
        &[("password-old", "not her password at all")],
    ] {
        let page = noor.post("/en/account/codes", fields).unwrap();
        assert_eq!(page.body.split(signs).filter(like_a_code).count(), 0);
    }
    let known = [("password-old", PASSWORD)];
    let page = noor.post("/en/account/codes", &known).unwrap();
    let codes: Vec<&str> = page.body.split(signs).filter(like_a_code).collect();
    assert_eq!(codes.len(), 10, "{}", page.body);
    let mut elsewhere = served.browser();
    // however somebody types it
    let typed = codes[0].to_uppercase().replace('-', " ");
    assert_eq!(elsewhere.sign_in("noor", &typed).unwrap().status, 303);
    assert_eq!(
        served.browser().sign_in("noor", codes[0]).unwrap().status,
        422
    );
    assert_eq!(
        served.browser().sign_in("lies", codes[1]).unwrap().status,
        422
    );
    assert_eq!(
        served.browser().sign_in("noor", codes[1]).unwrap().status,
        303
    );
    assert_eq!(
        served.browser().sign_in("noor", PASSWORD).unwrap().status,
        303
    );
}

/// The keys that the program knows: it lists them when it is given another.
fn known() -> Vec<String> {
    let place = Place::small_home();
    place.write_as_it_is("zwerm-home/zwerm.toml", "port = 8080\npoort = 8080\n");
    let told = place.zwerm(&["user", "list", "--lang", "en"]).told(2);
    assert!(
        told.contains("zwerm.toml") && told.contains("unknown field `poort`"),
        "{told}"
    );
    let (_, rest) = told.split_once("expected one of").unwrap();
    let mut keys: Vec<_> = rest
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    keys.retain(|key| !key.contains('/'));
    keys.sort();
    keys
}

#[test]
fn the_guide_lists_every_key_and_no_other() {
    let rows = GUIDE.lines().filter_map(|line| line.strip_prefix("| `"));
    let keys = rows
        .filter_map(|row| row.split_once("` |"))
        .map(|(key, _)| key.to_owned());
    let mut keys: Vec<String> = keys.filter(|key| !key.contains([' ', '/'])).collect();
    keys.sort();
    assert_eq!(keys, known());
}

#[test]
fn settings_that_do_not_fit_are_told() {
    let place = Place::small_home();
    for (text, expected) in [
        ("port = 70000", "70000"),
        (
            "public_url = \"zwerm.leiden.nl\"",
            "`public_url` begins with",
        ),
        ("questions_at_once = 0", "at least 1"),
        ("logs = \"xml\"", "xml"),
        ("port", "zwerm.toml"),
        ("session_hours = 0", "`session_hours`"),
        ("round_days = 0", "`round_days`"),
        ("proxies = [\"caddy\"]", "`caddy` in `proxies`"),
        ("proxy_header = \"x-real-ip\"", "x-real-ip"),
    ] {
        place.write_as_it_is("zwerm-home/zwerm.toml", text);
        let told = place
            .zwerm(&["serve", "--port", "0", "--lang", "en"])
            .told(2);
        assert!(
            told.contains(expected) && told.contains("docs/guide/serve.md"),
            "{text}: {told}"
        );
    }
}
