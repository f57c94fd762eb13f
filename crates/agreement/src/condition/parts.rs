//! The enforced conditions of each part of an agreement.

use super::{EnforcedCondition, embargo_owner, embargo_path, words};
use crate::agreement::{
    Agreement, Dataset, Dimension, Measure, Mode, Party, Protection, Rhythm, View,
};
use crate::text::Text;

fn everybodys(path: impl Into<String>, words: Text) -> EnforcedCondition {
    EnforcedCondition {
        path: path.into(),
        words,
        owner: None,
    }
}

fn of(owner: &str, path: String, words: Text) -> EnforcedCondition {
    EnforcedCondition {
        path,
        words,
        owner: Some(owner.to_owned()),
    }
}

pub(super) fn whole(agreement: &Agreement) -> Vec<EnforcedCondition> {
    vec![
        everybodys("purpose", words::purpose(agreement)),
        everybodys("valid.from", words::valid_from(agreement)),
        everybodys("valid.until", words::valid_until(agreement)),
        everybodys("retention.months", words::retention(agreement)),
        everybodys("answers", words::answers(agreement)),
        everybodys("view", words::views(agreement)),
        everybodys("about.id", words::about(agreement)),
    ]
}

pub(super) fn party(party: &Party) -> Vec<EnforcedCondition> {
    let id = &party.id;
    let mut all = Vec::new();
    if party.role.is_none() {
        all.push(everybodys(format!("party.{id}.may"), rights(party)));
    }
    if party.role.is_some() {
        all.push(everybodys(
            format!("party.{id}.for"),
            words::supplier(party),
        ));
    }
    if let Some(people) = &party.represents {
        all.push(everybodys(
            format!("party.{id}.represents"),
            Text::new(
                format!("`{id}` spreekt voor `{people}` en kan de afspraak stilzetten"),
                format!("`{id}` speaks for `{people}` and can suspend the agreement"),
            ),
        ));
    }
    if let Some(mandate) = &party.mandate {
        let (on, evidence) = (mandate.on, &mandate.evidence);
        all.push(everybodys(
            format!("party.{id}.mandate"),
            Text::new(
                format!(
                    "`{id}` heeft sinds {on} een mandaat ({}): {evidence}",
                    mandate.by
                ),
                format!(
                    "`{id}` has a mandate since {on} ({}): {evidence}",
                    mandate.by
                ),
            ),
        ));
    }
    all
}

fn rights(party: &Party) -> Text {
    if party.may.is_empty() {
        let id = &party.id;
        return Text::new(
            format!("`{id}` stelt geen vragen en levert geen gegevens"),
            format!("`{id}` asks no questions and provides no data"),
        );
    }
    let each: Vec<_> = party
        .may
        .iter()
        .map(|right| words::right(party, *right))
        .collect();
    let nl: Vec<_> = each.iter().map(|t| t.nl.as_str()).collect();
    let en: Vec<_> = each.iter().map(|t| t.en.as_str()).collect();
    Text::new(nl.join("; "), en.join("; "))
}

pub(super) fn dataset(dataset: &Dataset) -> Vec<EnforcedCondition> {
    let (id, owner) = (&dataset.id, dataset.provider.as_str());
    let columns: Vec<_> = dataset.columns.keys().map(String::as_str).collect();
    let columns = columns.join(", ");
    let mut all = vec![
        of(
            owner,
            format!("dataset.{id}.provider"),
            Text::new(
                format!("`{owner}` levert `{id}`, stemt in en kan de afspraak stilzetten"),
                format!("`{owner}` provides `{id}`, consents and can suspend the agreement"),
            ),
        ),
        of(
            owner,
            format!("dataset.{id}.columns"),
            Text::new(
                format!("van `{id}` worden alleen deze kolommen gelezen: {columns}"),
                format!("of `{id}` only these columns are read: {columns}"),
            ),
        ),
    ];
    if !dataset.withheld.is_empty() {
        let withheld: Vec<_> = dataset.withheld.keys().map(String::as_str).collect();
        let withheld = withheld.join(", ");
        all.push(of(
            owner,
            format!("dataset.{id}.withheld"),
            Text::new(
                format!("van `{id}` wordt niet gedeeld: {withheld}"),
                format!("of `{id}` is not shared: {withheld}"),
            ),
        ));
    }
    all
}

