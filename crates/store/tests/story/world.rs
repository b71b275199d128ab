//! Who and what the tests tell of, and a way into the database past the store.

use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::date::FhirDateTime;
use domain::ident::{Bsn, ClientId, OrganisationId, PatientId, PersonId};
use domain::patient::Patient;
use domain::people::Name;
use domain::plan::{
    Content, ConversationKey, Origin, PlanInput, PlanVersion, Recorder, SpecificCareWishes, Statement, Topic, TopicId,
    VersionKind,
};
use domain::purpose::Purpose;
use domain::role::Role;
use jiff::{Timestamp, ToSpan};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use store::log::read::{Filter, LogRow, Which};
use store::{Database, Settings, Store};

/// Where a test has its store.
#[derive(Clone)]
pub struct Place {
    pub settings: Settings,
    pub folder: PathBuf,
}

/// Somebody who looks at an older state of the database.
#[expect(dead_code, reason = "held until it is dropped")]
pub enum Looking {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client),
}

impl Place {
    pub async fn open(&self) -> Store {
        Store::open(&self.settings).await.expect("the store opens")
    }

    /// Changes the database behind the store's back; `keys` is the key store.
    pub async fn behind(&self, sql: &str) {
        self.behind_in(sql, false).await;
    }

    pub async fn behind_in(&self, sql: &str, keys: bool) {
        match &self.settings.database {
            Database::Sqlite { folder } => {
                let db = rusqlite::Connection::open(folder.join(if keys { "keys.db" } else { "tijdig.db" })).unwrap();
                db.execute_batch(sql).unwrap();
            }
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                let path = if keys { "SET search_path = keys;" } else { "" };
                client.batch_execute(&format!("{path}{sql}")).await.unwrap();
            }
        }
    }

    /// Looks at the database as it is now, until it is dropped.
    pub async fn looking(&self) -> Looking {
        match &self.settings.database {
            Database::Sqlite { folder } => {
                let db = rusqlite::Connection::open(folder.join("tijdig.db")).unwrap();
                db.execute_batch("BEGIN").unwrap();
                db.query_row("SELECT count(*) FROM patient", [], |_| Ok(())).unwrap();
                Looking::Sqlite(db)
            }
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client
                    .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM patient")
                    .await
                    .unwrap();
                Looking::Postgres(client)
            }
        }
    }

    /// One number from the database.
    pub async fn number(&self, sql: &str) -> i64 {
        match &self.settings.database {
            Database::Sqlite { folder } => {
                let db = rusqlite::Connection::open(folder.join("tijdig.db")).unwrap();
                db.query_row(sql, [], |r| r.get(0)).unwrap()
            }
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.query_one(sql, &[]).await.unwrap().get(0)
            }
        }
    }

    /// Every text of an answer.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        match &self.settings.database {
            Database::Sqlite { folder } => {
                let db = rusqlite::Connection::open(folder.join("tijdig.db")).unwrap();
                let mut statement = db.prepare(sql).unwrap();
                statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.query(sql, &[]).await.unwrap().iter().map(|r| r.get(0)).collect()
            }
        }
    }

    /// As [`Place::texts`], from the key store.
    pub async fn key_texts(&self, sql: &str) -> Vec<String> {
        match &self.settings.database {
            Database::Sqlite { folder } => {
                let db = rusqlite::Connection::open(folder.join("keys.db")).unwrap();
                let mut statement = db.prepare(sql).unwrap();
                statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
            }
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute("SET search_path = keys").await.unwrap();
                client.query(sql, &[]).await.unwrap().iter().map(|r| r.get(0)).collect()
            }
        }
    }

    /// An empty place beside this one, with the same master key.
    pub async fn beside(&self) -> Self {
        let other = self.beside_as("b").await;
        std::fs::copy(self.folder.join("master.key"), other.folder.join("master.key")).unwrap();
        other
    }

    /// An empty place beside this one.
    pub async fn beside_as(&self, name: &str) -> Self {
        let folder = self.folder.join(name);
        std::fs::create_dir(&folder).unwrap();
        let mut settings = Settings::folder(&folder);
        match &self.settings.database {
            Database::Sqlite { .. } => settings.database = Database::Sqlite { folder: folder.join("data") },
            Database::Postgres { url, .. } => {
                let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                let (_, own) = url.rsplit_once('/').unwrap();
                client.batch_execute(&format!("CREATE DATABASE {own}_{name}")).await.unwrap();
                settings.database = Database::Postgres { url: format!("{url}_{name}"), keys_url: None, connections: 4 };
            }
        }
        Self { settings, folder }
    }

    /// Files in the data folder, or tables in the database.
    pub async fn holds(&self) -> i64 {
        match &self.settings.database {
            Database::Sqlite { folder } => std::fs::read_dir(folder).map_or(0, |d| d.count().try_into().unwrap()),
            Database::Postgres { .. } => {
                let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('public', 'keys')";
                self.number(tables).await
            }
        }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.settings.database, Database::Sqlite { .. })
    }
}

/// A moment, so many minutes into the tests' time.
pub fn at(minutes: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    start.checked_add(minutes.minutes()).unwrap()
}

/// Waits until something is so; those who are to bring it about may have failed.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(5), waiting)
        .await
        .unwrap_or_else(|_| panic!("not in five minutes: {what}"));
}

