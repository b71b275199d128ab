//! `/mijn/{id}/plan`: the plan in plain Dutch: what was agreed, what each treatment is, what is still a proposal.

use super::words::{heading, meaning};
use super::{Id, Visit};
use crate::app::App;
use crate::pages::frame::Frame;
use crate::pages::history::left_out;
use crate::pages::plan_view::{PlanView, Section, TopicView};
use crate::pages::render::{Answer, page, review_by};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use domain::access::Own;
use domain::consent::Part;
use domain::plan::TopicId;
use domain::words;
use std::collections::BTreeSet;

/// The page.
#[derive(Template)]
#[template(path = "own/plan.html")]
pub struct OwnPlanPage {
    /// Title, menu.
    pub frame: Frame,
    /// Heading.
    pub title: String,
    /// Since when it stands so.
    pub about: String,
    /// The sections.
    pub parts: Vec<PlainSection>,
    /// Parts that are not for relatives, in words.
    pub hidden: bool,
}

/// A section in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainSection {
    /// Id on the page.
    pub anchor: String,
    /// Heading.
    pub title: &'static str,
    /// Topics.
    pub topics: Vec<PlainTopic>,
}

/// A topic in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainTopic {
    /// What was said.
    pub view: TopicView,
    /// What it means.
    pub meaning: &'static str,
}

/// The sections that may be told; a topic that is kept from relatives is left out, rather than told as not discussed.
pub fn plain(plan: PlanView, hidden: &BTreeSet<Part>) -> Vec<PlainSection> {
    plan.sections.into_iter().filter_map(|section| plain_section(section, hidden)).collect()
}

fn plain_section(section: Section, hidden: &BTreeSet<Part>) -> Option<PlainSection> {
    let topics: Vec<PlainTopic> = section
        .topics
        .into_iter()
        .filter(|view| topic_parts(&view.anchor).iter().all(|part| !hidden.contains(part)))
        .map(|view| PlainTopic { meaning: topic_of(&view.anchor).map_or("", meaning), view })
        .collect();
    (!topics.is_empty()).then(|| PlainSection {
        anchor: section.anchor,
        title: heading(section.number, section.title),
        topics,
    })
}

fn topic_of(anchor: &str) -> Option<TopicId> {
    TopicId::of_number(anchor.strip_prefix("onderwerp-")?)
}

/// The parts that a topic of the page belongs to. One that is not known is kept with every part.
fn topic_parts(anchor: &str) -> &'static [Part] {
    match topic_of(anchor) {
        Some(topic) => Part::of_topic(topic),
        None if anchor.starts_with("wens-") => &[Part::Wishes],
        None if anchor.starts_with("afspraak-") => &[Part::Wishes, Part::Euthanasia],
        None if anchor.starts_with("onderwerp-1") => &[],
        None if anchor == "documenten" => &[Part::Documents],
        None => Part::ALL,
    }
}

/// `GET /mijn/{id}/plan`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Id) -> Answer {
    let visit = Visit::of(&app, who, &id, "plan").await?;
    let now = app.clock().now();
    // What was left out on purpose is told with the plan; a relative is told only what stands.
    let versions = if visit.own == Own::Relative || visit.plan.is_none() {
        Vec::new()
    } else {
        app.store().versions(&visit.read, now, "plan-history").await?
    };
    let by = review_by(&app, &visit.read).await?;
    let view = visit.plan.as_ref().map(|p| PlanView::with_history(p, &[], &left_out(&versions), by));
    let about = visit.plan.as_ref().map(|plan| {
        let day = words::day(domain::date::local_day(plan.recorded_at));
        format!("Zo staat het er sinds {day}. {} heeft het opgeschreven.", plan.recorder.name)
    });
    Ok(page(&OwnPlanPage {
        frame: visit.below("Het hele plan"),
        title: if visit.is_me() { "Mijn hele plan".to_owned() } else { format!("Het plan van {}", visit.name()) },
        about: about.unwrap_or_default(),
        parts: view.map(|v| plain(v, &visit.hidden)).unwrap_or_default(),
        hidden: !visit.hidden.is_empty(),
    }))
}
