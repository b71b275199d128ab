//! Documents: kept with what is said of them, in the plan where they belong there, copied, restored and erased.

use crate::world::{Place, at, bsn, fresh_id, gp, log_of, may, organisation, patient, recorder};
use domain::access::Action;
use domain::date::{FhirDateTime, local_day};
use domain::document::{Agrees, Copy, Document, Event, Kind, Name, Why, laid, standing};
use domain::ident::{AttachmentId, PatientId};
use domain::people::{Name as PersonName, Professional, ProfessionalKey};
use domain::plan::{FileRef, NextVersion, PlanVersion, VersionKind};
use domain::task;
use store::erasure::Ground;
use store::plans::document::{Noted, WriteDocument};
use store::plans::{File, WriteVersion};
use store::team::Member;
use store::{Error, Store};

const PDF: &[u8] = b"%PDF-1.7\nniet reanimeren, getekend\n%%EOF";

fn author() -> Professional {
    Professional {
        key: ProfessionalKey(1),
        name: PersonName::of("Eva", "", "Arts"),
        agb: None,
        uzi: None,
        big: None,
        specialty: vec![],
        organisation: None,
        identifiers: vec![],
        role_identifiers: vec![],
        person: None,
        changed_in: 0,
    }
}

fn pdf(n: u128) -> File {
    File { id: AttachmentId::from_bits(n), media_type: "application/pdf".into(), bytes: PDF.to_vec() }
}

fn document(kind: Kind, file: &File) -> Document {
    Document {
        kind,
        kind_text: None,
        dated_on: Some(FhirDateTime::parse("2020-05-01").unwrap()),
        person: None,
        representative: None,
        comment: None,
        file: Some(FileRef { id: file.id.clone(), media_type: file.media_type.clone(), size: 40, title: None }),
        agrees: Agrees::NotCompared,
        compared_with: None,
        discussed_on: None,
        copy: Copy::Unknown,
    }
}

fn name(n: u128) -> Name {
    Name::Here(AttachmentId::from_bits(n))
}

/// The version that an event makes of the plan as it stands.
async fn version(store: &Store, id: &PatientId, event: &Event, minute: i64) -> Option<PlanVersion> {
    let record = store.read(&may(&gp(1), Action::ReadPlan, id), at(minute), "documents").await.unwrap().unwrap();
    let document = match event {
        Event::Added { document, .. } | Event::Changed { document, .. } => Some(document),
        Event::Ended { .. } => None,
    };
    let input = laid(event.name(), document, record.plan.as_ref(), &author(), at(minute))?;
    let (kind, recorder) = (VersionKind::Document, recorder(&gp(1)));
    let next = NextVersion { kind, recorder, reason: None, input, kept_beside: vec![] };
    Some(next.after(record.plan.as_ref(), at(minute)).0)
}

async fn write(store: &Store, id: &PatientId, event: &Event, seen: u32, file: Option<File>, minute: i64) -> Noted {
    let version = version(store, id, event, minute).await;
    let write = WriteDocument {
        event,
        seen,
        by: &recorder(&gp(1)),
        day: local_day(at(minute)),
        file,
        version: version.as_ref().map(|v| WriteVersion::of(v.number - 1, v)),
    };
    store.write_document(&may(&gp(1), Action::RecordPlan, id), write, at(minute)).await.unwrap()
}

async fn waits(store: &Store, id: &PatientId) -> Vec<task::Kind> {
    let path = store.path(&may(&gp(1), Action::ReadPlan, id), at(50)).await.unwrap();
    path.tasks.iter().map(|t| t.kind).collect()
}

pub async fn story(place: Place) {
    let store = place.open().await;
    let id = fresh_id();
    let team = [Member::Organisation(organisation(1))];
    let who = patient(bsn(1), "Aaltje", "Bergsma");
    store.register(&may(&gp(1), Action::RegisterPatient, &id), &who, &team, at(0)).await.unwrap();
    added(&store, &id).await;
    changed(&store, &id).await;
    ended(&store, &id).await;
    kept(&store, &id).await;
    let report = store.verify().await.unwrap();
    assert!(report.is_whole(), "{report:?}");
    erased(&place, &store, &id).await;
    store.close().await.unwrap();
}

