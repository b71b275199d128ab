//! `/patienten/{id}/elders`: what other sources hold beside the plan here (D7). The sources are asked at once, each within
//! its own time; the page shows what came, and is looked at again until all answered. Without JavaScript the browser asks
//! for it again by itself.

mod asking;
mod view;

pub use view::ElsewherePage;
#[cfg(test)]
pub use view::{Beside, view as sample_view};

use super::author::recorder;
use super::edit::{self, Taken, limits_of};
use super::field::{Field, Problem};
use super::frame::{Frame, Notice, Tab};
use super::render::{Answer, Told, show};
use super::rows::leaves;
use crate::access::{ask, patient_id};
use crate::app::App;
use crate::error::PageError;
use crate::forms::{Fields, SignedForm};
use crate::session::SignedIn;
use crate::viewer::Round;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::access::Action;
use domain::elsewhere::{Wrong, origin, weighed};
use domain::ident::PatientId;
use domain::path::What;
use domain::patient::Patient;
use domain::plan::TopicId;
use domain::task::{Kind, may_do};
use domain::words;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// So long the answer to 'ask' waits for sources that are quick.
const FIRST: Duration = Duration::from_millis(1_200);

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// The round that is looked at.
    #[serde(default)]
    ronde: String,
}

/// A visit to the page.
struct Visit {
    app: App,
    who: SignedIn,
    id: PatientId,
    round: Option<Arc<Round>>,
}

impl Visit {
    fn of(app: App, who: SignedIn, id: PatientId, round: &str) -> Self {
        let now = app.clock().real();
        let round = app.viewer().rounds().find(round, &who.person, &who.organisation.id, &id, now);
        Self { app, who, id, round }
    }

    fn frame(&self, patient: &Patient) -> Frame {
        Frame::about(&self.app, &self.who, "Plannen elders", &self.id, patient, Tab::Beneath)
            .back_to(format!("/patienten/{}/plan", self.id), "Terug naar het plan")
    }

    /// The page as it stands. While the sources answer, the record is shown as it was read when they were asked; afterwards
    /// each look reads it anew, for what is laid beside the answers is what counts now.
    async fn page(&self, fields: &Fields, errors: Vec<Problem>) -> Result<ElsewherePage, PageError> {
        let permit = ask(&self.app, &self.who.actor, Action::ReadPlan, &self.id).await?;
        let (now, today) = (self.app.clock().now(), self.app.clock().today());
        let (steps, _) = self.app.store().looking_back(&permit).await?;
        let may = [Action::RecordPlan, Action::FollowUp];
        let [records, follows] = leaves(&self.app, &self.who.actor, may, &self.id).await?;
        let (patient, own) = match &self.round {
            None => {
                let record = self.app.store().read_patient(&permit, now, "elsewhere").await?;
                (record.ok_or(PageError::Forbidden)?.patient, None)
            }
            Some(round) if !round.is_done() => (round.identity.clone(), round.own.clone()),
            Some(_) => {
                let record = self.app.store().read(&permit, now, "elsewhere").await?.ok_or(PageError::Forbidden)?;
                (record.patient.patient, record.plan)
            }
        };
        let lives = patient.died_on.is_none();
        let beside = view::Beside {
            steps: &steps,
            own: own.as_ref(),
            records: records.is_some() && lives,
            limits: limits_of(&self.who.actor).is_some(),
            weighs: follows.is_some() && may_do(Kind::Elsewhere, &self.who.actor),
            sources: self.app.viewer().sources_of(&self.who.organisation),
            organisation: &self.who.organisation.name,
            today,
            fields,
            errors: &errors,
        };
        let frame = self.frame(&patient).failing(!errors.is_empty());
        Ok(view::view(frame, &self.id, self.round.as_deref(), &beside))
    }

    async fn refused(&self, fields: &Fields, status: StatusCode, problem: Problem) -> Answer {
        Ok(show(status, &self.page(fields, vec![problem]).await?))
    }

    /// Where one goes on to.
    fn here(&self, notice: Option<Notice>) -> axum::response::Response {
        let round = self.round.as_ref().map(|r| format!("ronde={}", r.id));
        let done = notice.map(|n| format!("gedaan={}", n.code()));
        let query: Vec<String> = [round, done].into_iter().flatten().collect();
        Redirect::to(&format!("/patienten/{}/elders?{}", self.id, query.join("&"))).into_response()
    }

    /// Asks the sources; quick ones have answered when the page is shown.
    async fn begin(mut self, fields: &Fields) -> Answer {
        let permit = ask(&self.app, &self.who.actor, Action::ReadPlan, &self.id).await?;
        let sources = self.app.viewer().sources_of(&self.who.organisation);
        if sources.is_empty() {
            let text = "Er is geen bron om te vragen. Wie de server beheert, stelt bronnen in.";
            return self.refused(fields, StatusCode::UNPROCESSABLE_ENTITY, Problem::whole(text)).await;
        }
        let record = self.app.store().read(&permit, self.app.clock().now(), "elsewhere").await?;
        let record = record.ok_or(PageError::Forbidden)?;
        if let Some(kept) = &record.patient.merged_into {
            return Ok(Redirect::to(&format!("/patienten/{kept}/elders")).into_response());
        }
        let round = asking::begin(&self.app, &self.who, &permit, record, sources).await?;
        round.done_within(FIRST).await;
        self.round = Some(round);
        Ok(self.here(None))
    }

