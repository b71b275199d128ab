//! Counting anew: only patients whose part of the log grew since, and those for whom time alone made a difference.
//!
//! Records are read and counted outside the transaction that writes: whoever changes one meanwhile leaves a row of the log
//! behind the mark, and is counted again next time. The mark moves with the last batch of what was counted, and each batch
//! takes a turn: of two instances that count at once, the one that comes second stops, so that what it read before the other
//! wrote never goes over what the other wrote.

use crate::job::{Job, Tx};
use crate::log::row::{Entry, INSTANCE};
use crate::path::{MONTHS, PLAN, STEPS, months_of, steps, who};
use crate::patients::patient_id;
use crate::plans::plan_place;
use crate::seal::{PatientKeys, Place};
use crate::value::{micros, params};
use crate::{Error, Result, Store};
use domain::date::local_day;
use domain::figures::{Counted, Figure, Group, Life, Quarter, VERSION, count, group, next_change};
use domain::plan::CurrentPlan;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

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

/// Rows of patients that tell of a change, or of a look by urgent care or a hospital. Reading changes no figure otherwise.
const SINCE: &str = "SELECT l.id, l.chain, l.at, CASE WHEN l.action IN ('read-emergency', 'read-plan', 'print') THEN 1 ELSE 0 END \
     FROM log l LEFT JOIN organisation o ON o.organisation_id = l.organisation \
     WHERE l.id > ?1 AND l.id <= ?2 AND l.chain <> ?3 AND l.outcome = 'done' \
     AND (l.action NOT IN ('read-patient', 'read-plan', 'print', 'read-emergency', 'read-log', 'export-record') \
       OR l.action IN ('read-emergency', 'read-plan', 'print') AND o.kind IN ('out-of-hours', 'hospital')) \
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

/// A patient counted; nothing counted where the record was merged into another.
struct Person {
    id: String,
    keys: Arc<PatientKeys>,
    pseudonym: [u8; 32],
    organisation: Option<String>,
    diagnoses: Group,
    counts: Vec<Counted>,
    due: Option<String>,
    looks: Vec<String>,
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

struct Batch {
    people: Vec<Person>,
    /// The turn as it was read.
    turn: i64,
    /// Where the mark moves.
    to: i64,
    /// With the last batch: when everything was counted.
    whole: Option<i64>,
    entry: Entry,
}

/// What somebody counts for, as it is sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    diagnoses: Group,
    counts: String,
}

impl Kept {
    /// What it says.
    pub fn counted(&self) -> Vec<Counted> {
        counted(&self.counts)
    }
}

/// Where it is sealed.
pub(super) fn kept_place(id: &str) -> Place<'_> {
    Place::of("figure_person", id)
}

/// The name under which a patient counts.
pub(super) fn pseudonym(keys: &PatientKeys, id: &str) -> Result<[u8; 32]> {
    keys.hash("tijdig figures 1", &[id.as_bytes()])
}

/// What somebody counts for, as it is kept.
fn text(all: &[Counted]) -> String {
    let mut out = String::new();
    for c in all {
        let weeks = c.weeks.map_or(-1, i32::from);
        let _ = write!(out, "{} {} {} {weeks};", c.figure.code(), c.quarter, c.answer);
    }
    out
}

/// The other way round.
fn counted(text: &str) -> Vec<Counted> {
    let one = |part: &str| {
        let mut words = part.split(' ');
        Some(Counted {
            figure: Figure::of_code(words.next()?)?,
            quarter: Quarter::parse(words.next()?)?,
            answer: words.next()?.parse().ok()?,
            weeks: words.next()?.parse().ok(),
        })
    };
    text.split(';').filter_map(one).collect()
}

