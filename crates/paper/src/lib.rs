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
use std::fmt::Write as _;

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

/// A QR code as the templates show it: a picture of one path, of which a template need not know the parts.
#[derive(Serialize)]
struct Drawn {
    svg: String,
    alt: String,
    caption: String,
}

/// Modules of the quiet zone on each side (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code as one path of an SVG: its side in modules, quiet zone included, and `d`, a bar for each dark run.
pub fn bars(modules: &[Vec<bool>]) -> (usize, String) {
    let mut path = String::new();
    for (y, row) in modules.iter().enumerate() {
        let mut from = QUIET;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&true) {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{from} {}h{}v1h-{}z", y + QUIET, run.len(), run.len());
            }
            from += run.len();
        }
    }
    (modules.len() + 2 * QUIET, path)
}

impl From<Qr> for Drawn {
    fn from(qr: Qr) -> Self {
        let (side, path) = bars(&qr.modules);
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"><path d=\"{path}\"/></svg>"
        );
        Self { svg, alt: qr.alt, caption: qr.caption }
    }
}
