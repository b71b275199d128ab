//! Plan versions: each is what it was when it was written, follows the one before, and is the one that the log tells of.

use super::walk::Walk;
use crate::Result;
use crate::plans::{file_digest, version_digest};
use crate::value::{Row, params};
use std::collections::HashSet;

/// Versions read in one go; they are large.
const PAGE: i64 = 500;

const VERSIONS: &str = "SELECT patient_id, number, previous_digest, digest, sealed, source FROM plan_version \
     WHERE (patient_id, number) > (?1, ?2) ORDER BY patient_id, number LIMIT ?3";
const FILES: &str = "SELECT attachment_id, media_type, sealed FROM attachment WHERE patient_id = ?1 AND number = ?2";
/// One version, and the one before it.
const ONE: &str = "SELECT patient_id, number, previous_digest, digest, sealed, source FROM plan_version \
     WHERE patient_id = ?1 AND number BETWEEN ?2 AND ?3 ORDER BY number";
const NEWEST: &str = "SELECT coalesce(max(number), 0) FROM plan_version WHERE patient_id = ?1";
const DIGEST: &str = "SELECT digest FROM plan_version WHERE patient_id = ?1 AND number = ?2";

/// Why a version is doubtful.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is not what its own digest says, or does not follow the one before.
    Own,
    /// Log and table tell of different newest versions.
    Newest,
}

/// A doubtful version; it may have been written, or erased, while it was looked at.
pub(super) struct Suspect {
    pub patient: String,
    pub number: u32,
    pub doubt: Doubt,
}

/// The version before, while walking.
#[derive(Default)]
struct Before {
    patient: String,
    number: u32,
    digest: [u8; 32],
}

impl Walk<'_> {
    /// Walks the versions; what is doubtful is to be looked at again.
    pub async fn versions(&mut self) -> Result<Vec<Suspect>> {
        let mut suspects = Vec::new();
        let mut seen = HashSet::new();
        let with_files = self.with_files().await?;
        let mut before = Before::default();
        loop {
            let page = self.store.core.db.many_rows(VERSIONS, params![&before.patient, before.number, PAGE]).await?;
            if page.is_empty() {
                break;
            }
            for row in page {
                let (next, is_right) = self.version(row, &before, Some(&with_files)).await?;
                self.report.versions += 1;
                if !is_right {
                    suspects.push(Suspect { patient: next.patient.clone(), number: next.number, doubt: Doubt::Own });
                }
                if next.patient != before.patient {
                    suspects.extend(self.disagree(&before));
                    seen.insert(next.patient.clone());
                }
                before = next;
            }
        }
        suspects.extend(self.disagree(&before));
        let gone = self.chains.iter().filter(|(chain, _)| !seen.contains(*chain));
        suspects.extend(gone.filter_map(|(patient, end)| {
            let (number, _) = end.version?;
            Some(Suspect { patient: patient.clone(), number, doubt: Doubt::Newest })
        }));
        Ok(suspects)
    }

    async fn with_files(&self) -> Result<HashSet<(String, u32)>> {
        let rows = self.store.core.db.many_rows("SELECT DISTINCT patient_id, number FROM attachment", &[]).await?;
        rows.into_iter().map(|mut r| Ok((r.text(0)?, r.count(1)?))).collect()
    }

    /// Is a version what its digest says, and does it follow the one before? Without `with_files` its files are
    /// always looked for.
    async fn version(
        &self,
        mut row: Row,
        before: &Before,
        with_files: Option<&HashSet<(String, u32)>>,
    ) -> Result<(Before, bool)> {
        let key = (row.text(0)?, row.count(1)?);
        let mut files = Vec::new();
        if with_files.is_none_or(|some| some.contains(&key)) {
            for mut file in self.store.core.db.rows(FILES, params![&key.0, key.1]).await? {
                let id = file.text(0)?;
                files.push((file_digest(&id, &file.blob(1)?, &file.blob(2)?), id));
            }
            // By bytes, as they were written: the database may sort otherwise.
            files.sort_by(|a, b| a.1.cmp(&b.1));
        }
        let files: Vec<_> = files.into_iter().map(|(digest, _)| digest).collect();
        let (patient, number) = key;
        let (previous, digest) = (row.digest(2)?, row.digest(3)?);
        let own = version_digest(&patient, number, &previous, &row.blob(4)?, row.opt_blob(5)?.as_deref(), &files);
        let follows = if before.patient == patient {
            number == before.number + 1 && previous == before.digest
        } else {
            number == 1 && previous == [0; 32]
        };
        Ok((Before { patient, number, digest }, own == digest && follows))
    }

    /// Does the log tell of another newest version?
    fn disagree(&self, newest: &Before) -> Option<Suspect> {
        let logged = self.chains.get(&newest.patient).and_then(|e| e.version);
        let same = newest.patient.is_empty() || logged == Some((newest.number, newest.digest));
        (!same).then(|| Suspect { patient: newest.patient.clone(), number: newest.number, doubt: Doubt::Newest })
    }

    /// The newest version of each suspect's patient that the table has now; 0 where it has none.
    pub async fn newest(&self, suspects: &[Suspect]) -> Result<Vec<u32>> {
        let mut newest = Vec::with_capacity(suspects.len());
        for suspect in suspects {
            let row = self.store.core.db.row(NEWEST, params![&suspect.patient]).await?;
            newest.push(row.map_or(Ok(0), |r| r.count(0))?);
        }
        Ok(newest)
    }

    /// Looks at doubtful ones again; those that stay doubtful. `newest` is what the table had before the walk went on.
    pub async fn look_again(&self, suspects: Vec<Suspect>, newest: &[u32]) -> Result<Vec<Suspect>> {
        let mut left = Vec::new();
        for (suspect, newest) in suspects.into_iter().zip(newest) {
            let is_right = match suspect.doubt {
                Doubt::Own => self.is_right(&suspect).await?,
                Doubt::Newest => self.agree(&suspect.patient, *newest).await?,
            };
            if !is_right {
                left.push(suspect);
            }
        }
        Ok(left)
    }

    /// Looks at one version by itself. One that is gone is not wrong here: the log says whether it should be there.
    async fn is_right(&self, suspect: &Suspect) -> Result<bool> {
        let from = suspect.number.saturating_sub(1);
        let mut before = Before::default();
        for row in self.store.core.db.rows(ONE, params![&suspect.patient, from, suspect.number]).await? {
            let (next, is_right) = self.version(row, &before, None).await?;
            if next.number == suspect.number {
                return Ok(is_right);
            }
            before = next;
        }
        Ok(true)
    }

    /// Does the table have the version that the log tells of last, and none beyond it?
    async fn agree(&self, patient: &str, newest: u32) -> Result<bool> {
        let Some((number, digest)) = self.chains.get(patient).and_then(|e| e.version) else {
            return Ok(newest == 0);
        };
        let there = self.store.core.db.row(DIGEST, params![patient, number]).await?;
        let there = there.map(|mut r| r.digest(0)).transpose()?;
        Ok(newest <= number && there == Some(digest))
    }
}
