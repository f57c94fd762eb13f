//! What was just done, said once on the page that follows: a code in the address, so that no cookie is needed.

use zwerm_agreement::text::Text;

/// Something that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// A party consented or objected.
    Said,
    /// An agreement was suspended.
    Suspended,
    /// A suspension was lifted.
    Resumed,
    /// An agreement was ended.
    Ended,
    /// A version was proposed.
    Proposed,
    /// A consent round was opened.
    Round,
    /// A question in words was put.
    Asked,
    /// A question in words was answered.
    Answered,
    /// A draft was kept.
    Kept,
    /// A project or a goal got other words.
    Reworded,
    /// A password was changed.
    Password,
    /// A party got another key.
    Key,
    /// An account was made.
    Account,
    /// Somebody signed out.
    SignedOut,
    /// Data were delivered.
    Delivered,
    /// A question in words was taken away.
    TakenAway,
    /// An account was shut out.
    Disabled,
    /// An account was let in again.
    Enabled,
    /// A role was ended.
    RoleEnded,
    /// A task was offered.
    Offered,
    /// A task was taken on.
    Taken,
    /// A task was declined, withdrawn or given back.
    Task,
    /// Figures were taken over.
    Figures,
    /// An invitation was withdrawn.
    Withdrawn,
    /// The owner of a barrier said how it is with it.
    Barrier,
    /// A party was registered.
    PartyRegistered,
    /// A party got another name or side.
    PartyChanged,
    /// A party that was registered by mistake was removed.
    PartyRemoved,
    /// Somebody got a further role.
    RoleGranted,
    /// An answer got another title.
    Titled,
    /// A party said something beside an answer.
    Noted,
}

/// Everything that can be done, in the order of [`Done`], with its code and its words.
const LINES: [(Done, &str, &str, &str); 31] = [
    (
        Done::Said,
        "said",
        "Uw besluit staat in het openbare logboek.",
        "Your decision stands in the public log.",
    ),
    (
        Done::Suspended,
        "suspended",
        "De afspraak is opgeschort. Nieuwe vragen worden geweigerd.",
        "The agreement is suspended. New questions are refused.",
    ),
    (
        Done::Resumed,
        "resumed",
        "De opschorting is opgeheven.",
        "The suspension is lifted.",
    ),
    (
        Done::Ended,
        "ended",
        "De afspraak is beëindigd.",
        "The agreement is ended.",
    ),
    (
        Done::Proposed,
        "proposed",
        "De nieuwe versie staat klaar. De consentronde is open.",
        "The new version is there. The consent round is open.",
    ),
    (
        Done::Round,
        "round",
        "De consentronde is open.",
        "The consent round is open.",
    ),
    (
        Done::Asked,
        "asked",
        "Uw vraag staat bij het project. Een partner pakt die op, of zegt waarom niet.",
        "Your question stands with the project. A party takes it up, or says why not.",
    ),
    (
        Done::Answered,
        "answered",
        "Uw antwoord staat erbij.",
        "Your answer stands with it.",
    ),
    (
        Done::Kept,
        "kept",
        "Het concept is bewaard.",
        "The draft is kept.",
    ),
    (
        Done::Reworded,
        "reworded",
        "De woorden zijn veranderd. Wat er eerst stond, blijft te lezen.",
        "The words are changed. What stood there before stays to be read.",
    ),
    (
        Done::Password,
        "password",
        "Uw wachtwoord is veranderd. Andere browsers zijn afgemeld.",
        "Your password is changed. Other browsers are signed out.",
    ),
    (
        Done::Key,
        "key",
        "De sleutel staat op naam van uw partner.",
        "The key stands in your party's name.",
    ),
    (
        Done::Account,
        "account",
        "Uw account is er. U bent aangemeld.",
        "Your account is there. You are signed in.",
    ),
    (
        Done::SignedOut,
        "signed-out",
        "U bent afgemeld.",
        "You are signed out.",
    ),
    (
        Done::Delivered,
        "delivered",
        "De gegevens zijn nagekeken en geleverd.",
        "The data were checked and delivered.",
    ),
    (
        Done::TakenAway,
        "taken-away",
        "De vraag is weggehaald. Haar woorden zijn gewist.",
        "The question is taken away. Its words are erased.",
    ),
    (
        Done::Disabled,
        "disabled",
        "Het account is geblokkeerd. Wie aangemeld was, is het niet meer.",
        "The account is disabled. Whoever was signed in is so no more.",
    ),
    (
        Done::Enabled,
        "enabled",
        "Het account is weer toegelaten.",
        "The account is enabled.",
    ),
    (
        Done::RoleEnded,
        "role-ended",
        "De rol is beëindigd. Dat geldt meteen.",
        "The role is ended. This counts at once.",
    ),
    (
        Done::Offered,
        "offered",
        "De taak is aangeboden. Wie die moet aanvaarden, krijgt bericht.",
        "The task is offered. Who is to accept it gets a notice.",
    ),
    (
        Done::Taken,
        "taken",
        "Uw partner heeft de taak op zich genomen.",
        "Your party has taken the task upon itself.",
    ),
    (
        Done::Task,
        "task",
        "Het staat bij de opgave.",
        "It stands with the goal.",
    ),
    (
        Done::Figures,
        "figures",
        "De cijfers staan bij de opgave.",
        "The figures stand with the goal.",
    ),
    (
        Done::Withdrawn,
        "withdrawn",
        "Uitnodiging ingetrokken.",
        "Invitation withdrawn.",
    ),
    (
        Done::Barrier,
        "barrier",
        "De stand van de belemmering is bijgewerkt.",
        "The barrier's state was updated.",
    ),
    (
        Done::PartyRegistered,
        "party",
        "De partner is ingeschreven. Nodig nu iemand uit die voor de partner beslist.",
        "The party is registered. Now invite somebody who decides for it.",
    ),
    (
        Done::PartyChanged,
        "party-changed",
        "De partner is veranderd.",
        "The party is changed.",
    ),
    (
        Done::PartyRemoved,
        "party-removed",
        "De partner is weggehaald.",
        "The party is removed.",
    ),
    (
        Done::RoleGranted,
        "role-granted",
        "De rol is gegeven. Dat geldt meteen.",
        "The role is given. This applies at once.",
    ),
    (
        Done::Titled,
        "titled",
        "De titel is veranderd.",
        "The title is changed.",
    ),
    (
        Done::Noted,
        "noted",
        "Het staat bij het antwoord.",
        "It is with the answer.",
    ),
];

impl Done {
    /// The code in the address.
    pub(crate) fn code(self) -> &'static str {
        let found = LINES.iter().find(|(done, ..)| *done == self);
        found.map_or("", |(_, code, ..)| *code)
    }

    /// What a code says; codes that are not ours say nothing.
    pub(crate) fn words(code: &str) -> Option<Text> {
        let found = LINES.iter().find(|(_, known, ..)| *known == code);
        found.map(|(_, _, nl, en)| Text::new(*nl, *en))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_can_be_done_has_a_code_of_its_own_and_words() {
        for (place, (done, code, ..)) in LINES.iter().enumerate() {
            assert_eq!(*done as usize, place, "{done:?}");
            assert_eq!(done.code(), *code);
            let same = LINES.iter().filter(|(_, other, ..)| other == code);
            assert_eq!(same.count(), 1, "{code}");
        }
        assert_eq!(
            Done::Noted as usize + 1,
            LINES.len(),
            "the last one is there"
        );
        assert_eq!(Done::words("no-such-code"), None);
    }
}
