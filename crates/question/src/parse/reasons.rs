//! The refusals of the parser, in words.

use zwerm_agreement::{
    agreement::{Agreement, Dimension, View},
    condition,
    refusal::{Code, Refusal},
    suggest::nearest,
    text::Text,
    unseen,
};

use crate::register::{DimensionLevel, Register};

/// Text of the question that is repeated in a refusal at most.
const QUOTED: usize = 60;

pub(super) fn quote(text: &str) -> String {
    let text: String = text.chars().filter(|c| is_shown(*c)).collect();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Whether a character shows; others could hide or turn round what is written.
fn is_shown(c: char) -> bool {
    // joiners and tags too, which a name in SQL has no use for
    let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{e0080}'..='\u{e0fff}');
    !c.is_control() && !unseen::is_invisible(c) && !joins
}

/// Whether a character may be part of the name of a column: ASCII, or a Latin letter with an accent.
pub(super) fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~' | '€') || (matches!(c, '\u{c0}'..='\u{24f}') && c.is_alphabetic())
}

pub(super) fn refusal(
    code: Code,
    nl: String,
    en: String,
    lifts_nl: &str,
    lifts_en: &str,
) -> Refusal {
    Refusal::new(code, Text::new(nl, en), Text::new(lifts_nl, lifts_en))
}

/// A form of question that no agreement allows.
fn form(code: Code, part: &str, lifts_nl: &str, lifts_en: &str) -> Refusal {
    let part = quote(part);
    refusal(
        code,
        format!("`{part}` kan niet in een vraag"),
        format!("`{part}` cannot be part of a question"),
        lifts_nl,
        lifts_en,
    )
}

pub(super) fn too_long() -> Refusal {
    refusal(
        Code::TooLong,
        format!(
            "de vraag is langer dan {} tekens of heeft te veel delen",
            super::LONGEST
        ),
        format!(
            "the question is longer than {} characters or has too many parts",
            super::LONGEST
        ),
        "stel de vraag korter of in delen",
        "ask it shorter or in parts",
    )
}

pub(super) fn several() -> Refusal {
    refusal(
        Code::SeveralStatements,
        "er staan meer opdrachten in één vraag".into(),
        "there are several statements in one question".into(),
        "stel ze een voor een",
        "ask them one at a time",
    )
}

pub(super) fn not_a_question(statement: &str) -> Refusal {
    let first: String = statement
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    let first = quote(&first);
    if first.is_empty() {
        return refusal(
            Code::NotAQuestion,
            "er staat geen vraag".into(),
            "there is no question".into(),
            "stel een vraag met `SELECT`",
            "ask with `SELECT`",
        );
    }
    refusal(
        Code::NotAQuestion,
        format!("`{first}` is geen vraag: gegevens en instellingen kunnen hier niet veranderen"),
        format!("`{first}` asks nothing: data and settings cannot be changed here"),
        "stel een vraag met `SELECT`",
        "ask with `SELECT`",
    )
}

pub(super) fn explain() -> Refusal {
    refusal(
        Code::Explain,
        "`EXPLAIN` en `DESCRIBE` laten de machine van binnen zien".into(),
        "`EXPLAIN` and `DESCRIBE` show the inside of the machine".into(),
        "lees bij de afspraak welke voorwaarden gelden, en stel een vraag met `SELECT`",
        "read with the agreement which conditions apply, and ask with `SELECT`",
    )
}

pub(super) fn union(part: &str) -> Refusal {
    form(
        Code::Union,
        part,
        "stel de vragen los van elkaar",
        "ask the questions one by one",
    )
}

pub(super) fn subquery(part: &str) -> Refusal {
    form(
        Code::Subquery,
        part,
        "stel één vraag aan één gezamenlijke basis, zonder deelvragen",
        "ask one question of one shared view, without subqueries",
    )
}

pub(super) fn join(part: &str) -> Refusal {
    form(
        Code::Join,
        part,
        "koppelen gebeurt in de gezamenlijke basis, die vooraf is afgesproken; vraag daar één van",
        "joining is part of the shared view, agreed beforehand; ask one of those",
    )
}

pub(super) fn clause(part: &str) -> Refusal {
    form(
        Code::ClauseNotAllowed,
        part,
        "laat dit deel weg",
        "leave this part out",
    )
}

