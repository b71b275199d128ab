//! Proving the log whole, and the plan versions it speaks of (`tijdig log verify`).

mod versions;
mod walk;

use crate::anchor::{Anchor, Outside, PAGE, read_outside};
use crate::value::params;
use crate::{Result, Store};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::time::Duration;
use versions::Suspect;
use walk::Walk;

/// What is wrong at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wrong {
    /// A row does not carry its own seal: it was changed or put in.
    Changed,
    /// A row was put in, or stands there twice.
    Inserted,
    /// A row carries another place than the one it was written at: rows were swapped or numbered anew.
    Moved,
    /// Rows are gone from the middle.
    Removed,
    /// Rows are gone from the end.
    CutOff,
    /// An anchor is not what the log says it was.
    Anchor,
    /// The anchor kept outside the database is not in it.
    Outside,
    /// A plan version is not what was written, or is gone.
    Version,
}

/// A finding and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub wrong: Wrong,
    /// Chain: a patient's id or `instance`; absent where it cannot be told.
    pub chain: Option<String>,
    /// Place in the chain, or number of the anchor or version.
    pub seq: Option<u64>,
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Rows looked at.
    pub rows: u64,
    /// Chains looked at.
    pub chains: u64,
    /// Anchors looked at.
    pub anchors: u64,
    /// Plan versions looked at.
    pub versions: u64,
    /// Last anchor up to which everything is as it was: number and time. What comes after it is whole in itself, but
    /// its end may have been cut off unseen.
    pub proven_until: Option<(u64, Timestamp)>,
    /// Rows after the last anchor.
    pub rows_after: u64,
    /// What is wrong, the first hundred.
    pub findings: Vec<Finding>,
    /// How much is wrong in all.
    pub wrong: u64,
}

/// Findings that are named.
const NAMED: usize = 100;
/// How often something doubtful is looked at again: others may have been writing.
const LOOKS: usize = 3;
/// How long until the next look at what is not there yet.
const MOMENT: Duration = Duration::from_millis(100);

impl Report {
    fn add(&mut self, wrong: Wrong, chain: Option<&str>, seq: i64) {
        self.wrong += 1;
        if self.findings.len() < NAMED {
            self.findings.push(Finding { wrong, chain: chain.map(str::to_owned), seq: u64::try_from(seq).ok() });
        }
    }

    /// Nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.wrong == 0
    }
}

impl Store {
    /// Reads the whole log, every anchor and the digest of every plan version. Others may go on working meanwhile.
    pub async fn verify(&self) -> Result<Report> {
        self.core.db.settle().await?;
        let (outside, anchors) = self.anchors().await?;
        let mut report = Report::default();
        compare_outside(outside, &anchors, &mut report)?;
        let mut walk = Walk::new(self, anchors, report);
        let mut upto = self.core.db.last_row().await?;
        walk.rows(0, upto).await?;
        walk.rest_of_anchors();
        let mut cut = self.cut_off(&walk).await?;
        let mut suspects = walk.versions().await?;
        for _ in 0..LOOKS {
            if cut.is_empty() && suspects.is_empty() {
                break;
            }
            // First what the table has, then what the log tells by then: whatever is in the one is in the other.
            let newest = walk.newest(&suspects).await?;
            let next = self.core.db.last_row().await?;
            walk.rows(upto, next).await?;
            upto = next;
            cut.retain(|(chain, seq)| walk.end(chain) < *seq);
            suspects = walk.look_again(suspects, &newest).await?;
        }
        for (chain, _) in cut {
            let first = walk.end(&chain) + 1;
            walk.report.add(Wrong::CutOff, Some(&chain), first);
        }
        for Suspect { patient, number, .. } in suspects {
            walk.report.add(Wrong::Version, Some(&patient), number.into());
        }
        Ok(walk.report)
    }

    /// Every anchor, and the one kept outside as it was just before: others make new ones meanwhile.
    async fn anchors(&self) -> Result<(Result<Option<Outside>>, VecDeque<Anchor>)> {
        let mut looks = 0;
        loop {
            let outside = read_outside(&self.core.anchor_file);
            let sql = "SELECT number, at, upto, total, changed, mac FROM anchor ORDER BY number";
            let anchors = self.core.db.many_rows(sql, &[]).await?;
            let anchors = anchors.into_iter().map(Anchor::of_row).collect::<Result<VecDeque<_>>>()?;
            looks += 1;
            // The very first is in the database a moment before it is outside.
            if !(matches!(outside, Ok(None)) && anchors.len() == 1) || looks == LOOKS {
                return Ok((outside, anchors));
            }
            tokio::time::sleep(MOMENT).await;
        }
    }

    /// Chains of which the table of heads knows more rows than the log has.
    async fn cut_off(&self, walk: &Walk<'_>) -> Result<Vec<(String, i64)>> {
        let mut cut = Vec::new();
        let mut after = String::new();
        loop {
            let sql = "SELECT chain, seq FROM log_head WHERE chain > ?1 ORDER BY chain LIMIT ?2";
            let page = self.core.db.many_rows(sql, params![&after, PAGE]).await?;
            if page.is_empty() {
                return Ok(cut);
            }
            for mut row in page {
                let (chain, seq) = (row.text(0)?, row.int(1)?);
                after.clone_from(&chain);
                if walk.end(&chain) < seq {
                    cut.push((chain, seq));
                }
            }
        }
    }
}

/// Is the anchor kept outside among those inside?
fn compare_outside(outside: Result<Option<Outside>>, anchors: &VecDeque<Anchor>, report: &mut Report) -> Result<()> {
    let newest = anchors.back().map_or(0, |a| a.number);
    match outside {
        Ok(Some(outside)) => {
            let inside = anchors.iter().find(|a| a.number == outside.number).map(Anchor::outside).transpose()?;
            if inside.as_ref() != Some(&outside) {
                report.add(Wrong::Outside, None, outside.number);
            }
        }
        Ok(None) if newest == 0 => {}
        Ok(None) | Err(_) => report.add(Wrong::Outside, None, newest),
    }
    Ok(())
}
