//! What the keys of data, shared views and protection are for, in words.

use super::{Described, key};

pub(super) const WORDS: &[Described] = &[
    key(
        "dataset",
        "Een gegevensbron die een partner levert. Herhaal dit blok per bron.",
        "Data that a party provides. Repeat this block for each.",
    ),
    key(
        "dataset[].id",
        "De naam in de SQL van de gezamenlijke basis.",
        "Its name in the SQL of the shared view.",
    ),
    key(
        "dataset[].provider",
        "De `id` van de partner die levert.",
        "The `id` of the party that provides it.",
    ),
    key(
        "dataset[].legal_basis",
        "De wettelijke grondslag van deze partner; bij bijzondere gegevens ook de uitzondering van art. 9.",
        "This party's legal basis; for special categories also the exception of art. 9.",
    ),
    key(
        "dataset[].source",
        "Het bestand, `.csv`, `.xlsx` of `.parquet`, in de map van dit document of daaronder.",
        "The file, `.csv`, `.xlsx` or `.parquet`, in this document's folder or below.",
    ),
    key(
        "dataset[].format",
        "Hoe het bestand is geschreven; alleen wat uit het bestand zelf niet blijkt, hoeft er te staan.",
        "How the file is written; only what the file itself does not show has to be here.",
    )
    .without("uit het bestand gehaald", "found out from the file"),
    key(
        "dataset[].format.separator",
        "Wat er in een CSV tussen twee velden staat.",
        "What stands between two fields of a CSV.",
    )
    .without("uit het bestand gehaald", "found out from the file"),
    key(
        "dataset[].format.decimal",
        "Wat er in een CSV voor decimalen staat.",
        "What stands before decimals in a CSV.",
    )
    .without("uit het bestand gehaald", "found out from the file"),
    key(
        "dataset[].format.thousands",
        "Wat er in een CSV tussen duizendtallen staat.",
        "What stands between thousands in a CSV.",
    )
    .without("uit het bestand gehaald", "found out from the file"),
    key(
        "dataset[].format.encoding",
        "Hoe letters in een CSV als bytes zijn geschreven.",
        "How letters are written as bytes in a CSV.",
    )
    .without("uit het bestand gehaald", "found out from the file"),
    key(
        "dataset[].format.sheet",
        "Het blad van een werkmap.",
        "The sheet of a workbook.",
    )
    .without("het eerste met iets erin", "the first with anything in it"),
    key(
        "dataset[].format.missing",
        "Woorden die `onbekend` betekenen, naast een leeg veld.",
        "Words that mean `unknown`, besides an empty field.",
    )
    .without("alleen een leeg veld", "an empty field only"),
    key(
        "dataset[].columns",
        "De kolommen die gedeeld worden, met hun soort. Andere worden niet gelezen.",
        "The columns that are shared, with their type. Others are not read.",
    ),
    key(
        "dataset[].rho_total",
        "Hoeveel ruisbudget er is voor het hele leven van deze gegevens, over alle afspraken samen.",
        "The noise budget for the life of these data, over all agreements together.",
    )
    .without("geen vragen met ruis", "no noisy questions"),
    key(
        "dataset[].period",
        "Over welk jaar of welke maand de gegevens gaan; een nieuwe periode is een nieuwe uitgave.",
        "The year or the month of the data; a new period is a new release.",
    )
    .without("geen vaste periode", "no fixed period"),
    key(
        "dataset[].withheld",
        "Wat bewust niet gedeeld wordt, en waarom.",
        "What is knowingly not shared, and why.",
    )
    .without("niets genoemd", "nothing named"),
    key(
        "view",
        "De gezamenlijke basis waar vragen over gaan. Herhaal dit blok per basis.",
        "The shared view that questions are about. Repeat this block for each.",
    ),
    key(
        "view[].name",
        "De naam achter `FROM` in een vraag.",
        "Its name after `FROM` in a question.",
    ),
    key("view[].label", "Hoe mensen de basis noemen.", "What people call the view.")
        .without("`name`", "`name`"),
    key(
        "view[].unit",
        "Wat beschermd wordt: een persoon of een huishouden.",
        "What is protected: a person or a household.",
    ),
    key(
        "view[].key",
        "De kolom die een eenheid aanwijst; wordt nooit getoond en er is niet op te filteren.",
        "The column that points at a unit; never shown, and never filtered by.",
    ),
    key(
        "view[].mode",
        "Beschermde tabellen, of antwoorden met ruis; nooit beide.",
        "Protected tables, or noisy answers; never both.",
    ),
    key(
        "view[].sql",
        "Hoe de bronnen gekoppeld worden: een `SELECT` die de sleutel, de kenmerken en de meetwaarden geeft.",
        "How the sources are joined: one `SELECT` that gives the key, the dimensions and the measures.",
    ),
    key(
        "view[].dimension",
        "Een kenmerk om naar te groeperen of op te filteren.",
        "A dimension to group or filter by.",
    )
    .without("geen kenmerken", "no dimensions"),
    key(
        "view[].dimension[].name",
        "De kolom in de SQL van de basis.",
        "The column in the view's SQL.",
    ),
    key(
        "view[].dimension[].label",
        "Hoe mensen het kenmerk noemen.",
        "What people call the dimension.",
    )
    .without("`name`", "`name`"),
    key(
        "view[].dimension[].values",
        "De openbare lijst van 1 tot 10.000 waarden; wat er niet in staat, wordt `(other)`.",
        "The public list of 1 to 10,000 values; what is not in it becomes `(other)`.",
    ),
    key(
        "view[].dimension[].labels",
        "Een leesbare naam per waarde.",
        "A readable name per value.",
    )
    .without("de waarde zelf", "the value itself"),
    key(
        "view[].dimension[].parents",
        "Het grotere geheel waar een waarde in valt, zoals de regio van een gemeente.",
        "The larger whole that a value belongs to, such as the region of a municipality.",
    )
    .without("geen groter geheel", "no larger whole"),
    key(
        "view[].dimension[].sensitive",
        "Ook dat (bijna) iedereen in een groep dezelfde waarde heeft, blijft verborgen.",
        "That (nearly) everyone in a group has the same value stays hidden too.",
    )
    .without("`false`", "`false`"),
    key(
        "view[].dimension[].per_unit",
        "Een eenheid heeft een waarde. Bij `false` mag zij er meer hebben.",
        "A unit has one value. With `false` it may have several.",
    )
    .without("`true`", "`true`"),
    key(
        "view[].dimension[].groups",
        "Waarden die samen een eigen cel krijgen.",
        "Values that together get a cell of their own.",
    )
    .without("geen groepen", "no groups"),
    key(
        "view[].measure",
        "Een meetwaarde om op te tellen of te middelen.",
        "A measure to add up or take the mean of.",
    )
    .without("alleen tellen", "counting only"),
    key(
        "view[].measure[].name",
        "De kolom in de SQL van de basis.",
        "The column in the view's SQL.",
    ),
    key(
        "view[].measure[].label",
        "Hoe mensen de meetwaarde noemen.",
        "What people call the measure.",
    )
    .without("`name`", "`name`"),
    key("view[].measure[].quantity", "De eenheid van meten.", "The unit of measurement."),
    key(
        "view[].measure[].lower",
        "De kleinste gewone waarde.",
        "The smallest ordinary value.",
    ),
    key(
        "view[].measure[].upper",
        "De grootste gewone waarde, boven `lower`.",
        "The largest ordinary value, above `lower`.",
    ),
    key(
        "embargo",
        "Kolommen die niemand ziet tot een verwachting verzegeld is.",
        "Columns that nobody sees until an expectation is sealed.",
    )
    .without("geen embargo", "no embargo"),
    key(
        "embargo[].columns",
        "Bronkolommen: `gegevensbron.kolom`.",
        "Source columns: `dataset.column`.",
    ),
    key(
        "embargo[].from",
        "De eerste periode, een jaar of een maand, die onder het embargo valt.",
        "The first period, a year or a month, under embargo.",
    ),
    key(
        "embargo[].until_sealed",
        "Het experiment waarvan de verwachting eerst verzegeld moet zijn.",
        "The experiment whose expectation must be sealed first.",
    ),
    key(
        "protection",
        "Hoe mensen in de tabellen beschermd worden.",
        "How people in the tables are protected.",
    ),
    key(
        "protection.minimum_units",
        "Over zoveel eenheden gaat een getal minstens.",
        "A number is about at least so many units.",
    ),
    key(
        "protection.dominance",
        "Een bedrag waar enkele eenheden het grootste deel van bepalen, wordt niet getoond.",
        "An amount that a few units mostly make up is not shown.",
    )
    .without("niet bewaakt", "not enforced"),
    key(
        "protection.dominance.largest",
        "Het aantal grootste eenheden dat samen telt.",
        "How many of the largest units count together.",
    ),
    key(
        "protection.dominance.percent",
        "Zij bepalen hoogstens zoveel procent.",
        "They make up at most so many per cent.",
    ),
    key(
        "protection.p_percent",
        "Niemand mag de waarde van een ander tot op zoveel procent kunnen narekenen.",
        "Nobody may be able to work out another's value to within so many per cent.",
    )
    .without("niet bewaakt", "not enforced"),
    key(
        "protection.protect_zeros",
        "Ook een lege cel wordt verborgen.",
        "An empty cell is hidden too.",
    )
    .without("`false`", "`false`"),
    key(
        "protection.round_to",
        "Aantallen worden op dit getal afgerond; `1` is niet afronden.",
        "Counts are rounded to this number; `1` is no rounding.",
    ),
    key(
        "protection.max_dimensions",
        "Zoveel kenmerken mag een vraag hoogstens combineren.",
        "A question combines at most so many dimensions.",
    ),
    key(
        "protection.release_rhythm",
        "Hoe vaak er een nieuwe uitgave van de tabellen komt.",
        "How often the tables are released anew.",
    ),
    key(
        "noise",
        "Voor een basis met `mode = \"noisy\"`.",
        "For a view with `mode = \"noisy\"`.",
    )
    .without("moet er staan bij zo'n basis", "must be there for such a view"),
    key(
        "noise.rho_per_question",
        "Hoeveel ruisbudget een vraag kost.",
        "How much of the noise budget a question costs.",
    ),
    key(
        "noise.delta",
        "De kans waarmee de belofte van de ruis niet hoeft te gelden.",
        "The chance with which the promise of the noise need not hold.",
    ),
];
