//! People from a list: read, held against who is here, and told row by row before anything is written.
//!
//! The list is CSV with `;`, `,` or tab between the cells, in UTF-8 or windows-1252, its first row naming the columns:
//!
//! | column | what |
//! |---|---|
//! | `gebruikersnaam` | name to sign in with; by it somebody is known again |
//! | `voornaam`, `tussenvoegsel`, `achternaam` | only the last is required |
//! | `rol` | code or Dutch word of the role: `gp` or `huisarts` |
//! | `organisatie` | AGB code or name; may be left out where the list is of one organisation |
//! | `agb`, `uzi`, `big` | may be left out or empty; empty leaves what is known |
//! | `vanaf`, `tot_en_met` | days; empty: from now, without an end |
//!
//! A list that was brought in before changes nothing; a row with an end that has passed ends the role.

use super::{person_of, username};
use crate::pages::days::{end_of, midnight, typed_day};
use domain::administration::can_be_given;
use domain::date::local_day;
use domain::ident::{Agb, Big, PersonId, Uzi};
use domain::patient::normalise_family;
use domain::role::Role;
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::Store;
use store::organisations::Organisation;
use store::people::import::Brought;
use store::people::{Person, RoleGrant};

/// Rows of a list, at most.
pub const MOST_ROWS: usize = 5_000;
/// Longest name.
const LONGEST: usize = 120;

const COLUMNS: [&str; 11] = [
    "gebruikersnaam",
    "voornaam",
    "tussenvoegsel",
    "achternaam",
    "rol",
    "organisatie",
    "agb",
    "uzi",
    "big",
    "vanaf",
    "tot_en_met",
];
const REQUIRED: [&str; 3] = ["gebruikersnaam", "achternaam", "rol"];

/// For whom a list is brought in.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Organisations that may be named.
    pub organisations: &'a [Organisation],
    /// Where a row names none.
    pub own: Option<&'a Organisation>,
    /// Who brings it in: nobody changes their own roles.
    pub me: Option<&'a PersonId>,
}

/// What would be done, or was.
#[derive(Debug, Default)]
pub struct Report {
    /// Rows with something in them.
    pub rows: usize,
    /// Each row that cannot be: its number in the list, and why.
    pub wrong: Vec<(u64, String)>,
    /// Each row that changes something: its number, and what.
    pub changes: Vec<(u64, String)>,
    /// Rows that change nothing.
    pub same: usize,
    /// What is to be written.
    pub brought: Vec<Brought>,
}

/// A row that can be.
struct Row {
    line: u64,
    username: String,
    name: [String; 3],
    agb: Option<Agb>,
    uzi: Option<Uzi>,
    big: Option<Big>,
    grant: RoleGrant,
    /// No beginning was given.
    from_now: bool,
}

/// The text of a file: UTF-8 where it is that, else windows-1252, as spreadsheets here still write it.
pub fn decode(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// Can this file be a list? It is text, whatever its name says, and its first row names a column of ours.
pub fn is_list(bytes: &[u8]) -> bool {
    let control = |b: &u8| b.is_ascii_control() && !matches!(b, b'\t' | b'\r' | b'\n');
    let text = decode(bytes);
    let head = text.lines().next().unwrap_or_default().to_lowercase().replace([' ', '-'], "_");
    !bytes.iter().any(control)
        && head.split([';', ',', '\t']).any(|name| COLUMNS.contains(&name.trim_matches(['"', '_'])))
}

/// Reads a list and holds it against who is here; writes nothing.
///
/// # Errors
/// Where the store fails. What is wrong with the list stands in the report.
pub async fn plan(store: &Store, desk: Desk<'_>, text: &str, now: Timestamp) -> Result<Report, store::Error> {
    let mut report = Report::default();
    let rows = read(desk, text, now, &mut report);
    let mut people: BTreeMap<String, Found> = BTreeMap::new();
    for row in rows {
        if !people.contains_key(&row.username) {
            let found = Found::of(store, &row).await?;
            people.insert(row.username.clone(), found);
        }
        if let Some(found) = people.get_mut(&row.username) {
            found.take(desk, &row, now, &mut report);
        }
    }
    for found in people.into_values() {
        if found.is_new && !found.grants.is_empty() || found.is_changed || !found.grants.is_empty() {
            report.brought.push(Brought {
                person: found.person,
                is_new: found.is_new,
                is_changed: found.is_changed,
                grants: found.grants,
            });
        }
    }
    report.wrong.sort();
    Ok(report)
}

/// The cells of each row, checked one by one.
fn read(desk: Desk<'_>, text: &str, now: Timestamp, report: &mut Report) -> Vec<Row> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t', b','].into_iter().max_by_key(|d| head.bytes().filter(|b| b == d).count());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.unwrap_or(b';'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(|h| h.to_lowercase().replace([' ', '-'], "_")).collect(),
        Err(_) => Vec::new(),
    };
    let missing: Vec<&str> = REQUIRED.into_iter().filter(|c| !names.iter().any(|n| n == c)).collect();
    if !missing.is_empty() {
        let all = COLUMNS.join(", ");
        let message = format!("De eerste rij mist: {}. De kolommen heten: {all}.", missing.join(", "));
        report.wrong.push((1, message));
        return Vec::new();
    }
    for unknown in names.iter().filter(|n| !COLUMNS.contains(&n.as_str())) {
        report
            .wrong
            .push((1, format!("De kolom '{unknown}' is niet bekend. Haal haar weg of geef haar een andere naam.")));
    }
    let mut rows = Vec::new();
    let mut lines = Lines { text, byte: 0, line: 1 };
    for record in reader.records() {
        let Ok(record) = record else {
            report.wrong.push((0, "Een rij kan niet worden gelezen. Controleer de aanhalingstekens.".to_owned()));
            break;
        };
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(str::is_empty) {
            continue;
        }
        report.rows += 1;
        if report.rows > MOST_ROWS {
            report.wrong.push((line, format!("Een lijst heeft hoogstens {MOST_ROWS} rijen. Deel haar in stukken.")));
            break;
        }
        let cell = |name: &str| names.iter().position(|n| n == name).and_then(|i| record.get(i)).unwrap_or_default();
        match row(desk, line, cell, now) {
            Ok(row) => rows.push(row),
            Err(wrong) => report.wrong.push((line, wrong.join(" "))),
        }
    }
    rows
}

