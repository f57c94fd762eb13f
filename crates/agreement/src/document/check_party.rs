//! Checks of parties: seats at the table, suppliers, who speaks for whom.

use super::check::{id, seat_exists, unique};
use super::reader::DocumentReader;
use crate::agreement::{Agreement, Helix, Party, PartyRole};
use crate::diagnostic::FaultCode;
use crate::signature::PublicKey;
use crate::text::Text;

pub(super) fn parties(r: &mut DocumentReader<'_>, agreement: &Agreement) {
    let ids = agreement
        .party
        .iter()
        .enumerate()
        .map(|(i, p)| (format!("party[{i}].id"), p.id.as_str()));
    unique(r, ids);
    for (i, party) in agreement.party.iter().enumerate() {
        let path = format!("party[{i}]");
        id(r, &format!("{path}.id"), &party.id);
        let rights = party
            .may
            .iter()
            .enumerate()
            .map(|(j, m)| (format!("{path}.may[{j}]"), m.as_str()));
        unique(r, rights);
        match party.role {
            Some(PartyRole::Supplier) => supplier(r, &path, party, agreement),
            None => seat(r, &path, party),
        }
    }
}

fn supplier(r: &mut DocumentReader<'_>, path: &str, party: &Party, agreement: &Agreement) {
    for key in ["helix", "represents", "mandate", "may"] {
        let at = format!("{path}.{key}");
        if r.present(&at) {
            r.fault(
                &at,
                FaultCode::NotApplicable,
                Text::new(
                    format!("een leverancier heeft geen `{key}`"),
                    format!("a supplier has no `{key}`"),
                ),
                Text::new(
                    "haal het weg; een leverancier werkt onder de partner van `for`",
                    "remove it; a supplier works under the party in `for`",
                ),
            );
        }
    }
    let at = format!("{path}.for");
    match &party.for_ {
        Some(principal) => seat_exists(r, &at, principal, agreement),
        None if r.present(&at) => {}
        None => r.fault(
            &at,
            FaultCode::Missing,
            Text::new(
                "`for` ontbreekt bij een leverancier",
                "`for` is missing at a supplier",
            ),
            Text::new(
                "noem de partner voor wie hij werkt",
                "name the party that it works for",
            ),
        ),
    }
}

fn seat(r: &mut DocumentReader<'_>, path: &str, party: &Party) {
    let key = |key: &str| format!("{path}.{key}");
    if !r.present(&key("helix")) && !r.present(&key("role")) {
        r.fault(
            &key("helix"),
            FaultCode::Missing,
            Text::new(
                "de kant van de tafel ontbreekt",
                "the side of the table is missing",
            ),
            Text::new(
                "schrijf `helix = \"government\"`, `knowledge`, `organisations` of `residents`",
                "write `helix = \"government\"`, `knowledge`, `organisations` or `residents`",
            ),
        );
    }
    if r.sound(&key("for")) && !r.present(&key("role")) {
        r.fault(
            &key("for"),
            FaultCode::NotApplicable,
            Text::new(
                "alleen een leverancier heeft `for`",
                "only a supplier has `for`",
            ),
            Text::new(
                "schrijf `role = \"supplier\"` of haal `for` weg",
                "write `role = \"supplier\"` or remove `for`",
            ),
        );
    }
    representation(r, path, party);
    public_key(r, path, party);
}

/// Checks that only residents' parties represent people, and that only a party that represents people has a mandate.
fn representation(r: &mut DocumentReader<'_>, path: &str, party: &Party) {
    let key = |key: &str| format!("{path}.{key}");
    let resident = party.helix == Some(Helix::Residents) || party.helix.is_none();
    if party.represents.is_some() && !resident {
        r.fault(
            &key("represents"),
            FaultCode::NotApplicable,
            Text::new(
                "alleen een partner van inwoners vertegenwoordigt mensen",
                "only a residents' party represents people",
            ),
            Text::new(
                "haal `represents` weg, of schrijf `helix = \"residents\"`",
                "remove `represents`, or write `helix = \"residents\"`",
            ),
        );
    }
    if let Some(represents) = &party.represents {
        id(r, &key("represents"), represents);
    }
    if party.mandate.is_some() && !r.present(&key("represents")) {
        r.fault(
            &key("mandate"),
            FaultCode::Missing,
            Text::new("een mandaat van wie?", "a mandate of whom?"),
            Text::new(
                "schrijf bij `represents` wie de partner vertegenwoordigt",
                "write in `represents` whom the party represents",
            ),
        );
    }
}

fn public_key(r: &mut DocumentReader<'_>, path: &str, party: &Party) {
    let key = party.public_key.as_ref();
    if key.is_some_and(|key| key.parse::<PublicKey>().is_err()) {
        r.fault(
            &format!("{path}.public_key"),
            FaultCode::Malformed,
            Text::new("dit is geen publieke sleutel", "this is not a public key"),
            Text::new(
                "schrijf de regel die `zwerm party key show` geeft; hij begint met `ed25519:`",
                "write the line that `zwerm party key show` gives; it begins with `ed25519:`",
            ),
        );
    }
}
