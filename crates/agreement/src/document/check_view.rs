//! Checks within a shared view: names, values, hierarchies, groups, bounds.

use crate::diagnostic::FaultCode;
use std::collections::HashSet;

use super::check::{sql_name, unique};
use super::reader::{DocumentReader, shorten};
use crate::agreement::{Agreement, Dimension, Measure, Mode, View};
use crate::text::Text;

/// The most values that a dimension may register; with more, its table would be about single units.
pub(super) const MOST_VALUES: usize = 10_000;

/// What answers call a value outside the list, and an unknown value.
const TAKEN: [&str; 2] = ["(other)", "(unknown)"];

pub(super) fn views(r: &mut DocumentReader<'_>, agreement: &Agreement) {
    if agreement.view.is_empty() {
        r.fault(
            "view",
            FaultCode::Missing,
            Text::new("er is geen gezamenlijke basis", "there is no shared view"),
            Text::new("voeg een `[[view]]` toe", "add a `[[view]]`"),
        );
    }
    let names = agreement
        .view
        .iter()
        .enumerate()
        .map(|(i, v)| (format!("view[{i}].name"), v.name.as_str()));
    unique(r, names);
    for (i, view) in agreement.view.iter().enumerate() {
        let path = format!("view[{i}]");
        sql_name(r, &format!("{path}.name"), &view.name);
        sql_name(r, &format!("{path}.key"), &view.key);
        columns(r, &path, view);
        noisy_has_noise(r, &path, view);
    }
}

fn columns(r: &mut DocumentReader<'_>, path: &str, view: &View) {
    let mut names = vec![(format!("{path}.key"), view.key.as_str())];
    for (i, dimension) in view.dimension.iter().enumerate() {
        let path = format!("{path}.dimension[{i}]");
        sql_name(r, &format!("{path}.name"), &dimension.name);
        self::dimension(r, &path, dimension);
        names.push((format!("{path}.name"), dimension.name.as_str()));
    }
    for (i, measure) in view.measure.iter().enumerate() {
        let path = format!("{path}.measure[{i}]");
        sql_name(r, &format!("{path}.name"), &measure.name);
        bounds(r, &path, measure);
        names.push((format!("{path}.name"), measure.name.as_str()));
    }
    unique(r, names.into_iter());
}

fn noisy_has_noise(r: &mut DocumentReader<'_>, path: &str, view: &View) {
    if view.mode == Mode::Noisy && !r.present("noise") {
        r.fault(
            &format!("{path}.mode"),
            FaultCode::Missing,
            Text::new(
                "voor een basis met ruis ontbreekt `[noise]`",
                "a noisy view lacks `[noise]`",
            ),
            Text::new(
                "voeg `[noise]` toe, of schrijf `mode = \"table\"`",
                "add `[noise]`, or write `mode = \"table\"`",
            ),
        );
    }
}

fn dimension(r: &mut DocumentReader<'_>, path: &str, dimension: &Dimension) {
    values(r, path, dimension);
    let known: HashSet<&str> = dimension.values.iter().map(String::as_str).collect();
    for (value, parent) in &dimension.parents {
        let at = format!("{path}.parents.{value}");
        registered(r, &at, value, &known);
        if known.contains(parent.as_str()) {
            let name = shorten(parent);
            r.fault(
                &at,
                FaultCode::Duplicate,
                Text::new(
                    format!("`{name}` is zelf een waarde"),
                    format!("`{name}` is a value itself"),
                ),
                Text::new(
                    "geef het grotere geheel een eigen naam",
                    "give the larger whole its own name",
                ),
            );
        }
    }
    for value in dimension.labels.keys() {
        registered(r, &format!("{path}.labels.{value}"), value, &known);
    }
    groups(r, path, dimension, &known);
}

