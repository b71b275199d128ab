//! The story: a patient from registration to merging, and everyone around them.

use crate::circle;
use crate::world::{
    Place, at, bsn, fresh_id, gp, may, organisation, patient, program, recorder, registered, says, system, version,
};
use domain::access::{Action, Relation, Sharing, permit};
use domain::consent::Said;
use domain::form::{Answers, Item};
use domain::ident::{AttachmentId, ClientId, PersonId, Ura};
use domain::people::Name;
use domain::plan::{DraftTopic, Mark, MarkKind, VersionKind};
use domain::policy::Policy;
use domain::purpose::Purpose;
use domain::role::Role;
use store::clients::{Client, ClientKeys, Standing};
use store::drafts::{SaveTopic, Saved};
use store::organisations::{Organisation, OrganisationKind};
use store::patients::{Corrected, Registered};
use store::people::{Person, RoleGrant};
use store::plans::{File, Projection, WriteVersion, Written};
use store::sessions::{Fresh, Session};
use store::team::{About, Member};
use store::{Error, Store};

pub async fn story(place: Place) {
    assert!(Store::is_empty(&place.settings).await.unwrap());
    let store = place.open().await;
    assert!(!Store::is_empty(&place.settings).await.unwrap());
    let again = Store::migrate(&place.settings).await.unwrap();
    assert_eq!(again.from, again.to, "opening has migrated already");
    store.ping().await.unwrap();
    Box::pin(people(&store)).await;
    Box::pin(clients_and_documents(&store)).await;
    let id = Box::pin(patients(&store)).await;
    Box::pin(plans(&store, &id)).await;
    Box::pin(drafts(&store, &id)).await;
    Box::pin(circle::team(&store, &id)).await;
    Box::pin(circle::leading(&store, &id)).await;
    Box::pin(circle::sharing(&store, &id)).await;
    Box::pin(delivering(&store)).await;
    Box::pin(merging(&store, &id)).await;
    Box::pin(crate::looked::logged(&store, &id)).await;

    // Everything is there after closing and opening again.
    store.close().await.unwrap();
    assert!(matches!(store.ping().await, Err(Error::Closed)));
    store.close().await.unwrap();
    let store = place.open().await;
    let permit = may(&gp(1), Action::ReadPlan, &id);
    let record = store.read(&permit, at(500), "plan").await.unwrap().unwrap();
    assert_eq!(says(&record.plan.unwrap().content), "drie");
    assert!(store.verify().await.unwrap().is_whole());
    store.close().await.unwrap();
}