    /// Takes what a source says on a topic over into the draft.
    async fn take(self, fields: &Fields) -> Answer {
        ask(&self.app, &self.who.actor, Action::RecordPlan, &self.id).await?;
        let gone = "Deze antwoorden zijn er niet meer. Vraag de bronnen opnieuw.";
        let found = self.round.as_ref().zip(fields.get("bron").parse::<usize>().ok()).and_then(|(round, n)| {
            let source = round.sources.get(n)?;
            let plan = round.answers().into_iter().nth(n)??.ok()?.plan?;
            Some((source.name.clone(), plan))
        });
        let topic = TopicId::of_number(fields.get("onderwerp")).filter(|t| edit::may_take(*t));
        let (Some((source, theirs)), Some(topic)) = (found, topic) else {
            return self.refused(fields, StatusCode::CONFLICT, Problem::whole(gone)).await;
        };
        let said = words::said(&theirs, topic).or_else(|| words::proposed(&theirs, topic));
        let Some(said) = said else { return self.refused(fields, StatusCode::CONFLICT, Problem::whole(gone)).await };
        let from = origin(&source, &said);
        let taken = edit::take_over(self.app.clone(), self.who.clone(), self.id.as_str(), topic, &theirs, from).await?;
        let title = words::title(topic);
        let problem = match taken {
            Taken::Done => {
                let path = format!("/patienten/{}/plan/bewerken?gedaan={}", self.id, Notice::TakenOver.code());
                return Ok(Redirect::to(&path).into_response());
            }
            Taken::Filled => {
                format!("{title}: in het concept staat hier al iets. Kijk daar eerst, en vul het daar aan.")
            }
            Taken::NotYours => format!("{title}: behandelgrenzen legt u in uw rol niet vast. Vraag het een arts."),
            Taken::Nothing => format!("{title}: hier valt niets over te nemen."),
        };
        self.refused(fields, StatusCode::CONFLICT, Problem::whole(problem)).await
    }

    /// Whoever may settle it says that the plan here stands.
    async fn weigh(self, fields: &Fields) -> Answer {
        let permit = ask(&self.app, &self.who.actor, Action::FollowUp, &self.id).await?;
        if !may_do(Kind::Elsewhere, &self.who.actor) {
            let text = "In uw rol kunt u dit niet doen. Geef het door aan iemand die dat wel mag.";
            return self.refused(fields, StatusCode::UNPROCESSABLE_ENTITY, Problem::whole(text)).await;
        }
        let (steps, _) = self.app.store().looking_back(&permit).await?;
        let (now, today) = (self.app.clock().now(), self.app.clock().today());
        let at = view::field_of(&steps, fields.get("bron"));
        let event = match weighed(&steps, fields.get("bron"), fields.get(&at)) {
            Ok(event) => event,
            Err(Wrong::Gone) => {
                return self.refused(fields, StatusCode::CONFLICT, Problem::whole(Wrong::Gone.to_string())).await;
            }
            Err(wrong) => {
                let problem = Problem::at(&at, wrong.to_string());
                return self.refused(fields, StatusCode::UNPROCESSABLE_ENTITY, problem).await;
            }
        };
        let seen = steps.last().map_or(0, |s| s.number);
        let step = [(today, What::Elsewhere(Box::new(event)))];
        let written = self.app.store().add_steps(&permit, &step, Some(seen), &recorder(&self.who), now).await?;
        if written.is_none() {
            let text = "Intussen is er iets anders vastgelegd. Kijk of wat u typte nog klopt, en leg het opnieuw vast.";
            return self.refused(fields, StatusCode::CONFLICT, Problem::whole(text)).await;
        }
        Ok(self.here(Some(Notice::Weighed)))
    }
}

/// `GET /patienten/{id}/elders`.
pub async fn get(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
    Query(which): Query<Which>,
    Query(told): Query<Told>,
) -> Answer {
    let visit = Visit::of(app, who, patient_id(&id)?, &which.ronde);
    let mut page = visit.page(&Fields::default(), Vec::new()).await?;
    page.frame = page.frame.told(&told);
    page.gone = !which.ronde.is_empty() && visit.round.is_none();
    Ok(show(StatusCode::OK, &page))
}

/// `POST /patienten/{id}/elders`.
pub async fn post(State(app): State<App>, Path(id): Path<String>, SignedForm { who, fields }: SignedForm) -> Answer {
    let visit = Visit::of(app, who, patient_id(&id)?, fields.get("ronde"));
    match fields.get("doe") {
        "neem" => visit.take(&fields).await,
        "weeg" => visit.weigh(&fields).await,
        "vraag" => visit.begin(&fields).await,
        _ => {
            ask(&visit.app, &visit.who.actor, Action::ReadPlan, &visit.id).await?;
            Err(PageError::BadRequest("Gebruik een van de knoppen op de bladzijde.".to_owned()))
        }
    }
}

/// The field in which is written why the plan here stands.
fn why(name: &str, typed: &str) -> Field {
    Field::area(name, "Waarom blijft het plan hier gelden?", typed)
}
