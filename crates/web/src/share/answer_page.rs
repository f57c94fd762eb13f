//! What is on the page of an answer.

use askama::Template;
use zwerm_agreement::agreement::Agreement;
use zwerm_agreement::condition::find;
use zwerm_agreement::role::Act;
use zwerm_agreement::status::StatusEvent;
use zwerm_agreement::text::Text;
use zwerm_app::error::AppError;
use zwerm_app::share::answers::ReadableQuestion;
use zwerm_app::share::ask_on_page::{KeptReason, StoredAnswer, kept_answer};
use zwerm_app::share::{answer_notes, titles};
use zwerm_app::site::standing::Standing;
use zwerm_app::types::store::answer_notes::AnswerNote;
use zwerm_app::types::store::questions::{AskedQuestion, QuestionOutcome};
use zwerm_app::types::store::titles::TitleChange;
use zwerm_app::words::condition::main;
use zwerm_picture::PictureLayout;

use crate::Web;
use crate::decide::agreement::promises;
use crate::decide::lifting::Lifting;
use crate::http::failure::Failure;
use crate::http::visit::Visit;
use crate::marks::PartyMark;
use crate::page::Page;
use crate::render::Beside;
use crate::share::answers::AnswerQuery;
use crate::share::chart::chart;
use crate::share::map::map;
use crate::share::table::{HtmlTable, PlaceNames, RowOrder, choices, table, view_of};

#[derive(Template)]
#[template(path = "share/answer.html")]
pub(crate) struct AnswerPage {
    page: Page,
    asked: AskedQuestion,
    project: Text,
    party: PartyMark,
    about: Text,
    kept: Option<StoredAnswer>,
    table: Option<HtmlTable>,
    /// The figures that can be drawn, and which is.
    figures: Vec<String>,
    figure: usize,
    sort: String,
    chart: Option<(String, String)>,
    map: Option<(String, String)>,
    reasons: Vec<ReasonWords>,
    refused: bool,
    may_ask: bool,
    may_call: bool,
    may_take_back: bool,
    change: Option<TitleChange>,
    enforced: Vec<Text>,
    promises: Vec<(Text, PartyMark)>,
    notes: Vec<NoteWords>,
    /// For which parties whoever looks may say something, with what they say now.
    speaks: Vec<OwnNote>,
    /// The question as a query of the form that asks it again.
    again: String,
    beside: Beside,
}

/// The page of an answer that cannot be read now.
#[derive(Template)]
#[template(path = "share/answer_closed.html")]
pub(crate) struct ClosedPage {
    pub(crate) page: Page,
    pub(crate) asked: AskedQuestion,
    pub(crate) project: Text,
    pub(crate) party: PartyMark,
    pub(crate) standing: Standing,
    pub(crate) reasons: Vec<KeptReason>,
    /// What brought the agreement to where it is.
    pub(crate) events: Vec<StatusEvent>,
    /// Who can lift what suspends it.
    pub(crate) liftings: Vec<Lifting>,
}

/// A reason why there is no answer, in words.
struct ReasonWords {
    what: Text,
    /// What the condition in the way says.
    condition: Option<Text>,
    owner: Option<PartyMark>,
    lifts: Text,
}

/// What a party says beside an answer.
struct NoteWords {
    party: PartyMark,
    note: AnswerNote,
}

struct OwnNote {
    id: String,
    party: PartyMark,
    words: String,
    promises: Vec<Text>,
}

impl AnswerPage {
    /// An address of this page in another order, or with another figure drawn.
    fn link(&self, sort: &str) -> String {
        let figure = self.figure + 1;
        let path = format!("/answers/{}?sort={sort}&figure={figure}", self.asked.id);
        self.page.link(path)
    }

    /// What a link to this page shows where it is shared.
    fn described(&self) -> String {
        let (party, day) = (
            self.page.say(&self.party.name),
            self.page.day_of(&self.asked.at),
        );
        let asked = self.page.t("Gevraagd door", "Asked by");
        format!("{}. {asked} {party}, {day}.", self.page.say(&self.project))
    }
}

