//! What a read costs: `cargo run --release -p store --example read_cost -- [PATIENTS [PLACE [ONLY]]]`.
//!
//! Makes patients with a full plan and a rendering of 7 parts of 4 KB in a SQLite folder (a
//! new one where PLACE is left out) or the empty PostgreSQL database whose address PLACE is, then reads random ones from two
//! tasks, and prints microseconds of CPU for each read. The CPU is that of the whole process, so the row of the log and
//! its group commit are in it. (Linux only: it looks into /proc.)
#![expect(clippy::print_stdout, reason = "a program for people")]
#![expect(clippy::items_after_statements, clippy::large_stack_arrays, reason = "a program of one page")]
#![expect(clippy::cast_precision_loss, reason = "figures of a few digits")]

use domain::access::{Action, Actor, Permit, Relation, Who, permit};
use domain::date::FhirDateTime;
use domain::ident::{Bsn, OrganisationId, PatientId, PersonId};
use domain::patient::Patient;
use domain::people::{Address, ContactPerson, Name, PersonKey, Professional, ProfessionalKey, Telephone};
use domain::plan::{
    Content, Conversation, ConversationKey, Decision, Directive, EncounterFacts, Origin, Party, PlanInput, PlanVersion,
    ProcedureFacts, Recorder, SenseOfPurpose, SetBy, SpecificCareWishes, Statement, Topic, Treatment, VersionKind,
};
use domain::role::Role;
use jiff::Timestamp;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::bulk::BulkPatient;
use store::plans::{Projection, WriteVersion};
use store::team::Member;
use store::{Settings, Store};

const LONG: &str =
    "Mevrouw wil zo lang mogelijk thuis blijven en in haar eigen bed sterven; liever geen ziekenhuisopname meer.";

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let many: usize = arguments.next().map_or(Ok(2000), |t| t.parse())?;
    let place = arguments.next().filter(|t| !t.is_empty());
    let postgres = place.clone().filter(|p| p.starts_with("postgres://"));
    let kept = place.filter(|_| postgres.is_none()).map(PathBuf::from);
    let only = arguments.next();
    let made = tempfile::TempDir::new()?;
    let folder = kept.unwrap_or_else(|| made.path().to_owned());
    let settings = match &postgres {
        Some(url) => Settings::postgres(url, &folder),
        None => Settings::folder(&folder),
    };
    let store = Store::open(&settings).await?;
    let actor = Arc::new(actor());
    let now: Timestamp = "2026-11-23T09:00:00Z".parse()?;

    let begun = Instant::now();
    let ids = Arc::new(Box::pin(fill(&store, &actor, many, now)).await?);
    println!("{many} patients with 2 versions each: {:.1} s", begun.elapsed().as_secs_f64());
    let sample = store.read_raw(&may(&actor, Action::ReadPlan, &ids[0]), now, "plan").await?.ok_or("no patient")?;
    println!("plan as JSON: {} bytes; identity {} bytes", sample.plan.map_or(0, |p| p.1.len()), sample.patient.len());
    store.flush().await?;
    let bytes: u64 = std::fs::read_dir(&folder)?.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum();
    println!("on disk: {} bytes a patient", bytes / many as u64);

    for kind in ["relation", "read", "read_raw", "read_projection", "read_projection_part + relation", "write_version"]
    {
        if only.as_deref().is_some_and(|only| only != kind) {
            continue;
        }
        let (ids, store, actor) = (Arc::clone(&ids), store.clone(), Arc::clone(&actor));
        measure(kind, ids, store, actor, now).await?;
    }
    let begun = Instant::now();
    store.anchor(now).await?;
    println!("anchor: {:.0} ms", begun.elapsed().as_secs_f64() * 1000.0);
    let begun = Instant::now();
    let report = store.verify().await?;
    println!(
        "verify of {} rows, {} versions: {:.1} s, whole: {}",
        report.rows,
        report.versions,
        begun.elapsed().as_secs_f64(),
        report.is_whole()
    );
    let begun = Instant::now();
    store.close().await?;
    println!("close: {:.0} ms", begun.elapsed().as_secs_f64() * 1000.0);
    let begun = Instant::now();
    let store = Store::open(&settings).await?;
    store.ping().await?;
    println!("open: {:.0} ms", begun.elapsed().as_secs_f64() * 1000.0);
    store.close().await?;
    Ok(())
}

