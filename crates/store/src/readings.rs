//! Who read which version, and who was told of one (PROCESS D4). It is written with the row of the log that tells of it,
//! in the same transaction: reading a plan costs no write of its own.

use crate::db::Db;
use crate::job::Tx;
use crate::leads::who_leads;
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::tasks::Whose;
use crate::value::{Param, Row, micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Actor, Permit, Who};
use domain::ident::{PatientId, PersonId};
use domain::unread::{LATE, Reader, Shown, Tie, Told, has_read};
use jiff::Timestamp;

/// What a row of the log says of one person's knowing a plan; the patient is the row's chain.
#[derive(Debug, Clone)]
pub(crate) enum Reading {
    /// They looked, and read this version; 0: not all of it.
    Looked { person: String, number: u32 },
    /// They were told of this version.
    Told { person: String, number: u32, urgent: bool },
}

/// A plan of which somebody has not read the newest version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Whose plan.
    pub patient: PatientId,
    /// What they read last, and what they were told.
    pub reader: Reader,
}

/// A look is noted anew only where it was a day ago or more: reading the same version twice writes nothing.
const LOOKED: &str = "INSERT INTO seen (patient_id, person_id, number, read_at, looked_at, told, first_told, rank) \
     VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, 1) ON CONFLICT (patient_id, person_id) DO UPDATE SET \
     number = CASE WHEN excluded.number > seen.number THEN excluded.number ELSE seen.number END, \
     read_at = CASE WHEN excluded.number > seen.number THEN excluded.read_at ELSE seen.read_at END, \
     looked_at = excluded.looked_at, \
     told_at = CASE WHEN excluded.number >= seen.told THEN NULL ELSE seen.told_at END \
     WHERE excluded.number > seen.number OR seen.looked_at IS NULL \
     OR excluded.looked_at >= seen.looked_at + 86400000000";
/// Who has read a later one already is not told of this one.
const TOLD: &str = concat!(
    "INSERT INTO seen (patient_id, person_id, number, told, first_told, told_at, rank, lead_id) VALUES (?1, ?2, 0, ?3, ?3, \
     ?4, ?5, ",
    who_leads!(),
    ") ON CONFLICT (patient_id, person_id) DO UPDATE SET \
     told = excluded.told, lead_id = excluded.lead_id, \
     first_told = CASE WHEN seen.told_at IS NULL THEN excluded.told ELSE seen.first_told END, \
     rank = CASE WHEN seen.told_at IS NULL OR excluded.rank < seen.rank THEN excluded.rank ELSE seen.rank END, \
     told_at = CASE WHEN seen.told_at IS NULL THEN excluded.told_at ELSE seen.told_at END \
     WHERE excluded.told > seen.number"
);

const SEEN: &str = "SELECT person_id, number, read_at, looked_at, told, first_told, told_at, rank FROM seen \
                    WHERE patient_id = ?1 ORDER BY person_id";
/// Who is told, and why: by name, as lead, or for an organisation of the team after having opened the plan.
const TIES: &str = "SELECT n.person, n.tie FROM ( \
       SELECT l.person_id AS person, 0 AS tie FROM lead l \
         WHERE l.patient_id = ?1 AND l.state = 'accepted' AND l.person_id IS NOT NULL \
       UNION ALL SELECT substr(t.member, 8), 1 FROM team t WHERE t.patient_id = ?1 AND t.member LIKE 'person:%' \
         AND t.from_at <= ?2 AND (t.until_at IS NULL OR t.until_at > ?2) \
       UNION ALL SELECT s.person_id, 2 FROM seen s JOIN person_role r ON r.person_id = s.person_id \
         AND (r.until_at IS NULL OR r.until_at > ?2) \
         JOIN team t ON t.patient_id = s.patient_id AND t.member = 'organisation:' || r.organisation_id \
         AND t.from_at <= ?2 AND (t.until_at IS NULL OR t.until_at > ?2) \
         WHERE s.patient_id = ?1 AND s.number > 0) n \
     JOIN person p ON p.person_id = n.person WHERE p.active = 1 ORDER BY n.person, n.tie";
const OWN: &str = "SELECT person_id, number, read_at, looked_at, told, first_told, told_at, rank FROM seen \
                   WHERE patient_id = ?1 AND person_id = ?2";
const MINE: &str = "SELECT person_id, number, read_at, looked_at, told, first_told, told_at, rank, patient_id FROM seen \
     WHERE person_id = ?1 AND told_at IS NOT NULL ORDER BY rank, told_at, patient_id LIMIT ?2";
const OF_TEAM: &str = "SELECT person_id, number, read_at, looked_at, told, first_told, told_at, rank, patient_id FROM seen \
     WHERE person_id = ?1 AND told_at IS NOT NULL AND patient_id IN (SELECT t.patient_id FROM team t \
       WHERE t.member = ?3 AND t.from_at <= ?4 AND (t.until_at IS NULL OR t.until_at > ?4) \
       UNION SELECT l.patient_id FROM lead l WHERE l.person_id = ?1 AND l.state = 'accepted') \
     ORDER BY rank, told_at, patient_id LIMIT ?2";
/// Grows with what was not read, not with whom one leads.
const LATE_OF_LED: &str = "SELECT patient_id, min(told_at) FROM seen WHERE lead_id = ?1 AND told_at IS NOT NULL \
     AND told_at <= ?2 AND person_id <> ?1 GROUP BY patient_id ORDER BY 2, 1 LIMIT ?3";

