//! Who cares for whom: the care team of a patient, the caseload of an organisation.

use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::patients::{PatientRecord, patient_id};
use crate::seal::Place;
use crate::sharing::lock_patient;
use crate::value::{micros, params};
use crate::{Error, Result, Store, permits};
use domain::access::{Action, Actor, Permit, Relation, Who};
use domain::ident::{OrganisationId, PatientId, PersonId};
use jiff::Timestamp;

/// A member of a care team.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Member {
    /// An organisation, with all who act for it.
    Organisation(OrganisationId),
    /// One person, whatever organisation they act for.
    Person(PersonId),
}

/// A membership and its period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Who.
    pub member: Member,
    /// From.
    pub from: Timestamp,
    /// Until, exclusive; absent: still.
    pub until: Option<Timestamp>,
}

/// Patients looked at in one go while filtering a caseload.
const PAGE: usize = 200;

const OPEN: &str = "SELECT 1 FROM team WHERE patient_id = ?1 AND member = ?2 AND until_at IS NULL";
const JOIN: &str = "INSERT INTO team (patient_id, member, from_at) VALUES (?1, ?2, ?3) \
                    ON CONFLICT (patient_id, member, from_at) DO UPDATE SET until_at = NULL";
const LEAVE: &str = "UPDATE team SET until_at = ?3 WHERE patient_id = ?1 AND member = ?2 AND until_at IS NULL";

impl Member {
    /// As it stands in the table.
    pub(crate) fn code(&self) -> String {
        match self {
            Self::Organisation(id) => ["organisation:", id.as_str()].concat(),
            Self::Person(id) => ["person:", id.as_str()].concat(),
        }
    }

    fn of_code(code: &str) -> Result<Self> {
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
        Who::Client(_) | Who::Program => String::new(),
    };
    (["organisation:", actor.organisation.as_str()].concat(), person)
}

/// Members that leave and join at one moment.
struct ChangeTeam {
    id: String,
    leave: Option<String>,
    join: Option<String>,
    /// Whether leaving must find somebody.
    must_leave: bool,
    entry: Entry,
}

impl Store {
    /// Joins the care team from `now`; nothing changes where the member is in it.
    pub async fn add_to_team(&self, permit: &Permit, member: &Member, now: Timestamp) -> Result<()> {
        permits::change(permit)?;
        let entry = Entry::of(permit, now, format!("team: joins {}", member.code()));
        let (leave, join) = (None, Some(member.code()));
        let id = permit.patient().as_str().to_owned();
        self.core.db.write(ChangeTeam { id, leave, join, must_leave: false, entry }).await.map(|_| ())
    }

    /// Leaves the care team at `now`; `false` where the member was not in it.
    pub async fn leave_team(&self, permit: &Permit, member: &Member, now: Timestamp) -> Result<bool> {
        permits::change(permit)?;
        let entry = Entry::of(permit, now, format!("team: leaves {}", member.code()));
        let (leave, join) = (Some(member.code()), None);
        let id = permit.patient().as_str().to_owned();
        self.core.db.write(ChangeTeam { id, leave, join, must_leave: false, entry }).await
    }

    /// The care team, past memberships included, in order of joining.
    pub async fn team(&self, permit: &Permit, now: Timestamp) -> Result<Vec<Membership>> {
        permits::identity(permit)?;
        let sql = "SELECT member, from_at, until_at FROM team WHERE patient_id = ?1 ORDER BY from_at, member";
        let rows = self.core.db.rows(sql, params![permit.patient().as_str()]).await?;
        let mut team = Vec::with_capacity(rows.len());
        for mut row in rows {
            team.push(Membership {
                member: Member::of_code(&row.text(0)?)?,
                from: row.time(1)?,
                until: row.opt_time(2)?,
            });
        }
        self.spend(Entry::of(permit, now, "team")).await?;
        Ok(team)
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
        self.core.db.write(ChangeTeam { id: id.to_owned(), leave, join, must_leave: true, entry }).await.map(|_| ())
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
            changed |= tx.execute(LEAVE, params![id, member, at]).await? > 0;
            if self.must_leave && !changed {
                return Err(Error::Missing("membership of the team"));
            }
        }
        if let Some(member) = &self.join
            && tx.row(OPEN, params![id, member]).await?.is_none()
        {
            changed |= tx.execute(JOIN, params![id, member, at]).await? > 0;
        }
        if changed {
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(changed)
    }
}
