//! What a practice's own system gives: what is kept of it, who is a candidate by it, what taking it back leaves, and what goes
//! with a patient who is erased.

use crate::path::{date, day, known, talked, world};
use crate::world::{Place, bsn, fresh_id, gp, log_of, may, organisation, patient, recorder};
use domain::access::Action;
use domain::candidates::signal;
use domain::extract::{Born, Fact, FactKind};
use domain::ident::{Bsn, ExtractId, Uzovi};
use domain::path::What;
use store::Store;
use store::candidates::{After, Chosen};
use store::erasure::Ground;
use store::extracts::{About, BadRow, Batch, Counts, State, SubjectRows, Told, Who};
use store::plans::WriteVersion;
use store::team::Member;

fn fact(kind: FactKind, code: &str, on: &str, line: u64) -> Fact {
    Fact { kind, code: code.into(), on: on.parse().unwrap(), until: None, closed: false, value: None, line }
}

fn rows(bsn: Option<Bsn>, number: &str, facts: Vec<Fact>) -> SubjectRows {
    let born = Some(Born::Year(1941));
    SubjectRows {
        organisation: organisation(1),
        who: Who { bsn, number: Some(number.into()), born, linked: true },
        told: Told { born, number: Some(number.into()), line: 2, facts, ..Told::default() },
    }
}

fn extract(n: u128) -> ExtractId {
    ExtractId::from_bits(n)
}

fn insured(mut rows: SubjectRows, uzovi: &str) -> SubjectRows {
    rows.told.insurer = Some(Uzovi::parse(uzovi).unwrap());
    rows
}

/// Since when a patient is insured with whom, by the files.
async fn insurers(store: &Store, id: &domain::ident::PatientId) -> Vec<(String, String)> {
    let known = store.insured_by_files(&may(&gp(1), Action::ReadPlan, id)).await.unwrap();
    known.into_iter().map(|i| (i.since.to_string(), i.insurer.as_str().to_owned())).collect()
}

/// Brings a file in.
async fn bring(store: &Store, n: u128, on: i64, subjects: Vec<SubjectRows>, bad: Vec<BadRow>) {
    let (by, id, now) = (gp(1), extract(n), day(on));
    let digest = [u8::try_from(n).unwrap(); 32];
    let begun = store.begin_extract(&by, &id, &digest, &About::default(), Some(b"bsn;icpc"), now).await.unwrap();
    assert!(store.extract_waits(&id).await.unwrap());
    assert_eq!(store.extract_file(&id).await.unwrap().unwrap(), b"bsn;icpc");
    let run = store.start_extract(&by, &begun, now).await.unwrap().unwrap();
    assert_eq!(store.extract(&organisation(1), &id).await.unwrap().unwrap().run(), run);
    assert_eq!(store.start_extract(&by, &begun, now).await.unwrap(), None, "one begins, and no other");
    let counts = Counts { rows: 9, wrong: bad.len() as u64, ..Counts::default() };
    store.put_extract(&run, Batch { part: 0, subjects, bad }, &counts, now).await.unwrap();
    let worked = store.work_out_extract(&run, &|| now).await.unwrap();
    let counts = Counts { new: worked.new, known: worked.known, own: worked.own, ..counts };
    store.note_extract(&by, &run, State::Done, &counts, Some(&About::default()), now).await.unwrap();
}

