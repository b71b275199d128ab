//! Counting anew: only patients whose part of the log grew since, and those for whom time alone made a difference.
//!
//! Records are read and counted outside the transaction that writes: whoever changes one meanwhile leaves a row of the log
//! behind the mark, and is counted again next time. The mark moves with the last batch of what was counted, and each batch
//! takes a turn: of two instances that count at once, the one that comes second stops, so that what it read before the other
//! wrote never goes over what the other wrote.

use super::kept::{Anew, Batch, KEPT, Kept, Person, Tally, kept_place, pseudonym};
use crate::log::row::{Entry, INSTANCE};
use crate::path::{MONTHS, PLAN, STEPS, months_of, steps, who};
use crate::patients::patient_id;
use crate::plans::plan_place;
use crate::seal::PatientKeys;
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use domain::date::{begin_of_local_day, local_day};
use domain::figures::{Figure, Group, Life, VERSION, count, group, next_change};
use domain::plan::CurrentPlan;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Refreshed {
    /// Patients who were counted anew.
    pub patients: u64,
    /// Nothing is left to do. Otherwise another instance is at it, or one that counts by newer definitions was.
    pub done: bool,
}

/// Rows of the log looked at in one go.
const ROWS: i64 = 5_000;
/// Patients counted in one transaction.
const BATCH: usize = 250;

/// Rows of patients that tell of a change, or of a look by urgent care or a hospital. Reading changes no figure otherwise,
/// nor does a further look on a day that is known: a hospital's system may look thousands of times a second.
const SINCE: &str = "SELECT l.id, l.chain, l.at, CASE WHEN l.action IN ('read-emergency', 'read-plan', 'print') THEN 1 ELSE 0 END \
     FROM log l LEFT JOIN organisation o ON o.organisation_id = l.organisation \
     WHERE l.id > ?1 AND l.id <= ?2 AND l.chain <> ?3 AND l.outcome = 'done' \
     AND (l.action NOT IN ('read-patient', 'read-plan', 'print', 'read-emergency', 'read-log', 'export-record') \
       OR l.action IN ('read-emergency', 'read-plan', 'print') AND o.kind IN ('out-of-hours', 'hospital') \
         AND NOT (l.at >= ?5 AND EXISTS (SELECT 1 FROM figure_look f WHERE f.patient_id = l.chain AND f.on_day = ?6))) \
     ORDER BY l.id LIMIT ?4";
const DUE: &str = "SELECT patient_id FROM figure_due WHERE on_day <= ?1 ORDER BY on_day, patient_id LIMIT ?2";
const RECORD: &str = "SELECT revision, identity, merged_into FROM patient WHERE patient_id = ?1";
const LOOKS: &str = "SELECT on_day FROM figure_look WHERE patient_id = ?1";
/// Where somebody counts: with who leads; else the practice of the team, else who came first.
const WHERE: &str = "SELECT w.id FROM ( \
       SELECT l.organisation_id AS id, 0 AS rank, 0 AS since FROM lead l WHERE l.patient_id = ?1 AND l.state = 'accepted' \
       UNION ALL SELECT o.organisation_id, CASE WHEN o.kind = 'gp-practice' THEN 1 ELSE 2 END, t.from_at FROM team t \
       JOIN organisation o ON o.organisation_id = substr(t.member, 14) \
       WHERE t.patient_id = ?1 AND t.member LIKE 'organisation:%' AND t.until_at IS NULL) w \
     ORDER BY w.rank, w.since, w.id LIMIT 1";

/// How much of the machine counting may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// All that it can use: somebody waits for it.
    Full,
    /// A quarter of a core at most, beside those who ask for plans.
    Aside,
}

impl Pace {
    /// Rests after a piece of work that began then.
    async fn rest(self, begun: Instant) {
        if self == Self::Aside {
            tokio::time::sleep(begun.elapsed() * 3).await;
        }
    }
}

/// What the log tells of a patient since the last time.
#[derive(Default)]
struct Touched {
    /// Something else than a look.
    changed: bool,
    /// Days on which urgent care or a hospital looked.
    looks: BTreeSet<String>,
}

impl Touched {
    fn changed() -> Self {
        Self { changed: true, ..Self::default() }
    }
}

