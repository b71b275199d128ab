//! Several instances on one database: all of them write and read at once, each makes anchors, another verifies.

use crate::world::{Place, at, gp, may, registered, version};
use domain::access::Action;
use domain::ident::{AttachmentId, PatientId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use store::plans::{File, WriteVersion, Written};
use store::{Database, Store};

/// Writers of each of the two instances, and what each of them has acknowledged.
const WRITERS: usize = 8;
const TURNS: usize = 30;
/// Few patients, so that the instances meet in the same chains all the time.
const PATIENTS: u32 = 3;

/// What was acknowledged.
#[derive(Default)]
struct Acknowledged {
    versions: AtomicU64,
    reads: AtomicU64,
}

pub async fn together(mut place: Place) {
    if let Database::Postgres { connections, .. } = &mut place.settings.database {
        *connections = 6;
    }
    let (one, two, third) = (place.open().await, place.open().await, place.open().await);
    let mut ids = Vec::new();
    for n in 0..PATIENTS {
        ids.push(registered(&one, n, 0).await);
    }
    let before = place.number("SELECT count(*) FROM log").await;
    let (told, stop) = (Arc::new(Acknowledged::default()), Arc::new(AtomicBool::new(false)));
    let anchoring = [&one, &two].map(|store| {
        let (store, stop) = (store.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut made = 0;
            while !stop.load(Ordering::SeqCst) {
                made += u32::from(store.anchor(at(60)).await.unwrap().is_some());
            }
            made
        })
    });
    let verifying = {
        let (third, stop) = (third.clone(), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut looks = 0;
            while !stop.load(Ordering::SeqCst) {
                let report = third.verify().await.unwrap();
                assert!(report.is_whole(), "look {looks}: {report:?}");
                looks += 1;
            }
            looks
        })
    };
    let writers: Vec<_> = (0..2 * WRITERS)
        .map(|n| {
            let store = if n % 2 == 0 { one.clone() } else { two.clone() };
            tokio::spawn(writer(store, n, ids.clone(), Arc::clone(&told)))
        })
        .collect();
    let mut failed = None;
    for writer in writers {
        failed = writer.await.err().or(failed);
    }
    stop.store(true, Ordering::SeqCst);
    if let Some(failed) = failed {
        std::panic::resume_unwind(failed.into_panic());
    }
    let mut anchors = 0;
    for made in anchoring {
        anchors += made.await.unwrap();
    }
    assert!(verifying.await.unwrap() > 0 && anchors > 1);
    for store in [&one, &two] {
        store.flush().await.unwrap();
    }
    third.anchor(at(61)).await.unwrap();

    let (versions, reads) = (told.versions.load(Ordering::SeqCst), told.reads.load(Ordering::SeqCst));
    assert_eq!((versions, reads), ((2 * WRITERS * TURNS) as u64, (2 * WRITERS * TURNS) as u64));
    let report = third.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!(report.rows, u64::try_from(before).unwrap() + versions + reads, "a row for each that was acknowledged");
    assert_eq!((report.versions, report.rows_after), (versions, 0));
    let doubles = place.number("SELECT count(*) - count(DISTINCT (patient_id, number)) FROM plan_version").await;
    assert_eq!(doubles, 0);
    for store in [one, two, third] {
        store.close().await.unwrap();
    }
}

/// Each turn a version, with a file or not, and a read; every instance sees at once what the other wrote.
async fn writer(store: Store, n: usize, ids: Vec<PatientId>, told: Arc<Acknowledged>) {
    for turn in 0..TURNS {
        let id = &ids[(n + turn) % ids.len()];
        let mut newest = 0;
        let number = loop {
            let next = version(newest + 1, &format!("schrijver {n}, {turn}"), &gp(1), at(10));
            let file = File {
                id: AttachmentId::from_bits(store::random::bits()),
                media_type: "text/plain".into(),
                bytes: vec![7; 500],
            };
            let files = if turn % 2 == 0 { vec![file] } else { vec![] };
            let write = WriteVersion { files, ..WriteVersion::of(newest, &next) };
            match store.write_version(&may(&gp(1), Action::RecordPlan, id), write, at(10)).await.unwrap() {
                Written::Done(number) => break number,
                Written::Stale(other) => newest = other,
                Written::Same(_) => panic!("nothing is the same"),
            }
        };
        told.versions.fetch_add(1, Ordering::SeqCst);
        let plan = store.read(&may(&gp(1), Action::ReadPlan, id), at(11), "plan").await.unwrap().unwrap().plan.unwrap();
        assert!(plan.number >= number, "version {number} was acknowledged, {} is read", plan.number);
        told.reads.fetch_add(1, Ordering::SeqCst);
    }
}