fn values(r: &mut DocumentReader<'_>, path: &str, dimension: &Dimension) {
    let at = format!("{path}.values");
    let count = dimension.values.len();
    if count == 0 || count > MOST_VALUES {
        r.fault(
            &at,
            FaultCode::OutOfRange,
            Text::new(
                format!("de lijst heeft {count} waarden"),
                format!("the list has {count} values"),
            ),
            Text::new(
                format!("registreer 1 tot {MOST_VALUES} waarden"),
                format!("register 1 to {MOST_VALUES} values"),
            ),
        );
    }
    for (i, value) in dimension
        .values
        .iter()
        .enumerate()
        .filter(|(_, v)| TAKEN.contains(&v.as_str()))
    {
        r.fault(
            &format!("{at}[{i}]"),
            FaultCode::Duplicate,
            Text::new(
                format!("`{value}` heeft al een betekenis in antwoorden"),
                format!("`{value}` already has a meaning in answers"),
            ),
            Text::new(
                "geef de waarde een andere naam",
                "give the value another name",
            ),
        );
    }
    let listed = dimension
        .values
        .iter()
        .enumerate()
        .map(|(i, v)| (format!("{at}[{i}]"), v.as_str()));
    unique(r, listed);
}

fn groups(r: &mut DocumentReader<'_>, path: &str, dimension: &Dimension, known: &HashSet<&str>) {
    for (group, members) in &dimension.groups {
        let at = format!("{path}.groups.{group}");
        let taken = TAKEN.contains(&group.as_str());
        let parent = dimension.parents.values().any(|p| p == group);
        if known.contains(group.as_str()) || taken || parent {
            let name = shorten(group);
            r.fault(
                &at,
                FaultCode::Duplicate,
                Text::new(
                    format!("de naam `{name}` is al een waarde"),
                    format!("the name `{name}` is a value already"),
                ),
                Text::new(
                    "geef de groep een andere naam",
                    "give the group another name",
                ),
            );
        }
        if members.is_empty() {
            r.fault(
                &at,
                FaultCode::Empty,
                Text::new("de groep is leeg", "the group is empty"),
                Text::new(
                    "noem de waarden van de groep",
                    "name the values of the group",
                ),
            );
        }
        let listed = members
            .iter()
            .enumerate()
            .map(|(i, v)| (format!("{at}[{i}]"), v.as_str()));
        unique(r, listed);
        for (i, member) in members.iter().enumerate() {
            registered(r, &format!("{at}[{i}]"), member, known);
        }
    }
}

fn registered(r: &mut DocumentReader<'_>, path: &str, value: &str, known: &HashSet<&str>) {
    if known.contains(value) {
        return;
    }
    let name = shorten(value);
    let what = Text::new(
        format!("`{name}` staat niet in `values`"),
        format!("`{name}` is not in `values`"),
    );
    // Comparing with thousands of codes would suggest noise, and cost time for each fault.
    let near = (known.len() <= 200)
        .then(|| r.suggest(value, known.iter().copied()))
        .flatten();
    let cure = match near {
        Some(near) => Text::new(
            format!("bedoelde u `{near}`?"),
            format!("did you mean `{near}`?"),
        ),
        None => Text::new(
            "zet het erbij of haal het hier weg",
            "add it there or remove it here",
        ),
    };
    r.fault(path, FaultCode::NotFound, what, cure);
}

fn bounds(r: &mut DocumentReader<'_>, path: &str, measure: &Measure) {
    let (lower, upper) = (measure.lower, measure.upper);
    let read = r.sound(&format!("{path}.lower")) && r.sound(&format!("{path}.upper"));
    if read && (lower >= upper || !(upper - lower).is_finite()) {
        r.fault(
            &format!("{path}.upper"),
            FaultCode::OutOfRange,
            Text::new(
                format!("`upper` = {upper} ligt niet boven `lower` = {lower}"),
                format!("`upper` = {upper} is not above `lower` = {lower}"),
            ),
            Text::new(
                "schrijf de kleinste en de grootste gewone waarde",
                "write the smallest and the largest ordinary value",
            ),
        );
    }
}
