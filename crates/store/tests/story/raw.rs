//! What lies on disk reads as noise.

use crate::world::{Place, at, bsn, fresh_id, gp, may, organisation, patient, recorder, registered, version};
use domain::access::{Action, Actor, Relation, Sharing, Who, permit};
use domain::consent::Said;
use domain::form::{Answers, Item};
use domain::glass::{Reason, Verdict};
use domain::hook::{Kind, State};
use domain::ident::{AttachmentId, ClientId, HookId, PersonId};
use domain::path::{End, What};
use domain::plan::{DraftTopic, Mark, MarkKind};
use std::path::Path;
use store::drafts::SaveTopic;
use store::hooks::{At, Hook};
use store::plans::{File, Projection, WriteVersion};
use store::team::{About, Member};
use store::{Database, Error};

/// Words that are nowhere but in what was put in.
const WORDS: [&str; 12] = [
    "Zwaluwstaart",
    "Quirinius",
    "nooit-meer-ziekenhuis",
    "brontekst-letterlijk",
    "bijlage-inhoud",
    "conceptwoord",
    "reden-van-correctie",
    "merkteken-reden",
    "projectie-inhoud",
    "signaalwoord",
    "zeldzaam-webadres",
    "zeldzaam-webgeheim",
];

pub async fn nothing_readable(place: Place) {
    let store = place.open().await;
    let (gp, id) = (gp(1), fresh_id());
    let mut who = patient(bsn(77), "Quirinius", "Zwaluwstaart");
    let team = [Member::Organisation(organisation(1))];
    store.register(&may(&gp, Action::RegisterPatient, &id), &who, &team, at(0)).await.unwrap();
    let record = may(&gp, Action::RecordPlan, &id);
    let one = version(1, "nooit-meer-ziekenhuis", &gp, at(1));
    let write = WriteVersion {
        source: Some(b"<brontekst-letterlijk/>".to_vec()),
        files: vec![File {
            id: AttachmentId::from_bits(3),
            media_type: "text/zeldzaam".into(),
            bytes: b"bijlage-inhoud".to_vec(),
        }],
        same_as: vec!["urn:oid:zeldzaam-kenmerk".into()],
        sharing: Some(Sharing::Refused),
        projection: Some(Projection {
            format: 1,
            number: 1,
            revision: 1,
            bytes: b"\x10\0\0\0projectie-inhoud".to_vec(),
        }),
        ..WriteVersion::of(0, &one)
    };
    store.write_version(&record, write, at(1)).await.unwrap();
    let hook = Hook {
        id: HookId::from_bits(5),
        client: ClientId::parse("his").unwrap(),
        kind: Kind::Webhook,
        patient: None,
        state: State::Active,
        made_at: at(1),
        until: None,
        at: At {
            address: "https://zeldzaam-webadres.example".into(),
            secret: "zeldzaam-webgeheim".into(),
            ..At::default()
        },
        last: None,
    };
    store.add_hook(&crate::world::program(), &hook, at(1)).await.unwrap();
    let end = What::Ended { why: End::Other, words: Some("signaalwoord".into()) };
    let follow = may(&gp, Action::FollowUp, &id);
    let today = domain::date::local_day(at(1));
    store.add_steps(&follow, &[(today, end)], None, &recorder(&gp), at(1)).await.unwrap();
    let topic = DraftTopic {
        part: "deel-van-formulier".into(),
        revision: 0,
        answers: Answers { items: vec![Item { link_id: "conceptwoord".into(), ..Item::default() }] },
        skipped: false,
        origin: None,
        saved_by: "dr. Tijdig".into(),
        saved_at: at(2),
    };
    let by = recorder(&gp);
    store
        .save_draft_topic(&record, SaveTopic { topic: &topic, expected: 0, based_on: 1, by: &by }, at(2))
        .await
        .unwrap();
    who.name.partner_family = Some("Zeemeeuw-Zwaluwstaart".into());
    store.correct_patient(&may(&gp, Action::CorrectPatient, &id), 1, &who, "reden-van-correctie", at(3)).await.unwrap();
    let said = Said { note: Some("toestemmingsnotitie".into()), ..Said::for_everyone(Sharing::Agreed) };
    store.set_sharing(&may(&gp, Action::RecordConsent, &id), &[said], at(4)).await.unwrap();
    let about = About { word: "op-woord-van".into(), ..About::default() };
    let member = Member::Organisation(organisation(3));
    store.add_to_team(&may(&gp, Action::ManageTeam, &id), &member, &about, at(4)).await.unwrap();
    let mark = Mark { kind: MarkKind::Wrong, reason: "merkteken-reden".into(), by: recorder(&gp), at: at(5) };
    let two = version(2, "nooit-meer-ziekenhuis", &gp, at(5));
    store.mark_version(&record, 1, &mark, WriteVersion::of(1, &two), at(5)).await.unwrap();
    let outside = Actor { organisation: organisation(5), who: Who::Person(PersonId::from_bits(501)), ..gp.clone() };
    let glass = permit(&outside, Action::BreakGlass, &id, Relation::default()).unwrap();
    let reason = Reason::given("acute", "noodknop-reden").unwrap();
    store.break_glass(&glass, &reason, false, at(6)).await.unwrap();
    let judge = may(&gp, Action::JudgeGlass, &id);
    store.judge_glass(&judge, 1, Verdict::Justified, Some("oordeel-woorden"), at(6)).await.unwrap();
    store.read(&may(&gp, Action::ReadPlan, &id), at(6), "plan").await.unwrap();
    store.anchor(at(7)).await.unwrap();

    let mut looked_for: Vec<String> = WORDS.iter().map(|w| (*w).to_owned()).collect();
    looked_for
        .extend(["zwaluwstaart", "zeemeeuw", "1941-03-12", "text/zeldzaam", "zeldzaam-kenmerk"].map(str::to_owned));
    looked_for
        .extend(["deel-van-formulier", "toestemmingsnotitie", "op-woord-van", "refused", "agreed"].map(str::to_owned));
    looked_for.extend(["noodknop-reden", "oordeel-woorden"].map(str::to_owned));
    looked_for.push(bsn(77).as_str().to_owned());
    if place.is_sqlite() {
        // While it is open (with what waits in the write-ahead log) and after.
        let seen = search(&place.folder, &looked_for);
        assert!(seen >= 4, "only {seen} files");
        store.close().await.unwrap();
        assert!(search(&place.folder, &looked_for) >= 3);
    } else {
        store.flush().await.unwrap();
        for table in tables(&place).await {
            let text = dump(&place, &table).await;
            for word in &looked_for {
                assert!(!text.contains(word.as_str()), "{word} in {table}");
                let hex = word.bytes().fold(String::new(), |text, b| text + &format!("{b:02x}"));
                assert!(!text.contains(&hex), "{word} in {table}");
            }
        }
        store.close().await.unwrap();
    }
}

