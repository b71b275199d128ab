//! Whoever can write to the database but does not have the key cannot change the log or a version unseen.

use crate::world::{Place, at, fresh_id, gp, may, registered, version};
use domain::access::Action;
use domain::ident::PatientId;
use store::Store;
use store::plans::WriteVersion;
use store::verify::{Report, Wrong};

/// A store with rows before and after an anchor; a patient with ten rows of which eight are anchored.
async fn prepared(place: &Place) -> PatientId {
    let store = place.open().await;
    let id = registered(&store, 0, 3).await;
    registered(&store, 1, 2).await;
    let permit = may(&gp(1), Action::ReadPlan, &id);
    for n in 0..4 {
        store.read(&permit, at(10 + n), "plan").await.unwrap();
    }
    let anchored = store.anchor(at(20)).await.unwrap().unwrap();
    assert_eq!((anchored.number, anchored.chains), (1, 2));
    assert_eq!(store.anchor(at(21)).await.unwrap(), None, "nothing changed");
    store.read(&permit, at(22), "plan").await.unwrap();
    assert_eq!(store.anchor(at(23)).await.unwrap().unwrap().number, 2);
    store.read(&permit, at(24), "plan").await.unwrap();
    store.read(&permit, at(25), "plan").await.unwrap();
    let report = store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    assert_eq!((report.proven_until, report.rows_after, report.anchors), (Some((2, at(23))), 2, 2));
    assert_eq!((report.chains, report.versions), (2, 5));
    store.close().await.unwrap();
    id
}

async fn verify(place: &Place) -> Report {
    let store = place.open().await;
    let report = store.verify().await.unwrap();
    store.close().await.unwrap();
    report
}

fn found(report: &Report, wrong: Wrong, chain: Option<&PatientId>, seq: u64) -> bool {
    report
        .findings
        .iter()
        .any(|f| f.wrong == wrong && f.chain.as_deref() == chain.map(PatientId::as_str) && f.seq == Some(seq))
}

