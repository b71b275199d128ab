//! A report to read from paper: what it is about, then a chapter for each figure or step with its charts, its tables and what it
//! counts.

use crate::Drawing;
use crate::dossier::Table;
use crate::form::Fact;
use crate::press::{self, Day, Failure};
use serde::Serialize;

/// A chart with the table that says the same.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Exhibit {
    /// Heading.
    pub title: String,
    /// The chart, where there is something to draw.
    pub drawing: Option<Drawing>,
    /// How it is read.
    pub caption: String,
    /// The table.
    pub table: Table,
    /// What must be known to read it.
    pub note: String,
}

/// One figure.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Chapter {
    /// Heading.
    pub title: String,
    /// The number, in a sentence.
    pub lead: String,
    /// What more is known of it.
    pub more: String,
    /// What it counts; a chapter that counts nothing has none.
    pub definition: Vec<Fact>,
    /// Charts and tables.
    pub exhibits: Vec<Exhibit>,
}

/// The report.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// What it is.
    pub title: String,
    /// In the head of every further page.
    pub edition: String,
    /// For whom, which year, when it was counted.
    pub facts: Vec<Fact>,
    /// What must be known of the figures.
    pub intro: Vec<String>,
    /// Heading of what stands on one page.
    pub summary_title: String,
    /// All numbers, or all steps, on one page.
    pub summary: Table,
    /// What must be known to read it.
    pub summary_note: String,
    /// The figures, or the steps one by one.
    pub chapters: Vec<Chapter>,
    /// What went well: where, and in words.
    pub examples: Vec<Fact>,
    /// Day it was made: the date of the file.
    pub dated: Day,
}

impl Report {
    /// The report as PDF.
    ///
    /// # Errors
    /// Where the press fails: a mistake in a template, never the text of a sheet.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Failure> {
        press::print(press::Template::Report, self, self.dated)
    }
}

#[cfg(test)]
mod tests;