pub(super) fn distinct(part: &str) -> Refusal {
    form(
        Code::Distinct,
        part,
        "alleen `count(DISTINCT sleutel)` kan, en is hetzelfde als `units()`",
        "only `count(DISTINCT key)` is possible, and is the same as `units()`",
    )
}

pub(super) fn window(part: &str) -> Refusal {
    form(
        Code::Window,
        part,
        "vraag de groepen zelf met `GROUP BY`",
        "ask for the groups themselves with `GROUP BY`",
    )
}

pub(super) fn expression(part: &str) -> Refusal {
    form(
        Code::ExpressionNotAllowed,
        part,
        "gebruik kenmerken, `units()`, `count`, `sum`, `avg`, getallen, `+ - * /` en `round`",
        "use dimensions, `units()`, `count`, `sum`, `avg`, numbers, `+ - * /` and `round`",
    )
}

pub(super) fn view_unknown(name: &str, agreement: &Agreement) -> Refusal {
    let name = quote(name);
    let views = agreement.view.iter().map(|v| v.name.as_str());
    let known: Vec<&str> = views.clone().collect();
    let known = known.join("`, `");
    let near = nearest(&name, views).map_or((String::new(), String::new()), |n| {
        (
            format!("; bedoelde u `{n}`?"),
            format!("; did you mean `{n}`?"),
        )
    });
    Refusal::new(
        Code::ViewUnknown,
        Text::new(
            if name.is_empty() {
                "de vraag noemt geen gezamenlijke basis".into()
            } else {
                format!(
                    "de afspraak kent geen gezamenlijke basis `{name}`{}",
                    near.0
                )
            },
            if name.is_empty() {
                "the question names no shared view".into()
            } else {
                format!("the agreement has no shared view `{name}`{}", near.1)
            },
        ),
        Text::new(
            format!("vraag een basis die is afgesproken: `{known}`"),
            format!("ask a view that was agreed: `{known}`"),
        ),
    )
    .under("view")
}

pub(super) fn lookalike(name: &str) -> Refusal {
    let name = quote(name);
    refusal(
        Code::NameLookalike,
        format!("`{name}` bevat tekens die op gewone letters lijken"),
        format!("`{name}` has characters that look like plain letters"),
        "schrijf namen met de letters a-z, cijfers en `_`",
        "write names with the letters a-z, digits and `_`",
    )
}

pub(super) fn key(view: &View, agreement: &Agreement) -> Refusal {
    let (key, unit) = (&view.key, &view.unit);
    let refusal = refusal(
        Code::Key,
        format!("u vraagt met `{key}` naar één {unit}, en dat kan niet"),
        format!("you ask about one {unit} with `{key}`, which cannot be done"),
        "niets: Zwerm is geen plek om iemand op te zoeken; vraag naar groepen",
        "nothing: Zwerm is no place to look anybody up; ask about groups",
    )
    .under(format!("view.{}.key", view.name));
    // nobody gives this away for the people concerned but who represents them
    let represents = |party: &&zwerm_agreement::agreement::Party| agreement.represents(&party.id);
    match agreement.party.iter().find(represents) {
        Some(party) => refusal.owned_by(party.id.as_str()),
        None => refusal,
    }
}

pub(super) fn unknown_column(name: &str, view: &View) -> Refusal {
    let name = quote(name);
    let names = view.dimension.iter().map(|d| d.name.as_str());
    let names = names.chain(view.measure.iter().map(|m| m.name.as_str()));
    let known: Vec<&str> = names.clone().collect();
    let known = known.join("`, `");
    let near = by_label(&name, labels(view)).or_else(|| nearest(&name, names).map(str::to_owned));
    let near = meant(near.map(|name| Text::same(format!("`{name}`"))));
    Refusal::new(
        Code::UnknownColumn,
        Text::new(
            format!(
                "`{}` heeft geen kenmerk of meetwaarde `{name}`{}",
                view.name, near.0
            ),
            format!(
                "`{}` has no dimension or measure `{name}`{}",
                view.name, near.1
            ),
        ),
        Text::new(
            format!(
                "kies uit `{known}`, of maak een nieuwe versie van de afspraak die het toevoegt"
            ),
            format!("choose from `{known}`, or make a new version of the agreement that adds it"),
        ),
    )
    .under(format!("view.{}", view.name))
}

