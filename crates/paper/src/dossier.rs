//! Everything that is kept about somebody, for themselves (Wabvpz 15d): a title page, then chapter by chapter, with
//! tables that run over many pages under a head that is repeated.

use crate::form::{Fact, Person, Section};
use crate::press::{self, Day, Failure};
use serde::Serialize;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub title: String,
    /// Its share of the width.
    pub share: u8,
}

impl Column {
    /// A column.
    pub fn new(title: &str, share: u8) -> Self {
        Self { title: title.to_owned(), share }
    }
}

/// A table; each row as long as there are columns.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows from top to bottom.
    pub rows: Vec<Vec<String>>,
}

/// One part of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Block {
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
    /// A heading under the chapter's.
    Heading {
        /// Its words.
        text: String,
    },
    /// Labels with what they say.
    Facts {
        /// In order.
        facts: Vec<Fact>,
    },
    /// Statements by topic, as a form has them.
    Sections {
        /// In order.
        sections: Vec<Section>,
    },
    /// People.
    People {
        /// In order.
        people: Vec<Person>,
    },
    /// A table.
    Table {
        /// It.
        table: Table,
    },
}

impl Block {
    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// A heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }
}

/// One chapter. The first begins on a new page, the others where the one before ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Chapter {
    /// Heading.
    pub title: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// The whole copy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dossier {
    /// What it is.
    pub title: String,
    /// Whose it is: a name.
    pub name: String,
    /// Birth date, numbers, when it was made.
    pub facts: Vec<Fact>,
    /// In the head of every further page.
    pub edition: String,
    /// What it is for and what is in it, in plain words.
    pub intro: Vec<String>,
    /// Heading of the list of chapters.
    pub contents_title: String,
    /// The chapters.
    pub chapters: Vec<Chapter>,
    /// Day it was made: the date of the file.
    pub dated: Day,
}

impl Dossier {
    /// The copy as PDF.
    ///
    /// # Errors
    /// Where the press fails: a mistake in a template, never the text of a sheet.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Failure> {
        press::print(press::Template::Dossier, self, self.dated)
    }
}