async fn people(store: &Store) {
    let by = program();
    let house = Organisation {
        ura: Some(Ura::parse("1234").unwrap()),
        city: Some("Ede".into()),
        region: Some(organisation(8)),
        ..Organisation::new(organisation(1), "Praktijk De Linde", OrganisationKind::GpPractice)
    };
    store.add_organisation(&by, &house, at(0)).await.unwrap();
    assert!(matches!(store.add_organisation(&by, &house, at(0)).await, Err(Error::Taken(_))));
    let policy =
        Policy { review_months: Some(4), break_glass: vec![Role::Gp], second_factor: false, ..Policy::default() };
    let house = Organisation { nurses_set_limits: true, policy, ..house };
    store.change_organisation(&by, &house, at(1)).await.unwrap();
    assert_eq!(store.organisations().await.unwrap(), std::slice::from_ref(&house));
    assert_eq!(store.organisations_of(&organisation(8)).await.unwrap(), std::slice::from_ref(&house));
    assert_eq!(store.organisation(&organisation(1)).await.unwrap(), Some(house));
    assert_eq!(store.organisation(&organisation(9)).await.unwrap(), None);

    let person = Person {
        id: PersonId::from_bits(1),
        username: "gp".into(),
        name: Name::of("Jan", "de", "Vries"),
        agb: None,
        uzi: None,
        big: None,
        active: true,
    };
    store.add_person(&by, &person, Some("hash one"), at(0)).await.unwrap();
    let double = Person { id: PersonId::from_bits(2), username: " GP".into(), ..person.clone() };
    assert!(matches!(store.add_person(&by, &double, None, at(0)).await, Err(Error::Taken("user name"))));
    let grant = RoleGrant { organisation: organisation(1), role: Role::Gp, from: at(0), until: Some(at(10)) };
    store.grant_role(&by, &person.id, &grant, at(0)).await.unwrap();
    let login = store.login("Gp", at(5)).await.unwrap().unwrap();
    assert_eq!((login.person, login.password_hash.as_deref()), (person.clone(), Some("hash one")));
    assert_eq!(login.roles, [grant]);
    assert!(store.login("gp", at(10)).await.unwrap().unwrap().roles.is_empty(), "the role has ended");
    assert!(store.login("nobody", at(5)).await.unwrap().is_none());
    store.set_password(&by, &person.id, "hash two", at(6)).await.unwrap();
    assert_eq!(store.login("gp", at(6)).await.unwrap().unwrap().password_hash.as_deref(), Some("hash two"));
    assert_eq!(store.people_of(&organisation(1), at(5)).await.unwrap(), [(person.clone(), Role::Gp)]);
    assert_eq!(store.person(&person.id).await.unwrap(), Some(person.clone()));
    let left = Person { active: false, ..person.clone() };
    store.change_person(&by, &left, at(7)).await.unwrap();
    assert_eq!(store.person(&person.id).await.unwrap(), Some(left));

    let session = Session {
        person: person.id.clone(),
        role: None,
        organisation: None,
        csrf: "csrf".into(),
        device: "Firefox op Linux".into(),
        must_enrol: false,
        created_at: at(0),
        seen_at: at(0),
        idle_end: at(30),
        absolute_end: at(600),
    };
    store.create_session(&[7; 32], &session, "password").await.unwrap();
    assert_eq!(store.session(&[7; 32], at(29)).await.unwrap(), Some(session.clone()));
    assert_eq!(store.session(&[7; 32], at(30)).await.unwrap(), None, "idle for too long");
    assert_eq!(store.session(&[8; 32], at(1)).await.unwrap(), None);
    store.touch(&[7; 32], at(20), at(50)).await.unwrap();
    let fresh = Fresh { token_hash: [6; 32], csrf: "other".into() };
    store.choose_role(&[7; 32], &fresh, Role::Gp, &organisation(1), at(21)).await.unwrap();
    assert_eq!(store.session(&[7; 32], at(40)).await.unwrap(), None, "the token from before opens nothing");
    let now = store.session(&[6; 32], at(40)).await.unwrap().unwrap();
    assert_eq!(now.csrf, "other");
    assert_eq!((now.seen_at, now.role, now.organisation), (at(20), Some(Role::Gp), Some(organisation(1))));
    store
        .create_session(
            &[9; 32],
            &Session { created_at: at(700), idle_end: at(730), absolute_end: at(900), ..session },
            "password",
        )
        .await
        .unwrap();
    assert_eq!(
        store.end_sessions_of(&person.id, at(701)).await.unwrap(),
        1,
        "the first had ended and was cleared away"
    );
    store.end_session(&[9; 32], at(702)).await.unwrap();
}

async fn clients_and_documents(store: &Store) {
    let client = Client {
        id: ClientId::parse("provider-test").unwrap(),
        name: "Aanbieder".into(),
        organisation: organisation(2),
        scope: "system/*.rs".into(),
        secret_hash: Some("hash".into()),
        purpose: Purpose::Emergency,
        keys: Some(ClientKeys::Address("https://example.nl/jwks".into())),
        active: true,
    };
    store.add_client(&program(), &client, at(0)).await.unwrap();
    assert!(matches!(store.add_client(&program(), &client, at(0)).await, Err(Error::Taken(_))));
    let standing = async || store.client_standing(&client.id).await.unwrap();
    assert_eq!(standing().await, Some(Standing { active: true, generation: 1 }));
    let keys = Some(ClientKeys::Set("{\"keys\":[]}".into()));
    let client = Client { active: false, keys, ..client.clone() };
    store.change_client(&program(), &client, at(1)).await.unwrap();
    assert_eq!(store.client_standing(&client.id).await.unwrap(), Some(Standing { active: false, generation: 2 }));
    assert_eq!(store.client_standing(&ClientId::parse("niemand").unwrap()).await.unwrap(), None);
    assert_eq!(store.client(&client.id).await.unwrap(), Some(client.clone()));
    assert_eq!(store.clients().await.unwrap(), [client]);

    let document = store::documents::Document {
        name: "http://example.nl/Questionnaire|1".into(),
        media_type: "application/fhir+json".into(),
        bytes: b"{}".to_vec(),
        changed_at: at(0),
    };
    store.put_document(&program(), &document).await.unwrap();
    let newer = store::documents::Document { bytes: b"{ }".to_vec(), changed_at: at(1), ..document };
    store.put_document(&program(), &newer).await.unwrap();
    assert_eq!(store.document(&newer.name).await.unwrap(), Some(newer.clone()));
    assert_eq!(store.document_names().await.unwrap(), [newer.name]);
}

