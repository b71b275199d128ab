//! The toolkit (T1): an organisation's own material, and what is known of the addresses of all material. Nothing of it is
//! about a patient, so nothing of it is sealed; what was given to whom is a step of that patient's path.

use crate::job::{Job, Statement, Tx};
use crate::log::row::Entry;
use crate::organisations::organisation_id;
use crate::value::{Param, Row, micros, params};
use crate::{Error, Result, Store};
use domain::access::Actor;
use domain::ident::{MaterialId, OrganisationId};
use domain::toolkit::{Own, Place};
use jiff::Timestamp;
use std::collections::HashMap;

/// Own material as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: MaterialId,
    /// Counts its changes, from 1.
    pub revision: u32,
    /// What it is.
    pub own: Own,
}

/// What is known of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// When it was last asked.
    pub checked_at: Timestamp,
    /// When it last answered.
    pub answered_at: Option<Timestamp>,
    /// Since when it does not answer.
    pub failing_since: Option<Timestamp>,
    /// Why, in a word for people.
    pub why: Option<String>,
}

/// What came of asking an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The address.
    pub address: String,
    /// Why it does not answer; absent where it does.
    pub failed: Option<String>,
}

const OF: &str = "SELECT material_id, organisation_id, revision, json FROM material \
                  WHERE organisation_id = ?1 AND ended = 0 ORDER BY made_at, material_id";
const ONE: &str = "SELECT material_id, organisation_id, revision, json FROM material WHERE material_id = ?1";
const ALL: &str = "SELECT json FROM material WHERE ended = 0";

struct Note {
    asked: Vec<Asked>,
    at: i64,
    entry: Entry,
}

impl Store {
    /// Keeps own material, with its file where it is one; `seen` is the revision that whoever changes it had read, 0 for
    /// what is new. `false`: somebody changed it meanwhile, and nothing was written. A file stays where none comes.
    pub async fn write_material(
        &self,
        by: &Actor,
        id: &MaterialId,
        own: &Own,
        file: Option<&[u8]>,
        seen: u32,
        now: Timestamp,
    ) -> Result<bool> {
        let json = serde_json::to_string(own).map_err(|_| Error::Bug("material does not serialise"))?;
        let (key, organisation) = (id.as_str(), own.organisation.as_str());
        let ended = own.ended_on.is_some();
        let statement = if seen == 0 {
            let sql = "INSERT INTO material (material_id, organisation_id, revision, made_at, ended, json, bytes) \
                       VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6)";
            Statement::new(sql, params![key, organisation, micros(now), ended, &json, file.map(Param::Blob)])
        } else {
            let sql = "UPDATE material SET revision = ?3 + 1, ended = ?4, json = ?5, bytes = coalesce(?6, bytes) \
                       WHERE material_id = ?1 AND organisation_id = ?2 AND revision = ?3";
            Statement::new(sql, params![key, organisation, seen, ended, &json, file.map(Param::Blob)])
        };
        let entry = Entry::by(by, now, "material", key.to_owned());
        Ok(self.core.db.write(statement.logged(entry)).await? > 0)
    }

    /// Material of an organisation that is in use, oldest first.
    pub async fn materials_of(&self, organisation: &OrganisationId) -> Result<Vec<Kept>> {
        self.core.db.rows(OF, params![organisation.as_str()]).await?.into_iter().map(kept).collect()
    }

    /// One piece of material, in use or not.
    pub async fn material(&self, id: &MaterialId) -> Result<Option<Kept>> {
        self.core.db.row(ONE, params![id.as_str()]).await?.map(kept).transpose()
    }

    /// The file of material, with its media type.
    pub async fn material_file(&self, id: &MaterialId) -> Result<Option<(String, Vec<u8>)>> {
        let Some(of) = self.material(id).await? else { return Ok(None) };
        let Place::File(media) = of.own.place else { return Ok(None) };
        let sql = "SELECT bytes FROM material WHERE material_id = ?1";
        let row = self.core.db.row(sql, params![id.as_str()]).await?;
        let bytes = row.map_or(Ok(None), |mut r| r.opt_blob(0))?;
        Ok(bytes.map(|bytes| (media, bytes)))
    }

    /// Addresses of all organisations' material that is in use.
    pub async fn material_addresses(&self) -> Result<Vec<String>> {
        let mut all = Vec::new();
        for mut row in self.core.db.many_rows(ALL, &[]).await? {
            if let Place::Address(address) = read(&row.text(0)?)?.place {
                all.push(address);
            }
        }
        Ok(all)
    }

    /// What is known of the addresses of material.
    pub async fn links(&self) -> Result<HashMap<String, Link>> {
        let sql = "SELECT address, checked_at, answered_at, failing_since, why FROM link";
        let link = |mut row: Row| {
            let address = row.text(0)?;
            let link = Link {
                checked_at: row.time(1)?,
                answered_at: row.opt_time(2)?,
                failing_since: row.opt_time(3)?,
                why: row.opt_text(4)?,
            };
            Ok((address, link))
        };
        self.core.db.many_rows(sql, &[]).await?.into_iter().map(link).collect()
    }

    /// Writes what came of asking addresses; what failed before keeps since when. Others are forgotten.
    pub async fn note_links(&self, asked: &[Asked], now: Timestamp) -> Result<()> {
        let failed = asked.iter().filter(|a| a.failed.is_some()).count();
        let entry =
            Entry::program(now, "material", format!("links: {} asked, {failed} without an answer", asked.len()));
        self.core.db.write(Note { asked: asked.to_vec(), at: micros(now), entry }).await
    }
}

fn read(json: &str) -> Result<Own> {
    serde_json::from_str(json).map_err(|e| Error::Unreadable { table: "material", at: e.column() })
}

fn kept(mut row: Row) -> Result<Kept> {
    let id = row.text(0)?;
    let own = Own { organisation: organisation_id(&row.text(1)?)?, ..read(&row.text(3)?)? };
    let id = MaterialId::parse(&id).map_err(|_| Error::Bug("a table holds what is no id of material"))?;
    Ok(Kept { id, revision: row.count(2)?, own })
}

impl Job for Note {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for Asked { address, failed } in &self.asked {
            let (answered, failing) = if failed.is_none() { (Some(self.at), None) } else { (None, Some(self.at)) };
            let sql = "INSERT INTO link (address, checked_at, answered_at, failing_since, why) \
                 VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (address) DO UPDATE SET checked_at = excluded.checked_at, why = excluded.why, \
                 answered_at = coalesce(excluded.answered_at, link.answered_at), \
                 failing_since = CASE WHEN excluded.why IS NULL THEN NULL \
                 ELSE coalesce(link.failing_since, excluded.failing_since) END";
            tx.execute(sql, params![address, self.at, answered, failing, failed.as_deref()]).await?;
        }
        tx.execute("DELETE FROM link WHERE checked_at < ?1", params![self.at]).await?;
        tx.append(std::slice::from_ref(&self.entry))
    }
}
