//! Whom files tell something of: their keyed hash, how what is told is sealed, and where they stand by all files together,
//! worked out anew after each file.

use super::{Run, go_on};
use crate::candidates::{self as candidates_kept, Insured, Standing, stand_place};
use crate::job::{Job, Tx};
use crate::organisations::organisation_id;
use crate::seal::aead::{self, Key};
use crate::seal::{PatientKeys, Place};
use crate::value::{Row, micros, params};
use crate::{Error, Result, Store};
use domain::candidates::{self, RuleSet};
use domain::date::local_day;
use domain::extract::{Born, Fact, a20_since, united};
use domain::ident::{Bsn, OrganisationId, Uzovi};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Whom rows are about, as a file says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Who {
    /// The number by which own patients are known. Not kept.
    pub bsn: Option<Bsn>,
    /// Number in the HIS.
    pub number: Option<String>,
    /// Birth date or year.
    pub born: Option<Born>,
    /// The number and the birth date mean whom they meant beside a BSN.
    pub linked: bool,
}

/// A keyed hash that stands for a patient of a practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject(pub(crate) [u8; 32]);

/// What a file tells of somebody. Sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// Birth date or year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<Born>,
    /// Number in the HIS: by it the practice knows who it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// With whom they are insured, by the last row that says so; kept of who is a patient here, for claims.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insurer: Option<Uzovi>,
    /// Row of the file that came first.
    pub line: u64,
    /// What rules ask for.
    pub facts: Vec<Fact>,
}

/// Seals under the key of the installation, or under a patient's.
pub(crate) struct Sealer(Key);

/// Organisation, subject, file and part: where a fact stands.
type At<'a> = (&'a str, &'a Subject, &'a str, u32);

fn fact_part((_, subject, extract, _): At<'_>) -> Vec<u8> {
    [subject.0.as_slice(), extract.as_bytes()].concat()
}

impl Sealer {
    pub fn seal_told(&self, keys: Option<&PatientKeys>, at: At<'_>, told: &Told) -> Result<Vec<u8>> {
        let json = serde_json::to_vec(told).map_err(|_| Error::Bug("what a file tells does not serialise"))?;
        let part = fact_part(at);
        self.seal(keys, Place::of("extract_fact", at.0).number(at.3).part(&part), &json)
    }

    fn open_told(&self, keys: Option<&PatientKeys>, at: At<'_>, sealed: Vec<u8>) -> Result<Told> {
        let part = fact_part(at);
        let json = self.open(keys, Place::of("extract_fact", at.0).number(at.3).part(&part), sealed)?;
        serde_json::from_slice(&json).map_err(|e| Error::Unreadable { table: "extract_fact", at: e.column() })
    }

    pub fn seal(&self, keys: Option<&PatientKeys>, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>> {
        match keys {
            Some(keys) => keys.seal(place, plain),
            None => aead::seal(&self.0, place, plain),
        }
    }

    pub fn open(&self, keys: Option<&PatientKeys>, place: Place<'_>, sealed: Vec<u8>) -> Result<Vec<u8>> {
        match keys {
            Some(keys) => keys.open(place, sealed),
            None => aead::open(std::slice::from_ref(&self.0), place, sealed),
        }
    }

    /// Where somebody stands who is not known here.
    pub fn standing(&self, organisation: &str, subject: &Subject, sealed: Vec<u8>) -> Result<Standing> {
        let json = self.open(None, stand_place(organisation, &subject.0), sealed)?;
        candidates_kept::standing(&json)
    }
}

const FACTS: &str = "SELECT f.extract_id, f.part, f.patient_id, f.own, f.sealed, e.made_at FROM extract_fact f \
     JOIN extract e ON e.extract_id = f.extract_id WHERE f.organisation_id = ?1 AND f.subject = ?2 \
     AND e.state IN ('running', 'done') ORDER BY e.made_at DESC, f.extract_id, f.part";
pub(super) const OF_EXTRACT: &str = "SELECT DISTINCT organisation_id, subject FROM extract_fact WHERE extract_id = ?1 \
     AND subject > ?2 ORDER BY subject LIMIT ?3";
const OF_PRACTICE: &str = "SELECT organisation_id, subject FROM extract_subject WHERE organisation_id = ?1 \
     AND subject > ?2 ORDER BY subject LIMIT ?3";
/// Subjects worked out at once.
pub(super) const STEP: i64 = 300;

/// Sets of rules in use by practice, read once.
pub(super) type Rules = HashMap<String, Vec<RuleSet>>;

/// Which file is looked at while it is worked out where somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside<'a> {
    /// None.
    All,
    /// What is new in this one is counted.
    Of(&'a str),
    /// As if this one had told nothing.
    Without(&'a str),
}

/// How somebody stands now, to be written.
pub(super) struct Stand {
    pub organisation: String,
    pub subject: Subject,
    /// Nothing is known of them any more.
    gone: bool,
    /// Patients who are in the practice's care no more: what files told of them goes.
    ended: Vec<String>,
    patient: Option<String>,
    a20_on: Option<String>,
    since_on: Option<String>,
    on_path: bool,
    sealed: Vec<u8>,
}

struct StandAll {
    stands: Vec<Stand>,
    /// The file at work, and when.
    run: Option<(Run, i64)>,
}

/// What became of working them out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worked {
    /// Patients.
    pub patients: u64,
    /// Of these, in the practice's care here.
    pub own: u64,
    /// Facts of this file that no other told.
    pub new: u64,
    /// Facts of this file that another told too.
    pub known: u64,
}

impl Store {
    pub(crate) async fn extract_sealer(&self) -> Result<Sealer> {
        Ok(Sealer(Key { id: 1, bytes: self.secret("extract").await? }))
    }