pub fn organisation(n: u128) -> OrganisationId {
    OrganisationId::from_bits(n)
}

pub fn gp(organisation: u128) -> Actor {
    Actor {
        who: Who::Person(PersonId::from_bits(organisation * 100 + 1)),
        name: "dr. Tijdig".into(),
        role: Some(Role::Gp),
        organisation: self::organisation(organisation),
        nurses_set_limits: false,
        breaks_glass: true,
    }
}

pub fn system(organisation: u128) -> Actor {
    Actor {
        who: Who::Client(ClientId::parse("provider-test").unwrap(), Purpose::Treatment),
        name: "provider-test".into(),
        role: None,
        ..gp(organisation)
    }
}

pub fn program() -> Actor {
    Actor { who: Who::Program, role: None, ..gp(1) }
}

/// Who watches over the log of an organisation.
pub fn officer(organisation: u128) -> Actor {
    Actor { who: Who::Person(PersonId::from_bits(77)), role: Some(Role::PrivacyOfficer), ..gp(organisation) }
}

/// Everything of a patient's log, newest first, as an officer sees it.
pub async fn log_of(store: &Store, id: &PatientId, now: Timestamp) -> Vec<LogRow> {
    let which = Which { cursor: None, limit: 10_000 };
    let permit = may(&officer(1), Action::ReadLog, id);
    store.patient_log(&permit, &Filter::default(), which, "log", now).await.unwrap().rows
}

/// A permit as a member of the care team gets it.
pub fn may(actor: &Actor, action: Action, patient: &PatientId) -> Permit {
    permit(actor, action, patient, Relation { team: true, ..Relation::default() }).unwrap()
}

pub fn fresh_id() -> PatientId {
    PatientId::from_bits(store::random::bits())
}

/// The n-th BSN that is right.
pub fn bsn(n: u32) -> Bsn {
    // Looked for once: the tests ask for the same ones all the time.
    static RIGHT: Mutex<Vec<Bsn>> = Mutex::new(Vec::new());
    let mut right = RIGHT.lock().unwrap();
    while right.len() <= n as usize {
        let from = right.last().map_or(100_000_000, |b| b.as_str().parse::<u32>().unwrap() + 1);
        right.push((from..).find_map(|i: u32| Bsn::parse(&i.to_string()).ok()).unwrap());
    }
    right[n as usize].clone()
}

pub fn patient(bsn: Bsn, given: &str, family: &str) -> Patient {
    Patient {
        bsn,
        name: Name::of(given, "van", family),
        birth_date: FhirDateTime::parse("1941-03-12").unwrap(),
        gender: None,
        address: None,
        telephones: vec![],
        emails: vec![],
        living: None,
        general_practitioner: None,
        insurer: None,
        died_on: None,
    }
}

pub fn recorder(actor: &Actor) -> Recorder {
    let person = match &actor.who {
        Who::Person(id) => Some(id.clone()),
        _ => None,
    };
    Recorder {
        person,
        client: None,
        name: actor.name.clone(),
        role: actor.role,
        organisation: actor.organisation.clone(),
        organisation_name: "Praktijk".into(),
    }
}

/// A version that says one thing.
pub fn version(number: u32, says: &str, by: &Actor, recorded_at: Timestamp) -> Box<PlanVersion> {
    let conversation = ConversationKey(1);
    let statement = Statement {
        value: SpecificCareWishes { text: Some(says.to_owned()) },
        said_on: Some(FhirDateTime::of_moment(recorded_at)),
        by: vec![],
        origin: Origin { conversation, version: number, recorded_at },
        source: domain::plan::SourceFacts::default(),
    };
    let content = Content { care_wishes: Topic::said(statement), last_key: 1, ..Content::default() };
    Box::new(PlanVersion {
        number,
        kind: VersionKind::Recorded,
        recorded_at,
        recorder: recorder(by),
        reason: None,
        conversation,
        input: PlanInput { conversation, content: content.clone(), rejected: vec![], skipped: vec![] },
        content,
        touched: vec![TopicId::CareWishes],
        kept_beside: vec![],
    })
}

/// What a plan says.
pub fn says(content: &Content) -> &str {
    content.care_wishes.value().and_then(|w| w.text.as_deref()).unwrap_or_default()
}

/// A patient who is registered, with a plan of so many versions.
pub async fn registered(store: &Store, n: u32, versions: u32) -> PatientId {
    let (id, gp) = (fresh_id(), gp(1));
    let who = patient(bsn(n), "Aaltje", &format!("Bergsma{n}"));
    let team = [store::team::Member::Organisation(gp.organisation.clone())];
    let new = store.register(&may(&gp, Action::RegisterPatient, &id), &who, &team, at(0)).await.unwrap();
    assert_eq!(new, store::patients::Registered::New);
    for number in 1..=versions {
        let version = version(number, &format!("wens {number}"), &gp, at(number.into()));
        let write = store::plans::WriteVersion::of(number - 1, &version);
        let permit = may(&gp, Action::RecordPlan, &id);
        let written = store.write_version(&permit, write, at(number.into())).await.unwrap();
        assert_eq!(written, store::plans::Written::Done(number));
    }
    id
}
