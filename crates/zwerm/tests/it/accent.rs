//! A municipality's colour: on every page once it is in the settings, and a mistake in it is told.

use crate::place::Place;
use crate::served::Served;

const SETTINGS: &str = "zwerm-home/zwerm.toml";

#[test]
fn pages_take_one_colour_between_our_stylesheet_and_the_theme() {
    let place = Place::to_serve();
    place.write_as_it_is(
        SETTINGS,
        "theme = \"own.css\"\n[site]\naccent = \"#D6001C\"\n",
    );
    place.write_as_it_is("zwerm-home/own.css", "");
    let served = Served::start(&place);
    let mut anybody = served.browser();
    let page = anybody.get("/en/projects").unwrap();
    let at = |name: &str| {
        let found = page.body.find(name);
        found.unwrap_or_else(|| panic!("{name}: {}", page.body))
    };
    let accent = "href=\"/assets/accent.css?d6001c\"";
    assert!(at("/zwerm.css\"") < at(accent) && at(accent) < at("/assets/theme.css"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("style-src 'self';"), "{policy}");
    assert!(!page.body.contains("style="));
    let css = anybody.get("/assets/accent.css?d6001c").unwrap();
    assert_eq!(css.header("content-type"), Some("text/css; charset=utf-8"));
    assert!(css.body.contains("--accent: #a52a28;"), "{}", css.body);
    assert!(css.body.contains("--accent: #f69b92;") && css.body.contains("--q5:"));
    drop(served);

    place.write_as_it_is(SETTINGS, "");
    let served = Served::start(&place);
    let mut anybody = served.browser();
    assert!(!anybody.get("/en").unwrap().body.contains("accent.css"));
    assert_eq!(anybody.get("/assets/accent.css").unwrap().status, 404);
}

#[test]
fn what_is_no_colour_is_told_with_its_place_and_what_helps() {
    let place = Place::small_home();
    place.write_as_it_is(SETTINGS, "[site]\naccent = \"rood\"\n");
    let told = place
        .zwerm(&["serve", "--port", "0", "--lang", "en"])
        .told(2);
    for words in ["zwerm.toml", "`site.accent` is `rood`", "such as `#d6001c`"] {
        assert!(told.contains(words), "{words}: {told}");
    }
}
