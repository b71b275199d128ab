//! Files of practices' own systems (M1): which were brought in, what is kept of them, and taking one back. Of a patient is
//! kept only what a rule asks for, sealed: under the patient's key where they are in the practice's care here, else under one
//! of the installation, with a keyed hash for a name. The BSN is not kept. The file itself and rows to mend are sealed under a
//! key of their own, which goes when they are done with, or after [`KEPT_DAYS`] (decision 76).

mod bad;
pub(crate) mod batch;
mod compare;
pub(crate) mod out;
pub(crate) mod subjects;
mod tidy;

pub use bad::BadRow;
pub use batch::{Batch, SubjectRows};
pub use subjects::{Subject, Told, Who, Worked};
pub use tidy::{FACT_MONTHS, KEPT_DAYS};

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::seal::PatientKeys;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{ExtractId, OrganisationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was tried; nothing of it counts.
    Tried,
    /// It is being brought in.
    Running,
    /// It was brought in.
    Done,
    /// It was taken back.
    Undone,
}

impl State {
    /// Code in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Tried => "tried",
            Self::Running => "running",
            Self::Done => "done",
            Self::Undone => "undone",
        }
    }

    fn of_code(code: &str) -> Result<Self> {
        let all = [Self::Tried, Self::Running, Self::Done, Self::Undone];
        all.into_iter().find(|s| s.code() == code).ok_or(Error::Bug("a table holds no state of an extract"))
    }
}

/// How many of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Rows read.
    pub rows: u64,
    /// Rows that are wrong.
    pub wrong: u64,
    /// Rows of which something is kept.
    pub kept: u64,
    /// Patients of whom something is kept.
    pub patients: u64,
    /// Of these, in the practice's care here.
    pub own: u64,
    /// Facts that no file told before.
    pub new: u64,
    /// Facts that another file had told.
    pub known: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes read so far.
    pub read: u64,
}

/// What else is known of a file. Sealed for the installation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// What its layout is called.
    pub layout: String,
    /// The mapping file that was sent with it, as it is written.
    pub mapping: String,
    /// Who brought it in.
    pub by: String,
    /// The first row.
    pub header: Vec<String>,
    /// What is wrong, and how often, most first.
    pub reasons: Vec<(String, u64)>,
    /// Columns that were passed over.
    pub passed_over: Vec<String>,
    /// Why it could not be read at all.
    pub failed: Option<String>,
    /// It was read to its end.
    pub whole: bool,
}

/// A file at work, and which time it is: who works at it stops as soon as somebody begins anew, or takes it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The file.
    pub id: ExtractId,
    /// Counts how often bringing it in was begun; 0: it is tried.
    pub turn: u32,
}

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// Its id.
    pub id: ExtractId,
    /// Counts how often bringing it in was begun.
    pub turn: u32,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// When it was sent.
    pub made_at: Timestamp,
    /// When it last changed.
    pub touched_at: Timestamp,
    /// How it stands.
    pub state: State,
    /// How many of what.
    pub counts: Counts,
    /// What else.
    pub about: About,
}

impl Extract {
    /// As it is at work.
    pub fn run(&self) -> Run {
        Run { id: self.id.clone(), turn: self.turn }
    }
}

/// Nobody works at the file any more in this turn.
const STOPPED: Error = Error::Missing("extract at work");

const OF: &str = "SELECT extract_id, organisation_id, made_at, touched_at, state, counts, sealed, turn FROM extract \
                  WHERE organisation_id = ?1 ORDER BY made_at DESC, extract_id LIMIT ?2";
const ONE: &str = "SELECT extract_id, organisation_id, made_at, touched_at, state, counts, sealed, turn FROM extract \
                   WHERE extract_id = ?1 AND organisation_id = ?2";

struct Begin {
    id: String,
    organisation: String,
    wrapped: Vec<u8>,
    digest: [u8; 32],
    counts: String,
    about: Vec<u8>,
    file: Option<Vec<u8>>,
    entry: Entry,
}

struct Change {
    id: String,
    organisation: String,
    /// Only where nobody began anew since; absent: whoever is at work.
    seen: Option<u32>,
    from: &'static [State],
    to: State,
    /// Bringing in begins.
    begins: bool,
    counts: Option<String>,
    about: Option<Vec<u8>>,
    at: i64,
    entry: Option<Entry>,
}

