//! From the cells of one row to what it says, or everything that is wrong with it.

use super::{Born, Column, ContactKind, Fact, FactKind, LONGEST_CELL, LONGEST_VALUE, Layout, Row, Who};
use crate::ident::{Agb, Bsn, Uzovi};
use jiff::civil::Date;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// In which column; absent: with the whole row.
    pub column: Option<Column>,
    /// Dutch sentence; it quotes nothing of a patient.
    pub sentence: &'static str,
}

impl Flaw {
    /// A flaw of the whole row.
    pub fn whole(sentence: &'static str) -> Self {
        Self { column: None, sentence }
    }

    /// As one reads it, with the column in front.
    pub fn words(&self) -> String {
        match self.column {
            Some(column) => format!("{}: {}", column.code(), self.sentence),
            None => self.sentence.to_owned(),
        }
    }
}

/// The cells of a row by column; one that the file does not have is empty.
pub trait Cells {
    /// The cell, without blanks around it.
    fn cell(&self, column: Column) -> &str;
}

/// Nobody lives longer.
const OLDEST: i16 = 125;
/// Nothing in a file is older.
const FIRST_DAY: Date = Date::constant(1900, 1, 1);

struct Reader<'a, C: Cells> {
    cells: &'a C,
    layout: &'a Layout,
    today: Date,
    flaws: Vec<Flaw>,
}

/// Reads a row.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read<C: Cells>(cells: &C, layout: &Layout, today: Date, line: u64) -> Result<Row, Vec<Flaw>> {
    let mut reader = Reader { cells, layout, today, flaws: Vec::new() };
    let row = reader.row(line);
    if reader.flaws.is_empty() { Ok(row) } else { Err(reader.flaws) }
}

impl<'a, C: Cells> Reader<'a, C> {
    fn wrong(&mut self, column: Column, sentence: &'static str) {
        self.flaws.push(Flaw { column: Some(column), sentence });
    }

