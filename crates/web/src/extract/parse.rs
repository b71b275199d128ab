//! The thread that reads a file: rows checked one by one, what is kept of them gathered by patient, handed over in parts.

use super::cells::{ByColumn, Row};
use super::records::{Record, Records};
use super::{Desk, MOST_BAD, Work};
use domain::extract::{self, Flaw, Header, Layout, Wanted};
use domain::ident::OrganisationId;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufReader, Read};
use store::extracts::{BadRow, SubjectRows, Told, Who};
use tokio::sync::mpsc::Sender;

/// Rows of one part.
const ROWS: u64 = 20_000;

/// What some rows gave.
#[derive(Debug, Default)]
pub struct Part {
    /// Rows read.
    pub rows: u64,
    /// Rows that are wrong.
    pub wrong: u64,
    /// Rows of which something is kept.
    pub kept: u64,
    /// Bytes of the file read so far.
    pub read: u64,
    /// What is kept.
    pub subjects: Vec<SubjectRows>,
    /// Rows to mend.
    pub bad: Vec<BadRow>,
    /// What is wrong, and how often.
    pub reasons: BTreeMap<String, u64>,
    /// Rows by practice.
    pub practices: BTreeMap<OrganisationId, u64>,
    /// The first row, with the first part.
    pub header: Vec<String>,
    /// Columns that say nothing to us.
    pub passed_over: Vec<String>,
    /// Why the file cannot be read at all.
    pub failed: Option<String>,
}

/// What a thread needs to read a file.
pub struct Reading {
    desk: Desk,
    layout: Layout,
    wanted: BTreeMap<OrganisationId, Wanted>,
    today: Date,
    bad: usize,
    part: Part,
    found: HashMap<(OrganisationId, Who), usize>,
}

impl Reading {
    /// For a file.
    pub fn of(work: &Work, wanted: BTreeMap<OrganisationId, Wanted>) -> Self {
        Self {
            desk: work.desk.clone(),
            layout: work.layout.clone(),
            wanted,
            today: work.today,
            bad: 0,
            part: Part::default(),
            found: HashMap::new(),
        }
    }

    /// Reads to the end, or until nobody takes the parts any more.
    pub fn run(mut self, source: impl Read, sender: &Sender<Part>) {
        let read = self.read(source, sender);
        if let Err(why) = read {
            self.part.failed = Some(why);
        }
        // Who took the parts may have failed; then there is nobody to tell.
        let _ = sender.blocking_send(self.part);
    }

    fn read(&mut self, source: impl Read, sender: &Sender<Part>) -> Result<(), String> {
        let unreadable = |e: std::io::Error| format!("Het bestand kan niet gelezen worden ({}).", e.kind());
        let mut records = Records::new(BufReader::with_capacity(256 << 10, source)).map_err(unreadable)?;
        let mut record = Record::default();
        let mut row = Row::default();
        if !records.next_header(&mut record, self.layout.separator).map_err(unreadable)? {
            return Err("Het bestand is leeg.".to_owned());
        }
        if record.bytes.starts_with(&[0xFF, 0xFE]) || record.bytes.starts_with(&[0xFE, 0xFF]) {
            let why = "Dit bestand is in UTF-16 geschreven. Bewaar het als CSV in UTF-8 en kies het opnieuw.";
            return Err(why.to_owned());
        }
        row.read(&record, self.layout.encoding)
            .map_err(|_| "De eerste rij is niet te lezen: dit is geen CSV-bestand.".to_owned())?;
        let names: Vec<String> = (0..row.len()).map(|i| row.at(i).to_owned()).collect();
        let header = Header::of(&names, &self.layout).map_err(|wrong| wrong.join(" "))?;
        // What a file of rows to mend has in front stays behind.
        let shown = |cells: Vec<String>| -> Vec<String> {
            cells
                .into_iter()
                .enumerate()
                .filter(|(i, _)| names.get(*i).is_none_or(|n| !extract::ignored(n)))
                .map(|(_, c)| c)
                .collect()
        };
        self.part.header = shown(names.clone());
        self.part.passed_over.clone_from(&header.passed_over);
        while records.next(&mut record).map_err(unreadable)? {
            let letters = row.read(&record, self.layout.encoding);
            self.part.rows += 1;
            self.part.read = records.read;
            let read = match record.fault.or(letters.err()) {
                Some(fault) => Err(vec![Flaw::whole(fault)]),
                None => self.row(&row, &header, record.line),
            };
            if let Err(flaws) = read {
                self.note(record.line, &flaws, || shown(row.kept()));
            }
            if self.part.rows >= ROWS {
                let part = std::mem::take(&mut self.part);
                self.found.clear();
                if sender.blocking_send(part).is_err() {
                    return Ok(());
                }
                self.part.read = records.read;
            }
        }
        Ok(())
    }

    /// A row that is right, or what is wrong with it.
    fn row(&mut self, row: &Row, header: &Header, line: u64) -> Result<(), Vec<Flaw>> {
        if row.len() < header.cells {
            return Err(vec![Flaw::whole("Deze rij heeft minder cellen dan de eerste rij.")]);
        }
        if row.filled() > header.cells {
            return Err(vec![Flaw::whole("Deze rij heeft meer cellen dan de eerste rij.")]);
        }
        let read = extract::read(&ByColumn { row, header }, &self.layout, self.today, line)?;
        let practice = match &read.practice {
            Some(agb) => self.desk.practices.get(agb.as_str()).ok_or("Deze AGB-code is niet van een praktijk hier."),
            None => self.desk.home.as_ref().ok_or("De AGB-code van de praktijk ontbreekt."),
        };
        let practice =
            practice.map_err(|sentence| vec![Flaw { column: Some(extract::Column::Practice), sentence }])?.clone();
        *self.part.practices.entry(practice.clone()).or_default() += 1;
        // Each practice keeps what its own rules ask for.
        let Some(wanted) = self.wanted.get(&practice) else { return Ok(()) };
        let mut facts = read.facts;
        facts.retain(|fact| wanted.keeps(fact));
        if facts.is_empty() && !wanted.keeps_age(read.who.born, self.today) {
            return Ok(());
        }
        self.part.kept += 1;
        let extract::Who { bsn, number, born } = read.who;
        let who = Who { bsn, number: number.clone(), born, linked: self.layout.links_numbers };
        let at = *self.found.entry((practice.clone(), who.clone())).or_insert_with(|| {
            let told = Told { born, number, insurer: None, line, facts: Vec::new() };
            self.part.subjects.push(SubjectRows { organisation: practice, who, told });
            self.part.subjects.len() - 1
        });
        if let Some(one) = self.part.subjects.get_mut(at) {
            one.told.insurer = read.insurer.or(one.told.insurer.take());
            for fact in facts {
                if !one.told.facts.iter().any(|known| known.key() == fact.key()) {
                    one.told.facts.push(fact);
                }
            }
        }
        Ok(())
    }

    fn note(&mut self, line: u64, flaws: &[Flaw], cells: impl FnOnce() -> Vec<String>) {
        self.part.wrong += 1;
        for flaw in flaws {
            *self.part.reasons.entry(flaw.words()).or_default() += 1;
        }
        if self.bad < MOST_BAD {
            self.bad += 1;
            let reasons = flaws.iter().map(Flaw::words).collect();
            self.part.bad.push(BadRow { line, reasons, cells: cells() });
        }
    }
}
