//! What was just done, told once on the page that follows: a code in the address, so that no cookie is needed.

use zwerm_agreement::text::Text;

/// The codes, with what was done in Dutch and in English.
const WORDS: [(&str, &str, &str); 24] = [
    (
        "said",
        "Uw besluit staat in het openbare logboek.",
        "Your decision stands in the public log.",
    ),
    (
        "suspended",
        "De afspraak is opgeschort. Nieuwe vragen worden geweigerd.",
        "The agreement is suspended. New questions are refused.",
    ),
    (
        "resumed",
        "De opschorting is opgeheven.",
        "The suspension is lifted.",
    ),
    (
        "ended",
        "De afspraak is beëindigd.",
        "The agreement is ended.",
    ),
    (
        "proposed",
        "De nieuwe versie staat klaar. De consentronde is open.",
        "The new version is there. The consent round is open.",
    ),
    (
        "round",
        "De consentronde is open.",
        "The consent round is open.",
    ),
    (
        "asked",
        "Uw vraag staat bij het project. Een partner pakt haar op, of zegt waarom niet.",
        "Your question stands with the project. A party takes it up, or says why not.",
    ),
    (
        "answered",
        "Uw antwoord staat erbij.",
        "Your answer stands with it.",
    ),
    ("kept", "Het concept is bewaard.", "The draft is kept."),
    (
        "password",
        "Uw wachtwoord is veranderd. Andere sessies zijn afgemeld.",
        "Your password is changed. Other sessions are signed out.",
    ),
    (
        "key",
        "De sleutel staat op naam van uw partner.",
        "The key stands in your party's name.",
    ),
    (
        "account",
        "Het account is er. Meld u aan.",
        "The account is there. Sign in.",
    ),
    ("signed-out", "U bent afgemeld.", "You are signed out."),
    (
        "delivered",
        "De gegevens zijn nagekeken en in het huis gezet.",
        "The data were checked and put in the home.",
    ),
    (
        "taken-away",
        "De vraag is weggehaald. Haar woorden zijn gewist.",
        "The question is taken away. Its words are erased.",
    ),
    (
        "disabled",
        "Het account is geblokkeerd. Wie aangemeld was, is het niet meer.",
        "The account is disabled. Whoever was signed in is so no more.",
    ),
    (
        "enabled",
        "Het account is weer toegelaten.",
        "The account is enabled.",
    ),
    (
        "role-ended",
        "De rol is beëindigd. Dat geldt meteen.",
        "The role is ended. This counts at once.",
    ),
    (
        "offered",
        "De taak is aangeboden. Wie haar moet aanvaarden, krijgt bericht.",
        "The task is offered. Who is to accept it gets a notice.",
    ),
    (
        "taken",
        "Uw partner heeft de taak op zich genomen.",
        "Your party has taken the task upon itself.",
    ),
    (
        "task",
        "Het staat bij de opgave.",
        "It stands with the goal.",
    ),
    (
        "figures",
        "De cijfers staan bij de opgave.",
        "The figures stand with the goal.",
    ),
    (
        "withdrawn",
        "Uitnodiging ingetrokken.",
        "Invitation withdrawn.",
    ),
    (
        "barrier",
        "De stand van de belemmering is bijgewerkt.",
        "The barrier's state was updated.",
    ),
];

/// The words of a code; codes that are not ours say nothing.
pub(crate) fn words(code: &str) -> Option<Text> {
    let found = WORDS.iter().find(|(known, ..)| *known == code);
    found.map(|(_, nl, en)| Text::new(*nl, *en))
}
