//! A synthetic region: the same seed and day give the same data (DESIGN section 6, decisions 90 and 91).

mod card;
mod claims;
mod elsewhere;
mod extract;
mod figures;
mod glass;
mod life;
mod meeting;
mod meneer_van_dam;
mod mevrouw_x;
mod names;
mod network;
mod own;
mod path;
mod record;
mod region;
mod scenario;
mod story;
mod talk;
mod toolkit;
mod unread;
mod wide;

pub use elsewhere::{NAME as ELSEWHERE, make_elsewhere};
pub use wide::{EACH, FEWEST, MOST};

use crate::app::program;
use crate::fhir::prepared;
use crate::oauth::{new_client, secret_hash};
use crate::password;
use crate::session::token_text;
use domain::access::{Action, Actor, Own, Permit, Relation, Sharing, permit};

use domain::plan::{CurrentPlan, PlanVersion, Recorder};
use jiff::Timestamp;
use jiff::civil::Date;
use life::Noted;
use region::{Region, place};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::bulk::{BulkPatient, Happened};
use store::leads::Candidate;
use store::patients::PatientRecord;
use store::people::{Person, RoleGrant};
use store::plans::WriteVersion;
use store::team::Member;
use store::{Error, Store};
use tokio::task::{JoinHandle, JoinSet};

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// How many patients.
    pub patients: u32,
    /// How many practices, from [`FEWEST`] to [`MOST`].
    pub practices: u32,
    /// Which region of all possible ones.
    pub seed: u64,
    /// Day of care.
    pub today: Date,
    /// Real time, for what is about sign-in.
    pub now: Timestamp,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many patients are written.
    Patients(u32),
    /// The extract of so many of all practices was read.
    Extracts(usize, usize),
}

/// What `demo.json` holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sheet {
    /// Address of the server.
    pub base_url: String,
    /// Who can sign in.
    pub users: Vec<SheetUser>,
    /// Which systems can get a token.
    pub api_clients: Vec<SheetClient>,
    /// The patients.
    pub patients: Vec<SheetPatient>,
    /// Emergency cards that were printed.
    #[serde(default)]
    pub cards: Vec<SheetCard>,
}

/// An emergency card that was printed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetCard {
    /// Whose it is.
    pub patient: String,
    /// What its code holds, behind `{base_url}/kaart/`.
    pub code: String,
    /// What it is worth: `current` or `replaced`.
    pub standing: String,
}

/// A sign-in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetUser {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Role's code.
    pub role: String,
    /// Name.
    pub name: String,
    /// Organisation's name; empty for the patient and theirs.
    pub organisation: String,
    /// Id of the patient whose page it is, for the patient and theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
}

/// An API client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetClient {
    /// Client id.
    pub client_id: String,
    /// Secret.
    pub client_secret: String,
    /// Scopes.
    pub scope: String,
    /// Organisation's name.
    pub organisation: String,
}

/// A synthetic patient.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SheetPatient {
    /// Id in `/patienten/{id}` and `Patient/{id}`.
    pub id: String,
    /// BSN.
    pub bsn: String,
    /// Name.
    pub name: String,
    /// Date of birth.
    pub birth_date: String,
    /// Consent to share: `agreed`, `refused` or `unknown`.
    pub sharing: Sharing,
}

/// Of so many patients it is told what happened beside their plans; each step is a transaction of its own.
const TOLD: u32 = 200;

/// How many patients go into one transaction. Each statement in one walks past the pages that the earlier ones changed, so
/// that a larger one takes more time, not less.
const BATCH: u32 = 100;

/// How many patients of a wide region are told about at once, each in transactions of their own that share a sync.
const AT_ONCE: usize = 16;

