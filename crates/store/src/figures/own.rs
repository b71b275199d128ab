//! Whom a figure of one organisation counts: its own people may look, each patient by a permit of its own.

use super::kept::{Kept, kept_place, pseudonym};
use crate::log::row::Entry;
use crate::patients::patient_id;
use crate::value::params;
use crate::{Error, Result, Store, permits};
use domain::access::{Actor, Permit};
use domain::figures::Figure;
use domain::ident::PatientId;
use jiff::Timestamp;

const HOW_MANY: &str = "SELECT count(DISTINCT patient_id) FROM team WHERE member = ?1 AND until_at IS NULL";
const CASELOAD: &str = "SELECT DISTINCT patient_id FROM team WHERE member = ?1 AND until_at IS NULL \
                        ORDER BY patient_id LIMIT ?2 OFFSET ?3";
const PERSON: &str = "SELECT sealed FROM figure_person WHERE pseudonym = ?1 AND organisation_id = ?2";

impl Store {
    /// A part of the caseload of the actor's organisation in the order of ids, and how many there are in all: ids only.
    /// Whatever is known of somebody is read with a permit.
    pub async fn caseload_ids(&self, actor: &Actor, skip: u32, limit: u32) -> Result<(u32, Vec<PatientId>)> {
        let member = ["organisation:", actor.organisation.as_str()].concat();
        let all = self.core.db.many_rows(HOW_MANY, params![&member]).await?;
        let all = all.first().map_or(Ok(0), |row| row.count(0))?;
        let rows = self.core.db.many_rows(CASELOAD, params![&member, limit, skip]).await?;
        let ids = rows.into_iter().map(|mut row| patient_id(&row.text(0)?)).collect::<Result<_>>()?;
        Ok((all, ids))
    }

    /// The answer by which a figure counts a patient at the actor's organisation in a year, where it is one of these. Nothing
    /// is told of others, and so nothing is logged of them.
    pub async fn answer_of(
        &self,
        permit: &Permit,
        (figure, year): (Figure, i16),
        answers: &[u8],
        now: Timestamp,
    ) -> Result<Option<u8>> {
        permits::plan(permit)?;
        let (id, organisation) = (permit.patient().as_str(), permit.actor().organisation.as_str());
        let keys = match self.keys(permit.patient()).await {
            Err(Error::NoKey) => return Ok(None),
            other => other?,
        };
        let row = self.core.db.row(PERSON, params![&pseudonym(&keys, id)?, organisation]).await?;
        let Some(mut row) = row else { return Ok(None) };
        let kept: Kept = keys.open_json(kept_place(id), row.blob(0)?)?;
        let found = kept.counted().into_iter().find(|c| c.figure == figure && c.quarter.year == year);
        let Some(found) = found.filter(|c| answers.contains(&c.answer)) else { return Ok(None) };
        self.spend(Entry::of(permit, now, "figure")).await?;
        Ok(Some(found.answer))
    }
}
