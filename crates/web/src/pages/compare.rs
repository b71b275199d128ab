//! `/patienten/{id}/plan/vergelijk?van=&tot=`: two versions, topic by topic; what means something new first, what is
//! only worded anew in small print.

use super::field::Field;
use super::frame::{Frame, Tab};
use super::history::who as by_whom;
use super::mark::{Mark, UNKNOWN};

use super::plan_view::why_label;
use super::render::{Answer, page};
use super::versions::pickers;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, Query, State};
use domain::access::Action;
use domain::date::local_day;
use domain::plan::{Change, ChangeKind, Content, PlanVersion, TopicId, diff, summary};
use domain::words;
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
    /// Who recorded both.
    pub about: Vec<String>,
    /// Caption of what was.
    pub from_label: String,
    /// Caption of what is.
    pub to_label: String,
    /// Changes of meaning.
    pub changes: Vec<ChangeView>,
    /// What the small differences are.
    pub small_title: &'static str,
    /// Changes of wording.
    pub wording: Vec<ChangeView>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// What it is about.
    pub label: String,
    /// How it changed, where before and after do not tell by themselves.
    pub sentence: String,
    /// What it said.
    pub before: Side,
    /// What it says.
    pub after: Side,
}

/// What a topic says before or after.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// The line.
    pub text: String,
    /// Its mark.
    pub mark: Mark,
    /// The explanation, to the letter.
    pub why: Option<String>,
    /// What the explanation is: why, an agreement, a condition.
    pub why_label: &'static str,
    /// A proposal, which does not count yet.
    pub proposed: bool,
}

/// The changes from one content to another: those of meaning; and those that are small: another wording, and who was
/// there, which differs with each conversation.
pub fn changes(from: &Content, to: &Content) -> (Vec<ChangeView>, Vec<ChangeView>) {
    let is_small = |c: &Change| c.kind == ChangeKind::Wording || c.topic == TopicId::Attendance;
    let all = diff(from, to);
    let part = |small: bool| all.iter().filter(|c| is_small(c) == small).map(|c| view(from, to, c)).collect();
    (part(false), part(true))
}

/// What the small differences are.
pub fn small_title(all: &[Change]) -> &'static str {
    if all.iter().any(|c| c.topic == TopicId::Attendance) {
        "Alleen anders verwoord, of anderen erbij"
    } else {
        "Alleen anders verwoord"
    }
}

fn view(from: &Content, to: &Content, change: &Change) -> ChangeView {
    let was_proposed = change.kind == ChangeKind::ProposalEnded;
    let is_proposed = change.kind == ChangeKind::Proposed;
    let tells =
        matches!(change.kind, ChangeKind::Set | ChangeKind::Removed | ChangeKind::Proposed | ChangeKind::ProposalEnded);
    ChangeView {
        label: words::title(change.topic).to_owned(),
        sentence: if tells { change.sentence.clone() } else { String::new() },
        before: side(
            from,
            change.topic,
            was_proposed,
            change.before.as_ref(),
            change.comment_before.as_ref(),
            "Niet besproken",
        ),
        after: side(
            to,
            change.topic,
            is_proposed,
            change.after.as_ref(),
            change.comment_after.as_ref(),
            if was_proposed { "Geen voorstel meer" } else { "Telt niet meer" },
        ),
    }
}

/// One side of a change. The mark is that of what the line says: of the proposal where it is one, else of what counts.
fn side(
    content: &Content,
    topic: TopicId,
    proposed: bool,
    line: Option<&String>,
    why: Option<&String>,
    none: &str,
) -> Side {
    let Some(line) = line else { return Side { text: none.to_owned(), mark: UNKNOWN, ..Side::default() } };
    let said = if proposed { words::proposed(content, topic) } else { words::said(content, topic) };
    Side {
        text: line.clone(),
        mark: said.and_then(|s| s.mark).into(),
        why: why.cloned(),
        why_label: why_label(topic),
        proposed,
    }
}

/// Which versions.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    #[serde(default)]
    van: String,
    #[serde(default)]
    tot: String,
}

/// A version's number in the address; absent where it is left out.
fn number(text: &str) -> Result<Option<u32>, PageError> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| PageError::NotFound) }
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
    let to = number(&which.tot)?.unwrap_or(last);
    let from = number(&which.van)?.unwrap_or_else(|| to.saturating_sub(1));
    let find = |n: u32| stored.iter().map(|v| &v.version).find(|v| v.number == n);
    let (Some(older), Some(newer)) = (find(from), find(to)) else { return Err(PageError::NotFound) };
    let (changed, wording) = changes(&older.content, &newer.content);
    let all = diff(&older.content, &newer.content);
    let (from_field, to_field) = pickers(&numbers, from, to);
    let caption = |v: &PlanVersion| format!("Versie {}, {}", v.number, words::day(local_day(v.recorded_at)));
    let view = ComparePage {
        frame: Frame::about(&app, &who, "Vergelijk versies", &id, &patient, Tab::Beneath)
            .back_to(format!("/patienten/{id}/plan/versies"), "Versies van het plan"),
        id: id.to_string(),
        summary: if all.is_empty() { format!("Versie {from} en versie {to} zeggen hetzelfde.") } else { summary(&all) },
        from: from_field,
        to: to_field,
        about: [newer, older].map(|v| format!("{}: {}", caption(v), by_whom(v))).to_vec(),
        from_label: caption(older),
        to_label: caption(newer),
        changes: changed,
        small_title: small_title(&all),
        wording,
    };
    Ok(page(&view))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample;

    #[test]
    fn a_proposal_bears_its_own_mark_and_what_counts_bears_its_own() {
        let sample = sample();
        let of = |n: usize| &sample.versions[n].version.content;
        let (changed, _) = changes(of(2), of(3));
        let hospital = changed.iter().find(|c| c.label == "Ziekenhuisopname").unwrap();
        assert!(hospital.after.proposed && !hospital.before.proposed);
        assert_eq!(hospital.after.mark, Mark::Of(words::Mark::DoNot));
        assert_eq!(hospital.before.mark, Mark::Of(words::Mark::Do));
    }

    #[test]
    fn setting_a_proposal_is_told_as_such() {
        let sample = sample();
        let (changed, _) = changes(&sample.versions[0].version.content, &sample.versions[1].version.content);
        let cpr = changed.iter().find(|c| c.label == "Reanimatie").unwrap();
        assert!(cpr.sentence.contains("vastgesteld"), "{}", cpr.sentence);
        assert_eq!(cpr.after.mark, Mark::Of(words::Mark::DoNot));
    }

    #[test]
    fn another_wording_is_small_print() {
        let sample = sample();
        let (changed, small) = changes(&sample.versions[2].version.content, &sample.versions[3].version.content);
        assert!(small.iter().any(|c| c.label == "Plek van overlijden"));
        assert!(!changed.iter().any(|c| c.label == "Plek van overlijden"));
    }
}
