//! Small pieces that every page is made of: the marks of the four sides, icons, states, and the table seen from above.
//!
//! Each says what it says in colour, shape and word together.

use std::fmt;

use askama::filters::HtmlSafe;
use zwerm_agreement::agreement::{Agreement, Helix, Party};
use zwerm_agreement::consent::{Decision, latest};
use zwerm_agreement::text::Text;
use zwerm_app::site::overview::Version;
use zwerm_app::site::standing::Standing;
use zwerm_app::words::capital;
use zwerm_picture::escape;
use zwerm_picture::table::{SeatMark, TableCentre, TableSeats, table};

/// HTML that we wrote ourselves, with every word in it escaped.
#[derive(Debug, Clone)]
pub(crate) struct Markup(pub(crate) String);

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Markup {}

/// How something stands, as a badge says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StateKind {
    /// In force, done, found right.
    Ok,
    /// It waits for somebody.
    Wait,
    /// An objection, a refusal, an error.
    Stop,
    /// Suspended, over, or not to be known.
    Rest,
}

impl StateKind {
    fn parts(self) -> (&'static str, &'static str) {
        match self {
            Self::Ok => ("ok", "ok"),
            Self::Wait => ("wait", "wait"),
            Self::Stop => ("stop", "stop"),
            Self::Rest => ("rest", "pause"),
        }
    }
}

impl StateKind {
    /// The name of its icon.
    pub(crate) fn icon(self) -> &'static str {
        self.parts().1
    }
}

/// What a badge can be of.
pub(crate) trait Stands {
    /// How it stands.
    fn kind(&self) -> StateKind;
}

impl Stands for StateKind {
    fn kind(&self) -> StateKind {
        *self
    }
}

impl Stands for Standing {
    fn kind(&self) -> StateKind {
        match self {
            Self::InForce => StateKind::Ok,
            Self::Objected => StateKind::Stop,
            Self::AwaitsConsent | Self::NotYetValid => StateKind::Wait,
            Self::Suspended | Self::Ended | Self::Superseded | Self::Expired => StateKind::Rest,
        }
    }
}

impl<T: Stands> Stands for &T {
    fn kind(&self) -> StateKind {
        (*self).kind()
    }
}

/// A badge: an icon and one or two words.
pub(crate) fn state(kind: StateKind, words: &str) -> Markup {
    let (class, name) = kind.parts();
    let words = escape(&capital(words));
    Markup(format!(
        r#"<span class="state state--{class}">{}{words}</span>"#,
        icon(name)
    ))
}

/// An icon, beside words.
pub(crate) fn icon(name: &str) -> Markup {
    Markup(format!(
        r##"<svg class="i" aria-hidden="true"><use href="#i-{name}"/></svg>"##
    ))
}

/// The sides in the order in which they always come: those whom it concerns first.
pub(crate) const SIDES: [Helix; 4] = [
    Helix::Residents,
    Helix::Knowledge,
    Helix::Organisations,
    Helix::Government,
];

/// The class of a side.
pub(crate) fn side_class(side: Helix) -> &'static str {
    match side {
        Helix::Residents => "inw",
        Helix::Knowledge => "ken",
        Helix::Organisations => "org",
        Helix::Government => "ove",
    }
}

/// The mark of a side.
pub(crate) fn mark(side: Helix) -> Markup {
    let class = side_class(side);
    Markup(format!(
        r##"<svg class="m {class} sf" aria-hidden="true"><use href="#s-{class}"/></svg>"##
    ))
}

/// A party by its name, with the mark of its side.
pub(crate) fn named(side: Option<Helix>, name: &str) -> Markup {
    let name = escape(name);
    match side {
        Some(side) => Markup(format!(
            r#"<span class="side {}">{} {name}</span>"#,
            side_class(side),
            mark(side)
        )),
        None => Markup(name),
    }
}

/// A party by its name, with its side of the table.
#[derive(Debug, Clone)]
pub(crate) struct PartyMark {
    pub(crate) name: Text,
    pub(crate) side: Option<Helix>,
}

impl PartyMark {
    /// A party as an agreement names it; one that it does not name, by its id.
    pub(crate) fn of(agreement: &Agreement, id: &str) -> Self {
        let party = agreement.find_party(id);
        Self {
            name: party.map_or_else(|| Text::same(id), Party::display_name),
            side: party.and_then(|party| party.helix),
        }
    }
}

/// The table of a version, this many pixels wide.
pub(crate) fn table_of(version: &Version, size: u32) -> Markup {
    let standing = version.standing;
    let over = matches!(
        standing,
        Standing::Ended | Standing::Superseded | Standing::Expired
    );
    let marks = seats_of(version).map(|(_, mark)| if over { SeatMark::Over } else { mark });
    let [residents, knowledge, organisations, government] = marks;
    let seats = TableSeats {
        residents,
        knowledge,
        organisations,
        government,
    };
    let centre = match standing {
        Standing::InForce => TableCentre::InForce,
        Standing::Objected => TableCentre::Objection,
        Standing::Suspended => TableCentre::Suspended,
        Standing::AwaitsConsent | Standing::NotYetValid => {
            TableCentre::Consenting(consenting(version), SIDES.len())
        }
        Standing::Ended | Standing::Superseded | Standing::Expired => TableCentre::Over,
    };
    Markup(table(&seats, centre, size))
}

/// A table at which nobody said anything yet.
pub(crate) fn open_table(size: u32) -> Markup {
    Markup(table(
        &TableSeats::all(SeatMark::Deciding),
        TableCentre::Bare,
        size,
    ))
}

/// How each side of the table stands, in the order of [`SIDES`].
pub(crate) fn seats_of(version: &Version) -> [(Helix, SeatMark); 4] {
    SIDES.map(|side| (side, seat_of(version, side)))
}

/// How many sides consent.
pub(crate) fn consenting(version: &Version) -> usize {
    let seats = seats_of(version).into_iter();
    let given = seats.filter(|(_, mark)| matches!(mark, SeatMark::Consents | SeatMark::Concern));
    given.count()
}

/// What the parties of a side said together: an objection of one is the side's, and one who still decides keeps it open.
fn seat_of(version: &Version, side: Helix) -> SeatMark {
    let agreement: &Agreement = version.agreement();
    let seats = agreement.seats().filter(|party| party.helix == Some(side));
    let said = seats.map(|party| {
        let consent = latest(&version.stored.document.consents, &party.id);
        consent.map(|consent| consent.decision)
    });
    let said: Vec<Option<Decision>> = said.collect();
    if said.contains(&Some(Decision::Object)) {
        SeatMark::Objects
    } else if said.is_empty() || said.contains(&None) {
        SeatMark::Deciding
    } else if said.contains(&Some(Decision::Concern)) {
        SeatMark::Concern
    } else {
        SeatMark::Consents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_markup() {
        let named = named(Some(Helix::Residents), "<b>Huurders</b> & \"co\"").to_string();
        assert!(
            named.ends_with("&lt;b&gt;Huurders&lt;/b&gt; &amp; &quot;co&quot;</span>"),
            "{named}"
        );
        assert!(
            state(StateKind::Wait, "<i>")
                .to_string()
                .contains("&lt;i&gt;")
        );
    }

    #[test]
    fn residents_come_first_and_each_side_has_a_shape_of_its_own() {
        assert_eq!(SIDES[0], Helix::Residents);
        let marks: std::collections::BTreeSet<String> = SIDES.map(|side| mark(side).0).into();
        assert_eq!(marks.len(), Helix::ALL.len());
    }
}
