//! Agreements as JSON. The names are stable.

use serde_json::{Value, json};
use zwerm_agreement::condition;
use zwerm_agreement::refusal::Refusal;
use zwerm_agreement::text::Lang;
use zwerm_app::decide::agreement::{CheckedAgreement, DatasetReading};
use zwerm_app::types::home::{DataState, Stored};

use crate::share::data::check::remark;

/// `{"id","version","hash"}`.
pub(crate) fn identity(stored: &Stored) -> Value {
    let agreement = &stored.document.agreement;
    json!({ "id": agreement.id, "version": agreement.version, "hash": stored.hash })
}

/// Refusals as a list.
pub(crate) fn refusals(all: &[Refusal], lang: Lang) -> Value {
    all.iter().map(|refusal| refusal.to_json(lang)).collect()
}

/// The word for where data are.
pub(crate) fn state(state: DataState) -> &'static str {
    match state {
        DataState::Copied => "copied",
        DataState::Replaced => "replaced",
        DataState::WasThere => "there",
        DataState::Checked => "checked",
        DataState::Missing => "missing",
    }
}

/// An agreement with all that `show` and `check` tell.
pub(crate) fn seen(seen: &CheckedAgreement, policies: bool, lang: Lang) -> Value {
    let document = &seen.stored.document;
    let agreement = &document.agreement;
    let enforced = condition::enforced(agreement)
        .into_iter()
        .map(|c| json!({ "path": c.path, "words": c.words.get(lang), "owner": c.owner }));
    let promised = condition::promised(agreement).into_iter().map(|c| {
        json!({ "words": c.words.get(lang), "owner": c.owner, "from_statement": c.from_statement })
    });
    let data = seen.data.iter();
    let data = data.map(|(id, at)| json!({ "dataset": id, "state": state(*at) }));
    let mut value = json!({
        "agreement": identity(&seen.stored),
        "today": seen.today,
        "in_force": seen.lacking.is_empty(),
        "lacking": refusals(&seen.lacking, lang),
        "document": agreement,
        "consents": document.consents,
        "events": seen.stored.events,
        "data": data.collect::<Vec<_>>(),
        "enforced": enforced.collect::<Vec<_>>(),
        "promised": promised.collect::<Vec<_>>(),
    });
    if let (false, Some(object)) = (seen.read.is_empty(), value.as_object_mut()) {
        let all = seen.read.iter().map(|one| read(one, lang));
        object.insert("read".to_owned(), all.collect());
    }
    if let (false, Some(object)) = (seen.losses.is_empty(), value.as_object_mut()) {
        object.insert("second_release".to_owned(), losses(seen));
    }
    if let (false, Some(object)) = (seen.closed.is_empty(), value.as_object_mut()) {
        let closed = seen.closed.iter();
        let closed =
            closed.map(|(view, why)| json!({ "view": view, "refused": refusals(why, lang) }));
        object.insert("not_estimated".to_owned(), closed.collect());
    }
    if let (Some(warning), Some(object)) = (&seen.warning, value.as_object_mut()) {
        object.insert("warning".to_owned(), warning.get(lang).into());
    }
    if let (true, Some(object)) = (policies, value.as_object_mut()) {
        object.insert("policies".to_owned(), seen.policies.to_cedar().into());
    }
    value
}

/// How the file of a dataset was read.
fn read(read: &DatasetReading, lang: Lang) -> Value {
    let assumed = read
        .assumed
        .iter()
        .map(|a| (a.key.to_owned(), a.value.clone().into()));
    let remarks = read.remarks.iter().map(|r| remark(r, lang));
    json!({
        "dataset": read.dataset,
        "assumed": Value::Object(assumed.collect()),
        "remarks": remarks.collect::<Vec<_>>(),
    })
}

/// What a second release of each view would cost.
fn losses(seen: &CheckedAgreement) -> Value {
    let losses = seen.losses.iter().map(|(view, loss)| {
        json!({
            "view": view, "cells": loss.cells, "first": loss.first,
            "second": loss.second, "turnover": loss.turnover,
        })
    });
    losses.collect()
}
