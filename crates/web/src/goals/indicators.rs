//! The figures of a goal: a party adds an indicator, and later adds to its figures or corrects them.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;
use zwerm_agreement::diagnostic::Diagnostic;
use zwerm_agreement::role::Act;
use zwerm_agreement::text::{Lang, Text};
use zwerm_app::error::AppError;
use zwerm_app::goals::figures::{LARGEST, MOST_ROWS};
use zwerm_app::goals::goal;
use zwerm_app::goals::indicators::{
    self, DeliveryOutcome, DeliveryPreview, FigureChange, FigureDelivery, takes_part,
};
use zwerm_app::people::parties;
use zwerm_app::share::ask_on_page::KeptReason;
use zwerm_app::site::overview::Overview;
use zwerm_app::types::store::goals::Goal;
use zwerm_app::types::store::indicators::{Indicator, IndicatorFigure};

use crate::Web;
use crate::http::attach::Attached;
use crate::http::done::Done;
use crate::http::failure::Failure;
use crate::http::form::FormFields;
use crate::http::visit::Visit;
use crate::page::Page;
use crate::render::{Beside, draft, drop_draft, go, in_form, keep_draft, render};

/// The address of an indicator that is not there yet.
const NEW: &str = "new";
/// Changes of a kind that are listed.
const LISTED: usize = 200;

/// The parties for which whoever looks may bring figures of a goal.
pub(crate) fn bringers(visit: &Visit, overview: &Overview, goal: &str) -> Vec<String> {
    let mut mine = visit.parties_of_any_role();
    mine.sort_unstable();
    mine.dedup();
    mine.retain(|party| visit.may(Act::BringFigures, party) && takes_part(overview, goal, party));
    mine.into_iter().map(str::to_owned).collect()
}

#[derive(Template)]
#[template(path = "goals/indicator.html")]
struct IndicatorPage {
    page: Page,
    action: String,
    goal: Goal,
    known: Option<Indicator>,
    parties: Vec<(String, Text)>,
    /// The figures as they are, as CSV.
    present: String,
    looked: Option<Review>,
    most_kb: usize,
    most_rows: usize,
    fields: FormFields,
    beside: Beside,
    told: Vec<Diagnostic>,
    reasons: Vec<KeptReason>,
}

/// What would be taken over, in words.
struct Review {
    lists: Vec<(Text, Vec<FigureChangeLine>, usize)>,
    same: usize,
    words: bool,
    seen: String,
    again: bool,
}

struct FigureChangeLine {
    area: String,
    period: String,
    before: String,
    after: String,
}

/// Whom a form is for, and what is known.
struct IndicatorForm {
    goal: Goal,
    known: Option<Indicator>,
    parties: Vec<String>,
    path: String,
}

impl IndicatorForm {
    /// The form at an address, for whoever may use it.
    async fn at(web: &Web, visit: &Visit, goal: &str, id: &str) -> Result<Self, Failure> {
        visit.require_person()?;
        let overview = web.site.overview().await?;
        let path = format!("/goals/{goal}/indicators/{id}");
        let goal = goal::find(&web.site, goal).await?;
        let goal = goal.ok_or(Failure::NotFound)?;
        let (known, parties) = if id == NEW {
            (None, bringers(visit, &overview, &goal.id))
        } else {
            let known = indicators::find(&web.site, id).await?;
            let known = known.filter(|known| known.goal == goal.id);
            let known = known.ok_or(Failure::NotFound)?;
            let by = known.party.clone();
            let mine = by.filter(|party| visit.may(Act::BringFigures, party));
            (Some(known), mine.into_iter().collect())
        };
        if parties.is_empty() {
            return Err(Failure::Forbidden(Text::new(
                "een beslisser of gegevensbeheerder van een partner die meedoet, levert cijfers; alleen wie ze leverde, verbetert ze",
                "a decider or steward of a party that takes part brings figures; only who brought them corrects them",
            )));
        }
        Ok(Self {
            goal,
            known,
            parties,
            path,
        })
    }

    fn brought(&self, sent: &IndicatorFields) -> FigureDelivery {
        let party = self.parties.iter().find(|party| **party == sent.party);
        FigureDelivery {
            goal: self.goal.id.clone(),
            known: self.known.clone(),
            party: party.or(self.parties.first()).cloned().unwrap_or_default(),
            title: Text::new(&sent.title_nl, &sent.title_en),
            unit: Text::new(&sent.unit_nl, &sent.unit_en),
            source: Text::new(&sent.source_nl, &sent.source_en),
            figures: sent.figures.clone(),
            replaces: sent.how == "replace",
        }
    }
}

/// What the form of an indicator says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct IndicatorFields {
    party: String,
    title_nl: String,
    title_en: String,
    unit_nl: String,
    unit_en: String,
    source_nl: String,
    source_en: String,
    figures: String,
    /// `replace` where these take the place of all others.
    how: String,
    /// `take` when what was looked at is taken over.
    what: String,
    /// What was looked at.
    seen: String,
}

