//! `/patienten/{id}/plan/brief.pdf`: the plan as a letter to the patient, in plain words (B1): what was agreed, what each
//! treatment is, what is still a proposal, and what was not talked about yet (D1). The patient's own page has it too.

use super::dated;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::pages::dutch::addressed;
use crate::pages::own::{PlainSection, PlainTopic, plain};
use crate::pages::own_access::{greeting, street_and_place};
use crate::pages::plan_view::{PlanView, Source};
use crate::pages::render::{Answer, review_by};
use crate::press::shown;
use crate::session::SignedIn;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Action, Permit};
use domain::patient::Patient;
use domain::plan::{CurrentPlan, ReviewBy};
use domain::words;
use jiff::civil::Date;
use paper::{Letter, Part};
use std::collections::BTreeSet;

/// `GET /patienten/{id}/plan/brief.pdf`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    let print = ask(&app, &who.actor, Action::Print, &id).await?;
    let record = app.store().read(&print, app.clock().now(), "letter").await?.ok_or(PageError::Forbidden)?;
    if let Some(kept) = &record.patient.merged_into {
        return Ok(Redirect::to(&format!("/patienten/{kept}/plan/brief.pdf")).into_response());
    }
    let plan = record.plan.ok_or(PageError::NotFound)?;
    printed(&app, &print, &record.patient.patient, &plan, &who.organisation.name).await
}

/// The letter about this plan, as a file.
///
/// # Errors
/// Where the store or the press fails.
pub async fn printed(
    app: &App,
    print: &Permit,
    patient: &Patient,
    plan: &CurrentPlan,
    sender: &str,
) -> Result<Response, PageError> {
    let by = review_by(app, print).await?;
    let letter = sheet(patient, plan, by, sender, app.clock().today());
    let pdf = app.press().set(move || letter.to_pdf()).await?;
    Ok(shown(pdf, "brief-over-het-plan"))
}

/// The letter.
pub fn sheet(patient: &Patient, plan: &CurrentPlan, by: ReviewBy, sender: &str, today: Date) -> Letter {
    let source = Source { content: &plan.content, before: &[], left_out: &[], by, ages: false };
    let view = PlanView::from_source(&source);
    let waiting = view.waiting.clone();
    let sections = plain(view, &BTreeSet::new());
    let name = addressed(patient);
    let mut parts = vec![Part::text(opening(plan))];
    let mut silent = Vec::new();
    for section in sections {
        parts.extend(told(section, &mut silent));
    }
    if !silent.is_empty() {
        parts.push(Part::heading("Waar we het nog niet over hadden"));
        parts.push(Part::text(format!(
            "{}. Dat is niet erg. U mag er altijd over beginnen.",
            words::capitalised(&words::join(&silent))
        )));
    }
    if !waiting.is_empty() {
        parts.push(Part::heading("Wat nog een voorstel is"));
        parts.push(Part::text(format!(
            "{}. Een arts moet dit nog vaststellen. Tot die tijd geldt het niet.",
            words::capitalised(&words::join(&waiting))
        )));
    }
    parts.push(Part::heading("Wilt u iets veranderen?"));
    parts.push(Part::text(
        "U mag altijd van mening veranderen. Bel ons dan, of vertel het aan uw huisarts of verpleegkundige. Vertel ook aan uw familie wat wij hebben afgesproken.",
    ));
    Letter {
        subject: "Wat wij hebben afgesproken over uw zorg".to_owned(),
        sender: vec![sender.to_owned()],
        address: std::iter::once(name.clone()).chain(street_and_place(patient)).collect(),
        date: words::day(today),
        reference: Vec::new(),
        greeting: greeting(patient, &name),
        parts,
        closing: vec!["Met vriendelijke groet,".to_owned(), String::new(), sender.to_owned()],
        foot: vec![format!("Dit is versie {} van het plan.", plan.number)],
        dated: dated(today),
    }
}

fn opening(plan: &CurrentPlan) -> String {
    let when =
        plan.content.newest_conversation().map(|talk| format!(" op {}", words::date(talk.date()))).unwrap_or_default();
    format!(
        "Wij hebben{when} met u gepraat over uw zorg in de toekomst. In deze brief staat wat wij hebben afgesproken."
    )
}

/// What a section says; the topics of which nothing was said are told together, at the end.
fn told(section: PlainSection, silent: &mut Vec<String>) -> Vec<Part> {
    let mut parts = Vec::new();
    for topic in section.topics {
        let said: Vec<String> = said(&topic);
        if said.is_empty() {
            silent.push(uncapitalised(&topic.view.label));
            continue;
        }
        if parts.is_empty() {
            parts.push(Part::heading(section.title));
        }
        let first = if topic.view.label == section.title { String::new() } else { format!("{}. ", topic.view.label) };
        let text = [topic.meaning.to_owned()].into_iter().filter(|m| !m.is_empty()).chain(said);
        parts.push(Part::text(format!("{first}{}", text.collect::<Vec<_>>().join("\n"))));
    }
    parts
}

/// What counts on a topic, a sentence each.
fn said(topic: &PlainTopic) -> Vec<String> {
    let mut all = Vec::new();
    for line in topic.view.lines.iter().filter(|l| !l.quiet) {
        if !line.text.is_empty() {
            all.push(format!("Afgesproken is: {}.", line.text.trim_end_matches('.')));
        }
        all.extend(line.told.iter().map(|t| format!("U zei: {t}")));
        all.extend(line.why.iter().map(|w| format!("Waarom: {w}")));
    }
    all
}

/// As within a sentence; what is written in capitals stays.
fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples::sample;

    #[test]
    fn the_letter_tells_what_was_agreed_what_it_means_and_what_was_not_talked_about() {
        let sample = sample();
        let by = ReviewBy { today: sample.today, interval_months: 6 };
        let letter = sheet(&sample.patient, &sample.current(), by, "Huisartsenpraktijk De Linde", sample.today);
        let all = format!("{:?}", letter.parts);
        for said in [
            "proberen het hart weer te laten kloppen",
            "Afgesproken is: Niet reanimeren.",
            "Waarom: Mijn hart is op.",
            "Een arts moet dit nog vaststellen",
            "Waar we het nog niet over hadden",
        ] {
            assert!(all.contains(said), "{said}: {all}");
        }
        assert!(!all.contains(sample.patient.bsn.as_str()) && !all.contains("N.v.t"));
        letter.to_pdf().unwrap();
        assert_eq!((uncapitalised("Beademing"), uncapitalised("ICD")), ("beademing".to_owned(), "ICD".to_owned()));
    }
}
