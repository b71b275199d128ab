//! Candidates (S5): who a practice's rules find in what its own system gave, without those who are on the path; the rules that
//! a practice uses; and when it last looked. A page costs what it shows: the list is read in the order of its index.

use crate::extracts::subjects::{Subject, subject_of};
use crate::job::Statement;
use crate::log::row::Entry;
use crate::path::{IDENTITY, MONTHS, PLAN, STEPS, months_of, spoken, steps, who};
use crate::patients::patient_id;
use crate::seal::Place;
use crate::value::{Row, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Actor, Permit};
use domain::candidates::{Cause, RuleSet, SHIPPED, is_on_path};
use domain::extract::Born;
use domain::ident::{OrganisationId, PatientId, Uzovi};
use domain::path::Past;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where somebody stands by all files together. Sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Standing {
    /// Birth date or year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<Born>,
    /// Number in the HIS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The first row of the newest file.
    pub line: u64,
    /// Why they are a candidate.
    pub causes: Vec<Cause>,
    /// The last contact under A20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_a20: Option<Date>,
    /// With whom a patient is insured by the files, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub insured: Vec<Insured>,
}

/// With whom somebody is insured, by a file of a day and those after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insured {
    /// Day of the file.
    pub since: Date,
    /// UZOVI code.
    pub insurer: Uzovi,
}

/// The insurers that files tell, newest file first, as the days since when each was the insurer, oldest first.
pub(crate) fn insured(mut told: Vec<Insured>) -> Vec<Insured> {
    // Of two files of one day the newer one counts.
    told.dedup_by(|older, newer| older.since == newer.since);
    told.reverse();
    told.dedup_by(|newer, older| newer.insurer == older.insurer);
    told
}

/// A candidate in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who, by keyed hash.
    pub subject: Subject,
    /// Who, where they are in the practice's care here: the rest is read with a permit.
    pub patient: Option<PatientId>,
    /// Since when.
    pub since: Date,
    /// Where they stand, for whoever is not known here.
    pub standing: Option<Standing>,
}

/// The last one of the page before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    /// Since when.
    pub since: Date,
    /// Who.
    pub subject: Subject,
}

/// A set of rules, and whether a practice uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The set.
    pub set: RuleSet,
    /// In use.
    pub used: bool,
    /// The practice's own.
    pub own: bool,
    /// Counts its changes; 0: as shipped.
    pub revision: u32,
}

const LIST: &str = "SELECT subject, patient_id, since_on, sealed FROM extract_subject \
     WHERE organisation_id = ?1 AND since_on IS NOT NULL AND on_path = 0 AND (since_on, subject) < (?2, ?3) \
     ORDER BY since_on DESC, subject DESC LIMIT ?4";

impl Subject {
    /// As it stands in an address: 64 hexadecimal digits of a keyed hash, which tell nobody anything.
    pub fn text(&self) -> String {
        crate::seal::hex(&self.0)
    }

    /// The other way round.
    pub fn of_text(text: &str) -> Option<Self> {
        crate::seal::unhex(text).map(|bytes| Self(*bytes))
    }
}

/// Where it is sealed.
pub(crate) fn stand_place<'a>(organisation: &'a str, subject: &'a [u8; 32]) -> Place<'a> {
    Place::of("extract_subject", organisation).part(subject)
}

