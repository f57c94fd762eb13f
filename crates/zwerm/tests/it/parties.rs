//! Parties that are registered at the command line, before any agreement names them.

use crate::place::Place;

#[test]
fn a_party_is_registered_before_any_agreement_and_people_are_invited_to_it() {
    let place = Place::to_serve();
    let add = |id: &'static str, side: &'static str| {
        let name = ["--name", "Energiecoöperatie Rijnland", "--lang", "en"];
        [["party", "add", id, "--side", side].as_slice(), &name].concat()
    };
    assert!(
        place
            .zwerm(&add("rijnland", "burgers"))
            .told(2)
            .contains("residents")
    );
    assert!(
        place
            .zwerm(&add("Rijnland", "residents"))
            .told(2)
            .contains("such as `energiecooperatie-rijnland`")
    );
    let done = place.zwerm(&add("rijnland", "residents")).ok();
    assert!(done.contains("`rijnland` is registered"), "{done}");
    let again = place.zwerm(&add("rijnland", "residents")).told(2);
    assert!(
        again.contains("there is a party `rijnland` already"),
        "{again}"
    );
    let listed = place.zwerm(&["party", "list", "--lang", "en"]).ok();
    let line = listed.lines().find(|line| line.starts_with("rijnland"));
    let words = ["Energiecoöperatie Rijnland", "residents", "no key yet"];
    assert!(
        line.is_some_and(|line| words.iter().all(|word| line.contains(word))),
        "{listed}"
    );
    let invite = [
        "user", "invite", "Noor", "--party", "rijnland", "--role", "decider",
    ];
    assert!(place.zwerm(&invite).link().contains("/invitations/"));
}
