//! One time that somebody asked the sources for one patient: what came so far. In memory only, for who asked it, and
//! gone after a quarter of an hour.

use super::{Failure, Found, Source};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::patient::Patient;
use domain::plan::CurrentPlan;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// How long the answers stay.
const KEPT: SignedDuration = SignedDuration::from_mins(15);
/// Most rounds at once; the oldest goes first.
const MOST: usize = 300;
/// Most of one person: whoever looks at more patients in a quarter of an hour asks anew, and puts out nobody else's.
const MOST_OF_ONE: usize = 12;

/// What came of a source.
pub(crate) type Answer = Result<Found, Failure>;

/// A round.
pub(crate) struct Round {
    /// Id in the address.
    pub id: String,
    /// Who asked.
    pub person: PersonId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// Of whom.
    pub patient: PatientId,
    /// The patient as they were known.
    pub identity: Patient,
    /// The plan here, as it was.
    pub own: Option<CurrentPlan>,
    /// Who was asked, in the order of the configuration.
    pub sources: Vec<Arc<Source>>,
    /// When.
    pub at: Timestamp,
    state: Mutex<State>,
    news: Notify,
}

/// How far it is.
struct State {
    answers: Vec<Option<Answer>>,
    /// What follows from the answers was written.
    settled: bool,
}

/// What a round begins with.
pub(crate) struct Begin {
    /// Who asks.
    pub person: PersonId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// Of whom.
    pub patient: PatientId,
    /// The patient as they are known.
    pub identity: Patient,
    /// The plan here.
    pub own: Option<CurrentPlan>,
    /// Who is asked.
    pub sources: Vec<Arc<Source>>,
    /// When.
    pub at: Timestamp,
}

impl Round {
    /// A round in which nobody answered yet.
    pub fn new(id: String, begin: Begin) -> Self {
        let Begin { person, organisation, patient, identity, own, sources, at } = begin;
        let state = Mutex::new(State { answers: vec![None; sources.len()], settled: false });
        Self { id, person, organisation, patient, identity, own, sources, at, state, news: Notify::new() }
    }

    /// What came so far, in the order of the sources.
    pub fn answers(&self) -> Vec<Option<Answer>> {
        self.state().answers.clone()
    }

    /// Notes what came of a source; whether that was the last.
    pub fn answered(&self, n: usize, answer: Answer) -> bool {
        let mut state = self.state();
        if let Some(place) = state.answers.get_mut(n) {
            *place = Some(answer);
        }
        state.answers.iter().all(Option::is_some)
    }

    /// All answered, and what follows from that was written.
    pub fn settle(&self) {
        self.state().settled = true;
        self.news.notify_waiters();
    }

    /// Did all answer, or was their time over?
    pub fn is_done(&self) -> bool {
        self.state().settled
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until all answered, but no longer than this.
    pub async fn done_within(&self, longest: Duration) {
        let waiting = async {
            loop {
                let news = self.news.notified();
                tokio::pin!(news);
                // Registered before looking, so that nothing is missed in between.
                news.as_mut().enable();
                if self.is_done() {
                    return;
                }
                news.await;
            }
        };
        let _ = tokio::time::timeout(longest, waiting).await;
    }
}

/// The rounds of late.
#[derive(Default)]
pub(crate) struct Rounds(Mutex<Vec<Arc<Round>>>);

impl Rounds {
    /// Begins a round; where the same person asked the same for the same patient and answers still come, that round goes
    /// on, and the answer is `false`.
    pub fn begin(&self, id: String, begin: Begin) -> (Arc<Round>, bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|round| begin.at.duration_since(round.at) < KEPT);
        let same = |r: &&Arc<Round>| {
            r.person == begin.person
                && r.organisation == begin.organisation
                && r.patient == begin.patient
                && !r.is_done()
        };
        if let Some(running) = all.iter().find(same) {
            return (Arc::clone(running), false);
        }
        let theirs = |r: &Arc<Round>| r.person == begin.person;
        if all.iter().filter(|r| theirs(r)).count() >= MOST_OF_ONE
            && let Some(oldest) = all.iter().position(theirs)
        {
            all.remove(oldest);
        }
        if all.len() >= MOST {
            all.remove(0);
        }
        let round = Arc::new(Round::new(id, begin));
        all.push(Arc::clone(&round));
        (round, true)
    }

    /// The round with this id, for who asked it, about this patient.
    pub fn find(
        &self,
        id: &str,
        person: &PersonId,
        organisation: &OrganisationId,
        patient: &PatientId,
        now: Timestamp,
    ) -> Option<Arc<Round>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let theirs = |r: &&Arc<Round>| {
            r.id == id && r.person == *person && r.organisation == *organisation && r.patient == *patient
        };
        all.iter().find(theirs).filter(|r| now.duration_since(r.at) < KEPT).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::date::FhirDateTime;
    use domain::ident::Bsn;
    use domain::people::Name;

    fn begin(person: u128, patient: u128) -> Begin {
        let identity = Patient {
            bsn: Bsn::parse("999911120").unwrap(),
            name: Name::default(),
            birth_date: FhirDateTime::parse("1941").unwrap(),
            gender: None,
            address: None,
            telephones: Vec::new(),
            emails: Vec::new(),
            living: None,
            general_practitioner: None,
            insurer: None,
            died_on: None,
        };
        Begin {
            person: PersonId::from_bits(person),
            organisation: OrganisationId::from_bits(1),
            patient: PatientId::from_bits(patient),
            identity,
            own: None,
            sources: Vec::new(),
            at: "2026-11-30T09:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn who_asks_for_many_patients_puts_out_nobody_elses_answers() {
        let rounds = Rounds::default();
        rounds.begin("other".to_owned(), begin(2, 1));
        for n in 0..20 {
            assert!(rounds.begin(format!("round-{n}"), begin(1, n)).1);
        }
        let at = "2026-11-30T09:01:00Z".parse().unwrap();
        let there = |id: &str, person, patient| {
            let (person, patient) = (PersonId::from_bits(person), PatientId::from_bits(patient));
            rounds.find(id, &person, &OrganisationId::from_bits(1), &patient, at).is_some()
        };
        assert!(there("other", 2, 1));
        assert!(there("round-19", 1, 19) && there("round-8", 1, 8) && !there("round-7", 1, 7));
        assert!(!there("other", 1, 1), "only for who asked");
    }
}
