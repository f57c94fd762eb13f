//! A question in a resident's own words to a project: putting it, answering it, and taking it away.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::Text;
use zwerm_app::decide::word_questions::{self, PutOutcome, WordQuestionRemoval, WordQuestionReply};
use zwerm_app::error::AppError;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::overview::Version;
use zwerm_app::types::store::list::ListPlace;
use zwerm_app::types::store::word_questions::{WordQuestion, WordQuestionStatus};

use crate::Web;
use crate::decide::projects::{VersionRights, current, may, with_names};
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::{Form, FormFields, PostedForm};
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{draft, drop_draft, go, in_form, render};

#[derive(Template)]
#[template(path = "decide/word_question.html")]
struct WordQuestionPage {
    page: Page,
    id: String,
    title: Text,
    text: String,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// Questions in words on one page.
const LISTED: u32 = 25;

#[derive(Template)]
#[template(path = "decide/word_questions.html")]
struct WordQuestionsPage {
    page: Page,
    id: String,
    title: Text,
    in_words_asked: Vec<(WordQuestion, Option<Text>)>,
    older: Option<ListPlace>,
    may: VersionRights,
}

/// From which question on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WordQuestionsQuery {
    before: String,
}

/// All questions in words about a project, page by page.
pub(crate) async fn list(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<WordQuestionsQuery>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (dossier, version) = current(&overview, &id)?;
    let agreement = version.agreement();
    let before = wanted.before.parse().ok();
    let found = word_questions::of_project(&web.site, &id, before.as_ref(), LISTED).await?;
    let title = Text::new("Vragen in woorden", "Questions in words");
    render(&WordQuestionsPage {
        page: Page::new(&web, &visit, &title),
        title: agreement.title.clone(),
        in_words_asked: with_names(found.rows, agreement),
        older: found.older,
        may: may(&visit, dossier, version),
        id,
    })
}

/// The form for a question in words.
pub(crate) async fn question(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    question_form(&web, &visit, id, &FormFields::default(), None).await
}

async fn question_form(
    web: &Web,
    visit: &Visit,
    id: String,
    fields: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new(
        "Stel een vraag in uw eigen woorden",
        "Ask a question in your own words",
    );
    render(&WordQuestionPage {
        page: Page::new(web, visit, &title),
        title: version.agreement().title.clone(),
        text: fields.get("text").to_owned(),
        id,
        told,
        reasons,
    })
}

/// What the form of a question in words says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WordQuestionForm {
    text: String,
}

/// Puts a question in words to a project; anyone may.
pub(crate) async fn put_question(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    PostedForm(fields): PostedForm,
) -> Result<Response, Failure> {
    let site = &web.site;
    let overview = site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let sent: WordQuestionForm = fields.read()?;
    match word_questions::put_word_question(site, version, &sent.text, visit.address()).await {
        Ok(PutOutcome::Done(asked)) => {
            let page = format!("/projects/{id}/questions/{}", asked.id);
            Ok(go(&visit, &page, Done::Asked))
        }
        Ok(PutOutcome::TooMany(why)) => {
            let page = question_form(&web, &visit, id, &fields, Some(why)).await?;
            let later = [(header::RETRY_AFTER, "3600")];
            Ok((StatusCode::TOO_MANY_REQUESTS, later, page).into_response())
        }
        Err(error) => question_form(&web, &visit, id, &fields, Some(error)).await,
    }
}

#[derive(Template)]
#[template(path = "decide/word_question_reply.html")]
struct WordQuestionReplyPage {
    page: Page,
    id: String,
    question: WordQuestion,
    parties: Vec<(String, Text)>,
    text: String,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The form with which a party answers a question in words.
pub(crate) async fn reply(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let form = format!("/projects/{id}/reply/{question}");
    let fields = draft(&web, &visit, &form).await?;
    reply_form(&web, &visit, id, &question, &fields, None).await
}

async fn reply_form(
    web: &Web,
    visit: &Visit,
    id: String,
    question: &str,
    fields: &FormFields,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    visit.require_person()?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    let parties = answering(visit, version)?;
    let found = asked(web, &id, question).await?;
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = Text::new("Beantwoord een vraag", "Answer a question");
    render(&WordQuestionReplyPage {
        page: Page::new(web, visit, &title),
        question: found,
        text: fields.get("text").to_owned(),
        parties,
        id,
        told,
        reasons,
    })
}

/// What the form of a reply says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WordQuestionReplyForm {
    party: String,
    text: String,
    /// `take-up` or `decline`; it is answered otherwise.
    what: String,
}

