//! The layout of a file: its separator, encoding, names of columns and ways to write dates. Our own is documented; a HIS's own
//! comes by a mapping file, so that no system needs a program of its own.

use super::{Column, ContactKind};
use crate::coded::coded;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

coded! {
    /// How letters are written.
    pub enum Encoding {
        Auto "automatisch" "UTF-8 waar dat klopt, anders windows-1252";
        Utf8 "utf-8" "UTF-8";
        Windows1252 "windows-1252" "windows-1252 (ook ISO 8859-1)";
    }
}

coded! {
    /// How days are written.
    pub enum DateForm {
        YearFirst "jjjj-mm-dd" "2026-11-30";
        DayFirst "dd-mm-jjjj" "30-11-2026, ook met / of .";
        Compact "jjjjmmdd" "20261130";
        MonthFirst "mm/dd/jjjj" "11/30/2026";
    }
}

/// A mapping file as it is written (TOML).
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LayoutFile {
    /// What the layout is called.
    pub naam: String,
    /// `;`, `,`, `tab` or `|`; absent: whichever the first row holds most of.
    pub scheiding: Option<String>,
    /// Code of [`Encoding`].
    pub tekens: Option<String>,
    /// Codes of [`DateForm`], tried in this order.
    pub datums: Vec<String>,
    /// Our column → the name in the file.
    pub kolommen: BTreeMap<String, String>,
    /// Our column → value in the file → our value.
    pub waarden: BTreeMap<String, BTreeMap<String, String>>,
    /// A number of the HIS and a birth date that came once with a BSN mean the same patient where they come without.
    pub koppel_patientnummer: bool,
}

/// A layout that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// What it is called.
    pub name: String,
    /// The separator; absent: found in the first row.
    pub separator: Option<u8>,
    /// How letters are written.
    pub encoding: Encoding,
    /// How days are written.
    pub dates: Vec<DateForm>,
    /// Names in the file, as [`plain`] writes them, where they are not our own.
    columns: BTreeMap<Column, String>,
    /// What the file's own words stand for, in lower case.
    values: BTreeMap<Column, BTreeMap<String, String>>,
    /// See [`LayoutFile::koppel_patientnummer`].
    pub links_numbers: bool,
}

/// The columns that a file of rows to mend has in front; they are passed over.
const OF_REPAIR: [&str; 2] = ["rij", "reden"];

/// Is this a column of our own making, that tells what was wrong before?
pub fn ignored(name: &str) -> bool {
    OF_REPAIR.contains(&plain(name).as_str())
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            name: "tijdig".to_owned(),
            separator: None,
            encoding: Encoding::Auto,
            dates: vec![DateForm::YearFirst, DateForm::DayFirst],
            columns: BTreeMap::new(),
            values: BTreeMap::new(),
            links_numbers: false,
        }
    }
}

impl Layout {
    /// The layout of a mapping file.
    ///
    /// # Errors
    /// Dutch sentences: everything that is wrong with it.
    pub fn of(file: &LayoutFile) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let mut layout = Self { links_numbers: file.koppel_patientnummer, ..Self::default() };
        if !file.naam.trim().is_empty() {
            file.naam.trim().clone_into(&mut layout.name);
        }
        layout.separator = match file.scheiding.as_deref() {
            None => None,
            Some("tab" | "\t") => Some(b'\t'),
            Some(one @ (";" | "," | "|")) => one.bytes().next(),
            Some(_) => {
                wrong.push("scheiding: kies ; of , of | of tab.".to_owned());
                None
            }
        };
        if let Some(code) = &file.tekens {
            match Encoding::of_code(code) {
                Some(encoding) => layout.encoding = encoding,
                None => wrong.push("tekens: kies utf-8, windows-1252 of automatisch.".to_owned()),
            }
        }
        if !file.datums.is_empty() {
            layout.dates = file.datums.iter().filter_map(|d| DateForm::of_code(d)).collect();
            if layout.dates.len() < file.datums.len() {
                let forms: Vec<&str> = DateForm::ALL.iter().map(|f| f.code()).collect();
                wrong.push(format!("datums: kies uit {}.", forms.join(", ")));
            }
        }
        for (column, name) in &file.kolommen {
            match Column::of_code(column) {
                Some(column) if !name.trim().is_empty() => {
                    layout.columns.insert(column, plain(name));
                }
                Some(_) => wrong.push(format!("kolommen: bij {column} staat geen naam.")),
                None => wrong.push(format!("kolommen: {column} is geen kolom van Tijdig.")),
            }
        }
        for (column, words) in &file.waarden {
            let Some(column) = Column::of_code(column) else {
                wrong.push(format!("waarden: {column} is geen kolom van Tijdig."));
                continue;
            };
            let known = |value: &str| match column {
                Column::ContactKind => ContactKind::of_code(value).is_some(),
                Column::EpisodeState => matches!(value, "actief" | "afgesloten"),
                Column::Sex => matches!(value, "m" | "v" | "o" | ""),
                _ => true,
            };
            if let Some((_, value)) = words.iter().find(|(_, value)| !known(value)) {
                wrong.push(format!("waarden: '{value}' kan niet in de kolom {}.", column.code()));
            }
            let words = words.iter().map(|(word, value)| (word.trim().to_lowercase(), value.clone())).collect();
            layout.values.insert(column, words);
        }
        if wrong.is_empty() { Ok(layout) } else { Err(wrong) }
    }

    /// The name of a column in the file.
    fn name_of(&self, column: Column) -> &str {
        self.columns.get(&column).map_or(column.code(), String::as_str)
    }

    /// What a word of the file stands for.
    pub fn value<'a>(&'a self, column: Column, word: &'a str) -> &'a str {
        match self.values.get(&column) {
            Some(words) => words.get(&word.to_lowercase()).map_or(word, String::as_str),
            None => word,
        }
    }

    /// A day as the file writes it; a time of day behind it is passed over. `None`: it is none.
    pub fn day(&self, text: &str) -> Option<Date> {
        let text = text.split([' ', 'T']).next().unwrap_or_default();
        self.dates.iter().find_map(|form| day_of(*form, text.as_bytes()))
    }
}

