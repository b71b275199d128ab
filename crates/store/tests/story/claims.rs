//! Claims: who held which conversation, a line for it and its withdrawal, and contracts whose changes leave a trace.

use crate::path::{date, day, known, nurse, world};
use crate::world::{Place, gp, log_of, may, organisation, recorder};
use domain::access::{Action, Actor};
use domain::claims::{Contract, ContractKind, Line, given::insurers};
use domain::ident::{ContractId, PatientId, Uzovi};
use domain::path::What;
use domain::talk::{Attended, Report, Talk};
use store::claims::{ClaimEvent, Held, Insurers, Wrote};
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
    let held = |step| Held { on: date(3), patient: first.clone(), step };
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
    assert_eq!(all.iter().map(|c| c.number).collect::<Vec<_>>(), [1, 2, 3], "and what stood stays");
    assert!(matches!(&all[1].what, ClaimEvent::Withdrawn { of: 1, reason } if reason == "verkeerde code"));
    assert_eq!(store.claimed_for(&gp(1), (date(0), date(9)), None, 9).await.unwrap(), std::slice::from_ref(first));
    assert!(store.claimed_for(&nurse(), (date(0), date(9)), None, 9).await.unwrap().is_empty());
    let after = store.claimed_for(&gp(1), (date(0), date(9)), Some(first), 9).await.unwrap();
    assert!(after.is_empty(), "page by page, to the end");
    let leave = may(&nurse(), Action::ReadPlan, first);
    assert!(store.claims(&leave, day(7)).await.unwrap().is_empty(), "another organisation's lines are its own");
    let other = may(&gp(1), Action::FollowUp, second);
    let wrong = store.write_claim(&other, &held(1), line("A"), &recorder(&gp(1)), day(7)).await;
    assert!(matches!(wrong, Err(Error::Permit(_))));
}

/// What was claimed for a record that is merged into another is not claimed again there.
async fn merged(store: &Store, dropped: &PatientId, kept: &PatientId) {
    let step = hold(store, &gp(1), kept, 3).await;
    let correct = |id: &PatientId| may(&gp(1), Action::CorrectPatient, id);
    store.merge(&correct(kept), &correct(dropped), "dubbel", day(10)).await.unwrap();
    let all = store.held(&gp(1), (date(0), date(30)), 0, 9).await.unwrap();
    assert!(all.len() >= 2 && all.iter().all(|held| held.patient == *kept), "{all:?}");
    let held = Held { on: date(3), patient: kept.clone(), step };
    let leave = may(&gp(1), Action::FollowUp, kept);
    let twice = store.write_claim(&leave, &held, line("A"), &recorder(&gp(1)), day(11)).await.unwrap();
    assert_eq!(twice, Wrote::Gone, "a line counts for this day");
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
