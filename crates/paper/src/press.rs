//! The press: sets a sheet with typst and writes it as PDF/UA-1 and PDF/A-2a in one file.
//!
//! Its world holds six templates, two kinds of letters and the sheet as JSON; there is no file system behind it, no
//! network, no clock. A sheet's words arrive as strings, so nothing in them can be taken for markup.

use crate::glyphs;
use ciborium::Value;
use serde::Serialize;
use std::fmt;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World, WorldExt};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// A day: what a file is dated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Day {
    /// Year.
    pub year: i16,
    /// Month, from 1.
    pub month: i8,
    /// Day of the month, from 1.
    pub day: i8,
}

/// Why there is no sheet. It says where in a template, never what a sheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    step: &'static str,
    place: Option<(&'static str, usize)>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the press failed while {}", self.step)?;
        match self.place {
            Some((file, line)) => write!(f, ", at {file} line {line}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

/// The templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    /// `templates/form.typ`.
    Form,
    /// `templates/letter.typ`.
    Letter,
    /// `templates/dossier.typ`.
    Dossier,
    /// `templates/minutes.typ`.
    Minutes,
    /// `templates/card.typ`.
    Card,
    /// `templates/report.typ`.
    Report,
}

/// What every sheet is set with; made once.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// The templates in the order of [`FILES`].
    sources: Vec<Source>,
    /// Where the templates find the sheet.
    data: FileId,
}

/// Names and texts of the templates; the last is what they share.
const FILES: [(&str, &str); 7] = [
    ("form.typ", include_str!("../templates/form.typ")),
    ("letter.typ", include_str!("../templates/letter.typ")),
    ("dossier.typ", include_str!("../templates/dossier.typ")),
    ("minutes.typ", include_str!("../templates/minutes.typ")),
    ("card.typ", include_str!("../templates/card.typ")),
    ("report.typ", include_str!("../templates/report.typ")),
    ("parts.typ", include_str!("../templates/parts.typ")),
];

/// After so many sheets whatever the press remembers of one is forgotten; the templates it meets each time stay warm.
const REMEMBERS: usize = 2;

static DESK: LazyLock<Desk> = LazyLock::new(Desk::set_up);

impl Desk {
    fn set_up() -> Self {
        let fonts: Vec<Font> = glyphs::FONTS.iter().filter_map(|file| Font::new(Bytes::new(file()), 0)).collect();
        let sources = FILES.iter().map(|(name, text)| Source::new(file_id(name), (*text).to_owned())).collect();
        Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources,
            data: file_id("sheet.cbor"),
        }
    }
}

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).unwrap_or_else(|_| unreachable!("our own names are plain"));
    FileId::new(RootedPath::new(VirtualRoot::Project, path))
}

/// One sheet at work.
struct Work {
    desk: &'static Desk,
    template: Template,
    sheet: Bytes,
}

impl World for Work {
    fn library(&self) -> &LazyHash<Library> {
        &self.desk.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.desk.book
    }

    fn main(&self) -> FileId {
        self.desk.sources[self.template as usize].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.desk.sources.iter().find(|s| s.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.desk.data { Ok(self.sheet.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.desk.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

impl Work {
    /// Where it went wrong; what went wrong may quote the sheet and is left out.
    fn failure(&self, step: &'static str, errors: &[SourceDiagnostic]) -> Failure {
        #[cfg(test)]
        tests::tell(errors);
        let place = errors.iter().find_map(|error| {
            let source = self.desk.sources.iter().position(|s| error.span.id() == Some(s.id()))?;
            let start = self.range(error.span)?.start;
            let line = self.desk.sources[source].lines().byte_to_line(start)?;
            Some((FILES[source].0, line + 1))
        });
        Failure { step, place }
    }
}

/// Sets a sheet and writes it as PDF. Takes milliseconds to seconds of computing: not for an async thread.
pub(crate) fn print(template: Template, sheet: &impl Serialize, dated: Day) -> Result<Vec<u8>, Failure> {
    let broken = |step| Failure { step, place: None };
    let day = u8::try_from(dated.month)
        .ok()
        .zip(u8::try_from(dated.day).ok())
        .and_then(|(month, day)| Datetime::from_ymd_hms(i32::from(dated.year), month, day, 0, 0, 0))
        .ok_or(broken("dating the sheet"))?;
    let mut value = Value::serialized(sheet).map_err(|_| broken("reading the sheet"))?;
    glyphs::clean(&mut value);
    let mut sheet = Vec::new();
    ciborium::into_writer(&value, &mut sheet).map_err(|_| broken("reading the sheet"))?;
    let sheet = Bytes::new(sheet);
    let work = Work { desk: &DESK, template, sheet };
    let set = typst::compile::<PagedDocument>(&work).output;
    let written = set.map_err(|e| work.failure("setting type", &e)).and_then(|document| {
        let standards =
            PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1]).map_err(|_| broken("choosing the standards"))?;
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(Some("Tijdig".to_owned())),
            timestamp: Some(Timestamp::new_utc(day)),
            page_ranges: None,
            standards,
            tagged: true,
            pretty: false,
        };
        typst_pdf::pdf(&document, &options).map_err(|e| work.failure("writing the PDF", &e))
    });
    typst::comemo::evict(REMEMBERS);
    written
}

#[cfg(test)]
mod tests;
