//! Writing together: neighbours do not hurt each other, and what was handed over is on disk in time.

use crate::world::{Place, at, gp, may, registered, says, version};
use domain::access::Action;
use store::Error;
use store::plans::{File, WriteVersion, Written};

/// Many write at once; some are refused by the database itself. Each gets its own answer.
pub async fn neighbours(place: Place) {
    let store = place.open().await;
    let mut ids = Vec::new();
    for n in 0..8 {
        ids.push(registered(&store, n, 0).await);
    }
    let writer = |(n, id): (usize, domain::ident::PatientId)| {
        let store = store.clone();
        tokio::spawn(async move {
            let permit = may(&gp(1), Action::RecordPlan, &id);
            let mut done = 0;
            for round in 1..=20 {
                let version = version(done + 1, &format!("ronde {round}"), &gp(1), at(round));
                // The same file twice breaks a key in the middle of the job, after it wrote the version.
                let file =
                    File { id: domain::ident::AttachmentId::from_bits(1), media_type: "x".into(), bytes: vec![1] };
                let fails = (n + usize::try_from(round).unwrap()) % 3 == 0;
                let files = if fails { vec![file.clone(), file] } else { vec![] };
                let write = WriteVersion { files, ..WriteVersion::of(done, &version) };
                match store.write_version(&permit, write, at(round)).await {
                    Ok(Written::Done(number)) if !fails => done = number,
                    Err(Error::Taken("id of the file")) if fails => {}
                    other => panic!("writer {n}, round {round}: {other:?}"),
                }
            }
            (id, done)
        })
    };
    let tasks: Vec<_> = ids.into_iter().enumerate().map(writer).collect();
    for task in tasks {
        let (id, done) = task.await.unwrap();
        let permit = may(&gp(1), Action::ReadPlan, &id);
        let versions = store.versions(&permit, at(99), "versions").await.unwrap();
        assert_eq!(versions.len(), done as usize, "what was acknowledged is there, and nothing else");
        let rows = crate::world::log_of(&store, &id, at(99)).await;
        let told = rows.iter().filter(|r| r.data.starts_with("version ") && r.action == "record-plan").count();
        assert_eq!(told, done as usize, "and so are its rows of the log");
    }
    let report = store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    store.close().await.unwrap();
}

pub async fn closing(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    let permit = may(&gp(1), Action::ReadPlan, &id);
    for n in 0..500 {
        let record = store.read(&permit, at(n), "plan").await.unwrap().unwrap();
        assert_eq!(says(&record.plan.unwrap().content), "wens 1");
    }
    store.close().await.unwrap();
    assert!(matches!(store.read(&permit, at(1), "plan").await, Err(Error::Closed)));
    assert_eq!(place.number("SELECT count(*) FROM log WHERE action = 'read-plan'").await, 500);

    // Without closing, dropping the store writes what waits too (SQLite), and after a crash the log goes on where it
    // ended, whatever the table of heads says.
    let store = place.open().await;
    store.read(&permit, at(600), "plan").await.unwrap().unwrap();
    store.flush().await.unwrap();
    drop(store);
    let store = place.open().await;
    store.read(&permit, at(601), "plan").await.unwrap().unwrap();
    let report = store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    store.close().await.unwrap();
    assert_eq!(place.number("SELECT count(*) FROM log WHERE action = 'read-plan'").await, 502);

    if place.is_sqlite() {
        // A second process writes in between: `user add` while the server runs.
        let (one, other) = (place.open().await, place.open().await);
        for n in 0..10 {
            one.read(&permit, at(700 + n), "plan").await.unwrap();
            other.read(&permit, at(700 + n), "plan").await.unwrap();
            one.flush().await.unwrap();
            other.flush().await.unwrap();
        }
        let report = one.verify().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        other.close().await.unwrap();
        one.close().await.unwrap();
    }
}
