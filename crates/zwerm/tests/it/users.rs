//! Accounts: made at the command line, used through the pages; and the settings of a home.

use crate::place::Place;
use crate::served::{PASSWORD, Served};

const GUIDE: &str = include_str!("../../../../docs/guide/serve.md");

fn add<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [["user", "add"].as_slice(), more, &["--lang", "en"]].concat()
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
            "`een naam` cannot be a user name; use letters",
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
            "give `--admin`, or `--party` with `--role`",
        ),
        (
            add(&["sam", "--party", "universiteit"]),
            PASSWORD,
            "an account is an administrator's",
        ),
        (
            add(&["sam", "--admin", "--party", "x", "--role", "analyst"]),
            PASSWORD,
            "an account is an administrator's",
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
            "no party or role was chosen",
        ),
        (
            vec!["user", "reset", "sam", "--lang", "en"],
            "",
            "there is no account `sam`",
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
    let link = place.zwerm(&invite).ok();
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
    let link = place.zwerm(&["user", "reset", "noor"]).ok();
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
    let page = noor.post("/en/account/codes", &[]).unwrap();
    let like_a_code =
        |word: &&str| word.len() == 17 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let signs = |c: char| !(c.is_ascii_alphanumeric() || c == '-');
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
