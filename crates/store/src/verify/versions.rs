//! Plan versions: each is what it was when it was written, follows the one before, and is the one that the log tells of.

use super::Wrong;
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
const NEWEST: &str = "SELECT number, digest FROM plan_version WHERE patient_id = ?1 ORDER BY number DESC LIMIT 1";

/// A version of which log and table say different things.
pub(super) struct Suspect {
    pub patient: String,
    pub number: u32,
}

/// The version before, while walking.
struct Before {
    patient: String,
    number: u32,
    digest: [u8; 32],
}

impl Walk<'_> {
    /// Walks the versions; what log and table do not agree on may have been written meanwhile.
    pub async fn versions(&mut self) -> Result<Vec<Suspect>> {
        let mut suspects = Vec::new();
        let mut seen = HashSet::new();
        let with_files = self.with_files().await?;
        let mut before = Before { patient: String::new(), number: 0, digest: [0; 32] };
        loop {
            let page = self.store.core.db.many_rows(VERSIONS, params![&before.patient, before.number, PAGE]).await?;
            if page.is_empty() {
                break;
            }
            for row in page {
                let next = self.version(row, &before, &with_files).await?;
                if next.patient != before.patient {
                    suspects.extend(self.disagree(&before));
                    seen.insert(next.patient.clone());
                }
                before = next;
            }
        }
        suspects.extend(self.disagree(&before));
        let gone = self.chains.iter().filter(|(chain, _)| !seen.contains(*chain));
        suspects.extend(
            gone.filter_map(|(patient, end)| {
                end.version.map(|(number, _)| Suspect { patient: patient.clone(), number })
            }),
        );
        Ok(suspects)
    }

    async fn with_files(&self) -> Result<HashSet<(String, u32)>> {
        let rows = self.store.core.db.many_rows("SELECT DISTINCT patient_id, number FROM attachment", &[]).await?;
        rows.into_iter().map(|mut r| Ok((r.text(0)?, r.count(1)?))).collect()
    }

    async fn version(&mut self, mut row: Row, before: &Before, with_files: &HashSet<(String, u32)>) -> Result<Before> {
        let key = (row.text(0)?, row.count(1)?);
        let mut files = Vec::new();
        if with_files.contains(&key) {
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
        self.report.versions += 1;
        if own != digest || !follows {
            self.report.add(Wrong::Version, Some(&patient), number.into());
        }
        Ok(Before { patient, number, digest })
    }

    /// Does the log tell of another newest version?
    fn disagree(&self, newest: &Before) -> Option<Suspect> {
        let logged = self.chains.get(&newest.patient).and_then(|e| e.version);
        let same = newest.patient.is_empty() || logged == Some((newest.number, newest.digest));
        (!same).then(|| Suspect { patient: newest.patient.clone(), number: newest.number })
    }

    /// Looks at doubtful ones again; those that stay doubtful.
    pub async fn look_again(&mut self, suspects: Vec<Suspect>) -> Result<Vec<Suspect>> {
        let mut left = Vec::new();
        for suspect in suspects {
            let newest = self.store.core.db.row(NEWEST, params![&suspect.patient]).await?;
            let newest = newest.map(|mut r| Ok::<_, crate::Error>((r.count(0)?, r.digest(1)?))).transpose()?;
            if self.chains.get(&suspect.patient).and_then(|e| e.version) != newest {
                left.push(suspect);
            }
        }
        Ok(left)
    }
}