/// A day in one of the forms.
fn day_of(form: DateForm, text: &[u8]) -> Option<Date> {
    if form == DateForm::Compact {
        let all = (text.len() == 8).then(|| number(text))??;
        return date(all / 10_000, all / 100 % 100, all % 100);
    }
    let mut parts = text.split(|b| matches!(b, b'-' | b'/' | b'.'));
    let [a, b, c] = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() {
        return None;
    }
    let long = if form == DateForm::YearFirst { a } else { c };
    if long.len() != 4 || [a, b, c].iter().any(|p| p.len() > 4) {
        return None;
    }
    let [a, b, c] = [number(a)?, number(b)?, number(c)?];
    match form {
        DateForm::YearFirst => date(a, b, c),
        DateForm::DayFirst => date(c, b, a),
        _ => date(c, a, b),
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    let fits = (1..=8).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    fits.then(|| digits.iter().fold(0, |sum, b| sum * 10 + u32::from(b - b'0')))
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A column's name as it is compared: lower case, without accents of writing such as blanks, hyphens and quotes.
fn plain(name: &str) -> String {
    name.trim().trim_start_matches('\u{feff}').trim_matches('"').to_lowercase().replace([' ', '-'], "_")
}

/// Which cell of a row is which column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    at: Vec<Option<usize>>,
    /// How many cells a row has.
    pub cells: usize,
    /// Columns of the file that say nothing to us.
    pub passed_over: Vec<String>,
}

impl Header {
    /// From the first row.
    ///
    /// # Errors
    /// Dutch sentences: which columns are missing or come twice.
    pub fn of(names: &[String], layout: &Layout) -> Result<Self, Vec<String>> {
        let found: Vec<String> = names.iter().map(|n| plain(n)).collect();
        let mut wrong = Vec::new();
        let mut at = Vec::with_capacity(Column::ALL.len());
        for column in Column::ALL {
            let name = layout.name_of(*column);
            let mut places = found.iter().enumerate().filter(|(_, n)| *n == name).map(|(i, _)| i);
            at.push(places.next());
            if places.next().is_some() {
                wrong.push(format!("De kolom '{name}' staat er twee keer."));
            }
        }
        let header = Self {
            passed_over: names
                .iter()
                .enumerate()
                .filter(|(i, name)| !at.contains(&Some(*i)) && !ignored(name) && !name.trim().is_empty())
                .map(|(_, name)| name.trim().chars().take(60).collect())
                .collect(),
            at,
            cells: names.len(),
        };
        let has = |column: Column| header.place(column).is_some();
        let name = |column: Column| layout.name_of(column);
        if !has(Column::Bsn) && !has(Column::Number) {
            let sentence = format!("De kolom '{}' of '{}' ontbreekt.", name(Column::Bsn), name(Column::Number));
            wrong.push(sentence);
        }
        if ![Column::Icpc, Column::Claim, Column::Finding].into_iter().any(has) {
            wrong.push(format!(
                "Er is geen kolom met wat er is vastgelegd: '{}', '{}' of '{}'.",
                name(Column::Icpc),
                name(Column::Claim),
                name(Column::Finding)
            ));
        }
        for (what, day) in [
            (Column::Icpc, [Column::EpisodeBegin, Column::ContactDate]),
            (Column::Claim, [Column::ContactDate; 2]),
            (Column::Finding, [Column::FindingDate; 2]),
        ] {
            if has(what) && !day.into_iter().any(has) {
                wrong.push(format!("Bij '{}' hoort een kolom met de dag: '{}'.", name(what), name(day[0])));
            }
        }
        if wrong.is_empty() { Ok(header) } else { Err(wrong) }
    }

    /// Which cell a column is.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.at.get(column as usize).copied().flatten()
    }
}
