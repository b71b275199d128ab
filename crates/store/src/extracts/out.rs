//! Taking out what a file told, and what goes with a patient who is erased.

use super::subjects::{Beside, OF_EXTRACT, Rules, STEP, Stand, subject_of};
use crate::job::{Job, Tx};
use crate::value::params;
use crate::{Result, Store};
use domain::ident::ExtractId;
use jiff::Timestamp;

/// Takes out what a file told of some, and writes where they stand without it: in one transaction, so that it may be broken off
/// anywhere and goes on where it was.
struct TakeOut {
    extract: String,
    stands: Vec<Stand>,
}

impl Store {
    /// Takes out what a file told, and works out anew where those stand of whom it told.
    pub(super) async fn take_out(&self, id: &ExtractId, now: Timestamp) -> Result<()> {
        let (vault, mut rules) = (self.extract_sealer().await?, Rules::new());
        let (extract, none): (&str, &[u8]) = (id.as_str(), &[]);
        loop {
            let rows = self.core.db.many_rows(OF_EXTRACT, params![extract, none, STEP]).await?;
            let mut stands = Vec::with_capacity(rows.len());
            for mut row in rows {
                let (organisation, subject) = (row.text(0)?, subject_of(&mut row, 1)?);
                let sets = self.rules_of(&mut rules, &organisation).await?;
                let beside = Beside::Without(extract);
                stands.push(self.stand(&vault, &organisation, subject, beside, sets, now).await?.0);
            }
            if stands.is_empty() {
                return Ok(());
            }
            self.core.db.write(TakeOut { extract: extract.to_owned(), stands }).await?;
        }
    }
}

impl Job for TakeOut {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<()> {
        for stand in &self.stands {
            let sql = "DELETE FROM extract_fact WHERE organisation_id = ?1 AND subject = ?2 AND extract_id = ?3";
            tx.execute(sql, params![&stand.organisation, &stand.subject.0, &self.extract]).await?;
            stand.write(tx).await?;
        }
        Ok(())
    }
}

/// What files told of a patient who is erased goes, and by which they were known again; what bears the patient's id goes with the
/// rest of the record.
pub(crate) async fn forget(tx: &mut Tx<'_>, patient: &str) -> Result<()> {
    let sql = "SELECT organisation_id, subject FROM extract_subject WHERE patient_id = ?1";
    for mut row in tx.rows(sql, params![patient]).await? {
        let (organisation, subject) = (row.text(0)?, row.digest(1)?);
        for sql in [
            "DELETE FROM extract_fact WHERE organisation_id = ?1 AND subject = ?2",
            "DELETE FROM extract_alias WHERE organisation_id = ?1 AND subject = ?2",
        ] {
            tx.execute(sql, params![&organisation, &subject]).await?;
        }
    }
    Ok(())
}
