//! Where systems are told of changes: webhooks and addresses that an administrator registered, subscriptions that a
//! system made itself. What an address or a secret is stands sealed under a key of the installation.

mod received;

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::outbox::{New, fresh_id, put};
use crate::patients::patient_id;
use crate::seal::aead::{open, seal};
use crate::seal::{Key, Place};
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Actor, Permit};
use domain::hook::{Kind, State};
use domain::ident::{ClientId, HookId, PatientId};
use domain::outbox::{self, Failure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Id.
    pub id: HookId,
    /// The system that is told.
    pub client: ClientId,
    /// By what.
    pub kind: Kind,
    /// Of whose plan, for a subscription.
    pub patient: Option<PatientId>,
    /// How it stands with it.
    pub state: State,
    /// Since when.
    pub made_at: Timestamp,
    /// Until when, exclusive; absent: until it is removed.
    pub until: Option<Timestamp>,
    /// Its address and what goes with that.
    pub at: At,
    /// The last try, and why it failed where it did.
    pub last: Option<(Timestamp, Option<Failure>)>,
}

/// Where a system is told, and how. Shown to nobody as a whole, so that no log line can hold it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct At {
    /// The address, or for an origin the beginning of addresses.
    pub address: String,
    /// The secret that signs what is sent.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub secret: String,
    /// Headers that the system wants back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<String>,
    /// The type of resource that a subscription is on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// Why a system subscribed, in its words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl std::fmt::Debug for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("At")
    }
}

impl Hook {
    /// How it stands with it at a moment: its time may be over.
    pub fn state_at(&self, now: Timestamp) -> State {
        if self.until.is_some_and(|until| until <= now) { State::Off } else { self.state }
    }
}

/// A hook that may have to be told of a change.
pub(crate) struct Listening {
    pub id: String,
    pub client: String,
    pub kind: Kind,
    /// Its organisation cares for the patient, or delivered.
    pub tied: bool,
}

const COLUMNS_OF_ONE: &str = "SELECT hook_id, client_id, kind, patient_id, state, made_at, until_at, last_at, last_failure, sealed \
     FROM hook WHERE hook_id = ?1";
const OF_CLIENT: &str = "SELECT hook_id, client_id, kind, patient_id, state, made_at, until_at, last_at, last_failure, sealed \
     FROM hook WHERE client_id = ?1 AND kind <> 'subscription' ORDER BY made_at, hook_id";
const SUBSCRIPTIONS: &str = "SELECT hook_id, client_id, kind, patient_id, state, made_at, until_at, last_at, last_failure, sealed \
     FROM hook WHERE client_id = ?1 AND kind = 'subscription' AND hook_id > ?2 ORDER BY hook_id LIMIT ?3";
const WEBHOOKS: &str = "SELECT h.hook_id, h.client_id FROM hook h JOIN client c ON c.client_id = h.client_id AND c.active = 1 \
     WHERE h.kind = 'webhook' AND h.state <> 'off' ORDER BY h.client_id, h.hook_id LIMIT 200";
/// Webhooks of every system, and subscriptions on this patient; of systems that may get a token.
const LISTENING: &str = "SELECT h.hook_id, h.client_id, h.kind, \
     CASE WHEN EXISTS (SELECT 1 FROM team t WHERE t.patient_id = ?1 AND t.member = 'organisation:' || c.organisation_id \
       AND t.from_at <= ?2 AND (t.until_at IS NULL OR t.until_at > ?2)) \
     OR EXISTS (SELECT 1 FROM delivered d WHERE d.patient_id = ?1 AND d.organisation_id = c.organisation_id) \
     THEN 1 ELSE 0 END \
     FROM hook h JOIN client c ON c.client_id = h.client_id AND c.active = 1 \
     WHERE h.state <> 'off' AND (h.until_at IS NULL OR h.until_at > ?2) \
     AND (h.kind = 'webhook' OR h.patient_id = ?1) ORDER BY h.hook_id";

struct Add {
    hook: Hook,
    sealed: Vec<u8>,
    entry: Entry,
}

struct Test {
    id: String,
    message: String,
    at: i64,
    entry: Entry,
}

impl Store {
    /// Adds a webhook or an address; logged.
    pub async fn add_hook(&self, by: &Actor, hook: &Hook, now: Timestamp) -> Result<()> {
        let entry = Entry::by(by, now, "hook", format!("{} added: {}", hook.kind.code(), hook.client.as_str()));
        let job = Add { sealed: self.seal_hook(&hook.id, &hook.at).await?, hook: hook.clone(), entry };
        self.core.db.write(job).await
    }