/// The page of a question that whoever looks may read.
pub(crate) async fn of(
    web: &Web,
    visit: &Visit,
    readable: ReadableQuestion,
    query: &AnswerQuery,
    wrong: Beside,
) -> Result<AnswerPage, Failure> {
    let notes = answer_notes::beside(&web.site, &readable).await?;
    let change = titles::change(&web.site, &readable.asked).await?;
    let ReadableQuestion { asked, version } = readable;
    let lang = visit.lang();
    let agreement = version.agreement();
    let kept = kept_answer(&asked)?;
    let view = kept.as_ref().and_then(|kept| view_of(agreement, kept));
    let figures = kept.as_ref().map(|kept| choices(kept, view, lang));
    let figures = figures.unwrap_or_default();
    let figure = chosen(&query.figure, figures.len());
    let places = (&web.site.places, &web.maps);
    let names: PlaceNames<'_> = &|code| web.maps.name(&web.site.places, code).map(str::to_owned);
    let order = RowOrder::of(&query.sort);
    let signed = visit.signed();
    let again = serde_urlencoded::to_string([("sql", asked.sql.as_str()), ("party", &asked.party)]);
    let project = format!("/projects/{}", asked.agreement);
    Ok(AnswerPage {
        page: Page::new(web, visit, &asked.title())
            .about(agreement)
            .under(project, &agreement.title),
        project: agreement.title.clone(),
        party: PartyMark::of(agreement, &asked.party),
        about: Text::new(&agreement.about.nl, &agreement.about.en),
        table: kept
            .as_ref()
            .map(|kept| table(kept, view, order, names, lang)),
        chart: both(&|layout| chart(kept.as_ref()?, view, figure, names, layout, lang)),
        map: both(&|layout| map(kept.as_ref()?, view, figure, places, layout, lang)),
        reasons: reasons(&asked, agreement)?,
        refused: asked.outcome == QuestionOutcome::Refused,
        may_ask: visit.may(Act::Ask, &asked.party),
        may_call: signed.is_some_and(|signed| titles::may_call(signed, &asked)),
        may_take_back: signed.is_some_and(|signed| titles::may_take_back(signed, &asked)),
        enforced: main(agreement),
        promises: promises(agreement),
        speaks: speaks(visit, agreement, &notes),
        notes: said(agreement, notes),
        again: again.unwrap_or_default(),
        sort: query.sort.clone(),
        figures,
        figure,
        change,
        kept,
        asked,
        beside: wrong,
    })
}

/// Which of so many figures is drawn: the first, unless another is asked for.
fn chosen(text: &str, of: usize) -> usize {
    let number: usize = text.parse().unwrap_or_default();
    let place = number.saturating_sub(1);
    if place < of { place } else { 0 }
}

fn both(draw: &dyn Fn(PictureLayout) -> Option<String>) -> Option<(String, String)> {
    draw(PictureLayout::Narrow).zip(draw(PictureLayout::Wide))
}

fn reasons(asked: &AskedQuestion, agreement: &Agreement) -> Result<Vec<ReasonWords>, AppError> {
    let reasons = asked.refusals.as_deref().map(serde_json::from_str);
    let reasons: Option<Vec<KeptReason>> = reasons
        .transpose()
        .map_err(|error| AppError::Internal(error.to_string()))?;
    let reasons = reasons.unwrap_or_default().into_iter();
    let words = reasons.map(|reason| ReasonWords {
        what: reason.what,
        condition: reason.condition.map(|path| {
            let found = find(agreement, &path);
            found.map_or_else(|| Text::same(&path), |found| found.words)
        }),
        owner: reason.owner.map(|owner| PartyMark::of(agreement, &owner)),
        lifts: reason.lifts,
    });
    Ok(words.collect())
}

fn said(agreement: &Agreement, notes: Vec<AnswerNote>) -> Vec<NoteWords> {
    let notes = notes.into_iter().map(|note| NoteWords {
        party: PartyMark::of(agreement, &note.party),
        note,
    });
    notes.collect()
}

/// The parties at the table for which whoever looks may say something beside the answer.
fn speaks(visit: &Visit, agreement: &Agreement, notes: &[AnswerNote]) -> Vec<OwnNote> {
    let seats = agreement.seats();
    let mine = seats.filter(|seat| visit.may(Act::AnswerInWords, &seat.id));
    let own = mine.map(|seat| {
        let note = notes.iter().find(|note| note.party == seat.id);
        let promised = agreement.condition.iter();
        let promised = promised.filter(|c| c.promised_by.as_deref() == Some(seat.id.as_str()));
        OwnNote {
            party: PartyMark::of(agreement, &seat.id),
            words: note.map_or_else(String::new, |note| note.words.clone()),
            promises: promised.map(|condition| condition.text.clone()).collect(),
            id: seat.id.clone(),
        }
    });
    own.collect()
}