impl Reading {
    /// What looking says of whoever has this permit; nothing of systems, and of the patient and theirs.
    pub fn looked(permit: &Permit, shown: Shown, number: u32) -> Option<Self> {
        let Who::Person(person) = &permit.actor().who else { return None };
        let number = has_read(permit, shown, number)?;
        Some(Self::Looked { person: person.as_str().to_owned(), number })
    }

    /// The statement and what goes into it.
    pub fn statement<'a>(&'a self, patient: &'a str, at: i64) -> (&'static str, Vec<Param<'a>>) {
        match self {
            Self::Looked { person, number } => {
                let read_at = (*number > 0).then_some(at);
                (LOOKED, params![patient, person, *number, read_at, at].to_vec())
            }
            Self::Told { person, number, urgent } => {
                (TOLD, params![patient, person, *number, at, u32::from(!*urgent)].to_vec())
            }
        }
    }
}

impl Store {
    /// Who is told of this plan's changes, and what each of them read: for the whole team to see.
    pub async fn readers(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Reader>> {
        permits::plan(permit)?;
        let readers = of_patient(&self.core.db, permit.patient().as_str(), micros(now)).await?;
        self.spend(Entry::of(permit, now, "readers")).await?;
        Ok(readers)
    }

    /// What whoever has this permit read of this plan, and was told; about themselves, so the log says nothing of it.
    pub async fn own_reading(&self, permit: &Permit) -> Result<Option<Reader>> {
        permits::plan(permit)?;
        let Who::Person(person) = &permit.actor().who else { return Ok(None) };
        let row = self.core.db.row(OWN, params![permit.patient().as_str(), person.as_str()]).await?;
        row.map(|mut row| reader(&mut row)).transpose()
    }

    /// Plans that changed and that this person has not read since: what counts in an emergency first, then the longest
    /// ago. For an organisation as such there are none.
    pub async fn unread(&self, actor: &Actor, whose: Whose, limit: usize, now: Timestamp) -> Result<Vec<Unread>> {
        let Who::Person(person) = &actor.who else { return Ok(Vec::new()) };
        let (db, limit) = (&self.core.db, i64::try_from(limit).unwrap_or(i64::MAX));
        let rows = match whose {
            Whose::Own => db.rows(MINE, params![person.as_str(), limit]).await?,
            Whose::Team => {
                let member = ["person:", person.as_str()].concat();
                db.many_rows(OF_TEAM, params![person.as_str(), limit, &member, micros(now)]).await?
            }
            Whose::Organisation => Vec::new(),
        };
        let unread = |mut row: Row| Ok(Unread { patient: patient_id(&row.text(8)?)?, reader: reader(&mut row)? });
        rows.into_iter().map(unread).collect()
    }

    /// Patients whom this person leads and of whom somebody has not seen a change after [`LATE`], the longest first.
    /// Who that is tells [`Store::readers`]: some of them may have left the team since.
    pub async fn late_readers(&self, actor: &Actor, limit: usize, now: Timestamp) -> Result<Vec<PatientId>> {
        let Who::Person(person) = &actor.who else { return Ok(Vec::new()) };
        let since = now.checked_sub(LATE).map_err(|_| Error::Bug("a moment too far away"))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.core.db.many_rows(LATE_OF_LED, params![person.as_str(), micros(since), limit]).await?;
        rows.into_iter().map(|mut row| patient_id(&row.text(0)?)).collect()
    }
}

async fn of_patient(db: &Db, id: &str, at: i64) -> Result<Vec<Reader>> {
    let seen = db.rows(SEEN, params![id]).await?;
    let ties = db.rows(TIES, params![id, at]).await?;
    readers(seen, ties)
}

/// The same within a job.
pub(crate) async fn within(tx: &mut Tx<'_>, id: &str, at: i64) -> Result<Vec<Reader>> {
    let seen = tx.rows(SEEN, params![id]).await?;
    let ties = tx.rows(TIES, params![id, at]).await?;
    readers(seen, ties)
}

fn readers(seen: Vec<Row>, ties: Vec<Row>) -> Result<Vec<Reader>> {
    let mut all = seen.into_iter().map(|mut row| reader(&mut row)).collect::<Result<Vec<_>>>()?;
    for mut row in ties {
        let person = person_id(&row.text(0)?)?;
        let tie = match row.int(1)? {
            0 => Tie::Leads,
            1 => Tie::Named,
            _ => Tie::Opened,
        };
        match all.iter_mut().find(|r| r.person == person) {
            // The first is the closest.
            Some(reader) => reader.tie = reader.tie.or(Some(tie)),
            None => all.push(Reader { tie: Some(tie), ..Reader::new(person) }),
        }
    }
    // In one order, so that two who tell many cannot wait for each other.
    all.sort_by(|a, b| a.person.cmp(&b.person));
    Ok(all)
}

fn reader(row: &mut Row) -> Result<Reader> {
    let told = match row.opt_time(6)? {
        Some(at) => Some(Told { first: row.count(5)?, newest: row.count(4)?, at, urgent: row.int(7)? == 0 }),
        None => None,
    };
    Ok(Reader {
        person: person_id(&row.text(0)?)?,
        tie: None,
        read: row.count(1)?,
        read_at: row.opt_time(2)?,
        looked_at: row.opt_time(3)?,
        told,
    })
}

fn person_id(text: &str) -> Result<PersonId> {
    PersonId::parse(text).map_err(|_| Error::Bug("a table holds what is no person's id"))
}
