//! The demonstration: its five acts, what it suggests to try next, and the same home twice.

use std::sync::OnceLock;

use crate::place::{Place, Run};

fn demo(place: &Place, home: &str, more: &[&str]) -> Run {
    let args = [["demo", "--no-serve", "--home", home].as_slice(), more].concat();
    place.without_others(&args)
}

/// A home in which the demonstration ran once in Dutch, and what it printed; shared, because it is large.
fn shared() -> &'static (Place, String) {
    static SHARED: OnceLock<(Place, String)> = OnceLock::new();
    SHARED.get_or_init(|| {
        let place = Place::new();
        let told = demo(&place, "show", &[]).ok();
        (place, told)
    })
}

/// What stands between the headings of the acts: the opening, five acts, and what to try next with the fifth.
fn acts(told: &str) -> Vec<&str> {
    let mut acts = Vec::new();
    let mut rest = told;
    for number in 1..=5 {
        let (act, next) = rest.split_once(&format!("\n{number}. ")).unwrap();
        acts.push(act);
        rest = next;
    }
    acts.push(rest);
    acts
}

/// The command lines that are suggested, without the name of the program.
fn suggested(told: &str) -> Vec<Vec<String>> {
    let joined = told.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    let lines = lines.filter_map(|line| line.strip_prefix("zwerm "));
    lines.map(words).collect()
}

/// The words of a command line; single quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let mut words = Vec::new();
    for (index, part) in parts {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

fn line_with<'t>(text: &'t str, word: &str) -> &'t str {
    text.lines()
        .find(|line| line.contains(word))
        .unwrap_or_else(|| panic!("no `{word}` in {text}"))
}

/// The first figure of `… 12 of 345 …`.
fn derived(line: &str) -> Option<u32> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number = |word: &str| word.replace(['.', ','], "").parse().ok();
    words.windows(3).find_map(|three| match three {
        [first, "van" | "of", second] => {
            let _: u32 = number(second)?;
            number(first)
        }
        _ => None,
    })
}

fn check(told: &str, [owner, lifts, zwerm]: [&str; 3]) {
    let acts = acts(told);
    assert!(acts[1].contains("objection"), "{}", acts[1]);
    assert!(line_with(acts[1], owner).contains("huurdersvereniging"));
    assert!(line_with(acts[1], lifts).len() > lifts.len() + 20);
    assert!(acts[2].contains("WK054600"), "{}", acts[2]);
    assert!(acts[2].contains("▒▒▒"), "{}", acts[2]);
    let attack = line_with(acts[3], zwerm);
    assert_eq!(derived(attack), Some(0), "{attack}");
    assert!(line_with(acts[4], "huishouden = ").contains("gemeente-leiden >"));
    assert!(line_with(acts[4], lifts).len() > lifts.len() + 20);
    assert!(line_with(acts[4], "view.huishoudens").contains(".key"));
}

#[test]
fn a_receipt_is_in_order_as_it_was_given_and_not_with_a_byte_changed() {
    let (place, told) = shared();
    let act = acts(told)[5];
    assert!(
        line_with(act, "zoals gegeven").contains(": in orde"),
        "{act}"
    );
    assert!(
        line_with(act, "één byte veranderd").ends_with("NIET in orde"),
        "{act}"
    );
    let command = act
        .lines()
        .map(str::trim)
        .find_map(|line| line.strip_prefix("zwerm verify "));
    let args: Vec<&str> = command.unwrap().split_whitespace().collect();
    let verified = place.zwerm(&[["verify"].as_slice(), &args].concat()).ok();
    assert!(verified.starts_with("In orde."), "{verified}");
}

#[test]
fn where_go_is_at_hand_its_code_says_the_same_of_the_receipt() {
    let sources = std::path::Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");
    let go = std::process::Command::new("go").arg("version").output();
    if !sources.is_dir() || go.is_err() {
        println!("skipped: no Go here; apt-get install golang-go golang-golang-x-mod-dev");
        return;
    }
    let place = Place::new();
    let told = place.zwerm(&["demo", "--no-serve", "--lang", "en"]).ok();
    let line = line_with(&told, "Go project");
    assert!(
        line.ends_with("in order, and changed: NOT in order"),
        "{line}"
    );
}