pub(super) fn view(view: &View) -> Vec<EnforcedCondition> {
    let (path, key, unit) = (format!("view.{}", view.name), &view.key, &view.unit);
    let mode = match view.mode {
        Mode::Table => Text::new(
            "antwoorden komen uit een beschermde tabel",
            "answers come from a protected table",
        ),
        Mode::Noisy => Text::new("antwoorden krijgen ruis", "answers carry noise"),
    };
    let mut all = vec![
        everybodys(
            format!("{path}.key"),
            Text::new(
                format!("`{key}` wijst een {unit} aan en is nooit te zien of te kiezen"),
                format!("`{key}` points at one {unit} and is never shown or filtered by"),
            ),
        ),
        everybodys(format!("{path}.mode"), mode),
    ];
    all.extend(view.dimension.iter().flat_map(|d| dimension(&path, d)));
    all.extend(view.measure.iter().flat_map(|m| measure(&path, m)));
    all
}

fn dimension(view: &str, dimension: &Dimension) -> Vec<EnforcedCondition> {
    let (path, name) = (
        format!("{view}.dimension.{}", dimension.name),
        &dimension.name,
    );
    let values = dimension.values.join(", ");
    let per_unit = if dimension.per_unit {
        Text::new(
            format!("een eenheid heeft één waarde van `{name}`"),
            format!("a unit has one value of `{name}`"),
        )
    } else {
        Text::new(
            format!(
                "een eenheid kan meer waarden van `{name}` hebben; alleen afgesproken groepen gaan samen"
            ),
            format!(
                "a unit may have several values of `{name}`; only registered groups are united"
            ),
        )
    };
    let mut all = vec![
        everybodys(
            format!("{path}.values"),
            Text::new(
                format!("de waarden van `{name}` zijn {values}; al het andere is `(other)`"),
                format!("the values of `{name}` are {values}; anything else is `(other)`"),
            ),
        ),
        everybodys(format!("{path}.per_unit"), per_unit),
    ];
    all.extend(sensitive(&path, dimension));
    all.extend(parents(&path, dimension));
    all.extend(groups(&path, dimension));
    all
}

fn sensitive(path: &str, dimension: &Dimension) -> Option<EnforcedCondition> {
    let name = &dimension.name;
    dimension.sensitive.then(|| {
        everybodys(
            format!("{path}.sensitive"),
            Text::new(
                format!(
                    "een antwoord verraadt van geen groep dat iedereen dezelfde `{name}` heeft"
                ),
                format!("no answer gives away that everyone in a group has the same `{name}`"),
            ),
        )
    })
}

/// Names with their members, in words.
fn listed<'a>(unions: impl Iterator<Item = (&'a str, Vec<&'a str>)>) -> String {
    let named = unions.map(|(name, members)| format!("{name} ({})", members.join(", ")));
    named.collect::<Vec<_>>().join(", ")
}

fn parents(path: &str, dimension: &Dimension) -> Option<EnforcedCondition> {
    if dimension.parents.is_empty() {
        return None;
    }
    let name = &dimension.name;
    let mut wholes: Vec<(&str, Vec<&str>)> = Vec::new();
    for value in &dimension.values {
        let Some(parent) = dimension.parents.get(value) else {
            continue;
        };
        match wholes.iter_mut().find(|(whole, _)| whole == parent) {
            Some((_, members)) => members.push(value),
            None => wholes.push((parent, vec![value])),
        }
    }
    let wholes = listed(wholes.into_iter());
    Some(everybodys(
        format!("{path}.parents"),
        Text::new(
            format!("de grotere gehelen van `{name}` zijn {wholes}"),
            format!("the larger wholes of `{name}` are {wholes}"),
        ),
    ))
}

fn groups(path: &str, dimension: &Dimension) -> Option<EnforcedCondition> {
    if dimension.groups.is_empty() {
        return None;
    }
    let name = &dimension.name;
    let groups = dimension.groups.iter();
    let groups =
        groups.map(|(group, of)| (group.as_str(), of.iter().map(String::as_str).collect()));
    let groups = listed(groups);
    Some(everybodys(
        format!("{path}.groups"),
        Text::new(
            format!("de groepen van `{name}` zijn {groups}"),
            format!("the groups of `{name}` are {groups}"),
        ),
    ))
}

