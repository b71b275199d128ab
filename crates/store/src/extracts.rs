//! Files of practices' own systems (M1): which were brought in, what is kept of them, and taking one back. Of a patient is
//! kept only what a rule asks for, sealed: under the patient's key where they are in the practice's care here, else under one
//! of the installation, with a keyed hash for a name. The BSN is not kept. The file itself and rows to mend are sealed under a
//! key of their own, which goes when they are done with, or after [`KEPT_DAYS`] (decision 76).

mod bad;
pub(crate) mod batch;
mod compare;
pub(crate) mod subjects;

pub use bad::BadRow;
pub use batch::{Batch, SubjectRows};
pub use subjects::{Subject, Told, Who, Worked};

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::PatientKeys;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{ExtractId, OrganisationId};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

/// Days for which a file that waits, and rows to mend, are kept (decision 76).
pub const KEPT_DAYS: i32 = 90;
/// Months for which what a file told is kept: it serves two half-yearly rounds, and the one after replaces it.
pub const FACT_MONTHS: i32 = 18;

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

/// A file as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extract {
    /// Its id.
    pub id: ExtractId,
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

const OF: &str = "SELECT extract_id, organisation_id, made_at, touched_at, state, counts, sealed FROM extract \
                  WHERE organisation_id = ?1 ORDER BY made_at DESC, extract_id LIMIT ?2";
const ONE: &str = "SELECT extract_id, organisation_id, made_at, touched_at, state, counts, sealed FROM extract \
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

struct Turn {
    id: String,
    organisation: String,
    from: &'static [State],
    to: State,
    counts: Option<String>,
    about: Option<Vec<u8>>,
    at: i64,
    entry: Option<Entry>,
}

struct Shred {
    id: String,
    at: i64,
    entry: Entry,
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
    ) -> Result<()> {
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
        self.core.db.write(job).await
    }

    /// The file with this content that was brought in and not taken back.
    pub async fn same_extract(&self, organisation: &OrganisationId, digest: &[u8; 32]) -> Result<Option<Extract>> {
        let hash = self.core.hashes.extract.of(&[b"file", organisation.as_str().as_bytes(), digest]);
        let sql = "SELECT extract_id, organisation_id, made_at, touched_at, state, counts, sealed FROM extract \
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

    /// Bringing in begins, or begins again where it was broken off: what was written of it before is taken out first.
    /// `false`: somebody else did that meanwhile.
    pub async fn start_extract(&self, by: &Actor, id: &ExtractId, now: Timestamp) -> Result<bool> {
        let turn = Self::turn(by, id, &[State::Tried, State::Running], State::Running, now);
        let entry = Entry::by(by, now, "extract", "begun");
        if !self.core.db.write(Turn { entry: Some(entry), ..turn }).await? {
            return Ok(false);
        }
        let sql = "DELETE FROM extract_bad WHERE extract_id = ?1";
        self.core.db.write(crate::job::Statement::new(sql, params![id.as_str()])).await?;
        self.take_out(id).await?;
        Ok(true)
    }

    /// How far it is, and what was found.
    pub async fn note_extract(
        &self,
        by: &Actor,
        id: &ExtractId,
        state: State,
        counts: &Counts,
        about: Option<&About>,
        now: Timestamp,
    ) -> Result<()> {
        let mut turn = Self::turn(by, id, &[State::Tried, State::Running], state, now);
        turn.counts = Some(json(counts)?);
        if let Some(about) = about {
            turn.about = Some(self.seal_about(id, about).await?);
        }
        if state == State::Done {
            let Counts { rows, wrong, kept, own, .. } = *counts;
            let said = format!("done: {rows} rows, {wrong} wrong, {kept} kept, {own} own patients");
            turn.entry = Some(Entry::by(by, now, "extract", said));
        }
        self.core.db.write(turn).await.map(|_| ())
    }

    /// Takes back what a file told: as if it had not been brought in. What other files told too stays. `false`: it was not
    /// brought in, or taken back before.
    pub async fn undo_extract(&self, by: &Actor, id: &ExtractId, now: Timestamp) -> Result<bool> {
        let entry = Entry::by(by, now, "extract", "taken back");
        let turn = Self::turn(by, id, &[State::Done, State::Running, State::Tried], State::Undone, now);
        if !self.core.db.write(Turn { entry: Some(entry), ..turn }).await? {
            return Ok(false);
        }
        self.shred_extract(by, id, now).await?;
        self.take_out(id).await?;
        Ok(true)
    }

    /// Removes a file that waits and rows to mend, with the key under which they are sealed: nobody can read them again.
    pub async fn shred_extract(&self, by: &Actor, id: &ExtractId, now: Timestamp) -> Result<()> {
        let entry = Entry::by(by, now, "extract", "rows to mend removed");
        self.shred(id.as_str(), entry).await
    }

    /// Removes what was kept long enough: files and rows to mend, and what files told. How many files.
    pub async fn tidy_extracts(&self, now: Timestamp) -> Result<u64> {
        let before = micros(now) - i64::from(KEPT_DAYS) * 86_400_000_000;
        let sql = "SELECT e.extract_id FROM extract e WHERE e.made_at < ?1 AND \
                   (EXISTS (SELECT 1 FROM extract_bad b WHERE b.extract_id = e.extract_id) \
                    OR EXISTS (SELECT 1 FROM extract_file f WHERE f.extract_id = e.extract_id))";
        let mut count = 0;
        for mut row in self.core.db.many_rows(sql, params![before]).await? {
            self.shred(&row.text(0)?, Entry::program(now, "extract", "rows to mend removed")).await?;
            count += 1;
        }
        let zoned = now.to_zoned_datetime(jiff::tz::TimeZone::UTC);
        let old = zoned.checked_sub(FACT_MONTHS.months()).map_or(i64::MIN, |z| micros(z.timestamp()));
        let sql = "SELECT extract_id FROM extract WHERE made_at < ?1 AND state <> 'undone'";
        for mut row in self.core.db.many_rows(sql, params![old]).await? {
            let id = extract_id(&row.text(0)?)?;
            let update = "UPDATE extract SET state = 'undone', touched_at = ?2 WHERE extract_id = ?1";
            let statement = crate::job::Statement::new(update, params![id.as_str(), micros(now)]);
            self.core.db.write(statement.logged(Entry::program(now, "extract", "kept long enough"))).await?;
            self.take_out(&id).await?;
            count += 1;
        }
        Ok(count)
    }

    async fn shred(&self, id: &str, entry: Entry) -> Result<()> {
        self.core.cache.forget(id);
        let at = entry.at;
        self.core.db.write(Shred { id: id.to_owned(), at, entry }).await
    }

    fn turn(by: &Actor, id: &ExtractId, from: &'static [State], to: State, now: Timestamp) -> Turn {
        Turn {
            id: id.as_str().to_owned(),
            organisation: by.organisation.as_str().to_owned(),
            from,
            to,
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
        })
    }
}