/// Where counting stands, as this instance knows it.
#[derive(Clone, Copy)]
struct Stand {
    /// Counts the batches that were ever kept.
    turn: i64,
    /// The row of the log up to which everything is counted.
    mark: i64,
}

impl Store {
    /// Counts what changed since the last time. `today` is the day of care: some answers change with it alone.
    pub async fn refresh_figures(&self, pace: Pace, today: Date, now: Timestamp) -> Result<Refreshed> {
        self.core.db.write(Anew { version: i64::from(VERSION) }).await?;
        let mut all = Refreshed::default();
        let Some(mut stand) = self.figures_stand().await? else { return Ok(all) };
        let begun = stand.turn;
        let upto = self.core.db.last_row().await?;
        let looked_on = local_day(now);
        let (since, looked_on) = (micros(begin_of_local_day(looked_on)), looked_on.to_string());
        while stand.mark < upto {
            let at = Instant::now();
            let params = params![stand.mark, upto, INSTANCE, ROWS, since, &looked_on];
            let rows = self.core.db.many_rows(SINCE, params).await?;
            pace.rest(at).await;
            let full = i64::try_from(rows.len()).unwrap_or(ROWS) >= ROWS;
            let mut to = upto;
            let mut touched: BTreeMap<String, Touched> = BTreeMap::new();
            for mut row in rows {
                if full {
                    to = row.int(0)?;
                }
                let (at, looked) = (row.time(2)?, row.flag(3)?);
                let one = touched.entry(row.text(1)?).or_default();
                if looked {
                    one.looks.insert(local_day(at).to_string());
                } else {
                    one.changed = true;
                }
            }
            let touched: Vec<_> = touched.into_iter().collect();
            let mut batches = touched.chunks(BATCH).peekable();
            // Where nothing changed, the mark moves all the same.
            if batches.peek().is_none() && !self.put_counted(&mut stand, Vec::new(), to, now).await? {
                return Ok(all);
            }
            while let Some(batch) = batches.next() {
                let at = Instant::now();
                let people = self.count_people(batch, today).await?;
                all.patients += people.iter().filter(|p| p.tally.is_some()).count() as u64;
                // It moves with the last of them: what was counted before a failure is counted again, to the same end.
                let move_to = if batches.peek().is_none() { to } else { stand.mark };
                if !self.put_counted(&mut stand, people, move_to, now).await? {
                    return Ok(all);
                }
                pace.rest(at).await;
            }
        }
        if !self.count_due(pace, today, &mut stand, now, &mut all).await? {
            return Ok(all);
        }
        all.done = stand.turn == begun || self.put(&stand, Vec::new(), stand.mark, Some(now), now).await?;
        Ok(all)
    }

    /// Where counting stands; `None` where it is by newer definitions than this program has.
    async fn figures_stand(&self) -> Result<Option<Stand>> {
        let sql = "SELECT t.number, m.number, v.number FROM meta t, meta m, meta v \
                   WHERE t.name = 'figures_turn' AND m.name = 'figures_upto' AND v.name = 'figures_version'";
        let row = self.core.db.row(sql, &[]).await?.ok_or(Error::Bug("nothing tells where counting stands"))?;
        let stand = Stand { turn: row.int(0)?, mark: row.int(1)? };
        Ok((row.int(2)? == i64::from(VERSION)).then_some(stand))
    }

    /// Counts those for whom a day made a difference; `false`: another instance is at it.
    async fn count_due(
        &self,
        pace: Pace,
        today: Date,
        stand: &mut Stand,
        now: Timestamp,
        all: &mut Refreshed,
    ) -> Result<bool> {
        loop {
            let at = Instant::now();
            let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
            let rows = self.core.db.rows(DUE, params![&today.to_string(), limit]).await?;
            if rows.is_empty() {
                return Ok(true);
            }
            let touched =
                rows.into_iter().map(|mut r| Ok((r.text(0)?, Touched::changed()))).collect::<Result<Vec<_>>>()?;
            let people = self.count_people(&touched, today).await?;
            all.patients += people.len() as u64;
            if people.is_empty() {
                return Ok(true);
            }
            let mark = stand.mark;
            if !self.put_counted(stand, people, mark, now).await? {
                return Ok(false);
            }
            pace.rest(at).await;
        }
    }

