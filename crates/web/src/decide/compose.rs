//! Proposing a project: by a form whose answers are written into the document, or by the document itself.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;
use zwerm_agreement::agreement::{AnswerReaders, Helix, MandateBy, Phase, Rhythm, Strategy};
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::text::Text;
use zwerm_app::decide::compose::{Composed, DEFAULTS, ROWS, compose, rows};
use zwerm_app::decide::propose::{self, Proposal};
use zwerm_app::error::AppError;
use zwerm_app::goals::goal;
use zwerm_app::people::parties;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::types::store::parties::RegisteredParty;
use zwerm_app::words::agreement::{phase, strategy};

use crate::Web;
use crate::decide::propose::{WrittenProject, proposal, proposers, to_version, written};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{FormFields, SignedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, keep_draft, render};

const NEW: &str = "/projects/new";
/// What the page of the document shows itself.
const OF_DOCUMENT: [&str; 12] = [
    "party",
    "summary",
    "questions",
    "benefit",
    "harm",
    "falls_out",
    "goal_title_nl",
    "goal_title_en",
    "document",
    "days",
    "how",
    "what",
];

type Choices = Vec<(String, Text)>;

#[derive(Template)]
#[template(path = "decide/compose.html")]
struct ComposePage {
    page: Page,
    action: &'static str,
    parties: Choices,
    goals: Choices,
    /// Parties that may be named without their particulars.
    known: Choices,
    /// The parties of this form, by their rows.
    seats: Choices,
    stands: Choices,
    party_rows: Vec<FormRow>,
    dataset_rows: Vec<FormRow>,
    dimension_rows: Vec<FormRow>,
    measure_rows: Vec<FormRow>,
    condition_rows: Vec<FormRow>,
    choose: ComposeLists,
    /// The document that the form writes.
    text: String,
    own_document: bool,
    in_order: bool,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The closed lists to choose from.
struct ComposeLists {
    strategies: Choices,
    phases: Choices,
    answers: Choices,
    sides: Choices,
    mandates: Choices,
    rhythms: Choices,
}

/// A row of the form.
struct FormRow {
    kind: &'static str,
    row: usize,
}

impl FormRow {
    /// The name of a field in it.
    fn at(&self, part: &str) -> String {
        format!("{}{}_{part}", self.kind, self.row)
    }

    /// Its number, as people count.
    fn number(&self) -> usize {
        self.row + 1
    }
}

/// In which way.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ComposeQuery {
    how: String,
}

/// The form, or the document.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Query(wanted): Query<ComposeQuery>,
) -> Result<Response, Failure> {
    let mine = proposers(&visit)?;
    let mut fields = draft(&web, &visit, NEW).await?;
    let known = parties::all(&web.site).await?;
    begin(&web, &mut fields, &known, &mine);
    if !wanted.how.is_empty() {
        fields.set("how", wanted.how);
    }
    page(&web, &visit, fields, false, None).await
}

/// Fills in what a new form begins with, where nothing was sent yet.
fn begin(web: &Web, fields: &mut FormFields, known: &[RegisteredParty], mine: &[String]) {
    if fields.has("rows_party") {
        return;
    }
    let today = web.site.clock.today();
    let until = today.saturating_add(jiff::Span::new().years(1));
    let mut first: Vec<(String, String)> = DEFAULTS
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let mut add = |name: &str, value: &str| first.push((name.to_owned(), value.to_owned()));
    add("from", &today.to_string());
    add("until", &until.to_string());
    add("days", &web.config.round_days.to_string());
    let own = mine.first().map(String::as_str).unwrap_or_default();
    add("party0_known", own);
    let own = known.iter().find(|party| party.id == own);
    let own = own.and_then(|party| party.helix);
    let others = Helix::ALL.iter().filter(|side| Some(**side) != own);
    let sides = own.iter().chain(others);
    for (row, side) in sides.enumerate() {
        add(&format!("party{row}_helix"), side.as_str());
        add(&format!("party{row}_ask"), "yes");
    }
    for (name, value) in first {
        if !fields.has(&name) {
            fields.set(&name, value);
        }
    }
}

/// Whether the document itself is written.
fn by_document(fields: &FormFields) -> bool {
    match fields.get("how") {
        "document" => true,
        "form" => false,
        _ => fields.text("document").is_some(),
    }
}