/// Takes a question up, answers it, or says why not.
pub(crate) async fn put_reply(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
    Form { sent, fields }: Form<WordQuestionReplyForm>,
) -> Result<Response, Failure> {
    let party = sent.party;
    let signed = visit.require(Act::AnswerInWords, &party)?;
    let overview = web.site.overview().await?;
    let (_, version) = current(&overview, &id)?;
    if !version.agreement().seats().any(|seat| seat.id == party) {
        return Err(Failure::NotFound);
    }
    asked(&web, &id, &question).await?;
    let reply = match sent.what.as_str() {
        "take-up" => WordQuestionReply::TakeUp,
        "decline" => WordQuestionReply::Decline(&sent.text),
        _ => WordQuestionReply::Answer(&sent.text),
    };
    match word_questions::reply(&web.site, signed, version, &question, &party, reply).await {
        Ok(()) => {}
        Err(error) => return reply_form(&web, &visit, id, &question, &fields, Some(error)).await,
    }
    if reply != WordQuestionReply::TakeUp {
        drop_draft(&web, &visit, &format!("/projects/{id}/reply/{question}")).await;
    }
    Ok(go(&visit, &format!("/projects/{id}"), Done::Answered))
}

/// The parties at the table in whose name the person may deal with questions in words.
fn answering(visit: &Visit, version: &Version) -> Result<Vec<(String, Text)>, Failure> {
    let seats = version.agreement().seats();
    let seats = seats.filter(|party| visit.may(Act::AnswerInWords, &party.id));
    let parties: Vec<_> = seats.map(|p| (p.id.clone(), p.display_name())).collect();
    if parties.is_empty() {
        return Err(Failure::Forbidden(Text::new(
            "een partner van dit project beantwoordt deze vraag",
            "a party of this project answers this question",
        )));
    }
    Ok(parties)
}

/// A question that was put to a project and was not removed.
async fn asked(web: &Web, project: &str, question: &str) -> Result<WordQuestion, Failure> {
    let found = word_questions::find(&web.site, project, question).await?;
    found.ok_or(Failure::NotFound)
}

#[derive(Template)]
#[template(path = "decide/word_question_asked.html")]
struct AskedWordQuestionPage {
    page: Page,
    id: String,
    title: Text,
    in_words_asked: Vec<(WordQuestion, Option<Text>)>,
    /// Whether no party replied yet.
    waits: bool,
    /// Whether there is a reply to read.
    answered: bool,
    may: VersionRights,
}

/// The page of one question, to which whoever asked it comes back. It is shown to anybody and remembers nobody.
pub(crate) async fn own(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let overview = web.site.overview().await?;
    let (dossier, version) = current(&overview, &id)?;
    let found = word_questions::find_any(&web.site, &id, &question).await?;
    let found = found.ok_or(Failure::NotFound)?;
    let agreement = version.agreement();
    let title = Text::new("Een vraag in woorden", "A question in words");
    render(&AskedWordQuestionPage {
        page: Page::new(&web, &visit, &title)
            .under("/projects", &Text::new("Projecten", "Projects"))
            .under(format!("/projects/{id}"), &agreement.title),
        title: agreement.title.clone(),
        answered: found.reply.is_some(),
        waits: matches!(
            found.status,
            WordQuestionStatus::Open | WordQuestionStatus::TakenUp
        ),
        in_words_asked: with_names(vec![found], agreement),
        may: may(&visit, dossier, version),
        id,
    })
}

