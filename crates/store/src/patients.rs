//! Patients: registering, finding, correcting, merging.

pub(crate) mod correct;
mod merge;
pub(crate) mod register;

use crate::log::row::Entry;
use crate::seal::{PatientKeys, Place, SearchKeys};
use crate::team::member_codes;
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store, permits, sharing};
use domain::access::{Actor, Own, Permit, Relation, Who};
use domain::ident::{Bsn, OrganisationId, PatientId};
use domain::organisation::OrganisationKind;
use domain::patient::Patient;
use domain::role::Role;
use jiff::{Timestamp, civil::Date};

/// A patient's identity as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct PatientRecord {
    /// Id.
    pub id: PatientId,
    /// Counts up with each correction, from 1.
    pub revision: u32,
    /// When it last changed.
    pub changed_at: Timestamp,
    /// The record this one was merged into; nothing is written here any more.
    pub merged_into: Option<PatientId>,
    /// Who it is.
    pub patient: Patient,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// Done.
    New,
    /// This BSN belongs to this patient already; nothing was written.
    Double(PatientId),
}

/// What became of a correction.
#[derive(Debug, Clone, PartialEq)]
pub enum Corrected {
    /// Done; the new revision.
    Done(u32),
    /// Somebody corrected it meanwhile: the record as it stands; nothing was written.
    Stale(Box<PatientRecord>),
    /// The new BSN belongs to this other patient; nothing was written.
    Double(PatientId),
}

/// How often something is tried again because a key was replaced meanwhile.
pub(crate) const KEY_TRIES: u32 = 4;

const FIND_BY_BSN: &str = "SELECT m.number, (SELECT b.patient_id FROM patient_bsn b WHERE b.hash = ?1), \
     (SELECT b.patient_id FROM patient_bsn b WHERE b.hash = ?2) FROM meta m WHERE m.name = 'search_generation'";
const FIND_BY_NAME: &str = "SELECT DISTINCT m.number, n.patient_id FROM meta m \
     LEFT JOIN patient_name n ON n.hash IN (?1, ?2) WHERE m.name = 'search_generation' ORDER BY n.patient_id";

/// A patient's row without its plan.
const IDENTITY: &str = "SELECT revision, changed_at, merged_into, identity FROM patient WHERE patient_id = ?1";

/// What ties a system to a patient: by its organisation alone.
const OF_SYSTEM: &str = "SELECT p.sharing, \
     EXISTS (SELECT 1 FROM team t WHERE t.patient_id = p.patient_id AND t.member = ?2 \
       AND t.from_at <= ?3 AND (t.until_at IS NULL OR t.until_at > ?3)), \
     EXISTS (SELECT 1 FROM delivered d WHERE d.patient_id = p.patient_id AND d.organisation_id = ?4) \
     FROM patient p WHERE p.patient_id = ?1";

/// The same for a person, who may be in a team without the organisation. Two lookups rather than `IN`, for which SQLite
/// builds a table of its own each time.
const OF_PERSON: &str = "SELECT p.sharing, \
     EXISTS (SELECT 1 FROM team t WHERE t.patient_id = p.patient_id AND t.member = ?2 \
       AND t.from_at <= ?3 AND (t.until_at IS NULL OR t.until_at > ?3)) \
     OR EXISTS (SELECT 1 FROM team t WHERE t.patient_id = p.patient_id AND t.member = ?5 \
       AND t.from_at <= ?3 AND (t.until_at IS NULL OR t.until_at > ?3)), \
     EXISTS (SELECT 1 FROM delivered d WHERE d.patient_id = p.patient_id AND d.organisation_id = ?4) \
     FROM patient p WHERE p.patient_id = ?1";