async fn patients(store: &Store) -> domain::ident::PatientId {
    let (gp, id) = (gp(1), fresh_id());
    let who = patient(bsn(0), "Aaltje", "Bergsma");
    assert_eq!(store.relation(&id, &gp, at(0)).await.unwrap(), None, "not here yet");
    let register = may(&gp, Action::RegisterPatient, &id);
    let team = [Member::Organisation(organisation(1))];
    assert_eq!(store.register(&register, &who, &team, at(0)).await.unwrap(), Registered::New);
    assert!(matches!(store.register(&register, &patient(bsn(5), "B", "B"), &team, at(0)).await, Err(Error::Taken(_))));

    // The same BSN again gives the patient who is here, and writes nothing.
    let other = fresh_id();
    let double = store.register(&may(&gp, Action::RegisterPatient, &other), &who, &[], at(1)).await.unwrap();
    assert_eq!(double, Registered::Double(id.clone()));
    assert_eq!(store.relation(&other, &gp, at(1)).await.unwrap(), None);

    let relation = store.relation(&id, &gp, at(1)).await.unwrap().unwrap();
    assert_eq!(relation, Relation { team: true, delivered: true, ..Relation::default() });
    let stranger = store.relation(&id, &system(7), at(1)).await.unwrap().unwrap();
    assert_eq!(stranger, Relation::default());

    assert_eq!(store.find_by_bsn(&bsn(0)).await.unwrap(), Some(id.clone()));
    assert_eq!(store.find_by_bsn(&bsn(1)).await.unwrap(), None);
    let born = "1941-03-12".parse().unwrap();
    assert_eq!(store.find_by_name(born, "bergsma").await.unwrap(), std::slice::from_ref(&id));
    assert!(store.find_by_name(born, "berg").await.unwrap().is_empty());

    let read = may(&gp, Action::ReadPatient, &id);
    let record = store.read_patient(&read, at(2), "patient").await.unwrap().unwrap();
    assert_eq!((record.revision, &record.patient), (1, &who));
    assert!(matches!(store.read(&read, at(2), "plan").await, Err(Error::Permit(_))), "identity only");
    assert!(matches!(store.read_patient(&register, at(2), "patient").await, Err(Error::Permit(_))));

    // A correction, a stale one, one to a BSN that is somebody else's.
    let correct = may(&gp, Action::CorrectPatient, &id);
    let mut right = patient(bsn(1), "Aaltje", "Bergsma");
    right.name.partner_family = Some("Ruiter".into());
    assert_eq!(
        store.correct_patient(&correct, 1, &right, "BSN verkeerd overgenomen", at(3)).await.unwrap(),
        Corrected::Done(2)
    );
    let Corrected::Stale(now) = store.correct_patient(&correct, 1, &who, "te laat", at(4)).await.unwrap() else {
        panic!("somebody was first");
    };
    assert_eq!((now.revision, &now.patient), (2, &right));
    assert_eq!(store.find_by_bsn(&bsn(0)).await.unwrap(), None, "the wrong number is free");
    assert_eq!(store.find_by_bsn(&bsn(1)).await.unwrap(), Some(id.clone()));
    assert_eq!(store.find_by_name(born, "ruiter").await.unwrap(), std::slice::from_ref(&id));
    for typed in ["Ruiter", "de Ruiter-Bergsma", "Bergsma-de Ruiter", "Bergsma Ruiter"] {
        let found = store.find_by_typed_name(born, typed).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&id), "{typed}");
    }
    assert!(store.find_by_typed_name(born, "Ruiter-Jansen").await.unwrap().is_empty(), "one of the two is not enough");
    let neighbour = registered(store, 2, 0).await;
    let taken = patient(bsn(2), "Aaltje", "Bergsma");
    let answer = store.correct_patient(&correct, 2, &taken, "vergissing", at(5)).await.unwrap();
    assert_eq!(answer, Corrected::Double(neighbour));
    let earlier = store.earlier_identities(&correct, at(6)).await.unwrap();
    assert_eq!(earlier.iter().map(|e| (e.revision, &e.patient)).collect::<Vec<_>>(), [(1, &who)]);
    id
}

