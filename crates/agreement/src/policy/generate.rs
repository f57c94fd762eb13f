//! The policies of an agreement: small permits per party, and forbids that override them.

use jiff::tz::TimeZone;

use super::request::{Action, day_number};
use super::rule::{Rule, quote, quote_all};
use crate::agreement::{Agreement, AnswerReaders, Embargo, Party, Right};
use crate::condition::{amend, embargo_owner, embargo_path, words};
use crate::period::months;
use crate::refusal::Code;
use crate::status::{may_suspend, retained_until};
use crate::text::Text;

/// The actions that a supplier never does in its own name.
const DECIDING: &[Action] = &[
    Action::TakePart,
    Action::Ask,
    Action::Provide,
    Action::Suspend,
    Action::Resume,
    Action::End,
];

/// All policies as Cedar text.
pub(super) fn policies(agreement: &Agreement) -> String {
    let mut rules = Vec::new();
    for party in agreement.seats() {
        rules.extend(permits(agreement, party));
    }
    rules.push(builds(agreement));
    rules.extend(public(agreement));
    rules.extend(
        agreement
            .party
            .iter()
            .filter(|p| p.role.is_some())
            .map(|p| supplier(agreement, p)),
    );
    rules.extend([
        valid_from(agreement),
        valid_until(agreement),
        retention(agreement),
        purpose(agreement),
        views(agreement),
        suspension(agreement),
    ]);
    let embargoes = agreement.embargo.iter().enumerate();
    rules.extend(embargoes.filter_map(|(i, e)| embargo(agreement, i, e)));
    let texts: Vec<_> = rules.iter().map(Rule::to_cedar).collect();
    texts.join("\n")
}

fn permit<'a>(agreement: &'a Agreement, party: &'a Party, kind: &str, words: Text) -> Rule<'a> {
    Rule {
        id: format!("{kind}:{}", party.id),
        forbids: None,
        party: Some(&party.id),
        actions: &[],
        agreement: &agreement.id,
        when: None,
        words,
        condition: None,
        owner: None,
        lifts: None,
    }
}

fn permits<'a>(agreement: &'a Agreement, party: &'a Party) -> Vec<Rule<'a>> {
    let id = &party.id;
    let takes_part = Text::new(
        format!("`{id}` is partner van de afspraak"),
        format!("`{id}` is a party to the agreement"),
    );
    let mut rules = vec![Rule {
        actions: &[Action::TakePart],
        ..permit(agreement, party, "takes-part", takes_part)
    }];
    let rights: [(Right, &str, &[Action]); 2] = [
        (Right::Ask, "may-ask", &[Action::Ask]),
        (Right::Provide, "may-provide", &[Action::Provide]),
    ];
    for (right, kind, actions) in rights.into_iter().filter(|(right, ..)| party.has(*right)) {
        rules.push(Rule {
            actions,
            condition: Some(format!("party.{id}.may")),
            ..permit(agreement, party, kind, words::right(party, right))
        });
    }
    if agreement.answers == AnswerReaders::Parties {
        rules.push(Rule {
            actions: &[Action::ReadAnswer],
            condition: Some("answers".to_owned()),
            ..permit(agreement, party, "may-read", words::answers(agreement))
        });
    }
    if may_suspend(agreement, id) {
        rules.push(stopping(agreement, party));
    }
    rules
}

fn stopping<'a>(agreement: &'a Agreement, party: &'a Party) -> Rule<'a> {
    let id = &party.id;
    let dataset = agreement.dataset.iter().find(|d| d.provider == *id);
    let (condition, why) = match dataset {
        Some(dataset) => (
            format!("dataset.{}.provider", dataset.id),
            Text::new("levert gegevens", "provides data"),
        ),
        None => (
            format!("party.{id}.represents"),
            Text::new(
                "vertegenwoordigt de mensen om wie het gaat",
                "represents the people concerned",
            ),
        ),
    };
    let words = Text::new(
        format!(
            "`{id}` {} en mag de afspraak opschorten, hervatten en beëindigen",
            why.nl
        ),
        format!(
            "`{id}` {} and may suspend, resume and end the agreement",
            why.en
        ),
    );
    Rule {
        actions: &[Action::Suspend, Action::Resume, Action::End],
        condition: Some(condition),
        ..permit(agreement, party, "may-suspend", words)
    }
}

/// Anybody may have a release made: it shows nothing that was not agreed, and what is forbidden of a question is of it.
fn builds(agreement: &Agreement) -> Rule<'_> {
    Rule {
        id: "may-build".to_owned(),
        forbids: None,
        party: None,
        actions: &[Action::Build],
        agreement: &agreement.id,
        when: None,
        words: Text::new(
            "van een gezamenlijke basis mag de beschermde tabel worden gemaakt",
            "the protected table of a shared view may be made",
        ),
        condition: None,
        owner: None,
        lifts: None,
    }
}

fn public(agreement: &Agreement) -> Option<Rule<'_>> {
    (agreement.answers == AnswerReaders::Public).then(|| Rule {
        id: "may-read".to_owned(),
        forbids: None,
        party: None,
        actions: &[Action::ReadAnswer],
        agreement: &agreement.id,
        when: None,
        words: words::answers(agreement),
        condition: Some("answers".to_owned()),
        owner: None,
        lifts: None,
    })
}

