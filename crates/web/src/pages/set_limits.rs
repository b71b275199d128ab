//! `/patienten/{id}/plan/vaststellen`: a doctor reads the proposed limits and sets or rejects them in one step
//! (decisions 1 and 2).

use super::author;
use super::field::{Field, Problem, id_of};
use super::frame::{Frame, Notice, Tab};
use super::plan_view::{Line, PlanView, TopicView, anchor};
use super::render::{Answer, done, review_by, show};
use crate::access::{Denied, ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::record::{Beside, record};
use crate::session::SignedIn;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::access::{Action, Permit};
use domain::ident::PatientId;
use domain::plan::{CurrentPlan, NextVersion, TopicId, Verdict, VersionKind, decide, open_proposals};
use domain::words;
use store::plans::Record;

/// The page.
#[derive(Template)]
#[template(path = "set_limits.html")]
pub struct SetLimitsPage {
    /// Title, menu, the patient.
    pub frame: Frame,
    /// Id in paths.
    pub id: String,
    /// What is wrong.
    pub errors: Vec<Problem>,
    /// What is asked, in a sentence.
    pub lead: String,
    /// Version that was read.
    pub version: u32,
    /// The proposals in clinical order.
    pub proposals: Vec<ProposalView>,
}

/// One proposal with what is in force.
pub struct ProposalView {
    /// Id on the page.
    pub anchor: String,
    /// Number in the form, part of field names.
    pub number: &'static str,
    /// What it is about.
    pub label: String,
    /// What is proposed.
    pub lines: Vec<Line>,
    /// What is in force.
    pub in_force: Vec<Line>,
    /// The choice so far: `vast`, `af` or empty.
    pub verdict: String,
    /// The reason not to.
    pub reason: Field,
}

/// The field that holds the verdict on a topic.
fn verdict_name(topic: TopicId) -> String {
    format!("besluit.{}", topic.number())
}

fn reason_name(topic: TopicId) -> String {
    format!("reden.{}", topic.number())
}

/// Reads what the doctor chose.
///
/// # Errors
/// A rejection without a reason, or no choice at all.
pub fn verdicts(fields: &Fields, open: &[TopicId]) -> Result<Vec<(TopicId, Verdict)>, Vec<Problem>> {
    if fields.get("wat") == "alles" {
        return Ok(open.iter().map(|t| (*t, Verdict::Set)).collect());
    }
    let mut chosen = Vec::new();
    let mut errors = Vec::new();
    for topic in open {
        match fields.get(&verdict_name(*topic)) {
            "vast" => chosen.push((*topic, Verdict::Set)),
            "af" => match fields.filled(&reason_name(*topic)) {
                Some(reason) => chosen.push((*topic, Verdict::Reject(reason.to_owned()))),
                None => errors.push(Problem::at(
                    &reason_name(*topic),
                    format!("{}: schrijf waarom u dit voorstel niet vaststelt.", words::title(*topic)),
                )),
            },
            _ => {}
        }
    }
    if chosen.is_empty() && errors.is_empty() {
        let target = open.first().map(|t| anchor(*t)).unwrap_or_default();
        errors.push(Problem { target, ..Problem::whole("Kies bij minstens één voorstel: stel vast of wijs af.") });
    }
    if errors.is_empty() { Ok(chosen) } else { Err(errors) }
}

/// The page for a plan.
pub fn view(
    frame: Frame,
    id: &PatientId,
    plan: Option<(&CurrentPlan, &PlanView)>,
    fields: &Fields,
    errors: Vec<Problem>,
) -> SetLimitsPage {
    let topics = |wanted: TopicId| -> Option<TopicView> {
        let anchor = anchor(wanted);
        plan?.1.sections.iter().flat_map(|s| &s.topics).find(|t| t.anchor == anchor).cloned()
    };
    let open = plan.map(|(p, _)| open_proposals(&p.content)).unwrap_or_default();
    let proposals: Vec<ProposalView> = open
        .iter()
        .filter_map(|topic| {
            let shown = topics(*topic)?;
            Some(ProposalView {
                anchor: shown.anchor,
                number: topic.number(),
                label: shown.label,
                lines: shown.proposals,
                in_force: shown.lines.into_iter().filter(|l| !l.quiet).collect(),
                verdict: fields.get(&verdict_name(*topic)).to_owned(),
                reason: Field::area(&reason_name(*topic), "Waarom niet?", fields.get(&reason_name(*topic)))
                    .hint("Wie het voorstelde, leest dit terug.")
                    .checked(&errors),
            })
        })
        .collect();
    let lead = match proposals.len() {
        0 => "Er wacht geen voorstel op een arts.".to_owned(),
        1 => "Eén voorstel wacht op een arts. Lees het met de reden erbij, en stel het vast of wijs het af.".to_owned(),
        n => format!("{n} voorstellen wachten op een arts. Lees ze met de reden erbij, en stel ze vast of wijs ze af."),
    };
    SetLimitsPage {
        frame: frame.failing(!errors.is_empty()),
        id: id.to_string(),
        errors,
        lead,
        version: plan.map_or(0, |(p, _)| p.number),
        proposals,
    }
}

async fn read(app: &App, permit: &Permit) -> Result<Record, PageError> {
    app.store().read(permit, app.clock().now(), "proposals").await?.ok_or(PageError::Forbidden)
}

async fn answer(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    record: &Record,
    fields: &Fields,
    errors: Vec<Problem>,
    status: StatusCode,
) -> Answer {
    let (id, by) = (permit.patient(), review_by(app, permit).await?);
    let patient = &record.patient.patient;
    let frame = Frame::about(app, who, "Behandelgrenzen vaststellen", id, patient, Tab::Beneath)
        .back_to(format!("/patienten/{id}/plan"), "Terug naar het plan");
    let letter = record.plan.as_ref().map(|p| PlanView::of(p, by));
    let page_view = view(frame, id, record.plan.as_ref().zip(letter.as_ref()), fields, errors);
    Ok(show(status, &page_view))
}

/// `GET /patienten/{id}/plan/vaststellen`.
pub async fn get(State(app): State<App>, who: SignedIn, Path(id): Path<String>) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::SetLimits, &id).await?;
    let record = read(&app, &permit).await?;
    answer(&app, &who, &permit, &record, &Fields::default(), Vec::new(), StatusCode::OK).await
}