    /// By which a patient of a practice is known: the BSN where there is one, else number and birth date.
    pub fn subject(&self, organisation: &OrganisationId, who: &Who) -> Subject {
        match &who.bsn {
            Some(bsn) => self.subject_of_bsn(organisation.as_str(), bsn),
            None => Subject(self.by_number(organisation, who, b"number")),
        }
    }

    pub(crate) fn subject_of_bsn(&self, organisation: &str, bsn: &Bsn) -> Subject {
        Subject(self.core.hashes.extract.of(&[b"bsn", organisation.as_bytes(), bsn.as_str().as_bytes()]))
    }

    /// By which a number with a birth date is known again, where there are both.
    pub(super) fn alias(&self, organisation: &OrganisationId, who: &Who) -> Option<[u8; 32]> {
        (who.linked && who.number.is_some() && who.born.is_some()).then(|| self.by_number(organisation, who, b"alias"))
    }

    fn by_number(&self, organisation: &OrganisationId, who: &Who, purpose: &[u8]) -> [u8; 32] {
        // These texts stay as they are: by their hash whoever came earlier is known again.
        let born = who.born.map_or_else(String::new, |born| match born {
            Born::Day(day) => format!("Day({day})"),
            Born::Year(year) => format!("Year({year})"),
        });
        let number = who.number.as_deref().unwrap_or_default();
        let parts: [&[u8]; 4] = [purpose, organisation.as_str().as_bytes(), number.as_bytes(), born.as_bytes()];
        self.core.hashes.extract.of(&parts)
    }

    /// Works out where all stand whom a file tells something of; `clock` tells the time as it goes on.
    ///
    /// # Errors
    /// [`Error::Missing`] where the file was taken back meanwhile, or somebody began anew.
    pub async fn work_out_extract(&self, run: &Run, clock: &(dyn Fn() -> Timestamp + Sync)) -> Result<Worked> {
        self.work_out(OF_EXTRACT, run.id.as_str(), Some(run), clock).await
    }

    /// The same for all of a practice: after its rules changed, or time went on.
    pub async fn work_out_practice(&self, organisation: &OrganisationId, now: Timestamp) -> Result<Worked> {
        self.work_out(OF_PRACTICE, organisation.as_str(), None, &|| now).await
    }

