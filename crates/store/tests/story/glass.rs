//! Breaking the glass, and what comes of it.

use crate::world::{Place, at, gp, log_of, may, officer, organisation, registered, system};
use domain::access::{Action, Actor, Basis, Permit, Relation, Sharing, Who, permit};
use domain::consent::Said;
use domain::glass::{Kind, OPEN_FOR, Reason, Verdict};
use domain::ident::{PatientId, PersonId};
use domain::role::Role;
use store::glass::{Judged, Open};
use store::log::read::LogRow;
use store::organisations::{Organisation, OrganisationKind};
use store::{Error, Store};

fn post() -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(901)), role: Some(Role::OutOfHours), ..gp(9) }
}

fn reason() -> Reason {
    Reason::given("acute", "Gevonden op straat, niet aanspreekbaar.").unwrap()
}

async fn allowed(store: &Store, actor: &Actor, action: Action, id: &PatientId, minute: i64) -> Option<Permit> {
    let relation = store.relation(id, actor, at(minute)).await.unwrap().unwrap();
    permit(actor, action, id, relation).ok()
}

fn told(rows: &[LogRow], action: &str) -> Option<LogRow> {
    rows.iter().find(|r| r.action == action).cloned()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    for (n, kind) in [(1, OrganisationKind::GpPractice), (9, OrganisationKind::OutOfHours)] {
        let house = Organisation::new(organisation(n), &format!("Organisatie {n}"), kind);
        store.add_organisation(&gp(1), &house, at(0)).await.unwrap();
    }
    let id = registered(&store, 1, 1).await;
    breaking(&store, &id).await;
    judging(&store, &id).await;
    despite(&store).await;
    counted(&store).await;
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn breaking(store: &Store, id: &PatientId) {
    let post = post();
    assert!(allowed(store, &post, Action::ReadEmergency, id, 100).await.is_none(), "not before");
    let glass = allowed(store, &post, Action::BreakGlass, id, 100).await.unwrap();
    let until = store.break_glass(&glass, &reason(), false, at(100)).await.unwrap();
    assert_eq!(until, at(100) + OPEN_FOR);
    // Pressing twice is breaking once, and the time does not grow by it.
    assert_eq!(store.break_glass(&glass, &reason(), true, at(101)).await.unwrap(), until);
    let other = may(&gp(1), Action::ReadPlan, id);
    assert!(matches!(store.break_glass(&other, &reason(), true, at(101)).await, Err(Error::Permit(_))));

    let look = allowed(store, &post, Action::ReadEmergency, id, 102).await.unwrap();
    assert_eq!(look.basis(), Basis::Glass);
    assert_eq!(store.open_glass(&look, at(102)).await.unwrap(), Some(Open { until, by_name: false }));
    assert!(store.read(&look, at(102), "emergency").await.unwrap().is_some());
    assert!(allowed(store, &post, Action::ReadPlan, id, 102).await.is_none(), "the emergency view, nothing else");
    let colleague = Actor { who: Who::Person(PersonId::from_bits(902)), ..post.clone() };
    assert!(allowed(store, &colleague, Action::ReadEmergency, id, 102).await.is_none(), "who broke it, nobody else");
    assert!(allowed(store, &system(9), Action::ReadPlan, id, 102).await.is_none(), "no system");

    let over = 100 + OPEN_FOR.as_mins();
    assert!(allowed(store, &post, Action::ReadEmergency, id, over - 1).await.is_some());
    assert!(allowed(store, &post, Action::ReadEmergency, id, over).await.is_none(), "the time is over");
    assert_eq!(store.open_glass(&look, at(over)).await.unwrap(), None);

    let rows = log_of(store, id, at(170)).await;
    let broke = told(&rows, "break-glass").unwrap();
    assert_eq!((broke.basis.as_deref(), broke.data.as_str()), (Some("break-glass"), "glass: acute"));
    assert_eq!(broke.detail.as_deref(), Some("Gevonden op straat, niet aanspreekbaar."));
    assert_eq!(rows.iter().filter(|r| r.action == "break-glass").count(), 1);
    assert_eq!(told(&rows, "read-emergency").unwrap().basis.as_deref(), Some("break-glass"));
}

async fn judging(store: &Store, id: &PatientId) {
    let gp = gp(1);
    let cases = store.glass_cases(&gp, at(170), at(170), 10).await.unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!((&cases[0].patient, cases[0].own, cases[0].judged, cases[0].leads), (id, false, false, false));
    assert!(store.glass_cases(&post(), at(170), at(170), 10).await.unwrap().is_empty(), "not for who broke it");
    // The privacy officer of whoever broke it sees it too; that of a third organisation does not.
    assert_eq!(store.glass_cases(&officer(9), at(170), at(170), 10).await.unwrap().len(), 1);
    assert!(store.glass_cases(&officer(3), at(170), at(170), 10).await.unwrap().is_empty());
    let theirs = allowed(store, &officer(9), Action::ReadLog, id, 170).await.unwrap();
    assert_eq!(theirs.basis(), Basis::Oversight);
    assert_eq!(store.glass_of_patient(&theirs, at(170)).await.unwrap().len(), 1);
    assert!(allowed(store, &officer(3), Action::ReadLog, id, 170).await.is_none());

    let all = store.glass_of_patient(&may(&gp, Action::ReadLog, id), at(171)).await.unwrap();
    let one = &all[0];
    assert_eq!((one.number, one.reason.kind, one.despite, &one.judgement), (1, Kind::Acute, false, &None));
    assert_eq!((&one.person, one.role), (&PersonId::from_bits(901), Some(Role::OutOfHours)));
    assert_eq!((one.at, one.until), (at(100), at(100) + OPEN_FOR));
    let read = may(&gp, Action::ReadPlan, id);
    assert!(matches!(store.glass_of_patient(&read, at(171)).await, Err(Error::Permit(_))));

    let judge = |actor: &Actor| may(actor, Action::JudgeGlass, id);
    let good = Verdict::Justified;
    // Who broke it may have joined the team since: nobody judges their own.
    let own = Actor { role: Some(Role::Gp), ..post() };
    assert_eq!(store.judge_glass(&judge(&own), 1, good, None, at(172)).await.unwrap(), Judged::Own);
    assert_eq!(store.judge_glass(&judge(&gp), 7, good, None, at(172)).await.unwrap(), Judged::Gone);
    assert_eq!(store.judge_glass(&judge(&gp), 1, good, Some("Terecht."), at(173)).await.unwrap(), Judged::Done);
    let again = store.judge_glass(&judge(&officer(1)), 1, Verdict::Unjustified, None, at(174)).await;
    assert_eq!(again.unwrap(), Judged::Before);
    let all = store.glass_of_patient(&may(&gp, Action::ReadLog, id), at(175)).await.unwrap();
    let judgement = all[0].judgement.as_ref().unwrap();
    assert_eq!((judgement.verdict, judgement.words.as_deref()), (good, Some("Terecht.")));
    assert_eq!((&judgement.by, judgement.at), (&PersonId::from_bits(101), at(173)));
    assert!(store.glass_cases(&gp, at(174), at(175), 10).await.unwrap().is_empty(), "it does not wait any more");
    assert!(store.glass_cases(&gp, at(173), at(175), 10).await.unwrap()[0].judged, "and shows for a while");
    assert_eq!(told(&log_of(store, id, at(176)).await, "judge-glass").unwrap().data, "glass 1: justified");
}

/// A patient who objected: acute care only, with leave of its own.
async fn despite(store: &Store) {
    let id = registered(store, 2, 1).await;
    let consent = may(&gp(1), Action::RecordConsent, &id);
    store.set_sharing(&consent, &[Said::for_everyone(Sharing::Refused)], at(200)).await.unwrap();
    let post = post();
    assert!(allowed(store, &post, Action::BreakGlass, &id, 201).await.is_none());
    assert!(allowed(store, &gp(9), Action::BreakGlassRefused, &id, 201).await.is_none());
    let glass = allowed(store, &post, Action::BreakGlassRefused, &id, 201).await.unwrap();
    store.break_glass(&glass, &reason(), true, at(201)).await.unwrap();
    let look = allowed(store, &post, Action::ReadEmergency, &id, 202).await.unwrap();
    assert!(store.open_glass(&look, at(202)).await.unwrap().unwrap().by_name);
    let all = store.glass_of_patient(&may(&gp(1), Action::ReadLog, &id), at(203)).await.unwrap();
    assert!(all[0].despite);
    assert!(told(&log_of(store, &id, at(204)).await, "break-glass-refused").is_some());
    // By consent there is nothing open, whatever was broken.
    let consented = Relation { sharing: Sharing::Agreed, ..Relation::default() };
    let by_consent = permit(&post, Action::ReadEmergency, &id, consented).unwrap();
    assert_eq!(store.open_glass(&by_consent, at(202)).await.unwrap(), None);
}

async fn counted(store: &Store) {
    let figures = store.glass_figures(&organisation(9), "2026-01").await.unwrap();
    let told: Vec<_> = figures.iter().map(|f| (f.month.as_str(), f.kind, f.despite, f.verdict, f.count)).collect();
    assert_eq!(
        told,
        [("2026-11", Kind::Acute, false, Some(Verdict::Justified), 1), ("2026-11", Kind::Acute, true, None, 1),]
    );
    assert!(store.glass_figures(&organisation(9), "2026-12").await.unwrap().is_empty());
    assert!(store.glass_figures(&organisation(1), "2026-01").await.unwrap().is_empty(), "broken by others");
    let about = store.glass_about_patients(&organisation(1), at(0), at(300)).await.unwrap();
    assert_eq!(about.iter().map(|a| (a.at, a.judged)).collect::<Vec<_>>(), [(at(100), true), (at(201), false)]);
    assert!(store.glass_about_patients(&organisation(9), at(0), at(300)).await.unwrap().is_empty());
}
