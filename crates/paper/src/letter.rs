//! A letter to somebody at home: the address where a window envelope shows it, plain words, a code in large type.

use crate::press::{self, Day, Failure};
use crate::{Fact, Qr};
use serde::Serialize;

/// One part of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Part {
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
    /// A heading within the letter.
    Heading {
        /// Its words.
        text: String,
    },
    /// What to do, step by step.
    Steps {
        /// Each step in a sentence.
        steps: Vec<String>,
    },
    /// A code to type over, in large type, with the QR code beside it.
    Code {
        /// What it is.
        label: String,
        /// The code, grouped as it is to be read.
        code: String,
        /// Until when it works, and how often.
        note: String,
        /// The same for a telephone.
        qr: Option<Qr>,
    },
}

impl Part {
    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    /// A heading.
    pub fn heading(text: impl Into<String>) -> Self {
        Self::Heading { text: text.into() }
    }
}

/// The whole letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// What it is about: the subject line and the title of the file.
    pub subject: String,
    /// Who sends it: the first line is the name, in bold.
    pub sender: Vec<String>,
    /// To whom, line by line; where only the name is known, that stands there alone.
    pub address: Vec<String>,
    /// Day, in words.
    pub date: String,
    /// Other lines beside the date: whom to ask for, telephone.
    pub reference: Vec<Fact>,
    /// 'Beste mevrouw Jansen,'
    pub greeting: String,
    /// What it says.
    pub parts: Vec<Part>,
    /// Greetings and name, each on a line.
    pub closing: Vec<String>,
    /// Small print at the foot of the last page.
    pub foot: Vec<String>,
    /// Day of the letter: the date of the file.
    pub dated: Day,
}

impl Letter {
    /// The letter as PDF.
    ///
    /// # Errors
    /// Where the press fails: a mistake in a template, never the text of a sheet.
    pub fn to_pdf(&self) -> Result<Vec<u8>, Failure> {
        press::print(press::Template::Letter, self, self.dated)
    }
}
