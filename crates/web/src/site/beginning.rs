//! The checklist of a new home, for whoever looks: what is done, what is next, and where that is done.

use zwerm_agreement::role::Role;
use zwerm_agreement::text::Text;
use zwerm_app::people::todo::{self, ToDo};
use zwerm_app::site::beginning::{self, Beginning, StepState};
use zwerm_app::words::listed;

use crate::Web;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::people::todo::to_do;

/// A step as a line of the list.
pub(crate) struct BeginningStep {
    pub(crate) state: StepState,
    pub(crate) title: Text,
    /// What is still needed, or who does it.
    pub(crate) about: Text,
    /// Where whoever looks does it.
    pub(crate) link: Option<String>,
}

impl BeginningStep {
    pub(crate) fn done(&self) -> bool {
        self.state == StepState::Done
    }

    pub(crate) fn now(&self) -> bool {
        self.state == StepState::Now
    }
}

/// The list; empty for a visitor, who reads one sentence.
pub(crate) struct BeginningList {
    pub(crate) steps: Vec<BeginningStep>,
    pub(crate) signed_in: bool,
}

/// The checklist, as long as the home is new.
pub(crate) async fn list(web: &Web, visit: &Visit) -> Result<Option<BeginningList>, Failure> {
    let Some(begun) = beginning::of(&web.site).await? else {
        return Ok(None);
    };
    let signed_in = visit.person().is_some();
    let steps = match visit.person() {
        Some(_) => {
            let waiting = todo::of(&web.site, visit.require_person()?).await?;
            steps(visit, &begun, &waiting)
        }
        None => Vec::new(),
    };
    Ok(Some(BeginningList { steps, signed_in }))
}

/// What whoever looks can do now for a new home, and where; this waits for them anyhow.
pub(crate) async fn next(
    web: &Web,
    visit: &Visit,
    waiting: &[ToDo],
) -> Result<Option<(String, Text)>, Failure> {
    let begun = beginning::of(&web.site).await?;
    let steps = begun.map(|begun| steps(visit, &begun, waiting));
    let mut now = steps.into_iter().flatten().filter(BeginningStep::now);
    Ok(now.find_map(|step| Some((step.link?, step.title))))
}

fn steps(visit: &Visit, begun: &Beginning, waiting: &[ToDo]) -> Vec<BeginningStep> {
    let runs = visit.require_running().is_ok();
    let decides = visit.parties(Role::Decider);
    let for_administrator = |path: &str| runs.then(|| path.to_owned());
    let own_key = begun
        .without_key
        .iter()
        .find(|(id, _)| decides.contains(&id.as_str()));
    let step = |state, nl: &str, en: &str, about, link| BeginningStep {
        state,
        title: Text::new(nl, en),
        about,
        link,
    };
    vec![
        step(
            begun.parties,
            "Schrijf de partners in",
            "Register the parties",
            lacking_sides(begun),
            for_administrator("/parties"),
        ),
        step(
            begun.people,
            "Nodig bij elke partner iemand uit die beslist",
            "Invite somebody who decides to each party",
            and(
                and(
                    lacking(
                        &begun.without_decider,
                        (
                            "De beheerder doet dit. Nog niemand bij:",
                            "The administrator does this. Still nobody at:",
                        ),
                    ),
                    lacking(&begun.invited, ("Uitgenodigd zijn:", "Invited are:")),
                ),
                Text::new(
                    "Nodig ook uit wie gegevens beheert en wie vragen stelt.",
                    "Invite those who keep data and those who ask, too.",
                ),
            ),
            for_administrator("/people#invite"),
        ),
        step(
            begun.keys,
            "Elke partner maakt een sleutel om te tekenen",
            "Each party makes a key to sign with",
            lacking(
                &begun.without_key,
                (
                    "Wie voor de partner beslist, doet dit. Nog geen sleutel:",
                    "Whoever decides for the party does this. No key yet:",
                ),
            ),
            own_key.map(|(id, _)| format!("/account/key/{id}")),
        ),
        step(
            begun.project,
            "Stel een project voor, en stem samen in",
            "Propose a project, and consent together",
            project(begun),
            // straight to what waits, when it is one thing
            only(waiting, |one| matches!(one, ToDo::Decide { .. }))
                .or_else(|| project_link(begun, !decides.is_empty())),
        ),
        step(
            begun.data,
            "Lever de gegevens",
            "Deliver the data",
            Text::new(
                "Wie de gegevens van een partner beheert, doet dit. Is er nog niemand? Dan nodigt de beheerder iemand uit.",
                "Whoever keeps a party's data does this. Is there nobody yet? Then the administrator invites somebody.",
            ),
            only(waiting, |one| matches!(one, ToDo::Deliver { .. }))
                .or_else(|| visit.keeps_data().then(|| "/data".to_owned())),
        ),
        step(
            begun.question,
            "Stel de eerste vraag",
            "Ask the first question",
            Text::new(
                "Een onderzoeker van een partner doet dit. Is er nog niemand? Dan nodigt de beheerder iemand uit.",
                "An analyst of a party does this. Is there nobody yet? Then the administrator invites somebody.",
            ),
            begun
                .agreed
                .as_ref()
                .filter(|_| !visit.parties(Role::Analyst).is_empty())
                .map(|(id, _)| format!("/projects/{id}/ask")),
        ),
    ]
}

/// Where the only thing of its kind that waits is done.
fn only(waiting: &[ToDo], kind: impl Fn(&ToDo) -> bool) -> Option<String> {
    let mut all = waiting.iter().filter(|one| kind(one));
    let first = all.next()?;
    all.next().is_none().then(|| to_do(first).0)
}

fn lacking_sides(begun: &Beginning) -> Text {
    named(
        begun.empty_sides.iter().map(|side| side.name()),
        (
            "De beheerder doet dit. Nog niemand aan deze kant:",
            "The administrator does this. Still nobody at this side:",
        ),
    )
}

/// Two sentences, of which either may be empty.
fn and(one: Text, other: Text) -> Text {
    let both = |one: String, other: &str| format!("{one} {other}").trim().to_owned();
    Text::new(both(one.nl, &other.nl), both(one.en, &other.en))
}

fn lacking(parties: &[(String, Text)], words: (&str, &str)) -> Text {
    named(parties.iter().map(|(_, name)| name.clone()), words)
}

/// These words and some names; nothing without names.
fn named(names: impl Iterator<Item = Text>, (nl, en): (&str, &str)) -> Text {
    let names = listed(names);
    if names.nl.is_empty() {
        return Text::default();
    }
    Text::new(format!("{nl} {}.", names.nl), format!("{en} {}.", names.en))
}

fn project(begun: &Beginning) -> Text {
    match &begun.proposed {
        Some((_, _, title)) => Text::new(
            format!("Hierover wordt besloten: {}.", title.nl),
            format!("This is being decided: {}.", title.en),
        ),
        None => Text::new(
            "Wie voor een partner beslist, doet dit.",
            "Whoever decides for a party does this.",
        ),
    }
}

fn project_link(begun: &Beginning, decides: bool) -> Option<String> {
    match &begun.proposed {
        Some((id, number, _)) => Some(format!("/projects/{id}/versions/{number}")),
        None => decides.then(|| "/projects/new".to_owned()),
    }
}
