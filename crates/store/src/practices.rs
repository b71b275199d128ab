//! What practices say of their steps and goals, and the visits in which they talk about them with the region (PROCESS M2, M3).
//! Free text is sealed under a key of the installation, as for meetings.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry as LogEntry;
use crate::value::{Row, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{OrganisationId, VisitId};
use domain::practice::{Entry, Said, Visit, Written};
use jiff::Timestamp;
use jiff::civil::Date;
use std::ops::RangeInclusive;

/// A visit as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: VisitId,
    /// Counts its changes, from 1.
    pub revision: u32,
    /// What it is.
    pub visit: Visit,
}

struct Say {
    organisation: String,
    number: u32,
    sealed: Vec<u8>,
    entry: LogEntry,
}

const ENTRIES: &str = "SELECT number, sealed FROM practice_entry WHERE organisation_id = ?1 ORDER BY number";
const OF_PRACTICE: &str = "SELECT visit_id, revision, sealed FROM practice_visit WHERE organisation_id = ?1 \
                           AND on_day BETWEEN ?2 AND ?3 ORDER BY on_day DESC, visit_id";
const OF_REGION: &str = "SELECT visit_id, revision, sealed FROM practice_visit WHERE region_id = ?1 \
                         AND on_day BETWEEN ?2 AND ?3 ORDER BY on_day DESC, visit_id";
const ONE: &str = "SELECT visit_id, revision, sealed FROM practice_visit WHERE visit_id = ?1 \
                   AND (organisation_id = ?2 OR region_id = ?2)";

impl Store {
    /// Writes what a practice says; nothing is ever overwritten. Where two say something at once, both stand.
    pub async fn practice_says(&self, by: &Actor, said: &Said, written: &Written) -> Result<()> {
        let organisation = by.organisation.as_str();
        let entry = Entry { written: written.clone(), said: said.clone() };
        let json = serde_json::to_vec(&entry).map_err(|_| Error::Bug("what a practice says does not serialise"))?;
        loop {
            let sql = "SELECT coalesce(max(number), 0) + 1 FROM practice_entry WHERE organisation_id = ?1";
            let number = self.core.db.row(sql, params![organisation]).await?.map_or(Ok(1), |r| r.count(0))?;
            let say = Say {
                organisation: organisation.to_owned(),
                number,
                sealed: self.seal_sign_in("practice_entry", organisation, &number.to_string(), &json).await?,
                entry: LogEntry::by(by, written.at, "practice", "practice: steps and goals"),
            };
            if self.core.db.write(say).await? {
                return Ok(());
            }
        }
    }

    /// Everything that a practice said, oldest first.
    pub async fn practice_entries(&self, organisation: &OrganisationId) -> Result<Vec<Entry>> {
        let id = organisation.as_str();
        let mut all = Vec::new();
        for mut row in self.core.db.rows(ENTRIES, params![id]).await? {
            let number = row.count(0)?.to_string();
            let json = self.open_sign_in("practice_entry", id, &number, row.blob(1)?).await?;
            all.push(read(&json, "practice_entry")?);
        }
        Ok(all)
    }

    /// Keeps a visit; `seen` is the revision that whoever changes it had read, 0 for a new one. `false`: somebody changed it
    /// meanwhile, and nothing was written.
    pub async fn write_visit(
        &self,
        by: &Actor,
        id: &VisitId,
        visit: &Visit,
        seen: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let json = serde_json::to_vec(visit).map_err(|_| Error::Bug("a visit does not serialise"))?;
        let sealed = self.seal_sign_in("practice_visit", id.as_str(), "", &json).await?;
        let on = visit.on.to_string();
        let statement = if seen == 0 {
            let sql = "INSERT INTO practice_visit (visit_id, organisation_id, region_id, on_day, revision, sealed) \
                       VALUES (?1, ?2, ?3, ?4, 1, ?5)";
            let params = params![id.as_str(), visit.organisation.as_str(), visit.region.as_str(), &on, &sealed];
            Statement::new(sql, params)
        } else {
            let sql = "UPDATE practice_visit SET on_day = ?3, revision = ?2 + 1, sealed = ?4 \
                       WHERE visit_id = ?1 AND revision = ?2";
            Statement::new(sql, params![id.as_str(), seen, &on, &sealed])
        };
        let entry = LogEntry::by(by, now, "practice", "practice: visit");
        Ok(self.core.db.write(statement.logged(entry)).await? > 0)
    }

    /// A visit to the actor's organisation, or of the actor's region; `None` for any other.
    pub async fn visit(&self, by: &Actor, id: &VisitId) -> Result<Option<Kept>> {
        match self.core.db.row(ONE, params![id.as_str(), by.organisation.as_str()]).await? {
            Some(row) => self.kept(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Visits to an organisation on these days, newest first.
    pub async fn visits_to(&self, organisation: &OrganisationId, days: RangeInclusive<Date>) -> Result<Vec<Kept>> {
        self.visits(OF_PRACTICE, organisation, days).await
    }

    /// Visits of a region on these days, newest first.
    pub async fn visits_of_region(&self, region: &OrganisationId, days: RangeInclusive<Date>) -> Result<Vec<Kept>> {
        self.visits(OF_REGION, region, days).await
    }

    async fn visits(&self, sql: &'static str, of: &OrganisationId, days: RangeInclusive<Date>) -> Result<Vec<Kept>> {
        let (from, until) = (days.start().to_string(), days.end().to_string());
        let mut all = Vec::new();
        for row in self.core.db.many_rows(sql, params![of.as_str(), &from, &until]).await? {
            all.push(self.kept(row).await?);
        }
        Ok(all)
    }

    async fn kept(&self, mut row: Row) -> Result<Kept> {
        let id = row.text(0)?;
        let json = self.open_sign_in("practice_visit", &id, "", row.blob(2)?).await?;
        Ok(Kept {
            id: VisitId::parse(&id).map_err(|_| Error::Bug("a table holds what is no visit's id"))?,
            revision: row.count(1)?,
            visit: read(&json, "practice_visit")?,
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(json: &[u8], table: &'static str) -> Result<T> {
    serde_json::from_slice(json).map_err(|e| Error::Unreadable { table, at: e.column() })
}

impl Job for Say {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "INSERT INTO practice_entry (organisation_id, number, at, sealed) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO NOTHING";
        let params = params![&self.organisation, self.number, self.entry.at, &self.sealed];
        if tx.execute(sql, params).await? == 0 {
            return Ok(false);
        }
        tx.append(std::slice::from_ref(&self.entry))?;
        Ok(true)
    }
}
