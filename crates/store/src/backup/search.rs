//! Making findable again: the keyed hashes of BSN and names, from the identities that can be opened.

use super::Progress;
use crate::job::{Job, Tx, taken};
use crate::patients::patient_id;
use crate::patients::register::insert_names;
use crate::seal::SearchKeys;
use crate::value::params;
use crate::{Error, Result, Store};
use domain::patient::Patient;

/// Patients of one transaction.
const PAGE: i64 = 500;

const TO_DO: &str = "SELECT p.patient_id FROM patient p WHERE p.patient_id > ?1 AND p.merged_into IS NULL \
     AND NOT EXISTS (SELECT 1 FROM patient_bsn b WHERE b.patient_id = p.patient_id) ORDER BY p.patient_id LIMIT ?2";

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Patients who can be found now.
    pub patients: u64,
    /// Patients whose key is not in the key store.
    pub without_key: u64,
}

struct Findable {
    generation: i64,
    batch: Vec<One>,
}

struct One {
    id: String,
    bsn: [u8; 32],
    names: Vec<[u8; 32]>,
}

impl Store {
    /// Makes everybody findable who is not. May be done again where it was broken off.
    pub(super) async fn make_findable(&self, progress: &Progress) -> Result<Found> {
        let mut found = Found::default();
        let search = self.core.search();
        let mut after = String::new();
        loop {
            let page = self.core.db.many_rows(TO_DO, params![&after, PAGE]).await?;
            let Some(last) = page.last() else { return Ok(found) };
            after = last.clone().text(0)?;
            let mut batch = Vec::new();
            for mut row in page {
                let id = patient_id(&row.text(0)?)?;
                match self.identity(&id).await {
                    Ok(Some(record)) => batch.push(Self::one(&search, id.as_str(), &record.patient)),
                    Ok(None) => {}
                    Err(Error::NoKey) => found.without_key += 1,
                    Err(other) => return Err(other),
                }
            }
            found.patients += batch.len() as u64;
            self.core.db.write(Findable { generation: search.generation, batch }).await?;
            progress(found.patients, 0);
        }
    }

    fn one(search: &SearchKeys, id: &str, patient: &Patient) -> One {
        One { id: id.to_owned(), bsn: search.bsn(&patient.bsn)[0], names: Self::name_hashes(search, patient) }
    }
}

impl Job for Findable {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for one in &self.batch {
            let bsn = "INSERT INTO patient_bsn (hash, patient_id, generation) VALUES (?1, ?2, ?3)";
            tx.execute(bsn, params![&one.bsn, &one.id, self.generation]).await.map_err(|e| taken(e, "BSN"))?;
            insert_names(tx, &one.id, &one.names).await?;
        }
        Ok(())
    }
}
