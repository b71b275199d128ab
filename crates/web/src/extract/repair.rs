//! Rows to mend as a file: the columns as they were, with the row and what is wrong in front. It is mended in a spreadsheet and
//! sent again; what is in front is passed over then.

use crate::pages::harmless;
use store::extracts::BadRow;

/// The file: `;` between the cells and a mark that says it is UTF-8, as spreadsheets here expect it. What a spreadsheet would
/// take for a formula gets a mark in front, which comes off again when the file is read.
pub fn file(header: &[String], rows: &[BadRow]) -> Vec<u8> {
    let mut out = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(vec![0xEF, 0xBB, 0xBF]);
    let mut write = |cells: Vec<String>| {
        // Writing to memory cannot fail.
        let _ = out.write_record(&cells);
    };
    let front = |row: String, reason: String, cells: &[String]| {
        [row, reason].into_iter().chain(cells.iter().map(|c| harmless(c))).collect()
    };
    write(front("rij".to_owned(), "reden".to_owned(), header));
    for row in rows {
        let mut cells = row.cells.clone();
        cells.resize(header.len().max(cells.len()), String::new());
        write(front(row.line.to_string(), row.reasons.join(" "), &cells));
    }
    out.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_to_mend_comes_with_its_reason_and_as_no_formula() {
        let row = BadRow { line: 7, reasons: vec!["icpc: x.".into()], cells: vec!["=1+1".into(), "a;b".into()] };
        let text = String::from_utf8(file(&["bsn".into(), "icpc".into(), "uzovi".into()], &[row])).unwrap();
        assert_eq!(text, "\u{feff}rij;reden;bsn;icpc;uzovi\n7;icpc: x.;'=1+1;\"a;b\";\n");
    }
}
