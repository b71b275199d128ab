//! Drafts: what is being typed, per patient and organisation, with a revision per topic (decision 6).

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::Place;
use crate::sharing::lock_patient;
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::Permit;
use domain::plan::{Draft, DraftTopic, Recorder};
use jiff::Timestamp;

/// What became of saving a topic.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// Kept, under this revision.
    Done(u32),
    /// Somebody saved it meanwhile: the topic as it stands; nothing was written.
    Stale(Box<DraftTopic>),
}

/// A topic to save. Its own `revision` is not looked at.
#[derive(Debug, Clone)]
pub struct SaveTopic<'a> {
    /// The topic.
    pub topic: &'a DraftTopic,
    /// Revision it was changed from; 0 where it was not in the draft.
    pub expected: u32,
    /// Version of the plan, for a draft that begins with this.
    pub based_on: u32,
    /// Who begins the draft, if it begins with this.
    pub by: &'a Recorder,
}

struct Save {
    id: String,
    organisation: String,
    hash: [u8; 32],
    expected: u32,
    based_on: u32,
    head: Vec<u8>,
    topic: Vec<u8>,
    entry: Entry,
}

struct Discard {
    id: String,
    organisation: String,
    entry: Entry,
}

/// What stands there instead of what was expected: revision and sealed topic.
type Other = Option<(u32, Vec<u8>)>;

fn head_place<'a>(id: &'a str, organisation: &'a str) -> Place<'a> {
    Place::of("draft", id).part(organisation.as_bytes())
}

fn part_place<'a>(id: &'a str, hash: &'a [u8; 32], revision: u32) -> Place<'a> {
    Place::of("draft_part", id).number(revision).part(hash)
}

impl Store {
    /// The draft of the actor's organisation, its topics in order of their parts.
    pub async fn draft(&self, permit: &Permit, now: Timestamp) -> Result<Option<Draft>> {
        permits::plan(permit)?;
        let (id, organisation) = (permit.patient().as_str(), permit.actor().organisation.as_str());
        let sql = "SELECT based_on, begun_at, sealed FROM draft WHERE patient_id = ?1 AND organisation_id = ?2";
        let Some(mut row) = self.core.db.row(sql, params![id, organisation]).await? else { return Ok(None) };
        let keys = self.keys(permit.patient()).await?;
        let begun_by: Recorder = keys.open_json(head_place(id, organisation), row.blob(2)?)?;
        let sql = "SELECT hash, revision, sealed FROM draft_part WHERE patient_id = ?1 AND organisation_id = ?2";
        let mut topics = Vec::new();
        for mut part in self.core.db.rows(sql, params![id, organisation]).await? {
            let hash = part.digest(0)?;
            topics.push(keys.open_json::<DraftTopic>(part_place(id, &hash, part.count(1)?), part.blob(2)?)?);
        }
        topics.sort_by(|a, b| a.part.cmp(&b.part));
        self.spend(Entry::of(permit, now, "draft")).await?;
        Ok(Some(Draft { based_on: row.count(0)?, begun_by, begun_at: row.time(1)?, topics }))
    }

    /// Keeps one topic; begins the draft where there is none. Where the draft was recorded or taken away meanwhile, the
    /// topic begins a new one: what was typed is not lost.
    pub async fn save_draft_topic(&self, permit: &Permit, save: SaveTopic<'_>, now: Timestamp) -> Result<Saved> {
        permits::record(permit)?;
        let patient = permit.patient();
        let (id, organisation) = (patient.as_str(), &permit.actor().organisation);
        self.core.db.row("SELECT 1 FROM patient WHERE patient_id = ?1", params![id]).await?.ok_or(Error::NoPatient)?;
        let keys = self.keys(patient).await?;
        let hash = keys.hash("tijdig draft part 1", &[organisation.as_str().as_bytes(), save.topic.part.as_bytes()])?;
        let revision = save.expected + 1;
        let topic = DraftTopic { revision, ..save.topic.clone() };
        let job = Save {
            id: id.to_owned(),
            organisation: organisation.as_str().to_owned(),
            hash,
            expected: save.expected,
            based_on: save.based_on,
            head: keys.seal_json(head_place(id, organisation.as_str()), save.by)?,
            topic: keys.seal_json(part_place(id, &hash, revision), &topic)?,
            entry: Entry::of(permit, now, "draft"),
        };
        match self.core.db.write(job).await? {
            None => Ok(Saved::Done(revision)),
            Some((revision, sealed)) => {
                let topic = keys.open_json(part_place(id, &hash, revision), sealed)?;
                self.spend(Entry::of(permit, now, "draft, changed meanwhile")).await?;
                Ok(Saved::Stale(Box::new(topic)))
            }
        }
    }

    /// Takes the draft away; `false` where there was none.
    pub async fn discard_draft(&self, permit: &Permit, now: Timestamp) -> Result<bool> {
        permits::record(permit)?;
        let id = permit.patient().as_str().to_owned();
        let organisation = permit.actor().organisation.as_str().to_owned();
        self.core.db.write(Discard { id, organisation, entry: Entry::of(permit, now, "draft, taken away") }).await
    }
}

/// Removes the draft of an organisation; whether there was one.
pub(crate) async fn remove(tx: &mut Tx<'_>, id: &str, organisation: &str) -> Result<bool> {
    tx.execute("DELETE FROM draft_part WHERE patient_id = ?1 AND organisation_id = ?2", params![id, organisation])
        .await?;
    let draft = "DELETE FROM draft WHERE patient_id = ?1 AND organisation_id = ?2";
    Ok(tx.execute(draft, params![id, organisation]).await? > 0)
}

/// Removes the drafts of every organisation: who died is asked nothing any more.
pub(crate) async fn remove_all(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.execute("DELETE FROM draft_part WHERE patient_id = ?1", params![id]).await?;
    tx.execute("DELETE FROM draft WHERE patient_id = ?1", params![id]).await.map(|_| ())
}

impl Job for Save {
    type Out = Other;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Other> {
        let (id, organisation) = (&self.id, &self.organisation);
        lock_patient(tx, id).await?;
        let sql =
            "SELECT revision, sealed FROM draft_part WHERE patient_id = ?1 AND organisation_id = ?2 AND hash = ?3";
        if let Some(mut row) = tx.row(sql, params![id, organisation, &self.hash]).await?
            && row.count(0)? != self.expected
        {
            return Ok(Some((row.count(0)?, row.blob(1)?)));
        }
        tx.execute(
            "INSERT INTO draft (patient_id, organisation_id, based_on, begun_at, sealed) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (patient_id, organisation_id) DO NOTHING",
            params![id, organisation, self.based_on, self.entry.at, &self.head],
        )
        .await?;
        tx.execute(
            "INSERT INTO draft_part (patient_id, organisation_id, hash, revision, sealed) VALUES (?1, ?2, ?3, ?4, ?5) \
             ON CONFLICT (patient_id, organisation_id, hash) \
             DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed",
            params![id, organisation, &self.hash, self.expected + 1, &self.topic],
        )
        .await?;
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(None)
    }
}

impl Job for Discard {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let removed = remove(tx, &self.id, &self.organisation).await?;
        if removed {
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(removed)
    }
}
