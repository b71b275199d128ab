//! Claims: who held which conversation, a line for it and its withdrawal, and contracts whose changes leave a trace.

use crate::path::{date, day, known, nurse, world};
use crate::world::{Place, gp, log_of, may, organisation, recorder};
use domain::access::{Action, Actor};
use domain::claims::{Contract, ContractKind, Line, given::insurers};
use domain::ident::{ContractId, PatientId, Uzovi};
use domain::path::What;
use domain::talk::{Attended, Report, Talk};
use store::claims::{ClaimEvent, Held, Insurers, Wrote};
use store::erasure::Ground;
use store::{Error, Store};

fn line(code: &str) -> ClaimEvent {
    ClaimEvent::Claimed(Line {
        rule: "vgz".into(),
        contract: None,
        code: code.into(),
        cents: Some(5_000),
        insurer: Uzovi::parse("7095").unwrap(),
        expected: false,
        evidence: vec!["gesprek over Zonneweide".into()],
        missing: vec![],
    })
}

async fn hold(store: &Store, by: &Actor, id: &PatientId, on: i64) -> u32 {
    let report = Report {
        attended: Attended { patient: true, ..Attended::default() },
        minutes: Some(35),
        subjective: Some("wil thuis blijven".into()),
        ..Report::default()
    };
    let leave = may(by, Action::Converse, id);
    let steps = [(date(on), What::Talk(Talk::Held(report)))];
    store.add_steps(&leave, &steps, None, &recorder(by), day(on)).await.unwrap().unwrap()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    let (first, second) = (known(&store, 7).await, known(&store, 8).await);
    let steps = [hold(&store, &gp(1), &first, 3).await, hold(&store, &gp(1), &first, 3).await];
    hold(&store, &gp(1), &second, 5).await;
    hold(&store, &nurse(), &second, 6).await;
    // Each organisation has what its own people held, in the period and page by page.
    let all = store.held(&gp(1), (date(0), date(30)), 0, 9).await.unwrap();
    assert_eq!(
        all.iter().map(|h| (h.on, &h.patient)).collect::<Vec<_>>(),
        [(date(3), &first), (date(3), &first), (date(5), &second)]
    );
    assert_eq!(store.held(&gp(1), (date(0), date(30)), 1, 9).await.unwrap(), all[1..]);
    assert_eq!(store.held(&gp(1), (date(4), date(4)), 0, 9).await.unwrap(), []);
    assert_eq!(store.held(&nurse(), (date(0), date(30)), 0, 9).await.unwrap().len(), 1);
    lines(&store, &first, &second, steps).await;
    contracts(&store).await;
    if place.is_sqlite() {
        let open = "SELECT count(*) FROM claim WHERE CAST(sealed AS TEXT) LIKE '%Zonneweide%'";
        assert_eq!(place.number(open).await, 0, "nothing of a line can be read");
    }
    assert!(log_of(&store, &first, day(9)).await.iter().any(|r| r.data == "claim"));
    merged(&store, &first, &second).await;
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn lines(store: &Store, first: &PatientId, second: &PatientId, steps: [u32; 2]) {
    let held = |step| Held { on: date(3), patient: first.clone(), record: first.clone(), step };
    let write = async |step, what| {
        let leave = may(&gp(1), Action::FollowUp, first);
        store.write_claim(&leave, &held(step), what, &recorder(&gp(1)), day(6)).await.unwrap()
    };
    assert_eq!(write(steps[0], line("A")).await, Wrote::Done);
    assert_eq!(write(steps[1], line("B")).await, Wrote::Gone, "one line for a patient and a day");
    let back = |of| ClaimEvent::Withdrawn { of, reason: "verkeerde code".into() };
    assert_eq!(write(steps[0], back(7)).await, Wrote::Gone);
    assert_eq!(write(steps[0], back(1)).await, Wrote::Done);
    assert_eq!(write(steps[0], back(1)).await, Wrote::Gone, "once");
    assert_eq!(write(steps[1], line("B")).await, Wrote::Done, "a correction follows");
    let reading = may(&gp(1), Action::ReadPlan, first);
    let all = store.claims(&reading, day(7)).await.unwrap();
    assert_eq!(all.iter().map(|c| c.written.number).collect::<Vec<_>>(), [1, 2, 3], "and what stood stays");
    assert!(matches!(&all[1].written.what, ClaimEvent::Withdrawn { of: 1, reason } if reason == "verkeerde code"));
    assert_eq!(store.claimed_for(&gp(1), (date(0), date(9))).await.unwrap(), std::slice::from_ref(first));
    assert!(store.claimed_for(&nurse(), (date(0), date(9))).await.unwrap().is_empty());
    let leave = may(&nurse(), Action::ReadPlan, first);
    assert!(store.claims(&leave, day(7)).await.unwrap().is_empty(), "another organisation's lines are its own");
    let other = may(&gp(1), Action::FollowUp, second);
    let wrong = store.write_claim(&other, &held(1), line("A"), &recorder(&gp(1)), day(7)).await;
    assert!(matches!(wrong, Err(Error::Permit(_))));
}

/// Two records of one patient become one: what was held and claimed goes along, and nothing is claimed a second time.
async fn merged(store: &Store, dropped: &PatientId, kept: &PatientId) {
    hold(store, &gp(1), kept, 3).await;
    let held = async || store.held(&gp(1), (date(0), date(30)), 0, 9).await.unwrap();
    let write = async |held: &Held, what| {
        let leave = may(&gp(1), Action::FollowUp, &held.patient);
        store.write_claim(&leave, held, what, &recorder(&gp(1)), day(9)).await.unwrap()
    };
    for own in held().await.iter().filter(|h| h.patient == *kept) {
        assert_eq!(write(own, line("C")).await, Wrote::Done, "each record has a line for the third day");
    }
    let stale = held().await.remove(0);
    join(store, dropped, kept).await;
    let all = held().await;
    assert_eq!(all.iter().map(|h| h.on).collect::<Vec<_>>(), [3, 3, 3, 5].map(date), "in order of day");
    assert!(all.iter().all(|h| h.patient == *kept), "{all:?}");
    let (moved, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|h| h.record == *dropped);
    assert_eq!((moved.len(), own.len()), (2, 2), "each where it was reported");
    let reading = may(&gp(1), Action::ReadPlan, kept);
    let report = store.held_report(&reading, &moved[0], day(11)).await.unwrap().unwrap();
    assert!(matches!(report.what, What::Talk(Talk::Held(report)) if report.minutes == Some(35)));
    let theirs = may(&nurse(), Action::ReadPlan, kept);
    assert_eq!(store.held_report(&theirs, &moved[0], day(11)).await.unwrap(), None, "another organisation held it");
    let before = may(&gp(1), Action::ReadPlan, dropped);
    assert_eq!(store.held_report(&before, &stale, day(11)).await.unwrap(), None, "it is the other record's now");
    let lines = store.claims(&reading, day(11)).await.unwrap();
    let numbers: Vec<_> = lines.iter().map(|c| (c.record == *dropped, c.written.number)).collect();
    let expected = [(true, 1), (true, 2), (true, 3), (false, 1), (false, 2)];
    assert_eq!(numbers, expected, "the lines of both, with their numbers");
    assert_eq!(store.claimed_for(&gp(1), (date(0), date(9))).await.unwrap(), std::slice::from_ref(kept));
    // Both count; each can be withdrawn, and as long as one counts none is added.
    let back = |of| ClaimEvent::Withdrawn { of, reason: "dubbel".into() };
    let (claimed, other) = (usize::from(moved[0].step != lines[2].written.step), &own[0]);
    assert_eq!(write(&moved[claimed], line("D")).await, Wrote::Gone);
    assert_eq!(write(&moved[claimed], back(3)).await, Wrote::Done, "a line of the dropped record");
    assert_eq!(write(&moved[claimed], back(3)).await, Wrote::Gone, "once");
    assert_eq!(write(&moved[1 - claimed], line("D")).await, Wrote::Gone, "the other record's line counts");
    let number = lines.iter().find(|c| c.record == *kept && c.written.on == date(3)).unwrap().written.number;
    assert_eq!(write(other, back(number)).await, Wrote::Done);
    assert_eq!(write(&moved[1 - claimed], line("D")).await, Wrote::Done);
    again(store, dropped, kept).await;
}

async fn join(store: &Store, dropped: &PatientId, kept: &PatientId) {
    let correct = |id: &PatientId| may(&gp(1), Action::CorrectPatient, id);
    store.merge(&correct(kept), &correct(dropped), "dubbel", day(10)).await.unwrap();
}

/// What came with one merge goes along with the next, and is erased with the record that stays.
async fn again(store: &Store, first: &PatientId, second: &PatientId) {
    let third = known(store, 9).await;
    join(store, second, &third).await;
    let all = store.held(&gp(1), (date(0), date(30)), 0, 9).await.unwrap();
    assert!(all.len() == 4 && all.iter().all(|h| h.patient == third), "{all:?}");
    let lines = store.claims(&may(&gp(1), Action::ReadPlan, &third), day(12)).await.unwrap();
    assert_eq!(lines.iter().filter(|c| c.record == *first).map(|c| c.written.number).max(), Some(5));
    store.erase(&may(&gp(1), Action::ErasePatient, &third), Ground::Request, day(13)).await.unwrap();
    assert_eq!(store.held(&gp(1), (date(0), date(30)), 0, 9).await.unwrap(), []);
    assert!(store.claimed_for(&gp(1), (date(0), date(30))).await.unwrap().is_empty());
}

async fn contracts(store: &Store) {
    let id = ContractId::from_bits(1);
    let contract = |cents| Contract {
        kind: ContractKind::Acp,
        with: "VGZ".into(),
        from: date(0),
        until: None,
        code: None,
        cents,
        most_a_year: None,
        least_minutes: None,
        source: None,
        withdrawn: false,
    };
    assert!(store.write_contract(&gp(1), &id, &contract(None), 0, day(1)).await.unwrap());
    assert!(store.write_contract(&gp(1), &id, &contract(Some(5_000)), 1, day(2)).await.unwrap());
    assert!(!store.write_contract(&gp(1), &id, &contract(Some(9)), 1, day(2)).await.unwrap(), "somebody was first");
    assert!(!store.write_contract(&gp(2), &id, &contract(Some(9)), 2, day(2)).await.unwrap(), "it is another's");
    let all = store.contracts(&organisation(1)).await.unwrap();
    assert_eq!((all.len(), all[0].revision, all[0].contract.cents), (1, 2, Some(5_000)));
    let past = store.contract_past(&organisation(1), &id).await.unwrap();
    assert_eq!(past.iter().map(|p| p.contract.cents).collect::<Vec<_>>(), [Some(5_000), None]);
    let list = Insurers { revision: 0, all: insurers("7095 VGZ").unwrap() };
    assert!(store.write_insurers(&gp(1), &list, day(1)).await.unwrap());
    assert!(!store.write_insurers(&gp(1), &list, day(1)).await.unwrap());
    let kept = store.insurers(&organisation(1)).await.unwrap();
    assert_eq!((kept.revision, kept.all.len()), (1, 1));
    assert_eq!(store.insurers(&organisation(2)).await.unwrap(), Insurers::default());
}
