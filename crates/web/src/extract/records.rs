//! Records of a CSV file, one at a time, from bytes: with the line on which each begins, and without being led astray by what
//! is wrong with one. A quote that is not closed makes its own row wrong and no other; a row that is far too long is cut and
//! passed over. Memory stays bounded whatever the file holds.

use std::collections::VecDeque;
use std::io::{BufRead, Result};

/// The longest row that is read, in bytes.
const LONGEST_ROW: usize = 64 << 10;
/// So many lines may stand within quotes.
const MOST_LINES: usize = 20;

/// A record: its cells, without the quotes around them.
#[derive(Debug, Default)]
pub struct Record {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// All cells, one after the other.
    pub bytes: Vec<u8>,
    /// Where each ends.
    pub ends: Vec<usize>,
    /// What is wrong with the row as such.
    pub fault: Option<&'static str>,
}

impl Record {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.fault = None;
    }

    fn end_cell(&mut self) {
        self.ends.push(self.bytes.len());
    }

    /// A cell by its place.
    #[cfg(test)]
    pub fn cell(&self, at: usize) -> &[u8] {
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[begin..self.ends[at]]
    }
}

#[derive(Debug)]
struct Line {
    number: u64,
    bytes: Vec<u8>,
    /// It was longer than any that is read.
    cut: bool,
}

/// Reads records.
pub struct Records<R> {
    from: R,
    /// The separator.
    pub separator: u8,
    /// What ends a line: `\n`, or `\r` where a file has no other.
    end: u8,
    /// Lines that were read ahead in vain.
    waiting: VecDeque<Line>,
    number: u64,
    /// Bytes read so far.
    pub read: u64,
}

const CUT: &str = "Deze rij is veel te lang. Staat er een aanhalingsteken verkeerd?";
const OPEN: &str = "Een aanhalingsteken wordt niet gesloten.";
const BEHIND: &str = "Achter een aanhalingsteken staat nog tekst.";

