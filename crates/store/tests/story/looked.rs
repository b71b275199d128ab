//! Looking into the log.

use crate::world::{Place, at, gp, log_of, may, officer, organisation, registered};
use domain::access::Action;
use domain::ident::{PatientId, PersonId};
use store::log::read::{Filter, MOST_LOOKED_AT, Which};
use store::log::{Event, Outcome};
use store::{Error, Store};

const PAGE: Which = Which { cursor: None, limit: 100 };

pub async fn logged(store: &Store, id: &PatientId) {
    let gp = gp(1);
    let read = may(&gp, Action::ReadPlan, id);
    store.read(&read, at(60), "Consent").await.unwrap().unwrap();
    let rows = log_of(store, id, at(61)).await;
    let newest = &rows[0];
    assert_eq!((newest.action.as_str(), newest.data.as_str(), newest.at), ("read-plan", "Consent", at(60)));
    assert_eq!(
        (newest.role.as_deref(), newest.basis.as_deref(), newest.outcome.as_str()),
        (Some("gp"), Some("team"), "done")
    );
    assert_eq!(newest.actor, format!("person:{}", PersonId::from_bits(101)));
    assert!(rows.iter().map(|r| r.seq).eq((1..=newest.seq).rev()), "every row, newest first");
    let first = rows.last().unwrap();
    assert_eq!((first.action.as_str(), first.data.as_str()), ("register-patient", "patient"));
    let corrected = rows.iter().find(|r| r.action == "correct-patient").unwrap();
    assert!(rows.iter().any(|r| r.detail.as_deref() == Some("BSN verkeerd overgenomen")), "{corrected:?}");
    for data in ["version 1", "version 2", "version 3, marks 2", "draft", "team", "sharing", "plan", "sources"] {
        assert!(rows.iter().any(|r| r.data == data), "{data}");
    }
    pages_and_filters(store, id, newest.seq).await;
    refusals(store, id).await;

    // Leave to read the plan is none to read the log, and the other way round.
    let denied = store.patient_log(&read, &Filter::default(), PAGE, "log", at(65)).await;
    assert!(matches!(denied, Err(Error::Permit(_))));
    let watch = may(&officer(1), Action::ReadLog, id);
    assert!(matches!(store.read(&watch, at(65), "plan").await, Err(Error::Permit(_))));
}

/// A page follows a page, looking was logged, and filters find what they should.
async fn pages_and_filters(store: &Store, id: &PatientId, newest: u64) {
    let watch = may(&officer(1), Action::ReadLog, id);
    let three = |cursor| Which { cursor, limit: 3 };
    let page = store.patient_log(&watch, &Filter::default(), three(None), "log", at(62)).await.unwrap();
    let told = &page.rows[0];
    assert_eq!((page.rows.len(), told.action.as_str(), told.data.as_str()), (3, "read-log", "log"));
    assert_eq!((told.seq, told.basis.as_deref()), (newest + 1, Some("oversight")));
    let next = store.patient_log(&watch, &Filter::default(), three(page.next), "log", at(63)).await.unwrap();
    let last = page.rows[2].seq;
    assert_eq!(next.rows.iter().map(|r| r.seq).collect::<Vec<_>>(), [last - 1, last - 2, last - 3]);

    let find = async |filter: Filter| store.patient_log(&watch, &filter, PAGE, "log", at(64)).await.unwrap().rows;
    let versions = find(Filter { actions: vec!["record-plan"], ..Filter::default() }).await;
    assert!(!versions.is_empty() && versions.iter().all(|r| r.action == "record-plan"));
    let hour = find(Filter { from: Some(at(60)), until: Some(at(61)), ..Filter::default() }).await;
    assert_eq!(hour.iter().map(|r| r.data.as_str()).collect::<Vec<_>>(), ["Consent"]);
    let officer = format!("person:{}", PersonId::from_bits(77));
    let own = find(Filter { actor: Some(officer.clone()), ..Filter::default() }).await;
    assert!(own.len() >= 3 && own.iter().all(|r| r.actor == officer));
    assert!(find(Filter { outcome: Some(Outcome::Refused), ..Filter::default() }).await.is_empty());
    assert!(find(Filter { organisations: Some(vec![organisation(99)]), ..Filter::default() }).await.is_empty());
}

/// A refusal stands in the instance's log and in the patient's own; reading the instance's log stands there too.
async fn refusals(store: &Store, id: &PatientId) {
    let gp = gp(1);
    let refusal = Event {
        at: at(64),
        actor: Some(&gp),
        action: "refused",
        data: "read-plan",
        patient: Some(id),
        outcome: Outcome::Refused,
        detail: Some("geen behandelrelatie"),
    };
    store.event(refusal).await.unwrap();
    let by = officer(1);
    let instance = store.instance_log(&by, &Filter::default(), Which { limit: 500, ..PAGE }, "log", at(66)).await;
    let instance = instance.unwrap().rows;
    let told = &instance[0];
    assert_eq!(
        (told.action.as_str(), told.outcome.as_str(), told.patient.as_deref()),
        ("refused", "refused", Some(id.as_str()))
    );
    assert_eq!(told.detail.as_deref(), Some("geen behandelrelatie"));
    for action in ["add-organisation", "add-person", "grant-role", "set-password", "sign-in", "sign-out", "add-client"]
    {
        assert!(instance.iter().any(|r| r.action == action), "{action}");
    }
    let again = store.instance_log(&by, &Filter::default(), PAGE, "log export", at(67)).await.unwrap();
    assert_eq!((again.rows[0].action.as_str(), again.rows[0].data.as_str()), ("read-log", "log"));
    // A refusal is found by what was refused.
    let asked = Filter { actions: vec!["read-plan"], outcome: Some(Outcome::Refused), ..Filter::default() };
    let watch = may(&by, Action::ReadLog, id);
    let own = store.patient_log(&watch, &asked, PAGE, "log", at(67)).await.unwrap().rows;
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].detail.as_deref(), own[0].patient.as_deref()), (Some("geen behandelrelatie"), None));
}

/// A long chain costs no page more than it may, and the search goes on from there.
pub async fn bounded(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 0).await;
    let read = may(&gp(1), Action::ReadPatient, &id);
    for n in 0..i64::try_from(MOST_LOOKED_AT).unwrap() + 700 {
        store.read_patient(&read, at(n), "patient").await.unwrap();
    }
    let watch = may(&officer(1), Action::ReadLog, &id);
    let first = Filter { actions: vec!["register-patient"], ..Filter::default() };
    let page = store.patient_log(&watch, &first, PAGE, "log", at(9)).await.unwrap();
    assert!(page.rows.is_empty() && page.cut, "enough was looked at");
    let on = store.patient_log(&watch, &first, Which { cursor: page.next, ..PAGE }, "log", at(9)).await.unwrap();
    assert_eq!((on.rows.len(), on.rows[0].action.as_str()), (1, "register-patient"));
    assert!(!on.cut && on.next.is_none());
    // The cursor of another chain leads nowhere.
    let other = registered(&store, 1, 0).await;
    let watch = may(&officer(1), Action::ReadLog, &other);
    let page = store.patient_log(&watch, &first, Which { cursor: page.next, ..PAGE }, "log", at(9)).await.unwrap();
    assert!(page.rows.is_empty() && page.next.is_none());
    store.close().await.unwrap();
}
