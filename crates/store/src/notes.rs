//! What an organisation keeps of its own work, about no patient (PROCESS M5, T2): each a text of its own kind, sealed under a key
//! of the installation as for meetings, with a revision, so that two who change it lose nothing.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{NoteId, OrganisationId};
use domain::implementation::{Anchor, Backing, Training};
use domain::network::{Action, Aim, Answers, Group, Party};
use domain::statements::Own;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something that is kept so.
pub trait Note: Serialize + DeserializeOwned + Send + Sync {
    /// Code of its kind, in tables and the log.
    const KIND: &'static str;
}

macro_rules! kinds {
    ($($note:ty, $kind:literal;)+) => { $(impl Note for $note { const KIND: &'static str = $kind; })+ };
}

kinds! {
    Party, "network: party";
    Answers, "network: answers";
    Aim, "network: aim";
    Action, "network: action";
    Group, "network: group";
    Backing, "implementation: backing";
    Training, "implementation: training";
    Anchor, "implementation: agreement";
    Own, "implementation: statements";
}

/// A note as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<N> {
    /// Its id.
    pub id: NoteId,
    /// Counts its changes, from 1.
    pub revision: u32,
    /// What it says.
    pub note: N,
}

const ONE: &str =
    "SELECT note_id, revision, sealed FROM house_note WHERE organisation_id = ?1 AND kind = ?2 AND note_id = ?3";
const ALL: &str = "SELECT note_id, revision, sealed FROM house_note WHERE organisation_id = ?1 AND kind = ?2 \
                   ORDER BY note_id LIMIT ?3";
const COUNT: &str = "SELECT count(*) FROM house_note WHERE organisation_id = ?1 AND kind = ?2";
/// The most of a kind that an organisation keeps: more than anybody oversees.
pub const MOST: u32 = 2_000;
/// The most that is read; a few who add one at once may go beyond [`MOST`].
const READ: u32 = MOST + 100;
const INSERT: &str = "INSERT INTO house_note (organisation_id, kind, note_id, revision, sealed) \
                      VALUES (?1, ?2, ?3, 1, ?4) ON CONFLICT DO NOTHING";
const UPDATE: &str = "UPDATE house_note SET revision = ?5 + 1, sealed = ?4 \
                      WHERE organisation_id = ?1 AND kind = ?2 AND note_id = ?3 AND revision = ?5";

/// The id of what an organisation has one of.
pub fn only() -> NoteId {
    NoteId::from_bits(0)
}

/// To what a sealed note is bound: whose it is, and of what kind.
fn bound(owner: &OrganisationId, kind: &str) -> String {
    format!("{owner}/{kind}")
}

impl Store {
    /// Keeps a note of the actor's organisation; `seen` is the revision that whoever changes it had read, 0 for a new one.
    /// `false`: somebody changed it meanwhile, and nothing was written.
    ///
    /// # Errors
    /// [`Error::Full`] where a new one would be more than [`MOST`].
    pub async fn write_note<N: Note>(
        &self,
        by: &Actor,
        id: &NoteId,
        note: &N,
        seen: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let entry = Entry::by(by, now, "note", N::KIND);
        self.put_note(&by.organisation, id, note, seen, entry).await
    }

    pub(crate) async fn put_note<N: Note>(
        &self,
        owner: &OrganisationId,
        id: &NoteId,
        note: &N,
        seen: u32,
        entry: Entry,
    ) -> Result<bool> {
        let json = serde_json::to_vec(note).map_err(|_| Error::Bug("a note does not serialise"))?;
        let sealed = self.seal_sign_in("house_note", id.as_str(), &bound(owner, N::KIND), &json).await?;
        let (whose, name) = (owner.as_str(), id.as_str());
        let statement = if seen == 0 {
            let kept = self.core.db.row(COUNT, params![whose, N::KIND]).await?.map_or(Ok(0), |r| r.count(0))?;
            if kept >= MOST {
                return Err(Error::Full);
            }
            Statement::new(INSERT, params![whose, N::KIND, name, &sealed])
        } else {
            Statement::new(UPDATE, params![whose, N::KIND, name, &sealed, seen])
        };
        Ok(self.core.db.write(statement.logged(entry)).await? > 0)
    }

    /// A note of an organisation.
    pub async fn note<N: Note>(&self, owner: &OrganisationId, id: &NoteId) -> Result<Option<Kept<N>>> {
        match self.core.db.row(ONE, params![owner.as_str(), N::KIND, id.as_str()]).await? {
            Some(row) => self.kept_note(owner, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Every note of a kind of an organisation: at most [`MOST`], and a few.
    pub async fn notes<N: Note>(&self, owner: &OrganisationId) -> Result<Vec<Kept<N>>> {
        let mut all = Vec::new();
        for row in self.core.db.rows(ALL, params![owner.as_str(), N::KIND, READ]).await? {
            all.push(self.kept_note(owner, row).await?);
        }
        Ok(all)
    }

    async fn kept_note<N: Note>(&self, owner: &OrganisationId, mut row: Row) -> Result<Kept<N>> {
        let id = row.text(0)?;
        let json = self.open_sign_in("house_note", &id, &bound(owner, N::KIND), row.blob(2)?).await?;
        Ok(Kept {
            id: note_id(&id)?,
            revision: row.count(1)?,
            note: serde_json::from_slice(&json)
                .map_err(|e| Error::Unreadable { table: "house_note", at: e.column() })?,
        })
    }
}

pub(crate) fn note_id(text: &str) -> Result<NoteId> {
    NoteId::parse(text).map_err(|_| Error::Bug("a table holds what is no note's id"))
}