    /// Adds a subscription on the permit's patient; logged there.
    ///
    /// # Errors
    /// [`Error::Merged`] where the record was merged into another.
    pub async fn subscribe(&self, permit: &Permit, hook: &Hook, now: Timestamp) -> Result<()> {
        permits::plan(permit)?;
        if hook.patient.as_ref() != Some(permit.patient()) {
            return Err(Error::Permit("a subscription is on the patient of the permit"));
        }
        let mut entry = Entry::of(permit, now, "subscription");
        entry.action = "hook".into();
        let job = Add { sealed: self.seal_hook(&hook.id, &hook.at).await?, hook: hook.clone(), entry };
        self.core.db.write(job).await
    }

    /// One hook.
    pub async fn hook(&self, id: &HookId) -> Result<Option<Hook>> {
        let row = self.core.db.row(COLUMNS_OF_ONE, params![id.as_str()]).await?;
        match row {
            Some(row) => self.open_hook(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// What an administrator registered for a system, oldest first.
    pub async fn hooks_of(&self, client: &ClientId) -> Result<Vec<Hook>> {
        let mut all = Vec::new();
        for row in self.core.db.rows(OF_CLIENT, params![client.as_str()]).await? {
            all.push(self.open_hook(row).await?);
        }
        Ok(all)
    }

    /// Webhooks that a handover may be sent to, with their systems, by system.
    pub async fn webhooks(&self) -> Result<Vec<(HookId, ClientId)>> {
        let row = |mut row: Row| {
            let id = HookId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no hook's id"))?;
            let client = ClientId::parse(&row.text(1)?);
            Ok((id, client.map_err(|_| Error::Bug("a table holds what is no client's id"))?))
        };
        self.core.db.rows(WEBHOOKS, &[]).await?.into_iter().map(row).collect()
    }

    /// Subscriptions of a system by id, after one.
    pub async fn subscriptions_of(&self, client: &ClientId, after: Option<&HookId>, limit: usize) -> Result<Vec<Hook>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params = params![client.as_str(), after.map_or("", HookId::as_str), limit];
        let mut all = Vec::new();
        for row in self.core.db.many_rows(SUBSCRIPTIONS, params).await? {
            all.push(self.open_hook(row).await?);
        }
        Ok(all)
    }

    /// How many subscriptions a system has.
    pub async fn count_subscriptions(&self, client: &ClientId) -> Result<u64> {
        let sql = "SELECT count(*) FROM hook WHERE client_id = ?1 AND kind = 'subscription'";
        let row = self.core.db.rows(sql, params![client.as_str()]).await?;
        Ok(u64::try_from(row.first().map_or(Ok(0), |r| r.int(0))?).unwrap_or(0))
    }

    /// Lets a hook rest, or go on; `false` where there is none of this system. What changes while it rests is not told.
    pub async fn set_hook(&self, by: &Actor, client: &ClientId, id: &HookId, on: bool, now: Timestamp) -> Result<bool> {
        let state = if on { State::Active } else { State::Off };
        let sql = "UPDATE hook SET state = ?3 WHERE hook_id = ?1 AND client_id = ?2";
        let entry = Entry::by(by, now, "hook", format!("{}: {}", state.code(), client.as_str()));
        let job = Statement::new(sql, params![id.as_str(), client.as_str(), state.code()]).logged(entry);
        Ok(self.core.db.write(job).await? > 0)
    }

    /// Removes a hook; what waits for it is dropped when its turn comes. `false` where there is none of this system.
    pub async fn remove_hook(&self, by: &Actor, client: &ClientId, id: &HookId, now: Timestamp) -> Result<bool> {
        let sql = "DELETE FROM hook WHERE hook_id = ?1 AND client_id = ?2";
        let entry = Entry::by(by, now, "hook", format!("removed: {}", client.as_str()));
        let job = Statement::new(sql, params![id.as_str(), client.as_str()]).logged(entry);
        Ok(self.core.db.write(job).await? > 0)
    }

    /// Sends a message that tells of nobody, to try a webhook; logged.
    pub async fn try_hook(&self, by: &Actor, id: &HookId, now: Timestamp) -> Result<()> {
        let entry = Entry::by(by, now, "hook", "test");
        let job = Test { id: id.as_str().to_owned(), message: fresh_id(), at: micros(now), entry };
        self.core.db.write(job).await
    }

    /// Writes in the patient's log of what a system was told: a version or a handover, with its number.
    pub async fn note_told(&self, permit: &Permit, what: &str, number: u32, now: Timestamp) -> Result<()> {
        permits::plan(permit)?;
        let mut entry = Entry::of(permit, now, format!("{what} {number}"));
        entry.action = "notify".into();
        self.spend(entry).await
    }

    async fn hook_key(&self) -> Result<Key> {
        Ok(Key { id: 1, bytes: self.secret("hook").await? })
    }

    async fn seal_hook(&self, id: &HookId, at: &At) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(at).map_err(|_| Error::Bug("a hook cannot be written"))?;
        seal(&self.hook_key().await?, Place::of("hook", id.as_str()), &json)
    }

    async fn open_hook(&self, mut row: Row) -> Result<Hook> {
        let id = row.text(0)?;
        let json = open(&[self.hook_key().await?], Place::of("hook", &id), row.blob(9)?)?;
        let last = row.opt_time(7)?;
        let failure = row.opt_text(8)?.and_then(|code| Failure::of_code(&code));
        Ok(Hook {
            id: HookId::parse(&id).map_err(|_| Error::Bug("a table holds what is no hook's id"))?,
            client: ClientId::parse(&row.text(1)?).map_err(|_| Error::Bug("a table holds what is no client's id"))?,
            kind: kind(&row.text(2)?)?,
            patient: row.opt_text(3)?.map(|id| patient_id(&id)).transpose()?,
            state: State::of_code(&row.text(4)?).ok_or(Error::Bug("a table holds what is no state"))?,
            made_at: row.time(5)?,
            until: row.opt_time(6)?,
            at: serde_json::from_slice(&json).map_err(|_| Error::Bug("a hook cannot be read"))?,
            last: last.map(|at| (at, failure)),
        })
    }
}

fn kind(code: &str) -> Result<Kind> {
    Kind::of_code(code).ok_or(Error::Bug("a table holds what is no kind of hook"))
}

/// Does any system listen?
pub(crate) async fn any(tx: &mut Tx<'_>) -> Result<bool> {
    let sql = "SELECT 1 FROM hook WHERE kind IN ('webhook', 'subscription') AND state <> 'off' LIMIT 1";
    Ok(tx.row(sql, &[]).await?.is_some())
}

/// Who may have to be told of a change of this patient's plan.
pub(crate) async fn listening(tx: &mut Tx<'_>, patient: &str, at: i64) -> Result<Vec<Listening>> {
    let rows = tx.rows(LISTENING, params![patient, at]).await?;
    let one = |mut row: Row| {
        Ok(Listening { id: row.text(0)?, client: row.text(1)?, kind: kind(&row.text(2)?)?, tied: row.flag(3)? })
    };
    rows.into_iter().map(one).collect()
}

/// Notes how a try went. What died stands as an error until something arrives again.
pub(crate) async fn outcome(
    tx: &mut Tx<'_>,
    id: &str,
    state: outbox::State,
    failure: Option<Failure>,
    at: i64,
) -> Result<()> {
    let becomes = match state {
        outbox::State::Dead => Some(State::Error.code()),
        outbox::State::Sent => Some(State::Active.code()),
        _ => None,
    };
    let sql = "UPDATE hook SET last_at = ?2, last_failure = ?3, \
               state = CASE WHEN state = 'off' THEN state ELSE coalesce(?4, state) END WHERE hook_id = ?1";
    tx.execute(sql, params![id, at, failure.map(Failure::code), becomes]).await.map(|_| ())
}

impl Job for Add {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let hook = &self.hook;
        let patient = hook.patient.as_ref().map(PatientId::as_str);
        if let Some(patient) = patient {
            crate::sharing::lock_patient(tx, patient).await?;
        }
        tx.execute(
            "INSERT INTO hook (hook_id, client_id, kind, patient_id, state, made_at, until_at, sealed) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                hook.id.as_str(),
                hook.client.as_str(),
                hook.kind.code(),
                patient,
                hook.state.code(),
                micros(hook.made_at),
                hook.until.map(micros),
                &self.sealed
            ],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}

impl Job for Test {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (to, once) = (["hook:", &self.id].concat(), ["test:", &self.message].concat());
        let new = New {
            patient: "",
            kind: outbox::Kind::Hook,
            to: &to,
            once: &once,
            version: 0,
            urgent: false,
            due_at: self.at,
            at: self.at,
        };
        put(tx, &self.message, &new, None).await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}