#[derive(Template)]
#[template(path = "decide/word_question_take_away.html")]
struct WordQuestionTakeAwayPage {
    page: Page,
    action: String,
    id: String,
    questions: Vec<WordQuestion>,
    parties: Vec<(String, Text)>,
    fields: FormFields,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// The page on which a party confirms that it takes a question away.
pub(crate) async fn take_away(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let form = format!("/projects/{id}/questions/{question}/take-away");
    let fields = draft(&web, &visit, &form).await?;
    let removal = Removal {
        action: form,
        id,
        chosen: vec![question],
    };
    removal.form(&web, &visit, fields, None).await
}

/// The same of several questions that were chosen from the list.
pub(crate) async fn take_away_several(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    RawQuery(chosen): RawQuery,
) -> Result<Response, Failure> {
    let chosen = chosen.unwrap_or_default();
    let fields: Vec<(String, String)> = serde_urlencoded::from_str(&chosen).unwrap_or_default();
    let fields = FormFields::from(fields);
    let removal = Removal::of_several(id, &fields);
    removal.form(&web, &visit, fields, None).await
}

/// Questions that are to be taken away.
struct Removal {
    /// Where the form goes.
    action: String,
    id: String,
    chosen: Vec<String>,
}

impl Removal {
    fn of_several(id: String, fields: &FormFields) -> Self {
        let chosen = fields.all("question").take(LISTED as usize);
        Self {
            action: format!("/projects/{id}/take-away"),
            chosen: chosen.map(str::to_owned).collect(),
            id,
        }
    }

    async fn questions(&self, web: &Web) -> Result<Vec<WordQuestion>, Failure> {
        let mut all = Vec::new();
        for question in &self.chosen {
            all.push(asked(web, &self.id, question).await?);
        }
        match all.is_empty() {
            true => Err(Failure::NotFound),
            false => Ok(all),
        }
    }

    async fn form(
        &self,
        web: &Web,
        visit: &Visit,
        fields: FormFields,
        wrong: Option<AppError>,
    ) -> Result<Response, Failure> {
        visit.require_person()?;
        let overview = web.site.overview().await?;
        let (_, version) = current(&overview, &self.id)?;
        let parties = answering(visit, version)?;
        let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
        let title = match self.chosen.len() {
            1 => Text::new("Haal een vraag weg", "Take a question away"),
            _ => Text::new("Haal vragen weg", "Take questions away"),
        };
        render(&WordQuestionTakeAwayPage {
            page: Page::new(web, visit, &title),
            questions: self.questions(web).await?,
            action: self.action.clone(),
            id: self.id.clone(),
            parties,
            fields,
            told,
            reasons,
        })
    }

    async fn carry_out(
        &self,
        web: &Web,
        visit: &Visit,
        sent: WordQuestionRemovalForm,
        fields: FormFields,
    ) -> Result<Response, Failure> {
        let signed = visit.require(Act::AnswerInWords, &sent.party)?;
        let overview = web.site.overview().await?;
        let (_, version) = current(&overview, &self.id)?;
        let id = &self.id;
        let questions = self.questions(web).await?.into_iter();
        let take = WordQuestionRemoval {
            questions: questions
                .map(|one| (one.id.clone(), format!("/projects/{id}/reply/{}", one.id)))
                .collect(),
            party: &sent.party,
            reason: &sent.reason,
        };
        let done = word_questions::take_away_word_questions(&web.site, signed, version, &take);
        match done.await {
            Ok(()) => {
                drop_draft(web, visit, &self.action).await;
                Ok(go(visit, &format!("/projects/{id}"), Done::TakenAway))
            }
            Err(error) => self.form(web, visit, fields, Some(error)).await,
        }
    }
}

/// What the form to take questions away says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct WordQuestionRemovalForm {
    party: String,
    reason: String,
}

/// Takes a question away that names a person or insults, with a reason.
pub(crate) async fn put_take_away(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((id, question)): Path<(String, String)>,
    Form { sent, fields }: Form<WordQuestionRemovalForm>,
) -> Result<Response, Failure> {
    let removal = Removal {
        action: format!("/projects/{id}/questions/{question}/take-away"),
        chosen: vec![question],
        id,
    };
    removal.carry_out(&web, &visit, sent, fields).await
}

/// Takes several away at once, for one reason.
pub(crate) async fn put_take_away_several(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path(id): Path<String>,
    Form { sent, fields }: Form<WordQuestionRemovalForm>,
) -> Result<Response, Failure> {
    let removal = Removal::of_several(id, &fields);
    removal.carry_out(&web, &visit, sent, fields).await
}
