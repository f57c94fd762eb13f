//! The fields in which a party and roles there are chosen, in an invitation and for somebody who has an account.

use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::people::parties;
use zwerm_app::people::people::ROLES;
use zwerm_app::types::store::parties::RegisteredParty;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::form::FormFields;

/// Parties in one list to choose from at most; of more, the short name is typed.
const LISTED: u32 = 200;

/// A role, its name, and what it is for.
pub(crate) type RoleWords = (Role, Text, Text);

/// What there is to choose, and what was chosen.
pub(crate) struct RoleChoice {
    /// The parties; none when there are too many for a list.
    pub(crate) parties: Vec<RegisteredParty>,
    many: bool,
    ticked: Vec<String>,
}

impl RoleChoice {
    /// The parties that somebody may choose from: these, or all.
    pub(crate) async fn new(
        web: &Web,
        own: Option<&[&str]>,
        fields: &FormFields,
    ) -> Result<Self, Failure> {
        let mut parties = Vec::new();
        match own {
            None => parties = parties::after(&web.site, "", LISTED + 1).await?,
            Some(own) => {
                for party in own {
                    parties.extend(parties::find(&web.site, party).await?);
                }
            }
        }
        let many = u32::try_from(parties.len()).is_ok_and(|count| count > LISTED);
        if many {
            parties.clear();
        }
        Ok(Self {
            parties,
            many,
            ticked: fields.all("role").map(str::to_owned).collect(),
        })
    }

    /// Whether they are in a list.
    pub(crate) fn listed(&self) -> bool {
        !self.many
    }

    /// Whether this role was chosen.
    pub(crate) fn ticked(&self, role: &Role) -> bool {
        self.ticked.iter().any(|one| one == role.as_str())
    }
}

/// The roles that people get, each with what it is for.
pub(crate) fn role_words() -> Vec<RoleWords> {
    let words = |role: Role| {
        let about = match role {
            Role::Decider => Text::new(
                "stemt in of maakt bezwaar, en tekent voor de partner",
                "consents or objects, and signs for the party",
            ),
            Role::Analyst => {
                Text::new("stelt vragen aan de gegevens", "asks questions of the data")
            }
            Role::Steward => Text::new(
                "levert gegevens, en trekt ze in",
                "delivers data, and withdraws them",
            ),
            _ => Text::default(),
        };
        (role, role.name(), about)
    };
    ROLES.map(words).into()
}