async fn names(store: &Store, on: i64) -> Vec<Option<String>> {
    let list = store.candidates(&gp(1), None, 50, day(on)).await.unwrap();
    list.into_iter().map(|c| c.standing.and_then(|s| s.number)).collect()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    store.review_every(6);
    world(&store).await;
    let (own, elsewhere) = (known(&store, 7).await, fresh_id());
    // Somebody whom another organisation registered: not even that they are known is told here.
    let other = patient(bsn(8), "Cor", "Visser");
    let leave = may(&gp(3), Action::RegisterPatient, &elsewhere);
    store.register(&leave, &other, &[Member::Organisation(organisation(3))], day(0)).await.unwrap();
    let p70 = |line| fact(FactKind::Episode, "P70", "2024-03-03", line);
    let a20 = fact(FactKind::Episode, "A20", "2026-02-01", 4);
    let bad = vec![BadRow { line: 5, reasons: vec!["icpc: fout".into()], cells: vec!["Zonneweide".into()] }];
    let subjects = vec![
        insured(rows(Some(bsn(7)), "11", vec![p70(2), a20.clone()]), "7095"),
        rows(Some(bsn(8)), "12", vec![p70(3)]),
        rows(None, "13", vec![p70(6)]),
    ];
    bring(&store, 1, 1, subjects, bad).await;
    let kept = store.extract(&organisation(1), &extract(1)).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.counts.new, kept.counts.own), (State::Done, 4, 1));
    assert_eq!(store.extract(&organisation(2), &extract(1)).await.unwrap(), None, "another's file is none");
    assert!(store.same_extract(&organisation(1), &[1; 32]).await.unwrap().is_some(), "known again by its digest");
    assert!(store.same_extract(&organisation(2), &[1; 32]).await.unwrap().is_none());
    assert_eq!(store.extract_file(&extract(1)).await.unwrap(), None, "the file itself is not kept on");
    assert_eq!(store.bad_rows(&gp(1), &extract(1), 0, 9, day(1)).await.unwrap()[0].cells, ["Zonneweide"]);
    assert!(store.bad_rows(&gp(2), &extract(1), 0, 9, day(1)).await.unwrap().is_empty());
    list(&store, &own).await;
    again_and_back(&store, &own, p70(2), a20).await;
    on_the_path(&store, &own).await;
    linked(&store, &place).await;
    // Rows to mend go with their key; what the file told stays.
    store.shred_extract(&gp(1), &extract(1), day(4)).await.unwrap();
    assert!(store.bad_rows(&gp(1), &extract(1), 0, 9, day(4)).await.unwrap().is_empty());
    assert_eq!(store.count_candidates(&organisation(1)).await.unwrap(), 2);
    rules(&store).await;
    cared_for_no_more(&store, &place).await;
    broken_off(&store, &place).await;
    merged(&store).await;
    // Who is erased is nowhere any more, nor by which they were known again.
    let aliases = place.number("SELECT count(*) FROM extract_alias").await;
    store.erase(&may(&gp(1), Action::ErasePatient, &own), Ground::Request, day(5)).await.unwrap();
    for table in ["extract_subject", "extract_fact"] {
        let left = format!("SELECT count(*) FROM {table} WHERE patient_id = '{own}'");
        assert_eq!(place.number(&left).await, 0, "{table}");
    }
    assert_eq!(place.number("SELECT count(*) FROM extract_alias").await, aliases - 1);
    assert_eq!(store.tidy_extracts(day(800)).await.unwrap(), 1, "kept long enough");
    for table in ["extract_fact", "extract_subject", "extract_alias"] {
        assert_eq!(place.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(store.tidy_extracts(day(800)).await.unwrap(), 0, "and once");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn list(store: &Store, own: &domain::ident::PatientId) {
    let all = store.candidates(&gp(1), None, 50, day(1)).await.unwrap();
    assert_eq!((all.len(), store.count_candidates(&organisation(1)).await.unwrap()), (3, 3));
    let known: Vec<_> = all.iter().filter_map(|c| c.patient.as_ref()).collect();
    assert_eq!(known, [own], "who is in the practice's care, and nobody else's patient");
    assert!(all.iter().filter(|c| c.patient.is_some()).all(|c| c.standing.is_none()), "the rest takes a permit");
    let standing = store.candidate(&may(&gp(1), Action::ReadPlan, own), day(1)).await.unwrap().unwrap();
    assert_eq!(standing.causes.len(), 2);
    assert!(standing.causes.iter().any(|c| c.words == "dementie (P70, episode sinds 3 maart 2024)" && c.line == 2));
    assert!(log_of(store, own, day(1)).await.iter().any(|r| r.data == "candidate"));
    // Page by page.
    let first = store.candidates(&gp(1), None, 2, day(1)).await.unwrap();
    let after = After { since: first[1].since, subject: first[1].subject };
    assert_eq!(store.candidates(&gp(1), Some(after), 2, day(1)).await.unwrap(), all[2..]);
    assert!(store.candidates(&gp(2), None, 9, day(1)).await.unwrap().is_empty(), "each practice its own");
    let talked = store.talked_without_plan(&gp(1), 9, day(1)).await.unwrap();
    assert_eq!((talked.len(), talked[0].patient.as_ref()), (1, Some(own)));
}

async fn again_and_back(store: &Store, own: &domain::ident::PatientId, p70: Fact, a20: Fact) {
    let closed = Fact { closed: true, ..p70.clone() };
    let new = fact(FactKind::Episode, "N87", "2026-05-05", 9);
    let own_rows = insured(rows(Some(bsn(7)), "11", vec![closed, new, a20]), "9664");
    let subjects = vec![own_rows, insured(rows(None, "13", vec![p70]), "3311")];
    bring(store, 2, 2, subjects, Vec::new()).await;
    let kept = store.extract(&organisation(1), &extract(2)).await.unwrap().unwrap();
    assert_eq!((kept.counts.new, kept.counts.known), (1, 3), "nothing is there twice");
    assert_eq!(store.count_candidates(&organisation(1)).await.unwrap(), 3);
    assert_eq!(codes(store, own, 2).await, ["A20", "N87"], "the newer file says that an episode is closed");
    let first = (date(1).to_string(), "7095".to_owned());
    assert_eq!(insurers(store, own).await, [first.clone(), (date(2).to_string(), "9664".to_owned())]);
    // Taken back: as if it had not been there; what the first file told stays.
    assert!(store.undo_extract(&gp(1), &extract(2), day(2)).await.unwrap());
    assert!(!store.undo_extract(&gp(1), &extract(2), day(2)).await.unwrap(), "once");
    assert!(!store.undo_extract(&gp(2), &extract(1), day(2)).await.unwrap(), "it is another's");
    assert_eq!(names(store, 2).await.len(), 3);
    assert_eq!(codes(store, own, 2).await, ["A20", "P70"], "as it stood before, and at once");
    assert_eq!(insurers(store, own).await, [first]);
}

/// The codes by which a patient is a candidate, sorted.
async fn codes(store: &Store, id: &domain::ident::PatientId, on: i64) -> Vec<String> {
    let standing = store.candidate(&may(&gp(1), Action::ReadPlan, id), day(on)).await.unwrap().unwrap();
    let code = |words: &str| words.split('(').nth(1).unwrap().split(',').next().unwrap().to_owned();
    let mut all: Vec<String> = standing.causes.iter().map(|cause| code(&cause.words)).collect();
    all.sort();
    all
}

/// Once the practice cares for somebody no more, nothing is kept of what its files told of them.
async fn cared_for_no_more(store: &Store, place: &Place) {
    let id = fresh_id();
    let member = Member::Organisation(organisation(1));
    let leave = may(&gp(3), Action::RegisterPatient, &id);
    store.register(&leave, &patient(bsn(9), "Dina", "Smit"), std::slice::from_ref(&member), day(0)).await.unwrap();
    let aliases = place.number("SELECT count(*) FROM extract_alias").await;
    let p70 = fact(FactKind::Episode, "P70", "2024-03-03", 2);
    // Rows of one batch may name the same patient in several ways.
    let bare = SubjectRows {
        who: Who { bsn: Some(bsn(9)), number: None, born: None, linked: true },
        ..rows(None, "19", vec![fact(FactKind::Episode, "N87", "2024-03-04", 3)])
    };
    let by_number = rows(None, "19", vec![fact(FactKind::Episode, "N86", "2024-03-05", 4)]);
    bring(store, 4, 4, vec![by_number, rows(Some(bsn(9)), "19", vec![p70]), bare], Vec::new()).await;
    let kept = store.extract(&organisation(1), &extract(4)).await.unwrap().unwrap();
    assert_eq!((kept.counts.new, kept.counts.own), (3, 1));
    assert_eq!(codes(store, &id, 4).await, ["N86", "N87", "P70"]);
    let left = format!("SELECT count(*) FROM extract_fact WHERE patient_id = '{id}'");
    assert_eq!(place.number(&left).await, 3);
    assert!(store.leave_team(&may(&gp(1), Action::ManageTeam, &id), &member, None, day(4)).await.unwrap());
    store.work_out_practice(&organisation(1), day(5)).await.unwrap();
    for table in ["extract_fact", "extract_subject"] {
        let left = format!("SELECT count(*) FROM {table} WHERE patient_id = '{id}'");
        assert_eq!(place.number(&left).await, 0, "{table}");
    }
    assert_eq!(place.number("SELECT count(*) FROM extract_alias").await, aliases);
    assert!(store.undo_extract(&gp(1), &extract(4), day(5)).await.unwrap());
}

/// What files told of a record that is merged into another is told of that one, also where that one is merged itself.
async fn merged(store: &Store) {
    let (kept, between, dropped) = (known(store, 10).await, known(store, 12).await, known(store, 11).await);
    let p70 = fact(FactKind::Episode, "P70", "2024-03-03", 2);
    bring(store, 6, 5, vec![rows(Some(bsn(11)), "31", vec![p70])], Vec::new()).await;
    assert_eq!(codes(store, &dropped, 5).await, ["P70"]);
    let correct = |id: &domain::ident::PatientId| may(&gp(1), Action::CorrectPatient, id);
    for (to, from) in [(&between, &dropped), (&kept, &between)] {
        store.merge(&correct(to), &correct(from), "dubbel", day(5)).await.unwrap();
        store.work_out_practice(&organisation(1), day(5)).await.unwrap();
        assert_eq!(codes(store, to, 5).await, ["P70"]);
    }
    assert!(store.undo_extract(&gp(1), &extract(6), day(5)).await.unwrap());
    assert_eq!(store.candidate(&may(&gp(1), Action::ReadPlan, &kept), day(5)).await.unwrap(), None);
}

/// Who works at a file stops as soon as it is taken back, or somebody begins anew.
async fn broken_off(store: &Store, place: &Place) {
    let (by, id, now, counts) = (gp(1), extract(5), day(5), Counts::default());
    let begun = store.begin_extract(&by, &id, &[5; 32], &About::default(), None, now).await.unwrap();
    let first = store.start_extract(&by, &begun, now).await.unwrap().unwrap();
    let part = |part| {
        let facts = vec![fact(FactKind::Episode, "P70", "2024-03-03", 2)];
        Batch { part, subjects: vec![rows(None, "21", facts)], bad: Vec::new() }
    };
    store.put_extract(&first, part(0), &counts, now).await.unwrap();
    let second = store.start_extract(&by, &first, now).await.unwrap().unwrap();
    let facts = "SELECT count(*) FROM extract_fact";
    let before = place.number(facts).await;
    let late = store.put_extract(&first, part(1), &counts, now).await;
    assert!(matches!(late, Err(store::Error::Missing(_))), "{late:?}");
    store.put_extract(&second, part(0), &counts, now).await.unwrap();
    assert!(store.undo_extract(&by, &id, now).await.unwrap());
    assert!(store.put_extract(&second, part(1), &counts, now).await.is_err());
    assert!(store.note_extract(&by, &second, State::Done, &counts, None, now).await.is_err());
    assert_eq!(place.number(facts).await, before);
}

async fn on_the_path(store: &Store, own: &domain::ident::PatientId) {
    let standing = store.candidate(&may(&gp(1), Action::ReadPlan, own), day(2)).await.unwrap().unwrap();
    let leave = may(&gp(1), Action::Signal, own);
    let steps = [(date(2), What::Signal(signal(&standing.causes, date(2))))];
    store.add_steps(&leave, &steps, None, &recorder(&gp(1)), day(2)).await.unwrap();
    assert_eq!(store.count_candidates(&organisation(1)).await.unwrap(), 2, "at once, in the same transaction");
    assert_eq!(store.candidate(&may(&gp(1), Action::ReadPlan, own), day(2)).await.unwrap(), None);
    let version = talked(1, &gp(1), day(3));
    let leave = may(&gp(1), Action::RecordPlan, own);
    store.write_version(&leave, WriteVersion::of(0, &version), day(3)).await.unwrap();
    store.work_out_practice(&organisation(1), day(3)).await.unwrap();
    assert_eq!(store.count_candidates(&organisation(1)).await.unwrap(), 2, "and after working it out anew");
    assert!(store.talked_without_plan(&gp(1), 9, day(3)).await.unwrap().is_empty());
    assert!(store.planned_without_a20(&gp(1), 9, day(3)).await.unwrap().is_empty(), "there is an A20");
}

/// A number of the HIS that came once with a BSN means the same patient; who is registered later is found by the BSN.
async fn linked(store: &Store, place: &Place) {
    let before = place.number("SELECT count(*) FROM extract_subject").await;
    let more = fact(FactKind::Episode, "N86", "2026-06-01", 3);
    bring(store, 3, 3, vec![rows(None, "12", vec![more])], Vec::new()).await;
    assert_eq!(place.number("SELECT count(*) FROM extract_subject").await, before, "no patient comes twice");
    store.undo_extract(&gp(1), &extract(3), day(3)).await.unwrap();
    let mut left = names(store, 3).await;
    left.sort();
    assert_eq!(left, [Some("12".to_owned()), Some("13".to_owned())]);
}

async fn rules(store: &Store) {
    let mut sets = store.rule_sets(&organisation(1)).await.unwrap();
    assert!(sets[0].used && !sets[1].used && sets.iter().all(|s| !s.own && s.revision == 0));
    let off = Chosen { used: false, ..sets.remove(0) };
    assert!(store.write_rule_set(&gp(1), &off, day(4)).await.unwrap());
    assert!(!store.write_rule_set(&gp(1), &off, day(4)).await.unwrap(), "somebody was first");
    store.work_out_practice(&organisation(1), day(4)).await.unwrap();
    assert_eq!(store.count_candidates(&organisation(1)).await.unwrap(), 0, "no rule, no candidate");
    let on = Chosen { used: true, revision: 1, ..off };
    assert!(store.write_rule_set(&gp(1), &on, day(4)).await.unwrap());
    assert!(store.rule_sets(&organisation(2)).await.unwrap()[0].used, "of one practice only");
    store.work_out_practice(&organisation(1), day(4)).await.unwrap();
    assert_eq!(store.count_candidates(&organisation(1)).await.unwrap(), 2);
    assert_eq!(store.candidates_checked(&organisation(1)).await.unwrap(), None);
    store.check_candidates(&gp(1), date(4), day(4)).await.unwrap();
    assert_eq!(store.candidates_checked(&organisation(1)).await.unwrap(), Some(date(4)));
}
