//! `/patienten/{id}/plan/vergelijk?van=&tot=`: two versions, topic by topic; what means something new first, what is
//! only worded anew in small print.

use super::field::Field;
use super::frame::{Frame, Tab};
use super::history::who as by_whom;
use super::mark::{Mark, UNKNOWN};

use super::render::{Answer, page};
use super::versions::pickers;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::words;
use domain::access::Action;
use domain::plan::{Change, ChangeKind, Content, TopicId, Treatment, diff, summary};
use serde::Deserialize;

/// The page.
#[derive(Template)]
#[template(path = "compare.html")]
pub struct ComparePage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What changed, in a sentence.
    pub summary: String,
    /// Compare from.
    pub from: Field,
    /// Compare to.
    pub to: Field,
    /// Caption of what was.
    pub from_label: String,
    /// Caption of what is.
    pub to_label: String,
    /// Changes of meaning.
    pub changes: Vec<ChangeView>,
    /// Changes of wording.
    pub wording: Vec<ChangeView>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// What it is about.
    pub label: String,
    /// How it changed.
    pub sentence: String,
    /// What it said.
    pub before: String,
    /// Its mark.
    pub before_mark: Mark,
    /// What it says.
    pub after: String,
    /// Its mark.
    pub after_mark: Mark,
}

/// The changes from one content to another, those of meaning apart from those of wording.
pub fn changes(from: &Content, to: &Content) -> (Vec<ChangeView>, Vec<ChangeView>) {
    let view = |c: &Change| ChangeView {
        label: words::title(c.topic).to_owned(),
        sentence: c.sentence.clone(),
        before: c.before.clone().unwrap_or_else(|| "Niet besproken".to_owned()),
        before_mark: mark(from, c.topic, c.before.is_some()),
        after: c.after.clone().unwrap_or_else(|| "Telt niet meer".to_owned()),
        after_mark: mark(to, c.topic, c.after.is_some()),
    };
    let all = diff(from, to);
    let part = |wording: bool| all.iter().filter(|c| (c.kind == ChangeKind::Wording) == wording).map(view).collect();
    (part(false), part(true))
}

/// The mark of a limit that counts; a proposal alone has none, for it does not count.
fn mark(content: &Content, topic: TopicId, said: bool) -> Mark {
    if !said {
        return UNKNOWN;
    }
    let current = Treatment::of_topic(topic).and_then(|t| content.directive(t)).and_then(|t| t.value());
    current.map(|d| words::Mark::of(&d.decision)).into()
}

/// Which versions.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    van: Option<u32>,
    tot: Option<u32>,
}

/// `GET /patienten/{id}/plan/vergelijk`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>, Query(which): Query<Which>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::ReadPlan, &id).await?;
    let now = app.clock().now();
    let patient = app.store().read_patient(&permit, now, "comparison").await?.ok_or(PageError::Forbidden)?.patient;
    let stored = app.store().versions(&permit, now, "comparison").await?;
    let numbers: Vec<u32> = stored.iter().map(|v| v.version.number).collect();
    let last = *numbers.last().ok_or(PageError::NotFound)?;
    let to = which.tot.unwrap_or(last);
    let from = which.van.unwrap_or_else(|| to.saturating_sub(1));
    let find = |n: u32| stored.iter().map(|v| &v.version).find(|v| v.number == n);
    let (Some(older), Some(newer)) = (find(from), find(to)) else { return Err(PageError::NotFound) };
    let (changed, wording) = changes(&older.content, &newer.content);
    let all = diff(&older.content, &newer.content);
    let (from_field, to_field) = pickers(&numbers, from, to);
    let caption = |v: &domain::plan::PlanVersion| {
        format!("Versie {}, {}. {}", v.number, words::day(domain::date::local_day(v.recorded_at)), by_whom(v))
    };
    let view = ComparePage {
        frame: Frame::about(&app, &who, "Vergelijk versies", &id, &patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}/plan/versies"), "Versies van het plan"),
        id: id.to_string(),
        summary: if all.is_empty() { format!("Versie {from} en versie {to} zeggen hetzelfde.") } else { summary(&all) },
        from: from_field,
        to: to_field,
        from_label: caption(older),
        to_label: caption(newer),
        changes: changed,
        wording,
    };
    Ok(page(&view))
}