/// Two tasks for three seconds.
async fn measure(
    kind: &'static str,
    ids: Arc<Vec<PatientId>>,
    store: Store,
    actor: Arc<Actor>,
    now: Timestamp,
) -> Result<(), Failure> {
    let tasks = if kind == "write_version" { 16 } else { 2 };
    let (cpu, begun) = (cpu()?, Instant::now());
    let mut running = Vec::new();
    for task in 0..tasks {
        let (ids, store, actor) = (Arc::clone(&ids), store.clone(), Arc::clone(&actor));
        running.push(tokio::spawn(async move {
            let mut done = 0_u64;
            let mut slowest = Duration::ZERO;
            let mut state = 88_172_645_463_325_252_u64 + task;
            while begun.elapsed() < Duration::from_secs(3) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let id = &ids[usize::try_from(state % ids.len() as u64).unwrap_or(0)];
                let one = Instant::now();
                Box::pin(once(kind, &store, &actor, id, now)).await?;
                slowest = slowest.max(one.elapsed());
                done += 1;
                if done.is_multiple_of(64) {
                    tokio::task::yield_now().await;
                }
            }
            Ok::<_, Failure>((done, slowest))
        }));
    }
    let (mut done, mut slowest) = (0, Duration::ZERO);
    for task in running {
        let (n, s) = task.await??;
        done += n;
        slowest = slowest.max(s);
    }
    store.flush().await?;
    let per = |d: Duration| d.as_secs_f64() * 1e6 / done as f64;
    let rate = done as f64 / begun.elapsed().as_secs_f64();
    let used = self::cpu()?.saturating_sub(cpu);
    println!(
        "{kind:30} {rate:9.0} a second, {:6.1} µs CPU each, slowest {:.1} ms",
        per(used),
        slowest.as_secs_f64() * 1e3
    );
    Ok(())
}

async fn once(kind: &str, store: &Store, actor: &Actor, id: &PatientId, now: Timestamp) -> Result<(), Failure> {
    let read = may(actor, Action::ReadPlan, id);
    match kind {
        "relation" => drop(store.relation(id, actor, now).await?.ok_or("no patient")?),
        "read" => drop(store.read(&read, now, "plan").await?.ok_or("no patient")?),
        "read_raw" => drop(store.read_raw(&read, now, "plan").await?.ok_or("no patient")?),
        "read_projection" => drop(store.read_projection(&read, now, "Consent").await?.ok_or("no rendering")?),
        "read_projection_part + relation" => {
            store.relation(id, actor, now).await?.ok_or("no patient")?;
            store.read_projection_part(&read, 3, now, "Consent").await?.ok_or("no rendering")?;
        }
        _ => {
            let newest = store.read(&read, now, "plan").await?.and_then(|r| r.plan).ok_or("no plan")?.number;
            let version = version(newest + 1, now, actor);
            store.write_version(&may(actor, Action::RecordPlan, id), WriteVersion::of(newest, &version), now).await?;
        }
    }
    Ok(())
}

async fn fill(store: &Store, actor: &Actor, many: usize, now: Timestamp) -> Result<Vec<PatientId>, Failure> {
    let mut bsns = (100_000_000..).filter_map(|i: u32| Bsn::parse(&i.to_string()).ok());
    let versions = [version(1, now, actor), version(2, now, actor)];
    // Seven parts, as the standard's seven searches.
    let part = LONG.repeat(4_000 / LONG.len()).into_bytes();
    let length = u32::try_from(part.len())?.to_le_bytes();
    let rendering = [length.as_slice(), &part].concat().repeat(7);
    let team = [Member::Organisation(actor.organisation.clone())];
    let mut ids = Vec::with_capacity(many);
    while ids.len() < many {
        let batch: Vec<_> =
            (0..200.min(many - ids.len())).map(|_| PatientId::from_bits(store::random::bits())).collect();
        let people: Vec<_> =
            batch.iter().map(|_| bsns.next().map(patient)).collect::<Option<_>>().ok_or("no more BSNs")?;
        let registers: Vec<_> = batch.iter().map(|id| may(actor, Action::RegisterPatient, id)).collect();
        let records: Vec<_> = batch.iter().map(|id| may(actor, Action::RecordPlan, id)).collect();
        let all: Vec<_> = (0..batch.len())
            .map(|i| {
                let write = |v: usize| WriteVersion {
                    projection: (v == 1).then(|| Projection {
                        format: 1,
                        number: 2,
                        revision: 1,
                        bytes: rendering.clone(),
                    }),
                    ..WriteVersion::of(u32::try_from(v).unwrap_or(0), &versions[v])
                };
                BulkPatient {
                    permit: &registers[i],
                    patient: &people[i],
                    at: now,
                    team: &team,
                    lead: None,
                    sharing: None,
                    versions: vec![(&records[i], write(0), now), (&records[i], write(1), now)],
                    happened: Vec::new(),
                }
            })
            .collect();
        store.bulk(&all).await?;
        ids.extend(batch);
    }
    Ok(ids)
}