/// Looks through every file of a folder; how many there were.
fn search(folder: &Path, words: &[String]) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        files += 1;
        for word in words {
            let found = bytes.windows(word.len()).any(|w| w == word.as_bytes());
            assert!(!found, "{word} in {}", path.display());
        }
    }
    files
}

async fn client(place: &Place) -> tokio_postgres::Client {
    let Database::Postgres { url, .. } = &place.settings.database else { panic!("PostgreSQL only") };
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn tables(place: &Place) -> Vec<String> {
    let sql = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('public', 'keys')";
    let tables: Vec<String> = client(place).await.query(sql, &[]).await.unwrap().iter().map(|r| r.get(0)).collect();
    assert!(tables.len() > 20, "{tables:?}");
    tables
}

async fn dump(place: &Place, table: &str) -> String {
    let sql = format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t");
    client(place).await.query_one(&sql, &[]).await.unwrap().get(0)
}

/// A sealed value put in another row, or an older one put back under a newer number, does not open.
pub async fn moved(place: Place) {
    let store = place.open().await;
    let (one, other) = (registered(&store, 0, 2).await, registered(&store, 1, 2).await);
    let read = |id| may(&gp(1), Action::ReadPlan, id);
    let swap = format!(
        "UPDATE plan SET sealed = (SELECT sealed FROM plan WHERE patient_id = '{other}') WHERE patient_id = '{one}'"
    );
    place.behind(&swap).await;
    assert!(matches!(store.read(&read(&one), at(9), "plan").await, Err(Error::Unsealable("plan"))));
    assert!(store.read(&read(&other), at(9), "plan").await.unwrap().is_some());
    let back = format!(
        "UPDATE plan_version SET sealed = (SELECT sealed FROM plan_version WHERE patient_id = '{one}' AND number = 1) \
         WHERE patient_id = '{one}' AND number = 2"
    );
    place.behind(&back).await;
    assert!(matches!(store.version(&read(&one), 2, at(9)).await, Err(Error::Unsealable(_))));
    store.close().await.unwrap();
}
