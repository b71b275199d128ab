//! The emergency card: what counts at once, whom to call, and where one sees whether it still holds; the size of a bank
//! card (ISO/IEC 7810, ID-1), on a sheet to cut and fold, or bare.

use crate::press::{self, Day, Failure};
use crate::{Mark, Person, Qr};
use serde::Serialize;

/// One decision on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// Its mark.
    pub mark: Option<Mark>,
    /// In a line.
    pub text: String,
    /// Nothing is in force.
    pub quiet: bool,
}

/// The whole card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Card {
    /// What it is.
    pub title: String,
    /// Which version, of when.
    pub edition: String,
    /// Whose it is.
    pub name: String,
    /// Birth date.
    pub born: String,
    /// What counts at once.
    pub limits: Vec<Limit>,
    /// The goal; may be empty.
    pub goal: String,
    /// Who set it; may be empty.
    pub set: String,
    /// Heading of the back.
    pub back_title: String,
    /// Where it is checked, as one types it.
    pub address: String,
    /// Whom to call.
    pub call: Vec<Person>,
    /// What stands there where there is nobody to call.
    pub nobody: String,
    /// How one sees whether it still holds.
    pub check: String,
    /// The token, as one types it.
    pub code: String,
    /// The code.
    pub qr: Option<Qr>,
    /// Without a sheet around it: two pages of its own size.
    pub bare: bool,
    /// Heading of what to do with the sheet.
    pub steps_title: String,
    /// What to do with it, step by step.
    pub steps: Vec<String>,
    /// What else there is to know.
    pub about: Vec<String>,
    /// Day of the version: the date of the file.
    pub dated: Day,
}

impl Card {
    /// The card as PDF.
    ///
    /// # Errors
    /// Where the press fails: a mistake in a template, never the text of a sheet.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Failure> {
        press::print(press::Template::Card, self, self.dated)
    }
}
