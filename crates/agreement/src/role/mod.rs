//! Roles: who may do what in the name of a party, decided by a small fixed set of Cedar policies (`roles.cedar`).
//!
//! What a party may do under an agreement is another matter, decided by [`crate::policy`]. Default deny; an
//! administrator speaks for nobody, whatever other role the person has.

use std::collections::HashSet;
use std::str::FromStr;
use std::sync::LazyLock;

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema,
};

use crate::text::Text;
use crate::words;

words! {
    in "zwerm_agreement::role";
    /// What a person does for a party.
    pub enum Role {
        /// Prepares and withdraws its datasets, and sees every use of them.
        Steward = "steward",
        /// Asks questions in its name.
        Analyst = "analyst",
        /// Consents, objects, suspends and signs for it.
        Decider = "decider",
        /// Keeps a network with its members.
        Keeper = "keeper",
        /// Belongs to a network.
        Member = "member",
    }
}

impl Role {
    /// Its name for people.
    ///
    /// ```
    /// use zwerm_agreement::role::Role;
    /// assert_eq!(Role::Steward.name().nl, "gegevensbeheerder");
    /// ```
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Steward => Text::new("gegevensbeheerder", "steward"),
            Self::Analyst => Text::new("onderzoeker", "analyst"),
            Self::Decider => Text::new("beslisser", "decider"),
            Self::Keeper => Text::new("netwerkbeheerder", "keeper"),
            Self::Member => Text::new("deelnemer", "member"),
        }
    }
}

words! {
    in "zwerm_agreement::role";
    /// What a person wants to do in the name of a party.
    pub enum Act {
        /// Consent or object.
        Consent = "consent",
        /// Suspend, resume or end.
        Suspend = "suspend",
        /// Propose a project, amend an agreement, open a round.
        Propose = "propose",
        /// Say which public key is the party's.
        KeepKey = "keep-key",
        /// Invite somebody to a role, or end one.
        Invite = "invite",
        /// Take up and answer a question that a resident asked in words.
        AnswerInWords = "answer-in-words",
        /// Ask a question.
        Ask = "ask",
        /// See every use of a dataset.
        SeeUses = "see-uses",
        /// Deliver data.
        Deliver = "deliver",
        /// Withdraw a dataset.
        Withdraw = "withdraw",
        /// Offer, accept, decline or hand over a part of a goal.
        Undertake = "undertake",
        /// Deliver published figures of a goal.
        BringFigures = "bring-figures",
        /// Invite people, reset passwords, look after the machine.
        RunMachine = "run-machine",
    }
}

/// A person, as far as the policies look at one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActingPerson<'a> {
    /// Whether the person runs the machine.
    pub administrator: bool,
    /// The roles, each with the party's id.
    pub roles: &'a [(String, Role)],
}

const POLICIES: &str = include_str!("roles.cedar");
const SCHEMA: &str = include_str!("roles.cedarschema");

struct RolePolicies {
    policies: PolicySet,
    schema: Schema,
}

/// The policies, read once; `None` when they cannot be read, and then nobody may do anything.
static RULES: LazyLock<Option<RolePolicies>> = LazyLock::new(|| {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).ok()?;
    Some(RolePolicies {
        policies: PolicySet::from_str(POLICIES).ok()?,
        schema,
    })
});

/// Whether a person may do something in the name of a party.
///
/// # Errors
/// The person may not; the reason in words.
///
/// ```
/// use zwerm_agreement::role::{Act, ActingPerson, Role, may};
/// let roles = [("corporatie".to_owned(), Role::Steward)];
/// let steward = ActingPerson { administrator: false, roles: &roles };
/// assert!(may(&steward, Act::Withdraw, "corporatie").is_ok());
/// assert!(may(&steward, Act::Withdraw, "gemeente").is_err());
/// assert!(may(&steward, Act::Consent, "corporatie").is_err());
/// let both = ActingPerson { administrator: true, roles: &roles };
/// assert!(may(&both, Act::Withdraw, "corporatie").is_err());
/// ```
pub fn may(person: &ActingPerson<'_>, act: Act, party: &str) -> Result<(), Text> {
    let Some(rules) = RULES.as_ref() else {
        return Err(unreadable());
    };
    let Some((request, entities)) = request(rules, person, act, party) else {
        return Err(unreadable());
    };
    let response = Authorizer::new().is_authorized(&request, &rules.policies, &entities);
    if response.decision() == cedar_policy::Decision::Allow {
        return Ok(());
    }
    let forbids = response.diagnostics().reason().filter_map(|id| {
        let said = |key| rules.policies.annotation(id, key);
        Some(Text::new(said("nl")?, said("en")?))
    });
    let mut forbids = forbids;
    Err(forbids.next().unwrap_or_else(|| not_permitted(act, party)))
}

