//! Who cares for whom: the care team of a patient, the caseload of an organisation.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::{PatientRecord, patient_id};
use crate::seal::{PatientKeys, Place};
use crate::sharing::lock_patient;
use crate::tasks::follow::hand_over;
use crate::value::{micros, params};
use crate::{Error, Result, Store, leads, permits};
use domain::access::{Action, Actor, Permit, Relation, Who};
use domain::ident::{OrganisationId, PatientId, PersonId};
use domain::role::Role;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A member of a care team.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member {
    /// An organisation, with all who act for it.
    Organisation(OrganisationId),
    /// One person, whatever organisation they act for.
    Person(PersonId),
}

/// What is said of a membership; sealed under the patient's key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// In which role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// On whose word: the patient's, the representative's, a colleague's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub word: String,
    /// Who entered it: `person:{id}`, `client:{id}` or `program`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub by: String,
    /// Why it ended, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_because: Option<String>,
}

/// A membership and its period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub member: Member,
    /// What is said of it.
    pub about: About,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive; absent: still.
    pub until: Option<Timestamp>,
}

/// Patients looked at in one go while filtering a caseload.
const PAGE: usize = 200;

const OPEN: &str = "SELECT 1 FROM team WHERE patient_id = ?1 AND member = ?2 AND until_at IS NULL";
const JOIN: &str = "INSERT INTO team (patient_id, member, from_at, about) VALUES (?1, ?2, ?3, ?4) \
                    ON CONFLICT (patient_id, member, from_at) DO UPDATE SET until_at = NULL, about = excluded.about";
const SAY: &str = "UPDATE team SET about = ?3 WHERE patient_id = ?1 AND member = ?2 AND until_at IS NULL";
const LEAVE: &str = "UPDATE team SET until_at = ?3 WHERE patient_id = ?1 AND member = ?2 AND until_at IS NULL";

impl Member {
    /// As it stands in the table, and in forms.
    pub fn code(&self) -> String {
        match self {
            Self::Organisation(id) => ["organisation:", id.as_str()].concat(),
            Self::Person(id) => ["person:", id.as_str()].concat(),
        }
    }

    /// The member with this code.
    ///
    /// # Errors
    /// [`Error::Bug`] where it is none.
    pub fn of_code(code: &str) -> Result<Self> {
        let unknown = Error::Bug("a table holds what is no member");
        let parsed = match code.split_once(':') {
            Some(("organisation", id)) => OrganisationId::parse(id).map(Self::Organisation),
            Some(("person", id)) => PersonId::parse(id).map(Self::Person),
            _ => return Err(unknown),
        };
        parsed.map_err(|_| unknown)
    }
}

/// The two ways in which an actor may be in a team; the second is empty for who is no person.
pub(crate) fn member_codes(actor: &Actor) -> (String, String) {
    let person = match &actor.who {
        Who::Person(id) => ["person:", id.as_str()].concat(),
        Who::Client(..) | Who::Program => String::new(),
    };
    (["organisation:", actor.organisation.as_str()].concat(), person)
}

fn place<'a>(id: &'a str, member: &'a str) -> Place<'a> {
    Place::of("team", id).part(member.as_bytes())
}

fn open_about(keys: &PatientKeys, id: &str, member: &str, sealed: Option<Vec<u8>>) -> Result<About> {
    sealed.map_or(Ok(About::default()), |sealed| keys.open_json(place(id, member), sealed))
}

/// Members that leave and join at one moment.
struct ChangeTeam {
    id: String,
    leave: Option<String>,
    /// What is said of the membership that ends, where something is.
    farewell: Option<Vec<u8>>,
    join: Option<String>,
    /// What is said of the membership that begins.
    about: Option<Vec<u8>>,
    /// Whether leaving must find somebody.
    must_leave: bool,
    entry: Entry,
}