/// Makes the region in an empty store; `progress` is told how far it is.
///
/// # Errors
/// Where the store fails.
pub async fn make(store: &Store, order: Order, mut progress: impl FnMut(Progress)) -> Result<Sheet, Error> {
    let mut dice = fastrand::Rng::with_seed(order.seed);
    let region = Arc::new(Region::make(&mut dice, order.practices));
    let by = program(region.organisations[place::NETWORK].id.clone());
    for organisation in &region.organisations {
        store.add_organisation(&by, organisation, order.now).await?;
    }
    let mut users = people(store, &by, &region, &mut dice, order.now).await?;
    let api_clients = clients(store, &by, &region, &mut dice, order.now).await?;
    let mut patients = Vec::new();
    let mut theirs = own::Theirs::default();
    let mut spoken_of = meeting::Known::default();
    let mut cards = card::Cards::default();
    let mut gathered = extract::Gathered::default();
    let is_told_of = order.patients >= extract::FROM;
    if is_told_of {
        claims::contracts(store, &region, order.seed, order.today).await?;
    }
    let mut next = 0;
    let mut coming = lives(&region, order, next);
    while next < order.patients {
        let told = Arc::new(coming.await.map_err(|_| STOPPED)?);
        let end = (next + BATCH).min(order.patients);
        // The next ones are made up while these are written.
        coming = lives(&region, order, end);
        write(store, &region, &told).await?;
        for (n, life) in (next..end).zip(told.iter()) {
            glass::tell(store, &region, life, n, order.today).await?;
            if !(region.is_wide && n >= wide::FROM) && n < figures::TOLD {
                figures::tell(store, &region, life, n, order.today).await?;
            }
            if n < TOLD {
                path::tell(store, &region, life, n, order.today).await?;
                unread::tell(store, &region, life, n, order.today).await?;
                record::tell(store, &region, life, n, order.today).await?;
                if is_told_of {
                    claims::tell(store, &region, life, n, order.today).await?;
                }
            }
        }
        if region.is_wide {
            afterwards(store, &region, &told, next, order.today).await?;
        }
        gathered.see(&region, &told, next, order.today);
        theirs.see(&told);
        if next < TOLD {
            spoken_of.see(&told[..told.len().min((TOLD - next) as usize)]);
        }
        cards.see(&told);
        patients.extend(told.iter().map(|life| SheetPatient {
            id: life.id.to_string(),
            bsn: life.patient.bsn.as_str().to_owned(),
            name: life.patient.name.full(),
            birth_date: life.patient.birth_date.as_str().to_owned(),
            sharing: life.sharing,
        }));
        next = end;
        progress(Progress::Patients(next));
    }
    if is_told_of {
        let told = |done, of| progress(Progress::Extracts(done, of));
        gathered.bring_in(store, &region, order.seed, order.today, told).await?;
    }
    if region.is_wide {
        wide::steer(store, &region, order.seed, order.today).await?;
    }
    toolkit::own(store, &region, order.seed, order.today).await?;
    network::tell(store, &region, order.seed, order.today).await?;
    meeting::tell(store, &region, &spoken_of, order.seed, order.today).await?;
    users.extend(own::let_in(store, &by, &region, &theirs, &mut dice, order).await?);
    let cards = cards.print(store, &region, order.now).await?;
    Ok(Sheet { base_url: String::new(), users, api_clients, patients, cards })
}

/// A thread or task of this program stopped.
const STOPPED: Error = Error::Bug("making the region stopped");

/// A batch of lives from this one on, made up on another thread.
fn lives(region: &Arc<Region>, order: Order, from: u32) -> JoinHandle<Vec<life::Life>> {
    let (region, end) = (Arc::clone(region), (from + BATCH).min(order.patients));
    tokio::task::spawn_blocking(move || (from..end).map(|n| life::tell(&region, order.seed, n, order.today)).collect())
}

/// What happened in a wide region beside the plans.
async fn afterwards(
    store: &Store,
    region: &Arc<Region>,
    told: &Arc<Vec<life::Life>>,
    from: u32,
    today: Date,
) -> Result<(), Error> {
    let mut all = JoinSet::new();
    for part in 0..AT_ONCE {
        let (store, region, told) = (store.clone(), Arc::clone(region), Arc::clone(told));
        all.spawn(async move {
            for (n, life) in (from..).zip(told.iter()).skip(part).step_by(AT_ONCE).filter(|(n, _)| *n >= wide::FROM) {
                wide::after(&store, &region, life, n, today).await?;
            }
            Ok::<_, Error>(())
        });
    }
    while let Some(done) = all.join_next().await {
        done.map_err(|_| STOPPED)??;
    }
    Ok(())
}