async fn plans(store: &Store, id: &domain::ident::PatientId) {
    let gp = gp(1);
    let (read, record) = (may(&gp, Action::ReadPlan, id), may(&gp, Action::RecordPlan, id));
    let nothing = store.read(&read, at(10), "plan").await.unwrap().unwrap();
    assert!(nothing.plan.is_none());
    assert!(store.versions(&read, at(10), "versions").await.unwrap().is_empty());
    assert!(store.read(&may(&gp, Action::ReadPlan, &fresh_id()), at(10), "plan").await.unwrap().is_none());

    let one = version(1, "een", &gp, at(11));
    assert!(matches!(store.write_version(&read, WriteVersion::of(0, &one), at(11)).await, Err(Error::Permit(_))));
    let file = File {
        id: AttachmentId::from_bits(5),
        media_type: "application/pdf".into(),
        bytes: b"%PDF wilsverklaring".to_vec(),
    };
    let projection =
        Projection { format: 3, number: 1, revision: 2, bytes: b"\x03\0\0\0abc\0\0\0\0\x04\0\0\0defg".to_vec() };
    let write = WriteVersion {
        source: Some(b"{\"resourceType\": \"Bundle\" }".to_vec()),
        files: vec![file.clone()],
        same_as: vec!["identifier 1".into(), "content 1".into()],
        sharing: Some(Sharing::Agreed),
        projection: Some(projection.clone()),
        ..WriteVersion::of(0, &one)
    };
    assert_eq!(store.write_version(&record, write.clone(), at(11)).await.unwrap(), Written::Done(1));
    assert_eq!(store.write_version(&record, write, at(12)).await.unwrap(), Written::Same(1), "delivered again");
    let late = version(1, "te laat", &gp, at(12));
    assert_eq!(store.write_version(&record, WriteVersion::of(0, &late), at(12)).await.unwrap(), Written::Stale(1));
    assert_eq!(store.relation(id, &gp, at(13)).await.unwrap().unwrap().sharing, Sharing::Agreed);

    let now = store.read(&read, at(13), "plan").await.unwrap().unwrap();
    assert_eq!((now.patient.revision, says(&now.plan.as_ref().unwrap().content)), (2, "een"));
    let raw = store.read_raw(&read, at(13), "plan").await.unwrap().unwrap();
    assert_eq!(serde_json::from_slice::<domain::plan::CurrentPlan>(&raw.plan.unwrap().1).unwrap(), now.plan.unwrap());
    assert_eq!(store.read_projection(&read, at(13), "Consent").await.unwrap(), Some(projection.clone()));
    let part = |n| store.read_projection_part(&read, n, at(13), "Consent");
    let last = part(2).await.unwrap().unwrap();
    assert_eq!((last.format, last.number, last.revision, last.bytes.as_slice()), (3, 1, 2, &b"defg"[..]));
    assert_eq!(part(1).await.unwrap().unwrap().bytes, b"");
    assert_eq!(part(3).await.unwrap(), None);
    assert_eq!(store.file(&read, &file.id, at(13)).await.unwrap(), Some(file));
    assert_eq!(store.file(&read, &AttachmentId::from_bits(6), at(13)).await.unwrap(), None);
    assert_eq!(store.sources(&read, at(13)).await.unwrap(), [(1, b"{\"resourceType\": \"Bundle\" }".to_vec())]);

    // The next version makes the rendering void; a new one is kept, an old one is not.
    let two = version(2, "twee", &gp, at(14));
    assert_eq!(store.write_version(&record, WriteVersion::of(1, &two), at(14)).await.unwrap(), Written::Done(2));
    assert_eq!(store.read_projection(&read, at(15), "Consent").await.unwrap(), None);
    assert!(!store.keep_projection(&read, &projection).await.unwrap());
    let broken = Projection { number: 2, bytes: b"no parts".to_vec(), ..projection.clone() };
    assert!(matches!(store.keep_projection(&read, &broken).await, Err(Error::Bug(_))));
    let newer = Projection { number: 2, bytes: b"\x01\0\0\0x".to_vec(), ..projection };
    assert!(store.keep_projection(&read, &newer).await.unwrap());
    assert_eq!(store.read_projection(&read, at(15), "Consent").await.unwrap(), Some(newer.clone()));
    let newest = newer;

    // So does a correction of the identity, and a rendering of the identity before is not kept.
    let correct = may(&gp, Action::CorrectPatient, id);
    let who = store.read_patient(&read, at(15), "patient").await.unwrap().unwrap().patient;
    assert_eq!(store.correct_patient(&correct, 2, &who, "niets veranderd", at(15)).await.unwrap(), Corrected::Done(3));
    assert_eq!(store.read_projection(&read, at(15), "Consent").await.unwrap(), None);
    assert!(!store.keep_projection(&read, &Projection { number: 2, revision: 2, ..newest }).await.unwrap());

    Box::pin(marking(store, id)).await;
}

