//! Figures: what changed is counted and nothing else, whatever the order; who is erased or merged, who moves, and what time
//! alone does.

use crate::path::{carer, date, day, known, nurse, talked, world};
use crate::world::{Place, gp, log_of, may, organisation, recorder};
use domain::access::{Action, Actor, Who};
use domain::figures::{Figure, Group};
use domain::happening::{Death, Happening, How, Move};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::path::What;
use domain::patient::Living;
use domain::role::Role;
use domain::signal::{Condition, Reason, Signal};
use store::Store;
use store::erasure::Ground;
use store::figures::{Pace, Wanted};
use store::leads::Candidate;
use store::organisations::{Organisation, OrganisationKind};
use store::plans::WriteVersion;

fn what(happening: Happening) -> What {
    What::Happened(Box::new(happening))
}

fn signal(on: i64) -> What {
    What::Signal(Signal {
        noticed_on: date(on),
        reasons: vec![Reason::Frail],
        findings: vec![],
        words: None,
        thought: None,
        talks_with: None,
    })
}

fn admitted() -> What {
    let to = Living::Hospital;
    what(Happening::Moved(Move { how: How::Admitted, to, from: None, name: None, words: None }))
}

async fn tells(store: &Store, action: Action, id: &PatientId, on: i64, what: What) {
    let by = if action == Action::CorrectPatient { gp(1) } else { carer() };
    store.add_steps(&may(&by, action, id), &[(date(on), what)], None, &recorder(&by), day(on)).await.unwrap().unwrap();
}

async fn talks(store: &Store, id: &PatientId, number: u32, on: i64) {
    let version = talked(number, &nurse(), day(on));
    let leave = may(&nurse(), Action::RecordPlan, id);
    store.write_version(&leave, WriteVersion::of(number - 1, &version), day(on)).await.unwrap();
}

/// People by answer, of one figure at one organisation, each as `group:answer=people`.
async fn counted(store: &Store, at: u128, figure: Figure) -> Vec<String> {
    let wanted = Wanted { figures: &[figure], from: 2000, to: 2100 };
    let cells = store.figures_of(&organisation(at), wanted).await.unwrap();
    let mut all: Vec<_> = cells.iter().map(|(_, c)| format!("{}:{}={}", c.group.code(), c.answer, c.people)).collect();
    all.sort();
    all
}

async fn refresh(store: &Store, on: i64) -> u64 {
    let done = store.refresh_figures(Pace::Full, date(on), day(on)).await.unwrap();
    assert!(done.done);
    done.patients
}