async fn write(store: &Store, region: &Region, lives: &[life::Life]) -> Result<(), Error> {
    let organisation = |place: usize| region.organisations[place].id.clone();
    let leave = |life: &life::Life, action| {
        permit(&program(organisation(life.team[0])), action, &life.id, Relation::default()).ok()
    };
    let permits: Vec<(Permit, Permit)> = lives
        .iter()
        .filter_map(|l| Some((leave(l, Action::RegisterPatient)?, leave(l, Action::RecordPlan)?)))
        .collect();
    let teams: Vec<Vec<Member>> =
        lives.iter().map(|l| l.team.iter().map(|place| Member::Organisation(organisation(*place))).collect()).collect();
    // What happened beside the versions is written by whoever noted it.
    let notes: Vec<Vec<(Permit, Recorder, &Noted)>> = lives
        .iter()
        .map(|life| life.happened.iter().filter_map(|noted| noted_by(region, life, noted)).collect())
        .collect();
    let rows: Vec<BulkPatient<'_>> = lives
        .iter()
        .zip(&permits)
        .zip(&teams)
        .zip(&notes)
        .map(|(((life, (register, record)), team), notes)| BulkPatient {
            permit: register,
            patient: &life.patient,
            // Known since before the first conversation.
            at: life.known_since,
            team,
            sharing: Some(life.sharing),
            lead: life.lead.map(|(role, place)| Candidate {
                organisation: organisation(place),
                role,
                person: Some(region.worker(role, place).id.clone()),
            }),
            versions: life.versions.iter().map(|v| (record, version(life, v), v.recorded_at)).collect(),
            happened: notes
                .iter()
                .map(|(permit, by, noted)| Happened { permit, what: &noted.what, by, at: noted.at })
                .collect(),
        })
        .collect();
    store.bulk(&rows).await
}

/// Leave for what somebody noted down, and who that is.
fn noted_by<'a>(region: &Region, life: &life::Life, noted: &'a Noted) -> Option<(Permit, Recorder, &'a Noted)> {
    let by = &region.people[noted.by];
    let leave = permit(&glass::actor(region, by), noted.action, &life.id, glass::in_team()).ok()?;
    Some((leave, region.recorder(by), noted))
}

/// A version to write; what is current is rendered beforehand, as for any other version.
fn version<'a>(life: &life::Life, v: &'a PlanVersion) -> WriteVersion<'a> {
    let is_current = life.versions.last().is_some_and(|last| last.number == v.number);
    let record = || PatientRecord {
        id: life.id.clone(),
        revision: 1,
        changed_at: life.known_since,
        merged_into: None,
        patient: life.patient.clone(),
    };
    let projection = if is_current { prepared::projection(&record(), &CurrentPlan::from(v)) } else { None };
    WriteVersion { projection, ..WriteVersion::of(v.number - 1, v) }
}

async fn people(
    store: &Store,
    by: &Actor,
    region: &Region,
    dice: &mut fastrand::Rng,
    now: Timestamp,
) -> Result<Vec<SheetUser>, Error> {
    let mut users = Vec::new();
    for worker in &region.people {
        // The patient and theirs belong to no organisation: they are let in when there is a patient.
        if Own::of_role(worker.role).is_some() {
            continue;
        }
        let password = password(dice);
        let hash = password::hash(&password);
        let person = Person {
            id: worker.id.clone(),
            username: worker.username.clone(),
            name: worker.name.clone(),
            agb: Some(worker.agb.clone()),
            uzi: None,
            big: None,
            active: true,
        };
        store.add_person(by, &person, Some(&hash), now).await?;
        let organisation = &region.organisations[worker.organisation];
        let grant = RoleGrant { organisation: organisation.id.clone(), role: worker.role, from: now, until: None };
        store.grant_role(by, &worker.id, &grant, now).await?;
        users.push(SheetUser {
            username: worker.username.clone(),
            password,
            role: worker.role.code().to_owned(),
            name: worker.name.full(),
            organisation: organisation.name.clone(),
            patient: None,
        });
    }
    Ok(users)
}

/// A password for the demo.
fn password(dice: &mut fastrand::Rng) -> String {
    let word: String = (0..6).map(|_| char::from(dice.u8(b'a'..=b'z'))).collect();
    format!("demo-{word}-{}", dice.u16(100..999))
}

async fn clients(
    store: &Store,
    by: &Actor,
    region: &Region,
    dice: &mut fastrand::Rng,
    now: Timestamp,
) -> Result<Vec<SheetClient>, Error> {
    let wanted =
        [("provider-test", "system/*.cruds", place::PROVIDER), ("consulter-test", "system/*.rs", place::CONSULTER)];
    let mut sheet = Vec::new();
    for (name, scope, at) in wanted {
        let mut bytes = [0_u8; 32];
        dice.fill(&mut bytes);
        let secret = token_text(&bytes);
        let organisation = &region.organisations[at];
        if let Ok(mut client) = new_client(name, &organisation.id, scope, "treatment", None) {
            client.secret_hash = Some(secret_hash(&secret));
            store.add_client(by, &client, now).await?;
        }
        sheet.push(SheetClient {
            client_id: name.to_owned(),
            client_secret: secret,
            scope: scope.to_owned(),
            organisation: organisation.name.clone(),
        });
    }
    Ok(sheet)
}