/// The form of a new indicator, or of one that is corrected.
pub(crate) async fn show(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((goal, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let form = IndicatorForm::at(&web, &visit, &goal, &id).await?;
    let mut fields = draft(&web, &visit, &form.path).await?;
    if let Some(known) = form.known.as_ref().filter(|_| !fields.has("title_nl")) {
        for (name, text) in [
            ("title", &known.title),
            ("unit", &known.unit),
            ("source", &known.source),
        ] {
            fields.set(&format!("{name}_nl"), text.nl.clone());
            fields.set(&format!("{name}_en"), text.en.clone());
        }
    }
    page(&web, &visit, form, fields, None, None).await
}

async fn page(
    web: &Web,
    visit: &Visit,
    form: IndicatorForm,
    fields: FormFields,
    looked: Option<Review>,
    wrong: Option<AppError>,
) -> Result<Response, Failure> {
    let present = match &form.known {
        Some(known) => csv(&indicators::values(&web.site, &known.id).await?),
        None => String::new(),
    };
    let named = parties::all(&web.site).await?.into_iter();
    let named = named.filter(|party| form.parties.contains(&party.id));
    let beside = Beside::of(wrong.as_ref());
    let (told, reasons) = wrong.map(in_form).transpose()?.unwrap_or_default();
    let title = match form.known {
        Some(_) => Text::new(
            "Vul cijfers aan of verbeter ze",
            "Add to figures or correct them",
        ),
        None => Text::new("Voeg cijfers toe", "Add figures"),
    };
    render(&IndicatorPage {
        page: Page::new(web, visit, &title),
        action: form.path,
        goal: form.goal,
        known: form.known,
        parties: named.map(|party| (party.id, party.name)).collect(),
        most_kb: LARGEST >> 10,
        most_rows: MOST_ROWS,
        present,
        looked,
        fields,
        beside,
        told,
        reasons,
    })
}

/// Looks at what was brought, or takes over what was looked at.
pub(crate) async fn put(
    State(web): State<Arc<Web>>,
    visit: Visit,
    Path((goal, id)): Path<(String, String)>,
    Attached(fields): Attached,
) -> Result<Response, Failure> {
    let signed = visit.require_person()?;
    let form = IndicatorForm::at(&web, &visit, &goal, &id).await?;
    keep_draft(&web, &visit, &form.path, &fields).await?;
    let sent: IndicatorFields = fields.read()?;
    let brought = form.brought(&sent);
    let lang = visit.lang();
    let site = &web.site;
    let looked = if sent.what == "take" {
        match indicators::take_over(site, signed, &brought, &sent.seen).await {
            Ok(DeliveryOutcome::Taken) => {
                drop_draft(&web, &visit, &form.path).await;
                return Ok(go(&visit, &format!("/goals/{goal}"), Done::Figures));
            }
            Ok(DeliveryOutcome::Other(looked)) => Ok(review(&looked, lang, true)),
            Err(error) => Err(error),
        }
    } else {
        let looked = indicators::look_at(site, signed, &brought).await;
        looked.map(|looked| review(&looked, lang, false))
    };
    match looked {
        Ok(looked) => page(&web, &visit, form, fields, Some(looked), None).await,
        Err(error) => page(&web, &visit, form, fields, None, Some(error)).await,
    }
}

fn review(looked: &DeliveryPreview, lang: Lang, again: bool) -> Review {
    let list = |nl: &str, en: &str, changes: &[FigureChange]| {
        let rows = changes.iter().take(LISTED).map(|change| FigureChangeLine {
            area: change.area.clone(),
            period: change.period.clone(),
            before: written(change.before, lang),
            after: written(change.after, lang),
        });
        (Text::new(nl, en), rows.collect(), changes.len())
    };
    let lists = [
        list("Nieuw", "New", &looked.new),
        list("Veranderd", "Changed", &looked.changed),
        list("Gaat weg", "Goes away", &looked.gone),
    ];
    let lists = lists.into_iter().filter(|(_, _, count)| *count > 0);
    Review {
        lists: lists.collect(),
        same: looked.same,
        words: looked.words,
        seen: looked.seen.clone(),
        again,
    }
}

/// A figure with every digit that was given, so that a slip is seen.
fn written(value: Option<f64>, lang: Lang) -> String {
    match (value, lang) {
        (None, _) => "–".to_owned(),
        (Some(value), Lang::Nl) => value.to_string().replace('.', ","),
        (Some(value), Lang::En) => value.to_string(),
    }
}

/// Figures in the form in which they are brought.
fn csv(values: &[IndicatorFigure]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    let mut written = writer.write_record(["area", "area_name", "period", "value"]);
    for value in values {
        let figure = value.value.map(|x| x.to_string()).unwrap_or_default();
        let row = [&value.area, &value.area_name, &value.period, &figure];
        written = written.and_then(|()| writer.write_record(row));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    match written {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(_) => String::new(),
    }
}
