//! The cells of a record as text, by column.

use super::records::Record;
use domain::extract::{Cells, Column, Encoding, Header};

/// A row as text.
#[derive(Debug, Default)]
pub struct Row {
    text: String,
    ends: Vec<usize>,
}

const NOT_UTF8: &str = "Deze rij is niet in UTF-8 geschreven, zoals de indeling zegt.";
const UNREADABLE: &str = "Er staan onleesbare tekens in deze rij.";

impl Row {
    /// Reads the letters of a record.
    ///
    /// # Errors
    /// What is wrong with them; what can be read of the row is there all the same.
    pub fn read(&mut self, record: &Record, encoding: Encoding) -> Result<(), &'static str> {
        self.text.clear();
        self.ends.clear();
        let utf8 = std::str::from_utf8(&record.bytes);
        let fault = match (utf8, encoding) {
            (Ok(text), Encoding::Auto | Encoding::Utf8) => {
                self.take(text, &record.ends);
                None
            }
            (Ok(text), Encoding::Windows1252) if text.is_ascii() => {
                self.take(text, &record.ends);
                None
            }
            (Err(_), Encoding::Utf8) => {
                self.decode(record);
                Some(NOT_UTF8)
            }
            (_, Encoding::Auto | Encoding::Windows1252) => {
                self.decode(record);
                None
            }
        };
        let control = |b: &u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\n' | b'\r');
        // The first control characters beyond ASCII begin with 0xC2 in UTF-8.
        let beyond = || self.text.chars().any(|c| ('\u{80}'..'\u{a0}').contains(&c));
        let unreadable = self.text.as_bytes().iter().any(control) || (!self.text.is_ascii() && beyond());
        match fault.or(unreadable.then_some(UNREADABLE)) {
            Some(fault) => Err(fault),
            None => Ok(()),
        }
    }

    fn take(&mut self, text: &str, ends: &[usize]) {
        self.text.push_str(text);
        self.ends.extend_from_slice(ends);
        // A separator is ASCII, so that a cell ends at the end of a letter; in a file that is wrong it may not.
        if ends.iter().any(|end| !text.is_char_boundary(*end)) {
            self.ends.clear();
        }
    }

    fn decode(&mut self, record: &Record) {
        let mut begin = 0;
        for end in &record.ends {
            let bytes = &record.bytes[begin..*end];
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
            self.text.push_str(&text);
            self.ends.push(self.text.len());
            begin = *end;
        }
    }

    /// How many cells there are, but for empty ones at the end.
    pub fn filled(&self) -> usize {
        (0..self.ends.len()).rev().find(|i| !self.at(*i).is_empty()).map_or(0, |last| last + 1)
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell by its place, without blanks around it. The mark that keeps a spreadsheet from taking a cell for a formula is
    /// passed over: it is ours, where somebody mended a row and sends it again.
    pub fn at(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let cell = self.ends.get(place).map_or("", |end| self.text[begin..*end].trim());
        match cell.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
            _ => cell,
        }
    }

    /// Its cells as they are kept to be mended: cut where they are far too long.
    pub fn kept(&self) -> Vec<String> {
        (0..self.ends.len()).map(|i| self.at(i).chars().take(KEPT).collect()).collect()
    }
}

/// Characters of a cell that are kept to be mended.
const KEPT: usize = 500;

/// A row by column.
pub struct ByColumn<'a> {
    /// The row.
    pub row: &'a Row,
    /// Which cell is which column.
    pub header: &'a Header,
}

impl Cells for ByColumn<'_> {
    fn cell(&self, column: Column) -> &str {
        self.header.place(column).map_or("", |place| self.row.at(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(bytes: &[u8], encoding: Encoding) -> (Vec<String>, Result<(), &'static str>) {
        let mut record = Record::default();
        for cell in bytes.split(|b| *b == b';') {
            record.bytes.extend_from_slice(cell);
            record.ends.push(record.bytes.len());
        }
        let mut row = Row::default();
        let said = row.read(&record, encoding);
        (row.kept(), said)
    }

    #[test]
    fn letters_are_read_as_the_layout_says() {
        assert_eq!(row("Özil;ja".as_bytes(), Encoding::Auto).0, ["Özil", "ja"]);
        assert_eq!(row(b"\xD6zil;ja", Encoding::Auto).0, ["Özil", "ja"], "a row of another encoding");
        assert_eq!(row("Özil".as_bytes(), Encoding::Windows1252).0, ["Ã–zil"], "as the layout says");
        assert_eq!(row(b"\xD6zil;ja", Encoding::Utf8), (vec!["Özil".into(), "ja".into()], Err(NOT_UTF8)));
        assert_eq!(row(b"a\0b", Encoding::Auto).1, Err(UNREADABLE));
    }

    #[test]
    fn the_mark_before_a_formula_comes_off_again() {
        assert_eq!(row(b"'=1+1;'n Bal", Encoding::Auto).0, ["=1+1", "'n Bal"]);
    }
}
