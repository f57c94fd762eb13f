//! What the keys of parties, conditions and decisions are for, in words.

use super::{Described, key};

pub(super) const WORDS: &[Described] = &[
    key(
        "id",
        "De naam van de afspraak voor de computer; blijft in elke versie gelijk. Kleine letters, cijfers en streepjes.",
        "The agreement's name for the computer; the same in each version. Small letters, digits and dashes.",
    ),
    key(
        "version",
        "Het nummer van de versie. Wie iets verandert, maakt een nieuwe versie, en iedereen stemt opnieuw in.",
        "The number of the version. Whoever changes something makes a new version, and all consent anew.",
    ),
    key("title", "Hoe mensen de afspraak noemen.", "What people call the agreement."),
    key(
        "goal",
        "De gedeelde opgave waar de afspraak bij hoort.",
        "The shared goal that the agreement serves.",
    ),
    key(
        "purpose",
        "Waarvoor de gegevens gebruikt mogen worden. Elke vraag noemt haar doel; een ander doel wordt geweigerd.",
        "What the data may be used for. Each question names its purpose; another purpose is refused.",
    ),
    key(
        "strategy",
        "Hoe een taak naar inwoners gaat: loslaten, met een vangnet, of verkennend.",
        "How a task goes to residents: by letting go, with a safety net, or exploring.",
    ),
    key(
        "phase",
        "Is dit een proef voor een tijd, of blijvend?",
        "Is this an experiment for a time, or lasting?",
    ),
    key("valid", "Wanneer de afspraak geldt.", "When the agreement is valid."),
    key("valid.from", "De eerste dag.", "The first day."),
    key(
        "valid.until",
        "De laatste dag, niet voor de eerste.",
        "The last day, not before the first.",
    ),
    key("retention", "Hoe lang uitkomsten blijven.", "How long outcomes are kept."),
    key("retention.months", "Het aantal maanden.", "The number of months."),
    key(
        "answers",
        "Wie de antwoorden mag lezen: iedereen, of alleen de partners.",
        "Who may read the answers: everyone, or the parties only.",
    ),
    key("about", "Over wie de gegevens gaan.", "Whom the data are about."),
    key(
        "about.id",
        "Hun naam voor de computer. Een partner van inwoners noemt precies deze naam bij `represents`.",
        "Their name for the computer. A residents' party names exactly this in `represents`.",
    ),
    key("about.nl", "In Nederlandse woorden.", "In Dutch words."),
    key("about.en", "In Engelse woorden.", "In English words.")
        .without("de Nederlandse woorden", "the Dutch words"),
    key(
        "party",
        "Een partner aan tafel. Herhaal dit blok per partner; zonder een partner van elke kant komt de afspraak niet in werking.",
        "A party at the table. Repeat this block for each; without one of each side the agreement does not come into force.",
    ),
    key(
        "party[].id",
        "De naam van de partner voor de computer.",
        "The party's name for the computer.",
    ),
    key("party[].name", "Hoe mensen de partner noemen.", "What people call the party.")
        .without("`id`", "`id`"),
    key("party[].helix", "De kant van de tafel.", "The side of the table.").without(
        "moet er staan, behalve bij een leverancier",
        "must be there, except for a supplier",
    ),
    key(
        "party[].role",
        "Een leverancier werkt voor een partner en stemt zelf niet in.",
        "A supplier works for a party and has no consent of its own.",
    )
    .without("een gewone partner", "an ordinary party"),
    key(
        "party[].for",
        "Voor welke partner de leverancier werkt.",
        "The party that the supplier works for.",
    )
    .without(
        "moet er staan bij een leverancier",
        "must be there for a supplier",
    ),
    key(
        "party[].represents",
        "Wie deze partner van inwoners vertegenwoordigt: de `id` van `[about]`.",
        "Whom this residents' party represents: the `id` of `[about]`.",
    )
    .without("niemand", "nobody"),
    key(
        "party[].mandate",
        "Waarop het spreken namens deze mensen berust; van voor de instemming.",
        "What speaking for these people rests on; from before the consent.",
    )
    .without(
        "de instemming telt niet namens hen",
        "its consent does not count as theirs",
    ),
    key(
        "party[].mandate.by",
        "Een eigen besluit, of een geloot panel.",
        "A decision of their own, or a panel drawn by lot.",
    ),
    key("party[].mandate.on", "De dag van het besluit.", "The day of the decision."),
    key(
        "party[].mandate.evidence",
        "Waar het besluit is na te lezen.",
        "Where the decision can be read.",
    ),
    key(
        "party[].may",
        "Wat de partner mag: gegevens leveren, vragen stellen.",
        "What the party may do: provide data, ask questions.",
    )
    .without("niets van beide", "neither"),
    key(
        "party[].public_key",
        "De publieke sleutel waarmee haar handtekening is na te gaan, zoals `zwerm party key new` hem geeft.",
        "The public key that its signature is checked with, as `zwerm party key new` gives it.",
    )
    .without("geen handtekening mogelijk", "no signature possible"),
    key(
        "condition",
        "Een voorwaarde in gewone woorden. Precies een van `enforced_by` en `promised_by` staat erbij.",
        "A condition in plain words. Exactly one of `enforced_by` and `promised_by` goes with it.",
    )
    .without("geen voorwaarden in woorden", "no conditions in words"),
    key("condition[].text", "De voorwaarde.", "The condition."),
    key(
        "condition[].enforced_by",
        "De machine bewaakt haar: de plek in dit document waar dat staat.",
        "The machine enforces it: the place in this document that says so.",
    )
    .without("een partner belooft het", "a party promises it"),
    key(
        "condition[].promised_by",
        "Een partner belooft haar; de machine kan dat niet bewaken.",
        "A party promises it; the machine cannot enforce that.",
    )
    .without("de machine bewaakt het", "the machine enforces it"),
    key(
        "condition[].from_statement",
        "De stelling waar de voorwaarde uit voortkwam.",
        "The statement that the condition came from.",
    )
    .without("uit geen stelling", "from no statement"),
    key(
        "consent",
        "Een besluit van een partner. Staat naast de afspraak en telt niet mee in haar hash.",
        "A party's decision. Stands beside the agreement and is no part of its hash.",
    )
    .without("niemand heeft nog besloten", "nobody has decided yet"),
    key("consent[].party", "De `id` van de partner.", "The party's `id`."),
    key(
        "consent[].decision",
        "Instemmen, instemmen met zorg, of een overwegend bezwaar.",
        "Consent, consent with a concern, or a paramount objection.",
    ),
    key("consent[].reason", "Waarom.", "Why.").without(
        "moet er staan bij een zorg of een bezwaar",
        "must be there with a concern or an objection",
    ),
    key(
        "consent[].lifts",
        "Wat het bezwaar zou wegnemen.",
        "What would lift the objection.",
    )
    .without(
        "moet er staan bij een bezwaar",
        "must be there with an objection",
    ),
    key(
        "consent[].at",
        "Wanneer besloten is, met tijdzone.",
        "When it was decided, with a time zone.",
    ),
    key(
        "consent[].signature",
        "De handtekening van de partner; `zwerm agreement consent` zet hem.",
        "The party's signature; `zwerm agreement consent` makes it.",
    )
    .without("telt alleen in een proef, niet in een huis", "counts in a trial only, not in a home"),
];