impl Store {
    /// The patient with this BSN. Log the search with [`Store::event`].
    pub async fn find_by_bsn(&self, bsn: &Bsn) -> Result<Option<PatientId>> {
        let mut found = self.find(FIND_BY_BSN, |keys| keys.bsn(bsn)).await?;
        let Some(row) = found.first_mut() else { return Ok(None) };
        let (new, old) = (row.opt_text(1)?, row.opt_text(2)?);
        new.or(old).map(|id| patient_id(&id)).transpose()
    }

    /// Patients born on this day with this family name, own or partner's, as [`domain::patient::normalise_family`]
    /// writes it (decision 74), in order of id.
    pub async fn find_by_name(&self, born: Date, family: &str) -> Result<Vec<PatientId>> {
        let born = born.to_string();
        let found = self.find(FIND_BY_NAME, |keys| keys.name(&born, family)).await?;
        let id = |mut r: Row| r.opt_text(1).transpose().map(|id| patient_id(&id?));
        found.into_iter().filter_map(id).collect()
    }

    /// The same for a name as somebody types it: two names with a hyphen or a blank between them are those of one patient.
    pub async fn find_by_typed_name(&self, born: Date, typed: &str) -> Result<Vec<PatientId>> {
        let mut found = Vec::new();
        for names in domain::patient::typed_family(typed) {
            let mut all: Option<Vec<PatientId>> = None;
            for name in &names {
                let of = self.find_by_name(born, name).await?;
                all = Some(match all {
                    Some(before) => before.into_iter().filter(|id| of.contains(id)).collect(),
                    None => of,
                });
            }
            found.extend(all.unwrap_or_default());
        }
        found.sort();
        found.dedup();
        Ok(found)
    }

    /// Searches by the hash under the key in use and the one before, in one statement; where another instance has put a
    /// newer key to use, that is loaded first. Rows begin with the number of the key.
    async fn find(&self, sql: &'static str, hash: impl Fn(&SearchKeys) -> [[u8; 32]; 2]) -> Result<Vec<Row>> {
        for _ in 0..KEY_TRIES {
            let keys = self.core.search();
            let [new, old] = hash(&keys);
            let found = self.core.db.rows(sql, params![&new, &old]).await?;
            if found.first().map(|r| r.int(0)).transpose()? == Some(keys.generation) {
                return Ok(found);
            }
            self.refresh_keys().await?;
        }
        Err(Error::KeysChanged)
    }

    /// What ties this actor to this patient now; `None`: no such patient. One keyed read, and for a person who may
    /// have other ways in than the team a second.
    pub async fn relation(&self, patient: &PatientId, actor: &Actor, now: Timestamp) -> Result<Option<Relation>> {
        let (organisation, person) = member_codes(actor);
        let (id, now_at) = (patient.as_str(), micros(now));
        let organisation_id = actor.organisation.as_str();
        let row = if person.is_empty() {
            self.core.db.row(OF_SYSTEM, params![id, &organisation, now_at, organisation_id]).await?
        } else {
            self.core.db.row(OF_PERSON, params![id, &organisation, now_at, organisation_id, &person]).await?
        };
        let Some(mut row) = row else { return Ok(None) };
        let keys = self.keys(patient).await?;
        let consent = sharing::open(&keys, id, row.blob(0)?)?;
        // Few patients say something by kind; only then the kind matters.
        let kind = if consent.kinds.is_empty() { None } else { self.kind_of(&actor.organisation).await? };
        let (sharing, level) = consent.towards(&actor.organisation, kind);
        let mut relation =
            Relation { team: row.flag(1)?, delivered: row.flag(2)?, sharing, level, glass: false, own: None };
        let is_own = actor.role.and_then(Own::of_role).is_some();
        if (!relation.team || is_own) && matches!(actor.who, Who::Person(_)) {
            self.other_ways(patient, actor, now, &mut relation).await?;
        }
        Ok(Some(relation))
    }