    async fn work_out(
        &self,
        page: &'static str,
        of: &str,
        run: Option<&Run>,
        clock: &(dyn Fn() -> Timestamp + Sync),
    ) -> Result<Worked> {
        let vault = self.extract_sealer().await?;
        let beside = run.map_or(Beside::All, |run| Beside::Of(run.id.as_str()));
        let (mut worked, mut after, mut rules) = (Worked::default(), Vec::new(), Rules::new());
        loop {
            let now = clock();
            let rows = self.core.db.many_rows(page, params![of, &after, STEP]).await?;
            let mut stands = Vec::with_capacity(rows.len());
            for mut row in rows {
                let (organisation, subject) = (row.text(0)?, Subject(row.digest(1)?));
                after = subject.0.to_vec();
                let sets = self.rules_of(&mut rules, &organisation).await?;
                let (stand, of_file) = self.stand(&vault, &organisation, subject, beside, sets, now).await?;
                if !stand.gone {
                    worked.patients += 1;
                    worked.own += u64::from(stand.patient.is_some());
                }
                worked.new += of_file.0;
                worked.known += of_file.1;
                stands.push(stand);
            }
            if stands.is_empty() {
                return Ok(worked);
            }
            let run = run.map(|run| (run.clone(), micros(now)));
            self.core.db.write(StandAll { stands, run }).await?;
        }
    }

    /// The sets that a practice uses.
    pub(super) async fn rules_of<'r>(&self, known: &'r mut Rules, organisation: &str) -> Result<&'r [RuleSet]> {
        if !known.contains_key(organisation) {
            let used = self.rules_in_use(&organisation_id(organisation)?).await?;
            known.insert(organisation.to_owned(), used);
        }
        Ok(known.get(organisation).map_or(&[] as &[RuleSet], Vec::as_slice))
    }

    /// Where somebody stands; with how many facts of one file are new, and how many are known from another.
    pub(super) async fn stand(
        &self,
        vault: &Sealer,
        organisation: &str,
        subject: Subject,
        beside: Beside<'_>,
        sets: &[RuleSet],
        now: Timestamp,
    ) -> Result<(Stand, (u64, u64))> {
        let today = local_day(now);
        let mut files: Vec<(String, Vec<Fact>)> = Vec::new();
        let (mut standing, mut patient) = (Standing::default(), None::<String>);
        // Each patient whom something is told of, and who that is by now, where the practice still cares for them.
        let mut by_now: BTreeMap<String, Option<String>> = BTreeMap::new();
        for mut row in self.core.db.rows(FACTS, params![organisation, &subject.0]).await? {
            let (file, part, whose, own) = (row.text(0)?, row.count(1)?, row.opt_text(2)?, row.flag(3)?);
            if beside == Beside::Without(file.as_str()) {
                continue;
            }
            if let Some(whose) = &whose {
                if !by_now.contains_key(whose) {
                    by_now.insert(whose.clone(), self.cared_for(whose, organisation, micros(now)).await?);
                }
                let Some(cared) = by_now.get(whose).cloned().flatten() else { continue };
                patient.get_or_insert(cared);
            }
            let keys = match (&whose, own) {
                (Some(whose), true) => match self.keys_of(whose).await {
                    // Erased meanwhile.
                    Err(Error::NoKey) => continue,
                    other => Some(other?),
                },
                _ => None,
            };
            let at = (organisation, &subject, file.as_str(), part);
            let told = vault.open_told(keys.as_deref(), at, row.blob(4)?)?;
            standing.born = standing.born.or(told.born);
            standing.number = standing.number.or(told.number);
            if standing.line == 0 {
                standing.line = told.line;
            }
            if let Some(insurer) = told.insurer {
                standing.insured.push(Insured { since: local_day(row.time(5)?), insurer });
            }
            match files.iter_mut().find(|(f, _)| *f == file) {
                Some((_, facts)) => facts.extend(told.facts),
                None => files.push((file, told.facts)),
            }
        }
        let of_file = match beside {
            Beside::Of(file) => told_before(&files, file),
            Beside::All | Beside::Without(_) => (0, 0),
        };
        standing.insured = candidates_kept::insured(standing.insured);
        let known = !files.is_empty();
        let facts = united(files.into_iter().map(|(_, facts)| facts));
        standing.causes = candidates::causes(sets, standing.born, &facts, today);
        standing.last_a20 = candidates::last_a20(&facts, today);
        let on_path = match &patient {
            Some(id) => self.is_on_path(id, today).await?,
            None => false,
        };
        let (a20, since) = (a20_since(&facts), candidates::since(&standing.causes));
        let keys = match &patient {
            Some(id) => Some(self.keys_of(id).await?),
            None => None,
        };
        let json = serde_json::to_vec(&standing).map_err(|_| Error::Bug("where somebody stands does not serialise"))?;
        let sealed = vault.seal(keys.as_deref(), stand_place(organisation, &subject.0), &json)?;
        let stand = Stand {
            organisation: organisation.to_owned(),
            subject,
            gone: !known,
            ended: by_now.into_iter().filter(|(_, cared)| cared.is_none()).map(|(whose, _)| whose).collect(),
            patient,
            a20_on: a20.map(|d| d.to_string()),
            since_on: since.map(|d| d.to_string()),
            on_path,
            sealed,
        };
        Ok((stand, of_file))
    }
}