#[test]
fn tables_protected_one_by_one_can_be_attacked() {
    let (_, told) = shared();
    let acts = acts(told);
    let figures: Vec<u32> = acts[3].lines().filter_map(derived).collect();
    assert!(figures.len() >= 2, "{}", acts[3]);
    assert!(figures.into_iter().max() > Some(0), "{}", acts[3]);
}

#[test]
fn looking_up_a_household_is_for_the_tenants_to_allow() {
    let (_, told) = shared();
    assert!(line_with(acts(told)[4], "van:").contains("huurdersvereniging"));
}

#[test]
fn five_acts_in_dutch_and_english_and_the_same_twice() {
    let (place, dutch) = shared();
    check(dutch, ["van:", "wat helpt:", "  Zwerm"]);
    assert_eq!(&demo(place, "show", &[]).ok(), dutch);
    let english = demo(place, "show", &["--lang", "en"]).ok();
    check(&english, ["owner:", "what helps:", "  Zwerm"]);
    for word in [" van de ", "afspraak", "huurders maken"] {
        assert!(!acts(&english)[0].contains(word), "{english}");
    }
}

#[test]
fn what_it_suggests_works() {
    let place = Place::new();
    let told = demo(&place, "huis", &[]).ok();
    let lines = suggested(&told);
    assert!(lines.len() >= 4, "{told}");
    for kind in [
        "ask",
        "agreement show",
        "release show",
        "agreement suspend",
        "agreement check",
    ] {
        let kind: Vec<&str> = kind.split(' ').collect();
        assert!(
            lines
                .iter()
                .any(|line| line.iter().zip(&kind).all(|(a, b)| a == b)),
            "{kind:?}"
        );
    }
    for line in lines {
        let args: Vec<&str> = line.iter().map(String::as_str).collect();
        assert!(!place.zwerm(&args).ok().is_empty(), "{args:?}");
    }
}

#[test]
fn other_chance_gives_other_figures_and_is_refused_in_the_same_home() {
    let (place, told) = shared();
    let other = demo(place, "other", &["--seed", "7"]).ok();
    assert_ne!(acts(&other)[2], acts(told)[2]);
    let refused = demo(place, "show", &["--seed", "7"]);
    assert_eq!(
        (refused.code, refused.out.as_str()),
        (1, ""),
        "{}",
        refused.err
    );
    assert!(refused.err.contains("data-changed"), "{}", refused.err);
    assert!(refused.err.contains("corporatie"), "{}", refused.err);
    assert_eq!(&demo(place, "show", &[]).ok(), told);
}

#[test]
fn data_changed_by_hand_are_refused() {
    let place = Place::new();
    let told = demo(&place, "huis", &[]).ok();
    let files = place.files("huis/data");
    let is_data = |path: &std::path::Path| path.extension().is_some_and(|kind| kind == "csv");
    let (path, bytes) = files.iter().find(|(path, _)| is_data(path)).unwrap();
    let name = path.to_str().unwrap();
    place.write(name, [bytes.as_slice(), b"\n"].concat());
    let refused = demo(&place, "huis", &[]);
    assert_eq!(refused.code, 1, "{}", refused.err);
    assert!(refused.err.contains("data-changed"), "{}", refused.err);
    place.write(name, bytes);
    assert_eq!(demo(&place, "huis", &[]).ok(), told);
}

#[test]
fn the_readme_shows_what_the_demonstration_prints() {
    let readme = include_str!("../../../../README.md");
    let (_, rest) = readme.split_once("```text\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let place = Place::new();
    let told = place.without_others(&["demo", "--no-serve"]).ok();
    assert_eq!(shown, told);
}