async fn added(store: &Store, id: &PatientId) {
    let event = Event::Added { name: name(1), document: document(Kind::DoNotResuscitate, &pdf(11)) };
    let read_only = may(&gp(1), Action::ReadPlan, id);
    let by = recorder(&gp(1));
    let attempt = WriteDocument { event: &event, seen: 0, by: &by, day: local_day(at(1)), file: None, version: None };
    let refused = store.write_document(&read_only, attempt, at(1)).await;
    assert!(matches!(refused, Err(Error::Permit(_))), "reading is no leave to add");
    assert_eq!(write(store, id, &event, 0, Some(pdf(11)), 1).await, Noted::Done);
    assert_eq!(write(store, id, &event, 0, Some(pdf(12)), 2).await, Noted::Changed, "it was added already");
    assert_eq!(waits(store, id).await, [task::Kind::Document], "no doctor knows it yet");
    // It stands in the plan, with its file; a life story stands beside it.
    let plan = store.read(&read_only, at(3), "plan").await.unwrap().unwrap().plan.unwrap();
    assert_eq!((plan.number, plan.kind, plan.content.documents.len()), (1, VersionKind::Document, 1));
    assert!(plan.content.conversations.is_empty(), "nobody talked");
    let life = Event::Added { name: name(2), document: document(Kind::LifeStory, &pdf(21)) };
    assert_eq!(write(store, id, &life, 0, Some(pdf(21)), 4).await, Noted::Done);
    let plan = store.read(&read_only, at(5), "plan").await.unwrap().unwrap().plan.unwrap();
    assert_eq!(plan.number, 1);
    for file in [11, 21] {
        let file = store.file(&read_only, &AttachmentId::from_bits(file), at(6)).await.unwrap().unwrap();
        assert_eq!((file.media_type.as_str(), file.bytes.as_slice()), ("application/pdf", PDF));
    }
    // Made upon an older plan: nothing is written.
    let other = Event::Added { name: name(3), document: document(Kind::Proxy, &pdf(31)) };
    let mut late = version(store, id, &other, 7).await.unwrap();
    late.number = 1;
    let version = Some(WriteVersion::of(0, &late));
    let attempt =
        WriteDocument { event: &other, seen: 0, by: &by, day: local_day(at(7)), file: Some(pdf(31)), version };
    let done = store.write_document(&may(&gp(1), Action::RecordPlan, id), attempt, at(7)).await.unwrap();
    assert_eq!(done, Noted::Stale(1));
    assert!(store.file(&read_only, &AttachmentId::from_bits(31), at(8)).await.unwrap().is_none());
}

async fn changed(store: &Store, id: &PatientId) {
    let known = Document { discussed_on: Some(local_day(at(9))), ..document(Kind::DoNotResuscitate, &pdf(11)) };
    let event = Event::Changed { name: name(1), document: known };
    assert_eq!(write(store, id, &event, 7, None, 9).await, Noted::Changed, "another was first");
    assert_eq!(write(store, id, &event, 1, None, 9).await, Noted::Done);
    assert!(waits(store, id).await.is_empty(), "the doctor knows it");
    let plan = store.read(&may(&gp(1), Action::ReadPlan, id), at(10), "plan").await.unwrap().unwrap().plan.unwrap();
    assert_eq!(plan.number, 1, "what the doctor knows is no part of the plan");
}

async fn ended(store: &Store, id: &PatientId) {
    let event = Event::Ended {
        name: name(1),
        title: "Niet-reanimerenverklaring".into(),
        why: Why::Withdrawn,
        reason: "Wil toch gereanimeerd worden.".into(),
    };
    assert_eq!(write(store, id, &event, 3, None, 11).await, Noted::Done);
    let read = may(&gp(1), Action::ReadPlan, id);
    let plan = store.read(&read, at(12), "plan").await.unwrap().unwrap().plan.unwrap();
    assert!(plan.number == 2 && plan.content.documents.values().all(|t| t.current.is_none()));
    let (steps, _) = store.looking_back(&read).await.unwrap();
    let all = standing(&steps, Some(&plan.content));
    assert_eq!(all.iter().map(|s| s.ended.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(all[1].history.len(), 3, "nothing is overwritten");
    let file = store.file(&read, &AttachmentId::from_bits(11), at(13)).await.unwrap();
    assert!(file.is_some(), "nor removed");
}

/// The copy for the patient, and the log.
async fn kept(store: &Store, id: &PatientId) {
    let copy = store.export(&may(&gp(1), Action::ExportRecord, id), at(14)).await.unwrap().unwrap();
    let documents = copy["documents"].as_array().unwrap();
    assert_eq!(documents.len(), 2);
    assert!(documents[0]["version"].is_null() && documents[1]["version"] == 1, "{documents:?}");
    assert!(documents.iter().all(|d| d["base64"].as_str().unwrap().starts_with("JVBERi0xLjc")));
    assert!(copy["path"].to_string().contains("Wil toch gereanimeerd worden."), "with what was said of them");
    let log = log_of(store, id, at(15)).await;
    let said: Vec<&str> = log.iter().filter(|r| r.action == "record-plan").map(|r| &*r.data).collect();
    for data in ["version 1, document", "document", "version 2, document"] {
        assert!(said.contains(&data), "{data}: {said:?}");
    }
    assert!(log.iter().any(|r| r.data.starts_with("file ")), "who opened one stands there");
}

async fn erased(place: &Place, store: &Store, id: &PatientId) {
    assert_eq!(place.number("SELECT count(*) FROM attachment").await, 2);
    store.erase(&may(&gp(1), Action::ErasePatient, id), Ground::Request, at(20)).await.unwrap();
    for table in ["attachment", "step"] {
        assert_eq!(place.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
}