/// What people call the columns of a view, each beside its name.
fn labels(view: &View) -> impl Iterator<Item = (&str, &str)> {
    let dimensions = view.dimension.iter().map(|d| (&d.name, &d.label));
    let measures = view.measure.iter().map(|m| (&m.name, &m.label));
    let labelled = dimensions.chain(measures);
    let labelled = labelled.filter_map(|(name, label)| Some((name, label.as_ref()?)));
    labelled.flat_map(|(name, label)| [&label.nl, &label.en].map(|l| (name.as_str(), l.as_str())))
}

/// The name of what was written by its label, or nearly so.
fn by_label<'l>(written: &str, labels: impl Iterator<Item = (&'l str, &'l str)>) -> Option<String> {
    let mut labels: Vec<(&str, String)> = labels.map(|(n, l)| (n, l.to_lowercase())).collect();
    // the same in both languages is one name
    labels.dedup();
    let written = written.to_lowercase();
    let same = labels.iter().find(|(_, label)| *label == written);
    let found = same.or_else(|| {
        let near = nearest(&written, labels.iter().map(|(_, label)| label.as_str()))?;
        labels.iter().find(|(_, label)| label == near)
    });
    found.map(|(name, _)| (*name).to_owned())
}

/// A value with what people call it, where that is something else: `WK01` (Noord).
fn with_label(code: &str, dimension: &Dimension) -> Text {
    let label = dimension.labels.get(code);
    let of = |label: Option<&str>| match label {
        Some(label) if label != code => format!("`{code}` ({label})"),
        _ => format!("`{code}`"),
    };
    Text::new(
        of(label.map(|l| l.nl.as_str())),
        of(label.map(|l| l.en.as_str())),
    )
}

/// What was probably meant, to be added to what was not understood.
fn meant(near: Option<Text>) -> (String, String) {
    near.map_or((String::new(), String::new()), |near| {
        (
            format!("; bedoelde u {}?", near.nl),
            format!("; did you mean {}?", near.en),
        )
    })
}

pub(super) fn aggregate_on(part: &str) -> Refusal {
    form(
        Code::AggregateNotAllowed,
        part,
        "schrijf `count(*)`, `units()`, of `count`, `sum` of `avg` van één meetwaarde",
        "write `count(*)`, `units()`, or `count`, `sum` or `avg` of one measure",
    )
}

pub(super) fn nested(part: &str) -> Refusal {
    form(
        Code::NestedAggregate,
        part,
        "tel of middel een meetwaarde, geen uitkomst",
        "add up or average a measure, not a result",
    )
}

pub(super) fn not_aggregated(name: &str) -> Refusal {
    let name = quote(name);
    refusal(
        Code::NotAggregated,
        format!("`{name}` zou de waarde per eenheid tonen"),
        format!("`{name}` would show the value of each unit"),
        "vraag `sum`, `avg` of `count` van een meetwaarde",
        "ask for `sum`, `avg` or `count` of a measure",
    )
}

pub(super) fn not_grouped(name: &str) -> Refusal {
    let name = quote(name);
    refusal(
        Code::NotGrouped,
        format!("`{name}` wordt getoond, maar de vraag groepeert er niet naar"),
        format!("`{name}` is shown, but the question does not group by it"),
        &format!("zet `{name}` in `GROUP BY`, of laat het weg"),
        &format!("put `{name}` in `GROUP BY`, or leave it out"),
    )
}

/// A level that a dimension does not have.
pub(super) fn no_level(of: &Dimension, view: &View, level: DimensionLevel) -> Refusal {
    let name = &of.name;
    let (code, part, nl, en) = match level {
        DimensionLevel::Group => (Code::Groups, "groups", "groepen", "groups"),
        _ => (Code::Hierarchy, "parents", "hiërarchie", "hierarchy"),
    };
    Refusal::new(
        code,
        Text::new(
            format!("`{name}` heeft geen {nl}"),
            format!("`{name}` has no {en}"),
        ),
        Text::new(
            format!("vraag `{name}` zelf, of spreek `{part}` af"),
            format!("ask `{name}` itself, or agree on `{part}`"),
        ),
    )
    .under(format!("view.{}.dimension.{name}.{part}", view.name))
}

