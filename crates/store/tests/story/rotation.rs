//! New keys while everybody goes on: nothing is lost, everybody is found, and a kill half-way does no harm.

use crate::world::{Place, at, bsn, fresh_id, gp, may, patient, registered, until, version};
use domain::access::Action;
use domain::ident::PatientId;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use store::patients::Registered;
use store::plans::{WriteVersion, Written};
use store::rotate::{Stage, Watch};
use store::{Error, MasterKey, Settings, Store};
use zeroize::Zeroizing;

const MANY: u32 = 450;

fn quiet() -> Watch {
    Arc::new(|_, _, _| {})
}

async fn people(store: &Store) -> Vec<PatientId> {
    let mut ids = Vec::new();
    for n in 0..MANY {
        let id = fresh_id();
        let who = patient(bsn(n), "Aaltje", &format!("Bergsma{n}"));
        store.register(&may(&gp(1), Action::RegisterPatient, &id), &who, &[], at(0)).await.unwrap();
        ids.push(id);
    }
    ids
}

async fn all_found(store: &Store, ids: &[PatientId]) {
    for (n, id) in (0..).zip(ids) {
        assert_eq!(store.find_by_bsn(&bsn(n)).await.unwrap().as_ref(), Some(id), "patient {n}");
        let by_name = store.find_by_name("1941-03-12".parse().unwrap(), &format!("bergsma{n}")).await.unwrap();
        assert_eq!(by_name, std::slice::from_ref(id), "patient {n}");
    }
}

async fn older_masters(place: &Place, newest: u8) -> i64 {
    // The second byte of what is wrapped is the number of the master key.
    let id =
        if place.is_sqlite() { "hex(substr(wrapped, 2, 1))" } else { "upper(encode(substr(wrapped, 2, 1), 'hex'))" };
    let ids = place.key_texts(&format!("SELECT {id} FROM data_key UNION ALL SELECT {id} FROM secret")).await;
    ids.iter().filter(|text| **text != format!("{newest:02X}")).count().try_into().unwrap()
}