    /// Keeps a batch and takes the next turn; `false`: another instance took it, and nothing was kept.
    async fn put_counted(&self, stand: &mut Stand, people: Vec<Person>, to: i64, now: Timestamp) -> Result<bool> {
        let kept = self.put(stand, people, to, None, now).await?;
        if kept {
            *stand = Stand { turn: stand.turn + 1, mark: to };
        }
        Ok(kept)
    }

    async fn put(
        &self,
        stand: &Stand,
        people: Vec<Person>,
        to: i64,
        whole: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<bool> {
        let counted = people.iter().filter(|p| p.tally.is_some()).count();
        let entry = Entry::program(now, "figures", format!("{counted} counted"));
        self.core.db.write(Batch { people, turn: stand.turn, to, whole: whole.map(micros), entry }).await
    }

    async fn count_people(&self, touched: &[(String, Touched)], today: Date) -> Result<Vec<Person>> {
        let mut people = Vec::with_capacity(touched.len());
        for (id, touched) in touched {
            // A chain may be of a record that was erased since.
            people.extend(self.count_one(id, touched, today).await?);
        }
        Ok(people)
    }

    async fn count_one(&self, id: &str, touched: &Touched, today: Date) -> Result<Option<Person>> {
        let (db, Ok(patient)) = (&self.core.db, patient_id(id)) else { return Ok(None) };
        let Some(mut record) = db.row(RECORD, params![id]).await? else { return Ok(None) };
        let known = db.rows(LOOKS, params![id]).await?.into_iter().map(|mut row| row.text(0));
        let known = known.collect::<Result<BTreeSet<String>>>()?;
        // A further look on a day that is known changes no figure.
        if !touched.changed && touched.looks.is_subset(&known) {
            return Ok(None);
        }
        let keys = match self.keys(&patient).await {
            Err(Error::NoKey) => return Ok(None),
            other => other?,
        };
        let mut person = Person { id: id.to_owned(), looks: touched.looks.clone(), tally: None };
        let pseudonym = pseudonym(&keys, id)?;
        if !touched.changed && !self.do_looks_count(&keys, id, &pseudonym).await? {
            return Ok(Some(person));
        }
        let mut tally = Tally {
            pseudonym,
            keys: Arc::clone(&keys),
            organisation: None,
            diagnoses: Group::Other,
            counts: Vec::new(),
            due: None,
        };
        if record.opt_text(2)?.is_some() {
            person.tally = Some(tally);
            return Ok(Some(person));
        }
        let all = steps(&keys, id, db.rows(STEPS, params![id]).await?)?;
        let plan: Option<CurrentPlan> = match db.row(PLAN, params![id]).await? {
            Some(mut row) => Some(keys.open_json(plan_place(id, row.count(0)?), row.blob(1)?)?),
            None => None,
        };
        let looked: Vec<Date> = known.union(&touched.looks).filter_map(|day| day.parse().ok()).collect();
        let life = Life {
            steps: &all,
            plan: plan.as_ref().map(|p| &p.content),
            died_on: who(&keys, id, record)?.died_on,
            months: months_of(db.row(MONTHS, params![id]).await?, self.review_months(), &all)?,
            looked: &looked,
            today,
        };
        tally.counts = count(life);
        tally.due = next_change(life).map(|day| day.to_string());
        tally.diagnoses = group(&all);
        tally.organisation = db.row(WHERE, params![id]).await?.map(|mut r| r.text(0)).transpose()?;
        person.tally = Some(tally);
        Ok(Some(person))
    }

    /// Do looks change what a patient counts for? Only of those who count as admitted after a conversation.
    async fn do_looks_count(&self, keys: &PatientKeys, id: &str, pseudonym: &[u8; 32]) -> Result<bool> {
        let Some(mut row) = self.core.db.row(KEPT, params![pseudonym]).await? else { return Ok(false) };
        let kept: Kept = keys.open_json(kept_place(id), row.blob(1)?)?;
        Ok(kept.counted().iter().any(|c| c.figure == Figure::Emergency))
    }
}
