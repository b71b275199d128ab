//! A synthetic region: the same seed and day give the same data (DESIGN section 6, decisions 90 and 91).

mod life;
mod names;
mod region;
mod scenario;

use crate::app::program;
use crate::password;
use crate::session::token_text;
use domain::access::{Action, Relation, Sharing, permit};
use domain::ident::{ClientId, OrganisationId};
use jiff::Timestamp;
use jiff::civil::Date;
use region::{Region, place};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Client, Member, NewPatient, NewPerson, Store, StoreError};

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// How many patients.
    pub patients: u32,
    /// Which region of all possible ones.
    pub seed: u64,
    /// Day of care.
    pub today: Date,
    /// Real time, for what is about sign-in.
    pub now: Timestamp,
}

/// What `demo.json` holds.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sheet {
    /// Address of the server.
    pub base_url: String,
    /// Who can sign in.
    pub users: Vec<SheetUser>,
    /// Which systems can get a token.
    pub api_clients: Vec<SheetClient>,
    /// The patients.
    pub patients: Vec<SheetPatient>,
}

/// A sign-in.
#[derive(Debug, Serialize, Deserialize)]
pub struct SheetUser {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// Role's code.
    pub role: String,
    /// Name.
    pub name: String,
    /// Organisation's name.
    pub organisation: String,
}

/// An API client.
#[derive(Debug, Serialize, Deserialize)]
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
#[derive(Debug, Serialize, Deserialize)]
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

/// How many patients go into one transaction.
const BATCH: u32 = 500;

/// Makes the region in an empty store; `progress` is told how many patients are done.
///
/// # Errors
/// Where the store fails.
pub async fn make(store: &Store, order: Order, mut progress: impl FnMut(u32)) -> Result<Sheet, StoreError> {
    let mut dice = fastrand::Rng::with_seed(order.seed);
    let region = Region::make(&mut dice);
    for organisation in &region.organisations {
        store.add_organisation(organisation).await?;
    }
    let users = people(store, &region, &mut dice, order.now).await?;
    let api_clients = clients(store, &region, &mut dice).await?;
    let mut patients = Vec::new();
    let mut next = 0;
    while next < order.patients {
        let end = (next + BATCH).min(order.patients);
        let lives: Vec<_> = (next..end).map(|n| life::tell(&region, order.seed, n, order.today)).collect();
        let mut rows = Vec::with_capacity(lives.len());
        for life in lives {
            patients.push(SheetPatient {
                id: life.id.to_string(),
                bsn: life.patient.bsn.as_str().to_owned(),
                name: life.patient.name.full(),
                birth_date: life.patient.birth_date.as_str().to_owned(),
                sharing: life.sharing,
            });
            let actor = program(region.organisations[life.team[0]].id.clone());
            let permit = permit(&actor, Action::RegisterPatient, &life.id, Relation::default());
            let Ok(permit) = permit else { continue };
            let team = life.team.iter().map(|place| Member { organisation: region.organisations[*place].id.clone(), person: None, role: None }).collect();
            rows.push(NewPatient { permit, patient: life.patient, team, sharing: life.sharing, versions: life.versions });
        }
        store.add_patients(rows, order.now).await?;
        next = end;
        progress(next);
    }
    Ok(Sheet { base_url: String::new(), users, api_clients, patients })
}

async fn people(store: &Store, region: &Region, dice: &mut fastrand::Rng, now: Timestamp) -> Result<Vec<SheetUser>, StoreError> {
    let mut users = Vec::new();
    for worker in &region.people {
        let word: String = (0..6).map(|_| char::from(dice.u8(b'a'..=b'z'))).collect();
        let password = format!("demo-{word}-{}", dice.u16(100..999));
        let hash = password::hash(&password);
        store
            .add_person(&NewPerson {
                id: worker.id.clone(),
                username: worker.username.clone(),
                name: worker.name.clone(),
                password_hash: hash,
                agb: Some(worker.agb.clone()),
                uzi: None,
                big: None,
            })
            .await?;
        let organisation = &region.organisations[worker.organisation];
        store.grant_role(&worker.id, worker.role, &organisation.id, now, None).await?;
        users.push(SheetUser {
            username: worker.username.clone(),
            password,
            role: worker.role.code().to_owned(),
            name: worker.name.full(),
            organisation: organisation.name.clone(),
        });
    }
    Ok(users)
}

async fn clients(store: &Store, region: &Region, dice: &mut fastrand::Rng) -> Result<Vec<SheetClient>, StoreError> {
    let wanted = [
        ("provider-test", "system/*.cruds", place::PROVIDER),
        ("consulter-test", "system/*.rs", place::CONSULTER),
    ];
    let mut sheet = Vec::new();
    for (name, scope, at) in wanted {
        let mut bytes = [0_u8; 32];
        dice.fill(&mut bytes);
        let secret = token_text(&bytes);
        let organisation = &region.organisations[at];
        if let Some(client) = client(name, &secret, scope, &organisation.id) {
            store.add_client(&client).await?;
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

/// A client record for a name and secret; `None` where the name cannot be one.
pub fn client(name: &str, secret: &str, scope: &str, organisation: &OrganisationId) -> Option<Client> {
    Some(Client {
        id: ClientId::parse(name).ok()?,
        secret_hash: Some(Sha256::digest(secret.as_bytes()).into()),
        scope: scope.to_owned(),
        organisation: organisation.clone(),
    })
}