enum Refused {
    Changed,
    Page(PageError),
}

impl From<Denied> for Refused {
    fn from(denied: Denied) -> Self {
        Self::Page(denied.into())
    }
}

/// `POST /patienten/{id}/plan/vaststellen`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let id = patient_id(&id)?;
    let permit = ask(&app, &who.actor, Action::SetLimits, &id).await?;
    let seen: u32 = fields.get("versie").parse().unwrap_or(0);
    let known = read(&app, &permit).await?;
    let open = known.plan.as_ref().map(|p| open_proposals(&p.content)).unwrap_or_default();
    let chosen = match verdicts(&fields, &open) {
        Ok(chosen) => chosen,
        Err(errors) => {
            return answer(&app, &who, &permit, &known, &fields, errors, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let doctor = author::professional(&app, &who).await?;
    let recorder = author::recorder(&who);
    let outcome = record(&app, &permit, &Beside::default(), |record| {
        let current = record.plan.as_ref();
        // Nobody sets what they did not read: another version since then is shown first.
        let current = current.filter(|c| c.number == seen).ok_or(Refused::Changed)?;
        let input = decide(current, &chosen, &doctor).ok_or(Refused::Changed)?;
        Ok(NextVersion {
            kind: VersionKind::LimitsSet,
            recorder: recorder.clone(),
            reason: None,
            input,
            kept_beside: Vec::new(),
        })
    })
    .await;
    match outcome {
        Ok(_) => Ok(done(&format!("/patienten/{id}/plan"), Notice::LimitsSet)),
        Err(Refused::Page(error)) => Err(error),
        Err(Refused::Changed) => {
            let errors = vec![Problem {
                target: id_of("versie"),
                ..Problem::whole(
                    "Het plan is veranderd terwijl u las. Lees de voorstellen opnieuw; uw keuzes staan er nog.",
                )
            }];
            let newest = read(&app, &permit).await?;
            answer(&app, &who, &permit, &newest, &fields, errors, StatusCode::CONFLICT).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    const OPEN: [TopicId; 2] = [TopicId::Cpr, TopicId::Icu];

    #[test]
    fn a_rejection_needs_a_reason() {
        let errors =
            verdicts(&fields(&[("besluit.4a", "af"), ("reden.4a", "  "), ("besluit.4c", "vast")]), &OPEN).unwrap_err();
        assert_eq!(errors[0].field, "reden.4a");
        let chosen =
            verdicts(&fields(&[("besluit.4a", "af"), ("reden.4a", "eerst een tweede gesprek")]), &OPEN).unwrap();
        assert_eq!(chosen, [(TopicId::Cpr, Verdict::Reject("eerst een tweede gesprek".to_owned()))]);
    }

    #[test]
    fn all_at_once_sets_each_open_proposal_and_nothing_else() {
        let chosen = verdicts(&fields(&[("wat", "alles"), ("besluit.4b", "vast")]), &OPEN).unwrap();
        assert_eq!(chosen, [(TopicId::Cpr, Verdict::Set), (TopicId::Icu, Verdict::Set)]);
    }

    #[test]
    fn deciding_nothing_is_told() {
        let errors = verdicts(&fields(&[("besluit.4a", "")]), &OPEN).unwrap_err();
        assert_eq!(errors[0].target, "onderwerp-4a");
    }
}
