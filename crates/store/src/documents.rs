//! Documents of the installation, such as the standard's Questionnaire (decision 37): plain, never about a patient.

use crate::job::Statement;
use crate::log::row::Entry;
use crate::value::{micros, params};
use crate::{Result, Store};
use domain::access::Actor;
use jiff::Timestamp;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name, such as a canonical address with its version.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// When it was put here.
    pub changed_at: Timestamp,
}

impl Store {
    /// Keeps a document, in the place of one with the same name.
    pub async fn put_document(&self, by: &Actor, document: &Document) -> Result<()> {
        let sql = "INSERT INTO document (name, media_type, changed_at, bytes) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (name) DO UPDATE SET media_type = excluded.media_type, \
                   changed_at = excluded.changed_at, bytes = excluded.bytes";
        let params = params![&document.name, &document.media_type, micros(document.changed_at), &document.bytes];
        let entry = Entry::by(by, document.changed_at, "put-document", document.name.clone());
        self.core.db.write(Statement::new(sql, params).logged(entry)).await.map(|_| ())
    }

    /// One document.
    pub async fn document(&self, name: &str) -> Result<Option<Document>> {
        let sql = "SELECT name, media_type, changed_at, bytes FROM document WHERE name = ?1";
        let Some(mut row) = self.core.db.row(sql, params![name]).await? else { return Ok(None) };
        Ok(Some(Document {
            name: row.text(0)?,
            media_type: row.text(1)?,
            changed_at: row.time(2)?,
            bytes: row.blob(3)?,
        }))
    }

    /// Names of all documents, in order.
    pub async fn document_names(&self) -> Result<Vec<String>> {
        let rows = self.core.db.many_rows("SELECT name FROM document ORDER BY name", &[]).await?;
        rows.into_iter().map(|mut r| r.text(0)).collect()
    }
}
