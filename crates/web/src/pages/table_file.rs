//! Tables as files: CSV as spreadsheets here expect it, and the answer with a file to keep.

use crate::error::PageError;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Kind of a CSV file.
pub const CSV: &str = "text/csv; charset=utf-8";

/// A table as CSV: `;` between the cells, and a mark that says it is UTF-8. No cell is a formula.
///
/// # Errors
/// Where it cannot be written.
pub fn csv<const N: usize>(
    heads: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Vec<u8>, PageError> {
    let broken = |_| PageError::Broken(store::Error::Bug("a row of CSV could not be written"));
    let mut out = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![0xEF, 0xBB, 0xBF]);
    out.write_record(heads).map_err(broken)?;
    for row in rows {
        out.write_record(row.map(|cell| harmless(&cell))).map_err(broken)?;
    }
    out.into_inner().map_err(|_| PageError::Broken(store::Error::Bug("CSV could not be written")))
}

/// A cell that a spreadsheet would take for a formula gets a mark in front, so that it stays a text.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A file to keep. Its name says nothing of whom it is about (FACTS, law and norms).
pub fn attached(bytes: Vec<u8>, media: &'static str, name: &str) -> Response {
    let kept = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, media.to_owned()), (header::CONTENT_DISPOSITION, kept)], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_finds_no_formula() {
        assert_eq!(harmless("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(harmless("@x"), "'@x");
        assert_eq!(harmless("huisarts"), "huisarts");
        let bytes = csv(["a", "b"], [["=1".to_owned(), "een; twee".to_owned()]]).unwrap();
        assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}a;b\n'=1;\"een; twee\"\n");
    }
}