/// Marking the second version wrong writes a third.
async fn marking(store: &Store, id: &domain::ident::PatientId) {
    let gp = gp(1);
    let (read, record) = (may(&gp, Action::ReadPlan, id), may(&gp, Action::RecordPlan, id));
    let mark = Mark { kind: MarkKind::Wrong, reason: "verkeerde patiënt".into(), by: recorder(&gp), at: at(16) };
    let mut three = version(3, "drie", &gp, at(16));
    three.kind = VersionKind::Corrected;
    let then = WriteVersion::of(2, &three);
    assert_eq!(store.mark_version(&record, 2, &mark, then.clone(), at(16)).await.unwrap(), Written::Done(3));
    let four = version(4, "vier", &gp, at(17));
    let again = store.mark_version(&record, 2, &mark, WriteVersion::of(3, &four), at(17)).await.unwrap();
    assert_eq!(again, Written::Same(2), "marked before");
    assert_eq!(store.mark_version(&record, 1, &mark, then, at(17)).await.unwrap(), Written::Stale(3));
    let missing = store.mark_version(&record, 9, &mark, WriteVersion::of(3, &four), at(17)).await;
    assert!(matches!(missing, Err(Error::Missing("version"))));

    let versions = store.versions(&read, at(18), "versions").await.unwrap();
    assert_eq!(versions.iter().map(|v| says(&v.version.content)).collect::<Vec<_>>(), ["een", "twee", "drie"]);
    assert_eq!(versions.iter().map(|v| v.mark.as_ref()).collect::<Vec<_>>(), [None, Some(&mark), None]);
    assert_eq!(versions[0].previous_digest, [0; 32]);
    assert_eq!(versions[1].previous_digest, versions[0].digest);
    assert_eq!(versions[2].previous_digest, versions[1].digest);
    assert_eq!(store.version(&read, 2, at(18)).await.unwrap().as_ref(), versions.get(1));
    assert_eq!(store.version(&read, 4, at(18)).await.unwrap(), None);
}

async fn drafts(store: &Store, id: &domain::ident::PatientId) {
    let (gp, nurse) = (gp(1), gp(2));
    let record = may(&gp, Action::RecordPlan, id);
    let by = recorder(&gp);
    let topic = |part: &str, text: &str| DraftTopic {
        part: part.into(),
        revision: 0,
        answers: Answers { items: vec![Item { link_id: text.into(), ..Item::default() }] },
        skipped: false,
        origin: None,
        saved_by: "dr. Tijdig".into(),
        saved_at: at(20),
    };
    let save = |topic: DraftTopic, expected: u32| {
        let (record, by) = (&record, &by);
        async move {
            let save = SaveTopic { topic: &topic, expected, based_on: 3, by };
            store.save_draft_topic(record, save, at(20)).await.unwrap()
        }
    };
    assert!(store.draft(&record, at(20)).await.unwrap().is_none());
    assert_eq!(save(topic("4a", "eerst"), 0).await, Saved::Done(1));
    assert_eq!(save(topic("3", "doel"), 0).await, Saved::Done(1));
    assert_eq!(save(topic("4a", "daarna"), 1).await, Saved::Done(2));
    // A stale save shows what stands there, and loses neither.
    let Saved::Stale(there) = save(topic("4a", "verouderd"), 1).await else { panic!("somebody was first") };
    assert_eq!((there.revision, there.answers.items[0].link_id.as_str()), (2, "daarna"));
    let draft = store.draft(&record, at(21)).await.unwrap().unwrap();
    assert_eq!((draft.based_on, draft.begun_at), (3, at(20)));
    assert_eq!(draft.topics.iter().map(|t| (t.part.as_str(), t.revision)).collect::<Vec<_>>(), [("3", 1), ("4a", 2)]);
    assert!(
        store.draft(&may(&nurse, Action::RecordPlan, id), at(21)).await.unwrap().is_none(),
        "another organisation's"
    );
    assert!(store.discard_draft(&record, at(22)).await.unwrap());
    assert!(!store.discard_draft(&record, at(22)).await.unwrap());
    assert!(store.draft(&record, at(23)).await.unwrap().is_none());

    // Recording ends the draft in the same transaction; a save that is under way begins a new one.
    save(topic("4a", "tekst"), 0).await;
    let stale = version(3, "te laat", &gp, at(24));
    let write = WriteVersion { ends_draft: true, ..WriteVersion::of(2, &stale) };
    assert_eq!(store.write_version(&record, write, at(24)).await.unwrap(), Written::Stale(3));
    assert!(store.draft(&record, at(24)).await.unwrap().is_some(), "nothing was written, so the draft stays");
    store.discard_draft(&record, at(25)).await.unwrap();
    assert_eq!(save(topic("4a", "onderweg"), 1).await, Saved::Done(2));
    store.discard_draft(&record, at(26)).await.unwrap();
}