/// Counts the lines of a list, as one sees them; the reader passes over empty ones without counting them.
struct Lines<'t> {
    text: &'t str,
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// Line of the row that begins at this byte, or after the empty lines that do.
    fn at(&mut self, byte: u64) -> u64 {
        let bytes = self.text.as_bytes();
        let mut begin = usize::try_from(byte).unwrap_or(0).clamp(self.byte, bytes.len());
        begin += bytes[begin..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.line += bytes[self.byte..begin].iter().map(|b| u64::from(*b == b'\n')).sum::<u64>();
        self.byte = begin;
        self.line
    }
}

fn row<'r>(desk: Desk<'_>, line: u64, cell: impl Fn(&str) -> &'r str, now: Timestamp) -> Result<Row, Vec<String>> {
    let mut wrong: Vec<String> = Vec::new();
    let filled = |name: &str| Some(cell(name)).filter(|c| !c.is_empty());
    let username = username(cell("gebruikersnaam")).unwrap_or_else(|e| {
        wrong.push(e.to_owned());
        String::new()
    });
    if filled("achternaam").is_none() {
        wrong.push("De achternaam ontbreekt.".to_owned());
    }
    if ["voornaam", "tussenvoegsel", "achternaam"].iter().any(|n| cell(n).chars().count() > LONGEST) {
        wrong.push(format!("Een naam heeft hoogstens {LONGEST} tekens."));
    }
    let typed = cell("rol").to_lowercase();
    let role = Role::ALL.iter().copied().filter(|r| can_be_given(*r)).find(|r| r.code() == typed || r.dutch() == typed);
    if role.is_none() {
        wrong.push(format!("De rol '{}' is er niet.", cell("rol")));
    }
    let organisation = match filled("organisatie") {
        None => desk.own,
        Some(named) => desk.organisations.iter().find(|o| {
            o.agb.as_ref().is_some_and(|a| a.as_str() == named) || o.name.to_lowercase() == named.to_lowercase()
        }),
    };
    if organisation.is_none() {
        wrong.push(match filled("organisatie") {
            Some(named) => format!("De organisatie '{named}' is er niet, of u beheert haar niet."),
            None => "Noem de organisatie, met naam of AGB-code.".to_owned(),
        });
    }
    let mut number = |result: Result<(), domain::ident::Invalid>| {
        if let Err(e) = result {
            wrong.push(e.0.to_owned());
        }
    };
    let agb = filled("agb").map(Agb::parse).transpose();
    number(agb.as_ref().map(|_| ()).map_err(Clone::clone));
    let uzi = filled("uzi").map(Uzi::parse).transpose();
    number(uzi.as_ref().map(|_| ()).map_err(Clone::clone));
    let big = filled("big").map(Big::parse).transpose();
    number(big.as_ref().map(|_| ()).map_err(Clone::clone));
    let mut day = |name: &str| {
        filled(name).and_then(|typed| typed_day(typed).map_err(|e| wrong.push(format!("{name}: {e}"))).ok())
    };
    let begins = day("vanaf").map(midnight);
    let until = day("tot_en_met").map(end_of);
    let from = begins.unwrap_or(now);
    if until.is_some_and(|u| begins.is_some_and(|b| u <= b)) {
        wrong.push("Het einde ligt voor het begin.".to_owned());
    }
    let (Some(role), Some(organisation), true) = (role, organisation, wrong.is_empty()) else { return Err(wrong) };
    Ok(Row {
        line,
        username,
        name: ["voornaam", "tussenvoegsel", "achternaam"].map(|n| cell(n).to_owned()),
        agb: agb.unwrap_or_default(),
        uzi: uzi.unwrap_or_default(),
        big: big.unwrap_or_default(),
        grant: RoleGrant { organisation: organisation.id.clone(), role, from, until },
        from_now: begins.is_none(),
    })
}

