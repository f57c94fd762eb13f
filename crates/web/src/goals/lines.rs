//! Which areas have a line in the picture of an indicator: those that a reader chooses, else their own area and the whole.

use serde::Deserialize;
use zwerm_app::site::overview::Overview;

/// Lines that one picture holds.
pub(super) const MOST_LINES: usize = 4;

/// What the address of a goal says: an area for each line, and the area of whoever looks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct GoalQuery {
    line1: String,
    line2: String,
    line3: String,
    line4: String,
    /// The area that a reader chose before, such as their district.
    place: String,
}

/// From what the lines of an indicator follow.
#[derive(Debug, Clone, Default)]
pub(super) struct LineChoice {
    /// The codes that a reader chose, each once.
    chosen: Vec<String>,
    /// The area of whoever looks.
    place: Option<String>,
    /// What the site is called, which may be the name of a municipality.
    pub(super) site: Option<String>,
    /// The codes that agreements for this goal are about.
    pub(super) places: Vec<String>,
}

impl LineChoice {
    pub(super) fn of(query: &GoalQuery) -> Self {
        let mut chosen: Vec<String> = Vec::new();
        for code in [&query.line1, &query.line2, &query.line3, &query.line4] {
            if !code.is_empty() && !chosen.contains(code) {
                chosen.push(code.clone());
            }
        }
        let place = Some(query.place.clone());
        Self {
            chosen,
            place: place.filter(|place| !place.is_empty()),
            ..Self::default()
        }
    }

    /// The areas, by code and name, that have a line: at most four, and all where there are no more.
    pub(super) fn lines<'a>(&self, areas: &'a [(String, String)]) -> Vec<&'a (String, String)> {
        if areas.len() <= MOST_LINES {
            return areas.iter().collect();
        }
        let find = |code: &String| areas.iter().find(|(area, _)| area == code);
        let chosen: Vec<&(String, String)> = self.chosen.iter().filter_map(find).collect();
        if !chosen.is_empty() {
            return chosen;
        }
        let mut lines: Vec<&(String, String)> = self.place.iter().filter_map(find).collect();
        let wholes = areas.iter().filter(|(code, _)| is_whole(code));
        for area in self.own(areas).into_iter().chain(wholes) {
            if !lines.contains(&area) {
                lines.push(area);
            }
        }
        if lines.is_empty() {
            lines = areas.iter().collect();
        }
        lines.truncate(MOST_LINES);
        lines
    }

    /// The municipality of the site or of the projects: by the site's name, else the one that all their districts lie in.
    fn own<'a>(&self, areas: &'a [(String, String)]) -> Option<&'a (String, String)> {
        let plain = |name: &str| {
            let name = name.trim().to_lowercase();
            let proper = name.strip_prefix("gemeente ").map(str::to_owned);
            proper.unwrap_or(name)
        };
        let named = self.site.as_deref().and_then(|site| {
            let site = plain(site);
            areas.iter().find(|(_, name)| plain(name) == site)
        });
        named.or_else(|| {
            let mut around = self.places.iter().filter_map(|code| municipality(code));
            let first = around.next()?;
            let all_in_it = around.all(|other| other == first);
            let it = areas.iter().find(|(code, _)| *code == first);
            it.filter(|_| all_in_it)
        })
    }
}

/// Whether a code is of the country, a part of it or a province.
fn is_whole(code: &str) -> bool {
    ["NL", "LD", "PV"].iter().any(|kind| {
        let rest = code.strip_prefix(kind);
        rest.is_some_and(|rest| rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The municipality that a district or neighbourhood lies in, as CBS numbers them; a municipality is its own.
fn municipality(code: &str) -> Option<String> {
    let kinds = ["GM", "WK", "BU"];
    let digits = kinds.iter().find_map(|kind| code.strip_prefix(kind))?;
    let digits = digits.get(..4)?;
    let number = digits.bytes().all(|byte| byte.is_ascii_digit());
    number.then(|| format!("GM{digits}"))
}

/// The codes that the agreements for a goal that are in force have a figure of.
pub(super) fn places(overview: &Overview, goal: &str) -> Vec<String> {
    let current = overview
        .dossiers
        .iter()
        .filter_map(|dossier| dossier.current());
    let agreements = current.map(|version| version.agreement());
    let views = agreements
        .filter(|agreement| agreement.goal == goal)
        .flat_map(|agreement| &agreement.view);
    let values = views.flat_map(|view| view.dimension.iter().flat_map(|d| &d.values));
    let codes = values.filter(|value| municipality(value).is_some());
    codes.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(codes: &[(&str, &str)]) -> Vec<(String, String)> {
        let areas = codes.iter();
        areas
            .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()))
            .collect()
    }

    fn region() -> Vec<(String, String)> {
        areas(&[
            ("NL01", "Nederland"),
            ("GM0482", "Alblasserdam"),
            ("GM0484", "Alphen aan den Rijn"),
            ("GM0489", "Barendrecht"),
            ("GM0501", "Brielle"),
            ("GM0546", "Leiden"),
        ])
    }

    fn codes(choice: &LineChoice, areas: &[(String, String)]) -> Vec<String> {
        let lines = choice.lines(areas);
        lines.into_iter().map(|(code, _)| code.clone()).collect()
    }

    #[test]
    fn by_default_there_are_the_own_municipality_and_the_whole() {
        let site = LineChoice {
            site: Some("Gemeente Leiden".into()),
            ..LineChoice::default()
        };
        assert_eq!(codes(&site, &region()), ["GM0546", "NL01"]);
        let districts = LineChoice {
            places: vec!["WK054600".into(), "WK054601".into(), "other".into()],
            ..LineChoice::default()
        };
        assert_eq!(codes(&districts, &region()), ["GM0546", "NL01"]);
        let many = LineChoice {
            places: vec!["GM0482".into(), "GM0546".into()],
            ..LineChoice::default()
        };
        assert_eq!(codes(&many, &region()), ["NL01"]);
    }

    #[test]
    fn the_district_of_whoever_looks_comes_first() {
        let mut all = region();
        all.extend(areas(&[("WK054603", "Leiden-Noord")]));
        let query = GoalQuery {
            place: "WK054603".into(),
            ..GoalQuery::default()
        };
        let mut choice = LineChoice::of(&query);
        choice.site = Some("Leiden".into());
        assert_eq!(codes(&choice, &all), ["WK054603", "GM0546", "NL01"]);
    }

    #[test]
    fn what_a_reader_chooses_is_drawn_in_that_order_and_once() {
        let query = GoalQuery {
            line1: "GM0501".into(),
            line2: "NL01".into(),
            line3: "GM0501".into(),
            line4: "X".into(),
            ..GoalQuery::default()
        };
        let choice = LineChoice::of(&query);
        assert_eq!(codes(&choice, &region()), ["GM0501", "NL01"]);
        // what has few areas shows them all
        let few = areas(&[("NL01", "Nederland"), ("NL01-r", "Huurders")]);
        assert_eq!(codes(&choice, &few), ["NL01", "NL01-r"]);
    }

    #[test]
    fn without_an_own_area_or_a_whole_there_are_the_first_four() {
        let all = areas(&[("A", "a"), ("B", "b"), ("C", "c"), ("D", "d"), ("E", "e")]);
        assert_eq!(codes(&LineChoice::default(), &all), ["A", "B", "C", "D"]);
    }
}