impl Store {
    /// Joins the care team from `now`. Who is in it already stays, with what is said of it now.
    pub async fn add_to_team(&self, permit: &Permit, member: &Member, about: &About, now: Timestamp) -> Result<()> {
        permits::exactly(permit, Action::ManageTeam)?;
        let entry = Entry::of(permit, now, format!("team: joins {}", member.code()));
        let id = permit.patient().as_str().to_owned();
        let about = About { by: entry.actor.clone(), ..about.clone() };
        let about = Some(self.keys(permit.patient()).await?.seal_json(place(&id, &member.code()), &about)?);
        let join = Some(member.code());
        let job = ChangeTeam { id, leave: None, farewell: None, join, about, must_leave: false, entry };
        self.core.db.write(job).await.map(|_| ())
    }

    /// Leaves the care team at `now`, with a reason where there is one; `false` where the member was not in it.
    pub async fn leave_team(
        &self,
        permit: &Permit,
        member: &Member,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<bool> {
        permits::exactly(permit, Action::ManageTeam)?;
        let entry = Entry::of(permit, now, format!("team: leaves {}", member.code()));
        let id = permit.patient().as_str().to_owned();
        let mut farewell = None;
        if let Some(reason) = reason {
            let keys = self.keys(permit.patient()).await?;
            let sql = "SELECT about FROM team WHERE patient_id = ?1 AND member = ?2 AND until_at IS NULL";
            let code = member.code();
            let said = self.core.db.row(sql, params![&id, &code]).await?;
            let mut about = said.map_or(Ok(About::default()), |mut r| open_about(&keys, &id, &code, r.opt_blob(0)?))?;
            about.ended_because = Some(reason.to_owned());
            farewell = Some(keys.seal_json(place(&id, &code), &about)?);
        }
        let leave = Some(member.code());
        let job = ChangeTeam { id, leave, farewell, join: None, about: None, must_leave: false, entry };
        self.core.db.write(job).await
    }

    /// The care team, past memberships included, in order of joining.
    pub async fn team(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Membership>> {
        permits::identity(permit)?;
        let sql = "SELECT member, from_at, until_at, about FROM team WHERE patient_id = ?1 ORDER BY from_at, member";
        let id = permit.patient().as_str();
        let rows = self.core.db.rows(sql, params![id]).await?;
        let keys = self.keys(permit.patient()).await?;
        let mut team = Vec::with_capacity(rows.len());
        for mut row in rows {
            let code = row.text(0)?;
            team.push(Membership {
                member: Member::of_code(&code)?,
                about: open_about(&keys, id, &code, row.opt_blob(3)?)?,
                from: row.time(1)?,
                until: row.opt_time(2)?,
            });
        }
        self.spend(Entry::of(permit, now, "team")).await?;
        Ok(team)
    }

    /// Organisations that delivered or registered, and since when (decision 50).
    pub async fn deliverers(&self, permit: &Permit, now: Timestamp) -> Result<Vec<(OrganisationId, Timestamp)>> {
        permits::identity(permit)?;
        let sql = "SELECT organisation_id, at FROM delivered WHERE patient_id = ?1 ORDER BY at";
        let rows = self.core.db.rows(sql, params![permit.patient().as_str()]).await?;
        let mut all = Vec::with_capacity(rows.len());
        for mut row in rows {
            let id = OrganisationId::parse(&row.text(0)?).map_err(|_| Error::Bug("a table holds what is no id"))?;
            all.push((id, row.time(1)?));
        }
        self.spend(Entry::of(permit, now, "team")).await?;
        Ok(all)
    }

    /// Moves a patient to another practice: `from` leaves the team, `to` joins it, with a reason for the log.
    ///
    /// # Errors
    /// [`Error::Missing`] where `from` is not in the team.
    pub async fn move_practice(
        &self,
        permit: &Permit,
        from: &OrganisationId,
        to: &OrganisationId,
        reason: &str,
        now: Timestamp,
    ) -> Result<()> {
        permits::exactly(permit, Action::CorrectPatient)?;
        self.identity(permit.patient()).await?.ok_or(Error::NoPatient)?;
        let keys = self.keys(permit.patient()).await?;
        let id = permit.patient().as_str();
        let mut entry = Entry::of(permit, now, format!("practice: from {from} to {to}"));
        entry.detail = Some(keys.seal(Place::of("log.detail", id), reason.as_bytes())?);
        let leave = Some(Member::Organisation(from.clone()).code());
        let join = Some(Member::Organisation(to.clone()).code());
        let job = ChangeTeam { id: id.to_owned(), leave, farewell: None, join, about: None, must_leave: true, entry };
        self.core.db.write(job).await.map(|_| ())
    }

    /// Patients in whose team the actor's organisation or person is now, by id; `after` is the last id of the page
    /// before.
    pub async fn caseload(
        &self,
        actor: &Actor,
        after: Option<&PatientId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<PatientId>> {
        let sql = "SELECT DISTINCT t.patient_id FROM team t JOIN patient p ON p.patient_id = t.patient_id \
             WHERE t.member IN (?1, ?2) AND t.from_at <= ?3 AND (t.until_at IS NULL OR t.until_at > ?3) \
             AND t.patient_id > ?4 AND p.merged_into IS NULL ORDER BY t.patient_id LIMIT ?5";
        let (organisation, person) = member_codes(actor);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let params = params![&organisation, &person, micros(now), after.map_or("", PatientId::as_str), limit];
        let rows = self.core.db.many_rows(sql, params).await?;
        rows.into_iter().map(|mut r| patient_id(&r.text(0)?)).collect()
    }

    /// The caseload with names: those for whom `permit` gives a permit and that `keep` wants, by id, up to `limit`.
    /// Only what is given is logged. This is also the search by name alone (decision 74).
    pub async fn caseload_names(
        &self,
        actor: &Actor,
        after: Option<&PatientId>,
        limit: usize,
        now: Timestamp,
        permit: impl Fn(&PatientId, Relation) -> Option<Permit> + Send,
        keep: impl Fn(&PatientRecord) -> bool + Send,
    ) -> Result<Vec<PatientRecord>> {
        let mut found = Vec::new();
        let mut last = after.cloned();
        loop {
            let page = self.caseload(actor, last.as_ref(), PAGE, now).await?;
            for id in &page {
                if found.len() == limit {
                    return Ok(found);
                }
                let Some(relation) = self.relation(id, actor, now).await? else { continue };
                let Some(permit) = permit(id, relation).filter(|p| p.patient() == id) else { continue };
                permits::identity(&permit)?;
                let Some(record) = self.identity(id).await?.filter(&keep) else { continue };
                self.spend(Entry::of(&permit, now, "caseload")).await?;
                found.push(record);
            }
            if page.len() < PAGE {
                return Ok(found);
            }
            last = page.into_iter().next_back();
            // On SQLite nothing above waits: others get their turn here.
            tokio::task::yield_now().await;
        }
    }
}

impl Job for ChangeTeam {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let (id, at) = (&self.id, self.entry.at);
        lock_patient(tx, id).await?;
        let mut changed = false;
        if let Some(member) = &self.leave {
            if let Some(said) = &self.farewell {
                tx.execute(SAY, params![id, member, said]).await?;
            }
            changed |= tx.execute(LEAVE, params![id, member, at]).await? > 0;
            leads::end_of(tx, id, member, at).await?;
            if self.must_leave && !changed {
                return Err(Error::Missing("membership of the team"));
            }
        }
        if let Some(member) = &self.join {
            if tx.row(OPEN, params![id, member]).await?.is_none() {
                changed |= tx.execute(JOIN, params![id, member, at, self.about.as_deref()]).await? > 0;
            } else if let Some(about) = &self.about {
                changed |= tx.execute(SAY, params![id, member, about]).await? > 0;
            }
        }
        if let Some(member) = self.leave.as_ref().filter(|_| changed) {
            hand_over(tx, id, member, at).await?;
        }
        leads::tell_team(tx, id).await?;
        if changed {
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(changed)
    }
}