impl Store {
    /// Keeps a file that was sent, as tried; its content too, where it is to be brought in later.
    pub async fn begin_extract(
        &self,
        by: &Actor,
        id: &ExtractId,
        digest: &[u8; 32],
        about: &About,
        file: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<Run> {
        let (keys, wrapped) = PatientKeys::make(&self.core.masters(), id.as_str())?;
        let counts = Counts { bytes: file.map_or(0, |f| f.len() as u64), ..Counts::default() };
        let job = Begin {
            id: id.as_str().to_owned(),
            organisation: by.organisation.as_str().to_owned(),
            wrapped,
            digest: self.core.hashes.extract.of(&[b"file", by.organisation.as_str().as_bytes(), digest]),
            counts: json(&counts)?,
            about: self.seal_about(id, about).await?,
            file: file.map(|bytes| keys.seal(bad::file_place(id.as_str()), bytes)).transpose()?,
            entry: Entry::by(by, now, "extract", "file sent"),
        };
        self.core.db.write(job).await?;
        Ok(Run { id: id.clone(), turn: 0 })
    }

    /// The file with this content that was brought in and not taken back.
    pub async fn same_extract(&self, organisation: &OrganisationId, digest: &[u8; 32]) -> Result<Option<Extract>> {
        let hash = self.core.hashes.extract.of(&[b"file", organisation.as_str().as_bytes(), digest]);
        let sql = "SELECT extract_id, organisation_id, made_at, touched_at, state, counts, sealed, turn FROM extract \
                   WHERE organisation_id = ?1 AND digest = ?2 AND state = 'done' ORDER BY made_at DESC LIMIT 1";
        match self.core.db.row(sql, params![organisation.as_str(), &hash]).await? {
            Some(row) => self.read_extract(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Files of an organisation, newest first.
    pub async fn extracts_of(&self, organisation: &OrganisationId, limit: u32) -> Result<Vec<Extract>> {
        let mut all = Vec::new();
        for row in self.core.db.rows(OF, params![organisation.as_str(), limit]).await? {
            all.push(self.read_extract(row).await?);
        }
        Ok(all)
    }

    /// A file of an organisation; `None` for any other's.
    pub async fn extract(&self, organisation: &OrganisationId, id: &ExtractId) -> Result<Option<Extract>> {
        match self.core.db.row(ONE, params![id.as_str(), organisation.as_str()]).await? {
            Some(row) => self.read_extract(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The content of a file that waits.
    pub async fn extract_file(&self, id: &ExtractId) -> Result<Option<Vec<u8>>> {
        let sql = "SELECT sealed FROM extract_file WHERE extract_id = ?1";
        let Some(mut row) = self.core.db.row(sql, params![id.as_str()]).await? else { return Ok(None) };
        let keys = self.keys_of(id.as_str()).await?;
        keys.open(bad::file_place(id.as_str()), row.blob(0)?).map(Some)
    }

    /// Is there the content of a file that waits?
    pub async fn extract_waits(&self, id: &ExtractId) -> Result<bool> {
        let sql = "SELECT 1 FROM extract_file WHERE extract_id = ?1";
        Ok(self.core.db.row(sql, params![id.as_str()]).await?.is_some())
    }

    /// Bringing in begins, or begins again where it was broken off: what was written of it before is taken out first.
    /// `seen` is the turn that whoever begins had read; `None`: somebody else began meanwhile.
    pub async fn start_extract(&self, by: &Actor, seen: &Run, now: Timestamp) -> Result<Option<Run>> {
        let turn = Self::change(by, &seen.id, Some(seen.turn), State::Running, now);
        let entry = Entry::by(by, now, "extract", "begun");
        if !self.core.db.write(Change { begins: true, entry: Some(entry), ..turn }).await? {
            return Ok(None);
        }
        let sql = "DELETE FROM extract_bad WHERE extract_id = ?1";
        self.core.db.write(Statement::new(sql, params![seen.id.as_str()])).await?;
        self.take_out(&seen.id, now).await?;
        Ok(Some(Run { id: seen.id.clone(), turn: seen.turn + 1 }))
    }

    /// How far it is, and what was found.
    ///
    /// # Errors
    /// [`Error::Missing`] where it was taken back, or somebody began anew.
    pub async fn note_extract(
        &self,
        by: &Actor,
        run: &Run,
        state: State,
        counts: &Counts,
        about: Option<&About>,
        now: Timestamp,
    ) -> Result<()> {
        let mut turn = Self::change(by, &run.id, Some(run.turn), state, now);
        turn.counts = Some(json(counts)?);
        if let Some(about) = about {
            turn.about = Some(self.seal_about(&run.id, about).await?);
        }
        if state == State::Done {
            let Counts { rows, wrong, kept, own, .. } = *counts;
            let said = format!("done: {rows} rows, {wrong} wrong, {kept} kept, {own} own patients");
            turn.entry = Some(Entry::by(by, now, "extract", said));
        }
        if self.core.db.write(turn).await? { Ok(()) } else { Err(STOPPED) }
    }

    /// Takes back what a file told: as if it had not been brought in. What other files told too stays. `false`: it was not
    /// brought in, or taken back before.
    pub async fn undo_extract(&self, by: &Actor, id: &ExtractId, now: Timestamp) -> Result<bool> {
        let entry = Entry::by(by, now, "extract", "taken back");
        let turn = Self::change(by, id, None, State::Undone, now);
        let from = &[State::Done, State::Running, State::Tried];
        if !self.core.db.write(Change { from, entry: Some(entry), ..turn }).await? {
            return Ok(false);
        }
        self.shred_extract(by, id, now).await?;
        // Where it is broken off here, the next minute goes on with it.
        self.take_out(id, now).await?;
        self.holds_no_more(id).await?;
        Ok(true)
    }

    fn change(by: &Actor, id: &ExtractId, seen: Option<u32>, to: State, now: Timestamp) -> Change {
        Change {
            id: id.as_str().to_owned(),
            organisation: by.organisation.as_str().to_owned(),
            seen,
            from: &[State::Tried, State::Running],
            to,
            begins: false,
            counts: None,
            about: None,
            at: micros(now),
            entry: None,
        }
    }

    async fn seal_about(&self, id: &ExtractId, about: &About) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(about).map_err(|_| Error::Bug("an extract does not serialise"))?;
        self.seal_sign_in("extract", id.as_str(), "", &json).await
    }

    async fn read_extract(&self, mut row: Row) -> Result<Extract> {
        let id = row.text(0)?;
        let unreadable = |e: serde_json::Error| Error::Unreadable { table: "extract", at: e.column() };
        let about = self.open_sign_in("extract", &id, "", row.blob(6)?).await?;
        Ok(Extract {
            id: extract_id(&id)?,
            organisation: crate::organisations::organisation_id(&row.text(1)?)?,
            made_at: row.time(2)?,
            touched_at: row.time(3)?,
            state: State::of_code(&row.text(4)?)?,
            counts: serde_json::from_str(&row.text(5)?).map_err(unreadable)?,
            about: serde_json::from_slice(&about).map_err(unreadable)?,
            turn: row.count(7)?,
        })
    }
}

fn json(counts: &Counts) -> Result<String> {
    serde_json::to_string(counts).map_err(|_| Error::Bug("counts do not serialise"))
}

/// Notes a sign of life, and how many of what. An error where the file was taken back, or somebody began anew: then nothing
/// of it is written any more.
async fn go_on(tx: &mut Tx<'_>, run: &Run, counts: Option<&str>, at: i64) -> Result<()> {
    let sql = "UPDATE extract SET touched_at = ?3, counts = coalesce(?4, counts) WHERE extract_id = ?1 AND turn = ?2 \
               AND state IN ('tried', 'running')";
    match tx.execute(sql, params![run.id.as_str(), run.turn, at, counts]).await? {
        0 => Err(STOPPED),
        _ => Ok(()),
    }
}

fn extract_id(text: &str) -> Result<ExtractId> {
    ExtractId::parse(text).map_err(|_| Error::Bug("a table holds what is no id of an extract"))
}

impl Job for Begin {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        tx.put_keys(&[(&self.id, &self.wrapped)]).await?;
        let at = self.entry.at;
        tx.execute(
            "INSERT INTO extract (extract_id, organisation_id, made_at, touched_at, state, turn, keeps, holds, digest, \
             counts, sealed) VALUES (?1, ?2, ?3, ?3, 'tried', 0, 1, 0, ?4, ?5, ?6)",
            params![&self.id, &self.organisation, at, &self.digest, &self.counts, &self.about],
        )
        .await?;
        if let Some(file) = &self.file {
            let sql = "INSERT INTO extract_file (extract_id, sealed) VALUES (?1, ?2)";
            tx.execute(sql, params![&self.id, file]).await?;
        }
        tx.append(std::slice::from_ref(&self.entry))
    }
}

impl Job for Change {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "SELECT state, turn FROM extract WHERE extract_id = ?1 AND organisation_id = ?2 /*for update*/";
        let Some(mut row) = tx.row(sql, params![&self.id, &self.organisation]).await? else { return Ok(false) };
        let turn = row.count(1)?;
        if !self.from.contains(&State::of_code(&row.text(0)?)?) || self.seen.is_some_and(|seen| seen != turn) {
            return Ok(false);
        }
        tx.execute(
            "UPDATE extract SET state = ?2, touched_at = ?3, counts = coalesce(?4, counts), \
             sealed = coalesce(?5, sealed) WHERE extract_id = ?1",
            params![&self.id, self.to.code(), self.at, self.counts.as_ref(), self.about.as_ref()],
        )
        .await?;
        if self.begins {
            let sql = "UPDATE extract SET turn = turn + 1, holds = 1 WHERE extract_id = ?1";
            tx.execute(sql, params![&self.id]).await?;
        }
        if self.to == State::Done {
            // What was brought in is not needed any more; the key stays as long as there are rows to mend.
            tx.execute("DELETE FROM extract_file WHERE extract_id = ?1", params![&self.id]).await?;
            let left = "SELECT 1 FROM extract_bad WHERE extract_id = ?1 LIMIT 1";
            if tx.row(left, params![&self.id]).await?.is_none() {
                tidy::destroy(tx, &self.id, self.at).await?;
            }
        }
        if let Some(entry) = &self.entry {
            tx.append(std::slice::from_ref(entry))?;
        }
        Ok(true)
    }
}
