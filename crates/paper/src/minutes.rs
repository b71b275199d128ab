//! What a meeting agreed on, to take along: what the meeting is, then one part for each of whom it speaks.

use crate::dossier::Chapter;
use crate::form::Fact;
use crate::press::{self, Day, Failure};
use serde::Serialize;

/// A meeting on paper.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Minutes {
    /// What it is.
    pub title: String,
    /// In the head of every further page.
    pub edition: String,
    /// When, where, who.
    pub facts: Vec<Fact>,
    /// What must be known of the sheet itself.
    pub intro: Vec<String>,
    /// One for each of whom it speaks.
    pub chapters: Vec<Chapter>,
    /// Day it was printed: the date of the file.
    pub dated: Day,
}

impl Minutes {
    /// The sheet as PDF.
    ///
    /// # Errors
    /// Where the press fails: a mistake in a template, never the text of a sheet.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Failure> {
        press::print(press::Template::Minutes, self, self.dated)
    }
}