impl Store {
    /// Counts what changed since the last time. `today` is the day of care: some answers change with it alone.
    pub async fn refresh_figures(&self, today: Date, now: Timestamp) -> Result<Refreshed> {
        self.core.db.write(Anew { version: i64::from(VERSION) }).await?;
        let mut all = Refreshed::default();
        let Some(mut stand) = self.figures_stand().await? else { return Ok(all) };
        let begun = stand.turn;
        let upto = self.core.db.last_row().await?;
        while stand.mark < upto {
            let rows = self.core.db.many_rows(SINCE, params![stand.mark, upto, INSTANCE, ROWS]).await?;
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
                let people = self.count_people(batch, today).await?;
                all.patients += people.len() as u64;
                // It moves with the last of them: what was counted before a failure is counted again, to the same end.
                let move_to = if batches.peek().is_none() { to } else { stand.mark };
                if !self.put_counted(&mut stand, people, move_to, now).await? {
                    return Ok(all);
                }
            }
        }
        if !self.count_due(today, &mut stand, now, &mut all).await? {
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
    async fn count_due(&self, today: Date, stand: &mut Stand, now: Timestamp, all: &mut Refreshed) -> Result<bool> {
        loop {
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
        let entry = Entry::program(now, "figures", format!("{} counted", people.len()));
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
        let mut person = Person {
            id: id.to_owned(),
            pseudonym: pseudonym(&keys, id)?,
            keys: Arc::clone(&keys),
            organisation: None,
            diagnoses: Group::Other,
            counts: Vec::new(),
            due: None,
            looks: touched.looks.iter().cloned().collect(),
        };
        if record.opt_text(2)?.is_some() {
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
        person.counts = count(life);
        person.due = next_change(life).map(|day| day.to_string());
        person.diagnoses = group(&all);
        person.organisation = db.row(WHERE, params![id]).await?.map(|mut r| r.text(0)).transpose()?;
        Ok(Some(person))
    }
}

/// Begins from nothing where the definitions are newer than those that were counted by. Where they are older, an instance
/// with the newer ones runs beside this one, or did.
struct Anew {
    version: i64,
}

impl Job for Anew {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        let sql = "UPDATE meta SET number = ?1 WHERE name = 'figures_version' AND number < ?1";
        if tx.execute(sql, params![self.version]).await? == 0 {
            return Ok(());
        }
        for sql in ["DELETE FROM figure_person", "DELETE FROM figure_cell", "DELETE FROM figure_due"] {
            tx.execute(sql, &[]).await?;
        }
        // Whoever still counts by the older ones is to stop.
        tx.execute("UPDATE meta SET number = number + 1 WHERE name = 'figures_turn'", &[]).await?;
        tx.execute("UPDATE meta SET number = 0 WHERE name IN ('figures_upto', 'figures_at')", &[]).await.map(|_| ())
    }
}

/// What a cell is known by: organisation, figure, quarter, group, answer, weeks.
type Key = (String, &'static str, Quarter, &'static str, u8, i64);

fn put(cells: &mut BTreeMap<Key, i64>, organisation: &str, diagnoses: Group, counts: &[Counted], people: i64) {
    for c in counts {
        let weeks = c.weeks.map_or(-1, i64::from);
        let key = (organisation.to_owned(), c.figure.code(), c.quarter, diagnoses.code(), c.answer, weeks);
        *cells.entry(key).or_default() += people;
    }
}

impl Batch {
    /// Keeps what one patient counts for; the difference to what was kept goes into the sums.
    async fn keep(&self, tx: &mut Tx<'_>, person: &Person, cells: &mut BTreeMap<Key, i64>) -> Result<()> {
        let sql = "SELECT organisation_id, sealed FROM figure_person WHERE pseudonym = ?1";
        let mut organisation = person.organisation.clone();
        if let Some(mut old) = tx.row(sql, params![&person.pseudonym]).await? {
            let was = old.text(0)?;
            let kept: Kept = person.keys.open_json(kept_place(&person.id), old.blob(1)?)?;
            put(cells, &was, kept.diagnoses, &kept.counted(), -1);
            // Whom nobody cares for any more counts where they counted last.
            organisation.get_or_insert(was);
        }
        let Some(organisation) = organisation.filter(|_| !person.counts.is_empty()) else {
            tx.execute("DELETE FROM figure_person WHERE pseudonym = ?1", params![&person.pseudonym]).await?;
            return Ok(());
        };
        put(cells, &organisation, person.diagnoses, &person.counts, 1);
        let kept = Kept { diagnoses: person.diagnoses, counts: text(&person.counts) };
        let sealed = person.keys.seal_json(kept_place(&person.id), &kept)?;
        let sql = "INSERT INTO figure_person (pseudonym, organisation_id, sealed) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (pseudonym) DO UPDATE SET organisation_id = excluded.organisation_id, \
                   sealed = excluded.sealed";
        tx.execute(sql, params![&person.pseudonym, &organisation, &sealed]).await.map(|_| ())
    }
}

impl Job for Batch {
    type Out = bool;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let sql = "UPDATE meta SET number = number + 1 WHERE name = 'figures_turn' AND number = ?1";
        if tx.execute(sql, params![self.turn]).await? == 0 {
            return Ok(false);
        }
        tx.execute("UPDATE meta SET number = ?1 WHERE name = 'figures_upto'", params![self.to]).await?;
        if let Some(at) = self.whole {
            tx.execute("UPDATE meta SET number = ?1 WHERE name = 'figures_at'", params![at]).await?;
        }
        let mut cells = BTreeMap::new();
        for person in &self.people {
            let id = &person.id;
            // Erased while it was counted: what belongs to the patient must not come back.
            if tx.row("SELECT 1 FROM patient WHERE patient_id = ?1", params![id]).await?.is_none() {
                continue;
            }
            self.keep(tx, person, &mut cells).await?;
            for day in &person.looks {
                let sql = "INSERT INTO figure_look (patient_id, on_day) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
                tx.execute(sql, params![id, day]).await?;
            }
            match &person.due {
                Some(day) => {
                    let sql = "INSERT INTO figure_due (patient_id, on_day) VALUES (?1, ?2) \
                               ON CONFLICT (patient_id) DO UPDATE SET on_day = excluded.on_day";
                    tx.execute(sql, params![id, day]).await?;
                }
                None => {
                    tx.execute("DELETE FROM figure_due WHERE patient_id = ?1", params![id]).await?;
                }
            }
        }
        for ((organisation, figure, quarter, diagnoses, answer, weeks), people) in &cells {
            if *people == 0 {
                continue;
            }
            let sql = "INSERT INTO figure_cell (organisation_id, figure, year, quarter, diagnoses, answer, weeks, people) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                       ON CONFLICT (organisation_id, figure, year, quarter, diagnoses, answer, weeks) \
                       DO UPDATE SET people = figure_cell.people + excluded.people";
            let (year, of_year) = (i64::from(quarter.year), i64::from(quarter.quarter));
            let answer = i64::from(*answer);
            tx.execute(sql, params![organisation, *figure, year, of_year, *diagnoses, answer, *weeks, *people]).await?;
        }
        if !self.people.is_empty() {
            tx.append(std::slice::from_ref(&self.entry))?;
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        let of = |figure, answer, weeks| Counted { figure, quarter: Quarter { year: 2026, quarter: 2 }, answer, weeks };
        let all = vec![of(Figure::Wait, 0, Some(3)), of(Figure::Late, 2, None)];
        assert_eq!(counted(&text(&all)), all);
        assert!(counted("").is_empty() && counted("what 2026-1 0 -1;wait x 0 1;").is_empty());
    }
}