async fn lead(store: &Store, id: &PatientId, at: u128, role: Role, number: u32, on: i64) {
    let leave = may(&gp(1), Action::ManageTeam, id);
    let who = Candidate { organisation: organisation(at), role, person: None };
    store.propose_lead(&leave, &who, None, day(on)).await.unwrap();
    let by = if at == 1 { gp(1) } else { nurse() };
    store.answer_lead(&may(&by, Action::ManageTeam, id), number, true, None, day(on)).await.unwrap();
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    assert_eq!(refresh(&store, 0).await, 0);
    let (a, b, c) = (known(&store, 1).await, known(&store, 2).await, known(&store, 3).await);
    for id in [&a, &b] {
        tells(&store, Action::FollowUp, id, 1, signal(1)).await;
    }
    assert_eq!(store.figures_counted_at().await.unwrap(), Some(day(0)));
    assert_eq!(refresh(&store, 2).await, 3);
    assert_eq!(store.figures_counted_at().await.unwrap(), Some(day(2)), "once everything was counted");
    assert_eq!(counted(&store, 1, Figure::Coverage).await, ["other:2=2"], "at the practice, as nobody leads");
    assert!(counted(&store, 1, Figure::Wait).await.is_empty(), "six weeks are not over");
    assert_eq!(refresh(&store, 2).await, 0, "nothing changed, nothing is counted");

    talks(&store, &a, 1, 10).await;
    assert_eq!(refresh(&store, 11).await, 1, "only who changed");
    assert_eq!(counted(&store, 1, Figure::Coverage).await, ["other:0=1", "other:2=1"]);
    assert_eq!(counted(&store, 1, Figure::Wait).await, ["other:0=1"]);
    assert_eq!(refresh(&store, 43).await, 1, "time alone makes a difference");
    assert_eq!(counted(&store, 1, Figure::Wait).await, ["other:0=1", "other:2=1"]);

    let dementia = what(Happening::Diagnosis { condition: Condition::Dementia, words: None });
    tells(&store, Action::FollowUp, &a, 44, dementia).await;
    lead(&store, &a, 2, Role::DistrictNurse, 1, 44).await;
    refresh(&store, 44).await;
    assert_eq!(counted(&store, 2, Figure::Coverage).await, ["dementia:0=1"], "with who leads, and in another group");
    assert_eq!(counted(&store, 1, Figure::Coverage).await, ["other:2=1"]);
    looks(&store, &place, &a).await;
    lists(&store, &a, &b).await;
    sealed(&place).await;
    at_once(&store, &place, &b).await;
    ends(&store, &place, &a, &b, &c).await;
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

/// A hospital reads the plan around an admission.
async fn looks(store: &Store, place: &Place, id: &PatientId) {
    let hospital = Organisation::new(organisation(9), "Ziekenhuis", OrganisationKind::Hospital);
    store.add_organisation(&gp(1), &hospital, day(44)).await.unwrap();
    let read = async |by: &Actor, on: i64| {
        store.read(&may(by, Action::ReadPlan, id), day(on), "plan").await.unwrap().unwrap();
    };
    let doctor = Who::Person(PersonId::from_bits(900));
    let doctor = Actor { who: doctor, role: Some(Role::HospitalPhysician), organisation: organisation(9), ..gp(1) };
    for _ in 0..2 {
        read(&doctor, 44).await;
        assert_eq!(refresh(store, 44).await, 0, "who was not admitted counts the same, looked at or not");
        assert_eq!(
            place.number("SELECT count(*) FROM figure_look").await,
            1,
            "once a day, for an admission told later"
        );
    }
    tells(store, Action::FollowUp, id, 50, admitted()).await;
    refresh(store, 50).await;
    assert_eq!(counted(store, 2, Figure::Emergency).await, ["dementia:1=1"]);
    read(&gp(1), 51).await;
    assert_eq!(refresh(store, 51).await, 0, "reading changes no figure");
    read(&doctor, 51).await;
    assert_eq!(refresh(store, 51).await, 1, "but for this one");
    assert_eq!(counted(store, 2, Figure::Emergency).await, ["dementia:0=1"]);
}

/// Whom a figure counts is found by people of the organisation that it counts for, one by one with a permit, and stands in
/// the log of whoever was told about.
async fn lists(store: &Store, a: &PatientId, b: &PatientId) {
    let year = date(1).year();
    let of = async |by: &Actor, answers: &[u8]| {
        let (all, ids) = store.caseload_ids(by, 0, 100).await.unwrap();
        assert_eq!(usize::try_from(all).unwrap(), ids.len());
        let mut found = Vec::new();
        for id in ids {
            let leave = may(by, Action::ReadPlan, &id);
            let answer = store.answer_of(&leave, (Figure::Coverage, year), answers, day(52)).await.unwrap();
            if let Some(answer) = answer {
                assert!(answers.contains(&answer), "no other answer is told");
                found.push(id);
            }
        }
        found
    };
    assert_eq!(
        of(&gp(1), &[0, 1, 2]).await,
        std::slice::from_ref(b),
        "who counts at another organisation is not listed"
    );
    assert_eq!(of(&nurse(), &[0]).await, std::slice::from_ref(a));
    assert!(of(&nurse(), &[2]).await.is_empty());
    for id in [a, b] {
        let rows = log_of(store, id, day(53)).await;
        assert_eq!(rows.iter().filter(|row| row.data == "figure").count(), 1, "one look each told something");
    }
    let (all, first) = store.caseload_ids(&gp(1), 0, 1).await.unwrap();
    let (_, second) = store.caseload_ids(&gp(1), 1, 1).await.unwrap();
    assert!(all > 1 && first.len() == 1 && second.len() == 1 && first < second, "{first:?} {second:?}");
    assert!(store.caseload_ids(&gp(1), all, 10).await.unwrap().1.is_empty());
    let leave = may(&gp(1), Action::ReadPatient, b);
    let told = store.answer_of(&leave, (Figure::Coverage, year), &[2], day(52)).await;
    assert!(told.is_err(), "no leave to read the plan");
}

/// What somebody counts for is sealed: no figure is named in it.
async fn sealed(place: &Place) {
    let hex = if place.is_sqlite() { "lower(hex(sealed))" } else { "encode(sealed, 'hex')" };
    let coverage = "coverage".bytes().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat();
    assert!(place.number("SELECT count(*) FROM figure_person").await > 1);
    let readable = format!("SELECT count(*) FROM figure_person WHERE {hex} LIKE '%{coverage}%'");
    assert_eq!(place.number(&readable).await, 0);
}

/// Counting twice at once: the sums hold each patient once. Who has older definitions leaves counting to the newer.
async fn at_once(store: &Store, place: &Place, b: &PatientId) {
    tells(store, Action::FollowUp, b, 53, signal(53)).await;
    let (one, two) = tokio::join!(
        store.refresh_figures(Pace::Full, date(53), day(53)),
        store.refresh_figures(Pace::Full, date(53), day(53))
    );
    assert!(one.unwrap().done || two.unwrap().done);
    refresh(store, 53).await;
    assert_eq!(counted(store, 1, Figure::Coverage).await, ["other:2=1"]);
    assert_eq!(counted(store, 2, Figure::Coverage).await, ["dementia:0=1"]);
    place.behind("UPDATE meta SET number = number + 1 WHERE name = 'figures_version'").await;
    tells(store, Action::FollowUp, b, 53, signal(53)).await;
    assert_eq!(
        store.refresh_figures(Pace::Full, date(53), day(53)).await.unwrap(),
        store::figures::Refreshed::default()
    );
    assert_eq!(counted(store, 1, Figure::Coverage).await, ["other:2=1"], "what the newer counted stays");
    place.behind("UPDATE meta SET number = number - 1 WHERE name = 'figures_version'").await;
    assert_eq!(refresh(store, 53).await, 1);
}

async fn ends(store: &Store, place: &Place, a: &PatientId, b: &PatientId, c: &PatientId) {
    let home = domain::code::Place::Home;
    let death = Happening::Died(Death { place: home, wished: Some(home), admitted_on: None, words: None });
    tells(store, Action::CorrectPatient, a, 60, what(death)).await;
    refresh(store, 60).await;
    assert_eq!(counted(store, 2, Figure::Wished).await, ["dementia:0=1"]);
    assert_eq!(counted(store, 2, Figure::LastMonth).await, ["dementia:0=1"]);

    // What is merged into another counts there, once.
    tells(store, Action::FollowUp, c, 60, signal(1)).await;
    refresh(store, 60).await;
    assert_eq!(counted(store, 1, Figure::Coverage).await, ["other:2=2"]);
    let correct = |id: &PatientId| may(&gp(1), Action::CorrectPatient, id);
    store.merge(&correct(b), &correct(c), "dubbel", day(61)).await.unwrap();
    refresh(store, 61).await;
    assert_eq!(counted(store, 1, Figure::Coverage).await, ["other:2=1"]);

    // Erasing leaves the number, and no way from it to the patient.
    let pseudonyms = place.number("SELECT count(*) FROM figure_person").await;
    store.erase(&may(&gp(1), Action::ErasePatient, b), Ground::Request, day(62)).await.unwrap();
    refresh(store, 62).await;
    assert_eq!(counted(store, 1, Figure::Coverage).await, ["other:2=1"], "the figure of that time stays true");
    assert_eq!(place.number("SELECT count(*) FROM figure_person").await, pseudonyms);
    let left = format!("SELECT count(*) FROM figure_due WHERE patient_id = '{b}'");
    assert_eq!(place.number(&left).await, 0);

    // Counted again from nothing, it is the same but for what was erased.
    place.behind("UPDATE meta SET number = 0 WHERE name = 'figures_version'").await;
    refresh(store, 63).await;
    assert!(counted(store, 1, Figure::Coverage).await.is_empty());
    assert_eq!(counted(store, 2, Figure::Wished).await, ["dementia:0=1"]);
    assert_eq!(counted(store, 2, Figure::Emergency).await, ["dementia:0=1"]);
    let own: OrganisationId = organisation(2);
    let cells = store.figures_of(&own, Wanted { figures: &[], from: 2000, to: 2100 }).await.unwrap();
    assert!(cells.iter().all(|(_, c)| c.group == Group::Dementia && c.people == 1), "{cells:?}");
}
