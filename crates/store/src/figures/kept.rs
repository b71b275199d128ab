//! Keeping what was counted: what each patient counts for, sealed, and the sums that it changes, in one transaction.

use crate::Result;
use crate::job::{Job, Tx};
use crate::log::row::Entry;
use crate::seal::{PatientKeys, Place};
use crate::value::params;
use domain::figures::{Counted, Figure, Group, Quarter};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

pub(super) const KEPT: &str = "SELECT organisation_id, sealed FROM figure_person WHERE pseudonym = ?1";

/// A patient of whom there is something to keep.
pub(super) struct Person {
    pub id: String,
    /// Days on which urgent care or a hospital looked.
    pub looks: BTreeSet<String>,
    /// Absent: those looks change no figure.
    pub tally: Option<Tally>,
}

/// What a patient counts for; nothing where the record was merged into another.
pub(super) struct Tally {
    pub keys: Arc<PatientKeys>,
    pub pseudonym: [u8; 32],
    pub organisation: Option<String>,
    pub diagnoses: Group,
    pub counts: Vec<Counted>,
    pub due: Option<String>,
}

/// A part of those who were counted, kept in one transaction; `false`: another instance took the turn, and nothing was kept.
pub(super) struct Batch {
    pub people: Vec<Person>,
    /// The turn as it was read.
    pub turn: i64,
    /// Where the mark moves.
    pub to: i64,
    /// With the last batch: when everything was counted.
    pub whole: Option<i64>,
    pub entry: Entry,
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

/// Begins from nothing where the definitions are newer than those that were counted by. Where they are older, an instance
/// with the newer ones runs beside this one, or did.
pub(super) struct Anew {
    pub version: i64,
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
    async fn keep(&self, tx: &mut Tx<'_>, id: &str, tally: &Tally, cells: &mut BTreeMap<Key, i64>) -> Result<()> {
        match &tally.due {
            Some(day) => {
                let sql = "INSERT INTO figure_due (patient_id, on_day) VALUES (?1, ?2) \
                           ON CONFLICT (patient_id) DO UPDATE SET on_day = excluded.on_day";
                tx.execute(sql, params![id, day]).await?;
            }
            None => {
                tx.execute("DELETE FROM figure_due WHERE patient_id = ?1", params![id]).await?;
            }
        }
        let mut organisation = tally.organisation.clone();
        if let Some(mut old) = tx.row(KEPT, params![&tally.pseudonym]).await? {
            let was = old.text(0)?;
            let kept: Kept = tally.keys.open_json(kept_place(id), old.blob(1)?)?;
            put(cells, &was, kept.diagnoses, &kept.counted(), -1);
            // Whom nobody cares for any more counts where they counted last.
            organisation.get_or_insert(was);
        }
        let Some(organisation) = organisation.filter(|_| !tally.counts.is_empty()) else {
            tx.execute("DELETE FROM figure_person WHERE pseudonym = ?1", params![&tally.pseudonym]).await?;
            return Ok(());
        };
        put(cells, &organisation, tally.diagnoses, &tally.counts, 1);
        let kept = Kept { diagnoses: tally.diagnoses, counts: text(&tally.counts) };
        let sealed = tally.keys.seal_json(kept_place(id), &kept)?;
        let sql = "INSERT INTO figure_person (pseudonym, organisation_id, sealed) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (pseudonym) DO UPDATE SET organisation_id = excluded.organisation_id, \
                   sealed = excluded.sealed";
        tx.execute(sql, params![&tally.pseudonym, &organisation, &sealed]).await.map(|_| ())
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
            if let Some(tally) = &person.tally {
                self.keep(tx, id, tally, &mut cells).await?;
            }
            for day in &person.looks {
                let sql = "INSERT INTO figure_look (patient_id, on_day) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
                tx.execute(sql, params![id, day]).await?;
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