/// How many facts of one file no other told, and how many another did too.
fn told_before(files: &[(String, Vec<Fact>)], file: &str) -> (u64, u64) {
    let of = files.iter().filter(|(f, _)| f == file).map(|(_, facts)| facts.clone());
    let (mut new, mut known) = (0, 0);
    for fact in united(of) {
        let others = files.iter().filter(|(f, _)| f != file).flat_map(|(_, facts)| facts);
        if others.into_iter().any(|other| other.key() == fact.key()) {
            known += 1;
        } else {
            new += 1;
        }
    }
    (new, known)
}

impl Job for StandAll {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some((run, at)) = &self.run {
            go_on(tx, run, None, *at).await?;
        }
        for stand in &self.stands {
            stand.write(tx).await?;
        }
        Ok(())
    }
}

impl Stand {
    /// Writes it. Of whom no file tells anything any more, nothing is kept, nor by which they were known again.
    pub async fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (organisation, subject) = (&self.organisation, &self.subject.0);
        for patient in &self.ended {
            let sql = "DELETE FROM extract_fact WHERE organisation_id = ?1 AND subject = ?2 AND patient_id = ?3";
            tx.execute(sql, params![organisation, subject, patient]).await?;
        }
        if self.gone {
            // Another file may have told something since it was worked out.
            let sql = "DELETE FROM extract_subject WHERE organisation_id = ?1 AND subject = ?2 AND NOT EXISTS \
                       (SELECT 1 FROM extract_fact f JOIN extract e ON e.extract_id = f.extract_id \
                        WHERE f.organisation_id = ?1 AND f.subject = ?2 AND e.state IN ('running', 'done'))";
            if tx.execute(sql, params![organisation, subject]).await? > 0 {
                let sql = "DELETE FROM extract_alias WHERE organisation_id = ?1 AND subject = ?2";
                tx.execute(sql, params![organisation, subject]).await?;
            }
            return Ok(());
        }
        tx.execute(
            "UPDATE extract_subject SET patient_id = ?3, a20_on = ?4, since_on = ?5, on_path = ?6, own = ?7, \
             sealed = ?8 WHERE organisation_id = ?1 AND subject = ?2",
            params![
                organisation,
                subject,
                self.patient.as_ref(),
                self.a20_on.as_ref(),
                self.since_on.as_ref(),
                self.on_path,
                self.patient.is_some(),
                &self.sealed
            ],
        )
        .await
        .map(|_| ())
    }
}

/// A patient was registered by a practice: what its files told of them is theirs from now on.
pub(crate) async fn link(tx: &mut Tx<'_>, organisation: &str, subject: &Subject, patient: &str) -> Result<()> {
    let sql = "UPDATE extract_subject SET patient_id = ?3 WHERE organisation_id = ?1 AND subject = ?2";
    if tx.execute(sql, params![organisation, &subject.0, patient]).await? > 0 {
        let sql = "UPDATE extract_fact SET patient_id = ?3 WHERE organisation_id = ?1 AND subject = ?2";
        tx.execute(sql, params![organisation, &subject.0, patient]).await?;
    }
    Ok(())
}

/// Something happened on a patient's path: who is on it is no candidate.
pub(crate) async fn note_path(tx: &mut Tx<'_>, patient: &str, on_path: bool) -> Result<()> {
    let sql = "UPDATE extract_subject SET on_path = ?2 WHERE patient_id = ?1 AND on_path <> ?2";
    tx.execute(sql, params![patient, on_path]).await.map(|_| ())
}

pub(crate) fn subject_of(row: &mut Row, column: usize) -> Result<Subject> {
    row.digest(column).map(Subject)
}
