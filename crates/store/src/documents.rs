//! Documents of the installation, such as the standard's Questionnaire (decision 37): plain, never about a patient.

use crate::{Error, Result, Store};
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
    pub async fn put_document(&self, _by: &Actor, _document: &Document) -> Result<()> {
        Err(Error::Bug("not filled in"))
    }
    /// One document.
    pub async fn document(&self, _name: &str) -> Result<Option<Document>> {
        Err(Error::Bug("not filled in"))
    }
    /// Names of all documents, in order.
    pub async fn document_names(&self) -> Result<Vec<String>> {
        Err(Error::Bug("not filled in"))
    }
}