fn composed(web: &Web, fields: &FormFields, known: &[RegisteredParty]) -> Composed {
    let get = |name: &str| fields.get(name).to_owned();
    compose(&get, known, web.site.clock.today())
}

async fn page(
    web: &Web,
    visit: &Visit,
    fields: FormFields,
    in_order: bool,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let mine = proposers(visit)?;
    let known = parties::all(&web.site).await?;
    let goals = goal::all(&web.site).await?.into_iter();
    let goals: Choices = goals.map(|goal| (goal.id, goal.title)).collect();
    let named = |party: &RegisteredParty| (party.id.clone(), party.name.clone());
    let parties: Choices = mine
        .iter()
        .map(|id| {
            let party = known.iter().find(|party| party.id == *id);
            party.map_or_else(|| (id.clone(), Text::same(id)), named)
        })
        .collect();
    let title = Text::new("Stel een project voor", "Propose a project");
    let frame = Page::new(web, visit, &title);
    if by_document(&fields) {
        let mut hidden = fields.to_keep();
        hidden.retain(|(name, _)| !OF_DOCUMENT.contains(&name.as_str()));
        let of = WrittenProject {
            action: NEW,
            parties,
            goals,
            hidden,
            fields,
        };
        return written(web, frame, of, wrong);
    }
    let choices = Choosable {
        parties,
        goals,
        known: known.iter().map(named).collect(),
        seats: seats(&fields, &known),
    };
    let text = composed(web, &fields, &known).text;
    filled_in(frame, choices, text, fields, in_order, wrong)
}

/// What the lists of the form hold.
struct Choosable {
    parties: Choices,
    goals: Choices,
    known: Choices,
    seats: Choices,
}

/// The form as it was filled in, beside the document that it writes.
fn filled_in(
    page: Page,
    of: Choosable,
    text: String,
    fields: FormFields,
    in_order: bool,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let new_goal = Text::new("een nieuwe opgave", "a new goal");
    let another = Text::new("een andere partner", "another party");
    render(&ComposePage {
        page,
        action: NEW,
        goals: of
            .goals
            .into_iter()
            .chain([(String::new(), new_goal)])
            .collect(),
        known: [(String::new(), another)]
            .into_iter()
            .chain(of.known)
            .collect(),
        stands: machine().into_iter().chain(of.seats.clone()).collect(),
        seats: of.seats,
        party_rows: numbered("party", &fields),
        dataset_rows: numbered("dataset", &fields),
        dimension_rows: numbered("dimension", &fields),
        measure_rows: numbered("measure", &fields),
        condition_rows: numbered("condition", &fields),
        choose: choose(),
        text,
        own_document: fields.text("document").is_some(),
        in_order,
        parties: of.parties,
        fields,
        beside,
        told,
        reasons,
    })
}

fn numbered(kind: &'static str, fields: &FormFields) -> Vec<FormRow> {
    let get = |name: &str| fields.get(name).to_owned();
    let all = 0..rows(kind, &get);
    all.map(|row| FormRow { kind, row }).collect()
}

/// The parties of the form, by their rows.
fn seats(fields: &FormFields, known: &[RegisteredParty]) -> Choices {
    let all = numbered("party", fields).into_iter();
    all.map(|row| {
        let chosen = fields.get(&row.at("known"));
        let known = known.iter().find(|party| party.id == chosen);
        let name = known.map_or_else(
            || Text::same(fields.get(&row.at("nl"))),
            |party| party.name.clone(),
        );
        let n = row.number();
        (
            row.row.to_string(),
            Text::new(
                format!("partner {n} {}", name.nl),
                format!("party {n} {}", name.en),
            ),
        )
    })
    .collect()
}

/// What the machine can enforce.
fn machine() -> Choices {
    [
        (
            "protection.minimum_units",
            "de machine: het minste aantal",
            "the machine: the fewest units",
        ),
        (
            "protection.round_to",
            "de machine: het afronden",
            "the machine: the rounding",
        ),
        (
            "protection.max_dimensions",
            "de machine: zoveel kenmerken samen",
            "the machine: so many characteristics together",
        ),
    ]
    .map(|(path, nl, en)| (path.to_owned(), Text::new(nl, en)))
    .into()
}