fn request(
    rules: &RolePolicies,
    person: &ActingPerson<'_>,
    act: Act,
    party: &str,
) -> Option<(Request, Entities)> {
    let name = |kind: &str, id: &str| {
        let kind = EntityTypeName::from_str(kind).ok()?;
        Some(EntityUid::from_type_name_and_id(kind, EntityId::new(id)))
    };
    let of = |role: Role| {
        let mine = person.roles.iter().filter(|(_, known)| *known == role);
        let parties: Option<Vec<_>> = mine
            .map(|(party, _)| Some(RestrictedExpression::new_entity_uid(name("Party", party)?)))
            .collect();
        Some(RestrictedExpression::new_set(parties?))
    };
    let principal = name("Person", "who-asks")?;
    let attributes = [
        (
            "administrator".to_owned(),
            RestrictedExpression::new_bool(person.administrator),
        ),
        ("decides_for".to_owned(), of(Role::Decider)?),
        ("asks_for".to_owned(), of(Role::Analyst)?),
        ("keeps_data_of".to_owned(), of(Role::Steward)?),
    ];
    let entity = Entity::new(
        principal.clone(),
        attributes.into_iter().collect(),
        HashSet::new(),
    );
    let entities = Entities::from_entities([entity.ok()?], Some(&rules.schema)).ok()?;
    let request = Request::new(
        principal,
        name("Action", act.as_str())?,
        name("Party", party)?,
        Context::empty(),
        Some(&rules.schema),
    );
    Some((request.ok()?, entities))
}

fn not_permitted(act: Act, party: &str) -> Text {
    let who = match act {
        Act::Consent
        | Act::Suspend
        | Act::Propose
        | Act::KeepKey
        | Act::Invite
        | Act::Undertake => Role::Decider,
        Act::Ask | Act::AnswerInWords => Role::Analyst,
        Act::SeeUses | Act::Deliver | Act::Withdraw | Act::BringFigures => Role::Steward,
        Act::RunMachine => {
            return Text::new(
                "dit doet alleen de beheerder",
                "only the administrator does this",
            );
        }
    };
    let Text { nl, en } = who.name();
    Text::new(
        format!("dit doet een {nl} van `{party}`"),
        format!("a {en} of `{party}` does this"),
    )
}

fn unreadable() -> Text {
    Text::new(
        "de regels voor rollen zijn niet te lezen; dan mag niemand iets",
        "the policies on roles cannot be read; then nobody may do anything",
    )
}

#[cfg(test)]
mod tests {
    use cedar_policy::{ValidationMode, Validator};

    use super::*;

    /// The table of the roles, written out: what each may do for its own party.
    const TABLE: [(Role, &[Act]); 5] = [
        (
            Role::Steward,
            &[Act::SeeUses, Act::Deliver, Act::Withdraw, Act::BringFigures],
        ),
        (Role::Analyst, &[Act::AnswerInWords, Act::Ask]),
        (
            Role::Decider,
            &[
                Act::Consent,
                Act::Suspend,
                Act::Propose,
                Act::KeepKey,
                Act::Invite,
                Act::AnswerInWords,
                Act::Undertake,
                Act::BringFigures,
            ],
        ),
        (Role::Keeper, &[]),
        (Role::Member, &[]),
    ];

    #[test]
    fn the_policies_fit_their_schema() {
        let rules = RULES.as_ref().expect("policies and schema");
        let validator = Validator::new(rules.schema.clone());
        let report = validator.validate(&rules.policies, ValidationMode::Strict);
        assert!(report.validation_passed(), "{report}");
    }

    #[test]
    fn each_role_may_do_what_the_table_says_for_its_own_party_only() {
        for (role, acts) in TABLE {
            let roles = [("a".to_owned(), role)];
            for act in Act::ALL {
                let person = ActingPerson {
                    administrator: false,
                    roles: &roles,
                };
                let own = may(&person, *act, "a").is_ok();
                assert_eq!(own, acts.contains(act), "{role} {act}");
                assert!(may(&person, *act, "b").is_err(), "{role} {act}");
            }
        }
    }

    #[test]
    fn an_administrator_speaks_for_nobody() {
        let all: Vec<(String, Role)> = Role::ALL.iter().map(|role| ("a".into(), *role)).collect();
        let person = ActingPerson {
            administrator: true,
            roles: &all,
        };
        for act in Act::ALL {
            let expected = matches!(act, Act::RunMachine | Act::Invite);
            assert_eq!(may(&person, *act, "a").is_ok(), expected, "{act}");
        }
        let alone = ActingPerson {
            administrator: true,
            roles: &[],
        };
        assert!(may(&alone, Act::Invite, "a").is_err());
    }

    #[test]
    fn a_reason_is_given_in_words() {
        let nobody = ActingPerson {
            administrator: false,
            roles: &[],
        };
        let why = may(&nobody, Act::Withdraw, "corporatie").expect_err("nobody");
        assert_eq!(why.en, "a steward of `corporatie` does this");
    }
}