    fn cell(&mut self, column: Column) -> Option<&'a str> {
        let cell = self.cells.cell(column);
        if cell.len() > LONGEST_CELL {
            self.wrong(column, "Deze cel is veel te lang. Staat er een aanhalingsteken verkeerd?");
            return None;
        }
        (!cell.is_empty()).then_some(cell)
    }

    fn parsed<T>(&mut self, column: Column, parse: fn(&str) -> Result<T, crate::ident::Invalid>) -> Option<T> {
        let cell = self.cell(column)?;
        parse(cell).map_err(|e| self.wrong(column, e.0)).ok()
    }

    /// A day; one to come is wrong, unless the column may hold one.
    fn day(&mut self, column: Column, may_come: bool) -> Option<Date> {
        let cell = self.cell(column)?;
        let Some(day) = self.layout.day(cell) else {
            self.wrong(column, "Dit is geen dag zoals de indeling die schrijft.");
            return None;
        };
        if day < FIRST_DAY {
            self.wrong(column, "Deze dag ligt voor 1900.");
        } else if day > self.today && !may_come {
            self.wrong(column, "Deze dag moet nog komen.");
        }
        Some(day)
    }

    fn row(&mut self, line: u64) -> Row {
        let practice = self.parsed(Column::Practice, Agb::parse);
        let who = self.who();
        let insurer = self.parsed(Column::Insurer, Uzovi::parse);
        if let Some(sex) = self.cell(Column::Sex) {
            let known = ["m", "v", "o", "man", "vrouw", "onbekend", "f"];
            if !known.contains(&self.layout.value(Column::Sex, sex).to_lowercase().as_str()) {
                self.wrong(Column::Sex, "Kies m, v of o, of laat het leeg.");
            }
        }
        let mut facts = Vec::new();
        let contact = self.day(Column::ContactDate, false);
        self.contact_kind(contact);
        if let Some(code) = self.icpc() {
            facts.extend(self.episode(&code, line));
            if let Some(on) = contact {
                facts.push(Fact { kind: FactKind::Contact, code, on, until: None, closed: false, value: None, line });
            } else if facts.is_empty() && self.flaws.is_empty() {
                self.wrong(
                    Column::Icpc,
                    "Er staat geen dag bij: vul het begin van de episode of de dag van het contact in.",
                );
            }
        }
        facts.extend(self.claim(contact, line));
        facts.extend(self.finding(line));
        if facts.is_empty() && self.flaws.is_empty() && contact.is_none() {
            let has = |c: Column| !self.cells.cell(c).is_empty();
            if ![Column::BirthDate, Column::BirthYear, Column::Insurer].into_iter().any(has) {
                self.flaws.push(Flaw::whole("In deze rij staat niets over de patiënt."));
            }
        }
        Row { practice, who, insurer, facts }
    }

    fn who(&mut self) -> Who {
        let bsn = self.parsed(Column::Bsn, Bsn::parse);
        let number = self.cell(Column::Number).map(str::to_owned);
        if number.as_ref().is_some_and(|n| n.chars().count() > 64) {
            self.wrong(Column::Number, "Een patiëntnummer heeft hoogstens 64 tekens.");
        }
        if self.cells.cell(Column::Bsn).is_empty() && number.is_none() {
            self.flaws.push(Flaw::whole("Er staat geen BSN en geen patiëntnummer."));
        }
        let day = self.day(Column::BirthDate, false);
        let year = self.cell(Column::BirthYear).map(|cell| {
            let year = cell.parse::<i16>().ok().filter(|_| cell.len() == 4);
            year.unwrap_or_else(|| {
                self.wrong(Column::BirthYear, "Dit is geen jaar.");
                self.today.year()
            })
        });
        let born = match (day, year) {
            (Some(day), Some(year)) if day.year() != year => {
                self.wrong(Column::BirthYear, "Dit is een ander jaar dan dat van de geboortedatum.");
                None
            }
            (Some(day), _) => Some((Column::BirthDate, Born::Day(day))),
            (None, Some(year)) => Some((Column::BirthYear, Born::Year(year))),
            (None, None) => None,
        };
        if let Some((column, born)) = born
            && !(0..=OLDEST).contains(&born.age_on(self.today))
            && self.flaws.iter().all(|f| f.column != Some(column))
        {
            self.wrong(column, "Zo oud wordt niemand.");
        }
        Who { bsn, number, born: born.map(|(_, born)| born) }
    }

    fn contact_kind(&mut self, contact: Option<Date>) {
        if let Some(kind) = self.cell(Column::ContactKind) {
            if ContactKind::of_code(&self.layout.value(Column::ContactKind, kind).to_lowercase()).is_none() {
                self.wrong(Column::ContactKind, "Deze soort contact is niet bekend.");
            }
            if contact.is_none() && self.cells.cell(Column::ContactDate).is_empty() {
                self.wrong(Column::ContactDate, "De dag van het contact ontbreekt.");
            }
        }
    }

    /// ICPC: a chapter, two digits, and two more where it is finer.
    fn icpc(&mut self) -> Option<String> {
        let code = self.cell(Column::Icpc)?.to_uppercase();
        let bytes = code.as_bytes();
        let chapter = bytes.first().is_some_and(|b| b"ABDFHKLNPRSTUWXYZ".contains(b));
        let digits = |part: Option<&[u8]>| part.is_some_and(|p| p.iter().all(u8::is_ascii_digit));
        let fits = match bytes.len() {
            3 => digits(bytes.get(1..)),
            6 => digits(bytes.get(1..3)) && bytes.get(3) == Some(&b'.') && digits(bytes.get(4..)),
            _ => false,
        };
        if !(chapter && fits) {
            self.wrong(Column::Icpc, "Dit is geen ICPC-code, zoals A20 of N99.01.");
            return None;
        }
        Some(code)
    }

    fn episode(&mut self, code: &str, line: u64) -> Option<Fact> {
        let begin = self.day(Column::EpisodeBegin, false);
        let until = self.day(Column::EpisodeEnd, true);
        let state = self.cell(Column::EpisodeState).map(|s| self.layout.value(Column::EpisodeState, s).to_lowercase());
        let closed = match state.as_deref() {
            None => until.is_some_and(|u| u <= self.today),
            Some("actief") => false,
            Some("afgesloten") => true,
            Some(_) => {
                self.wrong(Column::EpisodeState, "Kies actief of afgesloten.");
                false
            }
        };
        let Some(on) = begin else {
            if until.is_some() && self.cells.cell(Column::EpisodeBegin).is_empty() {
                self.wrong(Column::EpisodeBegin, "De episode heeft een einde, maar geen begin.");
            }
            return None;
        };
        if until.is_some_and(|until| until < on) {
            self.wrong(Column::EpisodeEnd, "Het einde ligt voor het begin.");
        }
        Some(Fact { kind: FactKind::Episode, code: code.to_owned(), on, until, closed, value: None, line })
    }

    fn claim(&mut self, contact: Option<Date>, line: u64) -> Option<Fact> {
        let code = self.cell(Column::Claim)?.to_owned();
        if !(4..=6).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
            self.wrong(Column::Claim, "Een declaratiecode heeft vier tot zes cijfers.");
            return None;
        }
        let Some(on) = contact else {
            if self.cells.cell(Column::ContactDate).is_empty() {
                self.wrong(Column::ContactDate, "De dag van de declaratie ontbreekt.");
            }
            return None;
        };
        Some(Fact { kind: FactKind::Claim, code, on, until: None, closed: false, value: None, line })
    }

    fn finding(&mut self, line: u64) -> Option<Fact> {
        let value = self.cell(Column::FindingValue).map(|v| v.chars().take(LONGEST_VALUE).collect());
        let Some(code) = self.cell(Column::Finding) else {
            if value.is_some() {
                self.wrong(Column::Finding, "Er staat een uitkomst zonder nummer van de bepaling.");
            }
            return None;
        };
        if !(1..=5).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
            self.wrong(Column::Finding, "Het nummer van een bepaling heeft hoogstens vijf cijfers.");
            return None;
        }
        let Some(on) = self.day(Column::FindingDate, false) else {
            if self.cells.cell(Column::FindingDate).is_empty() {
                self.wrong(Column::FindingDate, "De dag van de bepaling ontbreekt.");
            }
            return None;
        };
        Some(Fact { kind: FactKind::Finding, code: code.to_owned(), on, until: None, closed: false, value, line })
    }
}