    async fn kind_of(&self, organisation: &OrganisationId) -> Result<Option<OrganisationKind>> {
        let sql = "SELECT kind FROM organisation WHERE organisation_id = ?1";
        let row = self.core.db.row(sql, params![organisation.as_str()]).await?;
        Ok(row.map(|mut r| r.text(0)).transpose()?.and_then(|code| OrganisationKind::of_code(&code)))
    }

    /// A broken glass, or an account of the patient's own. A privacy officer sees the glasses of the whole organisation.
    async fn other_ways(&self, patient: &PatientId, actor: &Actor, now: Timestamp, into: &mut Relation) -> Result<()> {
        let Who::Person(person) = &actor.who else { return Ok(()) };
        let officer = actor.role == Some(Role::PrivacyOfficer);
        let sql = "SELECT \
             EXISTS (SELECT 1 FROM glass g WHERE g.patient_id = ?1 AND \
               (g.person_id = ?2 AND g.until_at > ?3 OR ?5 = 1 AND g.organisation_id = ?4)), \
             (SELECT a.own FROM own_account a WHERE a.person_id = ?2 AND a.patient_id = ?1 AND a.from_at <= ?3 \
               AND (a.until_at IS NULL OR a.until_at > ?3))";
        let organisation = actor.organisation.as_str();
        let params = params![patient.as_str(), person.as_str(), micros(now), organisation, i64::from(officer)];
        if let Some(mut row) = self.core.db.row(sql, params).await? {
            into.glass = row.flag(0)?;
            into.own = row.opt_text(1)?.and_then(|code| Own::of_code(&code));
        }
        Ok(())
    }

    /// Who the patient is. `None`: no such patient.
    pub async fn read_patient(
        &self,
        permit: &Permit,
        now: Timestamp,
        what: &'static str,
    ) -> Result<Option<PatientRecord>> {
        permits::identity(permit)?;
        let Some(record) = self.identity(permit.patient()).await? else { return Ok(None) };
        self.spend(Entry::of(permit, now, what)).await?;
        Ok(Some(record))
    }

    /// Identities before the current one, oldest first.
    pub async fn earlier_identities(&self, permit: &Permit, now: Timestamp) -> Result<Vec<PatientRecord>> {
        permits::identity(permit)?;
        let id = permit.patient();
        let sql =
            "SELECT revision, changed_at, NULL, identity FROM patient_past WHERE patient_id = ?1 ORDER BY revision";
        let rows = self.core.db.rows(sql, params![id.as_str()]).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let keys = self.keys(id).await?;
        let records = rows.into_iter().map(|r| open_identity(&keys, id, r)).collect::<Result<_>>()?;
        self.spend(Entry::of(permit, now, "earlier identities")).await?;
        Ok(records)
    }

    /// The identity, not logged: for who logs it or shows nothing of it.
    pub(crate) async fn identity(&self, id: &PatientId) -> Result<Option<PatientRecord>> {
        let Some(row) = self.core.db.row(IDENTITY, params![id.as_str()]).await? else { return Ok(None) };
        let keys = self.keys(id).await?;
        open_identity(&keys, id, row).map(Some)
    }
}

/// Where an identity is sealed.
pub(crate) fn identity_place(id: &PatientId, revision: u32) -> Place<'_> {
    Place::of("patient.identity", id.as_str()).number(revision)
}

/// A record from revision, time, alias and sealed identity.
fn open_identity(keys: &PatientKeys, id: &PatientId, mut row: Row) -> Result<PatientRecord> {
    let revision = row.count(0)?;
    Ok(PatientRecord {
        id: id.clone(),
        revision,
        changed_at: row.time(1)?,
        merged_into: row.opt_text(2)?.map(|t| patient_id(&t)).transpose()?,
        patient: keys.open_json(identity_place(id, revision), row.blob(3)?)?,
    })
}

/// An id as it stands in a table.
pub(crate) fn patient_id(text: &str) -> Result<PatientId> {
    PatientId::parse(text).map_err(|_| Error::Bug("a table holds what is no patient's id"))
}