async fn delivering(store: &Store) {
    let gp = gp(1);
    // Who delivers a version may read from then on (decision 50).
    let delivered = registered(store, 40, 1).await;
    let client = system(6);
    let deliver = permit(&client, Action::DeliverPlan, &delivered, Relation::default()).unwrap();
    let two = version(2, "geleverd", &gp, at(47));
    assert!(!store.relation(&delivered, &client, at(47)).await.unwrap().unwrap().delivered);
    assert_eq!(store.write_version(&deliver, WriteVersion::of(1, &two), at(47)).await.unwrap(), Written::Done(2));
    assert!(store.relation(&delivered, &client, at(48)).await.unwrap().unwrap().delivered);
}

async fn merging(store: &Store, id: &domain::ident::PatientId) {
    let gp = gp(1);
    let double = registered(store, 50, 2).await;
    let both = |action| (may(&gp, action, id), may(&gp, action, &double));
    let (_, record) = both(Action::RecordPlan);
    let (_, manage) = both(Action::ManageTeam);
    store.add_to_team(&manage, &Member::Organisation(organisation(9)), &About::default(), at(50)).await.unwrap();
    let (kept, dropped) = both(Action::CorrectPatient);
    assert!(store.merge(&kept, &kept, "?", at(51)).await.is_err());
    store.merge(&kept, &dropped, "dubbel ingeschreven", at(51)).await.unwrap();
    assert!(matches!(store.merge(&kept, &dropped, "nog eens", at(52)).await, Err(Error::Merged(_))));
    assert_eq!(store.find_by_bsn(&bsn(50)).await.unwrap(), None);
    assert!(store.find_by_name("1941-03-12".parse().unwrap(), "bergsma50").await.unwrap().is_empty());
    assert!(store.relation(id, &system(9), at(53)).await.unwrap().unwrap().team, "its team came along");
    let (_, read) = both(Action::ReadPlan);
    let alias = store.read(&read, at(53), "plan").await.unwrap().unwrap();
    assert_eq!((alias.patient.merged_into.as_ref(), says(&alias.plan.unwrap().content)), (Some(id), "wens 2"));
    let three = version(3, "x", &gp, at(54));
    let refused = store.write_version(&record, WriteVersion::of(2, &three), at(54)).await;
    assert!(matches!(refused, Err(Error::Merged(into)) if into == *id));
    // A refusal goes along: merging must not open what the patient closed.
    let closed = registered(store, 51, 0).await;
    let say = |id, value| (may(&gp, Action::RecordConsent, id), [Said::for_everyone(value)]);
    let (permit, said) = say(&closed, Sharing::Refused);
    store.set_sharing(&permit, &said, at(55)).await.unwrap();
    let open = registered(store, 52, 0).await;
    let (permit, said) = say(&open, Sharing::Agreed);
    store.set_sharing(&permit, &said, at(55)).await.unwrap();
    let (kept, dropped) = (may(&gp, Action::CorrectPatient, &open), may(&gp, Action::CorrectPatient, &closed));
    store.merge(&kept, &dropped, "dubbel", at(56)).await.unwrap();
    assert_eq!(store.relation(&open, &gp, at(57)).await.unwrap().unwrap().sharing, Sharing::Refused);
}