/// Somebody of the list, and what is known of them.
struct Found {
    person: Person,
    is_new: bool,
    is_changed: bool,
    /// Roles held before.
    held: Vec<RoleGrant>,
    /// Roles to give or to end otherwise.
    grants: Vec<RoleGrant>,
    /// First row about them.
    line: u64,
    /// The same name, or another person.
    surname: String,
}

impl Found {
    async fn of(store: &Store, row: &Row) -> Result<Self, store::Error> {
        let known = store.person_named(&row.username).await?;
        let held = match &known {
            Some(person) => store.all_roles(&person.id).await?,
            None => Vec::new(),
        };
        let is_new = known.is_none();
        let person = known.unwrap_or_else(|| {
            let id = PersonId::from_bits(store::random::bits());
            person_of(id, &row.username, &row.name, None)
        });
        let surname = normalise_family(&person.name.own_family());
        Ok(Self { person, is_new, is_changed: false, held, grants: Vec::new(), line: row.line, surname })
    }

    /// Takes a row: what it changes, or why it cannot be.
    fn take(&mut self, desk: Desk<'_>, row: &Row, now: Timestamp, report: &mut Report) {
        let mut wrong = |message: String| report.wrong.push((row.line, message));
        let works_here = self.held.iter().any(|g| desk.organisations.iter().any(|o| o.id == g.organisation));
        let typed = person_of(self.person.id.clone(), &row.username, &row.name, Some(&self.person));
        if normalise_family(&typed.name.own_family()) != self.surname && !(works_here && row.line == self.line) {
            return wrong(if self.is_new {
                format!("Rij {} noemt bij deze gebruikersnaam een andere achternaam.", self.line)
            } else {
                "Deze gebruikersnaam is van iemand met een andere achternaam.".to_owned()
            });
        }
        let mut same = self
            .held
            .iter()
            .chain(&self.grants)
            .filter(|g| g.organisation == row.grant.organisation && g.role == row.grant.role);
        let known = same.rfind(|g| overlaps(g, &row.grant)).cloned();
        let grant = match known {
            Some(known) if known.until == row.grant.until => None,
            Some(known) if row.grant.until.is_some_and(|u| u <= known.from) => {
                return wrong("Het einde ligt voor het begin van de rol die deze persoon hier heeft.".to_owned());
            }
            Some(known) => Some(RoleGrant { until: row.grant.until, ..known }),
            None if row.grant.until.is_some_and(|u| u <= now) => {
                let ended = |g: &RoleGrant| {
                    (&g.organisation, g.role, g.until) == (&row.grant.organisation, row.grant.role, row.grant.until)
                };
                if self.is_new || (row.from_now && !self.held.iter().any(ended)) {
                    return wrong("Het einde ligt in het verleden, en deze rol is hier niet bekend.".to_owned());
                }
                None
            }
            None => Some(row.grant.clone()),
        };
        if grant.is_some() && desk.me == Some(&self.person.id) {
            return wrong("Uw eigen rollen verandert u niet zelf.".to_owned());
        }
        let mut told = Vec::new();
        if self.is_new && self.grants.is_empty() {
            let own = Person { agb: row.agb.clone(), uzi: row.uzi.clone(), big: row.big.clone(), ..typed };
            self.person = own;
            told.push(format!("{} komt erbij", self.person.name.full()));
        } else if works_here || self.is_new {
            let changed = Person {
                agb: row.agb.clone().or(typed.agb.clone()),
                uzi: row.uzi.clone().or(typed.uzi.clone()),
                big: row.big.clone().or(typed.big.clone()),
                ..typed
            };
            if changed != self.person {
                self.person = changed;
                self.surname = normalise_family(&self.person.name.own_family());
                self.is_changed = !self.is_new;
                told.push(format!("{}: gegevens veranderen", self.person.name.full()));
            }
        }
        if let Some(grant) = grant {
            let role = grant.role.dutch();
            told.push(match grant.until {
                Some(until) if until <= now => format!("{role} eindigt"),
                Some(until) => format!("{role} tot {}", domain::words::day(local_day(until))),
                None => role.to_owned(),
            });
            self.grants
                .retain(|g| !(g.role == grant.role && g.organisation == grant.organisation && g.from == grant.from));
            self.grants.push(grant);
        }
        if told.is_empty() {
            report.same += 1;
        } else {
            report.changes.push((row.line, told.join("; ")));
        }
    }
}

fn overlaps(a: &RoleGrant, b: &RoleGrant) -> bool {
    let before = |x: &RoleGrant, y: &RoleGrant| x.until.is_some_and(|u| u <= y.from);
    // A row that ends a role may do so with a day before today, without saying since when.
    !before(a, b) && (!before(b, a) || b.from >= a.from)
}

#[cfg(test)]
mod tests;