/// Each kind of tampering on a fresh copy of the log, which is put back afterwards.
pub async fn tampering(place: Place) {
    let id = prepared(&place).await;
    place
        .behind(
            "CREATE TABLE log_kept AS SELECT * FROM log; CREATE TABLE head_kept AS SELECT * FROM log_head; \
             CREATE TABLE anchor_kept AS SELECT * FROM anchor;",
        )
        .await;
    let restore = "DELETE FROM log; INSERT INTO log SELECT * FROM log_kept; \
                   DELETE FROM log_head; INSERT INTO log_head SELECT * FROM head_kept; \
                   DELETE FROM anchor; INSERT INTO anchor SELECT * FROM anchor_kept;";
    let of = |seq: u64| format!("chain = '{id}' AND seq = {seq}");

    // A changed column.
    place.behind(&format!("UPDATE log SET at = at + 1 WHERE {}", of(5))).await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::Changed, Some(&id), 5), "{report:?}");
    assert_eq!((report.wrong, report.proven_until), (1, None), "nothing is proven beyond it");
    place.behind(restore).await;

    // One byte of a seal: the row, and the one that builds on it.
    let flip = if place.is_sqlite() {
        format!("UPDATE log SET mac = CAST(x'00' || substr(mac, 2) AS BLOB) WHERE {}", of(9))
    } else {
        format!("UPDATE log SET mac = set_byte(mac, 0, get_byte(mac, 0) # 1) WHERE {}", of(9))
    };
    place.behind(&flip).await;
    let report = verify(&place).await;
    assert!(
        found(&report, Wrong::Changed, Some(&id), 9) && found(&report, Wrong::Changed, Some(&id), 10),
        "{report:?}"
    );
    assert_eq!(report.proven_until, Some((1, at(20))), "what came before stays proven");
    place.behind(restore).await;

    // A row taken out of the middle.
    place.behind(&format!("DELETE FROM log WHERE {}", of(4))).await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::Removed, Some(&id), 4), "{report:?}");
    place.behind(restore).await;

    // A row put in after the last, as if somebody had read.
    let row = |seq: &str, id: &str| {
        format!(
            "INSERT INTO log (id, chain, seq, prev, at, actor, role, organisation, action, data, basis, outcome, mac) \
             SELECT {id}, chain, {seq}, prev, at, actor, role, organisation, action, data, basis, outcome, mac FROM log WHERE {}",
            of(10)
        )
    };
    let end = "(SELECT max(id) + 1 FROM log)";
    place.behind(&row("12", end)).await;
    let report = verify(&place).await;
    assert!(
        found(&report, Wrong::Removed, Some(&id), 11) || found(&report, Wrong::Changed, Some(&id), 12),
        "{report:?}"
    );
    place.behind(restore).await;
    if place.is_sqlite() {
        // The same place twice: PostgreSQL's own key refuses that.
        place.behind(&row("10", end)).await;
        let report = verify(&place).await;
        assert!(found(&report, Wrong::Inserted, Some(&id), 10), "{report:?}");
        place.behind(restore).await;
    }

    // Two rows that change places, neighbours or not: each is named, and no other.
    for (one, other) in [(6, 7), (3, 8)] {
        let swap = format!(
            "UPDATE log SET seq = -1 WHERE {}; UPDATE log SET seq = {one} WHERE {}; \
             UPDATE log SET seq = {other} WHERE chain = '{id}' AND seq = -1;",
            of(one),
            of(other)
        );
        place.behind(&swap).await;
        let report = verify(&place).await;
        for seq in [one, other] {
            assert!(found(&report, Wrong::Moved, Some(&id), seq), "{report:?}");
        }
        assert_eq!(report.wrong, 2, "{report:?}");
        place.behind(restore).await;
    }
    // What two rows say, with their seals, changes places; and by their numbers in the order of writing.
    let said = "at, actor, role, organisation, action, data, basis, outcome, patient, digest, detail, mac";
    let swap = format!(
        "UPDATE log SET ({said}) = (SELECT {said} FROM log_kept k WHERE k.chain = log.chain AND k.seq = 13 - log.seq) \
         WHERE chain = '{id}' AND seq IN (6, 7)"
    );
    place.behind(&swap).await;
    let report = verify(&place).await;
    for seq in [6, 7] {
        assert!(found(&report, Wrong::Changed, Some(&id), seq), "{report:?}");
    }
    place.behind(restore).await;
    let written = |seq: u64| format!("(SELECT id FROM log_kept WHERE {})", of(seq));
    place
        .behind(&format!(
            "UPDATE log SET id = -1 WHERE {six}; UPDATE log SET id = {first} WHERE {seven}; \
             UPDATE log SET id = {second} WHERE id = -1;",
            six = of(6),
            seven = of(7),
            first = written(6),
            second = written(7)
        ))
        .await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::Removed, Some(&id), 6), "{report:?}");
    assert!(found(&report, Wrong::Inserted, Some(&id), 6), "{report:?}");
    place.behind(restore).await;

    // A row put in between, and all that follow numbered anew.
    place
        .behind(&format!(
            "UPDATE log SET seq = -seq WHERE chain = '{id}' AND seq >= 5; \
             UPDATE log SET seq = 1 - seq WHERE chain = '{id}' AND seq < 0;"
        ))
        .await;
    place.behind(&row("5", end).replace(&of(10), &of(11))).await;
    let report = verify(&place).await;
    assert!(report.findings.iter().any(|f| f.chain.as_deref() == Some(id.as_str()) && f.seq == Some(5)), "{report:?}");
    place.behind(restore).await;

    // The end cut off, beyond the last anchor: the table of heads knows better.
    place.behind(&format!("DELETE FROM log WHERE chain = '{id}' AND seq > 8")).await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::CutOff, Some(&id), 9), "{report:?}");
    assert!(found(&report, Wrong::Anchor, None, 2), "{report:?}");
    assert_eq!(report.proven_until, Some((1, at(20))));
    // And with that table made to fit, the anchor still does.
    place.behind(&format!("DELETE FROM log_head WHERE chain = '{id}'")).await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::Anchor, None, 2), "{report:?}");
    place.behind(restore).await;

    // A whole chain gone, its head too.
    place.behind(&format!("DELETE FROM log WHERE chain = '{id}'; DELETE FROM log_head WHERE chain = '{id}'")).await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::Anchor, None, 1), "{report:?}");
    assert!(found(&report, Wrong::Version, Some(&id), 3), "a plan of which the log does not tell: {report:?}");
    place.behind(restore).await;

    // The anchors cut off with what they covered: the head kept outside knows better.
    place.behind("DELETE FROM anchor WHERE number = 2").await;
    let report = verify(&place).await;
    assert!(found(&report, Wrong::Outside, None, 2), "{report:?}");
    assert_eq!(report.proven_until, Some((1, at(20))));
    place.behind(restore).await;
    place.behind("UPDATE anchor SET total = total + 1 WHERE number = 1").await;
    assert!(found(&verify(&place).await, Wrong::Anchor, None, 1));
    place.behind(restore).await;

    // Put back, all is well; without the head outside it says so.
    let report = verify(&place).await;
    assert!(report.is_whole(), "{report:?}");
    std::fs::remove_file(place.folder.join("anchor.json")).unwrap();
    assert!(found(&verify(&place).await, Wrong::Outside, None, 2));
    // The next anchor writes it again.
    let store = place.open().await;
    store.anchor(at(60)).await.unwrap();
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