fn json(counts: &Counts) -> Result<String> {
    serde_json::to_string(counts).map_err(|_| Error::Bug("counts do not serialise"))
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
            "INSERT INTO extract (extract_id, organisation_id, made_at, touched_at, state, digest, counts, sealed) \
             VALUES (?1, ?2, ?3, ?3, 'tried', ?4, ?5, ?6)",
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

impl Job for Turn {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "SELECT state FROM extract WHERE extract_id = ?1 AND organisation_id = ?2 /*for update*/";
        let Some(mut row) = tx.row(sql, params![&self.id, &self.organisation]).await? else { return Ok(false) };
        if !self.from.contains(&State::of_code(&row.text(0)?)?) {
            return Ok(false);
        }
        tx.execute(
            "UPDATE extract SET state = ?2, touched_at = ?3, counts = coalesce(?4, counts), \
             sealed = coalesce(?5, sealed) WHERE extract_id = ?1",
            params![&self.id, self.to.code(), self.at, self.counts.as_ref(), self.about.as_ref()],
        )
        .await?;
        if self.to == State::Done {
            // What was brought in is not needed any more; the key stays as long as there are rows to mend.
            tx.execute("DELETE FROM extract_file WHERE extract_id = ?1", params![&self.id]).await?;
            let left = "SELECT 1 FROM extract_bad WHERE extract_id = ?1 LIMIT 1";
            if tx.row(left, params![&self.id]).await?.is_none() {
                tx.destroy_key(&self.id, self.at).await?;
            }
        }
        if let Some(entry) = &self.entry {
            tx.append(std::slice::from_ref(entry))?;
        }
        Ok(true)
    }
}

impl Job for Shred {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let file = tx.execute("DELETE FROM extract_file WHERE extract_id = ?1", params![&self.id]).await?;
        let rows = tx.execute("DELETE FROM extract_bad WHERE extract_id = ?1", params![&self.id]).await?;
        if file + rows > 0 {
            tx.destroy_key(&self.id, self.at).await?;
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(())
    }
}
