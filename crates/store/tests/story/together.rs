//! Many at once: deliveries that race, a caseload in pages, patients by the batch.

use crate::path::{date, signal};
use crate::world::{Place, at, bsn, fresh_id, gp, may, organisation, patient, recorder, registered, system, version};
use domain::access::{Action, Relation, Sharing, permit};
use std::sync::Arc;
use store::Error;
use store::bulk::{BulkPatient, Happened};
use store::patients::Registered;
use store::plans::{WriteVersion, Written};
use store::team::Member;

pub async fn race(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 0).await;
    let one = Arc::new(version(1, "gelijk", &gp(1), at(1)));
    let deliver = |_| {
        let (store, id, one) = (store.clone(), id.clone(), Arc::clone(&one));
        tokio::spawn(async move {
            let write = WriteVersion { same_as: vec!["bundle 1".into()], ..WriteVersion::of(0, &one) };
            store.write_version(&may(&gp(1), Action::DeliverPlan, &id), write, at(1)).await.unwrap()
        })
    };
    let tasks: Vec<_> = (0..16).map(deliver).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|w| **w == Written::Done(1)).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|w| **w == Written::Same(1)).count(), 15, "{answers:?}");

    // So do registrations of one BSN.
    let who = Arc::new(patient(bsn(9), "C", "D"));
    let register = |_| {
        let (store, who, id) = (store.clone(), Arc::clone(&who), fresh_id());
        tokio::spawn(async move {
            let answer = store.register(&may(&gp(1), Action::RegisterPatient, &id), &who, &[], at(1)).await.unwrap();
            (id, answer)
        })
    };
    let tasks: Vec<_> = (0..16).map(register).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    let first: Vec<_> = answers.iter().filter(|(_, a)| *a == Registered::New).map(|(id, _)| id).collect();
    assert_eq!(first.len(), 1);
    assert!(answers.iter().all(|(_, a)| *a == Registered::New || *a == Registered::Double(first[0].clone())));
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

pub async fn caseload(place: Place) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for n in 0..7 {
        ids.push(registered(&store, n, 0).await);
    }
    ids.sort();
    let gp = gp(1);
    let first = store.caseload(&gp, None, 4, at(1)).await.unwrap();
    let rest = store.caseload(&gp, first.last(), 4, at(1)).await.unwrap();
    assert_eq!([first.clone(), rest].concat(), ids);
    assert!(store.caseload(&crate::world::gp(2), None, 4, at(1)).await.unwrap().is_empty());
    let give = |id: &domain::ident::PatientId, relation: Relation| permit(&gp, Action::ReadPatient, id, relation).ok();
    let found = store
        .caseload_names(&gp, None, 10, at(2), give, |r| r.patient.search_names().contains(&"bergsma3".to_owned()))
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].patient.name.family.as_deref(), Some("Bergsma3"));
    let all = store.caseload_names(&gp, None, 5, at(3), give, |_| true).await.unwrap();
    assert_eq!(all.iter().map(|r| &r.id).collect::<Vec<_>>(), ids.iter().take(5).collect::<Vec<_>>());
    // Only what was given is logged.
    let id = &found[0].id;
    let seen = crate::world::log_of(&store, id, at(4)).await;
    let expected = 1 + usize::from(all.iter().any(|r| r.id == *id));
    assert_eq!(seen.iter().filter(|r| r.data == "caseload").count(), expected);
    store.close().await.unwrap();
}

pub async fn bulk(place: Place) {
    let store = place.open().await;
    let gp = gp(1);
    let team = [Member::Organisation(organisation(1)), Member::Organisation(organisation(2))];
    let people: Vec<_> = (0..40).map(|n| (fresh_id(), patient(bsn(n), "Bulk", &format!("Persoon{n}")))).collect();
    let registers: Vec<_> = people.iter().map(|(id, _)| may(&gp, Action::RegisterPatient, id)).collect();
    let records: Vec<_> = people.iter().map(|(id, _)| may(&gp, Action::RecordPlan, id)).collect();
    let tells: Vec<_> = people.iter().map(|(id, _)| may(&gp, Action::Signal, id)).collect();
    let (told, by) = ([(date(0), signal())], recorder(&gp));
    let versions: Vec<_> = (1..=3).map(|n| version(n, &format!("v{n}"), &gp, at(n.into()))).collect();
    let all: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(i, (_, who))| BulkPatient {
            permit: &registers[i],
            patient: who,
            at: at(0),
            team: &team,
            sharing: (i % 2 == 0).then_some(Sharing::Agreed),
            lead: None,
            versions: versions
                .iter()
                .take(1 + i % 3)
                .map(|v| (&records[i], WriteVersion::of(v.number - 1, v), v.recorded_at))
                .collect(),
            happened: vec![Happened { permit: &tells[i], what: &told, by: &by, at: at(5) }],
        })
        .collect();
    store.bulk(&all).await.unwrap();
    assert!(matches!(store.bulk(&all[..1]).await, Err(Error::Taken("BSN"))));
    for (i, (id, who)) in people.iter().enumerate() {
        let record = store.read(&may(&gp, Action::ReadPlan, id), at(9), "plan").await.unwrap().unwrap();
        assert_eq!(&record.patient.patient, who);
        assert_eq!(record.plan.unwrap().number as usize, 1 + i % 3);
        let path = store.path(&may(&gp, Action::FollowUp, id), at(9)).await.unwrap();
        assert_eq!(path.steps.iter().map(|s| &s.what).collect::<Vec<_>>(), [&told[0].1]);
    }
    let relation = store.relation(&people[0].0, &system(2), at(9)).await.unwrap().unwrap();
    assert_eq!((relation.team, relation.sharing), (true, Sharing::Agreed));
    // What happened takes leave of its own, of the same patient.
    let others = fresh_id();
    let who = patient(bsn(41), "Bulk", "Ander");
    let register = may(&gp, Action::RegisterPatient, &others);
    for leave in [&tells[0], &may(&gp, Action::ReadPlan, &others)] {
        let happened = vec![Happened { permit: leave, what: &told, by: &by, at: at(5) }];
        let one = BulkPatient {
            permit: &register,
            patient: &who,
            at: at(0),
            team: &team,
            sharing: None,
            lead: None,
            versions: Vec::new(),
            happened,
        };
        assert!(matches!(store.bulk(&[one]).await, Err(Error::Permit(_))));
    }
    let report = store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.versions, (0..40).map(|i| 1 + i % 3).sum::<u64>());
    store.close().await.unwrap();
}