fn choose() -> ComposeLists {
    ComposeLists {
        strategies: Strategy::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), strategy(*one)))
            .collect(),
        phases: Phase::ALL
            .iter()
            .map(|one| (one.as_str().to_owned(), phase(*one)))
            .collect(),
        answers: list(&ANSWERS),
        sides: Helix::ALL
            .iter()
            .map(|side| (side.as_str().to_owned(), side.name()))
            .collect(),
        mandates: list(&MANDATES),
        rhythms: list(&RHYTHMS),
    }
}

/// A word of the document, with what people call it in Dutch and in English.
type Choosing = (&'static str, &'static str, &'static str);

const ANSWERS: [Choosing; 2] = [
    (AnswerReaders::Public.as_str(), "iedereen", "everyone"),
    (
        AnswerReaders::Parties.as_str(),
        "alleen de partners",
        "the parties only",
    ),
];
const MANDATES: [Choosing; 2] = [
    (
        MandateBy::OwnDecision.as_str(),
        "een eigen besluit",
        "a decision of their own",
    ),
    (
        MandateBy::Panel.as_str(),
        "een geloot panel",
        "a panel that was drawn",
    ),
];
const RHYTHMS: [Choosing; 4] = [
    (Rhythm::Once.as_str(), "een keer", "once"),
    (Rhythm::Yearly.as_str(), "elk jaar", "every year"),
    (Rhythm::Quarterly.as_str(), "elk kwartaal", "every quarter"),
    (Rhythm::Monthly.as_str(), "elke maand", "every month"),
];

fn list(all: &[Choosing]) -> Choices {
    let all = all.iter();
    all.map(|(value, nl, en)| ((*value).to_owned(), Text::new(*nl, *en)))
        .collect()
}

/// Proposes it, adds a row, shows what is written so far, or goes on in the other way.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    SignedForm(mut fields): SignedForm,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    proposers(&visit)?;
    let known = parties::all(&web.site).await?;
    let what = fields.get("what").to_owned();
    let anchor = step(&web, &mut fields, &known, &what);
    keep_draft(&web, &visit, NEW, &fields).await?;
    if let Some(anchor) = anchor {
        // what was filled in is in the draft, and the new row in sight
        let to = format!("{}{anchor}", visit.link(NEW));
        return Ok(Redirect::to(&to).into_response());
    }
    if what == "keep" {
        return Ok(go(&visit, NEW, Done::Kept));
    }
    let composed = (!by_document(&fields)).then(|| composed(&web, &fields, &known));
    if let Some(composed) = &composed {
        let checked = composed.check();
        if what == "look" || checked.is_err() {
            let in_order = checked.is_ok();
            return page(&web, &visit, fields, in_order, checked.err()).await;
        }
    }
    let mut proposal: Proposal = proposal(&web, &fields)?;
    if let Some(composed) = &composed {
        proposal.document.clone_from(&composed.text);
    }
    match propose::propose(&web.site, signed, &proposal).await {
        Ok(version) => {
            drop_draft(&web, &visit, NEW).await;
            Ok(to_version(&visit, &version))
        }
        Err(error) => {
            let error = match &composed {
                Some(composed) => composed.told(error),
                None => error,
            };
            page(&web, &visit, fields, false, Some(error)).await
        }
    }
}

/// What only changes the form; where to look then.
fn step(
    web: &Web,
    fields: &mut FormFields,
    known: &[RegisteredParty],
    what: &str,
) -> Option<String> {
    match what {
        "form" => fields.set("how", "form".to_owned()),
        "document" => fields.set("how", "document".to_owned()),
        "edit" => {
            let text = composed(web, fields, known).text;
            fields.set("document", text);
            fields.set("how", "document".to_owned());
        }
        _ => {
            let wanted = what.strip_prefix("add-")?;
            let (kind, ..) = ROWS.iter().find(|(kind, ..)| *kind == wanted)?;
            let count = numbered(kind, fields).len();
            fields.set(&format!("rows_{kind}"), (count + 1).to_string());
            return Some(format!("#{kind}-{}", count + 1));
        }
    }
    Some(String::new())
}
