//! A round: every source at once, what came of each in the log before it is shown, and what the lead has to look at.

use crate::access::quietly;
use crate::app::App;
use crate::pages::author::recorder;
use crate::session::SignedIn;
use crate::viewer::{Answer, Begin, Failure, Found, Round, Source};
use domain::access::{Action, Permit};
use domain::conflicts::for_the_lead;
use domain::elsewhere::news;
use domain::path::What;
use domain::plan::Recorder;
use std::sync::Arc;
use store::log::Outcome;
use store::plans::Record;

/// How often what is put before the lead is made anew because something else was written meanwhile.
const TRIES: usize = 4;

/// Whoever asked, to write what came of it.
struct Asker {
    app: App,
    permit: Permit,
    /// To put before the lead what they have to look at; absent: this person belongs to no team.
    follows: Option<Permit>,
    by: Recorder,
}

/// Asks the sources; a round that is under way goes on.
pub async fn begin(
    app: &App,
    who: &SignedIn,
    permit: &Permit,
    record: Record,
    sources: Vec<Arc<Source>>,
) -> Result<Arc<Round>, store::Error> {
    let follows = quietly(app, &who.actor, Action::FollowUp, permit.patient()).await?;
    let begin = Begin {
        person: who.person.clone(),
        organisation: who.organisation.id.clone(),
        patient: permit.patient().clone(),
        identity: record.patient.patient,
        own: record.plan,
        sources,
        at: app.clock().real(),
    };
    let (round, new) = app.viewer().rounds().begin(crate::fresh_secret(), begin);
    if !new {
        return Ok(round);
    }
    let asker = Arc::new(Asker { app: app.clone(), permit: permit.clone(), follows, by: recorder(who) });
    for n in 0..round.sources.len() {
        let (asker, round) = (Arc::clone(&asker), Arc::clone(&round));
        tokio::spawn(async move {
            let Some(source) = round.sources.get(n) else { return };
            let answer = asker.one(source, &round).await;
            if round.answered(n, answer) {
                if let Err(error) = asker.put_before_the_lead(&round).await {
                    tracing::error!(%error, "what other sources say could not be put before the lead");
                }
                round.settle();
            }
        });
    }
    Ok(round)
}

/// What came, for the log of the patient.
fn came(answer: &Answer) -> (Outcome, &'static str) {
    match answer {
        Ok(Found { plan: Some(_), .. }) => (Outcome::Done, "een plan"),
        Ok(Found { known: true, .. }) => (Outcome::Done, "geen plan"),
        Ok(_) => (Outcome::Done, "kent de patiënt niet, of geeft niets"),
        Err(failure) => (failure.outcome(), "geen antwoord dat te gebruiken is"),
    }
}

impl Asker {
    async fn one(&self, source: &Source, round: &Round) -> Answer {
        let clock = self.app.clock();
        let answer = self.app.viewer().ask(source, &round.identity, clock.real()).await;
        let (outcome, came) = came(&answer);
        metrics::counter!("tijdig_source_answers_total", "outcome" => outcome.code()).increment(1);
        let noted = self.app.store().note_asked(&self.permit, &source.name, outcome, came, clock.now()).await;
        match noted {
            Ok(()) => answer,
            Err(error) => {
                tracing::error!(%error, "that a source was asked could not be logged: what it gave is not shown");
                Err(Failure::NoAnswer)
            }
        }
    }

    /// Writes where a source disagrees with the plan here, or does no more; once, however often it is asked.
    async fn put_before_the_lead(&self, round: &Round) -> Result<(), store::Error> {
        let (Some(follows), Some(own)) = (&self.follows, &round.own) else { return Ok(()) };
        let store = self.app.store();
        for _ in 0..TRIES {
            let (steps, _) = store.looking_back(follows).await?;
            let seen = steps.last().map_or(0, |s| s.number);
            let today = self.app.clock().today();
            let told: Vec<_> = round
                .sources
                .iter()
                .zip(round.answers())
                .filter_map(|(source, answer)| {
                    // A source without a plan, or that gives us none, agrees with nothing.
                    let found = answer?.ok()?;
                    let topics = for_the_lead(&own.content, &found.plan?);
                    let event = news(&steps, &source.name, topics, found.left_out == 0)?;
                    Some((today, What::Elsewhere(Box::new(event))))
                })
                .collect();
            if told.is_empty()
                || store.add_steps(follows, &told, Some(seen), &self.by, self.app.clock().now()).await?.is_some()
            {
                return Ok(());
            }
        }
        Ok(())
    }
}