impl Store {
    /// Candidates of the actor's organisation, newest cause first. Of who is in its care here only that they are there; of
    /// others what is known, and that somebody looked stands in the log.
    pub async fn candidates(
        &self,
        by: &Actor,
        after: Option<After>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Candidate>> {
        let organisation = by.organisation.as_str();
        let (day, last) = match after {
            Some(After { since, subject }) => (since.to_string(), subject.0.to_vec()),
            None => ("9999-12-31".to_owned(), vec![0xFF; 33]),
        };
        let vault = self.extract_sealer().await?;
        let mut all = Vec::new();
        for mut row in self.core.db.rows(LIST, params![organisation, &day, &last, limit]).await? {
            let subject = subject_of(&mut row, 0)?;
            let patient = row.opt_text(1)?.map(|id| patient_id(&id)).transpose()?;
            let since = row.text(2)?.parse().map_err(|_| Error::Bug("a table holds what is no day"))?;
            let standing = match (&patient, row.opt_blob(3)?) {
                (None, Some(sealed)) => Some(vault.standing(organisation, &subject, sealed)?),
                _ => None,
            };
            all.push(Candidate { subject, patient, since, standing });
        }
        if all.iter().any(|c| c.standing.is_some()) {
            self.spend(Entry::by(by, now, "extract", "candidates read")).await?;
        }
        Ok(all)
    }

    /// Did any file tell something of anybody that is kept for this organisation?
    pub async fn has_subjects(&self, organisation: &OrganisationId) -> Result<bool> {
        let sql = "SELECT 1 FROM extract_subject WHERE organisation_id = ?1 LIMIT 1";
        Ok(self.core.db.row(sql, params![organisation.as_str()]).await?.is_some())
    }

    /// How many candidates an organisation has; it counts along an index of its own.
    pub async fn count_candidates(&self, organisation: &OrganisationId) -> Result<u64> {
        let sql = "SELECT count(*) FROM extract_subject WHERE organisation_id = ?1 AND since_on IS NOT NULL \
                   AND on_path = 0";
        let row = self.core.db.rows(sql, params![organisation.as_str()]).await?;
        row.first().map_or(Ok(0), |r| r.int(0)).map(|n| u64::try_from(n).unwrap_or(0))
    }

    /// Where a patient stands by the files of the actor's organisation; `None` where they are no candidate, or no more.
    pub async fn candidate(&self, permit: &Permit, now: Timestamp) -> Result<Option<Standing>> {
        permits::plan(permit)?;
        let found = self.standing_of(permit.actor().organisation.as_str(), permit.patient().as_str()).await?;
        if found.is_some() {
            self.spend(Entry::of(permit, now, "candidate")).await?;
        }
        Ok(found)
    }

    async fn standing_of(&self, organisation: &str, patient: &str) -> Result<Option<Standing>> {
        let sql = "SELECT subject, own, sealed FROM extract_subject WHERE patient_id = ?1 AND organisation_id = ?2 \
                   AND since_on IS NOT NULL AND on_path = 0";
        self.standing_by(sql, organisation, patient).await
    }

    /// With whom the permit's patient is insured, by the files of the actor's organisation, oldest first.
    pub async fn insured_by_files(&self, permit: &Permit) -> Result<Vec<Insured>> {
        permits::plan(permit)?;
        let sql = "SELECT subject, own, sealed FROM extract_subject WHERE patient_id = ?1 AND organisation_id = ?2";
        let (organisation, patient) = (permit.actor().organisation.as_str(), permit.patient().as_str());
        Ok(self.standing_by(sql, organisation, patient).await?.map_or_else(Vec::new, |s| s.insured))
    }

    async fn standing_by(&self, sql: &'static str, organisation: &str, patient: &str) -> Result<Option<Standing>> {
        let Some(mut row) = self.core.db.row(sql, params![patient, organisation]).await? else { return Ok(None) };
        let (subject, own) = (subject_of(&mut row, 0)?, row.flag(1)?);
        let Some(sealed) = row.opt_blob(2)? else { return Ok(None) };
        let keys = if own { Some(self.keys_of(patient).await?) } else { None };
        let vault = self.extract_sealer().await?;
        let json = vault.open(keys.as_deref(), stand_place(organisation, &subject.0), sealed)?;
        standing(&json).map(Some)
    }

    /// Is a patient on the path already? Asked by the program itself, and nothing of it is shown.
    pub(crate) async fn is_on_path(&self, id: &str, today: Date) -> Result<bool> {
        let db = &self.core.db;
        let Some(identity) = db.row(IDENTITY, params![id]).await? else { return Ok(true) };
        let keys = self.keys_of(id).await?;
        let steps = steps(&keys, id, db.rows(STEPS, params![id]).await?)?;
        let spoken = spoken(&keys, id, db.row(PLAN, params![id]).await?)?;
        let past = Past {
            steps: &steps,
            spoken: spoken.as_ref(),
            // As after each thing that happens (`tasks::follow`): a draft that is open tells nothing yet.
            draft_since: None,
            died_on: who(&keys, id, identity)?.died_on,
            months: months_of(db.row(MONTHS, params![id]).await?, self.review_months(), &steps)?,
        };
        Ok(is_on_path(past, today))
    }

    /// The sets of rules that an organisation may use: the shipped ones first, then its own.
    pub async fn rule_sets(&self, organisation: &OrganisationId) -> Result<Vec<Chosen>> {
        let sql = "SELECT code, revision, used, json FROM rule_set WHERE organisation_id = ?1 ORDER BY code";
        let mut all: Vec<Chosen> =
            SHIPPED.iter().map(|s| Chosen { set: s.set(), used: s.used, own: false, revision: 0 }).collect();
        for mut row in self.core.db.rows(sql, params![organisation.as_str()]).await? {
            let (code, revision, used, json) = (row.text(0)?, row.count(1)?, row.flag(2)?, row.text(3)?);
            if json.is_empty() {
                if let Some(shipped) = all.iter_mut().find(|c| !c.own && c.set.code == code) {
                    (shipped.used, shipped.revision) = (used, revision);
                }
            } else {
                let set =
                    serde_json::from_str(&json).map_err(|e| Error::Unreadable { table: "rule_set", at: e.column() })?;
                all.push(Chosen { set, used, own: true, revision });
            }
        }
        Ok(all)
    }

    /// The sets that an organisation uses.
    pub async fn rules_in_use(&self, organisation: &OrganisationId) -> Result<Vec<RuleSet>> {
        Ok(self.rule_sets(organisation).await?.into_iter().filter(|c| c.used).map(|c| c.set).collect())
    }

    /// Keeps a set of the actor's organisation, or whether it uses one; `chosen.revision` is the one that whoever writes had
    /// read. `false`: somebody changed it meanwhile, and nothing was written.
    pub async fn write_rule_set(&self, by: &Actor, chosen: &Chosen, now: Timestamp) -> Result<bool> {
        let json = if chosen.own {
            serde_json::to_string(&chosen.set).map_err(|_| Error::Bug("rules do not serialise"))?
        } else {
            String::new()
        };
        let (organisation, code) = (by.organisation.as_str(), chosen.set.code.as_str());
        let statement = if chosen.revision == 0 {
            let sql = "INSERT INTO rule_set (organisation_id, code, revision, used, json) VALUES (?1, ?2, 1, ?3, ?4) \
                       ON CONFLICT DO NOTHING";
            Statement::new(sql, params![organisation, code, chosen.used, &json])
        } else {
            let sql = "UPDATE rule_set SET revision = ?5 + 1, used = ?3, json = ?4 \
                       WHERE organisation_id = ?1 AND code = ?2 AND revision = ?5";
            Statement::new(sql, params![organisation, code, chosen.used, &json, chosen.revision])
        };
        let said = format!("rules {code}: {}", if chosen.used { "in use" } else { "not in use" });
        Ok(self.core.db.write(statement.logged(Entry::by(by, now, "extract", said))).await? > 0)
    }

    /// When the list of an organisation was last looked at.
    pub async fn candidates_checked(&self, organisation: &OrganisationId) -> Result<Option<Date>> {
        let sql = "SELECT checked_on FROM candidate_check WHERE organisation_id = ?1";
        let row = self.core.db.row(sql, params![organisation.as_str()]).await?;
        let day = |mut r: Row| r.text(0)?.parse().map_err(|_| Error::Bug("a table holds what is no day"));
        row.map(day).transpose()
    }

    /// The list was looked at.
    pub async fn check_candidates(&self, by: &Actor, on: Date, now: Timestamp) -> Result<()> {
        let sql = "INSERT INTO candidate_check (organisation_id, checked_on) VALUES (?1, ?2) \
                   ON CONFLICT (organisation_id) DO UPDATE SET checked_on = excluded.checked_on";
        let statement = Statement::new(sql, params![by.organisation.as_str(), &on.to_string()]);
        let entry = Entry::by(by, now, "extract", "list of candidates looked at");
        self.core.db.write(statement.logged(entry)).await.map(|_| ())
    }
}

pub(crate) fn standing(json: &[u8]) -> Result<Standing> {
    serde_json::from_slice(json).map_err(|e| Error::Unreadable { table: "extract_subject", at: e.column() })
}