/// Values and larger wholes or groups in a way that would count units twice, or cannot be distinguished.
pub(super) fn levels_mixed(of: &Dimension, view: &View, code: Code) -> Refusal {
    let name = &of.name;
    let part = if code == Code::Groups {
        "groups"
    } else {
        "parents"
    };
    Refusal::new(
        code,
        Text::new(
            format!("waarden, gehelen en groepen van `{name}` gaan hier niet samen: sommige eenheden zouden dubbel tellen"),
            format!("values, wholes and groups of `{name}` do not go together here: some units would count twice"),
        ),
        Text::new(
            format!("groepeer ook naar `{name}`, of kies waarden die elkaar niet overlappen"),
            format!("group by `{name}` too, or choose values that do not overlap"),
        ),
    )
    .under(format!("view.{}.dimension.{name}.{part}", view.name))
    .by_slip()
}

/// Units over several values of a dimension of which a unit may have several.
pub(super) fn not_per_unit(of: &Dimension, view: &View) -> Refusal {
    let (name, unit) = (&of.name, &view.unit);
    Refusal::new(
        Code::NotPerUnit,
        Text::new(
            format!("een {unit} kan meer waarden van `{name}` hebben: over meer waarden samen zou `units()` dubbel tellen"),
            format!("one {unit} may have several values of `{name}`: over several of them `units()` would count twice"),
        ),
        Text::new(
            format!("groepeer naar `{name}`, of filter op een afgesproken groep"),
            format!("group by `{name}`, or filter by a registered group"),
        ),
    )
    .under(format!("view.{}.dimension.{name}.per_unit", view.name))
}

pub(super) fn group_by(part: &str) -> Refusal {
    form(
        Code::ExpressionNotAllowed,
        part,
        "groepeer naar kenmerken bij hun naam; `ROLLUP`, `CUBE` en `GROUPING SETS` daarvan kunnen ook",
        "group by dimensions by name; `ROLLUP`, `CUBE` and `GROUPING SETS` of them work too",
    )
}

pub(super) fn filter(part: &str) -> Refusal {
    form(
        Code::FilterNotAllowed,
        part,
        "filter met `kenmerk = 'waarde'` of `kenmerk IN ('a', 'b')`, verbonden met `AND`, elk kenmerk één keer",
        "filter with `dimension = 'value'` or `dimension IN ('a', 'b')`, joined by `AND`, each dimension once",
    )
}

pub(super) fn value(value: &str, dimension: &Dimension, view: &View) -> Refusal {
    let value = quote(value);
    let names = Register::of(dimension).names;
    let labels = dimension.labels.iter();
    let labels = labels.flat_map(|(code, label)| [(code, &label.nl), (code, &label.en)]);
    let near = by_label(
        &value,
        labels.map(|(code, label)| (code.as_str(), label.as_str())),
    )
    .or_else(|| nearest(&value, names.iter().map(String::as_str)).map(str::to_owned));
    let near = meant(near.map(|code| with_label(&code, dimension)));
    let name = &dimension.name;
    let (nl, en) = if value.is_empty() {
        ("een leeg veld".to_owned(), "an empty field".to_owned())
    } else {
        (format!("`{value}`"), format!("`{value}`"))
    };
    Refusal::new(
        Code::ValueUnregistered,
        Text::new(
            format!("{nl} is geen afgesproken waarde van `{name}`{}", near.0),
            format!("{en} is not a registered value of `{name}`{}", near.1),
        ),
        Text::new(
            format!("kies een waarde uit de lijst van `{name}`, `(other)` of `(unknown)`"),
            format!("choose a value from the list of `{name}`, `(other)` or `(unknown)`"),
        ),
    )
    .under(format!("view.{}.dimension.{name}.values", view.name))
}

pub(super) fn too_many_dimensions(n: usize, agreement: &Agreement) -> Refusal {
    let most = agreement.protection.max_dimensions;
    let path = "protection.max_dimensions";
    Refusal::new(
        Code::TooManyDimensions,
        Text::new(
            format!("de vraag combineert {n} kenmerken; afgesproken is hoogstens {most}"),
            format!("the question combines {n} dimensions; at most {most} was agreed"),
        ),
        condition::amend(agreement, path),
    )
    .under(path)
}

pub(super) fn alias(name: &str) -> Refusal {
    let name = quote(name);
    refusal(
        Code::AliasDuplicate,
        format!("twee kolommen van het antwoord heten `{name}`"),
        format!("two columns of the answer are called `{name}`"),
        "geef elke kolom een eigen naam met `AS`",
        "give each column a name of its own with `AS`",
    )
}