/// CPU of all threads of this process.
fn cpu() -> Result<Duration, Failure> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let behind = text.rsplit(')').next().unwrap_or_default();
    let ticks = behind.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}

fn actor() -> Actor {
    Actor {
        who: Who::Person(PersonId::from_bits(1)),
        name: "dr. Tijdig".into(),
        role: Some(Role::Gp),
        organisation: OrganisationId::from_bits(1),
        nurses_set_limits: false,
        breaks_glass: false,
    }
}

fn may(actor: &Actor, action: Action, id: &PatientId) -> Permit {
    let relation = Relation { team: true, ..Relation::default() };
    permit(actor, action, id, relation).expect("a GP of the team may")
}

fn patient(bsn: Bsn) -> Patient {
    Patient {
        bsn,
        name: Name::of("Aaltje", "van", "Bergsma"),
        birth_date: FhirDateTime::parse("1941-03-12").expect("a date"),
        gender: None,
        address: Some(Address { street: Some("Dorpsstraat".into()), city: Some("Ede".into()), ..Address::default() }),
        telephones: vec![Telephone { number: Some("0318-123456".into()), ..Telephone::default() }],
        emails: vec![],
        living: None,
        general_practitioner: Some("Praktijk De Linde".into()),
        insurer: None,
        died_on: None,
    }
}

/// A plan in which everything that matters for its size is filled in.
fn version(number: u32, now: Timestamp, actor: &Actor) -> PlanVersion {
    let conversation = ConversationKey(1);
    let origin = Origin { conversation, version: 1, recorded_at: now };
    fn said<T>(value: T, origin: &Origin) -> Topic<T> {
        Topic::said(Statement {
            value,
            said_on: Some(FhirDateTime::of_moment(origin.recorded_at)),
            by: vec![Party::Professional(ProfessionalKey(2))],
            origin: origin.clone(),
            source: domain::plan::SourceFacts::default(),
        })
    }
    let directive = |_| Directive {
        comment: Some(LONG.into()),
        agreed_with: vec![Party::Patient, Party::Person(PersonKey(3))],
        set_by: Some(SetBy::Here(ProfessionalKey(2))),
        ..Directive::of(Decision::Otherwise(Some("tenzij het snel weer beter kan gaan".into())))
    };
    let person = |key| ContactPerson {
        key: PersonKey(key),
        name: Name::of("Mirjam", "de", "Leeuw"),
        telephones: vec![Telephone { number: Some("06-12345678".into()), ..Telephone::default() }; 2],
        emails: vec![],
        address: Some(Address { street: Some("Molenweg".into()), city: Some("Ede".into()), ..Address::default() }),
        roles: vec![],
        relations: vec![],
        identifiers: vec![],
        changed_in: 1,
    };
    let content = Content {
        last_key: 9,
        conversations: vec![Conversation {
            key: conversation,
            held_on: Some(FhirDateTime::of_moment(now)),
            ended: None,
            written_on: FhirDateTime::of_moment(now),
            held_by: vec![],
            attendance: None,
            encounter: EncounterFacts::default(),
            procedure: ProcedureFacts::default(),
            version: 1,
            recorded_at: now,
        }],
        professionals: vec![Professional {
            key: ProfessionalKey(2),
            name: Name::of("Jan", "de", "Vries"),
            agb: None,
            uzi: None,
            big: None,
            specialty: vec![],
            organisation: Some("Praktijk De Linde".into()),
            identifiers: vec![],
            role_identifiers: vec![],
            person: None,
            changed_in: 1,
        }],
        people: (3..6).map(person).collect(),
        directives: Treatment::ALL.into_iter().map(|t| (t, said(directive(t), &origin))).collect(),
        care_wishes: said(SpecificCareWishes { text: Some(LONG.repeat(3)) }, &origin),
        sense_of_purpose: said(SenseOfPurpose { text: Some(LONG.repeat(3)) }, &origin),
        ..Content::default()
    };
    PlanVersion {
        number,
        kind: VersionKind::Recorded,
        recorded_at: now,
        recorder: Recorder {
            person: Some(PersonId::from_bits(1)),
            client: None,
            name: actor.name.clone(),
            role: actor.role,
            organisation: actor.organisation.clone(),
            organisation_name: "Praktijk De Linde".into(),
        },
        reason: None,
        conversation,
        input: PlanInput { conversation, content: content.clone(), rejected: vec![], skipped: vec![] },
        content,
        touched: vec![],
        kept_beside: vec![],
    }
}