fn measure(view: &str, measure: &Measure) -> Vec<EnforcedCondition> {
    let (path, name) = (format!("{view}.measure.{}", measure.name), &measure.name);
    let (lower, upper, quantity) = (measure.lower, measure.upper, &measure.quantity);
    vec![
        everybodys(
            format!("{path}.lower"),
            Text::new(
                format!("`{name}` telt vanaf {lower} ({quantity})"),
                format!("`{name}` counts from {lower} ({quantity})"),
            ),
        ),
        everybodys(
            format!("{path}.upper"),
            Text::new(
                format!("`{name}` telt tot en met {upper} ({quantity})"),
                format!("`{name}` counts up to {upper} ({quantity})"),
            ),
        ),
    ]
}

pub(super) fn embargoes(agreement: &Agreement) -> Vec<EnforcedCondition> {
    let one = |(i, embargo): (usize, &crate::agreement::Embargo)| EnforcedCondition {
        path: embargo_path(i),
        words: words::embargo(embargo),
        owner: embargo_owner(agreement, &embargo.columns),
    };
    agreement.embargo.iter().enumerate().map(one).collect()
}

pub(super) fn protection(protection: &Protection) -> Vec<EnforcedCondition> {
    let (units, dimensions) = (protection.minimum_units, protection.max_dimensions);
    let zeros = if protection.protect_zeros {
        Text::new(
            "ook een lege cel wordt afgeschermd",
            "an empty cell is protected as well",
        )
    } else {
        Text::new(
            "een lege cel is te zien als nul",
            "an empty cell is shown as zero",
        )
    };
    let rounding = match protection.round_to {
        1 => Text::new("aantallen worden niet afgerond", "counts are not rounded"),
        n => Text::new(
            format!("aantallen zijn afgerond op {n}"),
            format!("counts are rounded to {n}"),
        ),
    };
    let mut all = vec![
        everybodys(
            "protection.minimum_units",
            Text::new(
                format!("een getal gaat over minstens {units} eenheden"),
                format!("a number is about at least {units} units"),
            ),
        ),
        everybodys("protection.protect_zeros", zeros),
        everybodys("protection.round_to", rounding),
        everybodys(
            "protection.max_dimensions",
            Text::new(
                format!("een vraag gebruikt hoogstens {dimensions} kenmerken"),
                format!("a question uses at most {dimensions} dimensions"),
            ),
        ),
    ];
    all.extend(concentration(protection));
    all.push(everybodys(
        "protection.release_rhythm",
        rhythm(protection.release_rhythm),
    ));
    all
}

fn rhythm(rhythm: Rhythm) -> Text {
    let (nl, en) = match rhythm {
        Rhythm::Once => {
            return Text::new(
                "over deze gegevens komt één uitgave, en geen van een nieuwe periode",
                "there is one release over these data, and none of a new period",
            );
        }
        Rhythm::Yearly => ("jaar", "year"),
        Rhythm::Quarterly => ("kwartaal", "quarter"),
        Rhythm::Monthly => ("maand", "month"),
    };
    Text::new(
        format!("gegevens over een nieuwe periode komen hoogstens eens per {nl}"),
        format!("data about a new period come at most once a {en}"),
    )
}

/// The rules that keep anybody from estimating the contribution of one unit to a sum.
fn concentration(protection: &Protection) -> Vec<EnforcedCondition> {
    let mut all = Vec::new();
    if let Some(rule) = &protection.dominance {
        let (n, k) = (rule.largest, rule.percent);
        all.push(everybodys(
            "protection.dominance",
            match n {
                1 => Text::new(
                    format!("van één eenheid komt nooit meer dan {k}% van een bedrag"),
                    format!("no single unit accounts for more than {k}% of an amount"),
                ),
                _ => Text::new(
                    format!("van {n} eenheden samen komt nooit meer dan {k}% van een bedrag"),
                    format!("no {n} units together account for more than {k}% of an amount"),
                ),
            },
        ));
    }
    if let Some(p) = protection.p_percent {
        all.push(everybodys(
            "protection.p_percent",
            Text::new(
                format!("niemand kan de bijdrage van een ander tot op {p}% schatten"),
                format!("nobody can estimate another's contribution to within {p}%"),
            ),
        ));
    }
    all
}