pub async fn versions(place: Place) {
    let id = prepared(&place).await;
    let kept = "CREATE TABLE version_kept AS SELECT * FROM plan_version";
    let restore = "DELETE FROM plan_version; INSERT INTO plan_version SELECT * FROM version_kept;";
    place.behind(kept).await;
    let of = |n: u32| format!("patient_id = '{id}' AND number = {n}");
    for (change, number) in [
        (format!("UPDATE plan_version SET recorded_at = 0, sealed = digest WHERE {}", of(2)), 2),
        (format!("UPDATE plan_version SET source = digest WHERE {}", of(1)), 1),
        (format!("UPDATE plan_version SET digest = previous_digest WHERE {}", of(3)), 3),
        (format!("DELETE FROM plan_version WHERE {}", of(1)), 2),
        (format!("DELETE FROM plan_version WHERE {}", of(3)), 2),
        (format!("DELETE FROM plan_version WHERE patient_id = '{id}'"), 3),
    ] {
        place.behind(&change).await;
        let report = verify(&place).await;
        assert!(found(&report, Wrong::Version, Some(&id), number), "{change}: {report:?}");
        place.behind(restore).await;
    }
    assert!(verify(&place).await.is_whole());
}

/// The walk does not take rows that come meanwhile for rows that are wrong.
pub async fn verifying_while_writing(place: Place) {
    let store = place.open().await;
    let id = registered(&store, 0, 0).await;
    let writer = {
        let (store, id): (Store, PatientId) = (store.clone(), id.clone());
        tokio::spawn(async move {
            let permit = may(&gp(1), Action::RecordPlan, &id);
            for number in 1..=60 {
                let version = version(number, "x", &gp(1), at(number.into()));
                store.write_version(&permit, WriteVersion::of(number - 1, &version), at(number.into())).await.unwrap();
                store.read(&permit, at(number.into()), "plan").await.unwrap();
                store.relation(&fresh_id(), &gp(1), at(1)).await.unwrap();
            }
        })
    };
    while !writer.is_finished() {
        store.anchor(at(100)).await.unwrap();
        let report = store.verify().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
    }
    writer.await.unwrap();
    assert_eq!(store.verify().await.unwrap().versions, 60);
    store.close().await.unwrap();
}