fn forbid<'a>(
    agreement: &'a Agreement,
    (code, condition): (Code, &str),
    actions: &'a [Action],
    when: String,
    words: Text,
) -> Rule<'a> {
    Rule {
        id: condition.to_owned(),
        forbids: Some(code),
        party: None,
        actions,
        agreement: &agreement.id,
        when: Some(when),
        words,
        condition: Some(condition.to_owned()),
        owner: None,
        lifts: Some(amend(agreement, condition)),
    }
}

fn supplier<'a>(agreement: &'a Agreement, party: &'a Party) -> Rule<'a> {
    let principal = party.for_.as_deref().unwrap_or("?");
    let path = format!("party.{}.for", party.id);
    Rule {
        id: format!("works-for:{}", party.id),
        party: Some(&party.id),
        when: None,
        owner: party.for_.clone(),
        lifts: Some(Text::new(
            format!("laat `{principal}` het zelf doen"),
            format!("let `{principal}` do it itself"),
        )),
        ..forbid(
            agreement,
            (Code::WrongParty, &path),
            DECIDING,
            String::new(),
            words::supplier(party),
        )
    }
}

fn valid_from(agreement: &Agreement) -> Rule<'_> {
    let from = agreement.valid.from;
    Rule {
        lifts: Some(Text::new(
            format!("wachten tot {from}"),
            format!("waiting until {from}"),
        )),
        ..forbid(
            agreement,
            (Code::NotYetValid, "valid.from"),
            &[Action::Ask, Action::Build],
            format!("context.today < {}", day_number(from)),
            words::valid_from(agreement),
        )
    }
}

fn valid_until(agreement: &Agreement) -> Rule<'_> {
    forbid(
        agreement,
        (Code::Expired, "valid.until"),
        &[Action::Ask, Action::Build, Action::Provide],
        format!("context.today > {}", day_number(agreement.valid.until)),
        words::valid_until(agreement),
    )
}

fn retention(agreement: &Agreement) -> Rule<'_> {
    // without events no moment has to become a day
    let last = retained_until(agreement, &[], &TimeZone::UTC);
    forbid(
        agreement,
        (Code::Expired, "retention.months"),
        &[Action::ReadAnswer],
        format!(
            "context.today > {} || context.past_retention",
            day_number(last)
        ),
        words::retention(agreement),
    )
}

fn purpose(agreement: &Agreement) -> Rule<'_> {
    let purpose = &agreement.purpose;
    Rule {
        lifts: Some(Text::new(
            format!(
                "een vraag voor het doel `{purpose}`, of {}",
                amend(agreement, "purpose").nl
            ),
            format!(
                "a question for the purpose `{purpose}`, or {}",
                amend(agreement, "purpose").en
            ),
        )),
        ..forbid(
            agreement,
            (Code::WrongPurpose, "purpose"),
            &[Action::Ask],
            format!(
                "!(context has purpose && context.purpose == {})",
                quote(purpose)
            ),
            words::purpose(agreement),
        )
    }
}

fn views(agreement: &Agreement) -> Rule<'_> {
    let known = quote_all(agreement.view.iter().map(|v| v.name.as_str()));
    let when = if agreement.view.is_empty() {
        "context has view".to_owned()
    } else {
        format!("context has view && !({known}.contains(context.view))")
    };
    forbid(
        agreement,
        (Code::ViewUnknown, "view"),
        &[Action::Ask, Action::Build],
        when,
        words::views(agreement),
    )
}

fn suspension(agreement: &Agreement) -> Rule<'_> {
    let words = Text::new(
        "zolang de afspraak is opgeschort, wordt niets gevraagd, geleverd of gelezen",
        "while the agreement is suspended nothing is asked, provided or read",
    );
    Rule {
        condition: None,
        lifts: Some(Text::new(
            "wie de afspraak opschortte, hervat haar, of alle partners stemmen in met een nieuwe versie",
            "whoever suspended the agreement resumes it, or all parties consent to a new version",
        )),
        ..forbid(
            agreement,
            (Code::Suspended, "suspension"),
            &[
                Action::Ask,
                Action::Build,
                Action::Provide,
                Action::ReadAnswer,
            ],
            "context.suspended".to_owned(),
            words,
        )
    }
}

fn embargo<'a>(agreement: &'a Agreement, index: usize, embargo: &'a Embargo) -> Option<Rule<'a>> {
    if embargo.columns.is_empty() {
        return None;
    }
    let columns = quote_all(embargo.columns.iter().map(String::as_str));
    let plan = quote(&embargo.until_sealed);
    // A period that cannot be read is no reason to let earlier data through.
    let first = months(&embargo.from).map_or(0, |months| months.first);
    let when = format!(
        "context.columns.containsAny({columns}) && !(context.sealed.contains({plan})) \
         && !(context has last_month && context.last_month < {first})"
    );
    let path = embargo_path(index);
    let plan = &embargo.until_sealed;
    Some(Rule {
        owner: embargo_owner(agreement, &embargo.columns),
        lifts: Some(Text::new(
            format!(
                "het plan van `{plan}` verzegelen, of {}",
                amend(agreement, &path).nl
            ),
            format!(
                "sealing the plan of `{plan}`, or {}",
                amend(agreement, &path).en
            ),
        )),
        ..forbid(
            agreement,
            (Code::Embargo, &path),
            &[Action::Ask, Action::Build],
            when,
            words::embargo(embargo),
        )
    })
}