/// With lookups, registrations and versions going on, here and in a second instance that is told nothing.
pub async fn while_running(place: Place) {
    let store = place.open().await;
    let ids = people(&store).await;
    let second = place.open().await;
    let (stop, looked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let busy = |store: Store, offset: u32| {
        let (ids, stop, looked) = (ids.clone(), Arc::clone(&stop), Arc::clone(&looked));
        tokio::spawn(async move {
            let mut made = Vec::new();
            for turn in offset.. {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let n = turn % MANY;
                let id = &ids[n as usize];
                assert_eq!(store.find_by_bsn(&bsn(n)).await.unwrap().as_ref(), Some(id));
                assert_eq!(
                    store.find_by_name("1941-03-12".parse().unwrap(), &format!("bergsma{n}")).await.unwrap(),
                    std::slice::from_ref(id)
                );
                let double = patient(bsn(n), "Weer", "Iemand");
                let permit = may(&gp(1), Action::RegisterPatient, &fresh_id());
                let answer = store.register(&permit, &double, &[], at(1)).await.unwrap();
                assert_eq!(answer, Registered::Double(id.clone()));
                if turn % 5 == 0 {
                    let (new, number) = (fresh_id(), 1000 + turn + offset * 7);
                    let who = patient(bsn(number), "Nieuw", "Iemand");
                    store.register(&may(&gp(1), Action::RegisterPatient, &new), &who, &[], at(1)).await.unwrap();
                    made.push((number, new));
                }
                looked.fetch_add(1, Ordering::SeqCst);
            }
            made
        })
    };
    let tasks = [busy(store.clone(), 0), busy(second.clone(), 100)];
    until("10 looks", || looked.load(Ordering::SeqCst) >= 10).await;
    let rotated = store.rotate_keys(at(2), quiet()).await.unwrap();
    assert!(!rotated.resumed);
    assert_eq!((rotated.master, rotated.unused.clone()), (2, vec![1]));
    assert!(rotated.rewrapped >= u64::from(MANY) && rotated.rehashed >= u64::from(MANY), "{rotated:?}");
    let seen = looked.load(Ordering::SeqCst);
    until("10 looks more", || looked.load(Ordering::SeqCst) >= seen + 10).await;
    stop.store(true, Ordering::SeqCst);
    for task in tasks {
        for (number, id) in task.await.unwrap() {
            assert_eq!(store.find_by_bsn(&bsn(number)).await.unwrap(), Some(id));
        }
    }
    all_found(&second, &ids).await;
    assert_eq!(older_masters(&place, 2).await, 0);
    assert_eq!(place.number("SELECT count(*) FROM patient_bsn WHERE generation <> 2").await, 0);
    let said = place.texts("SELECT data FROM log WHERE action = 'rotate-keys' ORDER BY id").await;
    assert_eq!(said, ["master key 2: begun", "master key 2: done"]);

    // Once more, and the older keys go.
    let again = store.rotate_keys(at(3), quiet()).await.unwrap();
    assert_eq!((again.master, again.unused), (3, vec![2, 1]));
    assert_eq!(store.forget_unused_masters(at(4)).await.unwrap(), [2, 1]);
    let file = std::fs::read_to_string(place.folder.join("master.key")).unwrap();
    assert_eq!(file.lines().filter(|l| !l.starts_with('#')).count(), 1);
    assert!(store.verify().await.unwrap().is_whole());
    second.close().await.unwrap();
    store.close().await.unwrap();
    let store = place.open().await;
    all_found(&store, &ids).await;
    let one = version(1, "na de nieuwe sleutel", &gp(1), at(5));
    let written =
        store.write_version(&may(&gp(1), Action::RecordPlan, &ids[0]), WriteVersion::of(0, &one), at(5)).await;
    assert_eq!(written.unwrap(), Written::Done(1));
    store.close().await.unwrap();
}

/// Broken off in each of its stages, and gone on with by another start.
pub async fn broken_off(place: Place) {
    let store = place.open().await;
    let ids = people(&store).await;
    store.close().await.unwrap();
    for stage in [Stage::Wrapping, Stage::Hashing] {
        let store = place.open().await;
        let (reached, running) = (Arc::new(tokio::sync::Notify::new()), store.clone());
        let watch: Watch = {
            let reached = Arc::clone(&reached);
            Arc::new(move |at, done, total| {
                if at == stage && done > 0 && done < total {
                    reached.notify_one();
                    // Time for the other task to strike.
                    std::thread::sleep(std::time::Duration::from_millis(100));
                }
            })
        };
        let rotating = tokio::spawn(async move { running.rotate_keys(at(2), watch).await });
        reached.notified().await;
        rotating.abort();
        let ended = rotating.await;
        // On SQLite a step does not wait, so the stroke may fall after the last of them.
        if let Ok(done) = &ended {
            assert!(done.is_ok());
        }
        all_found(&store, &ids[..50]).await;
        store.close().await.unwrap();
        let store = place.open().await;
        all_found(&store, &ids).await;
        if ended.is_err() {
            let finished = store.rotate_keys(at(3), quiet()).await.unwrap();
            assert!(finished.resumed, "{finished:?}");
            if stage == Stage::Hashing {
                assert!(finished.rehashed > 0 && finished.rehashed < u64::from(MANY), "{finished:?}");
            }
        }
        all_found(&store, &ids).await;
        let newest = if stage == Stage::Wrapping { 2 } else { 3 };
        assert_eq!(older_masters(&place, newest).await, 0);
        assert_eq!(place.number("SELECT count(DISTINCT generation) FROM patient_bsn").await, 1);
        store.close().await.unwrap();
    }
}

pub async fn refusals(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 1).await;
    store.close().await.unwrap();
    let text = std::fs::read_to_string(place.folder.join("master.key")).unwrap();
    let fixed = Settings { master_key: MasterKey::Text(Zeroizing::new(text)), ..place.settings.clone() };
    let store = Store::open(&fixed).await.unwrap();
    assert!(matches!(store.rotate_keys(at(2), quiet()).await, Err(Error::Settings(_))), "no file to add a key to");
    store.close().await.unwrap();
    // An older copy of the key store beside newer data is told as such.
    let store = place.open().await;
    store.rotate_keys(at(3), quiet()).await.unwrap();
    store.close().await.unwrap();
    place.behind_in("DELETE FROM secret WHERE name = 'search:2'", true).await;
    let e = Store::open(&place.settings).await.expect_err("a key is missing");
    assert!(e.to_string().contains("older than the data"), "{e}");
    drop(id);
}
