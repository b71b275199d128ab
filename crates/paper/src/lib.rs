//! On paper: sheets as PDF (PDF/UA-1 and PDF/A-2a at once, DESIGN 6) and as text.
//!
//! A sheet is plain: headings, statements, small print. Whoever fills it knows what a plan is; this crate does not, and it
//! depends on nothing of ours. There are six: [`Form`], the plan as it stands; [`Card`], what counts at once, to carry
//! along; [`Letter`], to somebody at home; [`Dossier`], everything that is kept about somebody, with long tables;
//! [`Minutes`], what a meeting agreed on; and [`Report`], figures with their charts.
//!
//! What a sheet says is data, never markup: nothing that somebody typed can set type, read a file or stop the press.
//! The same sheet gives the same bytes.

mod card;
mod dossier;
mod drawing;
mod form;
mod glyphs;
mod letter;
mod minutes;
mod press;
mod report;
mod text;

pub use card::{Card, Limit};
pub use dossier::{Block, Chapter, Column, Dossier, Table};
pub use drawing::{Anchor, At, Drawing, Pen, Shape};
pub use form::{Fact, Form, Mark, Notice, Person, Section, Statement, Topic};
pub use letter::{Letter, Part};
pub use minutes::Minutes;
pub use press::{Day, Failure};
pub use report::{Chapter as ReportChapter, Exhibit, Report};
pub use text::to_text;

use serde::Serialize;

/// A QR code as its modules. The quiet zone around it is the sheet's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "Drawn")]
pub struct Qr {
    /// The modules, row by row; true is dark. Every row is as long as there are rows.
    pub modules: Vec<Vec<bool>>,
    /// What it is for, for who cannot see it.
    pub alt: String,
    /// What stands under it.
    pub caption: String,
}

/// A QR code as the templates draw it.
#[derive(Serialize)]
struct Drawn {
    size: usize,
    /// Column, row and length of each dark run.
    runs: Vec<(usize, usize, usize)>,
    alt: String,
    caption: String,
}

impl From<Qr> for Drawn {
    fn from(qr: Qr) -> Self {
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (y, row) in qr.modules.iter().enumerate() {
            for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
                match runs.last_mut() {
                    Some((from, at, length)) if *at == y && *from + *length == x => *length += 1,
                    _ => runs.push((x, y, 1)),
                }
            }
        }
        Self { size: qr.modules.len(), runs, alt: qr.alt, caption: qr.caption }
    }
}