impl<R: BufRead> Records<R> {
    /// Reads from here; a mark that says it is UTF-8 is passed over.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn new(mut from: R) -> Result<Self> {
        let head = from.fill_buf()?;
        let mark = if head.starts_with(&[0xEF, 0xBB, 0xBF]) { 3 } else { 0 };
        let end = if head.contains(&b'\n') || !head.contains(&b'\r') { b'\n' } else { b'\r' };
        from.consume(mark);
        Ok(Self { from, separator: b';', end, waiting: VecDeque::new(), number: 0, read: mark as u64 })
    }

    /// The first record, by the separator that was said or by whichever it holds most of.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn next_header(&mut self, into: &mut Record, separator: Option<u8>) -> Result<bool> {
        let Some(line) = self.line()? else { return Ok(false) };
        let most = || {
            let count = |d: &u8| line.bytes.iter().map(|b| usize::from(b == d)).sum::<usize>();
            [b'|', b',', b'\t', b';'].into_iter().max_by_key(count).unwrap_or(b';')
        };
        self.separator = separator.unwrap_or_else(most);
        self.waiting.push_front(line);
        self.next(into)
    }

    /// The next record; `false` at the end of the file.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn next(&mut self, into: &mut Record) -> Result<bool> {
        loop {
            let Some(line) = self.line()? else { return Ok(false) };
            if line.bytes.iter().all(u8::is_ascii_whitespace) && !line.cut {
                continue;
            }
            into.clear();
            into.line = line.number;
            if self.split(&line.bytes, into) || line.cut {
                into.fault = if line.cut { Some(CUT) } else { into.fault };
                return Ok(true);
            }
            return self.across_lines(&line, into).map(|()| true);
        }
    }

    /// A quote is open at the end of a line: what is quoted goes on in the next ones, or it was never closed.
    fn across_lines(&mut self, first: &Line, into: &mut Record) -> Result<()> {
        let mut joined = first.bytes.clone();
        let mut taken = Vec::new();
        while taken.len() < MOST_LINES && joined.len() < LONGEST_ROW {
            let Some(line) = self.line()? else { break };
            joined.push(b'\n');
            joined.extend_from_slice(&line.bytes);
            let may_close = line.bytes.contains(&b'"');
            let cut = line.cut;
            taken.push(line);
            if cut {
                break;
            }
            if may_close {
                into.clear();
                if self.split(&joined, into) {
                    // A quote of a later row that closes this one does so in the middle of a cell.
                    if into.fault.is_none() {
                        return Ok(());
                    }
                    break;
                }
            }
        }
        for line in taken.into_iter().rev() {
            self.waiting.push_front(line);
        }
        into.clear();
        for cell in first.bytes.split(|b| *b == self.separator) {
            into.bytes.extend_from_slice(cell);
            into.end_cell();
        }
        into.fault = Some(OPEN);
        Ok(())
    }

    /// Splits a row into its cells; `false` where a quote stays open.
    fn split(&self, row: &[u8], into: &mut Record) -> bool {
        let mut at = 0;
        loop {
            if row.get(at) == Some(&b'"') {
                at += 1;
                loop {
                    let Some(byte) = row.get(at) else { return false };
                    at += 1;
                    if *byte != b'"' {
                        into.bytes.push(*byte);
                    } else if row.get(at) == Some(&b'"') {
                        into.bytes.push(b'"');
                        at += 1;
                    } else {
                        break;
                    }
                }
                let rest = &row[at..];
                let length = rest.iter().position(|b| *b == self.separator).unwrap_or(rest.len());
                if !rest[..length].iter().all(u8::is_ascii_whitespace) {
                    into.bytes.extend_from_slice(&rest[..length]);
                    into.fault = Some(BEHIND);
                }
                at += length;
            } else {
                let rest = &row[at..];
                let length = rest.iter().position(|b| *b == self.separator).unwrap_or(rest.len());
                into.bytes.extend_from_slice(&rest[..length]);
                at += length;
            }
            into.end_cell();
            if at >= row.len() {
                return true;
            }
            at += 1;
            if at == row.len() {
                into.end_cell();
                return true;
            }
        }
    }

    fn line(&mut self) -> Result<Option<Line>> {
        if let Some(line) = self.waiting.pop_front() {
            return Ok(Some(line));
        }
        let mut line = Line { number: self.number + 1, bytes: Vec::new(), cut: false };
        let mut begun = false;
        loop {
            let buffer = self.from.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            begun = true;
            let (length, ended) = match buffer.iter().position(|b| *b == self.end) {
                Some(at) => (at, true),
                None => (buffer.len(), false),
            };
            let room = LONGEST_ROW.saturating_sub(line.bytes.len());
            line.bytes.extend_from_slice(&buffer[..length.min(room)]);
            line.cut |= length > room;
            let used = length + usize::from(ended);
            self.from.consume(used);
            self.read += used as u64;
            if ended {
                break;
            }
        }
        if !begun {
            return Ok(None);
        }
        if line.bytes.last() == Some(&b'\r') {
            line.bytes.pop();
        }
        self.number += 1;
        Ok(Some(line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, Vec<String>, Option<&'static str>)> {
        // A small buffer, so that rows cross its end.
        let mut records = Records::new(std::io::BufReader::with_capacity(7, text)).unwrap();
        let (mut record, mut all) = (Record::default(), Vec::new());
        while records.next(&mut record).unwrap() {
            let cells = (0..record.ends.len()).map(|i| String::from_utf8_lossy(record.cell(i)).into_owned()).collect();
            all.push((record.line, cells, record.fault));
        }
        assert_eq!(records.read, text.len() as u64);
        all
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        all(text.as_bytes()).into_iter().map(|r| r.1).collect()
    }

    #[test]
    fn rows_and_quotes_are_read_as_spreadsheets_write_them() {
        assert_eq!(cells("a;b\r\n1;\"x;\"\"y\"\"\"\r\n;\n"), [["a", "b"], ["1", "x;\"y\""], ["", ""]]);
        assert_eq!(cells("a;b\n\"x\ny\";z"), [["a", "b"], ["x\ny", "z"]]);
        assert_eq!(cells("\u{feff}a;b;\n"), [["a", "b", ""]]);
        assert_eq!(cells("a;5\" b\n"), [["a", "5\" b"]], "a quote within a cell is a quote");
        assert_eq!(cells("a\rb\r"), [["a"], ["b"]], "as old machines wrote it");
    }

    #[test]
    fn what_is_wrong_with_one_row_is_wrong_with_no_other() {
        let rows = all(b"a;b\n\"open;1\n2;3\n\n4;5\n");
        assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), [1, 2, 3, 5], "each with its own line");
        assert_eq!((rows[1].2, rows[2].2), (Some(OPEN), None));
        assert_eq!(all(b"\"a\"b;c\n")[0].2, Some(BEHIND));
        let rows = all(b"\"open;1\n2;3\n\"a\";b\n");
        assert_eq!(rows.iter().map(|r| (r.0, r.2)).collect::<Vec<_>>(), [(1, Some(OPEN)), (2, None), (3, None)]);
    }

    #[test]
    fn a_row_that_is_far_too_long_takes_no_room() {
        let mut text = b"a;".to_vec();
        text.extend(std::iter::repeat_n(b'x', 1_000_000));
        text.extend_from_slice(b"\n1;2\n");
        let rows = all(&text);
        assert_eq!((rows.len(), rows[0].2, rows[1].0), (2, Some(CUT), 2));
        assert!(rows[0].1[1].len() < LONGEST_ROW);
    }
}
